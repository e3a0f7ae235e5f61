//! Commands that ask no server: `--local`, which patches and changes what files say.
//!
//! `tests/data/kubectl/local/cases.jsonl` is what kubectl 1.37.1 said to each line, with the files beside it and no server to be had.

use base::value::Value;
use kubectl::Files;

use crate::sessions::{run_with, world};

/// What a command said, in the form of [`run_with`].
fn told(case: &Value) -> String {
    let lines = |stream: &str, sign: &str| -> String {
        let text = case.text_at(&[stream]).unwrap_or_default();
        text.split_inclusive('\n').flat_map(|line| [sign, line]).collect()
    };
    let rc = case.int_at(&["rc"]).unwrap_or_default();
    let end = if rc == 0 { String::new() } else { format!("? {rc}\n") };
    lines("stdout", "") + &lines("stderr", "! ") + &end
}

#[test]
fn what_asks_no_server_says_what_the_real_kubectl_says_without_one() {
    let files: Files = [
        ("b.yaml", include_str!("../../../../tests/data/kubectl/local/b.yaml")),
        ("s.yaml", include_str!("../../../../tests/data/kubectl/local/s.yaml")),
        ("l.yaml", include_str!("../../../../tests/data/kubectl/local/l.yaml")),
    ]
    .into_iter()
    .collect();
    let mut wrong = Vec::new();
    let cases = include_str!("../../../../tests/data/kubectl/local/cases.jsonl");
    for case in cases.lines().map(|line| serde_json::from_str::<Value>(line).expect("a case")) {
        let command = case.text_at(&["cmd"]).expect("a command");
        let mut fake = world();
        let said = run_with(&mut fake, command, &files);
        if said != told(&case) || !fake.writes.is_empty() {
            wrong.push(format!("$ {command}\n{said}--- really:\n{}", told(&case)));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.lines().count(), wrong.join("\n"));
}
