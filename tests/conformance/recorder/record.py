#!/usr/bin/env python3
"""Plays a scenario on a real control plane and writes down what came of it.

    record.py BINARIES SCENARIO.yaml FOLDER [--run N]

Promises: FOLDER/trace.jsonl and FOLDER/kubectl.json are in the vocabulary of ../recordings (trace.N.jsonl and kubectl.N.json for
further runs), and FOLDER/scenario.yaml is the scenario with the nodes that the scheduler chose in the first run. Whatever did not
come about stands under `problems`; the exit code is 1 then. Nothing listens or runs any more when it ends.
"""
import argparse
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import kubelet
from normal import Trace
from plane import OPEN, Feed, Plane, call

# Seconds. Between steps a hand takes a breath; one who starts a watch waits until it shows something.
BREATH, BACKGROUND, LAST_WORDS, TIMEOUT = 0.06, 0.8, 0.4, 600
OBJECTS = ("pod", "sts", "deploy", "rs", "pvc", "pv", "node", "svc", "pdb")
COUNTERS = {"replicas": "replicas", "ready": "readyReplicas", "current": "currentReplicas", "updated": "updatedReplicas",
            "available": "availableReplicas"}
PHASES = {"pending": "Pending", "running": "Running", "failed": "Failed", "bound": "Bound", "succeeded": "Succeeded"}

# To YAML 1.1, a bare key `n` is a boolean.
BOOLEANS = {"false": "n", "true": "y"}


def read_yaml(kubectl, path):
    """A scenario; kubectl reads the YAML."""
    head = "apiVersion: recorder/v1\nkind: Scenario\nmetadata: {name: scenario}\n"
    with open(path) as f:
        run = subprocess.run([kubectl, "label", "--local", "-f", "-", "-o", "json", "read=yes"], input=head + f.read(), capture_output=True,
                             text=True)
    if run.returncode:
        sys.exit(f"{path}: {run.stderr}")
    return json.loads(run.stdout)


