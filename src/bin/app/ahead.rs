//! Before it is done: what a change will do, told on a copy.

use std::rc::Rc;

use causes::command;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use plan::by::Applied;
use plan::course::{Act, Course, SetCourse};
use plan::watch::Replaced;
use plan::{Plan, Progress, told};
use text::plan::Says;
use text::{ANALYSIS, Lang, Prose};
use tools::asked::Options;
use tools::tool::{Flag, Tool};

use crate::session::{By, Session};
use crate::widget::{glyph, live, prose, session, when};

/// The element id of the dialog.
pub const NAME: &str = "ahead";

/// The dialog. What is in it comes when it is opened.
pub fn dialog() -> AnyView {
    let session = session();
    let closed = move |_| session.leave_ahead();
    Effect::new(move |_| session.compare_with_plan());
    view! {
        <dialog id=NAME class="stuck" lang=Lang::English.tag() aria-label=Lang::English.text().manifest.plan() on:close=closed>
            {when(move || session.ahead.is_open.get(), content)}
        </dialog>
    }
    .into_any()
}

fn content() -> AnyView {
    let session = session();
    view! {
        <div class="pane-head">
            <h2>{Lang::English.text().manifest.plan()}</h2>
            <span class="grow"></span>
            <button class="button quiet icon" aria-label=Lang::English.text().page.close() on:click=move |_| session.close_ahead()>{glyph("cross")}</button>
        </div>
        <div class="stuck-body">
            <section class="stuck-in" aria-label=ANALYSIS.plan.change()>{change()} {crate::risks::tools()}</section>
            <section class="stuck-out" aria-busy=move || session.ahead.risks.is_drawing.get().to_string() aria-label=ANALYSIS.plan.planned()>
                <div class="spoken" aria-live="polite">
                    {live(move || Some(session.ahead.amiss.get()).filter(|said| !said.is_empty()).map(|said| view! { <code class="shell" id="not-planned">{said}</code> }.into_any()))}
                    {live(move || session.ahead.progress.get().map(under_way))}
                    {live(move || session.ahead.plan.with(|plan| plan.as_ref().map(planned)))}
                </div>
                {crate::risks::found()}
            </section>
        </div>
    }
    .into_any()
}

/// What is to be changed.
fn change() -> AnyView {
    let session = session();
    let lines = move || session.lines_ahead();
    let chosen = move |event| {
        session.ahead.line.set(event_target_value(&event));
        event_target::<leptos::web_sys::HtmlInputElement>(&event).set_value("");
        session.plan_change();
    };
    let option = |line: String| view! { <option value=line.clone()>{line.clone()}</option> };
    view! {
        <p>{move || ANALYSIS.plan.ask(session.ahead.by.with(|by| by.is_tool() && !by.shown) && session.begins_anew())}</p>
        {applies(session)}
        {when(move || !session.ahead.by.with(By::is_tool), move || view! {
            <label for="change" class="label">{ANALYSIS.plan.line()}</label>
            {field("change", None, command::apply(), move || session.ahead.line.get(), |session, line| session.ahead.line.set(line))}
        }.into_any())}
        <div class="stuck-tools">
            <button class="button primary" id="plan" on:click=move |_| session.plan_change()>{ANALYSIS.plan.plan_it()}</button>
            {when(move || !session.ahead.by.with(By::is_tool), move || view! {
                <select class="button" id="changes" aria-label=ANALYSIS.plan.examples() on:change=chosen>
                    <option value="" selected disabled hidden>{ANALYSIS.plan.examples()}</option>
                    {live(move || lines().into_iter().map(option).collect_view())}
                </select>
            }.into_any())}
        </div>
        <p class="label">{ANALYSIS.plan.on_a_copy()}</p>
    }
    .into_any()
}

/// A field for what is typed into a terminal; the Enter key plans.
fn field(
    id: &'static str,
    about: Option<&'static str>,
    hint: String,
    is: impl Fn() -> String + Send + Sync + 'static,
    typed: fn(Session, String),
) -> AnyView {
    let session = session();
    let keys = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            event.stop_propagation();
            session.plan_change();
        }
    };
    view! {
        <input id=id class="mono" autocomplete="off" autocapitalize="none" spellcheck="false" placeholder=hint aria-describedby=about
            prop:value=is on:input=move |event| typed(session, event_target_value(&event)) on:keydown=keys/>
    }
    .into_any()
}

