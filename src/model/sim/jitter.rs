//! How long a delay is in one run among many.
//!
//! Promises: without jitter every delay is as configured; with it, a delay is a function of the seed, what it is for and when it begins, so
//! that what happens to one object moves no other's delays; native and wasm draw alike.
//! Must not know: what happens when the delay is over.

use std::hash::{Hash, Hasher};

use super::Sim;
use api::controller::Controller;
use api::object::{Name, ObjectKey, Uid};
use base::dice::{Purpose, mix};
use base::hash::Digest;
use base::time::{Span, Time};
use cluster::kubelet::Timer;
use server::log::Actor;

/// Resolution with which jitter is drawn.
const JITTER_SIDES: u64 = 1000;

/// What a delay is for. Two of the same kind, subject and beginning take the same time, and so keep their order.
#[derive(Clone, Copy, Debug, Hash)]
pub enum Delay<'a> {
    /// A controller comes to an object.
    Sync(Controller, &'a ObjectKey),
    /// A request of a controller's sync arrives.
    Step(Controller, &'a ObjectKey),
    /// A component's request about an object arrives.
    Request(&'a Actor, &'a ObjectKey),
    /// An Event about an object is recorded, for a reason.
    Record(&'a ObjectKey, &'a str),
    /// The scheduler looks at its queue.
    Schedule,
    /// The scheduler asks for the volumes of a pod.
    Volumes(Uid),
    /// The requests, by number, with which the scheduler makes room: for the pod that needs it, then about each that has to go.
    Preempt(&'a ObjectKey, u32),
    /// A provisioner makes or expands the volume of a claim.
    Provision(Uid),
    /// A driver attaches or detaches a volume.
    Attach(Uid),
    /// The kubelet of a node wakes for a pod.
    Kubelet(&'a Name, Uid, Timer),
    /// The requests, by number, of a scenario's command, by its place among them, before the one it is for.
    Command(usize, u32),
}

impl Sim {
    /// The end of a delay that begins now, jitter included.
    pub(super) fn after(&self, delay: Span, what: Delay) -> Time {
        self.now() + self.drawn(delay, what)
    }

    /// The length of a delay that begins now: as configured, plus jitter.
    pub fn drawn(&self, delay: Span, what: Delay) -> Span {
        if self.timing.jitter == Span(0) {
            return delay;
        }
        let draw = self.dice.below(Purpose::Jitter, subject(&what), self.now().0, JITTER_SIDES);
        delay + Span(self.timing.jitter.0.saturating_mul(draw.pow(3)) / JITTER_SIDES.pow(3))
    }
}

/// The number of what is drawn for.
fn subject(what: &Delay) -> u64 {
    let mut subject = Subject(Digest(0));
    what.hash(&mut subject);
    subject.finish()
}

/// Hashes alike wherever it runs: the standard hashers do not promise to.
struct Subject(Digest);

impl Hasher for Subject {
    fn write(&mut self, bytes: &[u8]) {
        self.0.bytes(bytes);
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.write_i64(number as i64);
    }

    fn finish(&self) -> u64 {
        mix(self.0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Setup;
    use api::kind::Kind;
    use plugged as _;

    #[test]
    fn a_delay_depends_on_seed_subject_and_beginning_alone() {
        let world = |seed, jitter| {
            let mut setup = Setup { seed, ..Setup::default() };
            setup.timing.jitter = Span(jitter);
            Sim::new(&setup)
        };
        let pod = |name: &str| ObjectKey::new(Kind::Pod, &"default".into(), &name.into());
        let drawn = |sim: &Sim, name| sim.drawn(Span(10), Delay::Sync(Controller::StatefulSet, &pod(name))).0;
        let mut sim = world(1, 1000);
        let [first, other] = [drawn(&sim, "web-0"), drawn(&sim, "web-1")];
        assert_ne!(first, other);
        assert_eq!(drawn(&sim, "web-0"), first, "nothing was drawn from a stream");
        assert_ne!(sim.drawn(Span(10), Delay::Step(Controller::StatefulSet, &pod("web-0"))).0, first);
        assert_ne!(drawn(&world(2, 1000), "web-0"), first);
        sim.run_until(sim.now() + Span(1));
        assert_ne!(drawn(&sim, "web-0"), first);
        assert_eq!(drawn(&world(1, 0), "web-0"), 10);
    }

    #[test]
    fn a_subject_has_the_same_number_on_every_machine() {
        let key = ObjectKey::new(Kind::Namespace, &"".into(), &"a".into());
        assert_eq!(subject(&Delay::Command(1, 2)), 13_047_249_681_488_244_899);
        assert_eq!(subject(&Delay::Record(&key, "Because")), 2_196_028_412_391_083_588);
    }
}
