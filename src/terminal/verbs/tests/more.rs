//! Less common commands: the output of each, in the real simulation.

use api::release::V1_37;
use rig::file::Scenario;
use rig::run::replay;
use serde_json::Value;

/// Plays these kubectl lines with these files; returns the output of each, errors after `! `, the exit code after `? `. What is written
/// as JSON is another step of a scenario, and prints nothing.
pub fn play(files: &[(&str, &str)], lines: &[&str]) -> Vec<String> {
    let steps: Vec<Value> = lines.iter().map(|line| step(line)).collect();
    let files: serde_json::Map<String, Value> = files.iter().map(|(name, text)| ((*name).to_owned(), Value::from(*text))).collect();
    let text = serde_json::json!({ "name": "more", "files": files, "steps": steps }).to_string();
    let played = replay(&Scenario::parse(&text).expect("a scenario"), &V1_37).expect("a run");
    let all: Value = serde_json::from_str(&played.kubectl).expect("JSON");
    let printed = |command: &Value| {
        let mut text = command["stdout"].as_str().unwrap_or_default().to_owned();
        for line in command["stderr"].as_str().unwrap_or_default().lines() {
            text.extend(["! ", line, "\n"]);
        }
        if let Some(code @ 1..) = command["rc"].as_i64() {
            text.extend(["? ", &code.to_string(), "\n"]);
        }
        text
    };
    all["commands"].as_array().expect("commands").iter().map(printed).collect()
}

fn step(line: &str) -> Value {
    if line.starts_with('{') { serde_json::from_str(line).expect("a step") } else { serde_json::json!({ "kubectl": line }) }
}

/// A set of one pod, by its name and that of its Service.
pub fn one_pod_set(name: &str, service: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: {name}}}\nspec:\n  serviceName: {service}\n  selector: {{matchLabels: \
         {{app: x}}}}\n  template:\n    metadata: {{labels: {{app: x}}}}\n    spec: {{containers: [{{name: c, image: nginx}}]}}\n"
    )
}

const KEEP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: keep, labels: {app: x}}\n";
const OLD: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: old, labels: {app: x}}\n";
const OTHER: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\n";

#[test]
fn a_prune_deletes_what_was_applied_and_is_in_no_file() {
    let files = [("keep.yaml", KEEP), ("old.yaml", OLD), ("other.yaml", OTHER)];
    let lines = [
        "apply -f keep.yaml -f old.yaml -f other.yaml",
        "create configmap made",
        "apply -f keep.yaml --prune",
        "apply -f keep.yaml --prune -l app=x --prune-allowlist=core/v1/ConfigMap --dry-run=client",
        "apply -f keep.yaml --prune -l app=x --prune-allowlist=core/v1/ConfigMap",
        "apply -f keep.yaml --prune --all --prune-allowlist=core/v1/ConfigMap",
        "get cm -o name",
        "apply -f keep.yaml --prune --all --prune-allowlist=ConfigMap",
    ];
    let printed = play(&files, &lines);
    assert!(printed[2].starts_with("! error: all resources selected for prune without explicitly passing --all."), "{}", printed[2]);
    assert_eq!(printed[3], "configmap/keep unchanged (dry run)\nconfigmap/old pruned (dry run)\n");
    assert_eq!(printed[4], "configmap/keep unchanged\nconfigmap/old pruned\n");
    assert_eq!(printed[5], "configmap/keep unchanged\nconfigmap/other pruned\n");
    assert_eq!(printed[6], "configmap/keep\nconfigmap/kube-root-ca.crt\nconfigmap/made\n");
    assert_eq!(
        printed[7],
        "configmap/keep unchanged\n! error: invalid GroupVersionKind format: ConfigMap, please follow <group/version/kind>\n? 1\n"
    );
}

#[test]
fn flags_of_apply_that_do_not_go_together_are_refused() {
    let lines = [
        "apply -f keep.yaml --server-side --prune --all",
        "apply -f keep.yaml --force --dry-run=server",
        "apply -f keep.yaml --force --prune --all",
        "apply -f keep.yaml --prune --all -l app=x",
        "apply -f keep.yaml --force-conflicts --prune",
    ];
    let told = [
        "--prune is in alpha and doesn't currently work on objects created by server-side apply",
        "--dry-run=server cannot be used with --force",
        "--force cannot be used with --prune",
        "cannot set --all and --selector at the same time",
        "--force-conflicts only works with --server-side",
    ];
    assert_eq!(play(&[("keep.yaml", KEEP)], &lines), told.map(|why| format!("! error: {why}\n? 1\n")));
}

