//! `cordon` and `uncordon`: whether a node accepts new pods.
//!
//! Models k8s.io/kubectl/pkg/cmd/drain/drain.go RunCordonOrUncordon.

use crate::work::Step;
use crate::write::DryRun;
use api::client::{Patch, Subresource};
use api::kind::Kind;
use api::view::{self, truth};
use base::value::Value;
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::resources::kind_called;
use kubectl::select::Filter;
use kubectl::session::Session;

/// Runs `cordon`.
pub fn cordon(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let nodes = nodes(call, session)?;
    mark_all(call, session, &nodes, true).map(|()| Step::Done)
}

/// Runs `uncordon`.
pub fn uncordon(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let nodes = nodes(call, session)?;
    mark_all(call, session, &nodes, false).map(|()| Step::Done)
}

/// Whether nodes are given, in one way.
pub fn check_words(call: &Call) -> Result<(), Failure> {
    match (call.args.is_empty(), Filter::of(call).is_empty()) {
        (true, true) => Err(call.usage(format!("USAGE: {} NODE [flags]", call.command.name))),
        (false, false) => Err(call.usage("cannot specify both a node name and a --selector option")),
        _ => Ok(()),
    }
}

/// The nodes that the arguments name. Without one of them, nothing is done to the others.
pub fn nodes(call: &Call, session: &mut Session) -> Result<Vec<Value>, Failure> {
    check_words(call)?;
    if call.args.is_empty() {
        return session.list(Kind::Node, None, &Filter::of(call));
    }
    let mut names = Vec::new();
    for word in &call.args {
        let Some((kind, name)) = word.split_once('/') else {
            names.push(word.as_str());
            continue;
        };
        let kind = kind_called(kind, session.client)?;
        if kind != Kind::Node {
            let info = kind.info();
            let resource = format!("{}/{}, Resource={}", info.group, info.version, info.plural);
            return Err(Failure::client(format!("expected resource of type node, got {resource:?}")));
        }
        names.push(name);
    }
    names.into_iter().map(|name| session.get(Kind::Node, "", name)).collect()
}

/// Cordons or uncordons nodes and tells of each. A refusal is told, and nothing else comes of it.
pub fn mark_all(call: &Call, session: &mut Session, nodes: &[Value], unschedulable: bool) -> Result<(), Failure> {
    let dry_run = DryRun::of(call)?;
    let verb = if unschedulable { "cordon" } else { "uncordon" };
    let mut patch = Value::map();
    patch.set(&["spec", "unschedulable"], if unschedulable { Value::Bool(true) } else { Value::Null });
    for node in nodes {
        let name = view::name(node);
        let already = if truth(node, &["spec", "unschedulable"]) == unschedulable { "already " } else { "" };
        let mut refusal = None;
        if already.is_empty() && dry_run != DryRun::Client {
            let (patch, options) = (Patch::strategic(&patch), dry_run.options(call));
            refusal = session.client.patch(Kind::Node, "", name, patch, Subresource::None, &options).err();
        }
        match refusal {
            None => session.output.line(format!("node/{name} {already}{verb}ed{}", dry_run.suffix())),
            Some(status) => session.output.err(format!("error: unable to {verb} node {name:?}: {}", status.message)),
        }
    }
    Ok(())
}
