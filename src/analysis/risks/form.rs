//! A text that is no manifest yet: a template, or a patch of an overlay. Another program makes a manifest of such a text.

use api::kind::Kind;
use base::value::Value;
use playground::documents::objects;
use text::ANALYSIS;

/// Fields whose text belongs to a program: braces there are not for the reader of the manifest.
const SCRIPTS: [&str; 8] = ["annotations", "args", "binaryData", "command", "data", "env", "script", "stringData"];
/// What a patch is rendered by.
const OVERLAY: &str = "kubectl kustomize";

/// What has to be rendered before the text can be applied, in a sentence; `None` for a manifest.
pub fn unrendered(text: &str) -> Option<String> {
    let documents = yaml::parse(text);
    let values: Vec<Value> = objects(&documents).into_iter().filter_map(|document| document.value).collect();
    let is_broken = documents.iter().any(|document| document.error().is_some());
    let by = if values.iter().any(|one| one.text_at(&["apiVersion"]).is_some_and(|group| group.starts_with("template.openshift.io/"))) {
        "oc process"
    } else if is_broken && text.lines().any(|line| line.trim_start().starts_with("{{") || line.contains(": {{"))
        || values.iter().any(|one| has(one, "{{"))
    {
        "helm template"
    } else if values.iter().any(|one| has(one, "${")) {
        "envsubst"
    } else if values.iter().any(is_patch) {
        OVERLAY
    } else {
        return None;
    };
    Some(ANALYSIS.risks.unrendered(by, by == OVERLAY))
}

/// Whether a value has these letters outside of scripts.
fn has(value: &Value, open: &str) -> bool {
    let is_open = |text: &str| text.contains(open) && !text.contains('\n');
    value.as_text().is_some_and(is_open)
        || value.as_list().into_iter().flatten().any(|item| has(item, open))
        || value.members().any(|(key, item)| !SCRIPTS.contains(&&**key) && has(item, open))
}

/// Whether an object is a StatefulSet without a selector of which a container names no image: the rest stands in a base.
fn is_patch(value: &Value) -> bool {
    let containers = value.list_at(&["spec", "template", "spec", "containers"]);
    let is_bare = containers.is_empty() || containers.iter().any(|one| one.get("image").is_none());
    Kind::claimed(value) == Some(Kind::StatefulSet) && value.at(&["spec", "selector"]).is_none() && is_bare
}
