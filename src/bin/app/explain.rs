//! The explaining panes: Why, DNS, Storage.

use causes::command::Entry;
use causes::{Evidence, Hazard, Way};
use leptos::prelude::*;
use lesson::{Lesson, course};
use text::{Glyph, Hue, Lang, Mark, Prose, Text};
use view::dns::{Answer, Counted, profiles};
use view::links::Spot;
use view::storage::StorageRow;
use view::why::{Decided, Why};

use crate::focus::{focus, is_nowhere, is_within};
use crate::preferences::{Pane, Tab};
use crate::session::Session;
use crate::widget::{LONGEST_LINE, folding, live, more, preferences, prose, say, session, sign, text};
use crate::words::{label, sentence};

/// The region.
#[component]
pub fn Explain() -> impl IntoView {
    let session = session();
    let opened = Memo::new(move |_| session.details.with(Option::is_some));
    // On a phone they belong to the Why tab.
    let tab = preferences().tab;
    Effect::new(move |before: Option<bool>| {
        let open = opened.get();
        if before.is_some_and(|before| before != open) {
            tab.set(if open { Tab::Why } else { Tab::Cluster });
        }
        open
    });
    view! {
        <aside class="explain" aria-label=say(|t| t.why.region()) tabindex="-1">
            {live(move || if opened.get() { crate::details::pane() } else { view! { <WhyPane/> {crate::dense::exceptions()} {crate::application::pane()} {crate::compare::panes()} <DnsPane/> <StoragePane/> }.into_any() })}
        </aside>
    }
}

#[component]
fn WhyPane() -> impl IntoView {
    let session = session();
    let (all, more) = (session.all_decisions, RwSignal::new(false));
    let still = move || session.why.with(Why::is_still) && !all.get() && !more.get();
    view! {
        <section class="pane why" aria-label=say(|t| t.why.title()) tabindex="-1" data-still=move || still().to_string() data-full=move || more.get().to_string()>
            <div class="pane-head">
                <h2>{say(|t| t.why.title())}</h2>
                <span class="mono elide">{live(move || session.why.with(|why| why.subject.clone()))}</span>
                <span class="grow"></span>
                <button class="button quiet" id="why-more" aria-pressed=move || more.get().to_string() on:click=move |_| more.update(|on| *on = !*on)>{say(|t| t.why.more())}</button>
                <button class="button quiet" id="why-all" aria-pressed=move || all.get().to_string() on:click=move |_| session.toggle_decisions()>
                    {say(|t| t.why.all())}
                </button>
            </div>
            <div class="pane-body">
                <Show when=move || all.get() fallback=|| view! { <Verdict/> }>
                    <Decisions/>
                </Show>
            </div>
        </section>
    }
}

/// The verdict, the evidence for it, and what would end the wait.
#[component]
fn Verdict() -> impl IntoView {
    let (text, session) = (text(), session());
    move || {
        // Where the button that was pressed goes, the pane keeps the focus.
        if is_within(".why .pane-body") {
            request_animation_frame(|| {
                if is_nowhere() {
                    focus(".why");
                }
            });
        }
        session.why.with(|why| {
            if why.verdict.is_empty() { nothing(text().why.nothing()).into_any() } else { verdict(why, text(), session).into_any() }
        })
    }
}

fn nothing(words: &'static str) -> impl IntoView {
    view! { <p class="nothing">{words}</p> }
}

