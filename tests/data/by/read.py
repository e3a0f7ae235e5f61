#!/usr/bin/env python3
"""Reads logs of real Helm, Argo CD and Flux runs into cases.txt: python3 read.py LOGS LOGS-GITOPS own > cases.txt

A case is one line of a log in which a tool applies a state, what came before it, and what the log shows after it.
The states are the chart's, the set's of the logs d*, or stand in the log. A log of the third folder holds the whole case; how they are
recorded says conformance/recorder/README.md."""
import glob, json, re, sys, copy

LOGS = sys.argv[1:4]
OBJECTS, ORDER = {}, []


def number(obj):
    text = json.dumps(obj, separators=(",", ":"))
    if text not in OBJECTS:
        OBJECTS[text] = len(OBJECTS) + 1
        ORDER.append(text)
    return OBJECTS[text]


def claim(name, size="1Gi"):
    return {"metadata": {"name": name}, "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}}}


def chart(**v):
    v = {"replicas": 3, "serviceName": "db", "image": "img:1", "config": "one", "size": "1Gi", "env": "chart", "strategy": None, "retention": None, "grace": 2, **v}
    spec = {}
    if v["replicas"] is not None:
        spec["replicas"] = v["replicas"]
    spec |= {"serviceName": v["serviceName"], "selector": {"matchLabels": {"app": "db"}}}
    if v["strategy"]:
        spec["updateStrategy"] = v["strategy"]
    if v["retention"]:
        spec["persistentVolumeClaimRetentionPolicy"] = v["retention"]
    mounts = [{"name": "data", "mountPath": "/data"}] if v["size"] else []
    spec["template"] = {"metadata": {"labels": {"app": "db"}}, "spec": {"terminationGracePeriodSeconds": v["grace"], "containers": [
        {"name": "db", "image": v["image"], "env": [{"name": "MODE", "value": v["env"]}], "volumeMounts": mounts}]}}
    if v["size"]:
        spec["volumeClaimTemplates"] = [claim("data", v["size"])]
    return [
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "db"}, "data": {"key": v["config"]}},
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "db"}, "spec": {"clusterIP": "None", "selector": {"app": "db"}, "ports": [{"port": 5432}]}},
        {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db"}, "spec": spec}]


def alone(**v):
    claims = v.pop("claims", ["data"])
    template = v.pop("template", None)
    one = chart(grace=1, **v)[2]
    spec = one["spec"]
    container = spec["template"]["spec"]["containers"][0]
    del container["env"]
    if "env" in v:
        container["env"] = [{"name": "MODE", "value": v["env"]}]
    container["volumeMounts"] = [{"name": name, "mountPath": "/" + name} for name in claims]
    spec["volumeClaimTemplates"] = template or [claim(name) for name in claims]
    return [one]


WRITTEN = [claim("data") | {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "status": {"phase": "Pending"}}]
WRITTEN[0]["spec"] = WRITTEN[0]["spec"] | {"volumeMode": "Filesystem"}
SCALE, HPA = "kubectl scale sts/db --replicas=5", "kubectl autoscale sts/db --min=5 --max=8 --cpu=50%"
EDIT = "KUBE_EDITOR=\"sed -i 's/value: chart/value: hand/'\" kubectl edit sts db"
RESTART, IMAGE = "kubectl rollout restart sts/db", "kubectl set image sts/db db=img:2"
BROKEN, CRASH = "playground image img:broken broken", "playground image img:crash crash"
FORCE = "--force-conflicts"
C, D = chart, alone
DELETE = {"whenDeleted": "Delete"}
PART = {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}}
OND = {"type": "OnDelete"}
WAIT = "--wait --timeout 25s"

