//! Two branches on one clock: the one shown, and the one beside it, which keeps going as time passes.
//!
//! Twins are two branches that differ in a manifest or in the release and in nothing that was done: what is done on one, while the other
//! stands beside it, is done on both. Any other two branches only share the clock.
//!
//! Promises: at the instant shown, the branch beside is what it would be if it were shown itself; if a run was told to stop before
//! that, it lags and catches up with the next run. Acting on one twin alone ends what the two have in common.

use std::rc::Rc;

use super::{Act, Branch, History, Input, perform};
use crate::api::release::Release;
use crate::base::time::Time;
use crate::playground::{Goal, Pace, Playground};
use crate::sim::Setup;

/// How much of a line tells two manifests apart, in characters.
const DIFFERENCE_MOST: usize = 48;
/// Of a line longer than this, in bytes, the value alone does.
const DIFFERENCE_LONG: usize = 20;

/// A branch at an instant.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub branch: u32,
    pub state: Playground,
    /// How many of the branch's inputs are in it.
    pub done: usize,
}

/// What makes a run another: its release, and what becomes of a manifest.
pub struct Variant<'a> {
    /// The release.
    pub release: &'static Release,
    /// A manifest of the run shown, as it is in this one.
    pub manifest: &'a dyn Fn(&str) -> String,
}

impl Place {
    /// Goes on along its branch up to an instant, with what was done on the way, or until `go_on` says no.
    fn follow(&mut self, branch: &mut Branch, until: Time, go_on: &mut dyn FnMut() -> bool) -> Pace {
        loop {
            let next = branch.inputs.get(self.done).filter(|input| input.at <= until);
            let pace = self.state.run(next.map_or(until, |input| input.at.max(self.state.now())), &mut *go_on);
            if branch.checkpoints.is_due(&self.state) {
                branch.checkpoints.keep(Rc::new(self.state.clone()), self.done);
            }
            match next {
                Some(input) if pace == Pace::Reached => perform(&mut self.state, input),
                _ => break pace,
            }
            self.done += 1;
        }
    }
}

impl History {
    /// The branch beside the one shown, and what it is at the instant shown.
    pub fn beside(&self) -> Option<(&Branch, &Playground)> {
        let place = self.beside.as_ref()?;
        Some((self.branches.iter().find(|branch| branch.id == place.branch)?, &place.state))
    }

    /// Puts another branch beside the one shown; `None` for none, as where there is no such branch.
    pub fn put_beside(&mut self, id: Option<u32>) {
        self.put_back();
        self.beside = id.and_then(|id| self.place_of(id));
        self.follow(&mut || true);
    }

    /// Whether what is done on the branch shown is done on the one beside it too.
    pub fn is_twinned(&self) -> bool {
        let shown = self.branch();
        self.beside().is_some_and(|(branch, _)| shown.twin == Some(branch.id) && branch.twin == Some(shown.id))
    }

    /// Shows the branch beside in the place of the one shown, at the same instant.
    pub fn swap(&mut self) {
        let Some(mut place) = self.beside.take() else { return };
        let (left, carried) = (self.branch().id, self.present.manifest().to_owned());
        self.keep_text();
        std::mem::swap(&mut self.present, &mut place.state);
        std::mem::swap(&mut self.done, &mut place.done);
        self.bring_forward(place.branch);
        place.branch = left;
        self.beside = Some(place);
        self.restore_text(carried);
    }

    /// What tells a branch from its twin: its release, or a line of its manifest, of a long one the value; `None` for a branch that has no
    /// twin.
    pub fn difference(&self, branch: &Branch) -> Option<String> {
        let twin = self.branches.iter().find(|twin| Some(twin.id) == branch.twin)?;
        if branch.release != twin.release {
            return Some(format!("Kubernetes {}", branch.release.name));
        }
        let (own, other) = (self.text_of(branch), self.text_of(twin));
        let line = own.lines().find(|line| !other.lines().any(|same| same == *line)).map(str::trim)?;
        let value = line.split_once(": ").filter(|_| line.len() > DIFFERENCE_LONG).map_or(line, |(_, value)| value);
        Some(value.chars().take(DIFFERENCE_MOST).collect())
    }

    /// Begins two twins in which everything that was done up to the instant shown is done again, and shows the first. The branch shown is
    /// one of them where nothing of it changes. Gives up at what could not be played before `go_on` says no; whether the two differ in
    /// anything that was asked for.
    pub fn vary(&mut self, variants: &[Variant; 2], mut go_on: impl FnMut() -> bool) -> bool {
        let text = self.present.manifest().to_owned();
        let texts = [0, 1].map(|side| (variants[side].manifest)(&text));
        let differ = texts[0] != texts[1] || variants[0].release != variants[1].release;
        let (shown, inputs) = (self.branch().id, self.inputs().to_vec());
        let mut ids = [shown; 2];
        for (side, variant) in variants.iter().enumerate() {
            let same = |input: &Input| (variant.manifest)(&input.manifest) == *input.manifest;
            let same = variant.release == self.branch().release && texts[side] == text && inputs.iter().all(same);
            ids[side] = match same {
                true if !self.is_past() && (side == 0 || ids[0] != shown) => shown,
                true => self.branch_off(),
                false => {
                    let varied = |input: &Input| Input { manifest: (variant.manifest)(&input.manifest).into(), ..input.clone() };
                    self.grow(variant.release, &texts[side], inputs.iter().map(varied).collect(), &mut go_on)
                }
            };
        }
        self.make_twins(ids, &texts);
        differ
    }

