//! Names of pods and claims, and what they say.

use ordinal::api::object::{Meta, NO_ORDINAL, StatefulSet, parent_and_ordinal, writes_ordinal};
use ordinal::base::value::Value;

fn web() -> StatefulSet {
    let meta = Meta { name: "web".into(), ..Meta::default() };
    StatefulSet { meta, ..StatefulSet::decode(&Value::default()) }
}

#[test]
fn only_a_name_that_the_set_gives_has_an_ordinal() {
    let given = [("web-0", 0), ("web-12", 12)].map(|(pod, ordinal)| (pod, Some(ordinal)));
    let others = ["web-01", "web--1", "web-+1", "web-", "web", "db-0", "web-a-0", "web-99999999999"].map(|pod| (pod, None));
    for (pod, ordinal) in given.into_iter().chain(others) {
        assert_eq!(web().ordinal_of(pod), ordinal, "{pod}");
    }
}

#[test]
fn a_claim_name_gives_its_template_and_ordinal() {
    let template = |name: &str| Value::of([("metadata", Value::of([("name", name)]))]);
    let mut set = web();
    set.spec.set(&["volumeClaimTemplates"], Value::list(["data", "data-web", "data-log"].map(template)));
    for (claim, want) in [
        ("data-web-0", Some(("data", 0))),
        ("data-web-12", Some(("data", 12))),
        ("data-log-web-0", Some(("data-log", 0))),
        ("data-web-web-3", Some(("data-web", 3))),
        ("data-web-x-0", None),
        ("data-web-007", None),
        ("data-web", None),
        ("data-web-", None),
        ("web-0", None),
        ("log-web-0", None),
    ] {
        assert_eq!(set.of_claim(claim).map(|(template, ordinal)| (&*template.name, ordinal)), want, "{claim}");
        assert!(want.is_none() || set.of_claim(claim).is_some_and(|(template, ordinal)| *template.claim_name("web", ordinal) == *claim));
    }
}

#[test]
fn a_pod_name_gives_its_set_and_ordinal() {
    let cases = [
        ("web-0", Some(("web", 0))),
        ("web-1-2", Some(("web-1", 2))),
        ("web-01", Some(("web", 1))),
        ("web-10", Some(("web", 10))),
        ("1-bar", None),
        ("web", None),
    ];
    for (name, want) in cases.into_iter().chain([("web-99999999999", Some(("web", NO_ORDINAL))), ("-1", None), ("web-", None)]) {
        assert_eq!(parent_and_ordinal(name), want, "{name}");
        assert_eq!(writes_ordinal(name), ["web-0", "web-1-2", "web-10"].contains(&name), "{name}");
    }
}
