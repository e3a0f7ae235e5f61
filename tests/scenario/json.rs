//! The lines of a trace.

use ordinal::base::time::Span;
use rig::json::{Entry, Ordered};

#[test]
fn fields_stand_as_they_were_put_and_numbers_as_short_as_can_be() {
    let entry = Entry::new("settled").with_seconds("quiet", Span(1500)).with_seconds("s", Span(12_000)).with_text("none", "");
    assert_eq!(entry.line(3, 40), "{\"seq\":3,\"t\":40,\"e\":\"settled\",\"quiet\":1.5,\"s\":12}\n");
    let shown = Ordered(vec![("sts".into(), "web".into()), ("is".into(), "<b>".into())]);
    assert_eq!(
        Entry::new("w").with("cond", shown).line(0, 0),
        "{\"seq\":0,\"t\":0,\"e\":\"w\",\"cond\":{\"sts\":\"web\",\"is\":\"<b>\"}}\n"
    );
}
