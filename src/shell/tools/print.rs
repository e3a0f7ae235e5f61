//! Tools that print their arguments or what they know: `echo`, `printf`, `seq`, `date`, `hostname`.

use std::fmt::Write;

use super::{Job, MISUSED};
use crate::base::time::{EPOCH_UNIX_SECONDS, Time};

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
                    j.fail(&format!("ordinal: printf %{spec}{} is not simulated.", kind.map_or(String::new(), String::from)));
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
        _ => return j.fail(&format!("ordinal: seq {} is not simulated; only whole numbers are.", j.words.join(" "))),
    };
    let next = |n: &i64| n.checked_add(step);
    let mut numbers = std::iter::successors(Some(first), next).take_while(|n| if step > 0 { *n <= last } else { *n >= last });
    for n in numbers.by_ref().take(MOST) {
        j.line(&n.to_string());
    }
    if numbers.next().is_some() { j.fail(&format!("ordinal: seq stops here, after {MOST} numbers.")) } else { 0 }
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
        Some(format) => j.line(&date_text(j.host.now(), format)),
        None => j.fail(&format!("ordinal: date {} is not simulated.", j.words.join(" "))),
    }
}

/// An instant in a format of `date`.
pub fn date_text(now: Time, format: &str) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const SECONDS_PER_DAY: u64 = 86_400;
    let stamp = now.rfc3339();
    let unix = EPOCH_UNIX_SECONDS + now.seconds();
    let weekday = usize::try_from(unix / SECONDS_PER_DAY % 7).map_or("", |i| DAYS[i]);
    let month = stamp[5..7].parse::<usize>().ok().and_then(|m| MONTHS.get(m.wrapping_sub(1))).copied().unwrap_or_default();
    let (mut out, mut chars) = (String::new(), format.chars());
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('Y') => out.push_str(&stamp[..4]),
            Some('y') => out.push_str(&stamp[2..4]),
            Some('m') => out.push_str(&stamp[5..7]),
            Some('d') => out.push_str(&stamp[8..10]),
            Some('e') => drop(write!(out, "{:>2}", stamp[8..10].trim_start_matches('0'))),
            Some('H') => out.push_str(&stamp[11..13]),
            Some('M') => out.push_str(&stamp[14..16]),
            Some('S') => out.push_str(&stamp[17..19]),
            Some('F') => out.push_str(&stamp[..10]),
            Some('T') => out.push_str(&stamp[11..19]),
            Some('a') => out.push_str(weekday),
            Some('R') => out.push_str(&stamp[11..16]),
            Some('D') => drop(write!(out, "{}/{}/{}", &stamp[5..7], &stamp[8..10], &stamp[2..4])),
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('b' | 'h') => out.push_str(month),
            Some('s') => drop(write!(out, "{unix}")),
            Some('Z') => out.push_str("UTC"),
            Some('N') => drop(write!(out, "{:09}", now.0 % 1000 * 1_000_000)),
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

/// `hostname`, `hostname -f`, `-s`, `-d`, `-i`.
pub(super) fn hostname(j: &mut Job) -> i32 {
    let (short, full) = (j.host.hostname(), j.host.full_hostname());
    let text = if !j.words.is_empty() {
        return j.fail("ordinal: hostname only prints the name here; it does not change it.");
    } else if j.on('i') {
        let Some(address) = j.host.address() else { return j.fail("ordinal: hostname -i is not simulated here.") };
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
