//! `set image`, `set resources`, `set serviceaccount`: changes inside pod templates; and `set selector`.
//!
//! Models k8s.io/kubectl/pkg/cmd/set.

use crate::label::names_and_changes;
use crate::record::record;
use crate::targets::{self, Lookup};
use crate::work::{Step, done_or};
use crate::write::Report;
use api::client::Patch;
use api::kind::Kind;
use api::patch::two_way;
use api::typed::with_empty_members;
use api::view::text;
use base::quantity::Quantity;
use base::value::{Map, Value};
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::session::Session;
use kubectl::target::Target;

/// The path of the pod spec in an object.
pub(super) fn pod_spec_path(kind: Kind) -> Option<&'static [&'static str]> {
    match kind {
        Kind::Pod => Some(&["spec"]),
        Kind::CronJob => Some(&["spec", "jobTemplate", "spec", "template", "spec"]),
        Kind::StatefulSet | Kind::Deployment | Kind::ReplicaSet | Kind::ReplicationController | Kind::DaemonSet | Kind::Job => {
            Some(&["spec", "template", "spec"])
        }
        _ => None,
    }
}

/// Applies a change to each container of a pod spec, init containers included.
pub(super) fn each_container(spec: &mut Value, mut change: impl FnMut(&mut Value)) {
    for field in ["initContainers", "containers"] {
        if spec.get(field).is_some() {
            let mut containers = spec.list_at(&[field]).to_vec();
            containers.iter_mut().for_each(&mut change);
            spec.set(&[field], Value::list(containers));
        }
    }
}

/// What one of the commands does to a pod spec.
pub(super) struct Change<'a> {
    /// `image updated`
    pub done: &'a str,
    /// `failed to patch image update to pod template: `
    pub failed: &'a str,
    /// Whether unchanged objects are written anyway.
    pub writes_same: bool,
    /// Makes the change; returns what could not be done.
    pub make: &'a dyn Fn(&mut Value) -> Vec<Failure>,
}

/// The objects to change. If one cannot be found, nothing is written. Those of a file are read into Go's structs, which write what
/// they cannot omit.
pub(super) fn found(call: &Call, names: &[String], session: &mut Session) -> Result<Vec<Target>, Failure> {
    let lookup = Lookup::of(call);
    let mut found = targets::find_all(call, names, session, lookup)?;
    if lookup.local {
        for target in &mut found {
            target.object = with_empty_members(target.kind, &target.object);
        }
    }
    Ok(found)
}

pub(super) fn update_all(call: &Call, session: &mut Session, found: &[Target], change: &Change) -> Result<Step, Failure> {
    let report = Report::of(call)?.by_one_printer();
    let (mut failures, mut refused) = (Vec::new(), Vec::new());
    for target in found {
        refused.extend(update_one(call, session, target, &report, change, &mut failures).err());
    }
    failures.append(&mut refused);
    done_or(failures)
}

fn update_one(
    call: &Call,
    session: &mut Session,
    target: &Target,
    report: &Report,
    change: &Change,
    failures: &mut Vec<Failure>,
) -> Result<(), Failure> {
    let Target { kind, name, object, .. } = target;
    // What no server was asked about goes by its kind.
    let word = if report.is_local() { kind.info().name.to_ascii_lowercase() } else { kind.info().plural.to_owned() };
    let refuse = |why: &str| Failure::client(format!("error: {word}/{name} {why}\n"));
    let Some(path) = pod_spec_path(*kind) else {
        let info = kind.info();
        return Err(refuse(&format!("the object is not a pod or does not have a pod template: *{}.{}", info.version, info.name)));
    };
    let mut spec = object.at(path).cloned().unwrap_or_default();
    failures.extend((change.make)(&mut spec));
    let mut changed = object.clone();
    changed.set(path, spec);
    record(call, &mut changed);
    let patch = two_way(*kind, object, &changed).map_err(|error| Failure::client(error.to_string()))?;
    if patch.as_map().is_none_or(Map::is_empty) && !change.writes_same {
        return Ok(());
    }
    if report.asks_server() {
        let patched = session.patch(target, Patch::strategic(&patch), &report.options);
        changed = patched.map_err(|status| Failure::client(format!("{}{}", change.failed, status.message)))?;
    }
    report.say(session, &target.resource_name(), change.done, &changed)
}

