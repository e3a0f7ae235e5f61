//! A run as it may leave the browser: without the values of Secrets, of variables, of annotations, and whatever looks like a credential.
//!
//! Values are found behind their names ([`pairs`]), by what they look like ([`words`]), and in the Secrets and variables that the run ever
//! had. Each is replaced wherever the run has it, also in base64, by a word, the same one for the same value:
//! what was equal stays equal, and a replay does the same things. Texts keep their lines, and remain YAML.
//!
//! Promises: what is left out of a text does not depend on whether the text can be read; a run that was shared once leaves the same again.
//! Must not know: the browser, who receives the run, what a shell does with a line.
//! Not modelled: a password that a program asks for and that stands nowhere else; names made of a value's hash, such as those of
//! Deployments' pods, which a replay makes of the word.

mod known;
mod looks;
mod pairs;
mod session;
mod words;

use std::rc::Rc;

use super::History;
use super::branch::Branch;
use super::input::{Act, Input};
use crate::MAX_TERMINALS;
use api::kind::Kind;
use api::managed::LAST_APPLIED;
use known::{Hide, named};
use pairs::Reading;
use server::log::Change;
use view::terminal::Voice;

/// A run as it may leave the browser.
#[derive(Clone, Debug)]
pub struct Shared {
    /// The run, which is not to go on: to be written as a link or a scenario.
    pub history: History,
    /// Where values were left out: kinds, names and keys, never a value.
    pub left_out: Vec<String>,
}

impl History {
    /// The run as it may leave the browser.
    pub fn shared(&self) -> Shared {
        self.hidden().0
    }

    /// What stands in the terminal shown as it may leave the browser, and where values were left out.
    pub fn shared_terminal(&self) -> (String, Vec<String>) {
        let (_, mut hide) = self.hidden();
        let mut blocks = Vec::new();
        for block in self.present.terminal().lines().chunk_by(|one, other| (one.voice == Voice::Typed) == (other.voice == Voice::Typed)) {
            let text = block.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n");
            let hidden = if block[0].voice == Voice::Typed { hide.session(&text) } else { hide.printed(&text) };
            blocks.push(hide.everywhere(&hidden));
        }
        (blocks.join("\n"), hide.told())
    }

    /// A text beside the run, such as the file of a lesson, as it may leave the browser, and where values were left out.
    pub fn shared_text(&self, text: &str) -> (String, Vec<String>) {
        let (_, mut hide) = self.hidden();
        hide.hidden.skip_words_of(text);
        hide.learn_names(text);
        let hidden = hide.printed(text);
        (hide.everywhere(&hidden), hide.told())
    }

    /// The run without what is left out, and what that is.
    fn hidden(&self) -> (Shared, Hide) {
        let mut hide = Hide::default();
        let mut history = self.clone();
        hide.look(self);
        let mut texts: Vec<(Rc<str>, String)> = Vec::new();
        for text in self.texts() {
            if texts.iter().all(|(known, _)| *known != text) {
                let hidden = hide.printed(&text);
                texts.push((text, hidden));
            }
        }
        for branch in &mut history.branches {
            hide.acts(&mut branch.inputs);
        }
        hide.learns = true;
        for branch in &self.branches {
            // Of a long run, the log of the last state has lost what the logs of earlier states still have.
            let (states, mut read) = (branch.checkpoints.states().chain([branch.head().unwrap_or(&self.present)]), 0);
            for log in states.map(|state| state.sim().log()) {
                log.from(log.first().max(read)).for_each(|change| hide.learn_written(change));
                read = log.len().max(read);
            }
        }
        hide.learns = false;
        let texts: Vec<(Rc<str>, Rc<str>)> = texts.into_iter().map(|(text, hidden)| (text, hide.everywhere(&hidden).into())).collect();
        let of = |text: &str| texts.iter().find(|(known, _)| **known == *text).map_or_else(|| "".into(), |(_, hidden)| Rc::clone(hidden));
        for branch in &mut history.branches {
            branch.text = branch.text.as_deref().map(|text| of(text).to_string());
            for input in &mut branch.inputs {
                input.manifest = of(&input.manifest);
                if let Act::Line(text) | Act::Queue(text) | Act::Save(text) = &mut input.act {
                    *text = hide.everywhere(text);
                }
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
fn text_of(act: &Act) -> &str {
    match act {
        Act::Line(text) | Act::Queue(text) | Act::Save(text) => text,
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
                self.learn_names(&text);
            }
            last = Some(text);
        }
        for branch in &history.branches {
            (0..MAX_TERMINALS).for_each(|tab| self.learn_session(&session_of(&branch.inputs, tab)));
            branch.inputs.iter().for_each(|input| self.hidden.skip_words_of(text_of(&input.act)));
        }
        for kind in history.head().tables().kinds() {
            for object in history.head().tables().all(kind) {
                self.learn_name(&object.meta().name);
                self.learn_name(&object.meta().namespace);
            }
        }
    }

    /// Learns the values of an object that was written.
    fn learn_written(&mut self, change: &Change) {
        let kinds = [Kind::Secret, Kind::StatefulSet, Kind::Deployment, Kind::DaemonSet, Kind::Job, Kind::CronJob, Kind::Pod];
        let is_owned = change.object().is_some_and(|object| !object.meta().owners.is_empty());
        if let Some(object) = change.after.as_ref().filter(|_| kinds.contains(&change.key.kind) && !is_owned) {
            let mut value = object.encode();
            value.remove(&["metadata", "annotations", LAST_APPLIED]);
            let text = value.to_json();
            self.replace(&text, named(Reading { text: &text, ..Reading::default() }));
        }
    }

    /// Takes what is left out from what was done on a branch.
    fn acts(&mut self, inputs: &mut [Input]) {
        for tab in 0..MAX_TERMINALS {
            let hidden = self.session(&session_of(inputs, tab));
            let mut rest = hidden.split('\n');
            let mut is_of_secret = false;
            for input in inputs.iter_mut().filter(|input| input.tab == tab) {
                match &mut input.act {
                    Act::Line(line) | Act::Queue(line) => {
                        is_of_secret = line.contains("secret");
                        *line = rest.by_ref().take(line.matches('\n').count() + 1).collect::<Vec<_>>().join("\n");
                    }
                    Act::Save(changes) => *changes = self.changes(changes, is_of_secret),
                    Act::Interrupt => {}
                }
            }
        }
    }
}

/// What was typed into a terminal, line by line.
fn session_of(inputs: &[Input], tab: usize) -> String {
    let lines = inputs.iter().filter(|input| input.tab == tab && input.act.line().is_some());
    lines.map(|input| text_of(&input.act)).collect::<Vec<_>>().join("\n")
}
