//! What ends a cause.
//!
//! Promises: one table, by the cause (`ends.txt`); nothing of a text or a cluster is looked at.

use crate::words::words;
use std::sync::OnceLock;
use why::{Cause, Family};

/// The table; its head says how a row is written.
const ROWS: &str = include_str!("ends.txt");

words! {
    /// What ends a cause, without the lines that do it.
    Remedy:
        Address "address"
        Autoscaler "autoscaler"
        Backup "backup"
        Budget "budget"
        ClaimAnew "claim-anew"
        ClaimRef "claim-ref"
        Class "class"
        ControlPlane "control-plane"
        Create "create"
        DeletePod "delete-pod"
        Detach "detach"
        DiskRoom "disk-room"
        Driver "driver"
        FileSystem "file-system"
        Finalizer "finalizer"
        Gate "gate"
        Git "git"
        Gone "gone"
        Image "image"
        ImageThere "image-there"
        LocalStorage "local-storage"
        Log "log"
        Manifest "manifest"
        Memory "memory"
        Mirror "mirror"
        Mount "mount"
        Network "network"
        NewClaim "new-claim"
        NewSet "new-set"
        Node "node"
        NodeBack "node-back"
        NodeLoad "node-load"
        NodeMend "node-mend"
        OtherNode "other-node"
        OtherPod "other-pod"
        Parallel "parallel"
        Partition "partition"
        Password "password"
        Path "path"
        Placement "placement"
        Policy "policy"
        Probe "probe"
        Provisioner "provisioner"
        PullSecret "pull-secret"
        Quota "quota"
        Ready "ready"
        Registry "registry"
        Release "release"
        Right "right"
        Room "room"
        Runtime "runtime"
        ScaleDown "scale-down"
        Scheduler "scheduler"
        Selector "selector"
        Service "service"
        Storage "storage"
        StorageRoom "storage-room"
        Taint "taint"
        /// The template is corrected, and its pod deleted.
        Template "template"
        /// Once the template is corrected, the controller goes on by itself.
        TemplateAlone "template-alone"
        Time "time"
        Uncordon "uncordon"
        Volume "volume"
        VolumeNode "volume-node"
        Webhook "webhook"
}

/// Of what a row tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Family(Family),
    Cause(Cause),
}

/// A row of the table.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) key: Key,
    remedies: Vec<Remedy>,
}

fn rows() -> &'static [Row] {
    static READ: OnceLock<Vec<Row>> = OnceLock::new();
    READ.get_or_init(|| lines().filter_map(row).collect())
}

/// The lines of the table that are rows.
pub(super) fn lines() -> impl Iterator<Item = &'static str> {
    ROWS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// A row; `None` if a word in it is not known.
pub(super) fn row(line: &'static str) -> Option<Row> {
    let (key, remedies) = line.split_once('|')?;
    let key = match key.trim().strip_suffix("/*") {
        Some(word) => Key::Family(*Family::ALL.iter().find(|family| family.word() == word)?),
        None => Key::Cause(Cause::named(key.trim())?),
    };
    let remedies = remedies.split(',').map(str::trim).filter(|word| !word.is_empty()).map(Remedy::named).collect::<Option<_>>()?;
    Some(Row { key, remedies })
}

/// What ends a cause, by the row of its own or that of its family, the nearest first; empty where that is open.
pub fn remedies(cause: Cause) -> &'static [Remedy] {
    let of = |key: Key| rows().iter().find(|row| row.key == key);
    of(Key::Cause(cause)).or_else(|| of(Key::Family(cause.family()))).map_or(&[], |row| &row.remedies)
}
