//! Sentences in a file: one row for each text, with placeholders that fields fill.
//!
//! The first line of a row is a key, followed by conditions. Several keys on lines of their own share the sentences below them. Of the rows
//! of one key, the first whose conditions all hold is used. The sentences are indented. Most rows have one. An explanation has a
//! verdict, then a paragraph, then `brief: ` for the verdict in a few words and `until: ` for the end of the wait. A line that begins
//! with `#` is a comment. Keys below a line `[section]` are known as `section.key`.
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
//! | `{field>key}` | the same for the first item alone |
//! | `{\n}`, `{{word}}` | the end of a line; `{word}` |
//! | `{은}` `{이}` `{을}` `{과}` | the Korean particle, in the form that follows the last filled placeholder |

use crate::fields::{Content, Fields};
use crate::josa::Josa;
use crate::sort::Sort;

/// How deep rows may refer to other rows.
const DEPTH: usize = 4;

/// The sentences of one language.
pub struct Table {
    /// Sorted by key; rows of one key in the order of the file.
    rows: Vec<Row>,
}

/// A row of the table.
struct Row {
    /// Its section, which may be empty, and its key.
    key: (&'static str, &'static str),
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

/// An explanation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explanation {
    /// One sentence, subject first, full stop.
    pub verdict: String,
    /// The same in a few words, where there is room for no more: `web-1 is not Ready`. Empty where nothing waits.
    pub brief: String,
    /// One short paragraph.
    pub paragraph: String,
    /// What would end the wait; empty where nothing waits.
    pub ends_when: String,
}

impl Table {
    /// Reads the files of a table.
    pub fn read(files: &[&'static str]) -> Table {
        let mut rows = Vec::new();
        for file in files {
            read(file, &mut rows);
        }
        rows.sort_small_by_key(|row| row.key);
        Table { rows }
    }

    /// The section, the key, the conditions and the sentences of every row.
    pub fn rows(&self) -> impl Iterator<Item = ((&'static str, &'static str), &'static str, [&'static str; 4])> {
        let sentences = |s: Sentences| [s.verdict, s.paragraph, s.brief, s.until];
        self.rows.iter().map(move |row| (row.key, row.when, sentences(row.sentences)))
    }

    /// The sentence of a key that has no placeholders; `None` if there is no row without conditions.
    pub fn word(&self, key: &str) -> Option<&'static str> {
        Some(self.sentences(key, &Fields::default())?.verdict)
    }

    /// The filled sentence of a key; `None` if the conditions of none of its rows hold.
    pub fn say(&self, key: &str, fields: &Fields) -> Option<String> {
        Some(self.fill(self.sentences(key, fields)?.verdict, fields, DEPTH))
    }

    /// The filled sentences of a key; `None` if the conditions of none of its rows hold.
    pub fn explain(&self, key: &str, fields: &Fields) -> Option<Explanation> {
        let Sentences { verdict, paragraph, brief, until } = self.sentences(key, fields)?;
        let [verdict, paragraph, brief, ends_when] = [verdict, paragraph, brief, until].map(|sentence| self.fill(sentence, fields, DEPTH));
        Some(Explanation { verdict, brief, paragraph, ends_when })
    }

    fn sentences(&self, key: &str, fields: &Fields) -> Option<Sentences> {
        let key = key.split_once('.').unwrap_or(("", key));
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
            let (key, between) = each.split_once('/').map_or((each, None), |(key, between)| (key, Some(between)));
            let line = |fields: &Fields| Some(self.fill(self.sentences(key, fields)?.verdict, fields, depth.checked_sub(1)?));
            return match fields.get(list) {
                Some(Content::List(items)) => {
                    let items = if between.is_some() { items.as_slice() } else { items.get(..1)? };
                    Some(items.iter().map(line).collect::<Option<Vec<_>>>()?.join(between.unwrap_or_default()))
                }
                _ if list.is_empty() => line(fields),
                _ => None,
            };
        }
        if let Some((name, words)) = placeholder.split_once('|') {
            let ((one, more), number) = (words.split_once('|')?, fields.get_number(name)?);
            return Some(format!("{number} {}", if number == 1 { one } else { more }));
        }
        if placeholder == "\\n" || placeholder.starts_with('{') {
            return Some(if placeholder == "\\n" { "\n" } else { placeholder }.to_owned());
        }
        match placeholder.split_once(':') {
            Some((_, ordinal)) => Some(format!("{}-{}", text_of(fields, "set")?, text_of(fields, ordinal)?)),
            None => text_of(fields, placeholder),
        }
    }
}

/// Adds the rows of a file.
fn read(file: &'static str, rows: &mut Vec<Row>) {
    // The last `open` rows get the next sentences; `begun` says whether they have one already.
    let (mut section, mut open, mut begun) = ("", 0, false);
    for line in file.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']');
        } else if line.starts_with(' ') {
            begun = true;
            let first = rows.len() - open;
            for row in &mut rows[first..] {
                row.sentences.add(line.trim());
            }
        } else {
            open = if begun { 1 } else { open + 1 };
            begun = false;
            let (key, when) = line.split_once(' ').unwrap_or((line, ""));
            rows.push(Row { key: (section, key), when, sentences: Sentences::default() });
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
