//! Time: the transport, the ruler, what happened, and a row per pod.

use leptos::html;
use leptos::prelude::*;
use ordinal::base::time::Time;
use ordinal::view::timeline::{Moment, Track, labels_that_fit, ruler_label};

use crate::app::preferences::Tab;
use crate::app::session::{SPEEDS, Speed};
use crate::app::widget::{glyph, icon, preferences, prose, say, session, sign, text};

/// A character of an event's words, in CSS pixels.
const CHARACTER: f64 = 6.7;

/// The verdict in one sentence: all that a telephone keeps of the Why pane.
#[component]
pub fn Sentence() -> impl IntoView {
    let (text, session, preferences) = (text(), session(), preferences());
    let back_and_forth = move |_| preferences.tab.update(|tab| *tab = if *tab == Tab::Why { Tab::Cluster } else { Tab::Why });
    let words = move || {
        session.why.with(|why| {
            if why.verdict.is_empty() { text().why.nothing.into_any() } else { view! { <b>{prose(why.verdict.clone())}</b> }.into_any() }
        })
    };
    let mark = move || session.why.with(|why| why.mark.map(|mark| sign(mark)));
    view! {
        <button class="sentence" on:click=back_and_forth>
            {mark}
            <span class="grow">{words} " " <u>{say(|t| t.why.title)}</u></span>
        </button>
    }
}

/// The region.
#[component]
pub fn Timeline() -> impl IntoView {
    view! {
        <section class="timeline" aria-label=say(|t| t.time.title) tabindex="-1">
            <Transport/>
            <Tracks/>
        </section>
    }
}

#[component]
fn Transport() -> impl IntoView {
    let (text, session) = (text(), session());
    let play_label = move || if session.playing.get() { text().time.pause } else { text().time.play };
    let speed = move |speed: Speed| {
        let chosen = move || session.speed.get() == speed;
        view! { <button class="button" aria-pressed=move || chosen().to_string() on:click=move |_| session.set_speed(speed)>{speed.label()}</button> }
    };
    let option = move |speed: Speed| view! { <option value=speed.label() prop:selected=move || session.speed.get() == speed>{speed.label()}</option> };
    let choose = move |event| {
        let label = event_target_value(&event);
        if let Some(speed) = SPEEDS.into_iter().find(|speed| speed.label() == label) {
            session.set_speed(speed);
        }
    };
    view! {
        <div class="transport" role="toolbar" aria-label=say(|t| t.time.transport)>
            <button class="button icon" aria-label=say(|t| t.time.start) title=say(|t| t.time.start) on:click=move |_| session.restart()>
                {glyph("first")}
            </button>
            <button class="button primary icon" id="toggle" aria-label=play_label title=play_label on:click=move |_| session.toggle()>
                {icon(Signal::derive(move || if session.playing.get() { "pause" } else { "play" }))}
            </button>
            <button class="button icon" aria-label=say(|t| t.time.step) title=say(|t| t.time.step) on:click=move |_| session.step()>
                {glyph("next")}
            </button>
            <button class="button icon" aria-label=say(|t| t.time.quiet) title=say(|t| t.time.quiet) on:click=move |_| session.run_until_quiet()>
                {glyph("quiet")}
            </button>
            <span class="clock" role="timer" aria-live="off" aria-label=say(|t| t.time.clock)>{move || session.clock.get().to_string()}</span>
            <span class="segments speeds" role="group" aria-label=say(|t| t.time.speed)>{SPEEDS.map(speed).collect_view()}</span>
            <select class="button speed" aria-label=say(|t| t.time.speed) on:change=choose>{SPEEDS.map(option).collect_view()}</select>
            <span class="next grow elide">{move || session.next.get()}</span>
            <span class="label hints">
                <kbd>"Space"</kbd> " " {say(|t| t.time.key_play)} " "
                <kbd>"→"</kbd> " " {say(|t| t.time.key_step)} " "
                <kbd>"?"</kbd> " " {say(|t| t.time.key_all)}
            </span>
        </div>
    }
}

