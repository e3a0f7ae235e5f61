//! The shell's built-in commands, and how a command finds its executor.
//!
//! Promises: a command ends at once, is passed on to the caller, or waits for an instant; it never loops.

mod conditions;
mod runs;

use super::dialect::Dialect;
use super::input::{Input, Reads, reads};
use super::marks::{ENDS_AT_FAILURE, ENDS_AT_UNSET, PIPE_FAILS, READ_IFS};
use super::parse::SUBJECT;
use super::tools;
use super::tools::job::Ended;
use super::{Host, Pending, Shell, Stream, Trouble, Undo};
use base::note::Note;

/// The variable that holds the folder before the last `cd`.
const BEFORE: &str = "OLDPWD";

impl Shell {
    /// Runs a command.
    pub(super) fn execute(&mut self, words: Vec<String>, undo: Undo, host: &mut dyn Host) {
        let Some(first) = words.first().map(String::as_str) else { return self.undo(undo) };
        let args = &words[1..];
        let lacking: &[&str] = match self.dialect {
            Dialect::Dash => &["[[", "declare", "function", "let", "select", "shopt", "source", "typeset"],
            Dialect::Ash => &["declare", "select", "shopt", "typeset"],
            Dialect::Sh | Dialect::Bash => &[],
        };
        if lacking.contains(&first) && !self.functions.contains_key(first) {
            let why = if self.dialect == Dialect::Dash { format!("1: {first}: not found") } else { format!("{first}: not found") };
            self.refuse(host, &why);
            self.status = 127;
            return self.undo(undo);
        }
        match first {
            "exit" | "logout" => return self.exit(args.first().and_then(|a| a.parse().ok()).unwrap_or(self.status)),
            "return" => {
                self.status = args.first().and_then(|a| a.parse().ok()).unwrap_or(self.status);
                if self.frames.last().is_some_and(|f| !f.is_shell) {
                    self.leave_frame();
                }
                return;
            }
            "break" | "continue" => {
                let rounds = args.first().and_then(|word| word.parse().ok()).unwrap_or(1);
                self.undo(undo);
                return self.leave_round(first == "break", rounds);
            }
            "sleep" => return self.sleep(args, undo, host),
            _ if Dialect::of(first).is_some() && host.has(first) => {
                let (options, rest) = options(args);
                if options.contains(&(true, "c")) || !rest.is_empty() && !options.contains(&(true, "s")) {
                    return self.shell(first, args, undo, host);
                }
                if self.is_waited_for() {
                    return self.wait_for_input(words, undo, 0);
                }
                // What is piped into it is its script.
                if let Some(input) = self.inputs.last() {
                    let text = input.rest().to_owned();
                    let words = [&words[..1], rest].concat();
                    return self.script(first, &options, &text, &words, undo, host);
                }
            }
            "eval" | "." | "source" | "time" | "exec" | "sudo" | "nohup" => return self.prefixed(&words, undo, host),
            "env" if args.iter().any(|word| !word.starts_with('-')) => return self.with_environment(args, undo),
            "command" if args.first().is_some_and(|word| !word.starts_with('-')) => return self.known(args.to_vec(), undo, host),
            "xargs" if !self.is_waited_for() => return self.xargs(args, undo, host),
            "xargs" => return self.wait_for_input(words, undo, 0),
            "read" if self.is_waited_for() && self.inputs.last().is_some_and(|input| input.rest().is_empty()) => {
                return self.wait_for_input(words, undo, 0);
            }
            "watch" => return self.watch(args, undo, host),
            _ => {}
        }
        if let Some(ops) = self.functions.get(first).cloned() {
            let undo = Undo { arguments: Some(self.arguments()), ..undo };
            self.set_arguments(args);
            return self.begin(ops, false, undo);
        }
        self.known(words, undo, host);
    }

    /// Runs a command that is not a function.
    fn known(&mut self, words: Vec<String>, undo: Undo, host: &mut dyn Host) {
        let (first, args) = (words[0].as_str(), &words[1..]);
        if let Some(status) = self.builtin(first, args, host) {
            self.status = status;
            return self.undo(undo);
        }
        if tools::find(first).is_some_and(|_| host.has(first)) {
            return self.read_on(words, undo, 0, host);
        }
        if let Some(text) = self.script_named(first, host) {
            return self.script_called(&text, &words, undo, host);
        }
        // A command inside a substitution does not read the pipe of the outer command.
        if self.is_waited_for() && self.kept.is_empty() {
            return self.wait_for_input(words, undo, 0);
        }
        let input = self.rest_of_input().into();
        self.pending = Some(Pending::Command(words, input, undo));
    }

