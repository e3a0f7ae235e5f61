//! What was told and was not so on a real cluster: small manifests whose true answers were written down before the search was tried.

use ordinal::api::release::V1_37;
use ordinal::base::value::Value;
use ordinal::risks::acts::Deed;
use ordinal::risks::sheet::{Before, Sheet, said};
use ordinal::risks::{Finding, Level, Options, Phase, Search, Start, told};

use super::{found, search};

/// A set behind a headless Service, with a volume for each pod: of its image, and with further fields of the set.
fn set(image: &str, replicas: u32, more: &str) -> String {
    format!(
        r#"apiVersion: v1
kind: Service
metadata: {{name: db}}
spec: {{clusterIP: None, selector: {{app: db}}, ports: [{{port: 6379}}]}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {{name: db}}
spec:
  serviceName: db
  replicas: {replicas}
  selector: {{matchLabels: {{app: db}}}}
{more}  template:
    metadata: {{labels: {{app: db}}}}
    spec:
      containers:
      - name: db
        image: {image}
        env: [{{name: POSTGRES_PASSWORD, value: x}}]
        ports: [{{containerPort: 6379}}]
        volumeMounts: [{{name: data, mountPath: {folder}}}]
  volumeClaimTemplates:
  - metadata: {{name: data}}
    spec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}
"#,
        folder = if image.starts_with("postgres") { "/var/lib/postgresql/data" } else { "/data" },
    )
}

/// A manifest whose claims are of a class that it names, which is taken to be of disks that every node reaches.
fn on_network(manifest: &str) -> String {
    manifest.replace("accessModes: [ReadWriteOnce]", "storageClassName: fast, accessModes: [ReadWriteOnce]")
}

fn of_kind<'a>(search: &'a Search, kind: &'a str) -> impl Iterator<Item = &'a Finding> {
    search.findings().iter().filter(move |finding| finding.shown.kind.word() == kind)
}

/// The changes that were tried against a finding.
fn tried(finding: &Finding) -> Vec<&str> {
    finding.prevention.change.iter().chain(&finding.prevention.in_vain).map(|change| change.guard.word()).collect()
}

#[test]
fn a_pod_that_waits_in_the_trap_loses_nothing_that_its_volume_keeps() {
    for image in ["redis:7", "postgres:16"] {
        let search = search(&set(image, 3, ""), &[]);
        assert_eq!(found(&search, "rollback-trap").deeds().map(Deed::word).collect::<Vec<_>>(), ["broken"]);
        // Deleting the pod brings it back with its claim: nothing is lost but with a claim or a volume.
        for lost in of_kind(&search, "data-lost").chain(of_kind(&search, "volume-deleted")) {
            let words: Vec<&str> = lost.deeds().map(Deed::word).collect();
            assert!(["claim-deleted", "volume-lost", "moved"].contains(&words[0]), "{image}: {} by {words:?}", lost.shown.kind.word());
        }
    }
}

#[test]
fn two_processes_are_two_writers_only_where_they_share_a_volume_and_no_probe_keeps_them_apart() {
    let with = on_network(&set("example.com/db:1", 1, ""));
    let (plain, _) = with.split_once("        volumeMounts:").expect("volumes");
    assert_eq!(of_kind(&search(plain, &[]), "two-writers").count(), 0, "nothing is shared");
    let shared = search(&with, &[]);
    let writers = found(&shared, "two-writers");
    assert_eq!(writers.deeds().map(Deed::word).collect::<Vec<_>>(), ["forced"]);
    let said = told::sentence(writers).plain();
    assert!(said.contains("while this lasts"), "the node is silent until it comes back: {said}");
    assert!(!tried(writers).contains(&"readiness") && !tried(writers).contains(&"liveness"), "{:?}", tried(writers));
    // On a disk of the node both run there, until the kubelet that comes back has ended the old one.
    let here = search(&set("redis:7", 1, ""), &[]);
    for writers in of_kind(&here, "two-writers") {
        let said = told::sentence(writers).plain();
        assert!(said.contains("for about"), "{said}");
        assert!(writers.prevention.change.is_none(), "{:?}", tried(writers));
    }
}

/// What a search says before anything else.
fn first_line(search: &Search) -> String {
    told::text(search).lines().next().unwrap_or_default().to_owned()
}

