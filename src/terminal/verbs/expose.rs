//! `expose` and `autoscale`: objects made from other objects.
//!
//! Models k8s.io/kubectl/pkg/cmd/expose and pkg/cmd/autoscale.

use crate::generate::{finish, int_or_text, object};
use crate::targets::{self, Lookup};
use crate::work::{Step, done_or};
use crate::write::DryRun;
use api::kind::{Kind, Trait};
use api::view::int;
use base::given::SetGiven;
use base::note::Note;
use base::quantity::canonical;
use base::value::Value;
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::session::Session;
use kubectl::target::Target;

/// The longest default name of a Service.
const NAME_LENGTH: usize = 63;

/// Runs `expose`.
pub fn expose(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let found = targets::find(call, &call.args, session, Lookup::default())?;
    let exposed = found.into_iter().map(|target| {
        let service = service_for(call, &target?)?;
        finish(call, session, Kind::Service, service, "exposed")
    });
    done_or(exposed.filter_map(Result::err).collect())
}

fn service_for(call: &Call, target: &Target) -> Result<Value, Failure> {
    let given = |flag: &str| call.flags.text(flag).filter(|text| !text.is_empty());
    let found = selector_of(target)?;
    let selector =
        found.map_err(|why| Failure::client(format!("couldn't retrieve selectors via --selector flag or introspection: {why}")))?;
    let name: String = target.name.chars().take(NAME_LENGTH).collect();
    let mut service = object(Kind::Service, given("name").unwrap_or(&name));
    let ports = ports(call, &target.object)?;
    service.set_some(&["metadata", "labels"], target.object.at(&["metadata", "labels"]).cloned());
    service.set_filled(&["spec", "ports"], Value::list(ports));
    service.set(&["spec", "selector"], selector);
    service.set_some(&["spec", "type"], given("type"));
    service.set_some(&["spec", "loadBalancerIP"], given("load-balancer-ip").filter(|_| given("type") == Some("LoadBalancer")));
    service.set_some(&["spec", "externalIPs"], given("external-ip").map(|address| Value::list([Value::from(address)])));
    service.set(&["status", "loadBalancer"], Value::map());
    Ok(service)
}

/// The selector for an object's pods, or why there is none; other kinds cannot be exposed.
fn selector_of(target: &Target) -> Result<Result<Value, &'static str>, Failure> {
    let (path, why): (&[&str], _) = match target.kind {
        Kind::Deployment => (&["spec", "selector", "matchLabels"], "invalid deployment: no selectors, therefore cannot be exposed"),
        Kind::ReplicaSet => (&["spec", "selector", "matchLabels"], "invalid replicaset: no selectors, therefore cannot be exposed"),
        Kind::Service => (&["spec", "selector"], "the service has no pod selector set"),
        Kind::ReplicationController => (&["spec", "selector"], ""),
        Kind::Pod => (&["metadata", "labels"], "the pod has no labels and cannot be exposed"),
        other => return Err(Failure::client(format!("cannot expose a {}", other.group_kind()))),
    };
    let expressions = target.object.list_at(&["spec", "selector", "matchExpressions"]);
    if !expressions.is_empty() {
        return Err(Failure::NotSimulated(Note::ByExpressions));
    }
    Ok(target.object.at(path).filter(|l| l.as_map().is_some_and(|l| !l.is_empty())).cloned().ok_or(why))
}

/// The ports that an object declares, with their protocols.
fn declared(object: &Value) -> Vec<(String, &str)> {
    let in_template = object.list_at(&["spec", "template", "spec", "containers"]);
    let containers = if in_template.is_empty() { object.list_at(&["spec", "containers"]) } else { in_template };
    let in_containers = containers.iter().flat_map(|c| c.list_at(&["ports"])).map(|p| (p, "containerPort"));
    let of_service = object.list_at(&["spec", "ports"]).iter().map(|p| (p, "port"));
    in_containers.chain(of_service).map(|(port, field)| declared_port(port, field)).collect()
}

fn declared_port<'a>(port: &'a Value, field: &str) -> (String, &'a str) {
    (int(port, &[field]).to_string(), port.text_at(&["protocol"]).unwrap_or("TCP"))
}

/// The ports given on the command line, or else those that the object declares.
fn ports(call: &Call, object: &Value) -> Result<Vec<Value>, Failure> {
    let declared = declared(object);
    let ports: Vec<String> = match call.flags.text("port").filter(|p| !p.is_empty()) {
        Some(given) => given.split(',').map(str::to_owned).collect(),
        None => declared.iter().map(|(port, _)| port.clone()).collect(),
    };
    if ports.is_empty() {
        return Err(Failure::client("couldn't find port via --port flag or introspection"));
    }
    let mut entries = Vec::new();
    for (i, port) in ports.iter().enumerate() {
        let number: i64 = port.parse().map_err(|_| Failure::client(format!("strconv.Atoi: parsing {port:?}: invalid syntax")))?;
        let protocols: Vec<&str> = declared.iter().filter(|(of, _)| of == port).map(|(_, protocol)| *protocol).collect();
        let one = [protocols.first().copied().unwrap_or("TCP")];
        for protocol in if protocols.len() > 1 { protocols.as_slice() } else { &one } {
            let mut entry = Value::of([("protocol", *protocol)]);
            if protocols.len() > 1 {
                entry.set(&["name"], format!("port-{}-{}", i + 1, protocol.to_ascii_lowercase()));
            } else if ports.len() > 1 {
                entry.set(&["name"], format!("port-{}", i + 1));
            }
            entry.set(&["port"], number);
            entry.set(&["targetPort"], int_or_text(call.flags.text("target-port").filter(|p| !p.is_empty()).unwrap_or(port)));
            entries.push(entry);
        }
    }
    Ok(entries)
}

