//! Many ordinals at once: a cell each, fifty per row.
//!
//! A cell shows two things: which revision its pod has, by its fill, and what the pod does, by its shape. Everything else is told
//! when the cell is asked about. Cells are small and alike, so thousands of them are made and compared within a frame; words are made
//! only for the few that are not Ready.

mod arrange;
#[cfg(test)]
mod tests;

pub use arrange::{Arrangement, Filter, Line, Sort};

use super::node::Row;
use super::pod::{PodState, pod_word};
use super::tile::Revision;
use super::{Glyph, Hue, Identity, Mark, Paint, Snapshot, ordinal_of, rollout};
use crate::api::object::pod::Truth;
use crate::api::object::{Pod, StatefulSet};
use crate::base::sorted::SortedMap;
use crate::base::word::Word;

/// Up to so many ordinals each has a column.
pub const COLUMNS_MOST: usize = 24;
/// How many cells stand in a row.
pub const CELLS_IN_ROW: usize = 50;
/// How many runs of cells that are not Ready are listed.
const EXCEPTIONS_MOST: usize = 16;

/// All ordinals of a set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dense {
    /// The namespace of all of them.
    pub namespace: String,
    /// The set's name.
    pub set: String,
    /// By ordinal.
    pub cells: Vec<Cell>,
    /// The nodes, by name.
    pub nodes: Vec<String>,
    /// What is wrong with those that failed: `CrashLoopBackOff`.
    pub troubles: Vec<String>,
    /// How many there are of each sort.
    pub counts: Vec<Count>,
    /// Those that are not Ready, neighbours together.
    pub exceptions: Vec<Exception>,
    /// How many more of those there are than are listed.
    pub unlisted: usize,
}

/// An ordinal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The ordinal.
    pub ordinal: i64,
    /// What its pod does; `None` where there is none.
    pub state: Option<PodState>,
    /// The pod's revision.
    pub revision: Revision,
    /// The place of its node among the nodes.
    pub node: Option<usize>,
    /// The place of what is wrong with it among the troubles.
    pub trouble: Option<usize>,
    /// Whether the line of the partition is before it: it is the first that is updated.
    pub split: bool,
}

/// How many cells are alike in something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// In what.
    pub sort: Sort,
    /// What stands for it: the mark of a state.
    pub mark: Option<Mark>,
    /// Or the paint of a revision.
    pub paint: Option<Paint>,
    /// In a word.
    pub word: String,
    /// How many.
    pub cells: usize,
}

/// Neighbours that are not Ready in the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// The first of them.
    pub first: String,
    /// All of them: `web-640 … 649`.
    pub pods: String,
    /// Their node; empty where they have none, or several.
    pub node: String,
    /// What they do.
    pub mark: Mark,
    /// In kubectl's word.
    pub word: String,
    /// How many.
    pub cells: usize,
}

impl Cell {
    /// The name that style sheets know its state by.
    pub fn look(&self) -> &'static str {
        self.state.map_or("none", |state| state.mark().1.id())
    }

    fn ready(&self) -> bool {
        self.state == Some(PodState::Ready)
    }
}

impl Dense {
    /// The pod that a cell stands for.
    pub fn pod(&self, cell: &Cell) -> String {
        format!("{}-{}", self.set, cell.ordinal)
    }

    /// What a cell names.
    pub fn identity(&self, cell: &Cell) -> Identity {
        Identity { namespace: self.namespace.clone(), pod: self.pod(cell) }
    }

    /// The cell of an ordinal.
    pub fn cell(&self, ordinal: i64) -> Option<&Cell> {
        self.cells.binary_search_by(|cell| cell.ordinal.cmp(&ordinal)).ok().map(|at| &self.cells[at])
    }

    /// The cell of a pod's name.
    pub fn cell_of(&self, pod: &str) -> Option<&Cell> {
        let (set, ordinal) = pod.rsplit_once('-')?;
        self.cell(ordinal.parse().ok()?).filter(|_| set == self.set)
    }

    /// kubectl's word for what a cell's pod does; empty where there is none.
    pub fn word(&self, cell: &Cell) -> &str {
        cell.trouble.map_or(cell.state.map_or("", PodState::word), |at| &self.troubles[at])
    }

    /// Whether a cell of these looks otherwise than the one of the same ordinal did before.
    pub fn differs(&self, before: &Dense, at: usize) -> bool {
        let (now, was) = (self.cells.get(at), before.cells.get(at));
        now != was || now.is_some_and(|cell| cell.trouble.is_some()) && self.troubles != before.troubles
    }
}

