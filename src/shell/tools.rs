//! The tools of every system: text in, text out.
//!
//! Promises: a tool ends at once; an unsupported option is refused in the playground's own words.
//! Not modelled: most options; what is here is what tutorials use.

mod files;
mod grep;
mod print;
mod text;

use std::fmt::Write;

use super::programs::Places;
use super::{Host, Trouble, absolute, awk, jq, query};
use base::note::Note;

pub(super) use print::{converted, escaped, general};
pub(super) use text::{billionths, by_amount};

/// The number one, in billionths.
pub(super) const ONE: i128 = 1_000_000_000;

/// Options by letter, in order, each with its value if it has one.
type Options<'a> = Vec<(char, &'a str)>;

/// An invocation of a tool.
pub struct Job<'a> {
    /// What it is called.
    name: &'static str,
    options: Options<'a>,
    /// Its arguments other than options.
    pub words: Vec<&'a str>,
    pub input: &'a str,
    /// Its working directory.
    folder: &'a str,
    /// Its environment.
    pub host: &'a mut dyn Host,
    /// Its standard output.
    pub out: String,
    /// Its standard error.
    pub err: String,
    /// What the playground says of it.
    note: Option<Note>,
    /// Whether it needs no more input.
    full: bool,
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

/// A tool.
pub struct Tool {
    name: &'static str,
    /// Its option letters, in getopt's notation: a colon follows one that takes a value. `#` stands for a number (`-5`), and `*` for a tool
    /// that parses its arguments itself.
    options: &'static str,
    pub(super) at: Places,
    act: fn(&mut Job) -> i32,
}

const fn tool(name: &'static str, options: &'static str, act: fn(&mut Job) -> i32) -> Tool {
    Tool { name, options, at: Places::EVERYWHERE, act }
}

/// One that no image brings.
const fn of_desk(name: &'static str, options: &'static str, act: fn(&mut Job) -> i32) -> Tool {
    Tool { at: Places::DESK, ..tool(name, options, act) }
}

static TOOLS: [Tool; 42] = [
    tool("awk", "F:v:", awk::awk),
    tool("base64", "dw:", text::base64),
    tool("basename", "", files::basename),
    tool("cat", "nu", text::cat),
    tool("chmod", "*", files::change),
    tool("chown", "*", files::change),
    of_desk("column", "t", text::column),
    tool("cp", "afpr", files::copy),
    tool("cut", "sd:f:c:", text::cut),
    tool("date", "u", print::date),
    tool("diff", "u", text::diff),
    tool("dirname", "", files::dirname),
    tool("du", "shbk", files::du),
    tool("echo", "*", print::echo),
    tool("egrep", GREP, grep::grep),
    tool("expr", "*", print::expr),
    tool("fgrep", GREP, grep::grep),
    tool("find", "*", files::find),
    tool("grep", GREP, grep::grep),
    tool("head", "c:n:q#", text::head),
    tool("hostname", "fsid", print::hostname),
    of_desk("jq", "cejnrsS", jq::jq),
    tool("less", "EFNRSX", text::cat),
    of_desk("ll", "h", files::list_all),
    tool("ls", "laAh1", files::ls),
    tool("mkdir", "pm:", files::mkdir),
    tool("more", "", text::cat),
    tool("mv", "f", files::rename),
    tool("printf", "*", print::printf),
    tool("rm", "rRf", files::rm),
    tool("sed", "nErie:", query::sed),
    tool("seq", "*", print::seq),
    tool("sort", "nrsut:k:", text::sort),
    tool("sync", "", |_| 0),
    tool("tac", "", text::tac),
    tool("tail", "c:n:q#", text::tail),
    tool("tee", "a", files::tee),
    tool("touch", "", files::touch),
    tool("tr", "cds", text::tr),
    tool("uniq", "cdu", text::uniq),
    tool("wc", "lwcm", text::wc),
    of_desk("yq", "rP", jq::yq),
];

const GREP: &str = "A:B:C:e:m:EFGHPRchilnoqrsuvwx";

