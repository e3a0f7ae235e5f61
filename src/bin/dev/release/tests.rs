use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_yaml::Value;

use super::archive::Sum;
use super::*;

/// A folder of a test, empty at first.
fn folder(name: &str) -> PathBuf {
    let folder = target().join("tmp").join(format!("release-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn put(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(&path, text).expect("a file");
    path
}

/// A made-up page and a program; the archives go beside them.
fn places(folder: &Path) -> (Places, Built) {
    let page = folder.join("dist");
    // Not in the order of the names.
    for (name, text) in [("style.css", "a {}"), ("index.html", "<p>"), ("truth/index.html", "true"), ("app.js", "1")] {
        put(&page, name, text);
    }
    let built = Built { program: put(folder, "program", "#!/bin/sh\n"), others: Some("clap: MIT\n".to_owned()) };
    (Places { page, files: folder.join("files") }, built)
}

/// The entries of an archive: name, rights, content.
fn entries(path: &Path) -> Vec<(String, u32, String)> {
    let file = std::fs::File::open(path).expect("an archive");
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(file));
    let entry = |entry: std::io::Result<tar::Entry<_>>| {
        let mut entry = entry.expect("an entry");
        let (name, rights) = (entry.path().expect("a name").display().to_string(), entry.header().mode().expect("rights"));
        assert_eq!((entry.header().uid().ok(), entry.header().gid().ok()), (Some(0), Some(0)), "{name}");
        let mut text = String::new();
        entry.read_to_string(&mut text).expect("a text");
        (name, rights, text)
    };
    archive.entries().expect("entries").map(entry).collect()
}

#[test]
fn a_program_is_packed_with_page_and_licences() {
    let folder = folder("pack");
    let (places, program) = places(&folder);
    for (triple, file) in [("x86_64-unknown-linux-musl", "ordinal"), ("x86_64-pc-windows-msvc", "ordinal.exe")] {
        let path = archive::program(triple, &program, &places).expect("an archive");
        let title = format!("ordinal-{VERSION}-{triple}");
        assert_eq!(path, places.files.join(format!("{title}.tar.gz")));
        let entries = entries(&path);
        let names: Vec<&str> = entries.iter().map(|(name, ..)| name.strip_prefix(&title).expect("one folder")).collect();
        let page = ["/page/app.js", "/page/index.html", "/page/style.css", "/page/truth/index.html"];
        assert_eq!(names, [&["/LICENSE-APACHE", "/LICENSE-MIT", "/LICENSES-OF-OTHERS", &format!("/{file}")][..], &page].concat());
        assert!(entries.iter().all(|(name, rights, _)| *rights == if name.ends_with(file) { 0o755 } else { 0o644 }));
        assert_eq!((entries[2].2.as_str(), entries[3].2.as_str(), entries[7].2.as_str()), ("clap: MIT\n", "#!/bin/sh\n", "true"));
    }
    let path = archive::page(&places).expect("an archive");
    assert_eq!(entries(&path)[1].0, format!("ordinal-{VERSION}-page/index.html"));
    std::fs::remove_dir_all(folder).expect("the folder");
}

#[test]
fn the_container_runs_what_an_archive_has() {
    let folder = folder("container");
    let (places, program) = places(&folder);
    let triple = PLATFORMS[0].triple;
    let path = archive::program(triple, &program, &places).expect("an archive");
    let file = std::fs::read_to_string(project().join(".github/Containerfile")).expect("the container file");
    assert!(file.contains("\nCOPY . /\n") && file.lines().count() <= 10, "{file}");
    let run = file.split("ENTRYPOINT [\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a program");
    let entry = entries(&path).into_iter().find(|(name, ..)| *name == format!("{}{run}", title(triple)));
    assert_eq!(entry.map(|(_, rights, _)| rights), Some(0o755), "{run}");
    std::fs::remove_dir_all(folder).expect("the folder");
}

#[test]
fn the_same_files_make_the_same_bytes() {
    let (first, second) = (folder("first"), folder("second"));
    let packed = |folder: &Path| {
        let (places, program) = places(folder);
        std::fs::read(archive::program("here", &program, &places).expect("an archive")).expect("bytes")
    };
    let bytes = packed(&first);
    // The second files are younger than the first.
    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(90);
    let (places, program) = places(&second);
    std::fs::File::options().write(true).open(&program.program).and_then(|file| file.set_modified(later)).expect("a time");
    assert_eq!(std::fs::read(archive::program("here", &program, &places).expect("an archive")).expect("bytes"), bytes);
    put(&places.page, "app.js", "2");
    assert_ne!(std::fs::read(archive::program("here", &program, &places).expect("an archive")).expect("bytes"), bytes);
    for folder in [first, second] {
        std::fs::remove_dir_all(folder).expect("the folder");
    }
}

#[test]
fn a_page_that_is_not_built_stops_the_packing() {
    let folder = folder("unbuilt");
    let places = Places { page: folder.clone(), files: folder.clone() };
    let Failure(why) = archive::page(&places).expect_err("no page");
    assert!(why.contains("cargo dev build"), "{why}");
    std::fs::remove_dir_all(folder).expect("the folder");
}

#[test]
fn checksums_are_of_every_archive_of_this_version() {
    let folder = folder("sums");
    let [first, second] = ["a", "b"].map(|of| format!("{}.tar.gz", title(of)));
    for (name, text) in [(second.as_str(), ""), (&first, "abc"), ("ordinal-0.9.0-a.tar.gz", ""), ("note.txt", "")] {
        put(&folder, name, text);
    }
    // The two sums are examples of FIPS 180-2 and of every `sha256sum`.
    let told = format!(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  {first}\n\
         e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  {second}\n"
    );
    assert_eq!(archive::write_sums(&folder).expect("sums"), told);
    assert_eq!(std::fs::read_to_string(folder.join("SHA256SUMS")).expect("a file"), told);
    let sums = archive::read_sums(&folder).expect("sums");
    assert_eq!(sums.iter().map(|sum| &sum.name).collect::<Vec<_>>(), [&first, &second]);
    std::fs::remove_dir_all(folder).expect("the folder");
}

/// A checksum for each platform's archive.
fn sums() -> Vec<Sum> {
    let sum = |(at, platform): (usize, &Platform)| Sum {
        sha256: format!("{at:064x}"),
        name: format!("ordinal-{VERSION}-{}.tar.gz", platform.triple),
    };
    PLATFORMS.iter().enumerate().map(sum).collect()
}

#[test]
fn krews_manifest_names_the_archive_of_each_platform() {
    let text = krew::manifest(&sums(), "https://git.example/OWNER/ordinal").expect("a manifest");
    let manifest: Value = serde_yaml::from_str(&text).expect("YAML");
    assert_eq!(manifest["apiVersion"], "krew.googlecontainertools.github.com/v1alpha2");
    assert_eq!((&manifest["kind"], &manifest["metadata"]["name"]), (&"Plugin".into(), &"ordinal".into()));
    assert_eq!(manifest["spec"]["version"], format!("v{VERSION}").as_str());
    let platforms = manifest["spec"]["platforms"].as_sequence().expect("a list");
    assert_eq!(platforms.len(), PLATFORMS.len());
    for (platform, (told, sum)) in PLATFORMS.iter().zip(platforms.iter().zip(sums())) {
        let labels = &told["selector"]["matchLabels"];
        assert_eq!((labels["os"].as_str(), labels["arch"].as_str()), (Some(platform.os), Some(platform.arch)));
        assert_eq!(told["sha256"], sum.sha256.as_str());
        let uri = format!("https://git.example/OWNER/ordinal/releases/download/v{VERSION}/{}", sum.name);
        assert_eq!(told["uri"], uri.as_str());
        assert_eq!(told["files"][0]["from"], format!("ordinal-{VERSION}-{}/*", platform.triple).as_str());
        assert_eq!(told["bin"], if platform.os == "windows" { "ordinal.exe" } else { "ordinal" });
    }
}

#[test]
fn a_platform_without_an_archive_stops_krews_manifest() {
    let Failure(why) = krew::manifest(&sums()[1..], "https://git.example/OWNER/ordinal").expect_err("an archive is missing");
    assert!(why.contains(PLATFORMS[0].triple), "{why}");
}

#[test]
fn a_tag_of_another_version_is_refused() {
    assert!(check(&format!("v{VERSION}")).is_ok());
    for other in [VERSION, "v0.9.9", "main"] {
        let Failure(why) = check(other).expect_err("another version");
        assert!(why.contains(other) && why.contains(VERSION), "{why}");
    }
}

#[test]
fn orders_with_missing_or_unknown_words_are_not_understood() {
    for good in [
        "check v1",
        "licences",
        "notes",
        "notes v1..v2",
        "pack --target t --program p --page d --into f",
        "page",
        "sums",
        "krew --repository u",
    ] {
        assert!(Order::read(&good.split(' ').collect::<Vec<_>>()).is_some(), "{good}");
    }
    for bad in ["", "check", "pack", "pack --target", "pack --target t more", "krew", "sums --page d", "notes a..b c", "publish"] {
        assert_eq!(Order::read(&bad.split_whitespace().collect::<Vec<_>>()), None, "{bad}");
    }
}

/// Runs git in a repository that depends on nobody's settings.
fn git(repository: &Path, words: &[&str]) {
    let mut git = Command::new("git");
    git.current_dir(repository).args(["-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "init.defaultBranch=main"]);
    git.env("GIT_CONFIG_GLOBAL", repository.join("none")).env("GIT_CONFIG_NOSYSTEM", "1");
    let done = git.args(words).output().expect("git runs");
    assert!(done.status.success(), "{words:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// A commit that changes one file.
fn commit(repository: &Path, subject: &str, file: &str) {
    put(repository, file, subject);
    git(repository, &["add", "."]);
    git(repository, &["commit", "--quiet", "-m", subject]);
}

#[test]
fn notes_tell_changes_by_parts_and_count_what_is_inside() {
    let folder = folder("notes");
    git(&folder, &["init", "--quiet"]);
    commit(&folder, "The first line of code", "a");
    commit(&folder, "risks: search two things at a time", "b");
    git(&folder, &["tag", "v0.1.0"]);
    commit(&folder, "plan: tell `--force` of <pods>", "c");
    commit(&folder, "intake, risks: read logs", "d");
    commit(&folder, "tests: hold logs", "e");
    git(&folder, &["tag", "v0.2.0"]);
    let told = |range| {
        let notes = notes::of(&folder, range).expect("notes");
        notes.split_once("## Changes").expect("a heading").1.to_owned()
    };
    let since = format!(
        " of {VERSION} (v0.1.0..HEAD)\n\n### Diagnosis\n\n- intake, risks: read logs\n\n### Plans of changes\n\n\
         - plan: tell \\`--force\\` of \\<pods\\>\n\n### Inside\n\n1 change of tests, tools and documentation.\n"
    );
    assert_eq!(told(None), since);
    let first = told(Some("v0.1.0"));
    assert!(first.contains("\n### Risks\n\n- risks: search two things at a time\n"), "{first}");
    assert!(first.ends_with("0 changes of tests, tools and documentation, and 1 change whose subjects name no area.\n"), "{first}");
    let Failure(why) = notes::of(&folder, Some("v7..v8")).expect_err("no such commits");
    assert!(why.contains("v7..v8"), "{why}");
    std::fs::remove_dir_all(folder).expect("the folder");
}

#[test]
fn a_long_part_shows_first_what_changed_for_readers() {
    let folder = folder("long");
    git(&folder, &["init", "--quiet"]);
    commit(&folder, "shell: print the sentence", "src/page/text/en/why.txt");
    (1..=20).for_each(|at| commit(&folder, &format!("shell: move part {at}"), "src/model/shell/mod.rs"));
    let notes = notes::of(&folder, None).expect("notes");
    let part = notes.split_once("### kubectl and shell\n\n").expect("the part").1;
    let lines: Vec<&str> = part.lines().take_while(|line| !line.is_empty()).collect();
    assert_eq!((lines[0], lines[1], lines[14]), ("- shell: print the sentence", "- shell: move part 20", "- shell: move part 7"));
    assert_eq!(lines[15..], ["- and 6 more"]);
    std::fs::remove_dir_all(folder).expect("the folder");
}

/// The release workflow.
fn workflow() -> Value {
    let text = std::fs::read_to_string(project().join(".github/workflows/release.yml")).expect("the workflow");
    serde_yaml::from_str(&text).expect("YAML")
}

/// The lines that a workflow's jobs run.
fn lines(workflow: &Value) -> Vec<String> {
    let jobs = workflow["jobs"].as_mapping().expect("jobs").values();
    let steps = jobs.flat_map(|job| job["steps"].as_sequence().cloned().unwrap_or_default());
    steps
        .filter_map(|step| step["run"].as_str().map(str::to_owned))
        .flat_map(|run| run.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

#[test]
fn the_workflow_calls_only_commands_that_exist() {
    let lines = lines(&workflow());
    let words = |line: &str| -> Vec<String> { line.split_whitespace().take_while(|word| *word != ">").map(str::to_owned).collect() };
    let orders: Vec<Vec<String>> = lines.iter().filter_map(|line| line.strip_prefix("cargo dev ")).map(words).collect();
    for order in &orders {
        // An expression of GitHub has spaces; here the value of one word stands for the expression.
        let joined = order.join(" ");
        let filled =
            joined.split("${{").enumerate().map(|(at, part)| if at == 0 { part } else { part.split_once("}}").expect("an end").1 });
        let filled = filled.collect::<Vec<_>>().join("value");
        match filled.split(' ').collect::<Vec<_>>().as_slice() {
            ["release", rest @ ..] => assert!(Order::read(rest).is_some(), "{filled}"),
            ["test", "--visitors"] => assert!(crate::USAGE.contains("\n  test --visitors ")),
            [command] => assert!(crate::USAGE.lines().any(|line| line.trim_start().split(' ').next() == Some(*command)), "{filled}"),
            _ => panic!("{filled}"),
        }
    }
    let steps: Vec<&str> = orders.iter().filter(|order| order[0] == "release").map(|order| order[1].as_str()).collect();
    assert_eq!(steps, ["check", "page", "pack", "sums", "krew", "notes"]);
}

#[test]
fn the_workflow_builds_every_platform() {
    let workflow = workflow();
    let matrix = workflow["jobs"]["program"]["strategy"]["matrix"]["include"].as_sequence().expect("a matrix");
    let built: Vec<&str> = matrix.iter().map(|row| row["target"].as_str().expect("a target")).collect();
    assert_eq!(built, PLATFORMS.map(|platform| platform.triple));
}

#[test]
fn only_the_job_that_publishes_may_write() {
    let workflow = workflow();
    assert_eq!(workflow["permissions"], serde_yaml::from_str::<Value>("contents: read").expect("YAML"));
    let jobs = workflow["jobs"].as_mapping().expect("jobs");
    let writes: Vec<&Value> = jobs.iter().filter(|(_, job)| job.get("permissions").is_some()).map(|(name, _)| name).collect();
    assert_eq!(writes, ["publish"]);
    assert_eq!(workflow["jobs"]["publish"]["permissions"], serde_yaml::from_str::<Value>("contents: write").expect("YAML"));
}
