//! Two texts as one: the lines that both have stand once, the others each on its side.

/// Pairs the lines of two texts, in order, so that as many as possible are paired. A line without its like stands alone, the first text's
/// before the second's.
pub fn merged<K: PartialEq>(first: &[K], second: &[K]) -> Vec<(Option<usize>, Option<usize>)> {
    let common = common(first, second);
    let (mut at, mut other, mut out) = (0, 0, Vec::new());
    while at < first.len() || other < second.len() {
        let both = at < first.len() && other < second.len();
        if both && first[at] == second[other] {
            out.push((Some(at), Some(other)));
            (at, other) = (at + 1, other + 1);
        } else if other == second.len() || at < first.len() && common[at + 1][other] >= common[at][other + 1] {
            out.push((Some(at), None));
            at += 1;
        } else {
            out.push((None, Some(other)));
            other += 1;
        }
    }
    out
}

/// How many lines can be paired of what is left from each place on.
fn common<K: PartialEq>(first: &[K], second: &[K]) -> Vec<Vec<usize>> {
    let mut common = vec![vec![0; second.len() + 1]; first.len() + 1];
    for at in (0..first.len()).rev() {
        for other in (0..second.len()).rev() {
            common[at][other] =
                if first[at] == second[other] { common[at + 1][other + 1] + 1 } else { common[at + 1][other].max(common[at][other + 1]) };
        }
    }
    common
}

#[test]
fn as_many_lines_as_possible_are_paired() {
    assert_eq!(merged(b"abc", b"abc"), [(Some(0), Some(0)), (Some(1), Some(1)), (Some(2), Some(2))]);
    assert_eq!(merged(b"ab", b"cb"), [(Some(0), None), (None, Some(0)), (Some(1), Some(1))]);
    assert_eq!(merged(b"", b"a"), [(None, Some(0))]);
    assert_eq!(merged(b"xab", b"abx").iter().filter(|pair| pair.0.is_some() && pair.1.is_some()).count(), 2);
}
