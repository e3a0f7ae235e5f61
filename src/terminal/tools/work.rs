//! A tool at work, as far as whoever runs it knows.

use std::fmt;

use api::client::Client;
use base::time::Time;

/// What a tool does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It goes on at an instant.
    Until(Time),
    Done(Ended),
}

/// How a tool ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// What it printed of what it did.
    pub said: Vec<String>,
    /// Its words where it failed.
    pub failed: Option<String>,
}

/// A tool at work, as plain data.
pub trait Work {
    /// Does what can be done now.
    fn go_on(&mut self, client: &mut dyn Client) -> Step;
    /// The same once more, for a copy of the world that it works in.
    fn copied(&self) -> Box<dyn Work>;
}

impl Clone for Box<dyn Work> {
    fn clone(&self) -> Self {
        self.copied()
    }
}

impl fmt::Debug for dyn Work {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("Work")
    }
}
