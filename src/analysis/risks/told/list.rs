//! The list of findings: a line each, with what it costs, how likely it is, and what prevents it.

use std::fmt::Write;

use base::field_path::{FieldPath, Step};
use base::sort::Sort;
use base::value::Value;
use intake::told::short;
use plan::documents::is_it;
use plan::given::place_of;
use plan::lack::Lack;
use playground::documents::objects;
use text::diagnose::Told;
use text::risks::{Common, FOUND, Fault as Kind, Guard, Harm};
use text::{ANALYSIS, Prose};
use why::Cause;

use super::super::change::Change;
use super::super::faults::Found;
use super::super::judge::Detail;
use super::super::outcome::Finding;
use super::super::protect::Protection;
use super::super::search::Search;
use super::super::start::Start;
use super::{acts, classes, granted, nodes_of, place, protecting};

/// How many lines are told first.
const FIRST: usize = 10;

/// A line of the list: findings of one kind, by the same acts and prevented by the same, of several sets; or what is true of every set.
#[derive(Clone, Debug, PartialEq)]
pub struct Row<'a> {
    pub findings: Vec<&'a Finding>,
    pub is_common: bool,
}

/// The causes that hang on the nodes, which are made up where a manifest is searched: on their size, and on how many there are.
const OF_NODES: [Cause; 4] =
    [Cause::InsufficientMemory, Cause::InsufficientResources, Cause::AntiAffinityTooFewNodes, Cause::TopologySpread];

/// Whether a finding hangs on them.
fn is_of_nodes(finding: &Finding) -> bool {
    matches!(finding.shown.detail, Some(Detail::Waits(cause)) if OF_NODES.contains(&cause))
}

/// The lines of the list: first what a change of the manifest prevents, the worst first, and last what is true of every set.
pub fn rows(findings: &[Finding]) -> Vec<Row<'_>> {
    let mut all: Vec<&Finding> = findings.iter().collect();
    let rank = |one: &&Finding| {
        let helps = one.prevention.change.is_some() && !one.only_on_nodes;
        (!one.acts.is_empty() || is_of_nodes(one), one.common().is_some(), !helps, one.only_on_nodes, one.shown.level(), one.acts.len())
    };
    all.sort_small_by_key(rank);
    let mut rows: Vec<Row> = Vec::new();
    let prevented = |one: &Finding| one.prevention.change.as_ref().map(|change| change.guard);
    for one in all {
        let is_common = one.common().is_some();
        let is_so = |known: &Finding| {
            let (a, b) = (&known.shown, &one.shown);
            // What members that share a node come to is told with what brings them there.
            let follows = (a.kind, b.kind) == (Harm::QuorumLost, Harm::Together) && a.workload == b.workload;
            let same = (a.kind, a.detail, a.by) == (b.kind, b.detail, b.by);
            follows || same && known.deeds().eq(one.deeds()) && prevented(known) == prevented(one)
        };
        match rows.iter_mut().find(|row| row.is_common == is_common && (is_common || row.findings.iter().any(|known| is_so(known)))) {
            Some(row) => row.findings.push(one),
            None => rows.push(Row { findings: vec![one], is_common }),
        }
    }
    rows
}

/// The id of a finding, by which reports name it: what is waited for, where no more is known.
pub fn id(finding: &Finding) -> &'static str {
    match (finding.shown.kind, finding.shown.detail) {
        (Harm::Stuck, Some(Detail::Waits(cause))) => cause.word(),
        (kind, _) => kind.word(),
    }
}

/// What a finding rests on: disks of nodes, how many nodes there are, classes of volumes.
pub(super) fn rests(search: &Search, finding: &Finding) -> Vec<String> {
    let on_nodes = finding.only_on_nodes.then(|| ANALYSIS.risks.only_on_nodes().to_owned());
    let nodes = Some(finding).filter(|finding| is_of_nodes(finding)).and_then(|_| nodes_of(search));
    let classes = Some(()).filter(|()| finding.shown.is_on_network()).and_then(|()| classes(search));
    on_nodes.into_iter().chain(nodes).chain(classes).collect()
}

