//! Descriptions of recorded clusters against their objects, forms of older kubectls, and broken text.

mod forms;

use std::path::{Path, PathBuf};

use forms::FORMS;
use ordinal::api::kind::Kind;
use ordinal::base;
use ordinal::base::dice::{Dice, Purpose};
use ordinal::base::time::{Span, Time};
use ordinal::base::value::Value;
use ordinal::intake::Dump;
use ordinal::intake::paste::describe::read;
use ordinal::intake::paste::found::Found;
use ordinal::rows;
use ordinal::rows::describe::KINDS;
use ordinal::rows::figures::{NEWEST, age, ago};

/// What must be in the object where the cluster's object has it.
const MUST: [(&str, &str); 3] = [
    (
        "Pod",
        "metadata name,metadata namespace,metadata labels,metadata deletionTimestamp,metadata ownerReferences,spec nodeName,spec containers,\
         spec volumes,spec nodeSelector,spec tolerations,spec serviceAccountName,spec topologySpreadConstraints,status phase,\
         status startTime,status conditions,status containerStatuses",
    ),
    (
        "StatefulSet",
        "metadata name,metadata namespace,metadata labels,metadata creationTimestamp,spec selector,spec serviceName,\
         spec podManagementPolicy,spec replicas,spec updateStrategy,spec template spec containers,spec template metadata labels,\
         spec template spec nodeSelector,spec volumeClaimTemplates,status replicas",
    ),
    (
        "PersistentVolumeClaim",
        "metadata name,metadata namespace,metadata labels,metadata annotations,metadata finalizers,metadata deletionTimestamp,\
         spec storageClassName,spec volumeName,spec volumeMode,status phase,status capacity,status accessModes",
    ),
];

/// The descriptions of a text, each with its lines.
fn blocks(text: &str) -> Vec<Vec<(usize, &str)>> {
    let lines: Vec<(usize, &str)> = text.lines().enumerate().map(|(at, line)| (at + 1, line)).collect();
    let starts: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].1.starts_with("Name:")).chain([lines.len()]).collect();
    let own = |from: usize, to: usize| lines[from..to].iter().filter(|(_, line)| !line.starts_with("$ ")).copied().collect();
    starts.windows(2).map(|block| own(block[0], block[1])).collect()
}

/// What is read of some descriptions, each by itself.
fn described(blocks: &[Vec<(usize, &str)>]) -> Found {
    let mut out = Found::default();
    for lines in blocks {
        read(lines, &mut out);
    }
    out
}

/// The object of one description.
fn one(lines: &[(usize, &str)]) -> Value {
    let mut out = Found::default();
    read(lines, &mut out);
    out.objects.first().map(|(_, value)| value.clone()).unwrap_or_default()
}

fn case(name: &str, file: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests/data/diagnose", name, file].iter().collect();
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn cases() -> Vec<String> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests/data/diagnose"].iter().collect();
    let all = std::fs::read_dir(path).expect("the cases").map(|entry| entry.expect("a case").file_name().into_string().expect("a name"));
    let mut all: Vec<String> = all.collect();
    all.sort();
    all
}

/// What of a value is not so in another, with the path; counts what is.
fn differences(mine: &Value, theirs: Option<&Value>, path: &str, agreed: &mut usize, out: &mut Vec<String>) {
    match (mine, theirs) {
        (Value::Map(map), Some(Value::Map(_))) => {
            for (key, value) in map.iter() {
                differences(value, theirs.and_then(|theirs| theirs.get(key)), &format!("{path}/{key}"), agreed, out);
            }
        }
        (Value::List(list), Some(Value::List(others))) => {
            for (number, value) in list.iter().enumerate() {
                // kubectl sorts some lists; their items are told apart by one of these.
                let key = ["name", "type", "key", "topologyKey"].into_iter().find(|key| value.get(key).is_some());
                let other = key.map_or(others.get(number), |key| others.iter().find(|other| other.get(key) == value.get(key)));
                differences(value, other, &format!("{path}[{number}]"), agreed, out);
            }
            if list.len() != others.len() {
                out.push(format!("{path}: {} items of {}", list.len(), others.len()));
            }
        }
        // A deletion is told by an age; the API leaves out numbers that are zero.
        (Value::Text(_), Some(Value::Text(_))) if path.ends_with("/deletionTimestamp") => *agreed += 1,
        (Value::Int(0), None) => *agreed += 1,
        (Value::Int(number), Some(Value::Text(text))) if number.to_string() == **text => *agreed += 1,
        (mine, Some(theirs)) if mine == theirs => *agreed += 1,
        _ => out.push(format!("{path}: {} is {}", mine.to_json(), theirs.map_or("absent".to_owned(), Value::to_json))),
    }
}

