//! StatefulSets among quotas, service accounts, and other owners' claims and revisions: what is reported, and who owns what.

use ordinal::api::release::V1_37;
use rig::file::Scenario;
use rig::run::replay;
use serde_json::Value;

/// Plays the steps, one per line, with the manifests; returns the output of commands that only read, or that ended with an error or
/// warning, and the warning Events, without duplicates.
fn told(manifests: &[(&str, &str)], steps: &str) -> Vec<String> {
    told_on("", manifests, steps)
}

/// The same, with more of the cluster specified.
fn told_on(cluster: &str, manifests: &[(&str, &str)], steps: &str) -> Vec<String> {
    let mut text = format!("name: sets\n{cluster}files:\n");
    for (name, manifest) in manifests {
        text.extend(["  ", name, ": |\n    ", &manifest.trim().replace('\n', "\n    "), "\n"]);
    }
    text += "steps:\n";
    for step in steps.trim().lines().map(str::trim) {
        let step = if step.starts_with('{') { step.to_owned() } else { format!("kubectl: {}", Value::from(step)) };
        text.extend(["- ", &step, "\n"]);
    }
    let scenario = Scenario::parse(&text).unwrap_or_else(|e| panic!("{e:?}\n{text}"));
    let played = replay(&scenario, &V1_37).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(played.cut, None, "{text}");
    let commands: Value = serde_json::from_str(&played.kubectl).unwrap();
    let mut told = Vec::new();
    for command in commands["commands"].as_array().unwrap() {
        let (asked, said) = (command["cmd"].as_str().unwrap(), ["stdout", "stderr"].map(|out| command[out].as_str().unwrap()).concat());
        if asked.starts_with("get") || asked.starts_with("describe") || said.contains("Error") || said.contains("Warning") {
            told.extend(said.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")));
        }
    }
    let entries = played.trace.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    for event in entries.filter(|entry| entry["type"] == "Warning" && entry["count"] == 1 && entry["source"] == "statefulset-controller") {
        told.push(format!("{}: {}", event["reason"].as_str().unwrap(), event["message"].as_str().unwrap()));
    }
    told
}

/// A set of two pods with claims `www` and `log`; with additions to its spec and to its pods'.
fn set(name: &str, spec: &str, pod: &str) -> String {
    let claim = |name: &str| {
        format!("  - {{metadata: {{name: {name}}}, spec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}}}\n")
    };
    format!(
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: {name}}}\nspec:\n  serviceName: web\n  replicas: 2\n  selector: {{matchLabels: \
         {{app: web}}}}\n{spec}  template:\n    metadata: {{labels: {{app: web}}}}\n    spec:\n      terminationGracePeriodSeconds: 5\n{pod}      \
         containers: [{{name: nginx, image: 'nginx:1'}}]\n  volumeClaimTemplates:\n{}{}",
        claim("www"),
        claim("log")
    )
}

fn quota(hard: &str) -> String {
    format!("apiVersion: v1\nkind: ResourceQuota\nmetadata: {{name: q}}\nspec: {{hard: {hard}}}\n")
}

const OWNERS: &str = "get pvc -o custom-columns=N:.metadata.name,O:.metadata.ownerReferences[*].kind";

#[test]
fn every_claim_of_a_pod_is_tried_and_what_fails_is_told_together() {
    let full = "is forbidden: exceeded quota: q, requested: persistentvolumeclaims=1, used: persistentvolumeclaims=0, limited: \
                persistentvolumeclaims=0";
    let failed = |claim: &str| format!("persistentvolumeclaims \"{claim}\" {full}");
    let (www, log) = (failed("www-web-0"), failed("log-web-0"));
    assert_eq!(
        told(
            &[("q.yaml", &quota("{persistentvolumeclaims: '0'}")), ("web.yaml", &set("web", "", ""))],
            "apply -f q.yaml\n{sleep: 1}\napply -f web.yaml\n{sleep: 1}"
        ),
        [
            format!("FailedCreate: Create Claim www-web-0 for Pod web-0 in StatefulSet web failed error: {www}"),
            format!("FailedCreate: Create Claim log-web-0 for Pod web-0 in StatefulSet web failed error: {log}"),
            format!(
                "FailedCreate: Create Pod web-0 in StatefulSet web failed error: [failed to create PVC www-web-0: {www}, failed to create PVC \
                 log-web-0: {log}]"
            ),
        ]
    );
}

