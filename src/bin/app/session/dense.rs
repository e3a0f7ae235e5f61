//! Many ordinals: the cells, their arrangement, and the filter.

use leptos::prelude::*;
use view::cluster::{Cluster, Towards};
use view::dense::{Arrangement, Count, Dense, Exception, Filter, Line, Sort};

use super::{Request, Session};
use crate::cells::{Looks, cell_html, repaint};
use crate::keyed::{Keyed, set_if_new};

/// Below this window width a row has no more cells than [`NARROW_ROW`], as in style/dense.css. In CSS pixels.
const WIDE_FROM: f64 = 900.0;
/// The most cells in a row of a narrow window.
pub(crate) const NARROW_ROW: usize = 25;

/// The cells of the shown set, as components see them. If the set is not drawn as cells, there are no rows.
#[derive(Clone, Copy)]
pub struct Cells {
    /// The rows, by position. A cell that merely changes its appearance changes no row.
    pub lines: Keyed<i64, Line>,
    /// How many cells a row has, and how many rows there are where long ones wrap.
    pub shape: RwSignal<(usize, usize)>,
    /// How many cells have each state, by its word.
    pub counts: Keyed<String, Count>,
    /// The pods that are not Ready, by the first of each run of ordinals.
    pub exceptions: Keyed<String, Exception>,
    /// How many more are not Ready.
    pub unlisted: RwSignal<usize>,
    /// What makes up a row.
    pub arrangement: RwSignal<Arrangement>,
    pub filter: RwSignal<Filter>,
    /// The filter, the selected pod, and the pods whose relations are drawn, with which the cells were last drawn.
    drawn: StoredValue<(Filter, Option<String>, Vec<String>)>,
}

impl Cells {
    pub(super) fn new() -> Cells {
        Cells {
            lines: Keyed::new(),
            shape: RwSignal::default(),
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
    /// Publishes the cells: rows if their ordinals changed, otherwise each cell whose appearance changed.
    pub(super) fn publish_dense(self, cluster: &Cluster) {
        let cells = self.dense;
        let Some(dense) = &cluster.dense else { return cells.lines.publish([]) };
        let filter = cells.filter.get_untracked();
        let asked = untrack(|| self.pod_asked());
        let (lines, in_row) = (dense.lines(cells.arrangement.get_untracked()), dense.cells_in_row());
        set_if_new(cells.shape, (in_row, lines.iter().map(|line| line.ordinals.len().div_ceil(in_row)).sum()));
        cells.lines.publish((0_i64..).zip(lines));
        cells.counts.publish(dense.counts.iter().map(|count| (count.word.clone(), count.clone())));
        let related = if self.see.relations.get_untracked() { self.pods_related() } else { Vec::new() };
        let looks = Looks { dense, filter: &filter, asked: asked.as_deref(), related: &related };
        let all = cells.drawn.with_value(|(before, _, of)| *before != filter || *of != related);
        let was = cells.drawn.with_value(|(_, asked, _)| asked.clone());
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
            cells.drawn.set_value((filter, asked, related));
        }
    }

    /// Publishes the list of pods that are not Ready.
    pub(super) fn publish_exceptions(self, cluster: &Cluster) {
        let Some(dense) = &cluster.dense else { return self.dense.exceptions.publish([]) };
        self.dense.exceptions.publish(dense.exceptions.iter().map(|one| (one.first.clone(), one.clone())));
        set_if_new(self.dense.unlisted, dense.unlisted);
    }

    /// A row of cells as HTML, in its current appearance.
    pub fn row_html(self, line: &Line) -> String {
        let (filter, asked, related) = self.dense.drawn.get_value();
        self.drawn.with_value(|drawn| {
            let Some(dense) = &drawn.dense else { return String::new() };
            let looks = Looks { dense, filter: &filter, asked: asked.as_deref(), related: &related };
            line.ordinals.iter().filter_map(|ordinal| dense.cell(*ordinal)).map(|cell| cell_html(&looks, cell)).collect()
        })
    }

    /// Rearranges the cells.
    pub fn arrange(self, by: Arrangement) {
        self.dense.arrangement.set(by);
        self.publish();
    }

    /// Filters by a state, or removes that filter if it is set already.
    pub fn look_for(self, sort: Sort) {
        self.dense.filter.update(|filter| filter.sort = if filter.sort.as_ref() == Some(&sort) { None } else { Some(sort) });
        self.publish();
    }

    /// Filters by a node; the empty name stands for pods without one, `None` for all.
    pub fn look_at_node(self, node: Option<String>) {
        self.dense.filter.update(|filter| filter.node = node);
        self.publish();
    }

    /// Selects the cell next to the selected one.
    pub fn select_beside(self, towards: Towards) {
        let asked = untrack(|| self.pod_asked());
        let wide = window().inner_width().ok().and_then(|width| width.as_f64()).is_none_or(|width| width >= WIDE_FROM);
        let reached = |dense: &Dense| {
            let width = if wide { dense.cells_in_row() } else { dense.cells_in_row().min(NARROW_ROW) };
            let lines = dense.lines(self.dense.arrangement.get_untracked());
            let filter = self.dense.filter.get_untracked();
            dense.beside(&lines, &filter, asked.as_deref(), towards, width)
        };
        if let Some(ordinal) = self.drawn.with_value(|drawn| drawn.dense.as_ref().and_then(reached)) {
            self.select_ordinal(ordinal);
        }
    }

    /// Selects the pod of an ordinal.
    pub fn select_ordinal(self, ordinal: i64) {
        let pod = |dense: &Dense| dense.cell(ordinal).map(|cell| dense.pod(cell));
        if let Some(pod) = self.drawn.with_value(|drawn| drawn.dense.as_ref().and_then(pod)) {
            self.select_pod(&pod);
            self.request(Request::ShowCell(&pod));
        }
    }

    /// The selected pod.
    pub fn pod_asked(self) -> Option<String> {
        self.selected_identity().map(|identity| identity.pod)
    }
}
