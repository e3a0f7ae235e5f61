//! Lessons: the course, beginning one, choosing a claim, running the command, the task, leaving.

use api::kind::Kind;
use base::time::Time;
use leptos::prelude::*;
use lesson::{BETWEEN_LINES, Lesson, Opening, Phase, Progress, Thing, course, short_path};
use playground::Playground;
use playground::history::{Act, History};
use playground::setup;
use sim::Setup;

use super::slices::{at_once_or_in_slices, slices};
use super::{FocusTarget, Request, Running, SPEEDS, Session};
use crate::preferences::{Pane, Tab};
use crate::script::{page_data, tell_script};

/// Where the page's script puts the text of the course, and the lesson that the address asks for; and where it finds the one under way.
const COURSE: &str = "data-course";
const ASKED: &str = "data-asked-lesson";
const UNDER_WAY: &str = "data-lesson";

/// The name of a lesson that is not of the course.
const OWN: &str = "own";

/// How slow a solution is, compared with a story.
const SOLVING: f64 = 0.2;

impl Session {
    /// Takes in the course that the page's script has fetched, a slice at a time. Nothing is done while the course or its code is missing.
    pub(super) fn take_course(self) {
        if let Some(text) = page_data(COURSE).filter(|text| self.first.whole.get_untracked() && !text.is_empty()) {
            self.open_course(text);
        }
    }

    /// Takes in the course, and then begins the lesson that somebody waits for.
    #[inline(never)]
    fn open_course(self, text: String) {
        // Nobody takes in the course a second time.
        tell_script(COURSE, "", "course-taken");
        let mut opening = Opening::of(text);
        at_once_or_in_slices(move || {
            let ends = slices();
            while opening.step() {
                if ends.is_over() {
                    return true;
                }
            }
            self.course.set(course());
            let asked = self.wanted.try_update_value(Option::take).flatten().or_else(|| page_data(ASKED));
            if let Some(name) = asked {
                untrack(|| self.want_lesson(Some(&name)));
            }
            false
        });
    }

    /// Begins the lesson of this name, as soon as the course is there; without a name, or where there is none of that name, the one that
    /// comes next.
    pub fn want_lesson(self, name: Option<&str>) {
        match name.and_then(find).or_else(|| self.next_in_course()) {
            Some(lesson) => self.begin_lesson(lesson),
            None => self.wanted.set_value(Some(name.unwrap_or_default().to_owned())),
        }
    }

    /// Opens the text of a lesson; `None` if the text is none.
    pub(super) fn open_lesson(self, text: &str) -> Option<()> {
        is_lesson(text).then_some(())?;
        match lesson::read(OWN, text) {
            // Whoever opens lessons opens few.
            Ok(lesson) => {
                self.shared.lesson.set_value(Some(text.to_owned()));
                self.begin_of_file(Box::leak(Box::new(lesson)));
            }
            Err(faults) => {
                let words = &self.lang.get_untracked().text().lessons;
                let told = faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
                self.news.set(words.faulty(&told));
            }
        }
        Some(())
    }

    /// Whether the lesson under way is not of the course.
    pub(super) fn is_in_own_lesson(self) -> bool {
        self.lesson.with(|lesson| lesson.as_ref().is_some_and(|progress| progress.lesson.name == OWN))
    }

    /// Begins a lesson: its cluster stands still until the question is answered. The visitor's own run waits for the end of the lessons.
    pub fn begin_lesson(self, lesson: &'static Lesson) {
        let run = lesson.begin(&setup(), self.lang.get_untracked());
        self.show_lesson(Progress::begin(lesson, run.present()), run);
    }

    /// Leads back to the question: after a way that has failed on the same release, else on the next.
    pub fn ask_again(self) {
        let Some(seen) = self.lesson.get_untracked() else { return };
        let setup = Setup { release: seen.next_release().unwrap_or(seen.release), ..setup() };
        let run = seen.lesson.begin(&setup, self.lang.get_untracked());
        self.show_lesson(seen.begin_again(run.present()), run);
    }

    /// Begins a lesson of a file, which may take its time.
    fn begin_of_file(self, lesson: &'static Lesson) {
        let lang = self.lang.get_untracked();
        let (mut run, mut typing) = lesson.begin_slowly(&setup(), lang);
        self.open_in_slices(Box::new(move |gives_up| {
            let ends = slices();
            let is_done = typing.go_on(&mut run, lang, &mut || !ends.is_over());
            if !is_done && !gives_up {
                let now = run.present().now();
                return Some((now, now + BETWEEN_LINES));
            }
            self.show_lesson(Progress::begin(lesson, run.present()), run.clone());
            if !is_done {
                self.news.set(lang.text().link.cut().to_owned());
            }
            None
        }));
    }

