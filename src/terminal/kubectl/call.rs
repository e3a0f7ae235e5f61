//! A command with the arguments and flags that were given to it.

use crate::commands::command::Command;
use crate::failure::Failure;
use crate::flags::Flags;
use api::managed::KUBECTL;

/// A command with what was given to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub command: &'static Command,
    /// Its arguments, those after `--` included.
    pub args: Vec<String>,
    /// How many arguments stand before `--`, if there is one.
    pub dash: Option<usize>,
    pub flags: Flags,
}

impl Call {
    /// The field manager in whose name it writes.
    pub fn manager(&self) -> &str {
        let by_server = self.flags.on("server-side");
        match self.flags.text("field-manager") {
            // Who names none is named by the program.
            Some("") if !by_server => KUBECTL,
            Some(name) => name,
            None if by_server => KUBECTL,
            None => self.command.manager,
        }
    }

    /// A complaint about the words, which points at the command's help.
    pub fn usage(&self, message: impl Into<String>) -> Failure {
        Failure::Usage { message: message.into(), command: self.command }
    }
}
