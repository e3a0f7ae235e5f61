//! A container's files at an instant, as its processes find, read and write them.

use std::rc::Rc;

use super::disk::{Database, Disk};
use super::disks::{Disks, scratch};
use super::environment::DEFAULT_PATH;
use super::installed::{program_folder, runs, sh_of, surely_has_file};
use super::place::{ContainerInfo, EMPTY, FULL, Source};
use super::replicated::setup::data_folder;
use crate::programs::{Family, is_database};
use api::object::Name;
use base::sort::Sort;
use base::time::Time;
use shell::programs::Dialect;
use shell::{Entry, Host, Trouble};

/// A container at an instant, as its processes read and write it.
pub struct Room<'a> {
    pub place: &'a ContainerInfo,
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

    /// What holds the volume on which a path lies; `None` if the path is on no volume.
    pub(super) fn medium(&self, path: &str) -> Option<Name> {
        match self.place.mount(path)? {
            (Source::Kept(medium), _) => Some(Rc::clone(medium)),
            _ => None,
        }
    }

    fn disk(&self, path: &str) -> (Option<&Disk>, String) {
        match self.place.mount(path) {
            Some((Source::Kept(name), rest)) => (self.disks.volumes.get(name), rest),
            Some((Source::Scratch(name), rest)) => (self.disks.layers.get(&(self.place.uid, scratch(name))), rest),
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
            Some((Source::Scratch(name), rest)) => Ok((self.disks.layers.entry((self.place.uid, scratch(name))).or_default(), rest)),
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

    /// The data directory of a database where the container's server keeps its data.
    pub(super) fn database(&self) -> Option<&Database> {
        let (disk, folder) = self.disk(&data_folder(self.place));
        disk?.databases().iter().find(|database| database.folder == folder.trim_end_matches('/'))
    }

    /// The container's server has made, or taken over, its data directory, if it is a database.
    pub(super) fn keep_database(&mut self) {
        let image = Rc::clone(&self.place.image);
        if !is_database(&image) {
            return;
        }
        if let Ok((disk, folder)) = self.disk_mut(&data_folder(self.place)) {
            disk.keep_database(Database { folder: folder.trim_end_matches('/').to_owned(), image });
        }
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

    fn is_busybox(&self) -> bool {
        self.place.app().family == Family::Busybox
    }

    fn sh(&self) -> Dialect {
        sh_of(&self.place.image)
    }

    fn script(&self, command: &str) -> Option<Rc<str>> {
        let path = if command.contains('/') { command.to_owned() } else { self.written_program(command)? };
        let (disk, rest) = self.disk(&path);
        Some(disk?.get(&rest)?.as_str().into())
    }

    fn has(&self, tool: &str) -> bool {
        runs(tool.rsplit('/').next().unwrap_or_default(), &self.place.image)
    }

    fn is_program(&self, path: &str) -> bool {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        // `/bin` is a link to `/usr/bin`.
        let usual = program_folder(name, &self.place.image);
        let is_usual = folder == usual || usual.strip_prefix("/usr") == Some(folder);
        self.is_written(path) || is_usual && surely_has_file(name, self.place)
    }
}
