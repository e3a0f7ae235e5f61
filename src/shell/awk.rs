//! `awk`, as far as everyday lines use it: rules of an optional condition and of actions that print, or that set variables.
//!
//! Promises: what is not supported is refused in the playground's own words, never answered wrongly. Numbers are counted in billionths;
//! where that would show, the program is refused.
//! Not modelled: arrays, functions, `if` and loops, sums of more than two terms, output to files and commands.

use super::query::{refuse, signs, until};
use super::tools::escapes::escaped;
use super::tools::job::{Job, MISUSED};
use super::tools::numbers::{ONE, billionths};
use super::tools::print::{converted, general};
use base::letter::is_letter_or_digit;
use base::pattern::Regex;
use base::sorted::SortedMap;

/// `awk '{print $1}'`: rules of an optional condition and of actions that print, or that set variables.
pub fn awk(j: &mut Job) -> i32 {
    let program = j.words.first().copied().unwrap_or_default();
    let files: Vec<&str> = j.words.iter().skip(1).copied().collect();
    let given = j.value('F').map(|by| ("FS", by)).into_iter().chain(j.values('v').filter_map(|pair| pair.split_once('=')));
    let names = given.map(|(name, text)| (name.to_owned(), escaped(text))).collect();
    let mut record = Record { line: String::new(), fields: Vec::new(), number: 0, names };
    let Some(rules) = rules(program) else { return refuse(j, "awk", program) };
    let begins = record.obey(&rules, "BEGIN", &mut j.out);
    let separator = record.names.get("FS").cloned();
    let is_plain = |separator: &String| separator.chars().count() == 1 || separator.chars().all(is_letter_or_digit);
    if begins.is_none() || !separator.iter().all(is_plain) {
        return refuse(j, "awk", program);
    }
    let text = if rules.iter().all(|rule| rule.condition == "BEGIN") { String::new() } else { j.text(&files) };
    if !j.err.is_empty() {
        return if j.host.is_busybox() { 1 } else { MISUSED };
    }
    for line in text.lines() {
        record.number += 1;
        record.fields = match separator.as_deref() {
            None | Some(" ") => line.split_whitespace().map(str::to_owned).collect(),
            Some(_) if line.is_empty() => Vec::new(),
            Some(separator) => line.split(separator).map(str::to_owned).collect(),
        };
        line.clone_into(&mut record.line);
        if record.obey(&rules, "", &mut j.out).is_none() {
            return refuse(j, "awk", program);
        }
    }
    if record.obey(&rules, "END", &mut j.out).is_none() {
        return refuse(j, "awk", program);
    }
    j.status()
}

/// The parts of a value, which are joined, or of which the one in the middle is the sign of a sum.
type Parts<'a> = Vec<&'a str>;

/// An action of `awk`.
enum Act<'a> {
    Print(Vec<Parts<'a>>),
    Format(Vec<Parts<'a>>),
    /// A variable, the sign before `=`, and a value.
    Set(&'a str, &'a str, Parts<'a>),
    Next,
}

/// A rule of `awk`: what to do under a condition.
struct Rule<'a> {
    condition: &'a str,
    acts: Vec<Act<'a>>,
}

/// The rules of a program; `None` if one is not supported.
fn rules(program: &str) -> Option<Vec<Rule<'_>>> {
    let (mut rules, mut rest) = (Vec::new(), program.trim());
    while !rest.is_empty() {
        let Some((condition, _, behind)) = cut(rest, &["{"]) else {
            rules.push(Rule { condition: rest, acts: vec![Act::Print(vec![vec!["$0"]])] });
            break;
        };
        let (mut action, _, behind) = cut(behind, &["}"])?;
        let mut acts = Vec::new();
        while !action.trim().is_empty() {
            let (one, behind) = cut(action, &[";", "\n"]).map_or((action, ""), |(one, _, behind)| (one, behind));
            if !one.trim().is_empty() {
                acts.push(act(one.trim())?);
            }
            action = behind;
        }
        rules.push(Rule { condition: condition.trim(), acts });
        rest = behind.trim_start_matches([';', ' ', '\n']);
    }
    // `a, b` is a range, which is not supported.
    rules.iter().all(|rule| cut(rule.condition, &[","]).is_none()).then_some(rules)
}

