//! The Why pane: a verdict, its evidence, and what would end the wait. Decisions are data; here they become sentences.

mod bound;
mod deleted;
mod facts;
mod leaving;
mod name;
pub(crate) mod pane;
mod print;
mod question;
mod refused;
mod source;

use facts::{blocker_facts, chain, evidence_of};
pub use pane::Why;
use pane::{assemble, verdict_mark};
pub(super) use question::object_named;
pub use question::{Question, answer, told};
pub use refused::{refused, refused_set};

use super::links::comes_from;
use super::workload::{self, Workload};
use super::{Glyph, Hue, Identity, Lang, Mark, Prose, Snapshot, application, rollout};
use api::kind::Kind;
use api::object::{NamespacedName, ObjectKey, Pod, StatefulSet, parent_and_ordinal};
use base::time::Time;
use causes::apart::Wide;
use causes::behind::{Behind, Said};
use causes::claims::own_claims;
use causes::crash::Crash;
use causes::ground::{Ground, controller, first_waiting, is_unseen, refused_pods, standing, tell, tell_in, waiting, why_absent, why_so};
use causes::pod::pod_word;
use causes::rollout::{is_trapped, keeps};
use causes::room::Short;
use causes::root::{ENDS_BY_ITSELF, root};
use causes::short_name::ShortName;
use causes::{peers, remedy};
use cluster::inside::{Wanted, Wish};
use text::why::{Because, Case, Explanation, Standing, Unwanted};
use why::page::FORCE_DELETE;
use why::{Decision, Reason, Verdict};

/// One line of the list of all decisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// When it was decided.
    pub at: Time,
    /// How it is marked.
    pub mark: Mark,
    pub verdict: Prose,
    /// The pod that can be asked about.
    pub about: Option<Identity>,
}

/// How many decisions the list shows.
const LISTED: usize = 60;

/// What stands there while an answer would say too much: a lesson asks what will happen.
pub fn hidden(lang: Lang) -> Why {
    let words = &lang.text().lessons;
    Why { verdict: Prose::read(words.hidden()), paragraph: Prose::read(words.hidden_why()), ..Why::default() }
}

/// The cause that a lesson tells, and the field that decides.
pub fn of_lesson(cause: &str, field: &str) -> Why {
    let (verdict, rest) = cause.split_once(". ").map_or((cause.to_owned(), ""), |(first, rest)| (format!("{first}."), rest));
    Why { verdict: Prose::read(&verdict), paragraph: Prose::read(rest), decided_by: field.to_owned(), brief: true, ..Why::default() }
}

/// Why the identity asked about is as it is; without one, the latest decision about the set shown, or else about the workload
/// beside it.
pub fn project(shot: &Snapshot, shown: Option<&NamespacedName>, side: Option<&Workload>, selected: Option<&Identity>) -> Why {
    let why = full(shot, shown, side, selected);
    if selected.is_some() { why } else { at_a_glance(shot, why) }
}

/// As much of a verdict as one needs who did not ask: what changes all the time by itself takes no room.
fn at_a_glance(shot: &Snapshot, mut why: Why) -> Why {
    for fact in &mut why.evidence {
        fact.seen = String::new();
    }
    (why.asks, why.comes_from, why.brief) = (Vec::new(), Vec::new(), true);
    why.ways.retain(|way| way.since.is_none_or(|since| shot.now.since(since) >= ENDS_BY_ITSELF));
    why
}

