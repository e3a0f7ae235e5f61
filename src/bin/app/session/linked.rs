//! The state of links: the tokens in question.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos::web_sys::CssStyleSheet;

/// For this long after following a link, changes of focus do not count as looking elsewhere. In milliseconds.
const MOVING: u32 = 150;

/// The state of links: the tokens in question.
#[derive(Clone, Copy)]
pub struct Links {
    /// The token under the pointer.
    pub pointed: RwSignal<Option<String>>,
    /// The token with the focus.
    pub focused: RwSignal<Option<String>>,
    /// The token whose links are being stepped through.
    pub anchor: RwSignal<Option<String>>,
    /// The index of the link visited last.
    pub at: StoredValue<usize>,
    /// Runs while a change of focus does not count as looking elsewhere.
    pub moving: StoredValue<Option<Timeout>, LocalStorage>,
    /// Notified when lines of the editor were drawn.
    pub drawn: Trigger,
    /// The style sheet of the highlighting rule, and the rule's index in it.
    pub rule: StoredValue<Option<(CssStyleSheet, u32)>, LocalStorage>,
}

impl Links {
    /// The initial state, with nothing highlighted.
    pub fn new() -> Links {
        Links {
            pointed: RwSignal::new(None),
            focused: RwSignal::new(None),
            anchor: RwSignal::new(None),
            at: StoredValue::new(0),
            moving: StoredValue::new_local(None),
            drawn: Trigger::new(),
            rule: StoredValue::new_local(None),
        }
    }

    /// Says that lines of the editor were drawn: another one may be in the place of one in question.
    pub fn drawn(self) {
        self.drawn.notify();
    }

    /// Lets the following code move the focus without counting as looking elsewhere.
    pub fn moves(self) {
        self.moving.set_value(Some(Timeout::new(MOVING, move || self.moving.set_value(None))));
    }
}
