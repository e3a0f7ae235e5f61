//! A run as text, for a link or a file: its seed and release, the text in the editor, what was done when, and the instant shown.
//!
//! There is one record per line, so that from a damaged or newer text all intelligible lines are kept: `ordinal N` is the format's version,
//! `model V` the model's, then `seed N`, `release R`, `versus R` for a twin on this release, `edit TEXT`, `other TEXT` for the twin's
//! editor where it differs, `do MS TAB LINE`, `stop MS TAB`, `end MS`, `at MS`, `digest N`, `layout WORDS`.
//!
//! Promises: reading what was written gives the same bytes at the same instants; reading anything else terminates with what is usable.
//! Must not know: the meaning of a layout's words, where the text comes from.
//! Not kept: branches other than the one shown and its twin, the language.

use std::rc::Rc;

use super::{Act, Goal, History, Input, Pace};
use crate::api::release::Release;
use crate::base::time::Time;
use crate::playground::TABS_MOST;
use crate::sim::Setup;
use crate::text::Lang;

/// The version of this format. A text with a higher one may contain records not known here.
const VERSION: u32 = 1;
/// The version of the model.
const MODEL: &str = env!("CARGO_PKG_VERSION");
/// The longest run that is read: the greatest length of the ruler.
const LONGEST: Time = Time(14 * 24 * 3600 * 1000);
/// The most inputs that are read.
const INPUTS_MOST: usize = 2000;

/// A run that was read, and what could not be read.
#[derive(Clone, Debug)]
pub struct Read {
    /// The run, at the instant at which it was shared.
    pub history: History,
    /// The page's layout, in its own words; may be empty.
    pub layout: String,
    /// The number of lines that were not understood.
    pub unread: usize,
    /// The number of lines with content: a manifest, or something done.
    pub held: usize,
    /// Whether it was written in a newer version of the format.
    pub newer: bool,
    /// Whether it was too long to be replayed completely.
    pub cut: bool,
    /// Whether the replay ended differently than the original, which was run by another version of the model.
    pub differs: bool,
}

/// Whether a link leaves branches out.
pub fn leaves_out(history: &History) -> bool {
    history.branches().len() > 1 + usize::from(history.is_twinned())
}

/// Writes a run and the page's layout.
pub fn write(history: &History, layout: &str) -> String {
    let twin = history.beside().filter(|_| history.is_twinned()).map(|(branch, _)| branch);
    let mut lines = vec![format!("ordinal {VERSION}"), format!("model {MODEL}"), format!("seed {}", history.setup.seed)];
    lines.push(format!("release {}", history.branch().release.name));
    lines.extend(twin.map(|twin| format!("versus {}", twin.release.name)));
    let mut editors = ["", ""];
    for (at, input) in history.branch().inputs.iter().enumerate() {
        match &input.act {
            Act::Line(line) => {
                let other = twin.and_then(|twin| twin.inputs.get(at)).map_or(&input.manifest, |input| &input.manifest);
                edit([&input.manifest, other], &mut editors, &mut lines);
                lines.push(format!("do {} {} {}", input.at.0, input.tab, escape(line)));
            }
            Act::Interrupt => lines.push(format!("stop {} {}", input.at.0, input.tab)),
        }
    }
    let own = history.present.manifest();
    edit([own, twin.map_or(own, |twin| history.text_of(twin))], &mut editors, &mut lines);
    lines.push(format!("end {}", history.head().now().0));
    lines.push(format!("at {}", history.present.now().0));
    lines.push(format!("digest {}", history.present.sim().digest().0));
    if !layout.is_empty() {
        lines.push(format!("layout {}", escape(layout)));
    }
    lines.join("\n")
}

/// Writes the texts of both editors, if they changed. The twin's editor follows the first one unless its own text is written.
fn edit<'a>(texts: [&'a str; 2], editors: &mut [&'a str; 2], lines: &mut Vec<String>) {
    if editors[0] != texts[0] {
        lines.push(format!("edit {}", escape(texts[0])));
        editors[1] = texts[0];
    }
    if editors[1] != texts[1] {
        lines.push(format!("other {}", escape(texts[1])));
    }
    *editors = texts;
}