/// The same with everything there is to say. Where nobody asked and no controller waits, the pod that stands out is told of, or that the
/// application refuses writes.
fn full(shot: &Snapshot, shown: Option<&NamespacedName>, side: Option<&Workload>, selected: Option<&Identity>) -> Why {
    let set = shown.and_then(|shown| shot.set(&shown.namespace, &shown.name));
    let decision = set.and_then(|set| controller(shot, set)).map(|entry| &entry.decision);
    let done = decision.is_some_and(|decision| decision.because == Reason::UpToDate);
    let waits = decision.is_some_and(|decision| decision.verdict == Verdict::Waits);
    let standing = if selected.is_none() { stands_out(shot, set, done) } else { None };
    let told = standing.map(|pod| remedy::identity(&pod.key())).filter(|_| !waits);
    let refused = set.filter(|_| done && selected.is_none() && told.is_none()).and_then(|set| refused_growth(shot, set));
    if let Some(claim) = refused {
        return question::of_object(shot, &claim);
    }
    let idle = set.filter(|set| done && selected.is_none() && told.is_none() && !is_unseen(shot, set));
    if let Some(why) = idle.and_then(|set| leaving::told(shot, set)) {
        return why;
    }
    if let Some(told) = idle.and_then(|set| application::refusal(shot, &set.meta.namespaced_name())) {
        return assemble(shown.map_or("", |shown| &shown.name), &told, Mark(Glyph::Pending, Hue::Wait), Vec::new());
    }
    let mut why = about(shot, set, side, selected.or(told.as_ref()));
    match selected {
        Some(gone) if why.verdict.is_empty() => return deleted::absent(shot, &key_of(gone)),
        None if why.verdict.is_empty() && set.is_none() => return deleted::last(shot).unwrap_or(why),
        _ => {}
    }
    if let Some(pod) = standing.filter(|_| waits) {
        why.evidence.push(facts::pod_fact(shot, "", pod, None));
    }
    // Of a set that is well, the others are told that are not.
    let has_others = || shot.tables.stateful_sets().nth(1).is_some() || shot.tables.pods().any(|pod| !pod.ready());
    let well = set.filter(|_| done && selected.is_none() && told.is_none() && has_others());
    if let Some(set) = well {
        let (titles, facts): (Vec<String>, Vec<_>) = facts::of_others(shot, set).into_iter().unzip();
        if let Some(first) = titles.first() {
            why.verdict = Prose::read(&shot.text().ask.waits_beside(&set.meta.name, first, titles.len() - 1));
            why.mark = Some(Mark(Glyph::Absent, Hue::Wait));
        }
        why.evidence.extend(facts);
    }
    why
}

/// A pod of a set, or one that has no ordinal, that is or was to leave its node and may not; or one that is not Ready although its set is
/// `done`.
fn stands_out<'a>(shot: &Snapshot<'a>, set: Option<&StatefulSet>, done: bool) -> Option<&'a Pod> {
    let unready = done && set.is_some_and(|set| set.status.ready < set.spec.replicas);
    let closed = shot.tables.nodes().any(|node| node.unschedulable);
    let mut pods = shot.tables.pods().filter(|_| unready || closed);
    let pod = pods.find(|pod| {
        let own = set.is_some_and(|set| pod.meta.is_controlled_by(set.meta.uid));
        let held = || closed && (shot.held_by_budget(pod).is_some() || shot.no_longer_evicted(pod).is_some());
        own && unready && !pod.ready() || held() && (own || workload::is_stranger(shot, &remedy::identity(&pod.key())))
    });
    pod.map(|pod| &**pod)
}

/// What is to be said about an identity, or else about the set or the workload.
fn about(shot: &Snapshot, set: Option<&StatefulSet>, side: Option<&Workload>, selected: Option<&Identity>) -> Why {
    let stranger = selected.filter(|identity| workload::is_stranger(shot, identity));
    let (mut why, about) = match (stranger, set) {
        (Some(identity), _) => {
            let why = shot.tables.pod(&identity.namespace, &identity.pod).map(|pod| about_existing(shot, None, pod));
            (why.unwrap_or_default(), Some(identity.clone()))
        }
        (None, Some(set)) => about_identity(shot, set, selected),
        (None, None) => (side.map_or_else(Why::default, |side| about_side(shot, side)), None),
    };
    if let Some(identity) = about {
        let pod = shot.tables.pod(&identity.namespace, &identity.pod).map(|pod| &**pod);
        let key = key_of(&identity);
        (why.ways, why.hazard) = super::ways::of_pod(shot, &identity, pod);
        if why.ways.is_empty() {
            why.ways = remedy::ways(shot, &key);
        }
        if let (true, Some((set, pod))) = (why.ways.is_empty(), set.zip(pod)) {
            let decided = controller(shot, set).map(|entry| &entry.decision.because);
            why.ways = keeps(set, pod, decided).map_or(Vec::new(), |by| remedy::ways_of_kept(shot, set, pod, &by));
        }
        if let Some((fact, way)) = selected.and(pod).and_then(|pod| causes::trust::of_pod(shot, pod)) {
            why.evidence.push(fact);
            why.ways.push(way);
        }
        why.asks = question::asks(shot, &key);
        why.comes_from = comes_from(shot, &key);
        if let Some(verdict) = why.hazard.as_ref().and_then(|hazard| hazard.verdict.clone()) {
            (why.verdict, why.mark) = (verdict, Some(Mark(Glyph::Hazard, Hue::Danger)));
            // What is usually said of a Ready pod is beside the point now.
            (why.paragraph, why.evidence, why.line) = (Prose::default(), Vec::new(), None);
            "kubectl delete --force".clone_into(&mut why.decided_by);
            why.docs = Some(FORCE_DELETE);
        }
    }
    why
}

