//! `wait`: waits until objects meet a condition.
//!
//! Models k8s.io/kubectl/pkg/cmd/wait. Objects are waited for one after the other, all with the same deadline. Where their creation
//! is waited for, all are looked for again and again before the first one is told of.

pub(super) mod waiting;

use crate::delete::ANSWER_TAKES;
use crate::manifests;
use crate::polls::{Poll, Polls};
use crate::print::golang;
use crate::print::jsonpath::Template;
use crate::targets::{self, Lookup};
use crate::work::{Step, Work, done_or};
use crate::write::Report;
use api::view::{self, int, text};
use base::time::{Span, Time};
use base::value::Value;
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::resources::Asked;
use kubectl::session::Session;
use waiting::{Awaited, Creation, Waiting, Wanted};

const DEFAULT_TIMEOUT: Span = Span::seconds(30);

/// The timeout that a negative one stands for.
const A_WEEK: Span = Span::seconds(7 * 24 * 3600);

/// From one look for objects that are to be created to the next.
const BETWEEN_LOOKS: Span = Span(500);

impl Wanted {
    fn read(text: &str) -> Result<Wanted, Failure> {
        let lower = text.to_ascii_lowercase();
        if lower == "delete" {
            return Ok(Wanted::Deleted);
        }
        if lower == "create" {
            return Ok(Wanted::Created);
        }
        if let Some(rest) = text.strip_prefix("condition=") {
            let (kind, status) = rest.split_once('=').unwrap_or((rest, "true"));
            return Ok(Wanted::Condition { kind: kind.to_owned(), status: status.to_owned() });
        }
        if let Some(rest) = text.strip_prefix("jsonpath=") {
            return Wanted::field(rest);
        }
        Err(Failure::client(format!("unrecognized condition: {text:?}")))
    }

    /// Models processJSONPathInput.
    fn field(text: &str) -> Result<Wanted, Failure> {
        let (path, value) = match parts(text).as_slice() {
            [path] => (path.clone(), None),
            [path, value] => (path.clone(), Some(value.trim_matches(['\'', '"']).to_owned())),
            _ => {
                return Err(Failure::client(
                    "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'",
                ));
            }
        };
        Failure::client_if(path.is_empty(), "jsonpath expression cannot be empty")?;
        let path = Template::parse_relaxed(&path).map_err(Failure::Client)?;
        if value.as_deref() == Some("") {
            return Err(Failure::client(
                "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3",
            ));
        }
        Ok(Wanted::Field { path, value })
    }

    /// Whether an object meets the condition; `None` stands for an object that does not exist.
    fn is_met(&self, object: Option<&Value>) -> Result<bool, Failure> {
        let Some(object) = object else { return Ok(matches!(self, Wanted::Deleted | Wanted::Created)) };
        match self {
            Wanted::Deleted => Ok(false),
            // Who looks at an object found it.
            Wanted::Created => Ok(true),
            Wanted::Condition { kind, status } => Ok(has_condition(object, kind, status)),
            Wanted::Field { path, value } => {
                let found = path.results(object).map_err(Failure::Client)?.concat();
                match (found.as_slice(), value) {
                    ([], _) => Ok(false),
                    (_, None) => Ok(true),
                    ([Value::Map(_) | Value::List(_)], Some(_)) => {
                        Err(Failure::client("jsonpath leads to a nested object or list which is not supported"))
                    }
                    ([one], Some(value)) => Ok(golang::plain(one) == *value),
                    (_, Some(_)) => Err(Failure::client("given jsonpath expression matches more than one value")),
                }
            }
        }
    }
}

/// A text parted at each `=` that stands alone; two of them are part of it. Models splitJSONPathInput.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let taken = if rest.starts_with("==") { 2 } else { c.len_utf8() };
        let (piece, after) = rest.split_at(taken);
        match (piece, parts.last_mut()) {
            ("=", _) | (_, None) => parts.push(String::new()),
            (piece, Some(part)) => part.push_str(piece),
        }
        rest = after;
    }
    parts
}

fn has_condition(object: &Value, kind: &str, status: &str) -> bool {
    let generation = int(object, &["metadata", "generation"]);
    let conditions = object.list_at(&["status", "conditions"]).iter();
    let mut found = conditions.filter(|c| text(c, &["type"]).eq_ignore_ascii_case(kind));
    found.next().is_some_and(|c| {
        let observed = c.int_at(&["observedGeneration"]).or_else(|| object.int_at(&["status", "observedGeneration"]));
        observed.is_none_or(|o| o >= generation) && text(c, &["status"]).eq_ignore_ascii_case(status)
    })
}

/// Runs the command.
pub fn wait(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let timeout = match call.flags.text("timeout") {
        None => DEFAULT_TIMEOUT,
        Some(_) if call.flags.is_negative("timeout") => A_WEEK,
        Some(_) => call.flags.duration("timeout").unwrap_or_default(),
    };
    let wanted = wanted(call)?;
    let until = session.now() + timeout;
    if wanted.contains(&Wanted::Created) {
        return Creation { polls: Polls::new(BETWEEN_LOOKS, timeout, session), timeout, until }.go_on(call, session);
    }
    wait_until(call, session, timeout, until)
}

fn wanted(call: &Call) -> Result<Vec<Wanted>, Failure> {
    let wanted = call.flags.all("for").into_iter().map(Wanted::read).collect::<Result<Vec<_>, _>>()?;
    if wanted.is_empty() { Err(Failure::client("unrecognized condition: []")) } else { Ok(wanted) }
}

