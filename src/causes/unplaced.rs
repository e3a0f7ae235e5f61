//! Which of a pod's own constraints keeps it from every node: each is taken away alone, and the scheduler is asked again.

use std::rc::Rc;

use api::object::scheduling::SpreadConstraint;
use api::object::{Name, Pod};
use base::dice::Dice;
use base::sorted::SortedMap;
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

/// Whether a pod finds a node, or what the scheduler says.
fn placed(sim: &Sim, pod: &Pod) -> Result<(), String> {
    let tables = sim.tables();
    let mut loads = Loads::default();
    tables.pods().for_each(|pod| loads.place(pod));
    let view = View { tables, loads: &loads, nominated: &SortedMap::new(), release: sim.release(), now: sim.now() };
    match decide(&view, pod, &TieBreak { prefer: None, dice: Dice { seed: 0 }, attempt: 0 }) {
        Verdict::Fits(_) => Ok(()),
        // What follows the first sentence is about preemption.
        Verdict::Unschedulable(unfit) => Err(unfit.message.split_inclusive(". ").next().unwrap_or_default().trim_end().to_owned()),
    }
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
