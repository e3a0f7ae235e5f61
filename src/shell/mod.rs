//! A small POSIX-like shell: lines in, text and exit codes out, in the terminal of the page and inside containers.
//!
//! Promises: a shell is plain data and never blocks: [`Shell::run`] does what it can at the present instant and says what it
//! waits for, a command that somebody else runs, an instant, a change, or the next line. It ends whatever is typed, or takes time.
//! Must not know: kubectl, clusters, containers; a [`Host`] stands for files and names.
//! Not modelled: job control, signals, file permissions, standard error in pipes. A stage of a pipe gets its input once the
//! stage before it has ended.

mod builtin;
mod expand;
mod host;
mod parse;
mod pattern;
mod query;
mod tools;

use crate::base::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

pub use crate::base::printed::{Piece, Stream};
use crate::base::time::{Span, Time};
pub use host::{Entry, Host, MISSING};
pub use parse::Fault;
use parse::{Op, Redirect, Simple};
pub use tools::date_text;

/// How many operations happen at one instant before time passes: a loop that does nothing takes time too.
const OPERATIONS_AT_ONCE: u32 = 5000;
/// How long so many operations take.
const BUSY: Span = Span(100);
/// The most bytes that a pipe, a variable or a file takes.
pub const TEXT_MOST: usize = 1 << 20;
/// How deep functions and shells may call each other.
const FRAMES_MOST: usize = 100;
/// How often `watch` looks.
const WATCH_PERIOD: u64 = 2000;

/// What a shell waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Want {
    /// Somebody runs this command: [`Shell::print`] and [`Shell::finish`] follow.
    Command(Vec<String>, Rc<str>),
    /// This instant.
    Time(Time),
    /// Any change of the world.
    Change,
    /// Nothing: it has ended.
    Done(i32),
}

/// Where a stream of the command at work goes.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    Out,
    Err,
    Kept(usize),
    File(Rc<str>),
    Nowhere,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Loop {
    name: Option<Rc<str>>,
    values: Vec<String>,
    start: usize,
    end: usize,
    depths: Depths,
}

/// How much of everything there is, to come back to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Depths {
    loops: usize,
    kept: usize,
    inputs: usize,
    printed: usize,
    streams: usize,
    saved: usize,
}

/// Operations under way.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Frame {
    ops: Rc<[Op]>,
    at: usize,
    /// Whether `exit` ends here.
    is_shell: bool,
    /// What the command that began it changed, and is changed back after it.
    undo: Undo,
    depths: Depths,
}

/// What a command's redirections and assignments changed for its time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Undo {
    streams: bool,
    inputs: bool,
    variables: Option<SortedMap<String, String>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Pending {
    Command(Vec<String>, Rc<str>, Undo),
    Time(Time),
    Change,
}

/// A shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shell {
    name: &'static str,
    frames: Vec<Frame>,
    variables: SortedMap<String, String>,
    exported: SortedSet<String>,
    functions: SortedMap<String, Rc<[Op]>>,
    folder: String,
    status: i32,
    loops: Vec<Loop>,
    kept: Vec<String>,
    inputs: Vec<(Rc<str>, usize)>,
    printed: Vec<String>,
    streams: Vec<(Target, Target)>,
    saved: Vec<(SortedMap<String, String>, String)>,
    pending: Option<Pending>,
    shown: Option<String>,
    out: Vec<Piece>,
    spawned: Vec<Shell>,
}

impl Shell {
    /// A shell that has nothing to do, with variables that commands see too. `name` stands before its complaints.
    pub fn new(name: &'static str, environment: impl IntoIterator<Item = (String, String)>, folder: &str) -> Self {
        let variables: SortedMap<String, String> = environment.into_iter().collect();
        Shell {
            name,
            frames: Vec::new(),
            exported: variables.keys().cloned().collect(),
            variables,
            functions: SortedMap::new(),
            folder: folder.to_owned(),
            status: 0,
            loops: Vec::new(),
            kept: Vec::new(),
            inputs: Vec::new(),
            printed: Vec::new(),
            streams: Vec::new(),
            saved: Vec::new(),
            pending: None,
            shown: None,
            out: Vec::new(),
            spawned: Vec::new(),
        }
    }

