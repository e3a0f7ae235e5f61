//! Sentences in a file: one row for each reason, with placeholders that the fields of the reason fill.
//!
//! The first line of a row is a key, followed by conditions. Several keys on lines of their own share the sentences below them. Of the rows
//! of one key, the first whose conditions all hold is used. The sentences are indented: first the verdict, then the paragraph, then
//! `brief: ` for the verdict in a few words and `until: ` for the end of the wait. A line that begins with `#` is a comment.
//!
//! | Condition | holds if |
//! |---|---|
//! | `field`, `!field` | the field has content; the field is empty or missing |
//! | `field=word` | the field is that word |
//! | `one<other` | the number in the first field is lower |
//!
//! | Placeholder | becomes |
//! |---|---|
//! | `{field}` | the content of the field |
//! | `{pod:field}` | the name of the set's pod with that ordinal |
//! | `{field\|pod\|pods}` | the number and a noun: the first noun if the number is 1, otherwise the second |
//! | `{>key}` | the verdict of another row, filled from the same fields |
//! | `{field>key/, }` | the verdict of another row for each item of a list, joined by the text after `/` |
//! | `{은}` `{이}` `{을}` `{과}` | the Korean particle, in the form that follows the last filled placeholder |

use std::sync::OnceLock;

use super::josa::Josa;
use super::why::Explanation;
use base::fields::{Content, Fields};
use base::sort::Sort;

/// How deep rows may refer to other rows.
const DEPTH: usize = 4;

/// The sentences of one language.
pub struct Table {
    /// Sorted by key; rows of one key in the order of the file.
    rows: Vec<Row>,
}

/// A row of the table.
struct Row {
    key: &'static str,
    /// The conditions, separated by spaces.
    when: &'static str,
    sentences: Sentences,
}

/// The sentences of a row, with placeholders.
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
        // The last `open` rows get the next sentences; `begun` says whether they have one already.
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

    /// The key of every row.
    #[cfg(test)]
    pub fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.rows.iter().map(|row| row.key)
    }

    /// The filled sentences of a key; `None` if the conditions of none of its rows hold.
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
        // Where the text of the last placeholder begins: a particle depends on how that text ends.
        let mut filled = 0;
        let mut rest = sentence;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let (placeholder, after) = after.split_once('}').unwrap_or((after, ""));
            rest = after;
            if let Some(particle) = particle(placeholder) {
                let form = particle.after(&out[filled..]);
                out.push_str(form);
            } else {
                filled = out.len();
                // An unknown field stays visible in the sentence; a test finds it.
                out.push_str(&self.content(placeholder, fields, depth).unwrap_or_else(|| format!("{{{placeholder}}}")));
            }
        }
        out.push_str(rest);
        out
    }

    /// The text for a placeholder; `None` if a field or a row is missing.
    fn content(&self, placeholder: &str, fields: &Fields, depth: usize) -> Option<String> {
        if let Some((list, each)) = placeholder.split_once('>') {
            let (key, between) = each.split_once('/').unwrap_or((each, ""));
            let line = |fields: &Fields| Some(self.fill(self.sentences(key, fields)?.verdict, fields, depth.checked_sub(1)?));
            return match fields.get(list) {
                Some(Content::List(items)) => Some(items.iter().map(line).collect::<Option<Vec<_>>>()?.join(between)),
                _ if list.is_empty() => line(fields),
                _ => None,
            };
        }
        if let Some((name, words)) = placeholder.split_once('|') {
            let ((one, more), number) = (words.split_once('|')?, fields.get_number(name)?);
            return Some(format!("{number} {}", if number == 1 { one } else { more }));
        }
        match placeholder.split_once(':') {
            Some((_, ordinal)) => Some(format!("{}-{}", text_of(fields, "set")?, text_of(fields, ordinal)?)),
            None => text_of(fields, placeholder),
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

/// A text or a number as text; `None` for a list or a missing field.
fn text_of(fields: &Fields, name: &str) -> Option<String> {
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
        return text_of(fields, name).is_some_and(|text| text == word);
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
