//! Shrinks a run by leaving operations out.

/// The shortest list found for which `shows` still returns a result, and that result. Leaves out halves, quarters and so on, as long
/// as this works. `first` is the result for the whole list.
pub fn shortest<T>(whole: &[u64], first: T, shows: impl Fn(&[u64]) -> Option<T>) -> T {
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