#[test]
fn claims_of_a_pod_that_is_pending_get_the_owners_of_a_changed_policy() {
    let pending = set("web", "", "      nodeSelector: {no: where}\n");
    let policy = r#"patch sts web -p '{"spec":{"persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Delete"}}}'"#;
    let steps = format!("apply -f web.yaml\n{{sleep: 1}}\n{policy}\n{{sleep: 1}}\n{OWNERS}");
    assert_eq!(told(&[("web.yaml", &pending)], &steps), ["N O", "log-web-0 StatefulSet", "www-web-0 StatefulSet"]);
}

#[test]
fn a_claim_that_somebody_else_manages_is_left_alone_and_told_of() {
    let spec = "  persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete, whenScaled: Delete}\n";
    let keeper = "apiVersion: v1\nkind: Pod\nmetadata: {name: keeper}\nspec: {containers: [{name: c, image: a}]}\n";
    let claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: www-web-0}\nspec: {accessModes: [ReadWriteOnce], resources: \
                 {requests: {storage: 1Gi}}}\n";
    let owned = r#"patch pvc www-web-0 -p '{"metadata":{"ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"keeper","uid":"${uid:keeper}","controller":true}]}}'"#;
    let steps = format!("apply -f keeper.yaml\n{{sleep: 1}}\napply -f claim.yaml\n{owned}\napply -f web.yaml\n{{sleep: 9}}\n{OWNERS}");
    assert_eq!(
        told(&[("keeper.yaml", keeper), ("claim.yaml", claim), ("web.yaml", &set("web", spec, ""))], &steps),
        [
            "N O",
            "log-web-0 StatefulSet",
            "log-web-1 StatefulSet",
            "www-web-0 Pod",
            "www-web-1 StatefulSet",
            "ConflictingController: PersistentVolumeClaim www-web-0 has a conflicting OwnerReference that acts as a manging controller, the \
             retention policy is ignored for this claim",
        ]
    );
}

#[test]
fn a_quota_tells_what_is_taken_and_pods_must_tell_what_it_limits() {
    let found = told(
        &[("q.yaml", &quota("{pods: '2', requests.cpu: '1', count/statefulsets.apps: '1'}")), ("web.yaml", &set("web", "", ""))],
        "apply -f q.yaml\n{sleep: 1}\napply -f web.yaml\n{sleep: 1}\nset resources sts web --requests=cpu=300m\n{sleep: 12}\ndescribe quota q\n\
         scale sts web --replicas=1\n{sleep: 8}\nget quota q -o jsonpath={.status.used}",
    );
    assert_eq!(
        found,
        [
            "Name: q",
            "Namespace: default",
            "Resource Used Hard",
            "-------- ---- ----",
            "count/statefulsets.apps 1 1",
            "pods 2 2",
            "requests.cpu 600m 1",
            r#"{"count/statefulsets.apps":"1","pods":"1","requests.cpu":"300m"}"#,
            "FailedCreate: Create Pod web-0 in StatefulSet web failed error: pods \"web-0\" is forbidden: failed quota: q: must specify \
             requests.cpu for: nginx",
        ]
    );
}

#[test]
fn a_quota_with_a_scope_is_about_the_pods_in_it() {
    let scoped = quota("{pods: '0'}").replace("spec: {", "spec: {scopes: [BestEffort], ");
    let pod = |name: &str, more: &str| {
        format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec: {{containers: [{{name: c, image: a{more}}}]}}\n")
    };
    let (small, sure) = (pod("small", ""), pod("sure", ", resources: {requests: {cpu: 1m}}"));
    let steps = "apply -f q.yaml\n{sleep: 1}\napply -f small.yaml\napply -f sure.yaml\n{sleep: 1}\nget quota q -o jsonpath={.status.used}";
    assert_eq!(
        told(&[("q.yaml", &scoped), ("small.yaml", &small), ("sure.yaml", &sure)], steps),
        [
            "Error from server (Forbidden): error when creating \"small.yaml\": pods \"small\" is forbidden: exceeded quota: q, requested: \
             pods=1, used: pods=0, limited: pods=0",
            r#"{"pods":"0"}"#,
        ]
    );
}

