//! Scenario files: manifests and what is done with them, step by step.
//!
//! Promises: a file is either parsed completely or refused with the place and the offending word; nothing is skipped, nothing panics.
//! Must not know: how a step is played.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, de};

use super::condition::Condition;
use base::time::Span;
use base::value::Value;
use playground::history::Act;

/// The default timeout of a `wait`.
const WAIT_TIMEOUT: Span = Span::seconds(90);
/// The default timeout of a `settle`.
pub const SETTLE_TIMEOUT: Span = Span::seconds(90);

/// A scenario.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Its name, which is also its file's.
    pub name: String,
    /// Its subject, in one line.
    #[serde(default)]
    pub title: String,
    /// The configuration of the control plane.
    #[serde(default)]
    pub plane: Plane,
    /// The storage classes, and how nodes behave.
    #[serde(default)]
    pub cluster: ClusterSetup,
    /// The kubelets' delays that differ from the defaults.
    #[serde(default)]
    pub kubelet: KubeletDelays,
    /// The control plane's delays that differ from the defaults.
    #[serde(default, rename = "controlPlane")]
    pub control_plane: ControlPlaneDelays,
    /// The working directory: file names and contents.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// The recorded nodes of each incarnation of a pod, used to break ties between equal nodes.
    #[serde(default)]
    pub placements: BTreeMap<String, Vec<String>>,
}

/// A configuration of the control plane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Plane {
    /// Lost nodes are detected within seconds.
    #[default]
    Default,
    /// Lost nodes are detected after Kubernetes' default times.
    NodeDefaults,
    /// The gate `MaxUnavailableStatefulSet` is enabled, whatever the release.
    #[serde(rename = "maxunavailable")]
    MaxUnavailable,
    /// The configuration of the page.
    Playground,
}

/// The configuration of the cluster.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct ClusterSetup {
    /// The names of the storage classes.
    pub storage_classes: Vec<String>,
    /// The default storage class; empty for none.
    pub default_storage_class: String,
    /// Whether nodes honour init containers, hooks and the like, which the recordings' nodes do not.
    pub real_nodes: bool,
}

impl Default for ClusterSetup {
    fn default() -> Self {
        ClusterSetup { storage_classes: vec!["local-path".into()], default_storage_class: "local-path".into(), real_nodes: false }
    }
}

/// The kubelets' delays in milliseconds; `None` keeps the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase", default)]
pub struct KubeletDelays {
    /// Until a bound pod is seen.
    pub sync_ms: Option<u64>,
    /// From there until its containers start.
    pub start_ms: Option<u64>,
    /// From there until a probed container is ready.
    pub ready_ms: Option<u64>,
    /// From SIGTERM until a container has ended.
    pub stop_ms: Option<u64>,
}

/// The control plane's delays in milliseconds; `None` keeps the default. The recordings have none of these: they serve to bring about
/// races that are otherwise rare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase", default)]
pub struct ControlPlaneDelays {
    /// From a write until watchers see it.
    pub watch_ms: Option<u64>,
    /// From there to the sync it causes.
    pub sync_ms: Option<u64>,
    /// From sending a request to its effect.
    pub request_ms: Option<u64>,
}

/// A step. Strings may contain `${…}`, which is substituted when the step is played.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "WrittenStep")]
pub enum Step {
    /// Runs kubectl.
    Kubectl {
        /// Its arguments.
        line: String,
        /// The name for stopping or joining it later; `None` waits for its end at once.
        background: Option<String>,
    },
    /// Types a line into a terminal.
    Shell {
        line: String,
        /// As for kubectl.
        background: Option<String>,
    },
    /// Stops a command that runs in the background.
    Stop(String),
    /// Waits for the end of a command that runs in the background.
    Join(String),
    /// Waits until a condition holds.
    Wait { condition: Condition, timeout: Span },
    /// Waits until nothing significant has been written for a while.
    Settle {
        /// The length of that while.
        quiet: Span,
        timeout: Span,
    },
    /// Lets time pass.
    Sleep(Span),
    /// Writes a note into the trace.
    Note(String),
    /// Injects a fault, or repairs it.
    Fault(Fault),
    /// Stores current values under names, for use in later steps.
    Remember(BTreeMap<String, String>),
    /// Does in a terminal what a visitor of the page does.
    Act {
        /// The instant on the page's clock.
        at: Span,
        /// The number of the page's terminal, counted from 1.
        terminal: usize,
        /// The action.
        act: Act,
    },
    /// Replaces the text in the page's editor.
    Edit {
        /// The instant on the page's clock.
        at: Span,
        /// The terminal shown.
        terminal: usize,
        text: String,
    },
}

/// A fault of machines or processes, or its repair. Strings may contain `${…}`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "op", deny_unknown_fields, rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Fault {
    /// A node becomes unreachable; its containers keep running.
    NodeDown { node: String },
    /// An unreachable node reconnects.
    NodeUp {
        node: String,
        /// Whether it was rebooted, so that its containers restart.
        #[serde(default)]
        restart_containers: bool,
    },
    /// A pod's readiness probe starts failing.
    PodUnready { pod: String },
    /// A pod's readiness probe passes again.
    PodReady { pod: String },
    /// A pod's container crashes.
    Crash {
        pod: String,
        /// Its exit code, 1 unless it is said.
        #[serde(default = "failure")]
        exit_code: i64,
    },
    /// A node under pressure evicts a pod.
    Evict { pod: String },
}

