#!/bin/sh
# Builds the tools that apply two states, from the Go module proxy.
#
#     build.sh FOLDER                FOLDER/helm4, helm3, argosync, fluxapply
#
# Promises: Helm is unmodified, at the version in src/terminal/done/versions.txt; argosync and fluxapply are the programs beside this script, with
# the libraries of Argo CD at the version there, and of Flux at the one below. Libraries of k8s.io are raised to one version, but for Helm
# 4's. What is there already is not built again. Needs Go and some minutes.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mkdir -p "$1" && cd "$1" && pwd)
versions=$here/../../../../src/terminal/done/versions.txt
# As kustomize-controller's releases of these days, whose own version is not in the list: the judges ask cli-utils alone.
flux='github.com/fluxcd/pkg/ssa@v0.84.0 github.com/fluxcd/pkg/runtime@v0.122.0'
export CGO_ENABLED=0 GOTOOLCHAIN=auto GONOSUMDB='*' GOFLAGS='-mod=mod -buildvcs=false'

module() { sed -n "s/^$1 | .* | //p" "$versions"; }
libraries=$(module kubectl | sed 's/.*@//')

build() { # a program's name, its modules, its package or source, and whether libraries are raised
    [ ! -f "$folder/$1" ] || return 0
    mkdir -p "$folder/src/$1" && cd "$folder/src/$1"
    [ -f go.mod ] || go mod init "by/$1"
    case $3 in *.go) cp "$here/$3" main.go && package=. ;; *) printf 'package main\n\nimport _ "%s"\n\nfunc main() {}\n' "${3%/cmd/*}/pkg/action" > main.go && package=$3 ;; esac
    go get $2
    go list -deps "$package" > /dev/null
    if [ "$4" = raised ]; then
        raise=$(grep -oE 'k8s.io/[a-z-]+ v0\.[0-9]+\.[0-9]+( |$)' go.mod | sed "s/ .*/@$libraries/")
        go get $raise
    fi
    go build -p 2 -ldflags '-s -w' -o "$folder/$1" "$package"
    echo "$1: $2"
}
build helm4 "$(module helm4)" helm.sh/helm/v4/cmd/helm own
build argosync "$(module argocd)" argosync.go raised
build fluxapply "$flux" fluxapply.go own
build helm3 "$(module helm3)" helm.sh/helm/v3/cmd/helm raised
