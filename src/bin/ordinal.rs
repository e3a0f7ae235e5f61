//! Ordinal on the command line: a diagnosis of a cluster that was dumped or pasted in parts, the plan of a change, what can go wrong, and
//! lessons.
//!
//! `kubectl get sts,pod,pvc,pv,sc,node,controllerrevision,svc,sa,quota,pdb,event -A -o yaml | ordinal diagnose`

use std::io::Read;
use std::num::NonZero;
use std::path::Path;
use std::process::ExitCode;

use ordinal::api::release::Release;
use ordinal::intake;
use ordinal::kubectl::words;
use ordinal::lesson::{self, Fault, Lesson, check};
use ordinal::plan::{self, Change, Finding, start};
use ordinal::playground;
use ordinal::risks::outcome::LONGEST;
use ordinal::risks::{self, Level, Options, Search, Start};
use ordinal::sim::Setup;
use ordinal::team;
use ordinal::text::Lang;

const USAGE: &str = "\
usage: kubectl get sts,pod,pvc,pv,sc,node,controllerrevision,svc,sa,quota,pdb,event -A -o yaml | ordinal diagnose
       ordinal diagnose [-o json|markdown] [--lang en|ko] [FILE]... says what the workloads of a dumped cluster wait for, and what ends that;
                                            takes any text: tables, descriptions, Events, one message
       ordinal plan BEFORE AFTER            says what `kubectl apply -f AFTER` will do; BEFORE is a manifest or a dump
       ordinal plan BEFORE --do LINE...     the same of lines: `kubectl drain node-1 ...`; as with `&&`, the first that fails is the last;
                                            a file that a line names is read from here, or from beside BEFORE
                   [-o json] [--lang en|ko] [--release 1.37|1.36|...] [--fail-on unavailable|stuck|refused|data]
       ordinal risks FILE [-o json] [--explain N|all] [--lang en|ko] [--depth N] [--release 1.37|1.36|...]
                          [--fail-on data|writers|quorum|stuck|unavailable] [--jobs N]
                                            says what can go wrong with a manifest or a dumped cluster, and what prevents it; with
                                            N cores, all of them by default
       ordinal lesson check FILE...         plays lessons on every release and says whether exactly one answer comes true
       ordinal lesson try FILE COMMAND      says what a command prints at the question and after the run
exit codes: 1 if a lesson is not good, or a plan or a risk is as bad as `--fail-on` says (stuck) or worse; 2 if a file cannot be read";

/// Exit code: a lesson, a plan or a risk is not good.
const NOT_GOOD: u8 = 1;
/// Exit code: the command line or a file cannot be read.
const NOT_READ: u8 = 2;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--help" | "-h"] => {
            println!("{USAGE}");
            ExitCode::SUCCESS
        }
        ["diagnose", rest @ ..] => ExitCode::from(diagnosed(rest)),
        ["plan", rest @ ..] => ExitCode::from(planned(rest).unwrap_or_else(|why| {
            eprintln!("{why}");
            NOT_READ
        })),
        ["risks", rest @ ..] => ExitCode::from(risked(rest).unwrap_or_else(|why| {
            eprintln!("ordinal: {why}");
            NOT_READ
        })),
        ["lesson", "check", files @ ..] if !files.is_empty() => ExitCode::from(files.iter().map(|file| checked(file)).max().unwrap_or(0)),
        ["lesson", "try", file, command] => ExitCode::from(tried(file, command)),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(NOT_READ)
        }
    }
}

/// Prints what is the matter with a dumped cluster, by options and files in any order; the exit code.
fn diagnosed(args: &[&str]) -> u8 {
    let (mut files, mut form, mut lang, mut args) = (Vec::new(), "", Lang::default(), args.iter().copied());
    while let Some(arg) = args.next() {
        match arg {
            "-o" => form = args.next().unwrap_or_default(),
            "--lang" => lang = Lang::of(args.next().unwrap_or_default()),
            file => files.push(file),
        }
    }
    let mut texts = Vec::new();
    for file in if files.is_empty() { &["-"][..] } else { &files } {
        match text_of(file) {
            Ok(text) => texts.push(text),
            Err(why) => {
                eprintln!("{why}");
                return NOT_READ;
            }
        }
    }
    let report = intake::diagnose(texts.iter().map(String::as_str));
    match form {
        "json" => println!("{}", intake::told::json(&report, lang).to_json()),
        "markdown" => print!("{}", intake::told::markdown(&report, lang)),
        _ => print!("{}", intake::told::text(&report, lang)),
    }
    0
}

