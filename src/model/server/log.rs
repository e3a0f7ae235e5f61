//! The revision log: all writes in order, from which watches, traces, timelines and digests are read.

use std::cell::Cell;
use std::rc::Rc;

use super::signed::Signed;
use api::controller::Controller;
use api::object::{Name, Object, ObjectKey};
use base::hash::{Digest, print};
use base::time::Time;
use base::word::Word;

/// The author of a write.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Actor {
    /// A user at a terminal or the page's buttons.
    User,
    /// The API server itself: admission, removal of finalizers.
    ApiServer,
    /// A controller of kube-controller-manager.
    Controller(Controller),
    Scheduler,
    /// The kubelet of a node.
    Kubelet(Name),
    /// A volume provisioner.
    Provisioner(Name),
    /// A component that emits an Event.
    Speaker(Word),
    /// The playground, setting up the cluster.
    Setup,
}

/// A write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The store's revision after the write.
    pub revision: u64,
    /// The time of the write.
    pub at: Time,
    /// The object written.
    pub key: ObjectKey,
    /// The object before it; `None` for a creation.
    pub before: Option<Object>,
    /// The object after it; `None` for a removal.
    pub after: Option<Object>,
    /// The author.
    pub by: Actor,
    /// Of a client's write: what it says about who owns which field.
    pub signed: Option<Rc<Signed>>,
}

impl Change {
    /// The object before and after, each converted by `read`, if possible.
    pub fn sides<'a, T>(&'a self, read: impl Fn(&'a Object) -> Option<&'a T>) -> [Option<&'a T>; 2] {
        [&self.before, &self.after].map(|side| side.as_ref().and_then(&read))
    }

    /// Whether the write asks an object to go, or takes one away that nobody had asked.
    pub fn is_deletion(&self) -> bool {
        let goes = |side: &Object| side.meta().terminating();
        self.before.as_ref().is_some_and(|before| !goes(before)) && self.after.as_ref().is_none_or(goes)
    }

    /// The object after the write or, if removed, before it.
    pub fn object(&self) -> Option<&Object> {
        self.after.as_ref().or(self.before.as_ref())
    }
}

/// The number of changes in a shared chunk of the log.
const CHUNK: usize = 64;

/// Changes in order, in shared chunks, so that cloning the world does not copy its history.
#[derive(Clone, Debug, Default)]
pub struct Log {
    chunks: Vec<Rc<Vec<Change>>>,
    dropped: usize,
    len: usize,
    /// The digest of the changes before a position. A digest is asked for seldom, and hashing an object costs as much as storing it:
    /// changes are added when somebody asks, and before they are dropped.
    digested: Cell<(usize, Digest)>,
}

impl Log {
    /// Appends a change.
    pub fn push(&mut self, change: Change) {
        if self.chunks.last().is_none_or(|c| c.len() == CHUNK) {
            self.chunks.push(Rc::new(Vec::with_capacity(CHUNK)));
        }
        if let Some(last) = self.chunks.last_mut() {
            if Rc::get_mut(last).is_none() {
                // A clone of a vector has no room for more.
                let mut own = Vec::with_capacity(CHUNK);
                own.extend_from_slice(last);
                *last = Rc::new(own);
            }
            Rc::make_mut(last).push(change);
        }
        self.len += 1;
    }

    /// The number of changes ever made, which is the position of the next.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing was ever written.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The position of the oldest change still kept.
    pub fn first(&self) -> usize {
        self.dropped * CHUNK
    }

    /// The change at a position; `None` if there is none or it was dropped.
    pub fn get(&self, position: usize) -> Option<&Change> {
        self.chunks.get((position / CHUNK).checked_sub(self.dropped)?)?.get(position % CHUNK)
    }

    /// The change at a position in its chunk, and its place there: who holds the chunk can go on while others use the log.
    pub fn held(&self, position: usize) -> Option<(Rc<Vec<Change>>, usize)> {
        let chunk = self.chunks.get((position / CHUNK).checked_sub(self.dropped)?)?;
        chunk.get(position % CHUNK).map(|_| (Rc::clone(chunk), position % CHUNK))
    }

    /// The changes still kept.
    pub fn kept(&self) -> impl Iterator<Item = &Change> {
        self.from(self.first())
    }

    /// Whether no change from a position on was dropped. Who reads after every event has no need to ask; who reads over a whole run has.
    pub fn reaches(&self, position: usize) -> bool {
        position >= self.first()
    }

    /// The changes from a position on, all of which are to be there: [`Self::reaches`].
    pub fn from(&self, position: usize) -> impl Iterator<Item = &Change> {
        debug_assert!(self.reaches(position), "the changes from {position} to {} were dropped", self.first());
        (position.max(self.first())..self.len).filter_map(|i| self.get(i))
    }

    /// The position of the first change after a revision.
    pub fn after_revision(&self, revision: u64) -> usize {
        self.after(&|change| change.revision <= revision)
    }

    /// The position of the first change after an instant.
    pub fn until(&self, at: Time) -> usize {
        self.after(&|change| change.at <= at)
    }

    /// The position of the first change that is not among the earlier ones.
    fn after(&self, is_earlier: &dyn Fn(&Change) -> bool) -> usize {
        let (mut low, mut high) = (self.first(), self.len);
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.get(middle) {
                Some(change) if is_earlier(change) => low = middle + 1,
                _ => high = middle,
            }
        }
        low
    }

    /// A digest of every change so far: when it was, and all that the object says then. Who wrote, and who manages which field, is left
    /// out.
    pub fn digest(&self) -> Digest {
        let (position, mut digest) = self.digested.get();
        for Change { revision, at, key, after, .. } in self.from(position) {
            digest.word(print(&(at, revision, key, after)));
        }
        self.digested.set((self.len, digest));
        digest
    }

    /// Drops the oldest changes in excess of about this many, of those before a position.
    pub fn keep(&mut self, most: usize, before: usize) {
        while self.chunks.len() > 2 && (self.chunks.len() - 1) * CHUNK > most && self.first() + CHUNK <= before {
            if self.digested.get().0 < self.first() + CHUNK {
                self.digest();
            }
            self.chunks.remove(0);
            self.dropped += 1;
        }
    }
}
