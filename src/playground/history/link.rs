//! A run as text, for a link or a file: its seed, what stood in the editor, what was done when, and the instant shown.
//!
//! One record a line, so that a damaged or newer text keeps every line that is understood:
//! `seed N`, `edit TEXT`, `do MS TAB LINE`, `stop MS TAB`, `end MS`, `at MS`, `digest N`.
//!
//! Promises: reading what was written gives the same bytes at the same instants; reading anything else ends, with what could be kept.
//! Not kept: other branches, the language, which panes are open.

use std::rc::Rc;

use super::{Act, Goal, History, Input, Pace};
use crate::base::time::Time;
use crate::playground::TABS_MOST;
use crate::sim::Setup;
use crate::text::Lang;

/// How long a run may be that is read: what the longest ruler shows.
const LONGEST: Time = Time(14 * 24 * 3600 * 1000);
/// How many things done are read.
const INPUTS_MOST: usize = 2000;

/// A run that was read, and what of the text is not in it.
#[derive(Clone, Debug)]
pub struct Read {
    /// The run, at the instant it was shared at.
    pub history: History,
    /// How many lines were not understood.
    pub unread: usize,
    /// Whether it was too long to be played to its end.
    pub cut: bool,
    /// Whether it came out in another way than where it was written: by another version of the model.
    pub differs: bool,
}

/// Writes a run down.
pub fn write(history: &History) -> String {
    let mut lines = vec![format!("seed {}", history.setup.seed)];
    let mut manifest = "";
    let mut edit = |text, lines: &mut Vec<String>| {
        if manifest != text {
            lines.push(format!("edit {}", escape(text)));
            manifest = text;
        }
    };
    for input in &history.branch().inputs {
        match &input.act {
            Act::Line(line) => {
                edit(&input.manifest, &mut lines);
                lines.push(format!("do {} {} {}", input.at.0, input.tab, escape(line)));
            }
            Act::Interrupt => lines.push(format!("stop {} {}", input.at.0, input.tab)),
        }
    }
    edit(history.present.manifest(), &mut lines);
    lines.push(format!("end {}", history.head().now().0));
    lines.push(format!("at {}", history.present.now().0));
    lines.push(format!("digest {}", history.present.sim().digest().0));
    lines.join("\n")
}

/// Reads a run, and plays it as far as `go_on` lets it. The setup is that of a run of this playground; the text names the seed.
pub fn read(text: &str, setup: &Setup, lang: Lang, mut go_on: impl FnMut() -> bool) -> Read {
    let mut found = Found { seed: setup.seed, ..Found::default() };
    let unread = text.lines().filter(|line| !line.is_empty() && found.take(line, lang).is_none()).count();
    let mut history = History::new(&Setup { seed: found.seed, ..setup.clone() }, &found.manifest);
    history.current().inputs = found.inputs;
    let end = found.end.max(found.at).min(LONGEST);
    let pace = history.go(Goal::Instant, Some(end), &mut go_on);
    let done = history.done;
    let cut = pace == Pace::Stopped || done < history.branch().inputs.len();
    history.current().inputs.truncate(done);
    history.seek(found.at);
    let differs = !cut && found.digest.is_some_and(|digest| digest != history.present.sim().digest().0);
    Read { history, unread, cut, differs }
}

/// What was found in a text so far.
#[derive(Default)]
struct Found {
    seed: u64,
    manifest: Rc<str>,
    inputs: Vec<Input>,
    end: Time,
    at: Time,
    digest: Option<u64>,
}

impl Found {
    /// Takes a line in; `None` where it is not understood.
    fn take(&mut self, line: &str, lang: Lang) -> Option<()> {
        let (word, rest) = line.split_once(' ')?;
        match word {
            "seed" => self.seed = rest.parse().ok()?,
            "edit" => self.manifest = unescape(rest).into(),
            "do" | "stop" => {
                let (at, rest) = rest.split_once(' ')?;
                let (tab, line) = rest.split_once(' ').unwrap_or((rest, ""));
                let act = if word == "do" { Act::Line(unescape(line)) } else { Act::Interrupt };
                let tab = tab.parse().ok().filter(|tab| *tab < TABS_MOST)?;
                // Nothing is done before what was done before it.
                let at = Time(at.parse().ok()?).max(self.inputs.last().map_or(Time(0), |last| last.at)).min(LONGEST);
                if self.inputs.len() == INPUTS_MOST {
                    return None;
                }
                self.inputs.push(Input { at, act, manifest: Rc::clone(&self.manifest), lang, tab });
                self.end = self.end.max(at);
            }
            "end" => self.end = self.end.max(Time(rest.parse().ok()?)),
            "at" => self.at = Time(rest.parse().ok()?),
            "digest" => self.digest = Some(rest.parse().ok()?),
            _ => return None,
        }
        Some(())
    }
}

/// A text as one line.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r")
}

/// Reads what [`escape`] writes.
fn unescape(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line.chars();
    while let Some(letter) = rest.next() {
        let escaped = if letter == '\\' { rest.next() } else { None };
        text.push(match escaped {
            Some('n') => '\n',
            Some('r') => '\r',
            other => other.unwrap_or(letter),
        });
    }
    text
}
