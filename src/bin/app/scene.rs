//! The scenes of a first visit: a customer asks for three books, on the left of a StatefulSet and on the right of a Deployment.

use leptos::ev::Event;
use leptos::prelude::*;
use playground::scene::{self, Scene};
use text::{Hue, Text};
use view::cluster::{CellKey, ColumnKey, ItemKey, RowKey};
use view::node::{Row, Sight};
use view::requests::Line;
use view::terminal::Voice;

use crate::cluster::{Cell, Pod};
use crate::focus::{focus, is_within};
use crate::session::{Phase, Session};
use crate::widget::{each, glyph, live, preferences, say, session, text, when};

/// All that a first visit shows below the bar. It disappears with the visitor's first action elsewhere.
#[component]
pub(crate) fn Scenes() -> impl IntoView {
    let (session, preferences) = (session(), preferences());
    let typed = move || session.terminal.with(|lines| lines.iter().filter(|line| line.voice == Voice::Typed).count());
    Effect::new(move |before: Option<usize>| {
        let done = (typed() + usize::from(session.asks())).saturating_sub(session.scenes.staging.with(|staging| staging.typed));
        if before.is_some_and(|before| done > before.max(1)) {
            preferences.settle();
        }
        done
    });
    let word = move || ["kill", "power", "scale", "rollout"][session.scenes.staging.with(|staging| staging.scene) as usize];
    view! {
        <main class="scene stage" id="cluster" data-scene=word aria-label=say(|t| t.bar.tagline()) tabindex="-1">
            <header class="hello">
                <h1>{say(|t| t.hello.title())}</h1>
                <p role="status">{live(move || caption(session))}</p>
                <div class="acts" tabindex="-1">{live(move || controls(session))}</div>
            </header>
            <div class="customer">{slip(scene::NAME)} <b data-seat="">{say(|t| t.scene.customer())}</b> {slip(scene::ANY)}</div>
            <section class="half">
                <h2>"StatefulSet" " " <small>{say(|t| t.scene.headless())}</small></h2>
                <div class="pegs">{each(move || session.columns.keys(), |ordinal| peg(ordinal).into_any())}</div>
            </section>
            <section class="half">
                <h2>"Deployment" " " <small>{say(|t| t.scene.any())}</small></h2>
                <div class="name" data-seat="shop" data-link="service/shop"><code>"shop"</code></div>
                <div class="pegs">{boxes_beside()}</div>
            </section>
            <ol class="in-words">{live(move || crate::requests::lines(session))}</ol>
            {when(move || session.see.flow.get().is_some(), move || crate::requests::layer(session))}
            <nav class="doors">{crate::bar::doors(session)}
                <button class="button door" on:click=move |_| session.leave_scenes()>{say(|t| t.scene.whole())}</button>
            </nav>
        </main>
    }
}

/// The place of an ordinal: number, name and disk stay, the box between them comes and goes.
fn peg(ordinal: i64) -> Option<AnyView> {
    let session = session();
    let column = session.columns.member(&ordinal)?;
    let (link, name, address) = (column.clone(), column.clone(), column);
    let named = move || name.with(|column| column.names.first().map(|(_, name)| name.clone()).unwrap_or_default());
    let is_published = move || address.with(|column| column.names.first().is_some_and(|(mark, _)| mark.1 == Hue::Ready));
    let leads = Memo::new(move |_| is_published().then(|| address_in(session, ordinal)).flatten());
    // Another address is drawn anew, and so seen to change.
    let there = move || Vec::from_iter(leads.get());
    Some(
        view! {
            <div class="peg">
                <div class="name" data-link=move || link.with(|column| session.token_of(&column.identity))>
                    <span class="ordinal" aria-hidden="true">{ordinal}</span> <code>{named}</code> {each(there, |address| view! { <span class="leads">{address}</span> }.into_any())}
                </div>
                {boxes(ordinal)}
            </div>
        }
        .into_any(),
    )
}

/// The address of the pod with an ordinal, which its name leads to.
fn address_in(session: Session, ordinal: i64) -> Option<String> {
    let is_here = |key: &&CellKey| key.column == ColumnKey::Ordinal(ordinal);
    let uids: Vec<String> = session.cells.with(|cells| {
        let items = cells.iter().filter(|(key, _)| is_here(key)).flat_map(|(_, items)| items);
        items.filter_map(|item| if let ItemKey::Pod(uid) = item { Some(uid.clone()) } else { None }).collect()
    });
    let address = |uid: &String| session.pods.member(uid).map(|tile| tile.with(|tile| tile.address.clone()));
    uids.iter().find_map(address).filter(|address| !address.is_empty())
}

