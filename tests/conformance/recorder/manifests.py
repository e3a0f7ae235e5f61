#!/usr/bin/env python3
"""Applies manifests to a real control plane and to the model, and compares what came of each.

    manifests.py real BINARIES FOLDER OUT            plays each FOLDER/*.yaml on a real control plane: OUT/real/NAME.json
    manifests.py model REPLAY FOLDER OUT             plays the same steps on the model: OUT/model/NAME/kubectl.json
    manifests.py compare OUT [NAME...]               counts what is the same, column by column, and prints what is not; with further
                                                     runs in OUT/real.2 and so on, what is the same in one of them
    manifests.py nodes REPLAY FOLDER OUT             plays on the model with nodes that run programs; prints containers that fail
    manifests.py mutate BINARIES FOLDER N SEED CASES.jsonl   writes N documents with one mistake each, as cases
    manifests.py cases BINARIES CASES.jsonl OUT.jsonl        plays them as cases.py does, and takes away webhooks and the like too
    manifests.py verdicts REAL.jsonl MODEL.jsonl     compares what that and `replay --cases` wrote for them

Promises: what was played already is not played again. Only names of chance are made equal: uids, addresses, ports, ages, times and
the random ends of names. The manifests are read and never changed; every process that is started is ended.
"""
import collections
import difflib
import glob
import json
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

import record
from plane import call

QUIET, LONGEST, RUNS = 3, 45, 150  # seconds: without a write; to wait at most; until a program must have shown what it does
SYSTEM = ("default", "kube-system", "kube-public", "kube-node-lease")
KINDS = "statefulsets,pods,persistentvolumeclaims,controllerrevisions,replicasets,deployments,daemonsets,jobs,poddisruptionbudgets"
# Left by races within a control plane, or told at moments of chance.
CHANCE = ("FailedToCreateEndpoint", "FailedToUpdateEndpoint", "FailedToUpdateEndpointSlices", "ClusterIPNotAllocated")
NOT_YET = re.compile("error looking up service account|no PriorityClass with name")
COLUMNS = ("verdict", "apply", "again", "delete", "pods", "claims", "sets", "revisions", "others", "warnings", "get", "describe")


def namespaces(text):
    """The namespaces that a manifest uses and does not declare."""
    used = set(re.findall(r"""["']?namespace["']?:\s*["']?([a-z0-9][a-z0-9-]*)["']?\s*[,}#]?""", text))
    declared = set()
    for document in re.split(r"^---", text, flags=re.M):
        if re.search(r"""^\s*["']?kind["']?:\s*["']?Namespace["']?\s*,?\s*$""", document, re.M):
            declared |= set(re.findall(r"""["']?name["']?:\s*["']?([a-z0-9][a-z0-9-]*)""", document))
    return sorted(used - declared - set(SYSTEM))


def lines(text):
    """What is done with a manifest: a name for the output, and kubectl's arguments; `None` stands for waiting."""
    return ([(None, f"create namespace {n}") for n in namespaces(text)] +
            [("apply", "apply -f m.yaml"), None, ("objects", f"get {KINDS} -A -o json"), ("events", "get events -A -o json"),
             ("get", "get sts,svc,pvc -A"), ("describe", "describe sts -A"), ("again", "apply -f m.yaml"),
             ("delete", "delete -f m.yaml --timeout=60s")])


def manifests(folder):
    for path in sorted(glob.glob(os.path.join(folder, "*.yaml"))):
        with open(path, newline="") as f:
            yield os.path.basename(path)[:-5], f.read()


# The real side.

