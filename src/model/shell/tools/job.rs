//! An invocation of a tool: its options and arguments, what it reads, and what it answers.

use std::fmt::Write;

use crate::host::{Host, Trouble};
use base::note::Note;
use base::path::absolute;

/// Options by letter, in order, each with its value if it has one.
pub(super) type Options<'a> = Vec<(char, &'a str)>;

/// An invocation of a tool.
pub struct Job<'a> {
    /// What it is called.
    pub(super) name: &'static str,
    pub(super) options: Options<'a>,
    /// Its arguments other than options.
    pub words: Vec<&'a str>,
    pub input: &'a str,
    /// Its working directory.
    pub(super) folder: &'a str,
    /// Its environment.
    pub host: &'a mut dyn Host,
    /// Its standard output.
    pub out: String,
    /// Its standard error.
    pub err: String,
    /// What the playground says of it.
    pub(super) note: Option<Note>,
    /// Whether it needs no more input.
    pub(super) full: bool,
}

/// The result of a tool.
pub struct Ended {
    /// Its standard output.
    pub out: String,
    /// Its standard error.
    pub err: String,
    /// What the playground says of it.
    pub note: Option<Note>,
    /// Its exit code.
    pub status: i32,
    /// Whether it needs no more input.
    pub full: bool,
}

/// The part of a file that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    File,
    /// It is a directory.
    Folder,
    /// It is the destination.
    Target,
}

/// How tools say that something cannot be done with a file, GNU's and busybox's: `@` is the file, and `~` the system's error. Those that
/// are not here just name both.
pub(super) const CANNOT: [(&str, About, &str, &str); 21] = [
    ("awk", About::File, "cannot open @ (~)", "@: ~"),
    ("cat", About::File, "@: ~", "can't open '@': ~"),
    ("cat", About::Folder, "@: ~", "read error: ~"),
    ("chmod", About::File, "cannot access '@': ~", "@: ~"),
    ("chown", About::File, "cannot access '@': ~", "@: ~"),
    ("cp", About::File, "cannot stat '@': ~", "can't stat '@': ~"),
    ("cp", About::Target, "cannot create regular file '@': ~", "can't create '@': ~"),
    ("head", About::File, "cannot open '@' for reading: ~", "@: ~"),
    ("head", About::Folder, "error reading '@': ~", "@: Input/output error"),
    ("jq", About::File, "error: Could not open file @: ~", "@: ~"),
    ("ls", About::File, "cannot access '@': ~", "@: ~"),
    ("mkdir", About::File, "cannot create directory '@': ~", "can't create directory '@': ~"),
    ("mv", About::File, "cannot stat '@': ~", "can't rename '@': ~"),
    ("rm", About::File, "cannot remove '@': ~", "can't remove '@': ~"),
    ("rm", About::Folder, "cannot remove '@': ~", "'@' is a directory"),
    ("sed", About::File, "can't read @: ~", "@: ~"),
    ("sort", About::File, "cannot read: @: ~", "@: ~"),
    ("sort", About::Folder, "read failed: @: ~", "@: ~"),
    ("tail", About::File, "cannot open '@' for reading: ~", "can't open '@': ~"),
    ("tail", About::Folder, "error reading '@': ~", "read error: ~"),
    ("touch", About::File, "cannot touch '@': ~", "@: ~"),
];

/// The exit code of a usage error.
pub const MISUSED: i32 = 2;

/// Whether a path is that of a device without end, whose content is not simulated.
pub(crate) fn is_device(path: &str) -> bool {
    matches!(path, "/dev/zero" | "/dev/random" | "/dev/urandom")
}

impl<'a> Job<'a> {
    pub(crate) fn line(&mut self, text: &str) -> i32 {
        self.out.push_str(text);
        self.out.push('\n');
        0
    }

    pub(crate) fn fail(&mut self, why: &str) -> i32 {
        let _ = writeln!(self.err, "{why}");
        1
    }

    /// Says in the playground's own voice what it does not do; only the first counts.
    pub(crate) fn note(&mut self, note: Note) -> i32 {
        self.note.get_or_insert(note);
        1
    }

    /// Says what cannot be done with a file.
    pub(crate) fn cannot(&mut self, file: &str, why: Trouble) -> i32 {
        if why == Trouble::Missing && file.starts_with('/') && self.host.reaches_machines() {
            self.note(Note::Ssh);
        }
        self.cannot_with(About::File, file, why)
    }

    /// Says what cannot be done with a file of this part; one that is a directory is known by the error.
    pub(super) fn cannot_with(&mut self, about: About, file: &str, why: Trouble) -> i32 {
        let about = if why == Trouble::IsFolder { About::Folder } else { about };
        let of = |about| CANNOT.iter().find(|row| row.0 == self.name && row.1 == about);
        let row = of(about).or_else(|| of(About::File));
        let words = row.map_or("@: ~", |row| if self.host.is_busybox() { row.3 } else { row.2 });
        self.fail(&format!("{}: {}", self.name, words.replace('@', file).replace('~', &why.to_string())))
    }

    /// What it is called.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Whether an option was given.
    pub(crate) fn on(&self, letter: char) -> bool {
        self.options.iter().any(|(known, _)| *known == letter)
    }

    /// The values of an option, in order.
    pub(crate) fn values(&self, letter: char) -> impl Iterator<Item = &'a str> {
        self.options.iter().filter(move |(known, _)| *known == letter).map(|(_, value)| *value)
    }

    /// The value of an option; the last one wins.
    pub(crate) fn value(&self, letter: char) -> Option<&'a str> {
        self.values(letter).last()
    }

    pub(crate) fn path(&self, path: &str) -> String {
        absolute(self.folder, path)
    }

    /// The names and contents of files, or else the input.
    pub(crate) fn texts(&mut self, files: &[&str]) -> Vec<(String, String)> {
        if files.is_empty() {
            return vec![(String::new(), self.input.to_owned())];
        }
        let mut texts = Vec::new();
        for file in files {
            let text = match *file {
                "-" => Ok(self.input.into()),
                "/dev/null" => Ok("".into()),
                device if is_device(device) => {
                    self.note(Note::NotSimulated(device.to_owned()));
                    continue;
                }
                file => self.host.read(&self.path(file)),
            };
            match text {
                Ok(text) => texts.push(((*file).to_owned(), text.to_string())),
                Err(why) => drop(self.cannot(file, why)),
            }
        }
        if self.name == "tail" && texts.is_empty() && self.host.is_busybox() {
            self.fail("tail: no files");
        }
        texts
    }

    /// The contents of files, or else the input, as one text.
    pub(crate) fn text(&mut self, files: &[&str]) -> String {
        self.texts(files).into_iter().map(|(_, text)| text).collect()
    }

    /// The same for the files named by its arguments.
    pub(super) fn files_text(&mut self) -> String {
        let words = self.words.clone();
        self.text(&words)
    }

    pub(crate) fn status(&self) -> i32 {
        i32::from(!self.err.is_empty() || self.note.is_some())
    }
}
