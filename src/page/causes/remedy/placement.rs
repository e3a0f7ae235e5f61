//! What lets a pod find a node that has none: a node that is open to it, one that comes back, room, other rules, or fewer pods.

use std::rc::Rc;

use super::case::{Case, Cure, Cures};
use crate::apart::{Apart, apart};
use crate::blame::OWN_TAINTS;
use crate::command::{self, Purpose, taint};
use crate::node;
use api::client::PatchType;
use api::kind::Kind;
use api::object::node::{OUT_OF_SERVICE_TAINT, Taint, UNSCHEDULABLE_TAINT};
use api::object::{Name, Node, Pod, StatefulSet, Uid, parent_and_ordinal};
use api::well_known::HOSTNAME;
use base::sorted::SortedSet;
use cluster::scheduler::{self, Rule};
use text::diagnose::Risk;
use why::{Plugin, Reason};

/// The pod that waits; of a cause, the one that it hangs on, or else the first of the set's without a node.
fn waiting<'a>(case: &Case<'a>) -> Option<&'a Pod> {
    case.pod().or_else(|| case.shot.pods_of(case.set()?).find(|pod| pod.node.is_none()))
}

/// The same where it has no node.
fn unplaced<'a>(case: &Case<'a>) -> Option<&'a Pod> {
    waiting(case).filter(|pod| pod.node.is_none())
}

/// Whether taints are what keeps the pod from nodes.
fn is_tainted(case: &Case) -> bool {
    matches!(case.because(), Some(Reason::Unschedulable { by, .. }) if by.contains(&Plugin::TaintToleration))
}

/// Only the playground can start machines: that of a silent node, or those that would take a pod. Where the Node object was deleted, the
/// machine registers it again, and has its disks.
pub(super) fn start(case: &Case) -> Cures {
    let shot = case.shot;
    let node = match case.because()? {
        Reason::WaitsForNodeToReturn { node } | Reason::NodeIsSilent { node } => node,
        Reason::EvictedByTaint { .. } | Reason::ToleratesTaintFor { .. } => case.pod()?.node.as_ref()?,
        Reason::Unschedulable { .. } => {
            let gone = shot.machines.values().filter(|machine| shot.tables.node("", &machine.node).is_none());
            let gone = gone.filter(|machine| case.would_fit(&machine.registration, &|_| ())).map(|machine| started(case, &machine.node));
            let out = shot.tables.nodes().filter(|node| shot.is_out(&node.meta.name)).map(|node| restarted(case, node));
            return Some(gone.chain(out).collect());
        }
        _ => &case.about.name,
    };
    shot.is_out(node).then(|| vec![started(case, node)])
}

fn started(case: &Case, name: &str) -> Cure {
    node::start(case.shot, name).into()
}

/// Who declared a node gone for good has to take that back.
fn restarted(case: &Case, node: &Node) -> Cure {
    let (name, mut cure) = (&node.meta.name, started(case, &node.meta.name));
    let declared = is_tainted(case) && node.taints.iter().any(|taint| *taint.key == *OUT_OF_SERVICE_TAINT);
    cure.lines.extend(declared.then(|| taint(name, &format!("{OUT_OF_SERVICE_TAINT}-"))));
    cure
}

/// Each node that would take the pod then; to try, all that take none.
pub(super) fn uncordon(case: &Case) -> Cures {
    unplaced(case)?;
    let closed = case.tables.nodes().filter(|node| node.unschedulable);
    if case.is_tried() {
        let names: Vec<&str> = closed.map(|node| &*node.meta.name).collect();
        return (!names.is_empty()).then(|| vec![Cure::tried([command::uncordon(&names.join(" "))])]);
    }
    // The taint goes with the field.
    let open = |node: &mut Node| {
        node.unschedulable = false;
        node.taints.retain(|taint| &*taint.key != UNSCHEDULABLE_TAINT);
    };
    let cure = |name: &str| Cure::new(format!("{} {name}", case.text.node.uncordon()), [command::uncordon(name)]);
    Some(closed.filter(|node| case.would_fit(node, &open)).map(|node| cure(&node.meta.name)).collect())
}

