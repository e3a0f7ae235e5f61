//! A lesson: predict, run, reveal, and a task.

use leptos::prelude::*;
use lesson::{Claim, Lesson, Phase, Progress, Task, course};
use text::{Lang, Prose, Text};
use view::why::Why;

use crate::course::NAMES;
use crate::keyboard::{focus, is_nowhere, is_within};
use crate::preferences::{Left, Preferences, Tab};
use crate::session::Session;
use crate::widget::{bring, glyph, live, preferences, prose, say, session, sign};
use crate::words::told;

/// Shows the current lesson, or begins the one that comes next.
pub fn go_on(session: Session, preferences: Preferences) {
    if session.lesson.with_untracked(Option::is_none) {
        untrack(|| session.want_lesson(None));
    }
    show(preferences);
}

/// Opens the pane.
pub fn show(preferences: Preferences) {
    preferences.manifest_open.set(true);
    preferences.left.set(Left::Lesson);
    crate::keyboard::go(preferences, Tab::Manifest, ".lesson");
    crate::links::show_start(".lesson-body");
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
        let (lessons, lesson) = (&lang.text().lessons, progress.lesson);
        let place = course().iter().position(|other| std::ptr::eq(other, lesson)).map(|at| lessons.of(at + 1, course().len()));
        let line = (!lesson.line.is_empty())
            .then(|| view! { <p>{lessons.about_to_run()}</p> <code class="line">"$ " {lesson.line.as_str()}</code> }.into_any());
        Some(view! {
            <aside class="lesson" aria-label=lessons.title() tabindex="-1" data-phase=phase_word(progress.phase)>
                <div class="pane-head">
                    {tabs()}
                    <span class="grow"></span>
                    <button class="button quiet label" aria-haspopup="menu" popovertarget=NAMES>{place.unwrap_or_else(|| lessons.button().to_owned())}</button>
                    <button class="button quiet icon" aria-label=lessons.last() title=lessons.last() on:click=move |_| session.leave_lesson()>{glyph("cross")}</button>
                </div>
                <div class="lesson-body">
                    <h2>{lesson.title.told(lang)}</h2>
                    <p>{told(lesson.story.told(lang), lang)}</p>
                    {line}
                    {claims(&progress, lang)}
                    {after(&progress, lang)}
                </div>
                <div class="pane-foot">{feet(&progress, lang)}</div>
            </aside>
        })
    }
}

fn phase_word(phase: Phase) -> &'static str {
    match phase {
        Phase::Predict => "predict",
        Phase::Run { .. } => "run",
        Phase::Reveal { .. } => "reveal",
    }
}

/// The question and its claims; afterwards, which one was chosen and which came true.
fn claims(progress: &Progress, lang: Lang) -> AnyView {
    let (session, lesson) = (session(), progress.lesson);
    let shown = move || (session.answers_shown.get() || !session.is_asking()).to_string();
    let question = match lesson.question.told(lang) {
        "" => {
            let seconds = usize::try_from(lesson.within.0 / 1000).unwrap_or_default();
            lang.text().lessons.question(seconds, if seconds < 120 { 0 } else { seconds / 60 })
        }
        question => question.to_owned(),
    };
    view! {
        <div class="answers" role="radiogroup" aria-label=question.clone() data-shown=shown>
            <h3>{prose(Prose::read(&question))}</h3>
            <button class="button show-answers" on:click=move |_| session.answers_shown.set(true)>{lang.text().lessons.show_answers()} " " <kbd>"PgDn"</kbd></button>
            {(0..lesson.claims.len()).map(|n| claim(progress, n, lang)).collect_view()}
        </div>
    }
    .into_any()
}