    /// A shell like this one that has nothing to do.
    #[must_use]
    pub fn beside(&self) -> Shell {
        let mut shell = Shell::new(self.name, [], &self.folder);
        (shell.variables, shell.exported) = (self.variables.clone(), self.exported.clone());
        shell.functions.clone_from(&self.functions);
        shell
    }

    /// Takes a text to run. An unfinished one is not taken; a wrong one is complained of, and its status is 2.
    pub fn take_line(&mut self, text: &str) -> Result<(), Fault> {
        match parse::parse(text) {
            Ok(ops) => self.begin(ops, true, Undo::default()),
            Err(Fault::Unfinished) => return Err(Fault::Unfinished),
            Err(Fault::Wrong(why)) => {
                self.complain(&why);
                self.status = 2;
            }
        }
        Ok(())
    }

    /// What of a text this shell has not learnt, in its words; a text that is merely wrong lacks nothing.
    pub fn lacks(text: &str) -> Option<String> {
        match parse::parse(text) {
            Err(Fault::Wrong(why)) if why.ends_with(parse::NOT_LEARNT) => Some(why),
            _ => None,
        }
    }

    /// Takes a command whose words are final, as `exec` gives it.
    pub fn take_words(&mut self, words: &[String]) {
        self.begin(vec![Op::Literal(words.into())].into(), true, Undo::default());
    }

    /// Gives the commands that follow an input.
    #[must_use]
    pub fn with_input(mut self, text: &str) -> Self {
        self.inputs.push((text.into(), 0));
        self
    }

    /// Does what can be done now.
    pub fn run(&mut self, host: &mut dyn Host) -> Want {
        for _ in 0..OPERATIONS_AT_ONCE {
            match self.pending.take() {
                Some(Pending::Command(words, input, undo)) => {
                    self.pending = Some(Pending::Command(words.clone(), Rc::clone(&input), undo));
                    return Want::Command(words, input);
                }
                Some(Pending::Time(until)) if host.now() < until => {
                    self.pending = Some(Pending::Time(until));
                    return Want::Time(until);
                }
                Some(Pending::Time(_)) | None => {}
                Some(Pending::Change) => {
                    // Whoever polls again does so because something changed; it is seen when `watch` looks next.
                    let tick = WATCH_PERIOD - host.now().0 % WATCH_PERIOD;
                    self.pending = Some(Pending::Time(host.now() + Span(tick)));
                    continue;
                }
            }
            let Some(frame) = self.frames.last_mut() else { return Want::Done(self.status) };
            let Some(op) = frame.ops.get(frame.at).cloned() else {
                self.leave_frame();
                continue;
            };
            frame.at += 1;
            self.step(op, host);
            if self.pending == Some(Pending::Change) {
                return Want::Change;
            }
        }
        let until = host.now() + BUSY;
        self.pending.get_or_insert(Pending::Time(until));
        Want::Time(until)
    }

    /// Takes what the command at work printed.
    pub fn print(&mut self, stream: Stream, text: &str, host: &mut dyn Host) {
        let target = match (self.streams.last(), stream) {
            (_, Stream::Note) => return self.out.push(Piece { stream, text: text.to_owned() }),
            (Some((out, _)), Stream::Out) => out.clone(),
            (Some((_, err)), Stream::Err) => err.clone(),
            (None, Stream::Out) => Target::Out,
            (None, Stream::Err) => Target::Err,
        };
        match target {
            Target::Out => self.out.push(Piece { stream: Stream::Out, text: text.to_owned() }),
            Target::Err => self.out.push(Piece { stream: Stream::Err, text: text.to_owned() }),
            Target::Nowhere => {}
            Target::Kept(at) => match self.kept.get_mut(at) {
                Some(kept) if kept.len() + text.len() <= TEXT_MOST => kept.push_str(text),
                _ => self.too_much(),
            },
            Target::File(path) => {
                let before = host.read(&path).unwrap_or_default();
                if before.len() + text.len() > TEXT_MOST {
                    self.too_much();
                } else if let Err(why) = host.write(&path, &format!("{before}{text}")) {
                    self.complain(&format!("{path}: {why}"));
                }
            }
        }
    }

