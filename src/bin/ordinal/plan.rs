//! `ordinal plan`: what a change will do, before the change is made.

use std::path::Path;

use ordinal::api::object::ObjectKey;
use ordinal::api::release::Release;
use ordinal::causes::command::MANIFEST;
use ordinal::intake::told::short;
use ordinal::kubectl::words;
use ordinal::plan::told::{end, of_set, wait};
use ordinal::plan::{self, Change, Finding, Plan, start};
use ordinal::text::{Lang, Prose};

use crate::args::{self, Form, Told};
use crate::explain::Topic;
use crate::input::{Failure, Input, Place};
use crate::remark::{Remark, Severity};
use crate::show;
use crate::{FINE, NOT_GOOD, progress};

/// Plans a change; the exit code.
pub fn run(args: &args::Plan) -> Result<u8, Failure> {
    let before = Input::read(&[&args.before])?;
    let after = args.after.as_ref().map(|after| Input::read(&[after])).transpose()?;
    let wanted =
        Wanted { lines: &args.lines, beside: args.before.parent(), fail_on: args.fail_on, release: args.cluster.release, told: &args.told };
    print(&before, after.as_ref(), &wanted)
}

/// What is asked of a plan.
pub struct Wanted<'a> {
    /// The lines that are typed, where no manifest is applied.
    pub lines: &'a [String],
    /// Where files are looked for that are not here.
    pub beside: Option<&'a Path>,
    pub fail_on: Finding,
    pub release: &'static Release,
    pub told: &'a Told,
}

/// Plans what `after` or the lines do to a cluster, and prints the plan.
pub fn print(before: &Input, after: Option<&Input>, wanted: &Wanted) -> Result<u8, Failure> {
    let told =
        |input: &Input, faults: Vec<start::Fault>| Failure::all(faults.iter().map(|fault| Failure(format!("{}:{fault}", input.name()))));
    let change = match after {
        Some(after) => {
            let text = after.manifest();
            let faults = start::faults(&text);
            if !faults.is_empty() {
                return Err(told(after, faults));
            }
            Change::Manifest(text)
        }
        None => Change::Lines(wanted.lines.to_vec()),
    };
    let mut world = start::world(&before.manifest(), wanted.release).map_err(|faults| told(before, faults))?;
    start::refused(&world).for_each(|fault| show::complain(&format!("left out: {}:{fault}", before.name())));
    if let Change::Lines(lines) = &change {
        for (name, text) in lines.iter().flat_map(|line| files_of(line, wanted.beside)) {
            start::put_file(&mut world, &name, &text);
        }
    }
    let plan = progress::waiting("trying the change on a copy", || plan::of(&world, &change));
    let (lang, file) = (wanted.told.lang, after.map_or("", Input::name));
    match wanted.told.output {
        Form::Text => show::text(&plan::told::text(&plan, file, lang), |line| line.starts_with("sts/")),
        Form::Json => show::json(args::Report::Plan, plan::told::json(&plan, file, lang)),
        form => show::remarks(&remarks(&plan, after, file, lang), form, lang),
    }
    Ok(if plan.findings().iter().any(|finding| *finding >= wanted.fail_on) { NOT_GOOD } else { FINE })
}

/// The files that a line names, where they are here or in another folder.
fn files_of(line: &str, beside: Option<&Path>) -> Vec<(String, String)> {
    let read = |name: &str| {
        let there = beside.map(|folder| folder.join(name));
        std::fs::read_to_string(name).or_else(|error| std::fs::read_to_string(there.ok_or(error)?)).ok()
    };
    let words = words::split(line).unwrap_or_default();
    let names = words.iter().map(|word| word.rsplit_once('=').map_or(&**word, |(_, value)| value));
    names.filter_map(|name| Some((name.to_owned(), read(name)?))).collect()
}

/// What a plan says, a remark for each set that the change reaches, and one for all that was refused.
fn remarks(plan: &Plan, after: Option<&Input>, file: &str, lang: Lang) -> Vec<Remark> {
    let (outcome, findings) = (&plan.given.outcome, plan.findings());
    let worst = findings.iter().copied().max();
    let severity = match worst {
        None => Severity::Note,
        Some(Finding::Unavailable) => Severity::Warning,
        Some(_) => Severity::Error,
    };
    let said = |says| Prose::read(&lang.plan(&says)).plain();
    let remark = |topic, workload: String, title: String, text: String, place| Remark {
        topic,
        severity,
        workload,
        title,
        text,
        place,
        accepted: None,
    };
    let find = |key: &ObjectKey| after.and_then(|after| after.find(key, &[]));
    let mut all: Vec<Remark> = Vec::new();
    for refused in &outcome.refused {
        let title = said(plan::told::refused(refused, file));
        let place = refused.at.and_then(|line| after.map(|after| after.place_in_manifest(line)));
        let place = place.or_else(|| Some(Place { file: after?.name().to_owned(), line: 1 }));
        all.push(remark(Topic::Change(Finding::Refused), refused.line.replace(MANIFEST, file), title, refused.said.clone(), place));
    }
    for set in &outcome.sets {
        let key = &set.watched.set;
        let waits = plan.waits.iter().filter(|verdict| verdict.workload == *key);
        let told: Vec<String> = of_set(set).into_iter().map(said).collect();
        let waiting = waits.clone().flat_map(|verdict| wait(plan, verdict, lang)).map(|prose| prose.plain());
        let text = told.into_iter().chain(waiting).collect::<Vec<_>>().join("\n");
        let topic =
            waits.clone().next().map_or(Topic::Change(worst.unwrap_or(Finding::Unavailable)), |verdict| Topic::Cause(verdict.cause));
        let title = format!("{} ({}): {}", short(key), key.namespace, said(end(outcome)));
        all.push(remark(topic, short(key), title, text, find(key)));
    }
    all
}
