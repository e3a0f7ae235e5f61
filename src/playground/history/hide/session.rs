//! What was typed into a terminal: commands, their here-documents, and what they print into Secrets.

use std::ops::Range;

use super::known::{Found, Hide, found};
use super::pairs::{Reading, creates_secret};
use super::words::{Ends, How, is_blank, is_of_name, is_reference, lines, offset, run, value};

/// Options that name a file of a Secret.
const FILES: [&str; 4] = ["--from-file", "--from-env-file", "--cert", "--key"];
/// How many words of a kubectl command say what it does.
const COMMAND_WORDS: usize = 4;

impl Hide {
    /// Learns what Secrets are made of, and the words that name no value.
    pub(super) fn learn_session(&mut self, session: &str) {
        for (command, _) in units(session) {
            if command.starts_with("kubectl ") {
                self.given.extend(command.split_whitespace().take(COMMAND_WORDS).map(str::to_owned));
            }
            if creates_secret(command) {
                let names = command.split('$').skip(1).map(|rest| rest.trim_start_matches(['{', '(']));
                self.variables.extend(names.map(|name| name[..run(name, |c| c.is_ascii_alphanumeric() || c == '_')].to_owned()));
                for option in FILES {
                    let words = command.split(option).skip(1).filter_map(|rest| rest.strip_prefix(['=', ' '])?.split_whitespace().next());
                    self.files.extend(words.filter_map(|word| Some(word.trim_matches(['"', '\'']).rsplit('=').next()?.to_owned())));
                }
            }
        }
    }

    /// What was typed into a terminal without what is left out.
    pub(super) fn session(&mut self, session: &str) -> String {
        let mut all = Vec::new();
        let variables = std::mem::take(&mut self.variables);
        for (command, here) in units(session) {
            let file = written(command);
            let is_source = creates_secret(command) || file.is_some_and(|file| self.files.iter().any(|known| known == file));
            let (from, text) = (offset(session, command), readable(command));
            let encodes = command.contains("base64") && !command.contains(" -d") && !command.contains(" --decode");
            let printed = printed(command).into_iter().filter(|_| is_source || encodes).map(|range| lines(command, range));
            let reading = Reading { text: &text, is_secret: command.contains("secret"), is_command: true, variables: &variables };
            let mut of_command = found(reading);
            of_command.extend(printed.map(|lines| of_secret(lines, file)));
            of_command.retain(|one| one.lines.first().is_some_and(|line| !is_reference(&command[line.clone()])));
            all.extend(of_command.into_iter().map(|one| one.moved(from)));
            let mut of_here = found(Reading { text: here, is_secret: true, ..Reading::default() });
            if is_source {
                of_here = lines(here, 0..here.len()).into_iter().map(|line| of_secret(vec![line], file)).collect();
            }
            all.extend(of_here.into_iter().map(|one| one.moved(offset(session, here))));
        }
        self.variables = variables;
        self.replace(session, all)
    }
}

/// What a Secret is made of.
fn of_secret(lines: Vec<Range<usize>>, file: Option<&str>) -> Found {
    Found { lines, name: file.unwrap_or("secret").to_owned(), how: How::Secret, is_bare: false }
}

/// The commands of a session, each with its here-document.
fn units(session: &str) -> Vec<(&str, &str)> {
    let (mut all, mut start, mut at, mut mark): (Vec<(&str, &str)>, _, _, Option<char>) = (Vec::new(), 0, 0, None);
    let mut here: Option<&str> = None;
    for line in session.split_inclusive('\n') {
        let end = at + line.len();
        match here {
            Some(last) if line.trim_start_matches("> ").trim() == last => {
                all.last_mut().into_iter().for_each(|unit| unit.1 = &session[start..at]);
                (here, start) = (None, end);
            }
            Some(_) => {}
            None => {
                let marks = line.chars().filter(|c| ['"', '\''].contains(c) && !line.starts_with('#'));
                mark = marks.fold(mark, |open, mark| if open == Some(mark) { None } else { open.or(Some(mark)) });
                if mark.is_none() && !line.ends_with("\\\n") {
                    let command = &session[start..end];
                    all.push((command, &session[end..end]));
                    (here, start) = (here_word(command), end);
                }
            }
        }
        at = end;
    }
    match here {
        Some(_) => all.last_mut().into_iter().for_each(|unit| unit.1 = &session[start..]),
        None => all.push((&session[start..], &session[session.len()..])),
    }
    all
}

/// The word that ends the here-document of a command.
fn here_word(command: &str) -> Option<&str> {
    let rest = command.split_once("<<")?.1.trim_start_matches(['-', ' ', '"', '\'', '\\']);
    Some(&rest[..run(rest, is_of_name)]).filter(|word| !word.is_empty() && !command.contains("<<<"))
}

/// The file that a command writes.
fn written(command: &str) -> Option<&str> {
    let after = command.split_once('>').map(|(_, rest)| rest.trim_start_matches('>')).or_else(|| Some(command.split_once("tee ")?.1))?;
    after.split_whitespace().next().map(|word| word.trim_matches(['"', '\'', ';']))
}

/// A command with blanks in the place of prompts and backslashes, and with the line breaks that `printf` makes.
fn readable(command: &str) -> String {
    let rest = command.strip_prefix("$ ").unwrap_or(command);
    let text = format!("{}{}", " ".repeat(command.len() - rest.len()), rest.replace("\\\"", " \""));
    if text.contains("{\"") || text.contains("{ \"") { text } else { text.replace("\\n", " \n") }
}

/// The words that `echo` and `printf` print into a file or for another command, and words that stand for input.
fn printed(command: &str) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    for word in ["echo ", "printf ", "<<<"] {
        for (begins, _) in command.match_indices(word) {
            let (mut at, mut words) = (begins + word.len(), Vec::new());
            let end = loop {
                at += run(&command[at..], is_blank);
                match command[at..].chars().next() {
                    None => break '\n',
                    Some(end) if "|;&><)\n".contains(end) => break end,
                    Some(_) => {}
                }
                let range = value(command, at, Ends::Word);
                let is_other = command[at..].starts_with('-') && range.len() <= 2 || command[range.clone()].starts_with('%');
                at = range.end.max(at + command[at..].chars().next().map_or(1, char::len_utf8));
                at += usize::from(command[at..].starts_with(['"', '\'']));
                words.extend(Some(range).filter(|_| !is_other));
            };
            all.extend(words.into_iter().filter(|_| word == "<<<" || "|>)".contains(end)));
        }
    }
    all
}
