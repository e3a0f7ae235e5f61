//! A run as it may leave the browser: without the values of Secrets, of variables, of annotations, and whatever looks like a credential.
//!
//! A value that is left out is replaced by a word, the same one wherever the run has the value, also in base64: what was equal stays equal,
//! and a replay does the same things. Texts keep their lines, and remain YAML.
//!
//! Promises: what is left out of a text does not depend on whether the text can be read; a run that was shared once leaves the same again.
//! Must not know: the browser, who receives the run.
//! Not modelled: a password that a program asks for and that stands nowhere else; names made of a value's hash, such as those of
//! Deployments' pods, which a replay makes of the word.

mod objects;
mod shell;
mod words;

use std::ops::Range;
use std::rc::Rc;

use super::History;
use super::branch::Branch;
use super::input::{Act, Input};
use crate::MAX_TERMINALS;
use api::kind::Kind;
use api::managed::LAST_APPLIED;
use base::base64;
use base::hidden::Hidden;
use base::sort::Sort;
use base::sorted::SortedSet;
use objects::About;
use server::log::Change;
use view::terminal::Voice;

/// A stretch of a text, and what takes its place.
type Cut = (Range<usize>, String);

/// How long a value is at least that is replaced wherever it stands, in bytes; and one that is replaced where it stands alone.
const ANYWHERE: usize = 6;
const ALONE: usize = 4;
/// How many digits a number has at least that is replaced wherever it stands.
const DIGITS: usize = 8;

/// A run as it may leave the browser.
#[derive(Clone, Debug)]
pub struct Shared {
    /// The run, which is not to go on: to be written as a link or a scenario.
    pub history: History,
    /// Where values were left out: kinds, names and keys, never a value.
    pub left_out: Vec<String>,
}

/// A value that is left out.
struct Known {
    value: String,
    word: String,
    /// Where a variable's value is an ordinary word, it is left out there and not everywhere.
    everywhere: bool,
    /// Where it was found first.
    name: String,
}

/// What is left out of a run.
#[derive(Default)]
struct Hide {
    hidden: Hidden,
    known: Vec<Known>,
    /// Names of values, and the places of the values.
    keys: Vec<(String, usize)>,
    /// Where values are left out.
    left_out: Vec<String>,
    /// Whether values are only learned.
    learns: bool,
    /// The fields and the names of what the run defines.
    fields: SortedSet<String>,
    given: SortedSet<String>,
    /// Files that Secrets are made of, and variables that hold values.
    files: Vec<String>,
    variables: Vec<String>,
}

impl History {
    /// The run as it may leave the browser.
    pub fn shared(&self) -> Shared {
        self.hidden().0
    }

    /// What stands in the terminal shown as it may leave the browser, and where values were left out.
    pub fn shared_terminal(&self) -> (String, Vec<String>) {
        let (shared, mut hide) = self.hidden();
        let typed = |branch: &Branch| branch.inputs.iter().map(|input| input.act.clone()).collect::<Vec<_>>();
        let (before, after) = (typed(self.branch()), typed(shared.history.branch()));
        let mut out = String::new();
        let lines = self.present.terminal().lines();
        for block in lines.chunk_by(|one, other| one.voice != Voice::Typed && other.voice != Voice::Typed) {
            let text = block.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n");
            let line = |act: &Act| if let Act::Line(line) = act { line.trim_end().len() } else { 0 };
            let is_it = |act: &Act| block[0].voice == Voice::Typed && line(act) > 0 && text.ends_with(&said(act)[..line(act)]);
            let same = before.iter().zip(&after).filter(|(act, _)| is_it(act)).max_by_key(|(act, _)| line(act));
            match same {
                Some((act, hidden)) => out.extend([&text[..text.len() - line(act)], said(hidden).trim_end()]),
                None => {
                    let mut cuts = Vec::new();
                    hide.lines(&text, 0..text.len(), &About { is_secret: false, name: String::new() }, None, &mut cuts);
                    let text = hide.plain(&cut(&text, cuts));
                    out += &hide.everywhere(&text);
                }
            }
            out.push('\n');
        }
        out.pop();
        (out, hide.told())
    }

