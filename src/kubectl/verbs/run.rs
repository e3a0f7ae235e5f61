//! `run`: a pod from an image.
//!
//! Models k8s.io/kubectl/pkg/cmd/run/run.go.

use crate::call::Call;
use crate::failure::Failure;
use crate::session::Session;
use crate::verbs::generate::{finish, int_or_text, label_pairs, object};
use crate::verbs::patch::type_called;
use crate::verbs::process::run_attached;
use crate::verbs::work::Step;
use crate::verbs::write::Report;
use api::kind::Kind;
use api::patch;
use api::release::Release;
use api::typed::with_empty_members;
use base::given::SetGiven;
use base::image_name::is_well_formed;
use base::value::Value;

const RESTART_POLICIES: [&str; 3] = ["Always", "OnFailure", "Never"];
const PULL_POLICIES: [&str; 3] = ["Always", "IfNotPresent", "Never"];

/// Runs the command.
pub fn run(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let release = session.client.release();
    let pod = overridden(call, pod_of(call, release)?, release)?;
    let exposed = call.flags.on("expose").then(|| service_of(call, &pod));
    if !call.flags.given("dry-run") && ["stdin", "tty", "attach"].iter().any(|f| call.flags.on(f)) {
        if exposed.is_some() {
            return Err(Failure::not_simulated_with("run", "--expose --attach"));
        }
        return run_attached(call, session, pod);
    }
    let told = session.output.mark();
    finish(call, session, Kind::Pod, pod, "created")?;
    let Some(service) = exposed else { return Ok(Step::Done) };
    let between = if Report::of(call, session)?.prints_yaml() { "---\n" } else { "" };
    if release.runs_in_newer_words {
        session.output.out(between);
        return finish(call, session, Kind::Service, service, "created");
    }
    let of_pod = session.output.take_since(told);
    finish(call, session, Kind::Service, service, "created")?;
    session.output.out(between.repeat(2));
    for piece in of_pod {
        session.output.piece(piece);
    }
    Ok(Step::Done)
}

/// A usage error; until 1.36 it points at the command's help.
fn wrong(call: &Call, release: &Release, message: impl Into<String>) -> Failure {
    if release.runs_in_newer_words { Failure::client(message) } else { call.usage(message) }
}

/// The error for an invalid policy, which since 1.37 lists the valid ones.
fn no_policy(call: &Call, release: &Release, what: &str, policy: &str, policies: &[&str]) -> Failure {
    let known = if release.runs_in_newer_words { format!(", valid values are: {}", policies.join(", ")) } else { String::new() };
    wrong(call, release, format!("invalid {what} policy: {policy}{known}"))
}

/// The Service for `--expose`: the pod's port, and a selector with its labels.
fn service_of(call: &Call, pod: &Value) -> Value {
    let mut service = object(Kind::Service, pod.text_at(&["metadata", "name"]).unwrap_or_default());
    let labels = pod.at(&["metadata", "labels"]).cloned().unwrap_or_default();
    if call.flags.text("labels").is_some_and(|l| !l.is_empty()) {
        service.set(&["metadata", "labels"], labels.clone());
    }
    let port = int_or_text(call.flags.text("port").unwrap_or_default());
    let entry = Value::of([("port", port.clone()), ("protocol", "TCP".into()), ("targetPort", port)]);
    service.set(&["spec", "ports"], Value::list([entry]));
    service.set(&["spec", "selector"], labels);
    service.set(&["status", "loadBalancer"], Value::map());
    service
}

/// The pod with `--overrides` applied. Models cmdutil NewOverrider.
fn overridden(call: &Call, pod: Value, release: &Release) -> Result<Value, Failure> {
    let Some(text) = call.flags.text("overrides").filter(|text| !text.is_empty()) else { return Ok(pod) };
    let word = call.flags.text("override-type").unwrap_or("merge");
    let invalid = || Failure::client(format!("invalid override type: {word}"));
    let how = type_called(word).ok_or_else(invalid)?;
    let change =
        if yaml::json_error(text).is_none() { yaml::parse(text).into_iter().next().and_then(|document| document.value) } else { None };
    let Some(change) = change else { return Err(Failure::client("Invalid JSON Patch")) };
    match patch::apply(Kind::Pod, how, &pod, &change, release) {
        Ok(patched) => Ok(with_empty_members(Kind::Pod, &patched.object)),
        Err(status) => Err(Failure::client(status.causes.last().map_or(&status.message, |cause| &cause.detail).as_str())),
    }
}

