//! `kubectl describe`: the lines of one object become the object, as far as they tell it, and its Events.
//!
//! Forms of all kubectls from 1.6 to 1.37 are read. The lines form a tree by their indentation ([`rows::described::block`]), and the
//! rows of `src/model/kinds` say which label is which field. The kind is the one whose labels stand at the margin most. What is absent,
//! was cut or cannot be a value of the field is left out.
//!
//! Derived, because kubectl prints something else: the phase of what is going away, from its containers, its node or its volume; the
//! name, where the top was cut, from labels and messages.
//! Not kept: values of variables, manifests that were applied, the volume with a ServiceAccount's token.
//! Not told by any description: uids, the creation of pods, claims and volumes, affinity, scheduling gates, the scheduler's name, what a
//! Pending claim asks for, that a finished pod goes away.

mod events;

use super::found::Found;
use super::named::key;
use api::kind::Kind;
use base::given::SetGiven;
use base::value::Value;
use rows::describe::{CONTAINER, Described, EACH, KINDS, Line};
use rows::described::block::Block;
use rows::described::{Told, containers, fill, is_of, leave, row, storage};

/// The label with a namespace's name.
const SPACE_NAME: &str = "kubernetes.io/metadata.name=";
/// The label with a pod's name.
const POD_NAME: &str = "statefulset.kubernetes.io/pod-name";
/// So many fields of a container stand in what is left of one at least.
const OF_CONTAINER: usize = 3;
/// What stands before a name in messages, and of what kind it is.
const NAMED: [(Kind, &str); 4] = [
    (Kind::Pod, "Successfully assigned "),
    (Kind::Pod, " was running pod "),
    (Kind::Pod, " volumes for pod \""),
    (Kind::StatefulSet, " in StatefulSet "),
];

/// Reads the lines of one described object, with their numbers in the text. An object whose name was cut has none.
pub fn read(lines: &[(usize, &str)], out: &mut Found) {
    let block = Block::new(lines);
    let of = of(&block).filter(|_| !is_container(&block));
    let pod = is_container(&block).then_some(Kind::Pod);
    let kind = of.map(|of| of.kinds[0]).or(pod).or_else(|| events::kind(&block));
    let mut object = Value::map();
    let mut told = Told::default();
    if let Some(kind) = kind {
        object.set(&["apiVersion"], kind.api_version());
        object.set(&["kind"], kind.info().name);
    }
    let rows = of.map_or(&[][..], |of| of.lines);
    if pod.is_some() {
        let mut one = Value::map();
        fill(&block, 0..block.lines.len(), CONTAINER, &mut one, &mut told);
        containers::add_container(events::container(&block).unwrap_or_default(), false, one, &mut object);
    }
    for at in margin(&block).filter(|_| pod.is_none()) {
        if !row(&block, at, rows, &mut object, &mut told) && !row(&block, at, EACH, &mut object, &mut told) {
            leave(&block, at, &mut told);
        }
    }
    if let Some(kind) = kind.filter(|_| pod.is_none()) {
        complete(&block, kind, &mut object, &mut told);
    }
    // What stands behind a name in its line is none of it.
    if let Some(name) = object.text_at(&["metadata", "name"]).and_then(|name| name.split_whitespace().next()).map(str::to_owned) {
        object.set(&["metadata", "name"], name);
    }
    let text = |field: &str| object.text_at(&["metadata", field]).unwrap_or_default().to_owned();
    let (name, namespace) = (text("name"), text("namespace"));
    let before = out.events.len();
    events::read(&block, kind, &namespace, &name, out);
    let object_of = kind.filter(|_| !rows.is_empty() || pod.is_some());
    if object_of.is_some() || out.events.len() > before {
        take(lines, &block, &told.unread, out);
    }
    if let Some(kind) = object_of {
        for (line, says) in told.said {
            out.fact(line, kind, &name, says);
        }
        let named = margin(&block).find(|at| block.label(*at) == "Name").unwrap_or(0);
        out.described.push(key(&object));
        if margin(&block).any(|at| block.lines[at].split() == ("Events", "<none>")) {
            out.quiet.push(key(&object));
        }
        out.objects.extend(block.lines.get(named).map(|line| (line.number, object)));
    }
}

/// Takes the lines of a description but those that are not known; what a terminal broke off is as the line before.
fn take(lines: &[(usize, &str)], block: &Block, unread: &[usize], out: &mut Found) {
    let (mut heads, mut left) = (block.lines.iter().peekable(), false);
    for (number, _) in lines {
        if let Some(line) = heads.next_if(|line| line.number == *number) {
            left = unread.contains(number) || line.is_event() && out.account.is_unread(*number);
        }
        out.account.read(Some(*number).filter(|_| !left));
    }
}

/// The lines at the margin.
fn margin(block: &Block) -> impl Iterator<Item = usize> {
    (0..block.lines.len()).filter(|at| block.lines[*at].indent == 0)
}

