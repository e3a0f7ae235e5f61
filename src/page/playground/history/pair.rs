//! Two branches on one clock: the one shown, and the one beside it, which advances along with it.
//!
//! Twins are two branches that differ only in a manifest or the release, but not in what was done: an action on one is repeated on the
//! other while it is beside it. Any other two branches only share the clock.
//!
//! Promises: at the instant shown, the branch beside is in the state in which it would be shown itself; if a run was told to stop before
//! that, it lags and catches up with the next run. Acting on one twin alone ends their being twins.

use std::rc::Rc;

use super::History;
use super::branch::Branch;
use super::input::{Act, Input, perform, prepare};
use crate::{Goal, Pace, Playground};
use api::release::Release;
use base::time::Time;
use sim::Setup;

/// The most characters of a line that distinguish two manifests.
const MAX_DIFFERENCE: usize = 48;
/// If the line is longer than this, in bytes, only its value is used.
const DIFFERENCE_LONG: usize = 20;

/// A branch at an instant.
#[derive(Clone, Debug)]
pub(super) struct BranchAt {
    pub branch: u32,
    pub state: Playground,
    /// How many of the branch's inputs have gone into the state.
    pub done: usize,
}

/// What distinguishes a run: its release, and a transformation of its manifests.
pub struct Variant<'a> {
    pub release: &'static Release,
    /// The variant's version of a manifest of the run shown.
    pub manifest: &'a dyn Fn(&str) -> String,
}

impl BranchAt {
    /// The last state that a branch has kept up to an instant.
    pub fn last_of(branch: &Branch, until: Time) -> BranchAt {
        let last = branch.checkpoints.before(until);
        BranchAt { branch: branch.id, state: (*last.state).clone(), done: last.done }
    }

    /// Advances along its branch to an instant, repeating inputs on the way, or until `go_on` returns false.
    pub fn follow(&mut self, branch: &mut Branch, until: Time, go_on: &mut dyn FnMut() -> bool) -> Pace {
        loop {
            let next = branch.inputs.get(self.done).filter(|input| input.at <= until);
            let pace = self.state.run(next.map_or(until, |input| input.at.max(self.state.now())), &mut *go_on);
            if branch.checkpoints.is_due(&self.state) {
                branch.checkpoints.keep(self.state.clone(), self.done);
            }
            match next {
                Some(input) if pace == Pace::Reached => {
                    if !prepare(&mut self.state, input, go_on) {
                        break Pace::Stopped;
                    }
                    perform(&mut self.state, input);
                }
                _ => break pace,
            }
            self.done += 1;
            if !go_on() {
                break Pace::Stopped;
            }
        }
    }
}

impl History {
    /// The branch beside the one shown, and its state at the instant shown.
    pub fn beside(&self) -> Option<(&Branch, &Playground)> {
        let place = self.beside.as_ref()?;
        Some((self.branches.iter().find(|branch| branch.id == place.branch)?, &place.state))
    }

    /// Puts another branch beside the one shown; `None`, or a branch that does not exist, puts none there.
    pub fn put_beside(&mut self, id: Option<u32>) {
        self.place_beside(id);
        self.follow(&mut || true);
    }

    /// [`History::put_beside`] in a state at or before the instant shown.
    pub(super) fn place_beside(&mut self, id: Option<u32>) {
        self.put_back();
        self.beside = id.and_then(|id| self.place_of(id));
    }

    /// Ends all comparing: only the branch shown is kept.
    pub fn forget_others(&mut self) {
        (self.beside, self.current().twin) = (None, None);
        let shown = self.branch().id;
        self.branches.retain(|branch| branch.id == shown);
    }

    /// Whether actions on the branch shown are repeated on the one beside it.
    pub fn is_twinned(&self) -> bool {
        let shown = self.branch();
        self.beside().is_some_and(|(branch, _)| shown.twin == Some(branch.id) && branch.twin == Some(shown.id))
    }

    /// Swaps the branch shown with the one beside it, at the same instant.
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

