//! Objects of custom kinds, against the schema that their definition has for their version.
//!
//! Models apiextensions-apiserver pkg/apiserver/{validation,schema/defaulting,schema/pruning} and k8s.io/kube-openapi
//! pkg/validation/validate. Not modelled: formats, expressions, `not`, fractions against bounds, patterns with more than our expressions
//! know.

use crate::validate::report::{Members, Report};
use api::release::Release;
use api::status::{Detail, Fault, FieldError};
use base::field_path::FieldPath;
use base::pattern::Regex;
use base::value::{Map, Value};

/// What every object has besides what its definition says.
const OF_ALL: [&str; 3] = ["apiVersion", "kind", "metadata"];

/// The schema of an object's version, or of the first one where the object names none that is served.
fn schema_of<'a>(definition: &'a Value, object: &Value) -> &'a Value {
    let version = object.text("apiVersion").split('/').nth(1).unwrap_or_default();
    let versions = definition.part("spec").items("versions");
    let named = |of: &&Value| of.text("name") == version;
    versions.iter().find(named).or(versions.first()).map_or(&Value::Null, |of| of.part("schema").part("openAPIV3Schema"))
}

fn is_open(schema: &Value) -> bool {
    schema.flag("x-kubernetes-preserve-unknown-fields")
}

/// The schema of a member; `None` if the member is not known.
fn below<'a>(schema: &'a Value, key: &str, open: bool) -> Option<&'a Value> {
    let more = schema.given("additionalProperties");
    schema.part("properties").given(key).or_else(|| match more {
        Some(Value::Map(_)) => more,
        _ if open || is_open(schema) || more.is_some_and(|more| more.as_bool() == Some(true)) => Some(&Value::Null),
        _ => None,
    })
}

/// Sets what is absent and has a default.
fn fill(schema: &Value, value: &mut Value) {
    match value {
        Value::Map(_) => {
            for (key, of) in schema.entries("properties") {
                if let Some(default) = of.given("default").filter(|_| value.get(key).is_none_or(|at| at.is_null() && !of.flag("nullable")))
                {
                    value.set(&[key], default.clone());
                }
            }
            for (key, member) in value.make_map().iter_mut() {
                if let Some(schema) = below(schema, key, false) {
                    fill(schema, member);
                }
            }
        }
        Value::List(_) => value.make_list().iter_mut().for_each(|item| fill(schema.part("items"), item)),
        _ => {}
    }
}

/// An object without the fields that its definition does not know, and these.
pub fn pruned(definition: &Value, object: &Value) -> (Value, Vec<FieldPath>) {
    let (mut object, mut unknown) = (object.clone(), Vec::new());
    let schema = schema_of(definition, &object);
    let own = object.members().map(|(key, _)| key.clone());
    for key in own.filter(|key| !OF_ALL.contains(&&**key)).collect::<Vec<_>>() {
        let path = FieldPath::root().field(&key);
        match (below(schema, &key, false), object.make_map().get_mut(&key)) {
            (Some(free), _) if free.is_null() => {}
            (Some(schema), Some(member)) => prune(schema, member, false, &path, &mut unknown),
            _ => {
                object.remove(&[&key]);
                unknown.push(path);
            }
        }
    }
    (object, unknown)
}

/// Takes out the fields that the schema does not know. In a list that is open, every item is.
fn prune(schema: &Value, value: &mut Value, open: bool, path: &FieldPath, unknown: &mut Vec<FieldPath>) {
    match value {
        Value::Map(_) if !schema.flag("x-kubernetes-embedded-resource") => {
            let map = value.make_map();
            for (key, member) in map.iter_mut() {
                match below(schema, key, open) {
                    Some(free) if free.is_null() => {}
                    Some(schema) => prune(schema, member, false, &path.field(key), unknown),
                    None => unknown.push(path.field(key)),
                }
            }
            map.retain(|key, _| below(schema, key, open).is_some());
        }
        Value::List(_) => {
            let open = open || is_open(schema);
            for (i, item) in value.make_list().iter_mut().enumerate() {
                prune(schema.part("items"), item, open, &path.index(i), unknown);
            }
        }
        _ => {}
    }
}