/// Long options: the tool, the option, and the equivalent letter.
const LONG: [(&str, &str, char); 34] = [
    ("base64", "decode", 'd'),
    ("base64", "wrap", 'w'),
    ("grep", "after-context", 'A'),
    ("grep", "before-context", 'B'),
    ("grep", "color", 'u'),
    ("grep", "context", 'C'),
    ("grep", "count", 'c'),
    ("grep", "extended-regexp", 'E'),
    ("grep", "fixed-strings", 'F'),
    ("grep", "ignore-case", 'i'),
    ("grep", "invert-match", 'v'),
    ("grep", "line-buffered", 'u'),
    ("grep", "max-count", 'm'),
    ("grep", "line-number", 'n'),
    ("grep", "only-matching", 'o'),
    ("grep", "quiet", 'q'),
    ("head", "lines", 'n'),
    ("jq", "compact-output", 'c'),
    ("jq", "exit-status", 'e'),
    ("jq", "join-output", 'j'),
    ("jq", "null-input", 'n'),
    ("jq", "raw-output", 'r'),
    ("jq", "slurp", 's'),
    ("jq", "sort-keys", 'S'),
    ("mkdir", "parents", 'p'),
    ("rm", "force", 'f'),
    ("rm", "recursive", 'r'),
    ("sed", "in-place", 'i'),
    ("sed", "quiet", 'n'),
    ("sort", "numeric-sort", 'n'),
    ("sort", "reverse", 'r'),
    ("tail", "lines", 'n'),
    ("tee", "append", 'a'),
    ("wc", "lines", 'l'),
];

/// The part of a file that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    File,
    /// It is a directory.
    Folder,
    /// It is the destination.
    Target,
}

/// How tools say that something cannot be done with a file, GNU's and busybox's: `@` is the file, and `~` the system's error. Those that
/// are not here just name both.
const CANNOT: [(&str, About, &str, &str); 23] = [
    ("awk", About::File, "cannot open @ (~)", "@: ~"),
    ("cat", About::File, "@: ~", "can't open '@': ~"),
    ("cat", About::Folder, "@: ~", "read error: ~"),
    ("chmod", About::File, "cannot access '@': ~", "@: ~"),
    ("chown", About::File, "cannot access '@': ~", "@: ~"),
    ("cp", About::File, "cannot stat '@': ~", "can't stat '@': ~"),
    ("cp", About::Target, "cannot create regular file '@': ~", "can't create '@': ~"),
    ("diff", About::File, "@: ~", "can't stat '@': ~"),
    ("du", About::File, "cannot access '@': ~", "@: ~"),
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

/// The tool of this name.
pub fn find(name: &str) -> Option<&'static Tool> {
    let name = name.rsplit('/').next().unwrap_or(name);
    TOOLS.iter().find(|tool| tool.name == name)
}

/// The names of all tools.
pub fn names() -> impl Iterator<Item = &'static str> {
    TOOLS.iter().map(|tool| tool.name)
}

impl Tool {
    /// Runs the tool.
    pub fn run(&self, args: &[String], input: &str, folder: &str, host: &mut dyn Host) -> Ended {
        let (name, out, err) = (self.name, String::new(), String::new());
        let read = self.read(args, host);
        let mut job = Job { name, options: Vec::new(), words: Vec::new(), input, folder, host, out, err, note: None, full: false };
        let status = match read {
            Ok((options, words)) => {
                (job.options, job.words) = (options, words);
                (self.act)(&mut job)
            }
            Err(option) => {
                job.note(Note::NotSimulated(format!("{name} {option}")));
                MISUSED
            }
        };
        Ended { out: job.out, err: job.err, note: job.note, status, full: job.full }
    }

