//! How a kubelet probes containers, and what it concludes from the results.
//!
//! Models pkg/kubelet/prober and pkg/probe. Probes run one period apart, counted from the container's start; those within the initial
//! delay, or before the startup probe has passed, do not count.
//! With real nodes, network probes are answered from inside the container ([`crate::inside`]), and exec probes run inside it if
//! its command or its image is known; all other probes pass as long as the process responds.
//! Promises: a healthy container costs one probe, the one that reports it: later probes run only where one may fail.
//! Not modelled: that a hanging process may still accept
//! connections, or have exec probes run beside it: here it answers nothing, while `kubectl exec` works as before.

use std::rc::Rc;

use super::process::Process;
use super::said::{path_of, port_of, refusal};
use super::worker::{StepContext, Worker};
use super::{Incarnation, Timer};
use crate::command::runs_exec_probes;
use crate::images::{Behaviour, Images, SLOW_BY};
use crate::inside::{Get, How, ProbeAnswer, ProbeRequest};
use crate::runtime::{Answers, Silence};
use api::object::Name;
use api::object::event::EventType;
use api::object::pod::{ContainerState, Probe, ProbeAction};
use base::time::{Span, Time};
use base::value::Value;
use why::{ProbeKind, Reason, Verdict};

/// The state of one kind of probe of a process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// Number of the current series of probes; timers of earlier series are stale.
    number: u64,
    /// Consecutive failures.
    failed: u64,
    /// Consecutive successes.
    passed: u64,
}

/// How long a probe takes to fail.
fn takes(silence: Silence, probe: &Probe) -> Span {
    if silence == Silence::Frozen { probe.timeout } else { Span(0) }
}

impl Process {
    fn probe(&self, question: ProbeKind) -> Option<Probe> {
        match question {
            ProbeKind::Startup => self.startup.filter(|_| !self.up),
            ProbeKind::Readiness => self.readiness.filter(|_| self.up),
            ProbeKind::Liveness => self.liveness.filter(|_| self.up),
        }
    }

    /// Whether a probe timer still refers to this process and series.
    fn awaits(&self, starts: i64, question: ProbeKind, number: u64) -> bool {
        self.starts == starts && self.running() && !self.given_up && self.asked[question as usize].number == number
    }

    /// Whether a probe must actually be run to know its result.
    fn tries(&self, probe: &Probe) -> bool {
        self.nodes.run_whole_pods()
            && (probe.action != ProbeAction::Exec || probe.always_fails || runs_exec_probes(&self.image, self.scripted))
    }

    /// The time of the first probe at or after an instant.
    fn look(&self, probe: &Probe, at: Time) -> Time {
        let ContainerState::Running { started } = self.state else { return at };
        let looks = at.since(started).max(probe.delay).0.div_ceil(probe.period.0.max(1));
        started + Span(looks.saturating_mul(probe.period.0))
    }

    /// When the next probe that may not pass completes.
    fn next_look(&self, probe: &Probe, from: Time) -> Option<Time> {
        let next = self.look(probe, from);
        let at = match self.answers.until {
            _ if self.answers.silence(next).is_some() || self.tries(probe) => next,
            until => self.look(probe, until?.max(from)),
        };
        Some(at + self.answers.silence(at).map_or(Span(0), |silence| takes(silence, probe)))
    }
}

impl Worker {
    /// How a container of its pod behaves.
    pub(super) fn does(&self, i: usize, images: &Images) -> Behaviour {
        let process = &self.processes[i];
        images.behaviour_of(&process.image, self.raw_of(&process.name))
    }

    /// Starts probing a container that was started.
    pub(super) fn begins_to_ask(&mut self, i: usize, turn: &mut StepContext) {
        let held = self.held_unready;
        let (now, timing) = (turn.context.now, turn.context.timing);
        let answers = !self.does(i, turn.context.images).never_ready && !held;
        let process = &mut self.processes[i];
        process.up = process.startup.is_none();
        process.ready = process.up && process.readiness.is_none() && answers;
        let Some(probe) = process.startup else {
            return self.asks_on(i, turn);
        };
        let first = process.look(&probe, now);
        if process.answers.silence(first).is_some() || process.tries(&probe) {
            self.looks_from(i, ProbeKind::Startup, now, turn);
        } else {
            let pause = first.since(now).max(timing.probe_passes);
            turn.effects.timers.push((pause, Timer::ComesUp(process.incarnation(i))));
        }
    }

