//! What a member's manifest sets up: how many members there are to be, and whether they replicate at all.

use super::super::place::ContainerInfo;
use super::super::shown::shown;
use crate::programs::Peers;
use api::object::Pod;
use base::value::Value;
use server::tables::Tables;

/// What makes a Redis, a MySQL or a PostgreSQL a replica, or the source of one, wherever its pod says so: options, statements, variables
/// of images, and programs that set it up.
const COPYING: [&str; 17] = [
    "replicaof",
    "slaveof",
    "sentinel monitor",
    "_replication",
    "group-replication",
    "replication source",
    "master to",
    "super-read-only",
    "super_read_only",
    "wsrep",
    "master_host",
    "primary_host",
    "source_host",
    "primary_conninfo",
    "pg_basebackup",
    "standby",
    "repmgr",
];

/// Whether a member has others to replicate. A quorum is nothing but that; any other application starts as it is, and only what its pod's
/// containers run, are told by variables, or find in files that objects hold can make it replicate.
pub(super) fn copies(pod: &Pod, place: &ContainerInfo, tables: &Tables) -> bool {
    let volumes = || pod.spec.template.raw.list_at(&["volumes"]).iter().filter_map(|volume| shown(volume, pod, tables));
    place.app().peers == Peers::Quorum
        || says(&pod.spec.template.raw)
        || place.environment.own().iter().any(|(name, _)| is_said(name))
        || volumes().any(|files| files.files().any(|(_, text)| is_said(text)))
}

/// Whether anything in a part of a manifest sets up replication.
fn says(part: &Value) -> bool {
    let mut entries = part.members();
    part.as_text().is_some_and(is_said) || part.as_list().unwrap_or_default().iter().any(says) || entries.any(|(_, value)| says(value))
}

/// Whether a text does so in a line that is no comment.
fn is_said(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim_start().starts_with('#')).map(str::to_ascii_lowercase);
    lines.any(|line| COPYING.iter().any(|word| line.contains(word)))
}

/// Where a member keeps its data. A command or a variable that names a folder of a lasting volume, while the image's own is on none, says
/// so.
pub(crate) fn data_folder(place: &ContainerInfo) -> String {
    let folder = told(place, &["--data-dir", "-data-dir"]).or_else(|| environment(place, "PGDATA"));
    let folder = folder.unwrap_or_else(|| place.app().folder.to_owned());
    let values = place.environment.own().iter().map(|(_, value)| &**value);
    let said = words(place).map(|word| word.rsplit('=').next().unwrap_or(word)).chain(values);
    let mut paths = said.filter(|path| place.keeps(path));
    if place.keeps(&folder) { folder } else { paths.next().map_or(folder, str::to_owned) }
}

/// The words of a command, and of the scripts in it.
pub(crate) fn words(place: &ContainerInfo) -> impl Iterator<Item = &str> {
    let quotes = |c: char| c.is_whitespace() || "\"'".contains(c);
    place.command.iter().flat_map(move |word| word.split(quotes)).filter(|word| !word.is_empty())
}

/// The value of one of these flags in a command, after `=` or as the next word.
pub(super) fn told(place: &ContainerInfo, flags: &[&str]) -> Option<String> {
    let mut rest = words(place);
    while let Some(word) = rest.next() {
        let (flag, value) = word.split_once('=').map_or((word, None), |(flag, value)| (flag, Some(value)));
        if flags.contains(&flag) {
            return value.or_else(|| rest.next()).map(str::to_owned);
        }
    }
    None
}

/// The value of a variable of its environment.
fn environment(place: &ContainerInfo, name: &str) -> Option<String> {
    place.environment.variables().into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

/// The number of members that a process's command or environment configures.
pub(super) fn voters(place: &ContainerInfo) -> Option<usize> {
    let number = told(place, &["--servers", "-bootstrap-expect"]).and_then(|n| n.parse::<u32>().ok());
    let number = number.and_then(|n| usize::try_from(n).ok());
    let listed = |list: String, between: char| list.split(between).filter(|one| !one.is_empty()).count();
    let list = told(place, &["--initial-cluster"]).or_else(|| environment(place, "ETCD_INITIAL_CLUSTER"));
    let list = list.map(|list| listed(list, ',')).or_else(|| environment(place, "ZOO_SERVERS").map(|list| listed(list, ' ')));
    number.or(list).filter(|n| *n > 0)
}
