"""A real control plane on this machine, and a client for it.

Promises: every process is one that this module started and ends again; everything listens on 127.0.0.1 and everything written
lies in one folder that its caller gave. Nothing of the cluster's behaviour is decided here, but for the flags in FLAGS.
"""
import collections
import http.client
import json
import os
import queue
import socket
import ssl
import subprocess
import threading
import time

TOKEN = "recorder"
# How long nodes may be silent, by the scenario's `plane`: the recordings' short spans, or Kubernetes' own.
FLAGS = {
    "default": ["--node-monitor-grace-period=8s", "--node-monitor-period=1s"],
    "node-defaults": ["--node-monitor-grace-period=50s", "--node-monitor-period=5s"],
    "maxunavailable": ["--node-monitor-grace-period=8s", "--node-monitor-period=1s"],
}
# What is watched: the kind as traces abbreviate it, and where it is served. Namespaced kinds are those of `default` alone.
WATCHED = {
    "pod": "/api/v1/namespaces/default/pods",
    "pvc": "/api/v1/namespaces/default/persistentvolumeclaims",
    "svc": "/api/v1/namespaces/default/services",
    "event": "/api/v1/namespaces/default/events",
    "pv": "/api/v1/persistentvolumes",
    "node": "/api/v1/nodes",
    "sc": "/apis/storage.k8s.io/v1/storageclasses",
    "sts": "/apis/apps/v1/namespaces/default/statefulsets",
    "rev": "/apis/apps/v1/namespaces/default/controllerrevisions",
    "deploy": "/apis/apps/v1/namespaces/default/deployments",
    "rs": "/apis/apps/v1/namespaces/default/replicasets",
    "pdb": "/apis/policy/v1/namespaces/default/poddisruptionbudgets",
    "eps": "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
}
Write = collections.namedtuple("Write", "revision at kind type object")
# Where every user may do everything, and nothing is written down; and where the server asks RBAC, and audits the requests of USERS.
OPEN, GUARDED = "AlwaysAllow", "RBAC"
USERS = ["admin", "reader"]


class Plane:
    """etcd, API server, controllers and scheduler of one release, from start() to stop()."""

    def __init__(self, binaries, folder, variant, authorization=OPEN):
        self.binaries, self.folder, self.variant, self.authorization = binaries, folder, variant, authorization
        self.processes = []
        self.port = free_port()
        self.kubeconfig, self.audit = os.path.join(folder, "kubeconfig"), os.path.join(folder, "audit.log")

    def start(self, controllers=True):
        """Starts everything and returns when the API server is ready and the namespace can be used; or the API server alone."""
        os.makedirs(self.folder, exist_ok=True)
        key, tokens = os.path.join(self.folder, "accounts.key"), os.path.join(self.folder, "tokens.csv")
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
        with open(tokens, "w") as f:
            f.write(f"{TOKEN},recorder,recorder,system:masters\n" + "".join(f"{user},{user},{user}\n" for user in USERS))
        with open(self.kubeconfig, "w") as f:
            json.dump(self.access(), f)
        gates = ["--feature-gates=MaxUnavailableStatefulSet=true"] if self.variant == "maxunavailable" else []
        client, peer = free_port(), free_port()
        self.run("etcd", ["--data-dir", os.path.join(self.folder, "etcd"), "--unsafe-no-fsync", "--log-level=error",
                          f"--listen-client-urls=http://127.0.0.1:{client}", f"--advertise-client-urls=http://127.0.0.1:{client}",
                          f"--listen-peer-urls=http://127.0.0.1:{peer}", f"--initial-advertise-peer-urls=http://127.0.0.1:{peer}",
                          f"--initial-cluster=default=http://127.0.0.1:{peer}"])
        self.run("kube-apiserver", [f"--etcd-servers=http://127.0.0.1:{client}", "--bind-address=127.0.0.1",
                                    f"--secure-port={self.port}", "--cert-dir", os.path.join(self.folder, "certificates"),
                                    "--token-auth-file", tokens, f"--authorization-mode={self.authorization}",
                                    "--service-cluster-ip-range=10.96.0.0/16", "--allow-privileged=true",
                                    "--endpoint-reconciler-type=none",
                                    "--advertise-address=172.18.0.5", "--service-account-issuer=https://recorder",
                                    "--service-account-key-file", key, "--service-account-signing-key-file", key] + gates + self.auditing())
        self.wait(lambda: call(self, "GET", "/readyz")[0] == 200)
        if not controllers:
            return
        common = ["--kubeconfig", self.kubeconfig, "--leader-elect=false", "--secure-port=0"] + gates
        self.run("kube-controller-manager", common + FLAGS[self.variant] + ["--service-account-private-key-file", key])
        self.run("kube-scheduler", common)
        self.wait(lambda: call(self, "GET", "/api/v1/namespaces/default/serviceaccounts/default")[0] == 200)

    def auditing(self):
        """The flags by which the server writes the requests of USERS down, each once, before it answers."""
        if self.authorization == OPEN:
            return []
        policy = os.path.join(self.folder, "audit.yaml")
        with open(policy, "w") as f:
            json.dump({"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "omitStages": ["RequestReceived"],
                       "rules": [{"level": "Metadata", "users": USERS}, {"level": "None"}]}, f)
        return ["--audit-policy-file", policy, "--audit-log-path", self.audit, "--audit-log-mode=blocking-strict"]

    def access(self, user=TOKEN):
        """A kubeconfig; JSON is YAML."""
        cluster = {"server": f"https://127.0.0.1:{self.port}", "insecure-skip-tls-verify": True}
        return {"apiVersion": "v1", "kind": "Config", "current-context": "recorder",
                "clusters": [{"name": "recorder", "cluster": cluster}], "users": [{"name": "recorder", "user": {"token": user}}],
                "contexts": [{"name": "recorder", "context": {"cluster": "recorder", "user": "recorder", "namespace": "default"}}]}

    def run(self, name, flags):
        with open(os.path.join(self.folder, name + ".log"), "w") as log:
            self.processes.append(subprocess.Popen([os.path.join(self.binaries, name)] + flags, stdout=log, stderr=log))

    def wait(self, done, timeout=90):
        """Waits until the cluster can do something; OSError is an API server that does not listen yet."""
        end = time.time() + timeout
        while time.time() < end:
            if dead := [p.args[0] for p in self.processes if p.poll() is not None]:
                raise RuntimeError(f"{dead[0]} ended; its log lies in {self.folder}")
            try:
                if done():
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise RuntimeError(f"the control plane is not ready; its logs lie in {self.folder}")

    def stop(self):
        for process in reversed(self.processes):
            process.kill()
            process.wait()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def connect(plane):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return http.client.HTTPSConnection("127.0.0.1", plane.port, context=context)


