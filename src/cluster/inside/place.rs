//! A container as a process in it sees it: its files, names, environment. All of it is captured when the process starts, so
//! that the process can outlive the pod object.

use std::cell::Cell;
use std::rc::Rc;

use super::apps::{App, Family, Peers, Serves, app_of};
use super::disk::Disk;
use super::environment::{DEFAULT_PATH, Environment};
use super::listening::{is_other, raw_in};
use super::programs::{UNSEEN, has_file, program_folder, runs, sh_of, surely_has_file};
use super::shown::shown;
use super::user::User;
use super::{Disks, OrphanedVolumes};
use crate::command;
use crate::dns::pod::{full_hostname, hostname, hosts_file};
use crate::dns::{Options, ResolvConf};
use api::admit::add_token_volume;
use api::object::pod::{Container, Ip};
use api::object::storage::folder_of;
use api::object::{Name, Pod, Uid};
use base::sort::Sort;
use base::time::Time;
use base::value::Value;
use server::tables::Tables;
use shell::programs::Dialect;
use shell::{Entry, Host, Installed, Trouble};

/// Directories of every image, with files that are not simulated.
const FULL: [&str; 15] =
    ["/bin", "/dev", "/etc", "/home", "/lib", "/opt", "/proc", "/root", "/run", "/sbin", "/srv", "/sys", "/usr", "/var/lib", "/var/log"];

/// Further directories of every image, in which nothing is but what is simulated.
const EMPTY: [&str; 4] = ["/mnt", "/tmp", "/usr/share", "/var"];

/// Where the files of a mount come from.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Source {
    /// What holds the content of a PersistentVolume, or a folder of the node.
    Kept(Name),
    /// A pod-local volume, gone with the pod.
    Scratch(Name),
    /// Read-only files.
    Fixed(Disk),
}

/// A mount of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mount {
    at: String,
    /// What it shows.
    source: Source,
    /// The folder of a source that is written to which it shows, such as `/data`; empty for all.
    folder: String,
    /// Whether nothing can be written through it.
    read_only: bool,
}

/// A container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
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
    /// Where its processes start.
    pub working_folder: String,
    /// Whom its processes run as.
    pub user: User,
    /// Whether its processes are in one namespace with those of other containers.
    pub(super) shares_processes: bool,
    mounts: Vec<Mount>,
    /// Whether a file was looked for that is not there, and that the image may bring.
    lacked: Cell<bool>,
    /// Whether a file was looked for that is not there.
    missed: Cell<bool>,
    own: Disk,
}

