//! What manifests that people really wrote ask for, each in as few lines as show it. All words and values are those of a real server
//! and kubectl, 1.37.1.

use crate::more::{one_pod_set, play};

const OLD_CLASS: &str = "volume.beta.kubernetes.io/storage-class";

fn claim(name: &str, annotation: &str, field: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {{name: {name}, annotations: {{{annotation}}}}}\nspec: {{accessModes: \
         [ReadWriteOnce], {field} resources: {{requests: {{storage: 1Gi}}}}}}\n"
    )
}

#[test]
fn a_class_may_be_named_by_the_annotation_that_was_there_before_the_field() {
    let templates = format!(
        "  volumeClaimTemplates:\n  - metadata: {{name: data, annotations: {{{OLD_CLASS}: fast}}}}\n    spec: {{accessModes: [ReadWriteOnce], \
         resources: {{requests: {{storage: 1Gi}}}}}}\n"
    );
    let volume = format!(
        "---\napiVersion: v1\nkind: PersistentVolume\nmetadata: {{name: old, annotations: {{{OLD_CLASS}: slow}}}}\nspec: {{accessModes: \
         [ReadWriteOnce], capacity: {{storage: 5Gi}}, hostPath: {{path: /x}}, storageClassName: other}}\n"
    );
    let others =
        [claim("both", &format!("{OLD_CLASS}: fast"), "storageClassName: local-path,"), claim("slow", "", "storageClassName: slow,")];
    let text = format!("{}{templates}{}{}{volume}", one_pod_set("web", "web"), others[0], others[1]);
    let no_field = "patch pvc data-web-0 --type=merge -p '{\"metadata\":{\"annotations\":{\"volume.beta.kubernetes.io/storage-class\":null}},\
                    \"spec\":{\"storageClassName\":\"fast\"}}'";
    let told = play(
        &[("world.yaml", &text)],
        &[
            "apply -f world.yaml",
            "wait pvc slow --for=jsonpath={.status.phase}=Bound --timeout=20s",
            "get pvc -o custom-columns=N:.metadata.name,C:.spec.storageClassName,P:.status.phase --no-headers",
            "get pvc both --no-headers",
            "describe statefulset web",
            &format!("annotate pvc data-web-0 {OLD_CLASS}=slow --overwrite"),
            "patch pvc data-web-0 -p '{\"spec\":{\"storageClassName\":\"other\"}}'",
            no_field,
            "get pvc data-web-0 -o jsonpath={.metadata.annotations}{.spec.storageClassName}",
        ],
    );
    assert_eq!(told[2], "both         local-path   Pending\ndata-web-0   <none>       Pending\nslow         slow         Bound\n");
    assert!(told[3].contains(" fast "), "{}", told[3]);
    assert!(told[4].contains("  StorageClass:  fast\n"), "{}", told[4]);
    let fixed = format!("! The PersistentVolumeClaim \"data-web-0\" is invalid: metadata.annotations.{OLD_CLASS}: ");
    assert_eq!(told[5], format!("{fixed}Invalid value: \"slow\": field is immutable\n? 1\n"));
    assert!(
        told[6].starts_with("! The PersistentVolumeClaim \"data-web-0\" is invalid: spec: Forbidden: spec is immutable"),
        "{}",
        told[6]
    );
    assert_eq!((told[7].as_str(), told[8].as_str()), ("persistentvolumeclaim/data-web-0 patched\n", "fast"));
}

