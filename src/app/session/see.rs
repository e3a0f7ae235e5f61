//! What is seen on request: what changed in an object since an instant that was marked.

use api::object::ObjectKey;
use leptos::prelude::*;
use view::changes::{self, Changes};
use view::timeline::clock;

use super::Session;
use super::ask::Selection;

impl Session {
    /// Marks the shown instant, with which others are compared, or takes the mark away that is there.
    pub fn mark(self) {
        let at = Some(self.clock.get_untracked()).filter(|_| !untrack(|| self.is_marked()));
        let words = &self.lang.get_untracked().text().see;
        self.marked.set(at);
        self.news.set(at.map(|at| words.marked(&clock(at))).unwrap_or_default());
    }

    /// Whether the shown instant is the marked one.
    pub fn is_marked(self) -> bool {
        self.marked.get() == Some(self.clock.get())
    }

    /// What changed in the selected object between the marked instant and the shown one, whichever is earlier; or since the last command.
    pub fn changes(self) -> Option<Changes> {
        let (lang, marked) = (self.lang.get(), self.marked.get());
        let key = match self.selection.get_untracked()? {
            Selection::Identity(identity) => {
                ObjectKey::new(api::kind::Kind::Pod, &identity.namespace.as_str().into(), &identity.pod.as_str().into())
            }
            Selection::Question(question) => question.key()?.clone(),
        };
        Some(self.run.with_value(|run| {
            let (head, shown) = (run.head().snapshot(lang), run.present().now());
            let other = marked.unwrap_or_else(|| changes::reference(&head, &key, shown));
            changes::between(&head, &key, other.min(shown), other.max(shown))
        }))
    }
}
