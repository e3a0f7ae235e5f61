//! What a run shows that people care about, judged from its log and from where it ends.
//!
//! Why something waits is asked of the diagnosis ([`causes::waits::waits`]): there is no second rule book.

use std::rc::Rc;

use crate::acts::Deed;
use api::controller::Component;
use api::kind::Kind;
use api::object::{Claim, Name, Object, ObjectKey, Pod, StatefulSet};
use base::base64;
use base::fields::Fields;
use base::time::Span;
use base::value::Value;
use causes::blame::is_well;
use causes::rollout::waits_in_vain;
use causes::stand_in::is_stand_in;
use causes::waits::waits;
use cluster::kubelet::references::needs;
use intake::World;
use intake::verdict::report;
use plan::bytes::{Course, Folder, course, hold_together, went};
use plan::shared::is_inherited;
use plan::watch::{Stretch, majority};
use server::log::Actor;
use sim::Sim;
use sim::process::Split;
use text::diagnose::Told;
use text::risks::{Harm, Level};
use why::{Cause, Family};

use super::pack::{Pack, packed_places, packed_words};
use super::player::{State, crowds};
use plan::guess::{self, Quorum};

/// Whoever is Ready for no longer than this serves nobody.
const INSTANT: Span = Span::seconds(10);

/// What more is known of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// What a set waits for, as the diagnosis finds.
    Waits(Cause),
    /// Several members of a quorum were on the node that went.
    SharedNode,
    /// Nothing held back a drain while another one had taken a member.
    Drains,
}

impl Detail {
    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Detail::Waits(cause) => cause.word(),
            Detail::SharedNode => "shared-node",
            Detail::Drains => "drains",
        }
    }

    fn all() -> impl Iterator<Item = Detail> {
        [Detail::SharedNode, Detail::Drains].into_iter().chain(Cause::ALL.iter().copied().map(Detail::Waits))
    }
}

/// Who removed what a finding is about: a pod whose process went on, or a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remover {
    /// Somebody at a terminal.
    User,
    /// Whoever deleted the set that the claim belonged to.
    SetDeleted,
    Component(Component),
}

impl Remover {
    /// Its name in the texts and in JSON.
    pub(super) fn word(self) -> &'static str {
        match self {
            Remover::User => "user",
            Remover::SetDeleted => "set",
            Remover::Component(component) => component.name(),
        }
    }

    fn all() -> impl Iterator<Item = Remover> {
        [Remover::User, Remover::SetDeleted].into_iter().chain(Component::ALL.iter().copied().map(Remover::Component))
    }
}

packed_words! { Harm }
packed_places! { Detail Remover }

/// How bad a kind of finding is.
pub fn level(kind: Harm) -> Level {
    match kind {
        Harm::DataLost | Harm::VolumeDeleted | Harm::Fleeting => Level::Data,
        Harm::TwoWriters => Level::Writers,
        Harm::QuorumLost => Level::Quorum,
        Harm::RollbackTrap | Harm::ReadinessDeadlock | Harm::VolumePinned => Level::Stuck,
        Harm::Terminating | Harm::DrainEndless | Harm::OnDelete | Harm::Stuck => Level::Stuck,
        Harm::Together | Harm::Unavailable => Level::Unavailable,
    }
}

/// Something that a run shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub kind: Harm,
    pub detail: Option<Detail>,
    /// Who removed a pod whose process went on, or a claim; `None` where nobody is told.
    pub(super) by: Option<Remover>,
    /// The set that it is about.
    pub workload: ObjectKey,
    /// What it hangs on.
    pub object: ObjectKey,
    /// What fills its sentence.
    pub fields: Fields,
    /// What is to be told of the cause.
    pub cause: Option<Told>,
    /// The parts of the manifest by which a majority is taken to be needed; empty where nothing is guessed.
    pub guess: String,
    /// Whether it shows while what happened still holds, before anything is taken back.
    pub is_held: bool,
}

impl Shown {
    pub(super) fn new(kind: Harm, workload: &ObjectKey, object: ObjectKey) -> Shown {
        let mut fields = Fields::default();
        fields.text("kind", kind.word());
        fields.text("workload", Rc::clone(&workload.name));
        fields.text("object", Rc::clone(&object.name));
        Shown {
            kind,
            detail: None,
            by: None,
            workload: workload.clone(),
            object,
            fields,
            cause: None,
            guess: String::new(),
            is_held: false,
        }
    }

