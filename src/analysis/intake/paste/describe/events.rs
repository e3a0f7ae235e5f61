//! The Events below a description, in the columns of all times.
//!
//! Since 1.7 `Type Reason Age From Message`; before `FirstSeen LastSeen Count From SubObjectPath Type Reason Message`.

use crate::event::Happened;
use crate::paste::found::Found;
use api::kind::Kind;
use rows::described::block::{Block, Line};
use rows::figures;

/// What kubectl writes before the message of several Events that differ a little.
const COMBINED: &str = "(combined from similar events): ";
/// What kubectl writes before a message about a container.
const OF_CONTAINER: &str = "spec.containers{";
/// How that begins whichever list of containers it is.
const OF_SPEC: &str = "spec.";
/// Of which kind the objects are that a component reports about.
const REPORTERS: [(&str, Kind); 5] = [
    ("statefulset", Kind::StatefulSet),
    ("persistentvolume-controller", Kind::PersistentVolumeClaim),
    ("default-scheduler", Kind::Pod),
    ("kubelet", Kind::Pod),
    ("attachdetach-controller", Kind::Pod),
];

/// What a row says; about nothing yet.
fn happened(line: &Line) -> Option<Happened> {
    let cells = line.cells();
    let typed = Some(&cells).filter(|_| line.is_event())?.iter().position(|cell| matches!(cell.text, "Normal" | "Warning"))?;
    let cell = |at: usize| cells.get(at).map_or("", |cell| cell.text);
    // A component that is not named leaves no cell.
    let (age, from, message) = match typed {
        0 if cells.len() == 4 => (cell(2), "", 3),
        0 => (cell(2), cell(3), 4),
        _ => (cell(1), cell(3), typed + 2),
    };
    let message = &line.text[cells.get(message)?.at..];
    Some(Happened {
        about: Default::default(),
        reason: cell(typed + 1).to_owned(),
        message: message.to_owned(),
        last: figures::age(age).map(figures::ago),
        source: from.split(',').next().unwrap_or_default().to_owned(),
        line: line.number,
        ..Happened::default()
    })
}

/// The kind of the object that these Events are about, by who reports them.
pub fn kind(block: &Block) -> Option<Kind> {
    let mut events = block.lines.iter().filter_map(happened);
    events.find_map(|event| REPORTERS.iter().find(|(source, _)| event.source.starts_with(source))).map(|(_, kind)| *kind)
}

/// The container that the Events name first.
pub fn container(block: &Block) -> Option<&str> {
    block.lines.iter().find_map(|line| line.text.split_once(OF_CONTAINER)?.1.split_once('}')).map(|(name, _)| name)
}

/// Reads the Events about an object.
pub fn read(block: &Block, kind: Option<Kind>, namespace: &str, name: &str, out: &mut Found) {
    for (line, mut event) in block.lines.iter().filter_map(|line| Some((line.number, happened(line)?))) {
        event.about = (kind.map_or("", |kind| kind.info().name).to_owned(), namespace.to_owned(), name.to_owned());
        let message = event.message.strip_prefix(COMBINED).unwrap_or(&event.message);
        let of_container = message.strip_prefix(OF_SPEC).filter(|rest| !rest.starts_with(' ')).and_then(|rest| rest.split_once("}: "));
        event.message = of_container.map_or(message, |(_, rest)| rest).to_owned();
        out.happened(line..=line, event);
    }
}
