//! `drain`: cordons nodes and evicts their pods.
//!
//! Models k8s.io/kubectl/pkg/cmd/drain/drain.go and pkg/drain. Each pod is a small machine of its own, as it is a goroutine there:
//! it asks for the eviction, again after a pause while a disruption budget refuses, and then looks every second whether the pod
//! is gone.

pub(super) mod draining;

use base::sorted::SortedMap;

use crate::cordon::{check_words, mark_all, nodes};
use crate::work::{Step, Work};
use crate::write::DryRun;
use api::client::DeleteOptions;
use api::kind::Kind;
use api::object::NamespacedName;
use api::status::StatusReason;
use api::view::{self, controller_of, text};
use base::quoted::in_one_line;
use base::time::{Span, Time};
use base::value::Value;
use draining::{Drain, Rules, Stage, Trouble, Victim};
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::select::Filter;
use kubectl::session::Session;

/// How long to pause after a disruption budget has refused.
const RETRY_AFTER: Span = Span::seconds(5);

/// How often to look whether a pod is gone.
const LOOK_EVERY: Span = Span::seconds(1);

const DAEMON_SET_REFUSED: &str = "DaemonSet-managed Pods (use --ignore-daemonsets to ignore)";
const DAEMON_SET_IGNORED: &str = "ignoring DaemonSet-managed Pods";
const LOCAL_REFUSED: &str = "Pods with local storage (use --delete-emptydir-data to override)";
const UNMANAGED_REFUSED: &str = "Pods that declare no controller (use --force to override)";
const UNMANAGED_ACCEPTED: &str = "deleting Pods that declare no controller";

/// Runs the command.
pub fn drain(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let rules = Rules {
        force: call.flags.on("force"),
        ignore_daemon_sets: call.flags.on("ignore-daemonsets"),
        delete_local_data: call.flags.on("delete-emptydir-data"),
        delete: call.flags.on("disable-eviction"),
        grace: call.flags.int("grace-period").filter(|g| *g >= 0),
        pods: Filter::by_labels(call.flags.text("pod-selector").unwrap_or_default()),
        timeout: call.flags.duration("timeout"),
        dry_run: DryRun::of(call)?,
    };
    check_words(call)?;
    Failure::client_if(rules.pods.is_malformed(), "--pod-selector=<pod_selector> must be a valid label selector")?;
    let nodes = nodes(call, session)?;
    mark_all(call, session, &nodes, true)?;
    let names = nodes.iter().rev().map(|n| view::name(n).to_owned()).collect();
    Drain { rules, nodes: names, pods: Vec::new(), started: None, failed: Vec::new(), failures: Vec::new(), told: Vec::new() }
        .go_on(session)
}

impl Drain {
    /// Goes on with the present node and then the next.
    pub fn go_on(mut self, session: &mut Session) -> Result<Step, Failure> {
        while let Some(node) = self.nodes.last().cloned() {
            if self.started.is_none() {
                self.started = Some(session.now());
                match self.choose(&node, session) {
                    Ok(pods) => self.pods = pods,
                    Err(whys) => self.failures = whys,
                }
            }
            self.visit(session);
            if self.failures.is_empty() && self.pods.is_empty() {
                session.output.line(format!("node/{node} drained{}", self.rules.dry_run.suffix()));
            } else if self.pods.is_empty() {
                let failures = self.give_up(&node, session);
                self.told.extend(failures);
            } else {
                let next = self.pods.iter().map(|p| p.stage.at()).min();
                return Ok(Step::Wait(Work::Drain(Box::new(self)), next));
            }
            self.nodes.pop();
            self.started = None;
        }
        if self.failed.is_empty() {
            return Ok(Step::Done);
        }
        session.output.err("There are pending nodes to be drained:");
        for node in &self.failed {
            session.output.err(format!(" {node}"));
        }
        // A deletion fails with one error, which stays alone where it is the only one; evictions fail with a list of them.
        let is_alone = self.rules.delete && matches!(self.told[..], [Trouble::Failed(_)]);
        let mut failures: Vec<Failure> = self.told.into_iter().map(|why| Failure::Client(why.words())).collect();
        Err(if is_alone { failures.remove(0) } else { Failure::Many(failures) })
    }

    /// The pods whose eviction it asks for, again and again where that is refused.
    pub fn evicts(&self) -> impl Iterator<Item = &NamespacedName> {
        self.pods.iter().filter(|pod| matches!(pod.stage, Stage::Evict(_))).map(|pod| &pod.name)
    }

