//! Playing a lesson, to see whether it teaches what it says.

use std::fmt::Write;

use api::release::Release;
use base::time::Span;
use playground::experiment::{Act, Bounds, Experiment};
use playground::history::History;
use playground::typist::Typist;
use playground::{Playground, setup};
use sim::Setup;
use text::Lang;

use super::predicate::{self, story};
use super::{Difference, Lesson, Predicate, Sentence, type_lines};

/// The most words of a sentence.
const MAX_WORDS: usize = 25;

/// What came of playing a lesson on a release.
#[derive(Clone, Debug)]
pub struct Report {
    /// For each claim, what is not as it says; nothing for one that comes true.
    pub claims: Vec<Vec<Difference>>,
    /// What happens to pods without the command.
    pub unasked: Vec<String>,
    /// The virtual time from the command to the last change of a pod.
    pub action: Span,
    /// Whether the task is done before anything was done for it.
    pub task_done_at_once: bool,
    /// What of the goal is not so after the solution.
    pub task: Vec<Difference>,
}

impl Report {
    /// The indices of the claims that come true.
    pub fn came_true(&self) -> Vec<usize> {
        (0..self.claims.len()).filter(|at| self.claims[*at].is_empty()).collect()
    }

    /// Whether exactly one claim comes true, nothing happens without the command, and the task can be done and is not done yet.
    pub fn is_good(&self) -> bool {
        self.came_true().len() == 1 && self.unasked.is_empty() && self.task.is_empty() && !self.task_done_at_once
    }
}

/// Plays a lesson on each release on which it can be played; whether it is good, and what is told of it.
pub fn judged(lesson: &Lesson) -> (bool, String) {
    let reports: Vec<_> = lesson.played_on().iter().map(|release| (*release, play(lesson, release))).collect();
    let mut wrong = faults(lesson);
    // Who has seen one release is asked again only where another answer comes true.
    let again = reports.windows(2).filter(|pair| !lesson.releases.is_empty() && pair[0].1.came_true() == pair[1].1.came_true());
    wrong.extend(again.map(|pair| format!("releases: the same answer comes true on {} and {}", pair[0].0.name, pair[1].0.name)));
    let mut words: String = reports.iter().map(|(release, report)| told(lesson, release, report)).collect();
    for fault in &wrong {
        let _ = writeln!(words, "{}: not good: {fault}", lesson.name);
    }
    (wrong.is_empty() && reports.iter().all(|(_, report)| report.is_good()), words)
}

/// Plays a lesson on a release: the command or each way, and the task after the one that comes true.
pub fn play(lesson: &Lesson, release: &'static Release) -> Report {
    let setup = Setup { release, ..setup() };
    let (lang, begun) = (Lang::English, lesson.begin(&setup, Lang::English));
    let observed = |line: Option<&str>| {
        let mut run = begun.clone();
        observe(&mut run, line, lesson.within);
        run
    };
    let before = begun.present();
    let quiet = observed(None);
    let differences = |predicate: &Predicate, now: &Playground| predicate.differences(before, now).collect::<Vec<_>>();
    let runs: Vec<_> = if lesson.chooses() {
        lesson.claims.iter().map(|claim| observed(Some(&claim.line))).collect()
    } else {
        vec![observed(Some(&lesson.line))]
    };
    let claims: Vec<_> = if lesson.chooses() {
        runs.iter().map(|run| differences(&lesson.aim, run.present())).collect()
    } else {
        lesson.claims.iter().map(|claim| differences(&claim.holds, runs[0].present())).collect()
    };
    let good = claims.iter().position(Vec::is_empty).filter(|_| lesson.chooses()).unwrap_or(0);
    let mut run = runs[good].clone();
    let after = run.present().clone();
    let last = after.sim().log().from(before.sim().log().len()).filter(|change| change.key.kind == api::kind::Kind::Pod).last();
    let task = lesson.task_on(release);
    let goal = task.map(|task| &task.goal);
    let task_done_at_once = goal.is_some_and(|goal| goal.holds(&after, &after));
    type_lines(&mut run, task.map_or(&[], |task| &task.solution), lang);
    Report {
        claims,
        unasked: story(quiet.present().sim().log(), before.sim().log().len()),
        action: last.map_or(Span(0), |change| change.at.since(before.now())),
        task_done_at_once,
        task: goal.map(|goal| goal.differences(&after, run.present()).collect()).unwrap_or_default(),
    }
}

