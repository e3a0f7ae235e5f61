#!/usr/bin/env python3
"""Gets clusters stuck on a real control plane, and has `kubectl ordinal diagnose` read them: as an admin, and as one who may read little.

    plugin.py BINARIES ORDINAL [CASE...]     ORDINAL is the program; a CASE is the name of a file of stuck/ that is recorded, TEN by default

Promises: the server asks RBAC, and its audit log is what tells the requests. A line of the table is wrong, and the exit code is 1, where
the admin is told another cause than the case's own dump tells, or of another object than a dump of this very run; where the reader is told a cause that the admin is not told, or nothing and not
what is missing; where the saved text tells anything else; and where a request is none that reads, or is for a Secret or a ConfigMap.
"""
import argparse
import collections
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

import record
import stuck
from plane import GUARDED

HERE = os.path.dirname(os.path.abspath(__file__))
DUMPS = os.path.join(HERE, "../../data/diagnose-own")
TEN = ["01-quota-of-pods", "05-partition-above-replicas", "06-gate-in-the-middle", "08-pinned-node-full", "12-host-port-taken",
       "16-node-off-pod-deleted", "17-multi-attach", "24-claim-held-by-a-backup", "31-two-causes-account-and-class",
       "42-second-claim-without-class"]
GRANTS = ["create clusterrolebinding admin --clusterrole=cluster-admin --user=admin",
          "create clusterrole reader --verb=get,list --resource=pods,statefulsets.apps",
          "create clusterrolebinding reader --clusterrole=reader --user=reader"]
# What reads of an API server beside objects: whatever kubectl has to know to ask.
DISCOVERY = re.compile(r"/(api|apis|version|openapi/v[23])([/?].*)?$")
READS, PRIVATE = {"get", "list"}, {"secrets", "configmaps"}
# Names that a server or a controller makes up, which are others in each run.
MADE_UP = re.compile(r"(?<=pvc-)[0-9a-f-]{36}|(?<=-)[0-9a-f]{8,10}-[0-9a-z]{5}\b")
NOT_STUCK, UNKNOWN = "not-stuck", "unknown"


class Guarded(stuck.Stuck):
    """A stuck cluster whose server asks who it is."""
    authorization = GUARDED

    def kubeconfig(self, user):
        path = os.path.join(self.folder, f"{user}.json")
        with open(path, "w") as f:
            json.dump(self.plane.access(user), f)
        return path

    def ordinal(self, program, user, args):
        """What `kubectl ordinal diagnose` tells a user, and the text that it read; it is found as kubectl finds its plugins."""
        plugins, saved = os.path.join(self.folder, "plugins"), os.path.join(self.folder, f"{user}.yaml")
        os.makedirs(plugins, exist_ok=True)
        if not os.path.exists(link := os.path.join(plugins, "kubectl-ordinal")):
            os.symlink(program, link)
        environment = {"KUBECONFIG": self.kubeconfig(user), "HOME": self.folder, "PATH": f"{plugins}:{self.binaries}:{os.environ['PATH']}"}
        line = ["kubectl", "ordinal", "diagnose", *args, "-o", "json", "--save", saved]
        run = subprocess.run(line, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=stuck.COMMAND)
        if run.returncode:
            self.problem(f"{user}: {' '.join(line)}: exit code {run.returncode}: {run.stderr}")
            return [], saved
        return verdicts(run.stdout), saved

    def requests(self):
        """What the server has written down since the last call."""
        with open(self.plane.audit) as f:
            events = [json.loads(line) for line in f]
        events, self.told = events[getattr(self, "told", 0):], len(events)
        return events


def verdicts(text):
    """(family, finer cause, object, workload, sureness) of each verdict, and whether anything is asked for that it lacks."""
    return [(*(MADE_UP.sub("*", v[k]) for k in ("cause", "detail", "object", "workload")), v["sure"], bool(v["missing"]))
            for v in json.loads(text)["verdicts"]]


def diagnosed(program, dump):
    return verdicts(subprocess.run([program, "diagnose", "-o", "json", dump], check=True, capture_output=True, text=True).stdout)


def not_reads(events):
    """The requests that do more than read, or read what is private."""
    def is_read(event):
        resource = event.get("objectRef", {}).get("resource")
        return event["verb"] in READS and resource not in PRIVATE and bool(resource or DISCOVERY.match(event["requestURI"]))
    return [f"{e['user']['username']}: {e['verb']} {e['requestURI']}" for e in events if not is_read(e)]


