//! The manifests of random workloads. One that is applied again takes back what would keep the workload from coming up: a pause, a
//! suspension, an image that fails, an update that waits for deletions. Of everything else a manifest says something or nothing.

use std::collections::BTreeMap;

use super::{DAEMON_SET, JOBS, NAMES, REPLICA_SET};
use crate::random::draw::Draw;
use crate::random::world::WORLD;
use api::release::Release;
use base::dice::Dice;

/// Two manifests of each workload: the one it is declared by, and another one.
pub(in crate::random) fn files(dice: Dice, release: &'static Release) -> BTreeMap<String, String> {
    let subjects = NAMES.iter().flat_map(|name| [(name, ""), (name, "-other")]);
    let file = |(i, (name, which)): (u64, (&&str, &str))| {
        let draw = Draw { dice, subject: WORLD + 100 + i, release };
        let text = match *name {
            DAEMON_SET => daemon_set(name, draw),
            REPLICA_SET => replica_set(name, draw),
            name if JOBS.contains(&name) => job(name, draw),
            name => deployment(name, draw),
        };
        (format!("{name}{which}.yaml"), text)
    };
    (0..).zip(subjects).map(file).collect()
}

/// The limits of a Deployment's rolling update, as JSON: numbers or percentages, not both nothing.
pub(super) fn limits(draw: Draw, place: u64) -> String {
    let surge = draw.pick(place, &["0", "1", "1", "2", "\"25%\"", "\"50%\"", "\"100%\""]);
    let unavailable = draw.pick(place + 1, &["0", "1", "1", "2", "\"25%\"", "\"50%\"", "\"100%\""]);
    let unavailable = if (surge, unavailable) == ("0", "0") { "1" } else { unavailable };
    format!("{{\"maxSurge\": {surge}, \"maxUnavailable\": {unavailable}}}")
}

/// The same of a DaemonSet, which has either surplus or missing pods.
pub(super) fn daemon_limits(draw: Draw, place: u64) -> String {
    let most = draw.pick(place, &["1", "1", "2", "\"50%\"", "\"100%\""]);
    match draw.below(place + 1, 3) {
        0 => format!("{{\"maxSurge\": {most}, \"maxUnavailable\": 0}}"),
        _ => format!("{{\"maxSurge\": 0, \"maxUnavailable\": {most}}}"),
    }
}

fn header(api: &str, kind: &str, name: &str) -> String {
    format!("apiVersion: {api}\nkind: {kind}\nmetadata: {{name: {name}, labels: {{app: {name}}}}}\nspec:\n")
}

/// Everything from the selector on: pods that serve.
fn pods(name: &str, draw: Draw) -> String {
    let grace = draw.pick(30, &[1, 10, 30]);
    let probe = draw.pick(31, &["", ", readinessProbe: {tcpSocket: {port: 80}, periodSeconds: 1}"]);
    format!(
        "  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n    spec:\n      \
         terminationGracePeriodSeconds: {grace}\n      containers: [{{name: app, image: \"app:1\"{probe}}}]\n"
    )
}

fn deployment(name: &str, draw: Draw) -> String {
    let rolling = format!("  strategy: {{type: RollingUpdate, rollingUpdate: {}}}\n", limits(draw, 3));
    let strategy = draw.pick(1, &["", "  strategy: {type: Recreate}\n", &rolling, &rolling]);
    let min_ready = draw.pick(5, &["", "", "  minReadySeconds: 0\n", "  minReadySeconds: 4\n"]);
    let history = draw.pick(6, &["", "", "  revisionHistoryLimit: 1\n", "  revisionHistoryLimit: 0\n"]);
    let deadline = draw.pick(7, &["", "", "  progressDeadlineSeconds: 30\n", "  progressDeadlineSeconds: 9\n"]);
    let replicas = draw.pick(8, &[0, 1, 2, 3, 3, 4, 6]);
    let pods = pods(name, draw);
    let service = format!(
        "---\napiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{selector: {{app: {name}}}, ports: [{{port: 80}}]}}\n"
    );
    header("apps/v1", "Deployment", name)
        + &format!("  replicas: {replicas}\n  paused: false\n{strategy}{min_ready}{history}{deadline}{pods}{service}")
}

fn replica_set(name: &str, draw: Draw) -> String {
    let min_ready = draw.pick(1, &["", "", "  minReadySeconds: 4\n"]);
    header("apps/v1", "ReplicaSet", name) + &format!("  replicas: {}\n{min_ready}", draw.pick(2, &[0, 1, 2, 3, 4])) + &pods(name, draw)
}

fn daemon_set(name: &str, draw: Draw) -> String {
    let min_ready = draw.pick(1, &["", "", "  minReadySeconds: 4\n"]);
    let history = draw.pick(2, &["", "", "  revisionHistoryLimit: 1\n", "  revisionHistoryLimit: 0\n"]);
    let tolerates = "      tolerations: [{key: example.com/busy, operator: Exists}]\n";
    let elsewhere = "      nodeSelector: {kubernetes.io/hostname: node-2}\n";
    let more = draw.pick(3, &["", "", "", tolerates, elsewhere]);
    let limits = daemon_limits(draw, 4);
    header("apps/v1", "DaemonSet", name)
        + &format!("  updateStrategy: {{type: RollingUpdate, rollingUpdate: {limits}}}\n{min_ready}{history}")
        + &pods(name, draw)
        + more
}

fn job(name: &str, draw: Draw) -> String {
    let parallelism = draw.pick(1, &[1, 2, 3]);
    let completions = draw.pick(2, &["", "  completions: 1\n", "  completions: 3\n", "  completions: 4\n"]);
    let restart = draw.pick(5, &["Never", "Never", "OnFailure"]);
    let replaced = draw.pick(6, &["", "", "  podReplacementPolicy: Failed\n"]);
    let command = draw.pick(8, &["sleep 1", "sleep 5", "sleep 25", "sleep 2; exit 1", "exit 0"]);
    header("batch/v1", "Job", name)
        + &format!("  parallelism: {parallelism}\n{completions}{replaced}  backoffLimit: {}\n", draw.pick(4, &[0, 1, 3]))
        + "  suspend: false\n"
        + &format!("  template:\n    metadata: {{labels: {{app: {name}}}}}\n    spec:\n      restartPolicy: {restart}\n      ")
        + &format!("terminationGracePeriodSeconds: {}\n      ", draw.pick(9, &[1, 10]))
        + &format!("containers: [{{name: app, image: \"busybox:1.36\", command: [sh, -c, \"{command}\"]}}]\n")
}
