//! What is kept inside containers: their files, logs and processes, and what is on volumes.

use std::rc::Rc;

use super::apps::Reached;
use super::clients::Clients;
use super::disk::Disk;
use super::environment::{Environment, environment};
use super::installed::{goes_to_background, process_name};
use super::lost::Losses;
use super::manifest::raw_of;
use super::place::{ContainerInfo, OrphanedVolumes, last_words_file};
use super::process::{AtTerm, Process, dialect_of};
use super::refusals::Wanted;
use super::replicated::Replicated;
use super::requests::{Exchange, Party, Requests};
use super::room::Room;
use crate::command::{is_known, words_in};
use crate::dns::cache::{Cache, Keeps};
use crate::dns::{Answer, Query};
use crate::programs::{Peers, app_of};
use crate::runtime::Answers;
use api::object::pod::Container;
use api::object::{Name, Pod, Uid, Volume};
use base::lines::Lines;
use base::note::Note;
use base::sorted::{SortedMap, SortedSet};
use base::time::Time;
use base::value::Value;
use base::word::Word;
use server::tables::Tables;
use shell::{Host, Shell};

/// How many bytes of the file for a container's last words are told, and how many lines and bytes of its log instead.
/// pkg/kubelet/container/helpers.go MaxContainerTerminationMessageLength and those after it.
const MAX_LAST_WORDS: usize = 4096;
const MAX_LOG_LINES: usize = 80;
const MAX_LOG_BYTES: usize = 2048;
/// How many bytes of a log are kept.
const MAX_LOG: usize = 1 << 18;

/// Everything inside containers.
#[derive(Clone, Debug, Default)]
pub struct Disks {
    /// What is kept of volumes and folders of nodes, by the name of what holds it ([`Volume::medium`]).
    pub(super) volumes: SortedMap<Name, Disk>,
    pub(super) torn: OrphanedVolumes,
    /// The containers' own files, and pod-local volumes.
    pub(super) layers: SortedMap<(Uid, Name), Disk>,
    pub(super) logs: SortedMap<(Uid, Name), Lines>,
    /// The running containers, and when they respond.
    pub(super) running: SortedMap<(Uid, Name), Answers>,
    /// The environments that they were started with.
    pub(super) environments: SortedMap<(Uid, Name), Rc<Environment>>,
    /// The logs of their previous processes.
    pub(super) previous: SortedMap<(Uid, Name), Lines>,
    /// The variables for which the latest servers of containers did not start.
    pub(super) refused: SortedMap<(Uid, Name), Wanted>,
    /// The main processes of containers with a command.
    pub(super) mains: SortedMap<(Uid, Name), Process>,
    /// Pods in which a process that has ended did what is not simulated.
    pub(super) unsure: SortedSet<Uid>,
    /// The containers whose image is told not to behave as its program does: what that prints is not known.
    pub(super) quiet: SortedSet<(Uid, Name)>,
    /// The commands of lifecycle hooks.
    pub(super) hooks: SortedMap<(Uid, Name), Process>,
    /// The containers whose first process got SIGTERM from inside, and which nobody has told of that yet.
    pub(super) told_to_end: Vec<(Name, Uid, Name)>,
    /// Processes started in containers by users, by number.
    pub(super) begun: SortedMap<u64, Process>,
    pub(super) count: u64,
    /// How often each Service's address was used, for round robin.
    pub(super) turns: SortedMap<Uid, usize>,
    pub(super) replicated: Replicated,
    pub(super) losses: Losses,
    /// What the cluster's DNS keeps of what these processes asked.
    pub(super) names: Cache,
    pub(super) requests: Requests,
    pub(super) clients: Clients,
}

/// How the name begins under which the content of a pod-local volume is kept.
const SCRATCH: &str = "volume ";

/// Under which name the content of a pod-local volume is kept, beside the pod's containers.
pub(super) fn scratch(volume: &str) -> Name {
    format!("{SCRATCH}{volume}").into()
}

/// The pod-local volume whose content is kept under a name.
pub(super) fn scratch_of(name: &str) -> Option<&str> {
    name.strip_prefix(SCRATCH)
}

impl Disks {
    /// The requests that were made.
    pub fn requests(&self) -> &Requests {
        &self.requests
    }

