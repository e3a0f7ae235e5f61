//! What listens on a pod's ports, and the results of a kubelet's probes.
//!
//! A program of the table ([`crate::programs`]) listens on its own ports and answers as it does by default, unless its container declares
//! something that suggests other settings. Nothing is known about any other program: it is assumed to listen on the ports that
//! its container declares and on those that its probes use or name, and to answer successfully, so that no manifest fails without a reason.
//! A container whose script has run to its end, or to a pause, without starting a server listens nowhere.
//! Promises: nothing is written; probe requests appear in no log.
//! Not modelled: servers on hosts other than the pod, which are assumed to answer; a process that hangs but accepts connections;
//! redirects; servers that speak first, which close the connection here.

use std::rc::Rc;

use super::apps::{NOTHING, is_built_otherwise, is_other};
use super::disks::Disks;
use super::http::Request;
use super::manifest::raw_of;
use super::place::is_within;
use super::process::Process;
use super::ran::Ran;
use super::replicated::Role;
use super::room::Room;
use crate::programs::{App, OTHER, Peers, Serves, app_of};
use crate::runtime::{Answers, Silence};
use api::object::pod::{Container, Ip};
use api::object::{Name, Pod, Uid};
use base::time::{Span, Time};
use base::value::Value;
use server::tables::Tables;

/// Substrings that hint at settings, in commands, variable names and mount paths.
const SETTINGS: [&str; 4] = ["conf", "port", "listen", "http:"];

/// A probe of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeRequest {
    pub container: Name,
    /// The kind of probe.
    pub how: How,
    /// The host, if it is not the pod.
    pub host: Option<Name>,
    /// The probe's timeout.
    pub timeout: Span,
}

/// The kind of a probe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// By running a command.
    Command(Vec<Name>),
    Http(Get),
    /// By opening a TCP connection.
    Tcp {
        port: i64,
    },
    /// By a gRPC health check.
    Grpc {
        port: i64,
    },
}

/// A probe's HTTP GET.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Get {
    pub port: i64,
    pub path: String,
    /// Whether by HTTPS.
    pub tls: bool,
}

/// What a probe received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProbeAnswer {
    /// Success.
    Well,
    /// Assumed success: what would answer is not simulated.
    Supposed,
    /// The output of a command that failed.
    Said(String),
    /// An HTTP status that counts as failure.
    Status(i32),
    /// The connection was refused.
    Refused,
    /// The probe timed out.
    Silent,
    /// The connection was closed without an answer.
    Closed,
    /// An unencrypted response to an HTTPS request.
    Plain,
}

/// The result of a probe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probed {
    /// What the probe received.
    pub heard: ProbeAnswer,
    /// When the result may change because of what the pod itself does.
    pub changes: Option<Time>,
}

/// A listener on a port.
pub(super) struct Listener<'a> {
    pub container: &'a Container,
    /// The program; [`OTHER`] if it is unknown.
    pub app: &'static App,
    /// The port on which it answers first.
    pub port: i64,
    /// Whether its settings may differ from the table's.
    pub unsure: bool,
}

impl Disks {
    /// Records when a process responds: from one instant until another.
    pub fn answers(&mut self, uid: Uid, container: &Name, answers: Answers) {
        self.running.insert((uid, Rc::clone(container)), answers);
    }

    /// Why a container's process does not respond; `None` if it does.
    pub(super) fn silence(&self, pod: &Pod, container: &Container, now: Time) -> Option<Silence> {
        self.running.get(&(pod.meta.uid, Rc::clone(&container.name)))?.silence(now)
    }

