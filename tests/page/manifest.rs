//! Manifests that are pasted: what comes up, what is refused or noted in which words, and what the buttons do.

use ordinal::api::kind::Kind;
use ordinal::playground::EXAMPLE;
use ordinal::view::manifest::{Fix, Refusal};

use super::Visit;

const SEED_002: &str = include_str!("../browser/manifests/seed-002.yaml");
const SEED_003: &str = include_str!("../browser/manifests/seed-003.yaml");
/// What the second document's author has, and a fresh cluster lacks.
const MY_STORAGE_CLASS: &str = "---\napiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: my-storage-class}\n\
     provisioner: rancher.io/local-path\nvolumeBindingMode: WaitForFirstConsumer\n";

/// What is said of a tab.
const TAB: &str = "YAML allows no tab here, only spaces. The YAML is invalid here, so this document and those after it were not sent.";

/// The plain sentences of what was refused.
fn refused(visit: &Visit) -> Vec<String> {
    visit.run.present().verdicts().refusals.iter().map(|refusal| refusal.plain.plain()).collect()
}

/// The words of the notes.
fn noted(visit: &Visit) -> Vec<String> {
    visit.run.present().verdicts().notes.iter().map(|note| note.words.plain()).collect()
}

/// Puts a text into the editor and applies it.
fn apply(visit: &mut Visit, text: &str) {
    visit.edit(text);
    visit.apply();
}

#[test]
fn the_set_of_seed_003_comes_up_beside_the_example() {
    let mut visit = Visit::new();
    apply(&mut visit, SEED_003);
    visit.run_until_quiet();
    assert_eq!(visit.set().map(|set| set.to_string()).as_deref(), Some("default/web-sts"), "what one applies is what one sees");
    assert_eq!(visit.pods(), ["web-sts-0 1/1 Ready", "web-sts-1 1/1 Ready"]);
    assert!(visit.names().iter().any(|name| name.starts_with("web-sts-1.nginx-sts ")), "{:#?}", visit.names());
    assert!(visit.volumes().iter().any(|claim| claim.starts_with("www-web-sts-1 ")), "{:#?}", visit.volumes());
}

#[test]
fn the_set_of_seed_002_waits_for_its_class_and_then_comes_up() {
    let mut visit = Visit::with(SEED_002);
    let told = [
        "There is no Service nginx. The API server does not check this: the pods run, but their names do not resolve. The Service nginx-state \
         selects them: with its name in serviceName, they resolve.",
        "There is no StorageClass my-storage-class. The API server does not check this: the claims stay Pending, and so do the pods.",
    ];
    assert_eq!(noted(&visit), told);
    visit.run_until_quiet();
    visit.pick("web-0");
    assert_eq!(visit.evidence(), ["web-0 0:00.0", "www-web-0: There is no StorageClass my-storage-class 0:00.0"]);
    apply(&mut visit, &format!("{SEED_002}{MY_STORAGE_CLASS}"));
    visit.run_until_quiet();
    assert_eq!(visit.pods(), ["web-0 1/1 Ready", "web-1 1/1 Ready", "web-2 1/1 Ready"]);
}

#[test]
fn an_error_is_told_in_the_servers_words_and_a_button_explains_the_field() {
    let mut visit = Visit::quiet();
    let wrong = EXAMPLE.replace("  volumeClaimTemplates:", "  volumeClaimTemplate:");
    apply(&mut visit, &wrong);
    visit.run_until_quiet();
    let [refusal] = &visit.run.present().verdicts().refusals[..] else { panic!("{:#?}", visit.run.present().verdicts()) };
    assert!(refusal.words.ends_with("strict decoding error: unknown field \"spec.volumeClaimTemplate\""), "{}", refusal.words);
    assert_eq!(refusal.plain.plain(), "There is no field volumeClaimTemplate here. Did you mean volumeClaimTemplates? Nothing was stored.");
    let place = refusal.place.clone().expect("a place");
    assert_eq!((place.line, place.columns), (38, 2..21));
    let help = refusal.help.clone().expect("a button");
    assert_eq!(help.line, "kubectl explain statefulset.spec");
    assert_eq!(visit.pods().len(), 3, "the last good run stays on the screen");
    visit.say(&help.line);
    visit.printed("    A StatefulSetSpec is the specification of a StatefulSet.");
    let mut refused = Visit::with(&wrong);
    refused.run_until_quiet();
    assert_eq!(refused.verdict(), "web was refused.");
    assert_eq!(refused.run.present().verdicts().kept, [""; 0], "what is refused is not kept");
}

