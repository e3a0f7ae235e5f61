#!/usr/bin/env bash
# Version 37 of the official Python client no longer takes `cpu: 2` or
# `storage: 10737418240` where a quantity is meant. The API server takes a
# number there as well as a text, and so does kubectl; up to version 36 the
# client sent either on. Since 37 the models are checked strictly, and as
# the API's description calls a quantity a string, a number raises a
# ValidationError: in a model that is built, in JSON that is read, and in a
# manifest that is handed to create as a plain dictionary. In the same
# release a model keeps copies: a container that is added to the list after
# the pod's spec was built from it is no longer part of the pod, and nothing
# is raised then. Seen with kubernetes 36.0.3 and 37.0.2. It hurts programs
# that load StatefulSets from YAML, where `cpu: 2` is as usual as "2": they
# worked for years and stop at the upgrade, or lose a sidecar without a word.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >try.py <<'EOF'
import http.server, json, threading, warnings
import kubernetes
from kubernetes import client

warnings.simplefilter("ignore")
api = client.ApiClient()

def say(what, run):
    try:
        print(what, "->", json.dumps(api.sanitize_for_serialization(run())))
    except Exception as error:
        print(what, "->", type(error).__name__)

def read(text):
    try:
        return api.deserialize(text, "V1ResourceRequirements", "application/json")
    except TypeError:  # up to version 36 it takes a response
        class Response:
            data = text
        return api.deserialize(Response, "V1ResourceRequirements")

class Server(http.server.BaseHTTPRequestHandler):
    """Answers what it was sent."""
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass

def create():
    server = http.server.HTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    configuration = client.Configuration(host="http://127.0.0.1:%d" % server.server_port)
    apps = client.AppsV1Api(client.ApiClient(configuration))
    made = apps.create_namespaced_stateful_set("default", {
        "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db"},
        "spec": {"selector": {"matchLabels": {"app": "db"}}, "template": {
            "metadata": {"labels": {"app": "db"}},
            "spec": {"containers": [{"name": "db", "resources": {"requests": {"cpu": 2}}}]}}}})
    return made.spec.template.spec.containers[0].resources

def late():
    containers = [client.V1Container(name="db")]
    spec = client.V1PodSpec(containers=containers)
    containers.append(client.V1Container(name="backup"))
    return [container.name for container in spec.containers]

print("kubernetes", kubernetes.__version__)
say('  a string', lambda: client.V1ResourceRequirements(requests={"cpu": "2"}))
say('  a number', lambda: client.V1ResourceRequirements(requests={"cpu": 2}))
say('  a fraction', lambda: client.V1ResourceRequirements(requests={"cpu": 0.5}))
say('  a claim', lambda: client.V1VolumeResourceRequirements(requests={"storage": 10737418240}))
say('  read', lambda: read('{"requests":{"cpu":2}}'))
say('  a manifest', create)
say('  int or string', lambda: client.V1RollingUpdateStatefulSetStrategy(max_unavailable=2))
say('  added later', late)
EOF

for version in 36.0.3 37.0.2; do
    python3 -m venv "$version"
    "$version/bin/pip" install -q "kubernetes==$version"
    "$version/bin/python" try.py
done 2>&1 | tee got

cat >expected <<'EOF'
kubernetes 36.0.3
  a string -> {"requests": {"cpu": "2"}}
  a number -> {"requests": {"cpu": 2}}
  a fraction -> {"requests": {"cpu": 0.5}}
  a claim -> {"requests": {"storage": 10737418240}}
  read -> {"requests": {"cpu": "2"}}
  a manifest -> {"requests": {"cpu": "2"}}
  int or string -> {"maxUnavailable": 2}
  added later -> ["db", "backup"]
kubernetes 37.0.2
  a string -> {"requests": {"cpu": "2"}}
  a number -> ValidationError
  a fraction -> ValidationError
  a claim -> ValidationError
  read -> ValidationError
  a manifest -> ValidationError
  int or string -> {"maxUnavailable": 2}
  added later -> ["db"]
EOF
diff -u expected got
echo "The same as when this was found."
