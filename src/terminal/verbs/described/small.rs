//! Kinds whose descriptions are short, and the generic description of the others.
//!
//! Models k8s.io/kubectl/pkg/describe/describe.go.

use api::view::{self, UNSET, View, int, map_at, scalar, text};
use base::base64;
use base::letter::is_letter;
use base::value::{Map, Value, members};
use rows::cells::scale_target;
use rows::describe::common::{created, head, labels_and_annotations};
use rows::describe::layout::Page;
use rows::describe::small::range_table;

/// Describes a CSINode, up to its events.
pub fn csi_node(page: &mut Page, node: &Value, _view: &View) {
    page.field(0, "Name", view::name(node));
    labels_and_annotations(page, node);
    created(page, node);
    page.line(0, "Spec:");
    let drivers = node.list_at(&["spec", "drivers"]);
    if !drivers.is_empty() {
        page.line(1, "Drivers:");
    }
    for driver in drivers {
        page.line(2, format!("{}:", text(driver, &["name"])));
        page.field(3, "Node ID", text(driver, &["nodeID"]));
        if let Some(count) = driver.at(&["allocatable", "count"]) {
            page.line(3, "Allocatables:");
            page.field(4, "Count", scalar(count));
        }
        let keys: Vec<&str> = driver.list_at(&["topologyKeys"]).iter().filter_map(Value::as_text).collect();
        if !keys.is_empty() {
            page.field(3, "Topology Keys", format!("[{}]", keys.join(" ")));
        }
    }
}

/// Describes a ConfigMap, up to its events.
pub fn config_map(page: &mut Page, map: &Value, _view: &View) {
    head(page, map);
    labels_and_annotations(page, map);
    page.write("\nData\n====\n");
    for (key, value) in members(map_at(map, &["data"])) {
        page.write(format!("{key}:\n----\n{}\n\n", scalar(value)));
    }
    page.write("\nBinaryData\n====\n");
    for (key, value) in members(map_at(map, &["binaryData"])) {
        page.write(format!("{key}: {} bytes\n", decoded_length(&scalar(value))));
    }
    page.write("\n");
}

/// Describes a Secret, whose values stay hidden but for the token of a ServiceAccount.
pub fn secret(page: &mut Page, secret: &Value, _view: &View) {
    head(page, secret);
    labels_and_annotations(page, secret);
    page.write("\n");
    page.field(0, "Type", text(secret, &["type"]));
    page.write("\nData\n====\n");
    let shows_token = text(secret, &["type"]) == "kubernetes.io/service-account-token";
    for (key, value) in members(map_at(secret, &["data"])) {
        let value = scalar(value);
        let token = base64::decode(&value).ok().filter(|_| shows_token && **key == *"token");
        let shown = token.map(|token| String::from_utf8_lossy(&token).into_owned());
        page.field(0, key, shown.unwrap_or_else(|| format!("{} bytes", decoded_length(&value))));
    }
}

/// The number of bytes that a base64 text decodes to.
fn decoded_length(text: &str) -> usize {
    let padding = text.bytes().rev().take_while(|b| *b == b'=').count();
    (text.len() / 4 * 3).saturating_sub(padding)
}

/// Describes a LimitRange.
pub fn limit_range(page: &mut Page, range: &Value, _view: &View) {
    head(page, range);
    range_table(page, std::slice::from_ref(range), "");
}

