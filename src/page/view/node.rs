//! Nodes: their headings, what can be done to them, and the cause of their silence.
//!
//! What is true and what the API server believes are two layers. A machine that is out of reach is dark at once, while its pods stand as
//! the API server has them. Once the API server knows, a machine that is off and one that is cut off look the same in a heading.

use super::why::pane::Why;
use super::{Glyph, Hue, Mark, Prose, Snapshot, short_uid, ways};
use api::kind::Kind;
use api::object::node::{OUT_OF_SERVICE_TAINT, Taint};
use api::object::pod::{READY, Truth};
use api::object::{Node, Pod};
use base::sort::Sort;
use causes::Evidence;
use causes::command::{Entry, Naming, taint};
use causes::node::{delete, drain, of_closed, out_of_service, start};
use cluster::kubelet::Machine;

base::named! {
    /// How a machine is to be seen.
    Sight {
        /// It reaches the API server.
        Seen "seen",
        /// It does not, which the API server has yet to notice.
        Dark "dark",
        /// The API server knows that it does not.
        Silent "unreachable",
    }
}

/// A node's heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The node's name.
    pub name: String,
    pub mark: Mark,
    /// `Ready`, `NotReady`, `Ready,SchedulingDisabled`.
    pub word: String,
    /// Its address, its taints, for how long it has been silent.
    pub lines: Vec<String>,
    pub sight: Sight,
    /// Stops it, or starts it.
    pub switch: Entry,
}

/// The headings: of every node, and of every machine whose node was deleted. In the order of their names.
pub fn rows(shot: &Snapshot) -> Vec<Row> {
    let known = shot.tables.nodes().map(|node| row(shot, &node.meta.name, Some(node)));
    let forgotten = shot.machines.keys().filter(|name| shot.tables.node("", name).is_none()).map(|name| row(shot, name, None));
    let mut rows: Vec<Row> = known.chain(forgotten).collect();
    rows.sort_small_by(|a, b| a.name.cmp(&b.name));
    rows
}

fn row(shot: &Snapshot, name: &str, node: Option<&std::rc::Rc<Node>>) -> Row {
    let text = &shot.text().node;
    let switch = switch(shot, name);
    let Some(node) = node else {
        let mark = Mark(Glyph::NodeSilent, Hue::Gone);
        return Row { name: name.to_owned(), mark, word: text.no_object().to_owned(), lines: Vec::new(), sight: Sight::Silent, switch };
    };
    if let Some(machine) = dark_machine(shot, name) {
        let word = if machine.powered() { text.cut_off() } else { text.off() };
        let since = machine.heartbeat.silent_since().unwrap_or(shot.now);
        let lines = vec![text.unnoticed(&shot.now.since(since).human())];
        let mark = Mark(Glyph::NodeSilent, Hue::Gone);
        return Row { name: name.to_owned(), mark, word: word.to_owned(), lines, sight: Sight::Dark, switch };
    }
    let silent = node.ready() != Truth::True;
    let mut word = if silent { "NotReady" } else { "Ready" }.to_owned();
    if node.unschedulable {
        word += ",SchedulingDisabled";
    }
    let mark = match (silent, node.unschedulable) {
        (true, _) => Mark(Glyph::NodeSilent, Hue::Gone),
        (false, true) => Mark(Glyph::NodeClosed, Hue::Wait),
        (false, false) => Mark(Glyph::Node, Hue::Ready),
    };
    let mut lines: Vec<String> = node.status.address.iter().filter(|_| !silent).map(ToString::to_string).collect();
    if let Some(ready) = node.condition(READY).filter(|_| silent) {
        lines.push(shot.text().cluster.silent_for(&shot.now.since(ready.since).human()));
    }
    let short = |taint: &Taint| taint.key.rsplit('/').next().unwrap_or_default().to_owned();
    // One line for the two effects of one taint; what `kubectl cordon` adds is in the word already.
    let mut taints: Vec<String> = node.taints.iter().map(short).filter(|key| key != "unschedulable").collect();
    taints.dedup();
    lines.extend(taints.iter().map(|key| text.taint(key)));
    lines.extend(lag(shot, name));
    let sight = if silent { Sight::Silent } else { Sight::Seen };
    Row { name: name.to_owned(), mark, word, lines, sight, switch }
}

/// The machine behind a node that the API server takes to be Ready, where the machine is off or cut off.
fn dark_machine<'a>(shot: &Snapshot<'a>, name: &str) -> Option<&'a Machine> {
    let node = shot.tables.node("", name)?;
    let machine = shot.machines.get(name)?;
    (node.ready() == Truth::True && !machine.connected()).then_some(machine)
}

/// Whether a pod is on such a machine.
pub(super) fn is_in_the_dark(shot: &Snapshot, pod: &Pod) -> bool {
    pod.node.as_deref().is_some_and(|node| dark_machine(shot, node).is_some())
}

/// The node of a pod whose machine answers nobody, whatever the API server believes.
pub(super) fn cut_off<'a>(shot: &Snapshot, pod: &'a Pod) -> Option<&'a str> {
    pod.node.as_deref().filter(|node| !works(shot, node))
}