fn act(text: &str) -> Option<Act<'_>> {
    let of = |name| text.strip_prefix(name).filter(|what: &&str| !what.starts_with(is_of_name)).map(str::trim);
    if let Some(what) = of("print") {
        return Some(Act::Print(if what.is_empty() { vec![vec!["$0"]] } else { terms(what)? }));
    }
    if let Some(what) = of("printf") {
        return terms(what).map(Act::Format);
    }
    if text == "next" {
        return Some(Act::Next);
    }
    let (name, rest) = text.split_at(text.find(|c| !is_of_name(c)).unwrap_or(text.len()));
    let (sign, value) = match rest.trim_start() {
        "++" => ("+", vec!["1"]),
        "--" => ("-", vec!["1"]),
        rest => {
            let (sign, value) = rest.split_once('=')?;
            let [parts] = <[Parts; 1]>::try_from(terms(value.trim())?).ok()?;
            (sign.trim(), parts)
        }
    };
    (is_variable(name) && matches!(sign, "" | "+" | "-" | "*" | "/")).then_some(Act::Set(name, sign, value))
}

/// Whether a character may stand in a name or a number.
fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Whether a name is that of a variable whose meaning is its value.
fn is_variable(name: &str) -> bool {
    const OTHERS: &str = "BEGIN END ENVIRON FILENAME FNR NF NR ORS RS break close continue cos delete do else exit exp for func function getline \
                          gsub if in index int length log match next print printf rand return sin split sprintf sqrt srand strftime sub \
                          substr system systime tolower toupper while";
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && !OTHERS.split_whitespace().any(|other| other == name)
}

/// Cuts a program of `awk` at the first of some signs that stands outside of texts (`"…"`) and patterns (`/…/`): what is before it, the
/// sign, and what is behind. Of signs that begin alike, the one named first counts.
fn cut<'a>(text: &'a str, signs: &[&'static str]) -> Option<(&'a str, &'static str, &'a str)> {
    let (mut within, mut escaped, mut last) = (None, false, ' ');
    for (at, c) in text.char_indices() {
        match within {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(end) if c == end => within = None,
            Some(_) => {}
            // Behind a value it divides.
            None if c == '"' || c == '/' && !is_of_name(last) && last != ')' => within = Some(c),
            None => {
                if let Some(sign) = signs.iter().find(|sign| text[at..].starts_with(**sign)) {
                    return Some((&text[..at], sign, &text[at + sign.len()..]));
                }
            }
        }
        last = if c == ' ' { last } else { c };
    }
    None
}

/// The parts of a condition between signs of one kind.
fn parts<'a>(mut condition: &'a str, sign: &'static str) -> Vec<&'a str> {
    let mut parts = Vec::new();
    while let Some((part, _, behind)) = cut(condition, &[sign]) {
        parts.push(part);
        condition = behind;
    }
    parts.push(condition);
    parts
}

