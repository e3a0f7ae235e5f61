//! What decoding refuses, keeps, and says to change nothing.

use ordinal::api::decode::{decode, decode_strict, not_simulated, strict_words};
use ordinal::api::kind::Kind;
use ordinal::api::release::V1_37;
use ordinal::base::field_path::FieldPath;
use ordinal::base::value::Value;
use ordinal::yaml;

fn value(text: &str) -> Value {
    yaml::parse(text).remove(0).value.expect("a value")
}

fn outcome(kind: Kind, text: &str) -> String {
    match decode(kind, &value(text)) {
        Err(error) => format!("{} at {}", error.message, error.path),
        Ok(decoded) if !decoded.unknown.is_empty() => strict_words(&decoded.unknown),
        Ok(decoded) => decoded.object.to_json(),
    }
}

#[test]
fn the_first_wrong_type_refuses_with_its_place() {
    for (kind, text, want) in [
        (
            Kind::StatefulSet,
            "spec: {replicas: '3'}",
            "json: cannot unmarshal string into Go struct field StatefulSetSpec.spec.replicas of type int32 at spec.replicas",
        ),
        (
            Kind::StatefulSet,
            "spec: {template: {spec: {containers: [{name: a}, {image: y}]}}}",
            "json: cannot unmarshal bool into Go struct field Container.spec.template.spec.containers.image of type string at spec.template.spec.containers[1].image",
        ),
        (
            Kind::Pod,
            "metadata: {labels: {a: b, v: 1}}",
            "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string at metadata.labels[v]",
        ),
        (
            Kind::PersistentVolumeClaim,
            "spec: {resources: {requests: {storage: 1GB}}}",
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$' at spec.resources.requests[storage]",
        ),
        (
            Kind::StatefulSet,
            "spec: {replica: 3, template: {spec: {containers: [{port: 3}]}}}",
            "strict decoding error: unknown field \"spec.replica\", unknown field \"spec.template.spec.containers[0].port\"",
        ),
        (Kind::Pod, "[]", "json: cannot unmarshal array into Go value of type v1.Pod at "),
    ] {
        assert_eq!(outcome(kind, text), want, "{text}");
    }
}

#[test]
fn what_is_kept_is_what_go_would_write() {
    for (kind, text, want) in [
        (
            Kind::Pod,
            "metadata: {labels: {}, annotations: ~}\nspec: {hostNetwork: false, nodeName: '', securityContext: {}, terminationGracePeriodSeconds: 0, containers: []}",
            r#"{"metadata":{},"spec":{"containers":[],"securityContext":{},"terminationGracePeriodSeconds":0}}"#,
        ),
        (
            Kind::PersistentVolumeClaim,
            "spec: {storageClassName: '', resources: {requests: {storage: 1024Mi}}}",
            r#"{"spec":{"resources":{"requests":{"storage":"1Gi"}},"storageClassName":""}}"#,
        ),
        (
            Kind::Pod,
            "metadata: {labels: {a: ~}}\nspec: {containers: [~, {args: [~]}]}",
            r#"{"metadata":{"labels":{"a":""}},"spec":{"containers":[{},{"args":[""]}]}}"#,
        ),
        (
            Kind::Service,
            "spec: {ports: [{port: 80, targetPort: web}, {port: 81, targetPort: 0}]}",
            r#"{"spec":{"ports":[{"port":80,"targetPort":"web"},{"port":81,"targetPort":0}]}}"#,
        ),
    ] {
        assert_eq!(outcome(kind, text), want, "{text}");
    }
}

#[test]
fn a_refusal_is_worded_for_the_kind_and_places_are_its_causes() {
    let status = decode_strict(Kind::Service, &value("spec: {selectr: {a: b}}"), &V1_37).unwrap_err();
    assert_eq!(
        status.message,
        "Service in version \"v1\" cannot be handled as a Service: strict decoding error: unknown field \"spec.selectr\""
    );
    assert_eq!(status.misfits.iter().map(|misfit| misfit.path.to_string()).collect::<Vec<_>>(), ["spec.selectr"]);
    let error = decode(Kind::Namespace, &value("kind: X\nmetadata: {labels: {v: 1}, foo: bar}")).unwrap_err();
    assert_eq!(error.message, "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string");
}

#[test]
fn fields_that_are_acted_on_are_not_said_to_change_nothing() {
    let pod = "kind: Pod\nspec: {resources: {requests: {cpu: 1}}, hostNetwork: true, containers: [{name: a, ports: [{hostPort: 80, hostIP: 1.2.3.4}], \
               livenessProbe: {httpGet: {port: 80, host: localhost}}, readinessProbe: {tcpSocket: {port: 80, host: localhost}}}]}";
    let daemons = "kind: DaemonSet\nspec: {updateStrategy: {rollingUpdate: {maxSurge: 1}}}";
    let class = "kind: StorageClass\nallowedTopologies: [{matchLabelExpressions: [{key: zone, values: [a]}]}]";
    for (kind, text) in [(Kind::Pod, pod), (Kind::DaemonSet, daemons), (Kind::StorageClass, class)] {
        assert_eq!(not_simulated(kind, &value(text)), [], "{text}");
    }
    let volume = |policy: &str| value(&format!("kind: PersistentVolume\nspec: {{persistentVolumeReclaimPolicy: {policy}}}"));
    assert_eq!(["Retain", "Delete"].map(|policy| not_simulated(Kind::PersistentVolume, &volume(policy))), [[], []]);
    assert_eq!(not_simulated(Kind::PersistentVolume, &volume("Recycle")), [FieldPath::of("spec.persistentVolumeReclaimPolicy")]);
}

#[test]
fn a_containers_own_restart_policy_counts_where_it_makes_a_sidecar() {
    let pod = "kind: Pod\nspec: {restartPolicy: Never, initContainers: [{name: a, restartPolicy: Always}, {name: b, restartPolicy: OnFailure}], \
               containers: [{name: c, restartPolicy: Always, restartPolicyRules: [{action: Restart}]}]}";
    let paths: Vec<String> = not_simulated(Kind::Pod, &value(pod)).iter().map(ToString::to_string).collect();
    let rest = ["spec.containers[0].restartPolicy", "spec.containers[0].restartPolicyRules", "spec.initContainers[1].restartPolicy"];
    assert_eq!(paths, rest);
}

#[test]
fn fields_that_change_nothing_are_named_once_and_where_they_begin() {
    let text = "kind: StatefulSet\nmetadata: {name: web}\nspec:\n  replicas: 3\n  template:\n    spec:\n      hostIPC: true\n      hostPID: false\n      containers:\n      - name: a\n        image: b\n        securityContext: {runAsUser: 1}\n        ports: [{containerPort: 80, hostPort: 8080}]\n        lifecycle: {stopSignal: SIGINT}\nstatus: {replicas: 1}\n";
    let paths: Vec<String> = not_simulated(Kind::StatefulSet, &value(text)).iter().map(ToString::to_string).collect();
    assert_eq!(
        paths,
        [
            "spec.template.spec.containers[0].lifecycle.stopSignal",
            "spec.template.spec.containers[0].securityContext.runAsUser",
            "spec.template.spec.hostIPC"
        ]
    );
}
