//! The Why pane: a verdict, its evidence, and what would end the wait. Decisions are data; here they become sentences.

use super::pod::{PodState, pod_word};
use super::rollout;
use super::side::{self, Workload};
use super::{Glyph, Hue, Identity, Mark, Prose, Snapshot, ordinal_of, short_time};
use crate::api::kind::Kind;
use crate::api::object::pod::{ContainerState, ContainerStatus, READY, Truth};
use crate::api::object::{Claim, Name, ObjectKey, Pod, StatefulSet};
use crate::base::time::Time;
use crate::text::why::{Because, Case, Told};
use crate::why::log::Entry;
use crate::why::{Component, Reason, Verdict};

/// The latest decision about one thing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why {
    /// What it is about: `web-2`; empty where nothing has been decided.
    pub subject: String,
    /// One sentence, subject first, full stop.
    pub verdict: Prose,
    /// How it is marked.
    pub mark: Option<Mark>,
    /// One short paragraph; may be empty.
    pub paragraph: Prose,
    /// Up to four facts.
    pub evidence: Vec<Evidence>,
    /// The field that decides, or who does; may be empty.
    pub decided_by: String,
    /// The line of the manifest that holds that field.
    pub line: Option<usize>,
    /// What would end the wait; may be empty.
    pub ends_when: Prose,
    /// A page of the documentation: its title and address.
    pub docs: Option<(&'static str, String)>,
    /// What a person can do about it.
    pub ways: Vec<Way>,
    /// What is at risk.
    pub hazard: Option<Hazard>,
}

/// Something a person can do: a button that types its line, and what comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The button.
    pub entry: super::command::Entry,
    /// What comes of it.
    pub note: Prose,
    /// Whether it may do harm.
    pub danger: bool,
}

/// A risk to what a StatefulSet promises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hazard {
    /// A few words.
    pub title: String,
    /// One short paragraph.
    pub words: Prose,
    /// The verdict that it puts in the place of any other, where the harm is done.
    pub verdict: Option<Prose>,
    /// When it is none, and when it is one.
    pub facts: Vec<Evidence>,
}

/// A fact that a decision rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Its mark.
    pub mark: Mark,
    /// The fact.
    pub fact: Prose,
    /// A time or a count; may be empty.
    pub detail: String,
}

/// One line of the list of all decisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// When it was decided.
    pub at: Time,
    /// How it is marked.
    pub mark: Mark,
    /// The verdict.
    pub verdict: Prose,
    /// The pod that can be asked about.
    pub about: Option<Identity>,
}

/// How many decisions the list shows.
const LISTED: usize = 60;
/// The documentation, in English.
const DOCS: &str = "https://kubernetes.io/docs/";

/// Why the identity asked about is as it is; without one, the latest decision about the set shown, or else about the workload
/// beside it.
pub fn project(
    shot: &Snapshot,
    shown: Option<(&str, &str)>,
    side: Option<&Workload>,
    selected: Option<&Identity>,
    line_of: &dyn Fn(&str) -> Option<usize>,
) -> Why {
    let stranger = selected.filter(|identity| side::is_stranger(shot, identity));
    let set = shown.and_then(|(namespace, name)| shot.set(namespace, name));
    let (mut why, about) = match (stranger, set) {
        (Some(identity), _) => {
            let why = shot.tables.pod(&identity.namespace, &identity.pod).map(|pod| about_existing(shot, None, pod));
            (why.unwrap_or_default(), Some(identity.clone()))
        }
        (None, Some(set)) => about_identity(shot, set, selected),
        (None, None) => (side.map_or_else(Why::default, |side| about_side(shot, side)), None),
    };
    why.line = line_of(&why.decided_by);
    if let Some(identity) = about {
        let pod = shot.tables.pod(&identity.namespace, &identity.pod);
        (why.ways, why.hazard) = super::ways::of_pod(shot, &identity, pod.map(|pod| &**pod));
        if let Some(verdict) = why.hazard.as_ref().and_then(|hazard| hazard.verdict.clone()) {
            (why.verdict, why.mark) = (verdict, Some(Mark(Glyph::Hazard, Hue::Danger)));
            // What is usually said of a Ready pod is beside the point now.
            (why.paragraph, why.evidence, why.line) = (Prose::default(), Vec::new(), None);
            why.decided_by = "kubectl delete --force".to_owned();
            why.docs = Some((FORCE_DELETE.0, format!("{DOCS}{}", FORCE_DELETE.1)));
        }
    }
    why
}

