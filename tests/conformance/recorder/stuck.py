#!/usr/bin/env python3
"""Gets a cluster stuck on a real control plane, writes down what people would paste of it, and tries what should free it.

    stuck.py BINARIES OUT CASE.yaml...        OUT/NAME/{cluster.yaml,describe.txt,tables.txt,one-line.txt,case.json}

Promises: `proven`, `freed`, `seconds` and `seen` in case.json are what the real control plane showed; whatever was expected
otherwise stands under `problems`, and the exit code is 1 then. What is there already is not recorded again. Nothing waits for a
span of time where it can wait for a state. README.md says how a case is written.
"""
import argparse
import datetime
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import kubelet
import record
from plane import call

KINDS = "sts,pod,pvc,pv,sc,node,svc,endpointslices,controllerrevisions,pdb,quota,sa,ns,events"
# Seconds: how long the set must be well to be called free; how long what helps may take; how long what does not help is watched.
STEADY, CURES, WATCHES, COMMAND = 3, 240, 30, 120
# Milliseconds: a kubelet looks again for what a container lacks, for a volume that is not attached; the attacher works.
LOOKS, ATTACHED, ATTACHES = 10000, 500, 300
MOUNTS = 120  # seconds until a kubelet complains of a volume that is not attached


class Kubelets(kubelet.Nodes):
    """Kubelets that, before they start containers, look for Secrets, ConfigMaps and attached volumes as real ones do; machines that
    look as the case wants them; and a CSI driver for those provisioners that the case calls attachers."""

    def __init__(self, case, version, plane, feed, tell, lease):
        self.described, self.version, self.attachers, self.used = case.get("nodes") or {}, version, case.get("attachers") or [], {}
        known = {provisioner for provisioner, _ in kubelet.CLASSES.values()} | set(case.get("provisioners") or ()) | set(self.attachers)
        super().__init__(plane, feed, tell, lease, list(self.described) or kubelet.NODES, known, case.get("images") or {})
        self.after(ATTACHES, self.attach)

    def machine(self, node):
        machine, wanted = super().machine(node), self.described.get(node) or {}
        machine["metadata"]["labels"].update(wanted.get("labels") or {})
        machine["metadata"]["annotations"] = {"volumes.kubernetes.io/controller-managed-attach-detach": "true"}
        machine["spec"]["taints"] = wanted.get("taints") or []
        room = machine["status"]["capacity"] | {k: str(wanted[k]) for k in ("cpu", "memory", "pods") if k in wanted}
        machine["status"]["capacity"] = machine["status"]["allocatable"] = room
        machine["status"]["nodeInfo"].update(kubeletVersion=self.version, osImage="Ubuntu 24.04.3 LTS", kernelVersion="6.12.0-41-generic")
        return machine

    # What containers need.

    def lacks(self, pod, kind, name, keys=(), optional=False):
        """What is wrong with a Secret or a ConfigMap that a pod refers to, in a kubelet's words."""
        code, found = call(self.plane, "GET", f"/api/v1/namespaces/{pod.namespace}/{kind.lower()}s/{name}")
        if optional or code == 200 and all(k in (found.get("data") or {}) for k in keys):
            return None
        missing = [k for k in keys if k not in (found.get("data") or {})]
        return f'{kind.lower()} "{name}" not found' if code == 404 else f"couldn't find key {missing[0]} in {kind} {pod.namespace}/{name}"

    def environment(self, pod, c):
        spec = next(x for x in pod.spec["containers"] if x["name"] == c.name)
        for source in spec.get("envFrom", ()):
            for field, kind in (("secretRef", "Secret"), ("configMapRef", "ConfigMap")):
                if of := source.get(field):
                    yield self.lacks(pod, kind, of["name"], (), of.get("optional"))
        for variable in spec.get("env", ()):
            for field, kind in (("secretKeyRef", "Secret"), ("configMapKeyRef", "ConfigMap")):
                if of := variable.get("valueFrom", {}).get(field):
                    yield self.lacks(pod, kind, of["name"], [of["key"]], of.get("optional"))

    def begin(self, pod, c, silent=False):
        if c.starts or c.does("broken") or not (lack := next(filter(None, self.environment(pod, c)), None)):
            return super().begin(pod, c, silent)
        self.address(pod)
        present = f'Container image "{c.image}" already present on machine and can be accessed by the pod'
        self.say(pod, "Normal", "Pulled", present, c)
        self.say(pod, "Warning", "Failed", f"Error: {lack}", c)
        c.state = {"waiting": {"reason": "CreateContainerConfigError", "message": lack}}
        self.after(LOOKS, self.restart, pod, c, c.starts)

    # What is mounted.

    def start(self, pod, pause=500, since=None):
        if pod.stopping():
            return None
        since = since or time.time()
        for volume in pod.spec.get("volumes", ()):
            for field, kind, key in (("secret", "Secret", "secretName"), ("configMap", "ConfigMap", "name")):
                of = volume.get(field)
                if of and (lack := self.lacks(pod, kind, of[key], [i["key"] for i in of.get("items", ())], of.get("optional"))):
                    self.say(pod, "Warning", "FailedMount", f'MountVolume.SetUp failed for volume "{volume["name"]}" : {lack}')
                    return self.after(pause, self.start, pod, min(2 * pause, 122000), since)
        disks = list(self.disks(pod))
        if loose := [name for name, volume in disks if not self.attached(volume, pod.node)]:
            if time.time() >= since + MOUNTS:
                self.say(pod, "Warning", "FailedMount", f"Unable to attach or mount volumes: unmounted volumes=[{' '.join(loose)}], "
                         "unattached volumes=[], failed to process volumes=[]: context deadline exceeded")
                since = time.time()
            return self.after(ATTACHED, self.start, pod, pause, since)
        self.in_use(pod.node)
        return super().start(pod)

    def leaves(self, pod):
        super().leaves(pod)
        if self.up[pod.node] and any(self.disks(pod)):
            self.in_use(pod.node)

    def disks(self, pod):
        """The names of the pod's volumes that are attached to machines, with the volumes."""
        for volume in pod.spec.get("volumes", ()):
            if name := volume.get("persistentVolumeClaim", {}).get("claimName"):
                claim = call(self.plane, "GET", f"/api/v1/namespaces/{pod.namespace}/persistentvolumeclaims/{name}")[1]
                disk = call(self.plane, "GET", f"/api/v1/persistentvolumes/{claim.get('spec', {}).get('volumeName')}")[1]
                if "csi" in disk.get("spec", {}):
                    yield volume["name"], disk

    def attachments(self):
        return call(self.plane, "GET", "/apis/storage.k8s.io/v1/volumeattachments")[1].get("items") or []

    def attached(self, disk, node):
        return any(a["spec"]["nodeName"] == node and a["spec"]["source"].get("persistentVolumeName") == disk["metadata"]["name"]
                   and a.get("status", {}).get("attached") for a in self.attachments())

    def in_use(self, node):
        """Tells what is mounted on a node, so that it is not detached before."""
        here = [p for p in self.pods.values() if p.node == node and not p.gone and p.life == "begun"]
        used = sorted({f"kubernetes.io/csi/{d['spec']['csi']['driver']}^{d['spec']['csi']['volumeHandle']}" for p in here for _, d in self.disks(p)})
        if used != self.used.get(node, []):
            self.used[node] = used
            call(self.plane, "PATCH", f"/api/v1/nodes/{node}/status", {"status": {"volumesInUse": used}}, kubelet.PATCH)

    def attach(self):
        """The driver's attacher."""
        for a in self.attachments() if self.attachers else ():
            if a["spec"]["attacher"] in self.attachers and not a.get("status", {}).get("attached"):
                call(self.plane, "PATCH", f"/apis/storage.k8s.io/v1/volumeattachments/{a['metadata']['name']}/status",
                     {"status": {"attached": True}}, "application/merge-patch+json")
        self.after(ATTACHES, self.attach)

    def disk(self, name, meta, provisioner, node):
        if provisioner not in self.attachers:
            return super().disk(name, meta, provisioner, node)
        zone = (self.described.get(node) or {}).get("labels", {}).get("topology.kubernetes.io/zone")
        csi = {"driver": provisioner, "volumeHandle": f"vol-{meta['uid'].replace('-', '')[:17]}", "fsType": "ext4"}
        return {"csi": csi, **(kubelet.only_at("topology.kubernetes.io/zone", zone) if zone else {})}


