//! The line-by-line diff of two objects that the server appends to a refusal.
//!
//! Promises: three lines of context; hunks headed by line numbers; the same matching as the server's, which takes the longest equal
//! stretch first and then recurses on both sides of it. In a long text, frequent lines do not start a stretch.
//!
//! Models apimachinery pkg/util/diff, a unified diff by difflib's `SequenceMatcher`, without file names.

use base::hunks::{self, Line};
use base::sorted::SortedMap;
use std::ops::Range;

/// From this many lines on, frequent lines are ignored.
const LONG_TEXT: usize = 200;

/// The unified diff of two texts, hunks only.
pub fn unified(old: &str, new: &str) -> String {
    hunks::unified(&compare(&old.lines().collect::<Vec<_>>(), &new.lines().collect::<Vec<_>>()))
}

fn compare<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Line<'a>> {
    let mut places: SortedMap<&str, Vec<usize>> = SortedMap::new();
    for (i, line) in new.iter().enumerate() {
        places.entry(line).or_default().push(i);
    }
    if new.len() >= LONG_TEXT {
        places.retain(|_, places| places.len() <= new.len() / 100 + 1);
    }
    let mut stretches = Vec::new();
    Matcher { old, new, places }.stretches(0..old.len(), 0..new.len(), &mut stretches);
    let (mut i, mut j) = (0, 0);
    let mut lines = Vec::new();
    for stretch in stretches.into_iter().chain([Stretch { old: old.len(), new: new.len(), len: 0 }]) {
        lines.extend(old[i..stretch.old].iter().map(|l| Line::Old(l)));
        lines.extend(new[j..stretch.new].iter().map(|l| Line::New(l)));
        lines.extend(old[stretch.old..stretch.old + stretch.len].iter().map(|l| Line::Both(l)));
        (i, j) = (stretch.old + stretch.len, stretch.new + stretch.len);
    }
    lines
}

/// A run of equal lines in both texts.
struct Stretch {
    old: usize,
    new: usize,
    len: usize,
}

struct Matcher<'a> {
    old: &'a [&'a str],
    new: &'a [&'a str],
    /// The positions of each line in the new text.
    places: SortedMap<&'a str, Vec<usize>>,
}

impl Matcher<'_> {
    /// Collects the equal stretches of two ranges, in order.
    fn stretches(&self, old: Range<usize>, new: Range<usize>, found: &mut Vec<Stretch>) {
        let longest = self.longest(&old, &new);
        if longest.len == 0 {
            return;
        }
        let (old_end, new_end) = (longest.old + longest.len, longest.new + longest.len);
        if old.start < longest.old && new.start < longest.new {
            self.stretches(old.start..longest.old, new.start..longest.new, found);
        }
        found.push(longest);
        if old_end < old.end && new_end < new.end {
            self.stretches(old_end..old.end, new_end..new.end, found);
        }
    }

    /// The longest equal stretch; of several, the first in the old text, then in the new one.
    fn longest(&self, old: &Range<usize>, new: &Range<usize>) -> Stretch {
        let mut best = Stretch { old: old.start, new: new.start, len: 0 };
        let mut ending_at: SortedMap<usize, usize> = SortedMap::new();
        for i in old.clone() {
            let mut ending_here = SortedMap::new();
            for &j in self.places.get(self.old[i]).into_iter().flatten().filter(|j| new.contains(j)) {
                let len = j.checked_sub(1).and_then(|j| ending_at.get(&j)).copied().unwrap_or(0) + 1;
                ending_here.insert(j, len);
                if len > best.len {
                    best = Stretch { old: i + 1 - len, new: j + 1 - len, len };
                }
            }
            ending_at = ending_here;
        }
        while best.old > old.start && best.new > new.start && self.old[best.old - 1] == self.new[best.new - 1] {
            best = Stretch { old: best.old - 1, new: best.new - 1, len: best.len + 1 };
        }
        while best.old + best.len < old.end
            && best.new + best.len < new.end
            && self.old[best.old + best.len] == self.new[best.new + best.len]
        {
            best.len += 1;
        }
        best
    }
}