    /// Whether the input may still grow.
    fn is_waited_for(&self) -> bool {
        self.inputs.last().is_some_and(|input| input.open)
    }

    fn wait_for_input(&mut self, words: Vec<String>, undo: Undo, printed: usize) {
        let seen = self.inputs.last().map_or(0, Input::len);
        self.pending = Some(Pending::Input { words, undo, printed, seen });
    }

    /// Runs a command that may read a pipe, and that has already printed part of its output.
    pub(super) fn read_on(&mut self, words: Vec<String>, undo: Undo, printed: usize, host: &mut dyn Host) {
        let words = if self.dialect == Dialect::Dash { as_dash_prints(words) } else { words };
        let name = words.first().map_or("", String::as_str);
        let Some(tool) = tools::find(name).filter(|_| host.has(name)) else { return self.execute(words, undo, host) };
        let reads = reads(&words);
        let waits = self.is_waited_for() && reads != Reads::Nothing;
        if waits && reads == Reads::Everything {
            return self.wait_for_input(words, undo, printed);
        }
        let Ended { out, err, note, status, full } = tool.run(&words[1..], self.rest_of_input(), &self.folder, host);
        self.print(Stream::Out, out.get(printed..).unwrap_or_default(), host);
        if waits && !full {
            return self.wait_for_input(words, undo, out.len().max(printed));
        }
        self.print(Stream::Err, &err, host);
        if let Some(note) = note {
            self.note(note);
        }
        self.status = status;
        self.undo(undo);
    }

    /// Reports why a built-in command fails.
    pub(super) fn refuse(&mut self, host: &mut dyn Host, why: &str) {
        self.print(Stream::Err, &format!("{}: {why}\n", self.dialect.name()), host);
    }

    fn rest_of_input(&self) -> &str {
        self.inputs.last().map_or("", Input::rest)
    }

    fn builtin(&mut self, name: &str, args: &[String], host: &mut dyn Host) -> Option<i32> {
        let home = self.variable("HOME").to_owned();
        Some(match name {
            "set" => {
                let (options, words) = options(args);
                if self.dialect == Dialect::Dash && options.iter().any(|(_, name)| *name == "pipefail") {
                    self.failure = Some(("set: Illegal option -o pipefail".to_owned(), false));
                    return Some(2);
                }
                self.take_options(name, &options);
                if args.is_empty() {
                    self.note(Note::Unsupported(name.to_owned()));
                }
                if !words.is_empty() || args.iter().any(|word| word == "--") {
                    self.set_arguments(words);
                }
                0
            }
            "wait" if self.variables.contains_key("!") => {
                self.note(Note::Unsupported("`wait`".to_owned()));
                0
            }
            ":" | "true" | "/bin/true" | "/usr/bin/true" | "wait" | "clear" | "shopt" | "stty" => 0,
            "trap" => self.trap(args),
            // What it runs does not come here.
            "command" => {
                self.note(Note::Unsupported(format!("command {}", args.join(" "))));
                2
            }
            "((" => i32::from(args.first().is_none_or(|value| value == "0")),
            "false" | "/bin/false" | "/usr/bin/false" => 1,
            "pwd" => {
                let line = format!("{}\n", self.folder);
                self.print(Stream::Out, &line, host);
                0
            }
            "cd" => {
                let goes_back = args.first().is_some_and(|to| to == "-");
                let before = self.variable(BEFORE).to_owned();
                let to = if goes_back { before.as_str() } else { args.first().map_or(home.as_str(), String::as_str) };
                if goes_back && to.is_empty() {
                    self.refuse(host, "cd: OLDPWD not set");
                    return Some(1);
                }
                let path = self.path(if to.is_empty() { "/" } else { to });
                if host.list(&path).is_none() {
                    let why = self.cannot("cd", to, Trouble::Missing, host);
                    self.refuse(host, &why);
                    return Some(if self.dialect == Dialect::Bash { 1 } else { 2 });
                }
                if goes_back {
                    self.print(Stream::Out, &format!("{path}\n"), host);
                }
                let left = std::mem::replace(&mut self.folder, path);
                self.variables.insert(BEFORE.to_owned(), left);
                0
            }
            "read" => self.read_line(args),
            "[" | "test" => self.tested(name, args, host),
            "[[" | SUBJECT => self.holds(args, host),
            _ => return self.about_variables(name, args, host),
        })
    }

