//! Programs, and what jq 1.6 and yq make of them.

use ordinal::base::printed::{Piece, Stream};
use ordinal::shell::programs::Dialect;
use ordinal::shell::{Shell, Want};

use super::World;

/// What a tool makes of a text: its results, and of what it complains; `None` if it refuses.
fn answered(words: &[&str], text: &str) -> Option<(String, String)> {
    let mut shell = Shell::new(Dialect::Bash, [], "/").with_input(text);
    shell.take_words(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
    assert!(matches!(shell.run(&mut World::default()), Want::Done(_)), "{words:?}");
    let (mut out, mut err) = (String::new(), String::new());
    for piece in shell.take_new() {
        match piece {
            Piece::Text(Stream::Out, text) => out.push_str(&text),
            Piece::Text(Stream::Err, text) => err.push_str(&text),
            Piece::Note(_) => return None,
        }
    }
    Some((out, err))
}

/// What a program makes of a JSON text: its results, a line each, and how it ended unless well; `None` if it is refused.
fn made(program: &str, json: &str) -> Option<String> {
    let (out, err) = answered(&["jq", "-c", program], json)?;
    let mistake = |line: &str| {
        let said = line.strip_prefix("jq: error (at <stdin>:").and_then(|rest| rest.split_once("): "));
        format!("! {}", said.expect("a mistake").1)
    };
    Some(out.lines().map(str::to_owned).chain(err.lines().map(mistake)).collect::<Vec<_>>().join(" "))
}

const PODS: &str = r#"{"items": [
  {"metadata": {"name": "web-0", "labels": {"app": "nginx"}}, "spec": {"nodeName": "node-1"}, "status": {"phase": "Running", "n": 3}},
  {"metadata": {"name": "web-1"}, "spec": {}, "status": {"phase": "Pending", "n": 1}},
  {"metadata": {"name": "db-0", "labels": {"app": "db"}}, "spec": {"nodeName": "node-1"}, "status": {"phase": "Running", "n": 2}}]}"#;

#[test]
fn what_engineers_ask_of_a_list_of_pods() {
    for (program, want) in [
        (r#".items[] | select(.status.phase != "Running") | .metadata.name"#, r#""web-1""#),
        (r#".items[] | select(.status.phase=="Running" and .status.n > 2).metadata.name"#, r#""web-0""#),
        (r#".items[] | select(.status.n == 1 or (.spec.nodeName | not)).metadata.name"#, r#""web-1""#),
        (".items | map(.status.phase) | length, .[0]", r#"3 "Running""#),
        ("[.items[].metadata.name]", r#"["web-0","web-1","db-0"]"#),
        (".items | sort_by(.status.n) | .[-1].metadata.name, (reverse | .[0].status.n)", r#""web-0" 3"#),
        (".items | sort_by(.status.phase, .status.n) | map(.metadata.name)", r#"["web-1","db-0","web-0"]"#),
        (".items[].metadata.labels.app?", r#""nginx" null "db""#),
        (".items[] | select(.metadata.labels != null) | .metadata | keys", r#"["labels","name"] ["labels","name"]"#),
    ] {
        assert_eq!(made(program, PODS).unwrap_or("none".to_owned()), want, "{program}");
    }
}

#[test]
fn what_is_not_simulated_is_refused_as_a_whole() {
    for program in [
        ".items[] |= 1",
        ".items | length as",
        "$x",
        "frobnicate",
        ".. | .nodeName?",
        ".items[1:]",
        ".items[0].spec.nodeName // \"none\"",
        "{name: .items[0].metadata.name}",
        ".items[]|\"\\(.metadata.name)\"",
        ".items | group_by(.spec.nodeName)",
        "if .items then 1 else 2 end",
        ".items[0].status.n + 1",
        "[.items[].metadata.name] | @tsv",
        ".items | map(.metadata) | .[0] < .[1]",
        ".items | sort_by(.metadata)",
    ] {
        assert_eq!(made(program, PODS), None, "{program}");
    }
    let mut shell = Shell::new(Dialect::Bash, [], "/").with_input("{}");
    shell.take_words(&["jq", "add"].map(str::to_owned));
    shell.run(&mut World::default());
    let told: Vec<String> = shell.take_new().iter().map(|piece| piece.logged().into_owned()).collect();
    assert_eq!(told, ["ordinal: jq \"add\" is not simulated.\n"]);
}

#[test]
fn values_comparisons_and_mistakes() {
    for (json, program, want) in [
        (r#"{"a": {"b": [1, 2]}}"#, ".a.b[], .a[\"b\"][0], .\"a\".b[-1], .c.d, .a.b[7]", "1 2 1 2 null null"),
        (r#"{"a": false}"#, ".a, (null | not), (.a == null), (.a < 1), (1 < \"x\"), (\"b\" > \"a\")", "false true false true true true"),
        (r#"{"b": 1, "a": 2}"#, "., keys, length", r#"{"b":1,"a":2} ["a","b"] 2"#),
        (r#""x<""#, "., length", r#""x<" 2"#),
        (r#"{"a": "x"}"#, ".a[]", r#"! Cannot iterate over string ("x")"#),
        (r#"{"a": null}"#, "1, .a[], 2", "1 ! Cannot iterate over null (null)"),
        ("[1]", ".a", "! Cannot index array with string \"a\""),
        (r#"{"a": 1}"#, ".a.b, 2", "! Cannot index number with string \"b\""),
        (r#"{"a": 1}"#, ".[0]", "! Cannot index object with number"),
        (r#"{"a": 1}"#, "(.a.b)?, 2", "2"),
        (r#"{"a": 1}"#, ".a? | keys", "! number (1) has no keys"),
        ("true", "length", "! boolean (true) has no length"),
        ("1 2\n[3]", ".", "1 2 [3]"),
        ("not json", ".", "none"),
        ("[1,]", ".", "none"),
        ("[1.5]", ".[0]", "none"),
        ("[1e3]", ".[0]", "none"),
        ("[-0]", ".[0]", "none"),
        ("1", "1.5", "none"),
        (r#"{"a": {}, "b": {}}"#, ".a == .b", "none"),
    ] {
        assert_eq!(made(program, json).unwrap_or("none".to_owned()), want, "{program}");
    }
    assert_eq!(made(&"(".repeat(5000), "1"), None);
    assert_eq!(made(&format!("{}1{}", "[".repeat(5000), "]".repeat(5000)), "1"), None);
    assert_eq!(made(&["(.,.)"; 40].join("|"), "1"), None);
}

#[test]
fn documents_are_asked_one_by_one_or_all_at_once() {
    let text = "kind: B\nx: 0.5\n---\nkind: A\n";
    let answer = |words: &[&str]| answered(words, text).map(|(out, err)| out + &err);
    assert_eq!(answer(&["yq", ".kind"]).as_deref(), Some("B\nA\n"));
    assert_eq!(answer(&["yq", "ea", "[.] | sort_by(.kind) | .[0].kind"]).as_deref(), Some("A\n"));
    assert_eq!(answer(&["yq", "ea", "[.] | sort_by(.x)"]), None);
    // Keys keep their order, and lists stand below their key.
    let text = "spec:\n  b: 1\n  a:\n  - z: 1\n    c: 2\nkind: A\n";
    assert_eq!(answered(&["yq", "."], text).map(|(out, _)| out).as_deref(), Some("spec:\n  b: 1\n  a:\n    - z: 1\n      c: 2\nkind: A\n"));
}
