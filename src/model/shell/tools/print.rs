//! Tools that print their arguments or what they know: `echo`, `printf`, `seq`, `date`, `hostname`.

use super::escapes::escaped;
use super::job::{Job, MISUSED};
use base::note::Note;

pub(super) fn echo(j: &mut Job) -> i32 {
    let flags = j.words.iter().take_while(|word| matches!(**word, "-n" | "-e" | "-ne" | "-en" | "-E")).count();
    let has = |letter| j.words[..flags].iter().any(|word| word.contains(letter));
    let text = j.words[flags..].join(" ");
    let (text, ends) = (if has('e') { escaped(&text) } else { text }, !has('n'));
    j.out = text + if ends { "\n" } else { "" };
    0
}

/// `printf`, as far as scripts that write a configuration use it: `%s`, `%b`, `%d` and `%%`, with a width.
pub(super) fn printf(j: &mut Job) -> i32 {
    let words = j.words.strip_prefix(&["--"]).unwrap_or(&j.words).to_vec();
    let Some((format, args)) = words.split_first() else {
        j.fail("printf: usage: printf format [arguments]");
        return MISUSED;
    };
    if *format == "-v" {
        j.note(Note::NotSimulated("printf -v".to_owned()));
        return MISUSED;
    }
    let (format, mut args) = (escaped(format), args.iter());
    loop {
        let (mut chars, mut took) = (format.chars().peekable(), false);
        while let Some(c) = chars.next() {
            if c != '%' {
                j.out.push(c);
                continue;
            }
            let spec: String = std::iter::from_fn(|| chars.next_if(|c| !c.is_ascii_alphabetic() && *c != '%')).collect();
            let kind = chars.next();
            if kind == Some('%') && spec.is_empty() {
                j.out.push('%');
                continue;
            }
            took = true;
            let arg = args.next().copied().unwrap_or_default();
            let Some(text) = converted(&spec, kind, arg) else {
                j.note(Note::NotSimulated(format!("printf %{spec}{}", kind.map(String::from).unwrap_or_default())));
                return MISUSED;
            };
            j.out.push_str(&text);
        }
        if args.len() == 0 || !took {
            return j.status();
        }
    }
}

/// A conversion of `printf`; `spec` is what stands between `%` and its letter. `None` for what is not simulated.
fn converted(spec: &str, kind: Option<char>, arg: &str) -> Option<String> {
    /// The maximum width.
    const MAX_WIDTH: usize = 200;
    let (flags, width) = spec.split_at(spec.find(|c| !"-0".contains(c)).unwrap_or(spec.len()));
    let width: usize = if width.is_empty() { 0 } else { width.parse().ok().filter(|width| *width <= MAX_WIDTH)? };
    let body = match kind? {
        's' => arg.to_owned(),
        'b' => escaped(arg),
        // A zero at the begin is for another base.
        'd' => arg.parse::<i64>().ok().map(|number| number.to_string()).filter(|text| text == arg)?,
        _ => return None,
    };
    match flags {
        "" => Some(format!("{body:>width$}")),
        "-" => Some(format!("{body:width$}")),
        "0" if kind == Some('d') && !body.starts_with('-') => Some(format!("{body:0>width$}")),
        _ => None,
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

/// `hostname`, `hostname -f`, `-s`.
pub(super) fn hostname(j: &mut Job) -> i32 {
    if !j.words.is_empty() {
        return j.note(Note::Unsupported("hostname NAME".to_owned()));
    }
    let text = if j.on('f') { j.host.full_hostname() } else { j.host.hostname() };
    j.line(&text)
}
