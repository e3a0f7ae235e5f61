//! What is left out of what was typed into a terminal.
//!
//! Must not know: what the shell does with a line. Words are told apart by quotation marks, commands by what parts them; a here-document is
//! a manifest, or what it is written into says that it is a secret.

use std::ops::Range;

use super::objects::About;
use super::words::is_plain;
use super::{Cut, Hide, cut};

/// Options of `kubectl create secret` that hold a value, and those that name a file.
const VALUES: [&str; 4] = ["--from-literal", "--docker-password", "--docker-username", "--docker-email"];
const FILES: [&str; 4] = ["--from-file", "--from-env-file", "--cert", "--key"];
/// Options that set a variable.
const SETS: [&str; 2] = ["--env", "-e"];
/// Programs that print their words.
const PRINTS: [&str; 2] = ["echo", "printf"];
/// How many words of a command say what it does.
const COMMAND_WORDS: usize = 4;

/// A command of a line.
#[derive(Default)]
struct Command {
    words: Vec<Range<usize>>,
    /// What its here-document holds.
    here: Option<Range<usize>>,
    /// Whether it reads what the one before prints.
    is_piped: bool,
}

impl Hide {
    /// Learns the words of a line that name no value.
    pub(super) fn learn_line(&mut self, line: &str) {
        for command in commands(line) {
            let words: Vec<&str> = command.words.iter().map(|word| &line[word.clone()]).collect();
            let count = if words.first().is_some_and(|first| is_kubectl(first)) { COMMAND_WORDS } else { 1 };
            let is_word = |word: &&&str| word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
            self.given.extend(words.iter().take(count).filter(is_word).map(|word| (*word).to_owned()));
        }
    }

    /// What was typed into a terminal, line by line, without what is left out.
    pub(super) fn session(&mut self, text: &str) -> String {
        let commands = commands(text);
        for command in &commands {
            self.learn_sources(text, command);
        }
        let mut cuts = Vec::new();
        for (at, command) in commands.iter().enumerate() {
            let into_secret = commands.get(at + 1).is_some_and(|next| next.is_piped && is_of_secret(text, next));
            self.command(text, command, into_secret, &mut cuts);
        }
        let hidden = cut(text, cuts);
        self.plain(&hidden)
    }

