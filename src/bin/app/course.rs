//! The map of the course: its chapters and lessons, what is done, what comes next, and what to review.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;
use lesson::{Chapter, Lesson, course, minutes, short_path};
use text::Text;

use crate::focus::focus;
use crate::share::enter;
use crate::widget::{preferences, say, session};

/// The element id of the map.
pub const NAMES: &str = "lessons-sheet";

/// The map, below the bar, built as HTML text.
pub fn map() -> AnyView {
    let (session, preferences) = (session(), preferences());
    let unfolded = RwSignal::new(false);
    let entries = move || {
        session.course.track();
        let under_way = session.lesson.with(|lesson| lesson.as_ref().map(|progress| progress.lesson.name.as_str()));
        let (lang, next) = (preferences.lang.get(), session.next_in_course().map(|lesson| lesson.name.as_str()));
        let lessons = &lang.text().lessons;
        let entry = |lesson: &Lesson| {
            let score = preferences.scores.with(|scores| scores.of(&lesson.name));
            let is_next = next == Some(&lesson.name);
            let (is_predicted, is_done) = score.map_or((false, false), |score| (score.predicted == Some(true), score.done));
            let sign = if is_done {
                "check"
            } else if is_next {
                "play"
            } else if score.is_some() {
                "run"
            } else {
                "pend"
            };
            let marks = [is_predicted.then(|| lessons.foreseen()), is_done.then(|| lessons.done()), is_next.then(|| lessons.next_up())];
            let told = marks.into_iter().flatten().collect::<Vec<_>>().join(" · ");
            let current = if under_way == Some(&lesson.name) { " aria-current=true" } else { "" };
            let (name, title) = (&lesson.name, lesson.title.told(lang));
            format!(
                "<button role=menuitem data-lesson={name} popovertarget={NAMES} popovertargetaction=hide{current}><svg class=glyph aria-hidden=true><use href=#{sign}></use></svg> <span>{title}</span> <small>{told}</small></button>"
            )
        };
        let section = |title: &str, of: &[&Lesson]| {
            let of = of.iter().map(|lesson| entry(lesson)).collect::<String>();
            format!(
                "<section role=group aria-label=\"{title}\"><span class=\"label chapter\" aria-hidden=true>{title}</span>{of}</section>"
            )
        };
        let (short, rest) = course().split_at(short_path().len());
        let chapter = |chapter: Chapter| {
            let of: Vec<_> = rest.iter().filter(|lesson| lesson.chapter == chapter).collect();
            section(&lessons.lasts(title(chapter, lang.text()), minutes(of.iter().copied())), &of)
        };
        let first = section(&lessons.short_path(short.len(), minutes(short)), &short.iter().collect::<Vec<_>>());
        let done = preferences
            .scores
            .with(|scores| course().iter().filter(|lesson| scores.of(&lesson.name).is_some_and(|score| score.done)).count());
        if course().is_empty() {
            return format!("<p class=label>{}</p>", lessons.on_its_way());
        }
        // Whoever is in them, or comes to them next, sees the others too.
        let is_here = |lesson: &Lesson| [under_way, next].contains(&Some(&lesson.name));
        let is_open = unfolded.get() || rest.iter().any(is_here);
        let more = if is_open {
            String::new()
        } else {
            format!("<button role=menuitem data-more>{}</button>", lang.text().cluster.more(rest.len()))
        };
        let rest = format!("<div role=presentation{}>{}</div>", if is_open { "" } else { " hidden" }, Chapter::ALL.map(chapter).concat());
        format!("<p class=label>{}</p>{first}{more}{rest}", lessons.done_of(done, course().len()))
    };
    let choose = move |event: MouseEvent| {
        let pressed = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let within = |selector: &str| pressed.as_ref().and_then(|pressed| pressed.closest(selector).ok()?);
        if within("[data-more]").is_some() {
            unfolded.set(true);
            request_animation_frame(|| focus(".sheet [role=presentation] button"));
        }
        let entry = within("[data-lesson]");
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