/// Who applies the manifest; of a tool, its options, and who has applied what runs.
fn applies(session: Session) -> AnyView {
    let by = session.ahead.by;
    let tool = Memo::new(move |_| by.with(|by| by.tool));
    let option =
        move |one: Tool| view! { <option value=one.word() prop:selected=move || tool.get() == one>{one.traits().name}</option> }.into_any();
    let chosen = move |event| {
        let Some(tool) = Tool::named(&event_target_value(&event)) else { return };
        // Options are of one tool; what was done to the cluster is of none.
        by.update(|by| (by.tool, by.options) = (tool, String::new()));
    };
    view! {
        <label for="by" class="label">{ANALYSIS.plan.by()}</label>
        <select class="button" id="by" on:change=chosen>{Tool::ALL.map(option).collect_view()}</select>
        {live(move || (tool.get() != Tool::Kubectl).then(|| asked(session, tool.get())))}
    }
    .into_any()
}

/// A value for an option that asks for one.
fn value(flag: Flag) -> &'static str {
    match flag {
        Flag::SyncOption => "=Replace=true",
        Flag::Timeout => "=90s",
        _ => "",
    }
}

/// What a tool is asked for.
fn asked(session: Session, tool: Tool) -> AnyView {
    let by = session.ahead.by;
    let is_shown = Memo::new(move |_| by.with(|by| by.shown));
    let anew = session.begins_anew();
    let flags: Vec<String> = Options::known(tool).into_iter().zip(tool.traits().flags).map(|(typed, flag)| typed + value(*flag)).collect();
    // One with a value is the hardest to guess.
    let option = flags.iter().find(|typed| typed.contains('=')).or(flags.first()).cloned().unwrap_or_default();
    let flags = flags.join(" ");
    let hint = untrack(|| session.lines_ahead()).into_iter().next().unwrap_or_default();
    let over = move |event| by.update(|by| by.shown = event_target_value(&event) == "shown");
    view! {
        <details>
        <summary class="label">{Lang::English.text().why.more()}</summary>
        <label for="options" class="label">{ANALYSIS.plan.options()}</label>
        {field("options", Some("known-options"), option, move || by.with(|by| by.options.clone()), |session, options| session.ahead.by.update(|by| by.options = options))}
        <p class="label" id="known-options">{ANALYSIS.plan.known(&flags)}</p>
        <label for="over" class="label">{ANALYSIS.plan.over()}</label>
        <select class="button" id="over" on:change=over>
            <option value="itself" prop:selected=move || !is_shown.get()>{ANALYSIS.plan.itself(tool.traits().name, anew)}</option>
            <option value="shown" prop:selected=move || is_shown.get()>{ANALYSIS.plan.shown()}</option>
        </select>
        {when(move || anew && !is_shown.get(), move || view! {
            <label for="since" class="label">{ANALYSIS.plan.since()}</label>
            {field("since", None, hint.clone(), move || by.with(|by| by.since.clone()), |session, line| session.ahead.by.update(|by| by.since = line))}
        }.into_any())}
        </details>
    }
    .into_any()
}

fn under_way(progress: Progress) -> AnyView {
    let Progress::Going { done, of, passed } = progress else { return ().into_any() };
    let said = ANALYSIS.plan.under_way(done + 1, of, &told::span(passed));
    view! { <p class="nothing"><progress max=of value=done></progress> " " {said}</p> }.into_any()
}

fn note(says: &Says) -> AnyView {
    let printed = told::printed(says).map(|text| view! { <pre>{text.to_owned()}</pre> });
    view! { <p class="verdict">{plain(says)}</p> {printed} }.into_any()
}

fn plain(says: &Says) -> AnyView {
    prose(Prose::read(&says.sentence()))
}

