//! What is accepted and not simulated is named once.

use ordinal::api::release::V1_37;
use ordinal::playground::unsimulated::{once, parts};
use ordinal::yaml;

#[test]
fn a_field_that_stands_in_several_items_is_named_once_and_by_its_own_name() {
    let parts = [
        "spec.template.spec.volumes[0].configMap.defaultMode",
        "spec.template.spec.volumes[2].configMap.defaultMode",
        "spec.template.spec.containers[0].securityContext",
        "spec.template.spec.containers[1].securityContext",
        "spec.template.spec.containers[1].tty",
        "spec.template.spec.securityContext.seLinuxOptions",
        "spec.ipFamilyPolicy",
        "Ingress",
    ];
    let want = [
        "configMap.defaultMode",
        "securityContext",
        "spec.template.spec.containers[1].tty",
        "spec.template.spec.securityContext.seLinuxOptions",
        "spec.ipFamilyPolicy",
        "Ingress",
    ];
    assert_eq!(once(parts.map(str::to_owned).to_vec()), want);
}

#[test]
fn what_is_not_simulated_is_named_once_and_as_a_whole_whatever_the_kind() {
    let container = "{name: a, image: b, resizePolicy: [{}], livenessProbe: {httpGet: {path: /}}, readinessProbe: {periodSeconds: 1}}";
    let pod = format!("replicas: 1, template: {{spec: {{hostIPC: true, containers: [{container}]}}}}");
    let fields = ["spec.template.spec.containers[0].resizePolicy", "spec.template.spec.hostIPC"];
    let volume = "metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}";
    let claims = format!("volumeClaimTemplates: [{{apiVersion: v1, kind: PersistentVolumeClaim, {volume}}}]");
    for (text, want) in [
        (format!("kind: StatefulSet\nspec: {{{pod}, {claims}}}\n"), &fields[..]),
        (format!("kind: Deployment\nspec: {{{pod}}}\n"), &fields),
        ("kind: Service\nspec: {clusterIP: None, sessionAffinity: None, ports: [{port: 80}]}\n".to_owned(), &[]),
        ("kind: Service\nspec: {selector: {a: b}, ipFamilies: [IPv4], ipFamilyPolicy: SingleStack, ports: [{port: 80}]}\n".to_owned(), &[]),
        (
            "kind: Service\nspec: {selector: {a: b}, ipFamilyPolicy: PreferDualStack, ports: [{port: 80}]}\n".to_owned(),
            &["spec.ipFamilyPolicy"],
        ),
        ("kind: Job\nspec: {completions: 2, suspend: true, ttlSecondsAfterFinished: 9, managedBy: a.b/c, template: {}}\n".to_owned(), &[]),
    ] {
        let found: Vec<String> =
            yaml::parse(&text).iter().filter_map(|document| document.value.as_ref()).flat_map(|object| parts(object, &V1_37)).collect();
        assert_eq!(found, want, "{text}");
    }
}

#[test]
fn an_exec_probe_is_named_where_nothing_is_known_of_the_image_nor_of_what_runs() {
    let probe = "startupProbe: {exec: {command: [test, -d, /nowhere]}}, readinessProbe: {tcpSocket: {port: 80}}";
    let named = ["spec.template.spec.containers[0].startupProbe.exec"];
    for (container, want) in [
        ("image: acme/ledger", &named[..]),
        ("image: acme/ledger, stdin: true, args: [x]", &named),
        ("image: acme/ledger, command: [sleep, infinity]", &[]),
        ("image: 'nginx:1.27'", &[]),
    ] {
        let text = format!("kind: StatefulSet\nspec: {{template: {{spec: {{containers: [{{name: a, {container}, {probe}}}]}}}}}}\n");
        let found: Vec<String> =
            yaml::parse(&text).iter().filter_map(|one| one.value.as_ref()).flat_map(|set| parts(set, &V1_37)).collect();
        assert_eq!(found, want, "{text}");
    }
}
