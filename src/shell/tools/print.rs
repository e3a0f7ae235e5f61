//! Tools that print their arguments or what they know: `echo`, `printf`, `seq`, `date`, `hostname`.

use super::{Job, MISUSED};
use crate::base::note::Note;

pub(super) fn echo(j: &mut Job) -> i32 {
    let flags = j.words.iter().take_while(|word| matches!(**word, "-n" | "-e" | "-ne" | "-en" | "-E")).count();
    let has = |letter| j.words[..flags].iter().any(|word| word.contains(letter));
    let text = j.words[flags..].join(" ");
    let (text, ends) = (if has('e') { escaped(&text) } else { text }, !has('n'));
    j.out = text + if ends { "\n" } else { "" };
    0
}

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

pub(super) fn printf(j: &mut Job) -> i32 {
    let words = j.words.clone();
    let Some((format, args)) = words.split_first() else {
        j.fail("printf: usage: printf format [arguments]");
        return MISUSED;
    };
    let (format, mut args) = (escaped(format), args.iter());
    loop {
        let (mut chars, mut took) = (format.chars().peekable(), false);
        while let Some(c) = chars.next() {
            if c != '%' {
                j.out.push(c);
                continue;
            }
            let spec: String = std::iter::from_fn(|| chars.next_if(|c| !c.is_ascii_alphabetic() && *c != '%')).collect();
            match (chars.next(), spec.as_str()) {
                (Some('%'), "") => j.out.push('%'),
                (Some(kind @ ('s' | 'd' | 'i' | 'b')), _) if spec.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit()) => {
                    took = true;
                    let text = printed(j, kind, args.next().copied().unwrap_or_default());
                    j.out.push_str(&padded(&text, &spec));
                }
                (kind, _) => {
                    j.note(Note::NotSimulated(format!("printf %{spec}{}", kind.map_or(String::new(), String::from))));
                    return MISUSED;
                }
            }
        }
        if args.len() == 0 || !took {
            return j.status();
        }
    }
}

/// An argument formatted for a conversion.
fn printed(j: &mut Job, kind: char, arg: &str) -> String {
    match kind {
        's' => arg.to_owned(),
        'b' => escaped(arg),
        _ => {
            let number = arg.parse::<i64>();
            if number.is_err() && !arg.is_empty() {
                j.fail(&format!("printf: {arg}: invalid number"));
            }
            number.unwrap_or(0).to_string()
        }
    }
}

/// A text padded according to a specification: `-` aligns left, `0` pads with zeros.
fn padded(text: &str, spec: &str) -> String {
    /// The maximum width.
    const WIDTH_MOST: usize = 200;
    let width = spec.trim_start_matches(['-', '0']).parse::<usize>().unwrap_or(0).min(WIDTH_MOST);
    match (spec.starts_with('-'), spec.starts_with('0')) {
        (true, _) => format!("{text:<width$}"),
        (_, true) => format!("{text:0>width$}"),
        _ => format!("{text:>width$}"),
    }
}

pub(super) fn seq(j: &mut Job) -> i32 {
    /// The most numbers printed.
    const MOST: usize = 100_000;
    let numbers: Option<Vec<i64>> = j.words.iter().map(|word| word.parse().ok()).collect();
    let (first, step, last) = match numbers.as_deref() {
        Some([last]) => (1, 1, *last),
        Some([first, last]) => (*first, 1, *last),
        Some([first, step, last]) if *step != 0 => (*first, *step, *last),
        Some([]) => return j.fail("seq: missing operand"),
        _ => return j.note(Note::WholeNumbers(j.words.join(" "))),
    };
    let next = |n: &i64| n.checked_add(step);
    let mut numbers = std::iter::successors(Some(first), next).take_while(|n| if step > 0 { *n <= last } else { *n >= last });
    for n in numbers.by_ref().take(MOST) {
        j.line(&n.to_string());
    }
    if numbers.next().is_some() { j.note(Note::SeqEnds(MOST.to_string())) } else { 0 }
}

/// The conversions of `date`.
const DATE_LETTERS: &str = "YymdeHMSFTRDabhsZNnt%";

/// `date`, `date +%H:%M:%S`.
pub(super) fn date(j: &mut Job) -> i32 {
    let format = match j.words.as_slice() {
        [] => Some("%a %b %e %H:%M:%S UTC %Y"),
        [one] => one.strip_prefix('+'),
        _ => None,
    };
    let mut letters = format.unwrap_or_default().chars();
    let mut is_known = format.is_some();
    while is_known && letters.by_ref().any(|c| c == '%') {
        is_known = letters.next().is_some_and(|c| DATE_LETTERS.contains(c));
    }
    match format.filter(|_| is_known) {
        Some(format) => j.line(&j.host.now().date(format)),
        None => j.note(Note::NotSimulated(format!("date {}", j.words.join(" ")))),
    }
}

/// `hostname`, `hostname -f`, `-s`, `-d`, `-i`.
pub(super) fn hostname(j: &mut Job) -> i32 {
    let (short, full) = (j.host.hostname(), j.host.full_hostname());
    let text = if !j.words.is_empty() {
        return j.note(Note::NotLearnt("hostname NAME".to_owned()));
    } else if j.on('i') {
        let Some(address) = j.host.address() else { return j.note(Note::NotLearnt("hostname -i".to_owned())) };
        address
    } else if j.on('d') {
        full.split_once('.').map_or(String::new(), |(_, domain)| domain.to_owned())
    } else if j.on('f') {
        full
    } else {
        short
    };
    j.line(&text)
}
