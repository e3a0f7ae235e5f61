//! The tools, their versions, and whom to ask for each.

use crate::said::Said;
use crate::{ansible, helm3, kstatus, kubedog, rollout};
use base::value::Value;

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
        rows.filter_map(|mut row| Some((row.next()?, row.next()?)))
            .find(|(tool, _)| *tool == self.word())
            .map_or("", |(_, version)| version)
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
