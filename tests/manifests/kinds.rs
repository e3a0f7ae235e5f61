//! Data that goes or stays behind, two writers, cures of no fault, values that cannot be used, lists of members, sets that somebody holds.

use ordinal::api::object::Pod;
use ordinal::api::release::V1_37;
use ordinal::base::slices::{Slices, whole};
use ordinal::intake::told;
use ordinal::plan::case::{self, Case};
use ordinal::plan::course::End;
use ordinal::plan::manifest::diagnosis;
use ordinal::plan::{Change, Finding, Plan, report};
use ordinal::risks::faults;
use ordinal::risks::{Options, Search, Start, told as risked};
use ordinal::text::risks::Fault;

/// A Service, and a set of it with more in its spec, its pods and its container.
fn set(name: &str, image: &str, replicas: u8, [spec, pod, container]: [&str; 3]) -> String {
    let line = |margin: usize, text: &str| if text.is_empty() { String::new() } else { format!("{:margin$}{text}\n", "") };
    format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{clusterIP: None, selector: {{app: {name}}}, ports: [{{port: \
         80}}]}}\n---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: {name}}}\nspec:\n  serviceName: {name}\n  replicas: \
         {replicas}\n  selector: {{matchLabels: {{app: {name}}}}}\n{}  template:\n    metadata: {{labels: {{app: {name}}}}}\n    \
         spec:\n{}      containers:\n      - name: c\n        image: {image}\n{}---\n",
        line(2, spec),
        line(6, pod),
        line(8, container)
    )
}