#[test]
fn an_apply_by_force_deletes_what_may_not_change_and_makes_it_anew() {
    let (one, two) = (one_pod_set("web", "one"), one_pod_set("web", "two"));
    let lines = [
        "apply -f one.yaml",
        "apply -f two.yaml",
        "apply -f two.yaml --force",
        "get sts web -o jsonpath={.spec.serviceName}",
        "apply -f one.yaml --force --server-side",
    ];
    let printed = play(&[("one.yaml", &one), ("two.yaml", &two)], &lines);
    assert_eq!(printed[1], "! The StatefulSet \"web\" is invalid: spec.serviceName: Invalid value: \"two\": field is immutable\n? 1\n");
    assert_eq!(printed[2], "statefulset.apps/web configured\n");
    assert_eq!(printed[3], "two");
    assert_eq!(printed[4], "! error: --force cannot be used with --server-side\n? 1\n");
}

#[test]
fn what_force_cannot_put_in_the_place_of_an_object_leaves_it_as_it_was() {
    let right = one_pod_set("web", "one");
    let wrong = right.replace("template:\n    metadata: {labels: {app: x}}", "template:\n    metadata: {labels: {app: x, v: 2}}");
    let lines = ["apply -f right.yaml", "apply -f wrong.yaml --force", "get sts web -o name"];
    let printed = play(&[("right.yaml", &right), ("wrong.yaml", &wrong)], &lines);
    let why = "for: \"wrong.yaml\": StatefulSet in version \"v1\" cannot be handled as a StatefulSet: json: cannot unmarshal number into Go \
               struct field ObjectMeta.spec.template.metadata.labels of type string\n? 1\n";
    assert!(
        printed[1].starts_with("! Error from server (BadRequest): error when applying patch:\n! {\"apiVersion\":\"apps/v1\","),
        "{}",
        printed[1]
    );
    assert!(printed[1].ends_with(why), "{}", printed[1]);
    assert_eq!(printed[2], "statefulset.apps/web\n");
}

#[test]
fn a_name_of_a_category_is_of_no_one_resource_and_formats_may_be_in_capitals() {
    let one = "! error: you must specify only one resource\n? 1\n";
    let lines = ["get all web-0", "delete all web-0", "describe all web-0", "get ns default -o NAME", "get ns default -o WIDE"];
    let printed = play(&[], &lines);
    assert_eq!(printed[..4], [one, one, one, "namespace/default\n"]);
    assert!(printed[4].starts_with("! error: unable to match a printer suitable for the output format \"WIDE\""), "{}", printed[4]);
}

#[test]
fn a_daemon_set_whose_revision_is_deleted_makes_it_anew() {
    let set = "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: agent}\nspec:\n  selector: {matchLabels: {app: agent}}\n  template:\n    \
               metadata: {labels: {app: agent}}\n    spec: {containers: [{name: c, image: nginx}]}\n";
    let settle = r#"{"settle": 3, "timeout": 40}"#;
    let lines = ["apply -f d.yaml", settle, "delete controllerrevisions --all", settle, "rollout history ds/agent"];
    let printed = play(&[("d.yaml", set)], &lines);
    assert!(printed[1].starts_with("controllerrevision.apps \"agent-"), "{}", printed[1]);
    assert_eq!(printed[2], "daemonset.apps/agent \nREVISION  CHANGE-CAUSE\n1         <none>\n\n");
}

#[test]
fn jobs_are_described_by_their_counts() {
    let cron = "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c}\nspec: {schedule: '@daily', jobTemplate: {spec: {template: {spec: \
                {restartPolicy: Never, containers: [{name: c, image: busybox}]}}}}}\n";
    let lines = ["create job j --image=busybox", "apply -f cron.yaml", "describe job j", "describe cj c"];
    let printed = play(&[("cron.yaml", cron)], &lines);
    for (text, words) in [
        (&printed[2], ["Completion Mode:  NonIndexed\n", "Backoff Limit:    6\n", " Active (0 Ready) / 0 Succeeded / 0 Failed\n"]),
        (&printed[3], ["Concurrency Policy:            Allow\n", "Last Schedule Time:  <unset>\n", "Active Jobs:         <none>\n"]),
    ] {
        assert!(words.iter().all(|word| text.contains(word)), "{text}");
    }
}

