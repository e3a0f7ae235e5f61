//! The page of one scenario: on each release, one text of what the real cluster and the model went through and printed, in which only what
//! differs stands twice.

use serde_json::Value;
use text::Lang;
use text::truth::say;

use crate::html::{Frame, both, escaped, in_both, page};
use crate::merged::merged;
use crate::open::fragment;
use comparison::run::{Run, text};
use comparison::suite::{Judged, Line, Reason, written};

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
    let main = format!(
        "<p class=label><a href=\"../index.html#all\">{}</a> · <code>{}</code></p>\n<h1 lang=en>{}</h1>\n{sections}<details><summary><h2>{heading}</h2></summary><pre>{text}</pre></details>\n",
        both("all", &[]),
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
    format!(
        "<details class=release{}><summary><h2>Kubernetes {}</h2> {}</summary>\n{}{opens}\n<p>{}</p>\n<pre class=merged lang=en>{}{}</pre></details>\n",
        if is_open { " open" } else { "" },
        judged.release.git_version.trim_start_matches('v'),
        state(line.state()),
        reasons(&line),
        both("merged", &[]),
        moments(judged),
        printed(judged),
    )
}

fn reasons(line: &Line) -> String {
    let listed = line.reasons.iter().map(|reason| format!("<li>{}</li>", told(reason)));
    let wrong = line.wrong.iter().map(|wrong| format!("<li>{} <pre lang=en>{}</pre></li>", both("no_reason", &[]), escaped(wrong)));
    let all: String = listed.chain(wrong).collect();
    if all.is_empty() { all } else { format!("<ul>{all}</ul>") }
}

/// Two texts as one. `keys` are the lines without what varies from run to run, `shown` tells what stands for a pair of lines.
fn merged_lines<K: PartialEq>(keys: [&[K]; 2], shown: impl Fn(Option<usize>, Option<usize>) -> String) -> String {
    let mut out = String::new();
    for (real, ours) in merged(keys[0], keys[1]) {
        let line = escaped(&shown(real, ours));
        out += &match (real, ours) {
            (Some(_), None) => format!("<del>- {line}</del>\n"),
            (None, Some(_)) => format!("<ins>+ {line}</ins>\n"),
            _ => format!("  {line}\n"),
        };
    }
    out
}

/// A moment of a pod's life: the seconds since the run's beginning, the pod and what happened.
fn moment(entry: &Value) -> Option<(String, String)> {
    let what = match text(entry, "e") {
        "pod.created" => "created".to_owned(),
        "pod.bound" => format!("on {}", text(entry, "node")),
        "pod.phase" => text(entry, "phase").to_owned(),
        "pod.condition" if text(entry, "type") == "Ready" && text(entry, "status") == "True" => "Ready".to_owned(),
        "pod.condition" if text(entry, "type") == "Ready" => "not Ready".to_owned(),
        "pod.deleting" => "deletion requested".to_owned(),
        "pod.removed" => "gone".to_owned(),
        _ => return None,
    };
    let at = entry["t"].as_i64().unwrap_or_default();
    Some((format!("{:>4}.{:03}", at / 1000, at % 1000), format!("{}  {what}", text(entry, "name"))))
}

/// What the pods went through, each line with the seconds of the recording and of the model.
fn moments(judged: &Judged) -> String {
    let of_run = |run: &Run| run.trace.iter().filter_map(moment).unzip();
    let (real_times, real): (Vec<String>, Vec<String>) = of_run(&judged.recorded[0]);
    let (times, ours): (Vec<String>, Vec<String>) = of_run(&judged.run);
    let time = |times: &[String], at: Option<usize>| at.map_or_else(|| " ".repeat(8), |at| times[at].clone());
    merged_lines([&real, &ours], |real_at, at| {
        let what = real_at.map_or_else(|| at.map_or("", |at| &ours[at]), |at| &real[at]);
        format!("{} {}  {what}", time(&real_times, real_at), time(&times, at))
    })
}

/// Each command, and what it printed.
fn printed(judged: &Judged) -> String {
    let recorded = &judged.recorded[0];
    let mut out = String::new();
    for (at, command) in recorded.commands.iter().enumerate() {
        let (real, ours) = (output(command), output(judged.run.commands.get(at).unwrap_or(&Value::Null)));
        let (real, ours): (Vec<&str>, Vec<&str>) = (real.lines().collect(), ours.lines().collect());
        let keys = [keys(recorded, &real), keys(&judged.run, &ours)];
        let lines = merged_lines([&keys[0], &keys[1]], |real_at, at| {
            real_at.map_or_else(|| at.map_or("", |at| ours[at]), |at| real[at]).to_owned()
        });
        out += &format!("\n$ kubectl {}\n{lines}", escaped(text(command, "cmd")));
    }
    out
}

/// The lines of an output without what varies from run to run.
fn keys(run: &Run, lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| run.screen(line).concat()).collect()
}

/// Both streams of a command, and its exit code where that says something.
fn output(command: &Value) -> String {
    let code = command["rc"].as_i64().filter(|code| *code != 0).map(|code| format!("(exit code {code})\n"));
    [text(command, "stdout"), text(command, "stderr"), code.as_deref().unwrap_or_default()].concat()
}
