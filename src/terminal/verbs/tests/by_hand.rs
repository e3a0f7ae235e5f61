//! Endpoints and slices that nobody but the user writes, in a terminal of the playground.

use cluster::timing::Timing;
use playground::Playground;
use sim::Setup;
use text::Lang;

/// What is said beside the output, on every occasion.
const NOTES: [&str; 2] = ["playground form", "v1 Endpoints is deprecated"];

/// What lines print, typed one after the other.
pub fn typed(lines: &[&str]) -> Vec<String> {
    let setup = Setup { timing: Timing::workstation(), ..Setup::default() };
    let mut playground = Playground::new(&setup, "");
    lines
        .iter()
        .map(|line| {
            let before = playground.terminal().lines().len() + 1;
            playground.type_line(line, Lang::English);
            playground.run_until_quiet(|| true);
            let said: Vec<&str> = playground.terminal().lines()[before..]
                .iter()
                .map(|line| &*line.text)
                .filter(|line| !NOTES.iter().any(|note| line.contains(note)))
                .collect();
            said.join("\n")
        })
        .collect()
}

const APPLIES: &str = "' | kubectl apply -f -";

#[test]
fn endpoints_applied_by_hand_are_read_changed_and_listed_beside_those_of_services() {
    let endpoints = |ip: &str| {
        format!(
            "echo '{{apiVersion: v1, kind: Endpoints, metadata: {{name: db}}, subsets: [{{addresses: [{{ip: {ip}}}], ports: [{{port: 5432, protocol: TCP}}]}}]}}{APPLIES}"
        )
    };
    let service = |name: &str, selector: &str| {
        format!(
            "echo '{{apiVersion: v1, kind: Service, metadata: {{name: {name}}}, spec: {{{selector} ports: [{{port: 5432}}]}}}}{APPLIES}"
        )
    };
    let said = typed(&[
        &service("db", ""),
        &service("web", "selector: {app: web},"),
        &endpoints("192.0.2.7"),
        "kubectl get endpoints db -o jsonpath='{.subsets[0].addresses[*].ip}{\"\\n\"}'",
        &endpoints("192.0.2.7"),
        &endpoints("192.0.2.8"),
        "kubectl get endpoints -o name",
        "kubectl get endpoints -A -o jsonpath='{.items[*].metadata.name} {.items[0].subsets[0].addresses[0].ip}{\"\\n\"}'",
        "kubectl delete endpoints db",
        "kubectl get endpoints db",
    ]);
    assert_eq!(
        said,
        [
            "service/db created",
            "service/web created",
            "endpoints/db created\nAccepted, not simulated: Endpoints",
            "192.0.2.7",
            "endpoints/db unchanged",
            "endpoints/db configured",
            "endpoints/db\nendpoints/web",
            "db web 192.0.2.8",
            "endpoints \"db\" deleted from default namespace",
            "Error from server (NotFound): endpoints \"db\" not found",
        ]
    );
}

#[test]
fn a_slice_made_by_hand_stays_as_it_was_sent() {
    let six = "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: six}, addressType: IPv6, \
               ports: [{name: a, port: 80, protocol: TCP}], \
               endpoints: [{addresses: [\"fd00::1\", \"fd00::2\"], zone: a, hints: {forZones: [{name: a}]}, \
               conditions: {}, targetRef: {kind: Node, name: node-1}}]}";
    let four = "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: four, labels: {kubernetes.io/service-name: db}}, \
                addressType: IPv4, ports: [{name: \"\", port: 80, protocol: TCP}], endpoints: [{addresses: [192.0.2.1, 192.0.2.2], conditions: {ready: false}}]}";
    let [six, four] = [six, four].map(|slice| format!("echo '{slice}{APPLIES}"));
    let whole = "-o jsonpath='{.addressType} {.endpoints} {.ports} {.metadata.generation}{\"\\n\"}'";
    let said = typed(&[
        &six,
        &six,
        &four,
        &four,
        &format!("kubectl get endpointslice six {whole}"),
        &format!("kubectl get endpointslice four {whole}"),
        "kubectl label endpointslice four a=b",
        "kubectl annotate endpointslice four a=b",
        &format!("kubectl get endpointslice four {whole}"),
    ]);
    let [made, same] = ["created", "unchanged"].map(|done| format!("endpointslice.discovery.k8s.io/six {done}"));
    let shown = |generation: i64| {
        format!(
            "IPv4 [{{\"addresses\":[\"192.0.2.1\",\"192.0.2.2\"],\"conditions\":{{\"ready\":false}}}}] \
             [{{\"name\":\"\",\"port\":80,\"protocol\":\"TCP\"}}] {generation}"
        )
    };
    assert_eq!(
        said,
        [
            &format!("{made}\nAccepted, not simulated: EndpointSlice endpoints[].hints, EndpointSlice endpoints[].zone"),
            &same,
            &made.replace("six", "four"),
            &same.replace("six", "four"),
            "IPv6 [{\"addresses\":[\"fd00::1\",\"fd00::2\"],\"conditions\":{},\"hints\":{\"forZones\":[{\"name\":\"a\"}]},\
             \"targetRef\":{\"kind\":\"Node\",\"name\":\"node-1\"},\"zone\":\"a\"}] [{\"name\":\"a\",\"port\":80,\"protocol\":\"TCP\"}] 1",
            &shown(1),
            "endpointslice.discovery.k8s.io/four labeled",
            "endpointslice.discovery.k8s.io/four annotated",
            &shown(2),
        ]
    );
}
