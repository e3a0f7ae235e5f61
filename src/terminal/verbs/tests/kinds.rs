//! Kinds that are only kept, and kinds that CustomResourceDefinitions define, against a recording of the real server and kubectl 1.37.1.
//!
//! `tests/data/kinds.json` holds files, steps in order, and for each kubectl line what it printed; `null` where the recording shows a
//! race or what `Not modelled` of `api::custom` names.

use crate::more::play;
use serde_json::Value;

/// Lines that a real server refuses: for a schema, and for what no row of a table says of a webhook. They are not typed: here they would
/// leave objects that no real server had.
const GONE: [&str; 2] = ["apply -f b8.yaml", "apply -f v1.yaml"];

const RECORDED: &str = include_str!("../../../../tests/data/kinds.json");

/// A printed line without what differs from run to run: ages, times, uids, versions, and the widths that these give columns.
fn lasting(line: &str) -> Option<String> {
    const RANDOM: [&str; 7] =
        ["creationTimestamp:", "lastTransitionTime:", "resourceVersion:", "uid:", "Creation Timestamp:", "Resource Version:", "UID:"];
    let is_age = |word: &str| word.strip_suffix('s').is_some_and(|number| number.parse::<u32>().is_ok());
    let is_time = |word: &str| word.len() == 20 && word.ends_with('Z') && word.contains('T');
    let word = |word| if is_age(word) { "AGE" } else { Some(word).filter(|word| !is_time(word)).unwrap_or("TIME") };
    let kept = !RANDOM.iter().any(|key| line.contains(key)) && !line.contains("/tmp/");
    kept.then(|| line.split_whitespace().map(word).collect::<Vec<_>>().join(" "))
}

/// Whether a step is left out.
fn is_gone(step: &Value) -> bool {
    GONE.iter().any(|line| step["line"] == **line)
}

#[test]
fn what_is_kept_is_printed_as_by_the_real_kubectl() {
    let recorded: Value = serde_json::from_str(RECORDED).expect("JSON");
    let files: Vec<(&str, &str)> =
        recorded["files"].as_object().expect("files").iter().map(|(name, text)| (&**name, text.as_str().expect("a text"))).collect();
    let steps: Vec<&Value> = recorded["steps"].as_array().expect("steps").iter().filter(|step| !is_gone(step)).collect();
    let lines: Vec<String> = steps.iter().map(|step| step["line"].as_str().map_or_else(|| step.to_string(), str::to_owned)).collect();
    let printed = play(&files, &lines.iter().map(String::as_str).collect::<Vec<_>>());
    let commands = steps.iter().filter(|step| step["line"].is_string());
    let mut compared = 0;
    for (step, printed) in commands.zip(printed) {
        let Some(want) = step["printed"].as_str() else { continue };
        let [want, got]: [Vec<String>; 2] = [want, &printed].map(|text| text.lines().filter_map(lasting).collect());
        assert_eq!(got, want, "{}", step["line"]);
        compared += 1;
    }
    assert!(compared > 50, "{compared}");
}