    /// Shows a lesson whose run has come to the question.
    fn show_lesson(self, progress: Progress, mut run: History) {
        run.set_zero(run.present().now());
        let (own, name) = (self.own_run(), &progress.lesson.name);
        self.preferences.settle();
        self.take_run(run);
        self.left.set(own);
        self.lesson.set(Some(progress));
        self.preferences.open_for_lesson(Some(&[]));
        self.preferences.tab.set(Tab::Cluster);
        self.answers_shown.set(false);
        self.draw_requests(false);
        self.solving.set_value(Default::default());
        self.set_speed(SPEEDS[1]);
        tell_script(UNDER_WAY, name, "lesson");
        self.publish();
    }

    /// The visitor's own run, if anything was done in it; else, and during a lesson, the one that was left for it.
    pub(super) fn own_run(self) -> Option<History> {
        let own = |run: &History| run.has_story() || !untrack(|| self.is_applied());
        let here = self.run.with_value(|run| (self.lesson.with_untracked(Option::is_none) && own(run)).then(|| run.clone()));
        here.or_else(|| self.left.get_untracked())
    }

    /// Chooses the claim that the visitor expects to come true.
    pub fn predict(self, claim: usize) {
        self.lesson.update(|lesson| {
            if let Some(lesson) = lesson.as_mut().filter(|lesson| lesson.phase == Phase::Predict) {
                lesson.chosen = Some(claim);
            }
        });
    }

    /// Whether a question is waiting for an answer.
    pub fn is_asking(self) -> bool {
        self.lesson.with_untracked(|lesson| lesson.as_ref().is_some_and(|lesson| lesson.phase == Phase::Predict))
    }

    /// Runs the lesson's command, at the pace of what happens.
    pub fn run_lesson(self) {
        let line = self.lesson.with_untracked(|lesson| lesson.as_ref().map(|lesson| lesson.lesson.line_of(lesson.chosen)));
        if let Some(line) = line.filter(|line| !line.is_empty()) {
            self.type_line(line);
        }
    }

    /// Before a line is typed: a lesson's own command is the beginning of its run. Whether time is to pass after the line.
    pub(super) fn line_in_lesson(self, line: &str) -> bool {
        let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let Some(mut progress) = self.lesson.get_untracked() else { return false };
        match progress.phase {
            Phase::Predict => {
                let way = progress.lesson.claims.iter().position(|claim| !claim.line.is_empty() && words(&claim.line) == words(line));
                let is_line = !progress.lesson.line.is_empty() && words(&progress.lesson.line) == words(line);
                if way.is_none() && !is_line {
                    return false;
                }
                progress.chosen = way.or(progress.chosen);
                self.lesson.set(Some(self.run.with_value(|run| progress.run(run.present()))));
                true
            }
            Phase::Run { .. } => true,
            Phase::Reveal { .. } => {
                self.tasked.set_value(0);
                true
            }
        }
    }

    /// Shows the run of the lesson once more, at half the pace.
    pub fn watch_again(self) {
        let Some(progress) = self.lesson.get_untracked() else { return };
        if let Some((from, until)) = progress.seen() {
            self.seek(from);
            self.watch(Some(until), 2.0);
            self.keep_running(Running::Clock);
        }
    }

    /// Does the task of the lesson in the visitor's place: types what solves it, line by line.
    pub fn solve(self) {
        let solution = self.lesson.with_untracked(|lesson| lesson.as_ref().and_then(|lesson| lesson.lesson.task.as_ref()));
        let Some(task) = solution else { return };
        self.seek_now();
        self.solving.set_value((task.solution.iter().cloned().collect(), self.clock.get_untracked()));
        self.tasked.set_value(0);
        self.watch(None, SOLVING);
        self.keep_running(Running::Clock);
        self.go_on_solving(false);
    }

    /// Types the next line of the solution, a minute after the one before has ended, or once its story ends. Whether there was one left.
    pub(super) fn go_on_solving(self, ends: bool) -> bool {
        let due = self.solving.with_value(|(lines, due)| (!lines.is_empty()).then_some(*due));
        let Some(due) = due else { return false };
        let (now, busy) = self.run.with_value(|run| (run.present().now(), run.present().is_busy()));
        if busy || now >= due {
            self.solving.update_value(|(_, due)| *due = now + BETWEEN_LINES);
        }
        if ends || !busy && now >= due {
            let line = self.solving.try_update_value(|(lines, _)| lines.pop_front()).flatten();
            line.into_iter().for_each(|line| self.act(Act::Line(line)));
            self.begin_story();
        }
        true
    }

