//! Running every test, and counting them.
//!
//! cargo prints one summary per test binary; this reads them as they stream by and adds them up.

use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};

use crate::browser::{self, Browser};
use crate::page::{self, Kind};
use crate::shell::{Failure, Outcome, cargo};

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    passed: u64,
    failed: u64,
}

/// The argument of the browser tests that chooses those about the page for visitors.
const VISITORS: &str = "--visitors";

/// Builds the quick page and runs `cargo test`, browser tests included, except those that need the page for visitors. The last line of
/// output is the total.
pub fn run(arguments: &[&str]) -> Outcome<ExitCode> {
    let browser = if has_browser_tests(arguments) {
        let browser = browser::ensure()?;
        page::build_for_tests(&[Kind::Quick], &mut tests(arguments, &["--no-run", "--quiet"]))?;
        browser
    } else {
        Browser::new()
    };
    Ok(counted(tests(arguments, &[]).envs(browser))?.told())
}

/// Builds the page for visitors and runs the browser tests that need it; only those whose names contain one of `words`, if there are any.
pub fn run_visitors(words: &[&str]) -> Outcome<ExitCode> {
    let browser = browser::ensure()?;
    page::build_for_tests(&[Kind::Visitors], &mut tests(&["--test", "browser"], &["--no-run", "--quiet"]))?;
    Ok(counted(visitors(words).envs(browser))?.told())
}

/// Runs every test: [`run`] and [`run_visitors`], whose pages are compiled side by side.
pub fn run_all() -> Outcome<ExitCode> {
    let browser = browser::ensure()?;
    page::build_for_tests(&[Kind::Quick, Kind::Visitors], &mut tests(&[], &["--no-run", "--quiet"]))?;
    let most = counted(tests(&[], &[]).envs(browser.iter().cloned()))?;
    let others = counted(visitors(&[]).envs(browser))?;
    Ok(most.and(others).told())
}

/// `cargo test`, as far as all targets go, with options of its own before the arguments.
fn tests(arguments: &[&str], options: &[&str]) -> Command {
    let mut command = cargo();
    command.args(["test", "--no-fail-fast"]).args(options).args(arguments);
    command
}

fn visitors(words: &[&str]) -> Command {
    tests(&[&["--test", "browser", "--", VISITORS], words].concat(), &[])
}

/// Runs tests, and counts them by the summaries that stream by.
fn counted(command: &mut Command) -> Outcome<Count> {
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|why| Failure(format!("cannot start cargo test: {why}")))?;
    let mut count = Count::default();
    let lines = child.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines);
    for line in lines.map_while(Result::ok) {
        println!("{line}");
        count.add(&line);
    }
    let status = child.wait().map_err(|e| Failure(format!("cargo test: {e}")))?;
    if !status.success() && count.failed == 0 {
        // A test binary that did not compile, or died before its summary.
        count.failed = 1;
        eprintln!("cargo dev: cargo test ended before its last summary ({status})");
    }
    Ok(count)
}

/// Whether the tests that cargo's arguments choose are in part those in a browser: where targets are named, that has to be among them.
fn has_browser_tests(arguments: &[&str]) -> bool {
    const OTHERS: [&str; 7] = ["--lib", "--bins", "--bin", "--doc", "--examples", "--example", "--test"];
    let words: Vec<&str> = arguments.iter().take_while(|word| **word != "--").flat_map(|word| word.split('=')).collect();
    let named = words.windows(2).any(|pair| pair == ["--test", "browser"]);
    named || words.iter().any(|word| ["--tests", "--all-targets"].contains(word)) || !words.iter().any(|word| OTHERS.contains(word))
}

impl Count {
    /// The tests of both.
    fn and(self, other: Count) -> Count {
        Count { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }

    /// Prints the total, as the last line of output.
    fn told(self) -> ExitCode {
        println!("{} passed, {} failed", self.passed, self.failed);
        if self.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    /// Adds the numbers of a summary line: `test result: ok. 12 passed; 0 failed; 0 ignored; …`.
    fn add(&mut self, line: &str) {
        let Some(summary) = line.strip_prefix("test result: ") else { return };
        let number = |of: &str| -> u64 {
            let words: Vec<&str> = summary.split([' ', ';', '.']).filter(|word| !word.is_empty()).collect();
            words.windows(2).find(|pair| pair[1] == of).and_then(|pair| pair[0].parse().ok()).unwrap_or(0)
        };
        self.passed += number("passed");
        self.failed += number("failed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_wanted_where_its_tests_are_chosen() {
        for wanted in
            [&[][..], &["sets"], &["--release"], &["--test", "browser"], &["--lib", "--test=browser"], &["--tests"], &["--", "--lib"]]
        {
            assert!(has_browser_tests(wanted), "{wanted:?}");
        }
        for other in [&["--lib"][..], &["--test", "sets"], &["--test=sets", "browser"], &["--bin", "dev", "--", "--test", "browser"]] {
            assert!(!has_browser_tests(other), "{other:?}");
        }
    }

    #[test]
    fn summaries_are_added_and_other_lines_are_not() {
        let mut count = Count::default();
        for line in [
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test a::b ... ok",
            "9 passed; 9 failed",
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 7 filtered out; finished in 1.20s",
        ] {
            count.add(line);
        }
        assert_eq!(count, Count { passed: 15, failed: 2 });
    }
}
