//! What people describe in their own words: the topic, and the pods that they call by name.
//!
//! Promises: only lines of people count. A description says nothing of an object: a topic is told where nothing else is known.

use super::question::is_said;
use super::says::is_prose;
use super::split;
use api::object::parent_and_ordinal;
use causes::message::is_name;
use sayings::{Topic, topic_of};

/// What people ask that names no step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// What to do.
    How,
    /// Whether that is meant so.
    Meant,
    Why,
}

/// Words of questions, the more telling first.
const ASKS: [(Ask, &[&str]); 3] = [
    (
        Ask::Meant,
        &[
            "is this normal",
            "is that normal",
            "is it normal",
            "is this expected",
            "is that expected",
            "is it expected",
            "is this a bug",
            "is it a bug",
            "supposed to",
            "by design",
            "intended",
            "expected behavior",
            "expected behaviour",
            "정상인가",
            "버그인가",
            "원래 그런",
        ],
    ),
    (
        Ask::How,
        &[
            "how do",
            "how can",
            "how to",
            "how should",
            "how would",
            "what should",
            "what can i",
            "what can we",
            "what do i",
            "what do we",
            "what to do",
            "what now",
            "is there a way",
            "is there any way",
            "any way to",
            "is it possible",
            "any workaround",
            "어떻게",
            "방법",
        ],
    ),
    (
        Ask::Why,
        &[
            "why",
            "what is wrong",
            "what's wrong",
            "what is going on",
            "what am i missing",
            "am i missing",
            "am i doing",
            "what could",
            "what causes",
            "what is the cause",
            "any idea",
            "any ideas",
            "any clue",
            "what does it mean",
            "what does this mean",
            "reason",
            "왜",
            "이유",
            "무슨",
        ],
    ),
];

/// What the sentences of people ask that name no step: those that end as a question, and titles that begin as one.
fn asked(lines: &[&str]) -> Option<Ask> {
    let asks = |line: &str| {
        let line = line.to_lowercase();
        let begins = ["why ", "how ", "what "].iter().any(|word| line.starts_with(word));
        let found = |(ask, words): &(Ask, &[&str])| words.iter().any(|word| line.contains(word)).then_some(*ask);
        (begins || line.contains(['?', '？'])).then(|| ASKS.iter().find_map(found)).flatten()
    };
    lines.iter().find_map(|line| asks(line))
}

/// What people say in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Described {
    /// What they ask that names no step.
    pub ask: Option<Ask>,
    /// The name of the topic.
    pub topic: Option<&'static str>,
    /// The pods that are called by their names, each once.
    pub pods: Vec<String>,
}

/// What the people's lines of a text describe.
pub(crate) fn of(text: &str) -> Described {
    let lines = split::cleaned(text);
    let own: Vec<&str> = lines.iter().map(String::as_str).filter(|line| is_prose(line) || is_said(line)).collect();
    let mut pods: Vec<String> = Vec::new();
    for word in own.iter().flat_map(|line| line.split_whitespace()) {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let is_new = is_name(word) && !word.contains('.') && is_of_set(word) && pods.iter().all(|known| known != word);
        pods.extend(is_new.then(|| word.to_owned()));
    }
    Described { ask: asked(&own), topic: topic_of(&own.join("\n"), text).map(|topic: &Topic| topic.name), pods }
}

/// With what names of other objects begin.
const OTHERS: [&str; 6] = ["pvc-", "pv-", "node-", "worker-", "data-", "vol-"];

/// Whether a word is a pod's name, and no date, count or release.
fn is_of_set(word: &str) -> bool {
    !OTHERS.iter().any(|other| word.starts_with(other))
        && parent_and_ordinal(word).is_some_and(|(parent, ordinal)| parent.contains(|c: char| c.is_ascii_alphabetic()) && ordinal < 1000)
}
