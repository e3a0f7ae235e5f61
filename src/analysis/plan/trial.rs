//! One course: what is typed beside a copy of the world, and what comes of it.
//!
//! Promises: bounded in events and in virtual time; each call of [`Trial::step`] does a bounded piece of it.
//! Must not know: which courses are worth trying.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::by::Applied;
use crate::course::{Act, Course, End, Lost, Outcome, Refused, SetCourse, Why};
use crate::documents::is_left_out;
use crate::ends::Ends;
use crate::guess;
use crate::matter::{is_amiss, is_unread};
use crate::told::lines_of;
use crate::waited;
use crate::watch::{self, Incarnation};
use api::kind::Kind;
use api::object::{Name, Object, ObjectKey, Pod, StatefulSet};
use base::time::Span;
use causes::blame::is_well;
use causes::deleted::deletion_cause;
use causes::ground::of_link;
use causes::unplaced::{beyond_reach, unplaced};
use causes::waits::waits_for;
use causes::{Instant, command};
use playground::Playground;
use playground::experiment::{self, Bound, Bounds, Ended, Experiment};
use playground::typist::Typist;
use server::log::{Actor, Change as Write};
use sim::Sim;
use text::Lang;
use text::diagnose::Told;
use text::plan::{Says, Way};
use tools::asked::Asked;
use tools::{Step, Work};
use why::explain::explain;
use why::{Component, Seen};

/// How often it is asked within a piece whether to go on: a piece is at most 64 events.
const LOOKS: u32 = 8;
/// The most writes of a trial: fewer than the log keeps, so that all of them can be read at its end.
const MOST_WRITES: usize = server::LOG_LIMIT / 2;
/// For so long back pods that come and go count as restless.
const LATELY: Span = Span::seconds(600);

/// What a trial waits for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Phase {
    /// Nothing: the next act follows.
    Acts,
    /// What a line that was typed does at once.
    Begins,
    /// The end of a line.
    Answers,
    /// What a tool waits for.
    Works,
    /// Rest, after which the rest is done if the sets are as they should be.
    Proves,
    Settles,
    Over,
}

/// A course that is being tried.
#[derive(Clone, Debug)]
pub struct Trial {
    way: Way,
    given: Vec<Act>,
    before: Rc<Playground>,
    copy: Playground,
    left: VecDeque<Act>,
    phase: Phase,
    experiment: Experiment,
    /// The line typed last, and the line of the terminal before its answer.
    typed: Option<(String, Option<u64>)>,
    /// What a line of kubectl stands for that was typed last.
    by_line: Option<Rc<Asked>>,
    /// The tool at work.
    at_work: Option<(Rc<Asked>, Box<dyn Work>)>,
    applied: Option<Applied>,
    refused: Vec<Refused>,
    /// What lines print that write nothing.
    printed: Vec<Says>,
    /// How many writes there were before the line typed last.
    written: usize,
    blocked: Option<String>,
    /// What was not done, since a line before it failed.
    undone: Vec<Act>,
    /// Whether what is typed goes on after a line that failed, as in a shell without `&&`.
    goes_on: bool,
    /// What was typed after a line that failed.
    later: Vec<Act>,
    stopped: bool,
    restless: bool,
    /// Why pods went, by the position of the write.
    causes: Vec<(usize, Why)>,
    read: usize,
}

impl Trial {
    /// Begins at the present of a world.
    pub fn new(before: &Rc<Playground>, way: Way, acts: Vec<Act>) -> Trial {
        Trial {
            way,
            // A way that is offered is all of its lines.
            goes_on: way == Way::AsGiven && acts.iter().all(|act| matches!(act, Act::Line(_) | Act::Image(..))),
            later: Vec::new(),
            left: acts.iter().cloned().collect(),
            given: acts,
            copy: with_idle_tab(before),
            before: Rc::clone(before),
            phase: Phase::Acts,
            experiment: Experiment::new(Bounds::PLAN),
            typed: None,
            by_line: None,
            at_work: None,
            applied: None,
            refused: Vec::new(),
            printed: Vec::new(),
            written: 0,
            blocked: None,
            undone: Vec::new(),
            stopped: false,
            restless: false,
            causes: Vec::new(),
            read: before.sim().log().len(),
        }
    }

