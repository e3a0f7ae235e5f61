"""The words of a trace: what was written to a real cluster, as entries in the vocabulary of ../recordings.

Promises: entries stand in the order of the writes, by the cluster's own revision; names and uids that chance gave are replaced
by ones that are the same in every run; a write that changes nothing the vocabulary has a word for leaves no entry.
Must not know: how the cluster was made, and what is done to it.
"""
import json
import re

KINDS = {"pod": "Pod", "pvc": "PersistentVolumeClaim", "svc": "Service", "pv": "PersistentVolume", "node": "Node", "sc": "StorageClass",
         "sts": "StatefulSet", "rev": "ControllerRevision", "deploy": "Deployment", "rs": "ReplicaSet", "pdb": "PodDisruptionBudget",
         "eps": "EndpointSlice"}
# The fields of a status that are told, in their order.
STATUS = {
    "sts": ("observedGeneration", "replicas", "readyReplicas", "currentReplicas", "updatedReplicas", "currentRevision", "updateRevision",
            "availableReplicas"),
    "deploy": ("observedGeneration", "replicas", "updatedReplicas", "readyReplicas", "availableReplicas", "unavailableReplicas",
               "terminatingReplicas", "conditions"),
    "rs": ("replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "terminatingReplicas", "observedGeneration"),
    "pdb": ("observedGeneration", "disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"),
}
# Entries that say which object of its name they are about.
WITH_INCARNATION = {"created", "bound", "phase", "containers", "condition", "volume", "deleting", "removed"}
REVISION = "deployment.kubernetes.io/revision"
SERVICE = "kubernetes.io/service-name"
UID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
WORD = re.compile(r"[A-Za-z0-9.-]+")


def controller(meta):
    return next((o for o in meta.get("ownerReferences", ()) if o.get("controller")), None)


class Names:
    """What objects are called: web@1 the first revision of web, dep@1-#2 a pod, <Pod/web-0#2> a uid."""

    def __init__(self):
        self.labels, self.numbered, self.incarnations, self.uids = {}, {}, {}, {}

    def learn(self, kind, object):
        meta = object["metadata"]
        name, key = meta["name"], (kind, meta["name"])
        self.incarnations[key] = count = self.incarnations.get(key, 0) + 1
        family = self.family(kind, meta) if count == 1 else None
        if family:
            self.numbered[kind, family] = self.numbered.get((kind, family), 0) + 1
            self.labels[name] = family + self.numbered[kind, family]
        self.uids[meta["uid"]] = (KINDS[kind], self.label(kind, meta), count)

    def family(self, kind, meta):
        owner = controller(meta)
        if kind == "rev":
            return Family((owner["name"] if owner else meta["name"].rsplit("-", 1)[0]) + "@")
        if kind == "rs":
            return Family(owner["name"] + "@") if owner else None
        if kind == "pod" and meta.get("generateName") and not (owner and owner["kind"] == "StatefulSet"):
            return Family(self.name(meta["generateName"].rstrip("-")) + "-#")
        return None

    def label(self, kind, meta):
        return meta.get("labels", {}).get(SERVICE, meta["name"]) if kind == "eps" else self.name(meta["name"])

    def incarnation(self, uid):
        return self.uids.get(uid, (None, None, 1))[2]

    def name(self, real):
        return self.labels.get(real) or UID.sub(self.uid, real)

    def uid(self, match):
        if match.group() not in self.uids:
            return match.group()
        kind, label, count = self.uids[match.group()]
        return f"<{kind}/{label}#{count}>" if count > 1 else f"<{kind}/{label}>"

    def text(self, text):
        def word(match):
            bare = match.group().rstrip(".")
            return self.name(bare) + match.group()[len(bare):]
        return WORD.sub(word, text)


class Family(str):
    """What a number is put behind."""

    def __add__(self, number):
        return str(self) + str(number)


class Trace:
    """Entries out of writes, given one by one in the order of their revisions."""

    def __init__(self):
        self.names, self.before, self.slices, self.told = Names(), {}, {}, {}

    def take(self, write):
        """The entries of one write."""
        kind, after = write.kind, write.object
        if kind == "event":
            return [] if write.type == "DELETED" else [self.said(after)]
        meta = after["metadata"]
        key = (kind, meta["name"])
        before = self.before.pop(key, None)
        if write.type != "DELETED":
            self.before[key] = after
        if before is None and write.type != "DELETED":
            self.names.learn(kind, after)
        if kind == "eps":
            return self.slice(write, before)
        if write.type == "DELETED":
            return [self.entry(kind, meta, "removed")]
        out = list(getattr(self, kind, self.workload)(kind, before, after))
        return out + (list(self.metadata(kind, before["metadata"], meta)) if before else [])

    def entry(self, kind, meta, what, **more):
        out = {"e": f"{kind}.{what}", "name": self.names.label(kind, meta)}
        if what in WITH_INCARNATION and self.names.incarnation(meta["uid"]) > 1:
            out["inst"] = self.names.incarnation(meta["uid"])
        return {**out, **more}

    def created(self, kind, meta):
        return self.entry(kind, meta, "created", **some(owners=self.owners(meta)))

    def owners(self, meta):
        def show(o):
            notes = ([] if o.get("controller") else ["not controller"]) + (["blocks"] if o.get("blockOwnerDeletion") else [])
            return f"{o['kind']}/{self.names.name(o['name'])}" + (f" ({', '.join(notes)})" if notes else "")
        return [show(o) for o in meta.get("ownerReferences", ())]

    def metadata(self, kind, before, after):
        old, new = before.get("labels", {}), after.get("labels", {})
        if old != new and kind != "node":
            yield self.entry(kind, after, "labels", set={k: v for k, v in sorted(new.items()) if old.get(k) != v},
                             **some(dropped=[k for k in sorted(old) if k not in new]))
        if before.get("ownerReferences") != after.get("ownerReferences"):
            yield self.entry(kind, after, "owners", owners=self.owners(after))
        if "deletionTimestamp" not in after:
            return
        grace, finalizers = after.get("deletionGracePeriodSeconds"), after.get("finalizers", [])
        if "deletionTimestamp" not in before:
            yield self.entry(kind, after, "deleting", grace=grace, **some(finalizers=finalizers))
            return
        if before.get("deletionGracePeriodSeconds") != grace:
            yield self.entry(kind, after, "grace", grace=grace)
        if before.get("finalizers", []) != finalizers:
            yield self.entry(kind, after, "finalizers", finalizers=finalizers)

    def said(self, event):
        about, source = event["involvedObject"], event.get("source", {}).get("component") or event.get("reportingComponent")
        count = event.get("count") or (event.get("series") or {}).get("count") or 1
        return {"e": "event", "type": event.get("type"), "reason": event.get("reason"), "object": f"{about['kind']}/{self.names.name(about['name'])}",
                "message": self.names.text(event.get("message", "")), "count": count, "source": source}

    # Kind by kind.

    def pod(self, kind, before, after):
        meta, spec, status = after["metadata"], after["spec"], after["status"]
        labels, old = meta.get("labels", {}), (before or {}).get("status", {})
        if not before:
            claims = [v["persistentVolumeClaim"]["claimName"] for v in spec.get("volumes", ()) if "persistentVolumeClaim" in v]
            yield {**self.created(kind, meta), **some(
                image=spec["containers"][0]["image"], hostname=spec.get("hostname"), subdomain=spec.get("subdomain"),
                revision=self.names.name(labels.get("controller-revision-hash", "")), index=labels.get("apps.kubernetes.io/pod-index"), claims=claims)}
        if spec.get("nodeName") and not (before and before["spec"].get("nodeName")):
            yield self.entry(kind, meta, "bound", node=spec["nodeName"])
        if old.get("phase", "Pending") != status.get("phase", "Pending"):
            yield self.entry(kind, meta, "phase", phase=status["phase"], was=old.get("phase", "Pending"), **some(reason=status.get("reason")))
        if containers(old) != containers(status):
            yield self.entry(kind, meta, "containers", containers=containers(status))
        known = {c["type"]: [c.get(k) for k in ("status", "reason", "message")] for c in old.get("conditions", ())}
        for c in status.get("conditions", ()):
            told = c["type"] in ("Ready", "DisruptionTarget") or c["type"] == "PodScheduled" and c["status"] == "False"
            if told and known.get(c["type"]) != [c.get(k) for k in ("status", "reason", "message")]:
                yield self.entry(kind, meta, "condition", type=c["type"], status=c["status"],
                                 **some(reason=c.get("reason"), message=self.names.text(c.get("message", ""))))
        if before and before["spec"]["containers"][0]["image"] != spec["containers"][0]["image"]:
            yield self.entry(kind, meta, "image", image=spec["containers"][0]["image"])

    def pvc(self, kind, before, after):
        meta, spec = after["metadata"], after["spec"]
        if not before:
            yield {**self.created(kind, meta), **some(
                size=spec["resources"]["requests"]["storage"], **{"class": spec.get("storageClassName")}, modes=spec.get("accessModes"),
                labels=meta.get("labels"), finalizers=meta.get("finalizers"))}
            return
        node = [o["metadata"].get("annotations", {}).get("volume.kubernetes.io/selected-node") for o in (before, after)]
        if node[0] != node[1]:
            yield self.entry(kind, meta, "selectedNode", node=node[1])
        if before["spec"].get("volumeName") != spec.get("volumeName"):
            yield self.entry(kind, meta, "volume", volume=self.names.name(spec.get("volumeName", "")))
        if before["status"].get("phase") != after["status"].get("phase"):
            yield self.entry(kind, meta, "phase", phase=after["status"].get("phase"))

    def pv(self, kind, before, after):
        meta, spec = after["metadata"], after["spec"]
        if not before:
            terms = spec.get("nodeAffinity", {}).get("required", {}).get("nodeSelectorTerms", [])
            here = [e["values"][0] for t in terms for e in t.get("matchExpressions", ()) if e["key"] == "kubernetes.io/hostname"]
            yield {**self.created(kind, meta), **some(claim=spec.get("claimRef", {}).get("name"), reclaim=spec["persistentVolumeReclaimPolicy"],
                                                      node=here[0] if here else None)}
        elif before["status"].get("phase") != after["status"].get("phase"):
            yield self.entry(kind, meta, "phase", phase=after["status"].get("phase"))

    def node(self, kind, before, after):
        meta, old = after["metadata"], before or {"spec": {}, "status": {}}
        if not before:
            yield self.created(kind, meta)

        def ready(o):
            return next((c for c in o["status"].get("conditions", ()) if c["type"] == "Ready"), None)

        def taints(o):
            return sorted(t["key"] + (f"={t['value']}" if t.get("value") else "") + f":{t['effect']}" for t in o["spec"].get("taints", ()))
        if ready(after) and (ready(old) or {}).get("status") != ready(after)["status"]:
            yield self.entry(kind, meta, "ready", status=ready(after)["status"], **some(reason=ready(after).get("reason")))
        if old["spec"].get("unschedulable", False) != after["spec"].get("unschedulable", False):
            yield self.entry(kind, meta, "unschedulable", value=after["spec"].get("unschedulable", False))
        if taints(old) != taints(after):
            yield self.entry(kind, meta, "taints", taints=taints(after))

    def rev(self, kind, before, after):
        meta = after["metadata"]
        if not before:
            yield {**self.created(kind, meta), "revision": after["revision"], "hashName": meta["name"]}
        elif before["revision"] != after["revision"]:
            yield self.entry(kind, meta, "revision", revision=after["revision"], was=before["revision"])

    def workload(self, kind, before, after):
        """Kinds whose spec and status are told field by field."""
        meta = after["metadata"]
        number = meta.get("annotations", {}).get(REVISION)
        if not before:
            more = some(replicas=after["spec"].get("replicas"), hashName=meta["name"], revision=number) if kind == "rs" else {}
            yield {**self.created(kind, meta), **more}
        else:
            changed = dict(sorted(differences("", before.get("spec", {}), after.get("spec", {}))))
            if changed and kind != "pdb":
                yield self.entry(kind, meta, "spec", **some(generation=meta.get("generation")), changed=changed)
            if kind == "rs" and before["metadata"].get("annotations", {}).get(REVISION) != number:
                yield self.entry(kind, meta, "revision", revision=number)
        status = self.status(kind, after)
        if status and not (before and self.status(kind, before) == status):
            yield self.entry(kind, meta, "status", **status)

    def status(self, kind, object):
        status, out = object.get("status", {}), {}
        for key in STATUS.get(kind, ()):
            if key == "conditions" and key in status:
                out[key] = {c["type"]: f"{c['status']} {c.get('reason', '')}" for c in status[key]}
            elif key in status:
                out[key] = self.names.name(status[key]) if isinstance(status[key], str) else status[key]
        return out

    def slice(self, write, before):
        """What a Service leads to, out of all its slices."""
        slice, meta = write.object, write.object["metadata"]
        service = meta.get("labels", {}).get(SERVICE)
        if not service:
            return []
        slices = self.slices.setdefault(service, {})
        if write.type == "DELETED":
            slices.pop(meta["name"], None)
            out = [self.entry("eps", meta, "removed")]
        else:
            slices[meta["name"]] = slice
            out = [] if before else [self.created("eps", meta)]
        if not slices:
            self.told.pop(service, None)
            return out
        endpoints = [{"pod": self.names.name(e.get("targetRef", {}).get("name", "")), "hostname": e.get("hostname"), "node": e.get("nodeName"),
                      **{k: bool(e["conditions"].get(k)) for k in ("ready", "serving", "terminating")}, "addresses": len(e["addresses"])}
                     for s in slices.values() for e in s.get("endpoints") or ()]
        ports = sorted({f"{p.get('name') or ''}:{p.get('port')}/{p.get('protocol')}" for s in slices.values() for p in s.get("ports") or ()})
        content = {"endpoints": sorted(endpoints, key=lambda e: json.dumps(e)), "ports": ports}
        if self.told.get(service) != content:
            self.told[service] = content
            out.append({"e": "endpoints", "service": service, **content})
        return out


def some(**fields):
    """The fields that say something."""
    return {k: v for k, v in fields.items() if v not in (None, "", [], {})}


def containers(status):
    def state(c):
        (word, s), = c["state"].items()
        return {"waiting": f"waiting:{s.get('reason')}", "running": "running", "terminated": f"terminated:{s.get('reason')}:{s.get('exitCode')}"}[word]
    return [{"name": c["name"], "state": state(c), "ready": c["ready"], "restarts": c["restartCount"]} for c in status.get("containerStatuses", ())]


def differences(path, old, new):
    """What differs between two values: old and new by path. Lists of one length are compared item by item."""
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in list(old) + [k for k in new if k not in old]:
            yield from differences(f"{path}.{key}" if path else key, old.get(key), new.get(key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for i, (a, b) in enumerate(zip(old, new)):
            yield from differences(f"{path}[{i}]", a, b)
    else:
        yield path, [old, new]
