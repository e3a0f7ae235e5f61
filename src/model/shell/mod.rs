//! A small POSIX-like shell: lines in, text and exit codes out, for the page's terminal and for containers.
//!
//! Promises: a shell is plain data and never blocks: [`Shell::run`] does what it can at the present instant and says what it
//! waits for: a command run by the caller, an instant, a change, or the next line. Whatever is typed either ends or takes time.
//! Must not know: kubectl, clusters, containers; a [`Host`] provides files and names.
//! Not modelled: job control, signals, file permissions, the options of `set` other than `-e`, `-u` and `pipefail`.

mod awk;
mod beside;
mod builtin;
mod dialect;
mod expand;
mod host;
mod input;
mod jq;
mod marks;
mod parse;
mod pipe;
mod places;
pub mod programs;
mod query;
mod redirect;
mod run;
mod signals;
mod sum;
mod tools;
mod watch;

use base::note::Note;
use base::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

pub use base::path::absolute;
pub use base::printed::{Piece, Stream};
use base::time::{Span, Time};
use dialect::Dialect;
pub use host::{Entry, Host, Trouble};
use input::Input;
pub use parse::Fault;
use parse::Op;
use pipe::Pipe;
use signals::Signals;
pub use watch::pause;

/// How many operations run at one instant before time passes: even an empty loop takes time.
const OPERATIONS_AT_ONCE: u32 = 5000;
/// How much time passes after that many operations.
const BUSY: Span = Span(100);
/// The maximum size of a pipe, a variable or a file, in bytes.
pub const MAX_TEXT: usize = 1 << 20;
/// The maximum depth of nested functions and shells.
const MAX_FRAMES: usize = 100;

/// What a shell waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Want {
    /// The caller is to run this command, and report with [`Shell::print`] and [`Shell::finish`].
    Command(Vec<String>, Rc<str>),
    /// This instant.
    Time(Time),
    /// Any change of the world.
    Change,
    /// Nothing: it has ended.
    Done(i32),
}

/// The target of a stream of the running command.
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
    /// The number of frames, including its own.
    frames: usize,
}

/// What a shell of its own may change without its parent's knowing.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Scope {
    variables: SortedMap<String, String>,
    exported: SortedSet<String>,
    functions: SortedMap<String, Rc<[Op]>>,
}

/// What is restored after a subshell.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Saved {
    scope: Scope,
    folder: String,
    streams: Vec<(Target, Target)>,
    depths: Depths,
}

/// The heights of all stacks, to unwind to.
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

/// Operations in progress.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Frame {
    ops: Rc<[Op]>,
    at: usize,
    /// Whether `exit` ends here.
    is_shell: bool,
    /// What the command that created it changed, to be undone afterwards.
    undo: Undo,
    depths: Depths,
    /// What runs when it ends, as `trap … EXIT` says.
    trap: Option<String>,
}

