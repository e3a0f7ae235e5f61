//! Containers that must not run as root, and ask to.
//!
//! Models pkg/kubelet/kuberuntime/security_context_others.go verifyRunAsNonRoot, with pkg/securitycontext
//! DetermineEffectiveSecurityContext: what a container says of itself counts before what its pod says.
//! Not modelled: the user that an image names.

use std::rc::Rc;

use super::worker::Worker;
use api::object::Name;
use base::value::Value;
use why::Reason;

/// A field of the security context of a container, or else of its pod.
fn effective<'a>(pod: &'a Value, container: &'a Value, field: &str) -> Option<&'a Value> {
    [container, pod].into_iter().find_map(|asker| asker.at(&["securityContext", field]))
}

/// Whether a container of a pod's `spec` must not run as root.
pub fn must_not_be_root(pod: &Value, container: &Value) -> bool {
    effective(pod, container, "runAsNonRoot").and_then(Value::as_bool) == Some(true)
}

/// The user that a container of a pod's `spec` asks for; `None` where that is left to its image.
pub fn user(pod: &Value, container: &Value) -> Option<i64> {
    effective(pod, container, "runAsUser").and_then(Value::as_int)
}

impl Worker {
    /// Why the kubelet does not create a container that asks for the user 0 and must not run as root: its words, and the reason.
    pub(super) fn runs_as_root(&self, container: &Name) -> Option<(String, Reason)> {
        let pod = &self.template.raw;
        let mut all = ["initContainers", "containers"].into_iter().flat_map(|list| pod.list_at(&[list]));
        let own = all.find(|one| one.text_at(&["name"]) == Some(container))?;
        let error = format!("container's runAsUser breaks non-root policy (pod: {:?}, container: {container})", self.full_name());
        let because = Reason::RunsAsRoot { container: Rc::clone(container), error: error.clone().into() };
        (must_not_be_root(pod, own) && user(pod, own) == Some(0)).then_some((error, because))
    }
}
