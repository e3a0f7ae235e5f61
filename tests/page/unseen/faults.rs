//! Manifests with many faults: all are told in one round with their corrections, and what was corrected comes up.

use crate::page::Visit;
use ordinal::view::manifest::Fix;

const ORDERS: &str = include_str!("../manifests/unseen/faults-1.yaml");
const QUEUE: &str = include_str!("../manifests/unseen/faults-2.yaml");

/// The right lines of the first manifest, by their numbers.
const ORDERS_RIGHT: [(usize, &str); 12] = [
    (4, "  name: orders-db"),
    (6, "  clusterIP: None"),
    (13, "apiVersion: apps/v1"),
    (19, "  replicas: 3"),
    (21, "    type: RollingUpdate"),
    (33, "        imagePullPolicy: IfNotPresent"),
    (38, "          value: \"5432\""),
    (43, "            command: [pg_isready, -U, postgres]"),
    (46, "            memory: 512M"),
    (48, "        - name: data"),
    (49, "          mountPath: /var/lib/postgresql/data"),
    (54, "      accessModes: [ReadWriteOnce]"),
];

/// The same of the second one. What is left out is a comment here, so that the others stay where they are.
const QUEUE_RIGHT: [(usize, &str); 14] = [
    (14, "kind: StatefulSet"),
    (16, "  name: queue"),
    (20, "  podManagementPolicy: OrderedReady"),
    (27, "        app: queue"),
    (28, "        version: \"3.13\""),
    (30, "      restartPolicy: Always"),
    (31, "      terminationGracePeriodSeconds: 120"),
    (35, "        envFrom:"),
    (42, "          containerPort: 15672"),
    (44, "          #"),
    (45, "          #"),
    (53, "            cpu: 500m"),
    (54, "      - name: exporter"),
    (58, "          containerPort: 9419"),
];

/// The faults of a manifest's pods.
const ORDERS_OF_PODS: [usize; 2] = [33, 48];
const QUEUE_OF_PODS: [usize; 5] = [42, 44, 45, 53, 54];

/// A text with its right lines, but for those of some numbers.
fn corrected(text: &str, right: &[(usize, &str)], but: &[usize]) -> String {
    let line = |(number, line): (usize, &str)| {
        let right = right.iter().find(|(at, _)| *at == number && !but.contains(at));
        right.map_or(line, |(_, right)| *right).to_owned() + "\n"
    };
    (1..).zip(text.lines()).map(line).collect()
}

/// A page on which a text was applied.
fn applied(text: &str) -> Visit {
    let mut visit = Visit::with("");
    visit.edit(text);
    visit.apply();
    visit
}

/// The messages of the page: refusals and notes, each with its line and its words.
fn told(visit: &Visit) -> Vec<(usize, String)> {
    let verdicts = visit.run.present().verdicts();
    let refusals = verdicts.refusals.iter().map(|refusal| (&refusal.place, format!("{} {}", refusal.words, refusal.plain.plain())));
    let notes = verdicts.notes.iter().map(|note| (&note.place, note.words.plain()));
    refusals.chain(notes).map(|(place, words)| (place.as_ref().map_or(0, |place| place.line), words)).collect()
}

/// Asserts that each fault is told at one of its lines.
#[track_caller]
fn tells_all(visit: &Visit, faults: &[&[usize]]) {
    let told = told(visit);
    let missing: Vec<_> = faults.iter().filter(|lines| !told.iter().any(|(line, _)| lines.contains(line))).collect();
    assert!(missing.is_empty(), "{missing:?} are not told: {told:#?}");
}

/// Asserts that a fault is told at its line in the words of the server.
#[track_caller]
fn in_words(visit: &Visit, line: usize, words: &[&str]) {
    let told = told(visit);
    let found = told.iter().any(|(at, said)| *at == line && words.iter().all(|words| said.contains(words)));
    assert!(found, "{words:?} is not told at line {line}: {told:#?}");
}

/// The text with all corrections that the page offers.
fn mended(visit: &Visit) -> String {
    Fix::All(visit.run.present().verdicts().fixes.clone()).mend(&visit.manifest())
}

/// A field of a set.
fn field(visit: &mut Visit, set: &str, path: &str) -> String {
    visit.shows(&format!("kubectl get sts {set} -o jsonpath='{{{path}}}'"))
}