#[test]
fn what_a_cluster_says_of_itself_is_said() {
    for (line, want) in [
        ("top pods", "! error: Metrics API not available\n? 1\n"),
        ("auth can-i create statefulsets", "yes\n"),
        ("auth can-i get nodes", "yes\n! Warning: resource 'nodes' is not namespace scoped\n! \n"),
        ("exec web-0 --", "! error: you must specify at least one command for the container\n? 1\n"),
        ("patch -f empty.yaml -p {}", "! error: no objects passed to patch\n? 1\n"),
    ] {
        let printed = play(&[("empty.yaml", "# nothing\n")], &["create sa a", line]);
        assert_eq!(printed[1], want, "{line}");
    }
}

#[test]
fn columns_of_ones_own_need_no_headings() {
    let lines = ["create sa a", "get sa a -o custom-columns=:metadata.name", "get sa a -o custom-columns=N:.metadata.name --no-headers"];
    let printed = play(&[], &lines);
    assert_eq!(printed[1..], ["\na\n", "a\n"]);
}

#[test]
fn what_a_real_server_would_know_is_not_said_to_be_unknown() {
    for line in ["get cs", "get ip", "get servicecidrs", "get apiservices", "describe flowschemas"] {
        let printed = play(&[], &[line]);
        assert!(printed[0].contains("is not simulated.") && !printed[0].contains("resource type"), "{line}: {}", printed[0]);
    }
    let printed = play(&[], &["get leases -n kube-node-lease", "get clusterroles"]);
    assert!(printed[0].starts_with("NAME     HOLDER   AGE\nnode-1   node-1   "), "{}", printed[0]);
}

#[test]
fn a_template_that_fails_shows_what_it_was_given() {
    let printed = play(&[], &["create sa a", "get sa a -o go-template={{.kind}}:{{.metadata.name.x}}"]);
    assert!(printed[1].starts_with("ServiceAccount:Error executing template: template: output:1:"), "{}", printed[1]);
    assert!(printed[1].contains("\tobject given to template engine was:\n\t\tmap[apiVersion:v1 kind:ServiceAccount"), "{}", printed[1]);
}

#[test]
fn a_flag_that_would_change_more_than_is_simulated_is_not_passed_over() {
    let create = "create sa a";
    for (line, flag) in [
        ("wait sa a --for=delete --local", "`kubectl wait` with --local"),
        ("get sa --server-print=false", "`kubectl get` with --server-print"),
        ("apply -f a.yaml --overwrite=false", "`kubectl apply` with --overwrite"),
        ("get sa --as=nobody", "`kubectl get` with --as"),
        ("auth can-i get pods --as-group=a,b", "`kubectl auth can-i` with --as-group"),
        ("get sa --token x", "`kubectl get` with --token"),
        ("get sa -s http://localhost:8080", "`kubectl get` with --server"),
        ("get sa --certificate-authority=ca.crt", "`kubectl get` with --certificate-authority"),
        ("delete sa a --warnings-as-errors", "`kubectl delete` with --warnings-as-errors"),
    ] {
        let printed = play(&[], &[create, line]);
        assert!(printed[1].contains(&format!("{flag} is not simulated.")), "{line}: {}", printed[1]);
    }
    let printed = play(&[], &[create, "label sa a x=y --local=false", "get sa a --server-print -o name --as= --match-server-version"]);
    assert_eq!(printed[1..], ["serviceaccount/a labeled\n", "serviceaccount/a\n"]);
}

#[test]
fn ports_are_numbers_of_sixteen_bits() {
    let pod = "run a --image=nginx";
    for (ports, want) in [
        ("x:80", "error parsing local port 'x': strconv.ParseUint: parsing \"x\": invalid syntax"),
        ("80:99999999999999999999", "Pod 'a' does not have a named port '99999999999999999999'"),
        ("80:0", "remote port must be > 0"),
    ] {
        let printed = play(&[], &[pod, "wait pod a --for=condition=Ready", &format!("port-forward a {ports}")]);
        assert_eq!(printed[2], format!("! error: {want}\n? 1\n"), "{ports}");
    }
}

#[test]
fn only_so_many_logs_are_followed() {
    let deployment = "create deployment a --image=nginx --replicas=6";
    let lines = [deployment, "rollout status deploy a", "logs -l app=a -f"];
    let printed = play(&[], &lines);
    let wanted = "! error: you are attempting to follow 6 log streams, but maximum allowed concurrency is 5, use --max-log-requests to increase \
                  the limit\n? 1\n";
    assert_eq!(printed[2], wanted);
}

