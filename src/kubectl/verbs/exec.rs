//! `exec`: a program in a container.
//!
//! Models k8s.io/kubectl/pkg/cmd/exec/exec.go. The programs are outside: the job says which is to run and waits until it is told
//! what came of it ([`crate::kubectl::Job::wants_program`], [`crate::kubectl::Job::program_ended`]).

use crate::api::kind::Kind;
use crate::api::status::Status;
use crate::base::label::LabelSelector;
use crate::base::value::{Map, Value};
use crate::kubectl::commands::Call;
use crate::kubectl::failure::Failure;
use crate::kubectl::job::Step;
use crate::kubectl::resources::kind_called;
use crate::kubectl::session::Session;
use crate::kubectl::verbs::Work;
use crate::kubectl::view::{self, condition, map_at, text};

/// The annotation that names the container for those who do not.
const DEFAULT_CONTAINER: &str = "kubectl.kubernetes.io/default-container";

/// A program that is to run in a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The pod's namespace.
    pub namespace: String,
    /// The pod.
    pub pod: String,
    /// The container.
    pub container: String,
    /// The program and its arguments.
    pub command: Vec<String>,
    /// Whether it reads standard input.
    pub stdin: bool,
    /// Whether it has a terminal.
    pub tty: bool,
}

/// What came of a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// What it printed.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
    /// Its exit code.
    pub rc: i32,
}

/// Runs the command.
pub fn exec(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let own = &call.args[..call.dash.unwrap_or(call.args.len())];
    let command = call.dash.map(|dash| call.args[dash..].to_vec()).unwrap_or_default();
    if call.dash.is_none() && own.len() > 1 {
        return Err(call.usage("exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead"));
    }
    let Some(target) = own.first() else {
        return Err(call.usage("pod, type/name or --filename must be specified"));
    };
    if command.is_empty() {
        return Err(Failure::client("you must specify at least one command for the container"));
    }
    let pod = pod_of(target, &session.namespace(call), session)?;
    let phase = text(&pod, &["status", "phase"]);
    if matches!(phase, "Succeeded" | "Failed") {
        return Err(Failure::client(format!("cannot exec into a container in a completed pod; current phase is {phase}")));
    }
    let container = container_of(call, &pod, session)?;
    check_running(&pod, &container)?;
    let program = Program {
        namespace: view::namespace(&pod).to_owned(),
        pod: view::name(&pod).to_owned(),
        container,
        command,
        stdin: call.flags.on("stdin"),
        tty: call.flags.on("tty"),
    };
    Ok(Step::Wait(Work::Program(Box::new(Running { program, ended: None })), None))
}

/// The pod of this name, or one of the pods of a workload: ready ones first.
fn pod_of(target: &str, namespace: &str, session: &mut Session) -> Result<Value, Failure> {
    let Some((kind, name)) = target.split_once('/') else {
        return session.get(Kind::Pod, namespace, target);
    };
    let kind = kind_called(kind)?;
    let object = session.get(kind, namespace, name)?;
    if kind == Kind::Pod {
        return Ok(object);
    }
    let selector = match kind {
        Kind::Service => object.at(&["spec", "selector"]).and_then(Value::as_map).map(LabelSelector::of_map),
        _ => object.at(&["spec", "selector"]).and_then(LabelSelector::of_value),
    };
    let Some(selector) = selector else {
        return Err(Failure::client(format!("cannot attach to *{}.{}: not implemented", kind.info().version, kind.info().name)));
    };
    let mut pods = session.client.list(Kind::Pod, Some(namespace));
    pods.retain(|pod| {
        let labels = map_at(pod, &["metadata", "labels"]);
        selector.matches(|key| labels.and_then(|m: &Map| m.get(key)).and_then(Value::as_text))
    });
    let is_ready = |pod: &Value| condition(pod, "Ready").is_some_and(|c| text(c, &["status"]) == "True");
    pods.sort_by_key(|pod| !is_ready(pod));
    pods.into_iter().next().ok_or_else(|| Failure::client("timed out waiting for the condition"))
}

/// The container that is meant; said aloud where it was not named and there are several.
fn container_of(call: &Call, pod: &Value, session: &mut Session) -> Result<String, Failure> {
    let names: Vec<&str> = pod.list_at(&["spec", "containers"]).iter().map(|c| text(c, &["name"])).collect();
    if let Some(wanted) = call.flags.text("container").filter(|c| !c.is_empty()) {
        if names.contains(&wanted) {
            return Ok(wanted.to_owned());
        }
        let (name, all) = (view::name(pod), names.join(", "));
        return Err(Failure::client(format!("container {wanted} is not valid for pod {name} out of: {all}")));
    }
    let annotated = text(pod, &["metadata", "annotations", DEFAULT_CONTAINER]);
    if names.contains(&annotated) {
        return Ok(annotated.to_owned());
    }
    let first = names.first().copied().unwrap_or_default();
    if names.len() > 1 {
        session.output.err(format!("Defaulted container {first:?} out of: {}", names.join(", ")));
    }
    Ok(first.to_owned())
}

fn check_running(pod: &Value, container: &str) -> Result<(), Failure> {
    if text(pod, &["spec", "nodeName"]).is_empty() {
        return Err(Status::bad_request(format!("pod {} does not have a host assigned", view::name(pod))).into());
    }
    let mut statuses = pod.list_at(&["status", "containerStatuses"]).iter();
    let runs = statuses.any(|s| text(s, &["name"]) == container && s.at(&["state", "running"]).is_some());
    if runs {
        return Ok(());
    }
    let why = format!("unable to upgrade connection: container not found ({container:?})");
    Err(Failure::client(format!("Internal error occurred: {why}")))
}

/// A program under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    program: Program,
    ended: Option<Ended>,
}

impl Running {
    /// The program, until it is told what came of it.
    pub fn program(&self) -> Option<&Program> {
        self.ended.is_none().then_some(&self.program)
    }

    /// Takes what came of it.
    pub fn end(&mut self, ended: Ended) {
        self.ended = Some(ended);
    }

    /// Prints what came of it.
    pub fn go_on(self: Box<Self>, session: &mut Session) -> Result<Step, Failure> {
        let Some(ended) = &self.ended else { return Ok(Step::Wait(Work::Program(self), None)) };
        session.output.out(&ended.stdout);
        session.output.err_text(&ended.stderr);
        if ended.rc == 0 {
            return Ok(Step::Done);
        }
        session.output.err(format!("command terminated with exit code {}", ended.rc));
        Err(Failure::Exit(ended.rc))
    }
}
