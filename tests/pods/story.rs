//! A cluster with one pod, what is done to it line by line, and what is seen of it.

use std::fmt::Write;
use std::rc::Rc;

use ordinal::api::client::{Client, DeleteOptions, WriteOptions};
use ordinal::api::kind::Kind;
use ordinal::api::object::pod::ContainerState;
use ordinal::api::object::storage::Attachment;
use ordinal::api::object::{Claim, Object, ObjectKey};
use ordinal::api::release::{Release, V1_37};
use ordinal::base::time::Span;
use ordinal::base::value::Value;
use ordinal::causes::pod::{pod_word, ready_of};
use ordinal::cluster::images::Behaviour;
use ordinal::cluster::timing::Timing;
use ordinal::kubectl::Job;
use ordinal::kubectl::files::Files;
use ordinal::rows::cells::pod_summary;
use ordinal::sim::setup::ClassSetup;
use ordinal::sim::{Fault, Setup, Sim};
use ordinal::text::Lang;
use ordinal::view::Snapshot;
use ordinal::view::why::told;
use ordinal::why::explain::{Link, explain};
use ordinal::yaml;
use rig::law::Laws;

/// Where the pod goes.
const NODE: &str = "node-1";
/// How long is waited for a word in the STATUS column.
const PATIENCE: Span = Span::seconds(120);
/// How closely.
const TICK: Span = Span(100);

struct Story {
    sim: Sim,
    /// Which pod is looked at.
    pod: String,
    laws: Laws,
    told: String,
}

impl Story {
    fn create(&mut self, text: &str) {
        for document in yaml::parse(text) {
            let object = document.value.expect("a manifest");
            let word = |key: &str| object.text_at(&[key]).unwrap_or_default().to_owned();
            let kind = Kind::of(&word("apiVersion"), &word("kind")).expect("a kind");
            self.sim.create(kind, "default", &object, &WriteOptions::default()).unwrap_or_else(|e| panic!("{e}"));
        }
    }

    fn wait(&mut self, span: Span) {
        let until = self.sim.now() + span;
        while self.sim.next_time().is_some_and(|at| at <= until) && self.sim.step() {
            self.laws.look(&self.sim).unwrap_or_else(|violation| panic!("{violation}"));
        }
        self.sim.run_until(until);
    }

    fn fault(&mut self, fault: &Fault) {
        self.sim.fault(fault).unwrap_or_else(|e| panic!("{e}"));
    }

    /// What kubectl prints.
    fn kubectl(&mut self, line: &str) -> String {
        let mut job = Job::new(line, &Files::new());
        job.poll(&mut self.sim);
        format!("{}{}{}", job.stdout(), job.note(), job.stderr())
    }

    /// The pod's row without its age.
    fn row(&mut self) -> String {
        let row = self.kubectl(&format!("get pod {} --no-headers", self.pod));
        let words: Vec<&str> = row.split_whitespace().collect();
        if row.starts_with(&self.pod) { words[..words.len() - 1].join(" ") } else { row.trim().to_owned() }
    }

    fn pod(&mut self) -> Value {
        self.sim.get(Kind::Pod, "default", &self.pod).unwrap_or_default()
    }

    fn container(&mut self, name: &str) -> Value {
        let pod = self.pod();
        let mut all = ["initContainerStatuses", "containerStatuses"].into_iter().flat_map(|list| pod.list_at(&["status", list]));
        all.find(|c| c.text_at(&["name"]) == Some(name)).cloned().unwrap_or_default()
    }

    /// A text with the names of made volumes as their claims'.
    fn without_uids(&self, text: String) -> String {
        let named = |text: String, claim: &Rc<Claim>| text.replace(&*claim.spec.volume, &format!("pv-{}", claim.meta.name));
        self.sim.tables().claims().filter(|claim| !claim.spec.volume.is_empty()).fold(text, named)
    }

    /// However the pods ever were: the page says of them what kubectl says.
    fn check_rows(&self) {
        for pod in self.sim.log().from(0).filter_map(|change| change.after.as_ref().and_then(Object::as_pod)) {
            let row = pod_summary(&pod.encode());
            assert_eq!((pod_word(pod, false).word, ready_of(pod)), (row.status.clone(), row.ready()), "{row:?} of {:?}", pod.status);
        }
    }

    fn tell(&mut self, line: impl AsRef<str>) {
        let _ = writeln!(self.told, "{}", line.as_ref());
    }

