//! `ordinal diagnose`: what the workloads of a cluster wait for, and what ends the wait.

use ordinal::api::release::V1_37;
use ordinal::base::slices::{Slices, whole};
use ordinal::intake::told::{self, about, sentence, short, title};
use ordinal::intake::verdict::Verdict;
use ordinal::intake::{self, Door, Report};
use ordinal::plan::manifest;
use ordinal::why::Family;

use crate::args::{self, Diagnose, Form};
use crate::exit::FINE;
use crate::explain::Topic;
use crate::input::{Failure, Input};
use crate::open;
use crate::progress;
use crate::remark::{Remark, Severity};
use crate::show;

/// What takes time.
pub const WORK: &str = "trying cures on a copy";

/// Diagnoses files; the exit code.
pub fn run(args: &Diagnose) -> Result<u8, Failure> {
    let page = args.open.page()?;
    let input = Input::read(&args.files)?;
    if input.texts().all(|text| text.trim().is_empty()) {
        return Err(Failure("nothing to read; what kubectl printed was expected".into()));
    }
    let report = progress::waiting(WORK, || report(&input));
    print(&report, &input, args.told.output);
    page.map_or(Ok(()), |page| open::serve(page, input.text()))?;
    Ok(FINE)
}

/// What is the matter with the cluster of files, or with the manifests that they are.
fn report(input: &Input) -> Report {
    let work = manifest::diagnosis(&input.manifest(), &V1_37, Slices::WHOLE);
    work.map_or_else(|| intake::diagnose(input.texts()), |work| whole(work.within()))
}

/// Prints a report.
pub fn print(report: &Report, input: &Input, form: Form) {
    match form {
        Form::Text => {
            let titles: Vec<String> = report.verdicts.iter().map(|verdict| title(verdict).plain()).collect();
            show::text(&told::text(report), |line| titles.iter().any(|title| title == line));
        }
        Form::Json => show::json(args::Report::Diagnosis, told::json(report)),
        Form::Markdown => show::plain(&told::markdown(report)),
        Form::Sarif | Form::Github => show::remarks(&remarks(report, input), form),
    }
}

/// What a report says, a remark for each verdict.
fn remarks(report: &Report, input: &Input) -> Vec<Remark> {
    let remark = |verdict: &Verdict| Remark {
        topic: Topic::Cause(verdict.cause),
        severity: match verdict.family() {
            Family::NotStuck => Severity::Note,
            Family::CannotKnow => Severity::Warning,
            _ => Severity::Error,
        },
        workload: short(&verdict.workload),
        title: title(verdict).plain(),
        text: body(verdict, report),
        place: verdict
            .lines
            .first()
            .map(|line| if report.door == Door::Manifest { input.place_in_manifest(*line) } else { input.place_in_texts(*line) })
            .or_else(|| input.find(&verdict.object, &[]))
            .or_else(|| input.find(&verdict.workload, &[])),
        accepted: None,
    };
    report.verdicts.iter().map(remark).collect()
}

/// What is wrong, where, and the first cure.
fn body(verdict: &Verdict, report: &Report) -> String {
    let cure = verdict.cures.iter().take(1).flat_map(|cure| cure.lines.iter().map(|line| format!("$ {line}")));
    let lines = [sentence(verdict).plain(), about(verdict, report).join(", ")];
    lines.into_iter().chain(cure).collect::<Vec<_>>().join("\n")
}