    /// What distinguishes a branch from its twin: its release, or a line of its manifest, or the value of a long line; `None` if it has no
    /// twin.
    pub fn difference(&self, branch: &Branch) -> Option<String> {
        let twin = self.branches.iter().find(|twin| Some(twin.id) == branch.twin)?;
        if branch.release != twin.release {
            return Some(format!("Kubernetes {}", branch.release.name));
        }
        let (own, other) = (self.text_of(branch), self.text_of(twin));
        let line = own.lines().find(|line| !other.lines().any(|same| same == *line)).map(str::trim)?;
        let value = line.split_once(": ").filter(|_| line.len() > DIFFERENCE_LONG).map_or(line, |(_, value)| value);
        Some(value.chars().take(MAX_DIFFERENCE).collect())
    }

    /// Creates two twins that repeat everything done up to the instant shown, and shows the first. The branch shown is reused if one of the
    /// variants does not change it. Returns whether the two differ in anything that was asked for; `None` if `go_on` returned false before
    /// all was replayed, and the end is left out.
    #[must_use]
    pub fn vary(&mut self, variants: &[Variant; 2], mut go_on: impl FnMut() -> bool) -> Option<bool> {
        let mut whole = true;
        let mut go_on = || {
            whole &= go_on();
            whole
        };
        let text = self.present.manifest().to_owned();
        let texts = [0, 1].map(|side| (variants[side].manifest)(&text));
        let releases = [0, 1].map(|side| self.release_for(variants[side].release));
        let differ = texts[0] != texts[1] || releases[0] != releases[1];
        let (shown, inputs) = (self.branch().id, self.inputs().to_vec());
        let mut ids = [shown; 2];
        for (side, variant) in variants.iter().enumerate() {
            let same = |input: &Input| (variant.manifest)(&input.manifest) == *input.manifest;
            let same = releases[side] == self.branch().release && texts[side] == text && inputs.iter().all(same);
            ids[side] = match same {
                true if !self.is_past() && (side == 0 || ids[0] != shown) => shown,
                true => self.branch_off(),
                false => {
                    let varied = |input: &Input| Input { manifest: (variant.manifest)(&input.manifest).into(), ..input.clone() };
                    self.grow(releases[side], &texts[side], inputs.iter().map(varied).collect(), &mut go_on)
                }
            };
        }
        self.make_twins(ids, &texts);
        whole.then_some(differ)
    }

    /// The same run restarted on a release, without inputs: the editors' texts stay, and so do a cluster that stood at its start, which
    /// keeps its release, and a twin beside it.
    #[must_use]
    pub fn begin_again(&self, release: &'static Release) -> History {
        let setup = Setup { release: self.release_for(release), ..self.setup.clone() };
        let mut new = History::from(setup, self.standing.clone(), self.present.manifest(), self.lang);
        if let Some((branch, _)) = self.beside().filter(|_| self.is_twinned()) {
            let (shown, own, other) = (new.branch().id, new.present.manifest().to_owned(), self.text_of(branch).to_owned());
            let twin = new.grow(branch.release, &other, Vec::new(), &mut || true);
            new.make_twins([shown, twin], &[own, other]);
        }
        new
    }

    /// The text in a branch's editor.
    pub fn text_of<'a>(&'a self, branch: &'a Branch) -> &'a str {
        branch.text.as_deref().filter(|_| branch.id != self.branch().id).unwrap_or(self.present.manifest())
    }

    /// Repeats on the twin what is about to be done on the branch shown; if it is not beside it, the two are twins no longer.
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

    /// Advances the branch beside to the instant shown.
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

