//! Every command that kubectl has: its flags, what runs it, and what it does in its own way.
//!
//! Models the cobra commands of k8s.io/kubectl/pkg/cmd.

mod resolve;
mod shared;
mod table;

pub use resolve::{applied_file, resolve};
pub use table::COMMANDS;

use crate::failure::Failure;
use crate::flags::{Flag, Flags};
use crate::job::Step;
use crate::session::Session;
use api::kind::Kind;
use api::managed::KUBECTL;
use base::note::Note;
use base::sorted::SortedSet;
use shared::GLOBAL;

/// How a command runs.
type Runs = fn(&Call, &mut Session) -> Result<Step, Failure>;

/// What a command does.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    Run(Runs),
    /// Nothing by itself: it has subcommands.
    Group,
    /// Nothing in the playground, which says this of it.
    NotSimulated(fn(String) -> Note),
}

/// What a command's arguments are, for who completes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Args {
    /// Words of the command's own.
    Words,
    NodeNames,
    /// The fields of a type: `sts.spec`.
    Fields,
    /// Types and names.
    Types,
    /// The same, or `all`.
    TypesOrAll,
    /// Some types and names.
    Of(&'static [Kind]),
}

/// What some commands do in their own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandQuirk {
    /// It reaches into containers, where what it does is not seen from outside.
    ReachesInside,
    /// Its `--all` is a selector; elsewhere it only says what a type without names means.
    AllSelects,
    /// It drops names beside `--local`, and then finds nothing given.
    DropsNames,
    /// It does without the server where `--local` stands beside `--dry-run=server`, which others refuse.
    ForgetsLocal,
    /// Its `--selector` is one that it writes.
    SetsSelector,
    /// It decodes objects into Go structs, rather than into maps.
    PrintsStructs,
    /// It takes images after names.
    NamesImages,
    /// It chooses the pods whose logs are read, which are not those to attach to.
    ReadsLogs,
    /// What it ends with says whether anything differs, so that wrong usage has a code of its own.
    Compares,
    /// It reads the kubeconfig as a file, whatever that names.
    ReadsConfig,
}

/// A command.
#[derive(Debug)]
pub struct Command {
    /// All its words: `rollout status`.
    pub name: &'static str,
    /// Other words for the last one.
    aliases: &'static [&'static str],
    /// The flags it has in common with others, besides the global ones.
    shared: &'static [&'static [Flag]],
    own: &'static [Flag],
    /// What it does.
    pub act: Act,
    /// The field manager in whose name it writes.
    manager: &'static str,
    /// What its arguments are.
    pub args: Args,
    quirks: &'static [CommandQuirk],
    /// Flags and subcommands that kubectl knows and that are not simulated.
    elsewhere: &'static str,
}

impl PartialEq for Command {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}
impl Eq for Command {}

impl Command {
    /// Whether it has this habit.
    pub fn has(&self, habit: CommandQuirk) -> bool {
        self.quirks.contains(&habit)
    }

    /// Its flags, but for the global ones.
    pub fn flags(&self) -> impl Iterator<Item = &'static Flag> {
        self.shared.iter().copied().chain([self.own]).flatten()
    }

    /// Whether kubectl knows such a flag or subcommand of it, which is not simulated.
    fn is_elsewhere(&self, word: &str) -> bool {
        self.elsewhere.split(' ').any(|known| known == word)
    }
}

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
    /// Starts the command.
    pub fn run(&self, session: &mut Session) -> Result<Step, Failure> {
        match self.command.act {
            Act::Run(run) => {
                if self.flags.given("record") {
                    session.output.err("Flag --record has been deprecated, --record will be removed in the future");
                }
                if self.flags.text("dry-run") == Some(DRY_RUN_ALONE) {
                    session.log('W', "helpers.go:714", "--dry-run is deprecated and can be replaced with --dry-run=client.");
                }
                run(self, session)
            }
            Act::Group | Act::NotSimulated(_) => Err(Failure::not_simulated(format!("`kubectl {}`", self.command.name))),
        }
    }

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

/// What `--dry-run` without a value stands for.
pub const DRY_RUN_ALONE: &str = "unchanged";

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