/// Sets what has a default, and finds what is wrong, besides the metadata.
pub fn complete(definition: &Value, object: &mut Value, release: &'static Release) -> Vec<FieldError> {
    let schema = schema_of(definition, object);
    let mut own = object.as_map().cloned().unwrap_or_default();
    own.retain(|key, _| !OF_ALL.contains(&key));
    let mut own = Value::from(own);
    fill(schema, &mut own);
    let mut report = Report::of(release);
    check(schema, &own, &FieldPath::root(), &mut report);
    for (key, filled) in own.members() {
        object.set(&[key], filled.clone());
    }
    let blocks = |error: &FieldError| !matches!(error.fault, Fault::Invalid(_) | Fault::Duplicate(_));
    if report.errors.iter().any(blocks) && has_expressions(schema) {
        let why =
            "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";
        report.invalid(&FieldPath::of("<nil>"), Value::Null, why);
    }
    report.errors
}

fn has_expressions(schema: &Value) -> bool {
    !schema.items("x-kubernetes-validations").is_empty()
        || ["items", "additionalProperties"].into_iter().filter_map(|part| schema.given(part)).any(has_expressions)
        || schema.entries("properties").into_iter().any(|(_, of)| has_expressions(of))
}

/// Validates a value.
fn check(schema: &Value, value: &Value, path: &FieldPath, report: &mut Report) {
    let body = format!("{path} in body");
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Int(_) => "integer",
        Value::Real(_) => "number",
        Value::Text(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) => "object",
    };
    let wants = match schema.text("type") {
        _ if schema.flag("x-kubernetes-int-or-string") => "integer,string",
        wants => wants,
    };
    let fits = wants.is_empty()
        || value.is_null() && schema.flag("nullable")
        || wants.split(',').any(|wants| wants == kind || (wants, kind) == ("number", "integer"));
    if !fits {
        let why = format!("{body} must be of type {wants}: {}", Value::from(kind).to_json());
        report.add(path, Fault::TypeInvalid(kind.into()), why);
    }
    let allowed = schema.items("enum");
    if !allowed.is_empty() && !allowed.contains(value) && !value.is_null() {
        let texts: Vec<String> = allowed.iter().map(Value::spelled).collect();
        report.not_supported(path, value.clone(), &texts.iter().map(String::as_str).collect::<Vec<_>>());
    }
    let mut wrong = |words: String| report.add(path, Fault::Invalid(value.clone()), Detail::from(words));
    if let Value::Int(number) = value {
        for (bound, flag, words, sign) in
            [("maximum", "exclusiveMaximum", "less than", 1), ("minimum", "exclusiveMinimum", "greater than", -1)]
        {
            let Some(limit) = schema.number(bound) else { continue };
            let excludes = schema.flag(flag);
            if number.cmp(&limit) as i32 == sign || excludes && *number == limit {
                wrong(format!("{body} should be {words} {}{limit}", if excludes { "" } else { "or equal to " }));
            }
        }
        if let Some(of) = schema.number("multipleOf").filter(|of| *of != 0 && number % of != 0) {
            wrong(format!("{body} should be a multiple of {of}"));
        }
    }
    let size = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let few = |count: usize, field: &str| schema.number(field).filter(|least| size(count) < *least);
    let many =
        |count: usize, field: &str| schema.number(field).filter(|most| size(count) > *most).and_then(|most| usize::try_from(most).ok());
    match value {
        Value::Text(text) => {
            let length = text.chars().count();
            if let Some(least) = few(length, "minLength") {
                wrong(format!("{body} should be at least {least} chars long"));
            }
            let pattern = schema.text("pattern");
            if is_ours(pattern) && Regex::new(pattern, true, false).find(text, 0).is_none() {
                wrong(format!("{body} should match '{pattern}'"));
            }
            if let Some(most) = many(length, "maxLength") {
                report.too_long(path, most);
            }
        }
        Value::List(items) => {
            if let Some(least) = few(items.len(), "minItems") {
                wrong(format!("{body} should have at least {least} items"));
            }
            if let Some(most) = many(items.len(), "maxItems") {
                report.too_many(path, items.len(), most);
            }
            items.iter().enumerate().for_each(|(i, item)| check(schema.part("items"), item, &path.index(i), report));
            let keys = schema.items("x-kubernetes-list-map-keys");
            let told = |item: &Value| match keys {
                [] => item.clone(),
                _ => Value::of(keys.iter().filter_map(Value::as_text).filter_map(|key| Some((key, item.given(key)?.clone())))),
            };
            let is_set = ["set", "map"].contains(&schema.text("x-kubernetes-list-type"));
            for (i, item) in
                items.iter().enumerate().filter(|(i, item)| is_set && items[..*i].iter().any(|other| told(other) == told(item)))
            {
                report.duplicate(&path.index(i), told(item));
            }
        }
        Value::Map(map) => members(schema, map, path, report),
        _ => {}
    }
    choices(schema, value, path, report);
}