    /// The run without what is left out, and what that is.
    fn hidden(&self) -> (Shared, Hide) {
        let mut hide = Hide::default();
        let mut history = self.clone();
        hide.look(self);
        let mut texts: Vec<(Rc<str>, String)> = Vec::new();
        let root = About { is_secret: true, name: String::new() };
        for text in self.texts() {
            if texts.iter().all(|(known, _)| *known != text) {
                let hidden = hide.objects(&text, &root);
                texts.push((text, hide.plain(&hidden)));
            }
        }
        let acts: Vec<Vec<Act>> = self.branches.iter().map(|branch| hide.acts(&branch.inputs)).collect();
        hide.learns = true;
        for branch in &self.branches {
            // Of a long run, the log of the last state has lost what the logs of earlier states still have.
            let (states, mut read) = (branch.checkpoints.states().chain([branch.head().unwrap_or(&self.present)]), 0);
            for log in states.map(|state| state.sim().log()) {
                log.from(log.first().max(read)).for_each(|change| hide.written(change));
                read = log.len().max(read);
            }
        }
        hide.learns = false;
        let texts: Vec<(Rc<str>, Rc<str>)> = texts.into_iter().map(|(text, hidden)| (text, hide.everywhere(&hidden).into())).collect();
        let of = |text: &str| texts.iter().find(|(known, _)| **known == *text).map_or_else(|| "".into(), |(_, hidden)| Rc::clone(hidden));
        for (branch, acts) in history.branches.iter_mut().zip(acts) {
            branch.text = branch.text.as_deref().map(|text| of(text).to_string());
            for (input, act) in branch.inputs.iter_mut().zip(acts) {
                input.manifest = of(&input.manifest);
                input.act = match act {
                    Act::Line(line) => Act::Line(hide.everywhere(&line)),
                    Act::Save(changes) => Act::Save(hide.everywhere(&changes)),
                    Act::Interrupt => Act::Interrupt,
                };
            }
        }
        if let Some(start) = &mut history.standing {
            start.text = of(&start.text);
        }
        history.present.put_manifest(&of(self.present.manifest()));
        let is_same = |(own, shared): (&Branch, &Branch)| own.inputs == shared.inputs && own.text == shared.text;
        let texts_differ = texts.iter().any(|(text, hidden)| text != hidden);
        history.is_shared = texts_differ || !self.branches.iter().zip(&history.branches).all(is_same);
        let left_out = hide.told();
        (Shared { history, left_out }, hide)
    }

    /// All texts with objects: of the editor, and of what stood at the start.
    fn texts(&self) -> impl Iterator<Item = Rc<str>> {
        let own = self.branches.iter().filter_map(|branch| branch.text.as_deref()).chain([self.present.manifest()]).map(Rc::from);
        let inputs = self.branches.iter().flat_map(|branch| &branch.inputs).map(|input| Rc::clone(&input.manifest));
        self.standing.iter().map(|start| Rc::clone(&start.text)).chain(inputs).chain(own)
    }
}

/// The text of an act.
fn said(act: &Act) -> &str {
    match act {
        Act::Line(text) | Act::Save(text) => text,
        Act::Interrupt => "",
    }
}

impl Hide {
    /// Learns what the run names, and which words stand in it already.
    fn look(&mut self, history: &History) {
        let mut last: Option<Rc<str>> = None;
        for text in history.texts() {
            if last.as_ref() != Some(&text) {
                self.hidden.skip_words_of(&text);
                self.learn(&text);
            }
            last = Some(text);
        }
        for input in history.branches.iter().flat_map(|branch| &branch.inputs) {
            self.hidden.skip_words_of(said(&input.act));
            if let Act::Line(line) = &input.act {
                self.learn_line(line);
            }
        }
        for kind in history.head().tables().kinds() {
            for object in history.head().tables().all(kind) {
                self.learn_name(&object.meta().name);
                self.learn_name(&object.meta().namespace);
            }
        }
    }

    /// What was done on a branch, without what is left out.
    fn acts(&mut self, inputs: &[Input]) -> Vec<Act> {
        let mut acts: Vec<Act> = inputs.iter().map(|input| input.act.clone()).collect();
        for tab in 0..MAX_TERMINALS {
            let of_tab: Vec<usize> = (0..acts.len()).filter(|at| inputs[*at].tab == tab).collect();
            let typed = |at: &&usize| matches!(inputs[**at].act, Act::Line(_));
            let session = of_tab.iter().filter(typed).map(|at| said(&inputs[*at].act)).collect::<Vec<_>>().join("\n");
            let hidden = self.session(&session);
            let mut rest = hidden.split('\n');
            let mut before = "";
            for at in of_tab {
                match &inputs[at].act {
                    Act::Line(line) => {
                        let lines: Vec<&str> = rest.by_ref().take(line.matches('\n').count() + 1).collect();
                        // By itself, too: what was typed before may have been for somebody who reads quotation marks otherwise.
                        acts[at] = Act::Line(self.session(&lines.join("\n")));
                        before = line;
                    }
                    Act::Save(changes) => acts[at] = Act::Save(self.changes(changes, before.contains("secret"))),
                    Act::Interrupt => {}
                }
            }
        }
        acts
    }

