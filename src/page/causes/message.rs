//! What components and clients say, taken apart: a saying of the catalogue, held against an object.
//!
//! Used where a world has nothing against going on: something decisive is not known of it. Where everything is, the components decide
//! anew, and their decisions count.

use crate::blame::{Blame, Sure};
use api::kind::Kind;
use api::object::{ObjectKey, parent_and_ordinal};
use base::fields::Fields;
use sayings::{Meaning, Names, Row};
pub use sayings::{Said, SaidIn, captured, is_name, kind_of, words_of};
use why::{Cause, Family};

/// Words by which messages name objects.
static NAMES: &[&str] = &[
    "Pod {pod} in StatefulSet {set} ",
    "StatefulSet \"{set}\"",
    "StatefulSet.apps \"{set}\"",
    "syncing StatefulSet {ns}/{set},",
    "statefulsets.apps \"{set}\"",
    "evicting pod \"{pod}\"",
    "evicting pod {ns}/{pod}",
    "pods \"{pod}\"",
    "pods/\"{pod}\" -n \"{ns}\"",
    "pod \"{pod}_{ns}(",
    "pod {pod}_{ns}(",
    "pod={pod}_{ns}(",
    "(pod: \"{pod}_{ns}(",
    "for pod \"{ns}\"/\"{pod}\"",
    "running pod {pod} ",
    "pod \"{pod}\" (UID",
    "pod/{pod} ",
    "persistentvolumeclaim \"{pvc}\"",
    "PersistentVolumeClaim \"{pvc}\"",
    "claim \"{ns}/{pvc}\"",
    "assigned {ns}/{pod} to ",
    "used by pod(s) {user}",
    "failed for volume \"{volume}\"",
];

/// A message, taken apart.
pub struct Told<'a> {
    pub cause: Cause,
    /// How telling it is: the lower, the more.
    pub rank: usize,
    /// No more is known than its reason.
    pub is_any: bool,
    /// The saying.
    pub row: &'static Row,
    /// The kind of object that it hangs on.
    pub on: Kind,
    /// The message says so itself.
    is_sure: bool,
    names: Names<'a>,
    /// Whether different nodes are no good for different reasons.
    is_mixed: bool,
    /// Whether a filter that is asked after those of volumes decides where the volume is.
    is_decided: bool,
}

/// The reasons of a message of the scheduler: `1 Insufficient cpu, 2 node(s) were unschedulable`.
fn reasons(text: &str) -> Vec<String> {
    let before = text.split("preemption:").next().unwrap_or(text);
    before.replace(", that the pod didn't", " that the pod didn't").split(", ").map(str::to_owned).collect()
}

/// Whether a reason is the taint by which the nodes of the control plane are kept free of pods. Of several reasons, another one decides.
fn is_kept_free(reason: &str) -> bool {
    reason.contains("taint") && reason.contains("node-role.kubernetes.io/")
}

/// Whether a message of the scheduler has several reasons that count.
fn is_mixed(said: Said<'_>) -> bool {
    let all = reasons(said.text);
    let is_free = all.iter().all(|reason| is_kept_free(reason));
    let of = |part: &String| Said { text: part, ..said }.means().filter(|found| !found.row.is_any()).map(|found| found.row.meaning);
    let mut all = all.iter().filter(|reason| is_free || !is_kept_free(reason)).filter_map(of);
    // Until 1.21, a node that another pod's rule refuses counted for both kinds of anti-affinity.
    let apart = |meaning: Meaning| match meaning {
        Meaning::Cause(Cause::ExistingAntiAffinity | Cause::AntiAffinityTooFewNodes) => Meaning::Cause(Cause::AntiAffinityTooFewNodes),
        other => other,
    };
    all.next().is_some_and(|first| all.any(|other| apart(other) != apart(first)))
}

/// Whether the only taints of a message are those of nodes that are kept free, and there are other reasons.
fn is_beside_taints(text: &str) -> bool {
    let all = reasons(text);
    let mut taints = all.iter().filter(|reason| reason.contains("taint"));
    text.contains("node-role.kubernetes.io/") && taints.all(|reason| is_kept_free(reason)) && !all.iter().all(|reason| is_kept_free(reason))
}

/// Words for filters that the scheduler asks after those of volumes: a node that one of these refuses is in reach of the volume.
/// Models pkg/scheduler/apis/config/v1/default_plugins.go.
const AFTER_VOLUMES: [&str; 3] = ["pod topology spread", "affinity rules", "existing pods anti-affinity"];

