//! Pulling images.
//!
//! Models pkg/kubelet/images/image_manager.go EnsureImageExists. Nodes that are not real have every image.
//! Not modelled: that every sync during a back-off is told of, not only the first; the sizes of images; pulls that wait for one
//! another between pods.

use std::rc::Rc;

use super::process::{Process, Pull};
use super::references::SYNC_AGAIN;
use super::worker::{StepContext, Worker};
use super::{Incarnation, Timer};
use crate::stand_in::Nodes;
use api::object::container::PullPolicy;
use api::object::event::EventType;
use api::object::pod::{ContainerState, ERR_IMAGE_NEVER_PULL, ERR_IMAGE_PULL, IMAGE_PULL_BACK_OFF};
use api::obstacle::Obstacle;
use base::image_name::{fault, full};
use base::time::Span;
use base::word::Word;
use why::Reason;

/// How long a registry check takes if the image is already present.
const LOOK: Span = Span(400);
/// The reported size of every image: that of nginx, in bytes.
const SIZE: u64 = 72_955_450;

impl Worker {
    /// Whether a container's image is ready. If it is missing, or must be checked at each start, begins the pull.
    pub(super) fn has_image(&mut self, i: usize, turn: &mut StepContext) -> bool {
        let here = self.is_here(i, turn);
        let process = &mut self.processes[i];
        let (name, image) = (Rc::clone(&process.name), Rc::clone(&process.image));
        if std::mem::take(&mut process.pull) == Pull::Done {
            return true;
        }
        if here && process.pulls_when != PullPolicy::Always {
            let present = ["Container image \"", &image, "\" already present on machine and can be accessed by the pod"].concat();
            self.says(turn, EventType::Normal, "Pulled", present, Some(&name));
            return true;
        }
        process.pull = Pull::UnderWay;
        let pause = if here { LOOK } else { turn.context.timing.image_pull };
        turn.effects.timers.push((pause, Timer::Pulled(process.incarnation(i), pause)));
        self.says(turn, EventType::Normal, "Pulling", format!("Pulling image \"{image}\""), Some(&name));
        false
    }

    fn is_here(&self, i: usize, turn: &StepContext) -> bool {
        !turn.context.timing.nodes.run_whole_pods() || turn.present.contains(&self.processes[i].image)
    }

    /// If a container's image cannot be there, because of its name or because it must not be pulled, reports it and looks again later.
    pub(super) fn never_has_image(&mut self, i: usize, turn: &mut StepContext) -> bool {
        let process = &self.processes[i];
        let (name, image) = (Rc::clone(&process.name), &process.image);
        let fault = if process.nodes.run_whole_pods() { fault(image) } else { None };
        let is_no_name = fault.is_some();
        let (reason, about, message) = match fault {
            Some(error) => {
                let couldnt = format!("couldn't parse image name {image:?}: {error}");
                ("InvalidImageName", "InspectFailed", format!("Failed to apply default image tag {image:?}: {couldnt}"))
            }
            None if self.is_here(i, turn) || process.pulls_when != PullPolicy::Never => return false,
            None => {
                let never = ERR_IMAGE_NEVER_PULL;
                (never, never, format!("Container image {image:?} is not present with pull policy of Never"))
            }
        };
        let message = Word::from(message);
        let process = &mut self.processes[i];
        process.state = ContainerState::Waiting { reason: reason.into(), message: message.clone() };
        turn.effects.timers.push((SYNC_AGAIN, Timer::Restart(process.incarnation(i))));
        self.says(turn, EventType::Warning, about, message.clone(), Some(&name));
        self.says(turn, EventType::Warning, "Failed", format!("Error: {reason}"), Some(&name));
        let because = if is_no_name {
            Reason::InvalidImageName { image: Rc::clone(&self.processes[i].image), error: message }
        } else {
            Reason::MissingReference { error: message, missing: Obstacle::MissingImage, backs_off: false }
        };
        self.waits_on(i, turn, because);
        true
    }

