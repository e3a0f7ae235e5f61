//! A stuck cluster that is brought along: a box for whatever kubectl printed, and what is the matter.

use intake::cures::Tried;
use intake::world::Assumed;
use intake::{Door, Report, Verdict, told};
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use text::{ANALYSIS, Lang, Prose, Text};

use crate::editor;
use crate::focus::press;
use crate::session::Session;
use crate::widget::{glyph, live, preferences, prose, say, session, sign, text, when};

/// The element id of the dialog, and of the box for the paste.
pub const NAME: &str = "stuck";
const BOX: &str = "dump";
/// The dialog.
pub fn dialog() -> AnyView {
    let (session, text) = (session(), text());
    let input = NodeRef::<html::Textarea>::new();
    let in_box = move || input.get_untracked().map(|input| input.value()).unwrap_or_default();
    let joined = move |text: &str| if session.is_too_long() { session.stuck.dump.get_untracked() + "\n" + text } else { text.to_owned() };
    let find = move || session.diagnose(joined(&in_box()));
    let paste = move |event: leptos::web_sys::ClipboardEvent| {
        if let Some((text, _)) = crate::paste::pasted(&event).and_then(|new| editor::taken(&event, &new, session.is_too_long())) {
            return session.diagnose(joined(&text));
        }
        // The box holds the paste by then.
        request_animation_frame(move || session.note_manifest(in_box()));
    };
    let shown = move || if session.is_too_long() { String::new() } else { session.stuck.dump.get() };
    let held = move || {
        let lines = session.stuck.dump.with(|text| text.lines().count());
        view! { <p class="held">{move || text().stuck.held(lines)} " " <button class="button" id="empty-box" on:click=move |_| session.empty_box()>{say(|t| t.stuck.empty())}</button></p> }
            .into_any()
    };
    let keys = move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.stop_propagation();
            find();
        }
    };
    let example = move |event| {
        session.show_example(&event_target_value(&event));
        event_target::<leptos::web_sys::HtmlInputElement>(&event).set_value("");
    };
    // What is found is told in English, and the rest of the dialog as the page is.
    let own = move || preferences().lang.get().tag();
    let option = move |(family, name): (String, String)| {
        let value = family.clone();
        let words = format!("{} · {name}", ANALYSIS.diagnose.family(&family));
        view! { <option value=value lang=Lang::English.tag()>{words}</option> }
    };
    view! {
        <dialog id=NAME class="stuck" aria-label=say(|t| t.stuck.title()) on:keydown=keys>
            <div class="pane-head">
                <h2>{say(|t| t.stuck.title())}</h2>
                <span class="grow"></span>
                <button class="button quiet icon" aria-label=say(|t| t.page.close()) on:click=move |_| session.close_stuck()>{glyph("cross")}</button>
            </div>
            <div class="stuck-body">
                <section class="stuck-in" aria-label=say(|t| t.stuck.pasted())>
                    <p>{say(|t| t.stuck.ask())}</p>
                    <textarea id=BOX class="mono" node_ref=input aria-label=say(|t| t.stuck.pasted()) placeholder=move || if session.is_too_long() { "" } else { PLACEHOLDER }
                        spellcheck="false" autocomplete="off" autocapitalize="none" prop:value=shown on:paste=paste></textarea>
                    {when(move || session.is_too_long(), held)}
                    <p class="label">{say(|t| t.stuck.private())}</p>
                    <div class="stuck-tools">
                        <button class="button primary" id="find-cause" on:click=move |_| find()>{say(|t| t.stuck.find())} " " <kbd>"Ctrl Enter"</kbd></button>
                        <button class="button" on:click=|_| press("#run-file")>{say(|t| t.stuck.file())}</button>
                        <select class="button" id="stuck-examples" aria-label=say(|t| t.stuck.examples()) on:focus=move |_| session.want_examples() on:change=example>
                            <option value="" selected disabled hidden>{say(|t| t.stuck.examples())}</option>
                            {live(move || session.stuck.examples.get().into_iter().map(option).collect_view())}
                        </select>
                    </div>
                    <p>{say(|t| t.stuck.best())}</p>
                    {line(intake::PRINTS_ALL.to_owned(), text(), None)}
                </section>
                <section class="stuck-out" lang=Lang::English.tag() aria-live="polite" aria-label=Lang::English.text().stuck.found()>
                    {when(move || session.is_manifest_pasted(), move || view! { <article class="found" id="own-manifest" lang=own>
                            <p class="verdict">{say(|t| t.stuck.is_manifest())}</p>
                            <div><button class="button primary" id="bring-up" on:click=move |_| session.bring_up()>{say(|t| t.stuck.bring_up())}</button></div>
                        </article> }.into_any())}
                    {when(move || session.stuck.reading.get(), move || view! { <p class="nothing" lang=own>{say(|t| t.stuck.reading())}</p> }.into_any())}
                    {live(move || session.stuck.report.with(|report| report.as_ref().map(found)))}
                </section>
            </div>
        </dialog>
    }
    .into_any()
}