#[test]
fn what_kubectl_checks_itself_it_refuses_itself() {
    for (line, want) in [
        ("delete pod ''", "resource name may not be empty"),
        ("exec '' -- ls", "resource name may not be empty"),
        ("create cm c --from-literal==b", "invalid literal source =b, expected key=value"),
        (
            "create cm c --from-literal=a=1 --from-literal=a=2",
            "cannot add key \"a\", another key by that name already exists in Data for ConfigMap \"c\"",
        ),
        ("create secret generic c --from-literal=a=1 --from-literal=a=2", "cannot add key a, another key by that name already exists"),
        ("create cm c --from-file=../none", "error reading ../none: no such file or directory"),
    ] {
        assert_eq!(play(&[], &[line])[0], format!("! error: {want}\n? 1\n"), "{line}");
    }
    let refused = &play(&[], &["create cm c --from-literal=é=b"])[0];
    assert!(refused.starts_with("! error: \"é\" is not a valid key name for a ConfigMap: a valid config key must consist of"), "{refused}");
    let folder = play(
        &[("conf/a", "1"), ("conf/b", "2")],
        &["create cm c --from-file=conf", "get cm c -o jsonpath={.data}", "-n '' get cm c -o name"],
    );
    assert_eq!(folder[1..], ["{\"a\":\"1\",\"b\":\"2\"}", "configmap/c\n"]);
}

#[test]
fn nothing_that_is_typed_lies_too_deep() {
    const LEVELS: usize = 20_000;
    for (line, want) in [
        (format!("get sa -o 'jsonpath={}'", "{range .a}".repeat(LEVELS)), "more than 50 levels are not simulated"),
        (format!("get sa -o 'jsonpath={{{}'", "[?(@.a==".repeat(LEVELS)), "unterminated filter"),
        (format!("get sa -o 'jsonpath={{{}{}}}'", "[?(".repeat(100), ")]".repeat(100)), "more than 50 levels are not simulated"),
        (format!("get sa -o 'go-template={}'", "{{if 1}}".repeat(LEVELS)), "more than 50 levels are not simulated"),
        (format!("get sa -o 'go-template={{{{{}}}}}'", "(".repeat(LEVELS)), "more than 50 levels are not simulated"),
    ] {
        let printed = play(&[], &["create sa a", &line]);
        assert!(printed[1].contains(want), "{}", &printed[1][printed[1].len().saturating_sub(200)..]);
    }
    let numbers = "get sa -o 'jsonpath={.items[9223372036854775807]}{.items[-9223372036854775808:]}'";
    assert_eq!(play(&[], &["create sa a", numbers]).len(), 2);
    let wide = "get sa -o 'go-template={{printf \"%99999999999999999999999s\" .kind}}'";
    assert!(play(&[], &["create sa a", wide])[1].contains("flags and widths of printf are not simulated"));
}

#[test]
fn an_autoscaler_without_its_target_says_so() {
    let hpa = "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: h}\n\
               spec: {maxReplicas: 4, scaleTargetRef: {apiVersion: apps/v1, kind: StatefulSet, name: nope}}\n";
    let lines =
        ["apply -f h.yaml", "wait hpa/h --for=jsonpath={.status.conditions[0].reason}=FailedGetScale --timeout=5s", "describe hpa h"];
    let described = play(&[("h.yaml", hpa)], &lines).remove(2);
    let condition = "  Type         Status  Reason          Message\n  ----         ------  ------          -------\n  AbleToScale  False   \
                     FailedGetScale  the HPA controller was unable to get the target's current scale: statefulsets.apps \"nope\" not found\n";
    assert!(described.contains(condition), "{described}");
    assert!(described.contains("FailedGetScale") && described.trim_end().ends_with("statefulsets.apps \"nope\" not found"), "{described}");
}

#[test]
fn an_autoscaler_of_the_older_version_is_taken() {
    let old = |more: &str| {
        format!(
            "apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata: {{name: h}}\nspec: {{maxReplicas: 4{more}, scaleTargetRef: \
             {{apiVersion: apps/v1beta1, kind: StatefulSet, name: nope}}}}\n"
        )
    };
    let files = [("h.yaml", &*old(", targetCPUUtilizationPercentage: 70")), ("newer.yaml", &*old(", behavior: {}"))];
    let lines = [
        "apply -f h.yaml",
        "apply -f h.yaml",
        "get hpa h -o jsonpath={.apiVersion}/{.spec.metrics[0].resource.target.averageUtilization}",
        "wait hpa/h --for=jsonpath={.status.conditions[0].reason}=FailedGetScale --timeout=5s",
        "get hpa h -o jsonpath={.status.conditions[0].message}",
        "apply -f newer.yaml",
        "delete -f h.yaml",
    ];
    let printed = play(&files, &lines);
    assert_eq!(printed[0], "horizontalpodautoscaler.autoscaling/h created\n");
    assert_eq!(printed[1], "horizontalpodautoscaler.autoscaling/h unchanged\n");
    assert_eq!(printed[2], "autoscaling/v2/70");
    assert!(printed[4].ends_with("statefulsets.apps \"nope\" not found"), "{}", printed[4]);
    assert!(printed[5].contains("version \"v1\"") && printed[5].contains("unknown field \"spec.behavior\""), "{}", printed[5]);
    assert_eq!(printed[6], "horizontalpodautoscaler.autoscaling \"h\" deleted from default namespace\n");
}