impl Fault {
    /// The fault with what `fill` makes of its name.
    pub fn filled(&self, fill: impl Fn(&str) -> Result<String, String>) -> Result<Self, String> {
        let mut fault = self.clone();
        match &mut fault {
            Fault::NodeDown { node: name } | Fault::NodeUp { node: name, .. } => *name = fill(name)?,
            Fault::PodUnready { pod } | Fault::PodReady { pod } | Fault::Crash { pod, .. } | Fault::Evict { pod } => *pod = fill(pod)?,
        }
        Ok(fault)
    }
}

/// Why a scenario cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    /// Line and column, counted from 1, if known.
    pub place: Option<(usize, usize)>,
    /// The error, beginning with the path to it.
    pub message: String,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Scenario {
    /// Parses a scenario file.
    pub fn parse(text: &str) -> Result<Self, FileError> {
        serde_yaml::from_str(text).map_err(|e| FileError { place: e.location().map(|l| (l.line(), l.column())), message: e.to_string() })
    }
}

/// A step as written: one of several keys, with its parameters.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenStep {
    kubectl: Option<String>,
    sh: Option<String>,
    background: Option<String>,
    stop: Option<String>,
    join: Option<String>,
    wait: Option<Condition>,
    settle: Option<Seconds>,
    timeout: Option<Seconds>,
    sleep: Option<Seconds>,
    note: Option<String>,
    fault: Option<Fault>,
    remember: Option<BTreeMap<String, String>>,
    at: Option<Seconds>,
    terminal: Option<usize>,
    r#type: Option<String>,
    queue: Option<String>,
    interrupt: Option<bool>,
    edit: Option<String>,
    save: Option<String>,
}

impl TryFrom<WrittenStep> for Step {
    type Error = String;

    fn try_from(w: WrittenStep) -> Result<Self, String> {
        let (background, timeout) = (w.background, w.timeout.map(|s| s.0));
        let (backgrounded, timed) = (background.is_some(), timeout.is_some());
        let (at, terminal) = (w.at.map(|at| at.0).unwrap_or_default(), w.terminal.unwrap_or(1));
        let act = |act| Step::Act { at, terminal, act };
        let (instant, placed) = (w.at.is_some(), w.terminal.is_some());
        let found = [
            w.kubectl.map(|line| Step::Kubectl { line, background: background.clone() }),
            w.sh.map(|line| Step::Shell { line, background }),
            w.stop.map(Step::Stop),
            w.join.map(Step::Join),
            w.wait.map(|condition| Step::Wait { timeout: condition.timeout.unwrap_or(WAIT_TIMEOUT), condition }),
            w.settle.map(|quiet| Step::Settle { quiet: quiet.0, timeout: timeout.unwrap_or(SETTLE_TIMEOUT) }),
            w.sleep.map(|s| Step::Sleep(s.0)),
            w.note.map(Step::Note),
            w.fault.map(Step::Fault),
            w.remember.map(Step::Remember),
            w.r#type.map(|line| act(Act::Line(line))),
            w.queue.map(|line| act(Act::Queue(line))),
            w.interrupt.map(|_| act(Act::Interrupt)),
            w.edit.map(|text| Step::Edit { at, terminal, text }),
            w.save.map(|changes| act(Act::Save(changes))),
        ];
        let mut steps = found.into_iter().flatten();
        let step = steps.next().ok_or(
            "a step needs one of kubectl, sh, stop, join, wait, settle, sleep, note, fault, remember, type, queue, interrupt, edit, save",
        )?;
        if steps.next().is_some() {
            return Err("a step does one thing; this one has several".into());
        }
        if backgrounded && !matches!(step, Step::Kubectl { .. } | Step::Shell { .. }) {
            return Err("`background` goes only with `kubectl` and `sh`".into());
        }
        if timed && !matches!(step, Step::Settle { .. }) {
            return Err("`timeout` goes only with `settle`; a wait has its own inside it".into());
        }
        if matches!(step, Step::Act { .. } | Step::Edit { .. }) != instant || placed && !instant || terminal == 0 {
            return Err("`at` goes with `type`, `queue`, `interrupt`, `edit` and `save`, which need it; `terminal` counts from 1".into());
        }
        Ok(step)
    }
}

/// Seconds as written in a file, with up to three decimals.
#[derive(Clone, Copy)]
struct Seconds(Span);

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        read_seconds(&value).map(Seconds).ok_or_else(|| de::Error::custom(format!("{} is not a number of seconds", value.to_json())))
    }
}

/// `2` or `1.5`; `None` for anything else.
pub(super) fn read_seconds(value: &Value) -> Option<Span> {
    match value {
        Value::Int(n) => u64::try_from(*n).ok()?.checked_mul(1000).map(Span),
        Value::Real(text) => {
            let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
            if fraction.len() > 3 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            let thousandths: u64 = format!("{fraction:0<3}").parse().ok()?;
            whole.parse::<u64>().ok()?.checked_mul(1000)?.checked_add(thousandths).map(Span)
        }
        _ => None,
    }
}

/// The exit code of what merely fails.
fn failure() -> i64 {
    1
}