    /// The same, where each act is done whether or not one before failed.
    #[must_use]
    pub(crate) fn whatever_fails(self) -> Trial {
        Trial { goes_on: true, ..self }
    }

    /// The copy.
    pub fn sim(&self) -> &Sim {
        self.copy.sim()
    }

    /// How much virtual time has passed.
    pub fn passed(&self) -> Span {
        self.copy.now().since(self.before.now())
    }

    /// Does a piece; whether it is over.
    pub fn step(&mut self) -> bool {
        match self.phase {
            Phase::Over => return true,
            Phase::Acts => self.act(),
            _ => {}
        }
        let mut left = LOOKS;
        let mut typist = Typist { run: &mut self.copy, lang: Lang::English };
        let ended = self.experiment.step(&mut typist, &mut || {
            left -= 1;
            left > 0
        });
        self.note_causes();
        match ended {
            // What goes on trying for ever and gets nowhere is at rest.
            Some(Ended::Passed(Bound::Time)) => self.end(self.pods_come_and_go()),
            Some(Ended::Passed(Bound::Events) | Ended::Circles) => self.end(true),
            Some(Ended::Done(_)) => self.go_on(),
            None => {}
        }
        let writes = self.copy.sim().log().len() - self.before.sim().log().len();
        if writes > MOST_WRITES && self.phase != Phase::Over {
            self.end(true);
        }
        self.phase == Phase::Over
    }

    fn act(&mut self) {
        let line = match self.left.pop_front() {
            None => return self.wait(Phase::Settles),
            // A line that does not end, somebody ends.
            Some(act) if !self.refused.is_empty() && !self.goes_on => return self.undone.push(act),
            Some(Act::Proof) => return self.wait(Phase::Proves),
            Some(Act::Image(image, does)) => format!("playground image {image} {does}"),
            Some(Act::Line(line)) => {
                self.later.extend((!self.refused.is_empty()).then(|| Act::Line(line.clone())));
                line
            }
            Some(Act::Apply(text)) => {
                self.copy.edit(text, Lang::English);
                command::apply()
            }
            Some(Act::By(asked)) => {
                self.copy.edit(Rc::clone(&asked.text), Lang::English);
                match tools::begin(&asked) {
                    Some(work) => {
                        self.at_work = Some((asked, work));
                        return self.work();
                    }
                    None => {
                        let line = asked.line(command::MANIFEST);
                        self.by_line = Some(asked);
                        line
                    }
                }
            }
        };
        let (lines, tab) = (self.copy.terminal().lines(), self.copy.tabs().1);
        self.experiment.then([experiment::Act::Type(tab, line.as_str().into())]);
        self.typed = Some((line, lines.last().map(|line| line.id)));
        self.written = self.copy.sim().log().len();
        self.wait(Phase::Begins);
    }

    /// Lets the tool at work do what it can.
    fn work(&mut self) {
        let Some((asked, mut work)) = self.at_work.take() else { return };
        match self.copy.write(|sim| work.go_on(sim)) {
            Step::Until(at) => {
                self.at_work = Some((asked, work));
                self.phase = Phase::Works;
                self.experiment.then([experiment::Act::Until(at)]);
            }
            Step::Done(ended) => {
                let refused =
                    ended.failed.as_ref().map(|said| Refused { line: asked.line(command::MANIFEST), said: said.clone(), at: None });
                self.refused.extend(refused);
                self.applied = Some(Applied::of(&asked, ended, &self.before, &self.copy));
                self.wait(Phase::Settles);
            }
        }
    }

