//! What a shell lives in: files and a name.

use std::rc::Rc;

use crate::base::time::Time;

/// The system's words for a file that is not there.
pub const MISSING: &str = "No such file or directory";

/// Something in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Its size in bytes; `None` for a folder.
    pub size: Option<usize>,
}

/// What a shell lives in. Paths are absolute and hold no `.` and `..`.
pub trait Host {
    /// The present.
    fn now(&self) -> Time;
    /// The machine's name.
    fn hostname(&self) -> String;
    /// The same with its domain, where it has one.
    fn full_hostname(&self) -> String {
        self.hostname()
    }
    /// The machine's address, where it has one.
    fn address(&self) -> Option<String> {
        None
    }
    /// The text of a file; the error is the system's: `No such file or directory`.
    fn read(&self, path: &str) -> Result<Rc<str>, &'static str>;
    /// Writes a file whole.
    fn write(&mut self, path: &str, text: &str) -> Result<(), &'static str>;
    /// Removes a file or a folder with everything in it.
    fn remove(&mut self, path: &str) -> Result<(), &'static str>;
    /// Makes a folder.
    fn make_folder(&mut self, path: &str) -> Result<(), &'static str>;
    /// What is in a folder, by name; `None` where there is none.
    fn list(&self, path: &str) -> Option<Vec<Entry>>;
    /// Whether a tool of the shell is installed here.
    fn has(&self, tool: &str) -> bool;
}