    /// The command at work has ended.
    pub fn finish(&mut self, status: i32) {
        if let Some(Pending::Command(_, _, undo)) = self.pending.take() {
            self.status = status;
            self.undo(undo);
        }
    }

    /// Ends everything that is under way.
    pub fn interrupt(&mut self) {
        self.frames.clear();
        self.pending = None;
        self.back_to(Depths::default());
        self.shown = None;
        self.status = 130;
    }

    /// What was printed since the last call, in order.
    pub fn take_new(&mut self) -> Vec<Piece> {
        std::mem::take(&mut self.out)
    }

    /// What was begun with `&` since the last call.
    pub fn take_spawned(&mut self) -> Vec<Shell> {
        std::mem::take(&mut self.spawned)
    }

    /// What it is called.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The exit code of the last command.
    pub fn status(&self) -> i32 {
        self.status
    }

    /// A variable's text; empty where there is none.
    pub fn variable(&self, name: &str) -> &str {
        self.variables.get(name).map_or("", String::as_str)
    }

    /// What commands see of the variables.
    pub fn environment(&self) -> impl Iterator<Item = (&str, &str)> {
        self.exported.iter().filter_map(|name| Some((name.as_str(), self.variables.get(name)?.as_str())))
    }

    /// A path as it is meant where the shell is: absolute, without dots.
    pub fn path(&self, path: &str) -> String {
        absolute(&self.folder, path)
    }

    fn complain(&mut self, why: &str) {
        self.out.push(Piece { stream: Stream::Err, text: format!("{}: {why}\n", self.name) });
    }

    fn too_much(&mut self) {
        self.out.push(Piece { stream: Stream::Note, text: format!("ordinal: more than {TEXT_MOST} bytes at once; this ends here.\n") });
        self.interrupt();
    }

    fn depths(&self) -> Depths {
        Depths {
            loops: self.loops.len(),
            kept: self.kept.len(),
            inputs: self.inputs.len(),
            printed: self.printed.len(),
            streams: self.streams.len(),
            saved: self.saved.len(),
        }
    }

    fn back_to(&mut self, depths: Depths) {
        self.loops.truncate(depths.loops);
        self.kept.truncate(depths.kept);
        self.inputs.truncate(depths.inputs);
        self.printed.truncate(depths.printed);
        self.streams.truncate(depths.streams);
        self.saved.truncate(depths.saved);
    }

    fn begin(&mut self, ops: Rc<[Op]>, is_shell: bool, undo: Undo) {
        if self.frames.len() >= FRAMES_MOST {
            self.complain("maximum function nesting level exceeded");
            return self.interrupt();
        }
        let depths = self.depths();
        self.frames.push(Frame { ops, at: 0, is_shell, undo, depths });
    }

    fn leave_frame(&mut self) {
        if let Some(frame) = self.frames.pop() {
            self.back_to(frame.depths);
            self.undo(frame.undo);
        }
    }

    /// Ends the innermost shell.
    fn exit(&mut self, status: i32) {
        while let Some(is_shell) = self.frames.last().map(|f| f.is_shell) {
            self.leave_frame();
            if is_shell {
                break;
            }
        }
        self.status = status;
    }

    fn undo(&mut self, undo: Undo) {
        if undo.streams {
            self.streams.pop();
        }
        if undo.inputs {
            self.inputs.pop();
        }
        if let Some(variables) = undo.variables {
            self.variables = variables;
        }
    }

    fn jump(&mut self, to: usize) {
        if let Some(frame) = self.frames.last_mut() {
            frame.at = to;
        }
    }

