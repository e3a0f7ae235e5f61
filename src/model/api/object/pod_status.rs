//! A pod's status: phase, conditions, container states, addresses.

use super::meta::{Meta, Name};
use base::fields::{Field, Fields};
use base::given::InsertGiven;
use base::time::Time;
use base::value::{Map, Value};
use base::word::Word;

base::named! {
    /// `status.phase`.
    #[derive(Default, Hash)]
    PodPhase {
        /// Not every container has started.
        #[default]
        Pending "Pending",
        /// Bound, with containers running or restarting.
        Running "Running",
        /// All containers exited with code 0.
        Succeeded "Succeeded",
        /// All containers ended, at least one in failure.
        Failed "Failed",
    }
}

impl PodPhase {
    /// Whether no container will run again.
    pub fn terminal(self) -> bool {
        matches!(self, PodPhase::Succeeded | PodPhase::Failed)
    }
}

base::named! {
    /// A condition's status.
    #[derive(Hash)]
    Truth {
        /// `True`.
        True "True",
        /// `False`.
        False "False",
        /// `Unknown`.
        Unknown "Unknown",
    }
}

impl Field for Truth {
    fn put(&self, name: &'static str, fields: &mut Fields) {
        fields.text(name, self.word());
    }
}

impl Truth {
    /// Parses what [`Truth::word`] returns; anything else is `Unknown`.
    pub fn read(word: &str) -> Self {
        Truth::named(word).unwrap_or(Truth::Unknown)
    }
}

impl From<bool> for Truth {
    fn from(b: bool) -> Self {
        if b { Truth::True } else { Truth::False }
    }
}

/// One condition of a status.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Condition {
    /// `type`.
    pub kind: Word,
    /// `status`.
    pub status: Truth,
    /// `reason`; empty if unset.
    pub reason: Word,
    /// `message`; empty if unset.
    pub message: Word,
    /// `lastTransitionTime`.
    pub since: Time,
    /// `observedGeneration`: the generation of the pod that its writer knew; 0 if unset.
    pub observed: i64,
}

impl Condition {
    /// A condition without reason or message.
    pub fn new(kind: impl Into<Word>, status: impl Into<Truth>, since: Time) -> Self {
        Condition { kind: kind.into(), status: status.into(), reason: Word::default(), message: Word::default(), since, observed: 0 }
    }

    /// The same of a pod of this generation.
    #[must_use]
    pub fn seen_at(self, generation: i64) -> Self {
        Condition { observed: generation, ..self }
    }

    /// Adds a reason and a message.
    #[must_use]
    pub fn because(mut self, reason: impl Into<Word>, message: impl Into<Word>) -> Self {
        self.reason = reason.into();
        self.message = message.into();
        self
    }
}

/// The state of a container.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ContainerState {
    /// Not started yet, or between two starts.
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

/// How a container ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Terminated {
    pub exit_code: i64,
    /// `Completed`, `Error`, …
    pub reason: Word,
    /// What it left to be said of its end.
    pub message: Word,
    /// When it started.
    pub started: Time,
    /// When it ended.
    pub finished: Time,
}

/// The exit code of a process that a signal killed.
pub const KILLED: i64 = 137;
/// The reason of a container that ended with another exit code than 0, where memory was not why.
pub const ERROR: &str = "Error";

/// The reason of a container that is reported as terminated although it was never seen.
pub const STATUS_UNKNOWN: &str = "ContainerStatusUnknown";

/// The reason of a container whose image could not be pulled. This and the next two: pkg/kubelet/images/types.go.
pub const ERR_IMAGE_PULL: &str = "ErrImagePull";
/// The reason of one whose image is not pulled again yet.
pub const IMAGE_PULL_BACK_OFF: &str = "ImagePullBackOff";
/// The reason of one whose image is not there, and must not be pulled.
pub const ERR_IMAGE_NEVER_PULL: &str = "ErrImageNeverPull";
/// The reason of a container that is not restarted yet. pkg/kubelet/container/sync_result.go.
pub const CRASH_LOOP_BACK_OFF: &str = "CrashLoopBackOff";
/// The reason of a pod that exceeded its active deadline. pkg/kubelet/active_deadline.go.
pub const DEADLINE_EXCEEDED: &str = "DeadlineExceeded";

/// The reason of a container that its runtime could not start.
pub const START_ERROR: &str = "StartError";
/// When such a container is said to have started: never, as zero nanoseconds are shown.
pub(crate) const NEVER_STARTED: &str = "1970-01-01T00:00:00Z";

