//! Pods, and the templates that pods are made from.

use std::rc::Rc;

pub use super::container::{Container, ContainerPort, Probe, ProbeAction};
use super::meta::{Labels, Meta, Name, decode_labels};
use super::scheduling::SchedulingRules;
use crate::api::admit::{add_token_volume, admit_pod_spec};
use crate::api::kind::Kind;
use crate::base::time::Time;
use crate::base::value::{Map, Value};
use crate::base::word::Word;

/// `restartPolicy`: whether a process that ended is started again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RestartPolicy {
    /// Whatever its exit code.
    #[default]
    Always,
    /// If its exit code is not 0.
    OnFailure,
    /// Not at all.
    Never,
}

impl RestartPolicy {
    /// Whether a process that ended so is started again.
    pub fn restarts_after(self, exit_code: i64) -> bool {
        match self {
            RestartPolicy::Always => true,
            RestartPolicy::OnFailure => exit_code != 0,
            RestartPolicy::Never => false,
        }
    }
}

/// What pods of one template share: the admitted pod spec and what the simulation reads from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodTemplate {
    /// Labels of the template.
    pub labels: Labels,
    /// Annotations of the template.
    pub annotations: Labels,
    /// The whole pod spec.
    pub raw: Value,
    /// Containers.
    pub containers: Vec<Container>,
    /// Containers that run before the others.
    pub init_containers: Vec<Container>,
    /// `restartPolicy`.
    pub restart: RestartPolicy,
    /// `terminationGracePeriodSeconds`.
    pub grace: i64,
    /// `hostname`, of a bare pod; a StatefulSet overrides it.
    pub hostname: Name,
    /// `subdomain`, of a bare pod; a StatefulSet overrides it.
    pub subdomain: Name,
    /// Volumes that are claims: the volume's name and the claim's.
    pub claims: Vec<ClaimVolume>,
    /// `tolerations`.
    pub tolerations: Vec<Toleration>,
    /// What else the scheduler acts on.
    pub scheduling: Rc<SchedulingRules>,
}

/// A volume of a pod that is a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimVolume {
    /// The volume's name in the pod.
    pub volume: Name,
    /// The claim's name.
    pub claim: Name,
}

/// A taint that a pod puts up with. Models v1.Toleration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toleration {
    /// Empty with `Exists` tolerates every key.
    pub key: Name,
    /// `Exists` rather than `Equal`.
    pub exists: bool,
    /// Compared unless `exists`.
    pub value: Name,
    /// Empty tolerates every effect.
    pub effect: Name,
    /// For how long a `NoExecute` taint is put up with; `None` for ever.
    pub seconds: Option<i64>,
}

impl PodTemplate {
    /// Init containers, then the others.
    pub fn all_containers(&self) -> impl Iterator<Item = &Container> {
        self.init_containers.iter().chain(&self.containers)
    }

    /// Reads a pod spec; labels and annotations are given apart.
    pub fn decode(spec: &Value, labels: Labels, annotations: Labels) -> Self {
        let text = |key: &str| spec.get(key).and_then(Value::as_shared_text).unwrap_or_default();
        PodTemplate {
            labels,
            annotations,
            containers: spec.list_at(&["containers"]).iter().map(Container::decode).collect(),
            init_containers: spec.list_at(&["initContainers"]).iter().map(Container::decode).collect(),
            restart: match spec.text_at(&["restartPolicy"]) {
                Some("OnFailure") => RestartPolicy::OnFailure,
                Some("Never") => RestartPolicy::Never,
                _ => RestartPolicy::Always,
            },
            grace: spec.int_at(&["terminationGracePeriodSeconds"]).unwrap_or(30),
            hostname: text("hostname"),
            subdomain: text("subdomain"),
            claims: spec.list_at(&["volumes"]).iter().filter_map(ClaimVolume::decode).collect(),
            tolerations: spec.list_at(&["tolerations"]).iter().map(Toleration::decode).collect(),
            scheduling: Rc::new(SchedulingRules::decode(spec)),
            raw: spec.clone(),
        }
    }