fn planned(before: &str, after: &str, change: &Change) -> Plan {
    Case::new(before, after, &V1_37).plan(change).unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// The plan of lines that are typed.
fn typed(before: &str, lines: &[&str]) -> Plan {
    planned(before, "", &Change::Lines(lines.iter().map(|line| (*line).to_owned()).collect()))
}

fn told_of(plan: &Plan) -> String {
    report::text(plan, "after.yaml")
}

/// The plan says all of these words, and has the finding.
fn says(plan: &Plan, finding: Finding, words: &[&str]) {
    let told = told_of(plan);
    let lacks: Vec<&&str> = words.iter().filter(|words| !told.contains(**words)).collect();
    assert!(lacks.is_empty() && plan.findings().contains(&finding), "{lacks:?} {:?} in {told}", plan.findings());
}

fn says_not(told: &str, words: &[&str]) {
    let has: Vec<&&str> = words.iter().filter(|words| told.contains(**words)).collect();
    assert!(has.is_empty(), "{has:?} in {told}");
}

/// The diagnosis of a manifest, as people read it.
fn diagnosed(text: &str) -> String {
    told::text(&diagnosis(text, &V1_37, Slices::WHOLE).map(|work| whole(work.within())).expect("a manifest"))
}

/// The node of a pod in the world of a manifest.
fn node_of(text: &str, pod: &str) -> String {
    let world = case::world(text, &V1_37).unwrap_or_else(|faults| panic!("{faults:?}"));
    let found: Option<&Pod> = world.sim().tables().pod("default", pod).map(|pod| &**pod);
    found.and_then(|pod| pod.node.as_deref()).expect("a node").to_owned()
}

const WELL: [&str; 3] = ["leaves nothing waiting", "ends well", "All 3 pods run the new template"];

#[test]
fn a_folder_of_a_node_stays_where_its_pod_was() {
    let pg = |pod: &str| {
        let volume = format!("{pod}volumes: [{{name: d, hostPath: {{path: /srv/pg, type: DirectoryOrCreate}}}}]");
        let container =
            "env: [{name: POSTGRES_PASSWORD, value: x}]\n        volumeMounts: [{name: d, mountPath: /var/lib/postgresql/data}]";
        set("pg", "postgres:15-alpine", 1, ["", &volume, container])
    };
    let manifest = pg("");
    let node = node_of(&manifest, "pg-0");
    let drained = typed(&manifest, &[&format!("kubectl drain {node} --ignore-daemonsets")]);
    says(&drained, Finding::Data, &["/var/lib/postgresql/data", "hostPath", &format!("old files stay on {node}"), "new and empty"]);
    says_not(&told_of(&drained), &WELL);
    // Where the pod comes back to its node, it might have come up on another.
    let restarted = typed(&manifest, &["kubectl rollout restart sts/pg"]);
    let is_moved = told_of(&restarted).contains("old files stay");
    says(&restarted, if is_moved { Finding::Data } else { Finding::Unjudged }, &["hostPath"]);
    says_not(&told_of(&restarted), &WELL);
    // A pod that may run on one node only finds its files again.
    let bound = typed(&pg(&format!("nodeName: {node}\n      ")), &["kubectl delete pod pg-0"]);
    says_not(&told_of(&bound), &["hostPath", "on no volume"]);
    assert!(!bound.findings().contains(&Finding::Data));
}

#[test]
fn what_is_in_an_empty_dir_goes_with_each_pod_whatever_takes_it() {
    let c = set("c", "redis:7", 3, ["", "volumes: [{name: d, emptyDir: {}}]", "volumeMounts: [{name: d, mountPath: /data}]"]);
    let drain = format!("kubectl drain {} --ignore-daemonsets --delete-emptydir-data", node_of(&c, "c-1"));
    for (line, pods) in [
        ("kubectl rollout restart sts/c", "c-0, c-1, c-2"),
        ("kubectl delete pod c-1", "c-1"),
        ("kubectl set image sts/c c=redis:7.4", "c-0, c-1, c-2"),
        ("kubectl scale sts/c --replicas=2", "c-2"),
        (&drain, "c-1"),
    ] {
        let plan = typed(&c, &[line]);
        says(&plan, Finding::Data, &[&format!("What {pods} of c had at /data is in an emptyDir, and is gone")]);
        says_not(&told_of(&plan), &WELL);
    }
    let cache = c.replace("name: d,", "name: cache,").replace("/data", "/var/cache");
    assert!(!typed(&cache, &["kubectl delete pod c-1"]).findings().contains(&Finding::Data));
    // On no volume at all.
    let none = set("pg", "postgres:15", 1, ["", "", "env: [{name: POSTGRES_PASSWORD, value: x}]"]);
    says(&typed(&none, &["kubectl delete pod pg-0"]), Finding::Data, &["on no volume, and is gone"]);
    // Members that run on may give it back.
    let member =
        set("db", "cassandra:5", 3, ["", "volumes: [{name: d, emptyDir: {}}]", "volumeMounts: [{name: d, mountPath: /var/lib/cassandra}]"]);
    let restarted = typed(&member, &["kubectl rollout restart sts/db"]);
    says(&restarted, Finding::Unjudged, &["Not judged: whether the other members give it back"]);
}

const CLAIM: &str = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: files}\nspec: {accessModes: [ReadWriteMany], resources: \
                     {requests: {storage: 1Gi}}}\n---\n";

fn on_one_claim(image: &str, mount: &str, replicas: u8) -> String {
    let container = format!("env: [{{name: POSTGRES_PASSWORD, value: x}}]\n        volumeMounts: [{{name: d, {mount}}}]");
    set(
        "a",
        image,
        replicas,
        ["podManagementPolicy: Parallel", "volumes: [{name: d, persistentVolumeClaim: {claimName: files}}]", &container],
    )
}