fn verdict(why: &Why, text: &'static Text, session: Session) -> impl IntoView + use<> {
    let (words, brief) = (&text.why, why.brief);
    let ways = (!why.ways.is_empty()).then(|| {
        view! {
            <h3>{text.node.ways()} " " <small>{text.node.ways_note()}</small></h3>
            <ul class="ways">{why.ways.iter().map(|way| way_out(way, session)).collect_view()}</ul>
        }
    });
    let line = why.line.map(|line| {
        let label = text.manifest.line(line);
        view! { " " <button on:click=move |_| session.show_line(line)>{label}</button> }
    });
    let decided =
        (!why.decided_by.is_empty()).then(|| view! { <dt>{words.decided_by()}</dt> <dd><code>{why.decided_by.clone()}</code>{line}</dd> });
    let ends = (!why.ends_when.is_empty()).then(|| view! { <dt>{words.ends_when()}</dt> <dd>{sentence(why.ends_when.clone())}</dd> });
    let learn = lesson_about(why).filter(|_| !why.ends_when.is_empty()).map(|lesson| {
        let title = text.lessons.learn(lesson.title.told(preferences().lang.get_untracked()));
        let about = title.clone();
        view! { " · " <button id="learn" aria-label=title title=about on:click=move |_| session.want_lesson(Some(&lesson.name))>{text.lessons.title()}</button> }
    });
    let lang = preferences().lang.get_untracked();
    let docs = why.docs.map(|(title, path)| {
        let title = if lang == Lang::English { title.to_owned() } else { lang.page(path) };
        view! { <dt>{words.docs()}</dt> <dd><a class="out" href=lang.docs(path) rel="noreferrer" target="_blank">{title}</a>{learn} " " <small>{(!brief).then_some(words.docs_network())}</small></dd> }
    });
    let from = (!why.comes_from.is_empty()).then(|| {
        let button = |(label, token): &(String, String)| {
            let spot = token.clone();
            view! { <button class="mono" data-link=token.clone() on:click=move |_| session.visit(&spot)>{label.clone()}</button> " " }
                .into_any()
        };
        view! { <dt>{words.comes_from()}</dt> <dd>{why.comes_from.iter().map(button).collect_view()}</dd> }
    });
    let asks =
        (!why.asks.is_empty()).then(|| view! { <p class="asks">{why.asks.iter().map(|entry| typing(entry, session)).collect_view()}</p> });
    view! {
        <p class="verdict">{prose(why.verdict.clone())}</p>
        <p>{sentence(why.paragraph.clone())}</p>
        {ways}
        {facts(&why.evidence)}
        <dl class="sources">{ends}</dl>
        <dl class="sources basis">{from}{decided}{docs}</dl>
        {asks}
        {why.hazard.as_ref().map(hazard)}
    }
}

/// A lesson about what decides, or about the page of the documentation that explains it.
fn lesson_about(why: &Why) -> Option<&'static Lesson> {
    let page = |lesson: &&Lesson| why.docs.is_some_and(|(_, path)| path == lesson.docs);
    let field = |lesson: &&Lesson| !lesson.field.is_empty() && lesson.field == why.decided_by;
    let lessons = || course().iter();
    lessons().find(|lesson| page(lesson) && field(lesson)).or_else(|| lessons().find(page)).or_else(|| lessons().find(field))
}

/// Facts with their marks.
pub fn facts(facts: &[Evidence]) -> AnyView {
    let fact = |fact: &Evidence| {
        view! {
            <li>{sign(fact.mark)} <span>{prose(fact.fact.clone())}{small(&fact.seen)}</span> <span class="detail">{fact.detail.clone()}</span></li>
        }
        .into_any()
    };
    view! { <ul class="evidence">{facts.iter().map(fact).collect_view()}</ul> }.into_any()
}

/// A button that types a line into the terminal.
fn typing(entry: &Entry, session: Session) -> AnyView {
    let line = entry.line.clone();
    view! { <button class="button quiet" title=line.clone() on:click=move |_| session.type_line(&line)>{entry.label.clone()}</button> }
        .into_any()
}

/// An action that would help, and what it would do.
fn way_out(way: &Way, session: Session) -> AnyView {
    let line = way.entry.line.clone();
    let class = if way.entry.danger { "button danger" } else { "button" };
    let mark = way.entry.danger.then(|| sign(Mark(Glyph::Hazard, Hue::Danger)));
    view! {
        <li>
            <button class=class title=line.clone() on:click=move |_| session.type_line(&line)>{mark} {way.entry.label.clone()}</button>
            <span>{sentence(way.note.clone())}</span>
        </li>
    }
    .into_any()
}

/// A hazard: the only thing on the page that is loud.
fn hazard(hazard: &Hazard) -> AnyView {
    view! {
        <div class="hazard" role="alert">
            <h3>{sign(Mark(Glyph::Hazard, Hue::Danger))} {hazard.title.clone()}</h3>
            <p>{sentence(hazard.words.clone())}</p>
            {(!hazard.facts.is_empty()).then(|| facts(&hazard.facts))}
        </div>
    }
    .into_any()
}

/// All decisions, newest first.
#[component]
fn Decisions() -> impl IntoView {
    let session = session();
    let line = move |decided: Decided| {
        let about = decided.about.clone();
        let words = prose(decided.verdict.clone());
        let sentence = match about {
            Some(identity) => view! { <button on:click=move |_| session.select(identity.clone())>{words}</button> }.into_any(),
            None => view! { <span>{words}</span> }.into_any(),
        };
        let (mark, at) = (decided.mark, decided.at);
        view! { <li><button on:click=move |_| session.seek(at)><time>{session.zero().short(at)}</time></button> {sign(mark)} {sentence}</li> }
    };
    view! {
        <ol class="decisions">
            {live(move || session.decisions.get().into_iter().map(line).collect_view())}
        </ol>
    }
}

