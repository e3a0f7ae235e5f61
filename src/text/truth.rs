//! The truth page: what its sentences are made from. It is written by a native program (`src/bin/truth`), and the playground's own page
//! does not carry its words.

use std::sync::OnceLock;

use super::{ITEMS, Lang};
use base::fields::{Field, Fields};
use base::sentences::Table;

/// The rows of a language.
pub(super) fn rows(lang: Lang) -> &'static Table {
    static TABLES: [OnceLock<Table>; 2] = [const { OnceLock::new() }; 2];
    let files = match lang {
        Lang::English => &[include_str!("en/truth.txt"), ITEMS],
        Lang::Korean => &[include_str!("ko/truth.txt"), ITEMS],
    };
    TABLES[lang as usize].get_or_init(|| Table::read(files))
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

/// Every key.
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
    ("manifests", &[]),
    ("links", &[]),
    ("by_topic", &[]),
    ("topic", &[("topic", &TOPICS)]),
    ("head", &[("head", &HEADS)]),
    ("state", &[("state", &STATES)]),
    ("otherwise", &[]),
    ("otherwise_lead", &[]),
    ("reason", &[("kind", &REASONS), ("what", &["get pods"]), ("why", &["it was chance"])]),
    ("why", &[("why", WHYS)]),
    ("no_reason", &[]),
    ("not_compared", &[]),
    ("noise", &[("noise", &NOISE), ("events", &["Starting"])]),
    ("cases", &[]),
    ("cases_lead", &[]),
    ("collection", &[("collection", &COLLECTIONS)]),
    ("dns", &[]),
    ("dns_lead", &[("same", &["1"]), ("all", &["1"])]),
    ("others", &[]),
    ("others_lead", &[("file", &["MANIFESTS.md"])]),
    ("absent", &[]),
    ("absent_lead", &[]),
    ("lack", &[("lack", &LACKS)]),
    ("kept", &[]),
    ("record", &[]),
    ("record_lead", &[]),
    ("step", &[("step", &STEPS)]),
    ("all", &[]),
    ("scenario", &[]),
    ("open", &[]),
    ("closed", &[("why", &CLOSED)]),
    ("own_pace", &[]),
    ("went_through", &[]),
    ("generated", &[]),
    ("printed", &[]),
    ("recorded", &[]),
    ("modelled", &[]),
    ("prints_other", &[]),
    ("nothing", &[]),
    ("foot", &[]),
];

/// The topics of the recordings: the folders below `tests/conformance/recordings`.
pub const TOPICS: [&str; 9] = ["spine", "updates", "storage", "ownership", "nodes", "deployments", "kubectl", "others", "further"];
/// The heads of the tables' columns.
#[cfg(test)]
const HEADS: [&str; 10] = ["topic", "scenario", "about", "behave", "print", "collection", "compared", "alike", "texts", "objects"];
/// How a scenario goes on the model.
#[cfg(test)]
const STATES: [&str; 4] = ["same", "listed", "wrong", "absent"];
/// What goes otherwise: what a command prints, what a validation case is answered, where pods are, or the first recorded run.
#[cfg(test)]
const REASONS: [&str; 4] = ["text", "answer", "place", "accident"];
/// What is never compared.
pub const NOISE: [&str; 4] = ["events", "order", "times", "nodes"];
/// The collections of validation cases: the files below `tests/data/validation`.
#[cfg(test)]
const COLLECTIONS: [&str; 9] = ["cases", "random", "edits", "releases", "flows", "network", "roles", "answers", "kept"];
/// What is not simulated.
pub const LACKS: [&str; 9] = ["images", "nodes", "metrics", "traffic", "hooks", "drivers", "pressure", "shutdown", "addresses"];
/// How somebody records a case.
pub const STEPS: [&str; 6] = ["build", "write", "record", "replay", "keep", "send"];
/// Why a scenario cannot be opened in the playground.
pub const CLOSED: [&str; 6] = ["evict", "crash", "gate", "terminals", "in-vain", "long"];
/// Why something goes otherwise than in a recording: the words of `src/bin/truth/listed.rs`.
pub const WHYS: &[&str] = &[
    "at-once",
    "claim-after-pod",
    "claim-late",
    "claims-late",
    "collected-first",
    "end-at-once",
    "endpoints-order",
    "folded",
    "go-cmp",
    "gone-before",
    "hashed-names",
    "node-before-owner",
    "numbered",
    "ready-before-crash",
    "ready-order",
    "registered",
    "slices-by-suffix",
    "slow-patch",
    "sorted-by-suffix",
    "sweep",
    "tried-again",
    "trigger-time",
    "two-writes",
    "watched",
    "which-node",
];
