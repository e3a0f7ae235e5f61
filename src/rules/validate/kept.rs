//! Rules of the kinds that are kept and not run, read from a table.
//!
//! `kept.txt` holds the rules, in the order in which the server finds what is wrong. A line that begins with a capital names structs
//! of the schema; the lines after it are rules of their fields: `field[?condition] rule`. A field `.` is the struct itself. A
//! condition is another field that must be set, `!` and one that must not be, `field=text` or `field!text`. The rules:
//!
//! | rule | |
//! |---|---|
//! | `>` | the rules of the structs in it |
//! | `! words`, `- words` | required; forbidden |
//! | `=A,B` | one of these, if it is set; each of a list. `#=A,B`: also if it is not set. `@A,B`: as `=`, told of the list |
//! | `1..9 words` | a number in a range |
//! | `~name`, `#name` | a form of texts by name, if it is not empty; always |
//! | `t words` | not `false` |
//! | `$` | no empty text in a list |
//! | `* noun` | `*` only alone in a list |
//! | `u`, `u key` | no text twice in a list; no member twice |
//! | `? field` | the field in it is required |
//! | `^a,b words`, `^+a,b words` | exactly one of these; at least one |
//!
//! Models pkg/apis/{admissionregistration,certificates,flowcontrol,storage}/validation and kube-aggregator
//! pkg/apis/apiregistration/validation. Not modelled: whether expressions compile, signatures of requests.

use std::sync::LazyLock;

use crate::validate::report::{Members, Report, is_empty};
use crate::validate::{meta, selector};
use api::kind::Kind;
use api::names;
use api::schema::{Element, Field, Shape, StructType, schema};
use base::field_path::FieldPath;
use base::value::Value;

const RULES: &str = include_str!("kept.txt");
/// The versions of reviews that the server takes.
const REVIEWS: [&str; 2] = ["v1", "v1beta1"];

/// Validates a new object.
pub fn create(kind: Kind, object: &Value, report: &mut Report) {
    let (metadata, spec) = (object.part("metadata"), object.part("spec"));
    let version = [spec.text("version"), ".", spec.text("group")].concat();
    match kind {
        Kind::APIService if metadata.text("name") != version => {
            let why = format!("must be `spec.version+\".\"+spec.group`: {version:?}");
            report.invalid(&FieldPath::of("metadata.name"), metadata.text("name"), why);
        }
        Kind::APIService | Kind::CertificateSigningRequest => {}
        _ => meta::create(kind, metadata, report),
    }
    if kind == Kind::PriorityLevelConfiguration && (metadata.text("name") == "exempt") != (spec.text("type") == "Exempt") {
        let why = "must be 'Exempt' if and only if `name` is 'exempt'";
        report.invalid(&FieldPath::of("spec.type"), spec.text("type"), why);
    }
    structure(schema().kind(kind), object, &FieldPath::root(), report);
}

/// Validates an updated object.
pub fn update(kind: Kind, new: &Value, old: &Value, report: &mut Report) {
    meta::update(new.part("metadata"), old.part("metadata"), report);
    structure(schema().kind(kind), new, &FieldPath::root(), report);
}

/// Validates a struct by its rules.
pub fn structure(ty: &StructType, of: &Value, path: &FieldPath, report: &mut Report) {
    let meant = blocks().iter().filter(|(names, _)| names.split(' ').any(|name| name == ty.key));
    for (place, rule) in meant.flat_map(|(_, rules)| rules) {
        let (name, condition) = place.split_once('?').unwrap_or((place, ""));
        if holds(condition, of) {
            match ty.field(name) {
                Some(field) => apply(rule, field, of.part(name), &path.field(name), report),
                None if name == "." => choice(rule, of, path, report),
                // One of the other structs that these rules are for has it.
                None => {}
            }
        }
    }
}

/// Names of structs, and their rules: a place and what holds there.
type Block = (&'static str, Vec<(&'static str, &'static str)>);

fn blocks() -> &'static [Block] {
    static BLOCKS: LazyLock<Vec<Block>> = LazyLock::new(|| {
        let mut blocks: Vec<Block> = Vec::new();
        for line in RULES.lines() {
            match (blocks.last_mut(), line.split_once(' ')) {
                _ if line.starts_with(|first: char| first.is_ascii_uppercase()) => blocks.push((line, Vec::new())),
                (Some((_, rules)), Some(rule)) => rules.push(rule),
                _ => {}
            }
        }
        blocks
    });
    &BLOCKS
}

