//! Faults of what containers run: lines that take a member out of its cluster, or that remove what is on a volume.

use base::field_path::Step;
use base::value::Value;
use text::risks::Fault;

use super::manifest::{Found, Pods, steps};

/// Words by which a member leaves its cluster for good.
const REMOVES: [&str; 10] = [
    "member remove",
    "node decommission",
    "nodetool decommission",
    "removenode",
    "forget_cluster_node",
    "cluster leave",
    "consul leave",
    "serf leave",
    "remove-peer",
    "rs.remove(",
];

/// The fields of a container by which it runs lines, each with whether every stop runs them.
const LINES: [(&[&str], bool); 4] = [
    (&["lifecycle", "preStop", "exec", "command"], true),
    (&["lifecycle", "postStart", "exec", "command"], false),
    (&["command"], false),
    (&["args"], false),
];

pub(super) fn of(pods: &Pods, all: &mut Vec<Found>) {
    for (path, container) in pods.containers() {
        for (field, is_at_stop) in LINES {
            let words: Vec<&str> = container.list_at(field).iter().filter_map(Value::as_text).collect();
            let text = words.join(" ");
            let lines = || text.lines().map(str::trim).filter(|line| !line.starts_with('#') && !line.starts_with("echo "));
            let whole: Vec<Step> = path.iter().cloned().chain(steps(&field[..field.len().min(2)])).collect();
            let name = container.text_at(&["name"]).unwrap_or_default();
            let of = field[field.len().min(2) - 1];
            let removes = |line: &str| REMOVES.iter().find(|word| line.contains(*word)).copied();
            if let Some(word) = lines().find_map(removes).filter(|_| is_at_stop) {
                let texts = [name.to_owned(), word.trim_end_matches('(').to_owned(), of.to_owned()];
                all.push(pods.item.fault(Fault::LeavesAtStop, &whole, texts));
            }
            if let Some((line, volume)) = lines().find_map(|line| wiped(pods, container, line)) {
                all.push(pods.item.fault(Fault::Wipes, &whole, [name.to_owned(), line, format!("{of}, {volume}")]));
            }
        }
    }
}

/// A part of a line that removes all that is on a volume which outlives the pod, and the volume.
fn wiped(pods: &Pods, container: &Value, line: &str) -> Option<(String, String)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let runs = |at: usize| words[at].trim_start_matches(['(', '`', '"', '\'']) == "rm" && (at == 0 || words[at - 1] != "echo");
    for at in (0..words.len()).filter(|at| runs(*at)) {
        let rest: Vec<&str> = words[at + 1..].iter().take_while(|word| !["&&", "||", ";", "|"].contains(word)).copied().collect();
        if !rest.iter().any(|word| word.starts_with('-') && word.contains(['r', 'R'])) {
            continue;
        }
        for target in rest.iter().filter(|word| !word.starts_with('-')) {
            let target = target.trim_matches(|c: char| ";)\"'`".contains(c));
            let whole = target.trim_end_matches("/*").trim_end_matches('/');
            let is_whole = |mount: &&Value| mount.text_at(&["mountPath"]).is_some_and(|path| path.trim_end_matches('/') == whole);
            let mount = container.list_at(&["volumeMounts"]).iter().find(is_whole);
            let volume = mount.and_then(|mount| mount.text_at(&["name"])).filter(|name| pods.keeps(name));
            if let Some(volume) = volume.filter(|_| whole.starts_with('/')) {
                return Some((format!("rm -rf {target}"), volume.to_owned()));
            }
        }
    }
    None
}
