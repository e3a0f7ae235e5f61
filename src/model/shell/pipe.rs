//! Pipes: the stages of a pipeline run concurrently, and a line is passed on as soon as it is printed.
//!
//! The first stage runs in the shell itself, the others in a second shell that reads the output of the first. When a reader ends, as
//! `head` does, it ends the writer too, as SIGPIPE would.
//!
//! Not modelled: several external commands at the same time. An external command of a later stage starts when the stage before it has
//! ended; the shell's own tools do not wait.

use std::rc::Rc;

use super::input::Input;
use super::marks::PIPE_FAILS;
use super::parse::Op;
use super::{Host, MAX_TEXT, Piece, Shell, Stream, Target, Undo, Want};
use base::time::Time;

/// The phase of a pipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The reader starts: the commands needed to expand its words run before anything is written.
    Opening,
    /// The writer writes, and the reader reads.
    Flowing,
    /// The writer has ended; only the reader is still working.
    Closing,
}

/// A pipe, with the shell that reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pipe {
    reader: Shell,
    phase: Phase,
    /// The writer, until it starts, and whether its standard error goes through the pipe too.
    writer: (Rc<[Op]>, bool),
    /// The targets of the reader's output.
    targets: (Target, Target),
    /// The number of frames without the writer's.
    frames: usize,
    /// The writer's exit code, once it has ended.
    written: i32,
}

impl Pipe {
    pub(super) fn reads(&self) -> &Shell {
        &self.reader
    }

    /// Where its output goes.
    pub(super) fn target(&self) -> &Target {
        &self.targets.0
    }
}

impl Shell {
    /// Starts a pipeline.
    pub(super) fn open_pipe(&mut self, writer: Rc<[Op]>, reads: Rc<[Op]>, with_errors: bool) {
        let mut reader = self.beside();
        reader.inputs.push(Input::pipe());
        reader.begin(reads, true, Undo::default());
        let targets = self.streams.last().cloned().unwrap_or((Target::Out, Target::Err));
        let (phase, frames) = (Phase::Opening, self.frames.len());
        self.pipes.push(Pipe { reader, phase, writer: (writer, with_errors), targets, frames, written: 0 });
    }

    /// The writer has ended.
    pub(super) fn close_pipe(&mut self) {
        self.streams.pop();
        let written = self.status;
        if let Some(pipe) = self.pipes.last_mut() {
            pipe.written = written;
            pipe.phase = Phase::Closing;
            pipe.reader.inputs.iter_mut().for_each(|input| input.open = false);
        }
    }

    /// The pipe whose reader is running while the shell itself is not.
    pub(super) fn front(&self) -> Option<usize> {
        self.pipes.len().checked_sub(1).filter(|at| self.pipes[*at].phase != Phase::Flowing)
    }

    /// The working directory of what is running.
    pub fn folder(&self) -> &str {
        self.front().map_or(&self.folder, |at| self.pipes[at].reader.folder())
    }

    /// The shell that reads the pipe with this index.
    pub(super) fn reader(&mut self, at: usize) -> &mut Shell {
        &mut self.pipes[at].reader
    }

    /// Advances running readers; returns what one of them waits for, if the shell has to wait with it.
    pub(super) fn run_front(&mut self, host: &mut dyn Host) -> Option<Want> {
        while let Some(at) = self.front() {
            let want = self.run_reader(at, host);
            match (self.pipes[at].phase, want) {
                (_, Want::Command(words, input)) => return Some(Want::Command(words, input)),
                (Phase::Closing, Want::Done(status)) => {
                    let fails = status == 0 && self.variables.contains_key(PIPE_FAILS);
                    self.status = self.pipes.pop().map_or(0, |pipe| if fails { pipe.written } else { status });
                }
                (Phase::Closing, other) => return Some(other),
                _ => {
                    let pipe = &mut self.pipes[at];
                    pipe.phase = Phase::Flowing;
                    let ((writer, with_errors), err) = (pipe.writer.clone(), pipe.targets.1.clone());
                    self.streams.push((Target::Pipe(at), if with_errors { Target::Pipe(at) } else { err }));
                    self.begin(writer, true, Undo::default());
                }
            }
        }
        None
    }

    /// Advances a reader, and passes its output on.
    fn run_reader(&mut self, at: usize, host: &mut dyn Host) -> Want {
        let want = self.pipes[at].reader.run(host);
        self.hand_on(at, host);
        want
    }

    /// Passes on what a reader has printed.
    pub(super) fn hand_on(&mut self, at: usize, host: &mut dyn Host) {
        let pipe = &mut self.pipes[at];
        let (pieces, spawned, targets) = (pipe.reader.take_new(), pipe.reader.take_spawned(), pipe.targets.clone());
        self.spawned.extend(spawned);
        for piece in pieces {
            match piece {
                Piece::Text(stream, text) => self.put(if stream == Stream::Err { &targets.1 } else { &targets.0 }, &text, host),
                Piece::Note(note) => self.note(note),
            }
        }
    }

    /// Writes into a pipe, which may have no reader any more.
    pub(super) fn feed(&mut self, at: usize, text: &str, host: &mut dyn Host) {
        let Some(pipe) = self.pipes.get_mut(at) else { return };
        let there = pipe.reader.inputs.first_mut().map_or(0, |input| input.feed(text));
        if there > MAX_TEXT {
            return self.too_much();
        }
        if pipe.phase == Phase::Flowing && matches!(self.run_reader(at, host), Want::Done(_)) {
            self.broken = Some(self.broken.map_or(at, |other| other.min(at)));
        }
    }

    /// Ends what writes into a pipe without a reader.
    pub(super) fn break_pipe(&mut self) {
        let Some(frames) = self.broken.take().and_then(|at| self.pipes.get(at)).map(|pipe| pipe.frames) else { return };
        self.unwind(frames);
    }

    /// Whether the current command writes into a pipe without a reader, and must be ended.
    pub fn lets_go(&self) -> bool {
        self.broken.is_some() || self.front().is_some_and(|at| self.pipes[at].reader.lets_go())
    }

    /// Advances readers that are due while a command is running; returns when the next of them will be.
    pub fn stir(&mut self, host: &mut dyn Host) -> Option<Time> {
        let mut due = None;
        for at in 0..self.pipes.len() {
            let next = if self.pipes[at].phase == Phase::Flowing {
                match self.run_reader(at, host) {
                    Want::Time(next) => Some(next),
                    Want::Done(_) => {
                        self.broken.get_or_insert(at);
                        None
                    }
                    _ => None,
                }
            } else {
                let next = self.pipes[at].reader.stir(host);
                self.hand_on(at, host);
                next
            };
            due = due.into_iter().chain(next).min();
        }
        due
    }
}
