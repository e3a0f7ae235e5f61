//! What Why begins with where nobody asked: the pod that everything else hangs on, its field, its line; and who waits for it.

use super::Visit;
use ordinal::playground::EXAMPLE;

const ANTI: &str = include_str!("manifests/anti.yaml");
const THREE: &str = include_str!("manifests/three.yaml");

/// The example with lines before those of its containers.
fn placed(lines: &str) -> String {
    EXAMPLE.replacen("      containers:\n", &format!("{lines}      containers:\n"), 1)
}

/// The example with lines for its container.
fn with(lines: &str) -> String {
    EXAMPLE.replacen("        ports: [{containerPort", &format!("{lines}        ports: [{{containerPort"), 1)
}

/// The line of the manifest that is pointed at, without what indents it; empty where none is.
fn pointed_at(visit: &Visit) -> String {
    let line = visit.why().line;
    line.map_or(String::new(), |line| visit.manifest().lines().nth(line - 1).unwrap_or_default().trim().to_owned())
}

#[test]
fn five_pods_that_exclude_one_another_wait_for_a_node_and_not_for_their_order() {
    let mut visit = Visit::with(ANTI);
    visit.run_until_quiet();
    assert_eq!(visit.verdict(), "zk-3 has no node.");
    assert_eq!(visit.why().decided_by, "spec.template.spec.affinity.podAntiAffinity");
    assert_eq!(pointed_at(&visit), "podAntiAffinity:");
    let paragraph = visit.why().paragraph.plain();
    assert!(
        paragraph.starts_with("The scheduler found none: 0/3 nodes are available: 3 node(s) didn't match pod anti-affinity"),
        "{paragraph}"
    );
    assert!(paragraph.ends_with("With OrderedReady, zk-4 waits for zk-3."), "{paragraph}");
    // Who is asked about says why, as before.
    visit.pick("zk-4");
    assert_eq!((visit.verdict().as_str(), pointed_at(&visit).as_str()), ("zk-4 is not created.", "podManagementPolicy: OrderedReady"));
}

#[test]
fn what_an_init_container_waits_for_is_quoted_from_its_log() {
    let waits = placed(
        "      initContainers:\n      - name: wait\n        image: busybox:1.37\n        command: [sh, -c, 'until nslookup \
         nobody; do echo waiting for nobody.; sleep 2; done']\n",
    );
    let mut visit = Visit::with(&waits);
    visit.pass(60);
    let paragraph = visit.why().paragraph.plain();
    assert!(paragraph.contains("waiting for nobody") && !paragraph.contains(".."), "{paragraph}");
    assert!(pointed_at(&visit).starts_with("command: [sh, -c"), "{}", pointed_at(&visit));
}

#[test]
fn the_root_is_told_first_with_the_line_that_decides_and_no_other() {
    let mounted = placed("      volumes: [{name: conf, configMap: {name: nobodys}}]\n")
        .replace("        volumeMounts:\n", "        volumeMounts:\n        - {name: conf, mountPath: /conf}\n");
    let two_claims = "  volumeClaimTemplates:\n  - metadata: {name: log}\n    spec:\n      accessModes: [ReadWriteOnce]\n      \
                      storageClassName: local-path\n      resources:\n        requests: {storage: 1Gi}\n";
    let second = EXAMPLE
        .replace("  volumeClaimTemplates:\n", two_claims)
        .replace("{name: data}\n    spec:\n", "{name: data}\n    spec:\n      storageClassName: fast\n");
    let helper =
        "      - name: helper\n        image: busybox\n        command: [sleep, infinity]\n        resources: {requests: {cpu: 1m}}\n";
    let greedy =
        with("        resources: {requests: {cpu: 99}}\n").replacen("      - name: nginx", &format!("{helper}      - name: nginx"), 1);
    let init =
        "      initContainers:\n      - name: wait\n        image: busybox\n        command: [sh, -c, 'until false; do sleep 2; done']\n";
    let spread = "      topologySpreadConstraints:\n      - {maxSkew: 1, topologyKey: a/zone, whenUnsatisfiable: DoNotSchedule, \
                  labelSelector: {matchLabels: {app: nginx}}}\n";
    let tolerates = "      tolerations: [{key: special, operator: Exists}]\n";
    for (manifest, verdict, line) in [
        (mounted, "web-0 does not start", "volumes: [{name: conf, configMap: {name: nobodys}}]"),
        (with("        envFrom: [{secretRef: {name: nobodys}}]\n"), "web-0 does not start", "envFrom: [{secretRef: {name: nobodys}}]"),
        (EXAMPLE.replace("nginx:1.27", "nginx:broken"), "web-0 does not start: its image", "image: nginx:broken"),
        (
            EXAMPLE.replace("port: 80}\n          period", "port: 8080}\n          period"),
            "web-0 is running, but not Ready.",
            "readinessProbe:",
        ),
        (second, "web-0 has no node.", "storageClassName: fast"),
        (greedy, "web-0 has no node.", "resources: {requests: {cpu: 99}}"),
        (placed(init), "web-0", "command: [sh, -c, 'until false; do sleep 2; done']"),
        (placed(spread), "web-0 has no node.", "topologySpreadConstraints:"),
        (placed("      nodeSelector: {disk: ssd}\n"), "web-0 has no node.", "nodeSelector: {disk: ssd}"),
        (placed(&format!("{tolerates}      schedulerName: nobody\n")), "web-0 has no node.", ""),
    ] {
        let mut visit = Visit::with(&manifest);
        visit.pass(300);
        let why = visit.why();
        assert!(why.verdict.plain().starts_with(verdict), "{verdict}: {why:#?}");
        assert_eq!(pointed_at(&visit), line, "{why:#?}");
        assert!(why.paragraph.plain().ends_with("With OrderedReady, web-1 and 1 more pod wait for web-0."), "{why:#?}");
    }
}

