//! A command at work, as far as whoever runs it knows: what verbs there are is plugged in.
//!
//! The verbs are the crate `verbs`, which only programs and tests name. A program plugs them in as it begins.

use std::fmt;
use std::sync::OnceLock;

use crate::call::Call;
use crate::editing::Editing;
use crate::failure::Failure;
use crate::listening::Listening;
use crate::session::Session;
use api::object::NamespacedName;
use base::time::Time;

/// What a command does next.
pub enum Step {
    /// It is done, with exit code 0.
    Done,
    /// It goes on when the store has changed, or at an instant.
    Wait(Box<dyn Work>, Option<Time>),
}

/// What a command that is not done yet waits for, as plain data.
pub trait Work {
    /// Does what can be done now.
    fn go_on(self: Box<Self>, call: &Call, session: &mut Session) -> Result<Step, Failure>;
    /// The same once more, for a copy of the world that it runs in.
    fn copied(&self) -> Box<dyn Work>;
    /// What others see of it.
    fn seen(&self) -> Seen<'_>;
    /// What it has in an editor, to be closed.
    fn editing(&mut self) -> Option<&mut Editing>;
}

/// What others see of a command that is not done yet.
pub enum Seen<'a> {
    /// A process in a container, by its number.
    Process(u64),
    /// What is attached before there is a process.
    Attached,
    Edit(&'a Editing),
    /// The ports of this machine that it listens on.
    Listen(&'a [Listening]),
    /// The pods whose eviction it asks for, and whether all that is left was refused.
    Drain(Vec<&'a NamespacedName>, bool),
    /// Nothing that matters to others.
    Other,
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

/// Starts a command.
pub type Begin = fn(&Call, &mut Session) -> Result<Step, Failure>;

static PLUGGED: OnceLock<Begin> = OnceLock::new();

/// Sets what starts the commands of the whole program. The first one stays.
pub fn plug(begin: Begin) {
    PLUGGED.get_or_init(|| begin);
}

/// What starts commands. Panics where a program has forgotten to plug it in.
pub fn begin() -> Begin {
    *PLUGGED.get().expect("no verbs: a program begins with `verbs::plug()`, a test program with `use plugged as _`")
}
