//! A world from less: tables, single lines and pastes of all forms.
//!
//! `data/diagnose/NN-name/` holds `tables.txt`, `describe.txt` and `one-line.txt` beside the dump, and `case.json` says whether the cause
//! can be known from each; `data/diagnose-pastes/` holds what people paste, whose first lines (`# `) are not part of the paste.

use std::path::{Path, PathBuf};
use std::{fs, panic};

use ordinal::api::object::parent_and_ordinal;
use ordinal::base::dice::{Dice, Purpose};
use ordinal::base::time::{Span, Time};
use ordinal::base::value::Value;
use ordinal::causes::blame::Sure;
use ordinal::intake::verdict::Report;
use ordinal::intake::{Dump, Standing, diagnose, told};
use ordinal::text::diagnose::Unread;

use super::sentences::faults;
use super::{GIVEN, OWN, cases, families, news};

/// Cases of which the author knew more than a file says: a question is the right answer.
const MORE_THAN_TOLD: [(&str, &str); 3] = [
    // No table of the paste has selectors.
    ("32-two-sets-one-selector", "tables.txt"),
    // One of the two sets is described.
    ("32-two-sets-one-selector", "describe.txt"),
    // Of a rollout that is complete a line does not say how far it was to go.
    ("52-partition", "one-line.txt"),
];

/// The families of a report, and what it asks for.
fn said(report: &Report) -> (Vec<&'static str>, Vec<String>) {
    let asked = report.verdicts.iter().flat_map(|verdict| verdict.missing.iter().cloned());
    (report.verdicts.iter().map(|verdict| verdict.family().word()).collect(), asked.collect())
}

/// Whether each verdict that is not certain asks for what would make it so.
pub fn asks(report: &Report) -> bool {
    let open = report.verdicts.iter().filter(|verdict| verdict.sure != Sure::Certain);
    open.clone().count() > 0 && open.clone().all(|verdict| !verdict.missing.is_empty())
}

/// Whether a report says that the set itself is fine, and nothing else.
pub fn is_fine(report: &Report) -> bool {
    report.verdicts.iter().all(|verdict| verdict.family().word() == "not-stuck")
}

/// Judges all cases of a folder by one of their files; what is wrong.
fn faults_of(folder: &str, file: &str, key: &str) -> Vec<String> {
    let (mut right, mut asked, mut wrong) = (0, 0, Vec::new());
    for case in cases(folder) {
        let report = diagnose([&*case.file(file)]);
        let (found, missing) = said(&report);
        wrong.extend(faults(&report).iter().map(|fault| format!("{}: {fault}", case.name)));
        let wanted = families(&case.told);
        // What a line says of a pod is true of it, whether or not a rollout waits for that pod.
        let is_its_pod = wanted == ["rollback-trap"] && found.iter().any(|family| ["container-fails", "no-node-fits"].contains(family));
        let sufficient = case.told["sufficient"][key] == true && !MORE_THAN_TOLD.contains(&(&*case.name, file));
        if wanted.iter().any(|family| found.contains(&&**family)) {
            right += 1;
        } else if !sufficient && (asks(&report) || is_fine(&report) || is_its_pod) {
            // Where the text shows nothing amiss, that the set is fine is the right answer.
            asked += 1;
        } else {
            wrong.push(format!("{}: {found:?} instead of {wanted:?}, asks for {missing:?}", case.name));
        }
    }
    println!("{folder}, {file}: the family right {right} times, the right question {asked} times, wrong {}", wrong.len());
    news(folder, file, wrong)
}

/// Judges all cases of a folder by some of their files.
fn judged(folder: &str, files: &[(&str, &str)]) {
    let wrong: Vec<String> = files.iter().flat_map(|(file, key)| faults_of(folder, file, key)).collect();
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn tables_tell_the_family_or_are_asked_for_more() {
    judged(GIVEN, &[("tables.txt", "tables")]);
}

#[test]
fn descriptions_tell_the_family_or_are_asked_for_more() {
    judged(GIVEN, &[("describe.txt", "describe")]);
}

#[test]
fn less_of_further_clusters_tells_the_family_or_is_asked_for_more() {
    judged(OWN, &[("tables.txt", "tables"), ("describe.txt", "describe"), ("one-line.txt", "oneLine")]);
}

#[test]
fn times_and_ages_of_a_description_are_on_one_clock() {
    let mut dated = 0;
    for case in [GIVEN, OWN].into_iter().flat_map(cases) {
        let dump = Dump::read([&*case.file("describe.txt")]);
        let recorded = case.told["recordedAt"].as_str().and_then(Time::parse_rfc3339).expect("a time");
        if let Some(newest) = dump.newest.filter(|_| !dump.undated) {
            // Ages are printed in whole seconds, and from three minutes on less exactly.
            assert!(newest <= recorded && recorded.since(newest) < Span::seconds(10), "{}: {}", case.name, newest.rfc3339());
            dated += 1;
        }
    }
    assert!(dated > 30, "{dated} descriptions have a time");
}

#[test]
fn one_line_tells_the_family_or_is_asked_for_more() {
    judged(GIVEN, &[("one-line.txt", "oneLine")]);
}

/// The pastes, by name.
pub fn pastes() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/diagnose-pastes");
    let mut all: Vec<PathBuf> = fs::read_dir(folder).expect("the pastes").map(|entry| entry.expect("an entry").path()).collect();
    all.sort();
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("a paste");
        let notes = ["# source:", "# cause:", "# form:", "# fidelity:"];
        let paste: Vec<&str> = text.lines().skip_while(|line| notes.iter().any(|note| line.starts_with(note))).collect();
        (path.file_stem().expect("a name").to_string_lossy().into_owned(), paste.join("\n"))
    };
    all.iter().map(read).collect()
}

