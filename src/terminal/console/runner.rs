//! A line under way: its shell, and the command that this waits for.

use super::fetch::fetch;
use super::local_host::{LocalHost, Machine};
use super::{BUSY, Context, Line, Said, Written};
use api::object::ObjectKey;
use base::note::Note;
use base::printed::{Piece, Stream};
use base::time::{Span, Time};
use cluster::inside::lacking;
use kubectl::form::Form;
use kubectl::listening::Listening;
use kubectl::{Job, Progress};
use shell::programs::{Dialect, Places, is_builtin, is_lacking, is_simulated, meant};
use shell::{Shell, Want};
use sim::Sim;

/// How many commands a line may run at one instant: more of them take time, as they do everywhere.
const COMMANDS_AT_ONCE: u32 = 20;
/// How long a kubectl takes to start. Only after one of the same line that changed something does it count: controllers act in between.
const STARTS: Span = Span(60);
/// How much kubectl may print for a line at one instant, in bytes, before its next command has to wait as long.
const PRINTED_AT_ONCE: usize = 1 << 17;
/// The shell that runs an editor with quotes in it.
const BASH: &str = "/bin/bash";
/// The exit code of what is not there.
pub(super) const NOT_FOUND: i32 = 127;
/// The exit code of a line that means nothing.
const NOT_UNDERSTOOD: i32 = 2;

/// One line under way.
#[derive(Debug)]
pub(super) struct Runner {
    /// The line typed last for it.
    pub line: Line,
    /// Its number, where it is in the background.
    pub number: usize,
    pub shell: Shell,
    /// For a line beside another, the shell as the line found it.
    pub found: Option<Box<Shell>>,
    pub job: Option<Job>,
    /// How long the API server's log was when the job began.
    pub from: usize,
    /// When the last kubectl of the line ended that changed something.
    pub ended: Option<Time>,
    /// When the job begins, if it has not.
    pub begins: Option<Time>,
    pub until: Option<Time>,
    pub busy: bool,
    /// Whether its last turn ran anything whose effects are not seen in the API server's log.
    pub acted: bool,
    /// What its last turn applied.
    pub applied: Vec<ObjectKey>,
}

/// One function for all crates: a derived one is compiled into each that clones a terminal.
impl Clone for Runner {
    fn clone(&self) -> Self {
        let (line, shell, found, job) = (self.line.clone(), self.shell.clone(), self.found.clone(), self.job.clone());
        Runner { line, shell, found, job, applied: self.applied.clone(), ..*self }
    }
}

/// What came of a turn.
pub(super) struct RunOutput {
    pub printed: Vec<Piece>,
    pub written: Option<Written>,
    /// What was sent to the background.
    pub begun: Vec<Runner>,
    /// Whether it ran anything whose effects are not seen in the API server's log.
    pub acted: bool,
}

impl Runner {
    /// A shell that is at work on a line.
    pub(super) fn of(shell: Shell, line: Line) -> Self {
        Runner {
            line,
            number: 0,
            shell,
            found: None,
            job: None,
            from: 0,
            ended: None,
            begins: None,
            until: None,
            busy: true,
            acted: false,
            applied: Vec::new(),
        }
    }

    /// Does what can be done now.
    pub(super) fn go_on(&mut self, context: &mut Context, listening: &[Listening], terminal: bool) -> RunOutput {
        let (mut begun, from) = (Vec::new(), context.sim.log().len());
        let printed = self.run(context, listening, terminal, &mut begun);
        let begun = begun.into_iter().map(|shell| Runner::of(shell, self.line.clone())).collect();
        RunOutput { printed, written: self.wrote(from, context.sim), begun, acted: std::mem::take(&mut self.acted) }
    }

    /// What it wrote, if that is anything, by the length of the log before.
    fn wrote(&mut self, from: usize, sim: &Sim) -> Option<Written> {
        let (to, applied) = (sim.log().len(), std::mem::take(&mut self.applied));
        (to > from || !applied.is_empty()).then(|| Written { line: self.line.clone(), writes: from..to, applied })
    }

