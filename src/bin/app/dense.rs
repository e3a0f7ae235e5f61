//! Many ordinals: a grid of cells that is one tab stop, counts above it that work as filters, and the pods that are not Ready in words.
//!
//! A row is built as HTML text.

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;
use view::cluster::Towards;
use view::dense::{Arrangement, Count, Exception, Line};

use crate::session::{NARROW_ROW, Session};
use crate::widget::{bring, each, say, session, sign, text};

/// Stands for all nodes; no node can have this name.
const ALL: &str = "*";

/// Scrolls to a pod's cell.
pub fn show(pod: &str) {
    bring(&format!("[data-pod=\"{pod}\"]"));
}

/// The counts, the tools and the grid.
pub fn dense(session: Session) -> AnyView {
    let by_node = move || session.dense.arrangement.get() == Arrangement::ByNode;
    let label = {
        let text = text();
        move || if by_node() { text().dense.cells_by_node() } else { text().dense.cells() }
    };
    view! {
        {tools(session)}
        <div class="dense-counts" role="group" aria-label=say(|t| t.dense.filter())>
            {each(move || session.dense.counts.keys(), move |word| count(session, &word))}
        </div>
        <div
            class="dense"
            role="grid"
            tabindex="0"
            data-by=move || if by_node() { "node" } else { "ordinal" }
            aria-label=label
            style:--cells=move || session.dense.shape.get().0.to_string()
            style:--narrow=move || session.dense.shape.get().0.min(NARROW_ROW).to_string()
            style:--lines=move || session.dense.shape.get().1.to_string()
            aria-colcount=move || (session.dense.shape.get().0 + 1).to_string()
            aria-rowcount=move || session.dense.lines.keys().len().to_string()
            aria-activedescendant=move || session.pod_asked().map(|pod| format!("cell-{pod}"))
            on:click=move |event| pick(&event, session)
            on:keydown=move |event| go(&event, session)
        >
            {each(move || session.dense.lines.keys(), move |at| row(session, at))}
        </div>
    }
    .into_any()
}

