//! `logs`: what a container printed.
//!
//! Models k8s.io/kubectl/pkg/cmd/logs/logs.go, and of the kubelet k8s.io/cri-client/pkg/logs/logs.go.

pub(super) mod follow;

use crate::pods::{container_of, pods_of};
use crate::reach;
use crate::work::{Step, Work};
use api::client::LogOptions;
use api::kind::Kind;
use api::status::Status;
use api::view;
use base::lines::Lines;
use base::note::Note;
use base::time::Span;
use base::value::Value;
use follow::{Follow, Opening};
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::select::Filter;
use kubectl::session::Session;

/// The default `--tail` of each pod with a selector.
const TAIL_OF_SELECTION: i64 = 10;
/// How long `--follow` waits by default for a log that cannot be read yet.
const RUNNING_TIMEOUT: Span = Span::seconds(20);
/// The default number of logs that may be followed at once.
const MAX_STREAMS: usize = 5;

/// Runs the command.
pub fn logs(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let usage = "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command";
    let selected = call.flags.given("selector");
    match call.args.len() {
        0 if !selected => return Err(call.usage(usage)),
        1 if selected => return Err(call.usage("only a selector (-l) or a POD name is allowed")),
        0..=2 => {}
        _ => return Err(call.usage(usage)),
    }
    let pods = if selected {
        let scope = session.scope(call);
        let pods = session.list(Kind::Pod, scope.as_deref(), &Filter::of(call))?;
        if pods.is_empty() {
            session.output.err(format!("No resources found in {} namespace.", session.namespace(call)));
        }
        pods
    } else {
        let name = call.args.first().map(String::as_str).unwrap_or_default();
        let mut pods = pods_of(call, session, name).map_err(|failure| in_namespace(failure, session, call))?;
        if pods.len() > 1 {
            session.output.err(format!("Found {} pods, using pod/{}", pods.len(), view::name(&pods[0])));
            pods.truncate(1);
        }
        pods
    };
    check_words(call)?;
    let tail = call.flags.int("tail").or(selected.then_some(TAIL_OF_SELECTION)).and_then(|n| usize::try_from(n).ok());
    let mut streams = Vec::new();
    for pod in &pods {
        for container in containers(call, session, pod)? {
            streams.push((pod, container));
        }
    }
    if call.flags.on("follow") && streams.len() > MAX_STREAMS {
        return Err(Failure::client(format!(
            "you are attempting to follow {} log streams, but maximum allowed concurrency is {MAX_STREAMS}, use --max-log-requests to increase \
             the limit",
            streams.len()
        )));
    }
    let now = session.now();
    let until = now + call.flags.duration("pod-running-timeout").unwrap_or(RUNNING_TIMEOUT);
    let follow =
        |(pod, container): (&Value, String)| Follow { opens: Some(Opening { tail, again: now, until }), ..Follow::new(pod, &container, 0) };
    follow_all(call, streams.into_iter().map(follow).collect(), session)
}

/// Models logs.go Validate, which comes after the pods are looked up.
fn check_words(call: &Call) -> Result<(), Failure> {
    let (flag, inline) = (call.flags.text("container"), call.args.get(1).map(String::as_str));
    let wrong = match (inline.or(flag), inline.and(flag)) {
        (Some(name), _) if call.flags.on("all-containers") => {
            format!("--all-containers=true should not be specified with container name {name}")
        }
        (_, Some(_)) => "only one of -c or an inline [CONTAINER] arg is allowed".to_owned(),
        _ if call.flags.int("tail").is_some_and(|tail| tail < -1) => "--tail must be greater than or equal to -1".to_owned(),
        _ => return Ok(()),
    };
    Err(Failure::client(wrong))
}

/// The containers of a pod whose logs are asked for.
fn containers(call: &Call, session: &mut Session, pod: &Value) -> Result<Vec<String>, Failure> {
    if call.flags.on("all-containers") {
        let all = ["initContainers", "containers", "ephemeralContainers"].into_iter().flat_map(|list| pod.list_at(&["spec", list]));
        return Ok(all.map(|c| view::text(c, &["name"]).to_owned()).collect());
    }
    Ok(vec![call.args.get(1).cloned().map_or_else(|| container_of(call, session, pod), Ok)?])
}

/// The error of `logs` for a missing pod.
fn in_namespace(failure: Failure, session: &Session, call: &Call) -> Failure {
    match failure {
        Failure::Server(Status { message, .. }) => {
            let place = session.namespace(call);
            Failure::client(format!("error from server (NotFound): {message} in namespace {place:?}"))
        }
        other => other,
    }
}