#[test]
fn pods_that_name_one_claim_write_one_directory() {
    let line = ["kubectl scale sts/a --replicas=2"];
    let any = on_one_claim("example.com/a:1", "mountPath: /d, subPath: db", 1);
    for manifest in [format!("{CLAIM}{any}"), any.clone()] {
        let plan = typed(&manifest, &line);
        says(&plan, Finding::Stuck, &["a-0, a-1 of a write one directory: db of claim files"]);
        says_not(&told_of(&plan), &WELL);
    }
    let postgres = typed(&on_one_claim("postgres:15", "mountPath: /var/lib/postgresql/data, subPath: db", 1), &line);
    says(&postgres, Finding::Stuck, &["write one directory"]);
    says_not(&told_of(&postgres), &["keeps its own", "New, empty"]);
    // A directory for each pod, and one that is only read, have one writer each.
    let env = "fieldRef: {fieldPath: metadata.name}";
    for mount in ["mountPath: /d, subPathExpr: $(POD)", "mountPath: /d, readOnly: true"] {
        let own = on_one_claim("example.com/a:1", mount, 1)
            .replace("{name: POSTGRES_PASSWORD, value: x}", &format!("{{name: POD, valueFrom: {{{env}}}}}"));
        says_not(&told_of(&typed(&own, &line)), &["write one directory"]);
    }
    let network = on_one_claim("example.com/a:1", "mountPath: /d", 1);
    let network = network.replace("persistentVolumeClaim: {claimName: files}", "nfs: {server: files.example.com, path: /a}");
    says(&typed(&network, &line), Finding::Stuck, &["write one directory of the network, by volume d"]);
    let placed = network.replace("volumes: [", &format!("nodeName: {}\n      volumes: [", node_of(&network, "a-0")));
    let forced = typed(&placed, &["kubectl delete pod a-0 --force --grace-period=0"]);
    says(&forced, Finding::Stuck, &["Two processes run as a-0"]);
    // What two write already is no news.
    let before = on_one_claim("example.com/a:1", "mountPath: /d", 2);
    says_not(&told_of(&typed(&before, &["kubectl set image sts/a c=example.com/a:2"])), &["write one directory"]);
}

#[test]
fn risks_know_the_same_writers() {
    let found = |text: &str| faults::of(text).into_iter().any(|one| one.fault == Fault::OneClaim);
    let with = |mount: &str, replicas: u8| format!("{CLAIM}{}", on_one_claim("example.com/a:1", mount, replicas));
    assert!(found(&with("mountPath: /d, subPath: db", 1)) && found(&with("mountPath: /d", 2)));
    assert!(!found(&with("mountPath: /d, subPathExpr: $(POD)", 2)) && !found(&with("mountPath: /d, readOnly: true", 2)));
}

#[test]
fn a_service_for_clients_is_no_missing_headless_one() {
    let gw = set("gw", "example.com/gw:1", 1, ["", "", ""]);
    for kind in ["type: LoadBalancer", "type: NodePort"] {
        let told = diagnosed(&gw.replace("clusterIP: None", kind));
        assert!(told.contains("Nothing is stuck"), "{told}");
        says_not(&told, &["what ends it", "delete svc", "not headless"]);
        let none = diagnosed(&gw.replace("clusterIP: None, selector: {app: gw}", &format!("{kind}, selector: {{app: gww}}")));
        assert!(none.contains("selects none of its pods"), "{none}");
        says_not(&none, &["what ends it", "CoreDNS answers"]);
    }
    // A Service with an address within the cluster keeps that address.
    let within = diagnosed(&gw.replace("clusterIP: None, ", ""));
    assert!(within.contains("is not headless"), "{within}");
    says_not(&within, &["what ends it", "delete svc"]);
    // One that is not there may be made: that takes nothing from anybody.
    let (_, alone) = gw.split_once("---\n").expect("a Service first");
    let missing = diagnosed(alone);
    assert!(missing.contains("Nothing is stuck") && missing.contains("create service clusterip gw --clusterip=None"), "{missing}");
    says_not(&missing, &["what ends it"]);
}

#[test]
fn no_program_is_replaced_by_one_that_does_nothing() {
    let init = "initContainers: [{name: i, image: \"busybox:1.36\", command: [sh, -c, exit 3]}]";
    says_not(&diagnosed(&set("a", "nginx:1.27", 1, ["", init, ""])), &["[\"true\"]"]);
    says_not(&diagnosed(&set("a", "busybox:1.36", 1, ["", "", "command: [sh, -c, exit 3]"])), &["infinity"]);
}

