//! What the taints of a node mean for a pod on it.

use ordinal::api::kind::Kind;
use ordinal::api::object::node::Taint;
use ordinal::api::object::{Meta, Name, Node, Pod};
use ordinal::base::time::Time;
use ordinal::base::value::Value;
use ordinal::control::Memories;
use ordinal::control::cache::Cache;
use ordinal::control::taint_eviction::CONTROLLER;
use ordinal::why::Reason;

use super::{key, see, value, view};

/// What becomes of a pod with these tolerations on a node with these taints.
fn judged(taints: &[&str], tolerations: &str) -> String {
    let mut cache = Cache::default();
    let taint = |key: &&str| Taint { key: (*key).into(), value: Name::default(), effect: "NoExecute".into(), since: None };
    let mut node = Node::decode(&Value::map());
    node.meta.name = "node-1".into();
    node.taints = taints.iter().map(taint).collect();
    see(&mut cache, node);
    let mut pod = Pod::decode(&value(&format!("spec: {{nodeName: node-1, tolerations: [{tolerations}]}}")));
    pod.meta = Meta { name: "web-0".into(), namespace: "default".into(), ..Meta::default() };
    pod.node = Some("node-1".into());
    see(&mut cache, pod);
    let plan = (CONTROLLER.plan)(view(&cache, Time(0)), &key(Kind::Pod, "web-0"), &mut Memories::default());
    let judged = |because: &Reason| match because {
        Reason::ToleratesTaint { taint } => format!("tolerates {taint}"),
        Reason::EvictedByTaint { taint } => format!("goes for {taint}"),
        Reason::ToleratesTaintFor { taint, seconds } => format!("goes for {taint} after {seconds}"),
        other => format!("{other:?}"),
    };
    let again = plan.again.map(|span| format!("again in {} ms", span.0));
    plan.decisions.iter().map(|decision| judged(&decision.because)).chain(again).collect::<Vec<_>>().join(", ")
}

#[test]
fn the_least_patient_of_the_fitting_tolerations_counts() {
    const BOTH: &str = "{key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 300}, {key: b, operator: Exists, effect: NoExecute, tolerationSeconds: 5}";
    const EVERY: &str = "{operator: Exists, effect: NoExecute}";
    const NOT_LONG: &str = "{key: b, operator: Exists, effect: NoExecute, tolerationSeconds: 7}, {operator: Exists, effect: NoExecute}";
    const NO_TIME: &str = "{key: a, operator: Exists, effect: NoExecute, tolerationSeconds: -1}";
    let cases: [(&[&str], &str, &str); 8] = [
        (&[], BOTH, ""),
        (&["a"], BOTH, "goes for a:NoExecute after 300, again in 300000 ms"),
        (&["a", "b"], BOTH, "goes for b:NoExecute after 5, again in 5000 ms"),
        (&["a", "c"], BOTH, "goes for c:NoExecute"),
        (&["a"], "", "goes for a:NoExecute"),
        (&["a"], EVERY, "tolerates a:NoExecute"),
        (&["a", "b"], NOT_LONG, "goes for b:NoExecute after 7, again in 7000 ms"),
        (&["a"], NO_TIME, "goes for a:NoExecute"),
    ];
    for (taints, tolerations, want) in cases {
        assert_eq!(judged(taints, tolerations), want, "{taints:?}, {tolerations}");
    }
}
