//! Documents that people learn StatefulSets from, typed from top to bottom.
//!
//! For each document there is a scenario (`.yaml`), what the model prints today (`.now`, written anew by
//! `ORDINAL_UPDATE=1 cargo test --test seeds`), and what the document printed (`.then`). Where the two differ in more than names,
//! addresses, ages and widths of columns, [`CHANGED`] says what has changed since.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use ordinal::api::release::V1_37;
use ordinal::scenario::file::Scenario;
use ordinal::scenario::run::replay;
use serde_json::Value;

/// What prints something else today than when the document was written: a part of the command, and why.
const CHANGED: [(&str, &str); 10] = [
    ("wget -qO-", "the model prints keys in alphabetical order, and the file has its version for an image tag"),
    ("k apply -f local-path.yaml", "the document made the objects only once; here the line before did, so that they are unchanged"),
    ("nslook^up", "a slip of the keyboard in the document: there is no such program"),
    ("dns-test", "kubectl names the namespace a pod is deleted from (since 1.34)"),
    ("k get pvc", "a column for VolumeAttributesClasses (since 1.29)"),
    ("k get pv | grep", "a column for VolumeAttributesClasses (since 1.29)"),
    ("k delete po", "kubectl names the namespace a pod is deleted from (since 1.34)"),
    ("yq .spec.updateStrategy", "maxUnavailable is a field of every set (since 1.37)"),
    ("nslookup web-1.nginx-state", "with the Service's name in serviceName it resolves; as printed the two names differ, and it does not"),
    ("ll /opt", "the document's machine has other volumes on it"),
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/seeds")
}

/// A command and its output.
type Printed = (String, String);

/// Plays a document.
fn play(name: &str) -> Vec<Printed> {
    let text = fs::read_to_string(folder().join(format!("{name}.yaml"))).expect("a scenario");
    let scenario = Scenario::parse(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
    let played = replay(&scenario, &V1_37).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert_eq!(played.cut, None, "{name}");
    assert!(played.broken.is_none(), "{name}: {:?}", played.broken);
    let told = |problem: &String| problem.ends_with("is not simulated.");
    assert!(played.problems.iter().all(told), "{name}: {:?}", played.problems);
    let all: Value = serde_json::from_str(&played.kubectl).expect("JSON");
    let commands = all["commands"].as_array().expect("commands");
    commands.iter().map(|c| (c["cmd"].as_str().unwrap_or_default().trim_end().to_owned(), text_of(c))).collect()
}

/// What stands in a terminal: standard output, standard error with `! `, the exit code with `? `.
fn text_of(command: &Value) -> String {
    let mut text = command["stdout"].as_str().unwrap_or_default().to_owned();
    for line in command["stderr"].as_str().unwrap_or_default().lines() {
        let _ = writeln!(text, "! {line}");
    }
    match command["rc"].as_i64() {
        Some(0) | None => {}
        Some(code) => drop(writeln!(text, "? {code}")),
    }
    text
}

/// Reads `$ command` and the lines after it.
fn read(text: &str) -> Vec<Printed> {
    let mut all: Vec<Printed> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("$ "), all.last_mut()) {
            (Some(command), _) => all.push((command.to_owned(), String::new())),
            (None, Some((_, out))) => out.extend([line, "\n"]),
            (None, None) => {}
        }
    }
    all
}

/// A word as it is in every cluster.
fn plain(word: &str) -> String {
    let quoted = word.trim_matches(['\'', '"', ',']);
    let is_ip =
        |w: &str, sign: char| w.split(sign).count() == 4 && w.split(sign).all(|p| !p.is_empty() && p.chars().all(|c| c.is_ascii_digit()));
    let is_age = |w: &str| {
        let unit = |c: char| "smhd".contains(c);
        w.len() < 8 && w.starts_with(|c: char| c.is_ascii_digit()) && w.ends_with(unit) && w.chars().all(|c| c.is_ascii_digit() || unit(c))
    };
    let host = quoted.split('.').next().unwrap_or_default();
    let parts: Vec<&str> = host.split('-').collect();
    if is_ip(quoted, '.') && !quoted.starts_with("10.96.") {
        "IP".to_owned()
    } else if is_ip(host, '-') {
        quoted.replace(host, "DASHED")
    } else if quoted.starts_with("pvc-") && parts.len() > 5 {
        format!("pvc-UID{}", quoted.split_once('_').map_or("", |(_, rest)| rest))
    } else if quoted.starts_with("web-dep-") && parts.len() == 4 {
        quoted.replace(host, "web-dep-HASH")
    } else if is_age(quoted) {
        "AGE".to_owned()
    } else if quoted.contains("-worker") || quoted.contains("-host-node") || quoted.starts_with("node-") {
        "NODE".to_owned()
    } else {
        word.to_owned()
    }
}

