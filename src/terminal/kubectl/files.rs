//! The small file system that a kubectl command sees.
//!
//! Promises: paths are plain text, iterated in order; a clone is cheap, because files are shared until they are written to; to append
//! to a file costs what is appended.
//! Not modelled: permissions, links, times.

use base::path::absolute;
use base::sort::Sort;
use base::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

/// The file that stands for a directory created explicitly: here directories exist only through their files.
pub const KEEP: &str = ".keep";

/// Files by path, relative to a working directory, which is the root unless another is chosen. A file whose path is an address on the
/// web is read there and is in no folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// By path, without the leading `/`.
    all: Rc<SortedMap<Rc<str>, Rc<String>>>,
    folder: Rc<str>,
}

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

    /// These files as they are seen from a working directory.
    #[must_use]
    pub fn seen_from(&self, folder: &str) -> Self {
        Files { all: Rc::clone(&self.all), folder: folder.into() }
    }

    /// A path from the root, without the leading `/`.
    pub fn whole(&self, path: &str) -> String {
        if is_address(path) { path.to_owned() } else { absolute(&self.folder, path).split_off(1) }
    }

    /// The contents of a file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.all.get(self.whole(path).as_str()).map(|text| text.as_str())
    }

    /// Replaces the contents of a file.
    pub fn put(&mut self, path: &str, text: &str) {
        let path = self.whole(path);
        Rc::make_mut(&mut self.all).insert(path.into(), Rc::new(text.to_owned()));
    }

    /// Adds to the end of a file, which is created if it does not exist.
    pub fn append(&mut self, path: &str, text: &str) {
        let whole = self.whole(path);
        match Rc::make_mut(&mut self.all).get_mut(whole.as_str()) {
            Some(whole) => Rc::make_mut(whole).push_str(text),
            None => self.put(path, text),
        }
    }

    /// Deletes a file; returns whether it existed.
    pub fn remove(&mut self, path: &str) -> bool {
        let path = self.whole(path);
        Rc::make_mut(&mut self.all).remove(path.as_str()).is_some()
    }

    /// Whether there are files under this path. The root is always a directory.
    pub fn is_folder(&self, path: &str) -> bool {
        let path = self.whole(path);
        path.is_empty() || self.here().any(|(p, _)| inside(p, &path).is_some())
    }

    /// The files directly in a directory, in order, by the paths that a walk from there has for them.
    pub fn in_folder(&self, path: &str) -> Vec<(String, &Rc<String>)> {
        self.walk(path).filter(|(rest, _)| !rest.contains('/')).map(|(rest, text)| (joined(path, rest), text)).collect()
    }

    /// The files in a directory and below it, in the order of a directory walk.
    pub fn below(&self, path: &str) -> Vec<(String, &Rc<String>)> {
        let mut found: Vec<_> = self.walk(path).collect();
        found.sort_small_by_key(|(p, _)| p.split('/').map(str::to_owned).collect::<Vec<_>>());
        found.into_iter().map(|(rest, text)| (joined(path, rest), text)).collect()
    }

    /// The files below a directory, by the rest of their paths.
    fn walk(&self, path: &str) -> impl Iterator<Item = (&str, &Rc<String>)> {
        let folder = self.whole(path);
        let found = self.here().filter_map(move |(p, text)| Some((inside(p, &folder)?, text)));
        found.filter(|(rest, _)| rest.rsplit('/').next() != Some(KEEP))
    }

    /// The files and folders whose paths a pattern matches, in order; nothing if the pattern is malformed. Models Go's path/filepath
    /// Glob.
    pub fn glob(&self, pattern: &str) -> Option<Vec<String>> {
        let wanted: Vec<Vec<Sign>> = self.whole(pattern).split('/').map(signs).collect::<Option<_>>()?;
        let own = self.whole("");
        let mut found = SortedSet::new();
        for (path, _) in self.here() {
            let parts: Vec<&str> = path.split('/').take(wanted.len()).collect();
            let fits = |(part, signs): (&&str, &Vec<Sign>)| matches(signs, &part.chars().collect::<Vec<char>>());
            if parts.len() == wanted.len() && parts.iter().zip(&wanted).all(fits) && parts.last() != Some(&KEEP) {
                let path = parts.join("/");
                found.insert(inside(&path, &own).map_or_else(|| format!("/{path}"), str::to_owned));
            }
        }
        Some(found.into_iter().collect())
    }

    /// The files that are not only read at an address.
    fn here(&self) -> impl Iterator<Item = (&Rc<str>, &Rc<String>)> {
        self.all.iter().filter(|(path, _)| !is_address(path))
    }

    /// All paths and texts, by path.
    pub fn iter(&self) -> impl Iterator<Item = (&Rc<str>, &Rc<String>)> {
        self.all.iter()
    }
}

