//! What a DaemonSet's controller may do. Models pkg/controller/daemon: daemon_controller.go podsShouldBeOnNode and update.go rollingUpdate.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::case::{Case, count, family, is_active, is_available};
use crate::law::named::{Law, Violation};
use api::kind::Kind;
use api::object::int_or_percent::IntOrPercent;
use api::object::node::{NO_EXECUTE, NO_SCHEDULE, Node};
use api::object::scheduling::NodeRequirement;
use api::object::selector::Selector;
use api::object::{ControllerRevision, Name, Object, Parsed, Plain, Pod, PodTemplate, Uid};
use api::release::Release;
use api::well_known::{CONTROLLER_REVISION_HASH, TEMPLATE_GENERATION};
use base::time::{Span, Time};
use base::value::Value;
use control::pod_control::template_hash;
use server::request::Request;
use server::tables::Tables;

/// The label with the number of a pod's template.
const GENERATION_LABEL: &str = "pod-template-generation";
/// The taints that every pod of a DaemonSet bears. Models pkg/controller/daemon/util AddOrUpdateDaemonPodTolerations.
const BORNE: [(&str, &str); 6] = [
    ("not-ready", NO_EXECUTE),
    ("unreachable", NO_EXECUTE),
    ("disk-pressure", NO_SCHEDULE),
    ("memory-pressure", NO_SCHEDULE),
    ("pid-pressure", NO_SCHEDULE),
    ("unschedulable", NO_SCHEDULE),
];

/// A DaemonSet, its nodes and its pods.
struct View<'a> {
    set: &'a Plain,
    template: Parsed<PodTemplate>,
    min_ready: Span,
    now: Time,
    tables: &'a Tables,
    /// The hash of the template.
    hash: Name,
    /// The pods by the node they are on or meant for, without those that are terminating and have ended.
    pods: BTreeMap<Name, Vec<&'a Rc<Pod>>>,
}

pub(super) fn judge(case: &Case) -> Result<(), Violation> {
    let Some(Object::Plain(set)) = case.tables().get(case.key) else { return Ok(()) };
    let selector = selector_of(set);
    let view = View::of(case.tables(), set, &selector, case.sight.now, case.sight.release);
    let own: Vec<&Rc<Pod>> = view.pods.values().flatten().copied().collect();
    let (created, deleted) = (case.created(), case.deleted_of(&own)?);
    let idle = created.is_empty() && deleted.is_empty();
    case.holds(Law::NoMoreThanWanted, idle || !set.meta.terminating(), || "it is being deleted and makes or deletes pods".into())?;
    view.creations(case, &created)?;
    view.deletions(case, &deleted)?;
    let written = |r: &&Request| if let Request::Update(Object::Plain(set)) = r { Some(Rc::clone(set)) } else { None };
    let Some(written) = case.requests.iter().find_map(written) else { return Ok(()) };
    let (told, seen) = (numbers(&written), view.counted());
    case.holds(Law::StatusIsWhatWasSeen, told == seen, || format!("{told:?} where {seen:?} was seen"))
}

impl<'a> View<'a> {
    fn of(tables: &'a Tables, set: &'a Plain, selector: &'a Selector, now: Time, release: &Release) -> Self {
        let template = PodTemplate::decode(set.raw.at(&["spec", "template"]).unwrap_or(&Value::Null));
        let min_ready = Span::of_seconds(set.raw.int_at(&["spec", "minReadySeconds"]).unwrap_or(0));
        let mut pods: BTreeMap<Name, Vec<&Rc<Pod>>> = BTreeMap::new();
        for pod in family(tables, &set.meta, selector).filter(|p| !(p.meta.terminating() && p.status.phase.terminal())) {
            if let Some(node) = node_of(pod) {
                pods.entry(node).or_default().push(pod);
            }
        }
        for pods in pods.values_mut() {
            pods.sort_by_key(|p| (p.node.is_none(), p.meta.created.stamp(), Rc::clone(&p.meta.name)));
        }
        let hash = hash_of(tables, set, selector, release);
        View { set, template, min_ready, now, tables, hash, pods }
    }

    /// Whether a pod should run on a node, and whether one that is there may stay. Models daemon_controller.go NodeShouldRunDaemonPod.
    fn place(&self, node: &Node) -> (bool, bool) {
        let borne = |key: &str, effect: &str| {
            key.strip_prefix("node.kubernetes.io/").is_some_and(|key| BORNE.iter().any(|(k, e)| *k == key && *e == effect))
        };
        let tolerates = |key: &str, value: &str, effect: &str| self.template.tolerations.iter().any(|t| t.tolerates(key, value, effect));
        let repels = |effect: &str| {
            node.taints.iter().any(|t| *t.effect == *effect && !borne(&t.key, effect) && !tolerates(&t.key, &t.value, effect))
        };
        let fits = self.template.scheduling.allows_node(&node.meta.name, &node.meta.labels);
        (fits && !repels(NO_EXECUTE) && !repels(NO_SCHEDULE), fits && !repels(NO_EXECUTE))
    }

