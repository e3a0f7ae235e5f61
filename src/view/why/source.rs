//! The source of a rule: the deciding field or component with its line in the manifest, and the documentation page about it.

use super::pane::Why;
use crate::Snapshot;
use crate::manifest::line_of;
use api::kind::Kind;
use api::object::ObjectKey;
use base::field_path::FieldPath;
use base::value::Value;
use causes::origins::origins;
use why::page::{DAEMON_SET, DEPLOYMENT, GUARANTEES, JOB, Page};
use why::{Component, Decider, Plugin, ProbeKind, Reason};
use yaml::Document;

/// The fields that decide where a claim's volume comes from.
const VOLUME: &[&str] =
    &["spec.volumeClaimTemplates[0].spec.storageClassName", "spec.volumeClaimTemplates", "spec.storageClassName", "spec"];

/// The deciding fields of a manifest, if they are other than the one in its row: the first that is present counts.
/// Pod fields are given with their path in a template; `containers[0]` stands for the container that the reason names.
fn fields(reason: &Reason) -> &'static [&'static str] {
    match reason {
        Reason::ProbeFails { probe: ProbeKind::Startup, .. } | Reason::FailedProbe { probe: ProbeKind::Startup, .. } => {
            &["spec.template.spec.containers[0].startupProbe"]
        }
        Reason::NotReadyYet | Reason::PodIsReady | Reason::ProbeFails { .. } | Reason::SupposedReady { .. } => {
            &["spec.template.spec.containers[0].readinessProbe", "spec.template.spec.containers[0].image"]
        }
        Reason::ProcessesEnded => &["spec.template.spec.restartPolicy"],
        Reason::OutOfMemory { .. } => &["spec.template.spec.containers[0].resources.limits.memory"],
        Reason::HookRuns { .. } | Reason::HookFailed { .. } => &["spec.template.spec.containers[0].lifecycle.postStart"],
        Reason::FailedProbe { .. } => &["spec.template.spec.containers[0].livenessProbe"],
        Reason::CrashLoop { .. } | Reason::CannotStart { .. } => {
            &["spec.template.spec.containers[0].command", "spec.template.spec.containers[0].args", "spec.template.spec.containers[0].image"]
        }
        Reason::StartingContainers => &["spec.template.spec.containers[0].image"],
        Reason::StoppingContainers => &["spec.template.spec.terminationGracePeriodSeconds", "spec.template"],
        Reason::Unschedulable { by, .. } if by.contains(&Plugin::VolumeBinding) => VOLUME,
        Reason::Unschedulable { by, .. } if by.contains(&Plugin::NodeAffinity) => {
            &["spec.template.spec.nodeSelector", "spec.template.spec.affinity"]
        }
        Reason::Unschedulable { by, .. } if by.contains(&Plugin::InterPodAffinity) => &["spec.template.spec.affinity"],
        Reason::Unschedulable { by, .. } if by.contains(&Plugin::NodeResourcesFit) => &["spec.template.spec.containers[0].resources"],
        Reason::Unschedulable { .. }
        | Reason::NodeIsSilent { .. }
        | Reason::EvictedByTaint { .. }
        | Reason::ToleratesTaint { .. }
        | Reason::ToleratesTaintFor { .. } => &["spec.template.spec.tolerations", "spec.template"],
        Reason::WaitsForVolumes { .. }
        | Reason::WaitsForFirstConsumer
        | Reason::NoStorageClass
        | Reason::StorageClassNotFound { .. }
        | Reason::WaitsForProvisioner { .. }
        | Reason::NoVolumeFits
        | Reason::ClaimBound { .. }
        | Reason::WaitsForClaim(..)
        | Reason::VolumeGoes { .. }
        | Reason::VolumeTaken { .. }
        | Reason::VolumeLost { .. } => VOLUME,
        _ => &[],
    }
}

/// What decides, and the page about the rule, where that depends on the kind of the workload.
fn of_kind(because: &Reason, kind: Kind) -> (Decider, Option<Page>) {
    let rule = because.rule();
    match because {
        Reason::UpToDate => (rule.decider, page_of(kind).or(rule.page)),
        Reason::BacksOff { .. } if kind != Kind::Job => (Decider::Component(Component::DaemonSet), page_of(kind)),
        _ => (rule.decider, rule.page),
    }
}

