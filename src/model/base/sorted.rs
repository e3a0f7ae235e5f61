//! Sorted maps and sets that compile to little code.
//!
//! They promise what the standard B-trees promise and are called the same way: iteration in the order of keys, look-ups in logarithmic
//! time. A page that is sent to every visitor pays for each type of map anew, and a B-tree's code for one type weighs five times as much as
//! this one's.
//! Entries lie in runs of bounded length, so that an insertion moves a bounded number of entries, however many there are. A clone shares
//! the runs: a run is copied when one of those who share it changes it, so that a checkpoint of a large cluster costs what changes after
//! it.

mod iter;
mod search;
mod set;

use std::borrow::Borrow;
use std::cell::Cell;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{Bound, Index, RangeBounds};
use std::rc::Rc;

pub use iter::{Iter, Keys, Values};
use search::Search;
pub use set::SortedSet;

/// How many bytes a run takes at most, and how many entries it holds at least and at most.
const RUN_BYTES: usize = 3072;
const RUN_LENGTHS: (usize, usize) = (16, 96);

/// Among so few entries, such as labels, a key is found sooner by asking each whether it is the one than by its order: most strings
/// differ in their length.
const FEW: usize = 8;

/// Adjacent entries.
type Run<K, V> = Rc<Vec<(K, V)>>;

/// A map sorted by key.
pub struct SortedMap<K, V> {
    /// No run is empty, but for the only one of a map that had entries before: queues and the like are empty again and again. Keys
    /// ascend within and across runs.
    runs: Vec<Run<K, V>>,
    /// Where the last search ended: the same key is often looked up several times in a row.
    last: Cell<Position>,
}

/// The position of an entry, existing or not: the run and the index in it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Position {
    run: usize,
    at: usize,
}

impl<K, V> SortedMap<K, V> {
    /// An empty map.
    pub const fn new() -> Self {
        SortedMap { runs: Vec::new(), last: Cell::new(Position { run: 0, at: 0 }) }
    }

    /// The number of entries. Takes time proportional to the number of runs.
    pub fn len(&self) -> usize {
        self.runs.iter().map(|run| run.len()).sum()
    }

    /// Whether the map is empty.
    pub fn is_empty(&self) -> bool {
        self.runs.first().is_none_or(|run| run.is_empty())
    }

    /// Removes all entries. Their place is kept if it is not shared, as such a map is filled again.
    pub fn clear(&mut self) {
        self.runs.truncate(1);
        match self.runs.first_mut().and_then(Rc::get_mut) {
            Some(run) => run.clear(),
            None => self.runs.clear(),
        }
    }

    /// The entries in ascending key order.
    pub fn iter(&self) -> Iter<'_, K, V> {
        Iter { rest: self.runs.iter(), front: [].iter(), back: [].iter() }
    }

    /// The keys in ascending order.
    pub fn keys(&self) -> Keys<'_, K, V> {
        Keys(self.iter())
    }

    /// The values in key order.
    pub fn values(&self) -> Values<'_, K, V> {
        Values(self.iter())
    }

    /// The entry with the smallest key.
    pub fn first_key_value(&self) -> Option<(&K, &V)> {
        self.runs.first()?.first().map(|(key, value)| (key, value))
    }

    /// The entry with the greatest key.
    pub fn last_key_value(&self) -> Option<(&K, &V)> {
        self.runs.last()?.last().map(|(key, value)| (key, value))
    }

    /// All entries, if they are few.
    fn few(&self) -> Option<&[(K, V)]> {
        match &*self.runs {
            [] => Some(&[]),
            [only] if only.len() <= FEW => Some(only),
            _ => None,
        }
    }

    /// The position of the first entry whose key does not compare as less, and whether it compares as equal. A new last entry belongs in
    /// the last run.
    fn place(&self, order: &dyn Fn(&K) -> Ordering) -> (Position, bool) {
        let length = |run: usize| self.runs[run].len();
        let found = Search { runs: self.runs.len(), length: &length, order: &|run, at| order(&self.runs[run][at].0) }.from(self.last.get());
        self.last.set(found.0);
        found
    }
}

impl<K: Clone, V: Clone> SortedMap<K, V> {
    /// A run is split when it grows beyond this length: larger entries take longer to move.
    const RUN_MAX: usize = {
        let (least, most) = RUN_LENGTHS;
        let fitting = RUN_BYTES / (size_of::<(K, V)>() + 1);
        if fitting < least {
            least
        } else if fitting > most {
            most
        } else {
            fitting
        }
    };

