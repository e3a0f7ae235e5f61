//! The shell's built-in commands, and how a command finds its executor.
//!
//! Promises: a command ends at once, is passed on to the caller, or waits for an instant; it never loops.

use std::rc::Rc;

use super::input::{Input, Reads, reads};
use super::parse::{Fault, GROUPS, NOT_LEARNT, Op, parse};
use super::pattern::{Regex, glob};
use super::tools::{self, Ended};
use super::watch::{pace, pause};
use super::{Host, Pending, Piece, Shell, Stream, Undo};
use crate::base::time::Span;

/// The option of `set -e`, which goes where variables go: into subshells, and no further.
const ENDS_AT_FAILURE: &str = "set -e";
/// The most commands that `xargs` creates.
const XARGS_MOST: usize = 1000;

impl Shell {
    /// Runs a command.
    pub(super) fn execute(&mut self, words: Vec<String>, undo: Undo, host: &mut dyn Host) {
        let Some(first) = words.first().map(String::as_str) else { return self.undo(undo) };
        let args = &words[1..];
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
            "sh" | "bash" | "/bin/sh" | "/bin/bash" | "ash" if !args.is_empty() => return self.shell(first, args, undo, host),
            "eval" | "." | "source" | "time" | "exec" | "sudo" | "nohup" | "timeout" => return self.prefixed(&words, undo, host),
            "env" if args.iter().any(|word| !word.starts_with('-')) => return self.with_environment(args, undo, host),
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
        // A command inside a substitution does not read the pipe of the outer command.
        if self.is_waited_for() && self.kept.is_empty() {
            return self.wait_for_input(words, undo, 0);
        }
        let input = self.rest_of_input();
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
        let name = words.first().map_or("", String::as_str);
        let Some(tool) = tools::find(name).filter(|_| host.has(name)) else { return self.execute(words, undo, host) };
        let reads = reads(&words);
        let waits = self.is_waited_for() && reads != Reads::Nothing;
        if waits && reads == Reads::Everything {
            return self.wait_for_input(words, undo, printed);
        }
        let input = self.rest_of_input();
        let Ended { out, err, status, full } = tool.run(&words[1..], &input, &self.folder, host);
        self.say(Stream::Out, out.get(printed..).unwrap_or_default(), host);
        if waits && !full {
            return self.wait_for_input(words, undo, out.len().max(printed));
        }
        self.say(Stream::Err, &err, host);
        self.status = status;
        self.undo(undo);
    }

    fn say(&mut self, stream: Stream, text: &str, host: &mut dyn Host) {
        if !text.is_empty() {
            self.print(stream, text, host);
        }
    }

    /// Reports why a built-in command fails.
    fn refuse(&mut self, host: &mut dyn Host, why: &str) {
        self.say(Stream::Err, &format!("{}: {why}\n", self.name), host);
    }

    /// The rest of the input.
    fn rest_of_input(&self) -> Rc<str> {
        self.inputs.last().map_or_else(|| "".into(), Input::rest)
    }

    fn builtin(&mut self, name: &str, args: &[String], host: &mut dyn Host) -> Option<i32> {
        let home = self.variable("HOME").to_owned();
        Some(match name {
            "set" => self.set_options(args),
            ":" | "true" | "wait" | "clear" | "trap" | "shopt" | "stty" => 0,
            "false" => 1,
            "pwd" => {
                let line = format!("{}\n", self.folder);
                self.say(Stream::Out, &line, host);
                0
            }
            "cd" => {
                let to = args.first().map_or(home.as_str(), String::as_str);
                let path = self.path(if to.is_empty() { "/" } else { to });
                if host.list(&path).is_none() {
                    let why = self.cannot("cd", to, super::MISSING, host);
                    self.refuse(host, &why);
                    return Some(1);
                }
                self.folder = path;
                0
            }
            "read" => self.read_line(args),
            "[" | "test" => self.tested(name, args, host),
            "[[" => self.holds(args, host),
            _ => return self.about_variables(name, args, host),
        })
    }

    /// `set -e`, `set +e`; other options have no effect here.
    fn set_options(&mut self, args: &[String]) -> i32 {
        let mut args = args.iter().peekable();
        while let Some(arg) = args.next() {
            let by_name = arg.ends_with('o') && args.next_if(|name| *name == "errexit").is_some();
            let by_letter = arg.len() > 1 && !arg.starts_with("--") && arg[1..].contains('e');
            match arg.chars().next() {
                Some('-') if by_name || by_letter => drop(self.variables.insert(ENDS_AT_FAILURE.to_owned(), String::new())),
                Some('+') if by_name || by_letter => drop(self.variables.remove(ENDS_AT_FAILURE)),
                _ => {}
            }
        }
        0
    }

