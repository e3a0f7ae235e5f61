//! What can go wrong: a search over what may happen to the manifest or the pasted cluster, what was found, and what already protects it.

use leptos::prelude::*;
use risks::change::Change;
use risks::protect::Protection;
use risks::{Finding, Phase, Progress, told};
use text::{Lang, Prose};

use crate::widget::{live, preferences, prose, say, session, when};

/// What begins a search, stops it, and says how far it is.
pub fn tools() -> AnyView {
    let session = session();
    let is_searching = move || session.ahead.risks.is_searching.get();
    let is_stopped = move || !is_searching() && session.ahead.risks.progress.get().is_some_and(|progress| progress.phase != Phase::Done);
    let stop = move || {
        view! { <button class="button" id="stop-search" on:click=move |_| session.stop_searching()>{say(|t| t.risks.stop())}</button> }
            .into_any()
    };
    let go_on = move || {
        view! { <button class="button" id="go-on" on:click=move |_| session.go_on_searching()>{say(|t| t.risks.go_on())}</button> }
            .into_any()
    };
    let is_done = Memo::new(move |_| session.is_searched());
    view! {
        <h2>{say(|t| t.risks.title())}</h2>
        <p>{say(|t| t.risks.ask())}</p>
        <div class="stuck-tools">
            <button class="button primary" id="search" disabled=is_searching on:click=move |_| session.search_risks()>{say(|t| t.risks.search())}</button>
            {when(is_searching, stop)}
            {when(is_stopped, go_on)}
        </div>
        {live(move || session.ahead.risks.progress.get().map(|progress| under_way(progress, preferences().lang.get())))}
        {live(move || is_done.get().then(|| session.covered().into_iter().map(|line| view! { <p class="label">{line}</p> }.into_any()).collect::<Vec<_>>()))}
    }
    .into_any()
}

/// How far a search is.
fn under_way(progress: Progress, lang: Lang) -> AnyView {
    let Progress { done, of, depth, phase } = progress;
    let words = &lang.text().risks;
    let said = match phase {
        Phase::Settles => words.settles().to_owned(),
        Phase::Tries | Phase::Wanders => words.tries(done, of, depth),
        Phase::Shortens => words.shortens().to_owned(),
        Phase::Prevents => words.tries_changes().to_owned(),
        Phase::Protects => words.tries_without(done, of),
        Phase::Done => return ().into_any(),
    };
    view! { <p class="label" id="searching"><progress max=of.max(1) value=done></progress> " " {said}</p> }.into_any()
}

/// What was found, the worst first, and what already protects.
pub fn found() -> AnyView {
    let session = session();
    let is_done = Memo::new(move |_| session.is_searched());
    let refused = move || {
        let row = |(line, words)| view! { <p>{format!("{line}: {words}")}</p> }.into_any();
        is_done.get().then(|| session.refused_start().into_iter().map(row).collect::<Vec<_>>())
    };
    let is_clean = move || is_done.get() && session.ahead.risks.findings.with(Vec::is_empty) && session.refused_start().is_empty();
    let ahead =
        move || is_done.get().then(|| session.told_ahead().into_iter().map(|line| view! { <p>{line}</p> }.into_any()).collect::<Vec<_>>());
    let all = move || {
        let (lang, is_done) = (preferences().lang.get(), is_done.get());
        let row = |(line, findings): (Prose, Vec<Finding>)| {
            let findings: Vec<_> = findings.iter().map(|finding| one(finding, is_done, lang)).collect();
            view! { <details class="found"><summary>{prose(line)}</summary> {findings}</details> }.into_any()
        };
        session.risk_rows().into_iter().map(row).collect::<Vec<_>>()
    };
    let protected = move || {
        let lang = preferences().lang.get();
        let lines: Vec<_> = told::protecting(&session.ahead.risks.protections.read()).map(|line| protects(line, lang)).collect();
        (!lines.is_empty()).then(|| view! { <h2>{lang.text().risks.protections()}</h2> {lines} }.into_any())
    };
    view! {
        {live(refused)}
        {live(ahead)}
        {when(is_clean, || view! { <p class="verdict">{say(|t| t.risks.nothing())}</p> }.into_any())}
        {live(all)}
        {live(protected)}
    }
    .into_any()
}

/// A line that protects, and what goes wrong without it.
fn protects(line: &Protection, lang: Lang) -> AnyView {
    let (words, yaml) = told::without(line, lang);
    let yaml = yaml.map(|yaml| view! { <code class="shell">{yaml.trim_end().to_owned()}</code> }.into_any());
    let findings = line.findings.iter().map(|finding| {
        view! {
            <p>{prose(told::title(finding, lang))}</p>
            <p class="verdict">{prose(told::sentence(finding, lang))}</p>
            {course(finding, Some(&line.change), lang)}
        }
        .into_any()
    });
    view! {
        <article class="found" data-protects=line.change.guard.word()>
            <h3>{prose(told::protects(line, lang))}</h3>
            <p class="label">{words}</p>
            {yaml}
            {findings.collect::<Vec<_>>()}
        </article>
    }
    .into_any()
}

/// Why a finding comes about, and by what, to be played; `without`: where a line is taken away before.
fn course(finding: &Finding, without: Option<&Change>, lang: Lang) -> AnyView {
    let (session, words) = (session(), &lang.text().risks);
    let because = told::because(finding, lang).map(|because| view! { <p>{prose(because)}</p> }.into_any());
    let acts = told::acts(finding, lang).into_iter().map(|words| view! { <li>{prose(words)}</li> }.into_any());
    let lines: Vec<&str> = finding.inputs[finding.start..].iter().map(told::typed).collect();
    let code = (!lines.is_empty()).then(|| view! { <code class="shell">{lines.join("\n")}</code> }.into_any());
    let (played, without) = (finding.clone(), without.cloned());
    let is_told = code.is_some() || without.is_some();
    let play = move |_| session.play_finding(&played, without.as_ref());
    let play = is_told.then(|| {
        view! { <div class="to-copy">{code} <button class="button play-finding" on:click=play>{words.play()}</button></div> }.into_any()
    });
    view! { {because} <ul>{acts.collect::<Vec<_>>()}</ul> {play} }.into_any()
}

/// One finding.
fn one(finding: &Finding, is_done: bool, lang: Lang) -> AnyView {
    let (session, words) = (session(), &lang.text().risks);
    let item = |words| view! { <li>{prose(words)}</li> }.into_any();
    let taken = finding.clone();
    let prevention = finding.prevention.change.as_ref().map(|change| {
        view! {
            <h3>{words.prevents()}</h3>
            <p>{prose(told::change(change, lang))}</p>
            <div class="to-copy">
                <code class="shell">{told::fields(change).trim_end().to_owned()}</code>
                <button class="button" on:click=move |_| session.take_prevention(&taken)>{lang.text().plan.take()}</button>
            </div>
        }
        .into_any()
    });
    let none = (is_done && prevention.is_none()).then(|| {
        let said = told::no_help(finding, lang).into_iter().chain(told::trade(finding, lang));
        said.map(|words| view! { <p>{prose(words)}</p> }.into_any()).collect::<Vec<_>>()
    });
    view! {
        <article data-risk=finding.shown.kind.word()>
            <h2>{prose(told::title(finding, lang))}</h2>
            <p class="verdict">{prose(told::sentence(finding, lang))}</p>
            {course(finding, None, lang)}
            <h3>{words.how_likely()}</h3>
            <ul>{told::likely(finding, lang).into_iter().map(item).collect::<Vec<_>>()}</ul>
            {prevention}
            {none}
        </article>
    }
    .into_any()
}