fn holds(condition: &str, of: &Value) -> bool {
    let is_set = |name: &str| !is_unset(of.part(name));
    match (condition.strip_prefix('!'), condition.split_once('='), condition.split_once('!')) {
        _ if condition.is_empty() => true,
        (Some(name), ..) => !is_set(name),
        (_, Some((name, text)), _) => of.text(name) == text,
        (_, _, Some((name, text))) => of.text(name) != text,
        _ => is_set(condition),
    }
}

fn is_unset(value: &Value) -> bool {
    is_empty(value) || matches!(value, Value::Bool(false)) || value.as_text() == Some("")
}

/// Whether a required field is not there. What is a pointer in Go may be empty.
fn is_missing(field: &Field, value: &Value) -> bool {
    let may_be_empty = field.shape == Shape::One && (field.is_pointer() || matches!(field.element, Element::Struct(_)));
    value.is_null() || !may_be_empty && (is_empty(value) || value.as_text().is_some_and(|text| text.trim().is_empty()))
}

/// Requires one of some members.
fn choice(rule: &str, of: &Value, path: &FieldPath, report: &mut Report) {
    let (list, words) = rule.split_once(' ').unwrap_or((rule, ""));
    let list = list.trim_start_matches('^');
    let (any, list) = list.strip_prefix('+').map_or((false, list), |list| (true, list));
    let given = list.split(',').filter(|name| !is_empty(of.part(name))).count();
    if given != 1 && !(any && given > 1) {
        report.required(path, words);
    }
}

fn apply(rule: &str, field: &Field, value: &Value, path: &FieldPath, report: &mut Report) {
    let (first, rest) = rule.split_at(1);
    let words = rest.trim_start();
    let listed = value.as_list().unwrap_or(&[]);
    let allowed: Vec<&str> = rest.trim_start_matches('=').split(',').collect();
    match first {
        ">" => descend(field, value, path, report),
        "!" if is_missing(field, value) => report.required(path, words),
        "-" if !is_unset(value) || field.is_pointer() && !value.is_null() => report.forbidden(path, words),
        "=" => each(value, path, &mut |value, path| report.known(path, value, &allowed)),
        "@" => each(value, path, &mut |value, _| report.known(path, value, &allowed)),
        "$" => each(value, path, &mut |value, path| {
            if value.is_empty() {
                report.required(path, "");
            }
        }),
        "?" if is_empty(value.part(words)) && !value.is_null() => report.required(&path.field(words), ""),
        "^" => choice(rule, value, path, report),
        "*" if listed.len() > 1 && listed.iter().any(|item| item.as_text() == Some("*")) => {
            report.invalid(path, value.clone(), format!("if '*' is present, must not specify other {words}"));
        }
        "u" => {
            for (i, item) in listed.iter().enumerate() {
                let of = |item: &Value| if words.is_empty() { item.clone() } else { item.part(words).clone() };
                if listed[..i].iter().any(|earlier| of(earlier) == of(item)) && !is_unset(&of(item)) {
                    let path = path.index(i);
                    report.duplicate(&if words.is_empty() { path } else { path.field(words) }, of(item));
                }
            }
        }
        "#" if rest.starts_with('=') => report.known(path, value.as_text().unwrap_or(""), &allowed),
        "#" if value.is_null() && field.shape == Shape::One && field.element == Element::Text => form(rest, &Value::from(""), path, report),
        "#" => form(rest, value, path, report),
        "~" if !is_unset(value) => form(rest, value, path, report),
        "t" if value.as_bool() == Some(false) => report.invalid(path, false, words),
        _ if first == "." || first.starts_with(|c: char| c.is_ascii_digit()) => range(rule, field, value, path, report),
        _ => {}
    }
}

fn descend(field: &Field, value: &Value, path: &FieldPath, report: &mut Report) {
    let Some(ty) = schema().inside(field) else { return };
    match value {
        Value::List(items) => items.iter().enumerate().for_each(|(i, item)| structure(ty, item, &path.index(i), report)),
        Value::Map(map) if field.shape == Shape::Map => map.iter().for_each(|(key, item)| structure(ty, item, &path.key(key), report)),
        _ if value.is_null() && !field.is_struct_by_value() => {}
        _ => structure(ty, value, path, report),
    }
}

/// Looks at a text, or at each of a list.
fn each(value: &Value, path: &FieldPath, look: &mut dyn FnMut(&str, &FieldPath)) {
    match value {
        Value::List(items) => items.iter().enumerate().for_each(|(i, item)| look(item.as_text().unwrap_or(""), &path.index(i))),
        other => other.as_text().into_iter().for_each(|text| look(text, path)),
    }
}