/// What is to come of each paste: the families of which one must be told, and whether something must be asked for.
const TOLD: [(&str, &[&str], bool); 22] = [
    ("01-forced-rollback-tables", &["container-fails"], true),
    ("02-sts-status-fragment", &["cannot-know"], true),
    ("04-quota-must-specify-get-events", &["pod-refused"], false),
    ("05-quota-pods-tables", &["pod-refused", "cannot-know"], true),
    ("06-podsecurity-restricted", &["pod-refused"], false),
    ("07-zero-total-no-events", &["pod-refused"], false),
    ("09-orphan-selector-mismatch", &["identity-conflict", "pod-refused"], false),
    ("11-nodelost-describe-fragment", &["node-silent", "pod-refused"], true),
    ("13-pvc-names-released-pv", &["claim-pending"], true),
    ("14-no-storageclass-describe-pvc", &["claim-pending"], false),
    ("15-no-storageclass-tables", &["claim-pending"], true),
    ("16-wffc-pod-not-shown", &["cannot-know"], true),
    ("17-pv-topology-describe-pod", &["volume-elsewhere"], true),
    ("19-zonal-pv-no-room", &["volume-elsewhere", "no-node-fits"], true),
    ("21-insufficient-memory", &["no-node-fits"], true),
    ("22-shared-rwo-claim", &["attach-or-mount"], false),
    ("23-rwo-claim-shared-with-deployment-events", &["attach-or-mount"], false),
    ("26-graceful-shutdown-wide-tables", &["node-refuses", "cannot-know", "attach-or-mount"], true),
    ("28-readiness-needs-peers", &["ordered-gate"], true),
    ("30-service-not-headless", &["not-stuck", "cannot-know"], false),
    ("31-createcontainerconfigerror", &["container-fails"], true),
    ("33-bogus-pointer-values-describe-sts", &["cannot-know"], true),
];

