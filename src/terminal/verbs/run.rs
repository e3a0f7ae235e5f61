//! `run`: a pod from an image.
//!
//! Models k8s.io/kubectl/pkg/cmd/run/run.go.

use crate::generate::{finish, int_or_text, label_pairs};
use crate::process::run_attached;
use crate::work::Step;
use api::kind::Kind;
use api::release::Release;
use base::given::SetGiven;
use base::image_name::is_well_formed;
use base::value::Value;
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::session::Session;

const RESTART_POLICIES: [&str; 3] = ["Always", "OnFailure", "Never"];

/// Runs the command.
pub fn run(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let release = session.client.release();
    let pod = pod_of(call, release)?;
    if !call.flags.given("dry-run") && ["stdin", "tty"].iter().any(|f| call.flags.on(f)) {
        return run_attached(call, session, pod);
    }
    finish(call, session, Kind::Pod, pod, "created")
}

/// A usage error; until 1.36 it points at the command's help.
fn wrong(call: &Call, release: &Release, message: impl Into<String>) -> Failure {
    if release.runs_in_newer_words { Failure::client(message) } else { call.usage(message) }
}

/// The pod that the arguments describe.
fn pod_of(call: &Call, release: &Release) -> Result<Value, Failure> {
    let Some(image) = call.flags.text("image") else {
        return Err(Failure::client("required flag(s) \"image\" not set"));
    };
    let given = label_pairs(call.flags.text("labels").unwrap_or_default())?;
    let restart = call.flags.text("restart").unwrap_or("Always");
    if !RESTART_POLICIES.contains(&restart) {
        // Since 1.37 the valid ones are listed.
        let known = RESTART_POLICIES.join(", ");
        let known = if release.runs_in_newer_words { format!(", valid values are: {known}") } else { String::new() };
        return Err(wrong(call, release, format!("invalid restart policy: {restart}{known}")));
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
    pod.set(&["spec", "containers"], Value::list([container(call, name, image)]));
    pod.set(&["spec", "dnsPolicy"], "ClusterFirst");
    pod.set(&["spec", "restartPolicy"], restart);
    pod.set(&["status"], Value::map());
    Ok(pod)
}

fn check_port(call: &Call, release: &Release) -> Result<(), Failure> {
    match call.flags.text("port").filter(|p| !p.is_empty()) {
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
    let attached = call.flags.on("stdin") || call.flags.on("tty");
    if call.flags.on("rm") && !attached {
        return Err(wrong(call, release, "--rm should only be used for attached containers"));
    }
    if attached && call.flags.text("dry-run").is_some_and(|how| how != "none") {
        let options = "attached containers options (--attach, --stdin, or --tty)";
        return Err(wrong(call, release, format!("--dry-run=[server|client] can't be used with {options}")));
    }
    Ok(())
}

fn container(call: &Call, name: &str, image: &str) -> Value {
    let words = &call.args[1..];
    let mut container = Value::of([("image", image), ("name", name)]);
    container.set(&["resources"], Value::map());
    container.set_filled(&[if call.flags.on("command") { "command" } else { "args" }], Value::list(words.iter().map(String::as_str)));
    if let Some(port) = call.flags.text("port") {
        let mut entry = Value::map();
        entry.set(&["containerPort"], int_or_text(port));
        container.set(&["ports"], Value::list([entry]));
    }
    for flag in ["stdin", "tty"] {
        container.set_filled(&[flag], call.flags.on(flag));
    }
    container
}
