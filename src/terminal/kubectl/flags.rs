//! The flags given on a command line: parsing them, and what they say.
//!
//! Models github.com/spf13/pflag: long and short forms, values attached or in the next word, flags between arguments, `--`.
//! Promises: the error messages are pflag's; order is kept, and the last value of a flag wins; a debug build asks for no flag that no
//! command has.

use std::fmt;
use std::num::IntErrorKind;

use crate::commands::has_flag;
use crate::flag::{Flag, Takes};
use base::time::Span;

/// The flags given, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags(Vec<(&'static str, String)>);

impl Flags {
    /// The first flag given with a value that is not simulated.
    pub fn not_simulated(&self, known: &[&'static [Flag]]) -> Option<&'static Flag> {
        all_flags(known).find(|flag| {
            let usual = |usual: &str, given: &str| given == usual || (flag.takes == Takes::Switch && truth(given) == truth(usual));
            flag.only.is_some_and(|only| self.all(flag.name).iter().any(|given| !usual(only, given)))
        })
    }

    /// All flags except one.
    #[must_use]
    pub fn without(&self, name: &str) -> Flags {
        Flags(self.0.iter().filter(|(n, _)| *n != name).cloned().collect())
    }

    fn values(&self, name: &str) -> impl DoubleEndedIterator<Item = &str> {
        debug_assert!(has_flag(name), "no command has a flag --{name}");
        self.0.iter().filter(move |(n, _)| *n == name).map(|(_, v)| v.as_str())
    }

    /// The last value of a flag.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.values(name).next_back()
    }

    /// Every value of a flag, unsplit.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.values(name).collect()
    }

    /// Every value of a flag, split at commas.
    pub fn list(&self, name: &str) -> Vec<&str> {
        self.all(name).into_iter().flat_map(|v| v.split(',')).filter(|v| !v.is_empty()).collect()
    }

    /// The flags and their values as given: ` --record=true`. Models genericclioptions parseCommandArguments.
    pub fn spelled(&self) -> String {
        self.0.iter().flat_map(|(name, value)| [" --", *name, "=", value]).collect()
    }

    /// Whether a switch is on.
    pub fn on(&self, name: &str) -> bool {
        self.text(name).and_then(truth) == Some(true)
    }

    /// Whether a switch was explicitly turned off.
    pub fn off(&self, name: &str) -> bool {
        self.text(name).and_then(truth) == Some(false)
    }

    /// Whether a flag was given at all.
    pub fn given(&self, name: &str) -> bool {
        self.text(name).is_some()
    }

    /// The value of an integer flag.
    pub fn int(&self, name: &str) -> Option<i64> {
        self.text(name)?.parse().ok()
    }

    /// The value of a duration flag; `None` unless it is positive.
    pub fn duration(&self, name: &str) -> Option<Span> {
        read_duration(self.text(name)?).ok().filter(|ms| *ms > 0).map(|ms| Span(ms.unsigned_abs()))
    }

    /// Whether a duration flag has a negative value.
    pub fn is_negative(&self, name: &str) -> bool {
        self.text(name).and_then(|v| read_duration(v).ok()).is_some_and(|ms| ms < 0)
    }
}

/// A command line split into arguments and flags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// The arguments, including those after `--`.
    pub args: Vec<String>,
    /// How many arguments precede `--`, if there is one.
    pub dash: Option<usize>,
    pub flags: Flags,
}

/// Why words could not be read. It displays as pflag's message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlagError {
    /// There is no flag of this name.
    Unknown(String),
    /// All else, in words.
    Other(String),
}

impl From<String> for FlagError {
    fn from(words: String) -> Self {
        FlagError::Other(words)
    }
}

impl fmt::Display for FlagError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            FlagError::Unknown(name) => write!(f, "unknown flag: --{name}"),
            FlagError::Other(words) => f.write_str(words),
        }
    }
}

/// Parses words with the flags that are known.
pub fn parse(words: &[String], known: &[&'static [Flag]]) -> Result<Parsed, FlagError> {
    let mut parsed = Parsed::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if word == "--" {
            parsed.dash = Some(parsed.args.len());
            parsed.args.extend(words.by_ref().cloned());
        } else if let Some(long) = word.strip_prefix("--") {
            read_long(long, word, &mut words, known, &mut parsed.flags)?;
        } else if word.len() > 1 && word.starts_with('-') {
            read_short(word, &mut words, known, &mut parsed.flags)?;
        } else {
            parsed.args.push(word.clone());
        }
    }
    Ok(parsed)
}

