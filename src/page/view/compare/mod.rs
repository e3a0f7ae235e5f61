//! Comparisons: a StatefulSet and a Deployment of one template, or one cluster on two branches.
//!
//! A difference is shown only if it has occurred: the pods' history is folded from the log (`life`), the rest is read from the present.

mod kept;
mod life;
mod rules;

use super::{Mark, Paint, Snapshot, rollout, tile};
use api::kind::Kind;
use api::object::{NamespacedName, Object, ObjectKey, StatefulSet};
use base::sorted::{SortedMap, SortedSet};
use base::value::Value;
use causes::pod::{PodState, pod_word};
pub use life::PodHistories;
use life::{Fact, PodHistory};
pub use rules::Told;
use text::Text;

/// How many differing pods are named.
const PODS_NAMED: usize = 8;
/// How many differing fields of the shown set are named.
const FIELDS_NAMED: usize = 8;
/// How many reasons of Events on one side only are named.
const REASONS_NAMED: usize = 4;
/// Shown where there is nothing.
const NOTHING: &str = "—";

/// A comparison as a table with two columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What is compared.
    pub title: &'static str,
    /// What the two have in common.
    pub note: String,
    /// The columns' headings.
    pub heads: [String; 2],
    /// The rows: a name, and a cell for each side.
    pub rows: Vec<[String; 3]>,
    /// What changed in Kubernetes from one side's release to the other's.
    pub rules: Vec<Told>,
}

/// One side of a comparison of two branches.
pub struct Side<'a> {
    /// The column's heading.
    pub label: String,
    /// The state.
    pub shot: Snapshot<'a>,
    pub lives: &'a PodHistories,
}

/// A pod of the branch beside the shown one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// Its state.
    pub mark: Mark,
    /// Kubernetes' word for the state.
    pub word: String,
    /// `r1`.
    pub revision: String,
    /// The paint of its revision.
    pub paint: Paint,
}

/// The branch beside the shown one, as a row of the matrix: the set's pods there, by ordinal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// What distinguishes the branch from the shown one.
    pub label: String,
    /// `3 of 3 Ready`.
    pub note: String,
    /// The pods with their ordinals.
    pub pods: Vec<(i64, Chip)>,
}

/// What the templates of a set and a Deployment have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Common {
    /// All of the containers and of the volumes.
    Same,
    /// All but the claims: the Deployment has none.
    WithoutClaims,
    /// They have nothing to do with each other.
    Other,
}

/// The differences between a set and a Deployment so far; `None` if one of them never had a pod.
pub fn side_by_side(lives: &PodHistories, shot: &Snapshot, set: &NamespacedName, deployment: &NamespacedName) -> Option<Table> {
    let (text, words) = (shot.text(), &shot.text().compare);
    let both = [lives.of(Kind::StatefulSet, set)?, lives.of(Kind::Deployment, deployment)?];
    let common = in_common(shot, set, deployment);
    let mut rows = vec![named(both, Fact::Names, shot, text)];
    rows.push(row(words.dns_name(), kept::dns_names(shot, set, both)));
    rows.push(named(both, Fact::Address, shot, text));
    let [volume, data] = kept::volumes(shot, [&set.namespace, &deployment.namespace], both);
    rows.extend([row(words.volume(), volume), row(words.data(), data)]);
    let others = [Fact::Without, Fact::Lost, Fact::ComingUp, Fact::Away, Fact::Claims, Fact::Most];
    rows.extend(others.map(|fact| named(both, fact, shot, text)));
    rows.retain(|[_, here, there]| here != there);
    let note = match common {
        Common::Same => words.same_template(),
        Common::WithoutClaims => words.without_claims(),
        Common::Other => words.other_template(),
    };
    let heads = [format!("statefulset/{}", set.name), format!("deployment/{}", deployment.name)];
    Some(Table { title: words.title(), note: note.to_owned(), heads, rows, rules: Vec::new() })
}

/// A fact of both sides as a row: where nothing of the kind has happened on one, that is said.
fn named(both: [&PodHistory; 2], fact: Fact, shot: &Snapshot, text: &Text) -> [String; 3] {
    let cell = |life: &PodHistory| life.told(fact, shot, text).unwrap_or_else(|| fact.nothing(text).to_owned());
    row(fact.name(text), both.map(cell))
}