impl<P: AsRef<str>, T: AsRef<str>> FromIterator<(P, T)> for Files {
    fn from_iter<I: IntoIterator<Item = (P, T)>>(files: I) -> Self {
        Files::new().with(files)
    }
}

/// Whether a path is a place on the web: what is there is in no folder.
pub fn is_address(path: &str) -> bool {
    path.starts_with("http://") || path.starts_with("https://")
}

/// The path of what is in a directory. Models Go's path/filepath Join.
fn joined(folder: &str, rest: &str) -> String {
    let mut folder = folder.trim_end_matches('/');
    while let Some(rest) = folder.strip_prefix("./") {
        folder = rest.trim_start_matches('/');
    }
    if matches!(folder, "" | ".") { rest.to_owned() } else { format!("{folder}/{rest}") }
}

/// The part of a path after `folder/`.
fn inside<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

/// One sign of a pattern.
enum Sign {
    /// Any text.
    Any,
    /// Any character, or one of these ranges, or one of none of them.
    One { ranges: Vec<(char, char)>, inside: bool },
}

/// The signs of a pattern; nothing if it is malformed. Models Go's path/filepath Match.
fn signs(pattern: &str) -> Option<Vec<Sign>> {
    let literal = |c| Sign::One { ranges: vec![(c, c)], inside: true };
    let mut signs = Vec::new();
    let mut rest = pattern.chars().peekable();
    while let Some(c) = rest.next() {
        signs.push(match c {
            '*' => Sign::Any,
            '?' => Sign::One { ranges: Vec::new(), inside: false },
            '\\' => literal(rest.next()?),
            '[' => {
                let inside = rest.next_if_eq(&'^').is_none();
                let mut ranges = Vec::new();
                while ranges.is_empty() || rest.next_if_eq(&']').is_none() {
                    let low = end_of_range(&mut rest)?;
                    let high = if rest.next_if_eq(&'-').is_some() { end_of_range(&mut rest)? } else { low };
                    ranges.push((low, high));
                }
                Sign::One { ranges, inside }
            }
            c => literal(c),
        });
    }
    Some(signs)
}

/// A character in brackets, as it is or behind a backslash.
fn end_of_range(rest: &mut impl Iterator<Item = char>) -> Option<char> {
    match rest.next()? {
        '-' | ']' => None,
        '\\' => rest.next(),
        c => Some(c),
    }
}

/// Whether a name is spelled by these signs.
fn matches(signs: &[Sign], name: &[char]) -> bool {
    let (mut sign, mut at) = (0, 0);
    // Behind the last sign that any text stands for, and where what it stands for ends.
    let mut any: Option<(usize, usize)> = None;
    loop {
        match (signs.get(sign), name.get(at)) {
            (None, None) => return true,
            (Some(Sign::Any), _) => {
                sign += 1;
                any = Some((sign, at));
            }
            (Some(Sign::One { ranges, inside }), Some(c)) if ranges.iter().any(|(low, high)| (low..=high).contains(&c)) == *inside => {
                (sign, at) = (sign + 1, at + 1);
            }
            _ => match any {
                Some((behind, end)) if end < name.len() => {
                    (sign, at) = (behind, end + 1);
                    any = Some((sign, at));
                }
                _ => return false,
            },
        }
    }
}
