//! A terminal beside a cluster: a shell, the commands it runs, and what runs beside it.
//!
//! Promises: plain data that never blocks; every line is answered or refused in the playground's own voice; what a line began goes
//! on until it ends or is interrupted.
//! Must not know: the page, lessons, languages; the [`World`] answers for words that are the page's own.
//! Not modelled: processes of the machine that the terminal stands on; it has files, kubectl and `curl`.

mod desk;
mod fetch;
pub mod library;

use std::collections::VecDeque;
use std::ops::Range;
use std::rc::Rc;

use crate::api::object::NamespacedName;
use crate::base::printed::{Piece, Stream};
use crate::base::sorted::SortedSet;
use crate::base::time::{Span, Time};
use crate::cluster::inside::Ran;
use crate::kubectl::form::{Change, Form};
use crate::kubectl::job::Listening;
use crate::kubectl::{Files, Job, Progress};
use crate::shell::{Fault, Shell, Want};
use crate::sim::Sim;
use desk::{Desk, Machine};
use fetch::fetch;

/// How many commands a line may run at one instant: more of them take time, as they do everywhere.
const COMMANDS_AT_ONCE: u32 = 20;
/// How long so many commands take.
const BUSY: Span = Span::seconds(1);
/// The exit code of what is not there.
const NOT_FOUND: i32 = 127;
/// The exit code of a line that means nothing.
const NOT_UNDERSTOOD: i32 = 2;
/// What is said of a line that cannot be gone on with.
const UNFINISHED: &str = "ordinal: this line is incomplete.\n";
/// How much may go on in the background.
const BACKGROUND_MOST: usize = 50;
/// What is said of what would be more than that.
const CROWDED: &str = "ordinal: too much goes on in the background already.\n";

/// What the page makes of words of its own.
pub type OwnWords<'a> = dyn FnMut(&mut Sim, &Files, &[String]) -> Said + 'a;

/// What came of words that are the page's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What is said to them.
    pub text: String,
    /// The exit code.
    pub code: i32,
    /// Whether they did anything; an answer does nothing.
    pub acted: bool,
}

/// What a console works with while it goes on.
pub struct World<'a> {
    /// The cluster.
    pub sim: &'a mut Sim,
    /// The files of the terminal.
    pub files: &'a mut Files,
    /// Ports that commands of other terminals listen on.
    pub listening: &'a [Listening],
    /// Words that the page itself understands, answered in the playground's voice.
    pub own: &'a mut OwnWords<'a>,
    /// What was printed that reads differently from what guides show.
    pub changes: &'a mut SortedSet<Change>,
}

/// A line as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// What the caller knows it by.
    pub id: u64,
    /// Its text, without the prompt.
    pub text: Rc<str>,
}

/// What a line wrote at one go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The line.
    pub line: Line,
    /// The positions of its writes in the API server's log.
    pub writes: Range<usize>,
}

/// One line under way.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Runner {
    /// The line typed last for it.
    line: Line,
    shell: Shell,
    job: Option<Job>,
    until: Option<Time>,
    busy: bool,
    /// Whether its last turn ran anything of that kind.
    acted: bool,
}

/// A terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Console {
    main: Runner,
    /// Lines that were typed while another was under way.
    beside: Vec<Runner>,
    /// What was sent to the background with `&`.
    background: Vec<Runner>,
    unfinished: String,
    /// Lines that were typed before what reads them was ready.
    ahead: VecDeque<Line>,
    terminal: bool,
    new: Vec<Piece>,
    written: Vec<Written>,
    /// Whether anything was run since the last line began whose effects are not seen in the API server's log.
    acted: bool,
}

impl Console {
    /// A terminal; somebody types into it, or nobody does.
    pub fn new(terminal: bool) -> Self {
        let environment = [("HOME", "/"), ("USER", "you"), ("SHELL", "/bin/bash")];
        let shell = Shell::new("bash", environment.map(|(n, v)| (n.to_owned(), v.to_owned())), "/");
        let main = Runner { busy: false, ..Runner::of(shell, Line::default()) };
        let (beside, background, new, written) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Console { main, beside, background, unfinished: String::new(), ahead: VecDeque::new(), terminal, new, written, acted: false }
    }

    /// The exit code of the last line.
    pub fn status(&self) -> i32 {
        self.main.shell.status()
    }

    /// Whether a line is under way.
    pub fn is_busy(&self) -> bool {
        self.runners().next().is_some()
    }