class Recorder:
    everywhere = False  # whether other namespaces than `default` are watched too
    authorization = OPEN

    def __init__(self, binaries, scenario, folder):
        self.binaries, self.scenario, self.folder = binaries, scenario, folder
        self.work = os.path.join(folder, "work")
        self.steps, self.commands, self.background, self.remembered, self.problems = [], [], {}, {}, []
        self.lock = threading.Lock()

    def begin(self):
        """Sets the stage: nodes, storage classes, files."""
        os.makedirs(self.work)
        for name, text in self.scenario.get("files", {}).items():
            os.makedirs(os.path.dirname(os.path.join(self.work, name)), exist_ok=True)
            with open(os.path.join(self.work, name), "w") as f:
                f.write(text)
        variant, cluster = self.scenario.get("plane", "default"), self.scenario.get("cluster") or {}
        self.plane = Plane(self.binaries, os.path.join(self.folder, "plane"), variant, self.authorization)
        self.plane.start()
        self.version = call(self.plane, "GET", "/version")[1]["gitVersion"]
        self.feed = Feed(self.plane, self.everywhere)
        for name in cluster.get("storageClasses", ["local-path"]):
            default = {"storageclass.kubernetes.io/is-default-class": "true"} if name == cluster.get("defaultStorageClass", "local-path") else {}
            provisioner, mode = kubelet.CLASSES[name]
            call(self.plane, "POST", "/apis/storage.k8s.io/v1/storageclasses", {
                "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": name, "annotations": default},
                "provisioner": provisioner, "volumeBindingMode": mode, "reclaimPolicy": "Delete"})
        self.nodes = self.kubelets(10000 if variant == "node-defaults" else 1000)
        self.until(lambda: all(self.usable(n) for n in self.nodes.names), 60)
        time.sleep(1)
        self.first, self.start = self.feed.revision(), time.time()

    def kubelets(self, lease):
        return kubelet.Nodes(self.plane, self.feed, self.happened, lease)

    def usable(self, name):
        node = self.feed.objects["node"].get(name)
        return node and not node["spec"].get("taints") and ready("node", node)

    # What is written down.

    def happened(self, entry):
        with self.lock:
            self.steps.append((self.feed.seen, 2, len(self.steps), time.time(), entry))

    def put(self, entry, at=None):
        revision, at = self.feed.revision(), at or time.time()
        with self.lock:
            self.steps.append((revision, 1, len(self.steps), at, entry))

    def problem(self, text):
        print(f"  ! {text}", flush=True)
        self.problems.append(text)

    # Steps.

    def play(self):
        for step in self.scenario["steps"]:
            try:
                self.step(step)
            except (KeyError, StopIteration) as e:
                self.problem(f"{json.dumps(step)}: there is no {e}")
        for name in list(self.background):
            self.stop(name)
        time.sleep(0.2)

    def step(self, step):
        if "kubectl" in step:
            self.kubectl(self.fill(step["kubectl"]), step.get("background"))
        elif "stop" in step:
            self.stop(step["stop"])
        elif "join" in step:
            self.join(*self.background.pop(step["join"]))
        elif "wait" in step:
            self.wait({k: self.fill(v) if isinstance(v, str) else v for k, v in step["wait"].items()}, step)
        elif "settle" in step:
            self.settle(step["settle"], step.get("timeout", 60))
        elif "sleep" in step:
            time.sleep(step["sleep"])
            self.put({"e": "slept", "s": step["sleep"]})
        elif "note" in step:
            self.put({"e": "note", "text": step["note"]})
        elif "remember" in step:
            self.remembered.update({BOOLEANS.get(k, k): self.fill(v) for k, v in step["remember"].items()})
        elif "fault" in step:
            fault = {k: self.fill(v) if isinstance(v, str) else v for k, v in step["fault"].items()}
            self.put({"e": "fault", **{k: v for k, v in fault.items() if k != "reason"}})
            self.nodes.fault(fault)
        else:
            self.problem(f"no such step: {json.dumps(step)}")

    def kubectl(self, line, background):
        time.sleep(BREATH)
        command = {"id": len(self.commands), "cmd": line}
        if background:
            command["background"] = True
        self.commands.append(command)
        self.put({"e": "cmd.start", "cmd": line, "id": command["id"]})
        outputs = [open(os.path.join(self.folder, f"{command['id']}.{stream}"), "w+") for stream in ("stdout", "stderr")]
        environment = {"KUBECONFIG": self.plane.kubeconfig, "HOME": self.folder, "PATH": os.environ["PATH"], "KUBE_EDITOR": os.environ.get("KUBE_EDITOR", "true")}
        process = subprocess.Popen([os.path.join(self.binaries, "kubectl")] + shlex.split(line), cwd=self.work, env=environment,
                                   stdin=subprocess.DEVNULL, stdout=outputs[0], stderr=outputs[1])
        if background:
            self.background[background] = (command, process, outputs)
            time.sleep(BACKGROUND)
        else:
            self.join(command, process, outputs)

    def join(self, command, process, outputs):
        try:
            code = process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
            self.problem(f"never ended: {command['cmd']}")
        self.ended(command, outputs, code)

    def stop(self, name):
        command, process, outputs = self.background.pop(name)
        time.sleep(LAST_WORDS)
        process.terminate()
        process.wait()
        self.ended(command, outputs, None)

    def ended(self, command, outputs, code):
        self.put({"e": "cmd.end", "cmd": command["cmd"], "id": command["id"], **({} if code is None else {"rc": code})})
        for stream, file in zip(("stdout", "stderr"), outputs):
            file.seek(0)
            command[stream] = file.read()
            file.close()
        command["rc"] = code

    def wait(self, condition, step):
        ok = self.until(lambda: self.holds(condition), condition.get("timeout", step.get("timeout", 90)))
        if not ok:
            self.problem(f"waited in vain for {json.dumps(condition)}")
        self.put({"e": "wait", "cond": {k: v for k, v in condition.items() if k != "notUid"}, "ok": ok})

    def settle(self, quiet, timeout):
        start, end = time.time(), time.time() + timeout
        while True:
            with self.feed.changed:
                last = max([w.at for w in self.feed.writes[-400:] if w.kind not in ("event", "node")], default=start)
            due = max(start, last) + quiet
            if time.time() >= due:
                break
            if time.time() >= end:
                self.problem(f"did not settle within {timeout} s")
                break
            time.sleep(max(0.001, min(due, end) - time.time()))
        self.put({"e": "settled", "quiet": quiet})

    # What is so.

    def until(self, holds, timeout):
        end = time.time() + timeout
        with self.feed.changed:
            while not holds():
                if time.time() >= end:
                    return False
                self.feed.changed.wait(max(0.001, end - time.time()))
        return True

    def holds(self, condition):
        objects = self.feed.objects
        if "pods" in condition:
            return len(objects["pod"]) == condition["pods"]
        if "event" in condition:
            return any(e["reason"] == condition["event"] and e["involvedObject"]["name"] == condition["on"] for e in objects["event"].values())
        kind = next(k for k in OBJECTS if k in condition)
        object = objects[kind].get(condition[kind])
        if object and object["metadata"]["uid"] == condition.get("notUid"):
            object = None
        wants = {k: v for k, v in condition.items() if k not in (kind, "timeout", "notUid")}
        if object is None:
            return wants == {"is": "gone"}
        return all(is_so(kind, object, k, v) for k, v in wants.items())

    def fill(self, text):
        return re.sub(r"\$\{([^}]*)\}", lambda m: self.value(m.group(1)), text)

    def value(self, name):
        what, _, of = name.partition(":")
        pods = self.feed.objects["pod"]
        if not of:
            return self.remembered[name]
        if what == "podOf":
            return next(p for p in sorted(pods) if p.startswith(of))
        if what == "pv":
            return self.feed.objects["pvc"][of]["spec"]["volumeName"]
        return pods[of]["spec"]["nodeName"] if what == "node" else pods[of]["metadata"]["uid"]

    # The end.

    def entries(self):
        """The whole trace: writes by revision, with steps and happenings in between."""
        trace, out = Trace(), []
        writes = [(w.revision, 0, i, w.at, w) for i, w in enumerate(self.feed.writes)]
        for revision, rank, _, at, what in sorted(writes + self.steps, key=lambda x: x[:3]):
            found = trace.take(what) if rank == 0 else [self.named(trace, dict(what))]
            if revision >= self.first:
                out += [{"seq": len(out) + i, "t": round((at - self.start) * 1000), **x} for i, x in enumerate(found)]
        return out

    def named(self, trace, entry):
        names = trace.names
        if entry["e"].startswith("runtime.container"):
            pod = entry["pod"]
            count = names.incarnation(pod.uid)
            entry["pod"] = names.name(pod.name) + (f"#{count}" if count > 1 else "")
        return {k: names.text(v) if k in ("cmd", "text") or k == "pod" and entry["e"] == "fault" else v for k, v in entry.items()}

    def save(self, folder, suffix):
        header = {"scenario": self.scenario["name"], "kubernetes": self.version, "problems": self.problems}
        entries = self.entries()
        with open(os.path.join(folder, f"trace{suffix}.jsonl"), "w") as f:
            f.write(json.dumps(header) + "\n" + "".join(json.dumps(x, separators=(",", ":")) + "\n" for x in entries))
        with open(os.path.join(folder, f"kubectl{suffix}.json"), "w") as f:
            order = ("id", "cmd", "background", "stdout", "stderr", "rc")
            commands = [{k: c[k] for k in order if k in c} for c in self.commands]
            json.dump({**header, "seconds": round(time.time() - self.start, 1), "commands": commands}, f, indent=0)
            f.write("\n")
        return entries


