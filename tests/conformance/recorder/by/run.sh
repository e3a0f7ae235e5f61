#!/bin/sh
# Records what Helm, Argo CD and Flux make of changes.py, from nothing: control plane, tools, logs.
#
#     run.sh FOLDER OUT [NAME...]    run.sh ~/planes ../../../data/by/own
#
# Promises: what is built or recorded already is left as it is. Forty minutes the first time, then ten for all changes.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$1 out=$2
shift 2
version=$(sed -n 's/^kubectl | \([^ ]*\) .*/\1/p' "$here/../../../../src/terminal/done/versions.txt")
"$here/../build.sh" "$version" "$folder"
"$here/build.sh" "$folder/by"
"$here/by.py" "$folder/$version" "$folder/by" "$out" "$@"
