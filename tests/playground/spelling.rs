//! What somebody meant who misspelled a field or a kind.

use ordinal::api::kind::Kind;
use ordinal::base::field_path::FieldPath;
use ordinal::playground::spelling::{kind_meant, meant};

#[test]
fn a_mistyped_field_finds_the_one_that_was_meant_where_it_stands() {
    for (path, want) in [
        ("spec.volumeClaimTemplate", Some("volumeClaimTemplates")),
        ("spec.replica", Some("replicas")),
        ("spec.template.spec.containers[0].imagePullPolicies", None),
        ("spec.template.spec.containers[0].img", Some("image")),
        ("speck", Some("spec")),
        ("spec.somethingElse", None),
        // Similar to a field of the set, which does not help here.
        ("spec.template.spec.replica", None),
    ] {
        assert_eq!(meant(Kind::StatefulSet, &FieldPath::read(path).expect("a path")), want, "{path}");
    }
}

#[test]
fn a_mistyped_kind_finds_the_one_that_was_meant_and_a_word_like_none_finds_none() {
    for (name, want) in [
        ("Statefulset", Some("StatefulSet")),
        ("StatefullSet", Some("StatefulSet")),
        ("deployments", Some("Deployment")),
        ("PVC", None),
        ("Gateway", None),
    ] {
        assert_eq!(kind_meant(name), want, "{name}");
    }
}
