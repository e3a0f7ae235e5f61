//! What each tool around the shown set says of it, below the cluster on demand, and as a row of the timeline.

use base::time::Time;
use leptos::prelude::*;
use text::{Glyph, Hue, Mark};
use view::tools::{Line, Tools};

use crate::session::Session;
use crate::widget::{live, prose, say, sign, text};

/// The line that closes it, and below what the tools say.
#[inline(never)]
pub fn shown(session: Session) -> AnyView {
    view! {
        <section class="tools" aria-label=say(|t| t.done.title())>
            <button class="fold" id="tools" aria-expanded="true" on:click=move |_| session.see.judged.set(false)>
                {say(|t| t.done.title())}
            </button>
            {says(session)}
        </section>
    }
    .into_any()
}

/// Changes only where something was written: what the tools say is not computed for each frame. It has to be read: a memo that is tracked
/// alone is never computed, and then follows nothing.
fn written(session: Session) -> Memo<(u32, usize, usize)> {
    Memo::new(move |_| {
        session.clock.track();
        // What is typed may take no time.
        session.terminal.track();
        session.written()
    })
}

fn says(session: Session) -> AnyView {
    let written = written(session);
    let tools = Memo::new(move |_| {
        written.get();
        session.object.track();
        session.tools()
    });
    view! {
        <div class="says" tabindex="0" role="group" aria-label=say(|t| t.done.asked())>
            {live(move || tools.with(|tools| match tools {
                Some(tools) => told(tools, session),
                None => view! { <p>{say(|t| t.done.none())}</p> }.into_any(),
            }))}
        </div>
    }
    .into_any()
}

/// Why the tools differ, and each of them; where all agree, the tools stand behind that one line.
fn told(tools: &Tools, session: Session) -> AnyView {
    let why = prose(text::Prose::read(&tools.why));
    let lines = view! { <ul>{tools.lines.iter().map(|line| tool(session, line)).collect_view()}</ul> };
    if tools.agree() {
        view! { <details><summary>{why}</summary>{lines}</details> }.into_any()
    } else {
        view! { <p>{why}</p> {lines} }.into_any()
    }
}

/// A tool, its verdict, its words, and since when it has called the set done: a button that leads there.
fn tool(session: Session, line: &Line) -> AnyView {
    let text = text();
    let since = line.since.map(|at| {
        let label = text().done.since_at(&session.zero().short(at));
        view! { <button class="button quiet" on:click=move |_| session.seek(at)>{label}</button> }.into_any()
    });
    let own = (!line.status.is_empty()).then(|| view! { <b>{line.status}</b> ": " }.into_any());
    view! {
        <li>
            <span>{sign(line.mark)} " " {line.verdict.clone()}</span>
            <span><b>{line.name}</b> " " <small>{line.version}</small></span>
            <span class="mono">{own} {line.words.clone()}</span>
            {since}
        </li>
    }
    .into_any()
}

/// The instants at which tools came to call the set done.
#[inline(never)]
pub fn lane(session: Session) -> AnyView {
    let text = text();
    let written = written(session);
    let turns = Memo::new(move |_| {
        written.get();
        session.object.track();
        session.turns()
    });
    let turn = move |(at, names): (Time, String)| {
        let said = format!("{}: {names}", text().done.since_at(&session.zero().short(at)));
        let mark = Mark(Glyph::Check, Hue::Ready);
        let place = move || format!("calc({}% / 100)", session.ruler.get().place(at, 10_000));
        view! { <span class="event hue-ready" role="img" aria-label=said.clone() title=said style:left=place>{sign(mark)}</span> }
            .into_any()
    };
    let turns = move || turns.get().into_iter().map(turn).collect_view();
    view! { <div class="track events judged"><span class="name">{say(|t| t.done.lane())}</span> {live(turns)}</div> }.into_any()
}
