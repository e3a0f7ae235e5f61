//! `ordinal risks`: what can go wrong, and what prevents it.

use std::num::NonZero;
use std::path::PathBuf;
use std::thread;

use ordinal::base::value::Value;
use ordinal::intake::told::short;
use ordinal::risks::judge::Detail;
use ordinal::risks::outcome::Finding;
use ordinal::risks::told::{self, Opening, Opens, rows};
use ordinal::risks::{Level, Options, Search, Start};
use ordinal::team;
use ordinal::text::Prose;
use ordinal::text::risks::Harm;

use crate::accept::Accepted;
use crate::args::{self, Chosen, Form, Risks, RisksOptions, SearchOptions, Told};
use crate::check::folder;
use crate::exit::{FINE, NOT_GOOD, NOT_READ};
use crate::explain::Topic;
use crate::input::{Failure, Input, refused};
use crate::progress;
use crate::remark::{Remark, Severity};
use crate::show;
use crate::words;

/// Searches files for risks; the exit code.
pub fn run(args: &Risks) -> Result<u8, Failure> {
    let (folders, files): (Vec<&PathBuf>, Vec<&PathBuf>) = args.files.iter().partition(|path| folder::is_folder(path));
    let mut read = folder::Read::default();
    folders.iter().try_for_each(|path| folder::read(path, &mut read))?;
    if !files.is_empty() {
        read.inputs.push(Input::read(&files)?);
    }
    if read.inputs.is_empty() {
        return Err(Failure::at(args.files[0].display(), "no manifest with a StatefulSet is there"));
    }
    let done = print(&read.inputs, args.fail_on, &args.options, &args.told)?;
    Ok(if read.is_unread { NOT_READ } else { done })
}

/// What a search found.
pub struct Found {
    pub search: Search,
    /// The lines above the findings, a remark for each finding, and the assumptions.
    pub remarks: Vec<Remark>,
    /// Whether a finding that nobody accepted is as bad as asked, or something of the manifest does not start as it stands.
    pub is_bad: bool,
}

/// Searches what was read.
pub fn find(input: &Input, fail_on: Level, args: &SearchOptions, accepted: &Accepted) -> Result<Found, Failure> {
    let search = searched(&input.manifest(), args);
    if !search.is_accepted() {
        return Err(refusal(&search, input));
    }
    let remarks = remarks(&search, input, fail_on, accepted)?;
    // What is refused fails as well.
    let is_bad = remarks.iter().any(Remark::fails) || !search.left_out().is_empty() || !search.renewed().is_empty();
    Ok(Found { search, remarks, is_bad })
}

/// Searches what was read, each of the manifests for itself, and prints what was found.
pub fn print(inputs: &[Input], fail_on: Level, args: &RisksOptions, told: &Told) -> Result<u8, Failure> {
    let accepted = args.accept.as_ref().map(|file| Accepted::read(file)).transpose()?.unwrap_or_default();
    let is_one = inputs.len() == 1;
    if let Some(Chosen::Line(number)) = args.explain
        && !is_one
    {
        let names: Vec<&str> = inputs.iter().map(Input::name).collect();
        return Err(Failure(format!("--explain {number}: there are several manifests, name one: {}", names.join(", "))));
    }
    let (mut remarks, mut is_bad, mut is_unread) = (Vec::new(), false, false);
    for input in inputs {
        match find(input, fail_on, &args.search, &accepted) {
            Ok(found) => {
                is_bad |= found.is_bad;
                match told.output {
                    Form::Text => text(&found, (!is_one).then(|| input.name()), args.explain)?,
                    Form::Json => show::json(args::Report::Risks, json(&found, input)),
                    _ => remarks.extend(found.remarks),
                }
            }
            Err(why) if is_one => return Err(why),
            Err(Failure(why)) => {
                is_unread = true;
                show::complain(&why);
            }
        }
    }
    if !matches!(told.output, Form::Text | Form::Json) {
        show::remarks(&remarks, told.output);
    }
    Ok(if is_unread {
        NOT_READ
    } else if is_bad {
        NOT_GOOD
    } else {
        FINE
    })
}

/// What was found, as a program reads it.
fn json(found: &Found, input: &Input) -> Value {
    let accepted = found.remarks.iter().filter_map(|remark| Some((remark, remark.accepted.as_deref()?)));
    let accepted = accepted.map(|(remark, reason)| {
        Value::of([("id", Value::from(remark.topic.id())), ("workload", (&*remark.workload).into()), ("reason", reason.into())])
    });
    let mut report = told::json(&found.search);
    report.set(&["manifest"], input.name());
    report.set(&["accepted"], Value::list(accepted));
    report
}

/// Prints the list, or all that is told of a line, below the name of the manifest if there are several.
fn text(found: &Found, name: Option<&str>, explain: Option<Chosen>) -> Result<(), Failure> {
    if let Some(name) = name {
        show::text(&format!("{name}:"), |_| true);
    }
    let search = &found.search;
    if let Some(chosen) = explain {
        let number = if let Chosen::Line(number) = chosen { Some(number) } else { None };
        let lines = rows(search.findings()).len();
        if let Some(number) = number.filter(|number| *number > lines) {
            return Err(Failure(format!("--explain {number}: the list has {lines} line{}", if lines == 1 { "" } else { "s" })));
        }
        show::plain(&told::explained(search, number));
        return Ok(());
    }
    show::text(&told::text(search), |_| false);
    for Remark { topic, workload, accepted, .. } in &found.remarks {
        if let Some(reason) = accepted {
            show::plain(&format!("{}\n", words::accepted(&topic.id(), workload, reason)));
        }
    }
    if name.is_some() {
        show::plain("\n");
    }
    Ok(())
}

