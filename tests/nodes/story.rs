//! A cluster, what is done to it line by line, and its state at certain times.

use std::fmt::Write;

use ordinal::api::client::{Client, DeleteOptions, Patch, Subresource, WriteOptions};
use ordinal::api::kind::Kind;
use ordinal::api::object::NamespacedName;
use ordinal::api::status::{Status, StatusReason};
use ordinal::base::time::Span;
use ordinal::base::value::Value;
use ordinal::cluster::timing::Timing;
use ordinal::sim::{Fault, Setup, Sim};
use ordinal::why::Reason;
use ordinal::yaml;
use rig::law::Laws;

/// Three pods without claims, one per node, that tolerate a lost node for five seconds.
const WEB: &str = "
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  serviceName: web
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 10
      containers: [{name: nginx, image: nginx, readinessProbe: {httpGet: {path: /, port: 80}}}]
      tolerations:
      - {key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 5}
";

/// The pods' nodes, if there is a choice.
const PLACES: [(&str, &[&str]); 3] = [("web-0", &["node-1", "node-1"]), ("web-1", &["node-2", "node-3"]), ("web-2", &["node-3", "node-3"])];

/// How long the set takes to become ready.
const SETTLED: Span = Span::seconds(30);

/// Long enough for what is due, too short for a process to end.
const BLINK: Span = Span(200);

/// The cluster of a story.
pub struct Story {
    sim: Sim,
    laws: Laws,
    told: String,
}

impl Story {
    fn begin(timing: Timing) -> Self {
        let place = |(pod, nodes): (&str, &[&str])| (pod.into(), nodes.iter().map(|n| (*n).into()).collect());
        let setup = Setup { timing, placements: PLACES.into_iter().map(place).collect(), ..Setup::default() };
        let mut story = Story { sim: Sim::new(&setup), laws: Laws::default(), told: String::new() };
        story.create("default", WEB);
        story.wait(SETTLED);
        story
    }

    fn create(&mut self, namespace: &str, text: &str) {
        for document in yaml::parse(text) {
            let object = document.value.expect("a manifest");
            let word = |key: &str| object.text_at(&[key]).unwrap_or_default().to_owned();
            let kind = Kind::of(&word("apiVersion"), &word("kind")).expect("a kind");
            self.sim.create(kind, namespace, &object, &WriteOptions::default()).unwrap_or_else(|e| panic!("{e}"));
        }
    }

    fn wait(&mut self, span: Span) {
        let until = self.sim.now() + span;
        while self.sim.next_time().is_some_and(|at| at <= until) && self.sim.step() {
            self.look();
        }
        self.sim.run_until(until);
    }

    fn look(&mut self) {
        self.laws.look(&self.sim).unwrap_or_else(|violation| panic!("{violation}"));
    }

    fn fault(&mut self, fault: &Fault) {
        self.sim.fault(fault).unwrap_or_else(|e| panic!("{e}"));
    }

    fn patch(&mut self, kind: Kind, name: &str, patch: &str) {
        let patch = yaml::parse(patch).remove(0).value.expect("a patch");
        let written = self.sim.patch(kind, "default", name, Patch::merge(&patch), Subresource::None, &WriteOptions::default());
        written.unwrap_or_else(|e| panic!("{e}"));
    }

    fn answer(&mut self, answer: Result<(), String>) {
        let _ = writeln!(self.told, "{}", answer.err().unwrap_or_else(|| "granted".to_owned()));
    }