    /// The same run from its start on a release, with nothing done yet: the texts in the editors stay, and the twin beside.
    #[must_use]
    pub fn begin_again(&self, release: &'static Release) -> History {
        let setup = Setup { release, ..self.setup.clone() };
        let mut new = History::new(&setup, self.present.manifest());
        if let Some((branch, _)) = self.beside().filter(|_| self.is_twinned()) {
            new.add_twin(branch.release, self.text_of(branch).to_owned(), Vec::new(), &mut || true);
        }
        new
    }

    /// What stands in the editor of a branch.
    pub(super) fn text_of<'a>(&'a self, branch: &'a Branch) -> &'a str {
        branch.text.as_deref().filter(|_| branch.id != self.branch().id).unwrap_or(self.present.manifest())
    }

    /// Puts a twin beside the branch shown: of another release, with other manifests in what was done.
    pub(super) fn add_twin(&mut self, release: &'static Release, text: String, inputs: Vec<Input>, go_on: &mut dyn FnMut() -> bool) {
        let (shown, own) = (self.branch().id, self.present.manifest().to_owned());
        let twin = self.grow(release, &text, inputs, go_on);
        self.make_twins([shown, twin], &[own, text]);
    }

    /// Does on the twin beside what is about to be done on the branch shown; without one beside, the branch has no twin any more.
    pub(super) fn mirror(&mut self, act: &Act) {
        if !self.is_twinned() {
            let (shown, twin) = (self.branch().id, self.current().twin.take());
            for branch in self.branches.iter_mut().filter(|branch| Some(branch.id) == twin && branch.twin == Some(shown)) {
                branch.twin = None;
            }
            return;
        }
        let Some(place) = &mut self.beside else { return };
        let Some(branch) = self.branches.iter_mut().find(|branch| branch.id == place.branch) else { return };
        let text = branch.text.as_deref().unwrap_or_default();
        let manifest = match branch.inputs.last() {
            Some(last) if *last.manifest == *text => Rc::clone(&last.manifest),
            _ => text.into(),
        };
        let input = Input { at: self.present.now(), act: act.clone(), manifest, lang: self.lang, tab: self.present.tabs().1 };
        perform(&mut place.state, &input);
        place.done += 1;
        branch.head = None;
        branch.inputs.push(input);
    }

    /// Brings the branch beside up to the instant shown.
    pub(super) fn follow(&mut self, go_on: &mut dyn FnMut() -> bool) -> Pace {
        let now = self.present.now();
        let Some(place) = &mut self.beside else { return Pace::Reached };
        let Some(branch) = self.branches.iter_mut().find(|branch| branch.id == place.branch) else {
            self.beside = None;
            return Pace::Reached;
        };
        let pace = place.follow(branch, now, go_on);
        if place.done == branch.inputs.len() && branch.head.as_ref().is_some_and(|head| head.now() <= place.state.now()) {
            branch.head = None;
        }
        pace
    }

    /// Brings the branch beside to the instant shown, which may lie before.
    pub(super) fn rejoin(&mut self) {
        let Some(place) = &self.beside else { return };
        if place.state.now() <= self.present.now() && place.branch != self.branch().id {
            self.follow(&mut || true);
        } else {
            self.put_beside(Some(place.branch));
        }
    }

    /// Lets time pass until nothing is left to do on the branch beside either.
    pub(super) fn run_until_quiet_beside(&mut self, go_on: &mut dyn FnMut() -> bool) -> Pace {
        let done = self.beside().map_or(0, |(branch, _)| branch.inputs.len());
        let Some(place) = self.beside.as_mut().filter(|place| place.done == done) else { return Pace::Reached };
        let pace = place.state.run_until_quiet(&mut *go_on);
        let quiet = place.state.now();
        self.follow(go_on);
        if pace == Pace::Reached && quiet > self.present.now() { self.go_alone(Goal::Instant, Some(quiet), go_on) } else { pace }
    }

    /// When the branch beside changes next in a way that can be seen; `None` without one, or where nothing is ahead.
    pub(super) fn next_change_beside(&self, go_on: &mut dyn FnMut() -> bool) -> Option<Time> {
        let mut state = self.beside.as_ref()?.state.clone();
        let before = state.timeline().changes();
        state.step(go_on);
        (state.timeline().changes() != before).then(|| state.now())
    }

