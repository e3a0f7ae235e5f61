//! Commands that run other commands, and `sleep`.
//!
//! Promises: whatever they run is a frame of the shell, which ends by itself, at its time, or with the shell.

use std::rc::Rc;

use super::options;
use crate::dialect::Dialect;
use crate::marks::BY_TEXT;
use crate::parse::{Fault, Op, parse};
use crate::watch::{pace, pause};
use crate::{Frame, Host, Pending, Piece, Shell, Stream, Trouble, Undo};
use base::note::Note;
use base::sorted::SortedMap;
use base::time::Span;

/// The exit code of what the kernel cannot run.
const NO_PROGRAM: i32 = 255;
/// The most commands that `xargs` creates.
const MAX_XARGS: usize = 1000;

impl Shell {
    pub(super) fn sleep(&mut self, args: &[String], undo: Undo, host: &mut dyn Host) {
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
        self.print(Stream::Err, &format!("sleep: {why}\n"), host);
        self.status = 1;
        self.undo(undo);
    }

    /// `env NAME=text command`
    pub(super) fn with_environment(&mut self, args: &[String], mut undo: Undo) {
        let assigned: Vec<(&str, &str)> = args.iter().map_while(|word| word.split_once('=')).collect();
        let command = args[assigned.len()..].to_vec();
        if command.first().is_none_or(|word| word.starts_with('-')) {
            self.note(Note::Unsupported(format!("env {}", args.join(" "))));
            self.status = 1;
            return self.undo(undo);
        }
        undo.scope.get_or_insert_with(|| self.scope());
        for (name, text) in assigned {
            self.pass(name, text.to_owned());
        }
        self.begin([Op::Literal(command.into())].into(), false, undo);
    }

    /// `sh -c 'text' name words`, `sh file words`.
    pub(super) fn shell(&mut self, name: &str, args: &[String], undo: Undo, host: &mut dyn Host) {
        let (options, words) = options(args);
        let first = words.first().map_or("", String::as_str);
        if options.contains(&(true, "c")) {
            return self.script(name, &options, first, words.get(1..).unwrap_or_default(), undo, host);
        }
        match host.read(&self.path(first)) {
            Ok(text) => self.script(name, &options, &text, words, undo, host),
            Err(why) => {
                self.refuse(host, &format!("{first}: {why}"));
                self.status = 2;
                self.undo(undo);
            }
        }
    }

    /// The text of a script that a command names, by its path or as a program: one that somebody has written. `None` for any other file.
    pub(super) fn script_named(&self, command: &str, host: &dyn Host) -> Option<Rc<str>> {
        let text = if command.contains('/') { host.script(&self.path(command)) } else { host.script(command) }?;
        interpreter(&text).is_none_or(|(program, _)| Dialect::of(program).is_some()).then_some(text)
    }

    /// Runs a script that is called by its name: with the shell that its first line names, or with the one that calls it. Models execve(2),
    /// and what shells do about `ENOEXEC`.
    pub(super) fn script_called(&mut self, text: &str, words: &[String], undo: Undo, host: &mut dyn Host) {
        let Some((program, own)) = interpreter(text) else {
            // What no shell runs is the kernel's to run. runc's libcontainer/init_linux.go.
            if matches!(self.frames.as_slice(), [Frame { ops, .. }] if matches!(&**ops, [Op::Literal(_)])) {
                let first = words.first().map_or("", String::as_str);
                self.print(Stream::Err, &format!("exec {first}: exec format error\n"), host);
                self.status = NO_PROGRAM;
                return self.undo(undo);
            }
            return self.script(self.dialect.name(), &[], text, words, undo, host);
        };
        if host.has(program.rsplit('/').next().unwrap_or_default()) {
            let own: Vec<String> = own.map(str::to_owned).collect();
            return self.script(program, &options(&own).0, text, words, undo, host);
        }
        let first = words.first().map_or("", String::as_str);
        let why = match self.dialect {
            Dialect::Bash => format!("{first}: cannot execute: required file not found"),
            Dialect::Dash => format!("1: {first}: not found"),
            Dialect::Sh | Dialect::Ash => format!("{first}: not found"),
        };
        self.refuse(host, &why);
        self.status = 127;
        self.undo(undo);
    }

    /// Runs a text in a shell of its own. `words`: its `$0` and what follows.
    pub(super) fn script(
        &mut self,
        name: &str,
        options: &[(bool, &str)],
        text: &str,
        words: &[String],
        mut undo: Undo,
        host: &mut dyn Host,
    ) {
        undo.scope.get_or_insert_with(|| self.scope());
        let exported = &self.exported;
        self.variables.retain(|name, _| exported.contains(name));
        self.functions = SortedMap::new();
        undo.folder = Some(self.folder.clone());
        self.set_arguments(words.get(1..).unwrap_or_default());
        self.take_options(name, options);
        self.variables.extend(options.contains(&(true, "c")).then(|| (BY_TEXT.to_owned(), String::new())));
        self.variables.insert("0".to_owned(), words.first().map_or(name, String::as_str).to_owned());
        undo.dialect = Some(self.dialect);
        let named = Dialect::of(name).unwrap_or(self.dialect);
        self.dialect = if named == Dialect::Sh { host.sh() } else { named };
        match parse(text, self.dialect) {
            Ok(ops) => self.begin(ops, true, undo),
            Err(Fault::Wrong(_) | Fault::Unfinished) if self.stops => {
                self.note(Note::NotFollowed(unread_line(text, self.dialect).to_string()));
                (self.refused, self.status) = (true, 2);
                self.undo(undo);
            }
            Err(fault) => {
                match fault {
                    Fault::Wrong(why) => self.refuse(host, &why),
                    Fault::Unsupported(note) => {
                        self.note(note);
                        self.refused |= self.stops;
                    }
                    Fault::Unfinished => self.refuse(host, "syntax error: unexpected end of file"),
                }
                self.status = 2;
                self.undo(undo);
            }
        }
    }

