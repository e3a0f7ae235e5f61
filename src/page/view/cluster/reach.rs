//! Navigating the matrix: by identity, by arrow key, by row.

use std::rc::Rc;

use super::matrix::{Cluster, ColumnKey, ItemKey, RowKey};
use super::pieces::identity;
use crate::arrow::Towards;
use crate::dense::Dense;
use crate::{Identity, Snapshot};
use api::object::StatefulSet;
use causes::pod::PodState;
use kubectl::settings::DEFAULT_NAMESPACE;

impl Cluster {
    /// The identities without a Ready pod, by ordinal.
    pub fn unready(&self) -> Vec<Identity> {
        let ready = |identity: &Identity| self.pods.values().any(|tile| tile.state == PodState::Ready && tile.identity == *identity);
        match &self.dense {
            Some(dense) => dense.cells.iter().filter(|cell| cell.state != Some(PodState::Ready)).map(|cell| dense.identity(cell)).collect(),
            None => self.columns.iter().map(|column| &column.identity).filter(|identity| !ready(identity)).cloned().collect(),
        }
    }

    /// All identities, by ordinal.
    pub fn identities(&self) -> impl DoubleEndedIterator<Item = Identity> {
        let cells = self.dense.iter().flat_map(|dense| dense.cells.iter().map(|cell| dense.identity(cell)));
        self.columns.iter().map(|column| column.identity.clone()).chain(cells)
    }

    /// The identities with rows in the timeline, at most so many: those of the shown set and, where they belong to one story, those of the
    /// other sets of its namespace, set by set. None where a cell stands for each.
    pub fn rows(&self, shot: &Snapshot, all_sets: bool, most: usize) -> Vec<Identity> {
        let shown = self.object.as_ref().map_or("", |line| &line.name);
        let is_other = |set: &&Rc<StatefulSet>| all_sets && *set.meta.namespace == *self.namespace() && *set.meta.name != *shown;
        let of = |set: &Rc<StatefulSet>| -> Vec<Identity> {
            shot.ordinals(set).into_iter().map(|ordinal| identity(set, &set.pod_name(ordinal))).collect()
        };
        let others = shot.tables.stateful_sets().filter(is_other).flat_map(of);
        if self.dense.is_some() { Vec::new() } else { self.identities().chain(others).take(most).collect() }
    }

    /// The namespace that is shown.
    pub fn namespace(&self) -> &str {
        self.object.as_ref().map_or(DEFAULT_NAMESPACE, |line| &line.namespace)
    }

    /// Whether there is a pod of this identity.
    pub fn has_pod(&self, identity: &Identity) -> bool {
        let here =
            |dense: &Dense| dense.cell_of(&identity.pod).is_some_and(|cell| cell.state.is_some() && dense.namespace == identity.namespace);
        self.pods.values().any(|tile| tile.identity == *identity) || self.dense.as_ref().is_some_and(here)
    }

    /// The item that an arrow key leads to: the nearest one in that direction, preferably in the same row or column.
    pub fn neighbour(&self, from: &ItemKey, towards: Towards) -> Option<ItemKey> {
        let places = self.places();
        let (row, column, _) = *places.iter().find(|(_, _, key)| key == from)?;
        let beyond = |r: usize, c: usize| match towards {
            Towards::Left => (c < column).then(|| (column - c, row.abs_diff(r))),
            Towards::Right => (c > column).then(|| (c - column, row.abs_diff(r))),
            Towards::Up => (r < row).then(|| (column.abs_diff(c), row - r)),
            Towards::Down => (r > row).then(|| (column.abs_diff(c), r - row)),
        };
        let near = places.iter().filter_map(|(r, c, key)| Some((beyond(*r, *c)?, key)));
        near.min_by_key(|(distance, _)| *distance).map(|(_, key)| key.clone())
    }

    /// The first tile or slot, by column.
    pub fn first(&self) -> Option<ItemKey> {
        let tiles = self.places().into_iter().filter(|(_, _, key)| !matches!(key, ItemKey::Node(_)));
        tiles.min_by_key(|(row, column, _)| (*column, *row)).map(|(_, _, key)| key)
    }

    /// The tile or slot of an identity.
    pub fn item_of(&self, identity: &Identity) -> Option<ItemKey> {
        let tile = self.pods.iter().find(|(_, tile)| tile.identity == *identity).map(|(uid, _)| ItemKey::Pod(uid.clone()));
        tile.or_else(|| self.slots.iter().find(|(_, slot)| slot.identity == *identity).map(|(name, _)| ItemKey::Slot(name.clone())))
    }

    /// The identity of a tile or slot.
    pub fn identity_of(&self, item: &ItemKey) -> Option<Identity> {
        match item {
            ItemKey::Pod(uid) => self.pods.get(uid).map(|tile| tile.identity.clone()),
            ItemKey::Slot(pod) => self.slots.get(pod).map(|slot| slot.identity.clone()),
            ItemKey::Disk(_) | ItemKey::Node(_) => None,
        }
    }

    /// The node of an item's row.
    pub fn node_of(&self, item: &ItemKey) -> Option<String> {
        if let ItemKey::Node(name) = item {
            return Some(name.clone());
        }
        let (cell, _) = self.cells.iter().find(|(_, items)| items.contains(item))?;
        if let RowKey::Node(name) = &cell.row { Some(name.clone()) } else { None }
    }

    /// The first node that has a pod.
    pub fn node_with_pod(&self) -> Option<String> {
        self.pods.keys().find_map(|uid| self.node_of(&ItemKey::Pod(uid.clone())))
    }

    /// Whether the matrix contains an item.
    pub fn has(&self, item: &ItemKey) -> bool {
        match item {
            ItemKey::Node(name) => self.rows.iter().any(|row| row.name == *name),
            other => self.identity_of(other).is_some(),
        }
    }

    /// The positions of node headings, tiles and slots: row, column, item.
    fn places(&self) -> Vec<(usize, usize, ItemKey)> {
        let row = |key: &RowKey| match key {
            RowKey::Waiting => Some(0),
            RowKey::Node(name) => self.rows.iter().position(|row| row.name == *name).map(|at| at + 1),
            RowKey::Class(_) => None,
        };
        let column = |key: ColumnKey| match key {
            ColumnKey::Side => Some(self.columns.len() + 1),
            ColumnKey::Ordinal(ordinal) => self.columns.iter().position(|column| column.ordinal == ordinal).map(|at| at + 1),
        };
        let mut places: Vec<(usize, usize, ItemKey)> =
            self.rows.iter().enumerate().map(|(at, row)| (at + 1, 0, ItemKey::Node(row.name.clone()))).collect();
        for (cell, items) in &self.cells {
            let (Some(row), Some(column)) = (row(&cell.row), column(cell.column)) else { continue };
            let reached = items.iter().filter(|key| !matches!(key, ItemKey::Disk(_)));
            // Only pods without an ordinal share a cell side by side.
            let beside = |at: usize| if cell.column == ColumnKey::Side { column + at } else { column };
            places.extend(reached.enumerate().map(|(at, key)| (row, beside(at), key.clone())));
        }
        places
    }
}
