//! A process in a container: a shell, or one program.

use std::rc::Rc;

use super::Disks;
use super::apps::Family;
use super::environment::DEFAULT_PATH;
use super::place::{Place, Room};
use super::programs::{ProgramContext, Ran, goes_to_background, has_file, lacking, program, reaches, sh_of};
use super::signals;
use super::starting::refusal;
use crate::command::{is_tool, pauses, words_in};
use base::letter::is_letter;
use base::note::Note;
use base::printed::{Piece, Stream};
use base::time::{Span, Time};
use server::tables::Tables;
use shell::programs::{Dialect, Places, is_builtin, is_builtin_lacking, meant};
use shell::{Shell, Want};

/// How many programs a process may run in no time at all.
const PROGRAMS_AT_ONCE: u32 = 50;
/// How often a main process acts by itself before it is no longer simulated: more than a day of once a second. Whoever looks at it
/// seldom finds what they would have found by looking often.
const MAX_ROUNDS: u32 = 100_000;
/// How much time passes after that many programs.
const BUSY: Span = Span::seconds(1);

/// The number of a process that was started beside a container's first one.
const BESIDE: &str = "31";

/// The exit code of what is not there.
const NOT_FOUND: i32 = 127;
/// That of a client whose server does not answer.
const NO_ANSWER: i32 = 1;

/// What the shell understands that a container's command begins with.
pub(super) fn dialect_of(place: &Place) -> Dialect {
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

/// A process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    place: Place,
    shell: Shell,
    /// Whether it reads lines from a terminal.
    interactive: bool,
    /// The program it runs directly, without a shell.
    direct: Option<Vec<String>>,
    due: Option<Time>,
    /// How often it has acted by itself.
    rounds: u32,
    code: Option<i32>,
    /// Why it could not be executed.
    missing: Option<String>,
    /// Whether it is a container's main process, in which programs that are not simulated count as done.
    main: bool,
    /// Whether others before it may have written files that are not simulated.
    after_others: bool,
    /// The programs that are not simulated which it has run as a main process.
    beyond: Vec<String>,
    /// The servers it has left in the background.
    behind: Vec<String>,
}

