//! The cells of tables: a small function for each cell that is more than a field.
//!
//! Models pkg/printers/internalversion/printers.go.

use api::admit::DEFAULT_INGRESS_CLASS;
use api::object::storage::{DEFAULT_CLASS, DEFAULT_CLASS_BETA, named_class};
use api::view::{self, NONE, UNKNOWN, UNSET, access_modes, age, int, labels_text, map_at, scalar, text, truth};
use base::label::LabelSelector;
use base::sort::Sort;
use base::sorted::SortedSet;
use base::time::{Span, Time};
use base::value::{Map, Value, members};

pub use super::pod::{pod_ready, pod_status, pod_summary, restarts};

/// How many endpoints, ports or addresses a cell lists before it counts the rest.
const MAX_LISTED: usize = 3;

fn or_else(value: &str, other: &str) -> String {
    if value.is_empty() { other } else { value }.to_owned()
}

/// The text, or `<unset>`.
pub fn or_unset(value: &str) -> String {
    or_else(value, UNSET)
}

/// Names or images of the containers at a path.
pub fn containers_of(object: &Value, path: &[&str], field: &str) -> String {
    object.list_at(path).iter().map(|c| text(c, &[field])).collect::<Vec<_>>().join(",")
}

/// How many items a list has.
pub fn count(object: &Value, path: &[&str]) -> String {
    object.list_at(path).len().to_string()
}

/// The texts of a list.
pub fn names(object: &Value, path: &[&str]) -> String {
    object.list_at(path).iter().filter_map(Value::as_text).collect::<Vec<_>>().join(",")
}

/// Two texts of a part of an object with a slash between them.
pub fn path_of(object: &Value, path: &[&str], [first, second]: [&str; 2]) -> String {
    object.at(path).map_or_else(|| UNSET.to_owned(), |of| format!("{}/{}", text(of, &[first]), text(of, &[second])))
}

/// The template of a CronJob's Jobs.
pub fn job_template(cron_job: &Value) -> &Value {
    cron_job.at(&["spec", "jobTemplate"]).unwrap_or(&Value::Null)
}

/// How long ago a CronJob made its last Job.
pub fn last_schedule(cron_job: &Value, now: Time) -> String {
    match text(cron_job, &["status", "lastScheduleTime"]) {
        "" => NONE.to_owned(),
        stamp => age(now, stamp),
    }
}

/// The versions of a CustomResourceDefinition that are served.
pub fn versions(definition: &Value) -> String {
    let served = definition.list_at(&["spec", "versions"]).iter().filter(|version| truth(version, &["served"]));
    let marked = |version| [text(version, &["name"]), if truth(version, &["storage"]) { "(storage)" } else { "" }].concat();
    let mut versions: Vec<String> = served.map(marked).collect();
    versions.sort_small();
    versions.join(",")
}

/// Names or images of a workload's containers.
pub fn template_containers(object: &Value, field: &str) -> String {
    containers_of(object, &["spec", "template", "spec", "containers"], field)
}

/// A workload's selector in the notation of `-l`. Models metav1.FormatLabelSelector.
pub fn selector(object: &Value) -> String {
    set_selector(object.at(&["spec", "selector"]).unwrap_or(&Value::Null))
}

/// The selector itself, which may have labels alone.
pub fn set_selector(selector: &Value) -> String {
    match selector.get("matchLabels").or(selector.get("matchExpressions")) {
        Some(_) => label_selector(selector),
        None => labels_text(selector.as_map()),
    }
}

/// A label selector in the notation of `-l`; `<none>` if it is empty.
pub(crate) fn label_selector(selector: &Value) -> String {
    or_else(&LabelSelector::of_value(selector).unwrap_or_default().to_string(), NONE)
}

/// `1/2`: readiness gates that are true.
pub fn readiness_gates(pod: &Value) -> String {
    let gates = pod.list_at(&["spec", "readinessGates"]);
    if gates.is_empty() {
        return NONE.to_owned();
    }
    let is_true = |gate: &&Value| view::condition(pod, text(gate, &["conditionType"])).is_some_and(|c| text(c, &["status"]) == "True");
    format!("{}/{}", gates.iter().filter(is_true).count(), gates.len())
}

