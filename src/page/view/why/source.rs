//! The source of a rule: the deciding field or component with its line in the manifest, and the documentation page about it.

use super::pane::Why;
use std::rc::Rc;

use crate::Snapshot;
use crate::manifest::line_at;
use api::kind::Kind;
use api::object::{Name, ObjectKey, StatefulSet};
use api::obstacle::Obstacle;
use base::field_path::FieldPath;
use base::quantity::Quantity;
use base::value::Value;
use causes::behind::Behind;
use causes::crash::Crash;
use causes::foremost::{Foremost, foremost};
use causes::origins::origins;
use causes::remedy;
use causes::room::Short;
use cluster::inside::Wish;
use cluster::kubelet::references::needs;
use why::page::{DAEMON_SET, DEPLOYMENT, GUARANTEES, JOB, Page};
use why::{Component, Decider, Lack, Plugin, ProbeKind, Reason};
use yaml::Document;

/// The templates of claims, as a field.
const TEMPLATES: &str = "spec.volumeClaimTemplates";
/// The volume of a pod that names a claim or makes it, as a field.
const POD_VOLUME: &str = "spec.template.spec.volumes[0]";

/// The fields that decide where a claim's volume comes from.
const VOLUME: &[&str] = &[
    "spec.volumeClaimTemplates[0].spec.storageClassName",
    TEMPLATES,
    "spec.template.spec.volumes[0].persistentVolumeClaim.claimName",
    "spec.template.spec.volumes[0].ephemeral.volumeClaimTemplate.spec.storageClassName",
    "spec.template.spec.volumes[0].ephemeral",
    "spec.storageClassName",
];

/// The deciding fields of a manifest, if they are other than the one in its row: the first that is written counts. What decides nothing by
/// itself has no place here, however near it stands.
/// Pod fields are given with their path in a template; `containers[0]`, `volumes[0]` and `volumeClaimTemplates[0]` stand for the one meant.
fn deciding_fields(shot: &Snapshot, about: &ObjectKey, reason: &Reason) -> &'static [&'static str] {
    match reason {
        Reason::ProbeFails { probe: ProbeKind::Startup, .. } | Reason::FailedProbe { probe: ProbeKind::Startup, .. } => {
            &["spec.template.spec.containers[0].startupProbe"]
        }
        Reason::NotReadyYet | Reason::PodIsReady | Reason::ProbeFails { .. } | Reason::SupposedReady { .. } => {
            &["spec.template.spec.containers[0].readinessProbe"]
        }
        Reason::ProcessesEnded => &["spec.template.spec.restartPolicy"],
        Reason::OutOfMemory { .. } => &["spec.template.spec.containers[0].resources.limits.memory"],
        Reason::HookRuns { .. } | Reason::HookFailed { .. } => &["spec.template.spec.containers[0].lifecycle.postStart"],
        Reason::FailedProbe { .. } => &["spec.template.spec.containers[0].livenessProbe"],
        Reason::CrashLoop { .. } | Reason::CannotStart { .. } | Reason::InitContainerRuns { .. } => {
            &["spec.template.spec.containers[0].command", "spec.template.spec.containers[0].args", "spec.template.spec.containers[0].image"]
        }
        Reason::StartingContainers => &["spec.template.spec.containers[0].image"],
        Reason::StoppingContainers => &["spec.template.spec.terminationGracePeriodSeconds"],
        Reason::Unschedulable { by, lacks, .. } if by.contains(&Plugin::VolumeBinding) && !lacks.contains(&Lack::Reach) => VOLUME,
        Reason::Unschedulable { message, by, .. } => {
            let pod = shot.tables.pod(&about.namespace, &about.name).map(|pod| &**pod);
            foremost(shot.tables, pod, message, by).map_or(&[], unschedulable)
        }
        Reason::EvictedByTaint { .. } | Reason::ToleratesTaint { .. } | Reason::ToleratesTaintFor { .. } => {
            &["spec.template.spec.tolerations"]
        }
        Reason::EvictionRefused { .. } => &["spec.minAvailable", "spec.maxUnavailable"],
        Reason::WaitsForVolumes { .. }
        | Reason::WaitsForFirstConsumer
        | Reason::NoStorageClass
        | Reason::StorageClassNotFound { .. }
        | Reason::WaitsForProvisioner { .. }
        | Reason::NoVolumeFits
        | Reason::NoProvisionerRuns { .. }
        | Reason::ClaimBound { .. }
        | Reason::WaitsForClaim(..) => VOLUME,
        Reason::WaitsForVolume { .. } | Reason::VolumeTaken { .. } | Reason::VolumeDoesNotSuit { .. } => &["spec.volumeName"],
        _ => &[],
    }
}