/// A metric of an autoscaler, as it is and as it is to be.
fn metric(page: &mut Page, wanted: &Value, current: Option<&Value>) {
    let kind = text(wanted, &["type"]);
    let field = match kind {
        "Resource" => "resource",
        "ContainerResource" => "containerResource",
        "Pods" => "pods",
        "Object" => "object",
        _ => "external",
    };
    let part = |path: &[&str]| text(wanted, &[&[field], path].concat());
    let target = |name: &str| wanted.at(&[field, "target", name]).map(scalar);
    let subject = match kind {
        "Resource" => format!("resource {} on pods", part(&["name"])),
        "ContainerResource" => format!("resource {} of container {:?} on pods", part(&["name"]), part(&["container"])),
        "Pods" => format!("{:?} on pods", part(&["metric", "name"])),
        "Object" => {
            let about = ["kind", "name"].map(|name| part(&["describedObject", name])).join("/");
            format!("{:?} on {about}", part(&["metric", "name"]))
        }
        _ => format!("{:?}", part(&["metric", "name"])),
    };
    let of_requests = kind.ends_with("Resource");
    let (measure, how) = match target("averageValue") {
        Some(_) if of_requests || kind == "Pods" => ("averageValue", ""),
        Some(_) => ("averageValue", " (target average value)"),
        None if of_requests => ("averageUtilization", "  (as a percentage of request)"),
        None => ("value", " (target value)"),
    };
    let now = |name: &str| current.and_then(|c| c.at(&[field, "current", name])).map(scalar);
    let (mut seen, mut goal) = (now(measure), target(measure));
    if measure == "averageUtilization" {
        seen = seen.map(|percent| format!("{percent}% ({})", now("averageValue").unwrap_or_default()));
        goal = Some(goal.map_or_else(|| "<auto>".to_owned(), |percent| percent + "%"));
    }
    page.field(1, &format!("{subject}{how}"), format!("{} / {}", seen.as_deref().unwrap_or(view::UNKNOWN), goal.unwrap_or_default()));
}

/// How an autoscaler may scale in a direction. Models printDirectionBehavior.
fn scaling_rules(page: &mut Page, rules: &Value) {
    if let Some(seconds) = rules.int_at(&["stabilizationWindowSeconds"]) {
        page.line(2, format!("Stabilization Window: {seconds} seconds"));
    }
    let policies = rules.list_at(&["policies"]);
    if policies.is_empty() {
        return;
    }
    page.line(2, format!("Select Policy: {}", rules.text_at(&["selectPolicy"]).unwrap_or("Max")));
    page.line(2, "Policies:");
    for policy in policies {
        let [value, seconds] = ["value", "periodSeconds"].map(|field| int(policy, &[field]));
        page.line(3, format!("- Type: {}\tValue: {value}\tPeriod: {seconds} seconds", text(policy, &["type"])));
    }
}

/// Describes a HorizontalPodAutoscaler, up to its events.
pub fn autoscaler(page: &mut Page, autoscaler: &Value, _view: &View) {
    head(page, autoscaler);
    labels_and_annotations(page, autoscaler);
    created(page, autoscaler);
    page.field(0, "Reference", scale_target(autoscaler));
    page.line(0, "Metrics:\t( current / target )");
    let current = autoscaler.list_at(&["status", "currentMetrics"]);
    for (i, wanted) in autoscaler.list_at(&["spec", "metrics"]).iter().enumerate() {
        metric(page, wanted, current.get(i));
    }
    page.field(0, "Min replicas", autoscaler.at(&["spec", "minReplicas"]).map_or_else(|| UNSET.to_owned(), scalar));
    page.field(0, "Max replicas", int(autoscaler, &["spec", "maxReplicas"]).to_string());
    if let Some(behavior) = autoscaler.at(&["spec", "behavior"]) {
        page.line(0, "Behavior:");
        for (title, field) in [("Scale Up", "scaleUp"), ("Scale Down", "scaleDown")] {
            if let Some(rules) = behavior.get(field) {
                page.line(1, format!("{title}:"));
                scaling_rules(page, rules);
            }
        }
    }
    let kind = text(autoscaler, &["spec", "scaleTargetRef", "kind"]);
    let (now, wanted) = (int(autoscaler, &["status", "currentReplicas"]), int(autoscaler, &["status", "desiredReplicas"]));
    page.field(0, &format!("{kind} pods"), format!("{now} current / {wanted} desired"));
    let conditions = autoscaler.list_at(&["status", "conditions"]);
    if !conditions.is_empty() {
        page.line(0, "Conditions:");
        page.line(1, "Type\tStatus\tReason\tMessage");
        page.line(1, "----\t------\t------\t-------");
        for condition in conditions {
            let part = |field: &str| text(condition, &[field]);
            page.line(1, format!("{}\t{}\t{}\t{}", part("type"), part("status"), part("reason"), part("message")));
        }
    }
}

