//! What the releases do differently: the same steps on either, and what the last command prints.

use ordinal::api::release::{V1_36, V1_37};
use ordinal::scenario::file::Scenario;
use ordinal::scenario::run::replay;
use serde_json::Value;

/// A set of two; a policy, a strategy and an image are filled in.
const SET: &str = "
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  replicas: 2
  serviceName: web
  podManagementPolicy: POLICY
  updateStrategy: STRATEGY
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{name: nginx, image: IMAGE, readinessProbe: {tcpSocket: {port: 80}}}]";

fn set(policy: &str, strategy: &str, image: &str) -> String {
    SET.replace("POLICY", policy).replace("STRATEGY", strategy).replace("IMAGE", image)
}

/// Applies a manifest with every gate on, runs kubectl lines with ten seconds after each, and compares what the last one prints on
/// 1.36 and on 1.37.
fn check(manifest: &str, lines: &[&str], former: &str, current: &str) {
    let mut text = format!("name: x\nplane: maxunavailable\nfiles:\n  web.yaml: |{}\nsteps:", manifest.replace('\n', "\n    "));
    for line in ["apply -f web.yaml"].iter().chain(lines) {
        text.extend(["\n- kubectl: ", line, "\n- sleep: 10"]);
    }
    let scenario = Scenario::parse(&text).unwrap();
    for (release, want) in [(&V1_36, former), (&V1_37, current)] {
        let played = replay(&scenario, release).unwrap();
        assert_eq!((played.problems, played.cut), (vec![], None), "{}", release.name);
        let kubectl: Value = serde_json::from_str(&played.kubectl).unwrap();
        let last = kubectl["commands"].as_array().unwrap().last().unwrap();
        let said = [&last["stdout"], &last["stderr"]].map(|part| part.as_str().unwrap()).concat();
        assert_eq!(said, want, "{}", release.name);
    }
}

#[test]
fn only_the_later_one_replaces_broken_pods_of_a_parallel_set_beyond_the_budget() {
    check(
        &set("Parallel", "{rollingUpdate: {maxUnavailable: 1}}", "nginx:unready"),
        &["set image sts/web nginx=nginx:1.26", "get pods -o jsonpath={.items[*].spec.containers[0].image}"],
        "nginx:unready nginx:unready",
        "nginx:1.26 nginx:1.26",
    );
}

#[test]
fn only_the_later_one_completes_an_update_on_delete() {
    check(
        &set("Parallel", "{type: OnDelete}", "nginx:1.25"),
        &["set image sts/web nginx=nginx:1.26", "delete pods --all", "get sts web -o jsonpath={.status.currentReplicas}"],
        "",
        "2",
    );
}

#[test]
fn only_the_later_one_looks_at_a_new_autoscaler_at_once() {
    check(
        &set("Parallel", "{}", "nginx:1.25"),
        &["autoscale sts web --max=3", "get events --field-selector reason=FailedGetResourceMetric -o jsonpath={.items[*].type}"],
        "",
        "Warning",
    );
}

#[test]
fn what_came_later_is_not_known() {
    let pod = "
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers: [{name: a, image: nginx, volumeMounts: [{name: v, mountPath: /v}]}]
  volumes: [{name: v, emptyDir: {mode: 511}}]";
    let unknown = "Error from server (BadRequest): error when creating \"web.yaml\": Pod in version \"v1\" cannot be handled as a Pod: strict decoding error: unknown field \"spec.volumes[0].emptyDir.mode\"\n";
    check(pod, &[], unknown, "pod/a created\n");
}

#[test]
fn what_came_later_changes_the_hash_of_a_template() {
    let deployment = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: dep}
spec:
  selector: {matchLabels: {app: dep}}
  template:
    metadata: {labels: {app: dep}}
    spec:
      terminationGracePeriodSeconds: 10
      containers:
      - name: nginx
        image: nginx:1.25
        ports: [{containerPort: 80, name: web}]
        readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 1}";
    check(deployment, &["get rs -o jsonpath={.items[*].metadata.name}"], "dep-6f9c698988", "dep-c9df58b6f");
}
