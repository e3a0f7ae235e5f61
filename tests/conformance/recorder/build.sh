#!/bin/sh
# Builds an unmodified Kubernetes control plane and etcd from the Go module proxy.
#
#     build.sh VERSION FOLDER        build.sh 1.37.1 ~/planes
#
# Promises: FOLDER/VERSION/ holds kube-apiserver, kube-controller-manager, kube-scheduler, kubectl and etcd of that release's
# go.mod, and nothing else of them is changed than the version that they print, and modules that the proxy lacks (below). Needs Go
# and some minutes; what is there already is not built again.
set -eu
version=$1
folder=$(mkdir -p "$2" && cd "$2" && pwd)
minor=$(echo "$version" | cut -d. -f2)
patch=$(echo "$version" | cut -d. -f3-)
export CGO_ENABLED=0 GOTOOLCHAIN=auto GONOSUMDB='*' GOFLAGS='-mod=mod -buildvcs=false'

source=$folder/src/$version
if [ ! -d "$source" ]; then
    mkdir -p "$folder/src/download" && cd "$folder/src/download"
    [ -f go.mod ] || go mod init download
    go mod download "k8s.io/kubernetes@v$version"
    cp -r "$(go env GOMODCACHE)/k8s.io/kubernetes@v$version" "$source"
    chmod -R u+w "$source"
fi

# The repository's own modules are published as v0.MINOR.PATCH.
cd "$source"
rm -rf vendor go.work go.work.sum
for module in $(grep -oE 'k8s.io/[a-z-]+ v0.0.0$' go.mod | cut -d' ' -f1 | sort -u); do
    go mod edit -replace "$module=$module@v0.$minor.$patch"
done

# Modules of 1.38.0-beta.0 that the proxy lacks. Nothing of workloads is in them.
#   structured-merge-diff v7.0.1   v7.0.0
#   ktesting                       an empty module: no program imports it
#   apiextensions-api              the types and clients of CustomResourceDefinitions, which were in apiextensions-apiserver until 1.37
case $version in 1.38.0-beta.*)
    stand=$folder/src/stand-ins/$version
    mkdir -p "$stand/ktesting" "$stand/apiextensions-api/pkg"
    printf 'module k8s.io/ktesting\n\ngo 1.27.0\n' > "$stand/ktesting/go.mod"
    (cd "$folder/src/download" && go mod download k8s.io/apiextensions-apiserver@v0.37.2)
    former=$(go env GOMODCACHE)/k8s.io/apiextensions-apiserver@v0.37.2
    api=$stand/apiextensions-api
    for part in apis/apiextensions client; do
        mkdir -p "$api/pkg/$part"
        cp -r "$former/pkg/$part/." "$api/pkg/$part"
    done
    chmod -R u+w "$api"
    # The internal type, and the conversions to it, have stayed.
    find "$api/pkg/apis/apiextensions" -maxdepth 1 -type f -delete
    rm -rf "$api/pkg/apis/apiextensions/fuzzer" "$api/pkg/apis/apiextensions/install" "$api/pkg/apis/apiextensions/validation"
    find "$api" -name '*_test.go' -delete -o -name 'conversion.go' -delete -o -name 'zz_generated.conversion.go' -delete
    for group in "$api"/pkg/apis/apiextensions/v1*; do
        printf 'package %s\n\nvar nullLiteral = []byte(`null`)\n' "$(basename "$group")" > "$group/null.go"
    done
    rm -rf "$api/pkg/client/clientset/clientset_test" "$api/pkg/client/clientset_test"
    find "$api" -name '*.go' -exec sed -i 's#k8s.io/apiextensions-apiserver/#k8s.io/apiextensions-api/#; s#structured-merge-diff/v6#structured-merge-diff/v7#' {} +
    sed "s#^module .*#module k8s.io/apiextensions-api#" "$source/go.mod" | sed '/^replace (/,/^)/d; /k8s.io\/apiextensions-api v/d; /k8s.io\/ktesting v/d' > "$api/go.mod"
    go mod edit -replace "k8s.io/apiextensions-api=$api" -replace "k8s.io/ktesting=$stand/ktesting" \
        -replace sigs.k8s.io/structured-merge-diff/v7=sigs.k8s.io/structured-merge-diff/v7@v7.0.0
    ;;
esac

flags="-s -w"
for package in k8s.io/client-go/pkg/version k8s.io/component-base/version; do
    flags="$flags -X $package.gitVersion=v$version -X $package.gitMajor=1 -X $package.gitMinor=$minor -X $package.gitTreeState=clean"
done
mkdir -p "$folder/$version"
build() {
    [ -f "$folder/$version/$1" ] || go build -ldflags "$flags" -o "$folder/$version/$1" "$2"
    echo "$folder/$version/$1"
}
for part in kube-apiserver kube-controller-manager kube-scheduler kubectl; do
    build "$part" "./cmd/$part"
done
build etcd go.etcd.io/etcd/server/v3