/// The fields of a pod that keep it from every node. Which volume it has by now, and what nodes say of themselves, stands in no manifest
/// of it.
fn unschedulable(foremost: Foremost) -> &'static [&'static str] {
    match foremost {
        Foremost::Company => &["spec.template.spec.affinity.podAffinity"],
        Foremost::Apart => &["spec.template.spec.affinity.podAntiAffinity"],
        Foremost::Rule(Plugin::NodeAffinity) => &["spec.template.spec.nodeSelector", "spec.template.spec.affinity.nodeAffinity"],
        Foremost::Rule(Plugin::PodTopologySpread) => &["spec.template.spec.topologySpreadConstraints"],
        Foremost::Rule(Plugin::NodeResourcesFit) => &["spec.template.spec.containers[0].resources"],
        Foremost::Rule(Plugin::TaintToleration) => &["spec.template.spec.tolerations"],
        Foremost::Others | Foremost::Rule(_) => &[],
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

/// The same explanation, with the deciding line of the manifest; where a scheduler decided, its field is named, too.
pub(super) fn with_line(shot: &Snapshot, why: Why, about: &ObjectKey, because: &Reason) -> Why {
    with_line_of(shot, why, about, because, &Behind::of(shot, about, because))
}

/// The same, where it is known what is behind the reason.
pub(super) fn with_line_of(shot: &Snapshot, why: Why, about: &ObjectKey, because: &Reason, behind: &Behind) -> Why {
    let why = sourced(shot, why, about, because);
    if let Behind::Short(short) = behind {
        return limited(shot, why, short);
    }
    let (claim, container) = (claim_meant(shot, about, because), container_of(shot, about, because));
    let deciding = deciding_fields(shot, about, because);
    let found = documents(shot, about).chain(budget(shot, about, because)).find_map(|(key, document)| {
        let meant = Meant::of(document, key.kind, because, claim.as_deref(), container.as_deref());
        let mut fields = meant.behind(behind).into_iter().chain(meant.candidates(because, deciding, &why.decided_by));
        fields.find_map(|field| Some((line_that_holds(shot, &key, document, &field)?, field)))
    });
    let Some((line, field)) = found else { return why };
    let is_variable = matches!(behind, Behind::Crash(Crash { wanted: Some(_), .. }));
    let decided_by = match because {
        // The line of a container without variables is where they are to stand.
        _ if is_variable && !field.contains(".env") => format!("{field}.env"),
        Reason::Unschedulable { .. } | Reason::MissingReference { .. } => field,
        _ if is_variable => field,
        _ => why.decided_by,
    };
    Why { line: Some(line), decided_by, ..why }
}

/// The same explanation, with the line of the quota that has no room.
#[inline(never)]
fn limited(shot: &Snapshot, why: Why, short: &Short) -> Why {
    let field = FieldPath::of("spec.hard").key(&short.resource);
    let is_limit = |document: &&Document| {
        let written = document.value.as_ref().and_then(|value| value.find(&field));
        written.and_then(Quantity::read).is_some_and(|written| written == short.limit)
    };
    let line = shot.manifest.document_of(&short.quota).filter(is_limit).and_then(|document| line_at(document, &field));
    Why { line, decided_by: field.to_string(), ..why }
}

/// The claim that a reason is about: the one asked about, or the one that the pod waits for.
fn claim_meant(shot: &Snapshot, about: &ObjectKey, because: &Reason) -> Option<Name> {
    match because {
        _ if about.kind == Kind::PersistentVolumeClaim => Some(Rc::clone(&about.name)),
        Reason::WaitsForClaim(claim, _) | Reason::StaleClaim { claim, .. } | Reason::ClaimIsBeingDeleted { claim, .. } => {
            Some(Rc::clone(claim))
        }
        Reason::WaitsForVolumes { .. } | Reason::Unschedulable { .. } => {
            let pod = shot.tables.pod(&about.namespace, &about.name)?;
            let claims = || pod.claim_volumes().map(|volume| Rc::clone(&volume.claim));
            let waits = |claim: &Name| shot.tables.claim(&about.namespace, claim).is_none_or(|claim| !claim.bound());
            let key = |claim: &Name| ObjectKey::new(Kind::PersistentVolumeClaim, &about.namespace, claim);
            // One that gets its volume by itself comes last.
            let stuck = claims().filter(waits).find(|claim| !remedy::ways(shot, &key(claim)).is_empty());
            stuck.or_else(|| claims().find(waits))
        }
        _ => None,
    }
}

/// The container that a reason is about: the one it names, or else the first that is not ready.
fn container_of(shot: &Snapshot, about: &ObjectKey, because: &Reason) -> Option<Name> {
    let unready = || {
        let pod = shot.tables.pod(&about.namespace, &about.name).filter(|_| about.kind == Kind::Pod)?;
        Some(Rc::clone(&pod.status.containers.iter().find(|container| !container.ready)?.name))
    };
    because.container().or_else(unready)
}

/// The document of the budget that keeps a pod where it is.
fn budget<'a>(shot: &Snapshot<'a>, about: &ObjectKey, because: &Reason) -> Option<(ObjectKey, &'a Document)> {
    let Reason::EvictionRefused { budget, .. } = because else { return None };
    let key = ObjectKey::new(Kind::PodDisruptionBudget, &about.namespace, budget);
    let document = shot.manifest.document_of(&key)?;
    Some((key, document))
}

/// Which items of a document's lists a reason is about.
struct Meant<'a> {
    kind: Kind,
    /// The spec of its pods.
    pod: Option<&'a Value>,
    /// The container, as a field of the pod: `initContainers[1]`.
    container: Option<String>,
    /// The template of the claim.
    template: Option<usize>,
    /// The volume of the claim.
    volume: Option<usize>,
}