#[test]
fn what_the_server_refuses_beside_a_set_is_left_out_and_named_first() {
    let monitor = "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: db}\nspec: {}\n---\n";
    let ingress = "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: front}\nspec: {rules: nothing}\n";
    let search = search(&format!("{monitor}{}{ingress}", set("redis:7", 3, "")), &[]);
    found(&search, "rollback-trap");
    let said = first_line(&search);
    assert!(said.contains("ServiceMonitor db") && said.contains("Ingress front"), "{said}");
    // A set that the server refuses is no start.
    let mut refused =
        Search::new(Start::manifest(&set("redis:7", 3, "").replace("replicas: 3", "replicas: -3"), &V1_37), Options::default());
    refused.finish();
    assert!(!refused.is_accepted());
}

#[test]
fn classes_nodes_and_scripts_that_a_manifest_brings_or_names_are_there() {
    let class = |provisioner: &str| {
        format!(
            "---\napiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {{name: fast}}\nprovisioner: {provisioner}\n\
             volumeBindingMode: WaitForFirstConsumer\n"
        )
    };
    let at = |place: &str| {
        format!(
            "---\napiVersion: v1\nkind: PersistentVolume\nmetadata: {{name: v}}\nspec:\n  capacity: {{storage: 1Gi}}\n  \
             accessModes: [ReadWriteOnce]\n  storageClassName: fast\n  local: {{path: /d}}\n  nodeAffinity: {{required: \
             {{nodeSelectorTerms: [{{matchExpressions: [{{key: {place}]}}]}}}}\n"
        )
    };
    let named = |more: String| on_network(&set("nginx:1.27", 1, "")) + &more;
    let runs = |command: &str| {
        let mounts = "volumeMounts: [{name: data, mountPath: /data}]";
        let container = format!("command: {command}\n        volumeMounts: [{{name: conf, mountPath: /conf}}]");
        let with = set("redis:7", 1, "").replace(mounts, &container);
        with.replace("  volumeClaimTemplates", "      volumes: [{name: conf, configMap: {name: scripts}}]\n  volumeClaimTemplates")
    };
    for manifest in [
        named(class("ebs.csi.aws.com")),
        named(class("kubernetes.io/gce-pd")),
        named(at("kubernetes.io/hostname, operator: In, values: [worker-7]}")),
        named(at("topology.kubernetes.io/zone, operator: In, values: [eu-1a]}")),
        set("nginx:1.27", 1, "").replace("      containers:", "      nodeSelector: {kubernetes.io/hostname: worker-7}\n      containers:"),
        runs("[/conf/start.sh]"),
        runs("[sh, /conf/start.sh]"),
        runs("[sh, -c, '. /conf/env; exec /conf/start.sh']"),
    ] {
        let search = search(&manifest, &[]);
        let at_start: Vec<&Finding> = search.findings().iter().filter(|finding| finding.acts.is_empty()).collect();
        assert!(at_start.is_empty() && search.mended().is_empty(), "{manifest}\n{at_start:?}");
        found(&search, "rollback-trap");
    }
}

#[test]
fn a_start_that_is_stuck_is_told_and_the_search_goes_on_without_what_holds_it_up() {
    let shared = set("redis:7", 1, "").replace("ReadWriteOnce", "ReadWriteMany");
    let with = |line: &str| set("redis:7", 1, "").replace("        ports:", &format!("        {line}\n        ports:"));
    for (manifest, detail, left_out) in [
        (shared, "provisioner-refuses", "storageClassName"),
        (with("imagePullPolicy: Never"), "", "imagePullPolicy"),
        (with("resources: {requests: {cpu: 64}}"), "insufficient-resources", "resources"),
    ] {
        let search = search(&manifest, &[]);
        let at_start = search.findings().iter().find(|finding| finding.acts.is_empty()).expect("a start that is stuck");
        assert!(at_start.shown.detail_word().contains(detail), "{detail}: {}", at_start.shown.detail_word());
        assert_eq!(search.mended(), left_out, "{detail}");
        found(&search, "rollback-trap");
        found(&search, "terminating");
        assert!(told::text(&search).contains(left_out));
    }
}

/// The first container's arguments are these, of an image that nobody knows.
fn unknown(args: &str) -> String {
    on_network(&set("example.com/kv:4", 3, "")).replace("        ports:", &format!("        {args}\n        ports:"))
}

