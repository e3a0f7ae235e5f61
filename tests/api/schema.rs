//! The tables of kinds, structs and fields.

use ordinal::api::kind::Kind;
use ordinal::api::schema::{Field, schema};
use ordinal::base::field_path::FieldPath;

/// The tables as they are written.
const SCHEMA: &str = include_str!("../../src/model/api/schema.txt");
const SIMULATED: &str = include_str!("../../src/model/api/simulated.txt");

fn first_word(text: &str) -> &str {
    text.split(' ').next().unwrap_or("")
}

fn field(path: &str) -> &'static Field {
    let (kind, path) = path.split_once('.').expect("a kind and a path");
    let names: Vec<&str> = path.split('.').collect();
    schema().walk(Kind::named(kind).expect("a kind"), &names).unwrap_or_else(|n| panic!("{path}: only {n} known")).pop().expect("one")
}

#[test]
fn every_kind_and_every_type_named_is_in_the_table() {
    for kind in Kind::ALL {
        assert!([kind.info().name, "CustomResource"].contains(&schema().kind(*kind).name), "{kind}");
    }
    let keys: Vec<&str> = SCHEMA.lines().map(|line| first_word(line.split('|').next().unwrap_or(""))).collect();
    for key in &keys {
        assert_eq!(schema().named(key).map(|t| t.key), Some(*key));
    }
    assert!(keys.is_sorted() && keys.len() == 434, "{}", keys.len());
    for line in SCHEMA.lines() {
        for part in line.split('|').skip(1) {
            let named = first_word(part).split_once(':').map_or("s", |(_, t)| t.trim_start_matches(['*', '%']));
            assert!(named.len() == 1 || keys.contains(&named), "{part}");
        }
    }
}

#[test]
fn what_is_said_to_be_simulated_exists() {
    for line in SIMULATED.lines() {
        let mut words = line.split(' ');
        let name = words.next().expect("a struct");
        let ty = schema().named(name).unwrap_or_else(|| panic!("no struct {name}"));
        for word in words.filter(|w| *w != "*") {
            assert!(ty.field(word).is_some(), "{name} has no field {word}");
        }
    }
}

#[test]
fn facts_are_those_of_the_real_types() {
    for line in include_str!("../data/fields.txt").lines() {
        let (path, want) = line.split_once('\t').expect("two columns");
        let f = field(path);
        let mark = |on: bool, word: &'static str| if on { word } else { "" };
        let words = [
            f.go_type(),
            mark(f.is_required(), "required").to_owned(),
            mark(f.is_written_empty(), "written").to_owned(),
            mark(f.is_pointer(), "pointer").to_owned(),
            mark(f.is_merged(), "merged").to_owned(),
            mark(f.retains_keys(), "retains").to_owned(),
            f.merge_key.unwrap_or("").to_owned(),
        ];
        let ours: Vec<String> = words.into_iter().filter(|w| !w.is_empty()).collect();
        assert_eq!(ours.join(" "), want, "{path}");
    }
}

#[test]
fn explain_names_types_as_kubectl_does() {
    for (path, want) in [
        ("StatefulSet.spec", "StatefulSetSpec"),
        ("StatefulSet.spec.replicas", "integer"),
        ("StatefulSet.spec.template.spec.containers", "[]Container"),
        ("Pod.metadata.labels", "map[string]string"),
        ("Pod.spec.containers.resources.requests", "map[string]Quantity"),
        ("Service.spec.ports.targetPort", "IntOrString"),
        ("Pod.spec.hostNetwork", "boolean"),
        ("Pod.metadata.creationTimestamp", "string"),
    ] {
        assert_eq!(field(path).explained_type(), want, "{path}");
    }
}

#[test]
fn a_path_of_an_object_leads_to_its_field() {
    let path = FieldPath::of("spec.template.spec.containers").index(0).field("resources").field("requests").key("cpu");
    assert_eq!(schema().at(Kind::StatefulSet, &path).map(|f| f.name), Some("requests"));
    assert!(schema().at(Kind::StatefulSet, &FieldPath::of("spec.replica")).is_none());
    assert!(field("StatefulSet.spec.replicas").simulated && !field("Pod.spec.hostPID").simulated);
}