    /// Whether budgets refuse every pod that is left, and no time is set after which to give up.
    pub fn is_refused(&self) -> bool {
        self.rules.timeout.is_none() && self.pods.iter().all(|pod| matches!(pod.stage, Stage::Evict(_)))
    }

    /// The pods that have to leave a node, or why they cannot.
    fn choose(&self, node: &str, session: &mut Session) -> Result<Vec<Victim>, Vec<Trouble>> {
        let now = session.now();
        let mut victims = Vec::new();
        let mut refused: SortedMap<String, Vec<String>> = SortedMap::new();
        let mut warned: SortedMap<&str, Vec<String>> = SortedMap::new();
        let mut pods = session.list(Kind::Pod, None, &self.rules.pods).map_err(|f| vec![Trouble::Failed(f.words())])?;
        pods.retain(|p| text(p, &["spec", "nodeName"]) == node);
        for pod in &pods {
            let full_name = format!("{}/{}", view::namespace(pod), view::name(pod));
            match self.rules.verdict(pod, session) {
                Verdict::Skip(warning) => warned.entry(warning).or_default().push(full_name),
                Verdict::Refuse(why) => refused.entry(why).or_default().push(full_name),
                Verdict::Pass => {}
                Verdict::Evict(warning) => {
                    if let Some(warning) = warning {
                        warned.entry(warning).or_default().push(full_name);
                    }
                    victims.push(Victim { name: view::namespaced_name(pod), uid: view::uid(pod).to_owned(), stage: Stage::Evict(now) });
                }
            }
        }
        if !refused.is_empty() {
            let words = |(why, pods): (&String, &Vec<String>)| format!("cannot delete {why}: {}", pods.join(", "));
            return Err(refused.iter().map(words).map(Trouble::Refused).collect());
        }
        if !warned.is_empty() {
            let parts: Vec<String> = warned.iter().map(|(why, pods)| format!("{why}: {}", pods.join(", "))).collect();
            session.output.warn(&parts.join("; "));
        }
        // Deletions that the server only tries are not told of; kubectl 1.36 waited for them without end, which is not simulated.
        if self.rules.delete && self.rules.dry_run == DryRun::Server {
            victims.clear();
        }
        if self.rules.dry_run == DryRun::Client {
            for pod in victims.drain(..) {
                let suffix = self.rules.dry_run.suffix();
                session.output.line(format!("evicting pod {}{suffix}", pod.name));
            }
        }
        Ok(victims)
    }

    /// Does what is due for each pod.
    fn visit(&mut self, session: &mut Session) {
        let now = session.now();
        let late = self.rules.timeout.zip(self.started).is_some_and(|(timeout, started)| now >= started + timeout);
        let mut left = Vec::new();
        for pod in std::mem::take(&mut self.pods) {
            if pod.stage.at() > now {
                left.push(pod);
                continue;
            }
            match self.advance(pod, now, late, session) {
                Ok(Some(pod)) => left.push(pod),
                Ok(None) => {}
                Err(why) => {
                    self.failures.push(Trouble::Failed(why));
                    // Evictions go on without one another, deletions do not.
                    if self.rules.delete {
                        left.clear();
                        break;
                    }
                }
            }
        }
        self.pods = left;
    }

