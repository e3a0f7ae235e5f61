//! Random draws from a seed: numbers, texts and values.

use ordinal::base::dice::{Dice, Purpose};
use ordinal::base::value::{Map, Value};

/// A sequence of random numbers.
pub struct Draw {
    dice: Dice,
    count: u64,
}

impl Draw {
    pub fn new(seed: u64) -> Self {
        Draw { dice: Dice { seed }, count: 0 }
    }

    pub fn below(&mut self, sides: usize) -> usize {
        self.count += 1;
        let sides = u64::try_from(sides).expect("a small number");
        usize::try_from(self.dice.below(Purpose::Operation, 0, self.count, sides)).expect("a small number")
    }

    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

pub const SCRAPS: &[&str] = &[
    ":", "-", "- ", ": ", "[", "]", "{", "}", "#", "&a ", "*a", "!", "!!str ", "|", ">", "'", "\"", "%", "@", "`", ",", "?", " ", "\t",
    "\n", "\r\n", "  ", "---\n", "...\n", "<<: *a", "~", "\\", "\u{0}", "\u{feff}", "\u{2028}", "한", "😀", "0x", "1e999", "-", "9", "=",
    "in (", ")", "notin", ",,", "Gi", "m", "e9", "$patch", "null", "name", "spec", "{{", "}}",
];

pub fn mutated_text(draw: &mut Draw, text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=draw.below(6) {
        let at = draw.below(chars.len() + 1);
        match draw.below(4) {
            0 => drop(chars.splice(at..at, draw.pick(SCRAPS).chars())),
            1 if at < chars.len() => drop(chars.remove(at)),
            2 => chars.truncate(chars.len().max(at)),
            _ => {
                let end = (at + draw.below(40)).min(chars.len());
                let again: Vec<char> = chars[at..end].to_vec();
                let to = draw.below(chars.len() + 1);
                chars.splice(to..to, again);
            }
        }
    }
    chars.into_iter().collect()
}

pub fn mutated_value(draw: &mut Draw, value: &Value) -> Value {
    match value {
        _ if draw.below(12) == 0 => match draw.below(9) {
            0 => Value::Null,
            1 => Value::from(*draw.pick(SCRAPS)),
            2 => Value::from(i64::MAX),
            3 => Value::Real("0.5".into()),
            4 => Value::from(true),
            5 => Value::list([value.clone(), value.clone()]),
            6 => Value::of([(*draw.pick(SCRAPS), value.clone())]),
            7 => Value::map(),
            _ => Value::list::<Value>([]),
        },
        Value::List(items) => {
            let mut out: Vec<Value> = items.iter().map(|item| mutated_value(draw, item)).collect();
            if !out.is_empty() && draw.below(4) == 0 {
                let item = out.remove(draw.below(out.len()));
                if draw.below(2) == 0 {
                    out.insert(draw.below(out.len() + 1), item);
                }
            }
            Value::from(out)
        }
        Value::Map(map) => {
            let mut out: Map = map.iter().map(|(key, item)| (key.clone(), mutated_value(draw, item))).collect();
            match draw.below(20) {
                0 => drop(out.insert("$patch", *draw.pick(&["delete", "replace", "merge", "?"]))),
                1 => drop(out.insert("$retainKeys", Value::list(map.iter().map(|(k, _)| k.clone())))),
                2 => {
                    if let Some((key, Value::List(items))) = map.iter().find(|(_, v)| v.as_list().is_some()) {
                        out.insert(format!("$setElementOrder/{key}"), Value::List(items.clone()));
                    }
                }
                3 => drop(out.insert("$deleteFromPrimitiveList/finalizers", Value::list(["a"]))),
                4 => out.retain(|key, _| key.len() % 2 == 0),
                _ => {}
            }
            Value::from(out)
        }
        other => other.clone(),
    }
}
