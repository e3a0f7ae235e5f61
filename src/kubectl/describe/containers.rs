//! Containers and pod templates.
//!
//! Models k8s.io/kubectl/pkg/describe/describe.go describeContainers and DescribePodTemplate.

use std::fmt::Write;

use crate::describe::common::{annotations, go_list, labels, multiline, resources};
use crate::describe::layout::Page;
use crate::describe::volumes::volumes;
use crate::view::{NONE, int, long_date, map_at, scalar, text, truth};
use api::release::Release;
use base::quantity::Quantity;
use base::sort::Sort;
use base::value::Value;
use rows::cells::label_selector;

/// The indentation of a pod template's own lines.
const IN_TEMPLATE: &str = "  ";

/// The section about a workload's pod template.
pub fn pod_template(page: &mut Page, template: Option<&Value>, release: &Release) {
    page.line(0, "Pod Template:");
    let Some(template) = template else {
        page.line(1, "<unset>");
        return;
    };
    let spec = template.get("spec").cloned().unwrap_or_default();
    labels(page, IN_TEMPLATE, "Labels", map_at(template, &["metadata", "labels"]));
    if let Some(map) = map_at(template, &["metadata", "annotations"]) {
        annotations(page, "  Annotations", Some(map));
    }
    page.field_some(1, "Service Account", spec.text_at(&["serviceAccountName"]));
    if !spec.list_at(&["initContainers"]).is_empty() {
        containers(
            page,
            IN_TEMPLATE,
            "Init Containers",
            spec.list_at(&["initContainers"]),
            &ListContext { release, statuses: &[], pod: None },
        );
    }
    containers(page, IN_TEMPLATE, "Containers", spec.list_at(&["containers"]), &ListContext { release, statuses: &[], pod: None });
    volumes(page, IN_TEMPLATE, spec.list_at(&["volumes"]));
    topology_spread(page, IN_TEMPLATE, &spec);
    page.field_some(1, "Priority Class Name", spec.text_at(&["priorityClassName"]));
    labels(page, IN_TEMPLATE, "Node-Selectors", map_at(&spec, &["nodeSelector"]));
    tolerations(page, IN_TEMPLATE, &spec);
}

/// The context of a list of containers.
pub struct ListContext<'a> {
    /// The release of kubectl.
    pub release: &'a Release,
    /// Their statuses; empty in a pod template.
    pub statuses: &'a [Value],
    /// The pod in which field references are resolved; `None` in a pod template.
    pub pod: Option<&'a Value>,
}

/// A section of containers.
pub fn containers(page: &mut Page, space: &str, title: &str, containers: &[Value], around: &ListContext) {
    let none = if containers.is_empty() { " <none>" } else { "" };
    page.line(0, format!("{space}{title}:{none}"));
    for container in containers {
        let name = text(container, &["name"]);
        let status = around.statuses.iter().find(|s| text(s, &["name"]) == name);
        page.line(1, format!("{}{name}:", if space.is_empty() { "" } else { " " }));
        basics(page, container, status, around.release);
        words(page, container, "command", "Command");
        words(page, container, "args", "Args");
        if let Some(status) = status {
            state(page, status);
        }
        resources(page, 2, "Limits", map_at(container, &["resources", "limits"]));
        resources(page, 2, "Requests", map_at(container, &["resources", "requests"]));
        for (title, field) in [("Liveness", "livenessProbe"), ("Readiness", "readinessProbe"), ("Startup", "startupProbe")] {
            if let Some(p) = container.get(field) {
                page.field(2, title, probe(p, around.release));
            }
        }
        environment(page, container, around.pod);
        mounts(page, container);
    }
}

fn basics(page: &mut Page, container: &Value, status: Option<&Value>, release: &Release) {
    if let Some(status) = status {
        page.field(2, "Container ID", text(status, &["containerID"]));
    }
    page.field(2, "Image", text(container, &["image"]));
    if let Some(status) = status {
        page.field(2, "Image ID", text(status, &["imageID"]));
    }
    for (title, field) in [("Port", "containerPort"), ("Host Port", "hostPort")] {
        let ports = container.list_at(&["ports"]).iter().map(|p| {
            let name = p.text_at(&["name"]).filter(|_| release.names_ports).map(|n| format!(" ({n})")).unwrap_or_default();
            format!("{}/{}{name}", int(p, &[field]), p.text_at(&["protocol"]).unwrap_or("TCP"))
        });
        let ports: Vec<String> = ports.collect();
        match ports.as_slice() {
            [] => page.field(2, title, NONE),
            [one] => page.field(2, title, one),
            many => page.field(2, &format!("{title}s"), many.join(", ")),
        }
    }
    page.field_some(2, "SeccompProfile", container.text_at(&["securityContext", "seccompProfile", "type"]));
}

fn words(page: &mut Page, container: &Value, field: &str, title: &str) {
    let words = container.list_at(&[field]);
    if words.is_empty() {
        return;
    }
    page.line(2, format!("{title}:"));
    for word in words {
        for line in scalar(word).split('\n') {
            page.line(3, line);
        }
    }
}

