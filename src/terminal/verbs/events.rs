//! `events`: lists events, oldest first.
//!
//! Models k8s.io/kubectl/pkg/cmd/events.

pub(super) mod watch;

use crate::described::event_interval;
use crate::print::format::{Format, list_of};
use crate::print::table::Widths;
use crate::work::{Step, Work};
use api::change::Change;
use api::client::{Client, WatchKind};
use api::kind::Kind;
use api::view::{self, text};
use base::sort::Sort;
use base::time::Time;
use base::value::Value;
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::form::classic_message;
use kubectl::global_flags::request_timeout;
use kubectl::resources::kind_called;
use kubectl::select::Filter;
use kubectl::session::Session;
use watch::{Choice, Watch};

const TYPES: [&str; 2] = ["Normal", "Warning"];

/// Runs the command.
pub fn events(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let format = Format::of(call, false)?;
    let choice = Choice {
        scope: session.scope(call),
        about: call.flags.text("for").map(|text| read_for(text, session.client)).transpose()?,
        types: call.flags.list("types").into_iter().map(str::to_owned).collect(),
    };
    if choice.types.iter().any(|t| !TYPES.iter().any(|known| known.eq_ignore_ascii_case(t))) {
        return Err(Failure::client("valid --types are Normal or Warning"));
    }
    let after = session.client.revision();
    let mut found = session.list(Kind::Event, choice.scope.as_deref(), &Filter::default())?;
    found.retain(|e| choice.takes(e));
    let watches = call.flags.on("watch");
    if !watches {
        // Times have seconds or microseconds: without the zone, the shorter one sorts first.
        found.sort_small_by_key(|event| last_seen(event).trim_end_matches('Z').to_owned());
    }
    if found.is_empty() && !watches {
        match &choice.scope {
            Some(namespace) => session.output.err(format!("No events found in {namespace} namespace.")),
            None => session.output.err("No events found."),
        }
        return Ok(Step::Done);
    }
    if let Some(format) = format {
        // A typed list, and without a version: it was put together here. Typed lists have no names to print, and kubectl does not say so.
        let mut list = list_of(&found);
        list.set(&["kind"], "EventList");
        list.set(&["metadata"], Value::map());
        if format != Format::Name {
            format.print(&[list], true, session.output)?;
        }
        return Ok(Step::Done);
    }
    let now = session.now();
    let until = request_timeout(call)?.map(|timeout| now + timeout);
    let mut watch = Watch { choice, after, widths: Widths::default(), has_headings: call.flags.on("no-headers"), until };
    let listed: Vec<(Value, Time)> = found.into_iter().map(|e| (e, now)).collect();
    // A watch prints event by event, those that were there as those that come.
    listed.chunks(if watches { 1 } else { listed.len() }).for_each(|some| watch.show(some, session));
    Ok(if watches { watch.go_on(session) } else { Step::Done })
}

/// When an event was last seen, as a sort key.
fn last_seen(event: &Value) -> &str {
    match (event.text_at(&["series", "lastObservedTime"]), text(event, &["lastTimestamp"])) {
        (Some(observed), _) => observed,
        (None, "") => text(event, &["eventTime"]),
        (None, last) => last,
    }
}

fn read_for(text: &str, client: &dyn Client) -> Result<(Kind, String), Failure> {
    let (kind, name) = text.split_once('/').ok_or_else(|| Failure::client("--for must be in resource/name form"))?;
    let kind = kind_called(kind, client).map_err(|failure| match failure {
        Failure::Client(text) => Failure::Plain(text),
        other => other,
    })?;
    Ok((kind, name.to_owned()))
}

impl Choice {
    fn takes(&self, event: &Value) -> bool {
        let about = |field: &str| text(event, &["involvedObject", field]);
        let is_about = self.about.as_ref().is_none_or(|(kind, name)| about("kind") == kind.info().name && about("name") == name);
        is_about && (self.types.is_empty() || self.types.iter().any(|t| t.eq_ignore_ascii_case(text(event, &["type"]))))
    }
}

impl Watch {
    /// Prints new events.
    pub fn go_on(mut self, session: &mut Session) -> Step {
        for event in session.client.watch(Kind::Event, self.choice.scope.as_deref(), self.after) {
            if event.kind != WatchKind::Deleted && self.choice.takes(&event.object) {
                self.show(&[(event.object, event.at)], session);
            }
        }
        self.after = session.client.revision();
        if self.until.is_some_and(|until| session.now() >= until) {
            return Step::Done;
        }
        let until = self.until;
        Step::Wait(Work::Events(self), until)
    }

    fn show(&mut self, events: &[(Value, Time)], session: &mut Session) {
        let mut rows = Vec::new();
        if !self.has_headings && !events.is_empty() {
            let mut headings = vec!["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"];
            if self.choice.scope.is_none() {
                headings.insert(0, "NAMESPACE");
            }
            rows.push(headings.into_iter().map(str::to_owned).collect());
            self.has_headings = true;
        }
        for (event, at) in events {
            let message = text(event, &["message"]);
            let classic = classic_message(message).filter(|_| !session.has(Change::SchedulingWords));
            let message = classic.as_deref().unwrap_or(message);
            let about = |field: &str| text(event, &["involvedObject", field]);
            let mut cells = vec![
                event_interval(event, *at),
                text(event, &["type"]).to_owned(),
                text(event, &["reason"]).to_owned(),
                format!("{}/{}", about("kind"), about("name")),
                message.trim().to_owned(),
            ];
            if self.choice.scope.is_none() {
                cells.insert(0, view::namespace(event).to_owned());
            }
            rows.push(cells);
        }
        // A message of several lines ends the columns: those of the events after it are as wide as they need to be.
        for rows in rows.split_inclusive(|row: &Vec<String>| row.iter().any(|cell| cell.contains('\n'))) {
            session.output.out(self.widths.format(rows));
        }
    }
}
