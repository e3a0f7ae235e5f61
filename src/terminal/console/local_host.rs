//! The file systems of a console's shell: the terminal's own files, or the disk of a machine of the cluster.

use std::rc::Rc;

use base::time::Time;
use kubectl::Files;
use kubectl::files::KEEP;
use shell::programs::{Places, is_simulated};
use shell::{Entry, Host, Trouble};
use sim::Sim;

/// The terminal's own files.
pub struct LocalHost<'a> {
    pub files: &'a mut Files,
    /// The cluster, for its clock.
    pub sim: &'a Sim,
}

/// The directory that is always there, though it may hold nothing.
const SCRATCH: &str = "tmp";

/// How large all files together may become, in bytes: as large as a volume.
const MAX_BYTES: usize = 16 << 20;

/// Where programs are.
const PROGRAMS: [&str; 2] = ["/usr/bin", "/bin"];

fn inside(path: &str) -> &str {
    path.trim_start_matches('/')
}

impl LocalHost<'_> {
    fn is_folder(&self, path: &str) -> bool {
        self.files.is_folder(path) || path == SCRATCH
    }

    /// Refuses a text that the files have no room for.
    fn has_room_for(&self, text: &str) -> Result<(), Trouble> {
        let held: usize = self.files.iter().map(|(_, held)| held.len()).sum();
        if held + text.len() > MAX_BYTES { Err(Trouble::Full) } else { Ok(()) }
    }
}

impl Host for LocalHost<'_> {
    fn now(&self) -> Time {
        self.sim.now()
    }

    fn hostname(&self) -> String {
        "ordinal".to_owned()
    }

    fn reaches_machines(&self) -> bool {
        true
    }

    fn read(&self, path: &str) -> Result<Rc<str>, Trouble> {
        let text = self.files.get(inside(path)).map(Into::into);
        text.ok_or(if self.is_folder(inside(path)) { Trouble::IsFolder } else { Trouble::Missing })
    }

    fn write(&mut self, path: &str, text: &str) -> Result<(), Trouble> {
        let path = inside(path);
        if self.is_folder(path) {
            return Err(Trouble::IsFolder);
        }
        self.has_folder_for(path)?;
        self.has_room_for(text)?;
        self.files.put(path, text);
        Ok(())
    }

    fn append(&mut self, path: &str, text: &str) -> Result<(), Trouble> {
        if self.files.get(inside(path)).is_none() {
            return self.write(path, text);
        }
        self.has_room_for(text)?;
        self.files.append(inside(path), text);
        Ok(())
    }

    fn size(&self, path: &str) -> usize {
        self.files.get(inside(path)).map_or(0, str::len)
    }

    fn remove(&mut self, path: &str) -> Result<(), Trouble> {
        let path = inside(path);
        let folder = format!("{path}/");
        let gone: Vec<String> = self.files.iter().map(|(p, _)| p.to_string()).filter(|p| p == path || p.starts_with(&folder)).collect();
        if gone.is_empty() {
            return Err(Trouble::Missing);
        }
        for path in &gone {
            self.files.remove(path);
        }
        // The directory stays, though nothing is left in it.
        if let Some((folder, _)) = path.rsplit_once('/').filter(|(folder, _)| !self.is_folder(folder)) {
            self.files.put(&format!("{folder}/{KEEP}"), "");
        }
        Ok(())
    }

    fn make_folder(&mut self, path: &str) -> Result<(), Trouble> {
        self.has_folder_for(path)?;
        self.files.put(&format!("{}/{KEEP}", inside(path)), "");
        Ok(())
    }

    fn list(&self, path: &str) -> Option<Vec<Entry>> {
        let folder = inside(path);
        if !self.is_folder(folder) {
            return None;
        }
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut entries: Vec<Entry> = Vec::new();
        for (path, text) in self.files.iter() {
            let Some(rest) = path.strip_prefix(prefix.as_str()).filter(|rest| !rest.contains("://")) else { continue };
            let (name, size) = rest.split_once('/').map_or((rest, Some(text.len())), |(name, _)| (name, None));
            if rest == KEEP {
                continue;
            }
            if entries.last().is_none_or(|last| last.name != name) {
                entries.push(Entry { name: name.to_owned(), size });
            }
        }
        Some(entries)
    }

    fn is_program(&self, path: &str) -> bool {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        PROGRAMS.contains(&folder) && is_simulated(name, Places::DESK) || self.files.get(inside(path)).is_some()
    }

    fn script(&self, command: &str) -> Option<Rc<str>> {
        command.contains('/').then(|| self.read(command).ok()).flatten()
    }

    fn has(&self, _tool: &str) -> bool {
        true
    }
}

/// A machine of the cluster, as far as its local volumes go.
pub struct Machine {
    now: Time,
    node: String,
    /// Each file by its full path; a path that ends in `/` is a directory.
    files: Vec<(String, Rc<str>)>,
}

/// The provisioner's directory in the tutorials, which stands for the model's own.
const TUTORIALS_PATH: &str = "/opt/local-path-provisioner";

impl Machine {
    /// The machine behind a node.
    pub fn of(sim: &Sim, node: &str) -> Option<Machine> {
        sim.machines().find(|m| &*m.node == node)?;
        let mut files = Vec::new();
        for volume in sim.tables().volumes().filter(|v| v.spec.node.as_deref() == Some(node)) {
            let Some(path) = volume.spec.value().text_at(&["hostPath", "path"]).or(volume.spec.value().text_at(&["local", "path"])) else {
                continue;
            };
            let name = path.rsplit('/').next().unwrap_or_default();
            for path in [path.to_owned(), format!("{TUTORIALS_PATH}/{name}")] {
                files.push((format!("{path}/"), "".into()));
                let disk = sim.disks().volumes().find(|(name, _)| **name == volume.meta.name);
                let written = disk.into_iter().flat_map(|(_, disk)| disk.files());
                files.extend(written.map(|(inner, text)| (format!("{path}{inner}"), text.as_str().into())));
            }
        }
        Some(Machine { now: sim.now(), node: node.to_owned(), files })
    }
}

impl Host for Machine {
    fn now(&self) -> Time {
        self.now
    }

    fn hostname(&self) -> String {
        self.node.clone()
    }

    fn read(&self, path: &str) -> Result<Rc<str>, Trouble> {
        self.files.iter().find(|(p, _)| p == path).map(|(_, text)| Rc::clone(text)).ok_or(Trouble::Missing)
    }

    fn write(&mut self, _path: &str, _text: &str) -> Result<(), Trouble> {
        Err(Trouble::Denied)
    }

    fn remove(&mut self, _path: &str) -> Result<(), Trouble> {
        Err(Trouble::Denied)
    }

    fn make_folder(&mut self, _path: &str) -> Result<(), Trouble> {
        Err(Trouble::Denied)
    }

    fn list(&self, path: &str) -> Option<Vec<Entry>> {
        let prefix = format!("{}/", path.trim_end_matches('/'));
        let mut entries: Vec<Entry> = Vec::new();
        for (path, text) in &self.files {
            let Some(rest) = path.strip_prefix(&prefix).filter(|rest| !rest.is_empty()) else { continue };
            let (name, size) = rest.split_once('/').map_or((rest, Some(text.len())), |(name, _)| (name, None));
            if entries.iter().all(|e| e.name != name) {
                entries.push(Entry { name: name.to_owned(), size });
            }
        }
        let known = path == "/" || path == TUTORIALS_PATH || self.files.iter().any(|(p, _)| p.starts_with(&prefix));
        known.then_some(entries)
    }

    fn has(&self, _tool: &str) -> bool {
        true
    }
}