/// The page about a workload without ordinals.
fn page_of(kind: Kind) -> Option<Page> {
    match kind {
        Kind::Deployment | Kind::ReplicaSet => Some(DEPLOYMENT),
        Kind::DaemonSet => Some(DAEMON_SET),
        Kind::Job => Some(JOB),
        _ => None,
    }
}

/// The same explanation, with what decides and the page about it.
pub(super) fn sourced(shot: &Snapshot, why: Why, about: &ObjectKey, because: &Reason) -> Why {
    let (decider, docs) = of_kind(because, about.kind);
    let by = match decider {
        Decider::Field(field) => field,
        Decider::Component(usual) => {
            shot.decisions.about(about).find(|entry| entry.decision.because == *because).map_or(usual, |e| e.decision.who).name()
        }
    };
    Why { decided_by: by.to_owned(), docs, ..why }
}

/// The same explanation, with the deciding line of the manifest.
pub(super) fn with_line(shot: &Snapshot, why: Why, about: &ObjectKey, because: &Reason) -> Why {
    let why = sourced(shot, why, about, because);
    let is_wrong_image = because.image().is_some() && because.rule().trouble.is_some();
    let line = documents(shot, about).find_map(|(key, document)| {
        let kind = key.kind;
        let meant = container_of(document, kind, because);
        // Where the image is what is wrong, its line comes before any other.
        let image = meant.as_ref().filter(|_| is_wrong_image);
        let image = image.map(|meant| format!("spec.template.spec.{meant}.image"));
        let named = image.into_iter().chain(fields(because).iter().map(|field| (*field).to_owned())).chain([why.decided_by.clone()]);
        let spelled = |field: String| {
            let field = if let Some(meant) = &meant { field.replace("containers[0]", meant) } else { field };
            // A pod's own manifest has no template around it.
            if kind == Kind::Pod { field.replace("spec.template.", "") } else { field }
        };
        named.map(spelled).find_map(|field| line_that_holds(shot, &key, document, &field))
    });
    Why { line, ..why }
}

/// Adds the field, and its line, that decides that an ordinal is not wanted.
pub(super) fn not_wanted(shot: &Snapshot, why: Why, set: &ObjectKey, field: &str) -> Why {
    let line = documents(shot, set).find_map(|(key, document)| line_that_holds(shot, &key, document, field));
    Why { line, decided_by: field.to_owned(), docs: Some(GUARANTEES), ..why }
}

/// The documents that define an object: its own, and those of its origins, nearest first.
fn documents<'a>(shot: &Snapshot<'a>, about: &ObjectKey) -> impl Iterator<Item = (ObjectKey, &'a Document)> + use<'a> {
    let (manifest, keys) = (shot.manifest, origins(shot, about));
    keys.into_iter().filter_map(move |key| {
        let document = manifest.document_of(&key)?;
        Some((key, document))
    })
}

/// The line of a document with a field; `None` where the object has come to have another value, as after `kubectl scale`.
fn line_that_holds(shot: &Snapshot, key: &ObjectKey, document: &Document, field: &str) -> Option<usize> {
    let line = line_of(document, field)?;
    let path = FieldPath::read(field)?;
    let value = |object: &Value| object.find(&path).filter(|value| value.as_map().is_none() && value.as_list().is_none()).cloned();
    let written = document.value.as_ref().and_then(value);
    let live = shot.tables.get(key).and_then(|object| value(&object.encode()));
    (written.is_none() || live.is_none() || written == live).then_some(line)
}

/// The container of a document that a reason names, or that has the image it names, as a field of the pod: `initContainers[1]`.
fn container_of(document: &Document, kind: Kind, because: &Reason) -> Option<String> {
    let (field, wanted) = because.container().map(|name| ("name", name)).or(because.image().map(|name| ("image", name)))?;
    let spec: &[&str] = if kind == Kind::Pod { &["spec"] } else { &["spec", "template", "spec"] };
    let pod = document.value.as_ref()?.at(spec)?;
    ["containers", "initContainers"].into_iter().find_map(|list| {
        let at = pod.list_at(&[list]).iter().position(|container| container.text_at(&[field]) == Some(&*wanted))?;
        Some(format!("{list}[{at}]"))
    })
}