/// What is to be said about one of a set's identities, or about the set; and whose ways out belong to it.
fn about_identity(shot: &Snapshot, set: &StatefulSet, selected: Option<&Identity>) -> (Why, Option<Identity>) {
    let question = selected.map(|identity| identity.pod.clone()).or_else(|| first_waiting(shot, set));
    let why = match &question {
        Some(pod) => about_pod(shot, set, pod),
        None => about_set(shot, set),
    };
    // With nothing selected, a risk to any of the set's identities is told.
    let about = question.or_else(|| super::cluster::endangered(shot, set));
    (why, about.map(|pod| Identity { namespace: set.meta.namespace.to_string(), pod }))
}

fn about_side(shot: &Snapshot, side: &Workload) -> Why {
    let Some(entry) = side::decision(shot, side) else { return Why::default() };
    let told = tell(shot, "", &side.name, false, Because::Decided(&entry.decision.because));
    assemble(&side.title(), &told, verdict_mark(entry.decision.verdict), Vec::new(), Some(&entry.decision.because))
}

/// Why a pod of a set does not exist, in a few words.
pub(super) fn absence(shot: &Snapshot, set: &StatefulSet, pod: &str) -> Prose {
    let Some(because) = why_absent(shot, set, pod) else { return Prose::default() };
    Prose::read(&tell(shot, &set.meta.name, pod, true, because.because()).brief)
}

/// The recent decisions, newest first.
pub fn decisions(shot: &Snapshot) -> Vec<Decided> {
    let one = |(at, decision): &(Time, std::rc::Rc<crate::why::Decision>)| {
        let about = &decision.about;
        let set = match about.kind {
            Kind::StatefulSet => about.name.to_string(),
            _ => about.name.rsplit_once('-').map_or(String::new(), |(set, _)| set.to_owned()),
        };
        let case = Case { subject: &about.name, absent: false, set: &set, because: Because::Decided(&decision.because) };
        let pod = match (about.kind, &decision.blocked_by) {
            (Kind::Pod, _) => Some(&about.name),
            (Kind::StatefulSet, Some(blocker)) if blocker.kind == Kind::Pod => Some(&blocker.name),
            _ => None,
        };
        Decided {
            at: *at,
            mark: verdict_mark(decision.verdict),
            verdict: Prose::read(&(shot.text().why.tell)(&case).verdict),
            about: pod.map(|pod| Identity { namespace: about.namespace.to_string(), pod: pod.to_string() }),
        }
    };
    shot.decisions.recent().rev().take(LISTED).map(one).collect()
}

/// What stands behind an absence or a state.
enum Ground<'a> {
    /// A decision of the log.
    Entry(&'a Entry),
    /// What the object itself shows.
    Shown(Reason),
    /// It is to go, and its node is silent.
    Stranded(Name, Reason),
    /// The set does not want the ordinal.
    NotWanted(i64),
}

impl Ground<'_> {
    fn because(&self) -> Because<'_> {
        match self {
            Ground::Entry(entry) => Because::Decided(&entry.decision.because),
            Ground::Shown(reason) => Because::Decided(reason),
            Ground::Stranded(node, _) => Because::Stranded { node },
            Ground::NotWanted(replicas) => Because::NotWanted { replicas: *replicas },
        }
    }

    fn reason(&self) -> Option<&Reason> {
        match self {
            Ground::Entry(entry) => Some(&entry.decision.because),
            Ground::Shown(reason) | Ground::Stranded(_, reason) => Some(reason),
            Ground::NotWanted(_) => None,
        }
    }
}

fn tell(shot: &Snapshot, set: &str, subject: &str, absent: bool, because: Because) -> Told {
    (shot.text().why.tell)(&Case { subject, absent, set, because })
}