connections = threading.local()


def call(plane, method, path, body=None, kind="application/json"):
    """One request on this thread's connection: (status code, answer)."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": kind, "User-Agent": "kubelet"}
    for attempt in (1, 2):
        connection = getattr(connections, "open", None) or connect(plane)
        connections.open = connection
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            text = answer.read()
            break
        except (http.client.HTTPException, OSError):
            connections.open = None
            connection.close()
            if attempt == 2:
                raise
    try:
        return answer.status, json.loads(text)
    except ValueError:
        return answer.status, {}


class Feed:
    """Everything that is written to the watched kinds.

    `writes` has every write in the order of arrival, `objects` the present: {kind: {name: object}}, with `namespace/` before
    names of other namespaces than `default` if these are watched too (`everywhere`). Who subscribes gets every write through a queue.
    """

    def __init__(self, plane, everywhere=False):
        self.plane, self.writes, self.seen, self.marks = plane, [], 0, 0
        self.objects = {kind: {} for kind in WATCHED}
        self.subscribers, self.changed = [], threading.Condition()
        for kind, path in WATCHED.items():
            path = path.replace("/namespaces/default", "") if everywhere else path
            revision = call(plane, "GET", path)[1]["metadata"]["resourceVersion"]
            threading.Thread(target=self.watch, args=(kind, path, revision), daemon=True).start()

    def subscribe(self):
        q = queue.Queue()
        self.subscribers.append(q)
        return q

    def watch(self, kind, path, revision):
        connection = connect(self.plane)
        try:
            connection.request("GET", f"{path}?watch=1&timeoutSeconds=86400&resourceVersion={revision}",
                               headers={"Authorization": f"Bearer {TOKEN}"})
            stream = connection.getresponse()
            while line := stream.readline():
                self.take(kind, json.loads(line))
        except (OSError, ValueError, http.client.HTTPException):
            pass  # the API server was stopped

    def take(self, kind, event):
        meta = event["object"]["metadata"]
        name = meta["name"] if meta.get("namespace", "default") == "default" else f"{meta['namespace']}/{meta['name']}"
        write = Write(int(meta["resourceVersion"]), time.time(), kind, event["type"], event["object"])
        with self.changed:
            self.writes.append(write)
            self.seen = max(self.seen, write.revision)
            if write.type == "DELETED":
                self.objects[kind].pop(name, None)
            else:
                self.objects[kind][name] = write.object
            for q in self.subscribers:
                q.put(write)
            self.changed.notify_all()

    def revision(self):
        """The revision of the cluster now: every write before has a smaller one. Found by a write that nobody looks at."""
        self.marks += 1
        mark = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"mark-{self.marks}"}}
        return int(call(self.plane, "POST", "/api/v1/namespaces/kube-system/configmaps", mark)[1]["metadata"]["resourceVersion"])