#[test]
fn what_is_kept_and_not_simulated_is_said() {
    let mut visit = Visit::new();
    apply(
        &mut visit,
        &EXAMPLE.replace("        image: nginx:1.27", "        image: nginx:1.27\n        securityContext: {privileged: true}"),
    );
    visit.run_until_quiet();
    assert_eq!(visit.run.present().verdicts().kept, ["spec.template.spec.containers[0].securityContext.privileged"]);
}

#[test]
fn a_namespace_that_is_missing_is_told_once_and_made_by_a_button() {
    let mut visit = Visit::quiet();
    apply(&mut visit, &EXAMPLE.replace("metadata:\n  name:", "metadata:\n  namespace: shop\n  name:"));
    visit.run_until_quiet();
    assert_eq!(refused(&visit), ["There is no namespace shop: nothing can be stored in it."]);
    let help = visit.run.present().verdicts().refusals[0].help.clone().expect("a button");
    visit.say(&help.line);
    visit.printed("namespace/shop created");
    assert_eq!(refused(&visit), [""; 0]);
    visit.apply();
    visit.run_until_quiet();
    assert_eq!(visit.set().map(|set| set.to_string()).as_deref(), Some("shop/web"));
    assert_eq!(visit.pods(), ["web-0 1/1 Ready", "web-1 1/1 Ready", "web-2 1/1 Ready"]);
}

#[test]
fn one_button_makes_what_is_missing_and_what_was_refused_is_shown_until_then() {
    let mut visit = Visit::new();
    apply(
        &mut visit,
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db, namespace: shop}\nspec:\n  serviceName: db\n  selector: {matchLabels: {app: \
         db}}\n  template:\n    metadata: {labels: {app: db}}\n    spec:\n      containers:\n      - {name: db, image: 'nginx:1.27', envFrom: \
         [{configMapRef: {name: conf}}]}\n",
    );
    visit.run_until_quiet();
    assert_eq!(visit.set().map(|set| set.to_string()).as_deref(), Some("shop/db"), "and not the example beside it");
    assert_eq!(visit.verdict(), "db was refused.");
    for entry in visit.run.present().verdicts().missing.clone() {
        visit.type_line(&entry.line);
    }
    visit.apply();
    visit.run_until_quiet();
    assert_eq!(visit.pods(), ["db-0 1/1 Ready"]);
    assert!(visit.run.present().verdicts().missing.is_empty());
    assert!(visit.run.present().tables().all(Kind::ConfigMap).any(|map| &*map.key().name == "conf"));
}

#[test]
fn a_tab_is_named_at_its_line_and_mended() {
    let mut visit = Visit::quiet();
    apply(&mut visit, &EXAMPLE.replacen("\n  name: nginx", "\n\tname: nginx", 1));
    visit.run_until_quiet();
    let [refusal] = &visit.run.present().verdicts().refusals[..] else { panic!("{:#?}", visit.run.present().verdicts()) };
    assert_eq!((refusal.place.as_ref().map(|place| place.line), refusal.plain.plain().as_str()), (Some(4), TAB));
    let fix = refusal.fix.clone().expect("a correction");
    assert_eq!(fix.mend(&visit.manifest()), EXAMPLE);
}

#[test]
fn what_is_not_simulated_is_the_field_and_not_what_holds_it() {
    let volumes = "      volumes:\n      - {name: a, configMap: {name: nginx, optional: true, defaultMode: 493}}\n      \
                   - {name: b, configMap: {name: nginx, optional: true, defaultMode: 256}}\n";
    let visit = Visit::with(&EXAMPLE.replacen("      containers:\n", &format!("{volumes}      containers:\n"), 1));
    assert_eq!(visit.run.present().verdicts().kept, ["configMap.defaultMode"]);
}

