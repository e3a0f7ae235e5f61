//! What a text brings: a cluster that runs, or a manifest.
//!
//! A text with a StatefulSet that no server has printed is a manifest, whatever stands around it: tables, Markdown, Nodes as a server
//! printed them. A text with a pod's status is a cluster.

use api::kind::Kind;
use api::object::pod::Ip;
use base::value::Value;
use intake::looks_printed;
use playground::documents::objects;
use playground::dump::WRITTEN;
use server::allocate::{in_range, is_of_range};

use crate::documents::objects_of;

/// How the line begins that parts two files in one text; the name of the second follows.
pub const PART: &str = "--- # file: ";

/// The file of a line of a text of several files, and the line there; `None` in the first file.
pub fn place_of(text: &str, line: usize) -> Option<(&str, usize)> {
    let parts = text.lines().enumerate().take(line).filter_map(|(at, text)| Some((at + 1, text.strip_prefix(PART)?)));
    parts.last().map(|(at, name)| (name, line - at))
}

/// What a text brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// What kubectl printed of a cluster.
    Cluster,
    /// A manifest, each line where it is in the text: without what is none, and without what only servers write.
    Manifest(String),
}

impl Given {
    /// Reads a text.
    pub fn read(text: &str) -> Given {
        let blocks = unfenced(text);
        if objects_of(&blocks).iter().any(is_state) || looks_printed(text) && !objects_of(&blocks).iter().any(is_bare_set) {
            return Given::Cluster;
        }
        Given::Manifest(unwritten(&alike(&blocks)))
    }
}

/// Whether an object has the status of a pod: nobody writes that.
pub(crate) fn is_state(object: &Value) -> bool {
    Kind::claimed(object) == Some(Kind::Pod) && object.text_at(&["status", "phase"]).is_some()
}

/// Whether a server printed an object.
fn is_printed(object: &Value) -> bool {
    ["uid", "resourceVersion"].iter().any(|field| object.at(&["metadata", field]).is_some())
}

/// Whether an object is a set that no server has printed.
fn is_bare_set(object: &Value) -> bool {
    Kind::claimed(object) == Some(Kind::StatefulSet) && !is_printed(object) && object.get("status").is_none()
}

/// A text that means the same in another cluster. A Service has an address of that cluster. A claim that is bound to a volume which nobody
/// shows gets one of its class.
fn alike(text: &str) -> String {
    let objects = objects_of(text);
    let shown: Vec<&str> = objects.iter().filter(|one| is_of(one, Kind::PersistentVolume)).filter_map(name).collect();
    let is_there = |claim: &Value| claim.text_at(&["spec", "volumeName"]).is_some_and(|volume| shown.contains(&volume));
    let is_bound = |one: &Value| is_of(one, Kind::PersistentVolumeClaim) && one.at(&["spec", "volumeName"]).is_some() && !is_there(one);
    let elsewhere = |one: &Value| one.text_at(&["spec", "clusterIP"]).and_then(Ip::parse).filter(|ip| !is_of_range(*ip));
    let is_elsewhere = |one: &Value| is_of(one, Kind::Service) && elsewhere(one).is_some();
    let other = |mut value: Value| {
        if let Some(ip) = elsewhere(&value) {
            let address = in_range(ip).to_string();
            value.set(&["spec", "clusterIP"], &*address);
            if value.at(&["spec", "clusterIPs"]).is_some() {
                value.set(&["spec", "clusterIPs"], Value::list([&*address]));
            }
        } else {
            value.remove(&["spec", "volumeName"]);
        }
        Some(value)
    };
    rewritten(text, |one| is_bound(one) || is_elsewhere(one), other)
}

fn is_of(value: &Value, kind: Kind) -> bool {
    Kind::claimed(value) == Some(kind)
}

fn name(value: &Value) -> Option<&str> {
    value.text_at(&["metadata", "name"])
}

/// A text in which each document that a server printed stands in one line, without what only servers write.
fn unwritten(text: &str) -> String {
    rewritten(text, is_printed, |mut value| {
        WRITTEN.iter().for_each(|field| drop(value.remove(&["metadata", field])));
        // What a Node says of itself counts.
        if Kind::claimed(&value) != Some(Kind::Node) {
            value.remove(&["status"]);
        }
        Some(value)
    })
}

