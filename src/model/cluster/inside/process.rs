//! A process in a container: a shell, or one program.

use std::rc::Rc;

use super::apps::Reached;
use super::environment::Environment;
use super::installed::{process_name, sh_of};
use super::place::ContainerInfo;
use super::starting::refusal;
use crate::command::words_in;
use crate::programs::{Family, is_tool};
use base::note::Note;
use base::printed::Piece;
use base::time::Time;
use shell::Shell;
use shell::programs::{Dialect, Places, is_builtin};

/// The number of a container's first process, and of one that was started beside a container's first one.
pub(super) const FIRST: &str = "1";
const BESIDE: &str = "31";

/// The exit code of what is not there.
pub(super) const NOT_FOUND: i32 = 127;

/// What the shell understands that a container's command begins with.
pub(super) fn dialect_of(place: &ContainerInfo) -> Dialect {
    let own = place.command.first().and_then(|word| Dialect::of(word));
    own.filter(|own| *own == Dialect::Bash).unwrap_or_else(|| sh_of(&place.image))
}

/// What a script does about SIGTERM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtTerm {
    /// It says what to do then, and does that once the command at work has ended, which is at this instant.
    Acts(Time),
    /// Nothing: the shell has no handler of its own.
    Nothing,
}

/// The server of an image that a process has become, or has begun below itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Became {
    pub server: Reached,
    /// The variables that the script passes on to it.
    pub environment: Rc<Environment>,
    /// Whether it took the place of the container's first process.
    pub is_first: bool,
    /// Whether the script stops SIGTERM, which otherwise reaches nobody but the first process.
    pub is_heeded: bool,
}

/// What a process does on SIGTERM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnTerm {
    /// It ends with this exit code.
    Ends(i64),
    /// It has no handler, and stays where it is the first of its container.
    Stays,
}

/// A process.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a state of its own")]
pub struct Process {
    pub(super) place: ContainerInfo,
    pub(super) shell: Shell,
    /// Whether it is its container's own process, whose output is the container's log.
    pub(super) is_attached: bool,
    /// Whether it reads lines from a terminal.
    pub(super) interactive: bool,
    /// The program it runs directly, without a shell.
    pub(super) direct: Option<Vec<String>>,
    pub(super) due: Option<Time>,
    /// How often it has acted by itself.
    pub(super) rounds: u32,
    pub(super) code: Option<i32>,
    /// Why it could not be executed.
    pub(super) missing: Option<String>,
    /// Whether it is a container's main process, in which programs that are not simulated count as done.
    pub(super) main: bool,
    /// Whether others before it may have written files that are not simulated.
    after_others: bool,
    /// The programs that are not simulated which it has run as a main process.
    pub(super) beyond: Vec<String>,
    /// The servers it has left in the background.
    pub(super) behind: Vec<String>,
    /// The image's server that it has become, as a container's first process.
    pub(super) became: Option<Became>,
    /// Whether nobody has taken note of that yet.
    pub(super) is_begun: bool,
    /// Whether its exit code is that of a server that refuses to start, whatever it did before.
    pub(super) has_refused: bool,
    /// Whether it has asked the image's own server something, by a client of that.
    pub(super) has_asked: bool,
}

impl Process {
    /// A process with this command and standard input.
    pub fn new(place: ContainerInfo, words: &[String], input: &str, now: Time) -> Self {
        let first = words.first().map_or("", String::as_str);
        let dialect = Dialect::of(first);
        let sh = if dialect == Some(Dialect::Bash) { Dialect::Bash } else { sh_of(&place.image) };
        let mut shell = Shell::new(sh, place.environment.variables(), &place.working_folder);
        shell.set_number(BESIDE);
        let is_shell = words.len() == 1 && dialect.is_some();
        let (mut interactive, mut direct, mut code) = (false, None, None);
        // What only shells have cannot be executed.
        let is_of_shells = dialect.is_some() || is_builtin(first, Places::SHELLS);
        let missing = (is_of_shells && place.lacks_program(first)).then(|| refusal(first));
        if missing.is_some() {
            code = Some(NOT_FOUND);
        } else if is_shell && !input.is_empty() {
            if shell.take_line(input).is_err() {
                code = Some(2);
            }
        } else if is_shell {
            interactive = true;
        } else {
            shell = shell.with_input(input);
            shell.take_words(words);
            direct = Some(words.to_vec());
        }
        Process {
            place,
            shell,
            is_attached: false,
            interactive,
            direct,
            due: Some(now),
            rounds: 0,
            code,
            missing,
            main: false,
            after_others: false,
            beyond: Vec::new(),
            behind: Vec::new(),
            became: None,
            is_begun: false,
            has_refused: false,
            has_asked: false,
        }
    }

