//! What a visitor does to a run, and doing it to a state.

use std::rc::Rc;

use crate::Playground;
use crate::applied::applies_text;
use base::time::Time;
use text::Lang;

/// An action of the visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Typed a line that runs beside what is under way.
    Line(String),
    /// Typed a line that waits for the end of what is under way.
    Queue(String),
    /// Interrupted the running commands.
    Interrupt,
    /// Closed the editor that a command had opened, after these changes to its text, as `diff -u` writes them.
    Save(String),
}

impl Act {
    /// The line that was typed, if one was.
    pub fn line(&self) -> Option<&str> {
        if let Act::Line(line) | Act::Queue(line) = self { Some(line) } else { None }
    }
}

/// An input to the cluster from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// When.
    pub at: Time,
    /// What was done.
    pub act: Act,
    /// The text in the editor at that time.
    pub manifest: Rc<str>,
    /// The language of the playground's replies.
    pub lang: Lang,
    /// The terminal in which it was done.
    pub tab: usize,
}

/// Does what is long of an input to a state and changes nothing there, for as long as `go_on` allows; whether all is done.
pub(super) fn prepare(state: &mut Playground, input: &Input, go_on: &mut dyn FnMut() -> bool) -> bool {
    !input.act.line().is_some_and(applies_text) || state.look_ahead(&input.manifest, input.lang, go_on)
}

/// Applies an input to a state.
pub fn perform(state: &mut Playground, input: &Input) {
    let (_, shown) = state.tabs();
    state.choose_tab(input.tab);
    match &input.act {
        Act::Line(line) => {
            state.put_manifest(&input.manifest);
            state.type_line(line, input.lang);
        }
        Act::Queue(line) => {
            state.put_manifest(&input.manifest);
            state.queue_line(line, input.lang);
        }
        Act::Interrupt => state.interrupt(),
        Act::Save(text) => state.save(text),
    }
    state.choose_tab(shown);
}
