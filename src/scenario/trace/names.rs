//! Stable names for objects whose real names contain hashes or are random.
//!
//! Revisions and ReplicaSets are numbered within their owner (`web@1`), pods with generated names within their template
//! (`web@1-#2`), and uids are replaced by their objects (`<Pod/web-0#2>`: the second object with that name).

use std::collections::BTreeMap;

use crate::api::kind::Kind;
use crate::api::object::{Meta, Name, Object, Uid};
use crate::api::well_known::SERVICE_NAME;

/// The length of a printed uid.
const UID_LENGTH: usize = 36;

/// The stable names of all objects seen so far.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// The stable names of objects with generated names, by real name.
    labels: BTreeMap<Name, String>,
    /// How many stable names each owner has given out.
    numbered: BTreeMap<(Kind, String), usize>,
    /// How many objects with a name there have been.
    incarnations: BTreeMap<(Kind, Name), usize>,
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
        let count = self.incarnations.entry((kind, meta.name.clone())).or_default();
        *count += 1;
        let incarnation = *count;
        if incarnation == 1
            && let Some((base, mark)) = self.family(kind, meta)
        {
            let number = self.numbered.entry((kind, base.clone())).or_default();
            *number += 1;
            self.labels.insert(meta.name.clone(), format!("{base}{mark}{number}"));
        }
        let label = self.label(kind, meta);
        self.uids.insert(meta.uid, Known { kind, label, incarnation });
    }

    /// The prefix and separator for numbering a generated name; `None` for names that somebody chose.
    fn family(&self, kind: Kind, meta: &Meta) -> Option<(String, &'static str)> {
        match kind {
            Kind::ControllerRevision => {
                let hashed = || meta.name.rsplit_once('-').map(|(owner, _)| owner);
                Some((meta.controller().map(|o| &*o.name).or_else(hashed)?.to_owned(), "@"))
            }
            Kind::ReplicaSet => Some((meta.controller()?.name.to_string(), "@")),
            Kind::Pod if meta.controller().is_some_and(|o| o.kind == Some(Kind::StatefulSet)) => None,
            Kind::Pod => Some((self.name(meta.generate_name.as_deref()?.trim_end_matches('-')), "-#")),
            _ => None,
        }
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
        self.labels.get(real).cloned().unwrap_or_else(|| self.without_uids(real))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::object::{OwnerRef, Plain};
    use crate::base::value::Value;

    fn meta(name: &str, uid: u64) -> Meta {
        Meta { name: name.into(), namespace: "default".into(), uid: Uid::from_bits(uid << 4), ..Meta::default() }
    }

    fn plain(kind: Kind, meta: Meta) -> Object {
        Plain { kind, meta, raw: Value::map() }.into()
    }

    fn names() -> Names {
        let mut names = Names::default();
        let deployment = meta("dep", 1);
        let owned = |name: &str, uid| Meta { owners: vec![OwnerRef::controller(Kind::Deployment, &deployment)], ..meta(name, uid) };
        let pod = |name: &str, uid| Meta { generate_name: Some("dep-66f84fc7b-".into()), ..meta(name, uid) };
        names.learn(&plain(Kind::ReplicaSet, owned("dep-66f84fc7b", 2)));
        names.learn(&plain(Kind::ReplicaSet, owned("dep-7d", 3)));
        names.learn(&plain(Kind::Pod, pod("dep-66f84fc7b-zzzzz", 4)));
        names.learn(&plain(Kind::Pod, pod("dep-66f84fc7b-bbbbb", 5)));
        names.learn(&plain(Kind::Pod, Meta { owners: vec![OwnerRef::controller(Kind::StatefulSet, &deployment)], ..pod("web-0", 8) }));
        names.learn(&plain(Kind::PersistentVolumeClaim, meta("www-web-0", 6)));
        names.learn(&plain(Kind::PersistentVolumeClaim, meta("www-web-0", 7)));
        names
    }

    #[test]
    fn generated_names_are_numbered_by_creation() {
        let names = names();
        for (text, want) in [
            ("delete pod web-0 dep-66f84fc7b-bbbbb --wait=false", "delete pod web-0 dep@1-#2 --wait=false"),
            ("Scaled up replica set dep-7d from 0 to 3", "Scaled up replica set dep@2 from 0 to 3"),
            ("Created pod: dep-66f84fc7b-zzzzz.", "Created pod: dep@1-#1."),
            ("… pod \"web-0\" – 100%.", "… pod \"web-0\" – 100%."),
        ] {
            assert_eq!(names.text(text), want);
        }
    }

    #[test]
    fn uids_say_whose_they_are_and_which_of_that_name() {
        let names = names();
        let uid = |n: u64| Uid::from_bits(n << 4);
        assert_eq!(names.text(&format!("volume pvc-{}", uid(6))), "volume pvc-<PersistentVolumeClaim/www-web-0>");
        assert_eq!(names.text(&format!("web-0_default({})", uid(7))), "web-0_default(<PersistentVolumeClaim/www-web-0#2>)");
        assert_eq!(names.text(&uid(99).to_string()), uid(99).to_string());
        assert_eq!((names.incarnation(uid(6)), names.incarnation(uid(7))), (1, 2));
    }
}
