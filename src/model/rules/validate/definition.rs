//! CustomResourceDefinitions.
//!
//! Models apiextensions-apiserver pkg/apis/apiextensions/validation. Not modelled: the schemas, columns, subresources and conversions of
//! their versions, which are kept as they are.

use crate::validate::meta;
use crate::validate::report::{Members, Report};
use api::kind::Kind;
use api::names;
use base::field_path::FieldPath;
use base::value::Value;

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
    for (i, version) in versions.iter().enumerate() {
        let at = path.field("versions").index(i);
        let schema = version.part("schema").part("openAPIV3Schema");
        report.required_if(schema.is_null(), &at.field("schema").field("openAPIV3Schema"), "");
    }
    for (i, version) in versions.iter().enumerate() {
        let at = path.field("versions").index(i).field("name");
        report.each(&at, version.text("name"), joined(names::dns_1035_label(version.text("name"))));
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
