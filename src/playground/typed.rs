//! Which line of the terminal wrote what, for those who ask where an object comes from.

use std::rc::Rc;

use crate::server::log::{Actor, Change};
use crate::view::terminal::Typed;

/// How many lines that wrote something are remembered.
const TYPED_MOST: usize = 200;
/// How many objects are remembered of each.
const WRITTEN_MOST: usize = 100;

/// Notes what a line wrote. `line` is which one it is in the terminal, and what it says.
pub fn note<'a>(typed: &mut Vec<Rc<Typed>>, line: &(u64, String), changes: impl Iterator<Item = &'a Change>) {
    for change in changes.filter(|change| change.by == Actor::User) {
        if typed.last().is_none_or(|last| last.id != line.0) {
            let revisions = (change.revision, change.revision);
            typed.push(Rc::new(Typed { id: line.0, line: line.1.clone(), revisions, wrote: Vec::new() }));
        }
        let Some(last) = typed.last_mut().map(Rc::make_mut) else { return };
        last.revisions.1 = change.revision;
        if last.wrote.len() < WRITTEN_MOST && !last.wrote.contains(&change.key) {
            last.wrote.push(change.key.clone());
        }
    }
    let excess = typed.len().saturating_sub(TYPED_MOST);
    typed.drain(..excess);
}
