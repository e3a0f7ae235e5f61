//! Runs random operations and checks every law throughout: `laws --operations 1000000`.
//!
//! The last line tells how many operations were run, their digest, and how many runs broke a law. Each such run is shrunk as far
//! as possible and written as a scenario that `replay` plays.
//!
//! With `--dares` it looks for runs in which two processes have the same identity, which only a forced deletion, a deleted Node
//! or an out-of-service taint on a live machine can cause, and writes the shortest run for each.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use api::release::{Release, V1_37};
use rig::random::hazard::{HazardKind, search};
use rig::random::{self, Report, WorkloadMix};

/// A model of many small objects asks for memory all the time: this allocator takes a third of the standard one's instructions.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const USAGE: &str = "\
usage: laws [--operations N] [--seed N] [--cast sets|workloads] [--release-version 1.36] [--out FOLDER] [--twice]
       laws --dares [--seed N] [--release-version 1.36] [--out FOLDER]
  --operations N   how many operations (10000 by default)
  --seed N         where the random draws begin (1 by default)
  --cast NAME      which worlds: StatefulSets, or Deployments, ReplicaSets, DaemonSets and Jobs (both in turn by default)
  --out FOLDER     where scenarios of runs that break a law are written (the current folder by default)
  --twice          plays everything twice and compares the digests
  --dares          looks for runs with two processes under one identity
  --help           prints this
exit codes: 1 if a law is broken or the digests differ, 2 if the command line is invalid";

/// Exit code: a law was broken.
const BROKEN: u8 = 1;
/// Exit code: the command line is invalid.
const MISUSED: u8 = 2;
/// How many operations there are between progress reports.
const TELL_EVERY: u64 = 10_000;
/// The number of failures after which the search stops.
const MAX_FAILURES: usize = 10;
/// In how many worlds each dare's violation is searched for.
const MAX_WORLDS: u64 = 500;

struct Options {
    operations: u64,
    seed: u64,
    casts: Vec<WorkloadMix>,
    release: &'static Release,
    out: PathBuf,
    twice: bool,
    dares: bool,
}

fn main() -> ExitCode {
    rules::plug();
    verbs::plug();
    if std::env::args().any(|arg| matches!(arg.as_str(), "--help" | "-h")) {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    match options(std::env::args().skip(1)).and_then(|o| if o.dares { dare(&o) } else { run(&o) }) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(BROKEN),
        Err(message) => {
            eprintln!("laws: {message}");
            ExitCode::from(MISUSED)
        }
    }
}

fn options(mut args: impl Iterator<Item = String>) -> Result<Options, String> {
    let (release, out) = (&V1_37, PathBuf::from("."));
    let mut options = Options { operations: 10_000, seed: 1, casts: WorkloadMix::ALL.into(), release, out, twice: false, dares: false };
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value\n{USAGE}"));
        let number = |text: String| text.parse::<u64>().map_err(|_| format!("{text} is not a number"));
        match arg.as_str() {
            "--operations" => options.operations = number(value()?)?,
            "--seed" => options.seed = number(value()?)?,
            "--cast" => {
                options.casts = match value()?.as_str() {
                    "sets" => vec![WorkloadMix::Sets],
                    "workloads" => vec![WorkloadMix::Workloads],
                    other => return Err(format!("no world is about {other}\n{USAGE}")),
                }
            }
            "--out" => options.out = PathBuf::from(value()?),
            "--twice" => options.twice = true,
            "--dares" => options.dares = true,
            "--release-version" => {
                let name = value()?;
                options.release = Release::named(&name).ok_or_else(|| format!("no release {name} is modelled"))?;
            }
            _ => return Err(format!("unknown option {arg}\n{USAGE}")),
        }
    }
    Ok(options)
}

/// Runs what was asked for; returns whether every law held.
fn run(options: &Options) -> Result<bool, String> {
    let report = play(options)?;
    let mut sound = report.failures.is_empty();
    if options.twice {
        let again = play(options)?;
        let same = again.digest == report.digest;
        println!("played twice: the digests are {}", if same { "the same" } else { "NOT the same" });
        sound &= same;
    }
    println!(
        "{} operations, {} events, digest {:016x}, {} violations",
        report.operations,
        report.events,
        report.digest.0,
        report.failures.len()
    );
    Ok(sound)
}

/// Searches for two processes with one identity; returns whether each dare causes them.
fn dare(options: &Options) -> Result<bool, String> {
    let mut all = true;
    for dare in HazardKind::ALL {
        let Some(found) = search(options.seed, dare, MAX_WORLDS, options.release) else {
            println!("{dare}: no two processes under one identity in {MAX_WORLDS} worlds");
            all = false;
            continue;
        };
        let file = options.out.join(format!("two-lives-by-{dare}.yaml"));
        println!("{dare}: {} from {} on, in world {}; written to {}", found.split.identity, found.split.at, found.world, file.display());
        write(&file, &found.scenario)?;
    }
    Ok(all)
}

fn play(options: &Options) -> Result<Report, String> {
    let mut told = 0;
    let mut written = 0;
    let mut trouble = Ok(());
    let report = random::run(&options.casts, options.seed, options.operations, options.release, |report| {
        if report.operations / TELL_EVERY > told {
            told = report.operations / TELL_EVERY;
            eprintln!("{} operations, {} events", report.operations, report.events);
        }
        for failure in &report.failures[written..] {
            let file = options.out.join(format!("random-{}.yaml", failure.seed));
            println!("seed {}: {}\n  written to {}", failure.seed, failure.violation, file.display());
            trouble = trouble.clone().and(write(&file, &failure.scenario));
        }
        written = report.failures.len();
        written < MAX_FAILURES
    });
    trouble.map(|()| report)
}

fn write(file: &Path, text: &str) -> Result<(), String> {
    fs::write(file, text).map_err(|e| format!("{}: {e}", file.display()))
}
