//! What the tools around a StatefulSet call done: each reads the status of the set by rules of its own.
//!
//! Promises: the verdict and the words are those of the real programs, which `tests/conformance/recorder/judges` asks. A set is read as an API
//! server stores it; what is missing counts as each program counts it.
//! Must not know: any sentence of ours, the cluster, the time.
//! Not modelled: fields of a wrong type, which no server stores; overrides of a check (Argo CD's Lua).

mod ansible;
mod differ;
mod helm3;
mod kstatus;
mod kubedog;
mod rollout;
#[cfg(test)]
mod tests;

use base::value::Value;

pub use differ::Differ;
pub use kstatus::is_own;

/// What a tool makes of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Ready,
    Waits,
    /// The tool gives up, and waits no longer.
    Failed,
    /// The tool has no verdict for such a set, and ends with an error.
    Error,
    Unknown,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Verdict; 5] = [Verdict::Ready, Verdict::Waits, Verdict::Failed, Verdict::Error, Verdict::Unknown];

    /// Its word in reports for programs.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Ready => "ready",
            Verdict::Waits => "waits",
            Verdict::Failed => "failed",
            Verdict::Error => "error",
            Verdict::Unknown => "unknown",
        }
    }
}

/// A verdict, and what the program says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub verdict: Verdict,
    /// `None` where it says nothing.
    pub words: Option<String>,
}

impl Said {
    fn new(verdict: Verdict, words: impl Into<String>) -> Said {
        Said { verdict, words: Some(words.into()) }
    }

    fn is(verdict: Verdict) -> Said {
        Said { verdict, words: None }
    }
}

/// A program that waits for sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    /// `kubectl rollout status`, and what calls it: Terraform's `wait_for_rollout`.
    Kubectl,
    /// `helm --wait` of Helm 3, and `--wait=legacy` of Helm 4.
    Helm3,
    /// `helm --wait` of Helm 4, which reads the pods as well.
    Helm4,
    /// The built-in health check.
    ArgoCd,
    /// What Flux waits for: kstatus, and the pods.
    Flux,
    /// The set alone.
    Kstatus,
    /// werf and nelm.
    Kubedog,
    /// `wait: true` of kubernetes.core.
    Ansible,
}

impl Tool {
    /// Every tool.
    pub const ALL: [Tool; 8] =
        [Tool::Kubectl, Tool::Helm3, Tool::Helm4, Tool::ArgoCd, Tool::Flux, Tool::Kstatus, Tool::Kubedog, Tool::Ansible];

    /// Its word in reports for programs, and in `versions.txt`.
    pub fn word(self) -> &'static str {
        match self {
            Tool::Kubectl => "kubectl",
            Tool::Helm3 => "helm3",
            Tool::Helm4 => "helm4",
            Tool::ArgoCd => "argocd",
            Tool::Flux => "flux",
            Tool::Kstatus => "kstatus",
            Tool::Kubedog => "kubedog",
            Tool::Ansible => "ansible",
        }
    }

    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Tool::Kubectl => "kubectl rollout status",
            Tool::Helm3 => "Helm 3",
            Tool::Helm4 => "Helm 4",
            Tool::ArgoCd => "Argo CD",
            Tool::Flux => "Flux (cli-utils)",
            Tool::Kstatus => "kstatus (cli-utils)",
            Tool::Kubedog => "kubedog (werf, nelm)",
            Tool::Ansible => "Ansible (kubernetes.core)",
        }
    }

    /// The version that was asked.
    pub fn version(self) -> &'static str {
        let rows = include_str!("versions.txt").lines().map(|row| row.split(" | "));
        rows.filter_map(|mut row| Some((row.next()?, row.next()?))).find(|(tool, _)| *tool == self.word()).map_or("", |(_, version)| version)
    }

    /// Whether its verdict depends on the pods.
    pub fn reads_pods(self) -> bool {
        matches!(self, Tool::Helm4 | Tool::Flux)
    }

    /// What the tool says of a set. `pods` are any pods; the selector of the set decides which are its own.
    pub fn says<'a>(self, set: &Value, pods: impl IntoIterator<Item = &'a Value>) -> Said {
        match self {
            Tool::Kubectl => rollout::kubectl(set),
            Tool::Helm3 => helm3::says(set),
            Tool::ArgoCd => rollout::argo(set),
            Tool::Helm4 | Tool::Flux => kstatus::with_pods(set, pods),
            Tool::Kstatus => kstatus::alone(set),
            Tool::Kubedog => kubedog::says(set),
            Tool::Ansible => ansible::says(set),
        }
    }
}

/// What each tool says of a set.
pub fn all<'a>(set: &Value, pods: impl IntoIterator<Item = &'a Value> + Clone) -> Vec<(Tool, Said)> {
    Tool::ALL.into_iter().map(|tool| (tool, tool.says(set, pods.clone()))).collect()
}

/// The namespace of an object; that of kubectl's default context where none is written.
pub fn namespace(object: &Value) -> &str {
    object.text_at(&["metadata", "namespace"]).filter(|name| !name.is_empty()).unwrap_or("default")
}

fn name(object: &Value) -> &str {
    object.text_at(&["metadata", "name"]).unwrap_or_default()
}

fn strategy(set: &Value) -> &str {
    set.text_at(&["spec", "updateStrategy", "type"]).unwrap_or_default()
}

/// The partition, where the set says one.
fn partition(set: &Value) -> Option<i64> {
    set.int_at(&["spec", "updateStrategy", "rollingUpdate", "partition"])
}

/// How many pods are wanted, where the set says so.
fn replicas(set: &Value) -> Option<i64> {
    set.int_at(&["spec", "replicas"])
}

/// A number of the status; 0 if there is none.
fn count(set: &Value, field: &str) -> i64 {
    set.int_at(&["status", field]).unwrap_or(0)
}

fn revision<'a>(set: &'a Value, field: &str) -> &'a str {
    set.text_at(&["status", field]).unwrap_or_default()
}

/// The generation of the spec; 0 if there is none.
fn generation(set: &Value) -> i64 {
    set.int_at(&["metadata", "generation"]).unwrap_or(0)
}
