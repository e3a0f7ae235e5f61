//! What runs inside containers: starting and stopping the processes there, and letting clients talk to them.

use std::rc::Rc;

use super::event::Event;
use super::{Refused, Sim};
use api::client::{Exec, LogOptions, ProcessOutput};
use api::object::pod::{Container, ContainerState, PodStatus, RestartPolicy};
use api::object::{Name, NamespacedName, Object, Pod, Uid};
use base::lines::Lines;
use base::time::{Span, Time};
use cluster::command::{is_supposed_to_end, is_to_be_run, pauses};
use cluster::dns::cache::Keeps;
use cluster::inside::clients::Order;
use cluster::inside::requests::Party;
use cluster::inside::{AtTerm, Disks, Probed, Process, ProgramContext, Ran, curl, http};
use cluster::kubelet::{Machine, Timer};
use cluster::runtime::Happening;
use server::log::Change;

/// Who sleeps longer than thirty days is taken to sleep for ever.
const FOR_EVER: Span = Span::seconds(30 * 86_400);

impl Sim {
    /// The file systems and processes inside containers.
    pub fn disks(&self) -> &Disks {
        &self.disks
    }

    /// Has the cluster's DNS cache its answers for so long from now on.
    pub fn cache_names(&mut self, keeps: Keeps) {
        self.disks.keep_names(keeps, self.now);
        self.wake_applications();
    }

    /// Advances the processes in containers to the present.
    pub fn catch_up_with_containers(&mut self) {
        if self.disks.has_mains() {
            self.disks.catch_up(self.server.tables(), self.now);
            self.wake_applications();
        }
    }

    /// Runs `curl` on a machine outside the cluster network. Forwarded ports on that machine are up to the caller.
    pub fn curl(&mut self, args: &[String]) -> Ran {
        self.catch_up_with_containers();
        let variable = |_: &str| String::new();
        let (tables, disks, now) = (self.server.tables(), &mut self.disks, self.now);
        curl(args, &mut ProgramContext { place: None, tables, disks, now, folder: "/", variable: &variable })
    }

    /// Sends an HTTP request to a pod, as the API server's proxy or a port-forward does; `None` if there is no such pod.
    pub fn ask_pod(&mut self, namespace: &str, pod: &str, request: &http::Request) -> Option<Result<http::Answer, http::Refusal>> {
        self.catch_up_with_containers();
        let pod = self.server.tables().pod(namespace, pod)?;
        let ip = pod.status.ip.unwrap_or(http::LOCALHOST);
        let target = http::Target { pod, ip, port: request.port, service: None, by: Party::Outside };
        Some(http::serve(&target, request, None, self.server.tables(), &mut self.disks, self.now))
    }

    /// Tells the insides of containers that a container has started or stopped, or that a node went down or came up.
    pub(super) fn inside_hears(&mut self, what: &Happening) {
        match what {
            Happening::Started(process) => {
                if let Some(pod) = self.pod_inside(&process.node, process.uid) {
                    let speaks = self.images.behaviour(&process.image).speaks();
                    self.disks.started(&pod, &process.container, speaks, self.server.tables(), self.now);
                    self.learns_answers(&process.node, process.uid);
                    if let Some(after) = self.may_end_after(&pod, &process.container) {
                        let event = Event::Inside(Rc::clone(&process.node), process.uid, Rc::clone(&process.container));
                        self.queue.push(self.now + after.max(self.timing.crash_after), event);
                    }
                }
            }
            Happening::Stopped { process, .. } => self.disks.stopped(process.uid, &process.container, self.server.tables(), self.now),
            Happening::NodeDown(node) => self.disks.replicated_mut().hears_of_node(node, true, self.now),
            Happening::NodeUp(node) => self.disks.replicated_mut().hears_of_node(node, false, self.now),
        }
        self.wake_applications();
    }

    /// How long a container's process runs at least, if it may end by itself, which has to be found by running it: one with a script
    /// that cannot be simulated, as long as it sleeps.
    fn may_end_after(&self, pod: &Pod, name: &Name) -> Option<Span> {
        let main = self.disks.main(pod.meta.uid, name);
        let container = pod.spec.template.all_containers().find(|c| c.name == *name)?;
        if self.images.behaviour(&container.image).opaque {
            return None;
        }
        let ends = self.timing.nodes.run_whole_pods() && (is_to_be_run(container) || container.command.is_empty() && main.is_some());
        let is_done = || main.is_some_and(|process| process.code().is_some());
        (ends || is_init(pod, name)).then(|| if is_done() { pauses(container.command.iter().map(|word| &**word)) } else { Span(0) })
    }

