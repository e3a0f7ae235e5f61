//! Many ordinals at once: a cell each, in rows of up to fifty.
//!
//! A cell shows its pod's revision by its fill, and the pod's state by its shape. Everything else is shown when the cell is
//! selected. Cells are small and uniform, so thousands of them are made and compared within a frame; texts are made
//! only for the few that are not Ready.

mod arrange;

pub use super::MAX_COLUMNS;
pub use arrange::{Arrangement, Filter, Line, Sort};

use std::ops::Range;

use super::node::Row;
use super::rollout::{self, Revision};
use super::{Glyph, Hue, Identity, Mark, Paint, Snapshot};
use api::object::{Pod, StatefulSet, parent_and_ordinal};
use api::well_known::CONTROLLER_REVISION_HASH;
use base::sorted::SortedMap;
use base::word::Word;
use causes::pod::{PodState, pod_word};

/// How many cells a row may have: round numbers, by which one counts.
const IN_ROW: [usize; 4] = [10, 20, 25, MOST_IN_ROW];
const MOST_IN_ROW: usize = 50;
/// How many times as wide as high the room for the cells is, roughly.
const ROOM: usize = 3;
/// How many runs of cells that are not Ready are listed.
const MAX_EXCEPTIONS: usize = 16;

/// All ordinals of a set as cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dense {
    pub namespace: String,
    /// The set's name.
    pub set: String,
    /// By ordinal.
    pub cells: Vec<Cell>,
    /// The nodes, by name.
    pub nodes: Vec<String>,
    /// The errors of failed pods: `CrashLoopBackOff`.
    pub troubles: Vec<String>,
    /// How many cells share each property.
    pub counts: Vec<Count>,
    /// The runs of pods that are not Ready.
    pub exceptions: Vec<Exception>,
    /// How many more of those pods there are than are listed.
    pub unlisted: usize,
    /// The ordinals that the set wants.
    wanted: Range<i64>,
}

/// The cell of an ordinal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub ordinal: i64,
    /// Its pod's state; `None` if there is no pod.
    pub state: Option<PodState>,
    /// The pod's revision.
    pub revision: Revision,
    /// The index of its node.
    pub node: Option<usize>,
    /// The index of its error.
    pub trouble: Option<usize>,
    /// Whether the partition's line is before it: it is the first to be updated.
    pub split: bool,
}

/// How many cells share a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The property.
    pub sort: Sort,
    /// Its mark, for a state.
    pub mark: Option<Mark>,
    /// Its paint, for a revision.
    pub paint: Option<Paint>,
    pub word: String,
    /// The number of cells.
    pub cells: usize,
}

/// Adjacent ordinals that are not Ready in the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// The first pod.
    pub first: String,
    /// All pods: `web-640 … 649`.
    pub pods: String,
    /// Their node; empty if they have none or several.
    pub node: String,
    /// Their state.
    pub mark: Mark,
    /// kubectl's word for it.
    pub word: String,
    /// Their number.
    pub cells: usize,
}

impl Cell {
    /// The name of its state in style sheets.
    pub fn look(&self) -> &'static str {
        self.state.map_or("none", |state| state.mark().1.word())
    }

    fn ready(&self) -> bool {
        self.state == Some(PodState::Ready)
    }

    /// Whether nobody misses its pod: it stands for a claim that is left.
    fn is_left_over(&self, wanted: &Range<i64>) -> bool {
        self.state.is_none() && !wanted.contains(&self.ordinal)
    }
}

impl Dense {
    /// The name of a cell's pod.
    pub fn pod(&self, cell: &Cell) -> String {
        format!("{}-{}", self.set, cell.ordinal)
    }

    /// The identity of a cell's pod.
    pub fn identity(&self, cell: &Cell) -> Identity {
        Identity { namespace: self.namespace.clone(), pod: self.pod(cell) }
    }

