//! The greeting of a first visit.

use leptos::prelude::*;
use view::terminal::Voice;
use view::why::Why;

use crate::session::{Session, Told};
use crate::widget::{glyph, live, preferences, say, session, sign, text};
use crate::words::sentence;

/// The greeting of a first visit: one sentence, what happens now, and four ways in. It disappears with the visitor's first action.
#[component]
pub fn Hello() -> impl IntoView {
    let (session, preferences, text) = (session(), preferences(), text());
    let typed = move || session.terminal.with(|lines| lines.iter().filter(|line| line.voice == Voice::Typed).count());
    Effect::new(move |before: Option<usize>| {
        let done = (typed() + usize::from(session.asks())).saturating_sub(session.intro.get().typed);
        if before.is_some_and(|before| done > before.max(1)) {
            preferences.settle();
        }
        done
    });
    let story = Memo::new(move |_| session.why.with(Why::story));
    let verdict = move |at: usize| story.with(|story| story.get(at).map(|(_, words)| sentence(words.clone())));
    // What the story tells of its own, or the first sentence of Why and the second.
    let told = move |at: usize| match session.intro.get().told() {
        Told::Nothing => verdict(at),
        _ if at > 0 => None,
        Told::Written => Some(text().hello.written().into_any()),
        Told::Returns => Some(text().hello.returns().into_any()),
        Told::ReturnsNot => Some(text().hello.returns_not().into_any()),
        Told::Ended => Some(text().hello.ended().into_any()),
    };
    let has_ended = move || session.intro.get().told() == Told::Ended;
    // The next step is the first lesson, as soon as the course is there.
    let first_lesson = move || {
        session.course.track();
        session.next_in_course().map(|lesson| lesson.title.told(preferences.lang.get()))
    };
    let next = move || has_ended().then(first_lesson).flatten();
    let start = move || next().map_or_else(|| text().hello.start().to_owned(), |title| text().lessons.next(title));
    let mark = move || story.with(|story| story.first().map(|(mark, _)| sign(*mark)));
    view! {
        <section class="hello" aria-label=say(|t| t.bar.tagline())>
            <div class="grow">
                <h1>{say(|t| t.hello.title())}</h1>
                <p>{mark} <span><b>{live(move || told(0))}</b> " " <span class="wide">{live(move || told(1))}</span> " " {live(move || if has_ended() { again(session) } else { text().hello.here().into_any() })}</span></p>
            </div>
            <div class="doors">
                <button class="button primary door" on:click=move |_| crate::lesson::go_on(session, preferences)>{live(start)}</button>
                {crate::bar::doors(session)}
            </div>
        </section>
    }
}

/// The button that tells the story once more.
fn again(session: Session) -> AnyView {
    view! { <button class="button" id="once-more" on:click=move |_| session.tell_again()>{glyph("again")} {say(|t| t.hello.again())}</button> }.into_any()
}