# name, log, line of the log that counts (from 1), tool, who made the old state, old state, what was typed since, new state, options
CASES = [
    ("b1", "b1", 2, "helm4", "helm4", C(), [], C(serviceName="other", config="two"), ""),
    ("b2", "b2", 2, "helm3", "helm3", C(), [], C(serviceName="other", config="two"), ""),
    ("b3", "b3", 2, "helm4", "helm4", C(), [], C(size="2Gi"), ""),
    ("b4", "b4", 3, "helm4", "helm4", C(), [SCALE], C(image="img:2"), ""),
    ("b4_forced", "b4", 5, "helm4", "helm4", C(), [SCALE], C(image="img:2"), FORCE),
    ("b4_same", "b4_same", 3, "helm4", "helm4", C(), [SCALE], C(replicas=5, image="img:2"), ""),
    ("b4_helm3", "b4_helm3", 3, "helm3", "helm3", C(), [SCALE], C(image="img:2"), ""),
    ("b4_helm3_changed", "b4_helm3_changed", 3, "helm3", "helm3", C(), [SCALE], C(replicas=4), ""),
    ("b4_hpa", "b4_hpa", 3, "helm4", "helm4", C(), [HPA], C(image="img:2"), ""),
    ("b5", "b5", 3, "helm4", "helm4", C(replicas=None), [SCALE], C(replicas=None, image="img:2"), ""),
    ("b5_helm3", "b5_helm3", 3, "helm3", "helm3", C(replicas=None), [SCALE], C(replicas=None, image="img:2"), ""),
    ("b6", "b6", 2, "helm4", "helm3", C(), [], C(image="img:2"), ""),
    ("b6_server", "b6", 4, "helm4", "helm3", C(), [], C(image="img:3"), "--server-side=true"),
    ("b6_auto", "b6", 6, "helm4", "helm4", C(), [], C(image="img:4"), ""),
    ("b6_back", "b6", 7, "helm3", "helm4", C(), [], C(image="img:5"), ""),
    ("b7", "b7", 4, "helm4", "helm4", C(), [EDIT], C(), ""),
    ("b7_image", "b7_image", 4, "helm4", "helm4", C(), [EDIT], C(image="img:2"), ""),
    ("b7_helm3", "b7_helm3", 4, "helm3", "helm3", C(), [EDIT], C(image="img:2"), ""),
    ("b9", "b9", 3, "helm4", "helm4", C(), [], C(serviceName="other"), "--force-replace"),
    ("b9_client", "b9", 6, "helm4", "helm4", C(), [], C(serviceName="other"), "--force-replace --server-side=false"),
    ("b9_plain", "b9_plain", 2, "helm4", "helm4", C(), [], C(image="img:2"), "--force-replace --server-side=false"),
    ("b9_helm3", "b9_helm3", 2, "helm3", "helm3", C(), [], C(serviceName="other"), "--force"),
    ("b11", "b11", 2, "helm4", "helm4", C(), [BROKEN], C(image="img:broken"), "--wait --timeout 30s"),
    ("b11_crash", "b11_crash", 2, "helm4", "helm4", C(), [CRASH], C(image="img:crash"), "--wait --timeout 60s"),
    ("b11_helm3", "b11_helm3", 2, "helm3", "helm3", C(), [BROKEN], C(image="img:broken"), "--wait --timeout 30s"),
    ("b12", "b12", 2, "helm4", "helm4", C(), [BROKEN], C(image="img:broken"), "--rollback-on-failure --timeout 20s"),
    ("b12_helm3", "b12_helm3", 2, "helm3", "helm3", C(), [BROKEN], C(image="img:broken"), "--atomic --timeout 20s"),
    ("b13_partition", "b13_partition", 2, "helm4", "helm4", C(strategy=PART), [], C(strategy=PART, image="img:2"), WAIT),
    ("b13_ondelete", "b13_ondelete", 2, "helm4", "helm4", C(strategy=OND), [], C(strategy=OND, image="img:2"), WAIT),
    ("b13_helm3_partition", "b13_helm3_partition", 2, "helm3", "helm3", C(strategy=PART), [], C(strategy=PART, image="img:2"), WAIT),
    ("b13_helm3_ondelete", "b13_helm3_ondelete", 2, "helm3", "helm3", C(strategy=OND), [], C(strategy=OND, image="img:2"), WAIT),
    ("b13_plain", "b13_plain", 2, "helm4", "helm4", C(), [], C(image="img:2"), "--wait --timeout 60s"),
    ("b13_plain_helm3", "b13_plain_helm3", 2, "helm3", "helm3", C(), [], C(image="img:2"), "--wait --timeout 60s"),
    ("b13_install", "b13_install_ondelete", 1, "helm4", None, [], [BROKEN], C(strategy=OND, image="img:broken"), WAIT),
    ("b13_install_helm3", "b13_install_ondelete_helm3", 1, "helm3", None, [], [BROKEN], C(strategy=OND, image="img:broken"), WAIT),
    ("b14", "b14", 2, "helm4", "helm4", C(), [], C(size=None), ""),
    ("b14_client", "b14", 3, "helm4", "helm4", C(), [], C(size=None), "--server-side=false"),
    ("b14_helm3", "b14_helm3", 2, "helm3", "helm3", C(), [], C(size=None), ""),
    ("b16", "b16", 3, "helm4", "kubectl", C(), [], C(), ""),
    ("b16_taken", "b16", 4, "helm4", "kubectl", C(), [], C(), "--take-ownership"),
    ("b16_differs", "b16_differs", 2, "helm4", "kubectl", C(replicas=2, image="img:7"), [], C(), "--take-ownership"),
    ("b16_forced", "b16_differs", 5, "helm4", "kubectl", C(replicas=2, image="img:7"), [], C(), "--take-ownership " + FORCE),
    ("b16_helm3", "b16_helm3", 3, "helm3", "kubectl", C(), [], C(), ""),
    ("b16_helm3_taken", "b16_helm3", 4, "helm3", "kubectl", C(), [], C(), "--take-ownership"),
    ("d1", "d1", 2, "kubectl-server-side", "kubectl", D(), [], D(), ""),
    ("d1_replicas", "d1", 3, "kubectl-server-side", "kubectl", D(), [], D(replicas=4), ""),
    ("d1_force", "d1_force", 2, "kubectl-server-side", "kubectl", D(), [], D(), FORCE),
    ("d1_plain", "d1_plain", 2, "kubectl-server-side", "kubectl", D(claims=[]), [], D(claims=[]), ""),
    ("d1_plain_changed", "d1_plain_changed", 2, "kubectl-server-side", "kubectl", D(claims=[]), [], D(claims=[], replicas=4), ""),
    ("d1_written", "d1_written", 2, "kubectl-server-side", "kubectl", D(template=WRITTEN), [], D(template=WRITTEN), ""),
    ("d2", "d2", 3, "kubectl-server-side", "kubectl-server-side", D(), [SCALE], D(replicas=4), ""),
    ("d2_same", "d2", 4, "kubectl-server-side", "kubectl-server-side", D(), [SCALE], D(replicas=5), ""),
    ("d2_left_out", "d2", 5, "kubectl-server-side", "kubectl-server-side", D(), [SCALE], D(replicas=None), ""),
    ("d3", "d3", 6, "kubectl", "kubectl", D(), [HPA], D(), ""),
    ("d3_server", "d3", 9, "kubectl-server-side", "kubectl", D(), [HPA], D(), ""),
    ("d4", "d4", 2, "kubectl-server-side", "kubectl-server-side", D(), [], D(replicas=None), ""),
    ("d4_client", "d4_client", 2, "kubectl", "kubectl", D(), [], D(replicas=None), ""),
    ("d5", "d5", 2, "kubectl-server-side", "kubectl-server-side", D(claims=["data", "wal"]), [], D(), ""),
    ("d5_order", "d5", 4, "kubectl-server-side", "kubectl-server-side", D(claims=["data", "wal"]), [], D(claims=["wal", "data"]), ""),
    ("d9", "d9", 4, "kubectl", "kubectl", D(), [RESTART], D(), ""),
    ("d10", "d10", 3, "kubectl-server-side", "kubectl-server-side", D(), [IMAGE], D(), ""),
    ("d10_forced", "d10", 4, "kubectl-server-side", "kubectl-server-side", D(), [IMAGE], D(), FORCE),
    ("d10_client", "d10_client", 3, "kubectl", "kubectl", D(), [IMAGE], D(), ""),
    ("d11", "d11", 3, "kubectl-server-side", "kubectl", D(env="file"), ["kubectl set env sts/db EXTRA=hand"], D(env="file"), ""),
]
F = "flux"
A = "argocd"
# The same for the logs that hold their states: old and new are names in the log.
GITOPS = [
    ("e1", "e1", 3, F, F, "a", [SCALE], "b", ""),
    ("e2", "e2", 2, F, F, "a", [], "b", ""),
    ("e3", "e3", 5, F, F, "a", [], "b", "--force"),
    ("e3_claims_deleted", "e3_claims_deleted", 4, F, F, "a", [], "b", "--force"),
    ("e3_refused", "e3_invalid", 3, F, F, "a", [], "b", ""),
    ("e3_invalid", "e3_invalid", 5, F, F, "a", [], "b", "--force"),
    ("e3_invalid_label", "e3_invalid_label", 4, F, F, "a", [], "b", "--force"),
    ("e3_other", "e3_other", 2, F, F, "a", [], "b", "--force"),
    ("e3_size", "e3_size", 3, F, F, "a", [], "b", ""),
    ("e3_size_forced", "e3_size", 4, F, F, "a", [], "b", "--force"),
    ("e4", "e4", 2, F, "kubectl", "a", [], "a", ""),
    ("e5", "e5", 2, F, F, "a", [], "b", ""),
    ("e5_scaled", "e5_scaled", None, F, F, "a", [SCALE], "b", ""),
    ("e5_hpa", "e5_hpa", 4, F, F, "a", [HPA], "b", ""),
    ("e6", "e6_e7", 4, F, F, "a", [], "a", ""),
    ("e8", "e8", 2, F, None, None, [BROKEN], "a", "--wait --timeout 30s"),
    ("e8_crash", "e8_crash", 2, F, None, None, [CRASH], "a", "--wait --timeout 30s"),
    ("e8_update", "e8_update", 3, F, F, "a", [BROKEN], "b", "--wait --timeout 15s"),
    ("e8_unschedulable", "e8_unschedulable", 2, F, None, None, [], "a", "--wait --timeout 60s"),
    ("e19", "e19", 4, F, F, "a", [RESTART], "a", ""),
    ("e9", "e9", 4, A, A, "a", [SCALE], "b", ""),
    ("e10", "e10", 2, A, A, "a", [], "b", ""),
    ("e10_same", "e10_same", 2, A, A, "a", [], "b", ""),
    ("e11", "e11", 2, A, A, "a", [], "b", "--replace"),
    ("e11_left_out", "e11", 6, A, A, "a", [SCALE], "c", "--replace"),
    ("e12", "e12", None, A, A, "a", [], "b", "--replace --force"),
    ("e12_claims_deleted", "e12_claims_deleted", None, A, A, "a", [], "b", "--replace --force"),
    ("e12_same", "e12_same", None, A, A, "a", [], "a", "--replace --force"),
    ("e12_force", "e12_force", None, A, A, "a", [], "b", "--force"),
    ("e12_force_invalid", "e12_force_invalid", None, A, A, "a", [], "b", "--force"),
    ("e12_force_invalid_claims", "e12_force_invalid_claims", None, A, A, "a", [], "b", "--force"),
    ("e12_replace_invalid", "e12_replace_invalid", None, A, A, "a", [], "b", "--replace --force"),
    ("e12_server_force", "e12_server_force", None, A, A, "a", [], "b", "--server-side --force"),
    ("e14_not_asked", "e14", 3, A, A, "a", [], "b", ""),
    ("e14", "e14", 5, A, A, "a", [], "b", "--prune"),
    ("e14_claims_deleted", "e14_claims_deleted", None, A, A, "a", [], "b", "--prune"),
    ("e14_background", "e14_background", 5, A, A, "a", [], "b", "--prune --sync-option PrunePropagationPolicy=background"),
    ("e18", "e18", 5, A, A, "a", [RESTART], "a", ""),
    ("e18_by_server", "e18", None, A, A, "a", [RESTART], "a", "--server-side"),
    ("e18_replace", "e18_replace", None, A, A, "a", [RESTART], "a", "--replace"),
    ("e18_unchanged", "e18_unchanged", 3, A, A, "a", [], "a", ""),
    ("e18_server", "e18_unchanged", 9, A, A, "a", [], "a", "--server-side"),
    ("e20_wave", "e20_wave", 1, A, None, None, [], "a", "--timeout 30s"),
]