    /// A container's image pull has completed.
    pub(super) fn pulled(&mut self, of: Incarnation, took: Span, mut turn: StepContext) {
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

    pub(super) fn pull_fails(&mut self, i: usize, turn: &mut StepContext) {
        let (name, image) = (Rc::clone(&self.processes[i].name), Rc::clone(&self.processes[i].image));
        let cause = not_found(&image, turn.context.timing.nodes);
        self.says(turn, EventType::Normal, "Pulling", format!("Pulling image \"{image}\""), Some(&name));
        self.says(turn, EventType::Warning, "Failed", format!("Failed to pull image \"{image}\": {cause}"), Some(&name));
        self.says(turn, EventType::Warning, "Failed", format!("Error: {ERR_IMAGE_PULL}"), Some(&name));
        self.waits_on(i, turn, Reason::ImagePullFails { image });
        let process = &mut self.processes[i];
        (process.pulls, process.refusals) = (process.pulls + 1, process.refusals + 1);
        (process.refused, process.backs_off) = (turn.context.now, false);
        if !process.nodes.report_a_sync_late() {
            process.state = ContainerState::Waiting { reason: ERR_IMAGE_PULL.into(), message: cause.into() };
        }
        // The first sync was followed at once by another, because of the new sandbox.
        let pause =
            if process.nodes.report_a_sync_late() && process.refusals > 1 { SYNC_AGAIN } else { turn.context.timing.pull_back_off_shown };
        turn.effects.timers.push((pause, Timer::PullBacksOff(i, process.pulls)));
    }

    /// A sync after a failed pull: each reports what the one before it came to. The first one finds that it has to wait, the next one
    /// pulls again if it may by then.
    pub(super) fn pull_backs_off(&mut self, i: usize, pulls: u32, mut turn: StepContext) {
        if self.stopping() || self.processes.get(i).is_none_or(|p| p.pulls != pulls || p.running()) {
            return;
        }
        let (now, timing) = (turn.context.now, turn.context.timing);
        let (name, image) = (Rc::clone(&self.processes[i].name), Rc::clone(&self.processes[i].image));
        let first = !std::mem::replace(&mut self.processes[i].backs_off, true);
        if first {
            self.says(&mut turn, EventType::Normal, "BackOff", format!("Back-off pulling image \"{image}\""), Some(&name));
            self.says(&mut turn, EventType::Warning, "Failed", format!("Error: {IMAGE_PULL_BACK_OFF}"), Some(&name));
        }
        let process = &mut self.processes[i];
        let again = process.refused + Process::back_off(timing.pull_back_off_first, timing.back_off_most, process.refusals - 1);
        let (reason, message, pause, next) = if !process.nodes.report_a_sync_late() {
            let pause = again.since(process.refused);
            (IMAGE_PULL_BACK_OFF, format!("Back-off pulling image \"{image}\""), pause, Timer::PullAgain(i, pulls))
        } else if first {
            (ERR_IMAGE_PULL, not_found(&image, process.nodes), SYNC_AGAIN, Timer::PullBacksOff(i, pulls))
        } else {
            let syncs = again.since(now).0.div_ceil(SYNC_AGAIN.0);
            let message = format!("Back-off pulling image \"{image}\": {ERR_IMAGE_PULL}: {}", not_found(&image, process.nodes));
            (IMAGE_PULL_BACK_OFF, message, Span(SYNC_AGAIN.0 * syncs), Timer::PullAgain(i, pulls))
        };
        process.state = ContainerState::Waiting { reason: reason.into(), message: message.into() };
        turn.effects.timers.push((pause, next));
        self.write_status(turn);
    }

    pub(super) fn pull_again(&mut self, i: usize, pulls: u32, mut turn: StepContext) {
        if self.stopping() || self.processes.get(i).is_none_or(|p| p.pulls != pulls || p.running()) {
            return;
        }
        self.start_one(i, &mut turn);
        self.start_what_is_due(&mut turn);
        self.write_status(turn);
    }
}

/// containerd's message for an image missing from its registry; stand-ins say less.
fn not_found(image: &str, nodes: Nodes) -> String {
    let said = "rpc error: code = NotFound desc = failed to pull and unpack image";
    if !nodes.speak_in_full() {
        return format!("{said} \"{image}\": not found");
    }
    let full = full(image);
    format!("{said} \"{full}\": failed to resolve reference \"{full}\": {full}: not found")
}