/// The pod that the arguments describe.
fn pod_of(call: &Call, release: &Release) -> Result<Value, Failure> {
    let Some(image) = call.flags.text("image") else {
        return Err(Failure::client("required flag(s) \"image\" not set"));
    };
    let given = label_pairs(call.flags.text("labels").unwrap_or_default())?;
    let restart = call.flags.text("restart").unwrap_or("Always");
    if !RESTART_POLICIES.contains(&restart) {
        return Err(no_policy(call, release, "restart", restart, &RESTART_POLICIES));
    }
    if let Some(policy) = call.flags.text("image-pull-policy").filter(|p| !p.is_empty() && !PULL_POLICIES.contains(p)) {
        return Err(no_policy(call, release, "image pull", policy, &PULL_POLICIES));
    }
    let own = &call.args[..call.dash.unwrap_or(call.args.len())];
    let Some(name) = own.first() else { return Err(Failure::client("NAME is required for run")) };
    Failure::client_if(image.is_empty(), "--image is required")?;
    if !is_well_formed(image) {
        let word = if release.runs_in_newer_words { "invalid" } else { "Invalid" };
        return Err(Failure::client(format!("{word} image name {image:?}: invalid reference format")));
    }
    check_port(call, release)?;
    check_attaching(call, release)?;
    let mut pod = Value::of([("apiVersion", "v1"), ("kind", "Pod")]);
    pod.set(&["metadata", "name"], name.as_str());
    pod.set(&["metadata", "labels"], if given.is_empty() { Value::of([("run", name.as_str())]) } else { Value::from(given) });
    for annotation in call.flags.all("annotations") {
        let Some((key, value)) = annotation.split_once('=') else {
            return Err(Failure::client(format!("invalid annotations format: {annotation}")));
        };
        pod.set(&["metadata", "annotations", key], value);
    }
    pod.set(&["spec", "containers"], Value::list([container(call, name, image)?]));
    pod.set(&["spec", "dnsPolicy"], "ClusterFirst");
    pod.set(&["spec", "restartPolicy"], restart);
    pod.set(&["status"], Value::map());
    Ok(pod)
}

fn check_port(call: &Call, release: &Release) -> Result<(), Failure> {
    match call.flags.text("port").filter(|p| !p.is_empty()) {
        None if call.flags.on("expose") => Err(wrong(call, release, "--port must be set when exposing a service")),
        Some(port) if port.parse::<i64>().is_err() => Err(Failure::client(if release.runs_in_newer_words {
            "--port must be a number".to_owned()
        } else {
            format!("strconv.Atoi: parsing {port:?}: invalid syntax")
        })),
        _ => Ok(()),
    }
}

fn check_attaching(call: &Call, release: &Release) -> Result<(), Failure> {
    if call.flags.on("tty") && !call.flags.on("stdin") {
        return Err(wrong(call, release, "-i/--stdin is required for containers with -t/--tty=true"));
    }
    let attached = call.flags.on("attach") || call.flags.on("stdin") || call.flags.on("tty");
    if call.flags.on("rm") && !attached {
        return Err(wrong(call, release, "--rm should only be used for attached containers"));
    }
    if attached && call.flags.text("dry-run").is_some_and(|how| how != "none") {
        let options = "attached containers options (--attach, --stdin, or --tty)";
        return Err(wrong(call, release, format!("--dry-run=[server|client] can't be used with {options}")));
    }
    Ok(())
}

fn container(call: &Call, name: &str, image: &str) -> Result<Value, Failure> {
    let words = &call.args[1..];
    let mut container = Value::of([("image", image), ("name", name)]);
    container.set(&["resources"], Value::map());
    container.set_filled(&[if call.flags.on("command") { "command" } else { "args" }], Value::list(words.iter().map(String::as_str)));
    container.set_some(&["imagePullPolicy"], call.flags.text("image-pull-policy"));
    if let Some(port) = call.flags.text("port") {
        let mut entry = Value::map();
        entry.set(&["containerPort"], int_or_text(port));
        container.set(&["ports"], Value::list([entry]));
    }
    for flag in ["stdin", "tty"] {
        container.set_filled(&[flag], call.flags.on(flag));
    }
    let pairs = call.flags.all("env").into_iter().map(|pair| match pair.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok(Value::of([("name", name), ("value", value)])),
        _ => Err(Failure::client(format!("invalid env: {pair}"))),
    });
    let environment: Vec<Value> = pairs.collect::<Result<_, _>>()?;
    container.set_filled(&["env"], Value::list(environment));
    Ok(container)
}
