//! What a page shows of a search, as plain data: a worker makes it, and the page only draws it.

use std::rc::Rc;

use api::object::NamespacedName;
use text::Prose;

use super::change::Change;
use super::outcome::{Finding, Phase};
use super::pack::{Pack, packed};
use super::player::Input;
use super::protect::Protection;
use super::search::Search;
use super::start::Start;
use super::told::{self, Row};

/// All that is shown of a search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    pub is_done: bool,
    /// What the server refuses of the start: the line, and its words. Empty until the search is done, as all before the list.
    pub refused: Vec<(usize, String)>,
    /// The lines above the findings: omitted parts of the manifest, and why the start is stuck.
    pub ahead: Vec<String>,
    /// What was covered.
    pub covered: Vec<String>,
    /// The list: what each line says ([`said`]), and the findings behind it, each a [`Shown`].
    pub lines: Vec<(Part, Vec<Part>)>,
    /// What already protects: each is a [`Guarded`].
    pub guards: Vec<Part>,
    /// The texts that courses begin with, or that the editor takes. Those of later sheets of a search come behind these.
    pub texts: Vec<Rc<str>>,
}

/// A part of a sheet: its name, which later sheets of the search keep, and what it holds, packed.
pub type Part = (String, String);

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The word of its kind.
    pub kind: String,
    pub title: Prose,
    pub sentence: Prose,
    pub course: Course,
    pub likely: Vec<Prose>,
    pub prevention: Option<Prevention>,
    /// What is said where nothing prevents it, once the search is done.
    pub none: Vec<Prose>,
}

/// How a finding comes about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    pub because: Option<Prose>,
    pub acts: Vec<Prose>,
    /// What is typed.
    pub lines: Vec<String>,
    /// How it is played.
    pub play: Option<Play>,
}

/// A course to be played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Play {
    /// The place of its text in [`Sheet::texts`].
    pub text: usize,
    pub inputs: Vec<Input>,
    /// How many of the inputs are the start's.
    pub start: usize,
    /// The namespace and the name of the set that it is about.
    pub workload: (String, String),
}

/// A change that prevents a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prevention {
    pub said: Prose,
    pub fields: String,
    /// The place of the changed manifest in [`Sheet::texts`]; `None` for a cluster.
    pub text: Option<usize>,
}

/// A line that protects, and what goes wrong without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guarded {
    /// The word of what protects.
    pub word: String,
    pub said: Prose,
    /// What stands before what takes its place.
    pub without: String,
    pub yaml: Option<String>,
    pub findings: Vec<(Prose, Prose, Course)>,
}

packed! {
    Sheet { is_done, refused, ahead, covered, lines, guards, texts }
    Shown { kind, title, sentence, course, likely, prevention, none }
    Course { because, acts, lines, play }
    Play { text, inputs, start, workload }
    Prevention { said, fields, text }
    Guarded { word, said, without, yaml, findings }
}

/// What a line of [`Sheet::lines`] says.
pub fn said(line: &str) -> Prose {
    Prose::unpacked(line)
}

impl Shown {
    /// Reads one of the findings behind a line of [`Sheet::lines`].
    pub fn of_line(line: &str) -> Shown {
        Shown::unpacked(line)
    }
}

impl Guarded {
    /// Reads one of [`Sheet::guards`].
    pub fn of_line(line: &str) -> Guarded {
        Guarded::unpacked(line)
    }
}

impl Play {
    /// The set that it is about.
    pub fn workload(&self) -> NamespacedName {
        NamespacedName { namespace: self.workload.0.as_str().into(), name: self.workload.1.as_str().into() }
    }
}

impl Sheet {
    /// What is shown of a search by now, after other sheets of it.
    pub fn of(search: &Search, before: &mut Before) -> Sheet {
        let is_done = search.progress().phase == Phase::Done;
        let mut made = Maker { search, is_done, before };
        let lines = told::rows(search.findings()).iter().map(|row| made.line(row)).collect();
        let guards = told::protecting(search.protections()).map(|one| made.guarded(one)).collect();
        let mut sheet = Sheet { is_done, lines, guards, texts: before.texts.clone(), ..Sheet::default() };
        if is_done {
            if search.is_accepted() {
                sheet.ahead = told::ahead(search);
            } else {
                sheet.refused = search.refused().collect();
            }
            sheet.covered = told::covered(search);
        }
        sheet
    }
}