/// Taints that are not Kubernetes' own: of each node that would take the pod then; to try, each of all nodes.
pub(super) fn untaint(case: &Case) -> Cures {
    unplaced(case)?;
    let foreign = |taint: &&Taint| !taint.key.starts_with(OWN_TAINTS);
    let mut all = Vec::new();
    if case.is_tried() {
        let named = |taint: &Taint| format!("{}:{}", taint.key, taint.effect);
        let taints: SortedSet<String> = case.tables.nodes().flat_map(|node| node.taints.iter().filter(foreign).map(named)).collect();
        for one in taints.iter() {
            let has = |node: &&Rc<Node>| node.taints.iter().any(|other| named(other) == *one);
            let nodes: Vec<Name> = case.tables.nodes().filter(has).map(|node| Rc::clone(&node.meta.name)).collect();
            all.push(Cure::tried([taint(&nodes.join(" "), &format!("{one}-"))]).risks(Risk::OthersCome { nodes }));
        }
        return Some(all);
    }
    for node in case.tables.nodes().filter(|_| is_tainted(case)) {
        let helps = |one: &&Taint| case.would_fit(node, &|node| node.taints.retain(|other| other.key != one.key));
        let keeps_out = node.taints.iter().filter(foreign).filter(helps);
        let name = &node.meta.name;
        all.extend(keeps_out.map(|one| Cure::new(case.text.ask.untaint(name), [taint(name, &format!("{}-", one.key))])));
    }
    Some(all)
}

/// The labels that a pod asks for, on a node that would take it then.
pub(super) fn label(case: &Case) -> Cures {
    let pod = case.pod()?;
    let wanted = &pod.spec.template.scheduling.node_selector;
    let lacks = |node: &&Rc<Node>| wanted.iter().any(|(key, value)| node.meta.label(key) != Some(value));
    let node = case.tables.nodes().filter(lacks).find(|node| case.would_fit(node, &|node| wear(node, pod)))?;
    labelled(case, node, pod).into()
}

fn wear(node: &mut Node, pod: &Pod) {
    Rc::make_mut(&mut node.meta.labels).extend(pod.spec.template.scheduling.node_selector.iter().cloned());
}

fn labelled(case: &Case, node: &Node, pod: &Pod) -> Cure {
    let wanted = pod.spec.template.scheduling.node_selector.iter();
    let labels: Vec<String> = wanted.map(|(key, value)| format!("{key}={value}")).collect();
    let name = &node.meta.name;
    Cure::new(case.text.ask.label(name), [command::label_nodes(name, &format!("{} --overwrite", labels.join(" ")))])
}

/// Where the nodes are.
pub(super) fn places(case: &Case) -> Cures {
    places_where(case, &|_| ())?.1.into()
}

/// Where the nodes are, and the labels that a pod asks for: neither does alone.
pub(super) fn label_and_places(case: &Case) -> Cures {
    let pod = case.pod().filter(|pod| !pod.spec.template.scheduling.node_selector.is_empty())?;
    let (node, then) = places_where(case, &|node| wear(node, pod))?;
    let first = labelled(case, node, pod);
    Cure::new(format!("{}, {}", first.label, then.label), first.lines.into_iter().chain(then.lines)).into()
}

/// Says of the nodes where they are, each in a place of its own, by a label of which pods are to be spread that some do not have; and
/// which of them then takes the pod, once it is changed otherwise, too.
fn places_where<'a>(case: &Case<'a>, also: &dyn Fn(&mut Node)) -> Option<(&'a Node, Cure)> {
    let rules = &case.pod()?.spec.template.scheduling;
    let near = rules.affinity.required.iter().map(|term| &term.topology_key);
    let mut keys = rules.spread.iter().filter(|spread| spread.hard).map(|spread| &spread.topology_key).chain(near);
    let lacking = |key: &Name| {
        let key = Rc::clone(key);
        case.tables.nodes().enumerate().filter(move |(_, node)| node.meta.label(&key).is_none())
    };
    let (key, node) = keys.find_map(|key| {
        let label = |node: &mut Node| {
            also(node);
            Rc::make_mut(&mut node.meta.labels).extend([(Rc::clone(key), "".into())]);
        };
        Some((key, lacking(key).find(|(_, node)| case.would_fit(node, &label))?.1))
    })?;
    let what = key.rsplit('/').next()?;
    let lines = lacking(key).map(|(at, node)| command::label_nodes(&node.meta.name, &format!("{key}={what}-{}", at + 1)));
    Some((node, Cure::new(case.text.ask.label_all(what), lines)))
}