/// Runs `set image`.
pub fn image(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let (names, pairs) = names_and_changes(&call.args, "image")?;
    let odd: Vec<&str> = pairs.iter().filter(|p| !p.contains('=')).map(String::as_str).collect();
    Failure::client_if(!odd.is_empty(), format!("invalid image format: {}", odd.join(", ")))?;
    let found = found(call, names, session)?;
    Failure::client_if(pairs.is_empty(), "at least one image update is required")?;
    if pairs.len() > 1 && pairs.iter().any(|pair| pair.starts_with("*=")) {
        return Err(Failure::client(
            "all containers are already specified by *, but saw more than one container_name=container_image pairs",
        ));
    }
    let make = |spec: &mut Value| {
        let mut failures = Vec::new();
        for pair in pairs {
            let (container, image) = pair.split_once('=').unwrap_or((pair, ""));
            let mut found = false;
            each_container(spec, |c| {
                if container == "*" || text(c, &["name"]) == container {
                    c.set(&["image"], image);
                    found = true;
                }
            });
            if !found {
                failures.push(Failure::client(format!("error: unable to find container named {container:?}")));
            }
        }
        failures
    };
    let failed = "failed to patch image update to pod template: ";
    update_all(call, session, &found, &Change { done: "image updated", failed, writes_same: false, make: &make })
}

pub(super) fn nothing_given() -> Failure {
    Failure::client("one or more resources must be specified as <resource> <name> or <resource>/<name>")
}

/// Runs `set serviceaccount`.
pub fn service_account(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let Some((account, names)) = call.args.split_last() else { return Err(Failure::client("serviceaccount is required")) };
    let found = found(call, names, session)?;
    let make = |spec: &mut Value| {
        spec.set(&["serviceAccountName"], account.as_str());
        Vec::new()
    };
    let failed = "failed to patch ServiceAccountName ";
    update_all(call, session, &found, &Change { done: "serviceaccount updated", failed, writes_same: true, make: &make })
}

/// Runs `set selector`.
pub fn selector(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let Some((words, names)) = call.args.split_last() else { return Err(Failure::client("one selector is required")) };
    let pairs: Option<Map> = words.split(',').map(|pair| pair.split_once('=')).collect();
    let found = targets::find(call, names, session, Lookup::of(call))?;
    let Some(pairs) = pairs else { return Err(Failure::not_simulated_with("set selector", words)) };
    let report = Report::of(call)?.by_one_printer();
    let mut failures = Vec::new();
    for target in found {
        let outcome = target.and_then(|target| {
            let Target { kind, object, .. } = &target;
            Failure::client_if(*kind != Kind::Service, "setting a selector is only supported for Services")?;
            let mut changed = if report.is_local() { with_empty_members(*kind, object) } else { object.clone() };
            changed.set(&["spec", "selector"], pairs.clone());
            if report.asks_server() {
                let patch = two_way(*kind, object, &changed).map_err(|error| Failure::client(error.to_string()))?;
                changed = session.patch(&target, Patch::strategic(&patch), &report.options)?;
            }
            report.say(session, &target.resource_name(), "selector updated", &changed)
        });
        failures.extend(outcome.err());
    }
    done_or(failures)
}

/// Sets amounts in the lists `limits` and `requests` of a container.
fn ask(container: &mut Value, amounts: &[(&str, String, String)]) {
    for (list, resource, amount) in amounts {
        container.set(&["resources", list, resource], amount.as_str());
    }
}

/// Runs `set resources`.
pub fn resources(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let found = found(call, &call.args, session)?;
    let given = |flag: &str| call.flags.text(flag).filter(|t| !t.is_empty());
    Failure::client_if(call.flags.on("all") && given("selector").is_some(), "cannot set --all and --selector at the same time")?;
    if given("limits").is_none() && given("requests").is_none() {
        return Err(Failure::client("you must specify an update to requests or limits (in the form of --requests/--limits)"));
    }
    let word = if session.client.release().runs_in_newer_words { "invalid" } else { "Invalid" };
    let mut amounts: Vec<(&str, String, String)> = Vec::new();
    for list in ["limits", "requests"] {
        for pair in given(list).into_iter().flat_map(|t| t.split(',')) {
            let wrong = || Failure::client(format!("{word} argument syntax {pair}, expected <resource>=<value>"));
            let (resource, amount) = pair.split_once('=').filter(|(_, amount)| !amount.contains('=')).ok_or_else(wrong)?;
            Quantity::parse(amount).map_err(|wrong| Failure::client(wrong.to_string()))?;
            amounts.push((list, resource.to_owned(), amount.to_owned()));
        }
    }
    let make = |spec: &mut Value| {
        each_container(spec, |container| ask(container, &amounts));
        Vec::new()
    };
    let failed = "failed to patch resources update to pod template ";
    update_all(call, session, &found, &Change { done: "resource requirements updated", failed, writes_same: false, make: &make })
}
