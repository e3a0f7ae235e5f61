//! What stands in the Why pane, whatever it is about.

use crate::{Glyph, Hue, Mark, Piece, Prose};
use causes::command::Entry;
use causes::{Evidence, Hazard, Way};
use text::why::Explanation;
use why::Verdict;
use why::page::Page;

/// The latest decision about one thing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why {
    /// What it is about: `web-2`; empty where nothing has been decided.
    pub subject: String,
    /// One sentence, subject first, full stop.
    pub verdict: Prose,
    /// How it is marked.
    pub mark: Option<Mark>,
    /// One short paragraph; may be empty.
    pub paragraph: Prose,
    /// The facts it rests on, the foremost first.
    pub evidence: Vec<Evidence>,
    /// The field that decides, or who does; may be empty.
    pub decided_by: String,
    /// The line of the manifest that holds that field.
    pub line: Option<usize>,
    /// What would end the wait; may be empty.
    pub ends_when: Prose,
    /// A page of the documentation.
    pub docs: Option<Page>,
    /// What a person can do about it.
    pub ways: Vec<Way>,
    /// What else can be asked: buttons that type it.
    pub asks: Vec<Entry>,
    /// Where it comes from: a line of the manifest, a line of the terminal; each as what a button says, and the token of its spot.
    pub comes_from: Vec<(String, String)>,
    /// What is at risk.
    pub hazard: Option<Hazard>,
    /// Whether nobody asked, so that not everything is said.
    pub brief: bool,
}

impl Why {
    /// Whether all is well, and nobody asked: the verdict says it all.
    pub fn is_still(&self) -> bool {
        let is_well = |mark: &Mark| mark.1 == Hue::Ready;
        let all_well = self.mark.as_ref().is_some_and(is_well) && self.evidence.iter().all(|fact| is_well(&fact.mark));
        self.brief && all_well && self.ways.is_empty() && self.hazard.is_none()
    }

    /// Who holds up what the verdict is about, as a sentence, where a fact says so; else the first fact of what waits.
    pub fn holder(&self) -> Option<Prose> {
        let waits = |hue: Hue| matches!(hue, Hue::Wait | Hue::Danger);
        let says = || self.evidence.iter().filter(|fact| fact.fact.0.len() > 1);
        let is_open = self.mark.is_some_and(|mark| waits(mark.1));
        let found = says().find(|fact| waits(fact.mark.1)).or_else(|| says().next().filter(|_| is_open));
        found.map(|fact| fact.fact.ended())
    }

    /// The same as a story: who is under way, and who waits for it; the verdict where nobody waits.
    pub fn story(&self) -> Vec<(Mark, Prose)> {
        let says_something = |fact: &&Evidence| !matches!(fact.fact.0.as_slice(), [Piece::Name(_)]);
        let under_way = self.evidence.iter().filter(|fact| fact.mark.1 == Hue::Wait).filter(says_something);
        let sentence = |fact: &Evidence| (fact.mark, fact.fact.ended());
        let mut told: Vec<_> = under_way.take(2).map(sentence).collect();
        if told.is_empty() {
            told.extend(self.mark.map(|mark| (mark, self.verdict.clone())));
        }
        told
    }
}

/// An explanation and its facts, to which what decides and what can be done is added.
pub(super) fn assemble(subject: &str, told: &Explanation, mark: Mark, evidence: Vec<Evidence>) -> Why {
    Why {
        subject: subject.to_owned(),
        verdict: Prose::read(&told.verdict),
        mark: Some(mark),
        paragraph: Prose::read(&told.paragraph),
        evidence,
        decided_by: String::new(),
        line: None,
        ends_when: Prose::read(&told.ends_when),
        ways: Vec::new(),
        asks: Vec::new(),
        comes_from: Vec::new(),
        hazard: None,
        brief: false,
        docs: None,
    }
}

/// The mark of a decision.
pub(super) fn verdict_mark(verdict: Verdict) -> Mark {
    match verdict {
        Verdict::Acts => Mark(Glyph::Check, Hue::Ink),
        Verdict::Waits => Mark(Glyph::Absent, Hue::Wait),
        Verdict::Refused => Mark(Glyph::Bad, Hue::Danger),
        Verdict::Done => Mark(Glyph::Check, Hue::Ready),
    }
}
