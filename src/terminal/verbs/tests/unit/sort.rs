//! The order of `--sort-by`.

use base::value::Value;
use verbs::print::sort::sort_by;

#[test]
fn texts_are_compared_letter_by_letter_and_what_has_none_comes_first_the_last_of_them_foremost() {
    let mut pods: Vec<Value> = ["web-10", "web-2", "web-1"].iter().map(|n| Value::of([("name", *n)])).collect();
    pods.extend(["a", "b"].map(|n| Value::of([("other", n)])));
    sort_by(".name", &mut pods).unwrap();
    let names: Vec<_> = pods.iter().map(|p| p.text_at(&["name"]).or(p.text_at(&["other"])).unwrap_or("-").to_owned()).collect();
    assert_eq!(names, ["b", "a", "web-1", "web-10", "web-2"]);
    let mut sizes: Vec<Value> = ["10Gi", "2Gi", "900Mi"].iter().map(|n| Value::of([("size", *n)])).collect();
    sort_by(".size", &mut sizes).unwrap();
    assert_eq!(sizes.iter().filter_map(|s| s.text_at(&["size"])).collect::<Vec<_>>(), ["900Mi", "2Gi", "10Gi"]);
}