    /// The lesson that comes next: after a mistake one about the same rule, then the first of the short path that was not seen, if that was
    /// begun; else the first after this one that was not seen, else one whose task is not done.
    pub fn next_in_course(self) -> Option<&'static Lesson> {
        let scores = self.preferences.scores.get();
        let score = |lesson: &Lesson| scores.of(&lesson.name);
        let here = self.lesson.get();
        let path = short_path();
        let is_on_path = here.as_ref().is_some_and(|progress| path.iter().any(|lesson| std::ptr::eq(lesson, progress.lesson)));
        let goes_on = path.iter().find(|lesson| score(lesson).is_none()).filter(|_| path.iter().any(|lesson| score(lesson).is_some()));
        let wrong = here.as_ref().filter(|progress| progress.is_wrong() && (is_on_path || goes_on.is_none()));
        let kin = wrong.and_then(|progress| progress.lesson.kin.iter().filter_map(|name| find(name)).find(|kin| score(kin).is_none()));
        let at = here.and_then(|progress| course().iter().position(|lesson| std::ptr::eq(lesson, progress.lesson)));
        let (before, after) = course().split_at(at.map_or(0, |at| at + 1));
        let others = || after.iter().chain(before.iter().take(at.unwrap_or(0)));
        kin.or(goes_on)
            .or_else(|| others().find(|lesson| score(lesson).is_none()))
            .or_else(|| others().find(|lesson| score(lesson).is_some_and(|score| !score.done)))
    }

    /// Whether any lesson of the course was done as far as its outcome.
    pub(crate) fn has_begun_course(self) -> bool {
        self.preferences.scores.with(|scores| course().iter().any(|lesson| scores.of(&lesson.name).is_some()))
    }

    /// Goes to the next lesson, or after the last one back to the playground.
    pub fn next_lesson(self) {
        match untrack(|| self.next_in_course()) {
            Some(next) => self.begin_lesson(next),
            None => self.leave_lesson(),
        }
    }

    /// Leaves the lessons for the run from before; where there was none, the lesson's goes on.
    pub fn leave_lesson(self) {
        self.lesson.set(None);
        self.preferences.open_for_lesson(None);
        self.draw_requests(false);
        tell_script(UNDER_WAY, "", "lesson");
        self.bring_back();
        self.publish();
        request_animation_frame(move || _ = self.request(Request::Focus(FocusTarget::Cluster)));
    }

    /// Reveals the outcome once the lesson's time is over, and pauses; afterwards sees whether the task is done.
    pub(super) fn look_at_lesson(self, playground: &Playground) {
        if let Some(before) = self.lesson.get_untracked() {
            self.look_from(before, playground);
        }
    }

    /// Looks at a lesson in progress, which stood so when it was looked at last.
    #[inline(never)]
    fn look_from(self, before: Progress, playground: &Playground) {
        let written = playground.sim().log().len();
        if matches!(before.phase, Phase::Reveal { .. }) && self.tasked.get_value() == written {
            return;
        }
        self.tasked.set_value(written);
        let last = playground.sim().disks().requests().iter().next_back().map(|(_, asked)| asked.at);
        // Where programs ask, that is seen.
        if matches!(before.phase, Phase::Run { .. }) && last.is_some_and(|last| last >= before.run_at) {
            self.draw_requests(true);
        }
        let after = before.clone().look(playground);
        if before == after {
            return;
        }
        self.preferences.score(&after);
        if matches!(before.phase, Phase::Run { .. }) {
            self.open_evidence(&after);
            self.pause();
            request_animation_frame(move || self.publish());
        }
        if matches!(after.phase, Phase::Reveal { done: true, .. }) {
            self.end_soon(playground.now());
        }
        self.lesson.set(Some(after));
    }

    /// Opens the panes in which something stands that decided the answer.
    fn open_evidence(self, progress: &Progress) {
        for thing in progress.evidence().iter().flat_map(|seen| &seen.about) {
            match thing {
                Thing::DnsName(_) => self.preferences.show(Pane::Dns, true),
                Thing::Object(key) if matches!(key.kind, Kind::Service | Kind::EndpointSlice) => self.preferences.show(Pane::Dns, true),
                Thing::Object(key) if matches!(key.kind, Kind::PersistentVolumeClaim | Kind::PersistentVolume) => {
                    self.preferences.show(Pane::Storage, true);
                }
                Thing::Object(_) => {}
            }
        }
    }

    /// When the lesson's command has been watched long enough.
    pub(super) fn lesson_end(self) -> Option<Time> {
        match self.lesson.with_untracked(|lesson| lesson.as_ref().map(|lesson| lesson.phase)) {
            Some(Phase::Run { until, .. }) => Some(until),
            _ => None,
        }
    }
}

fn find(name: &str) -> Option<&'static Lesson> {
    course().iter().find(|lesson| lesson.name == name)
}

/// Whether a text is that of a lesson.
pub(super) fn is_lesson(text: &str) -> bool {
    let has_claims = |document: &yaml::Document| document.value.as_ref().is_some_and(|value| value.get("claims").is_some());
    text.len() <= lesson::MAX_BYTES && yaml::parse(text).iter().any(has_claims)
}
