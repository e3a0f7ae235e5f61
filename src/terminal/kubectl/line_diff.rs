//! Two texts laid beside each other, line by line, as `diff` lays them.
//!
//! Models what GNU diffutils does in analyze.c, in our own words: the fewest changes, after Myers, over what is left when lines that
//! would mislead the search are set aside; then each run of changed lines slides to where it reads best. Promises: what both texts
//! begin and end with costs little, and the rest its length times the number of its changes.

use std::ops::Range;

use base::sorted::SortedMap;

/// How many of the lines that both texts begin or end with take part, so that runs can slide over them.
const HORIZON: usize = 3;

/// Which line of the old text is which of the new one, in order.
pub fn aligned_lines(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let (old, new) = numbered(old, new);
    let alike = |(a, b): &(&usize, &usize)| a == b;
    let head = old.iter().zip(&new).take_while(alike).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(alike).count();
    let (head, tail) = (head.saturating_sub(HORIZON), tail.saturating_sub(HORIZON));
    let ends = (old.len() - tail, new.len() - tail);
    let mut pairs: Vec<(usize, usize)> = (0..head).map(|at| (at, at)).collect();
    let between = aligned(&old[head..ends.0], &new[head..ends.1]);
    pairs.extend(between.into_iter().map(|(a, b)| (head + a, head + b)));
    pairs.extend((0..tail).map(|at| (ends.0 + at, ends.1 + at)));
    pairs
}

/// The lines as numbers: equal ones have the same.
fn numbered<'a>(old: &[&'a str], new: &[&'a str]) -> (Vec<usize>, Vec<usize>) {
    let mut numbers = SortedMap::new();
    let mut number = |line: &&'a str| {
        let next = numbers.len();
        *numbers.entry(*line).or_insert(next)
    };
    let old = old.iter().map(&mut number).collect();
    (old, new.iter().map(&mut number).collect())
}

fn aligned(old: &[usize], new: &[usize]) -> Vec<(usize, usize)> {
    let (old_at, new_at) = (compared(old, new), compared(new, old));
    let pick = |lines: &[usize], at: &[usize]| at.iter().map(|i| lines[*i]).collect::<Vec<_>>();
    let pairs = Search::new(pick(old, &old_at), pick(new, &new_at)).pairs();
    let (mut left, mut right): (Vec<_>, Vec<_>) = pairs.into_iter().map(|(a, b)| (old_at[a], new_at[b])).unzip();
    slide(old, &mut left, &gaps(&right, new.len()));
    slide(new, &mut right, &gaps(&left, old.len()));
    left.into_iter().zip(right).collect()
}

/// What becomes of a line before the search.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Compared,
    /// The other text does not have it.
    Alone,
    /// The other text has it often: it is set aside among lines that are alone.
    Frequent,
}

/// The lines that take part in the search.
fn compared(lines: &[usize], other: &[usize]) -> Vec<usize> {
    let mut counts = SortedMap::new();
    for line in other {
        *counts.entry(*line).or_insert(0) += 1;
    }
    let many = 5 * doublings(lines.len() / 64);
    let fate = |line: &usize| match counts.get(line).copied().unwrap_or(0) {
        0 => Fate::Alone,
        count if count > many => Fate::Frequent,
        _ => Fate::Compared,
    };
    let mut fates: Vec<Fate> = lines.iter().map(fate).collect();
    for stretch in fates.split_mut(|fate| *fate == Fate::Compared) {
        let is_alone = |fate: &Fate| *fate == Fate::Alone;
        match (stretch.iter().position(is_alone), stretch.iter().rposition(is_alone)) {
            (Some(first), Some(last)) => {
                stretch[..first].fill(Fate::Compared);
                stretch[last + 1..].fill(Fate::Compared);
                settle(&mut stretch[first..=last]);
            }
            _ => stretch.fill(Fate::Compared),
        }
    }
    (0..lines.len()).filter(|at| fates[*at] == Fate::Compared).collect()
}

/// About the square root of a number: 1, doubled for each factor of 4.
fn doublings(number: usize) -> usize {
    std::iter::successors(Some(number / 4), |n| Some(n / 4)).take_while(|n| *n > 0).fold(1, |double, _| 2 * double)
}