    /// Whether the pod with this name has a cell.
    pub fn has(&self, namespace: &str, pod: &str) -> bool {
        self.namespace == namespace && self.cell_of(pod).is_some()
    }

    /// The cell of an ordinal.
    pub fn cell(&self, ordinal: i64) -> Option<&Cell> {
        self.cells.binary_search_by(|cell| cell.ordinal.cmp(&ordinal)).ok().map(|at| &self.cells[at])
    }

    /// The cell of a pod, by name.
    pub fn cell_of(&self, pod: &str) -> Option<&Cell> {
        let (set, ordinal) = parent_and_ordinal(pod)?;
        self.cell(ordinal).filter(|_| set == self.set)
    }

    /// kubectl's word for the state of a cell's pod; empty if there is none.
    pub fn word(&self, cell: &Cell) -> &str {
        cell.trouble.map_or(cell.state.map_or("", PodState::word), |at| &self.troubles[at])
    }

    /// Whether a cell looks different from the previous one of its ordinal.
    pub fn differs(&self, before: &Dense, at: usize) -> bool {
        let (now, was) = (self.cells.get(at), before.cells.get(at));
        now != was || now.is_some_and(|cell| cell.trouble.is_some()) && self.troubles != before.troubles
    }
}

/// A set's cells for these ordinals; `rows` are the nodes.
pub(super) fn project(shot: &Snapshot, set: &StatefulSet, ordinals: &[i64], rows: &[Row]) -> Dense {
    let unknown = Revision::new(None, None);
    let absent = |ordinal: &i64| Cell { ordinal: *ordinal, state: None, revision: unknown, node: None, trouble: None, split: false };
    let mut dense = Dense {
        namespace: set.meta.namespace.to_string(),
        set: set.meta.name.to_string(),
        cells: ordinals.iter().map(absent).collect(),
        nodes: rows.iter().map(|row| row.name.clone()).collect(),
        wanted: set.ordinals(),
        ..Dense::default()
    };
    let silent: Vec<bool> = rows.iter().map(|row| shot.tables.node("", &row.name).is_some_and(|node| node.silent())).collect();
    let mut revisions: Vec<(&str, Revision)> = Vec::new();
    for pod in shot.pods_of(set) {
        let Some(ordinal) = set.ordinal_of(&pod.meta.name) else { continue };
        let Ok(at) = ordinals.binary_search(&ordinal) else { continue };
        let node = pod.node.as_deref().and_then(|node| rows.binary_search_by(|row| (*row.name).cmp(node)).ok());
        let told = pod_word(pod, node.is_some_and(|node| silent[node]));
        let trouble = (told.state == PodState::Bad).then(|| dense.trouble(&told.word));
        let revision = revision(shot, set, pod, &mut revisions);
        dense.cells[at] = Cell { ordinal, state: Some(told.state), revision, node, trouble, split: false };
    }
    if let Some(first) = rollout::first_updated(set).and_then(|first| dense.cells.iter_mut().find(|cell| cell.ordinal == first)) {
        first.split = true;
    }
    dense.counts = dense.count(shot);
    dense.list_exceptions(shot);
    dense
}

/// A pod's revision, with a cache by name.
fn revision<'a>(shot: &Snapshot, set: &StatefulSet, pod: &'a Pod, known: &mut Vec<(&'a str, Revision)>) -> Revision {
    let name = pod.meta.label(CONTROLLER_REVISION_HASH).map_or("", |name| &**name);
    if let Some((_, revision)) = known.iter().find(|(other, _)| *other == name) {
        return *revision;
    }
    let revision = rollout::of_name(shot, set, Some(name));
    known.push((name, revision));
    revision
}

impl Dense {
    fn trouble(&mut self, word: &Word) -> usize {
        let at = self.troubles.iter().position(|known| **known == **word).unwrap_or(self.troubles.len());
        if at == self.troubles.len() {
            self.troubles.push(word.to_string());
        }
        at
    }

