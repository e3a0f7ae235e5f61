//! A table of sentences: one row for each thing that is told, to be filled with what the thing consists of.
//!
//! A row begins with its key at the line's beginning; rows that follow one another without a sentence share the next one. Words after
//! the key are conditions, and the first row of a key all of whose conditions hold is the one. Sentences stand below, indented: the
//! verdict, the paragraph, `brief: ` in a few words, `until: ` what ends the wait. `#` begins a comment.
//!
//! | Condition | holds if |
//! |---|---|
//! | `field`, `!field` | there is something under the name, or nothing |
//! | `field=word` | that is the word |
//! | `one<other` | the one number is lower |
//!
//! | In a sentence | becomes |
//! |---|---|
//! | `{field}` | what stands under the name |
//! | `{pod:field}` | the name of the set's pod of that ordinal |
//! | `{field\|pod\|pods}` | the number, and the first word after 1, else the second |
//! | `{>key}` | the first line of the row of that key |
//! | `{field>key/, }` | that line once for each item under the name, with what is between `/` and the end between them |
//! | `{은}` `{이}` `{을}` `{과}` | the Korean particle in the form that follows what was filled in last |

use std::sync::OnceLock;

use super::josa::Josa;
use super::why::Explanation;
use crate::base::fields::{Content, Fields};
use crate::base::sort::Sort;

/// How deep rows may use rows.
const DEPTH: usize = 4;

/// The sentences of a language, as their file has them.
pub struct Table {
    /// By key, and those of one key in the file's order.
    rows: Vec<Row>,
}

/// A row of the table.
struct Row {
    key: &'static str,
    /// The conditions, as they are written.
    when: &'static str,
    sentences: Sentences,
}

/// What is told, to be filled.
#[derive(Clone, Copy, Default)]
struct Sentences {
    verdict: &'static str,
    paragraph: &'static str,
    brief: &'static str,
    until: &'static str,
}

/// The decisions, in English.
pub fn english() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| Table::read(include_str!("en/why.txt")))
}

/// The decisions, in Korean.
pub fn korean() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| Table::read(include_str!("ko/why.txt")))
}

impl Table {
    /// Reads a table.
    pub fn read(file: &'static str) -> Table {
        let mut rows: Vec<Row> = Vec::new();
        // How many rows at the end the sentences below belong to.
        let (mut open, mut begun) = (0, false);
        for line in file.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            if !line.starts_with(' ') {
                open = if begun { 1 } else { open + 1 };
                begun = false;
                let (key, when) = line.split_once(' ').unwrap_or((line, ""));
                rows.push(Row { key, when, sentences: Sentences::default() });
                continue;
            }
            begun = true;
            let first = rows.len() - open;
            for row in &mut rows[first..] {
                row.sentences.add(line.trim());
            }
        }
        rows.sort_small_by_key(|row| row.key);
        Table { rows }
    }

    /// What there are rows for, each as often as it has rows.
    #[cfg(test)]
    pub fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.rows.iter().map(|row| row.key)
    }

    /// Tells what a key stands for; `None` if no row of it fits.
    pub fn find(&self, key: &str, fields: &Fields) -> Option<Explanation> {
        let Sentences { verdict, paragraph, brief, until } = self.sentences(key, fields)?;
        let [verdict, paragraph, brief, ends_when] = [verdict, paragraph, brief, until].map(|sentence| self.fill(sentence, fields, DEPTH));
        Some(Explanation { verdict, brief, paragraph, ends_when })
    }

    fn sentences(&self, key: &str, fields: &Fields) -> Option<Sentences> {
        let from = self.rows.partition_point(|row| row.key < key);
        let own = self.rows[from..].iter().take_while(|row| row.key == key);
        own.into_iter().find(|row| row.when.split_whitespace().all(|condition| holds(condition, fields))).map(|row| row.sentences)
    }

    fn fill(&self, sentence: &str, fields: &Fields, depth: usize) -> String {
        let mut out = String::new();
        let mut filled = 0;
        let mut rest = sentence;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let (place, after) = after.split_once('}').unwrap_or((after, ""));
            rest = after;
            if let Some(particle) = particle(place) {
                let form = particle.after(&out[filled..]);
                out.push_str(form);
            } else {
                filled = out.len();
                // What is not there is seen at once, and a test finds it.
                out.push_str(&self.place(place, fields, depth).unwrap_or_else(|| format!("{{{place}}}")));
            }
        }
        out.push_str(rest);
        out
    }

    /// What becomes of what stands between braces; `None` if there is no such field.
    fn place(&self, place: &str, fields: &Fields, depth: usize) -> Option<String> {
        if let Some((list, each)) = place.split_once('>') {
            let (key, between) = each.split_once('/').unwrap_or((each, ""));
            let line = |fields: &Fields| Some(self.fill(self.sentences(key, fields)?.verdict, fields, depth.checked_sub(1)?));
            return match fields.get(list) {
                Some(Content::List(items)) => Some(items.iter().map(line).collect::<Option<Vec<_>>>()?.join(between)),
                _ if list.is_empty() => line(fields),
                _ => None,
            };
        }
        if let Some((name, words)) = place.split_once('|') {
            let ((one, more), number) = (words.split_once('|')?, fields.get_number(name)?);
            return Some(format!("{number} {}", if number == 1 { one } else { more }));
        }
        match place.split_once(':') {
            Some((_, ordinal)) => Some(format!("{}-{}", written(fields, "set")?, written(fields, ordinal)?)),
            None => written(fields, place),
        }
    }
}

impl Sentences {
    fn add(&mut self, line: &'static str) {
        let (to, sentence) = match (line.strip_prefix("brief: "), line.strip_prefix("until: ")) {
            (Some(brief), _) => (&mut self.brief, brief),
            (_, Some(until)) => (&mut self.until, until),
            _ if self.verdict.is_empty() => (&mut self.verdict, line),
            _ => (&mut self.paragraph, line),
        };
        *to = sentence;
    }
}

fn written(fields: &Fields, name: &str) -> Option<String> {
    match fields.get(name)? {
        Content::Text(text) => Some(text.to_string()),
        Content::Number(number) => Some(number.to_string()),
        Content::List(_) => None,
    }
}

fn holds(condition: &str, fields: &Fields) -> bool {
    if let Some((one, other)) = condition.split_once('<') {
        return fields.get_number(one) < fields.get_number(other);
    }
    if let Some((name, word)) = condition.split_once('=') {
        return written(fields, name).is_some_and(|written| written == word);
    }
    let is_something = |name: &str| fields.get(name).is_some_and(Content::is_something);
    condition.strip_prefix('!').map_or_else(|| is_something(condition), |name| !is_something(name))
}

fn particle(place: &str) -> Option<Josa> {
    Some(match place {
        "은" => Josa::Topic,
        "이" => Josa::Subject,
        "을" => Josa::Object,
        "과" => Josa::With,
        _ => return None,
    })
}
