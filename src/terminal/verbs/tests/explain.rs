//! What `kubectl explain` prints, compared with kubectl and API server 1.37.1.

use kubectl::Files;

use crate::sessions::{run_with, world};

/// Lines and what they printed, one after another.
const PRINTED: &str = include_str!("../../../../tests/data/kubectl/explain.txt");

#[test]
fn fields_are_described_in_the_words_of_the_api() {
    let mut wrong = Vec::new();
    let cases: Vec<(&str, &str)> = PRINTED.split("$ explain ").skip(1).filter_map(|part| part.split_once('\n')).collect();
    for (what, printed) in &cases {
        let said = run_with(&mut world(), &format!("explain {what}"), &Files::new());
        if said != *printed {
            let at = said.lines().zip(printed.lines()).find(|(own, real)| own != real);
            wrong.push(format!("{what}: {at:?}"));
        }
    }
    println!("{} of {} as printed", cases.len() - wrong.len(), cases.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_not_there_is_not_explained() {
    let said = run_with(&mut world(), "explain nosuch", &Files::new());
    assert_eq!(said, "! the server doesn't have a resource type \"nosuch\"\n? 1\n");
    let said = run_with(&mut world(), "explain sts.spec.foo", &Files::new());
    assert_eq!(said, "GROUP:      apps\nKIND:       StatefulSet\nVERSION:    v1\n\n! error: field \"foo\" does not exist\n? 1\n");
    let said = run_with(&mut world(), "explain flowschema.spec", &Files::new());
    assert!(said.starts_with("note: ordinal: `kubectl explain` of kind FlowSchema is not simulated."), "{said}");
    let said = run_with(&mut world(), "explain pod.spec --recursive", &Files::new());
    assert!(said.contains("\n  containers\t<[]Container> -required-\n    args\t<[]string>\n"), "{said}");
}