/// What the templates of a set and a Deployment have in common. Labels are none of it: they keep the two apart.
fn in_common(shot: &Snapshot, set: &NamespacedName, deployment: &NamespacedName) -> Common {
    let both = shot.set(&set.namespace, &set.name).zip(shot.tables.deployment(&deployment.namespace, &deployment.name));
    let Some((set, deployment)) = both else { return Common::Other };
    let (own, other) = (&set.spec.template.raw, deployment.spec.value().at(&["template", "spec"]));
    let other = other.filter(|other| ["initContainers", "containers"].iter().all(|list| own.list_at(&[list]) == other.list_at(&[list])));
    let has_claim = |spec: &Value| spec.list_at(&["volumes"]).iter().any(|volume| volume.get("persistentVolumeClaim").is_some());
    match other {
        None => Common::Other,
        Some(other) if has_claim(other) || set.spec.claim_templates.is_empty() => Common::Same,
        Some(_) => Common::WithoutClaims,
    }
}

/// The differences between two branches at one instant, and how the shown set got there on each; `None` where there are none.
pub fn branches(sides: &[Side; 2], shown: Option<&NamespacedName>, text: &Text) -> Option<Table> {
    let words = &text.compare;
    let mut rows = Vec::new();
    if let Some(shown) = shown {
        let now = |side: &Side| side.shot.set(&shown.namespace, &shown.name).map(|set| standing(set, text)).unwrap_or_default();
        for (label, cells) in [words.ready(), words.updated()].into_iter().zip(pairs(sides.each_ref().map(now))) {
            rows.push(row(label, cells));
        }
        let told = |side: &Side, fact| side.lives.of(Kind::StatefulSet, shown)?.told(fact, &side.shot, text);
        let cells = |fact| sides.each_ref().map(|side| told(side, fact).unwrap_or_else(|| NOTHING.to_owned()));
        // Addresses are dealt out as they come.
        let facts = Fact::ALL.into_iter().filter(|fact| *fact != Fact::Address);
        rows.extend(facts.map(|fact| row(fact.name(text), cells(fact))));
        let [here, there] = sides.each_ref().map(|side| side.lives.of(Kind::StatefulSet, shown).and_then(PodHistory::keeps_names));
        // That different names were kept is no difference.
        rows.retain(|[row, ..]| *row != words.names() || here.zip(there).is_none_or(|(here, there)| here != there));
        if sides[0].shot.release != sides[1].shot.release {
            rows.extend(fields(sides, shown, text));
        }
    }
    rows.push(row(words.events(), only_here(&sides.each_ref().map(|side| reasons(&side.shot)))));
    rows.retain(|[_, here, there]| here != there);
    let mut pods = differences(&pods(&sides[0].shot), &pods(&sides[1].shot));
    let more = pods.len().saturating_sub(PODS_NAMED);
    pods.truncate(PODS_NAMED);
    rows.extend(pods);
    let at = words.at(&sides[0].shot.zero.label(sides[0].shot.now));
    let note = if more == 0 { at } else { format!("{at}, {}", text.cluster.more(more)) };
    let heads = sides.each_ref().map(|side| side.label.clone());
    let rules = shown.map_or_else(Vec::new, |shown| rules::told(sides, shown, text));
    (!rows.is_empty()).then_some(Table { title: words.branches(), note, heads, rows, rules })
}

/// The shown set on the branch beside; empty if it does not exist there.
pub fn beside(side: &Side, shown: Option<&NamespacedName>) -> Row {
    let Some(set) = shown.and_then(|shown| side.shot.set(&shown.namespace, &shown.name)) else {
        return Row { label: side.label.clone(), ..Row::default() };
    };
    let own = side.shot.tables.pods().filter(|pod| pod.meta.is_controlled_by(set.meta.uid));
    let chip = |pod: &std::rc::Rc<api::object::Pod>| {
        let revision = rollout::of_pod(&side.shot, set, pod);
        let tile = tile::of(&side.shot, pod, revision);
        Some((
            set.ordinal_of(&pod.meta.name)?,
            Chip { mark: tile.state.mark(), word: tile.brief, revision: tile.revision, paint: tile.paint },
        ))
    };
    Row { label: side.label.clone(), note: side.shot.ready_of(set), pods: own.filter_map(chip).collect() }
}