    /// Reads a `PodTemplateSpec` as the pods made from it will be: with what admission adds.
    pub fn decode_template(template: &Value) -> Self {
        let metadata = template.get("metadata");
        let of = |key: &str| decode_labels(metadata.and_then(|m| m.get(key)));
        let spec = admit_pod_spec(template.get("spec").unwrap_or(&Value::Null));
        Self::decode(&spec, of("labels"), of("annotations"))
    }
}

impl ClaimVolume {
    fn decode(volume: &Value) -> Option<Self> {
        let claim = volume.at(&["persistentVolumeClaim", "claimName"])?.as_shared_text()?;
        Some(ClaimVolume { volume: volume.get("name")?.as_shared_text()?, claim })
    }

    fn encode(&self) -> Value {
        let source = Value::of([("claimName", &self.claim)]);
        Value::of([("name", Value::from(&self.volume)), ("persistentVolumeClaim", source)])
    }
}

impl Toleration {
    fn decode(value: &Value) -> Self {
        let text = |key: &str| value.get(key).and_then(Value::as_shared_text).unwrap_or_default();
        Toleration {
            key: text("key"),
            exists: value.text_at(&["operator"]) == Some("Exists"),
            value: text("value"),
            effect: text("effect"),
            seconds: value.int_at(&["tolerationSeconds"]),
        }
    }

    /// Whether this taint is put up with. Models pkg/apis/core/v1/helper ToleratesTaint.
    pub fn tolerates(&self, key: &str, value: &str, effect: &str) -> bool {
        (self.effect.is_empty() || *self.effect == *effect)
            && (self.key.is_empty() && self.exists || *self.key == *key)
            && (self.exists || *self.value == *value)
    }
}

/// `status.phase`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum PodPhase {
    /// Not every container has started.
    #[default]
    Pending,
    /// Bound, and containers run or restart.
    Running,
    /// Ended, every exit code 0.
    Succeeded,
    /// Ended, some exit code not 0.
    Failed,
}

impl PodPhase {
    /// As the API spells it.
    pub fn word(self) -> &'static str {
        match self {
            PodPhase::Pending => "Pending",
            PodPhase::Running => "Running",
            PodPhase::Succeeded => "Succeeded",
            PodPhase::Failed => "Failed",
        }
    }

    /// Whether the pod has ended for good.
    pub fn terminal(self) -> bool {
        matches!(self, PodPhase::Succeeded | PodPhase::Failed)
    }
}

/// A condition's status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// `True`.
    True,
    /// `False`.
    False,
    /// `Unknown`.
    Unknown,
}

impl Truth {
    /// As the API spells it.
    pub fn word(self) -> &'static str {
        match self {
            Truth::True => "True",
            Truth::False => "False",
            Truth::Unknown => "Unknown",
        }
    }

    /// Reads what [`Truth::word`] writes; anything else is unknown.
    pub fn read(word: &str) -> Self {
        match word {
            "True" => Truth::True,
            "False" => Truth::False,
            _ => Truth::Unknown,
        }
    }
}

impl From<bool> for Truth {
    fn from(b: bool) -> Self {
        if b { Truth::True } else { Truth::False }
    }
}

/// One condition of a status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// `type`.
    pub kind: Word,
    /// `status`.
    pub status: Truth,
    /// `reason`; empty where there is none.
    pub reason: Word,
    /// `message`; empty where there is none.
    pub message: Word,
    /// `lastTransitionTime`.
    pub since: Time,
}

impl Condition {
    /// A condition without reason or message.
    pub fn new(kind: impl Into<Word>, status: impl Into<Truth>, since: Time) -> Self {
        Condition { kind: kind.into(), status: status.into(), reason: Word::default(), message: Word::default(), since }
    }