#[test]
fn a_quota_is_looked_at_before_the_next_object_of_its_file_comes() {
    let both = format!(
        "{}---\n{}",
        quota("{pods: '0'}"),
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: a}]}\n"
    );
    let steps = "apply -f both.yaml\n{sleep: 1}\nget quota q -o jsonpath={.status.used}\nget pods -o name";
    let refused = "Error from server (Forbidden): error when creating \"both.yaml\": pods \"p\" is forbidden: exceeded quota: q, requested: \
                   pods=1, used: pods=0, limited: pods=0";
    assert_eq!(told(&[("both.yaml", &both)], steps), ["resourcequota/q created", refused, r#"{"pods":"0"}"#]);
}

#[test]
fn a_pod_needs_its_account() {
    let found = told(
        &[("web.yaml", &set("web", "", "      serviceAccountName: nobody\n"))],
        "apply -f web.yaml\n{sleep: 1}\ncreate sa nobody\n{sleep: 6}\nget pods -o name",
    );
    assert_eq!(
        found,
        [
            "pod/web-0",
            "pod/web-1",
            "FailedCreate: Create Pod web-0 in StatefulSet web failed error: pods \"web-0\" is forbidden: error looking up service account \
             default/nobody: serviceaccount \"nobody\" not found",
        ]
    );
}

#[test]
fn of_revisions_alike_and_of_one_second_the_name_decides_which_is_the_last() {
    let (web, db) = (set("web", "", ""), set("db", "", ""));
    let both = format!("{web}---\n{db}");
    let steps = "apply -f both.yaml\n{sleep: 9}\ndelete sts web --cascade=orphan\n{sleep: 12}\n\
                 get controllerrevisions -o custom-columns=N:.metadata.name,O:.metadata.ownerReferences[*].name\n\
                 get sts db -o jsonpath={.status.updateRevision}";
    let found = told(&[("both.yaml", &both)], steps);
    assert!(found.iter().skip(1).take(2).all(|line| line.ends_with(" db")), "{found:#?}");
    assert!(found[3].starts_with("web-"), "{found:#?}");
}

#[test]
fn a_pod_that_a_finalizer_holds_is_written_no_more() {
    let hold = r#"patch pod web-1 -p '{"metadata":{"finalizers":["example.com/hold"]}}'"#;
    let version = "get pod web-1 -o jsonpath={.metadata.resourceVersion}";
    let steps = format!(
        "apply -f web.yaml\n{{wait: {{sts: web, ready: 2}}}}\n{hold}\nscale sts web --replicas=1\n{{sleep: 9}}\n{version}\n{{sleep: 60}}\n{version}"
    );
    let found = told(&[("web.yaml", &set("web", "", ""))], &steps);
    assert!(found[0].parse::<u64>().is_ok() && found[0] == found[1], "{found:?}");
}

/// Without `rollingUpdate`, a pod is made anew at the old revision while the status counts enough of them; the sync that does so goes on
/// to replace it. Recorded on a real 1.37.1: after two or three such pods the newest revision stays.
#[test]
fn a_parallel_set_does_not_keep_the_old_pod_that_it_has_just_made() {
    let plain = set("web", "  podManagementPolicy: Parallel\n  updateStrategy: {type: RollingUpdate}\n", "");
    let made = "get pod web-0 -o jsonpath={.spec.containers[0].image}/{.metadata.uid}";
    let steps = format!(
        "apply -f web.yaml\n{{wait: {{sts: web, ready: 2}}}}\nset image sts/web nginx=nginx:broken\n{{sleep: 4}}\ndelete pod web-0\n\
         {{sleep: 20}}\n{made}\n{{sleep: 20}}\n{made}"
    );
    let found = told(&[("web.yaml", &plain)], &steps);
    assert!(found[0].starts_with("nginx:broken/") && found[0] == found[1], "{found:?}");
}

#[test]
fn a_template_that_names_its_node_passes_the_scheduler_by_and_its_claims_wait_for_ever() {
    let steps = "apply -f web.yaml\n{wait: {sts: web, ready: 2}}\n{sleep: 20}\n\
                 get pods -o custom-columns=N:.metadata.name,NODE:.spec.nodeName\nget pvc -o custom-columns=P:.status.phase";
    let found = told(&[("web.yaml", &set("web", "", "      nodeName: node-2\n"))], steps);
    assert_eq!(found, ["N NODE", "web-0 node-2", "web-1 node-2", "P", "Pending", "Pending", "Pending", "Pending"]);
}

#[test]
fn to_apply_what_is_being_deleted_is_warned_of_even_where_nothing_changes() {
    let steps = "apply -f web.yaml\n{wait: {sts: web, ready: 2}}\ndelete sts web --cascade=foreground --wait=false\napply -f web.yaml\n\
                 apply -f web.yaml --dry-run=client";
    let with_claims = set("web", "", "").replace("nginx:1", "nginx:stubborn");
    let (manifest, _) = with_claims.split_once("  volumeClaimTemplates").unwrap();
    let found = told(&[("web.yaml", manifest)], steps);
    let warning = "Warning: Detected changes to resource web which is currently being deleted.";
    assert_eq!(found, ["statefulset.apps/web unchanged", warning, "statefulset.apps/web unchanged (dry run)", warning]);
}

#[test]
fn a_set_made_anew_waits_out_its_retries_while_pods_of_the_old_one_go() {
    let slow = set("web", "  podManagementPolicy: Parallel\n", "").replace("nginx:1", "nginx:stubborn").replace("Seconds: 5", "Seconds: 3");
    let steps = "apply -f web.yaml\n{wait: {sts: web, ready: 2}}\ndelete sts web --wait=false\napply -f web.yaml\n{sleep: 2}\n\
                 get pods -o custom-columns=N:.metadata.name,O:.metadata.ownerReferences[*].name,D:.metadata.deletionGracePeriodSeconds\n\
                 {sleep: 20}\nget sts";
    assert_eq!(told(&[("web.yaml", &slow)], steps), ["N O D", "web-0 web 3", "web-1 web 3", "NAME READY AGE", "web 2/2 22s"]);
}

#[test]
fn an_event_tells_the_version_of_what_its_speaker_had_at_hand() {
    let steps = "apply -f web.yaml\n{wait: {sts: web, ready: 2}}\nget events -o custom-columns=R:.reason,V:.involvedObject.resourceVersion";
    let found = told(&[("web.yaml", &set("web", "", ""))], steps);
    for reason in ["Scheduled", "SuccessfulCreate", "ExternalProvisioning"] {
        let mut versions = found.iter().filter_map(|line| line.strip_prefix(reason)?.trim().parse::<u64>().ok());
        assert!(versions.next().is_some_and(|version| version > 0), "{reason}: {found:#?}");
    }
}

#[test]
fn a_pod_whose_volumes_do_not_come_says_so_when_its_time_is_over_and_is_tried_again() {
    let everywhere = set("web", "", "").replace("ReadWriteOnce", "ReadWriteMany");
    let why = "get events --field-selector reason=FailedScheduling -o jsonpath={.items[*].message}";
    let steps = format!("apply -f web.yaml\n{{sleep: 590}}\n{why}\n{{sleep: 20}}\n{why}");
    let found = told_on("cluster: {realNodes: true}\n", &[("web.yaml", &everywhere)], &steps);
    assert_eq!(found, ["running PreBind plugin \"VolumeBinding\": binding volumes: context deadline exceeded"]);
}

#[test]
fn a_claim_that_got_its_owner_since_the_scheduler_saw_it_is_refused_at_once() {
    let owned = set("web", "  persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete}\n", "");
    let why = "get events --field-selector reason=FailedScheduling -o jsonpath={.items[*].message}";
    let steps = format!("apply -f web.yaml\n{{sleep: 0.5}}\n{why}\n{{sleep: 4}}\nget pod web-0 -o jsonpath={{.status.phase}}");
    let refused = "Operation cannot be fulfilled on persistentvolumeclaims \"www-web-0\": the object has been modified; please apply your \
                   changes to the latest version and try again";
    let why = format!("running PreBind plugin \"VolumeBinding\": {refused}");
    assert_eq!(told(&[("web.yaml", &owned)], &steps), [why.as_str(), "Running"]);
}

#[test]
fn finalizers_of_a_template_are_its_pods() {
    let text =
        set("web", "", "").replace("metadata: {labels: {app: web}}", "metadata: {labels: {app: web}, finalizers: [example.com/guard]}");
    let finalizers = "get pods -o custom-columns=N:.metadata.name,F:.metadata.finalizers[*],D:.metadata.deletionGracePeriodSeconds";
    let steps = format!("apply -f web.yaml\n{{sleep: 20}}\n{finalizers}\ndelete pod web-1 --wait=false\n{{sleep: 20}}\n{finalizers}");
    let held = ["N F D", "web-0 example.com/guard <none>"];
    assert_eq!(
        told(&[("web.yaml", &text)], &steps),
        [held[0], held[1], "web-1 example.com/guard <none>", held[0], held[1], "web-1 example.com/guard 0"]
    );
}

#[test]
fn a_claim_gets_its_owner_also_where_its_pod_is_refused() {
    let spec = "  persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete}\n  podManagementPolicy: Parallel\n";
    let steps = format!("apply -f q.yaml\n{{sleep: 1}}\napply -f web.yaml\n{{sleep: 6}}\n{OWNERS}");
    let found = told(&[("q.yaml", &quota("{pods: '1'}")), ("web.yaml", &set("web", spec, ""))], &steps);
    let owned = ["log-web-0", "log-web-1", "www-web-0", "www-web-1"].map(|claim| format!("{claim} StatefulSet"));
    assert_eq!(found[1..5], owned, "{found:?}");
    assert!(
        found[5].starts_with("FailedCreate: Create Pod web-1 in StatefulSet web failed error: pods \"web-1\" is forbidden"),
        "{found:?}"
    );
}

#[test]
fn a_quota_of_a_class_counts_the_claims_that_get_it_by_default() {
    let hard = "{local-path.storageclass.storage.k8s.io/requests.storage: 2Gi}";
    let found =
        told(&[("q.yaml", &quota(hard)), ("web.yaml", &set("web", "", ""))], "apply -f q.yaml\n{sleep: 1}\napply -f web.yaml\n{sleep: 9}");
    let full = "exceeded quota: q, requested: local-path.storageclass.storage.k8s.io/requests.storage=1Gi, used: \
                local-path.storageclass.storage.k8s.io/requests.storage=2Gi";
    assert!(found.iter().any(|line| line.starts_with("FailedCreate: Create Claim www-web-1") && line.contains(full)), "{found:?}");
}

#[test]
fn a_pod_tells_what_its_set_and_the_server_made_of_the_template() {
    let pod = "      subdomain: own\n      topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: \
               DoNotSchedule, labelSelector: {matchLabels: {app: web}}, matchLabelKeys: [statefulset.kubernetes.io/pod-name]}]\n";
    let selector = "get pod web-1 -o jsonpath={.spec.topologySpreadConstraints[0].labelSelector}";
    let named = "get pod web-1 -o jsonpath=[{.spec.subdomain}]";
    let without = set("web", "", pod).replace("  serviceName: web\n", "");
    let found = told(&[("web.yaml", &without)], &format!("apply -f web.yaml\n{{sleep: 9}}\n{selector}\n{named}"));
    let merged = r#"{"matchExpressions":[{"key":"statefulset.kubernetes.io/pod-name","operator":"In","values":["web-1"]}],"matchLabels":{"app":"web"}}"#;
    assert_eq!(found, [merged, "[]"]);
}

#[test]
fn a_pod_and_its_endpoint_are_in_the_zone_of_their_node() {
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {clusterIP: None, selector: {app: web}}\n";
    let steps = "label nodes --all topology.kubernetes.io/zone=z1 topology.kubernetes.io/region=r1\napply -f svc.yaml\napply -f web.yaml\n\
                 {sleep: 9}\nget pods -o 'custom-columns=R:.metadata.labels.topology\\.kubernetes\\.io/region,Z:.metadata.labels.topology\\.kubernetes\\.io/zone'\n\
                 get endpointslices -o jsonpath={.items[0].endpoints[*].zone}";
    let found = told(&[("svc.yaml", service), ("web.yaml", &set("web", "", ""))], steps);
    assert_eq!(found, ["R Z", "r1 z1", "r1 z1", "z1 z1"]);
}

/// The set web without claims; with additions to its spec.
fn without_claims(spec: &str) -> String {
    let set = set("web", spec, "");
    set.split_once("  volumeClaimTemplates").expect("its claims come last").0.to_owned()
}

fn bare(names: &[&str]) -> String {
    let pod = |name: &&str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, labels: {{app: web}}}}\nspec:\n  terminationGracePeriodSeconds: 5\n  \
             containers: [{{name: nginx, image: 'nginx:1'}}]\n"
        )
    };
    names.iter().map(pod).collect::<Vec<_>>().join("---\n")
}