def wrong_for_reader(admin, reader):
    """What a reader is told and an admin is not, unless it is said to be unknown, with what is missing."""
    families = {v[0] for v in admin}
    stuck_sets = {v[3] for v in admin if v[0] != NOT_STUCK}
    def is_right(verdict):
        if verdict[4] == UNKNOWN:
            return verdict[5]
        # Of a set that waits, nobody is told that it does not.
        return verdict[0] in families or verdict[0] == NOT_STUCK and verdict[3] not in stuck_sets
    return [f"the reader is told {v}" for v in reader if not is_right(v)] + ([] if reader else ["the reader is told nothing"])


def told(found):
    return "; ".join(f"{v[1]} {v[2]} ({v[4]})" for v in found) or "nothing"


def played(run, program, name):
    """Reads one stuck cluster in all ways; the cells of its line, and what is wrong."""
    run.begin()
    run.stuck()
    for grant in GRANTS:
        run.shell(f"kubectl {grant}")
    workload, namespace = f"sts/{run.scenario['set']}", run.scenario["namespace"]
    run.save_text(run.folder, "dump.yaml", run.run(f"kubectl get {stuck.KINDS} -A -o yaml").stdout)
    # Which of its pods waits may be chance.
    own = [v[:2] + v[4:5] for v in diagnosed(program, os.path.join(DUMPS, name, "cluster.yaml"))]
    now = diagnosed(program, os.path.join(run.folder, "dump.yaml"))
    found, counts, problems, requests = {}, [], [], []
    for user in ("admin", "reader"):
        for args in (["-A"], [workload, "-n", namespace]):
            found[user, len(args)], saved = run.ordinal(program, user, args)
            again = diagnosed(program, saved)
            again = again if len(args) == 1 else [v for v in again if v[3] == workload]
            if again != found[user, len(args)]:
                problems.append(f"{user} {args}: the saved text tells {told(again)} instead of {told(found[user, len(args)])}")
            events = run.requests()
            requests += events
            counts.append(sum("objectRef" in e for e in events))
    if [v[:2] + v[4:5] for v in now] != own:
        problems.append(f"a dump of this run tells {told(now)} instead of {own}")
    for args, wanted in ((1, now), (3, [v for v in now if v[3] == workload])):
        if [v[:5] for v in found["admin", args]] != [v[:5] for v in wanted]:
            problems.append(f"the admin is told {told(found['admin', args])} instead of {told(wanted)}")
        problems += wrong_for_reader(found["admin", args], found["reader", args])
    verbs = collections.Counter(f"{e['verb']} {e.get('objectRef', {}).get('resource', 'discovery')}" for e in requests)
    problems += not_reads(requests)
    cells = [name, told(found["admin", 3]), told(found["reader", 3]), "/".join(map(str, counts))]
    return cells, problems + run.problems, verbs


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("binaries")
    ap.add_argument("ordinal")
    ap.add_argument("cases", nargs="*", default=TEN)
    args = ap.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    binaries, program = os.path.abspath(args.binaries), os.path.abspath(args.ordinal)
    bad, verbs = 0, collections.Counter()
    print("| case | admin: sts/NAME -n NS | reader: sts/NAME -n NS | lists: admin -A/sts, reader -A/sts | |\n|---|---|---|---|---|", flush=True)
    for name in args.cases:
        case = record.read_yaml(os.path.join(binaries, "kubectl"), os.path.join(HERE, "stuck", name + ".yaml"))
        scratch = tempfile.mkdtemp(prefix="recorder-")
        run = Guarded(binaries, case, scratch)
        try:
            cells, problems, asked = played(run, program, name)
        finally:
            if hasattr(run, "plane"):
                run.plane.stop()
            if not os.environ.get("RECORDER_KEEP"):
                shutil.rmtree(scratch, ignore_errors=True)
        bad, verbs = bad + bool(problems), verbs + asked
        print(f"| {' | '.join(cells)} | {'wrong' if problems else 'right'} |", *(f"  ! {p}" for p in problems), sep="\n", flush=True)
    print("\nRequests by the audit log: " + ", ".join(f"{verb} {count}" for verb, count in sorted(verbs.items())))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
