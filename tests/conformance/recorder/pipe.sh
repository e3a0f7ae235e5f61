#!/bin/sh
# Records scenarios on a real control plane, plays them on the model, and compares.
#
#     REPLAY=replay COMPARE=compare.py pipe.sh BINARIES OUT SCENARIO.yaml...
#
# Promises: OUT/real/NAME holds the recording, OUT/model/NAME what the model did, OUT/NAME.txt the differences. Where there are
# some, a second run is recorded and all is compared again, so that what still differs is more likely a rule than chance.
# One line for each scenario goes to standard output.
set -u
here=$(dirname "$0")
binaries=$1 out=$2
shift 2
compare() {
    "$REPLAY" "$out/real/$1/scenario.yaml" "$out/model/$1" || return 1
    python3 "$COMPARE" "$out/real/$1" "$out/model/$1" > "$out/$1.txt"
}
mkdir -p "$out/real" "$out/model"
for scenario in "$@"; do
    name=$(basename "$scenario" .yaml)
    python3 "$here/record.py" "$binaries" "$scenario" "$out/real/$name"
    if compare "$name"; then
        echo "same $name"
        continue
    fi
    python3 "$here/record.py" "$binaries" "$scenario" "$out/real/$name" --run 2
    if compare "$name"; then
        echo "same $name, in one of two runs"
    else
        echo "DIFF $name: $(tail -1 "$out/$name.txt")"
    fi
done
