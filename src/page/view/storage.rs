//! What each identity keeps: claim, volume, node, bytes; and volumes no longer wanted by any claim.

use std::rc::Rc;

use super::content;
use super::{Glyph, Hue, MAX_COLUMNS, Mark, Snapshot, bytes, short_uid};
use api::object::pod::Truth;
use api::object::storage::{ClaimPhase, VolumePhase};
use api::object::{Claim, NamespacedName, StatefulSet, Volume};
use causes::claims::own_claims;
use causes::loss::{going, medium};
use cluster::inside::journal::{Writer, Wrote};
use cluster::inside::{Content, Disk};

/// The Storage pane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Storage {
    /// The class of the claims; empty if they have none or different ones.
    pub class: String,
    /// The claims' retention policy: `whenDeleted Retain`.
    pub retention: Vec<(&'static str, &'static str)>,
    /// A row per claim, by ordinal and template; then a row per left-over volume.
    pub rows: Vec<StorageRow>,
    /// How many claims of the set there are, listed or not.
    pub claims: usize,
    /// How many rows are left out.
    pub unlisted: usize,
    /// Shown instead of rows; empty if there are rows.
    pub instead: String,
}

/// A claim and its volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageRow {
    /// The claim's mark.
    pub mark: Mark,
    /// Its name.
    pub claim: String,
    /// What is unusual about it: `Lost`, `Terminating`, `Released`; usually empty.
    pub note: String,
    /// `pvc-3f2a · node-b`, or why there is none.
    pub volume: String,
    /// Whether its node is unreachable: `node-b is silent`; usually empty.
    pub place: String,
    /// What was written to it.
    pub written: String,
    /// Its writers, if there was more than one pod: `#a02e 120 B`, oldest first.
    pub writers: Vec<String>,
    /// If two wrote alternately, their latest lines: the index of the writer, and the line.
    pub interleaved: Vec<(usize, String)>,
    /// Whether the claim does not exist.
    pub absent: bool,
}

/// How much of a volume's name is shown: `pvc-` and four digits.
pub(super) const VOLUME_NAME_SHOWN: usize = 8;

/// The claims of a set.
pub fn project(shot: &Snapshot, shown: Option<&NamespacedName>) -> Storage {
    let set = shown.and_then(|shown| shot.set_or_gone(&shown.namespace, &shown.name));
    let words = &shot.text().storage;
    let Some(set) = set.filter(|set| !set.spec.claim_templates.is_empty()) else {
        let instead = if set.is_some() { words.without() } else { words.empty() };
        return Storage { instead: instead.to_owned(), ..Storage::default() };
    };
    let ordinals = shot.ordinals(set);
    let unlisted = ordinals.len().saturating_sub(MAX_COLUMNS) * set.spec.claim_templates.len();
    let rows = ordinals.into_iter().take(MAX_COLUMNS).flat_map(|ordinal| {
        set.spec.claim_templates.iter().map(move |template| row(shot, set, &template.claim_name(&set.meta.name, ordinal)))
    });
    let word = |delete: bool| if delete { "Delete" } else { "Retain" };
    let retention = &set.spec.retention;
    Storage {
        class: class_of(shot, set),
        retention: vec![("whenDeleted", word(retention.delete_when_deleted)), ("whenScaled", word(retention.delete_when_scaled))],
        rows: rows.chain(left_over(shot, set)).collect(),
        claims: own_claims(shot.tables, set).count(),
        unlisted,
        instead: String::new(),
    }
}

/// Whether a claim has a name that the set gives.
fn is_own(set: &StatefulSet, namespace: &str, claim: &str) -> bool {
    namespace == &*set.meta.namespace && set.of_claim(claim).is_some()
}

fn class_of(shot: &Snapshot, set: &StatefulSet) -> String {
    let mut classes = own_claims(shot.tables, set).filter_map(|claim| claim.class());
    match classes.next() {
        Some(one) if classes.all(|class| class == one) => shot.text().storage.class(one),
        _ => String::new(),
    }
}

fn row(shot: &Snapshot, set: &StatefulSet, name: &str) -> StorageRow {
    let text = &shot.text().storage;
    let claim = shot.tables.claim(&set.meta.namespace, name).map(|claim| &**claim);
    let volume = claim.and_then(|claim| shot.tables.volume("", &claim.spec.volume));
    let (shown, place, written) = match (claim, volume) {
        (None, _) => (text.not_created().to_owned(), String::new(), String::new()),
        (Some(_), None) => (text.no_volume().to_owned(), String::new(), String::new()),
        (_, Some(volume)) => told(shot, volume),
    };
    let mark = claim_mark(claim);
    let (writers, interleaved) = writers(shot, volume.map(|volume| &**volume));
    let (claim, note, absent) = (name.to_owned(), note_on(shot, claim), claim.is_none());
    StorageRow { mark, claim, note, volume: shown, place, written, writers, interleaved, absent }
}

