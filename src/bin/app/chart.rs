//! The timeline as a table: what its bars show, in words and times.
//!
//! It is built as HTML text. It only contains names that the server has accepted, numbers, and our own words.

use std::fmt::Write;

use base::time::Time;
use leptos::prelude::*;
use view::timeline::Track;
use view::zero::Zero;

use crate::keyed::Keyed;
use crate::session::Session;
use crate::widget::{say, text};

/// How many of the latest changes in the number of Ready pods are listed.
const MAX_CHANGES: usize = 100;

/// The table.
pub fn table(session: Session) -> AnyView {
    let text = text();
    let html = move || {
        let (text, zero) = (text(), session.zero());
        let mut html = "<table class=table><thead><tr>".to_owned();
        for heading in [text.dns.name(), text.dense.state(), text.time.from(), text.time.until()] {
            let _ = write!(html, "<th scope=col>{heading}");
        }
        html += "<tbody>";
        ready(session, zero, &mut html);
        of_tracks(session.tracks, zero, &mut html);
        of_tracks(session.lanes.nodes, zero, &mut html);
        session.lanes.side.with(|side| {
            for (title, mix) in side.iter().flat_map(|(title, mixes)| mixes.iter().map(move |mix| (title, mix))) {
                row(&mut html, title, &mix.words, (mix.from, mix.to), zero);
            }
        });
        html + "</table>"
    };
    view! { <div class="chart" role="group" tabindex="0" aria-label=say(|t| t.time.title()) inner_html=html></div> }.into_any()
}

/// A period: its name, what it was, and when it began and ended.
fn row(html: &mut String, name: &str, what: &str, (from, to): (Time, Option<Time>), zero: Zero) {
    let to = to.map(|to| zero.label(to)).unwrap_or_default();
    let _ = write!(html, "<tr><th scope=row>{name}<td>{what}<td>{}<td>{to}", zero.label(from));
}

fn of_tracks(tracks: Keyed<String, Track>, zero: Zero, html: &mut String) {
    for name in tracks.keys() {
        if let Some(track) = tracks.member(&name) {
            track.with(|track| track.spans.iter().for_each(|span| row(html, &name, span.state.word(), (span.from, span.to), zero)));
        }
    }
}

/// The number of Ready pods over time, if there are many pods.
fn ready(session: Session, zero: Zero, html: &mut String) {
    session.lanes.area.with(|area| {
        let Some(area) = area else { return };
        let first = area.ready.len().saturating_sub(MAX_CHANGES);
        for (at, (from, pods)) in area.ready.iter().enumerate().skip(first) {
            row(html, "Ready", &format!("{pods}/{}", area.most), (*from, area.ready.get(at + 1).map(|(next, _)| *next)), zero);
        }
    });
}