    fn wait(&mut self, phase: Phase) {
        self.phase = phase;
        self.experiment.then(match phase {
            Phase::Begins => Some(experiment::Act::Pause),
            Phase::Answers => Some(experiment::Act::Answer),
            Phase::Proves | Phase::Settles => Some(experiment::Act::Rest),
            Phase::Works | Phase::Acts | Phase::Over => None,
        });
    }

    /// Goes on after what was waited for has come. The last line may take as long as it likes.
    fn go_on(&mut self) {
        // Nobody takes back what he has not seen the end of.
        let undoes = |act: &Act| matches!(act, Act::Line(line) if [" rollout undo ", " scale "].iter().any(|verb| line.contains(verb)));
        match self.phase {
            Phase::Begins | Phase::Answers if self.copy.status().is_some() && !self.experiment.was_cut() => {
                self.answered();
                self.wait(if self.left.front().is_none_or(undoes) { Phase::Settles } else { Phase::Acts });
            }
            Phase::Begins if self.left.is_empty() || self.left.front() == Some(&Act::Proof) => {
                self.left.pop_front();
                self.wait(if self.left.is_empty() { Phase::Settles } else { Phase::Proves });
            }
            Phase::Begins => self.wait(Phase::Answers),
            Phase::Answers => {
                self.blocked = self.typed.take().map(|(line, _)| line);
                self.phase = Phase::Acts;
            }
            Phase::Proves | Phase::Settles => {
                self.end_line();
                self.stopped = self.phase == Phase::Proves && !self.is_proven();
                self.phase = if self.left.is_empty() || self.stopped { Phase::Over } else { Phase::Acts };
            }
            Phase::Works => self.work(),
            Phase::Acts | Phase::Over => {}
        }
    }

    /// Ends without rest, or where all that is left is in vain.
    fn end(&mut self, restless: bool) {
        (self.restless, self.phase) = (restless, Phase::Over);
        self.end_line();
    }

    /// Ends the line typed last, or takes its answer.
    fn end_line(&mut self) {
        if self.copy.status().is_none() {
            self.blocked = self.typed.take().map(|(line, _)| line);
            self.copy.interrupt();
        } else {
            self.answered();
        }
    }

    /// Whether pods were made or went lately.
    fn pods_come_and_go(&self) -> bool {
        let (log, lately) = (self.copy.sim().log(), |change: &Write| self.copy.now().since(change.at) <= LATELY);
        let newest = (log.first()..log.len()).rev().map_while(|at| log.get(at).filter(|change| lately(change)));
        let moves = |change: &Write| change.key.kind == Kind::Pod && (change.before.is_none() || change.after.is_none());
        newest.into_iter().any(moves)
    }

    /// Notes why pods went.
    fn note_causes(&mut self) {
        let sim = self.copy.sim();
        for at in self.read..sim.log().len() {
            if let Some(change) = sim.log().get(at).filter(|change| change.key.kind == Kind::Pod && change.is_deletion()) {
                let decided = deletion_cause(sim.decisions(), &change.key, change).map(|decision| decision.because.clone());
                let why = match (decided, &change.by) {
                    (Some(reason), _) => Why::Decided(reason),
                    (None, Actor::User) => Why::Asked,
                    (None, by) => Why::By(by.clone()),
                };
                self.causes.push((at, why));
            }
        }
        self.read = sim.log().len();
    }

