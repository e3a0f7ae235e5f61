//! The environment of a shell: files, names and time.

use std::fmt;
use std::rc::Rc;

use super::dialect::Dialect;
use base::time::Time;

/// Why something cannot be done with a file; it displays as the system's error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// There is none, or no directory for it.
    Missing,
    /// It is a directory.
    IsFolder,
    /// What would be its directory is a file.
    NotFolder,
    /// There is something of this name.
    Exists,
    /// Nothing is written there.
    ReadOnly,
    /// Not to this user.
    Denied,
    /// No more is.
    Full,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Trouble::Missing => "No such file or directory",
            Trouble::IsFolder => "Is a directory",
            Trouble::NotFolder => "Not a directory",
            Trouble::Exists => "File exists",
            Trouble::ReadOnly => "Read-only file system",
            Trouble::Denied => "Permission denied",
            Trouble::Full => "No space left on device",
        })
    }
}

/// A directory entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    /// Its size in bytes; `None` for a directory.
    pub size: Option<usize>,
}

/// The environment of a shell. Paths are absolute, without `.` and `..`.
pub trait Host {
    /// The present.
    fn now(&self) -> Time;
    /// The machine's name.
    fn hostname(&self) -> String;
    /// The same with its domain, if it has one.
    fn full_hostname(&self) -> String {
        self.hostname()
    }
    /// The contents of a file.
    fn read(&self, path: &str) -> Result<Rc<str>, Trouble>;
    /// Replaces the contents of a file. Refused where a directory has its name, and where its directory does not exist.
    fn write(&mut self, path: &str, text: &str) -> Result<(), Trouble>;
    /// Adds to the end of a file, which is written if it does not exist.
    fn append(&mut self, path: &str, text: &str) -> Result<(), Trouble> {
        let before = self.read(path).unwrap_or_default();
        self.write(path, &format!("{before}{text}"))
    }
    /// The size of a file in bytes; 0 if it does not exist.
    fn size(&self, path: &str) -> usize {
        self.read(path).map_or(0, |text| text.len())
    }
    /// Removes a file, or a directory with everything in it.
    fn remove(&mut self, path: &str) -> Result<(), Trouble>;
    /// Whether there is a directory for what is at a path.
    fn has_folder_for(&self, path: &str) -> Result<(), Trouble> {
        match self.read(path.rsplit_once('/').map_or("", |(folder, _)| folder)) {
            Err(Trouble::IsFolder) => Ok(()),
            found => Err(found.err().unwrap_or(Trouble::NotFolder)),
        }
    }
    /// Creates a directory. Refused where the one that it would be in does not exist.
    fn make_folder(&mut self, path: &str) -> Result<(), Trouble>;
    /// The entries of a directory, by name; `None` if it does not exist.
    fn list(&self, path: &str) -> Option<Vec<Entry>>;
    /// Whether this machine reaches others, which have files of their own.
    fn reaches_machines(&self) -> bool {
        false
    }
    /// Whether its tools are busybox's, whose complaints have words of their own.
    fn is_busybox(&self) -> bool {
        false
    }
    /// What `sh` is here.
    fn sh(&self) -> Dialect {
        if self.is_busybox() { Dialect::Ash } else { Dialect::Dash }
    }
    /// Whether what is at a path is known to be a program.
    fn is_program(&self, _path: &str) -> bool {
        false
    }
    /// The text of a file that somebody has written and that a command names: by its path, or as a program.
    fn script(&self, _command: &str) -> Option<Rc<str>> {
        None
    }
    /// Whether a tool of the shell is installed here.
    fn has(&self, tool: &str) -> bool;
}
