//! What stands after a backslash.

/// A text with `\n` and the like replaced.
pub(crate) fn escaped(text: &str) -> String {
    let (mut out, mut chars) = (String::new(), text.chars());
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('r') => out.push('\r'),
                Some('\\') | None => out.push('\\'),
                Some('a') => out.push('\u{7}'),
                Some('b') => out.push('\u{8}'),
                Some('f') => out.push('\u{c}'),
                Some('v') => out.push('\u{b}'),
                Some(first @ ('0'..='7' | 'x')) => {
                    let (base, most) = if first == 'x' { (16, 2) } else { (8, 3) };
                    let mut digits = if first == 'x' { String::new() } else { first.to_string() };
                    let rest: String = chars.clone().take(most).take_while(|c| c.is_digit(base)).collect();
                    let taken = rest.len().min(most - digits.trim_start_matches('0').len());
                    digits.push_str(&rest[..taken]);
                    chars.by_ref().take(taken).for_each(drop);
                    match u32::from_str_radix(&digits, base).ok().and_then(char::from_u32) {
                        Some(c) => out.push(c),
                        None => out.extend(['\\', first]),
                    }
                }
                Some(other) => out.extend(['\\', other]),
            },
            c => out.push(c),
        }
    }
    out
}
