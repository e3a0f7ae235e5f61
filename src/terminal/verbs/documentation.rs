//! What Kubernetes says of the fields of its API.
//!
//! The text is Kubernetes' own, of 1.37.1, whatever the release. A page fetches the text when somebody asks for it; programs have it.
//! Not there: kinds that no tutorial, dump or manifest of others asks about, such as FlowSchema.
//! Models the template of k8s.io/kubectl/pkg/explain/v2 (`description`, `wrap`).

use std::sync::OnceLock;

use api::schema::{Element, Field, StructType, schema};

#[cfg(not(target_family = "wasm"))]
const OWN: Option<&str> = Some(include_str!("described.txt"));
#[cfg(target_family = "wasm")]
const OWN: Option<&str> = None;
static LEARNED: OnceLock<&str> = OnceLock::new();

/// Takes in the text, once it was fetched.
pub fn learn(text: String) {
    LEARNED.get_or_init(|| text.leak());
}

/// Whether the text is there.
pub fn is_there() -> bool {
    text().is_some()
}

fn text() -> Option<&'static str> {
    OWN.or_else(|| LEARNED.get().copied())
}

/// The descriptions of a struct and its fields.
#[derive(Clone, Copy)]
pub(super) struct Described {
    /// The lines of the struct, the first one without its sign.
    lines: &'static str,
}

impl Described {
    /// Those of a struct, or of a type by its letter in the schema.
    fn of(key: &str) -> Described {
        let head = |found: &'static str| found.strip_prefix(key).filter(|rest| rest.starts_with([' ', '\n'])).map(|_| found);
        Described { lines: text().and_then(|text| text.split("\n=").skip(1).find_map(head)).unwrap_or_default() }
    }

    /// Those of a struct.
    pub(super) fn of_struct(of: &StructType) -> Described {
        Described::of(of.key)
    }

    /// Whether the text has the struct.
    pub(super) fn is_known(self) -> bool {
        !self.lines.is_empty()
    }

    /// What is said of a field, in the line with a sign.
    fn said(self, sign: &str, field: &Field) -> Option<&'static str> {
        let rest = |line: &'static str| line.strip_prefix(sign)?.strip_prefix(field.name)?.strip_prefix(' ');
        // The first line is of the struct.
        self.lines.lines().skip(1).find_map(rest)
    }

    /// What is said of the struct itself.
    fn itself(self) -> Option<String> {
        self.lines.lines().next().and_then(|line| line.split_once(' ')).map(|(_, said)| unescaped(said))
    }

    /// What is said of a field alone.
    pub(super) fn field(self, field: &Field) -> Option<String> {
        self.said("", field).map(unescaped)
    }

    /// The values of a field, if they are enumerated.
    pub(super) fn values(self, field: &Field) -> Vec<&'static str> {
        self.said("~", field).map(|values| values.split(' ').collect()).unwrap_or_default()
    }

    /// The name of a field and its type.
    pub(super) fn title(self, field: &Field) -> (&'static str, String) {
        (field.name, self.said("^", field).map_or_else(|| field.explained_type(), str::to_owned))
    }

    /// What is said of a field, and then of its type.
    pub(super) fn whole(self, field: &Field) -> String {
        let inside = match field.element {
            Element::Struct(id) => Described::of_struct(schema().of(id)).itself(),
            Element::Time => Described::of("t").itself(),
            Element::MicroTime => Described::of("u").itself(),
            Element::Quantity => Described::of("q").itself(),
            Element::IntOrString => Described::of("n").itself(),
            _ => self.said("+", field).map(unescaped),
        };
        lines(self.field(field).into_iter().chain(inside))
    }

    /// What is said of a kind.
    pub(super) fn kind(self) -> String {
        lines(self.itself().into_iter())
    }
}

fn lines(texts: impl Iterator<Item = String>) -> String {
    texts.map(|text| text + "\n").collect()
}

fn unescaped(text: &str) -> String {
    text.split("\\\\").map(|part| part.replace("\\n", "\n")).collect::<Vec<_>>().join("\\")
}

/// A text wrapped at blanks and indented, each in letters. Models github.com/mitchellh/go-wordwrap and the template's `indent`.
pub(super) fn wrapped(text: &str, width: usize, indent: usize) -> String {
    let pad = " ".repeat(indent);
    let mut out = Vec::new();
    for line in text.split('\n') {
        let (mut rest, mut done, mut at) = (line, String::new(), 0);
        while !rest.is_empty() {
            let (blanks, more) = rest.split_at(rest.find(|letter: char| !is_blank(letter)).unwrap_or(rest.len()));
            let (word, more) = more.split_at(more.find(is_blank).unwrap_or(more.len()));
            let (before, long) = (blanks.chars().count(), word.chars().count());
            rest = more;
            // A word that is longer than a line begins one, too.
            if long == 0 && at + before > width {
                break;
            }
            if long > 0 && at + before + long.min(width - 1) > width {
                out.push(pad.clone() + &done);
                (done, at) = (word.to_owned(), long);
            } else {
                done.push_str(blanks);
                done.push_str(word);
                at += before + long;
            }
        }
        out.push(pad.clone() + &done);
    }
    out.join("\n")
}

fn is_blank(letter: char) -> bool {
    letter.is_whitespace() && letter != '\u{a0}'
}
