//! Custom kinds: what a CustomResourceDefinition says about the kind that it defines.
//!
//! Models k8s.io/apiextensions-apiserver pkg/apiserver/customresource_discovery_controller.go and
//! pkg/registry/customresource/tableconvertor. Objects are kept in one version, the one that discovery prefers; those of other served
//! versions are taken as of that one.
//! Not modelled: the schemas. Objects are kept as they are sent.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::sync::Mutex;

use crate::kind::{Kind, KindInfo, Trait};
use base::sort::Sort;
use base::value::Value;

/// A kind that a CustomResourceDefinition defines. Two are the same if the names of their resources are, whatever else is said of them.
#[derive(Clone, Copy, Debug)]
pub struct Custom(&'static KindInfo);

/// A column of `kubectl get` that a definition adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name; headings have capitals.
    pub heading: &'static str,
    /// The path of its cells, as the definition has it: `.spec.replicas`.
    pub path: &'static str,
    /// Whether it shows how long ago a time was.
    pub is_date: bool,
    /// Whether it is shown only with `-o wide`.
    pub wide: bool,
}

/// The age of objects, which is shown where a definition adds no columns.
const AGE: &str = "AGE\u{1}.metadata.creationTimestamp\u{1}date\u{1}";

impl Custom {
    /// Names, group and scope.
    pub const fn info(self) -> &'static KindInfo {
        self.0
    }

    fn key(self) -> (&'static str, &'static str) {
        (self.0.group, self.0.plural)
    }
}

impl PartialEq for Custom {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Custom {}

impl PartialOrd for Custom {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Custom {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl Hash for Custom {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

/// The kind that a definition defines; `None` if it serves no version.
pub fn defined(definition: &Value) -> Option<Kind> {
    let spec = definition.get("spec")?;
    let names = spec.get("names")?;
    // What stands between the facts is in none of them.
    let clean = |text: &str| text.replace(char::is_control, " ");
    let text = |value: &Value, key: &str| clean(value.text_at(&[key]).unwrap_or_default());
    let all = |list: &[Value]| list.iter().filter_map(Value::as_text).map(clean).collect::<Vec<_>>().join("\u{2}");
    let is_served = |version: &&Value| version.get("served").and_then(Value::as_bool).unwrap_or(false);
    let mut versions: Vec<&Value> = spec.list_at(&["versions"]).iter().filter(is_served).collect();
    versions.sort_small_by_key(|version| rank(version.text_at(&["name"]).unwrap_or_default()));
    let preferred = versions.first()?;
    let mut columns: Vec<String> = preferred
        .list_at(&["additionalPrinterColumns"])
        .iter()
        .map(|column| {
            let wide = column.int_at(&["priority"]).is_some_and(|priority| priority != 0);
            let date = if text(column, "type") == "date" { "date" } else { "" };
            [
                text(column, "name").to_ascii_uppercase(),
                text(column, "jsonPath"),
                date.to_owned(),
                if wide { "wide" } else { "" }.to_owned(),
            ]
            .join("\u{1}")
        })
        .collect();
    if columns.is_empty() {
        columns.push(AGE.to_owned());
    }
    let kind = text(names, "kind");
    let singular = Some(text(names, "singular")).filter(|singular| !singular.is_empty()).unwrap_or_else(|| kind.to_ascii_lowercase());
    let in_all = names.list_at(&["categories"]).iter().any(|category| category.as_text() == Some("all"));
    let facts = [
        kind,
        text(spec, "group"),
        text(names, "plural"),
        singular,
        all(names.list_at(&["shortNames"])),
        versions.iter().map(|version| text(version, "name")).collect::<Vec<_>>().join("\u{2}"),
        columns.join("\u{2}"),
        text(spec, "scope"),
        in_all.to_string(),
    ];
    Some(Kind::Custom(Custom(known(&facts.join("\u{3}")))))
}

/// What is known of a kind, from its facts on one line. Whatever was said of a kind is kept for good, once: it is little, and kinds
/// can be copied.
fn known(facts: &str) -> &'static KindInfo {
    static KNOWN: Mutex<Vec<(&'static str, &'static KindInfo)>> = Mutex::new(Vec::new());
    let mut known = KNOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some((_, info)) = known.iter().find(|(line, _)| *line == facts) {
        return info;
    }
    let line: &'static str = Box::leak(facts.into());
    let parts: Vec<&'static str> = line.split('\u{3}').collect();
    let list = |text: &'static str| text.split('\u{2}').filter(|word| !word.is_empty()).collect::<Vec<_>>().leak() as &'static [_];
    let column = |text: &'static str| {
        let parts: Vec<&'static str> = text.split('\u{1}').collect();
        Column { heading: parts[0], path: parts[1], is_date: !parts[2].is_empty(), wide: !parts[3].is_empty() }
    };
    let served = list(parts[5]);
    let mut traits = vec![Trait::Generation];
    traits.extend((parts[7] == "Namespaced").then_some(Trait::Namespaced));
    traits.extend((parts[8] == "true").then_some(Trait::InAll));
    let traits = traits.leak();
    let info: &'static KindInfo = Box::leak(Box::new(KindInfo {
        name: parts[0],
        group: parts[1],
        version: served[0],
        plural: parts[2],
        singular: parts[3],
        short: list(parts[4]),
        traits,
        served,
        columns: parts[6].split('\u{2}').map(column).collect::<Vec<_>>().leak(),
    }));
    known.push((line, info));
    info
}

/// The order in which discovery prefers versions: `v2`, `v1`, `v1beta2`, `v1beta1`, `v1alpha1`, then others by name.
/// Models k8s.io/apimachinery/pkg/version CompareKubeAwareVersionStrings.
fn rank(version: &str) -> (u8, i64, i64, String) {
    let number = |text: &str| text.parse::<i64>().ok().map(|number| -number);
    let Some(rest) = version.strip_prefix('v') else { return (3, 0, 0, version.to_owned()) };
    for (place, stage) in [(1, "beta"), (2, "alpha")] {
        if let Some((major, minor)) = rest.split_once(stage).and_then(|(major, minor)| number(major).zip(number(minor))) {
            return (place, major, minor, String::new());
        }
    }
    number(rest).map_or_else(|| (3, 0, 0, version.to_owned()), |major| (0, major, 0, String::new()))
}
