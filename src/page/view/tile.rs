//! A pod's tile: one incarnation, on its node.

use super::content;
use super::node::is_in_the_dark;
use super::rollout::Revision;
use super::{Identity, Paint, Snapshot, application, short_uid};
use api::object::Pod;
use causes::loss::medium;
use causes::pod::{PodState, PodWord, pod_word, ready_of};
use causes::ways::Outlived;
use cluster::inside::{Content, Holder};

/// A pod's tile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodTile {
    /// The pod's identity.
    pub identity: Identity,
    /// Its name, or only the suffix of a long generated one.
    pub label: String,
    pub state: PodState,
    /// kubectl's word for it, or ours for "Running, not Ready".
    pub word: String,
    /// The same, where space is limited.
    pub brief: String,
    /// `1/1`.
    pub ready: String,
    /// Its address; empty before it has one.
    pub address: String,
    /// `r2`; empty if the revision is unknown, or the only one.
    pub revision: String,
    /// The paint of its revision.
    pub paint: Paint,
    /// The role its process believes it has: `leader`; empty if it has none.
    pub role: String,
    /// The disks that begin and end with it.
    pub own: Vec<OwnDisk>,
    /// What a pod of its name lost, while nothing is written anew: `6 B lost`; usually empty.
    pub loss: String,
    /// Whether it has no stable identity.
    pub stranger: bool,
    /// The tile as one sentence.
    pub spoken: String,
}

/// A disk that begins empty with its pod, and ends with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnDisk {
    /// What kind of volume it is, as manifests have it.
    pub kind: &'static str,
    /// Its name in the pod.
    pub volume: String,
    /// What is on it, in words.
    pub told: String,
}

/// The kind of a volume that is a pod's own.
pub(crate) const EMPTY_DIR: &str = "emptyDir";

/// The disks that a pod has to itself, once it has a node.
fn own_disks(shot: &Snapshot, pod: &Pod) -> Vec<OwnDisk> {
    let volumes = pod.spec.template.raw.list_at(&["volumes"]).iter().filter(|volume| pod.node.is_some() && volume.get(EMPTY_DIR).is_some());
    let disk = |volume: &str| {
        let content = Content::of(shot.disks.disk_within(pod.meta.uid, volume));
        OwnDisk { kind: EMPTY_DIR, volume: volume.to_owned(), told: content::told(&content, shot.text()) }
    };
    volumes.filter_map(|volume| volume.text_at(&["name"])).map(disk).collect()
}

/// What was lost under a pod's name: while the volume that is there in its place is empty.
fn loss(shot: &Snapshot, pod: &Pod) -> String {
    let (space, name) = (&pod.meta.namespace, &pod.meta.name);
    let is_empty = |claim: &str| {
        let volume = shot.tables.claim(space, claim).and_then(|claim| shot.tables.volume("", &claim.spec.volume));
        volume.is_none_or(|volume| Content::of(shot.disks.disk(&medium(shot, volume))).is_no_loss())
    };
    let is_blank = |volume: &str| Content::of(shot.disks.disk_within(pod.meta.uid, volume)).is_no_loss();
    let is_its = |holder: &Holder| match holder {
        Holder::Claim(claim) => {
            claim.namespace == *space && pod.claim_volumes().any(|used| used.claim == claim.name) && is_empty(&claim.name)
        }
        Holder::Pod(of, volume) => of.namespace == *space && of.name == *name && is_blank(volume),
    };
    let lost = shot.disks.losses().last_of(is_its).map(|lost| content::told(&lost.content, shot.text()));
    lost.map_or(String::new(), |lost| shot.text().storage.lost(&lost))
}

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
    let (own, loss) = (own_disks(shot, pod), loss(shot, pod));
    let parts = [
        pod.meta.name.to_string(),
        word.clone(),
        role.clone(),
        text.ready_containers(up, all),
        revision.number().filter(|_| revision.is_of_several()).map_or(String::new(), |n| text.revision(usize::try_from(n).unwrap_or(0))),
        pod.node.as_ref().map_or(String::new(), ToString::to_string),
        if is_in_the_dark(shot, pod) { text.out_of_sight(1) } else { String::new() },
        address.clone(),
        loss.clone(),
        own.iter().map(|disk| format!("{} {}: {}", disk.kind, disk.volume, disk.told)).collect::<Vec<_>>().join(", "),
    ];
    PodTile {
        identity: Identity { namespace: pod.meta.namespace.to_string(), pod: pod.meta.name.to_string() },
        label: pod.meta.name.to_string(),
        state,
        spoken: parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "),
        word,
        brief,
        ready,
        address,
        revision: revision.told(),
        paint: revision.paint(),
        role,
        own,
        loss,
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
        revision: revision.told(),
        paint: revision.paint(),
        role: application::role(shot, old.uid()).unwrap_or_default(),
        own: Vec::new(),
        loss: String::new(),
        stranger: false,
    }
}