    /// Takes the options of `set` or of a shell, which `+` switches off. Those that are not carried out are off, and whoever switches one
    /// on is told.
    fn take_options(&mut self, command: &str, options: &[(bool, &str)]) {
        let mut lacking = String::new();
        for (is_on, name) in options {
            let known = match *name {
                "e" | "errexit" => ENDS_AT_FAILURE,
                "u" | "nounset" => ENDS_AT_UNSET,
                "pipefail" => PIPE_FAILS,
                _ => "",
            };
            match (*is_on, *name) {
                (true, _) if !known.is_empty() => drop(self.variables.insert(known.to_owned(), String::new())),
                (false, _) if !known.is_empty() => drop(self.variables.remove(known)),
                (false, _) | (_, "c" | "i" | "l" | "s") => {}
                (_, name) => lacking.extend([if name.chars().nth(1).is_some() { " -o " } else { " -" }, name]),
            }
        }
        if !lacking.is_empty() {
            self.note(Note::NoEffect(format!("{command}{lacking}")));
        }
    }

    /// Whether a failure ends the script that runs. A terminal stays.
    pub(super) fn ends_at_failure(&self) -> bool {
        let mut own = self.frames.iter().rev().take_while(|frame| !frame.is_shell);
        self.variables.contains_key(ENDS_AT_FAILURE) && self.is_script() && !own.any(|frame| frame.undo.tested)
    }

    /// Whether a script runs, rather than a line at a terminal.
    pub fn is_script(&self) -> bool {
        self.frames.iter().skip(1).any(|frame| frame.is_shell)
    }

    /// Commands that set or show variables.
    fn about_variables(&mut self, name: &str, args: &[String], host: &mut dyn Host) -> Option<i32> {
        Some(match name {
            "export" if args.first().is_some_and(|word| word == "-f") => {
                if self.dialect == Dialect::Bash {
                    self.note(Note::Unsupported("export -f".to_owned()));
                } else {
                    self.failure = Some(("export: Illegal option -f".to_owned(), false));
                }
                2
            }
            "export" => {
                for arg in args.iter().filter(|a| !a.starts_with('-')) {
                    let (name, value) = arg.split_once('=').map_or((arg.as_str(), None), |(n, v)| (n, Some(v)));
                    if let Some(value) = value {
                        self.variables.insert(name.to_owned(), value.to_owned());
                    }
                    self.exported.insert(name.to_owned());
                }
                0
            }
            "local" | "readonly" => {
                let is_local = name != "readonly";
                for arg in args.iter().filter(|word| !word.starts_with('-')) {
                    let (name, value) = arg.split_once('=').unwrap_or((arg, self.variable(arg)));
                    let value = value.to_owned();
                    if !is_local {
                        self.constant.insert(name.to_owned());
                    }
                    let before = self.variables.insert(name.to_owned(), value);
                    if let Some(function) = self.frames.last_mut().filter(|frame| frame.undo.arguments.is_some() && is_local) {
                        function.undo.locals.push((name.to_owned(), before));
                    }
                }
                0
            }
            "unset" => {
                for name in args.iter().filter(|name| !name.starts_with('-')) {
                    let is_bash = self.dialect == Dialect::Bash;
                    if args[0] == "-f" || self.variables.remove(name).is_none() && args[0] != "-v" && is_bash {
                        self.functions.remove(name);
                    }
                }
                0
            }
            "shift" => {
                let (arguments, count) = (self.arguments(), args.first().map_or(Ok(1), |word| word.parse::<usize>()));
                let Some(left) = count.ok().and_then(|count| arguments.get(count..)) else { return Some(1) };
                self.set_arguments(left);
                0
            }
            "env" | "printenv" if args.is_empty() => {
                let text: String = self.environment().flat_map(|(name, value)| [name, "=", value, "\n"]).collect();
                self.print(Stream::Out, &text, host);
                0
            }
            "printenv" if !args[0].starts_with('-') => {
                let found: String = args.iter().map(|a| self.variable(a)).filter(|v| !v.is_empty()).flat_map(|v| [v, "\n"]).collect();
                self.print(Stream::Out, &found, host);
                i32::from(found.is_empty())
            }
            _ => return None,
        })
    }

