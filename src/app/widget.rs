//! Small things that many components draw.

use std::time::Duration;

use leptos::prelude::*;
use ordinal::text::Text;
use ordinal::view::{Mark, Piece, Prose};

use crate::app::preferences::Preferences;
use crate::app::session::Session;

/// The session that the page runs.
pub fn session() -> Session {
    expect_context()
}

/// The visitor's preferences.
pub fn preferences() -> Preferences {
    expect_context()
}

/// The words of the language chosen; reading them follows a change of language.
pub fn text() -> impl Fn() -> &'static Text + Copy + Send + Sync + 'static {
    let lang = preferences().lang;
    move || lang.get().text()
}

/// A glyph in the colour of the words around it.
pub fn glyph(id: &'static str) -> impl IntoView {
    view! { <svg class="glyph" aria-hidden="true"><use_ href=format!("#{id}")></use_></svg> }
}

/// A glyph in its own hue, which follows a mark.
pub fn sign(mark: impl Fn() -> Mark + Copy + Send + Sync + 'static) -> impl IntoView {
    view! {
        <svg class=move || format!("glyph hue-{}", mark().1.id()) aria-hidden="true">
            <use_ href=move || format!("#{}", mark().0.id())></use_>
        </svg>
    }
}

/// A sentence with its code and names.
pub fn prose(prose: Prose) -> impl IntoView {
    let piece = |piece| match piece {
        Piece::Words(words) => words.into_any(),
        Piece::Code(code) => view! { <code>{code}</code> }.into_any(),
        Piece::Name(name) => view! { <span class="name-of">{name}</span> }.into_any(),
    };
    prose.0.into_iter().map(piece).collect_view()
}

/// At most this often the page speaks by itself.
const SPEAK_EVERY: Duration = Duration::from_secs(2);

/// The one polite voice of the page: the verdict, when it changes, and not more often than an ear can bear.
#[component]
pub fn Announcer() -> impl IntoView {
    let session = session();
    let said = RwSignal::new(String::new());
    let waits = RwSignal::new(false);
    Effect::new(move |_| {
        let verdict = session.why.with(|why| why.verdict.plain());
        if verdict == said.get_untracked() || waits.get_untracked() {
            return;
        }
        said.set(verdict);
        waits.set(true);
        set_timeout(
            move || {
                waits.set(false);
                // What was held back in the meantime is said now.
                said.set(session.why.with_untracked(|why| why.verdict.plain()));
            },
            SPEAK_EVERY,
        );
    });
    view! { <p class="unseen" aria-live="polite">{said}</p> }
}
