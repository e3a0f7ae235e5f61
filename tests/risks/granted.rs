//! What a search takes to be there, and where it ends: manifests as people publish them name accounts, settings and zones of their own
//! clusters, and some are too large to try everything.

use ordinal::api::release::V1_37;
use ordinal::plan::lack::Lack;
use ordinal::playground::EXAMPLE;
use ordinal::playground::examples::Example;
use ordinal::risks::acts::Deed;
use ordinal::risks::{Options, Search, Start, told};
use ordinal::text::risks::Fault;

use super::{found, search};

/// The example's pods with more in their spec.
fn with(more: &str) -> String {
    EXAMPLE.replacen("      containers:", &format!("{more}      containers:"), 1)
}

#[test]
fn what_pods_refer_to_and_nobody_brings_is_taken_to_be_there() {
    let refers = with(concat!(
        "      serviceAccountName: runner\n      priorityClassName: high\n      volumes:\n",
        "      - {name: conf, configMap: {name: settings, items: [{key: a.conf, path: a.conf}]}}\n",
        "      - {name: ca, configMap: {name: kube-root-ca.crt}}\n",
        "      - {name: may, secret: {secretName: perhaps, optional: true}}\n",
    ));
    let refers = refers.replacen(
        "        volumeMounts:\n",
        concat!(
            "        env: [{name: A, valueFrom: {secretKeyRef: {name: keys, key: one}}}, ",
            "{name: B, valueFrom: {secretKeyRef: {name: keys, key: two}}}]\n",
            "        volumeMounts:\n        - {name: conf, mountPath: /conf}\n        - {name: ca, mountPath: /ca}\n",
            "        - {name: may, mountPath: /may}\n"
        ),
        1,
    );
    let search = search(&refers, &[]);
    let names: Vec<String> = search.lacks().iter().map(Lack::told).collect();
    assert_eq!(names, ["ServiceAccount runner", "PriorityClass high", "Secret keys", "ConfigMap settings"], "as pods meet them");
    let is_asked = |lack: &Lack| matches!(lack, Lack::Object { keys, .. } if *keys == ["one", "two"]);
    assert!(search.lacks().iter().any(is_asked));
    assert!(search.findings().iter().all(|finding| !finding.acts.is_empty()), "the start is well");
    let said = told::text(&search);
    assert!(said.contains("Secret keys, ConfigMap settings, ServiceAccount runner, PriorityClass high"), "{said}");
    // What the manifest brings is not taken to be anything else: this one lacks a key.
    let brought = format!("{refers}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: settings}}\ndata: {{b.conf: x}}\n");
    let search = super::search(&brought, &[]);
    assert!(search.lacks().iter().all(|lack| !lack.told().contains("settings")));
    assert_eq!(search.mended(), "ConfigMap, Secret", "the search goes on as if it were not brought");
    assert_eq!((found(&search, "stuck").shown.detail_word(), found(&search, "stuck").acts.len()), ("config-missing", 0));
}

#[test]
fn nodes_are_where_a_manifest_asks_for_them() {
    let spread = with(concat!(
        "      topologySpreadConstraints:\n      - {maxSkew: 1, topologyKey: topology.kubernetes.io/zone, ",
        "whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: nginx}}}\n",
        "      nodeSelector: {topology.kubernetes.io/region: north}\n",
    ));
    let search = search(&spread, &[]);
    let places: Vec<String> = search.lacks().iter().map(Lack::told).collect();
    let labels = ["topology.kubernetes.io/region=north", "topology.kubernetes.io/zone"];
    assert_eq!(places, labels.map(|label| format!("nodes with the label {label}")));
    assert!(search.findings().iter().all(|finding| !finding.acts.is_empty()), "the start is well");
    let pods = search.base().expect("a start").world.sim.tables().pods();
    let mut nodes: Vec<_> = pods.filter_map(|pod| pod.node.clone()).collect();
    nodes.sort();
    nodes.dedup();
    assert_eq!(nodes.len(), 3, "each pod is in a zone of its own");
}

