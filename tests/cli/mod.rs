//! The command line of `ordinal`: sessions as documents, the forms that programs read against their schemas, and what is accepted.
//!
//! `TRYCMD=overwrite` writes the sessions anew. `sarif-2.1.0.json` is the schema of OASIS, unchanged.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

pub mod opened;
pub mod reports;
mod schema;

use schema::Schema;

/// Runs `ordinal` where the files of these tests are.
fn ordinal(args: &[&str]) -> Output {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/files");
    Command::new(env!("CARGO_BIN_EXE_ordinal")).args(args).current_dir(folder).output().expect("ordinal runs")
}

/// What it prints, and its exit code.
fn printed(args: &[&str]) -> (String, i32) {
    let output = ordinal(args);
    (String::from_utf8(output.stdout).expect("text"), output.status.code().expect("an exit code"))
}

fn json(args: &[&str]) -> Value {
    let (text, _) = printed(args);
    serde_json::from_str(&text).unwrap_or_else(|why| panic!("{args:?}: {why}: {text}"))
}

/// A schema in which no object has a field that the schema does not name.
fn closed(mut schema: Value) -> Value {
    fn close(value: &mut Value) {
        if let Some(object) = value.as_object_mut() {
            if object.contains_key("properties") && object.contains_key("required") {
                object.entry("additionalProperties").or_insert(Value::Bool(false));
            }
            object.values_mut().for_each(close);
        } else if let Some(list) = value.as_array_mut() {
            list.iter_mut().for_each(close);
        }
    }
    close(&mut schema);
    schema
}

/// Holds a report to the schema of its name, with no field beside.
pub fn hold_to_schema(report: &str, value: &Value) {
    let schema = closed(json(&["schema", report]));
    hold(Schema::of(&schema), value);
}