/// Decides which frequent lines are set aside in a stretch that begins and ends with lines that are alone: not where they are more
/// than a quarter of it, not where several follow each other, and not close to its ends.
fn settle(stretch: &mut [Fate]) {
    let frequent = stretch.iter().filter(|fate| **fate == Fate::Frequent).count();
    if 4 * frequent > stretch.len() {
        keep(stretch);
        return;
    }
    let several = doublings(stretch.len() / 4) + 1;
    stretch.split_mut(|fate| *fate == Fate::Alone).filter(|run| run.len() >= several).for_each(keep);
    keep_at_end(stretch.iter_mut());
    keep_at_end(stretch.iter_mut().rev());
}

fn keep(run: &mut [Fate]) {
    run.iter_mut().filter(|fate| **fate == Fate::Frequent).for_each(|fate| *fate = Fate::Compared);
}

/// Keeps the frequent lines from one end on, up to three lines in a row that are alone, or the first one after eight lines.
fn keep_at_end<'a>(stretch: impl Iterator<Item = &'a mut Fate>) {
    let mut alone = 0;
    for (at, fate) in stretch.enumerate() {
        if *fate == Fate::Alone {
            alone += 1;
            if alone == 3 || at >= 8 {
                return;
            }
        } else {
            *fate = Fate::Compared;
            alone = 0;
        }
    }
}

/// The search for the fewest changes. Models E. W. Myers, An O(ND) Difference Algorithm and Its Variations, section 4b.
struct Search {
    /// The lines, counted from 1: 0 is before the first one.
    old: Vec<usize>,
    new: Vec<usize>,
    /// For each diagonal, the old line that paths from the start reach on it.
    ahead: Vec<usize>,
    /// The same of paths from the end.
    behind: Vec<usize>,
    pairs: Vec<(usize, usize)>,
}

/// The diagonals that paths of one length can end on.
struct Reach {
    low: usize,
    high: usize,
}

impl Reach {
    /// Makes the paths one step longer, within the bounds; `none` stands for where no path leads.
    fn widen(&mut self, bounds: &Reach, reached: &mut [usize], none: usize) {
        if self.low > bounds.low {
            self.low -= 1;
            reached[self.low - 1] = none;
        } else {
            self.low += 1;
        }
        if self.high < bounds.high {
            self.high += 1;
            reached[self.high + 1] = none;
        } else {
            self.high -= 1;
        }
    }

    fn diagonals(&self) -> impl Iterator<Item = usize> + use<> {
        (self.low..=self.high).rev().step_by(2)
    }

    fn has(&self, diagonal: usize) -> bool {
        (self.low..=self.high).contains(&diagonal)
    }
}

impl Search {
    fn new(old: Vec<usize>, new: Vec<usize>) -> Search {
        let diagonals = old.len() + new.len() + 3;
        let counted = |lines: Vec<usize>| [usize::MAX].into_iter().chain(lines).collect();
        let (old, new) = (counted(old), counted(new));
        Search { old, new, ahead: vec![0; diagonals], behind: vec![0; diagonals], pairs: Vec::new() }
    }

    /// Which line is which.
    fn pairs(mut self) -> Vec<(usize, usize)> {
        self.compare(1..self.old.len(), 1..self.new.len());
        self.pairs.into_iter().map(|(x, y)| (x - 1, y - 1)).collect()
    }

    /// Pairs the lines of two ranges.
    fn compare(&mut self, mut old: Range<usize>, mut new: Range<usize>) {
        while !old.is_empty() && !new.is_empty() && self.old[old.start] == self.new[new.start] {
            self.pairs.push((old.start, new.start));
            (old.start, new.start) = (old.start + 1, new.start + 1);
        }
        let mut tail = 0;
        while !old.is_empty() && !new.is_empty() && self.old[old.end - 1] == self.new[new.end - 1] {
            (old.end, new.end, tail) = (old.end - 1, new.end - 1, tail + 1);
        }
        if !old.is_empty() && !new.is_empty() {
            let (x, y) = self.middle(&old, &new);
            self.compare(old.start..x, new.start..y);
            self.compare(x..old.end, y..new.end);
        }
        self.pairs.extend((0..tail).map(|at| (old.end + at, new.end + at)));
    }

    /// The diagonal of a place, counted so that none is below 1.
    fn diagonal(&self, x: usize, y: usize) -> usize {
        x + self.new.len() - y
    }

    /// The new line on a diagonal. Paths may run out of the texts, where they are of no use, whatever their place.
    fn across(&self, diagonal: usize, x: usize) -> usize {
        (x + self.new.len()).saturating_sub(diagonal)
    }