/// A Service's cluster IP.
pub fn cluster_ip(service: &Value) -> String {
    match service.list_at(&["spec", "clusterIPs"]).first().and_then(Value::as_text) {
        Some(ip) => ip.to_owned(),
        None => view::text_or_none(service, &["spec", "clusterIP"]),
    }
}

/// A Service's external addresses.
pub fn external_ip(service: &Value) -> String {
    let given: Vec<&str> = service.list_at(&["spec", "externalIPs"]).iter().filter_map(Value::as_text).collect();
    match text(service, &["spec", "type"]) {
        "LoadBalancer" => {
            let ingress = service.list_at(&["status", "loadBalancer", "ingress"]);
            let mut all: Vec<&str> = ingress.iter().map(|i| i.text_at(&["ip"]).unwrap_or_else(|| text(i, &["hostname"]))).collect();
            all.extend(given);
            or_else(&all.join(","), "<pending>")
        }
        "ExternalName" => text(service, &["spec", "externalName"]).to_owned(),
        _ => or_else(&given.join(","), NONE),
    }
}

/// `80/TCP,443:30443/TCP`.
pub fn service_ports(service: &Value) -> String {
    let ports = service.list_at(&["spec", "ports"]).iter().map(|p| {
        let (port, protocol) = (int(p, &["port"]), p.text_at(&["protocol"]).unwrap_or("TCP"));
        match int(p, &["nodePort"]) {
            0 => format!("{port}/{protocol}"),
            node => format!("{port}:{node}/{protocol}"),
        }
    });
    or_else(&ports.collect::<Vec<_>>().join(","), NONE)
}

/// The phase, or `Terminating`.
pub fn phase_or_terminating(object: &Value) -> String {
    if view::is_terminating(object) { "Terminating".to_owned() } else { text(object, &["status", "phase"]).to_owned() }
}

/// The capacity of a bound claim; 0 until it is known.
pub fn claim_capacity(claim: &Value) -> String {
    match claim.at(&["status", "capacity", "storage"]) {
        _ if text(claim, &["spec", "volumeName"]).is_empty() => String::new(),
        Some(capacity) => scalar(capacity),
        None => "0".to_owned(),
    }
}

/// A bound claim's access modes.
pub fn claim_modes(claim: &Value) -> String {
    if text(claim, &["spec", "volumeName"]).is_empty() { String::new() } else { access_modes(claim.list_at(&["status", "accessModes"])) }
}

/// The class of a claim or volume; the old annotation takes precedence.
pub fn storage_class(object: &Value) -> String {
    named_class(object).unwrap_or_default().to_owned()
}

/// `default/www-web-0`: the claim that a volume is bound to.
pub fn claim_reference(volume: &Value) -> String {
    match volume.at(&["spec", "claimRef"]) {
        Some(claim) => format!("{}/{}", text(claim, &["namespace"]), text(claim, &["name"])),
        None => String::new(),
    }
}

/// How many entries a ConfigMap or Secret has.
pub fn data_count(object: &Value) -> String {
    ["data", "binaryData"].iter().map(|k| map_at(object, &[k]).map_or(0, Map::len)).sum::<usize>().to_string()
}

/// `Ready,SchedulingDisabled`.
pub fn node_status(node: &Value) -> String {
    let ready = match view::condition(node, "Ready") {
        Some(c) if text(c, &["status"]) == "True" => "Ready",
        Some(_) => "NotReady",
        None => "Unknown",
    };
    let cordoned = if truth(node, &["spec", "unschedulable"]) { ",SchedulingDisabled" } else { "" };
    format!("{ready}{cordoned}")
}