    fn place_of(&self, node: &str) -> (bool, bool) {
        self.tables.node("", node).map_or((false, false), |node| self.place(node))
    }

    /// Models pkg/controller/daemon/util IsPodUpdated.
    fn is_new(&self, pod: &Pod) -> bool {
        let number = self.set.meta.annotation(TEMPLATE_GENERATION);
        pod.meta.label(CONTROLLER_REVISION_HASH) == Some(&self.hash) || number.is_some() && pod.meta.label(GENERATION_LABEL) == number
    }

    /// `maxSurge` or `maxUnavailable` as a number of nodes; nothing where pods are not updated.
    fn limit(&self, field: &str) -> i64 {
        let update = self.set.raw.at(&["spec", "updateStrategy"]);
        let rolling = update.filter(|u| u.text_at(&["type"]) != Some("OnDelete")).and_then(|u| u.at(&["rollingUpdate", field]));
        let nodes = count(self.tables.nodes().filter(|node| self.place(node).0));
        rolling.and_then(IntOrPercent::decode).map_or(0, |limit| limit.rounded_up(nodes))
    }

    fn creations(&self, case: &Case, created: &[&Pod]) -> Result<(), Violation> {
        let law = Law::OnePodPerNode;
        let mut taken = BTreeSet::new();
        for pod in created {
            let node = node_of(pod).unwrap_or_default();
            case.holds(law, taken.insert(Rc::clone(&node)), || format!("two pods for {node}"))?;
            case.holds(law, self.place_of(&node).0, || format!("a pod for {node}, which should run none"))?;
            let there = self.pods.get(&node).map_or(&[][..], Vec::as_slice);
            let staying: Vec<&&Rc<Pod>> = there.iter().filter(|p| is_active(p)).collect();
            // With surge a new pod comes up beside one old pod, and pods that are going are not waited for.
            let surges = self.limit("maxSurge") > 0 && staying.len() <= 1 && !staying.iter().any(|p| self.is_new(p));
            let names = || there.iter().map(|p| Rc::clone(&p.meta.name)).collect::<Vec<_>>();
            case.holds(law, there.is_empty() || surges, || format!("a pod for {node} beside {:?}", names()))?;
        }
        Ok(())
    }

    fn deletions(&self, case: &Case, deleted: &[&Rc<Pod>]) -> Result<(), Violation> {
        let going: BTreeSet<Uid> = deleted.iter().map(|p| p.meta.uid).collect();
        let stands = |p: &Rc<Pod>| is_active(p) && !going.contains(&p.meta.uid);
        let serves = |p: &Rc<Pod>| is_active(p) && is_available(p, self.min_ready, self.now);
        let rolls = self.set.raw.text_at(&["spec", "updateStrategy", "type"]) != Some("OnDelete");
        let (mut taken, surges) = (0, self.limit("maxSurge") > 0);
        for pod in deleted {
            let name = &pod.meta.name;
            case.holds(Law::NothingUnasked, !pod.meta.terminating(), || format!("{name} is going already"))?;
            let node = node_of(pod).unwrap_or_default();
            let (runs, stays) = self.place_of(&node);
            let others = self.pods.get(&node).map_or(&[][..], Vec::as_slice);
            let surplus = others.iter().any(|p| stands(p));
            if pod.status.phase.terminal() || !stays || surplus && !surges {
                continue;
            }
            let replaced = others.iter().any(|p| stands(p) && serves(p));
            // Of several old pods, or several new ones, all but the oldest go, whether or not they are ready.
            let mut older = others.iter().take_while(|p| p.meta.uid != pod.meta.uid);
            let spare = older.any(|p| is_active(p) && self.is_new(p) == self.is_new(pod));
            if surplus && (replaced || spare || !pod.ready()) {
                continue;
            }
            case.holds(Law::NothingUnasked, rolls && !self.is_new(pod), || {
                format!("{name} is the only pod on {node} and of its template")
            })?;
            if surges {
                let kept = replaced || !runs;
                case.holds(Law::AvailabilityIsKept, kept, || format!("{name} goes before another pod is available on {node}"))?;
            } else if serves(pod) {
                taken += 1;
            }
        }
        let lacking = count(self.pods.values().filter(|pods| !pods.iter().any(|p| serves(p))));
        let most = self.limit("maxUnavailable").max(1);
        let few = taken == 0 || lacking + taken <= most;
        case.holds(Law::AvailabilityIsKept, few, || format!("{taken} available pods go while {lacking} are not available, most {most}"))
    }

