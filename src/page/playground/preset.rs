//! Pairs of variants worth comparing, as data: what each changes in a manifest, and which release it runs on.
//!
//! Promises: a manifest keeps its comments and order; a manifest in which a field cannot be set is not changed.
//! Must not know: how the two turn out.

use crate::documents::objects;
use api::release::{Release, V1_36, V1_37, V1_38};
use base::field_path::FieldPath;
use yaml::{self, Document};

/// A pair worth comparing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// An update held back by a partition, and one that goes through.
    Partition,
    /// Ordered and parallel pod management.
    Policy,
    /// The previous and the newest release, which differ in how many pods an update may take down.
    Release,
    /// The newest release and the coming one, which differ in which pods that is counted of.
    Next,
    /// The manifest, and an edited version of it.
    Edit,
    /// The manifest on the run's own release, and on this one.
    On(&'static Release),
}

/// One side of a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The release, unless it is the run's own.
    pub release: Option<&'static Release>,
    /// Fields to set in every StatefulSet.
    fields: &'static [(&'static str, &'static str)],
}

const PARTITION: &str = "spec.updateStrategy.rollingUpdate.partition";
const MAX_UNAVAILABLE: &str = "spec.updateStrategy.rollingUpdate.maxUnavailable";
const TYPE: &str = "spec.updateStrategy.type";
const POLICY: &str = "spec.podManagementPolicy";

impl Preset {
    /// All pairs but those of releases, in the order in which they are offered.
    pub const ALL: [Preset; 5] = [Preset::Partition, Preset::Policy, Preset::Release, Preset::Next, Preset::Edit];

    /// The two sides; the first is shown, the second beside it.
    pub fn sides(self) -> [Side; 2] {
        let fields = |fields| Side { release: None, fields };
        let two_down: &[_] = &[(TYPE, "RollingUpdate"), (PARTITION, "0"), (MAX_UNAVAILABLE, "2")];
        let of_range: &[_] = &[(TYPE, "RollingUpdate"), (PARTITION, "1"), (MAX_UNAVAILABLE, "67%")];
        match self {
            Preset::Partition => {
                [fields(&[(TYPE, "RollingUpdate"), (PARTITION, "2")]), fields(&[(TYPE, "RollingUpdate"), (PARTITION, "0")])]
            }
            Preset::Policy => [fields(&[(POLICY, "OrderedReady")]), fields(&[(POLICY, "Parallel")])],
            Preset::Release => [&V1_37, &V1_36].map(|release| Side { release: Some(release), fields: two_down }),
            Preset::Next => [&V1_37, &V1_38].map(|release| Side { release: Some(release), fields: of_range }),
            Preset::Edit => [fields(&[]), fields(&[])],
            Preset::On(release) => [None, Some(release)].map(|release| Side { release, fields: &[] }),
        }
    }

    /// What both sides have in the manifest and the manifest does not have by itself: `maxUnavailable: 2`.
    pub fn written(self, manifest: &str) -> Vec<String> {
        let [left, right] = self.sides();
        let both = left.fields.iter().filter(|field| right.fields.contains(field));
        let new = both.filter(|field| with_fields(manifest, std::iter::once(**field)) != manifest);
        new.map(|(path, value)| format!("{}: {value}", path.rsplit('.').next().unwrap_or(path))).collect()
    }
}

impl Side {
    /// This side's version of a manifest.
    pub fn of(&self, manifest: &str) -> String {
        with_fields(manifest, self.fields.iter().copied())
    }
}

/// A manifest with these fields in each of its StatefulSets that has a place for them.
pub fn with_fields<'a>(manifest: &str, fields: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> String {
    let documents = objects(&yaml::parse(manifest)).len();
    let places = (0..documents).flat_map(|document| fields.clone().map(move |field| (document, field)));
    places.fold(manifest.to_owned(), |text, (document, (path, value))| with_field(&text, document, path, value).unwrap_or(text))
}

/// A text with another value for a StatefulSet's field; `None` if the document is not a set or has no place for the field.
fn with_field(text: &str, document: usize, path: &str, value: &str) -> Option<String> {
    let documents = objects(&yaml::parse(text));
    let set = documents.get(document).filter(|document| is_set(document))?;
    let names: Vec<&str> = path.split('.').collect();
    let there = (0..=names.len()).rev().find(|length| set.find(&FieldPath::of(&names[..*length].join("."))).exact)?;
    let found = set.find(&FieldPath::of(&names[..there].join("."))).value;
    let missing = &names[there..];
    let changed = match text.as_bytes().get(found.start) {
        _ if missing.is_empty() => format!("{}{value}{}", &text[..found.start], &text[found.end..]),
        Some(b'{') => {
            let nested = missing.iter().rev().fold(value.to_owned(), |inside, name| {
                if inside == value { format!("{name}: {inside}") } else { format!("{name}: {{{inside}}}") }
            });
            format!("{}{nested}, {}", &text[..=found.start], &text[found.start + 1..])
        }
        _ => {
            let indent = |depth: usize| " ".repeat(found.column - 1 + 2 * depth);
            let lines = missing.iter().enumerate().map(|(depth, name)| format!("{name}:\n{}", indent(depth + 1)));
            let keys = lines.collect::<String>();
            format!("{}{} {value}\n{}{}", &text[..found.start], keys.trim_end(), indent(0), &text[found.start..])
        }
    };
    let names: Vec<&str> = path.split('.').collect();
    let reads = objects(&yaml::parse(&changed)).get(document).and_then(|set| Some(set.value.as_ref()?.at(&names)?.to_json()));
    (reads.as_deref().map(|read| read.trim_matches('"')) == Some(value)).then_some(changed)
}

fn is_set(document: &Document) -> bool {
    document.value.as_ref().is_some_and(|value| value.text_at(&["kind"]) == Some("StatefulSet"))
}
