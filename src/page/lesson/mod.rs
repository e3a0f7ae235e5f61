//! Lessons: what will a command do? Asked before the command runs, and answered by the run itself.
//!
//! A lesson is a file of the folder `course`, or anybody's: a run that leads to a question, a command line, a span of time, claims about
//! what happens within it, and a task, with all sentences in every language.
//! Promises: which claim comes true is read from the run, not from an answer key; the tests play every lesson, and exactly one
//! of its claims comes true.
//! Must not know: the browser, how anything is drawn.

pub mod check;
mod file;
mod predicate;
mod progress;
mod score;
mod seen;
mod terms;
mod words;

use std::sync::OnceLock;

use api::release::Release;
use base::time::Span;
pub use file::{Expected, Fault, MAX_BYTES, read};
use playground::experiment::{Act, Bounds, Experiment};
use playground::fields::with_fields;
use playground::history::History;
use playground::typist::Typist;
use playground::{EXAMPLE, Playground};
pub use predicate::{Difference, Predicate};
pub use progress::{Phase, Progress};
pub use score::{Score, Scores};
pub use seen::{Part, Seen, Thing};
use sim::Setup;
pub use terms::{Term, explained, term};
use text::Lang;

/// How long after a line before the question has ended the next is typed, at most.
pub const BETWEEN_LINES: Span = Bounds::LESSON.look;

/// How fast a lesson is read, how long its run is watched, and how long its task takes.
const WORDS_A_MINUTE: usize = 180;
const RUN_SECONDS: usize = 15;
const TASK_SECONDS: usize = 45;

/// A question about what a command will do.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// The name of its file, without the ending.
    pub name: String,
    /// The situation, in a few words that do not give the answer away.
    pub title: Sentence,
    pub chapter: Chapter,
    /// The numbers of the misunderstandings that it clears up, as in the reference of `StatefulSet` semantics, section 8.
    pub misunderstandings: Vec<u32>,
    /// The releases that it names: the question is asked on each in turn. It is played on any if it names none.
    pub releases: Vec<&'static Release>,
    /// How things stand before the command.
    pub story: Sentence,
    /// The manifest in the editor, unless it is the example.
    manifest: Option<String>,
    /// Fields of the manifest's sets that have another value.
    set: Vec<(String, String)>,
    /// The lines that lead to the question.
    before: Vec<String>,
    /// The command; empty where each claim has its own.
    pub line: String,
    /// How long the effects are observed.
    pub within: Span,
    /// The question; empty where it is what happens next.
    pub question: Sentence,
    /// What is to be achieved; empty unless each claim is a way that may achieve it.
    pub aim: Predicate,
    /// What might happen, in the order in which it is offered.
    pub claims: Vec<Claim>,
    /// Why it came as it did.
    pub because: Sentence,
    /// The field that decides; may be empty.
    pub field: String,
    /// The page of the documentation, as a path below its root.
    pub docs: String,
    /// What to do afterwards.
    pub task: Option<Task>,
    /// The names of lessons about the same rule.
    pub kin: Vec<String>,
}

/// A sentence in the languages of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sentence([Option<String>; Lang::ALL.len()]);

/// A claim about what will happen, or a way to achieve the aim.
#[derive(Clone, Debug)]
pub struct Claim {
    /// What is true if the claim is.
    pub holds: Predicate,
    /// The command of this way; empty for a claim.
    pub line: String,
    /// What it says.
    pub words: Sentence,
    /// What is said to those who chose it; may be empty.
    pub then: Sentence,
}

/// Something to do in the cluster that the run has left.
#[derive(Clone, Debug)]
pub struct Task {
    /// What to do.
    pub words: Sentence,
    /// When it is done, compared with the end of the run.
    pub goal: Predicate,
    /// Help; may be empty.
    pub hint: Sentence,
    /// Lines that do it.
    pub solution: Vec<String>,
    /// What was seen when it is done; may be empty.
    pub done: Sentence,
}

base::named! {
    /// A part of the course.
    Chapter {
        /// Identity and names.
        Identity "identity",
        Storage "storage",
        /// Creation, scaling and readiness.
        Scaling "scaling",
        /// Rollouts and the way back.
        Rollouts "rollouts",
        /// Nodes that fail, and what at-most-one means.
        Nodes "nodes",
    }
}