/// A text without its Nodes: no manifest makes them, they are of the cluster.
pub fn without_nodes(text: &str) -> String {
    rewritten(text, |value| Kind::claimed(value) == Some(Kind::Node), |_| None)
}

/// A text in which some objects are others, or none. A document with such an object stands in one line; all others are where they were.
fn rewritten(text: &str, is_it: impl Fn(&Value) -> bool, other: impl Fn(Value) -> Option<Value>) -> String {
    let documents = yaml::parse(text);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (at, document) in documents.iter().enumerate() {
        let items = objects(std::slice::from_ref(document));
        let values: Vec<Value> = items.into_iter().filter_map(|item| item.value).collect();
        if document.error().is_some() || !values.iter().any(&is_it) {
            continue;
        }
        let values: Vec<Value> = values.into_iter().filter_map(|value| if is_it(&value) { other(value) } else { Some(value) }).collect();
        let (from, to) = (document.span.line.saturating_sub(1), documents.get(at + 1).map_or(lines.len(), |next| next.span.line - 1));
        let Some(own) = lines.get_mut(from..to) else { continue };
        let (first, rest) = own.split_at_mut(usize::from(!own.is_empty()));
        // What parts two documents stays.
        rest.iter_mut().filter(|line| !line.starts_with("---")).for_each(String::clear);
        let list = Value::of([("apiVersion", Value::from("v1")), ("kind", "List".into()), ("items", Value::list(values))]);
        let is_left = !list.list_at(&["items"]).is_empty();
        first.iter_mut().for_each(|line| *line = if is_left { list.to_json() } else { String::new() });
    }
    lines.join("\n") + "\n"
}

/// What begins and ends a block of Markdown.
const FENCE: &str = "```";

/// The manifests in the fences of a text, each on its own lines; the text itself where there are no fences.
fn unfenced(text: &str) -> String {
    let mut blocks = text.lines().collect::<Vec<_>>();
    if !blocks.iter().any(|line| line.trim_start().starts_with(FENCE)) {
        return text.to_owned();
    }
    let is_manifest =
        |block: &[&str]| ["kind:", "apiVersion:"].iter().all(|field| block.iter().any(|line| line.trim_start().starts_with(field)));
    let (mut from, mut is_within) = (0, false);
    for at in 0..=blocks.len() {
        if blocks.get(at).is_some_and(|line| !line.trim_start().starts_with(FENCE)) {
            continue;
        }
        if !(is_within && is_manifest(&blocks[from..at])) {
            blocks[from..at].fill("");
        }
        typed(&mut blocks[from..at]);
        if at < blocks.len() {
            blocks[at] = "---";
        }
        (from, is_within) = ((at + 1).min(blocks.len()), !is_within);
    }
    blocks.join("\n") + "\n"
}

/// Keeps of shell lines with here-documents the documents, each on its own lines.
fn typed(block: &mut [&str]) {
    let ends =
        |line: &str| Some(line.split_once("<<")?.1.trim_start_matches(['-', ' ']).split([' ', '|', '>', ';', '&']).next()?.to_owned());
    // A script in a manifest may have some of its own.
    let first = |is: &dyn Fn(&str) -> bool| block.iter().position(|line| is(line)).unwrap_or(block.len());
    let is_shell = first(&|line| line.contains("<<") && is_command(line)) < first(&|line| line.trim_start().starts_with("apiVersion:"));
    let mut end = None;
    for line in block.iter_mut().filter(|_| is_shell) {
        match &end {
            Some(last) if line.trim() == *last => end = None,
            Some(_) => continue,
            None if is_command(line) => end = ends(line).map(|last| last.trim_matches(['\'', '"', '\\']).to_owned()),
            None => {}
        }
        *line = "---";
    }
}

/// Whether a line calls a program that takes a here-document.
fn is_command(line: &str) -> bool {
    ["kubectl", "cat", "tee", "oc", "sudo", "$"].contains(&line.split_whitespace().next().unwrap_or_default())
}
