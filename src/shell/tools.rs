//! The tools of every system: text in, text out.
//!
//! Promises: a tool ends at once; an option that is not understood is refused in the tool's own name.
//! Not modelled: most options; what is here is what tutorials use.

mod files;

use std::fmt::Write;

use super::pattern::Regex;
use super::{Host, absolute, query};
use crate::base::sort::Sort;
use crate::base::time::{EPOCH_UNIX_SECONDS, Time};
use files::{copy, du, list, ls, mkdir, rename, rm, tee, touch};

/// A tool at work.
pub struct Job<'a> {
    /// Its words, without its name.
    pub args: &'a [String],
    /// Its input.
    pub input: &'a str,
    /// Where it is.
    pub folder: &'a str,
    /// Files and the rest.
    pub host: &'a mut dyn Host,
    /// What it prints.
    pub out: String,
    /// What it complains of.
    pub err: String,
    /// Whether it needs nothing that may still come.
    pub full: bool,
}

/// A tool: it prints and gives its exit code.
pub type Tool = fn(&mut Job) -> i32;

const TOOLS: [(&str, Tool); 37] = [
    ("awk", super::query::awk),
    ("base64", base64),
    ("basename", |j| j.line(j.words().first().and_then(|p| p.trim_end_matches('/').rsplit('/').next()).unwrap_or_default().to_owned())),
    ("cat", cat),
    ("chmod", |_| 0),
    ("chown", |_| 0),
    ("column", column),
    ("cp", copy),
    ("cut", cut),
    ("date", date),
    ("diff", diff),
    ("dirname", |j| j.line(j.words().first().and_then(|p| p.rsplit_once('/')).map_or(".", |(d, _)| d).to_owned())),
    ("du", du),
    ("echo", echo),
    ("egrep", grep),
    ("grep", grep),
    ("head", |j| ends(j, true)),
    ("hostname", |j| j.line(j.host.hostname())),
    ("jq", query::jq),
    ("ll", |j| list(j, true, true)),
    ("ls", ls),
    ("mkdir", mkdir),
    ("mv", rename),
    ("printf", printf),
    ("rm", rm),
    ("sed", super::query::sed),
    ("seq", seq),
    ("sort", sort),
    ("sync", |_| 0),
    ("tac", |j| {
        let lines: Vec<&str> = j.input.lines().rev().collect();
        j.out = lines.iter().map(|l| format!("{l}\n")).collect();
        0
    }),
    ("tail", |j| ends(j, false)),
    ("tee", tee),
    ("touch", touch),
    ("tr", tr),
    ("uniq", uniq),
    ("wc", wc),
    ("yq", query::yq),
];

/// The tool of this name.
pub fn find(name: &str) -> Option<Tool> {
    let name = name.rsplit('/').next().unwrap_or(name);
    TOOLS.iter().find(|(n, _)| *n == name).map(|(_, tool)| *tool)
}

