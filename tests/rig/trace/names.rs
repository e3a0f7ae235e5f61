//! Stable names for objects whose real names contain hashes or are random.
//!
//! Generated names are numbered ([`sim::numbering`]), and uids are replaced by their objects (`<Pod/web-0#2>`: the second object
//! with that name).

use std::collections::BTreeMap;

use api::kind::Kind;
use api::object::{Meta, Object, Uid};
use api::well_known::SERVICE_NAME;
use sim::numbering::Numbering;

/// The length of a printed uid.
const UID_LENGTH: usize = 36;

/// The stable names of all objects seen so far.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Those of objects with generated names.
    numbering: Numbering,
    /// The object of each uid.
    uids: BTreeMap<Uid, Known>,
}

#[derive(Clone, Debug)]
struct Known {
    kind: Kind,
    label: String,
    incarnation: usize,
}

impl Names {
    /// Registers a new object.
    pub fn learn(&mut self, object: &Object) {
        let (kind, meta) = (object.kind(), object.meta());
        let incarnation = self.numbering.learn(kind, meta);
        let label = self.label(kind, meta);
        self.uids.insert(meta.uid, Known { kind, label, incarnation });
    }

    /// An object's stable name.
    pub fn label(&self, kind: Kind, meta: &Meta) -> String {
        match kind {
            Kind::EndpointSlice => meta.label(SERVICE_NAME).unwrap_or(&meta.name).to_string(),
            _ => self.name(&meta.name),
        }
    }

    /// The stable name for a real name.
    pub fn name(&self, real: &str) -> String {
        self.numbering.label(real).map_or_else(|| self.without_uids(real), ToString::to_string)
    }

    /// An object's number among those with its name, counted from 1.
    pub fn incarnation(&self, uid: Uid) -> usize {
        self.uids.get(&uid).map_or(1, |known| known.incarnation)
    }

    /// A text with all generated names and uids replaced.
    pub fn text(&self, text: &str) -> String {
        let in_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let word = rest.find(|c| !in_name(c)).unwrap_or(rest.len());
            let name = rest[..word].trim_end_matches('.');
            out.push_str(&self.name(name));
            let after = &rest[name.len()..];
            let next = after.find(in_name).map_or(after.len(), |n| n.max(word - name.len()));
            out.push_str(&after[..next]);
            rest = &after[next..];
        }
        out
    }

    fn without_uids(&self, name: &str) -> String {
        let last = name.len().saturating_sub(UID_LENGTH - 1);
        let found = (0..last).find_map(|at| {
            let text = name.get(at..at + UID_LENGTH)?;
            let known = self.uids.get(&Uid::parse(text))?;
            Some((at, known))
        });
        match found {
            Some((at, known)) => format!("{}{known}{}", &name[..at], &name[at + UID_LENGTH..]),
            None => name.to_owned(),
        }
    }
}

/// `<Pod/web-0>`, `<Pod/web-0#2>`.
impl std::fmt::Display for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let Known { kind, label, incarnation } = self;
        if *incarnation > 1 { write!(f, "<{kind}/{label}#{incarnation}>") } else { write!(f, "<{kind}/{label}>") }
    }
}
