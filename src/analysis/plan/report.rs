//! All that a plan says, as a plain list: text, Markdown, annotations and SARIF are made of it, so that none of them says less.
//!
//! Promises: the worst finding of the plan ([`Plan::findings`]) is that of an entry. The entries stand in the order in which people read
//! them. Must not know: ids as reports spell them, places in files, which findings fail.

use std::cmp::Reverse;
use std::fmt::Write;
use std::rc::Rc;

use crate::by::Applied;
use crate::course::{Course, End, Outcome, SetCourse};
use crate::fault::Fault;
use crate::lack::Lack;
use crate::matter::{Matter, is_amiss, is_lost, is_unjudged, is_unread};
use crate::told::{
    assumed, brief, cures, did, end, ended, growing, lines, managed, moves, named, of_set, plain, printed, reasons, refused, round, row,
    stored, typed_lasts, wait,
};
use crate::watch::{Storage, majority};
use crate::{Finding, Plan};
use api::kind::Kind;
use api::object::ObjectKey;
use base::fields::{Content, Field, Fields};
use base::sort::Sort;
use causes::command;
use intake::told::{both, short};
use intake::verdict::Verdict;
use text::plan::Says;
use text::{ANALYSIS, Prose};
use why::Cause;

/// Which part of a report an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The server refused a part of the text before the change.
    LeftOut,
    /// The answer as the files stand begins.
    Bare,
    /// The answer with what was added begins.
    With,
    /// What a tool did.
    Tool,
    /// Something was refused by the server, or failed.
    Refusal,
    /// What cannot be changed, and a way round what was refused.
    Round,
    Note,
    /// What becomes of a set.
    Set,
    /// Data is lost, an object stays, or a line never ends.
    Beside,
    /// How the change ends.
    End,
    /// What a workload waits for.
    Wait(Cause),
    /// The same done otherwise.
    Ways,
    /// What was taken to be so.
    Assumed,
}

/// A line below the title of an entry, and how deep it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub depth: usize,
    pub text: String,
}

/// One thing that a plan says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub part: Part,
    pub matter: Option<Matter>,
    /// How bad it is; `None` where it is only told.
    pub finding: Option<Finding>,
    /// Whether it asks to be read although the change itself ends well.
    pub warns: bool,
    /// The workload that it is about, where that is known.
    pub about: Option<ObjectKey>,
    /// What it is about, as reports name that: a workload, an object, or a line.
    pub subject: String,
    /// The line of the manifest, counted from 1, that it is about.
    pub at: Option<usize>,
    pub title: String,
    pub lines: Vec<Line>,
}

impl Entry {
    fn new(part: Part, title: String) -> Entry {
        Entry { part, matter: None, finding: None, warns: false, about: None, subject: String::new(), at: None, title, lines: Vec::new() }
    }

    fn about(self, key: &ObjectKey) -> Entry {
        Entry { about: Some(key.clone()), subject: short(key), ..self }
    }

    fn add(&mut self, depth: usize, text: &str) {
        self.lines.extend(text.lines().map(|line| Line { depth, text: line.to_owned() }));
    }

    /// The lines below the title, each with its margin where the title has this one.
    pub fn body(&self, margin: usize) -> String {
        self.lines.iter().fold(String::new(), |mut out, Line { depth, text }| {
            let _ = writeln!(out, "{:margin$}{text}", "", margin = margin + 2 * depth);
            out
        })
    }

    /// Whether there is something to look up or to accept.
    pub fn is_worse_than_told(&self) -> bool {
        self.finding.is_some() || self.warns
    }
}

