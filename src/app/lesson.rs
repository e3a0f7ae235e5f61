//! The greeting of a first visit, and the lessons: predict, run, reveal.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;
use lesson::{Claim, Lesson, Phase, Progress, course};
use text::Lang;
use view::Prose;
use view::terminal::Voice;
use view::why::Why;

use crate::keyboard::{focus, is_nowhere, is_within};
use crate::preferences::{Left, Preferences, Tab};
use crate::session::Session;
use crate::share::enter;
use crate::widget::{bring, glyph, live, preferences, prose, say, session, sign, text};

/// The element id of the menu of lessons.
pub const NAMES: &str = "lessons-sheet";

/// The greeting of a first visit: one sentence, what happens now, and three ways in. It disappears with the visitor's first action.
#[component]
pub fn Hello() -> impl IntoView {
    let (session, preferences) = (session(), preferences());
    let typed = move || session.terminal.with(|lines| lines.iter().filter(|line| line.voice == Voice::Typed).count());
    Effect::new(move |before: Option<usize>| {
        let done = typed() + usize::from(session.asks());
        if before.is_some_and(|before| done > before.max(1)) {
            preferences.settle();
        }
        done
    });
    let story = Memo::new(move |_| session.why.with(Why::story));
    let told = move |at: usize| story.with(|story| story.get(at).map(|(_, words)| prose(words.clone())));
    let mark = move || story.with(|story| story.first().map(|(mark, _)| sign(*mark)));
    let paste = move |_| crate::editor::enter(session, preferences);
    view! {
        <section class="hello" aria-label=say(|t| t.bar.tagline())>
            <div class="grow">
                <h1>{say(|t| t.hello.title())}</h1>
                <p>{mark} <span><b>{live(move || told(0))}</b> " " <span class="wide">{live(move || told(1))}</span> " " {say(|t| t.hello.here())}</span></p>
            </div>
            <div class="doors">
                <button class="button primary door" on:click=move |_| begin(session, preferences, 0)>{say(|t| t.hello.start())}</button>
                <button class="button door" on:click=paste>{say(|t| t.hello.paste())} <kbd>"Y"</kbd></button>
                <button class="button door" on:click=move |_| session.stop_node_and_watch()>{say(|t| t.hello.stop())} <kbd>"X"</kbd></button>
            </div>
        </section>
    }
}

/// Opens the pane and begins a lesson.
pub fn begin(session: Session, preferences: Preferences, at: usize) {
    session.begin_lesson(at);
    show(preferences);
    crate::links::show_start(".lesson-body");
}

fn show(preferences: Preferences) {
    preferences.manifest_open.set(true);
    preferences.left.set(Left::Lesson);
    crate::keyboard::go(preferences, Tab::Manifest, ".lesson");
}

/// Shows the current lesson, or begins the first.
pub fn go_on(session: Session, preferences: Preferences) {
    if session.lesson.with_untracked(Option::is_none) {
        return begin(session, preferences, 0);
    }
    show(preferences);
}

/// The menu of lessons below the bar, built as HTML text.
pub fn names() -> AnyView {
    let (session, preferences) = (session(), preferences());
    let entries = move || {
        let under_way = session.lesson.with(|lesson| lesson.map(|lesson| lesson.at));
        let lang = preferences.lang.get();
        let entry = |(at, lesson): (usize, &Lesson)| {
            let current = if under_way == Some(at) { " aria-current=true" } else { "" };
            let (number, title) = (at + 1, lesson.title.told(lang));
            format!(
                "<button role=menuitem data-at={at} popovertarget={NAMES} popovertargetaction=hide{current}><span><b>{number}</b> {title}</span></button>"
            )
        };
        course().iter().enumerate().map(entry).collect::<String>()
    };
    let choose = move |event: MouseEvent| {
        let entry = event.target().and_then(|target| target.dyn_into::<Element>().ok()?.closest("[data-at]").ok()?);
        if let Some(at) = entry.and_then(|entry| entry.get_attribute("data-at")?.parse().ok()) {
            // The entry's own click closes the menu first; it is redrawn after that.
            request_animation_frame(move || begin(session, preferences, at));
        }
    };
    view! {
        <div popover id=NAMES class="menu sheet" role="dialog" aria-label=say(|t| t.lessons.button()) on:toggle=enter>
            <div role="menu" aria-label=say(|t| t.lessons.button()) on:click=choose inner_html=entries></div>
        </div>
    }
    .into_any()
}

