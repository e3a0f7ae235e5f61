//! The truth page counts what the suite counts, and what it opens in the playground is what was tried.

use std::collections::BTreeSet;

use comparison::listed::{ACCIDENTS, CHANCES, GONE, OTHER_TEXTS, PLACED_OTHERWISE};
use comparison::suite::{Judged, Line, Score, folder, scenarios};
use comparison::validation::{is_compared, is_gone};
use ordinal::api::release::{Release, V1_37};
use ordinal::playground::history::link;
use ordinal::playground::setup;
use ordinal::text::Lang;
use ordinal::text::truth::{CLOSED, WHYS};
use truth::index_page::{self, Results, Row};
use truth::scenario_page;

use crate::conformance::{PARTS, Part};

/// What stands in the element with an id.
fn shown<'a>(page: &'a str, id: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("id=\"{id}\">")).unwrap_or_else(|| panic!("nothing is called {id}"));
    rest.split('<').next().unwrap_or_default()
}

#[test]
fn the_numbers_of_the_truth_page_are_those_of_the_suite() {
    let tallies = || PARTS.iter().map(Part::tally);
    let lines: Vec<&Line> = tallies().flat_map(|tally| &tally.lines).collect();
    let rows = lines.iter().map(|line| Row { line: (*line).clone(), closed: None }).collect();
    let results = Results::of(rows);
    let pages = Lang::ALL.map(|lang| index_page::write(&results, lang));
    let lines_of = |file: &str| {
        let path = format!("{}/tests/data/{file}.jsonl", env!("CARGO_MANIFEST_DIR"));
        let cases = std::fs::read_to_string(path).expect("a file of cases");
        let cases = cases.lines().map(|line| serde_json::from_str(line).expect("a case"));
        cases.filter(|case| is_compared(case, &V1_37) && !is_gone(case)).count()
    };
    let (asked, also) = (["network", "roles", "answers", "kept"], ["cases", "random", "edits", "releases", "flows"]);
    let count = |names: &[&str]| names.iter().map(|name| lines_of(&format!("validation/{name}"))).sum::<usize>();
    for page in &pages {
        for release in Release::ALL {
            let recorded = scenarios().into_iter().filter(|name| folder(name, release).join("trace.jsonl").exists()).count();
            let mut score = Score::default();
            lines.iter().filter(|line| line.release.name == release.name).for_each(|line| score += line.score);
            assert_eq!(score.scenarios, recorded, "the suite plays every recording of {} once", release.name);
            let want = format!("{} / {recorded}", score.same);
            assert_eq!(shown(page, &format!("scenarios-{}", release.name)), want);
            assert_eq!(shown(page, &format!("outputs-{}", release.name)), format!("{} / {}", score.right, score.commands));
        }
        let all = count(&also) + count(&asked);
        assert_eq!(shown(page, &format!("answers-{}", V1_37.name)), format!("{all} / {all}"));
        let names = &results.names;
        assert!(names.all > 250);
        assert_eq!(shown(page, "names"), format!("{} / {}", names.same, names.all));
        assert!(!page.contains("truth."), "a text is missing");
        for name in scenarios() {
            assert!(page.contains(&format!("<a href=\"{name}.html")), "{name}");
        }
        for (name, _) in GONE {
            assert!(page.contains(&format!("<code>{name}</code>:")), "{name} is not played, and the page says so");
        }
    }
    let whole: Score = tallies().fold(Score::default(), |mut sum, tally| {
        sum += tally.score;
        sum
    });
    let summary = index_page::summary(&results);
    let begin =
        format!("<p><strong id=summary>{} recordings of real clusters; {} go otherwise", whole.scenarios, whole.scenarios - whole.same);
    assert!(summary.starts_with(&begin), "{summary}");
    assert_eq!(summary.matches("<li><a href=\"../truth/").count(), 3, "{summary}");
    assert_eq!((whole.scenarios, results.rows.len()), (lines.len(), lines.len()));
}

#[test]
fn each_reason_is_told_and_each_that_is_told_is_one() {
    let texts = OTHER_TEXTS.iter().chain(PLACED_OTHERWISE).map(|(.., why)| *why);
    let listed: BTreeSet<&str> = texts.chain(ACCIDENTS.iter().chain(CHANCES).map(|(.., why)| *why)).collect();
    assert_eq!(listed, WHYS.iter().copied().collect());
}

#[test]
fn what_a_link_opens_is_what_was_tried() {
    for name in ["spine/delete-pod", "nodes/node-down-vs-deployment", "updates/rolling-update", "kubectl/apply-texts"] {
        let judged = Judged::of(name, &V1_37).expect("a recording");
        let text = truth::open::run(&judged.scenario, &V1_37, &judged.recorded[0]).expect("it can be opened");
        let read = link::read(&text, &setup(), Lang::English, &|_| None, || true);
        assert_eq!((read.unread, read.cut, read.differs), (0, false, false), "{name}");
        assert!(read.history.has_stand_ins(), "{name}");
        assert_eq!(link::write(&read.history, ""), text, "{name}");
        let of_kubectl = |line: &str| line.starts_with("do ") && line.contains(" kubectl ");
        assert_eq!(text.lines().filter(|line| of_kubectl(line)).count(), judged.recorded[0].commands.len(), "{name}");
    }
}

#[test]
fn what_cannot_be_opened_says_why_and_what_was_recorded_is_shown() {
    for (name, why) in [("spine/pod-evicted", "evict"), ("spine/pod-crash", "crash")] {
        let all: Vec<Judged> = Release::ALL.into_iter().filter_map(|release| Judged::of(name, release)).collect();
        let written = scenario_page::write(name, &all);
        assert!(CLOSED.contains(&why) && written.closed.iter().all(|closed| *closed == Some(why)), "{name}: {:?}", written.closed);
        assert!(!written.html.contains("#1.") && !written.html.contains("truth."), "{name}");
    }
    let all = [Judged::of("spine/delete-pod", &V1_37).expect("a recording")];
    let html = scenario_page::write("spine/delete-pod", &all).html;
    assert!(html.contains("href=\"../../#1."));
    let recorded = comparison::run::text(&all[0].recorded[0].commands[3], "stdout").lines();
    recorded.for_each(|line| assert!(html.contains(&line.replace('"', "&quot;")), "{line}"));
}

#[test]
fn a_line_of_one_side_alone_is_marked_and_a_shared_one_stands_once() {
    let all = [Judged::of("spine/no-headless-service", &V1_37).expect("a recording")];
    let html = scenario_page::write("spine/no-headless-service", &all).html;
    assert!(html.contains("<del>- ") && html.contains("<ins>+ "), "its endpoints come in another order, which is listed");
    assert_eq!(html.matches("web-0  created").count(), 1, "both create web-0 once, and one line tells that");
}