    /// Has a program ask the cluster's DNS.
    pub(super) fn resolve(&mut self, by: Option<&ContainerInfo>, query: &Query, tables: &Tables, now: Time) -> Answer {
        self.resolve_for(Party::of(by), query, tables, now)
    }

    /// [`Disks::resolve`] for whoever asks.
    pub(super) fn resolve_for(&mut self, by: Party, query: &Query, tables: &Tables, now: Time) -> Answer {
        let answer = self.names.resolve(tables, query, now);
        let what = Exchange::Lookup { name: Rc::clone(&query.name), addresses: answer.addresses().collect(), kept: answer.kept };
        self.requests.take(now, by, what);
        answer
    }

    /// What the cluster's DNS keeps of its answers.
    pub fn names(&self) -> &Cache {
        &self.names
    }

    /// Has the cluster's DNS keep its answers for so long from now on; members of applications ask anew.
    pub fn keep_names(&mut self, keeps: Keeps, now: Time) {
        self.names.keep(keeps);
        self.replicated.unsettle(now);
    }

    /// How many bytes are on what holds a volume's content.
    pub fn written(&self, medium: &str) -> Option<usize> {
        self.volumes.get(medium).map(Disk::bytes)
    }

    /// What is on a volume that only a pod has: an `emptyDir`.
    pub fn disk_within(&self, pod: Uid, volume: &str) -> Option<&Disk> {
        self.layers.get(&(pod, scratch(volume)))
    }

    /// What is on it.
    pub fn disk(&self, medium: &str) -> Option<&Disk> {
        self.volumes.get(medium)
    }

    /// The volume of this name, if its object is gone and its content is left.
    pub fn torn(&self, volume: &str) -> Option<&Rc<Volume>> {
        self.torn.get(volume)
    }

    /// All volumes whose objects were deleted by hand, and whose contents are still there.
    pub fn all_torn(&self) -> impl Iterator<Item = &Rc<Volume>> {
        self.torn.values()
    }

    /// How many bytes a pod wrote to volumes.
    pub fn written_by(&self, uid: Uid) -> usize {
        let writers = self.volumes.values().flat_map(|disk| &disk.journal().writers);
        writers.filter(|writer| writer.uid == uid).map(|writer| writer.bytes).sum()
    }

    /// The volumes that were written to.
    pub fn volumes(&self) -> impl Iterator<Item = (&Name, &Disk)> {
        self.volumes.iter()
    }

    /// A container was started; its log starts anew, and the previous one is kept. `speaks`: whether its image behaves as its program does.
    pub fn started(&mut self, pod: &Pod, container: &str, speaks: bool, tables: &Tables, now: Time) {
        let Some(container) = pod.spec.template.all_containers().find(|c| &*c.name == container) else { return };
        let key = (pod.meta.uid, Rc::clone(&container.name));
        if let Some(log) = self.logs.remove(&key) {
            self.previous.insert(key.clone(), log);
        }
        self.refused.remove(&key);
        self.running.insert(key.clone(), Answers::default());
        if !speaks {
            self.quiet.insert(key.clone());
        }
        self.environments.insert(key.clone(), Rc::new(environment(pod, raw_of(pod, container), tables)));
        self.make_parts(pod, container, tables);
        let app = app_of(&container.image);
        let is_plain = app.is_simple() && container.command.is_empty();
        let may_serve = !is_plain && !container.interactive && is_lasting(pod, &container.name);
        if may_serve && let Some((place, server)) = self.declared_server(pod, container, tables, now) {
            if app.peers == Peers::None && !container.command.is_empty() || self.refusal(&place, &server, now).is_some() {
                self.mains.insert(key.clone(), Process::serving(place.clone(), server.clone(), now));
            } else {
                self.log(key.0, &key.1, app.banner, now);
            }
            return self.begin_server(&key, place, &server, tables, now);
        }
        if !container.command.is_empty() && !container.interactive {
            let place = self.place(pod, container, tables);
            let sh = dialect_of(&place);
            let lacks = place.command.iter().find_map(|text| Shell::lacks(text, sh));
            if let Some(lacks) = &lacks {
                self.log(key.0, &key.1, &format!("{lacks}\n{}\n", Note::TakenAsFinished), now);
            }
            let after_others = self.comes_after_others(pod, &container.name);
            self.mains.insert(key, Process::main(place, lacks.is_some(), after_others, now));
            if may_serve && app.peers != Peers::None {
                self.catch_up(tables, now);
            }
        } else {
            self.log(key.0, &key.1, app.banner, now);
        }
    }

