//! What is told of a case, in every language: nothing is left to fill, and no sentence is long.

use ordinal::intake::{Dump, World, told, verdict};
use ordinal::text::Lang;
use ordinal::text::diagnose::{CAUSES, FAMILIES};

/// The most words of an English sentence.
const WORDS: usize = 25;

/// The sentences of a text with marks. What stands between backquotes is somebody else's words, and counts as one.
fn sentences(text: &str) -> Vec<String> {
    let own: String = text.split('`').enumerate().map(|(i, part)| if i % 2 == 0 { part } else { "code" }).collect();
    own.split_inclusive(['.', '!', '?', ';', ':']).map(|sentence| sentence.trim().to_owned()).collect()
}

/// Everything that is told of a report in a language, with its marks.
fn marked(report: &verdict::Report, lang: Lang) -> Vec<String> {
    let words = &lang.text().diagnose;
    let explained = |told: &ordinal::text::diagnose::Told| {
        let told = told.explained(lang);
        [told.verdict, told.paragraph, told.brief]
    };
    let of_verdict = |verdict: &verdict::Verdict| {
        let links = verdict.chain.iter().flat_map(|(_, told)| explained(told));
        let nodes = verdict.nodes.iter().map(|(_, why)| words.unfit(why));
        let risks = verdict.cures.iter().flat_map(|cure| &cure.risks).map(|risk| words.risk(risk));
        explained(&verdict.told).into_iter().chain(links).chain(nodes).chain(risks).collect::<Vec<_>>()
    };
    let assumed = report.assumed.iter().map(|what| words.assumed(what)).flat_map(|told| [told.verdict, told.paragraph]);
    report.verdicts.iter().flat_map(of_verdict).chain(assumed).collect()
}

#[test]
fn every_case_is_told_in_every_language() {
    let mut wrong = Vec::new();
    for case in super::cases() {
        let report = verdict::report(&World::of(Dump::read([&*case.cluster])));
        for verdict in &report.verdicts {
            if !CAUSES.contains(&verdict.detail) || !FAMILIES.contains(&verdict.cause) {
                wrong.push(format!("{}: {}, {} is not on the lists", case.name, verdict.cause, verdict.detail));
            }
        }
        for lang in Lang::ALL {
            let told = marked(&report, lang);
            let printed = [told::text(&report, lang), told::json(&report, lang).to_json()];
            wrong.extend(
                told.iter()
                    .chain(&printed)
                    .filter(|text| text.contains("{>") || text.contains("diagnose."))
                    .map(|text| format!("{} {}: something is left to fill: {text}", case.name, lang.tag())),
            );
            let hangul = |text: &String| text.chars().any(|c| ('가'..='힣').contains(&c));
            let is_told = |text: &&String| !sentences(text).concat().is_empty() && text.ends_with('.');
            wrong.extend(
                told.iter()
                    .filter(is_told)
                    .filter(|text| hangul(text) != (lang == Lang::Korean))
                    .map(|text| format!("{} {}: in another language: {text}", case.name, lang.tag())),
            );
            let long = told.iter().filter(|_| lang == Lang::English).flat_map(|text| sentences(text));
            let long = long.filter(|sentence| sentence.split_whitespace().count() > WORDS);
            wrong.extend(long.map(|sentence| format!("{}: too long: {sentence}", case.name)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