SHORT = {"configmap": "cm", "service": "svc", "poddisruptionbudget": "pdb", "horizontalpodautoscaler": "hpa", "statefulset": "sts"}


def steps(path):
    """The lines of a log with what each printed, and the states that it holds."""
    out, states, state = [], {}, None
    for line in open(path).read().splitlines():
        named = re.match(r"^  (\w+)\.yaml:$", line)
        if named:
            state = states[named[1]] = []
        elif state is not None and line.startswith("    {"):
            state.append(json.loads(line))
        elif line.startswith("$ "):
            state = None
            out.append((line[2:], []))
        elif out:
            out[-1][1].append(line)
    return out, states


def place(name, text):
    space = name.replace("_", "-")
    return re.sub(rf"(?<=[/\"]){re.escape(space)}(?=[/\"])|(?<=object ){re.escape(space)}(?=/)|(?<=from ){re.escape(space)}(?= namespace)", "default", text)


def expect(log, at, tool):
    lines, _ = steps(log)
    if at is None:
        runs = [i for i, (line, _) in enumerate(lines) if re.search(r"fluxapply .*apply|argosync .*sync", line)]
        at = runs[-1] + 1
    name = re.sub(r".*/|\.txt", "", log)
    line, printed = lines[at - 1]
    seen, moves = [], []
    rc = None
    for text in printed:
        event = re.match(r"^  \+ *([\d.]+) s  (\w+) ([\w-]+) (\w+)$", text)
        ended = re.match(r"^    \(rc (\d+), ([\d.]+) s\)$", text)
        if ended:
            rc = int(ended[1])
            seen.append(("seconds", ended[2]))
        elif event:
            moves.append((float(event[1]), event[2:5]) if False else (float(event[1]), (event[2], event[3], event[4])))
        elif text.startswith("  managers: "):
            # Whole objects are written in the name of the program, which was another one there.
            seen.append(("managers", text[12:].replace("argosync", "argocd-application-controller")))
        elif text.startswith("    ! level=") or re.match(r"^ {4}(LAST DEPLOYED|NAME|NAMESPACE|REVISION|DESCRIPTION|TEST SUITE)", text):
            pass
        elif text.startswith("    ! "):
            seen.append(("fails", place(name, text[6:])))
        elif tool == A and re.match(r"^    \+[\d.]+ s (Succeeded|Failed|Running): ", text):
            words = re.sub(r"^    \+[\d.]+ s ", "", text)
            seen.append(("fails" if words.startswith("Failed") else "says", place(name, words)))
        elif tool == A and text.startswith("      "):
            kind, status, _, rest = re.match(r"^      (\S+) (\S+) (\w+): (.*)$", text).groups()
            seen.append(("says", place(name, f"{kind} {status}: {rest}")))
        elif text.startswith("    ") and not re.match("^    (waited|all current|still Running)", text):
            seen.append(("says", place(name, text[4:])))
    # The settled state: what the following lines show until the next one that writes.
    for line, printed in lines[at:]:
        if re.search(r"helm|fluxapply .*apply|argosync .*sync|kubectl -n \$NS (apply|scale|delete|rollout|set|edit|patch|autoscale|replace)", line):
            break
        text = "\n".join(printed)
        for event in re.findall(r"^  \+ *([\d.]+) s  (\w+) ([\w-]+) (\w+)$", text, re.M):
            moves.append((float(event[0]), event[1:]))
        for managers in re.findall(r"^  managers: (.*)$", text, re.M):
            seen = [one for one in seen if one[0] != "managers"] + [("managers", managers)]
        if "jsonpath='{.data" in line:
            value = re.search(r'"key":"(\w+)"|^ {4}(\w+)$', text, re.M)
            seen.append(("config", value[1] or value[2]))
        if "get sts db -o jsonpath='replicas" in line:
            shown = re.search(r"replicas (-?\d+),.* serviceName (\w+), image (\S+)", text)
            seen.append(("set", f"{shown[1]} {shown[2]} {shown[3]}" if shown else "none"))
        if "get sts web -o jsonpath='replicas" in line:
            shown = re.search(r"replicas (-?\d+),.* serviceName (\w+), image (\S+)", text)
            seen += [("web", " ".join(shown.groups()))] if shown else []
        if "get cm,svc,pdb,hpa,sts -o name" in line:
            names = re.findall(r"^    (\w+)(?:\.\w+)?/(\S+)$", text, re.M)
            seen.append(("there", " ".join(sorted(f"{SHORT[kind]}/{name}" for kind, name in names if name != "kube-root-ca.crt"))))
        if "get sts db -o jsonpath='{.spec.replicas} {.spec.template" in line:
            shown = re.search(r"^    (\d+) (\S+)$", text, re.M)
            seen.append(("replicas", shown[1]))
            seen.append(("image", shown[2]))
        elif "get sts db -o jsonpath='{.spec.replicas}" in line:
            seen = [one for one in seen if one[0] != "replicas"] + [("replicas", re.search(r"^    (\d+)", text, re.M)[1])]
        if "get pods" in line and "custom-columns" in line:
            pods = [" ".join(row.split()[:2]) for row in re.findall(r"^    (\S+ +\S+) ", text, re.M) if row.startswith("db-")]
            seen = [one for one in seen if one[0] != "pods"] + [("pods", ", ".join(pods) or "none")]
    moves.sort()
    sign = {"created": "+", "deleting": "-"}
    order = [sign[what] + name for _, (kind, name, what) in moves if kind == "pod" and what in sign and name.startswith("db-")]
    # Pods that are told to go together come in an order of chance.
    runs = []
    for move in order:
        if runs and move[0] == "-" and runs[-1][-1][0] == "-" and together(moves, runs[-1][-1][1:], move[1:]):
            runs[-1].append(move)
        else:
            runs.append([move])
    if order:
        seen.append(("moves", " ".join("/".join(sorted(run)) for run in runs)))
    deleted = sorted({name for _, (kind, name, what) in moves if kind == "pvc" and what == "deleting"})
    if deleted:
        seen.append(("claims", " ".join(deleted)))
    if any((kind, name, what) == ("sts", "db", "gone") for _, (kind, name, what) in moves):
        back = any((kind, name, what) == ("sts", "db", "created") for _, (kind, name, what) in moves)
        seen.append(("anew", "yes" if back else "gone"))
    return rc, seen


