//! The object line: the shown set, and its actions.

use std::sync::Arc;

use api::object::NamespacedName;
use kubectl::settings::DEFAULT_NAMESPACE;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use view::cluster::ObjectLine;
use view::fleet::Member;

use crate::focus::focus;
use crate::menu::menu;
use crate::session::Session;
use crate::widget::{live, say, session, sign, text, when};
use crate::words::label;

/// The line.
#[component]
pub fn Object() -> impl IntoView {
    let (text, session) = (text(), session());
    let line = session.object;
    let replicas = move || line.with(|line| line.as_ref().map_or(0, |line| line.replicas));
    let several = move || session.sets.with(Vec::len) + usize::from(session.refused_set.with(Option::is_some)) > 1;
    view! {
        <header class="object">
            <div class="grow">
                <h1>
                    <b data-link=move || line.with(|line| line.as_ref().map(Session::token_of_set))>
                        {live(move || line.with(|line| line.as_ref().map_or_else(|| session.refused_set.get().unwrap_or_else(|| text().cluster.title().to_owned()), |line| line.title(several()))))}
                    </b>
                    {live(move || session.refused_set.get().map(|_| view! { <span class="hue-danger">{text().manifest.not_applied()}</span> }))}
                    {when(several, move || view! { <Choice/> }.into_any())}
                    {when(move || has_tabs(session), move || tabs(session))}
                    <span>{live(move || line.with(|line| line.as_ref().map(|line| line.ready.clone())))}</span>
                    {live(move || line.with(|line| line.as_ref().and_then(meter)))}
                </h1>
                <div class="facts">
                    {live(move || line.with(|line| line.as_ref().map(facts)))}
                </div>
            </div>
            {live(move || (session.shape() == "both").then(|| turns(session)))}
            {when(move || line.with(Option::is_some), move || view! { <div class="commands">
                    <span class="label">{label(move || text().cluster.replicas().to_owned())}</span>
                    {stepper(Signal::derive(replicas), move |by| session.scale(by))}
                    {menu(view! { <span class="words">{say(|t| t.cluster.commands())}</span>"▾" }.into_any(), Signal::derive(move || text().cluster.commands().to_owned()), Signal::stored("0"), Arc::new(move || session.entries()))}
                </div> }.into_any())}
        </header>
    }
}

/// The buttons that switch between the set and the workload beside it, where there is no room for both.
fn turns(session: Session) -> AnyView {
    let button = move |side: bool, label: String| {
        view! { <button class="button" aria-pressed=move || (session.side_turn.get() == side).to_string() on:click=move |_| session.side_turn.set(side)>{label}</button> }
            .into_any()
    };
    let text = text();
    let other = session.side.with(|side| side.as_ref().map(|side| side.workload.title()).unwrap_or_default());
    view! { <span class="segments turns" role="group">{button(false, text().cluster.set().to_owned())}{button(true, other)}</span> }
        .into_any()
}

/// That an identity has, or could have, more than one process.
fn meter(line: &ObjectLine) -> Option<AnyView> {
    let (mark, word) = line.at_most_one.clone()?;
    let meter = view! { <span class=format!("meter hue-{}", mark.1.word()) title=say(|t| t.application.at_most_one())>{sign(mark)} " " {word}</span> };
    Some(meter.into_any())
}

fn facts(line: &ObjectLine) -> impl IntoView + use<> {
    let brief = view! { <span class="brief">{line.ready.clone()}</span> };
    let fact = |(field, value): &(&'static str, String)| {
        let (field, value) = (*field, value.clone());
        let title = format!("{field} {value}");
        view! { <span class="fact" title=title><span>{label(move || field.to_owned())}</span> " " <b>{label(move || value.clone())}</b></span> }
    };
    let facts = line.facts.iter().map(fact).collect_view();
    let revisions = line.revisions.iter().map(|used| {
        let (label, pods) = (used.label.clone(), used.pods.clone());
        let image = used.image.rsplit('/').next().unwrap_or_default().to_owned();
        view! { <span title=used.image.clone()><i class="swatch" data-revision=used.paint.word()></i>{label} " " <b class="image">{image}</b> " " {pods}</span> }
    });
    (brief, facts, revisions.collect_view())
}