#[test]
fn a_majority_is_guessed_by_peers_or_a_budget_and_said_to_be_a_guess() {
    let budget = "---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: guard}\n\
                  spec: {minAvailable: 2, selector: {matchLabels: {app: db}}}\n";
    let four = |manifest: String| manifest.replace("replicas: 3", "replicas: 4");
    for (manifest, by) in [
        (unknown("args: [--join=db-0.db:1,db-1.db:1,db-2.db:1]"), "sts/db"),
        (four(unknown("env: [{name: MODE, value: raft}]")), "sts/db"),
        (unknown("args: [start]") + budget, "pdb/guard"),
    ] {
        let search = search(&manifest, &[["drained", "silent"]]);
        let lost = found(&search, "quorum-lost");
        assert!(lost.shown.guess.contains(by), "{by}: {}", lost.shown.guess);
        assert_eq!(lost.shown.detail_word(), "shared-node");
        assert!(told::text(&search).contains("A guess, by "), "{by}");
    }
    // Where nothing points to a majority, none is needed; members of one node are told only when all of them share it.
    let plain = four(unknown("args: [start]"));
    assert_eq!(of_kind(&search(&plain, &[["drained", "silent"]]), "quorum-lost").count(), 0);
    let two = search(&on_network(&set("example.com/web:4", 2, "")), &[["drained", "drained"]]);
    let together = found(&two, "together");
    assert_eq!(
        together.prevention.change.as_ref().or(together.prevention.trade.as_ref().map(|(change, _)| change)).map(|c| c.guard.word()),
        Some("anti-affinity")
    );
}

#[test]
fn data_in_an_empty_dir_goes_with_the_pod() {
    let claims = "  volumeClaimTemplates:\n  - metadata: {name: data}\n    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n";
    let with = |volume: &str| {
        let manifest = set("example.com/kv:4", 1, "");
        assert!(manifest.contains(claims));
        manifest.replace(claims, &format!("      volumes: [{{name: data, {volume}}}]\n"))
    };
    let empty = search(&with("emptyDir: {}"), &[]);
    let lost = found(&empty, "fleeting");
    assert_eq!((lost.shown.level(), lost.deeds().map(Deed::word).collect::<Vec<_>>()), (Level::Data, vec!["pod-deleted"]));
    assert!(told::sentence(lost).plain().contains("/data is in an emptyDir"));
    assert_eq!(lost.prevention.change.as_ref().map(|change| change.guard.word()), Some("claim"));
    // Memory is meant to go, and so is a cache; what a claim of the same name shadows is on a volume.
    for manifest in [
        with("emptyDir: {medium: Memory}"),
        with("emptyDir: {}").replace("name: data", "name: cache").replace("/data", "/var/cache/kv"),
        set("example.com/kv:4", 1, "").replace("  volumeClaim", "      volumes: [{name: data, emptyDir: {}}]\n  volumeClaim"),
    ] {
        assert_eq!(of_kind(&search(&manifest, &[]), "fleeting").count(), 0, "{manifest}");
    }
    let nowhere =
        set("example.com/kv:4", 1, "").replace(claims, "").replace("        volumeMounts: [{name: data, mountPath: /data}]\n", "");
    let told_so = search(&nowhere.replace("        ports:", "        args: [--data-dir=/var/kv]\n        ports:"), &[]);
    assert!(told::sentence(found(&told_so, "fleeting")).plain().contains("/var/kv is on no volume"));
    // Of an application that is known, the writes are counted.
    let redis = search(&with("emptyDir: {}").replace("example.com/kv:4", "redis:7"), &[]);
    assert_eq!(found(&redis, "data-lost").deeds().map(Deed::word).collect::<Vec<_>>(), ["drained"]);
}

#[test]
fn what_an_unknown_application_needs_is_not_judged() {
    let manifest = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: guard}\n\
                    spec: {maxUnavailable: 1, selector: {matchLabels: {app: db}}}\n---\n";
    let published = |image: &str| {
        let probe = "readinessProbe: {tcpSocket: {port: 6379}}\n        ports:";
        manifest.to_owned()
            + &set(image, 3, "")
                .replace("{clusterIP: None,", "{clusterIP: None, publishNotReadyAddresses: true,")
                .replace("        ports:", &format!("        {probe}"))
    };
    let text = told::covered(&search(&published("example.com/kv:4"), &[])).join("\n");
    let line = |begins: &str| text.lines().find(|line| line.starts_with(begins)).unwrap_or_default().to_owned();
    let (open, idle) = (line("Not judged, as what this application needs is not known"), line("Nothing more went wrong"));
    for place in ["pdb/guard", "svc/db spec.publishNotReadyAddresses", "sts/db spec.template.spec.containers.readinessProbe"] {
        assert!(open.contains(place) && !idle.contains(place), "{place}\n{text}");
    }
}