impl Row<'_> {
    /// The ids of its findings, and of the faults that its line tells of, each once.
    fn ids(&self, search: &Search) -> Vec<&'static str> {
        let mut all: Vec<&str> = Vec::new();
        // What a set waits for after two faults at once is not what the line of every set says.
        let is_said = |one: &&&Finding| !(self.is_common && one.shown.kind == Harm::Stuck && one.is_together());
        let faults = self.faults(search).map(|one| one.fault.word());
        for id in self.findings.iter().filter(is_said).map(|one| id(one)).chain(faults) {
            if !all.contains(&id) {
                all.push(id);
            }
        }
        all
    }

    /// The faults that its line tells of: those of every set, if the line is of these.
    pub(super) fn faults<'b>(&self, search: &'b Search) -> impl Iterator<Item = &'b Found> {
        let is_common = self.is_common;
        search.faults().iter().filter(move |one| is_common && one.common().is_some())
    }

    /// What it costs, how likely it is, what happens, and what prevents it; what the line rests on.
    pub fn line(&self, search: &Search) -> Prose {
        let (words, first) = (ANALYSIS.risks, self.findings[0]);
        if self.is_common {
            let mut parts: Vec<String> = Vec::new();
            // One pod is no more than one, however many faults there are.
            let is_one = |one: &Finding| {
                let set = &one.shown.workload;
                let set = search.base().and_then(|base| base.world.sim.tables().stateful_set(&set.namespace, &set.name));
                set.is_some_and(|set| set.spec.replicas < 2)
            };
            let said = |one: &&Finding| one.common().filter(|part| *part != Common::Together || !is_one(one));
            let faults = self.faults(search).filter_map(|one| one.common());
            for part in self.findings.iter().filter_map(said).chain(faults).map(|part| words.common_part(part.word())) {
                if !parts.contains(&part) {
                    parts.push(part);
                }
            }
            return Prose::read(&words.common(&parts.join("; ")));
        }
        let costs = words.level(first.shown.level().word());
        // What waits for ever is told by what it waits for, where nothing else is known of it.
        let cause = first.shown.cause.as_ref().filter(|_| first.shown.kind == Harm::Stuck);
        let found = || Told { key: FOUND, fields: first.shown.fields.clone() }.explained().verdict;
        let own = &first.shown.workload;
        let mut others: Vec<&str> = Vec::new();
        for set in self.findings.iter().map(|one| &one.shown.workload).filter(|set| *set != own) {
            if !others.contains(&&*set.name) {
                others.push(&set.name);
            }
        }
        // What hangs on disks of nodes is prevented by others, which is said there.
        let change = first.prevention.change.as_ref().filter(|change| !(first.only_on_nodes && change.guard == Guard::Anywhere));
        let prevented = change.map(|change| format!("{}: {}", words.prevents(), brief(change)));
        let without = || match (search.has_tried_changes(), first.prevention.is_cut) {
            (false, _) => words.not_yet_tried(),
            (true, true) => words.untried(),
            (true, false) => words.not_prevented(),
        };
        let is_told =
            first.only_on_nodes || is_of_nodes(first) && nodes_of(search).is_some() || first.acts.is_empty() && !search.mended().is_empty();
        let happens = acts(first).iter().map(Prose::plain).collect::<Vec<_>>().join(" ");
        let said = [
            Some(format!("{costs} ({}): {happens}", words.rate(first.rate().word())).trim_end().to_owned()),
            Some(cause.map_or_else(found, |cause| cause.explained().verdict)),
            makes(first, search),
            (!first.shown.guess.is_empty()).then(|| words.guess(&first.shown.guess)),
            (!others.is_empty()).then(|| words.same_of(&others.join(", "))),
            prevented.or_else(|| (!is_told).then(|| without().to_owned())),
        ];
        let said = said.into_iter().flatten().chain(rests(search, first)).filter(|part| !part.is_empty());
        Prose::read(&said.collect::<Vec<_>>().join(" "))
    }
}

/// Changes that are told otherwise than by the field that is not there: what is added, and probes.
const OF_OTHERS: [Guard; 5] = [Guard::Readiness, Guard::Liveness, Guard::Anywhere, Guard::Reclaim, Guard::Claim];

/// The field of the manifest that makes a finding so, with its line: the one of which a change prevents it.
fn makes(finding: &Finding, search: &Search) -> Option<String> {
    let words = ANALYSIS.risks;
    let Start::Manifest { text, .. } = search.asked() else { return None };
    let Some(change) = finding.prevention.change.as_ref() else { return alone(finding, text) };
    // What is added is no field of the manifest, and probes are told before.
    let is_field = !change.path.is_empty() && !OF_OTHERS.contains(&change.guard);
    let documents = objects(&yaml::parse(text));
    let document = documents.iter().find(|one| one.value.as_ref().is_some_and(|value| is_it(value, &change.object)))?;
    let (value, path) = (document.value.as_ref()?, change.path.join("."));
    let Some(now) = value.at(&change.path).filter(|_| is_field) else {
        return is_field.then(|| words.unset(&format!("{} {path}", short(&change.object))));
    };
    let steps = change.path.iter().map(|field| Step::Field((*field).into())).collect();
    let found = document.root.as_ref()?.find(&FieldPath(steps));
    let line = found.key.unwrap_or(found.value).line;
    Some(words.set_at(&format!("{} {path}{}", short(&change.object), told(now)), &at(text, line)))
}

