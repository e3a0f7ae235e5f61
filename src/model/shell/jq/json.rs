//! JSON as jq reads and writes it.

use base::json::{Form, Tree, read, skip_space};
use base::note::Note;
use base::value::{Map, Value};

/// The deepest that jq reads.
const MAX_DEPTH: usize = 256;

/// The values of a text, each with the number of lines that jq has taken in when it has read the value; or why they are not read.
pub(super) fn values(text: &str) -> Result<Vec<(Value, usize)>, Note> {
    let (mut values, mut at) = (Vec::new(), skip_space(text, 0));
    while at < text.len() {
        let Ok((tree, end)) = read(text, at, MAX_DEPTH) else {
            let why = yaml::json_error(&text[at..]).unwrap_or_default();
            return Err(Note::Unreadable("jq".to_owned(), why));
        };
        let line = text[end..].find('\n').map_or(text.len(), |length| end + length + 1);
        values.push((value(tree)?, text[..line].matches('\n').count()));
        at = skip_space(text, end);
    }
    Ok(values)
}

/// A value whose objects keep the order of their members. Only numbers that a double holds and prints as they are written are read.
fn value(tree: Tree) -> Result<Value, Note> {
    match tree.form {
        Form::Text(text) => Ok(text.into()),
        Form::Plain(word) => match &*word {
            "null" => Ok(Value::Null),
            "true" | "false" => Ok((*word == *"true").into()),
            number => whole(number).ok_or_else(|| Note::NotSimulated(format!("jq {number}"))),
        },
        Form::Array(items) => Ok(items.into_iter().map(value).collect::<Result<Vec<_>, _>>()?.into()),
        Form::Object(members) => {
            let mut map = Map::as_written([]);
            for (key, member) in members {
                if let Form::Text(key) = key.form {
                    map.insert(key, value(member)?);
                }
            }
            Ok(map.into())
        }
    }
}

fn whole(number: &str) -> Option<Value> {
    /// The largest integer up to which a double holds all.
    const MAX_WHOLE: u64 = 1 << 53;
    let whole: i64 = number.parse().ok()?;
    (whole.unsigned_abs() <= MAX_WHOLE && number != "-0").then(|| whole.into())
}

/// Compact JSON as jq writes it.
pub(super) fn json(value: &Value) -> String {
    unescaped(&value.to_json())
}

/// JSON with the letters that only Go escapes.
pub(super) fn unescaped(json: &str) -> String {
    const ESCAPED: [(&str, char); 3] = [("u003c", '<'), ("u003e", '>'), ("u0026", '&')];
    let (mut out, mut rest) = (String::new(), json);
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        if let Some((code, letter)) = ESCAPED.iter().find(|(code, _)| after.starts_with(code)) {
            out.push(*letter);
            rest = &after[code.len()..];
        } else {
            let letter = after.chars().next().map_or(0, char::len_utf8);
            out.push('\\');
            out.push_str(&after[..letter]);
            rest = &after[letter..];
        }
    }
    out + rest
}
