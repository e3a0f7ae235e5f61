//! The ledger of findings: how many texts bring what this product says of a cluster, of a change and of a manifest.
//!
//! `tests/findings.txt` has a row for each cause of a diagnosis and each fault of a manifest, and for what a diagnosis assumes, does not
//! read, takes from logs and has against nodes; of a plan, for each thing that it says and each way that it tries. Below what has several
//! sentences stands a row for each of them, with its conditions. The counts: recorded clusters, public pastes, public manifests, texts of
//! our own, and files of our tests that name it. Each text counts once. `ORDINAL_UPDATE=1` writes the counts anew.
//!
//! Clusters and pastes are diagnosed, without trying cures. A manifest is applied to a new cluster, diagnosed there, and looked at for
//! faults; one with another beside it that comes after is the subject of a plan. Nothing is searched for risks.

use super::{root, texts};

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use ordinal::api::release::V1_37;
use ordinal::base::fields::samples::Sample;
use ordinal::base::fields::{Field, Fields};
use ordinal::base::slices::{Slices, whole};
use ordinal::intake::verdict::{self, Verdict};
use ordinal::intake::{Dump, Report, World, diagnose};
use ordinal::lesson;
use ordinal::plan::case::Case;
use ordinal::plan::course::{Course, Why};
use ordinal::plan::{self, Change, Plan, case, manifest, told};
use ordinal::playground::examples::Example;
use ordinal::playground::{Playground, setup};
use ordinal::risks::faults;
use ordinal::text::diagnose::{Assumed, Sign, Unfit, Unread};
use ordinal::text::plan::{Says, Way};
use ordinal::text::risks::Fault;
use ordinal::text::{ANALYSIS, Lang};
use ordinal::why::Cause;
use rig::file::Scenario;

const LEDGER: &str = "tests/findings.txt";
const LANG: Lang = Lang::English;
/// Sentences with fewer letters that are always the same are not told from each other.
const LEAST: usize = 8;

/// The columns.
const CLUSTERS: usize = 0;
const PASTES: usize = 1;
const MANIFESTS: usize = 2;
const OWN: usize = 3;
const NAMED: usize = 4;

/// What one text brings.
#[derive(Default)]
struct Brought(BTreeSet<String>);

impl Brought {
    /// Takes down what is said, and in which of its sentences.
    fn add(&mut self, sentences: &Sentences, name: String, said: &str) {
        self.0.extend(sentences.row(&name, said));
        self.0.insert(name);
    }

    fn report(&mut self, sentences: &Sentences, report: &Report) {
        for verdict in &report.verdicts {
            self.verdict(sentences, verdict);
        }
        let words = ANALYSIS.diagnose;
        report.assumed.iter().for_each(|one| self.add(sentences, named("assumed", one), &words.assumed(one).verdict));
        report.unread.iter().for_each(|one| self.add(sentences, named("unread", one), &words.not_read(one)));
    }

    fn verdict(&mut self, sentences: &Sentences, verdict: &Verdict) {
        let said = ordinal::intake::told::sentence(verdict).plain();
        self.add(sentences, format!("cause {}", verdict.cause.word()), &said);
        verdict.signs.iter().for_each(|one| self.add(sentences, named("sign", &one.sign), ""));
        verdict.nodes.iter().for_each(|(_, why)| self.add(sentences, named("unfit", why), &ANALYSIS.diagnose.unfit(why)));
    }

    fn plan(&mut self, sentences: &Sentences, plan: &Plan) {
        let says = said(plan);
        says.iter().for_each(|says| self.add(sentences, named("says", says), &says.sentence()));
        plan.waits.iter().for_each(|verdict| self.verdict(sentences, verdict));
        courses(plan).for_each(|course| self.add(sentences, named("way", &course.way), &ANALYSIS.plan.way(course.way)));
    }

    /// What is said of a manifest that is applied to a new cluster.
    fn manifest(&mut self, sentences: &Sentences, text: &str) {
        for fault in faults::of(text) {
            self.add(sentences, format!("fault {}", fault.fault.word()), &fault.told());
        }
        if let Some(work) = manifest::diagnosis(text, &V1_37, Slices::WHOLE) {
            self.report(sentences, &whole(work.within()));
        }
    }
}

/// The variant of a value, behind its kind.
fn named(kind: &str, value: &dyn Field) -> String {
    let mut fields = Fields::default();
    value.put("it", &mut fields);
    let variant = fields.texts().next().expect("the name of a variant").to_owned();
    format!("{kind} {variant}")
}

fn courses(plan: &Plan) -> impl Iterator<Item = &Course> {
    [&plan.given].into_iter().chain(&plan.rounds).chain(&plan.ways)
}