#[test]
fn a_pod_asks_for_what_its_template_limits_and_has_no_init_containers_from_annotations() {
    let text = one_pod_set("web", "web")
        .replace("{labels: {app: x}}", "{labels: {app: x}, annotations: {pod.beta.kubernetes.io/init-containers: '[]'}}")
        .replace("image: nginx", "image: nginx, resources: {limits: {cpu: 100m, ephemeral-storage: 1Gi}}, ports: [{containerPort: 80}]")
        .replace("{containers:", "{hostNetwork: true, containers:");
    let of_pod = "-o jsonpath={.metadata.annotations}{.spec.containers[0].resources}{.spec.containers[0].ports}";
    let of_set = of_pod.replace("{.", "{.spec.template.");
    let told = play(
        &[("world.yaml", &text)],
        &[
            "apply -f world.yaml",
            "wait sts web --for=jsonpath={.status.replicas}=1",
            &format!("get sts web {of_set}"),
            &format!("get pod web-0 {of_pod}"),
        ],
    );
    assert_eq!(told[2], r#"{"limits":{"cpu":"100m","ephemeral-storage":"1Gi"}}[{"containerPort":80,"protocol":"TCP"}]"#);
    let asked = r#"{"limits":{"cpu":"100m","ephemeral-storage":"1Gi"},"requests":{"cpu":"100m","ephemeral-storage":"1Gi"}}"#;
    assert_eq!(told[3], format!(r#"{asked}[{{"containerPort":80,"hostPort":80,"protocol":"TCP"}}]"#));
}

#[test]
fn only_a_kubelet_says_which_generation_of_a_pod_it_has_seen() {
    let text = one_pod_set("web", "web").replace("{containers:", "{nodeSelector: {none: such}, containers:");
    let seen = "get pod web-0 -o jsonpath={.status.observedGeneration}|{.status.conditions[0].observedGeneration}";
    let told = play(
        &[("world.yaml", &text)],
        &[
            "apply -f world.yaml",
            "wait pod web-0 --for=condition=PodScheduled=false --timeout=20s",
            seen,
            "label nodes --all none=such",
            "wait pod web-0 --for=condition=Ready --timeout=20s",
            seen,
        ],
    );
    assert_eq!((told[2].as_str(), told[5].as_str()), ("|1", "1|1"));
}

const UNKNOWN: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: good}\n---\napiVersion: a.io/v1\nkind: One\nmetadata: {name: one}\n\
    ---\napiVersion: b.io/v1\nkind: Two\nmetadata: {name: two}\n";

#[test]
fn what_cannot_be_read_is_told_after_what_was_tried_and_by_describe_before() {
    let one = "resource mapping not found for name: \"one\" namespace: \"\" from \"u.yaml\": no matches for kind \"One\" in version \"a.io/v1\"\n\
               ensure CRDs are installed first";
    let two = one.replace("one", "two").replace("One", "Two").replace("a.io", "b.io");
    let both = format!("[{one}, {two}]").replace('\n', "\n! ");
    let apart = format!("{one}\n{two}").replace('\n', "\n! ");
    let missing = "configmaps \"good\" not found";
    let lines = ["get", "describe", "delete", "replace", "create", "create"].map(|verb| format!("{verb} -f u.yaml"));
    let told = play(&[("u.yaml", UNKNOWN)], &lines.each_ref().map(String::as_str));
    assert_eq!(told[0], format!("! Error from server (NotFound): {missing}\n! {apart}\n? 1\n"));
    assert_eq!(told[1], format!("! {both}\n! Error from server (NotFound): {missing}\n? 1\n"));
    assert_eq!(told[2], format!("! Error from server (NotFound): error when deleting \"u.yaml\": {missing}\n! {both}\n? 1\n"));
    assert_eq!(told[3], format!("! Error from server (NotFound): error when replacing \"u.yaml\": {missing}\n! {both}\n? 1\n"));
    assert_eq!(told[4], format!("configmap/good created\n! {apart}\n? 1\n"));
    let exists = "error when creating \"u.yaml\": configmaps \"good\" already exists";
    assert_eq!(told[5], format!("! Error from server (AlreadyExists): {exists}\n! {both}\n? 1\n"));
}

#[test]
fn get_says_error_only_of_what_it_does_not_gather_and_prints_no_part_of_a_file() {
    let missing = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: good}\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: none}\n";
    let gone = "apiVersion: apps/v1beta1\nkind: StatefulSet\nmetadata: {name: web}\n";
    let lines = ["create configmap good", "get -f m.yaml -o yaml", "get -f m.yaml --no-headers", "get -f g.yaml", "get -f g.yaml -o yaml"];
    let told = play(&[("m.yaml", missing), ("g.yaml", gone)], &lines);
    assert_eq!(told[1], "! Error from server (NotFound): secrets \"none\" not found\n? 1\n");
    assert!(told[2].starts_with("configmap/good ") || told[2].starts_with("good "), "{}", told[2]);
    assert!(told[3].starts_with("! resource mapping not found for name: \"web\""), "{}", told[3]);
    assert!(told[4].starts_with("! error: resource mapping not found for name: \"web\""), "{}", told[4]);
}

