//! Lines that stand alone: messages without their Events, the words of kubectl, and lines of components' logs.

use super::says::is_prose;
use crate::event::Happened;
use causes::message::{Said, SaidIn, captured};
use sayings::{Frame, frame_of};
use std::borrow::Cow;

/// What people and programs put before a message.
const BEFORE: [&str; 9] = ["- ", "* ", "• ", "\"", "'", "“", "Message:", "message:", "Warning:"];
/// So many letters of a sentence have to be a saying's before it is a quotation.
const TELLING: usize = 24;
/// No message is longer, in bytes.
const LONGEST: usize = 20_000;
/// The members of a line in JSON, and the words of a line of `key="value"`, in which a program says something.
const SAYS: [&str; 6] = ["msg", "message", "err", "error", "reason", "event"];

/// What a line alone says, if anything is known of it; about nothing yet.
pub(super) fn spoken(line: &str) -> Option<Happened> {
    if line.len() > LONGEST {
        return None;
    }
    if let Some(event) = recorded(line) {
        return Some(event);
    }
    if let Some(text) = logged(line) {
        // An Event that a component logs, or an error of its own.
        let within = text.char_indices().filter(|(at, _)| *at == 0 || text[..*at].ends_with([' ', '"', ':', '=']));
        let framed = within.map(|(at, _)| &text[at..]).find_map(|rest| Some((frame_of(rest)?, rest)));
        let event = framed.and_then(|(frame, rest)| of_frame(frame, rest.trim_end_matches('"')));
        return event.or_else(|| said(SaidIn::Log, "", &text));
    }
    let mut text = line.trim();
    while let Some(rest) = BEFORE.iter().find_map(|before| text.strip_prefix(before)) {
        text = rest.trim_start();
    }
    let even = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = even.trim_end_matches(['"', '”']);
    let frame = frame_of(text);
    // A message may read like a sentence, too.
    if is_prose(line) && !(text.contains(": ") && frame.is_some() || frame.is_some_and(|frame| frame.is_telling) || is_quotation(text)) {
        return None;
    }
    let plain = || unescaped(text);
    frame.and_then(|frame| of_frame(frame, text)).or_else(|| said(SaidIn::Line, "", text)).or_else(|| said(SaidIn::Line, "", &plain()))
}

/// The Event that a component logs as it records it: `"Event occurred" object="shop/web-0" kind="Pod" … reason="…" message="…"`.
fn recorded(line: &str) -> Option<Happened> {
    let (_, rest) = line.split_once("\"Event occurred\" ")?;
    let of = |key: &str| quoted(rest.split_once(&format!(" {key}=\""))?.1).map(|text| text.replace("\\\"", "\""));
    let object = rest.strip_prefix("object=\"").and_then(quoted)?;
    let (namespace, name) = object.split_once('/').unwrap_or(("", &object));
    let about = (of("kind")?, namespace.to_owned(), name.to_owned());
    let event = Happened { about, place: SaidIn::Event, reason: of("reason")?, message: of("message")?, ..Happened::default() };
    event.said().means().is_some().then_some(event)
}

