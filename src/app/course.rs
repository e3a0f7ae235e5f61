//! The map of the course: its chapters and lessons, what is done, what comes next, and what to review.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;
use lesson::{Chapter, Lesson, course};
use text::Text;

use crate::share::enter;
use crate::widget::{preferences, say, session};

/// The element id of the map.
pub const NAMES: &str = "lessons-sheet";

/// The map, below the bar, built as HTML text.
pub fn map() -> AnyView {
    let (session, preferences) = (session(), preferences());
    let entries = move || {
        session.course.track();
        let under_way = session.lesson.with(|lesson| lesson.as_ref().map(|progress| progress.lesson.name.as_str()));
        let (lang, next) = (preferences.lang.get(), session.next_in_course().map(|lesson| lesson.name.as_str()));
        let lessons = &lang.text().lessons;
        let entry = |lesson: &Lesson| {
            let score = preferences.scores.with(|scores| scores.iter().find(|(name, _)| *name == lesson.name).map(|(_, right)| *right));
            let current = if under_way == Some(&lesson.name) { " aria-current=true" } else { "" };
            let (sign, told) = match score {
                Some(true) => ("check", lessons.done()),
                Some(false) => ("again", lessons.review()),
                None if next == Some(&lesson.name) => ("play", lessons.next_up()),
                None => ("pend", ""),
            };
            let (name, title) = (&lesson.name, lesson.title.told(lang));
            format!(
                "<button role=menuitem data-lesson={name} popovertarget={NAMES} popovertargetaction=hide{current}><svg class=glyph aria-hidden=true><use href=#{sign}></use></svg> <span>{title}</span> <small>{told}</small></button>"
            )
        };
        let chapter = |chapter: Chapter| {
            let lessons = course().iter().filter(|lesson| lesson.chapter == chapter).map(entry).collect::<String>();
            let title = title(chapter, lang.text());
            format!(
                "<section role=group aria-label=\"{title}\"><span class=\"label chapter\" aria-hidden=true>{title}</span>{lessons}</section>"
            )
        };
        let done =
            preferences.scores.with(|scores| course().iter().filter(|lesson| scores.iter().any(|(name, _)| *name == lesson.name)).count());
        let told = if course().is_empty() { lessons.on_its_way().to_owned() } else { lessons.done_of(done, course().len()) };
        format!("<p class=label>{told}</p>{}", Chapter::ALL.map(chapter).concat())
    };
    let choose = move |event: MouseEvent| {
        let entry = event.target().and_then(|target| target.dyn_into::<Element>().ok()?.closest("[data-lesson]").ok()?);
        if let Some(name) = entry.and_then(|entry| entry.get_attribute("data-lesson")) {
            // The entry's own click closes the map first; the map is redrawn after that.
            request_animation_frame(move || {
                untrack(|| session.want_lesson(Some(&name)));
                crate::lesson::show(preferences);
            });
        }
    };
    view! {
        <div popover id=NAMES class="menu sheet" role="dialog" aria-label=say(|t| t.lessons.button()) on:toggle=enter>
            <div role="menu" aria-label=say(|t| t.lessons.button()) on:click=choose inner_html=entries></div>
        </div>
    }
    .into_any()
}

/// The title of a chapter.
fn title(chapter: Chapter, text: &'static Text) -> &'static str {
    let lessons = &text.lessons;
    match chapter {
        Chapter::Identity => lessons.identity(),
        Chapter::Storage => lessons.storage(),
        Chapter::Scaling => lessons.scaling(),
        Chapter::Rollouts => lessons.rollouts(),
        Chapter::Nodes => lessons.nodes(),
    }
}
