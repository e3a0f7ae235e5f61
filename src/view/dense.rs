//! Many ordinals at once: a cell each, fifty in a row.
//!
//! A cell shows two things: which revision its pod has, by its fill, and what the pod does, by its shape. Everything else about it is said where it
//! is asked about. Nodes and disks are not drawn: with so many ordinals a row of them would say less than the command line does.

use super::pod::{PodState, pod_word};
use super::{Glyph, Hue, Identity, Mark, Paint, Snapshot, pod_name, rollout};
use crate::api::object::StatefulSet;
use crate::api::object::pod::Truth;
use crate::base::sorted::SortedMap;

/// Up to so many ordinals each has a column.
pub const COLUMNS_MOST: usize = 24;
/// How many cells stand in a row.
pub const CELLS_IN_ROW: usize = 50;

/// All ordinals of a set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dense {
    /// The namespace of all of them.
    pub namespace: String,
    /// Rows of cells, by ordinal.
    pub rows: Vec<Vec<Cell>>,
    /// How many there are of each sort.
    pub counts: Vec<Count>,
}

/// An ordinal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The ordinal.
    pub ordinal: i64,
    /// The pod it names.
    pub pod: String,
    /// What the pod does; `None` where there is none.
    pub state: Option<PodState>,
    /// How its revision is painted.
    pub paint: Paint,
}

/// How many cells look alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// How they look.
    pub mark: Mark,
    /// In a word.
    pub word: String,
    /// How many.
    pub cells: usize,
}

impl Cell {
    /// The name that style sheets know its state by.
    pub fn look(&self) -> &'static str {
        self.state.map_or("none", |state| state.mark().1.id())
    }
}

impl Dense {
    /// All cells, by ordinal.
    pub fn cells(&self) -> impl DoubleEndedIterator<Item = &Cell> {
        self.rows.iter().flatten()
    }

    /// What a cell names.
    pub fn identity(&self, cell: &Cell) -> Identity {
        Identity { namespace: self.namespace.clone(), pod: cell.pod.clone() }
    }

    /// The cell so many places after the one of this pod, the first where the pod has none; `None` beyond the edge.
    pub fn beside(&self, pod: Option<&str>, by: isize) -> Option<&Cell> {
        match pod.and_then(|pod| self.cells().position(|cell| cell.pod == pod)) {
            Some(at) => self.cells().nth(at.checked_add_signed(by)?),
            None => self.cells().next(),
        }
    }
}

/// These ordinals of a set.
pub(super) fn project(shot: &Snapshot, set: &StatefulSet, ordinals: &[i64]) -> Dense {
    let cells: Vec<Cell> = ordinals.iter().map(|ordinal| cell(shot, set, *ordinal)).collect();
    let mut counts: SortedMap<Option<PodState>, usize> = SortedMap::new();
    for cell in &cells {
        *counts.entry(cell.state).or_default() += 1;
    }
    let count = |(state, cells): (Option<PodState>, usize)| match state {
        Some(state) => Count { mark: state.mark(), word: state.word().to_owned(), cells },
        None => Count { mark: Mark(Glyph::Absent, Hue::Mute), word: shot.text().cluster.not_created.to_owned(), cells },
    };
    Dense {
        namespace: set.meta.namespace.to_string(),
        rows: cells.chunks(CELLS_IN_ROW).map(<[Cell]>::to_vec).collect(),
        counts: counts.into_iter().map(count).collect(),
    }
}

fn cell(shot: &Snapshot, set: &StatefulSet, ordinal: i64) -> Cell {
    let name = pod_name(set, ordinal);
    let pod = shot.tables.pod(&set.meta.namespace, &name);
    let silent = |node: &str| shot.tables.node("", node).is_some_and(|node| node.ready() == Truth::Unknown);
    Cell {
        ordinal,
        pod: name.to_string(),
        state: pod.map(|pod| pod_word(pod, pod.node.as_deref().is_some_and(silent)).state),
        paint: pod.map_or(Paint::Odd, |pod| rollout::of_pod(shot, set, pod).paint()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playground::Playground;
    use crate::sim::Setup;
    use crate::text::Lang;
    use crate::view::cluster;

    /// A set of so many pods, half a minute after it was applied.
    fn playground(replicas: usize) -> Playground {
        let manifest = format!(
            "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: web}}\nspec:\n  replicas: {replicas}\n  podManagementPolicy: Parallel\n  \
             selector: {{matchLabels: {{app: web}}}}\n  template:\n    metadata: {{labels: {{app: web}}}}\n    spec: {{containers: [{{name: c, image: 'nginx:1.27'}}]}}\n"
        );
        let mut playground = Playground::new(&Setup::default(), &manifest);
        playground.type_line("kubectl apply -f manifest.yaml", Lang::English);
        playground.run(crate::base::time::Time(playground.now().0 + 30_000), || true);
        playground
    }

    #[test]
    fn more_ordinals_than_columns_are_cells() {
        let few = playground(COLUMNS_MOST);
        let drawn = cluster::project(&few.snapshot(Lang::English), Some(("default", "web")));
        assert_eq!((drawn.columns.len(), drawn.dense), (COLUMNS_MOST, None));
        let many = playground(120);
        let drawn = cluster::project(&many.snapshot(Lang::English), Some(("default", "web")));
        let dense = drawn.dense.as_ref().expect("many");
        assert_eq!(dense.rows.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50, 20]);
        assert_eq!(dense.counts, [Count { mark: PodState::Ready.mark(), word: "Ready".to_owned(), cells: 120 }]);
        assert!(drawn.columns.is_empty() && drawn.unready().is_empty());
        assert_eq!(drawn.identities().count(), 120);
    }

    #[test]
    fn arrow_keys_go_from_cell_to_cell_and_stop_at_the_edge() {
        let many = playground(120);
        let drawn = cluster::project(&many.snapshot(Lang::English), Some(("default", "web")));
        let dense = drawn.dense.expect("many");
        let reached = |from: Option<&str>, by: isize| dense.beside(from, by).map(|cell| cell.ordinal);
        assert_eq!(reached(None, 1), Some(0));
        assert_eq!(reached(Some("web-7"), 50), Some(57));
        assert_eq!(reached(Some("web-0"), -1), None);
        assert_eq!(reached(Some("web-119"), 1), None);
    }
}