#[test]
fn more_pods_than_places_that_exclude_one_another_are_noted_at_apply() {
    let anti = include_str!("manifests/anti.yaml");
    let by_zone = anti.replace("kubernetes.io/hostname", "topology.kubernetes.io/zone");
    let mut visit = Visit::with(anti);
    let told = "These 5 pods exclude one another from a node, and 3 nodes take them: 2 pods find none.";
    assert_eq!(noted(&visit), [told]);
    let note = visit.run.present().verdicts().notes[0].clone();
    let line = note.place.map(|place| place.line);
    assert_eq!(line, anti.lines().position(|line| line.contains("podAntiAffinity")).map(|at| at + 1));
    let help = note.help.expect("a line helps");
    assert_eq!((help.label.as_str(), help.line.as_str()), ("Add 2 nodes", "playground add nodes 2"));
    // Why offers the same once the pods are stuck, and with it they come up.
    visit.run_until_quiet();
    assert_eq!(visit.ways()[0], "Add 2 nodes: playground add nodes 2");
    visit.take_way("Add 2 nodes");
    visit.run_until_quiet();
    assert_eq!(visit.pods().iter().filter(|pod| pod.ends_with("1/1 Ready")).count(), 5);
    assert_eq!(noted(&visit), [] as [&str; 0]);
    // Under Parallel two wait at once, and the same is offered.
    let mut visit = Visit::with(&anti.replace("OrderedReady", "Parallel"));
    visit.run_until_quiet();
    assert_eq!(visit.ways()[0], "Add 2 nodes: playground add nodes 2");
    // Where places are zones: as many as nodes say.
    let mut visit = Visit::with("");
    for (at, zone) in ["a", "b", "b"].iter().enumerate() {
        visit.type_line(&format!("kubectl label node node-{} topology.kubernetes.io/zone={zone}", at + 1));
    }
    apply(&mut visit, &by_zone);
    let told =
        "These 5 pods exclude one another from a topology.kubernetes.io/zone, and the nodes that take them have 2: 3 pods find none.";
    assert_eq!(noted(&visit), [told]);
    // What excludes other pods only, or only would rather, is no trouble. Nor is a node that says of no zone where it is.
    for other in [
        anti.replace("values: [zk]", "values: [kafka]"),
        anti.replace("replicas: 5", "replicas: 3").replace("minAvailable: 4", "minAvailable: 2"),
        by_zone,
        anti.replace(
            "requiredDuringSchedulingIgnoredDuringExecution:\n          - labelSelector",
            "preferredDuringSchedulingIgnoredDuringExecution:\n          - weight: 1\n            podAffinityTerm:\n              labelSelector",
        )
        .replace("            topologyKey", "              topologyKey"),
    ] {
        assert_eq!(noted(&Visit::with(&other)), [] as [&str; 0], "{other}");
    }
}

/// Where each refusal is, and whether a correction is known.
fn faults(visit: &Visit) -> Vec<(usize, bool)> {
    let one = |refusal: &Refusal| (refusal.place.as_ref().map_or(0, |place| place.line), refusal.fix.is_some());
    visit.run.present().verdicts().refusals.iter().map(one).collect()
}

#[test]
fn all_faults_of_a_manifest_are_told_in_one_round_and_mended_by_one_button() {
    let broken = include_str!("manifests/broken.yaml");
    let mut visit = Visit::with("");
    apply(&mut visit, broken);
    let at = |with: &str| broken.lines().position(|line| line.contains(with)).map_or(0, |at| at + 1);
    let lines = ["replicas:", "      labels:", " ports:", "value: 1", "volumeMount:", "volumeClaimTemplate:", "10GB"].map(at);
    assert_eq!(faults(&visit), lines.map(|line| (line, true)), "{:#?}", refused(&visit));
    let mended = Fix::All(visit.run.present().verdicts().fixes.clone()).mend(broken);
    apply(&mut visit, &mended);
    assert_eq!(refused(&visit), [""; 0], "{mended}");
    assert!(mended.contains("replicas: 3\n") && mended.contains("storage: 10G\n"), "{mended}");
    assert!(mended.contains("      labels:\n        app: kafka\n"), "{mended}");
}

#[test]
fn what_only_a_corrected_text_shows_is_told_at_its_own_line() {
    // Lines that a correction adds, another document, a Service by whose labels one goes, and a fault for which none is known.
    let text = "apiVersion: v1\nkind: Service\nmetadata:\n  name: db\nspec:\n  clusterIp: None\n  selector: {app: db-pod}\n  ports:\n  - port: \
                \"5432\"\n---\napiVersion: apps/v1beta1\nkind: StatefulSet\nmetadata:\n  name: db\nspec:\n  serviceName: db\n  replicas: 2\n  \
                template:\n    metadata:\n      labels:\n        app: db-pod\n    spec:\n      containers:\n      - name: db\n        image: \
                postgres:16\n        resources: {limits: {memory: 512mb}}\n        envs: []\n        imagePullPolicy: sometimes\n---\napiVersion: \
                apps/v1\nkind: StatefulSet\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: db}}\n  template:\n    metadata: \
                {labels: {app: db-pod}}\n    spec:\n      containers: [{name: a, image: nginx}]\n";
    let mut visit = Visit::with("");
    apply(&mut visit, text);
    let at = |with: &str| text.lines().position(|line| line.contains(with)).map_or(0, |at| at + 1);
    let mut want = [
        (at("clusterIp"), true),
        (at("5432"), true),
        (at("apps/v1beta1"), true),
        (at("512mb"), true),
        (at("envs"), true),
        (at("sometimes"), false),
        (at("{labels: {app: db-pod}}"), true),
    ];
    want.sort_unstable();
    assert_eq!(faults(&visit), want, "{:#?}", refused(&visit));
    let mended = Fix::All(visit.run.present().verdicts().fixes.clone()).mend(text);
    assert!(mended.contains("selector: {matchLabels: {app: db-pod}}") && mended.contains("memory: 512M}"), "{mended}");
    apply(&mut visit, &mended);
    assert_eq!(faults(&visit).len(), 1, "{:#?}", refused(&visit));
}

