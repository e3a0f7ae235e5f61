//! Time: the transport, the ruler, what happened, and a row per pod.

use std::fmt::Write;

use api::kind::Kind;
use base::time::Time;
use leptos::ev::PointerEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;
use playground::stop::Stops;
use text::Text;
use view::lanes::Mix;
use view::links::Spot;
use view::terminal::Voice;
use view::timeline::{Moment, Ruler, Track, Way, labels_that_fit};

use crate::keyed::{Keyed, set_if_new};
use crate::preferences::Tab;
use crate::script::embedded;
use crate::session::{Area, SPEEDS, Session, Speed};
use crate::widget::{after_frame, each, glyph, hyphened, icon, live, more, preferences, prose, say, session, sign, text, when, whole};

/// The length of the ruler, in thousandths of a percent.
const WHOLE: u64 = 100_000;

/// The verdict in one sentence: all that a telephone keeps of the Why pane.
#[component]
pub fn Sentence() -> impl IntoView {
    let (text, session, preferences) = (text(), session(), preferences());
    let back_and_forth = move |_| match preferences.tab.get_untracked() {
        Tab::Why => _ = session.close_details(),
        _ => preferences.tab.set(Tab::Why),
    };
    let words = move || {
        session.why.with(|why| {
            if why.verdict.is_empty() { text().why.nothing().into_any() } else { view! { <b>{prose(why.verdict.clone())}</b> }.into_any() }
        })
    };
    let mark = move || session.why.with(|why| why.mark.map(sign));
    let more = move || session.why.with(|why| why.holder().map(prose));
    let does = Signal::derive(move || if preferences.tab.get() == Tab::Why { text().page.close() } else { text().why.title() });
    view! {
        <button class="sentence" on:click=back_and_forth>
            {mark}
            <span class="grow">{words} " " <span class="more">{more} " "</span> <u>{does}</u></span>
        </button>
    }
}

/// The region.
#[component]
pub fn Timeline() -> impl IntoView {
    let (as_table, playing) = (RwSignal::new(false), session().playing);
    view! {
        <section class="timeline" data-playing=move || playing.get().to_string() aria-label=say(|t| t.time.title()) tabindex="-1">
            {branches()}
            <Transport as_table=as_table/>
            <Tracks as_table=as_table/>
        </section>
    }
}