/// The status of one container.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ContainerStatus {
    /// The container's name.
    pub name: Name,
    pub image: Name,
    pub state: ContainerState,
    /// How its previous run ended.
    pub last: Option<Terminated>,
    /// Whether it counts as ready.
    pub ready: bool,
    /// Whether it is running and has passed its startup probe, if any.
    pub started: bool,
    /// How often it was restarted.
    pub restarts: i64,
    /// How often it was started in total; identifies its process.
    pub starts: i64,
}

/// `status` of a pod.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PodStatus {
    pub phase: PodPhase,
    /// `Evicted`, …; empty if unset.
    pub reason: Word,
    /// May be empty.
    pub message: Word,
    /// `nominatedNodeName`: the node the scheduler has in mind while the pod is not bound yet; empty otherwise.
    pub nominated: Name,
    /// Conditions, in display order.
    pub conditions: Vec<Condition>,
    /// Containers; empty until a kubelet has picked up the pod.
    pub containers: Vec<ContainerStatus>,
    /// Init containers; empty until a kubelet has picked up the pod.
    pub init_containers: Vec<ContainerStatus>,
    /// Ephemeral containers, as far as a kubelet has picked them up.
    pub ephemeral_containers: Vec<ContainerStatus>,
    /// The pod's address, once its sandbox is up.
    pub ip: Option<Ip>,
    /// The node's address.
    pub host_ip: Option<Ip>,
    /// When the kubelet first acknowledged it.
    pub started: Option<Time>,
    /// `observedGeneration`: the generation that the kubelet knew when it last wrote; 0 if unset.
    pub observed: i64,
}

impl PodStatus {
    /// Takes out which generation of the pod the status and its conditions are about.
    pub fn forget_generations(&mut self) {
        self.observed = 0;
        self.conditions.iter_mut().for_each(|condition| condition.observed = 0);
    }

    /// Reads the status that a client writes over this one. What is shown as before stays as it was, to the millisecond.
    #[must_use]
    pub fn rewritten(&self, value: &Value, meta: &Meta) -> Self {
        let word = |key: &str| Word::from(value.text_at(&[key]).unwrap_or_default().to_owned());
        let ip = |key: &str| value.text_at(&[key]).and_then(Ip::parse);
        let containers = |key: &str, before: &[ContainerStatus]| {
            let read = |shown: &Value| {
                let old = before.iter().find(|c| Some(&*c.name) == shown.text_at(&["name"]));
                let new = ContainerStatus::decode(shown, old);
                old.filter(|c| ContainerStatus::decode(&encode_container(c, meta), old) == new).cloned().unwrap_or(new)
            };
            value.list_at(&[key]).iter().map(read).collect()
        };
        PodStatus {
            phase: value.text_at(&["phase"]).and_then(PodPhase::named).unwrap_or(self.phase),
            reason: word("reason"),
            message: word("message"),
            nominated: value.get("nominatedNodeName").and_then(Value::as_shared_text).unwrap_or_default(),
            conditions: rewritten(&self.conditions, value.list_at(&["conditions"])),
            containers: containers("containerStatuses", &self.containers),
            init_containers: containers("initContainerStatuses", &self.init_containers),
            ephemeral_containers: containers("ephemeralContainerStatuses", &self.ephemeral_containers),
            ip: ip("podIP"),
            host_ip: ip("hostIP"),
            started: value.text_at(&["startTime"]).and_then(|text| rewritten_time(self.started, text)),
            observed: value.int_at(&["observedGeneration"]).unwrap_or(0),
        }
    }
}

/// The conditions that a client writes over others: those whose status stays the same keep their last transition time.
pub fn rewritten(before: &[Condition], list: &[Value]) -> Vec<Condition> {
    let kept = |told: Condition| {
        let old = before.iter().find(|old| old.kind == told.kind && old.status == told.status);
        Condition { since: old.map_or(told.since, |old| old.since), ..told }
    };
    list.iter().map(decode_condition).map(kept).collect()
}

/// The time that a client writes over another: times are shown in seconds.
pub fn rewritten_time(before: Option<Time>, text: &str) -> Option<Time> {
    before.filter(|time| time.rfc3339() == text).or_else(|| Time::parse_rfc3339(text))
}

