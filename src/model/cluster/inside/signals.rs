//! `kill`, `pkill` and `killall`: which process of a container gets which signal.
//!
//! Models kill(1) of procps and busybox, and pid_namespaces(7): the first process of a container gets no signal from inside that it has
//! no handler for, and SIGKILL and SIGSTOP never.
//! Not modelled: signals to processes other than the first one and the sender; what a server does on signals other than SIGTERM;
//! containers that share their processes with others.

use super::installed::has_file;
use super::place::ContainerInfo;
use super::ran::Ran;
use crate::command::{is_at_rest, words_in};

/// What a signal does to who gets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    /// It only asks whether the process is there, or never reaches the first one.
    Nothing,
    Kill,
    Term,
    Other,
}

/// Signals that were sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sent {
    /// Whether the first process of the container is told to terminate.
    pub first: bool,
    /// The exit code of the sender, if that ends by its own signal.
    pub own: Option<i32>,
    /// What the command prints.
    pub ran: Ran,
}

impl Signal {
    /// The signal that a word means: `9`, `KILL`, `SIGKILL`.
    fn read(word: &str) -> Option<Signal> {
        let word = word.to_ascii_uppercase();
        Some(match word.strip_prefix("SIG").unwrap_or(&word) {
            "0" | "EXIT" => Signal::Nothing,
            "9" | "KILL" => Signal::Kill,
            "15" | "TERM" => Signal::Term,
            "1" | "2" | "3" | "10" | "12" | "HUP" | "INT" | "QUIT" | "USR1" | "USR2" | "STOP" | "19" | "CONT" | "18" | "WINCH" | "28" => {
                Signal::Other
            }
            _ => return None,
        })
    }
}

/// What one of the three commands does in a container, run by the process with the number `own`; `None` for any other command, and if this
/// use is not simulated. `waits`: whether the sender stays when it is told to terminate, as a shell does at its terminal.
/// `first` tells the name of the first process.
pub(super) fn sent(words: &[String], place: &ContainerInfo, own: &str, first: &dyn Fn() -> String, waits: bool) -> Option<Sent> {
    let (path, args) = words.split_first()?;
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_simulated = match name {
        "kill" => true,
        "pkill" | "killall" => has_file(name, place),
        _ => false,
    };
    if !is_simulated || place.shares_processes {
        return None;
    }
    let (signal, targets) = read(name, args)?;
    let mut sent = Sent::default();
    for target in targets {
        let pid = match name {
            "kill" => target,
            _ if named(name, target, &first())? => "1",
            _ => {
                let err = if name == "killall" { format!("killall: {target}: no process killed\n") } else { String::new() };
                sent.ran = Ran { err, code: 1, ..Ran::default() };
                continue;
            }
        };
        match signal {
            Signal::Nothing if pid == "1" || pid == own => {}
            Signal::Term if pid == "1" => sent.first = true,
            Signal::Kill if pid == "1" => {}
            Signal::Other if pid == "1" && is_at_rest(&place.image, &place.command) => {}
            Signal::Kill if pid == own => sent.own = Some(137),
            Signal::Term if pid == own && waits => {}
            Signal::Term if pid == own => sent.own = Some(143),
            _ => return None,
        }
    }
    Some(sent)
}

/// The signal and whom it is for: processes by number, or one by name.
fn read<'a>(name: &str, args: &'a [String]) -> Option<(Signal, Vec<&'a str>)> {
    let (mut signal, mut targets, mut rest) = (Signal::Term, Vec::new(), args.iter().map(String::as_str));
    while let Some(word) = rest.next() {
        match word {
            "--" => {}
            "-s" | "-n" | "--signal" => signal = Signal::read(rest.next()?)?,
            "-f" | "-x" | "-q" if name != "kill" => {}
            _ => match word.strip_prefix('-') {
                Some(word) => signal = Signal::read(word)?,
                None => targets.push(word),
            },
        }
    }
    let is_whole = if name == "kill" { !targets.is_empty() } else { targets.len() == 1 };
    is_whole.then_some((signal, targets))
}

/// Whether a name is that of a container's first process; `None` where that of another one may be meant.
fn named(command: &str, name: &str, running: &str) -> Option<bool> {
    let is_it = |word: &str| if command == "killall" { word == name } else { word.contains(name) };
    let mut words = words_in(running).map(|word| word.rsplit('/').next().unwrap_or_default().trim_end_matches(':'));
    let first = words.next().is_some_and(is_it);
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) && !matches!(name, "sh" | "ash" | "bash" | "dash");
    (is_plain && (first || !words.any(is_it))).then_some(first)
}