    /// Counts the cells of each state, those that are not Ready, and those of each revision if there are several.
    fn count(&self, shot: &Snapshot) -> Vec<Count> {
        let text = &shot.text().cluster;
        let mut states: SortedMap<(Option<PodState>, Option<usize>), usize> = SortedMap::new();
        let mut revisions: Vec<(Revision, usize)> = Vec::new();
        for cell in self.cells.iter().filter(|cell| !cell.is_left_over(&self.wanted)) {
            *states.entry((cell.state, cell.trouble)).or_default() += 1;
            match revisions.iter_mut().find(|(revision, _)| *revision == cell.revision) {
                Some((_, cells)) => *cells += 1,
                None => revisions.push((cell.revision, 1)),
            }
        }
        let state = |((state, trouble), cells): (&(Option<PodState>, Option<usize>), &usize)| {
            let mark = state.map_or(Mark(Glyph::Absent, Hue::Mute), PodState::mark);
            let word = match (state, trouble) {
                (None, _) => text.not_created(),
                (_, Some(at)) => &self.troubles[*at],
                (Some(PodState::Running), None) => text.running_not_ready(),
                (Some(state), None) => state.word(),
            };
            let sort = Sort::State(*state, trouble.map(|at| self.troubles[at].clone()));
            Count { sort, mark: Some(mark), paint: None, word: word.to_owned(), cells: *cells }
        };
        let (ready, unready): (Vec<Count>, Vec<Count>) =
            states.iter().map(state).partition(|count| count.sort == Sort::State(Some(PodState::Ready), None));
        let held = unready.iter().map(|count| count.cells).sum();
        let all_unready = Count {
            sort: Sort::NotReady,
            mark: Some(Mark(Glyph::Hazard, Hue::Wait)),
            paint: None,
            word: text.not_ready().to_owned(),
            cells: held,
        };
        revisions.retain(|(revision, _)| !revision.label().is_empty());
        if revisions.len() < 2 {
            revisions.clear();
        }
        let revision = |(revision, cells): (Revision, usize)| Count {
            sort: Sort::Revision(revision),
            mark: None,
            paint: Some(revision.paint()),
            word: revision.label(),
            cells,
        };
        let several = unready.len() > 1;
        ready.into_iter().chain(several.then_some(all_unready)).chain(unready).chain(revisions.into_iter().map(revision)).collect()
    }

    /// Lists the runs of adjacent pods that are not Ready in the same way.
    fn list_exceptions(&mut self, shot: &Snapshot) {
        let alike = |a: &Cell, b: &Cell| a.state == b.state && a.trouble == b.trouble && a.ordinal + 1 == b.ordinal;
        let wanted = self.wanted.clone();
        let left = |cell: &Cell| cell.is_left_over(&wanted);
        let alike = |a: &Cell, b: &Cell| alike(a, b) && left(a) == left(b);
        let runs = self.cells.chunk_by(alike).filter(|run| !run[0].ready() && !left(&run[0]));
        let mut listed = Vec::new();
        for run in runs {
            if listed.len() == MAX_EXCEPTIONS {
                self.unlisted += run.len();
                continue;
            }
            let (first, last) = (run[0], run[run.len() - 1]);
            let pods = if run.len() > 1 { format!("{} … {}", self.pod(&first), last.ordinal) } else { self.pod(&first) };
            let node = first.node.filter(|node| run.iter().all(|cell| cell.node == Some(*node)));
            let word = match first.state {
                None => shot.text().cluster.not_created().to_owned(),
                Some(PodState::Running) => shot.text().cluster.running_not_ready().to_owned(),
                Some(_) => self.word(&first).to_owned(),
            };
            listed.push(Exception {
                first: self.pod(&first),
                pods,
                node: node.map_or(String::new(), |node| self.nodes[node].clone()),
                mark: first.state.map_or(Mark(Glyph::Absent, Hue::Mute), PodState::mark),
                word,
                cells: run.len(),
            });
        }
        self.exceptions = listed;
    }
}