/// The tabs of the left region, during a lesson.
pub fn tabs() -> AnyView {
    let left = preferences().left;
    let tab = move |value: Left, label: Signal<&'static str>| {
        let chosen = move || (left.get() == value).to_string();
        view! { <button role="tab" aria-selected=chosen on:click=move |_| left.set(value)>{label}</button> }.into_any()
    };
    view! {
        <div class="tabs" role="tablist">
            {tab(Left::Lesson, say(|t| t.lessons.title()))}
            {tab(Left::Manifest, say(|t| t.manifest.title()))}
        </div>
    }
    .into_any()
}

/// The pane of the lesson, in place of the manifest.
#[component]
pub fn Lesson() -> impl IntoView {
    let (session, preferences) = (session(), preferences());
    move || {
        let progress = session.lesson.get()?;
        let next = match progress.phase {
            Phase::Predict if progress.chosen.is_some() => "#lock",
            Phase::Reveal { .. } => ".lesson [role=status]",
            _ => ".lesson",
        };
        if is_nowhere() || is_within(".lesson") {
            request_animation_frame(move || focus(next));
        }
        let lang = preferences.lang.get();
        let (lessons, lesson) = (&lang.text().lessons, progress.lesson());
        Some(view! {
            <aside class="lesson" aria-label=lessons.title() tabindex="-1">
                <div class="pane-head">
                    {tabs()}
                    <span class="grow"></span>
                    <span class="label">{lessons.of(progress.at + 1, course().len())}</span>
                    <button class="button quiet icon" aria-label=lessons.last() title=lessons.last() on:click=move |_| session.leave_lesson()>{glyph("cross")}</button>
                </div>
                <div class="lesson-body">
                    {bars(progress.at, lang)}
                    <h2>{lesson.title.told(lang)}</h2>
                    <p>{prose(Prose::read(lesson.story.told(lang)))}</p>
                    <code class="line">"$ " {lesson.line.as_str()}</code>
                    {phases(progress)}
                    {claims(progress, lang)}
                </div>
                <div class="pane-foot">{feet(progress, lang)}</div>
            </aside>
        })
    }
}

/// The progress through the course: a bar per lesson, which begins it.
fn bars(at: usize, lang: Lang) -> AnyView {
    let (session, preferences) = (session(), preferences());
    let lessons = &lang.text().lessons;
    let bar = |(n, lesson): (usize, &Lesson)| {
        let name = format!("{}: {}", lessons.of(n + 1, course().len()), lesson.title.told(lang));
        let title = name.clone();
        view! { <button aria-label=name title=title aria-current=(n == at).then_some("true") data-on=(n <= at).to_string() on:click=move |_| begin(session, preferences, n)></button> }
            .into_any()
    };
    view! { <div class="where" role="group" aria-label=lessons.button()>{course().iter().enumerate().map(bar).collect_view()}</div> }
        .into_any()
}

fn phases(progress: Progress) -> AnyView {
    let now = match progress.phase {
        Phase::Predict => 0,
        Phase::Run { .. } => 1,
        Phase::Reveal { .. } => 2,
    };
    let lessons = text()().lessons;
    let phase = |(n, name): (usize, &'static str)| {
        view! { <li aria-current=(n == now).then_some("step")>{format!("{} {name}", n + 1)}</li> }.into_any()
    };
    let phases = [lessons.phase_predict(), lessons.phase_run(), lessons.phase_reveal()];
    view! { <ol class="phases">{phases.into_iter().enumerate().map(phase).collect_view()}</ol> }.into_any()
}