/// Holds JSON to a schema.
fn hold(schema: Schema, value: &Value) {
    let faults = schema.faults(value);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn sessions_print_what_they_show() {
    trycmd::TestCases::new().case("tests/cli/*.trycmd").case("tests/cli/*.toml").run();
}

#[test]
fn colours_heed_no_color_and_what_is_no_terminal() {
    let said = |env: &[(&str, &str)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ordinal"));
        command.args(["diagnose", "no-such-file"]).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").envs(env.iter().copied());
        String::from_utf8(command.output().expect("ordinal runs").stderr).expect("text")
    };
    let (plain, forced) = (said(&[]), said(&[("CLICOLOR_FORCE", "1")]));
    assert!(!plain.contains('\u{1b}') && plain.starts_with("ordinal: no-such-file: "), "{plain}");
    assert!(forced.contains('\u{1b}'), "{forced}");
    assert_eq!(said(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), plain);
}

#[test]
fn nothing_of_progress_is_printed_where_there_is_no_terminal() {
    let output = ordinal(&["risks", "web.yaml", "--depth", "1"]);
    assert!(output.stderr.is_empty() && !output.stdout.contains(&0x1b), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn json_is_what_its_schema_says_and_no_more() {
    let dump = "../../data/diagnose/02-rollout-bad-image/cluster.yaml";
    for (report, runs) in [
        ("diagnosis", &[&["diagnose", dump, "-o", "json"][..], &["diagnose", "event.txt", "-o", "json"]][..]),
        (
            "plan",
            &[
                &["plan", "web.yaml", "newer.yaml", "-o", "json"],
                &["plan", "web.yaml", "immutable.yaml", "-o", "json"],
                &["plan", "--by", "helm4", "db.yaml", "db-newer.yaml", "-o", "json"],
            ],
        ),
        ("risks", &[&["risks", "web.yaml", "-o", "json", "--depth", "1"]]),
    ] {
        let schema = closed(json(&["schema", report]));
        let schema = Schema::of(&schema);
        runs.iter().for_each(|run| hold(schema, &json(run)));
        let mut wrong = json(runs[0]);
        wrong["kind"] = Value::from("Another");
        assert!(!schema.faults(&wrong).is_empty());
    }
}

#[test]
fn verdicts_are_what_their_schema_says_and_no_more() {
    let dump = "../../data/diagnose/53-crash-after-ready/cluster.yaml";
    let schema = closed(json(&["schema", "done"]));
    let verdicts = json(&["done", dump, "-o", "json"]);
    hold(Schema::of(&schema), &verdicts);
    let of = |tool: &str| verdicts[0]["tools"].as_array().and_then(|all| all.iter().find(|one| one["tool"] == tool)).expect("a verdict");
    assert_eq!((&of("kubectl")["verdict"], &of("helm4")["verdict"]), (&"waits".into(), &"failed".into()));
    let mut wrong = verdicts.clone();
    wrong[0]["tools"][0]["verdict"] = Value::from("perhaps");
    assert!(!Schema::of(&schema).faults(&wrong).is_empty());
}

#[test]
fn sarif_is_what_the_standard_says_and_names_lines() {
    let standard: Value = serde_json::from_str(include_str!("sarif-2.1.0.json")).expect("JSON");
    let schema = Schema::of(&standard);
    let dump = "../../data/diagnose/02-rollout-bad-image/cluster.yaml";
    let runs: [&[&str]; 3] = [&["risks", "web.yaml", "--depth", "1"], &["plan", "web.yaml", "immutable.yaml"], &["diagnose", dump]];
    for run in runs {
        let log = json(&[run, &["-o", "sarif"]].concat());
        hold(schema, &log);
        let (rules, results) = (&log["runs"][0]["tool"]["driver"]["rules"], log["runs"][0]["results"].as_array().expect("results"));
        assert!(!results.is_empty(), "{run:?}");
        for result in results {
            let index = usize::try_from(result["ruleIndex"].as_u64().expect("a rule")).expect("an index");
            assert_eq!(rules[index]["id"], result["ruleId"]);
            assert!(rules[index]["fullDescription"]["text"].as_str().is_some_and(|what| !what.contains(['{', '}'])), "{}", rules[index]);
            let line = result["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64();
            assert!(line.is_some_and(|line| line > 0), "{result}");
        }
    }
}

#[test]
fn the_man_page_has_every_option_of_every_command_and_names_no_other_page() {
    let (page, code) = printed(&["man"]);
    let plain = page.replace("\\-", "-");
    assert_eq!(code, 0);
    for command in
        [&["diagnose"][..], &["plan"], &["risks"], &["done"], &["check"], &["explain"], &["schema"], &["lesson", "try"], &["completions"]]
    {
        let (help, _) = printed(&[command, &["--help"]].concat());
        let name = format!("ORDINAL {}", command.join(" ").to_uppercase());
        let section = plain.split(".SH ").find(|section| section.contains(&name)).unwrap_or_else(|| panic!("{name}: {page}"));
        let flags =
            help.split_whitespace().filter(|word| word.starts_with("--") && word.chars().all(|c| c.is_ascii_lowercase() || c == '-'));
        flags.filter(|flag| *flag != "--").for_each(|flag| assert!(section.contains(flag), "{name} {flag}: {section}"));
    }
    assert!(!plain.contains("(1)"), "{page}");
}

#[test]
fn every_id_that_is_listed_is_explained() {
    let (list, code) = printed(&["explain"]);
    assert_eq!(code, 0);
    assert!(list.lines().count() > 100 && !list.contains(['{', '}', '`', '<']), "{list}");
    let mut lessons = 0;
    let mut seen: Vec<&str> = Vec::new();
    for line in list.lines() {
        let id = line.split_whitespace().next().expect("an id");
        assert!(!seen.contains(&id), "{id} is listed twice");
        seen.push(id);
        let (text, code) = printed(&["explain", id]);
        assert!(code == 0 && text.starts_with(id) && text.contains("How it is seen:"), "{text}");
        lessons += text.matches("#lesson=").count();
    }
    assert!(lessons > 20, "{lessons}");
}

#[test]
fn a_finding_that_is_accepted_stays_so_and_does_not_fail() {
    let run = ["risks", "web.yaml", "budget.yaml", "--depth", "1", "-o", "sarif"];
    let (before, failed) = printed(&run);
    let (after, fine) = printed(&[&run[..], &["--accept", "accepted.txt"]].concat());
    assert_eq!((failed, fine), (1, 0), "{after}");
    let suppressed = |text: &str| text.matches("\"suppressions\"").count();
    assert!(suppressed(&before) == 0 && suppressed(&after) > 0);
    assert!(after.contains("each pod is moved by hand before its node is drained"));
    // By an annotation of the object.
    let (annotated, code) = printed(&["risks", "annotated.yaml", "budget.yaml", "--depth", "1", "-o", "github"]);
    assert!(code == 0 && !annotated.contains("drain-endless"), "{annotated}");
    // What another tool brings, by each id: a Secret, and a claim.
    let brought = ["risks", "unbrought.yaml", "--depth", "1", "-o", "github"];
    let (told, failed) = printed(&brought);
    assert!(failed == 1 && told.contains("title=not-brought") && told.contains("title=claim-missing"), "{told}");
    let (told, fine) = printed(&[&brought[..], &["--accept", "brought.txt"]].concat());
    assert!(fine == 0 && !told.contains("::error"), "{told}");
}