/// Pods that may not share a node, of which the fourth finds none.
const APART: &str = "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, \
                     labelSelector: {matchLabels: {app: gw}}}]}}";

#[test]
fn who_holds_a_rollout_hides_no_pod_that_no_node_takes() {
    for (strategy, ends) in
        [("{type: OnDelete}", "kubectl -n default delete pod gw-2"), ("{rollingUpdate: {partition: 4}}", "\"partition\":0")]
    {
        let spec = format!("podManagementPolicy: Parallel\n  updateStrategy: {strategy}");
        let plan = typed(&set("gw", "nginx:1.27", 4, [&spec, APART, ""]), &["kubectl set image sts/gw c=nginx:1.28"]);
        assert_eq!(plan.given.outcome.end, End::Stuck, "{}", told_of(&plan));
        says(&plan, Finding::Stuck, &["3 node(s) didn't match pod anti-affinity rules", "scale sts gw --replicas=3"]);
        // What ends the wait for a node leaves the rollout to whoever holds it.
        says_not(&told_of(&plan), &["as it is told to", ends]);
        let held = typed(
            &set("gw", "nginx:1.27", 3, [&spec.replace("partition: 4", "partition: 3"), APART, ""]),
            &["kubectl set image sts/gw c=nginx:1.28"],
        );
        assert_eq!(held.given.outcome.end, End::Held, "{}", told_of(&held));
    }
}

fn rabbit(node_name_first: bool) -> String {
    let (name, pod) =
        ("{name: RABBITMQ_NODENAME, value: rabbit@$(POD).mq}", "{name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}");
    let env = if node_name_first { [name, pod] } else { [pod, name] }.join(", ");
    let probe = "readinessProbe: {exec: {command: [rabbitmq-diagnostics, -q, check_running]}}";
    set("mq", "rabbitmq:3.12-management", 3, ["", "", &format!("env: [{env}]\n        {probe}")])
}

#[test]
fn a_known_program_does_not_start_with_a_host_that_nothing_fills_in() {
    let told = diagnosed(&rabbit(true));
    assert!(told.contains("mq-0") && told.contains("RABBITMQ_NODENAME") && !told.contains("Nothing is stuck"), "{told}");
    assert!(diagnosed(&rabbit(false)).contains("mq is complete"));
    let mended = planned(&rabbit(true), &rabbit(false), &Change::Manifest(rabbit(false)));
    says(&mended, Finding::Stuck, &["waits for mq-0", "kubectl -n default delete pod mq-0"]);
    says_not(&told_of(&mended), &["All 3 pods run the new template"]);
    // Any program that is known, by its variables and by its options; what a shell runs is none of these.
    let etcd = |url: &str| {
        set("e", "quay.io/coreos/etcd:v3.5.9", 1, ["", "", &format!("command: [etcd, \"--initial-advertise-peer-urls={url}\"]")])
    };
    assert!(diagnosed(&etcd("http://$(NAME).e:2380")).contains("initial-advertise-peer-urls"));
    assert!(diagnosed(&etcd("http://e-0.e:2380")).contains("e is complete"));
}