impl Creation {
    /// Looks again.
    pub fn go_on(mut self, call: &Call, session: &mut Session) -> Result<Step, Failure> {
        loop {
            match self.polls.take(session) {
                Poll::Now if all_are_there(call, session)? => return wait_until(call, session, self.timeout, self.until),
                Poll::Now => {}
                Poll::Later(at) => return Ok(Step::Wait(Work::Creation(self), Some(at))),
                Poll::Over => return Err(Failure::client("timed out waiting for the condition")),
            }
        }
    }
}

/// Whether all objects exist, and any. Upstream knows a missing one by its error, which it does not find among others; what
/// files lack comes among others even if it is alone.
fn all_are_there(call: &Call, session: &mut Session) -> Result<bool, Failure> {
    let (found, failures) = Failure::parted(targets::find(call, &call.args, session, Lookup::default())?);
    let is_alone = failures.len() == 1 && !manifests::are_given(call);
    if is_alone && failures[0].is_not_found() {
        return Ok(false);
    }
    Failure::from_all(failures).map(|()| !found.is_empty())
}

/// Looks up the objects to wait for.
fn wait_until(call: &Call, session: &mut Session, timeout: Span, until: Time) -> Result<Step, Failure> {
    let wanted = wanted(call)?;
    let deletes = wanted.contains(&Wanted::Deleted);
    let report = Report::of(call)?;
    let early = deletes && !call.flags.given("selector") && !call.flags.on("all");
    let (mut waiting, mut failures) = (Vec::new(), Vec::new());
    // Names are looked up one after the other, each once the one before meets the condition.
    let asked = Asked::read(&call.args, session.client).unwrap_or_default();
    let in_turn = asked.has_names() && !manifests::are_given(call);
    let names_only = early || in_turn;
    for target in targets::find(call, &call.args, session, Lookup { names_only, ..Lookup::default() })? {
        match target {
            Ok(t) => {
                let there = session.client.get(t.kind, &t.namespace, &t.name).ok();
                if there.is_none() && deletes && !in_turn {
                    continue;
                }
                let object = there.unwrap_or_default();
                waiting.push(Awaited { kind: t.kind, namespace: t.namespace, name: t.name, object, is_found: !in_turn });
            }
            Err(failure) if deletes && failure.is_not_found() => {}
            Err(failure) => failures.push(failure),
        }
    }
    Failure::client_if(waiting.is_empty() && failures.is_empty() && !deletes, "no matching resources found")?;
    if deletes && !in_turn && timeout < ANSWER_TAKES && timeout != Span::default() {
        // The time is over when they are listed.
        failures.extend(waiting.iter().map(|_| Failure::client("context deadline exceeded")));
        return done_or(failures);
    }
    waiting.reverse();
    Waiting { wanted, met: 0, objects: waiting, report, timeout, until, is_late: false, failures }.go_on(session)
}

impl Awaited {
    /// The timeout error.
    fn late(&self, timeout: Span) -> Failure {
        let whose = format!("{}/{}", self.kind.info().plural, self.name);
        Failure::client(if timeout == Span::default() {
            format!("condition not met for {whose}")
        } else {
            format!("timed out waiting for the condition on {whose}")
        })
    }
}

impl Waiting {
    /// Checks again.
    pub fn go_on(mut self, session: &mut Session) -> Result<Step, Failure> {
        while let Some(awaited) = self.objects.last_mut() {
            let wanted = &self.wanted[self.met];
            let mut object = match session.client.get(awaited.kind, &awaited.namespace, &awaited.name) {
                Err(status) if !awaited.is_found => {
                    let failure = Failure::from(status);
                    if !self.wanted.contains(&Wanted::Deleted) || !failure.is_not_found() {
                        self.failures.push(failure);
                    }
                    self.objects.pop();
                    continue;
                }
                looked_up => looked_up.ok(),
            };
            if !std::mem::replace(&mut awaited.is_found, true) {
                awaited.object = object.clone().unwrap_or_default();
            }
            if *wanted == Wanted::Deleted {
                object = object.filter(|o| view::uid(o) == view::uid(&awaited.object));
            }
            if let Some(seen) = &object {
                awaited.object = seen.clone();
            }
            // After a timeout, upstream cannot even look at the next one.
            let unseen = self.is_late && self.timeout != Span::default();
            let met = match wanted {
                Wanted::Condition { .. } | Wanted::Field { .. } if unseen => Ok(false),
                _ => wanted.is_met(object.as_ref()),
            };
            match met {
                Ok(true) => {
                    let name = format!("{}/{}", awaited.kind.qualified_singular(), awaited.name);
                    self.report.say(session, &name, "condition met", &awaited.object)?;
                    self.met += 1;
                    if self.met < self.wanted.len() {
                        continue;
                    }
                }
                Ok(false) if session.now() >= self.until => {
                    let late = awaited.late(self.timeout);
                    let asks_in_vain = *wanted == Wanted::Deleted && unseen;
                    self.failures.push(if asks_in_vain { Failure::client("context deadline exceeded") } else { late });
                    self.is_late = true;
                }
                Ok(false) => {
                    let until = self.until;
                    return Ok(Step::Wait(Work::Wait(Box::new(self)), Some(until)));
                }
                Err(failure) => self.failures.push(failure),
            }
            self.objects.pop();
            self.met = 0;
        }
        done_or(self.failures)
    }
}