#[test]
fn what_is_described_is_what_the_clusters_hold() {
    let (mut fields, mut objects, mut events, mut facts) = (0, 0, 0, 0);
    for name in cases() {
        let dump = Dump::read([&*case(&name, "cluster.yaml")]);
        let found = described(&blocks(&case(&name, "describe.txt")));
        for (line, mine) in &found.objects {
            let same = |value: &&Value| {
                [&["kind"][..], &["metadata", "name"], &["metadata", "namespace"]].iter().all(|path| value.at(path) == mine.at(path))
            };
            let theirs = dump.objects.iter().map(|printed| &printed.value).find(same);
            let theirs = theirs.unwrap_or_else(|| panic!("{name}: line {line}: {} is not in the cluster", mine.to_json()));
            let mut wrong = Vec::new();
            differences(mine, Some(theirs), "", &mut fields, &mut wrong);
            assert!(wrong.is_empty(), "{name}: line {line}: {wrong:#?}");
            let kind = mine.text_at(&["kind"]).expect("a kind");
            let (_, must) = MUST.iter().find(|(of, _)| *of == kind).unwrap_or_else(|| panic!("{name}: line {line}: a {kind}"));
            for path in must.split(',') {
                let keys: Vec<&str> = path.split(' ').collect();
                // Of a pod that has finished kubectl does not say that it goes away.
                let untold =
                    keys.ends_with(&["deletionTimestamp"]) && matches!(mine.text_at(&["status", "phase"]), Some("Succeeded" | "Failed"));
                assert!(theirs.at(&keys).is_none() || mine.at(&keys).is_some() || untold, "{name}: line {line}: {path} was not read");
            }
            objects += 1;
        }
        let text = case(&name, "describe.txt");
        assert_eq!(found.objects.len(), text.lines().filter(|line| line.starts_with("Name:")).count(), "{name}");
        for event in &found.events {
            let same = dump.events.iter().filter(|other| other.about == event.about && other.reason == event.reason);
            assert!(same.into_iter().any(|other| other.message == event.message && other.source == event.source), "{name}: {event:?}");
            assert!(event.last.is_some_and(|last| NEWEST.since(last) < Span::seconds(3600)), "{name}: {event:?}");
        }
        let rows = text.lines().filter(|line| line.starts_with("  Normal ") || line.starts_with("  Warning ")).count();
        assert_eq!(found.events.len(), rows, "{name}");
        (events, facts) = (events + found.events.len(), facts + found.facts.len());
    }
    println!("{objects} objects, {fields} fields agree, {events} Events, {facts} facts");
    assert!(objects > 150 && fields > 6000, "{objects} objects with {fields} fields");
}

#[test]
fn what_is_left_of_a_description_says_nothing_wrong() {
    for name in cases() {
        let text = case(&name, "describe.txt");
        for lines in blocks(&text) {
            let whole = one(&lines);
            for cut in (1..lines.len()).step_by(2) {
                for left in [&lines[cut..], &lines[..cut]] {
                    let object = one(left);
                    let (mut agreed, mut wrong) = (0, Vec::new());
                    differences(&object, Some(&whole), "", &mut agreed, &mut wrong);
                    // The cut may go through a list, or take away what tells the volume with a token, which `read` knows by its name.
                    wrong.retain(|one| !one.contains(" items of ") && !one.contains("kube-api-access-"));
                    assert!(object.is_null() || wrong.is_empty(), "{name}: {left:#?}\n{wrong:#?}");
                }
            }
        }
    }
}

#[test]
fn broken_lines_are_put_together() {
    let (mut read, mut of) = (0, 0);
    for name in cases() {
        let text = case(&name, "describe.txt");
        let blocks = blocks(&text);
        let whole = described(&blocks);
        for width in [80, 97, 120] {
            let pieces: Vec<Vec<(usize, String)>> = blocks
                .iter()
                .map(|lines| {
                    let piece = |(number, line): &(usize, &str)| {
                        let letters: Vec<char> = line.chars().collect();
                        let lines = letters.chunks(width).map(|chunk| chunk.iter().collect::<String>());
                        lines.map(|piece| (*number, piece)).collect::<Vec<_>>()
                    };
                    lines.iter().flat_map(piece).collect()
                })
                .collect();
            let broken: Vec<Vec<(usize, &str)>> =
                pieces.iter().map(|lines| lines.iter().map(|(number, line)| (*number, &**line)).collect()).collect();
            let found = described(&broken);
            for ((_, mine), (_, theirs)) in found.objects.iter().zip(&whole.objects) {
                let mut wrong = Vec::new();
                differences(mine, Some(theirs), "", &mut read, &mut wrong);
                differences(theirs, Some(theirs), "", &mut of, &mut Vec::new());
                assert!(wrong.is_empty(), "{name} at {width}: {wrong:#?}");
            }
            assert_eq!(found.objects.len(), whole.objects.len(), "{name} at {width}");
            assert_eq!(found.events, whole.events, "{name} at {width}");
        }
    }
    // A heading that is broken between two columns loses the second.
    assert!(read * 100 > of * 99, "{read} of {of} fields");
}

/// The recordings of what kubectl printed, below a folder.
fn recordings(folder: &Path, out: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            recordings(&entry, out);
        } else if entry.ends_with("kubectl.json") {
            out.push(std::fs::read_to_string(entry).expect("a recording"));
        }
    }
}