/// What a command's redirections and assignments changed temporarily.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is undone by itself")]
struct Undo {
    streams: bool,
    inputs: bool,
    /// All variables and functions.
    scope: Option<Scope>,
    /// The working directory.
    folder: Option<String>,
    /// `$1` and up.
    arguments: Option<Vec<String>>,
    /// Whether its failure is tested.
    tested: bool,
    /// Whether it is within a condition.
    asked: bool,
    /// What it understands.
    dialect: Option<Dialect>,
    /// A function's local variables, with their outer values.
    locals: Vec<(String, Option<String>)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Pending {
    Command(Vec<String>, Rc<str>, Undo),
    Time(Time),
    /// `watch` waits for a change, and looks after so many milliseconds.
    Change(u64),
    /// A built-in command that reads a pipe: how much it has printed, and how much input there was when it last looked.
    Input {
        words: Vec<String>,
        undo: Undo,
        printed: usize,
        seen: usize,
    },
}

/// A shell.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option or a state of its own")]
pub struct Shell {
    dialect: Dialect,
    frames: Vec<Frame>,
    variables: SortedMap<String, String>,
    exported: SortedSet<String>,
    functions: SortedMap<String, Rc<[Op]>>,
    folder: String,
    status: i32,
    /// Whether it was left by `exit`.
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
    /// What the redirections of the current groups changed.
    groups: Vec<Undo>,
    pending: Option<Pending>,
    shown: Option<String>,
    out: Vec<Piece>,
    spawned: Vec<Shell>,
    /// Whether a variable was read that nobody has set.
    unset: bool,
    /// Whether something was met that is not simulated, and on which it depends what the script does.
    refused: bool,
    /// Whether it stops there.
    stops: bool,
    /// What is said of the last command, if that is not simulated and counts as done.
    supposed: Option<Note>,
    /// The same of the last one on which `&&` or `||` has gone on.
    doubt: Option<Note>,
    /// Variables that keep their values.
    constant: SortedSet<String>,
    signals: Signals,
    /// Why what was expanded last has no value, and whether that is so since a script demands a variable.
    failure: Option<(String, bool)>,
}

impl Shell {
    /// An idle shell, with exported variables.
    pub fn new(dialect: Dialect, environment: impl IntoIterator<Item = (String, String)>, folder: &str) -> Self {
        let variables: SortedMap<String, String> = environment.into_iter().collect();
        Shell {
            dialect,
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
            unset: false,
            refused: false,
            stops: false,
            supposed: None,
            doubt: None,
            constant: SortedSet::new(),
            signals: Signals::default(),
            failure: None,
        }
    }

    /// `$!`: the process that was sent to the background last.
    pub fn last_process(&self) -> &str {
        self.variables.get("!").map_or("", String::as_str)
    }

    /// Accepts a text to run. An unfinished one is not accepted; an invalid one is reported, with status 2.
    pub fn take_line(&mut self, text: &str) -> Result<(), Fault> {
        match parse::parse(text, self.dialect) {
            Ok(ops) => self.begin(ops, true, Undo::default()),
            Err(Fault::Unfinished) => return Err(Fault::Unfinished),
            Err(Fault::Wrong(why)) => {
                self.complain(&why);
                self.status = 2;
            }
            Err(Fault::Unsupported(note)) => {
                self.note(note);
                self.status = 2;
            }
        }
        Ok(())
    }

    /// The first construct in a text that is not simulated; `None` for a text that is merely invalid.
    pub fn lacks(text: &str, dialect: Dialect) -> Option<Note> {
        if let Err(Fault::Unsupported(note)) = parse::parse(text, dialect) { Some(note) } else { None }
    }

    /// Accepts a command whose words are not to be expanded, as from `exec`.
    pub fn take_words(&mut self, words: &[String]) {
        self.begin(vec![Op::Literal(words.into())].into(), true, Undo::default());
    }

    /// Makes it stop at what is not simulated, where it depends on that what the script does.
    #[must_use]
    pub fn stopping(mut self) -> Self {
        self.stops = true;
        self
    }

    /// Provides the standard input of the commands that follow.
    #[must_use]
    pub fn with_input(mut self, text: &str) -> Self {
        self.inputs.push(Input::of(text));
        self
    }

    /// The caller's command, which is not simulated, counts as done. If the script uses what it prints or returns, what follows is not
    /// known. `tells`: whether the playground says so in any case.
    pub fn suppose(&mut self, note: Note, tells: bool) {
        let is_used = self.is_used();
        if is_used || tells {
            self.note(note.clone());
        }
        self.refused |= is_used;
        if self.is_tested() {
            self.doubt = Some(note.clone());
        }
        match self.front() {
            Some(at) => self.reader(at).supposed = Some(note),
            None => self.supposed = Some(note),
        }
    }

    /// What is said of something that is not simulated, and but for which the script might not have failed.
    pub fn doubt(&self) -> Option<Note> {
        self.doubt.clone()
    }

    /// Whether what the command at work prints goes to a substitution, a pipe or a file.
    pub fn is_read(&self) -> bool {
        let goes_on = |target: &Target| matches!(target, Target::Kept(_) | Target::Pipe(_) | Target::File(_));
        self.streams.last().is_some_and(|(out, _)| goes_on(out))
            || self.front().is_some_and(|at| self.pipes[at].reads().is_read() || goes_on(self.pipes[at].target()))
    }