#[test]
fn a_file_is_read_before_its_object_or_namespace_is_looked_for() {
    let wrong = one_pod_set("web", "web").replace("image: nginx", "image: nginx, env: [{name: N, value: 3}]");
    let elsewhere = one_pod_set("web", "web").replace("{name: web}", "{name: web, namespace: kafka}");
    let told = play(&[("w.yaml", &wrong), ("e.yaml", &elsewhere)], &["replace -f w.yaml", "describe -f e.yaml", "get -f e.yaml"]);
    assert!(
        told[0].starts_with("! Error from server (BadRequest): error when replacing \"w.yaml\": StatefulSet in version \"v1\""),
        "{}",
        told[0]
    );
    assert_eq!(told[1], "! Error from server (NotFound): statefulsets.apps \"web\" not found\n? 1\n");
    assert_eq!(told[2], "! Error from server (NotFound): namespaces \"kafka\" not found\n? 1\n");
}

#[test]
fn diff_is_not_strict_and_compares_whatever_version_the_file_names() {
    let misplaced = one_pod_set("web", "web").replace("    spec: {containers", "    spec: {env: [], volumeClaimTemplates: [], containers");
    let misplaced = misplaced.replace("  selector: {matchLabels: {app: x}}\n", "");
    let exported =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, resourceVersion: '7', uid: 32f23ba9-408b-4c5b-99b0-8af3ea18e185}\n";
    let told = play(&[("m.yaml", &misplaced), ("e.yaml", exported)], &["diff -f m.yaml", "create configmap c", "diff -f e.yaml"]);
    let want = "! Warning: unknown field \"spec.template.spec.env\"\n! Warning: unknown field \"spec.template.spec.volumeClaimTemplates\"\n\
                ! The StatefulSet \"web\" is invalid: \n! * spec.selector: Required value\n";
    assert!(told[0].starts_with(want), "{}", told[0]);
    let immutable = "Invalid value: \"32f23ba9-408b-4c5b-99b0-8af3ea18e185\": field is immutable";
    assert_eq!(told[2], format!("! The ConfigMap \"c\" is invalid: metadata.uid: {immutable}\n? 2\n"));
}

#[test]
fn annotations_about_profiles_are_checked_against_the_containers() {
    let profiles =
        "{container.apparmor.security.beta.kubernetes.io/d: runtime/default, container.seccomp.security.alpha.kubernetes.io/c: none}";
    let text = one_pod_set("web", "web").replace("{labels: {app: x}}", &format!("{{labels: {{app: x}}, annotations: {profiles}}}"));
    let told = play(&[("w.yaml", &text)], &["apply -f w.yaml"]);
    let at = "spec.template.annotations";
    let seccomp =
        format!("* {at}.container.seccomp.security.alpha.kubernetes.io/c: Invalid value: \"none\": must be a valid seccomp profile");
    let armor = format!("* {at}[container.apparmor.security.beta.kubernetes.io/d]: Invalid value: \"d\": container not found");
    assert_eq!(told[0], format!("! The StatefulSet \"web\" is invalid: \n! {seccomp}\n! {armor}\n? 1\n"));
}