/// The decision that the StatefulSet controller took last about a set.
fn controller<'a>(shot: &Snapshot<'a>, set: &StatefulSet) -> Option<&'a Entry> {
    let key = ObjectKey::new(Kind::StatefulSet, &set.meta.namespace, &set.meta.name);
    shot.decisions.by(&key, Component::StatefulSet)
}

/// The lowest wanted ordinal that has no pod because the controller waits for another one.
fn first_waiting(shot: &Snapshot, set: &StatefulSet) -> Option<String> {
    controller(shot, set).filter(|entry| entry.decision.verdict == Verdict::Waits)?;
    let missing = |ordinal: &i64| shot.tables.pod(&set.meta.namespace, &set.pod_name(*ordinal)).is_none();
    set.ordinals().take(super::ORDINALS_MOST).find(missing).map(|ordinal| set.pod_name(ordinal).to_string())
}

fn why_absent<'a>(shot: &Snapshot<'a>, set: &StatefulSet, pod: &str) -> Option<Ground<'a>> {
    // The object of a pod that may still run keeps its place.
    if let Some(old) = shot.tables.pod(&set.meta.namespace, pod) {
        return why_so(shot, old);
    }
    let ordinal = ordinal_of(set, pod)?;
    if !set.ordinals().contains(&ordinal) {
        return Some(Ground::NotWanted(set.spec.replicas));
    }
    controller(shot, set).map(Ground::Entry)
}

fn about_set(shot: &Snapshot, set: &StatefulSet) -> Why {
    let Some(entry) = controller(shot, set) else { return Why::default() };
    let told = tell(shot, &set.meta.name, &set.meta.name, false, Because::Decided(&entry.decision.because));
    let evidence =
        entry.decision.blocked_by.iter().filter_map(|key| shot.tables.pod(&key.namespace, &key.name)).map(|pod| pod_fact(shot, set, pod));
    let held = matches!(entry.decision.because, Reason::BelowPartition { .. } | Reason::OnDeleteWaitsForYou { .. });
    let evidence = if held { rollout::facts_of_pods(shot, set) } else { evidence.collect() };
    assemble(&set.meta.name, &told, verdict_mark(entry.decision.verdict), evidence, Some(&entry.decision.because))
}

/// A pod that is there; `set` is the set it belongs to, where it does.
fn about_existing(shot: &Snapshot, set: Option<&StatefulSet>, pod: &Pod) -> Why {
    let (name, ground) = (&*pod.meta.name, why_so(shot, pod));
    let decided = set.and_then(|set| controller(shot, set)).map(|entry| &entry.decision.because);
    let kept = set.and_then(|set| rollout::keeps(set, pod, decided));
    let revision = set.map_or(String::new(), |set| rollout::of_pod(shot, set, pod).label());
    let trapped = set.is_some_and(|set| rollout::is_trapped(set, pod));
    let because = match (&kept, &ground) {
        (Some(by), _) => Because::Keeps { revision: &revision, by },
        (None, Some(Ground::Shown(by))) if trapped => Because::Trapped { by },
        (None, ground) => ground.as_ref().map_or(Because::NotLookedAt, Ground::because),
    };
    let told = tell(shot, set.map_or("", |set| &set.meta.name), name, false, because);
    let evidence = match set.filter(|_| kept.is_some()) {
        Some(set) => rollout::facts_of_pods(shot, set),
        None => evidence_of(shot, pod, ground.as_ref()),
    };
    let reason = kept.as_ref().or(ground.as_ref().and_then(Ground::reason));
    assemble(name, &told, pod_word(pod, false).state.mark(), evidence, reason)
}

fn about_pod(shot: &Snapshot, set: &StatefulSet, name: &str) -> Why {
    if let Some(pod) = shot.tables.pod(&set.meta.namespace, name) {
        return about_existing(shot, Some(set), pod);
    }
    let Some(ground) = why_absent(shot, set, name) else { return Why::default() };
    let told = tell(shot, &set.meta.name, name, true, ground.because());
    let mut evidence = Vec::new();
    if let Ground::Entry(entry) = &ground {
        evidence = chain(shot, set, name, entry);
    }
    assemble(name, &told, Mark(Glyph::Absent, Hue::Wait), evidence, ground.reason())
}