    fn tell_events(&mut self, of: Option<&str>) {
        let mut events: Vec<String> = Vec::new();
        let uid = self.pod().text_at(&["metadata", "uid"]).unwrap_or_default().to_owned();
        let word = |e: &Value, path: &[&str]| e.text_at(path).unwrap_or_default().to_owned();
        for event in self.sim.tables().all(Kind::Event).map(Object::encode) {
            let reason = word(&event, &["reason"]);
            let about = word(&event, &["involvedObject", "uid"]);
            if word(&event, &["involvedObject", "name"]) != self.pod
                || (!uid.is_empty() && about != uid)
                || of.is_some_and(|of| of != reason)
            {
                continue;
            }
            let path = word(&event, &["involvedObject", "fieldPath"]).replacen("spec.", " ", 1);
            let line = format!("{} {reason}{path}: {}", word(&event, &["type"]), word(&event, &["message"]));
            events.push(line);
        }
        for line in events {
            let line = self.without_uids(line);
            self.tell(line);
        }
    }

    /// Does one line.
    fn act(&mut self, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        match words[0] {
            "wait" => self.wait(Span::seconds(words[1].parse().expect("seconds"))),
            "until" => {
                let end = self.sim.now() + PATIENCE;
                while !self.row().split(' ').any(|word| word == words[1]) && self.sim.now() < end {
                    self.wait(TICK);
                }
            }
            "pod" => words[1].clone_into(&mut self.pod),
            "freeze" => self.fault(&Fault::PodFrozen { namespace: "default".into(), pod: self.pod.as_str().into() }),
            "ready" => self.fault(&Fault::PodReady { namespace: "default".into(), pod: self.pod.as_str().into() }),
            "image" => self.sim.images_mut().tell(words[1], Behaviour::named(words[2]).expect("a behaviour")),
            "provisioner" => self.sim.run_provisioner(words[1]),
            "cut" => self.fault(&Fault::NodeDown { node: words[1].into() }),
            "heal" => self.fault(&Fault::NodeUp { node: words[1].into(), restart_containers: false }),
            "reboot" => self.fault(&Fault::NodeUp { node: NODE.into(), restart_containers: true }),
            "force" => {
                let options = DeleteOptions { grace_period_seconds: Some(0), ..DeleteOptions::default() };
                drop(self.sim.delete(Kind::Pod, "default", &self.pod.clone(), &options).expect("a pod"));
            }
            "delete" => drop(self.sim.delete(Kind::Pod, "default", &self.pod.clone(), &DeleteOptions::default()).expect("a pod")),
            "kubectl" => drop(self.kubectl(line)),
            "make" => self.create(line.trim_start_matches("make ")),
            "claim" => self.create(&format!(
                "{{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {{name: {}}}, spec: {{accessModes: [ReadWriteOnce], \
                 storageClassName: {}, resources: {{requests: {{storage: 1Gi}}}}}}}}",
                words[1], words[2]
            )),
            "service" => self.create(&format!(
                "{{apiVersion: v1, kind: Service, metadata: {{name: {}}}, spec: {{selector: {{app: none}}, ports: [{{port: 80}}]}}}}",
                words[1]
            )),
            _ => self.show(&words),
        }
    }