#[test]
fn describe_shows_what_services_sets_and_volumes_of_public_manifests_have() {
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec:\n  type: LoadBalancer\n  externalTrafficPolicy: Local\n  \
        loadBalancerSourceRanges: [10.0.0.0/8, 172.16.0.0/12]\n  trafficDistribution: PreferSameZone\n  selector: {app: x}\n  ports: [{port: 4222, \
        name: client, appProtocol: tcp}, {port: 8222, name: monitor, appProtocol: http}]\n";
    let set = one_pod_set("web", "web").replace("  serviceName: web\n", "").replace("image: nginx}]", "image: nginx, readinessProbe: {httpGet: {path: \
        '/health?ready=1', port: 80}}}], volumes: [{name: v, downwardAPI: {items: [{path: c, resourceFieldRef: {containerName: c, resource: \
        limits.cpu}}]}}]");
    let ports = "get endpointslices -o jsonpath={.items[*].ports[*].port}{.items[0].ports[0].appProtocol}";
    let told = play(
        &[("s.yaml", service), ("w.yaml", &set)],
        &[
            "apply -f s.yaml -f w.yaml",
            "describe service s",
            "describe sts web",
            "wait pod web-0 --for=condition=Ready",
            ports,
            "get svc s -o jsonpath={.spec}",
        ],
    );
    for line in [
        "AppProtocol:                 tcp\n",
        "LoadBalancer Source Ranges:  10.0.0.0/8,172.16.0.0/12\n",
        "Traffic Distribution:        PreferSameZone\n",
    ] {
        assert!(told[1].contains(line), "{line} is not in {}", told[1]);
    }
    let health = told[1].lines().find_map(|line| line.strip_prefix("HealthCheck NodePort:")).map(str::trim).expect("it has one");
    assert!(told[5].contains(&format!("\"healthCheckNodePort\":{health},")), "{}", told[5]);
    assert!(!told[2].contains("Service Name"), "{}", told[2]);
    for line in ["http-get http://:80/health%3Fready=1 delay=0s", "      limits.cpu -> c\n"] {
        assert!(told[2].contains(line), "{line} is not in {}", told[2]);
    }
    assert_eq!(told[4], "4222 8222tcp");
}

#[test]
fn an_undo_brings_the_servers_warnings_as_an_apply_does() {
    let text = one_pod_set("web", "web")
        .replace("{labels: {app: x}}", "{labels: {app: x}, annotations: {scheduler.alpha.kubernetes.io/critical-pod: ''}}");
    let told = play(&[("w.yaml", &text)], &["create -f w.yaml", "set image sts/web c=nginx:2", "rollout undo sts/web"]);
    let warned = "! Warning: spec.template.metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: non-functional in v1.16+; use the \
                  \"priorityClassName\" field instead\n";
    assert_eq!(told[2], format!("statefulset.apps/web rolled back\n{warned}"));
}

#[test]
fn wide_columns_of_a_binding_have_its_subjects() {
    let subjects = "[{kind: ServiceAccount, name: a, namespace: default}, {kind: User, name: jane, apiGroup: rbac.authorization.k8s.io}]";
    let binding = format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {{name: watcher}}\nroleRef: {{apiGroup: \
         rbac.authorization.k8s.io, kind: ClusterRole, name: watcher}}\nsubjects: {subjects}\n"
    );
    let told = play(&[("r.yaml", &binding)], &["apply -f r.yaml", "get clusterrolebinding watcher -o wide"]);
    let wide = told[1].split_whitespace().collect::<Vec<_>>();
    assert_eq!(wide[..6], ["NAME", "ROLE", "AGE", "USERS", "GROUPS", "SERVICEACCOUNTS"]);
    assert_eq!(wide[9..], ["jane", "default/a"]);
}
