//! `rollout history` and `rollout undo`.
//!
//! Models k8s.io/kubectl/pkg/polymorphichelpers history.go and rollback.go.

use std::fmt::Write;

use crate::manifests;
use crate::print::format::Format;
use crate::record::CHANGE_CAUSE;
use crate::targets::{self, Lookup};
use crate::work::{Step, done_or};
use crate::write::{DryRun, Report};
use api::change::Change;
use api::client::{Patch, PatchType};
use api::kind::Kind;
use api::view::{LAST_APPLIED, NONE, View, controller_of, int, map_at, scalar, text, truth, uid};
use api::well_known::{DEPLOYMENT_REVISION, DEPLOYMENT_REVISION_HISTORY, DESIRED_REPLICAS, MAX_REPLICAS, POD_TEMPLATE_HASH};
use base::given::SetGiven;
use base::label::LabelSelector;
use base::sort::Sort;
use base::value::{Map, Value, members};
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::select::Filter;
use kubectl::session::Session;
use kubectl::target::Target;
use rows::describe::layout::{Page, align};
use rows::describe::pod_template;

/// Annotations that a Deployment keeps through a rollback.
const KEPT: [&str; 6] =
    [LAST_APPLIED, DEPLOYMENT_REVISION, DEPLOYMENT_REVISION_HISTORY, DESIRED_REPLICAS, MAX_REPLICAS, "deprecated.deployment.rollback.to"];

/// One revision of a workload.
struct Revision {
    number: i64,
    change_cause: String,
    template: Value,
    /// The ControllerRevision or ReplicaSet.
    object: Value,
}

/// Extracts the number and the template from the object that holds a revision.
type Reader = fn(&Value) -> (i64, Value);

/// The revisions of a workload that its selector still finds, by number.
fn revisions(session: &mut Session, target: &Target) -> Result<Vec<Revision>, Failure> {
    let (kind, read): (Kind, Reader) = match target.kind {
        Kind::StatefulSet | Kind::DaemonSet => (Kind::ControllerRevision, |revision| {
            let mut template = revision.at(&["data", "spec", "template"]).cloned().unwrap_or_default();
            template.remove(&["$patch"]);
            (int(revision, &["revision"]), template)
        }),
        Kind::Deployment => (Kind::ReplicaSet, |set| {
            let number = text(set, &["metadata", "annotations", DEPLOYMENT_REVISION]).parse().unwrap_or(0);
            (number, set.at(&["spec", "template"]).cloned().unwrap_or_default())
        }),
        other => {
            return Err(Failure::client(missing_helper(other, "history", "history viewer")));
        }
    };
    let selector = target.object.at(&["spec", "selector"]).and_then(LabelSelector::of_value).unwrap_or_default();
    let mut objects = session.list(kind, Some(&target.namespace), &Filter::by_labels(&selector.to_string()))?;
    objects.retain(|o| controller_of(o).is_some_and(|c| text(c, &["uid"]) == uid(&target.object)));
    let mut all: Vec<Revision> = objects
        .into_iter()
        .map(|object| {
            let (number, template) = read(&object);
            let cause = |of| text(of, &["metadata", "annotations", CHANGE_CAUSE]);
            let said = Some(cause(&object)).filter(|said| target.kind != Kind::Deployment || !said.is_empty());
            let change_cause = said.unwrap_or_else(|| cause(&template)).to_owned();
            Revision { number, change_cause, template, object }
        })
        .collect();
    all.sort_small_by_key(|r| r.number);
    Ok(all)
}

/// What is said where a kind has no history or cannot be rolled back. Models apps.GroupKindElement Accept.
fn missing_helper(kind: Kind, what: &str, helper: &str) -> String {
    let (word, info) = (kind.group_kind(), kind.info());
    match kind {
        Kind::ReplicaSet | Kind::Job | Kind::Pod | Kind::ReplicationController | Kind::CronJob => {
            format!("no {helper} has been implemented for {word:?}")
        }
        _ => format!("error retrieving {what} for {word:?}, no visitor method exists for {{{} {}}}", info.group, info.name),
    }
}