#[test]
fn at_most_ten_lines_come_first_and_what_is_true_of_every_set_is_one_of_them() {
    let other = |manifest: String| format!("{manifest}---\n{}", manifest.replace("name: db", "name: kv").replace("app: db", "app: kv"));
    let search = search(&other(set("redis:7", 3, "")), &[["silent", "silent"]]);
    let rows = told::rows(search.findings());
    assert!(rows.len() <= 10, "{}", rows.len());
    assert_eq!(rows.iter().filter(|row| row.is_common).count(), 1);
    let last = rows.last().expect("a line");
    assert!(last.is_common && last.findings.iter().any(|one| one.shown.kind.word() == "terminating"));
    let line = told::text(&search).lines().find(|line| line.contains("A bad rollout")).expect("a line").to_owned();
    assert!(line.contains("The same of kv") && line.contains("(often)") && line.contains("podManagementPolicy: Parallel"), "{line}");
    let all = told::text(&search) + &told::explained(&search, None);
    assert!(!all.contains("course"), "{all}");
    assert!(told::explained(&search, Some(1)).contains("How likely"));
}

#[test]
fn a_default_is_told_as_the_written_word_is() {
    let both = ["", "  podManagementPolicy: OrderedReady\n"].map(|more| search(&set("redis:7", 3, more), &[]));
    let told = both.each_ref().map(|search| told::json(search).get("findings").map(Value::to_json));
    assert_eq!(told[0], told[1]);
    for search in &both {
        let trap = found(search, "rollback-trap");
        assert_eq!((trap.common(), tried(trap)[0]), (None, "parallel"));
        let cure = "podManagementPolicy: Parallel";
        let sheet = Sheet::of(search, &mut Before::default());
        let shown =
            sheet.lines.iter().map(|((_, line), _)| said(line).plain()).find(|line| line.contains("A bad rollout")).expect("a line");
        assert!(shown.contains(cure) && told::text(search).contains(&shown), "{shown}");
        assert!(told::whole(search, trap).contains(cure));
    }
}

#[test]
fn a_finding_that_is_seen_stays_a_finding() {
    let mut search = Search::new(Start::manifest(&set("redis:7", 3, ""), &V1_37), Options { depth: 1, ..Options::default() });
    let mut seen: Vec<String> = Vec::new();
    while search.step().phase != Phase::Done {
        let rows = told::rows(search.findings());
        let own: Vec<String> =
            rows.iter().filter(|row| !row.is_common).flat_map(|row| &row.findings).map(|one| told::sentence(one).plain()).collect();
        assert!(seen.iter().all(|sentence| own.contains(sentence)), "{seen:#?}\n{own:#?}");
        seen = own;
    }
    assert!(seen.len() > 1, "{seen:?}");
}

#[test]
fn a_manifest_in_the_fences_of_markdown_is_searched_on_its_own_lines() {
    let page = |manifest: &str| {
        format!("# Notes\n\nApply:\n\n```yaml\n{manifest}```\n\n```sh\n$ kubectl get sts\nkind: of\n```\nDone: it runs.\n")
    };
    let search = |text: &str| {
        let options = Options { depth: 1, ..Options::default() };
        let mut search = Search::new(Start::of_text(text, &V1_37), options);
        search.finish();
        search
    };
    let fenced = search(&page(&set("redis:7", 3, "")));
    assert!(fenced.is_accepted());
    found(&fenced, "rollback-trap");
    let wrong = search(&page(&set("redis:7", 3, "").replace("        image: redis:7\n", "")));
    assert!(!wrong.is_accepted() && wrong.refused().all(|(line, _)| (10..30).contains(&line)), "{:?}", wrong.refused().collect::<Vec<_>>());
}

