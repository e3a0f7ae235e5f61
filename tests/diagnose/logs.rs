//! What lines of logs, and sentences of people, are told as where nothing else is known.

use ordinal::causes::log::{complains, is_line};
use ordinal::intake::{PRINTS_ALL, diagnose, told};

fn title(text: &str) -> String {
    told::title(&diagnose([text]).verdicts[0]).plain()
}

#[test]
fn a_line_that_complains_is_told_from_one_that_does_not() {
    for line in
        ["FATAL: could not open the file", "2024-01-02 08:00:01 [error] <0.2.0> BOOT FAILED", "Caused by: java.io.IOException: gone"]
    {
        assert!(complains(line), "{line}");
    }
    for line in ["2024-01-02 08:00:01 INFO: failed over, all is well", "    at org.x.Error.main(Error.java:3)", "done with 0 errors"] {
        assert!(!complains(line), "{line}");
    }
}

#[test]
fn a_sentence_a_bullet_and_an_answer_of_an_api_are_no_lines_of_a_log() {
    for line in ["mkdir: cannot create '/data'", "2024-01-02T08:00:01Z connect failed", "E QUERY [js] Error: no config"] {
        assert!(is_line(line), "{line}");
    }
    for line in ["My pod cannot start any more", "- the upgrade failed at 10:15:30", "{\"kind\":\"Status\",\"message\":\"Error: x\"}"] {
        assert!(!is_line(line), "{line}");
    }
}

#[test]
fn a_crash_is_told_with_what_its_log_says() {
    let row = "NAME     READY   STATUS             RESTARTS   AGE\nmoon-1   0/1     CrashLoopBackOff   5          4m\n";
    let log = "$ kubectl logs moon-1\n2031-02-03T04:05:06Z FATAL the tide table has no column of that name\n";
    assert_eq!(title(row), "Container fails: moon-1 crashes after each start");
    let told = title(&format!("{row}\n{log}"));
    assert_eq!(told, "Container fails: moon-1 does not stay up: FATAL the tide table has no column of that name");
}

#[test]
fn mere_sentences_are_answered_by_one_that_names_the_line_to_paste() {
    let prose = "A worker was powered off. The pod of my set stays in Terminating and is not moved to another node.\n";
    let report = diagnose([prose]);
    let said = told::text(&report);
    assert!(said.lines().count() == 1 && said.contains(&format!(": {PRINTS_ALL}\n")), "{said}");
    assert_eq!(title(prose), "Cannot be known: here are only sentences");
    let row = "NAME     READY   STATUS    RESTARTS   AGE\nmoon-1   0/1     Pending   0          4m\n";
    assert_eq!(title(&format!("{prose}\n{row}")), title(row));
    // Few words may be a program's.
    assert_eq!(title("Back-off pulling image \"moon:1\"\n"), "Cannot be known: the text does not show why");
}
