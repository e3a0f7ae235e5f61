//! Slips that YAML answers with words about something else: a line that stands too far left or right, a blank that is missing after a
//! colon or a dash, a quote that is not closed, a value that ends early. Found in the text around the error, and only said where mending
//! it helps.

use std::rc::Rc;

use super::pasted_chars::TABS;
use super::{early_end, spelling};
use api::decode::decode_strict;
use api::kind::Kind;
use api::release::Release;
use api::schema::{Field, Shape, StructType, schema};
use base::letter::is_letter_or_digit;
use base::value::Value;
use text::Text;
use view::manifest::Fix;
use yaml::{self, Document, Fault, Problem, Span};

/// In longer texts, in bytes, nothing is looked for: every mend is tried by reading the text again.
pub(super) const MAX_TEXT: usize = 48 * 1024;
/// The same after so many documents that cannot be read.
pub(super) const MAX_SOUGHT: usize = 3;
/// How many mends of a sort are tried.
const MAX_TRIES: usize = 16;

/// What there is to say of a slip.
pub(super) struct YamlFix {
    /// In one sentence.
    pub words: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What mends it, where that is certain.
    pub fix: Option<Fix>,
}

/// What a line that cannot be read may have, beside what any may.
#[derive(Clone, Copy)]
pub(super) enum Suspect {
    /// It may stand too far left or right.
    Indentation,
    /// A value between brackets may end too early.
    Brackets,
    None,
}

impl Suspect {
    pub(super) fn of(problem: &Problem) -> Suspect {
        match problem {
            Problem::NotYaml(Fault::NoKey | Fault::NoDash | Fault::ValueHere, _) => Suspect::Indentation,
            Problem::NotYaml(Fault::NoBrace | Fault::NoBracket, _) => Suspect::Brackets,
            _ => Suspect::None,
        }
    }
}

/// A line that is moved to the left or right.
struct Move {
    /// How many faults its object has then.
    faults: usize,
    /// The line, counted from 1.
    line: usize,
    /// By how much it is indented then.
    to: usize,
    fix: Fix,
}

/// The move that leaves fewer faults than any other: a text may be wrong elsewhere, too.
fn one_best(moves: impl Iterator<Item = Move>) -> Option<Move> {
    let moves: Vec<Move> = moves.collect();
    let least = moves.iter().map(|one| one.faults).min()?;
    let mut best = moves.into_iter().filter(|one| one.faults == least);
    best.next().filter(|_| best.next().is_none())
}

/// How many blanks a line begins with.
fn width(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// How many fields of an object there are not, and how many have no value of their shape.
fn strangers(of: &StructType, object: &Value) -> usize {
    let within = |field: &Field, value: &Value| schema().inside(field).map_or(0, |of| strangers(of, value));
    let count = |(key, value): (&Rc<str>, &Value)| match of.field(key) {
        None => 1,
        Some(field) => match (field.shape, value) {
            (_, Value::Null) => 0,
            (Shape::List, Value::List(items)) => items.iter().map(|item| within(field, item)).sum(),
            (Shape::Map, Value::Map(_)) => value.members().map(|(_, item)| within(field, item)).sum(),
            (Shape::One, Value::List(_)) | (Shape::List | Shape::Map, _) => 1,
            (Shape::One, _) => within(field, value),
        },
    };
    object.members().map(count).sum()
}

/// A text, one document of which is not what was meant.
pub(super) struct YamlFixes<'a> {
    pub text: &'a str,
    pub document: Span,
    pub release: &'static Release,
    pub words: &'static Text,
    /// Whether anything is looked for.
    pub sought: bool,
}