    /// Whether others in a pod may have written, before a container, what is not simulated. An image's own program may write what those
    /// after it read.
    pub(super) fn comes_after_others(&self, pod: &Pod, container: &Name) -> bool {
        let mut before = pod.spec.template.init_containers.iter().take_while(|c| c.name != *container);
        self.unsure.contains(&pod.meta.uid) || before.any(|c| c.command.is_empty())
    }

    /// The server of its image that a container's declared command runs by itself, or by a script that cannot be simulated and names it.
    fn declared_server(&mut self, pod: &Pod, container: &Container, tables: &Tables, now: Time) -> Option<(ContainerInfo, Reached)> {
        let place = self.place(pod, container, tables);
        let (app, by_entrypoint) = (place.app(), raw_of(pod, container).list_at(&["command"]).is_empty());
        let is_written = |word: &String, disks: &mut Disks| word.contains('/') && Room { place: &place, disks, now }.read(word).is_ok();
        let is_file = place.command.first().is_some_and(|first| is_written(first, self));
        let sh = dialect_of(&place);
        let named = || {
            let is_beyond = place.command.iter().any(|text| Shell::lacks(text, sh).is_some());
            let is_named = place.command.iter().flat_map(|text| words_in(text)).any(|word| app.is_named(word));
            app.supposed().filter(|_| is_beyond && is_named)
        };
        let goes_on = !place.command.is_empty() && goes_to_background(&place.command, &place);
        let server = app.reached(&place.command, by_entrypoint).filter(|_| !is_file && !goes_on).or_else(named)?;
        Some((place.with(&server), server))
    }

    /// The server that a container's first process has become begins, unless it refuses to.
    fn begin_server(&mut self, key: &(Uid, Name), place: ContainerInfo, server: &Reached, tables: &Tables, now: Time) {
        let pod = tables.pod(&place.namespace, &place.pod).filter(|pod| pod.meta.uid == key.0 && is_lasting(pod, &key.1));
        if let Some(refusal) = self.refusal(&place, server, now) {
            self.log(key.0, &key.1, &refusal.said, now);
            if let Some(wanted) = refusal.wanted {
                self.refused.insert(key.clone(), wanted);
            }
            if let Some(main) = self.mains.get_mut(key) {
                main.ends(refusal.code);
            }
            return;
        }
        if place.app().clustering_not_simulated {
            let note = Note::ApartHere(place.app().name.to_owned());
            self.log(key.0, &key.1, &format!("{note}\n"), now);
        }
        let Some(pod) = pod else { return };
        let opening = self.opening(key, pod, &place, server, now);
        Room { place: &place, disks: self, now }.keep_database();
        if place.app().peers != Peers::None {
            self.begin_member(pod, place, tables, now);
        }
        self.opens(key, opening, now);
    }

    /// The name of the first process that a container sees: its own, or that of the container that it targets.
    pub(super) fn first_name(&self, place: &ContainerInfo) -> String {
        let container = place.target.as_ref().map_or(&place.container, |target| &target.container);
        let declared = || place.target.as_ref().map_or_else(|| process_name(&place.image, &place.command), |target| target.process.clone());
        self.main(place.uid, container).map_or_else(declared, Process::name)
    }

    /// Makes the folders of volumes of which a container mounts only these, and the one where its processes start.
    /// Models pkg/kubelet/kubelet_pods.go makeMounts.
    fn make_parts(&mut self, pod: &Pod, container: &Container, tables: &Tables) {
        let is_part = |mount: &Value| mount.get("subPath").is_some() || mount.get("subPathExpr").is_some();
        let raw = raw_of(pod, container);
        if raw.get("workingDir").is_some() || raw.list_at(&["volumeMounts"]).iter().any(is_part) {
            let place = self.place(pod, container, tables);
            Room { place: &place, disks: self, now: Time::default() }.make_parts();
        }
    }