/// The terms of a `print`, which commas separate. `None` if a part is not a text, number, field, variable or sign.
fn terms(what: &str) -> Option<Vec<Parts<'_>>> {
    let (mut terms, mut rest) = (vec![Vec::new()], what);
    while !rest.is_empty() {
        if let Some(behind) = rest.strip_prefix(',') {
            terms.push(Vec::new());
            rest = behind.trim_start();
            continue;
        }
        let quoted = rest.strip_prefix('"').map(|text| until(text, '"').map(|(_, behind)| rest.len() - behind.len()));
        let end = match quoted {
            Some(end) => end?,
            None if rest.starts_with(['+', '-', '*', '/', '%']) => 1,
            None => rest.char_indices().find(|(at, c)| *at > 0 && !is_of_name(*c)).map_or(rest.len(), |(at, _)| at),
        };
        let (part, behind) = rest.split_at(end);
        let is_sign = matches!(part, "+" | "-" | "*" | "/" | "%");
        let is_known = quoted.is_some() || is_sign || matches!(part, "NR" | "NF" | "$NF") || is_variable(part);
        let is_known = is_known || part.strip_prefix('$').unwrap_or(part).parse::<u32>().is_ok();
        terms.last_mut()?.push(is_known.then_some(part)?);
        rest = behind.trim_start();
    }
    let is_sum = |parts: &Parts| parts.iter().any(|part| "+-*/%".contains(part)) && (parts.len() != 3 || !"+-*/%".contains(parts[1]));
    (!terms.iter().any(|parts| parts.is_empty() || is_sum(parts))).then_some(terms)
}

struct Record {
    line: String,
    fields: Vec<String>,
    number: usize,
    names: SortedMap<String, String>,
}

impl Record {
    /// Does what the rules of a kind want: `BEGIN`, `END`, or those with conditions.
    fn obey(&mut self, rules: &[Rule], kind: &str, out: &mut String) -> Option<()> {
        for rule in rules {
            let is_meant = match rule.condition {
                "BEGIN" | "END" => rule.condition == kind,
                condition => kind.is_empty() && self.holds(condition)?,
            };
            for act in rule.acts.iter().filter(|_| is_meant) {
                match act {
                    Act::Print(terms) => {
                        let by = self.names.get("OFS").map_or(" ", String::as_str);
                        *out += &(terms.iter().map(|parts| self.joined(parts)).collect::<Option<Vec<_>>>()?.join(by) + "\n");
                    }
                    Act::Format(terms) => *out += &self.formatted(terms)?,
                    Act::Set(name, sign, parts) => {
                        let mut value = self.joined(parts)?;
                        if !sign.is_empty() {
                            value = sum(&self.value(name), sign, &value)?;
                        }
                        self.names.insert((*name).to_owned(), value);
                    }
                    Act::Next => return Some(()),
                }
            }
        }
        Some(())
    }

    fn joined(&self, parts: &Parts) -> Option<String> {
        match parts[..] {
            [a, sign @ ("+" | "-" | "*" | "/" | "%"), b] => sum(&self.value(a), sign, &self.value(b)),
            _ => Some(parts.iter().map(|part| self.value(part)).collect()),
        }
    }

    fn formatted(&self, terms: &[Parts]) -> Option<String> {
        let texts = terms.iter().map(|parts| self.joined(parts)).collect::<Option<Vec<_>>>()?;
        let (format, mut texts) = (texts.first()?, texts.iter().skip(1));
        let mut parts = format.split('%');
        let mut out = parts.next()?.to_owned();
        while let Some(part) = parts.next() {
            if part.is_empty() {
                out.extend(["%", parts.next()?]);
                continue;
            }
            let end = part.find(|c: char| c.is_ascii_alphabetic())?;
            let (kind, text) = (part[end..].chars().next()?, texts.next()?);
            out.push_str(&converted(&part[..end], kind, text, amount(text)?)?);
            out.push_str(&part[end + 1..]);
        }
        Some(out)
    }

    fn value(&self, term: &str) -> String {
        let term = term.trim();
        match term {
            "$0" => self.line.clone(),
            "NR" => self.number.to_string(),
            "NF" => self.fields.len().to_string(),
            "$NF" => self.fields.last().cloned().unwrap_or_default(),
            name if is_variable(name) => self.names.get(name).cloned().unwrap_or_default(),
            _ => match term.strip_prefix('$').map(str::parse::<usize>) {
                Some(Ok(n)) => n.checked_sub(1).map_or(Some(&self.line), |i| self.fields.get(i)).cloned().unwrap_or_default(),
                _ => escaped(&term.strip_prefix('"').and_then(|text| until(text, '"')).map_or_else(|| term.to_owned(), |(text, _)| text)),
            },
        }
    }

