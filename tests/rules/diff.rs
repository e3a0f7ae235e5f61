//! The diff that the server appends to a refusal.

use ordinal::api::kind::Kind;
use ordinal::api::release::V1_37;
use ordinal::api::rules::rules;
use ordinal::base::value::Value;
use ordinal::yaml;

/// The diff in the refusal of a pod's new spec, if there is one.
fn diff(old: &str, new: &str) -> Option<String> {
    let pod = |spec: &str| Value::of([("spec", yaml::parse(spec).remove(0).value.expect("a value"))]);
    let (errors, _) = (rules().judge_update)(Kind::Pod, &pod(new), &pod(old), &V1_37);
    errors.iter().find_map(|error| error.detail.split_once('\n').map(|(_, diff)| diff.to_owned()))
}

#[test]
fn a_hunk_has_three_lines_of_context_and_tells_where_it_is() {
    let expected = r#"@@ -3,7 +3,7 @@
  "InitContainers": null,
  "Containers": [],
  "EphemeralContainers": null,
- "RestartPolicy": "",
+ "RestartPolicy": "Never",
  "TerminationGracePeriodSeconds": null,
  "ActiveDeadlineSeconds": null,
  "DNSPolicy": "",
"#;
    assert_eq!(diff("{containers: []}", "{containers: [], restartPolicy: Never}").as_deref(), Some(expected));
}

#[test]
fn changes_far_apart_make_two_hunks_and_an_added_item_is_shown_from_its_opening_brace() {
    let expected = r#"@@ -1,6 +1,6 @@
 {
  "Volumes": null,
- "InitContainers": null,
+ "InitContainers": [],
  "Containers": [],
  "EphemeralContainers": null,
  "RestartPolicy": "",
@@ -18,6 +18,9 @@
  "ShareProcessNamespace": null,
  "SecurityContext": null,
  "ImagePullSecrets": [
+  {
+   "Name": "a"
+  },
   {
    "Name": "b"
   }
"#;
    let old = "{containers: [], imagePullSecrets: [{name: b}]}";
    let new = "{containers: [], initContainers: [], imagePullSecrets: [{name: a}, {name: b}]}";
    assert_eq!(diff(old, new).as_deref(), Some(expected));
}

#[test]
fn equal_texts_do_not_differ() {
    assert_eq!(diff("{containers: []}", "{containers: [], hostname: ''}"), None);
}
