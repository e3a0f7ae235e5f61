//! Comparisons: a StatefulSet and a Deployment of one template, or one cluster on two branches.
//!
//! A difference is shown only if it has occurred: the pods' history is folded from the log (`life`), the rest is read from the present.

mod life;

use super::{Mark, Paint, Snapshot, rollout, tile};
use api::kind::Kind;
use api::object::{NamespacedName, Object, ObjectKey, StatefulSet};
use base::sorted::{SortedMap, SortedSet};
use base::value::Value;
use causes::pod::{PodState, pod_word};
pub use life::PodHistories;
use life::{Life, STORIES, stories_told};
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

/// The differences between a set and a Deployment so far; `None` if one of them never had a pod.
pub fn side_by_side(lives: &PodHistories, shot: &Snapshot, set: &NamespacedName, deployment: &NamespacedName) -> Option<Table> {
    let text = shot.text();
    let set_told = lives.of(Kind::StatefulSet, set)?.told(shot, text);
    let deployment_told = lives.of(Kind::Deployment, deployment)?.told(shot, text);
    let mut rows = stories([set_told, deployment_told], text);
    // The two may have been created at different times, and replacements show in the names.
    rows.retain(|[name, ..]| *name != text.compare.settled() && *name != text.compare.replaced_by());
    let heads = [format!("statefulset/{}", set.name), format!("deployment/{}", deployment.name)];
    Some(Table { title: text.compare.title(), note: in_common(shot, set, deployment).to_owned(), heads, rows })
}

/// What the templates of a set and a Deployment have in common. Labels are none of it: they keep the two apart.
fn in_common(shot: &Snapshot, set: &NamespacedName, deployment: &NamespacedName) -> &'static str {
    let words = &shot.text().compare;
    let both = shot.set(&set.namespace, &set.name).zip(shot.tables.deployment(&deployment.namespace, &deployment.name));
    let Some((set, deployment)) = both else { return words.other_template() };
    let (own, other) = (&set.spec.template.raw, deployment.spec.value().at(&["template", "spec"]));
    let other = other.filter(|other| ["initContainers", "containers"].iter().all(|list| own.list_at(&[list]) == other.list_at(&[list])));
    let has_claim = |spec: &Value| spec.list_at(&["volumes"]).iter().any(|volume| volume.get("persistentVolumeClaim").is_some());
    match other {
        None => words.other_template(),
        Some(other) if has_claim(other) || set.spec.claim_templates.is_empty() => words.same_template(),
        Some(_) => words.without_claims(),
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
        let told = |side: &Side| {
            let life = side.lives.of(Kind::StatefulSet, shown);
            life.map_or(std::array::from_fn(|_| NOTHING.to_owned()), |life| life.told(&side.shot, text))
        };
        rows.extend(stories(sides.each_ref().map(told), text));
        let [here, there] = sides.each_ref().map(|side| side.lives.of(Kind::StatefulSet, shown).and_then(Life::keeps_names));
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
    (!rows.is_empty()).then_some(Table { title: words.branches(), note, heads, rows })
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
    Some(value.as_text().map_or_else(|| value.to_json(), str::to_owned))
}

/// What is below a path and has nothing below it, as JSON.
fn add_leaves(value: &Value, path: String, leaves: &mut SortedMap<String, String>) {
    match value {
        Value::Map(map) => map.iter().for_each(|(key, value)| add_leaves(value, format!("{path}.{key}"), leaves)),
        Value::Null => {}
        other => drop(leaves.insert(path, other.as_text().map_or_else(|| other.to_json(), str::to_owned))),
    }
}

/// The facts that differ between two histories.
fn stories(told: [[String; STORIES]; 2], text: &Text) -> Vec<[String; 3]> {
    let cells = stories_told(text).into_iter().zip(pairs(told)).filter(|(_, [here, there])| here != there);
    cells.map(|(name, cells)| row(name, cells)).collect()
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
