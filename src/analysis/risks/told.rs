//! Findings as text for people and as JSON for programs; the sentences themselves are in the tables of `text`.

mod list;

use std::fmt::Write;

use base::time::{Span, Time};
use base::value::Value;
use intake::told::short;
use plan::fact::Fact;
use plan::lack::Lack;
use playground::history::Act as Typed;
use text::diagnose::Told;
use text::risks::{FOUND, Guard};
use text::{ANALYSIS, Prose};

use super::acts::{ACT_KINDS, Deed};
use super::change::Change;
use super::course::When;
use super::faults::Found as Fault;
use super::judge::Shown;
use super::outcome::{Covered, EVERY, Finding};
use super::player::Input;
use super::protect::Protection;
use super::search::Search;
use super::start::{Start, WRITES};

use list::rests;
pub use list::{Opening, Opens, Row, ahead, id, opening, rows, standing, text};

/// How a line begins that only the page's terminal knows.
const PLAYGROUND: &str = "playground ";

/// A heading for a finding: how bad it is, and of what.
pub fn title(finding: &Finding) -> Prose {
    let level = ANALYSIS.risks.level(finding.shown.level().word());
    Prose::read(&format!("{level}: <{}>", finding.shown.workload.name))
}

/// What goes wrong.
pub fn sentence(finding: &Finding) -> Prose {
    shown(&finding.shown)
}

fn shown(shown: &Shown) -> Prose {
    let told = Told { key: FOUND, fields: shown.fields.clone() };
    Prose::read(&told.explained().verdict)
}

/// Why, where the diagnosis says so.
pub fn because(finding: &Finding) -> Option<Prose> {
    finding.shown.cause.as_ref().map(|cause| Prose::read(&cause.explained().verdict))
}

/// What happens, act by act.
pub fn acts(finding: &Finding) -> Vec<Prose> {
    let words = ANALYSIS.risks;
    let told = |(place, (act, target, when)): (usize, &(Deed, api::object::ObjectKey, When))| {
        let act = words.act(act.word(), &target.name);
        let span = if let When::Soon(span) = when { span.golang() } else { String::new() };
        Prose::read(&if place == 0 { act } else { format!("{}: {act}", words.when(when.word(), &span)) })
    };
    finding.acts.iter().enumerate().map(told).collect()
}

/// How likely its triggers are met in practice.
pub(crate) fn likely(finding: &Finding) -> Vec<Prose> {
    let words = ANALYSIS.risks;
    let mut all: Vec<String> = Vec::new();
    for (act, ..) in &finding.acts {
        let one = words.likely(act.word());
        if !all.contains(&one) {
            all.push(one);
        }
    }
    if let Some((_, _, when)) = finding.acts.get(1) {
        all.push(words.together(when.word()));
    }
    all.iter().map(|words| Prose::read(words)).collect()
}

/// What a change does, and where it is made.
pub fn change(change: &Change) -> Prose {
    Prose::read(&format!("{} {}", ANALYSIS.risks.change(change.guard.word()), place(change)))
}

/// Where a change is made: the object, and the field unless the object is new.
fn place(change: &Change) -> String {
    let (path, object) = (change.path.join("."), short(&change.object));
    match change.guard {
        guard @ (Guard::Readiness | Guard::Liveness) => format!("`{object} {path}.{}Probe`", guard.word()),
        _ if path.is_empty() => format!("`{object}`"),
        _ => format!("`{object} {path}`"),
    }
}

/// The fields of a change as YAML.
pub fn fields(change: &Change) -> String {
    let shown = match change.path.last() {
        Some(last) if change.shown == change.value => Value::of([(*last, change.shown.clone())]),
        None => Value::of([("spec", change.shown.clone())]),
        Some(_) => change.shown.clone(),
    };
    yaml::print(&shown)
}

/// The words of the changes that were tried in vain.
fn in_vain(finding: &Finding) -> String {
    finding.prevention.in_vain.iter().map(place).collect::<Vec<_>>().join(", ")
}

/// What is to be said of a change that prevents a finding and brings about something worse.
pub(crate) fn trade(finding: &Finding) -> Option<Prose> {
    let (change, worst) = finding.prevention.trade.as_ref().filter(|_| finding.prevention.change.is_none())?;
    let told = Told { key: FOUND, fields: worst.fields.clone() };
    Some(Prose::read(&format!("{} {}", ANALYSIS.risks.trade(&place(change)), told.explained().verdict)))
}

