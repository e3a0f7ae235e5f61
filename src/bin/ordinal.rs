//! Ordinal on the command line: `ordinal lesson check FILE...`.

use std::path::Path;
use std::process::ExitCode;

use ordinal::api::release::Release;
use ordinal::lesson::{self, check};

const USAGE: &str = "\
usage: ordinal lesson check FILE...   plays lessons on every release and says whether exactly one answer comes true
exit codes: 1 if a lesson is not good, 2 if a file cannot be read";

/// Exit code: a lesson is not good.
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
        ["lesson", "check", files @ ..] if !files.is_empty() => ExitCode::from(files.iter().map(|file| checked(file)).max().unwrap_or(0)),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(NOT_READ)
        }
    }
}

/// Checks a lesson file, and prints what came of it; the exit code.
fn checked(file: &str) -> u8 {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("ordinal: {file}: {error}");
            return NOT_READ;
        }
    };
    let name = Path::new(file).file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let lesson = match lesson::read(&name, &text) {
        Ok(lesson) => lesson,
        Err(faults) => {
            faults.iter().for_each(|fault| eprintln!("ordinal: {file}: {fault}"));
            return NOT_READ;
        }
    };
    let mut good = true;
    for release in Release::ALL {
        let report = check::play(&lesson, release);
        good &= report.is_good();
        print!("{}", check::told(&lesson, release, &report));
    }
    for wrong in check::wording(&lesson) {
        good = false;
        println!("  {wrong}");
    }
    if good { 0 } else { NOT_GOOD }
}