/// Models getParentNameAndOrdinal: zeros before a number are read over, and what is too large for an ordinal has none.
#[test]
fn a_set_takes_any_pod_with_its_name_and_a_number() {
    let web = without_claims("");
    let pods = bare(&["web-05", "web-99999999999", "web--1", "web-x"]);
    let steps = "apply -f web.yaml
        {wait: {sts: web, ready: 2}}
        apply -f pods.yaml
        {sleep: 8}
        get pods --no-headers -o custom-columns=N:.metadata.name,O:.metadata.ownerReferences[*].name
        get sts web --no-headers -o custom-columns=R:.status.replicas,READY:.status.readyReplicas
        label pod web-99999999999 app-
        {sleep: 1}
        get pods --no-headers -o custom-columns=N:.metadata.name,O:.metadata.ownerReferences[*].name";
    let pods_are =
        |web: &str| ["web--1 <none>", "web-0 web", "web-1 web", &format!("web-99999999999 {web}"), "web-x <none>"].map(str::to_owned);
    let [before, after] = ["web", "<none>"].map(pods_are);
    let want: Vec<String> = before.into_iter().chain(["2 2".to_owned()]).chain(after).collect();
    assert_eq!(told(&[("web.yaml", &web), ("pods.yaml", &pods)], steps), want);
}