    /// `read x y`: reads a line of the input into variables; the last one gets the rest.
    fn read_line(&mut self, args: &[String]) -> i32 {
        let own = self.variables.remove(READ_IFS);
        let (separators, mut is_raw, mut names) = (own.unwrap_or_else(|| self.separators()), false, Vec::new());
        let mut words = args.iter();
        while let Some(word) = words.next() {
            let Some(letters) = word.strip_prefix('-') else {
                names.push(word.clone());
                continue;
            };
            for (at, letter) in letters.char_indices() {
                match letter {
                    'r' => is_raw = true,
                    's' | 'e' if self.dialect != Dialect::Dash => {}
                    'p' | 't' if letter == 'p' || self.dialect != Dialect::Dash => {
                        if at + 1 == letters.len() {
                            words.next();
                        }
                        break;
                    }
                    _ => {
                        self.note(Note::Unsupported(format!("read -{letter}")));
                        return 2;
                    }
                }
            }
        }
        let line = self.inputs.last_mut().and_then(Input::line);
        let line = line.unwrap_or_default();
        // A line that lacks its end is the end of the input.
        let ended = !line.ends_with('\n');
        let mut line = line.trim_end_matches('\n').to_owned();
        if !is_raw {
            let mut letters = line.chars();
            let mut plain = String::new();
            while let Some(c) = letters.next() {
                plain.extend(if c == '\\' { letters.next() } else { Some(c) });
            }
            line = plain;
        }
        if names.is_empty() && self.dialect == Dialect::Dash {
            self.complain("1: read: arg count");
            return 2;
        }
        if names.is_empty() {
            self.variables.insert("REPLY".to_owned(), line);
            return i32::from(ended);
        }
        let is_blank = |c: char| c.is_whitespace() && separators.contains(c);
        let is_sign = |c: char| !c.is_whitespace() && separators.contains(c);
        let mut left = line.trim_matches(is_blank);
        for (i, name) in names.iter().enumerate() {
            let is_last = i + 1 == names.len();
            let end = if is_last { left.len() } else { left.find(|c| separators.contains(c)).unwrap_or(left.len()) };
            let (word, after) = left.split_at(end);
            self.variables.insert(name.clone(), word.to_owned());
            let after = after.trim_start_matches(is_blank);
            left = after.strip_prefix(is_sign).unwrap_or(after).trim_start_matches(is_blank);
        }
        i32::from(ended)
    }
}

/// The same for a command that prints in dash: its `echo` takes signs after a backslash for what they mean, and knows no option but `-n`;
/// none of its commands knows `\x`.
fn as_dash_prints(mut words: Vec<String>) -> Vec<String> {
    let mut text = 1;
    if words.first().is_some_and(|name| name == "echo") {
        let is_open = words.get(1).is_some_and(|word| word == "-n");
        let line = words[1 + usize::from(is_open)..].join(" ");
        words = ["printf", if is_open { "%b" } else { "%b\\n" }, &line].map(str::to_owned).to_vec();
        text = 2;
    }
    let is_printf = words.first().is_some_and(|name| name == "printf");
    if let Some(text) = words.get_mut(text).filter(|_| is_printf) {
        *text = text.replace("\\x", "\\\\x");
    }
    words
}

/// The options at the beginning of a shell's arguments, each with whether it is switched on, and what follows them. Long ones change
/// nothing here.
fn options(args: &[String]) -> (Vec<(bool, &str)>, &[String]) {
    let (mut found, mut rest) = (Vec::new(), args);
    while let [word, after @ ..] = rest
        && let Some(letters) = word.strip_prefix(['-', '+'])
    {
        rest = after;
        if matches!(letters, "" | "-") {
            break;
        }
        for letter in letters.split_inclusive(|_| true).filter(|_| !letters.starts_with('-')) {
            let mut name = letter;
            if let ("o", [of, after @ ..]) = (letter, rest) {
                (name, rest) = (of, after);
            }
            found.push((word.starts_with('-'), name));
        }
    }
    (found, rest)
}
