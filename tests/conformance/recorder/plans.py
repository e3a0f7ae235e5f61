#!/usr/bin/env python3
"""Makes changes of StatefulSets on a real control plane and writes down what came of them.

    plans.py BINARIES FOLDER...        FOLDER/{before.yaml,do.json} to FOLDER/{dump.yaml,real.json} and FOLDER/seen/

Promises: what a folder has already is not recorded again; `story` is about the pods of all StatefulSets that were there at any time,
in seconds since the first line was typed; nothing is left out of it. README.md says what stands where.
"""
import argparse
import glob
import json
import os
import re
import shutil
import signal
import sys
import tempfile
import time

import record
import stuck

KINDS = "sts,pod,pvc,pv,sc,node,controllerrevision,svc,sa,quota,pdb,event"
# Seconds: how long nothing may be written before it counts as the end, how long that may take, and a line.
QUIET, BOUND, LINE = 8, 90, 600
FAULTS = {"stop": "node-down", "start": "node-up", "unready": "pod-unready", "ready": "pod-ready", "crash": "crash"}
SEEN = {"end.txt": ("kubectl get sts,pods,pvc,pv,svc,endpointslices,pdb,deploy,nodes -A -o wide",
                    "kubectl get pods -A -o custom-columns=N:.metadata.name,REV:.metadata.labels.controller-revision-hash,"
                    "SUB:.spec.subdomain,IMAGE:.spec.containers[*].image,OWNER:.metadata.ownerReferences[*].kind",
                    "kubectl get endpointslices -A -o jsonpath='{range .items[*]}{.metadata.name} "
                    "{range .endpoints[*]}{.hostname}={.addresses[0]}/{.conditions.ready} {end}{\"\\n\"}{end}'"),
        "events.txt": ("kubectl get events -A --sort-by=.metadata.creationTimestamp",),
        "end.yaml": (f"kubectl get {KINDS},endpointslices -A -o yaml",)}