/// What protects, and where it stands.
pub fn protects(protection: &Protection) -> Prose {
    let (words, change) = (ANALYSIS.risks, &protection.change);
    let default = if protection.is_default { words.by_default() } else { "" };
    Prose::read(&format!("{} {}{default}", words.protects(change.guard.word()), place(change)))
}

/// What stands before what goes wrong without a line: that it is away, or the YAML that takes its place.
pub fn without(protection: &Protection) -> (&'static str, Option<String>) {
    let (words, change) = (ANALYSIS.risks, &protection.change);
    if change.shown.is_null() { (words.without(), None) } else { (words.instead(), Some(fields(change))) }
}

/// The lines that protect from something.
pub fn protecting(all: &[Protection]) -> impl Iterator<Item = &Protection> {
    all.iter().filter(|one| !one.findings.is_empty())
}

/// The lines without which nothing that was tried goes wrong: those that the model judges, and those that it cannot, as nobody knows
/// what the application needs.
fn idle(search: &Search) -> [Vec<String>; 2] {
    let idle = search.protections().iter().filter(|one| one.findings.is_empty());
    let (judged, open): (Vec<_>, Vec<_>) = idle.partition(|one| one.is_judged);
    [judged, open].map(|all| all.iter().map(|one| place(&one.change)).collect())
}

/// What is taken to be so of the cluster of a manifest.
fn facts(search: &Search) -> Vec<Fact> {
    let case = search.start().case().zip(search.base());
    case.map(|(case, base)| case.with(search.lacks().to_vec()).facts(&base.world.sim)).unwrap_or_default()
}

/// The nodes that a manifest was tried on.
fn nodes_of(search: &Search) -> Option<String> {
    facts(search).iter().find(|fact| matches!(fact, Fact::Nodes { .. })).map(Fact::told)
}

/// The classes that were added.
fn classes(search: &Search) -> Option<String> {
    let classes: Vec<String> = search.lacks().iter().filter(|lack| matches!(lack, Lack::Class { .. })).map(Lack::told).collect();
    (!classes.is_empty()).then(|| ANALYSIS.risks.added(&classes.join(", ")))
}

/// What is taken to be there, or is made so before anything happens, in sentences.
fn granted(search: &Search) -> Vec<String> {
    let words = ANALYSIS.risks;
    let Some(world) = search.base().map(|base| &base.world) else { return Vec::new() };
    let added: Vec<String> = search.lacks().iter().map(Lack::told).collect();
    let mut all: Vec<String> = facts(search).iter().filter(|fact| !matches!(fact, Fact::Release { .. })).map(Fact::told).collect();
    all.splice(all.len().min(1)..all.len().min(1), (!added.is_empty()).then(|| words.added(&added.join(", "))));
    let written: Vec<&str> = Start::writable(&world.sim).map(|set| &*set.meta.name).collect();
    all.extend((!written.is_empty()).then(|| words.written(&written.join(", "), WRITES)));
    all
}

/// What is to be said where no change prevents a finding.
pub fn no_help(finding: &Finding) -> Option<Prose> {
    let (prevention, words) = (&finding.prevention, ANALYSIS.risks);
    let tried = (!prevention.is_cut || !prevention.in_vain.is_empty()).then(|| words.no_help(&in_vain(finding)));
    let untried = prevention.is_cut.then(|| words.untried().to_owned());
    let said: Vec<String> = tried.into_iter().chain(untried).collect();
    prevention.change.is_none().then(|| Prose::read(&said.join(" ")))
}

/// What was covered, in sentences.
pub fn covered(search: &Search) -> Vec<String> {
    let words = ANALYSIS.risks;
    let mut all = Vec::new();
    for (depth, one) in (1..).zip(search.covered()) {
        all.push(if depth <= EVERY { words.covered(depth, one.courses, one.visited, one.same) } else { words.longer(depth, one.visited) });
        all.extend((one.left_out > 0).then(|| words.left_out(depth, one.left_out)));
    }
    all.extend(granted(search));
    let [idle, open] = idle(search);
    all.extend((!idle.is_empty()).then(|| Prose::read(&words.idle(&idle.join(", "))).plain()));
    all.extend((!open.is_empty()).then(|| Prose::read(&words.not_judged(&open.join(", "))).plain()));
    all.extend(Some(search.lines_left_out()).filter(|lines| *lines > 0).map(|lines| words.lines_left_out(lines)));
    all.extend(Some(search.restless()).filter(|count| *count > 0).map(|count| words.restless(count)));
    all
}