    /// Whether a failure ends the script that runs. A terminal stays.
    pub(super) fn ends_at_failure(&self) -> bool {
        self.variables.contains_key(ENDS_AT_FAILURE) && self.frames.iter().skip(1).any(|frame| frame.is_shell)
    }

    /// Commands that set or show variables.
    fn about_variables(&mut self, name: &str, args: &[String], host: &mut dyn Host) -> Option<i32> {
        Some(match name {
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
            "alias" => self.alias(args, host),
            "local" | "declare" | "readonly" => {
                let is_local = name != "readonly";
                for arg in args.iter().filter(|word| !word.starts_with('-')) {
                    let (name, value) = arg.split_once('=').unwrap_or((arg, self.variable(arg)));
                    let value = value.to_owned();
                    let before = self.variables.insert(name.to_owned(), value);
                    if let Some(function) = self.frames.last_mut().filter(|frame| frame.undo.arguments.is_some() && is_local) {
                        function.undo.locals.push((name.to_owned(), before));
                    }
                }
                0
            }
            "unset" => {
                for name in args {
                    self.variables.remove(name);
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
                self.say(Stream::Out, &text, host);
                0
            }
            "printenv" if !args[0].starts_with('-') => {
                let found: String = args.iter().map(|a| self.variable(a)).filter(|v| !v.is_empty()).flat_map(|v| [v, "\n"]).collect();
                self.say(Stream::Out, &found, host);
                i32::from(found.is_empty())
            }
            _ => return None,
        })
    }

    /// `read x y`: reads a line of the input into variables; the last one gets the rest.
    fn read_line(&mut self, args: &[String]) -> i32 {
        let Some(line) = self.inputs.last_mut().and_then(Input::line) else { return 1 };
        let names: Vec<&String> = args.iter().filter(|a| !a.starts_with('-')).collect();
        let mut left = line.trim();
        for (i, name) in names.iter().enumerate() {
            let is_last = i + 1 == names.len();
            let (word, after) = if is_last { (left, "") } else { left.split_once(char::is_whitespace).unwrap_or((left, "")) };
            self.variables.insert((*name).clone(), word.to_owned());
            left = after.trim_start();
        }
        0
    }

    /// `[ … ]`: 0 if true, 1 if false, 2 on an error.
    fn tested(&mut self, name: &str, args: &[String], host: &mut dyn Host) -> i32 {
        let mut words: Vec<&str> = args.iter().map(String::as_str).collect();
        let holds = if name == "[" && words.pop() != Some("]") { Err("missing `]'".to_owned()) } else { self.test(&words, host) };
        match holds {
            Ok(holds) => i32::from(!holds),
            Err(why) => {
                self.refuse(host, &format!("{name}: {why}"));
                2
            }
        }
    }

    /// `[[ … ]]`: like `[ … ]`, with patterns, expressions and sums.
    fn holds(&mut self, args: &[String], host: &mut dyn Host) -> i32 {
        match args {
            [text, sign, pattern] if ["=", "==", "!="].contains(&sign.as_str()) => i32::from(glob(pattern, text) != (sign != "!=")),
            [text, sign, expression] if sign == "=~" => i32::from(!self.finds(text, expression)),
            [a, sign, b] if ["-eq", "-ne", "-lt", "-le", "-gt", "-ge"].contains(&sign.as_str()) => {
                self.tested("[[", &[self.sum(a).to_string(), sign.clone(), self.sum(b).to_string()], host)
            }
            _ => self.tested("[[", args, host),
        }
    }

    /// Looks for an expression; what is found, and its groups, can be read afterwards.
    fn finds(&mut self, text: &str, expression: &str) -> bool {
        self.variables.retain(|name, _| !name.starts_with(GROUPS));
        let Some(found) = Regex::new(expression, true, false).find(text, 0) else { return false };
        let piece = |(from, to): (usize, usize)| text.chars().skip(from).take(to - from).collect::<String>();
        let whole = piece((found.start, found.end));
        self.variables.insert(GROUPS.to_owned(), whole.clone());
        for (number, piece) in std::iter::once(whole).chain(found.groups.into_iter().map(piece)).enumerate() {
            self.variables.insert(format!("{GROUPS}[{number}]"), piece);
        }
        true
    }

    fn test(&self, words: &[&str], host: &dyn Host) -> Result<bool, String> {
        /// The most words that are considered.
        const WORDS_MOST: usize = 50;
        let number = |text: &str| text.trim().parse::<i64>().map_err(|_| format!("{text}: integer expression expected"));
        let is_file = |path: &str| host.read(&self.path(path));
        let is_folder = |path: &str| host.list(&self.path(path)).is_some();
        Ok(match words {
            [] => false,
            [a, "=" | "==", b] => a == b,
            [a, "!=", b] => a != b,
            [a, "-eq", b] => number(a)? == number(b)?,
            [a, "-ne", b] => number(a)? != number(b)?,
            [a, "-lt", b] => number(a)? < number(b)?,
            [a, "-le", b] => number(a)? <= number(b)?,
            [a, "-gt", b] => number(a)? > number(b)?,
            [a, "-ge", b] => number(a)? >= number(b)?,
            ["-z", a] => a.is_empty(),
            [a] | ["-n", a] => !a.is_empty(),
            ["-f", path] => is_file(path).is_ok(),
            ["-d", path] => is_folder(path),
            ["-s", path] => is_file(path).is_ok_and(|text| !text.is_empty()),
            ["-e" | "-r" | "-w" | "-x", path] => is_file(path).is_ok() || is_folder(path),
            [sign, _] if *sign != "!" => return Err(format!("{sign}: unary operator expected")),
            words if words.len() > WORDS_MOST => return Err("too many arguments".to_owned()),
            words => {
                for (sign, both) in [("-o", false), ("-a", true)] {
                    if let Some(at) = words.iter().position(|word| *word == sign) {
                        let (a, b) = (self.test(&words[..at], host)?, self.test(&words[at + 1..], host)?);
                        return Ok(if both { a && b } else { a || b });
                    }
                }
                match words {
                    ["!", rest @ ..] => !self.test(rest, host)?,
                    [_, sign, _] => return Err(format!("{sign}: binary operator expected")),
                    _ => return Err("too many arguments".to_owned()),
                }
            }
        })
    }

    /// `alias name='words'`: defines a function with that name.
    fn alias(&mut self, args: &[String], host: &mut dyn Host) -> i32 {
        for (name, text) in args.iter().filter_map(|word| word.split_once('=')) {
            let prefix = if text.split_whitespace().next() == Some(name) { "command " } else { "" };
            let Ok(ops) = parse(&format!("{prefix}{text} \"$@\"")) else {
                self.refuse(host, &format!("alias: {text}: {NOT_LEARNT}"));
                return 1;
            };
            self.functions.insert(name.to_owned(), ops);
        }
        0
    }

    fn sleep(&mut self, args: &[String], undo: Undo, host: &mut dyn Host) {
        let pauses: Result<Vec<u64>, &String> = args.iter().map(|word| pause(word).ok_or(word)).collect();
        let why = match pauses {
            Ok(pauses) if !pauses.is_empty() => {
                self.status = 0;
                self.pending = Some(Pending::Time(host.now() + Span(pauses.iter().sum())));
                return self.undo(undo);
            }
            Ok(_) => "missing operand".to_owned(),
            Err(word) => format!("invalid time interval '{word}'"),
        };
        self.say(Stream::Err, &format!("sleep: {why}\n"), host);
        self.status = 1;
        self.undo(undo);
    }

    /// `env NAME=text command`
    fn with_environment(&mut self, args: &[String], mut undo: Undo, host: &mut dyn Host) {
        let assigned: Vec<(&str, &str)> = args.iter().map_while(|word| word.split_once('=')).collect();
        let command = args[assigned.len()..].to_vec();
        if command.first().is_none_or(|word| word.starts_with('-')) {
            self.refuse(host, &format!("env {}: {NOT_LEARNT}", args.join(" ")));
            self.status = 1;
            return self.undo(undo);
        }
        undo.variables.get_or_insert_with(|| self.variables.clone());
        self.variables.extend(assigned.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())));
        self.begin([Op::Literal(command.into())].into(), false, undo);
    }

    /// `sh -c 'text' name words`, `sh file`.
    fn shell(&mut self, name: &str, args: &[String], mut undo: Undo, host: &mut dyn Host) {
        let is_text = args.iter().position(|a| a.starts_with('-') && a.contains('c'));
        let (text, rest) = match is_text {
            Some(at) => (Ok(args.get(at + 1).cloned().unwrap_or_default().into()), args.get(at + 3..).unwrap_or_default()),
            None => (host.read(&self.path(&args[0])), args.get(1..).unwrap_or_default()),
        };
        undo.variables.get_or_insert_with(|| self.variables.clone());
        self.set_arguments(rest);
        self.variables.remove(ENDS_AT_FAILURE);
        let options: Vec<String> = args.iter().take_while(|word| word.starts_with(['-', '+'])).cloned().collect();
        self.set_options(&options);
        let zero = args.get(is_text.map_or(0, |at| at + 2)).cloned().unwrap_or_else(|| name.to_owned());
        self.variables.insert("0".to_owned(), zero);
        match text.map_err(|why| Fault::Wrong(format!("{}: {why}", args[0]))).and_then(|text| parse(&text)) {
            Ok(ops) => self.begin(ops, true, undo),
            Err(fault) => {
                let why = if let Fault::Wrong(why) = fault { why } else { "syntax error: unexpected end of file".into() };
                self.refuse(host, &why);
                self.status = 2;
                self.undo(undo);
            }
        }
    }

    /// Command prefixes that have little effect here.
    fn prefixed(&mut self, words: &[String], undo: Undo, host: &mut dyn Host) {
        let args = &words[1..];
        match words[0].as_str() {
            "eval" => {
                let text = ["-c".to_owned(), args.join(" ")];
                match parse(&text[1]) {
                    Ok(ops) => self.begin(ops, false, undo),
                    Err(_) => self.shell(self.name, &text, undo, host),
                }
            }
            "." | "source" => {
                if let Some(Ok(text)) = args.first().map(|a| host.read(&self.path(a))) {
                    self.prefixed(&["eval".to_owned(), text.to_string()], undo, host);
                } else {
                    self.refuse(host, &format!("{}: {}", args.join(" "), super::MISSING));
                    self.status = 1;
                    self.undo(undo);
                }
            }
            "timeout" if args.len() > 1 => self.begin([Op::Literal(args[1..].into())].into(), false, undo),
            _ => {
                let rest: Rc<[String]> = args.iter().skip_while(|a| a.starts_with('-')).cloned().collect();
                self.begin([Op::Literal(rest)].into(), false, undo);
            }
        }
    }

    /// `xargs`: appends the words of the input to a command, or substitutes them for `{}`.
    fn xargs(&mut self, args: &[String], undo: Undo, host: &mut dyn Host) {
        let mut args = args.iter();
        let (mut mark, mut each, mut command) = (None, None, Vec::new());
        while let Some(arg) = args.next() {
            let value = |rest: &str, args: &mut std::slice::Iter<String>| match rest {
                "" => args.next().cloned().unwrap_or_default(),
                rest => rest.to_owned(),
            };
            if let Some(rest) = arg.strip_prefix("-I") {
                mark = Some(value(rest, &mut args));
            } else if arg == "-i" {
                mark = Some("{}".to_owned());
            } else if let Some(rest) = arg.strip_prefix("-n") {
                each = value(rest, &mut args).parse::<usize>().ok();
            } else if let Some(rest) = arg.strip_prefix("-P") {
                value(rest, &mut args);
            } else if !arg.starts_with('-') {
                command.push(arg.clone());
                command.extend(args.by_ref().cloned());
            } else if !matches!(arg.as_str(), "-r" | "--no-run-if-empty") {
                self.refuse(host, &format!("xargs {arg}: {NOT_LEARNT}"));
                self.status = 1;
                return self.undo(undo);
            }
        }
        if command.is_empty() {
            command.push("echo".to_owned());
        }
        let input = self.rest_of_input();
        let commands: Vec<Vec<String>> = if let Some(mark) = mark {
            let lines = input.lines().map(str::trim).filter(|l| !l.is_empty());
            lines.map(|line| command.iter().map(|word| word.replace(&mark, line)).collect()).collect()
        } else {
            let words: Vec<String> = input.split_whitespace().map(|w| w.trim_matches(['"', '\'']).to_owned()).collect();
            let with = |some: &[String]| command.iter().chain(some).cloned().collect();
            if words.is_empty() { Vec::new() } else { words.chunks(each.unwrap_or(words.len()).max(1)).map(with).collect() }
        };
        let commands = commands.into_iter().take(XARGS_MOST).map(|words| Op::Literal(words.into()));
        // Each command has an empty standard input.
        let ops: Vec<Op> = [Op::NoInput].into_iter().chain(commands).chain([Op::EndInput]).collect();
        self.status = 0;
        self.begin(ops.into(), false, undo);
    }

    /// `watch`: shows a command's output whenever it has changed.
    fn watch(&mut self, args: &[String], undo: Undo, host: &mut dyn Host) {
        let (every, rest) = match pace(args) {
            Ok(read) => read,
            Err(value) => {
                self.say(Stream::Err, &format!("watch: failed to parse argument: '{value}'\n"), host);
                self.status = 1;
                return self.undo(undo);
            }
        };
        if rest.is_empty() {
            self.refuse(host, "watch: no command");
            self.status = 1;
            return self.undo(undo);
        }
        let (whole, tenths) = (every / 1000, every % 1000 / 100);
        self.out.push(Piece { stream: Stream::Out, text: format!("Every {whole}.{tenths}s: {}\n\n", rest.join(" ")) });
        let words: Rc<[String]> = ["sh".to_owned(), "-c".to_owned(), rest.join(" ")].into();
        let ops = vec![Op::Capture, Op::Literal(words), Op::Show(every), Op::Jump(0)];
        self.begin(ops.into(), false, undo);
    }
}