    /// The same, with what it is guessed by.
    fn guessed(mut self, quorum: Option<Quorum>) -> Shown {
        if let Some(Quorum::Likely(signs)) = quorum {
            self.guess = signs;
        }
        self
    }

    /// Takes it for what it is, once it is known that published names end it: who waits is Ready once it finds its peers.
    pub(super) fn turn_into_deadlock(&mut self) {
        self.kind = Harm::ReadinessDeadlock;
        let mut fields = Fields::default();
        fields.text("kind", self.kind.word());
        fields.extend(&self.fields);
        self.fields = fields;
    }

    /// The name of who removed what it is about; empty where nobody is told.
    pub(super) fn remover_word(&self) -> &'static str {
        self.by.map_or("", Remover::word)
    }

    /// The name of what more is known; empty where nothing is.
    pub fn detail_word(&self) -> &'static str {
        self.detail.map_or("", Detail::word)
    }

    /// How bad it is.
    pub fn level(&self) -> Level {
        level(self.kind)
    }

    /// Whether it is about what is on volumes, or where these are.
    pub(super) fn is_of_volumes(&self) -> bool {
        matches!(self.kind, Harm::DataLost | Harm::VolumeDeleted | Harm::VolumePinned | Harm::TwoWriters)
    }

    /// Whether it hangs on disks which every node reaches.
    pub fn is_on_network(&self) -> bool {
        matches!(self.kind, Harm::TwoWriters | Harm::Together) || self.detail == Some(Detail::SharedNode)
    }

    /// Whether two are told as one: they are of one kind and by one hand, and where a kind says little, of one cause.
    pub fn is_as(&self, other: &Shown) -> bool {
        let same = (self.kind, self.by, &self.workload) == (other.kind, other.by, &other.workload);
        same && (!self.is_by_detail() || self.detail == other.detail)
    }

    /// Whether its kind says little.
    fn is_by_detail(&self) -> bool {
        [Harm::Stuck, Harm::QuorumLost].contains(&self.kind)
    }

    /// What tells it from all that are not told as one with it.
    pub(super) fn identity(&self) -> String {
        let workload = (self.workload.namespace.to_string(), self.workload.name.to_string());
        ((self.kind, self.by, workload), self.detail.filter(|_| self.is_by_detail())).packed()
    }
}

/// A run up to where all that was done still holds, and what was done in it.
pub struct Trialled<'a> {
    /// Before anything happened.
    pub base: &'a State,
    /// At rest, with all that still holds.
    pub held: &'a State,
    /// Whether anything that holds at `held` lasts until somebody acts.
    pub lasts: bool,
    /// Whether one node, pod or volume at a time was taken, or nodes were drained.
    pub single: bool,
    /// Whether a bad template was rolled out, which is taken back.
    pub bad_rollout: bool,
    /// All that was done.
    pub deeds: Vec<Deed>,
    /// The nodes that are away at `held`, or drained.
    pub away: Vec<Name>,
    /// For so long nobody may be without a Ready pod.
    pub longest: Span,
}

/// The end of a run, at rest after all was taken back; the same as where all holds if nothing takes it back.
pub struct TakenBack<'a> {
    /// Before anything happened.
    pub base: &'a State,
    pub back: &'a State,
    /// How many pairs of processes had run under one name while all held.
    pub splits: usize,
    /// Whether a bad template was rolled out.
    pub bad_rollout: bool,
    /// All that was done.
    pub deeds: &'a [Deed],
}

/// What a run shows in all: while all holds, and at its end. Who waits for the same at both is told once.
pub fn together(mut held: Vec<Shown>, end: &[Shown]) -> Vec<Shown> {
    let known = held.len();
    for one in end {
        if !held[..known].iter().any(|known| known.is_as(one)) {
            held.push(one.clone());
        }
    }
    held
}

/// What a settled start shows before anything happens.
pub fn of_start(state: &State) -> Vec<Shown> {
    let mut shown = Vec::new();
    waiting(state, false, &mut shown);
    shown
}

/// Why names of pods do not resolve everywhere although every set of a start is well, as the diagnosis says.
pub fn nameless(state: &State) -> Vec<(Cause, Told)> {
    let causes = [Cause::GoverningServiceMissing, Cause::GoverningServiceNotHeadless, Cause::NoServiceName, Cause::ServiceSelectsNothing];
    let told = report(&World::live(state.world.sim.clone()).untried()).verdicts.into_iter();
    told.filter(|one| causes.contains(&one.cause)).map(|one| (one.cause, one.told)).collect()
}