/// The facts behind a pod that is missing because of another: the one below that, that one, and since when it is waited for.
fn chain(shot: &Snapshot, set: &StatefulSet, name: &str, entry: &Entry) -> Vec<Evidence> {
    let Some(blocker) = entry.decision.blocked_by.as_ref().filter(|key| key.kind == Kind::Pod) else { return Vec::new() };
    let below = ordinal_of(set, &blocker.name).and_then(|ordinal| shot.tables.pod(&set.meta.namespace, &set.pod_name(ordinal - 1)));
    let blocking = shot.tables.pod(&blocker.namespace, &blocker.name);
    let mut facts: Vec<Evidence> = below.into_iter().chain(blocking).map(|pod| pod_fact(shot, set, pod)).collect();
    if *blocker.name != *name {
        let fact = Prose::read(&(shot.text().why.waits_for)(name, &blocker.name));
        facts.push(Evidence { mark: Mark(Glyph::Absent, Hue::Wait), fact, detail: (shot.text().why.since)(&short_time(entry.first)) });
    }
    facts
}

/// A pod's state as a fact: Ready since when, or what holds it.
fn pod_fact(shot: &Snapshot, set: &StatefulSet, pod: &Pod) -> Evidence {
    let state = pod_word(pod, false).state;
    let ready_since = pod.condition(READY).map_or(pod.meta.created, |condition| condition.since);
    if state == PodState::Ready {
        let fact = Prose::read(&(shot.text().why.ready_fact)(&pod.meta.name));
        return Evidence { mark: state.mark(), fact, detail: short_time(ready_since) };
    }
    let ground = why_so(shot, pod);
    let because = ground.as_ref().map_or(Because::NotLookedAt, Ground::because);
    let verdict = tell(shot, &set.meta.name, &pod.meta.name, false, because).verdict;
    let since = if state == PodState::Running { ready_since } else { pod.meta.created };
    Evidence { mark: state.mark(), fact: Prose::read(verdict.trim_end_matches('.')), detail: (shot.text().why.since)(&short_time(since)) }
}

/// Why a pod that exists is as it is.
fn why_so<'a>(shot: &Snapshot<'a>, pod: &Pod) -> Option<Ground<'a>> {
    let silent = pod.node.as_ref().filter(|node| shot.tables.node("", node).is_some_and(|node| node.ready() != Truth::True));
    if let Some(node) = silent {
        let reason = Reason::NodeIsSilent { node: node.clone() };
        return Some(if pod.meta.terminating() { Ground::Stranded(node.clone(), reason) } else { Ground::Shown(reason) });
    }
    if pod.meta.terminating() {
        return Some(Ground::Shown(Reason::StoppingContainers));
    }
    if pod.node.is_none() {
        let key = ObjectKey::new(Kind::Pod, &pod.meta.namespace, &pod.meta.name);
        return shot.decisions.by(&key, Component::Scheduler).map(Ground::Entry);
    }
    let trouble = pod.status.containers.iter().chain(&pod.status.init_containers).find_map(trouble);
    Some(Ground::Shown(trouble.unwrap_or(match pod_word(pod, false).state {
        PodState::Ready => Reason::PodIsReady,
        PodState::Running => Reason::NotReadyYet,
        _ => Reason::StartingContainers,
    })))
}

/// What keeps a container from running.
fn trouble(container: &ContainerStatus) -> Option<Reason> {
    let crash = |exit_code| Reason::CrashLoop { container: container.name.clone(), exit_code };
    match &container.state {
        ContainerState::Waiting { reason, .. } if matches!(&**reason, "ErrImagePull" | "ImagePullBackOff") => {
            Some(Reason::ImagePullFails { image: container.image.clone() })
        }
        ContainerState::Waiting { reason, .. } if **reason == *"CrashLoopBackOff" => {
            Some(crash(container.last.as_ref().map_or(1, |last| last.exit_code)))
        }
        ContainerState::Terminated(end) if end.exit_code != 0 => Some(crash(end.exit_code)),
        _ => None,
    }
}