    /// Executes a line.
    fn act(&mut self, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        let node = || words[1].into();
        let options = |grace| DeleteOptions { grace_period_seconds: grace, ..DeleteOptions::default() };
        match words[0] {
            "wait" => self.wait(Span::seconds(words[1].parse().expect("seconds"))),
            "blink" => self.wait(BLINK),
            "cut" => self.fault(&Fault::NodeDown { node: node() }),
            "heal" => self.fault(&Fault::NodeUp { node: node(), restart_containers: false }),
            "reboot" => self.fault(&Fault::NodeUp { node: node(), restart_containers: true }),
            "off" => self.fault(&Fault::PowerOff { node: node() }),
            "on" => self.fault(&Fault::PowerOn { node: node() }),
            "unready" => self.fault(&Fault::PodUnready { namespace: "default".into(), pod: words[1].into() }),
            "force" => drop(self.sim.delete(Kind::Pod, "default", words[1], &options(Some(0))).expect("a pod")),
            "delete-node" => drop(self.sim.delete(Kind::Node, "", words[1], &options(None)).expect("a node")),
            "cordon" => self.patch(Kind::Node, words[1], "{spec: {unschedulable: true}}"),
            "uncordon" => self.patch(Kind::Node, words[1], "{spec: {unschedulable: false}}"),
            "add" => self.sim.add_nodes(1).expect("room"),
            "budget" => self.create(
                "default",
                &format!(
                    "{{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {{name: {}}}, \
                 spec: {{selector: {{matchLabels: {{app: web}}}}, {}}}}}",
                    words[1],
                    words[2..].join(" ")
                ),
            ),
            "exempt" => self.patch(Kind::Node, words[1], "{metadata: {labels: {node.kubernetes.io/exclude-disruption: ''}}}"),
            "relabel" => self.patch(Kind::Pod, words[1], "{metadata: {labels: {app: other}}}"),
            "budget-says" => self.tell_budget(words[1]),
            "patch-budget" => self.patch(Kind::PodDisruptionBudget, words[1], &format!("{{spec: {{{}}}}}", words[2..].join(" "))),
            "evict" => {
                let options = DeleteOptions { dry_run: words.get(2) == Some(&"dry"), ..DeleteOptions::default() };
                let answer = self.sim.evict(&NamespacedName::of("default", words[1]), &options).map_err(|s| spelled(&s));
                self.answer(answer);
            }
            "shop" => {
                self.create("default", "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}");
                self.create("shop", WEB);
            }
            "delete-namespace" => {
                let answer = self.sim.delete(Kind::Namespace, "", words[1], &options(None)).map_err(|s| spelled(&s));
                if let Err(refusal) = answer {
                    self.tell(&refusal);
                }
            }
            "create-in" => {
                let map = Value::of([
                    ("apiVersion", Value::from("v1")),
                    ("kind", "ConfigMap".into()),
                    ("metadata", Value::of([("name", "late")])),
                ]);
                let answer = self.sim.create(Kind::ConfigMap, words[1], &map, &WriteOptions::default()).map(drop).map_err(|s| spelled(&s));
                self.answer(answer);
            }
            "left" => self.tell_left(words[1]),
            "pods" => self.tell_pods(),
            "nodes" => self.tell_nodes(),
            "running" => self.tell_running(),
            "evictions" => self.tell_evictions(),
            "said" => self.tell_said(words[1]),
            "kubelets" => self.tell_of_kubelets(),
            "quiet" => self.tell_quiet(),
            other => panic!("what is {other}?"),
        }
    }

    fn tell_pods(&mut self) {
        let mut line = String::new();
        for pod in self.sim.tables().pods() {
            let ready = if pod.ready() { "ready" } else { "unready" };
            let leaving = if pod.meta.terminating() { " leaving" } else { "" };
            let restarts: i64 = pod.status.containers.iter().map(|c| c.restarts).sum();
            let restarts = if restarts > 0 { format!(" x{restarts}") } else { String::new() };
            let node = pod.node.as_deref().map_or("nowhere", |n| n.trim_start_matches("node-"));
            let _ = write!(line, "{}@{node} {ready}{restarts}{leaving}, ", pod.meta.name);
        }
        self.tell(line.trim_end_matches(", "));
    }

    fn tell_budget(&mut self, name: &str) {
        let budget = self.sim.get(Kind::PodDisruptionBudget, "default", name).expect("a budget");
        let [healthy, expected, allowed] =
            ["currentHealthy", "expectedPods", "disruptionsAllowed"].map(|field| budget.int_at(&["status", field]).unwrap_or_default());
        self.tell(&format!("{healthy} of {expected} healthy, {allowed} may go"));
    }

    fn tell_nodes(&mut self) {
        let mut line = String::new();
        for node in self.sim.tables().nodes() {
            let taints: Vec<String> = node.taints.iter().map(|t| short(&t.spelled()).to_owned()).collect();
            let _ = write!(line, "{} {} [{}], ", node.meta.name.trim_start_matches("node-"), node.ready().word(), taints.join(" "));
        }
        self.tell(line.trim_end_matches(", "));
    }

