//! `describe`.
//!
//! Models k8s.io/kubectl/pkg/cmd/describe/describe.go. A single object is described with its events; with several, or after a failure,
//! events are shown only on request.

use crate::described::{describe as describe_object, is_described};
use crate::manifests;
use crate::targets::{self, Lookup};
use crate::work::{Step, done_or};
use api::status::{Status, StatusReason};
use api::view;
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::resources::Asked;
use kubectl::select::Filter;
use kubectl::session::Session;
use kubectl::target::Target;

/// Runs the command.
pub fn describe(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    if call.args.is_empty() && !manifests::are_given(call) {
        return Err(Failure::client(
            "You must specify the type of resource to describe. Use \"kubectl api-resources\" for a complete list of supported resources.",
        ));
    }
    let from_files = manifests::are_given(call);
    let found = targets::find(call, &call.args, session, Lookup { type_means_all: true, names_only: from_files, ..Lookup::default() })?;
    let (mut found, mut failures) = Failure::parted(found);
    let is_all_read = from_files && failures.is_empty();
    if from_files {
        let (there, missing) = Failure::parted(found.into_iter().map(|target| look_up(target, session)).collect());
        found = there;
        if !missing.is_empty() {
            failures = Failure::aggregate(failures).into_iter().chain(missing).collect();
        }
    }
    let show_events = !call.flags.off("show-events") && (call.flags.given("show-events") || (failures.is_empty() && found.len() <= 1));
    if let ([failure], [_, _]) = (failures.as_slice(), call.args.as_slice()) {
        let matching = by_prefix(call, session, failure);
        for target in &matching {
            let text = described(session, target, show_events)?;
            session.output.line(text);
        }
        return if matching.is_empty() { done_or(failures) } else { Ok(Step::Done) };
    }
    for (index, target) in found.iter().enumerate() {
        let text = described(session, target, show_events)?;
        session.output.out(if index > 0 { format!("\n\n{text}") } else { text });
    }
    if found.is_empty() && failures.is_empty() {
        match session.scope(call) {
            Some(namespace) => session.output.err(format!("No resources found in {namespace} namespace.")),
            None => session.output.err("No resources found"),
        }
    }
    // What could not be read is gathered by itself.
    if is_all_read { Failure::from_all(failures) } else { Failure::gathered(failures) }.map(|()| Step::Done)
}

/// What a file names. Its kind's own client reads it, which is told of a missing object only, whether its namespace is there or not.
fn look_up(mut target: Target, session: &mut Session) -> Result<Target, Failure> {
    let (kind, namespace, name) = (target.kind, &target.namespace, &target.name);
    target.object = session
        .get(kind, namespace, name)
        .map_err(|failure| if failure.is_not_found() { Status::not_found(&kind.resource(), name).into() } else { failure })?;
    Ok(target)
}

fn described(session: &mut Session, target: &Target, show_events: bool) -> Result<String, Failure> {
    if !is_described(target.kind) {
        return Err(Failure::not_simulated(format!("`kubectl describe` of kind {}", target.kind)));
    }
    Ok(session.described(|view| describe_object(target.kind, &target.object, view, show_events)))
}

/// If no object has this name, the objects whose names begin with it.
fn by_prefix(call: &Call, session: &mut Session, failure: &Failure) -> Vec<Target> {
    let Failure::Server(Status { reason: StatusReason::NotFound, about, .. }) = failure else { return Vec::new() };
    let Ok(asked) = Asked::read(&call.args, session.client) else { return Vec::new() };
    let Some((kind, prefix)) = asked.named().into_iter().find(|(k, n)| k.resource() == *about.0 && **n == *about.1) else {
        return Vec::new();
    };
    let namespace = session.namespace(call);
    let objects = session.list(kind, Some(&namespace), &Filter::default()).unwrap_or_default();
    let matching = objects.into_iter().filter(|o| view::name(o).starts_with(&prefix));
    matching.map(|object| Target::of_object(kind, object)).collect()
}
