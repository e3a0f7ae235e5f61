//! What each tool around a set says of it at an instant, and since when it has called it done.

use super::{Glyph, Hue, Mark, Snapshot};
use api::kind::Kind;
use api::object::{NamespacedName, Object, ObjectKey, Pod, StatefulSet};
use base::time::Time;
use base::value::Value;
use done::{Course, Differ, Judge, Status, Verdict};

/// The tools and their verdicts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tools {
    pub lines: Vec<Line>,
    /// Why they differ.
    pub why: String,
}

impl Tools {
    /// Whether all tools have the same verdict.
    pub fn agree(&self) -> bool {
        self.lines.windows(2).all(|pair| pair[0].verdict == pair[1].verdict)
    }
}

/// What a tool says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub name: &'static str,
    pub version: &'static str,
    pub mark: Mark,
    pub verdict: String,
    /// Its own word for that; empty where it has none.
    pub status: &'static str,
    /// In its own words; empty where it says none.
    pub words: String,
    /// Since when it has called the set done.
    pub since: Option<Time>,
}

/// What the tools say of a set; `None` where it is not there.
#[inline(never)]
pub fn of(shot: &Snapshot, set: &NamespacedName) -> Option<Tools> {
    let set = shot.tables.stateful_set(&set.namespace, &set.name)?;
    let value = set.encode();
    let pods: Vec<Value> = own_pods(shot, set);
    let says = done::all(&value, &pods);
    let text = shot.text().done;
    let course = course(shot, set);
    let lines = says.iter().map(|(tool, said)| Line {
        name: tool.name(),
        version: tool.version(),
        mark: mark(said.verdict),
        verdict: text.verdict(said.verdict.word()),
        status: said.status.map_or("", Status::word),
        words: said.words.clone().unwrap_or_default(),
        since: course.since.iter().find(|(known, _)| known == tool).map(|(_, at)| *at),
    });
    Some(Tools { lines: lines.collect(), why: text.differ(Differ::of(&value, &says).word()) })
}

/// The set that the most tools do not call done, the first of several; `None` where all are done.
#[inline(never)]
pub fn most_waiting(shot: &Snapshot) -> Option<NamespacedName> {
    let waiting = |set: &StatefulSet| {
        let says = done::all(&set.encode(), &own_pods(shot, set));
        says.iter().filter(|(_, said)| said.verdict != Verdict::Ready).count()
    };
    let counted = shot.tables.stateful_sets().map(|set| (waiting(set), set)).filter(|(tools, _)| *tools > 0);
    let most = counted.reduce(|most, next| if next.0 > most.0 { next } else { most });
    most.map(|(_, set)| set.meta.namespaced_name())
}

/// The instants up to the shown one at which tools came to call a set done, and their names.
#[inline(never)]
pub fn turns(shot: &Snapshot, set: &NamespacedName) -> Vec<(Time, String)> {
    let Some(set) = shot.tables.stateful_set(&set.namespace, &set.name) else { return Vec::new() };
    let names = |tools: Vec<Judge>| tools.iter().map(|tool| tool.name()).collect::<Vec<_>>().join(", ");
    course(shot, set).turns.into_iter().map(|(at, tools)| (at, names(tools))).collect()
}

/// The pods that the selector of a set asks for.
fn own_pods(shot: &Snapshot, set: &StatefulSet) -> Vec<Value> {
    let is_own = |pod: &Pod| pod.meta.namespace == set.meta.namespace && set.spec.selector.matches(&pod.meta.labels);
    shot.tables.pods().filter(|pod| is_own(pod)).map(|pod| pod.encode()).collect()
}

/// The course of a set up to the shown instant, as far as the log goes back.
fn course(shot: &Snapshot, set: &StatefulSet) -> Course {
    let key = ObjectKey::new(Kind::StatefulSet, &set.meta.namespace, &set.meta.name);
    let changes = shot.log.kept().filter(|change| change.key == key);
    Course::of(changes.filter_map(|change| Some((change.at, change.after.as_ref().map(Object::encode)?))))
}

fn mark(verdict: Verdict) -> Mark {
    match verdict {
        Verdict::Ready => Mark(Glyph::Check, Hue::Ready),
        Verdict::Waits => Mark(Glyph::Pending, Hue::Wait),
        Verdict::Failed => Mark(Glyph::Bad, Hue::Danger),
        Verdict::Error | Verdict::Unknown => Mark(Glyph::Unknown, Hue::Mute),
    }
}
