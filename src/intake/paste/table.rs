//! Tables of `kubectl get`: cells by the columns of the header, and rows without one by what their cells look like.

use std::ops::RangeInclusive;

use super::command::kind_of;
use super::events;
use super::figures::{NEWEST, age, ago, number};
use super::found::{Found, SAID};
use super::header::{Header, joined};
use super::named::bare;
use super::says;
use super::split::Block;
use crate::event::Happened;
use api::kind::Kind;
use api::well_known::CONTROLLER_REVISION_HASH;
use base::given::SetGiven;
use base::value::Value;
use causes::message::{Place, Said, is_name};

/// From this length on a line may have been wrapped by a terminal.
pub(super) const WRAPS: usize = 75;
/// Kinds whose rows become objects; those of others are kept in mind by name.
const MADE: [Kind; 10] = [
    Kind::StatefulSet,
    Kind::Pod,
    Kind::PersistentVolumeClaim,
    Kind::PersistentVolume,
    Kind::StorageClass,
    Kind::Node,
    Kind::Service,
    Kind::ResourceQuota,
    Kind::PodDisruptionBudget,
    Kind::Namespace,
];
/// Cells that say nothing.
const NOTHING: [&str; 8] = ["", "<none>", "<unset>", "<unknown>", "<invalid>", "<nil>", "…", "..."];

/// What a cell becomes.
enum How {
    /// A text at a path.
    Text(&'static [&'static str]),
    /// A number at a path; one that no object has is left out.
    Number(&'static [&'static str]),
    /// Two numbers around a slash, at two paths.
    Of(&'static [&'static str], &'static [&'static str]),
    /// Access modes in short.
    Modes,
    /// The claim of a volume, with its namespace.
    Claim,
    /// The amounts of a quota.
    Amounts,
    /// Labels.
    Labels,
    /// The conditions of a node, and whether it is closed.
    NodeState,
    /// Kept beside the object until all that is known of it is together.
    Later,
}

/// The cells that say something about an object, by kind and column.
const CELLS: [(Kind, &str, How); 37] = [
    (Kind::StatefulSet, "READY", How::Of(&["status", "readyReplicas"], &["spec", "replicas"])),
    (Kind::StatefulSet, "DESIRED", How::Number(&["spec", "replicas"])),
    (Kind::StatefulSet, "CURRENT", How::Number(&["status", "replicas"])),
    (Kind::StatefulSet, "CONTAINERS", How::Later),
    (Kind::StatefulSet, "IMAGES", How::Later),
    (Kind::Pod, "READY", How::Later),
    (Kind::Pod, "STATUS", How::Later),
    (Kind::Pod, "RESTARTS", How::Later),
    (Kind::Pod, "NODE", How::Text(&["spec", "nodeName"])),
    (Kind::Pod, "IP", How::Text(&["status", "podIP"])),
    (Kind::Pod, "LABELS", How::Labels),
    (Kind::Node, "ZONE", How::Text(&["metadata", "labels", "topology.kubernetes.io/zone"])),
    (Kind::Node, "VERSION", How::Text(&["status", "nodeInfo", "kubeletVersion"])),
    (Kind::Pod, "CONTROLLER-REVISION-HASH", How::Text(&["metadata", "labels", CONTROLLER_REVISION_HASH])),
    (Kind::PersistentVolumeClaim, "STATUS", How::Text(&["status", "phase"])),
    (Kind::PersistentVolumeClaim, "VOLUME", How::Text(&["spec", "volumeName"])),
    (Kind::PersistentVolumeClaim, "CAPACITY", How::Text(&["status", "capacity", "storage"])),
    (Kind::PersistentVolumeClaim, "ACCESS MODES", How::Modes),
    (Kind::PersistentVolumeClaim, "ACCESSMODES", How::Modes),
    (Kind::PersistentVolumeClaim, "STORAGECLASS", How::Text(&["spec", "storageClassName"])),
    (Kind::PersistentVolume, "STATUS", How::Text(&["status", "phase"])),
    (Kind::PersistentVolume, "CAPACITY", How::Text(&["spec", "capacity", "storage"])),
    (Kind::PersistentVolume, "ACCESS MODES", How::Modes),
    (Kind::PersistentVolume, "ACCESSMODES", How::Modes),
    (Kind::PersistentVolume, "RECLAIM POLICY", How::Text(&["spec", "persistentVolumeReclaimPolicy"])),
    (Kind::PersistentVolume, "STORAGECLASS", How::Text(&["spec", "storageClassName"])),
    (Kind::PersistentVolume, "CLAIM", How::Claim),
    (Kind::StorageClass, "PROVISIONER", How::Text(&["provisioner"])),
    (Kind::StorageClass, "TYPE", How::Text(&["provisioner"])),
    (Kind::StorageClass, "VOLUMEBINDINGMODE", How::Text(&["volumeBindingMode"])),
    (Kind::Node, "STATUS", How::NodeState),
    (Kind::Service, "CLUSTER-IP", How::Text(&["spec", "clusterIP"])),
    (Kind::Service, "TYPE", How::Text(&["spec", "type"])),
    (Kind::Service, "EXTERNAL-IP", How::Later),
    (Kind::ResourceQuota, "REQUEST", How::Amounts),
    (Kind::ResourceQuota, "LIMIT", How::Amounts),
    (Kind::Namespace, "STATUS", How::Text(&["status", "phase"])),
];
/// Access modes, as tables and as objects name them.
const MODES: [(&str, &str); 4] =
    [("RWO", "ReadWriteOnce"), ("ROX", "ReadOnlyMany"), ("RWX", "ReadWriteMany"), ("RWOP", "ReadWriteOncePod")];