#[component]
fn Tracks() -> impl IntoView {
    let (text, session) = (text(), session());
    let lanes = NodeRef::<html::Div>::new();
    let width = RwSignal::new(0_u64);
    let measure = move || {
        let pixels = lanes.get_untracked().map_or(0, |lanes| lanes.client_width());
        width.set((f64::from(pixels) / CHARACTER) as u64);
    };
    Effect::new(move |_| {
        if lanes.get().is_some() {
            measure();
        }
    });
    window_event_listener(leptos::ev::resize, move |_| measure());
    let place = move |at: Time| percent(at, session.range.get());
    let marks = move || {
        session
            .marks
            .get()
            .into_iter()
            .map(|at| view! { <span style:left=percent(at, session.range.get())>{ruler_label(at)}</span> })
            .collect_view()
    };
    let labelled = Memo::new(move |_| session.moments.with(|moments| labels_that_fit(moments, session.range.get(), width.get())));
    let moment = move |(index, moment): (usize, Moment)| {
        let fits = move || labelled.with(|fits| fits.get(index).copied().unwrap_or(false));
        event(moment, place, fits, text, session)
    };
    view! {
        <div class="tracks">
            <div class="lanes" tabindex="0" role="group" aria-label=say(|t| t.time.title)>
                <div class="lane-body" node_ref=lanes>
                    <div class="track ruler" aria-hidden="true">{marks}</div>
                    <div class="track events">
                        <span class="name">{say(|t| t.time.events)}</span>
                        <For each=move || session.moments.get().into_iter().enumerate() key=|(_, moment)| moment.id children=moment/>
                    </div>
                    <For each=move || session.tracks.keys() key=|pod| pod.clone() let:pod>
                        <Lane pod=pod/>
                    </For>
                    <div class="overlay" aria-hidden="true">
                        <div class="now" style:transform=move || format!("translateX({})", place(session.clock.get()))>
                            <div class="future"></div>
                            <div class="playhead"></div>
                        </div>
                    </div>
                </div>
            </div>
        </div>
    }
}

fn event(
    moment: Moment,
    place: impl Fn(Time) -> String + Copy + Send + Sync + 'static,
    fits: impl Fn() -> bool + Copy + Send + Sync + 'static,
    text: impl Fn() -> &'static ordinal::text::Text + Copy + Send + Sync + 'static,
    session: crate::app::session::Session,
) -> impl IntoView {
    let (at, mark) = (moment.at, moment.mark);
    let class = if moment.command { "event command".to_owned() } else { format!("event hue-{}", mark.1.id()) };
    let about = moment.text.split(' ').next().unwrap_or_default().to_owned();
    let (words, label) = (moment.text.clone(), moment.text);
    view! {
        <button
            class=class
            tabindex="-1"
            style:left=move || place(at)
            aria-label=move || (text().time.at)(&label, &ruler_label(at))
            on:click=move |_| session.select_pod(&about)
        >
            {sign(mark)}
            <span class="text" hidden=move || !fits()>{words}</span>
        </button>
    }
}

#[component]
fn Lane(pod: String) -> impl IntoView {
    let session = session();
    let track = RwSignal::from(session.tracks.member(&pod)?);
    let spans = move || {
        let range = session.range.get();
        track.with(|track| {
            let claims = track.claim.iter().map(|(from, to)| bar("claim-line", None, *from, *to, range)).collect_view();
            let spans =
                track.spans.iter().map(|span| bar("span", Some(span.state.mark().0.id()), span.from, span.to, range)).collect_view();
            (claims, spans)
        })
    };
    let spoken = move || track.with(Track::spoken);
    let label = format!("{pod}: ");
    Some(view! {
        <div class="track" role="img" aria-label=move || label.clone() + &spoken()>
            <span class="name">{pod}</span>
            {spans}
        </div>
    })
}

/// A stretch of time. One that lasts reaches to the edge; the future covers what has not happened.
fn bar(class: &'static str, state: Option<&'static str>, from: Time, to: Option<Time>, range: Time) -> impl IntoView {
    let right = to.map_or("0".to_owned(), |to| percent(Time(range.0.saturating_sub(to.0)), range));
    view! { <span class=class data-state=state style:left=percent(from, range) style:right=right></span> }
}

/// A place on the ruler.
#[allow(clippy::cast_precision_loss, reason = "a pixel is coarser by far")]
fn percent(at: Time, range: Time) -> String {
    format!("{:.3}%", at.0 as f64 / range.0.max(1) as f64 * 100.0)
}
