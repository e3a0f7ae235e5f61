//! Tools that print their arguments or what they know: `echo`, `printf`, `seq`, `date`, `hostname`.

use super::escapes::escaped;
use super::job::{Job, MISUSED};
use super::numbers::{ONE, billionths};
use base::note::Note;
use base::pattern::Regex;

pub(super) fn echo(j: &mut Job) -> i32 {
    let flags = j.words.iter().take_while(|word| matches!(**word, "-n" | "-e" | "-ne" | "-en" | "-E")).count();
    let has = |letter| j.words[..flags].iter().any(|word| word.contains(letter));
    let text = j.words[flags..].join(" ");
    let (text, ends) = (if has('e') { escaped(&text) } else { text }, !has('n'));
    j.out = text + if ends { "\n" } else { "" };
    0
}

pub(super) fn printf(j: &mut Job) -> i32 {
    let words = j.words.strip_prefix(&["--"]).unwrap_or(&j.words).to_vec();
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
            let mut spec: String = std::iter::from_fn(|| chars.next_if(|c| !c.is_ascii_alphabetic() && *c != '%')).collect();
            let Some(kind) = chars.next() else { return refuse(j, &spec) };
            if kind == '%' && spec.is_empty() {
                j.out.push('%');
                continue;
            }
            took = true;
            if spec.contains('*') {
                spec = spec.replacen('*', args.next().copied().unwrap_or_default(), 1);
            }
            let arg = args.next().copied().unwrap_or_default();
            let text = if kind == 'b' { escaped(arg) } else { arg.to_owned() };
            let is_number = !"sbc".contains(kind);
            let digits = arg.strip_prefix(['-', '+']).unwrap_or(arg);
            // Other bases, and the numbers of letters, are not modelled.
            if is_number && (digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.") || arg.starts_with(['"', '\''])) {
                return refuse(j, &format!("{spec}{kind}"));
            }
            let is_busybox = j.host.is_busybox();
            let is_whole = digits.bytes().all(|byte| byte.is_ascii_digit()) && !(is_busybox && digits.is_empty());
            let mut number = billionths(arg.trim_start_matches('+'));
            if is_number && !is_whole && (kind != 'f' || digits.chars().any(|c| !c.is_ascii_digit() && c != '.')) {
                j.fail(&format!("printf: {arg}: invalid number"));
                number *= i128::from(!is_busybox);
            }
            let Some(text) = converted(&spec, kind, &text, number) else {
                return refuse(j, &format!("{spec}{kind}"));
            };
            j.out.push_str(&text);
        }
        if args.len() == 0 || !took {
            return j.status();
        }
    }
}

fn refuse(j: &mut Job, what: &str) -> i32 {
    j.note(Note::NotSimulated(format!("printf %{what}")));
    MISUSED
}

/// A conversion of `printf`; `spec` is what stands between `%` and its letter, `number` counts billionths. `None` for what is not
/// simulated.
fn converted(spec: &str, kind: char, text: &str, number: i128) -> Option<String> {
    /// The maximum width.
    const MAX_WIDTH: usize = 200;
    let (flags, size) = spec.split_at(spec.find(|c| !"-+ 0".contains(c)).unwrap_or(spec.len()));
    let (width, precision) = size.split_once('.').map_or((size, None), |(width, precision)| (width, Some(precision)));
    let count = |digits: &str| if digits.is_empty() { Some(0) } else { digits.parse::<usize>().ok().filter(|count| *count <= MAX_WIDTH) };
    let (width, precision) = (count(width)?, precision.map_or(Some(None), |digits| count(digits).map(Some))?);
    let (whole, is_negative) = (number / ONE, number < 0);
    let body = match (kind, precision) {
        ('s' | 'b', _) => text.chars().take(precision.unwrap_or(usize::MAX)).collect(),
        ('c', None) => text.chars().take(1).collect(),
        ('d' | 'i' | 'u', None) if kind != 'u' || !is_negative => whole.abs().to_string(),
        ('x', None) if !is_negative => format!("{whole:x}"),
        ('X', None) if !is_negative => format!("{whole:X}"),
        ('o', None) if !is_negative => format!("{whole:o}"),
        ('f', _) => fixed(number.abs(), precision.unwrap_or(6))?,
        _ => return None,
    };
    let sign = match kind {
        'd' | 'i' | 'f' if is_negative => "-",
        'd' | 'i' | 'f' if flags.contains('+') => "+",
        'd' | 'i' | 'f' if flags.contains(' ') => " ",
        _ => "",
    };
    let missing = width.saturating_sub(body.chars().count() + sign.len());
    Some(match (flags.contains('-'), flags.contains('0')) {
        (true, _) => format!("{sign}{body}{}", " ".repeat(missing)),
        (_, true) if !"sbc".contains(kind) => format!("{sign}{}{body}", "0".repeat(missing)),
        _ => format!("{}{sign}{body}", " ".repeat(missing)),
    })
}