    /// The same with a reason and a message.
    #[must_use]
    pub fn because(mut self, reason: impl Into<Word>, message: impl Into<Word>) -> Self {
        self.reason = reason.into();
        self.message = message.into();
        self
    }
}

/// What a container is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContainerState {
    /// Not started, or between two starts.
    Waiting {
        /// `ContainerCreating`, `CrashLoopBackOff`, …
        reason: Word,
        /// May be empty.
        message: Word,
    },
    /// Its process runs.
    Running {
        /// Since when.
        started: Time,
    },
    /// Its process ended.
    Terminated(Terminated),
}

/// How a process ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terminated {
    /// The exit code.
    pub exit_code: i64,
    /// `Completed`, `Error`, …
    pub reason: Word,
    /// When it had started.
    pub started: Time,
    /// When it ended.
    pub finished: Time,
}

/// The status of one container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerStatus {
    /// The container's name.
    pub name: Name,
    /// The image.
    pub image: Name,
    /// What it is doing.
    pub state: ContainerState,
    /// How the process before this one ended.
    pub last: Option<Terminated>,
    /// Whether it counts as ready.
    pub ready: bool,
    /// Whether it runs and its startup probe, where it has one, has passed.
    pub started: bool,
    /// How often it was started again.
    pub restarts: i64,
    /// How often it was started in all; names the process.
    pub starts: i64,
}

/// `status` of a pod.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodStatus {
    /// The phase.
    pub phase: PodPhase,
    /// `Evicted`, …; empty where there is none.
    pub reason: Word,
    /// May be empty.
    pub message: Word,
    /// The node that the scheduler means it for while it prepares the binding; empty otherwise.
    pub nominated: Name,
    /// In the order in which they are shown.
    pub conditions: Vec<Condition>,
    /// Containers; empty until a kubelet has seen the pod.
    pub containers: Vec<ContainerStatus>,
    /// Init containers; empty until a kubelet has seen the pod.
    pub init_containers: Vec<ContainerStatus>,
    /// The pod's address, once its sandbox is up.
    pub ip: Option<Ip>,
    /// The node's address.
    pub host_ip: Option<Ip>,
    /// When the kubelet saw it first.
    pub started: Option<Time>,
}

/// An IPv4 address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ip(pub [u8; 4]);

impl Ip {
    /// Reads dotted decimal.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 4];
        let mut parts = text.split('.');
        for byte in &mut bytes {
            *byte = parts.next()?.parse().ok()?;
        }
        parts.next().is_none().then_some(Ip(bytes))
    }

    /// `10-244-1-2`, as DNS names a pod without a hostname.
    pub fn dashed(self) -> String {
        self.to_string().replace('.', "-")
    }
}

impl std::fmt::Display for Ip {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let [a, b, c, d] = self.0;
        write!(f, "{a}.{b}.{c}.{d}")
    }
}

/// A pod. Models v1.Pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pod {
    /// Metadata.
    pub meta: Meta,
    /// What it shares with others of its template, and what is its own. Never changes but for `template` by an allowed edit.
    pub spec: Rc<PodSpec>,
    /// `spec.nodeName`, once bound.
    pub node: Option<Name>,
    /// Status.
    pub status: PodStatus,
}

/// A pod's spec: its template and its identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodSpec {
    /// What it was made from.
    pub template: Rc<PodTemplate>,
    /// `hostname`; empty where there is none.
    pub hostname: Name,
    /// `subdomain`; empty where there is none.
    pub subdomain: Name,
    /// Claims that a StatefulSet gave it, which stand before the template's volumes.
    pub claims: Vec<ClaimVolume>,
}

/// The condition that says whether a pod serves.
pub const READY: &str = "Ready";
/// The condition that says whether a pod has a node.
pub const POD_SCHEDULED: &str = "PodScheduled";

impl Pod {
    /// A condition of its status.
    pub fn condition(&self, kind: &str) -> Option<&Condition> {
        self.status.conditions.iter().find(|c| c.kind == *kind)
    }