    /// Starts the readiness and liveness probes of a container that has started up.
    fn asks_on(&mut self, i: usize, turn: &mut StepContext) {
        let process = &self.processes[i];
        if process.readiness.is_some_and(|probe| !process.tries(&probe)) {
            self.probe_readiness(i, turn);
        }
        self.looks_from(i, ProbeKind::Readiness, turn.context.now, turn);
        self.looks_from(i, ProbeKind::Liveness, turn.context.now, turn);
    }

    /// Schedules the readiness of a container that has started up.
    fn probe_readiness(&self, i: usize, turn: &mut StepContext) {
        let (timing, process) = (turn.context.timing, &self.processes[i]);
        let ContainerState::Running { started } = process.state else { return };
        let behaviour = self.does(i, turn.context.images);
        let declared = process.readiness.map_or(Span(0), |probe| probe.passes_after());
        if behaviour.never_ready {
            if timing.nodes.run_whole_pods() {
                turn.effects.timers.push((declared.max(timing.probe_passes), Timer::ProbeFails(process.incarnation(i))));
            }
            return;
        }
        let ran = turn.context.now.since(started);
        let late = if behaviour.slow { Span(SLOW_BY.0.saturating_sub(ran.0)) } else { Span(0) };
        let pause = Span(declared.0.saturating_sub(ran.0)).max(timing.probe_passes) + late;
        turn.effects.timers.push((pause, Timer::ProbePasses(process.incarnation(i))));
    }

    /// Begins a new series of probes: schedules the first one from an instant on that may not pass.
    fn looks_from(&mut self, i: usize, question: ProbeKind, from: Time, turn: &mut StepContext) {
        let process = &mut self.processes[i];
        let asked = &mut process.asked[question as usize];
        *asked = Asked { number: asked.number + 1, ..Asked::default() };
        let number = asked.number;
        let Some(probe) = process.probe(question) else { return };
        if let Some(at) = process.next_look(&probe, from) {
            let passes = process.tries(&probe) && process.answers.silence(at).is_none();
            let least = if passes { turn.context.timing.probe_passes } else { Span(0) };
            turn.effects.timers.push((at.since(turn.context.now).max(least), Timer::Asks(process.incarnation(i), question, number)));
        }
    }

    /// The probe to run before a timer fires, if that timer needs one.
    pub fn probes_by(&self, timer: Timer) -> Option<ProbeRequest> {
        let Timer::Asks(Incarnation { container: i, starts }, question, number) = timer else { return None };
        let process = self.processes.get(i).filter(|p| p.awaits(starts, question, number))?;
        let probe = process.probe(question).filter(|probe| process.tries(probe))?;
        let raw = self.raw_of(&process.name);
        let asked = raw.get(question.field())?.get(probe.action.field())?;
        let port = || port_of(raw, asked).ok();
        let how = match probe.action {
            ProbeAction::Exec => How::Command(asked.list_at(&["command"]).iter().filter_map(Value::as_shared_text).collect()),
            ProbeAction::Http => How::Http(Get { port: port()?, path: path_of(asked), tls: asked.text_at(&["scheme"]) == Some("HTTPS") }),
            ProbeAction::Tcp => How::Tcp { port: port()? },
            ProbeAction::Grpc => How::Grpc { port: port()? },
        };
        let host = asked.text_at(&["host"]).map(Name::from);
        Some(ProbeRequest { container: Rc::clone(&process.name), how, host, timeout: probe.timeout })
    }

    /// A probe has completed.
    pub(super) fn asks(&mut self, of: Incarnation, question: ProbeKind, number: u64, turn: StepContext) {
        let Incarnation { container: i, starts } = of;
        let leaves = self.over() || (self.stopping() && question != ProbeKind::Readiness);
        let Some(process) = self.processes.get(i).filter(|p| p.awaits(starts, question, number) && !leaves) else { return };
        let Some(probe) = process.probe(question) else { return };
        if let Some(error) = self.lacks_port(process, question, probe) {
            return self.look_errs(i, question, probe, &error, turn);
        }
        let silence = process.answers.silence(turn.context.now).map(|silence| match silence {
            Silence::NotYet => ProbeAnswer::Refused,
            Silence::Frozen => ProbeAnswer::Silent,
        });
        let behaviour = self.does(i, turn.context.images);
        let unready = question == ProbeKind::Readiness && (behaviour.never_ready || self.held_unready);
        let refusal = (unready || probe.always_fails).then(|| refusal(probe.action));
        let nobody = behaviour.refuses.filter(|port| self.asked_port(process, question, probe) == Some(i64::from(*port)));
        let refusal = refusal.or(nobody.map(|_| ProbeAnswer::Refused)).or(silence);
        let supposed = || behaviour.opaque.then_some(ProbeAnswer::Supposed);
        let heard = refusal.or_else(supposed).or_else(|| turn.context.probed.map(|probed| probed.heard.clone()));
        match heard.unwrap_or(ProbeAnswer::Well) {
            heard @ (ProbeAnswer::Well | ProbeAnswer::Supposed) => {
                self.look_passes(i, question, probe, heard == ProbeAnswer::Supposed, turn)
            }
            heard => {
                let said = self.words_of(&self.processes[i].name, question, probe, &heard);
                self.look_fails(i, question, probe, &said, turn);
            }
        }
    }