    fn keep(&mut self) {
        let err = self.streams.last().map_or(Target::Err, |(_, err)| err.clone());
        self.streams.push((Target::Kept(self.kept.len()), err));
        self.kept.push(String::new());
    }

    fn kept(&mut self) -> String {
        self.streams.pop();
        self.kept.pop().unwrap_or_default()
    }

    fn step(&mut self, op: Op, host: &mut dyn Host) {
        match op {
            Op::Simple(simple) => self.simple(&simple, host),
            Op::Literal(words) => self.execute(words.to_vec(), Undo::default(), host),
            Op::Jump(to) => self.jump(to),
            Op::JumpIf(succeeded, to) if (self.status == 0) == succeeded => self.jump(to),
            Op::JumpIf(..) => {}
            Op::Not => self.status = i32::from(self.status == 0),
            Op::For(name, words, end) => {
                let mut values = self.words(&words, host);
                values.reverse();
                self.enter(Some(name), values, end);
            }
            Op::Loop(end) => self.enter(None, Vec::new(), end),
            Op::Next => self.next_round(),
            Op::Leave => {
                self.loops.pop();
                self.status = 0;
            }
            Op::Capture => self.keep(),
            Op::Pipe => {
                let text = self.kept();
                self.inputs.push((text.into(), 0));
            }
            Op::EndPipe => drop(self.inputs.pop()),
            Op::Substitute => {
                let text = self.kept();
                self.printed.push(text.trim_end_matches('\n').to_owned());
            }
            Op::Redirect(simple) => {
                let (before, depths) = (self.printed.len(), simple.printed);
                let undo = self.redirect(&simple.redirects, host);
                self.printed.truncate(before.saturating_sub(depths));
                match undo {
                    Ok(undo) => self.begin_group(undo),
                    Err(why) => self.skip_group(&why),
                }
            }
            Op::EndRedirect => {
                if let Some((streams, inputs)) = self.printed.pop().and_then(|t| t.split_once(' ').map(|(s, i)| (s == "1", i == "1"))) {
                    self.undo(Undo { streams, inputs, variables: None });
                }
            }
            Op::Save => self.saved.push((self.variables.clone(), self.folder.clone())),
            Op::Restore => {
                if let Some((variables, folder)) = self.saved.pop() {
                    (self.variables, self.folder) = (variables, folder);
                }
            }
            Op::Spawn(ops) => {
                let mut shell = self.beside();
                shell.begin(ops, true, Undo::default());
                self.spawned.push(shell);
                self.status = 0;
            }
            Op::Define(name, ops) => drop(self.functions.insert(name.to_string(), ops)),
            Op::Show => self.show(),
        }
    }

    /// What a group's redirections changed stays until its end; it is kept among the texts that are waited for.
    fn begin_group(&mut self, undo: Undo) {
        self.printed.push(format!("{} {}", u8::from(undo.streams), u8::from(undo.inputs)));
    }

    fn skip_group(&mut self, why: &str) {
        self.complain(why);
        self.status = 1;
        let Some(frame) = self.frames.last_mut() else { return };
        let mut depth = 1;
        while depth > 0 {
            match frame.ops.get(frame.at) {
                Some(Op::Redirect(_)) => depth += 1,
                Some(Op::EndRedirect) => depth -= 1,
                Some(_) => {}
                None => return,
            }
            frame.at += 1;
        }
    }

    fn enter(&mut self, name: Option<Rc<str>>, values: Vec<String>, end: usize) {
        let start = self.frames.last().map_or(0, |f| f.at);
        let depths = self.depths();
        self.loops.push(Loop { name, values, start, end, depths });
    }

    fn next_round(&mut self) {
        let Some(innermost) = self.loops.last_mut() else { return };
        if let (Some(value), Some(name)) = (innermost.values.pop(), innermost.name.clone()) {
            drop(self.variables.insert(name.to_string(), value));
        } else {
            let end = innermost.end;
            self.loops.pop();
            self.jump(end);
        }
    }

