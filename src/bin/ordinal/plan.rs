//! `ordinal plan`: what a change will do, before the change is made.

use std::path::Path;
use std::rc::Rc;

use ordinal::api::release::Release;
use ordinal::plan::by::asked;
use ordinal::plan::case::{Case, Made};
use ordinal::plan::fault::{self, Fault};
use ordinal::plan::given::Given;
use ordinal::plan::report::{Entry, Part, report, written};
use ordinal::plan::{self, Change, Finding, Plan};
use ordinal::risks::form::unrendered;
use ordinal::tools::asked::Options;
use ordinal::tools::tool::Tool;

use crate::accept::Accepted;
use crate::args::{self, Form, Told};
use crate::exit::{FINE, NOT_GOOD};
use crate::explain::Topic;
use crate::input::{Failure, Input, STDIN, refused};
use crate::line;
use crate::progress;
use crate::remark::{Remark, Severity};
use crate::show;

/// Plans a change; the exit code.
pub fn run(args: &args::Plan) -> Result<u8, Failure> {
    let is_stdin = |file: &Path| file == Path::new(STDIN);
    if is_stdin(&args.before) && args.after.as_deref().is_some_and(is_stdin) {
        return Err(Failure("standard input can be BEFORE or AFTER; the other has to be a file".into()));
    }
    let mut before = Input::read(&[&args.before])?;
    let mut after = args.after.as_ref().map(|after| Input::read(&[after])).transpose()?;
    if after.is_none() && args.lines.is_empty() {
        after = Some(std::mem::replace(&mut before, Input::of("", String::new())));
    }
    let wanted = Wanted {
        lines: &args.lines,
        beside: args.before.parent(),
        by: By::read(args)?,
        fail_on: args.fail_on,
        release: args.cluster.release,
        told: &args.told,
    };
    print(&before, after.as_ref(), &wanted)
}

/// Who applies a manifest, over what.
#[derive(Debug, Default)]
pub struct By {
    /// The tool and its options; kubectl applies, where none is named.
    pub tool: Option<(Tool, Options)>,
    /// How the cluster came about.
    pub made: Made,
}

impl By {
    /// A tool that has installed what it applies over.
    pub fn of(tool: Tool, options: Options) -> By {
        By { tool: Some((tool, options)), made: Made { by: Some(tool), since: Vec::new() } }
    }

    fn read(args: &args::Plan) -> Result<By, Failure> {
        let options = |tool: Tool| Options::read(tool, &args.options).map_err(Failure);
        let tool = args.by.map(|tool| Ok::<_, Failure>((tool, options(tool)?))).transpose()?;
        Ok(By { made: Made { by: args.made_by.or(args.by), since: args.since.clone() }, tool })
    }
}

/// What is asked of a plan.
pub struct Wanted<'a> {
    /// The lines that are typed, where no manifest is applied.
    pub lines: &'a [String],
    /// Where files are looked for that are not here.
    pub beside: Option<&'a Path>,
    pub by: By,
    pub fail_on: Finding,
    pub release: &'static Release,
    pub told: &'a Told,
}

/// Plans what `after` or the lines do to a cluster, and prints the plan.
pub fn print(before: &Input, after: Option<&Input>, wanted: &Wanted) -> Result<u8, Failure> {
    let plan = match after {
        Some(after) => applied(before, after, &wanted.by, wanted.release)?,
        None => typed(before, wanted)?,
    };
    let file = after.map_or("", Input::name);
    let remarks = remarks(&plan, (before, after), wanted.fail_on, &Accepted::default())?;
    match wanted.told.output {
        Form::Text => {
            let entries = report(&plan, file);
            show::text(&written(&entries, |entry| id(entry, &entries)), |line| line.starts_with("sts/"));
        }
        Form::Json => show::json(args::Report::Plan, plan::told::json(&plan, file)),
        form => show::remarks(&remarks, form),
    }
    Ok(if remarks.iter().any(Remark::fails) { NOT_GOOD } else { FINE })
}

