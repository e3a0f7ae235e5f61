//! Natural logarithms without floats.

use ordinal::cluster::scheduler::logarithm::{LN_ONE, ln};

#[test]
fn logarithms_agree_with_their_tables() {
    // Billionths, rounded down: ln 2, ln 3, …
    for (n, want) in [
        (1, 0),
        (2, 693_147_180),
        (3, 1_098_612_288),
        (4, 1_386_294_361),
        (5, 1_609_437_912),
        (7, 1_945_910_149),
        (10, 2_302_585_092),
        (102, 4_624_972_813),
        (5002, 8_517_593_111),
    ] {
        let billionths = i128::from(ln(n)) * 1_000_000_000 / i128::from(LN_ONE);
        assert!((billionths - want).abs() <= 1, "ln {n}: {billionths}");
    }
    assert_eq!(ln(0), 0);
}

#[test]
fn logarithms_grow() {
    assert!((1..10_000).all(|n| ln(n) < ln(n + 1)));
}
