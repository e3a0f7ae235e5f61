//! Signals to a shell, and what its script says is to run then.

use super::parse::Op;
use super::{Shell, Undo};
use base::note::Note;

/// What runs at SIGTERM goes where variables go: into subshells, and no further.
const AT_TERM: &str = "trap TERM";

/// What a shell knows of signals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Signals {
    /// The number of its process.
    pub number: &'static str,
    /// Whether SIGTERM has come, and what is to run at that has not begun.
    told_to_end: bool,
}

impl Default for Signals {
    fn default() -> Self {
        Signals { number: "1", told_to_end: false }
    }
}

impl Shell {
    /// Gives the shell's process a number, which is 1 otherwise.
    pub fn set_number(&mut self, number: &'static str) {
        self.signals.number = number;
    }

    /// The number of the shell's process.
    pub fn number(&self) -> &'static str {
        self.signals.number
    }

    /// SIGTERM comes; whether the script has said what is to run then. That begins once the command at work has ended.
    pub fn tell_to_end(&mut self) -> bool {
        self.signals.told_to_end |= self.variables.contains_key(AT_TERM);
        self.signals.told_to_end
    }

    /// Whether the script has said what is to run at SIGTERM.
    pub fn heeds_term(&self) -> bool {
        self.variables.contains_key(AT_TERM)
    }

    /// Whether SIGTERM came, and what is to run at that has not begun.
    pub fn is_told_to_end(&self) -> bool {
        self.signals.told_to_end
    }

    /// Begins what is to run at SIGTERM, if that has come.
    pub(super) fn heed(&mut self) {
        if std::mem::take(&mut self.signals.told_to_end) && !self.frames.is_empty() {
            let text = self.variable(AT_TERM).to_owned();
            self.begin([Op::Literal(["eval".to_owned(), text].into())].into(), false, Undo::default());
        }
    }

    /// `trap 'text' EXIT`: what runs at the end of the script; `trap 'text' TERM`: what runs at SIGTERM.
    /// Other signals are not modelled.
    pub(super) fn trap(&mut self, args: &[String]) -> i32 {
        let args = args.strip_prefix(&["--".to_owned()]).unwrap_or(args);
        let [text, signals @ ..] = args else { return 0 };
        let name = |signal: &String| signal.to_ascii_uppercase().trim_start_matches("SIG").to_owned();
        let subshell = self.saved.last().map_or(0, |saved| saved.depths.saved + 1);
        for signal in signals.iter().map(name) {
            match signal.as_str() {
                "EXIT" | "0" => {
                    let shell = self.frames.iter_mut().rfind(|frame| frame.is_shell);
                    let Some(shell) = shell.filter(|frame| subshell <= frame.depths.saved) else {
                        self.note(Note::Unsupported("`( trap … EXIT )`".to_owned()));
                        return 2;
                    };
                    shell.trap = (text != "-").then(|| text.clone());
                }
                "TERM" | "15" if text != "-" => drop(self.variables.insert(AT_TERM.to_owned(), text.clone())),
                "TERM" | "15" => drop(self.variables.remove(AT_TERM)),
                "ERR" | "DEBUG" | "RETURN" => {
                    self.note(Note::Unsupported(format!("`trap … {signal}`")));
                    return 2;
                }
                _ => {}
            }
        }
        0
    }
}