class Real(record.Recorder):
    """One control plane for many manifests; what a manifest leaves is taken away before the next."""
    everywhere = True

    def begin(self):
        super().begin()
        self.first = {path: object for path, object in self.found()}

    def lists(self):
        groups = ["/api/v1"] + [f"/apis/{v['groupVersion']}" for g in call(self.plane, "GET", "/apis")[1]["groups"]
                                for v in [g["preferredVersion"]]]
        for group in groups:
            for kind in call(self.plane, "GET", group)[1].get("resources", ()):
                if {"delete", "list"} <= set(kind["verbs"]) and kind["name"] not in ("events", "leases", "endpointslices", "endpoints"):
                    yield f"{group}/{kind['name']}"

    def found(self):
        # What reaches into other objects' lives goes first, and namespaces last.
        order = ("webhookconfigurations", "apiservices", "policies", "statefulsets", "deployments", "daemonsets", "jobs", "replicasets")

        def rank(path):
            first = next((i for i, end in enumerate(order) if path.endswith(end)), None)
            return first if first is not None else len(order) + path.endswith("/namespaces")
        for folder in sorted(self.lists(), key=rank):
            for object in call(self.plane, "GET", folder)[1].get("items") or ():
                meta, (head, kind) = object["metadata"], folder.rsplit("/", 1)
                within = f"{head}/namespaces/{meta['namespace']}/{kind}" if "namespace" in meta else folder
                yield f"{within}/{meta['name']}", object

    def clear(self):
        """Takes away what was not there at first, and puts back classes that were; returns whether all went."""
        options = {"kind": "DeleteOptions", "apiVersion": "v1", "gracePeriodSeconds": 0, "propagationPolicy": "Background"}
        end = time.time() + 60
        while time.time() < end:
            there = dict(self.found())
            made = ("/serviceaccounts/default", "/kube-root-ca.crt")
            left = {p: o for p, o in there.items() if p not in self.first and not p.endswith(made)}
            for path, object in left.items():
                if "deletionTimestamp" not in object["metadata"]:
                    call(self.plane, "DELETE", path, options)
                if object["metadata"].get("finalizers"):
                    call(self.plane, "PATCH", path, {"metadata": {"finalizers": None}}, "application/merge-patch+json")
            if not left:
                break
            time.sleep(0.3)
        for path, object in self.first.items():
            if path not in there and "storageclasses" in path:
                object["metadata"] = {k: object["metadata"].get(k) for k in ("name", "annotations")}
                call(self.plane, "POST", path.rsplit("/", 1)[0], object)
        for namespace in SYSTEM:
            call(self.plane, "DELETE", f"/api/v1/namespaces/{namespace}/events", options)
        return not left

    def told(self, line):
        environment = {"KUBECONFIG": self.plane.kubeconfig, "HOME": self.folder, "PATH": os.environ["PATH"]}
        try:
            run = subprocess.run([os.path.join(self.binaries, "kubectl")] + shlex.split(line), cwd=self.work, env=environment,
                                 stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=240)
        except subprocess.TimeoutExpired:
            return {"rc": -1, "stdout": "", "stderr": "never ended"}
        return {"rc": run.returncode, "stdout": run.stdout, "stderr": run.stderr}

    def manifest(self, text):
        with open(os.path.join(self.work, "m.yaml"), "w", newline="") as f:
            f.write(text)
        out, self.problems = {}, []
        for line in lines(text):
            if line is None:
                time.sleep(1)
                self.settle(QUIET, LONGEST)
            elif line[0]:
                out[line[0]] = self.told(line[1])
            else:
                self.told(line[1])
        out["problems"] = self.problems + ([] if self.clear() else ["something is left"])
        return out


def real(binaries, folder, out):
    scratch = tempfile.mkdtemp(prefix="recorder-")
    recorder = Real(os.path.abspath(binaries), {}, scratch)
    os.makedirs(os.path.join(out, "real"), exist_ok=True)
    try:
        recorder.begin()
        for name, text in manifests(folder):
            path = os.path.join(out, "real", name + ".json")
            if os.path.exists(path):
                continue
            start, told = time.time(), recorder.manifest(text)
            with open(path, "w") as f:
                json.dump(told, f)
            print(f"{name}: rc {told['apply']['rc']}, {time.time() - start:.0f} s {told['problems'] or ''}", flush=True)
    finally:
        if hasattr(recorder, "plane"):
            recorder.plane.stop()
        shutil.rmtree(scratch, ignore_errors=True)