/// The facts behind a pod's state: what the decision saw, and what its claims wait for.
fn evidence_of(shot: &Snapshot, pod: &Pod, ground: Option<&Ground>) -> Vec<Evidence> {
    if let Some(Ground::Stranded(node, _)) = ground {
        return stranded_facts(shot, pod, node);
    }
    let claims = pod.claim_volumes().filter_map(|volume| shot.tables.claim(&pod.meta.namespace, &volume.claim));
    let mut facts: Vec<Evidence> = claims.map(|claim| claim_fact(shot, claim)).collect();
    if let Some(Ground::Entry(entry)) = ground.filter(|_| facts.len() < 4) {
        let seen = entry.decision.evidence.iter().map(|seen| Evidence {
            mark: Mark(Glyph::Check, Hue::Ink),
            fact: Prose::read(&(shot.text().why.seen)(seen.field, &seen.value)),
            detail: seen.of.name.to_string(),
        });
        facts.extend(seen);
        if entry.times > 1 {
            let detail = (shot.text().why.times)(usize::try_from(entry.times).unwrap_or(usize::MAX));
            facts.iter_mut().last().into_iter().for_each(|last| last.detail.clone_from(&detail));
        }
    }
    facts.truncate(4);
    facts
}

/// Since when the node is silent, when the pod was told to go, and for how long nobody has confirmed that it has.
fn stranded_facts(shot: &Snapshot, pod: &Pod, node: &str) -> Vec<Evidence> {
    let text = &shot.text().node;
    let Some(deletion) = pod.meta.deletion else { return Vec::new() };
    let asked = Time(deletion.at.0.saturating_sub(u64::try_from(deletion.grace).unwrap_or(0) * 1000));
    let ready = shot.tables.node("", node).and_then(|node| node.condition(READY));
    let silent = ready.map(|ready| {
        let fact = Prose::read(&format!("<{node}> `Ready` = {}", ready.status.word()));
        Evidence { mark: Mark(Glyph::NodeSilent, Hue::Gone), fact, detail: short_time(ready.since) }
    });
    let told =
        Evidence { mark: PodState::Terminating.mark(), fact: Prose::read(&(text.told_to_go)(&pod.meta.name)), detail: short_time(asked) };
    let unconfirmed = Evidence {
        mark: Mark(Glyph::Absent, Hue::Wait),
        fact: Prose::read(text.not_confirmed),
        detail: (text.for_so_long)(&shot.now.since(asked).human()),
    };
    silent.into_iter().chain([told, unconfirmed]).collect()
}

fn claim_fact(shot: &Snapshot, claim: &Claim) -> Evidence {
    let key = ObjectKey::new(Kind::PersistentVolumeClaim, &claim.meta.namespace, &claim.meta.name);
    let decided = shot.decisions.by(&key, Component::PersistentVolumeBinder);
    let told = decided.map(|entry| {
        let case = Case { subject: &claim.meta.name, absent: false, set: "", because: Because::Decided(&entry.decision.because) };
        let told = (shot.text().why.tell)(&case);
        if told.ends_when.is_empty() { told.verdict } else { told.paragraph }
    });
    let fact = told.unwrap_or_else(|| format!("<{}>", claim.meta.name));
    Evidence {
        mark: super::cluster::claim_mark(Some(claim)),
        fact: Prose::read(fact.trim_end_matches('.')),
        detail: decided.map_or(String::new(), |entry| short_time(entry.first)),
    }
}

fn assemble(subject: &str, told: &Told, mark: Mark, evidence: Vec<Evidence>, reason: Option<&Reason>) -> Why {
    let (decided_by, docs) = reason.map_or(("", None), source);
    Why {
        subject: subject.to_owned(),
        verdict: Prose::read(&told.verdict),
        mark: Some(mark),
        paragraph: Prose::read(&told.paragraph),
        evidence,
        decided_by: decided_by.to_owned(),
        line: None,
        ends_when: Prose::read(&told.ends_when),
        ways: Vec::new(),
        hazard: None,
        docs: docs.map(|(title, place)| (title, format!("{DOCS}{place}"))),
    }
}

