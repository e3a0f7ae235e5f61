//! Reports as text for people and as JSON for programs.

use super::verdict::{Report, Verdict};
use super::world::World;
use api::kind::Kind;
use api::object::ObjectKey;
use base::value::Value;
use why::explain::Link;

/// An object as kubectl's short names have it: `pod/web-0`.
pub fn short(key: &ObjectKey) -> String {
    format!("{}/{}", kind(key.kind), key.name)
}

/// A kind as lines name it.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::StatefulSet => "sts",
        Kind::PersistentVolumeClaim => "pvc",
        Kind::PersistentVolume => "pv",
        Kind::StorageClass => "sc",
        Kind::Service => "svc",
        Kind::Namespace => "ns",
        other => other.info().singular,
    }
}

/// What a link of a chain says.
pub fn link(_world: &World, link: &Link) -> String {
    link.entry.as_ref().map_or_else(|| "nobody has decided about it".to_owned(), |entry| format!("{:?}", entry.decision.because))
}

/// One sentence about a verdict.
pub fn sentence(_world: &World, verdict: &Verdict) -> String {
    format!("{} waits: {} ({}) at {}", short(&verdict.workload), verdict.cause, verdict.detail, short(&verdict.object))
}

/// A report as a program reads it.
pub fn json(report: &Report) -> Value {
    let lines = |tried: &super::cures::Tried| Value::list(tried.lines.iter().map(String::as_str));
    let verdict = |verdict: &Verdict| {
        Value::of([
            ("cause", Value::from(verdict.cause)),
            ("detail", verdict.detail.into()),
            ("object", short(&verdict.object).into()),
            ("workload", short(&verdict.workload).into()),
            ("namespace", Value::from(&verdict.workload.namespace)),
            ("sure", verdict.sure.word().into()),
            ("sentence", verdict.sentence.clone().into()),
            ("cures", Value::list(verdict.cures.iter().map(lines))),
            ("notCures", Value::list(verdict.not_cures.iter().map(lines))),
            ("missing", Value::list(verdict.missing.iter().map(String::as_str))),
        ])
    };
    let assumed = |one: &super::world::Assumed| Value::of([("what", one.what.as_str()), ("because", one.because.as_str())]);
    Value::of([
        ("verdicts", Value::list(report.verdicts.iter().map(verdict))),
        ("assumed", Value::list(report.assumed.iter().map(assumed))),
    ])
}

/// A report as people read it.
pub fn text(report: &Report) -> String {
    let mut out = String::new();
    for verdict in &report.verdicts {
        out += &verdict.sentence;
        out.push('\n');
        for (about, said) in &verdict.chain {
            out += &format!("    {about}: {said}\n");
        }
        for tried in &verdict.cures {
            out += &format!("  + {}\n", tried.lines.join(" ; "));
        }
        for tried in &verdict.not_cures {
            out += &format!("  - {}\n", tried.lines.join(" ; "));
        }
    }
    for one in &report.assumed {
        out += &format!("assumed: {}, because {}\n", one.what, one.because);
    }
    for one in &report.unread {
        out += &format!("not read: {one}\n");
    }
    out
}
