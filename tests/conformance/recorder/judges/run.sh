#!/bin/bash
# Asks the tools around StatefulSets what they make of recorded states.
#
#     run.sh SCRATCH FOLDER...       FOLDER/states.json to FOLDER/verdicts/*.json; builds the judges in SCRATCH, once
#     run.sh renew                   writes the newest versions of the tools into src/terminal/done/versions.txt
#
# Promises: a judge is the tool's own code of the version in versions.txt, unchanged. Libraries of k8s.io are raised to one version, so that
# one build of them serves all. Needs Go with its module proxy, and for Ansible Python 3 with pip.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
versions=$here/../../../../src/terminal/done/versions.txt
export GOTOOLCHAIN=auto CGO_ENABLED=0 GOFLAGS='-mod=mod -buildvcs=false'

module() { sed -n "s/^$1 | .* | //p" "$versions"; }

# The collection that a version of Ansible brings: its files in $1, of the package in $2.
collection() {
    mkdir -p "$1" && cd "$1"
    [ -d ansible_collections ] || { pip download -q --no-deps --ignore-requires-python -d . "$2" && unzip -qo ansible-*.whl \
        'ansible_collections/kubernetes/core/plugins/module_utils/*' 'ansible_collections/kubernetes/core/MANIFEST.json'; }
}

if [ "$1" = renew ]; then
    scratch=$(mktemp -d) && cd "$scratch" && go mod init renew 2>/dev/null
    while IFS= read -r row; do
        case $row in
        '#'*) echo "$row"; continue ;;
        ansible*)
            (collection "$scratch/ansible" ansible)
            package=$(basename "$scratch"/ansible/ansible-*.whl | cut -d- -f2)
            shown=$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["collection_info"]["version"])' \
                "$scratch/ansible/ansible_collections/kubernetes/core/MANIFEST.json")
            echo "ansible | $shown | ansible==$package"; continue ;;
        esac
        tool=${row%% *} module=${row##* | } path=${module%@*}
        # The newest release; of a module without any, the newest commit that the proxy knows. Never an older one than is here.
        go mod edit -require="$module"
        new=$(go list -m -f '{{.Version}}' "$path@upgrade")
        shown=${new#v}
        case $path in k8s.io/*) shown=1.${shown#0.} ;; esac
        [[ $shown != *-0.* ]] || shown=${shown%-*}
        echo "$tool | $shown | $path@$new"
    done < "$versions" > new.txt
    diff "$versions" new.txt || cp new.txt "$versions"
    exit
fi

scratch=$(mkdir -p "$1" && cd "$1" && pwd)
shift
ask() { # the judge's name, and what to run before the file of states
    local name=$1
    shift
    for folder in "${folders[@]}"; do
        mkdir -p "$folder/verdicts"
        "$@" "$folder/states.json" > "$scratch/said" && mv "$scratch/said" "$folder/verdicts/$name.json"
    done
}
folders=()
for folder in "$@"; do folders+=("$(cd "$folder" && pwd)"); done

judge() { # the judge's name, its source, its module, and a sed expression on the source
    mkdir -p "$scratch/$1" && cd "$scratch/$1"
    if [ ! -f built ] || [ "$(cat built)" != "$3" ]; then
        [ -f go.mod ] || go mod init "judge/$1" 2>/dev/null
        sed "${4:-}" "$here/$2" > main.go
        go get "$3" 2>/dev/null
        go list -deps . > /dev/null
        raise=$(grep -oE 'k8s.io/[a-z-]+ v0\.[0-9]+\.[0-9]+( |$)' go.mod | sed "s/ .*/@$libraries/")
        [ -z "$raise" ] || go get $raise 2>/dev/null
        go build -p 2 -o judge . && echo "$3" > built
    fi
    ask "$1" ./judge
    echo "$1: $3"
}
libraries=$(module kubectl | sed 's/.*@//')
judge kubectl kubectl.go "$(module kubectl)"
judge helm3 helm3.go "$(module helm3)"
judge argo argo.go "$(module argocd)"
judge flux kstatus.go "$(module flux)" s#MODULE#github.com/fluxcd/cli-utils#
# Helm's own choice of kstatus: the blank import keeps Helm in the module, and with it the version that it requires.
judge helm4 kstatus.go "$(module helm4)" 's#MODULE#github.com/fluxcd/cli-utils#; s#^import (#import (\n\t_ "helm.sh/helm/v4/pkg/kube"#'
judge kubedog kubedog.go "$(module kubedog)"

collection "$scratch/ansible" "$(module ansible)"
[ -d "$scratch/python" ] || { python3 -m venv "$scratch/python" && "$scratch/python/bin/pip" install -q ansible-core kubernetes; }
export PYTHONPATH=$scratch/ansible
ask ansible "$scratch/python/bin/python" "$here/ansible_wait.py"
echo "ansible: $(module ansible)"
