//! The tools of every system: text in, text out.
//!
//! Promises: a tool ends at once; an unsupported option is refused in the playground's own words.
//! Not modelled: most options; what is here is what tutorials use.

pub(super) mod escapes;
mod files;
mod grep;
pub(super) mod job;
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

static TOOLS: [Tool; 31] = [
    tool("awk", "", awk::awk),
    tool("base64", "d", text::base64),
    tool("cat", "u", text::cat),
    tool("chmod", "*", files::change),
    tool("chown", "*", files::change),
    tool("cp", "afp", files::copy),
    tool("cut", "d:f:", text::cut),
    tool("date", "u", print::date),
    tool("echo", "*", print::echo),
    tool("grep", "A:C:Eciovq", grep::grep),
    tool("head", "n:#", text::head),
    tool("hostname", "fs", print::hostname),
    of_desk("jq", "cr", jq::jq),
    tool("less", "EFNRSX", text::cat),
    of_desk("ll", "", files::list_all),
    tool("ls", "laA1", files::ls),
    tool("mkdir", "pm:", files::mkdir),
    tool("more", "", text::cat),
    tool("mv", "f", files::rename),
    tool("printf", "*", print::printf),
    tool("rm", "rRf", files::rm),
    tool("sed", "nEie:", query::sed),
    tool("seq", "*", print::seq),
    tool("sort", "u", text::sort),
    tool("sync", "", |_| 0),
    tool("tail", "n:#", text::tail),
    tool("tee", "", files::tee),
    tool("touch", "", files::touch),
    tool("tr", "", text::tr),
    tool("wc", "lwc", text::wc),
    of_desk("yq", "rP", jq::yq),
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
            // Tutorials write this one out. busybox's has no long options.
            if arg == "--decode" && self.name == "base64" && !host.is_busybox() {
                options.push(('d', ""));
                continue;
            }
            if arg.starts_with("--") {
                return Err(arg.split('=').next().unwrap_or_default().to_owned());
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
