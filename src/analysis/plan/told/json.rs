//! A plan as a program reads it.

use super::{assumed, both, cures, end, lines, of_set, plain, printed, row, wait, why};
use crate::Plan;
use crate::by::Applied;
use crate::course::{Course, Lost, Refused, SetCourse, Why};
use crate::lack::Lack;
use crate::matter::is_amiss;
use crate::refusal::Fixed;
use crate::watch::{Absence, Incarnation, Replaced, Storage, total};
use api::object::ObjectKey;
use base::time::{Span, Time};
use base::value::Value;
use done::{Judge, Said};
use intake::told::short;
use intake::verdict::Verdict;
use text::Prose;
use text::plan::Says;

fn texts<T: AsRef<str>>(all: impl IntoIterator<Item = T>) -> Value {
    Value::list(all.into_iter().map(|text| Value::from(text.as_ref())))
}

fn count(of: impl TryInto<i64>) -> Value {
    of.try_into().unwrap_or(i64::MAX).into()
}

fn milliseconds(span: Span) -> Value {
    count(span.0)
}

/// A plan as a program reads it. `file` is the name of the manifest that is applied.
pub fn json(plan: &Plan, file: &str) -> Value {
    let outcome = &plan.given.outcome;
    Value::of([
        ("findings", texts(plan.findings().into_iter().map(crate::Finding::word))),
        ("end", outcome.end.word().into()),
        ("says", plain(&end(outcome)).into()),
        ("notes", Value::list(outcome.notes.iter().map(note))),
        ("tool", outcome.applied.as_ref().map_or(Value::Null, |applied| tool(applied, file))),
        ("refused", Value::list(outcome.refused.iter().map(refused))),
        ("fixed", Value::list(plan.fixed.iter().map(fixed))),
        ("rounds", Value::list(plan.rounds.iter().map(|one| course(one, file)))),
        ("sets", Value::list(outcome.sets.iter().map(set))),
        ("dataLost", Value::list(outcome.lost.iter().map(lost))),
        (
            "stay",
            Value::list(
                outcome.stay.iter().map(|(key, told)| Value::of([("object", Value::from(short(key))), ("why", both(told).plain().into())])),
            ),
        ),
        ("blocked", outcome.blocked.as_deref().map_or(Value::Null, Value::from)),
        ("waits", Value::list(plan.waits.iter().map(|one| waits(plan, one)))),
        ("ways", Value::list(plan.ways.iter().map(|one| course(one, file)))),
        ("assumed", texts(assumed(plan))),
        ("leftOut", texts(plan.left_out.iter().map(|fault| &fault.words))),
        ("added", texts(plan.added.iter().map(Lack::told))),
        ("bare", plan.bare.as_ref().map_or(Value::Null, |plan| bare(plan))),
    ])
}

/// The answer as the files stand.
fn bare(plan: &Plan) -> Value {
    let outcome = &plan.given.outcome;
    Value::of([
        ("end", Value::from(outcome.end.word())),
        ("refused", Value::list(outcome.refused.iter().map(refused))),
        ("sets", Value::list(outcome.sets.iter().map(set))),
        ("waits", Value::list(plan.waits.iter().map(|one| waits(plan, one)))),
    ])
}

fn tool(applied: &Applied, file: &str) -> Value {
    let calls = |(key, judge, said): &(ObjectKey, Judge, Said)| done::json(&key.namespace, &key.name, &[(*judge, said.clone())]);
    let managers =
        |(key, managers): &(ObjectKey, Vec<String>)| Value::of([("object", Value::from(short(key))), ("managers", texts(managers))]);
    Value::of([
        ("name", Value::from(applied.asked.tool.word())),
        ("version", applied.asked.tool.version().into()),
        ("line", applied.asked.line(file).into()),
        ("failed", applied.failed.into()),
        ("said", texts(&applied.said)),
        ("tookMs", milliseconds(applied.took)),
        ("done", texts(applied.done.iter().map(short))),
        ("not", texts(applied.not.iter().map(short))),
        ("managers", Value::list(applied.managers.iter().map(managers))),
        ("calls", Value::list(applied.calls.iter().map(calls))),
    ])
}

fn note(one: &Says) -> Value {
    let says: Vec<String> = [plain(one)].into_iter().chain(printed(one).map(str::to_owned)).collect();
    Value::of([("kind", Value::from(one.variant())), ("amiss", is_amiss(one).into()), ("says", says.join("\n").into())])
}

