//! The cluster as the design draws it: ordinals are columns, nodes are rows.
//!
//! A pod is a tile where its identity meets its place; what does not happen stands where it would happen; a disk stays in the row
//! of its node when its pod goes, or in a row of its own kind where every node reaches it. A process that outlives its pod is a tile too.

use crate::base::sorted::SortedMap;

use super::dense::{self, Dense};
use super::node::{self, Row};
use super::pod::PodState;
use super::rollout::{self, InUse, Partition};
use super::side::Side;
use super::tile::{self, PodTile};
use super::{Glyph, Hue, Identity, Mark, Prose, Snapshot, ordinal_of, pod_name, storage, ways};
use crate::api::object::storage::ClaimPhase;
use crate::api::object::{Claim, Pod, StatefulSet, Volume};

/// The whole matrix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cluster {
    /// The sets one can choose from, as `namespace/name`; the shown one is [`Cluster::object`].
    pub sets: Vec<Choice>,
    /// The object line; `None` where there is no set to show.
    pub object: Option<ObjectLine>,
    /// The line between columns that are updated and columns that are not.
    pub partition: Option<Partition>,
    /// The other workload, whose pods have no columns.
    pub side: Option<Side>,
    /// All ordinals, where they are too many for columns.
    pub dense: Option<Dense>,
    /// Columns, by ordinal.
    pub columns: Vec<Column>,
    /// Rows below "No node yet", in the order of their names.
    pub rows: Vec<Row>,
    /// Rows below the nodes: classes of volumes that every node reaches.
    pub classes: Vec<String>,
    /// The cells through which a line goes from a pod that waits to the disk that holds it elsewhere, and how it goes.
    pub pinned: SortedMap<CellKey, Pin>,
    /// What stands in each cell that is not empty.
    pub cells: SortedMap<CellKey, Vec<ItemKey>>,
    /// Tiles, by the pod's uid.
    pub pods: SortedMap<String, PodTile>,
    /// Empty slots, by the name of the pod that is missing.
    pub slots: SortedMap<String, Slot>,
    /// Disks, by volume.
    pub disks: SortedMap<String, Disk>,
}

/// A set one can choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

/// The line above the matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectLine {
    /// The set's namespace.
    pub namespace: String,
    /// The set's name.
    pub name: String,
    /// `1 of 3 Ready`.
    pub ready: String,
    /// Fields worth knowing, and their values.
    pub facts: Vec<(&'static str, String)>,
    /// Its revisions in use.
    pub revisions: Vec<InUse>,
    /// `spec.replicas`.
    pub replicas: i64,
    /// The first container of its template, and that container's image.
    pub container: Option<(String, String)>,
    /// How many revisions are kept.
    pub history: usize,
}

/// An identity's heading. It stays while pods come and go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The ordinal.
    pub ordinal: i64,
    /// The pod it names.
    pub identity: Identity,
    /// Its DNS name and its claims, each with its mark.
    pub names: Vec<(Mark, String)>,
    /// Whether there is neither pod nor claim.
    pub empty: bool,
    /// The heading, spoken.
    pub spoken: String,
}

/// A row of the matrix.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowKey {
    /// "No node yet".
    Waiting,
    /// A node.
    Node(String),
    /// The volumes of a class that every node reaches.
    Class(String),
}

/// Stands for the ordinal of pods that have none.
pub const NO_ORDINAL: i64 = i64::MAX;

/// A cell of the matrix.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CellKey {
    /// The row.
    pub row: RowKey,
    /// The column's ordinal.
    pub ordinal: i64,
}

/// A stretch of the line from a pod without a node to its disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pin {
    /// It begins here, at the pod.
    Starts,
    /// It goes through.
    Passes,
    /// It ends here, at the disk.
    Ends,
}

impl Pin {
    /// The name that style sheets know it by.
    pub fn id(self) -> &'static str {
        match self {
            Pin::Starts => "starts",
            Pin::Passes => "passes",
            Pin::Ends => "ends",
        }
    }
}