/// Columns whose cells are worth a line beside the verdict.
const TOLD: [&str; 10] = ["READY", "DESIRED", "CURRENT", "STATUS", "RESTARTS", "VOLUME", "CLAIM", "STORAGECLASS", "PROVISIONER", "REQUEST"];

/// Columns that kubectl and k9s print, and that decide nothing or say what others say.
const PLAIN: [&str; 34] = [
    "NAME",
    "NAMESPACE",
    "AGE",
    "CONTAINER(S)",
    "IMAGE(S)",
    "UP-TO-DATE",
    "AVAILABLE",
    "NOMINATED NODE",
    "READINESS GATES",
    "SELECTOR",
    "VOLUMEMODE",
    "VOLUMEATTRIBUTESCLASS",
    "REASON",
    "RECLAIMPOLICY",
    "ALLOWVOLUMEEXPANSION",
    "ROLES",
    "VERSION",
    "INTERNAL-IP",
    "EXTERNAL-IP",
    "OS-IMAGE",
    "KERNEL-VERSION",
    "CONTAINER-RUNTIME",
    "PORT(S)",
    "MIN AVAILABLE",
    "MAX UNAVAILABLE",
    "MIN-AVAILABLE",
    "MAX-UNAVAILABLE",
    "ALLOWED DISRUPTIONS",
    "ALLOWED-DISRUPTIONS",
    "CREATED AT",
    "PARAMETERS",
    "CPU",
    "MEM",
    "PF",
];

