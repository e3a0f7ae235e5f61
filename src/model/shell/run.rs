//! Executing operations: frames, loops, commands.
//!
//! Promises: an operation ends at once, or leaves what it waits for in `pending`; whatever a frame changed is restored when the
//! frame is left.

use std::rc::Rc;

use super::dialect::Dialect;
use super::input::Input;
use super::marks::{BY_TEXT, ENDS_AT_FAILURE, READ_IFS};
use super::parse::{Op, Simple};
use super::{BUSY, Depths, Frame, Host, Loop, MAX_FRAMES, OPERATIONS_AT_ONCE, Pending, Piece, Saved, Shell, Stream, Target, Undo, Want};
use base::time::Span;

/// The commands of a shell that POSIX calls special.
const SPECIAL: &str = ". : break continue eval exec exit export readonly return set shift times trap unset";

impl Shell {
    /// Leaves what is at work, down to so many frames.
    pub(super) fn unwind(&mut self, frames: usize) {
        if let Some(Pending::Command(_, _, undo) | Pending::Input { undo, .. }) = self.pending.take() {
            self.undo(undo);
        }
        while self.frames.len() > frames {
            self.leave_frame();
        }
    }

    /// Does what can be done now.
    pub fn run(&mut self, host: &mut dyn Host) -> Want {
        for _ in 0..OPERATIONS_AT_ONCE {
            if self.stops && self.refused {
                return Want::Done(0);
            }
            if let Some(want) = self.run_front(host) {
                return want;
            }
            self.break_pipe();
            match self.pending.take() {
                Some(Pending::Command(words, input, undo)) => {
                    self.pending = Some(Pending::Command(words.clone(), Rc::clone(&input), undo));
                    return Want::Command(words, input);
                }
                Some(Pending::Time(until)) if host.now() < until => {
                    self.pending = Some(Pending::Time(until));
                    return Want::Time(until);
                }
                Some(Pending::Input { words, undo, printed, seen }) => {
                    if self.inputs.last().is_some_and(|input| input.open && input.len() == seen) {
                        self.pending = Some(Pending::Input { words, undo, printed, seen });
                        return Want::Change;
                    }
                    self.read_on(words, undo, printed, host);
                    continue;
                }
                Some(Pending::Time(_)) | None => {}
                Some(Pending::Change(every)) => {
                    // Whoever polls again does so because something changed; `watch` sees it at its next interval.
                    let tick = every - host.now().0 % every;
                    self.pending = Some(Pending::Time(host.now() + Span(tick)));
                    continue;
                }
            }
            self.heed();
            let Some(frame) = self.frames.last_mut() else { return Want::Done(self.status) };
            let Some(op) = frame.ops.get(frame.at).cloned() else {
                if !self.springs_trap() {
                    self.leave_frame();
                }
                continue;
            };
            frame.at += 1;
            self.step(op, host);
            if matches!(self.pending, Some(Pending::Change(_))) {
                return Want::Change;
            }
        }
        let until = host.now() + BUSY;
        self.pending.get_or_insert(Pending::Time(until));
        Want::Time(until)
    }

    /// Whether the program at work takes the place of every shell that led to it. `exec` says so. So does the last command of a text that a
    /// shell was given with `-c`, unless a trap is set. A pipeline and a subshell keep theirs.
    pub fn gives_way(&self) -> bool {
        let (mut is_replaced, mut variables) = (false, &self.variables);
        for (at, frame) in self.frames.iter().enumerate().rev() {
            is_replaced |= matches!(&*frame.ops, [Op::Literal(_), Op::Literal(end)] if end.len() == 1 && end[0] == "exit");
            if !frame.is_shell {
                continue;
            }
            let is_last = match &*frame.ops {
                [Op::Literal(_)] => at == 0,
                ops => variables.contains_key(BY_TEXT) && !self.heeds_term() && ops[frame.at..].iter().all(|op| *op == Op::Check),
            };
            if !is_last && !is_replaced {
                return false;
            }
            is_replaced = false;
            variables = frame.undo.scope.as_ref().map_or(variables, |scope| &scope.variables);
        }
        self.saved.is_empty() && self.pipes.is_empty()
    }

    /// The words of the command with which it begins, where that is a plain one.
    pub fn first_command(&self, host: &mut dyn Host) -> Option<Vec<String>> {
        match self.frames.last()?.ops.first()? {
            Op::Simple(simple) if simple.printed == 0 => Some(self.clone().expanded(simple, host)),
            _ => None,
        }
    }

    pub(super) fn begin(&mut self, ops: Rc<[Op]>, is_shell: bool, undo: Undo) {
        if self.frames.len() >= MAX_FRAMES {
            self.complain("maximum function nesting level exceeded");
            return self.interrupt();
        }
        let depths = self.depths();
        self.frames.push(Frame { ops, at: 0, is_shell, undo, depths, trap: None });
    }

