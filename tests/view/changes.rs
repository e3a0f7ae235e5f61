//! Instants that are named by the time since then.

use ordinal::base::time::Time;
use ordinal::text::Lang;
use ordinal::view::changes::told;

use crate::view::example;

#[test]
fn a_time_ago_is_an_instant() {
    let mut example = example::ordered_creation();
    example.now = Time(100_000);
    let text = &Lang::English.text().see;
    for (span, at) in [("5s", Some("1:35.000")), ("1m30s", Some("0:10.000")), ("1h", Some("0:00.000")), ("-5s", None), ("soon", None)] {
        let (same, no_instant) = (at.map(|at| text.same("statefulset/web", at, "1:40.000")), text.no_instant(span));
        let want = (format!("{}\n", same.unwrap_or(no_instant)), i32::from(at.is_none()));
        assert_eq!(told(&example.snapshot(), &["sts", "web", span, "ago"]), want, "{span}");
    }
}