impl Trialled<'_> {
    /// What shows while all that was done holds.
    pub fn shows(&self) -> Vec<Shown> {
        let mut shown = Vec::new();
        self.served(&mut shown);
        if self.lasts && !self.held.restless {
            waiting(self.held, self.bad_rollout, &mut shown);
            for (one, node) in shown.iter_mut().filter_map(|one| self.away.first().map(|node| (one, node))) {
                one.fields.text("node", Rc::clone(node));
            }
        }
        self.drains(&mut shown);
        let known = self.base.processes.splits().len();
        writers(self.base, &self.held.processes.splits()[known..], &mut shown);
        for one in &mut shown {
            one.is_held = true;
        }
        shown
    }

    /// For how long nobody was served, and whether the quorum was lost.
    fn served(&self, shown: &mut Vec<Shown>) {
        for (watched, (set, _)) in self.held.watched().zip(&self.base.watches) {
            let sim = &self.base.world.sim;
            let quorum = || sim.tables().stateful_set(&set.namespace, &set.name).and_then(|set| guess::quorum(sim, set));
            if let Some(quorum) = Some(()).filter(|()| self.single && watched.lost_quorum()).and_then(|()| quorum()) {
                let mut one = Shown::new(Harm::QuorumLost, set, set.clone()).guessed(Some(quorum));
                let closed = self.held.world.sim.tables().nodes().filter(|node| node.unschedulable).count();
                let is_shared = self.held.shared.iter().any(|(of, node)| of == set && self.away.contains(node));
                let pod = sim.tables().pods().find(|pod| is_of(sim, set, &pod.key()));
                let is_guarded = pod.is_some_and(|pod| sim.tables().budgets_of(pod).next().is_some());
                if closed > 1 && !is_guarded && self.deeds.iter().all(|deed| *deed == Deed::Drained) {
                    one.detail = Some(Detail::Drains);
                } else if is_shared && self.away.len() > 1 {
                    // Two nodes are away: members that kept apart would be two as well.
                    continue;
                } else if is_shared {
                    one.detail = Some(Detail::SharedNode);
                }
                let replicas = self.held.world.sim.tables().stateful_set(&set.namespace, &set.name).map_or(0, |set| set.spec.replicas);
                // Of a majority that is only guessed, no more is told than what the places of its members come to. That fewer members
                // bear fewer faults is true of all.
                if replicas != watched.wanted_before || !one.guess.is_empty() && one.detail.is_none() {
                    continue;
                }
                one.fields.text("detail", one.detail_word());
                let stretch = watched.below_quorum.iter().map(|stretch| stretch.length(watched.to)).max().unwrap_or_default();
                one.fields.text("span", whole(stretch).golang());
                one.fields.number("ready", watched.lowest.0);
                one.fields.number("of", watched.wanted_before);
                shown.push(one);
            }
            let dark = joined(&watched.dark);
            // Of a set that somebody deleted, nobody is missed.
            let is_there = self.held.world.sim.tables().stateful_set(&set.namespace, &set.name).is_some();
            let Some(dark) = dark.iter().filter(|_| is_there).max_by_key(|stretch| stretch.length(watched.to)) else { continue };
            let length = dark.length(watched.to);
            if length > self.longest && watched.ready_before > 0 {
                let mut one = Shown::new(Harm::Unavailable, set, set.clone());
                one.fields.text("span", if dark.to.is_some() { whole(length).golang() } else { String::new() });
                shown.push(one);
            }
        }
    }

    /// Drains that do not end, because a budget lets no pod go. That one waits while another member is away is what a budget is for.
    fn drains(&self, shown: &mut Vec<Shown>) {
        let tables = self.held.world.sim.tables();
        if self.held.hang.is_empty() || self.deeds.len() > 1 && !self.bad_rollout {
            return;
        }
        let closed = |node: &Option<Name>| node.as_ref().and_then(|node| tables.node("", node)).is_some_and(|node| node.unschedulable);
        for pod in tables.pods().filter(|pod| closed(&pod.node) && !pod.meta.terminating()) {
            let Some(budget) = tables.budgets_of(pod).find(|budget| budget.status.disruptions_allowed == 0) else { continue };
            let set = self.base.watches.iter().find(|(set, _)| is_of(&self.base.world.sim, set, &pod.key()));
            let Some((set, _)) = set else { continue };
            let mut one = Shown::new(Harm::DrainEndless, set, pod.key());
            one.fields.text("budget", Rc::clone(&budget.meta.name));
            pod.node.iter().for_each(|node| one.fields.text("node", Rc::clone(node)));
            if !shown.iter().any(|known| known.is_as(&one)) {
                shown.push(one);
            }
        }
    }
}

