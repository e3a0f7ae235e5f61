//! Slips of whoever types a manifest: what is said of each, at which line, and what mends it.

use super::*;
use crate::view::manifest::Refusal;

/// The example after a slip, and the first refusal of it.
fn slip(right: &str, wrong: &str) -> (String, Refusal) {
    let text = EXAMPLE.replacen(right, wrong, 1);
    assert_ne!(text, EXAMPLE, "{right}");
    let refusal = started(&text).verdicts().refusals.first().cloned();
    (text, refusal.unwrap_or_else(|| panic!("{wrong} is refused")))
}

#[test]
fn a_mistyped_kind_is_named_and_mended() {
    for (right, wrong) in [("StatefulSet", "Statefulset"), ("StatefulSet", "StatefullSet"), ("Service", "Services")] {
        let (text, refusal) = slip(&format!("kind: {right}"), &format!("kind: {wrong}"));
        assert_eq!(refusal.plain.plain(), (LANG.text().manifest.unknown_kind_near)(right).replace('`', ""), "{refusal:?}");
        assert_eq!(refusal.fix.map(|fix| fix.mend(&text)).as_deref(), Some(EXAMPLE));
    }
    // What is like none keeps the sentence about versions; a kind of somebody else's group is not compared.
    let (_, refusal) = slip("kind: StatefulSet", "kind: Gateway");
    assert_eq!((refusal.plain.plain().as_str(), refusal.fix), (LANG.text().manifest.unknown_kind, None));
    let (_, refusal) = slip("v1\nkind: Service", "example.com/v1\nkind: Services");
    assert_eq!((refusal.plain.plain().as_str(), refusal.fix), (LANG.text().manifest.custom_kind, None));
}