fn range(rule: &str, field: &Field, value: &Value, path: &FieldPath, report: &mut Report) {
    let (range, words) = rule.split_once(' ').unwrap_or((rule, ""));
    let (least, most) = range.split_once("..").unwrap_or_default();
    let number = value.as_int().or_else(|| (!field.is_pointer()).then_some(0));
    let (least, most) = (least.parse().unwrap_or(i64::MIN), most.parse().unwrap_or(i64::MAX));
    if let Some(number) = number.filter(|number| !(least..=most).contains(number)) {
        report.invalid(path, number, words.trim_start());
    }
}

/// The forms of values, by name.
fn form(name: &str, value: &Value, path: &FieldPath, report: &mut Report) {
    let rule: fn(&str) -> Vec<String> = match name {
        "selector" => return selector::label_selector(value, path, report),
        "port" => {
            let wrong = names::port_number(value.as_int().unwrap_or(0)).join(", ");
            if !wrong.is_empty() {
                report.invalid(path, value.clone(), format!("port is not valid: {wrong}"));
            }
            return;
        }
        "reviews" => {
            let is_known = |item: &Value| item.as_text().is_some_and(|text| REVIEWS.contains(&text));
            let items = value.as_list().unwrap_or(&[]);
            if !items.is_empty() && !items.iter().any(is_known) {
                report.invalid(path, value.clone(), format!("must include at least one of {}", REVIEWS.join(", ")));
            }
            return;
        }
        "resources" => return resources(value, path, report),
        "request" => {
            let decoded = value.as_text().and_then(|text| base::base64::decode(text).ok()).unwrap_or_default();
            if !decoded.starts_with(b"-----BEGIN CERTIFICATE REQUEST-----\n") {
                report.invalid(path, value.clone(), "PEM block type must be CERTIFICATE REQUEST");
            }
            return;
        }
        "label" => names::dns_1035_label,
        "dns" => names::dns_label,
        "subdomain" => names::dns_subdomain,
        "segment" => names::path_segment,
        "qualified" => names::label_key,
        "full" => full,
        "url" => |text| told(text.starts_with("https://"), "'https' is the only allowed URL scheme; desired format: https://host[/path]"),
        "path" | "slash" => |text| told(text == "*" || text.starts_with('/'), "must start with a '/'"),
        "signer" => signer,
        ".spec." => |text| told(text.starts_with(".spec."), "should be a json path under .spec"),
        ".status." => |text| told(text.starts_with(".status."), "should be a json path under .status"),
        _ => return,
    };
    each(value, path, &mut |text, path| {
        let wrong = rule(text);
        if name == "full" && text.is_empty() { report.required(path, "") } else { report.each(path, text, wrong) }
    });
}

fn told(is_right: bool, words: &str) -> Vec<String> {
    if is_right { Vec::new() } else { vec![words.to_owned()] }
}

/// Models `IsFullyQualifiedName`.
fn full(text: &str) -> Vec<String> {
    match names::dns_subdomain(text) {
        wrong if wrong.is_empty() => told(text.split('.').count() > 2, "should be a domain with at least three segments separated by dots"),
        wrong => vec![wrong.join(",")],
    }
}

/// Models `ValidateSignerName`.
fn signer(text: &str) -> Vec<String> {
    match text.split_once('/') {
        Some((domain, path)) if domain.contains('.') && !path.contains('/') => {
            names::dns_subdomain(domain).into_iter().chain(names::dns_subdomain(path)).collect()
        }
        _ => told(false, "must be a fully qualified domain and path of the form 'example.com/signer-name'"),
    }
}

/// Resources and their parts, of which one that stands for all stands alone. Models `validateResources`.
fn resources(value: &Value, path: &FieldPath, report: &mut Report) {
    let texts: Vec<&str> = value.as_list().unwrap_or(&[]).iter().filter_map(Value::as_text).collect();
    for (i, text) in texts.iter().enumerate() {
        let Some((resource, part)) = text.split_once('/') else { continue };
        for all in [[resource, "/*"].concat(), ["*/", part].concat()] {
            if texts[..i].contains(&&*all) {
                report.invalid(&path.index(i), *text, format!("if '{all}' is present, must not specify {text}"));
            }
        }
    }
    if texts.len() > 1 && texts.contains(&"*/*") {
        report.invalid(path, value.clone(), "if '*/*' is present, must not specify other resources");
    }
    let last_alone = texts.iter().rfind(|text| !text.contains('/')).is_some_and(|text| *text != "*");
    if texts.contains(&"*") && last_alone {
        report.invalid(path, value.clone(), "if '*' is present, must not specify other resources without subresources");
    }
}