    /// Whether something happens on the branch beside between the instant shown and the furthest that it has come.
    pub(super) fn has_future_beside(&self) -> bool {
        let Some((place, (branch, state))) = self.beside.as_ref().zip(self.beside()) else { return false };
        place.done < branch.inputs.len() || branch.head().is_some_and(|head| head.sim().steps() > state.sim().steps())
    }

    /// Leaves the branch beside as far as it has come.
    pub(super) fn put_back(&mut self) {
        let Some(place) = self.beside.take() else { return };
        if let Some(branch) = self.branches.iter_mut().find(|branch| branch.id == place.branch) {
            branch.head.get_or_insert_with(|| Rc::new(place.state));
            branch.rest();
        }
    }

    /// A branch that leaves the one beside where a branch leaves the one shown; each is the other's twin.
    pub(super) fn fork_twin(&mut self, shown: &mut Branch) {
        let Some((place, (branch, state))) = self.beside.as_ref().zip(self.beside()) else { return };
        let mut twin = branch.begin(shown.id + 1, state.now(), place.done);
        (shown.twin, twin.twin) = (Some(twin.id), Some(shown.id));
        let place = Place { branch: twin.id, ..place.clone() };
        self.put_back();
        self.counted += 1;
        self.branches.insert(self.branches.len() - 1, twin);
        self.beside = Some(place);
    }

    /// Keeps the text in the editor with the branch shown, where branches have texts of their own.
    pub(super) fn keep_text(&mut self) {
        let text = self.present.manifest().to_owned();
        if let Some(own) = &mut self.current().text {
            *own = text;
        }
    }

    /// Puts into the editor what belongs to the branch shown, or what was in it before.
    pub(super) fn restore_text(&mut self, carried: String) {
        let text = self.branch().text.clone().unwrap_or(carried);
        if self.present.manifest() != text {
            self.present.edit(text, self.lang);
        }
    }

    /// Puts a branch last: where the one shown stands.
    pub(super) fn bring_forward(&mut self, id: u32) {
        if let Some(at) = self.branches.iter().position(|branch| branch.id == id) {
            let branch = self.branches.remove(at);
            self.branches.push(branch);
        }
    }

    /// The last state of a branch that is known to lie not after the instant shown.
    fn place_of(&mut self, id: u32) -> Option<Place> {
        let now = self.present.now();
        if id == self.branch().id {
            return None;
        }
        let branch = self.branches.iter_mut().find(|branch| branch.id == id)?;
        if let Some(head) = branch.head.take_if(|head| head.now() <= now) {
            return Some(Place { branch: id, done: branch.inputs.len(), state: Rc::unwrap_or_clone(head) });
        }
        let checkpoint = branch.checkpoints.before(now);
        Some(Place { branch: id, done: checkpoint.done, state: (*checkpoint.state).clone() })
    }

    /// A branch that is as the one shown is at the instant shown; its number.
    fn branch_off(&mut self) -> u32 {
        self.counted += 1;
        let mut branch = self.branch().begin(self.counted, self.present.now(), self.done);
        branch.head = Some(Rc::new(self.present.clone()));
        self.add_at_rest(branch)
    }

    /// A branch from the start of the run, with all this done on it; its number.
    fn grow(&mut self, release: &'static Release, text: &str, inputs: Vec<Input>, go_on: &mut dyn FnMut() -> bool) -> u32 {
        self.counted += 1;
        let state = Playground::new(&Setup { release, ..self.setup.clone() }, text);
        let mut branch = Branch { id: self.counted, inputs, ..Branch::first(&state, release) };
        let mut place = Place { branch: branch.id, state, done: 0 };
        place.follow(&mut branch, self.present.now(), go_on);
        branch.inputs.truncate(place.done);
        branch.head = Some(Rc::new(place.state));
        self.add_at_rest(branch)
    }

    /// Adds a branch that is not shown.
    fn add_at_rest(&mut self, branch: Branch) -> u32 {
        let id = branch.id;
        self.make_room();
        let last = self.branches.len() - 1;
        self.branches.insert(last, branch);
        id
    }

    /// Makes two branches twins, gives each its text, and shows the first beside the second. From now on every branch has a text of its
    /// own.
    fn make_twins(&mut self, ids: [u32; 2], texts: &[String; 2]) {
        let carried = self.present.manifest().to_owned();
        for branch in &mut self.branches {
            branch.text.get_or_insert_with(|| carried.clone());
        }
        for side in [0, 1] {
            if let Some(branch) = self.branches.iter_mut().find(|branch| branch.id == ids[side]) {
                branch.twin = Some(ids[1 - side]);
                branch.text = Some(texts[side].clone());
            }
        }
        if ids[0] == self.branch().id {
            self.restore_text(carried);
        } else {
            self.return_to(ids[0]);
        }
        self.put_beside(Some(ids[1]));
    }
}
