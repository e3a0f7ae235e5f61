//! What a pod of a set keeps and one of a Deployment does not: its name in DNS, its volume, its data.

use super::NOTHING;
use super::life::{Life, Replacement};
use crate::{Snapshot, content, dns, storage};
use api::object::{Name, NamespacedName, Pod};
use cluster::inside::Holder;

/// The name of one pod of each in DNS.
pub(super) fn dns_names(shot: &Snapshot, set: &NamespacedName, both: [&Life; 2]) -> [String; 2] {
    let words = &shot.text().compare;
    let own = shot.set(&set.namespace, &set.name).zip(both[0].foremost()).map(|(set, pod)| {
        let name = format!("{pod}.{}", set.spec.service_name);
        if dns::published(shot, set, pod) { name } else { words.not_published(&name) }
    });
    [own.unwrap_or_else(|| NOTHING.to_owned()), words.no_ordinals().to_owned()]
}

/// The volume of one pod of each, and what became of the data of the last that was replaced.
pub(super) fn volumes(shot: &Snapshot, namespaces: [&Name; 2], both: [&Life; 2]) -> [[String; 2]; 2] {
    let told = |at: usize| {
        let pod = both[at].foremost().and_then(|pod| shot.tables.pod(namespaces[at], pod));
        pod.map_or([NOTHING.to_owned(), NOTHING.to_owned()], |pod| of_pod(shot, pod, both[at].replacement()))
    };
    let [[volume, data], [other_volume, other_data]] = [told(0), told(1)];
    [[volume, other_volume], [data, other_data]]
}

/// The volume of a pod, and the data of the one whose place it took.
fn of_pod(shot: &Snapshot, pod: &Pod, last: Option<&Replacement>) -> [String; 2] {
    let (text, words) = (shot.text(), &shot.text().compare);
    let is_heir = last.is_some_and(|last| last.heir == pod.meta.name);
    let data = |kept: String| if is_heir { kept } else { words.none_replaced().to_owned() };
    let bound = pod.claim_volumes().find_map(|volume| {
        let claim = shot.tables.claim(&pod.meta.namespace, &volume.claim)?;
        Some((claim, shot.tables.volume("", &claim.spec.volume)?))
    });
    if let Some((claim, volume)) = bound {
        let short: String = volume.meta.name.chars().take(storage::VOLUME_NAME_SHOWN).collect();
        // One that was made for the new pod is none of the old one's.
        if is_heir && volume.meta.created > pod.meta.created {
            let is_its = |holder: &Holder| *holder == Holder::Claim(claim.meta.namespaced_name());
            return [words.new_volume(&short), lost(shot, is_its)];
        }
        let content = storage::content_of(shot, volume);
        let kept = if content == text.storage.blank() { words.nothing_written().to_owned() } else { words.data_kept(&content) };
        return [words.volume_of(&short, is_heir), data(kept)];
    }
    if pod.claim_volumes().next().is_some() {
        return [text.storage.no_volume().to_owned(), NOTHING.to_owned()];
    }
    let volumes = pod.spec.template.raw.list_at(&["volumes"]);
    let told =
        if volumes.iter().any(|volume| volume.get("emptyDir").is_some()) { words.empty_dir(is_heir) } else { words.no_volume().to_owned() };
    let left = last.map(|last| NamespacedName::new(&pod.meta.namespace, &last.left));
    let is_its = |holder: &Holder| matches!(holder, Holder::Pod(pod, _) if Some(pod) == left.as_ref());
    [told, data(lost(shot, is_its))]
}

/// What was lost with a volume, as far as anything was written to it.
fn lost(shot: &Snapshot, is_its: impl Fn(&Holder) -> bool) -> String {
    let lost = shot.disks.losses().last_of(is_its).map(|lost| content::told(&lost.content, shot.text()));
    shot.text().compare.data_lost(&lost.unwrap_or_default())
}