impl<'a> Meant<'a> {
    fn of(document: &'a Document, kind: Kind, because: &Reason, claim: Option<&str>, container: Option<&str>) -> Meant<'a> {
        let value = document.value.as_ref();
        let spec: &[&str] = if kind == Kind::Pod { &["spec"] } else { &["spec", "template", "spec"] };
        let pod = value.and_then(|value| value.at(spec));
        let container = pod.and_then(|pod| match because {
            Reason::Unschedulable { lacks, .. } => greediest(pod, lacks),
            _ => {
                let (field, wanted) = container.map(|name| ("name", name.into())).or(because.image().map(|image| ("image", image)))?;
                item(pod, |container| container.text_at(&[field]) == Some(&*wanted))
            }
        });
        let template = value.zip(claim).filter(|_| kind == Kind::StatefulSet).and_then(|(value, claim)| {
            let set = StatefulSet::decode(value);
            let name = &set.of_claim(claim)?.0.name;
            set.spec.claim_templates.iter().position(|template| template.name == *name)
        });
        let uses = |volume: &Value| {
            let made = volume.get("ephemeral").and_then(|_| Some(format!("-{}", volume.text_at(&["name"])?)));
            claim.is_some_and(|claim| {
                let named = volume.text_at(&["persistentVolumeClaim", "claimName"]) == Some(claim);
                named || made.is_some_and(|made| claim.ends_with(&made))
            })
        };
        let volume = pod.and_then(|pod| pod.list_at(&["volumes"]).iter().position(uses));
        Meant { kind, pod, container, template, volume }
    }

    /// The fields that decide by what is behind the reason, the foremost first.
    fn behind(&self, behind: &Behind) -> Vec<String> {
        match (behind, &self.container) {
            (Behind::Crash(Crash { wanted: Some(wanted), .. }), Some(container)) => {
                let at =
                    self.variable(&wanted.variable).filter(|_| wanted.wish != Wish::Given).map_or(String::new(), |at| format!("[{at}]"));
                let own = format!("spec.template.spec.{container}");
                [format!("{own}.env{at}"), own].map(|field| self.placed(field)).into()
            }
            (Behind::Spread(wide), _) => {
                vec![self.placed(format!("spec.template.spec.topologySpreadConstraints[{}].minDomains", wide.at))]
            }
            _ => Vec::new(),
        }
    }

    /// The fields that may decide, the foremost first.
    fn candidates(&self, because: &Reason, deciding: &[&str], decided_by: &str) -> impl Iterator<Item = String> {
        // Where the image is what is wrong, its line comes before any other.
        let image = self.container.as_ref().filter(|_| because.image().is_some() && because.rule().trouble.is_some());
        let image = image.map(|container| format!("spec.template.spec.{container}.image"));
        let decided_by = Some(decided_by).filter(|_| !matches!(because, Reason::MissingReference { .. }));
        let named = deciding.iter().copied().chain(decided_by).filter_map(|field| self.with_items(field));
        let all: Vec<String> = image.into_iter().chain(self.reference(because)).chain(named).collect();
        all.into_iter().map(|field| self.placed(field))
    }

    /// A field in the document: a pod's own manifest has no template around it.
    fn placed(&self, field: String) -> String {
        if self.kind == Kind::Pod { field.replace("spec.template.", "") } else { field }
    }

    /// The place of a variable among those of the container.
    fn variable(&self, name: &str) -> Option<usize> {
        let container = self.pod?.find(&FieldPath::read(self.container.as_ref()?)?)?;
        container.list_at(&["env"]).iter().position(|variable| variable.text_at(&["name"]) == Some(name))
    }

    /// The field that names what is missing.
    fn reference(&self, because: &Reason) -> Option<String> {
        let (kind, name, key) = match because {
            Reason::MissingReference { missing: Obstacle::Missing(kind, name), .. } => (kind, name, None),
            Reason::MissingReference { missing: Obstacle::MissingKey(kind, name, key), .. } => (kind, name, Some(key)),
            _ => return None,
        };
        let need = needs(self.pod?).into_iter().find(|need| need.kind == *kind && *need.name == **name)?;
        let of_key = key.and_then(|key| need.keys.into_iter().find(|asked| *asked.name == **key)).map(|asked| asked.field);
        Some(format!("spec.template.spec{}", of_key.unwrap_or(need.field)))
    }

    /// A field with the items that are meant; `None` where the document has no such item.
    fn with_items(&self, field: &str) -> Option<String> {
        let at = if field.starts_with(TEMPLATES) {
            self.template?
        } else if field.starts_with(POD_VOLUME) {
            self.volume?
        } else {
            0
        };
        let field = ["Templates", "volumes"]
            .iter()
            .fold(field.to_owned(), |field, list| field.replace(&format!("{list}[0]"), &format!("{list}[{at}]")));
        Some(self.container.as_ref().map_or(field.clone(), |meant| field.replace("containers[0]", meant)))
    }
}

/// The first container of a pod for which something is so, as a field of it: `initContainers[1]`.
fn item(pod: &Value, is: impl Fn(&Value) -> bool) -> Option<String> {
    ["containers", "initContainers"].into_iter().find_map(|list| {
        let at = pod.list_at(&[list]).iter().position(&is)?;
        Some(format!("{list}[{at}]"))
    })
}

/// The container of a pod that asks for most of what nodes lack, as a field of it.
fn greediest(pod: &Value, lacks: &[Lack]) -> Option<String> {
    let resource = lacks.iter().find_map(|lack| if let Lack::Resource(name) = lack { Some(&**name) } else { None })?;
    let asks = |container: &Value| {
        let amount = ["requests", "limits"].into_iter().find_map(|of| container.at(&["resources", of, resource]))?;
        Quantity::read(amount)
    };
    let most = ["containers", "initContainers"].iter().flat_map(|list| pod.list_at(&[list])).filter_map(asks).max()?;
    item(pod, |container| asks(container).as_ref() == Some(&most))
}

/// Adds the field, and its line, that decides that an ordinal is not wanted.
pub(super) fn not_wanted(shot: &Snapshot, why: Why, set: &ObjectKey, field: &str) -> Why {
    Why { docs: Some(GUARANTEES), ..with_field(shot, why, set, field) }
}

/// Says that a field of an object decides, with its line, whether or not the object is there.
pub(super) fn with_field(shot: &Snapshot, why: Why, of: &ObjectKey, field: &str) -> Why {
    let line = documents(shot, of).find_map(|(key, document)| line_that_holds(shot, &key, document, field));
    Why { line, decided_by: field.to_owned(), ..why }
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
    let path = FieldPath::read(field)?;
    let line = line_at(document, &path)?;
    let value = |object: &Value| object.find(&path).filter(|value| value.as_map().is_none() && value.as_list().is_none()).cloned();
    let written = document.value.as_ref().and_then(value);
    let live = shot.tables.get(key).and_then(|object| value(&object.encode()));
    (written.is_none() || live.is_none() || written == live).then_some(line)
}
