//! Files: what was written on volumes and in containers.
//!
//! Promises: a volume's files stay for as long as the volume does; a container's own files go with the container. Paths begin with `/`.

use crate::base::sorted::SortedMap;
use std::rc::Rc;

use super::journal::Journal;
use crate::shell::{Entry, MISSING};

/// The capacity of a disk in bytes.
const BYTES_MOST: usize = 16 << 20;

/// Files by path; a path that ends in `/` is a directory that was created explicitly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Disk(Rc<SortedMap<String, Rc<str>>>, Rc<Journal>);

impl Disk {
    /// The contents of a file.
    pub fn get(&self, path: &str) -> Option<&Rc<str>> {
        self.0.get(path)
    }

    /// Its files and explicitly created directories, by path.
    pub fn files(&self) -> impl Iterator<Item = (&String, &Rc<str>)> {
        self.0.iter()
    }

    /// The total size of its files.
    pub fn bytes(&self) -> usize {
        self.0.values().map(|text| text.len()).sum()
    }

    /// Replaces the contents of a file.
    pub fn put(&mut self, path: &str, text: &str) -> Result<(), &'static str> {
        let before = self.0.get(path).map_or(0, |old| old.len());
        if self.bytes() - before + text.len() > BYTES_MOST {
            return Err("No space left on device");
        }
        Rc::make_mut(&mut self.0).insert(path.to_owned(), text.into());
        Ok(())
    }

    /// Who wrote to it.
    pub fn journal(&self) -> &Journal {
        &self.1
    }

    /// The same, for recording writes.
    pub fn journal_mut(&mut self) -> &mut Journal {
        Rc::make_mut(&mut self.1)
    }

    /// Removes a file, or a directory with everything in it.
    pub fn remove(&mut self, path: &str) -> Result<(), &'static str> {
        let folder = format!("{path}/");
        let before = self.0.len();
        Rc::make_mut(&mut self.0).retain(|p, _| p != path && !p.starts_with(&folder));
        if self.0.len() < before { Ok(()) } else { Err(MISSING) }
    }

    /// Whether a directory exists.
    pub fn has_folder(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        path == "/" || self.0.keys().any(|p| p.starts_with(&folder))
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
        for (path, text) in self.0.iter() {
            let Some(rest) = path.strip_prefix(&prefix).filter(|rest| !rest.is_empty()) else { continue };
            match rest.split_once('/') {
                Some((name, _)) => drop(found.insert(name, None)),
                None => drop(found.insert(rest, Some(text.len()))),
            }
        }
        found.into_iter().map(|(name, size)| Entry { name: name.to_owned(), size }).collect()
    }
}