class Stuck(record.Recorder):
    """One run of a case: from an empty cluster to the stuck one, and what is tried then."""
    everywhere = True

    def __init__(self, binaries, case, folder):
        super().__init__(binaries, case, folder)
        self.tried = []

    def kubelets(self, lease):
        return Kubelets(self.scenario, self.version, self.plane, self.feed, self.happened, lease)

    def usable(self, name):
        node, own = self.feed.objects["node"].get(name), (self.nodes.described.get(name) or {}).get("taints") or []
        return node and len(node["spec"].get("taints", ())) == len(own) and record.ready("node", node)

    def put(self, entry, at=None):
        """No trace is written."""

    def step(self, step):
        if "sh" in step:
            self.shell(step["sh"], step.get("fails", False))
        elif "until" in step:
            if not self.comes(lambda: self.true(step["until"]), step.get("timeout", 90)):
                self.problem(f"waited in vain for {step['until']}")
        else:
            super().step(step)

    def shell(self, line, fails=False):
        """Runs a line as people type it; what it prints. `fails` is whether it should."""
        run = self.run(self.fill(line), COMMAND)
        if (run.returncode != 0) != fails:
            self.problem(f"{line}: exit code {run.returncode}: {run.stdout}{run.stderr}")
        return run.stdout + run.stderr

    def run(self, line, timeout=COMMAND, cwd=None):
        environment = {"KUBECONFIG": self.plane.kubeconfig, "HOME": self.folder, "PATH": self.binaries + ":" + os.environ["PATH"], "WORK": self.work}
        try:
            return subprocess.run(["sh", "-c", line], cwd=cwd or self.work, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                                  text=True, timeout=timeout)
        except subprocess.TimeoutExpired as e:
            return subprocess.CompletedProcess(line, 124, (e.stdout or b"").decode(), (e.stderr or b"").decode())

    def true(self, line):
        return self.run(self.fill(line)).returncode == 0

    def stuck(self):
        """Plays the steps and waits for the state that the case is about."""
        for name in self.scenario.get("namespaces", [self.scenario["namespace"]]):
            self.shell(f"kubectl create ns {name}")
            self.step({"until": f"kubectl -n {name} get sa default"})
        self.play()
        for condition in self.scenario["state"]:
            self.step({"until": condition} if isinstance(condition, str) else {"wait": condition})

    # What is so.

    @property
    def key(self):
        namespace, name = self.scenario["namespace"], self.scenario["set"]
        return name if namespace == "default" else f"{namespace}/{name}"

    def well(self):
        """Whether the set is what it should be: every pod there, its own, Ready and of the newest revision."""
        with self.feed.changed:
            set, pods = self.feed.objects["sts"].get(self.key), self.feed.objects["pod"]
            if not set or set["status"].get("observedGeneration") != set["metadata"]["generation"]:
                return False
            first, count = set["spec"].get("ordinals", {}).get("start", 0), set["spec"]["replicas"]
            wanted = [pods.get(f"{self.key}-{i}") for i in range(first, first + count)]
            return set["status"].get("replicas", 0) == count and all(p and self.good(p, set) for p in wanted)

    def good(self, pod, set):
        meta = pod["metadata"]
        return (record.ready("pod", pod) and "deletionTimestamp" not in meta
                and meta["labels"].get("controller-revision-hash") == set["status"]["updateRevision"]
                and any(o["uid"] == set["metadata"]["uid"] for o in meta.get("ownerReferences", ())))

    def comes(self, so, timeout, steady=0):
        """Waits until something is so, and stays so for a while; returns after how many seconds it came, or None. Counts at least 0.1 s."""
        start, since = time.time(), None
        while True:
            now, holds = time.time(), so()
            since = (since or now) if holds else None
            if since and now >= since + steady:
                return max(0.1, since - start)
            if now >= start + timeout and not since:
                return None
            time.sleep(0.25)

    # What is tried.

    def shown(self, attempt):
        """The lines of a try as a person types them into the cluster that was written down."""
        return [self.fill(x if isinstance(x, str) else f"# {x['fault']['op']} {x['fault'].get('node') or x['fault']['pod']}") for x in attempt["try"]]

    def attempt(self, attempt, lines):
        expected = attempt["freed"]
        so = (lambda: self.true(attempt["until"])) if "until" in attempt else self.well
        start = time.time()
        for line in attempt["try"]:
            if isinstance(line, dict):
                self.step(line)
            elif self.run(self.fill(line)).returncode == 124:
                self.problem(f"never ended: {line}")
        since = time.time()
        came = self.comes(so, attempt.get("within", CURES if expected else WATCHES), STEADY)
        before = "after the tries before it in the same run: " + "; ".join(self.tried) if self.tried else "recorded state"
        if bool(came) != expected:
            self.problem(f"{'; '.join(lines)}: {'freed' if came else 'did not free'}")
        self.tried += lines
        seen = self.run(f"kubectl -n {self.scenario['namespace']} get sts,pod,pvc").stdout.rstrip("\n")
        return {"commands": lines, "proven" if expected else "freed": bool(came), "after": attempt["after"],
                "seconds": round((since - start + came) if came else time.time() - start), "from": before,
                **({"note": attempt["note"]} if "note" in attempt else {}), "seen": seen}

    # What is pasted.

    def capture(self, out):
        """Writes what people would paste; the commands that print it."""
        namespace, name = self.scenario["namespace"], self.scenario["set"]
        own = sorted(n.rsplit("/", 1)[-1] for n in self.feed.objects["pod"] if re.fullmatch(re.escape(self.key) + r"-\d+", n))
        claims = sorted(n.rsplit("/", 1)[-1] for n, c in self.feed.objects["pvc"].items()
                        if c["metadata"]["namespace"] == namespace and re.search(rf"-{re.escape(name)}-\d+$", n))
        own, claims = (sorted(names, key=lambda n: int(n.rsplit("-", 1)[1])) for names in (own, claims))
        tables = [f"kubectl get sts,pod,pvc,pv,node -o wide -n {namespace}", f"kubectl get events --sort-by=.lastTimestamp -n {namespace}"]
        described = ([f"kubectl describe sts {name} -n {namespace}"] if self.key in self.feed.objects["sts"] else []) + [
            f"kubectl describe {kind} {' '.join(names)} -n {namespace}" for kind, names in (("pod", own), ("pvc", claims)) if names]
        self.save_text(out, "cluster.yaml", self.run(f"kubectl get {KINDS} -A -o yaml").stdout)
        for file, lines in (("tables.txt", tables), ("describe.txt", described)):
            prompt = self.scenario.get("prompt", True)
            self.save_text(out, file, "\n".join((f"$ {line}\n" if prompt else "") + self.run(line).stdout for line in lines))
        line = self.run(self.fill(self.scenario["oneLine"]), cwd=out).stdout.split("\n")[0].strip()
        if not line:
            self.problem("the one line is empty")
        self.save_text(out, "one-line.txt", line)
        return tables + described

    def save_text(self, out, name, text):
        with open(os.path.join(out, name), "w") as f:
            f.write(text)


