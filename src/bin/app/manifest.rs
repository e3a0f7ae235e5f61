//! The manifest pane: the editor, Apply, and the messages about the text.

use api::release::Release;
use causes::command::{self, Entry, Purpose};
use leptos::prelude::*;
use playground::examples::Example;
use text::{Glyph, Hue, Mark, Prose, Text};
use view::manifest::{Effect, Fix, LineSpan, Note, Refusal, Verdicts};

use crate::editor::{Editor, put};
use crate::preferences::Pane;
use crate::session::Session;
use crate::widget::{live, preferences, prose, say, session, sign, text, when};

/// The region, or the rail that opens it.
#[component]
pub fn Manifest() -> impl IntoView {
    let (session, preferences) = (session(), preferences());
    let hide = move |_| preferences.open(Pane::Manifest, false);
    let text = text();
    let is_manifest = move || session.editing.with(Option::is_none);
    let head = move || match session.editing.get() {
        Some(what) => view! { <h2 class="elide">{text().manifest.editing(&what)}</h2> }.into_any(),
        None => view! { <h2>{text().manifest.title()}</h2> }.into_any(),
    };
    let do_it = move || if is_manifest() { text().manifest.apply() } else { text().manifest.save() };
    let beside = move || {
        if is_manifest() {
            view! { <span class="label elide">{live(move || session.applied_label())}</span> }.into_any()
        } else {
            view! { <button class="button" id="leave" on:click=move |_| session.interrupt()>{text().manifest.leave_edit()}</button> }
                .into_any()
        }
    };
    view! {
        <aside class="manifest" aria-label=say(|t| t.manifest.title()) tabindex="-1">
            <div class="pane-head">
                {head}
                <Counts/>
                <span class="grow"></span>
                <button class="button quiet only-phone" aria-haspopup="menu" popovertarget=crate::course::NAMES>{say(|t| t.lessons.button())}</button>
                {when(is_manifest, || view! { <Examples/> }.into_any())}
                <button class="button quiet wide" aria-label=say(|t| t.manifest.hide()) title=say(|t| t.manifest.hide()) on:click=hide>"‹"</button>
            </div>
            <Editor/>
            {when(move || session.is_in_parts() || session.editor.former.with(Option::is_some), in_parts)}
            <Problems/>
            <div class="pane-foot">
                <button class="button primary" id="apply" on:click=move |_| session.apply()>{do_it}</button>
                {when(is_manifest, move || view! { <button class="button" id="plan-manifest" on:click=move |_| session.plan_manifest()>{say(|t| t.manifest.plan())}</button> }.into_any())}
                <span class="label"><kbd>"Ctrl"</kbd> " " <kbd>"Enter"</kbd></span>
                <span class="grow"></span>
                {beside}
            </div>
        </aside>
        {when(move || !preferences.is_open(Pane::Manifest), move || view! { <div class="rail">
                <button class="button" on:click=move |_| crate::editor::enter(session, preferences)><span>{say(|t| t.manifest.title())}</span></button>
            </div> }.into_any())}
    }
}

/// The entry below the examples that opens the dialog for a stuck cluster.
const STUCK: &str = "stuck";

/// The examples; choosing one puts it into the editor.
#[component]
fn Examples() -> impl IntoView {
    let (text, session) = (text(), session());
    let option = |(at, label): (usize, &'static str)| view! { <option value=at.to_string()>{label}</option> };
    let options = move || {
        let words = text().manifest;
        let labels = [words.example_nginx(), words.example_redis(), words.example_etcd(), words.example_empty()];
        labels.into_iter().enumerate().map(option).collect_view()
    };
    let choose = move |event| {
        if event_target_value(&event) == STUCK {
            session.open_stuck();
        }
        if let Some(example) = event_target_value(&event).parse().ok().and_then(|at: usize| Example::ALL.get(at)) {
            put(session, example.manifest());
            if *example == Example::Empty {
                session.restart();
                session.type_line(command::DELETE_CLASSES);
            }
        }
        event_target::<leptos::web_sys::HtmlInputElement>(&event).set_value("");
    };
    view! {
        <select class="button quiet examples" aria-label=say(|t| t.manifest.example()) prop:value="" on:change=choose>
            <option value="" selected disabled hidden>{say(|t| t.manifest.example())}</option>
            {options}
            <option value=STUCK>{say(|t| t.stuck.title())}" …"</option>
        </select>
    }
}

/// The choice of the release; changing it restarts the run.
pub fn release() -> AnyView {
    let session = session();
    let option = move |release: &'static Release| {
        let name = release.name;
        view! { <option value=name prop:selected=move || session.release.get() == name>{release.label}</option> }
    };
    view! {
        <select class="button" id="release" title=say(|t| t.compare.choose_release()) aria-label=say(|t| t.compare.choose_release())
            on:change=move |event| session.choose_release(&event_target_value(&event))>
            {Release::ALL.map(option).into_iter().collect_view()}
        </select>
    }
    .into_any()
}

