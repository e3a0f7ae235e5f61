//! `set image`, `set env`, `set resources`: changes inside pod templates.
//!
//! Models k8s.io/kubectl/pkg/cmd/set.

use crate::api::client::{PatchType, Subresource};
use crate::api::kind::Kind;
use crate::api::patch::two_way;
use crate::base::quantity::Quantity;
use crate::base::value::{Map, Value};
use crate::kubectl::commands::Call;
use crate::kubectl::failure::Failure;
use crate::kubectl::job::{Step, done_or};
use crate::kubectl::session::Session;
use crate::kubectl::targets::{self, Lookup, Target};
use crate::kubectl::verbs::write::{DryRun, Report};
use crate::kubectl::view::{scalar, text};

/// Where an object keeps its pod's spec.
fn pod_spec_path(kind: Kind) -> Option<&'static [&'static str]> {
    match kind {
        Kind::Pod => Some(&["spec"]),
        Kind::CronJob => Some(&["spec", "jobTemplate", "spec", "template", "spec"]),
        Kind::StatefulSet | Kind::Deployment | Kind::ReplicaSet | Kind::ReplicationController | Kind::DaemonSet | Kind::Job => {
            Some(&["spec", "template", "spec"])
        }
        _ => None,
    }
}

/// The containers of a pod's spec, those for initialization included, each as it is to be.
fn each_container(spec: &mut Value, mut change: impl FnMut(&mut Value)) {
    for field in ["initContainers", "containers"] {
        if spec.get(field).is_some() {
            let mut containers = spec.list_at(&[field]).to_vec();
            containers.iter_mut().for_each(&mut change);
            spec.set(&[field], Value::list(containers));
        }
    }
}

/// What one of the commands does to a pod's spec.
struct Change<'a> {
    /// `image updated`
    done: &'a str,
    /// `failed to patch image update to pod template: `
    failed: &'a str,
    /// The change itself.
    make: &'a dyn Fn(&mut Value) -> Result<(), Failure>,
}

fn update_all(call: &Call, names: &[String], session: &mut Session, change: &Change) -> Result<Step, Failure> {
    let report = Report::of(call, session)?;
    let mut failures = Vec::new();
    for target in targets::find(call, names, session, Lookup::default())? {
        failures.extend(target.and_then(|t| update_one(session, &t, &report, change)).err());
    }
    done_or(failures)
}

fn update_one(session: &mut Session, target: &Target, report: &Report, change: &Change) -> Result<(), Failure> {
    let Target { kind, namespace, name, object, .. } = target;
    let Some(path) = pod_spec_path(*kind) else {
        let info = kind.info();
        return Err(Failure::client(format!(
            "error: {}/{name} the object is not a pod or does not have a pod template: *{}.{}\n",
            info.plural, info.version, info.name
        )));
    };
    let mut spec = object.at(path).cloned().unwrap_or_default();
    (change.make)(&mut spec)?;
    let mut changed = object.clone();
    changed.set(path, spec);
    let patch = two_way(*kind, object, &changed).map_err(|error| Failure::client(error.message().to_owned()))?;
    if patch.as_map().is_none_or(Map::is_empty) {
        return Ok(());
    }
    if report.dry_run != DryRun::Client {
        let dry = report.dry_run == DryRun::Server;
        let written = session.client.patch(*kind, namespace, name, PatchType::Strategic, &patch, Subresource::None, dry);
        let written = written.map_err(|status| Failure::client(format!("{}{}", change.failed, status.message)))?;
        session.warn_all(&written);
        changed = written.object;
    }
    report.say(session, &target.resource_name(), change.done, &changed)
}

/// Runs `set image`.
pub fn image(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let (pairs, names): (Vec<String>, Vec<String>) = call.args.iter().cloned().partition(|a| a.contains('=') && !a.starts_with('='));
    if names.is_empty() && !call.flags.given("filename") {
        return Err(nothing_given());
    }
    if pairs.is_empty() {
        return Err(Failure::client("at least one image update is required"));
    }
    let make = |spec: &mut Value| {
        for pair in &pairs {
            let (container, image) = pair.split_once('=').unwrap_or((pair, ""));
            let mut found = false;
            each_container(spec, |c| {
                if container == "*" || text(c, &["name"]) == container {
                    c.set(&["image"], image);
                    found = true;
                }
            });
            if !found {
                return Err(Failure::client(format!("unable to find container named {container:?}")));
            }
        }
        Ok(())
    };
    let failed = "failed to patch image update to pod template: ";
    update_all(call, &names, session, &Change { done: "image updated", failed, make: &make })
}

fn nothing_given() -> Failure {
    Failure::client("one or more resources must be specified as <resource> <name> or <resource>/<name>")
}

