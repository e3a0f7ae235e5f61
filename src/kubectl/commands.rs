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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_simulated_is_not_elsewhere() {
        for command in COMMANDS {
            for word in command.elsewhere.split_whitespace() {
                let declared = flags_of(command).into_iter().flatten().any(|flag| word.strip_prefix("--") == Some(flag.name));
                assert!(!declared && find(Some(command), word).is_none(), "{}: {word}", command.name);
            }
        }
    }

    #[test]
    fn no_command_declares_a_flag_twice() {
        for command in COMMANDS {
            let flags: Vec<&Flag> = command.flags().collect();
            for (at, flag) in flags.iter().enumerate() {
                let mut before = flags[..at].iter();
                let clash = before.any(|other| other.name == flag.name || flag.short.is_some() && other.short == flag.short);
                assert!(!clash, "{} --{}", command.name, flag.name);
            }
        }
    }
}