/// What an input types.
pub fn typed(input: &Input) -> &str {
    match &input.act {
        Typed::Line(line) | Typed::Queue(line) => line,
        Typed::Interrupt => "^C",
        Typed::Save(_) => "",
    }
}

/// Everything about a line of the list, or about all and what protects.
pub fn explained(search: &Search, number: Option<usize>) -> String {
    let (words, mut out) = (ANALYSIS.risks, String::new());
    for (_, row) in (1..).zip(rows(search.findings())).filter(|(at, _)| number.is_none_or(|number| number == *at)) {
        for finding in &row.findings {
            out += &whole(search, finding);
            out.push('\n');
        }
        for one in row.faults(search) {
            let _ = writeln!(out, "{} [{}]\n", list::fault(search, one), one.fault.word());
        }
    }
    for (place, line) in protecting(search.protections()).enumerate().filter(|_| number.is_none()) {
        if place == 0 {
            let _ = writeln!(out, "{}\n", words.protections());
        }
        guarded(search, line, &mut out);
        out.push('\n');
    }
    for line in covered(search).iter().filter(|_| number.is_none()) {
        let _ = writeln!(out, "{line}");
    }
    out
}

/// Everything about one finding.
pub fn whole(search: &Search, finding: &Finding) -> String {
    let mut out = String::new();
    told(search, finding, &mut out);
    prevented(finding, &mut out);
    out
}

/// Writes lines with a margin.
fn indented(lines: &str, margin: &str, out: &mut String) {
    for line in lines.lines() {
        let _ = writeln!(out, "{margin}{line}");
    }
}

/// One line that protects.
fn guarded(search: &Search, line: &Protection, out: &mut String) {
    let (words, yaml) = without(line);
    let _ = writeln!(out, "{}\n  {words}:", protects(line).plain());
    indented(&yaml.unwrap_or_default(), "    ", out);
    for finding in &line.findings {
        let mut goes_wrong = String::new();
        told(search, finding, &mut goes_wrong);
        indented(&goes_wrong, "  ", out);
    }
}

fn told(search: &Search, finding: &Finding, out: &mut String) {
    let words = ANALYSIS.risks;
    let _ = writeln!(out, "{} [{}]", title(finding).plain(), id(finding));
    let _ = writeln!(out, "{} {}", sentence(finding).plain(), words.shown_by(finding.courses));
    let guess = (!finding.shown.guess.is_empty()).then(|| words.guess(&finding.shown.guess));
    for said in guess.into_iter().chain(rests(search, finding)) {
        let _ = writeln!(out, "  {}", Prose::read(&said).plain());
    }
    if let Some(because) = because(finding) {
        let _ = writeln!(out, "  {}: {}", words.because(), because.plain());
    }
    for act in acts(finding) {
        let _ = writeln!(out, "  - {}", act.plain());
    }
    for likely in likely(finding) {
        let _ = writeln!(out, "  {}: {}", words.how_likely(), likely.plain());
    }
    if finding.inputs.len() > finding.start {
        let _ = writeln!(out, "  {}:", words.lines());
    }
    let mut last: Option<Time> = None;
    for input in &finding.inputs[finding.start..] {
        if let Some(waited) = last.map(|last| input.at.since(last)).filter(|waited| waited.0 >= 1000) {
            let _ = writeln!(out, "    {}", words.wait(&Span(waited.0 / 1000 * 1000).golang()));
        }
        last = Some(input.at);
        let line = typed(input);
        // No other shell has what only the page can do.
        let of_page = if line.starts_with(PLAYGROUND) { format!("    # {}", words.of_page()) } else { String::new() };
        let _ = writeln!(out, "    {line}{of_page}");
    }
}

fn prevented(finding: &Finding, out: &mut String) {
    let words = ANALYSIS.risks;
    let lines = match &finding.prevention.change {
        Some(helps) => {
            let _ = writeln!(out, "  {}: {}", words.prevents(), change(helps).plain());
            fields(helps)
        }
        None => no_help(finding).into_iter().chain(trade(finding)).map(|said| said.plain()).collect::<Vec<_>>().join("\n"),
    };
    let indent = if finding.prevention.change.is_some() { "    " } else { "  " };
    indented(&lines, indent, out);
}

