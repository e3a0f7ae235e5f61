//! Entries that keep one place for their life and are found by a hash, in a time that does not grow with their number.
//!
//! Promises: nothing here has an order, and nothing can be listed, so that no hash decides what happens; a clone shares what neither
//! changes, so that a checkpoint costs what changes after it. What has an order lists places in a [`SortedMap`](crate::sorted::SortedMap).

use std::array;
use std::num::NonZeroU32;
use std::rc::Rc;

/// How many slots a chunk has, and how many cells a part of the index has. Both are copied when one of those who share them changes
/// them.
const CHUNK: usize = 32;
const PART: usize = 128;

/// The place of an entry: its own as long as it is there, and another's after that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotId(NonZeroU32);

/// The first one.
impl Default for SlotId {
    fn default() -> Self {
        SlotId(NonZeroU32::MIN)
    }
}

impl SlotId {
    /// The place of the slot with this number.
    fn of(slot: usize) -> Self {
        let number = u32::try_from(slot + 1).ok().and_then(NonZeroU32::new);
        SlotId(number.expect("fewer slots than places"))
    }

    /// The number of its slot.
    fn slot(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// Entries of one type.
#[derive(Clone, Debug)]
pub struct Slots<T> {
    index: Index,
    chunks: Vec<Rc<[Slot<T>; CHUNK]>>,
    /// The first free slot, if any.
    free: Option<SlotId>,
}

#[derive(Clone, Debug)]
enum Slot<T> {
    Used(T),
    /// With the next free one.
    Free(Option<SlotId>),
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Slots { index: Index::default(), chunks: Vec::new(), free: None }
    }
}

impl<T> Slots<T> {
    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.index.count == 0
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.index.count
    }

    /// The place of the entry with this hash that is the one.
    pub fn find(&self, hash: u32, is: impl Fn(&T) -> bool) -> Option<SlotId> {
        self.index.find(hash, &|place| self.get(place).is_some_and(&is))
    }

    /// The entry at a place.
    pub fn get(&self, place: SlotId) -> Option<&T> {
        let slot = place.slot();
        match &self.chunks.get(slot / CHUNK)?[slot % CHUNK] {
            Slot::Used(entry) => Some(entry),
            Slot::Free(_) => None,
        }
    }
}

impl<T: Clone> Slots<T> {
    /// The entry at a place, to be changed.
    pub fn get_mut(&mut self, place: SlotId) -> Option<&mut T> {
        match self.slot(place) {
            Slot::Used(entry) => Some(entry),
            Slot::Free(_) => None,
        }
    }

    /// Adds an entry that is not there yet, and gives it a place.
    pub fn add(&mut self, hash: u32, entry: T) -> SlotId {
        let place = self.free.unwrap_or_else(|| self.add_chunk());
        if let Slot::Free(next) = std::mem::replace(self.slot(place), Slot::Used(entry)) {
            self.free = next;
        }
        self.index.add(hash, place);
        place
    }

    /// Removes the entry at a place, which has this hash.
    pub fn remove(&mut self, hash: u32, place: SlotId) -> Option<T> {
        let free = Slot::Free(self.free);
        let Slot::Used(entry) = std::mem::replace(self.slot(place), free) else { return None };
        self.free = Some(place);
        self.index.remove(hash, place);
        Some(entry)
    }

    /// Keeps the entries for which `keep` returns true; `hash` gives the hash of an entry.
    pub fn retain(&mut self, hash: impl Fn(&T) -> u32, keep: impl Fn(&T) -> bool) {
        for place in (0..self.chunks.len() * CHUNK).map(SlotId::of) {
            if let Some(hash) = self.get(place).filter(|entry| !keep(entry)).map(&hash) {
                self.remove(hash, place);
            }
        }
    }

    fn slot(&mut self, place: SlotId) -> &mut Slot<T> {
        let slot = place.slot();
        &mut Rc::make_mut(&mut self.chunks[slot / CHUNK])[slot % CHUNK]
    }

    /// Adds free slots behind the others; the first of them.
    fn add_chunk(&mut self) -> SlotId {
        let first = self.chunks.len() * CHUNK;
        self.chunks.push(Rc::new(array::from_fn(|at| Slot::Free((at + 1 < CHUNK).then(|| SlotId::of(first + at + 1))))));
        SlotId::of(first)
    }
}

/// Places by hash: open addressing within parts, whose number doubles as they fill. Nobody tries to deceive it: a part has room for more
/// hashes that agree in all their bits than will ever be met.
#[derive(Clone, Debug, Default)]
struct Index {
    parts: Vec<Rc<[Cell; PART]>>,
    count: usize,
}

/// A hash and a place.
type Cell = Option<(u32, SlotId)>;

impl Index {
    /// The part of a hash, if there is one, and the cell in it where a search begins.
    fn home(&self, hash: u32) -> (usize, usize) {
        let hash = hash as usize;
        ((hash / PART) & self.parts.len().wrapping_sub(1), hash % PART)
    }

    fn find(&self, hash: u32, is: &dyn Fn(SlotId) -> bool) -> Option<SlotId> {
        let (part, mut at) = self.home(hash);
        let cells = self.parts.get(part)?;
        // Growth leaves no part without an empty cell.
        while let Some((other, place)) = cells[at] {
            if other == hash && is(place) {
                return Some(place);
            }
            at = (at + 1) % PART;
        }
        None
    }

    fn add(&mut self, hash: u32, place: SlotId) {
        self.count += 1;
        if self.count > self.parts.len() * PART / 2 || !self.put(hash, place) {
            self.grow();
            while !self.put(hash, place) {
                self.grow();
            }
        }
    }

    /// Puts a place in the first empty cell from its home on, unless that is the last empty one of its part.
    fn put(&mut self, hash: u32, place: SlotId) -> bool {
        let (part, home) = self.home(hash);
        let cells = Rc::make_mut(&mut self.parts[part]);
        let mut empty = (0..PART).map(|step| (home + step) % PART).filter(|at| cells[*at].is_none());
        match (empty.next(), empty.next()) {
            (Some(at), Some(_)) => {
                cells[at] = Some((hash, place));
                true
            }
            _ => false,
        }
    }

    fn grow(&mut self) {
        let parts = (0..(self.parts.len() * 2).max(1)).map(|_| Rc::new([None; PART]));
        let cells = std::mem::replace(&mut self.parts, parts.collect());
        for (hash, place) in cells.iter().flat_map(|part| part.iter().flatten()) {
            assert!(self.put(*hash, *place), "half of a full part fits in one");
        }
    }

    /// Removes a place, and moves up what was put behind it for want of room.
    fn remove(&mut self, hash: u32, place: SlotId) {
        let (part, mut hole) = self.home(hash);
        let cells = Rc::make_mut(&mut self.parts[part]);
        while cells[hole].is_some_and(|cell| cell != (hash, place)) {
            hole = (hole + 1) % PART;
        }
        self.count -= usize::from(cells[hole].is_some());
        let mut at = hole;
        loop {
            at = (at + 1) % PART;
            let Some((other, _)) = cells[at] else { break };
            let from_home = at.wrapping_sub(other as usize) % PART;
            if from_home >= at.wrapping_sub(hole) % PART {
                cells[hole] = cells[at];
                hole = at;
            }
        }
        cells[hole] = None;
    }
}
