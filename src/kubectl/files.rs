//! The small file system that a kubectl command sees.
//!
//! Promises: paths are plain text, iterated in order; a clone is cheap, because files are shared until they are written to; to append
//! to a file costs what is appended.
//! Not modelled: permissions, links, times, a working directory other than the root.

use crate::base::sort::Sort;
use crate::base::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

/// Files by path. Paths are relative to the root; a leading `./` and a trailing `/` are ignored. A file whose path is an address on the
/// web is read there and is in no folder.
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
        path.is_empty() || path == "." || self.here().any(|(p, _)| inside(p, path).is_some())
    }

    /// The files directly in a directory, in order, with their full paths.
    pub fn in_folder(&self, path: &str) -> Vec<(&Rc<str>, &Rc<String>)> {
        let folder = match plain(path) {
            "." => "",
            other => other,
        };
        self.here().filter(|(p, _)| inside(p, folder).is_some_and(|rest| !rest.contains('/'))).collect()
    }

    /// The files in a directory and below it, in the order of a directory walk.
    pub fn below(&self, path: &str) -> Vec<(&Rc<str>, &Rc<String>)> {
        let folder = match plain(path) {
            "." => "",
            other => other,
        };
        let mut found: Vec<_> = self.here().filter(|(p, _)| inside(p, folder).is_some()).collect();
        found.put_in_order_of(|(p, _)| p.split('/').map(str::to_owned).collect::<Vec<_>>());
        found
    }

    /// The files and folders whose paths a pattern matches, in order; nothing if the pattern is malformed. Models Go's path/filepath
    /// Glob.
    pub fn glob(&self, pattern: &str) -> Option<Vec<String>> {
        let wanted: Vec<Vec<Sign>> = plain(pattern).split('/').map(signs).collect::<Option<_>>()?;
        let mut found = SortedSet::new();
        for (path, _) in self.here() {
            let parts: Vec<&str> = path.split('/').take(wanted.len()).collect();
            let fits = |(part, signs): (&&str, &Vec<Sign>)| matches(signs, &part.chars().collect::<Vec<char>>());
            if parts.len() == wanted.len() && parts.iter().zip(&wanted).all(fits) {
                found.insert(parts.join("/"));
            }
        }
        Some(found.into_iter().collect())
    }

    /// The files that are not only read at an address.
    fn here(&self) -> impl Iterator<Item = (&Rc<str>, &Rc<String>)> {
        self.0.iter().filter(|(path, _)| !is_address(path))
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

/// Whether a path is a place on the web: what is there is in no folder.
pub fn is_address(path: &str) -> bool {
    path.starts_with("http://") || path.starts_with("https://")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_files_and_folders_part_by_part() {
        let files: Files = ["a.yaml", "b.yaml", "dir/c.yaml", "dir/d.txt", "dir/sub/e.yaml"].into_iter().map(|path| (path, "")).collect();
        let found = |pattern: &str| files.glob(pattern).map(|found| found.join(" "));
        for (pattern, want) in [
            ("*", Some("a.yaml b.yaml dir")),
            ("./*.yaml", Some("a.yaml b.yaml")),
            ("d?r/*", Some("dir/c.yaml dir/d.txt dir/sub")),
            ("*/*.yaml", Some("dir/c.yaml")),
            ("[a-c].yaml", Some("a.yaml b.yaml")),
            ("[^a].y*l", Some("b.yaml")),
            (r"\a.yaml", Some("a.yaml")),
            ("z*", Some("")),
            ("[a", None),
            ("[]a", None),
            ("[-]", None),
            ("*.*a*m*", Some("a.yaml b.yaml")),
            ("a\\", None),
        ] {
            assert_eq!(found(pattern).as_deref(), want, "{pattern}");
        }
    }

    #[test]
    fn a_folder_lists_its_own_files_only() {
        let files: Files = [("a.yaml", "1"), ("dir/b.yaml", "2"), ("dir/sub/c.yaml", "3")].into_iter().collect();
        assert_eq!(files.get("./a.yaml"), Some("1"));
        assert!(files.is_folder("dir/") && files.is_folder(".") && !files.is_folder("a.yaml"));
        let names: Vec<&str> = files.in_folder("dir").into_iter().map(|(p, _)| p.as_ref()).collect();
        assert_eq!(names, ["dir/b.yaml"]);
        assert_eq!(files.in_folder(".").len(), 1);
        let webbed = files.clone().with([("https://a.b/c.yaml", "5")]);
        assert_eq!((webbed.get("https://a.b/c.yaml"), webbed.below("."), webbed.glob("*")), (Some("5"), files.below("."), files.glob("*")));
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