/// Reads a block of a table.
pub(super) fn read(block: &Block<'_>, out: &mut Found, rest: &mut Vec<(usize, String)>) {
    let Some(header) = block.lines.first().and_then(|(_, line)| Header::of(line)) else { return };
    let is_events = header.has("REASON") && header.has("MESSAGE");
    let of_command = block.command.kinds.first().filter(|_| block.command.kinds.len() == 1).copied();
    let kind = header.kind().or(of_command);
    if header.has("HEALTH") && header.has("KIND") {
        // What Argo CD says of the objects of an application: whether they differ from Git.
        out.account.read(block.lines.iter().map(|(line, _)| *line));
        block.lines[1..].iter().for_each(|(number, line)| of_argo(*number, &header.cells(line), out));
        return;
    }
    let other = block.command.other.as_deref().filter(|_| !is_events);
    let mut rows: Vec<(RangeInclusive<usize>, String)> = Vec::new();
    out.account.read([block.lines[0].0]);
    for (number, line) in &block.lines[1..] {
        let first = line.split_whitespace().next().unwrap_or_default();
        let bare = first.rsplit('/').next().unwrap_or(first);
        let is_row = if is_events {
            events::begins(line)
        } else {
            !events::begins(line)
                && line.split_whitespace().nth(1).is_some()
                && (is_name(bare)
                    || is_hidden(bare)
                    || header.columns[0].0 == "NAMESPACE" && line.split_whitespace().nth(1).is_some_and(is_name))
                && !line.starts_with("         ")
        };
        match rows.last_mut() {
            Some((lines, last)) if !is_row && (is_events || last.chars().count() >= WRAPS && !events::begins(line)) => {
                *lines = *lines.start()..=*number;
                // A terminal wraps within words, too; a message it is that has its own blanks.
                last.push_str(if is_events { " " } else { "" });
                last.push_str(if is_events { line.trim() } else { line });
            }
            _ if is_row => rows.push((*number..=*number, (*line).to_owned())),
            _ => rest.push((*number, (*line).to_owned())),
        }
    }
    for (lines, line) in rows {
        let (cells, number) = (header.cells(&line), *lines.start());
        if is_events {
            events::of_cells(lines, &cells, &line, out);
        } else if let Some(other) = other {
            // Of a kind that is not known, whatever its columns are called.
            out.others.extend(cells.iter().find(|(column, _)| *column == "NAME").map(|(_, name)| format!("{other} {name}")));
            out.account.read(lines);
        } else if row(number, kind, &cells, out).is_some() {
            out.account.read(lines);
        } else {
            rest.push((number, line));
        }
    }
    if kind.is_some_and(|kind| MADE.contains(&kind)) && other.is_none() && !is_events {
        let is_known =
            |column: &str| PLAIN.contains(&column) || TOLD.contains(&column) || CELLS.iter().any(|(_, known, _)| *known == column);
        let unknown = header.columns.iter().filter(|(column, _)| !is_known(column));
        out.columns.extend(unknown.map(|(column, _)| (block.lines[0].0, column.clone())));
    }
}

/// Takes down what Argo CD says of a set: the message of its row, or else its health.
fn of_argo(number: usize, cells: &[(&str, String)], out: &mut Found) {
    let cell = |name: &str| cells.iter().find(|(column, _)| *column == name).map_or("", |(_, cell)| cell.as_str());
    if kind_of(cell("KIND")) != Some(Kind::StatefulSet) || ["Healthy", ""].contains(&cell("HEALTH")) {
        return;
    }
    let says = |message: String| Happened {
        about: (Kind::StatefulSet.info().name.to_owned(), cell("NAMESPACE").to_owned(), cell("NAME").to_owned()),
        message,
        place: Place::Line,
        line: number,
        ..Happened::default()
    };
    let all = [cell("MESSAGE").to_owned(), format!("Health Status: {}", cell("HEALTH"))].map(says);
    out.events.extend(all.into_iter().find(says::tells));
}

/// Whether a text stands for a name that somebody hid.
fn is_hidden(text: &str) -> bool {
    text.len() > 1 && text.chars().all(|c| c.is_ascii_alphanumeric() || "{}<>*-_.".contains(c)) && text.contains(['{', '<', '*', 'x', '_'])
}