/// Nodes that have the value under another name get the label; the pods ask for another value; or all nodes get the label.
pub(super) fn selector(case: &Case) -> Cures {
    let (pod, set) = (unplaced(case)?, case.set()?);
    let nodes = || case.tables.nodes();
    let mut all = Vec::new();
    for (key, value) in &pod.spec.template.scheduling.node_selector {
        let has_value = |node: &&Rc<Node>| node.meta.labels.values().any(|other| other == value);
        let lacks = |node: &&Rc<Node>| node.meta.label(key) != Some(value);
        let similar: Vec<&str> = nodes().filter(lacks).filter(has_value).map(|node| &*node.meta.name).collect();
        let values: SortedSet<&Name> = nodes().filter_map(|node| node.meta.label(key)).collect();
        let label = |names: &[&str]| Cure::tried([command::label_nodes(&names.join(" "), &format!("{key}={value}"))]);
        if !similar.is_empty() {
            all.push(label(&similar));
        }
        for other in values {
            let body = format!(r#"{{"spec":{{"template":{{"spec":{{"nodeSelector":{{"{key}":"{other}"}}}}}}}}}}"#);
            let edit = case.naming.patch(Kind::StatefulSet, &set.meta.name, PatchType::Strategic, &body);
            all.push(Cure::tried([edit, case.naming.delete(Kind::Pod, &pod.meta.name)]));
        }
        if similar.is_empty() && !key.starts_with("topology.kubernetes.io/") {
            all.push(label(&nodes().map(|node| &*node.meta.name).collect::<Vec<_>>()));
        }
    }
    Some(all)
}

/// The little that a container is to ask for, in thousandths of a CPU and in bytes, and as kubectl takes it.
const LITTLE: [(i64, &str); 2] = [(100, "cpu=100m"), (64 << 20, "memory=64Mi")];

/// The amounts that the containers of a pod are to ask for, little of what no node has enough of, if there is room for the pod then.
pub(super) fn less(case: &Case) -> Option<String> {
    let template = &case.pod()?.spec.template;
    let (count, requests) = (i64::try_from(template.containers.len()).ok()?, &template.scheduling.requests);
    let is_enough = |[cpu, memory]: [bool; 2]| {
        // A node with as much more as the pod would ask for less.
        let more = |node: &mut Node| {
            node.status.capacity.cpu_milli += if cpu { requests.cpu_milli - LITTLE[0].0 * count } else { 0 };
            node.status.capacity.memory += if memory { requests.memory - LITTLE[1].0 * count } else { 0 };
        };
        case.tables.nodes().any(|node| case.would_fit(node, &more))
    };
    let short = [[true, false], [false, true], [true, true]].into_iter().find(|short| is_enough(*short))?;
    let asks: Vec<&str> = short.into_iter().zip(LITTLE).filter(|(short, _)| *short).map(|(_, (_, asks))| asks).collect();
    Some(asks.join(","))
}

/// Only the playground can add machines: one for each pod of the set that has none, where each wants a node to itself. Else one, where no
/// other pod waits for one, too, and may be placed there first.
pub(super) fn add_nodes(case: &Case) -> Cures {
    let pod = case.pod()?;
    let apart = |set: &StatefulSet| apart(case.tables, &set.meta.namespace, &set.spec.template).filter(Apart::by_node);
    let set = case.set().and_then(|set| Some((set, apart(set)?)));
    let is_own = |other: &Pod| set.as_ref().is_some_and(|(set, _)| other.meta.is_controlled_by(set.meta.uid));
    let waits = |other: &Pod| other.node.is_none() && !other.meta.terminating() && other.meta.uid != pod.meta.uid && !is_own(other);
    if case.tables.pods().any(|other| waits(other)) {
        return None;
    }
    let mut node = Node::clone(case.tables.nodes().find(|node| node.taints.is_empty())?);
    node.meta.name = "".into();
    let labels = Rc::make_mut(&mut node.meta.labels);
    labels.retain(|key, _| key.starts_with("kubernetes.io/"));
    labels.extend([(HOSTNAME.into(), "".into())]);
    let placed = |set: &StatefulSet| i64::try_from(case.shot.pods_of(set).filter(|own| own.node.is_some()).count()).ok();
    let missing = set.and_then(|(set, apart)| Some(apart.nodes_for(set.spec.replicas - placed(set)?))).unwrap_or(1).max(1);
    case.would_fit(&node, &|_| ()).then(|| vec![command::add_nodes(case.text, missing).into()])
}

/// Only the pods below the one that waits. None of the lowest pod: to want no pods at all is no end of a wait.
fn below(case: &Case) -> Option<(i64, Cure)> {
    let set = case.set()?;
    let count = Some(parent_and_ordinal(&waiting(case)?.meta.name)?.1 - set.spec.start).filter(|count| *count > 0)?;
    let line = case.naming.scale(Kind::StatefulSet, &set.meta.name, count);
    let cure = Cure::new(case.text.ask.fewer(count), [line]).meant(Purpose::FewerPods);
    Some((count, cure.risks(Risk::Fewer { set: Rc::clone(&set.meta.name), count })))
}

/// It does harm where a pod goes that is Ready.
pub(super) fn fewer(case: &Case) -> Cures {
    let (set, (count, cure)) = (case.set()?, below(case)?);
    let goes = |other: &Pod| other.ready() && set.ordinal_of(&other.meta.name).is_some_and(|at| at >= set.spec.start + count);
    Some(vec![if case.shot.pods_of(set).any(goes) { cure.harmful() } else { cure }])
}

/// Where another pod of the set keeps a volume that they share.
pub(super) fn fewer_sharing(case: &Case) -> Cures {
    case.blame()?.said.get("shared")?;
    below(case)?.1.into()
}

/// Does without the rule that keeps pods apart: first with the pods that have a place, then with all.
pub(super) fn together(case: &Case) -> Cures {
    let (set, fewer) = (case.set()?, below(case)?.1);
    let (kind, name) = (Kind::StatefulSet, &set.meta.name);
    let rolled = case.naming.rollout("status", kind, name) + " --timeout=120s";
    let again = case.naming.scale(kind, name, set.spec.replicas);
    let lines = [case.without("/spec/template/spec/affinity")?].into_iter().chain(fewer.lines).chain([rolled, again]);
    Cure::tried(lines).risks(Risk::Together { set: Rc::clone(name) }).into()
}

/// The pods of its own set whose rule, and not its own, keeps a pod away: a rule of the old template goes with them.
pub(super) fn delete_others(case: &Case) -> Cures {
    let (pod, nodes) = (unplaced(case)?, || case.tables.nodes());
    let keeps_away = |other: &&Pod| nodes().any(|node| scheduler::apart(case.tables, pod, node, other) == Some(Rule::Other));
    let others = case.shot.pods_of(case.set()?).filter(keeps_away);
    Some(others.map(|other| Cure::tried([case.naming.delete(Kind::Pod, &other.meta.name)])).collect())
}

/// Other workloads that stand where the pod could be, each with fewer pods: one fewer, then twice as many fewer, at last none.
pub(super) fn others_away(case: &Case) -> Cures {
    const WORKLOADS: usize = 6;
    unplaced(case)?;
    let (set, tables) = (case.set()?, case.tables);
    let is_placed = |namespace: &str, uid: Uid| {
        tables.pods().any(|pod| *pod.meta.namespace == *namespace && pod.node.is_some() && pod.meta.is_controlled_by(uid))
    };
    let fewer = |namespace: &str, kind: Kind, name: &Name, wanted: i64| {
        let naming = case.shot.naming(namespace);
        let steps = std::iter::successors(Some(1), |step| (*step < wanted).then_some(step * 2)).map(|step| (wanted - step).max(0));
        let cure = |count: i64| {
            let risk = if count == 0 { Risk::Stops { workload: Rc::clone(name) } } else { Risk::Fewer { set: Rc::clone(name), count } };
            Cure::tried([naming.scale(kind, name, count)]).risks(risk)
        };
        steps.map(cure).collect::<Vec<_>>()
    };
    let of_deployments = tables.replica_sets().filter_map(|one| {
        let owner = one.meta.controller().filter(|_| is_placed(&one.meta.namespace, one.meta.uid))?;
        Some(fewer(&one.meta.namespace, Kind::Deployment, &owner.name, one.spec.replicas))
    });
    let sets = tables.stateful_sets().filter(|one| one.meta.uid != set.meta.uid && is_placed(&one.meta.namespace, one.meta.uid));
    let of_sets = sets.map(|one| fewer(&one.meta.namespace, Kind::StatefulSet, &one.meta.name, one.spec.replicas));
    Some(of_deployments.chain(of_sets).take(WORKLOADS).flatten().collect())
}

/// The node of the pod that a cause hangs on.
fn own_node<'a>(case: &Case<'a>) -> Option<&'a Name> {
    case.set().and(case.pod())?.node.as_ref()
}

/// Detaches what is attached to a silent node, at once: that of the pod, or else any.
pub(super) fn say_off(case: &Case) -> Cures {
    case.set()?;
    let own = |node: &Node| own_node(case) == Some(&node.meta.name);
    let (of_pod, others): (Vec<_>, Vec<_>) = case.tables.nodes().filter(|node| node.silent()).partition(|node| own(node));
    let cure = |node: &Rc<Node>| Cure::from(node::out_of_service(case.shot, &node.meta.name)).risks(emptied(&node.meta.name));
    Some(if of_pod.is_empty() { others } else { of_pod }.into_iter().map(cure).collect())
}

fn emptied(node: &Name) -> Risk {
    Risk::NodeEmptied { node: Rc::clone(node) }
}

/// Without its kubelet.
pub(super) fn force(case: &Case) -> Cures {
    case.set()?;
    let risk = Risk::TwoWriters { pod: Rc::clone(&case.about.name), node: own_node(case).cloned().unwrap_or_default() };
    Cure::tried([case.naming.force_delete(&case.about.name)]).risks(risk).into()
}

pub(super) fn delete_node(case: &Case) -> Cures {
    let node = own_node(case)?;
    Cure::from(node::delete(case.shot, node)).risks(emptied(node)).into()
}
