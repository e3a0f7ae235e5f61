//! The pieces of the matrix: the object line, headings, slots, disks.

use super::matrix::{Column, Disk, ObjectLine, Slot};
use super::outlived::at_most_one;
use crate::storage::{self, claim_mark};
use crate::{Glyph, Hue, Identity, Mark, Prose, Snapshot, dns, rollout, ways};
use api::object::{Claim, Pod, StatefulSet, Volume};
use causes::ground::{tell_in, why_absent};
use causes::loss::going;
use text::why::Standing;

/// An ordinal's claims, one per template: its name, and the claim if it exists.
pub(super) fn claims_of<'a>(shot: &Snapshot<'a>, set: &StatefulSet, ordinal: i64) -> Vec<(String, Option<&'a Claim>)> {
    let one = |name: &str| shot.tables.claim(&set.meta.namespace, name).map(|claim| &**claim);
    let names = set.spec.claim_templates.iter().map(|template| template.claim_name(&set.meta.name, ordinal));
    names.map(|name| (name.to_string(), one(&name))).collect()
}

pub(super) fn object_line(shot: &Snapshot, set: &StatefulSet) -> ObjectLine {
    let revisions = rollout::revisions(shot, set);
    ObjectLine {
        namespace: set.meta.namespace.to_string(),
        naming: shot.naming(&set.meta.namespace),
        name: set.meta.name.to_string(),
        ready: shot.ready_of(set),
        facts: rollout::facts(set, revisions.len() > 1),
        revisions,
        at_most_one: at_most_one(shot, set),
        replicas: set.spec.replicas,
        container: set.spec.template.containers.first().map(|c| (c.name.to_string(), c.image.to_string())),
        history: shot.tables.revisions().filter(|revision| revision.meta.is_controlled_by(set.meta.uid)).count(),
    }
}

pub(super) fn column(shot: &Snapshot, set: &StatefulSet, ordinal: i64, pod: Option<&Pod>, claims: &[(String, Option<&Claim>)]) -> Column {
    let name = set.pod_name(ordinal);
    let text = &shot.text().cluster;
    let mut names = Vec::new();
    let mut spoken = vec![name.to_string()];
    if !set.spec.service_name.is_empty() {
        let published = dns::published(shot, set, &name);
        let mark = match (published, pod) {
            (true, _) => Mark(Glyph::Ready, Hue::Ready),
            (false, Some(_)) => Mark(Glyph::Pending, Hue::Wait),
            (false, None) => Mark(Glyph::Absent, Hue::Mute),
        };
        let dns = format!("{name}.{}", set.spec.service_name);
        spoken.push(format!("{dns} {}", if published { text.published() } else { text.not_published() }));
        names.push((mark, dns));
    }
    for (claim, found) in claims {
        let word = found.map_or(shot.text().storage.not_created(), |claim| claim.status.phase.word());
        spoken.push(format!("{claim} {word}"));
        names.push((claim_mark(*found), claim.clone()));
    }
    let empty = pod.is_none() && claims.iter().all(|(_, claim)| claim.is_none());
    Column { ordinal, identity: identity(set, &name), names, empty, spoken: spoken.join(", ") }
}

pub(super) fn identity(set: &StatefulSet, pod: &str) -> Identity {
    Identity { namespace: set.meta.namespace.to_string(), pod: pod.to_owned() }
}

/// Why a pod of a set does not exist, in a few words.
fn absence(shot: &Snapshot, set: &StatefulSet, pod: &str) -> Prose {
    let Some(because) = why_absent(shot, set, pod) else { return Prose::default() };
    Prose::read(&tell_in(shot, set, pod, Standing::NotCreated, because.because()).brief)
}

/// The slot of a pod that is missing, or that only exists because nobody can confirm that it has ended.
pub(super) fn slot_for(shot: &Snapshot, set: &StatefulSet, ordinal: i64, standing: Standing) -> Slot {
    let name = set.pod_name(ordinal);
    let text = &shot.text().cluster;
    let word = if standing == Standing::NotRecreated { text.not_recreated() } else { text.not_created() };
    let reason = absence(shot, set, &name);
    let because = if reason.is_empty() { String::new() } else { format!(": {}", reason.plain()) };
    let alone = shot.tables.pod(&set.meta.namespace, &name).is_none();
    Slot { identity: identity(set, &name), word: word.to_owned(), spoken: format!("{name}, {word}{because}"), reason, alone }
}

pub(super) fn disk_of(shot: &Snapshot, claim: &Claim, volume: &Volume, pod: Option<&Pod>) -> Disk {
    let here =
        |pod: &Pod| pod.node.is_some() && (volume.spec.node.is_none() || pod.node == volume.spec.node) && !pod.status.containers.is_empty();
    let mounted = pod.is_some_and(here);
    let content = storage::content_of(shot, volume);
    let rival = |old: ways::Outlived| old.runs() && pod.is_some_and(|pod| old.worker.key.name == pod.meta.name);
    let twice = mounted && volume.spec.node.is_none() && ways::outlived(shot).any(rival);
    let goes = going(shot, claim).is_some();
    Disk {
        claim: claim.meta.name.to_string(),
        mark: if goes { Mark(Glyph::Hazard, Hue::Danger) } else { Mark(claim_mark(Some(claim)).0, Hue::Ink) },
        content: if twice { format!("{} · {content}", shot.text().storage.mounted_twice()) } else { content },
        mounted,
    }
}