/// The text of a file, or of the standard input for `-`.
fn text_of(file: &str) -> Result<String, String> {
    let mut text = Vec::new();
    let read = if file == "-" { std::io::stdin().read_to_end(&mut text).map(drop) } else { std::fs::read(file).map(|bytes| text = bytes) };
    read.map_err(|error| format!("ordinal: {file}: {error}"))?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// What `--release` may be.
fn releases() -> String {
    format!("ordinal: --release is {}", Release::ALL.map(|release| release.name).join(", "))
}

/// Prints the plan of a change; the exit code, or why there is no plan.
fn planned(args: &[&str]) -> Result<u8, String> {
    let (mut files, mut lines, mut as_json, mut lang) = (Vec::new(), Vec::new(), false, Lang::default());
    let (mut release, mut fails_on, mut args) = (Release::ALL[0], Finding::Stuck, args.iter().copied());
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("ordinal: {arg} needs a value"));
        match arg {
            "-o" => as_json = value()? == "json",
            "--lang" => lang = Lang::of(value()?),
            "--do" => lines.push(value()?.to_owned()),
            "--release" => release = value().map(Release::named)?.ok_or_else(releases)?,
            "--fail-on" => fails_on = value().map(Finding::named)?.ok_or("ordinal: --fail-on is unavailable, stuck, refused or data")?,
            file => files.push(file),
        }
    }
    let told = |file: &str, faults: Vec<start::Fault>| {
        faults.iter().map(|fault| format!("ordinal: {file}:{fault}")).collect::<Vec<_>>().join("\n")
    };
    let (before, change, after) = match files.as_slice() {
        [before, after] if lines.is_empty() => {
            let text = text_of(after)?;
            let faults = start::faults(&text);
            if !faults.is_empty() {
                return Err(told(after, faults));
            }
            (*before, Change::Manifest(text), *after)
        }
        [before] if !lines.is_empty() => (*before, Change::Lines(lines), ""),
        _ => return Err(USAGE.to_owned()),
    };
    let mut world = start::world(&text_of(before)?, release).map_err(|faults| told(before, faults))?;
    start::refused(&world).for_each(|fault| eprintln!("ordinal: left out: {before}:{fault}"));
    if let Change::Lines(lines) = &change {
        for (name, text) in lines.iter().flat_map(|line| files_of(line, before)) {
            start::put_file(&mut world, &name, &text);
        }
    }
    let plan = plan::of(&world, &change);
    if as_json {
        println!("{}", plan::told::json(&plan, after, lang).to_json());
    } else {
        print!("{}", plan::told::text(&plan, after, lang));
    }
    Ok(if plan.findings().iter().any(|finding| *finding >= fails_on) { NOT_GOOD } else { 0 })
}

/// The files that a line names, where they are here or beside another.
fn files_of(line: &str, beside: &str) -> Vec<(String, String)> {
    let read = |name: &str| {
        let there = Path::new(beside).parent().map(|folder| folder.join(name));
        std::fs::read_to_string(name).or_else(|error| std::fs::read_to_string(there.ok_or(error)?)).ok()
    };
    let words = words::split(line).unwrap_or_default();
    let names = words.iter().map(|word| word.rsplit_once('=').map_or(&**word, |(_, value)| value));
    names.filter_map(|name| Some((name.to_owned(), read(name)?))).collect()
}

