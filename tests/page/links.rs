//! Where what is asked about comes from, and how the terminal answers.

use super::Visit;
use ordinal::api::kind::Kind;
use ordinal::api::object::ObjectKey;
use ordinal::view::why::Question;

#[test]
fn what_is_asked_about_leads_to_where_it_comes_from_and_to_what_ends_its_wait() {
    let mut visit = Visit::quiet();
    visit.command("Make web-2 not Ready");
    visit.run_until_quiet();
    visit.say("kubectl scale statefulset web --replicas=4");
    visit.pick("web-2");
    assert_eq!(visit.comes_from(), ["line 24", "$ kubectl scale statefulset web --replicas=4"]);
    visit.ask(Question::Object(ObjectKey::new(Kind::PersistentVolumeClaim, &"default".into(), &"data-web-1".into())));
    assert!(visit.verdict().starts_with("data-web-1 is bound to pvc-"), "{}", visit.verdict());
    visit.ask(Question::Name { namespace: "default".to_owned(), name: "web-3.nginx".to_owned() });
    assert_eq!(visit.verdict(), "web-3.nginx does not resolve: NXDOMAIN.");
    assert_eq!(visit.comes_from(), ["web-3", "line 4", "$ kubectl apply -f manifest.yaml"]);
    visit.pick("web-3");
    assert_eq!(visit.verdict(), "web-3 is not created.");
    visit.take_way("Make web-2 Ready again");
    visit.run_until_quiet();
    assert_eq!(visit.pods()[3], "web-3 1/1 Ready");
}

#[test]
fn the_terminal_answers_why() {
    let mut visit = Visit::quiet();
    visit.type_line("kubectl delete pod web-1");
    visit.pick("web-1");
    visit.ask_further("Who deleted");
    visit.printed("$ why deleted web-1");
    assert!(visit.answer().starts_with("web-1 is being deleted: you, with kubectl delete pod web-1"), "{}", visit.answer());
    visit.run_until_quiet();
    for (line, said) in [
        ("why bound web-1", "PersistentVolume's node affinity"),
        ("why dns web-0.nginx", "conditions.ready = true"),
        ("why pvc/data-web-0", "data-web-0 is bound to"),
    ] {
        visit.type_line(line);
        assert!(visit.answer().contains(said), "{line}: {}", visit.answer());
    }
}