/// Takes a row of a kind for an object.
fn row(line: usize, kind: Option<Kind>, cells: &[(&str, String)], out: &mut Found) -> Option<()> {
    let cell = |name: &str| cells.iter().find(|(column, _)| *column == name).map(|(_, cell)| cell.as_str()).unwrap_or_default();
    let (prefix, called) = cell("NAME").rsplit_once('/').map_or(("", cell("NAME")), |(prefix, name)| (prefix, name));
    let (called, is_default) = called.split_once(" (default").map_or((called, false), |(name, _)| (name, true));
    let kind = kind_of(prefix).filter(|_| !prefix.is_empty()).or(kind)?;
    if called.is_empty() || called.contains(' ') {
        return None;
    }
    if !MADE.contains(&kind) {
        out.others.push(format!("{} {called}", kind.info().name));
        return Some(());
    }
    let mut value = bare(kind, if kind.is_namespaced() { cell("NAMESPACE") } else { "" }, called);
    if is_default {
        value.set(&["metadata", "annotations", "storageclass.kubernetes.io/is-default-class"], "true");
    }
    value.set_some(&["metadata", "creationTimestamp"], age(cell("AGE")).map(|age| ago(age).rfc3339()));
    for (of, column, how) in &CELLS {
        if *of == kind && !NOTHING.contains(&cell(column)) {
            fill(&mut value, column, cell(column), how);
        }
    }
    let told = cells.iter().filter(|(column, cell)| TOLD.contains(column) && !NOTHING.contains(&&**cell));
    let says: Vec<String> = told.map(|(column, cell)| format!("{column} {cell}")).collect();
    out.fact(line, kind, called, says.join(", "));
    out.objects.push((line, value));
    Some(())
}

/// Writes what a cell says into an object.
fn fill(value: &mut Value, column: &str, cell: &str, how: &How) {
    match how {
        How::Text(path) if *path == ["status", "phase"] && cell == "Terminating" => {
            value.set(&["metadata", "deletionTimestamp"], NEWEST.rfc3339());
            value.set(&["metadata", "deletionGracePeriodSeconds"], 0);
        }
        How::Text(path) => value.set(path, cell),
        How::Number(path) => {
            value.set_some(path, number(cell));
        }
        How::Of(one, all) => {
            for (path, part) in [one, all].into_iter().zip(cell.split('/')) {
                value.set_some(path, number(part));
            }
        }
        How::Modes => {
            let long = |short: &str| MODES.iter().find(|(known, _)| *known == short).map(|(_, long)| *long);
            value.set(&["spec", "accessModes"], Value::list(cell.split(',').filter_map(long)));
        }
        How::Claim => {
            if let Some((namespace, name)) = cell.split_once('/') {
                let of = [("kind", "PersistentVolumeClaim"), ("namespace", namespace), ("name", name)];
                value.set(&["spec", "claimRef"], Value::of(of));
            }
        }
        How::Amounts => {
            for (what, amounts) in cell.split(',').filter_map(|part| part.split_once(':')) {
                if let Some((used, hard)) = amounts.trim().split_once('/') {
                    value.set(&["spec", "hard", what.trim()], hard);
                    value.set(&["status", "hard", what.trim()], hard);
                    value.set(&["status", "used", what.trim()], used);
                }
            }
        }
        How::Labels => {
            for (key, label) in cell.split(',').filter_map(|pair| pair.split_once('=')) {
                value.set(&["metadata", "labels", key], label);
            }
        }
        How::NodeState => {
            let ready = if cell.split(',').any(|word| word == "Ready") { "True" } else { "Unknown" };
            value.set(&["status", "conditions"], Value::list([Value::of([("type", "Ready"), ("status", ready)])]));
            value.set_filled(&["spec", "unschedulable"], cell.contains("SchedulingDisabled"));
        }
        How::Later => value.set(&[SAID, column], cell),
    }
}

