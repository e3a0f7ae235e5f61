#!/usr/bin/env python3
"""Has real tools apply two rendered states on a real control plane, and writes down what came of it.

    by.py BINARIES TOOLS OUT [NAME...]        OUT/NAME.txt of every change of changes.py, or of those named

Promises: a log has every line that was typed, what it printed, its exit code and its seconds; then every pod, claim, set and revision
that was made, told to go or gone since, from the first moment of the tool's line; then what is there at rest. BINARIES is what
build.sh of the folder above builds, TOOLS what build.sh of this folder does. What is there already is not recorded again.
"""
import argparse
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
from plane import call

import changes

# Seconds: how long nothing may be written before all is at rest, and how long that may take.
QUIET, BOUND = 6, 100
# The least seconds that are watched after a line, where an autoscaler may act later than the rest.
SCALES = 20
PROGRAMS = {changes.A: "argosync", changes.F: "fluxapply"}
SET = ("kubectl -n $NS get sts {} -o jsonpath='replicas {{.spec.replicas}}, pods {{.status.replicas}}, ready {{.status.readyReplicas}}, generation "
       "{{.metadata.generation}}, uid {{.metadata.uid}}, serviceName {{.spec.serviceName}}, image {{.spec.template.spec.containers[0].image}}'")
SHOWS = (SET.format("db"),
         "kubectl -n $NS get pods -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[*].image,PHASE:.status.phase,"
         "READY:.status.containerStatuses[*].ready,UID:.metadata.uid --no-headers",
         "kubectl -n $NS get pvc -o custom-columns=NAME:.metadata.name,PHASE:.status.phase,SIZE:.spec.resources.requests.storage,"
         "OWNER:.metadata.ownerReferences[*].kind,UID:.metadata.uid --no-headers",
         "kubectl -n $NS get cm,svc,pdb,hpa,sts -o name")
ALSO = {("StatefulSet", "web"): SET.format("web"), ("ConfigMap", "conf"): "kubectl -n $NS get cm conf -o jsonpath='{.data}'"}
CHART = "apiVersion: v2\nname: db\nversion: 1.0.0\n"


