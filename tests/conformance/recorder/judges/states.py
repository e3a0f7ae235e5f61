#!/usr/bin/env python3
"""States of StatefulSets as a real API server stores them, for `run.sh` to ask the tools about.

    states.py BINARIES OUT             OUT: states.json (for each state the set and its pods), steps.json, guesses.json

Promises: a state is one moment of the server: the set as it was stored, and its pods at that revision. A guess is what the author of a
state expected each tool to say before any was asked, a letter for each tool in the order of TOOLS.
"""
import copy
import json
import os
import shutil
import signal
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import record
import stuck

TOOLS = ["kubectl", "helm3", "helm4", "argocd", "flux", "kstatus", "kubedog", "ansible"]
VERDICTS = {"r": "ready", "w": "waits", "f": "failed", "e": "error", "u": "unknown"}
# Seconds without a write after which all is at rest.
QUIET = 4
NEW, BAD, CRASH = "img:2", "img:broken", "img:crash"


# A moment, as a question to the set and its pods.

def n(set, field):
    return set.get("status", {}).get(field, 0)


def seen(set):
    return n(set, "observedGeneration") == set["metadata"]["generation"]


def generation(least):
    return lambda set, pods: set["metadata"]["generation"] >= least and seen(set)


def unseen(least=1):
    return lambda set, pods: set["metadata"]["generation"] >= least and not seen(set)


def crashing(count, whole=True):
    def so(set, pods):
        waits = [c for p in pods for c in p.get("status", {}).get("containerStatuses", ())
                 if c["state"].get("waiting", {}).get("reason") == "CrashLoopBackOff"]
        return len(waits) >= count and (seen(set) or not whole)
    return so


def is_ready(count):
    return lambda set, pods: seen(set) and n(set, "readyReplicas") == count


def updated(count, least=2):
    return lambda set, pods: generation(least)(set, pods) and n(set, "updatedReplicas") == count


def counts(replicas, ready=None, least=2):
    return lambda set, pods: generation(least)(set, pods) and n(set, "replicas") == replicas and (ready is None or n(set, "readyReplicas") == ready)


def waiting(reason):
    return lambda set, pods: seen(set) and any(c["state"].get("waiting", {}).get("reason") == reason for p in pods
                                               for c in p.get("status", {}).get("containerStatuses", ()))


def phase(word):
    return lambda set, pods: seen(set) and any(p.get("status", {}).get("phase") == word for p in pods)


def unschedulable(set, pods):
    return seen(set) and any(c.get("reason") == "Unschedulable" for p in pods for c in p.get("status", {}).get("conditions", ()))


def deleting(set, pods):
    return "deletionTimestamp" in set["metadata"]


def deleting_seen(set, pods):
    return deleting(set, pods) and seen(set)


# What is done to a set.

def manifest(spec=None, image="img:1", metadata=None, template=None, containers=None):
    pod = {"terminationGracePeriodSeconds": 1, "containers": containers or [{"name": "c", "image": image}]}
    set = {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "web", **(metadata or {})},
           "spec": {"replicas": 3, "serviceName": "web", "selector": {"matchLabels": {"app": "web"}},
                    "template": {"metadata": {"labels": {"app": "web"}, **(template or {})}, "spec": pod}, **(spec or {})}}
    return set


def image(to):
    return f"kubectl set image sts/web c={to}"


def scale(to):
    return f"kubectl scale sts/web --replicas={to}"


PARALLEL = {"podManagementPolicy": "Parallel"}
ON_DELETE = {"updateStrategy": {"type": "OnDelete"}}
RECREATE = {"updateStrategy": {"type": "Recreate"}}
UP = is_ready(3)
OTHER = json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "other", "labels": {"app": "web"}},
                    "spec": {"containers": [{"name": "c", "image": CRASH}]}})
FOREIGN = f"echo '{OTHER}' | kubectl apply -f -"


def rolling(partition=0, most=None):
    return {"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": partition, **({"maxUnavailable": most} if most else {})}}}


