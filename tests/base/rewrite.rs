//! Values that share what a rewriting leaves as it was.

use ordinal::base::value::Value;
use ordinal::base::value::rewrite::{items, map, members};

#[test]
fn what_stays_as_it_was_is_shared_and_what_changes_is_not() {
    let original = Value::of([("a", Value::list([1, 2])), ("b", Value::from("x")), ("c", Value::Null)]);
    let Value::Map(parts) = &original else { panic!("a map") };
    let same = members(parts, |_, member| member.clone());
    assert!(same.is_one_with(&original));
    let other = map(parts, |key, member| Ok::<_, ()>((key.as_ref() != "b").then(|| member.clone()))).unwrap();
    assert_eq!(other, Value::of([("a", Value::list([1, 2])), ("c", Value::Null)]));
    let Value::List(numbers) = other.get("a").unwrap() else { panic!("a list") };
    let more = items(numbers, |item| Value::from(item.as_int().unwrap_or(0).max(2)));
    assert_eq!(more, Value::list([2, 2]));
    assert!(items(numbers, Value::clone).is_one_with(other.get("a").unwrap()));
}