/// What tells one thing in the matrix from every other, for as long as it is the same thing.
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
    /// Whose.
    pub identity: Identity,
    /// `not created`.
    pub word: String,
    /// Why, in a few words; may be empty.
    pub reason: Prose,
    /// Whether nothing else stands for the identity.
    pub alone: bool,
    /// The slot as one sentence.
    pub spoken: String,
}

/// A disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disk {
    /// The claim it answers.
    pub claim: String,
    /// Its mark.
    pub mark: Mark,
    /// What has been written; empty where nobody knows.
    pub bytes: String,
    /// Whether a pod in the same cell has it mounted.
    pub mounted: bool,
}

/// The matrix of one set: `(namespace, name)`; without one, the nodes alone.
pub fn project(shot: &Snapshot, shown: Option<(&str, &str)>) -> Cluster {
    let set = shown.and_then(|(namespace, name)| shot.set(namespace, name));
    let mut cluster = Cluster {
        sets: shot
            .tables
            .stateful_sets()
            .map(|s| Choice { namespace: s.meta.namespace.to_string(), name: s.meta.name.to_string() })
            .collect(),
        rows: node::rows(shot),
        object: set.map(|set| object_line(shot, set)),
        ..Cluster::default()
    };
    if let Some(set) = set {
        let ordinals = shot.ordinals(set);
        if ordinals.len() > dense::COLUMNS_MOST {
            cluster.dense = Some(dense::project(shot, set, &ordinals));
            return cluster;
        }
        for ordinal in ordinals {
            draw_ordinal(&mut cluster, shot, set, ordinal);
        }
        draw_outlived(&mut cluster, shot, set);
        cluster.partition = rollout::partition(shot, set, &cluster);
    }
    cluster
}

/// One column: the heading, and what stands below it.
fn draw_ordinal(cluster: &mut Cluster, shot: &Snapshot, set: &StatefulSet, ordinal: i64) {
    let name = pod_name(set, ordinal);
    let pod = shot.tables.pod(&set.meta.namespace, &name).map(|pod| &**pod);
    let claims = claims_of(shot, set, ordinal);
    cluster.columns.push(column(shot, set, ordinal, pod, &claims));
    if let Some(pod) = pod {
        let uid = pod.meta.uid.to_string();
        place(cluster, node_row(pod), ordinal, ItemKey::Pod(uid.clone()));
        cluster.pods.insert(uid, tile::of(shot, pod, rollout::of_pod(shot, set, pod)));
    }
    let stranded = pod.is_some_and(|pod| pod.meta.terminating() && ways::silent_node(shot, pod).is_some());
    if stranded || pod.is_none() && set.ordinals().contains(&ordinal) {
        place(cluster, RowKey::Waiting, ordinal, ItemKey::Slot(name.to_string()));
        let had_one = stranded || claims.iter().any(|(_, claim)| claim.is_some());
        cluster.slots.insert(name.to_string(), slot_for(shot, set, ordinal, had_one));
    }
    for claim in claims.into_iter().filter_map(|(_, claim)| claim) {
        let Some(volume) = shot.tables.volume("", &claim.volume) else { continue };
        let key = volume.meta.name.to_string();
        let row = match &volume.node {
            Some(node) => RowKey::Node(node.to_string()),
            None => RowKey::Class(volume.class.to_string()),
        };
        if let RowKey::Class(class) = &row
            && !cluster.classes.contains(class)
        {
            cluster.classes.push(class.clone());
        }
        place(cluster, row, ordinal, ItemKey::Disk(key.clone()));
        cluster.disks.insert(key, disk_of(shot, claim, volume, pod));
        if let (Some(pod), Some(node)) = (pod, &volume.node)
            && pod.node.is_none()
        {
            draw_pin(cluster, shot, set, ordinal, node);
        }
    }
}

