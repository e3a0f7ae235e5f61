//! `--sort-by`.
//!
//! Models k8s.io/kubectl/pkg/cmd/get/sorter.go.

use crate::base::quantity::Quantity;
use crate::base::value::Value;
use crate::kubectl::print::jsonpath::Template;

/// Sorts objects by the value at a path. If none has it, that is an error. Models SortObjects: up to twelve objects are inserted one by
/// one, which is stable but for those without the field, each of which comes before all that were there. More are sorted here in the
/// same way; the order that upstream gives to equals among so many is not modelled.
pub fn sort_by(path: &str, objects: &mut [Value]) -> Result<(), String> {
    let template = Template::parse_relaxed(path)?;
    let key = |object: &Value| template.results(object).ok().and_then(|r| r.into_iter().flatten().next());
    let mut keys: Vec<Option<Value>> = objects.iter().map(key).collect();
    if !keys.is_empty() && keys.iter().all(Option::is_none) {
        return Err(no_field(path));
    }
    for end in 1..keys.len() {
        for at in (1..=end).rev() {
            if !is_less(keys[at].as_ref(), keys[at - 1].as_ref()) {
                break;
            }
            keys.swap(at, at - 1);
            objects.swap(at, at - 1);
        }
    }
    Ok(())
}

/// The error if no object has the field.
pub fn no_field(path: &str) -> String {
    let relaxed = path.trim_start_matches('{').trim_end_matches('}').trim_start_matches('.');
    format!("couldn't find any field with path \"{{.{relaxed}}}\" in the list of objects")
}

fn is_less(a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a, b) {
        (Some(Value::Text(x)), Some(Value::Text(y))) => match (Quantity::parse(x), Quantity::parse(y)) {
            (Ok(x), Ok(y)) => x < y,
            _ => x < y,
        },
        (Some(a), Some(b)) => a < b,
        (a, _) => a.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