    /// What stands before the next line.
    pub fn prompt(&self) -> &str {
        match self.main.job.as_ref().and_then(Job::prompt) {
            Some(prompt) => prompt,
            None if self.types_ahead() => "",
            None if self.unfinished.is_empty() => "$ ",
            None => "> ",
        }
    }

    /// Whether the next line is a new command: no program reads it, and no line is to be ended.
    pub fn awaits_command(&self) -> bool {
        self.main.job.as_ref().and_then(Job::prompt).is_none() && !self.types_ahead() && self.unfinished.is_empty()
    }

    /// Whether the next line is for a program that is not ready to read it.
    fn types_ahead(&self) -> bool {
        self.main.job.as_ref().is_some_and(Job::will_read)
    }

    /// When something happens by itself.
    pub fn due(&self) -> Option<Time> {
        self.runners().filter_map(|runner| runner.until).min()
    }

    /// Whether a command gets on by itself: it does not only watch, nor ask in vain for what was refused.
    pub fn gets_on(&self, in_vain: bool) -> bool {
        let gets_on = |runner: &Runner| runner.until.is_some() && !(in_vain && runner.job.as_ref().is_some_and(Job::is_refused));
        self.runners().any(gets_on)
    }

    /// Whether the line begun last only looked, as far as this terminal knows: it has ended, and nothing that it ran reaches into a
    /// container or leaves anything here but what it printed. `before` is the terminal as it was.
    pub fn only_looked(&self, before: &Console) -> bool {
        let none_begun = self.runners().count() == before.runners().count();
        none_begun && self.awaits_command() && !self.acted && self.main.shell.remembers_as(&before.main.shell)
    }

    /// The ports that its commands listen on.
    pub fn listens(&self) -> Vec<Listening> {
        self.runners().flat_map(|runner| runner.job.iter().flat_map(Job::listens)).cloned().collect()
    }

    /// The pods whose eviction its commands ask for until that is granted.
    pub fn evicts(&self) -> impl Iterator<Item = &NamespacedName> {
        self.runners().flat_map(|runner| runner.job.iter().flat_map(Job::evicts))
    }

    fn runners(&self) -> impl Iterator<Item = &Runner> {
        self.beside.iter().chain(&self.background).chain(self.main.busy.then_some(&self.main))
    }

    /// What was printed since the last call.
    pub fn take_new(&mut self) -> Vec<Piece> {
        std::mem::take(&mut self.new)
    }

    /// What its lines wrote since the last call, in order.
    pub fn take_written(&mut self) -> Vec<Written> {
        std::mem::take(&mut self.written)
    }

    /// Takes a line. A line whilst another is under way is for what that one runs, where that reads lines, now or when it is ready; else it
    /// runs beside.
    pub fn type_line(&mut self, line: Line, world: &mut World) {
        if self.types_ahead() {
            return self.ahead.push_back(line);
        }
        self.begin(line, world);
        self.go_on(world);
    }

    /// Gives a line to whom it is for.
    fn begin(&mut self, line: Line, world: &mut World) {
        if self.main.job.as_ref().is_some_and(|job| job.prompt().is_some()) {
            let text = Rc::clone(&line.text);
            self.main.line = line;
            self.written.extend(self.main.tell(Some(&text), world.sim));
            return;
        }
        self.acted = false;
        let text = format!("{}{}", self.unfinished, stripped(&line.text));
        if self.main.busy {
            let mut beside = Runner::of(self.main.shell.beside(), line);
            if beside.shell.take_line(&text).is_err() {
                self.new.push(Piece { stream: Stream::Note, text: UNFINISHED.to_owned() });
                return;
            }
            self.beside.push(beside);
            return;
        }
        // A line that goes on is known by how it began.
        if self.unfinished.is_empty() {
            self.main.line = line;
        }
        self.unfinished.clear();
        if let Err(Fault::Unfinished) = self.main.shell.take_line(&text) {
            self.unfinished = format!("{text}\n");
        } else {
            self.main.busy = true;
        }
    }

    /// Ctrl-C: ends the lines under way, or what is not finished. What is in the background goes on, as it does in every shell; where
    /// there is nothing else, it ends, since no other key would end it.
    pub fn interrupt(&mut self, world: &mut World) {
        let in_container = self.main.job.as_mut().is_some_and(|job| job.prompt().is_some() && job.tell(None, world.sim));
        if in_container {
            return self.go_on(world);
        }
        let mut ended = std::mem::take(&mut self.beside);
        if !self.main.busy && self.unfinished.is_empty() && ended.is_empty() {
            ended = std::mem::take(&mut self.background);
        }
        for runner in ended.iter_mut().chain([&mut self.main]) {
            self.written.extend(runner.end_job(world.sim));
        }
        self.unfinished.clear();
        self.ahead.clear();
        self.main.shell.interrupt();
        (self.main.busy, self.main.until) = (false, None);
    }