    /// Copies from the machine which of a pod's containers answer requests.
    pub(super) fn learns_answers(&mut self, node: &Name, uid: Uid) {
        let Some(worker) = self.machines.get(node).and_then(|machine| machine.worker(uid)) else { return };
        for (container, answers) in worker.answers() {
            self.disks.answers(uid, container, answers);
        }
    }

    /// Starts a lifecycle hook's command in a container.
    pub(super) fn begins_hook(&mut self, node: &Name, uid: Uid, container: &Name, words: &[Name]) {
        let Some(pod) = self.pod_inside(node, uid) else { return };
        let Some(found) = pod.spec.template.all_containers().find(|c| c.name == *container) else { return };
        self.disks.hook(&pod, found, words, self.server.tables(), self.now);
        self.looks_again(node, uid, container, self.now);
    }

    /// A pod as its own processes see it: with its address, even before the API server has been told of it.
    fn pod_inside(&self, node: &Name, uid: Uid) -> Option<Pod> {
        let worker = self.machines.get(node)?.worker(uid)?;
        let pod = self.tables().pod(&worker.key.namespace, &worker.key.name).filter(|pod| pod.meta.uid == uid)?;
        let mut pod = Pod::clone(pod);
        pod.status.ip = pod.status.ip.or(worker.address());
        Some(pod)
    }

    /// Runs what is due in replicated applications.
    pub(super) fn run_applications(&mut self) {
        self.disks.run_replicated(self.server.tables(), self.now);
        if self.disks.has_client_due(self.now) {
            self.catch_up_with_containers();
            self.disks.run_clients(self.server.tables(), self.now);
        }
        self.wake_applications();
    }

    /// Schedules the next wake-up of the replicated applications.
    fn wake_applications(&mut self) {
        if let Some(at) = self.disks.wake() {
            self.queue.push(at, Event::Applications);
        }
    }

    /// Makes a client inside the cluster ask as an order says, once a second from now on; a count of 0 stops it.
    pub fn ask(&mut self, namespace: &Name, order: &Order) {
        self.disks.begin_to_ask(namespace, order, self.now);
        self.wake_applications();
    }

    /// Has each pod of a set write its name to the volumes of its claims.
    pub fn write_names(&mut self, set: &NamespacedName) -> Result<(), Refused> {
        let found = self.tables().stateful_set(&set.namespace, &set.name).cloned();
        let found = found.ok_or_else(|| Refused::NoSet(Rc::clone(&set.name)))?;
        let own = |pod: &&Rc<Pod>| pod.meta.is_controlled_by(found.meta.uid) && pod.meta.namespace == set.namespace;
        let pods: Vec<Rc<Pod>> = self.tables().pods().filter(own).cloned().collect();
        let mut wrote = false;
        for pod in &pods {
            wrote |= self.disks.write_name(pod, self.server.tables(), self.now);
        }
        if wrote { Ok(()) } else { Err(Refused::TakesNoWrites(Rc::clone(&set.name))) }
    }

    /// Makes a client write to the application of a set `count` times, once a second from now on. Where it is no application that
    /// replicates, each of its pods writes its name instead.
    pub fn write_to(&mut self, set: &NamespacedName, count: u32) -> Result<(), Refused> {
        if self.disks.replicated().members(set).next().is_none() {
            return self.write_names(set);
        }
        self.disks.begin_client(set, count, self.now);
        self.wake_applications();
        Ok(())
    }