/// What something that was said means; `None` if no row is known for it, or one of what goes as it should.
pub fn take_apart(said: Said<'_>) -> Option<Told<'_>> {
    let text = said.text;
    let is_later = AFTER_VOLUMES.iter().any(|words| text.contains(words));
    let is_beside = is_beside_taints(text);
    let decides = |cause: Cause| match cause {
        Cause::VolumeNodeUnavailable => !is_later,
        Cause::UntoleratedTaint | Cause::NodePressureTaint => !is_beside,
        _ => true,
    };
    let found = said.all().find(|found| if let Meaning::Cause(cause) = found.row.meaning { decides(cause) } else { true })?;
    let Meaning::Cause(cause) = found.row.meaning else { return None };
    let mut names = found.names;
    names.extend(NAMES.iter().filter_map(|words| captured(words, text)).flatten());
    names.extend(text.split_once(" failed error: ").map(|(_, error)| ("error", error)));
    if cause.family() == Family::ClaimPending && text.contains("provision volume with StorageClass") {
        names.extend(text.split_once("\": ").map(|(_, error)| ("error", error)));
    }
    names.push(("message", if text.is_empty() { said.reason } else { text }));
    Some(Told {
        cause,
        rank: found.rank,
        is_any: found.row.is_any(),
        row: found.row,
        on: found.row.kind,
        is_sure: found.row.is_sure,
        names,
        is_mixed: [Family::NoNodeFits, Family::VolumeElsewhere].contains(&cause.family()) && is_mixed(said),
        is_decided: is_later && text.contains("volume node affinity"),
    })
}

impl Told<'_> {
    fn name(&self, of: &str) -> Option<&str> {
        self.names.iter().find(|(name, value)| *name == of && is_name(value)).map(|(_, value)| *value)
    }

    /// What stands in the slots of the saying, and what else its message names.
    pub fn names(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.names.iter().copied()
    }

    /// The object that a message names: its kind, namespace and name.
    pub fn about(&self) -> Option<(Kind, String, String)> {
        let namespace = self.name("ns").unwrap_or_default().to_owned();
        let kinds = [(Kind::StatefulSet, "set"), (Kind::Pod, "pod"), (Kind::PersistentVolumeClaim, "pvc"), (Kind::Node, "node")];
        let by_kind = |kind: Kind| kinds.iter().find(|(of, _)| *of == kind).and_then(|(_, word)| self.name(word));
        let first = by_kind(self.on).map(|name| (self.on, name));
        let (kind, name) = first.or_else(|| kinds.iter().find_map(|(kind, word)| Some((*kind, self.name(word)?))))?;
        Some((kind, namespace, name.to_owned()))
    }

    /// The cause that it stands for, said about an object of which it may name a finer one.
    pub fn cause(&self, about: &ObjectKey) -> Blame {
        let on = self.on;
        let words = [
            (Kind::ResourceQuota, "quota"),
            (Kind::StorageClass, "sc"),
            (Kind::PersistentVolumeClaim, "pvc"),
            (Kind::PersistentVolume, "pv"),
            (Kind::Pod, "pod"),
            (Kind::StatefulSet, "set"),
            (Kind::Namespace, "ns"),
        ];
        let named = words.iter().find(|(kind, _)| *kind == on).and_then(|(_, word)| self.name(word));
        let parent = || parent_and_ordinal(&about.name).map(|(parent, _)| parent).filter(|_| about.kind == Kind::Pod);
        let name = match on {
            _ if about.kind == on && !about.name.is_empty() => &about.name,
            Kind::Namespace if named.is_none() => &*about.namespace,
            Kind::StatefulSet if named.is_none() => parent().unwrap_or_default(),
            _ => named.unwrap_or_default(),
        };
        let object = match on {
            // What it hangs on is not named; what waits is.
            _ if name.is_empty() && !about.name.is_empty() => about.clone(),
            kind if kind.is_namespaced() => ObjectKey::new(kind, &about.namespace, &name.into()),
            kind => ObjectKey::global(kind, &name.into()),
        };
        let sure = match (self.cause.family(), self.is_sure) {
            (Family::CannotKnow, _) => Sure::Unknown,
            // Which of several reasons decides, the counts do not tell.
            (Family::VolumeElsewhere | Family::NoNodeFits, _) if self.is_mixed => Sure::Likely,
            (_, true) => Sure::Certain,
            (_, false) => Sure::Likely,
        };
        let own = |value: &str| value.strip_prefix(&*name).is_some_and(|hash| hash.starts_with('-'));
        let detail = match self.cause {
            cause if self.is_mixed && cause.family() == Family::NoNodeFits && !self.is_decided => Cause::NoNodeFits,
            // Another label of the template is too long.
            Cause::NameTooLong if !self.names.iter().any(|(of, value)| *of == "value" && own(value)) => Cause::InvalidPod,
            cause => cause,
        };
        let mut said = Fields::default();
        self.names.iter().for_each(|(name, value)| said.text(name, *value));
        self.row.matter.into_iter().for_each(|matter| said.text("matter", matter.word()));
        Blame { sure, said, ..Blame::of(detail, object) }
    }
}
