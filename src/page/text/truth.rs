//! The truth page: what its sentences are made from. It is written by a native program (`src/bin/truth`), and the playground's own page
//! does not carry its words.

use std::sync::OnceLock;

use super::Lang;
use base::fields::{Field, Fields};
use base::sentences::Table;

/// The rows of a language.
pub(super) fn rows(lang: Lang) -> &'static Table {
    static TABLES: [OnceLock<Table>; 2] = [const { OnceLock::new() }; 2];
    let file = match lang {
        Lang::English => file!("en/truth.txt"),
        Lang::Korean => file!("ko/truth.txt"),
    };
    TABLES[lang as usize].get_or_init(|| Table::read(&[file, file!("en/items.txt")]))
}

/// The text of a key of the section `truth`, with what its placeholders become; the English one where a language has none.
pub fn say(lang: Lang, key: &str, fill: &[(&'static str, &dyn Field)]) -> String {
    let (key, mut fields) = (format!("truth.{key}"), Fields::default());
    for (name, content) in fill {
        content.put(name, &mut fields);
    }
    [lang, Lang::English].iter().find_map(|lang| rows(*lang).say(&key, &fields)).unwrap_or(key)
}

/// A key, with its placeholders and what each of them may be.
#[cfg(test)]
type Key = (&'static str, &'static [(&'static str, &'static [&'static str])]);

#[cfg(test)]
pub(super) const KEYS: &[Key] = &[
    ("title", &[]),
    ("skip", &[]),
    ("back", &[]),
    ("lead", &[]),
    ("stand_ins", &[]),
    ("figures", &[]),
    ("scenarios", &[("release", &["1.37"])]),
    ("outputs", &[("release", &["1.37"])]),
    ("verdicts", &[("release", &["1.37"])]),
    ("names", &[]),
    ("links", &[]),
    ("head", &[("head", &HEADS)]),
    ("state", &[("state", &STATES)]),
    ("otherwise_lead", &[]),
    ("reason", &[("kind", &REASONS), ("what", &["get pods"]), ("why", &["it was chance"])]),
    ("why", &[("why", WHYS)]),
    ("no_reason", &[]),
    ("not_compared", &[]),
    ("noise", &[("noise", &NOISE), ("events", &["Starting"])]),
    ("all", &[]),
    ("scenario", &[]),
    ("open", &[]),
    ("closed", &[("why", &CLOSED)]),
    ("own_pace", &[]),
    ("merged", &[]),
    ("foot", &[]),
];

/// The heads of the table's columns.
#[cfg(test)]
const HEADS: [&str; 3] = ["scenario", "about", "otherwise"];
/// How a scenario goes on the model.
#[cfg(test)]
const STATES: [&str; 4] = ["same", "listed", "wrong", "absent"];
/// What goes otherwise: what a command prints, what a validation case is answered, where pods are, or the first recorded run.
#[cfg(test)]
const REASONS: [&str; 3] = ["text", "place", "accident"];
/// What is never compared.
pub const NOISE: [&str; 4] = ["events", "order", "times", "nodes"];
/// Why a scenario cannot be opened in the playground.
pub const CLOSED: [&str; 6] = ["evict", "crash", "gate", "terminals", "in-vain", "long"];
/// Why something goes otherwise than in a recording: the words of `tests/comparison/listed.rs`.
pub const WHYS: &[&str] = &[
    "at-once",
    "budget-first",
    "claim-after-pod",
    "claim-late",
    "claims-late",
    "collected-first",
    "counted-writes",
    "end-at-once",
    "endpoints-order",
    "ends-apart",
    "folded",
    "go-map",
    "gone-before",
    "gone-unbound",
    "hashed-names",
    "last-first",
    "node-before-owner",
    "not-simulated",
    "numbered",
    "others-there",
    "ready-before-crash",
    "ready-order",
    "registered",
    "slow-patch",
    "sorted-by-suffix",
    "sweep",
    "tried-again",
    "trigger-time",
    "two-writes",
    "watched",
    "which-node",
];