    /// The same as the container's own process, to which one is attached.
    #[must_use]
    pub fn attached(self) -> Self {
        Process { is_attached: true, ..self }
    }

    /// Whether it is its container's own process, to which one is attached.
    pub fn is_attached(&self) -> bool {
        self.is_attached
    }

    /// Whether its exit code tells nothing: it ran a program that is not simulated, or depends on what the image brings.
    pub fn is_unsure(&self) -> bool {
        !self.has_refused && (!self.beyond.is_empty() || self.asks_the_image())
    }

    /// Whether it looked for a file that is not there, or read a variable that is not set, which the image may bring, or for a file that
    /// a program which is not simulated may have written.
    pub fn asks_the_image(&self) -> bool {
        let misses = || (self.after_others || !self.beyond.is_empty()) && self.place.missed();
        !self.has_refused && (self.place.lacked() || misses() || !is_tool(&self.place.image) && self.shell.has_read_unset())
    }

    /// A container's main process. `done`: its script cannot be simulated, and counts as done. `after_others`: containers of its pod before
    /// it did what is not simulated, and may have written files.
    pub fn main(place: ContainerInfo, done: bool, after_others: bool, now: Time) -> Self {
        let words = place.command.clone();
        let process = Process::new(place, &words, "", now);
        let beyond = if done { words.iter().flat_map(|text| words_in(text)).map(str::to_owned).collect() } else { Vec::new() };
        // A shell that nobody types into reads to the end of its input at once.
        let code = (done || process.interactive).then_some(0);
        let mut shell = process.shell.stopping();
        shell.set_number(FIRST);
        Process { main: true, code, beyond, shell, after_others, ..process }
    }

    /// The server that a container's declared command runs.
    pub(super) fn serving(place: ContainerInfo, server: Reached, now: Time) -> Self {
        let mut process = Process::main(place, false, false, now);
        process.becomes(server, true);
        (process.due, process.code, process.is_begun) = (None, Some(0), false);
        process
    }

    /// The same beside a container's first process.
    pub(super) fn beside(mut self) -> Self {
        self.shell.set_number(BESIDE);
        self
    }

    /// The container it runs in.
    pub fn place(&self) -> &ContainerInfo {
        &self.place
    }

    /// When it acts next; `None` if it does nothing by itself.
    pub fn due(&self) -> Option<Time> {
        self.due
    }

    /// Its exit code, once it has ended.
    pub fn code(&self) -> Option<i32> {
        self.code
    }

    /// Why the program it was to run could not be executed.
    pub fn missing(&self) -> Option<&str> {
        self.missing.as_deref()
    }

    /// The programs that it has run as a main process and that may serve: those that are not simulated, and servers.
    pub fn may_serve(&self) -> impl Iterator<Item = &String> {
        self.beyond.iter().chain(&self.behind)
    }

    /// Whether it is the first process of its container, in which programs that are not simulated count as done.
    pub(super) fn is_first(&self) -> bool {
        self.main && self.shell.number() == FIRST
    }

    /// A server of its image runs from now on: in its place, or below it.
    pub(super) fn becomes(&mut self, server: Reached, is_first: bool) {
        let passed = self.shell.environment().map(|(name, value)| (name.to_owned(), value.to_owned()));
        let environment = Rc::new(Environment::of(passed.collect()));
        self.beyond.push(server.words[0].clone());
        self.became = Some(Became { server, environment, is_first, is_heeded: self.shell.heeds_term() });
        self.is_begun = true;
    }