    /// Learns the files and the variables that a command makes a Secret of.
    fn learn_sources(&mut self, text: &str, command: &Command) {
        if !is_of_secret(text, command) {
            return;
        }
        for (at, word) in command.words.iter().enumerate() {
            let word = bare(&text[word.clone()]);
            let (option, value) = word.split_once('=').unwrap_or((&word, ""));
            let next = || command.words.get(at + 1).map(|next| bare(&text[next.clone()])).unwrap_or_default();
            let value = if word.contains('=') { value.to_owned() } else { next() };
            if FILES.contains(&option) {
                self.files.push(value.rsplit('=').next().unwrap_or_default().to_owned());
            } else if VALUES.contains(&option) {
                let names = value.split('$').skip(1).map(|rest| rest.trim_start_matches(['{', '(']));
                let name =
                    |rest: &str| rest[..rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len())].to_owned();
                self.variables.extend(names.map(name).filter(|name| !name.is_empty()));
            }
        }
    }

    fn command(&mut self, text: &str, command: &Command, into_secret: bool, cuts: &mut Vec<Cut>) {
        let words: Vec<String> = command.words.iter().map(|word| bare(&text[word.clone()])).collect();
        let has = |word: &str| words.iter().any(|other| other == word);
        let about = About { is_secret: words.iter().any(|word| word.contains("secret")), name: String::new() };
        let target = words.iter().position(|word| matches!(word.as_str(), ">" | ">>" | "tee" | "of")).and_then(|at| words.get(at + 1));
        let source = target.or(words.first()).map_or("", String::as_str);
        let is_source = into_secret || target.is_some_and(|file| self.files.contains(file));
        if let Some(here) = &command.here {
            if is_source || is_of_secret(text, command) {
                self.whole_lines(text, here.clone(), source, cuts);
            } else {
                let body = &text[here.clone()];
                cuts.push((here.clone(), self.objects(body, &About { is_secret: true, name: String::new() })));
            }
        }
        let is_create = is_of_secret(text, command);
        let sets = words.iter().any(|word| is_kubectl(word) || word == "docker");
        let first = words.iter().position(|word| !word.contains('=')).unwrap_or(words.len());
        for (at, range) in command.words.iter().enumerate() {
            let (word, raw) = (&words[at], &text[range.clone()]);
            let before = at.checked_sub(1).map_or("", |before| &words[before]);
            let pair = |skip: usize| {
                let sign = raw.match_indices('=').nth(skip)?.0;
                Some((
                    bare(&raw[..sign]).rsplit('=').next().unwrap_or_default().to_owned(),
                    value_of(raw, range.start + sign + 1, range.end, text),
                ))
            };
            let option = word.split('=').next().unwrap_or_default();
            let is_option = word.starts_with('-');
            let is_set =
                sets && (SETS.contains(&option) && word.contains('=') || SETS.contains(&before) || has("set") && has("env") && !is_option);
            let found = if is_create && VALUES.contains(&option) {
                pair(usize::from(option == VALUES[0]))
            } else if is_create && VALUES.contains(&before) {
                if before == VALUES[0] { pair(0) } else { Some((before.to_owned(), value_of(raw, range.start, range.end, text))) }
            } else if is_set && raw.contains('=') {
                let found = pair(usize::from(SETS.contains(&option)));
                if let Some((name, value)) = found {
                    let hidden = self.of_variable(&about, &name, &bare(&text[value.clone()]));
                    cuts.extend(hidden.map(|word| (value, word)));
                }
                continue;
            } else if has("annotate") && !is_option {
                if let Some((name, value)) = pair(0) {
                    let hidden = self.annotation(&about, &name, &bare(&text[value.clone()]));
                    cuts.extend(hidden.map(|word| (value, word)));
                }
                continue;
            } else if (at < first || before == "export") && self.variables.iter().any(|name| word.starts_with(&format!("{name}="))) {
                pair(0)
            } else if is_source && words.first().is_some_and(|first| PRINTS.contains(&first.as_str())) && at > 0 && !is_option {
                let is_target = [">", ">>"].contains(&before) || word.starts_with('>');
                (!is_target).then(|| (source.to_owned(), value_of(raw, range.start, range.end, text)))
            } else {
                self.nested(text, range.clone(), &about, cuts);
                continue;
            };
            if let Some((name, value)) = found {
                let content = bare(&text[value.clone()]);
                if !is_plain(&content) {
                    let word = self.hide(&name, &content, true);
                    cuts.push((value, word));
                }
            }
        }
    }

    /// Leaves out what stands in each line.
    fn whole_lines(&mut self, text: &str, range: Range<usize>, name: &str, cuts: &mut Vec<Cut>) {
        let mut start = range.start;
        for line in text[range].split_inclusive('\n') {
            let bare = line.trim();
            let begins = start + line.len() - line.trim_start().len();
            if !is_plain(bare) {
                cuts.push((begins..begins + bare.len(), self.hide(name, bare, true)));
            }
            start += line.len();
        }
    }

    /// Leaves out of the objects that a word holds in quotation marks: patches, manifests that are printed.
    fn nested(&mut self, text: &str, range: Range<usize>, about: &About, cuts: &mut Vec<Cut>) {
        let raw = &text[range.clone()];
        let Some(at) = raw.find(['"', '\'']) else { return };
        let mark = &raw[at..=at];
        let inner = raw[at + 1..].strip_suffix(mark).unwrap_or(&raw[at + 1..]);
        if !inner.contains([':', '\n']) {
            return;
        }
        // An escaped mark or line end takes as many bytes as a blank and what it stands for.
        let is_escaped = inner.contains("\\\"") || inner.contains("\\n");
        let readable = if is_escaped { inner.replace("\\\"", " \"").replace("\\n", " \n") } else { inner.to_owned() };
        let from = range.start + at + 1;
        // Where no kind is named, the command names one.
        let about = About {
            is_secret: about.is_secret || !text[range].trim_start_matches(['"', '\'']).starts_with(['{', '[']),
            name: String::new(),
        };
        for (place, word) in self.cuts_of(&readable, &about) {
            let slash = inner[..place.start].ends_with('\\');
            let word = if slash { word.replacen('"', "", 1).replace('"', "\\\"") } else { word };
            let word = if slash { format!("\"{word}") } else { word };
            let word = if is_escaped && inner[place.clone()].contains("\\n") { word.replace('\n', "\\n") } else { word };
            cuts.push((from + place.start..from + place.end, word));
        }
    }
}