/// The writers of a volume, and what they wrote alternately.
fn writers(shot: &Snapshot, volume: Option<&Volume>) -> (Vec<String>, Vec<(usize, String)>) {
    let disk = volume.filter(|volume| !is_silent(shot, volume)).and_then(|volume| shot.disks.disk(&medium(shot, volume)));
    let Some(journal) = disk.map(Disk::journal).filter(|journal| journal.writers.len() > 1) else { return Default::default() };
    let amount = |n: usize| bytes(u64::try_from(n).unwrap_or(u64::MAX));
    let writer = |writer: &Writer| shot.text().application.wrote(&short_uid(writer.uid), &amount(writer.bytes));
    let column = |wrote: &Wrote| Some((journal.writers.iter().position(|writer| writer.uid == wrote.uid)?, wrote.text.to_string()));
    let pieces = if journal.interleaved() { journal.pieces.iter().filter_map(column).collect() } else { Vec::new() };
    (journal.writers.iter().map(writer).collect(), pieces)
}

pub(super) fn claim_mark(claim: Option<&Claim>) -> Mark {
    match claim.map(|claim| claim.status.phase) {
        Some(ClaimPhase::Bound) => Mark(Glyph::DiskBound, Hue::Ready),
        Some(ClaimPhase::Pending) => Mark(Glyph::Disk, Hue::Wait),
        Some(ClaimPhase::Lost) => Mark(Glyph::DiskLost, Hue::Danger),
        None => Mark(Glyph::Absent, Hue::Mute),
    }
}

fn note_on(shot: &Snapshot, claim: Option<&Claim>) -> String {
    let Some(claim) = claim else { return String::new() };
    let lost = (claim.status.phase == ClaimPhase::Lost).then(|| "Lost".to_owned());
    let leaving = claim.meta.terminating().then(|| "Terminating".to_owned());
    let goes = going(shot, claim).map(|going| shot.text().storage.goes_note(&content::told(&going.content, shot.text())));
    [lost, leaving, goes].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// A volume's name and node, a remark about that node, and what was written.
fn told(shot: &Snapshot, volume: &Volume) -> (String, String, String) {
    let short = volume.meta.name.chars().take(VOLUME_NAME_SHOWN).collect::<String>();
    let Some(node) = &volume.spec.node else { return (short, String::new(), content_of(shot, volume)) };
    let place = if is_silent(shot, volume) { shot.text().storage.silent(node) } else { String::new() };
    (format!("{short} · {node}"), place, content_of(shot, volume))
}

/// Whether a volume's node is unreachable.
fn is_silent(shot: &Snapshot, volume: &Volume) -> bool {
    volume.spec.node.as_deref().and_then(|node| shot.tables.node("", node)).is_some_and(|node| node.ready() != Truth::True)
}

pub(super) fn content_on(shot: &Snapshot, volume: &Volume) -> Content {
    Content::of(shot.disks.disk(&medium(shot, volume)))
}

/// Words about what is on a volume, as far as they can be known: nobody hears of writes on an unreachable node.
pub(super) fn as_heard(shot: &Snapshot, volume: &Volume, words: &str) -> String {
    if is_silent(shot, volume) { format!("{words} ?") } else { words.to_owned() }
}

/// What is on a volume, in words.
pub(super) fn content_of(shot: &Snapshot, volume: &Volume) -> String {
    as_heard(shot, volume, &content::told(&content_on(shot, volume), shot.text()))
}

/// Volumes that were bound to a claim of the set and are not bound any more.
fn left_over<'a>(shot: &'a Snapshot<'a>, set: &'a StatefulSet) -> impl Iterator<Item = StorageRow> + 'a {
    let over = |volume: &&Rc<Volume>| matches!(volume.status.phase, VolumePhase::Released | VolumePhase::Failed);
    shot.tables.volumes().filter(over).filter_map(move |volume| {
        let claim = volume.spec.claim.as_ref().filter(|claim| is_own(set, &claim.namespace, &claim.name))?;
        let (shown, place, written) = told(shot, volume);
        let mark = Mark(Glyph::Disk, Hue::Gone);
        let note = volume.status.phase.word().to_owned();
        let (writers, interleaved) = writers(shot, Some(volume));
        Some(StorageRow { mark, claim: claim.name.to_string(), note, volume: shown, place, written, writers, interleaved, absent: true })
    })
}