def played(binaries, case, act):
    """One run of a case in a control plane of its own; what `act` makes of it, and the problems."""
    scratch = tempfile.mkdtemp(prefix="recorder-")
    run = Stuck(binaries, case, scratch)
    try:
        run.begin()
        run.stuck()
        return act(run), run.problems
    finally:
        if hasattr(run, "plane"):
            run.plane.stop()
        if not os.environ.get("RECORDER_KEEP"):
            shutil.rmtree(scratch, ignore_errors=True)


def recorded(binaries, case, out):
    """Records a case into a folder; the problems."""
    about, results, problems, shown = {}, [], [], []

    def first(run):
        about.update(pasted=run.capture(out), recordedAt=datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
                     release=run.version[1:], causeObject=run.fill(case["causeObject"]), why=run.fill(case["why"]))
        shown.extend([run.shown(a) for a in attempts] for attempts in case.get("runs") or ())

    for i, attempts in enumerate(case.get("runs") or [[]]):
        def act(run):
            if i == 0:
                first(run)
            return [(a["freed"], run.attempt(a, lines)) for a, lines in zip(attempts, shown[i] if shown else ())]
        came, wrong = played(binaries, case, act)
        results, problems = results + came, problems + wrong
    families = case["family"].split(", ")
    told = {"id": os.path.basename(out), **{k: case[k] for k in ("title", "namespace", "set")}, "release": about["release"],
            "cause": case["cause"], "causeObject": about["causeObject"], "why": about["why"],
            "cures": [r for freed, r in results if freed], "notCures": [r for freed, r in results if not freed],
            "sufficient": {form: form in case["sufficient"] for form in ("cluster", "describe", "tables", "oneLine")},
            "notStuck": case.get("notStuck", False), **({"note": case["note"]} if "note" in case else {}),
            "recordedAt": about["recordedAt"], "pasted": about["pasted"], "problems": problems, "family": families[0]}
    if len(families) > 1:
        told["families"] = families
    with open(os.path.join(out, "case.json"), "w") as f:
        json.dump(told, f, indent=1, ensure_ascii=False)
        f.write("\n")
    return problems


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("binaries")
    ap.add_argument("out")
    ap.add_argument("cases", nargs="+")
    args = ap.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    binaries, bad = os.path.abspath(args.binaries), 0
    for path in args.cases:
        name = os.path.splitext(os.path.basename(path))[0]
        out = os.path.abspath(os.path.join(args.out, name))
        if os.path.exists(os.path.join(out, "case.json")):
            continue
        case = record.read_yaml(os.path.join(binaries, "kubectl"), path)
        os.makedirs(out, exist_ok=True)
        start = time.time()
        bad += len(problems := recorded(binaries, case, out))
        print(f"{name}: {time.time() - start:.0f} s, {len(problems)} problems", flush=True)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