/// All that a plan says. `file` is the name of the manifest that is applied.
pub fn report(plan: &Plan, file: &str) -> Vec<Entry> {
    let outcome = &plan.given.outcome;
    let mut all = Vec::from_iter(outcome.applied.as_ref().map(|applied| tool(applied, file)));
    all.extend(refusals(plan, file));
    all.extend(rounds(plan, file));
    // What a new probe may do is told where it does nothing of that.
    let is_open = |says: &&Says| !(matches!(says, Says::NewProbe { .. } | Says::BackAgain { .. }) && outcome.end >= End::Stopped);
    let [costs, others] = outcome.by_cost().map(|notes| {
        let mut entries: Vec<Entry> = notes.into_iter().filter(is_open).map(|says| note(says, outcome)).collect();
        // The worst comes first; what is equally bad stays in its order.
        entries.sort_small_by_key(|entry| Reverse((entry.finding, entry.warns)));
        entries
    });
    all.splice(0..0, costs);
    all.extend(others);
    all.extend(otherwise_told(plan));
    all.extend(outcome.sets.iter().map(set));
    all.extend(consequences(outcome, file));
    all.extend(plan.waits.iter().filter_map(|verdict| waiting(plan, verdict)));
    let mut last = Entry::new(Part::End, plain(&end(outcome)));
    // Where nothing else is told to wait or to be left to do, the end says so.
    let is_told = all.iter().any(|entry| entry.finding == Some(Finding::Stuck));
    last.finding = (outcome.end >= End::Amiss && !is_told).then_some(Finding::Stuck);
    let place = all.iter().position(|entry| matches!(entry.part, Part::Wait(_))).unwrap_or(all.len());
    all.insert(place, last);
    all.extend(ways(plan));
    all.extend(assumed(plan).into_iter().map(|told| Entry::new(Part::Assumed, told)));
    if let Some(bare) = &plan.bare {
        let first = as_the_files_stand(bare, &all, file);
        all.splice(0..0, first.into_iter().chain([added(plan)]));
    }
    all.splice(0..0, plan.left_out.iter().map(left_out));
    all
}

/// What the change does where nothing was added: which pods come and go, and what they wait for. The second answer says the rest.
fn as_the_files_stand(bare: &Plan, with: &[Entry], file: &str) -> Vec<Entry> {
    let is_again = |entry: &Entry| with.iter().any(|other| (other.part, &other.title) == (entry.part, &entry.title));
    let refusals = refusals(bare, file).into_iter().filter(|entry| !is_again(entry));
    let sets = bare.given.outcome.sets.iter().filter_map(moved);
    let waits = bare.waits.iter().filter_map(|verdict| waiting(bare, verdict));
    // How bad the change is, the second answer decides, but for data.
    let told = |entry: Entry| Entry { finding: entry.finding.filter(|finding| *finding == Finding::Data), warns: false, ..entry };
    let mut all: Vec<Entry> = refusals.chain(sets).chain(waits).map(told).collect();
    if !all.is_empty() {
        all.insert(0, Entry::new(Part::Bare, ANALYSIS.plan.bare().to_owned()));
    }
    all
}

/// The pods of a set that come and go, and what becomes of its storage; `None` where nothing does.
fn moved(set: &SetCourse) -> Option<Entry> {
    let key = &set.watched.set;
    let mut entry = Entry::new(Part::Set, format!("{} ({})", short(key), key.namespace)).about(key);
    entry.finding = finding(set);
    let mut says = moves(set);
    let is_told = !says.is_empty() || entry.finding == Some(Finding::Data);
    stored(&set.watched, &mut says);
    says.iter().for_each(|says| entry.add(1, &plain(says)));
    is_told.then_some(entry)
}

/// What was added before the second answer.
fn added(plan: &Plan) -> Entry {
    let names: Vec<String> = plan.added.iter().map(Lack::told).collect();
    let mut entry = Entry::new(Part::With, format!("{}:", ANALYSIS.plan.with(&names.join(", "))));
    entry.finding = plan.hangs_on_added.then_some(Finding::Unjudged);
    entry
}

/// What the server refused before the change.
fn left_out(fault: &Fault) -> Entry {
    let mut entry = Entry::new(Part::LeftOut, ANALYSIS.plan.before_refused().to_owned());
    entry.add(1, &brief(&fault.words));
    entry
}

/// A plan as people read it. `file` is the name of the manifest that is applied.
pub fn text(plan: &Plan, file: &str) -> String {
    written(&report(plan, file), |_| None)
}