/// The plan of a manifest that is applied.
pub fn applied(before: &Input, after: &Input, by: &By, release: &'static Release) -> Result<Plan, Failure> {
    let Given::Manifest(text) = Given::read(&after.manifest()) else {
        return Err(Failure::at(after.name(), "what kubectl printed of pods; a manifest that is applied was expected"));
    };
    let faults = fault::faults(&text);
    // kubectl applies the documents that it can read.
    if !faults.is_empty() && !fault::has_object(&text) {
        return Err(failure(after, &faults));
    }
    let case = Case::new(&before.manifest(), &text, release).made(by.made.clone());
    let change = match &by.tool {
        None => Change::Manifest(text),
        Some((tool, options)) => {
            let old = before.manifest();
            let old = if let Given::Manifest(old) = Given::read(&old) { old } else { String::new() };
            Change::By(Rc::new(asked(*tool, by.made.by, options.clone(), [&old, &text])))
        }
    };
    tried(before, &case, &change)
}

/// What the plan of a line says that is typed beside a manifest.
pub(crate) fn of_line(before: &Input, line: &str, release: &'static Release) -> Result<Vec<Entry>, Failure> {
    let case = Case::new(&before.manifest(), "", release);
    Ok(report(&tried(before, &case, &Change::Lines(vec![line.to_owned()]))?, ""))
}

/// The plan of lines that are typed.
fn typed(before: &Input, wanted: &Wanted) -> Result<Plan, Failure> {
    wanted.lines.iter().try_for_each(|line| line::known(line))?;
    let files: Vec<(String, String)> = wanted.lines.iter().flat_map(|line| line::files_of(line, wanted.beside)).collect();
    let later: Vec<&str> = files.iter().map(|(_, text)| &**text).collect();
    let case = Case::new(&before.manifest(), &later.join("\n---\n"), wanted.release).made(wanted.by.made.clone());
    tried(before, &case.beside(files), &Change::Lines(wanted.lines.to_vec()))
}

/// The plan of a change. What the server refuses of the text before it has its place there.
fn tried(before: &Input, case: &Case, change: &Change) -> Result<Plan, Failure> {
    let plan = progress::waiting("trying the change on a copy", || case.plan(change));
    let mut plan = plan.map_err(|faults| failure(before, &faults))?;
    for fault in &mut plan.left_out {
        *fault = Fault { place: None, words: told(before, fault).0 };
    }
    Ok(plan)
}

/// What is wrong with an input, with the places; that it is to be rendered first, if that is so.
fn failure(input: &Input, faults: &[Fault]) -> Failure {
    let unrendered = unrendered(&input.manifest()).map(|said| Failure::at(input.name(), said));
    Failure::all(unrendered.into_iter().chain(faults.iter().map(|fault| told(input, fault))))
}

/// What is wrong at a place of an input.
fn told(input: &Input, Fault { place, words }: &Fault) -> Failure {
    let words = refused(words, input.name());
    match place {
        Some((line, column)) => Failure(format!("{}:{column}: {words}", input.place_in_manifest(*line))),
        None => Failure::at(input.name(), words),
    }
}

/// What a plan says, as tools for code review take it.
///
/// # Errors
///
/// An annotation accepts what no report names so.
pub fn remarks(
    plan: &Plan,
    (before, after): (&Input, Option<&Input>),
    fail_on: Finding,
    accepted: &Accepted,
) -> Result<Vec<Remark>, Failure> {
    let entries = report(plan, after.map_or("", Input::name));
    let end = entries.iter().find(|entry| entry.part == Part::End).map_or("", |entry| &*entry.title);
    let remark = |group: &Vec<&Entry>| {
        let (head, topic) = (group[0], topic(group));
        let place = match (after, &head.about, head.at) {
            (Some(after), _, Some(line)) => Some(after.place_in_manifest(line)),
            (Some(after), Some(key), None) => after.find(key, &[]),
            _ => None,
        };
        Ok(Remark {
            topic,
            severity: severity(group, fail_on),
            workload: head.subject.clone(),
            title: if head.part == Part::Set { format!("{}: {end}", head.title) } else { head.title.clone() },
            text: text(group),
            place: place.or_else(|| after.map(|after| after.place_in_manifest(1))),
            accepted: accepted.reason(topic, &head.subject, head.about.as_ref().map(|key| (key, after.unwrap_or(before))))?,
        })
    };
    grouped(&entries).iter().map(remark).collect()
}