    /// Whether that is so, or a condition asks what it returns.
    fn is_used(&self) -> bool {
        self.is_read() || self.is_within(|undo| undo.asked)
    }

    /// Whether what it returns is tested, if only by `&&` or `||`.
    pub fn is_tested(&self) -> bool {
        self.is_within(|undo| undo.tested)
    }

    fn is_within(&self, of: fn(&Undo) -> bool) -> bool {
        let pending = if let Some(Pending::Command(_, _, undo)) = &self.pending { Some(undo) } else { None };
        let is_it = self.frames.iter().map(|frame| &frame.undo).chain(pending).any(of);
        is_it || self.front().is_some_and(|at| self.pipes[at].reads().is_within(of))
    }

    /// The caller's command only runs another one.
    pub fn run_instead(&mut self, words: &[String]) {
        if let Some(at) = self.front() {
            return self.reader(at).run_instead(words);
        }
        if let Some(Pending::Command(_, _, undo)) = self.pending.take() {
            self.begin([Op::Literal(words.into())].into(), false, undo);
        }
    }

    /// The caller's command has ended.
    pub fn finish(&mut self, status: i32) {
        if let Some(at) = self.front() {
            return self.reader(at).finish(status);
        }
        if let Some(Pending::Command(_, _, undo)) = self.pending.take() {
            self.status = status;
            self.undo(undo);
        }
    }

    /// Interrupts everything.
    pub fn interrupt(&mut self) {
        self.frames.clear();
        (self.pending, self.broken) = (None, None);
        self.back_to(Depths::default());
        self.shown = None;
        self.status = 130;
    }

    /// The output since the last call, in order.
    pub fn take_new(&mut self) -> Vec<Piece> {
        std::mem::take(&mut self.out)
    }

    /// The background jobs started with `&` since the last call.
    pub fn take_spawned(&mut self) -> Vec<Shell> {
        std::mem::take(&mut self.spawned)
    }

    /// Whether a variable was read that nobody has set.
    pub fn has_read_unset(&self) -> bool {
        self.unset
    }

    /// Whether something was met that is not simulated, so that what follows of the script is not known.
    pub fn has_refused(&self) -> bool {
        self.refused
    }

    /// What it understands.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The exit code of the last command.
    pub fn status(&self) -> i32 {
        self.status
    }

    /// Whether it was left by `exit`, rather than by the end of its commands.
    pub fn exited(&self) -> bool {
        self.left
    }

    /// The value of a variable; empty if it is not set.
    pub fn variable(&self, name: &str) -> &str {
        if name == "PWD" { &self.folder } else { self.variables.get(name).map_or("", String::as_str) }
    }

    /// The value of a variable for the command at work: exported, or set for this command alone; empty if neither.
    pub fn passes(&self, name: &str) -> &str {
        if let Some(at) = self.front() {
            return self.pipes[at].reads().passes(name);
        }
        if self.exported.contains(name) { self.variable(name) } else { "" }
    }

    /// The exported variables.
    pub fn environment(&self) -> impl Iterator<Item = (&str, &str)> {
        self.exported.iter().filter_map(|name| Some((name.as_str(), self.variables.get(name)?.as_str())))
    }

    /// A path resolved against the working directory: absolute, without dots.
    pub fn path(&self, path: &str) -> String {
        absolute(&self.folder, path)
    }

    fn complain(&mut self, why: &str) {
        self.out.push(Piece::Text(Stream::Err, format!("{}: {why}\n", self.dialect.name())));
    }

    fn too_much(&mut self) {
        self.note(Note::TooMuch(MAX_TEXT.to_string()));
        self.interrupt();
    }

    fn scope(&self) -> Scope {
        Scope { variables: self.variables.clone(), exported: self.exported.clone(), functions: self.functions.clone() }
    }

    fn return_to(&mut self, scope: Scope) {
        Scope { variables: self.variables, exported: self.exported, functions: self.functions } = scope;
    }

    /// Sets a variable for what runs within a command's scope, and exports it.
    fn pass(&mut self, name: &str, value: String) {
        self.variables.insert(name.to_owned(), value);
        self.exported.insert(name.to_owned());
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