#[test]
fn descriptions_are_of_the_kind_that_was_asked_for() {
    let root: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests/conformance/recordings"].iter().collect();
    let (mut all, mut seen) = (Vec::new(), 0);
    recordings(&root, &mut all);
    for recording in all.iter().filter_map(|text| base::json::value(text)) {
        for command in recording.list_at(&["commands"]) {
            let [line, text] = ["cmd", "stdout"].map(|field| command.text_at(&[field]).unwrap_or_default());
            let Some(resource) = line.strip_prefix("describe ").and_then(|rest| rest.split([' ', '/']).next()) else { continue };
            let asked = Kind::ALL.iter().find(|kind| {
                let info = kind.info();
                let resource = resource.to_ascii_lowercase();
                info.plural == resource || info.singular == resource || info.short.contains(&&*resource)
            });
            let read = asked.filter(|asked| KINDS.iter().any(|of| of.is_printed && of.kinds[0] == **asked));
            for lines in blocks(text) {
                let object = one(&lines);
                assert_eq!(object.text_at(&["kind"]), read.map(|kind| kind.info().name), "{line}: {}", object.to_json());
                seen += 1;
            }
        }
    }
    assert!(seen > 300, "{seen} descriptions");
}

#[test]
fn any_text_is_read() {
    let dice = Dice { seed: 7 };
    let all: Vec<String> = cases().iter().map(|name| case(name, "describe.txt")).chain(FORMS.map(|(text, _)| text.to_owned())).collect();
    let pool: Vec<&str> = all.iter().flat_map(|text| text.lines()).collect();
    for run in 0..400u64 {
        let roll = |what: u64, sides: usize| usize::try_from(dice.below(Purpose::Operation, run, what, sides as u64)).expect("it is small");
        let start = roll(0, pool.len());
        let mut lines: Vec<String> = pool[start..].iter().take(1 + roll(1, 150)).map(|line| (*line).to_owned()).collect();
        for change in 0..roll(2, 40) as u64 {
            let at = roll(10 * change + 3, lines.len());
            let other = roll(10 * change + 4, lines.len());
            let length = lines[at].chars().count();
            match roll(10 * change + 5, 7) {
                0 => lines.swap(at, other),
                1 => lines[at] = lines[at].chars().take(roll(10 * change + 6, length + 1)).collect(),
                2 => lines[at] = lines[at].chars().skip(roll(10 * change + 6, length + 1)).collect(),
                3 => lines[at] = lines[at].replace("  ", "\t"),
                4 => lines[at] += ["…", "\u{0}", "é:\t", ":", "<none>", "99999999999999999999", "\u{2028}"][roll(10 * change + 6, 7)],
                5 => lines[at] = pool[roll(10 * change + 6, pool.len())].to_owned(),
                _ => lines[at] = lines[at].chars().rev().collect(),
            }
        }
        let numbered: Vec<(usize, &str)> = lines.iter().enumerate().map(|(at, line)| (at + 1, &**line)).collect();
        let mut found = Found::default();
        read(&numbered, &mut found);
        assert!(found.objects.len() < 2);
        for (line, object) in &found.objects {
            assert!((1..=lines.len()).contains(line) && object.text_at(&["kind"]).is_some(), "{object:?}");
        }
        assert!(found.facts.iter().all(|fact| (1..=lines.len()).contains(&fact.line)));
    }
}

#[test]
fn other_forms_are_read() {
    for (text, must) in FORMS {
        let lines: Vec<(usize, &str)> = text.lines().enumerate().map(|(at, line)| (at + 1, line)).collect();
        let (object, found) = (one(&lines), described(&[lines]));
        let must = base::json::value(must).expect("JSON");
        let (mut agreed, mut wrong) = (0, Vec::new());
        differences(&must, Some(&object), "", &mut agreed, &mut wrong);
        assert!(wrong.is_empty(), "{text}\n{wrong:#?}\n{}", object.to_json());
        assert!(!format!("{object:?}{found:?}").contains("hunter2"), "{found:?}");
    }
}

#[test]
fn ages_and_times_are_read() {
    assert_eq!(age("4m5s (x25 over 9m30s)"), Some(Span::seconds(245)));
    assert_eq!(age("2d4h"), Some(Span::seconds(187_200)));
    for text in ["<unknown>", "<invalid>", "", "s", "-3s", "now"] {
        assert_eq!(age(text), None, "{text}");
    }
    assert_eq!(age("10s").map(ago), Some(Time(NEWEST.0 - 10_000)));
    for (text, is) in [
        ("Tue, 24 Nov 2026 08:18:49 +0000", Some("2026-11-24T08:18:49Z")),
        ("Sat, 03 Jun 2017 04:22:29 -0300", Some("2017-06-03T07:22:29Z")),
        ("Wed, 1 Jan 2020 00:30:00 +0100", Some("2019-12-31T23:30:00Z")),
        ("Mon, 01 Jan 0001 00:00:00 +0000", None),
        ("Tue, 24 Xxx 2026 08:18:49 +0000", None),
        ("Tue, 24 Nov 99999 08:18:49 +é00", None),
    ] {
        assert_eq!(rows::described::block::stamp(text).as_deref(), is, "{text}");
    }
}