/// The roles in a node's labels.
pub fn node_roles(node: &Value) -> String {
    let labels = members(map_at(node, &["metadata", "labels"]));
    let mut roles: Vec<String> = labels
        .filter_map(|(key, value)| match key.strip_prefix("node-role.kubernetes.io/") {
            Some(role) if !role.is_empty() => Some(role.to_owned()),
            _ if key.as_ref() == "kubernetes.io/role" => value.as_text().filter(|v| !v.is_empty()).map(str::to_owned),
            _ => None,
        })
        .collect();
    roles.sort_small();
    roles.dedup();
    or_else(&roles.join(","), NONE)
}

/// The first address of this type.
pub fn node_address(node: &Value, kind: &str) -> String {
    let addresses = node.list_at(&["status", "addresses"]);
    let found = addresses.iter().find(|a| text(a, &["type"]) == kind).map(|a| text(a, &["address"]));
    or_else(found.unwrap_or_default(), NONE)
}

/// `6.8.0 (amd64)`.
pub fn node_kernel(node: &Value) -> String {
    let info = |field| text(node, &["status", "nodeInfo", field]);
    match (info("kernelVersion"), info("architecture")) {
        ("", _) => UNKNOWN.to_owned(),
        (kernel, "") => kernel.to_owned(),
        (kernel, architecture) => format!("{kernel} ({architecture})"),
    }
}

fn first_stamp(event: &Value) -> &str {
    match text(event, &["firstTimestamp"]) {
        "" => text(event, &["eventTime"]),
        first => first,
    }
}

/// How long ago an event was first seen.
pub fn event_first_seen(event: &Value, now: Time) -> String {
    age(now, first_stamp(event))
}

/// How long ago an event was last seen.
pub fn event_last_seen(event: &Value, now: Time) -> String {
    let last = match (event.text_at(&["series", "lastObservedTime"]), text(event, &["lastTimestamp"])) {
        (Some(observed), _) => observed,
        (None, "") => first_stamp(event),
        (None, last) => last,
    };
    age(now, last)
}

/// `pod/web-0`.
pub fn event_object(event: &Value) -> String {
    let about = |field| text(event, &["involvedObject", field]);
    let kind = about("kind").to_ascii_lowercase();
    if about("name").is_empty() { kind } else { format!("{kind}/{}", about("name")) }
}

/// Who reported an event.
pub fn event_source(event: &Value) -> String {
    let join = |a: &str, b: &str| [a, b].iter().filter(|s| !s.is_empty()).copied().collect::<Vec<_>>().join(", ");
    match text(event, &["source", "component"]) {
        "" => join(text(event, &["reportingComponent"]), text(event, &["reportingInstance"])),
        component => join(component, text(event, &["source", "host"])),
    }
}

/// How often an event was seen.
pub fn event_count(event: &Value) -> i64 {
    event.int_at(&["series", "count"]).unwrap_or_else(|| int(event, &["count"])).max(1)
}

/// A list, cut after the first few.
fn listed(items: &[String], empty: &str) -> String {
    if items.is_empty() {
        return empty.to_owned();
    }
    let shown = items[..items.len().min(MAX_LISTED)].join(",");
    match items.len().saturating_sub(MAX_LISTED) {
        0 => shown,
        more => format!("{shown} + {more} more..."),
    }
}

/// `10.244.1.2:80,10.244.2.2:80`: the ready addresses. Where there are only others, the cell is empty.
pub fn endpoints(endpoints: &Value) -> String {
    let mut all = Vec::new();
    let subsets = endpoints.list_at(&["subsets"]);
    for subset in subsets {
        let addresses = subset.list_at(&["addresses"]).iter().map(|a| text(a, &["ip"]));
        let ports = subset.list_at(&["ports"]);
        for ip in addresses {
            if ports.is_empty() {
                all.push(ip.to_owned());
            }
        }
        for port in ports {
            let number = int(port, &["port"]);
            all.extend(subset.list_at(&["addresses"]).iter().map(|a| format!("{}:{number}", text(a, &["ip"]))));
        }
    }
    listed(&all, if subsets.is_empty() { NONE } else { "" })
}

