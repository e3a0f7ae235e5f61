//! Values as Go's dumper prints them.

use ordinal::api::go_dump::dump;
use ordinal::api::release::{Release, V1_37};
use ordinal::api::schema::schema;
use ordinal::base::hash::{fnv1a_32, safe_encode};
use ordinal::base::value::Value;
use ordinal::yaml;

#[test]
fn the_go_name_of_a_field_follows_from_its_json_name_or_stands_in_the_schema() {
    let name = |of: &str, field: &str| schema().named(of).and_then(|ty| ty.field(field)).map(|field| field.go_name());
    for (of, field, expected) in [
        ("Deployment", "apiVersion", "APIVersion"),
        ("Deployment", "metadata", "ObjectMeta"),
        ("DeploymentSpec", "replicas", "Replicas"),
        ("ContainerPort", "hostIP", "HostIP"),
        ("LifecycleHandler", "httpGet", "HTTPGet"),
        ("PodSpec", "serviceAccount", "DeprecatedServiceAccount"),
        ("FlowSubject", "serviceAccount", "ServiceAccount"),
        ("PodSecurityContext", "seLinuxOptions", "SELinuxOptions"),
        ("RBDVolumeSource", "pool", "RBDPool"),
        ("Volume", "cephfs", "CephFS"),
    ] {
        assert_eq!(name(of, field).as_deref(), Some(expected), "{of}.{field}");
    }
}

/// A defaulted template with this image, more container fields, more pod fields and annotations.
fn template(image: &str, container: &str, pod: &str, annotations: &str) -> Value {
    let text = format!(
        "metadata: {{labels: {{app: dep}}, annotations: {{{annotations}}}}}
spec:
  containers:
  - image: {image}
    imagePullPolicy: IfNotPresent
    name: nginx
    ports: [{{containerPort: 80, name: web, protocol: TCP}}]
    readinessProbe: {{failureThreshold: 3, httpGet: {{path: /, port: 80, scheme: HTTP}}, periodSeconds: 1, successThreshold: 1, timeoutSeconds: 1}}
    resources: {{}}
    terminationMessagePath: /dev/termination-log
    terminationMessagePolicy: File
{container}  dnsPolicy: ClusterFirst
  restartPolicy: Always
  schedulerName: default-scheduler
  securityContext: {{}}
  terminationGracePeriodSeconds: 10
{pod}"
    );
    yaml::parse(&text).remove(0).value.expect("a value")
}

/// The template with a limit, no port and a shorter grace period.
fn limited() -> Value {
    let mut limited = template("nginx:1.26", "", "", "");
    let mut container = limited.list_at(&["spec", "containers"])[0].clone();
    container.remove(&["ports"]);
    container.set(&["resources", "limits", "memory"], "64Mi");
    limited.set(&["spec", "containers"], Value::list([container]));
    limited.set(&["spec", "terminationGracePeriodSeconds"], 5);
    limited
}

/// 1.37 and most of 1.36 are from real clusters, the others from a Go program over k8s.io/api and k8s.io/apimachinery of 0.36.3,
/// 0.35.4, 0.34.4 and 0.33.13.
#[test]
fn a_template_hashes_as_the_real_release_hashes_it() {
    let (mounts, volumes) =
        ("    volumeMounts: [{name: data, mountPath: /data}]\n", "  volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]\n");
    let spread = "  tolerations:
  - {key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: 5}
  - {key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 5}
  topologySpreadConstraints:
  - {maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: dep}}}
";
    let restarted = "kubectl.kubernetes.io/restartedAt: '2026-11-20T08:26:41Z'";
    for (template, hashes) in [
        (template("nginx:1.25", "", "", ""), ["c9df58b6f", "6f9c698988", "86b467f459", "56ff6fd686", "674874bfbc"]),
        (template("nginx:1.26", "", "", ""), ["675b9f7b8d", "5f75dc6d5c", "fb966b7b4", "6668f4b999", "6f69657c94"]),
        (template("nginx:1.27", "", "", ""), ["75f797647", "6849db8bd6", "8b8c85c77", "55cdb8c7b4", "798455fbc7"]),
        (template("nginx:broken", "", "", ""), ["79768969d", "7fc7447cd7", "74957cf678", "6dbb8f8b97", "7588c9cf68"]),
        (template("nginx:1.25", mounts, volumes, ""), ["66f84fc7b", "785bc6df7d", "664c6d47c", "5c8dbc688d", "5fcbd74cc9"]),
        (template("nginx:1.25", "", spread, ""), ["84f89b477f", "7ff944c786", "5668f74d77", "55457454b4", "6459845c49"]),
        (template("nginx:1.27", "", "", restarted), ["6f56c95c47", "84d86f6bf8", "66cc6d94fc", "857456fdd", "6f78b84df7"]),
        (limited(), ["7b988cf54d", "5d76c5bbff", "b6984dbdb", "845dc8cbb9", "7d67484494"]),
    ] {
        // 1.38 has the hashes of 1.37.
        for (release, want) in Release::ALL.into_iter().zip(hashes[..1].iter().chain(&hashes)) {
            let dumped = dump(schema().named("PodTemplateSpec").expect("a struct"), &template, release);
            let hash = safe_encode(&fnv1a_32(dumped.as_bytes()).to_string());
            assert_eq!(hash, *want, "{}: {dumped}", release.name);
        }
    }
}

/// Limits of a container with this amount of memory.
fn dumped(amount: &str) -> String {
    let limits = Value::of([("limits", Value::of([("memory", amount)]))]);
    dump(schema().named("ResourceRequirements").expect("a struct"), &limits, &V1_37)
}

#[test]
fn an_amount_is_dumped_as_it_was_read() {
    for (text, want) in [
        ("500m", "value:(int64)500 scale:(resource.Scale)-3"),
        ("1Gi", "value:(int64)1073741824 scale:(resource.Scale)0"),
        ("2", "value:(int64)2 scale:(resource.Scale)0"),
        ("12e6", "value:(int64)12 scale:(resource.Scale)6"),
    ] {
        let out = dumped(text);
        assert!(out.contains(want) && out.contains(&format!("s:(string){text} ")), "{out}");
    }
    for text in ["64Mi", "8Gi", "1000m"] {
        let out = dumped(text);
        assert!(out.contains("s:(string) "), "{out}");
    }
}