/// What is to be said about one of a set's identities, or about the set; and whose ways out belong to it. Where nobody asked, the pod that
/// everything else hangs on comes first.
fn about_identity(shot: &Snapshot, set: &StatefulSet, selected: Option<&Identity>) -> (Why, Option<Identity>) {
    let named = selected.map(|identity| identity.pod.clone()).or_else(|| unheard_of(shot, set));
    let root = if named.is_none() { root(shot, set) } else { None };
    let refused = if named.is_none() && root.is_none() { refused_pods(shot, set).next() } else { None };
    let question = named.or_else(|| root.map(|pod| pod.meta.name.to_string())).or_else(|| refused.clone());
    let question = question.or_else(|| first_waiting(shot, set));
    let mut why = match &question {
        Some(pod) => about_pod(shot, set, pod),
        None => about_set(shot, set),
    };
    let after = |pod: String| who_comes_after(shot, set, &pod);
    if let Some(others) = root.and_then(|pod| who_waits(shot, set, pod)).or_else(|| refused.and_then(after)) {
        why.paragraph.0.extend(Prose::read(&format!(" {others}")).0);
    }
    // With nothing selected, a risk to any of the set's identities is told.
    let about = question.or_else(|| super::cluster::outlived::endangered(shot, set));
    (why, about.map(|pod| Identity { namespace: set.meta.namespace.to_string(), pod }))
}

/// Who of a set waits for one of its pods, as a sentence.
fn who_waits(shot: &Snapshot, set: &StatefulSet, pod: &Pod) -> Option<String> {
    let mut others = waiting(shot, set).filter(|name| **name != *pod.meta.name);
    if let Some(first) = others.next().filter(|_| !set.parallel()) {
        return Some(shot.text().ask.waits_too(&first, others.count(), &pod.meta.name));
    }
    let because = &controller(shot, set)?.decision.because;
    let told = tell_in(shot, set, &set.meta.name, Standing::Exists, Because::Decided(because));
    let says_rule = matches!(because, Reason::WaitsForPodToBeReady { .. }) && !is_trapped(shot, set, pod);
    Some(if says_rule { told.paragraph } else { told.verdict })
}

/// Who of a set comes after a pod that was refused, as a sentence.
fn who_comes_after(shot: &Snapshot, set: &StatefulSet, pod: &str) -> Option<String> {
    let mut others = refused_pods(shot, set).skip(1).filter(|_| !set.parallel());
    let next = others.next()?;
    Some(shot.text().ask.waits_too(&next, others.count(), pod))
}

/// A claim of a set that was asked to grow, and may not.
fn refused_growth(shot: &Snapshot, set: &StatefulSet) -> Option<ObjectKey> {
    own_claims(shot.tables, set).map(|claim| claim.key()).find(|claim| {
        let decided = shot.explain(claim).links.into_iter().next().and_then(|link| link.entry);
        decided.is_some_and(|entry| matches!(entry.decision.because, Reason::MayNotGrow { .. }))
    })
}

/// The pod of a set whose node is silent, where the set's controller waits for no other: whatever rule the controller gives, the wait is
/// for that node. One that is to go comes before the others.
fn unheard_of(shot: &Snapshot, set: &StatefulSet) -> Option<String> {
    let blocker = controller(shot, set).and_then(|entry| entry.decision.blocked_by.as_ref());
    let held = |pod: &&std::rc::Rc<Pod>| {
        let own = pod.meta.is_controlled_by(set.meta.uid) && !pod.ready() && blocker.is_none_or(|key| *key == pod.key());
        own && super::ways::unreachable_node(shot, pod).is_some()
    };
    shot.tables.pods().filter(held).min_by_key(|pod| !pod.meta.terminating()).map(|pod| pod.meta.name.to_string())
}