/// How many lines a long text has, of which only a part is in the editor, and what brings the text before it back.
fn in_parts() -> AnyView {
    let (text, session) = (text(), session());
    let lines = move || session.is_in_parts().then(|| text().manifest.in_parts(session.editor.window.with(|window| window.all)));
    let former = move || session.editor.former.with(Option::is_some);
    view! { <p class="held">{lines} " " {when(former, move || view! {
        <button class="button" id="bring-back" on:click=move |_| session.restore_text()>{say(|t| t.manifest.bring_back())}</button> }.into_any())}</p> }
    .into_any()
}

/// The number of errors and notes.
#[component]
fn Counts() -> impl IntoView {
    let (text, session) = (text(), session());
    let errors = move || session.verdicts.with(|verdicts| verdicts.refusals.len());
    let notes = move || session.verdicts.with(|verdicts| verdicts.notes.len());
    view! {
        {when(move || errors() > 0, move || view! { <span class="label hue-danger">{live(move || text().manifest.errors(errors()))}</span> }.into_any())}
        {when(move || notes() > 0, move || view! { <span class="label hue-wait">{live(move || text().manifest.notes(notes()))}</span> }.into_any())}
    }
}

/// What was refused, what will not work, and what is kept but not simulated.
#[component]
fn Problems() -> impl IntoView {
    let (text, session) = (text(), session());
    let printed = Memo::new(move |_| session.manifest.with(|text| intake::looks_printed(text)));
    let some = move || printed.get() || session.verdicts.with(|verdicts| !verdicts.is_empty()) || !session.drifts_shown().is_empty();
    let refusals = move || {
        let refused = |verdicts: &Verdicts| {
            verdicts.refusals.iter().map(|refusal| refused(refusal, verdicts.refusals.len(), text(), session)).collect_view()
        };
        session.verdicts.with(refused)
    };
    let notes = move || {
        let words = &text().manifest;
        let title = |note: &Note| match (note.effect, session.is_applied()) {
            (Effect::Repeated, _) => words.repeated(),
            (Effect::StandsIn, _) => words.standing_in(),
            (Effect::Fails, true) => words.will_not_work(),
            (Effect::Fails, false) => words.would_not_work(),
        };
        session.verdicts.with(|verdicts| verdicts.notes.iter().map(|note| noted(note, title(note), text(), session)).collect_view())
    };
    let drifts = move || session.drifts_shown().into_iter().map(|drift| drifted(drift, text(), session)).collect_view();
    let kept = move || session.verdicts.with(|verdicts| left(verdicts, text()));
    let missing = move || session.verdicts.with(|verdicts| verdicts.missing.len());
    view! {
        {when(some, move || view! { <section class="problems" aria-label=say(|t| t.manifest.problems()) tabindex="0">
                {when(move || missing() > 0, move || view! {
                    <button class="button primary" id="create-missing" on:click=move |_| session.create_missing()>
                        {live(move || text().ask.create_missing(missing()))}
                    </button> }.into_any())}
                {when(move || session.verdicts.with(|verdicts| verdicts.replaces_other.is_some()), move || view! {
                    <button class="button primary" id="begin-own" on:click=move |_| session.begin_own_with(&session.manifest.get_untracked())>{say(|t| t.manifest.begin_own())}</button> }.into_any())}
                {when(move || printed.get(), move || view! { <article class="problem">
                    <p>{say(|t| t.stuck.is_printed())}</p>
                    <div class="mending"><button class="button primary" id="bring" on:click=move |_| session.diagnose_manifest()>{say(|t| t.stuck.find())}</button></div>
                </article> }.into_any())}
                {live(move || session.verdicts.with(|verdicts| all_at_once(&verdicts.fixes, text(), session)))}
                <div role="alert">{refusals}</div>
                {notes}
                {drifts}
                {kept}
            </section> }.into_any())}
    }
}

fn line_button(place: Option<&LineSpan>, text: &'static Text, session: Session) -> impl IntoView + use<> {
    let line = place.map(|place| place.line);
    line.map(|line| view! { <button on:click=move |_| session.show_line(line)>{text.manifest.line(line)}</button> })
}