    /// Mutable values in key order.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.runs.iter_mut().flat_map(own).map(|(_, value)| value)
    }

    /// The values in key order, consuming the map.
    pub fn into_values(self) -> impl Iterator<Item = V> {
        self.into_iter().map(|(_, value)| value)
    }

    /// Removes and returns the entry with the smallest key.
    pub fn pop_first(&mut self) -> Option<(K, V)> {
        (!self.is_empty()).then(|| self.take(Position { run: 0, at: 0 }))
    }

    /// Takes out the entry with the greatest key. Unlike the least one, it leaves without others having to move up.
    pub fn pop_last(&mut self) -> Option<(K, V)> {
        let run = self.runs.len().checked_sub(1)?;
        let at = self.runs[run].len().checked_sub(1)?;
        Some(self.take(Position { run, at }))
    }

    /// Keeps the entries for which `keep` returns true.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        for run in &mut self.runs {
            own(run).retain_mut(|(key, value)| keep(key, value));
        }
        self.runs.retain(|run| !run.is_empty());
    }

    /// Inserts an entry at the position found by [`place`](Self::place); returns its final position.
    fn put(&mut self, mut place: Position, key: K, value: V) -> Position {
        if self.runs.is_empty() {
            self.runs.push(Rc::default());
        }
        let run = &mut self.runs[place.run];
        if Rc::strong_count(run) > 1 {
            *run = Rc::new(copy_with_room(run));
        }
        let run = own(run);
        run.insert(place.at, (key, value));
        if run.len() > Self::RUN_MAX {
            // Appending, the most common case, leaves full runs behind.
            let keep = if place.at + 1 == run.len() { Self::RUN_MAX } else { Self::RUN_MAX / 2 };
            let rest = run.split_off(keep);
            self.runs.insert(place.run + 1, Rc::new(rest));
            if place.at >= keep {
                place = Position { run: place.run + 1, at: place.at - keep };
            }
        }
        place
    }

    /// The entry at a position, mutably.
    fn entry_at(&mut self, place: Position) -> &mut (K, V) {
        &mut own(&mut self.runs[place.run])[place.at]
    }

    fn take(&mut self, place: Position) -> (K, V) {
        let run = own(&mut self.runs[place.run]);
        let entry = run.remove(place.at);
        if run.is_empty() && self.runs.len() > 1 {
            self.runs.remove(place.run);
        }
        entry
    }
}

impl<K: Ord, V> SortedMap<K, V> {
    /// The value under a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        if let Some(few) = self.few() {
            return few.iter().find(|(k, _)| same(k.borrow(), key)).map(|(_, value)| value);
        }
        let Position { run, at } = self.last.get();
        let last = self.runs.get(run).and_then(|run| run.get(at));
        if let Some((_, value)) = last.filter(|(k, _)| std::ptr::eq(k.borrow(), key)) {
            return Some(value);
        }
        let (place, found) = self.place(&|k| compare(k.borrow(), key));
        found.then(|| &self.runs[place.run][place.at].1)
    }

    /// Whether the map contains a key.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.get(key).is_some()
    }

    /// The entries whose keys are in a range.
    pub fn range<R: RangeBounds<K>>(&self, range: R) -> Iter<'_, K, V> {
        let from = match range.start_bound() {
            Bound::Unbounded => Position { run: 0, at: 0 },
            Bound::Included(start) => self.place(&|k| k.cmp(start)).0,
            Bound::Excluded(start) => self.place(&|k| k.cmp(start).then(Ordering::Less)).0,
        };
        let to = match range.end_bound() {
            Bound::Unbounded => Position { run: self.runs.len(), at: 0 },
            Bound::Excluded(end) => self.place(&|k| k.cmp(end)).0,
            Bound::Included(end) => self.place(&|k| k.cmp(end).then(Ordering::Less)).0,
        };
        self.between(from, to)
    }

    fn between(&self, from: Position, to: Position) -> Iter<'_, K, V> {
        let part =
            |run: usize, from: usize, to: usize| self.runs.get(run).and_then(|run| run.get(from..to.min(run.len()))).unwrap_or_default();
        if from.run > to.run {
            return Iter { rest: [].iter(), front: [].iter(), back: [].iter() };
        }
        if from.run == to.run {
            return Iter { rest: [].iter(), front: part(from.run, from.at, to.at).iter(), back: [].iter() };
        }
        Iter {
            rest: self.runs[from.run + 1..to.run].iter(),
            front: part(from.run, from.at, usize::MAX).iter(),
            back: part(to.run, 0, to.at).iter(),
        }
    }
}