/// So many lines at the margin are of these, but for those that tell no kind.
fn fit(block: &Block, lines: &[Line]) -> usize {
    let own = |at: &usize| !EACH.iter().any(|line| line.is(block.label(*at)));
    margin(block).filter(own).filter(|at| lines.iter().any(|line| is_of(block, *at, line))).count()
}

/// The kind with the most labels at the margin, and its lines; `None` if several fit equally well.
fn of(block: &Block) -> Option<&'static Described> {
    let namespaced = margin(block).any(|at| block.label(at) == "Namespace");
    let mut best = (0, None);
    for of in KINDS.iter().filter(|of| of.kinds[0].is_namespaced() || !namespaced) {
        match fit(block, of.lines) {
            many if many > best.0 => best = (many, Some(of)),
            many if many == best.0 => best.1 = None,
            _ => {}
        }
    }
    // Every namespace carries its name as a label.
    let is_space = !namespaced && block.lines.iter().any(|line| line.text.contains(SPACE_NAME));
    let space = KINDS.iter().find(|of| is_space && of.kinds[0] == Kind::Namespace);
    space.or(best.1).filter(|of| of.is_printed)
}

/// Whether a block is what a description says of one container, without its pod.
fn is_container(block: &Block) -> bool {
    let names = ["Name", "Namespace"].iter().any(|name| margin(block).any(|at| block.label(at) == *name));
    let fits = fit(block, CONTAINER);
    !names && fits >= OF_CONTAINER && fits > KINDS.iter().map(|of| fit(block, of.lines)).max().unwrap_or(0)
}

/// Derives what the description says otherwise, or not at the place where it was cut.
fn complete(block: &Block, kind: Kind, object: &mut Value, told: &mut Told) {
    if object.at(&["metadata", "name"]).is_none()
        && let Some((namespace, name)) = name(block, kind, object)
    {
        object.set(&["metadata", "name"], name);
        object.set_some(&["metadata", "namespace"], namespace);
    }
    if kind == Kind::Pod {
        // What is left of a container whose name was cut.
        let cut = block.heads(0..block.lines.len()).filter(|at| block.lines[*at].indent > 0);
        let mut one = Value::map();
        for at in cut {
            row(block, at, CONTAINER, &mut one, told);
        }
        if let Some(name) = events::container(block).filter(|_| one.members().next().is_some()) {
            containers::add_container(name, false, one, object);
        }
        storage::without_token(object);
    }
    let phase = match phase(block, kind, object) {
        Some(phase) if object.at(&["metadata", "deletionTimestamp"]).is_some() && object.at(&["status", "phase"]).is_none() => phase,
        _ => return,
    };
    object.set(&["status", "phase"], phase);
}

/// The phase of what goes away, as the rest of the description tells it.
fn phase(block: &Block, kind: Kind, object: &Value) -> Option<&'static str> {
    let has = |path: &[&str]| object.at(path).is_some();
    let shows = |label: &str| margin(block).any(|at| block.label(at) == label);
    let (far, near, decided) = match kind {
        Kind::Pod => {
            let state = |status: &Value, state: &str| status.at(&["state", state]).is_some();
            let began =
                |status: &Value| state(status, "running") || state(status, "terminated") || status.int_at(&["restartCount"]) > Some(0);
            let statuses = object.list_at(&["status", "containerStatuses"]);
            let begun = statuses.iter().any(began);
            let waits = statuses.iter().any(|status| state(status, "waiting")) || shows("Node") && !has(&["spec", "nodeName"]);
            ("Running", "Pending", (begun || waits).then_some(begun))
        }
        Kind::PersistentVolumeClaim => ("Bound", "Pending", shows("Capacity").then(|| has(&["status", "capacity"]))),
        Kind::PersistentVolume => ("Bound", "Available", shows("Claim").then(|| has(&["spec", "claimRef"]))),
        _ => return None,
    };
    decided.map(|far_on| if far_on { far } else { near })
}

/// The namespace, if it is told, and the name of an object whose first lines were cut.
fn name(block: &Block, kind: Kind, object: &Value) -> Option<(Option<String>, String)> {
    let label = object.text_at(&["metadata", "labels", POD_NAME]).map(|name| (None, name.to_owned()));
    label.or_else(|| {
        let marks = NAMED.iter().filter(|(of, _)| *of == kind);
        marks.flat_map(|(_, mark)| block.lines.iter().filter_map(move |line| line.text.split_once(mark))).find_map(|(_, rest)| {
            let word = rest.split([' ', '"', '_', '(']).next().filter(|word| !word.is_empty())?;
            let (namespace, name) = word.split_once('/').map_or((None, word), |(namespace, name)| (Some(namespace.to_owned()), name));
            Some((namespace, name.to_owned()))
        })
    })
}