/// All that a plan says.
fn said(plan: &Plan) -> Vec<Says> {
    let mut says = Vec::new();
    for course in courses(plan) {
        let outcome = &course.outcome;
        says.extend(outcome.notes.iter().cloned());
        for set in &outcome.sets {
            says.extend(told::of_set(set));
            says.extend(set.unplaced.iter().chain(&set.beyond).cloned());
            says.extend(set.why.iter().filter_map(|why| match why {
                None => Some(Says::Wanted),
                Some(Why::Asked) => Some(Says::Asked),
                Some(_) => None,
            }));
        }
        says.extend(outcome.refused.iter().map(|one| told::refused(one, "after.yaml")));
        says.extend(
            outcome.applied.iter().flat_map(|applied| [told::did(applied, "after.yaml")].into_iter().chain(told::managed(applied))),
        );
        says.extend(outcome.lost.iter().map(|lost| Says::DataLost { volume: lost.volume.clone(), bytes: lost.bytes }));
        says.extend(outcome.stay.iter().map(|(key, _)| Says::Stays { object: ordinal::intake::told::short(key) }));
        says.extend(outcome.blocked.iter().map(|line| Says::Blocked { line: line.clone() }));
    }
    says.push(told::end(&plan.given.outcome));
    says.extend(plan.rounds.iter().map(told::round));
    says.extend(plan.rounds.iter().chain(&plan.ways).map(told::row));
    says.extend(told::typed_lasts(plan));
    says.extend(plan.fixed.iter().map(|fixed| Says::Fixed { set: fixed.set.name.clone(), fields: Vec::new() }));
    says.extend((!plan.fixed.is_empty() && plan.offered().next().is_none()).then_some(Says::NoRound));
    says.extend((!told::growing(plan).is_empty()).then_some(Says::Grows));
    says.extend((plan.given.outcome.sets.is_empty() && plan.given.outcome.refused.is_empty()).then_some(Says::Nothing));
    says
}

/// The sentences of what has several: the conditions of each, and its parts that are always the same.
struct Sentences(BTreeMap<String, Vec<(String, Vec<String>)>>);

impl Sentences {
    fn read() -> Sentences {
        let mut all: BTreeMap<String, Vec<(String, Vec<String>)>> = BTreeMap::new();
        for (file, key, kind) in [
            ("diagnose", "cause", "cause"),
            ("diagnose", "assumed", "assumed"),
            ("diagnose", "not_read", "unread"),
            ("diagnose", "unfit", "unfit"),
            ("plan", "says", "says"),
            ("risks", "fault", "fault"),
        ] {
            let text = fs::read_to_string(root().join(format!("src/page/text/en/{file}.txt"))).expect("a table");
            let mut heads: Vec<(String, String)> = Vec::new();
            for line in text.lines().filter(|line| !line.starts_with(['#', '['])) {
                if let Some(sentence) = line.strip_prefix("    ") {
                    let parts = fixed(sentence);
                    let is_told = parts.iter().map(String::len).sum::<usize>() >= LEAST;
                    for (name, conditions) in heads.drain(..).filter(|_| is_told) {
                        all.entry(name).or_default().push((conditions, parts.clone()));
                    }
                } else if let Some((name, conditions)) = head(line, key) {
                    heads.push((format!("{kind} {name}"), conditions));
                }
            }
        }
        all.retain(|_, rows| rows.len() > 1);
        Sentences(all)
    }

    /// The row of what is said: of those that fit, the one of which most is always the same.
    fn row(&self, name: &str, said: &str) -> Option<String> {
        let plain = said.replace('`', "");
        let rows = self.0.get(name)?.iter().filter(|(_, parts)| has(&plain, parts));
        let (conditions, _) = rows.min_by_key(|(_, parts)| std::cmp::Reverse(parts.iter().map(String::len).sum::<usize>()))?;
        Some(format!("{name} if {conditions}"))
    }

    /// The names of all rows.
    fn rows(&self) -> impl Iterator<Item = String> {
        self.0.iter().flat_map(|(name, rows)| rows.iter().map(move |(conditions, _)| format!("{name} if {conditions}")))
    }
}

/// The word that a row is of, and its other conditions: `cause detail=no-workload custom`.
fn head(line: &str, key: &str) -> Option<(String, String)> {
    let rest = line.strip_prefix(key)?.strip_prefix(' ')?;
    let (first, conditions) = rest.split_once(' ').unwrap_or((rest, "nothing else"));
    Some((first.split_once('=')?.1.to_owned(), conditions.to_owned()))
}