    /// The changes that an editor made, as `diff -u` writes them, to a Secret or another object.
    fn changes(&mut self, changes: &str, is_secret: bool) -> String {
        let (mut body, mut cuts, mut start) = (String::new(), Vec::new(), 0);
        for line in changes.split_inclusive('\n') {
            if let Some(rest) = line.strip_prefix(['+', '-', ' ']) {
                body.push(' ');
                body += rest;
            } else {
                body += &" ".repeat(line.trim_end().len());
                body += &line[line.trim_end().len()..];
            }
        }
        let about = About { is_secret, name: String::new() };
        for hunk in changes.split_inclusive("\n@@") {
            self.lines(&body, start..start + hunk.len(), &about, is_secret.then_some(2), &mut cuts);
            start += hunk.len();
        }
        let hidden = cut(changes, cuts);
        self.plain(&hidden)
    }

    /// Learns the values of an object that was written.
    fn written(&mut self, change: &Change) {
        let kinds = [Kind::Secret, Kind::StatefulSet, Kind::Deployment, Kind::DaemonSet, Kind::Job, Kind::CronJob, Kind::Pod];
        let is_owned = change.object().is_some_and(|object| !object.meta().owners.is_empty());
        if let Some(object) = change.after.as_ref().filter(|_| kinds.contains(&change.key.kind) && !is_owned) {
            let mut value = object.encode();
            value.remove(&["metadata", "annotations", LAST_APPLIED]);
            self.objects(&value.to_json(), &About { is_secret: false, name: String::new() });
        }
    }

    /// Leaves a value out: the word in its place. `is_sure` of what is not an ordinary word.
    fn hide(&mut self, name: &str, value: &str, is_sure: bool) -> String {
        let value = value.trim();
        let word = self.hidden.word(value);
        if word == value {
            return word;
        }
        let at = self.known.iter().position(|known| known.word == word).unwrap_or_else(|| {
            self.known.push(Known { value: value.to_owned(), word: word.clone(), everywhere: false, name: name.to_owned() });
            self.known.len() - 1
        });
        self.known[at].everywhere |= is_sure;
        let key = name.rsplit(' ').next().unwrap_or_default();
        if !self.keys.iter().any(|(known, of)| known == key && *of == at) {
            self.keys.push((key.to_owned(), at));
        }
        self.tell(name.to_owned());
        word
    }

    /// Notes where something was left out.
    fn tell(&mut self, name: String) {
        if !self.learns && !self.left_out.contains(&name) {
            self.left_out.push(name);
        }
    }

    /// Where values are left out, each place once: what is named with its object stands for what is named alone.
    fn told(&self) -> Vec<String> {
        let is_told = |name: &String| self.left_out.iter().any(|other| other.len() > name.len() && other.ends_with(&format!(" {name}")));
        self.left_out.iter().filter(|name| !name.is_empty() && !is_told(name)).cloned().collect()
    }

    /// A text without what looks like a credential in it.
    fn plain(&mut self, text: &str) -> String {
        let mut found = words::find(text);
        found.sort_small_by_key(|(range, _)| range.start);
        let mut cuts: Vec<Cut> = Vec::new();
        for (range, name) in found {
            match cuts.last_mut() {
                Some((last, _)) if range.start < last.end => last.end = last.end.max(range.end),
                _ => cuts.push((range, name)),
            }
        }
        for (range, name) in &mut cuts {
            *name = self.hide(name, &text[range.clone()], true);
        }
        cut(text, cuts)
    }

