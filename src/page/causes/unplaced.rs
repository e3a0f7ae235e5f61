//! Which of a pod's own constraints keeps it from every node: each is taken away alone, and the scheduler is asked again.

use std::rc::Rc;

use api::object::scheduling::{NodeTerm, SpreadConstraint};
use api::object::storage::RECLAIM_DELETE;
use api::object::{Name, Node, Pod};
use base::dice::Dice;
use base::sorted::{SortedMap, SortedSet};
use base::value::Value;
use cluster::scheduler::{Loads, TieBreak, Verdict, View, decide};
use server::tables::Tables;
use sim::Sim;
use text::plan::Says;

/// The constraints of a pod's `spec` that only say where it may be.
const CONSTRAINTS: [&[&str]; 5] = [
    &["topologySpreadConstraints"],
    &["affinity", "podAntiAffinity"],
    &["affinity", "podAffinity"],
    &["affinity", "nodeAffinity"],
    &["nodeSelector"],
];

/// What the scheduler says of a pod that it cannot place, and which constraints each alone keep it from a node.
pub fn unplaced(sim: &Sim, pod: &Pod) -> Option<Says> {
    let said = placed(sim, pod).err()?;
    let decides = |path: &&&[&str]| {
        let mut other = pod.encode();
        other.remove(&[&["spec"], **path].concat()).is_some() && placed(sim, &Pod::decode(&other)).is_ok()
    };
    let without: Vec<String> = CONSTRAINTS.iter().filter(decides).map(|path| path.join(".")).collect();
    let is_spread = without.iter().any(|name| name == CONSTRAINTS[0][0]);
    let hard = pod.spec.template.scheduling.spread.iter().find(|one| one.hard && is_spread);
    let counts = hard.map_or(Vec::new(), |one| counts(sim.tables(), pod, one));
    Some(Says::Unplaced { pod: Rc::clone(&pod.meta.name), said, without, counts })
}

/// A claim of a pod whose volume is where the pod's own rules do not let it go. `None` where no volume decides, or no node
/// reaches it.
pub fn beyond_reach(sim: &Sim, pod: &Pod) -> Option<Says> {
    let tables = sim.tables();
    let allowed = || tables.nodes().filter(|node| pod.spec.template.scheduling.allows_node(&node.meta.name, &node.meta.labels));
    pod.claim_volumes().find_map(|used| {
        let claim = tables.claim(&pod.meta.namespace, &used.claim).filter(|claim| claim.bound())?;
        let volume = tables.volume("", &claim.spec.volume)?;
        let required = volume.spec.value().list_at(&["nodeAffinity", "required", "nodeSelectorTerms"]);
        let terms: Vec<NodeTerm> = required.iter().map(NodeTerm::decode).collect();
        let reaches = |node: &Rc<Node>| terms.iter().any(|term| term.matches(&node.meta.name, &node.meta.labels));
        if allowed().next().is_none() || allowed().any(reaches) || !tables.nodes().any(reaches) {
            return None;
        }
        let key = required.iter().find_map(|term| term.list_at(&["matchExpressions"]).first()?.get("key")?.as_shared_text())?;
        let places = |nodes: &mut dyn Iterator<Item = &Rc<Node>>| {
            let place = |node: &Rc<Node>| node.meta.label(&key).cloned().unwrap_or(Rc::clone(&node.meta.name));
            nodes.map(place).collect::<SortedSet<Name>>().into_iter().collect::<Vec<_>>()
        };
        let told = required
            .iter()
            .flat_map(|term| term.list_at(&["matchExpressions"]))
            .filter(|one| one.get("key").and_then(Value::as_text) == Some(&key));
        let there: SortedSet<Name> = told.flat_map(|one| one.list_at(&["values"])).filter_map(Value::as_shared_text).collect();
        let class = tables.class("", claim.class().unwrap_or_default());
        Some(Says::BeyondReach {
            pod: Rc::clone(&pod.meta.name),
            claim: Rc::clone(&claim.meta.name),
            volume: Rc::clone(&volume.meta.name),
            there: there.into_iter().collect(),
            here: places(&mut allowed()),
            class: claim.class().unwrap_or_default().into(),
            immediate: class.is_some_and(|class| !class.body.waits_for_consumer),
            deletes: *volume.spec.reclaim == *RECLAIM_DELETE,
        })
    })
}

/// The other nodes for a pod that has one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Elsewhere {
    /// Those that do not take it, each with the scheduler's words: `node-2 (had untolerated taint(s))`.
    pub shut: Vec<String>,
    /// Those that would.
    pub open: Vec<Name>,
}

/// Where else a pod might be that has a node.
pub fn elsewhere(sim: &Sim, pod: &Pod) -> Elsewhere {
    let Verdict::Fits(fit) = decided(sim, &Pod { node: None, ..pod.clone() }) else { return Elsewhere::default() };
    let is_other = |name: &&Name| pod.node.as_ref() != Some(*name);
    let shut = fit.refusals.iter().filter(|(name, _)| is_other(&name)).map(|(name, refusal)| {
        let words: Vec<&str> = refusal.reasons.iter().map(|words| words.strip_prefix("node(s) ").unwrap_or(words)).collect();
        format!("{name} ({})", words.join(", "))
    });
    let fits = fit.scores.nodes.iter().map(|score| &score.node);
    Elsewhere { shut: shut.collect(), open: fits.filter(is_other).cloned().collect() }
}

/// Whether a pod finds a node, or what the scheduler says.
fn placed(sim: &Sim, pod: &Pod) -> Result<(), String> {
    match decided(sim, pod) {
        Verdict::Fits(_) => Ok(()),
        // What follows the first sentence is about preemption.
        Verdict::Unschedulable(unfit) => Err(unfit.message.split_inclusive(". ").next().unwrap_or_default().trim_end().to_owned()),
    }
}

/// What the scheduler decides about a pod beside the others as they are.
fn decided(sim: &Sim, pod: &Pod) -> Verdict {
    let tables = sim.tables();
    let mut loads = Loads::default();
    tables.pods().filter(|other| other.meta.uid != pod.meta.uid).for_each(|other| loads.place(other));
    let view = View { tables, loads: &loads, nominated: &SortedMap::new(), release: sim.release(), now: sim.now() };
    decide(&view, pod, &TieBreak { prefer: None, dice: Dice { seed: 0 }, attempt: 0 })
}

/// How many pods of a spread constraint each domain has: `a 3`.
fn counts(tables: &Tables, pod: &Pod, spread: &SpreadConstraint) -> Vec<String> {
    let mut all: SortedMap<Name, usize> = SortedMap::new();
    for node in tables.nodes() {
        let Some(domain) = node.meta.label(&spread.topology_key) else { continue };
        let counts = |one: &&Rc<Pod>| {
            let selected = spread.selector.as_ref().is_some_and(|selector| selector.matches(&one.meta.labels));
            selected && one.meta.namespace == pod.meta.namespace && one.node.as_ref() == Some(&node.meta.name) && !one.meta.terminating()
        };
        *all.entry(Rc::clone(domain)).or_default() += tables.pods().filter(counts).count();
    }
    all.into_iter().map(|(domain, count)| format!("{domain} {count}")).collect()
}