/// A pod without a node whose disk is on one: the line between them, and in every other row why the pod is not there.
fn draw_pin(cluster: &mut Cluster, shot: &Snapshot, set: &StatefulSet, ordinal: i64, node: &str) {
    let name = pod_name(set, ordinal);
    let cell = |row| CellKey { row, ordinal };
    cluster.pinned.insert(cell(RowKey::Waiting), Pin::Starts);
    let waiting = cluster.item_of(&identity(set, &name)).and_then(|item| match item {
        ItemKey::Pod(uid) => cluster.pods.get_mut(&uid),
        _ => None,
    });
    if let Some(tile) = waiting {
        tile.address = (shot.text().node.disk_is_on)(node);
    }
    let rows: Vec<String> = cluster.rows.iter().map(|row| row.name.clone()).collect();
    let end = rows.iter().position(|row| row == node).unwrap_or(rows.len());
    for (at, row) in rows.into_iter().enumerate() {
        let key = cell(RowKey::Node(row.clone()));
        if at <= end {
            cluster.pinned.insert(key.clone(), if at == end { Pin::Ends } else { Pin::Passes });
        }
        if at != end {
            let reason = Prose::read(&(shot.text().node.volume_is_elsewhere)(&name, node));
            let spoken = format!("{row}: {}", reason.plain());
            let slot = format!("{name}@{row}");
            cluster.cells.entry(key).or_default().push(ItemKey::Slot(slot.clone()));
            cluster.slots.insert(slot, Slot { identity: identity(set, &name), word: String::new(), reason, alone: false, spoken });
        }
    }
}

/// Processes of the set whose pods the API server does not know any more: each a tile in its identity's column.
fn draw_outlived(cluster: &mut Cluster, shot: &Snapshot, set: &StatefulSet) {
    let text = &shot.text().node;
    for old in ways::outlived(shot).filter(|old| old.worker.key.namespace == set.meta.namespace) {
        let Some(ordinal) = ordinal_of(set, &old.worker.key.name) else { continue };
        let uid = old.uid().to_string();
        let another = shot.tables.pod(&set.meta.namespace, &old.worker.key.name).is_some_and(|pod| pod.ready());
        let word = if old.machine.connected() || old.runs() && another { text.still_runs } else { text.may_still_run };
        let hash = old.worker.labels().get("controller-revision-hash");
        let tile = tile::outlived(shot, &old, word, rollout::of_name(shot, set, hash.map(|hash| &**hash)));
        let row = RowKey::Node(old.machine.node.to_string());
        cluster.cells.entry(CellKey { row, ordinal }).or_default().insert(0, ItemKey::Pod(uid.clone()));
        cluster.pods.insert(uid, tile);
    }
}

/// The identity of a set with a process that outlives its pod, where there is one.
pub(super) fn endangered(shot: &Snapshot, set: &StatefulSet) -> Option<String> {
    let own = |old: &ways::Outlived| old.worker.key.namespace == set.meta.namespace && ordinal_of(set, &old.worker.key.name).is_some();
    ways::outlived(shot).find(own).map(|old| old.worker.key.name.to_string())
}

pub(super) fn place(cluster: &mut Cluster, row: RowKey, ordinal: i64, key: ItemKey) {
    cluster.cells.entry(CellKey { row, ordinal }).or_default().push(key);
}

pub(super) fn node_row(pod: &Pod) -> RowKey {
    pod.node.as_ref().map_or(RowKey::Waiting, |node| RowKey::Node(node.to_string()))
}

/// An ordinal's claims, one per template: the name it has or would have, and the claim.
fn claims_of<'a>(shot: &Snapshot<'a>, set: &StatefulSet, ordinal: i64) -> Vec<(String, Option<&'a Claim>)> {
    let one = |name: &str| shot.tables.claim(&set.meta.namespace, name).map(|claim| &**claim);
    let names = set.spec.claim_templates.iter().map(|template| template.claim_name(&set.meta.name, ordinal));
    names.map(|name| (name.to_string(), one(&name))).collect()
}