fn linked(token: String, name: &str) -> AnyView {
    let class = if name.len() > LONGEST_NAME { "link" } else { "link name-of" };
    view! { <button class=class data-link=token data-follow="">{name.to_owned()}</button> }.into_any()
}

/// How many characters of a name find room in a column of a table, whatever stands beside it.
const LONGEST_NAME: usize = 14;

/// A DNS name; the entry that only says how many more there are is no link.
fn name_of(answer: &Answer) -> AnyView {
    let name = &answer.name;
    if answer.records.is_empty() { name.clone().into_any() } else { linked(Spot::Name(name.as_str().into()).token(""), name) }
}

/// A line of small print, unless it is empty.
fn small(words: &str) -> Option<AnyView> {
    (!words.is_empty()).then(|| view! { <small>{words.to_owned()}</small> }.into_any())
}

/// How a record is written: in one line, where there is room for it.
fn record(line: &str) -> &'static str {
    if line.len() > LONGEST_LINE { "record" } else { "record name-of" }
}

/// What the DNS server has in its cache, if that is anything.
fn cached_names(rows: &[[String; 3]], text: &'static Text) -> Option<AnyView> {
    let row = |[name, said, left]: &[String; 3]| {
        view! { <tr><td>{name.clone()}</td><td>{said.clone()}</td><td>{left.clone()}</td></tr> }.into_any()
    };
    let heading = |words: &'static str| view! { <th scope="col">{words}</th> }.into_any();
    (!rows.is_empty()).then(|| {
        view! {
            <table class="table cached-names">
                <caption>{text.dns.cached()}</caption>
                <thead><tr>{heading(text.dns.name())}{heading(text.dns.answer())}{heading(text.dns.time_left())}</tr></thead>
                <tbody>{rows.iter().map(row).collect_view()}</tbody>
            </table>
        }
        .into_any()
    })
}

/// A way in which names are kept.
fn keep(entry: Entry, session: Session) -> AnyView {
    let line = entry.line.clone();
    view! { <button class="button quiet" on:click=move |_| session.type_line(&line)>{entry.label}<small>{entry.line}</small></button> }
        .into_any()
}

#[component]
fn DnsPane() -> impl IntoView {
    let (text, session, srv) = (text(), session(), preferences().srv);
    let row = |answer: &Answer| {
        let mark = answer.mark.map(|mark| view! { {sign(mark)} " " });
        let hue = format!("hue-{}", answer.hue.word());
        let records = answer.records.iter().map(|line| view! { <span class=record(line)>{line.clone()}</span> }).collect_view();
        view! {
            <tr>
                <td>{mark}{name_of(answer)}{(!answer.note.is_empty()).then(|| view! { <small>{sentence(Prose::read(&answer.note))}</small> }.into_any())}</td>
                <td><span class=hue>{records}</span>{small(&answer.reason)}</td>
            </tr>
        }
        .into_any()
    };
    let example = move || session.dns.with(|dns| format!("nslookup {}", dns.names.get(1).map_or("web-0.nginx", |pod| &pod.name)));
    let body = move || {
        session.dns.with(|dns| {
            let instead = (!dns.instead.is_empty()).then(|| view! { <p class="nothing">{prose(dns.instead.clone())}</p> }.into_any());
            let services = if srv.get() { &dns.services[..] } else { &[] };
            let names = dns.asked.iter().chain(&dns.names).map(row).chain(unlisted(dns.unlisted, 2));
            let rows: Vec<_> = names.chain(services.iter().map(row)).collect();
            let head =
                || view! { <thead><tr><th scope="col">{text().dns.name()}</th><th scope="col">{text().dns.answer()}</th></tr></thead> };
            let table = (!rows.is_empty())
                .then(|| view! { <table class="table" aria-label="DNS">{head()}<tbody>{rows}</tbody></table> }.into_any());
            (instead, table, cached_names(&dns.cached, text())).into_any()
        })
    };
    let answering = move || {
        session.dns.with(|dns| {
            let Counted { all, answering } = dns.counted;
            (all > 0).then(|| text().dns.answering(answering, all))
        })
    };
    let within = view! {
        <button class="button quiet" id="srv" title=say(|t| t.dns.srv_title()) aria-pressed=move || srv.get().to_string()
                    hidden=move || session.dns.with(|dns| dns.services.is_empty()) on:click=move |_| preferences().toggle_srv()>"SRV"</button>
        <h3 class="label" title=say(|t| t.dns.cache_title())>{say(|t| t.dns.cache())}</h3>
        {live(move || profiles(text()).into_iter().map(|entry| keep(entry, session)).collect_view())}
    };
    view! {
        <section class="pane dns" aria-label="DNS">
            <div class="pane-head">
                {folding(Pane::Dns, |_| "DNS")}
                <span class="label elide note">{live(move || sentence(Prose::read(text().dns.note())))}</span>
                <span class="label brief">{live(answering)}</span>
                <input class="mono ask-name" id="dns-ask" aria-label=say(|t| t.dns.ask()) title=say(|t| t.dns.ask()) placeholder=example
                    autocomplete="off" autocapitalize="none" spellcheck="false" on:change=move |event| session.ask_name(event_target_value(&event))/>
                {more("dns-more", say(|t| t.dns.cache_title()), ().into_any(), within.into_any())}
            </div>
            <div class="pane-body">{body}</div>
        </section>
    }
}