/// Reads a run, and replays it as far as `go_on` allows. The setup is the playground's; the text contains seed and release.
pub fn read(text: &str, setup: &Setup, lang: Lang, mut go_on: impl FnMut() -> bool) -> Read {
    let mut found = Found { seed: setup.seed, release: Some(setup.release), ..Found::default() };
    let unread = text.lines().filter(|line| !line.is_empty() && found.take(line, lang).is_none()).count();
    let held = found.inputs.len() + usize::from(!found.manifest.is_empty());
    let setup = Setup { seed: found.seed, release: found.release.unwrap_or(setup.release), ..setup.clone() };
    let mut history = History::new(&setup, &found.manifest, lang);
    history.current().inputs = found.inputs;
    let end = found.end.max(found.at).min(LONGEST);
    let pace = history.go(Goal::Until(end), &mut go_on);
    let done = history.done;
    let cut = pace == Pace::Stopped || done < history.branch().inputs.len();
    history.current().inputs.truncate(done);
    if let Some(release) = found.versus {
        let twin = |(input, manifest): (&Input, &Rc<str>)| Input { manifest: Rc::clone(manifest), ..input.clone() };
        let inputs = history.branch().inputs.iter().zip(&found.others).map(twin).collect();
        history.add_twin(release, found.other.to_string(), inputs, &mut go_on);
    }
    history.seek(found.at);
    let differs = !cut && found.digest.is_some_and(|digest| digest != history.present.sim().digest().0);
    Read { history, layout: found.layout, unread, held, newer: found.version > VERSION, cut, differs }
}

/// What has been read so far.
#[derive(Default)]
struct Found {
    version: u32,
    seed: u64,
    release: Option<&'static Release>,
    versus: Option<&'static Release>,
    manifest: Rc<str>,
    other: Rc<str>,
    inputs: Vec<Input>,
    /// The text in the twin's editor at each of the inputs.
    others: Vec<Rc<str>>,
    end: Time,
    at: Time,
    digest: Option<u64>,
    layout: String,
}

impl Found {
    /// Reads a line; `None` if it is not understood.
    fn take(&mut self, line: &str, lang: Lang) -> Option<()> {
        let (word, rest) = line.split_once(' ')?;
        match word {
            "ordinal" => self.version = rest.parse().ok()?,
            // For human readers; a differing model is detected by the result.
            "model" => {}
            "seed" => self.seed = rest.parse().ok()?,
            "release" => self.release = Some(Release::named(rest)?),
            "versus" => self.versus = Some(Release::named(rest)?),
            "edit" => {
                self.manifest = unescape(rest).into();
                self.other = Rc::clone(&self.manifest);
            }
            "other" => self.other = unescape(rest).into(),
            "do" | "stop" => self.take_input(word, rest, lang)?,
            "end" => self.end = self.end.max(Time(rest.parse().ok()?)),
            "at" => self.at = Time(rest.parse().ok()?),
            "digest" => self.digest = Some(rest.parse().ok()?),
            "layout" => self.layout = unescape(rest),
            _ => return None,
        }
        Some(())
    }

    /// Reads an input: when, in which terminal, and the line.
    fn take_input(&mut self, word: &str, rest: &str, lang: Lang) -> Option<()> {
        let (at, rest) = rest.split_once(' ')?;
        let (tab, line) = rest.split_once(' ').unwrap_or((rest, ""));
        let act = if word == "do" { Act::Line(unescape(line)) } else { Act::Interrupt };
        let tab = tab.parse().ok().filter(|tab| *tab < TABS_MOST)?;
        // Inputs never go back in time.
        let at = Time(at.parse().ok()?).max(self.inputs.last().map_or(Time(0), |last| last.at)).min(LONGEST);
        if self.inputs.len() == INPUTS_MOST {
            return None;
        }
        self.inputs.push(Input { at, act, manifest: Rc::clone(&self.manifest), lang, tab });
        self.others.push(Rc::clone(&self.other));
        self.end = self.end.max(at);
        Some(())
    }
}

/// A text as a single line.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r")
}

/// The inverse of [`escape`].
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