#[test]
fn pastes_tell_the_family_or_are_asked_for_more() {
    let mut wrong = Vec::new();
    let all = pastes();
    assert_eq!(all.iter().map(|(name, _)| &**name).collect::<Vec<_>>(), TOLD.map(|(name, ..)| name), "a row for each paste");
    for ((name, text), (_, wanted, must_ask)) in all.iter().zip(TOLD) {
        let report = diagnose([&**text]);
        let (found, missing) = said(&report);
        wrong.extend(faults(&report).iter().map(|fault| format!("{name}: {fault}")));
        let invented = found.iter().any(|family| !wanted.contains(family) && *family != "cannot-know");
        if !found.iter().any(|family| wanted.contains(family)) || must_ask && missing.is_empty() || invented {
            wrong.push(format!("{name}: {found:?} instead of {wanted:?}, asks for {missing:?}"));
        }
    }
    println!("{} pastes, wrong {}", all.len(), wrong.len());
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

/// A text made of lines of others: cut, joined, in another order.
pub fn made_of(all: &[(String, String)], number: u64) -> String {
    let dice = Dice { seed: 20_260_730 };
    let roll = |at: u64, sides: usize| {
        usize::try_from(dice.below(Purpose::Operation, number, at, u64::try_from(sides).expect("sides"))).expect("a side")
    };
    let mut lines: Vec<String> = Vec::new();
    for of in 0..1 + roll(0, 3) {
        let text = &all[roll(10 + u64::try_from(of).expect("a number"), all.len())].1;
        lines.extend(text.lines().map(str::to_owned));
    }
    let mut at = 100;
    for _ in 0..roll(1, 12) {
        at += 10;
        let place = roll(at, lines.len().max(1)).min(lines.len().saturating_sub(1));
        match roll(at + 1, 7) {
            0 => drop(lines.remove(place)),
            1 => lines.truncate(place + 1),
            2 => drop(lines.drain(..place)),
            3 => {
                let other = roll(at + 2, lines.len());
                lines.swap(place, other);
            }
            4 => {
                // Cut within the line, at any character.
                let cut = roll(at + 3, lines[place].chars().count() + 1);
                lines[place] = lines[place].chars().take(cut).collect();
            }
            5 => {
                let next = lines.get(place + 1).cloned().unwrap_or_default();
                lines[place].push_str(&next);
            }
            _ => lines[place] = format!("> │ {}\t\u{1b}[31m│", lines[place]),
        }
        if lines.is_empty() {
            break;
        }
    }
    lines.join("\n")
}

#[test]
fn any_text_gets_an_answer() {
    let mut all = pastes();
    for file in ["tables.txt", "describe.txt"] {
        all.extend(cases(GIVEN).into_iter().take(4).map(|case| (case.name.clone(), case.file(file))));
    }
    for number in 0..200 {
        let text = made_of(&all, number);
        let told = panic::catch_unwind(|| {
            let report = diagnose([&*text]);
            (report.verdicts.len(), told::text(&report), told::json(&report).to_json())
        });
        let (count, words, _) = told.unwrap_or_else(|_| panic!("text {number} was not survived:\n{text}"));
        assert!(count > 0 && !words.is_empty(), "{text}");
    }
}

/// A row of which nothing is known.
const UNKNOWN: &str = "3s          Warning   Flummoxed   pod/zebra-0   the flux is out of phase";

/// Whether a text names an object, or a set of whose pods or claims the object is one.
pub fn names(text: &str, name: &str) -> bool {
    let parent = parent_and_ordinal(name).map(|(parent, _)| parent);
    // A claim has the name of its template before that of its set.
    let of_set = |parent: &str| text.contains(parent) || parent.match_indices('-').any(|(at, _)| text.contains(&parent[at + 1..]));
    name.is_empty() || name == "default" || text.contains(name) || parent.is_some_and(of_set)
}

/// The lines that are in none of the lists of a report, or in two, or that it does not say are not read.
fn unaccounted(text: &str, report: &Report) -> Vec<String> {
    let json = told::json(report);
    let listed = |list: &str| -> Vec<i64> {
        let runs = json.list_at(&["lines", list]).iter().filter_map(Value::as_list);
        runs.flat_map(|run| run[0].as_int().unwrap_or(0)..=run[1].as_int().unwrap_or(0)).collect()
    };
    let lists = ["read", "notRead", "prose"].map(listed);
    let mut wrong: Vec<String> = (1..)
        .zip(text.lines())
        .filter_map(|(number, line)| {
            let times = lists.iter().flatten().filter(|listed| **listed == number).count();
            (times != 1).then(|| format!("line {number} is in {times} lists: {line}"))
        })
        .collect();
    let said =
        report.unread.iter().filter(|one| matches!(one, Unread::Line { .. } | Unread::NotYaml { .. } | Unread::Template { .. })).count();
    let further = report.unread.iter().any(|one| matches!(one, Unread::Further { .. } | Unread::NotYaml { .. } | Unread::Template { .. }));
    if said > lists[1].len() || said < lists[1].len() && !further {
        wrong.push(format!("{said} of the lines {:?} are said not to be read", lists[1]));
    }
    wrong
}

/// What of an answer to a text has no ground in it.
fn groundless(text: &str) -> Vec<String> {
    let whole = format!("{text}\n\n{UNKNOWN}");
    let report = diagnose([&*whole]);
    let mut wrong = unaccounted(&whole, &report);
    if report.account.of_standing(Standing::Unread).last() != Some(whole.lines().count()) {
        wrong.push("the last line, of which nothing is known, is not among those that are not read".to_owned());
    }
    for verdict in &report.verdicts {
        let about = [&verdict.object, &verdict.workload].into_iter().chain(verdict.chain.iter().map(|(about, _)| about));
        wrong.extend(about.filter(|key| !names(text, &key.name)).map(|key| format!("{key} is not named")));
        if !verdict.hangs_on.is_empty() && !verdict.cures.is_empty() {
            wrong.push(format!("a cure on an assumed ground: {:?}", verdict.hangs_on));
        }
        let is_complete = told::title(verdict).plain().contains("is complete");
        wrong.extend(is_complete.then(|| "complete, though a line is not read".to_owned()));
    }
    wrong
}

#[test]
fn of_any_text_nothing_is_invented() {
    let mut all = pastes();
    all.extend(super::public::texts());
    for file in ["tables.txt", "describe.txt"] {
        all.extend(cases(GIVEN).into_iter().take(8).map(|case| (case.name.clone(), case.file(file))));
    }
    let wrong = |number: u64| {
        let text = made_of(&all, number);
        groundless(&text).into_iter().map(move |wrong| format!("text {number}: {wrong}\n{text}")).collect::<Vec<_>>()
    };
    let wrong: Vec<String> = (1000..2000).flat_map(wrong).collect();
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong[..wrong.len().min(3)].join("\n\n"));
}