    /// Checks whether a hook's command or a container's main process has exited; if not, checks again when it is next due to act.
    pub(super) fn look_inside(&mut self, node: &Name, uid: Uid, container: &Name) {
        self.catch_up_with_containers();
        if let Some(hook) = self.disks.hook_goes_on(uid, container, self.server.tables(), self.now) {
            let (due, code) = (hook.due(), hook.code());
            if let Some(code) = code {
                let ran = Ran::read(code, hook.take_new());
                self.with_machine(node, uid, |machine, context| machine.hook_ends(uid, container, &ran, context));
            } else if let Some(due) = due {
                self.looks_again(node, uid, container, due);
            }
            return self.pass_on_signals();
        }
        let Some(process) = self.disks.main(uid, container) else { return };
        if let Some(code) = process.code() {
            let completes = self.pod_inside(node, uid).is_some_and(|pod| completes(&pod, container));
            // What is not simulated may be a server. What runs to completion is taken as finished where it may have failed for what the
            // image brings.
            let code = match completes {
                true if process.asks_the_image() => 0,
                false if process.is_unsure() => return,
                _ => code,
            };
            self.with_machine(node, uid, |machine, context| machine.ends(uid, container, i64::from(code), context));
        } else if let Some(due) = process.due()
            && (process.is_told_to_end() || self.pod_inside(node, uid).is_some_and(|pod| self.may_end_after(&pod, container).is_some()))
        {
            self.looks_again(node, uid, container, due);
        }
    }

    /// Passes SIGTERM from inside containers on to their first processes: to a script, which does what it says it does then; or else to
    /// what the machine knows of the process.
    fn pass_on_signals(&mut self) {
        for (node, uid, container) in self.disks.take_told_to_end() {
            match self.disks.tell_to_end(uid, &container, self.now) {
                Some(AtTerm::Acts(due)) => self.looks_again(&node, uid, &container, due),
                Some(AtTerm::Nothing) => {}
                None => self.with_machine(&node, uid, |machine, context| machine.terminates(uid, &container, context)),
            }
        }
    }

    /// Runs a probe against the container itself, if the timer is a probe's and the probe can be simulated.
    pub(super) fn probe(&mut self, node: &Name, uid: Uid, timer: Timer) -> Option<Probed> {
        if !matches!(timer, Timer::Asks(..)) {
            return None;
        }
        let ask = self.machines.get(node)?.worker(uid)?.probes_by(timer)?;
        let pod = self.pod_inside(node, uid)?;
        let probed = self.disks.probe(&pod, &ask, self.server.tables(), self.now);
        self.wake_applications();
        self.pass_on_signals();
        probed
    }

    /// Tells the kubelet that something inside a container was changed, so that its probes may now give another result.
    fn touched(&mut self, number: u64) {
        let Some(place) = self.disks.process(number).map(|process| process.place()) else { return };
        let (node, uid, container) = (Rc::clone(&place.node), place.uid, Rc::clone(&place.container));
        self.with_machine(&node, uid, |machine, context| machine.touched(uid, &container, context));
    }

    fn looks_again(&mut self, node: &Name, uid: Uid, container: &Name, due: Time) {
        if due.since(self.now) > FOR_EVER {
            return;
        }
        let at = due.max(self.now + self.timing.kubelet_writes);
        self.queue.push(at, Event::Inside(Rc::clone(node), uid, Rc::clone(container)));
    }

    /// Discards what a deleted pod, volume or set had inside, and tells applications when DNS may have changed.
    pub(super) fn inside_sees(&mut self, change: &Change) {
        match (&change.after, &change.before) {
            (None, Some(Object::Volume(volume))) => self.disks.volume_gone(volume, change.at),
            (Some(Object::Volume(volume)), None) => self.disks.volume_made(&volume.meta.name),
            (None, Some(Object::Pod(pod))) => self.disks.pod_gone(pod, change.at),
            (None, Some(Object::StatefulSet(set))) => {
                self.disks.replicated_mut().set_gone(&set.meta.namespaced_name());
            }
            // DNS may now answer differently.
            (Some(Object::EndpointSlice(_) | Object::Service(_)), _) | (None, Some(Object::EndpointSlice(_) | Object::Service(_))) => {
                self.disks.replicated_mut().unsettle(self.now);
                self.wake_applications();
            }
            _ => {}
        }
    }

    /// A pod, or the server's words that there is none.
    pub(super) fn pod_named(&self, pod: &NamespacedName) -> Result<&Rc<Pod>, String> {
        self.tables().pod(&pod.namespace, &pod.name).ok_or_else(|| format!("pods {:?} not found", pod.name))
    }

    /// A running container, or the kubelet's reason why there is none.
    fn container(&self, pod: &NamespacedName, name: &str) -> Result<(&Rc<Pod>, &Container), String> {
        let missing = || format!("unable to upgrade connection: container not found ({name:?})");
        let found = self.pod_named(pod)?;
        let machine = found.node.as_ref().and_then(|node| self.machines.get(node)).ok_or_else(missing)?;
        let runs = |m: &Machine, uid: Uid| m.worker(uid).is_some_and(|w| w.running_containers().any(|c| **c == *name));
        let container = found.spec.template.all_containers().find(|c| &*c.name == name);
        container.filter(|_| runs(machine, found.meta.uid)).map(|c| (found, c)).ok_or_else(missing)
    }

