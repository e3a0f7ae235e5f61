//! Statuses of Deployments and ReplicaSets, and how far a rollout may go.

use ordinal::api::object::Deployment;
use ordinal::api::object::workload::{DeploymentStatus, ReplicaSetStatus};
use ordinal::base::value::Value;
use ordinal::yaml;

/// Statuses as recorded from real clusters.
const STATUSES: [(&str, &str); 2] = [
    (
        "Deployment",
        r#"availableReplicas: 3
conditions:
- lastTransitionTime: "2026-11-20T08:26:19Z"
  lastUpdateTime: "2026-11-20T08:26:19Z"
  message: Deployment has minimum availability.
  reason: MinimumReplicasAvailable
  status: "True"
  type: Available
- lastTransitionTime: "2026-11-20T08:26:18Z"
  lastUpdateTime: "2026-11-20T08:26:19Z"
  message: ReplicaSet "dep-c9df58b6f" has successfully progressed.
  reason: NewReplicaSetAvailable
  status: "True"
  type: Progressing
observedGeneration: 1
readyReplicas: 3
replicas: 3
terminatingReplicas: 0
updatedReplicas: 3
"#,
    ),
    (
        "ReplicaSet",
        "availableReplicas: 3\nfullyLabeledReplicas: 3\nobservedGeneration: 1\nreadyReplicas: 3\nreplicas: 3\nterminatingReplicas: 0\n",
    ),
];

#[test]
fn a_recorded_status_reads_back_as_it_was_written() {
    for (kind, text) in STATUSES {
        let value = yaml::parse(text).remove(0).value.expect("a value");
        let again = match kind {
            "Deployment" => DeploymentStatus::decode(&value).encode(),
            _ => ReplicaSetStatus::decode(&value).encode(),
        };
        assert_eq!(yaml::print(&again), text, "{kind}");
    }
    assert_eq!(yaml::print(&ReplicaSetStatus::default().encode()), "replicas: 0\n");
    assert_eq!(yaml::print(&DeploymentStatus::default().encode()), "{}\n");
}

#[test]
fn a_rollout_may_always_take_a_step() {
    for (replicas, surge, unavailable, want) in [
        (3, "25%", "25%", (1, 0)),
        (10, "25%", "25%", (3, 2)),
        (1, "25%", "25%", (1, 0)),
        (3, "0", "0", (0, 1)),
        (3, "0%", "10%", (0, 1)),
        (3, "1", "5", (1, 3)),
        (0, "25%", "25%", (0, 0)),
    ] {
        let text = format!("replicas: {replicas}\nstrategy: {{rollingUpdate: {{maxSurge: {surge}, maxUnavailable: {unavailable}}}}}");
        let spec = yaml::parse(&text).remove(0).value.expect("a value");
        let deployment = Deployment::decode(&Value::of([("spec", spec)]));
        assert_eq!((deployment.max_surge(), deployment.max_unavailable()), want, "{text}");
    }
}
