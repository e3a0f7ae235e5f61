//! A pod's tile: one incarnation, on its node.

use super::rollout::Revision;
use super::{Identity, Paint, Snapshot, application, short_uid};
use api::object::Pod;
use causes::pod::{PodState, PodWord, pod_word, ready_of};
use causes::ways::Outlived;

/// A pod's tile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodTile {
    /// The pod's identity.
    pub identity: Identity,
    /// Its name, or only the suffix of a long generated one.
    pub label: String,
    /// The first four digits of its uid.
    pub uid: String,
    pub state: PodState,
    /// kubectl's word for it, or ours for "Running, not Ready".
    pub word: String,
    /// The same, where space is limited.
    pub brief: String,
    /// `1/1`.
    pub ready: String,
    /// Its address; empty before it has one.
    pub address: String,
    /// `r1`; empty if the revision is unknown.
    pub revision: String,
    /// The paint of its revision.
    pub paint: Paint,
    /// The role its process believes it has: `leader`; empty if it has none.
    pub role: String,
    /// Whether it has no stable identity.
    pub stranger: bool,
    /// The tile as one sentence.
    pub spoken: String,
}

/// The tile of a pod.
pub(super) fn of(shot: &Snapshot, pod: &Pod, revision: Revision) -> PodTile {
    let text = &shot.text().cluster;
    let silent = pod.node.as_deref().and_then(|node| shot.tables.node("", node)).is_some_and(|node| node.silent());
    let PodWord { state, word } = pod_word(pod, silent);
    let word = word.to_string();
    let (word, brief) = match state {
        PodState::Ready => ("Ready".to_owned(), "Ready".to_owned()),
        PodState::Running => (text.running_not_ready().to_owned(), text.not_ready().to_owned()),
        PodState::Creating if word == "ContainerCreating" => (word, "Creating".to_owned()),
        _ => (word.clone(), word),
    };
    let ready = ready_of(pod);
    let (up, all) = ready.split_once('/').unwrap_or_default();
    let address = pod.status.ip.map_or(String::new(), |ip| ip.to_string());
    let role = application::role(shot, pod.meta.uid).filter(|_| pod.status.containers.iter().any(|c| c.ready)).unwrap_or_default();
    let parts = [
        pod.meta.name.to_string(),
        word.clone(),
        role.clone(),
        text.ready_containers(up, all),
        revision.number().map_or(String::new(), |n| text.revision(usize::try_from(n).unwrap_or(0))),
        pod.node.as_ref().map_or(String::new(), ToString::to_string),
        address.clone(),
    ];
    PodTile {
        identity: Identity { namespace: pod.meta.namespace.to_string(), pod: pod.meta.name.to_string() },
        label: pod.meta.name.to_string(),
        uid: short_uid(pod.meta.uid),
        state,
        spoken: parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "),
        word,
        brief,
        ready,
        address,
        revision: revision.label(),
        paint: revision.paint(),
        role,
        stranger: false,
    }
}

/// The tile of a process that has outlived its pod.
pub(super) fn outlived(shot: &Snapshot, old: &Outlived, word: &str, revision: Revision) -> PodTile {
    let text = &shot.text().node;
    let (pod, uid) = (&old.worker.key.name, short_uid(old.uid()));
    PodTile {
        identity: Identity { namespace: old.worker.key.namespace.to_string(), pod: pod.to_string() },
        label: pod.to_string(),
        state: PodState::Outlived,
        word: word.to_owned(),
        brief: word.to_owned(),
        ready: "?".to_owned(),
        address: text.not_in_api().to_owned(),
        spoken: format!("{pod} #{uid}, {word}, {}, {}", old.machine.node, text.not_in_api()),
        uid,
        revision: revision.label(),
        paint: revision.paint(),
        role: application::role(shot, old.uid()).unwrap_or_default(),
        stranger: false,
    }
}