fn refused(one: &Refused) -> Value {
    Value::of([
        ("line", Value::from(&*one.line)),
        ("said", (&*one.said).into()),
        ("byServer", one.by_server().into()),
        ("at", one.at.map_or(Value::Null, count)),
    ])
}

fn fixed(one: &Fixed) -> Value {
    Value::of([("object", Value::from(short(&one.set))), ("fields", texts(&one.fields))])
}

fn lost(one: &Lost) -> Value {
    Value::of([("volume", Value::from(&one.volume)), ("bytes", count(one.bytes))])
}

/// A pod that went or came, with times after the change.
fn replaced(from: Time, set: &SetCourse, row: &Replaced, reason: Option<&Why>) -> Value {
    let since = |at: Option<Time>| at.map_or(Value::Null, |at| milliseconds(at.since(from)));
    let node = |side: &Option<Incarnation>| side.as_ref().and_then(|side| side.node.as_ref()).map_or(Value::Null, Value::from);
    let reason = reason.map(|reason| Prose::read(&why(&set.watched.set, &row.pod, reason)).plain());
    Value::of([
        ("pod", Value::from(&row.pod)),
        ("deletedAfterMs", since(row.deleted_at)),
        ("createdAfterMs", since(row.created_at)),
        ("readyAfterMs", since(row.ready_at)),
        ("fromNode", node(&row.before)),
        ("toNode", node(&row.after)),
        ("why", reason.map_or(Value::Null, Value::from)),
    ])
}

fn set(set: &SetCourse) -> Value {
    let watched = &set.watched;
    let rows = watched.replaced.iter().zip(&set.why).map(|(row, reason)| replaced(watched.from, set, row, reason.as_ref()));
    let away =
        |row: &Absence| Value::of([("ordinal", Value::from(row.ordinal)), ("notReadyMs", milliseconds(total(&row.stretches, watched.to)))]);
    let stored = |one: &Storage| {
        let fate = format!("{:?}", one.fate).to_lowercase();
        Value::of([("object", Value::from(short(&one.key))), ("fate", fate.into())])
    };
    Value::of([
        ("namespace", Value::from(&watched.set.namespace)),
        ("name", Value::from(&watched.set.name)),
        ("pods", Value::list(rows)),
        ("away", Value::list(watched.unready.iter().map(away))),
        ("lowestReady", watched.lowest.0.into()),
        ("wanted", set.wanted.into()),
        ("readyAtEnd", watched.ready_after.into()),
        ("noneReadyMs", milliseconds(total(&watched.dark, watched.to))),
        ("noMajorityMs", milliseconds(total(&watched.below_quorum, watched.to))),
        ("lostQuorum", watched.lost_quorum().into()),
        ("storage", Value::list(watched.storage.iter().map(stored))),
        ("says", texts(of_set(set).iter().map(plain))),
    ])
}

fn course(course: &Course, file: &str) -> Value {
    let summary = course.outcome.summary();
    Value::of([
        ("way", Value::from(course.way.variant())),
        ("lines", texts(lines(course, file))),
        ("end", course.outcome.end.word().into()),
        ("refused", Value::list(course.outcome.refused.iter().map(refused))),
        ("replaced", count(summary.replaced)),
        ("lowestReady", summary.lowest.into()),
        ("longestNotReadyMs", summary.unready.map_or(Value::Null, milliseconds)),
        ("noMajorityMs", milliseconds(summary.below_quorum)),
        ("tookMs", milliseconds(summary.took)),
        ("notes", Value::list(course.outcome.notes.iter().map(note))),
        ("says", plain(&row(course)).into()),
    ])
}

fn waits(plan: &Plan, verdict: &Verdict) -> Value {
    let mut told = wait(plan, verdict).into_iter().map(|told| told.plain());
    Value::of([
        ("cause", Value::from(verdict.family().word())),
        ("detail", verdict.cause.word().into()),
        ("object", short(&verdict.object).into()),
        ("workload", short(&verdict.workload).into()),
        ("title", told.next().unwrap_or_default().into()),
        ("sentence", told.collect::<Vec<_>>().join(" ").into()),
        ("cures", Value::list(cures(plan, verdict).iter().map(|cure| texts(&cure.lines)))),
    ])
}
