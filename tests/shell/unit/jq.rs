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
        let said = line.strip_prefix("parse error: ").or_else(|| Some(line.strip_prefix("jq: error (at <stdin>:")?.split_once("): ")?.1));
        format!("! {}", said.expect("a mistake"))
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
        (
            r#".items[]|"\(.metadata.name) is on \(.spec.nodeName // "none")""#,
            r#""web-0 is on node-1" "web-1 is on none" "db-0 is on node-1""#,
        ),
        (r"[.items[] | {name: .metadata.name, (.status.phase): 1}] | .[1]", r#"{"name":"web-1","Pending":1}"#),
        (".items[0,2] | [.metadata.name, .status.n] | @tsv", r#""web-0\t3" "db-0\t2""#),
        ("[.items[].status.n] | add, length, max, sort", "6 3 3 [1,2,3]"),
        (".items | map(.status.phase) | unique | join(\", \")", r#""Pending, Running""#),
        (
            ".items | group_by(.spec.nodeName) | map({node: .[0].spec.nodeName, pods: length})",
            r#"[{"node":null,"pods":1},{"node":"node-1","pods":2}]"#,
        ),
        (".items | sort_by(.status.n) | .[-1].metadata.name, (reverse | .[0].status.n)", r#""web-0" 3"#),
        (r#".items[] | select(.metadata.name | startswith("web")) | .metadata | has("labels")"#, "true false"),
        (".items[].metadata.labels.app?", r#""nginx" null "db""#),
        (".items[0].metadata.labels | to_entries[] | \"\\(.key)=\\(.value)\"", r#""app=nginx""#),
        (".items | length as", "none"),
        ("[.items[] | if .status.n >= 2 then \"many\" elif .status.n == 1 then \"one\" else \"no\" end]", r#"["many","one","many"]"#),
        ("any(.items[]; .x), 1", "false 1"),
        (".items | any(.status.n > 2), all(.status.n > 2)", "true false"),
        (".items[1:] | map(.metadata.name)", r#"["web-1","db-0"]"#),
        ("first(.items[].metadata.name), (.items | first | .status.n)", r#""web-0" 3"#),
        (".. | .nodeName? // empty", r#""node-1" "node-1""#),
        (".items[] |= 1", "none"),
        ("$x", "none"),
        ("frobnicate", "none"),
    ] {
        assert_eq!(made(program, PODS).unwrap_or("none".to_owned()), want, "{program}");
    }
}

#[test]
fn numbers_are_compared_by_all_their_digits() {
    for (json, program, want) in [
        ("[0.98765432109, 0.5]", "max, min", "0.98765432109 0.5"),
        ("[0.1234567891, 0.9876543219]", ".[0] == .[1], .[0] < .[1]", "false true"),
        ("[0.12345678901, 0.1234567890]", "sort", "[0.123456789,0.12345678901]"),
        ("[-0.98765432109, -0.5, -2, 0, -0, 0.00012345678901]", "sort", "[-2,-0.98765432109,-0.5,0,-0,0.00012345678901]"),
        ("[10.00000000001, 9.99999999999, 10]", "sort", "[9.99999999999,10,10.00000000001]"),
        ("[1.50000000000, 1.5]", "unique, .[0] == .[1]", "[1.5] true"),
    ] {
        assert_eq!(made(program, json).unwrap_or("none".to_owned()), want, "{program}");
    }
    // With exponents, which yq reads.
    for (one, other, want) in [
        ("1e+21", "18446744073709551615", "false false true"),
        ("1e-07", "0.000001", "true false false"),
        ("1e-07", "0.0000001", "false true false"),
        ("-1e+21", "-2e+21", "false false true"),
        ("18446744073709551615", "18446744073709551614", "false false true"),
    ] {
        let (out, err) = answered(&["yq", ".[0] < .[1], .[0] == .[1], .[0] > .[1]"], &format!("[{one}, {other}]")).expect("an answer");
        assert_eq!((out.lines().collect::<Vec<_>>().join(" ").as_str(), err.as_str()), (want, ""), "{one} and {other}");
    }
}

#[test]
fn values_operators_and_mistakes() {
    for (json, program, want) in [
        (r#"{"a": {"b": [1, 2]}}"#, ".a.b[], .a[\"b\"][0], .\"a\".b[-1], .c.d, .a.b[7]", "1 2 1 2 null null"),
        ("[3, 1]", ".[0] - .[1] * 2, (.[0] + 1) % 3, 6 / 3", "1 1 2"),
        ("{}", ".a + 1, ([1] + [2]), ({a: 1} + {b: 2}), ([1, 2, 1] - [1]), \"a\" + \"b\"", r#"1 [1,2] {"a":1,"b":2} [2] "ab""#),
        (r#"{"a": false}"#, ".a // \"x\", .a, (.b // .c // 3), (null | not)", r#""x" false 3 true"#),
        ("[1, [2, [3]]]", "flatten, .[1][1][0], (.[0] < .[1])", "[1,2,3] 3 true"),
        (r#"{"b": 1, "a": 2}"#, "keys, length, del(.a), (with_entries(.value += 1))?", "none"),
        (r#"{"b": 1, "a": 2}"#, "keys, length, del(.a), with_entries(.value = 1)", "none"),
        (
            r#"{"b": 1, "a": 2}"#,
            "keys, length, del(.a), (to_entries | map(.value)), map_values(. + 1)",
            r#"["a","b"] 2 {"b":1} [1,2] {"b":2,"a":3}"#,
        ),
        (
            r#"{"data": {"password": "cGFzcw=="}}"#,
            ".data | map_values(@base64d), (.password | @base64)",
            r#"{"password":"pass"} "Y0dGemN3PT0=""#,
        ),
        (r#"["a", "b,\"c", 1, true, null]"#, "@csv, @json", r#""\"a\",\"b,\"\"c\",1,true," "[\"a\",\"b,\\\"c\",1,true,null]""#),
        (r#"{"a": "x"}"#, ".a[]", r#"! Cannot iterate over string ("x")"#),
        (r#"{"a": null}"#, "1, .a[], 2", "1 ! Cannot iterate over null (null)"),
        ("[1]", ".a", "! Cannot index array with string \"a\""),
        (r#"{"a": 1}"#, ".a.b, 2", "! Cannot index number with string \"b\""),
        (r#"{"a": 1}"#, ".[0]", "! Cannot index object with number"),
        (r#"{"a": 1}"#, ".a + \"x\"", r#"! number (1) and string ("x") cannot be added"#),
        (r#"{"a": 1}"#, "(.a.b)?, 2", "2"),
        (r#"{"a": 1}"#, ".a? | keys", "! number (1) has no keys"),
        (
            r#"{"b": 1, "a": "<"}"#,
            ". + {c: 2, b: 3}, @json, (.a | @json, tostring)",
            r#"{"b":3,"a":"<","c":2} "{\"b\":1,\"a\":\"<\"}" "\"<\"" "<""#,
        ),
        ("1 2\n[3]", ".", "1 2 [3]"),
        ("[1.50, 10, -0] 2.0", ".", "[1.5,10,-0] 2"),
        ("not json", ".", "! Invalid numeric literal at line 1, column 4"),
        ("1\n{a: 2}", ".", "1 ! Invalid numeric literal at line 2, column 3"),
        (r#"{"a" 1}"#, ".", "! Expected separator between values at line 1, column 7"),
        ("[1,]", ".", "! Expected another array element at line 1, column 4"),
        ("[1}", ".", "! Objects must consist of key:value pairs at line 1, column 3"),
        ("{} ]", ".", "{} ! Unmatched ']' at line 1, column 4"),
        ("[1,\n2", ".", "! Unfinished JSON term at EOF at line 2, column 1"),
        ("\"a\n", ".", "! Unfinished string at EOF at line 2, column 0"),
        ("tru ", ".", "! Invalid literal at line 1, column 4"),
        (r#""x""#, "ascii_upcase, length, .[0:1], split(\"\"), test(\"x\")", "none"),
        (r#""a-b""#, "ascii_upcase, length, .[0:1], split(\"-\"), contains(\"-\")", r#""A-B" 3 "a" ["a","b"] true"#),
        ("1", "1 / 3", "none"),
        ("null", "[range(3)], [range(1; 3)], [limit(1; 2)]", "none"),
        ("null", "[range(3)], [range(1; 3)], ([] | add), ([3, 1] | min), type", r#"[0,1,2] [1,2] null 1 "null""#),
        ("[1.5, 1, 1.25, -0.5]", "sort, max, .[0] > 1, .[1] == 1", "[-0.5,1,1.25,1.5] 1.5 true true"),
        (
            r#"[{"a": 1}, {"a": 2}]"#,
            "any(.[]; .a > 1), all(.[]; .a > 1), any(.[].a; . > 5), any(.a > 1), any(empty; .), all(empty; .)",
            "true false false true false true",
        ),
        ("[1, 2]", "any(1, error; . == 1)", "none"),
        (r#"{"a": 1, "b": [2, 3]}"#, ".a as $x | .b[] | [$x, ., \"\\($x)\"]", r#"[1,2,"1"] [1,3,"1"]"#),
        ("[1, 2]", ".[] as $x | ($x + 1) as $x | {x: $x}", r#"{"x":2} {"x":3}"#),
        ("[1, 2]", "(.[0] as $x | $x), (.[1] as $y | if $y > 1 then [$y] else $y end)", "1 [2]"),
        ("[1, 2]", "(.[0] as $x | $x), $x", "none"),
        ("[1, 2]", ". as [$a, $b] | $a", "none"),
        ("null", "(1, 2) + (10, 20)", "11 12 21 22"),
        ("null", "[range(100000) | range(100)] | length", "none"),
    ] {
        assert_eq!(made(program, json).unwrap_or("none".to_owned()), want, "{program}");
    }
    assert_eq!(made(&"(".repeat(5000), "1"), None);
    assert_eq!(made(&format!("{}1{}", "[".repeat(5000), "]".repeat(5000)), "1"), None);
}