/// The field that makes a finding so which no change beside it prevents: that there is one pod, or that pods name a claim themselves.
fn alone(finding: &Finding, text: &str) -> Option<String> {
    let words = ANALYSIS.risks;
    let set = &finding.shown.workload;
    let path: &[&str] = match (finding.shown.kind, finding.shown.detail) {
        (Harm::Unavailable, _) => &["spec", "replicas"],
        (Harm::Stuck, Some(Detail::Waits(Cause::PvcMissing | Cause::PvcTerminating))) => &["spec", "template", "spec", "volumes"],
        _ => return None,
    };
    let documents = objects(&yaml::parse(text));
    let document = documents.iter().find(|one| one.value.as_ref().is_some_and(|value| is_it(value, set)))?;
    let now = document.value.as_ref()?.at(path);
    let is_one = finding.shown.kind != Harm::Unavailable || now.is_none_or(|now| now.as_int() == Some(1));
    let field = format!("{} {}", short(set), path.join("."));
    let Some(now) = now.filter(|_| is_one) else { return is_one.then(|| words.unset(&field)) };
    let steps = path.iter().map(|field| Step::Field((*field).into())).collect();
    let found = document.root.as_ref()?.find(&FieldPath(steps));
    Some(words.set_at(&format!("{field}{}", told(now)), &at(text, found.key.unwrap_or(found.value).line)))
}

/// A line of a manifest inside a sentence.
fn at(text: &str, line: usize) -> String {
    place_of(text, line).map_or_else(|| ANALYSIS.risks.at_line(line).to_lowercase(), |(file, line)| format!("{file}:{line}"))
}

/// `: 1` for a field of one value; nothing for others.
fn told(now: &Value) -> String {
    if now.as_map().is_none() && now.as_list().is_none() { format!(": {}", yaml::print(now).trim()) } else { String::new() }
}

/// A change in a sentence, with its field and value where these are short.
fn brief(change: &Change) -> String {
    let said = ANALYSIS.risks.change(change.guard.word());
    let field = match change.path.last() {
        Some(last) if change.shown == change.value && change.shown.as_map().is_none() && change.shown.as_list().is_none() => last,
        _ => return said,
    };
    format!("{said} `{field}: {}`", yaml::print(&change.shown).trim())
}

/// A fault, after its line.
pub(super) fn fault(search: &Search, one: &Found) -> String {
    format!("{}: {}", placed(search, one.line), Prose::read(&one.told()).plain())
}

/// A line of the manifest, with its file where there are several.
fn placed(search: &Search, line: usize) -> String {
    let words = ANALYSIS.risks;
    let Start::Manifest { text, .. } = search.asked() else { return words.at_line(line) };
    place_of(text, line).map_or_else(|| words.at_line(line), |(file, line)| format!("{file}:{line}"))
}

/// What is told before the list: what was left out, of a start that is stuck, and what fields show.
pub fn ahead(search: &Search) -> Vec<String> {
    ahead_of(&rows(search.findings()), search).map(|one| one.line).collect()
}

/// The lines before the list, without those that the line of every set tells.
fn ahead_of<'a>(rows: &[Row], search: &'a Search) -> impl Iterator<Item = Opening<'a>> {
    let has_common = rows.iter().any(|row| row.is_common);
    opening(search).into_iter().filter(move |one| !(has_common && matches!(one.of, Opens::Fault(one) if one.common().is_some())))
}

/// The changes that prevent what a fault tells of: a finding which one of them prevents tells of it as well.
fn changes_for(fault: Kind) -> &'static [Guard] {
    match fault {
        Kind::SingleCopy => &[Guard::Replicas, Guard::Copies, Guard::Several],
        Kind::NoBudget => &[Guard::Budget],
        Kind::NotApart => &[Guard::AntiAffinity, Guard::Spread],
        _ => &[],
    }
}

/// Whether a line of the list tells of the same as a fault, with what prevents it.
fn is_in_list(one: &Found, search: &Search) -> bool {
    let changes = changes_for(one.fault);
    let is_it = |finding: &Finding| {
        let change = finding.prevention.change.as_ref().filter(|_| finding.common().is_none() && finding.shown.workload == one.object);
        change.is_some_and(|change| changes.contains(&change.guard))
    };
    search.findings().iter().any(is_it)
}

/// What a line before the findings is told of.
pub enum Opens<'a> {
    /// What a field of the manifest shows by itself.
    Fault(&'a Found),
    /// Why names of pods do not resolve.
    Nameless(Cause, &'a Told),
    /// What is only to be known.
    Known,
}

impl Opens<'_> {
    /// The id by which reports name it, if there is something to look up.
    pub(super) fn id(&self) -> Option<&'static str> {
        match self {
            Opens::Fault(one) => Some(one.fault.word()),
            Opens::Nameless(cause, _) => Some(cause.word()),
            Opens::Known => None,
        }
    }
}

