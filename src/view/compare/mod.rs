//! Two lives side by side: a StatefulSet and a Deployment of one template, or one cluster on two branches of time.
//!
//! A difference is named only if it happened: what pods went through is folded from the log (`life`), the rest is read from the present.

mod life;

use super::pod::{PodState, pod_word};
use super::timeline::ruler_label;
use super::{Mark, Paint, Snapshot, ordinal_of, rollout, tile};
use crate::api::kind::Kind;
use crate::api::object::{Object, StatefulSet};
use crate::base::sorted::{SortedMap, SortedSet};
use crate::base::time::Time;
use crate::text::Text;
pub use life::Lives;
use life::{Life, STORIES, stories_told};

/// How many pods are named that two branches differ in.
const PODS_NAMED: usize = 8;
/// How many reasons of Events are named that one side alone has.
const REASONS_NAMED: usize = 4;
/// What stands where there is nothing.
const NOTHING: &str = "—";

/// A comparison, drawn as a table of two columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What is compared.
    pub title: &'static str,
    /// What the two have in common.
    pub note: String,
    /// What stands above the columns.
    pub heads: [String; 2],
    /// What is said of both: its name, then one cell each.
    pub rows: Vec<[String; 3]>,
}

/// One side of a comparison of two branches.
pub struct Side<'a> {
    /// What stands above its column.
    pub label: String,
    /// The instant.
    pub shot: Snapshot<'a>,
    /// What its pods went through.
    pub lives: &'a Lives,
}

/// A pod of the branch beside the one shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// Its state.
    pub mark: Mark,
    /// Kubernetes' word for it.
    pub word: String,
    /// `r1`.
    pub revision: String,
    /// How its revision is painted.
    pub paint: Paint,
}

/// The branch beside the one shown, as a row of the matrix: the set's pods there, by their ordinals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// What tells the branch from the one shown.
    pub label: String,
    /// `3 of 3 Ready`.
    pub note: String,
    /// The pods, each with its ordinal.
    pub pods: Vec<(i64, Chip)>,
}

/// What a set and a Deployment have differed in so far; `None` where one of them never had a pod.
pub fn side_by_side(lives: &Lives, namespace: &str, set: &str, deployment: &str, now: Time, text: &Text) -> Option<Table> {
    let set_told = lives.of(Kind::StatefulSet, namespace, set)?.told(now, text);
    let deployment_told = lives.of(Kind::Deployment, namespace, deployment)?.told(now, text);
    let mut rows = stories([set_told, deployment_told], text);
    // The two need not have begun at one time, and what came in the place of what is told by the names.
    rows.retain(|[name, ..]| *name != text.compare.settled && *name != text.compare.replaced_by);
    let heads = [format!("statefulset/{set}"), format!("deployment/{deployment}")];
    Some(Table { title: text.compare.title, note: text.compare.note.to_owned(), heads, rows })
}

/// What two branches differ in at one instant, and how the set shown came there on each.
pub fn branches(sides: &[Side; 2], shown: Option<(&str, &str)>, text: &Text) -> Table {
    let words = &text.compare;
    let mut rows = Vec::new();
    if let Some((namespace, name)) = shown {
        let now = |side: &Side| side.shot.set(namespace, name).map(|set| standing(set, text)).unwrap_or_default();
        for (label, cells) in [words.ready, words.updated].into_iter().zip(pairs(sides.each_ref().map(now))) {
            rows.push(row(label, cells));
        }
        let told = |side: &Side| {
            let life = side.lives.of(Kind::StatefulSet, namespace, name);
            life.map_or(std::array::from_fn(|_| NOTHING.to_owned()), |life| life.told(side.shot.now, text))
        };
        rows.extend(stories(sides.each_ref().map(told), text));
        let [here, there] = sides.each_ref().map(|side| side.lives.of(Kind::StatefulSet, namespace, name).and_then(Life::keeps_names));
        // Another name that was kept is no difference.
        rows.retain(|[row, ..]| *row != words.names || here.zip(there).is_none_or(|(here, there)| here != there));
    }
    rows.push(row(words.events, only_here(&sides.each_ref().map(|side| reasons(&side.shot)))));
    rows.retain(|[_, here, there]| here != there);
    let mut pods = differences(&pods(&sides[0].shot), &pods(&sides[1].shot));
    let more = pods.len().saturating_sub(PODS_NAMED);
    pods.truncate(PODS_NAMED);
    rows.extend(pods);
    let at = (words.at)(&ruler_label(sides[0].shot.now));
    let note = match (rows.is_empty(), more) {
        (true, _) => words.same.to_owned(),
        (_, 0) => at,
        (_, more) => format!("{at}, {}", (text.cluster.more)(more)),
    };
    Table { title: words.branches, note, heads: sides.each_ref().map(|side| side.label.clone()), rows }
}

/// The set shown, as it is on the branch beside; empty where it is not there.
pub fn beside(side: &Side, shown: Option<(&str, &str)>) -> Row {
    let Some(set) = shown.and_then(|(namespace, name)| side.shot.set(namespace, name)) else {
        return Row { label: side.label.clone(), ..Row::default() };
    };
    let own = side.shot.tables.pods().filter(|pod| pod.meta.is_controlled_by(set.meta.uid));
    let chip = |pod: &std::rc::Rc<crate::api::object::Pod>| {
        let revision = rollout::of_pod(&side.shot, set, pod);
        let tile = tile::of(&side.shot, pod, revision);
        Some((
            ordinal_of(set, &pod.meta.name)?,
            Chip { mark: tile.state.mark(), word: tile.brief, revision: tile.revision, paint: tile.paint },
        ))
    };
    let note = (side.shot.text().cluster.ready_of)(set.status.ready, set.spec.replicas);
    Row { label: side.label.clone(), note, pods: own.filter_map(chip).collect() }
}

/// How far a set is: how many of its pods are Ready, and how many are of the newest revision.
fn standing(set: &StatefulSet, text: &Text) -> [String; 2] {
    let of = |part: i64| (text.compare.of)(part, set.spec.replicas);
    [of(set.status.ready), of(set.status.updated)]
}

/// The rows of two lives that differ.
fn stories(told: [[String; STORIES]; 2], text: &Text) -> Vec<[String; 3]> {
    let cells = stories_told(text).into_iter().zip(pairs(told)).filter(|(_, [here, there])| here != there);
    cells.map(|(name, cells)| row(name, cells)).collect()
}

/// Two columns as rows of two.
fn pairs<const N: usize>([here, there]: [[String; N]; 2]) -> impl Iterator<Item = [String; 2]> {
    here.into_iter().zip(there).map(|(here, there)| [here, there])
}

/// The reasons of all Events.
fn reasons(shot: &Snapshot) -> SortedSet<String> {
    let event = |object: &Object| if let Object::Event(event) = object { Some(event.reason.to_string()) } else { None };
    shot.tables.all(Kind::Event).filter_map(event).collect()
}

/// What each of two has and the other has not.
fn only_here(both: &[SortedSet<String>; 2]) -> [String; 2] {
    [0, 1].map(|side| {
        let own: Vec<&str> = both[side].iter().filter(|reason| !both[1 - side].contains(*reason)).map(String::as_str).collect();
        if own.is_empty() { NOTHING.to_owned() } else { own[..own.len().min(REASONS_NAMED)].join(", ") }
    })
}

/// What each pod is doing.
fn pods(shot: &Snapshot) -> SortedMap<String, String> {
    let told = |pod: &std::rc::Rc<crate::api::object::Pod>| {
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
