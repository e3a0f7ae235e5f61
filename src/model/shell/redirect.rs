//! Targets of streams: the terminal, a file, a pipe, a substitution, or nowhere.

use std::rc::Rc;

use super::dialect::Dialect;
use super::input::Input;
use super::parse::{Op, Redirect};
use super::tools::job::is_device;
use super::{Host, MAX_TEXT, Piece, Shell, Stream, Target, Trouble, Undo};
use base::note::Note;

impl Shell {
    /// Takes output of the current command.
    pub fn print(&mut self, stream: Stream, text: &str, host: &mut dyn Host) {
        if text.is_empty() {
            return;
        }
        if let Some(at) = self.front() {
            self.reader(at).print(stream, text, host);
            return self.hand_on(at, host);
        }
        let (out, err) = self.streams.last().cloned().unwrap_or((Target::Out, Target::Err));
        self.put(if stream == Stream::Err { &err } else { &out }, text, host);
    }

    /// Says something in the playground's own voice, which goes to the terminal from everywhere.
    pub fn note(&mut self, note: Note) {
        let of_shell = matches!(note, Note::Unsupported(_) | Note::Chance | Note::NotSimulated(_));
        let of_tool = matches!(note, Note::Without(..) | Note::Unreadable(..) | Note::OneFile(_) | Note::OfFolder(_))
            || matches!(note, Note::WholeNumbers(_) | Note::SeqEnds(_));
        self.refused |= of_shell || of_tool;
        self.out.push(Piece::Note(note));
    }

    /// Prints what another program printed, or the playground said of it.
    pub fn pass_on(&mut self, piece: Piece, host: &mut dyn Host) {
        match piece {
            Piece::Text(stream, text) => self.print(stream, &text, host),
            Piece::Note(note) => self.note(note),
        }
    }

    /// Writes a text to a target.
    pub(super) fn put(&mut self, target: &Target, text: &str, host: &mut dyn Host) {
        match target {
            Target::Out => self.out.push(Piece::Text(Stream::Out, text.to_owned())),
            Target::Err => self.out.push(Piece::Text(Stream::Err, text.to_owned())),
            Target::Nowhere => {}
            Target::Pipe(at) => self.feed(*at, text, host),
            Target::Kept(at) => match self.kept.get_mut(*at) {
                Some(kept) if kept.len() + text.len() <= MAX_TEXT => kept.push_str(text),
                _ => self.too_much(),
            },
            Target::File(path) => {
                if host.size(path) + text.len() > MAX_TEXT {
                    self.too_much();
                } else if let Err(why) = host.append(path, text) {
                    self.complain(&format!("{path}: {why}"));
                }
            }
        }
    }

    /// A redirection fails.
    pub(super) fn misses(&mut self, why: &str, host: &mut dyn Host) {
        self.refuse(host, why);
        self.status = if self.dialect == Dialect::Dash { 2 } else { 1 };
    }

    /// Skips a group whose redirections fail.
    pub(super) fn skip_group(&mut self, why: &str, host: &mut dyn Host) {
        self.misses(why, host);
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

    /// Applies redirections; returns how to undo them, or why they fail.
    pub(super) fn redirect(&mut self, redirects: &[Redirect], host: &mut dyn Host) -> Result<Undo, String> {
        if redirects.is_empty() {
            return Ok(Undo::default());
        }
        let printed = self.printed.len();
        let (mut out, mut err) = self.streams.last().cloned().unwrap_or((Target::Out, Target::Err));
        let mut input: Option<Rc<str>> = None;
        for redirect in redirects {
            match redirect {
                Redirect::Here(word) => input = Some(self.text(word, printed).into()),
                Redirect::Read(word) => {
                    let path = self.text(word, printed);
                    input = Some(self.text_of_file(&path, host)?);
                }
                Redirect::Nothing => {}
                Redirect::ErrToOut => err = out.clone(),
                Redirect::OutToErr => out = err.clone(),
                Redirect::Write { out: is_out, err: is_err, append, to } => {
                    let path = self.text(to, printed);
                    let target = match path.as_str() {
                        "/dev/null" => Target::Nowhere,
                        "/dev/stdout" => out.clone(),
                        "/dev/stderr" => err.clone(),
                        _ => self.file(&path, *append, host)?,
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
        let inputs = input.is_some();
        self.inputs.extend(input.map(|text| Input::of(&text)));
        self.streams.push((out, err));
        Ok(Undo { streams: true, inputs, ..Undo::default() })
    }

    fn text_of_file(&mut self, path: &str, host: &dyn Host) -> Result<Rc<str>, String> {
        if is_device(path) {
            self.note(Note::NotSimulated(path.to_owned()));
        }
        if path == "/dev/null" || is_device(path) {
            return Ok("".into());
        }
        host.read(&self.path(path)).map_err(|why| self.cannot("open", path, why, host))
    }

    /// A file as a target, truncated unless `append` is set.
    fn file(&self, path: &str, append: bool, host: &mut dyn Host) -> Result<Target, String> {
        let whole = self.path(path);
        let begun = if append { host.append(&whole, "") } else { host.write(&whole, "") };
        begun.map_err(|why| self.cannot("create", path, why, host))?;
        Ok(Target::File(whole.into()))
    }

    /// How a shell says that it cannot open, create or go to (`cd`) something: bash, busybox's, or dash.
    pub(super) fn cannot(&self, act: &str, path: &str, why: Trouble, host: &dyn Host) -> String {
        let words = why.to_string();
        let [of_busybox, of_dash] = match (why, act) {
            (Trouble::Missing | Trouble::NotFolder, "create") => ["nonexistent directory", "Directory nonexistent"],
            (Trouble::Missing, "open") => ["no such file", "No such file"],
            _ => [words.as_str(); 2],
        };
        match act {
            "cd" if self.dialect == Dialect::Bash => format!("cd: {path}: {why}"),
            "cd" if host.is_busybox() => {
                let line = if self.frames.iter().any(|frame| frame.is_shell) { "line 0: " } else { "" };
                format!("cd: {line}can't cd to {path}: {why}")
            }
            "cd" => format!("1: cd: can't cd to {path}"),
            _ if self.dialect == Dialect::Bash => format!("{path}: {why}"),
            _ if host.is_busybox() => format!("can't {act} {path}: {of_busybox}"),
            _ => format!("1: cannot {act} {path}: {of_dash}"),
        }
    }
}
