//! Which terminal line wrote what, to tell where an object comes from.

use std::rc::Rc;

use console::Line;
use server::log::{Actor, Change};
use view::terminal::Typed;

/// How many lines with writes are remembered.
const MAX_TYPED: usize = 200;
/// How many objects per line are remembered.
const MAX_WRITTEN: usize = 100;

/// Records what a line wrote. One that goes on writing after another did is recorded again.
pub fn note<'a>(typed: &mut Vec<Rc<Typed>>, line: &Line, changes: impl Iterator<Item = &'a Change>) {
    for change in changes.filter(|change| change.by == Actor::User) {
        if typed.last().is_none_or(|last| last.id != line.id) {
            let revisions = (change.revision, change.revision);
            typed.push(Rc::new(Typed { id: line.id, line: Rc::clone(&line.text), revisions, wrote: Vec::new() }));
        }
        let Some(last) = typed.last_mut().map(Rc::make_mut) else { return };
        last.revisions.1 = change.revision;
        if last.wrote.len() < MAX_WRITTEN && !last.wrote.contains(&change.key) {
            last.wrote.push(change.key.clone());
        }
    }
    let excess = typed.len().saturating_sub(MAX_TYPED);
    typed.drain(..excess);
}
