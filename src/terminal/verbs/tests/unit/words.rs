//! Lines, split into words.

use kubectl::words::{Unclosed, split};

#[test]
fn words_are_split_as_a_shell_splits_them() {
    let cases: &[(&str, &[&str])] = &[
        ("get pods -o wide", &["get", "pods", "-o", "wide"]),
        (r#"patch sts web -p '{"spec":{"replicas":3}}'"#, &["patch", "sts", "web", "-p", r#"{"spec":{"replicas":3}}"#]),
        (r#"annotate sts web cause='image 1.26' "b=$i \"x\"""#, &["annotate", "sts", "web", "cause=image 1.26", r#"b=$i "x""#]),
        (r"get pods -L a\ b # a comment", &["get", "pods", "-L", "a b"]),
        ("get x#y ''", &["get", "x#y", ""]),
        ("apply \\\n -f a", &["apply", "-f", "a"]),
    ];
    for (line, want) in cases {
        assert_eq!(split(line).unwrap(), *want, "{line}");
    }
    assert_eq!(split("get 'pods"), Err(Unclosed('\'')));
    assert_eq!(split("get \"pods"), Err(Unclosed('"')));
}
