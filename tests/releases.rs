//! Differences between the releases: the same steps on one and on the next, and the output of the last command.

use ordinal::api::release::{Release, V1_36, V1_37, V1_38};
use rig::file::Scenario;
use rig::run::replay;
use serde_json::Value;

/// A set of two; policy, strategy and image are placeholders.
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

/// Applies a manifest with every gate enabled, runs kubectl lines ten seconds apart, and compares the output of the last one on
/// 1.36 and on 1.37.
fn check(manifest: &str, lines: &[&str], former: &str, current: &str) {
    check_seen_as(str::to_owned, manifest, lines, former, current);
}

/// The same without column widths and ages, which end each line.
fn check_squeezed(manifest: &str, lines: &[&str], former: &str, current: &str) {
    let age = |word: &str| word.ends_with('s') && word.starts_with(|c: char| c.is_ascii_digit());
    let line = |line: &str| line.split_whitespace().map(|word| if age(word) { "<age>" } else { word }).collect::<Vec<_>>().join(" ") + "\n";
    check_seen_as(|text| text.lines().map(line).collect(), manifest, lines, former, current);
}

fn check_seen_as(seen: impl Fn(&str) -> String, manifest: &str, lines: &[&str], former: &str, current: &str) {
    check_on([(&V1_36, former), (&V1_37, current)], seen, manifest, lines);
}

/// The same on 1.37 and on 1.38.
fn check_newest(manifest: &str, lines: &[&str], former: &str, current: &str) {
    check_on([(&V1_37, former), (&V1_38, current)], str::to_owned, manifest, lines);
}