#[test]
fn a_value_that_nobody_can_correct_hides_no_other_fault() {
    let text = EXAMPLE
        .replace("replicas: 3", "replicas: three")
        .replace("{storage: 1Gi}", "{cpu: plenty, storage: 10 GB}")
        .replace("labels: {app: nginx}", "labels: {app: ngnix}")
        .replace("metadata: {name: data}", "metadata: {name: datas}");
    let mut visit = Visit::with("");
    apply(&mut visit, &text);
    let at = |with: &str| text.lines().position(|line| line.contains(with)).map_or(0, |at| at + 1);
    let want = [
        (at("replicas: three"), false),
        (at("labels: {app: ngnix}"), true),
        (at("- name: data"), true),
        (at("plenty"), false),
        (at("plenty"), true),
    ];
    assert_eq!(faults(&visit), want, "{:#?}", refused(&visit));
    // What stands in for them while one looks is not offered.
    let mended = Fix::All(visit.run.present().verdicts().fixes.clone()).mend(&text);
    assert!(
        mended.contains("replicas: three") && mended.contains("{cpu: plenty, storage: 10G}") && mended.contains("- name: datas"),
        "{mended}"
    );
}

/// The example with lines put into its container.
fn with_lines(lines: &str) -> String {
    EXAMPLE.replacen("        image: nginx:1.27\n", &format!("        image: nginx:1.27\n{lines}\n"), 1)
}

/// Asserts that a text is mended to another by all that the page offers.
#[track_caller]
fn mends(wrong: &str, right: &str) {
    let mut visit = Visit::with("");
    apply(&mut visit, wrong);
    let mended = Fix::All(visit.run.present().verdicts().fixes.clone()).mend(wrong);
    assert_eq!(mended, right, "{:#?}", refused(&visit));
    apply(&mut visit, &mended);
    assert_eq!(refused(&visit), [""; 0], "{mended}");
}

#[test]
fn what_is_nearly_right_is_mended_whatever_its_shape() {
    for (wrong, right) in [
        ("        command: nginx -g", "        command: [nginx, -g]"),
        ("        command: sleep 5 && nginx", "        command: [sh, -c, sleep 5 && nginx]"),
        ("        args: -c 80", "        args: [-c, \"80\"]"),
        ("        imagePullPolicy: ALWAYS", "        imagePullPolicy: Always"),
        ("        imagePullPolicy: IfNotPresnt", "        imagePullPolicy: IfNotPresent"),
        ("        env:\n          name: A\n          value: b", "        env:\n          - name: A\n            value: b"),
        ("        env: [{name: a, value: yes}]", "        env: [{name: a, value: \"yes\"}]"),
        ("        tty: \"true\"", "        tty: true"),
        ("        resources: {limits: {memory: 1GB}}", "        resources: {limits: {memory: 1G}}"),
    ] {
        mends(&with_lines(wrong), &with_lines(right));
    }
    for (right, wrong, meant) in [
        ("\n  name: web\n", "\n  name: My_Web\n", "\n  name: my-web\n"),
        ("accessModes: [ReadWriteOnce]", "accessModes: ReadWriteOnce", "accessModes: [ReadWriteOnce]"),
        ("accessModes: [ReadWriteOnce]", "accessModes: [readWriteOnce]", "accessModes: [ReadWriteOnce]"),
        ("apiVersion: apps/v1\n", "apiVersion: v1\n", "apiVersion: apps/v1\n"),
        ("apiVersion: apps/v1\nkind: StatefulSet\n", "kind: StatefulSet\n", "kind: StatefulSet\napiVersion: apps/v1\n"),
        ("  podManagementPolicy: OrderedReady", "  podManagementPolicy: Ordered", "  podManagementPolicy: OrderedReady"),
        ("    type: RollingUpdate", "    type: Rolling", "    type: RollingUpdate"),
        ("          periodSeconds: 5", "          periodSeconds: 1m", "          periodSeconds: 60"),
        ("        - name: data\n", "        - name: storage\n", "        - name: data\n"),
    ] {
        mends(&EXAMPLE.replacen(right, wrong, 1), &EXAMPLE.replacen(right, meant, 1));
    }
}