    /// The server that it has become since the last call, as its container then is. What the container declares may name what the server
    /// reads elsewhere.
    pub(super) fn take_server(&mut self) -> Option<(ContainerInfo, Reached)> {
        let became = self.became.as_ref().filter(|_| std::mem::take(&mut self.is_begun))?;
        let mut place = self.place.clone();
        place.command.splice(0..0, became.server.words.iter().cloned());
        place.environment = Rc::clone(&became.environment);
        Some((place.with(&became.server), became.server.clone()))
    }

    /// It ends with an exit code that is known, whatever it ran before.
    pub(super) fn ends(&mut self, code: i32) {
        (self.due, self.code, self.became, self.has_refused) = (None, Some(code), None, true);
        self.beyond.clear();
    }

    /// Whether it, or somebody before it in its pod, may have written files that are not simulated.
    pub(super) fn follows_others(&self) -> bool {
        self.after_others || self.beyond.len() > usize::from(self.became.is_some())
    }

    /// Whether the server that it has become is the first process of its container.
    pub(super) fn gave_way(&self) -> bool {
        self.became.as_ref().is_none_or(|became| became.is_first)
    }

    /// The port of the server that it has become.
    pub(super) fn port(&self) -> Option<i64> {
        self.became.as_ref().map(|became| self.place.app().port_of(&became.server))
    }

    /// What it does on SIGTERM; `None` if only its declared command tells.
    pub(crate) fn on_term(&self) -> Option<OnTerm> {
        let ends = |code: Option<i64>| code.map_or(OnTerm::Stays, OnTerm::Ends);
        match &self.became {
            Some(became) if became.is_first => Some(ends(self.place.app().on_term)),
            Some(became) => Some(ends(became.is_heeded.then_some(0))),
            None => (self.code.is_none() && self.is_first() && self.shell.is_script() && !self.shell.heeds_term()).then_some(OnTerm::Stays),
        }
    }

    /// Its words in `ps`.
    pub(super) fn name(&self) -> String {
        match &self.became {
            Some(became) if became.is_first => became.server.words.join(" "),
            _ => process_name(&self.place.image, &self.place.command),
        }
    }

    /// Whether what it has run may have begun its image's server, and nobody knows: it is not simulated, or was not followed.
    pub(super) fn may_be_its_server(&self) -> bool {
        self.became.is_none() && !self.beyond.is_empty()
    }

    /// Its prompt, while it waits for a line.
    pub fn prompt(&self) -> Option<String> {
        let waits = self.interactive && self.code.is_none() && self.due.is_none();
        let folder = self.shell.path(".");
        waits.then(|| match self.place.app().family {
            Family::Busybox => format!("{folder} # "),
            _ if self.shell.dialect() != Dialect::Bash => "# ".to_owned(),
            _ => format!("root@{}:{folder}# ", self.place.hostname),
        })
    }

    /// Reads a line from the terminal.
    pub fn take_line(&mut self, line: &str, now: Time) {
        if self.shell.take_line(line).is_err() {
            self.shell.note(Note::Incomplete);
        }
        self.due = Some(now);
    }

    /// Interrupts what it is doing, as Ctrl-C does.
    pub fn interrupt(&mut self) {
        self.shell.interrupt();
        self.due = None;
        if !self.interactive {
            self.code = Some(130);
        }
    }

    /// SIGTERM comes; what the script that runs does about it. `None` if it is no script, or none any more.
    pub(super) fn tell_to_end(&mut self, now: Time) -> Option<AtTerm> {
        let acts = self.code.is_none() && self.shell.tell_to_end();
        match self.code {
            Some(_) => None,
            None if acts => Some(AtTerm::Acts(*self.due.get_or_insert(now))),
            None => Some(AtTerm::Nothing),
        }
    }

    /// Whether SIGTERM came, and it has not acted on that yet.
    pub fn is_told_to_end(&self) -> bool {
        self.code.is_none() && self.shell.is_told_to_end()
    }

    /// Its output since the last call.
    pub fn take_new(&mut self) -> Vec<Piece> {
        self.shell.take_new()
    }
}