# Name, guess, manifest, steps (a line; a moment to wait for; a fault), and the moment that is taken: None is when all is at rest.
STATES = [
    ("created", "wwwwwwww", manifest(), [], unseen()),
    ("first-of-three", "wwwwwwww", manifest(), [], is_ready(1)),
    ("steady", "rrrrrrrr", manifest(), [UP], None),
    ("parallel-none-ready", "wwwwwwww", manifest(PARALLEL), [], counts(3, 0, 1)),
    ("changed-unobserved", "wwwwwwww", manifest(), [UP, image(NEW)], unseen(2)),
    ("changed-observed", "wwwwwwww", manifest(), [UP, image(NEW)], updated(0)),
    ("rolling-one-new", "wwwwwwww", manifest(), [UP, image(NEW)], updated(1)),
    ("rolling-two-new-all-ready", "wwwwwwww", manifest(), [UP, image(NEW)], lambda s, p: updated(2)(s, p) and n(s, "readyReplicas") == 3),
    ("rolled", "rrrrrrrr", manifest(), [UP, image(NEW)], None),
    ("undone", "rrrrrrrr", manifest(), [UP, image(NEW), updated(3), "kubectl rollout undo sts/web"], None),
    ("partition-reached", "rrrrrrrw", manifest(rolling(2)), [UP, image(NEW)], None),
    ("partition-all", "rrrrrrrw", manifest(rolling(3)), [UP, image(NEW)], None),
    ("partition-above", "rrrrrrrw", manifest(rolling(10)), [UP, image(NEW)], None),
    ("partition-midway", "wwwwwwww", manifest(rolling(1)), [UP, image(NEW)], lambda s, p: updated(1)(s, p) and n(s, "readyReplicas") == 3),
    ("partition-never-changed", "rrrrrrrr", manifest(rolling(2)), [UP], None),
    ("partition-two-at-once", "rrrrrrrw", manifest(rolling(1, 2)), [UP, image(NEW)], None),
    ("two-at-once-midway", "wwwwwwww", manifest(rolling(0, 2)), [UP, image(NEW)], lambda s, p: generation(2)(s, p) and n(s, "readyReplicas") == 1),
    ("on-delete-changed", "errrrrwr", manifest(ON_DELETE), [UP, image(NEW)], None),
    ("on-delete-one-new", "errrrrwr", manifest(ON_DELETE), [UP, image(NEW), "kubectl delete pod web-1"], None),
    ("on-delete-all-new", "errrrrrr", manifest({**ON_DELETE, **PARALLEL}), [UP, image(NEW), "kubectl delete pod web-0 web-1 web-2"], None),
    ("on-delete-broken", "errwrrww", manifest(ON_DELETE, BAD), [], waiting("ImagePullBackOff")),
    ("on-delete-crash", "errwrrwr", manifest(ON_DELETE), [UP, image(CRASH), "kubectl delete pod web-2"], crashing(1)),
    ("on-delete-scaling-out", "errwrrww", manifest(ON_DELETE), [UP, scale(5)], counts(4)),
    ("recreate-none", "erwwwwew", manifest(RECREATE), [UP, image(NEW)], counts(0)),
    ("recreate-first-new", "erwwwwew", manifest(RECREATE), [UP, image(NEW)], lambda s, p: updated(1)(s, p) and n(s, "replicas") == 1),
    ("recreate-done", "errrrrew", manifest(RECREATE), [UP, image(NEW)], None),
    ("recreate-broken", "erwwwwew", manifest(RECREATE), [UP, image(BAD)], waiting("ImagePullBackOff")),
    ("recreate-crash", "erfwfwew", manifest(RECREATE), [UP, image(CRASH)], crashing(1)),
    ("none-wanted", "rrrrrrrr", manifest({"replicas": 0}), [], None),
    ("to-none-midway", "rwwrwwrw", manifest(), [UP, scale(0)], counts(2)),
    ("to-none", "rrrrrrrr", manifest(), [UP, scale(0)], None),
    ("replicas-unwritten", "rrrrrrrr", manifest({"replicas": None}), [], None),
    ("scaled-in-unobserved", "wwwwwwww", manifest(), [UP, scale(2)], unseen(2)),
    ("surplus-ready", "rwwrwwrw", manifest(image="img:stubborn"), [UP, scale(2)], counts(3, 3)),
    ("surplus-two", "rwwrwwrw", manifest(PARALLEL, "img:stubborn"), [UP, scale(1)], counts(3, 3)),
    ("scaled-out-unobserved", "wwwwwwww", manifest(), [UP, scale(5)], unseen(2)),
    ("scaled-out-midway", "wwwwwwww", manifest(), [UP, scale(5)], counts(4, 4)),
    ("scaled-and-changed", "wwwwwwww", manifest(),
     [UP, "kubectl patch sts web -p '{\"spec\":{\"replicas\":5,\"template\":{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"img:2\"}]}}}}'"], updated(2)),
    ("foreground-deletion", "wwwwwwww", manifest(), [UP, "kubectl delete sts web --cascade=foreground --wait=false"], deleting),
    ("held-by-finalizer", "rrwwwwrr", manifest(metadata={"finalizers": ["example.com/hold"]}), [UP, "kubectl delete sts web --wait=false"], deleting_seen),
    ("held-by-two-finalizers", "wwwwwwww", manifest(metadata={"finalizers": ["example.com/hold", "example.com/too"]}),
     [UP, image(NEW), "kubectl delete sts web --wait=false"], deleting),
    ("held-by-argo-hook", "rrwrwwrr", manifest(metadata={"finalizers": ["argocd.argoproj.io/hook-finalizer"]}),
     [UP, "kubectl delete sts web --wait=false"], deleting_seen),
    ("not-available", "rrrrrrrr", manifest({**PARALLEL, "minReadySeconds": 600}), [], is_ready(3)),
    ("not-available-in-order", "wwwwwwww", manifest({"minReadySeconds": 600}), [], is_ready(1)),
    ("crash-in-order", "wwfwfwww", manifest(image=CRASH), [], crashing(1)),
    ("crash-parallel", "wwfwfwww", manifest(PARALLEL, CRASH), [], crashing(2)),
    ("crash-before-it-crashed", "rrrrrrrr", manifest(PARALLEL, CRASH), [], is_ready(3)),
    ("crash-rolling", "wwfwfwww", manifest(), [UP, image(CRASH)], crashing(1)),
    ("crash-above-partition", "wwfwfwww", manifest(rolling(2)), [UP, image(CRASH)], crashing(1)),
    ("crash-unobserved", "wwwwwwww", manifest(image=CRASH), [crashing(1), scale(4)], unseen(2)),
    ("crash-of-sidecar", "wwfwfwww", manifest(containers=[{"name": "c", "image": "img:1"}, {"name": "side", "image": CRASH}]), [], crashing(1)),
    ("crash-being-deleted", "wwwwwwww", manifest(image=CRASH, template={"finalizers": ["example.com/hold"]}),
     [crashing(1), "kubectl delete pod web-0 --wait=false"], lambda s, p: seen(s) and any("deletionTimestamp" in one["metadata"] for one in p)),
    ("crash-of-a-stranger", "wwfwfwww", manifest(image="img:unready"), [FOREIGN], crashing(1)),
    ("crash-of-a-stranger-steady", "rrrrrrrr", manifest(), [UP, FOREIGN], crashing(1)),
    ("crash-by-expression", "wwfwfwww", manifest({"selector": {"matchExpressions": [{"key": "app", "operator": "In", "values": ["web", "www"]}]}}, CRASH),
     [], crashing(1)),
    ("bad-image", "wwwwwwww", manifest(image=BAD), [], waiting("ImagePullBackOff")),
    ("bad-image-rolling", "wwwwwwww", manifest(), [UP, image(BAD)], waiting("ImagePullBackOff")),
    ("bad-image-undone", "wwwwwwww", manifest(), [UP, image(BAD), waiting("ImagePullBackOff"), "kubectl rollout undo sts/web"], None),
    ("unschedulable", "wwwwwwww", manifest(containers=[{"name": "c", "image": "img:1", "resources": {"requests": {"cpu": "100"}}}]), [], unschedulable),
    ("never-ready", "wwwwwwww", manifest(image="img:unready"), [], counts(1, 0, 1)),
    ("became-unready", "wwwwwwww", manifest(), [UP, {"op": "pod-unready", "pod": "web-1"}], is_ready(2)),
    ("pod-deleted", "wwwwwwww", manifest(), [UP, "kubectl delete pod web-1"], lambda s, p: seen(s) and n(s, "replicas") == 2),
    ("pod-evicted", "wwwwwwww", manifest(), [UP, {"op": "evict", "pod": "web-1"}], phase("Failed")),
    ("ordinals-from-five", "rrrrrrrr", manifest({"ordinals": {"start": 5}}), [UP], None),
]