    /// A text with the words in the place of all values that are known by now.
    fn everywhere(&mut self, text: &str) -> String {
        let mut text = text.to_owned();
        let mut longest: Vec<usize> = (0..self.known.len()).filter(|at| self.is_odd(&self.known[*at])).collect();
        longest.sort_small_by_key(|at| usize::MAX - self.known[*at].value.len());
        for at in longest {
            let known = &self.known[at];
            let mut is_found = false;
            for (form, word) in forms(&known.value, &known.word) {
                is_found |= replace(&mut text, &form, &word, form.len() < ANYWHERE);
            }
            if is_found {
                self.tell(known.name.clone());
            }
        }
        for (key, at) in self.keys.iter().filter(|(key, _)| !key.is_empty() && !self.fields.contains(key)) {
            let known = &self.known[*at];
            if text.contains(key.as_str()) {
                for (form, word) in forms(&known.value, &known.word) {
                    replace_after(&mut text, key, &form, &word);
                }
            }
        }
        text
    }

    /// Whether a value is replaced wherever it stands.
    fn is_odd(&self, known: &Known) -> bool {
        let value = known.value.as_str();
        let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
        let is_long = value.len() >= if is_number { DIGITS } else { ALONE };
        known.everywhere && is_long && !known.word.contains(value) && !self.given.contains(value) && !self.fields.contains(value)
    }
}

/// The ways in which a value is written, each with its word. A value of several lines may stand line by line.
fn forms(value: &str, word: &str) -> Vec<(String, String)> {
    let encoded = |text: &str| base64::encode(text.as_bytes());
    let bare = |text: &str| encoded(text).trim_end_matches('=').to_owned();
    let json = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let percent = value.bytes().map(|byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    });
    let mut forms = vec![(value.to_owned(), word.to_owned())];
    for (form, word) in [
        (json(value), word.to_owned()),
        (json(&json(value)), word.to_owned()),
        (value.replace('\'', "''"), word.to_owned()),
        (percent.collect(), word.to_owned()),
        (encoded(&format!("{value}\n")), encoded(&format!("{word}\n"))),
        (encoded(value), encoded(word)),
        (bare(value), bare(word)),
    ] {
        if forms.iter().all(|(known, _)| *known != form) {
            forms.push((form, word));
        }
    }
    let lines = value.lines().map(str::trim).filter(|line| line.len() > ANYWHERE && *line != value);
    forms.extend(lines.map(|line| (line.to_owned(), word.to_owned())));
    forms
}

/// Replaces what stands somewhere in a text; `alone` only where it is no part of a longer word. Whether it stands anywhere.
fn replace(text: &mut String, what: &str, word: &str, alone: bool) -> bool {
    let is_part = |c: Option<char>| alone && c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let ends = |at: usize| at + what.len();
    let places = text.match_indices(what).map(|(at, _)| at);
    let fits = |at: &usize| !is_part(text[..*at].chars().next_back()) && !is_part(text[ends(*at)..].chars().next());
    let cuts: Vec<Cut> = places.filter(fits).map(|at| (at..ends(at), word.to_owned())).collect();
    let is_found = !cuts.is_empty();
    if is_found {
        *text = cut(text, cuts);
    }
    is_found
}

/// Replaces a value where it stands behind its name: `NAME=x`, `"name": "NAME", "value": "x"`.
fn replace_after(text: &mut String, key: &str, value: &str, word: &str) {
    let between = |c: char| c.is_whitespace() || "\"':=,\\-".contains(c);
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let mut cuts = Vec::new();
    for (at, _) in text.match_indices(key) {
        let from = at + key.len();
        let rest = text[from..].trim_start_matches(between);
        let rest = rest.strip_prefix("value").map_or(rest, |rest| rest.trim_start_matches(between));
        let start = text.len() - rest.len();
        let is_whole = start > from && !text[..at].ends_with(is_part);
        if is_whole && rest.starts_with(value) && !rest[value.len()..].starts_with(is_part) {
            cuts.push((start..start + value.len(), word.to_owned()));
        }
    }
    if !cuts.is_empty() {
        *text = cut(text, cuts);
    }
}

/// A text with other stretches in the place of some; of those that overlap the first.
fn cut(text: &str, mut cuts: Vec<Cut>) -> String {
    cuts.sort_small_by_key(|(range, _)| (range.start, usize::MAX - range.end));
    let (mut out, mut done) = (String::with_capacity(text.len()), 0);
    for (range, word) in cuts {
        if range.start >= done {
            out.push_str(&text[done..range.start]);
            out.push_str(&word);
            done = range.end;
        }
    }
    out.push_str(&text[done..]);
    out
}