/// Takes a line without a header for a row of the kind that its cells look like.
pub(super) fn loose(line: usize, text: &str, of_command: Option<Kind>, out: &mut Found) -> Option<()> {
    let cells = joined(text.split_whitespace().map(str::to_owned).collect());
    let [name, more @ ..] = cells.as_slice() else { return None };
    let bare = name.rsplit('/').next().unwrap_or(name);
    let at = |index: usize| more.get(index).map(String::as_str).unwrap_or_default();
    let ratio = |text: &str| text.split_once('/').is_some_and(|(one, all)| number(one).is_some() && number(all).is_some());
    let is_word = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_uppercase()) && text.chars().all(|c| c.is_ascii_alphanumeric() || ":/".contains(c))
    };
    let named = kind_of(name.split_once('/').map_or("", |(kind, _)| kind));
    let (kind, columns): (Kind, &[&str]) = match () {
        () if !is_name(bare) => {
            // A row whose name somebody hid tells its word all the same.
            let word = at(1);
            let hidden = is_hidden(bare) && ratio(at(0)) && is_word(word) && Said::of(Place::Column, word).means().is_some();
            return hidden.then(|| {
                let about = (Kind::Pod.info().name.to_owned(), String::new(), String::new());
                out.events.push(Happened { about, message: word.to_owned(), place: Place::Column, line, ..Happened::default() });
            });
        }
        () if ratio(at(0)) && is_word(at(1)) && at(2).starts_with(|c: char| c.is_ascii_digit()) && age(at(3)).is_some() => {
            (Kind::Pod, &["NAME", "READY", "STATUS", "RESTARTS", "AGE", "IP", "NODE"])
        }
        () if is_name(at(0)) && ratio(at(1)) && is_word(at(2)) && age(at(4)).is_some() => {
            (Kind::Pod, &["NAMESPACE", "NAME", "READY", "STATUS", "RESTARTS", "AGE", "IP", "NODE"])
        }
        () if ratio(at(0)) && age(at(1)).is_some() => (Kind::StatefulSet, &["NAME", "READY", "AGE", "CONTAINERS", "IMAGES"]),
        () if ["Bound", "Lost", "Terminating"].contains(&at(0)) && MODES.iter().any(|(short, _)| at(3).contains(short)) => {
            (Kind::PersistentVolumeClaim, &["NAME", "STATUS", "VOLUME", "CAPACITY", "ACCESS MODES", "STORAGECLASS", "AGE"])
        }
        // A claim that has lost its volume has neither size nor modes.
        () if at(0) == "Lost" && more.iter().any(|cell| age(cell).is_some()) => {
            (Kind::PersistentVolumeClaim, &["NAME", "STATUS", "VOLUME"])
        }
        () if at(0) == "Pending" && age(at(1)).is_some() => (Kind::PersistentVolumeClaim, &["NAME", "STATUS", "AGE"]),
        () if at(0) == "Pending" && age(at(2)).is_some() => (Kind::PersistentVolumeClaim, &["NAME", "STATUS", "STORAGECLASS", "AGE"]),
        () if is_name(at(0)) && at(1) == "Bound" && MODES.iter().any(|(short, _)| at(4).contains(short)) => {
            (Kind::PersistentVolumeClaim, &["NAMESPACE", "NAME", "STATUS", "VOLUME", "CAPACITY", "ACCESS MODES", "STORAGECLASS", "AGE"])
        }
        () if is_name(at(0)) && at(1) == "Pending" && age(at(3)).is_some() => {
            (Kind::PersistentVolumeClaim, &["NAMESPACE", "NAME", "STATUS", "STORAGECLASS", "AGE"])
        }
        () if MODES.iter().any(|(short, _)| at(1).contains(short)) && at(4).contains('/') => {
            (Kind::PersistentVolume, &["NAME", "CAPACITY", "ACCESS MODES", "RECLAIM POLICY", "STATUS", "CLAIM", "STORAGECLASS"])
        }
        () if (at(0).starts_with("Ready") || at(0).starts_with("NotReady")) && more.iter().any(|cell| cell.starts_with("v1.")) => {
            (Kind::Node, &["NAME", "STATUS"])
        }
        () => return None,
    };
    let kind = named.or(of_command.filter(|of| kind == Kind::StatefulSet && *of != Kind::Pod)).unwrap_or(kind);
    let cells: Vec<(&str, String)> = columns.iter().copied().zip(cells.iter().cloned()).collect();
    row(line, Some(kind), &cells, out)
}
