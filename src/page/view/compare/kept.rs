//! What a pod of a set keeps and one of a Deployment does not: its name in DNS, its volume, its data.

use super::NOTHING;
use super::life::{PodHistory, Replacement};
use crate::tile::EMPTY_DIR;
use crate::{Snapshot, content, dns, storage};
use api::object::{Claim, Name, NamespacedName, Pod, Volume};
use cluster::inside::Holder;

/// The name of one pod of each in DNS.
pub(super) fn dns_names(shot: &Snapshot, set: &NamespacedName, both: [&PodHistory; 2]) -> [String; 2] {
    let words = &shot.text().compare;
    let own = shot.set(&set.namespace, &set.name).zip(both[0].foremost()).map(|(set, pod)| {
        let name = format!("{pod}.{}", set.spec.service_name);
        if dns::published(shot, set, pod) { name } else { words.not_published(&name) }
    });
    [own.unwrap_or_else(|| NOTHING.to_owned()), words.no_ordinals().to_owned()]
}

/// The volume of one pod of each, and what became of the data of the last that was replaced.
pub(super) fn volumes(shot: &Snapshot, namespaces: [&Name; 2], both: [&PodHistory; 2]) -> [[String; 2]; 2] {
    let told = |at: usize| {
        let pod = both[at].foremost().and_then(|pod| shot.tables.pod(namespaces[at], pod));
        pod.map_or([NOTHING.to_owned(), NOTHING.to_owned()], |pod| of_pod(shot, pod, both[at]))
    };
    let [[volume, data], [other_volume, other_data]] = [told(0), told(1)];
    [[volume, other_volume], [data, other_data]]
}

/// The volume of a pod, and the data of the one whose place it took.
fn of_pod(shot: &Snapshot, pod: &Pod, life: &PodHistory) -> [String; 2] {
    let (text, words) = (shot.text(), &shot.text().compare);
    let last = life.replacement().filter(|last| last.heir == pod.meta.name);
    let data = |told: &dyn Fn(&Replacement) -> String| last.map_or_else(|| words.none_replaced().to_owned(), told);
    let bound = pod.claim_volumes().find_map(|volume| {
        let claim = shot.tables.claim(&pod.meta.namespace, &volume.claim)?;
        Some((claim, shot.tables.volume("", &claim.spec.volume)?))
    });
    if let Some((claim, volume)) = bound {
        let short: String = volume.meta.name.chars().take(storage::VOLUME_NAME_SHOWN).collect();
        // One that was made for the new pod is none of the old one's.
        if let Some(last) = last.filter(|_| volume.meta.created > pod.meta.created) {
            return [words.new_volume(&short), with_claim(shot, claim, life, last)];
        }
        return [words.volume_of(&short, last.is_some()), data(&|_| on(shot, volume))];
    }
    if pod.claim_volumes().next().is_some() {
        return [text.storage.no_volume().to_owned(), NOTHING.to_owned()];
    }
    let volumes = pod.spec.template.raw.list_at(&["volumes"]);
    if volumes.iter().any(|volume| volume.get(EMPTY_DIR).is_some()) {
        return [words.empty_dir(last.is_some()), data(&|last| with_pod(shot, &pod.meta.namespace, last))];
    }
    [words.no_volume().to_owned(), data(&|_| NOTHING.to_owned())]
}

/// What is kept on a volume, as far as anybody hears of it.
fn on(shot: &Snapshot, volume: &Volume) -> String {
    let (content, words) = (storage::content_on(shot, volume), &shot.text().compare);
    match content {
        blank if blank.is_no_loss() => storage::as_heard(shot, volume, words.nothing_written()),
        written => words.data_kept(&storage::as_heard(shot, volume, &content::told(&written, shot.text()))),
    }
}

/// What went with the claim of a pod that was replaced, whose heir has a new volume by this one.
fn with_claim(shot: &Snapshot, claim: &Claim, life: &PodHistory, last: &Replacement) -> String {
    let is_its = |of: &NamespacedName| {
        let of_left = if *last.left() == last.heir { of.name == claim.meta.name } else { life.last_user(&of.name) == Some(last.left()) };
        of.namespace == claim.meta.namespace && of_left
    };
    let is_old = |volume: &Volume| {
        let of = volume.spec.claim.as_ref().filter(|_| volume.meta.name != claim.spec.volume);
        of.is_some_and(|of| is_its(&of.namespaced_name()))
    };
    let stays = shot.tables.volumes().chain(shot.disks.all_torn()).any(|volume| is_old(volume));
    lost(shot, last, stays, |holder| matches!(holder, Holder::Claim(of) if is_its(of)))
}

/// What went with a pod that was replaced, of what it had to itself.
fn with_pod(shot: &Snapshot, namespace: &Name, last: &Replacement) -> String {
    let left = NamespacedName::new(namespace, last.left());
    let stays = *last.left() != last.heir && shot.tables.pod(namespace, last.left()).is_some();
    lost(shot, last, stays, |holder| matches!(holder, Holder::Pod(of, _) if *of == left))
}

/// What was lost since a pod was missed. Where the holder `stays`, or older losses are forgotten, nobody can say that there was nothing.
fn lost(shot: &Snapshot, last: &Replacement, stays: bool, is_its: impl Fn(&Holder) -> bool) -> String {
    let (words, losses) = (&shot.text().compare, shot.disks.losses());
    match losses.last_of(is_its).filter(|lost| lost.at >= last.since()) {
        Some(lost) => words.data_lost(&content::told(&lost.content, shot.text())),
        None if stays || !losses.knows_since(last.since()) => NOTHING.to_owned(),
        None => words.nothing_written().to_owned(),
    }
}