/// What the sheets of a search had before.
#[derive(Debug, Default)]
pub struct Before {
    texts: Vec<Rc<str>>,
    /// The names of the findings, in the order in which they came.
    findings: Vec<String>,
}

/// The place of something among what is known, where it is added if it is new.
fn place<T: PartialEq>(one: T, known: &mut Vec<T>) -> usize {
    known.iter().position(|known| *known == one).unwrap_or_else(|| {
        known.push(one);
        known.len() - 1
    })
}

/// Makes a sheet.
struct Maker<'a> {
    search: &'a Search,
    is_done: bool,
    before: &'a mut Before,
}

impl Maker<'_> {
    /// A line of findings has the name of the one that came first: whatever joins it later, it stays the same line.
    fn line(&mut self, row: &Row) -> (Part, Vec<Part>) {
        let names: Vec<String> = row.findings.iter().map(|one| one.shown.identity()).collect();
        let first = names.iter().map(|name| place(name.clone(), &mut self.before.findings)).min();
        let name = first.filter(|_| !row.is_common).map_or(String::new(), |first| self.before.findings[first].clone());
        let findings = names.into_iter().zip(&row.findings).map(|(name, one)| (name, self.finding(one).packed())).collect();
        ((name, row.line(self.search).packed()), findings)
    }

    fn finding(&mut self, finding: &Finding) -> Shown {
        let none = || told::no_help(finding).into_iter().chain(told::trade(finding)).collect();
        let is_without = self.is_done && finding.prevention.change.is_none();
        Shown {
            kind: finding.shown.kind.word().to_owned(),
            title: told::title(finding),
            sentence: told::sentence(finding),
            course: self.course(finding, None),
            likely: told::likely(finding),
            prevention: finding.prevention.change.as_ref().map(|change| self.prevention(change)),
            none: if is_without { none() } else { Vec::new() },
        }
    }

    /// `without`: where a line is taken away before.
    fn course(&mut self, finding: &Finding, without: Option<&Change>) -> Course {
        let lines: Vec<String> = finding.inputs[finding.start..].iter().map(|input| told::typed(input).to_owned()).collect();
        let start = if finding.acts.is_empty() { self.search.asked() } else { self.search.start() };
        let start = without.map_or_else(|| Some(start.clone()), |line| start.changed(line));
        let workload = &finding.shown.workload;
        let play = start.filter(|_| without.is_some() || !lines.is_empty()).map(|start| Play {
            text: place(start.text(), &mut self.before.texts),
            inputs: finding.inputs.clone(),
            start: finding.start,
            workload: (workload.namespace.to_string(), workload.name.to_string()),
        });
        Course { because: told::because(finding), acts: told::acts(finding), lines, play }
    }

    fn prevention(&mut self, change: &Change) -> Prevention {
        let changed = self.search.asked().changed(change).filter(|start| matches!(start, Start::Manifest { .. }));
        let text = changed.map(|start| place(start.text(), &mut self.before.texts));
        Prevention { said: told::change(change), fields: told::fields(change).trim_end().to_owned(), text }
    }

    fn guarded(&mut self, line: &Protection) -> Part {
        let (without, yaml) = told::without(line);
        let finding = |one: &Finding| (told::title(one), told::sentence(one), self.course(one, Some(&line.change)));
        let findings = line.findings.iter().map(finding).collect();
        let guarded = Guarded {
            word: line.change.guard.word().to_owned(),
            said: told::protects(line),
            without: without.to_owned(),
            yaml: yaml.map(|yaml| yaml.trim_end().to_owned()),
            findings,
        };
        // One guard protects a field in one way.
        (format!("{} {}", guarded.word, told::protects(line).plain()), guarded.packed())
    }
}