/// An autoscaler's target for the CPU: a percentage of the requests, or an amount per pod.
fn metric(input: &str) -> Result<Value, Failure> {
    let input = input.trim();
    let mut metric = Value::of([("type", "Resource")]);
    metric.set(&["resource", "name"], "cpu");
    Failure::client_if(input.is_empty(), "empty input")?;
    if let Some(share) = input.strip_suffix('%') {
        let wrong = || Failure::client(format!("invalid percentage value: {share}"));
        let share: u32 = share.parse().ok().filter(|share| i32::try_from(*share).is_ok()).ok_or_else(wrong)?;
        metric.set(&["resource", "target", "type"], "Utilization");
        metric.set(&["resource", "target", "averageUtilization"], i64::from(share));
        return Ok(metric);
    }
    let is_bare = input.bytes().all(|b| b.is_ascii_digit());
    let amount = canonical(&if is_bare { format!("{input}m") } else { input.to_owned() });
    metric.set(&["resource", "target", "type"], "AverageValue");
    metric
        .set(&["resource", "target", "averageValue"], amount.map_err(|_| Failure::client(format!("invalid resource cpu value: {input}")))?);
    Ok(metric)
}

/// Runs `autoscale`.
pub fn autoscale(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    if call.flags.given("cpu-percent") {
        session.output.err(
            "Flag --cpu-percent has been deprecated, Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization \
             or '500m' for milliCPU).",
        );
    }
    let Some(most) = call.flags.int("max") else { return Err(Failure::client("required flag(s) \"max\" not set")) };
    let least = call.flags.int("min").unwrap_or(-1);
    Failure::client_if(most < 1, format!("--max=MAXPODS is required and must be at least 1, max: {most}"))?;
    Failure::client_if(most < least, format!("--max=MAXPODS must be larger or equal to --min=MINPODS, max: {most}, min: {least}"))?;
    let percent = call.flags.int("cpu-percent").filter(|percent| *percent > 0);
    let given = |flag| call.flags.text(flag).filter(|text| !text.is_empty());
    Failure::client_if(percent.is_some() && given("cpu").is_some(), "--cpu-percent and --cpu are mutually exclusive")?;
    let mut metrics: Vec<Value> = percent.map(|percent| metric(&format!("{percent}%"))).transpose()?.into_iter().collect();
    metrics.extend(given("cpu").map(metric).transpose()?);
    for target in targets::find(call, &call.args, session, Lookup::default())? {
        let target = target?;
        if !target.kind.has(Trait::Scale) {
            let info = target.kind.info();
            return Err(Failure::client(format!(
                "cannot autoscale a {}: could not find scale subresource for {}/{}, Resource={} in discovery information",
                info.name, info.group, info.version, info.plural
            )));
        }
        let mut autoscaler = object(Kind::HorizontalPodAutoscaler, call.flags.text("name").unwrap_or(&target.name));
        autoscaler.set(&["spec", "maxReplicas"], most);
        if least > 0 {
            autoscaler.set(&["spec", "minReplicas"], least);
        }
        autoscaler.set_filled(&["spec", "metrics"], Value::list(metrics.clone()));
        let reference = &["spec", "scaleTargetRef"];
        autoscaler.set(reference, Value::of([("kind", target.kind.info().name), ("name", target.name.as_str())]));
        autoscaler.set(&[reference, &["apiVersion"][..]].concat(), target.kind.api_version());
        let mut done = "autoscaled";
        if DryRun::of(call)? == DryRun::Client {
            done = "created";
            autoscaler.set(&["status", "currentMetrics"], Value::Null);
            autoscaler.set(&["status", "desiredReplicas"], 0);
        }
        let made = finish(call, session, Kind::HorizontalPodAutoscaler, autoscaler, done);
        // kubectl falls back to the older API version, which needs a CPU percentage.
        let is_share = given("cpu").is_some_and(|cpu| cpu.trim().ends_with('%'));
        if matches!(made, Err(Failure::Server(_))) && !is_share {
            let why = if given("cpu").is_some() { "%!w(<nil>)" } else { "empty input" };
            return Err(Failure::client(format!(
                "failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1: {why}"
            )));
        }
        made?;
    }
    Ok(Step::Done)
}
