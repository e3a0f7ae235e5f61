//! What already protects a manifest: every kind of finding that people fear comes from a plain file, as the file is or without a line of
//! it that prevents it.

use std::collections::BTreeMap;

use super::{found, search, tutorial};
use ordinal::playground::EXAMPLE;
use ordinal::playground::examples::Example;
use ordinal::risks::acts::Deed;
use ordinal::risks::protect::Protection;
use ordinal::risks::{Finding, Search, told};
use ordinal::text::ANALYSIS;
use rig::file::Scenario;

/// What protects by a line of this word.
fn line<'a>(search: &'a Search, word: &str) -> &'a Protection {
    let words: Vec<&str> = search.protections().iter().map(|line| line.change.guard.word()).collect();
    search.protections().iter().find(|line| line.change.guard.word() == word).unwrap_or_else(|| panic!("no {word} among {words:?}"))
}

/// The finding of a kind without a line.
fn without<'a>(search: &'a Search, word: &str, kind: &str) -> &'a Finding {
    let findings = &line(search, word).findings;
    let kinds: Vec<&str> = findings.iter().map(|finding| finding.shown.kind.word()).collect();
    findings.iter().find(|finding| finding.shown.kind.word() == kind).unwrap_or_else(|| panic!("no {kind} among {kinds:?} without {word}"))
}

/// A seed's files of the cluster, as one manifest.
fn seed(name: &str, files: &[&str]) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/seeds/{name}.yaml"));
    let scenario = Scenario::parse(&std::fs::read_to_string(path).expect("a seed")).expect("a scenario");
    files.iter().map(|file| scenario.files[*file].as_str()).collect::<Vec<_>>().join("---\n")
}

/// From a plain file: as it is, with the change that prevents it, or without a line that does.
enum How {
    Found(Option<&'static str>),
    Without(&'static str),
}

#[test]
fn every_kind_comes_from_a_plain_manifest() {
    use How::{Found, Without};
    let (quorum, replicas) = (Example::Quorum.manifest(), Example::Replicas.manifest());
    let (zookeeper, web) = (tutorial("zookeeper.yaml"), tutorial("web.yaml"));
    let strict = zookeeper.replace("  maxUnavailable: 1\n", "  minAvailable: 3\n");
    let moved: &[[&'static str; 2]] = &[["moved", "silent"], ["drained", "silent"]];
    let drained: &[[&'static str; 2]] = &[["drained", "drained"]];
    let all: [(&str, &str, &[[&'static str; 2]], &[&str], How); 14] = [
        ("rollback-trap", EXAMPLE, &[], &["broken"], Found(Some("parallel"))),
        ("terminating", EXAMPLE, &[], &["silent"], Found(None)),
        ("volume-pinned", EXAMPLE, &[], &["node-deleted"], Found(None)),
        ("two-writers", replicas, &[], &["forced"], Found(None)),
        ("drain-endless", &strict, &[], &["drained"], Found(Some("budget"))),
        ("quorum-lost", quorum, moved, &["moved", "silent"], Found(Some("anti-affinity"))),
        ("quorum-lost", &zookeeper, moved, &["moved", "silent"], Without("anti-affinity")),
        ("readiness-deadlock", quorum, &[], &[], Without("publish")),
        ("stuck", quorum, &[], &[], Without("parallel")),
        ("on-delete", &web, &[], &["rollout"], Without("rolling")),
        ("quorum-lost", &zookeeper, drained, &["drained", "drained"], Without("budget")),
        ("volume-deleted", EXAMPLE, &[], &["set-deleted"], Without("retain")),
        ("two-writers", replicas, &[], &["silent"], Without("grace")),
        ("volume-pinned", replicas, &[], &["node-deleted"], Without("anywhere")),
    ];
    let mut searches: BTreeMap<(&str, &[[&str; 2]]), Search> = BTreeMap::new();
    for (kind, manifest, pairs, words, how) in &all {
        let search = searches.entry((manifest, pairs)).or_insert_with(|| search(manifest, pairs));
        let finding = match how {
            Found(_) => found(search, kind),
            Without(line) => without(search, line, kind),
        };
        assert_eq!(finding.deeds().map(Deed::word).collect::<Vec<_>>(), *words, "{kind}");
        if let Found(change) = how {
            assert_eq!(finding.prevention.change.as_ref().map(|change| change.guard.word()), *change, "{kind}");
        }
        if *kind == "quorum-lost" {
            assert_eq!(finding.shown.detail_word(), if words[0] == "moved" { "shared-node" } else { "drains" });
        }
    }
}

#[test]
fn only_lines_that_are_there_or_are_defaults_are_taken_away() {
    let search = search(&tutorial("web.yaml"), &[]);
    assert!(line(&search, "rolling").is_default && line(&search, "retain").is_default);
    let words: Vec<&str> = search.protections().iter().map(|line| line.change.guard.word()).collect();
    let mut known = words.clone();
    known.sort_unstable();
    assert_eq!(known, ["grace", "retain", "rolling"], "nothing else is there");
    let explicit = self::search(EXAMPLE, &[]);
    assert!(!line(&explicit, "rolling").is_default, "the page's example spells it out");
    // What the same acts show with the line as well is no news.
    let is_known = |one: &Finding| {
        explicit
            .findings()
            .iter()
            .any(|known| known.shown.is_as(&one.shown) && known.deeds().map(Deed::word).eq(one.deeds().map(Deed::word)))
    };
    for one in explicit.protections() {
        assert!(!one.findings.iter().any(is_known), "{}", one.change.guard.word());
    }
}

#[test]
fn a_line_is_told_with_what_goes_wrong_without_it_in_text_and_json() {
    let search = search(&tutorial("web.yaml"), &[]);
    let text = told::text(&search) + &told::explained(&search, None);
    let json = told::json(&search);
    let words = ANALYSIS.risks;
    assert!(text.contains(words.protections()) && text.contains("type: OnDelete"), "{text}");
    let lines = json.list_at(&["protections"]);
    let rolling = lines.iter().find(|line| line.text_at(&["change"]) == Some("rolling")).expect("a line");
    let [finding] = rolling.list_at(&["without"]) else { panic!("{}", rolling.to_json()) };
    assert_eq!(finding.text_at(&["kind"]), Some("on-delete"));
    assert_eq!(finding.list_at(&["course"])[0].int_at(&["afterMilliseconds"]), Some(0));
    let (protecting, all) = (told::protecting(search.protections()).count(), search.protections());
    let idle = || all.iter().filter(|one| one.findings.is_empty());
    assert_eq!(protecting + idle().count(), all.len());
    // A budget that would be taken away whole is told by its name.
    let place = |one: &Protection| match one.change.path.join(".") {
        path if path.is_empty() => one.change.object.name.to_string(),
        path => path,
    };
    assert!(idle().all(|one| text.contains(&place(one))), "{text}");
}

#[test]
fn manifests_of_documents_have_what_goes_wrong_and_what_protects() {
    for (name, files) in [
        ("seed-000", &["sts.yaml", "svc.yaml"][..]),
        ("seed-001", &["kubia-statefulset.yaml"]),
        ("seed-002", &["right.yaml", "class.yaml"]),
        ("seed-003", &["web-sts.yaml"]),
    ] {
        let search = search(&seed(name, files), &[]);
        found(&search, "terminating");
        found(&search, "rollback-trap");
        without(&search, "rolling", "on-delete");
        if name == "seed-002" {
            without(&search, "reclaim", "volume-deleted");
        }
    }
}