    /// Takes what a line that has ended was answered, if it was refused.
    fn answered(&mut self) {
        let Some((line, before)) = self.typed.take() else { return };
        let is_well = self.copy.status() == Some(0);
        if let Some(asked) = self.by_line.take() {
            let said = self.copy.terminal().output_since(before);
            let ended = tools::Ended { said: said.lines().map(str::to_owned).collect(), failed: (!is_well).then(String::new) };
            self.applied = Some(Applied::of(&asked, ended, &self.before, &self.copy));
        }
        if is_well {
            let text = self.copy.terminal().output_since(before);
            let only_asks = !self.copy.sim().log().from(self.written).any(|change| change.by == Actor::User);
            self.printed.extend((only_asks && !text.trim().is_empty()).then_some(Says::Prints { line, text }));
            return;
        }
        if line == command::apply() && !self.copy.verdicts().refusals.is_empty() {
            // What else is wrong once this is mended, kubectl does not print yet.
            let printed = self.copy.terminal().complaints_since(before);
            let mut told: Vec<&str> = Vec::new();
            let refusals = self.copy.verdicts().refusals.iter().filter(|one| {
                let is_printed = printed.contains(first_error(&one.whole)) && !is_left_out(&one.words, self.copy.manifest());
                let is_new = is_printed && !told.contains(&&*one.whole);
                told.extend(is_new.then_some(&*one.whole));
                is_new
            });
            let said = refusals.map(|one| Refused {
                line: line.clone(),
                said: one.whole.to_string(),
                at: one.place.as_ref().map(|place| place.line),
            });
            return self.refused.extend(said.collect::<Vec<_>>());
        }
        let said = self.copy.terminal().complaints_since(before);
        self.refused.push(Refused { line, said, at: None });
    }

    /// Whether as many pods of each set are Ready as before, or as it wants.
    fn is_proven(&self) -> bool {
        let tables = self.copy.sim().tables();
        tables.stateful_sets().all(|set| {
            let watched = watch::between(self.before.sim(), self.copy.sim(), &set.key());
            watched.ready_after >= watched.ready_before.min(set.spec.replicas)
        })
    }

    /// The copy as it is now, and what was refused.
    pub fn into_world(self) -> (Playground, Vec<Refused>) {
        (self.copy, self.refused)
    }

    /// What came of it.
    pub fn finish(self) -> Course {
        let outcome = self.outcome();
        Course { way: self.way, acts: self.given, outcome }
    }

    fn outcome(&self) -> Outcome {
        let (before, after) = (self.before.sim(), self.copy.sim());
        let mut keys: Vec<ObjectKey> = before.tables().stateful_sets().map(|set| set.key()).collect();
        let new = after.tables().stateful_sets().map(|set| set.key()).filter(|key| before.tables().get(key).is_none());
        keys.extend(new.collect::<Vec<_>>());
        let sets: Vec<SetCourse> = keys.iter().filter_map(|key| self.of_set(key)).collect();
        let lost = before.disks().volumes().filter(|(volume, disk)| disk.bytes() > 0 && after.disks().disk(volume).is_none());
        let lost = lost.map(|(volume, disk)| Lost { volume: Rc::clone(volume), bytes: disk.bytes() }).collect();
        let waits = |held: bool| sets.iter().any(|set| !set.well[1] && set.answers && set.is_held() == held);
        let manifest = self.given.iter().find_map(|act| act.text().map(|text| &**text));
        let undone: Vec<String> = lines_of(&self.undone, command::MANIFEST);
        let mut notes = self.printed.clone();
        notes.extend((!undone.is_empty()).then_some(Says::NotDone { lines: undone }));
        let later: Vec<String> = lines_of(&self.later, command::MANIFEST);
        notes.extend((!later.is_empty()).then_some(Says::GoesOn { lines: later }));
        let said = self.refused.iter().map(|one| one.said.as_str()).collect::<Vec<_>>().join("\n");
        let typed = self.given.iter().filter_map(|act| if let Act::Line(line) = act { Some(line.clone()) } else { None });
        let asked = self.given.iter().find_map(|act| if let Act::By(asked) = act { Some(&**asked) } else { None });
        let ends = Ends { world: &self.before, before, after, said, typed: typed.collect(), asked };
        let inside: Vec<String> = ends.typed.iter().filter(|line| is_inside(line)).cloned().collect();
        notes.extend((!inside.is_empty()).then_some(Says::Inside { lines: inside }));
        notes.extend(self.applied.iter().flat_map(|applied| applied.notes(before, after)));
        notes.extend(ends.notes(manifest));
        let is_held = self.blocked.is_some();
        notes.extend(if is_held { ends.held() } else { Vec::new() });
        notes.extend(if is_held || !self.refused.is_empty() { ends.cordoned() } else { None });
        let fails = self.refused.iter().any(|one| !one.by_server());
        let end = if self.restless {
            End::Restless
        } else if self.stopped {
            End::Stopped
        } else if self.blocked.is_some() || waits(false) {
            End::Stuck
        } else if fails
            || sets.iter().any(SetCourse::is_orphaning)
            || notes.iter().any(is_amiss)
            || self.way == Way::AsGiven && notes.iter().any(is_unread)
        {
            End::Amiss
        } else if waits(true) {
            End::Held
        } else {
            End::Settled
        };
        let (refused, blocked) = (self.refused.clone(), self.blocked.clone());
        Outcome {
            from: before.now(),
            to: after.now(),
            refused,
            sets,
            lost,
            stay: self.stay(),
            notes,
            applied: self.applied.as_ref().map(|applied| applied.at_rest(after)),
            blocked,
            end,
        }
    }