class Changes(stuck.Stuck):
    """A control plane on which changes are made, each in a namespace of its own."""

    def change(self, out, name, title, tool, options, made, old, since, new):
        self.space, self.lines = name.replace("_", "-"), [f"# {name}: {title}"]
        self.lines.append("  case: " + json.dumps({"tool": tool, "made": made, "since": since, "options": options}))
        self.shell(f"kubectl create ns {self.space}")
        self.step({"until": f"kubectl -n {self.space} get sa default"})
        scales = any(one["kind"] == "HorizontalPodAutoscaler" for one in old + new)
        for file, objects in (("a", old), ("b", new)):
            if objects:
                self.state(file, objects)
        if made:
            self.typed(line_of(made, "install", "", "a"))
            self.rest(scales)
        for line in since:
            if not line.startswith("playground "):
                self.typed(line.replace("kubectl ", "kubectl -n $NS ", 1).replace("namespace=default", "namespace=$NS"))
        self.rest(False)
        self.told()
        doing = "upgrade" if made in (changes.H3, changes.H4) else "install"
        start = time.time()
        self.typed(line_of(tool, doing, options, "b"))
        self.rest(scales)
        self.events(start)
        self.told()
        names = {(one["kind"], one["metadata"]["name"]) for one in old + new}
        for line in SHOWS + tuple(line for (of, line) in ALSO.items() if of in names):
            self.typed(line)
        with open(os.path.join(out, name + ".txt"), "w") as f:
            f.write("\n".join(self.lines) + "\n")
        self.clear()

    def state(self, file, objects):
        texts = [json.dumps(one, separators=(",", ":")) for one in objects]
        self.lines += [f"  {file}.yaml:"] + ["    " + text for text in texts]
        folder = os.path.join(self.work, file)
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(os.path.join(folder, "templates"))
        for path, text in ((folder + ".yaml", "\n---\n".join(texts)), (f"{folder}/Chart.yaml", CHART), (f"{folder}/templates/all.yaml", "\n---\n".join(texts))):
            with open(path, "w") as f:
                f.write(text + "\n")

    def typed(self, line):
        start = time.time()
        run = self.run(f"export NS={self.space}; {line}", 600)
        self.lines += ["$ " + line] + ["    " + text for text in run.stdout.splitlines()] + ["    ! " + text for text in run.stderr.splitlines()]
        self.lines.append(f"    (rc {run.returncode}, {time.time() - start:.1f} s)")

    def rest(self, scales):
        """Waits until nothing is written any more, and all that should be available is, or until a crash has gone on for a while."""
        time.sleep(SCALES if scales else 0)
        self.comes(self.is_whole, 60)
        self.settle(QUIET, BOUND)

    def is_whole(self):
        with self.feed.changed:
            sets = [one for name, one in self.feed.objects["sts"].items() if name.startswith(self.space + "/")]
            pods = [one for name, one in self.feed.objects["pod"].items() if name.startswith(self.space + "/")]
        broken = any("waiting" in c["state"] and c["restartCount"] for p in pods for c in p.get("status", {}).get("containerStatuses", ()))
        count = lambda one, field: one.get("status", {}).get(field, 0)
        well = all(count(one, "observedGeneration") == one["metadata"]["generation"] and count(one, "replicas") == count(one, "availableReplicas")
                   == one["spec"]["replicas"] for one in sets)
        return broken or well

    def told(self):
        """Who manages the set."""
        code, found = call(self.plane, "GET", f"/apis/apps/v1/namespaces/{self.space}/statefulsets/db")
        if code == 200:
            own = found["metadata"].get("managedFields", ())
            self.lines.append("  managers: " + "; ".join(" ".join(filter(None, (m["manager"], m["operation"], m.get("subresource")))) for m in own))

    def events(self, start):
        """What came and went, to the hundredth of a second after the tool was started."""
        known = {}
        for w in self.feed.writes:
            if w.kind in ("pod", "pvc", "sts", "rev"):
                meta = w.object["metadata"]
                if meta.get("namespace") != self.space:
                    continue
                key = (w.kind, meta["uid"])
                leaves = "deletionTimestamp" in meta
                said = "gone" if w.type == "DELETED" else "created" if key not in known else "deleting" if leaves and not known[key] else None
                known[key] = leaves
                if said and w.at >= start:
                    self.lines.append(f"  + {w.at - start:5.2f} s  {w.kind} {meta['name']} {said}")

    def clear(self):
        self.run(f"kubectl delete ns {self.space} --wait=false; kubectl -n {self.space} delete sts,hpa --all --wait=false --ignore-not-found")
        self.comes(lambda: not any(name.startswith(self.space + "/") for name in self.feed.objects["pod"]), 60)


def line_of(tool, doing, options, file):
    options = f" {options}" if options else ""
    if tool in (changes.H3, changes.H4):
        return f"{tool} -n $NS {doing} db {file}{options}"
    if tool == changes.K:
        return f"kubectl -n $NS apply -f {file}.yaml"
    return f"{PROGRAMS[tool]} -n $NS{options} {'sync' if tool == changes.A else 'apply'} {file}.yaml"


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("binaries")
    ap.add_argument("tools")
    ap.add_argument("out")
    ap.add_argument("names", nargs="*")
    args = ap.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    wanted = [one for one in changes.CHANGES if not args.names or one[0] in args.names]
    wanted = [one for one in wanted if not os.path.exists(os.path.join(args.out, one[0] + ".txt"))]
    if not wanted:
        return
    os.makedirs(args.out, exist_ok=True)
    os.environ["PATH"] = os.path.abspath(args.tools) + ":" + os.environ["PATH"]
    scratch = tempfile.mkdtemp(prefix="recorder-")
    run = Changes(os.path.abspath(args.binaries), {"cluster": {"storageClasses": ["local-path", "network-disk"]}}, scratch)
    try:
        run.begin()
        for one in wanted:
            start = time.time()
            run.change(args.out, *one)
            print(f"{one[0]}: {time.time() - start:.0f} s", flush=True)
    finally:
        if hasattr(run, "plane"):
            run.plane.stop()
        if not os.environ.get("RECORDER_KEEP"):
            shutil.rmtree(scratch, ignore_errors=True)
    for problem in run.problems:
        print(f"  ! {problem}", file=sys.stderr)


if __name__ == "__main__":
    main()