/// The last row of a table that lists only some, over so many columns.
fn unlisted(rows: usize, columns: u32) -> Option<AnyView> {
    (rows > 0).then(|| view! { <tr class="hue-mute"><td colspan=columns>{text()().cluster.more(rows)}</td></tr> }.into_any())
}

/// The writes of two processes to one volume, in two columns.
fn interleaved(row: &StorageRow, text: &'static Text) -> Option<AnyView> {
    let line =
        |(writer, line): &(usize, String)| view! { <li class=if writer % 2 == 0 { "" } else { "other" }>{line.clone()}</li> }.into_any();
    (!row.interleaved.is_empty()).then(|| {
        view! {
            <tr>
                <td colspan="3" class="interleaved">
                    <small>{text.application.interleaved()}</small>
                    <ol>{row.interleaved.iter().map(line).collect_view()}</ol>
                </td>
            </tr>
        }
        .into_any()
    })
}

#[component]
fn StoragePane() -> impl IntoView {
    let (text, session) = (text(), session());
    // Of a volume and its node, neither breaks at its hyphen.
    let part = |part: &str| view! { <span class=record(part)>{part.to_owned()}</span> }.into_any();
    let row = move |row: &StorageRow| {
        let mark = row.mark;
        view! {
            <tr class=if row.absent { "hue-mute" } else { "" }>
                <td>{sign(mark)} " " {linked(session.token_of_claim(&row.claim), &row.claim)}{small(&row.note)}</td>
                <td>{row.volume.split_inclusive(" · ").map(part).collect_view()}{small(&row.place)}</td>
                <td>{row.written.clone()}{row.writers.iter().map(|writer| small(writer)).collect_view()}</td>
            </tr>
            {interleaved(row, text())}
        }
    };
    let body = move || {
        session.storage.with(|storage| {
            if !storage.instead.is_empty() {
                return view! { <p class="nothing">{storage.instead.clone()}</p> }.into_any();
            }
            let retention = storage.retention.iter().map(|(field, value)| {
                let field = *field;
                view! { <span class="fact">{label(move || field.to_owned())} " " <b>{*value}</b></span> }
            });
            view! {
                <table class="table" aria-label=say(|t| t.storage.title())>
                    <thead><tr><th scope="col">{label(|| "PVC".to_owned())}</th><th scope="col">{label(|| "PV".to_owned())} " · " {text().storage.disk()}</th><th scope="col">{text().storage.written()}</th></tr></thead>
                    <tbody>{storage.rows.iter().map(row).collect_view()}{unlisted(storage.unlisted, 3)}</tbody>
                </table>
                <p class="facts">{retention.collect_view()}</p>
            }
            .into_any()
        })
    };
    view! {
        <section class="pane storage" aria-label=say(|t| t.storage.title())>
            <div class="pane-head">
                {folding(Pane::Storage, |t| t.storage.title())}
                <span class="label brief">{live(move || Some(session.storage.with(|storage| storage.claims)).filter(|claims| *claims > 0).map(|claims| text().storage.claims(claims)))}</span>
                <span class="label elide note">{live(move || sentence(Prose::read(&session.storage.with(|storage| storage.class.clone()))))}</span>
            </div>
            <div class="pane-body">{body}</div>
        </section>
    }
}
