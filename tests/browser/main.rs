//! The page in a real browser.
//!
//! An own runner instead of the standard one: all tests share one browser, one after the other, and the browser is closed at the
//! end. It prints what the standard runner prints, takes a filter as it does, and after every test checks the page's manners.

mod page;
mod screens;
#[path = "../../src/bin/dev/site.rs"]
mod site;
mod size;
mod visit;
mod webdriver;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::Instant;

use page::Page;

/// A test: its name is the rule it protects.
type Case = (&'static str, fn(&Page));

macro_rules! cases {
    ($($module:ident :: $name:ident),* $(,)?) => { &[$((concat!(stringify!($module), "::", stringify!($name)), $module::$name)),*] };
}

const CASES: &[Case] = cases![
    visit::the_frame_is_painted_before_the_app_has_loaded,
    visit::nothing_breaks_an_accessibility_rule,
    size::the_page_stays_within_its_budget,
    screens::pictures_are_taken_on_demand,
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let filters: Vec<&String> = words.iter().filter(|word| !word.starts_with('-')).collect();
    let chosen = |case: &&Case| filters.is_empty() || filters.iter().any(|filter| case.0.contains(filter.as_str()));
    let cases: Vec<&Case> = CASES.iter().filter(chosen).collect();
    if words.iter().any(|word| word == "--list") {
        cases.iter().for_each(|(name, _)| println!("{name}: test"));
        return ExitCode::SUCCESS;
    }
    println!("\nrunning {} tests", cases.len());
    let begun = Instant::now();
    let failed = if cases.is_empty() { 0 } else { run(&cases) };
    let verdict = if failed == 0 { "ok" } else { "FAILED" };
    let (passed, filtered, seconds) = (cases.len() - failed, CASES.len() - cases.len(), begun.elapsed().as_secs_f32());
    println!(
        "\ntest result: {verdict}. {passed} passed; {failed} failed; 0 ignored; 0 measured; {filtered} filtered out; finished in {seconds:.2}s\n"
    );
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs the tests in one browser; how many failed.
fn run(cases: &[&Case]) -> usize {
    let page = Page::start();
    let passes = |(name, test): &&&Case| {
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            page.visit();
            test(&page);
            page.check_manners();
        }));
        println!("test {name} ... {}", if outcome.is_ok() { "ok" } else { "FAILED" });
        outcome.is_ok()
    };
    cases.len() - cases.iter().filter(passes).count()
}