/// A line before the findings.
pub struct Opening<'a> {
    pub of: Opens<'a>,
    pub line: String,
}

/// The same, each line with what it is told of.
pub fn opening(search: &Search) -> Vec<Opening<'_>> {
    let words = ANALYSIS.risks;
    let faults = search
        .faults()
        .iter()
        .filter(|one| !is_in_list(one, search))
        .map(|one| Opening { of: Opens::Fault(one), line: fault(search, one) });
    let is_named = search.faults().iter().any(|one| one.fault.is_of_names());
    // Whether somebody calls pods by name where the Service is not headless, the faults tell.
    let is_told =
        |cause: Cause| is_named || matches!(search.asked(), Start::Manifest { .. }) && cause == Cause::GoverningServiceNotHeadless;
    let nameless = search.nameless().iter().filter(|(cause, _)| !is_told(*cause)).map(|(cause, told)| {
        let brief = words.nameless(&told.explained().brief, *cause == Cause::GoverningServiceNotHeadless);
        Opening { of: Opens::Nameless(*cause, told), line: Prose::read(&brief).plain() }
    });
    let name = |(line, object): &(usize, Value)| {
        let text = |path: &[&str]| object.text_at(path).unwrap_or_default();
        format!("{} {} ({line})", text(&["kind"]), text(&["metadata", "name"]))
    };
    let refused: Vec<String> = search.left_out().iter().map(name).collect();
    let refused = (!refused.is_empty()).then(|| words.refused(&refused.join(", ")));
    let version = |one: &(usize, Value)| format!("{} {}", one.1.text_at(&["apiVersion"]).unwrap_or_default(), name(one));
    let renewed: Vec<String> = search.renewed().iter().map(version).collect();
    let refused = refused.into_iter().chain((!renewed.is_empty()).then(|| words.renewed(&renewed.join(", "))));
    let mended = (!search.mended().is_empty()).then(|| words.mended(search.mended()));
    let known = |line: String| Opening { of: Opens::Known, line };
    refused.map(known).chain(faults).chain(nameless).chain(mended.map(known)).collect()
}

/// What is told after the findings: what protects the manifest already, and what was taken to be there.
pub fn standing(search: &Search) -> Vec<String> {
    let words = ANALYSIS.risks;
    // A default is nobody's line, and of a class that is only named nobody knows which nodes reach its volumes.
    let is_shown = |line: &&Protection| {
        let is_supposed = line.change.guard == Guard::Anywhere && search.lacks().iter().any(|lack| matches!(lack, Lack::Class { .. }));
        !line.is_default && !is_supposed && !is_blamed(search, line.change.guard)
    };
    let protecting: Vec<String> = protecting(search.protections()).filter(is_shown).map(|line| place(&line.change)).collect();
    let protects = (!protecting.is_empty()).then(|| format!("{}: {}", words.protections(), Prose::read(&protecting.join(", ")).plain()));
    protects.into_iter().chain(granted(search).into_iter().take(LAST)).collect()
}

/// Whether a line of the list blames what protects otherwise: a time to end that its own hook uses up.
fn is_blamed(search: &Search, guard: Guard) -> bool {
    let ends = [Kind::GraceTooShort, Kind::ShortGrace];
    guard == Guard::Grace && search.faults().iter().any(|one| ends.contains(&one.fault))
}

/// How many lines follow the list.
const LAST: usize = 3;

/// The list as people read it first; all that was covered is told with `--explain all`.
pub fn text(search: &Search) -> String {
    let (words, rows) = (ANALYSIS.risks, rows(search.findings()));
    let mut out = String::new();
    for one in ahead_of(&rows, search) {
        let id = one.of.id().map_or(String::new(), |id| format!(" [{id}]"));
        let _ = writeln!(out, "{}{id}", one.line);
    }
    for (number, row) in (1..).zip(&rows) {
        // What is true of every set is told in any case, and stands last.
        if number < FIRST || number == rows.len() {
            let line = if row.is_common { words.common_closed(number) } else { row.line(search).plain() };
            let _ = writeln!(out, "{number}. {} [{}]", Prose::read(&line).plain(), row.ids(search).join(", "));
        }
    }
    let more = rows.len().saturating_sub(FIRST);
    if more > 0 {
        let _ = writeln!(out, "{}", words.more(more));
    }
    // Of a set without a pod, the line that says so is all.
    let is_untried = search.faults().iter().any(|one| one.fault == Kind::NothingRuns);
    out += match rows.is_empty() {
        false => words.explain(),
        true if is_untried => "",
        true => words.nothing(),
    };
    out += if rows.is_empty() && is_untried { "\n" } else { "\n\n" };
    for line in standing(search) {
        let _ = writeln!(out, "{line}");
    }
    out
}
