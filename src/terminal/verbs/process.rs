//! `exec`, `attach` and the attached `run` and `debug`: processes in containers.
//!
//! Models k8s.io/kubectl/pkg/cmd/exec/exec.go and run/run.go. Not modelled: control characters in a terminal; a process that reads from
//! a terminal ends at once if there is none.

pub(super) mod stages;

use crate::delete::deleting::{Awaited, Gone};
use crate::delete::say_deleted;
use crate::logs::follow::Follow;
use crate::logs::follow_all;
use crate::pods::{container_of, pod_of};
use crate::reach;
use crate::work::{Step, Work};
use crate::write::DryRun;
use api::client::{DeleteOptions, Exec, LogOptions};
use api::kind::Kind;
use api::view;
use base::printed::Piece;
use base::value::Value;
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::session::Session;
use kubectl::target::Target;
use stages::{Attached, Leaving, Made, Maker, Process};

/// What is said before one is connected with a container's own process.
const OPENING: &str = "All commands and output from this session will be recorded in container logs, including credentials and sensitive \
                       information passed through the command prompt.\nIf you don't see a command prompt, try pressing enter.";

/// Runs `exec`.
pub fn exec(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let own = call.dash.unwrap_or(call.args.len());
    let (names, command) = call.args.split_at(own);
    let [name] = names else {
        let former = "exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead";
        return Err(match session.client.release().refuses_arguments_bluntly {
            _ if names.is_empty() => Failure::client("pod, type/name or --filename must be specified"),
            true => Failure::client(former),
            false => call.usage(former),
        });
    };
    Failure::client_if(command.is_empty(), "you must specify at least one command for the container")?;
    let pod = pod_of(call, session, name)?;
    let phase = view::text(&pod, &["status", "phase"]);
    if matches!(phase, "Succeeded" | "Failed") {
        return Err(Failure::client(format!("cannot exec into a container in a completed pod; current phase is {phase}")));
    }
    let container = container_of(call, session, &pod)?;
    let input = if call.flags.on("stdin") { session.around.stdin.clone() } else { "".into() };
    let tty = has_terminal(call, session);
    reach::stream(session, &pod, &container, "exec", &asked(command, call.flags.on("stdin"), tty))?;
    let exec = Exec { pod: view::namespaced_name(&pod), container, command: command.to_vec(), input };
    let number = session.client.begin_process(&exec).map_err(Failure::Client)?;
    Process { number, made: None, is_open: false }.go_on(call, session)
}