/// Recorded on 1.37.1: a block, one whose base64 is cut, one whose end is cut, and none.
#[test]
fn a_certificate_that_is_no_pem_is_warned_of() {
    for (certificate, lacking) in [
        ("LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCllXSmoKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=", "key"),
        ("LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCllXSgotLS0tLUVORCBDRVJUSUZJQ0FURS0tLS0tCg==", "certificate"),
        ("LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCllXSmoKLS0tLS1F", "certificate"),
        ("bm90aGluZw==", "certificate"),
    ] {
        let secret = format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ntype: kubernetes.io/tls\ndata: {{tls.crt: {certificate}, tls.key: ''}}\n"
        );
        let printed = play(&[("s.yaml", &secret)], &["apply -f s.yaml"]);
        let want = format!("Warning: tls: failed to find any PEM data in {lacking} input\n");
        assert!(printed[0].contains(&want), "{}", printed[0]);
    }
}

#[test]
fn a_job_has_the_labels_of_its_pods() {
    let lines = [
        "create job j --image=nginx",
        "get job j -o jsonpath='{.metadata.labels.job-name}'",
        "get job j -o jsonpath='{.metadata.labels.controller-uid}'",
        "get job j -o jsonpath='{.metadata.uid}'",
    ];
    let printed = play(&[], &lines);
    assert_eq!(printed[1], "j");
    assert_eq!(printed[2], printed[3]);
}

#[test]
fn a_daemon_set_is_not_counted_again_for_a_node_whose_pod_stays() {
    let set = "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: d}\nspec: {selector: {matchLabels: {app: d}}, template: {metadata: \
               {labels: {app: d}}, spec: {containers: [{name: d, image: nginx}]}}}\n";
    let count = "get ds d -o jsonpath={.status.desiredNumberScheduled}/{.status.numberMisscheduled}";
    let settled = "wait ds/d --for=jsonpath={.status.numberReady}=3 --timeout=20s";
    let lines = ["apply -f d.yaml", settled, "taint node node-3 a=b:NoSchedule", "wait pod/none --for=create --timeout=3s", count];
    let lines = [
        &lines[..],
        &["taint node node-3 a=b:NoExecute", "wait ds/d --for=jsonpath={.status.desiredNumberScheduled}=2 --timeout=20s", count],
    ]
    .concat();
    let printed = play(&[("d.yaml", set)], &lines);
    assert_eq!(printed[4], "3/0", "{printed:?}");
    assert!(printed[7].starts_with("2/"), "{printed:?}");
}

#[test]
fn a_diff_is_of_files_in_order_with_what_was_applied_last_as_it_is() {
    let web = |image: &str, port: i32| {
        format!(
            "apiVersion: v1\nkind: Service\nmetadata: {{name: nginx}}\nspec: {{clusterIP: None, ports: [{{port: {port}, name: web}}]}}\n---\n\
             apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: web}}\nspec: {{replicas: 0, serviceName: nginx, selector: \
             {{matchLabels: {{app: nginx}}}}, template: {{metadata: {{labels: {{app: nginx}}}}, spec: {{containers: [{{name: nginx, image: \
             {image}}}]}}}}}}\n"
        )
    };
    let lines = ["diff -f a.yaml", "create -f a.yaml", "diff -f a.yaml", "apply -f a.yaml", "diff -f b.yaml"];
    let printed = play(&[("a.yaml", &web("nginx:1.25", 80)), ("b.yaml", &web("nginx:1.26", 81))], &lines);
    let headers = |said: &str| -> Vec<String> { said.lines().filter(|l| l.starts_with("--- ")).map(str::to_owned).collect() };
    let both = ["--- LIVE/apps.v1.StatefulSet.default.web", "--- LIVE/v1.Service.default.nginx"];
    assert_eq!(headers(&printed[0]), both, "{printed:?}");
    assert!(!printed[0].contains("annotations"), "what is created is as it was given: {printed:?}");
    assert_eq!(printed[2], "");
    assert_eq!(headers(&printed[4]), both, "{printed:?}");
    let context = "\n     kubectl.kubernetes.io/last-applied-configuration: |\n       {\"apiVersion\":\"apps/v1\",";
    assert!(printed[4].contains(context) && printed[4].contains("\n-  generation: 1\n+  generation: 2\n"), "{printed:?}");
}