impl Job<'_> {
    pub(super) fn line(&mut self, text: String) -> i32 {
        self.out.push_str(&text);
        self.out.push('\n');
        0
    }

    pub(super) fn fail(&mut self, why: &str) -> i32 {
        let _ = writeln!(self.err, "{why}");
        1
    }

    /// The words that are no options.
    pub(super) fn words(&self) -> Vec<&str> {
        self.args.iter().map(String::as_str).filter(|a| !a.starts_with('-') || *a == "-").collect()
    }

    pub(super) fn on(&self, letter: char) -> bool {
        self.args.iter().any(|a| a.starts_with('-') && !a.starts_with("--") && a.contains(letter))
    }

    pub(super) fn path(&self, path: &str) -> String {
        absolute(self.folder, path)
    }

    /// The value of an option of one letter: `-n 3`, `-n3`; and the words that are left.
    pub(super) fn value(&self, letter: char) -> (Option<String>, Vec<String>) {
        let (mut found, mut rest, mut args) = (None, Vec::new(), self.args.iter());
        while let Some(arg) = args.next() {
            match arg.strip_prefix('-').and_then(|a| a.strip_prefix(letter)) {
                Some("") => found = args.next().cloned(),
                Some(value) => found = Some(value.trim_start_matches('=').to_owned()),
                None => rest.push(arg.clone()),
            }
        }
        (found, rest)
    }

    /// The text of the files named, or the input.
    pub(super) fn texts(&mut self, tool: &str, files: &[&str]) -> Vec<(String, String)> {
        if files.is_empty() || files == ["-"] {
            return vec![(String::new(), self.input.to_owned())];
        }
        let mut texts = Vec::new();
        for file in files {
            match self.host.read(&self.path(file)) {
                Ok(text) => texts.push(((*file).to_owned(), text.to_string())),
                Err(why) => drop(self.fail(&format!("{tool}: {file}: {why}"))),
            }
        }
        texts
    }

    /// The text of the files named, or the input, as one.
    pub(super) fn text(&mut self, tool: &str, files: &[&str]) -> String {
        self.texts(tool, files).into_iter().map(|(_, text)| text).collect()
    }

    /// The same for the words that are no options.
    fn files_text(&mut self, tool: &str) -> String {
        let words = self.owned_words();
        self.text(tool, &words.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn owned_words(&self) -> Vec<String> {
        self.words().into_iter().map(str::to_owned).collect()
    }

    fn status(&self) -> i32 {
        i32::from(!self.err.is_empty())
    }
}

fn cat(j: &mut Job) -> i32 {
    let text = j.files_text("cat");
    j.out = if j.on('n') { text.lines().enumerate().map(|(i, l)| format!("{:6}\t{l}\n", i + 1)).collect() } else { text };
    j.status()
}

fn echo(j: &mut Job) -> i32 {
    let flags = j.args.iter().take_while(|a| matches!(a.as_str(), "-n" | "-e" | "-ne" | "-en" | "-E")).count();
    let has = |letter| j.args[..flags].iter().any(|a| a.contains(letter));
    let text = j.args[flags..].join(" ");
    j.out = if has('e') { escaped(&text) } else { text };
    if !has('n') {
        j.out.push('\n');
    }
    0
}

/// A text with `\n` and its like made real.
fn escaped(text: &str) -> String {
    let (mut out, mut chars) = (String::new(), text.chars());
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('\\') | None => out.push('\\'),
                Some(other) => out.extend(['\\', other]),
            },
            c => out.push(c),
        }
    }
    out
}

fn printf(j: &mut Job) -> i32 {
    let Some(format) = j.args.first() else { return j.fail("printf: usage: printf format [arguments]") };
    let (format, mut args) = (escaped(format), j.args[1..].iter());
    loop {
        let (mut chars, mut took) = (format.chars().peekable(), false);
        while let Some(c) = chars.next() {
            if c != '%' {
                j.out.push(c);
                continue;
            }
            let spec: String = std::iter::from_fn(|| chars.next_if(|c| !c.is_ascii_alphabetic() && *c != '%')).collect();
            let left = spec.starts_with('-');
            let width = spec.trim_start_matches(['-', '0']).parse::<usize>().unwrap_or(0).min(200);
            match chars.next() {
                Some('%') => j.out.push('%'),
                Some(_) => {
                    took = true;
                    let arg = args.next().map_or("", String::as_str);
                    let text = match (left, spec.starts_with('0')) {
                        (true, _) => format!("{arg:<width$}"),
                        (_, true) => format!("{arg:0>width$}"),
                        _ => format!("{arg:>width$}"),
                    };
                    j.out.push_str(&text);
                }
                None => {}
            }
        }
        if args.len() == 0 || !took {
            return 0;
        }
    }
}