fn object_line(shot: &Snapshot, set: &StatefulSet) -> ObjectLine {
    let ready = shot.tables.pods().filter(|pod| pod.meta.is_controlled_by(set.meta.uid) && pod.ready() && !pod.meta.terminating()).count();
    let revisions = rollout::revisions(shot, set);
    ObjectLine {
        namespace: set.meta.namespace.to_string(),
        name: set.meta.name.to_string(),
        ready: (shot.text().cluster.ready_of)(i64::try_from(ready).unwrap_or(i64::MAX), set.spec.replicas),
        facts: rollout::facts(set, revisions.len() > 1),
        revisions,
        replicas: set.spec.replicas,
        container: set.spec.template.containers.first().map(|c| (c.name.to_string(), c.image.to_string())),
        history: shot.tables.revisions().filter(|revision| revision.meta.is_controlled_by(set.meta.uid)).count(),
    }
}

fn column(shot: &Snapshot, set: &StatefulSet, ordinal: i64, pod: Option<&Pod>, claims: &[(String, Option<&Claim>)]) -> Column {
    let name = pod_name(set, ordinal);
    let text = &shot.text().cluster;
    let mut names = Vec::new();
    let mut spoken = vec![name.to_string()];
    if !set.spec.service_name.is_empty() {
        let published = super::dns::published(shot, set, &name);
        let mark = match (published, pod) {
            (true, _) => Mark(Glyph::Ready, Hue::Ready),
            (false, Some(_)) => Mark(Glyph::Pending, Hue::Wait),
            (false, None) => Mark(Glyph::Absent, Hue::Mute),
        };
        let dns = format!("{name}.{}", set.spec.service_name);
        spoken.push(format!("{dns} {}", if published { text.published } else { text.not_published }));
        names.push((mark, dns));
    }
    for (claim, found) in claims {
        let word = found.map_or(shot.text().storage.not_created, |claim| claim.phase.word());
        spoken.push(format!("{claim} {word}"));
        names.push((claim_mark(*found), claim.clone()));
    }
    let empty = pod.is_none() && claims.iter().all(|(_, claim)| claim.is_none());
    Column { ordinal, identity: identity(set, &name), names, empty, spoken: spoken.join(", ") }
}

/// How a claim is marked everywhere.
pub(super) fn claim_mark(claim: Option<&Claim>) -> Mark {
    match claim.map(|claim| claim.phase) {
        Some(ClaimPhase::Bound) => Mark(Glyph::DiskBound, Hue::Ready),
        Some(ClaimPhase::Pending) => Mark(Glyph::Disk, Hue::Wait),
        Some(ClaimPhase::Lost) => Mark(Glyph::DiskLost, Hue::Danger),
        None => Mark(Glyph::Absent, Hue::Mute),
    }
}

fn identity(set: &StatefulSet, pod: &str) -> Identity {
    Identity { namespace: set.meta.namespace.to_string(), pod: pod.to_owned() }
}

/// The slot of a pod that is missing, or that is only there because nobody can confirm that it has ended.
fn slot_for(shot: &Snapshot, set: &StatefulSet, ordinal: i64, had_one: bool) -> Slot {
    let name = pod_name(set, ordinal);
    let text = &shot.text().cluster;
    let word = if had_one { text.not_recreated } else { text.not_created };
    let reason = super::why::absence(shot, set, &name);
    let because = if reason.is_empty() { String::new() } else { format!(": {}", reason.plain()) };
    let alone = shot.tables.pod(&set.meta.namespace, &name).is_none();
    Slot { identity: identity(set, &name), word: word.to_owned(), spoken: format!("{name}, {word}{because}"), reason, alone }
}

fn disk_of(shot: &Snapshot, claim: &Claim, volume: &Volume, pod: Option<&Pod>) -> Disk {
    let here = |pod: &Pod| pod.node.is_some() && (volume.node.is_none() || pod.node == volume.node) && !pod.status.containers.is_empty();
    let mounted = pod.is_some_and(here);
    let amount = storage::amount(shot, volume);
    let rival = |old: ways::Outlived| old.runs() && pod.is_some_and(|pod| old.worker.key.name == pod.meta.name);
    let twice = mounted && volume.node.is_none() && ways::outlived(shot).any(rival);
    Disk {
        claim: claim.meta.name.to_string(),
        mark: Mark(claim_mark(Some(claim)).0, Hue::Ink),
        bytes: if twice { format!("{} · {amount}", shot.text().storage.mounted_twice) } else { amount },
        mounted,
    }
}

