//! How a process goes on: what its shell runs, what that prints, and how long it takes.

use std::rc::Rc;

use super::apps::passed_on;
use super::context::ProgramContext;
use super::disks::Disks;
use super::environment::DEFAULT_PATH;
use super::installed::{goes_to_background, has_file};
use super::process::{FIRST, NOT_FOUND, Process};
use super::programs::{lacking, program, reaches};
use super::ran::Ran;
use super::room::Room;
use super::signals;
use super::starting::refusal;
use crate::command::{pauses, words_in};
use crate::programs::Family;
use base::letter::is_letter;
use base::note::Note;
use base::printed::Stream;
use base::time::{Span, Time};
use server::tables::Tables;
use shell::programs::{Dialect, Places, is_builtin, is_builtin_lacking, meant};
use shell::{Host, Want};

/// How many programs a process may run in no time at all.
const PROGRAMS_AT_ONCE: u32 = 50;
/// How often a main process acts by itself before it is no longer simulated: more than a day of once a second. Whoever looks at it
/// seldom finds what they would have found by looking often.
const MAX_ROUNDS: u32 = 100_000;
/// How much time passes after that many programs.
const BUSY: Span = Span::seconds(1);
/// The exit code of a client whose server does not answer.
const NO_ANSWER: i32 = 1;

impl Process {
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
            let is_main = self.main;
            for shell in self.shell.take_spawned().into_iter().filter(|_| is_main) {
                let words = shell.first_command(&mut Room { place: &self.place, disks, now });
                self.leaves_behind(&words.unwrap_or_default());
            }
            if self.main && self.shell.has_refused() {
                return self.take_as_finished(disks, now);
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
                        return self.take_as_finished(disks, now);
                    }
                    self.code = (!self.interactive || self.shell.exited()).then_some(code);
                    return;
                }
            }
        }
        self.due = Some(now + BUSY);
    }

    /// A command runs in the background from now on. It may be a server.
    fn leaves_behind(&mut self, words: &[String]) {
        match self.place.app().reached(words, false).filter(|_| self.is_first() && self.became.is_none()) {
            Some(server) => self.becomes(server, false),
            None => self.beyond.extend(self.place.command.iter().flat_map(|text| words_in(text)).map(str::to_owned)),
        }
    }

    /// What its script does is not known from here on. If the rest of it, or a file that it names, names the image's server, that is taken
    /// to run.
    fn take_as_finished(&mut self, disks: &mut Disks, now: Time) {
        self.shell.note(Note::TakenAsFinished);
        let words = || self.place.command.iter().flat_map(|text| words_in(text));
        let app = self.place.app();
        let room = Room { place: &self.place, disks, now };
        let is_in_file = |word: &str| room.read(word).is_ok_and(|text| words_in(&text).any(|word| app.is_named(word)));
        let is_named = words().any(|word| app.is_named(word) || word.contains('/') && is_in_file(word));
        let words: Vec<String> = words().map(str::to_owned).collect();
        self.beyond.extend(words);
        if let Some(server) = app.supposed().filter(|_| is_named && self.is_first() && self.became.is_none()) {
            self.becomes(server, true);
        }
        (self.due, self.code) = (None, Some(0));
    }

    /// Runs a program. Returns how long it takes: a main process's program that is not simulated, as long as it sleeps.
    fn program(&mut self, words: &[String], input: &str, disks: &mut Disks, tables: &Tables, now: Time) -> Span {
        if self.signals(words, disks, now) {
            return Span(0);
        }
        let server = self.place.app().reached(words, false).filter(|_| self.is_first() && !goes_to_background(words, &self.place));
        if let Some(server) = server {
            // Whoever runs it goes on only when it ends.
            self.becomes(server, self.shell.gives_way());
            (self.due, self.code) = (None, Some(0));
            return Span(0);
        }
        if let Some(passed) = passed_on(words).filter(|passed| !passed.words[0].starts_with('-')) {
            self.shell.run_instead(&passed.words);
            return Span(0);
        }
        let folder = self.shell.path(".");
        self.has_asked |= words.first().is_some_and(|word| self.place.app().client(word.rsplit('/').next().unwrap_or_default()).is_some());
        let variable = |name: &str| self.shell.passes(name).to_owned();
        let mut around = ProgramContext { place: Some(&self.place), tables, disks, now, folder: &folder, variable: &variable };
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

    /// The name of the first process that its container sees.
    fn first_name(&self, disks: &Disks) -> String {
        if self.is_first() && self.place.target.is_none() { self.name() } else { disks.first_name(&self.place) }
    }

    /// Sends the signals of `kill`, `pkill` and `killall`; false if this is another program, or if this use of it is not simulated.
    fn signals(&mut self, words: &[String], disks: &mut Disks, now: Time) -> bool {
        let Some(sent) = signals::sent(words, &self.place, self.shell.number(), &|| self.first_name(disks), self.interactive) else {
            return false;
        };
        if sent.first && self.shell.number() == FIRST {
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