fn state(page: &mut Page, status: &Value) {
    one_state(page, "State", status.get("state"));
    if status.at(&["lastState", "terminated"]).is_some() {
        one_state(page, "Last State", status.get("lastState"));
    }
    page.field(2, "Ready", if truth(status, &["ready"]) { "True" } else { "False" });
    page.field(2, "Restart Count", int(status, &["restartCount"]).to_string());
}

fn one_state(page: &mut Page, title: &str, state: Option<&Value>) {
    let part = |name| state.and_then(|s| s.get(name));
    if let Some(running) = part("running") {
        page.field(2, title, "Running");
        page.field(3, "Started", long_date(text(running, &["startedAt"])));
    } else if let Some(ended) = part("terminated") {
        page.field(2, title, "Terminated");
        for (label, field) in [("Reason", "reason"), ("Message", "message")] {
            page.field_some(3, label, ended.text_at(&[field]));
        }
        page.field(3, "Exit Code", int(ended, &["exitCode"]).to_string());
        if int(ended, &["signal"]) > 0 {
            page.field(3, "Signal", int(ended, &["signal"]).to_string());
        }
        page.field(3, "Started", long_date(text(ended, &["startedAt"])));
        page.field(3, "Finished", long_date(text(ended, &["finishedAt"])));
    } else {
        page.field(2, title, "Waiting");
        page.field_some(3, "Reason", part("waiting").and_then(|w| w.text_at(&["reason"])));
    }
}

