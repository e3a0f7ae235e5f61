//! The list of all keys, which is a palette: a row does what its key does, and a field narrows the rows by their names.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use text::Text;

use crate::focus::{focus, press};
use crate::keyboard::{act, close_keys};
use crate::widget::{glyph, live, preferences, say, session, text, when};

/// What a row does.
#[derive(Clone, Copy)]
enum Does {
    /// What a key does.
    Key(&'static str),
    /// What a key does with Shift.
    Shift(&'static str),
    /// What an element does that is clicked, by a CSS selector.
    Click(&'static str),
    /// Nothing: its key is about what has the focus.
    Nothing,
}

/// A key, the name of what it does, and how that is done from here.
type Row = (&'static str, &'static str, Does);

fn rows(text: &'static Text) -> impl Iterator<Item = Row> {
    use Does::{Click, Key, Nothing, Shift};
    let (keys, time, compare, cluster) = (&text.keys, &text.time, &text.compare, &text.cluster);
    [
        ("Space", keys.play(), Key(" ")),
        ("→", time.step(), Key("ArrowRight")),
        ("←", time.back(), Key("ArrowLeft")),
        (".", time.skip(), Key(".")),
        ("Shift ← →", keys.fine(), Nothing),
        ("Home", time.to_start(), Key("Home")),
        ("End", time.to_now(), Key("End")),
        ("Q", time.quiet(), Key("q")),
        ("1 … 6", keys.speed(), Nothing),
        ("← ↑ ↓ →", keys.tiles(), Nothing),
        ("N", keys.next_unready(), Key("n")),
        ("+", cluster.scale_out(), Key("+")),
        ("−", cluster.scale_in(), Key("-")),
        ("X", keys.node(), Key("x")),
        ("Ctrl Enter", keys.apply(), Click("#apply")),
        ("W", text.why.title(), Key("w")),
        ("", text.why.all(), Click("#why-all")),
        ("D", "DNS", Key("d")),
        ("S", text.storage.title(), Key("s")),
        ("Y", text.manifest.title(), Key("y")),
        ("L", text.lessons.button(), Key("l")),
        ("`", keys.terminal(), Key("`")),
        ("C", keys.compare(), Key("c")),
        ("E", compare.end(), Key("e")),
        ("F", text.requests.draw(), Key("f")),
        ("Shift F", text.writes.draw(), Shift("f")),
        ("J", text.done.title(), Key("j")),
        ("K", text.stuck.title(), Key("k")),
        ("A", text.manifest.plan(), Key("a")),
        ("F6, Shift F6", keys.region(), Key("F6")),
        ("T", keys.theme(), Key("t")),
        ("", text.bar.language(), Click("#settings-sheet [lang]:not([aria-pressed=true])")),
        ("", compare.choose_release(), Click("#settings")),
        ("Esc", keys.escape(), Nothing),
        ("?", keys.all(), Nothing),
    ]
    .into_iter()
}

/// The list, while it is open.
#[component]
pub fn AllKeys() -> impl IntoView {
    let preferences = preferences();
    Effect::new(move |_| {
        if preferences.keys_open.get() {
            request_animation_frame(|| focus("#keys-filter"));
        }
    });
    view! {
        {when(move || preferences.keys_open.get(), move || view! { <div class="veil" on:click=move |_| close_keys(preferences)>
                <div class="dialog" id="keys" role="dialog" aria-modal="true" aria-label=say(|t| t.bar.keys()) on:click=|event| event.stop_propagation()>
                    <div class="pane-head">
                        <h2>{say(|t| t.bar.keys())}</h2>
                        <span class="grow"></span>
                        <button class="button quiet icon" aria-label=say(|t| t.page.close()) on:click=move |_| close_keys(preferences)>{glyph("cross")}</button>
                    </div>
                    {list()}
                    <label class="pane-foot">
                        <input type="checkbox" id="single-keys" prop:checked=preferences.single_keys on:change=move |event| preferences.use_single_keys(event_target_checked(&event))/>
                        {say(|t| t.keys.single())}
                    </label>
                    <label class="pane-foot">
                        <input type="checkbox" id="own-writes" prop:checked=preferences.own_writes on:change=move |event| preferences.use_own_writes(event_target_checked(&event))/>
                        {say(|t| t.storage.own_writes())}
                    </label>
                    {crate::share::about()}
                </div>
            </div> }.into_any())}
    }
}

/// The field, and the rows whose names contain what stands there.
fn list() -> AnyView {
    let (text, session, preferences) = (text(), session(), preferences());
    let wanted = RwSignal::new(String::new());
    let row = move |(key, name, does): Row| {
        let take = move |_| {
            close_keys(preferences);
            match does {
                Does::Key(key) => _ = act(key, false, session, preferences),
                Does::Shift(key) => _ = act(key, true, session, preferences),
                Does::Click(selector) => press(selector),
                Does::Nothing => {}
            }
        };
        let told = match does {
            Does::Nothing => name.into_any(),
            _ => view! { <button on:click=take>{name}</button> }.into_any(),
        };
        view! { <dt>{(!key.is_empty()).then(|| view! { <kbd>{key}</kbd> })}</dt> <dd>{told}</dd> }.into_any()
    };
    let found = move || {
        let wanted = wanted.get().to_ascii_lowercase();
        rows(text()).filter(|(_, name, _)| name.to_ascii_lowercase().contains(&wanted)).map(row).collect_view()
    };
    let first = |event: KeyboardEvent| {
        if event.key() == "Enter" && !event.is_composing() {
            event.prevent_default();
            press("#keys dd button");
        }
    };
    view! {
        <input type="search" id="keys-filter" placeholder=say(|t| t.keys.filter()) aria-label=say(|t| t.keys.filter()) autocomplete="off"
            on:input=move |event| wanted.set(event_target_value(&event)) on:keydown=first/>
        <dl class="keys">{live(found)}</dl>
    }
    .into_any()
}