impl Process {
    /// A process with this command and standard input.
    pub fn new(place: Place, words: &[String], input: &str, now: Time) -> Self {
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
        }
    }

    /// Whether its exit code tells nothing: it ran a program that is not simulated, or depends on what the image brings.
    pub fn is_unsure(&self) -> bool {
        !self.beyond.is_empty() || self.asks_the_image()
    }

    /// Whether it looked for a file that is not there, or read a variable that is not set, which the image may bring, or for a file that
    /// a program which is not simulated may have written.
    pub fn asks_the_image(&self) -> bool {
        self.place.lacked()
            || (self.after_others || !self.beyond.is_empty()) && self.place.missed()
            || !is_tool(&self.place.image) && self.shell.has_read_unset()
    }

    /// A container's main process. `done`: its script cannot be simulated, and counts as done. `after_others`: containers of its pod before
    /// it did what is not simulated, and may have written files.
    pub fn main(place: Place, done: bool, after_others: bool, now: Time) -> Self {
        let words = place.command.clone();
        let process = Process::new(place, &words, "", now);
        let beyond = if done { words.iter().flat_map(|text| words_in(text)).map(str::to_owned).collect() } else { Vec::new() };
        // A shell that nobody types into reads to the end of its input at once.
        let code = (done || process.interactive).then_some(0);
        let mut shell = process.shell.stopping();
        shell.set_number("1");
        Process { main: true, code, beyond, shell, after_others, ..process }
    }

    /// The same beside a container's first process.
    pub(super) fn beside(mut self) -> Self {
        self.shell.set_number(BESIDE);
        self
    }

    /// The container it runs in.
    pub fn place(&self) -> &Place {
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

    /// Advances it to an instant.
    pub fn go_on(&mut self, disks: &mut Disks, tables: &Tables, now: Time) {
        if self.code.is_some() {
            self.due = None;
        }
        if self.due.is_none_or(|due| due > now) {
            return;
        }
        self.rounds += 1;
        if self.main && self.rounds > MAX_ROUNDS {
            self.due = None;
            return self.shell.note(Note::Rounds(MAX_ROUNDS.to_string()));
        }
        for _ in 0..PROGRAMS_AT_ONCE {
            let want = self.shell.run(&mut Room { place: &self.place, disks, now });
            // What runs in the background may be a server.
            if !self.shell.take_spawned().is_empty() && self.main {
                self.beyond.extend(self.place.command.iter().flat_map(|text| words_in(text)).map(str::to_owned));
            }
            if self.main && self.shell.has_refused() {
                return self.take_as_finished();
            }
            match want {
                Want::Command(words, input) => {
                    let pause = self.program(&words, &input, disks, tables, now);
                    if self.code.is_some() {
                        return;
                    }
                    if pause > Span(0) {
                        self.due = Some(now + pause);
                        return;
                    }
                }
                Want::Time(at) => {
                    self.due = Some(at);
                    return;
                }
                Want::Change => {
                    self.due = None;
                    return;
                }
                Want::Done(code) => {
                    self.due = None;
                    let doubt = self.shell.doubt().filter(|_| self.main && code != 0);
                    if let Some(doubt) = doubt {
                        self.shell.note(doubt);
                        return self.take_as_finished();
                    }
                    self.code = (!self.interactive || self.shell.exited()).then_some(code);
                    return;
                }
            }
        }
        self.due = Some(now + BUSY);
    }

    /// What its script does is not known from here on.
    fn take_as_finished(&mut self) {
        self.shell.note(Note::TakenAsFinished);
        self.beyond.extend(self.place.command.iter().flat_map(|text| words_in(text)).map(str::to_owned));
        (self.due, self.code) = (None, Some(0));
    }

    /// Runs a program. Returns how long it takes: a main process's program that is not simulated, as long as it sleeps.
    fn program(&mut self, words: &[String], input: &str, disks: &mut Disks, tables: &Tables, now: Time) -> Span {
        if self.signals(words, disks, now) {
            return Span(0);
        }
        let folder = self.shell.path(".");
        let mut around = ProgramContext { place: Some(&self.place), tables, disks, now, folder: &folder };
        let ran = program(words, input, &mut around);
        // A client that is not simulated waits for what it names.
        let is_waiting = ran.is_none() && self.main && (self.shell.is_tested() || self.shell.is_read());
        let reaches = if is_waiting { reaches(words, &mut around) } else { None };
        let mut room = Room { place: &self.place, disks, now };
        let name = words.first().map_or("", String::as_str);
        let mut pause = Span(0);
        let code = match ran {
            Some(Ran { out, err, note: Some(note), .. }) if self.main => {
                let code = Ran { out, err, ..Ran::default() }.print_in(&mut self.shell, &mut room);
                self.shell.suppose(note, true);
                code
            }
            Some(ran) => ran.print_in(&mut self.shell, &mut room),
            None if self.main && goes_to_background(words, &self.place) => {
                self.behind.push(name.to_owned());
                0
            }
            None if self.main && !self.surely_lacks(words, &room) => {
                if reaches.is_none() && !self.beyond.iter().any(|known| known == name) {
                    self.beyond.push(name.to_owned());
                }
                pause = pauses(words.iter().map(String::as_str));
                let is_known = reaches == Some(false) || reaches.is_some() && !self.shell.is_read();
                if !is_known && !self.place.app().is_server(name.rsplit('/').next().unwrap_or_default()) {
                    self.shell.suppose(lacking(words), false);
                }
                if reaches == Some(false) { NO_ANSWER } else { 0 }
            }
            None if is_builtin(name, Places::SHELLS) || has_file(name.rsplit('/').next().unwrap_or_default(), &self.place) => {
                self.shell.note(lacking(words));
                NOT_FOUND
            }
            None if self.direct.as_deref() == Some(words) => {
                self.missing = Some(refusal(name));
                self.suggest(name);
                NOT_FOUND
            }
            None => {
                let said = match (self.shell.dialect(), self.place.app().family) {
                    (Dialect::Bash, _) => format!("bash: {name}: command not found\n"),
                    (Dialect::Ash, _) | (_, Family::Busybox) => format!("sh: {name}: not found\n"),
                    _ => format!("sh: 1: {name}: not found\n"),
                };
                self.shell.print(Stream::Err, &said, &mut room);
                self.suggest(name);
                NOT_FOUND
            }
        };
        self.shell.finish(code);
        pause
    }

    /// Says which program was probably meant by whoever runs a process that nobody has.
    fn suggest(&mut self, name: &str) {
        if let Some(meant) = meant(name).filter(|_| !self.main) {
            self.shell.note(Note::Meant(meant.to_owned()));
        }
    }

    /// Sends the signals of `kill`, `pkill` and `killall`; false if this is another program, or if this use of it is not simulated.
    fn signals(&mut self, words: &[String], disks: &mut Disks, now: Time) -> bool {
        let Some(sent) = signals::sent(words, &self.place, self.shell.number(), self.interactive) else { return false };
        if sent.first && self.shell.number() == "1" {
            self.shell.tell_to_end();
        } else if sent.first {
            let place = &self.place;
            disks.told_to_end.push((Rc::clone(&place.node), place.uid, Rc::clone(&place.container)));
        }
        let code = sent.ran.print_in(&mut self.shell, &mut Room { place: &self.place, disks, now });
        self.shell.finish(code);
        if sent.own.is_some() {
            self.shell.interrupt();
            (self.due, self.code) = (None, sent.own);
        }
        true
    }

    /// Whether a command of a script is known not to be there: none that is run without a shell, that something not simulated may have
    /// brought, or that may be an option of what was before it.
    fn surely_lacks(&self, words: &[String], room: &Room) -> bool {
        let name = words.first().map_or("", String::as_str);
        let is_name = name.starts_with(|c: char| is_letter(c) || c == '/');
        let is_path_known = self.shell.variable("PATH") == DEFAULT_PATH;
        let in_script = self.direct.as_deref() != Some(words) && self.beyond.is_empty();
        in_script && is_name && is_path_known && !is_builtin_lacking(name) && room.lacks_program(name)
    }
}
