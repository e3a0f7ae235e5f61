//! Compact sorting: one algorithm for all lists.
//!
//! The standard sorts compile to four kilobytes of code per type and order; this one sorts indices with one shared
//! algorithm and then moves each element once. The sort is stable.

use std::cmp::Ordering;

/// Lists that can be sorted.
pub trait Sort {
    /// The type of the elements.
    type Item;

    /// Sorts by the natural order.
    fn sort_small(&mut self)
    where
        Self::Item: Ord;

    /// Sorts by a comparison function.
    fn sort_small_by(&mut self, order: impl Fn(&Self::Item, &Self::Item) -> Ordering);

    fn sort_small_by_key<K: Ord>(&mut self, key: impl Fn(&Self::Item) -> K);
}

impl<T> Sort for [T] {
    type Item = T;

    fn sort_small(&mut self)
    where
        T: Ord,
    {
        self.sort_small_by(T::cmp);
    }

    fn sort_small_by(&mut self, order: impl Fn(&T, &T) -> Ordering) {
        if self.len() < 2 {
            return;
        }
        let mut to = sorted_places(self.len(), &|a, b| order(&self[a], &self[b]));
        move_all(&mut to, &mut |a, b| self.swap(a, b));
    }

    fn sort_small_by_key<K: Ord>(&mut self, key: impl Fn(&T) -> K) {
        self.sort_small_by(|a, b| key(a).cmp(&key(b)));
    }
}

/// The indices of a list, sorted by the elements they refer to.
fn sorted_places(count: usize, order: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|a, b| order(*a, *b));
    places
}

/// Moves the element at `from[i]` to `i`, for each `i`, by swaps.
fn move_all(from: &mut [usize], swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..from.len() {
        let mut here = start;
        while from[here] != start {
            let next = from[here];
            swap(here, next);
            from[here] = here;
            here = next;
        }
        from[here] = here;
    }
}
