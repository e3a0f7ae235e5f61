//! The tools of every system: text in, text out.
//!
//! Promises: a tool ends at once; an unsupported option is refused in the playground's own words.
//! Not modelled: most options; what is here is what tutorials use.

pub(super) mod escapes;
mod files;
mod grep;
pub(super) mod job;
pub(super) mod numbers;
pub(super) mod print;
mod text;

use super::host::Host;
use super::places::Places;
use super::{awk, jq, query};
use base::note::Note;
use job::{Ended, Job, MISUSED, Options};

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

static TOOLS: [Tool; 41] = [
    tool("awk", "", awk::awk),
    tool("base64", "dw:", text::base64),
    tool("basename", "", files::basename),
    tool("cat", "nu", text::cat),
    tool("chmod", "*", files::change),
    tool("chown", "*", files::change),
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
    of_desk("jq", "cr", jq::jq),
    tool("less", "EFNRSX", text::cat),
    of_desk("ll", "h", files::list_all),
    tool("ls", "laAh1", files::ls),
    tool("mkdir", "pm:", files::mkdir),
    tool("more", "", text::cat),
    tool("mv", "f", files::rename),
    tool("printf", "*", print::printf),
    tool("rm", "rRf", files::rm),
    tool("sed", "nEie:", query::sed),
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
const LONG: [(&str, &str, char); 27] = [
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
    ("jq", "raw-output", 'r'),
    ("mkdir", "parents", 'p'),
    ("rm", "force", 'f'),
    ("rm", "recursive", 'r'),
    ("sort", "numeric-sort", 'n'),
    ("sort", "reverse", 'r'),
    ("tail", "lines", 'n'),
    ("tee", "append", 'a'),
    ("wc", "lines", 'l'),
];

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