/// The pod and the disk of an ordinal, on whichever node.
fn boxes(ordinal: i64) -> AnyView {
    let session = session();
    let waiting = CellKey { row: RowKey::Waiting, column: ColumnKey::Ordinal(ordinal) };
    view! {
        <div class="boxes">
            <div class="box"><Cell at=waiting sight=Sight::Seen/></div>
            {each(move || session.rows.keys(), move |name| box_on(session, ordinal, name))}
        </div>
    }
    .into_any()
}

/// The pod and the disk of an ordinal, if they are on a node.
fn box_on(session: Session, ordinal: i64, node: String) -> AnyView {
    let Some(row) = session.rows.member(&node).map(RwSignal::from) else { return ().into_any() };
    let sight = Signal::derive(move || row.with(|row: &Row| row.sight));
    let at = CellKey { row: RowKey::Node(node), column: ColumnKey::Ordinal(ordinal) };
    view! { <div class="box"><Cell at=at sight=sight/> {dark(row)}</div> }.into_any()
}

/// What is known of a node that is out of sight.
fn dark(row: RwSignal<Row>) -> AnyView {
    let told = move || row.with(|row| (row.sight != Sight::Seen).then(|| format!("{}: {}", row.name, row.word)));
    view! { <small class="off">{live(told)}</small> }.into_any()
}

/// The pods beside the set, in the order in which they came.
fn boxes_beside() -> AnyView {
    let session = session();
    let uids = Memo::new(move |before: Option<&Vec<String>>| in_order(before.map_or(&[], Vec::as_slice), &beside(session)));
    each(
        move || uids.get(),
        move |uid| {
            let row = session.row_of(&uid);
            let sight = move || row.map_or("", |row| row.with(|row| row.sight.word()));
            let class = move || format!("cell loose {}", sight());
            view! { <div class="box"><div class=class><Pod uid=uid/></div> {row.map(dark)}</div> }.into_any()
        },
    )
}

/// The pods beside the set.
fn beside(session: Session) -> Vec<String> {
    session.cells.with(|cells| {
        let items = cells.iter().filter(|(key, _)| key.column == ColumnKey::Side).flat_map(|(_, items)| items);
        items.filter_map(|item| if let ItemKey::Pod(uid) = item { Some(uid.clone()) } else { None }).collect()
    })
}

/// Those that were there before, as they stood, and then the new ones.
fn in_order(before: &[String], pods: &[String]) -> Vec<String> {
    let stay = before.iter().filter(|uid| pods.contains(uid));
    let come = pods.iter().filter(|uid| !before.contains(uid));
    stay.chain(come).cloned().collect()
}

/// What came back last from a side.
fn slip(host: &'static str) -> AnyView {
    let (session, text) = (session(), text());
    let latest = Memo::new(move |_| {
        let title = text().requests.client(host);
        session.see.asked.with(|asked| asked.clients.iter().find(|seat| seat.title == title)?.latest.clone())
    });
    let hears = move |line: &Line| session.scenes.staging.with(|staging| staging.hears(line.number));
    let heard = move || latest.get().filter(hears);
    let finds = move || heard().map(|line| (line.said == scene::BOOKS).to_string());
    let told = move || heard().map(|line| if holds_nothing(&line) { text().scene.no_books().to_owned() } else { line.said });
    view! { <span class="slip" data-finds=finds>{told}</span> }.into_any()
}

/// Whether a pod answered that it has no books, in the words of its image.
fn holds_nothing(line: &Line) -> bool {
    line.hue == Hue::Ready && line.said != scene::BOOKS
}