/// The search, done to its end.
fn searched(text: &str, args: &SearchOptions) -> Search {
    let mut progress = progress::Search::begin();
    let depth = usize::try_from(args.depth).unwrap_or(1);
    let begin = |share| Search::new(Start::of_text(text, args.cluster.release), Options { depth, share, ..Options::default() });
    let search = team::search(args.jobs.or_else(cores).map_or(1, NonZero::get), begin, |now| progress.show(now));
    progress.end();
    search
}

/// All cores of the machine.
fn cores() -> Option<NonZero<usize>> {
    thread::available_parallelism().ok()
}

ordinal::base::named! {
    /// A kind whose objects only name where manifests are; another program fetches and renders these.
    Elsewhere {
        /// Of Argo CD.
        Application "Application",
        ApplicationSet "ApplicationSet",
        /// Of Kustomize, and of Flux.
        Kustomization "Kustomization",
        /// Of Flux.
        HelmRelease "HelmRelease",
        /// Of Rancher.
        HelmChart "HelmChart",
    }
}

/// Why nothing can be searched, with the places.
fn refusal(search: &Search, input: &Input) -> Failure {
    let refused = search.refused().map(|(line, said)| Failure::at(input.place_in_manifest(line), refused(&said, input.name())));
    let unrendered = search.unrendered().map(|said| Failure::at(input.name(), said));
    let all: Vec<Failure> = unrendered.into_iter().chain(refused).collect();
    if all.is_empty() {
        let elsewhere = input.kinds().iter().find_map(|kind| Elsewhere::named(kind));
        return Failure::at(
            input.name(),
            elsewhere.map_or("no StatefulSet; a manifest or a dump with one was expected".to_owned(), |kind| {
                format!(
                    "no StatefulSet; the {} only names where manifests are: give that folder, as in `ordinal risks FOLDER`",
                    kind.word()
                )
            }),
        );
    }
    Failure::all(all)
}

/// What the search found, a remark for each finding.
fn remarks(search: &Search, input: &Input, fail_on: Level, accepted: &Accepted) -> Result<Vec<Remark>, Failure> {
    let remark = |finding: &Finding| {
        let (workload, change, topic) = (&finding.shown.workload, finding.prevention.change.as_ref(), topic(finding));
        let place = change.and_then(|change| input.find(&change.object, &change.path)).or_else(|| input.find(workload, &[]));
        Ok(Remark {
            topic,
            severity: severity(finding, fail_on),
            workload: short(workload),
            title: told::sentence(finding).plain(),
            text: told::whole(search, finding),
            place,
            accepted: accepted.reason(topic, &short(workload), Some((workload, input)))?,
        })
    };
    let found = rows(search.findings()).into_iter().flat_map(|row| row.findings).map(remark);
    let opening = opening(search, input, accepted)?.into_iter().map(Ok);
    opening.chain(found).chain(rests(search, input).map(Ok)).collect()
}

/// The lines above the findings: omitted parts of the manifest, and why the start is stuck.
fn opening(search: &Search, input: &Input, accepted: &Accepted) -> Result<Vec<Remark>, Failure> {
    let mut all = Vec::new();
    for Opening { of, line } in told::opening(search) {
        let (topic, object, place) = match of {
            Opens::Fault(one) => (Topic::Fault(one.fault), Some(one.object.clone()), Some(input.place_in_manifest(one.line))),
            Opens::Nameless(cause, told) => {
                let name = told.fields.named_texts().find(|(name, _)| *name == "workload").map(|(_, name)| name);
                let set = input.sets().find(|set| Some(&*set.name) == name);
                let place = set.as_ref().and_then(|set| input.find(set, &[]));
                (Topic::Cause(cause), set, place)
            }
            Opens::Known => continue,
        };
        // A remark has the line as its place.
        let title = if let Opens::Fault(one) = of { Prose::read(&one.told()).plain() } else { line };
        let severity = match of {
            Opens::Fault(one) if one.fault.breaks() => Severity::Error,
            // What is true of every set says nothing about this one.
            Opens::Fault(one) if one.common().is_some() => Severity::Note,
            _ => Severity::Warning,
        };
        let workload = object.as_ref().map_or(String::new(), short);
        all.push(Remark {
            topic,
            severity,
            title,
            text: String::new(),
            place,
            accepted: accepted.reason(topic, &workload, object.as_ref().map(|object| (object, input)))?,
            workload,
        });
    }
    Ok(all)
}

/// What the findings rest on: what was left out or taken to be there, and what protects already.
fn rests(search: &Search, input: &Input) -> Option<Remark> {
    let opening = told::opening(search).into_iter().filter(|one| matches!(one.of, Opens::Known)).map(|one| one.line);
    let lines: Vec<String> = opening.chain(told::standing(search)).collect();
    (!lines.is_empty()).then(|| Remark {
        topic: Topic::Told,
        severity: Severity::Note,
        workload: input.name().to_owned(),
        title: words::RESTS.to_owned(),
        text: lines.join("\n"),
        place: Some(input.place_in_manifest(1)),
        accepted: None,
    })
}

/// What is true of every set says nothing about this one, and what hangs on disks that are assumed fails nobody; an error is what fails.
fn severity(finding: &Finding, fail_on: Level) -> Severity {
    match finding.common() {
        Some(_) => Severity::Note,
        None if finding.shown.level() <= fail_on && !finding.only_on_nodes => Severity::Error,
        None => Severity::Warning,
    }
}

/// What is explained of a finding: what its id ([`told::id`]) names.
fn topic(finding: &Finding) -> Topic {
    match (finding.shown.kind, finding.shown.detail) {
        (Harm::Stuck, Some(Detail::Waits(cause))) => Topic::Cause(cause),
        (kind, _) => Topic::Risk(kind),
    }
}
