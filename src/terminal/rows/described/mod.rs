//! What `kubectl describe` printed, read back by the lines of `src/model/kinds`.

pub mod block;
pub mod containers;
pub(crate) mod parts;
pub mod storage;

use crate::describe::{Line, Print};
use crate::part;
use api::view::MODES;
use base::value::Value;
use block::{Block, number, number_or_text, pair, present, stamp, unapplied};
use std::ops::Range;

/// The functions that tables of kinds name.
pub(crate) mod read {
    pub use super::containers::*;
    pub use super::parts::*;
    pub use super::storage::*;
}

/// Labels whose values are said beside a verdict.
const SAID: &str = "\
    Access Modes|Allowed disruptions|Capacity|Claim|Controlled By|Controllers|Endpoints|Exit Code|Finalizers|Image|IP|\
    IsDefaultClass|Last State|Max unavailable|Min available|Mounted By|Node|Node-Selectors|Partition|Pod Management Policy|\
    Pods Status|Provisioner|Readiness|Ready|Reason|Reclaim Policy|ReclaimPolicy|Replicas|Restart Count|Selector|\
    Service Name|Start Time|State|Status|StorageClass|Taints|Type|Unschedulable|Update Strategy|Used By|Volume|\
    VolumeBindingMode";

/// What became of the lines of a description.
#[derive(Default)]
pub struct Told {
    /// What was understood: the number of a line, and the field and its value.
    pub said: Vec<(usize, String)>,
    /// The numbers of the lines whose labels are not known, and of those below them.
    pub unread: Vec<usize>,
}

/// How a value is read.
pub enum How {
    /// Not at all; the label tells the kind.
    Skip,
    /// As it is printed: a text, a number or a flag, counts, the lines of a part.
    Printed,
    Text,
    /// A number, or a part in percent.
    Amount,
    /// `True` or `Yes`, or not.
    Truth,
    /// A time.
    Stamp,
    /// `30s`.
    Seconds,
    /// `a=b,c=d` on one line.
    Pairs,
    /// `a=b` or `a: b`, one per line.
    Entries,
    /// `name: value`, one per line below the label.
    Amounts,
    /// `[a b]` or `a,b`.
    Words,
    /// `RWO,RWX`.
    Modes,
    /// As the function makes it of the line and those below.
    Made(fn(&Block, usize) -> Option<Value>),
    /// The function puts it into the object.
    By(fn(&Block, usize, &mut Value, &mut Told)),
}

/// Leaves a line and those below it unread, unless another line has read it. The table of Events is read by itself.
pub fn leave(block: &Block, at: usize, told: &mut Told) {
    let line = &block.lines[at];
    let is_of_events = line.is_event() || ["Type", "FirstSeen", "LastSeen"].contains(&block.label(at)) || line.text.starts_with("--");
    if !is_of_events && !told.said.iter().any(|(said, _)| *said == line.number) {
        told.unread.extend(block.lines[at..block.below(at).end].iter().map(|line| line.number));
    }
}

/// The number and the word after it in each part of `3 desired | 1 total`.
fn counts(value: &str) -> impl Iterator<Item = (&str, &str)> {
    value.split(['|', '/', ',']).filter_map(|piece| piece.trim().split_once(' '))
}

/// The path and the word after it in each part of `{spec replicas} desired | {status replicas} total`.
fn counted(words: &str) -> impl Iterator<Item = (&str, &str)> {
    words.split(['|', '/', ',']).filter_map(|piece| piece.trim().strip_prefix('{')?.split_once("} "))
}

/// Whether a line of a block is a line of the table. Of counts all words have to be the same.
pub fn is_of(block: &Block, at: usize, line: &Line) -> bool {
    let fits = |words| {
        let printed = block.value(at).map(counts).into_iter().flatten();
        printed.map(|(_, word)| word).eq(counted(words).map(|(_, word)| word))
    };
    line.is(block.label(at)) && if let Print::Counts(words) = line.print { fits(words) } else { true }
}