    /// What was told to go and stays.
    fn stay(&self) -> Vec<(ObjectKey, Told)> {
        let (before, after) = (self.before.sim(), self.copy.sim());
        let (tables, shot) = (after.tables(), Instant::of(after, Lang::English));
        let is_new = |key: &ObjectKey| before.tables().get(key).is_none_or(|object| !object.meta().terminating());
        let leaving = tables.kinds().flat_map(|kind| tables.all(kind)).filter(|object| object.meta().terminating());
        let keys = leaving.map(Object::key).filter(is_new);
        keys.filter_map(|key| {
            let link = explain(tables, after.decisions(), None, &key).links.into_iter().find(|link| link.entry.is_some())?;
            Some((key, of_link(&shot, &link)))
        })
        .collect()
    }

    /// What became of a set; `None` where nothing did, and it waits for nothing.
    fn of_set(&self, key: &ObjectKey) -> Option<SetCourse> {
        let (before, after) = (self.before.sim(), self.copy.sim());
        let set = |sim: &Sim| sim.tables().stateful_set(&key.namespace, &key.name).cloned();
        let (old, new) = (set(before), set(after));
        let watched = watch::between(before, after, key);
        let well = [old.is_none() || is_well(before, key), new.is_none() || is_well(after, key)];
        let is_still = match (&old, &new) {
            (Some(old), Some(new)) => old.meta.uid == new.meta.uid && old.meta.generation == new.meta.generation,
            _ => false,
        };
        let [partition, first_updated] = new.as_ref().map_or([0, 0], |set| [set.partition(), set.first_updated()]);
        let is_kept = watched.storage.iter().all(|one| one.fate == watch::Fate::Kept);
        if is_still && is_kept && watched.steps.is_empty() && well[1] {
            return None;
        }
        let why = watched.replaced.iter().map(|row| self.why(before.log().len(), row)).collect();
        // Where a pod lands that is replaced again hangs on where others were drawn to in between.
        let again = |pod: &Name| watched.replaced.iter().filter(|row| row.pod == *pod).nth(1).is_some();
        let is_drawn = |(pod, before, after): &(&Name, &Incarnation, &Incarnation)| again(pod) || self.is_drawn(key, pod, [before, after]);
        let drawn = watched.returned().filter(is_drawn).map(|(pod, ..)| Rc::clone(pod)).collect();
        let was_deleted = old.as_ref().is_some_and(|old| new.as_ref().is_none_or(|new| new.meta.uid != old.meta.uid));
        let revisions = [&old, &new].map(|set| set.as_ref().map(|set| Rc::clone(&set.status.update_revision)));
        let [waited, waits] = [(before, well[0]), (after, well[1])].map(|(sim, well)| if well { None } else { waits_for(sim, key) });
        let homeless = |pod: &&Rc<Pod>| watch::ordinal_in(key, &pod.meta).is_some() && pod.node.is_none() && !pod.meta.terminating();
        let first = || after.tables().pods().find(homeless);
        let unplaced = first().and_then(|pod| unplaced(after, pod));
        let beyond = first().and_then(|pod| beyond_reach(after, pod));
        let is_beyond =
            |set: &StatefulSet, one: &watch::Standing| !set.parallel() && !one.leaving && !set.ordinals().contains(&one.ordinal);
        let remain =
            new.iter().flat_map(|set| watched.pods.iter().filter(|one| is_beyond(set, one))).map(|one| Rc::clone(&one.pod)).collect();
        let answers = !is_still || well[0] || waited != waits;
        Some(SetCourse {
            watched,
            why,
            drawn,
            was_deleted,
            revisions,
            has_two_revisions: old.as_ref().is_some_and(|set| set.status.current_revision != set.status.update_revision),
            wanted: new.as_ref().map_or(0, |set| set.spec.replicas),
            partition,
            first_updated,
            well,
            waits,
            remain,
            unplaced,
            beyond,
            answers,
            tools: waited::waits(before, after, key),
            elects: old.as_ref().is_some_and(|set| guess::quorum(before, set).is_some()),
        })
    }

