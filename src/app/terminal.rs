//! The terminal: the log of what was done, and a line to type into.

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use ordinal::view::terminal::{Line, Voice};

use crate::app::widget::{say, session};

/// The region.
#[component]
pub fn Terminal() -> impl IntoView {
    let session = session();
    let log = NodeRef::<html::Div>::new();
    // The newest line is in sight, unless somebody scrolled up to read.
    Effect::new(move |_| {
        session.terminal.with(|_| ());
        request_animation_frame(move || {
            if let Some(log) = log.get_untracked() {
                log.set_scroll_top(log.scroll_height());
            }
        });
    });
    view! {
        <section class="terminal" aria-label=say(|t| t.terminal.title)>
            <div class="pane-head">
                <h2>{say(|t| t.terminal.title)}</h2>
                <span class="label elide">{say(|t| t.terminal.note)}</span>
            </div>
            <div class="terminal-log" role="log" aria-live="off" aria-label=say(|t| t.terminal.output) tabindex="0" node_ref=log>
                <For each=move || session.terminal.get() key=|line| line.id let:line>
                    {line_of(line)}
                </For>
                <Prompt/>
            </div>
        </section>
    }
}

fn line_of(line: Line) -> impl IntoView {
    let class = match line.voice {
        Voice::Typed => "typed",
        Voice::Output => "",
        Voice::Error => "failed",
        Voice::Playground => "ours",
    };
    view! { <div class=class>{line.text}</div> }
}

/// The line to type into, with what was typed before under the arrow keys.
#[component]
fn Prompt() -> impl IntoView {
    let session = session();
    let typed = RwSignal::new(String::new());
    let back = RwSignal::new(0_usize);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let line = typed.get_untracked();
        if !line.trim().is_empty() {
            typed.set(String::new());
            back.set(0);
            session.type_line(&line);
        }
    };
    let recall = move |event: KeyboardEvent| {
        let history = session.history();
        let steps = match event.key().as_str() {
            "ArrowUp" => (back.get_untracked() + 1).min(history.len()),
            "ArrowDown" => back.get_untracked().saturating_sub(1),
            _ => return,
        };
        event.prevent_default();
        back.set(steps);
        typed.set(history.len().checked_sub(steps).and_then(|at| history.get(at)).cloned().unwrap_or_default());
    };
    view! {
        <form class="prompt" on:submit=submit>
            <span aria-hidden="true">"$"</span>
            <input
                type="text"
                id="prompt"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-label=say(|t| t.terminal.prompt)
                prop:value=typed
                on:input=move |event| typed.set(event_target_value(&event))
                on:keydown=recall
            />
        </form>
    }
}
