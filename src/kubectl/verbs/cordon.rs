//! `cordon` and `uncordon`: whether a node accepts new pods.
//!
//! Models k8s.io/kubectl/pkg/cmd/drain/drain.go RunCordonOrUncordon.

use crate::api::client::{PatchType, Subresource};
use crate::api::kind::Kind;
use crate::base::value::Value;
use crate::kubectl::commands::Call;
use crate::kubectl::failure::Failure;
use crate::kubectl::job::{Step, done_or};
use crate::kubectl::resources::kind_called;
use crate::kubectl::select::Filter;
use crate::kubectl::session::Session;
use crate::kubectl::verbs::write::DryRun;
use crate::kubectl::view::{self, truth};

/// Runs `cordon`.
pub fn cordon(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let nodes = nodes(call, session)?;
    done_or(mark_all(call, session, nodes, true)?.1)
}

/// Runs `uncordon`.
pub fn uncordon(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let nodes = nodes(call, session)?;
    done_or(mark_all(call, session, nodes, false)?.1)
}

/// The nodes that the arguments name.
pub fn nodes(call: &Call, session: &mut Session) -> Result<Vec<Result<Value, Failure>>, Failure> {
    let filter = Filter::of(call);
    match (call.args.is_empty(), filter.is_empty()) {
        (true, true) => Err(call.usage(format!("USAGE: {} NODE [flags]", call.command.name))),
        (false, false) => Err(call.usage("cannot specify both a node name and a --selector option")),
        (true, false) => Ok(session.list(Kind::Node, None, &filter)?.into_iter().map(Ok).collect()),
        (false, true) => {
            let mut names = Vec::new();
            for word in &call.args {
                let Some((kind, name)) = word.split_once('/') else {
                    names.push(word.as_str());
                    continue;
                };
                let kind = kind_called(kind)?;
                if kind != Kind::Node {
                    let info = kind.info();
                    let resource = format!("{}/{}, Resource={}", info.group, info.version, info.plural);
                    return Err(Failure::client(format!("expected resource of type node, got {resource:?}")));
                }
                names.push(name);
            }
            Ok(names.into_iter().map(|name| session.get(Kind::Node, "", name)).collect())
        }
    }
}

/// Cordons or uncordons nodes and reports it; returns the nodes that were found, and the failures.
pub fn mark_all(
    call: &Call,
    session: &mut Session,
    nodes: Vec<Result<Value, Failure>>,
    unschedulable: bool,
) -> Result<(Vec<Value>, Vec<Failure>), Failure> {
    let dry_run = DryRun::of(call)?;
    let (mut marked, mut failures) = (Vec::new(), Vec::new());
    for node in nodes {
        match node.and_then(|node| mark(session, &node, unschedulable, dry_run).map(|()| node)) {
            Ok(node) => marked.push(node),
            Err(failure) => failures.push(failure),
        }
    }
    Ok((marked, failures))
}

fn mark(session: &mut Session, node: &Value, unschedulable: bool, dry_run: DryRun) -> Result<(), Failure> {
    let name = view::name(node);
    let word = if unschedulable { "cordoned" } else { "uncordoned" };
    if truth(node, &["spec", "unschedulable"]) == unschedulable {
        session.output.line(format!("node/{name} already {word}{}", dry_run.suffix()));
        return Ok(());
    }
    if dry_run != DryRun::Client {
        let mut patch = Value::map();
        patch.set(&["spec", "unschedulable"], if unschedulable { Value::Bool(true) } else { Value::Null });
        let dry = dry_run == DryRun::Server;
        session.client.patch(Kind::Node, "", name, PatchType::Strategic, &patch, Subresource::None, dry)?;
    }
    session.output.line(format!("node/{name} {word}{}", dry_run.suffix()));
    Ok(())
}
