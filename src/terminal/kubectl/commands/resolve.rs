//! Words become a [`Call`]: which command they name, and with which flags.
//!
//! Models github.com/spf13/cobra command.go Find and SuggestionsFor.

use std::fmt::Write;

use super::command::Act::{Group, NotSimulated};
use super::command::{Command, CommandQuirk};
use super::shared::GLOBAL;
use super::{COMMANDS, find, flags_of};
use crate::call::Call;
use crate::failure::Failure;
use crate::flag::Takes;
use crate::flags::{self, FlagError};
use crate::words;
use base::distance::distance;
use base::note::Note;

/// The file that a line applies, which does nothing else: `kubectl apply -f FILE`, however that is spelled.
pub fn applied_file(line: &str) -> Option<String> {
    let words = words::split(line).ok()?;
    let (program, rest) = words.split_first()?;
    let call = resolve(rest).ok().filter(|call| ["kubectl", "k"].contains(&program.as_str()) && call.command.name == "apply")?;
    let [file] = call.flags.list("filename")[..] else { return None };
    let is_plain = call.args.is_empty() && call.flags.without("filename").spelled().is_empty();
    is_plain.then(|| file.trim_start_matches("./").to_owned())
}

/// Words to a call, or kubectl's complaint about them.
pub fn resolve(words: &[String]) -> Result<Call, Failure> {
    let Some((first, rest)) = take_command(words)? else {
        return Err(Failure::NotSimulated(Note::Help("kubectl".to_owned())));
    };
    let mut command = find(None, &first).ok_or_else(|| unknown_command(&first))?;
    let mut rest = rest;
    while has_subcommands(command) {
        match take_command(&rest)? {
            Some((word, after)) => match find(Some(command), &word) {
                Some(sub) => {
                    command = sub;
                    rest = after;
                }
                None if command.is_elsewhere(&word) => {
                    return Err(Failure::not_simulated(format!("`kubectl {} {word}`", command.name)));
                }
                None if matches!(command.act, Group) => {
                    flags::parse(&after, &flags_of(command)).map_err(|why| wrong_flag(command, &why))?;
                    let given = [&[word], after.as_slice()].concat().join(" ");
                    return Err(Failure::Usage { message: format!("unknown command {given:?}"), command });
                }
                None => break,
            },
            None => break,
        }
    }
    if let NotSimulated(note) = command.act {
        return Err(Failure::NotSimulated(note(format!("`kubectl {}`", command.name))));
    }
    let parsed = flags::parse(&rest, &flags_of(command)).map_err(|why| match &why {
        FlagError::Unknown(flag) if command.is_elsewhere(&format!("--{flag}")) => {
            Failure::not_simulated_with(command.name, &format!("--{flag}"))
        }
        _ => wrong_flag(command, &why),
    })?;
    if parsed.flags.on("help") || matches!(command.act, Group) {
        return Err(Failure::NotSimulated(help(command)));
    }
    if let Some(flag) = parsed.flags.not_simulated(&flags_of(command)) {
        return Err(Failure::not_simulated_with(command.name, &format!("--{}", flag.name)));
    }
    Ok(Call { command, args: parsed.args, dash: parsed.dash, flags: parsed.flags })
}

/// What is said in place of a command's help: its subcommands, if it has any.
fn help(command: &Command) -> Note {
    let below = |c: &'static Command| c.name.strip_prefix(command.name)?.strip_prefix(' ').filter(|rest| !rest.contains(' '));
    let words: Vec<&str> = COMMANDS.iter().filter(|c| !matches!(c.act, NotSimulated(_))).filter_map(below).collect();
    let name = format!("kubectl {}", command.name);
    if words.is_empty() { Note::Help(name) } else { Note::HelpOf(name, words.join(", ")) }
}

fn wrong_flag(command: &'static Command, why: &FlagError) -> Failure {
    // Models diff.go NewCmdDiff, which alone has words of its own for this.
    if command.has(CommandQuirk::Compares) {
        return Failure::Usage { message: why.to_string(), command };
    }
    Failure::Plain(format!("error: {why}\nSee 'kubectl {} --help' for usage.", command.name))
}

fn has_subcommands(command: &Command) -> bool {
    COMMANDS.iter().any(|c| c.name.strip_prefix(command.name).is_some_and(|rest| rest.starts_with(' ')))
}

/// The first word that is neither a flag nor a flag's value, and the words without it.
fn take_command(words: &[String]) -> Result<Option<(String, Vec<String>)>, Failure> {
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if word == "--" {
            return Ok(None);
        }
        if !word.starts_with('-') || word == "-" {
            let mut rest = words.to_vec();
            let word = rest.remove(at);
            return Ok(Some((word, rest)));
        }
        let name = word.trim_start_matches('-');
        let is_long = word.starts_with("--");
        let takes_next = !name.contains('=')
            && GLOBAL.iter().any(|f| {
                let is_this = if is_long { f.name == name } else { f.short.is_some_and(|c| name.len() == 1 && name.starts_with(c)) };
                is_this && f.takes != Takes::Switch
            });
        if takes_next && at + 1 >= words.len() {
            let said = if is_long { format!("--{name}") } else { format!("'{name}' in -{name}") };
            return Err(Failure::Plain(format!("error: flag needs an argument: {said}\nSee 'kubectl --help' for usage.")));
        }
        at += if takes_next { 2 } else { 1 };
    }
    Ok(None)
}

fn unknown_command(word: &str) -> Failure {
    /// Commands at most this many edits away are suggested.
    const NEAR: usize = 2;
    /// Words of other programs, and the command that does the same.
    const MEANT: [(&str, &str); 6] =
        [("list", "get"), ("ls", "get"), ("rm", "delete"), ("remove", "delete"), ("inspect", "describe"), ("stats", "top")];
    let mut text = format!("error: unknown command {word:?} for \"kubectl\"");
    let top = COMMANDS.iter().filter(|c| !c.name.contains(' ')).map(|c| c.name);
    let lower = word.to_ascii_lowercase();
    let near: Vec<&str> = top
        .flat_map(|name| {
            let meant = MEANT.iter().any(|(word, command)| *word == lower && *command == name);
            let alike = distance(&lower, name) <= NEAR || name.starts_with(&lower);
            std::iter::repeat_n(name, usize::from(alike) + usize::from(meant))
        })
        .collect();
    if !near.is_empty() {
        text.push_str("\n\nDid you mean this?");
        for name in near {
            let _ = write!(text, "\n\t{name}");
        }
    }
    Failure::Plain(text)
}