impl ContainerStatus {
    /// Reads a status that a client writes, over that which the container had.
    fn decode(value: &Value, before: Option<&ContainerStatus>) -> Self {
        let name = |key: &str| value.get(key).and_then(Value::as_shared_text).unwrap_or_default();
        let flag = |key: &str| value.get(key).and_then(Value::as_bool).unwrap_or(false);
        let word = |at: &Value, key: &str| Word::from(at.text_at(&[key]).unwrap_or_default().to_owned());
        let time = |at: &Value, key: &str| at.text_at(&[key]).and_then(Time::parse_rfc3339).unwrap_or_default();
        let ended = |at: &Value| Terminated {
            exit_code: at.int_at(&["exitCode"]).unwrap_or(0),
            reason: word(at, "reason"),
            message: word(at, "message"),
            started: time(at, "startedAt"),
            finished: time(at, "finishedAt"),
        };
        let state = |kind: &str| value.at(&["state", kind]).filter(|state| !state.is_null());
        let restarts = value.int_at(&["restartCount"]).unwrap_or(0);
        ContainerStatus {
            name: name("name"),
            image: name("image"),
            state: if let Some(running) = state("running") {
                ContainerState::Running { started: time(running, "startedAt") }
            } else if let Some(terminated) = state("terminated") {
                ContainerState::Terminated(ended(terminated))
            } else {
                let waiting = state("waiting").cloned().unwrap_or_default();
                ContainerState::Waiting { reason: word(&waiting, "reason"), message: word(&waiting, "message") }
            },
            last: value.at(&["lastState", "terminated"]).filter(|last| !last.is_null()).map(ended),
            ready: flag("ready"),
            started: flag("started"),
            restarts,
            starts: before.map_or_else(|| if name("containerID").is_empty() { 0 } else { restarts + 1 }, |old| old.starts),
        }
    }
}

/// An IPv4 address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ip(pub [u8; 4]);

impl Ip {
    /// Parses dotted decimal.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 4];
        let mut parts = text.split('.');
        for byte in &mut bytes {
            *byte = parts.next()?.parse().ok()?;
        }
        parts.next().is_none().then_some(Ip(bytes))
    }

    /// `10-244-1-2`, as in the DNS name of a pod without a hostname.
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

/// Encodes a condition as the API server returns it.
pub fn encode_condition(c: &Condition, probe_time: bool) -> Value {
    let mut m = Map::new();
    if probe_time {
        m.insert("lastProbeTime", Value::Null);
    }
    m.insert("lastTransitionTime", c.since.rfc3339());
    for (key, word) in [("message", &c.message), ("reason", &c.reason)] {
        m.insert_filled(key, word);
    }
    m.insert_filled("observedGeneration", c.observed);
    m.insert("status", c.status.word());
    m.insert("type", &c.kind);
    m.into()
}

/// A time of a status.
pub(super) fn time(value: &Value, key: &str) -> Option<Time> {
    value.text_at(&[key]).and_then(Time::parse_rfc3339)
}

/// Decodes a condition.
pub(super) fn decode_condition(value: &Value) -> Condition {
    let word = |key: &str| Word::from(value.text_at(&[key]).unwrap_or_default().to_owned());
    Condition {
        kind: word("type"),
        status: Truth::read(value.text_at(&["status"]).unwrap_or_default()),
        reason: word("reason"),
        message: word("message"),
        since: time(value, "lastTransitionTime").unwrap_or_default(),
        observed: value.int_at(&["observedGeneration"]).unwrap_or(0),
    }
}

pub(super) fn encode_container(c: &ContainerStatus, meta: &Meta) -> Value {
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
            w.insert_filled("message", message);
            w.insert("reason", reason);
            ("waiting", Value::from(w))
        }
        ContainerState::Running { started } => ("running", Value::of([("startedAt", started.rfc3339())])),
        ContainerState::Terminated(t) if *t.reason == *STATUS_UNKNOWN => ("terminated", encode_unknown(t)),
        ContainerState::Terminated(t) => ("terminated", encode_terminated(t, id(c.starts))),
    };
    m.insert("state", Value::of([state]));
    m.into()
}

/// An ephemeral container, which nobody probes: nothing is said of its start.
pub(super) fn encode_ephemeral_container(c: &ContainerStatus, meta: &Meta) -> Value {
    let mut shown = encode_container(c, meta);
    shown.remove(&["started"]);
    shown
}

/// A container of which no process was found. Models pkg/kubelet/status/status_manager.go TerminatePod.
fn encode_unknown(t: &Terminated) -> Value {
    Value::of([
        ("exitCode", Value::from(t.exit_code)),
        ("finishedAt", Value::Null),
        ("message", "The container could not be located when the pod was terminated".into()),
        ("reason", (&t.reason).into()),
        ("startedAt", Value::Null),
    ])
}

fn encode_terminated(t: &Terminated, id: String) -> Value {
    let started = if *t.reason == *START_ERROR { NEVER_STARTED.to_owned() } else { t.started.rfc3339() };
    let said = (!t.message.is_empty()).then(|| ("message", Value::from(&t.message)));
    let fields = [
        ("containerID", Value::from(id)),
        ("exitCode", t.exit_code.into()),
        ("finishedAt", t.finished.rfc3339().into()),
        ("reason", (&t.reason).into()),
        ("startedAt", started.into()),
    ];
    fields.into_iter().chain(said).collect::<Map>().into()
}
