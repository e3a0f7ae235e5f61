//! What is kept when pods are deleted.

use super::Visit;
use ordinal::base::time::{Span, Time};
use ordinal::playground::EXAMPLE;
use ordinal::playground::examples::Example;
use ordinal::playground::own_write::{Lookout, due, is_own};

#[test]
fn what_was_written_is_told_and_stays_when_the_pod_goes() {
    let mut visit = Visit::quiet();
    assert_eq!(visit.storage().retention, [("whenDeleted", "Retain"), ("whenScaled", "Retain")]);
    visit.say("kubectl exec web-0 -- sh -c 'echo kept > /data/note'");
    let volumes = visit.volumes();
    assert_eq!(
        volumes,
        ["data-web-0 pvc-a519 · node-3 “kept”", "data-web-1 pvc-094c · node-1 empty", "data-web-2 pvc-8a97 · node-2 empty"]
    );
    visit.say("kubectl scale statefulset web --replicas=0");
    assert_eq!((visit.volumes(), visit.pods().len()), (volumes, 0));
}

#[test]
fn of_a_volume_on_a_silent_node_nobody_knows_how_much_was_written() {
    let mut visit = Visit::quiet();
    let node = visit.node_of("web-0");
    visit.switch(&node);
    visit.run_until_quiet();
    assert_eq!(visit.volumes()[0], "data-web-0 pvc-a519 · node-3 node-3 is silent empty ?");
}

#[test]
fn a_volume_that_was_released_is_told_of_after_its_claim() {
    let class = "---\napiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: kept}\nprovisioner: rancher.io/local-path\n\
                 reclaimPolicy: Retain\nvolumeBindingMode: WaitForFirstConsumer\n";
    let retained = format!("{EXAMPLE}{class}").replace("accessModes:", "storageClassName: kept\n      accessModes:");
    let mut visit = Visit::with(&retained);
    visit.run_until_quiet();
    visit.type_line("kubectl delete pvc data-web-2 --wait=false");
    visit.say("kubectl scale statefulset web --replicas=2");
    assert_eq!(visit.volumes()[2..], ["data-web-2 Released pvc-ef86 · node-2 empty"]);
}

#[test]
fn all_claims_are_counted_and_only_some_are_listed() {
    let many = EXAMPLE.replace("OrderedReady", "Parallel");
    let mut visit = Visit::with(&many.replace("replicas: 3", "replicas: 100"));
    visit.run_until_quiet();
    let told = |visit: &Visit| (visit.storage().claims, visit.storage().rows.len(), visit.storage().unlisted);
    assert_eq!(told(&visit), (100, 24, 76));
    visit.say("kubectl scale statefulset web --replicas=30");
    visit.run_until_quiet();
    assert_eq!(visit.storage().claims, 100, "what is left over counts");
    let second =
        "\n  - metadata: {name: log}\n    spec:\n      accessModes: [ReadWriteOnce]\n      resources:\n        requests: {storage: 1Gi}\n";
    let mut visit = Visit::with(&(many.replace("replicas: 3", "replicas: 30").trim_end().to_owned() + second));
    visit.run_until_quiet();
    assert_eq!(told(&visit), (60, 48, 12));
}

/// What is said of the loss at the pod, on the timeline, and by the answer of Why.
fn loss(visit: &Visit, pod: &str) -> (String, Vec<String>) {
    let tile = visit.tiles().into_iter().map(|(_, tile)| tile).find(|tile| tile.identity.pod == pod);
    let flags = visit.flags().into_iter().filter(|flag| flag.ends_with("lost")).collect();
    (tile.map_or(String::new(), |tile| tile.loss), flags)
}