fn grep(j: &mut Job) -> i32 {
    let (after, rest) = j.value('A');
    let mut words = Vec::new();
    let (mut options, mut expression) = (String::new(), None);
    let mut args = rest.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "-e" => expression = args.next().cloned(),
            "--" => words.extend(args.by_ref().cloned()),
            arg if arg.starts_with('-') && !arg.starts_with("--") => options.push_str(&arg[1..]),
            arg if arg.starts_with("--") => {}
            arg => words.push(arg.to_owned()),
        }
    }
    let expression = expression.unwrap_or_else(|| if words.is_empty() { String::new() } else { words.remove(0) });
    let on = |letter| options.contains(letter);
    let expression = if on('F') { super::pattern::quoted(&expression).replace('.', "\\.") } else { expression };
    let expression = if on('w') { format!("\\b{expression}\\b") } else { expression };
    let basic = !(on('E') || on('P') || on('F'));
    let regex = Regex::new(&expression, !basic, on('i'));
    let files: Vec<&str> = words.iter().map(String::as_str).collect();
    let (mut count, after) = (0, after.and_then(|a| a.parse::<usize>().ok()).unwrap_or(0));
    for (_, text) in j.texts("grep", &files) {
        let mut left = 0;
        for (number, line) in text.lines().enumerate() {
            let found = regex.find(line, 0);
            let matches = found.is_some() != on('v');
            if matches {
                count += 1;
                left = after + 1;
            }
            if left == 0 || on('c') || on('q') {
                continue;
            }
            left -= 1;
            if on('n') {
                let _ = write!(j.out, "{}:", number + 1);
            }
            match found.filter(|_| on('o')) {
                Some(m) => j.out.extend(line.chars().skip(m.start).take(m.end - m.start).chain(['\n'])),
                None => drop(writeln!(j.out, "{line}")),
            }
        }
    }
    j.full = on('q') && count > 0;
    if on('c') {
        j.line(count.to_string());
    }
    if j.err.is_empty() { i32::from(count == 0) } else { 2 }
}

/// `head` and `tail`.
fn ends(j: &mut Job, first: bool) -> i32 {
    let tool = if first { "head" } else { "tail" };
    let (n, rest) = j.value('n');
    let short = rest.iter().find_map(|a| a.strip_prefix('-')?.parse::<usize>().ok());
    let from_start = n.as_deref().is_some_and(|n| n.starts_with('+'));
    let n = n.and_then(|n| n.trim_start_matches(['+', '-']).parse().ok()).or(short).unwrap_or(10);
    let files: Vec<&str> = rest.iter().map(String::as_str).filter(|a| !a.starts_with('-')).collect();
    let text = j.text(tool, &files);
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let kept = match (first, from_start) {
        (true, _) => &lines[..n.min(lines.len())],
        (false, true) => &lines[n.saturating_sub(1).min(lines.len())..],
        (false, false) => &lines[lines.len().saturating_sub(n)..],
    };
    j.out = kept.concat();
    j.full = first && lines.len() >= n;
    j.status()
}

fn wc(j: &mut Job) -> i32 {
    let words = j.owned_words();
    let files: Vec<&str> = words.iter().map(String::as_str).collect();
    let text = j.text("wc", &files);
    let all = [('l', text.matches('\n').count()), ('w', text.split_whitespace().count()), ('c', text.len())];
    let wanted: Vec<String> = all.iter().filter(|(letter, _)| j.on(*letter)).map(|(_, n)| n.to_string()).collect();
    let mut line = if wanted.is_empty() { all.map(|(_, n)| format!("{n:7}")).concat() } else { wanted.join(" ") };
    for file in files {
        let _ = write!(line, " {file}");
    }
    j.line(line)
}