/// A number of billionths with so many decimals. `None` where it lies in the middle, and other machines count in powers of two.
fn fixed(number: i128, decimals: usize) -> Option<String> {
    /// What is a whole number of 512ths is the same in powers of two.
    const EXACT: i128 = 1_953_125;
    let places = u32::try_from(decimals.min(9)).ok()?;
    let step = 10i128.pow(9 - places);
    let (mut kept, left) = (number / step, 2 * (number % step));
    if left == step && number % EXACT != 0 {
        return None;
    }
    kept += i128::from(left > step || left == step && kept % 2 == 1);
    let (whole, part) = (kept / 10i128.pow(places), kept % 10i128.pow(places));
    let zeros = "0".repeat(decimals - decimals.min(9));
    Some(if decimals == 0 { whole.to_string() } else { format!("{whole}.{part:0>width$}{zeros}", width = decimals.min(9)) })
}

pub(super) fn seq(j: &mut Job) -> i32 {
    /// The most numbers printed.
    const MOST: usize = 100_000;
    let mut words = j.words.as_slice();
    let (mut by, mut is_padded) = ("\n".to_owned(), false);
    while let [word, rest @ ..] = words
        && let Some(option) = word.strip_prefix('-').filter(|option| option.starts_with(['s', 'w']))
    {
        words = rest;
        match (option, rest) {
            ("w", _) => is_padded = true,
            ("s", [next, rest @ ..]) => (by, words) = ((*next).to_owned(), rest),
            _ => option[1..].clone_into(&mut by),
        }
    }
    let numbers: Option<Vec<i64>> = words.iter().map(|word| word.parse().ok()).collect();
    let (first, step, last) = match numbers.as_deref() {
        Some([last]) => (1, 1, *last),
        Some([first, last]) => (*first, 1, *last),
        Some([first, step, last]) if *step != 0 => (*first, *step, *last),
        Some([]) => return j.fail("seq: missing operand"),
        _ => return j.note(Note::WholeNumbers(j.words.join(" "))),
    };
    let next = |n: &i64| n.checked_add(step);
    let mut numbers = std::iter::successors(Some(first), next).take_while(|n| if step > 0 { *n <= last } else { *n >= last });
    if is_padded && first.min(last) < 0 {
        return j.note(Note::WholeNumbers(j.words.join(" ")));
    }
    let width = if is_padded { first.to_string().len().max(last.to_string().len()) } else { 0 };
    let shown: Vec<String> = numbers.by_ref().take(MOST).map(|n| format!("{n:0width$}")).collect();
    if !shown.is_empty() {
        j.line(&shown.join(&by));
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
        return j.note(Note::Unsupported("hostname NAME".to_owned()));
    } else if j.on('i') {
        let Some(address) = j.host.address() else { return j.note(Note::Unsupported("hostname -i".to_owned())) };
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

/// `expr 1 + 2`, `expr TEXT : PATTERN`.
pub(super) fn expr(j: &mut Job) -> i32 {
    let number = |text: &str| text.parse::<i64>().ok();
    let (a, sign, b) = match j.words[..] {
        [a, sign, b] => (a, sign, b),
        ["length", text] => ("", "length", text),
        _ => return j.note(Note::NotSimulated(format!("expr {}", j.words.join(" ")))),
    };
    let numbers = number(a).zip(number(b));
    let order = numbers.map_or(a.cmp(b), |(a, b)| a.cmp(&b));
    let value = match (sign, numbers) {
        ("length", _) => b.chars().count().to_string(),
        (":", _) => {
            let found = Regex::new(&format!("^{b}"), false, false).find(a, 0);
            let group = found.as_ref().and_then(|found| found.groups.first().copied());
            let piece = |(from, to): (usize, usize)| a.chars().skip(from).take(to - from).collect();
            match found {
                _ if b.contains("\\(") => group.map_or(String::new(), piece),
                found => found.map_or(0, |found| found.end).to_string(),
            }
        }
        ("=" | "!=" | "<" | "<=" | ">" | ">=", _) => {
            let holds = match sign {
                "=" => order.is_eq(),
                "!=" => order.is_ne(),
                "<" => order.is_lt(),
                "<=" => order.is_le(),
                ">" => order.is_gt(),
                _ => order.is_ge(),
            };
            i32::from(holds).to_string()
        }
        ("/" | "%", Some((_, 0))) => {
            j.fail("expr: division by zero");
            return MISUSED;
        }
        ("+" | "-" | "*" | "/" | "%", Some((a, b))) => match sign {
            "+" => a.wrapping_add(b),
            "-" => a.wrapping_sub(b),
            "*" => a.wrapping_mul(b),
            "/" => a.wrapping_div(b),
            _ => a.wrapping_rem(b),
        }
        .to_string(),
        ("+" | "-" | "*" | "/" | "%", None) => {
            j.fail("expr: non-integer argument");
            return MISUSED;
        }
        _ => return j.note(Note::NotSimulated(format!("expr {}", j.words.join(" ")))),
    };
    j.line(&value);
    i32::from(matches!(value.as_str(), "" | "0"))
}
