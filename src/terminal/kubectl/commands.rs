//! Every command that kubectl has, and the flags that any of them takes.
//!
//! Models the cobra commands of k8s.io/kubectl/pkg/cmd.

pub mod command;
pub mod resolve;
mod shared;
mod table;

pub use shared::DRY_RUN_ALONE;
pub use table::COMMANDS;

use crate::flag::Flag;
use base::sorted::SortedSet;
use command::Command;
use shared::GLOBAL;

/// All flags of a command.
pub fn flags_of(command: &Command) -> Vec<&'static [Flag]> {
    command.shared.iter().copied().chain([command.own, GLOBAL]).collect()
}

/// Whether any command has a flag of this name.
pub fn has_flag(name: &str) -> bool {
    thread_local! {
        static NAMES: SortedSet<&'static str> = COMMANDS.iter().flat_map(Command::flags).chain(GLOBAL).map(|flag| flag.name).collect();
    }
    NAMES.with(|names| names.contains(name))
}

/// The command that goes by these words below another, or at the top.
pub fn find(parent: Option<&Command>, word: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|c| {
        let (above, last) = c.name.rsplit_once(' ').map_or(("", c.name), |(a, l)| (a, l));
        above == parent.map_or("", |p| p.name) && (last == word || c.aliases.contains(&word))
    })
}
