//! `ordinal check`: what changed manifests of a git repository risk, and what the change does.
//!
//! ```text
//!   repository: the files now, and at the base ──▶ unit: what is applied together, rendered ──▶ risks, plan ──▶ remarks
//! ```

mod applier;
pub mod folder;
mod gone;
mod repository;
mod unit;

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::{fs, path};

use ordinal::base::value::Value;

use self::applier::Appliers;
use self::gone::Gone;
use self::repository::{Base, Repository, is_below};
use self::unit::{Made, Unit};
use crate::accept::Accepted;
use crate::args::{Check, Form, Report};
use crate::exit::{FINE, NOT_GOOD, NOT_READ};
use crate::explain::Topic;
use crate::input::{Failure, Input};
use crate::plan::By;
use crate::remark::{self, Remark, Severity};
use crate::words;
use crate::{plan, risks, sarif, show};

/// Accepted findings, where no other file is named.
const ACCEPTED: &str = ".ordinal-accepted";

/// Checks the manifests; the exit code.
pub fn run(args: &Check) -> Result<u8, Failure> {
    let absolute = |file: &Option<PathBuf>| file.as_deref().map(path::absolute).transpose().map_err(|error| Failure(error.to_string()));
    let (accept, summary, log) = (absolute(&args.accept)?, absolute(&args.summary)?, absolute(&args.sarif)?);
    let repository = Repository::enter()?;
    let accept = accept.or_else(|| Some(PathBuf::from(ACCEPTED)).filter(|file| file.is_file()));
    let accepted = accept.map(|file| Accepted::read(&file)).transpose()?.unwrap_or_default();
    let base = args.base.as_deref().map(|base| repository.base(base)).transpose()?;
    let paths = asked(&repository, base.as_ref(), &args.paths)?;
    let mut checked = Checked { args, accepted, remarks: Vec::new(), manifests: 0, is_bad: false, is_unread: false };
    let before = base.as_ref().map(|base| unit::of(&base.tree)).unwrap_or_default();
    let (units, appliers) = (unit::of(&repository.now), Appliers::of(&repository.now));
    for unit in &units {
        let files = wanted(&repository, base.as_ref(), unit, &paths);
        if files.is_empty() {
            continue;
        }
        let old = before.iter().find(|old| old.is_same(unit));
        let old = base.as_ref().zip(old).map_or(Ok(Made::Inputs(Vec::new())), |(base, old)| old.make(&base.tree));
        match (unit.make(&repository.now), old) {
            (Ok(Made::Inputs(now)), Ok(Made::Inputs(old))) => {
                // A file that stands for itself is checked where that file is wanted.
                let now = now.iter().filter(|input| input.name() == unit.name() || files.iter().any(|file| file == input.name()));
                let by = appliers.by(unit);
                now.for_each(|input| checked.input(input, old.iter().find(|old| old.name() == input.name()), &by));
            }
            (Ok(Made::NoProgram(program)), _) | (Ok(_), Ok(Made::NoProgram(program))) => {
                show::complain(&unit.not_checked(program));
            }
            (now, old) => [now.err(), old.err()].into_iter().flatten().for_each(|why| checked.unread(&why)),
        }
    }
    if let Some(base) = &base {
        let changed: Vec<&Unit> = before.iter().filter(|old| !wanted(&repository, Some(base), old, &paths).is_empty()).collect();
        match gone::of(&changed, &base.tree, &units, &repository.now) {
            Ok(gone) => gone.iter().for_each(|gone| checked.gone(gone)),
            // What cannot be read was told above.
            Err(_) if checked.is_unread => {}
            Err(why) => checked.unread(&why),
        }
    }
    checked.write(summary.as_deref(), log.as_deref())?;
    checked.print();
    Ok(if checked.is_unread {
        NOT_READ
    } else if checked.is_bad {
        NOT_GOOD
    } else {
        FINE
    })
}

/// The paths that are asked for, from the top of the repository.
fn asked(repository: &Repository, base: Option<&Base>, paths: &[PathBuf]) -> Result<Vec<String>, Failure> {
    let known =
        |asked: &str| repository.now.files.iter().chain(base.iter().flat_map(|base| &base.changed)).any(|file| is_below(file, asked));
    let path = |path: &PathBuf| {
        let asked = repository.path(path);
        known(&asked).then_some(asked).ok_or_else(|| Failure::at(path.display(), "no file of the repository is there"))
    };
    paths.iter().map(path).collect()
}