/// Runs `rollout history`.
pub fn history(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    Failure::client_if(call.args.is_empty() && !manifests::are_given(call), "required resource not specified")?;
    let wanted = call.flags.int("revision").unwrap_or(0);
    Failure::client_if(wanted < 0, format!("revision must be a positive integer: {wanted}"))?;
    let format = Format::of(call, false)?;
    let mut failures = Vec::new();
    for target in targets::find(call, &call.args, session, Lookup { type_means_all: true, ..Lookup::default() })? {
        let outcome = target.and_then(|target| {
            let mut all = revisions(session, &target)?;
            // Numbers are unique, as keys of a map: an adopted revision may have the number of another.
            all.reverse();
            all.dedup_by_key(|revision| revision.number);
            all.reverse();
            if let Some(format) = &format {
                return print_revisions(session, &target, &all, wanted, format);
            }
            let (title, text) = if wanted > 0 && all.is_empty() {
                (format!("with revision #{wanted}"), overview(&all))
            } else if wanted > 0 {
                let revision = one_revision(&all, wanted)?;
                let mut template = revision.template.clone();
                if target.kind == Kind::Deployment && !revision.change_cause.is_empty() {
                    template.set(&["metadata", "annotations", CHANGE_CAUSE], &*revision.change_cause);
                }
                (format!("with revision #{wanted}"), session.described(|view| template_text(&template, view)))
            } else {
                (String::new(), overview(&all))
            };
            session.output.line(format!("{} {title}\n{text}", target.resource_name()));
            Ok(())
        });
        failures.extend(outcome.err());
    }
    done_or(failures)
}

/// Prints the workload at each revision, or a Deployment's ReplicaSets. Models historyViewer GetHistory.
fn print_revisions(session: &mut Session, target: &Target, all: &[Revision], wanted: i64, format: &Format) -> Result<(), Failure> {
    let chosen: Vec<&Revision> = if wanted > 0 { vec![one_revision(all, wanted)?] } else { all.iter().collect() };
    for (index, revision) in chosen.into_iter().enumerate() {
        let mut object = if target.kind == Kind::Deployment { revision.object.clone() } else { target.object.clone() };
        object.set(&["spec", "template"], revision.template.clone());
        forget_types(&mut object);
        if index > 0 && *format == Format::Yaml {
            session.output.line("---");
        }
        format.print(&[object], true, session.output)?;
    }
    Ok(())
}

/// History is read by typed clients, and protobuf has no `kind` for the claim templates within a set.
fn forget_types(set: &mut Value) {
    let mut templates = set.list_at(&["spec", "volumeClaimTemplates"]).to_vec();
    for template in &mut templates {
        template.remove(&["apiVersion"]);
        template.remove(&["kind"]);
    }
    set.set_filled(&["spec", "volumeClaimTemplates"], templates);
}

fn overview(all: &[Revision]) -> String {
    if all.is_empty() {
        return "No rollout history found.".to_owned();
    }
    let mut text = "REVISION\tCHANGE-CAUSE\n".to_owned();
    for revision in all {
        let cause = if revision.change_cause.is_empty() { NONE } else { &revision.change_cause };
        let _ = writeln!(text, "{}\t{cause}", revision.number);
    }
    align(&text)
}

fn one_revision(all: &[Revision], wanted: i64) -> Result<&Revision, Failure> {
    let revision = all.iter().find(|r| r.number == wanted);
    revision.ok_or_else(|| Failure::client("unable to find the specified revision"))
}

fn template_text(template: &Value, view: &View) -> String {
    let mut page = Page::new();
    pod_template(&mut page, Some(template), view);
    page.raw()
}

/// Runs `rollout undo`.
pub fn undo(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    Failure::client_if(call.args.is_empty() && !manifests::are_given(call), "required resource not specified")?;
    let report = Report::of(call)?;
    let to = call.flags.int("to-revision").unwrap_or(0);
    let mut failures = Vec::new();
    for target in targets::find(call, &call.args, session, Lookup { type_means_all: true, ..Lookup::default() })? {
        let outcome = target.and_then(|target| {
            let done = undo_one(session, &target, to, &report)?;
            report.say(session, &target.resource_name(), &done, &target.object)
        });
        failures.extend(outcome.err());
    }
    done_or(failures)
}