/// The parts of a sentence between its placeholders.
fn fixed(sentence: &str) -> Vec<String> {
    let outside = sentence
        .split(['{', '<'])
        .enumerate()
        .map(|(at, part)| if at == 0 { part } else { part.split_once(['}', '>']).map_or("", |(_, rest)| rest) });
    outside.map(|part| part.replace(['`', '}', '>'], "").trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// Whether a text has all parts, one after the other.
fn has(text: &str, parts: &[String]) -> bool {
    let mut rest = text;
    parts.iter().all(|part| match rest.split_once(part.as_str()) {
        Some((_, behind)) => {
            rest = behind;
            true
        }
        None => false,
    })
}

/// All that can be said.
fn known() -> BTreeSet<String> {
    let mut all: BTreeSet<String> = Cause::ALL.iter().map(|cause| format!("cause {}", cause.word())).collect();
    all.extend(Fault::ALL.iter().map(|fault| format!("fault {}", fault.word())));
    all.extend(Says::samples().iter().map(|one| named("says", one)));
    all.extend(Way::samples().iter().map(|one| named("way", one)));
    all.extend(Assumed::samples().iter().map(|one| named("assumed", one)));
    all.extend(Unread::samples().iter().map(|one| named("unread", one)));
    all.extend(Sign::samples().iter().map(|one| named("sign", one)));
    all.extend(Unfit::samples().iter().map(|one| named("unfit", one)));
    all
}

/// The folders in a folder, in order.
fn folders(path: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut all: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir()).collect();
    all.sort();
    all
}

fn file(folder: &Path, name: &str) -> Option<String> {
    fs::read_to_string(folder.join(name)).ok()
}

/// The texts below a folder whose names end so.
fn below(path: &str, ends: &[&str]) -> Vec<String> {
    let mut all = Vec::new();
    texts(&root().join(path), &|name| ends.iter().any(|end| name.ends_with(end)), &mut all);
    assert!(!all.is_empty(), "nothing is read at {path}");
    all
}

/// What a recorded cluster brings: the whole of it, and what was printed of it in other forms.
fn cluster(sentences: &Sentences, folder: &Path, forms: &[&str]) -> Brought {
    let mut brought = Brought::default();
    if let Some(text) = file(folder, "cluster.yaml") {
        brought.report(sentences, &verdict::report(&World::of(Dump::read([&*text])).untried()));
    }
    for text in forms.iter().filter_map(|name| file(folder, name)) {
        brought.report(sentences, &diagnose([&*text]));
    }
    brought
}

fn paste(sentences: &Sentences, text: &str) -> Brought {
    let mut brought = Brought::default();
    brought.report(sentences, &diagnose([text]));
    brought
}

/// What a folder with a manifest brings, and the one that comes after it.
fn pair(sentences: &Sentences, folder: &Path) -> Brought {
    let mut brought = Brought::default();
    let (before, after) = (file(folder, "before.yaml"), file(folder, "after.yaml"));
    before.iter().chain(&after).for_each(|text| brought.manifest(sentences, text));
    if let (Some(before), Some(after)) = (before, after)
        && let Ok(plan) = Case::new(&before, &after, &V1_37).plan(&Change::Manifest(after))
    {
        brought.plan(sentences, &plan);
    }
    brought
}

/// What a recorded change brings: lines that are typed in the world of a manifest.
fn change(sentences: &Sentences, folder: &Path) -> Brought {
    let mut brought = Brought::default();
    let (Some(before), Some(lines)) = (file(folder, "before.yaml"), file(folder, "do.json")) else { return brought };
    let lines: Vec<String> = serde_json::from_str(&lines).expect("lines");
    let mut world = case::world(&before, &V1_37).unwrap_or_else(|faults| panic!("{}: {faults:?}", folder.display()));
    let after = file(folder, "after.yaml");
    before_and(&after).iter().for_each(|(name, text)| case::put_file(&mut world, name, text.unwrap_or(&before)));
    let is_applied = lines == ["kubectl apply -f after.yaml"];
    let change = after.filter(|_| is_applied).map_or(Change::Lines(lines), Change::Manifest);
    brought.plan(sentences, &plan::of(&world, &change));
    brought
}

fn before_and(after: &Option<String>) -> Vec<(&'static str, Option<&str>)> {
    [("before.yaml", None)].into_iter().chain(after.iter().map(|text| ("after.yaml", Some(text.as_str())))).collect()
}

/// What the commands of a lesson bring.
fn taught(sentences: &Sentences, name: &str, text: &str) -> Brought {
    let mut brought = Brought::default();
    let lesson = lesson::read(name, text).unwrap_or_else(|faults| panic!("{name}: {faults:?}"));
    brought.manifest(sentences, &lesson.manifest());
    let run = lesson.begin(&setup(), LANG);
    let lines: BTreeSet<&str> = [&*lesson.line].into_iter().chain(lesson.claims.iter().map(|claim| &*claim.line)).collect();
    for line in lines.into_iter().filter(|line| !line.is_empty()) {
        let world: &Playground = run.present();
        brought.plan(sentences, &plan::of(world, &Change::Lines(vec![line.to_owned()])));
    }
    brought
}

/// Everything that is counted: the column, and what a text brings.
fn all(sentences: &Sentences) -> Vec<(usize, Brought)> {
    let mut all = Vec::new();
    all.extend(
        folders("tests/data/diagnose")
            .iter()
            .map(|folder| (CLUSTERS, cluster(sentences, folder, &["tables.txt", "describe.txt", "one-line.txt"]))),
    );
    all.extend(folders("tests/data/diagnose-own").iter().map(|folder| (OWN, cluster(sentences, folder, &["one-line.txt"]))));
    for path in ["tests/data/public", "tests/data/public4/cases", "tests/data/public4/min", "tests/data/diagnose-pastes"] {
        all.extend(below(path, &[".txt", ".yaml", ".json", ".log"]).iter().map(|text| (PASTES, paste(sentences, text))));
    }
    for folder in folders("tests/data/public4/plan").iter().chain(&folders("tests/plan/asked")) {
        all.push((MANIFESTS, pair(sentences, folder)));
    }
    let seeds =
        below("tests/seeds", &[".yaml"]).into_iter().flat_map(|text| Scenario::parse(&text).expect("a scenario").files.into_values());
    let manifests =
        seeds.chain(below("src/terminal/console/library", &[".yaml"])).chain(below("tests/data/public4/plan", &["manifest.yaml"]));
    all.extend(manifests.map(|text| (MANIFESTS, of_manifest(sentences, &text))));
    all.extend(folders("tests/plan/real").iter().map(|folder| (OWN, change(sentences, folder))));
    let examples = Example::ALL.iter().map(|example| example.manifest().to_owned());
    all.extend(examples.chain(below("tests/page/manifests", &[".yaml"])).map(|text| (OWN, of_manifest(sentences, &text))));
    let course = fs::read_to_string(root().join("src/page/lesson/course/course.txt")).expect("the course");
    for name in course.lines().filter(|line| line.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !line.is_empty()) {
        if let Some(text) = file(&root().join("src/page/lesson/course"), &format!("{name}.yaml")) {
            all.push((OWN, taught(sentences, name, &text)));
        }
    }
    all
}

fn of_manifest(sentences: &Sentences, text: &str) -> Brought {
    let mut brought = Brought::default();
    brought.manifest(sentences, text);
    brought
}

/// How many files of our tests name something: a variant behind its type, or a word in quotation marks.
fn naming(name: &str, tests: &[String]) -> usize {
    let (kind, word) = name.split_once(' ').unwrap_or_default();
    let of_type = match kind {
        "says" | "way" | "assumed" | "unread" | "sign" | "unfit" => format!("{}{}::{word}", kind[..1].to_uppercase(), &kind[1..]),
        _ => format!("{}{}::{}", kind[..1].to_uppercase(), &kind[1..], word.split('-').map(capital).collect::<String>()),
    };
    let quoted = format!("\"{word}\"");
    let is_word =
        |text: &str| text.match_indices(&*of_type).any(|(at, _)| !text[at + of_type.len()..].starts_with(|c: char| c.is_alphanumeric()));
    tests.iter().filter(|text| is_word(text) || kind != "way" && text.contains(&quoted)).count()
}

fn capital(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

#[test]
fn whatever_is_said_is_weighed_by_who_brings_it() {
    let sentences = Sentences::read();
    let mut counts: BTreeMap<String, [usize; 5]> = known().into_iter().chain(sentences.rows()).map(|name| (name, [0; 5])).collect();
    for (column, brought) in all(&sentences) {
        for name in brought.0 {
            counts.get_mut(&name).unwrap_or_else(|| panic!("nothing is known of {name}"))[column] += 1;
        }
    }
    let tests: Vec<String> =
        ["tests/plan", "tests/risks", "tests/diagnose", "tests/view", "tests/page"].iter().flat_map(|path| below(path, &[".rs"])).collect();
    for (name, counts) in counts.iter_mut().filter(|(name, _)| !name.contains(" if ")) {
        counts[NAMED] = naming(name, &tests);
    }
    let mut now = String::from("# clusters pastes manifests own tests what (tests/ledger/findings.rs)\n");
    for (name, [clusters, pastes, manifests, own, tests]) in &counts {
        let _ = writeln!(now, "{clusters:4} {pastes:4} {manifests:4} {own:4} {tests:4} {name}");
    }
    if std::env::var_os("ORDINAL_UPDATE").is_some() {
        fs::write(root().join(LEDGER), &now).expect("written");
    }
    let was = fs::read_to_string(root().join(LEDGER)).unwrap_or_default();
    assert!(now == was, "other things are said, or by other texts: ORDINAL_UPDATE=1 writes {LEDGER} anew");
}