/// These ordinals of a set; `rows` are the nodes.
pub(super) fn project(shot: &Snapshot, set: &StatefulSet, ordinals: &[i64], rows: &[Row]) -> Dense {
    let unknown = Revision::new(None, None);
    let absent = |ordinal: &i64| Cell { ordinal: *ordinal, state: None, revision: unknown, node: None, trouble: None, split: false };
    let mut dense = Dense {
        namespace: set.meta.namespace.to_string(),
        set: set.meta.name.to_string(),
        cells: ordinals.iter().map(absent).collect(),
        nodes: rows.iter().map(|row| row.name.clone()).collect(),
        ..Dense::default()
    };
    let silent: Vec<bool> =
        rows.iter().map(|row| shot.tables.node("", &row.name).is_some_and(|node| node.ready() == Truth::Unknown)).collect();
    let mut revisions: Vec<(&str, Revision)> = Vec::new();
    for pod in shot.pods_of(set) {
        let Some(ordinal) = ordinal_of(set, &pod.meta.name) else { continue };
        let Ok(at) = ordinals.binary_search(&ordinal) else { continue };
        let node = pod.node.as_deref().and_then(|node| rows.binary_search_by(|row| (*row.name).cmp(node)).ok());
        let told = pod_word(pod, node.is_some_and(|node| silent[node]));
        let trouble = (told.state == PodState::Bad).then(|| dense.trouble(&told.word));
        let revision = revision(shot, set, pod, &mut revisions);
        dense.cells[at] = Cell { ordinal, state: Some(told.state), revision, node, trouble, split: false };
    }
    if let Some(first) = rollout::first_updated(shot, set).and_then(|first| dense.cells.iter_mut().find(|cell| cell.ordinal == first)) {
        first.split = true;
    }
    dense.counts = dense.count(shot);
    dense.list_exceptions(shot);
    dense
}

/// The revision of a pod; those looked up before are remembered by their names.
fn revision<'a>(shot: &Snapshot, set: &StatefulSet, pod: &'a Pod, known: &mut Vec<(&'a str, Revision)>) -> Revision {
    let name = pod.meta.label("controller-revision-hash").map_or("", |name| &**name);
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

    /// How many cells there are of each state, of all that are not Ready, and of each revision where there are several.
    fn count(&self, shot: &Snapshot) -> Vec<Count> {
        let text = &shot.text().cluster;
        let mut states: SortedMap<(Option<PodState>, Option<usize>), usize> = SortedMap::new();
        let mut revisions: Vec<(Revision, usize)> = Vec::new();
        for cell in &self.cells {
            *states.entry((cell.state, cell.trouble)).or_default() += 1;
            match revisions.iter_mut().find(|(revision, _)| *revision == cell.revision) {
                Some((_, cells)) => *cells += 1,
                None => revisions.push((cell.revision, 1)),
            }
        }
        let state = |((state, trouble), cells): (&(Option<PodState>, Option<usize>), &usize)| {
            let mark = state.map_or(Mark(Glyph::Absent, Hue::Mute), PodState::mark);
            let word = match (state, trouble) {
                (None, _) => text.not_created,
                (_, Some(at)) => &self.troubles[*at],
                (Some(PodState::Running), None) => text.running_not_ready,
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
            word: text.not_ready.to_owned(),
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

    /// Runs of neighbours that are not Ready in the same way.
    fn list_exceptions(&mut self, shot: &Snapshot) {
        let alike = |a: &Cell, b: &Cell| a.state == b.state && a.trouble == b.trouble && a.ordinal + 1 == b.ordinal;
        let runs = self.cells.chunk_by(alike).filter(|run| !run[0].ready());
        let mut listed = Vec::new();
        for run in runs {
            if listed.len() == EXCEPTIONS_MOST {
                self.unlisted += run.len();
                continue;
            }
            let (first, last) = (run[0], run[run.len() - 1]);
            let pods = if run.len() > 1 { format!("{} … {}", self.pod(&first), last.ordinal) } else { self.pod(&first) };
            let node = first.node.filter(|node| run.iter().all(|cell| cell.node == Some(*node)));
            let word = match first.state {
                None => shot.text().cluster.not_created.to_owned(),
                Some(PodState::Running) => shot.text().cluster.running_not_ready.to_owned(),
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
