//! Plays scenarios of the conformance suite on the model and writes the results, for comparison with real clusters.
//!
//! The laws are checked throughout. A run that breaks one is written all the same, and told by the exit code.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use api::release::{Release, V1_37};
use base::time::Span;
use kubectl::form::{self, Form};
use rig::cases::play_case;
use rig::file::Scenario;
use rig::run::{Chance, replay_by_chance};

/// A model of many small objects asks for memory all the time: this allocator takes a third of the standard one's instructions.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const USAGE: &str = "\
usage: replay [OPTIONS] SCENARIO.yaml OUTDIR       plays a scenario and writes trace.jsonl and kubectl.json
       replay [OPTIONS] SCENARIO.yaml... OUTDIR/   the same for several, each into a folder of its name
       replay [OPTIONS] --cases FILE.jsonl OUT.jsonl   plays validation cases and writes a line for each
options: --release-version 1.36   the Kubernetes release
         --form classic           prints what has changed in form since 2024 as older guides show it
         --jitter MS              lengthens each delay by up to so much, as on a real cluster
         --seed N                 another run of the same scenario
         --help                   prints this
exit codes: 1 if a run breaks a law, 2 if something cannot be parsed, read or played to its end";

/// Exit code: a law was broken.
const BROKEN: u8 = 1;
/// Exit code: something cannot be parsed, read or played to its end.
const NOT_PLAYED: u8 = 2;

fn main() -> ExitCode {
    rules::plug();
    verbs::plug();
    match run(std::env::args().skip(1).collect()) {
        Ok(code) => ExitCode::from(code),
        Err(message) => {
            eprintln!("replay: {message}");
            ExitCode::from(NOT_PLAYED)
        }
    }
}

/// Executes the command line; returns the exit code.
fn run(mut args: Vec<String>) -> Result<u8, String> {
    if args.iter().any(|arg| matches!(arg.as_str(), "--help" | "-h")) {
        println!("{USAGE}");
        return Ok(0);
    }
    let mut release = &V1_37;
    if let Some(name) = option(&mut args, "--release-version")? {
        release = Release::named(&name).ok_or_else(|| format!("no release {name} is modelled"))?;
    }
    let mut form = Form::Today;
    if let Some(name) = option(&mut args, "--form")? {
        form = Form::named(&name).ok_or_else(|| format!("the forms are today and classic, not {name}"))?;
    }
    let jitter = Span(number(&mut args, "--jitter")?.unwrap_or(0));
    let chance = Chance { jitter, seed: number(&mut args, "--seed")? };
    if let Some(unknown) = args.iter().find(|a| a.starts_with('-') && *a != "--cases") {
        return Err(format!("unknown option {unknown}\n{USAGE}"));
    }
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["--cases", cases, out] => play_cases(Path::new(cases), Path::new(out), release).map(|()| 0),
        [files @ .., out] if !files.is_empty() && (out.ends_with('/') || files.len() == 1) => {
            let folder = |file: &Path| match file.file_stem().filter(|_| out.ends_with('/')) {
                Some(name) => Path::new(out).join(name),
                None => PathBuf::from(out),
            };
            let mut code = 0;
            for file in files.iter().map(Path::new) {
                let played = play_file(file, &folder(file), release, form, &chance).unwrap_or_else(|message| {
                    eprintln!("replay: {}: {message}", file.display());
                    NOT_PLAYED
                });
                code = code.max(played);
            }
            Ok(code)
        }
        _ => Err(format!("nothing to play\n{USAGE}")),
    }
}

/// Removes an option and its value from the arguments.
fn option(args: &mut Vec<String>, name: &str) -> Result<Option<String>, String> {
    let Some(at) = args.iter().position(|a| a == name) else { return Ok(None) };
    let value = args.get(at + 1).cloned().ok_or_else(|| format!("{name} needs a value"))?;
    args.drain(at..at + 2);
    Ok(Some(value))
}

fn number(args: &mut Vec<String>, name: &str) -> Result<Option<u64>, String> {
    option(args, name)?.map(|text| text.parse().map_err(|_| format!("{name} {text}: not a number"))).transpose()
}

/// Plays a scenario and writes what came of it; returns the exit code, if it was played to its end.
fn play_file(file: &Path, folder: &Path, release: &'static Release, form: Form, chance: &Chance) -> Result<u8, String> {
    let mut scenario = Scenario::parse(&read(file)?).map_err(|e| e.to_string())?;
    if form != Form::Today {
        scenario.files.insert(form::PATH.into(), form.name().into());
    }
    let played = replay_by_chance(&scenario, release, chance)?;
    fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    write(&folder.join("trace.jsonl"), &played.trace)?;
    write(&folder.join("kubectl.json"), &played.kubectl)?;
    if let Some(violation) = &played.broken {
        eprintln!("replay: {}: a mistake of the simulation: {violation}", file.display());
    }
    match played.cut {
        Some(why) => Err(why),
        None => Ok(if played.broken.is_some() { BROKEN } else { 0 }),
    }
}

fn play_cases(cases: &Path, out: &Path, release: &'static Release) -> Result<(), String> {
    let mut lines = String::new();
    for (i, line) in read(cases)?.lines().enumerate() {
        let result = play_case(line, release).map_err(|e| format!("{}:{}: {e}", cases.display(), i + 1))?;
        lines.push_str(&result);
        lines.push('\n');
    }
    write(out, &lines)
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))
}

fn write(file: &Path, text: &str) -> Result<(), String> {
    fs::write(file, text).map_err(|e| format!("{}: {e}", file.display()))
}
