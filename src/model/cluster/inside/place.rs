//! A container as a process in it sees it: its files, names, environment. All of it is captured when the process starts, so
//! that the process can outlive the pod object.

use std::cell::Cell;
use std::rc::Rc;

use super::apps::{Reached, is_other};
use super::disk::Disk;
use super::environment::{DEFAULT_PATH, Environment};
use super::installed::{UNSEEN, has_file, process_name};
use super::manifest::raw_in;
use super::shown::shown;
use super::user::User;
use crate::command;
use crate::dns::pod::{full_hostname, hostname, hosts_file};
use crate::dns::{Options, ResolvConf};
use crate::programs::{App, Serves, app_of};
use api::admit::add_token_volume;
use api::object::pod::{Container, Ip};
use api::object::storage::folder_of;
use api::object::{Name, Pod, Uid, Volume};
use base::sorted::SortedMap;
use base::value::Value;
use server::tables::Tables;

/// Directories of every image, with files that are not simulated.
pub(super) const FULL: [&str; 15] =
    ["/bin", "/dev", "/etc", "/home", "/lib", "/opt", "/proc", "/root", "/run", "/sbin", "/srv", "/sys", "/usr", "/var/lib", "/var/log"];

/// Further directories of every image, in which nothing is but what is simulated.
pub(super) const EMPTY: [&str; 4] = ["/mnt", "/tmp", "/usr/share", "/var"];

/// Volumes whose objects are gone, with their contents left: pods that run still have them mounted.
pub(super) type OrphanedVolumes = SortedMap<Name, Rc<Volume>>;

/// Where the files of a mount come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// What holds the content of a PersistentVolume, or a folder of the node.
    Kept(Name),
    /// A pod-local volume, gone with the pod.
    Scratch(Name),
    /// Read-only files.
    Fixed(Disk),
}

/// A mount of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mount {
    pub(super) at: String,
    /// What it shows.
    pub(super) source: Source,
    /// The folder of a source that is written to which it shows, such as `/data`; empty for all.
    pub(super) folder: String,
    /// Whether nothing can be written through it.
    pub(super) read_only: bool,
}

/// A container whose processes an ephemeral one sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) container: Name,
    /// What `ps` says of its first process, as far as it is declared.
    pub(super) process: String,
}

/// A container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerInfo {
    /// The pod's namespace.
    pub namespace: Name,
    pub pod: Name,
    /// The pod's uid.
    pub uid: Uid,
    /// The container's name.
    pub container: Name,
    pub image: Name,
    pub node: Name,
    /// Its pod's address, if it has one.
    pub ip: Option<Ip>,
    /// The output of `hostname`.
    pub hostname: Name,
    /// The output of `hostname -f`.
    pub full_hostname: Name,
    /// Its resolver's settings.
    pub resolver: ResolvConf,
    pub environment: Rc<Environment>,
    /// Its command and arguments, if the pod declares any.
    pub command: Vec<String>,
    /// The port on which its image's server answers first.
    pub(crate) port: i64,
    /// Where its processes start.
    pub working_folder: String,
    /// Whom its processes run as.
    pub user: User,
    /// Whether its processes are in one namespace with those of other containers.
    pub(super) shares_processes: bool,
    /// The container whose processes it sees, if it is an ephemeral one that targets another.
    pub(super) target: Option<Target>,
    pub(super) mounts: Vec<Mount>,
    /// Whether a file was looked for that is not there, and that the image may bring.
    lacked: Cell<bool>,
    /// Whether a file was looked for that is not there.
    missed: Cell<bool>,
    pub(super) own: Disk,
}