fn verdict_mark(verdict: Verdict) -> Mark {
    match verdict {
        Verdict::Acts => Mark(Glyph::Check, Hue::Ink),
        Verdict::Waits => Mark(Glyph::Absent, Hue::Wait),
        Verdict::Refused => Mark(Glyph::Bad, Hue::Danger),
        Verdict::Done => Mark(Glyph::Check, Hue::Ready),
    }
}

type Page = (&'static str, &'static str);

const GUARANTEES: Page =
    ("Deployment and Scaling Guarantees", "concepts/workloads/controllers/statefulset/#deployment-and-scaling-guarantees");
const STRATEGIES: Page = ("Update strategies", "concepts/workloads/controllers/statefulset/#update-strategies");
const PARTITIONS: Page = ("Partitioned rolling updates", "concepts/workloads/controllers/statefulset/#partitions");
const RETENTION: Page = ("PersistentVolumeClaim retention", "concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention");
const IDENTITY: Page = ("Pod Identity", "concepts/workloads/controllers/statefulset/#pod-identity");
const STABLE_STORAGE: Page = ("Stable Storage", "concepts/workloads/controllers/statefulset/#stable-storage");
const MIN_READY: Page = ("Minimum ready seconds", "concepts/workloads/controllers/statefulset/#minimum-ready-seconds");
const BINDING: Page = ("Volume binding mode", "concepts/storage/storage-classes/#volume-binding-mode");
const CLASSES: Page = ("Default StorageClass", "concepts/storage/storage-classes/#default-storageclass");
const CLAIMS: Page = ("Binding", "concepts/storage/persistent-volumes/#binding");
const PROTECTION: Page = ("Storage Object in Use Protection", "concepts/storage/persistent-volumes/#storage-object-in-use-protection");
const RECLAIMING: Page = ("Reclaiming", "concepts/storage/persistent-volumes/#reclaiming");
const DEPLOYMENT: Page = ("Deployments", "concepts/workloads/controllers/deployment/");
const JOB: Page = ("Jobs", "concepts/workloads/controllers/job/");
const DAEMON_SET: Page = ("DaemonSet", "concepts/workloads/controllers/daemonset/");
const TAINTS: Page = ("Taint based Evictions", "concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions");
const DISRUPTIONS: Page = ("Disruptions", "concepts/workloads/pods/disruptions/#pod-disruption-budgets");
const SCHEDULING: Page = ("kube-scheduler", "concepts/scheduling-eviction/kube-scheduler/");
const TERMINATION: Page = ("Termination of Pods", "concepts/workloads/pods/pod-lifecycle/#pod-termination");
const PROBES: Page = ("Container probes", "concepts/workloads/pods/pod-lifecycle/#container-probes");
const RESTARTS: Page = ("How Pods handle problems with containers", "concepts/workloads/pods/pod-lifecycle/#container-restarts");
const IMAGES: Page = ("Images", "concepts/containers/images/#imagepullbackoff");
const NODES: Page = ("Node status", "concepts/architecture/nodes/#node-status");
const COLLECTION: Page = ("Garbage Collection", "concepts/architecture/garbage-collection/");
const FINALIZERS: Page = ("Finalizers", "concepts/overview/working-with-objects/finalizers/");
const FORCE_DELETE: Page = ("Force Delete StatefulSet Pods", "tasks/run-application/force-delete-stateful-set-pod/");

