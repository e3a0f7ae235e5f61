//! A run without its branches: what links, copied sessions and lessons keep.

use std::rc::Rc;

use super::input::{Act, Input};
use base::time::Time;
use text::Lang;

/// What was done, and how far it went.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// The text in the editor after the last input.
    pub manifest: Rc<str>,
    /// What was done, oldest first.
    pub inputs: Vec<Input>,
    pub end: Time,
}

impl Run {
    /// Adds an input, with the text in the editor. Inputs never go back in time.
    pub fn push(&mut self, at: Time, tab: usize, act: Act, lang: Lang) {
        let at = at.max(self.inputs.last().map_or(Time(0), |last| last.at));
        self.inputs.push(Input { at, act, manifest: Rc::clone(&self.manifest), lang, tab });
        self.end = self.end.max(at);
    }
}

/// The inputs, each with the text that replaced the editor's before it, which was `editor` at first.
pub(super) fn with_edits<'a>(inputs: &'a [Input], mut editor: &'a str) -> impl Iterator<Item = (Option<&'a str>, &'a Input)> {
    inputs.iter().map(move |input| {
        let before = std::mem::replace(&mut editor, &input.manifest);
        ((before != editor).then_some(editor), input)
    })
}
