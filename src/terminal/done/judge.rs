//! The tools that wait for sets, their versions, and whom to ask for each.

use crate::said::Said;
use crate::{ansible, helm3, kstatus, kubedog, rollout};
use base::value::Value;

base::named! {
    /// A program that waits for sets.
    Judge {
        /// `kubectl rollout status`, and what calls it: Terraform's `wait_for_rollout`.
        Kubectl "kubectl",
        /// `helm --wait` of Helm 3, and `--wait=legacy` of Helm 4.
        Helm3 "helm3",
        /// `helm --wait` of Helm 4, which reads the pods as well.
        Helm4 "helm4",
        /// The built-in health check.
        ArgoCd "argocd",
        /// What Flux waits for: kstatus, and the pods.
        Flux "flux",
        /// The set alone.
        Kstatus "kstatus",
        /// werf and nelm.
        Kubedog "kubedog",
        /// `wait: true` of kubernetes.core.
        Ansible "ansible",
    }
}

impl Judge {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Judge::Kubectl => "kubectl rollout status",
            Judge::Helm3 => "Helm 3",
            Judge::Helm4 => "Helm 4",
            Judge::ArgoCd => "Argo CD",
            Judge::Flux => "Flux (cli-utils)",
            Judge::Kstatus => "kstatus (cli-utils)",
            Judge::Kubedog => "kubedog (werf, nelm)",
            Judge::Ansible => "Ansible (kubernetes.core)",
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
        matches!(self, Judge::Helm4 | Judge::Flux)
    }

    /// What the tool says of a set. `pods` are any pods; the selector of the set decides which are its own.
    pub fn says<'a>(self, set: &Value, pods: impl IntoIterator<Item = &'a Value>) -> Said {
        match self {
            Judge::Kubectl => rollout::kubectl(set),
            Judge::Helm3 => helm3::says(set),
            Judge::ArgoCd => rollout::argo(set),
            Judge::Helm4 | Judge::Flux => kstatus::with_pods(set, pods),
            Judge::Kstatus => kstatus::alone(set),
            Judge::Kubedog => kubedog::says(set),
            Judge::Ansible => ansible::says(set),
        }
    }
}

/// What each tool says of a set.
pub fn all<'a>(set: &Value, pods: impl IntoIterator<Item = &'a Value> + Clone) -> Vec<(Judge, Said)> {
    Judge::ALL.into_iter().map(|tool| (tool, tool.says(set, pods.clone()))).collect()
}

/// What each tool says of a set, as programs read it.
pub fn json(namespace: &str, set: &str, says: &[(Judge, Said)]) -> Value {
    let tool = |(tool, said): &(Judge, Said)| {
        Value::of([
            ("tool", Value::from(tool.word())),
            ("version", tool.version().into()),
            ("verdict", said.verdict.word().into()),
            ("words", said.words.as_deref().map_or(Value::Null, Value::from)),
        ])
    };
    Value::of([("set", Value::from(set)), ("namespace", namespace.into()), ("tools", Value::list(says.iter().map(tool)))])
}
