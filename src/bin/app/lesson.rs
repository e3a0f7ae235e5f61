//! A lesson: predict, run, reveal, and a task, on one screen above the cluster.

use leptos::prelude::*;
use lesson::{Claim, Lesson, Part, Phase, Progress, Seen, Sentence, Task, course};
use text::{Lang, Mark, Prose, Text};

use crate::course::NAMES;
use crate::focus::{focus, go, is_nowhere, is_within};
use crate::preferences::{Preferences, Tab};
use crate::session::Session;
use crate::widget::{glyph, live, preferences, prose, session, sign};
use crate::words::told;

/// Shows the current lesson, or begins the one that comes next.
pub fn go_on(session: Session, preferences: Preferences) {
    if session.lesson.with_untracked(Option::is_none) {
        untrack(|| session.want_lesson(None));
    }
    show(preferences);
}

/// Goes to the lesson.
pub fn show(preferences: Preferences) {
    go(preferences, Tab::Cluster, ".lesson");
}

/// The screen of a lesson above the cluster: what is asked and told on the left, answers and task on the right.
#[component]
pub fn Lesson() -> impl IntoView {
    let (session, preferences) = (session(), preferences());
    // What ticks in a check list draws nothing else anew.
    let drawn = Memo::new(move |_| {
        session.lesson.with(|lesson| lesson.as_ref().map(|now| (now.lesson.name.as_str(), now.chosen, now.phase, now.tried.len())))
    });
    move || {
        drawn.get()?;
        let progress = session.lesson.get_untracked()?;
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
        let (asked, answered) = match progress.phase {
            Phase::Predict => (question(&progress, lang), answers(&progress, lang)),
            Phase::Run { .. } => (story(&progress, lang), answers(&progress, lang)),
            Phase::Reveal { outcome, done } => (outcome_of(&progress, outcome, lang), afterwards(&progress, done, lang)),
        };
        let tool = |sign: &'static str, label: &'static str, act: Box<dyn Fn()>| {
            view! { <button class="button quiet" aria-label=label on:click=move |_| act()>{glyph(sign)} <span class="wide">{label}</span></button> }.into_any()
        };
        let slowly =
            matches!(progress.phase, Phase::Reveal { .. }).then(|| tool("play", lessons.slowly(), Box::new(move || session.watch_again())));
        let later = (progress.phase != Phase::Predict)
            .then(|| (slowly, tool("again", lessons.again(), Box::new(move || session.begin_lesson(lesson)))));
        let release = (!lesson.releases.is_empty()).then(|| view! { <small>"Kubernetes " {progress.release.label}</small> }.into_any());
        Some(view! {
            <section class="lesson" aria-label=lessons.title() tabindex="-1" data-phase=phase_word(progress.phase)>
                <header class="lesson-head">
                    <button class="button quiet label" aria-haspopup="menu" popovertarget=NAMES>{place.unwrap_or_else(|| lessons.button().to_owned())}</button>
                    <h2>{lesson.title.told(lang)}</h2>
                    {release}
                    <span class="grow"></span>
                    {later}
                    <button class="button quiet icon" id="leave-lesson" aria-label=lessons.last() title=lessons.last() on:click=move |_| session.leave_lesson()>{glyph("cross")}</button>
                </header>
                <div class="lesson-body"><div class="asked">{asked}</div><div class="answered">{answered}</div></div>
            </section>
        })
    }
}

/// A phase in style sheets.
pub fn phase_word(phase: Phase) -> &'static str {
    match phase {
        Phase::Predict => "predict",
        Phase::Run { .. } => "run",
        Phase::Reveal { .. } => "reveal",
    }
}

/// The question itself.
fn asked_of(lesson: &Lesson, lang: Lang) -> String {
    match lesson.question.told(lang) {
        "" => {
            let seconds = usize::try_from(lesson.within.0 / 1000).unwrap_or_default();
            lang.text().lessons.question(seconds, if seconds < 120 { 0 } else { seconds / 60 })
        }
        question => question.to_owned(),
    }
}

