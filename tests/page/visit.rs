//! What a first visit shows, once all has come up.

use ordinal::text::Lang;

use super::Visit;

#[test]
fn the_example_comes_up_in_order() {
    let visit = Visit::quiet();
    assert_eq!(visit.pods(), ["web-0 1/1 Ready", "web-1 1/1 Ready", "web-2 1/1 Ready"]);
    let ready: Vec<String> = visit.flags().into_iter().filter(|flag| flag.ends_with(" Ready")).collect();
    assert_eq!(ready, ["web-0 Ready", "web-1 Ready", "web-2 Ready"]);
    assert_eq!(visit.object().ready, "3 of 3 Ready");
}

#[test]
fn both_languages_say_the_same_at_the_same_instant() {
    let mut visit = Visit::quiet();
    let clock = visit.clock();
    assert_eq!(visit.verdict(), "web is up to date.");
    visit.speak(Lang::Korean);
    assert_eq!(visit.verdict(), "web은 의도한 상태에 도달했습니다.");
    assert_eq!(visit.clock(), clock);
    assert_eq!(Lang::Korean.text().manifest.apply(), "적용");
    visit.speak(Lang::English);
    assert_eq!(visit.verdict(), "web is up to date.");
}

#[test]
fn what_is_well_is_told_in_one_line_until_somebody_asks() {
    let mut visit = Visit::quiet();
    assert!(visit.why().is_still(), "{:?}", visit.why());
    visit.pick("web-1");
    assert!(!visit.why().is_still(), "{:?}", visit.why());
    let mut visit = Visit::quiet();
    visit.type_line("playground unready pod web-1");
    visit.run_until_quiet();
    assert!(!visit.why().is_still(), "{:?}", visit.why());
}