/// What stands in the empty box: forms of what can be pasted.
const PLACEHOLDER: &str = "NAME    READY   STATUS             RESTARTS   AGE\nweb-0   1/1     Running            0          5m\nweb-1   0/1     ImagePullBackOff   0          4m\n\napiVersion: v1\nkind: List\n…";

/// All that was found.
fn found(report: &Report) -> AnyView {
    let words = ANALYSIS.diagnose;
    let well: Vec<String> = report.well.iter().map(told::short).collect();
    let well = (!well.is_empty()).then(|| view! { <p>{words.well(&well.join(", "))}</p> }.into_any());
    let lists = [
        (words.facts(), report.facts.iter().map(|fact| words.fact_at(fact.line, &fact.about, &fact.says)).collect()),
        (words.others(), report.others.clone()),
    ];
    let unread = (words.unread(), told::unread(report));
    let list = |(title, lines): (&'static str, Vec<String>), open: bool| {
        (!lines.is_empty()).then(|| {
            let lines = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
            view! { <details open=open><summary>{title}</summary><ul>{lines}</ul></details> }.into_any()
        })
    };
    let copied = told::markdown(report);
    let is_manifest = report.door == Door::Manifest;
    let assumed = (!report.assumed.is_empty()).then(|| assumptions(report));
    // Of a new cluster is said first that it is one.
    let (first, last) = if is_manifest { (assumed, None) } else { (None, assumed) };
    view! {
        {first}
        {list(unread, true)}
        {report.verdicts.iter().map(|verdict| one(verdict, report)).collect_view()}
        {well}
        {report.with.as_ref().map(|(names, with)| with_added(names, with))}
        <button class="button" id="copy-markdown" on:click=move |_| Session::copy(&copied)>{Lang::English.text().stuck.markdown()}</button>
        {last}
        {lists.into_iter().map(|one| list(one, false)).collect_view()}
    }
    .into_any()
}

/// What would be the matter with what no file brings.
fn with_added(names: &[String], with: &Report) -> AnyView {
    let title = ANALYSIS.plan.with(&names.join(", "));
    let verdicts = with.verdicts.iter().map(|verdict| one(verdict, with)).collect_view();
    view! { <h3 id="with-added">{title}</h3> {verdicts} }.into_any()
}

/// What was assumed, each with a button that supposes the opposite, or with the line that prints what is missing.
fn assumptions(report: &Report) -> AnyView {
    let (session, words, text) = (session(), ANALYSIS.diagnose, Lang::English.text());
    let row = |one: &Assumed| {
        let (said, is_denied) = (told::assumed(one).map(|words| words.plain()).join(": "), report.supposes_otherwise(one));
        let instead = is_denied.then(|| view! { " " <b>{prose(Prose::read(&words.otherwise(one)))}</b> }.into_any());
        let said = if is_denied { view! { <s>{said}</s> }.into_any() } else { said.into_any() };
        let named = if is_denied { words.take_back() } else { words.suppose() };
        let what = one.clone();
        let button = one.can_be_otherwise().then(|| {
            view! { " " <button class="button suppose" aria-pressed=is_denied.to_string() on:click=move |_| session.suppose_otherwise(&what)>{named}</button> }.into_any()
        });
        let printed = one.printed_by().map(|printed| line(printed.to_owned(), text, None));
        view! { <li>{said}{instead}{button}{printed}</li> }.into_any()
    };
    let list = |title: &'static str, is_inferred: bool| {
        let own: Vec<AnyView> = report.assumed.iter().filter(|one| one.is_inferred() == is_inferred).map(row).collect();
        (!own.is_empty()).then(|| view! { <details open=!report.otherwise.is_empty() || report.door == Door::Manifest><summary>{title}</summary><ul>{own}</ul></details> })
    };
    view! { {list(words.assumptions(), false)} {list(words.inferred(), true)} }.into_any()
}

