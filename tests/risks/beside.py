#!/usr/bin/env python3
"""Which dangers of a StatefulSet other programs name, and which `ordinal risks` names, on the same manifests: see BESIDE.md."""

import argparse
import functools
import json
import os
import pathlib
import re
import resource
import subprocess
import tempfile
import time

# Which rule names which danger. A rule that is not here is general hygiene.
KUBE_SCORE = {
    "statefulset-has-poddisruptionbudget": "drains",
    "poddisruptionbudget-has-policy": "drains",
    "statefulset-has-host-podantiaffinity": "together",
    "pod-topology-spread-constraints": "together",
    "statefulset-has-servicename": "nameless",
    "service-targets-pod": "nameless",
    "pod-probes": "unready-rollout",
    "statefulset-pod-selector-labels-match-template-metadata-labels": "refused",
    "stable-version": "refused",
    "label-values": "refused",
    "container-ports-check": "refused",
}
KUBE_LINTER = {
    "no-anti-affinity": "together",
    "pdb-max-unavailable": "drain-endless",
    "pdb-min-available": "drain-endless",
    "pdb-unhealthy-pod-eviction-policy": "drain-endless",
    "dangling-service": "nameless",
    "mismatching-selector": "refused",
    "no-extensions-v1beta": "refused",
    "invalid-target-ports": "refused",
    "restart-policy": "refused",
    "no-readiness-probe": "unready-rollout",
    "no-rolling-update-strategy": "on-delete",
    "minimum-three-replicas": "unavailable",
    "non-existent-service-account": "start-stuck",
    "liveness-port": "start-stuck",
    "readiness-port": "start-stuck",
    "startup-port": "start-stuck",
    "writable-host-mount": "fleeting",
}
POLARIS = {
    "topologySpreadConstraint": "together",
    "pdbDisruptionsIsZero": "drain-endless",
    "missingPodDisruptionBudget": "drains",
    "readinessProbeMissing": "unready-rollout",
    "hostPathSet": "fleeting",
    "deploymentMissingReplicas": "unavailable",
}
# Kinds whose reports are about a StatefulSet.
OF_A_SET = ("StatefulSet", "Service", "PodDisruptionBudget")
# How `ordinal risks` begins the sentences that stand before its findings.
AHEAD = {
    "Names of pods do not resolve": "nameless",
    "Left out, as the server refuses it": "refused",
}
# Every rule of kube-linter but the one that asks the network for schemas: that is kubeconform's.
EVERY_RULE = ("--add-all-built-in", "--exclude", "schema-validation")
# The grade from which kube-score complains: 10 is well, 7 nearly.
WELL = 7
# How long one program may take for one manifest.
PATIENCE = 1200


class Said:
    """What a program says of one manifest: (danger, object, words) of the set, the same of every set, and how often it says else."""

    def __init__(self):
        self.dangers, self.every, self.hygiene = [], [], 0

    def add(self, danger, thing, words):
        if danger is None:
            self.hygiene += 1
        else:
            self.dangers.append((danger, thing, words))