fn claim(progress: &Progress, n: usize, lang: Lang) -> AnyView {
    let (session, lessons, claim): (_, _, &'static Claim) = (session(), &lang.text().lessons, &progress.lesson.claims[n]);
    let outcome = match progress.phase {
        Phase::Reveal { outcome, .. } => Some(outcome),
        _ => None,
    };
    let chosen = progress.chosen == Some(n);
    let came_true = outcome == Some(Some(n));
    let asks = progress.phase == Phase::Predict;
    let mark = (!asks && (came_true || chosen)).then(|| glyph(if came_true { "check" } else { "pend" }));
    let told = (!asks).then(|| {
        let happened = if progress.lesson.chooses() { lessons.achieved() } else { lessons.happened() };
        let said = [chosen.then_some(lessons.predicted()), came_true.then_some(happened)];
        said.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    });
    let line = (!claim.line.is_empty()).then(|| view! { <code class="way">{claim.line.as_str()}</code> }.into_any());
    view! {
        <button class="answer" role="radio" aria-checked=chosen.to_string() disabled=!asks data-true=came_true.to_string() on:click=move |_| session.predict(n)>
            <span class="mark">{mark}</span>
            <span>{prose(Prose::read(claim.words.told(lang)))} {line}</span>
            {match told { Some(told) => view! { <small>{told}</small> }.into_any(), None => view! { <kbd>{n + 1}</kbd> }.into_any() }}
        </button>
    }
    .into_any()
}

/// What is below the answers: what happens while the command runs; then what came of it, the rule, and the task.
fn after(progress: &Progress, lang: Lang) -> AnyView {
    let (session, lessons) = (session(), &lang.text().lessons);
    let (outcome, done) = match progress.phase {
        Phase::Predict => return ().into_any(),
        Phase::Run { .. } => {
            let story = Memo::new(move |_| session.why.with(Why::story));
            let told = move || {
                story.with(|story| {
                    story
                        .iter()
                        .map(|(mark, words)| view! { <li>{sign(*mark)} <span>{prose(words.clone())}</span></li> }.into_any())
                        .collect_view()
                })
            };
            return view! { <ul class="evidence story" aria-live="polite">{told}</ul> }.into_any();
        }
        Phase::Reveal { outcome, done } => (outcome, done),
    };
    if !done {
        // Its beginning, where it is higher than the pane.
        request_animation_frame(|| {
            bring(".reveal");
            bring(".reveal > p");
        });
    }
    let lesson = progress.lesson;
    let verdict = match (outcome, progress.chosen) {
        (None, _) if lesson.chooses() => lessons.not_achieved(),
        (None, _) => lessons.disturbed(),
        (Some(_), None) => "",
        (some, chosen) if some == chosen => lessons.right(),
        _ => lessons.wrong(),
    };
    let then = progress.chosen.filter(|_| progress.is_wrong() || lesson.chooses()).map(|chosen| lesson.claims[chosen].then.told(lang));
    let rule = (outcome.is_some() || !lesson.chooses())
        .then(|| view! { <p>{told(lesson.because.told(lang), lang)}</p> {sources(lesson, lang.text(), lang)} }.into_any());
    view! {
        <div role="status" tabindex="-1" class="reveal">
            <p><b>{verdict}</b> " " {then.map(|then| told(then, lang))}</p>
            {rule}
        </div>
        {lesson.task.as_ref().filter(|_| outcome.is_some() || !lesson.chooses()).map(|task| challenge(task, done, lang))}
    }
    .into_any()
}

/// The field that decides, and the page of the documentation.
fn sources(lesson: &'static Lesson, text: &'static Text, lang: Lang) -> AnyView {
    let field = (!lesson.field.is_empty())
        .then(|| view! { <dt>{text.why.decided_by()}</dt> <dd><code>{lesson.field.as_str()}</code></dd> }.into_any());
    let address = lang.docs().to_owned() + &lesson.docs;
    view! {
        <dl class="sources">
            {field}
            <dt>{text.why.docs()}</dt>
            <dd><a class="out" href=address rel="noreferrer" target="_blank">{page_words(&lesson.docs)}</a></dd>
        </dl>
    }
    .into_any()
}

/// What a page of the documentation is called here: the last words of its path, and the place on the page.
fn page_words(path: &str) -> String {
    let (page, place) = path.split_once('#').unwrap_or((path, ""));
    let page = page.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    [page, place].into_iter().filter(|words| !words.is_empty()).map(|words| words.replace('-', " ")).collect::<Vec<_>>().join(": ")
}

/// Takes the next step of a lesson that is shown to others: the answers, the run, its end, the next lesson.
pub fn step(session: Session) {
    let Some(progress) = session.lesson.get_untracked() else { return };
    match progress.phase {
        Phase::Predict if !session.answers_shown.get_untracked() => session.answers_shown.set(true),
        Phase::Predict => session.run_lesson(),
        Phase::Run { .. } => session.run_until_quiet(),
        Phase::Reveal { .. } => session.next_lesson(),
    }
}

/// Something to try.
fn challenge(task: &'static Task, done: bool, lang: Lang) -> AnyView {
    let (session, lessons) = (session(), &lang.text().lessons);
    let hint = match task.hint.told(lang) {
        "" => None,
        hint => Some(view! { <details><summary>{lessons.hint()}</summary><p>{prose(Prose::read(hint))}</p></details> }.into_any()),
    };
    let help = (!done).then(|| {
        view! { {hint} <button class="button quiet" id="solve" on:click=move |_| session.solve()>{lessons.show_me()}</button> }.into_any()
    });
    let mark = glyph(if done { "check" } else { "flag" });
    view! {
        <div class="task" data-done=done.to_string()>
            <h3>{mark} " " {if done { lessons.done() } else { lessons.task() }}</h3>
            <p>{told(task.words.told(lang), lang)}</p>
            {help}
        </div>
    }
    .into_any()
}

/// The actions available now.
fn feet(progress: &Progress, lang: Lang) -> AnyView {
    let (session, lesson) = (session(), progress.lesson);
    let lessons = &lang.text().lessons;
    let quiet = |label: &'static str, act: Box<dyn Fn()>| {
        view! { <button class="button quiet" on:click=move |_| act()>{label}</button> }.into_any()
    };
    let again = move || quiet(lessons.again(), Box::new(move || session.begin_lesson(lesson)));
    match progress.phase {
        Phase::Predict => {
            let lock = view! { <button class="button primary" id="lock" disabled=progress.chosen.is_none() on:click=move |_| session.run_lesson()>{lessons.lock()}</button> };
            let skip = (!lesson.chooses()).then(|| quiet(lessons.skip(), Box::new(move || session.run_lesson())));
            (lock, skip).into_any()
        }
        Phase::Run { .. } => {
            let label = move || if session.playing.get() { lang.text().time.pause() } else { lang.text().time.play() };
            let toggle = view! { <button class="button" on:click=move |_| session.toggle()>{label}</button> };
            (toggle, again()).into_any()
        }
        Phase::Reveal { .. } => {
            let next = live(move || {
                let label =
                    session.next_in_course().map_or_else(|| lessons.last().to_owned(), |lesson| lessons.next(lesson.title.told(lang)));
                view! { <button class="button primary" id="next-lesson" on:click=move |_| session.next_lesson()>{label}</button> }
                    .into_any()
            });
            (next, quiet(lessons.slowly(), Box::new(move || session.watch_again())), again()).into_any()
        }
    }
}
