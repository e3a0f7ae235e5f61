//! What is told of a pasted cluster that is stuck.

use std::fs;
use std::path::Path;

use ordinal::intake::verdict::Report;
use ordinal::intake::{diagnose, told};
use ordinal::text::ANALYSIS;

/// A recorded stuck cluster, as kubectl printed it in one of its forms.
fn recorded(case: &str, form: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/diagnose").join(case);
    fs::read_to_string(folder.join(form)).expect("a recording")
}

/// The words of the causes that were found.
fn causes(report: &Report) -> Vec<&'static str> {
    report.verdicts.iter().map(|verdict| verdict.family().word()).collect()
}

#[test]
fn a_verdict_says_what_it_rests_on_and_asks_for_what_decides() {
    let report = diagnose([
        "NAME   READY   AGE\ndb     0/2     7m51s\n\nNAME   READY   STATUS    RESTARTS   AGE\ndb-0   1/2     Running   0          8m12s\n",
    ]);
    let [verdict] = &report.verdicts[..] else { panic!("{:?}", causes(&report)) };
    assert_eq!(told::about(verdict, &report), ["Likely cause, in pod/db-0"]);
    assert_eq!(ANALYSIS.diagnose.hangs_on(), "what was assumed, and decides");
    assert!(told::hangs_on(verdict).is_empty() && report.assumed.is_empty(), "of a text nothing is assumed");
    assert_eq!(verdict.missing, ["kubectl describe pod db-0 && kubectl logs db-0 --all-containers --tail=50"]);
    assert!(verdict.cures.is_empty(), "of a reason that nobody knows there is no cure");
}

#[test]
fn every_form_that_kubectl_prints_is_read_and_asks_for_more_unless_it_is_the_whole() {
    for (form, cause) in
        [("tables.txt", "node-silent"), ("describe.txt", "node-silent"), ("one-line.txt", "cannot-know"), ("cluster.yaml", "node-silent")]
    {
        let report = diagnose([&*recorded("24-node-silent-terminating", form)]);
        assert_eq!(causes(&report), [cause], "{form}");
        let asks = report.verdicts.iter().any(|verdict| !verdict.missing.is_empty());
        assert_eq!(asks, form != "cluster.yaml", "{form} asks for more, and the whole does not");
    }
    assert_eq!(ANALYSIS.diagnose.says_more(), "to be sure, paste this as well");
}

#[test]
fn every_example_is_diagnosed_as_its_family() {
    let examples = include_str!("../../src/analysis/intake/examples.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut families = 0;
    for line in examples {
        let [family, _, folder] = line.split_whitespace().collect::<Vec<_>>()[..] else { panic!("{line}") };
        let report = diagnose([&*recorded(folder, "cluster.yaml")]);
        assert_eq!(causes(&report).first(), Some(&family), "{folder}");
        families += 1;
    }
    assert!(families > 12, "{families}");
}