def together(moves, first, second):
    gone = [at for at, (kind, name, what) in moves if kind == "pod" and name == first and what == "gone"]
    asked = [at for at, (kind, name, what) in moves if kind == "pod" and name == second and what == "deleting"]
    return bool(asked) and (not gone or asked[0] < gone[0])


def cases():
    for name, log, at, tool, made, old, since, new, options in CASES:
        yield name, f"{LOGS[0]}/{log}.txt", at, tool, made, old, since, new, options
    for name, log, at, tool, made, old, since, new, options in GITOPS:
        path = f"{LOGS[1]}/{log}.txt"
        states = steps(path)[1]
        yield name, path, at, tool, made, states[old] if old else [], since, states[new], options
    for path in sorted(glob.glob(f"{LOGS[2]}/*.txt") if LOGS[2:] else []):
        told = re.search(r"^  case: (.*)$", open(path).read(), re.M)
        if told:
            lines, states = steps(path)
            one = json.loads(told[1])
            at = max(i for i, (line, _) in enumerate(lines) if re.match(r"helm|fluxapply|argosync", line)) + 1
            yield (re.sub(r".*/|\.txt", "", path), path, at, one["tool"], one["made"], states.get("a", []), one["since"], states["b"], one["options"])


out = []
for name, log, at, tool, made, old, since, new, options in cases():
    rc, seen = expect(log, at, tool)
    out.append(f"case {name} {tool}" + (f" {made}" if made and made != tool else "") + ("" if made else " nobody"))
    out += [f"before {' '.join(str(number(one)) for one in old)}".strip()]
    out += [f"since {line}" for line in since]
    out += [f"after {' '.join(str(number(one)) for one in new)}"] + ([f"options {options}"] if options else [])
    out += [f"ends {'well' if rc == 0 else 'badly'}"] + [f"{key} {value}" for key, value in seen] + [""]
print("# Written by read.py: what real tools did. A line that ends a case is what the model says otherwise, with the reason: `not KEY: …`.")
for text in ORDER:
    print(f"object {OBJECTS[text]} {text}")
print()
print("\n".join(out))