static COURSE: OnceLock<Course> = OnceLock::new();

/// Lessons in their order.
struct Course {
    lessons: Vec<Lesson>,
    /// How many come first, in an order of their own.
    short: usize,
}

/// The line that ends the short path, in the file with the order of the course and in the text of the course.
pub const END_OF_SHORT_PATH: &str = "===";

/// All lessons, in order: those of the short path, then the others by chapter. None before the course is there.
pub fn course() -> &'static [Lesson] {
    COURSE.get().map_or(&[], |course| &course.lessons)
}

/// The lessons that matter most, with which the course begins.
pub fn short_path() -> &'static [Lesson] {
    COURSE.get().map_or(&[], |course| &course.lessons[..course.short])
}

/// How many minutes lessons take together.
pub fn minutes<'a>(lessons: impl IntoIterator<Item = &'a Lesson>) -> usize {
    lessons.into_iter().map(Lesson::seconds).sum::<usize>().div_ceil(60)
}

/// Takes in the course, all of it at once: [`Opening`].
pub fn open_course(text: &str) {
    let mut opening = Opening::of(text.to_owned());
    while opening.step() {}
}

/// The line after each file.
const FILE_END: &str = "\n---\n";

/// The course while it is taken in, a file at a time. Each file follows a comment with its name and ends with `---`. First come
/// the terms, then the words of commands, then the lessons. Taken in a second time it changes nothing.
pub struct Opening {
    text: String,
    /// Where the next file begins.
    at: usize,
    read: usize,
    course: Course,
}

impl Opening {
    /// A course of which nothing is taken in yet.
    pub fn of(text: String) -> Opening {
        Opening { text, at: 0, read: 0, course: Course { lessons: Vec::new(), short: 0 } }
    }

    /// Takes in the next file; returns whether there are others. Of the lessons none can be found before all are there.
    pub fn step(&mut self) -> bool {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let (file, is_last) = rest.split_once(FILE_END).map_or((rest, true), |(file, _)| (file, false));
        match self.read {
            0 => _ = terms::TERMS.get_or_init(|| terms::terms(file)),
            1 => _ = words::WORDS.get_or_init(|| words::Words::read(file)),
            _ => self.course.take(file),
        }
        self.read += 1;
        self.at += file.len() + FILE_END.len();
        if is_last {
            let course = Course { lessons: std::mem::take(&mut self.course.lessons), short: self.course.short };
            COURSE.get_or_init(|| course);
        }
        !is_last
    }
}

impl Course {
    /// Takes in a lesson, if the text of its file can be read, or the line that ends the short path.
    fn take(&mut self, file: &str) {
        let lesson = || {
            let (first, rest) = file.split_once('\n')?;
            read(first.trim().strip_prefix("# ")?, rest).ok()
        };
        match lesson() {
            Some(lesson) => self.lessons.push(lesson),
            None if file == END_OF_SHORT_PATH => self.short = self.lessons.len(),
            None => (),
        }
    }
}

impl Sentence {
    /// The sentence in a language, or else in English.
    pub fn told(&self, lang: Lang) -> &str {
        let [english, ..] = &self.0;
        self.0[lang as usize].as_ref().or(english.as_ref()).map_or("", String::as_str)
    }

    /// Whether it is told in this very language.
    pub fn is_told_in(&self, lang: Lang) -> bool {
        self.0[lang as usize].as_ref().is_some_and(|text| !text.is_empty())
    }
}

impl Lesson {
    /// How many seconds it takes to read it, to watch the run, and to do the task.
    fn seconds(&self) -> usize {
        let own = [&self.title, &self.story, &self.question, &self.because].into_iter();
        let task = self.task.iter().flat_map(|task| [&task.words, &task.done]);
        let sentences = own.chain(self.claims.iter().map(|claim| &claim.words)).chain(task);
        let words: usize = sentences.map(|sentence| sentence.told(Lang::English).split_whitespace().count()).sum();
        words * 60 / WORDS_A_MINUTE + RUN_SECONDS + self.task.as_ref().map_or(0, |_| TASK_SECONDS)
    }