/// Several corrections by one button.
fn all_at_once(fixes: &[Fix], text: &'static Text, session: Session) -> Option<AnyView> {
    let all = (fixes.len() > 1).then(|| Fix::All(fixes.to_vec()))?;
    let label = text.manifest.fix_all(fixes.len());
    let press = move |_| session.mend(&all);
    let button = view! { <button class="button primary" id="fix-all" on:click=press>{label}</button> };
    Some(view! { <p class="problem mending">{button}</p> }.into_any())
}

/// One of so many refusals. Beside others, the server's words are shown on demand where a plain sentence says the same.
fn refused(refusal: &Refusal, among: usize, text: &'static Text, session: Session) -> impl IntoView + use<> {
    let words = refusal.words.clone();
    let folded = among > 1 && !refusal.plain.is_empty();
    let words = (!words.is_empty()).then(|| {
        let words = view! { <blockquote lang="en" tabindex="0">{words}</blockquote> };
        if folded {
            view! { <details class="fold"><summary>{text.manifest.server_words()}</summary>{words}</details> }.into_any()
        } else {
            words.into_any()
        }
    });
    let plain = (!refusal.plain.is_empty()).then(|| view! { <p>{prose(refusal.plain.clone())}</p> });
    view! {
        <article class="problem">
            <h3 class="hue-danger">{sign(Mark(Glyph::Bad, Hue::Danger))} {text.manifest.not_applied()} {line_button(refusal.place.as_ref(), text, session)}</h3>
            {plain}
            {words}
            {mending(refusal.fix.clone(), refusal.help.clone(), text, session)}
        </article>
    }
}

/// What mends a text, or makes what it asks for.
fn mending(fix: Option<Fix>, help: Option<Entry>, text: &'static Text, session: Session) -> Option<AnyView> {
    let button = |label: String, class: &'static str, act: Box<dyn Fn()>| {
        view! { <button class=class on:click=move |_| act()>{label}</button> }.into_any()
    };
    let fix = fix.map(|fix| button(text.manifest.fix().to_owned(), "button primary", Box::new(move || session.mend(&fix))));
    let help = help.map(|help| {
        // What is refused for want of its namespace is applied again.
        let again = help.purpose == Purpose::Namespace;
        let act = move || {
            session.type_line(&help.line);
            if again {
                session.apply();
            }
        };
        button(help.label.clone(), "button", Box::new(act))
    });
    (fix.is_some() || help.is_some()).then(|| view! { <div class="mending">{fix}{help}</div> }.into_any())
}

fn noted(note: &Note, title: &'static str, text: &'static Text, session: Session) -> impl IntoView + use<> {
    view! {
        <article class="problem">
            <h3 class="hue-wait">{sign(Mark(Glyph::Hazard, Hue::Wait))} {title} {line_button(note.place.as_ref(), text, session)}</h3>
            <p>{prose(note.words.clone())}</p>
            {mending(note.fix.clone(), note.help.clone(), text, session)}
        </article>
    }
}

/// A line of the manifest whose field has another value in the cluster.
fn drifted((line, words): (usize, Prose), text: &'static Text, session: Session) -> AnyView {
    view! { <p class="kept"><button class="link" on:click=move |_| session.show_line(line)>{text.manifest.line(line)}</button> " " {prose(words)}</p> }
        .into_any()
}

/// What is not simulated, if anything: fields and kinds, which are kept, and what images do.
fn left(verdicts: &Verdicts, text: &'static Text) -> Option<impl IntoView + use<>> {
    let words = &text.manifest;
    let joined = |names: &[String]| Some(format!("`{}`", names.join("`, `"))).filter(|_| !names.is_empty());
    let kept = joined(&verdicts.kept).map(|fields| words.kept(&fields));
    let images = joined(&verdicts.images).map(|images| words.images(&images));
    let programs = joined(&verdicts.programs).map(|programs| words.programs(&programs));
    let said = [kept, images, programs].map(Option::unwrap_or_default).join(" ");
    let said = said.trim();
    let kept = (!said.is_empty()).then(|| view! { <p class="kept"><b>{words.not_simulated()}</b> " " {prose(Prose::read(said))}</p> });
    let off = joined(&verdicts.taken_off).map(|fields| view! { <p class="kept">{prose(Prose::read(&text.ask.taken_off(&fields)))}</p> });
    (off.is_some() || kept.is_some()).then(|| view! { {off} {kept} })
}
