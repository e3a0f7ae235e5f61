//! Words that stand for values which are left out: the same word for the same value, so that what was equal stays equal.

use std::rc::Rc;

/// What each word begins with; a number follows.
const WORD: &str = "hidden-";

/// Values that are left out.
#[derive(Clone, Debug, Default)]
pub struct Hidden {
    /// The highest number that is taken.
    taken: usize,
    values: Vec<Rc<str>>,
}

impl Hidden {
    /// Takes the numbers of the words that a text contains, which stand for other values.
    pub fn skip_words_of(&mut self, text: &str) {
        for (at, _) in text.match_indices(WORD) {
            self.taken = self.taken.max(number(&text[at..]).unwrap_or(0));
        }
    }

    /// The word for a value; a word stands for itself.
    pub fn word(&mut self, value: &str) -> String {
        if is_word(value) {
            return value.to_owned();
        }
        let at = self.values.iter().position(|known| **known == *value).unwrap_or_else(|| {
            self.values.push(value.into());
            self.values.len() - 1
        });
        format!("{WORD}{}", self.taken + at + 1)
    }
}

/// Whether a text is such a word.
pub fn is_word(text: &str) -> bool {
    number(text).is_some_and(|number| text == format!("{WORD}{number}"))
}

/// The number of the word that a text begins with.
fn number(text: &str) -> Option<usize> {
    let rest = text.strip_prefix(WORD)?;
    rest[..rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len()].parse().ok()
}