/// What is asked of a kubelet, by name.
fn asked(call: &Call) -> Vec<(&'static str, String)> {
    let on = |flag: &str| call.flags.on(flag).then(|| "true".to_owned());
    let tail = call.flags.text("tail").filter(|tail| *tail != "-1").map(str::to_owned);
    let all = [("follow", on("follow")), ("previous", on("previous")), ("tailLines", tail)];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn lines_of(call: &Call, session: &mut Session, pod: &Value, container: &str) -> Result<Lines, Failure> {
    let name = view::name(pod);
    let asked = asked(call);
    reach::log(session, pod, container, &asked.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>())?;
    let options = LogOptions { container, previous: call.flags.on("previous") };
    let bad = |what: String| Failure::Server(Status::bad_request(what));
    let status = status_of(pod, container);
    if options.previous {
        if status.is_none_or(|s| s.at(&["lastState", "terminated"]).is_none()) {
            return Err(bad(format!("previous terminated container {container:?} in pod {name:?} not found")));
        }
        return session.client.log_of(&view::namespaced_name(pod), options).map_err(Failure::Client);
    }
    let is_first = |s: &&Value| s.at(&["lastState", "terminated"]).is_none();
    if let Some(reason) = status.filter(is_first).map(|s| view::text(s, &["state", "waiting", "reason"])).filter(|r| !r.is_empty()) {
        // Models pkg/kubelet/kubelet_pods.go validateContainerLogStatus.
        let what = match reason {
            "ErrImagePull" => "image can't be pulled",
            "ImagePullBackOff" => "trying and failing to pull image",
            _ => reason,
        };
        return Err(bad(format!("container {container:?} in pod {name:?} is waiting to start: {what}")));
    }
    if status.is_none() && !view::text(pod, &["spec", "nodeName"]).is_empty() {
        return Err(bad(format!("container {container:?} in pod {name:?} is not available")));
    }
    session.client.log_of(&view::namespaced_name(pod), options).map_err(Failure::Client)
}

fn status_of<'a>(pod: &'a Value, container: &str) -> Option<&'a Value> {
    let lists = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"].into_iter();
    lists.flat_map(|list| pod.list_at(&["status", list])).find(|status| view::text(status, &["name"]) == container)
}

impl Follow {
    /// Follows a log from its present end.
    pub fn new(pod: &Value, container: &str, seen: usize) -> Self {
        Follow { pod: view::namespaced_name(pod), container: container.to_owned(), seen, opens: None }
    }

    /// Prints what is new; returns whether more may come.
    fn goes_on(&mut self, call: &Call, session: &mut Session) -> Result<bool, Failure> {
        let pod = session.client.get(Kind::Pod, &self.pod.namespace, &self.pod.name);
        if let Some(opening) = self.opens {
            if session.now() < opening.again {
                return Ok(true);
            }
            return self.open(call, session, pod.map_err(Failure::Server), opening);
        }
        let log = session.client.log_of(&self.pod, LogOptions { container: &self.container, previous: false }).unwrap_or_default();
        session.output.out(log.after(self.seen).map(|(_, line)| line).collect::<String>());
        self.seen = log.text().len();
        Ok(pod.is_ok_and(|pod| !is_over(&pod, &self.container)))
    }

    /// Reads it for the first time. What cannot be followed yet is tried every second. Models logs.go consumeWithRetry.
    fn open(&mut self, call: &Call, session: &mut Session, pod: Result<Value, Failure>, opening: Opening) -> Result<bool, Failure> {
        let follows = call.flags.on("follow");
        Failure::client_if(follows && session.now() >= opening.until, "context deadline exceeded")?;
        match pod.and_then(|pod| Ok((lines_of(call, session, &pod, &self.container)?, pod))) {
            Ok((log, pod)) => {
                let unknown = if log.text().is_empty() { session.client.unknown_log(&self.pod, &self.container) } else { None };
                if let Some(image) = unknown {
                    session.output.note(Note::Logs(image.to_string()));
                }
                let older = opening.tail.map_or(0, |n| log.after(0).count().saturating_sub(n));
                session.output.out(log.after(0).skip(older).map(|(_, line)| line).collect::<String>());
                (self.seen, self.opens) = (log.text().len(), None);
                Ok(follows && !call.flags.on("previous") && !is_over(&pod, &self.container))
            }
            Err(Failure::Server(Status { message, .. })) if follows => {
                session.output.err(message);
                let again = opening.until.min(session.now() + Span::seconds(1));
                self.opens = Some(Opening { again, ..opening });
                Ok(true)
            }
            Err(failure) => Err(failure),
        }
    }
}

/// Whether nothing can be added to the log of a container: its pod has ended, or is on no node, where there is no log. An
/// ephemeral container that has ended is not started again.
fn is_over(pod: &Value, container: &str) -> bool {
    let has_ended = |status: &Value| view::text(status, &["name"]) == container && status.at(&["state", "terminated"]).is_some();
    matches!(view::text(pod, &["status", "phase"]), "Succeeded" | "Failed")
        || view::text(pod, &["spec", "nodeName"]).is_empty()
        || pod.list_at(&["status", "ephemeralContainerStatuses"]).iter().any(has_ended)
}

/// Prints what is new in these logs; ends when the last pod has ended.
pub fn follow_all(call: &Call, followed: Vec<Follow>, session: &mut Session) -> Result<Step, Failure> {
    let mut left = Vec::new();
    for mut follow in followed {
        if follow.goes_on(call, session)? {
            left.push(follow);
        }
    }
    let again = left.iter().filter_map(|follow| Some(follow.opens?.again)).min();
    if left.is_empty() { Ok(Step::Done) } else { Ok(Step::Wait(Work::Follow(left), again)) }
}