/// Prints what can go wrong, by options and a file in any order; the exit code, or why the command line or the file cannot be used.
fn risked(args: &[&str]) -> Result<u8, String> {
    let (mut file, mut as_json, mut lang, mut args) = ("", false, Lang::default(), args.iter().copied());
    let (mut depth, mut release, mut fail_on) = (Options::default().depth, playground::setup().release, Level::Stuck);
    let mut jobs = std::thread::available_parallelism().map_or(1, NonZero::get);
    let mut explains: Option<Option<usize>> = None;
    while let Some(arg) = args.next() {
        if !arg.starts_with('-') {
            file = arg;
            continue;
        }
        let value = args.next().unwrap_or_default();
        let wrong = || format!("{arg} {value}: no such value");
        match arg {
            "-o" => as_json = (value == "json").then_some(true).ok_or_else(wrong)?,
            "--lang" => lang = Lang::of(value),
            "--depth" => depth = value.parse().ok().filter(|depth| (1..=LONGEST).contains(depth)).ok_or_else(wrong)?,
            "--explain" if value == "all" => explains = Some(None),
            "--explain" => explains = Some(Some(value.parse().map_err(|_| wrong())?)),
            "--release" => release = Release::named(value).ok_or_else(wrong)?,
            "--jobs" => jobs = value.parse().ok().filter(|jobs| *jobs > 0).ok_or_else(wrong)?,
            "--fail-on" => fail_on = Level::ALL.iter().copied().find(|level| level.word() == value).ok_or_else(wrong)?,
            _ => return Err(format!("{arg}: no such option")),
        }
    }
    let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    let search = team::search(jobs, |share| {
        let setup = Setup { release, ..playground::setup() };
        Search::new(Start::of_text(setup, &text), Options { depth, share, ..Options::default() })
    });
    if !search.is_accepted() {
        let refusal = |(line, words): (usize, String)| format!("{file}:{line}: {words}");
        let unrendered = search.unrendered(lang).map(|said| format!("{file}: {said}"));
        let refused: Vec<String> = unrendered.into_iter().chain(search.refused().map(refusal)).collect();
        return Err(if refused.is_empty() { format!("{file}: no StatefulSet") } else { refused.join("\nordinal: ") });
    }
    if as_json {
        println!("{}", risks::told::json(&search, lang).to_json());
    } else if let Some(number) = explains {
        print!("{}", risks::told::explained(&search, number, lang));
    } else {
        print!("{}", risks::told::text(&search, lang));
    }
    // What is true of every set says nothing about this manifest.
    let is_bad = search.findings().iter().any(|finding| finding.common().is_none() && finding.shown.level() <= fail_on);
    Ok(if is_bad { NOT_GOOD } else { 0 })
}

/// Reads a lesson file, or says why that cannot be done.
fn read(file: &str) -> Option<Lesson> {
    let text = std::fs::read_to_string(file).inspect_err(|error| eprintln!("ordinal: {file}: {error}")).ok()?;
    let name = Path::new(file).file_stem()?.to_string_lossy();
    let told = |faults: &Vec<Fault>| faults.iter().for_each(|fault| eprintln!("ordinal: {file}: {fault}"));
    lesson::read(&name, &text).inspect_err(told).ok()
}

/// Prints what a command prints at a lesson's question and after its run; the exit code.
fn tried(file: &str, command: &str) -> u8 {
    let Some(lesson) = read(file) else { return NOT_READ };
    for release in Release::ALL {
        let [before, after] = check::printed(&lesson, release, command);
        println!("{}\nat the question:\n{before}\nafter the run:\n{after}", release.name);
    }
    0
}

/// Checks a lesson file, and prints what came of it; the exit code.
fn checked(file: &str) -> u8 {
    let Some(lesson) = read(file) else { return NOT_READ };
    let mut good = true;
    for release in Release::ALL {
        let report = check::play(&lesson, release);
        good &= report.is_good();
        print!("{}", check::told(&lesson, release, &report));
    }
    for fault in check::faults(&lesson) {
        good = false;
        println!("{}: not good: {fault}", lesson.name);
    }
    if good { 0 } else { NOT_GOOD }
}
