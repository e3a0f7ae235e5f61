//! A flag that a command accepts: its name, its letter, and what it takes.

/// The kind of value that a flag takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// None, or `=true` or `=false`.
    Switch,
    Text,
    /// An integer.
    Int,
    /// A duration in Go's notation: `1m30s`.
    Duration,
    /// A text; the flag may be repeated, and [`crate::flags::Flags::list`] splits each value at commas.
    Many,
    /// `=text`, or nothing, which stands for this text.
    Optional(&'static str),
}

/// A flag that a command accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flag {
    /// Its long name, without dashes.
    pub name: &'static str,
    /// Its letter.
    pub short: Option<char>,
    /// The kind of its value.
    pub takes: Takes,
    /// The only simulated value, which is also the default, if there is but one.
    pub only: Option<&'static str>,
}

/// A flag without a letter.
pub const fn flag(name: &'static str, takes: Takes) -> Flag {
    Flag { name, short: None, takes, only: None }
}

/// A flag with a letter.
pub const fn short(name: &'static str, letter: char, takes: Takes) -> Flag {
    Flag { short: Some(letter), ..flag(name, takes) }
}

/// A flag without effect here: any value but the default is not simulated.
pub const fn only(name: &'static str, takes: Takes, usual: &'static str) -> Flag {
    Flag { only: Some(usual), ..flag(name, takes) }
}
