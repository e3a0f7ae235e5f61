//! `command -v`, `type`, `which`: what words stand for.
//!
//! Promises: an answer is given only where it is known; dash and busybox have words of their own for it, and so has bash.
//! Not modelled: `-V`, `-a` and other options; reserved words.

use crate::dialect::Dialect;
use crate::places::Places;
use crate::programs::is_builtin;
use crate::{Host, Installed, Shell, Stream};

/// The commands of a shell that POSIX calls special.
pub(crate) const SPECIAL: &str = ". : break continue eval exec exit export readonly return set shift times trap unset";

/// What a word stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Means {
    Function,
    Builtin,
    File(String),
    Nothing,
}

impl Shell {
    /// Answers one of these commands, if the answer is known.
    pub(super) fn tell_places(&mut self, command: &str, args: &[String], host: &mut dyn Host) -> bool {
        if command == "command" && args.first().is_none_or(|word| word != "-v") {
            return false;
        }
        let words = args.iter().filter(|word| !word.starts_with('-'));
        let means: Option<Vec<_>> = words.map(|word| Some((word, self.means(command, word, host)?))).collect();
        let Some(means) = means else { return false };
        self.status = 0;
        for (word, means) in means {
            match (means, command) {
                (Means::Nothing, _) => self.means_nothing(command, word, host),
                (means, "type") => {
                    let what = self.kind_of(word, means);
                    self.print(Stream::Out, &format!("{word} is {what}\n"), host);
                }
                (Means::File(path), _) => self.print(Stream::Out, &format!("{path}\n"), host),
                _ => self.print(Stream::Out, &format!("{word}\n"), host),
            }
        }
        true
    }

    /// What a word stands for; `None` if that is not known. `which` knows nothing of shells.
    fn means(&self, command: &str, word: &str, host: &dyn Host) -> Option<Means> {
        let shell = if self.dialect == Dialect::Bash { Places::BASH } else { Places::SH };
        if command != "which" && self.functions.contains_key(word) {
            return Some(Means::Function);
        }
        if command != "which" && is_builtin(word, shell) {
            return Some(Means::Builtin);
        }
        let is_path = word.contains('/');
        match host.installed(&if is_path { self.path(word) } else { word.to_owned() }) {
            Installed::At(path) => Some(Means::File(if is_path { word.to_owned() } else { path })),
            Installed::Nowhere => Some(Means::Nothing),
            Installed::Unknown => None,
        }
    }

    fn kind_of(&self, word: &str, means: Means) -> String {
        let is_bash = self.dialect == Dialect::Bash;
        match means {
            Means::Function if is_bash => "a function".to_owned(),
            Means::Function => "a shell function".to_owned(),
            Means::Builtin if !is_bash && SPECIAL.split(' ').any(|known| known == word) => "a special shell builtin".to_owned(),
            Means::File(path) => path,
            Means::Builtin | Means::Nothing => "a shell builtin".to_owned(),
        }
    }

    fn means_nothing(&mut self, command: &str, word: &str, host: &mut dyn Host) {
        let is_bash = self.dialect == Dialect::Bash;
        self.status = if is_bash || command == "which" { 1 } else { 127 };
        match command {
            "type" if is_bash => self.refuse(host, &format!("type: {word}: not found")),
            "type" => self.print(Stream::Out, &format!("{word}: not found\n"), host),
            _ => {}
        }
    }
}
