"""Changes of two rendered states, as people make them by Helm, Argo CD and Flux: what `by.py` records.

A change: its name, the title, the tool, its options, who made the old state, the old state, the lines typed since, and the new state.
Lines that begin with `playground` are for the model alone: what an image does, the kubelets know by its tag.
"""

def claim(name, size="1Gi"):
    return {"metadata": {"name": name}, "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}}}


def sts(name="db", image="img:1", replicas=3, claims=("data",), size="1Gi", labels=None, meta=None, template=None, **spec):
    labels = labels or {"app": name}
    mounts = [{"name": c, "mountPath": "/" + c} for c in claims]
    spec = {"serviceName": name, "selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels, **(template or {})}, "spec": {
        "terminationGracePeriodSeconds": 1, "containers": [{"name": "db", "image": image, "volumeMounts": mounts}]}}, **spec}
    if replicas is not None:
        spec["replicas"] = replicas
    if claims:
        spec["volumeClaimTemplates"] = [claim(c, size) for c in claims]
    return {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": name, **(meta or {})}, "spec": spec}


def conf(value, name="conf", **meta):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, **meta}, "data": {"key": value}}


def svc(name="db", meta=None, **spec):
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, **(meta or {})},
            "spec": {"selector": {"app": "db"}, "ports": [{"port": 5432}], **spec}}


def front(kind="Deployment", meta=None, **spec):
    """A Deployment or DaemonSet whose image cannot be pulled."""
    pod = {"terminationGracePeriodSeconds": 1, "containers": [{"name": "front", "image": "img:broken"}]}
    template = {"metadata": {"labels": {"app": "front"}}, "spec": pod}
    spec = {**({"replicas": 2} if kind == "Deployment" else {}), "selector": {"matchLabels": {"app": "front"}}, "template": template, **spec}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "front", **(meta or {})}, "spec": spec}


def job(image, meta=None):
    pod = {"restartPolicy": "Never", "terminationGracePeriodSeconds": 1, "containers": [{"name": "migrate", "image": image}]}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "migrate", **(meta or {})}, "spec": {"backoffLimit": 0, "template": {"spec": pod}}}


def ingress(meta=None):
    return {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "door", **(meta or {})},
            "spec": {"defaultBackend": {"service": {"name": "db", "port": {"number": 5432}}}}}


def pdb():
    return {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "db"},
            "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "db"}}}}


def hpa(**meta):
    cpu = {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 50}}}
    return {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "db", **meta},
            "spec": {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "db"}, "minReplicas": 5, "maxReplicas": 8, "metrics": [cpu]}}


def notes(key, value):
    return {"annotations": {key: value}}


def wave(number):
    return notes("argocd.argoproj.io/sync-wave", str(number))


HEADLESS = {"clusterIP": "None"}
KEEP = notes("helm.sh/resource-policy", "keep")
ANEW = notes("argocd.argoproj.io/sync-options", "Replace=true,Force=true")
FORCE = notes("kustomize.toolkit.fluxcd.io/force", "enabled")
ONCE = notes("kustomize.toolkit.fluxcd.io/ssa", "IfNotPresent")
BROKEN, CRASH, SLOW = ["playground image img:broken broken"], ["playground image img:crash crash"], {"minReadySeconds": 5}
NAMES = [("cm", "conf"), ("svc", "db"), ("sts", "db")]
ADOPT = [line for kind, name in NAMES for line in (
    f"kubectl label {kind}/{name} app.kubernetes.io/managed-by=Helm",
    f"kubectl annotate {kind}/{name} meta.helm.sh/release-name=db meta.helm.sh/release-namespace=default")]
