//! `ordinal risks`: what can go wrong, and what prevents it.

use std::num::NonZero;
use std::thread;

use ordinal::base::value::Value;
use ordinal::intake::told::short;
use ordinal::playground;
use ordinal::risks::judge::Detail;
use ordinal::risks::outcome::Finding;
use ordinal::risks::told::{self as words, rows};
use ordinal::risks::{Level, Options, Search, Start};
use ordinal::sim::Setup;
use ordinal::team;
use ordinal::text::Lang;
use ordinal::text::risks::Harm;

use crate::accept::Accepted;
use crate::args::{self, Chosen, Form, Risks, RisksOptions, SearchOptions, Told};
use crate::exit::{FINE, NOT_GOOD};
use crate::explain::Topic;
use crate::input::{Failure, Input, refused};
use crate::progress;
use crate::remark::{Remark, Severity};
use crate::show;
use crate::words::Words;

/// Searches files for risks; the exit code.
pub fn run(args: &Risks) -> Result<u8, Failure> {
    print(&Input::read(&args.files)?, args.fail_on, &args.options, &args.told)
}

/// What a search found.
pub struct Found {
    pub search: Search,
    /// A remark for each finding.
    pub remarks: Vec<Remark>,
    /// Whether a finding that nobody accepted is as bad as asked.
    pub is_bad: bool,
}

/// Searches what was read.
pub fn find(input: &Input, fail_on: Level, args: &SearchOptions, accepted: &Accepted, lang: Lang) -> Result<Found, Failure> {
    let search = searched(&input.manifest(), args);
    if !search.is_accepted() {
        return Err(refusal(&search, input, lang));
    }
    let found = remarks(&search, input, fail_on, accepted, lang)?;
    let remarks: Vec<Remark> = found.into_iter().map(|(_, remark)| remark).collect();
    let is_bad = remarks.iter().any(Remark::fails);
    Ok(Found { search, remarks, is_bad })
}

/// Searches what was read, and prints what was found.
pub fn print(input: &Input, fail_on: Level, args: &RisksOptions, told: &Told) -> Result<u8, Failure> {
    let lang = told.lang;
    let accepted = args.accept.as_ref().map(|file| Accepted::read(file)).transpose()?.unwrap_or_default();
    let Found { search, remarks, is_bad } = find(input, fail_on, &args.search, &accepted, lang)?;
    let lines = rows(search.findings()).len();
    if let Some(Chosen::Line(number)) = args.explain
        && number > lines
    {
        return Err(Failure(format!("--explain {number}: the list has {lines} line{}", if lines == 1 { "" } else { "s" })));
    }
    match (told.output, args.explain) {
        (Form::Json, _) => {
            let accepted = remarks.iter().filter_map(|remark| Some((remark, remark.accepted.as_deref()?)));
            let mut report = words::json(&search, lang);
            report.set(
                &["accepted"],
                Value::list(accepted.map(|(remark, reason)| {
                    Value::of([("id", Value::from(remark.topic.id())), ("workload", (&*remark.workload).into()), ("reason", reason.into())])
                })),
            );
            show::json(args::Report::Risks, report);
        }
        (Form::Text, Some(chosen)) => {
            let number = if let Chosen::Line(number) = chosen { Some(number) } else { None };
            show::plain(&words::explained(&search, number, lang));
        }
        (Form::Text, None) => {
            show::text(&words::text(&search, lang), |_| false);
            for Remark { topic, workload, accepted, .. } in &remarks {
                if let Some(reason) = accepted {
                    show::plain(&format!("{}\n", Words(lang).accepted(&topic.id(), workload, reason)));
                }
            }
        }
        (form, _) => show::remarks(&remarks, form, lang),
    }
    Ok(if is_bad { NOT_GOOD } else { FINE })
}

/// The search, done to its end.
fn searched(text: &str, args: &SearchOptions) -> Search {
    let mut progress = progress::Search::begin();
    let depth = usize::try_from(args.depth).unwrap_or(1);
    let begin = |share| {
        let setup = Setup { release: args.cluster.release, ..playground::setup() };
        Search::new(Start::of_text(setup, text), Options { depth, share, ..Options::default() })
    };
    let search = team::search(args.jobs.or_else(cores).map_or(1, NonZero::get), begin, |now| progress.show(now));
    progress.end();
    search
}

/// All cores of the machine.
fn cores() -> Option<NonZero<usize>> {
    thread::available_parallelism().ok()
}

/// Why nothing can be searched, with the places.
fn refusal(search: &Search, input: &Input, lang: Lang) -> Failure {
    let refused = search.refused().map(|(line, said)| Failure::at(input.place_in_manifest(line), refused(&said, input.name())));
    let unrendered = search.unrendered(lang).map(|said| Failure::at(input.name(), said));
    let all: Vec<Failure> = unrendered.into_iter().chain(refused).collect();
    if all.is_empty() {
        return Failure::at(input.name(), "no StatefulSet; a manifest or a dump with one was expected");
    }
    Failure::all(all)
}

/// What the search found, a remark for each finding.
fn remarks<'a>(
    search: &'a Search,
    input: &Input,
    fail_on: Level,
    accepted: &Accepted,
    lang: Lang,
) -> Result<Vec<(&'a Finding, Remark)>, Failure> {
    let remark = |finding: &'a Finding| {
        let (workload, change, topic) = (&finding.shown.workload, finding.prevention.change.as_ref(), topic(finding));
        let place = change.and_then(|change| input.find(&change.object, &change.path)).or_else(|| input.find(workload, &[]));
        let remark = Remark {
            topic,
            severity: severity(finding, fail_on),
            workload: short(workload),
            title: words::sentence(finding, lang).plain(),
            text: words::whole(search, finding, lang),
            place,
            accepted: accepted.reason(topic, &short(workload), Some((workload, input)))?,
        };
        Ok((finding, remark))
    };
    rows(search.findings()).into_iter().flat_map(|row| row.findings).map(remark).collect()
}

/// What is true of every set says nothing about this one; an error is what fails.
fn severity(finding: &Finding, fail_on: Level) -> Severity {
    match finding.common() {
        Some(_) => Severity::Note,
        None if finding.shown.level() <= fail_on => Severity::Error,
        None => Severity::Warning,
    }
}

/// What is explained of a finding: what its id ([`words::id`]) names.
fn topic(finding: &Finding) -> Topic {
    match (finding.shown.kind, finding.shown.detail) {
        (Harm::Stuck, Some(Detail::Waits(cause))) => Topic::Cause(cause),
        (kind, _) => Topic::Risk(kind),
    }
}
