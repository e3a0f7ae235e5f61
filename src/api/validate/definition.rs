//! CustomResourceDefinitions, and other kinds that extend a cluster.
//!
//! Models apiextensions-apiserver pkg/apis/apiextensions/validation and pkg/apis/admissionregistration/validation. Not modelled: most
//! rules about schemas (only missing types are found), conversion webhooks, match conditions and other expressions.

use crate::api::kind::Kind;
use crate::api::status::FieldPath;
use crate::api::validate::report::{Members, Report};
use crate::api::validate::{meta, names, selector};
use crate::base::value::Value;

/// The types of columns.
const COLUMN_TYPES: [&str; 5] = ["boolean", "date", "integer", "number", "string"];

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
    const APPROVAL: &str = "api-approved.kubernetes.io";
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
    for (i, version) in versions.iter().enumerate() {
        let at = path.field("versions").index(i);
        report.each(&at.field("name"), version.text("name"), joined(names::dns_1035_label(version.text("name"))));
        if !is_shared {
            root(schemas[i], &at.field("schema").field("openAPIV3Schema"), report);
        }
        for (i, column) in version.items("additionalPrinterColumns").iter().enumerate() {
            self::column(column, &at.field("additionalPrinterColumns").index(i), report);
        }
    }
    if versions.iter().filter(|version| is_stored(version)).count() != 1 {
        let why = "must have exactly one version marked as storage version";
        match versions {
            [] => report.invalid(&path.field("versions"), Value::Null, why),
            _ => {
                let all: Vec<String> = versions.iter().map(shown).collect();
                report.invalid_struct(&path.field("versions"), &format!("[{}]", all.join(",")), why);
            }
        }
    }
    names_of(spec.part("names"), &path.field("names"), report);
    if let Some(schema) = schemas.first().filter(|_| is_shared) {
        root(schema, &path.field("validation").field("openAPIV3Schema"), report);
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
            wrong.iter_mut().for_each(|words| *words = format!("may have mixed case, but should otherwise match: {words}"));
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
    if column.text("name").is_empty() {
        report.required(&path.field("name"), "");
    }
    let why = format!("must be one of {}", COLUMN_TYPES.join(","));
    match column.text("type") {
        "" => report.required(&path.field("type"), &why),
        other if !COLUMN_TYPES.contains(&other) => report.invalid(&path.field("type"), other, why),
        _ => {}
    }
    if column.text("jsonPath").is_empty() {
        report.required(&path.field("JSONPath"), "");
    }
}

/// Requires that a schema is of objects, and that all in it has types. Models pkg/apiserver/schema ValidateStructural.
fn root(schema: &Value, path: &FieldPath, report: &mut Report) {
    match schema.text("type") {
        _ if schema.is_null() => return,
        "" => report.required(&path.field("type"), "must not be empty at the root"),
        "object" => {}
        other => report.invalid(&path.field("type"), other, "must be object at the root"),
    }
    inside(schema, path, report);
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
}

/// Validates the webhooks of a new configuration. Models `validateValidatingWebhook` and `validateMutatingWebhook`.
pub fn webhooks(kind: Kind, new: &Value, report: &mut Report) {
    meta::create(kind, new.part("metadata"), report);
    for (i, hook) in new.items("webhooks").iter().enumerate() {
        let path = FieldPath::of("webhooks").index(i);
        let name = hook.text("name");
        match names::dns_subdomain(name) {
            _ if name.is_empty() => report.required(&path.field("name"), ""),
            wrong if !wrong.is_empty() => report.invalid(&path.field("name"), name, wrong.join(",")),
            _ if name.split('.').count() < 3 => {
                report.invalid(&path.field("name"), name, "should be a domain with at least three segments separated by dots");
            }
            _ => {}
        }
        report.known(&path.field("failurePolicy"), hook.text("failurePolicy"), &["Fail", "Ignore"]);
        report.known(&path.field("matchPolicy"), hook.text("matchPolicy"), &["Equivalent", "Exact"]);
        const EFFECTS: [&str; 2] = ["None", "NoneOnDryRun"];
        match hook.text("sideEffects") {
            "" => report.required(&path.field("sideEffects"), "must specify one of None, NoneOnDryRun"),
            effects => report.known(&path.field("sideEffects"), effects, &EFFECTS),
        }
        let seconds = hook.number("timeoutSeconds").unwrap_or(10);
        if !(1..=30).contains(&seconds) {
            report.invalid(&path.field("timeoutSeconds"), seconds, "the timeout value must be between 1 and 30 seconds");
        }
        for field in ["namespaceSelector", "objectSelector"] {
            selector::label_selector(hook.part(field), &path.field(field), report);
        }
        let (at, client) = (path.field("clientConfig"), hook.part("clientConfig"));
        let url = client.text("url");
        if client.given("url").is_some() == client.given("service").is_some() {
            report.required(&at, "exactly one of url or service is required");
        } else if client.given("url").is_some() && !url.starts_with("https://") {
            let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
            report.invalid(&at.field("url"), scheme, "'https' is the only allowed URL scheme; desired format: https://host[/path]");
        }
        if hook.items("admissionReviewVersions").is_empty() {
            report.required(&path.field("admissionReviewVersions"), "must specify one of v1, v1beta1");
        }
    }
}

/// Validates a new CSIDriver. Models pkg/apis/storage/validation `ValidateCSIDriver`.
pub fn driver(driver: &Value, report: &mut Report) {
    meta::create(Kind::CSIDriver, driver.part("metadata"), report);
    let (spec, path) = (driver.part("spec"), FieldPath::of("spec"));
    report.known(&path.field("fsGroupPolicy"), spec.text("fsGroupPolicy"), &["File", "None", "ReadWriteOnceWithFSType"]);
    for mode in spec.items("volumeLifecycleModes").iter().filter_map(Value::as_text) {
        report.known(&path.field("volumeLifecycleModes"), mode, &["Ephemeral", "Persistent"]);
    }
}
