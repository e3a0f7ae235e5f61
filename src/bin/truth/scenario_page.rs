//! The page of one scenario: on each release, what the real cluster did and printed beside what the model does and prints.

use serde_json::Value;
use text::Lang;
use text::truth::say;

use crate::html::{Frame, both, escaped, in_both, page};
use crate::listed::{OTHER_TEXTS, listed};
use crate::open::fragment;
use crate::run::{Run, text};
use crate::suite::{Judged, Line, Reason, written};

/// A scenario's page, and what its links lead to: per release, whether the playground can open it.
pub struct Written {
    /// The page.
    pub html: String,
    /// For each release, why the playground cannot open it.
    pub closed: Vec<Option<&'static str>>,
}

/// Writes the page of a scenario, of its recordings on each release.
pub fn write(name: &str, all: &[Judged]) -> Written {
    let (mut closed, mut sections) = (Vec::new(), String::new());
    for (at, judged) in all.iter().enumerate() {
        let link = fragment(&judged.scenario, judged.release, &judged.recorded[0]);
        sections += &section(judged, link.as_deref().map_err(|why| *why), at == 0);
        closed.push(link.err());
    }
    let title = all.first().map_or(name, |judged| judged.scenario.title.as_str());
    let (text, heading) = (escaped(&written(name)), both("scenario", &[]));
    let topic = name.split('/').next().unwrap_or_default();
    let main = format!(
        "<p class=label><a href=\"../index.html#{topic}\">{}</a> · <code>{}</code></p>\n<h1 lang=en>{}</h1>\n{sections}<details><summary><h2>{heading}</h2></summary><pre>{text}</pre></details>\n",
        both("topic", &[("topic", &topic)]),
        escaped(name),
        escaped(title),
    );
    let own = format!("{}.html", name.rsplit('/').next().unwrap_or(name));
    let langs = Lang::ALL.map(|lang| format!("{own}?lang={}", lang.tag()));
    let frame = Frame { title, lang: Lang::English, home: "../../", langs: Some([&langs[0], &langs[1]]) };
    Written { html: page(&frame, &main), closed }
}

/// How a scenario goes, as a mark and a word.
pub fn state(state: &str) -> String {
    let mark = match state {
        "same" => "✓",
        "listed" => "≈",
        "wrong" => "✕",
        _ => "–",
    };
    format!("<span class=state data-state={state}><span aria-hidden=true>{mark}</span> {}</span>", both("state", &[("state", &state)]))
}

/// A listed difference as a sentence.
pub fn told(reason: &Reason) -> String {
    let in_lang = |lang| {
        let why = say(lang, "why", &[("why", &reason.why)]);
        say(lang, "reason", &[("kind", &reason.kind), ("what", &reason.what), ("why", &why)])
    };
    in_both(in_lang)
}

fn section(judged: &Judged, link: Result<&str, &'static str>, is_open: bool) -> String {
    let line = judged.line();
    let opens = match link {
        Ok(link) => format!(
            "<p><a class=\"button primary\" href=\"../../{link}\">{}</a></p><p class=label>{}</p>",
            both("open", &[]),
            both("own_pace", &[])
        ),
        Err(why) => format!("<p>{}</p>", both("closed", &[("why", &why)])),
    };
    let (real, ours) = (moments(&judged.recorded[0]), moments(&judged.run));
    let generated = if real.contains("-#") { format!("<p class=label>{}</p>", both("generated", &[])) } else { String::new() };
    format!(
        "<details class=release{}><summary><h2>Kubernetes {}</h2> {}</summary>\n{}{opens}\n<h3>{}</h3>\n{generated}{}\n<h3>{}</h3>\n{}</details>\n",
        if is_open { " open" } else { "" },
        judged.release.git_version.trim_start_matches('v'),
        state(line.state()),
        reasons(&line),
        both("went_through", &[]),
        side_by_side(&real, &ours),
        both("printed", &[]),
        printed(judged),
    )
}

fn reasons(line: &Line) -> String {
    let listed = line.reasons.iter().map(|reason| format!("<li>{}</li>", told(reason)));
    let wrong = line.wrong.iter().map(|wrong| format!("<li>{} <pre lang=en>{}</pre></li>", both("no_reason", &[]), escaped(wrong)));
    let all: String = listed.chain(wrong).collect();
    if all.is_empty() { all } else { format!("<ul>{all}</ul>") }
}

/// Two texts side by side, each under its head.
fn side_by_side(real: &str, ours: &str) -> String {
    let column = |key: &str, text: &str| {
        let text = if text.is_empty() { format!("<p>{}</p>", both("nothing", &[])) } else { format!("<pre>{}</pre>", escaped(text)) };
        format!("<div><p class=label>{}</p>{text}</div>", both(key, &[]))
    };
    format!("<div class=sides>{}{}</div>", column("recorded", real), column("modelled", ours))
}

/// What the pods of a run went through: a line each, with the seconds since its beginning.
fn moments(run: &Run) -> String {
    let mut out = String::new();
    for entry in &run.trace {
        let ready = if text(entry, "status") == "True" { "Ready" } else { "not Ready" };
        let what = match text(entry, "e") {
            "pod.created" => "created".to_owned(),
            "pod.bound" => format!("on {}", text(entry, "node")),
            "pod.phase" => text(entry, "phase").to_owned(),
            "pod.condition" if text(entry, "type") == "Ready" => ready.to_owned(),
            "pod.deleting" => "deletion requested".to_owned(),
            "pod.removed" => "gone".to_owned(),
            _ => continue,
        };
        let at = entry["t"].as_i64().unwrap_or_default();
        out.extend([format!("{:>4}.{:03}  {}  {what}\n", at / 1000, at % 1000, text(entry, "name"))]);
    }
    out
}

/// Each command, and what it printed.
fn printed(judged: &Judged) -> String {
    let mut out = String::new();
    for (at, real) in judged.recorded[0].commands.iter().enumerate() {
        let ours = judged.run.commands.get(at).unwrap_or(&Value::Null);
        let differs = judged.found.text.iter().any(|(number, _)| *number == at);
        let why = listed(OTHER_TEXTS, judged.release.name, &judged.name).find(|(_, _, command, _)| text(real, "cmd").starts_with(command));
        let mark = match (differs, why) {
            (false, _) => String::new(),
            (true, Some((_, _, _, why))) => format!("<p>≈ {}: {}.</p>", both("prints_other", &[]), both("why", &[("why", why)])),
            (true, None) => format!("<p>✕ {}. {}</p>", both("prints_other", &[]), both("no_reason", &[])),
        };
        let line = escaped(text(real, "cmd"));
        let sides = side_by_side(&output(real), &output(ours));
        out.extend([format!("<section><h4 class=line><code>$ kubectl {line}</code></h4>{mark}{sides}</section>\n")]);
    }
    out
}

/// Both streams of a command, and its exit code where that says something.
fn output(command: &Value) -> String {
    let code = command["rc"].as_i64().filter(|code| *code != 0).map(|code| format!("(exit code {code})\n"));
    [text(command, "stdout"), text(command, "stderr"), code.as_deref().unwrap_or_default()].concat()
}
