//! What the tables lack, so that whoever adds a text sees which languages still have to tell it. What one tells otherwise than English.

use api::change::Change;
use base::fields::samples::Sample;
use base::fields::{Field, Fields};
use base::note::{self, Note};
use base::sentences::Table;
use base::sort::Sort;
use base::sorted::{SortedMap, SortedSet};
use cluster::dns::Reason as NoAnswer;
use cluster::dns::cache::PROFILES;
use cluster::inside::replicated::Role;
use plugged as _;
use sim::{Fault, Refused};
use why::{Cause, Family, Reason};

use super::ahead::{Again, Ahead, Because as Stop};
use super::diagnose::{ASSUMED, Assumed, CAUSE, Owner, Risk, Sign, TOOL, Told, Unfit, Unread};
use super::plan::{Says, Way};
use super::why::{Because, Case, Standing, Unwanted, Who};
use super::{ANALYSIS_KEYS, Instead, KEYS, LATER, Lang, docs, later_rows, risks, truth};

/// The acts that English tells. `tests/risks` asks for those that there are.
fn acts() -> impl Iterator<Item = &'static str> {
    include_str!("en/risks.txt").lines().filter_map(|line| line.strip_prefix("act act="))
}

/// When an act of a course begins.
const WHENS: [&str; 4] = ["at-once", "soon", "later", "after"];

/// The changes of a manifest that are tried.
const CHANGES: [&str; 17] = [
    "parallel",
    "rolling",
    "replicas",
    "copies",
    "several",
    "retain",
    "grace",
    "anti-affinity",
    "spread",
    "readiness",
    "liveness",
    "anywhere",
    "prefer",
    "publish",
    "reclaim",
    "claim",
    "budget",
];

fn boxed<T: Field + 'static>(all: impl IntoIterator<Item = T>) -> Vec<Box<dyn Field>> {
    all.into_iter().map(|one| Box::new(one) as Box<dyn Field>).collect()
}

/// What a placeholder may be filled with, by its key, its name and its type.
fn samples(key: &str, name: &str, of: &str) -> Vec<Box<dyn Field>> {
    let is_done = |fault: &Fault| !matches!(fault, Fault::PowerOn { .. } | Fault::Evict { .. });
    match (key, name, of) {
        ("diagnose.family" | "diagnose.cause_at", "family", _) => boxed(Family::ALL.iter().map(|family| family.word())),
        ("risks.level", ..) => boxed(risks::Level::ALL.iter().map(|one| one.word())),
        ("risks.rate", ..) => boxed(risks::Rate::ALL.iter().map(|one| one.word())),
        ("risks.common_part", ..) => boxed(risks::Common::ALL.iter().map(|one| one.word())),
        (_, "act", _) if key.starts_with("risks.") => boxed(acts()),
        (_, "when", _) if key.starts_with("risks.") => boxed(WHENS),
        ("risks.change", ..) => boxed(CHANGES),
        ("risks.protects", ..) => boxed(CHANGES.into_iter().filter(|change| !["prefer", "claim"].contains(change))),
        ("diagnose.cause_at", "sure", _) => boxed(["certain", "likely", "unknown"]),
        ("plan.end", ..) => boxed(["Settled", "Held", "Amiss", "Stopped", "Stuck", "Restless"]),
        ("done.verdict", ..) => boxed(["ready", "waits", "failed", "error", "unknown"]),
        ("done.differ", ..) => {
            boxed(["not", "available", "unseen", "deleted", "onDelete", "recreate", "crash", "surplus", "partition", "replicas", "numbers"])
        }
        ("docs.page", ..) => boxed(docs::PAGES),
        ("dns.keep", ..) => boxed(PROFILES.map(|(name, _)| name)),
        (_, _, "&str") => boxed(["web-0", ""]),
        (_, _, "bool") => boxed([false, true]),
        (_, _, "usize" | "i64" | "u32") => boxed([0_usize, 1, 2, 200]),
        (_, _, "&[usize]") => boxed([vec![2_usize], vec![2, 4]]),
        (_, _, "&Ahead") => boxed(Ahead::samples()),
        (_, _, "&Again") => boxed(Again::samples()),
        (_, _, "Because") => boxed(Stop::samples()),
        (_, _, "Instead") => boxed(Instead::samples()),
        (_, _, "&Who") => boxed([Who::You(""), Who::You("ls"), Who::Component("a"), Who::Kubelet("node-1"), Who::Setup]),
        (_, _, "Way") => boxed(Way::samples()),
        (_, _, "&Says") => boxed(Says::samples()),
        (_, _, "&Risk") => boxed(Risk::samples()),
        (_, _, "&Owner") => boxed(Owner::samples()),
        (_, _, "&Sign") => boxed(Sign::samples()),
        (_, _, "&Unfit") => boxed(Unfit::samples()),
        (_, _, "&Assumed") => boxed(Assumed::samples().into_iter().filter(Assumed::can_be_otherwise)),
        (_, _, "&Unread") => boxed(Unread::samples()),
        ("application.role", ..) => boxed(Role::samples()),
        ("dns.tell", ..) => boxed(NoAnswer::samples().into_iter().filter(|reason| *reason != NoAnswer::Found)),
        ("terminal.changed", ..) => boxed(Change::samples()),
        ("terminal.done", ..) => {
            let lags = [(0, 0), (2000, 0), (0, 3)].map(|(millis, loses)| Fault::NodeLags { node: "node-1".into(), millis, loses });
            boxed(Fault::samples().into_iter().filter(is_done).chain(lags))
        }
        ("terminal.refused", ..) => boxed(Refused::samples()),
        _ => panic!("no samples for `{name}: {of}` of {key}"),
    }
}

