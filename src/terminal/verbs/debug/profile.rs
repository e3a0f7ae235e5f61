//! The profiles of `debug`: what a container that looks into others may do.
//!
//! Models k8s.io/kubectl/pkg/cmd/debug/profiles.go, without what it does for nodes.

use super::lists::{LISTS, named};
use api::view;
use base::value::Value;
use kubectl::session::Session;

const ADDED: [&str; 3] = ["securityContext", "capabilities", "add"];

base::named! {
    Profile {
        /// As it was first; on its way out.
        Legacy "legacy",
        /// It may trace processes.
        General "general",
        /// What the baseline standard allows.
        Baseline "baseline",
        /// What the restricted standard asks for.
        Restricted "restricted",
        /// It may change the network.
        NetAdmin "netadmin",
        /// It may do anything.
        SysAdmin "sysadmin",
    }
}

impl Profile {
    /// Sets what the container of this name may do: of several, the first.
    pub(super) fn apply(self, pod: &mut Value, name: &str) {
        let lists = LISTS.map(|(list, _)| list);
        let Some(list) = lists.into_iter().find(|list| named(pod.list_at(&["spec", list]), name).is_some()) else { return };
        let mut all = pod.list_at(&["spec", list]).to_vec();
        if let Some(container) = all.iter_mut().find(|container| view::text(container, &["name"]) == name) {
            self.change(container);
        }
        pod.set(&["spec", list], Value::list(all));
    }

    fn change(self, container: &mut Value) {
        let add = |container: &mut Value, new: &[&str]| {
            let added = container.list_at(&ADDED).iter().cloned().chain(new.iter().map(|one| Value::from(*one)));
            let added = Value::list(added);
            container.set(&ADDED, added);
        };
        match self {
            Profile::Legacy => {}
            Profile::General => add(container, &["SYS_PTRACE"]),
            Profile::Baseline => drop(container.remove(&["securityContext"])),
            Profile::Restricted => {
                let mut context = Value::of([("allowPrivilegeEscalation", false), ("runAsNonRoot", true)]);
                context.set(&["capabilities", "drop"], Value::list(["ALL"]));
                context.set(&["seccompProfile", "type"], "RuntimeDefault");
                container.set(&["securityContext"], context);
            }
            Profile::NetAdmin => add(container, &["NET_ADMIN", "NET_RAW"]),
            Profile::SysAdmin => container.set(&["securityContext", "privileged"], true),
        }
    }
}

/// Warns where the pod's user cannot use what a container may do. Models displayWarning.
pub(super) fn warn(pod: &Value, container: Option<&Value>, session: &mut Session) {
    let Some(container) = container else { return };
    let is_root =
        view::int(pod, &["spec", "securityContext", "runAsUser"]) == 0 || container.int_at(&["securityContext", "runAsUser"]) == Some(0);
    let may = view::truth(container, &["securityContext", "privileged"]) || !container.list_at(&ADDED).is_empty();
    if !is_root && may {
        session.output.err(
            "Warning: Non-root user is configured for the entire target Pod, and some capabilities granted by debug profile may not work. \
             Please consider using \"--custom\" with a custom profile that specifies \"securityContext.runAsUser: 0\".",
        );
    }
}