/// Reads these lines by lines of the table.
pub fn fill(block: &Block, range: Range<usize>, lines: &[Line], into: &mut Value, told: &mut Told) {
    for at in block.heads(range) {
        if !row(block, at, lines, into, told) {
            leave(block, at, told);
        }
    }
}

/// Reads one line and those below it; `false` if the table has no line for it.
pub fn row(block: &Block, at: usize, lines: &[Line], into: &mut Value, told: &mut Told) -> bool {
    let mut any = false;
    for line in lines.iter().filter(|line| is_of(block, at, line)) {
        let (label, first) = (block.label(at), told.said.len());
        let understood = match (&line.read, &line.print) {
            (How::Skip, _) => true,
            (How::By(put), _) => {
                put(block, at, into, told);
                true
            }
            (How::Printed, Print::Within(_, lines)) => {
                let mut within = Value::map();
                fill(block, block.below(at), lines, &mut within, told);
                for (key, value) in within.members() {
                    part(into, line.to).set(&[key], value.clone());
                }
                true
            }
            (How::Printed, Print::Counts(words)) => {
                let mut whole = true;
                for (amount, word) in block.value(at).map(counts).into_iter().flatten() {
                    let field = counted(words).find(|(_, known)| *known == word).zip(number_or_text(amount));
                    whole &= field.is_some();
                    if let Some(((path, _), amount)) = field {
                        *part(part(into, line.to), path) = amount;
                    }
                }
                whole
            }
            _ => simple(block, at, line).map(|value| *part(into, line.to) = value).is_some(),
        };
        let said = block.value(at).filter(|_| understood && !any && SAID.split('|').any(|one| one == label));
        if let Some(value) = said {
            told.said.insert(first, (block.lines[at].number, format!("{label}: {value}")));
        }
        any = true;
    }
    any
}

/// The entries of a map.
fn entries<'a>(texts: impl Iterator<Item = &'a str>) -> Option<Value> {
    let mut map = Value::map();
    let mut apart = false;
    for text in texts {
        // The value of a long annotation stands on lines of its own, shortened.
        let skipped = std::mem::replace(&mut apart, text.ends_with(':'));
        if let Some((key, value)) = pair(text).filter(|_| !skipped && !apart) {
            map.set(&[key], value);
        }
    }
    Some(map).filter(|map| map.members().next().is_some())
}

/// The value of a line that is read in one of the simple ways.
fn simple(block: &Block, at: usize, line: &Line) -> Option<Value> {
    let value = block.value(at);
    let split = |value: &str| {
        value.trim_matches(['[', ']']).split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    let list = |words: Vec<String>| Some(Value::list(words)).filter(|list| *list != Value::list([""; 0]));
    let is_true = |value| matches!(value, "True" | "true" | "Yes");
    match &line.read {
        How::Printed => match line.print {
            Print::Field("0") => number(value?),
            // That a flag is not set is left out.
            Print::Field("false") => is_true(value?).then(|| true.into()),
            _ => value.map(Value::from),
        },
        How::Text => value.map(Value::from),
        How::Amount => number_or_text(value?),
        How::Truth => Some(is_true(value?).into()),
        How::Stamp => stamp(value?).map(Value::from),
        How::Seconds => number(value?.strip_suffix('s')?),
        How::Pairs => entries(unapplied(value?).split(',')),
        How::Entries => entries(block.texts(at)),
        How::Amounts => {
            let lines = block.heads(block.below(at)).map(|at| block.lines[at].split()).filter(|(_, amount)| present(amount).is_some());
            let map = Value::of(lines);
            Some(map).filter(|map| map.members().next().is_some())
        }
        How::Words => list(split(value?)),
        How::Modes => {
            let whole = |mode: String| MODES.iter().find(|(short, _)| *short == mode).map(|(_, whole)| (*whole).to_owned());
            list(split(value?).into_iter().filter_map(whole).collect())
        }
        How::Made(make) => make(block, at),
        How::Skip | How::By(_) => None,
    }
}