/// Every way to fill placeholders, each of them with what `samples` has for its name and what it is declared with.
fn filled<T>(args: &[(&'static str, T)], samples: impl Fn(&str, &T) -> Vec<Box<dyn Field>>) -> Vec<Fields> {
    let mut all = vec![Fields::default()];
    for (name, of) in args {
        let more = |fields: &Fields| {
            let with = |sample: Box<dyn Field>| {
                let mut fields = fields.clone();
                sample.put(name, &mut fields);
                fields
            };
            samples(name, of).into_iter().map(with).collect::<Vec<_>>()
        };
        all = all.iter().flat_map(more).collect();
    }
    all
}

/// Every reason and whatever else is explained, of a pod of a set, of a set and of what has none.
fn explained(lang: Lang) -> Vec<Told> {
    let reasons = Reason::samples();
    let of = |by| [Because::Decided(by), Because::Keeps { revision: "r1", by }, Because::Trapped { by }];
    let others = [
        Because::NotWanted(&Unwanted::Above(3)),
        Because::NotWanted(&Unwanted::Below(2..4)),
        Because::Stranded { node: "node-1" },
        Because::NoLongerEvicted { node: "node-1", budget: "web" },
        Because::NobodySchedules { scheduler: "mine" },
        Because::NotLookedAt,
        Because::NotSeen,
    ];
    let because = reasons.iter().flat_map(of).chain(others);
    let of_place = |because| {
        let case =
            move |standing| [("web-1", "web"), ("web", "web"), ("app", "")].map(|(subject, set)| Case { subject, standing, set, because });
        Standing::samples().into_iter().flat_map(case)
    };
    because.flat_map(of_place).map(|case| lang.text().why.row(&case)).collect()
}

/// Everything that a diagnosis explains: every finer cause, where nothing else is known and where everything is.
fn diagnosed() -> Vec<Told> {
    let of_cause = |(detail, family): (&str, &str)| {
        let mut fields = Fields::default();
        let known =
            [("detail", detail), ("family", family), ("object", "web-0"), ("kind", "Pod"), ("workload", "web"), ("of", "StatefulSet")];
        for (name, word) in known {
            fields.text(name, word);
        }
        let mut more = fields.clone();
        let named = "behind none was resource message ready next user node claim volume class account finalizer image container error limit provisioner scheduler selector capacity fixed owned manager";
        named.split(' ').for_each(|name| more.text(name, "x"));
        // What causes of one kind always have, and others never.
        let own = "webhook other peer holder service selected value field labels resource requested used budget ready_node others like custom policy condition";
        for name in own.split(' ') {
            fields.text(name, "x");
            more.text(name, "x");
        }
        for name in ["exit_code", "count", "below", "desired", "healthy"] {
            more.number(name, 1);
        }
        vec!["x"].put("gates", &mut more);
        [fields, more].map(|fields| Told { key: CAUSE, fields })
    };
    let assumed = |what: Assumed| {
        let mut fields = Fields::default();
        what.put("what", &mut fields);
        Told { key: ASSUMED, fields }
    };
    let words = |cause: &Cause| (cause.word(), cause.family().word());
    let causes = Cause::ALL.iter().map(words).chain(Family::ALL.iter().map(|family| ("", family.word())));
    causes.flat_map(of_cause).chain(Assumed::samples().into_iter().map(assumed)).collect()
}

/// Everything that a tool says that waits: with figures and without, of one tool or of two, where others call the set done.
fn waited() -> Vec<Told> {
    const MATTERS: [&str; 15] = [
        "by-hand",
        "crash",
        "deleted",
        "left",
        "none",
        "observed",
        "other",
        "pods",
        "progress",
        "ready",
        "revisions",
        "silent",
        "surplus",
        "untouched",
        "updated",
    ];
    let of_matter = |(matter, by): (&str, &str)| {
        let mut fields = Fields::default();
        for (name, word) in [("matter", matter), ("by", by), ("detail", "timed-out"), ("object", "web"), ("teller", "Helm 4")] {
            fields.text(name, word);
        }
        fields.text("other", "Job/web");
        let mut counted = fields.clone();
        ["wanted", "ready", "updated"].into_iter().for_each(|name| counted.number(name, 2));
        let mut missing = fields.clone();
        missing.text("other_teller", "Helm 3");
        missing.number("missing", 1);
        let mut item = Fields::default();
        item.text("tool", "kubectl");
        missing.list("done", vec![item]);
        [fields, counted, missing].map(|fields| Told { key: TOOL, fields })
    };
    let all = MATTERS.into_iter().flat_map(|matter| ["helm3", "argocd", "ansible", "flux"].map(|by| (matter, by)));
    all.flat_map(of_matter).collect()
}

/// Every kind of finding, with what each may be told of.
fn found() -> Vec<Told> {
    let of_kind = |kind: risks::Harm| {
        let mut fields = Fields::default();
        for (name, word) in [("kind", kind.word()), ("workload", "web"), ("object", "web-0"), ("node", "node-1"), ("budget", "web")] {
            fields.text(name, word);
        }
        ["count", "ready", "of"].into_iter().for_each(|name| fields.number(name, 2));
        let mut more = fields.clone();
        fields.text("path", "/data");
        more.text("path", "/data");
        more.text("on", "emptyDir");
        more.text("span", "1m0s");
        more.text("detail", "node-unreachable");
        [fields, more].map(|fields| Told { key: risks::FOUND, fields })
    };
    risks::Harm::ALL.iter().copied().flat_map(of_kind).collect()
}

/// The rows that the placeholders of a sentence name.
fn named(sentence: &str) -> impl Iterator<Item = String> {
    let placeholders = sentence.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    placeholders.filter_map(|(placeholder, _)| placeholder.split_once('>')).map(|(_, key)| key.split('/').next().unwrap_or(key).to_owned())
}

/// Texts without a row, placeholders that nothing fills, and rows that nobody asks for.
fn gaps(lang: Lang) -> Vec<String> {
    let (table, tag) = (lang.table(), lang.tag());
    let notes = if lang == Lang::English { note::english() } else { table };
    let later = LATER.map(|rows| if lang == Lang::English { rows() } else { table });
    let of_analysis = if lang == Lang::English { ANALYSIS_KEYS } else { &[] };
    let mut asked: Vec<(String, Fields)> = Vec::new();
    for (key, args) in KEYS.iter().chain(of_analysis) {
        asked.extend(filled(args, |name, of| samples(key, name, of)).into_iter().map(|fields| ((*key).to_owned(), fields)));
    }
    let mut told = explained(lang);
    if lang == Lang::English {
        told.extend(diagnosed().into_iter().chain(waited()).chain(found()));
    }
    asked.extend(told.into_iter().map(|told| (told.key.to_owned(), told.fields)));
    let mut gaps = Vec::new();
    let mut check = |key: &str, told: Option<String>| {
        let Some(told) = told else { return gaps.push(format!("{tag}: no row for {key}")) };
        // `%{` is part of a sentence about curl.
        if let Some((_, rest)) = told.replace("%{", "").split_once('{') {
            gaps.push(format!("{tag}: nothing fills {{{}}} of {key}", rest.split('}').next().unwrap_or_default()));
        }
    };
    for (key, fields) in &asked {
        let told = [table].into_iter().chain(later).find_map(|table| table.explain(key, fields));
        check(key, told.map(|told| [told.verdict, told.paragraph, told.brief, told.ends_when].join("\n")));
    }
    for note in Note::samples().iter().filter(|note| !matches!(note, Note::Own(_))) {
        check(&note.key(), note.told(notes));
        asked.push((note.key(), Fields::default()));
    }
    let mut known: Vec<String> = asked.into_iter().map(|(key, _)| key).collect();
    let all = || later.into_iter().chain([table]).flat_map(|table| table.rows());
    known.extend(all().flat_map(|(_, _, sentences)| sentences).flat_map(named));
    let rows = all().chain(notes.rows()).map(|((section, key), ..)| format!("{section}.{key}"));
    known.sort_small();
    let is_known = |row: &String| known.binary_search_by(|one| one.as_str().cmp(row.trim_start_matches('.'))).is_ok();
    gaps.extend(rows.filter(|row| !is_known(row)).map(|row| format!("{tag}: nobody asks for {row}")));
    gaps.sort_small();
    gaps.dedup();
    gaps
}

/// The same of the truth page, whose rows are a table of their own in each language.
fn gaps_of_truth(lang: Lang) -> Vec<String> {
    let (table, tag) = (truth::rows(lang), lang.tag());
    let mut gaps = Vec::new();
    for (key, args) in truth::KEYS {
        for fields in filled(args, |_, words| boxed(words.iter().copied())) {
            match table.say(&format!("truth.{key}"), &fields) {
                None => gaps.push(format!("{tag}: no row for truth.{key} {fields:?}")),
                Some(told) if told.contains('{') => gaps.push(format!("{tag}: nothing fills a placeholder of {told}")),
                Some(_) => {}
            }
        }
    }
    let is_asked = |row: &str| truth::KEYS.iter().any(|(key, _)| *key == row);
    let unasked = table.rows().filter(|((section, row), ..)| *section == "truth" && !is_asked(row));
    gaps.extend(unasked.map(|((_, row), ..)| format!("{tag}: nobody asks for truth.{row}")));
    gaps
}

#[test]
fn every_language_tells_every_text() {
    let gaps: Vec<String> = Lang::ALL.into_iter().flat_map(|lang| [gaps(lang), gaps_of_truth(lang)].concat()).collect();
    assert!(gaps.is_empty(), "\n{}", gaps.join("\n"));
}

/// What a text says in any language, under each of its conditions: which parts it has, what fills it, and the code that it names.
type Facts = SortedMap<Vec<String>, SortedSet<String>>;

/// The rows of a language, by their keys.
struct Rows(SortedMap<String, Vec<(&'static str, [&'static str; 4])>>);

impl Rows {
    fn of(tables: &[&Table]) -> Rows {
        let mut all: SortedMap<String, Vec<_>> = SortedMap::new();
        for ((section, key), when, sentences) in tables.iter().flat_map(|table| table.rows()) {
            let key = format!("{section}.{key}");
            all.entry(key.trim_start_matches('.').to_owned()).or_default().push((when, sentences));
        }
        Rows(all)
    }

    /// What a row passes on as somebody else says it: its one placeholder is all of it.
    fn passes_on(&self, key: &str) -> bool {
        let is_slot = |text: &str| text.starts_with('{') && text.find('}') == Some(text.len() - 1);
        matches!(self.0.get(key).map(Vec::as_slice), Some([("", [text, "", "", ""])]) if is_slot(text))
    }

    /// A condition on a number chooses the form of a noun, which each language has for itself.
    fn facts(&self, key: &str) -> Facts {
        let mut all = Facts::new();
        for (when, sentences) in self.0.get(key).into_iter().flatten() {
            let is_of_form = |condition: &&str| condition.split_once('=').is_some_and(|(_, word)| word.parse::<u32>().is_ok());
            let mut conditions: Vec<String> = when.split_whitespace().filter(|one| !is_of_form(one)).map(str::to_owned).collect();
            conditions.sort_small();
            let facts = all.entry(conditions).or_default();
            for (part, text) in ["a verdict", "a paragraph", "a brief", "an end"].iter().zip(sentences).filter(|(_, text)| !text.is_empty())
            {
                facts.insert((*part).to_owned());
                facts.extend(self.said(text));
            }
        }
        all
    }

    /// What fills a sentence, with what the rows say that it names, and the words of code in it.
    fn said(&self, sentence: &str) -> SortedSet<String> {
        let mut said = SortedSet::new();
        for slot in sentence.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(slot, _)| slot) {
            let (field, row) = slot.split_once('>').unwrap_or((slot, ""));
            let field = field.split('|').next().unwrap_or_default().trim_start_matches("pod:");
            if field.is_ascii() && !field.is_empty() && field != "\\n" {
                said.insert(format!("{{{field}}}"));
            }
            let row = row.split('/').next().unwrap_or_default();
            said.extend(self.facts(row).into_values().flatten().filter(|fact| fact.starts_with(['{', '`'])));
        }
        // A word that the reader replaces is told in the reader's language.
        let is_replaced = |word: &&str| !word.is_ascii() || word.chars().all(|c| c.is_ascii_uppercase());
        let code = sentence.split('`').skip(1).step_by(2);
        said.extend(
            code.flat_map(str::split_whitespace).filter(|word| !word.contains('{') && !is_replaced(word)).map(|word| format!("`{word}`")),
        );
        said
    }
}

/// A language may say a thing in other words, but under no other conditions, of nothing else, and with no part left out.
#[test]
fn every_language_says_the_same_under_the_same_conditions() {
    let english = [&[Lang::English.table(), later_rows(), note::english()][..], &[truth::rows(Lang::English)]];
    let korean = [&[Lang::Korean.table()][..], &[truth::rows(Lang::Korean)]];
    let mut differ = Vec::new();
    for (english, korean) in english.into_iter().zip(korean) {
        let (english, korean) = (Rows::of(english), Rows::of(korean));
        for key in english.0.keys().filter(|key| korean.0.contains_key(*key) && !english.passes_on(key)) {
            let (here, there) = (english.facts(key), korean.facts(key));
            if here != there {
                differ.push(format!("{key}:\n  en {here:?}\n  ko {there:?}"));
            }
        }
    }
    assert!(differ.is_empty(), "\n{}", differ.join("\n"));
}
