//! What sentences of people tell beside what programs print: which pods they call by their names, and whether names do not resolve.
//!
//! Promises: no sentence says why anything waits.

use super::says::{is_prose, is_said, is_told};
use super::split;
use super::typed::is_of_set;
use causes::message::is_name;

/// What the sentences of a text tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sentences {
    /// The pods that are called by their names, each once.
    pub pods: Vec<String>,
    /// They are about names that do not resolve.
    pub of_names: bool,
    /// There are any, and not only single words.
    pub any: bool,
}

/// Words of sentences about names that do not resolve.
const OF_NAMES: [&str; 9] = ["resolv", "dns", "nslookup", "hostname", "host name", "fqdn", "nxdomain", "stable name", "network identity"];

impl Sentences {
    pub(crate) fn of(text: &str) -> Sentences {
        let lines = split::cleaned(text);
        let own = of_people(&lines);
        let tells = |line: &&str| OF_NAMES.iter().any(|word| line.to_lowercase().contains(word));
        Sentences { pods: pods(&own), of_names: own.iter().any(tells), any: own.iter().any(|line| is_told(line)) }
    }

    /// Adds those of a further text.
    pub(crate) fn extend(&mut self, more: Sentences) {
        self.pods.extend(more.pods);
        self.of_names |= more.of_names;
        self.any |= more.any;
    }
}

/// The lines that people wrote.
fn of_people(lines: &[String]) -> Vec<&str> {
    lines.iter().map(String::as_str).filter(|line| (is_prose(line) || is_said(line)) && !split::is_field(line)).collect()
}

/// The pods that people call by their names, each once.
fn pods(own: &[&str]) -> Vec<String> {
    let mut pods: Vec<String> = Vec::new();
    for word in own.iter().flat_map(|line| line.split_whitespace()) {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let is_new = is_name(word) && !word.contains('.') && is_of_set(word) && pods.iter().all(|known| known != word);
        pods.extend(is_new.then(|| word.to_owned()));
    }
    pods
}

/// The pod that people call by its name in cleaned lines, if it is the only one.
pub(super) fn only_pod(lines: &[String]) -> Option<String> {
    let mut pods = pods(&of_people(lines));
    pods.pop().filter(|_| pods.is_empty())
}