fn sort(j: &mut Job) -> i32 {
    let (key, rest) = j.value('k');
    let files: Vec<&str> = rest.iter().map(String::as_str).filter(|a| !a.starts_with('-')).collect();
    let text = j.text("sort", &files);
    let column = key.and_then(|k| k.split([',', '.', 'n', 'r']).next()?.parse::<usize>().ok()).map(|k| k.saturating_sub(1));
    let numeric = j.on('n');
    let part = |line: &str| match column {
        Some(column) => line.split_whitespace().skip(column).collect::<Vec<_>>().join(" "),
        None => line.to_owned(),
    };
    let number = |text: &str| {
        let digits: String = text.trim().chars().take_while(|c| c.is_ascii_digit() || *c == '-').collect();
        digits.parse::<i64>().unwrap_or(0)
    };
    let mut keyed: Vec<((i64, String), &str)> = text.lines().map(|l| ((if numeric { number(&part(l)) } else { 0 }, part(l)), l)).collect();
    keyed.put_in_order();
    if j.on('u') {
        keyed.dedup_by(|a, b| a.1 == b.1);
    }
    if j.on('r') {
        keyed.reverse();
    }
    j.out = keyed.iter().map(|(_, line)| format!("{line}\n")).collect();
    j.status()
}

fn uniq(j: &mut Job) -> i32 {
    let text = j.files_text("uniq");
    let mut runs: Vec<(usize, &str)> = Vec::new();
    for line in text.lines() {
        match runs.last_mut().filter(|(_, last)| *last == line) {
            Some((n, _)) => *n += 1,
            None => runs.push((1, line)),
        }
    }
    let counts = j.on('c');
    j.out = runs.iter().map(|(n, line)| if counts { format!("{n:7} {line}\n") } else { format!("{line}\n") }).collect();
    0
}

fn cut(j: &mut Job) -> i32 {
    let (delimiter, _) = j.value('d');
    let (fields, _) = j.value('f');
    let (letters, _) = j.value('c');
    let ranges: Vec<(usize, usize)> = fields.as_ref().or(letters.as_ref()).map_or("", String::as_str).split(',').map(range).collect();
    let wanted = |i: usize| ranges.iter().any(|(a, b)| (*a..=*b).contains(&(i + 1)));
    let delimiter = delimiter.filter(|d| !d.is_empty()).unwrap_or_else(|| "\t".to_owned());
    let files: Vec<String> = j.words().into_iter().filter(|w| w.chars().any(char::is_alphabetic)).map(str::to_owned).collect();
    let text = j.text("cut", &files.iter().map(String::as_str).collect::<Vec<_>>());
    for line in text.lines() {
        let cut = if letters.is_some() {
            line.chars().enumerate().filter(|(i, _)| wanted(*i)).map(|(_, c)| c).collect()
        } else if line.contains(&delimiter) {
            let fields = line.split(&delimiter).enumerate().filter(|(i, _)| wanted(*i)).map(|(_, f)| f);
            fields.collect::<Vec<_>>().join(&delimiter)
        } else {
            line.to_owned()
        };
        let _ = writeln!(j.out, "{cut}");
    }
    0
}

fn range(text: &str) -> (usize, usize) {
    let (a, b) = text.split_once('-').unwrap_or((text, text));
    (a.parse().unwrap_or(1), b.parse().unwrap_or(usize::MAX))
}

fn tr(j: &mut Job) -> i32 {
    let words = j.words();
    let set = |text: &&str| -> Vec<char> {
        let text =
            escaped(text).replace("[:lower:]", "a-z").replace("[:upper:]", "A-Z").replace("[:space:]", " \t\n").replace("[:digit:]", "0-9");
        let chars: Vec<char> = text.chars().collect();
        let (mut all, mut i) = (Vec::new(), 0);
        while i < chars.len() {
            if let (Some('-'), Some(end)) = (chars.get(i + 1), chars.get(i + 2)) {
                all.extend((chars[i]..=*end).take(256));
                i += 3;
            } else {
                all.push(chars[i]);
                i += 1;
            }
        }
        all
    };
    let (from, to) = (words.first().map(set).unwrap_or_default(), words.get(1).map(set).unwrap_or_default());
    let (deletes, squeezes) = (j.on('d'), j.on('s'));
    let mut last = None;
    for c in j.input.chars() {
        let at = from.iter().position(|f| *f == c);
        let new = match at {
            Some(_) if deletes => continue,
            Some(at) => to.get(at).or(to.last()).copied().unwrap_or(c),
            None => c,
        };
        if !(squeezes && at.is_some() && last == Some(new)) {
            j.out.push(new);
        }
        last = Some(new);
    }
    0
}