/// A path as it stands in a URL: a query that was written into it is part of the path, and escaped.
/// Models Go's net/url URL.EscapedPath.
fn url_path(path: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@".contains(byte);
    let mut out = String::from(if path.starts_with('/') { "" } else { "/" });
    for byte in path.bytes() {
        if plain(&byte) {
            out.push(byte.into());
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// A probe on one line. Models DescribeProbe.
fn probe(probe: &Value, release: &Release) -> String {
    let (success, failure) =
        if release.spells_probe_thresholds { ("successThreshold", "failureThreshold") } else { ("#success", "#failure") };
    let [delay, timeout, period, successes, failures] =
        ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"]
            .map(|field| int(probe, &[field]));
    let times = format!("delay={delay}s timeout={timeout}s period={period}s {success}={successes} {failure}={failures}");
    let port = |handler: &Value| handler.get("port").map(scalar).unwrap_or_default();
    if let Some(exec) = probe.get("exec") {
        format!("exec {} {times}", go_list(exec.list_at(&["command"])))
    } else if let Some(http) = probe.get("httpGet") {
        let scheme = http.text_at(&["scheme"]).unwrap_or("HTTP").to_ascii_lowercase();
        let path = url_path(text(http, &["path"]));
        format!("http-get {scheme}://{}:{}{path} {times}", text(http, &["host"]), port(http))
    } else if let Some(tcp) = probe.get("tcpSocket") {
        format!("tcp-socket {}:{} {times}", text(tcp, &["host"]), port(tcp))
    } else if let Some(grpc) = probe.get("grpc") {
        format!("grpc <pod>:{} {} {times}", port(grpc), text(grpc, &["service"]))
    } else {
        format!("unknown {times}")
    }
}

fn environment(page: &mut Page, container: &Value, pod: Option<&Value>) {
    let from = container.list_at(&["envFrom"]);
    if !from.is_empty() {
        page.line(2, "Environment Variables from:");
        for source in from {
            let (kind, reference) = match source.get("configMapRef") {
                Some(map) => ("ConfigMap", map),
                None => ("Secret", source.get("secretRef").unwrap_or(&Value::Null)),
            };
            let prefix = source.text_at(&["prefix"]).map(|p| format!(" with prefix '{p}'")).unwrap_or_default();
            let optional = truth(reference, &["optional"]);
            page.line(3, format!("{}\t{kind}{prefix}\tOptional: {optional}", text(reference, &["name"])));
        }
    }
    let variables = container.list_at(&["env"]);
    page.line(2, format!("Environment:{}", if variables.is_empty() { "\t<none>" } else { "" }));
    for variable in variables {
        page.line(3, one_variable(variable, container, pod));
    }
}

fn one_variable(variable: &Value, container: &Value, pod: Option<&Value>) -> String {
    let name = text(variable, &["name"]);
    let part = |kind: &str| variable.at(&["valueFrom", kind]);
    if let Some(field) = part("fieldRef") {
        let path = text(field, &["fieldPath"]);
        let value = pod.map(|p| pod_field(p, path)).unwrap_or_default();
        format!("{name}:\t{value} ({}:{path})", field.text_at(&["apiVersion"]).unwrap_or("v1"))
    } else if let Some(resource) = part("resourceFieldRef") {
        let asked = text(resource, &["resource"]);
        let value = match resource_field(resource, container) {
            Some(0) if ["limits.cpu", "limits.memory"].contains(&asked) => "node allocatable".to_owned(),
            value => value.map(|v| v.to_string()).unwrap_or_default(),
        };
        format!("{name}:\t{value} ({asked})")
    } else if let Some(secret) = part("secretKeyRef") {
        let (key, from, optional) = (text(secret, &["key"]), text(secret, &["name"]), truth(secret, &["optional"]));
        format!("{name}:\t<set to the key '{key}' in secret '{from}'>\tOptional: {optional}")
    } else if let Some(map) = part("configMapKeyRef") {
        let (key, from, optional) = (text(map, &["key"]), text(map, &["name"]), truth(map, &["optional"]));
        format!("{name}:\t<set to the key '{key}' of config map '{from}'>\tOptional: {optional}")
    } else {
        format!("{name}:\t{}", text(variable, &["value"]).replace('\n', "\n      \t"))
    }
}

/// The value of a `resourceFieldRef` in units of its divisor, rounded up. Models resource.ExtractContainerResourceValue.
fn resource_field(resource: &Value, container: &Value) -> Option<i64> {
    let (list, name) = text(resource, &["resource"]).split_once('.')?;
    let amount = container.at(&["resources", list, name]).and_then(Quantity::read).map_or(0, Quantity::thousandths);
    let divisor = resource.get("divisor").and_then(Quantity::read).map(Quantity::thousandths).filter(|d| *d > 0).unwrap_or(1000);
    Some(amount.div_euclid(divisor) + i64::from(amount.rem_euclid(divisor) > 0))
}

/// The value of a `fieldRef`, as far as kubectl knows it: its scheme has no labels for other fields than these.
/// Models describe.go EnvValueRetriever and apimachinery's DefaultMetaV1FieldSelectorConversion.
fn pod_field<'a>(pod: &'a Value, path: &str) -> &'a str {
    match path {
        "metadata.name" => text(pod, &["metadata", "name"]),
        "metadata.namespace" => text(pod, &["metadata", "namespace"]),
        _ => "",
    }
}

fn mounts(page: &mut Page, container: &Value) {
    let mut mounts = container.list_at(&["volumeMounts"]).to_vec();
    mounts.sort_small_by(|a, b| text(a, &["mountPath"]).cmp(text(b, &["mountPath"])));
    // kubectl writes the same behind both words, devices or not.
    let none = if mounts.is_empty() { "\t<none>" } else { "" };
    page.line(2, format!("Mounts:{none}"));
    for mount in &mounts {
        let access = if truth(mount, &["readOnly"]) { "ro" } else { "rw" };
        let sub = mount.text_at(&["subPath"]).map(|p| format!(",path={p:?}")).unwrap_or_default();
        page.line(3, format!("{} from {} ({access}{sub})", text(mount, &["mountPath"]), text(mount, &["name"])));
    }
    let devices = container.list_at(&["volumeDevices"]);
    if !devices.is_empty() {
        page.line(2, format!("Devices:{none}"));
        for device in devices {
            page.line(3, format!("{} from {}", text(device, &["devicePath"]), text(device, &["name"])));
        }
    }
}

/// `Tolerations:`, one per line, by key.
pub fn tolerations(page: &mut Page, indent: &str, spec: &Value) {
    let mut all = spec.list_at(&["tolerations"]).to_vec();
    all.sort_small_by(|a, b| text(a, &["key"]).cmp(text(b, &["key"])));
    let entries: Vec<String> = all
        .iter()
        .map(|t| {
            let mut out = text(t, &["key"]).to_owned();
            for (sign, field) in [("=", "value"), (":", "effect")] {
                if let Some(part) = t.text_at(&[field]).filter(|p| !p.is_empty()) {
                    out.push_str(sign);
                    out.push_str(part);
                }
            }
            if text(t, &["operator"]) == "Exists" && text(t, &["value"]).is_empty() {
                out.push_str(if out.is_empty() { "op=Exists" } else { " op=Exists" });
            }
            if let Some(seconds) = t.int_at(&["tolerationSeconds"]) {
                let _ = write!(out, " for {seconds}s");
            }
            out
        })
        .collect();
    multiline(page, indent, "Tolerations", &entries);
}

/// `Topology Spread Constraints:`, if there are any.
pub fn topology_spread(page: &mut Page, indent: &str, spec: &Value) {
    let mut all = spec.list_at(&["topologySpreadConstraints"]).to_vec();
    if all.is_empty() {
        return;
    }
    all.sort_small_by(|a, b| text(a, &["topologyKey"]).cmp(text(b, &["topologyKey"])));
    let entries: Vec<String> = all
        .iter()
        .map(|c| {
            let selector = c.get("labelSelector").map(|s| format!(" for selector {}", label_selector(s))).unwrap_or_default();
            let (key, otherwise) = (text(c, &["topologyKey"]), text(c, &["whenUnsatisfiable"]));
            format!("{key}:{otherwise} when max skew {} is exceeded{selector}", int(c, &["maxSkew"]))
        })
        .collect();
    multiline(page, indent, "Topology Spread Constraints", &entries);
}
