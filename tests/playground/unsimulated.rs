//! What is accepted and not simulated is named once.

use super::*;
use ordinal::api::release::{V1_37, V1_38};
use ordinal::playground::unsimulated::{once, parts};
use ordinal::sim::Setup;
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
        ("kind: Endpoints\nsubsets: [{addresses: [{ip: 10.9.9.9}]}]\n".to_owned(), &["Endpoints"]),
        ("kind: Job\nspec: {completions: 2, completionMode: NonIndexed, suspend: true, managedBy: a.b/c, template: {}}\n".to_owned(), &[]),
        (
            "kind: Job\nspec: {completions: 2, completionMode: Indexed, ttlSecondsAfterFinished: 9, podFailurePolicy: {rules: []}, \
             successPolicy: {rules: [{succeededCount: 1}]}, backoffLimitPerIndex: 1, template: {}}\n"
                .to_owned(),
            &[
                "spec.backoffLimitPerIndex",
                "spec.completionMode",
                "spec.podFailurePolicy",
                "spec.successPolicy",
                "spec.ttlSecondsAfterFinished",
            ],
        ),
        ("kind: Secret\ntype: kubernetes.io/service-account-token\nstringData: {a: b}\n".to_owned(), &["type"]),
        ("kind: CronJob\nspec: {schedule: '@daily', jobTemplate: {spec: {template: {}}}}\n".to_owned(), &["CronJob"]),
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

/// Real servers of both releases take the field away from a template (/work/shared/tools, C11).
#[test]
fn a_field_whose_gate_is_off_is_said_to_be_dropped_and_is_not_stored() {
    let text = EXAMPLE.replacen("      containers:\n", "      schedulingGroup: {podGroupName: gang}\n      containers:\n", 1);
    let line = text.lines().position(|line| line.contains("schedulingGroup")).map_or(0, |at| at + 1);
    for release in [&V1_37, &V1_38] {
        let name = release.name;
        for (lang, said) in [
            (
                Lang::English,
                format!("The server drops schedulingGroup without a word: the feature gate for it is off in Kubernetes {name}."),
            ),
            (
                Lang::Korean,
                format!(
                    "서버가 schedulingGroup을 아무 말 없이 버립니다. 쿠버네티스 {name}에서 이 필드의 기능 게이트가 꺼져 있기 때문입니다."
                ),
            ),
        ] {
            let mut playground = Playground::new(&Setup { release, ..setup() }, &text);
            playground.type_line(&command::apply(), lang);
            let notes = &playground.verdicts().notes;
            let told: Vec<_> = notes.iter().map(|note| (note.place.as_ref().map_or(0, |place| place.line), note.words.plain())).collect();
            assert_eq!(told, [(line, said)]);
            // What is stored has the rest of the template's pod.
            let stored = |field: &str| {
                playground.printed(&format!("kubectl get statefulset web -o jsonpath={{.spec.template.spec.{field}}}"), Span::seconds(1))
            };
            assert_eq!(["schedulingGroup", "containers[0].name"].map(stored), ["", "nginx"], "{name}");
        }
    }
}