    /// Reports what really runs, machine by machine.
    fn tell_running(&mut self) {
        let mut line = String::new();
        for machine in self.sim.machines() {
            let pods: Vec<&str> = machine.workers().filter(|w| w.running()).map(|w| &*w.key.name).collect();
            let _ = write!(line, "{}: {}; ", machine.node.trim_start_matches("node-"), pods.join(" "));
        }
        self.tell(line.trim_end_matches("; "));
    }

    /// Reports which pods were evicted, and the taint that is named as the reason.
    fn tell_evictions(&mut self) {
        let decided = self.sim.decisions().recent().filter_map(|(_, decision)| match &decision.because {
            Reason::EvictedByTaint { taint } => Some(format!("{} for {}", decision.about.name, short(taint))),
            _ => None,
        });
        let line = decided.collect::<Vec<_>>().join(", ");
        self.tell(&line);
    }

    fn tell_said(&mut self, reason: &str) {
        let events = self.sim.list(Kind::Event, None);
        let said = events.iter().filter(|e| e.text_at(&["reason"]) == Some(reason));
        let lines: Vec<String> = said
            .map(|e| format!("{} x{}: {}", e.text_at(&["type"]).unwrap_or(""), e.int_at(&["count"]).unwrap_or(0), text(e, "message")))
            .collect();
        self.tell(&lines.join("\n"));
    }

    /// Reports what kubelets said about their nodes.
    fn tell_of_kubelets(&mut self) {
        let events = self.sim.list(Kind::Event, None);
        let said = events
            .iter()
            .filter(|e| e.text_at(&["involvedObject", "kind"]) == Some("Node") && e.text_at(&["reportingComponent"]) == Some("kubelet"));
        let mut said: Vec<String> = said.map(|e| format!("{} x{}", text(e, "reason"), e.int_at(&["count"]).unwrap_or(0))).collect();
        said.sort();
        self.tell(&said.join(", "));
    }

    /// Reports the kinds of objects left in a namespace, apart from Events.
    fn tell_left(&mut self, namespace: &str) {
        if self.sim.get(Kind::Namespace, "", namespace).is_err() {
            self.tell(&format!("there is no {namespace}"));
            return;
        }
        let left = |kind: &&Kind| **kind != Kind::Event && kind.is_namespaced() && !self.sim.list(**kind, Some(namespace)).is_empty();
        let kinds: Vec<String> = Kind::ALL.iter().filter(left).map(ToString::to_string).collect();
        self.tell(&format!("{namespace}: {}", kinds.join(" ")));
    }

    fn tell_quiet(&mut self) {
        self.tell(if self.sim.only_tries_again(false) { "quiet" } else { "something is ahead" });
    }

    fn tell(&mut self, line: &str) {
        let _ = writeln!(self.told, "{line}");
    }
}

fn short(taint: &str) -> &str {
    taint.trim_start_matches("node.kubernetes.io/")
}

fn spelled(status: &Status) -> String {
    let code = match status.reason {
        StatusReason::BadRequest => 400,
        StatusReason::Forbidden => 403,
        StatusReason::NotFound => 404,
        StatusReason::AlreadyExists | StatusReason::Conflict => 409,
        StatusReason::Invalid => 422,
        StatusReason::TooManyRequests => 429,
        StatusReason::InternalError | StatusReason::Unknown => 500,
    };
    format!("{code} {}", status.message)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.text_at(&[key]).unwrap_or_default()
}

/// The report of a story, executed line by line. It uses a workstation's cluster if that is its first line, and otherwise the
/// timing of the recordings.
pub fn tell(lines: &str) -> String {
    let (timing, lines) = match lines.strip_prefix("workstation;") {
        Some(rest) => (Timing::workstation(), rest),
        None => (Timing::recording(), lines),
    };
    let mut story = Story::begin(timing);
    for line in lines.split(';').map(str::trim) {
        story.act(line);
        story.look();
    }
    story.told.trim_end().to_owned()
}