impl TakenBack<'_> {
    /// What shows at the end, and what came about since all held.
    pub fn shows(&self) -> Vec<Shown> {
        let mut shown = Vec::new();
        self.data(&mut shown);
        writers(self.base, &self.back.processes.splits()[self.splits..], &mut shown);
        self.places(&mut shown);
        if !self.back.restless {
            waiting(self.back, self.bad_rollout, &mut shown);
        }
        shown
    }

    /// Acknowledged writes that nothing holds any more, and volumes that went with what was on them.
    fn data(&self, shown: &mut Vec<Shown>) {
        let (before, after) = (&self.base.world.sim, &self.back.world.sim);
        for (set, _) in &self.base.watches {
            let group = set.namespaced_name();
            let lost = after.disks().gone(&group);
            let loss = (lost > before.disks().gone(&group)).then(|| {
                let mut one = Shown::new(Harm::DataLost, set, set.clone());
                one.fields.number("count", i64::try_from(lost).unwrap_or(i64::MAX));
                one
            });
            if hold_together(before, &group) {
                // What its members hold together counts, and not one volume.
                shown.extend(loss);
                continue;
            }
            let Some(found) = before.tables().stateful_set(&set.namespace, &set.name) else { continue };
            let own = |claim: &Claim| {
                let named = || found.spec.template.claims.iter().any(|volume| volume.claim == claim.meta.name);
                claim.meta.namespace == set.namespace && (found.of_claim(&claim.meta.name).is_some() || named())
            };
            let gone = before.tables().claims().filter(|claim| own(claim));
            // Of a volume that is lost while its claim stays, the loss is what happened, and not what came of it.
            let mut gone = gone.filter(|claim| claim.bound() && went(after, claim));
            let mut deleted = gone.next().map(|claim| Shown::new(Harm::VolumeDeleted, set, claim.key()));
            if let Some(one) = deleted.as_mut().filter(|_| *self.deeds == [Deed::SetDeleted]) {
                one.by = Some(Remover::SetDeleted);
                one.fields.text("by", Remover::SetDeleted.word());
            }
            shown.extend(deleted.or(loss));
        }
    }

    /// Data that goes with each pod, and members that have come together on one node, and stay there.
    fn places(&self, shown: &mut Vec<Shown>) {
        let (before, after) = (&self.base.world.sim, &self.back.world.sim);
        for (key, _) in &self.base.watches {
            let Some(set) = before.tables().stateful_set(&key.namespace, &key.name) else { continue };
            // Where writes are known to be lost, these are counted.
            let is_told = shown.iter().any(|one| one.kind == Harm::DataLost && one.workload == *key);
            let is_alone = *self.deeds == [Deed::PodDeleted] && !is_told;
            if let Some(Course { folder: Folder { path, on }, .. }) = course(before, after, set).filter(|_| is_alone) {
                let mut one = Shown::new(Harm::Fleeting, key, key.clone());
                one.fields.text("path", path);
                one.fields.text("on", on.word());
                shown.push(one);
            }
            let quorum = guess::quorum(before, set);
            let needed = if quorum.is_some() { majority(set.spec.replicas) } else { set.spec.replicas.max(2) };
            let crowded = |sim: &Sim| crowds(sim, key).into_iter().find(|(_, count)| *count >= needed);
            let crowd = crowded(after).filter(|_| crowded(before).is_none() && !self.back.restless && is_well(after, key));
            if let Some((node, count)) = crowd {
                let mut one = Shown::new(Harm::Together, key, key.clone()).guessed(quorum);
                one.fields.text("node", node);
                one.fields.number("count", count);
                one.fields.number("of", set.spec.replicas);
                shown.push(one);
            }
        }
    }
}

/// Processes of two pods under one name.
fn writers(base: &State, splits: &[Split], shown: &mut Vec<Shown>) {
    let sim = &base.world.sim;
    for split in splits {
        let set = base.watches.iter().map(|(set, _)| set).find(|set| is_of(sim, set, &split.identity));
        let Some(set) = set.filter(|_| is_inherited(sim, &split.identity)) else { continue };
        let by = if let Actor::Controller(controller) = split.by { Remover::Component(controller.component()) } else { Remover::User };
        let mut one = Shown { by: Some(by), ..Shown::new(Harm::TwoWriters, set, split.identity.clone()) };
        one.fields.text("by", by.word());
        one.fields.text("span", split.until.map_or(String::new(), |until| rounded(until.since(split.at)).golang()));
        shown.push(one);
    }
}

