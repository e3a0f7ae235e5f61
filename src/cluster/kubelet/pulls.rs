//! Pulling images.
//!
//! Models pkg/kubelet/images/image_manager.go EnsureImageExists. Nodes that are not real have every image.
//! Not modelled: the sizes of images, pulls that wait for one another between pods.

use std::rc::Rc;

use super::process::{Process, Pull};
use super::references::SYNC_AGAIN;
use super::worker::{Turn, Worker};
use super::{Incarnation, Timer};
use crate::api::object::container::PullPolicy;
use crate::api::object::event::EventType;
use crate::api::object::pod::ContainerState;
use crate::api::obstacle::Obstacle;
use crate::base::time::Span;
use crate::base::word::Word;
use crate::why::{Reason, Verdict};

/// How long a registry check takes if the image is already present.
const LOOK: Span = Span(400);
/// The reported size of every image: that of nginx, in bytes.
const SIZE: u64 = 72_955_450;

impl Worker {
    /// Whether a container's image is ready. If it is missing, or must be checked at each start, begins the pull.
    pub(super) fn has_image(&mut self, i: usize, turn: &mut Turn) -> bool {
        let here = self.is_here(i, turn);
        let process = &mut self.processes[i];
        let (name, image) = (Rc::clone(&process.name), Rc::clone(&process.image));
        if std::mem::take(&mut process.pull) == Pull::Done {
            return true;
        }
        if here && process.pulls_when != PullPolicy::Always {
            let present = format!("Container image \"{image}\" already present on machine and can be accessed by the pod");
            self.says(turn, EventType::Normal, "Pulled", present, Some(&name));
            return true;
        }
        process.pull = Pull::UnderWay;
        let pause = if here { LOOK } else { turn.context.timing.image_pull };
        turn.effects.timers.push((pause, Timer::Pulled(process.incarnation(i), pause)));
        self.says(turn, EventType::Normal, "Pulling", format!("Pulling image \"{image}\""), Some(&name));
        false
    }

    fn is_here(&self, i: usize, turn: &Turn) -> bool {
        !turn.context.timing.real_nodes || turn.present.contains(&self.processes[i].image)
    }

    /// If a container's image is missing and must not be pulled, reports it and looks again later.
    pub(super) fn never_pulls(&mut self, i: usize, turn: &mut Turn) -> bool {
        let here = self.is_here(i, turn);
        let process = &mut self.processes[i];
        if here || process.pulls_when != PullPolicy::Never {
            return false;
        }
        let name = Rc::clone(&process.name);
        let message = Word::from(format!("Container image \"{}\" is not present with pull policy of Never", process.image));
        process.state = ContainerState::Waiting { reason: "ErrImageNeverPull".into(), message: message.clone() };
        turn.effects.timers.push((SYNC_AGAIN, Timer::Restart(process.incarnation(i))));
        self.says(turn, EventType::Warning, "ErrImageNeverPull", message.clone(), Some(&name));
        self.says(turn, EventType::Warning, "Failed", "Error: ErrImageNeverPull", Some(&name));
        self.decide(turn, Verdict::Waits, Reason::MissingReference { error: message, missing: Obstacle::MissingImage });
        true
    }

    /// A container's image pull has completed.
    pub(super) fn pulled(&mut self, of: Incarnation, took: Span, mut turn: Turn) {
        let Incarnation { container: i, starts } = of;
        let stopping = self.stopping();
        let Some(process) = self.processes.get_mut(i).filter(|p| p.starts == starts && p.pull == Pull::UnderWay && !stopping) else {
            return;
        };
        process.pull = Pull::Done;
        let (name, image) = (Rc::clone(&process.name), Rc::clone(&process.image));
        turn.present.insert(Rc::clone(&image));
        let took = took.golang();
        let message = format!("Successfully pulled image \"{image}\" in {took} ({took} including waiting). Image size: {SIZE} bytes.");
        self.says(&mut turn, EventType::Normal, "Pulled", message, Some(&name));
        self.start_one(i, &mut turn);
        self.renews(&mut turn);
        self.start_what_is_due(&mut turn);
        self.write_status(turn);
    }