/// The same on two releases.
fn check_on(wanted: [(&'static Release, &str); 2], seen: impl Fn(&str) -> String, manifest: &str, lines: &[&str]) {
    let mut text = format!("name: x\nplane: maxunavailable\nfiles:\n  web.yaml: |{}\nsteps:", manifest.replace('\n', "\n    "));
    for line in ["apply -f web.yaml"].iter().chain(lines) {
        text.extend(["\n- kubectl: ", line, "\n- sleep: 10"]);
    }
    let scenario = Scenario::parse(&text).unwrap();
    for (release, want) in wanted {
        let played = replay(&scenario, release).unwrap();
        assert_eq!((played.problems, played.cut), (vec![], None), "{}", release.name);
        let kubectl: Value = serde_json::from_str(&played.kubectl).unwrap();
        let last = kubectl["commands"].as_array().unwrap().last().unwrap();
        let said = [&last["stdout"], &last["stderr"]].map(|part| part.as_str().unwrap()).concat();
        assert_eq!(seen(&said), want, "{}", release.name);
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
fn only_the_later_one_keeps_a_sets_conditions_that_others_write() {
    let condition = r#"{"status":{"conditions":[{"type":"a.io/b","status":"True","lastTransitionTime":null}]}}"#;
    check(
        &set("Parallel", "{}", "nginx:1.25"),
        &[
            &format!("patch sts web --subresource=status --type=merge -p '{condition}'"),
            "scale sts web --replicas=3",
            "get sts web -o jsonpath={.status.replicas}{.status.conditions[*].type}",
        ],
        "3",
        "3a.io/b",
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
fn kubectl_is_terser_about_a_run_in_the_later_one() {
    let help = "See 'kubectl run -h' for help and examples\n";
    let twice = |sentence: &str| (format!("error: {sentence}\n{help}"), format!("error: {sentence}\n"));
    let policies = "valid values are: Always";
    for (line, (former, current)) in [
        (
            "A_B",
            (
                "error: Invalid image name \"A_B\": invalid reference format\n".into(),
                "error: invalid image name \"A_B\": invalid reference format\n".into(),
            ),
        ),
        ("nginx --restart=Foo", {
            let (former, _) = twice("invalid restart policy: Foo");
            (former, format!("error: invalid restart policy: Foo, {policies}, OnFailure, Never\n"))
        }),
        ("nginx --port=x", ("error: strconv.Atoi: parsing \"x\": invalid syntax\n".into(), "error: --port must be a number\n".into())),
        ("nginx --rm", twice("--rm should only be used for attached containers")),
        ("nginx -t", twice("-i/--stdin is required for containers with -t/--tty=true")),
        (
            "nginx -i --dry-run=client",
            twice("--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)"),
        ),
    ] {
        check(&set("Parallel", "{}", "nginx:1.25"), &[&format!("run a --image={line}")], &former, &current);
    }
}

#[test]
fn only_the_later_one_refuses_columns_of_labels_beside_custom_ones() {
    check(
        &set("Parallel", "{}", "nginx:1.25"),
        &["get pods -L app -o custom-columns=A:.metadata.name"],
        "A\nweb-0\nweb-1\n",
        "error: --label-columns option cannot be used with custom-columns=A:.metadata.name printer\n",
    );
}

#[test]
fn only_the_former_one_says_why_a_patch_is_no_json() {
    for (patch, former) in [
        ("{", "unexpected end of JSON input"),
        ("{x}", "invalid character 'x' looking for beginning of object key string"),
        ("{} x", "invalid character 'x' after top-level value"),
    ] {
        for (how, before) in [("strategic", ""), ("merge", "error decoding patch: ")] {
            check(
                &set("Parallel", "{}", "nginx:1.25"),
                &[&format!("patch sts web --type={how} -p '{patch}'")],
                &format!("Error from server (BadRequest): {before}{former}\n"),
                "Error from server (BadRequest): invalid JSON patch\n",
            );
        }
    }
}

#[test]
fn the_later_one_marks_the_newest_default_class_of_a_list() {
    let class = "
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: aa, annotations: {storageclass.kubernetes.io/is-default-class: \"true\"}}
provisioner: example.com/a";
    let heading = "NAME PROVISIONER RECLAIMPOLICY VOLUMEBINDINGMODE ALLOWVOLUMEEXPANSION AGE\n";
    let row = |name: &str| {
        let rest =
            if name.starts_with("aa") { "example.com/a Delete Immediate" } else { "rancher.io/local-path Delete WaitForFirstConsumer" };
        format!("{name} {rest} false <age>\n")
    };
    for (line, former, current) in [
        ("get sc", ["aa (default)", "local-path (default)"], ["aa (default)", "local-path"]),
        ("get sc aa local-path", ["aa (default)", "local-path (default)"], ["aa", "local-path"]),
    ] {
        let printed = |names: [&str; 2]| format!("{heading}{}{}", row(names[0]), row(names[1]));
        check_squeezed(class, &["create ns later", line], &printed(former), &printed(current));
    }
}

#[test]
fn explain_knows_what_a_release_knows() {
    check(
        &set("Parallel", "{}", "nginx:1.25"),
        &["explain pod.status.volumeHealth.name"],
        "KIND:       Pod\nVERSION:    v1\n\nerror: field \"volumeHealth\" does not exist\n",
        "KIND:       Pod\nVERSION:    v1\n\nFIELD: name <string>\n\n\nDESCRIPTION:\n    name matches an entry in pod.spec.volumes.\n    \n\n",
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

const IMAGES: &str = "get pods -o jsonpath={.items[*].spec.containers[0].image}";

#[test]
fn since_1_38_pods_below_the_partition_leave_the_budget_alone() {
    let away = r#"patch pod web-0 -p '{"metadata":{"finalizers":["example.com/held"]}}'"#;
    let lines = [away, "delete pod web-0 --wait=false", "set image sts/web nginx=nginx:1.26", IMAGES];
    let set = set("Parallel", "{rollingUpdate: {partition: 1, maxUnavailable: 1}}", "nginx:1.25");
    check_newest(&set, &lines, "nginx:1.25 nginx:1.25", "nginx:1.25 nginx:1.26");
}

#[test]
fn since_1_38_a_percentage_is_of_the_pods_that_are_updated() {
    let away = "get events --field-selector reason=SuccessfulDelete -o jsonpath={.items[*].message}";
    let set = set("Parallel", "{rollingUpdate: {partition: 1, maxUnavailable: 67%}}", "nginx:1.25").replace("replicas: 2", "replicas: 3");
    let lines = ["set image sts/web nginx=nginx:broken", away];
    let gone = |ordinal: &str| format!("Delete Pod web-{ordinal} in StatefulSet web successful");
    check_newest(&set, &lines, &[gone("2"), gone("1")].join(" "), &gone("2"));
}

#[test]
fn since_1_38_a_parallel_set_removes_before_it_creates() {
    let events =
        "get events --field-selector involvedObject.kind=StatefulSet --sort-by=.metadata.resourceVersion -o jsonpath={.items[*].reason}";
    let moved = r#"patch sts web -p '{"spec":{"ordinals":{"start":2}}}'"#;
    let told = |last: [&str; 4]| ["SuccessfulCreate SuccessfulCreate"].into_iter().chain(last).collect::<Vec<_>>().join(" ");
    let (made, removed) = ("SuccessfulCreate", "SuccessfulDelete");
    check_newest(
        &set("Parallel", "{}", "nginx:1.25"),
        &[moved, events],
        &told([made, made, removed, removed]),
        &told([removed, removed, made, made]),
    );
}

#[test]
fn since_1_38_a_pod_with_zeros_in_its_number_is_no_member() {
    let bare = "run web-01 --image=nginx:1.25 --labels=app=web";
    check_newest(
        &set("OrderedReady", "{}", "nginx:1.25"),
        &[bare, "get pods -o name"],
        "pod/web-0\npod/web-1\n",
        "pod/web-0\npod/web-01\npod/web-1\n",
    );
}

#[test]
fn since_1_38_a_set_may_be_recreated() {
    let told = "get sts web -o jsonpath={.status.conditions[0].status},{.status.conditions[0].reason}";
    let set = set("OrderedReady", "{type: Recreate}", "nginx:1.25");
    let unknown = "Error from server (NotFound): statefulsets.apps \"web\" not found\n";
    check_newest(&set, &["set image sts/web nginx=nginx:broken", told], unknown, "True,RecreateInProgress");
    check_newest(
        &set,
        &["set image sts/web nginx=nginx:broken", "set image sts/web nginx=nginx:1.26", told],
        unknown,
        "False,RecreateCompleted",
    );
    let gone = ["set image sts/web nginx=nginx:broken", "get pods -o name"];
    check_newest(&set, &gone, "", "pod/web-0\n");
}
