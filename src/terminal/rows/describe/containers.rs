//! Containers and pod templates.
//!
//! Models k8s.io/kubectl/pkg/describe/describe.go describeContainers and DescribePodTemplate.

use std::fmt::Write;

use super::{CONTAINER, RUNNING, TERMINATED, WAITING, print};
use crate::cells::label_selector;
use crate::describe::common::{go_list, multiline};
use crate::describe::layout::Page;
use api::release::Release;
use api::view::{NONE, View, int, scalar, text, truth};
use base::given::SetGiven;
use base::quantity::Quantity;
use base::sort::Sort;
use base::value::Value;

/// The containers of a pod or of a template, with their statuses where there are any.
pub(super) fn containers(page: &mut Page, level: usize, title: &str, of: &Value, view: &View) {
    let (field, statuses) = match title {
        "Init Containers" => ("initContainers", "initContainerStatuses"),
        "Containers" => ("containers", "containerStatuses"),
        _ => ("ephemeralContainers", "ephemeralContainerStatuses"),
    };
    let all = of.list_at(&["spec", field]);
    if all.is_empty() && field != "containers" {
        return;
    }
    page.line(level, format!("{title}:{}", if all.is_empty() { " <none>" } else { "" }));
    for container in all {
        let name = text(container, &["name"]);
        let status = of.list_at(&["status", statuses]).iter().find(|s| text(s, &["name"]) == name);
        page.line(1, format!("{}{name}:", if level == 0 { "" } else { " " }));
        let mut whole = Value::of([("spec", container.clone())]);
        whole.set_some(&["status"], status.cloned());
        // Fields of a pod are only known of a pod.
        whole.set_some(&["metadata"], of.get("metadata").filter(|_| level == 0).cloned());
        print(page, 2, CONTAINER, &whole, view);
    }
}

pub(super) fn ports(page: &mut Page, level: usize, title: &str, container: &Value, view: &View) {
    let field = if title == "Port" { "containerPort" } else { "hostPort" };
    let ports = container.list_at(&["spec", "ports"]).iter().map(|p| {
        let name = p.text_at(&["name"]).filter(|_| view.release.names_ports).map(|n| format!(" ({n})")).unwrap_or_default();
        format!("{}/{}{name}", int(p, &[field]), p.text_at(&["protocol"]).unwrap_or("TCP"))
    });
    let ports: Vec<String> = ports.collect();
    match ports.as_slice() {
        [] => page.field(level, title, NONE),
        [one] => page.field(level, title, one),
        many => page.field(level, &format!("{title}s"), many.join(", ")),
    }
}

pub(super) fn words(page: &mut Page, level: usize, title: &str, words: &Value) {
    page.line(level, format!("{title}:"));
    for word in words.as_list().unwrap_or_default() {
        scalar(word).split('\n').for_each(|line| page.line(level + 1, line));
    }
}

pub(super) fn title_case(value: &Value) -> String {
    if value.as_bool() == Some(true) { "True" } else { "False" }.to_owned()
}