/// The ports of a slice.
pub fn slice_ports(slice: &Value) -> String {
    let ports: Vec<String> = slice
        .list_at(&["ports"])
        .iter()
        .map(|p| match (p.get("port"), text(p, &["name"])) {
            (Some(number), _) => scalar(number),
            (None, "") => "*".to_owned(),
            (None, name) => name.to_owned(),
        })
        .collect();
    listed(&ports, UNSET)
}

/// The addresses of a slice, ready or not.
pub fn slice_addresses(slice: &Value) -> String {
    let endpoints = slice.list_at(&["endpoints"]).iter();
    let all: Vec<String> = endpoints.flat_map(|e| e.list_at(&["addresses"])).map(scalar).collect();
    listed(&all, UNSET)
}

/// `statefulset.apps/web`.
pub fn controller(object: &Value) -> String {
    match view::controller_of(object) {
        Some(owner) => {
            let group = text(owner, &["apiVersion"]).split_once('/').map(|(group, _)| format!(".{group}")).unwrap_or_default();
            format!("{}{group}/{}", text(owner, &["kind"]).to_ascii_lowercase(), text(owner, &["name"]))
        }
        None => NONE.to_owned(),
    }
}

/// `ClusterRole/view`.
pub fn role_reference(binding: &Value) -> String {
    format!("{}/{}", text(binding, &["roleRef", "kind"]), text(binding, &["roleRef", "name"]))
}

/// The subjects of one kind that a binding names; accounts with their namespaces.
pub fn subjects(binding: &Value, kind: &str) -> String {
    let of_kind = binding.list_at(&["subjects"]).iter().filter(|subject| text(subject, &["kind"]) == kind);
    let shown = |subject: &Value| {
        let name = text(subject, &["name"]);
        if kind == "ServiceAccount" { format!("{}/{name}", text(subject, &["namespace"])) } else { name.to_owned() }
    };
    of_kind.map(shown).collect::<Vec<_>>().join(", ")
}

/// `StatefulSet/web`.
pub fn scale_target(autoscaler: &Value) -> String {
    let target = |field| text(autoscaler, &["spec", "scaleTargetRef", field]);
    format!("{}/{}", target("kind"), target("name"))
}

/// `cpu: <unknown>/80%`.
pub fn autoscaler_targets(autoscaler: &Value) -> String {
    let metrics = autoscaler.list_at(&["spec", "metrics"]);
    let current = autoscaler.list_at(&["status", "currentMetrics"]);
    let shown: Vec<String> = metrics
        .iter()
        .enumerate()
        .map(|(i, metric)| {
            let resource = text(metric, &["resource", "name"]);
            let now = current.get(i).and_then(|m| m.at(&["resource", "current", "averageUtilization"]));
            let now = now.map_or_else(|| UNKNOWN.to_owned(), |v| format!("{}%", scalar(v)));
            let target = match metric.at(&["resource", "target", "averageUtilization"]) {
                Some(percent) => format!("{}%", scalar(percent)),
                None => metric.at(&["resource", "target", "averageValue"]).map_or_else(|| "<auto>".to_owned(), scalar),
            };
            format!("{resource}: {now}/{target}")
        })
        .collect();
    or_else(&shown.join(", "), NONE)
}

