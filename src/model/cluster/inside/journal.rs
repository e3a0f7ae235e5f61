//! Who wrote to a volume, how much, and what most recently.
//!
//! Promises: bounded; processes with the same name are told apart by the uids of their pods.

use std::rc::Rc;

use api::object::{Name, Uid};
use base::time::Time;

/// How many writers are kept, the latest ones.
const MAX_WRITERS: usize = 8;
/// How many pieces are kept, the latest ones.
const MAX_PIECES: usize = 8;
/// How many characters of a piece are kept.
const MAX_LETTERS: usize = 48;

/// A pod whose processes wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writer {
    pub pod: Name,
    pub uid: Uid,
    /// How many bytes it wrote.
    pub bytes: usize,
    pub first: Time,
    pub last: Time,
}

/// A piece of text that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrote {
    /// When.
    pub at: Time,
    /// The pod that wrote it.
    pub uid: Uid,
    /// Its last line, truncated.
    pub text: Rc<str>,
}

/// The record of writes to a volume.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Journal {
    /// The writers, in the order of their first writes.
    pub writers: Vec<Writer>,
    /// The latest pieces, oldest first.
    pub pieces: Vec<Wrote>,
}

impl Journal {
    /// Records what was added to a file.
    pub fn take(&mut self, pod: &Name, uid: Uid, at: Time, added: &str) {
        match self.writers.iter_mut().find(|writer| writer.uid == uid) {
            Some(writer) => {
                writer.bytes += added.len();
                writer.last = at;
            }
            None => self.writers.push(Writer { pod: Rc::clone(pod), uid, bytes: added.len(), first: at, last: at }),
        }
        let line = added.lines().next_back().unwrap_or_default();
        self.pieces.push(Wrote { at, uid, text: line.chars().take(MAX_LETTERS).collect::<String>().into() });
        if self.writers.len() > MAX_WRITERS {
            self.writers.remove(0);
        }
        if self.pieces.len() > MAX_PIECES {
            self.pieces.remove(0);
        }
    }

    /// Whether the writes of two writers overlapped in time, rather than one writing only after the other had finished.
    pub fn interleaved(&self) -> bool {
        let within = |a: &Writer, b: &Writer| a.uid != b.uid && a.first <= b.last && b.first <= a.last;
        self.writers.iter().any(|a| self.writers.iter().any(|b| within(a, b)))
    }
}
