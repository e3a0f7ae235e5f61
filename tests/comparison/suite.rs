//! The suite: every recorded scenario, played on the model and held against its recordings.
//!
//! Promises: a scenario that goes otherwise than in its recordings, and is not listed with a reason, is wrong, and so is a listed
//! difference that is none any more.

use std::fs;
use std::ops::AddAssign;
use std::path::{Path, PathBuf};

use api::release::Release;
use rig::file::Scenario;
use rig::run::{Played, replay};

use crate::compare::{Differences, compare};
use crate::listed::{Listed, OTHER_TEXTS, PLACED_OTHERWISE, accident, chance, is_gone, listed};
use crate::run::Run;

/// Where the recordings are, in the project's folder.
pub const RECORDINGS: &str = "tests/conformance/recordings";

/// The project's folder.
pub fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("tests/comparison is two directories deep").to_owned()
}

/// The folder of a scenario's recordings on a release; those of the default release are beside the scenario itself.
pub fn folder(name: &str, release: &Release) -> PathBuf {
    let folder = project().join(RECORDINGS).join(name);
    if release.name == Release::ALL[0].name { folder } else { folder.join(release.name) }
}

fn inside(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut names: Vec<String> = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

/// Every scenario that is played, with its group: `spine/delete-pod`.
pub fn scenarios() -> Vec<String> {
    let recordings = project().join(RECORDINGS);
    let of_group = |group: String| inside(&recordings.join(&group)).into_iter().map(move |name| format!("{group}/{name}"));
    inside(&recordings).into_iter().flat_map(of_group).filter(|name| !is_gone(name)).collect()
}

/// The text of a scenario.
pub fn written(name: &str) -> String {
    let file = project().join(RECORDINGS).join(name).join("scenario.yaml");
    fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
}

/// A scenario's recorded runs on a release, and the scenario with the nodes of that release's first run; `None` if there are none.
pub fn recorded(name: &str, release: &Release) -> Option<(Vec<Run>, Scenario)> {
    let folder = folder(name, release);
    let runs = folder.join("trace.jsonl").exists().then(|| Run::recorded(&folder).unwrap_or_else(|e| panic!("{e}")))?;
    let scenario = Scenario::parse(&written(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    let own = release.name == Release::ALL[0].name;
    let placements = if own { scenario.placements.clone() } else { runs[0].placements() };
    Some((runs, Scenario { placements, ..scenario }))
}

/// A scenario on a release: recorded, and as the model plays it.
pub struct Judged {
    /// Its group and name.
    pub name: String,
    pub release: &'static Release,
    /// The scenario, with the nodes of the first recording.
    pub scenario: Scenario,
    /// The real runs.
    pub recorded: Vec<Run>,
    /// The model's run, as its tools leave it.
    pub played: Played,
    /// The same, to be compared.
    pub run: Run,
    /// What differs from every real run.
    pub found: Differences,
    /// The differences for which no reason is listed.
    pub wrong: Vec<String>,
}

impl Judged {
    /// Plays a scenario; `None` if it was not recorded on the release.
    pub fn of(name: &str, release: &'static Release) -> Option<Judged> {
        let (recorded, scenario) = recorded(name, release)?;
        let played = replay(&scenario, release).unwrap_or_else(|e| panic!("{name}: {e}"));
        let run = Run::read(&played.trace, &played.kubectl).unwrap_or_else(|e| panic!("{name}: {e}"));
        let found = compare(&recorded, &run);
        let mut judged = Judged { name: name.to_owned(), release, scenario, recorded, played, run, found, wrong: Vec::new() };
        judged.wrong = judged.mistakes();
        Some(judged)
    }

    /// Whether it behaves as a real cluster did, whatever kubectl prints.
    pub fn is_same(&self) -> bool {
        self.played.cut.is_none() && self.found.behaviour().next().is_none()
    }

    /// How it counts.
    pub fn score(&self) -> Score {
        let commands = self.recorded[0].commands.len();
        Score { scenarios: 1, same: usize::from(self.is_same()), commands, right: commands - self.found.text.len() }
    }

    /// What of it the page's tables tell.
    pub fn line(&self) -> Line {
        let (name, release) = (self.name.as_str(), self.release);
        let of = |kind: &'static str, table: &'static [Listed]| {
            listed(table, release.name, name).map(move |(_, _, what, why)| Reason { kind, what: (*what).to_owned(), why })
        };
        let chance = accident(release.name, name).or_else(|| chance(release.name, name)).map(|(_, _, (jitter, seed), why)| Reason {
            kind: "accident",
            what: format!("--jitter {jitter} --seed {seed}"),
            why,
        });
        let reasons = of("text", OTHER_TEXTS).chain(of("place", PLACED_OTHERWISE)).chain(chance).collect();
        Line {
            name: self.name.clone(),
            title: self.scenario.title.clone(),
            release,
            score: self.score(),
            reasons,
            wrong: self.wrong.clone(),
        }
    }

    fn mistakes(&self) -> Vec<String> {
        let name = &self.name;
        let mut wrong: Vec<String> = self.played.broken.iter().map(|violation| format!("{name}: {violation}")).collect();
        if chance(self.release.name, name).is_some() {
            return wrong;
        }
        if !self.is_same() {
            wrong.push(format!("{name}: {:?}\n{}", self.played.cut, self.found.behaviour().collect::<Vec<_>>().join("\n")));
        }
        wrong.extend(self.texts());
        wrong.extend(self.places());
        wrong
    }

    /// The differences of kubectl's output that are not listed, and those listed that are gone.
    fn texts(&self) -> Vec<String> {
        let name = &self.name;
        let known = || listed(OTHER_TEXTS, self.release.name, name);
        let is_of = |difference: &str, command: &str| difference.starts_with(&format!("$ kubectl {command}"));
        let found = || self.found.text.iter().map(|(_, text)| text);
        let new = found().filter(|text| !known().any(|(_, _, command, _)| is_of(text, command)));
        let gone = known().filter(|(_, _, command, _)| !found().any(|text| is_of(text, command)));
        let new = new.map(|text| format!("{name}: {text}"));
        new.chain(gone.map(|(_, _, command, why)| format!("{name}: `{command}` prints what a real one does now, listed as {why}")))
            .collect()
    }

    /// The pods that are not on their recorded nodes and not listed, and those listed that are there: the recording decides only between
    /// nodes that the scheduler finds equally good.
    fn places(&self) -> Vec<String> {
        let (name, mine) = (&self.name, self.run.placements());
        if accident(self.release.name, name).is_some() {
            return Vec::new();
        }
        let known = || listed(PLACED_OTHERWISE, self.release.name, name);
        let placed = self.recorded[0].placements();
        let others: Vec<(&String, &Vec<String>)> = placed.iter().filter(|(pod, nodes)| mine.get(*pod) != Some(*nodes)).collect();
        let new = others.iter().filter(|(pod, _)| !known().any(|(_, _, start, _)| pod.starts_with(start)));
        let gone = known().filter(|(_, _, start, _)| !others.iter().any(|(pod, _)| pod.starts_with(start)));
        let new = new.map(|(pod, nodes)| format!("{name}: {pod} is on {:?}, on a real cluster on {nodes:?}", mine.get(*pod)));
        new.chain(gone.map(|(_, _, start, why)| format!("{name}: `{start}` are where they were recorded now, listed as {why}"))).collect()
    }
}

/// A scenario on a release, without its runs.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its group and name.
    pub name: String,
    /// What happens in it, in English.
    pub title: String,
    pub release: &'static Release,
    /// How it counts.
    pub score: Score,
    /// What is listed for it.
    pub reasons: Vec<Reason>,
    /// The differences for which nothing is listed.
    pub wrong: Vec<String>,
}

impl Line {
    /// How it goes, as a word of `text::truth`.
    pub fn state(&self) -> &'static str {
        match (self.wrong.is_empty(), self.reasons.is_empty()) {
            (true, true) => "same",
            (true, false) => "listed",
            (false, _) => "wrong",
        }
    }
}

/// A listed difference.
#[derive(Clone, Debug)]
pub struct Reason {
    /// What kind of difference, as a word of `text::truth`.
    pub kind: &'static str,
    /// The command, the pods or the options of `replay` that it is about.
    pub what: String,
    /// Why, as a word of `text::truth`.
    pub why: &'static str,
}

/// How many scenarios behave as recorded, and of how many commands kubectl prints the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    pub scenarios: usize,
    /// Those that behave as on a real cluster.
    pub same: usize,
    /// The commands in the first recordings.
    pub commands: usize,
    /// Those that print the same.
    pub right: usize,
}

impl AddAssign for Score {
    fn add_assign(&mut self, other: Score) {
        let Score { scenarios, same, commands, right } = other;
        (self.scenarios, self.same) = (self.scenarios + scenarios, self.same + same);
        (self.commands, self.right) = (self.commands + commands, self.right + right);
    }
}