/// Types a line, if there is one, and lets so much time pass.
fn observe(run: &mut History, line: Option<&str>, within: Span) {
    let mut experiment = Experiment::new(Bounds::LESSON);
    experiment.then(line.map(|line| Act::Type(0, line.into())));
    experiment.then([Act::Until(run.present().now() + within)]);
    experiment.step(&mut Typist { run, lang: Lang::English }, &mut || true);
}

/// What a command prints on a release when the question is asked, and after the lesson's command.
pub fn printed(lesson: &Lesson, release: &'static Release, line: &str) -> [String; 2] {
    let mut run = lesson.begin(&Setup { release, ..setup() }, Lang::English);
    let before = predicate::printed(run.present(), line);
    observe(&mut run, Some(&lesson.line), lesson.within);
    [before, predicate::printed(run.present(), line)]
}

/// The sentences of a lesson, each with its place.
pub fn sentences(lesson: &Lesson) -> Vec<(String, &Sentence)> {
    let own = [("title", &lesson.title), ("story", &lesson.story), ("question", &lesson.question), ("because", &lesson.because)];
    let mut all: Vec<(String, &Sentence)> = own.into_iter().map(|(place, sentence)| (place.to_owned(), sentence)).collect();
    for (number, claim) in lesson.claims.iter().enumerate() {
        all.push((format!("claims[{number}]"), &claim.words));
        all.push((format!("claims[{number}].then"), &claim.then));
    }
    if let Some(task) = &lesson.task {
        all.extend([("task".to_owned(), &task.words), ("task.hint".to_owned(), &task.hint), ("task.done".to_owned(), &task.done)]);
    }
    all.retain(|(_, sentence)| Lang::ALL.iter().any(|lang| sentence.is_told_in(*lang)));
    all
}

/// What else is wrong with a lesson: a field that cannot be set, sentences that a language lacks or that are too long.
pub fn faults(lesson: &Lesson) -> Vec<String> {
    let mut wrong = Vec::new();
    if let Some((path, _)) = lesson.set.iter().find(|(path, _)| !lesson.sets(path)) {
        wrong.push(format!("set: no StatefulSet of the manifest has {path}"));
    }
    for (place, sentence) in sentences(lesson) {
        for lang in Lang::ALL {
            if !sentence.is_told_in(lang) {
                wrong.push(format!("{place}: not told in {}", lang.tag()));
                continue;
            }
            let long = |part: &&str| part.split_whitespace().count() > MAX_WORDS;
            for part in sentence.told(lang).split_inclusive(['.', '?', '!', ':']).filter(long) {
                wrong.push(format!("{place}: more than {MAX_WORDS} words: {}", part.trim()));
            }
        }
    }
    wrong
}

/// A report for people.
pub fn told(lesson: &Lesson, release: &Release, report: &Report) -> String {
    let mut out = format!("{} on {}: {}\n", lesson.name, release.name, if report.is_good() { "good" } else { "not good" });
    for (at, differences) in report.claims.iter().enumerate() {
        let words = lesson.claims[at].words.told(Lang::English);
        let _ = writeln!(out, "  {} {}. {words}", if differences.is_empty() { "true " } else { "false" }, at + 1);
        tell_differences(&mut out, differences);
    }
    if report.came_true().len() != 1 {
        let _ = writeln!(out, "  exactly one claim should come true, not {}", report.came_true().len());
    }
    if !report.unasked.is_empty() {
        let _ = writeln!(out, "  without the command this happens: {}", report.unasked.join(", "));
    }
    let _ =
        writeln!(out, "  the last change of a pod comes {} s after the command, of {} s", report.action.0 / 1000, lesson.within.0 / 1000);
    if report.task_done_at_once {
        out += "  the goal of the task is reached before anything is done for it\n";
    }
    if !report.task.is_empty() {
        out += "  the solution does not reach the goal of the task:\n";
        tell_differences(&mut out, &report.task);
    }
    out
}

fn tell_differences(out: &mut String, differences: &[Difference]) {
    for Difference { of, wanted, found } in differences {
        let indented = |text: &str| text.replace('\n', "\n             ");
        let _ = writeln!(out, "        {of}\n      wanted {}\n      found  {}", indented(wanted), indented(found));
    }
}
