//! The small file system that a kubectl command sees.
//!
//! Promises: paths are plain text, iterated in order; a clone is cheap, because files are shared until they are written to; to append
//! to a file costs what is appended.
//! Not modelled: permissions, links, times, a working directory other than the root.

use crate::base::sort::Sort;
use crate::base::sorted::SortedMap;
use std::rc::Rc;

/// Files by path. Paths are relative to the root; a leading `./` and a trailing `/` are ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files(Rc<SortedMap<Rc<str>, Rc<String>>>);

impl Files {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// These files plus others, which replace those with the same path.
    #[must_use]
    pub fn with<P: AsRef<str>, T: AsRef<str>>(mut self, others: impl IntoIterator<Item = (P, T)>) -> Self {
        others.into_iter().for_each(|(path, text)| self.put(path.as_ref(), text.as_ref()));
        self
    }

    /// The contents of a file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.0.get(plain(path)).map(|text| text.as_str())
    }

    /// Replaces the contents of a file.
    pub fn put(&mut self, path: &str, text: &str) {
        Rc::make_mut(&mut self.0).insert(plain(path).into(), Rc::new(text.to_owned()));
    }

    /// Adds to the end of a file, which is created if it does not exist.
    pub fn append(&mut self, path: &str, text: &str) {
        match Rc::make_mut(&mut self.0).get_mut(plain(path)) {
            Some(whole) => Rc::make_mut(whole).push_str(text),
            None => self.put(path, text),
        }
    }

    /// Deletes a file; returns whether it existed.
    pub fn remove(&mut self, path: &str) -> bool {
        Rc::make_mut(&mut self.0).remove(plain(path)).is_some()
    }

    /// Whether there are files under this path. The root is always a directory.
    pub fn is_folder(&self, path: &str) -> bool {
        let path = plain(path);
        path.is_empty() || path == "." || self.0.keys().any(|p| inside(p, path).is_some())
    }

    /// The files directly in a directory, in order, with their full paths.
    pub fn in_folder(&self, path: &str) -> Vec<(&Rc<str>, &Rc<String>)> {
        let folder = match plain(path) {
            "." => "",
            other => other,
        };
        self.0.iter().filter(|(p, _)| inside(p, folder).is_some_and(|rest| !rest.contains('/'))).collect()
    }

    /// The files in a directory and below it, in the order of a directory walk.
    pub fn below(&self, path: &str) -> Vec<(&Rc<str>, &Rc<String>)> {
        let folder = match plain(path) {
            "." => "",
            other => other,
        };
        let mut found: Vec<_> = self.0.iter().filter(|(p, _)| inside(p, folder).is_some()).collect();
        found.put_in_order_of(|(p, _)| p.split('/').map(str::to_owned).collect::<Vec<_>>());
        found
    }

    /// All paths and texts, by path.
    pub fn iter(&self) -> impl Iterator<Item = (&Rc<str>, &Rc<String>)> {
        self.0.iter()
    }
}

impl<P: AsRef<str>, T: AsRef<str>> FromIterator<(P, T)> for Files {
    fn from_iter<I: IntoIterator<Item = (P, T)>>(files: I) -> Self {
        Files::new().with(files)
    }
}

/// The path without its ignored parts.
fn plain(path: &str) -> &str {
    let mut path = path;
    while let Some(rest) = path.strip_prefix("./") {
        path = rest.trim_start_matches('/');
    }
    path.trim_end_matches('/')
}

/// The part of a path after `folder/`.
fn inside<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_lists_its_own_files_only() {
        let files: Files = [("a.yaml", "1"), ("dir/b.yaml", "2"), ("dir/sub/c.yaml", "3")].into_iter().collect();
        assert_eq!(files.get("./a.yaml"), Some("1"));
        assert!(files.is_folder("dir/") && files.is_folder(".") && !files.is_folder("a.yaml"));
        let names: Vec<&str> = files.in_folder("dir").into_iter().map(|(p, _)| p.as_ref()).collect();
        assert_eq!(names, ["dir/b.yaml"]);
        assert_eq!(files.in_folder(".").len(), 1);
        let files = files.with([("dir/b/z.yaml", "4")]);
        let names: Vec<&str> = files.below("dir").into_iter().map(|(p, _)| p.as_ref()).collect();
        assert_eq!(names, ["dir/b/z.yaml", "dir/b.yaml", "dir/sub/c.yaml"]);
    }

    #[test]
    fn what_is_appended_stays_with_the_copy_it_was_appended_to() {
        let mut files = Files::new();
        files.append("a", "one ");
        let before = files.clone();
        files.append("./a", "two");
        assert_eq!((before.get("a"), files.get("a")), (Some("one "), Some("one two")));
    }
}