/// Whether a container is among those that `--containers` means.
fn is_meant(call: &Call, container: &Value) -> bool {
    let wanted = call.flags.text("containers").unwrap_or("*");
    let name = text(container, &["name"]);
    wanted == "*" || wanted.split(',').any(|w| w == name || w.strip_suffix('*').is_some_and(|start| name.starts_with(start)))
}

/// Runs `set env`.
pub fn env(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    if call.flags.given("from") || call.flags.on("resolve") {
        return Err(Failure::NotSimulated("`kubectl set env` with --from or --resolve".to_owned()));
    }
    let is_change = |a: &String| a.contains('=') || a.ends_with('-');
    let (mut changes, names): (Vec<String>, Vec<String>) = call.args.iter().cloned().partition(is_change);
    changes.extend(call.flags.all("env").into_iter().map(str::to_owned));
    if names.is_empty() && !call.flags.given("filename") {
        return Err(nothing_given());
    }
    if call.flags.on("list") {
        return list_env(call, &names, session);
    }
    if changes.is_empty() {
        return Err(Failure::client("at least one environment variable must be provided"));
    }
    let make = |spec: &mut Value| {
        each_container(spec, |c| {
            if !is_meant(call, c) {
                return;
            }
            let mut variables = c.list_at(&["env"]).to_vec();
            for change in &changes {
                set_variable(&mut variables, change);
            }
            if variables.is_empty() {
                c.remove(&["env"]);
            } else {
                c.set(&["env"], Value::list(variables));
            }
        });
        Ok(())
    };
    let failed = "failed to patch env update to pod template: ";
    update_all(call, &names, session, &Change { done: "env updated", failed, make: &make })
}

fn set_variable(variables: &mut Vec<Value>, change: &str) {
    let Some((name, value)) = change.split_once('=') else {
        let name = change.trim_end_matches('-');
        variables.retain(|v| text(v, &["name"]) != name);
        return;
    };
    let variable = Value::of([("name", name), ("value", value)]);
    match variables.iter_mut().find(|v| text(v, &["name"]) == name) {
        Some(known) => *known = variable,
        None => variables.push(variable),
    }
}

fn list_env(call: &Call, names: &[String], session: &mut Session) -> Result<Step, Failure> {
    for target in targets::find(call, names, session, Lookup::default())? {
        let target = target?;
        let Some(spec) = pod_spec_path(target.kind).and_then(|path| target.object.at(path)) else { continue };
        for container in spec.list_at(&["containers"]).iter().filter(|c| is_meant(call, c)) {
            let word = target.kind.info().plural;
            session.output.line(format!("# {word} {}, container {}", target.name, text(container, &["name"])));
            for variable in container.list_at(&["env"]) {
                let name = text(variable, &["name"]);
                match variable.get("value") {
                    Some(value) => session.output.line(format!("{name}={}", scalar(value))),
                    None => session.output.line(format!("# {name} from another object")),
                }
            }
        }
    }
    Ok(Step::Done)
}

/// Runs `set serviceaccount`.
pub fn service_account(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let Some((account, names)) = call.args.split_last() else { return Err(Failure::client("serviceaccount is required")) };
    let make = |spec: &mut Value| {
        spec.set(&["serviceAccountName"], account.as_str());
        Ok(())
    };
    update_all(call, names, session, &Change { done: "serviceaccount updated", failed: "failed to patch ServiceAccountName ", make: &make })
}

/// Runs `set resources`.
pub fn resources(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let given = |flag: &str| call.flags.text(flag).filter(|t| !t.is_empty());
    if given("limits").is_none() && given("requests").is_none() {
        return Err(Failure::client("you must specify an update to requests or limits (in the form of --requests/--limits)"));
    }
    let mut amounts: Vec<(&str, String, String)> = Vec::new();
    for list in ["limits", "requests"] {
        for pair in given(list).into_iter().flat_map(|t| t.split(',')) {
            let wrong = || Failure::client(format!("invalid argument syntax {pair:?}, expected <resource>=<value>"));
            let (resource, amount) = pair.split_once('=').ok_or_else(wrong)?;
            Quantity::parse(amount).map_err(|wrong| Failure::client(wrong.to_string()))?;
            amounts.push((list, resource.to_owned(), amount.to_owned()));
        }
    }
    let make = |spec: &mut Value| {
        each_container(spec, |c| {
            if is_meant(call, c) {
                for (list, resource, amount) in &amounts {
                    c.set(&["resources", list, resource], amount.as_str());
                }
            }
        });
        Ok(())
    };
    let failed = "failed to patch resources update to pod template ";
    update_all(call, &call.args, session, &Change { done: "resource requirements updated", failed, make: &make })
}
