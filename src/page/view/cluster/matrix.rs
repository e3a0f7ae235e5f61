//! What the matrix holds: its rows, columns and cells, and the items in them.

use crate::dense::Dense;
use crate::fleet::Member;
use crate::node::Row;
use crate::rollout::{InUse, Partition};
use crate::tile::PodTile;
use crate::workload::Side;
use crate::{Identity, Mark, Prose};
use api::kind::Kind;
use api::object::{NamespacedName, Pod};
use base::sorted::SortedMap;
use causes::command::Naming;

/// The whole matrix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cluster {
    /// The sets that can be chosen; the shown one is [`Cluster::object`].
    pub sets: Vec<NamespacedName>,
    /// The same with how they are, where there are several.
    pub fleet: Vec<Member>,
    /// The object line; `None` if there is no set to show.
    pub object: Option<ObjectLine>,
    /// The boundary between columns that are updated and those that are not.
    pub partition: Option<Partition>,
    /// The workload beside the set, whose pods have no columns.
    pub side: Option<Side>,
    /// All ordinals as cells, if there are too many for columns.
    pub dense: Option<Dense>,
    /// Columns, by ordinal.
    pub columns: Vec<Column>,
    /// The nodes' rows, in order of name, below the row "No node yet".
    pub rows: Vec<Row>,
    /// The storage classes with rows below the nodes: volumes of these can be reached from any node.
    pub classes: Vec<String>,
    /// The cells crossed by a line from a pending pod to the disk that holds it elsewhere, and the line's course in each.
    pub pinned: SortedMap<CellKey, Pin>,
    /// The items in each cell that is not empty.
    pub cells: SortedMap<CellKey, Vec<ItemKey>>,
    /// Tiles, by the pod's uid.
    pub pods: SortedMap<String, PodTile>,
    /// Empty slots, by the name of the pod that is missing.
    pub slots: SortedMap<String, Slot>,
    /// Disks, by volume.
    pub disks: SortedMap<String, Disk>,
}

/// The line above the matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectLine {
    /// The set's namespace.
    pub namespace: String,
    /// How a line names that.
    pub naming: Naming,
    /// The set's name.
    pub name: String,
    /// `1 of 3 Ready`.
    pub ready: String,
    /// Relevant fields and their values.
    pub facts: Vec<(&'static str, String)>,
    pub revisions: Vec<InUse>,
    /// A mark and a word where an identity has, or could have, more than one process.
    pub at_most_one: Option<(Mark, String)>,
    /// `spec.replicas`.
    pub replicas: i64,
    /// The first container of its template, and its image.
    pub container: Option<(String, String)>,
    /// How many revisions exist.
    pub history: usize,
}

impl ObjectLine {
    /// `statefulset/web`, with its namespace unless it is the current one; or `statefulset/` where the name stands apart, as the choice
    /// between several sets.
    pub fn title(&self, apart: bool) -> String {
        let kind = Kind::StatefulSet.info().singular;
        if apart { format!("{kind}/") } else { self.naming.title(&self.namespace, format!("{kind}/{}", self.name)) }
    }

    /// The command that scales the set by `by`, to zero at least.
    pub fn scale(&self, by: i64) -> String {
        self.naming.scale(Kind::StatefulSet, &self.name, (self.replicas + by).max(0))
    }
}

/// An identity's heading, which stays while pods come and go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub ordinal: i64,
    /// The pod's identity.
    pub identity: Identity,
    /// Its DNS name and its claims, each with its mark.
    pub names: Vec<(Mark, String)>,
    /// Whether there is neither pod nor claim.
    pub empty: bool,
    /// The heading as it is read out.
    pub spoken: String,
}

/// A row of the matrix.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowKey {
    /// "No node yet".
    Waiting,
    Node(String),
    /// The volumes of a class, if any node can reach them.
    Class(String),
}

/// A column of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ColumnKey {
    /// An identity's.
    Ordinal(i64),
    /// The block of the workload beside the set, whose pods have no ordinals.
    Side,
}

/// A cell of the matrix.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CellKey {
    pub row: RowKey,
    pub column: ColumnKey,
}

base::named! {
    /// The course of the line from a pending pod to its disk in a cell.
    Pin {
        /// It starts here, at the pod.
        Starts "starts",
        /// It passes through.
        Passes "passes",
        /// It ends here, at the disk.
        Ends "ends",
    }
}

/// The identity of an item in the matrix, for as long as it is the same item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemKey {
    /// A pod, by uid: a pod of the same name is another pod.
    Pod(String),
    /// An empty slot, by identity.
    Slot(String),
    /// A disk, by volume.
    Disk(String),
    /// A node's heading, by name.
    Node(String),
}

/// An empty slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The identity of the missing pod.
    pub identity: Identity,
    /// `not created`.
    pub word: String,
    /// The reason in a few words; may be empty.
    pub reason: Prose,
    /// Whether nothing else represents the identity.
    pub alone: bool,
    /// The slot as one sentence.
    pub spoken: String,
}

/// A disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disk {
    /// The claim that it is bound to.
    pub claim: String,
    pub mark: Mark,
    /// What is on it, and what is unusual about that.
    pub content: String,
    /// Whether a pod in the same cell mounts it.
    pub mounted: bool,
}

/// Adds an item to a cell.
pub(crate) fn place(cluster: &mut Cluster, row: RowKey, column: ColumnKey, key: ItemKey) {
    cluster.cells.entry(CellKey { row, column }).or_default().push(key);
}

pub(crate) fn node_row(pod: &Pod) -> RowKey {
    pod.node.as_ref().map_or(RowKey::Waiting, |node| RowKey::Node(node.to_string()))
}
