//! Pods that exclude one another: by a spread over more nodes than there are, and by a label that two sets share.

use crate::page::Visit;
use ordinal::view::manifest::Note;

const SPREAD: &str = include_str!("../manifests/unseen/excluding-1.yaml");
const SHARED: &str = include_str!("../manifests/unseen/excluding-2.yaml");

/// The notes, each as its line, its words, and the line that helps.
fn notes(visit: &Visit) -> Vec<(usize, String, String)> {
    let one = |note: &Note| {
        let help = note.help.as_ref().map_or(String::new(), |entry| entry.line.clone());
        (note.place.as_ref().map_or(0, |place| place.line), note.words.plain(), help)
    };
    visit.run.present().verdicts().notes.iter().map(one).collect()
}

/// The pods of a set, each as its name, how many containers are Ready, and kubectl's word.
fn listed(visit: &mut Visit, set: &str) -> Vec<[String; 3]> {
    let answer = visit.shows("kubectl get pods --no-headers");
    let columns = |line: &str| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        [columns[0].to_owned(), columns[1].to_owned(), columns[2].to_owned()]
    };
    answer.lines().map(columns).filter(|[name, ..]| name.starts_with(&format!("{set}-"))).collect()
}

/// The names of those of a set of which kubectl says a word.
fn of_word(visit: &mut Visit, set: &str, word: &str) -> Vec<String> {
    listed(visit, set).into_iter().filter(|[.., said]| said == word).map(|[name, ..]| name).collect()
}

/// The lines of the manifest that an answer names as those that decide: `line 31`.
fn lines_named(answer: &str) -> Vec<usize> {
    let number = |rest: &str| rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok();
    answer.split("line ").skip(1).filter_map(number).collect()
}

#[test]
fn a_spread_over_five_nodes_is_noted_at_apply_where_there_are_three() {
    let visit = Visit::with(SPREAD);
    let notes = notes(&visit);
    let note = notes.iter().find(|(line, ..)| (29..=33).contains(line));
    let (_, words, help) = note.unwrap_or_else(|| panic!("nothing is said at apply: {notes:?}"));
    assert!(words.contains('5') && words.contains('3') && words.contains('2'), "{words}");
    assert_eq!(help, "playground add nodes 2");
    assert!(!words.contains("ffinity"), "{words}");
}

#[test]
fn three_of_five_find_a_node_where_a_spread_wants_five_nodes() {
    let mut visit = Visit::with(SPREAD);
    visit.run_until_quiet();
    assert_eq!(listed(&mut visit, "es-data").len(), 5, "all are created");
    let (up, waiting) = (of_word(&mut visit, "es-data", "Running"), of_word(&mut visit, "es-data", "Pending"));
    assert_eq!((up.len(), waiting.len()), (3, 2), "{up:?} {waiting:?}");
    let nodes: Vec<String> = up.iter().map(|pod| visit.node_of(pod)).collect();
    assert!(["node-1", "node-2", "node-3"].iter().all(|node| nodes.iter().any(|of| of == node)), "one a node: {nodes:?}");
    for pod in &waiting {
        let described = visit.shows(&format!("kubectl describe pod {pod}"));
        let words = "0/3 nodes are available: 3 node(s) didn't match pod topology spread constraints";
        assert!(described.contains(words), "{described}");
    }
}

#[test]
fn the_least_number_of_domains_is_the_cause_and_no_anti_affinity() {
    let mut visit = Visit::with(SPREAD);
    visit.run_until_quiet();
    let waiting = of_word(&mut visit, "es-data", "Pending");
    let (why, whole) = (visit.why(), visit.whole_why());
    assert!(waiting.iter().any(|pod| visit.verdict().starts_with(pod.as_str())), "{waiting:?}: {}", visit.verdict());
    assert!(whole.contains("minDomains"), "{whole}");
    assert!(why.line.is_some_and(|line| (29..=33).contains(&line)), "{why:#?}");
    assert!(!whole.contains("ffinity") && !whole.contains("OrderedReady") && !whole.contains("unbound"), "{whole}");
}

#[test]
fn as_many_run_as_there_are_nodes_and_all_where_nobody_asks_for_five() {
    for (nodes, up) in [(1, 4), (2, 5)] {
        let mut visit = Visit::with(SPREAD);
        visit.run_until_quiet();
        visit.type_line(&format!("playground add nodes {nodes}"));
        visit.pass(60);
        visit.run_until_quiet();
        assert_eq!(of_word(&mut visit, "es-data", "Running").len(), up, "{nodes} more");
    }
    let mut visit = Visit::with(&SPREAD.replace("        minDomains: 5\n", ""));
    assert!(notes(&visit).iter().all(|(.., help)| !help.starts_with("playground add nodes")), "{:?}", notes(&visit));
    visit.run_until_quiet();
    assert_eq!(of_word(&mut visit, "es-data", "Running").len(), 5);
}

#[test]
fn five_pods_of_two_sets_that_exclude_one_another_are_noted_at_apply() {
    let visit = Visit::with(SHARED);
    let notes = notes(&visit);
    let note = notes.iter().find(|(line, ..)| (29..=32).contains(line) || (56..=59).contains(line));
    let (_, words, help) = note.unwrap_or_else(|| panic!("nothing is said at apply: {notes:?}"));
    assert!(words.contains('5') && words.contains('3') && words.contains('2'), "{words}");
    assert_eq!(help, "playground add nodes 2");
}

#[test]
fn the_set_that_comes_up_one_by_one_is_short_of_nodes() {
    let mut visit = Visit::with(SHARED);
    visit.run_until_quiet();
    let fleet = visit.fleet();
    assert!(fleet.iter().any(|set| set.contains("vmagent 2/2 ") && !set.ends_with(" stuck")), "{fleet:?}");
    assert!(fleet.iter().any(|set| set.contains("vmstorage 1/3 ") && set.ends_with(" stuck")), "{fleet:?}");
    assert_eq!(of_word(&mut visit, "vmstorage", "Pending"), ["vmstorage-1"]);
    assert_eq!(listed(&mut visit, "vmstorage").len(), 2, "vmstorage-2 is not created");
    let described = visit.shows("kubectl describe pod vmstorage-1");
    assert!(described.contains("0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules"), "{described}");
}

#[test]
fn the_pods_of_the_other_set_are_part_of_the_cause() {
    let mut visit = Visit::with(SHARED);
    visit.run_until_quiet();
    for about in ["sts/vmstorage", "vmstorage-1"] {
        let answer = visit.shows(&format!("why {about}"));
        assert!(answer.starts_with("vmstorage-1 "), "{answer}");
        assert!(answer.contains("vmagent"), "two nodes have a pod of the other set: {answer}");
        assert!(lines_named(&answer).iter().any(|line| (29..=32).contains(line)), "{answer}");
    }
}

#[test]
fn without_the_other_set_there_is_room_for_all_three() {
    let mut visit = Visit::with(SHARED);
    visit.run_until_quiet();
    visit.say("kubectl scale sts vmagent --replicas=0");
    let fleet = visit.fleet();
    assert!(fleet.iter().any(|set| set.contains("vmstorage 3/3 ")), "{fleet:?}");
    assert_eq!(of_word(&mut visit, "vmstorage", "Running").len(), 3);
}
