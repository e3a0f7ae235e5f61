//! How a search begins: what of the manifest the server takes, and a start at rest, mended where it is stuck.

use std::rc::Rc;

use api::kind::Kind;
use base::value::Value;
use causes::blame::is_well;
use playground::documents::objects;
use playground::outdated;

use super::super::acts::offered;
use super::super::course::Course;
use super::super::courses::Courses;
use super::super::form::unrendered;
use super::super::judge::{nameless, of_start};
use super::super::mend::MENDS;
use super::super::outcome::{Covered, Phase};
use super::super::player::{Player, State};
use super::super::same::print;
use super::super::start::{Start, printed};
use super::Search;

/// A start that waits for what nobody brings.
#[derive(Clone, Debug)]
pub(super) struct Stuck {
    start: Start,
    state: State,
    /// The next of [`MENDS`] to be tried.
    next: usize,
}

impl Search {
    /// Whether all that is searched was accepted, and there is a set in it.
    pub fn is_accepted(&self) -> bool {
        self.base.as_ref().is_some_and(|base| base.refused.is_empty() && !base.watches.is_empty())
    }

    /// What was refused of the manifest: the line, counted from 1, and the server's words.
    pub fn refused(&self) -> impl Iterator<Item = (usize, String)> {
        let refused = self.base.iter().flat_map(|base| base.refused.iter());
        refused.map(|one| (one.line.unwrap_or(1), one.words.clone()))
    }

    /// What has to be done with a text that is no manifest yet, in a sentence; `None` for a manifest and a cluster.
    pub fn unrendered(&self) -> Option<String> {
        if let Start::Manifest { text, .. } = &self.asked { unrendered(text) } else { None }
    }

    /// The objects that are left out of the search, as the server refuses them, each with its line.
    pub fn left_out(&self) -> &[(usize, Value)] {
        &self.left_out
    }

    /// The objects whose version no release serves, each with its line. They are searched as their kinds are served.
    pub fn renewed(&self) -> &[(usize, Value)] {
        &self.renewed
    }

    /// The start with objects of a version that is gone as their kinds are served, and these; `None` where there are none.
    fn with_renewed(&self, state: &State) -> Option<(Start, Vec<(usize, Value)>)> {
        let Start::Manifest { setup, text } = &self.start else { return None };
        let documents = if state.refused.is_empty() { Vec::new() } else { objects(&yaml::parse(text)) };
        let (mut all, mut old) = (Vec::new(), Vec::new());
        for document in &documents {
            let value = document.value.clone()?;
            let new = outdated::renewed(&value);
            all.push(new.clone().unwrap_or_else(|| value.clone()));
            old.extend(new.map(|_| (document.span.line, value)));
        }
        (!old.is_empty()).then(|| (Start::Manifest { setup: Rc::clone(setup), text: printed(&all) }, old))
    }

    /// The start without what a state shows to be refused, and that; `None` where a set is refused, or what cannot be read.
    fn without_refused(&self, state: &State) -> Option<(Start, Vec<(usize, Value)>)> {
        let Start::Manifest { setup, text } = &self.start else { return None };
        let lines: Vec<usize> = state.refused.iter().map(|one| one.line).collect::<Option<_>>()?;
        let documents = if lines.is_empty() { Vec::new() } else { objects(&yaml::parse(text)) };
        let is_refused = |at: usize| {
            let ends = documents.get(at + 1).map_or(usize::MAX, |next| next.span.line);
            lines.iter().any(|line| (documents[at].span.line..ends).contains(line))
        };
        let (refused, kept): (Vec<usize>, Vec<usize>) = (0..documents.len()).partition(|at| is_refused(*at));
        let line = |at: usize| Some((documents[at].span.line, documents[at].value.clone()?));
        let refused: Vec<(usize, Value)> = refused.into_iter().map(line).collect::<Option<_>>()?;
        let is_other = |(_, object): &(usize, Value)| object.text_at(&["kind"]).is_some_and(|kind| kind != Kind::StatefulSet.info().name);
        let kept: Vec<Value> = kept.into_iter().filter_map(|at| documents[at].value.clone()).collect();
        let start = || Start::Manifest { setup: Rc::clone(setup), text: printed(&kept) };
        (!refused.is_empty() && refused.iter().all(is_other)).then(|| (start(), refused))
    }

    /// Lets the start come to rest, and applications acknowledge writes.
    pub(super) fn settle(&mut self) {
        let Some((player, wrote)) = &mut self.settling else { return };
        let rests = player.step();
        if !rests {
            return;
        }
        self.events.0 = player.events();
        let mut state = player.state.clone();
        let writes = Start::writes(&state.world.sim);
        if !*wrote && !writes.is_empty() {
            self.settling = Some((Player::new(state, &[&writes]), true));
            return;
        }
        if let Some((start, renewed)) = self.with_renewed(&state) {
            self.renewed.extend(renewed);
            return self.set_out(start);
        }
        if let Some((start, refused)) = self.without_refused(&state) {
            self.left_out.extend(refused);
            return self.set_out(start);
        }
        state.watch();
        let is_stuck = state.watches.iter().any(|(set, _)| !is_well(&state.world.sim, set));
        if !is_stuck || !self.options.prevents {
            return self.begin_at(state);
        }
        let Stuck { start, state, next } = self.stuck.take().unwrap_or_else(|| Stuck { start: self.start.clone(), state, next: 0 });
        let mut mends = (next..).zip(&MENDS[next..]);
        if let Some((next, what, mended)) = mends.find_map(|(at, (what, mend))| Some((at + 1, what, start.mended(*mend)?))) {
            self.set_out(mended);
            (self.mended, self.stuck) = (what, Some(Stuck { start, state, next }));
        } else {
            self.set_out(start);
            self.mended = "";
            self.begin_at(state);
        }
    }

    /// Begins to let a start come to rest.
    fn set_out(&mut self, start: Start) {
        (self.settling, self.start) = (Some((Player::new(start.begin(), &[]), false)), start);
    }

    /// Begins the search at a start that rests.
    fn begin_at(&mut self, mut state: State) {
        if let Some(Stuck { state: stuck, .. }) = self.stuck.take() {
            let (shown, inputs) = (of_start(&stuck), [stuck.inputs.clone(), stuck.inputs.clone()]);
            self.base = Some(stuck);
            self.note(shown, &Course::new(), inputs);
        }
        self.acts = offered(&state.world.sim, self.start.is_foreign());
        self.met.insert(print(&mut state, std::iter::empty()), ());
        self.alone = vec![Vec::new(); self.acts.len()];
        self.events.1 = self.events.0;
        self.courses = Courses::new(&self.acts, &self.options);
        let covered = |depth| Covered { courses: self.courses.count(depth), ..Covered::default() };
        self.covered = (1..=self.options.depth).map(covered).collect();
        let (shown, inputs) = (of_start(&state), [state.inputs.clone(), state.inputs.clone()]);
        if self.options.prevents && !self.start.is_foreign() {
            self.nameless = nameless(&state);
        }
        self.base = Some(state);
        self.note(shown, &Course::new(), inputs);
        (self.settling, self.phase) = (None, if self.is_accepted() { Phase::Tries } else { Phase::Done });
    }
}