def ready(kind, object):
    if kind in ("pod", "node"):
        return any(c["type"] == "Ready" and c["status"] == "True" for c in object["status"].get("conditions", ()))
    return object["status"].get("readyReplicas", 0) == object["spec"].get("replicas", 0)


def is_so(kind, object, what, want):
    status = object.get("status", {})
    containers = status.get("containerStatuses", [])
    if what == "waiting":
        return any(c["state"].get("waiting", {}).get("reason") == want for c in containers)
    if what == "restarts":
        return any(c["restartCount"] >= want for c in containers)
    if what == "image":
        return any(c["image"] == want for c in object["spec"]["containers"])
    if what in COUNTERS:
        return status.get(COUNTERS[what], 0) == want
    if want in PHASES:
        return status.get("phase") == PHASES[want]
    if want == "unschedulable" and kind == "node":
        return object["spec"].get("unschedulable", False)
    scheduled = [c for c in status.get("conditions", ()) if c["type"] == "PodScheduled" and c.get("reason") == "Unschedulable"]
    return {"exists": True, "gone": False, "ready": ready(kind, object), "not-ready": not ready(kind, object),
            "scheduled": bool(object.get("spec", {}).get("nodeName")), "unschedulable": any(c["status"] == "False" for c in scheduled),
            "terminating": "deletionTimestamp" in object["metadata"]}[want]


def placements(entries):
    """The nodes chosen for each incarnation of each pod, as a scenario file has them."""
    chosen = {}
    for x in entries:
        if x["e"] == "pod.created":
            chosen.setdefault(x["name"], []).append("")
        elif x["e"] == "pod.bound":
            chosen[x["name"]][-1] = x["node"]
    lines = [f"  \"{pod}\": [{', '.join(n or chr(34) * 2 for n in nodes)}]\n" for pod, nodes in chosen.items()]
    return "placements:  # where the scheduler chose in the first recording, by incarnation\n" + "".join(lines) if lines else ""


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("binaries")
    ap.add_argument("scenario")
    ap.add_argument("folder")
    ap.add_argument("--run", type=int, default=1)
    args = ap.parse_args()
    binaries, suffix = os.path.abspath(args.binaries), "" if args.run == 1 else f".{args.run}"
    scenario = read_yaml(os.path.join(binaries, "kubectl"), args.scenario)
    os.makedirs(args.folder, exist_ok=True)
    scratch = tempfile.mkdtemp(prefix="recorder-")
    recorder = Recorder(binaries, scenario, scratch)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        recorder.begin()
        recorder.play()
        entries = recorder.save(args.folder, suffix)
    finally:
        if hasattr(recorder, "plane"):
            recorder.plane.stop()
        if not os.environ.get("RECORDER_KEEP"):
            shutil.rmtree(scratch, ignore_errors=True)
    if args.run == 1:
        with open(args.scenario) as f:
            text = f.read()
        with open(os.path.join(args.folder, "scenario.yaml"), "w") as f:
            f.write(text if "\nplacements:" in text else text.rstrip("\n") + "\n" + placements(entries))
    sys.exit(1 if recorder.problems else 0)


if __name__ == "__main__":
    main()