#[test]
fn what_no_line_of_the_manifest_decides_points_at_none() {
    let tolerates = placed("      tolerations: [{key: special, operator: Exists}]\n");
    for manifest in [EXAMPLE, &tolerates] {
        for (fault, verdict) in [
            ("playground stop node NODE", "Nobody knows whether web-1 is still running."),
            ("kubectl drain NODE --ignore-daemonsets --delete-emptydir-data", "web-1 has no node."),
            (
                "kubectl cordon node-1 node-2 node-3; kubectl delete pvc data-web-1 --wait=false; kubectl delete pod web-1",
                "web-1 has no node.",
            ),
        ] {
            let mut visit = Visit::with(manifest);
            visit.run_until_quiet();
            let node = visit.node_of("web-1");
            visit.type_line(&fault.replace("NODE", &node));
            visit.pass(120);
            assert_eq!((visit.verdict().as_str(), visit.why().line), (verdict, None), "{fault}: {:#?}", visit.why());
        }
    }
}

#[test]
fn a_start_in_which_nothing_is_wrong_is_told_by_the_order() {
    let mut visit = Visit::new();
    visit.step_until(|visit| visit.pods().iter().any(|pod| pod == "web-0 0/1 Running, not Ready"));
    assert_eq!((visit.verdict().as_str(), pointed_at(&visit).as_str()), ("web-1 is not created.", "podManagementPolicy: OrderedReady"));
}

#[test]
fn an_update_that_waits_begins_with_the_pod_that_it_waits_for() {
    let mut visit = Visit::quiet();
    visit.say("kubectl set image statefulset/web nginx=nginx:unready");
    assert_eq!(visit.verdict(), "web-2 is running, but not Ready.");
    let paragraph = visit.why().paragraph.plain();
    let clause = "The controller waits for web-2 to become Ready. Until then it adds, updates and removes no pod.";
    assert!(paragraph.ends_with(clause), "{paragraph}");
}

#[test]
fn an_init_container_that_asks_in_vain_is_the_cause_of_the_set_that_waits_for_it() {
    let mut visit = Visit::with(THREE);
    visit.pass(300);
    visit.type_line("why sts/kafka");
    let answer = visit.answer();
    assert!(answer.starts_with("kafka-0 "), "{answer}");
    assert!(answer.contains("Decided by: spec.template.spec.initContainers, line 42"), "{answer}");
    assert!(answer.contains("With OrderedReady, kafka-1 and 1 more pod wait for kafka-0."), "{answer}");
}

/// The example with another image, and lines for its container.
fn of_image(image: &str, lines: &str) -> String {
    with(lines).replace("nginx:1.27", image)
}

#[test]
fn a_container_that_exits_says_what_its_program_said_and_the_variable_that_it_is_about() {
    let env = "        env: [{name: MONGO_INITDB_ROOT_USERNAME, value: admin}]\n";
    let old = "        env:\n        - {name: A, value: b}\n        - {name: RABBITMQ_SSL_KEYFILE, value: /key}\n";
    let script = "        command: [sh, -c, 'echo no config given; exit 3']\n";
    for (manifest, said, about, decided_by, line) in [
        (
            of_image("mysql:8", ""),
            "Database is uninitialized and password option is not specified",
            "MYSQL_ROOT_PASSWORD",
            "spec.template.spec.containers[0].env",
            "- name: nginx",
        ),
        (
            of_image("mongo:7", env),
            "nginx says error: missing 'MONGO_INITDB_ROOT_USERNAME' or 'MONGO_INITDB_ROOT_PASSWORD'.",
            "MONGO_INITDB_ROOT_PASSWORD",
            "spec.template.spec.containers[0].env",
            env.trim(),
        ),
        (
            of_image("rabbitmq:3.13", old),
            "nginx says error: deprecated environment variables detected.",
            "RABBITMQ_SSL_KEYFILE",
            "spec.template.spec.containers[0].env[1]",
            "- {name: RABBITMQ_SSL_KEYFILE, value: /key}",
        ),
        (of_image("busybox", script), "nginx says no config given.", "", "kubelet", script.trim()),
    ] {
        let mut visit = Visit::with(&manifest);
        visit.pass(300);
        let paragraph = visit.why().paragraph.plain();
        assert!(paragraph.starts_with("nginx says ") && paragraph.contains(said) && paragraph.contains(about), "{paragraph}");
        assert_eq!((visit.why().decided_by.as_str(), pointed_at(&visit).as_str()), (decided_by, line), "{paragraph}");
    }
}