    /// Does what can be done now.
    pub fn go_on(&mut self, world: &mut World) {
        self.turn(world);
        // What was typed ahead is read, or is for the shell if the program has ended.
        while !self.types_ahead()
            && let Some(line) = self.ahead.pop_front()
        {
            self.begin(line, world);
            self.turn(world);
        }
    }

    fn turn(&mut self, world: &mut World) {
        let mut listening = self.listens();
        listening.extend_from_slice(world.listening);
        let others = self.beside.iter_mut().chain(&mut self.background);
        let mut turns: Vec<Turn> = others.map(|runner| runner.go_on(world, &listening, false)).collect();
        self.beside.retain(|runner| runner.busy);
        self.background.retain(|runner| runner.busy);
        if self.main.busy {
            turns.push(self.main.go_on(world, &listening, self.terminal));
        }
        let begun: Vec<Runner> = turns.into_iter().flat_map(|turn| self.take(turn)).collect();
        for mut runner in begun {
            let turn = runner.go_on(world, &listening, false);
            let further = self.take(turn);
            self.send_back(runner);
            // What this one sends to the background in its turn takes its first turn with the next event.
            for runner in further {
                self.send_back(Runner { until: Some(world.sim.now() + BUSY), ..runner });
            }
        }
    }

    /// Takes what a turn printed and wrote; what it sent to the background.
    fn take(&mut self, turn: Turn) -> Vec<Runner> {
        self.acted |= turn.acted;
        self.new.extend(turn.printed);
        self.written.extend(turn.written);
        turn.begun
    }

    fn send_back(&mut self, runner: Runner) {
        if runner.busy && self.background.len() >= BACKGROUND_MOST {
            self.new.push(Piece { stream: Stream::Note, text: CROWDED.to_owned() });
        } else if runner.busy {
            self.background.push(runner);
        }
    }
}

/// A line without the prompt that books print before it.
fn stripped(line: &str) -> &str {
    let trimmed = line.trim_start();
    trimmed.strip_prefix("$ ").map_or(line, str::trim_start)
}

/// What came of a turn.
struct Turn {
    printed: Vec<Piece>,
    written: Option<Written>,
    /// What was sent to the background.
    begun: Vec<Runner>,
    /// Whether it ran anything whose effects are not seen in the API server's log.
    acted: bool,
}

impl Runner {
    /// A shell that is at work on a line.
    fn of(shell: Shell, line: Line) -> Self {
        Runner { line, shell, job: None, until: None, busy: true, acted: false }
    }

    /// Does what can be done now.
    fn go_on(&mut self, world: &mut World, listening: &[Listening], terminal: bool) -> Turn {
        let (mut begun, from) = (Vec::new(), world.sim.log().len());
        let printed = self.run(world, listening, terminal, &mut begun);
        let begun = begun.into_iter().map(|shell| Runner::of(shell, self.line.clone())).collect();
        Turn { printed, written: self.wrote(from, world.sim), begun, acted: std::mem::take(&mut self.acted) }
    }

    /// What it wrote, if that is anything, by the length of the log before.
    fn wrote(&self, from: usize, sim: &Sim) -> Option<Written> {
        let to = sim.log().len();
        (to > from).then(|| Written { line: self.line.clone(), writes: from..to })
    }

    /// Runs commands as far as they get now; what they printed. `beside` receives what they send to the background.
    fn run(&mut self, world: &mut World, listening: &[Listening], terminal: bool, beside: &mut Vec<Shell>) -> Vec<Piece> {
        let mut printed = Vec::new();
        self.until = None;
        for _ in 0..COMMANDS_AT_ONCE {
            if let Some(job) = &mut self.job {
                let progress = job.poll(world.sim);
                let (pieces, written) = (job.take_new(), job.take_written());
                world.changes.extend(job.changes());
                for (path, text) in written {
                    world.files.put(&path, &text);
                }
                let mut desk = Desk { files: world.files, sim: world.sim };
                for piece in pieces {
                    self.shell.print(piece.stream, &piece.text, &mut desk);
                }
                printed.extend(self.shell.take_new());
                match progress {
                    Progress::Waiting { .. } if self.shell.lets_go(world.sim.now()) => {
                        self.end_job(world.sim);
                    }
                    Progress::Waiting { until } => {
                        let stirred = self.shell.stir(&mut desk);
                        printed.extend(self.shell.take_new());
                        if self.shell.lets_go(world.sim.now()) {
                            self.end_job(world.sim);
                            continue;
                        }
                        self.until = until.into_iter().chain(stirred).min();
                        return printed;
                    }
                    Progress::Done { rc } => {
                        self.job = None;
                        self.shell.finish(rc);
                    }
                }
            }
            let want = self.shell.run(&mut Desk { files: world.files, sim: world.sim });
            printed.extend(self.shell.take_new());
            beside.extend(self.shell.take_spawned());
            match want {
                Want::Command(words, input) => self.command(words, &input, world, listening, terminal),
                Want::Time(at) => {
                    self.until = Some(at);
                    return printed;
                }
                Want::Change => return printed,
                Want::Done(_) => {
                    self.busy = false;
                    return printed;
                }
            }
        }
        self.until = Some(world.sim.now() + BUSY);
        printed
    }