pub(super) fn state(page: &mut Page, level: usize, title: &str, state: &Value, view: &View) {
    let states = [("running", "Running", RUNNING), ("terminated", "Terminated", TERMINATED)];
    let found = states.into_iter().find(|(field, ..)| state.get(field).is_some()).unwrap_or(("waiting", "Waiting", WAITING));
    page.field(level, title, found.1);
    print(page, level + 1, found.2, state.get(found.0).unwrap_or(&Value::Null), view);
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
pub(super) fn probe(page: &mut Page, level: usize, title: &str, probe: &Value, view: &View) {
    page.field(level, title, probe_text(probe, view.release));
}

fn probe_text(probe: &Value, release: &Release) -> String {
    let (success, failure) =
        if release.spells_probe_thresholds { ("successThreshold", "failureThreshold") } else { ("#success", "#failure") };
    let [delay, timeout, period, successes, failures] =
        ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"]
            .map(|field| int(probe, &[field]));
    let times = format!("delay={delay}s timeout={timeout}s period={period}s {success}={successes} {failure}={failures}");
    let port = |handler: &Value| handler.get("port").map(scalar).unwrap_or_default();
    if let Some(exec) = probe.get("exec") {
        format!("exec {} {times}", go_list(exec.get("command").unwrap_or(&Value::Null)))
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

pub(super) fn variables_from(page: &mut Page, level: usize, title: &str, from: &Value) {
    page.line(level, format!("{title}:"));
    for source in from.as_list().unwrap_or_default() {
        let (kind, reference) = match source.get("configMapRef") {
            Some(map) => ("ConfigMap", map),
            None => ("Secret", source.get("secretRef").unwrap_or(&Value::Null)),
        };
        let prefix = source.text_at(&["prefix"]).map(|p| format!(" with prefix '{p}'")).unwrap_or_default();
        let optional = truth(reference, &["optional"]);
        page.line(level + 1, format!("{}\t{kind}{prefix}\tOptional: {optional}", text(reference, &["name"])));
    }
}

pub(super) fn environment(page: &mut Page, level: usize, title: &str, container: &Value, _: &View) {
    let variables = container.list_at(&["spec", "env"]);
    page.line(level, format!("{title}:{}", if variables.is_empty() { "\t<none>" } else { "" }));
    for variable in variables {
        page.line(level + 1, one_variable(variable, container));
    }
}

fn one_variable(variable: &Value, container: &Value) -> String {
    let name = text(variable, &["name"]);
    let part = |kind: &str| variable.at(&["valueFrom", kind]);
    if let Some(field) = part("fieldRef") {
        let path = text(field, &["fieldPath"]);
        let value = pod_field(container, path);
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
    let amount = container.at(&["spec", "resources", list, name]).and_then(Quantity::read).map_or(0, Quantity::thousandths);
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

pub(super) fn mounts(page: &mut Page, level: usize, title: &str, mounts: &Value) {
    let mut mounts = mounts.as_list().unwrap_or_default().to_vec();
    mounts.sort_small_by(|a, b| text(a, &["mountPath"]).cmp(text(b, &["mountPath"])));
    page.line(level, format!("{title}:{}", if mounts.is_empty() { "\t<none>" } else { "" }));
    for mount in &mounts {
        let access = if truth(mount, &["readOnly"]) { "ro" } else { "rw" };
        let sub = mount.text_at(&["subPath"]).map(|p| format!(",path={p:?}")).unwrap_or_default();
        page.line(level + 1, format!("{} from {} ({access}{sub})", text(mount, &["mountPath"]), text(mount, &["name"])));
    }
}

pub(super) fn devices(page: &mut Page, level: usize, title: &str, container: &Value, _: &View) {
    let devices = container.list_at(&["spec", "volumeDevices"]);
    if devices.is_empty() {
        return;
    }
    // kubectl writes the same behind both words, devices or not.
    let none = if container.list_at(&["spec", "volumeMounts"]).is_empty() { "\t<none>" } else { "" };
    page.line(level, format!("{title}:{none}"));
    for device in devices {
        page.line(level + 1, format!("{} from {}", text(device, &["devicePath"]), text(device, &["name"])));
    }
}

/// `Tolerations:`, one per line, by key.
pub(super) fn tolerations(page: &mut Page, level: usize, title: &str, all: &Value) {
    let mut all = all.as_list().unwrap_or_default().to_vec();
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
    multiline(page, level, title, &entries);
}

/// Constraints, one per line, by key.
pub(super) fn topology_spread(page: &mut Page, level: usize, title: &str, all: &Value) {
    let mut all = all.as_list().unwrap_or_default().to_vec();
    all.sort_small_by(|a, b| text(a, &["topologyKey"]).cmp(text(b, &["topologyKey"])));
    let entries: Vec<String> = all
        .iter()
        .map(|c| {
            let selector = c.get("labelSelector").map(|s| format!(" for selector {}", label_selector(s))).unwrap_or_default();
            let (key, otherwise) = (text(c, &["topologyKey"]), text(c, &["whenUnsatisfiable"]));
            format!("{key}:{otherwise} when max skew {} is exceeded{selector}", int(c, &["maxSkew"]))
        })
        .collect();
    multiline(page, level, title, &entries);
}
