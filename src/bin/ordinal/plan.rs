//! `ordinal plan`: what a change will do, before the change is made.

use std::path::Path;

use ordinal::api::object::ObjectKey;
use ordinal::api::release::Release;
use ordinal::causes::command::MANIFEST;
use ordinal::intake::told::short;
use ordinal::plan::told::{end, of_set, wait};
use ordinal::plan::{self, Change, Finding, Plan, start};
use ordinal::playground::Playground;
use ordinal::text::{Lang, Prose};

use crate::accept::Accepted;
use crate::args::{self, Form, Told};
use crate::exit::{FINE, NOT_GOOD};
use crate::explain::Topic;
use crate::input::{Failure, Input};
use crate::line;
use crate::progress;
use crate::remark::{Remark, Severity};
use crate::show;

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
    let plan = match after {
        Some(after) => applied(before, after, wanted.release)?,
        None => typed(before, wanted)?,
    };
    let (lang, file) = (wanted.told.lang, after.map_or("", Input::name));
    let remarks = remarks(&plan, (before, after), wanted.fail_on, &Accepted::default(), lang)?;
    match wanted.told.output {
        Form::Text => show::text(&plan::told::text(&plan, file, lang), |line| line.starts_with("sts/")),
        Form::Json => show::json(args::Report::Plan, plan::told::json(&plan, file, lang)),
        form => show::remarks(&remarks, form, lang),
    }
    Ok(if is_bad(&plan, &remarks, wanted.fail_on) { NOT_GOOD } else { FINE })
}

/// The plan of a manifest that is applied.
pub fn applied(before: &Input, after: &Input, release: &'static Release) -> Result<Plan, Failure> {
    let text = after.manifest();
    let faults = start::faults(&text);
    if !faults.is_empty() {
        return Err(failure(after, &faults));
    }
    Ok(tried(&world(before, release)?, &Change::Manifest(text)))
}

/// The plan of lines that are typed.
fn typed(before: &Input, wanted: &Wanted) -> Result<Plan, Failure> {
    wanted.lines.iter().try_for_each(|line| line::known(line))?;
    let mut world = world(before, wanted.release)?;
    for (name, text) in wanted.lines.iter().flat_map(|line| line::files_of(line, wanted.beside)) {
        start::put_file(&mut world, &name, &text);
    }
    Ok(tried(&world, &Change::Lines(wanted.lines.to_vec())))
}

/// The cluster before the change; says what was left out.
fn world(before: &Input, release: &'static Release) -> Result<Playground, Failure> {
    let world = start::world(&before.manifest(), release).map_err(|faults| failure(before, &faults))?;
    start::refused(&world).for_each(|fault| show::complain(&format!("left out: {}", failure(before, &[fault]).0)));
    Ok(world)
}

fn tried(world: &Playground, change: &Change) -> Plan {
    progress::waiting("trying the change on a copy", || plan::of(world, change))
}

/// What is wrong with an input, with the places.
fn failure(input: &Input, faults: &[start::Fault]) -> Failure {
    Failure::all(faults.iter().map(|start::Fault { place, words }| match place {
        Some((line, column)) => Failure(format!("{}:{column}: {words}", input.place_in_manifest(*line))),
        None => Failure::at(input.name(), words),
    }))
}

/// Whether something that nobody accepted is as bad as asked. What has no remark, nobody accepts.
pub fn is_bad(plan: &Plan, remarks: &[Remark], fail_on: Finding) -> bool {
    let is_accepted = !remarks.is_empty() && remarks.iter().all(|remark| remark.accepted.is_some());
    !is_accepted && plan.findings().iter().any(|finding| *finding >= fail_on)
}

/// What a plan says, a remark for each set that the change reaches, and one for all that was refused.
///
/// # Errors
///
/// An annotation accepts what no report names so.
pub fn remarks(
    plan: &Plan,
    (before, after): (&Input, Option<&Input>),
    fail_on: Finding,
    accepted: &Accepted,
    lang: Lang,
) -> Result<Vec<Remark>, Failure> {
    let (outcome, findings, file) = (&plan.given.outcome, plan.findings(), after.map_or("", Input::name));
    let worst = findings.iter().copied().max();
    let severity = match worst {
        None => Severity::Note,
        Some(worst) if worst >= fail_on => Severity::Error,
        Some(_) => Severity::Warning,
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
        let place = place.or_else(|| Some(after?.place_in_manifest(1)));
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
        let accepted = accepted.reason(topic, key, after.unwrap_or(before))?;
        all.push(Remark { accepted, ..remark(topic, short(key), title, text, find(key)) });
    }
    Ok(all)
}