    pub(super) fn leave_frame(&mut self) {
        if let Some(frame) = self.frames.pop() {
            self.back_to(frame.depths);
            self.undo(frame.undo);
        }
    }

    /// Ends the innermost shell, which may be a subshell.
    pub(super) fn exit(&mut self, status: i32) {
        self.status = status;
        while let Some(frame) = self.frames.last() {
            if self.saved.len() > frame.depths.saved {
                return self.end_subshell();
            }
            let is_shell = frame.is_shell;
            if is_shell && self.springs_trap() {
                return;
            }
            self.leave_frame();
            if is_shell {
                self.left = self.frames.is_empty();
                return;
            }
        }
    }

    /// Begins what is to run at the end of the innermost shell, which has come, with the exit code that there is.
    fn springs_trap(&mut self) -> bool {
        let Some(frame) = self.frames.last_mut() else { return false };
        let Some(trap) = frame.trap.take() else { return false };
        frame.at = frame.ops.len();
        let (trap, end) = (["eval".to_owned(), trap], ["exit".to_owned(), self.status.to_string()]);
        self.begin([Op::Literal(trap.into()), Op::Literal(end.into())].into(), false, Undo::default());
        true
    }

    /// Ends what cannot go on since an expansion failed: a script; at a terminal, the line.
    fn fails(&mut self, why: &str, is_demanded: bool, host: &mut dyn Host) {
        self.refuse(host, why);
        let has = |name| self.variables.contains_key(name);
        let status = match self.dialect {
            Dialect::Bash if is_demanded && self.saved.is_empty() && has(BY_TEXT) && !has(ENDS_AT_FAILURE) => 127,
            Dialect::Bash => 1,
            _ => 2,
        };
        if self.frames.iter().skip(1).any(|frame| frame.is_shell) {
            return self.exit(status);
        }
        self.interrupt();
        self.status = status;
    }

    /// Continues at the end of the innermost subshell of this frame.
    fn end_subshell(&mut self) {
        let Some(Saved { depths, .. }) = self.saved.last() else { return };
        self.back_to(Depths { saved: self.saved.len(), ..*depths });
        let Some(frame) = self.frames.last_mut() else { return };
        let mut inner = 0;
        while let Some(op) = frame.ops.get(frame.at) {
            match op {
                Op::Save => inner += 1,
                Op::Restore if inner == 0 => return,
                Op::Restore => inner -= 1,
                _ => {}
            }
            frame.at += 1;
        }
    }

    pub(super) fn undo(&mut self, undo: Undo) {
        if undo.streams {
            self.streams.pop();
        }
        if undo.inputs {
            self.inputs.pop();
        }
        for (name, value) in undo.locals.into_iter().rev() {
            match value {
                Some(value) => drop(self.variables.insert(name, value)),
                None => drop(self.variables.remove(&name)),
            }
        }
        if let Some(dialect) = undo.dialect {
            self.dialect = dialect;
        }
        if let Some(arguments) = undo.arguments {
            self.set_arguments(&arguments);
        }
        if let Some(scope) = undo.scope {
            self.return_to(scope);
        }
        if let Some(folder) = undo.folder {
            self.folder = folder;
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
            Op::Check => {
                if self.status != 0 && self.ends_at_failure() {
                    self.exit(self.status);
                }
            }
            Op::Not => self.status = i32::from(self.status == 0),
            Op::For(name, words, end) => {
                let mut values = self.words(&words, host);
                self.status = 0;
                values.reverse();
                self.enter(Some(name), values, end);
            }
            Op::Loop(end) => self.enter(None, Vec::new(), end),
            Op::Next => self.next_round(),
            Op::Leave => {
                self.loops.pop();
                self.status = 0;
            }
            Op::Unasked(name, sign, to) => {
                if !self.is_asked(&name, sign) {
                    self.printed.push(String::new());
                    self.jump(to);
                }
            }
            Op::Capture => self.keep(),
            Op::Pipe(writer, reader, with_errors) => self.open_pipe(writer, reader, with_errors),
            Op::EndPipe => self.close_pipe(),
            Op::NoInput => self.inputs.push(Input::of("")),
            Op::EndInput => drop(self.inputs.pop()),
            Op::Substitute => {
                let text = self.kept();
                self.printed.push(text.trim_end_matches('\n').to_owned());
            }
            Op::Redirect(simple) => {
                let (before, depths) = (self.printed.len(), simple.printed);
                let undo = self.redirect(&simple.redirects, host);
                self.printed.truncate(before.saturating_sub(depths));
                match undo {
                    Ok(undo) => self.groups.push(undo),
                    Err(why) => self.skip_group(&why, host),
                }
            }
            Op::EndRedirect => {
                if let Some(undo) = self.groups.pop() {
                    self.undo(undo);
                }
            }
            Op::Save => {
                self.saved.push(Saved {
                    scope: self.scope(),
                    folder: self.folder.clone(),
                    streams: self.streams.clone(),
                    depths: self.depths(),
                });
            }
            Op::Restore => {
                if let Some(Saved { scope, folder, streams, .. }) = self.saved.pop() {
                    (self.folder, self.streams) = (folder, streams);
                    self.return_to(scope);
                }
            }
            Op::Spawn(ops) => {
                let mut shell = self.beside();
                shell.begin(ops, true, Undo::default());
                self.spawned.push(shell);
                let process = self.last_process().parse::<u32>().unwrap_or(1).saturating_add(1);
                self.variables.insert("!".to_owned(), process.to_string());
                self.status = 0;
            }
            Op::Define(name, ops) => drop(self.functions.insert(name.to_string(), ops)),
            Op::Show(every) => self.show(every),
        }
        if let Some((why, is_demanded)) = self.failure.take() {
            self.fails(&why, is_demanded, host);
        }
    }