class Change(stuck.Stuck):
    """One change, from an empty control plane to where it leads."""

    def made(self, folder):
        self.shell("kubectl apply -f before.yaml", None)
        self.rest()
        self.save_text(folder, "dump.yaml", self.run(f"kubectl get {KINDS} -A -o yaml").stdout)
        self.save_text(os.path.join(folder, "seen"), "before.txt", self.run(SEEN["end.txt"][0]).stdout)
        with open(os.path.join(folder, "do.json")) as f:
            lines = json.load(f)
        first, self.start = len(self.feed.writes), time.time()
        told = [self.typed(line) for line in lines]
        self.rest()
        return {"told": told, "story": self.story(first)}

    def typed(self, line):
        """A line as people type it; what the model's `playground` does to a machine, the stand-ins do to theirs."""
        if line.startswith("playground "):
            _, verb, kind, name = line.split()
            self.nodes.fault({"op": FAULTS[verb], kind: name})
            return {"line": line, "rc": 0, "stdout": "", "stderr": ""}
        run = self.run(line, LINE)
        return {"line": line, "rc": run.returncode, "stdout": run.stdout, "stderr": run.stderr}

    def shell(self, line, fails=False):
        return self.run(line).stdout if fails is None else super().shell(line, fails)

    def rest(self):
        before, self.problems = self.problems, []
        self.settle(QUIET, BOUND)
        self.restless, self.problems = bool(self.problems), before

    def story(self, first):
        """What was written of pods of sets: `-` asked to go, `r` no longer Ready, `x` gone, `+` made, `R` Ready."""
        writes = list(self.feed.writes)
        sets = {(w.object["metadata"]["namespace"], w.object["metadata"]["name"]) for w in writes if w.kind == "sts"}
        of = lambda meta: (meta["namespace"], meta["name"].rpartition("-")[0])
        pods = sorted((w.revision, i, w) for i, w in enumerate(writes)
                      if w.kind == "pod" and of(w.object["metadata"]) in sets and re.search(r"-\d+$", w.object["metadata"]["name"]))
        begun = self.first_of(writes[:first])
        order, state, away, lost, counts, lowest = [], {}, {}, {}, {}, {}
        for revision, _, w in pods:
            meta, at = w.object["metadata"], round(w.at - self.start, 1)
            key, uid = of(meta) + (meta["name"],), meta["uid"]
            was = state.get(key)
            asked, is_ready = "deletionTimestamp" in meta, record.ready("pod", w.object) and w.type != "DELETED"
            said = []
            if not was or was[0] != uid:
                said.append("+")
                was = (uid, False, False)
            if asked and not was[1]:
                said.append("-")
            if was[2] and not is_ready:
                said.append("r")
            if w.type == "DELETED":
                said.append("x")
            if is_ready and not was[2]:
                said.append("R")
            state[key] = None if w.type == "DELETED" else (uid, asked, is_ready)
            counts[key[:2]] = sum(1 for k, s in state.items() if k[:2] == key[:2] and s and s[2])
            if revision <= begun:
                lowest[key[:2]] = (counts[key[:2]], None)
                continue
            order += [f"{sign}{meta['name']}@{at}" for sign in said]
            if "r" in said:
                lost.setdefault(meta["name"], w.at)
            if "R" in said and meta["name"] in lost:
                away[meta["name"]] = away.get(meta["name"], 0) + w.at - lost.pop(meta["name"])
            if key[:2] in lowest and counts[key[:2]] < lowest[key[:2]][0]:
                lowest[key[:2]] = (counts[key[:2]], at)
        before = {}
        for revision, _, w in pods:
            if revision <= begun:
                before[w.object["metadata"]["uid"]] = record.ready("pod", w.object) and w.type != "DELETED"
        least = min(lowest.values(), default=(-1, None), key=lambda one: one[0])
        still = {key[2] for key, now in state.items() if now and not now[2]} | set(lost)
        return {"order": order, "ready_before": sum(before.values()), "lowest": least[0],
                "lowest_at": [] if least[1] is None else [least[1]],
                "not_ready_s": {name: round(seconds, 1) for name, seconds in away.items()}, "still_not_ready": sorted(still)}

    @staticmethod
    def first_of(writes):
        return max((w.revision for w in writes), default=0)


def recorded(binaries, folder):
    """Records a folder's change; whether all came to rest."""
    settings = os.path.join(folder, "cluster.yaml")
    case = record.read_yaml(os.path.join(binaries, "kubectl"), settings) if os.path.exists(settings) else {}
    files = {}
    for path in glob.glob(os.path.join(folder, "*.yaml")):
        with open(path) as f:
            files[os.path.basename(path)] = f.read()
    case = {"cluster": {"storageClasses": ["local-path", "network-disk"]}, **case, "namespace": "default", "set": "", "files": files}
    os.makedirs(os.path.join(folder, "seen"), exist_ok=True)
    scratch = tempfile.mkdtemp(prefix="recorder-")
    run = Change(binaries, case, scratch)
    try:
        run.begin()
        real = run.made(folder)
        for name, lines in SEEN.items():
            run.save_text(os.path.join(folder, "seen"), name, "".join(f"$ {line}\n{run.run(line).stdout}" for line in lines))
    finally:
        if hasattr(run, "plane"):
            run.plane.stop()
        if not os.environ.get("RECORDER_KEEP"):
            shutil.rmtree(scratch, ignore_errors=True)
    with open(os.path.join(folder, "real.json"), "w") as f:
        json.dump(real, f, indent=1, ensure_ascii=False)
    return not run.restless


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("binaries")
    ap.add_argument("folders", nargs="+")
    args = ap.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    for folder in map(os.path.abspath, args.folders):
        if os.path.exists(os.path.join(folder, "real.json")):
            continue
        start = time.time()
        rests = recorded(os.path.abspath(args.binaries), folder)
        print(f"{os.path.basename(folder)}: {time.time() - start:.0f} s{'' if rests else ', not at rest'}", flush=True)


if __name__ == "__main__":
    main()