impl<K: Ord + Clone, V: Clone> SortedMap<K, V> {
    /// The value under a key, mutably.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let place = self.find(key)?;
        Some(&mut self.entry_at(place).1)
    }

    /// Inserts or replaces a value; returns the previous one. As in the standard maps, an existing key is kept.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let (place, found) = self.place(&|k| k.cmp(&key));
        if found {
            return Some(std::mem::replace(&mut self.entry_at(place).1, value));
        }
        self.put(place, key, value);
        None
    }

    /// Removes a key and returns its value.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let place = self.find(key)?;
        Some(self.take(place).1)
    }

    /// Where a key is.
    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Option<Position>
    where
        K: Borrow<Q>,
    {
        if let Some(few) = self.few() {
            return few.iter().position(|(k, _)| same(k.borrow(), key)).map(|at| Position { run: 0, at });
        }
        let (place, found) = self.place(&|k| compare(k.borrow(), key));
        found.then_some(place)
    }

    /// The entry of a key, for insertion.
    pub fn entry(&mut self, key: K) -> Entry<'_, K, V> {
        Entry { map: self, key }
    }
}

/// Mutable access to a run, which is copied first if shared. Smaller in code than `Rc::make_mut`, as there are no weak pointers.
fn own<K: Clone, V: Clone>(run: &mut Run<K, V>) -> &mut Vec<(K, V)> {
    if Rc::strong_count(run) > 1 {
        *run = Rc::new(Vec::clone(run));
    }
    Rc::get_mut(run).expect("nobody shares it any more")
}

/// A copy of a run to which an entry is going to be added: a vector's clone has no room for more.
fn copy_with_room<K: Clone, V: Clone>(run: &[(K, V)]) -> Vec<(K, V)> {
    let mut copy = Vec::with_capacity((run.len() + 1).next_power_of_two());
    copy.extend_from_slice(run);
    copy
}

/// Compares keys; what is looked up is often the very string that is kept.
fn compare<Q: Ord + ?Sized>(one: &Q, other: &Q) -> Ordering {
    if std::ptr::eq(one, other) { Ordering::Equal } else { one.cmp(other) }
}

/// Whether keys are the same, for which most need not be read either.
fn same<Q: Eq + ?Sized>(one: &Q, other: &Q) -> bool {
    std::ptr::eq(one, other) || one == other
}

/// The entry of a key: its value and position.
pub struct Entry<'a, K, V> {
    map: &'a mut SortedMap<K, V>,
    key: K,
}

impl<'a, K: Ord + Clone, V: Clone> Entry<'a, K, V> {
    /// The value, inserted if missing.
    pub fn or_insert_with(self, value: impl FnOnce() -> V) -> &'a mut V {
        let (mut place, found) = self.map.place(&|k| k.cmp(&self.key));
        if !found {
            place = self.map.put(place, self.key, value());
        }
        &mut self.map.entry_at(place).1
    }

    /// The value, inserted if missing.
    pub fn or_insert(self, value: V) -> &'a mut V {
        self.or_insert_with(|| value)
    }

    /// The value, defaulted if missing.
    pub fn or_default(self) -> &'a mut V
    where
        V: Default,
    {
        self.or_insert_with(V::default)
    }
}

impl<K, V> Clone for SortedMap<K, V> {
    fn clone(&self) -> Self {
        SortedMap { runs: self.runs.clone(), last: self.last.clone() }
    }
}

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        SortedMap::new()
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for SortedMap<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<K: PartialEq, V: PartialEq> PartialEq for SortedMap<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<K: Eq, V: Eq> Eq for SortedMap<K, V> {}

impl<K: Hash, V: Hash> Hash for SortedMap<K, V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.len().hash(state);
        self.iter().for_each(|entry| entry.hash(state));
    }
}

impl<K: PartialOrd, V: PartialOrd> PartialOrd for SortedMap<K, V> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.iter().partial_cmp(other.iter())
    }
}

impl<K: Ord, V: Ord> Ord for SortedMap<K, V> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.iter().cmp(other.iter())
    }
}

impl<K: Ord + Clone, V: Clone> Extend<(K, V)> for SortedMap<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl<K: Ord + Clone, V: Clone> FromIterator<(K, V)> for SortedMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = SortedMap::new();
        map.extend(entries);
        map
    }
}

impl<K: Ord + Clone, V: Clone, const N: usize> From<[(K, V); N]> for SortedMap<K, V> {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<K: Clone, V: Clone> IntoIterator for SortedMap<K, V> {
    type Item = (K, V);
    type IntoIter = std::iter::FlatMap<std::vec::IntoIter<Run<K, V>>, Vec<(K, V)>, fn(Run<K, V>) -> Vec<(K, V)>>;

    fn into_iter(self) -> Self::IntoIter {
        self.runs.into_iter().flat_map(Rc::unwrap_or_clone)
    }
}

impl<'a, K, V> IntoIterator for &'a SortedMap<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Iter<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<K: Ord + Borrow<Q>, Q: Ord + ?Sized, V> Index<&Q> for SortedMap<K, V> {
    type Output = V;

    /// The value under a key that must exist.
    fn index(&self, key: &Q) -> &V {
        self.get(key).expect("the key is there")
    }
}