impl Place {
    /// A container of a pod, with the environment that it was started with. `torn` are volumes whose objects are gone.
    pub(super) fn new(pod: &Pod, container: &Container, environment: Rc<Environment>, tables: &Tables, torn: &OrphanedVolumes) -> Place {
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
        if let Serves::Files(web, folder) = app.serves {
            let _ = own.put(&format!("{folder}/index.html"), web.first_page());
        }
        let mut place = Place {
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
            working_folder: working_folder(raw_in(&spec, &container.name)),
            user: User::of(&spec, raw_in(&spec, &container.name)),
            shares_processes: ["shareProcessNamespace", "hostPID"].iter().any(|flag| spec.get(flag).and_then(Value::as_bool) == Some(true)),
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

    /// What its image contains.
    pub fn app(&self) -> &'static App {
        app_of(&self.image)
    }

    /// The line of its hosts file that has a name: an address, and all its names.
    pub(super) fn hosts_line(&self, name: &str) -> Option<&str> {
        self.own.get("/etc/hosts")?.lines().find(|line| line.split_whitespace().skip(1).any(|known| known == name))
    }

    /// Whether a path may be that of a file which comes with the image or is its server's, and which is not simulated.
    fn may_have(&self, path: &str) -> bool {
        let within = |folder: &str| is_within(path, folder);
        if !self.app().folder.is_empty() && within(self.app().folder) {
            return self.app().peers != Peers::None;
        }
        // Of an image that nobody knows, only what is in its pod's hands is known.
        let is_known = command::is_known(&self.image);
        self.mount(path).is_none() && if is_known { FULL.into_iter().chain(UNSEEN).any(within) } else { !within("/tmp") }
    }

    /// Takes note that a path is not there.
    fn lacks(&self, path: &str) {
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
        let is_plain = self.app().peers == Peers::None && matches!(self.app().serves, Serves::Nothing | Serves::Files(..));
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
    fn mount(&self, path: &str) -> Option<(&Source, String)> {
        let mount = self.mount_of(path)?;
        Some((&mount.source, format!("{}{}", mount.folder, &path[mount.at.len()..])))
    }

    fn mount_of(&self, path: &str) -> Option<&Mount> {
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

/// A container at an instant, as its processes read and write it.
pub struct Room<'a> {
    pub place: &'a Place,
    pub disks: &'a mut Disks,
    pub now: Time,
}

impl Room<'_> {
    /// Whether a program is known not to be there, not even as something that a process has written.
    pub(super) fn lacks_program(&self, program: &str) -> bool {
        let name = program.rsplit('/').next().unwrap_or_default();
        self.place.lacks_program(program) && self.written_program(name).is_none()
    }

    /// The path of a program that a process has written.
    fn written_program(&self, name: &str) -> Option<String> {
        DEFAULT_PATH.split(':').map(|folder| format!("{folder}/{name}")).find(|path| self.is_written(path))
    }

    fn is_written(&self, path: &str) -> bool {
        let (disk, rest) = self.disk(path);
        disk.is_some_and(|disk| disk.get(&rest).is_some())
    }

    fn disk(&self, path: &str) -> (Option<&Disk>, String) {
        match self.place.mount(path) {
            Some((Source::Kept(name), rest)) => (self.disks.volumes.get(name), rest),
            Some((Source::Scratch(name), rest)) => (self.disks.layers.get(&(self.place.uid, super::scratch(name))), rest),
            Some((Source::Fixed(files), rest)) => (Some(files), rest),
            None => (self.disks.layers.get(&(self.place.uid, Rc::clone(&self.place.container))), path.to_owned()),
        }
    }

    fn disk_mut(&mut self, path: &str) -> Result<(&mut Disk, String), Trouble> {
        if self.place.mount_of(path).is_some_and(|mount| mount.read_only) {
            return Err(Trouble::ReadOnly);
        }
        match self.place.mount(path) {
            Some((Source::Kept(name), rest)) => Ok((self.disks.volumes.entry(Rc::clone(name)).or_default(), rest)),
            Some((Source::Fixed(_), _)) => Err(Trouble::ReadOnly),
            Some((Source::Scratch(name), rest)) => Ok((self.disks.layers.entry((self.place.uid, super::scratch(name))).or_default(), rest)),
            None => Ok((self.disks.layers.entry((self.place.uid, Rc::clone(&self.place.container))).or_default(), path.to_owned())),
        }
    }

    /// Whether a path is in the container's own file system, not on a mount.
    fn is_own(&self, path: &str) -> bool {
        self.place.mount(path).is_none()
    }

    fn is_folder(&self, path: &str) -> bool {
        let (disk, rest) = self.disk(path);
        let below = format!("{path}/");
        (self.place.is_mounted(path) && disk.is_none_or(|disk| disk.get(&rest).is_none()))
            || path.is_empty()
            || path == "/"
            || disk.is_some_and(|d| d.has_folder(&rest))
            || (self.is_own(path)
                && (FULL.contains(&path)
                    || EMPTY.contains(&path)
                    || self.place.app().folder == path
                    || self.place.app().folder.starts_with(&below)
                    || self.place.own.has_folder(path)))
            || self.place.mounts.iter().any(|mount| mount.at.starts_with(&below))
    }
}

impl Room<'_> {
    /// Makes the folders that are mounted without what is beside them in their volumes, and the one where processes start.
    pub(super) fn make_parts(&mut self) {
        for mount in self.place.mounts.iter().filter(|mount| !mount.folder.is_empty()) {
            // A full disk shows when something is written.
            let _ = self.make_folders(&mount.at);
        }
        if !self.is_folder(&self.place.working_folder) {
            let _ = self.make_folders(&self.place.working_folder);
        }
    }

    /// Makes a folder, and those above it.
    pub(super) fn make_folders(&mut self, path: &str) -> Result<(), Trouble> {
        let (disk, rest) = self.disk_mut(path)?;
        disk.put(&format!("{rest}/"), "")
    }

    /// The size of a file that is mounted by itself.
    fn size(&self, path: &str) -> Option<usize> {
        let (disk, rest) = self.disk(path);
        Some(disk?.get(&rest)?.len())
    }
}

impl Host for Room<'_> {
    fn now(&self) -> Time {
        self.now
    }

    fn hostname(&self) -> String {
        self.place.hostname.to_string()
    }

    fn full_hostname(&self) -> String {
        self.place.full_hostname.to_string()
    }