    /// Whether its Ready condition is True.
    pub fn ready(&self) -> bool {
        self.condition(READY).is_some_and(|c| c.status == Truth::True)
    }

    /// Every claim it mounts: those of its set, then those of its template whose volume name is free.
    pub fn claim_volumes(&self) -> impl Iterator<Item = &ClaimVolume> {
        let own = &self.spec.claims;
        own.iter().chain(self.spec.template.claims.iter().filter(|c| !own.iter().any(|o| o.volume == c.volume)))
    }

    /// Sets a condition; keeps the time of the last transition where the status stays.
    pub fn set_condition(&mut self, mut condition: Condition) {
        match self.status.conditions.iter_mut().find(|c| c.kind == condition.kind) {
            Some(old) => {
                if old.status == condition.status {
                    condition.since = old.since;
                }
                *old = condition;
            }
            None => self.status.conditions.push(condition),
        }
    }

    /// Reads a pod.
    pub fn decode(object: &Value) -> Self {
        let meta = Meta::decode(object);
        let mut spec = object.get("spec").cloned().unwrap_or_default();
        let node = spec.remove(&["nodeName"]).and_then(|n| n.as_shared_text());
        let template = PodTemplate::decode(&spec, Rc::clone(&meta.labels), Rc::clone(&meta.annotations));
        let (hostname, subdomain) = (Rc::clone(&template.hostname), Rc::clone(&template.subdomain));
        Pod {
            meta,
            spec: Rc::new(PodSpec { template: Rc::new(template), hostname, subdomain, claims: Vec::new() }),
            node,
            status: PodStatus::default(),
        }
    }

    /// As the API server shows it.
    pub fn encode(&self) -> Value {
        let mut object = super::header(Kind::Pod, &self.meta);
        object.insert("spec", self.encode_spec());
        object.insert("status", self.encode_status());
        object.into()
    }

    /// The spec as the API server shows it.
    pub fn encode_spec(&self) -> Value {
        let mut spec = self.spec.template.raw.clone();
        let map = spec.make_map();
        for (key, value) in [("hostname", &self.spec.hostname), ("subdomain", &self.spec.subdomain)] {
            if !value.is_empty() {
                map.insert(key, value);
            }
        }
        if let Some(node) = &self.node {
            map.insert("nodeName", node);
        }
        if !self.spec.claims.is_empty() {
            let mut volumes: Vec<Value> = self.spec.claims.iter().map(ClaimVolume::encode).collect();
            let taken = |v: &Value| self.spec.claims.iter().any(|c| v.text_at(&["name"]) == Some(&c.volume));
            volumes.extend(self.spec.template.raw.list_at(&["volumes"]).iter().filter(|v| !taken(v)).cloned());
            map.insert("volumes", volumes);
        }
        add_token_volume(&mut spec, self.meta.uid);
        spec
    }

    fn encode_status(&self) -> Value {
        let s = &self.status;
        let mut m = Map::new();
        if !s.conditions.is_empty() {
            let show = |c: &Condition| encode_condition(c, true, Some(self.meta.generation));
            m.insert("conditions", Value::list(s.conditions.iter().map(show)));
        }
        for (key, list) in [("containerStatuses", &s.containers), ("initContainerStatuses", &s.init_containers)] {
            if !list.is_empty() {
                m.insert(key, Value::list(list.iter().map(|c| encode_container(c, &self.meta))));
            }
        }
        if let Some(ip) = s.host_ip {
            m.insert("hostIP", ip.to_string());
            m.insert("hostIPs", Value::list([Value::of([("ip", ip.to_string())])]));
        }
        for (key, word) in [("message", &s.message), ("reason", &s.reason)] {
            if !word.is_empty() {
                m.insert(key, word);
            }
        }
        if !s.nominated.is_empty() {
            m.insert("nominatedNodeName", &s.nominated);
        }
        if !s.conditions.is_empty() {
            m.insert("observedGeneration", self.meta.generation);
        }
        m.insert("phase", s.phase.word());
        if let Some(ip) = s.ip {
            m.insert("podIP", ip.to_string());
            m.insert("podIPs", Value::list([Value::of([("ip", ip.to_string())])]));
        }
        m.insert("qosClass", qos_class(&self.spec.template.raw));
        if let Some(t) = s.started {
            m.insert("startTime", t.rfc3339());
        }
        m.into()
    }
}

