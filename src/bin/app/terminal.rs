//! The terminal: the log of what was done, and a command line.

use kubectl::form::Form;
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::{html, web_sys};
use playground::MAX_TERMINALS;
use view::links::Spot;
use view::terminal::{Line, Voice};

use crate::keyboard::is_composing;
use crate::preferences::{Pane, Preferences};
use crate::session::Session;
use crate::widget::{each, folding, live, more, preferences, say, session, when};
use view::actions;

/// The region.
#[component]
pub fn Terminal() -> impl IntoView {
    let (session, preferences) = (session(), preferences());
    let lines = preferences.lines;
    let log = NodeRef::<html::Div>::new();
    // Scrolls to the newest line; the style sheet keeps it in view when the terminal shrinks. With the next frame, which arranges the page
    // anyway: to scroll at once would arrange it once more.
    Effect::new(move |_| {
        session.terminal.with(|_| ());
        if let Some(log) = log.get() {
            request_animation_frame(move || log.set_scroll_top(0));
        }
    });
    // A terminal in one line opens for what failed in it.
    let failed =
        Memo::new(move |_| session.terminal.with(|lines| lines.iter().rfind(|line| line.voice == Voice::Error).map(|line| line.id)));
    Effect::new(move |before: Option<Option<u64>>| {
        let failed = failed.get();
        if before.is_some_and(|before| before < failed) && session.lesson.with_untracked(Option::is_none) {
            preferences.open(Pane::Terminal, true);
        }
        failed
    });
    // What still prints, as a watch does, moves nothing.
    let long = Memo::new(move |_| session.terminal.with(|lines| answer(lines)).filter(|_| !session.busy.get()));
    let high = move || lines.get().map(|lines| lines.to_string()).or_else(|| long.get().map(|lines| lines.to_string()));
    // Which of several terminals is shown.
    let shown_tab = move || Some(session.tabs.get()).filter(|(open, _)| *open > 1).map(|(_, tab)| tab + 1);
    view! {
        <section
            class="terminal"
            aria-label=say(|t| t.terminal.title())
            data-chosen=move || lines.get().map(|_| "")
            data-long=move || long.get().map(|_| "")
            style:--lines=high
        >
            {crate::edge::edge()}
            <div class="pane-head">
                {folding(Pane::Terminal, |t| t.terminal.title())}
                <span class="label elide">{say(|t| t.terminal.note())}</span>
                {when(move || session.busy.get(), move || view! { <button class="button under-way" on:click=move |_| session.interrupt()>{say(|t| t.terminal.stop())}</button> }.into_any())}
                {more("terminal-more", say(|t| t.terminal.tabs()), view! { <span>{shown_tab}</span> }.into_any(), view! { <Tabs/> <Tools/> }.into_any())}
            </div>
            <div class="terminal-log" role="log" aria-live="off" aria-label=say(|t| t.terminal.output()) tabindex="0" node_ref=log>
                <div>
                    {each(move || session.terminal.with(|lines| lines.iter().map(|line| line.id.cast_signed()).collect()), move |id| line_of(session, id))}
                    {when(
                        move || session.command_waits() && !session.playing.get() && session.editing.with(Option::is_none),
                        move || view! { <div class="ours">{say(|t| t.terminal.time_stands_still())}</div> }.into_any(),
                    )}
                    {when(move || session.command_waits() && session.is_held_back(), move || view! { <div class="ours">{say(|t| t.terminal.waits())}</div> }.into_any())}
                    {when(move || session.has_typed_ahead(), move || view! { <div class="ours">{say(|t| t.terminal.typed_ahead())}</div> }.into_any())}
                    {when(
                        move || !session.held.with(Vec::is_empty),
                        move || view! { <div class="ours">{say(|t| t.terminal.fetching())}</div> }.into_any(),
                    )}
                    <Prompt/>
                </div>
            </div>
        </section>
    }
}

/// How many lines an answer has before it gets more room, and the most lines that it gets.
const LONG: usize = 6;
const MOST: usize = 18;

/// How many lines the latest command needs with its answer and the prompt; `None` where that is not long.
fn answer(lines: &[Line]) -> Option<usize> {
    let answered = lines.iter().rev().take_while(|line| line.voice != Voice::Typed);
    let lines: usize = answered.map(|line| line.text.lines().count()).sum();
    (lines > LONG).then(|| MOST.min(lines + 2))
}

fn line_of(session: Session, id: i64) -> AnyView {
    let known = |lines: &Vec<Line>| lines.iter().rfind(|line| line.id.cast_signed() == id).cloned();
    let Some(line) = session.terminal.with_untracked(known) else { return ().into_any() };
    let class = match line.voice {
        Voice::Typed => "typed",
        Voice::Output => "",
        Voice::Error if line.text.starts_with("Warning: ") => "warned",
        Voice::Error => "failed",
        Voice::Playground => "ours",
    };
    view! { <div class=class data-link=Spot::Said(line.id).token("")>{line.text}</div> }.into_any()
}