    /// The listener on a port of a pod.
    pub(super) fn ear<'a>(&self, pod: &'a Pod, port: i64) -> Option<Listener<'a>> {
        let ears = || pod.spec.template.all_containers().filter_map(|container| self.works(pod, container));
        let known = ears().find(|ear| ear.port == port || ear.app.also.contains(&port));
        let supposed = || ears().find(|ear| ear.unsure && port != ear.app.port && speaks_of(pod, ear.container, port));
        known.or_else(|| supposed().map(|ear| Listener { app: &OTHER, ..ear }))
    }

    /// The program that runs in a container, if its process runs.
    fn works<'a>(&self, pod: &'a Pod, container: &'a Container) -> Option<Listener<'a>> {
        let key = (pod.meta.uid, Rc::clone(&container.name));
        self.running.get(&key)?;
        let app = app_of(&container.image);
        let unsure = is_other(app) || may_be_set_up(pod, container, app);
        let programs = self.mains.get(&key).map(|main| main.may_serve().collect::<Vec<_>>());
        let (app, unsure) = match programs.as_deref() {
            None if container.interactive && container.command.is_empty() && app.serves == Serves::Nothing => (&NOTHING, false),
            None => (app, unsure),
            Some([]) => (&NOTHING, false),
            Some(programs) if programs.iter().any(|program| app.is_run_by(program)) => (app, unsure),
            Some(_) => (&OTHER, true),
        };
        let port = if is_other(app) || app.name == NOTHING.name { app.port } else { self.port_at(&key, app) };
        Some(Listener { container, app, port, unsure })
    }

    /// The port on which the server of a container answers first.
    fn port_at(&self, key: &(Uid, Name), app: &App) -> i64 {
        if let Some(port) = self.mains.get(key).and_then(Process::port) {
            return port;
        }
        let member = if app.peers == Peers::None { None } else { self.replicated.members.get(key) };
        member.map_or(app.port, |member| member.place().port)
    }

    /// Probes a container like its kubelet.
    pub fn probe(&mut self, pod: &Pod, ask: &ProbeRequest, tables: &Tables, now: Time) -> Option<Probed> {
        self.catch_up(tables, now);
        let acts = |disks: &Disks| pod.spec.template.all_containers().filter_map(|c| disks.main(pod.meta.uid, &c.name)?.due()).min();
        if let How::Command(words) = &ask.how {
            let changes = acts(self);
            let heard = self.tries(pod, ask, words, tables, now)?;
            return Some(Probed { heard, changes });
        }
        let heard = self.hears(pod, ask, tables, now);
        let is_well = matches!(heard, ProbeAnswer::Well | ProbeAnswer::Supposed);
        Some(Probed { heard, changes: acts(self).filter(|_| !is_well) })
    }

    /// Runs the command of an exec probe. Its failure counts only if everything that it depends on is simulated.
    fn tries(&mut self, pod: &Pod, ask: &ProbeRequest, words: &[Name], tables: &Tables, now: Time) -> Option<ProbeAnswer> {
        let container = pod.spec.template.all_containers().find(|c| c.name == ask.container)?;
        let mut process = self.command_in(pod, container, words, tables, now);
        let mut at = now;
        self.requests.probes = true;
        while process.code().is_none() && at.since(now) <= ask.timeout {
            process.go_on(self, tables, at);
            let Some(due) = process.due() else { break };
            at = due;
        }
        self.requests.probes = false;
        let Some(code) = process.code() else { return Some(ProbeAnswer::Silent) };
        let ran = Ran::read(code, process.take_new());
        let said = format!("{}{}", ran.out, ran.err).trim_end().to_owned();
        let serves_itself = self.main(pod.meta.uid, &ask.container).is_none_or(|main| main.may_serve().next().is_some());
        let unsure = process.may_serve().next().is_some() || ran.note.is_some() || serves_itself && process.asks_the_image();
        Some(match code {
            0 => ProbeAnswer::Well,
            _ if unsure => ProbeAnswer::Well,
            _ if process.has_asked && self.main(pod.meta.uid, &ask.container).is_some_and(Process::may_be_its_server) => {
                ProbeAnswer::Supposed
            }
            _ => ProbeAnswer::Said(said),
        })
    }

    /// Runs a network probe.
    fn hears(&mut self, pod: &Pod, ask: &ProbeRequest, tables: &Tables, now: Time) -> ProbeAnswer {
        let (How::Http(Get { port, .. }) | How::Tcp { port } | How::Grpc { port }) = ask.how else { return ProbeAnswer::Well };
        if let Some(host) = ask.host.as_deref().filter(|host| Ip::parse(host).is_none_or(|ip| Some(ip) != pod.status.ip)) {
            let on_node = matches!(host, "localhost" | "127.0.0.1") && !pod.spec.template.on_host();
            return if on_node { ProbeAnswer::Refused } else { ProbeAnswer::Supposed };
        }
        let Some(ear) = self.ear(pod, port) else { return ProbeAnswer::Refused };
        match (self.silence(pod, ear.container, now), &ask.how) {
            (Some(Silence::NotYet), _) => ProbeAnswer::Refused,
            (Some(Silence::Frozen), _) => ProbeAnswer::Silent,
            _ if is_other(ear.app) => ProbeAnswer::Supposed,
            (None, How::Http(get)) => self.gets(pod, &ear, get, tables, now),
            (None, How::Grpc { .. }) if !ear.app.speaks_grpc => ProbeAnswer::Silent,
            _ => ProbeAnswer::Well,
        }
    }

    /// The result of a GET from a program of the table.
    fn gets(&mut self, pod: &Pod, ear: &Listener, get: &Get, tables: &Tables, now: Time) -> ProbeAnswer {
        let asks = |known: &[&str]| known.iter().any(|known| get.path.starts_with(known));
        let code = match ear.app.serves {
            _ if ear.port != get.port => return if ear.unsure { ProbeAnswer::Supposed } else { ProbeAnswer::Closed },
            Serves::Nothing => return ProbeAnswer::Closed,
            _ if get.tls => return if ear.unsure { ProbeAnswer::Supposed } else { ProbeAnswer::Plain },
            Serves::Greeting(_) | Serves::Pet(_) => 200,
            // However it is set up, no other program answers there in its place.
            Serves::Paths(_) if asks(ear.app.led) && self.is_alone(pod) => return ProbeAnswer::Status(503),
            Serves::Paths(known) if asks(known) => 200,
            Serves::Paths(_) => 404,
            Serves::Files(_) if get.path == "/" && self.is_as_brought(pod, ear.container, ear.app.folder) => 200,
            Serves::Files(web) => {
                let place = self.place(pod, ear.container, tables);
                let request = Request { method: "GET".into(), path: get.path.clone(), ..Request::default() };
                web.answer(&Room { place: &place, disks: self, now }, ear.app.folder, &request).code()
            }
        };
        match code {
            ..400 => ProbeAnswer::Well,
            _ if ear.unsure => ProbeAnswer::Supposed,
            _ => ProbeAnswer::Status(code),
        }
    }

    /// Whether a pod's process is a member of a group that it finds no leader of.
    fn is_alone(&self, pod: &Pod) -> bool {
        self.replicated().member_of(pod.meta.uid).is_some_and(|member| member.role() == Role::Alone)
    }

    /// Whether a folder of a container is as its image brings it: nothing is mounted over it or in it, and nothing was written.
    fn is_as_brought(&self, pod: &Pod, container: &Container, folder: &str) -> bool {
        let mounts = raw_of(pod, container).list_at(&["volumeMounts"]).iter().filter_map(|mount| mount.text_at(&["mountPath"]));
        let mut mounts = mounts.map(|at| at.trim_end_matches('/'));
        let is_written = self.layers.contains_key(&(pod.meta.uid, Rc::clone(&container.name)));
        !is_written && !mounts.any(|at| is_within(folder, at) || is_within(at, folder))
    }
}