#[test]
fn more_pods_do_not_keep_a_rollout_from_what_crashes() {
    let (plain, _) = set("example.com/web:1", 2, "  podManagementPolicy: Parallel\n")
        .split_once("        volumeMounts:")
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .expect("volumes");
    let search = search(&plain, &[]);
    let dark = of_kind(&search, "unavailable").find(|finding| finding.deeds().map(Deed::word).eq(["crashing"])).expect("an outage");
    assert_eq!((tried(dark), dark.prevention.change.as_ref().map(|change| change.guard.word())), (vec!["readiness"], Some("readiness")));
}

#[test]
fn a_class_that_is_named_local_is_of_disks_of_nodes() {
    let local = on_network(&set("example.com/app:1", 1, "")).replace("storageClassName: fast", "storageClassName: local-storage");
    let pinned = search(&local, &[]);
    let finding = found(&pinned, "volume-pinned");
    assert!(!finding.only_on_nodes, "nothing was assumed");
    assert!(told::text(&pinned).contains("StorageClass local-storage, of disks of nodes"));
    let network = search(&on_network(&set("example.com/app:1", 1, "")), &[]);
    assert_eq!(of_kind(&network, "volume-pinned").count(), 0);
}

#[test]
fn a_claim_beside_the_set_hangs_on_the_disks_that_are_assumed() {
    let beside = "      volumes: [{name: data, persistentVolumeClaim: {claimName: own}}]\n      containers:";
    let own = set("example.com/app:1", 1, "").replace("      containers:", beside);
    let (before, _) = own.split_once("  volumeClaimTemplates:").expect("templates");
    let own = format!(
        "{before}---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {{name: own}}\nspec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}\n"
    );
    let search = search(&own, &[]);
    assert!(found(&search, "volume-pinned").only_on_nodes);
}

#[test]
fn a_command_that_names_a_folder_of_the_claim_writes_there() {
    let three = set("zookeeper:3.9", 3, "").replace("mountPath: /data", "mountPath: /var/lib/zookeeper");
    let script = "        command: [bash, -c, \"ZOO_DATA_DIR=/var/lib/zookeeper/data && exec zkServer.sh start-foreground\"]\n";
    let told = three.replace("        env:", &format!("{script}        env:"));
    let lost =
        |manifest: &str| of_kind(&search(manifest, &[]), "data-lost").any(|finding| finding.deeds().map(Deed::word).eq(["all-deleted"]));
    assert!(lost(&three), "the image writes where no volume is");
    assert!(!lost(&told));
}

#[test]
fn a_quorum_in_an_empty_dir_is_told_with_the_claim_that_keeps_it() {
    let etcd = set("quay.io/coreos/etcd:v3.5.9", 3, "").replace("mountPath: /data", "mountPath: /var/run/etcd");
    let (before, _) = etcd.split_once("  volumeClaimTemplates:").expect("templates");
    let empty = before.replace("      containers:", "      volumes: [{name: data, emptyDir: {}}]\n      containers:");
    let empty = empty.replace("        env:", "        command: [etcd, --data-dir, /var/run/etcd]\n        env:");
    let search = search(&empty, &[]);
    let fleeting = found(&search, "fleeting");
    assert_eq!(fleeting.prevention.change.as_ref().map(|change| change.guard.word()), Some("claim"));
    assert!(of_kind(&search, "data-lost").all(|finding| finding.prevention.in_vain.is_empty()), "the claim helps");
}

#[test]
fn one_member_is_no_quorum_and_peers_make_one_likely_however_they_are_listed() {
    let drains = [["drained", "drained"]];
    let alone = search(&set("quay.io/coreos/etcd:v3.5.9", 1, ""), &drains);
    assert_eq!(of_kind(&alone, "quorum-lost").count(), 0);
    let listed = on_network(&set("example.com/app:1", 3, "")).replace("POSTGRES_PASSWORD, value: x", "SERVERS, value: \"db-0,db-1,db-2\"");
    let search = search(&listed, &drains);
    assert!(of_kind(&search, "quorum-lost").any(|finding| finding.shown.guess.contains("sts/db")));
}

#[test]
fn an_image_that_is_never_ready_ends_in_the_same_trap() {
    let probe = "        readinessProbe: {tcpSocket: {port: 6379}}\n        ports:";
    let search = search(&set("redis:7", 2, "").replace("        ports:", probe), &[]);
    assert!(found(&search, "rollback-trap").prevention.change.is_some());
    assert_eq!(of_kind(&search, "stuck").filter(|finding| finding.deeds().map(Deed::word).any(|word| word == "unready")).count(), 0);
}
