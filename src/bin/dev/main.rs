//! `cargo dev`: the project's commands, on a machine with rustup and nothing else set up.
//!
//! Dispatches the commands. Promises: nothing is installed that is already there in the right version, and if something is missing
//! and cannot be installed, the run ends with one line that says how to get it. Uses few crates, so that it builds in seconds.

mod alike;
mod assemble;
mod browser;
mod code;
mod data;
mod list;
mod measure;
mod module;
mod page;
mod release;
mod shell;
mod shorten;
mod site;
mod split;
mod suite;
mod tools;

use std::process::ExitCode;

use page::Kind;
use shell::{Failure, Outcome};

const USAGE: &str = "\
usage: cargo dev <command>

  serve [--port N] [--visitors]
                               build the page, print its address, rebuild when a source changes
  build [--if-changed]         build the page for visitors into dist/, ready for any static server and any sub-path
  build --quick [--if-changed] build the page that `serve` shows and most tests are about into target/quick-page
  build --twin                 build the model alone as wasm into target/twin, for the test that compares it with the native one
  profile                      visit the page in a browser, see which functions run first, and write src/bin/dev/later.txt
  picture                      make the moving picture of the README from the page (.github/ordered-creation.webp)
  test [ARGUMENTS]             run the tests, including those in a browser; arguments go to `cargo test`
  test --visitors [WORDS]      run the tests that need the page for visitors; only those whose names contain one of the words
  test --all                   run both, one after the other, and end with the sum
  measure [--keep]             measure what the page promises, beside the figures of the last release; --keep makes these the last
  release check TAG            whether the tag is that of the version in Cargo.toml
  release page                 pack dist/ for any static host; the archives are in target/release-files
  release pack --target TRIPLE [--program FILE]
                               build the program for a platform, and pack the program with dist/ and the licences
  release licences             print the licences of the crates in the program; a program that `pack` builds has them beside it
  release sums                 write SHA256SUMS of the archives
  release krew --repository URL
                               print the manifest of krew, which installs plugins of kubectl
  release notes [FROM..TO]     print the changes by commits, since the last tag or of a range
  truth, complete              what the hooks of trunk call (Trunk.toml)

`release page` and `release pack` take another page by --page FOLDER. `page`, `pack`, `sums` and `krew` take another place by --into FOLDER.

--visitors shows the page that visitors get, which takes minutes longer to build. What is missing is installed once: the wasm target by
rustup, and for `test` a Chromium (on Debian by apt-get); with ORDINAL_ENGINE=firefox, Firefox and geckodriver.";

/// The exit code for an invalid command line.
const MISUSE: u8 = 2;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    perform(&words).unwrap_or_else(|Failure(reason)| {
        eprintln!("cargo dev: {reason}");
        ExitCode::FAILURE
    })
}

fn perform(words: &[&str]) -> Outcome<ExitCode> {
    match words {
        ["serve", options @ ..] => match page::serve_options(options) {
            Some(wish) => page::serve(&wish)?,
            None => return Ok(misused(words)),
        },
        ["build"] => page::build(Kind::Visitors)?,
        ["build", "--if-changed"] => page::build_if_changed(Kind::Visitors)?,
        ["build", "--quick"] => page::build(Kind::Quick)?,
        ["build", "--quick", "--if-changed"] => page::build_if_changed(Kind::Quick)?,
        ["build", "--twin"] => page::build_twin()?,
        ["profile"] => page::profile()?,
        ["picture"] => page::picture()?,
        ["measure"] => return measure::run(false),
        ["measure", "--keep"] => return measure::run(true),
        ["truth"] => page::make_truth()?,
        ["complete"] => assemble::Page::of_trunk()?.make()?,
        ["test", "--visitors", words @ ..] => return suite::run_visitors(words),
        ["test", "--all"] => return suite::run_all(),
        ["test", arguments @ ..] => return suite::run(arguments),
        ["release", order @ ..] => match release::Order::read(order) {
            Some(order) => order.perform()?,
            None => return Ok(misused(words)),
        },
        ["help" | "--help" | "-h"] => println!("{USAGE}"),
        _ => return Ok(misused(words)),
    }
    Ok(ExitCode::SUCCESS)
}

fn misused(words: &[&str]) -> ExitCode {
    if !words.is_empty() {
        eprintln!("cargo dev: `{}` is not understood\n", words.join(" "));
    }
    eprintln!("{USAGE}");
    ExitCode::from(MISUSE)
}
