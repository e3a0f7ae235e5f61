//! The pane of the shown set's replicated application: its leader, its writes, and a client that writes. Other sets have no such pane.

use causes::command::Entry;
use leptos::prelude::*;
use view::application::{Application, Process};

use crate::focus::{focus, is_within};
use crate::preferences::Pane;
use crate::session::Session;
use crate::widget::{folding, live, prose, say, session, sign};

/// The pane, if the set runs such an application.
pub fn pane() -> AnyView {
    let session = session();
    let there = Memo::new(move |_| session.application.with(|application| !application.image.is_empty()));
    let still = Memo::new(move |_| session.application.with(Application::is_still));
    let body = move || session.application.with(|application| body(application, session));
    let pane = move || {
        there.get().then(|| {
            view! {
                <section class="pane application" aria-label=say(|t| t.application.title()) data-still=move || still.get().to_string()>
                    <div class="pane-head">
                        {live(move || if still.get() { folding(Pane::Application, |t| t.application.title()) } else { view! { <h2>{say(|t| t.application.title())}</h2> }.into_any() })}
                        <span class="label mono">{live(move || session.application.with(|application| application.image.clone()))}</span>
                    </div>
                    <div class="pane-body">{body}</div>
                </section>
            }
            .into_any()
        })
    };
    pane.into_any()
}

fn body(application: &Application, session: Session) -> AnyView {
    // The buttons are drawn anew while somebody uses them.
    if is_within(".writes") {
        request_animation_frame(|| focus(".writes button"));
    }
    let row = |process: &Process| {
        let Process { mark, pod, uid, role, holds } = process.clone();
        view! { <tr><td>{sign(mark)} " " {pod} " " <small>{uid}</small></td><td>{role}</td><td>{holds}</td></tr> }.into_any()
    };
    let count = |(hue, words): &(_, String)| {
        let hue: &text::Hue = hue;
        view! { <span class=format!("hue-{}", hue.word())>{words.clone()}</span> }.into_any()
    };
    let button = |entry: &Entry| {
        let line = entry.line.clone();
        view! { <button class="button" title=line.clone() on:click=move |_| session.type_line(&line)>{entry.label.clone()}</button> }
            .into_any()
    };
    view! {
        <p class="leads">{application.mark.map(sign)} " " {prose(application.verdict.clone())}</p>
        {(!application.paragraph.is_empty()).then(|| view! { <p>{prose(application.paragraph.clone())}</p> }.into_any())}
        <table class="table"><tbody>{application.rows.iter().map(row).collect_view()}</tbody></table>
        <p class="counts" aria-live="off">{application.counts.iter().map(count).collect_view()}</p>
        <div class="writes">{application.entries.iter().map(button).collect_view()}</div>
    }
    .into_any()
}
