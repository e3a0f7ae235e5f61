#!/usr/bin/env python3
"""Puts validation cases to a real API server and writes down what kubectl printed and what was kept.

    cases.py BINARIES CASES.jsonl OUT.jsonl

Promises: OUT.jsonl has a line for each line of CASES.jsonl, its `id`, `title`, `setup` and `manifest` with the `apply` and `stored` of this
server, as they stand in tests/data/validation. A case with `lines` has instead, as `told`, what kubectl printed for each of them; its
manifest is the file case.yaml. Each case finds a cluster with the default namespace and nothing else, in which no
controller runs. Nothing listens or runs any more when it ends.
"""
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile

from plane import Plane, call

DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
OWN = "kube-aggregator.kubernetes.io/automanaged"  # what the server registers of itself, and takes away again
NAMESPACE = "/api/v1/namespaces/default"


class Server:
    def __init__(self, binaries, folder):
        self.binaries, self.folder = binaries, folder
        self.plane = Plane(binaries, os.path.join(folder, "plane"), "default")
        self.plane.start(controllers=False)
        self.plane.wait(lambda: call(self.plane, "GET", NAMESPACE)[0] == 200)
        account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}}
        self.plane.wait(lambda: call(self.plane, "POST", f"{NAMESPACE}/serviceaccounts", account)[0] in (201, 409))
        self.plane.wait(lambda: call(self.plane, "GET", "/apis/scheduling.k8s.io/v1/priorityclasses/system-node-critical")[0] == 200)
        self.lists = self.served()
        self.first = {path for path, _ in self.objects(self.lists)}

    def served(self):
        """The path of each kind that can be listed and deleted; custom kinds come first, as they go with their definitions."""
        groups = [group["preferredVersion"]["groupVersion"] for group in call(self.plane, "GET", "/apis")[1]["groups"]]
        lists = [f"/{group}/{kind['name']}" for group in ["api/v1"] + [f"apis/{group}" for group in groups]
                 for kind in call(self.plane, "GET", f"/{group}")[1].get("resources", ()) if {"delete", "list"} <= set(kind["verbs"])]
        return sorted(lists, key=lambda folder: (folder in getattr(self, "lists", ()), folder == DEFINITIONS))

    def objects(self, lists):
        """The path of each object, and the object."""
        for folder in lists:
            for object in call(self.plane, "GET", folder)[1].get("items", ()):
                meta, (head, kind) = object["metadata"], folder.rsplit("/", 1)
                within = f"{head}/namespaces/{meta['namespace']}/{kind}" if "namespace" in meta else folder
                yield f"{within}/{meta['name']}", object

    def clear(self):
        """Takes away what was not there at first, finalizers or not."""
        options = {"kind": "DeleteOptions", "apiVersion": "v1", "gracePeriodSeconds": 0, "propagationPolicy": "Background"}
        defined = [path for path, _ in self.objects([DEFINITIONS]) if path not in self.first]
        for path, object in self.objects(self.served() if defined else self.lists):
            if path in self.first or OWN in (object["metadata"].get("labels") or ()):
                continue
            call(self.plane, "DELETE", path, options)
            if path not in defined:
                call(self.plane, "PATCH", path, {"metadata": {"finalizers": None}}, "application/merge-patch+json")
        for path in defined:
            self.plane.wait(lambda: call(self.plane, "GET", path)[0] == 404)

    def kubectl(self, *line):
        environment = {"KUBECONFIG": self.plane.kubeconfig, "HOME": self.folder, "PATH": os.environ["PATH"]}
        run = subprocess.run([os.path.join(self.binaries, "kubectl"), *line], cwd=self.folder, env=environment, capture_output=True,
                             text=True)
        return {"rc": run.returncode, "stdout": run.stdout, "stderr": run.stderr}

    def apply(self, file, text):
        with open(os.path.join(self.folder, file), "w") as f:
            f.write(text)
        return self.kubectl("apply", "-f", file)

    def play(self, case):
        if "setup" in case:
            self.apply("setup.yaml", case["setup"])
        if "lines" in case:
            with open(os.path.join(self.folder, "case.yaml"), "w") as f:
                f.write(case["manifest"])
            out = {**case, "told": [self.kubectl(*shlex.split(line)) for line in case["lines"]]}
            self.clear()
            return out
        told = self.apply("case.yaml", case["manifest"])
        out = {**{k: case[k] for k in ("id", "title", "setup", "manifest") if k in case}, "apply": told}
        if told["rc"] == 0 and told["stdout"].count("\n") == 1:
            found = self.kubectl("get", "-f", "case.yaml", "-o", "json")
            if found["rc"] == 0:
                object = json.loads(found["stdout"])
                meta, spec = object["metadata"], {k: v for k, v in object.get("spec", {}).items() if k != "template"}
                out["stored"] = {"labels": meta.get("labels"), "generation": meta.get("generation"), "spec": spec}
        self.clear()
        return out


def main():
    binaries, cases, out = sys.argv[1:]
    folder, server = tempfile.mkdtemp(prefix="recorder-"), None
    try:
        server = Server(os.path.abspath(binaries), folder)
        with open(cases) as lines, open(out, "w") as told:
            for line in lines:
                told.write(json.dumps(server.play(json.loads(line)), ensure_ascii=False) + "\n")
                told.flush()
    finally:
        if server:
            server.plane.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