#[test]
fn a_pod_that_the_server_refuses_is_named_first_with_what_refuses_it() {
    let quota =
        |hard: &str| format!("apiVersion: v1\nkind: ResourceQuota\nmetadata: {{name: team}}\nspec:\n  hard:\n    {hard}\n---\n{EXAMPLE}");
    for (manifest, verdict, decided_by, line) in [
        (quota("pods: 2"), "web-2 is not created: quota team has no room for it.", "spec.hard[pods]", "pods: 2"),
        (
            quota("persistentvolumeclaims: \"1\""),
            "web-1 is not created: quota team has no room for it.",
            "spec.hard[persistentvolumeclaims]",
            "persistentvolumeclaims: \"1\"",
        ),
        (quota("limits.cpu: 2"), "web-0 is not created: quota team counts what its template does not state.", "statefulset-controller", ""),
        (
            placed("      serviceAccountName: nobody\n"),
            "web-0 is not created: ServiceAccount nobody does not exist.",
            "statefulset-controller",
            "",
        ),
    ] {
        let mut visit = Visit::with(&manifest);
        visit.pass(300);
        assert_eq!(visit.verdict(), verdict);
        assert_eq!((visit.why().decided_by.as_str(), pointed_at(&visit).as_str()), (decided_by, line));
    }
}

#[test]
fn who_comes_after_a_pod_that_was_refused_is_told_in_a_clause() {
    let mut visit = Visit::with(&placed("      serviceAccountName: nobody\n"));
    visit.pass(300);
    let paragraph = visit.why().paragraph.plain();
    assert!(paragraph.ends_with("With OrderedReady, web-1 and 1 more pod wait for web-0."), "{paragraph}");
}

#[test]
fn a_spread_over_more_nodes_than_there_are_is_noted_and_told_whatever_its_skew() {
    let spread = "      topologySpreadConstraints:\n      - maxSkew: 2\n        minDomains: 5\n        topologyKey: kubernetes.io/hostname\n        \
                  whenUnsatisfiable: DoNotSchedule\n        labelSelector: {matchLabels: {app: nginx}}\n";
    let mut visit = Visit::with(&placed(spread).replace("replicas: 3", "replicas: 9"));
    let notes: Vec<String> = visit.run.present().verdicts().notes.iter().map(|note| note.words.plain()).collect();
    let words = "minDomains asks for 5 nodes, and there are 3: each takes at most 2 pods, and of these 9 pods 3 find none.";
    assert_eq!(notes, [words]);
    visit.pass(400);
    assert_eq!((visit.verdict().as_str(), pointed_at(&visit).as_str()), ("web-6 has no node.", "minDomains: 5"));
    assert_eq!(visit.ways()[0], "Add 2 nodes: playground add nodes 2");
}

#[test]
fn a_deployment_counts_among_those_that_exclude_one_another_and_those_that_fit_are_not_noted() {
    let workload = |name: &str, kind: &str, pods: usize| {
        format!(
            "---\napiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec:\n  replicas: {pods}\n  selector: {{matchLabels: {{app: \
             {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}, own: node}}}}\n    spec:\n      affinity: {{podAntiAffinity: \
             {{requiredDuringSchedulingIgnoredDuringExecution: [{{topologyKey: kubernetes.io/hostname, labelSelector: {{matchLabels: {{own: \
             node}}}}}}]}}}}\n      containers: [{{name: main, image: nginx}}]\n"
        )
    };
    let noted = |text: &str| -> Vec<String> {
        let visit = Visit::with(text);
        visit.run.present().verdicts().notes.iter().map(|note| note.words.plain()).filter(|words| words.contains("exclude")).collect()
    };
    let (set, deployment) = (workload("db", "StatefulSet", 2), workload("api", "Deployment", 2));
    assert_eq!(
        noted(&format!("{set}{deployment}")),
        ["The 4 pods of db, api exclude one another from a node, and 3 nodes take them: 1 pod finds none."]
    );
    assert_eq!(noted(&format!("{set}{}", workload("api", "Deployment", 1))), [""; 0]);
}