fn one(verdict: &Verdict, report: &Report) -> AnyView {
    let (session, text, words) = (session(), Lang::English.text(), ANALYSIS.diagnose);
    let is_manifest = report.door == Door::Manifest;
    let cure = |tried: &Tried| {
        let took = tried.took.map(|took| words.took(&took.golang()));
        let risk = Some(told::risk(tried)).filter(|risk| !risk.is_empty()).map(|risk| view! { <small>{prose(risk)}</small> }.into_any());
        let (cure, workload) = (tried.clone(), verdict.workload.clone());
        // What was pasted is no cluster in which lines can be tried.
        let try_it = (!is_manifest).then(|| {
            view! { <button class="button try-cure" on:click=move |_| session.try_cure(&cure, &workload)>{text.stuck.try_it()}</button> }.into_any()
        });
        view! { <li>{line(tried.lines.join("\n"), text, try_it)}<small>{took}{risk.is_some().then_some(" · ")}</small>{risk}</li> }
            .into_any()
    };
    let vain = |tried: &Tried| view! { <li><code class="shell">{tried.lines.join("\n")}</code></li> }.into_any();
    let link = |(about, said): &_| view! { <li><b>{told::short(about)}</b> " " {prose(told::link(verdict, said))}</li> }.into_any();
    let node = |(name, unfit): &(std::rc::Rc<str>, _)| {
        view! { <tr><th scope="row">{name.to_string()}</th><td>{prose(Prose::read(&words.unfit(unfit)))}</td></tr> }.into_any()
    };
    let nodes = (!verdict.nodes.is_empty()).then(|| {
        view! { <h3>{words.nodes()}</h3> <table class="table"><tbody>{verdict.nodes.iter().map(node).collect_view()}</tbody></table> }
            .into_any()
    });
    view! {
        <article class="found" data-cause=verdict.family().word()>
            <h2>{sign(told::mark(verdict))} " " {prose(told::title(verdict))}</h2>
            <p class="verdict">{prose(told::sentence(verdict))}</p>
            <p class="label">{told::about(verdict, report).join(" · ")}</p>
            {told::owner(verdict).map(|owner| view! { <p>{prose(owner)}</p> })}
            {titled(words.hangs_on(), told::hangs_on(verdict).into_iter().map(|says| view! { <li>{prose(says)}</li> }.into_any()).collect())}
            {titled(words.signs(), told::signs(verdict).into_iter().map(|(line, says)| view! { <li><code>{line}</code> " " {prose(says)}</li> }.into_any()).collect())}
            {titled(words.tools(), told::waits(verdict).into_iter().map(|(line, says)| view! { <li>{line.map(|line| view! { <code>{line}</code> " " })} {prose(says)}</li> }.into_any()).collect())}
            {titled(if is_manifest { words.judged_new() } else { words.judged() }, told::judged(verdict).into_iter().map(|says| view! { <li>{prose(says)}</li> }.into_any()).collect())}
            {titled(if report.door == Door::Text { words.decides() } else { words.says_more() }, verdict.missing.iter().map(|missing| view! { <li>{line(missing.clone(), text, None)}</li> }.into_any()).collect())}
            {titled(told::cured(verdict), verdict.cures.iter().map(cure).collect())}
            {titled(words.does_not(), verdict.not_cures.iter().map(vain).collect())}
            {nodes}
            {titled(words.because(), told::quoted(verdict, report.door).map(|said| view! { <li><code>{said}</code></li> }.into_any()).into_iter().chain(verdict.chain.iter().map(link)).collect())}
        </article>
    }
    .into_any()
}

/// A heading and a list, unless that is empty.
fn titled(title: &'static str, entries: Vec<AnyView>) -> Option<AnyView> {
    (!entries.is_empty()).then(|| view! { <h3>{title}</h3> <ul>{entries}</ul> }.into_any())
}

/// Lines, a button that copies them, and another one.
fn line(lines: String, text: &'static Text, more: Option<AnyView>) -> AnyView {
    let copied = lines.clone();
    view! { <div class="to-copy"><code class="shell">{lines}</code><button class="button" on:click=move |_| Session::copy(&copied)>{text.link.copy()}</button>{more}</div> }
        .into_any()
}
