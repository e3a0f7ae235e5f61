"""Imaginary nodes: kubelets that run nothing, and a provisioner that makes volumes of nothing.

Promises: what README.md says of images, faults and times; statuses, events and deletions are written as real kubelets write them.
A kubelet decides by what the API server told it alone; while its node is down it writes nothing, and its processes go on.
One thread decides everything: what was written is put into a queue by the feed, and what is due stands in a heap. Each node sends
what it has to say of its pods one after the other, and none waits for another's.
"""
import datetime
import heapq
import itertools
import queue
import threading
import time

from plane import call

# Milliseconds.
SEES, STARTS, PROBES, STOPS, PROVISIONS, RESTARTS, CRASHES, BACKS_OFF = 60, 300, 400, 400, 150, 200, 1000, 1500
NODES = ("node-1", "node-2", "node-3")
CLASSES = {"local-path": ("rancher.io/local-path", "WaitForFirstConsumer"), "network-disk": ("example.com/network-disk", "Immediate")}
HEALTHY = (("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
           ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
           ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
           ("Ready", "True", "KubeletReady", "kubelet is posting ready status"))
LOW = "The node was low on resource: ephemeral-storage. Threshold quantity: 10Gi, available: 1Gi. "
PATCH = "application/strategic-merge-patch+json"
LOST = 255  # the exit code of a process that went with its machine


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def class_of(claim):
    """The storage class of a claim: the old annotation goes before the field."""
    old = (claim["metadata"].get("annotations") or {}).get("volume.beta.kubernetes.io/storage-class")
    return old or claim["spec"].get("storageClassName")


def only_at(label, value):
    here = {"key": label, "operator": "In", "values": [value]}
    return {"nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [here]}]}}}


class Container:
    def __init__(self, spec, acts):
        self.name, self.image, self.probed, self.acts = spec["name"], spec["image"], "readinessProbe" in spec, acts
        self.state, self.last = {"waiting": {"reason": "ContainerCreating"}}, {}
        self.ready, self.starts, self.crashes, self.pulls = False, 0, 0, 0

    def running(self):
        return "running" in self.state

    def does(self, what):
        """Whether the image is one of those that README.md lists, by its tag or because the case says so."""
        return what in self.image or what in self.acts.get(self.image, "")

    def code(self):
        """The exit code of a container that crashes: 1, or as the case says, `crash 137`."""
        return next((int(word) for word in self.acts.get(self.image, "").split() if word.isdigit()), 1)

    def ends(self, code):
        started = self.state["running"]["startedAt"]
        reason = {0: "Completed", LOST: "Unknown"}.get(code, "OOMKilled" if self.does("OOMKilled") and code == self.code() else "Error")
        self.state, self.ready = {"terminated": {"exitCode": code, "reason": reason, "startedAt": started, "finishedAt": now(),
                                                 "containerID": self.id()}}, False

    def id(self):
        return f"containerd://{self.uid}-{self.name}-{self.starts}" if self.starts else ""

    def status(self):
        shown = {"name": self.name, "image": self.image, "imageID": f"sim:{self.image}" if self.starts else "", "state": self.state,
                 "lastState": self.last, "ready": self.ready, "started": self.running(), "restartCount": max(0, self.starts - 1)}
        return {**shown, "containerID": self.id()} if self.starts else shown


class Pod:
    """What a kubelet knows of a pod that is bound to its node."""

    def __init__(self, object, number, acts):
        meta, spec = object["metadata"], object["spec"]
        self.name, self.uid, self.node, self.generation = meta["name"], meta["uid"], spec["nodeName"], meta.get("generation")
        self.namespace, self.path = meta["namespace"], f"/api/v1/namespaces/{meta['namespace']}/pods/{meta['name']}"
        self.policy, self.grace = spec["restartPolicy"], spec.get("terminationGracePeriodSeconds", 30)
        self.containers = [Container(c, acts) for c in spec["containers"]]
        self.number, self.spec = number, spec
        for c in self.containers:
            c.uid = self.uid
        self.life, self.ip, self.began, self.since = "unseen", None, None, {}
        self.stops_at, self.gone, self.failed, self.held = None, False, None, False

    def stopping(self):
        return self.stops_at is not None or self.life == "over" or self.gone

    def again(self, code):
        return self.policy == "Always" or self.policy == "OnFailure" and code != 0

    def phase(self):
        ended = [c.state["terminated"] for c in self.containers if "terminated" in c.state]
        if self.life == "over" or len(ended) == len(self.containers) and not any(self.again(t["exitCode"]) for t in ended):
            return "Failed" if self.failed or any(t["exitCode"] for t in ended) else "Succeeded"
        return "Pending" if any("waiting" in c.state and not c.last for c in self.containers) else "Running"

    def status(self):
        """The status as a patch: null takes back what was said before."""
        phase, unready = self.phase(), [c.name for c in self.containers if not c.ready]
        over = phase in ("Failed", "Succeeded")
        why = {"Failed": ("False", "PodFailed", None), "Succeeded": ("False", "PodCompleted", None)}
        waits = ("False", "ContainersNotReady", f"containers with unready status: [{' '.join(unready)}]")
        ready = why.get(phase) or (waits if unready else ("True", None, None))
        sandbox = self.ip and not over
        told = (("PodReadyToStartContainers", ("True", None, None) if sandbox else ("False", None if over else "PodSandboxNotReady", None)),
                ("Initialized", ("True", "PodCompleted" if phase == "Succeeded" else None, None)), ("Ready", ready),
                ("ContainersReady", ready), ("PodScheduled", ("True", None, None)))
        conditions = []
        for kind, (status, reason, message) in told + ((("DisruptionTarget", ("True", "TerminationByKubelet", LOW)),) if self.failed else ()):
            if self.since.get(kind, (None,))[0] != status:
                self.since[kind] = (status, now())
            conditions.append({"type": kind, "status": status, "reason": reason, "message": message, "lastProbeTime": None,
                               "lastTransitionTime": self.since[kind][1], "observedGeneration": self.generation})
        host = f"172.18.0.{self.number + 1}"
        status = {"phase": phase, "conditions": conditions, "$setElementOrder/conditions": [{"type": c["type"]} for c in conditions],
                  "containerStatuses": [c.status() for c in self.containers], "hostIP": host, "hostIPs": [{"ip": host}],
                  "startTime": self.began, "observedGeneration": self.generation}
        if self.failed:
            status["reason"], status["message"] = self.failed
        return {**status, "podIP": self.ip, "podIPs": [{"ip": self.ip}]} if self.ip else status


class Nodes:
    """All kubelets, and the provisioner: by default those of the recordings. `acts` says of images what they do."""

    def __init__(self, plane, feed, tell, lease, names=NODES, provisioners=frozenset(p for p, _ in CLASSES.values()), acts={}):
        self.plane, self.feed, self.tell, self.lease = plane, feed, tell, lease
        self.names, self.provisioners, self.acts = tuple(names), provisioners, acts
        self.queue, self.due, self.count = feed.subscribe(), [], itertools.count()
        self.pods, self.up, self.addresses, self.said = {}, {n: True for n in self.names}, {n: 1 for n in self.names}, {}
        self.provisioned, self.words, self.outbox = set(), queue.Queue(), {n: queue.Queue() for n in self.names}
        for node in self.names:
            self.register(node)
            self.renew(node)
            threading.Thread(target=self.send, args=(node,), daemon=True).start()
        threading.Thread(target=self.speak, daemon=True).start()
        threading.Thread(target=self.work, daemon=True).start()

    def send(self, node):
        while True:
            try:
                call(self.plane, *self.outbox[node].get())
            except OSError:
                return  # the API server was stopped

    def work(self):
        while True:
            pause = max(0, self.due[0][0] - time.time()) if self.due else 1
            try:
                try:
                    item = self.queue.get(timeout=pause)
                    item() if callable(item) else self.notice(item)
                except queue.Empty:
                    pass
                while self.due and self.due[0][0] <= time.time():
                    heapq.heappop(self.due)[2]()
            except OSError:
                return  # the API server was stopped

    def after(self, ms, act, *args):
        heapq.heappush(self.due, (time.time() + ms / 1000, next(self.count), lambda: act(*args)))

    def notice(self, write):
        if write.kind == "pod":
            if self.up.get(write.object["spec"].get("nodeName")):
                self.sees(write.object, write.type == "DELETED")
        elif write.kind == "pvc" and write.type != "DELETED":
            self.claimed(write.object)
        elif write.kind == "pv" and write.type != "DELETED" and write.object["status"].get("phase") == "Released":
            self.released(write.object)

    # Nodes.

    def number(self, node):
        return self.names.index(node) + 1

    def register(self, node):
        call(self.plane, "POST", "/api/v1/nodes", self.machine(node))

    def machine(self, node):
        i = self.number(node)
        room = {"cpu": "4", "memory": "8Gi", "pods": "110", "ephemeral-storage": "100Gi"}
        labels = {"kubernetes.io/hostname": node, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64",
                  "beta.kubernetes.io/os": "linux", "beta.kubernetes.io/arch": "amd64"}
        info = {"kernelVersion": "6.12.0", "osImage": "Simulated Linux", "operatingSystem": "linux", "architecture": "amd64",
                "containerRuntimeVersion": "containerd://2.1.0", "kubeletVersion": "v1.36.3", "machineID": "", "systemUUID": "",
                "bootID": "", "kubeProxyVersion": ""}
        addresses = [{"type": "InternalIP", "address": f"172.18.0.{i + 1}"}, {"type": "Hostname", "address": node}]
        return {
            "apiVersion": "v1", "kind": "Node", "metadata": {"name": node, "labels": labels},
            "spec": {"podCIDR": f"10.244.{i}.0/24", "podCIDRs": [f"10.244.{i}.0/24"]},
            "status": {"capacity": room, "allocatable": room, "nodeInfo": info, "addresses": addresses, "conditions": self.health()}}

    def health(self):
        return [{"type": t, "status": s, "reason": r, "message": m, "lastHeartbeatTime": now(), "lastTransitionTime": now()}
                for t, s, r, m in HEALTHY]

    def renew(self, node):
        if self.up[node]:
            folder = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"
            at = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            lease = {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": node},
                     "spec": {"holderIdentity": node, "leaseDurationSeconds": 40, "renewTime": at}}
            if call(self.plane, "PATCH", f"{folder}/{node}", lease, "application/merge-patch+json")[0] == 404:
                call(self.plane, "POST", folder, lease)
        self.after(self.lease, self.renew, node)

    def node_down(self, node):
        self.up[node] = False
        self.tell({"e": "runtime.node-down", "node": node})

    def node_up(self, node, reboot):
        self.up[node] = True
        self.tell({"e": "runtime.node-up", "node": node})
        self.renew(node)
        if call(self.plane, "PATCH", f"/api/v1/nodes/{node}/status", {"status": {"conditions": self.health()}}, PATCH)[0] == 404:
            self.register(node)
        there = [p for p in self.feed.objects["pod"].values() if p["spec"].get("nodeName") == node]
        for object in there:
            pod, deleted = self.pods.get(object["metadata"]["uid"]), "deletionTimestamp" in object["metadata"]
            for c in [c for c in pod.containers if c.running()] if reboot and pod else ():
                c.ends(LOST)
                if not deleted:
                    c.last, c.crashes = c.state, 0
                    self.begin(pod, c, silent=True)
            if pod and pod.life != "unseen" and not (deleted and reboot):
                self.after(7, self.write, pod)
            self.sees(object, False)
        known = {p["metadata"]["uid"] for p in there}
        for pod in [p for p in self.pods.values() if p.node == node and p.uid not in known]:
            self.leaves(pod)

    # Pods.

    def sees(self, object, gone):
        uid, pod = object["metadata"]["uid"], self.pods.get(object["metadata"]["uid"])
        if gone:
            return self.leaves(pod) if pod else None
        deleted = object["metadata"].get("deletionTimestamp")
        if not pod:
            if object["status"].get("phase") in ("Failed", "Succeeded") and not deleted:
                return None
            pod = self.pods[uid] = Pod(object, self.number(object["spec"]["nodeName"]), self.acts)
            self.after(SEES, self.admit, pod)
        pod.generation = object["metadata"].get("generation")
        for c, spec in zip(pod.containers, object["spec"]["containers"]):
            c.image = spec["image"] if c.starts == 0 else c.image
        if deleted:
            self.stop(pod, deleted)

    def admit(self, pod):
        if pod.life != "unseen" or pod.stopping() or not self.up[pod.node]:
            return
        pod.life, pod.began = "begun", now()
        self.write(pod)
        self.after(STARTS, self.start, pod)

    def start(self, pod):
        if pod.stopping():
            return
        for c in pod.containers:
            self.begin(pod, c)
        self.write(pod)

    def begin(self, pod, c, silent=False):
        if c.does("broken"):
            return self.pull(pod, c)
        self.address(pod)
        if not silent:
            present = f'Container image "{c.image}" already present on machine and can be accessed by the pod'
            for reason, message in (("Pulled", present), ("Created", "Container created"), ("Started", "Container started")):
                self.say(pod, "Normal", reason, message, c)
        c.starts += 1
        c.state, c.ready = {"running": {"startedAt": now()}}, not c.probed and not c.does("unready") and not pod.held
        self.happen(pod, c, "started", image=c.image)
        if c.probed and not c.does("unready"):
            self.after(PROBES, self.pass_probe, pod, c, c.starts)
        if c.does("crash"):
            self.after(CRASHES, self.exit, pod, c, c.starts, c.code())

    def address(self, pod):
        if not pod.ip:
            self.addresses[pod.node] += 1
            pod.ip = f"10.244.{pod.number}.{self.addresses[pod.node]}"

    def pass_probe(self, pod, c, starts):
        if c.starts == starts and c.running() and not c.ready and not pod.held and not pod.stopping():
            c.ready = True
            self.write(pod)

    def pull(self, pod, c):
        c.pulls += 1
        missing = f'rpc error: code = NotFound desc = failed to pull and unpack image "{c.image}": not found'
        self.say(pod, "Normal", "Pulling", f'Pulling image "{c.image}"', c)
        self.say(pod, "Warning", "Failed", f'Failed to pull image "{c.image}": {missing}', c)
        self.say(pod, "Warning", "Failed", "Error: ErrImagePull", c)
        c.state = {"waiting": {"reason": "ErrImagePull", "message": missing}}
        self.after(BACKS_OFF, self.pull_backs_off, pod, c, c.pulls)

    def pull_backs_off(self, pod, c, pulls):
        if pod.stopping() or c.pulls != pulls or c.running():
            return
        said = f'Back-off pulling image "{c.image}"'
        self.say(pod, "Normal", "BackOff", said, c)
        self.say(pod, "Warning", "Failed", "Error: ImagePullBackOff", c)
        c.state = {"waiting": {"reason": "ImagePullBackOff", "message": said}}
        self.write(pod)
        self.after(min(300, 20 * 2 ** (pulls - 1)) * 1000, self.restart, pod, c, c.starts)

    def exit(self, pod, c, starts, code):
        if c.starts != starts or not c.running() or pod.stopping():
            return
        c.ends(code)
        self.happen(pod, c, "stopped", why=f"exit code {code}")
        if pod.again(code):
            c.crashes += 1
            self.after(RESTARTS, self.restart if c.crashes == 1 else self.crash_backs_off, pod, c, c.starts)
        self.write(pod)

    def crash_backs_off(self, pod, c, starts):
        if pod.stopping() or c.starts != starts or c.running():
            return
        pause = min(300, 10 * 2 ** (c.crashes - 2))
        whose = f"{pod.name}_{pod.namespace}({pod.uid})"
        spelled = f"{pause}s" if pause < 60 else f"{pause // 60}m{pause % 60}s"
        said = f"back-off {spelled} restarting failed container={c.name} pod={whose}"
        c.last, c.state = c.state, {"waiting": {"reason": "CrashLoopBackOff", "message": said}}
        self.say(pod, "Warning", "BackOff", f"Back-off restarting failed container {c.name} in pod {whose}", c)
        self.write(pod)
        self.after(pause * 1000, self.restart, pod, c, starts)

    def restart(self, pod, c, starts):
        if pod.stopping() or c.starts != starts or c.running():
            return
        if "terminated" in c.state:
            c.last = c.state
        self.begin(pod, c)
        self.write(pod)

    # Ends.

    def stop(self, pod, deletion):
        """The pod is deleted: what runs is told to end, and is killed when the deletion says so."""
        if pod.life == "over":
            return self.after(7, self.confirm, pod)
        at = datetime.datetime.fromisoformat(deletion.replace("Z", "+00:00")).timestamp()
        allowed = max(0, at - time.time())
        running = [c for c in pod.containers if c.running()]
        pause = max([allowed if c.does("stubborn") else min(allowed, STOPS / 1000) for c in running], default=0.007)
        first, until = pod.stops_at is None, time.time() + pause
        if not first and pod.stops_at <= until:
            return
        pod.stops_at = until
        for c in running if first else ():
            self.say(pod, "Normal", "Killing", f"Stopping container {c.name}", c)
        self.after(pause * 1000, self.stopped, pod)

    def stopped(self, pod):
        if pod.life == "over" or time.time() < pod.stops_at:
            return
        for c in [c for c in pod.containers if c.running()]:
            code = 137 if c.does("stubborn") or pod.gone else 0
            c.ends(code)
            self.happen(pod, c, "stopped", **({"why": "pod object gone"} if pod.gone else {"exitCode": code, "why": "terminated"}))
        if pod.gone:
            self.pods.pop(pod.uid, None)
            return
        for c in pod.containers:  # what never ran is lost
            if "waiting" in c.state:
                c.state = c.last or {"terminated": {"exitCode": 137, "reason": "ContainerStatusUnknown", "startedAt": None, "finishedAt": None,
                                                    "message": "The container could not be located when the pod was terminated"}}
                c.last = {}
        pod.life = "over"
        self.write(pod)
        self.confirm(pod)

    def confirm(self, pod):
        if self.up[pod.node] and not pod.gone:
            options = {"apiVersion": "v1", "kind": "DeleteOptions", "gracePeriodSeconds": 0, "preconditions": {"uid": pod.uid}}
            self.outbox[pod.node].put(("DELETE", pod.path, options))

    def leaves(self, pod):
        """The pod's object is gone; what still runs of it ends."""
        pod.gone = True
        if any(c.running() for c in pod.containers):
            pod.stops_at = min(pod.stops_at or time.time() + STOPS / 1000, time.time() + STOPS / 1000)
            self.after(max(0, pod.stops_at - time.time()) * 1000, self.stopped, pod)
        else:
            self.pods.pop(pod.uid, None)

    # Faults; called on other threads.

    def fault(self, fault):
        done = threading.Event()

        def act():
            op = fault["op"]
            if op == "node-down":
                self.node_down(fault["node"])
            elif op == "node-up":
                self.node_up(fault["node"], fault.get("restartContainers", False))
            else:
                for pod in [p for p in self.pods.values() if p.name == fault["pod"] and not p.gone]:
                    self.pod_fault(op, pod, fault)
            done.set()
        self.queue.put(act)
        done.wait()

    def pod_fault(self, op, pod, fault):
        if op == "crash":
            c = pod.containers[0]
            self.exit(pod, c, c.starts, fault.get("exitCode", 1))
        elif op == "evict":
            for c in [c for c in pod.containers if c.running()]:
                c.ends(137)
                self.happen(pod, c, "stopped", why="evicted")
            pod.life, pod.failed = "over", ("Evicted", LOW)
            self.say(pod, "Warning", "Evicted", LOW)
            for c in [c for c in pod.containers if c.starts]:
                self.say(pod, "Normal", "Killing", f"Stopping container {c.name}", c)
            self.write(pod)
        else:
            pod.held = op == "pod-unready"
            for c in [c for c in pod.containers if c.running()]:
                c.ready = not pod.held
                if pod.held:
                    self.say(pod, "Warning", "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503", c)
            self.write(pod)

    # The provisioner.

    def claimed(self, claim):
        meta, spec = claim["metadata"], claim["spec"]
        notes = meta.get("annotations") or {}
        provisioner = notes.get("volume.kubernetes.io/storage-provisioner")
        node = notes.get("volume.kubernetes.io/selected-node")
        if provisioner not in self.provisioners or spec.get("volumeName") or meta["uid"] in self.provisioned or meta.get("deletionTimestamp"):
            return
        mode = self.feed.objects["sc"].get(class_of(claim), {}).get("volumeBindingMode")
        if mode == "WaitForFirstConsumer" and not node:
            return
        self.provisioned.add(meta["uid"])
        about = ("PersistentVolumeClaim", meta["namespace"], meta["name"], meta["uid"], "v1", meta["resourceVersion"])
        external = f'External provisioner is provisioning volume for claim "{meta["namespace"]}/{meta["name"]}"'
        self.words.put((about, "Normal", "Provisioning", external, None, provisioner, None))
        self.after(PROVISIONS, self.provision, claim, provisioner, node if mode == "WaitForFirstConsumer" else None, about)

    def provision(self, claim, provisioner, node, about):
        meta, spec = claim["metadata"], claim["spec"]
        name, of = f"pvc-{meta['uid']}", class_of(claim)
        policy = self.feed.objects["sc"].get(of, {}).get("reclaimPolicy", "Delete")
        volume = {"capacity": {"storage": spec["resources"]["requests"]["storage"]}, "accessModes": spec["accessModes"],
                  "volumeMode": spec.get("volumeMode", "Filesystem"), "storageClassName": of,
                  "persistentVolumeReclaimPolicy": policy,
                  "claimRef": {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "namespace": meta["namespace"], "name": meta["name"],
                               "uid": meta["uid"], "resourceVersion": meta["resourceVersion"]}}
        volume.update(self.disk(name, meta, provisioner, node))
        call(self.plane, "POST", "/api/v1/persistentvolumes", {
            "apiVersion": "v1", "kind": "PersistentVolume", "spec": volume,
            "metadata": {"name": name, "annotations": {"pv.kubernetes.io/provisioned-by": provisioner}}})
        self.words.put((about, "Normal", "ProvisioningSucceeded", f"Successfully provisioned volume {name}", None, provisioner, None))

    def disk(self, name, meta, provisioner, node):
        """What a volume is made of, and where it is."""
        path = {"path": f"/opt/volumes/{name}_{meta['namespace']}_{meta['name']}", "type": "DirectoryOrCreate"}
        return {"hostPath": path, **(only_at("kubernetes.io/hostname", node) if node else {})}

    def released(self, volume):
        notes = volume["metadata"].get("annotations") or {}
        if notes.get("pv.kubernetes.io/provisioned-by") and volume["spec"]["persistentVolumeReclaimPolicy"] == "Delete" \
                and not volume["metadata"].get("deletionTimestamp"):
            call(self.plane, "DELETE", f"/api/v1/persistentvolumes/{volume['metadata']['name']}")

    # Words.

    def write(self, pod):
        if self.up[pod.node] and not pod.gone:
            patch = {"metadata": {"uid": pod.uid}, "status": pod.status()}
            self.outbox[pod.node].put(("PATCH", f"{pod.path}/status", patch, PATCH))

    def happen(self, pod, c, what, **more):
        self.tell({"e": f"runtime.container-{what}", "container": c.name, "node": pod.node, "pod": pod, **more})

    def say(self, pod, kind, reason, message, c=None):
        if self.up[pod.node]:
            about = ("Pod", pod.namespace, pod.name, pod.uid, "v1", None)
            self.words.put((about, kind, reason, message, f"spec.containers{{{c.name}}}" if c else None, "kubelet", pod.node))

    def speak(self):
        """Writes events one by one; what was said before in the same words is counted."""
        while True:
            try:
                self.speak_once()
            except OSError:
                return  # the API server was stopped

    def speak_once(self):
        about, kind, reason, message, field, source, host = self.words.get()
        key, folder = (about[:4], kind, reason, message, field, source), f"/api/v1/namespaces/{about[1]}/events"
        if key in self.said:
            name, count = self.said[key]
            self.said[key] = (name, count + 1)
            again = {"count": count + 1, "lastTimestamp": now()}
            call(self.plane, "PATCH", f"{folder}/{name}", again, PATCH)
            return
        name = f"{about[2]}.{time.time_ns():x}"
        self.said[key] = (name, 1)
        names = ("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion")
        involved = {k: v for k, v in zip(names + ("fieldPath",), about + (field,)) if v}
        call(self.plane, "POST", folder, {
            "apiVersion": "v1", "kind": "Event", "metadata": {"name": name, "namespace": about[1]}, "involvedObject": involved,
            "type": kind, "reason": reason, "message": message, "count": 1, "firstTimestamp": now(), "lastTimestamp": now(),
            "source": {"component": source, **({"host": host} if host else {})}, "reportingComponent": source, "reportingInstance": host or ""})