/// The most sets that stand beside one another in the header.
const MOST_TABS: usize = 4;

/// Whether there are several sets, and so few that each has a tab.
fn has_tabs(session: Session) -> bool {
    session.refused_set.with(Option::is_none) && session.fleet.with(|fleet| (2..=MOST_TABS).contains(&fleet.len()))
}

/// The sets beside one another, with how many of their pods are Ready. One that is stuck is marked.
fn tabs(session: Session) -> AnyView {
    let text = text();
    let tab = move |member: Member| {
        let stuck = member.stuck.then(|| text().cluster.stuck());
        let title = [&member.label, &member.ready, stuck.unwrap_or_default()].map(|word| word.to_owned()).join(" ");
        let (set, stop) = (member.set.clone(), if member.shown { "0" } else { "-1" });
        view! {
            <button role="tab" aria-selected=member.shown.to_string() tabindex=stop data-stuck=member.stuck.to_string() title=title.trim_end().to_owned()
                on:click=move |_| session.show(set.clone())>
                {sign(member.mark)} " " <b class="elide">{member.label}</b> " " <span>{member.ready}</span> <span class="unseen">{stuck}</span>
            </button>
        }
        .into_any()
    };
    let go = move |event: KeyboardEvent| {
        let by = match event.key().as_str() {
            "ArrowLeft" => -1,
            "ArrowRight" => 1,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        session.show_beside(by);
        request_animation_frame(|| focus(".fleet [aria-selected=true]"));
    };
    view! {
        <div class="fleet" role="tablist" aria-label=say(|t| t.cluster.choose_set()) on:keydown=go>
            {live(move || session.fleet.get().into_iter().map(tab).collect_view())}
        </div>
    }
    .into_any()
}

/// The choice of the shown set, where there are many or the window is narrow.
#[component]
fn Choice() -> impl IntoView {
    let (text, session) = (text(), session());
    let options = move || {
        let is_shown = |set: &NamespacedName| {
            session.object.with(|line| line.as_ref().is_some_and(|line| line.namespace == *set.namespace && line.name == *set.name))
        };
        let option = |set: NamespacedName, words: String| {
            view! { <option value=set.to_string() prop:selected=is_shown(&set)>{words}</option> }
        };
        let counted = |member: Member| {
            let stuck = member.stuck.then(|| text().cluster.stuck());
            let words = [Some(member.label.as_str()), Some(member.ready.as_str()), stuck];
            option(member.set, words.into_iter().flatten().collect::<Vec<_>>().join(" "))
        };
        // A set that is alone stands here beside one that was refused, and is not counted.
        let alone = |set: NamespacedName| {
            let label = if *set.namespace == *DEFAULT_NAMESPACE { set.name.to_string() } else { set.to_string() };
            option(set, label)
        };
        let refused = session.refused_set.get().map(|set| view! { <option selected>{set}</option> });
        let fleet = session.fleet.get();
        let lone = if fleet.is_empty() { session.sets.get() } else { Vec::new() };
        (refused, fleet.into_iter().map(counted).collect_view(), lone.into_iter().map(alone).collect_view())
    };
    let choose = move |event| {
        if let Some(set) = NamespacedName::parse(&event_target_value(&event)) {
            session.show(set);
        }
    };
    view! { <select class="button" aria-label=say(|t| t.cluster.choose_set()) on:change=choose>{options}</select> }
}

/// A number with buttons to decrease and increase it.
pub fn stepper(value: Signal<i64>, step: impl Fn(i64) + Copy + 'static) -> AnyView {
    view! {
        <span class="stepper">
            <button aria-label=say(|t| t.cluster.scale_in()) on:click=move |_| step(-1)>"−"</button>
            <output aria-live="off">{live(move || value.get())}</output>
            <button aria-label=say(|t| t.cluster.scale_out()) on:click=move |_| step(1)>"+"</button>
        </span>
    }
    .into_any()
}