/// Describes a kind that has no description of its own. Models GenericDescriber.
pub fn generic(page: &mut Page, object: &Value, _view: &View) {
    page.field(0, "Name", view::name(object));
    page.field(0, "Namespace", view::namespace(object));
    labels_and_annotations(page, object);
    if let Some(map) = object.as_map() {
        content(page, 0, map, "");
    }
}

/// Fields that the head of a generic description has already shown.
const SHOWN: [&str; 5] = [".metadata.managedFields", ".metadata.name", ".metadata.namespace", ".metadata.labels", ".metadata.annotations"];

fn content(page: &mut Page, level: usize, map: &Map, prefix: &str) {
    for (key, value) in map.iter() {
        let path = format!("{prefix}.{key}");
        if SHOWN.contains(&path.as_str()) {
            continue;
        }
        match value {
            Value::Map(map) => {
                page.line(level, format!("{}:", label_of(key)));
                content(page, level + 1, map, &path);
            }
            Value::List(items) => {
                page.line(level, format!("{}:", label_of(key)));
                for item in items.iter() {
                    match item {
                        Value::Map(map) => content(page, level + 1, map, &path),
                        other => page.line(level + 1, scalar(other)),
                    }
                }
            }
            Value::Null => page.field(level, &label_of(key), "<nil>"),
            other => page.field(level, &label_of(key), scalar(other)),
        }
    }
}

/// `podManagementPolicy` as `Pod Management Policy`. Models smartLabelFor.
fn label_of(field: &str) -> String {
    const ACRONYMS: [&str; 4] = ["API", "URL", "UID", "GUID"];
    if !field.chars().all(|c| is_letter(c) || c == '-') {
        return field.to_owned();
    }
    let shown = camel_words(field).into_iter().map(|word| {
        let upper = word.to_ascii_uppercase();
        if ACRONYMS.contains(&upper.as_str()) {
            return upper;
        }
        if word.chars().any(|c| c.is_ascii_uppercase()) {
            return word;
        }
        let mut letters = word.chars();
        letters.next().map(|first| std::iter::once(first.to_ascii_uppercase()).chain(letters).collect()).unwrap_or_default()
    });
    shown.collect::<Vec<String>>().join(" ")
}

/// The words of a camel-case name; a run of capitals is a word, but its last letter starts the next word, and a run of two or
/// more stays joined with that word. Models github.com/fatih/camelcase Split and what smartLabelFor merges.
fn camel_words(field: &str) -> Vec<String> {
    let class = |c: char| (c.is_ascii_lowercase(), c.is_ascii_uppercase());
    let mut words: Vec<String> = Vec::new();
    for c in field.chars() {
        match words.last_mut() {
            Some(word) if word.chars().last().is_some_and(|last| class(last) == class(c)) => word.push(c),
            _ => words.push(c.to_string()),
        }
    }
    for i in 1..words.len() {
        let capitals = words[i - 1].chars().all(|c| c.is_ascii_uppercase());
        if capitals && words[i].starts_with(char::is_lowercase) {
            let first: String = words[i - 1].pop().into_iter().collect();
            words[i].insert_str(0, &first);
        }
    }
    words.retain(|word| !word.is_empty());
    let mut merged: Vec<String> = Vec::new();
    let mut rest = words.into_iter().peekable();
    while let Some(mut word) = rest.next() {
        let is_run = word.chars().count() >= 2 && !word.chars().any(|c| is_letter(c) && !c.is_ascii_uppercase());
        if is_run && rest.peek().is_some_and(|next| next.starts_with(|c: char| c.is_ascii_uppercase())) {
            word.extend(rest.next());
        }
        merged.push(word);
    }
    merged
}