    /// Tells what a line asks about the pod.
    fn show(&mut self, words: &[&str]) {
        match words[0] {
            "get" => {
                let row = self.row();
                self.tell(row);
            }
            "ask" => {
                for lang in [Lang::English, Lang::Korean] {
                    let (told, _) = told(&Snapshot::of(&self.sim, lang), &["pod", &self.pod.clone()]);
                    for line in told.lines().take(2) {
                        self.tell(line.trim());
                    }
                }
            }
            "ways" => {
                let (told, _) = told(&Snapshot::of(&self.sim, Lang::English), &words[1..]);
                let told: Vec<&str> = told.lines().map(str::trim).filter(|line| line.starts_with('$')).collect();
                self.tell(told.join("\n"));
            }
            "say" => {
                let said = self.kubectl(&words[1..].join(" "));
                self.tell(said.trim_end());
            }
            "logs" => {
                let log = self.kubectl(&format!("logs {} -c {}", self.pod, words[1]));
                self.tell(log.trim_end());
            }
            "describe" => {
                let text = self.kubectl(&format!("describe pod {}", self.pod));
                self.tell(text.trim_end());
            }
            "container" => {
                let (pod, container) = (self.pod(), self.container(words[1]));
                let uid = pod.text_at(&["metadata", "uid"]).unwrap_or_default();
                self.tell(state_of(&container).replace(uid, "UID"));
            }
            "states" => {
                let statuses = self.sim.log().from(0).filter_map(|change| change.after.as_ref().and_then(Object::as_pod));
                let all = statuses.flat_map(|pod| pod.status.containers.iter().chain(&pod.status.init_containers));
                let mut words: Vec<String> = all.filter(|c| *c.name == *words[1]).map(|c| word_of(&c.state)).collect();
                words.dedup();
                self.tell(words.join(" "));
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
            "why" => self.show_why(),
            _ => self.show_storage(words),
        }
    }

    /// The chain of reasons, by object.
    fn show_why(&mut self) {
        let key = ObjectKey::new(Kind::Pod, &"default".into(), &self.pod.as_str().into());
        let links = explain(self.sim.tables(), self.sim.decisions(), None, &key).links;
        let name = |link: &Link| {
            let reason = link.entry.as_ref().map(|e| format!("{:?}", e.decision.because)).unwrap_or_default();
            format!("{}: {}", link.about.name, reason.split([' ', '{', '(']).next().unwrap_or_default())
        };
        let told = self.without_uids(links.iter().map(name).collect::<Vec<_>>().join(", "));
        self.tell(told);
    }

    /// Tells what a line asks about volumes.
    fn show_storage(&mut self, words: &[&str]) {
        match words[0] {
            "volume" => {
                let volume = self.sim.tables().volume("", words[1]);
                let said = volume.map_or("gone".to_owned(), |v| format!("{} {}", v.status.phase.word(), v.status.message));
                self.tell(said);
            }
            "attachments" => {
                let mut all: Vec<String> =
                    self.sim.tables().all(Kind::VolumeAttachment).filter_map(Attachment::read).map(|a| shown(&a)).collect();
                all.sort();
                let all = self.without_uids(all.join(", "));
                self.tell(if all.is_empty() { "none".to_owned() } else { all });
            }
            "node" => {
                let node = self.sim.tables().node("", words[1]).expect("a node");
                let said = format!("attached {:?}, in use {:?}", node.status.volumes_attached, node.status.volumes_in_use);
                let said = self.without_uids(said);
                self.tell(said);
            }
            other => panic!("nobody knows how to {other}"),
        }
    }
}

/// `app running, last terminated Error 1`.
fn state_of(c: &Value) -> String {
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
}

fn word_of(state: &ContainerState) -> String {
    match state {
        ContainerState::Waiting { reason, .. } => reason.to_string(),
        ContainerState::Running { .. } => "Running".to_owned(),
        ContainerState::Terminated(ended) => ended.reason.to_string(),
    }
}

fn shown(attachment: &Attachment) -> String {
    let state = match (attachment.attached, attachment.leaving) {
        (_, true) => "leaving",
        (true, _) => "attached",
        _ => "coming",
    };
    format!("{} {} {state}", attachment.volume, attachment.node)
}

/// What a story tells of a pod, `app`, with this spec to which this is done, line by line, on a cluster like a workstation's.
pub fn tell(spec: &str, lines: &str) -> String {
    let pod = format!("{{apiVersion: v1, kind: Pod, metadata: {{name: app, labels: {{app: app}}}}, spec: {spec}}}");
    tell_of(&pod, &V1_37, &[("app", &[NODE])], lines)
}

/// What a story tells of these objects. `places`: where pods go, by name and incarnation, when there is a choice.
pub fn tell_of(objects: &str, release: &'static Release, places: &[(&str, &[&str])], lines: &str) -> String {
    let placements = places.iter().map(|(pod, nodes)| ((*pod).into(), nodes.iter().map(|n| (*n).into()).collect())).collect();
    let classes = vec![ClassSetup::local_path(), ClassSetup::network_disk()];
    let setup = Setup { timing: Timing::workstation(), release, placements, classes, ..Setup::default() };
    let mut story = Story { sim: Sim::new(&setup), pod: "app".to_owned(), laws: Laws::default(), told: String::new() };
    story.create(objects);
    for line in lines.split(';').map(str::trim) {
        story.act(line);
    }
    story.check_rows();
    story.told.trim_end().to_owned()
}