#[test]
fn twelve_faults_are_told_in_one_round_and_what_is_right_is_left_alone() {
    let visit = applied(ORDERS);
    let faults: [&[usize]; 12] = [&[4], &[6], &[13], &[19], &[21], &[33], &[38], &[43], &[46], &[48, 52], &[49], &[54]];
    tells_all(&visit, &faults);
    let told = told(&visit);
    assert!(!told.iter().any(|(line, _)| [11, 36, 40].contains(line)), "{told:#?}");
}

#[test]
fn the_twelve_faults_are_told_in_the_words_of_kubectl_and_the_server() {
    let visit = applied(ORDERS);
    in_words(&visit, 13, &["no matches for kind \"StatefulSet\" in version \"apps/v1beta2\""]);
    in_words(&visit, 19, &["unknown field \"spec.replica\""]);
    in_words(&visit, 38, &["cannot unmarshal number into Go struct field EnvVar", ".value of type string"]);
    in_words(&visit, 43, &["cannot unmarshal string"]);
    in_words(&visit, 46, &["quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"]);
    in_words(&visit, 49, &["unknown field \"spec.template.spec.containers[0].volumeMounts[0].mountpath\""]);
    in_words(&visit, 54, &["cannot unmarshal string"]);
}

#[test]
fn the_corrections_of_the_twelve_faults_give_a_set_that_comes_up() {
    let text = mended(&applied(ORDERS));
    let mut visit = applied(&text);
    visit.run_until_quiet();
    assert_eq!(told(&visit), [], "{text}");
    assert_eq!(visit.pods(), ["orders-db-0 1/1 Ready", "orders-db-1 1/1 Ready", "orders-db-2 1/1 Ready"], "{text}");
    let container = ".spec.template.spec.containers[0]";
    for (path, value) in [
        (".spec.serviceName", "orders-db"),
        (".spec.updateStrategy.type", "RollingUpdate"),
        (format!("{container}.imagePullPolicy").as_str(), "IfNotPresent"),
        (format!("{container}.env[1].value").as_str(), "5432"),
        (format!("{container}.readinessProbe.exec.command").as_str(), r#"["pg_isready","-U","postgres"]"#),
        (format!("{container}.volumeMounts[0].mountPath").as_str(), "/var/lib/postgresql/data"),
        (".spec.volumeClaimTemplates[0].spec.accessModes", r#"["ReadWriteOnce"]"#),
    ] {
        assert_eq!(field(&mut visit, "orders-db", path), value, "{path}: {text}");
    }
    let memory = field(&mut visit, "orders-db", &format!("{container}.resources.requests.memory"));
    assert!(memory == "512M" || memory == "512Mi", "{memory}");
    assert_eq!(visit.shows("kubectl get svc orders-db -o jsonpath='{.spec.clusterIP}'"), "None");
}

#[test]
fn the_first_manifest_comes_up_once_all_is_right() {
    let mut visit = applied(&corrected(ORDERS, &ORDERS_RIGHT, &[]));
    visit.run_until_quiet();
    assert_eq!(told(&visit), []);
    assert_eq!(visit.pods(), ["orders-db-0 1/1 Ready", "orders-db-1 1/1 Ready", "orders-db-2 1/1 Ready"]);
}

/// Asserts that a set was not stored, in these words.
#[track_caller]
fn refuses_set(visit: &mut Visit, set: &str, words: &[&str]) {
    let answer = visit.answer();
    assert!(answer.contains(&format!("The StatefulSet \"{set}\" is invalid")), "{answer}");
    for words in words {
        assert!(answer.contains(words), "{words}: {answer}");
    }
    let sets = visit.shows("kubectl get sts --no-headers");
    assert!(!sets.contains(set), "{sets}");
}

/// Since 1.34 the server validates the template of a set: recorded of 1.37 as sts-pullpolicy-bad, sts-mount-unknown,
/// sts-probe-two-handlers, sts-request-above-limit and sts-container-duplicate.
#[test]
fn a_set_with_a_wrong_pod_is_refused_by_the_server() {
    let mut visit = applied(&corrected(ORDERS, &ORDERS_RIGHT, &ORDERS_OF_PODS));
    let words = ["imagePullPolicy: Unsupported value: \"ifNotPresent\"", "volumeMounts[0].name: Not found: \"pgdata\""];
    refuses_set(&mut visit, "orders-db", &words);
    let mut visit = applied(&corrected(QUEUE, &QUEUE_RIGHT, &QUEUE_OF_PODS));
    let words = [
        "must be between 1 and 65535, inclusive",
        "may not specify more than 1 handler type",
        "must be less than or equal to cpu limit",
        "containers[1].name: Duplicate value: \"rabbitmq\"",
    ];
    refuses_set(&mut visit, "queue", &words);
}

#[test]
fn fourteen_faults_are_told_in_one_round_although_the_last_is_a_tab() {
    let visit = applied(QUEUE);
    let faults: [&[usize]; 13] = [
        &[14],
        &[16],
        &[20],
        &[22, 23, 26, 27],
        &[28],
        &[30],
        &[31],
        &[35],
        &[42],
        &[43, 44, 45, 46, 47],
        &[50, 51, 52, 53],
        &[33, 54],
        &[58],
    ];
    tells_all(&visit, &faults);
    let told = told(&visit);
    assert!(!told.iter().any(|(line, _)| [18, 19, 34, 40, 41, 55].contains(line)), "{told:#?}");
}

#[test]
fn the_fourteen_faults_are_told_in_the_words_of_kubectl_and_the_server() {
    let visit = applied(QUEUE);
    in_words(&visit, 14, &["no matches for kind \"Statefulset\" in version \"apps/v1\""]);
    in_words(&visit, 28, &["cannot unmarshal number"]);
    in_words(&visit, 30, &["restartPolicy: Unsupported value: \"OnFailure\": supported values: \"Always\""]);
    in_words(&visit, 31, &["cannot unmarshal string", "int64"]);
    in_words(&visit, 35, &["unknown field \"spec.template.spec.containers[0].envfrom\""]);
    // A tab behind a plain scalar: recorded as yaml-tab.
    in_words(&visit, 58, &["found a tab character that violates indentation"]);
    let told = told(&visit);
    assert!(told.iter().any(|(_, words)| words.contains("`selector` does not match template `labels`")), "{told:#?}");
}

#[test]
fn kubectl_stops_at_the_tab_and_has_created_the_service_before_it() {
    let mut visit = applied(QUEUE);
    visit.printed("service/queue created");
    let sets = visit.shows("kubectl get sts --no-headers");
    assert!(!sets.contains("queue") && !sets.contains("Queue"), "{sets}");
}

#[test]
fn the_corrections_of_the_fourteen_faults_leave_what_nobody_can_know_and_the_secret() {
    let text = mended(&applied(QUEUE));
    assert!(!text.contains('\t') && text.contains("          containerPort: 9419"), "{text}");
    // Which port, which handler, which amount and which name were meant, only the author knows.
    let visit = applied(&text);
    let left = &visit.run.present().verdicts().refusals;
    assert!(left.iter().all(|refusal| refusal.fix.is_none()), "{left:#?}");
    let mut lines: Vec<usize> = left.iter().filter_map(|refusal| Some(refusal.place.as_ref()?.line)).collect();
    lines.sort_unstable();
    assert_eq!(lines, [42, 44, 50, 54], "{text}");
    let own: Vec<(usize, &str)> = QUEUE_RIGHT.into_iter().filter(|(line, _)| QUEUE_OF_PODS.contains(line)).collect();
    let mut visit = applied(&corrected(&text, &own, &[]));
    assert_eq!(visit.run.present().verdicts().refusals, [], "{text}");
    lacks_its_secret(&mut visit);
    for (path, value) in [
        (".spec.podManagementPolicy", "OrderedReady"),
        (".spec.template.metadata.labels.version", "3.13"),
        (".spec.template.spec.restartPolicy", "Always"),
        (".spec.template.spec.terminationGracePeriodSeconds", "120"),
        (".spec.template.spec.containers[0].ports[1].containerPort", "15672"),
    ] {
        assert_eq!(field(&mut visit, "queue", path), value, "{path}: {text}");
    }
}

#[test]
fn a_secret_that_is_missing_is_no_fault_for_the_server_and_holds_up_the_container() {
    let mut visit = applied(&corrected(QUEUE, &QUEUE_RIGHT, &[]));
    assert_eq!(visit.run.present().verdicts().refusals, []);
    lacks_its_secret(&mut visit);
}

/// Asserts that the first pod of the second manifest waits for its Secret.
#[track_caller]
fn lacks_its_secret(visit: &mut Visit) {
    visit.pass(120);
    let pods = visit.pods();
    assert!(pods.len() == 1 && pods[0].starts_with("queue-0 ") && pods[0].ends_with(" CreateContainerConfigError"), "{pods:?}");
    let described = visit.shows("kubectl describe pod queue-0");
    assert!(described.contains("secret \"queue-env\" not found"), "{described}");
}