fn warn_of_apply(session: &mut Session, target: &Target) {
    let applied = map_at(&target.object, &["metadata", "annotations"]).is_some_and(|m| m.contains(LAST_APPLIED));
    if applied && session.has(Change::UndoWarning) {
        session.output.warn(&format!(
            "resource {}/{} was previously managed with 'kubectl apply'. Rolling back will not update the {LAST_APPLIED} annotation, \
             which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your \
             previous configuration file instead.",
            target.kind.info().plural,
            target.name
        ));
    }
}

/// Rolls one workload back; returns what was done.
fn undo_one(session: &mut Session, target: &Target, to: i64, report: &Report) -> Result<String, Failure> {
    warn_of_apply(session, target);
    if !matches!(target.kind, Kind::StatefulSet | Kind::DaemonSet | Kind::Deployment) {
        return Err(Failure::client(missing_helper(target.kind, "rollbacker", "rollbacker")));
    }
    let all = revisions(session, target)?;
    let revision = choose(target, &all, to)?;
    if report.dry_run == DryRun::Client {
        let view = View { client: session.client, now: session.now(), release: session.client.release() };
        let text = template_text(&revision.template, &view);
        return Ok(if target.kind == Kind::Deployment { text } else { format!("will roll back to {text}") });
    }
    if truth(&target.object, &["spec", "paused"]) {
        return Err(Failure::client(
            "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again",
        ));
    }
    let mut template = revision.template.clone();
    if target.kind == Kind::Deployment {
        template.remove(&["metadata", "labels", POD_TEMPLATE_HASH]);
    }
    if target.object.at(&["spec", "template"]) == Some(&template) {
        return Ok(format!("skipped rollback (current template already matches revision {to})"));
    }
    let (how, patch) = patch_back(target, revision, template);
    let patched = session.patch(target, Patch { how, body: &patch }, &report.options);
    patched.map_err(|status| Failure::client(format!("failed restoring revision {to}: {}", status.message)))?;
    Ok("rolled back".to_owned())
}

/// The revision to roll back to: the given one, or the last but one.
fn choose<'a>(target: &Target, all: &'a [Revision], to: i64) -> Result<&'a Revision, Failure> {
    if to != 0 {
        let missing = || Failure::client(format!("unable to find specified revision {to} in history"));
        return all.iter().find(|r| r.number == to).ok_or_else(missing);
    }
    let before_last = all.len().checked_sub(2).and_then(|i| all.get(i));
    before_last.ok_or_else(|| {
        Failure::client(if target.kind == Kind::Deployment {
            format!("no rollout history found for deployment {:?}", target.name)
        } else {
            "no last revision to roll back to".to_owned()
        })
    })
}

/// The patch that rolls a workload back.
fn patch_back(target: &Target, revision: &Revision, template: Value) -> (PatchType, Value) {
    if target.kind != Kind::Deployment {
        return (PatchType::Strategic, revision.object.get("data").cloned().unwrap_or_default());
    }
    let mut annotations = Map::new();
    for (key, value) in members(map_at(&target.object, &["metadata", "annotations"])) {
        if KEPT.contains(&key.as_ref()) {
            annotations.insert(key.as_ref(), scalar(value));
        }
    }
    for (key, value) in members(map_at(&revision.object, &["metadata", "annotations"])) {
        if !KEPT.contains(&key.as_ref()) {
            annotations.insert(key.as_ref(), scalar(value));
        }
    }
    let replace = |path: &str, value: Value| {
        let mut step = Value::of([("op", "replace"), ("path", path)]);
        step.set(&["value"], value);
        step
    };
    let steps = [replace("/spec/template", template), replace("/metadata/annotations", Value::from(annotations))];
    (PatchType::Json, Value::list(steps))
}
