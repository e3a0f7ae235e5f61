//! Words of Kubernetes, each explained in a sentence.

use std::sync::OnceLock;

use base::value::Value;
use text::Lang;

use super::Sentence;

/// A word, or several for the same thing.
#[derive(Clone, Debug)]
pub struct Term {
    /// How it is written in each language.
    words: [Vec<String>; Lang::ALL.len()],
    pub meaning: Sentence,
    /// The page of the documentation, as a path below its root.
    pub docs: String,
    /// Whether only labels are explained: the word stands in nearly every sentence.
    labels_only: bool,
}

/// All terms, once the course is there.
pub(super) static TERMS: OnceLock<Vec<Term>> = OnceLock::new();

/// Reads the file of terms; what cannot be read is left out.
pub(super) fn terms(text: &str) -> Vec<Term> {
    let documents = yaml::parse(text);
    let list = documents.iter().filter_map(|document| document.value.as_ref()).flat_map(|value| value.as_list().unwrap_or_default());
    list.map(read_term).collect()
}

fn read_term(value: &Value) -> Term {
    let words = |lang: Lang| value.list_at(&["words", lang.tag()]).iter().filter_map(Value::as_text).map(str::to_owned).collect();
    Term {
        words: Lang::ALL.map(words),
        meaning: Sentence(Lang::ALL.map(|lang| value.text_at(&[lang.tag()]).map(str::to_owned))),
        docs: value.text_at(&["docs"]).unwrap_or_default().to_owned(),
        labels_only: value.get("labels").is_some(),
    }
}

/// The term that is written so.
pub fn term(word: &str, lang: Lang) -> Option<&'static Term> {
    TERMS.get()?.iter().find(|term| term.words[lang as usize].iter().any(|own| own.eq_ignore_ascii_case(word)))
}

/// A text in parts, those that are terms with their explanation; each term only once.
pub fn explained(text: &str, lang: Lang) -> Vec<(&str, Option<&'static Term>)> {
    split(text, lang, TERMS.get().map_or(&[], Vec::as_slice))
}

fn split<'a, 'b>(text: &'a str, lang: Lang, terms: &'b [Term]) -> Vec<(&'a str, Option<&'b Term>)> {
    let mut parts = Vec::new();
    let (mut rest, mut told): (&str, Vec<*const Term>) = (text, Vec::new());
    loop {
        let places = terms
            .iter()
            .filter(|term| !term.labels_only && !told.contains(&std::ptr::from_ref(*term)))
            .flat_map(|term| term.words[lang as usize].iter().filter_map(move |word| Some((place(rest, word, lang)?, word.len(), term))));
        // Of words that begin at the same place, the longest.
        let Some((at, length, term)) = places.min_by_key(|(at, length, _)| (*at, usize::MAX - length)) else { break };
        parts.push((&rest[..at], None));
        parts.push((&rest[at..at + length], Some(term)));
        told.push(term);
        rest = &rest[at + length..];
    }
    parts.push((rest, None));
    parts.retain(|(part, _)| !part.is_empty());
    parts
}

/// Where a word stands in a text: in English as a whole word or in the plural, in Korean before any particle.
fn place(text: &str, word: &str, lang: Lang) -> Option<usize> {
    let is_letter = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '-' || letter == '.');
    let is_whole = |at: usize| {
        let after = text[at + word.len()..].trim_start_matches('s');
        let ends = lang == Lang::Korean || !is_letter(after.chars().next()) || after.starts_with(". ") || after == ".";
        !is_letter(text[..at].chars().next_back()) && ends
    };
    text.match_indices(word).map(|(at, _)| at).find(|at| is_whole(*at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> Vec<Term> {
        terms(include_str!("terms.yaml"))
    }

    #[test]
    fn every_term_has_words_a_meaning_and_a_page_in_every_language() {
        assert!(!file().is_empty());
        for term in file() {
            for lang in Lang::ALL {
                assert!(
                    !term.words[lang as usize].is_empty() && term.meaning.is_told_in(lang) && term.docs.starts_with("concepts/"),
                    "{term:?}"
                );
            }
        }
    }

    #[test]
    fn terms_are_found_once_as_whole_words_and_the_longest_first() {
        let terms = file();
        let found = |text: &str, lang| {
            split(text, lang, &terms).into_iter().filter(|(_, term)| term.is_some()).map(|(part, _)| part.to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(
            found("A headless Service has claims; claims reclaim, and the kubelet.", Lang::English),
            ["headless Service", "claim", "kubelet"]
        );
        assert_eq!(found("파티션보다 낮은 순번은 이전 리비전입니다.", Lang::Korean), ["파티션", "순번", "리비전"]);
        let text = "The controller waits.";
        assert_eq!(split(text, Lang::English, &terms).iter().map(|(part, _)| *part).collect::<String>(), text);
    }
}