    /// Command prefixes that have little effect here.
    pub(super) fn prefixed(&mut self, words: &[String], undo: Undo, host: &mut dyn Host) {
        let args = &words[1..];
        match words[0].as_str() {
            "eval" => {
                let text = args.join(" ");
                match parse(&text, self.dialect) {
                    Ok(ops) => self.begin(ops, false, undo),
                    Err(_) => self.script(self.dialect.name(), &[], &text, &[], undo, host),
                }
            }
            "." | "source" => {
                if let Some(Ok(text)) = args.first().map(|a| host.read(&self.path(a))) {
                    self.prefixed(&["eval".to_owned(), text.to_string()], undo, host);
                } else {
                    self.refuse(host, &format!("{}: {}", args.join(" "), Trouble::Missing));
                    self.status = 1;
                    self.undo(undo);
                }
            }
            "exec" => {
                // A program takes the place of the shell, whose own end never comes.
                if self.saved.is_empty()
                    && let Some(shell) = self.frames.iter_mut().rfind(|frame| frame.is_shell)
                {
                    shell.trap = None;
                }
                let ops = [Op::Literal(args.into()), Op::Literal(["exit".to_owned()].into())];
                self.begin(ops.into(), false, undo);
            }
            command => {
                if command == "time" {
                    self.note(Note::NoEffect(command.to_owned()));
                }
                let rest: Rc<[String]> = args.iter().skip_while(|a| a.starts_with('-')).cloned().collect();
                self.begin([Op::Literal(rest)].into(), false, undo);
            }
        }
    }

    /// `xargs`: appends the words of the input to a command, or substitutes them for `{}`.
    pub(super) fn xargs(&mut self, args: &[String], undo: Undo, host: &mut dyn Host) {
        let (mark, mut command) = match args {
            [option, mark, rest @ ..] if option == "-I" => (Some(mark.as_str()), rest.to_vec()),
            [option, rest @ ..] if option.starts_with("-I") => (option.get(2..), rest.to_vec()),
            rest => (None, rest.to_vec()),
        };
        if let Some(option) = command.first().filter(|word| word.starts_with('-')) {
            self.note(Note::Unsupported(format!("xargs {option}")));
            self.status = 1;
            return self.undo(undo);
        }
        if command.is_empty() {
            command.push("echo".to_owned());
        }
        let input = self.rest_of_input();
        let commands: Vec<Vec<String>> = if let Some(mark) = mark {
            let lines = input.lines().map(str::trim).filter(|l| !l.is_empty());
            lines.map(|line| command.iter().map(|word| word.replace(mark, line)).collect()).collect()
        } else {
            let Some(words) = unquoted(input) else {
                self.print(Stream::Err, "xargs: unmatched quote\n", host);
                self.status = 1;
                return self.undo(undo);
            };
            vec![command.into_iter().chain(words).collect()]
        };
        let commands = commands.into_iter().take(MAX_XARGS).map(|words| Op::Literal(words.into()));
        // Each command has an empty standard input.
        let ops: Vec<Op> = [Op::NoInput].into_iter().chain(commands).chain([Op::EndInput]).collect();
        self.status = 0;
        self.begin(ops.into(), false, undo);
    }

    /// `watch`: shows a command's output whenever it has changed.
    pub(super) fn watch(&mut self, args: &[String], undo: Undo, host: &mut dyn Host) {
        let (every, rest) = match pace(args) {
            Ok(read) => read,
            Err(value) => {
                self.print(Stream::Err, &format!("watch: failed to parse argument: '{value}'\n"), host);
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
        self.out.push(Piece::Text(Stream::Out, format!("Every {whole}.{tenths}s: {}\n\n", rest.join(" "))));
        let words: Rc<[String]> = ["sh".to_owned(), "-c".to_owned(), rest.join(" ")].into();
        let ops = vec![Op::Capture, Op::Literal(words), Op::Show(every), Op::Jump(0)];
        self.begin(ops.into(), false, undo);
    }
}

/// The program that a file is for, and the words that this gets before the file's name. `None` for a file that names none.
fn interpreter(text: &str) -> Option<(&str, impl Iterator<Item = &str>)> {
    let mut words = text.lines().next()?.strip_prefix("#!")?.split_whitespace();
    let program = words.next()?;
    let program = if program.ends_with("/env") { words.find(|word| !word.starts_with('-'))? } else { program };
    Some((program, words))
}

/// The words of a text, in which quotes and backslashes keep blanks; `None` if a quote is open.
fn unquoted(text: &str) -> Option<Vec<String>> {
    let (mut words, mut word, mut quote, mut letters) = (Vec::new(), None::<String>, None, text.chars());
    while let Some(c) = letters.next() {
        match c {
            _ if quote == Some(c) => quote = None,
            '"' | '\'' if quote.is_none() => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            '\\' if quote.is_none() => word.get_or_insert_default().extend(letters.next()),
            c if c.is_whitespace() && quote.is_none() => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

/// The first line of a script that cannot be read, counted from 1: the last, where only an end is missing.
fn unread_line(text: &str, dialect: Dialect) -> usize {
    let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).chain([text.len()]).collect();
    let is_wrong = |end: &usize| matches!(parse(&text[..*end], dialect), Err(Fault::Wrong(_)));
    ends.iter().position(is_wrong).unwrap_or(ends.len() - 1) + 1
}