/// Whether a container's declaration may change its program's settings.
fn may_be_set_up(pod: &Pod, container: &Container, app: &App) -> bool {
    let raw = raw_of(pod, container);
    let texts = |list: &'static str, key: &'static str| raw.list_at(&[list]).iter().filter_map(move |entry| entry.text_at(&[key]));
    let words = container.command.iter().map(|word| &**word);
    let speaks = |text: &str| SETTINGS.iter().any(|part| text.to_ascii_lowercase().contains(part));
    is_built_otherwise(&container.image)
        || app.has_more
        || (app.peers != Peers::None && words.clone().any(|word| word == "-p"))
        || words.chain(texts("env", "name")).chain(texts("volumeMounts", "mountPath")).any(speaks)
        || !raw.list_at(&["envFrom"]).is_empty()
}

/// Whether a container declares a port, or has it probed.
fn speaks_of(pod: &Pod, container: &Container, port: i64) -> bool {
    let raw = raw_of(pod, container);
    let named = |name: &str| container.ports.iter().any(|p| p.port == port && *p.name == *name);
    let is_it = |asked: &Value| asked.int_at(&["port"]) == Some(port) || asked.text_at(&["port"]).is_some_and(named);
    let probes = || ["startupProbe", "readinessProbe", "livenessProbe"].iter().filter_map(|probe| raw.get(probe));
    let mut asked = probes().flat_map(|probe| ["httpGet", "tcpSocket", "grpc"].iter().filter_map(|sort| probe.get(sort)));
    let words = || probes().flat_map(|probe| probe.list_at(&["exec", "command"])).filter_map(Value::as_text);
    let is_named = |text: &str| text.contains(&format!(":{port}"));
    container.ports.iter().any(|p| p.port == port) || asked.any(is_it) || words().any(is_named)
}
