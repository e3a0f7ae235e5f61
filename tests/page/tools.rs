//! What each tool says of the shown set, and since when each has called it done.

use super::Visit;
use ordinal::api::object::NamespacedName;
use ordinal::text::Lang;
use ordinal::view::tools::{self, Tools};

fn web() -> NamespacedName {
    NamespacedName::of("default", "web")
}

/// What the tools say of the example's set.
fn says(visit: &Visit) -> Tools {
    tools::of(&visit.shot(), &web()).expect("the set is there")
}

#[test]
fn every_tool_is_satisfied_once_the_set_is_up_and_some_give_up_at_a_crash() {
    let mut visit = Visit::quiet();
    let up = says(&visit);
    assert!(up.lines.iter().all(|line| line.since.is_some()), "{up:?}");
    assert_eq!(up.why, Lang::English.text().done.differ("not"));
    let at = up.lines[0].since.expect("done");
    assert_eq!(tools::turns(&visit.shot(), &web()).len(), 1);
    assert!(at <= visit.shot().now);
    visit.say("kubectl set image sts/web nginx=nginx:crash");
    visit.pass(60);
    let crashed = says(&visit);
    let of = |name: &str| crashed.lines.iter().find(|line| line.name == name).expect("a tool");
    assert_eq!((of("Helm 4").verdict.as_str(), of("Helm 3").verdict.as_str()), ("gives up", "waits"));
    assert_eq!(of("Helm 4").words, "1 pods have failed");
    assert!(crashed.lines.iter().all(|line| line.since.is_none()));
}