/// Whether a word is what kubectl is called.
fn is_kubectl(word: &str) -> bool {
    ["kubectl", "k", "oc"].contains(&word)
}

/// Whether a command makes a Secret of its options or of its input.
fn is_of_secret(text: &str, command: &Command) -> bool {
    let has = |word: &str| command.words.iter().any(|range| bare(&text[range.clone()]) == word);
    has("create") && (has("secret") || has("secrets"))
}

/// A word without its quotation marks and escapes.
fn bare(raw: &str) -> String {
    let (mut out, mut mark, mut letters) = (String::new(), None, raw.chars());
    while let Some(letter) = letters.next() {
        match (letter, mark) {
            ('\\', None | Some('"')) => out.extend(letters.next()),
            ('"' | '\'', None) => mark = Some(letter),
            (_, Some(open)) if letter == open => mark = None,
            _ => out.push(letter),
        }
    }
    out
}

/// Where the value lies that goes on to the end of a word, without quotation marks around it.
fn value_of(raw: &str, from: usize, end: usize, text: &str) -> Range<usize> {
    let value = &text[from..end];
    let marks = |mark: char| raw.matches(mark).count().is_multiple_of(2) && value.matches(mark).count() % 2 == 1;
    match ['"', '\''].into_iter().find(|mark| marks(*mark) && value.ends_with(*mark)) {
        // The mark opens before the name.
        Some(_) => from..end - 1,
        None => from..end,
    }
}

/// The commands of a session.
fn commands(text: &str) -> Vec<Command> {
    let bytes = text.as_bytes();
    let (mut all, mut command, mut at) = (Vec::new(), Command::default(), 0);
    // The words that end here-documents to come, and the place of each one's command.
    let mut heres: Vec<(usize, String)> = Vec::new();
    while at < bytes.len() {
        match bytes[at] {
            b' ' | b'\t' => at += 1,
            b'\n' | b'|' | b';' | b'&' | b'(' | b')' | b'`' => {
                let is_pipe = bytes[at] == b'|' && bytes.get(at + 1) != Some(&b'|');
                all.push(std::mem::replace(&mut command, Command { is_piped: is_pipe, ..Command::default() }));
                at += if !is_pipe && bytes.get(at + 1) == Some(&bytes[at]) && bytes[at] != b'\n' { 2 } else { 1 };
                if bytes[at - 1] == b'\n' {
                    for (of, end) in heres.drain(..) {
                        let body = here(&text[at..], &end);
                        all[of].here = Some(at..at + body);
                        at += body;
                    }
                }
            }
            b'#' => at += text[at..].find('\n').unwrap_or(text.len() - at),
            b'<' if text[at..].starts_with("<<") && !text[at..].starts_with("<<<") => {
                at += 2 + usize::from(bytes.get(at + 2) == Some(&b'-'));
                at += text[at..].len() - text[at..].trim_start_matches([' ', '\t']).len();
                let end = word_end(text, at);
                heres.push((all.len(), bare(&text[at..end])));
                at = end;
            }
            b'>' => {
                let end = at + 1 + usize::from(bytes.get(at + 1) == Some(&b'>'));
                command.words.push(at..end);
                at = end;
            }
            _ => {
                let end = word_end(text, at);
                command.words.push(at..end);
                at = end;
            }
        }
    }
    all.push(command);
    all
}

/// How long a here-document is that a word ends: up to the line with the word.
fn here(text: &str, end: &str) -> usize {
    let mut length = 0;
    for line in text.split_inclusive('\n') {
        if line.trim() == end {
            break;
        }
        length += line.len();
    }
    length
}

/// Where the word ends that begins here. What a command prints in its place is a part of the word.
fn word_end(text: &str, from: usize) -> usize {
    let (mut mark, mut depth, mut escaped) = (None, 0, false);
    for (at, letter) in text[from..].char_indices() {
        if std::mem::take(&mut escaped) {
            continue;
        }
        match (letter, mark) {
            ('\\', None | Some('"')) => escaped = true,
            ('"' | '\'', None) => mark = Some(letter),
            (_, Some(open)) => mark = mark.filter(|_| letter != open),
            ('(', None) if depth > 0 || text[..from + at].ends_with('$') => depth += 1,
            (')', None) if depth > 0 => depth -= 1,
            (_, None) if depth == 0 && at > 0 && (letter.is_whitespace() || "|;&()<>`".contains(letter)) => return from + at,
            _ => {}
        }
    }
    text.len()
}