class States(stuck.Stuck):
    """A control plane on which one set after another is brought into a state."""

    def moments(self, namespace):
        """The set and its pods after each write."""
        set, pods = None, {}
        for write in sorted(list(self.feed.writes), key=lambda w: w.revision):
            meta = write.object["metadata"]
            if meta.get("namespace") != namespace or write.kind not in ("sts", "pod"):
                continue
            if write.kind == "sts":
                set = write.object
            elif write.type == "DELETED":
                pods.pop(meta["name"], None)
            else:
                pods[meta["name"]] = write.object
            if set:
                yield write.revision, set, [pods[name] for name in sorted(pods)]

    def earliest(self, namespace, so, after, seconds=90):
        """The first moment after a revision at which something is so."""
        until = time.time() + seconds
        while time.time() < until:
            for revision, set, pods in self.moments(namespace):
                if revision > after and so(set, pods):
                    return revision, set, pods
            time.sleep(0.2)
        return None

    def taken(self, name, set, steps, at):
        for made in (f"kubectl create ns {name}", f"kubectl config set-context --current --namespace={name}"):
            self.shell(made)
        self.step({"until": f"kubectl get sa default -n {name}"})
        self.save_text(self.work, f"{name}.json", json.dumps(set))
        self.shell(f"kubectl apply -f {name}.json")
        after = 0
        for step in steps:
            if callable(step):
                found = self.earliest(name, step, after)
                if not found:
                    return None
                after = found[0]
            elif isinstance(step, dict):
                # Of all namespaces: the states before are taken already.
                self.nodes.fault(step)
            else:
                after = self.feed.seen
                self.shell(step)
        if at:
            return self.earliest(name, at, after)
        last = None
        while True:
            moment = list(self.moments(name))[-1]
            if last and moment[0] == last[0]:
                return moment
            last = moment
            time.sleep(QUIET)