fn all_flags(known: &[&'static [Flag]]) -> impl Iterator<Item = &'static Flag> {
    known.iter().flat_map(|group| group.iter())
}

fn read_long<'a>(
    long: &str,
    word: &str,
    rest: &mut impl Iterator<Item = &'a String>,
    known: &[&'static [Flag]],
    flags: &mut Flags,
) -> Result<(), FlagError> {
    if long.is_empty() || long.starts_with(['-', '=']) {
        return Err(format!("bad flag syntax: {word}").into());
    }
    let (name, value) = match long.split_once('=') {
        Some((name, value)) => (name, Some(value.to_owned())),
        None => (long, None),
    };
    let flag = all_flags(known).find(|f| f.name == name).ok_or_else(|| FlagError::Unknown(name.to_owned()))?;
    let value = match (value, flag.takes) {
        (Some(value), _) => value,
        (None, Takes::Switch) => "true".to_owned(),
        (None, Takes::Optional(text)) => text.to_owned(),
        (None, _) => rest.next().cloned().ok_or_else(|| format!("flag needs an argument: --{name}"))?,
    };
    Ok(store(flag, value, flags)?)
}

/// Parses `-w`, `-it`, `-owide`, `-o wide`, `-o=wide`.
fn read_short<'a>(
    word: &str,
    rest: &mut impl Iterator<Item = &'a String>,
    known: &[&'static [Flag]],
    flags: &mut Flags,
) -> Result<(), String> {
    let group = &word[1..];
    for (at, letter) in group.char_indices() {
        let unknown = || format!("unknown shorthand flag: '{letter}' in -{}", &group[at..]);
        let flag = all_flags(known).find(|f| f.short == Some(letter)).ok_or_else(unknown)?;
        let after = &group[at + letter.len_utf8()..];
        if let Some(value) = after.strip_prefix('=') {
            return store(flag, value.to_owned(), flags);
        }
        match flag.takes {
            Takes::Switch => store(flag, "true".to_owned(), flags)?,
            Takes::Optional(text) => store(flag, text.to_owned(), flags)?,
            _ if !after.is_empty() => return store(flag, after.to_owned(), flags),
            _ => {
                let missing = || format!("flag needs an argument: '{letter}' in -{}", &group[at..]);
                return store(flag, rest.next().cloned().ok_or_else(missing)?, flags);
            }
        }
    }
    Ok(())
}

fn store(flag: &'static Flag, value: String, flags: &mut Flags) -> Result<(), String> {
    let wrong = match flag.takes {
        Takes::Switch => truth(&value).is_none().then(|| format!("strconv.ParseBool: parsing {value:?}: invalid syntax")),
        Takes::Int => integer(&value).err().map(|why| format!("strconv.ParseInt: parsing {value:?}: {why}")),
        Takes::Duration => read_duration(&value).err(),
        Takes::Text | Takes::Many | Takes::Optional(_) => None,
    };
    if let Some(why) = wrong {
        let name = match flag.short {
            Some(letter) => format!("-{letter}, --{}", flag.name),
            None => format!("--{}", flag.name),
        };
        return Err(format!("invalid argument {value:?} for {name:?} flag: {why}"));
    }
    let value = if let Takes::Int = flag.takes { integer(&value).map_or(value, |number| number.to_string()) } else { value };
    flags.0.push((flag.name, value));
    Ok(())
}

/// An integer in Go's notations: `0x3`, `0b11`, `0o7`, `07`, `1_000`. Models Go's strconv.ParseInt with base 0.
fn integer(text: &str) -> Result<i64, &'static str> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let prefix = digits.get(..2).unwrap_or_default().to_ascii_lowercase();
    let (base, prefix) = match prefix.as_str() {
        "0x" => (16, 2),
        "0b" => (2, 2),
        "0o" => (8, 2),
        _ if digits.len() > 1 && digits.starts_with('0') => (8, 1),
        _ => (10, 0),
    };
    let digits = &digits[prefix..];
    // An underscore stands between digits, or behind the sign of the base.
    let is_spaced = digits.contains("__") || digits.ends_with('_') || prefix == 0 && digits.starts_with('_');
    let plain = digits.replace('_', "");
    if is_spaced || plain.starts_with(['-', '+']) {
        return Err("invalid syntax");
    }
    i64::from_str_radix(&format!("{sign}{plain}"), base).map_err(|wrong| match wrong.kind() {
        IntErrorKind::PosOverflow | IntErrorKind::NegOverflow => "value out of range",
        _ => "invalid syntax",
    })
}

/// A boolean in Go's notations.
fn truth(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// A duration in milliseconds, or Go's error message. Finer fractions are dropped.
pub fn read_duration(text: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {text:?}");
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut nanos: i128 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let number = &rest[..digits];
        let unit_end = rest[digits..].find(|c: char| c.is_ascii_digit() || c == '.').map_or(rest.len(), |i| digits + i);
        let unit = &rest[digits..unit_end];
        if number.is_empty() || number == "." || number.matches('.').count() > 1 || number.len() > 15 {
            return Err(invalid());
        }
        if unit.is_empty() {
            return Err(format!("time: missing unit in duration {text:?}"));
        }
        let scale: i128 = match unit {
            "ns" => 1,
            "us" | "µs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return Err(format!("time: unknown unit {unit:?} in duration {text:?}")),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        nanos += whole.parse::<i128>().unwrap_or(0) * scale;
        let places = u32::try_from(fraction.len()).unwrap_or(0);
        nanos += fraction.parse::<i128>().unwrap_or(0) * scale / 10i128.pow(places);
        rest = &rest[unit_end..];
    }
    let ms = i64::try_from(nanos / 1_000_000).map_err(|_| invalid())?;
    Ok(if negative { -ms } else { ms })
}
