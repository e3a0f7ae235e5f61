//! What is told of a diagnosis: nothing is left to fill, and no sentence is long.

use ordinal::intake::verdict::{Report, Verdict};
use ordinal::text::ANALYSIS;
use ordinal::text::diagnose::Told;

/// The most words of a sentence.
const WORDS: usize = 25;

/// Everything that is told of a report, with its marks.
fn told(report: &Report) -> Vec<String> {
    let words = ANALYSIS.diagnose;
    let explained = |told: &Told| {
        let told = told.explained();
        [told.verdict, told.paragraph, told.brief]
    };
    let of_verdict = |verdict: &Verdict| {
        let links = verdict.chain.iter().flat_map(|(_, told)| explained(told));
        let nodes = verdict.nodes.iter().map(|(_, why)| words.unfit(why));
        let risks = verdict.cures.iter().flat_map(|cure| &cure.risks).map(|risk| words.risk(risk));
        let waits = verdict.waits.iter().flat_map(|one| explained(&one.told));
        explained(&verdict.told).into_iter().chain(waits).chain(links).chain(nodes).chain(risks).collect::<Vec<_>>()
    };
    let assumed = report.assumed.iter().map(|what| words.assumed(what)).flat_map(|told| [told.verdict, told.paragraph]);
    report.verdicts.iter().flat_map(of_verdict).chain(assumed).collect()
}

/// The sentences of a text. What stands between backquotes is somebody else's words, and counts as one.
fn sentences(text: &str) -> Vec<String> {
    let own: String = text.split('`').enumerate().map(|(i, part)| if i % 2 == 0 { part } else { "code" }).collect();
    own.split(". ").map(str::to_owned).collect()
}

/// Whether a row is missing from a text, or the content of a placeholder.
fn lacks(text: &str) -> bool {
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || "_->.:|/".contains(c));
    text.contains("`diagnose.") || text.split('{').skip(1).any(|rest| rest.split_once('}').is_some_and(|(name, _)| is_name(name)))
}

/// What is wrong with what is told of a report.
pub fn faults(report: &Report) -> Vec<String> {
    let mut faults = Vec::new();
    for text in told(report) {
        let is_long = sentences(&text).iter().any(|sentence| sentence.split_whitespace().count() > WORDS);
        if ["not-told-", "image-of-", "not-shown"].iter().any(|name| text.contains(name)) {
            faults.push(format!("a name was made up: {text}"));
        } else if lacks(&text) {
            faults.push(format!("something is missing: {text}"));
        } else if is_long {
            faults.push(format!("too long: {text}"));
        }
    }
    faults
}