    /// A pod is found as it stands: the databases of its containers that are ready keep their data.
    pub fn found(&mut self, pod: &Pod, tables: &Tables, now: Time) {
        let is_ready = |container: &&Container| pod.status.containers.iter().any(|status| status.name == container.name && status.ready);
        for container in pod.spec.template.containers.iter().filter(is_ready) {
            let place = self.place(pod, container, tables);
            Room { place: &place, disks: self, now }.keep_database();
        }
    }

    /// Starts the command of a container's hook.
    pub fn hook(&mut self, pod: &Pod, container: &Container, words: &[Name], tables: &Tables, now: Time) {
        let process = self.command_in(pod, container, words, tables, now);
        self.hooks.insert((pod.meta.uid, Rc::clone(&container.name)), process);
    }

    /// Advances a hook's command to the present; `None` if there is no hook.
    pub fn hook_goes_on(&mut self, uid: Uid, container: &Name, tables: &Tables, now: Time) -> Option<&mut Process> {
        let key = (uid, Rc::clone(container));
        let mut process = self.hooks.remove(&key)?;
        process.go_on(self, tables, now);
        self.hooks.insert(key.clone(), process);
        self.hooks.get_mut(&key)
    }

    /// A container was stopped.
    pub fn stopped(&mut self, uid: Uid, container: &Name, tables: &Tables, now: Time) {
        let key = (uid, Rc::clone(container));
        if self.mains.contains_key(&key) {
            self.catch_up(tables, now);
            if self.mains.remove(&key).is_some_and(|main| main.is_unsure()) {
                self.unsure.insert(uid);
            }
        }
        self.running.remove(&key);
        self.quiet.remove(&key);
        self.environments.remove(&key);
        self.replicated.stopped(&key, now);
        self.hooks.remove(&key);
        self.layers.remove(&key);
        self.begun.retain(|_, process| process.place().uid != uid || process.place().container != *container);
    }

    /// A volume is made.
    pub fn volume_made(&mut self, name: &Name) {
        self.torn.remove(name);
    }

    /// The main process of a container with a command.
    pub fn main(&self, uid: Uid, container: &Name) -> Option<&Process> {
        self.mains.get(&(uid, Rc::clone(container)))
    }

    /// The containers whose first process got SIGTERM from inside since the last call: node, pod and name.
    pub fn take_told_to_end(&mut self) -> Vec<(Name, Uid, Name)> {
        std::mem::take(&mut self.told_to_end)
    }

    /// Gives SIGTERM to the script that a container's main process runs; what that does about it. `None` if it runs no script.
    pub fn tell_to_end(&mut self, uid: Uid, container: &Name, now: Time) -> Option<AtTerm> {
        self.mains.get_mut(&(uid, Rc::clone(container)))?.tell_to_end(now)
    }

    /// Whether any container has a simulated main process.
    pub fn has_mains(&self) -> bool {
        !self.mains.is_empty()
    }

    /// Whether a pod's main processes will do something by themselves.
    pub fn acts(&self, uid: Uid) -> bool {
        self.mains.iter().any(|((of, _), process)| *of == uid && process.due().is_some())
    }

    /// Advances the main processes to the present, in order of time.
    pub fn catch_up(&mut self, tables: &Tables, now: Time) {
        loop {
            let due = self.mains.iter().filter_map(|(key, process)| Some((process.due()?, key))).filter(|(at, _)| *at <= now).min();
            let Some((at, key)) = due.map(|(at, key)| (at, key.clone())) else { return };
            let Some(mut process) = self.mains.remove(&key) else { return };
            process.go_on(self, tables, at);
            for piece in process.take_new() {
                self.log(key.0, &key.1, &piece.logged(), at);
            }
            let server = process.take_server();
            self.mains.insert(key.clone(), process);
            if let Some((place, server)) = server {
                self.begin_server(&key, place, &server, tables, at);
            }
        }
    }

    /// Appends to a container's log.
    pub fn log(&mut self, uid: Uid, container: &Name, text: &str, at: Time) {
        if text.is_empty() {
            return;
        }
        let log = self.logs.entry((uid, Rc::clone(container))).or_default();
        log.push(text, at);
        if log.text().len() > MAX_LOG {
            log.keep_last(MAX_LOG / 2);
        }
    }

