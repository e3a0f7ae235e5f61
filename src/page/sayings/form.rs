//! Forms: fixed words with slots, and what stands in the slots of a text.

/// What stands in slots, by their names.
pub type Names<'a> = Vec<(&'static str, &'a str)>;

/// What ends a word in the last slot of a form.
const ENDS: [char; 10] = [',', '.', ';', '"', ':', ')', ']', '}', '\'', '='];

/// Whether a text may be the name of an object, as far as characters tell.
pub fn is_name(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ['-', '.'].contains(&c);
    !text.is_empty() && text.len() <= 253 && text.chars().all(fits) && !text.starts_with(['-', '.']) && !text.ends_with(['-', '.'])
}

/// How many letters of a form are fixed.
pub(super) fn letters(form: &str) -> usize {
    let fixed =
        form.split('{').enumerate().map(|(at, part)| if at == 0 { part } else { part.split_once('}').map_or("", |(_, rest)| rest) });
    fixed.map(|part| part.chars().filter(|c| !c.is_whitespace()).count()).sum()
}

/// The words of a form before its first slot, and the slots with the words behind each.
fn parts(form: &'static str) -> (&'static str, impl Iterator<Item = (&'static str, &'static str)> + Clone) {
    let mut parts = form.split('{');
    let first = parts.next().unwrap_or_default();
    (first, parts.map(|part| part.split_once('}').unwrap_or((part, ""))))
}

/// The names in the slots of a form whose first words end where `rest` begins, and what is left of the text.
fn slots<'a>(slots: impl Iterator<Item = (&'static str, &'static str)>, mut rest: &'a str) -> Option<(Names<'a>, &'a str)> {
    let mut found = Names::new();
    for (name, next) in slots {
        let (name, is_long) = name.strip_suffix('*').map_or((name, false), |name| (name, true));
        let ends = |c: char| c.is_whitespace() || ENDS.contains(&c);
        let end = match next {
            "" if is_long => rest.len(),
            // A point within a name belongs to it.
            "" => rest.char_indices().find(|(at, c)| ends(*c) && (*c != '.' || is_end(&rest[at + 1..]))).map_or(rest.len(), |(at, _)| at),
            _ => rest.find(next)?,
        };
        let value = rest.get(..end).filter(|value| !value.is_empty() && (is_long || !value.contains(char::is_whitespace)))?;
        found.push((name, value));
        rest = &rest[end + next.len()..];
    }
    Some((found, rest))
}

/// Whether a word ends before a text.
fn is_end(text: &str) -> bool {
    text.chars().next().is_none_or(|c| !c.is_alphanumeric())
}

/// Where words begin in a text, from a place on; their first letter may be large or small.
fn find(words: &str, text: &str, from: usize) -> Option<usize> {
    let begins = words.chars().next()?;
    let rest = &words[begins.len_utf8()..];
    // The words behind the first letter are sought, and then the letter before them.
    let mut from = from + begins.len_utf8();
    loop {
        while from < text.len() && !text.is_char_boundary(from) {
            from += 1;
        }
        let at = from + text.get(from..)?.find(rest)?;
        let letter = text[..at].chars().next_back().filter(|c| c.eq_ignore_ascii_case(&begins));
        let start = letter.map(|c| at - c.len_utf8());
        let begins_word = |start: &usize| !begins.is_alphanumeric() || !text[..*start].ends_with(char::is_alphanumeric);
        if let Some(start) = start.filter(begins_word) {
            return Some(start);
        }
        from = at + 1;
    }
}

/// The names that stand in a text where a form has slots; `None` where the text does not have its words.
pub fn captured<'a>(form: &'static str, text: &'a str) -> Option<Names<'a>> {
    let (first, rest) = parts(form);
    let mut from = 0;
    loop {
        let start = find(first, text, from)?;
        if let Some((names, _)) = slots(rest.clone(), &text[start + first.len()..]) {
            return Some(names);
        }
        from = start + first.chars().next().map_or(1, char::len_utf8);
    }
}

/// The same of a text that begins with the form.
pub(super) fn at_start<'a>(form: &'static str, text: &'a str) -> Option<Names<'a>> {
    let (first, rest) = parts(form);
    let start = find(first, text, 0).filter(|at| *at == 0)?;
    slots(rest, &text[start + first.len()..]).map(|(names, _)| names)
}

/// The same of a text that is no more than the form; of one that ends with a colon, or has more behind it.
pub(super) fn whole<'a>(form: &'static str, text: &'a str) -> Option<Names<'a>> {
    let (first, rest) = parts(form);
    let after = text.strip_prefix(first)?;
    let (names, left) = slots(rest, after)?;
    (left.is_empty() || form.ends_with(':')).then_some(names)
}
