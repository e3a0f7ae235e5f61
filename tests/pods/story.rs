//! A cluster with one pod, what is done to it line by line, and what is seen of it.

use std::fmt::Write;

use ordinal::api::client::{Client, DeleteOptions};
use ordinal::api::kind::Kind;
use ordinal::base::time::Span;
use ordinal::base::value::Value;
use ordinal::cluster::timing::Timing;
use ordinal::kubectl::Job;
use ordinal::kubectl::files::Files;
use ordinal::sim::law::Laws;
use ordinal::sim::{Fault, Setup, Sim};
use ordinal::yaml;

/// Where the pod goes.
const NODE: &str = "node-1";
/// How long is waited for a word in the STATUS column.
const PATIENCE: Span = Span::seconds(120);
/// How closely.
const TICK: Span = Span(100);

struct Story {
    sim: Sim,
    laws: Laws,
    told: String,
}

impl Story {
    fn create(&mut self, text: &str) {
        let object = yaml::parse(text).remove(0).value.expect("a manifest");
        let word = |key: &str| object.text_at(&[key]).unwrap_or_default().to_owned();
        let kind = Kind::of(&word("apiVersion"), &word("kind")).expect("a kind");
        self.sim.create(kind, "default", &object, false).unwrap_or_else(|e| panic!("{e}"));
    }

    fn wait(&mut self, span: Span) {
        let until = self.sim.now() + span;
        while self.sim.next_time().is_some_and(|at| at <= until) && self.sim.step() {
            self.laws.look(&self.sim).unwrap_or_else(|violation| panic!("{violation}"));
        }
        self.sim.run_until(until);
    }

    /// What kubectl prints.
    fn kubectl(&mut self, line: &str) -> String {
        let mut job = Job::new(line, &Files::new());
        job.poll(&mut self.sim);
        format!("{}{}", job.stdout(), job.stderr())
    }

    /// The pod's row without its age.
    fn row(&mut self) -> String {
        let row = self.kubectl("get pod app --no-headers");
        let words: Vec<&str> = row.split_whitespace().collect();
        if row.starts_with("app") { words[..words.len() - 1].join(" ") } else { row.trim().to_owned() }
    }

    fn pod(&mut self) -> Value {
        self.sim.get(Kind::Pod, "default", "app").expect("a pod")
    }

    fn container(&mut self, name: &str) -> Value {
        let pod = self.pod();
        let mut all = ["initContainerStatuses", "containerStatuses"].into_iter().flat_map(|list| pod.list_at(&["status", list]));
        all.find(|c| c.text_at(&["name"]) == Some(name)).cloned().unwrap_or_default()
    }

    fn tell(&mut self, line: impl AsRef<str>) {
        let _ = writeln!(self.told, "{}", line.as_ref());
    }

    fn tell_events(&mut self, of: Option<&str>) {
        let mut events: Vec<(i64, String)> = Vec::new();
        let word = |e: &Value, path: &[&str]| e.text_at(path).unwrap_or_default().to_owned();
        for (i, event) in self.sim.tables().all(Kind::Event).map(ordinal::api::object::Object::encode).enumerate() {
            let reason = word(&event, &["reason"]);
            if word(&event, &["involvedObject", "name"]) != "app" || of.is_some_and(|of| of != reason) {
                continue;
            }
            let path = word(&event, &["involvedObject", "fieldPath"]).replacen("spec.", " ", 1);
            let line = format!("{} {reason}{path}: {}", word(&event, &["type"]), word(&event, &["message"]));
            events.push((i64::try_from(i).expect("few"), line));
        }
        for (_, line) in events {
            self.tell(line);
        }
    }

