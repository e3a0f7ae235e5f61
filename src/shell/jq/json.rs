//! JSON as jq writes it.

use base::value::Value;

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
