//! What a text says: commands of kubectl with their flags, programs with their options, formats, kinds.

use std::collections::BTreeMap;

use ordinal::api::kind::Kind;
use ordinal::base::value::Value;
use ordinal::kubectl::commands::command::Command;
use ordinal::kubectl::commands::{COMMANDS, find, flags_of};
use ordinal::yaml;

/// How a text is written, which says where commands stand in it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Pages: fenced blocks, and commands of kubectl in backquotes.
    Markdown,
    /// Each line is one of a shell.
    Script,
    /// YAML whose members `sh` and `kubectl` are lines.
    Scenario,
    /// Anything else: a line after `$ `, and whatever follows the word kubectl.
    Paste,
}

/// How often each thing is said.
#[derive(Default)]
pub struct Said(pub BTreeMap<String, usize>);

/// Words before a command that are none.
const BEFORE: [&str; 10] = ["do", "then", "else", "elif", "if", "while", "until", "!", "{", "--"];
/// Programs that run the command after their options.
const RUNS: [&str; 8] = ["sudo", "watch", "xargs", "timeout", "env", "nohup", "time", "exec"];
const SHELLS: [&str; 4] = ["sh", "bash", "ash", "dash"];
/// Languages of fenced blocks that are not typed.
const NOT_TYPED: [&str; 8] = ["yaml", "json", "none", "text", "go", "ini", "toml", "mermaid"];

impl Said {
    /// Counts what a text says.
    pub fn read(&mut self, text: &str, form: Form) {
        let text = if form == Form::Scenario { text.to_owned() } else { joined(text) };
        let mut is_typed = false;
        let mut is_fenced = false;
        for line in text.lines() {
            self.kind(line);
            let line = line.trim();
            match form {
                Form::Script => self.line(line),
                Form::Markdown => {
                    if let Some(language) = line.strip_prefix("```") {
                        is_fenced = !is_fenced;
                        is_typed = is_fenced && !NOT_TYPED.contains(&language.trim());
                    } else if is_typed {
                        self.line(line.strip_prefix("$ ").unwrap_or(line));
                    } else if !is_fenced {
                        line.split('`').skip(1).step_by(2).filter(|span| span.starts_with("kubectl ")).for_each(|span| self.line(span));
                    }
                }
                Form::Scenario => {}
                Form::Paste => self.pasted(line),
            }
        }
        if form == Form::Scenario {
            yaml::parse(&text).into_iter().filter_map(|document| document.value).for_each(|value| self.steps(&value));
        }
    }

    fn steps(&mut self, value: &Value) {
        match value {
            Value::Map(map) => {
                for (key, value) in map.iter() {
                    match (&**key, value) {
                        ("sh", Value::Text(line)) => self.line(line),
                        ("kubectl", Value::Text(line)) => self.line(&format!("kubectl {line}")),
                        _ => self.steps(value),
                    }
                }
            }
            Value::List(items) => items.iter().for_each(|item| self.steps(item)),
            _ => {}
        }
    }

    fn add(&mut self, what: String) {
        *self.0.entry(what).or_default() += 1;
    }

    /// `kind: Pod`, also in JSON and as an item of a list.
    fn kind(&mut self, line: &str) {
        let plain: String = line.chars().filter(|c| !"\"',".contains(*c)).collect();
        let plain = plain.trim().trim_start_matches("- ");
        if let Some(kind) = plain.strip_prefix("kind: ")
            && let Some(kind) = Kind::named(kind.trim())
        {
            self.add(format!("kind {}", kind.info().name));
        }
    }

    fn pasted(&mut self, line: &str) {
        let line = line.trim_start_matches("- ");
        if let Some(typed) = line.strip_prefix("$ ") {
            return self.line(typed);
        }
        let mut rest = line;
        while let Some(at) = rest.find("kubectl ") {
            let is_word = !rest[..at].ends_with(|c: char| c.is_alphanumeric() || "-_/.".contains(c));
            let behind = &rest[at..];
            if is_word {
                self.line(behind.split('`').next().unwrap_or_default());
                return;
            }
            rest = &rest[at + 1..];
        }
    }

    /// A line of a shell.
    fn line(&mut self, line: &str) {
        if line.starts_with('#') {
            return;
        }
        for words in commands(line, self) {
            self.command(&words);
        }
    }

    fn command(&mut self, words: &[String]) {
        let is_set = |word: &str| word.split_once('=').is_some_and(|(name, _)| name.chars().all(|c| c.is_alphanumeric() || c == '_'));
        let start = words.iter().position(|word| !BEFORE.contains(&&**word) && !is_set(word));
        let Some((program, rest)) = start.and_then(|at| words[at..].split_first()) else { return };
        let program = program.rsplit('/').next().unwrap_or(program);
        if ["kubectl", "k"].contains(&program) {
            return self.kubectl(rest);
        }
        self.add(format!("tool {program}"));
        if SHELLS.contains(&program) {
            if let Some(script) = rest.iter().position(|word| word.starts_with('-') && word.ends_with('c')).and_then(|at| rest.get(at + 1))
            {
                self.line(script);
            }
        } else if RUNS.contains(&program) {
            let own = rest.iter().take_while(|word| word.starts_with(['-', '{']) || word.parse::<f64>().is_ok()).count();
            return self.command(&rest[own..]);
        } else if ["jq", "yq"].contains(&program) {
            self.query(rest);
        }
        for word in rest.iter().take_while(|word| *word != "--").filter(|word| word.len() > 1 && word.starts_with('-')) {
            if word.starts_with("--") {
                self.add(format!("tool {program} {}", word.split('=').next().unwrap_or_default()));
            } else {
                for letter in word.chars().skip(1).take_while(char::is_ascii_alphabetic) {
                    self.add(format!("tool {program} -{letter}"));
                }
            }
        }
    }

