//! Endpoints that nobody but the user writes, in a terminal of the playground.

use ordinal::playground::Playground;
use ordinal::sim::Setup;
use ordinal::text::Lang;

/// What is said beside the output, on every occasion.
const NOTES: [&str; 2] = ["playground form", "v1 Endpoints is deprecated"];

/// What lines print, typed one after the other.
fn typed(lines: &[&str]) -> Vec<String> {
    let mut playground = Playground::new(&Setup::default(), "");
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
            "endpoints/db created",
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