fn seq(j: &mut Job) -> i32 {
    /// How many numbers at most.
    const MOST: i64 = 100_000;
    let numbers: Vec<i64> = j.args.iter().filter_map(|a| a.parse().ok()).collect();
    let (first, step, last) = match numbers.as_slice() {
        [last] => (1, 1, *last),
        [first, last] => (*first, 1, *last),
        [first, step, last] if *step != 0 => (*first, *step, *last),
        _ => return j.fail("seq: missing operand"),
    };
    let mut n = first;
    for _ in 0..MOST {
        if (step > 0 && n > last) || (step < 0 && n < last) {
            break;
        }
        j.line(n.to_string());
        n = n.saturating_add(step);
    }
    0
}

/// `date`, `date +%H:%M:%S`.
fn date(j: &mut Job) -> i32 {
    let now = j.host.now();
    let format = j.args.iter().find_map(|a| a.strip_prefix('+')).unwrap_or("%a %b %e %H:%M:%S UTC %Y").to_owned();
    let text = date_text(now, &format);
    j.line(text)
}

/// An instant in the form that `date` is given.
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
            Some('m') => out.push_str(&stamp[5..7]),
            Some('d') => out.push_str(&stamp[8..10]),
            Some('e') => drop(write!(out, "{:>2}", stamp[8..10].trim_start_matches('0'))),
            Some('H') => out.push_str(&stamp[11..13]),
            Some('M') => out.push_str(&stamp[14..16]),
            Some('S') => out.push_str(&stamp[17..19]),
            Some('F') => out.push_str(&stamp[..10]),
            Some('T') => out.push_str(&stamp[11..19]),
            Some('a') => out.push_str(weekday),
            Some('b') => out.push_str(month),
            Some('s') => drop(write!(out, "{unix}")),
            Some('Z') => out.push_str("UTC"),
            Some('N') => drop(write!(out, "{:09}", now.0 % 1000 * 1_000_000)),
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

fn column(j: &mut Job) -> i32 {
    let text = j.input;
    let rows: Vec<Vec<&str>> = text.lines().map(|l| l.split_whitespace().collect()).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(|c| rows.iter().filter_map(|r| r.get(c)).map(|w| w.len()).max().unwrap_or(0)).collect();
    for row in rows {
        let line: String = row.iter().enumerate().map(|(c, w)| format!("{w:<width$}  ", width = widths[c])).collect();
        let _ = writeln!(j.out, "{}", line.trim_end());
    }
    0
}

fn base64(j: &mut Job) -> i32 {
    let text = if j.on('d') || j.args.iter().any(|a| a == "--decode") {
        crate::base::base64::decode(j.input.trim()).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    } else {
        Some(format!("{}\n", crate::base::base64::encode(j.input.as_bytes())))
    };
    match text {
        Some(text) => {
            j.out = text;
            0
        }
        None => j.fail("base64: invalid input"),
    }
}

fn diff(j: &mut Job) -> i32 {
    let words = j.owned_words();
    let files: Vec<&str> = words.iter().map(String::as_str).collect();
    let texts = j.texts("diff", &files);
    let [(_, a), (_, b)] = texts.as_slice() else { return 2 };
    if a == b {
        return 0;
    }
    let (a, b): (Vec<&str>, Vec<&str>) = (a.lines().collect(), b.lines().collect());
    let gone = a.iter().filter(|l| !b.contains(l)).map(|l| format!("< {l}\n"));
    let new = b.iter().filter(|l| !a.contains(l)).map(|l| format!("> {l}\n"));
    j.out = gone.chain(new).collect();
    1
}