    /// A container's log.
    pub fn log_of(&self, uid: Uid, container: &Name) -> Option<&Lines> {
        self.logs.get(&(uid, Rc::clone(container)))
    }

    /// The log of a container's previous process.
    pub fn previous_log_of(&self, uid: Uid, container: &Name) -> Option<&Lines> {
        self.previous.get(&(uid, Rc::clone(container)))
    }

    /// Whether nobody knows what the first process of a container logs: the image is not known, nor is it a script that is followed.
    pub fn has_unknown_log(&self, uid: Uid, container: &Container) -> bool {
        !is_known(&container.image) && self.main(uid, &container.name).is_none_or(Process::is_unsure)
    }

    /// The variable for which the server of a container did not start when it was run last.
    pub fn refused_for(&self, uid: Uid, container: &Name) -> Option<&Wanted> {
        self.refused.get(&(uid, Rc::clone(container)))
    }

    /// What a container that ends leaves to be said of its end: what its process wrote to the file for that, or else, where the
    /// container asks for it and has `failed`, the end of its log. Models kuberuntime_container.go getTerminationMessage and
    /// readLastStringFromContainerLogs.
    pub fn last_words(&self, uid: Uid, container: &Value, failed: bool) -> Word {
        let Some(name) = container.get("name").and_then(Value::as_shared_text) else { return Word::default() };
        let file = last_words_file(container);
        let left = self.layers.get(&(uid, Rc::clone(&name))).and_then(|own| own.get(file)).map_or("", |text| end_of(text, MAX_LAST_WORDS));
        if !left.is_empty() || !failed || container.text_at(&["terminationMessagePolicy"]) != Some("FallbackToLogsOnError") {
            return left.to_owned().into();
        }
        let log = self.log_of(uid, &name).map_or("", Lines::text);
        let lines = log.split_inclusive('\n').rev().take(MAX_LOG_LINES).map(str::len).sum();
        end_of(end_of(log, lines), MAX_LOG_BYTES).to_owned().into()
    }

    /// Starts a process in a container; returns its number.
    pub fn begin(&mut self, process: Process) -> u64 {
        self.count += 1;
        self.begun.insert(self.count, process);
        self.count
    }

    /// Advances a process to the present; `None` if its container has ended.
    pub fn go_on(&mut self, number: u64, tables: &Tables, now: Time) -> Option<&mut Process> {
        self.catch_up(tables, now);
        let mut process = self.begun.remove(&number)?;
        process.go_on(self, tables, now);
        self.begun.insert(number, process);
        self.begun.get_mut(&number)
    }

    /// A process started by a user.
    pub fn process(&mut self, number: u64) -> Option<&mut Process> {
        self.begun.get_mut(&number)
    }

    /// Discards a process.
    pub fn end(&mut self, number: u64) {
        self.begun.remove(&number);
    }

    /// A container as a process sees it that begins there now.
    pub fn place(&self, pod: &Pod, container: &Container, tables: &Tables) -> ContainerInfo {
        let started_with = self.environments.get(&(pod.meta.uid, Rc::clone(&container.name)));
        let environment = started_with.map_or_else(|| Rc::new(environment(pod, raw_of(pod, container), tables)), Rc::clone);
        ContainerInfo::new(pod, container, environment, tables, &self.torn)
    }

    /// A command run beside a container's main process; one that cannot be simulated counts as done.
    pub(super) fn command_in(&self, pod: &Pod, container: &Container, words: &[Name], tables: &Tables, now: Time) -> Process {
        let mut place = self.place(pod, container, tables);
        place.command = words.iter().map(ToString::to_string).collect();
        let lacks = place.command.iter().any(|text| Shell::lacks(text, dialect_of(&place)).is_some());
        Process::main(place, lacks, false, now).beside()
    }
}

/// Whether a container of a pod is none of those that run to completion before the others start.
fn is_lasting(pod: &Pod, name: &Name) -> bool {
    pod.spec.template.containers.iter().any(|container| container.name == *name)
}

/// At most this many bytes from the end of a text.
fn end_of(text: &str, most: usize) -> &str {
    let from = text.len().saturating_sub(most);
    text.get(from..).unwrap_or_else(|| text.char_indices().find(|(at, _)| *at > from).map_or("", |(at, _)| &text[at..]))
}