/// A condition as the API server shows it.
pub fn encode_condition(c: &Condition, probe_time: bool, generation: Option<i64>) -> Value {
    let mut m = Map::new();
    if probe_time {
        m.insert("lastProbeTime", Value::Null);
    }
    m.insert("lastTransitionTime", c.since.rfc3339());
    for (key, word) in [("message", &c.message), ("reason", &c.reason)] {
        if !word.is_empty() {
            m.insert(key, word);
        }
    }
    if let Some(g) = generation {
        m.insert("observedGeneration", g);
    }
    m.insert("status", c.status.word());
    m.insert("type", &c.kind);
    m.into()
}

fn encode_container(c: &ContainerStatus, meta: &Meta) -> Value {
    let id = |n: i64| format!("containerd://{}-{}-{n}", meta.uid, c.name);
    let mut m = Map::new();
    let mut last = Value::map();
    if let Some(t) = &c.last {
        let ended = i64::from(!matches!(c.state, ContainerState::Terminated(_)) && matches!(c.state, ContainerState::Running { .. }));
        last.set(&["terminated"], encode_terminated(t, id(c.starts - ended)));
    }
    m.insert("image", &c.image);
    let pulled = c.starts > 0;
    m.insert("imageID", if pulled { format!("sim:{}", c.image) } else { String::new() });
    if pulled {
        m.insert("containerID", id(c.starts));
    }
    m.insert("lastState", last);
    m.insert("name", &c.name);
    m.insert("ready", c.ready);
    m.insert("restartCount", c.restarts);
    m.insert("started", c.started);
    let state = match &c.state {
        ContainerState::Waiting { reason, message } => {
            let mut w = Map::new();
            if !message.is_empty() {
                w.insert("message", message);
            }
            w.insert("reason", reason);
            ("waiting", Value::from(w))
        }
        ContainerState::Running { started } => ("running", Value::of([("startedAt", started.rfc3339())])),
        ContainerState::Terminated(t) => ("terminated", encode_terminated(t, id(c.starts))),
    };
    m.insert("state", Value::of([state]));
    m.into()
}

fn encode_terminated(t: &Terminated, id: String) -> Value {
    Value::of([
        ("containerID", Value::from(id)),
        ("exitCode", t.exit_code.into()),
        ("finishedAt", t.finished.rfc3339().into()),
        ("reason", (&t.reason).into()),
        ("startedAt", t.started.rfc3339().into()),
    ])
}

/// The quality of service class. Models pkg/apis/core/v1/helper/qos ComputePodQOS.
pub fn qos_class(spec: &Value) -> &'static str {
    let containers = || spec.list_at(&["containers"]).iter().chain(spec.list_at(&["initContainers"]));
    let resources = |c: &Value, side: &str| c.at(&["resources", side]).and_then(Value::as_map).cloned().unwrap_or_default();
    let counted = |m: &Map| m.contains("cpu") || m.contains("memory");
    if !containers().any(|c| counted(&resources(c, "requests")) || counted(&resources(c, "limits"))) {
        return "BestEffort";
    }
    let full = |c: &Value| {
        let (requests, limits) = (resources(c, "requests"), resources(c, "limits"));
        ["cpu", "memory"].iter().all(|r| limits.contains(r) && requests.get(r).is_none_or(|q| Some(q) == limits.get(r)))
    };
    if containers().all(full) { "Guaranteed" } else { "Burstable" }
}