    /// Splits the arguments into options and others; the error is an unsupported option.
    fn read<'a>(&self, args: &'a [String], host: &dyn Host) -> Result<(Options<'a>, Vec<&'a str>), String> {
        let (mut options, mut words, mut args) = (Vec::new(), Vec::new(), args.iter().map(String::as_str));
        if self.options == "*" {
            return Ok((options, args.collect()));
        }
        while let Some(arg) = args.next() {
            if arg == "--" {
                words.extend(args);
                break;
            }
            if let Some(long) = arg.strip_prefix("--") {
                let (long, value) = long.split_once('=').map_or((long, None), |(long, value)| (long, Some(value)));
                let name = if self.options == GREP { "grep" } else { self.name };
                // busybox's has none.
                let has_none = self.name == "base64" && host.is_busybox();
                let known = LONG.iter().find(|(tool, word, _)| *word == long && *tool == name && !has_none);
                let (_, _, letter) = known.ok_or_else(|| format!("--{long}"))?;
                let value = if self.has_value(*letter) { value.or_else(|| args.next()) } else { None };
                options.push((*letter, value.unwrap_or_default()));
                continue;
            }
            let Some(letters) = arg.strip_prefix('-').filter(|letters| !letters.is_empty()) else {
                words.push(arg);
                continue;
            };
            if self.options.contains('#') && letters.bytes().all(|byte| byte.is_ascii_digit()) {
                options.push(('n', letters));
                continue;
            }
            for (at, letter) in letters.char_indices() {
                if !letter.is_ascii_alphanumeric() || !self.options.contains(letter) {
                    return Err(format!("-{letter}"));
                }
                let behind = &letters[at + 1..];
                if self.has_value(letter) {
                    options.push((letter, if behind.is_empty() { args.next().unwrap_or_default() } else { behind }));
                    break;
                }
                options.push((letter, ""));
            }
        }
        Ok((options, words))
    }

    fn has_value(&self, letter: char) -> bool {
        self.options.split_once(letter).is_some_and(|(_, behind)| behind.starts_with(':'))
    }
}

/// Whether a path is that of a device without end, whose content is not simulated.
pub(super) fn is_device(path: &str) -> bool {
    matches!(path, "/dev/zero" | "/dev/random" | "/dev/urandom")
}

impl<'a> Job<'a> {
    pub(super) fn line(&mut self, text: &str) -> i32 {
        self.out.push_str(text);
        self.out.push('\n');
        0
    }

    pub(super) fn fail(&mut self, why: &str) -> i32 {
        let _ = writeln!(self.err, "{why}");
        1
    }

    /// Says in the playground's own voice what it does not do; only the first counts.
    pub(super) fn note(&mut self, note: Note) -> i32 {
        self.note.get_or_insert(note);
        1
    }

    /// Says what cannot be done with a file.
    pub(super) fn cannot(&mut self, file: &str, why: Trouble) -> i32 {
        if why == Trouble::Missing && file.starts_with('/') && self.host.reaches_machines() {
            self.note(Note::Ssh);
        }
        self.cannot_with(About::File, file, why)
    }

    /// Says what cannot be done with a file of this part; one that is a directory is known by the error.
    fn cannot_with(&mut self, about: About, file: &str, why: Trouble) -> i32 {
        let about = if why == Trouble::IsFolder { About::Folder } else { about };
        let of = |about| CANNOT.iter().find(|row| row.0 == self.name && row.1 == about);
        let row = of(about).or_else(|| of(About::File));
        let words = row.map_or("@: ~", |row| if self.host.is_busybox() { row.3 } else { row.2 });
        self.fail(&format!("{}: {}", self.name, words.replace('@', file).replace('~', &why.to_string())))
    }

    /// What it is called.
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// Whether an option was given.
    pub(super) fn on(&self, letter: char) -> bool {
        self.options.iter().any(|(known, _)| *known == letter)
    }

    /// The values of an option, in order.
    pub(super) fn values(&self, letter: char) -> impl Iterator<Item = &'a str> {
        self.options.iter().filter(move |(known, _)| *known == letter).map(|(_, value)| *value)
    }

    /// The value of an option; the last one wins.
    pub(super) fn value(&self, letter: char) -> Option<&'a str> {
        self.values(letter).last()
    }

    pub(super) fn path(&self, path: &str) -> String {
        absolute(self.folder, path)
    }

    /// The names and contents of files, or else the input.
    pub(super) fn texts(&mut self, files: &[&str]) -> Vec<(String, String)> {
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
    pub(super) fn text(&mut self, files: &[&str]) -> String {
        self.texts(files).into_iter().map(|(_, text)| text).collect()
    }

    /// The same for the files named by its arguments.
    fn files_text(&mut self) -> String {
        let words = self.words.clone();
        self.text(&words)
    }

    pub(super) fn status(&self) -> i32 {
        i32::from(!self.err.is_empty() || self.note.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_are_of_tools_that_there_are() {
        for (name, ..) in CANNOT {
            assert!(find(name).is_some(), "{name}");
        }
    }
}