impl Cluster {
    /// The identities that have no Ready pod, by ordinal: where the eye should go next.
    pub fn unready(&self) -> Vec<Identity> {
        let ready = |identity: &Identity| self.pods.values().any(|tile| tile.state == PodState::Ready && tile.identity == *identity);
        match &self.dense {
            Some(dense) => dense.cells().filter(|cell| cell.state != Some(PodState::Ready)).map(|cell| dense.identity(cell)).collect(),
            None => self.columns.iter().map(|column| &column.identity).filter(|identity| !ready(identity)).cloned().collect(),
        }
    }

    /// All identities, by ordinal.
    pub fn identities(&self) -> impl DoubleEndedIterator<Item = Identity> {
        let cells = self.dense.iter().flat_map(|dense| dense.cells().map(|cell| dense.identity(cell)));
        self.columns.iter().map(|column| column.identity.clone()).chain(cells)
    }

    /// Whether there is a pod of this identity.
    pub fn has_pod(&self, identity: &Identity) -> bool {
        let here = |dense: &Dense| {
            dense.cells().any(|cell| cell.state.is_some() && cell.pod == identity.pod && dense.namespace == identity.namespace)
        };
        self.pods.values().any(|tile| tile.identity == *identity) || self.dense.as_ref().is_some_and(here)
    }

    /// What the keyboard reaches from one tile, slot or heading by an arrow key: the nearest in that direction, the same row or
    /// column first.
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

    /// The node in whose row something stands.
    pub fn node_of(&self, item: &ItemKey) -> Option<String> {
        if let ItemKey::Node(name) = item {
            return Some(name.clone());
        }
        let (cell, _) = self.cells.iter().find(|(_, items)| items.contains(item))?;
        if let RowKey::Node(name) = &cell.row { Some(name.clone()) } else { None }
    }

    /// Whether something of the matrix is there.
    pub fn has(&self, item: &ItemKey) -> bool {
        match item {
            ItemKey::Node(name) => self.rows.iter().any(|row| row.name == *name),
            other => self.identity_of(other).is_some(),
        }
    }

    /// Where headings of nodes, tiles and slots stand: row, column, which.
    fn places(&self) -> Vec<(usize, usize, ItemKey)> {
        let row = |key: &RowKey| match key {
            RowKey::Waiting => Some(0),
            RowKey::Node(name) => self.rows.iter().position(|row| row.name == *name).map(|at| at + 1),
            RowKey::Class(_) => None,
        };
        let column = |ordinal: i64| match ordinal {
            NO_ORDINAL => Some(self.columns.len() + 1),
            ordinal => self.columns.iter().position(|column| column.ordinal == ordinal).map(|at| at + 1),
        };
        let mut places: Vec<(usize, usize, ItemKey)> =
            self.rows.iter().enumerate().map(|(at, row)| (at + 1, 0, ItemKey::Node(row.name.clone()))).collect();
        for (cell, items) in &self.cells {
            let (Some(row), Some(column)) = (row(&cell.row), column(cell.ordinal)) else { continue };
            let reached = items.iter().filter(|key| !matches!(key, ItemKey::Disk(_)));
            // Only pods without an ordinal stand beside each other in one cell.
            let beside = |at: usize| if cell.ordinal == NO_ORDINAL { column + at } else { column };
            places.extend(reached.enumerate().map(|(at, key)| (row, beside(at), key.clone())));
        }
        places
    }
}

/// An arrow key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the arrow of that name")]
pub enum Towards {
    Left,
    Right,
    Up,
    Down,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::example::{self, Example};

