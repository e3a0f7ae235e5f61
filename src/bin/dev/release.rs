//! The steps of a release: `.github/workflows/release.yml` only calls them, and the suite runs them.
//!
//! ```text
//!   check TAG ──▶ page: dist/ as an archive ──▶ pack: one archive for each platform ──▶ sums ──▶ krew, notes
//! ```

mod archive;
mod krew;
mod licences;
mod notes;

use std::path::{Path, PathBuf};

use crate::shell::{Failure, Outcome, cargo, project, run, target};

/// The version of this release: all programs have one.
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The program that people install.
const PROGRAM: &str = "ordinal";
/// The folder of the built page, and what the page is called beside the program.
const DIST: &str = "dist";
const PAGE: &str = "page";
/// Our licences, and the file with those of others.
const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];
const OTHERS: &str = "LICENSES-OF-OTHERS";

/// A platform that a release has a program for.
struct Platform {
    /// What rustc calls the platform.
    triple: &'static str,
    /// What krew calls the platform.
    os: &'static str,
    arch: &'static str,
}

const PLATFORMS: [Platform; 5] = [
    Platform { triple: "x86_64-unknown-linux-musl", os: "linux", arch: "amd64" },
    Platform { triple: "aarch64-unknown-linux-musl", os: "linux", arch: "arm64" },
    Platform { triple: "x86_64-apple-darwin", os: "darwin", arch: "amd64" },
    Platform { triple: "aarch64-apple-darwin", os: "darwin", arch: "arm64" },
    Platform { triple: "x86_64-pc-windows-msvc", os: "windows", arch: "amd64" },
];

/// A step, with what was told of it.
#[derive(Debug, PartialEq)]
pub enum Order {
    /// Whether a tag is that of this version.
    Check { tag: String },
    /// The changes of a range of commits.
    Notes { range: Option<String> },
    /// The archive of the page.
    Page(Places),
    /// The licences of the crates in the program, for this machine.
    Licences,
    /// The archive of the program for a platform. Without a program, cargo builds one.
    Pack { triple: String, program: Option<PathBuf>, places: Places },
    /// The checksums of all archives.
    Sums { files: PathBuf },
    /// krew's manifest, for archives that a repository's releases have.
    Krew { repository: String, files: PathBuf },
}

/// Where the page is, and where the archives go.
#[derive(Debug, PartialEq)]
pub struct Places {
    page: PathBuf,
    files: PathBuf,
}

/// A program that is packed.
struct Built {
    program: PathBuf,
    /// The licences of the crates in the program, where cargo has just built them.
    others: Option<String>,
}

/// The words of an order: options with their values, and the others.
struct Told<'a> {
    options: Vec<(&'a str, &'a str)>,
    others: Vec<&'a str>,
}

impl<'a> Told<'a> {
    fn read(mut words: &[&'a str]) -> Option<Told<'a>> {
        let mut told = Told { options: Vec::new(), others: Vec::new() };
        loop {
            match words {
                [] => return Some(told),
                [name, value, rest @ ..] if name.starts_with("--") => {
                    told.options.push((*name, *value));
                    words = rest;
                }
                [name] if name.starts_with("--") => return None,
                [word, rest @ ..] => {
                    told.others.push(*word);
                    words = rest;
                }
            }
        }
    }

    /// Takes an option's value out.
    fn option(&mut self, name: &str) -> Option<&'a str> {
        let at = self.options.iter().position(|(other, _)| *other == name)?;
        Some(self.options.remove(at).1)
    }

    /// Where the archives go.
    fn files(&mut self) -> PathBuf {
        self.option("--into").map_or_else(|| target().join("release-files"), PathBuf::from)
    }

    fn places(&mut self) -> Places {
        let page = self.option("--page").map_or_else(|| project().join(DIST), PathBuf::from);
        Places { page, files: self.files() }
    }
}

impl Order {
    /// Reads the words behind `cargo dev release`; `None` if a word is unknown or missing.
    pub fn read(words: &[&str]) -> Option<Order> {
        let (step, rest) = words.split_first()?;
        let mut told = Told::read(rest)?;
        let order = match *step {
            "check" => Order::Check { tag: told.others.pop()?.to_owned() },
            "notes" => Order::Notes { range: told.others.pop().map(str::to_owned) },
            "page" => Order::Page(told.places()),
            "licences" => Order::Licences,
            "pack" => Order::Pack {
                triple: told.option("--target")?.to_owned(),
                program: told.option("--program").map(PathBuf::from),
                places: told.places(),
            },
            "sums" => Order::Sums { files: told.files() },
            "krew" => Order::Krew { repository: told.option("--repository")?.to_owned(), files: told.files() },
            _ => return None,
        };
        (told.options.is_empty() && told.others.is_empty()).then_some(order)
    }

    /// Takes the step.
    pub fn perform(&self) -> Outcome {
        match self {
            Order::Check { tag } => return check(tag),
            Order::Notes { range } => print!("{}", notes::of(project(), range.as_deref())?),
            Order::Page(places) => println!("{}", archive::page(places)?.display()),
            Order::Licences => print!("{}", licences::of_others(None)?),
            Order::Pack { triple, program, places } => {
                let built = match program {
                    Some(program) => Built { program: program.clone(), others: None },
                    None => Built { program: build(triple)?, others: Some(licences::of_others(Some(triple))?) },
                };
                println!("{}", archive::program(triple, &built, places)?.display());
            }
            Order::Sums { files } => print!("{}", archive::write_sums(files)?),
            Order::Krew { repository, files } => print!("{}", krew::manifest(&archive::read_sums(files)?, repository)?),
        }
        Ok(())
    }
}

/// A tag that names another version would publish files under a wrong name.
fn check(tag: &str) -> Outcome {
    let own = format!("v{VERSION}");
    if tag == own { Ok(()) } else { Err(Failure(format!("the tag is {tag}, and the version in Cargo.toml asks for {own}"))) }
}

/// Builds the program for a platform. The program needs no library of the machine that it will run on, but macOS's own.
fn build(triple: &str) -> Outcome<PathBuf> {
    let mut command = cargo();
    command.args(["build", "--release", "--locked", "--package", PROGRAM, "--bin", PROGRAM, "--target", triple]);
    // Names of functions are an eighth of the program, and nobody debugs what was downloaded.
    command.args(["--config", "profile.release.strip=\"symbols\""]);
    // rustc links musl into the program by itself, and Windows' C runtime only when told.
    if triple.ends_with("-msvc") {
        let name = triple.to_uppercase().replace('-', "_");
        command.env(format!("CARGO_TARGET_{name}_RUSTFLAGS"), "-C target-feature=+crt-static");
    }
    run(&mut command)?;
    Ok(target().join(triple).join("release").join(file_name(triple)))
}

/// The program's file on a platform.
fn file_name(triple: &str) -> String {
    let end = if triple.contains("-windows-") { ".exe" } else { "" };
    format!("{PROGRAM}{end}")
}

/// What an archive is called, without its ending: also its folder.
fn title(of: &str) -> String {
    format!("{PROGRAM}-{VERSION}-{of}")
}

/// A failure at a file.
fn at(path: &Path) -> impl Fn(std::io::Error) -> Failure {
    move |why| Failure(format!("{}: {why}", path.display()))
}

#[cfg(test)]
mod tests;
