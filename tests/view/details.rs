//! The details of a pod.

use ordinal::causes::Identity;
use ordinal::view::details::of_pod;

use crate::view::example;

#[test]
fn a_pods_details_name_its_place_its_claim_and_its_conditions() {
    let example = example::ordered_creation();
    let web0 = Identity { namespace: "default".into(), pod: "web-0".into() };
    let details = of_pod(&example.snapshot(), &web0).expect("it is there");
    assert_eq!((details.title.as_str(), details.uid.as_str()), ("pod/web-0", "#a02e"));
    let rows: Vec<String> = details.rows.iter().map(|(field, value)| format!("{field}: {value}")).collect();
    let want = [
        "phase: Running",
        "node: node-b",
        "IP: 10.244.2.2",
        "owner: statefulset/web",
        "revision: r1 web-6c5f8b4d9",
        "services: nginx",
        "claim: data-web-0 → pvc-3f2a1c44",
        "container nginx: nginx:1.27, Running since 0:00.0",
        "restarts: 0",
        "age: 16s",
    ];
    assert_eq!(rows, want);
    assert_eq!(details.conditions[0].detail, "True");
    assert!(details.yaml.starts_with("apiVersion: v1\nkind: Pod\n"), "{}", details.yaml);
}