    /// Whether the node that a pod had was as good for the one that came back as the node that this one got.
    fn is_drawn(&self, set: &ObjectKey, pod: &Name, sides: [&Incarnation; 2]) -> bool {
        let [from, to] = sides.map(|side| side.node.clone());
        let pod = ObjectKey::new(Kind::Pod, &set.namespace, pod);
        let decided = self.copy.sim().decisions().by(&pod, Component::Scheduler);
        let evidence = || decided.into_iter().flat_map(|entry| &entry.decision.evidence).filter(|one| one.what == Seen::Score);
        // `300 = ImageLocality 100 + …`: the score comes first.
        let score = |node: Option<Name>| {
            let one = evidence().find(|one| Some(&one.of.name) == node.as_ref())?;
            Some(one.value.split(' ').next()?.to_owned())
        };
        from != to && score(from).is_some_and(|score_before| score(to).is_some_and(|score| score == score_before))
    }

    /// Why a pod went.
    fn why(&self, from: usize, row: &watch::Replaced) -> Option<Why> {
        let (uid, log) = (row.before.as_ref()?.uid, self.copy.sim().log());
        let is_it = |at: usize| at >= from && log.get(at).and_then(Write::object).is_some_and(|object| object.meta().uid == uid);
        self.causes.iter().find(|(at, _)| is_it(*at)).map(|(_, why)| why.clone())
    }
}

/// A copy of a world in whose terminal nothing runs: what runs in others goes on.
fn with_idle_tab(world: &Playground) -> Playground {
    let mut copy = world.clone();
    let (tabs, _) = copy.tabs();
    // The one after the last is opened, as far as there may be so many.
    for tab in 0..=tabs {
        copy.choose_tab(tab);
        if copy.status().is_some() {
            return copy;
        }
    }
    copy.interrupt();
    copy
}

/// Whether a line does something within a container.
fn is_inside(line: &str) -> bool {
    let verbs = ["exec", "cp", "debug", "attach"];
    let mut words = line.split_whitespace();
    words.next() == Some("kubectl") && words.take_while(|word| *word != "--").any(|word| verbs.contains(&word))
}

/// The first error of what kubectl prints of one object alone: of several objects, it prints each in other words before that.
fn first_error(whole: &str) -> &str {
    let (_, errors) = whole.split_once(" is invalid: ").unwrap_or(("", whole));
    errors.trim_start_matches("error: ").trim_start_matches("\n* ").lines().next().unwrap_or_default()
}