/// What is asked of a stream: the command and the channels, by name.
pub fn asked(command: &[String], input: bool, tty: bool) -> Vec<(&'static str, &str)> {
    let mut query: Vec<(&'static str, &str)> = command.iter().map(|word| ("command", word.as_str())).collect();
    for (channel, open) in [("error", !tty), ("input", input), ("output", true), ("tty", tty)] {
        if open {
            query.push((channel, "1"));
        }
    }
    query
}

/// Whether a terminal is connected, which is there unless the input is a pipe. Models exec.go SetupTTY.
fn has_terminal(call: &Call, session: &mut Session) -> bool {
    let wanted = call.flags.on("stdin") && call.flags.on("tty");
    let piped = !session.around.stdin.is_empty();
    if wanted && piped {
        session.output.err("Unable to use a TTY - input is not a terminal or the right kind of file");
    }
    wanted && !piped
}

/// Runs `attach`, which only follows the container's output.
pub fn attach(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let Some(name) = call.args.first() else { return Err(Failure::client("at least 1 argument is required for attach")) };
    let pod = pod_of(call, session, name)?;
    let phase = view::text(&pod, &["status", "phase"]);
    if matches!(phase, "Succeeded" | "Failed") {
        return Err(Failure::client(format!("cannot attach a container in a completed pod; current phase is {phase}")));
    }
    let container = container_of(call, session, &pod)
        .map_err(|failure| Failure::client(format!("cannot attach to the container: {}", failure.words())))?;
    if call.flags.on("stdin") {
        return Err(Failure::not_simulated_with("attach", "--stdin"));
    }
    reach::stream(session, &pod, &container, "attach", &asked(&[], false, false))?;
    session.output.err(OPENING);
    let seen = session
        .client
        .log_of(&view::namespaced_name(&pod), LogOptions { container: &container, previous: false })
        .map_or(0, |log| log.text().len());
    follow_all(call, vec![Follow::new(&pod, &container, seen)], session)
}

/// Connects with the own process of a container that runs.
pub(super) fn begin_attached(made: Made, call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let (pod, input) = (made.pod.namespaced_name(), session.around.stdin.clone());
    let exec = Exec { pod, container: made.container.clone(), command: Vec::new(), input };
    let number = session.client.begin_process(&exec).map_err(Failure::Client)?;
    Process { number, made: Some(made), is_open: false }.go_on(call, session)
}

/// Runs a pod and attaches to it: `run -it`.
pub fn run_attached(call: &Call, session: &mut Session, mut pod: Value) -> Result<Step, Failure> {
    let namespace = session.namespace(call);
    pod.set(&["metadata", "namespace"], namespace.as_str());
    if call.flags.on("stdin") {
        pod.set(&["spec", "containers"], with_stdin_once(&pod));
    }
    let written = session.client.create(Kind::Pod, &namespace, &pod, &DryRun::None.options(call))?;
    session.warn_all(&written);
    let pod = Target::of_object(Kind::Pod, written.object);
    let container = view::text(pod.object.list_at(&["spec", "containers"]).first().unwrap_or(&Value::Null), &["name"]).to_owned();
    Attached::to(Made { pod, container, by: Maker::Run }).go_on(call, session)
}

fn with_stdin_once(pod: &Value) -> Value {
    Value::list(pod.list_at(&["spec", "containers"]).iter().map(|container| {
        let mut container = container.clone();
        container.set(&["stdinOnce"], true);
        container
    }))
}

impl Process {
    /// Prints new output.
    pub fn go_on(mut self, call: &Call, session: &mut Session) -> Result<Step, Failure> {
        let Some(heard) = session.client.poll_process(self.number) else {
            return self.ended(call, session, KILLED);
        };
        let lasts = heard.code.is_none() && heard.missing.is_none() || !session.around.stdin.is_empty();
        if self.made.is_some() && !self.is_open && lasts {
            self.is_open = true;
            has_terminal(call, session);
            session.output.err(OPENING);
        }
        for piece in heard.pieces {
            match piece {
                Piece::Note(note) if heard.missing.is_some() => session.output.hint(note),
                piece => session.output.piece(piece),
            }
        }
        if let Some(why) = heard.missing {
            if self.made.is_some() {
                // Only a stand-in of a node starts such a container, and tells whoever is attached to it.
                const START_ERROR: i32 = 128;
                session
                    .output
                    .err(format!("OCI runtime create failed: runc create failed: unable to start container process: {why}: unknown"));
                return self.ended(call, session, START_ERROR);
            }
            session.client.end_process(self.number, None);
            return Err(Failure::client(format!(
                "Internal error occurred: Internal error occurred: error executing command in container: failed to exec in container: OCI \
                 runtime exec failed: exec failed: unable to start container process: {why}"
            )));
        }
        // A shell to which nobody can write has read all it gets.
        if heard.prompt.is_some() && !(session.around.terminal && call.flags.on("stdin")) {
            return self.ended(call, session, 0);
        }
        if let Some(code) = heard.code {
            self.ended(call, session, code)
        } else {
            session.around.prompt = heard.prompt;
            Ok(Step::Wait(Work::Process(self), heard.due))
        }
    }

    fn ended(self, call: &Call, session: &mut Session, code: i32) -> Result<Step, Failure> {
        session.client.end_process(self.number, self.made.is_some().then_some(code));
        session.around.prompt = None;
        match self.made {
            Some(made) => {
                if self.is_open && call.flags.on("tty") && session.around.stdin.is_empty() {
                    session.output.line(made.way_back());
                }
                match made.by {
                    Maker::Run => Leaving { pod: made.pod }.go_on(call, session),
                    // Who is attached is not told an exit code.
                    Maker::Debug => Ok(Step::Done),
                }
            }
            None if code == 0 => Ok(Step::Done),
            None => {
                session.output.err(format!("command terminated with exit code {code}"));
                Err(Failure::Exit(code))
            }
        }
    }
}

impl Made {
    /// Shows what the container has printed.
    pub(super) fn show_log(&self, session: &mut Session) {
        let options = LogOptions { container: &self.container, previous: false };
        let log = session.client.log_of(&self.pod.namespaced_name(), options).unwrap_or_default();
        session.output.out(log.text());
    }

    /// How one is connected again. Models attach.go reattachMessage.
    fn way_back(&self) -> String {
        let Made { pod: Target { namespace, name, object, .. }, container, .. } = self;
        let how = format!("kubectl attach {name} -c {container} -n {namespace} -i -t");
        let mut ephemeral = object.list_at(&["spec", "ephemeralContainers"]).iter();
        if ephemeral.any(|one| view::text(one, &["name"]) == container) {
            return format!(
                "Session ended, the ephemeral container will not be restarted but may be reattached using '{how}' if it is still running"
            );
        }
        format!("Session ended, resume using '{how}' command")
    }
}

/// The exit code of a killed process.
const KILLED: i32 = 137;

impl Attached {
    /// Checks whether it runs.
    pub fn go_on(mut self, call: &Call, session: &mut Session) -> Result<Step, Failure> {
        let pod = &mut self.made.pod;
        pod.object = session.get(Kind::Pod, &pod.namespace, &pod.name)?;
        let phase = view::text(&pod.object, &["status", "phase"]).to_owned();
        let status = pod.object.list_at(&["status", "containerStatuses"]).first();
        let could_not_start = status.is_some_and(|status| status.at(&["state", "waiting"]).is_some());
        match phase.as_str() {
            "Running" if could_not_start => Ok(Step::Wait(Work::Attached(self), None)),
            "Running" if call.flags.on("stdin") => begin_attached(self.made, call, session),
            "Running" | "Succeeded" | "Failed" => {
                if phase == "Running" {
                    session.output.err(OPENING);
                }
                self.made.show_log(session);
                Leaving { pod: self.made.pod }.go_on(call, session)
            }
            _ => Ok(Step::Wait(Work::Attached(self), None)),
        }
    }
}

impl Leaving {
    /// Waits until the pod has ended, deletes it, and exits with its exit code.
    pub fn go_on(mut self, call: &Call, session: &mut Session) -> Result<Step, Failure> {
        let Ok(pod) = session.client.get(Kind::Pod, &self.pod.namespace, &self.pod.name) else { return Ok(Step::Done) };
        // Of a pod that is started again and again no end is awaited, and no exit code told.
        let ends = view::text(&pod, &["spec", "restartPolicy"]) != "Always";
        if ends && !matches!(view::text(&pod, &["status", "phase"]), "Succeeded" | "Failed") {
            return Ok(Step::Wait(Work::Leaving(self), None));
        }
        let state = pod.list_at(&["status", "containerStatuses"]).first().and_then(|c| c.at(&["state", "terminated"]));
        let state = state.filter(|_| ends).cloned();
        self.pod.object = pod;
        let Target { namespace, name, .. } = &self.pod;
        let mut objects = Vec::new();
        if call.flags.on("rm") {
            let object = session.client.delete(Kind::Pod, namespace, name, &DeleteOptions::default())?;
            say_deleted(session, &self.pod, false, DryRun::None);
            objects.push(Awaited::new(&self.pod, &object));
        }
        let code = state.as_ref().map_or(0, |s| view::int(s, &["exitCode"]));
        if code != 0 {
            let said = |key| state.as_ref().map_or("", |s| view::text(s, &[key]));
            let message = if said("message").is_empty() { String::new() } else { format!("\n{}", said("message")) };
            session.output.err(format!("pod {namespace}/{name} terminated ({}){message}", said("reason")));
            let code = i32::try_from(code).unwrap_or(1);
            // kubectl reports the deletion after the pod is gone; here it is reported first.
            return match (Gone { objects, until: None }).go_on(session)? {
                Step::Done => Err(Failure::Exit(code)),
                Step::Wait(Work::Gone(gone), until) => Ok(Step::Wait(Work::GoneThen(gone, code), until)),
                other @ Step::Wait(..) => Ok(other),
            };
        }
        Gone { objects, until: None }.go_on(session)
    }
}