    fn look_passes(&mut self, i: usize, question: ProbeKind, probe: Probe, supposed: bool, mut turn: StepContext) {
        let process = &mut self.processes[i];
        let (now, of, tries) = (turn.context.now, process.incarnation(i), process.tries(&probe));
        process.supposed |= supposed;
        process.complaint = None;
        if question == ProbeKind::Startup {
            return self.comes_up(of, turn);
        }
        if !tries {
            return self.looks_from(i, question, now, &mut turn);
        }
        let asked = &mut process.asked[question as usize];
        (asked.failed, asked.passed) = (0, asked.passed + 1);
        if question == ProbeKind::Readiness && !process.ready && process.asked[question as usize].passed < probe.successes {
            let next = Timer::Asks(of, question, process.asked[question as usize].number);
            turn.effects.timers.push((probe.period, next));
            return;
        }
        // The result stays the same until something happens in the container.
        let (changes, until) = (turn.context.probed.and_then(|probed| probed.changes), process.answers.until);
        if let Some(at) = [changes, until].into_iter().flatten().min() {
            self.looks_from(i, question, at.max(now + Span(1)), &mut turn);
        }
        if question == ProbeKind::Readiness {
            self.probe_passes(of, turn);
        }
    }

    fn look_fails(&mut self, i: usize, question: ProbeKind, probe: Probe, said: &str, mut turn: StepContext) {
        let (now, name) = (turn.context.now, Rc::clone(&self.processes[i].name));
        self.says(&mut turn, EventType::Warning, "Unhealthy", format!("{} probe failed: {said}", question.title()), Some(&name));
        self.complains(i, question, said, &mut turn);
        let process = &mut self.processes[i];
        let again = probe.period.max(process.answers.silence(now).map_or(Span(0), |silence| takes(silence, &probe)));
        let of = process.incarnation(i);
        let asked = &mut process.asked[question as usize];
        (asked.failed, asked.passed) = (asked.failed + 1, 0);
        let next = Timer::Asks(of, question, asked.number);
        if asked.failed < probe.failures {
            turn.effects.timers.push((again, next));
        } else if question != ProbeKind::Readiness {
            self.gives_up(i, question, probe, &mut turn);
        } else {
            turn.effects.timers.push((again, next));
            if std::mem::take(&mut process.ready) && !self.stopping() {
                self.write_status(turn);
            }
        }
    }

    /// A probe could not be sent: its result is unknown. Models pkg/kubelet/prober/worker.go doProbe.
    fn look_errs(&mut self, i: usize, question: ProbeKind, probe: Probe, error: &str, mut turn: StepContext) {
        let name = Rc::clone(&self.processes[i].name);
        let said = format!("{} probe errored and resulted in unknown state: {error}", question.title());
        self.says(&mut turn, EventType::Warning, "Unhealthy", said, Some(&name));
        self.complains(i, question, error, &mut turn);
        let asked = &mut self.processes[i].asked[question as usize];
        asked.failed += 1;
        if asked.failed < probe.failures {
            let next = Timer::Asks(self.processes[i].incarnation(i), question, self.processes[i].asked[question as usize].number);
            turn.effects.timers.push((probe.period, next));
        }
    }

    /// Records a probe's message as the reason why a container is not ready.
    fn complains(&mut self, i: usize, question: ProbeKind, said: &str, turn: &mut StepContext) {
        if question == ProbeKind::Liveness || !turn.context.timing.nodes.run_whole_pods() || self.stopping() {
            return;
        }
        let container = Rc::clone(&self.processes[i].name);
        let because = Reason::ProbeFails { container, probe: question, said: said.to_owned().into() };
        self.processes[i].complaint = Some(because.clone());
        self.decide(turn, Verdict::Waits, because);
    }

    /// Something was changed inside a container: probes that are actually run may give another result.
    pub(super) fn touched(&mut self, container: &str, mut turn: StepContext) {
        let Some(i) = self.processes.iter().position(|p| *p.name == *container && p.running() && !p.is_hooked()) else { return };
        for question in [ProbeKind::Startup, ProbeKind::Readiness, ProbeKind::Liveness] {
            let process = &self.processes[i];
            let failed = process.asked[question as usize].failed;
            let waits = |probe: &Probe| process.tries(probe) && (failed == 0 || failed >= probe.failures);
            if process.probe(question).as_ref().is_some_and(waits) {
                self.looks_from(i, question, turn.context.now, &mut turn);
            }
        }
    }

