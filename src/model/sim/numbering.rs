//! Numbers in place of generated names, in the order in which objects come, so that runs can be compared: ReplicaSets and revisions
//! are numbered within their owner (`dep@1`), pods with generated names within their template (`dep@1-#2`).
//!
//! The trace of a run has these names, and so has what a recorded scheduler chose.

use api::kind::Kind;
use api::object::{Meta, Name};
use base::sorted::SortedMap;

/// The numbers given out so far.
#[derive(Clone, Debug, Default)]
pub struct Numbering {
    /// The names with numbers of objects with generated names, by real name.
    labels: SortedMap<Name, Name>,
    /// How many numbers each owner or template has given out.
    numbered: SortedMap<(Kind, Name), usize>,
    /// How many objects with a name there have been.
    incarnations: SortedMap<(Kind, Name), usize>,
}

impl Numbering {
    /// Registers a new object; returns which of its name it is, counted from 1. The first of a name alone gets a number.
    pub fn learn(&mut self, kind: Kind, meta: &Meta) -> usize {
        let count = self.incarnations.entry((kind, meta.name.clone())).or_default();
        *count += 1;
        let incarnation = *count;
        if incarnation == 1
            && let Some((base, mark)) = self.family(kind, meta)
        {
            let number = self.numbered.entry((kind, base.clone())).or_default();
            *number += 1;
            self.labels.insert(meta.name.clone(), format!("{base}{mark}{number}").into());
        }
        incarnation
    }

    /// The name with a number for a real name, if that was generated.
    pub fn label(&self, real: &str) -> Option<&Name> {
        self.labels.get(real)
    }

    /// What a generated name is numbered within, and the mark before the number; `None` for names that somebody chose.
    fn family(&self, kind: Kind, meta: &Meta) -> Option<(Name, &'static str)> {
        match kind {
            Kind::ControllerRevision => {
                let hashed = || meta.name.rsplit_once('-').map(|(owner, _)| owner);
                Some((meta.controller().map(|o| &*o.name).or_else(hashed)?.into(), "@"))
            }
            Kind::ReplicaSet => Some((meta.controller()?.name.clone(), "@")),
            Kind::Pod if meta.controller().is_some_and(|o| o.is_a(Kind::StatefulSet)) => None,
            Kind::Pod => {
                let made_from = meta.generate_name.as_deref()?.trim_end_matches('-');
                Some((self.label(made_from).cloned().unwrap_or_else(|| made_from.into()), "-#"))
            }
            _ => None,
        }
    }
}
