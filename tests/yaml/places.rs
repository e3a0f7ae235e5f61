//! Where fields and problems are found in a text, and what is kept of one that is broken.

use ordinal::base::field_path::FieldPath;
use ordinal::yaml::{Document, Fault, MAX_BYTES, NodeKind, Problem, Span, parse};

fn path(text: &str) -> FieldPath {
    let mut path = FieldPath::root();
    for part in text.split('.').filter(|p| !p.is_empty()) {
        let (name, index) = part.split_once('[').map_or((part, None), |(name, rest)| (name, rest.strip_suffix(']')));
        path = path.field(name);
        path = match index {
            Some(index) => index.parse().map_or_else(|_| path.key(index), |i| path.index(i)),
            None => path,
        };
    }
    path
}

const TEXT: &str = "apiVersion: apps/v1\nspec:\n  replicas: -1\n  template:\n    spec:\n      containers:\n      - name: 한글\n        image: x\n      - {name: b}\n  selector:\n";

fn underlined(text: &str, at: &str) -> String {
    let documents = parse(text);
    let span = documents[0].locate(&path(at));
    format!("{}:{} {:?}", span.line, span.column, &text[span.start..span.end])
}

#[test]
fn a_field_is_found_or_its_nearest_ancestor() {
    for (at, want) in [
        ("spec.replicas", r#"3:13 "-1""#),
        ("spec.template.spec.containers[0].name", r#"7:15 "한글""#),
        ("spec.template.spec.containers[1].name", r#"9:16 "b""#),
        ("spec.template.spec.containers[1].image", r#"9:9 "{name: b}""#),
        ("spec.template.spec.containers[7]", r#"6:7 "containers""#),
        ("spec.template.metadata.labels", r#"4:3 "template""#),
        ("spec.selector", r#"10:3 "selector""#),
        ("spec", r#"2:1 "spec""#),
        (
            "metadata.name",
            r#"1:1 "apiVersion: apps/v1\nspec:\n  replicas: -1\n  template:\n    spec:\n      containers:\n      - name: 한글\n        image: x\n      - {name: b}\n  selector:""#,
        ),
    ] {
        assert_eq!(underlined(TEXT, at), want, "{at}");
    }
}

#[test]
fn aliases_and_merged_maps_are_looked_into() {
    let text = "base: &b\n  labels: {a: b}\nx:\n  <<: *b\n  z: *b\n";
    assert_eq!(underlined(text, "x.labels[a]"), r#"2:15 "b""#);
    assert_eq!(underlined(text, "x.z"), r#"5:6 "*b""#);
    assert_eq!(underlined(text, "x.z.labels"), r#"2:11 "{a: b}""#);
}

#[test]
fn an_error_is_shown_where_its_cause_is() {
    for (text, want) in [
        ("a: 1\nreplicas 3\nb: 1\n", r#"2:1 "replicas 3""#),
        ("a: 1\nb: \"x\nc: 2\n", r#"2:4 "\"x""#),
        ("a: 1\nb: [1, 2\n", r#"2:4 "[""#),
        ("a: b: c\n", r#"1:5 ":""#),
        ("x: 1\n---\nb: 1\na: *no\n", r#"4:4 "*no""#),
        ("a: 1\n\tb: 2\n", r#"2:1 "\t""#),
        ("x: 1\n--- y\n", r#"2:1 "--- y""#),
    ] {
        let documents = parse(text);
        let error = documents.iter().find_map(Document::error).unwrap_or_else(|| panic!("{text:?} is refused"));
        let span = error.span;
        assert_eq!(format!("{}:{} {:?}", span.line, span.column, &text[span.start..span.end]), want, "{text:?}");
    }
}

#[test]
fn broken_text_keeps_what_came_before() {
    let documents = parse("kind: Pod\nmetadata:\n  name: a\n  labels: {x: 1\n");
    assert_eq!(documents[0].value, None);
    let root = documents[0].root.as_ref().unwrap();
    assert_eq!(root.entry("kind").map(|e| e.value.kind.clone()).map(|k| matches!(k, NodeKind::Scalar { .. })), Some(true));
    assert!(root.find(&path("metadata.labels.x")).exact);
}

#[test]
fn a_key_that_stands_twice_is_remarked_on() {
    let text = "a: 1\nb: 2\na: 3\n";
    let documents = parse(text);
    assert_eq!(documents[0].value.as_ref().unwrap().to_json(), r#"{"a":3,"b":2}"#);
    assert_eq!(documents[0].problems.len(), 1);
    assert_eq!(documents[0].problems[0].problem, Problem::DuplicateKey("a".into()));
    assert_eq!(documents[0].problems[0].span, Span { start: 10, end: 11, line: 3, column: 1 });
    assert_eq!(documents[0].error(), None);
}

#[test]
fn what_is_too_much_is_refused_in_our_own_words() {
    let problem = |text: &str| parse(text)[0].error().map(|e| e.problem.clone());
    assert_eq!(problem(&"[".repeat(200)), Some(Problem::TooDeep));
    assert_eq!(problem(&format!("a: {}", "- ".repeat(200))), Some(Problem::NotYaml(Fault::EntryHere, 0)));
    assert_eq!(problem(&"- ".repeat(200)), Some(Problem::TooDeep));
    assert!(problem(&"{\"a\":".repeat(200)).is_some());
    assert_eq!(problem(&"x".repeat(MAX_BYTES + 1)), Some(Problem::TooLong));
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for i in 1..9 {
        let again = vec![format!("*a{}", i - 1); 9].join(", ");
        bomb.extend([format!("a{i}: &a{i} [{again}]\n")]);
    }
    assert_eq!(problem(&bomb), Some(Problem::NotYaml(Fault::ExcessiveAliasing, 0)));
    assert_eq!(problem(&format!("[{}]", "1,".repeat(120_000))), None);
    assert_eq!(problem(&"? a\n".repeat(60_000)), None);
}