    /// Ends the command at work; what that wrote.
    fn end_job(&mut self, sim: &mut Sim) -> Option<Written> {
        let written = self.tell(None, sim);
        self.job = None;
        written
    }

    /// Tells the command at work a line, or that it is interrupted; what that wrote.
    fn tell(&mut self, line: Option<&str>, sim: &mut Sim) -> Option<Written> {
        let from = sim.log().len();
        self.job.as_mut()?.tell(line, sim);
        self.wrote(from, sim)
    }

    fn command(&mut self, words: Vec<String>, input: &str, world: &mut World, listening: &[Listening], terminal: bool) {
        let first = words.first().map_or("", String::as_str);
        if matches!(first, "kubectl" | "k") {
            let job = Job::from_words(words, &world.files.seen_from(self.shell.folder()), input);
            self.acted |= job.reaches_inside();
            self.job = Some(if terminal { job.with_terminal() } else { job });
            return;
        }
        let (stream, text, code) = match first {
            "curl" | "wget" => {
                self.acted = true;
                let folder = self.shell.folder().to_owned();
                let Ran { out, err, code } = fetch(&words, world, listening, &folder);
                self.say(Stream::Out, &out, world);
                (if err.starts_with("ordinal: ") { Stream::Note } else { Stream::Err }, err, code)
            }
            "ssh" => {
                self.acted = true;
                self.ssh(&words[1..], world)
            }
            _ => {
                let Said { text, code, acted } = match chosen_form(&words) {
                    Some(form) => {
                        form.choose(world.files);
                        Said { text: String::new(), code: 0, acted: true }
                    }
                    None => (world.own)(world.sim, world.files, &words),
                };
                self.acted |= acted;
                // What succeeds prints, and a pipe carries it; what does not is told.
                (if code == 0 { Stream::Out } else { Stream::Note }, text, code)
            }
        };
        self.say(stream, &text, world);
        self.shell.finish(code);
    }

    /// Runs a line on a machine of the cluster: what is left to be said, and the exit code.
    fn ssh(&mut self, words: &[String], world: &mut World) -> (Stream, String, i32) {
        let machine = words.split_first().and_then(|(node, line)| Some((Machine::of(world.sim, node)?, line)));
        let Some((mut machine, line)) = machine else {
            return (Stream::Note, "ordinal: use ssh NODE COMMAND to reach a machine of the cluster.\n".to_owned(), 255);
        };
        let mut shell = Shell::new("bash", [], "/");
        if shell.take_line(&line.join(" ")).is_err() {
            return (Stream::Note, UNFINISHED.to_owned(), NOT_UNDERSTOOD);
        }
        let status = match shell.run(&mut machine) {
            Want::Done(status) => status,
            Want::Command(words, _) => {
                let name = words.first().map_or("", String::as_str);
                self.say(Stream::Err, &format!("bash: {name}: command not found\n"), world);
                NOT_FOUND
            }
            _ => 1,
        };
        for piece in shell.take_new() {
            self.say(piece.stream, &piece.text, world);
        }
        (Stream::Out, String::new(), status)
    }

    fn say(&mut self, stream: Stream, text: &str, world: &mut World) {
        if !text.is_empty() {
            self.shell.print(stream, text, &mut Desk { files: world.files, sim: world.sim });
        }
    }
}

/// `playground form classic`: the form that is chosen, if these words choose one.
fn chosen_form(words: &[String]) -> Option<Form> {
    let [playground, form, name] = words else { return None };
    Form::named(name).filter(|_| playground == "playground" && form == "form")
}