/// What is wrong with the way between a node and the API server.
fn lag(shot: &Snapshot, name: &str) -> Option<String> {
    let link = shot.machines.get(name)?.link;
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    link.lags().then(|| shot.text().node.lags(number(link.delay.0), number(link.loses.into())))
}

/// Whether nothing is wrong with the machine behind a node. A node without a machine is nobody's to stop.
fn works(shot: &Snapshot, name: &str) -> bool {
    shot.machines.get(name).is_none_or(Machine::connected)
}

fn switch(shot: &Snapshot, name: &str) -> Entry {
    let (label, verb) =
        if works(shot, name) { (shot.text().cluster.stop_node(), "stop") } else { (shot.text().cluster.start_node(), "start") };
    Entry::new(label, Naming::default().playground(verb, Kind::Node, name))
}

/// What can be done to a node.
pub fn entries(shot: &Snapshot, name: &str) -> Vec<Entry> {
    let text = &shot.text().node;
    let mut entries = Vec::new();
    if works(shot, name) {
        entries.push(Entry::new(text.stop(), Naming::default().playground("stop", Kind::Node, name)));
        entries.push(Entry::new(text.cut(), Naming::default().playground("cut", Kind::Node, name)));
        if lag(shot, name).is_some() {
            entries.push(Entry::new(text.prompt(), Naming::default().playground("start", Kind::Node, name)));
        } else {
            entries.push(Entry::new(text.late(), format!("playground delay node {name} 2")));
            entries.push(Entry::new(text.lossy(), format!("playground lose node {name} 3")));
        }
    } else {
        entries.push(start(shot, name));
    }
    let Some(node) = shot.tables.node("", name) else { return entries };
    if node.unschedulable {
        entries.extend(of_closed(shot, name));
    } else {
        entries.extend([Entry::new(text.cordon(), format!("kubectl cordon {name}")), drain(shot, name)]);
    }
    if node.taints.iter().any(|taint| *taint.key == *OUT_OF_SERVICE_TAINT) {
        entries.push(Entry::new(text.in_service(), taint(name, &format!("{OUT_OF_SERVICE_TAINT}-"))));
    } else if node.ready() != Truth::True {
        entries.push(out_of_service(shot, name));
    }
    entries.push(delete(shot, name));
    entries
}

/// What is to be said about a node that is asked about: here, what nobody in the cluster knows is told.
pub fn why(shot: &Snapshot, name: &str) -> Why {
    let text = &shot.text().node;
    let (node, machine) = (shot.tables.node("", name), shot.machines.get(name));
    let off = machine.is_some_and(|machine| !machine.powered());
    let cut = machine.is_some_and(|machine| machine.powered() && !machine.connected());
    let silent = node.is_none_or(|node| node.ready() != Truth::True);
    let verdict = match node {
        None => text.says_no_object(name),
        Some(_) if off || cut || silent => text.says_silent(name),
        Some(node) if node.unschedulable => text.says_closed(name),
        Some(_) => text.says_ready(name),
    };
    let paragraph = match (off, cut) {
        (true, _) => text.is_off(),
        (_, true) => text.is_cut(),
        _ if lag(shot, name).is_some() => text.is_late(),
        _ => "",
    };
    let evidence = machine.into_iter().flat_map(Machine::workers).filter(|worker| worker.running()).map(|worker| {
        let known = shot.tables.pod(&worker.key.namespace, &worker.key.name).is_some_and(|pod| pod.meta.uid == worker.uid);
        let mark = if known { Mark(Glyph::Check, Hue::Ink) } else { Mark(Glyph::Hazard, Hue::Danger) };
        let detail = if known { String::new() } else { text.not_in_api().to_owned() };
        Evidence::new(mark, &text.process(&worker.key.name, &short_uid(worker.uid)), detail)
    });
    let since = node.and_then(|node| Some((node, node.condition(READY)?))).map(|(node, ready)| {
        let mark = if silent { Mark(Glyph::NodeSilent, Hue::Gone) } else { Mark(Glyph::Node, Hue::Ready) };
        let words = format!("`Ready` = {}", ready.status.word());
        let seen = format!("status.conditions[Ready], resourceVersion {}", node.meta.revision);
        Evidence::new(mark, &words, shot.text().why.since(&shot.time(ready.since))).seen(seen)
    });
    let disks: Vec<String> =
        ways::claims_on(shot, name).filter(|_| off || cut || silent).map(|claim| format!("<{}>", claim.name)).collect();
    let disks = (!disks.is_empty()).then(|| Evidence::new(Mark(Glyph::Disk, Hue::Wait), &text.disks_here(&disks.join(", ")), ""));
    Why {
        subject: name.to_owned(),
        verdict: Prose::read(&verdict),
        mark: since.as_ref().map(|fact| fact.mark),
        paragraph: Prose::read(paragraph),
        evidence: since.into_iter().chain(disks).chain(evidence).collect(),
        ends_when: Prose::read(if off || cut { text.ends_when() } else { "" }),
        ..Why::default()
    }
}
