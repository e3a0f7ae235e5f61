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
fn every_tool_is_satisfied_once_the_set_is_up_and_they_differ_about_on_delete() {
    let mut visit = Visit::quiet();
    let up = says(&visit);
    assert!(up.lines.iter().all(|line| line.since.is_some()), "{up:?}");
    assert_eq!(up.why, Lang::English.text().done.differ("not"));
    assert_eq!(tools::turns(&visit.shot(), &web()).len(), 1, "all at once");
    visit.say(r#"kubectl patch sts web -p '{"spec":{"updateStrategy":{"type":"OnDelete","rollingUpdate":null}}}'"#);
    visit.say("kubectl set image sts/web nginx=nginx:1.28");
    let changed = says(&visit);
    let of = |name: &str| changed.lines.iter().find(|line| line.name == name).expect("a tool");
    assert_eq!((of("kubectl rollout status").verdict.as_str(), of("Helm 3").verdict.as_str()), ("no verdict", "done"));
    assert!(of("kubectl rollout status").since.is_none() && of("Helm 3").since.is_some());
    assert_eq!(changed.why, Lang::English.text().done.differ("onDelete"));
}