/// How the cells are arranged and filtered.
fn tools(session: Session) -> AnyView {
    let button = move |by: Arrangement, label: fn(&'static text::Text) -> &'static str| {
        let chosen = move || (session.dense.arrangement.get() == by).to_string();
        view! { <button class="button" aria-pressed=chosen on:click=move |_| session.arrange(by)>{say(label)}</button> }.into_any()
    };
    let shown = move |node: &str| session.dense.filter.with(|filter| filter.node.as_deref().unwrap_or(ALL) == node);
    let nodes = move || {
        let option = |node: String| {
            let (name, value) = (node.clone(), node.clone());
            view! { <option value=value prop:selected=move || shown(&name)>{node}</option> }
        };
        session.rows.keys().into_iter().map(option).collect_view()
    };
    let choose = move |event| session.look_at_node(Some(event_target_value(&event)).filter(|node| node != ALL));
    let jump = move |event| {
        if let Ok(ordinal) = event_target_value(&event).trim().parse() {
            session.select_ordinal(ordinal);
        }
    };
    view! {
        <div class="dense-tools">
            <span class="segments" role="group" aria-label=say(|t| t.dense.arrange())>
                {button(Arrangement::ByOrdinal, |t| t.dense.by_ordinal())}
                {button(Arrangement::ByNode, |t| t.dense.by_node())}
            </span>
            <select class="button" id="dense-node" aria-label=say(|t| t.dense.node()) on:change=choose>
                <option value=ALL prop:selected=move || shown(ALL)>{say(|t| t.dense.all_nodes())}</option>
                <option value="" prop:selected=move || shown("")>{say(|t| t.cluster.no_node_yet())}</option>
                {nodes}
            </select>
            <input class="mono" id="dense-go" type="number" aria-label=say(|t| t.dense.go_to()) placeholder=say(|t| t.dense.go_to()) on:change=jump/>
            <span class="label grow">{say(|t| t.dense.legend())}</span>
        </div>
    }
    .into_any()
}

/// The number of cells with one state: a button that filters by it.
fn count(session: Session, word: &String) -> AnyView {
    let Some(count) = session.dense.counts.member(word).map(RwSignal::from) else { return ().into_any() };
    let Count { sort, mark, paint, word, .. } = count.get_untracked();
    let pressed = {
        let sort = sort.clone();
        move || session.dense.filter.with(|filter| filter.sort.as_ref() == Some(&sort)).to_string()
    };
    let sign = mark.map(sign);
    let swatch = paint.map(|paint| view! { <i class="swatch" data-revision=paint.word()></i> });
    let cells = move || count.with(|count| count.cells);
    view! {
        <button aria-pressed=pressed on:click=move |_| session.look_for(sort.clone())>
            <b>{cells}</b> " " <span>{sign}{swatch} " " {word}</span>
        </button>
    }
    .into_any()
}

fn row(session: Session, at: i64) -> AnyView {
    let text = text();
    let Some(line) = session.dense.lines.member(&at).map(RwSignal::from) else { return ().into_any() };
    let heading = move || {
        line.with(|line: &Line| if line.heading.is_empty() { text().cluster.no_node_yet().to_owned() } else { line.heading.clone() })
    };
    let html = move || line.with(|line| session.row_html(line));
    view! { <div class="dense-row" role="row"><b role="rowheader">{heading}</b><span role="none" inner_html=html></span></div> }.into_any()
}

fn pick(event: &MouseEvent, session: Session) {
    let cell = event.target().and_then(|target| target.dyn_into::<Element>().ok()).and_then(|target| target.get_attribute("data-pod"));
    if let Some(pod) = cell {
        session.select_pod(&pod);
    }
}

fn go(event: &KeyboardEvent, session: Session) {
    let towards = match event.key().as_str() {
        "ArrowLeft" => Towards::Left,
        "ArrowRight" => Towards::Right,
        "ArrowUp" => Towards::Up,
        "ArrowDown" => Towards::Down,
        "Enter" => {
            if let Some(pod) = session.pod_asked() {
                event.stop_propagation();
                session.select_pod(&pod);
            }
            return;
        }
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    session.select_beside(towards);
}

/// The pane of pods that are not Ready, if the set is drawn as cells.
pub fn exceptions() -> AnyView {
    let session = session();
    let any = move || !session.dense.lines.keys().is_empty() && !session.dense.exceptions.keys().is_empty();
    (move || any().then(|| pane(session))).into_any()
}

fn pane(session: Session) -> AnyView {
    let text = text();
    let more = move || match session.dense.unlisted.get() {
        0 => String::new(),
        more => text().dense.more(more),
    };
    view! {
        <section class="pane unready" aria-label=say(|t| t.cluster.not_ready())>
            <div class="pane-head">
                <h2>{say(|t| t.cluster.not_ready())}</h2>
                <span class="grow"></span>
                <span class="label"><kbd>"N"</kbd> " " {say(|t| t.dense.next())}</span>
            </div>
            <div class="pane-body">
                <table class="table">
                    <thead><tr><th>{say(|t| t.dense.pod())}</th><th>{say(|t| t.dense.place())}</th><th>{say(|t| t.dense.state())}</th></tr></thead>
                    <tbody>
                        {each(move || session.dense.exceptions.keys(), move |first| exception(session, &first))}
                    </tbody>
                </table>
                <p class="label">{more}</p>
            </div>
        </section>
    }
    .into_any()
}

fn exception(session: Session, first: &String) -> AnyView {
    let Some(one) = session.dense.exceptions.member(first).map(RwSignal::from) else { return ().into_any() };
    let (pod, link) = (first.clone(), session.token_of_pod(first));
    let words = move |of: fn(&Exception) -> String| move || one.with(of);
    let state = words(|one| if one.cells > 1 { format!("{} ×{}", one.word, one.cells) } else { one.word.clone() });
    let class = move || one.with(|one| format!("hue-{}", one.mark.1.word()));
    view! {
        <tr>
            <td><button data-link=link on:click=move |_| session.select_pod(&pod)>{words(|one| one.pods.clone())}</button></td>
            <td>{words(|one| one.node.clone())}</td>
            <td><span class=class>{sign(Signal::derive(move || one.with(|one| one.mark)))} " " {state}</span></td>
        </tr>
    }
    .into_any()
}