fn about_side(shot: &Snapshot, side: &Workload) -> Why {
    let Some(entry) = workload::decision(shot, side) else {
        // Pods that nobody owns: the first of them.
        let pod = shot.tables.pods().find(|pod| pod.meta.controller().is_none());
        return pod.map_or_else(Why::default, |pod| about_existing(shot, None, pod));
    };
    let told = tell(shot, "", &side.name, Because::Decided(&entry.decision.because));
    let why = assemble(&side.title(), &told, verdict_mark(entry.decision.verdict), Vec::new());
    source::with_line(shot, why, &entry.decision.about, &entry.decision.because)
}

/// The key of an identity's pod.
fn key_of(identity: &Identity) -> ObjectKey {
    ObjectKey::new(Kind::Pod, &identity.namespace.as_str().into(), &identity.pod.as_str().into())
}

/// The recent decisions, newest first. An attempt that failed is left out once a later one about the same object went through, as where two
/// write at once.
pub fn decisions(shot: &Snapshot) -> Vec<Decided> {
    let one = |(at, decision): &(Time, std::rc::Rc<Decision>)| {
        let about = &decision.about;
        let set = match about.kind {
            Kind::StatefulSet => Some(&*about.name),
            // The set of a pod may be gone.
            Kind::Pod => parent_and_ordinal(&about.name).map(|(set, _)| set),
            _ => shot.set_of(about).map(|set| &*set.meta.name),
        };
        let set = set.unwrap_or_default();
        let case = Case { subject: &about.name, standing: Standing::Exists, set, because: Because::Decided(&decision.because) };
        let pod = match (about.kind, &decision.blocked_by) {
            (Kind::Pod, _) => Some(&about.name),
            (Kind::StatefulSet, Some(blocker)) if blocker.kind == Kind::Pod => Some(&blocker.name),
            _ => None,
        };
        Decided {
            at: *at,
            mark: listed_mark(decision),
            verdict: Prose::read(&shot.text().why.tell(&case).verdict),
            about: pod.map(|pod| Identity { namespace: about.namespace.to_string(), pod: pod.to_string() }),
        }
    };
    let stands = |(_, decision): &&(Time, std::rc::Rc<Decision>)| {
        let is_last = || shot.decisions.by(&decision.about, decision.who).is_none_or(|entry| entry.decision.because == decision.because);
        !matches!(decision.because, Reason::SyncFailed { .. }) || is_last()
    };
    shot.decisions.recent().rev().filter(stands).take(LISTED).map(one).collect()
}

fn about_set(shot: &Snapshot, set: &StatefulSet) -> Why {
    let Some(entry) = controller(shot, set) else { return Why::default() };
    let told = tell_in(shot, set, &set.meta.name, Standing::Exists, Because::Decided(&entry.decision.because));
    let evidence = entry
        .decision
        .blocked_by
        .iter()
        .filter_map(|key| shot.tables.pod(&key.namespace, &key.name))
        .flat_map(|pod| blocker_facts(shot, set, pod, entry));
    let held = matches!(entry.decision.because, Reason::BelowPartition { .. } | Reason::OnDeleteWaitsForYou { .. });
    let evidence = if held { rollout::facts_of_pods(shot, set) } else { evidence.collect() };
    if entry.decision.because == Reason::UpToDate && is_unseen(shot, set) {
        return assemble(&set.meta.name, &told, Mark(Glyph::Absent, Hue::Wait), Vec::new());
    }
    let why = assemble(&set.meta.name, &told, verdict_mark(entry.decision.verdict), evidence);
    let mut why = source::with_line(shot, why, &entry.decision.about, &entry.decision.because);
    let blocker = entry.decision.blocked_by.as_ref().and_then(|key| Some((key, &**shot.tables.pod(&key.namespace, &key.name)?)));
    why.ways = blocker.map_or(Vec::new(), |(key, pod)| super::ways::of_pod(shot, &remedy::identity(key), Some(pod)).0);
    if why.ways.is_empty() {
        why.ways = remedy::ways(shot, &entry.decision.about);
    }
    why.comes_from = comes_from(shot, &entry.decision.about);
    why
}