    fn enter(&mut self, name: Option<Rc<str>>, values: Vec<String>, end: usize) {
        let start = self.frames.last().map_or(0, |f| f.at + usize::from(matches!(f.ops.get(f.at), Some(Op::Jump(_)))));
        let (depths, frames) = (self.depths(), self.frames.len());
        self.loops.push(Loop { name, values, start, end, depths, frames });
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

    /// `break` and `continue`, for this many loops. A shell or subshell cannot leave a loop around it.
    pub(super) fn leave_round(&mut self, ends: bool, rounds: usize) {
        let shell = self.frames.iter().rposition(|frame| frame.is_shell).map_or(0, |at| at + 1);
        let subshell = self.saved.last().map_or(0, |saved| saved.depths.loops);
        let own = self.loops.len() - self.loops.iter().rposition(|l| l.frames < shell).map_or(0, |at| at + 1).max(subshell);
        let Some(at) = self.loops.len().checked_sub(rounds.clamp(1, own.max(1))).filter(|_| own > 0) else { return };
        let left = self.loops[at].clone();
        while self.frames.len() > left.frames {
            self.leave_frame();
        }
        self.back_to(left.depths);
        let to = if ends { left.end } else { left.start };
        if !ends {
            self.loops.push(left);
        }
        self.jump(to);
    }

    /// Shows the output of `watch` if it has changed; it looks again after so many milliseconds.
    fn show(&mut self, every: u64) {
        let text = self.kept();
        if self.shown.as_ref() != Some(&text) {
            self.out.push(Piece::Text(Stream::Out, text.clone()));
            self.shown = Some(text);
        }
        self.pending = Some(Pending::Change(every));
    }

    fn simple(&mut self, simple: &Rc<Simple>, host: &mut dyn Host) {
        let words = self.expanded(simple, host);
        let is_read = words.first().is_some_and(|word| word == "read");
        // What is set for a special command of POSIX stays.
        let is_posix = matches!(self.dialect, Dialect::Dash | Dialect::Ash);
        let is_special = words.first().is_some_and(|word| is_posix && SPECIAL.split(' ').any(|known| known == word));
        let scope = (!words.is_empty() && !is_read && !is_special && !simple.assigned.is_empty()).then(|| self.scope());
        // Each finds what those before it have set.
        for (name, word) in &simple.assigned {
            if self.constant.contains(name) {
                self.failure.get_or_insert((format!("{name}: readonly variable"), false));
            }
            let text = self.text(word, simple.printed);
            match &scope {
                _ if self.failure.is_some() => return,
                Some(_) => self.pass(name, text),
                None if !is_read => drop(self.variables.insert(name.clone(), text)),
                None if name == "IFS" => drop(self.variables.insert(READ_IFS.to_owned(), text)),
                None => {}
            }
        }
        self.supposed = None;
        if self.failure.is_some() {
            return;
        }
        let redirected = self.redirect(&simple.redirects, host);
        let before = self.printed.len().saturating_sub(simple.printed);
        self.printed.truncate(before);
        let undo = match redirected {
            Ok(undo) => Undo { tested: simple.tested, asked: simple.asked, scope, ..undo },
            Err(why) => {
                self.misses(&why, host);
                return self.undo(Undo { scope, ..Undo::default() });
            }
        };
        if words.is_empty() {
            if simple.printed == 0 {
                self.status = 0;
            }
            return self.undo(undo);
        }
        if words[0] == "exec" && words.len() == 1 {
            // The streams stay as they are redirected.
            if let Some(streams) = self.streams.pop().filter(|_| undo.streams) {
                self.streams.pop();
                self.streams.push(streams);
            }
            self.status = 0;
            return;
        }
        self.execute(words, undo, host);
    }
}