    fn address(&self) -> Option<String> {
        self.place.ip.map(|ip| ip.to_string())
    }

    fn read(&self, path: &str) -> Result<Rc<str>, Trouble> {
        let (disk, rest) = self.disk(path);
        let own = self.is_own(path).then(|| self.place.own.get(path)).flatten();
        match disk.and_then(|d| d.get(&rest)).or(own) {
            Some(text) => Ok(text.as_str().into()),
            None if self.is_folder(path) => Err(Trouble::IsFolder),
            None => {
                self.place.lacks(path);
                Err(Trouble::Missing)
            }
        }
    }

    fn write(&mut self, path: &str, text: &str) -> Result<(), Trouble> {
        if self.is_folder(path) {
            return Err(Trouble::IsFolder);
        }
        self.has_folder_for(path)?;
        let (place, now) = (self.place, self.now);
        let (disk, rest) = self.disk_mut(path)?;
        let before = disk.get(&rest).cloned();
        disk.put(&rest, text)?;
        let added = before.and_then(|before| text.strip_prefix(before.as_str())).unwrap_or(text);
        if !added.is_empty() {
            disk.journal_mut().take(&place.pod, place.uid, now, added);
        }
        Ok(())
    }

    fn append(&mut self, path: &str, text: &str) -> Result<(), Trouble> {
        let (place, now) = (self.place, self.now);
        let (disk, rest) = self.disk_mut(path)?;
        if !disk.append(&rest, text)? {
            let before = self.read(path).unwrap_or_default();
            return self.write(path, &format!("{before}{text}"));
        }
        if !text.is_empty() {
            disk.journal_mut().take(&place.pod, place.uid, now, text);
        }
        Ok(())
    }

    fn remove(&mut self, path: &str) -> Result<(), Trouble> {
        let place = self.place;
        let (disk, rest) = self.disk_mut(path)?;
        disk.remove(&rest).inspect_err(|_| place.lacks(path))
    }

    fn make_folder(&mut self, path: &str) -> Result<(), Trouble> {
        self.has_folder_for(path)?;
        self.make_folders(path)
    }

    fn list(&self, path: &str) -> Option<Vec<Entry>> {
        if !self.is_folder(path) {
            self.place.lacks(path);
            return None;
        }
        let (disk, rest) = self.disk(path);
        let mut entries = disk.map(|d| d.entries(&rest)).unwrap_or_default();
        let prefix = if path == "/" { "/".to_owned() } else { format!("{path}/") };
        let mut folders: Vec<&str> = self.place.mounts.iter().map(|mount| mount.at.as_str()).collect();
        if self.is_own(path) {
            entries.extend(self.place.own.entries(path));
            folders.extend(FULL.into_iter().chain(EMPTY));
            folders.push(self.place.app().folder);
        }
        let below = folders.iter().filter_map(|folder| folder.strip_prefix(&prefix)?.split('/').next());
        entries.extend(below.map(|name| Entry { name: name.to_owned(), size: self.size(&format!("{prefix}{name}")) }));
        entries.sort_small_by(|a, b| a.name.cmp(&b.name));
        entries.dedup_by(|a, b| a.name == b.name);
        Some(entries)
    }

    fn knows_all(&self, path: &str) -> bool {
        path != "/" && !self.place.may_have(path)
    }

    fn is_busybox(&self) -> bool {
        self.place.app().family == Family::Busybox
    }

    fn sh(&self) -> Dialect {
        sh_of(&self.place.image)
    }

    fn has(&self, tool: &str) -> bool {
        runs(tool.rsplit('/').next().unwrap_or_default(), &self.place.image)
    }

    fn installed(&self, program: &str) -> Installed {
        let (folder, name) = program.rsplit_once('/').unwrap_or(("", program));
        let is_path = program.contains('/');
        let written = if is_path { self.is_written(program).then(|| program.to_owned()) } else { self.written_program(name) };
        if let Some(path) = written {
            return Installed::At(path);
        }
        // `/bin` is a link to `/usr/bin`.
        let usual = program_folder(name, &self.place.image);
        let is_there = !is_path || folder == usual || usual.strip_prefix("/usr") == Some(folder);
        if is_there && surely_has_file(name, self.place) {
            return Installed::At(if is_path { program.to_owned() } else { format!("{usual}/{name}") });
        }
        let is_lacking = self.lacks_program(program) || is_path && self.place.lacks_file(program);
        if is_lacking { Installed::Nowhere } else { Installed::Unknown }
    }
}