/// A report as people read it. `id` is what may be looked up of an entry.
pub fn written(entries: &[Entry], id: impl Fn(&Entry) -> Option<String>) -> String {
    let (mut out, mut waits) = (String::new(), false);
    for entry in entries {
        let waited = std::mem::replace(&mut waits, matches!(entry.part, Part::Wait(_)));
        if waits && !waited {
            let _ = writeln!(out, "{}:", ANALYSIS.plan.waits());
        }
        let (margin, shown) = (2 * usize::from(waits), id(entry).map_or(String::new(), |id| format!(" [{id}]")));
        let _ = writeln!(out, "{:margin$}{}{shown}", "", entry.title);
        out += &entry.body(margin);
    }
    out
}

/// What a tool did: its words, and who manages the sets then.
fn tool(applied: &Applied, file: &str) -> Entry {
    let mut entry = Entry::new(Part::Tool, plain(&did(applied, file)));
    applied.asked.tool.word().clone_into(&mut entry.subject);
    applied.said.iter().for_each(|said| entry.add(1, &brief(said)));
    managed(applied).for_each(|says| entry.add(1, &plain(&says)));
    entry
}

/// What was refused: whose words follow.
fn refusals(plan: &Plan, file: &str) -> Vec<Entry> {
    let entry = |one: &crate::course::Refused| {
        let mut entry = Entry::new(Part::Refusal, plain(&refused(one, file)));
        let by_server = one.by_server();
        entry.matter = (!by_server).then_some(Matter::Fails);
        entry.finding = Some(if by_server { Finding::Refused } else { Finding::Stuck });
        entry.subject = named(&one.line, file);
        entry.at = one.at;
        // What is applied has a name of its own.
        let said = if file.is_empty() { one.said.clone() } else { one.said.replace(command::MANIFEST, file) };
        entry.add(1, &brief(&said));
        entry
    };
    plan.given.outcome.refused.iter().map(entry).collect()
}

/// What cannot be changed, and the ways round.
fn rounds(plan: &Plan, file: &str) -> Vec<Entry> {
    let words = ANALYSIS.plan;
    let fixed = plan.fixed.iter().map(|fixed| {
        let fields = fixed.fields.iter().map(|field| format!("spec.{field}").into()).collect();
        let mut entry = Entry::new(Part::Round, plain(&Says::Fixed { set: Rc::clone(&fixed.set.name), fields })).about(&fixed.set);
        fixed.changes.iter().for_each(|change| entry.add(1, change));
        entry
    });
    let mut all: Vec<Entry> = fixed.collect();
    let mut none = true;
    for course in plan.offered() {
        none = false;
        let way = Prose::read(&words.way(course.way)).plain();
        let mut entry = Entry::new(Part::Round, format!("{}: {way}", words.round()));
        entry.add(1, &plain(&round(course)));
        for says in course.outcome.notes.iter().filter(|says| is_amiss(says) || matches!(says, Says::Rigid { .. } | Says::Unbound { .. })) {
            entry.add(2, &plain(says));
        }
        for says in course.outcome.sets.iter().flat_map(of_set).filter(takes) {
            entry.add(2, &plain(&says));
        }
        for typed in lines(course, file) {
            entry.add(2, &format!("$ {typed}"));
        }
        entry.add(2, &plain(&row(course)));
        all.push(entry);
    }
    if none && !plan.fixed.is_empty() {
        all.push(Entry::new(Part::Round, plain(&Says::NoRound)));
    }
    for typed in growing(plan) {
        let mut entry = Entry::new(Part::Round, plain(&Says::Grows));
        typed.iter().for_each(|typed| entry.add(1, &format!("$ {typed}")));
        all.push(entry);
    }
    all
}

/// Whether a way round takes something away.
fn takes(says: &Says) -> bool {
    matches!(says, Says::Removes { .. } | Says::Gone { .. })
}

/// What else may come of the lines, to its end.
fn otherwise(course: &Course) -> Entry {
    let mut entry = Entry::new(Part::Note, format!("{}:", ANALYSIS.plan.way(course.way)));
    let outcome = &course.outcome;
    for one in &outcome.sets {
        of_set(one).iter().for_each(|says| entry.add(1, &plain(says)));
    }
    outcome.refused.iter().for_each(|one| entry.add(1, &one.said));
    outcome.notes.iter().filter(|says| is_amiss(says)).for_each(|says| entry.add(1, &plain(says)));
    if outcome.refused.is_empty() {
        entry.add(1, &plain(&end(outcome)));
    }
    entry
}

