#!/bin/sh
# Builds an unmodified Kubernetes control plane and etcd from the Go module proxy.
#
#     build.sh VERSION FOLDER        build.sh 1.37.1 ~/planes
#
# Promises: FOLDER/VERSION/ holds kube-apiserver, kube-controller-manager, kube-scheduler, kubectl and etcd of that release's
# go.mod, and nothing else of them is changed than the version that they print. Needs Go and some minutes; what is there already
# is not built again.
set -eu
version=$1
folder=$(mkdir -p "$2" && cd "$2" && pwd)
minor=$(echo "$version" | cut -d. -f2)
patch=$(echo "$version" | cut -d. -f3)
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