/// The form in which kubectl prints, and buttons that copy the log.
#[component]
fn Tools() -> impl IntoView {
    let session = session();
    let is_classic = move || session.form.get() == Form::Classic;
    let choose = move |_| {
        let form = if is_classic() { Form::Today } else { Form::Classic };
        Preferences::print_as(form);
        session.type_line(&actions::form(form));
        focus_prompt();
    };
    view! {
        <div class="terminal-tools">
            <button aria-pressed=move || is_classic().to_string() title=say(|t| t.terminal.classic_hint()) on:click=choose>
                {say(|t| t.terminal.classic())}
            </button>
            <button title=say(|t| t.terminal.copy_text_hint()) on:click=move |_| session.copy_terminal()>
                {say(|t| t.terminal.copy_text())}
            </button>
            // A scenario begins in an empty cluster.
            {when(move || !session.is_standing(), move || view! {
                <button title=say(|t| t.terminal.copy_scenario_hint()) on:click=move |_| session.copy_scenario()>
                    {say(|t| t.terminal.copy_scenario())}
                </button>
            }.into_any())}
        </div>
    }
}

/// The open terminals, and a button for another one.
#[component]
fn Tabs() -> impl IntoView {
    let session = session();
    let button = move |tab: usize, open: usize| {
        let is_new = tab == open;
        let name = if is_new { say(|t| t.terminal.new_tab()) } else { say(|t| t.terminal.title()) };
        view! {
            <button
                aria-pressed=(!is_new).then(|| (session.tabs.get_untracked().1 == tab).to_string())
                aria-label=move || if is_new { name.get().to_owned() } else { format!("{} {}", name.get(), tab + 1) }
                on:click=move |_| {
                    session.choose_tab(tab);
                    focus_prompt();
                }
            >
                {if is_new { "+".to_owned() } else { (tab + 1).to_string() }}
            </button>
        }
    };
    view! {
        <div class="terminals" role="group" aria-label=say(|t| t.terminal.tabs())>
            {live(move || {
                let (open, _) = session.tabs.get();
                (0..(open + 1).min(MAX_TERMINALS)).map(|tab| button(tab, open)).collect_view()
            })}
        </div>
    }
}

/// Focuses the command line.
fn focus_prompt() {
    if let Some(prompt) = document().get_element_by_id("prompt") {
        let _ = prompt.unchecked_into::<web_sys::HtmlElement>().focus();
    }
}

/// The command line, with its history under the arrow keys.
#[component]
fn Prompt() -> impl IntoView {
    let (session, preferences) = (session(), preferences());
    let last = move || session.terminal.with(|lines| lines.iter().rfind(|line| line.voice == Voice::Typed).map(|line| line.text.clone()));
    let typed = RwSignal::new(String::new());
    let back = RwSignal::new(0_usize);
    let submit = move || {
        let line = typed.get_untracked();
        typed.set(String::new());
        back.set(0);
        session.queue_line(&line);
    };
    let complete = move || {
        let line = session.completed(&typed.get_untracked());
        line.map(|line| typed.set(line)).is_some()
    };
    let press = move |event: KeyboardEvent| {
        if is_composing(&event) {
            return;
        }
        let ago = match event.key().as_str() {
            "Enter" => {
                event.prevent_default();
                return submit();
            }
            "ArrowUp" => back.get_untracked() + 1,
            "ArrowDown" => back.get_untracked().saturating_sub(1),
            // On an empty line, Tab moves the focus as usual.
            "Tab" if !event.shift_key() && !typed.get_untracked().trim().is_empty() => {
                if complete() {
                    event.prevent_default();
                }
                return;
            }
            "c" if event.ctrl_key() => {
                let input = event_target::<web_sys::HtmlTextAreaElement>(&event);
                if input.selection_start() == input.selection_end() {
                    event.prevent_default();
                    typed.set(String::new());
                    session.interrupt();
                }
                return;
            }
            _ => return,
        };
        event.prevent_default();
        let (ago, line) = session.typed_ago(ago);
        back.set(ago);
        typed.set(line);
    };
    // Of several pasted lines, all but the last are executed.
    let input = move |event| {
        let text = event_target_value(&event);
        match text.rsplit_once('\n') {
            Some((lines, last)) => {
                lines.lines().for_each(|line| session.queue_line(line));
                typed.set(last.to_owned());
            }
            None => typed.set(text),
        }
    };
    view! {
        <form class="prompt" on:focusin=move |_| preferences.open(Pane::Terminal, true) on:submit=move |event: SubmitEvent| event.prevent_default()>
            <span aria-hidden="true">{live(move || session.prompt.get())}</span>
            <textarea
                rows="1"
                id="prompt"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-label=say(|t| t.terminal.prompt())
                prop:value=typed
                on:input=input
                on:keydown=press
            ></textarea>
            <span class="last elide" aria-hidden="true">{live(last)}</span>
        </form>
    }
}
