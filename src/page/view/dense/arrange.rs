//! Arranging cells in rows, filtering them, and moving through them with arrow keys.

use super::{Cell, Dense, IN_ROW, MOST_IN_ROW, ROOM};
use crate::arrow::Towards;
use crate::rollout::Revision;
use causes::pod::PodState;

/// What makes up a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Arrangement {
    /// As many ordinals per row as [`Dense::cells_in_row`] says.
    #[default]
    ByOrdinal,
    /// A row per node, and one for pods without a node.
    ByNode,
}

/// A property that cells can share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Their state, and the word for it if they failed.
    State(Option<PodState>, Option<String>),
    /// Not being Ready.
    NotReady,
    Revision(Revision),
}

/// A filter for cells; those that do not match are dimmed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The property that cells must have.
    pub sort: Option<Sort>,
    /// The node of their pods; the empty name stands for none.
    pub node: Option<String>,
}

/// A row of cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The set's name.
    pub set: String,
    /// Its first ordinal, or its node; empty for pods without a node.
    pub heading: String,
    pub ordinals: Vec<i64>,
}

impl Filter {
    /// Whether a cell matches.
    pub fn takes(&self, dense: &Dense, cell: &Cell) -> bool {
        let sort = match &self.sort {
            None => true,
            Some(_) if cell.is_left_over(&dense.wanted) => false,
            Some(Sort::NotReady) => cell.state != Some(PodState::Ready),
            Some(Sort::Revision(revision)) => cell.state.is_some() && cell.revision == *revision,
            Some(Sort::State(state, None)) => cell.state == *state && cell.trouble.is_none(),
            Some(Sort::State(state, Some(word))) => cell.state == *state && dense.word(cell) == word,
        };
        let node = cell.node.map_or("", |node| &*dense.nodes[node]);
        sort && self.node.as_ref().is_none_or(|wanted| *wanted == *node)
    }
}

impl Dense {
    /// How many cells a row has: so few that the rows fill the room, and each is as large as it can be.
    pub fn cells_in_row(&self) -> usize {
        let fits = |columns: &usize| self.cells.len() * ROOM <= columns * columns;
        IN_ROW.into_iter().find(fits).unwrap_or(MOST_IN_ROW)
    }

    /// The rows. Nodes without cells have none.
    pub fn lines(&self, by: Arrangement) -> Vec<Line> {
        let line = |heading: String, cells: &mut dyn Iterator<Item = &Cell>| Line {
            set: self.set.clone(),
            heading,
            ordinals: cells.map(|cell| cell.ordinal).collect(),
        };
        if by == Arrangement::ByOrdinal {
            return self.cells.chunks(self.cells_in_row()).map(|cells| line(cells[0].ordinal.to_string(), &mut cells.iter())).collect();
        }
        let mut lines: Vec<Line> =
            std::iter::once("").chain(self.nodes.iter().map(String::as_str)).map(|node| line(node.to_owned(), &mut [].iter())).collect();
        for cell in &self.cells {
            lines[cell.node.map_or(0, |node| node + 1)].ordinals.push(cell.ordinal);
        }
        lines.retain(|line| !line.ordinals.is_empty());
        lines
    }

    /// The ordinal that an arrow key leads to from a pod's cell: the next match in its direction, in rows of this width.
    /// Without a pod, the first match; `None` beyond the edge.
    pub fn beside(&self, lines: &[Line], filter: &Filter, pod: Option<&str>, towards: Towards, width: usize) -> Option<i64> {
        let wanted = |ordinal: &i64| self.cell(*ordinal).is_some_and(|cell| filter.takes(self, cell));
        let all: Vec<i64> = lines.iter().flat_map(|line| line.ordinals.iter().copied()).collect();
        let here = pod.and_then(|pod| self.cell_of(pod)).and_then(|cell| all.iter().position(|ordinal| *ordinal == cell.ordinal));
        let Some(here) = here else { return all.into_iter().find(wanted) };
        // As drawn: long rows wrap.
        let rows: Vec<&[i64]> = lines.iter().flat_map(|line| line.ordinals.chunks(width)).collect();
        let row = rows.iter().position(|row| row.contains(&all[here]))?;
        let column = rows[row].iter().position(|ordinal| *ordinal == all[here])?;
        let nearest = |cells: &&[i64]| {
            let near = cells.iter().enumerate().filter(|(_, ordinal)| wanted(ordinal));
            near.min_by_key(|(at, _)| at.abs_diff(column)).map(|(_, ordinal)| *ordinal)
        };
        match towards {
            Towards::Left => all[..here].iter().rev().copied().find(wanted),
            Towards::Right => all[here + 1..].iter().copied().find(wanted),
            Towards::Up => rows[..row].iter().rev().find_map(nearest),
            Towards::Down => rows[row + 1..].iter().find_map(nearest),
        }
    }
}