#[test]
fn a_field_that_nobody_knows_hides_no_fault_but_what_it_may_have_been() {
    let text = with_lines("        pullSecretName: a\n        imagePullPolicy: always");
    let text = text.replacen("  podManagementPolicy: OrderedReady", "  strategyOfUpdates: {type: x}\n  podManagementPolicy: parallel", 1);
    let mut visit = Visit::with("");
    apply(&mut visit, &text);
    let at = |with: &str| text.lines().position(|line| line.contains(with)).map_or(0, |at| at + 1);
    let mut want =
        [(at("pullSecretName"), false), (at("imagePullPolicy"), true), (at("strategyOfUpdates"), false), (at("podManagementPolicy"), true)];
    want.sort_unstable();
    assert_eq!(faults(&visit), want, "{:#?}", refused(&visit));
    // What stands in for an amount contradicts no other one.
    let text = with_lines("        resources: {requests: {cpu: some}, limits: {cpu: 500m}}\n        imagePullPolicy: always");
    apply(&mut visit, &text);
    assert_eq!(faults(&visit).iter().map(|(_, is_mended)| *is_mended).collect::<Vec<_>>(), [false, true], "{:#?}", refused(&visit));
    // A selector by another name is told once, and not also as missing.
    let text = EXAMPLE.replacen("  selector:\n    matchLabels", "  chosenBy:\n    matchLabels", 1);
    apply(&mut visit, &text);
    assert_eq!(faults(&visit).len(), 1, "{:#?}", refused(&visit));
}

#[test]
fn a_tab_is_as_wide_as_fits_what_stands_around_it() {
    let lines = "        env:\n        - name: A\n          value: b";
    for by in ["\t  ", "\t\t  ", "\t\t\t\t\t", "\t"] {
        let wrong = with_lines(&lines.replace("          value", &format!("{by}value")));
        mends(&wrong, &with_lines(lines));
    }
}

#[test]
fn faults_in_other_documents_keep_no_tab_from_being_as_wide_as_fits() {
    let service =
        "kind: Service\nmetadata:\n  name: nginx\nspec:\n  clusterIP: None\n  selector: {app: nginx}\n  ports: [{name: http, port: 80}]\n";
    let faulty = "kind: Service\nmetadata:\n  name: Nginx\nspec:\n  clusterIP: none\n  type: clusterIP\n  selector: {app: nginx}\n  ports: \
                  [{name: HTTP, port: 80}]\n";
    let right = with_lines("        env:\n        - name: A\n          value: b");
    let wrong = right.replace(service, faulty).replace("          value", "\t  value");
    assert!(wrong.contains(faulty));
    let mut visit = Visit::with("");
    apply(&mut visit, &wrong);
    let mended = Fix::All(visit.run.present().verdicts().fixes.clone()).mend(&wrong);
    assert_eq!(mended, right.replace(service, &service.replace("  selector", "  type: ClusterIP\n  selector")), "{:#?}", refused(&visit));
}

#[test]
fn a_volume_that_is_wrong_is_pointed_at_where_it_stands_and_so_is_a_claim() {
    let volumes = "      volumes:\n      - {name: Conf, configMap: {name: c}}\n";
    let text = EXAMPLE
        .replacen("      containers:\n", &format!("{volumes}      containers:\n"), 1)
        .replace("metadata: {name: data}", "metadata: {name: Data}");
    let mut visit = Visit::with("");
    apply(&mut visit, &text);
    let at = |with: &str| text.lines().position(|line| line.contains(with)).map_or(0, |at| at + 1);
    let mut told = faults(&visit);
    told.sort_unstable();
    assert_eq!(told, [(at("name: Conf"), true), (at("name: Data"), true)], "{:#?}", refused(&visit));
    let mended = Fix::All(visit.run.present().verdicts().fixes.clone()).mend(&text);
    assert_eq!(mended, text.replace("Data", "data").replace("Conf", "conf"));
}
