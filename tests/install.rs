//! What people install: the steps of the release workflow, run here with the program of this build.
//!
//! A program of another platform is a line of text here, and the page is a folder of one file. The notes are left out: a copy without a
//! history has none. Unpacking is the work of `tar`, as on the machine of a user.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ordinal::base::value::Value;
use ordinal::yaml;

const WORKFLOW: &str = ".github/workflows/release.yml";
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// What begins a step of the workflow that is a command of the project.
const STEP: &str = "cargo dev release ";
/// The platform that stands for this machine.
const HERE: &str = "x86_64-unknown-linux-musl";
/// The words of the workflow that GitHub fills in, and what stands for them here.
const FILLED: [(&str, &str); 2] =
    [("\"$GITHUB_REF_NAME\"", concat!("v", env!("CARGO_PKG_VERSION"))), ("$GITHUB_REPOSITORY", "OWNER/ordinal")];
/// The word that stands for each platform.
const EACH: &str = "${{ matrix.target }}";

/// A folder with what is packed, and the archives.
struct Desk(PathBuf);

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Desk {
    fn new() -> Desk {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("install-{}", std::process::id()));
        fs::create_dir_all(folder.join("dist")).expect("a folder");
        fs::write(folder.join("dist/index.html"), "<p>The page.").expect("a page");
        fs::write(folder.join("elsewhere"), "A program of another platform.").expect("a program");
        Desk(folder)
    }

    /// Runs a step of the workflow; what it prints.
    fn step(&self, words: &str) -> String {
        let mut command = Command::new(env!("CARGO"));
        command.current_dir(env!("CARGO_MANIFEST_DIR")).args(["dev", "release"]);
        command.args(words.split_whitespace().map(|word| word.trim_matches('"')));
        let (dist, files) = (self.0.join("dist"), self.files());
        match words.split_whitespace().next() {
            Some("page") => command.arg("--page").arg(dist).arg("--into").arg(files),
            Some("pack") => {
                let program = if words.ends_with(HERE) { PathBuf::from(env!("CARGO_BIN_EXE_ordinal")) } else { self.0.join("elsewhere") };
                command.arg("--program").arg(program).arg("--page").arg(dist).arg("--into").arg(files)
            }
            Some("sums" | "krew") => command.arg("--into").arg(files),
            _ => &mut command,
        };
        let done = command.output().expect("cargo runs");
        assert!(done.status.success(), "{words}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).expect("text")
    }

    fn files(&self) -> PathBuf {
        self.0.join("files")
    }

    /// Unpacks an archive into a folder of its own; the one folder in the archive.
    fn unpacked(&self, title: &str) -> PathBuf {
        let folder = self.0.join("unpacked");
        fs::create_dir_all(&folder).expect("a folder");
        let archive = self.files().join(format!("{title}.tar.gz"));
        let done = Command::new("tar").arg("-xzf").arg(archive).arg("-C").arg(&folder).status();
        assert!(done.is_ok_and(|status| status.success()), "{title} cannot be unpacked");
        folder.join(title)
    }
}

/// The steps of all jobs in their order, without those of the notes, and the platforms.
fn steps() -> (Vec<String>, Vec<String>) {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(WORKFLOW)).expect("the workflow");
    let workflow = yaml::parse(&text).remove(0).value.expect("YAML");
    let jobs = workflow.get("jobs").expect("jobs");
    let runs = jobs.members().flat_map(|(_, job)| job.list_at(&["steps"])).filter_map(|step| step.text_at(&["run"]));
    let own = runs.filter_map(|line| line.split(" > ").next()?.strip_prefix(STEP)).filter(|step| !step.starts_with("notes"));
    let fill = |step: &str| FILLED.iter().fold(step.to_owned(), |step, (word, value)| step.replace(word, value));
    let rows = jobs.list_at(&["program", "strategy", "matrix", "include"]);
    let targets = rows.iter().filter_map(|row| row.text_at(&["target"])).map(str::to_owned);
    (own.map(fill).collect(), targets.collect())
}

#[test]
fn the_steps_of_a_release_pack_a_program_that_runs() {
    let desk = Desk::new();
    let (steps, targets) = steps();
    let mut manifest = String::new();
    for step in &steps {
        // A step that names the platform runs once for each.
        let each: Vec<String> =
            if step.contains(EACH) { targets.iter().map(|target| step.replace(EACH, target)).collect() } else { vec![step.clone()] };
        for step in &each {
            manifest = desk.step(step);
        }
    }
    assert_eq!(steps.len(), 5, "{steps:?}");
    let sums = fs::read_to_string(desk.files().join("SHA256SUMS")).expect("checksums");
    assert_eq!(sums.lines().count(), targets.len() + 1, "{sums}");
    held_to_sums(&yaml::parse(&manifest).remove(0).value.expect("YAML"), &sums, targets.len());

    let folder = desk.unpacked(&format!("ordinal-{VERSION}-{HERE}"));
    assert_eq!(fs::read_to_string(folder.join("page/index.html")).ok().as_deref(), Some("<p>The page."));
    let printed =
        Command::new(folder.join("ordinal")).arg("--version").env_clear().current_dir(&folder).output().expect("the program runs");
    assert_eq!(String::from_utf8_lossy(&printed.stdout), format!("ordinal {VERSION}\n"));
}

#[test]
fn the_licences_of_others_are_those_of_the_programs_crates() {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(["dev", "release", "licences"]).env("CARGO_NET_OFFLINE", "true");
    let done = command.output().expect("cargo runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let told = String::from_utf8(done.stdout).expect("text");
    let has = |name: &str| told.lines().any(|line| line.starts_with(&format!("{name} ")) && line.contains(": "));
    let missing: Vec<&str> = ["clap", "indicatif", "libmimalloc-sys", "serde_json"].into_iter().filter(|name| !has(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    // What only builds the program, and what only the page or the suite has.
    let wrong: Vec<&str> = ["cc", "clap_derive", "leptos", "trycmd", "ordinal"].into_iter().filter(|name| has(name)).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(told.contains("Microsoft Corporation"), "the licence of the allocator's C code is missing");
}

/// krew's manifest names each archive with its checksum.
fn held_to_sums(manifest: &Value, sums: &str, platforms: usize) {
    let told = manifest.list_at(&["spec", "platforms"]);
    assert_eq!(told.len(), platforms);
    for platform in told {
        let (uri, sum) = (platform.text_at(&["uri"]).expect("an address"), platform.text_at(&["sha256"]).expect("a checksum"));
        let name = uri.strip_prefix(&format!("https://github.com/OWNER/ordinal/releases/download/v{VERSION}/")).expect("an address");
        assert!(sums.lines().any(|line| line == format!("{sum}  {name}")), "{uri}: {sums}");
    }
}