    /// Nodes that should run a pod, those that do, those that should not and do, Ready, available, updated and missing pods, and the
    /// generation. Models daemon_controller.go updateDaemonSetStatus.
    fn counted(&self) -> Vec<i64> {
        let [mut desired, mut current, mut misplaced, mut ready, mut available, mut updated] = [0i64; 6];
        for node in self.tables.nodes() {
            let runs = self.place(node).0;
            desired += i64::from(runs);
            let Some(pod) = self.pods.get(&node.meta.name).and_then(|pods| pods.first()) else { continue };
            if runs {
                current += 1;
                ready += i64::from(pod.ready());
                available += i64::from(is_available(pod, self.min_ready, self.now));
                updated += i64::from(self.is_new(pod));
            } else {
                misplaced += 1;
            }
        }
        vec![desired, current, misplaced, ready, available, updated, desired - available, self.set.meta.generation]
    }
}

/// The hash of the set's template: as the newest of its revisions has it, or as it would be. Models update.go constructHistory.
fn hash_of(tables: &Tables, set: &Plain, selector: &Selector, release: &Release) -> Name {
    let template = set.raw.at(&["spec", "template"]).unwrap_or(&Value::Null);
    let is_of = |revision: &ControllerRevision| {
        let mut remembered = revision.data.value().at(&["spec", "template"]).cloned().unwrap_or_default();
        remembered.remove(&["$patch"]);
        remembered == *template
    };
    let orphan = |r: &ControllerRevision| r.meta.controller().is_none() && !r.meta.terminating() && selector.matches(&r.meta.labels);
    let revisions = tables.within(Kind::ControllerRevision, &set.meta.namespace).filter_map(Object::as_revision);
    let own = revisions.filter(|r| (r.meta.is_controlled_by(set.meta.uid) || orphan(r)) && is_of(r));
    let newest = own.max_by_key(|r| r.number).and_then(|r| r.meta.label(CONTROLLER_REVISION_HASH).cloned());
    newest.unwrap_or_else(|| template_hash(template, set.raw.int_at(&["status", "collisionCount"]), release).into())
}

fn selector_of(set: &Plain) -> Selector {
    set.raw.at(&["spec", "selector"]).map(Selector::decode).unwrap_or_default()
}

/// The node that a pod is on or meant for. Models pkg/controller/daemon/util GetTargetNodeName.
fn node_of(pod: &Pod) -> Option<Name> {
    let terms = pod.spec.template.scheduling.node_required.iter().flatten();
    let named = |r: &NodeRequirement| if let NodeRequirement::NameIn(names) = r { names.first().cloned() } else { None };
    pod.node.clone().or_else(|| terms.flat_map(|term| &term.0).find_map(named))
}

fn numbers(set: &Plain) -> Vec<i64> {
    const FIELDS: [&str; 8] = [
        "desiredNumberScheduled",
        "currentNumberScheduled",
        "numberMisscheduled",
        "numberReady",
        "numberAvailable",
        "updatedNumberScheduled",
        "numberUnavailable",
        "observedGeneration",
    ];
    FIELDS.iter().map(|field| set.raw.int_at(&["status", field]).unwrap_or(0)).collect()
}

/// What the status says, and what it should. The controller is not told of a node that is gone or should not run a pod any more where no
/// pod has to go for it, nor of one that should where another pod has yet to go. Models daemon_controller.go syncNodeUpdate.
pub(super) fn told_and_so(tables: &Tables, set: &Plain, now: Time, release: &Release) -> (Vec<i64>, Vec<i64>) {
    let selector = selector_of(set);
    let (told, so) = (numbers(set), View::of(tables, set, &selector, now, release).counted());
    let held = family(tables, &set.meta, &selector).any(|p| p.meta.terminating() && p.status.phase.terminal());
    if held || told[0] > so[0] { (Vec::new(), Vec::new()) } else { (told, so) }
}

/// What keeps a DaemonSet from its declared state, if anything.
pub(super) fn shortcoming(tables: &Tables, set: &Plain, now: Time, release: &Release) -> Option<String> {
    let selector = selector_of(set);
    let view = View::of(tables, set, &selector, now, release);
    let wanted: BTreeSet<&Name> = tables.nodes().filter(|node| view.place(node).0).map(|node| &node.meta.name).collect();
    let have: BTreeSet<&Name> = view.pods.keys().collect();
    if wanted != have {
        return Some(format!("it has pods on {have:?} and should on {wanted:?}"));
    }
    let right = |pods: &[&Rc<Pod>]| {
        // A set that was made anew takes pods with the same number for its own, although they may be of another template.
        let fit = |p: &Rc<Pod>| is_active(p) && is_available(p, view.min_ready, now) && view.is_new(p);
        pods.len() == 1 && pods.iter().all(|p| fit(p))
    };
    let wrong = view.pods.iter().find(|(_, pods)| !right(pods));
    wrong.map(|(node, pods)| {
        format!("{node} does not have one available pod of its template but {:?}", pods.iter().map(|p| &p.meta.name).collect::<Vec<_>>())
    })
}