/// The sets that are not what they should be in a world at rest, and why. Who waits for a pod of an old template is in a trap after a bad
/// rollout only; otherwise the pod waits for something that is told where it began.
fn waiting(state: &State, bad_rollout: bool, shown: &mut Vec<Shown>) {
    let sim = &state.world.sim;
    for (set, _) in &state.watches {
        if sim.tables().stateful_set(&set.namespace, &set.name).is_none() || is_well(sim, set) {
            continue;
        }
        let Some((cause, told)) = waits(sim, set) else { continue };
        let waited_for = sim.tables().get(&cause.object).and_then(Object::as_pod);
        if cause.cause == Cause::CrashLoop && waited_for.is_some_and(|pod| hangs_on_stand_in(sim, pod)) {
            continue;
        }
        let found = sim.tables().stateful_set(&set.namespace, &set.name);
        // What is never Ready fails as little as what takes its time: here, all have had theirs.
        let in_vain = found.zip(waited_for).is_some_and(|(set, pod)| waits_in_vain(set, pod));
        let kind = match cause.family() {
            Family::RollbackTrap if !bad_rollout => continue,
            Family::RollbackTrap => Harm::RollbackTrap,
            _ if in_vain && bad_rollout => Harm::RollbackTrap,
            Family::OnDelete => Harm::OnDelete,
            Family::VolumeElsewhere => Harm::VolumePinned,
            Family::NodeSilent => Harm::Terminating,
            _ if is_unjoined(sim, &cause.object) => Harm::ReadinessDeadlock,
            _ => Harm::Stuck,
        };
        let mut one = Shown::new(kind, set, cause.object.clone());
        let is_unready = in_vain && kind == Harm::RollbackTrap && cause.family() != Family::RollbackTrap;
        one.detail = Some(Detail::Waits(if is_unready { Cause::RollbackTrapNeverReady } else { cause.cause }));
        one.fields.text("detail", one.detail_word());
        one.fields.extend(&told.fields);
        one.cause = Some(told);
        if !shown.iter().any(|known| known.is_as(&one)) {
            shown.push(one);
        }
    }
}

/// Whether what a pod's containers do hangs on values that nobody brings: what stands in for these decides nothing.
fn hangs_on_stand_in(sim: &Sim, pod: &Pod) -> bool {
    let stands_in = |text: &str| {
        let decoded = base64::decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        is_stand_in(text) || decoded.is_some_and(|text| is_stand_in(&text))
    };
    needs(&pod.spec.template.raw).into_iter().any(|need| {
        let found = sim.tables().get(&ObjectKey::new(need.kind, &pod.meta.namespace, &need.name.as_str().into())).map(Object::encode);
        let data = found.as_ref().and_then(|object| object.get("data"));
        let mut values = data.into_iter().flat_map(Value::members).filter_map(|(_, value)| value.as_text());
        found.is_some() && values.all(stands_in)
    })
}

/// Whether a pod's process is a member of a quorum that has found no other.
fn is_unjoined(sim: &Sim, pod: &ObjectKey) -> bool {
    let found = sim.tables().pod(&pod.namespace, &pod.name).filter(|_| pod.kind == Kind::Pod);
    found.and_then(|pod| sim.disks().replicated().member_of(pod.meta.uid)).is_some_and(|member| !member.has_joined())
}

/// Whether a pod is one that a set names.
fn is_of(sim: &Sim, set: &ObjectKey, pod: &ObjectKey) -> bool {
    let found: Option<&Rc<StatefulSet>> = sim.tables().stateful_set(&set.namespace, &set.name);
    set.namespace == pod.namespace && found.is_some_and(|set| set.ordinal_of(&pod.name).is_some())
}

/// A span as people tell it: short ones in tenths of a second that have begun.
fn rounded(span: Span) -> Span {
    if span < INSTANT { Span(span.0 / 100 * 100 + 100) } else { whole(span) }
}

/// Stretches as people tell them: an instant between two of them, in which a crash loop was Ready, ends none.
fn joined(stretches: &[Stretch]) -> Vec<Stretch> {
    let mut joined: Vec<Stretch> = Vec::new();
    for next in stretches {
        match joined.last_mut() {
            Some(Stretch { to, .. }) if to.is_some_and(|end| next.from.since(end) <= INSTANT) => *to = next.to,
            _ => joined.push(*next),
        }
    }
    joined
}

/// Whole seconds.
fn whole(span: Span) -> Span {
    Span(span.0 / 1000 * 1000)
}