# The model's side.

def replay(binary, name, text, steps, folder, cluster=None):
    """Plays a scenario; returns what kubectl printed, line by line."""
    os.makedirs(folder, exist_ok=True)
    scenario = {"name": name, "files": {"m.yaml": text}, "steps": steps, **({"cluster": cluster} if cluster else {})}
    path = os.path.join(folder, "scenario.yaml")
    with open(path, "w") as f:
        json.dump(scenario, f)
    run = subprocess.run([binary, path, folder], capture_output=True, text=True)
    if run.returncode:
        print(f"{name}: {run.stderr.strip()}", flush=True)
    with open(os.path.join(folder, "kubectl.json")) as f:
        return json.load(f)["commands"]


def model(binary, folder, out):
    for name, text in manifests(folder):
        steps = [{"settle": QUIET, "timeout": LONGEST} if line is None else {"kubectl": line[1]} for line in lines(text)]
        if not os.path.exists(os.path.join(out, "model", name, "kubectl.json")):
            replay(binary, name, text, steps, os.path.join(out, "model", name))


def nodes(binary, folder, out):
    """Which containers fail where programs run."""
    failing = 0
    for name, text in manifests(folder):
        steps = [{"kubectl": f"create namespace {n}"} for n in namespaces(text)]
        steps += [{"kubectl": "apply -f m.yaml"}, {"sleep": RUNS}]
        where, cluster = os.path.join(out, "nodes", name), {"realNodes": True}
        told = replay(binary, name, text, steps + [{"kubectl": "get pods -A -o json"}], where, cluster)
        found = [(named(p), c, kind) for p in parsed(told[-1]["stdout"]) for kind in ("containerStatuses", "initContainerStatuses")
                 for c in p.get("status", {}).get(kind, ()) if fails(c)]
        logs = [{"kubectl": "logs -n {} {} -c {} --previous --tail=8".format(*pod.split("/"), c["name"])} for pod, c, _ in found]
        again = replay(binary, name, text, steps + logs, where, cluster)[-len(logs):] if logs else []
        for (pod, c, kind), said in zip(found, again):
            failing += 1
            print(f"{name}: {pod} {kind} {c['name']} {c['image']} restarts {c['restartCount']} {json.dumps(c['state'])}")
            print("    " + (said["stdout"] + said["stderr"]).replace("\n", "\n    "), flush=True)
    print(f"{failing} containers fail")


def fails(container):
    ended = [container[k].get("terminated", {}).get("exitCode", 0) for k in ("state", "lastState") if k in container]
    return any(ended)


# The comparison.

def parsed(text):
    try:
        return json.loads(text).get("items", [])
    except ValueError:
        return []