#[test]
fn what_goes_with_its_pod_is_told_before_and_what_was_lost_afterwards() {
    let mut visit = Visit::quiet();
    visit.say("kubectl exec web-1 -- sh -c 'echo hello > /data/note'");
    visit.type_line("kubectl delete pvc data-web-1 --wait=false");
    visit.run_until_quiet();
    assert_eq!(visit.verdict(), "data-web-1 goes with its pod: what web-1 wrote (“hello”) is lost at its next restart.");
    assert_eq!(visit.why().decided_by, "persistentVolumeReclaimPolicy");
    let note = visit.storage().rows.remove(1).note;
    assert_eq!(note, "Terminating, “hello” goes with the pod");
    assert_eq!(loss(&visit, "web-1"), (String::new(), Vec::new()), "it is there still");
    visit.say("kubectl delete pod web-1");
    visit.run_until_quiet();
    assert_eq!(loss(&visit, "web-1"), ("“hello” lost".to_owned(), vec!["web-1: “hello” lost".to_owned()]));
    assert_eq!(visit.verdict(), "web is up to date.");
    visit.say("kubectl exec web-1 -- sh -c 'echo again > /data/note'");
    assert_eq!(loss(&visit, "web-1").0, "", "its volume has something again");
    assert_eq!(loss(&visit, "web-1").1.len(), 1, "what was lost stays on the timeline");
}

#[test]
fn a_volume_that_is_kept_is_no_loss() {
    let mut visit = Visit::quiet();
    visit.say("kubectl exec web-1 -- sh -c 'echo one > /data/a; echo two > /data/b'");
    visit.type_line("kubectl delete pvc data-web-1 --wait=false");
    visit.run_until_quiet();
    assert!(visit.verdict().contains("(8 B)"), "{}", visit.verdict());
    let keep = visit.why().ways.remove(0).entry.label;
    assert!(keep.starts_with("Keep pvc-"), "{keep}");
    visit.take_way(&keep);
    visit.run_until_quiet();
    assert_eq!(visit.verdict(), "web is up to date.");
    visit.say("kubectl delete pod web-1");
    visit.run_until_quiet();
    assert_eq!(loss(&visit, "web-1"), (String::new(), Vec::new()));
    assert!(visit.volumes().iter().any(|row| row.contains("Released") && row.ends_with("8 B")), "{:?}", visit.volumes());
}

#[test]
fn what_a_policy_deletes_is_told_as_lost() {
    let policy = "replicas: 3\n  persistentVolumeClaimRetentionPolicy: {whenScaled: Delete}";
    let mut visit = Visit::with(&EXAMPLE.replace("replicas: 3", policy));
    visit.run_until_quiet();
    visit.say("kubectl exec web-2 -- sh -c 'hostname > /data/name'");
    visit.say("kubectl scale statefulset web --replicas=2");
    visit.run_until_quiet();
    assert_eq!(loss(&visit, "web-2").1, ["web-2: “web-2” lost"]);
}

#[test]
fn names_are_written_as_soon_as_all_pods_are_ready_however_time_passes() {
    /// A frame, at the speed of the wall.
    const FRAME: Span = Span(17);
    let line = Some("playground write statefulset web".to_owned());
    let (mut visit, mut lookout) = (Visit::new(), Lookout::default());
    let mut found = None;
    while found.is_none() && visit.now() < Time(60_000) {
        visit.run.run(visit.now() + FRAME, || true);
        found = lookout.look(&visit.run);
    }
    let at = visit.now();
    assert_eq!(found, line);
    // Whoever looks only when all is quiet finds the same, also where the visitor has typed something else since.
    let (mut late, mut lookout) = (Visit::new(), Lookout::default());
    late.type_line("kubectl get pods");
    late.run_until_quiet();
    assert_eq!((lookout.look(&late.run), late.now() > at), (line, true));
}

