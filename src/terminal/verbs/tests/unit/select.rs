//! Selectors of labels and fields.

use crate::sessions::run;
use plugged::fake::Fake;

/// What `get` says of these types where a pod is there, given both selectors.
fn said(types: &str, labels: &str, fields: &str) -> String {
    let mut fake = Fake::with(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web-0, namespace: default, labels: {app: nginx}}\nspec: {nodeName: node-1}\nstatus: \
         {phase: Running}\n",
    );
    run(&mut fake, &format!("get {types} -o name -l '{labels}' --field-selector '{fields}'"))
}

#[test]
fn objects_pass_by_labels_and_fields() {
    for (labels, fields, want) in [
        ("app=nginx", "", true),
        ("app!=nginx", "", false),
        ("app in (a,nginx)", "status.phase=Running", true),
        ("", "status.phase!=Running", false),
        ("", "metadata.name==web-0,spec.nodeName!=", true),
        ("", "spec.host=node-1", true),
    ] {
        assert_eq!(said("pods", labels, fields), if want { "pod/web-0\n" } else { "" }, "{labels} {fields}");
    }
}

#[test]
fn a_field_label_must_be_known_for_the_kind() {
    assert_eq!(
        said("pods", "", "foo=bar"),
        "! Error from server (BadRequest): Unable to find \"/v1, Resource=pods\" that match label selector \"\", field selector \
         \"foo=bar\": field label not supported: foo\n? 1\n"
    );
    for (types, fields, words) in [
        ("nodes", "metadata.namespace=default", "field label not supported: metadata.namespace"),
        ("namespaces", "metadata.namespace=default", "field label not supported: metadata.namespace"),
        ("jobs", "foo=bar", "field label \"foo\" not supported for Job"),
        ("pvc", "foo=bar", "\"foo\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""),
    ] {
        let refused = said(types, "", fields);
        assert!(refused.ends_with(&format!("{words}\n? 1\n")), "{types}: {refused}");
    }
    assert_eq!([said("pods", "", "metadata.namespace=default"), said("pv", "", "metadata.namespace=default")], ["pod/web-0\n", ""]);
    for fields in ["foo=bar,a=b=c", "a=b==c", "a=b!=c", "a!=b=c"] {
        let refused = said("pods", "", fields);
        assert!(refused.ends_with(": invalid field selector: unescaped character in value: 61\n? 1\n"), "{refused}");
    }
}
