//! Probes that were seen to end containers, and that a change gives more time, less, or another question.
//!
//! Models pkg/kubelet/prober/worker.go: so many failures in a row of its liveness probe end a container, or of its startup probe while
//! there is one. How long a process takes to start, no object tells.

use std::rc::Rc;

use api::object::pod_status::{ContainerState, ContainerStatus, ERROR, KILLED, Terminated};
use api::object::{Name, StatefulSet};
use base::value::Value;
use cluster::images::{may_be_ended, probes_of};
use text::plan::Says;
use why::ProbeKind;

use crate::documents::fails_after;
use crate::ends::Ends;

impl Ends<'_> {
    /// Adds what is to be told of probes that were seen to end containers. It takes the place of notes on new probes and untried images.
    pub(crate) fn with_times(&self, set: &StatefulSet, says: &mut Vec<Says>) {
        let found = self.probe_kills(set);
        let is_told = |of: &Name, name: &str| {
            found.iter().any(|one| matches!(one, Says::OtherTime { set, container, .. } if set == of && **container == *name))
        };
        let containers = set.spec.template.containers.iter().filter(|one| is_told(&set.meta.name, &one.name));
        let images: Vec<Name> = containers.map(|one| Rc::clone(&one.image)).collect();
        says.retain_mut(|one| match one {
            Says::NewProbe { set, container, kills: true, .. } => !is_told(set, container),
            Says::Untried { images: untried } => {
                untried.retain(|image| !images.contains(image));
                !untried.is_empty()
            }
            _ => true,
        });
        says.extend(found);
    }

    /// The containers of a set that a probe was seen to end, where the change touches that probe.
    fn probe_kills(&self, set: &StatefulSet) -> Vec<Says> {
        let Some(was) = self.old_tables().stateful_set(&set.meta.namespace, &set.meta.name) else { return Vec::new() };
        let of = |set: &StatefulSet, name: &Name| {
            let mut all = set.spec.template.raw.list_at(&["containers"]).iter();
            all.find(|one| one.text_at(&["name"]) == Some(name)).cloned()
        };
        let told = |container: Name| {
            let (old, new) = (of(was, &container)?, of(set, &container)?);
            let is_other = probes_of(&old) != probes_of(&new);
            (may_be_ended(&old) && is_other).then(|| Says::OtherTime {
                set: Rc::clone(&set.meta.name),
                container,
                was: allowed(&old),
                now: allowed(&new),
            })
        };
        self.killed(was).into_iter().filter_map(told).collect()
    }

    /// The containers of a set's pods that were killed, and not for their memory.
    fn killed(&self, set: &StatefulSet) -> Vec<Name> {
        let own = self.old_tables().pods().filter(|pod| pod.meta.is_controlled_by(set.meta.uid));
        let mut found: Vec<Name> = Vec::new();
        for status in own.flat_map(|pod| &pod.status.containers).filter(|status| !status.ready && is_killed(status)) {
            if !found.contains(&status.name) {
                found.push(Rc::clone(&status.name));
            }
        }
        found
    }
}

/// Whether a container was killed last.
fn is_killed(status: &ContainerStatus) -> bool {
    let killed = |end: &Terminated| end.exit_code == KILLED && *end.reason == *ERROR;
    let ended = if let ContainerState::Terminated(end) = &status.state { Some(end) } else { status.last.as_ref() };
    ended.is_some_and(killed)
}

/// For how many seconds a container may take to start before a probe ends it; 0 where none does.
fn allowed(container: &Value) -> i64 {
    let probe = [ProbeKind::Startup, ProbeKind::Liveness].into_iter().find_map(|kind| container.get(kind.field()));
    probe.map_or(0, fails_after)
}
