//! What each tool around the shown set says of it: a line below the cluster that opens on demand, and a row of the timeline.

use base::time::Time;
use leptos::prelude::*;
use text::{Glyph, Hue, Mark};
use view::tools::{Line, Tools};

use crate::session::Session;
use crate::widget::{live, prose, say, sign, text, when};

/// The line, and below it what it opens.
pub fn line(session: Session) -> AnyView {
    let open = move || session.see.judged.get();
    view! {
        <section class="tools" aria-label=say(|t| t.done.title())>
            <button class="fold" id="tools" aria-expanded=move || open().to_string() on:click=move |_| session.toggle_tools()>
                {say(|t| t.done.title())}
            </button>
            {when(open, move || says(session))}
        </section>
    }
    .into_any()
}

fn says(session: Session) -> AnyView {
    let told = move |tools: &Tools| {
        view! {
            <p>{prose(text::Prose::read(&tools.why))}</p>
            <ul>{tools.lines.iter().map(|line| tool(session, line)).collect_view()}</ul>
        }
        .into_any()
    };
    view! {
        <div class="says" tabindex="0" role="group" aria-label=say(|t| t.done.asked())>
            {live(move || session.see.tools.with(|tools| tools.as_ref().map(told)))}
        </div>
    }
    .into_any()
}

/// A tool, its verdict, its words, and since when it has called the set done: a button that leads there.
fn tool(session: Session, line: &Line) -> AnyView {
    let text = text();
    let since = line.since.map(|at| {
        let label = text().done.since_at(&session.zero().short(at));
        view! { <button class="button quiet" on:click=move |_| session.seek(at)>{label}</button> }.into_any()
    });
    view! {
        <li>
            <span>{sign(line.mark)} " " {line.verdict.clone()}</span>
            <span><b>{line.name}</b> " " <small>{line.version}</small></span>
            <span class="mono">{line.words.clone()}</span>
            {since}
        </li>
    }
    .into_any()
}

/// The instants at which tools came to call the set done.
pub fn lane(session: Session, place: impl Fn(Time) -> String + Copy + Send + 'static) -> AnyView {
    let text = text();
    let turn = move |(at, names): &(Time, String)| {
        let at = *at;
        let said = format!("{}: {}", text().done.since_at(&session.zero().short(at)), names);
        let mark = Mark(Glyph::Check, Hue::Ready);
        view! { <span class="event hue-ready" role="img" aria-label=said.clone() title=said style:left=place(at)>{sign(mark)}</span> }
            .into_any()
    };
    let turns = move || session.see.tools.with(|tools| tools.as_ref().map(|tools| tools.turns.iter().map(turn).collect_view()));
    view! { <div class="track events"><span class="name">{say(|t| t.done.lane())}</span> {live(turns)}</div> }.into_any()
}