/// The question and its claims; afterwards, which one was chosen, which came true, and why.
fn claims(progress: Progress, lang: Lang) -> AnyView {
    let session = session();
    let (lessons, lesson) = (&lang.text().lessons, progress.lesson());
    let question = match lesson.question.told(lang) {
        "" => {
            let seconds = usize::try_from(lesson.within.0 / 1000).unwrap_or_default();
            lessons.question(seconds, if seconds < 120 { 0 } else { seconds / 60 })
        }
        question => question.to_owned(),
    };
    let outcome = match progress.phase {
        Phase::Reveal { outcome } => Some(outcome),
        _ => None,
    };
    let claim = move |(n, claim): (usize, &Claim)| {
        let chosen = progress.chosen == Some(n);
        let came_true = outcome == Some(Some(n));
        let asks = progress.phase == Phase::Predict;
        let mark = (!asks && (came_true || chosen)).then(|| glyph(if came_true { "check" } else { "pend" }));
        let told = (!asks).then(|| {
            let said = [chosen.then_some(lessons.predicted()), came_true.then_some(lessons.happened())];
            said.into_iter().flatten().collect::<Vec<_>>().join(" · ")
        });
        view! {
            <button class="answer" role="radio" aria-checked=chosen.to_string() disabled=!asks data-true=came_true.to_string() on:click=move |_| session.predict(n)>
                <span class="mark">{mark}</span>
                <span>{prose(Prose::read(claim.words.told(lang)))}</span>
                {match told { Some(told) => view! { <small>{told}</small> }.into_any(), None => view! { <kbd>{n + 1}</kbd> }.into_any() }}
            </button>
        }
        .into_any()
    };
    let why = outcome.map(|outcome| {
        request_animation_frame(|| bring(".lesson [role=status]"));
        let disturbed = outcome.is_none().then(|| view! { <p>{lessons.disturbed()}</p> }.into_any());
        view! { <div role="status" tabindex="-1">{disturbed}<p>{prose(Prose::read(lesson.because.told(lang)))}</p></div> }.into_any()
    });
    view! {
        <div class="answers" role="radiogroup" aria-label=question.clone()>
            <h3>{question.clone()}</h3>
            {lesson.claims.iter().enumerate().map(claim).collect_view()}
        </div>
        {why}
    }
    .into_any()
}

/// The actions available now.
fn feet(progress: Progress, lang: Lang) -> AnyView {
    let session = session();
    let lessons = &lang.text().lessons;
    let quiet = |label: &'static str, act: Box<dyn Fn()>| {
        view! { <button class="button quiet" on:click=move |_| act()>{label}</button> }.into_any()
    };
    match progress.phase {
        Phase::Predict => {
            let lock = view! { <button class="button primary" id="lock" disabled=progress.chosen.is_none() on:click=move |_| session.run_lesson()>{lessons.lock()}</button> };
            (lock, quiet(lessons.skip(), Box::new(move || session.run_lesson()))).into_any()
        }
        Phase::Run { .. } => {
            let label = move || if session.playing.get() { lang.text().time.pause() } else { lang.text().time.play() };
            let toggle = view! { <button class="button" on:click=move |_| session.toggle()>{label}</button> };
            (toggle, quiet(lessons.again(), Box::new(move || session.begin_lesson(progress.at)))).into_any()
        }
        Phase::Reveal { .. } => {
            let next =
                course().get(progress.at + 1).map_or_else(|| lessons.last().to_owned(), |lesson| lessons.next(lesson.title.told(lang)));
            let next = view! { <button class="button primary" id="next-lesson" on:click=move |_| session.next_lesson()>{next}</button> };
            (next, quiet(lessons.again(), Box::new(move || session.begin_lesson(progress.at)))).into_any()
        }
    }
}
