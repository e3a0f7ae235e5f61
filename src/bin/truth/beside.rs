//! Beside other programs: which dangers of a StatefulSet each of them names, for the same manifests.
//!
//! Promises: every figure is read from what `tests/risks/beside.py` wrote down; a danger, an item or an answer that has no name here is
//! refused.

use std::fs;

use serde_json::Value;
use text::truth::{Answer, Danger, Seen};

use crate::suite::project;

/// What was written down, in the project's folder.
pub const DATA: &str = "tests/risks/beside.json";
/// What says how it came about.
pub const REPORT: &str = "tests/risks/BESIDE.md";
/// What says which manifests they are.
pub const MANIFESTS: &str = "tests/risks/MANIFESTS.md";

/// A program, and what it says of the manifests.
#[derive(Debug)]
pub struct Program {
    pub name: String,
    pub version: String,
    /// How many manifests it names each danger for, in the order of [`Danger::ALL`].
    pub dangers: Vec<usize>,
    /// How many more it names it for by what is true of every set alone.
    pub of_every_set: Vec<usize>,
    /// How many of those that were read are false, of how many.
    pub wrong: (usize, usize),
    /// How many remarks about anything else it makes.
    pub hygiene: u64,
    /// The seconds of one core for all manifests, and for the longest one.
    pub seconds: [f64; 2],
}

/// Something that another program sees and the search does not.
#[derive(Debug)]
pub struct Item {
    pub seen: Seen,
    pub answer: Answer,
    /// The rules that see it, each after its program's name.
    pub rules: Vec<String>,
}

/// The comparison.
#[derive(Debug)]
pub struct Beside {
    /// How many manifests there are.
    pub manifests: usize,
    pub programs: Vec<Program>,
    pub items: Vec<Item>,
}

impl Beside {
    /// What was written down.
    pub fn of_project() -> Beside {
        let read = fs::read_to_string(project().join(DATA)).map_err(|error| error.to_string());
        read.and_then(|text| Beside::read(&text)).unwrap_or_else(|why| panic!("{DATA}: {why}"))
    }

    /// What a text says, or what of it is not known.
    pub fn read(text: &str) -> Result<Beside, String> {
        let whole: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let programs = list(&whole, "programs")?.iter().map(program).collect::<Result<_, _>>()?;
        let items = list(&whole, "seen")?.iter().map(item).collect::<Result<_, _>>()?;
        Ok(Beside { manifests: list(&whole, "manifests")?.len(), programs, items })
    }
}

fn list<'a>(of: &'a Value, field: &str) -> Result<&'a Vec<Value>, String> {
    of[field].as_array().ok_or_else(|| format!("no list `{field}`"))
}

fn text(of: &Value, field: &str) -> Result<String, String> {
    of[field].as_str().map(str::to_owned).ok_or_else(|| format!("no text `{field}`"))
}

fn number(of: &Value, field: &str) -> Result<f64, String> {
    of[field].as_f64().ok_or_else(|| format!("no number `{field}`"))
}

/// How many manifests stand beside each danger.
fn counts(of: &Value, field: &str) -> Result<Vec<usize>, String> {
    let found = of[field].as_object().ok_or_else(|| format!("no object `{field}`"))?;
    let mut counts = vec![0; Danger::ALL.len()];
    for word in found.keys() {
        let danger = Danger::named(word).ok_or_else(|| format!("no danger is called `{word}`"))?;
        counts[danger as usize] = list(&of[field], word)?.len();
    }
    Ok(counts)
}

fn program(of: &Value) -> Result<Program, String> {
    let read = list(of, "read")?;
    let wrong = read.iter().filter(|one| one["true"] == false).count();
    Ok(Program {
        name: text(of, "name")?,
        version: text(of, "version")?,
        dangers: counts(of, "dangers")?,
        of_every_set: counts(of, "everySet")?,
        wrong: (wrong, read.len()),
        hygiene: of["hygiene"].as_u64().ok_or("no number `hygiene`")?,
        seconds: [number(of, "seconds")?, number(of, "longest")?],
    })
}

fn item(of: &Value) -> Result<Item, String> {
    let [seen, answer] = [text(of, "seen")?, text(of, "answer")?];
    Ok(Item {
        seen: Seen::named(&seen).ok_or_else(|| format!("nothing that is seen is called `{seen}`"))?,
        answer: Answer::named(&answer).ok_or_else(|| format!("no answer is called `{answer}`"))?,
        rules: list(of, "rules")?.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
    })
}