    /// A container's startup probe passes: it counts as started, and containers waiting for that may start.
    pub(super) fn comes_up(&mut self, of: Incarnation, mut turn: StepContext) {
        let Incarnation { container: i, starts } = of;
        let (held, stopping, now) = (self.held_unready, self.stopping(), turn.context.now);
        if self.processes.len() <= i {
            return;
        }
        let answers = !held && !self.does(i, turn.context.images).never_ready;
        let process = &mut self.processes[i];
        if process.starts != starts || !process.running() || process.up || process.given_up || stopping {
            return;
        }
        if process.answers.silence(now).is_some() {
            return self.looks_from(i, ProbeKind::Startup, now, &mut turn);
        }
        process.up = true;
        if process.readiness.is_none() {
            process.ready = answers;
        }
        self.asks_on(i, &mut turn);
        self.start_what_is_due(&mut turn);
        self.write_status(turn);
    }

    /// Makes readiness probes fail, or all probes pass again.
    pub(super) fn hold_ready(&mut self, ready: bool, mut turn: StepContext) {
        self.held_unready = !ready;
        for i in 0..self.processes.len() {
            let process = &mut self.processes[i];
            if !process.running() || !process.counts() {
                continue;
            }
            process.ready = ready;
            if ready {
                process.answers = Answers::default();
                process.asked[ProbeKind::Readiness as usize].number += 1;
            }
            let (name, probe) = (Rc::clone(&process.name), process.readiness);
            if let Some(probe) = probe.filter(|_| !ready) {
                let failure = self.words_of(&name, ProbeKind::Readiness, probe, &refusal(probe.action));
                self.says(&mut turn, EventType::Warning, "Unhealthy", format!("Readiness probe failed: {failure}"), Some(&name));
            }
        }
        self.write_status(turn);
    }

    /// Makes the running processes hang: from now on they answer nothing and ignore signals.
    pub(super) fn freezes(&mut self, mut turn: StepContext) {
        let now = turn.context.now;
        for i in 0..self.processes.len() {
            let process = &mut self.processes[i];
            if !process.running() || !process.counts() || process.answers.frozen(now) {
                continue;
            }
            process.answers.until = Some(now);
            for question in [ProbeKind::Readiness, ProbeKind::Liveness] {
                self.looks_from(i, question, now, &mut turn);
            }
        }
    }

    /// Whether a timer is for a readiness probe that has failed so often that only its count goes up, as far as the process itself goes.
    pub fn fails_again(&self, timer: Timer, now: Time) -> bool {
        let (Timer::Asks(of, ProbeKind::Readiness, _) | Timer::ProbeFails(of)) = timer else { return false };
        self.processes.get(of.container).is_some_and(|process| {
            let failed = process.asked[ProbeKind::Readiness as usize].failed;
            process.readiness.is_some_and(|probe| failed >= probe.failures) && process.answers.from <= now
        })
    }

    /// Reports the failing probe of a container that never becomes ready.
    pub(super) fn probe_fails(&mut self, of: Incarnation, mut turn: StepContext) {
        let Incarnation { container: i, starts } = of;
        let waits = |p: &&Process| p.starts == starts && p.running() && !p.ready;
        let Some(process) = self.processes.get(i).filter(waits) else { return };
        if let Some(probe) = process.readiness.filter(|_| self.does(i, turn.context.images).never_ready) {
            let process = &mut self.processes[i];
            process.asked[ProbeKind::Readiness as usize].failed += 1;
            turn.effects.timers.push((probe.period, Timer::ProbeFails(of)));
            let process = &self.processes[i];
            let failure = self.words_of(&process.name, ProbeKind::Readiness, probe, &refusal(probe.action));
            let failure = format!("Readiness probe failed: {failure}");
            self.says(&mut turn, EventType::Warning, "Unhealthy", failure, Some(&process.name));
        }
    }

    pub(super) fn probe_passes(&mut self, of: Incarnation, turn: StepContext) {
        let Incarnation { container: i, starts } = of;
        let held = self.held_unready || self.over();
        let stopping = self.stopping();
        let Some(process) = self.processes.get_mut(i) else { return };
        if process.starts != starts || !process.running() || process.ready || held || process.answers.frozen(turn.context.now) {
            return;
        }
        process.ready = true;
        if !stopping {
            self.write_status(turn);
        }
    }
}
