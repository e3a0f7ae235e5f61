//! What would be refused next.
//!
//! The server and kubectl stop at the first kind of fault. So the text is looked at again as it would be with all corrections made, until
//! nothing new is said.

use std::rc::Rc;

use super::shapes::{is_left_out, stand_in};
use super::{MAX_REFUSALS, ManifestChecker};
use crate::manifest_error::ManifestError;
use crate::yaml_fixes::MAX_TEXT;
use api::status::Fault;
use base::field_path::FieldPath;
use base::sort::Sort;
use view::manifest::{Fix, LineSpan, Refusal};
use yaml::Document;

/// A field of a text for which something stands in while the rest is looked at.
#[derive(Clone, Debug)]
pub(super) struct LookedPast {
    /// Which object of the text it is in.
    object: Option<usize>,
    path: FieldPath,
    /// Whether it was left out.
    is_gone: bool,
}

/// How often a text is mended and looked at again. Each time the server comes a step further.
pub(super) const ROUNDS: usize = 16;

impl ManifestChecker {
    /// Looks at more of the mended text; whether there was more.
    pub(super) fn mend_next(&mut self) -> bool {
        let Some(mut mended) = self.mended.take().or_else(|| self.mended_text()) else { return false };
        if mended.step() {
            self.mended = Some(mended);
            return true;
        }
        self.rounds = 0;
        self.take_further(*mended);
        false
    }

    /// The look at the text with all corrections made of what was refused; `None` where there is nothing to correct, or too much to read.
    fn mended_text(&self) -> Option<Box<ManifestChecker>> {
        let rounds = self.rounds.checked_sub(1).filter(|_| self.holes.is_empty() && self.text.len() <= MAX_TEXT)?;
        let text: Rc<str> = Some(self.corrections()?.mend(&self.text)).filter(|mended| **mended != *self.text)?.into();
        let seen_past = [&*self.seen_past, &*self.looked_past].concat();
        let of = ManifestChecker::over(&self.before, self.current.clone(), &text, Rc::default(), self.lang);
        Some(Box::new(ManifestChecker { rounds, seen_past, ..of }))
    }

    /// Lets one look past a field of an object that does not fit, and that nobody can correct.
    pub(super) fn look_past(&mut self, object: &Document, complaint: &ManifestError) {
        let Some((why, path)) = complaint.misfit().zip(complaint.field(object)) else { return };
        if let Some(fix) = stand_in(&self.text, object, &path, why) {
            self.stand_ins.push(fix);
            self.looked_past.push(LookedPast { object: self.number_of(object), path, is_gone: is_left_out(why) });
        }
    }

    /// Whether a complaint about an object is only about what stands in for something. What is missing may be what was left out.
    pub(super) fn is_of_stand_in(&self, object: &Document, complaint: &ManifestError) -> bool {
        let Some(error) = complaint.error().filter(|_| !self.seen_past.is_empty()) else { return false };
        let is_missing = matches!(error.fault.itself(), Fault::Required | Fault::NotFound(_) | Fault::NotSelected(_));
        let number = self.number_of(object);
        self.seen_past.iter().any(|seen| seen.object == number && (seen.path == error.path || seen.is_gone && is_missing))
    }

    /// Which object of the text a document is.
    fn number_of(&self, object: &Document) -> Option<usize> {
        self.all.iter().position(|one| one.span == object.span)
    }

    /// All corrections of what was refused, and what stands in for the rest.
    fn corrections(&self) -> Option<Fix> {
        let fixes = self.verdicts.refusals.iter().filter_map(|refusal| refusal.fix.clone());
        let fixes: Vec<Fix> = fixes.chain(self.stand_ins.iter().cloned()).collect();
        (!fixes.is_empty() && self.verdicts.refusals.len() < MAX_REFUSALS).then_some(Fix::All(fixes))
    }

    /// Takes what was refused of the mended text and not of this one.
    fn take_further(&mut self, mended: ManifestChecker) {
        let Some(fix) = self.corrections() else { return };
        let origins = fix.origins(&self.text);
        let of = |line: usize| origins.get(line.wrapping_sub(1)).copied().unwrap_or(line);
        let line_of = |text: &str, line: usize| text.split('\n').nth(line.wrapping_sub(1)).map(str::to_owned);
        let said: Vec<Refusal> = mended.verdicts.refusals;
        for refusal in said {
            let place = refusal.place.map(|place| {
                let is_same = line_of(&mended.text, place.line) == line_of(&self.text, of(place.line));
                LineSpan { line: of(place.line), columns: if is_same { place.columns } else { 0..0 } }
            });
            let fix = refusal.fix.map(|fix| fix.moved(&of));
            let further = Refusal { place, fix, ..refusal };
            if !self.verdicts.refusals.iter().any(|known| is_said(known, &further)) {
                self.refuse(further);
            }
        }
        let line = |refusal: &Refusal| refusal.place.as_ref().map_or(usize::MAX, |place| place.line);
        self.verdicts.refusals.sort_small_by_key(line);
    }
}

/// Whether one refusal says the same as another of the same line.
fn is_said(one: &Refusal, other: &Refusal) -> bool {
    let line = |refusal: &Refusal| refusal.place.as_ref().map(|place| place.line);
    let is_alike = one.plain == other.plain && one.fix == other.fix && (!one.plain.is_empty() || one.words == other.words);
    line(one) == line(other) && is_alike
}
