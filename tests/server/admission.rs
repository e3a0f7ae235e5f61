//! The priority of pods.

use std::rc::Rc;

use ordinal::api::kind::Kind;
use ordinal::api::object::{Meta, Object, ObjectKey, Plain, Pod, PodTemplate};
use ordinal::base::value::Value;
use ordinal::server::admission::{Ranked, admit};
use ordinal::server::tables::Tables;

fn class(name: &str, priority: i64) -> Object {
    let raw = Value::of([("globalDefault", Value::from(true)), ("value", priority.into())]);
    let meta = Meta { name: name.into(), ..Meta::default() };
    Plain { kind: Kind::PriorityClass, meta, raw }.into()
}

#[test]
fn pods_of_one_template_share_what_it_becomes_until_another_priority_is_theirs() {
    let (mut tables, mut ranked) = (Tables::default(), Ranked::default());
    let pod = Rc::new(Pod::decode(&Value::map()));
    let mut admitted = |tables: &Tables| {
        let mut object = Object::Pod(Rc::clone(&pod));
        admit(tables, &mut ranked, &mut object);
        object.as_pod().expect("a pod").spec.template.clone()
    };
    let told = |template: &PodTemplate| {
        (template.scheduling.priority, template.raw.text_at(&["priorityClassName"]).unwrap_or_default().to_owned())
    };
    let [first, second] = [admitted(&tables), admitted(&tables)];
    assert!(first.is_copy_of(&second));
    assert_eq!(told(&first), (0, String::new()));
    tables.insert(class("low", 0));
    assert_eq!(told(&admitted(&tables)), (0, "low".to_owned()));
    tables.insert(class("low", 7));
    assert_eq!(told(&admitted(&tables)), (7, "low".to_owned()));
    tables.remove(&ObjectKey::global(Kind::PriorityClass, &"low".into()));
    assert_eq!(told(&admitted(&tables)), (0, String::new()));
}
