//! Stable names for what is generated.

use ordinal::api::kind::Kind;
use ordinal::api::object::{Meta, Object, OwnerRef, Plain, Uid};
use ordinal::base::value::Value;
use rig::trace::Names;

fn meta(name: &str, uid: u64) -> Meta {
    Meta { name: name.into(), namespace: "default".into(), uid: Uid::from_bits(uid << 4), ..Meta::default() }
}

fn plain(kind: Kind, meta: Meta) -> Object {
    Plain { kind, meta, raw: Value::map() }.into()
}

fn names() -> Names {
    let mut names = Names::default();
    let deployment = meta("dep", 1);
    let owned = |name: &str, uid| Meta { owners: vec![OwnerRef::controller(Kind::Deployment, &deployment)].into(), ..meta(name, uid) };
    let pod = |name: &str, uid| Meta { generate_name: Some("dep-66f84fc7b-".into()), ..meta(name, uid) };
    names.learn(&plain(Kind::ReplicaSet, owned("dep-66f84fc7b", 2)));
    names.learn(&plain(Kind::ReplicaSet, owned("dep-7d", 3)));
    names.learn(&plain(Kind::Pod, pod("dep-66f84fc7b-zzzzz", 4)));
    names.learn(&plain(Kind::Pod, pod("dep-66f84fc7b-bbbbb", 5)));
    names.learn(&plain(Kind::Pod, Meta { owners: vec![OwnerRef::controller(Kind::StatefulSet, &deployment)].into(), ..pod("web-0", 8) }));
    names.learn(&plain(Kind::PersistentVolumeClaim, meta("www-web-0", 6)));
    names.learn(&plain(Kind::PersistentVolumeClaim, meta("www-web-0", 7)));
    names
}

#[test]
fn generated_names_are_numbered_by_creation() {
    let names = names();
    for (text, want) in [
        ("delete pod web-0 dep-66f84fc7b-bbbbb --wait=false", "delete pod web-0 dep@1-#2 --wait=false"),
        ("Scaled up replica set dep-7d from 0 to 3", "Scaled up replica set dep@2 from 0 to 3"),
        ("Created pod: dep-66f84fc7b-zzzzz.", "Created pod: dep@1-#1."),
        ("… pod \"web-0\" – 100%.", "… pod \"web-0\" – 100%."),
    ] {
        assert_eq!(names.text(text), want);
    }
}

#[test]
fn uids_say_whose_they_are_and_which_of_that_name() {
    let names = names();
    let uid = |n: u64| Uid::from_bits(n << 4);
    assert_eq!(names.text(&format!("volume pvc-{}", uid(6))), "volume pvc-<PersistentVolumeClaim/www-web-0>");
    assert_eq!(names.text(&format!("web-0_default({})", uid(7))), "web-0_default(<PersistentVolumeClaim/www-web-0#2>)");
    assert_eq!(names.text(&uid(99).to_string()), uid(99).to_string());
    assert_eq!((names.incarnation(uid(6)), names.incarnation(uid(7))), (1, 2));
}