impl ContainerInfo {
    /// A container of a pod, with the environment that it was started with. `torn` are volumes whose objects are gone.
    pub(super) fn new(
        pod: &Pod,
        container: &Container,
        environment: Rc<Environment>,
        tables: &Tables,
        torn: &OrphanedVolumes,
    ) -> ContainerInfo {
        let options = Options::default();
        let resolver = ResolvConf::of_pod(pod, &options);
        let mut spec = pod.spec.template.raw.clone();
        add_token_volume(&mut spec, pod.meta.uid);
        let app = app_of(&container.image);
        let mut own = Disk::default();
        for (path, text) in [
            ("/etc/hostname", format!("{}\n", hostname(pod))),
            ("/etc/hosts", hosts_file(pod, &options)),
            ("/etc/resolv.conf", resolver.to_string()),
        ] {
            let _ = own.put(path, &text);
        }
        let _ = own.put(last_words_file(raw_in(&spec, &container.name)), "");
        if let Serves::Files(web) = app.serves {
            let _ = own.put(&format!("{}/index.html", app.folder), web.page);
        }
        let target = target(pod, raw_in(&spec, &container.name));
        let is_shared = |flag: &&str| spec.get(flag).and_then(Value::as_bool) == Some(true);
        let mut place = ContainerInfo {
            namespace: Rc::clone(&pod.meta.namespace),
            pod: Rc::clone(&pod.meta.name),
            uid: pod.meta.uid,
            container: Rc::clone(&container.name),
            image: Rc::clone(&container.image),
            node: pod.node.clone().unwrap_or_default(),
            ip: pod.status.ip,
            hostname: hostname(pod),
            full_hostname: full_hostname(pod, &options),
            resolver,
            environment,
            command: container.command.iter().map(ToString::to_string).collect(),
            port: app.port,
            working_folder: working_folder(raw_in(&spec, &container.name)),
            user: User::of(&spec, raw_in(&spec, &container.name)),
            shares_processes: target.is_some() || ["shareProcessNamespace", "hostPID"].iter().any(is_shared),
            target,
            mounts: Vec::new(),
            lacked: Cell::new(false),
            missed: Cell::new(false),
            own,
        };
        let decode = |mount: &Value| {
            let name = mount.text_at(&["name"])?;
            let decoded = Mount::decode(mount, source(pod, &spec, name, tables, torn)?, &place.environment)?;
            Some(Mount { read_only: decoded.read_only || claimed_to_read(&spec, name), ..decoded })
        };
        place.mounts = raw_in(&spec, &container.name).list_at(&["volumeMounts"]).iter().filter_map(decode).collect();
        place
    }

    /// The same where this server runs.
    pub(super) fn with(self, server: &Reached) -> ContainerInfo {
        ContainerInfo { port: self.app().port_of(server), ..self }
    }

    /// What its image contains.
    pub fn app(&self) -> &'static App {
        app_of(&self.image)
    }

    /// The line of its hosts file with a name or an address: the address, and all its names.
    pub(super) fn hosts_line(&self, word: &str) -> Option<&str> {
        self.own.get("/etc/hosts")?.lines().find(|line| line.split_whitespace().any(|known| known == word))
    }

    /// Whether a path may be that of a file which comes with the image or is its server's, and which is not simulated.
    pub(super) fn may_have(&self, path: &str) -> bool {
        let within = |folder: &str| is_within(path, folder);
        if !self.app().folder.is_empty() && within(self.app().folder) {
            return !self.app().is_simple();
        }
        // Of an image that nobody knows, only what is in its pod's hands is known.
        let is_known = command::is_known(&self.image) && !self.app().has_more;
        self.mount(path).is_none() && if is_known { FULL.into_iter().chain(UNSEEN).any(within) } else { !within("/tmp") }
    }

    /// Takes note that a path is not there.
    pub(super) fn lacks(&self, path: &str) {
        self.missed.set(true);
        if self.may_have(path) {
            self.lacked.set(true);
        }
    }

    /// Whether a file was looked for that is not there, and that the image may bring.
    pub(super) fn lacked(&self) -> bool {
        self.lacked.get()
    }

    /// Whether a file was looked for that is not there, whoever should have brought it.
    pub(super) fn missed(&self) -> bool {
        self.missed.get()
    }

    /// Whether something is mounted at this path.
    pub(super) fn is_mounted(&self, path: &str) -> bool {
        self.mounts.iter().any(|mount| mount.at == path)
    }

    /// Whether its image is known to have no program that is looked for under this name, or is at this path: one where programs are.
    pub(super) fn lacks_program(&self, program: &str) -> bool {
        let (folder, name) = program.rsplit_once('/').unwrap_or(("", program));
        let mut folders = DEFAULT_PATH.split(':');
        let is_covered = |folder: &str| self.mounts.iter().any(|mount| is_within(folder, &mount.at) || is_within(&mount.at, folder));
        let is_known =
            if program.contains('/') { folders.any(|known| known == folder) && !is_covered(folder) } else { !folders.any(is_covered) };
        is_known && !has_file(name, self)
    }

    /// Whether its image is known to have no file at a path, which is not one where programs are, and nothing that is mounted has.
    pub(super) fn lacks_file(&self, path: &str) -> bool {
        let is_plain = self.app().is_simple() && matches!(self.app().serves, Serves::Nothing | Serves::Files(..));
        match self.mount(path) {
            Some((Source::Fixed(files), rest)) => !rest.is_empty() && files.get(&rest).is_none() && !files.has_folder(&rest),
            Some(_) => false,
            None => path.starts_with('/') && is_plain && !is_other(self.app()) && !self.may_have(path),
        }
    }

    /// Whether what is written to a path outlives the pod.
    pub(super) fn keeps(&self, path: &str) -> bool {
        self.mount_of(path).is_some_and(|mount| matches!(mount.source, Source::Kept(_)))
    }

    /// What is mounted where a path is, and the path within that.
    pub(super) fn mount(&self, path: &str) -> Option<(&Source, String)> {
        let mount = self.mount_of(path)?;
        Some((&mount.source, format!("{}{}", mount.folder, &path[mount.at.len()..])))
    }

    pub(super) fn mount_of(&self, path: &str) -> Option<&Mount> {
        self.mounts.iter().filter(|mount| is_within(path, &mount.at)).max_by_key(|mount| mount.at.len())
    }
}