#[test]
fn every_set_writes_its_names_once() {
    let second =
        "\n  - metadata: {name: log}\n    spec:\n      accessModes: [ReadWriteOnce]\n      resources:\n        requests: {storage: 1Gi}\n";
    let pets = EXAMPLE.replace("image: nginx:1.27", "image: example/pets").replace("name: web", "name: pets");
    let mounts = "mountPath: /data\n        - name: log\n          mountPath: /log";
    let mut visit = Visit::with(&(pets.replace("mountPath: /data", mounts).trim_end().to_owned() + second));
    assert_eq!(due(visit.run.present()), None, "its pods are not Ready yet");
    visit.run_until_quiet();
    let line = due(visit.run.present()).expect("nothing is on its volumes");
    assert_eq!(line, "playground write statefulset pets");
    assert!(is_own(&line) && !is_own(&format!("{line} 3")), "a visitor asks for several writes");
    visit.say(&line);
    let written = |visit: &Visit| visit.storage().rows.iter().map(|row| row.written.clone()).collect::<Vec<_>>();
    let names = ["“pets-0”", "“pets-0”", "“pets-1”", "“pets-1”", "“pets-2”", "“pets-2”"];
    assert_eq!((written(&visit), due(visit.run.present())), (names.map(str::to_owned).to_vec(), None));
    visit.say("kubectl delete pod pets-1");
    visit.run_until_quiet();
    visit.say(&line);
    assert_eq!(written(&visit), names, "a pod finds its name there, and writes it no second time");
    visit.type_line("kubectl delete pvc data-pets-1 --wait=false");
    visit.say("kubectl delete pod pets-1");
    visit.run_until_quiet();
    assert_eq!((written(&visit)[2].as_str(), due(visit.run.present())), ("empty", None), "the page does so once");
}

#[test]
fn databases_write_their_names_too_and_lose_them() {
    let mut quorum = Visit::with(Example::Quorum.manifest());
    quorum.run_until_quiet();
    quorum.say(&due(quorum.run.present()).expect("nothing is on its volumes"));
    assert_eq!(quorum.storage().rows[1].written, "“etcd-1”");
    let mut visit = Visit::with(include_str!("manifests/unseen/loss-1.yaml"));
    visit.run_until_quiet();
    visit.say(&due(visit.run.present()).expect("nothing is on its volumes"));
    visit.say("kubectl scale statefulset ledger --replicas=3");
    visit.run_until_quiet();
    assert_eq!(loss(&visit, "ledger-3").1, ["ledger-3: “ledger-3” lost"]);
}

#[test]
fn a_set_that_has_something_on_its_volumes_is_left_alone() {
    let mut visit = Visit::quiet();
    assert!(due(visit.run.present()).is_some());
    visit.say("kubectl exec web-1 -- sh -c 'echo kept > /data/note'");
    assert_eq!(due(visit.run.present()), None);
}

#[test]
fn a_database_that_is_ready_for_a_moment_and_ends_is_given_no_files() {
    let mysql = |env: &str| {
        format!(
            "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: db}}\nspec:\n  serviceName: db\n  replicas: 1\n  selector: \
             {{matchLabels: {{app: db}}}}\n  template:\n    metadata: {{labels: {{app: db}}}}\n    spec:\n      containers: [{{name: db, \
             image: \"mysql:8.0\", env: [{env}], volumeMounts: [{{name: d, mountPath: /var/lib/mysql}}]}}]\n  volumeClaimTemplates: \
             [{{metadata: {{name: d}}, spec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}}}]\n"
        )
    };
    let set = |visit: &Visit| visit.run.present().tables().stateful_sets().next().map(|set| set.status.ready);
    for (env, ready) in [("", false), ("{name: MYSQL_ROOT_PASSWORD, value: x}", true)] {
        let mut visit = Visit::with(&mysql(env));
        let (mut was_ready, mut was_due) = (false, false);
        for tenth in 1..=600 {
            visit.run.run(Time(tenth * 100), || true);
            was_ready |= set(&visit) == Some(1);
            was_due |= due(visit.run.present()).is_some();
        }
        assert_eq!((was_ready, was_due, set(&visit)), (true, ready, Some(i64::from(ready))), "{env}");
    }
}