impl YamlFixes<'_> {
    /// The slip at a line that cannot be read, or above it.
    pub fn find(&self, at: usize, suspect: Suspect) -> Option<YamlFix> {
        if !self.sought {
            return None;
        }
        let yaml_fix = || (at.saturating_sub(1)..=at).rev().find_map(|line| self.blank(line));
        self.quote(at).or_else(yaml_fix).or_else(|| self.suspected(at, suspect))
    }

    fn suspected(&self, at: usize, suspect: Suspect) -> Option<YamlFix> {
        match suspect {
            Suspect::Indentation => self.indentation(at),
            Suspect::Brackets => self.early_end(at),
            Suspect::None => None,
        }
    }

    fn line(&self, line: usize) -> &str {
        self.text.split('\n').nth(line.wrapping_sub(1)).unwrap_or_default()
    }

    /// The lines of the document before one, with their numbers.
    fn before(&self, end: usize) -> impl Iterator<Item = (usize, &str)> {
        let from = self.document.line.max(1);
        (1..end).zip(self.text.split('\n')).skip(from - 1)
    }

    /// A line with something else in it.
    fn with(&self, line: usize, from: impl Into<String>, to: impl Into<String>) -> Fix {
        let (from, to) = (from.into(), to.into());
        debug_assert!(self.line(line).contains(&from));
        Fix::Word { line, from, to }
    }

    /// The same document after an edit, alone.
    fn after(&self, fix: &Fix) -> Option<Document> {
        if !self.sought {
            return None;
        }
        let mended = fix.mend(self.text);
        let end = (self.document.end + mended.len()).saturating_sub(self.text.len());
        yaml::parse(mended.get(self.document.start..end)?).into_iter().next()
    }

    /// Whether an edit lets the document be read to the end, or further than to a line.
    fn helps(&self, fix: &Fix, at: usize) -> bool {
        self.after(fix).is_some_and(|document| document.error().is_none_or(|error| error.span.line + self.document.line > at + 1))
    }

    /// How many faults there are in the object that an edit gives; `None` where it gives none.
    fn faults(&self, fix: &Fix) -> Option<usize> {
        let object = self.after(fix).filter(|document| document.error().is_none())?.value?;
        let kind = Kind::claimed(&object).or_else(|| Kind::named(spelling::kind_meant(object.text_at(&["kind"])?)?))?;
        let is_right = decode_strict(kind, &object, self.release).is_ok();
        Some(if is_right { 0 } else { 1 + strangers(schema().kind(kind), &object) })
    }

    /// A quote that opens a value and does not close on its line.
    fn quote(&self, at: usize) -> Option<YamlFix> {
        let open = |(line, here): (usize, &str)| {
            let here = here.trim();
            let value = here.split_once(": ").map_or(here.trim_start_matches("- "), |(_, value)| value.trim());
            let quote = value.chars().next().filter(|first| ['"', '\''].contains(first) && value.matches(*first).count() == 1)?;
            Some((line, self.with(line, value, format!("{value}{quote}"))))
        };
        let told = |(line, fix)| YamlFix { words: self.words.manifest.open_quote().to_owned(), line, fix: Some(fix) };
        self.before(at + 1).filter_map(open).take(MAX_TRIES).find(|(_, fix)| self.helps(fix, at)).map(told)
    }

    /// Values between brackets that end at a sign in them: `{path: /healthz?a=b}`.
    fn early_end(&self, line: usize) -> Option<YamlFix> {
        let here = self.line(line);
        let values = early_end::all(here);
        let (first, last) = (values.first()?, values.last()?);
        let whole = first.at.start..last.at.end;
        let mut to = here[whole.clone()].to_owned();
        for value in values.iter().rev() {
            let within = value.at.start - whole.start..value.at.end - whole.start;
            to.replace_range(within, &early_end::in_quotes(&here[value.at.clone()]));
        }
        let fix = self.with(line, &here[whole], to);
        let words = self.words.manifest.early_end(&first.sign.to_string());
        self.helps(&fix, line).then_some(YamlFix { words, line, fix: Some(fix) })
    }

    /// A key or a dash to which what follows is joined: `image:nginx`, `-name: x`.
    pub fn blank(&self, line: usize) -> Option<YamlFix> {
        let here = self.line(line).trim();
        let bare = here.trim_start_matches("- ");
        let key = match bare.strip_prefix('-') {
            Some(rest) if rest.starts_with(is_letter_or_digit) => "-",
            _ => bare.split_inclusive(':').next().filter(|key| key.len() < bare.len() && !bare.contains(": "))?,
        };
        let fix = self.with(line, key, format!("{key} "));
        self.helps(&fix, line).then(|| YamlFix { words: self.words.manifest.no_blank(key), line, fix: Some(fix) })
    }

    /// Blanks in place of the tabs that indent lines, one of them at `at`: as wide as leaves the fewest faults.
    pub fn tabs(&self, at: usize) -> Fix {
        let likeliest = Fix::Indentation(TABS[0]);
        if !self.sought {
            return likeliest;
        }
        let all = TABS.map(Fix::Indentation).into_iter();
        let alone = self.levels(at).0.into_iter().rev().take(MAX_TRIES).filter_map(|level| Some(self.moved(at, level)?.fix));
        let faults = |fix: &Fix| match self.faults(fix) {
            Some(faults) => (0, faults),
            None => (1 + usize::from(!self.helps(fix, at)), 0),
        };
        all.chain(alone).min_by_key(faults).unwrap_or(likeliest)
    }

    /// How the blocks that are open before a line are indented, and the line above it.
    fn levels(&self, at: usize) -> (Vec<usize>, Option<usize>) {
        let mut levels: Vec<usize> = Vec::new();
        let mut above = None;
        for (line, here) in self.before(at) {
            if here.trim().is_empty() || here.trim_start().starts_with('#') || here.starts_with("---") {
                continue;
            }
            above = Some(line);
            let by = width(here);
            levels.retain(|level| *level < by);
            levels.push(by);
            if here.trim_start().starts_with("- ") {
                levels.push(by + 2);
            }
        }
        (levels, above)
    }

    /// A line that is indented by so much.
    fn moved(&self, line: usize, to: usize) -> Option<Move> {
        let here = self.line(line);
        let fix = self.with(line, here, format!("{}{}", " ".repeat(to), here.trim_start()));
        Some(Move { faults: self.faults(&fix).filter(|_| width(here) != to)?, line, to, fix })
    }

    /// A line that is not indented as any block above it, or the one above a line that does not go with it.
    fn indentation(&self, at: usize) -> Option<YamlFix> {
        let (levels, above) = self.levels(at);
        let own = width(self.line(at));
        let moves: Vec<Move> = levels.iter().rev().take(MAX_TRIES).filter_map(|level| self.moved(at, *level)).collect();
        let above = if moves.iter().any(|one| one.faults == 0) { None } else { above.and_then(|line| self.moved(line, own)) };
        let told = |line, to: &[usize], fix| {
            let words = self.words.manifest.indented(width(self.line(line)), to);
            Some(YamlFix { words, line, fix })
        };
        match one_best(moves.into_iter().chain(above)) {
            Some(Move { line, to, fix, .. }) => told(line, &[to], Some(fix)),
            _ if levels.is_empty() || levels.contains(&own) => None,
            _ => {
                let near = [levels.iter().rfind(|level| **level < own), levels.iter().find(|level| **level > own)];
                told(at, &near.into_iter().flatten().copied().collect::<Vec<_>>(), None)
            }
        }
    }
}