#[test]
fn a_pod_with_zeros_in_its_name_takes_a_place_that_is_free_and_is_never_what_it_should_be() {
    let web = without_claims("");
    let pods = bare(&["web-00", "web-01"]);
    let names = "get pods --no-headers -o custom-columns=N:.metadata.name,O:.metadata.ownerReferences[*].name";
    let steps = format!(
        "apply -f pods.yaml\n{{sleep: 5}}\napply -f web.yaml\n{{sleep: 5}}\n{names}\nget sts web --no-headers\ndelete pod web-00 --wait=false\n\
         {{sleep: 9}}\n{names}\ndelete pod web-01 --wait=false\n{{wait: {{sts: web, ready: 2}}}}\n{{settle: 5}}\n{names}"
    );
    let refused = |n| format!("FailedUpdate: Update Pod web-{n} in StatefulSet web failed error: pods \"web-{n}\" not found");
    let got = told(&[("web.yaml", &web), ("pods.yaml", &pods)], &steps);
    let got: Vec<_> = got.iter().map(|line| line.strip_prefix("web 2/2").map_or(line.as_str(), |_| "web 2/2")).collect();
    let want = ["web-00 web", "web-01 web", "web 2/2", "web-0 web", "web-01 web", "web-0 web", "web-1 web", &refused(0), &refused(1)];
    assert_eq!(got, want);
}

/// Models status_manager.go updateLastTransitionTime: what others said of the pod while its node was silent does not count.
#[test]
fn a_pod_of_a_node_that_comes_back_is_ready_since_it_was_before() {
    let web = without_claims("  minReadySeconds: 20\n");
    let web = web.replace("replicas: 2", "replicas: 1").replace("      containers:", "      nodeName: node-2\n      containers:");
    let status = "get sts web --no-headers -o custom-columns=R:.status.readyReplicas,A:.status.availableReplicas";
    let steps = format!(
        "apply -f web.yaml\n{{wait: {{sts: web, ready: 1}}}}\n{{sleep: 30}}\n{status}\n{{fault: {{op: node-down, node: node-2}}}}\n{{sleep: 90}}\n\
         {status}\n{{fault: {{op: node-up, node: node-2}}}}\n{{wait: {{sts: web, ready: 1}}}}\n{{sleep: 2}}\n{status}"
    );
    let got = told(&[("web.yaml", &web)], &steps);
    assert_eq!(got, ["1 1", "<none> 0", "1 1"]);
}