/// The whole plan.
fn planned(plan: &Plan) -> AnyView {
    let (session, words, outcome) = (session(), ANALYSIS.plan, &plan.given.outcome);
    let sets = outcome.sets.iter().map(of_set).collect_view();
    let lost = outcome.lost.iter().map(|lost| {
        view! { <p class="verdict">{plain(&Says::DataLost { volume: Rc::clone(&lost.volume), bytes: lost.bytes })}</p> }.into_any()
    });
    let blocked = outcome.blocked.as_ref().map(|line| view! { <p>{plain(&Says::Blocked { line: line.clone() })}</p> }.into_any());
    let stay = outcome.stay.iter().map(|(key, why)| {
        let says = Says::Stays { object: intake::told::short(key) };
        view! { <p>{plain(&says)} " " {prose(intake::told::both(why))}</p> }.into_any()
    });
    let waits = plan.waits.iter().map(|verdict| {
        let told = told::wait(plan, verdict).into_iter().map(|told| view! { <p>{prose(told)}</p> }.into_any()).collect_view();
        let cure = told::cures(plan, verdict).first().map(|cure| {
            let risk = intake::told::risk(cure);
            let typed = told::typed_lasts(plan).map(|says| view! { <p>{plain(&says)}</p> }.into_any());
            view! { <code class="shell">{cure.lines.join("\n")}</code> <small>{prose(risk)}</small> {typed} }.into_any()
        });
        view! { {told} {cure} }.into_any()
    });
    let found = move || {
        session.ahead.found.with(|found| {
            found.as_ref().map(|found| {
                let differs = |one: &plan::agree::Difference| view! { <li>{plain(&one.says())}</li> }.into_any();
                let said = if found.is_empty() { words.as_planned() } else { words.not_as_planned() };
                view! { <p class="verdict" id="as-planned">{said}</p> <ul>{found.iter().map(differs).collect_view()}</ul> }.into_any()
            })
        })
    };
    let is_refused = !outcome.refused.is_empty();
    // The line of a tool is not one of the page's terminal.
    let is_typed = !is_refused && outcome.applied.is_none();
    let [costs, others] = outcome.by_cost().map(|notes| notes.into_iter().map(note).collect_view());
    let heading = match outcome.refused.iter().any(plan::course::Refused::by_server) {
        true => words.refusals().into_any(),
        false if is_refused => words.fails().into_any(),
        false => plain(&told::end(outcome)),
    };
    view! {
        <article class="found" data-end=outcome.end.word()>
            {live(found)}
            <h2>{heading}</h2>
            {costs}
            {outcome.applied.as_ref().map(by_tool)}
            {refusals(plan)}
            {others}
            {sets}
            {lost.collect_view()}
            {stay.collect_view()}
            {blocked}
            {waits.collect_view()}
            {is_typed.then(|| view! {
                <div class="stuck-tools">
                    <button class="button primary" id="make-change" on:click=move |_| session.make_change()>{words.do_it()}</button>
                    <button class="button" id="try-change" on:click=move |_| session.try_change()>{words.watch()}</button>
                </div>
            }.into_any())}
            {(!plan.ways.is_empty()).then(|| ways(plan))}
        </article>
    }
    .into_any()
}

/// What a tool did and printed, and who manages the sets then.
fn by_tool(applied: &Applied) -> AnyView {
    let said = applied.said.iter().map(|said| view! { <code class="shell">{told::brief(said)}</code> }.into_any()).collect_view();
    let managed = told::managed(applied).map(|says| view! { <p>{plain(&says)}</p> }.into_any()).collect::<Vec<_>>();
    view! { <p id="by-tool">{plain(&told::did(applied, command::MANIFEST))}</p> {said} {managed} }.into_any()
}

/// What was refused, and the ways round.
fn refusals(plan: &Plan) -> AnyView {
    let words = ANALYSIS.plan;
    let refused = plan.given.outcome.refused.iter().map(|one| {
        view! { <p>{plain(&told::refused(one, command::MANIFEST))}</p> <code class="shell">{one.said.clone()}</code> }.into_any()
    });
    let fixed = plan.fixed.iter().map(|fixed| {
        let fields = fixed.fields.iter().map(|field| format!("spec.{field}").into()).collect();
        view! { <p>{plain(&Says::Fixed { set: Rc::clone(&fixed.set.name), fields })}</p> }.into_any()
    });
    let rounds = plan.offered().map(|course| {
        let way = Prose::read(&words.way(course.way));
        let amiss = course.outcome.notes.iter().filter(|says| plan::matter::is_amiss(says));
        let amiss = amiss.map(|says| view! { <p>{plain(says)}</p> }.into_any()).collect_view();
        let lines = told::lines(course, command::MANIFEST).join("\n");
        let copied = lines.clone();
        view! {
            <h3>{words.round()} ": " {prose(way)}</h3>
            <p>{plain(&told::round(course))}</p> {amiss} <ul><li>{plain(&told::row(course))}</li></ul>
            <div class="to-copy"><code class="shell">{lines}</code><button class="button" on:click=move |_| Session::copy(&copied)>{Lang::English.text().link.copy()}</button></div>
        }
        .into_any()
    });
    let rounds = rounds.collect::<Vec<_>>();
    let none = (rounds.is_empty() && !plan.fixed.is_empty()).then(|| view! { <p>{plain(&Says::NoRound)}</p> }.into_any());
    let others = plan::report::otherwise_told(plan).map(|entry| {
        let lines = entry.lines.into_iter().map(|line| view! { <li>{line.text}</li> }.into_any()).collect_view();
        view! { <h3>{prose(Prose::read(&entry.title))}</h3> <ul>{lines}</ul> }.into_any()
    });
    let others = others.collect_view();
    view! { {refused.collect_view()} {fixed.collect_view()} {rounds} {none} {others} }.into_any()
}

