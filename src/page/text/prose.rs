//! Sentences with code and names in them.

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Piece {
    /// Plain words.
    Words(String),
    /// A field, a value or a command: written `` `spec.replicas` ``.
    Code(String),
    /// The name of an object, which does not wrap at its hyphen: written `<web-1>`.
    Name(String),
}

/// A sentence with code and names marked.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Prose(pub Vec<Piece>);

impl Prose {
    /// Parses the markup of the text tables. A mark that is not closed is plain text.
    pub fn read(text: &str) -> Prose {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(start) = rest.find(['`', '<']) {
            let (mark, closing): (fn(String) -> Piece, char) =
                if rest[start..].starts_with('`') { (Piece::Code, '`') } else { (Piece::Name, '>') };
            let Some(length) = rest[start + 1..].find(closing) else { break };
            if start > 0 {
                pieces.push(Piece::Words(rest[..start].to_owned()));
            }
            pieces.push(mark(rest[start + 1..start + 1 + length].to_owned()));
            rest = &rest[start + length + 2..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Words(rest.to_owned()));
        }
        Prose(pieces)
    }

    /// The sentence without markup, as it is read out.
    pub fn plain(&self) -> String {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Words(t) | Piece::Code(t) | Piece::Name(t) => t.as_str(),
            })
            .collect()
    }

    /// The same with a full stop.
    #[must_use]
    pub fn ended(&self) -> Prose {
        Prose(self.0.iter().cloned().chain([Piece::Words(".".to_owned())]).collect())
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_told_apart_and_open_ones_are_text() {
        let prose = Prose::read("With `OrderedReady`, <web-2> waits; 1 < 2");
        let words = |t: &str| Piece::Words(t.into());
        let want = [words("With "), Piece::Code("OrderedReady".into()), words(", "), Piece::Name("web-2".into()), words(" waits; 1 < 2")];
        assert_eq!(prose.0, want);
        assert_eq!(prose.plain(), "With OrderedReady, web-2 waits; 1 < 2");
        assert_eq!(Prose::read(""), Prose::default());
    }
}