#[test]
fn a_search_ends_at_its_bound_and_says_what_it_left_out() {
    let options = Options { most: 3_000, ..Options::default() };
    let mut bounded = Search::new(Start::manifest(EXAMPLE, &V1_37), options.clone());
    bounded.finish();
    let pairs = bounded.covered()[1];
    assert!(pairs.left_out > 0 && pairs.visited > 0, "{pairs:?}");
    assert_eq!(pairs.visited + pairs.same + pairs.left_out, pairs.courses);
    // Each depth, the shortening and the changes: no more than the bound and one slice over it.
    assert!(bounded.events() < 5 * (options.most + 2_000), "{}", bounded.events());
    let run: Vec<usize> = bounded.tried().iter().filter(|(course, run)| course.len() == 2 && *run).map(|(course, _)| course[0].0).collect();
    let acts = bounded.acts().len();
    assert!(run.iter().any(|first| *first < acts / 3) && run.iter().any(|first| *first >= acts / 2), "spread over all: {run:?}");
    let said = told::covered(&bounded).join("\n");
    assert!(said.contains("were left out") && said.contains("the search ended at its bound"), "{said}");
    // Lines that are taken away have a bound as well.
    assert!(bounded.lines_left_out() > 0 && said.contains("not taken away any more"), "{said}");
    assert!(bounded.findings().iter().any(|finding| finding.prevention.is_cut && finding.prevention.change.is_none()));
    let mut again = Search::new(Start::manifest(EXAMPLE, &V1_37), options);
    again.finish();
    assert_eq!(told::text(&bounded), told::text(&again));
}

#[test]
fn nodes_default_class_and_writes_before_are_told() {
    let says = |search: &Search, words: &[&str]| {
        let covered = told::covered(search).join("\n");
        words.iter().for_each(|words| assert!(covered.contains(words), "no {words:?} in {covered}"));
    };
    let unknown = search(EXAMPLE, &[]);
    let told = ["3 nodes of 4 CPUs and 8.0 GiB", "get StorageClass local-path, the default here, of disks of nodes"];
    says(&unknown, &[&told[..], &["A volume of StorageClass local-path is deleted with its claim"]].concat());
    assert!(!told::covered(&unknown).join("").contains("acknowledges"), "nobody knows what nginx writes");
    // A class that the manifest names is another, and one that the manifest brings is told by the manifest.
    let fast = "kind: StorageClass\nmetadata: {name: fast}\nprovisioner: example.com/p\napiVersion: storage.k8s.io/v1\n";
    let named = EXAMPLE.replacen("      accessModes", "      storageClassName: fast\n      accessModes", 1);
    says(&search(&named, &[]), &["A volume of StorageClass fast is deleted with its claim"]);
    let brought = told::covered(&search(&format!("{named}---\n{fast}"), &[])).join("");
    assert!(brought.contains("3 nodes") && !brought.contains("StorageClass"), "{brought}");
}

#[test]
fn a_single_member_that_loses_its_writes_is_told_so_and_gets_no_anti_affinity() {
    let one = Example::Replicas.manifest().replacen("replicas: 3", "replicas: 1", 1);
    assert!(one.contains("replicas: 1"), "{one}");
    let [one, three] = [one.as_str(), Example::Replicas.manifest()].map(|manifest| search(manifest, &[]));
    // What one member holds is on one volume, and goes with it; three lose what their primary lost, as they copy that.
    for (search, act) in [(&one, "volume-lost"), (&three, "claim-deleted")] {
        let lost = found(search, "data-lost");
        assert_eq!(lost.deeds().map(Deed::word).collect::<Vec<_>>(), [act]);
        assert!(told::sentence(lost).plain().contains("3 acknowledged writes: no volume and no process holds them"));
        let covered = told::covered(search).join("");
        assert!(covered.contains("each of these acknowledges 3 writes before anything happens: "), "{covered}");
    }
    let tried = |search: &Search| {
        let prevention = search.findings().iter().map(|finding| &finding.prevention);
        prevention.flat_map(|one| one.change.iter().chain(&one.in_vain)).map(|change| change.guard.word()).collect::<Vec<_>>()
    };
    for word in ["anti-affinity", "spread"] {
        assert!(!tried(&one).contains(&word), "one pod has no other to keep away from");
    }
    assert!(tried(&three).contains(&"anti-affinity"), "{:?}", tried(&three));
}

