//! How a search begins: what of the manifest the server takes, and a start at rest, mended where it is stuck.

use api::kind::Kind;
use base::value::Value;
use intake::verdict::is_well;
use view::manifest::objects;

use super::super::acts::offered;
use super::super::course::{Course, Courses};
use super::super::judge::of_start;
use super::super::mend::MENDS;
use super::super::outcome::{Covered, Phase};
use super::super::player::{Player, State};
use super::super::same::{Known, print};
use super::super::start::Start;
use super::Search;

impl Search {
    /// Whether every set of the manifest was accepted, and there is one.
    pub fn is_accepted(&self) -> bool {
        let is_other = |object: &Option<Value>| {
            object.as_ref().is_some_and(|object| object.text_at(&["kind"]).is_some_and(|kind| kind != Kind::StatefulSet.info().name))
        };
        self.base.as_ref().is_some_and(|base| !base.watches.is_empty()) && self.refused_objects().iter().all(|(_, object)| is_other(object))
    }

    /// What was refused of the manifest: the line, counted from 1, and the server's words.
    pub fn refused(&self) -> impl Iterator<Item = (usize, String)> {
        let refusals = self.base.iter().flat_map(|base| &base.world.verdicts().refusals);
        refusals.map(|refusal| (refusal.place.as_ref().map_or(1, |place| place.line), refusal.words.clone()))
    }

    /// What is left out of the search, as the server refuses it: the line, and the object where it can be read.
    pub fn refused_objects(&self) -> Vec<(usize, Option<Value>)> {
        let Start::Manifest { text, .. } = &self.start else { return Vec::new() };
        let lines: Vec<usize> = self.refused().map(|(line, _)| line).collect();
        let documents = if lines.is_empty() { Vec::new() } else { objects(&yaml::parse(text)) };
        let of =
            |line: usize| documents.iter().rev().find(|document| document.span.line <= line).and_then(|document| document.value.clone());
        lines.into_iter().map(|line| (line, of(line))).collect()
    }

    /// Lets the start come to rest, and applications acknowledge writes.
    pub(super) fn settle(&mut self) {
        let Some((player, wrote)) = &mut self.settling else { return };
        let rests = player.step();
        self.events.0 = player.events();
        if !rests {
            return;
        }
        let mut state = player.state.clone();
        let writes = Start::writes(&state.world);
        if !*wrote && !writes.is_empty() {
            self.settling = Some((Player::new(state, &[&writes]), true));
            return;
        }
        state.watch();
        let is_stuck = state.watches.iter().any(|(set, _)| !is_well(state.world.sim(), set));
        if !is_stuck || !self.options.prevents {
            return self.begin_at(state);
        }
        let (stuck, next) = self.stuck.take().unwrap_or((state, 0));
        let mut mends = (next..).zip(&MENDS[next..]);
        match mends.find_map(|(place, (what, mend))| Some((place, what, self.asked.mended(*mend)?))) {
            Some((place, what, start)) => {
                self.set_out(start);
                (self.mended, self.stuck) = (what, Some((stuck, place + 1)));
            }
            None => {
                self.set_out(self.asked.clone());
                (self.mended, self.settling) = ("", None);
                self.begin_at(stuck);
            }
        }
    }

    /// Begins to let a start come to rest.
    fn set_out(&mut self, start: Start) {
        self.assumed = start.assumed();
        let (world, lines) = start.begin(&self.assumed);
        (self.settling, self.start) = (Some((Player::new(State::new(world), &[&lines]), false)), start);
    }

    /// Begins the search at a start that rests.
    fn begin_at(&mut self, state: State) {
        if let Some((stuck, _)) = self.stuck.take() {
            self.base = Some(stuck.clone());
            self.note(of_start(&stuck), &Course::new(), [&stuck.inputs; 2]);
        }
        self.acts = offered(state.world.sim(), self.start.is_foreign());
        self.known = Known::of(&state);
        self.met.insert(print(&state, &self.known, std::iter::empty()), ());
        self.alone = vec![Vec::new(); self.acts.len()];
        self.events.1 = self.events.0;
        self.courses = Courses::new(&self.acts, &self.options);
        let covered = |depth| Covered { courses: self.courses.count(depth), ..Covered::default() };
        self.covered = (1..=self.options.depth).map(covered).collect();
        let shown = of_start(&state);
        self.base = Some(state.clone());
        self.note(shown, &Course::new(), [&state.inputs; 2]);
        (self.settling, self.phase) = (None, if self.is_accepted() { Phase::Tries } else { Phase::Done });
    }
}
