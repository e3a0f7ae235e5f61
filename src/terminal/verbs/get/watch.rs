//! `get -w`: objects as they change.
//!
//! Models k8s.io/kubectl/pkg/cmd/get/get.go watch.

use super::request::Request;
use super::style::Style;
use super::watching::Watch;
use super::{Held, print_tables, sorted};
use crate::manifests;
use crate::print::format::Format;
use crate::print::table::Widths;
use crate::print::whole::print_whole;
use crate::targets::{self, Lookup};
use crate::work::{Step, Work};
use api::client::{WatchEvent, WatchKind};
use api::kind::Kind;
use api::view;
use base::sorted::SortedMap;
use base::time::Time;
use base::value::Value;
use kubectl::failure::Failure;
use kubectl::global_flags::request_timeout;
use kubectl::select::Filter;
use kubectl::session::Session;

/// Lists what is asked for, and watches it from there.
pub(super) fn start_watch(request: &Request, session: &mut Session, format: Option<Format>) -> Result<Step, Failure> {
    let call = request.call;
    let asked = &request.asked;
    Failure::client_if(asked.several_kinds(), "you may only specify a single resource type")?;
    let named = asked.named();
    if named.len() > 1 {
        return watch_of_several(request, session, format.as_ref());
    }
    if manifests::are_given(call) {
        return Err(Failure::client(
            "watch is only supported on individual resources and resource collections - more than 1 resource was found",
        ));
    }
    let kind = asked.kinds.first().copied().or(named.first().map(|(kind, _)| *kind)).unwrap_or(Kind::Pod);
    if call.flags.given("sort-by") {
        session.output.err("warning: --watch requested, --sort-by will be ignored for watch events received");
    }
    let after = session.client.revision();
    let mut objects = Vec::new();
    for target in targets::find(call, &call.args, session, Lookup { type_means_all: true, ..Lookup::default() })? {
        match target {
            Err(failure) if failure.is_not_found() && call.flags.on("ignore-not-found") => return Ok(Step::Done),
            target => objects.push(target?.object),
        }
    }
    sorted(call, session, &mut objects, Held::Rows)?;
    let style = Style::of(request, format == Some(Format::Wide), &[], 0);
    let mut watch = Watch {
        kind,
        scope: session.scope(call).filter(|_| kind.is_namespaced()),
        name: named.into_iter().next().map(|(_, name)| name),
        filter: Filter::of(call),
        after,
        passing: SortedMap::new(),
        has_headings: !style.headings,
        style,
        format,
        events: call.flags.on("output-watch-events"),
        widths: Widths::default(),
        printed: 0,
        until: request_timeout(call)?.map(|timeout| session.now() + timeout),
    };
    watch.remember(&objects);
    if !call.flags.on("watch-only") {
        let now = session.now();
        let listed: Vec<(&str, Value, Time)> = objects.into_iter().map(|o| ("ADDED", o, now)).collect();
        watch.show(&listed, session)?;
    }
    Box::new(watch).go_on(session)
}

/// Several names are printed, but not watched.
fn watch_of_several(request: &Request, session: &mut Session, format: Option<&Format>) -> Result<Step, Failure> {
    let call = request.call;
    let objects = targets::find_all(call, &call.args, session, Lookup { type_means_all: true, ..Lookup::default() })?;
    match format {
        _ if call.flags.on("watch-only") => {}
        None | Some(Format::Wide) => drop(print_tables(request, session, format.is_some(), &objects, Vec::new())?),
        Some(format) => objects.into_iter().try_for_each(|target| print_whole(session, format, vec![target.object], true))?,
    }
    Err(Failure::client("you may only watch a single resource or type of resource at a time"))
}