#[test]
fn a_diff_of_a_secret_tells_only_where_it_differs() {
    let secret = |data: &str| format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData: {data}\n");
    let files = [("a.yaml", secret("{a: b, c: d}")), ("b.yaml", secret("{a: x, c: d, e: f}"))];
    let files = files.each_ref().map(|(name, text)| (*name, text.as_str()));
    let printed = play(&files, &["diff -f a.yaml", "apply -f a.yaml", "diff -f b.yaml", "diff --show-secrets -f b.yaml"]);
    assert!(printed[0].contains("\n-null\n+apiVersion: v1\n+data:\n+  a: '***'\n+  c: '***'\n"), "{printed:?}");
    assert!(printed[2].contains("\n-  a: '*** (before)'\n+  a: '*** (after)'\n   c: '***'\n+  e: '***'\n"), "{printed:?}");
    assert!(printed[3].contains("\n-  a: Yg==\n+  a: eA==\n"), "{printed:?}");
}

#[test]
fn a_namespace_counts_nothing_while_pods_remain_in_it() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: lab, finalizers: [example.com/hold]}\nspec: {nodeSelector: {a: b}, \
               containers: [{name: c, image: nginx}]}\n";
    let lines =
        ["create ns lab", "apply -f p.yaml", "delete ns lab --wait=false", "wait pod/none --for=create --timeout=8s", "describe ns lab"];
    let printed = play(&[("p.yaml", pod)], &lines);
    let told: Vec<Vec<&str>> = printed[4].lines().map(|line| line.split_whitespace().collect()).collect();
    for (kind, reason) in [("NamespaceContentRemaining", "ContentRemoved"), ("NamespaceFinalizersRemaining", "ContentHasNoFinalizers")] {
        let row = told.iter().find(|row| row.first() == Some(&kind)).unwrap_or_else(|| panic!("no {kind}: {}", printed[4]));
        assert!(row[1] == "False" && row.contains(&reason), "{row:?}");
    }
}

#[test]
fn a_daemon_set_is_described_without_columns_for_its_counts() {
    let set = "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: d}\nspec: {selector: {matchLabels: {app: d}}, template: {metadata: \
               {labels: {app: d}}, spec: {nodeSelector: {a: b, c: d}, containers: [{name: d, image: nginx}]}}}\n";
    let printed = play(&[("d.yaml", set)], &["apply -f d.yaml", "describe ds d"]);
    let head = "Name:           d\nNamespace:      default\nSelector:       app=d\nNode-Selector:  a=b,c=d\nLabels:         <none>\n";
    assert!(printed[1].starts_with(head), "{printed:?}");
    assert!(printed[1].contains("\nNumber of Nodes Misscheduled: 0\nPods Status:  0 Running / "), "{printed:?}");
}

#[test]
fn what_create_is_refused_it_says_in_its_own_words() {
    let twice = |line: &str| play(&[], &[line, line]).swap_remove(1);
    for (line, want) in [
        ("create deployment d --image=nginx", "! error: failed to create deployment: deployments.apps \"d\" already exists\n? 1\n"),
        ("create configmap c", "! error: failed to create configmap: configmaps \"c\" already exists\n? 1\n"),
        ("create secret generic s", "! error: failed to create secret secrets \"s\" already exists\n? 1\n"),
        ("create service nodeport n --tcp=80", "! error: failed to create NodePort service: services \"n\" already exists\n? 1\n"),
        ("create quota q --hard=pods=1", "! error: failed to create quota: resourcequotas \"q\" already exists\n? 1\n"),
        ("create ns n", "! Error from server (AlreadyExists): namespaces \"n\" already exists\n? 1\n"),
        ("run p --image=nginx", "! Error from server (AlreadyExists): pods \"p\" already exists\n? 1\n"),
    ] {
        assert_eq!(twice(line), want, "{line}");
    }
}

#[test]
fn a_trace_tells_of_the_default_namespace_alone() {
    let text = "name: two\nsteps: [{kubectl: create sa here}, {kubectl: create ns other}, {kubectl: create deployment there -n other --image=nginx}, \
                {kubectl: create deployment d --image=nginx}, {sleep: 3}]\n";
    let trace = replay(&Scenario::parse(text).expect("a scenario"), &V1_37).expect("a run").trace;
    assert!(trace.contains("\"pod.created\",\"name\":\"d@1-#1\"") && !trace.contains("there@1"), "{trace}");
}

