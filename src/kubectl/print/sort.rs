//! `--sort-by`.
//!
//! Models k8s.io/kubectl/pkg/cmd/get/sorter.go.

use std::cmp::Ordering;

use crate::base::quantity::Quantity;
use crate::base::sort::Sort;
use crate::base::value::Value;
use crate::kubectl::print::jsonpath::Template;

/// Sorts objects, stably, by the value at a path. Objects without the field come first; if none has it, that is an error. Models
/// SortObjects.
pub fn sort_by(path: &str, objects: &mut [Value]) -> Result<(), String> {
    let template = Template::parse_relaxed(path)?;
    let key = |object: &Value| template.results(object).ok().and_then(|r| r.into_iter().flatten().next());
    if !objects.is_empty() && !objects.iter().any(|object| key(object).is_some()) {
        return Err(no_field(path));
    }
    objects.put_in_order_by(|a, b| compare(key(a).as_ref(), key(b).as_ref()));
    Ok(())
}

/// The error if no object has the field.
pub fn no_field(path: &str) -> String {
    let relaxed = path.trim_start_matches('{').trim_end_matches('}').trim_start_matches('.');
    format!("couldn't find any field with path \"{{.{relaxed}}}\" in the list of objects")
}

fn compare(a: Option<&Value>, b: Option<&Value>) -> Ordering {
    match (a, b) {
        (Some(Value::Int(a)), Some(Value::Int(b))) => a.cmp(b),
        (Some(Value::Text(a)), Some(Value::Text(b))) => match (Quantity::parse(a), Quantity::parse(b)) {
            (Ok(x), Ok(y)) => x.cmp(&y),
            _ => natural(a, b),
        },
        (Some(a), Some(b)) => a.cmp(b),
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// Compares texts with runs of digits compared as numbers. Models github.com/fvbommel/sortorder NaturalLess.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let digits = |t: &str| t.len() - t.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        match (a.chars().next(), b.chars().next()) {
            (None, other) => return if other.is_none() { Ordering::Equal } else { Ordering::Less },
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let (na, nb) = (&a[..digits(a)], &b[..digits(b)]);
                let (ta, tb) = (na.trim_start_matches('0'), nb.trim_start_matches('0'));
                let order = ta.len().cmp(&tb.len()).then_with(|| ta.cmp(tb)).then_with(|| na.len().cmp(&nb.len()));
                if order != Ordering::Equal {
                    return order;
                }
                (a, b) = (&a[na.len()..], &b[nb.len()..]);
            }
            (Some(x), Some(y)) if x == y => (a, b) = (&a[x.len_utf8()..], &b[y.len_utf8()..]),
            (Some(x), Some(y)) => return x.cmp(&y),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_count_as_numbers() {
        let mut pods: Vec<Value> = ["web-10", "web-2", "web-1"].iter().map(|n| Value::of([("name", *n)])).collect();
        pods.push(Value::map());
        sort_by(".name", &mut pods).unwrap();
        let names: Vec<_> = pods.iter().map(|p| p.text_at(&["name"]).unwrap_or("-").to_owned()).collect();
        assert_eq!(names, ["-", "web-1", "web-2", "web-10"]);
    }
}