/// What else may come of the lines, an entry each.
pub fn otherwise_told(plan: &Plan) -> impl Iterator<Item = Entry> {
    plan.beside().map(otherwise)
}

fn note(says: &Says, outcome: &Outcome) -> Entry {
    let (names, mut entry) = (names(says), Entry::new(Part::Note, plain(says)));
    printed(says).into_iter().for_each(|text| entry.add(1, text));
    entry.matter = Matter::of(says);
    entry.finding = match says {
        Says::LosesData { .. } => Some(Finding::Data),
        _ if is_lost(says) => Some(Finding::Data),
        Says::AtOnce { .. } => Some(Finding::Quorum),
        _ if is_amiss(says) || is_unread(says) => Some(Finding::Stuck),
        _ => is_unjudged(says).then_some(Finding::Unjudged),
    };
    // A set that is left runs on unseen, or goes with what somebody prunes.
    let is_set = |name: &&String| name.split_once('/').is_some_and(|(kind, _)| Kind::StatefulSet.info().short.contains(&kind));
    let is_left = entry.matter == Some(Matter::Unapplied) && names.iter().any(|name| is_set(&name));
    entry.warns = is_left || entry.matter.is_some_and(Matter::warns);
    let mut sets = outcome.sets.iter().map(|set| &set.watched.set);
    match sets.find(|set| names.iter().any(|name| is_of(set, name))) {
        Some(set) => entry.about(set),
        None => Entry { subject: names.iter().find(is_set).or(names.first()).cloned().unwrap_or_default(), ..entry },
    }
}

/// The fields of notes that name what these are about: the first that a note has counts.
const ABOUT: [&str; 12] = ["claims", "claim", "set", "sets", "pods", "pod", "service", "quota", "one", "volumes", "objects", "object"];

/// The objects that a note is about.
fn names(says: &Says) -> Vec<String> {
    let mut fields = Fields::default();
    says.put("says", &mut fields);
    let texts = |content: &Content| match content {
        Content::Text(text) => vec![text.to_string()],
        Content::List(items) => items.iter().flat_map(Fields::texts).map(str::to_owned).collect(),
        Content::Number(_) => Vec::new(),
    };
    ABOUT.iter().find_map(|name| fields.get(name)).map(texts).unwrap_or_default()
}

/// Whether a name is that of a set, of a pod of it, or of a claim of such a pod.
fn is_of(set: &ObjectKey, name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or_default();
    let ordinal = |(_, last): &(&str, &str)| !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    let of_pod = |head: &str| head.strip_suffix(&*set.name).is_some_and(|rest| rest.is_empty() || rest.ends_with('-'));
    *name == *set.name || name.rsplit_once('-').filter(ordinal).is_some_and(|(head, _)| of_pod(head))
}

/// What becomes of a set.
fn set(set: &SetCourse) -> Entry {
    let key = &set.watched.set;
    let mut entry = Entry::new(Part::Set, format!("{} ({})", short(key), key.namespace)).about(key);
    entry.finding = finding(set);
    for says in of_set(set) {
        entry.add(1, &plain(&says));
        if let Says::Replaces { pods } | Says::Removes { pods, .. } | Says::Collected { pods } | Says::Lingers { pods } = &says {
            for told in reasons(set, pods) {
                entry.add(2, &told);
            }
        }
    }
    entry
}

/// The worst that befalls a set.
pub fn finding(set: &SetCourse) -> Option<Finding> {
    let watched = &set.watched;
    let loses = |one: &Storage| one.fate.loses() && one.key.kind == Kind::PersistentVolume;
    if watched.storage.iter().any(loses) {
        return Some(Finding::Data);
    }
    if !set.well[1] && set.answers && !set.is_held() {
        return Some(Finding::Stuck);
    }
    if !set.is_gone() && set.is_away_at_once() {
        return Some(Finding::Quorum);
    }
    set.is_unavailable().then_some(Finding::Unavailable)
}

