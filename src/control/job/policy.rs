//! What the failure of a pod means for its Job.
//!
//! Models pkg/controller/job/pod_failure_policy.go.

use api::object::Pod;
use api::object::pod::{ContainerState, ContainerStatus};
use base::value::Value;

base::named! {
    /// What a rule makes of a failed pod. Models batch/v1 PodFailurePolicyAction.
    PolicyAction {
        /// It does not count.
        Ignore "Ignore",
        FailJob "FailJob",
        FailIndex "FailIndex",
        /// It counts, as without a rule.
        Count "Count",
    }
}

/// The rule that a failed pod matches.
pub struct Match {
    /// What it makes of the pod.
    pub action: PolicyAction,
    /// What matched, as a failed Job says it.
    pub message: String,
}

/// The first rule of a Job's failure policy that a failed pod matches.
pub fn judge(job: &Value, pod: &Pod) -> Option<Match> {
    let mut rules = job.list_at(&["spec", "podFailurePolicy", "rules"]).iter().enumerate();
    rules.find_map(|(at, rule)| {
        let action = PolicyAction::named(rule.text_at(&["action"])?)?;
        let name = format!("{}/{}", pod.meta.namespace, pod.meta.name);
        let what = if let Some(codes) = rule.get("onExitCodes") {
            let mut all = pod.status.containers.iter().chain(&pod.status.init_containers);
            let (container, code) = all.find_map(|c| exit_code(c, codes).map(|code| (&c.name, code)))?;
            format!("Container {container} for pod {name} failed with exit code {code}")
        } else {
            let patterns = rule.list_at(&["onPodConditions"]);
            let is_meant = |kind: &str, status: &str| {
                patterns.iter().any(|p| p.text_at(&["type"]) == Some(kind) && p.text_at(&["status"]) == Some(status))
            };
            let found = pod.status.conditions.iter().find(|c| is_meant(&c.kind, c.status.word()))?;
            format!("Pod {name} has condition {}", &*found.kind)
        };
        Some(Match { action, message: format!("{what} matching {} rule at index {at}", action.word()) })
    })
}

/// The exit code of a container, if a rule is about it.
fn exit_code(container: &ContainerStatus, rule: &Value) -> Option<i64> {
    let ContainerState::Terminated(ended) = &container.state else { return None };
    let is_named = rule.text_at(&["containerName"]).is_none_or(|name| *name == *container.name);
    let is_listed = rule.list_at(&["values"]).iter().any(|code| code.as_int() == Some(ended.exit_code));
    let is_meant = is_listed == (rule.text_at(&["operator"]) == Some("In"));
    Some(ended.exit_code).filter(|code| is_named && is_meant && *code != 0)
}
