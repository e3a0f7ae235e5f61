//! Shrinks a run by leaving operations out.

/// The shortest list found for which `shows` still returns a result, and that result. Leaves out halves, quarters and so on, as long
/// as this works. `first` is the result for the whole list.
pub(super) fn shortest<T>(whole: &[u64], first: T, shows: impl Fn(&[u64]) -> Option<T>) -> T {
    let mut kept = whole.to_vec();
    let mut best = first;
    let mut piece = kept.len().div_ceil(2);
    while piece > 0 {
        let mut at = 0;
        let mut shorter = false;
        while at < kept.len() {
            let end = (at + piece).min(kept.len());
            let rest = [&kept[..at], &kept[end..]].concat();
            if let Some(found) = shows(&rest) {
                (kept, best, shorter) = (rest, found, true);
            } else {
                at = end;
            }
        }
        if piece > 1 {
            piece = piece.div_ceil(2);
        } else if !shorter {
            break;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_needed_is_left_out() {
        let whole: Vec<u64> = (0..100).collect();
        for needed in [&[][..], &[0], &[99], &[3, 50, 51], &[0, 33, 66, 99]] {
            let shows = |list: &[u64]| needed.iter().all(|n| list.contains(n)).then(|| list.to_vec());
            assert_eq!(shortest(&whole, whole.clone(), shows), needed);
        }
        assert_eq!(shortest(&[], 7, |_| None), 7);
    }
}