    /// A place in the middle of a shortest path, where paths from both ends meet.
    fn middle(&mut self, old: &Range<usize>, new: &Range<usize>) -> (usize, usize) {
        let bounds = Reach { low: self.diagonal(old.start, new.end), high: self.diagonal(old.end, new.start) };
        let (first, last) = (self.diagonal(old.start, new.start), self.diagonal(old.end, new.end));
        let is_odd = first % 2 != last % 2;
        let (mut forward, mut backward) = (Reach { low: first, high: first }, Reach { low: last, high: last });
        (self.ahead[first], self.behind[last]) = (old.start, old.end);
        loop {
            forward.widen(&bounds, &mut self.ahead, 0);
            for diagonal in forward.diagonals() {
                let (x, y) = self.go_ahead(diagonal, old, new);
                if is_odd && backward.has(diagonal) && self.behind[diagonal] <= x {
                    return (x, y);
                }
            }
            backward.widen(&bounds, &mut self.behind, usize::MAX);
            for diagonal in backward.diagonals() {
                let (x, y) = self.go_back(diagonal, old, new);
                if !is_odd && forward.has(diagonal) && x <= self.ahead[diagonal] {
                    return (x, y);
                }
            }
        }
    }

    /// Takes a step onto a diagonal, and all that are free on it.
    fn go_ahead(&mut self, diagonal: usize, old: &Range<usize>, new: &Range<usize>) -> (usize, usize) {
        let (below, above) = (self.ahead[diagonal - 1], self.ahead[diagonal + 1]);
        let mut x = if below < above { above } else { below + 1 };
        let mut y = self.across(diagonal, x);
        while x < old.end && y < new.end && self.old[x] == self.new[y] {
            (x, y) = (x + 1, y + 1);
        }
        self.ahead[diagonal] = x;
        (x, y)
    }

    /// The same from the end.
    fn go_back(&mut self, diagonal: usize, old: &Range<usize>, new: &Range<usize>) -> (usize, usize) {
        let (below, above) = (self.behind[diagonal - 1], self.behind[diagonal + 1]);
        let mut x = if below < above { below } else { above.saturating_sub(1) };
        let mut y = self.across(diagonal, x);
        while old.start < x && new.start < y && self.old[x - 1] == self.new[y - 1] {
            (x, y) = (x - 1, y - 1);
        }
        self.behind[diagonal] = x;
        (x, y)
    }
}

/// Whether there are unpaired lines before each paired one, and after the last.
fn gaps(paired: &[usize], length: usize) -> Vec<bool> {
    let ends = paired.iter().copied().chain([length]);
    let starts = [0].into_iter().chain(paired.iter().map(|at| at + 1));
    starts.zip(ends).map(|(start, end)| start < end).collect()
}

/// Slides each run of unpaired lines of a text as far down as it reads the same, joining the runs on its way; but to the last place
/// where it stands beside unpaired lines of the other text, if there is any.
fn slide(lines: &[usize], paired: &mut [usize], others: &[bool]) {
    let mut at = 0;
    while at <= paired.len() {
        if run(lines, paired, at).is_empty() {
            at += 1;
            continue;
        }
        let mut beside;
        loop {
            let before = run(lines, paired, at).len();
            while at > 0 && can_rise(lines, &run(lines, paired, at)) {
                at = rise(lines, paired, at);
            }
            beside = others[at].then_some(at);
            while at < paired.len() && can_sink(lines, &run(lines, paired, at)) {
                paired[at] = run(lines, paired, at).start;
                at += 1;
                beside = if others[at] { Some(at) } else { beside };
            }
            if run(lines, paired, at).len() == before {
                break;
            }
        }
        while beside.is_some_and(|place| place < at) {
            at = rise(lines, paired, at);
        }
        at += 1;
    }
}

/// The unpaired lines before a paired one, or after the last.
fn run(lines: &[usize], paired: &[usize], at: usize) -> Range<usize> {
    let start = at.checked_sub(1).map_or(0, |before| paired[before] + 1);
    start..paired.get(at).copied().unwrap_or(lines.len())
}

fn can_rise(lines: &[usize], run: &Range<usize>) -> bool {
    lines[run.start - 1] == lines[run.end - 1]
}

fn can_sink(lines: &[usize], run: &Range<usize>) -> bool {
    lines[run.start] == lines[run.end]
}

/// Moves a run up by a line; where it is then.
fn rise(lines: &[usize], paired: &mut [usize], at: usize) -> usize {
    paired[at - 1] = run(lines, paired, at).end - 1;
    at - 1
}
