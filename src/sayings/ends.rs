//! What ends a cause, and what comes of the steps that people think of first: deleting, restarting, scaling, another change.
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
        Grow "grow"
        Image "image"
        ImageThere "image-there"
        LocalStorage "local-storage"
        Log "log"
        Manifest "manifest"
        Memory "memory"
        Mirror "mirror"
        Mount "mount"
        Name "name"
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

words! {
    /// What people think of first.
    Step:
        AddNode "add-node"
        /// The manifest is changed, or applied again.
        Change "change"
        DeleteClaim "delete-claim"
        DeleteNamespace "delete-namespace"
        DeleteNode "delete-node"
        DeletePod "delete-pod"
        DeleteSet "delete-set"
        DeleteVolume "delete-volume"
        /// A pod is deleted without its kubelet.
        Force "force"
        Restart "restart"
        RestartNode "restart-node"
        Rollback "rollback"
        Scale "scale"
        Wait "wait"
}

words! {
    /// What comes of a step.
    Effect:
        /// It ends the cause.
        Ends "ends"
        /// It is needed behind the remedy, and in vain alone.
        After "after"
        Vain "vain"
        /// It loses something, or makes it worse.
        Harms "harms"
        /// Nothing waits for it.
        Idle "idle"
}

/// Of what a row tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    All,
    Family(Family),
    Cause(Cause),
    /// Something that logs say, by its name.
    Sign(&'static str),
}

/// A row of the table.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) key: Key,
    remedies: Vec<Remedy>,
    steps: Vec<(Step, Effect)>,
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
    let mut parts = line.split('|').map(str::trim);
    let (key, remedies, steps) = (parts.next()?, parts.next()?, parts.next()?);
    let of_family = key.strip_suffix("/*");
    let key = match (of_family, key.strip_prefix("sign/")) {
        _ if key == "*" => Key::All,
        (Some(word), _) => Key::Family(*Family::ALL.iter().find(|family| family.word() == word)?),
        (_, Some(sign)) => Key::Sign(sign),
        _ => Key::Cause(Cause::named(key)?),
    };
    let mut all = Vec::new();
    for (words, effect) in steps.split(';').filter_map(|part| part.split_once(':')) {
        let effect = Effect::named(effect.trim())?;
        for word in words.split_whitespace() {
            all.push((Step::named(word)?, effect));
        }
    }
    let remedies = remedies.split(',').map(str::trim).filter(|word| !word.is_empty()).map(Remedy::named).collect::<Option<_>>()?;
    Some(Row { key, remedies, steps: all })
}

/// What is known of a cause, the row of its own first; `sign` is what a log says beside it.
fn rows_of(cause: Cause, sign: Option<&str>) -> impl Iterator<Item = &'static Row> {
    let find = |is_it: &dyn Fn(Key) -> bool| rows().iter().find(|row| is_it(row.key));
    let of_sign = sign.and_then(|name| find(&|key| matches!(key, Key::Sign(own) if own == name)));
    let all =
        [of_sign, find(&|key| key == Key::Cause(cause)), find(&|key| key == Key::Family(cause.family())), find(&|key| key == Key::All)];
    all.into_iter().flatten()
}

/// Whether the table tells of what a log says.
pub fn tells_of_sign(sign: &str) -> bool {
    rows().iter().any(|row| matches!(row.key, Key::Sign(own) if own == sign))
}

/// What ends a cause, the nearest first; empty where that is open.
pub fn remedies(cause: Cause, sign: Option<&str>) -> &'static [Remedy] {
    rows_of(cause, sign).next().map_or(&[], |row| &row.remedies)
}

/// What comes of a step where a cause holds; `None` where nothing is known.
pub fn effect(cause: Cause, sign: Option<&str>, step: Step) -> Option<Effect> {
    rows_of(cause, sign).find_map(|row| row.steps.iter().find(|(own, _)| *own == step).map(|(_, effect)| *effect))
}