#[test]
fn three_replicas_are_no_cure_for_a_database_that_keeps_its_data_to_itself() {
    let one = EXAMPLE.replacen("replicas: 3", "replicas: 1", 1);
    let words = |manifest: &str| {
        let search = search(manifest, &[]);
        let cures = found(&search, "unavailable").prevention.clone();
        cures.change.iter().chain(&cures.in_vain).map(|change| change.guard.word()).collect::<Vec<_>>()
    };
    assert!(!words(&one).contains(&"copies"), "nothing shows that the application copies its data");
    let joins = one.replacen("        ports:", "        args: [--raft]\n        ports:", 1).replace("nginx:1.27", "example.com/db:1");
    assert!(words(&joins).contains(&"copies"), "its settings say that members agree");
    let tied = joins.replacen("ports: [{containerPort: 80}]", "ports: [{containerPort: 80, hostPort: 80}]", 1);
    assert!(tied.contains("hostPort") && !words(&tied).contains(&"copies"), "each needs a port of a node");
    let probe = "          httpGet: {path: /, port: 80}\n";
    let single = one.replace(probe, "          tcpSocket: {port: 5432}\n").replace("containerPort: 80", "containerPort: 5432");
    let single = single.replace("image: nginx:1.27\n", "image: postgres:16\n        env: [{name: POSTGRES_PASSWORD, value: x}]\n");
    let single = single.replace("mountPath: /data", "mountPath: /var/lib/postgresql/data");
    let known = words(&single);
    assert!(!known.contains(&"copies") && !known.contains(&"replicas"), "{known:?}");
    let single = search(&single, &[]);
    assert_eq!(super::told_of(found(&single, "volume-deleted")).1, Some("reclaim"), "its volume holds all that was written");
    // The one pod is told once: in the list where more replicas prevent something, or else before it.
    let has_line = |search: &Search| {
        assert!(search.faults().iter().any(|one| one.fault == Fault::SingleCopy));
        told::text(search).contains("[single-copy]")
    };
    assert!(has_line(&single) && !has_line(&search(&joins, &[])));
    let (without, _) = one.split_once("        volumeMounts:").expect("volumes");
    assert!(words(without).contains(&"several"), "without volumes there is nothing to copy");
}

#[test]
fn a_crash_loop_that_is_ready_for_an_instant_ends_no_outage() {
    let probe = "        readinessProbe:\n          httpGet: {path: /, port: 80}\n          periodSeconds: 5\n";
    let manifest = EXAMPLE.replace(probe, "").replace("OrderedReady", "Parallel").replacen("replicas: 3", "replicas: 2", 1);
    assert!(manifest.contains("Parallel") && !manifest.contains("Probe"), "{manifest}");
    let search = search(&manifest, &[]);
    let crash = search
        .findings()
        .iter()
        .find(|finding| finding.shown.kind.word() == "unavailable" && finding.deeds().map(Deed::word).eq(["crashing"]));
    let told = told::sentence(crash.expect("an outage")).plain();
    assert_eq!(told, "web has no Ready pod for as long as this lasts.");
}

#[test]
fn a_pull_that_is_tried_again_for_ever_is_rest_even_beside_a_loop_in_a_pod() {
    let probe = "        readinessProbe:\n          httpGet: {path: /, port: 80}\n          periodSeconds: 5\n";
    let looping = "        command: [sh, -c, 'echo 1 > /data/count; while [ 1 ]; do date >> /data/log; cat /data/count >> /data/log; sleep 10; done']\n";
    let manifest = EXAMPLE.replace(probe, looping).replace("image: nginx:1.27", "image: busybox:1.36");
    let search = search(&manifest, &[]);
    assert_eq!(super::told_of(found(&search, "rollback-trap")).0, ["broken"]);
}