/// The files for whose sake a unit is checked.
fn wanted(repository: &Repository, base: Option<&Base>, unit: &Unit, asked: &[String]) -> Vec<String> {
    let is_asked = |file: &&String| asked.is_empty() || asked.iter().any(|path| is_below(file, path));
    let files = base.map_or(&repository.now.files, |base| &base.changed);
    files.iter().filter(is_asked).filter(|file| unit.has(file)).cloned().collect()
}

/// What was found so far.
struct Checked<'a> {
    args: &'a Check,
    accepted: Accepted,
    remarks: Vec<Remark>,
    /// How many manifests were read.
    manifests: usize,
    is_bad: bool,
    /// Whether something could not be read.
    is_unread: bool,
}

impl Checked<'_> {
    /// Checks manifests that are applied together, and their change, if they were others before.
    fn input(&mut self, now: &Input, before: Option<&Input>, by: &(By, Option<String>)) {
        self.manifests += 1;
        let done = self.risks(now).and_then(|()| match before.filter(|before| before.manifest() != now.manifest()) {
            Some(before) => self.change(before, now, by),
            None => Ok(()),
        });
        if let Err(why) = done {
            self.unread(&why);
        }
    }

    fn unread(&mut self, why: &Failure) {
        self.is_unread = true;
        show::complain(&why.0);
    }

    fn risks(&mut self, now: &Input) -> Result<(), Failure> {
        let found = risks::find(now, self.args.fail_on, &self.args.search, &self.accepted)?;
        self.is_bad |= found.is_bad;
        // What is true of every set is no remark on this one, and what findings rest on is none without them.
        let (mut kept, told): (Vec<Remark>, Vec<Remark>) = found.remarks.into_iter().partition(|remark| remark.severity > Severity::Note);
        let rests = told.into_iter().filter(|remark| remark.topic == Topic::Told && !kept.is_empty()).collect::<Vec<_>>();
        kept.extend(rests);
        self.remarks.extend(kept);
        Ok(())
    }

    fn change(&mut self, before: &Input, now: &Input, (by, shown): &(By, Option<String>)) -> Result<(), Failure> {
        let plan = plan::applied(before, now, by, self.args.search.cluster.release)?;
        let tool = by.tool.as_ref().map(|(tool, _)| tool.traits().name);
        let applied = tool.zip(shown.as_deref()).map(|(tool, file)| words::applied_by(tool, file));
        self.remarks.extend(applied.map(|title| Remark::told(title, now)));
        let remarks = plan::remarks(&plan, (before, Some(now)), self.args.fail_on_change, &self.accepted)?;
        self.is_bad |= remarks.iter().any(Remark::fails);
        self.remarks.extend(remarks);
        Ok(())
    }

    /// Tells of a set that the repository has no more.
    fn gone(&mut self, gone: &Gone) {
        match gone.remark(self.args, &self.accepted) {
            Ok(remark) => {
                self.is_bad |= remark.fails();
                self.remarks.push(remark);
            }
            Err(why) => self.unread(&why),
        }
    }

    /// Adds the findings to a file as Markdown, and writes them to another as SARIF.
    fn write(&self, summary: Option<&Path>, log: Option<&Path>) -> Result<(), Failure> {
        if let Some(file) = summary {
            // Others write to the summary of a workflow, too.
            let opened = OpenOptions::new().create(true).append(true).open(file);
            let written = opened.and_then(|mut opened| opened.write_all(remark::markdown(&self.remarks).as_bytes()));
            written.map_err(|error| Failure::at(file.display(), error))?;
        }
        if let Some(file) = log {
            fs::write(file, sarif::sarif(&self.remarks) + "\n").map_err(|error| Failure::at(file.display(), error))?;
        }
        Ok(())
    }

    fn print(&self) {
        match self.args.output {
            Form::Text => {}
            Form::Json => {
                let manifests = Value::from(i64::try_from(self.manifests).unwrap_or(i64::MAX));
                let remarks = Value::list(self.remarks.iter().map(remark::json));
                return show::json(Report::Check, Value::of([("manifests", manifests), ("remarks", remarks)]));
            }
            form => return show::remarks(&self.remarks, form),
        }
        self.remarks.iter().for_each(|remark| show::plain(&remark::plain(remark)));
        let (findings, accepted) = (self.remarks.iter().filter(|remark| remark.is_finding()), |remark: &&Remark| remark.accepted.is_some());
        show::plain(&(words::checked(self.manifests, findings.clone().count(), findings.filter(accepted).count()) + "\n"));
    }
}