/// What happens, or what is asked.
fn caption(session: Session) -> String {
    let text = text()();
    let (scene, phase) = session.scenes.staging.with(|staging| (staging.scene, staging.phase));
    let words = &text.scene;
    match phase {
        Phase::Rising => words.rising().to_owned(),
        Phase::Setting if scene == Scene::Kill => words.puts().to_owned(),
        Phase::Setting => words.setting().to_owned(),
        Phase::Question | Phase::Control => question(text, scene).to_owned(),
        Phase::Unfolding => session.stretch().map_or_else(|| words.unfolding().to_owned(), |times| text.time.stretched(times)),
        Phase::Again => words.unfolding().to_owned(),
        Phase::Asked => words.asked().to_owned(),
        Phase::Verdict => outcome(text, scene).to_owned(),
        Phase::Over => session.scenes.staging.with(|staging| match staging.guessed() {
            (_, 0) => words.over().to_owned(),
            (right, of) => words.guessed(right, of),
        }),
    }
}

fn question(text: &'static Text, scene: Scene) -> &'static str {
    match scene {
        Scene::Kill => text.scene.kill(),
        Scene::Power => text.scene.power(),
        Scene::Scale => text.scene.scale(),
        Scene::Rollout => text.scene.rollout(),
    }
}

fn outcome(text: &'static Text, scene: Scene) -> &'static str {
    match scene {
        Scene::Kill => text.scene.killed(),
        Scene::Power => text.scene.powerless(),
        Scene::Scale => text.scene.scaled(),
        Scene::Rollout => text.scene.rolled_out(),
    }
}

/// The two answers, the one control, or what comes next.
fn controls(session: Session) -> AnyView {
    keep_focus();
    let (scene, phase) = session.scenes.staging.with(|staging| (staging.scene, staging.phase));
    match phase {
        Phase::Rising | Phase::Setting | Phase::Asked => ().into_any(),
        Phase::Question => answers(scene).map(|(at, label)| press(label, move || session.guess(at))).collect_view().into_any(),
        Phase::Control | Phase::Unfolding if scene == Scene::Rollout => slider(session),
        Phase::Control => press(control(scene), move || {
            session.take_scene();
            session.use_control();
        }),
        Phase::Unfolding => ().into_any(),
        Phase::Again => press(|t| t.scene.again(), move || {
            session.take_scene();
            session.ask_for_books();
        }),
        Phase::Verdict => press(|t| t.scene.next(), move || session.next_scene()),
        Phase::Over => view! { <button class="button" id="once-more" on:click=move |_| session.play_again()>{glyph("again")} {say(|t| t.hello.again())}</button> <button class="button primary" id="fates" on:click=move |_| session.open_fates()>{say(|t| t.scene.yours())}</button> }.into_any(),
    }
}

/// A label in the chosen language.
type Label = fn(&'static Text) -> &'static str;

fn press(label: Label, act: impl Fn() + 'static) -> AnyView {
    view! { <button class="button primary" on:click=move |_| act()>{say(label)}</button> }.into_any()
}

/// The control that has the focus is about to go: its place keeps the focus for the next one.
fn keep_focus() {
    if is_within(".acts") {
        focus(".acts");
    }
}

fn answers(scene: Scene) -> impl Iterator<Item = (usize, Label)> {
    let labels: [Label; 2] = match scene {
        Scene::Kill => [|t| t.scene.on_both(), |t| t.scene.on_the_left()],
        Scene::Power => [|t| t.scene.a_new_one(), |t| t.scene.nobody()],
        Scene::Scale => [|t| t.scene.yes(), |t| t.scene.no()],
        Scene::Rollout => [|t| t.scene.the_lower(), |t| t.scene.the_upper()],
    };
    labels.into_iter().enumerate()
}

fn control(scene: Scene) -> Label {
    match scene {
        Scene::Kill | Scene::Rollout => |t| t.scene.do_kill(),
        Scene::Power => |t| t.scene.cut_power(),
        Scene::Scale => |t| t.scene.do_scale(),
    }
}

/// The partition, in the hand.
fn slider(session: Session) -> AnyView {
    let value = move || session.partition.with(|line| line.as_ref().map_or(0, |line| line.value)).to_string();
    let most = move || session.columns.keys().len().to_string();
    view! { <label class="slider">"partition " <input type="range" min="0" max=most step="1" prop:value=value on:change=move |event| hold(session, &event)/> <output>{value}</output></label> }
        .into_any()
}

/// Moves the partition to where the hand has left it.
fn hold(session: Session, event: &Event) {
    session.take_scene();
    if let Ok(to) = event_target_value(event).parse() {
        session.move_partition(to);
    }
}