/// What becomes of a set: sentences, and each pod in a row.
fn of_set(set: &SetCourse) -> AnyView {
    let (words, watched) = (ANALYSIS.plan, &set.watched);
    let since = |at: Option<base::time::Time>| at.map_or("–".to_owned(), |at| told::span(at.since(watched.from)));
    let row = |(row, why): (&Replaced, &Option<plan::course::Why>)| {
        let node =
            |side: &Option<plan::watch::Incarnation>| side.as_ref().and_then(|side| side.node.as_deref()).unwrap_or_default().to_owned();
        let (from, to) = (node(&row.before), node(&row.after));
        let nodes = if from == to || to.is_empty() || from.is_empty() {
            format!("{from}{}", if from == to { "" } else { &to })
        } else {
            format!("{from} → {to}")
        };
        let why = why.as_ref().map_or_else(|| plain(&Says::Wanted), |why| prose(Prose::read(&told::why(&watched.set, &row.pod, why))));
        view! { <tr><th scope="row">{row.pod.to_string()}</th>
            <td data-head=words.goes()>{since(row.deleted_at)}</td><td data-head=words.ready()>{since(row.ready_at)}</td><td data-head=words.node()>{nodes}</td>
            <td>{why}</td></tr> }
            .into_any()
    };
    let rows = watched.replaced.iter().zip(&set.why).map(row).collect::<Vec<_>>();
    let table = (!rows.is_empty()).then(|| {
        view! {
            <div class="wide-table"><table class="table">
                <thead><tr><th scope="col">{words.pod()}</th><th scope="col">{words.goes()}</th><th scope="col">{words.ready()}</th><th scope="col">{words.node()}</th><th scope="col">{words.why()}</th></tr></thead>
                <tbody>{rows}</tbody>
            </table></div>
        }
        .into_any()
    });
    view! {
        <h3 class="mono">{intake::told::short(&watched.set)}</h3>
        <ul>{told::of_set(set).iter().map(|says| view! { <li>{plain(says)}</li> }.into_any()).collect::<Vec<_>>()}</ul>
        {table}
    }
    .into_any()
}

/// Other ways to make the change, a row each. Where the editor's manifest is applied only after other lines, these stand before its button.
fn ways(plan: &Plan) -> AnyView {
    let words = ANALYSIS.plan;
    let row = |course: &Course| {
        let way = prose(Prose::read(&words.way(course.way)));
        let texts: Vec<Rc<str>> =
            course.acts.iter().filter_map(|act| if let Act::Apply(text) = act { Some(Rc::clone(text)) } else { None }).collect();
        let only = match texts.as_slice() {
            [text] if *course != plan.given => Some(text.to_string()),
            _ => None,
        };
        let take = only.map(|text| {
            let session = session();
            let lines = told::lines(course, command::MANIFEST);
            let lines = (lines.len() > 1).then(|| view! { <code class="shell">{lines.join("\n")}</code> }.into_any());
            view! { {lines} <button class="button" on:click=move |_| session.take_manifest(&text)>{words.take()}</button> }.into_any()
        });
        let end = words.end(told::ended(course));
        view! { <tr><th scope="row">{way}</th><td>{plain(&told::row(course))}</td><td>{end}</td><td>{take}</td></tr> }.into_any()
    };
    let rows = [&plan.given].into_iter().chain(&plan.ways).map(row).collect::<Vec<_>>();
    view! { <h3>{words.otherwise()}</h3> <div class="wide-table"><table class="table" id="ways"><tbody>{rows}</tbody></table></div> }
        .into_any()
}