    /// The manifest in the editor.
    pub fn manifest(&self) -> String {
        let manifest = self.manifest.as_deref().unwrap_or(EXAMPLE);
        with_fields(manifest, self.set.iter().map(|(path, value)| (path.as_str(), value.as_str())))
    }

    /// Whether the manifest takes the value that a field is to have.
    fn sets(&self, path: &str) -> bool {
        let manifest = self.manifest();
        let wanted = self.set.iter().find(|(field, _)| field == path).map(|(_, value)| value.as_str());
        let names: Vec<&str> = path.split('.').collect();
        let written = |value: &base::value::Value| value.at(&names).map(|found| found.to_json());
        yaml::parse(&manifest)
            .iter()
            .filter_map(|document| written(document.value.as_ref()?))
            .any(|found| Some(found.trim_matches('"')) == wanted)
    }

    /// A run in the state in which the question is asked.
    pub fn begin(&self, setup: &Setup, lang: Lang) -> History {
        let (mut run, mut typing) = self.begin_slowly(setup, lang);
        typing.go_on(&mut run, lang, &mut || true);
        run
    }

    /// A run in its first state, and what leads to the question.
    pub fn begin_slowly(&self, setup: &Setup, lang: Lang) -> (History, Typing) {
        let setup = Setup { release: self.release_for(setup.release), ..setup.clone() };
        (History::new(&setup, &self.manifest(), lang), Typing::new(&self.before))
    }

    /// The releases on which it can be played.
    pub fn played_on(&self) -> &[&'static Release] {
        if self.releases.is_empty() { &Release::ALL } else { &self.releases }
    }

    /// The release on which a run of it begins: the one that is asked for, or else the first that it names.
    fn release_for(&self, asked: &'static Release) -> &'static Release {
        let played_on = self.played_on();
        if played_on.contains(&asked) { asked } else { played_on[0] }
    }

    /// The release on which its question is asked after this one.
    pub fn next_release(&self, release: &Release) -> Option<&'static Release> {
        let mut later = self.releases.iter().skip_while(|named| **named != release).skip(1);
        later.next().copied()
    }

    /// Its task, which follows the last of the releases that it names.
    fn task_on(&self, release: &Release) -> Option<&Task> {
        self.task.as_ref().filter(|_| self.next_release(release).is_none())
    }

    /// The command that is run when this claim was chosen.
    pub fn line_of(&self, chosen: Option<usize>) -> &str {
        chosen.and_then(|at| self.claims.get(at)).filter(|_| !self.aim.is_empty()).map_or(&self.line, |claim| &claim.line)
    }

    /// Whether each answer is a way to achieve an aim, rather than a claim.
    pub fn chooses(&self) -> bool {
        !self.aim.is_empty()
    }

    /// The index of the claim that came true between two states; `None` if none did. Of ways, it is the one that was chosen, if it achieved
    /// the aim.
    pub fn outcome(&self, chosen: Option<usize>, begun: &Playground, now: &Playground) -> Option<usize> {
        if self.chooses() {
            return chosen.filter(|_| self.aim.holds(begun, now));
        }
        self.claims.iter().position(|claim| claim.holds.holds(begun, now))
    }
}

/// Types lines, each a minute after the one before has ended.
pub fn type_lines(run: &mut History, lines: &[String], lang: Lang) {
    Typing::new(lines).go_on(run, lang, &mut || true);
}

/// Lines that are being typed, each a minute after the one before has ended.
pub struct Typing(Experiment);

impl Typing {
    fn new(lines: &[String]) -> Typing {
        let mut experiment = Experiment::new(Bounds::LESSON);
        experiment.then(lines.iter().flat_map(|line| [Act::Type(0, line.as_str().into()), Act::Pause, Act::Answer]));
        Typing(experiment)
    }

    /// Types for as long as `go_on` allows; whether all is typed, and was waited for.
    pub fn go_on(&mut self, run: &mut History, lang: Lang, go_on: &mut dyn FnMut() -> bool) -> bool {
        self.0.step(&mut Typist { run, lang }, go_on).is_some()
    }
}

#[cfg(test)]
mod tests;
