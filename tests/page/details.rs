//! The details of what is selected.

use super::Visit;
use ordinal::view::details::Details;

fn rows(details: &Details) -> Vec<String> {
    details.rows.iter().map(|(field, value)| format!("{field}: {value}")).collect()
}

#[test]
fn the_details_of_a_pod_name_its_owner_claim_conditions_and_events() {
    let mut visit = Visit::quiet();
    visit.pick("web-1");
    let details = visit.details();
    assert_eq!(details.title, "pod/web-1");
    let pods = visit.cluster().pods;
    let (uid, _) = pods.iter().find(|(_, tile)| tile.label == "web-1").expect("it is drawn");
    assert_eq!(details.uid, format!("#{}", &uid[..4]));
    let want = [
        "phase: Running",
        "node: node-1",
        "IP: 10.244.1.2",
        "owner: statefulset/web",
        "revision: r1 web-67989bb59c",
        "services: nginx",
        "claim: data-web-1 → pvc-094c6653-45e2-47b8-9c76-53a7d7a60f06",
        "hostname: web-1.nginx",
        "container nginx: nginx:1.27, Running since 0:12.1",
        "restarts: 0",
        "age: 23s",
    ];
    assert_eq!(rows(&details), want);
    let conditions: Vec<String> = details.conditions.iter().map(|condition| condition.fact.plain()).collect();
    assert_eq!(conditions, ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"]);
    let events: Vec<&str> = details.events.iter().map(|event| event.reason.as_str()).collect();
    assert_eq!(events, ["Started", "Created", "Pulled", "Pulling", "Scheduled"]);
    assert!(details.yaml.contains("kind: Pod\n") && details.yaml.contains("  name: web-1\n"), "{}", details.yaml);
}

#[test]
fn a_node_has_details_too() {
    let mut visit = Visit::quiet();
    visit.ask_node("node-1");
    let details = visit.details();
    assert_eq!(details.title, "node/node-1");
    let want = ["version: v1.37.1", "cpu: 4000m", "memory: 8.0 GiB", "pods: 110", "InternalIP: 172.18.0.2", "age: 30s"];
    assert_eq!(rows(&details), want);
    let conditions: Vec<String> = details.conditions.iter().map(|condition| condition.fact.plain()).collect();
    assert_eq!(
        conditions,
        [
            "MemoryPressure KubeletHasSufficientMemory",
            "DiskPressure KubeletHasNoDiskPressure",
            "PIDPressure KubeletHasSufficientPID",
            "Ready KubeletReady",
        ]
    );
}