/// The state of a Job.
pub fn job_status(job: &Value) -> String {
    let is = |kind: &str| view::condition(job, kind).is_some_and(|c| text(c, &["status"]) == "True");
    let first = |words: &[&'static str]| words.iter().find(|kind| is(kind)).copied();
    let leaving = || view::is_terminating(job).then_some("Terminating");
    let so_far = || first(&["Suspended", "FailureTarget", "SuccessCriteriaMet"]);
    first(&["Complete", "Failed"]).or_else(leaving).or_else(so_far).unwrap_or("Running").to_owned()
}

/// `1/3`.
pub fn job_completions(job: &Value) -> String {
    let done = int(job, &["status", "succeeded"]);
    match (job.int_at(&["spec", "completions"]), int(job, &["spec", "parallelism"])) {
        (Some(wanted), _) => format!("{done}/{wanted}"),
        (None, parallel) if parallel > 1 => format!("{done}/1 of {parallel}"),
        (None, _) => format!("{done}/1"),
    }
}

/// The duration of a Job.
pub fn job_duration(job: &Value, now: Time) -> String {
    let stamp = |field| Time::parse_rfc3339(text(job, &["status", field]));
    match (stamp("startTime"), stamp("completionTime")) {
        (None, _) => String::new(),
        (Some(start), end) => Span(end.unwrap_or(now).since(start).0).human(),
    }
}

/// `local-path (default)`: the name of a class of volumes or Ingresses.
pub fn class_name(class: &Value) -> String {
    let default = if is_default_class(class) { " (default)" } else { "" };
    format!("{}{default}", view::name(class))
}

/// `ConfigMap/nginx`: what an IngressClass refers to.
pub fn class_parameters(class: &Value) -> String {
    let Some(of) = class.at(&["spec", "parameters"]) else { return NONE.to_owned() };
    let group = of.text_at(&["apiGroup"]).map_or(String::new(), |group| format!(".{group}"));
    format!("{}{group}/{}", text(of, &["kind"]), text(of, &["name"]))
}

/// The hosts of an Ingress. Models printers.go formatHosts, which counts rules rather than hosts.
pub fn ingress_hosts(ingress: &Value) -> String {
    let (mut shown, mut more) = (Vec::new(), false);
    let rules = ingress.list_at(&["spec", "rules"]);
    for rule in rules {
        more |= shown.len() == MAX_LISTED;
        let host = text(rule, &["host"]);
        if !more && !host.is_empty() {
            shown.push(host);
        }
    }
    let rest = if more { format!(" + {} more...", rules.len() - MAX_LISTED) } else { String::new() };
    or_else(&shown.join(","), "*") + &rest
}

/// The addresses of an Ingress's load balancers, each once.
pub(crate) fn balancers(ingress: &Value) -> String {
    let entries = ingress.list_at(&["status", "loadBalancer", "ingress"]).iter();
    let all = entries.map(|entry| if text(entry, &["ip"]).is_empty() { text(entry, &["hostname"]) } else { text(entry, &["ip"]) });
    all.filter(|address| !address.is_empty()).collect::<SortedSet<&str>>().iter().copied().collect::<Vec<_>>().join(",")
}

/// Removes the default mark from all classes but the newest of a list. Models printers.go `getEffectiveDefaultStorageClass`.
pub fn mark_newest_default_class(classes: &mut [Value], in_list: bool) {
    let age = |class: &Value| text(class, &["metadata", "creationTimestamp"]).to_owned();
    let newer = |a: &Value, b: &Value| age(a).cmp(&age(b)).then_with(|| view::name(b).cmp(view::name(a)));
    let newest = classes.iter().filter(|class| in_list && is_default_class(class)).max_by(|a, b| newer(a, b));
    let newest = newest.map(|class| view::name(class).to_owned());
    for class in classes.iter_mut().filter(|class| newest.as_deref() != Some(view::name(class))) {
        class.remove(&["metadata", "annotations"]);
    }
}

/// Whether this is the default class.
pub fn is_default_class(class: &Value) -> bool {
    let says = |key| text(class, &["metadata", "annotations", key]) == "true";
    match text(class, &["kind"]) {
        "IngressClass" => says(DEFAULT_INGRESS_CLASS),
        _ => says(DEFAULT_CLASS) || says(DEFAULT_CLASS_BETA),
    }
}

/// `pods: 2/5`: used and hard, for requests or limits.
pub fn quota(quota: &Value, limits: bool) -> String {
    let hard = members(map_at(quota, &["status", "hard"]));
    let shown = hard.filter(|(key, _)| key.starts_with("limits.") == limits).map(|(key, allowed)| {
        let used = quota.at(&["status", "used", key]).map_or_else(|| "0".to_owned(), scalar);
        format!("{key}: {used}/{}", scalar(allowed))
    });
    shown.collect::<Vec<_>>().join(", ")
}