/// Whether our expressions read a pattern as RE2 does.
fn is_ours(pattern: &str) -> bool {
    let escapes_in_class = pattern.split('[').skip(1).any(|rest| rest.split(']').next().is_some_and(|class| class.contains('\\')));
    !pattern.is_empty() && !escapes_in_class && !["(?", "\\p", "\\x", "*?", "+?", "\\D", "\\W"].iter().any(|mark| pattern.contains(mark))
}

fn members(schema: &Value, map: &Map, path: &FieldPath, report: &mut Report) {
    let is_own = |name: &&str| !path.0.is_empty() || !OF_ALL.contains(name);
    for name in schema.items("required").iter().filter_map(Value::as_text).filter(is_own).filter(|name| !map.contains(name)) {
        report.required(&path.field(name), "");
    }
    let size = i64::try_from(map.len()).unwrap_or(i64::MAX);
    if let Some(most) = schema.number("maxProperties").filter(|most| size > *most) {
        report.too_many(path, map.len(), usize::try_from(most).unwrap_or(0));
    }
    if let Some(least) = schema.number("minProperties").filter(|least| size < *least) {
        report.invalid(path, Value::from(map.clone()), format!("{path} in body should have at least {least} properties"));
    }
    for (key, member) in map.iter() {
        if let Some(schema) = below(schema, key, false).filter(|schema| !schema.is_null()) {
            check(schema, member, &path.field(key), report);
        }
    }
}

/// The schemas of which all, one, or exactly one must hold. What is wrong is told of the one that fits best.
fn choices(schema: &Value, value: &Value, path: &FieldPath, report: &mut Report) {
    for (list, word) in [("allOf", ""), ("anyOf", "at least"), ("oneOf", "one and only")] {
        let mut found: Vec<Vec<FieldError>> = Vec::new();
        for of in schema.items(list) {
            let mut alone = Report::of(report.release);
            check(of, value, path, &mut alone);
            found.push(alone.errors);
        }
        let valid = found.iter().filter(|errors| errors.is_empty()).count();
        if list == "allOf" {
            report.errors.extend(found.into_iter().flatten());
        } else if !found.is_empty() && (valid == 0 || list == "oneOf" && valid > 1) {
            let tail = match (list, valid) {
                ("anyOf", _) => "",
                (_, 0) => ". Found none valid",
                _ => ". Found 2 valid alternatives",
            };
            let named = Value::from(path.to_string()).to_json();
            report.invalid(&FieldPath::of("<nil>"), "", format!("{named} must validate {word} one schema ({list}){tail}"));
            report.errors.extend(found.into_iter().min_by_key(Vec::len).unwrap_or_default());
        }
    }
}
