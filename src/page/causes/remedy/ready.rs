//! What has a pod be Ready that runs: of all remedies, the ones that a first visit to the page may offer (`src/bin/dev/later.txt`).

use super::case::{Case, Cure, Cures};
use crate::command::Purpose;
use crate::peers;
use api::kind::Kind;

/// Only the playground can let a pod be Ready: again, if it was told not to be, or whatever its probe says.
pub(super) fn ready(case: &Case) -> Cures {
    let (text, name) = (case.text, &*case.about.name);
    let machine = case.pod().and_then(|pod| Some((pod, case.shot.machines.get(pod.node.as_deref()?)?)));
    let held = machine.is_some_and(|(pod, machine)| machine.holds_unready(pod.meta.uid));
    let (label, purpose) =
        if held { (text.cluster.make_ready(name), Purpose::Any) } else { (text.ask.override_ready(name), Purpose::Override) };
    Cure::new(label, [case.naming.playground("ready", Kind::Pod, name)]).meant(purpose).into()
}

/// The names of pods that are not Ready, where a probe asks for them.
pub(super) fn publish(case: &Case) -> Cures {
    let (label, lines) = peers::of(case.shot, case.pod()?, case.because()?)?.way(case.shot);
    Cure::new(label, lines).into()
}