impl Watch {
    /// Prints what has happened since the last time.
    pub fn go_on(mut self: Box<Self>, session: &mut Session) -> Result<Step, Failure> {
        for event in session.client.watch(self.kind, self.scope.as_deref(), self.after) {
            let at = event.at;
            if let Some((word, object)) = self.seen_as(event) {
                self.show(&[(word, object, at)], session)?;
            }
        }
        self.after = session.client.revision();
        if self.until.is_some_and(|until| session.now() >= until) {
            return Ok(Step::Done);
        }
        let until = self.until;
        Ok(Step::Wait(Work::Watch(self), until))
    }

    /// What an event is to this watch, if it is anything: with a filter, objects come and go as they start and stop to pass.
    fn seen_as(&mut self, event: WatchEvent) -> Option<(&'static str, Value)> {
        let object = event.object;
        if self.name.as_ref().is_some_and(|name| view::name(&object) != name) {
            return None;
        }
        let word = match event.kind {
            WatchKind::Added => "ADDED",
            WatchKind::Modified => "MODIFIED",
            WatchKind::Deleted => "DELETED",
        };
        if self.filter.is_empty() {
            return Some((word, object));
        }
        let key = format!("{}/{}", view::namespace(&object), view::name(&object));
        let before = self.passing.remove(&key);
        let passes = self.filter.passes(&object);
        if passes && event.kind != WatchKind::Deleted {
            self.passing.insert(key, object.clone());
        }
        match (before, passes) {
            (Some(_), true) => Some((word, object)),
            (None, true) => Some((if event.kind == WatchKind::Modified { "ADDED" } else { word }, object)),
            (Some(last), false) => Some(("DELETED", last)),
            (None, false) => None,
        }
    }

    /// Remembers what passes the filter from the start.
    fn remember(&mut self, objects: &[Value]) {
        if !self.filter.is_empty() {
            let key = |o: &Value| format!("{}/{}", view::namespace(o), view::name(o));
            self.passing = objects.iter().map(|o| (key(o), o.clone())).collect();
        }
    }

    /// Prints objects, each with what happened to it and when, as one flush of the table.
    fn show(&mut self, objects: &[(&str, Value, Time)], session: &mut Session) -> Result<(), Failure> {
        if objects.is_empty() {
            return Ok(());
        }
        match &self.format {
            None | Some(Format::Wide | Format::Custom(_)) => {
                let mut rows = Vec::new();
                if !self.has_headings {
                    let mut cells = self.headings(session);
                    if self.events {
                        cells.insert(0, "EVENT".to_owned());
                    }
                    rows.push(cells);
                    self.has_headings = true;
                }
                let rest: Result<(), Failure> = objects.iter().try_for_each(|(word, object, at)| {
                    let mut cells = self.row(object, *at, session)?;
                    if self.events {
                        // As wide as the longest. Models k8s.io/cli-runtime/pkg/printers/tableprinter.go formattedEventType.
                        cells.insert(0, format!("{word:<8}"));
                    }
                    rows.push(cells);
                    Ok(())
                });
                session.output.out(self.widths.format(&rows));
                rest?;
            }
            Some(format) => {
                for (word, object, _) in objects {
                    if self.printed > 0 && *format == Format::Yaml {
                        session.output.line("---");
                    }
                    self.printed += 1;
                    let mut shown = object.clone();
                    // A name is that of the object, whatever happened to it.
                    if self.events && *format != Format::Name {
                        shown = Value::of([("type", *word)]);
                        shown.set(&["object"], object.clone());
                    }
                    print_whole(session, format, vec![shown], true)?;
                }
            }
        }
        Ok(())
    }

    fn headings(&self, session: &mut Session) -> Vec<String> {
        match &self.format {
            Some(Format::Custom(custom)) => custom.headings().unwrap_or_default(),
            _ => self.style.headings(self.kind, session),
        }
    }

    fn row(&self, object: &Value, at: Time, session: &mut Session) -> Result<Vec<String>, Failure> {
        match &self.format {
            Some(Format::Custom(custom)) => custom.row(object).map_err(Failure::Client),
            _ => Ok(self.style.row(self.kind, object, at, session)),
        }
    }
}