def stored(object):
    """An object without who wrote it, which no tool reads."""
    object = copy.deepcopy(object)
    object["metadata"].pop("managedFields", None)
    (object["metadata"].get("annotations") or {}).pop("kubectl.kubernetes.io/last-applied-configuration", None)
    return object


def main():
    binaries, out, only = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), sys.argv[3:]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    os.makedirs(out, exist_ok=True)
    guesses = {name: {tool: VERDICTS[letter] for tool, letter in zip(TOOLS, guess)} for name, guess, *_ in STATES}
    with open(os.path.join(out, "guesses.json"), "w") as f:
        json.dump(guesses, f, indent=1, sort_keys=True)
    lines = lambda steps: [f"playground {step['op'].split('-')[-1]} pod {step['pod']}" if isinstance(step, dict) else step
                           for step in steps if not callable(step)]
    with open(os.path.join(out, "steps.json"), "w") as f:
        json.dump({name: {"manifest": set, "lines": lines(steps)} for name, _, set, steps, _ in STATES}, f, indent=1, sort_keys=True)
    path = os.path.join(out, "states.json")
    states = json.load(open(path)) if os.path.exists(path) else {}
    scratch = tempfile.mkdtemp(prefix="recorder-")
    run = States(binaries, {"namespace": "default", "set": "web", "files": {}}, scratch)
    try:
        run.begin()
        for name, _, set, steps, at in STATES:
            if name in states or only and name not in only:
                continue
            found = run.taken(name, set, steps, at)
            print(name, "taken" if found else "NOT REACHED", flush=True)
            if found:
                kinds = {"apiVersion": "apps/v1", "kind": "StatefulSet"}, {"apiVersion": "v1", "kind": "Pod"}
                states[name] = {"set": {**stored(found[1]), **kinds[0]}, "pods": [{**stored(pod), **kinds[1]} for pod in found[2]]}
                with open(path, "w") as f:
                    json.dump(states, f, indent=1, sort_keys=True)
    finally:
        if hasattr(run, "plane"):
            run.plane.stop()
        if not os.environ.get("RECORDER_KEEP"):
            shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
