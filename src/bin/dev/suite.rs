//! Running every test, and counting them.
//!
//! cargo prints one summary per test binary; this reads them as they stream by and adds them up.

use std::io::{BufRead, BufReader};
use std::process::{ExitCode, Stdio};

use crate::shell::{Failure, Outcome, cargo};
use crate::{browser, page};

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    passed: u64,
    failed: u64,
}

/// Builds the page and runs `cargo test`, browser tests included. The last line of output is the total.
pub fn run(arguments: &[&str]) -> Outcome<ExitCode> {
    let mut command = cargo();
    command.args(["test", "--no-fail-fast"]).args(arguments).stdout(Stdio::piped());
    if has_browser_tests(arguments) {
        let browser = browser::ensure()?;
        page::build_for_tests(cargo().args(["test", "--no-run", "--quiet"]).args(arguments))?;
        command.envs(browser);
    }
    let mut child = command.spawn().map_err(|why| Failure(format!("cannot start cargo test: {why}")))?;
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
    println!("{} passed, {} failed", count.passed, count.failed);
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Whether the tests that cargo's arguments choose are in part those in a browser: where targets are named, that has to be among them.
fn has_browser_tests(arguments: &[&str]) -> bool {
    const OTHERS: [&str; 7] = ["--lib", "--bins", "--bin", "--doc", "--examples", "--example", "--test"];
    let words: Vec<&str> = arguments.iter().take_while(|word| **word != "--").flat_map(|word| word.split('=')).collect();
    let named = words.windows(2).any(|pair| pair == ["--test", "browser"]);
    named || words.iter().any(|word| ["--tests", "--all-targets"].contains(word)) || !words.iter().any(|word| OTHERS.contains(word))
}

impl Count {
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
