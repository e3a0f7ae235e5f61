//! `expose` and `autoscale`: objects made from other objects.
//!
//! Models k8s.io/kubectl/pkg/cmd/expose and pkg/cmd/autoscale.

use crate::api::kind::Kind;
use crate::api::scale::is_scalable;
use crate::base::value::Value;
use crate::kubectl::commands::Call;
use crate::kubectl::failure::Failure;
use crate::kubectl::job::Step;
use crate::kubectl::session::Session;
use crate::kubectl::targets::{self, Lookup};
use crate::kubectl::verbs::generate::{finish, int_or_text, object};
use crate::kubectl::view::int;

/// Runs `expose`.
pub fn expose(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    for target in targets::find(call, &call.args, session, Lookup::default())? {
        let target = target?;
        let selector = match target.kind {
            Kind::Deployment | Kind::ReplicaSet => target.object.at(&["spec", "selector", "matchLabels"]),
            Kind::Service | Kind::ReplicationController => target.object.at(&["spec", "selector"]),
            Kind::Pod => target.object.at(&["metadata", "labels"]),
            other => return Err(Failure::client(format!("cannot expose a {}", other.group_kind()))),
        };
        let selector = selector.cloned().ok_or_else(|| Failure::client("the object has no labels and cannot be exposed"))?;
        let mut service = object(Kind::Service, call.flags.text("name").unwrap_or(&target.name));
        if let Some(labels) = target.object.at(&["metadata", "labels"]) {
            service.set(&["metadata", "labels"], labels.clone());
        }
        service.set(&["spec", "ports"], Value::list(ports(call, &target.object)?));
        service.set(&["spec", "selector"], selector);
        for (flag, field) in [("type", "type"), ("cluster-ip", "clusterIP"), ("session-affinity", "sessionAffinity")] {
            if let Some(value) = call.flags.text(flag) {
                service.set(&["spec", field], value);
            }
        }
        service.set(&["status", "loadBalancer"], Value::map());
        finish(call, session, Kind::Service, service, "exposed")?;
    }
    Ok(Step::Done)
}

/// The ports that the words name, or else those that the containers declare.
fn ports(call: &Call, object: &Value) -> Result<Vec<Value>, Failure> {
    let in_template = object.list_at(&["spec", "template", "spec", "containers"]);
    let containers = if in_template.is_empty() { object.list_at(&["spec", "containers"]) } else { in_template };
    let declared = containers.iter().flat_map(|c| c.list_at(&["ports"])).map(|p| int(p, &["containerPort"]).to_string());
    let ports: Vec<String> = match call.flags.text("port") {
        Some(given) => given.split(',').map(str::to_owned).collect(),
        None => declared.collect(),
    };
    if ports.is_empty() {
        return Err(Failure::client("couldn't find port via --port flag or introspection"));
    }
    let entries = ports.iter().enumerate().map(|(i, port)| {
        let number: i64 = port.parse().map_err(|_| Failure::client(format!("strconv.Atoi: parsing {port:?}: invalid syntax")))?;
        let mut entry = Value::of([("protocol", call.flags.text("protocol").unwrap_or("TCP"))]);
        if ports.len() > 1 {
            entry.set(&["name"], format!("port-{}", i + 1));
        }
        entry.set(&["port"], number);
        entry.set(&["targetPort"], int_or_text(call.flags.text("target-port").unwrap_or(port)));
        Ok(entry)
    });
    entries.collect()
}

/// Runs `autoscale`.
pub fn autoscale(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let Some(most) = call.flags.int("max") else { return Err(Failure::client("required flag(s) \"max\" not set")) };
    let least = call.flags.int("min").unwrap_or(-1);
    if most < 1 {
        return Err(Failure::client(format!("--max=MAXPODS is required and must be at least 1, max: {most}")));
    }
    if most < least {
        return Err(Failure::client(format!("--max=MAXPODS must be larger or equal to --min=MINPODS, max: {most}, min: {least}")));
    }
    if call.flags.given("cpu-percent") {
        session.output.err(
            "Flag --cpu-percent has been deprecated, Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization \
             or '500m' for milliCPU).",
        );
    }
    for target in targets::find(call, &call.args, session, Lookup::default())? {
        let target = target?;
        if !is_scalable(target.kind) {
            return Err(Failure::client(format!("cannot autoscale a {}", target.kind.group_kind())));
        }
        let mut autoscaler = object(Kind::HorizontalPodAutoscaler, call.flags.text("name").unwrap_or(&target.name));
        autoscaler.set(&["spec", "maxReplicas"], most);
        if least >= 0 {
            autoscaler.set(&["spec", "minReplicas"], least);
        }
        let percent = call.flags.int("cpu-percent").or_else(|| call.flags.text("cpu")?.trim_end_matches('%').parse().ok());
        if let Some(percent) = percent.filter(|p| *p >= 0) {
            let mut metric = Value::of([("type", "Resource")]);
            metric.set(&["resource", "name"], "cpu");
            metric.set(&["resource", "target", "type"], "Utilization");
            metric.set(&["resource", "target", "averageUtilization"], percent);
            autoscaler.set(&["spec", "metrics"], Value::list([metric]));
        }
        let reference = &["spec", "scaleTargetRef"];
        autoscaler.set(reference, Value::of([("kind", target.kind.info().name), ("name", target.name.as_str())]));
        autoscaler.set(&[reference, &["apiVersion"][..]].concat(), target.kind.api_version());
        let made = finish(call, session, Kind::HorizontalPodAutoscaler, autoscaler, "autoscaled");
        // The older version is tried next, which needs a share of the CPU.
        if matches!(made, Err(Failure::Server(_))) && call.flags.text("cpu").is_none_or(|cpu| cpu.trim().is_empty()) {
            return Err(Failure::client(
                "failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1: empty input",
            ));
        }
        made?;
    }
    Ok(Step::Done)
}