def run(command, **more):
    """Runs a program; what it prints, its CPU seconds and the seconds that passed."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False, **more)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done, used, time.monotonic() - began


def kube_score(program, file):
    done, *took = run([program, "score", "--kubernetes-version", "v1.37", "-o", "json", file])
    said = Said()
    for thing in json.loads(done.stdout or "[]") or []:
        kind = thing["type_meta"]["kind"]
        for check in thing["checks"] or []:
            if not check["skipped"] and check["grade"] < WELL:
                name, comments = check["check"]["id"], "; ".join(c["summary"] for c in check["comments"] or [])
                said.add(KUBE_SCORE.get(name) if kind in OF_A_SET else None, thing["object_name"], f"{name}: {comments}")
    return said, took, done.stdout + done.stderr


def kube_linter(program, file, *rules):
    done, *took = run([program, "lint", "--format", "json", *rules, file])
    said = Said()
    for one in json.loads(done.stdout or "{}").get("Reports") or []:
        thing, kind = one["Object"]["K8sObject"], one["Object"]["K8sObject"]["GroupVersionKind"]["Kind"]
        danger = KUBE_LINTER.get(one["Check"]) if kind in OF_A_SET else None
        said.add(danger, f"{kind}/{thing['Name']}", f"{one['Check']}: {one['Diagnostic']['Message']}")
    return said, took, done.stdout + done.stderr


def polaris(program, file):
    done, *took = run([program, "audit", "--format", "json", "--audit-path", file])
    said = Said()
    report = json.loads(done.stdout or "{}")
    for thing in report.get("Results") or []:
        pod = thing.get("PodResult") or {}
        of_containers = [c["Results"] or {} for c in pod.get("ContainerResults") or []]
        for results in [thing["Results"] or {}, pod.get("Results") or {}, *of_containers]:
            for name, check in results.items():
                if not check["Success"]:
                    danger = POLARIS.get(name) if thing["Kind"] in OF_A_SET else None
                    said.add(danger, f"{thing['Kind']}/{thing['Name']}", f"{name}: {check['Message']}")
    return said, took, done.stdout + done.stderr


def kubeconform(program, file, schemas):
    location = f"{schemas}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json"
    done, *took = run([program, "-strict", "-output", "json", "-schema-location", location, file])
    said = Said()
    for one in json.loads(done.stdout or "{}").get("resources") or []:
        kind = one["kind"]
        # A kind that has no schema is not judged.
        if one["status"] == "statusInvalid" or one["status"] == "statusError" and "could not find schema" not in one["msg"]:
            said.add("refused" if kind in OF_A_SET else None, f"{kind}/{one['name']}", one["msg"])
    return said, took, done.stdout + done.stderr


def ordinal(program, file):
    done, *took = run([program, "risks", file, "-o", "json", "--jobs", "1"])
    said = Said()
    if not done.stdout:
        said.add("refused", "", done.stderr.strip())
        return said, took, done.stderr
    report = json.loads(done.stdout)
    for words in report["ahead"]:
        for begins, danger in AHEAD.items():
            if words.startswith(begins):
                said.add(danger, "", words)
    for one in report["faults"]:
        if one["fault"] in ("not-brought", "claim-missing"):
            said.add("start-stuck", one["object"], one["said"])
    for one in report["findings"]:
        dangers = [one["kind"] if one["kind"] != "stuck" or one["acts"] else "start-stuck"]
        dangers += ["drains"] if one["cause"] == "drains" else []
        dangers += ["unready-rollout"] if (one["prevention"] or {}).get("change") == "readiness" else []
        for danger in dangers:
            to = said.every if one["common"] else said.dangers
            to.append((danger, one["workload"], one["sentence"] + (f" ({one['because']})" if one["because"] else "")))
    return said, took, done.stdout


# The types of a definition that also take something else than the schema of the API server says.
LOOSE = {"int-or-string": {"oneOf": [{"type": "string"}, {"type": "integer"}]}, "quantity": {"oneOf": [{"type": "string"}, {"type": "number"}]}}


def strict(schema, name=""):
    """A definition of the API as kubeconform takes it: no field that is not there, and null for what may be left out."""
    if schema.get("format") == "int-or-string":
        return LOOSE["int-or-string"]
    if name.endswith(".Quantity"):
        return LOOSE["quantity"]
    out = {key: value for key, value in schema.items() if not key.startswith("x-") and key != "format"}
    if "properties" in out:
        needed = out.get("required", [])
        fields = {field: strict(of) for field, of in out["properties"].items()}
        out["properties"] = {field: of if field in needed else {"anyOf": [of, {"type": "null"}]} for field, of in fields.items()}
        out["additionalProperties"] = False
    for key in ("items", "additionalProperties"):
        if isinstance(out.get(key), dict):
            out[key] = strict(out[key])
    return out


def write_schemas(swagger, folder):
    """One schema for each kind, out of the description of the API that the server brings."""
    definitions = json.loads(pathlib.Path(swagger).read_text(encoding="utf-8"))["definitions"]
    all_of_them = {name: strict(schema, name) for name, schema in definitions.items()}
    pathlib.Path(folder, "all.json").write_text(json.dumps({"definitions": all_of_them}), encoding="utf-8")
    for name, schema in definitions.items():
        for of in schema.get("x-kubernetes-group-version-kind", []):
            suffix = f"-{of['group'].split('.')[0]}-{of['version']}" if of["group"] else f"-{of['version']}"
            needed, left = {}, [name]
            while left:
                one = left.pop()
                if one not in needed:
                    needed[one] = all_of_them[one]
                    left += re.findall(r'"#/definitions/([^"]+)"', json.dumps(all_of_them[one]))
            whole = {"$ref": f"#/definitions/{name}", "definitions": needed}
            pathlib.Path(folder, f"{of['kind'].lower()}{suffix}.json".lower()).write_text(json.dumps(whole), encoding="utf-8")


def measured(programs, manifests, reports):
    """What each program says of each manifest, and how long it takes."""
    out = {}
    for name, judge in programs.items():
        dangers, every, hygiene, used, longest, names = {}, {}, 0, 0.0, 0.0, []
        for file in manifests:
            said, (cpu, _passed), raw = judge(str(file))
            number = file.stem
            for found, into in ((said.dangers, dangers), (said.every, every)):
                for danger in sorted({danger for danger, *_ in found}):
                    into.setdefault(danger, []).append(number)
            names += [(number, *one) for one in said.dangers]
            hygiene, used, longest = hygiene + said.hygiene, used + cpu, max(longest, cpu)
            pathlib.Path(reports, f"{name}-{number}.txt").write_text(raw, encoding="utf-8")
            print(f"{name} {number}: {len(said.dangers)} dangers, {said.hygiene} others, {cpu:.2f} s", flush=True)
        every = {danger: [one for one in those if one not in dangers.get(danger, [])] for danger, those in every.items()}
        pathlib.Path(reports, f"{name}.json").write_text(json.dumps(names, indent=0), encoding="utf-8")
        out[name] = {
            "seconds": round(used, 2),
            "longest": round(longest, 2),
            "hygiene": hygiene,
            "dangers": dict(sorted(dangers.items())),
            "everySet": {danger: those for danger, those in sorted(every.items()) if those},
        }
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("manifests", help="a folder of manifests, each a file NUMBER.yaml")
    parser.add_argument("out", help="the data file: what is measured is written anew, what was read by hand stays")
    for program in ("ordinal", "kube-score", "kube-linter", "polaris", "kubeconform"):
        parser.add_argument(f"--{program}", help=f"the program {program}; without it, what is known of it stays")
    parser.add_argument("--swagger", help="api/openapi-spec/swagger.json of a release of Kubernetes, for kubeconform")
    parser.add_argument("--reports", required=True, help="a folder for all that the programs print")
    asked = parser.parse_args()
    os.makedirs(asked.reports, exist_ok=True)
    manifests = sorted(pathlib.Path(asked.manifests).glob("*.yaml"))
    out = pathlib.Path(asked.out)
    data = json.loads(out.read_text(encoding="utf-8")) if out.exists() else {"seen": []}
    with tempfile.TemporaryDirectory() as schemas:
        if asked.kubeconform:
            write_schemas(asked.swagger, schemas)
        known = {
            "ordinal risks": (asked.ordinal, ordinal),
            "kube-score": (asked.kube_score, kube_score),
            "kube-linter": (asked.kube_linter, kube_linter),
            "kube-linter, every rule": (asked.kube_linter, lambda program, file: kube_linter(program, file, *EVERY_RULE)),
            "Polaris": (asked.polaris, polaris),
            "kubeconform": (asked.kubeconform, lambda program, file: kubeconform(program, file, schemas)),
        }
        to_run = {name: functools.partial(judge, program) for name, (program, judge) in known.items() if program}
        found = measured(to_run, manifests, asked.reports)
    before = {one["name"]: one for one in data.get("programs", [])}
    data["manifests"] = [file.stem for file in manifests]
    data["programs"] = [
        {"name": name, "version": "", "read": []} | before.get(name, {}) | found.get(name, {}) for name in known if name in before or name in found
    ]
    text = json.dumps(data, indent=1, ensure_ascii=False)
    # Lists of numbers, and what was read, a line each.
    text = re.sub(r'\[\s*(?:"[^"]*",?\s*)+\]|\{\s*"manifest"[^{}]*\}', lambda found: " ".join(found[0].split()), text)
    out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