    /// The functions of a program of jq.
    fn query(&mut self, words: &[String]) {
        for word in words.iter().filter(|word| !word.starts_with('-')) {
            let is_of_name = |c: char| c.is_ascii_alphanumeric() || "_@.$".contains(c);
            for name in word.split(|c| !is_of_name(c)).filter(|name| !name.starts_with(['.', '$'])) {
                self.add(format!("jq {name}"));
            }
        }
    }

    /// The words after `kubectl`.
    fn kubectl(&mut self, words: &[String]) {
        let (own, inner) = match words.iter().position(|word| word == "--") {
            Some(at) => (&words[..at], &words[at + 1..]),
            None => (words, &[][..]),
        };
        let mut command: Option<&'static Command> = None;
        let mut args: Vec<&str> = Vec::new();
        let mut flags: Vec<(String, String)> = Vec::new();
        let mut at = 0;
        while let Some(word) = own.get(at) {
            at += 1;
            if word.starts_with('-') && word.len() > 1 {
                let next = own.get(at).map_or("", String::as_str);
                let (found, takes_next) = flag(command, word, next);
                flags.extend(found);
                at += usize::from(takes_next);
            } else if let (true, Some(sub)) = (args.is_empty(), find(command, word)) {
                command = Some(sub);
            } else {
                args.push(word);
            }
        }
        let Some(command) = command else { return };
        self.add(format!("verb {}", command.name));
        for (name, value) in flags {
            self.add(format!("flag {} --{name}", command.name));
            match &*name {
                "output" => self.add(format!("format {}", value.split('=').next().unwrap_or_default())),
                "template" => self.add("format go-template".into()),
                _ => {}
            }
        }
        let types = args.first().map_or(Vec::new(), |list| list.split(',').collect());
        for kind in args.iter().filter_map(|arg| arg.split_once('/').map(|(kind, _)| kind)).chain(types) {
            let kind = kind.split('.').next().unwrap_or_default().to_ascii_lowercase();
            let is_called = |k: &&Kind| k.info().plural == kind || k.info().singular == kind || k.info().short.contains(&&*kind);
            if let Some(kind) = Kind::ALL.iter().find(is_called) {
                self.add(format!("kind {}", kind.info().name));
                if command.name == "describe" {
                    self.add(format!("describe {}", kind.info().name));
                }
            }
        }
        self.command(inner);
    }
}

/// The flags in a word, and whether the last one's value is the next word.
fn flag(command: Option<&Command>, word: &str, next: &str) -> (Vec<(String, String)>, bool) {
    let known: Vec<_> = flags_of(command.unwrap_or(&COMMANDS[0])).into_iter().flatten().collect();
    // What a flag takes has no name outside of kubectl.
    let is_switch = |takes: &dyn std::fmt::Debug| ["Switch", "Optional"].iter().any(|kind| format!("{takes:?}").starts_with(kind));
    if let Some(long) = word.strip_prefix("--") {
        if let Some((name, value)) = long.split_once('=') {
            return (vec![(name.to_owned(), value.to_owned())], false);
        }
        let takes_next = known.iter().any(|f| f.name == long && !is_switch(&f.takes));
        return (vec![(long.to_owned(), next.to_owned())], takes_next);
    }
    let mut found = Vec::new();
    for (at, letter) in word.char_indices().skip(1) {
        let Some(flag) = known.iter().find(|f| f.short == Some(letter)) else { break };
        let behind = word[at + 1..].trim_start_matches('=');
        if !is_switch(&flag.takes) {
            let value = if behind.is_empty() { next } else { behind };
            found.push((flag.name.to_owned(), value.to_owned()));
            return (found, behind.is_empty());
        }
        found.push((flag.name.to_owned(), String::new()));
    }
    (found, false)
}

/// A text in which a line that ends with a backslash goes on.
fn joined(text: &str) -> String {
    let mut all = String::new();
    for line in text.lines() {
        match line.trim_end().strip_suffix('\\') {
            Some(start) => all.extend([start, " "]),
            None => all.extend([line, "\n"]),
        }
    }
    all
}

/// The commands of a line, as words without quotation marks. What stands in double quotes within `$(…)` is counted at once.
fn commands(line: &str, said: &mut Said) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = vec![Vec::new()];
    let (mut word, mut is_begun, mut quote) = (String::new(), false, None);
    let mut chars = line.chars().peekable();
    let mut quoted = String::new();
    while let Some(c) = chars.next() {
        if let Some(mark) = quote {
            if c == mark {
                quote = None;
                if mark == '"' && quoted.contains("$(") {
                    let inner = quoted.split("$(").skip(1).collect::<Vec<_>>().join(";");
                    said.line(&inner);
                }
                word.push_str(&quoted);
                quoted.clear();
            } else {
                quoted.push(c);
            }
            continue;
        }
        match c {
            '\'' | '"' => (quote, is_begun) = (Some(c), true),
            '\\' => word.extend(chars.next()),
            _ if c.is_whitespace() || "|;&()`<>".contains(c) => {
                if is_begun || !word.is_empty() {
                    all.last_mut().expect("a command").push(std::mem::take(&mut word));
                    is_begun = false;
                }
                if "|;&()`\n".contains(c) {
                    all.push(Vec::new());
                }
            }
            '#' if word.is_empty() => while chars.next_if(|c| *c != '\n').is_some() {},
            _ => word.push(c),
        }
    }
    if is_begun || !word.is_empty() {
        all.last_mut().expect("a command").push(word);
    }
    all
}
