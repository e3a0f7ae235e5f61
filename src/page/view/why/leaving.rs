//! What goes with a pod while nobody waits for anything: a claim that is being deleted, with what was written.

use super::pane::{Why, assemble};
use crate::{Glyph, Hue, Mark, Prose, Snapshot, content};
use api::client::PatchType;
use api::kind::Kind;
use api::object::StatefulSet;
use causes::command::Entry;
use causes::loss::first_going;
use causes::{Evidence, Way};
use text::why::Explanation;

/// What is lost next of what a set has written; `None` if nothing is.
pub(super) fn told(shot: &Snapshot, set: &StatefulSet) -> Option<Why> {
    let going = first_going(shot, set)?;
    let (words, claim, volume) = (&shot.text().storage, &going.claim.meta.name, &going.volume.meta.name);
    let lost = content::told(&going.content, shot.text());
    let told = Explanation {
        verdict: going.pod.map_or_else(|| words.goes_now(claim, &lost), |pod| words.goes(claim, &pod.meta.name, &lost)),
        paragraph: words.goes_why(volume),
        ..Explanation::default()
    };
    let since = going.claim.meta.deletion.as_ref().map_or(String::new(), |deletion| shot.time(deletion.at));
    let fact = |mark, words: &str, at: String, field: String| Evidence::new(mark, words, at).seen(field);
    let facts = vec![
        fact(Mark(Glyph::DiskLost, Hue::Danger), &format!("<{claim}>"), since, "metadata.deletionTimestamp".to_owned()),
        fact(Mark(Glyph::Disk, Hue::Ink), &format!("<{volume}>"), String::new(), "spec.persistentVolumeReclaimPolicy = Delete".to_owned()),
    ];
    let patch = r#"{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}"#;
    let line = shot.naming("").patch(Kind::PersistentVolume, volume, PatchType::Strategic, patch);
    let keep = Way { entry: Entry::new(words.keeps(volume), line), note: Prose::read(words.keeps_note()), since: None };
    let why = assemble(claim, &told, Mark(Glyph::Hazard, Hue::Danger), facts);
    Some(Why { decided_by: "persistentVolumeReclaimPolicy".to_owned(), ways: vec![keep], ..why })
}
