//! What stands in the Why pane where a manifest or its set was refused.

use super::pane::Why;
use crate::manifest::Refusal;
use crate::{Glyph, Hue, Lang, Mark, Prose, Snapshot};
use api::object::NamespacedName;

/// What stands there where no controller has anything to decide, because the API server let nothing in, or kubectl sent nothing: the
/// sentence about the first of what was refused, where there is one.
pub fn refused(lang: Lang, refusals: &[Refusal]) -> Why {
    let words = &lang.text().why;
    let reason = refusals.first().map(|refusal| refusal.plain.clone()).filter(|plain| !plain.is_empty());
    let paragraph = reason.unwrap_or_else(|| Prose::read(words.refused_why()));
    Why { verdict: Prose::read(words.refused()), paragraph, ..Why::default() }
}

/// The same of a set that was refused for a reason, with how many objects were stored beside it, and of how many.
pub fn refused_set(shot: &Snapshot, set: &NamespacedName, reason: &Prose, stored: Option<(usize, usize)>) -> Why {
    let words = &shot.text().ask;
    let exists = shot.set(&set.namespace, &set.name).is_some();
    let mut paragraph = reason.clone();
    if let Some((stored, objects)) = stored {
        paragraph.0.extend(Prose::read(&format!(" {}", words.stored(stored, objects))).0);
    }
    let verdict = Prose::read(&words.refused_set(&set.name, exists));
    Why { subject: set.name.to_string(), verdict, mark: Some(Mark(Glyph::Bad, Hue::Danger)), paragraph, ..Why::default() }
}