    fn drawn(example: &Example) -> Cluster {
        project(&example.snapshot(), Some(("default", "web")))
    }

    /// The matrix as text: one line per cell that is not empty.
    fn cells(cluster: &Cluster) -> Vec<String> {
        let item = |key: &ItemKey| match key {
            ItemKey::Pod(uid) => cluster.pods.get(uid).map_or(String::new(), |t| format!("{} {} {}", t.identity.pod, t.ready, t.word)),
            ItemKey::Slot(pod) => cluster.slots.get(pod).map_or(String::new(), |s| format!("({pod} {}: {})", s.word, s.reason.plain())),
            ItemKey::Disk(volume) => {
                cluster.disks.get(volume).map_or(String::new(), |d| format!("[{}{}]", d.claim, if d.mounted { " mounted" } else { "" }))
            }
            ItemKey::Node(name) => name.clone(),
        };
        let row = |row: &RowKey| match row {
            RowKey::Waiting => "-".to_owned(),
            RowKey::Node(name) | RowKey::Class(name) => name.clone(),
        };
        let cell = |(key, items): (&CellKey, &Vec<ItemKey>)| {
            format!("{} {}: {}", row(&key.row), key.ordinal, items.iter().map(item).collect::<Vec<_>>().join(" "))
        };
        cluster.cells.iter().map(cell).collect()
    }

    #[test]
    fn a_pod_stands_in_its_ordinals_column_and_its_nodes_row() {
        let want = [
            "- 2: (web-2 not created: web-1 is not Ready)",
            "node-a 1: web-1 0/1 Running, not Ready [data-web-1 mounted]",
            "node-b 0: web-0 1/1 Ready [data-web-0 mounted]",
        ];
        assert_eq!(cells(&drawn(&example::ordered_creation())), want);
    }

    #[test]
    fn a_disk_stays_in_its_row_when_its_pod_goes() {
        let mut example = example::ordered_creation();
        example.remove_pod("web-0");
        let cluster = drawn(&example);
        assert_eq!(cells(&cluster)[0], "- 0: (web-0 not recreated: web-1 is not Ready)");
        assert!(cells(&cluster).contains(&"node-b 0: [data-web-0]".to_owned()));
        assert!(!cluster.columns[0].empty);
    }

    #[test]
    fn a_claim_keeps_its_column_after_scale_in() {
        let mut example = example::ordered_creation();
        example.scale(1);
        example.remove_pod("web-1");
        let cluster = drawn(&example);
        assert_eq!(cluster.columns.iter().map(|column| column.ordinal).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(cells(&cluster), ["node-a 1: [data-web-1]", "node-b 0: web-0 1/1 Ready [data-web-0 mounted]"]);
    }

    #[test]
    fn a_tile_is_one_sentence_to_the_ear() {
        let cluster = drawn(&example::ordered_creation());
        let spoken: Vec<&str> = cluster.pods.values().map(|tile| tile.spoken.as_str()).collect();
        assert!(spoken.contains(&"web-1, Running, not Ready, ready 0 of 1, revision 1, node-a, 10.244.1.3"), "{spoken:?}");
    }

    #[test]
    fn arrow_keys_go_to_the_nearest_tile_in_their_direction() {
        let cluster = drawn(&example::ordered_creation());
        let item = |pod: &str| cluster.item_of(&Identity { namespace: "default".into(), pod: pod.into() });
        let go = |from: &str, towards| cluster.neighbour(&item(from).expect("it is shown"), towards);
        assert_eq!(go("web-0", Towards::Right), item("web-1"));
        assert_eq!(go("web-1", Towards::Right), item("web-2"));
        assert_eq!(go("web-1", Towards::Down), item("web-0"));
        assert_eq!(go("web-0", Towards::Left), Some(ItemKey::Node("node-b".into())));
        assert_eq!(cluster.first(), item("web-0"));
        assert_eq!(cluster.unready().iter().map(|identity| identity.pod.as_str()).collect::<Vec<_>>(), ["web-1", "web-2"]);
    }
}
