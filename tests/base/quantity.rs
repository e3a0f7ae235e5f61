//! Quantities: their canonical form, arithmetic and comparison.

use ordinal::base::quantity::{Quantity, canonical};

#[test]
fn amounts_are_shown_in_canonical_form() {
    let cases = include_str!("../data/quantities.txt");
    let mut wrong = Vec::new();
    for line in cases.lines() {
        let (text, want) = line.split_once('\t').expect("two columns");
        let ours = canonical(text).unwrap_or_else(|e| format!("error: {e}"));
        if ours != want {
            wrong.push(format!("{text:?}: ours {ours}, theirs {want}"));
        }
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn amounts_are_compared_added_and_rounded_up() {
    let q = |text| Quantity::parse(text).unwrap();
    assert!(q("1Gi") > q("1G") && q("1000m") == q("1") && q("-1") < q("0"));
    assert_eq!(q("1Gi").plus(q("512Mi")).to_string(), "1536Mi");
    assert_eq!(q("0").plus(q("1Gi")).to_string(), "1Gi");
    assert_eq!(q("1").minus(q("250m")).to_string(), "750m");
    assert_eq!((q("1m").units(), q("-1m").units(), q("1500u").thousandths()), (1, -1, 2));
    assert_eq!(q("99999E").units(), i64::MAX);
}