#[test]
fn members_that_the_settings_list_are_missed_when_a_set_grows_or_shrinks() {
    for setting in [
        "args: [http://a-0.a/d, http://a-1.a/d, http://a-2.a/d]",
        "args: [\"http://a-{0...2}.a/d\"]",
        "env: [{name: ALL, value: \"a-0,a-1,a-2\"}]",
    ] {
        let manifest = set("a", "example.com/a:1", 3, ["", "", setting]);
        let more = typed(&manifest, &["kubectl scale sts/a --replicas=4"]);
        says(&more, Finding::Stuck, &["The settings of a name 3 members, and not a-3"]);
        let fewer = typed(&manifest, &["kubectl scale sts/a --replicas=2"]);
        says(&fewer, Finding::Stuck, &["The settings of a name 3 members, and a-2 is gone"]);
        for plan in [&more, &fewer] {
            says_not(&told_of(plan), &WELL);
        }
        let found = faults::of(&manifest).into_iter().find(|one| one.fault == Fault::MembersListed).expect("a list");
        assert!(found.told().contains("a-0, a-1, a-2"), "{}", found.told());
    }
    // A name of another set, and one own pod, are no list.
    for setting in ["args: [http://aa-0.a/d, http://aa-1.a/d]", "args: [http://a-0.a/d]"] {
        let plan = typed(&set("a", "example.com/a:1", 3, ["", "", setting]), &["kubectl scale sts/a --replicas=4"]);
        says_not(&told_of(&plan), &["The settings of a name"]);
    }
}

/// What the fields of a manifest show, as the list tells each.
fn shown(text: &str) -> Vec<String> {
    faults::of(text).iter().map(|one| one.told()).collect()
}

#[test]
fn bash_takes_a_command_in_parentheses_for_no_sum_and_an_unread_script_counts_as_done() {
    let run = |script: &str| {
        let init = format!("initContainers: [{{name: i, image: concourse/concourse:7, command: [/bin/bash, -ce], args: ['{script}']}}]");
        set("a", "nginx:1.25", 1, ["", &init, ""])
    };
    let sum = run("for v in $((echo a || true) | cat); do echo $v; done");
    assert!(diagnosed(&sum).contains("Nothing is stuck"), "{}", diagnosed(&sum));
    let logs = "kubectl logs a-0 -c i";
    assert!(told_of(&typed(&sum, &[logs])).contains("prints:\n  a\n"), "{}", told_of(&typed(&sum, &[logs])));
    let unread = run("echo b\n\n          fi; echo c");
    assert!(diagnosed(&unread).contains("Nothing is stuck"), "{}", diagnosed(&unread));
    let told = told_of(&typed(&unread, &[logs]));
    assert!(told.contains("not followed: line 2") && !told.contains("syntax error"), "{told}");
}

#[test]
fn a_star_in_quotes_removes_nothing() {
    let wipes = |target: &str| {
        let claims =
            "volumeClaimTemplates: [{metadata: {name: d}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]";
        let container = format!(
            "command: [sh, -c]\n        args: ['rm -rf {target}; serve']\n        volumeMounts: [{{name: d, mountPath: /scratch}}]"
        );
        shown(&set("a", "example.com/a:1", 1, [claims, "", &container]))
            .iter()
            .any(|one| one.contains("removes all that is on that volume"))
    };
    assert_eq!(["/scratch/*", "\"/scratch/*\""].map(wipes), [true, false]);
}

#[test]
fn a_hook_that_uses_the_grace_up_is_told_and_praised_by_nobody() {
    let hook = |script: &str| {
        let container = format!("lifecycle: {{preStop: {{exec: {{command: [sh, -c, '{script}']}}}}}}");
        set("a", "nginx:1.25", 1, ["", "terminationGracePeriodSeconds: 60", &container])
    };
    for (script, says) in [("stop && /bin/sleep 60", "takes 60 s"), ("while true; do moved && exit 0; sleep 15; done", "waits in a loop")] {
        let mut search = Search::new(Start::manifest(&hook(script), &V1_37), Options { depth: 1, ..Options::default() });
        search.finish();
        let told = risked::text(&search);
        assert!(told.contains(says) && !told.contains("protects it: sts/a spec.template.spec.terminationGracePeriodSeconds"), "{told}");
    }
    let restarted = typed(&hook("stop && /bin/sleep 60").replace(": 60", ": 90"), &["kubectl rollout restart sts/a"]);
    assert!(told_of(&restarted).contains("a-0 1m5"), "the hook counts: {}", told_of(&restarted));
}

