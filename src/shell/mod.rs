//! A small POSIX-like shell: lines in, text and exit codes out, in the terminal of the page and inside containers.
//!
//! Promises: a shell is plain data and never blocks: [`Shell::run`] does what it can at the present instant and says what it
//! waits for, a command that somebody else runs, an instant, a change, or the next line. It ends whatever is typed, or takes time.
//! Must not know: kubectl, clusters, containers; a [`Host`] stands for files and names.
//! Not modelled: job control, signals, file permissions, the options of `set`, limits of `timeout`.

mod builtin;
mod expand;
mod host;
mod input;
mod parse;
mod pattern;
mod pipe;
mod query;
mod redirect;
mod run;
mod tools;

use crate::base::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

pub use crate::base::printed::{Piece, Stream};
use crate::base::time::{Span, Time};
pub use builtin::pause;
pub use host::{Entry, Host, MISSING};
use input::Input;
pub use parse::Fault;
use parse::Op;
use pipe::Pipe;
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
    Pipe(usize),
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
    /// How many frames there are with its own.
    frames: usize,
}

/// What a subshell leaves as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Saved {
    variables: SortedMap<String, String>,
    folder: String,
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
    groups: usize,
    pipes: usize,
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
    /// All variables.
    variables: Option<SortedMap<String, String>>,
    /// `$1` and up.
    arguments: Option<Vec<String>>,
    /// Variables of a function's own, as they were outside.
    locals: Vec<(String, Option<String>)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Pending {
    Command(Vec<String>, Rc<str>, Undo),
    Time(Time),
    Change,
    /// A command of the shell's own that reads a pipe: how much it has printed, and how much there was when it looked last.
    Input {
        words: Vec<String>,
        undo: Undo,
        printed: usize,
        seen: usize,
    },
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
    /// Whether `exit` left it.
    left: bool,
    loops: Vec<Loop>,
    kept: Vec<String>,
    inputs: Vec<Input>,
    pipes: Vec<Pipe>,
    /// The first pipe that nobody reads any more.
    broken: Option<usize>,
    printed: Vec<String>,
    streams: Vec<(Target, Target)>,
    saved: Vec<Saved>,
    /// What the redirections of groups under way changed.
    groups: Vec<Undo>,
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
            left: false,
            loops: Vec::new(),
            kept: Vec::new(),
            inputs: Vec::new(),
            pipes: Vec::new(),
            broken: None,
            printed: Vec::new(),
            streams: Vec::new(),
            saved: Vec::new(),
            groups: Vec::new(),
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
        self.inputs.push(Input::of(text));
        self
    }

    /// The command at work has ended.
    pub fn finish(&mut self, status: i32) {
        if let Some(at) = self.front() {
            return self.reader(at).finish(status);
        }
        if let Some(Pending::Command(_, _, undo)) = self.pending.take() {
            self.status = status;
            self.undo(undo);
        }
    }

    /// Ends everything that is under way.
    pub fn interrupt(&mut self) {
        self.frames.clear();
        (self.pending, self.broken) = (None, None);
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

    /// Whether `exit` left it, rather than its commands ended.
    pub fn has_left(&self) -> bool {
        self.left
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
        self.out
            .push(Piece { stream: Stream::Note, text: format!("ordinal: more than {TEXT_MOST} bytes at once; the rest is cut off.\n") });
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
            groups: self.groups.len(),
            pipes: self.pipes.len(),
        }
    }

    fn back_to(&mut self, depths: Depths) {
        self.loops.truncate(depths.loops);
        self.kept.truncate(depths.kept);
        self.inputs.truncate(depths.inputs);
        self.printed.truncate(depths.printed);
        self.streams.truncate(depths.streams);
        self.saved.truncate(depths.saved);
        self.groups.truncate(depths.groups);
        self.pipes.truncate(depths.pipes);
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