PLAIN = ((re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "<uid>"),
         (re.compile(r"\b10\.(?:96|244)\.\d+\.\d+\b"), "<ip>"), (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z"), "<time>"),
         (re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} [\d:]+ [+-]\d{4}"), "<time>"),
         (re.compile(r"(?<=[\s(])(?:\d+[smhd])+(?: \(x\d+ over (?:\d+[smhd])+\))?(?=[\s,)])"), "<age>"),
         (re.compile(r"(?<=:)3[0-2]\d{3}(?=/)"), "<port>"), (re.compile(r"resourceVersion: ?\"?\d+\"?"), "<version>"),
         (re.compile(r"(?<=kube-api-access-)[a-z0-9]{5}\b"), "<random>"), (re.compile(r" +"), " "))


class Side:
    """What one side printed, without names of chance."""

    def __init__(self, outputs):
        self.outputs = outputs
        self.objects = collections.defaultdict(list)
        for object in parsed(outputs["objects"]["stdout"]):
            self.objects[object["kind"]].append(object)
        self.random = {}
        for object in self.objects["Pod"]:
            meta = object["metadata"]
            if "generateName" in meta and not any(o["kind"] == "StatefulSet" for o in meta.get("ownerReferences", ())):
                self.random[meta["name"]] = meta["generateName"] + "#"

    def plain(self, text):
        for name in self.random:
            text = text.replace(name, self.random[name])
        for pattern, word in PLAIN:
            text = pattern.sub(word, text)
        return text

    def text(self, name):
        told = self.outputs[name]
        return self.plain(told["stdout"] + "\n" + told["stderr"]).rstrip()

    def column(self, name):
        return sorted(self.plain(x) for x in getattr(self, name)()) if name in COLUMNS[4:10] else \
            [self.outputs["apply"]["rc"]] if name == "verdict" else self.told(name)

    def told(self, name):
        out = [f"rc {self.outputs[name]['rc']}"] if name != "verdict" else []
        text = self.text(name)
        if name == "describe":  # events of one set in the order of their times, and claims without those
            text = re.sub(r"^Events:.*?(?=^Name:|\Z)", "", text, flags=re.M | re.S)
        return out + [line.rstrip() for line in text.split("\n")]

    def pods(self):
        for pod in self.objects["Pod"]:
            status = pod["status"]
            states = [[c["name"], [[k, v.get("reason"), v.get("exitCode")] for k, v in c["state"].items()], c["ready"], c["restartCount"]]
                      for c in status.get("containerStatuses", ())]
            where = [[c.get("reason"), c.get("message")] for c in status.get("conditions", ()) if c["type"] == "PodScheduled"]
            yield json.dumps([named(pod), status.get("phase"), states, where, pod["spec"].get("priority"), hashes(pod["metadata"])])

    def claims(self):
        for claim in self.objects["PersistentVolumeClaim"]:
            spec, meta = claim["spec"], claim["metadata"]
            yield json.dumps([named(claim), claim["status"].get("phase"), claim["status"].get("capacity"), spec.get("resources"),
                              spec.get("storageClassName"), spec.get("accessModes"), meta.get("labels"), meta.get("finalizers"),
                              len(meta.get("ownerReferences", ()))], sort_keys=True)

    def sets(self):
        for set in self.objects["StatefulSet"]:
            yield json.dumps([named(set), set["metadata"]["generation"], set["status"], set["spec"]], sort_keys=True)

    def revisions(self):
        for kind in ("ControllerRevision", "ReplicaSet"):
            for object in self.objects[kind]:
                yield json.dumps([kind, named(object), object.get("revision"), hashes(object["metadata"])], sort_keys=True)

    def others(self):
        for kind in ("Deployment", "DaemonSet", "Job", "PodDisruptionBudget"):
            for object in self.objects[kind]:
                status = {k: v for k, v in object.get("status", {}).items() if k not in ("conditions", "disruptedPods")}
                yield json.dumps([kind, named(object), object["metadata"].get("generation"), status, object["spec"]], sort_keys=True)

    def warnings(self):
        out = set()
        for event in parsed(self.outputs["events"]["stdout"]):
            if event.get("type") == "Warning" and event.get("reason") not in CHANCE:
                about = event["involvedObject"]
                now = [o for o in self.objects[about["kind"]] if o["metadata"]["uid"] == about.get("uid")]
                if not now and self.objects[about["kind"]]:
                    continue  # of an object that is gone, perhaps with the manifest before
                if NOT_YET.search(event["message"]) and now and now[0].get("status", {}).get("replicas"):
                    continue  # a race of some ms between pods and what they name, all of one file
                out.add(json.dumps([about["kind"], about.get("namespace"), about["name"], event["reason"], event["message"]]))
        return out


def named(object):
    return f"{object['metadata']['namespace']}/{object['metadata']['name']}"


def hashes(meta):
    return {k: v for k, v in meta.get("labels", {}).items() if k in ("controller-revision-hash", "pod-template-hash")}


def outputs(out, name):
    """What each run of the real side printed, and the model, by the names of the outputs."""
    ours = []
    for path in sorted(glob.glob(os.path.join(out, "real*", name + ".json"))):
        with open(path) as f:
            ours.append(Side(json.load(f)))
    folder = os.path.join(out, "model", name)
    with open(os.path.join(folder, "kubectl.json")) as f:
        commands = json.load(f)["commands"]
    names = [n for n in ("apply", "objects", "events", "get", "describe", "again", "delete")]
    theirs = dict(zip(names, [c for c in commands if not c["cmd"].startswith("create namespace ")]))
    return ours, Side(theirs)


def compare(out, *only):
    names = sorted(n for n in os.listdir(os.path.join(out, "model")) if os.path.exists(os.path.join(out, "real", n + ".json")))
    same, all_same, compared = collections.Counter(), 0, 0
    for name in [n for n in names if not only or n in only]:
        try:
            ours, theirs = outputs(out, name)
            differing = [c for c in COLUMNS if all(run.column(c) != theirs.column(c) for run in ours)]
        except (OSError, KeyError) as e:
            print(f"{name}: cannot be compared: {e!r}")
            continue
        compared += 1
        same.update(c for c in COLUMNS if c not in differing)
        all_same += not differing
        for column in differing:
            a, b = ([str(x) for x in side.column(column)] for side in (ours[-1], theirs))
            changed = [d for d in difflib.unified_diff(a, b, "real", "model", lineterm="", n=0) if not d.startswith(("---", "+++", "@@"))]
            print(f"{name}: {column}")
            print("".join(f"    {d[:400]}\n" for d in changed[:12 if not only else 200]), end="")
    for column in COLUMNS:
        print(f"{column:10} {same[column]} / {compared}")
    print(f"{'all':10} {all_same} / {compared}")


# Mutations.

def documents(binaries, folder):
    """The documents of all manifests; kubectl reads the YAML."""
    for name, text in manifests(folder):
        if len(text) > 300000:
            continue
        line = "label --local --overwrite -f - -o json read=yes"
        run = subprocess.run([os.path.join(binaries, "kubectl")] + line.split(), input=text, capture_output=True, text=True)
        decoder, rest = json.JSONDecoder(), run.stdout.lstrip()
        while rest:
            document, end = decoder.raw_decode(rest)
            rest = rest[end:].lstrip()
            for one in document.get("items", [document]) if document["kind"] == "List" else [document]:
                one["metadata"]["labels"].pop("read", None)
                if not one["metadata"]["labels"]:
                    del one["metadata"]["labels"]
                one["metadata"].pop("namespace", None)
                yield name, one


VALUES = ("", "UPPER_case", "x" * 300, -1, 0, 70000, 2**40, 1.5, True, None, [], {}, "10Gi", "-5", "1:30", "a/b/c", ["a", "a"], {"a": "b"},
          "Allways", "tcp", "0x1F", "1e3", " pad ", "ünï", "a.b_c", "10.0.0.300", "50%", "150%")
FIELDS = ("extra", "name", "labels", "replicas", "port", "type", "selector", "image", "value", "spec", "key")


BUILT_IN = re.compile(r"v1$|(apps|batch|autoscaling|policy|[a-z.]+\.k8s\.io)/v1(?!alpha|beta)|apps/v1beta")


def places(value, path=()):
    """Every place within a document: its container and key."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield value, key, path + (key,)
        yield from places(inner, path + (key,))


def mutated(document, chance):
    """The document with one mistake, and which; None if it cannot be made there."""
    document = json.loads(json.dumps(document))
    all = [p for p in places(document) if p[2][0] not in ("data", "binaryData", "stringData") or chance.random() < 0.2]
    holder, key, path = chance.choice(all)
    kind = chance.choice(("drop", "value", "misspell", "type", "duplicate", "swap", "number", "add"))
    old = holder[key]
    if kind == "drop":
        del holder[key]
    elif kind == "value":
        holder[key] = chance.choice(VALUES)
    elif kind == "misspell" and isinstance(key, str) and len(key) > 2:
        at = chance.randrange(len(key) - 1)
        wrong = (key[:at] + key[at + 1:], key[:at] + key[at + 1] + key[at] + key[at + 2:], key.capitalize(), key + "s")
        holder[chance.choice(wrong)] = holder.pop(key)
    elif kind == "type":
        holder[key] = [old] if not isinstance(old, list) else {"a": old[:1]} if chance.random() < 0.5 else (old or [""])[0]
    elif kind == "duplicate" and isinstance(old, list) and old:
        old.append(json.loads(json.dumps(chance.choice(old))))
    elif kind == "swap" and isinstance(old, str) and len(old) > 1:
        at = chance.randrange(len(old))
        holder[key] = old[:at] + chance.choice("/_-.: A%") + old[at + chance.randrange(2):]
    elif kind == "number" and isinstance(old, int):
        holder[key] = chance.choice((-old - 1, old * 100000, str(old), old + 0.5, 0))
    elif kind == "add" and isinstance(old, dict):
        old[chance.choice(FIELDS)] = chance.choice(VALUES)
    else:
        return None
    return document, f"{kind} {'.'.join(map(str, path))}"


def mutate(binaries, folder, count, seed, cases):
    chance = random.Random(int(seed))
    kinds = collections.defaultdict(list)
    for name, document in documents(binaries, folder):
        if BUILT_IN.match(document["apiVersion"]):
            kinds[document["kind"]].append((name, document))
    often = {"StatefulSet": 60, "Service": 15, "Deployment": 15, "Pod": 10, "PersistentVolumeClaim": 10, "PodDisruptionBudget": 8, "ConfigMap": 8, "Secret": 8}
    weights = [often.get(k, min(4, len(kinds[k]))) for k in sorted(kinds)]
    with open(cases, "w") as out:
        made = 0
        while made < int(count):
            name, document = chance.choice(kinds[chance.choices(sorted(kinds), weights)[0]])
            case = mutated(document, chance)
            if case:
                made += 1
                out.write(json.dumps({"id": f"{made:04} {name}", "title": f"{document['kind']}: {case[1]}", "manifest": json.dumps(case[0], indent=1),
                                      "lines": ["apply -f case.yaml", "apply -f case.yaml --dry-run=server"]}) + "\n")


def cases(binaries, file, out):
    import cases as server
    server.GROUPS = ("apis/admissionregistration.k8s.io/v1", "apis/apiregistration.k8s.io/v1") + server.GROUPS + (
        "apis/rbac.authorization.k8s.io/v1", "apis/apiextensions.k8s.io/v1", "apis/flowcontrol.apiserver.k8s.io/v1",
        "apis/certificates.k8s.io/v1", "apis/resource.k8s.io/v1")
    sys.argv = [server.__file__, binaries, file, out]
    server.main()


def verdicts(real, model):
    with open(real) as f:
        ours = [json.loads(line) for line in f]
    with open(model) as f:
        theirs = {x["id"]: x["told"] for x in map(json.loads, f)}
    codes, texts = 0, 0
    for case in ours:
        a, b = case["told"], theirs[case["id"]]
        code = [x["rc"] for x in a] == [x["rc"] for x in b]
        text = [[plain(x[k]) for k in ("stdout", "stderr")] for x in a] == [[plain(x[k]) for k in ("stdout", "stderr")] for x in b]
        codes, texts = codes + code, texts + text
        if not (code and text):
            print(f"{case['id']} {case['title']}{'' if code else ' VERDICT'}")
            for side, told in (("real", a), ("model", b)):
                print("".join(f"    {side} {x['rc']} {(x['stdout'] + x['stderr']).strip()[:500]}\n" for x in told[:1 if a[0] != b[0] else 2]), end="")
    print(f"verdicts {codes} / {len(ours)}, texts {texts} / {len(ours)}")


def plain(text):
    for pattern, word in PLAIN:
        text = pattern.sub(word, text)
    return text


if __name__ == "__main__":
    {f.__name__: f for f in (real, model, nodes, compare, mutate, cases, verdicts)}[sys.argv[1]](*sys.argv[2:])