/// Whether a path is that of a directory, or of what is below it.
pub(super) fn is_within(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Where a container's processes start, which the runtime makes if need be. The folder that an image names is not modelled.
fn working_folder(container: &Value) -> String {
    format!("/{}", container.text_at(&["workingDir"]).unwrap_or_default().trim_matches('/'))
}

/// The container of a pod whose processes a container sees.
fn target(pod: &Pod, container: &Value) -> Option<Target> {
    let name = container.text_at(&["targetContainerName"])?;
    let found = pod.spec.template.declared_containers().find(|container| *container.name == *name)?;
    Some(Target { container: Rc::clone(&found.name), process: process_name(&found.image, &found.command) })
}

/// Whether a pod has a volume from a claim only to read it.
fn claimed_to_read(pod: &Value, volume: &str) -> bool {
    let is_it = |v: &&Value| v.text_at(&["name"]) == Some(volume);
    pod.list_at(&["volumes"])
        .iter()
        .find(is_it)
        .is_some_and(|v| v.at(&["persistentVolumeClaim", "readOnly"]).and_then(Value::as_bool) == Some(true))
}

/// The file in which a container's process may leave a message for after its end.
pub(super) fn last_words_file(container: &Value) -> &str {
    container.text_at(&["terminationMessagePath"]).unwrap_or("/dev/termination-log")
}

impl Mount {
    /// A declared mount, of all or a part of its source. Models pkg/kubelet/kubelet_pods.go makeMounts.
    fn decode(mount: &Value, source: Source, environment: &Environment) -> Option<Mount> {
        let at = mount.text_at(&["mountPath"])?.trim_end_matches('/').to_owned();
        let read_only = mount.at(&["readOnly"]).and_then(Value::as_bool) == Some(true);
        let part = match (mount.text_at(&["subPath"]), mount.text_at(&["subPathExpr"])) {
            (Some(part), _) if !part.is_empty() => part.to_owned(),
            (_, Some(part)) => environment.expand(part),
            _ => return Some(Mount { at, source, folder: String::new(), read_only }),
        };
        let folder = format!("/{}", part.trim_matches('/'));
        Some(match source {
            Source::Fixed(files) => Mount { at, source: Source::Fixed(files.part(&folder)), folder: String::new(), read_only },
            Source::Kept(_) | Source::Scratch(_) => Mount { at, source, folder, read_only },
        })
    }
}

/// What a volume of a pod shows. `torn` are volumes whose objects are gone.
fn source(pod: &Pod, spec: &Value, name: &str, tables: &Tables, torn: &OrphanedVolumes) -> Option<Source> {
    let node = pod.node.as_deref().unwrap_or_default();
    if let Some(claim) = pod.claim_volumes().find(|v| &*v.volume == name) {
        let named = tables.claim(&pod.meta.namespace, &claim.claim).map(|c| Rc::clone(&c.spec.volume)).unwrap_or_default();
        let volume = tables.volume("", &named).or_else(|| torn.get(&named));
        return Some(Source::Kept(volume.map_or(named, |volume| volume.medium(node))));
    }
    let volume = spec.list_at(&["volumes"]).iter().find(|v| v.text_at(&["name"]) == Some(name))?;
    if let Some(path) = volume.text_at(&["hostPath", "path"]) {
        return Some(Source::Kept(folder_of(node, path)));
    }
    Some(shown(volume, pod, tables).map_or_else(|| Source::Scratch(name.into()), Source::Fixed))
}