/// The field that decides, or who does, and the page that says so.
fn source(reason: &Reason) -> (&'static str, Option<Page>) {
    match reason {
        Reason::CacheBehindOwnWrites | Reason::SyncFailed { .. } => ("statefulset-controller", None),
        Reason::ClaimingPods => ("spec.selector", Some(IDENTITY)),
        Reason::RepairingPod { .. } | Reason::NameTaken { .. } => ("statefulset-controller", Some(IDENTITY)),
        Reason::SetIsBeingDeleted
        | Reason::UpToDate
        | Reason::ReplacingTerminalPod { .. }
        | Reason::CreatingPod { .. }
        | Reason::CreatingPods { .. }
        | Reason::RemovingPod { .. }
        | Reason::WaitsForRemovedPod { .. } => ("spec.replicas", Some(GUARANTEES)),
        Reason::WaitsForPodToGo { .. } | Reason::WaitsForPodToBeReady { .. } | Reason::RemovalWaitsForLower { .. } => {
            ("spec.podManagementPolicy", Some(GUARANTEES))
        }
        Reason::WaitsForPodToBeAvailable { .. } => ("spec.minReadySeconds", Some(MIN_READY)),
        Reason::StaleClaim { .. } | Reason::ClaimIsBeingDeleted { .. } => ("spec.volumeClaimTemplates", Some(STABLE_STORAGE)),
        Reason::MarkingClaims => ("spec.persistentVolumeClaimRetentionPolicy", Some(RETENTION)),
        Reason::ReplacingForUpdate { .. } | Reason::OnDeleteWaitsForYou { .. } | Reason::UnknownStrategy => {
            ("spec.updateStrategy", Some(STRATEGIES))
        }
        Reason::UpdateWaitsForUnavailable { .. } => ("spec.updateStrategy", Some(STRATEGIES)),
        Reason::BelowPartition { .. } => ("spec.updateStrategy.rollingUpdate.partition", Some(PARTITIONS)),
        Reason::ClaimingReplicaSets | Reason::CreatingReplicaSet { .. } | Reason::ReplicaSetNameTaken { .. } => {
            ("spec.template", Some(DEPLOYMENT))
        }
        Reason::ScalingReplicaSet { .. } | Reason::RolloutWaitsForPods { .. } | Reason::RolloutWaitsForOldPods { .. } => {
            ("spec.strategy", Some(DEPLOYMENT))
        }
        Reason::ForgettingReplicaSet { .. } => ("spec.revisionHistoryLimit", Some(DEPLOYMENT)),
        Reason::ReplicasNotAvailable { .. } => ("spec.replicas", Some(DEPLOYMENT)),
        Reason::JobRuns { .. } | Reason::JobIsComplete => ("spec.completions", Some(JOB)),
        Reason::JobBacksOff { .. } | Reason::JobHasFailed => ("spec.backoffLimit", Some(JOB)),
        Reason::CreatingOnNodes { .. } => ("spec.template", Some(DAEMON_SET)),
        Reason::NoMetrics => ("spec.metrics", None),
        Reason::RolloutPaused => ("spec.paused", Some(DEPLOYMENT)),
        Reason::RolloutTimedOut { .. } => ("spec.progressDeadlineSeconds", Some(DEPLOYMENT)),
        Reason::CreatingReplicas { .. } | Reason::RemovingReplicas { .. } => ("spec.replicas", Some(DEPLOYMENT)),
        Reason::NodeIsHeard | Reason::NodeFellSilent { .. } | Reason::TaintsFollowNode => ("node-lifecycle-controller", Some(NODES)),
        Reason::EvictionIsPaced | Reason::ZoneIsSilent | Reason::NobodyIsHeard | Reason::NodeIsEmptied { .. } => {
            ("node-lifecycle-controller", Some(TAINTS))
        }
        Reason::ToleratesTaintFor { .. } | Reason::ToleratesTaint { .. } => ("spec.tolerations", Some(TAINTS)),
        Reason::EvictedByTaint { .. } | Reason::EvictionCalledOff => ("spec.tolerations", Some(TAINTS)),
        Reason::WaitsForNodeToReturn { .. } | Reason::NodeObjectGone { .. } | Reason::NodeIsOutOfService { .. } | Reason::NeverHadNode => {
            ("pod-garbage-collector", Some(NODES))
        }
        Reason::DisruptionsAllowed { .. } | Reason::NoDisruptionAllowed { .. } | Reason::NoPodsSelected | Reason::BudgetUnclear { .. } => {
            ("disruption-controller", Some(DISRUPTIONS))
        }
        Reason::NamespaceWaitsForPods { .. } | Reason::NamespaceWaitsForContent { .. } | Reason::NamespaceIsEmpty => {
            ("namespace-controller", None)
        }
        Reason::Unschedulable { .. } | Reason::Assigned { .. } => ("kube-scheduler", Some(SCHEDULING)),
        Reason::WaitsForVolumes { .. } | Reason::WaitsForFirstConsumer => ("volumeBindingMode", Some(BINDING)),
        Reason::NoStorageClass | Reason::StorageClassNotFound { .. } => ("storageClassName", Some(CLASSES)),
        Reason::WaitsForProvisioner { .. } | Reason::NoVolumeFits | Reason::WaitsForVolume { .. } | Reason::ClaimBound { .. } => {
            ("persistentvolume-controller", Some(CLAIMS))
        }
        Reason::VolumeLost { .. } => ("persistentvolume-controller", Some(CLAIMS)),
        Reason::ReclaimsVolume => ("persistentVolumeReclaimPolicy", Some(RECLAIMING)),
        Reason::ClaimInUse { .. } | Reason::VolumeInUse { .. } => ("metadata.finalizers", Some(PROTECTION)),
        Reason::StartingContainers | Reason::CrashLoop { .. } => ("kubelet", Some(RESTARTS)),
        Reason::ImagePullFails { .. } => ("spec.template.spec.containers", Some(IMAGES)),
        Reason::ProcessesEnded => ("spec.template.spec.restartPolicy", None),
        Reason::NotReadyYet | Reason::PodIsReady => ("kubelet", Some(PROBES)),
        Reason::StoppingContainers => ("kubelet", Some(TERMINATION)),
        Reason::NodeIsSilent { .. } => ("node-lifecycle-controller", Some(FORCE_DELETE)),
        Reason::OwnerGone { .. } | Reason::WaitsForDependents { .. } | Reason::OrphansDependents => {
            ("metadata.ownerReferences", Some(COLLECTION))
        }
        Reason::HeldByFinalizer { .. } => ("metadata.finalizers", Some(FINALIZERS)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;
    use crate::view::example;

    fn ask(lang: Lang, pod: Option<&str>) -> Why {
        let example = example::ordered_creation();
        let shot = Snapshot { lang, ..example.snapshot() };
        let identity = pod.map(|pod| Identity { namespace: "default".into(), pod: pod.into() });
        project(&shot, Some(("default", "web")), None, identity.as_ref(), &|field| (field == "spec.podManagementPolicy").then_some(17))
    }

    #[test]
    fn a_missing_pod_names_what_it_waits_for_and_what_ends_the_wait() {
        for question in [None, Some("web-2")] {
            let why = ask(Lang::English, question);
            assert_eq!(why.verdict.plain(), "web-2 is not created.");
            assert_eq!(why.ends_when.plain(), "web-1 is Ready");
            assert_eq!((why.decided_by.as_str(), why.line), ("spec.podManagementPolicy", Some(17)));
            let facts: Vec<String> = why.evidence.iter().map(|fact| format!("{} | {}", fact.fact.plain(), fact.detail)).collect();
            let want = [
                "web-0 is Running and Ready | 0:00.0",
                "web-1 runs and is not Ready | since 0:00.0",
                "web-2 waits for web-1 | since 0:09.1",
            ];
            assert_eq!(facts, want);
        }
    }

    #[test]
    fn a_pod_that_exists_is_explained_by_its_own_state() {
        assert_eq!(ask(Lang::English, Some("web-1")).verdict.plain(), "web-1 runs and is not Ready.");
        assert_eq!(ask(Lang::English, Some("web-0")).verdict.plain(), "web-0 is Ready.");
        assert_eq!(ask(Lang::English, Some("web-7")).verdict.plain(), "web-7 is not wanted.");
    }

    #[test]
    fn korean_says_the_same_with_its_particles() {
        let why = ask(Lang::Korean, None);
        assert_eq!(why.verdict.plain(), "web-2는 생성되지 않습니다.");
        assert_eq!(why.ends_when.plain(), "web-1이 Ready가 될 때");
    }
}
