//! Documents that people learn StatefulSets from, typed from top to bottom.
//!
//! For each document there is a scenario (`.yaml`), what the model prints today (`.now`, written anew by
//! `ORDINAL_UPDATE=1 cargo test --test seeds`), and what the document printed (`.then`). Each document is played in today's form
//! and in the classic one. An output is as the document printed it in one of the two; where only the classic form does, today's
//! tells what changed. What differs for another reason than form has it in [`OTHERWISE`].

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use ordinal::api::release::V1_37;
use ordinal::base::sorted::SortedSet;
use ordinal::kubectl::form::{self, Change, Form};
use ordinal::scenario::file::Scenario;
use ordinal::scenario::run::replay;
use serde_json::Value;

/// What is not as the document printed it, and why: a part of the command, and the reason, which is none of form.
const OTHERWISE: [(&str, &str); 3] = [
    ("wget -qO-", "the file has its version for an image tag here, and yq prints keys in alphabetical order"),
    ("nslook^up", "a slip of the keyboard in the document: there is no such program"),
    ("nslookup web-1.nginx-state", "with the Service's name in serviceName it resolves; as printed the two names differ, and it does not"),
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/seeds")
}

/// A command and its output.
type Printed = (String, String);

/// What a document's commands printed, and what each printed differently from guides.
struct Typed {
    printed: Vec<Printed>,
    changes: Vec<SortedSet<Change>>,
}

/// Plays a document in a form.
fn play(name: &str, form: Form) -> Typed {
    let text = fs::read_to_string(folder().join(format!("{name}.yaml"))).expect("a scenario");
    let mut scenario = Scenario::parse(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
    scenario.files.insert(form::PATH.into(), form.name().into());
    let played = replay(&scenario, &V1_37).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert_eq!(played.cut, None, "{name}");
    assert!(played.broken.is_none(), "{name}: {:?}", played.broken);
    let told = |problem: &String| problem.ends_with("is not simulated.");
    assert!(played.problems.iter().all(told), "{name}: {:?}", played.problems);
    let all: Value = serde_json::from_str(&played.kubectl).expect("JSON");
    let commands = all["commands"].as_array().expect("commands");
    let printed = commands.iter().map(|c| (c["cmd"].as_str().unwrap_or_default().trim_end().to_owned(), text_of(c)));
    Typed { printed: printed.collect(), changes: played.changes }
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
    } else if quoted.ends_with("-storage") || quoted.ends_with("-storage-class") {
        "CLASS".to_owned()
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
            if line.contains("nodes are available") {
                words.iter_mut().filter(|w| w.starts_with("0/") || w.parse::<u8>().is_ok()).for_each(|w| "N".clone_into(w));
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
        let state = format!("{ready} {status}");
        let life = lives.entry(key).or_default();
        if life.last() != Some(&state) {
            life.push(state);
        }
    }
    lives
}

/// The place of the command that a document's command stands for, from a place on.
fn place_of(command: &str, at: usize, typed: &Typed) -> usize {
    let is_it = |typed: &str| match command.strip_prefix("monitor ") {
        Some(what) => typed.contains("-w ") && typed.ends_with(&format!("app=nginx-{what}")),
        None => same(typed.lines().next().unwrap_or_default()) == same(command),
    };
    let from = if command.starts_with("monitor ") { 0 } else { at };
    let found = typed.printed[from..].iter().position(|(typed, _)| is_it(typed));
    from + found.unwrap_or_else(|| panic!("nobody types {command}"))
}

/// Whether an output is as the document printed it. A document shows a part of each watch.
fn is_as_printed(command: &str, document: &str, output: &str) -> bool {
    if command.starts_with("monitor ") {
        let all = lives(output);
        return lives(document).values().all(|life| all.values().any(|whole| whole.windows(life.len()).any(|part| part == life)));
    }
    let printed = same(document);
    same(output) == printed
}

/// Compares what a document printed with what is printed today, and in the classic form; how many outputs are the same, of how many.
fn compare(name: &str, today: &Typed, classic: &Typed) -> (usize, usize) {
    let then = read(&fs::read_to_string(folder().join(format!("{name}.then"))).unwrap_or_default());
    let (mut at, mut equal) = (0, 0);
    for (command, document) in &then {
        let place = place_of(command, at, today);
        at = if command.starts_with("monitor ") { at } else { place + 1 };
        let changes = &today.changes[place];
        if is_as_printed(command, document, &today.printed[place].1) {
            equal += 1;
        } else if is_as_printed(command, document, &classic.printed[place].1) {
            equal += 1;
            assert!(!changes.is_empty(), "{name}: {command} is as printed in the classic form only, and nothing tells what changed");
            println!("{name}: {command}: since {}", changes.iter().map(|c| c.since()).collect::<Vec<_>>().join(", "));
        } else {
            let known = OTHERWISE.iter().find(|(part, _)| command.contains(part));
            let why = known
                .unwrap_or_else(|| panic!("{name}: {command} prints something else, and nothing says why: {}", classic.printed[place].1));
            println!("{name}: {command}: {}", why.1);
        }
    }
    (equal, then.len())
}

fn check(name: &str) {
    let (today, classic) = (play(name, Form::Today), play(name, Form::Classic));
    let text: String = today.printed.iter().flat_map(|(command, out)| ["$ ", command, "\n", out]).collect();
    let path = folder().join(format!("{name}.now"));
    if std::env::var("ORDINAL_UPDATE").is_ok() {
        fs::write(&path, &text).expect("written");
    }
    assert_eq!(text, fs::read_to_string(&path).unwrap_or_default(), "{name}: ORDINAL_UPDATE=1 writes what is printed now");
    let (equal, all) = compare(name, &today, &classic);
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
fn the_provisioner_comes_from_its_address_too() {
    check("seed-003-install");
}

#[test]
fn the_tutorial_of_kubernetes_io_goes_from_top_to_bottom() {
    check("tutorial");
}