#[test]
fn events_are_described_of_one_object_and_of_several_where_they_are_asked_for() {
    let files = [("two.yaml", &*format!("{KEEP}---\n{OTHER}"))];
    let lines =
        ["apply -f two.yaml", "describe cm keep", "describe cm keep other", "describe cm keep other --show-events", "describe cm ot"];
    let printed = play(&files, &lines);
    let described: Vec<_> = printed[1..].iter().map(|text| (text.matches("Name:").count(), text.matches("Events:").count())).collect();
    assert_eq!(described, [(1, 1), (2, 0), (2, 2), (1, 0)]);
    assert!(printed[4].ends_with("\n\n"), "{}", printed[4]);
}

#[test]
fn what_comes_after_a_document_that_cannot_be_decoded_is_applied_all_the_same() {
    let bad = OLD.replace("app: x", "app: true");
    let printed = play(&[("a.yaml", &format!("{KEEP}---\n{bad}---\n{OTHER}"))], &["apply -f a.yaml"]);
    assert!(
        printed[0].starts_with("configmap/keep created\nconfigmap/other created\n! error: unable to decode \"a.yaml\": "),
        "{}",
        printed[0]
    );
}

/// A volume made by hand, and a claim that fits it.
const VOLUME: &str = "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: v}\nspec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], \
                      storageClassName: manual, hostPath: {path: /tmp/v}}\n";
const CLAIM: &str = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: c}\nspec: {accessModes: [ReadWriteOnce], storageClassName: manual, \
                     resources: {requests: {storage: 1Gi}}}\n";

#[test]
fn a_released_volume_is_available_again_without_its_claim() {
    let look = "get pv v -o custom-columns=:.status.phase,:.spec.claimRef.name";
    let volume = VOLUME.replace("[ReadWriteOnce]", "[ReadWriteOnce, ReadOnlyMany]");
    let lines = [
        "apply -f all.yaml",
        look,
        "label pvc c a=b",
        "get pvc c --no-headers",
        "delete pvc c",
        look,
        "patch pv v -p '{\"spec\":{\"claimRef\":null}}'",
        look,
    ];
    let printed = play(&[("all.yaml", &format!("{volume}---\n{CLAIM}"))], &lines);
    assert!(printed[3].starts_with("c     Bound   v     1Gi   RWO,ROX   manual"), "{}", printed[3]);
    let seen: Vec<_> = [1, 5, 7].map(|i: usize| printed[i].split_whitespace().collect::<Vec<_>>().join(" ")).into();
    assert_eq!(seen, ["Bound c", "Released c", "Available <none>"]);
}

#[test]
fn a_volume_that_forgets_its_claim_is_bound_to_it_again() {
    let bound = "wait pv/v --for=jsonpath={.status.phase}=Bound --timeout=20s";
    let lines = [
        "apply -f all.yaml",
        bound,
        "patch pv v -p '{\"spec\":{\"claimRef\":null}}'",
        "wait pv/v --for=jsonpath={.status.phase}=Available --timeout=5s",
        bound,
        "get pv v -o jsonpath={.spec.claimRef.name}",
    ];
    let printed = play(&[("all.yaml", &format!("{VOLUME}---\n{CLAIM}"))], &lines);
    assert_eq!(printed[3..], ["persistentvolume/v condition met\n", "persistentvolume/v condition met\n", "c"]);
}

#[test]
fn taints_that_are_there_are_named_and_described_by_their_effect() {
    let lines = ["taint node node-1 a=b:NoSchedule c=d:NoExecute", "taint node node-1 c=1:NoExecute z=1:NoSchedule a=2:NoSchedule"];
    let printed = play(&[], &[&lines[..], &["describe node node-1", "taint node node-1 c=1:NoExecute --overwrite"]].concat());
    assert_eq!(printed[1], "! error: node node-1 already has c,a taint(s) with same effect(s) and --overwrite is false\n? 1\n");
    assert_eq!(printed[3], "node/node-1 modified\n");
    assert!(printed[2].contains("Taints:             c=d:NoExecute\n                    a=b:NoSchedule\n"), "{}", printed[2]);
}

