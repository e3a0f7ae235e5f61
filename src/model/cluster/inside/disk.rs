//! Files: what was written on volumes and in containers.
//!
//! Promises: a volume's files stay for as long as the volume does; a container's own files go with the container. Paths begin with `/`.

use base::sorted::SortedMap;
use std::rc::Rc;

use super::journal::Journal;
use api::object::Name;
use shell::{Entry, Trouble};

/// The capacity of a disk in bytes.
const MAX_BYTES: usize = 16 << 20;

/// Files by path; a path that ends in `/` is a directory that was created explicitly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Disk {
    files: Rc<SortedMap<String, Rc<String>>>,
    /// Their total size.
    bytes: usize,
    journal: Rc<Journal>,
    databases: Vec<Database>,
}

/// The data directory of a database's server. The files in it are not simulated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Database {
    /// Its path on the disk, without a slash at the end: empty for the whole disk.
    pub folder: String,
    /// The image whose server used it last.
    pub image: Name,
}

impl Disk {
    /// The contents of a file.
    pub fn get(&self, path: &str) -> Option<&Rc<String>> {
        self.files.get(path)
    }

    /// Its files and explicitly created directories, by path.
    pub fn files(&self) -> impl Iterator<Item = (&String, &Rc<String>)> {
        self.files.iter()
    }

    /// The total size of its files.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Replaces the contents of a file.
    pub fn put(&mut self, path: &str, text: &str) -> Result<(), Trouble> {
        self.bytes = self.with_room_for(text, self.get(path).map_or(0, |old| old.len()))?;
        Rc::make_mut(&mut self.files).insert(path.to_owned(), Rc::new(text.to_owned()));
        Ok(())
    }

    /// Adds to the end of a file that exists; false if it does not.
    pub fn append(&mut self, path: &str, text: &str) -> Result<bool, Trouble> {
        let bytes = self.with_room_for(text, 0);
        let Some(file) = Rc::make_mut(&mut self.files).get_mut(path) else { return Ok(false) };
        self.bytes = bytes?;
        Rc::make_mut(file).push_str(text);
        Ok(true)
    }

    /// The total size once so many bytes have made room for a text.
    fn with_room_for(&self, text: &str, freed: usize) -> Result<usize, Trouble> {
        let bytes = self.bytes - freed + text.len();
        if bytes > MAX_BYTES { Err(Trouble::Full) } else { Ok(bytes) }
    }

    /// Who wrote to it.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The same, for recording writes.
    pub fn journal_mut(&mut self) -> &mut Journal {
        Rc::make_mut(&mut self.journal)
    }

    /// The data directories of databases on it.
    pub fn databases(&self) -> &[Database] {
        &self.databases
    }

    /// A server has made, or taken over, the data directory.
    pub(super) fn keep_database(&mut self, database: Database) {
        self.databases.retain(|other| other.folder != database.folder);
        self.databases.push(database);
    }

    /// Removes a file, or a directory with everything in it. A data directory goes with the last file beside it, too: whoever empties a
    /// disk names what is listed.
    pub fn remove(&mut self, path: &str) -> Result<(), Trouble> {
        let folder = format!("{path}/");
        let before = self.files.len();
        Rc::make_mut(&mut self.files).retain(|p, _| p != path && !p.starts_with(&folder));
        self.bytes = self.files.values().map(|text| text.len()).sum();
        let (is_less, databases) = (self.files.len() < before, self.databases.len());
        let is_emptied = is_less && self.files.is_empty();
        self.databases.retain(|one| !is_emptied && one.folder != path && !one.folder.starts_with(&folder));
        if is_less || self.databases.len() < databases { Ok(()) } else { Err(Trouble::Missing) }
    }

    /// Whether a directory exists.
    pub fn has_folder(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        path == "/" || self.files.keys().any(|p| p.starts_with(&folder))
    }

    /// What is in a directory; or a file, whose path then is empty.
    #[must_use]
    pub fn part(&self, path: &str) -> Disk {
        let mut part = Disk::default();
        for (file, text) in self.files() {
            if let Some(rest) = file.strip_prefix(path).filter(|rest| rest.is_empty() || rest.starts_with('/')) {
                let _ = part.put(rest, text);
            }
        }
        part
    }

    /// The entries of a directory.
    pub fn entries(&self, folder: &str) -> Vec<Entry> {
        let prefix = format!("{}/", folder.trim_end_matches('/'));
        let mut found: SortedMap<&str, Option<usize>> = SortedMap::new();
        for (path, text) in self.files() {
            let Some(rest) = path.strip_prefix(&prefix).filter(|rest| !rest.is_empty()) else { continue };
            match rest.split_once('/') {
                Some((name, _)) => drop(found.insert(name, None)),
                None => drop(found.insert(rest, Some(text.len()))),
            }
        }
        found.into_iter().map(|(name, size)| Entry { name: name.to_owned(), size }).collect()
    }
}