    /// Does one line.
    fn act(&mut self, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        let state_of = |c: &Value| -> String {
            let ended = |path: &[&str]| {
                c.at(path).map(|t| format!("{} {}", t.text_at(&["reason"]).unwrap_or_default(), t.int_at(&["exitCode"]).unwrap_or(-1)))
            };
            let now = match (c.at(&["state", "waiting"]), ended(&["state", "terminated"])) {
                (Some(w), _) => {
                    let said = |key| w.text_at(&[key]).unwrap_or_default();
                    format!("waiting {} {}", said("reason"), said("message")).trim_end().to_owned()
                }
                (_, Some(ended)) => format!("terminated {ended}"),
                _ => "running".to_owned(),
            };
            let last = ended(&["lastState", "terminated"]).map_or(String::new(), |last| format!(", last {last}"));
            format!("{} {now}{last}", c.text_at(&["name"]).unwrap_or_default())
        };
        match words[0] {
            "wait" => self.wait(Span::seconds(words[1].parse().expect("seconds"))),
            "until" => {
                let end = self.sim.now() + PATIENCE;
                while !self.row().split(' ').any(|word| word == words[1]) && self.sim.now() < end {
                    self.wait(TICK);
                }
            }
            "get" => {
                let row = self.row();
                self.tell(row);
            }
            "logs" => {
                let log = self.kubectl(&format!("logs app -c {}", words[1]));
                self.tell(log.trim_end());
            }
            "describe" => {
                let text = self.kubectl("describe pod app");
                self.tell(text.trim_end());
            }
            "container" => {
                let (pod, container) = (self.pod(), self.container(words[1]));
                let uid = pod.text_at(&["metadata", "uid"]).unwrap_or_default();
                self.tell(state_of(&container).replace(uid, "UID"));
            }
            "started" => {
                let started = self.container(words[1]).get("started").and_then(Value::as_bool);
                self.tell(format!("{}", started.unwrap_or_default()));
            }
            "phase" => {
                let phase = self.pod().text_at(&["status", "phase"]).unwrap_or_default().to_owned();
                self.tell(phase);
            }
            "condition" => {
                let pod = self.pod();
                let found = pod.list_at(&["status", "conditions"]).iter().find(|c| c.text_at(&["type"]) == Some(words[1]));
                let said = |key| found.and_then(|c| c.text_at(&[key])).unwrap_or_default();
                self.tell(format!("{}={} {} {}", words[1], said("status"), said("reason"), said("message")).trim_end());
            }
            "events" => self.tell_events(None),
            "said" => self.tell_events(Some(words[1])),
            "running" => {
                let all = self.sim.machines().flat_map(|m| m.workers().flat_map(|w| w.running_containers().map(ToString::to_string)));
                let all: Vec<String> = all.collect();
                self.tell(if all.is_empty() { "nobody".to_owned() } else { all.join(" ") });
            }
            "delete" => drop(self.sim.delete(Kind::Pod, "default", "app", &DeleteOptions::default()).expect("a pod")),
            "reboot" => {
                let fault = Fault::NodeUp { node: NODE.into(), restart_containers: true };
                self.sim.fault(&fault).expect("a node");
            }
            "service" => self.create(&format!(
                "{{apiVersion: v1, kind: Service, metadata: {{name: {}}}, spec: {{selector: {{app: none}}, ports: [{{port: 80}}]}}}}",
                words[1]
            )),
            other => panic!("nobody knows how to {other}"),
        }
    }
}

/// What a story tells of a pod with this spec to which this is done, line by line, on a cluster like a workstation's.
pub fn tell(spec: &str, lines: &str) -> String {
    let placements = [("app".into(), vec![NODE.into()])].into_iter().collect();
    let setup = Setup { timing: Timing::workstation(), placements, ..Setup::default() };
    let mut story = Story { sim: Sim::new(&setup), laws: Laws::default(), told: String::new() };
    story.create(&format!("{{apiVersion: v1, kind: Pod, metadata: {{name: app, labels: {{app: app}}}}, spec: {spec}}}"));
    for line in lines.split(';').map(str::trim) {
        story.act(line);
    }
    story.told.trim_end().to_owned()
}