/// A fault as a program reads it.
fn fault(one: &Fault) -> Value {
    Value::of([
        ("fault", Value::from(one.fault.word())),
        ("object", short(&one.object).into()),
        ("line", i64::try_from(one.line).unwrap_or(i64::MAX).into()),
        ("said", Prose::read(&one.told()).plain().into()),
    ])
}

/// Findings as a program reads them.
pub fn json(search: &Search) -> Value {
    let number = |count: usize| Value::from(i64::try_from(count).unwrap_or(i64::MAX));
    let input = |from: Time, input: &Input| {
        let at = i64::try_from(input.at.since(from).0).unwrap_or(i64::MAX);
        Value::of([("afterMilliseconds", Value::from(at)), ("terminal", number(input.tab)), ("line", typed(input).into())])
    };
    let plain = |prose: &Prose| prose.plain();
    let changed = |one: &Change| {
        let path = one.path.join(".");
        Value::of([
            ("change", Value::from(one.guard.word())),
            ("object", short(&one.object).into()),
            ("path", path.into()),
            ("value", one.value.clone()),
            ("shown", one.shown.clone()),
            ("also", Value::list(one.also.iter().cloned())),
            ("said", change(one).plain().into()),
        ])
    };
    let rows = rows(search.findings());
    let of_row = |one: &Finding| rows.iter().position(|row| row.findings.contains(&one)).map_or(Value::Null, |at| number(at + 1));
    let finding = |finding: &Finding| {
        let course = &finding.inputs[finding.start..];
        let act = |((word, target, when), said): (&(Deed, api::object::ObjectKey, When), Prose)| {
            Value::of([
                ("act", Value::from(word.word())),
                ("target", short(target).into()),
                ("when", when.word().into()),
                ("said", said.plain().into()),
            ])
        };
        let prevention = &finding.prevention;
        Value::of([
            ("kind", Value::from(finding.shown.kind.word())),
            ("level", finding.shown.level().word().into()),
            ("row", of_row(finding)),
            ("common", finding.common().is_some().into()),
            ("rate", finding.rate().word().into()),
            ("onlyOnDisksOfNodes", finding.only_on_nodes.into()),
            ("cause", finding.shown.detail_word().into()),
            ("by", finding.shown.remover_word().into()),
            ("workload", short(&finding.shown.workload).into()),
            ("namespace", Value::from(&finding.shown.workload.namespace)),
            ("object", short(&finding.shown.object).into()),
            ("sentence", sentence(finding).plain().into()),
            ("because", because(finding).map_or(Value::Null, |words| words.plain().into())),
            ("acts", Value::list(finding.acts.iter().zip(acts(finding)).map(act))),
            ("likely", Value::list(likely(finding).iter().map(plain))),
            ("course", Value::list(course.iter().map(|one| input(course[0].at, one)))),
            ("courses", number(finding.courses)),
            ("prevention", prevention.change.as_ref().map_or(Value::Null, changed)),
            ("trade", trade(finding).map_or(Value::Null, |words| words.plain().into())),
            ("cut", Value::from(prevention.is_cut)),
            ("inVain", Value::list(prevention.in_vain.iter().map(changed))),
        ])
    };
    let covered = |(depth, one): (usize, &Covered)| {
        Value::of([
            ("acts", number(depth)),
            ("courses", number(one.courses)),
            ("visited", number(one.visited)),
            ("same", number(one.same)),
            ("leftOut", number(one.left_out)),
            ("restless", number(one.restless)),
            ("every", Value::from(depth <= EVERY && one.left_out == 0)),
        ])
    };
    let kind = |kind: &super::acts::ActKind| Value::from(kind.deed.word());
    let line = |one: &Protection| {
        let mut line = changed(&one.change);
        line.set(&["said"], protects(one).plain());
        line.set(&["default"], Value::from(one.is_default));
        line.set(&["without"], Value::list(one.findings.iter().map(finding)));
        line
    };
    Value::of([
        ("ahead", Value::list(ahead(search))),
        ("faults", Value::list(search.faults().iter().map(fault))),
        ("findings", Value::list(rows.iter().flat_map(|row| &row.findings).map(|one| finding(one)))),
        ("protections", Value::list(search.protections().iter().map(line))),
        ("protectionsLeftOut", number(search.lines_left_out())),
        ("covered", Value::list((1..).zip(search.covered()).map(covered))),
        ("acts", Value::list(ACT_KINDS.iter().map(kind))),
    ])
}