/// A pod that is there; `set` is the set it belongs to, where it does.
fn about_existing(shot: &Snapshot, set: Option<&StatefulSet>, pod: &Pod) -> Why {
    let (name, ground) = (&*pod.meta.name, why_so(shot, pod));
    let decided = set.and_then(|set| controller(shot, set)).map(|entry| &entry.decision.because);
    let stays = matches!(ground.as_ref().and_then(Ground::reason), Some(Reason::EvictionRefused { .. }));
    let trapped = set.is_some_and(|set| is_trapped(shot, set, pod));
    let let_be = matches!(ground, Some(Ground::NoLongerEvicted(..)));
    let kept = set.filter(|_| !stays && !let_be && !trapped).and_then(|set| keeps(set, pod, decided));
    let revision = set.map_or(String::new(), |set| rollout::of_pod(shot, set, pod).label());
    let because = match (&kept, &ground) {
        (Some(by), _) => Because::Keeps { revision: &revision, by },
        (None, Some(ground)) if trapped => ground.reason().map_or(Because::NotLookedAt, |by| Because::Trapped { by }),
        (None, ground) => ground.as_ref().map_or(Because::NotLookedAt, Ground::because),
    };
    let told = match set {
        Some(set) => tell_in(shot, set, name, Standing::Exists, because),
        None => tell(shot, "", name, because),
    };
    let mut told = believed(shot, pod, refused_volume(shot, ground.as_ref(), told));
    // Of a pod that stays on an old revision, that is the cause.
    let is_own = |because: &&Reason| kept.is_none() && !trapped || matches!(because, Reason::ProbeFails { .. });
    let reason = ground.as_ref().and_then(Ground::reason).filter(is_own);
    let key = pod.key();
    let decided = kept.as_ref().or(ground.as_ref().and_then(Ground::reason));
    let decided = decided.map(|reason| (reason, Behind::of(shot, &key, reason)));
    let behind = decided.as_ref().map_or(&Behind::Nothing, |(_, behind)| behind);
    if let Some(cause) = reason.and_then(|because| cause_within(shot, pod, because, behind)) {
        told.paragraph = format!("{cause} {}", told.paragraph);
    }
    if let Behind::Says(Said { container, short: Some(short), .. }) = behind {
        told.ends_when = shot.text().ask.short_name_ends(container, &short.full);
    }
    let evidence = match set.filter(|_| kept.is_some()) {
        Some(set) => rollout::facts_of_pods(shot, set),
        None => evidence_of(shot, pod, ground.as_ref()),
    };
    let mark = match (stays, let_be) {
        (true, _) => Mark(Glyph::Absent, Hue::Wait),
        (_, true) => Mark(Glyph::NodeClosed, Hue::Wait),
        _ => pod_word(pod, false).state.mark(),
    };
    let why = assemble(name, &told, mark, evidence);
    match decided {
        Some((reason, behind)) => source::with_line_of(shot, why, &key, reason, &behind),
        None => why,
    }
}

/// What is behind a pod's state that its decision does not say: what its program said, how far pods are spread, which names DNS lacks.
fn cause_within(shot: &Snapshot, pod: &Pod, because: &Reason, behind: &Behind) -> Option<String> {
    match behind {
        Behind::Crash(crash) => said_last(shot, crash),
        Behind::Spread(wide) => Some(spread_over(shot, wide)),
        Behind::Says(said) => Some(said_so_far(shot, said)),
        Behind::Short(_) | Behind::Nothing => peers::of(shot, pod, because).map(|peers| peers.told(shot)),
    }
}

/// What an init container said last, and why that does not end.
fn said_so_far(shot: &Snapshot, Said { container, line, short }: &Said) -> String {
    let ask = &shot.text().ask;
    let never = short.as_ref().map(|ShortName { name, full, .. }| format!(" {}", ask.short_name(name, full)));
    ask.says(container, line) + &never.unwrap_or_default()
}

/// How far pods are to be spread, and how far they can be.
fn spread_over(shot: &Snapshot, wide: &Wide) -> String {
    shot.text().ask.too_few_domains(wide.least, wide.domains, &wide.key, wide.skew)
}

/// What a container said that does not stay up, and the variable for which it does not.
#[inline(never)]
fn said_last(shot: &Snapshot, crash: &Crash) -> Option<String> {
    let ask = &shot.text().ask;
    let said = crash.said.as_ref().map(|said| ask.says(&crash.container, said));
    let wanted = crash.wanted.map(|Wanted { variable, wish }| match wish {
        Wish::Given => ask.wants_variable(variable),
        Wish::Gone => ask.wants_no_variable(variable),
        Wish::Filled => ask.wants_filled(variable),
    });
    let all: Vec<String> = said.into_iter().chain(wanted).collect();
    (!all.is_empty()).then(|| all.join(" "))
}

