//! What can go wrong: a search over what may happen to the manifest or the pasted cluster, what was found, and what already protects it.

use leptos::prelude::*;
use risks::sheet::{Course, Guarded, Prevention, Shown, said};
use risks::{Phase, Progress};
use text::{ANALYSIS, Lang};

use crate::focus::focus;
use crate::session::{Next, Texts};
use crate::widget::{each, live, prose, session, when};

/// What begins a search, stops it, and says how far it is.
pub fn tools() -> AnyView {
    let session = session();
    let does = Memo::new(move |_| session.next_of_search());
    let press = move |_| match does.get_untracked() {
        Next::Begin => session.search_risks(),
        Next::Stop => session.stop_searching(),
        Next::GoOn => session.go_on_searching(),
    };
    let said = move || {
        let words = ANALYSIS.risks;
        match does.get() {
            Next::Begin => words.search(),
            Next::Stop => Lang::English.text().page.stop(),
            Next::GoOn => words.go_on(),
        }
    };
    // It goes as it is pressed: the focus goes to the button that stays.
    let begin_anew = move |_| {
        focus("#search");
        session.search_risks();
    };
    let anew = move || view! { <button class="button" id="search-anew" on:click=begin_anew>{ANALYSIS.risks.search()}</button> }.into_any();
    let is_done = Memo::new(move |_| session.is_searched());
    view! {
        <h2>{Lang::English.text().bar.risks()}</h2>
        <p>{ANALYSIS.risks.ask()}</p>
        <div class="stuck-tools">
            <button class="button primary" id="search" data-next=move || does.get().word() on:click=press>{said}</button>
            {when(move || does.get() == Next::GoOn, anew)}
        </div>
        {live(move || session.ahead.risks.progress.get().map(under_way))}
        // That it is done is spoken; each line that comes before would talk over the reader.
        <div class="spoken" aria-live="polite">{live(move || is_done.get().then(|| session.ahead.risks.sheet.with(|sheet| {
            sheet.covered.iter().map(|line| view! { <p class="label">{line.clone()}</p> }.into_any()).collect::<Vec<_>>()
        })))}</div>
    }
    .into_any()
}

/// How far a search is.
fn under_way(progress: Progress) -> AnyView {
    let Progress { done, of, depth, phase } = progress;
    let words = ANALYSIS.risks;
    let said = match phase {
        Phase::Settles => words.settles().to_owned(),
        Phase::Tries | Phase::Wanders => words.tries(done, of, depth),
        Phase::Shortens => words.shortens().to_owned(),
        Phase::Prevents => words.tries_changes().to_owned(),
        Phase::Protects => words.tries_without(done, of),
        Phase::Done => return ().into_any(),
    };
    view! { <p class="label" id="searching" data-phase=phase.word()><progress max=of.max(1) value=done></progress> " " {said}</p> }
        .into_any()
}

/// What was found, the worst first, and what already protects.
pub fn found() -> AnyView {
    let session = session();
    let sheet = session.ahead.risks.sheet;
    let is_clean = move || sheet.with(|sheet| sheet.is_done && sheet.lines.is_empty() && sheet.refused.is_empty());
    let row = |(line, words): &(usize, String)| view! { <p>{format!("{line}: {words}")}</p> }.into_any();
    let words = |line: &String| view! { <p>{line.clone()}</p> }.into_any();
    let (lines, guards) = (session.risk_lines(), session.guards());
    let heading = || view! { <h2>{ANALYSIS.risks.protections()}</h2> }.into_any();
    view! {
        {live(move || sheet.with(|sheet| sheet.refused.iter().map(row).collect::<Vec<_>>()))}
        {live(move || sheet.with(|sheet| sheet.ahead.iter().map(words).collect::<Vec<_>>()))}
        {when(is_clean, || view! { <p class="verdict">{ANALYSIS.risks.nothing()}</p> }.into_any())}
        {each(move || lines.keys(), move |name| line(lines, &name))}
        {when(move || !guards.keys().is_empty(), heading)}
        {members(guards, |one| protects(&Guarded::of_line(one)))}
    }
    .into_any()
}