/// The entries of a report, those together that are one remark. A way round is told with what was refused, and with a set what it waits for
/// and the other ways. How the change ends, and what was assumed, is told with the first set, or with what was told last.
fn grouped(entries: &[Entry]) -> Vec<Vec<&Entry>> {
    let mut groups: Vec<Vec<&Entry>> = Vec::new();
    let at = |part: Part| entries.iter().position(|entry| entry.part == part);
    // The answer as the files stand is one remark.
    let bare = at(Part::Bare).zip(at(Part::With)).map_or(0..0, |(from, to)| from..to);
    groups.extend((!bare.is_empty()).then(|| entries[bare.clone()].iter().collect()));
    for (_, entry) in entries.iter().enumerate().filter(|(at, _)| !bare.contains(at)) {
        let of_set = |group: &Vec<&Entry>| group[0].part == Part::Set;
        let place = match entry.part {
            Part::Round => groups.iter().rposition(|group| group[0].part == Part::Refusal),
            Part::Wait(_) | Part::Ways => groups.iter().position(|group| of_set(group) && group[0].about == entry.about),
            Part::End | Part::Assumed => groups.iter().position(of_set).or(groups.len().checked_sub(1)),
            Part::LeftOut | Part::Bare | Part::With | Part::Tool | Part::Refusal | Part::Note | Part::Set | Part::Beside => None,
        };
        match place {
            Some(place) => groups[place].push(entry),
            None => groups.push(vec![entry]),
        }
    }
    groups
}

/// How bad the worst of some entries is.
fn severity(group: &[&Entry], fail_on: Finding) -> Severity {
    let worst = group.iter().filter_map(|entry| entry.finding).max();
    match worst {
        Some(worst) if worst >= fail_on => Severity::Error,
        Some(_) => Severity::Warning,
        None if group.iter().any(|entry| entry.warns) => Severity::Warning,
        None => Severity::Note,
    }
}

/// What is explained of some entries: of a set that waits, for what.
fn topic(group: &[&Entry]) -> Topic {
    let worst = group.iter().copied().max_by_key(|entry| (entry.finding, entry.warns, entry.matter.is_some())).unwrap_or(group[0]);
    let waits = group.iter().copied().find(|entry| matches!(entry.part, Part::Wait(_)));
    match (waits, worst.finding) {
        (Some(waits), Some(Finding::Stuck)) => of_entry(waits),
        _ if group[0].matter.is_some() => of_entry(group[0]),
        _ => of_entry(worst),
    }
}

fn of_entry(entry: &Entry) -> Topic {
    match (entry.part, entry.matter) {
        (Part::Wait(cause), _) => Topic::Cause(cause),
        (_, Some(matter)) => Topic::Matter(matter),
        (_, None) => entry.finding.map_or(Topic::Told, Topic::Change),
    }
}

/// The id of an entry, where there is something to look up. What a set waits for has it in the place of the set.
fn id(entry: &Entry, entries: &[Entry]) -> Option<String> {
    let waits = |other: &Entry| matches!(other.part, Part::Wait(_)) && other.about == entry.about;
    let is_told = entry.part == Part::Set && entry.finding == Some(Finding::Stuck) && entries.iter().any(waits);
    (entry.is_worse_than_told() && !is_told).then(|| of_entry(entry).id())
}

/// What some entries say below the title of the first.
fn text(group: &[&Entry]) -> String {
    let mut out: String = group[0].body(0).lines().flat_map(|line| [line.strip_prefix("  ").unwrap_or(line), "\n"]).collect();
    // The title of a set has how it ends.
    for entry in group[1..].iter().filter(|entry| entry.part != Part::End || group[0].part != Part::Set) {
        let id = id(entry, &[]).map_or(String::new(), |id| format!(" [{id}]"));
        out = out + &entry.title + &id + "\n" + &entry.body(0);
    }
    out
}
