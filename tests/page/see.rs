//! What is seen on request: ownership and selection. What changed in an object is tested in tests/playground/changes.rs.

use super::Visit;
use ordinal::api::kind::Kind;
use ordinal::api::object::ObjectKey;
use ordinal::view::relations;
use ordinal::view::why::Question;

/// The drawn relations in words.
fn relations(visit: &Visit) -> Vec<String> {
    relations::of(&visit.shot(), &visit.cluster()).into_iter().map(|related| related.spoken).collect()
}

#[test]
fn owners_and_services_are_told_with_their_pods() {
    let mut visit = Visit::quiet();
    assert_eq!(relations(&visit), ["statefulset/web owns web-0, web-1, web-2", "service/nginx selects web-0, web-1, web-2"]);
    visit.scale(1);
    visit.say("kubectl create deployment api --image=nginx:1.27 --replicas=2");
    let told = relations(&visit);
    assert_eq!((told.len(), told[0].as_str()), (4, "statefulset/web owns web-0, web-1, web-2, web-3"));
    assert!(told[1].starts_with("deployment/api owns replicaset/api-"), "{told:?}");
    assert!(told[2].starts_with("replicaset/api-") && told[2].contains(" owns api-"), "{told:?}");
    assert_eq!(told[3], "service/nginx selects web-0, web-1, web-2, web-3");
    visit.ask(Question::Object(ObjectKey::new(Kind::Service, &"default".into(), &"nginx".into())));
    let pods = visit.details().rows.into_iter().find(|(field, _)| field == "pods");
    assert_eq!(pods.map(|(_, pods)| pods).as_deref(), Some("web-0, web-1, web-2, web-3"));
}
