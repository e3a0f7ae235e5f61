//! One manager of an object, as a value and as `metadata.managedFields` shows it.

use std::rc::Rc;

use super::fields;
use crate::client::Subresource;
use base::given::InsertGiven;
use base::quoted::go_quoted;
use base::sort::Sort;
use base::time::Time;
use base::value::{Map, Value};

/// Who writes, and to which part of an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Writer {
    /// The field manager's name.
    pub manager: Rc<str>,
    pub part: Subresource,
}

/// A manager of an object, with the fields it owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub writer: Writer,
    /// Whether it applies, and does not update.
    pub applied: bool,
    /// The version of the kind it wrote.
    pub version: Rc<str>,
    /// When it came to own something last.
    pub time: Option<Time>,
    /// What it owns.
    pub fields: Map,
}

impl Entry {
    /// Whether it is this writer's.
    pub fn is(&self, writer: &Writer, applied: bool) -> bool {
        self.applied == applied && self.writer == *writer
    }

    /// `Apply` or `Update`.
    pub fn operation(&self) -> &'static str {
        if self.applied { "Apply" } else { "Update" }
    }

    /// What managers of one age are sorted by. Models managedfields BuildManagerIdentifier.
    pub fn order(&self) -> [&str; 4] {
        [&self.writer.manager, self.operation(), &self.version, self.writer.part.word()]
    }

    /// As conflicts name it.
    pub fn described(&self) -> String {
        let Writer { manager, part } = &self.writer;
        let mut words = go_quoted(manager);
        if *part != Subresource::None {
            words.extend([" with subresource ", &go_quoted(part.word())]);
        }
        if !self.applied {
            words.extend([" using ", &self.version]);
        }
        words
    }

    fn encode(&self) -> Value {
        let mut entry = Map::new();
        entry.insert("apiVersion", &self.version);
        entry.insert("fieldsType", "FieldsV1");
        entry.insert("fieldsV1", self.fields.clone());
        entry.insert("manager", &self.writer.manager);
        entry.insert("operation", self.operation());
        if self.writer.part != Subresource::None {
            entry.insert("subresource", self.writer.part.word());
        }
        entry.insert_some("time", self.time.map(Time::rfc3339));
        entry.into()
    }
}

/// Managers as `metadata.managedFields` shows them: those that apply first, then by age.
pub fn encode(managers: &[Entry]) -> Value {
    let mut sorted: Vec<&Entry> = managers.iter().collect();
    let age = |entry: &Entry| entry.time.map(Time::stamp);
    sorted.sort_small_by(|a, b| b.applied.cmp(&a.applied).then_with(|| age(a).cmp(&age(b))).then_with(|| a.order().cmp(&b.order())));
    Value::list(sorted.into_iter().map(Entry::encode))
}

/// Turns what one manager owns by Update into what another one owns by Apply. Models k8s.io/client-go/util/csaupgrade/upgrade.go.
pub fn hand_over(managers: &mut Vec<Entry>, from: &str, to: &str) {
    let written = |manager: &str| Writer { manager: manager.into(), part: Subresource::None };
    let (old, new) = (written(from), written(to));
    let target = managers.iter().position(|entry| entry.is(&new, true));
    let Some(target) = target.or_else(|| managers.iter().position(|entry| entry.is(&old, false))) else { return };
    let version = managers[target].version.clone();
    let given = managers.iter().find(|entry| entry.is(&old, false) && entry.version == version).map(|entry| entry.fields.clone());
    let entry = &mut managers[target];
    (entry.applied, entry.writer) = (true, new);
    entry.fields = fields::union(&entry.fields, &given.unwrap_or_default());
    managers.retain(|entry| !entry.is(&old, false));
}

/// Managers as a client sends them; `None` where that says nothing or cannot be read, an empty list where there are to be none.
pub fn decode(sent: &Value) -> Option<Vec<Entry>> {
    let list = sent.as_list()?;
    if let [] | [Value::Map(_)] = list
        && list.iter().filter_map(Value::as_map).all(Map::is_empty)
    {
        return Some(Vec::new());
    }
    list.iter().map(decode_entry).collect()
}

fn decode_entry(entry: &Value) -> Option<Entry> {
    let text = |key: &str| entry.get(key).and_then(Value::as_shared_text).unwrap_or_default();
    let applied = match &*text("operation") {
        "Apply" => true,
        "Update" => false,
        _ => return None,
    };
    let version = text("apiVersion");
    if version.is_empty() || &*text("fieldsType") != "FieldsV1" {
        return None;
    }
    let fields = entry.get("fieldsV1").and_then(Value::as_map).map(known_steps).unwrap_or_default();
    let writer = Writer { manager: text("manager"), part: Subresource::read(&text("subresource")) };
    Some(Entry { writer, applied, version, time: Time::parse_rfc3339(&text("time")), fields })
}

fn known_steps(set: &Map) -> Map {
    let mut out = Map::new();
    for (step, node) in fields::steps(set).filter(|(step, _)| ["f:", "k:", "v:"].iter().any(|kind| step.starts_with(kind))) {
        fields::put(&mut out, step, known_steps(node), fields::is_member(node));
    }
    out
}