/// The command of the lesson, where it is the same whatever one answers.
fn command_of(line: &str) -> Option<AnyView> {
    (!line.is_empty()).then(|| view! { <code class="line">"$ " {line.to_owned()}</code> }.into_any())
}

/// How things stand, the command, the question, and the buttons that run the command.
fn question(progress: &Progress, lang: Lang) -> AnyView {
    let (session, lesson, lessons) = (session(), progress.lesson, &lang.text().lessons);
    let skip = (!lesson.chooses()).then(|| quiet(lessons.skip(), Box::new(move || session.run_lesson())));
    view! {
        <p>{told(lesson.story.told(lang), lang)} " " {(!lesson.line.is_empty()).then(|| lessons.about_to_run())}</p>
        {command_of(&lesson.line)}
        <h3>{prose(Prose::read(&asked_of(lesson, lang)))}</h3>
        <div class="feet">
            <button class="button primary" id="lock" disabled=progress.chosen.is_none() on:click=move |_| session.run_lesson()>{lessons.lock()}</button>
            {skip}
        </div>
    }
    .into_any()
}

/// What happens while the command runs.
fn story(progress: &Progress, lang: Lang) -> AnyView {
    let (session, lesson) = (session(), progress.lesson);
    let story = Memo::new(move |_| session.why.with(|why| (why.story(), why.verdict.clone())));
    let told = move || {
        let line = |(mark, words): &(Mark, Prose)| view! { <li>{sign(*mark)} <span>{prose(words.clone())}</span></li> }.into_any();
        // Of what has no mark, the verdict is told.
        story.with(|(story, verdict)| match story.as_slice() {
            [] if verdict.is_empty() => view! { <li><span></span> <span>{lang.text().why.nothing()}</span></li> }.into_any(),
            [] => view! { <li><span></span> <span>{prose(verdict.clone())}</span></li> }.into_any(),
            story => story.iter().map(line).collect_view().into_any(),
        })
    };
    let label = move || if session.playing.get() { lang.text().time.pause() } else { lang.text().time.play() };
    view! {
        <h3>{prose(Prose::read(&asked_of(lesson, lang)))}</h3>
        {command_of(lesson.line_of(progress.chosen))}
        <ul class="evidence story" aria-live="polite">{told}</ul>
        <div class="feet">
            <button class="button" id="pause-lesson" on:click=move |_| session.toggle()>{label}</button>
        </div>
    }
    .into_any()
}

/// A button that is one of several.
fn quiet(label: &'static str, act: Box<dyn Fn()>) -> AnyView {
    view! { <button class="button quiet" on:click=move |_| act()>{label}</button> }.into_any()
}

/// The answers; while the command runs, only the one that was chosen.
fn answers(progress: &Progress, lang: Lang) -> AnyView {
    let session = session();
    let shown = move || (session.answers_shown.get() || !session.is_asking()).to_string();
    let runs = progress.phase != Phase::Predict;
    let all = (0..progress.lesson.claims.len()).filter(|n| !runs || progress.chosen == Some(*n));
    view! {
        <div class="answers" role="radiogroup" aria-label=asked_of(progress.lesson, lang) data-shown=shown>
            <button class="button show-answers" on:click=move |_| session.answers_shown.set(true)>{lang.text().lessons.show_answers()} " " <kbd>"PgDn"</kbd></button>
            {all.map(|n| claim(progress, n, lang)).collect_view()}
        </div>
    }
    .into_any()
}