    /// Runs commands as far as they get now; what they printed. `beside` receives what they send to the background.
    fn run(&mut self, context: &mut Context, listening: &[Listening], terminal: bool, beside: &mut Vec<Shell>) -> Vec<Piece> {
        let mut printed = Vec::new();
        self.until = None;
        let mut bytes = 0;
        for _ in 0..COMMANDS_AT_ONCE {
            if bytes > PRINTED_AT_ONCE {
                break;
            }
            if let Some(begins) = self.begins.filter(|begins| *begins > context.sim.now()) {
                self.until = Some(begins);
                return printed;
            }
            self.begins = None;
            if let Some(job) = &mut self.job {
                let progress = job.poll(context.sim);
                let (pieces, written) = (job.take_new(), job.take_written());
                bytes += pieces.iter().map(|piece| if let Piece::Text(_, text) = piece { text.len() } else { 0 }).sum::<usize>();
                context.changes.extend(job.changes());
                self.applied.extend(job.take_applied());
                for (path, text) in written {
                    context.files.put(&path, &text);
                }
                let mut local_host = LocalHost { files: context.files, sim: context.sim };
                for piece in pieces {
                    self.shell.pass_on(piece, &mut local_host);
                }
                printed.extend(self.shell.take_new());
                if matches!(progress, Progress::Waiting { .. }) && self.edit(context) {
                    continue;
                }
                match progress {
                    Progress::Waiting { .. } if self.shell.lets_go() => {
                        self.end_job(context.sim);
                    }
                    Progress::Waiting { until } => {
                        let stirred = self.shell.stir(&mut LocalHost { files: context.files, sim: context.sim });
                        printed.extend(self.shell.take_new());
                        if self.shell.lets_go() {
                            self.end_job(context.sim);
                            continue;
                        }
                        self.until = until.into_iter().chain(stirred).min();
                        return printed;
                    }
                    Progress::Done { rc } => {
                        self.job = None;
                        self.ended = (context.sim.log().len() > self.from).then_some(context.sim.now()).or(self.ended);
                        self.shell.finish(rc);
                    }
                }
            }
            let want = self.shell.run(&mut LocalHost { files: context.files, sim: context.sim });
            printed.extend(self.shell.take_new());
            beside.extend(self.shell.take_spawned());
            match want {
                Want::Command(words, input) => self.command(words, &input, context, listening, terminal),
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
        self.until = Some(context.sim.now() + BUSY);
        printed
    }

    /// Ends the command at work; what that wrote.
    pub(super) fn end_job(&mut self, sim: &mut Sim) -> Option<Written> {
        let written = self.tell(None, sim);
        self.job = None;
        written
    }

    /// Tells the command at work a line, or that it is interrupted; what that wrote.
    pub(super) fn tell(&mut self, line: Option<&str>, sim: &mut Sim) -> Option<Written> {
        let from = sim.log().len();
        self.job.as_mut()?.tell(line, sim);
        self.wrote(from, sim)
    }

    fn command(&mut self, words: Vec<String>, input: &str, context: &mut Context, listening: &[Listening], terminal: bool) {
        let first = words.first().map_or("", String::as_str);
        if matches!(first, "kubectl" | "k") {
            let job = Job::from_words(words, &context.files.seen_from(self.shell.folder()), input);
            self.acted |= job.reaches_inside();
            let editor = ["KUBE_EDITOR", "EDITOR"].map(|name| self.shell.passes(name)).into_iter().find(|editor| !editor.is_empty());
            let job = job.with_editor(editor.unwrap_or_default()).with_pace(context.pace);
            self.job = Some(if terminal { job.with_terminal() } else { job });
            self.from = context.sim.log().len();
            self.begins = self.ended.map(|ended| ended + STARTS);
            return;
        }
        let code = match first {
            "curl" | "wget" => {
                self.acted = true;
                let folder = self.shell.folder().to_owned();
                let ran = fetch(&words, context, listening, &folder);
                ran.print_in(&mut self.shell, &mut LocalHost { files: context.files, sim: context.sim })
            }
            "ssh" => {
                self.acted = true;
                self.ssh(&words[1..], context)
            }
            _ => {
                let Said { text, code, acted } = match chosen_form(&words) {
                    Some(form) => {
                        form.choose(context.files);
                        Said { text: String::new(), code: 0, acted: true }
                    }
                    None => (context.own)(context.sim, context.files, &words),
                };
                self.acted |= acted;
                // What succeeds prints, and a pipe carries it; what does not is told.
                if code == 0 {
                    self.say(Stream::Out, &text, context);
                } else if !text.is_empty() {
                    self.shell.note(Note::Own(text.trim_end().to_owned()));
                }
                if code == NOT_FOUND {
                    meant(first).iter().for_each(|meant| self.shell.note(Note::Meant((*meant).to_owned())));
                }
                code
            }
        };
        self.shell.finish(code);
    }

    /// Runs the editor that the command at work asks for, unless somebody types into that; whether there is one. Models editor.go Launch.
    fn edit(&mut self, context: &mut Context) -> bool {
        let Some((editing, program)) =
            self.job.as_ref().and_then(Job::edits).and_then(|editing| Some((editing, editing.program.as_ref()?)))
        else {
            return false;
        };
        let path = editing.path.clone();
        let mut words: Vec<String> = program.split(' ').map(str::to_owned).collect();
        let mut shell = self.shell.beside();
        context.files.put(&path, &editing.text);
        let is_found = if program.contains(' ') && program.contains(['"', '\'', '\\']) {
            words = vec![BASH.to_owned(), "-c".to_owned(), program.clone()];
            shell.take_line(&format!("{program} {path:?}")).is_ok()
        } else {
            shell.take_words(&[words.as_slice(), std::slice::from_ref(&path)].concat());
            true
        };
        let mut local_host = LocalHost { files: context.files, sim: context.sim };
        let ran = if is_found { shell.run(&mut local_host) } else { Want::Change };
        for piece in shell.take_new() {
            self.shell.pass_on(piece, &mut local_host);
        }
        let left = context.files.get(&path).unwrap_or_default().to_owned();
        context.files.remove(&path);
        let outcome = match ran {
            Want::Done(0) => Ok(left),
            Want::Command(..) if words[0] != BASH => Err(format!("unable to launch the editor {:?}", words.join(" "))),
            _ => Err(format!("there was a problem with the editor {:?}", words.join(" "))),
        };
        if let Some(job) = &mut self.job {
            job.close(outcome);
        }
        true
    }

    /// Runs a line on a machine of the cluster; the exit code.
    fn ssh(&mut self, words: &[String], context: &mut Context) -> i32 {
        /// The exit code of ssh itself.
        const FAILED: i32 = 255;
        let machine =
            words.split_first().filter(|(_, line)| !line.is_empty()).and_then(|(node, line)| Some((Machine::of(context.sim, node)?, line)));
        let Some((mut machine, line)) = machine else {
            self.shell.note(Note::Ssh);
            return FAILED;
        };
        let mut shell = Shell::new(Dialect::Bash, [], "/");
        if shell.take_line(&line.join(" ")).is_err() {
            self.shell.note(Note::Incomplete);
            return NOT_UNDERSTOOD;
        }
        let status = match shell.run(&mut machine) {
            Want::Done(status) => status,
            Want::Command(words, _) => {
                match not_simulated(&words) {
                    Some(note) => self.shell.note(note),
                    None => self.say(Stream::Err, &format!("bash: {}: command not found\n", words[0]), context),
                }
                // What does the same here is told as it is at the terminal.
                let told = (context.own)(context.sim, context.files, std::slice::from_ref(&words[0]));
                if let Some((_, instead)) = told.text.trim_end().split_once('\n').filter(|_| told.code == NOT_FOUND) {
                    self.shell.note(Note::Own(instead.to_owned()));
                }
                NOT_FOUND
            }
            _ => 1,
        };
        let mut local_host = LocalHost { files: context.files, sim: context.sim };
        for piece in shell.take_new() {
            self.shell.pass_on(piece, &mut local_host);
        }
        status
    }

    fn say(&mut self, stream: Stream, text: &str, context: &mut Context) {
        self.shell.print(stream, text, &mut LocalHost { files: context.files, sim: context.sim });
    }
}

/// What is said of a program that machines of the cluster have, and that is not simulated there.
fn not_simulated(words: &[String]) -> Option<Note> {
    let name = words[0].rsplit('/').next().unwrap_or_default();
    if is_lacking(name, Places::DEBIAN) {
        return Some(lacking(words));
    }
    (is_simulated(name, Places::DEBIAN) || is_builtin(name, Places::SHELLS)).then(|| Note::Unsupported(name.to_owned()))
}

/// `playground form classic`: the form that is chosen, if these words choose one.
fn chosen_form(words: &[String]) -> Option<Form> {
    let [playground, form, name] = words else { return None };
    Form::named(name).filter(|_| playground == "playground" && form == "form")
}
