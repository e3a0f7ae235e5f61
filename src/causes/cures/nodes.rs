//! The lines that may have a node take a pod.

use std::rc::Rc;

use super::Candidate;
use super::lines::{Place, delete, kubectl, patch, plain, risky};
use crate::blame::OWN_TAINTS;
use api::kind::Kind;
use api::object::{Name, Node, ObjectKey, Pod, Uid};
use base::sort::Sort;
use base::sorted::SortedSet;
use cluster::scheduler::{Rule, apart};
use text::diagnose::Risk;
use why::Cause;

/// What has a node take a pod of a set.
pub(super) fn nodes(of: &Place, object: &ObjectKey, cause: Cause) -> Vec<Candidate> {
    let tables = of.sim.tables();
    let waits = |pod: &&Rc<Pod>| pod.node.is_none() && (object.kind != Kind::Pod || *pod.meta.name == *object.name);
    let Some(pod) = of.pods().find(waits) else { return Vec::new() };
    let object = &pod.key();
    let kubectl = of.kubectl();
    let (set, delete_pod) = (of.set.key(), delete(object));
    let mut all = Vec::new();
    if cause == Cause::ExistingAntiAffinity {
        all.extend(by_rule_of(of, pod).map(|other| plain([delete(&other.key())])));
    }
    let mut taints: Vec<String> = tables
        .nodes()
        .flat_map(|node| &node.taints)
        .filter(|taint| !taint.key.starts_with(OWN_TAINTS))
        .map(|taint| format!("{}:{}", taint.key, taint.effect))
        .collect();
    taints.sort_small();
    taints.dedup();
    for taint in &taints {
        let has = |node: &&Rc<Node>| node.taints.iter().any(|one| format!("{}:{}", one.key, one.effect) == *taint);
        let names: Vec<Name> = tables.nodes().filter(has).map(|node| Rc::clone(&node.meta.name)).collect();
        all.push(risky(Risk::OthersCome { nodes: names.clone() }, [format!("kubectl taint node {} {taint}-", names.join(" "))]));
    }
    let closed: Vec<&str> = tables.nodes().filter(|node| node.unschedulable).map(|node| &*node.meta.name).collect();
    if !closed.is_empty() {
        all.push(plain([format!("kubectl uncordon {}", closed.join(" "))]));
    }
    let wanted = &pod.spec.template.scheduling.node_selector;
    for (key, value) in wanted {
        let has_value = |node: &&Rc<Node>| node.meta.labels.values().any(|other| other == value);
        let lacks = |node: &&Rc<Node>| node.meta.label(key) != Some(value);
        let similar: Vec<&str> = tables.nodes().filter(lacks).filter(has_value).map(|node| &*node.meta.name).collect();
        let values: SortedSet<&Name> = tables.nodes().filter_map(|node| node.meta.label(key)).collect();
        let label = |names: &[&str]| plain([format!("kubectl label node {} {key}={value}", names.join(" "))]);
        if !similar.is_empty() {
            all.push(label(&similar));
        }
        for other in values {
            let body = format!(r#"{{"spec":{{"template":{{"spec":{{"nodeSelector":{{"{key}":"{other}"}}}}}}}}}}"#);
            all.push(plain([patch(&set, "", &body), delete_pod.clone()]));
        }
        if similar.is_empty() && !key.starts_with("topology.kubernetes.io/") {
            let names: Vec<&str> = tables.nodes().map(|node| &*node.meta.name).collect();
            all.push(label(&names));
        }
    }
    let is_full = [Cause::InsufficientMemory, Cause::InsufficientResources, Cause::TooManyPods, Cause::VolumeNodeUnavailable];
    if is_full.contains(&cause) {
        all.extend(others_away(of));
    }
    if let Some((count, fewer)) = fewer(of, object) {
        all.push(risky(Risk::Fewer { set: Rc::clone(&set.name), count }, [fewer.clone()]));
        if cause == Cause::AntiAffinityTooFewNodes {
            let rule = patch(&set, "json", r#"[{"op":"remove","path":"/spec/template/spec/affinity"}]"#);
            let rolled = format!("{kubectl}rollout status sts {} --timeout=120s", set.name);
            let again = format!("{kubectl}scale sts {} --replicas={}", set.name, of.set.spec.replicas);
            all.push(risky(Risk::Together { set: Rc::clone(&set.name) }, [rule, fewer, rolled, again]));
        }
    }
    all
}

/// The pods of its own set whose rule, and not its own, keeps a pod away: a rule of the old template goes with them.
fn by_rule_of<'a>(of: &Place<'a>, pod: &Rc<Pod>) -> impl Iterator<Item = &'a Rc<Pod>> {
    let (tables, pod) = (of.sim.tables(), Rc::clone(pod));
    of.pods().filter(move |other| tables.nodes().any(|node| apart(tables, &pod, node, other) == Some(Rule::Other)))
}

/// How many pods a set has below one of its pods, and the line that leaves it no more; `None` for the lowest pod.
fn fewer(of: &Place, object: &ObjectKey) -> Option<(i64, String)> {
    let ordinal = of.set.ordinal_of(&object.name).filter(|ordinal| *ordinal > of.set.spec.start)?;
    let count = ordinal - of.set.spec.start;
    Some((count, format!("{}scale sts {} --replicas={count}", of.kubectl(), of.set.meta.name)))
}

/// What leaves a set only the pods below one that gets no volume.
pub(super) fn only_below(of: &Place, object: &ObjectKey) -> Option<Candidate> {
    let (count, line) = fewer(of, object)?;
    Some(risky(Risk::Fewer { set: Rc::clone(&of.set.meta.name), count }, [line]))
}

/// Other workloads that stand where the pod could be, each with fewer pods: one fewer, then twice as many fewer, at last none.
fn others_away(of: &Place) -> Vec<Candidate> {
    let tables = of.sim.tables();
    let placed = |namespace: &str, uid: Uid| {
        tables.pods().any(|pod| *pod.meta.namespace == *namespace && pod.node.is_some() && pod.meta.is_controlled_by(uid))
    };
    let fewer = |namespace: &str, what: &str, name: &Name, wanted: i64| {
        let steps = std::iter::successors(Some(1), |step| (*step < wanted).then_some(step * 2)).map(|step| (wanted - step).max(0));
        let line = format!("{}scale {what} {name} --replicas=", kubectl(namespace));
        let candidate = |count: i64| {
            let risk = if count == 0 { Risk::Stops { workload: Rc::clone(name) } } else { Risk::Fewer { set: Rc::clone(name), count } };
            risky(risk, [format!("{line}{count}")])
        };
        steps.map(candidate).collect::<Vec<_>>()
    };
    let sets = tables.replica_sets().filter_map(|set| {
        let owner = set.meta.controller().filter(|_| placed(&set.meta.namespace, set.meta.uid))?;
        Some(fewer(&set.meta.namespace, "deploy", &owner.name, set.spec.replicas))
    });
    let own = of.set.meta.uid;
    let stateful = tables.stateful_sets().filter(|set| set.meta.uid != own && placed(&set.meta.namespace, set.meta.uid));
    let stateful = stateful.map(|set| fewer(&set.meta.namespace, "sts", &set.meta.name, set.spec.replicas));
    sets.chain(stateful).take(6).flatten().collect()
}