/// The members of a list, each of which is drawn anew where it stands.
fn members(all: Texts, draw: fn(&str) -> AnyView) -> AnyView {
    each(move || all.keys(), move |name| member(all, &name, draw))
}

fn member(all: Texts, name: &String, draw: fn(&str) -> AnyView) -> AnyView {
    let text = all.member(name);
    live(move || text.as_ref().map(|text| text.with(|text| draw(text))))
}

/// A line of the list, and the findings behind it.
fn line(lines: Texts, name: &String) -> AnyView {
    view! {
        <details class="found">
            <summary>{member(lines, name, |line| prose(said(line)))}</summary>
            {session().findings_behind(name).map(|all| members(all, |finding| one(&Shown::of_line(finding))))}
        </details>
    }
    .into_any()
}

/// A line that protects, and behind that what goes wrong without it, which is no finding about the manifest.
fn protects(line: &Guarded) -> AnyView {
    let yaml = line.yaml.clone().map(|yaml| view! { <code class="shell">{yaml}</code> }.into_any());
    let findings = line.findings.iter().map(|(title, sentence, how)| {
        view! {
            <p>{prose(title.clone())}</p>
            <p class="verdict">{prose(sentence.clone())}</p>
            {course(how)}
        }
        .into_any()
    });
    view! {
        <details class="found" data-protects=line.word.clone()>
            <summary>{prose(line.said.clone())}</summary>
            <p class="label">{line.without.clone()}</p>
            {yaml}
            {findings.collect::<Vec<_>>()}
        </details>
    }
    .into_any()
}

/// Why a finding comes about, and by what, to be played.
fn course(course: &Course) -> AnyView {
    let session = session();
    let because = course.because.clone().map(|because| view! { <p>{prose(because)}</p> }.into_any());
    let acts = course.acts.iter().map(|words| view! { <li>{prose(words.clone())}</li> }.into_any());
    let lines = course.lines.join("\n");
    let code = (!lines.is_empty()).then(|| view! { <code class="shell">{lines}</code> }.into_any());
    let play = course.play.clone().map(|play| {
        let go = move |_| session.play_finding(&play);
        view! { <div class="to-copy">{code} <button class="button play-finding" on:click=go>{ANALYSIS.risks.play()}</button></div> }
            .into_any()
    });
    view! { {because} <ul>{acts.collect::<Vec<_>>()}</ul> {play} }.into_any()
}

fn one(finding: &Shown) -> AnyView {
    let session = session();
    let prevention = finding.prevention.as_ref().map(|one: &Prevention| {
        let take = one.text.map(|text| {
            view! { <button class="button" on:click=move |_| session.take_prevention(text)>{ANALYSIS.plan.take()}</button> }.into_any()
        });
        view! {
            <h3>{ANALYSIS.risks.prevents()}</h3>
            <p>{prose(one.said.clone())}</p>
            <div class="to-copy"><code class="shell">{one.fields.clone()}</code> {take}</div>
        }
        .into_any()
    });
    let likely = finding.likely.iter().map(|words| view! { <li>{prose(words.clone())}</li> }.into_any());
    let none = finding.none.iter().map(|words| view! { <p>{prose(words.clone())}</p> }.into_any());
    view! {
        <article data-risk=finding.kind.clone()>
            <h2>{prose(finding.title.clone())}</h2>
            <p class="verdict">{prose(finding.sentence.clone())}</p>
            {course(&finding.course)}
            <h3>{ANALYSIS.risks.how_likely()}</h3>
            <ul>{likely.collect::<Vec<_>>()}</ul>
            {prevention}
            {none.collect::<Vec<_>>()}
        </article>
    }
    .into_any()
}