    pub(super) fn pull_fails(&mut self, i: usize, turn: &mut Turn) {
        let (name, image) = (Rc::clone(&self.processes[i].name), Rc::clone(&self.processes[i].image));
        let cause = not_found(&image, turn.context.timing.real_nodes);
        self.says(turn, EventType::Normal, "Pulling", format!("Pulling image \"{image}\""), Some(&name));
        self.says(turn, EventType::Warning, "Failed", format!("Failed to pull image \"{image}\": {cause}"), Some(&name));
        self.says(turn, EventType::Warning, "Failed", "Error: ErrImagePull", Some(&name));
        self.decide(turn, Verdict::Waits, Reason::ImagePullFails { image });
        let process = &mut self.processes[i];
        (process.pulls, process.refusals) = (process.pulls + 1, process.refusals + 1);
        process.state = ContainerState::Waiting { reason: "ErrImagePull".into(), message: cause.into() };
        turn.effects.timers.push((turn.context.timing.pull_back_off_shown, Timer::PullBacksOff(i, process.pulls)));
    }

    pub(super) fn pull_backs_off(&mut self, i: usize, pulls: u32, mut turn: Turn) {
        if self.stopping() || self.processes.get(i).is_none_or(|p| p.pulls != pulls || p.running()) {
            return;
        }
        let (name, image) = (Rc::clone(&self.processes[i].name), Rc::clone(&self.processes[i].image));
        self.says(&mut turn, EventType::Normal, "BackOff", format!("Back-off pulling image \"{image}\""), Some(&name));
        self.says(&mut turn, EventType::Warning, "Failed", "Error: ImagePullBackOff", Some(&name));
        let timing = turn.context.timing;
        let pause = Process::back_off(timing.pull_back_off_first, timing.back_off_most, self.processes[i].refusals - 1);
        turn.effects.timers.push((pause, Timer::PullAgain(i, pulls)));
        let mut message = format!("Back-off pulling image \"{image}\"");
        if timing.real_nodes {
            message = format!("{message}: ErrImagePull: {}", not_found(&image, true));
        }
        self.processes[i].state = ContainerState::Waiting { reason: "ImagePullBackOff".into(), message: message.into() };
        self.write_status(turn);
    }

    pub(super) fn pull_again(&mut self, i: usize, pulls: u32, mut turn: Turn) {
        if self.stopping() || self.processes.get(i).is_none_or(|p| p.pulls != pulls || p.running()) {
            return;
        }
        self.start_one(i, &mut turn);
        self.start_what_is_due(&mut turn);
        self.write_status(turn);
    }
}

/// containerd's message for an image missing from its registry; nodes that are not real say less.
fn not_found(image: &str, real: bool) -> String {
    let said = "rpc error: code = NotFound desc = failed to pull and unpack image";
    if !real {
        return format!("{said} \"{image}\": not found");
    }
    let full = full_reference(image);
    format!("{said} \"{full}\": failed to resolve reference \"{full}\": {full}: not found")
}

/// An image reference completed with registry and tag. Models github.com/distribution/reference ParseDockerRef.
fn full_reference(image: &str) -> String {
    let (first, rest) = image.split_once('/').unwrap_or(("", image));
    let has_registry = first.contains(['.', ':']) || first == "localhost";
    let place = match (first, has_registry) {
        ("", _) => format!("docker.io/library/{rest}"),
        (_, false) => format!("docker.io/{image}"),
        _ => image.to_owned(),
    };
    let tagged = place.rsplit('/').next().is_some_and(|name| name.contains([':', '@']));
    if tagged { place } else { format!("{place}:latest") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_completed_with_registry_and_tag() {
        for (image, full) in [
            ("nginx", "docker.io/library/nginx:latest"),
            ("nginx:nope", "docker.io/library/nginx:nope"),
            ("luksa/kubia:2", "docker.io/luksa/kubia:2"),
            ("registry.k8s.io/nginx-slim:0.8", "registry.k8s.io/nginx-slim:0.8"),
            ("localhost:5000/a/b", "localhost:5000/a/b:latest"),
            ("nginx@sha256:0", "docker.io/library/nginx@sha256:0"),
        ] {
            assert_eq!(full_reference(image), full);
        }
    }
}