fn claim(progress: &Progress, n: usize, lang: Lang) -> AnyView {
    let (session, lessons, claim): (_, _, &'static Claim) = (session(), &lang.text().lessons, &progress.lesson.claims[n]);
    let (chosen, came_true) = (progress.chosen == Some(n), matches!(progress.phase, Phase::Reveal { outcome: Some(at), .. } if at == n));
    let (asks, tried) = (progress.phase == Phase::Predict, progress.tried.contains(&n));
    let mark = (!asks && (came_true || chosen)).then(|| glyph(if came_true { "check" } else { "pend" }));
    let happened = if progress.lesson.chooses() { lessons.achieved() } else { lessons.happened() };
    let said = [(!asks && chosen).then(|| lessons.predicted()), came_true.then_some(happened), tried.then(|| lessons.tried())];
    let before = progress.was_true_on(n).map(|release| lessons.happened_on(release.name));
    let said = said.into_iter().flatten().map(str::to_owned).chain(before).collect::<Vec<_>>().join(" · ");
    let line = (!claim.line.is_empty()).then(|| view! { <code class="way">{claim.line.as_str()}</code> }.into_any());
    view! {
        <button class="answer" role="radio" aria-checked=chosen.to_string() disabled=!asks data-true=came_true.to_string() data-tried=tried.to_string() on:click=move |_| session.predict(n)>
            <span class="mark">{mark}</span>
            <span>{prose(Prose::read(claim.words.told(lang)))} {line}</span>
            <small>{said} {asks.then(|| view! { <kbd>{n + 1}</kbd> })}</small>
        </button>
    }
    .into_any()
}

/// What came of it: the answer that came true, what decided that, and the rule.
fn outcome_of(progress: &Progress, outcome: Option<usize>, lang: Lang) -> AnyView {
    let (lessons, lesson) = (&lang.text().lessons, progress.lesson);
    let verdict = match (outcome, progress.chosen) {
        (None, _) if lesson.chooses() => lessons.not_achieved(),
        (None, _) => lessons.disturbed(),
        (Some(_), None) => "",
        (some, chosen) if some == chosen && !progress.tried.is_empty() => lessons.other_way(),
        (some, chosen) if some == chosen => lessons.right(),
        _ => lessons.wrong(),
    };
    let then = progress.chosen.filter(|_| progress.is_wrong() || lesson.chooses()).map(|chosen| lesson.claims[chosen].then.told(lang));
    let shown = outcome.or(progress.chosen.filter(|_| lesson.chooses()));
    let evidence = progress.evidence().iter().take(EVIDENCE_SHOWN).map(|seen| evidence(seen, lang)).collect_view();
    let rule = progress
        .cause(lang)
        .map(|because| view! { <p class="because">{told(because, lang)}</p> {sources(lesson, lang.text(), lang)} }.into_any());
    view! {
        {shown.map(|n| claim(progress, n, lang))}
        <div role="status" tabindex="-1" class="reveal"><p><b>{verdict}</b> " " {then.map(|then| told(then, lang))}</p></div>
        <ul class="evidence weighed" aria-label=lessons.decided()>{evidence}</ul>
        {rule}
    }
    .into_any()
}

/// How many of the things that decided are listed.
const EVIDENCE_SHOWN: usize = 4;

/// Something that decided: how it was before and after.
fn evidence(seen: &Seen, lang: Lang) -> AnyView {
    let read = |sentence: &Sentence| prose(Prose::read(sentence.told(lang)));
    let before = seen.before.as_ref().filter(|_| !seen.is_same).map(|before| view! { <del>{read(before)}</del> " → " });
    let told = view! { {before} <b>{read(&seen.after)}</b> {seen.is_same.then(|| view! { " " <small>{lang.text().lessons.as_before()}</small> })} };
    view! { <li><span>{prose(Prose::read(seen.words.told(lang)))}</span> <span class="detail">{told}</span></li> }.into_any()
}

/// What one does then: the task, or another way, and what comes next.
fn afterwards(progress: &Progress, done: bool, lang: Lang) -> AnyView {
    let (session, lessons) = (session(), &lang.text().lessons);
    if progress.leads_back() {
        let back = view! { <button class="button primary" id="another-way" on:click=move |_| session.ask_again()>{lessons.another_way()}</button> };
        return view! { {answers_tried(progress, lang)} <div class="feet">{back} {waive(lang)}</div> }.into_any();
    }
    if let Some(release) = progress.next_release() {
        let label = lessons.another_release(release.name);
        return view! { <div class="feet"><button class="button primary" id="another-release" on:click=move |_| session.ask_again()>{label}</button> {waive(lang)}</div> }.into_any();
    }
    let task = progress.lesson.task.as_ref();
    let is_over = done || task.is_none();
    let next = live(move || {
        let label = session.next_in_course().map_or_else(|| lessons.last().to_owned(), |lesson| lessons.next(lesson.title.told(lang)));
        view! { <button class="button primary" id="next-lesson" on:click=move |_| session.next_lesson()>{label}</button> }.into_any()
    });
    view! {
        {task.map(|task| challenge(task, done, lang))}
        {is_over.then(|| view! { <div class="feet">{next}</div> })}
    }
    .into_any()
}

/// The ways, those that were tried marked.
fn answers_tried(progress: &Progress, lang: Lang) -> AnyView {
    let ways = (0..progress.lesson.claims.len()).map(|n| claim(progress, n, lang)).collect_view();
    view! { <div class="answers" data-shown="true">{ways}</div> }.into_any()
}

/// Goes on without the task.
fn waive(lang: Lang) -> AnyView {
    let session = session();
    view! { <button class="button quiet" id="next-lesson" on:click=move |_| session.next_lesson()>{lang.text().lessons.waive()}</button> }
        .into_any()
}

/// The field that decides, and the page of the documentation.
fn sources(lesson: &'static Lesson, text: &'static Text, lang: Lang) -> AnyView {
    let field = (!lesson.field.is_empty())
        .then(|| view! { <dt>{text.why.decided_by()}</dt> <dd><code>{lesson.field.as_str()}</code></dd> }.into_any());
    view! {
        <dl class="sources">
            {field}
            <dt>{text.why.docs()}</dt>
            <dd><a class="out" href=lang.docs(&lesson.docs) rel="noreferrer" target="_blank">{lang.page(&lesson.docs)}</a></dd>
        </dl>
    }
    .into_any()
}

/// Takes the next step of a lesson that is shown to others: the answers, the run, its end, the next lesson.
pub fn step(session: Session) {
    let Some(progress) = session.lesson.get_untracked() else { return };
    match progress.phase {
        Phase::Predict if !session.answers_shown.get_untracked() => session.answers_shown.set(true),
        Phase::Predict => session.run_lesson(),
        Phase::Run { .. } => session.run_until_quiet(),
        Phase::Reveal { .. } if progress.next_release().is_some() => session.ask_again(),
        Phase::Reveal { .. } => session.next_lesson(),
    }
}

/// Something to try; once it is done, what was seen.
fn challenge(task: &'static Task, done: bool, lang: Lang) -> AnyView {
    let (session, lessons) = (session(), &lang.text().lessons);
    let hint = Some(task.hint.told(lang))
        .filter(|hint| !hint.is_empty())
        .map(|hint| view! { <details><summary>{lessons.hint()}</summary><p>{prose(Prose::read(hint))}</p></details> }.into_any());
    let help = (!done).then(|| {
        view! { <div class="help"><button class="button quiet" id="solve" on:click=move |_| session.solve()>{lessons.show_me()}</button> {hint} {waive(lang)}</div> }.into_any()
    });
    let part = move |part: &Part| {
        let mark = glyph(if part.done { "check" } else { "pend" });
        view! { <li data-done=part.done.to_string()>{mark} <span>{prose(Prose::read(part.words.told(lang)))}</span></li> }.into_any()
    };
    let parts = move || session.lesson.with(|progress| progress.as_ref().map(|now| now.parts().iter().map(part).collect_view()));
    let (mark, title) = if done { ("check", lessons.done()) } else { ("flag", lessons.task()) };
    let words = if done { task.done.told(lang) } else { task.words.told(lang) };
    view! {
        <div class="task" data-done=done.to_string() role="status">
            <h3>{glyph(mark)} " " {title}</h3>
            <p>{told(words, lang)}</p>
            <ul class="parts">{live(parts)}</ul>
            {help}
        </div>
    }
    .into_any()
}