#[test]
fn a_recorded_command_is_the_cause_in_the_history() {
    let lines = [
        "create deployment d --image=nginx:1",
        "set image deploy/d nginx=nginx:2 --record",
        "get deploy d -o jsonpath='{.metadata.annotations.kubernetes\\.io/change-cause}'",
        "rollout history deploy/d",
        "scale deploy d --replicas=3 --record",
        "get deploy d -o jsonpath='{.metadata.annotations.kubernetes\\.io/change-cause}'",
        "label deploy d a=b --record",
        "get deploy d -o jsonpath='{.metadata.annotations.kubernetes\\.io/change-cause}'",
        "annotate deploy d c=d --record",
        "get deploy d -o jsonpath='{.metadata.annotations.c} {.metadata.annotations.kubernetes\\.io/change-cause}'",
        "annotate deploy d kubernetes.io/change-cause='by hand' --record --overwrite",
        "get deploy d -o jsonpath='{.metadata.annotations.kubernetes\\.io/change-cause}'",
        "edit deploy d --record",
    ];
    let printed = play(&[], &lines);
    let said = "! Flag --record has been deprecated, --record will be removed in the future\n";
    assert_eq!(printed[1], format!("deployment.apps/d image updated\n{said}"));
    assert_eq!(printed[2], "kubectl set image deploy/d nginx=nginx:2 --record=true");
    assert!(printed[3].contains("\n2         kubectl set image deploy/d nginx=nginx:2 --record=true\n"), "{}", printed[3]);
    assert_eq!(printed[5], "kubectl scale deploy d --replicas=3 --record=true");
    assert_eq!(printed[6], format!("deployment.apps/d labeled\n{said}"));
    assert_eq!(printed[7], "kubectl label deploy d a=b --record=true");
    assert_eq!(printed[8], format!("deployment.apps/d annotated\n{said}"));
    assert_eq!(printed[9], "d kubectl annotate deploy d c=d --record=true");
    assert_eq!(printed[11], "by hand");
    assert_eq!(printed[12], format!("{said}! Edit cancelled, no changes made.\n"));
}

#[test]
fn an_account_is_described_without_its_secrets() {
    let printed = play(&[], &["create sa robot", "describe sa robot"]);
    let want = "Name:                robot\nNamespace:           default\nLabels:              <none>\nAnnotations:         <none>\n\
                Image pull secrets:  <none>\nEvents:              <none>\n";
    assert_eq!(printed[1], want);
}

#[test]
fn every_namespace_has_an_account_and_a_certificate_and_gets_them_again() {
    const NAMES: &str = "get sa,cm -n shop -o name";
    const CERTIFICATE: &str = "get cm kube-root-ca.crt -n shop -o jsonpath='{.data.ca\\.crt}'";
    let lines = [
        "get sa,cm -A --no-headers -o custom-columns=:.metadata.namespace,:.kind",
        "create namespace shop",
        NAMES,
        "delete sa,cm --all -n shop",
        NAMES,
        r#"patch cm kube-root-ca.crt -n shop -p '{"data":{"ca.crt":"mine"}}'"#,
        CERTIFICATE,
        r#"patch sa default -n shop -p '{"imagePullSecrets":[{"name":"pass"}]}'"#,
        "run x --image=nginx -n shop",
        "get pod x -n shop -o jsonpath={.spec.imagePullSecrets}",
        "create quota q --hard=configmaps=2 -n shop",
        "create configmap one -n shop",
        "create configmap two -n shop",
        "delete namespace shop",
        NAMES,
    ];
    let printed = play(&[], &lines);
    let namespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];
    let all = |kind: &str| namespaces.map(|n| format!("{n} {kind}\n")).concat();
    let squeezed = |text: &str| text.lines().map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ") + "\n").collect::<String>();
    assert_eq!(squeezed(&printed[0]), all("ServiceAccount") + &all("ConfigMap"));
    let both = "serviceaccount/default\nconfigmap/kube-root-ca.crt\n";
    assert_eq!((&*printed[2], &*printed[4]), (both, both));
    let deleted = "serviceaccount \"default\" deleted from shop namespace\nconfigmap \"kube-root-ca.crt\" deleted from shop namespace\n";
    assert_eq!(printed[3], deleted);
    assert!(printed[6].starts_with("-----BEGIN CERTIFICATE-----\n"), "{}", printed[6]);
    assert_eq!(printed[9], r#"[{"name":"pass"}]"#);
    assert_eq!(printed[11], "configmap/one created\n");
    assert!(
        printed[12].contains("exceeded quota: q, requested: configmaps=1, used: configmaps=2, limited: configmaps=2"),
        "{}",
        printed[12]
    );
    assert_eq!(printed[14], "");
}