/// A text as it is in every cluster: names, addresses and ages made equal, blanks and errors' marks left out.
fn same(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|l| !l.starts_with("? ")).map(|l| l.trim_start_matches("! "));
    let mut all: Vec<String> = lines
        .map(|line| {
            let mut words: Vec<String> = line.split_whitespace().map(plain).collect();
            if line.starts_with("drwx") {
                words.drain(5..8);
            }
            words.join(" ")
        })
        .filter(|line| !line.is_empty())
        .collect();
    // Standard error and standard output have no order between each other here.
    all.sort();
    all
}

/// What became of each pod in a watch: its states, each once.
fn lives(rows: &str) -> BTreeMap<String, Vec<String>> {
    let mut lives: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut names: Vec<String> = Vec::new();
    for row in rows.lines() {
        let [pod, ready, status, ..] = row.split_whitespace().collect::<Vec<_>>()[..] else { continue };
        if !names.contains(&pod.to_owned()) {
            names.push(pod.to_owned());
        }
        let key = if pod.starts_with("web-dep") { format!("{}", names.iter().position(|n| n == pod).unwrap_or(0)) } else { pod.to_owned() };
        let state = format!("{ready} {}", status.replace("Completed", "Terminating"));
        let life = lives.entry(key).or_default();
        if life.last() != Some(&state) {
            life.push(state);
        }
    }
    lives
}

/// Compares what a document printed with what is printed today; how many outputs are the same, of how many.
fn compare(name: &str, now: &[Printed]) -> (usize, usize) {
    let then = read(&fs::read_to_string(folder().join(format!("{name}.then"))).unwrap_or_default());
    let (mut at, mut equal) = (0, 0);
    for (command, printed) in &then {
        let known = CHANGED.iter().find(|(part, _)| command.contains(part));
        let is_same = if command.starts_with("monitor ") {
            let label = if command.ends_with("dep") { "app=nginx-dep" } else { "app=nginx-sts" };
            let watch = now.iter().find(|(c, _)| c.contains("-w ") && c.ends_with(label)).map_or("", |(_, out)| out);
            let all = lives(watch);
            let lived = |life: &Vec<String>| all.values().any(|whole| whole.windows(life.len()).any(|part| part == life));
            lives(printed).values().all(lived)
        } else {
            let want = same(command);
            let found = now[at..].iter().position(|(c, _)| same(c.lines().next().unwrap_or_default()) == want);
            let found = at + found.unwrap_or_else(|| panic!("{name}: nobody types {command}"));
            at = found + 1;
            same(&now[found].1) == same(printed)
        };
        equal += usize::from(is_same);
        if let Some((_, why)) = known.filter(|_| !is_same) {
            println!("{name}: {command}: {why}");
        }
        assert!(is_same || known.is_some(), "{name}: {command} prints something else today, and nothing says why");
    }
    (equal, then.len())
}

fn check(name: &str) {
    let now = play(name);
    let text: String = now.iter().map(|(command, out)| format!("$ {command}\n{out}")).collect();
    let path = folder().join(format!("{name}.now"));
    if std::env::var("ORDINAL_UPDATE").is_ok() {
        fs::write(&path, &text).expect("written");
    }
    assert_eq!(text, fs::read_to_string(&path).unwrap_or_default(), "{name}: ORDINAL_UPDATE=1 writes what is printed now");
    let (equal, all) = compare(name, &now);
    println!("{name}: {equal} of {all} outputs as the document printed them");
}

#[test]
fn a_set_without_volumes_is_asked_pod_by_pod() {
    check("seed-000");
}

#[test]
fn the_books_pets_find_their_data_again() {
    check("seed-001");
}

#[test]
fn a_service_of_another_name_gives_its_pods_no_names() {
    check("seed-002");
}

#[test]
fn the_long_comparison_with_a_deployment_reads_as_it_was_written() {
    check("seed-003");
}

#[test]
fn the_tutorial_of_kubernetes_io_goes_from_top_to_bottom() {
    check("tutorial");
}