#[test]
fn a_declared_port_opens_nothing_and_a_pod_has_no_second_listener_for_that() {
    let two = "ports: [{containerPort: 7777}]\n      - name: d\n        image: example.com/d:1\n        ports: [{containerPort: 7777}]";
    assert!(!shown(&set("a", "example.com/a:1", 1, ["", "", two])).iter().any(|one| one.contains("7777")));
}

#[test]
fn a_refused_object_is_told_once_with_all_causes() {
    let ports = "ports: [{name: metrics-and-more-1, containerPort: 1}, {name: metrics-and-more-2, containerPort: 2}, {name: \
                 metrics-and-more-3, containerPort: 3}]";
    let text = set("a", "nginx:1.25", 1, ["", "", ports]);
    let plan = planned("", &text, &Change::Manifest(text.clone()));
    let told = told_of(&plan);
    assert_eq!((plan.given.outcome.refused.len(), told.matches("must be no more than 15 characters").count()), (1, 3), "{told}");
    assert!(!told.contains("This line fails"), "{told}");
    let told = diagnosed(&text);
    assert_eq!(told.matches("Change refused").count(), 1, "{told}");
}

#[test]
fn no_more_pods_go_together_than_may_and_sleep_lets_time_pass() {
    let spec = "podManagementPolicy: Parallel\n  updateStrategy: {rollingUpdate: {maxUnavailable: 2}}";
    let lines = ["kubectl set image sts/a c=nginx:1.26", "sleep 8", "kubectl get pods"];
    let told = told_of(&typed(&set("a", "nginx:1.25", 5, [spec, "", ""]), &lines));
    assert!(told.contains("Up to 2 of them are away at the same time.") && told.contains("kubectl get pods prints:"), "{told}");
}

#[test]
fn a_claim_that_no_template_makes_is_made_by_nobody() {
    let volume = "volumes: [{name: v, persistentVolumeClaim: {claimName: files}}]";
    let text = set("a", "nginx:1.25", 1, ["", volume, "volumeMounts: [{name: v, mountPath: /v}]"]);
    let told = told_of(&planned("", &text, &Change::Manifest(text.clone())));
    assert!(told.contains("No claim template makes it, and so nobody does.") && !told.contains("the set makes the claim"), "{told}");
}

#[test]
fn fields_that_contradict_another_one_are_told() {
    let apart = "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, \
                 labelSelector: {matchExpressions: [{key: app, operator: In, values: [OTHER]}]}}]}}";
    let volume = "volumes: [{name: d, emptyDir: {}}]";
    let claims =
        "volumeClaimTemplates: [{metadata: {name: d}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]";
    let port = set("a", "example.com/a:1", 2, ["", "", "ports: [{containerPort: 80}]"]);
    let scaler = "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\nspec: {maxReplicas: 6, scaleTargetRef: \
                  {apiVersion: apps/v1, kind: StatefulSet, name: NAME}}\n";
    let of = |pod: &str| set("a", "example.com/a:1", 2, ["", pod, ""]);
    for (fault, wrong, right) in [
        (Fault::ApartFromOthers, of(&apart.replace("OTHER", "b")), of(&apart.replace("OTHER", "a"))),
        (Fault::Shadowed, set("a", "example.com/a:1", 2, [claims, volume, ""]), set("a", "example.com/a:1", 2, [claims, "", ""])),
        (
            Fault::TargetPort,
            port.replace("port: 80}]", "port: 80, targetPort: 81}]"),
            port.replace("port: 80}]", "port: 81, targetPort: 80}]"),
        ),
        (Fault::TwoCounts, format!("{port}{}", scaler.replace("NAME", "a")), format!("{port}{}", scaler.replace("NAME", "b"))),
    ] {
        let found = |text: &str| faults::of(text).into_iter().any(|one| one.fault == fault);
        assert_eq!((found(&wrong), found(&right)), (true, false), "{fault:?}\n{wrong}");
    }
}