    /// Moves the branch beside to the instant shown, which may be in its past.
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
        if pace == Pace::Reached && quiet > self.present.now() { self.go_alone(Goal::Until(quiet), go_on) } else { pace }
    }

    /// The next visible change on the branch beside; `None` if there is no such branch or change.
    pub(super) fn next_change_beside(&self, go_on: &mut dyn FnMut() -> bool) -> Option<Time> {
        let mut state = self.beside.as_ref()?.state.clone();
        let before = state.timeline().changes();
        state.step(go_on);
        (state.timeline().changes() != before).then(|| state.now())
    }

    /// Whether anything happens on the branch beside between the instant shown and the furthest it has reached.
    pub(super) fn has_future_beside(&self) -> bool {
        let Some((place, (branch, state))) = self.beside.as_ref().zip(self.beside()) else { return false };
        place.done < branch.inputs.len() || branch.head().is_some_and(|head| head.sim().steps() > state.sim().steps())
    }

    /// Leaves the branch beside at its furthest state.
    pub(super) fn put_back(&mut self) {
        let Some(place) = self.beside.take() else { return };
        if let Some(branch) = self.branches.iter_mut().find(|branch| branch.id == place.branch) {
            branch.head.get_or_insert_with(|| Rc::new(place.state));
            branch.rest();
        }
    }

    /// A branch that leaves the one beside at the same instant as `shown` leaves its origin; the two new branches are twins.
    pub(super) fn fork_twin(&mut self, shown: &mut Branch) {
        let Some((place, (branch, state))) = self.beside.as_ref().zip(self.beside()) else { return };
        let mut twin = branch.begin(shown.id + 1, state.now(), place.done);
        (shown.twin, twin.twin) = (Some(twin.id), Some(shown.id));
        let place = BranchAt { branch: twin.id, ..place.clone() };
        self.put_back();
        self.counted += 1;
        self.branches.insert(self.branches.len() - 1, twin);
        self.beside = Some(place);
    }

    /// Saves the editor's text with the branch shown, if branches have texts of their own.
    pub(super) fn keep_text(&mut self) {
        let text = self.present.manifest().to_owned();
        if let Some(own) = &mut self.current().text {
            *own = text;
        }
    }

    /// Restores the editor's text of the branch shown, or else the text from before.
    pub(super) fn restore_text(&mut self, carried: String) {
        let text = self.branch().text.clone().unwrap_or(carried);
        if self.present.manifest() != text {
            self.present.edit(text, self.lang);
        }
    }

    /// Moves a branch to the end of the list, where the one shown is.
    pub(super) fn bring_forward(&mut self, id: u32) {
        if let Some(at) = self.branches.iter().position(|branch| branch.id == id) {
            let branch = self.branches.remove(at);
            self.branches.push(branch);
        }
    }

    /// A state of a branch at or before the instant shown.
    fn place_of(&mut self, id: u32) -> Option<BranchAt> {
        let now = self.present.now();
        if id == self.branch().id {
            return None;
        }
        let branch = self.branches.iter_mut().find(|branch| branch.id == id)?;
        let mut place = match branch.head.take_if(|head| head.now() <= now) {
            Some(head) => BranchAt { branch: id, done: branch.inputs.len(), state: Rc::unwrap_or_clone(head) },
            None => BranchAt::last_of(branch, now),
        };
        place.state.zero = self.present.zero;
        Some(place)
    }

    /// A new branch equal to the one shown at the instant shown; returns its number.
    fn branch_off(&mut self) -> u32 {
        self.counted += 1;
        let mut branch = self.branch().begin(self.counted, self.present.now(), self.done);
        branch.head = Some(Rc::new(self.present.clone()));
        self.add_at_rest(branch).id
    }

    /// A new branch from the start of the run with these inputs; returns its number.
    fn grow(&mut self, release: &'static Release, text: &str, inputs: Vec<Input>, go_on: &mut dyn FnMut() -> bool) -> u32 {
        self.counted += 1;
        let state = self.beginning(release, text);
        let branch = Branch { id: self.counted, inputs, ..Branch::first(&state, release) };
        self.live(branch, self.present.now(), go_on).id
    }

    /// Adds a branch that is not shown, and lives it from its last checkpoint to an instant; inputs beyond where `go_on` ends it are lost.
    fn live(&mut self, mut branch: Branch, until: Time, go_on: &mut dyn FnMut() -> bool) -> &Branch {
        let mut place = BranchAt::last_of(&branch, until);
        place.follow(&mut branch, until, go_on);
        self.add_lived(branch, place)
    }

    /// Adds a branch that is not shown and was lived to a place; inputs beyond are lost.
    pub(super) fn add_lived(&mut self, mut branch: Branch, place: BranchAt) -> &Branch {
        branch.inputs.truncate(place.done);
        branch.head = Some(Rc::new(place.state));
        self.add_at_rest(branch)
    }

    /// Adds a branch that is not shown.
    fn add_at_rest(&mut self, branch: Branch) -> &Branch {
        self.make_room();
        let last = self.branches.len() - 1;
        self.branches.insert(last, branch);
        &self.branches[last]
    }

    /// Makes two branches twins with a text each, and shows the first beside the second. From now on every branch has its own text.
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
