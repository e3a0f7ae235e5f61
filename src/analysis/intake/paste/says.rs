//! Whether a line says anything that is known, or is a person's.

use crate::event::Happened;
use api::object::parent_and_ordinal;
use causes::message::take_apart;

/// Characters that stand in what programs print and hardly in sentences.
const PRINTED: [char; 12] = ['{', '}', '[', ']', '=', '<', '>', '|', '\\', '/', '_', '@'];
/// A line of more words than these is a sentence even where a third of them are none, such as names and numbers.
const FEW: usize = 3;

/// Whether anything is known of what was said.
pub(super) fn is_known(event: &Happened) -> bool {
    event.said().means().is_some()
}

/// Whether it says that something is not as it should be.
pub(super) fn tells(event: &Happened) -> bool {
    take_apart(event.said()).is_some()
}

/// With what lines begin or end by which kubectl and clients of DNS report what they did.
const DONE: [&str; 14] = [
    " annotated",
    " condition met",
    " configured",
    " cordoned",
    " created",
    " deleted",
    " drained",
    " evicted",
    " labeled",
    " patched",
    " restarted",
    " scaled",
    " unchanged",
    " uncordoned",
];
const BEGUN: [&str; 7] = [
    "evicting pod ",
    "Server:",
    "Address:",
    "Client Version:",
    "Kustomize Version:",
    "Server Version:",
    "Error: Process completed with exit code ",
];

/// Whether a line is a command that somebody typed, or reports no more than that something was done.
pub(super) fn is_ordinary(line: &str) -> bool {
    let line = line.trim();
    // `ops@jump:~$ helm install`, `/ # curl`: somebody typed that.
    let typed = line
        .split_once(['$', '#'])
        .is_some_and(|(prompt, rest)| rest.starts_with(' ') && (!prompt.contains([' ', '\t']) || prompt == "/ "));
    let is_rule = !line.contains(|c: char| c.is_alphanumeric());
    typed
        || is_rule
        || BEGUN.iter().any(|begin| line.starts_with(begin))
        || line.contains('/') && DONE.iter().any(|end| line.ends_with(end))
}

/// Whether a person tells what happens, in more than one sentence or in the first person.
pub(super) fn is_told(line: &str) -> bool {
    /// No line of so many words without a colon is a program's.
    const LONG: usize = 5;
    /// Words by which people speak of themselves and their pods.
    const OWN: [&str; 6] = ["i", "we", "my", "our", "i'm", "i've"];
    let line = line.trim();
    let own = || line.to_lowercase().split_whitespace().any(|word| OWN.contains(&word));
    // A title, or another line of mere words.
    let is_long = line.split_whitespace().count() >= LONG && !line.contains(": ");
    let further = || line.match_indices(". ").any(|(at, _)| line[at + 2..].starts_with(char::is_uppercase));
    is_prose(line) && (is_long || line.ends_with(['.', '?', '!']) || further() || own())
}

/// Whether a line reads like a sentence, and not like what a program prints.
pub(crate) fn is_prose(line: &str) -> bool {
    let line = line.trim();
    let is_word = |word: &&str| {
        let bare = word.trim_matches(|c: char| c.is_ascii_punctuation());
        let is_pod = || parent_and_ordinal(bare).is_some() && bare.starts_with(|c: char| c.is_ascii_lowercase());
        !bare.is_empty() && (bare.chars().all(|c| c.is_alphabetic() || "'’-".contains(c)) || is_pod())
    };
    // A question mark may stand apart.
    let words: Vec<&str> = line.split_whitespace().filter(|word| !["?", "!", "？"].contains(word)).collect();
    let letters = words.iter().copied().filter(|word| is_word(word) && !word.contains(PRINTED)).count();
    let begins = line.starts_with(|c: char| c.is_uppercase() || c == '(' || c.is_alphabetic() && !c.is_ascii());
    // Whoever writes in small letters writes words.
    let begins = begins || line.starts_with(char::is_lowercase) && letters * 5 >= words.len() * 4;
    let is_even = !line.contains("  ") && !line.contains('\t');
    is_even && (letters == words.len() || begins && words.len() > FEW && letters * 3 >= words.len() * 2)
}

/// Whether a line has many words of letters: a person may write paths, figures and names in between.
pub(super) fn is_said(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let is_word = |word: &&&str| word.trim_matches(|c: char| c.is_ascii_punctuation()).chars().all(char::is_alphabetic);
    words.len() > 4 && words.iter().filter(is_word).count() * 3 >= words.len() * 2 && !line.contains(['{', '=']) && !line.contains("  ")
}