/// A set's progress: how many of its pods are Ready, and how many are of the newest revision.
fn standing(set: &StatefulSet, text: &Text) -> [String; 2] {
    let of = |part: i64| text.compare.of(part, set.spec.replicas);
    [of(set.status.ready), of(set.status.updated)]
}

/// The fields of the shown set that differ, with their paths, and what the manifest says of them.
fn fields(sides: &[Side; 2], shown: &NamespacedName, text: &Text) -> Vec<[String; 3]> {
    let found = sides.each_ref().map(|side| {
        let mut leaves = SortedMap::new();
        if let Some(set) = side.shot.tables.stateful_set(&shown.namespace, &shown.name) {
            let whole = Object::StatefulSet(std::rc::Rc::clone(set)).encode();
            for part in ["spec", "status"] {
                add_leaves(whole.get(part).unwrap_or(&Value::Null), part.to_owned(), &mut leaves);
            }
        }
        leaves
    });
    let mut rows = differences(&found[0], &found[1]);
    rows.truncate(FIELDS_NAMED);
    for [path, here, there] in &mut rows {
        for (cell, side) in [here, there].into_iter().zip(sides) {
            if let Some(written) = written(side, shown, path) {
                *cell = if cell == NOTHING { text.compare.dropped(&written) } else { text.compare.as_written(cell) };
            }
        }
    }
    rows
}

/// What the manifest says of a field of the shown set.
fn written(side: &Side, shown: &NamespacedName, path: &str) -> Option<String> {
    let key = ObjectKey::new(Kind::StatefulSet, &shown.namespace, &shown.name);
    let document = side.shot.manifest.document_of(&key)?;
    let value = document.value.as_ref()?.at(&path.split('.').collect::<Vec<_>>())?;
    Some(value.spelled())
}

/// What is below a path and has nothing below it, as JSON.
fn add_leaves(value: &Value, path: String, leaves: &mut SortedMap<String, String>) {
    match value {
        Value::Map(map) => map.iter().for_each(|(key, value)| add_leaves(value, format!("{path}.{key}"), leaves)),
        Value::Null => {}
        other => drop(leaves.insert(path, other.spelled())),
    }
}

/// Two columns as rows.
fn pairs<const N: usize>([here, there]: [[String; N]; 2]) -> impl Iterator<Item = [String; 2]> {
    here.into_iter().zip(there).map(|(here, there)| [here, there])
}

/// The reasons of all Events.
fn reasons(shot: &Snapshot) -> SortedSet<String> {
    let event = |object: &Object| if let Object::Event(event) = object { Some(event.reason.to_string()) } else { None };
    shot.tables.all(Kind::Event).filter_map(event).collect()
}

/// What each side has and the other has not.
fn only_here(both: &[SortedSet<String>; 2]) -> [String; 2] {
    [0, 1].map(|side| {
        let own: Vec<&str> = both[side].iter().filter(|reason| !both[1 - side].contains(*reason)).map(String::as_str).collect();
        if own.is_empty() { NOTHING.to_owned() } else { own[..own.len().min(REASONS_NAMED)].join(", ") }
    })
}

/// What each pod is doing.
fn pods(shot: &Snapshot) -> SortedMap<String, String> {
    let told = |pod: &std::rc::Rc<api::object::Pod>| {
        let word = pod_word(pod, false);
        (pod.meta.name.to_string(), if word.state == PodState::Ready { "Ready".to_owned() } else { word.word.to_string() })
    };
    shot.tables.pods().map(told).collect()
}

fn differences(here: &SortedMap<String, String>, there: &SortedMap<String, String>) -> Vec<[String; 3]> {
    let mut names: Vec<&String> = here.keys().collect();
    names.extend(there.keys().filter(|name| !here.contains_key(*name)));
    let cell = |side: &SortedMap<String, String>, name: &String| side.get(name).cloned().unwrap_or_else(|| NOTHING.to_owned());
    let rows = names.into_iter().map(|name| row(name, [cell(here, name), cell(there, name)]));
    rows.filter(|[_, here, there]| here != there).collect()
}

fn row(name: &str, [left, right]: [String; 2]) -> [String; 3] {
    [name.to_owned(), left, right]
}
