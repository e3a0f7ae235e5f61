//! CustomResourceDefinitions.
//!
//! Models apiextensions-apiserver pkg/apis/apiextensions/validation and pkg/apiserver/schema. Not modelled: whether regular and other
//! expressions compile, whether defaults fit their schemas.

use crate::validate::report::{Members, Report};
use crate::validate::{meta, rules};
use api::kind::Kind;
use api::names;
use base::field_path::FieldPath;
use base::sort::Sort;
use base::value::Value;

const COLUMN_TYPES: [&str; 5] = ["boolean", "date", "integer", "number", "string"];

/// The annotation by which a definition in a group of Kubernetes' own is let in.
const APPROVAL: &str = "api-approved.kubernetes.io";

/// Validates a new CustomResourceDefinition. Models `ValidateCustomResourceDefinition`.
pub fn create(definition: &Value, report: &mut Report) {
    let spec = definition.part("spec");
    let metadata = definition.part("metadata");
    let name = metadata.text("name");
    meta::create(Kind::CustomResourceDefinition, metadata, report);
    if name != [spec.part("names").text("plural"), ".", spec.text("group")].concat() {
        report.invalid(&FieldPath::of("metadata.name"), name, r#"must be spec.names.plural+"."+spec.group"#);
    }
    spec_of(spec, report);
    if !spec.items("versions").iter().any(is_stored) {
        report.invalid(&FieldPath::of("status.storedVersions"), Value::Null, "must have at least one stored version");
    }
    let group = spec.text("group");
    if [".k8s.io", ".kubernetes.io"].iter().any(|protected| group.ends_with(protected))
        && metadata.part("annotations").text(APPROVAL).is_empty()
    {
        let why = format!(
            "protected groups must have approval annotation {APPROVAL:?}, see https://github.com/kubernetes/enhancements/pull/1111"
        );
        report.required(&FieldPath::of("metadata.annotations").key(APPROVAL), &why);
    }
}

/// Validates an updated CustomResourceDefinition, whose group, scope and names stay. Models `ValidateCustomResourceDefinitionUpdate`.
pub fn update(new: &Value, old: &Value, report: &mut Report) {
    meta::update(new.part("metadata"), old.part("metadata"), report);
    let [new, old] = [new, old].map(|definition| definition.part("spec"));
    spec_of(new, report);
    let path = FieldPath::of("spec");
    for field in ["group", "scope"] {
        report.immutable_text(&path.field(field), new.text(field), old.text(field));
    }
    for field in ["kind", "plural"] {
        report.immutable_text(&path.field("names").field(field), new.part("names").text(field), old.part("names").text(field));
    }
}

fn is_stored(version: &Value) -> bool {
    version.get("storage").and_then(Value::as_bool) == Some(true)
}

/// Models `validateCustomResourceDefinitionSpec`.
fn spec_of(spec: &Value, report: &mut Report) {
    let path = FieldPath::of("spec");
    let group = spec.text("group");
    let at = path.field("group");
    match names::dns_subdomain(group) {
        _ if group.is_empty() => report.required(&at, ""),
        wrong if !wrong.is_empty() => report.invalid(&at, group, wrong.join(",")),
        _ if !group.contains('.') => report.invalid(&at, group, "should be a domain with at least one dot"),
        _ => {}
    }
    report.one_of(&path.field("scope"), spec.text("scope"), &["Cluster", "Namespaced"]);
    let versions = spec.items("versions");
    let schemas: Vec<&Value> = versions.iter().map(|version| version.part("schema").part("openAPIV3Schema")).collect();
    for (i, _) in schemas.iter().enumerate().filter(|(_, schema)| schema.is_null()) {
        report.required(&path.field("versions").index(i).field("schema").field("openAPIV3Schema"), "");
    }
    // What is the same in all versions is kept once, above them.
    let is_shared = schemas.windows(2).all(|pair| pair[0] == pair[1]);
    let same = |field: &str| versions.windows(2).all(|pair| pair[0].part(field) == pair[1].part(field));
    let [shares_columns, shares_parts] = ["additionalPrinterColumns", "subresources"].map(same);
    for (i, version) in versions.iter().enumerate() {
        let at = path.field("versions").index(i);
        report.each(&at.field("name"), version.text("name"), joined(names::dns_1035_label(version.text("name"))));
        if !is_shared {
            root(schemas[i], &at.field("schema").field("openAPIV3Schema"), report);
        }
        if !shares_parts {
            rules::member(
                "CustomResourceDefinitionVersion",
                "subresources",
                version.part("subresources"),
                &at.field("subresources"),
                report,
            );
        }
        if !shares_columns {
            columns(version, &at, report);
        }
    }
    if versions.iter().filter(|version| is_stored(version)).count() != 1 {
        let why = "must have exactly one version marked as storage version";
        if versions.is_empty() {
            report.invalid(&path.field("versions"), Value::Null, why);
        } else {
            let all: Vec<String> = versions.iter().map(shown).collect();
            report.invalid_struct(&path.field("versions"), &format!("[{}]", all.join(",")), why);
        }
    }
    names_of(spec.part("names"), &path.field("names"), report);
    if let Some(schema) = schemas.first().filter(|_| is_shared) {
        root(schema, &path.field("validation").field("openAPIV3Schema"), report);
    }
    if let Some(first) = versions.first().filter(|_| shares_parts) {
        rules::member("CustomResourceDefinitionVersion", "subresources", first.part("subresources"), &path.field("subresources"), report);
    }
    if let Some(first) = versions.first().filter(|_| shares_columns) {
        columns(first, &path, report);
    }
    rules::member("CustomResourceDefinitionSpec", "conversion", spec.part("conversion"), &path.field("conversion"), report);
}

fn columns(of: &Value, path: &FieldPath, report: &mut Report) {
    for (i, column) in of.items("additionalPrinterColumns").iter().enumerate() {
        self::column(column, &path.field("additionalPrinterColumns").index(i), report);
    }
}

/// A version as the server shows it, without what is the same in all.
fn shown(version: &Value) -> String {
    let flag = |field: &str| version.get(field).and_then(Value::as_bool).unwrap_or(false);
    format!(
        "{{\"Name\":{},\"Served\":{},\"Storage\":{},\"Deprecated\":{},\"DeprecationWarning\":null,\"Schema\":null,\"Subresources\":null,\
         \"AdditionalPrinterColumns\":null,\"SelectableFields\":null}}",
        Value::from(version.text("name")).to_json(),
        flag("served"),
        flag("storage"),
        flag("deprecated")
    )
}

/// What is wrong with a text, as one error.
fn joined(wrong: Vec<String>) -> Vec<String> {
    if wrong.is_empty() { wrong } else { vec![wrong.join(",")] }
}

/// Models `ValidateCustomResourceDefinitionNames`.
fn names_of(of: &Value, path: &FieldPath, report: &mut Report) {
    const NAMES: [&str; 4] = ["plural", "singular", "kind", "listKind"];
    for field in NAMES.into_iter().filter(|field| of.text(field).is_empty()) {
        report.required(&path.field(field), "");
    }
    for field in NAMES.into_iter().filter(|field| !of.text(field).is_empty()) {
        let text = of.text(field);
        let mut wrong = joined(names::dns_1035_label(&if field.ends_with("ind") { text.to_ascii_lowercase() } else { text.to_owned() }));
        if field.ends_with("ind") {
            wrong = wrong.iter().map(|words| format!("may have mixed case, but should otherwise match: {words}")).collect();
        }
        report.each(&path.field(field), text, wrong);
    }
    for list in ["shortNames", "categories"] {
        for (i, word) in of.items(list).iter().filter_map(Value::as_text).enumerate() {
            report.each(&path.field(list).index(i), word, joined(names::dns_1035_label(word)));
        }
    }
    if !of.text("kind").is_empty() && of.text("kind") == of.text("listKind") {
        report.invalid(&path.field("listKind"), of.text("listKind"), "kind and listKind may not be the same");
    }
}

/// Models `ValidateCustomResourceColumnDefinition`.
fn column(column: &Value, path: &FieldPath, report: &mut Report) {
    report.needs(path, column, "name", "");
    let why = format!("must be one of {}", COLUMN_TYPES.join(","));
    match column.text("type") {
        "" => report.required(&path.field("type"), &why),
        other if !COLUMN_TYPES.contains(&other) => report.invalid(&path.field("type"), other, why),
        _ => {}
    }
    match column.text("jsonPath") {
        "" => report.required(&path.field("JSONPath"), ""),
        other if !other.starts_with('.') => report.invalid(&path.field("JSONPath"), other, "must be a simple json path starting with ."),
        _ => {}
    }
}

/// Requires that a schema is of objects, and that all in it has types. Models pkg/apiserver/schema ValidateStructural.
fn root(schema: &Value, path: &FieldPath, report: &mut Report) {
    if schema.is_null() {
        return;
    }
    let before = report.len();
    match schema.text("type") {
        "" => report.required(&path.field("type"), "must not be empty at the root"),
        "object" => {}
        other => report.invalid(&path.field("type"), other, "must be object at the root"),
    }
    if schema.given("additionalProperties").is_some() {
        report.forbidden(&path.field("additionalProperties"), "must not be used at the root");
    }
    for (name, wants) in [("kind", "string"), ("apiVersion", "string"), ("metadata", "object")] {
        let own = schema.part("properties").part(name);
        if !own.is_null() && own.text("type") != wants {
            let path = path.field("properties").key(name).field("type");
            report.invalid(&path, own.text("type"), format!("must be {wants}"));
        }
    }
    inside(schema, path, report);
    report.errors[before..].sort_small_by_key(ToString::to_string);
    rules::member("CustomResourceValidation", "openAPIV3Schema", schema, path, report);
}

fn inside(schema: &Value, path: &FieldPath, report: &mut Report) {
    let has = |of: &Value, mark: &str| of.get(mark).and_then(Value::as_bool) == Some(true);
    let mut below = |of: &Value, path: &FieldPath, what: &str| {
        let is_open = has(of, "x-kubernetes-int-or-string") || has(of, "x-kubernetes-preserve-unknown-fields");
        if of.text("type").is_empty() && !is_open {
            report.required(&path.field("type"), &format!("must not be empty for specified {what}"));
        }
        inside(of, path, report);
    };
    if let Some(items) = schema.given("items") {
        below(items, &path.field("items"), "array items");
    }
    for (name, of) in schema.entries("properties") {
        below(of, &path.field("properties").key(name), "object fields");
    }
    if let Some(of) = schema.given("additionalProperties").filter(|of| of.as_map().is_some()) {
        below(of, &path.field("additionalProperties"), "object fields");
    }
    let is_choice = has(schema, "x-kubernetes-int-or-string");
    for list in ["allOf", "anyOf", "oneOf"] {
        for (i, of) in schema.items(list).iter().enumerate() {
            if is_choice || of.text("type").is_empty() {
                continue;
            }
            report.forbidden(&path.field(list).index(i).field("type"), "must be empty to be structural");
        }
    }
    if schema.text("type") == "array" && schema.given("items").is_none() {
        report.required(&path.field("items"), "must be specified");
    }
    if schema.given("additionalProperties").is_some_and(|of| of.as_bool() != Some(true)) && !schema.entries("properties").is_empty() {
        report.forbidden(&path.field("additionalProperties"), "additionalProperties and properties are mutual exclusive");
    }
}

/// The formats of texts that the server knows, without hyphens.
const FORMATS: &str = "bsonobjectid uri email hostname ipv4 ipv6 cidr mac uuid uuid3 uuid4 uuid5 isbn isbn10 isbn13 creditcard ssn hexcolor \
                       rgbcolor byte password date duration datetime k8sshortname k8slongname";

/// Warns of formats in the schemas that the server does not know, and that an earlier version had not.
/// Models pkg/registry/customresourcedefinition/strategy.go WarningsOnCreate and WarningsOnUpdate.
pub fn unknown_formats(new: &Value, old: Option<&Value>, out: &mut Vec<String>) {
    let of = |definition: &Value| {
        let mut formats = Vec::new();
        for version in definition.part("spec").items("versions") {
            collect(version.part("schema").part("openAPIV3Schema"), &mut formats);
        }
        formats
    };
    let before = old.map(of).unwrap_or_default();
    let fresh = of(new).into_iter().filter(|format| !before.contains(format));
    out.extend(fresh.map(|format| format!("unrecognized format {format:?}")));
}

fn collect(schema: &Value, out: &mut Vec<String>) {
    let format = schema.text("format");
    let is_known = match schema.text("type") {
        "" | "string" => FORMATS.split(' ').any(|known| known == format.replace('-', "")),
        "integer" => ["int32", "int64"].contains(&format),
        "number" => ["float", "double"].contains(&format),
        _ => false,
    };
    if !format.is_empty() && !is_known && !out.iter().any(|found| found == format) {
        out.push(format.to_owned());
    }
    ["items", "additionalProperties", "not"].iter().filter_map(|part| schema.given(part)).for_each(|part| collect(part, out));
    ["allOf", "anyOf", "oneOf"].iter().flat_map(|list| schema.items(list)).for_each(|part| collect(part, out));
    schema.entries("properties").into_iter().for_each(|(_, part)| collect(part, out));
}
