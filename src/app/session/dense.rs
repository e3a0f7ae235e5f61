//! Many ordinals: the cells as they are drawn, how they are arranged, and which of them are looked for.

use leptos::prelude::*;
use ordinal::view::cluster::{Cluster, Towards};
use ordinal::view::dense::{Arrangement, CELLS_IN_ROW, Count, Dense, Exception, Filter, Line, Sort};

use super::Session;
use crate::app::dense::{Looks, cell_html, repaint};
use crate::app::keyed::{Keyed, set_if_new};

/// Below this width of the window a row is broken in two, as in style/cluster.css. In CSS pixels.
const WIDE_FROM: f64 = 900.0;

/// The cells of the set shown, as components hold them. Without cells there are no rows.
#[derive(Clone, Copy)]
pub struct Cells {
    /// Rows, by their place. A cell that only looks otherwise changes none of them.
    pub lines: Keyed<i64, Line>,
    /// How many cells are alike, by the word for it.
    pub counts: Keyed<String, Count>,
    /// Those that are not Ready, by the first of each run.
    pub exceptions: Keyed<String, Exception>,
    /// How many more are not Ready.
    pub unlisted: RwSignal<usize>,
    /// What the rows are.
    pub arrangement: RwSignal<Arrangement>,
    /// Which cells are looked for.
    pub filter: RwSignal<Filter>,
    /// How the cells were drawn last: for which filter, and which pod is asked about.
    drawn: StoredValue<(Filter, Option<String>)>,
}

impl Cells {
    pub(super) fn new() -> Cells {
        Cells {
            lines: Keyed::new(),
            counts: Keyed::new(),
            exceptions: Keyed::new(),
            unlisted: RwSignal::new(0),
            arrangement: RwSignal::default(),
            filter: RwSignal::default(),
            drawn: StoredValue::default(),
        }
    }
}

impl Session {
    /// Publishes the cells: rows where other ordinals stand in them, else each cell that looks otherwise.
    pub(super) fn publish_dense(self, cluster: &Cluster) {
        let cells = self.dense;
        let Some(dense) = &cluster.dense else { return cells.lines.publish([]) };
        let filter = cells.filter.get_untracked();
        let asked = self.selected.with_untracked(|selected| selected.as_ref().map(|identity| identity.pod.clone()));
        cells.lines.publish((0_i64..).zip(dense.lines(cells.arrangement.get_untracked())));
        cells.counts.publish(dense.counts.iter().map(|count| (count.word.clone(), count.clone())));
        let looks = Looks { dense, filter: &filter, asked: asked.as_deref() };
        let all = cells.drawn.with_value(|(before, _)| *before != filter);
        let was = cells.drawn.with_value(|(_, asked)| asked.clone());
        self.drawn.with_value(|drawn| {
            let before = drawn.dense.as_ref();
            let looked = before.filter(|_| !all).map(|dense| Looks { dense, ..looks });
            for (at, cell) in dense.cells.iter().enumerate() {
                if all || before.is_none_or(|before| dense.differs(before, at)) {
                    let old = looked.as_ref().and_then(|looked| Some((looked, looked.dense.cell(cell.ordinal)?)));
                    repaint(&looks, cell, old);
                }
            }
        });
        if was != asked {
            [&was, &asked].into_iter().flatten().filter_map(|pod| dense.cell_of(pod)).for_each(|cell| repaint(&looks, cell, None));
        }
        if all || was != asked {
            cells.drawn.set_value((filter, asked));
        }
    }

    /// Publishes the list of what is not Ready.
    pub(super) fn publish_exceptions(self, cluster: &Cluster) {
        let Some(dense) = &cluster.dense else { return self.dense.exceptions.publish([]) };
        self.dense.exceptions.publish(dense.exceptions.iter().map(|one| (one.first.clone(), one.clone())));
        set_if_new(self.dense.unlisted, dense.unlisted);
    }

    /// A row of cells as HTML, as they look now.
    pub fn row_html(self, line: &Line) -> String {
        let (filter, asked) = self.dense.drawn.get_value();
        self.drawn.with_value(|drawn| {
            let Some(dense) = &drawn.dense else { return String::new() };
            let looks = Looks { dense, filter: &filter, asked: asked.as_deref() };
            line.ordinals.iter().filter_map(|ordinal| dense.cell(*ordinal)).map(|cell| cell_html(&looks, cell)).collect()
        })
    }

    /// Puts the cells into other rows.
    pub fn arrange(self, by: Arrangement) {
        self.dense.arrangement.set(by);
        self.publish();
    }

    /// Looks for the cells of a sort; once more, and for all.
    pub fn look_for(self, sort: Sort) {
        self.dense.filter.update(|filter| filter.sort = if filter.sort.as_ref() == Some(&sort) { None } else { Some(sort) });
        self.publish();
    }

    /// Looks for the cells of a node; the empty name stands for none. `None` for all.
    pub fn look_at_node(self, node: Option<String>) {
        self.dense.filter.update(|filter| filter.node = node);
        self.publish();
    }

    /// Asks about the cell that an arrow key reaches from the one asked about.
    pub fn select_beside(self, towards: Towards) {
        let asked = self.selected.with_untracked(|selected| selected.as_ref().map(|identity| identity.pod.clone()));
        let wide = window().inner_width().ok().and_then(|width| width.as_f64()).is_none_or(|width| width >= WIDE_FROM);
        let width = if wide { CELLS_IN_ROW } else { CELLS_IN_ROW / 2 };
        let reached = |dense: &Dense| {
            let lines = dense.lines(self.dense.arrangement.get_untracked());
            let filter = self.dense.filter.get_untracked();
            dense.beside(&lines, &filter, asked.as_deref(), towards, width)
        };
        if let Some(ordinal) = self.drawn.with_value(|drawn| drawn.dense.as_ref().and_then(reached)) {
            self.select_ordinal(ordinal);
        }
    }

    /// Asks about the pod of an ordinal.
    pub fn select_ordinal(self, ordinal: i64) {
        let pod = |dense: &Dense| dense.cell(ordinal).map(|cell| dense.pod(cell));
        if let Some(pod) = self.drawn.with_value(|drawn| drawn.dense.as_ref().and_then(pod)) {
            self.select_pod(&pod);
            crate::app::dense::show(&pod);
        }
    }

    /// The pod asked about.
    pub fn pod_asked(self) -> Option<String> {
        self.selected.with(|selected| selected.as_ref().map(|identity| identity.pod.clone()))
    }
}