/// The same as what the API server believes, where the pod's machine is off or cut off and it cannot know that yet.
fn believed(shot: &Snapshot, pod: &Pod, told: Explanation) -> Explanation {
    let text = &shot.text().node;
    let Some(node) = pod.node.as_deref().filter(|node| shot.is_out(node) && super::ways::unreachable_node(shot, pod).is_none()) else {
        return told;
    };
    let off = shot.machines.get(node).is_some_and(|machine| !machine.powered());
    let ends_when = if told.ends_when.is_empty() { "" } else { text.ends_when() };
    Explanation {
        verdict: text.believed(&told.verdict),
        paragraph: format!("{} {}", text.says_silent(node), if off { text.is_off() } else { text.is_cut() }),
        ends_when: ends_when.to_owned(),
        ..told
    }
}

/// The same, told to the end where a pod waits for a volume that its claim was refused, or has no node for want of one.
fn refused_volume(shot: &Snapshot, ground: Option<&Ground>, told: Explanation) -> Explanation {
    if let Some(Reason::Unschedulable { .. }) = ground.and_then(Ground::reason) {
        let Some(Ground::Entry(waits)) = ground else { return told };
        let Some(claim) = &waits.decision.blocked_by else { return told };
        let last = shot.explain(claim).links.into_iter().rev().find_map(|link| Some((link.entry?.decision, link.about)));
        let last = last.filter(|(decision, _)| decision.because != Reason::WaitsForFirstConsumer);
        let ends_when = last.map(|(decision, about)| tell(shot, "", &about.name, Because::Decided(&decision.because)).ends_when);
        let ends_when = ends_when.filter(|ends_when| !ends_when.is_empty());
        return Explanation { ends_when: ends_when.unwrap_or(told.ends_when), ..told };
    }
    let Some(Ground::Entry(waits)) = ground.filter(|ground| matches!(ground.reason(), Some(Reason::WaitsForVolumes { .. }))) else {
        return told;
    };
    let claim = waits.decision.blocked_by.as_ref();
    let Some((claim, refusal)) = claim.and_then(|claim| Some((claim, facts::refusal(shot, claim)?))) else { return told };
    let why = tell(shot, "", &claim.name, Because::Decided(&refusal.decision.because));
    Explanation { paragraph: format!("{} {} {}", told.paragraph, why.verdict, why.paragraph), ends_when: why.ends_when, ..told }
}

/// What a quota has no room for, and how much is used.
#[inline(never)]
fn no_room(shot: &Snapshot, short: &Short) -> String {
    let [limit, used, more] = [short.limit, short.used, short.more].map(|amount| amount.to_string());
    shot.text().ask.no_room(&short.pod, &short.quota.name, &short.resource, &limit, &used, &more)
}

fn about_pod(shot: &Snapshot, set: &StatefulSet, name: &str) -> Why {
    if let Some(pod) = shot.tables.pod(&set.meta.namespace, name) {
        return about_existing(shot, Some(set), pod);
    }
    let Some(ground) = why_absent(shot, set, name) else { return Why::default() };
    let mut told = tell_in(shot, set, name, standing(shot, set, name), ground.because());
    let key = set.key();
    let decided = ground.reason().map(|reason| (reason, Behind::of(shot, &key, reason)));
    if let Some((_, Behind::Short(short))) = &decided {
        told.paragraph = format!("{} {}", no_room(shot, short), told.paragraph);
    }
    let mut evidence = Vec::new();
    if let Ground::Entry(entry) = &ground {
        evidence = chain(shot, set, name, entry);
    }
    let why = assemble(name, &told, Mark(Glyph::Absent, Hue::Wait), evidence);
    match (decided, &ground) {
        (Some((reason, behind)), _) => source::with_line_of(shot, why, &key, reason, &behind),
        (None, Ground::NotWanted(Unwanted::Below(_))) => source::not_wanted(shot, why, &key, "spec.ordinals.start"),
        (None, _) => source::not_wanted(shot, why, &key, "spec.replicas"),
    }
}

/// The mark of a decision among others: a controller's attempt that failed is made again, as often happens where two write at once.
fn listed_mark(decision: &Decision) -> Mark {
    match decision.because {
        Reason::SyncFailed { .. } => Mark(Glyph::Bad, Hue::Wait),
        _ => verdict_mark(decision.verdict),
    }
}