/// A button of the transport.
fn tool(id: &'static str, sign: &'static str, label: fn(&'static Text) -> &'static str, act: impl Fn() + 'static) -> AnyView {
    view! { <button class="button icon" id=id aria-label=say(label) title=say(label) on:click=move |_| act()>{glyph(sign)}</button> }
        .into_any()
}

/// How fast time passes; the ways to get ahead at once: to a timer, to the end of all work, to what a run stops at by itself; the
/// timeline as a table, and the start.
fn skips(session: Session, as_table: RwSignal<bool>) -> AnyView {
    let entry = |id: &'static str, sign: &'static str, label: fn(&'static Text) -> &'static str, act: Box<dyn Fn()>| {
        view! { <button class="button quiet" id=id on:click=move |_| act()>{glyph(sign)} {say(label)}</button> }.into_any()
    };
    let choice = move |label: fn(&'static Text) -> &'static str, of: fn(&mut Stops) -> &mut bool| {
        let is = move || *of(&mut session.stops.get());
        let choose = move |event| session.stop_at(|stops| *of(stops) = event_target_checked(&event));
        view! { <label><input type="checkbox" prop:checked=is on:change=choose/> {say(label)}</label> }.into_any()
    };
    let label = view! { <span data-on=move || session.stops.with(Stops::any).to_string()>{move || session.speed.get().label()}</span> };
    let within = view! {
        {(!embedded()).then(|| speeds(session))}
        {entry("skip", "timer", |t| t.time.skip(), Box::new(move || session.skip()))}
        {entry("run-quiet", "quiet", |t| t.time.quiet(), Box::new(move || session.run_until_quiet()))}
        {entry("to-start", "first", |t| t.time.to_start(), Box::new(move || session.seek_start()))}
        {entry("restart", "again", |t| t.time.begin_again(), Box::new(move || session.restart()))}
        <button class="button quiet as-table" aria-pressed=move || as_table.get().to_string() on:click=move |_| as_table.update(|on| *on = !*on)>
            {say(|t| t.time.as_table())}
        </button>
        <h3 class="label">{say(|t| t.time.stop_when())}</h3>
        {choice(|t| t.time.stop_not_ready(), |stops| &mut stops.not_ready)}
        {choice(|t| t.time.stop_rollout(), |stops| &mut stops.rollout_waits)}
        <label>
            {say(|t| t.time.stop_event())} " "
            <input class="mono" id="stop-event" placeholder="FailedScheduling" spellcheck="false" autocomplete="off"
                on:change=move |event| session.stop_at(|stops| event_target_value(&event).trim().clone_into(&mut stops.event))/>
        </label>
    };
    more("stops", say(|t| t.time.speed()), label.into_any(), within.into_any())
}

/// The speeds that are offered, and one that was chosen by its key.
fn speeds(session: Session) -> AnyView {
    let option = move |speed: Speed| view! { <option value=speed.label() selected=session.speed.get() == speed>{speed.label()}</option> };
    let options = move || SPEEDS.into_iter().filter(|speed| speed.is_offered() || session.speed.get() == *speed).map(option).collect_view();
    let choose = move |event| {
        let label = event_target_value(&event);
        if let Some(speed) = SPEEDS.into_iter().find(|speed| speed.label() == label) {
            session.set_speed(speed);
        }
    };
    view! { <select class="button speed" aria-label=say(|t| t.time.speed()) on:change=choose>{options}</select> }.into_any()
}

/// A button that leads to another instant or run.
fn leads(id: &'static str, label: Signal<&'static str>, act: Box<dyn Fn()>) -> AnyView {
    view! { <button class="button" id=id on:click=move |_| act()>{label}</button> }.into_any()
}

/// Where one is when that is not the end of the only branch: in the past, on one branch of several. Above the transport, whose buttons
/// stay where they are when it comes or goes: a double click hits the same button twice.
fn branches() -> AnyView {
    let (text, session) = (text(), session());
    let words = move || match session.news.get() {
        news if news.is_empty() && session.past.get() => text().time.past().to_owned(),
        news => news,
    };
    let shown = move || session.past.get() || !session.news.with(String::is_empty) || !session.ways.with(Vec::is_empty);
    let way = move |way: Way| {
        view! { <button class="button" aria-pressed=way.shown.to_string() on:click=move |_| session.return_to(way.id)>{way.label}</button> }
    };
    view! {
        // Hidden, its status would not be read out when it has something to say.
        <div class="branches" data-still=move || (!shown()).to_string()>
            {when(move || session.past.get(), move || leads("now", say(|t| t.time.to_now()), Box::new(move || session.seek_now())))}
            <span class="elide" role="status">{words}</span>
            {when(move || session.can_bring_back(), move || leads("bring-back", say(|t| t.time.bring_back()), Box::new(move || session.bring_back())))}
            <span class="segments" role="group" aria-label=say(|t| t.time.branches())>{live(move || session.ways.get().into_iter().map(way).collect_view())}</span>
            {crate::compare::chooser()}
        </div>
    }
    .into_any()
}

/// How many times faster time passes than was chosen, if it does.
fn stretch(session: Session) -> Option<usize> {
    session.stretch().filter(|_| session.playing.get())
}

/// What is next, for whoever points there: a timer that will do nothing is no news.
fn next(session: Session) -> Option<String> {
    let is_told = session.aside.with(String::is_empty) && stretch(session).is_none();
    is_told.then(|| session.next.get())
}

/// How time stands, in words; empty while it passes as usual.
fn stands(session: Session, text: &'static Text) -> String {
    let (words, aside) = (&text.time, session.aside.get());
    match stretch(session) {
        _ if !aside.is_empty() => aside,
        Some(times) => words.stretched(times),
        None if session.next.with(String::is_empty) => words.is_quiet().to_owned(),
        None if session.playing.get() => String::new(),
        None => words.paused().to_owned(),
    }
}

#[component]
fn Transport(as_table: RwSignal<bool>) -> impl IntoView {
    let (text, session) = (text(), session());
    let play_label = move || if session.playing.get() { text().time.pause() } else { text().time.play() };
    let shown = Memo::new(move |_| session.zero().clock(session.clock.get()));
    let long = Memo::new(move |_| shown.with(|shown| shown.chars().count()));
    let (next, stands) = (move || next(session), move || stands(session, text()));
    // In another page there is no terminal to show what was done.
    let last = move || session.terminal.with(|lines| lines.iter().rfind(|line| line.voice == Voice::Typed).map(|line| line.text.clone()));
    view! {
        <div class="transport" role="toolbar" aria-label=say(|t| t.time.transport())>
            {tool("step-back", "back", |t| t.time.back(), move || session.step_back())}
            <button class="button primary icon" id="toggle" aria-label=play_label title=play_label on:click=move |_| session.toggle()>
                {icon(Signal::derive(move || if session.playing.get() { "pause" } else { "play" }))}
            </button>
            {tool("step", "next", |t| t.time.step(), move || session.step())}
            <span class="clock" role="timer" aria-live="off" aria-label=say(|t| t.time.clock())
                style:width=move || format!("{}ch", long.get())>{live(move || shown.get())}</span>
            {when(move || session.first.whole.get(), move || view! { {embedded().then(|| speeds(session))} {skips(session, as_table)} }.into_any())}
            <span class="next grow elide" title=move || next().unwrap_or_else(stands)>{stands} " " <span class="unasked">{next}</span></span>
            <span class="unseen" role="status">{move || session.aside.get()}</span>
            <span class="embedded grow elide mono" title=last>{last}</span>
        </div>
    }
}

/// How wide the lanes are, in hundredths of a character of an event's words, and what measures it again. `hundred` is as wide as a
/// hundred characters, in whichever font there is.
fn measured(lanes: NodeRef<html::Div>, hundred: NodeRef<html::I>) -> (RwSignal<u64>, impl Fn() + Copy + 'static) {
    let width = RwSignal::new(0_u64);
    let measure = move || {
        let pixels = lanes.get_untracked().map_or(0, |lanes| lanes.client_width());
        let character = hundred.get_untracked().map_or(0, |hundred| hundred.client_width());
        width.set((pixels * 100 / character.max(1)).unsigned_abs().into());
    };
    Effect::new(move |_| {
        if lanes.get().is_some() {
            after_frame(measure);
        }
    });
    window_event_listener(leptos::ev::resize, move |_| measure());
    (width, measure)
}

#[component]
fn Tracks(as_table: RwSignal<bool>) -> impl IntoView {
    let (text, session) = (text(), session());
    let lanes = NodeRef::<html::Div>::new();
    let hundred = NodeRef::<html::I>::new();
    let (width, measure) = measured(lanes, hundred);
    let place = move |at: Time| left(at, session.ruler.get());
    // By steps of about a pixel: what moves at every frame has the browser put all of the page's layers together anew. To whole pixels:
    // between two of them, lines are grey.
    let moved = move |at: RwSignal<Time>| {
        let thousandths = session.ruler.get().place(at.get(), 1000);
        format!("translateX(round({}.{}%, 1px))", thousandths / 10, thousandths % 10)
    };
    let marks = move || {
        let ruler = session.ruler.get();
        ruler.marks().map(|at| view! { <span style:left=left(at, ruler)>{ruler.label(at)}</span> }).collect_view()
    };
    let labelled = Memo::new(move |_| {
        let (ruler, shown, head) = (session.ruler.get(), session.clock.get(), session.head.get());
        session.moments.with(|moments| labels_that_fit(moments, text(), ruler, width.get(), shown, head))
    });
    let moment = move |id: i64| {
        let known = |moments: &Vec<Moment>| moments.iter().cloned().enumerate().rfind(|(_, moment)| moment.id.cast_signed() == id);
        let Some((index, moment)) = session.moments.with_untracked(known) else { return ().into_any() };
        let fits = move || labelled.with(|fits| fits.get(index).copied().unwrap_or(false));
        event(moment, place, fits, text, session)
    };
    let scrub = move |event: &PointerEvent| {
        let Some(lanes) = lanes.get_untracked() else { return };
        let (left, width) = (whole(lanes.get_bounding_client_rect().left()), lanes.client_width().max(1));
        let along = (event.client_x() - left).clamp(0, width).unsigned_abs();
        session.seek(session.ruler.get_untracked().at(along.into(), width.unsigned_abs().into()));
    };
    // On a telephone the rows of the pods are folded until somebody touches the time.
    let touched = RwSignal::new(false);
    let grab = move |event: PointerEvent| {
        set_if_new(touched, true);
        // A flag or glyph is clicked, not dragged.
        let on_button = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .is_some_and(|at| matches!(at.closest(".event"), Ok(Some(_))));
        if let Some(lanes) = lanes.get_untracked().filter(|_| !on_button && event.button() == 0) {
            let _ = lanes.set_pointer_capture(event.pointer_id());
            session.scrubbing.set(true);
            scrub(&event);
        }
    };
    let release = move |_| session.scrubbing.set(false);
    Effect::new(move |_| {
        let _ = as_table.get();
        request_animation_frame(measure);
    });
    view! {
        <div class="tracks">
            <div class="lanes" data-touched=move || touched.get().to_string()>
                {live(move || as_table.get().then(|| crate::chart::table(session)))}
                <div class="lane-body" hidden=move || as_table.get() node_ref=lanes on:pointerdown=grab on:pointerup=release on:pointercancel=release
                    on:pointermove=move |event| if session.scrubbing.get_untracked() { scrub(&event) }>
                    <div class="track ruler" aria-hidden="true">{marks}</div>
                    <div class="track events">
                        <i class="hundred" node_ref=hundred></i>
                        <span class="name">{say(|t| t.time.events())}</span>
                        {each(move || session.moments.with(|moments| moments.iter().map(|moment| moment.id.cast_signed()).collect()), moment)}
                    </div>
                    {live(move || session.lanes.area.with(Option::is_some).then(|| area(session)))}
                    {each(move || session.tracks.keys(), move |pod| lane(session, session.tracks, &pod, session.token_of_pod(&pod)))}
                    {each(move || session.lanes.nodes.keys(), move |node| lane(session, session.lanes.nodes, &node, session.token_of_node(&node)))}
                    {live(move || session.lanes.side.with(Option::is_some).then(|| side(session)))}
                    <div class="overlay">
                        <div class="now" style:transform=move || moved(session.head)><div class="future"></div></div>
                        {when(move || session.past.get(), move || ahead(session))}
                        {when(move || session.see.marked.get().is_some(), move || mark(session))}
                        <div class="now" style:transform=move || moved(session.clock)>{playhead(session)}</div>
                    </div>
                    {live(move || session.see.judged.get().then(|| crate::tools::lane(session)))}
                </div>
            </div>
        </div>
    }
}

/// What has happened on this branch and lies after the instant shown.
fn ahead(session: Session) -> AnyView {
    let place = move || left(session.clock.get(), session.ruler.get());
    view! {
        <div class="now"><div class="ahead" style:left=place style:right=move || right(session.head.get(), session.ruler.get())></div></div>
    }
    .into_any()
}

/// The marked instant, with which others are compared.
fn mark(session: Session) -> AnyView {
    let text = text();
    let at = move || session.see.marked.get().unwrap_or_default();
    let said = move || text().see.mark_at(&session.zero().clock(at()));
    view! { <div class="now"><div class="marked" role="img" aria-label=said style:left=move || left(at(), session.ruler.get())></div></div> }
        .into_any()
}

/// What shows the instant, and moves it from the keyboard: the arrow keys and Home and End, which all of the page shares.
fn playhead(session: Session) -> AnyView {
    let text = text();
    // While time passes it would speak at every frame.
    let told = Memo::new(move |before: Option<&Time>| match before {
        Some(before) if session.playing.get() => *before,
        _ => session.clock.get(),
    });
    let spoken = move || text().time.seconds(&session.zero().seconds(told.get()));
    view! {
        <div class="playhead" role="slider" tabindex="0" aria-label=say(|t| t.time.instant()) aria-valuemin=move || told.get().min(session.zero().0).0.to_string()
            aria-valuemax=move || told.get().max(session.head.get_untracked()).0.to_string() aria-valuenow=move || told.get().0.to_string()
            aria-valuetext=spoken></div>
    }
    .into_any()
}

fn event(
    moment: Moment,
    place: impl Fn(Time) -> String + Copy + Send + Sync + 'static,
    fits: impl Fn() -> bool + Copy + Send + Sync + 'static,
    text: impl Fn() -> &'static Text + Copy + Send + Sync + 'static,
    session: Session,
) -> AnyView {
    let (at, mark) = (moment.at, moment.mark);
    let class = if moment.is_command() { "event command".to_owned() } else { format!("event hue-{}", mark.1.word()) };
    let about = moment.about.iter().find(|key| key.kind == Kind::Pod).map(|key| key.name.to_string());
    let link = Spot::Moment(moment.id).token("");
    let moment = StoredValue::new_local(moment);
    let label = move || moment.with_value(|moment| moment.label(text()));
    let spoken = move || text().time.at(&label(), &session.zero().label(at));
    let inside = view! { {sign(mark)} <span class="text" hidden=move || !fits()>{label}</span> };
    let choose = move |_| about.iter().for_each(|pod| session.select_pod(pod));
    view! { <span class=class data-link=link role="img" style:left=move || place(at) aria-label=spoken on:click=choose>{inside}</span> }
        .into_any()
}

/// A row of bars: a pod's, or a node's.
fn lane(session: Session, tracks: Keyed<String, Track>, name: &String, link: String) -> AnyView {
    let Some(track) = tracks.member(name).map(RwSignal::from) else { return ().into_any() };
    let spans = move || {
        let ruler = session.ruler.get();
        track.with(|track| {
            let claims = track.claim.iter().map(|claim| bar("claim-line", None, claim.from, claim.to, ruler)).collect_view();
            let spans =
                track.spans.iter().map(|span| bar("span", Some(span.state.mark().0.word()), span.from, span.to, ruler)).collect_view();
            (claims, spans)
        })
    };
    let spoken = move || track.with(|track| track.spoken(session.zero()));
    let (label, shown) = (format!("{name}: "), name.clone());
    view! {
        <div class="track" role="img" data-link=link aria-label=move || label.clone() + &spoken()>
            <span class="name" title=name.clone()>{hyphened(move || shown.clone())}</span>
            {spans}
        </div>
    }
    .into_any()
}

/// The row of the workload without ordinals: which pods it had.
fn side(session: Session) -> AnyView {
    let mixes = move || session.lanes.side.with(|side| side.as_ref().map(|(_, mixes)| mixes.clone()).unwrap_or_default());
    let title = move || session.lanes.side.with(|side| side.as_ref().map(|(title, _)| title.clone()).unwrap_or_default());
    let spoken = move || {
        let mixes = mixes();
        let zero = session.zero();
        let told = mixes.iter().map(|mix| format!("{} {}", mix.words, zero.label(mix.from)));
        format!("{}: {}", title(), told.collect::<Vec<_>>().join(", "))
    };
    let bars = move || {
        let ruler = session.ruler.get();
        let one = |mix: Mix| {
            let right = mix.to.map_or("0".to_owned(), |to| right(to, ruler));
            view! {
                <span class="mix" style:left=left(mix.from, ruler) style:right=right>
                    <i class="swatch" data-revision=mix.paint.word()></i>{mix.words}
                </span>
            }
        };
        mixes().into_iter().map(one).collect_view()
    };
    let kind = move || title().split('/').next().unwrap_or_default().to_owned();
    view! { <div class="track side-lane" role="img" aria-label=spoken><span class="name">{kind}</span>{bars}</div> }.into_any()
}

/// How many of many pods are Ready, as an area. Its height is all of them.
fn area(session: Session) -> AnyView {
    /// Units of the drawing, along and up.
    const SIZE: (u64, u64) = (10_000, 1000);
    let path = move || {
        let ruler = session.ruler.get();
        session.lanes.area.with(|area| {
            let Some(Area { ready, most }) = area.as_ref() else { return String::new() };
            let mut path = format!("M0 {}", SIZE.1);
            for (at, pods) in ready {
                let _ = write!(path, "H{}V{}", ruler.place(*at, SIZE.0), SIZE.1 - *pods as u64 * SIZE.1 / (*most).max(1) as u64);
            }
            path + &format!("H{}V{}Z", SIZE.0, SIZE.1)
        })
    };
    let now = move || session.lanes.area.with(|area| area.as_ref().and_then(|area| area.ready.last().map(|(_, pods)| *pods)).unwrap_or(0));
    let most = move || session.lanes.area.with(|area| area.as_ref().map_or(0, |area| area.most));
    let text = text();
    let spoken = move || text().cluster.ready_of(i64::try_from(now()).unwrap_or(i64::MAX), i64::try_from(most()).unwrap_or(i64::MAX));
    view! {
        <div class="track area" role="img" aria-label=spoken>
            <span class="name">"Ready"</span>
            <svg viewBox=format!("0 0 {} {}", SIZE.0, SIZE.1) preserveAspectRatio="none" aria-hidden="true"><path d=path></path></svg>
        </div>
    }
    .into_any()
}

/// A stretch of time. One that lasts reaches to the edge; the future covers what has not happened.
fn bar(class: &'static str, state: Option<&'static str>, from: Time, to: Option<Time>, ruler: Ruler) -> impl IntoView {
    let right = to.map_or("0".to_owned(), |to| right(to, ruler));
    view! { <span class=class data-state=state style:left=left(from, ruler) style:right=right></span> }
}

/// How far an instant is from the ruler's left end.
fn left(at: Time, ruler: Ruler) -> String {
    percent(ruler.place(at, WHOLE))
}

/// How far an instant is from the ruler's right end.
fn right(at: Time, ruler: Ruler) -> String {
    percent(ruler.from_right(at, WHOLE))
}

/// A part of [`WHOLE`].
fn percent(part: u64) -> String {
    // Without floats: nothing else in the page prints one, and printing one takes 4 kB.
    format!("{}.{:03}%", part / 1000, part % 1000)
}
