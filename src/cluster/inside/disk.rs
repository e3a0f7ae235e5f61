//! Files: what was written on volumes and in containers.
//!
//! Promises: a volume's files stay for as long as the volume does; a container's own files go with the container. Paths begin with `/`.

use crate::base::sorted::SortedMap;
use std::rc::Rc;

use super::journal::Journal;
use crate::shell::{Entry, MISSING};

/// The most bytes that a disk takes.
const BYTES_MOST: usize = 16 << 20;

/// Files by path; a path that ends in `/` is a folder made by somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Disk(Rc<SortedMap<String, Rc<str>>>, Rc<Journal>);

impl Disk {
    /// A file.
    pub fn get(&self, path: &str) -> Option<&Rc<str>> {
        self.0.get(path)
    }

    /// Its files, and folders that somebody made, by path.
    pub fn files(&self) -> impl Iterator<Item = (&String, &Rc<str>)> {
        self.0.iter()
    }

    /// How many bytes its files hold.
    pub fn bytes(&self) -> usize {
        self.0.values().map(|text| text.len()).sum()
    }

    /// Writes a file whole.
    pub fn put(&mut self, path: &str, text: &str) -> Result<(), &'static str> {
        let before = self.0.get(path).map_or(0, |old| old.len());
        if self.bytes() - before + text.len() > BYTES_MOST {
            return Err("No space left on device");
        }
        Rc::make_mut(&mut self.0).insert(path.to_owned(), text.into());
        Ok(())
    }

    /// Who wrote on it.
    pub fn journal(&self) -> &Journal {
        &self.1
    }

    /// The same, for writing down.
    pub fn journal_mut(&mut self) -> &mut Journal {
        Rc::make_mut(&mut self.1)
    }

    /// Removes a file, or a folder with everything in it.
    pub fn remove(&mut self, path: &str) -> Result<(), &'static str> {
        let folder = format!("{path}/");
        let before = self.0.len();
        Rc::make_mut(&mut self.0).retain(|p, _| p != path && !p.starts_with(&folder));
        if self.0.len() < before { Ok(()) } else { Err(MISSING) }
    }

    /// Whether it has a folder.
    pub fn has_folder(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        path == "/" || self.0.keys().any(|p| p.starts_with(&folder))
    }

    /// What is directly in a folder.
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