    fn advance(&self, mut pod: Victim, now: Time, late: bool, session: &mut Session) -> Result<Option<Victim>, String> {
        if let Stage::Evict(_) = pod.stage {
            if !self.rules.delete {
                session.output.line(format!("evicting pod {}{}", pod.name, self.rules.dry_run.suffix()));
            }
            let what = format!("error when evicting pods/{:?} -n {:?}", pod.name.name, pod.name.namespace);
            if late {
                let timeout = self.rules.timeout.map(Span::golang).unwrap_or_default();
                return Err(format!("{what}: global timeout reached: {timeout}"));
            }
            match self.ask(&pod, session) {
                Ok(()) if self.rules.dry_run.is_dry() => return Ok(None),
                Ok(()) => pod.stage = Stage::Leaving(now),
                Err(status) if status.reason == StatusReason::NotFound => return Ok(None),
                Err(status) if status.reason == StatusReason::TooManyRequests => {
                    session.output.err(format!("{what} (will retry after 5s): {}", status.message));
                    pod.stage = Stage::Evict(now + RETRY_AFTER);
                    return Ok(Some(pod));
                }
                Err(status) if self.rules.delete => return Err(status.message),
                Err(status) => return Err(format!("{what}: {}", status.message)),
            }
        } else if late {
            const LATE: &str = "context deadline exceeded";
            let what = format!("error when waiting for pod {:?} in namespace {:?} to terminate: ", pod.name.name, pod.name.namespace);
            return Err(if self.rules.delete { String::new() } else { what } + LATE);
        }
        let NamespacedName { namespace, name } = &pod.name;
        if !session.client.exists(Kind::Pod, namespace, name, &pod.uid) {
            session.output.line(format!("pod/{name} {}", if self.rules.delete { "deleted" } else { "evicted" }));
            return Ok(None);
        }
        let end = self.rules.timeout.zip(self.started).map(|(timeout, started)| started + timeout);
        pod.stage = Stage::Leaving(end.map_or(now + LOOK_EVERY, |end| end.min(now + LOOK_EVERY)));
        Ok(Some(pod))
    }

    fn ask(&self, pod: &Victim, session: &mut Session) -> Result<(), api::status::Status> {
        let options =
            DeleteOptions { grace_period_seconds: self.rules.grace, dry_run: self.rules.dry_run.is_dry(), ..DeleteOptions::default() };
        if self.rules.delete {
            session.client.delete(Kind::Pod, &pod.name.namespace, &pod.name.name, &options).map(|_| ())
        } else {
            session.client.evict(&pod.name, &options)
        }
    }

    /// Says that a node could not be drained; its failures.
    fn give_up(&mut self, node: &str, session: &mut Session) -> Vec<Trouble> {
        let failures = std::mem::take(&mut self.failures);
        let why = in_one_line(failures.iter().cloned().map(Trouble::words));
        if failures.iter().all(|why| matches!(why, Trouble::Failed(_))) {
            let mut pods = session.list(Kind::Pod, None, &self.rules.pods).unwrap_or_default();
            pods.retain(|p| text(p, &["spec", "nodeName"]) == node && matches!(self.rules.verdict(p, session), Verdict::Evict(_)));
            if !pods.is_empty() {
                session.output.err(format!("There are pending pods in node {node:?} when an error occurred: {why}"));
                for pod in &pods {
                    session.output.err(format!("pod/{}", view::name(pod)));
                }
            }
        }
        session.output.err(format!("error: unable to drain node {node:?} due to error: {why}, continuing command..."));
        self.failed.push(node.to_owned());
        failures
    }
}

/// What is to become of a pod.
enum Verdict {
    Evict(Option<&'static str>),
    Skip(&'static str),
    Pass,
    Refuse(String),
}

impl Rules {
    /// What the filters make of a pod; a warning is what the last of them says.
    fn verdict(&self, pod: &Value, session: &Session) -> Verdict {
        let finished = matches!(text(pod, &["status", "phase"]), "Succeeded" | "Failed");
        let controller = controller_of(pod);
        if let Some(set) = controller.filter(|c| text(c, &["kind"]) == "DaemonSet" && !finished) {
            match session.client.get(Kind::DaemonSet, view::namespace(pod), text(set, &["name"])) {
                Ok(_) if self.ignore_daemon_sets => return Verdict::Skip(DAEMON_SET_IGNORED),
                Ok(_) => return Verdict::Refuse(DAEMON_SET_REFUSED.to_owned()),
                Err(_) if self.force => {}
                Err(status) => return Verdict::Refuse(status.message),
            }
        }
        if view::map_at(pod, &["metadata", "annotations"]).is_some_and(|m| m.contains("kubernetes.io/config.mirror")) {
            return Verdict::Pass;
        }
        let local = pod.list_at(&["spec", "volumes"]).iter().any(|v| v.get("emptyDir").is_some());
        if local && !finished && !self.delete_local_data {
            return Verdict::Refuse(LOCAL_REFUSED.to_owned());
        }
        match controller.is_none() && !finished {
            false => Verdict::Evict(None),
            true if self.force => Verdict::Evict(Some(UNMANAGED_ACCEPTED)),
            true => Verdict::Refuse(UNMANAGED_REFUSED.to_owned()),
        }
    }
}

impl Stage {
    fn at(self) -> Time {
        match self {
            Stage::Evict(at) | Stage::Leaving(at) => at,
        }
    }
}