/// A text up to the quote that ends it.
fn quoted(text: &str) -> Option<String> {
    let mut escaped = false;
    let end = text.find(|c: char| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    end.map(|end| text[..end].to_owned())
}

/// What a text says in a place, if anything is known of it.
fn said(place: SaidIn, reason: &str, text: &str) -> Option<Happened> {
    let found = Said { place, reason, text }.means();
    found.map(|_| Happened { place, reason: reason.to_owned(), message: text.to_owned(), ..Happened::default() })
}

/// The Event of a message that begins so. Where the beginning tells little, the message has to be known by itself.
fn of_frame(frame: Frame, text: &str) -> Option<Happened> {
    let found = Said { place: SaidIn::Event, reason: frame.reason, text }.means()?;
    (frame.is_telling || !found.row.is_any()).then(|| said(SaidIn::Event, frame.reason, text)).flatten()
}

/// Whether a sentence is a saying, or quotes one that is long enough.
fn is_quotation(text: &str) -> bool {
    Said::of(SaidIn::Line, text).means().is_some_and(|found| {
        let is_printed = text.contains(": ") || text.contains('"');
        found.row.form.len() >= TELLING || is_printed && sayings::begins(found.row, text)
    })
}

/// What a component wrote into its log, without the time, the place in its source, and escapes; `None` of any other line.
fn logged(line: &str) -> Option<Cow<'_, str>> {
    let text = line.trim();
    if let Some(value) = Some(text).filter(|text| text.starts_with('{') && text.ends_with('}')).and_then(base::json::value) {
        let words: Vec<&str> = SAYS.iter().filter_map(|key| value.text_at(&[key])).collect();
        return (!words.is_empty()).then(|| words.join(": ").into());
    }
    // `Jan 05 09:48:52 node-1 kubelet[812]: E0105 …`
    let text = text.split_once("]: ").filter(|(before, _)| before.contains('[') && !before.contains('"')).map_or(text, |(_, text)| text);
    if let Some(message) = klog(text) {
        return Some(structured(message));
    }
    // `2024-09-14T11:20:29Z	ERROR	Reconciler error	{"controller": …, "error": "…"}`
    let error = ["\"error\": \"", "\"error\":\""].iter().find_map(|key| text.split_once(key)).filter(|(before, _)| before.contains('{'));
    if let Some((_, rest)) = error {
        return Some(unescaped(&quoted(rest).unwrap_or_else(|| rest.to_owned())).into_owned().into());
    }
    let fields = ["level=error", "level=warning", "level=info", "level=fatal"];
    (fields.iter().any(|field| text.contains(field)) && text.contains("msg=")).then(|| unescaped(text))
}

/// The message of a line of klog: `E0304 13:02:41.118430       1 stateful_set.go:438] …`.
fn klog(text: &str) -> Option<&str> {
    let (head, message) = text.split_once("] ")?;
    let mut words = head.split_whitespace();
    let level = words.next()?;
    let is_level = level.len() == 5 && level.starts_with(['I', 'W', 'E', 'F']) && level[1..].bytes().all(|b| b.is_ascii_digit());
    (is_level && words.last()?.contains(".go:")).then_some(message)
}

/// What a message of klog says: its words and its error, where these are quoted: `"Unhandled Error" err="… \\"web-0\\" …" logger="…"`.
fn structured(message: &str) -> Cow<'_, str> {
    let Some(words) = message.strip_prefix('"').and_then(quoted) else { return unescaped(message) };
    let error = message.split_once(" err=\"").and_then(|(_, rest)| quoted(rest));
    let rest = error.unwrap_or_else(|| message[words.len() + 2..].trim().to_owned());
    unescaped(&format!("{words}: {rest}")).into_owned().into()
}

/// A text in which quotes are not escaped.
fn unescaped(text: &str) -> Cow<'_, str> {
    if text.contains("\\\"") { text.replace("\\\"", "\"").into() } else { text.into() }
}

/// Whether a line goes on with the message before it: the kubelet tells over several lines what it called, and what came of it.
pub(super) fn goes_on(line: &str) -> bool {
    ["Mounting command: ", "Mounting arguments: ", "Output: ", "DETAIL: "].iter().any(|begins| line.trim_start().starts_with(begins))
}

/// Whether a message that begins so is not whole: it opens a list that another line closes.
pub(super) fn is_open(text: &str) -> bool {
    let count = |c: char| text.matches(c).count();
    count('[') > count(']')
}

/// The object that a line of a log names with its namespace: `StatefulSet lab/web`, `pod="shop/web-0"`.
pub(super) fn named(text: &str) -> Option<(&'static str, String, String)> {
    const FORMS: [(&str, &str); 7] = [
        ("StatefulSet", "StatefulSet {ns}/{name},"),
        ("StatefulSet", "statefulSet=\"{ns}/{name}\""),
        ("StatefulSet", "statefulset=\"{ns}/{name}\""),
        ("Pod", "pod=\"{ns}/{name}\""),
        ("Pod", "pods=[\"{ns}/{name}\""),
        ("PersistentVolumeClaim", "PVC=\"{ns}/{name}\""),
        ("PersistentVolumeClaim", "PersistentVolumeClaim=\"{ns}/{name}\""),
    ];
    FORMS.iter().find_map(|(kind, form)| {
        let names = captured(form, text)?;
        Some((*kind, names[0].1.to_owned(), names[1].1.to_owned()))
    })
}
