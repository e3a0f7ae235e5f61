//! A set, implemented as a sorted map without values.

use std::borrow::Borrow;
use std::fmt;
use std::ops::RangeBounds;

use super::{Keys, SortedMap};

/// A set sorted by its members.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct SortedSet<T> {
    members: SortedMap<T, ()>,
}

impl<T> SortedSet<T> {
    /// An empty set.
    pub const fn new() -> Self {
        SortedSet { members: SortedMap::new() }
    }

    /// The number of members.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether the set is empty.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Removes all members.
    pub fn clear(&mut self) {
        self.members.clear();
    }

    /// The members in ascending order.
    pub fn iter(&self) -> Keys<'_, T, ()> {
        self.members.keys()
    }

    /// The smallest member.
    pub fn first(&self) -> Option<&T> {
        self.members.first_key_value().map(|(member, ())| member)
    }

    /// The largest member.
    pub fn last(&self) -> Option<&T> {
        self.members.last_key_value().map(|(member, ())| member)
    }
}

impl<T: Clone> SortedSet<T> {
    /// Removes and returns the smallest member.
    pub fn pop_first(&mut self) -> Option<T> {
        self.members.pop_first().map(|(member, ())| member)
    }

    /// Keeps the members for which `keep` returns true.
    pub fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        self.members.retain(|member, ()| keep(member));
    }
}

impl<T: Ord> SortedSet<T> {
    /// Whether the set contains a member.
    pub fn contains<Q: Ord + ?Sized>(&self, member: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.members.contains_key(member)
    }

    /// The members in a range.
    pub fn range<R: RangeBounds<T>>(&self, range: R) -> Keys<'_, T, ()> {
        Keys(self.members.range(range))
    }

    /// The members of both sets.
    pub fn intersection<'a>(&'a self, other: &'a SortedSet<T>) -> impl Iterator<Item = &'a T> {
        self.iter().filter(|member| other.contains(*member))
    }

    /// The members that the other set lacks.
    pub fn difference<'a>(&'a self, other: &'a SortedSet<T>) -> impl Iterator<Item = &'a T> {
        self.iter().filter(|member| !other.contains(*member))
    }

    /// Whether the other set contains all members.
    pub fn is_subset(&self, other: &SortedSet<T>) -> bool {
        self.iter().all(|member| other.contains(member))
    }
}

impl<T: Ord + Clone> SortedSet<T> {
    /// Adds a member; returns whether it is new.
    pub fn insert(&mut self, member: T) -> bool {
        self.members.insert(member, ()).is_none()
    }

    /// Removes a member; returns whether it was present.
    pub fn remove<Q: Ord + ?Sized>(&mut self, member: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.members.remove(member).is_some()
    }
}

impl<T> Clone for SortedSet<T> {
    fn clone(&self) -> Self {
        SortedSet { members: self.members.clone() }
    }
}

impl<T> Default for SortedSet<T> {
    fn default() -> Self {
        SortedSet::new()
    }
}

impl<T: fmt::Debug> fmt::Debug for SortedSet<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl<T: Ord + Clone> Extend<T> for SortedSet<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, members: I) {
        for member in members {
            self.insert(member);
        }
    }
}

impl<T: Ord + Clone> FromIterator<T> for SortedSet<T> {
    fn from_iter<I: IntoIterator<Item = T>>(members: I) -> Self {
        let mut set = SortedSet::new();
        set.extend(members);
        set
    }
}

impl<T: Ord + Clone, const N: usize> From<[T; N]> for SortedSet<T> {
    fn from(members: [T; N]) -> Self {
        members.into_iter().collect()
    }
}

impl<T: Clone> IntoIterator for SortedSet<T> {
    type Item = T;
    type IntoIter = std::iter::Map<<SortedMap<T, ()> as IntoIterator>::IntoIter, fn((T, ())) -> T>;

    fn into_iter(self) -> Self::IntoIter {
        self.members.into_iter().map(|(member, ())| member)
    }
}

impl<'a, T> IntoIterator for &'a SortedSet<T> {
    type Item = &'a T;
    type IntoIter = Keys<'a, T, ()>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
