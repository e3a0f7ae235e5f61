//! `awk`, as far as tutorials use it: one rule of an optional condition that prints fields.
//!
//! Promises: what is not supported is refused in the playground's own words, never answered wrongly.
//! Not modelled: options, several rules, variables, `printf`, sums, functions.

use std::cmp::Ordering;

use super::query::{refuse, signs, until};
use super::tools::escapes::escaped;
use super::tools::job::{Job, MISUSED};
use base::pattern::Regex;

/// `awk '{print $1}'`, `awk '$2 == "0/1" {print $1, $3}'`.
pub fn awk(j: &mut Job) -> i32 {
    let program = j.words.first().copied().unwrap_or_default();
    let files: Vec<&str> = j.words.iter().skip(1).copied().collect();
    let Some(rule) = Rule::read(program) else { return refuse(j, "awk", program) };
    let text = j.text(&files);
    if !j.err.is_empty() {
        return if j.host.is_busybox() { 1 } else { MISUSED };
    }
    for (at, line) in text.lines().enumerate() {
        let record = Record { line, fields: line.split_whitespace().collect(), number: at + 1 };
        let Some(holds) = rule.condition.holds(&record) else { return refuse(j, "awk", program) };
        if holds {
            let printed: Vec<String> = rule.prints.iter().map(|parts| parts.iter().map(|part| record.value(part)).collect()).collect();
            j.line(&printed.join(" "));
        }
    }
    j.status()
}

/// What a line is printed as, and under which condition.
struct Rule {
    condition: Condition,
    /// The terms of `print`, which a blank joins; the parts of each stand together.
    prints: Vec<Vec<Part>>,
}

enum Condition {
    Always,
    Fits(Regex),
    Compares(Part, &'static str, Part),
}

/// A part of a term.
enum Part {
    /// `$2`; `$0` is the line.
    Field(usize),
    /// `$NF`
    LastField,
    /// `NR`
    Number,
    /// `NF`
    Count,
    /// A number as it is written.
    Amount(String),
    /// What stands in quotes.
    Text(String),
}

/// The signs of comparisons; of those that begin alike, the longer ones first.
const SIGNS: [&str; 6] = ["==", "!=", ">=", "<=", ">", "<"];

impl Rule {
    /// The rule of a program; `None` if it is more than that, or not supported.
    fn read(program: &str) -> Option<Rule> {
        let program = program.trim();
        let (condition, rest) = if let Some(pattern) = program.strip_prefix('/') {
            let (pattern, rest) = until(pattern, '/')?;
            (Condition::Fits(Regex::new(&signs(&pattern), true, false)), rest)
        } else if program.starts_with('{') {
            (Condition::Always, program)
        } else {
            let (one, rest) = Part::read(program)?;
            let rest = rest.trim_start();
            let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign))?;
            let (other, rest) = Part::read(rest[sign.len()..].trim_start())?;
            (Condition::Compares(one, sign, other), rest)
        };
        let prints = match rest.trim() {
            "" => vec![vec![Part::Field(0)]],
            action => printed(action.strip_prefix('{')?.strip_suffix('}')?.trim())?,
        };
        Some(Rule { condition, prints })
    }
}

/// The terms of `print`, which commas separate.
fn printed(action: &str) -> Option<Vec<Vec<Part>>> {
    let mut rest = action.strip_prefix("print").filter(|rest| !rest.starts_with(is_of_name))?.trim_start();
    if rest.is_empty() {
        return Some(vec![vec![Part::Field(0)]]);
    }
    let mut terms = vec![Vec::new()];
    while !rest.is_empty() {
        if let Some(behind) = rest.strip_prefix(',') {
            terms.push(Vec::new());
            rest = behind.trim_start();
            continue;
        }
        let (part, behind) = Part::read(rest)?;
        terms.last_mut()?.push(part);
        rest = behind.trim_start();
    }
    (!terms.iter().any(Vec::is_empty)).then_some(terms)
}

/// Whether a character may stand in a name or a number.
fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

impl Part {
    /// The part that a text begins with, and what is behind it.
    fn read(text: &str) -> Option<(Part, &str)> {
        if let Some(text) = text.strip_prefix('"') {
            let (text, behind) = until(text, '"')?;
            return Some((Part::Text(escaped(&text)), behind));
        }
        let end = text.char_indices().find(|(at, c)| *at > 0 && !is_of_name(*c)).map_or(text.len(), |(at, _)| at);
        let (word, behind) = text.split_at(end);
        let part = match word {
            "$NF" => Part::LastField,
            "NR" => Part::Number,
            "NF" => Part::Count,
            word => match word.strip_prefix('$') {
                Some(digits) => Part::Field(digits.parse().ok()?),
                // What follows a number may belong to it.
                None if behind.starts_with('.') || !word.starts_with(is_of_name) => return None,
                None => Part::Amount(word.parse::<u32>().ok()?.to_string()),
            },
        };
        Some((part, behind))
    }
}

/// A line of the input.
struct Record<'a> {
    line: &'a str,
    fields: Vec<&'a str>,
    number: usize,
}

impl Record<'_> {
    fn value(&self, part: &Part) -> String {
        match part {
            Part::Field(0) => self.line.to_owned(),
            Part::Field(number) => self.fields.get(number - 1).copied().unwrap_or_default().to_owned(),
            Part::LastField => self.fields.last().copied().unwrap_or_default().to_owned(),
            Part::Number => self.number.to_string(),
            Part::Count => self.fields.len().to_string(),
            Part::Amount(text) | Part::Text(text) => text.clone(),
        }
    }
}

impl Condition {
    /// Whether it holds for a line; `None` if that is not known.
    fn holds(&self, record: &Record) -> Option<bool> {
        let (one, sign, other) = match self {
            Condition::Always => return Some(true),
            Condition::Fits(regex) => return Some(regex.find(record.line, 0).is_some()),
            Condition::Compares(one, sign, other) => (one, *sign, other),
        };
        // What is in quotes is a text, and is compared as one.
        let is_text = matches!((one, other), (Part::Text(_), _) | (_, Part::Text(_)));
        let order = order(&record.value(one), &record.value(other), is_text)?;
        Some(match sign {
            "==" => order.is_eq(),
            "!=" => order.is_ne(),
            ">=" => order.is_ge(),
            "<=" => order.is_le(),
            ">" => order.is_gt(),
            _ => order.is_lt(),
        })
    }
}

/// The order of two values: of numbers, if both look like one. `None` for numbers that are not whole.
fn order(one: &str, other: &str, is_text: bool) -> Option<Ordering> {
    if is_text || !is_number(one) || !is_number(other) {
        return Some(one.cmp(other));
    }
    let whole = |text: &str| text.parse::<i64>().ok();
    Some(whole(one)?.cmp(&whole(other)?))
}

fn is_number(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || "+-.eE".contains(c))
}