/// An entry for each volume that loses data, each object that stays, and each line that goes on for ever.
fn consequences(outcome: &Outcome, file: &str) -> Vec<Entry> {
    let mut all = Vec::new();
    for lost in &outcome.lost {
        let mut entry = Entry::new(Part::Beside, plain(&Says::DataLost { volume: Rc::clone(&lost.volume), bytes: lost.bytes }));
        entry.finding = Some(Finding::Data);
        entry.subject = format!("pv/{}", lost.volume);
        all.push(entry);
    }
    for (key, told) in &outcome.stay {
        let subject = short(key);
        let mut entry = Entry::new(Part::Beside, plain(&Says::Stays { object: subject.clone() }));
        entry.matter = Some(Matter::Stays);
        entry.finding = Some(Finding::Unjudged);
        entry.subject = subject;
        entry.add(1, &both(told).plain());
        all.push(entry);
    }
    if let Some(blocked) = &outcome.blocked {
        let line = named(blocked, file);
        let mut entry = Entry::new(Part::Beside, plain(&Says::Blocked { line: line.clone() }));
        entry.finding = Some(Finding::Stuck);
        entry.subject = line;
        all.push(entry);
    }
    all
}

/// Whether lines are a way that somebody would go: they leave a majority where members need one, and give pods what they ask for.
fn is_to_tell(lines: &[String], set: Option<&SetCourse>) -> bool {
    let least = set.filter(|set| set.elects).map_or(0, |set| majority(set.watched.wanted_before));
    let replicas = |line: &String| line.split_once("--replicas=")?.1.parse::<i64>().ok();
    !lines.iter().any(|line| line.contains(" set resources ") || replicas(line).is_some_and(|replicas| replicas < least))
}

/// How many ways to end a wait are told.
const CURES: usize = 2;

/// What a workload waits for, and what ends the wait; `None` where there are no words for it.
fn waiting(plan: &Plan, verdict: &Verdict) -> Option<Entry> {
    let mut told = wait(plan, verdict).into_iter().map(|told| told.plain()).filter(|told| !told.is_empty());
    let mut entry = Entry::new(Part::Wait(verdict.cause), told.next()?).about(&verdict.workload);
    // What waited before, and for the same, is no finding of this change.
    let sets = &plan.given.outcome.sets;
    let answers = sets.iter().any(|set| set.watched.set == verdict.workload && set.answers);
    entry.finding = answers.then_some(Finding::Stuck);
    told.for_each(|told| entry.add(1, &cut(&told)));
    let set = sets.iter().find(|set| set.watched.set == verdict.workload);
    let before = entry.lines.len();
    for cure in cures(plan, verdict).into_iter().filter(|cure| is_to_tell(&cure.lines, set)).take(CURES) {
        if entry.lines.len() > before {
            entry.add(1, ANALYSIS.plan.or());
        }
        cure.lines.iter().for_each(|typed| entry.add(1, &format!("$ {typed}")));
        entry.add(1, &intake::told::risk(cure).plain());
    }
    let typed = typed_lasts(plan).filter(|_| entry.lines.len() > before);
    typed.iter().for_each(|says| entry.add(1, &plain(says)));
    Some(entry)
}

/// The most lines of somebody else's words that are told in whole.
const LINES: usize = 4;

/// Words without the lines in their middle, where these are many.
fn cut(told: &str) -> String {
    let lines: Vec<&str> = told.lines().collect();
    match lines.as_slice() {
        [first, .., last] if lines.len() > LINES => format!("{first} …\n{last}"),
        _ => told.to_owned(),
    }
}

/// The same done otherwise, in a row each.
fn ways(plan: &Plan) -> Option<Entry> {
    let words = ANALYSIS.plan;
    let mut entry = Entry::new(Part::Ways, format!("{}:", words.otherwise()));
    for course in [&plan.given].into_iter().chain(&plan.ways) {
        let way = Prose::read(&words.way(course.way)).plain();
        entry.add(1, &format!("{way}: {}; {}", plain(&row(course)), words.end(ended(course))));
    }
    let rolled = plan.given.outcome.rollouts().next();
    (!plan.ways.is_empty()).then(|| match rolled {
        Some(set) => entry.about(&set.watched.set),
        None => entry,
    })
}