    /// `break` and `continue`.
    fn leave_round(&mut self, ends: bool) {
        let Some(innermost) = self.loops.last().cloned() else { return };
        self.back_to(innermost.depths);
        if ends {
            self.jump(innermost.end);
        } else {
            self.loops.push(innermost.clone());
            self.jump(innermost.start);
        }
    }

    /// Shows what `watch` saw, if it is not what it saw before.
    fn show(&mut self) {
        let text = self.kept();
        if self.shown.as_ref() != Some(&text) {
            self.out.push(Piece { stream: Stream::Out, text: text.clone() });
            self.shown = Some(text);
        }
        self.pending = Some(Pending::Change);
    }

    fn simple(&mut self, simple: &Rc<Simple>, host: &mut dyn Host) {
        let assigned: Vec<(String, String)> =
            simple.assigned.iter().map(|(name, word)| (name.clone(), self.text(word, simple.printed))).collect();
        let words = self.expanded(simple, host);
        let redirected = self.redirect(&simple.redirects, host);
        let before = self.printed.len().saturating_sub(simple.printed);
        self.printed.truncate(before);
        let mut undo = match redirected {
            Ok(undo) => undo,
            Err(why) => {
                self.complain(&why);
                self.status = 1;
                return;
            }
        };
        if words.is_empty() {
            self.variables.extend(assigned);
            if simple.printed == 0 {
                self.status = 0;
            }
            return self.undo(undo);
        }
        if !assigned.is_empty() && words[0] != "read" {
            undo.variables = Some(self.variables.clone());
            self.variables.extend(assigned);
        }
        self.execute(words, undo, host);
    }

    /// Puts redirections into force; what is to be changed back, or why it cannot be.
    fn redirect(&mut self, redirects: &[Redirect], host: &mut dyn Host) -> Result<Undo, String> {
        let mut undo = Undo::default();
        if redirects.is_empty() {
            return Ok(undo);
        }
        let printed = self.printed.len();
        let (mut out, mut err) = self.streams.last().cloned().unwrap_or((Target::Out, Target::Err));
        for redirect in redirects {
            match redirect {
                Redirect::Read(_) | Redirect::Here(_) => {
                    let text = match redirect {
                        Redirect::Here(word) => Ok(self.text(word, printed).into()),
                        Redirect::Read(word) => {
                            let path = self.text(word, printed);
                            if path == "/dev/null" {
                                Ok("".into())
                            } else {
                                host.read(&self.path(&path)).map_err(|e| format!("{path}: {e}"))
                            }
                        }
                        _ => continue,
                    };
                    if undo.inputs {
                        self.inputs.pop();
                        undo.inputs = false;
                    }
                    self.inputs.push((text?, 0));
                    undo.inputs = true;
                }
                Redirect::ErrToOut => err = out.clone(),
                Redirect::OutToErr => out = err.clone(),
                Redirect::Write { out: is_out, err: is_err, append, to } => {
                    let path = self.text(to, printed);
                    let target = match path.as_str() {
                        "/dev/null" => Target::Nowhere,
                        "/dev/stdout" => out.clone(),
                        "/dev/stderr" => err.clone(),
                        _ => {
                            let whole = self.path(&path);
                            let text = if *append { host.read(&whole).unwrap_or_default() } else { "".into() };
                            if let Err(why) = host.write(&whole, &text) {
                                self.undo(undo);
                                return Err(format!("{path}: {why}"));
                            }
                            Target::File(whole.into())
                        }
                    };
                    if *is_err {
                        err = target.clone();
                    }
                    if *is_out {
                        out = target;
                    }
                }
            }
        }
        self.streams.push((out, err));
        undo.streams = true;
        Ok(undo)
    }
}

/// A path from a folder: absolute, without dots.
pub fn absolute(folder: &str, path: &str) -> String {
    let whole = if path.starts_with('/') { path.to_owned() } else { format!("{folder}/{path}") };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests;
