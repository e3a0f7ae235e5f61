//! What people describe in their own words: the topic, and the pods that they call by name.
//!
//! Promises: only lines of people count. A description says nothing of an object: a topic is told where nothing else is known.

use super::question::is_said;
use super::says::is_prose;
use super::split;
use api::object::parent_and_ordinal;
use causes::message::is_name;
use sayings::{Topic, topic_of};

/// What people say in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Described {
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
    Described { topic: topic_of(&own.join("\n"), text).map(|topic: &Topic| topic.name), pods }
}

/// With what names of other objects begin.
const OTHERS: [&str; 6] = ["pvc-", "pv-", "node-", "worker-", "data-", "vol-"];

/// Whether a word is a pod's name, and no date, count or release.
fn is_of_set(word: &str) -> bool {
    !OTHERS.iter().any(|other| word.starts_with(other))
        && parent_and_ordinal(word).is_some_and(|(parent, ordinal)| parent.contains(|c: char| c.is_ascii_alphabetic()) && ordinal < 1000)
}