    pub(super) fn begin(&mut self, exec: &Exec) -> Result<u64, String> {
        let (pod, container) = self.container(&exec.pod, &exec.container)?;
        let place = self.disks.place(pod, container, self.tables());
        let shell = || vec!["sh".to_owned()];
        let command = match exec.command.as_slice() {
            [] if place.command.is_empty() => shell(),
            [] => place.command.clone(),
            words => words.to_vec(),
        };
        let process = Process::new(place, &command, &exec.input, self.now);
        Ok(self.disks.begin(if exec.command.is_empty() { process.attached() } else { process }))
    }

    pub(super) fn hear(&mut self, number: u64) -> Option<ProcessOutput> {
        let has_ended = self.disks.go_on(number, self.server.tables(), self.now)?.code().is_some();
        self.wake_applications();
        self.pass_on_signals();
        if has_ended {
            self.touched(number);
        }
        let process = self.disks.process(number)?;
        let (pieces, place) = (process.take_new(), process.is_attached().then(|| process.place()));
        if let Some((uid, container)) = place.map(|place| (place.uid, Rc::clone(&place.container))) {
            for piece in &pieces {
                self.disks.log(uid, &container, &piece.logged(), self.now);
            }
        }
        let process = self.disks.process(number)?;
        Some(ProcessOutput {
            pieces,
            due: process.due(),
            code: process.code(),
            missing: process.missing().map(str::to_owned),
            prompt: process.prompt(),
        })
    }

    pub(super) fn tell(&mut self, number: u64, line: Option<&str>) {
        let now = self.now;
        let Some(process) = self.disks.process(number) else { return };
        match line {
            Some(line) => process.take_line(line, now),
            None => process.interrupt(),
        }
        self.touched(number);
    }

    /// Ends a process; with an exit code, also the container whose main process it is.
    pub(super) fn end_inside(&mut self, number: u64, code: Option<i32>) {
        let place = self.disks.process(number).map(|p| p.place().clone());
        self.disks.end(number);
        if let (Some(place), Some(code)) = (place, code) {
            let fault =
                super::Fault::Crash { namespace: place.namespace, pod: place.pod, container: place.container, exit_code: i64::from(code) };
            let _ = self.fault(&fault);
        }
    }

    /// A container's log. The previous one is that of the last terminated process: while the container waits to be restarted, that is the
    /// latest one. Models pkg/kubelet/kubelet.go validateContainerLogStatus.
    pub(super) fn log_of_container(&mut self, pod: &NamespacedName, options: LogOptions) -> Result<Lines, String> {
        self.catch_up_with_containers();
        let pod = self.pod_named(pod)?;
        let found = pod.spec.template.all_containers().find(|c| &*c.name == options.container);
        let name = found.map(|c| &c.name).ok_or_else(|| format!("container is not valid for pod {}", pod.meta.name))?;
        let PodStatus { containers, init_containers, ephemeral_containers, .. } = &pod.status;
        let waits = containers
            .iter()
            .chain(init_containers)
            .chain(ephemeral_containers)
            .any(|c| c.name == *name && matches!(c.state, ContainerState::Waiting { .. }));
        let log =
            if options.previous && !waits { self.disks.previous_log_of(pod.meta.uid, name) } else { self.disks.log_of(pod.meta.uid, name) };
        Ok(log.cloned().unwrap_or_default())
    }
}

/// Whether a container is supposed to run to completion. An ephemeral one is never started again, whatever its pod says.
fn completes(pod: &Pod, name: &Name) -> bool {
    let template = &pod.spec.template;
    let is_one = |c: &&Container| c.name == *name;
    is_init(pod, name)
        || template.declared_containers().any(|c| is_one(&c) && is_supposed_to_end(c, template.restart))
        || template.ephemeral_containers.iter().any(|c| is_one(&c) && is_supposed_to_end(c, RestartPolicy::Never))
}

/// Whether a container runs to completion before its pod's own containers start.
fn is_init(pod: &Pod, name: &Name) -> bool {
    pod.spec.template.init_containers.iter().any(|c| c.name == *name && !c.sidecar)
}
