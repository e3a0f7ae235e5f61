//! Pasted input: manifests, objects, patches, quantities and selectors.

use ordinal::api::client::PatchType;
use ordinal::api::decode::{decode, decode_strict, not_simulated};
use ordinal::api::kind::Kind;
use ordinal::api::patch;
use ordinal::api::release::V1_37;
use ordinal::api::schema::schema;
use ordinal::api::typed::with_empty_members;
use ordinal::base::base64;
use ordinal::base::field_path::FieldPath;
use ordinal::base::label::LabelSelector;
use ordinal::base::quantity::{Quantity, canonical};
use ordinal::base::value::Value;
use ordinal::yaml;

use crate::robustness::draw::{Draw, SCRAPS, mutated_value};

/// Parses a text; what is valid must survive printing and parsing again.
pub fn yaml(draw: &mut Draw, text: &str) {
    for document in yaml::parse(text) {
        let path = path(draw, document.value.as_ref());
        let span = document.locate(&path);
        assert!(text.get(span.start..span.end).is_some(), "{span:?} of {path} in {text:?}");
        for problem in &document.problems {
            assert!(problem.span.line >= 1 && problem.span.start <= problem.span.end, "{problem:?}");
        }
        let Some(value) = document.value else {
            assert!(document.problems.iter().any(|p| p.problem.is_error()));
            continue;
        };
        decoder(Kind::StatefulSet, &value);
        let printed = yaml::print(&value);
        // The real printer does not quote a key `<<`, nor handle Unicode line breaks well; everything else must survive.
        let comes_back = !printed.contains(['\u{85}', '\u{2028}', '\u{2029}']) && !printed.contains("<<:");
        if comes_back && printed.len() < yaml::MAX_BYTES {
            let back = yaml::parse(&printed);
            let again = back.first().and_then(|d| d.value.clone()).unwrap_or_default();
            assert_eq!(again, value, "{printed}");
        }
        yaml::parse(&yaml::to_json_pretty(&value));
    }
}

/// The path of something within a value.
fn path(draw: &mut Draw, value: Option<&Value>) -> FieldPath {
    let (mut path, mut value) = (FieldPath::root(), value);
    while draw.below(4) > 0 {
        (path, value) = match value {
            Some(Value::Map(map)) if !map.is_empty() => {
                let (key, value) = map.iter().nth(draw.below(map.len())).expect("so many");
                (path.field(key), Some(value))
            }
            Some(Value::List(items)) if !items.is_empty() => {
                let at = draw.below(items.len());
                (path.index(at), items.get(at))
            }
            _ => break,
        };
    }
    path
}

/// Decodes a value as an object; what is valid must decode the same again, as Go would write it too.
pub fn decoder(kind: Kind, value: &Value) {
    let _ = decode_strict(kind, value, &V1_37);
    let paths = not_simulated(kind, value);
    assert!(paths.iter().all(|path| schema().at(kind, path).is_some()));
    if let Ok(decoded) = decode(kind, value) {
        let again = decode(kind, &decoded.object).expect("what was decoded decodes");
        assert_eq!((again.object, again.unknown.len()), (decoded.object.clone(), 0));
        let filled = with_empty_members(kind, &decoded.object);
        let again = decode(kind, &filled).expect("what Go writes decodes");
        assert_eq!(with_empty_members(kind, &again.object), filled);
    }
}

/// Patches a value with variations of it, in each of the ways of an API server or kubectl.
pub fn patches(draw: &mut Draw, kind: Kind, value: &Value) {
    let other = mutated_value(draw, value);
    let third = mutated_value(draw, value);
    for how in [PatchType::Strategic, PatchType::Merge, PatchType::Json] {
        let _ = patch::apply(kind, how, value, &other, &V1_37).map(patch::Patched::strict);
        let _ = patch::apply(kind, how, value, &Value::of([("spec", other.clone()), ("metadata", third.clone())]), &V1_37);
    }
    let all: Vec<Value> = (0..=draw.below(5)).map(|_| operation(draw, value, &third)).collect();
    let _ = patch::apply(kind, PatchType::Json, value, &Value::from(all), &V1_37);
    let _ = patch::three_way(kind, value, &other, &third);
    if let Ok(change) = patch::two_way(kind, value, &other) {
        let _ = patch::apply(kind, PatchType::Strategic, value, &change, &V1_37);
        let _ = patch::apply(kind, PatchType::Strategic, &third, &change, &V1_37);
    }
}

/// An operation of a JSON patch, mostly at existing paths.
fn operation(draw: &mut Draw, value: &Value, new: &Value) -> Value {
    let op = *draw.pick(&["add", "remove", "replace", "move", "copy", "test", "?"]);
    let (path, from) = (pointer(draw, value), pointer(draw, value));
    Value::of([("op", Value::from(op)), ("path", path.into()), ("from", from.into()), ("value", new.clone())])
}

/// A path to a part of a value, and occasionally beyond.
fn pointer(draw: &mut Draw, value: &Value) -> String {
    let mut path = String::new();
    let mut at = value;
    while draw.below(8) > 0 {
        let step = match at {
            Value::Map(map) if !map.is_empty() => map.iter().nth(draw.below(map.len())).map(|(key, part)| (key.to_string(), part)),
            Value::List(items) if !items.is_empty() => {
                let index = draw.below(items.len());
                Some((index.to_string(), &items[index]))
            }
            _ => None,
        };
        let Some((key, part)) = step else { break };
        path = format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
        at = part;
    }
    match draw.below(10) {
        0 => format!("{path}/{}", draw.pick(SCRAPS)),
        1 => format!("{path}/-"),
        2 => format!("{path}/{}", draw.pick(&["0", "01", "-1", "9999999999999999999", "1e0"])),
        _ => path,
    }
}

/// Parses a quantity, a selector and base64; what is valid must survive printing and parsing again.
pub fn words(draw: &mut Draw) {
    let words: String = (0..draw.below(6)).map(|_| *draw.pick(SCRAPS)).collect();
    if let Ok(amount) = Quantity::parse(&words) {
        let form = canonical(&words).expect("it was an amount");
        assert_eq!(Quantity::parse(&form).map(|q| q == amount), Ok(true), "{words} {form}");
        let _ = (amount.plus(amount), amount.minus(amount), amount.units(), amount.thousandths());
    }
    let no_rule = |_: &str| Vec::new();
    if let Ok(selector) = LabelSelector::parse(&words, &no_rule, &no_rule) {
        let again = LabelSelector::parse(&selector.to_string(), &no_rule, &no_rule);
        assert_eq!(again, Ok(selector.clone()), "{words}");
        selector.matches(|_| None);
    }
    let _ = base64::decode(&words);
}