    /// Whether a condition holds; `None` if it is not supported.
    fn holds(&self, condition: &str) -> Option<bool> {
        let mut any = false;
        for choice in parts(condition, "||") {
            let mut all = true;
            for one in parts(choice, "&&") {
                all &= self.meets(one.trim())?;
            }
            any |= all;
        }
        Some(any)
    }

    fn meets(&self, condition: &str) -> Option<bool> {
        if condition.is_empty() {
            return Some(true);
        }
        let regex = |text: &str| Some(Regex::new(&signs(text.trim().strip_prefix('/')?.strip_suffix('/')?), true, false));
        let (negated, whole) = condition.strip_prefix('!').map_or((false, condition), |rest| (true, rest));
        if let Some(regex) = regex(whole) {
            return Some(regex.find(&self.line, 0).is_some() != negated);
        }
        let (a, sign, b) = cut(condition, &["!~", "~", "==", "!=", ">=", "<=", ">", "<"])?;
        if sign.ends_with('~') {
            return Some(regex(b)?.find(&self.term(a)?, 0).is_some() == (sign == "~"));
        }
        // What is in quotes is a text, and is compared as one.
        let is_text = [a, b].iter().any(|term| term.trim().starts_with('"'));
        // A variable that is not set counts as 0 where it meets a number.
        let is_unset = |term: &str| is_variable(term.trim()) && !self.names.contains_key(term.trim());
        let zero = [a, b].map(is_unset);
        let (a, b) = (self.term(a)?, self.term(b)?);
        let number = |text: &str, zero: bool| if zero { Some(0) } else { number(text) };
        let order = match (number(&a, zero[0]), number(&b, zero[1])) {
            (Some(a), Some(b)) if !is_text => a.cmp(&b),
            _ => a.cmp(&b),
        };
        Some(match sign {
            "==" => order.is_eq(),
            "!=" => order.is_ne(),
            ">=" => order.is_ge(),
            "<=" => order.is_le(),
            ">" => order.is_gt(),
            _ => order.is_lt(),
        })
    }

    /// The value of one operand of a condition.
    fn term(&self, text: &str) -> Option<String> {
        match terms(text.trim())?.as_slice() {
            [parts] if parts.len() == 1 => Some(self.value(parts[0])),
            _ => None,
        }
    }
}

/// The number that a text begins with, in billionths. Powers of ten and other bases are not supported.
fn amount(text: &str) -> Option<i128> {
    let behind = text.trim().trim_start_matches(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    (behind.len() == text.trim().len() || !behind.starts_with(['e', 'E', 'x', 'X']))
        .then(|| billionths(text.trim_start().trim_start_matches('+')))
}

/// A sum of two numbers, as `awk` prints it.
fn sum(a: &str, sign: &str, b: &str) -> Option<String> {
    let (a, b) = (amount(a)?, amount(b)?);
    general(match sign {
        "+" => a.checked_add(b)?,
        "-" => a.checked_sub(b)?,
        "*" => a.checked_mul(b)? / ONE,
        "/" => a.checked_mul(ONE)?.checked_div(b)?,
        _ => a.checked_rem(b)?,
    })
}

/// A text that is a decimal number, in billionths.
fn number(text: &str) -> Option<i128> {
    let digits = text.trim().trim_start_matches('+');
    let is_it = digits.contains(|c: char| c.is_ascii_digit()) && digits.chars().all(|c| c.is_ascii_digit() || ".-".contains(c));
    let is_one = is_it && digits.matches('.').count() < 2 && !digits.trim_start_matches('-').contains('-');
    is_one.then(|| billionths(digits))
}