PAUSE = """kubectl patch sts/db -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":2}}}}'"""
AT_ONCE = {"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}}}
H3, H4, A, F, K = "helm3", "helm4", "argocd", "flux", "kubectl"

CHANGES = [
    ("h_two", "Two sets and a ConfigMap in one release; both sets are refused, each for another field, and a Service goes",
     H4, "", H4, [conf("1"), svc(**HEADLESS), svc("old"), sts(), sts("web")], [],
     [conf("2"), svc(**HEADLESS), sts(serviceName="other"), sts("web", podManagementPolicy="Parallel", image="img:2")]),
    ("h_replace_crash", "--force-replace of changed labels, while a pod crashes whose image somebody set by hand",
     H4, "--force-replace --server-side=false", H4, [conf("1"), sts(**SLOW)], CRASH + ["kubectl set image sts/db db=img:crash"],
     [conf("2"), sts(labels={"app": "database"}, **SLOW)]),
    ("h_keep", "A set that says helm.sh/resource-policy: keep leaves the chart", H4, "", H4, [conf("1"), svc(**HEADLESS), sts(meta=KEEP)], [],
     [conf("2")]),
    ("h_renamed_undone", "--rollback-on-failure of a renamed claim template", H4, "--rollback-on-failure --timeout 20s", H4,
     [conf("1"), sts()], [], [conf("2"), sts(claims=("store",), image="img:2")]),
    ("h_orphaned", "The set was deleted with --cascade=orphan, so that the chart can ask for larger claims", H4, "", H4,
     [conf("1"), sts()], ["kubectl delete sts/db --cascade=orphan"], [conf("1"), sts(size="2Gi")]),
    ("h_hpa", "The chart gives its replicas up to a HorizontalPodAutoscaler", H4, "", H4, [conf("1"), sts()], [],
     [conf("1"), hpa(), sts(replicas=None)]),
    ("h_adopted", "kubectl's set, labelled and annotated by hand for Helm to take it, without claims; the ConfigMap differs", H4, "", K,
     [conf("1"), svc(**HEADLESS), sts(claims=())], ADOPT, [conf("2"), svc(**HEADLESS), sts(claims=())]),
    ("h_adopted_same", "The same, where nothing differs", H4, "", K, [conf("1"), svc(**HEADLESS), sts(claims=())], ADOPT,
     [conf("1"), svc(**HEADLESS), sts(claims=())]),
    ("h_paused", "A partition set by hand, of which the chart says nothing", H4, "--wait --timeout 25s", H4, [conf("1"), sts()], [PAUSE],
     [conf("1"), sts(image="img:2")]),
    ("h_paused_said", "A partition set by hand, where the chart says 0", H4, "--wait --timeout 25s", H4, [conf("1"), sts(**AT_ONCE)], [PAUSE],
     [conf("2"), sts(image="img:2", **AT_ONCE)]),
    ("h_min_ready", "minReadySeconds takes longer than Helm waits", H4, "--wait --timeout 15s", H4, [conf("1"), sts(minReadySeconds=10)], [],
     [conf("2"), sts(image="img:2", minReadySeconds=10)]),
    ("h_headless", "A Service becomes headless, and the image another", H4, "", H4, [conf("1"), svc(), sts()], [],
     [conf("2"), svc(**HEADLESS), sts(image="img:2")]),
    ("h_crash_undone", "--rollback-on-failure while the first new pod crashes", H4, "--rollback-on-failure --timeout 60s", H4,
     [conf("1"), sts(**SLOW)], CRASH, [conf("2"), sts(image="img:crash", **SLOW)]),
    ("h_whole", "--take-ownership and --force-replace of a set that was scaled, where the chart has no replicas", H4,
     "--take-ownership --force-replace --server-side=false", K, [conf("1"), sts()], ["kubectl scale sts/db --replicas=5"],
     [conf("1"), sts(replicas=None)]),
    ("h_balancer", "A Service of type LoadBalancer where nothing gives it an address, with --wait", H4, "--wait --timeout 20s", H4,
     [conf("1"), sts()], [], [conf("1"), svc("door", type="LoadBalancer"), sts(image="img:2")]),
    ("h3_balancer", "The same by Helm 3", H3, "--wait --timeout 20s", H3, [conf("1"), sts()], [],
     [conf("1"), svc("door", type="LoadBalancer"), sts(image="img:2")]),
    ("h3_deleted", "The set and a ConfigMap of the release were deleted by hand", H3, "", H3, [conf("1"), sts()],
     ["kubectl delete cm/conf", "kubectl delete sts/db"], [conf("1"), sts(image="img:2")]),
    ("h3_service_ip", "clusterIP: None leaves the chart", H3, "", H3, [conf("1"), svc(**HEADLESS), sts()], [], [conf("2"), svc(), sts(image="img:2")]),
    ("a_hpa_wave", "A HorizontalPodAutoscaler in a wave before its set", A, "--timeout 60s", None, [], [],
     [conf("1", **wave(0)), hpa(**wave(0)), sts(replicas=None, meta=wave(1))]),
    ("a_balancer_wave", "A Service of type LoadBalancer without an address in a wave before the set", A, "--timeout 20s", None, [], [],
     [svc(type="LoadBalancer", meta=wave(0)), sts(meta=wave(1))]),
    ("a_deployment_wave", "A Deployment whose image cannot be pulled in a wave before the set", A, "--timeout 15s", A, [conf("1"), sts(meta=wave(1))],
     BROKEN, [conf("2"), front(meta=wave(0)), sts(image="img:2", meta=wave(1))]),
    ("f_deployment", "--wait for a set that rolls and a Deployment whose image cannot be pulled", F, "--wait --timeout 15s", F, [conf("1"), sts()],
     BROKEN, [conf("2"), front(), sts(image="img:2")]),
    ("h_deployment", "The same by Helm 4", H4, "--wait --timeout 15s", H4, [conf("1"), sts()], BROKEN, [conf("2"), front(), sts(image="img:2")]),
    ("h3_deployment", "The same by Helm 3", H3, "--wait --timeout 15s", H3, [conf("1"), sts()], BROKEN, [conf("2"), front(), sts(image="img:2")]),
    ("a_job_wave", "A Job that fails in a wave before the set", A, "--timeout 30s", A, [conf("1"), sts(meta=wave(1))], CRASH,
     [conf("2"), job("img:crash", meta=wave(0)), sts(image="img:2", meta=wave(1))]),
    ("a_ingress_wave", "An Ingress that no controller serves in a wave before the set", A, "--timeout 15s", None, [], [],
     [svc(meta=wave(0)), ingress(meta=wave(0)), sts(meta=wave(1))]),
    ("f_job", "--wait for a Job that goes on for ever", F, "--wait --timeout 15s", F, [conf("1"), sts()], [], [conf("2"), job("img:1"), sts()]),
    ("h_job", "The same by Helm 4", H4, "--wait --timeout 15s", H4, [conf("1"), sts()], [], [conf("2"), job("img:1"), sts()]),
    ("f_daemon", "--wait for a DaemonSet whose image cannot be pulled", F, "--wait --timeout 15s", F, [conf("1"), sts()], BROKEN,
     [conf("2"), front("DaemonSet"), sts()]),
    ("f_daemon_17", "The same, where the timeout is no multiple of the five seconds between two looks", F, "--wait --timeout 17s", F, [conf("1"), sts()],
     BROKEN, [conf("2"), front("DaemonSet"), sts()]),
    ("h3_daemon", "The same by Helm 3", H3, "--wait --timeout 15s", H3, [conf("1"), sts()], BROKEN, [conf("2"), front("DaemonSet"), sts()]),
    ("h_daemon", "The same by Helm 4", H4, "--wait --timeout 15s", H4, [conf("1"), sts()], BROKEN, [conf("2"), front("DaemonSet"), sts()]),
    ("f_paused_deployment", "--wait for a Deployment that is paused", F, "--wait --timeout 15s", F, [conf("1"), sts()], BROKEN,
     [conf("2"), front(paused=True), sts()]),
    ("h_paused_deployment", "The same by Helm 4", H4, "--wait --timeout 15s", H4, [conf("1"), sts()], BROKEN,
     [conf("2"), front(paused=True), sts()]),
    ("h_from_flux", "Helm takes over what Flux made", H4, "--take-ownership", F, [conf("1"), sts()], [], [conf("1"), sts()]),
    ("f_from_helm", "Flux takes over what Helm 4 made", F, "", H4, [conf("1"), sts(minReadySeconds=2)], [], [conf("1"), sts(image="img:2")]),
    ("a_from_helm3", "Argo CD takes over what Helm 3 made; a field leaves the manifest", A, "", H3, [conf("1"), sts(minReadySeconds=2)], [],
     [conf("1"), sts(image="img:2")]),
    ("a_prune_waves", "Two sets of two waves are pruned", A, "--prune", A, [conf("1"), sts(meta=wave(1)), sts("web", meta=wave(2))], [], [conf("1")]),
    ("a_sets_in_waves", "Two sets of two waves roll", A, "", A, [sts(meta=wave(0)), sts("web", meta=wave(1))], [],
     [sts(image="img:2", meta=wave(0)), sts("web", image="img:2", meta=wave(1))]),
    ("a_two_forced", "Of two sets one is replaced by force, as its annotation says", A, "", A, [conf("1"), sts(meta=ANEW), sts("web")], [],
     [conf("1"), sts(meta=ANEW, claims=("store",)), sts("web", image="img:2")]),
    ("a_server_left_out", "Replicas leave the manifest in the very sync that turns to ServerSideApply", A, "--sync-option ServerSideApply=true", A,
     [conf("1"), sts()], [], [conf("1"), sts(replicas=None, image="img:2")]),
    ("f_selector", "The set's labels change, and its annotation says force", F, "", F, [conf("1"), svc(**HEADLESS), sts(meta=FORCE)], [],
     [conf("2"), svc(**HEADLESS), sts(meta=FORCE, labels={"app": "database"})]),
    ("f_ordinals", "The numbers of the pods begin with 1", F, "", F, [conf("1"), sts()], [], [conf("1"), sts(ordinals={"start": 1})]),
    ("f_hpa", "The HorizontalPodAutoscaler that had scaled to 5 goes, and replicas come back as 3", F, "", F, [hpa(), sts(replicas=None)], [],
     [sts()]),
    ("f_pdb", "A PodDisruptionBudget goes, and the image is another", F, "", F, [pdb(), sts()], [], [sts(image="img:2")]),
    ("f_if_not_present", "A set that says ssa: IfNotPresent, beside one that does not", F, "", F, [conf("1"), sts(meta=ONCE), sts("web")], [],
     [conf("2"), sts(meta=ONCE, image="img:2"), sts("web", image="img:2")]),
]

