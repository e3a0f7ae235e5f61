//! What ends a wait: lines that remove its cause, each as a button that types it.
//!
//! Promises: typed as it is, and with nothing else done, a line ends the wait it is offered for; `tests/counterfactual.rs` types
//! them. Causes that go away by themselves have none, nor have pods that may only be where others are, or are not.

use std::rc::Rc;

use crate::claims::users;
use crate::command::{self, Entry, Naming, Purpose, minimal_object};
use crate::ground::tell;
use crate::origins::origins;
use crate::stand_in::Pods;
use crate::ways::of_trapped;
use crate::{Identity, Instant, Way, edit, node, peers, placement, room};
use api::admit::ENFORCE;
use api::client::PatchType;
use api::kind::Kind;
use api::object::pod::Truth;
use api::object::stateful_set::ClaimTemplate;
use api::object::storage::{CLASS_BETA, DEFAULT_CLASS};
use api::object::{Claim, Name, ObjectKey, Pod, StatefulSet};
use api::obstacle::Obstacle;
use api::well_known::{CONTROLLER_REVISION_HASH, DESIRED_REPLICAS};
use base::given::SetGiven;
use base::value::Value;
use text::Prose;
use text::why::{Because, Unwanted};
use why::Reason;
use why::explain::Link;

/// What ends the wait of something: the ways for the deepest link of its chain that has any.
pub fn ways(shot: &Instant, about: &ObjectKey) -> Vec<Way> {
    let links = shot.explain(about).links;
    let trapped = |link: &Link| of_trapped(shot, shot.tables.get(&link.about)?.as_pod()?);
    if let Some(way) = links.iter().rev().find_map(trapped) {
        return vec![way];
    }
    links.iter().rev().map(|link| ways_of(shot, link)).find(|ways| !ways.is_empty()).unwrap_or_default()
}

/// What ends a pod's stay on an old revision, by the rule that keeps it there.
pub fn ways_of_kept(shot: &Instant, set: &StatefulSet, pod: &Pod, by: &Reason) -> Vec<Way> {
    let entries = match by {
        Reason::OnDeleteWaitsForYou { .. } => vec![delete(shot, Kind::Pod, &pod.meta.namespace, &pod.meta.name)],
        Reason::BelowPartition { .. } => ends(shot, &set.key(), by),
        _ => return ways(shot, &set.key()),
    };
    let note = Prose::read(&tell(shot, &set.meta.name, &set.meta.name, Because::Decided(by)).ends_when);
    entries.into_iter().map(|entry| Way { entry, note: note.clone(), since: None }).collect()
}

fn ways_of(shot: &Instant, link: &Link) -> Vec<Way> {
    let Some(entry) = &link.entry else { return Vec::new() };
    let (about, because) = (&entry.decision.about, &entry.decision.because);
    let since = matches!(because, Reason::NotReadyYet | Reason::ProbeFails { .. }).then_some(entry.first);
    let set = if about.kind == Kind::StatefulSet { &*about.name } else { "" };
    let told = tell(shot, set, &about.name, Because::Decided(because));
    // With fewer pods, the one that waits is not wanted: it gets nothing that it waits for.
    let unwanted = tell(shot, set, &about.name, Because::NotWanted(&Unwanted::Above(0))).verdict;
    let note = |entry: &Entry| match entry.purpose {
        Purpose::FewerPods => unwanted.trim_end_matches('.').to_owned(),
        Purpose::Override => shot.text().ask.override_note().to_owned(),
        _ => told.ends_when.clone(),
    };
    ends(shot, about, because).into_iter().map(|entry| Way { note: Prose::read(&note(&entry)), entry, since }).collect()
}

/// The lines that end a wait, by who waits and why.
pub fn ends(shot: &Instant, about: &ObjectKey, because: &Reason) -> Vec<Entry> {
    match because {
        Reason::NotReadyYet | Reason::ProbeFails { .. } => {
            let pod = shot.tables.pod(&about.namespace, &about.name).map(|pod| &**pod);
            let peers = pod.and_then(|pod| peers::of(shot, pod, because)).map(|peers| peers.way(shot));
            peers.into_iter().chain([make_ready(shot, about, pod)]).collect()
        }
        // What every set waits for while its first pods come up: such a wait ends by itself.
        Reason::CreatingPod { .. }
        | Reason::SyncFailed { obstacle: None, .. }
        | Reason::StartingContainers
        | Reason::WaitsForFirstConsumer
        | Reason::WaitsForPodToBeReady { .. }
        | Reason::WaitsForProvisioner { .. }
        | Reason::WaitsForVolumes { .. } => Vec::new(),
        _ => ends_of_trouble(shot, about, because),
    }
}

/// The lines that end a wait that does not end by itself. No first visit needs them (`src/bin/dev/list.rs`).
#[inline(never)]
fn ends_of_trouble(shot: &Instant, about: &ObjectKey, because: &Reason) -> Vec<Entry> {
    let (text, ask) = (shot.text(), &shot.text().ask);
    let (name, rest) = (&*about.name, shot.naming(&about.namespace));
    let pod = shot.tables.pod(&about.namespace, name).map(|pod| &**pod);
    let delete = |kind: Kind, name: &str| delete(shot, kind, &about.namespace, name);
    let start = |node: Option<&Name>| node.filter(|name| shot.is_out(name)).map(|name| node::start(shot, name)).into_iter().collect();
    match because {
        Reason::ImagePullFails { image } => vec![mend(shot, image)],
        Reason::CrashLoop { container, .. }
        | Reason::CannotStart { container, .. }
        | Reason::FailedProbe { container, .. }
        | Reason::OutOfMemory { container, .. } => {
            pod.and_then(|pod| edit::to_stay_up(shot, pod, container, because)).into_iter().collect()
        }
        Reason::InvalidImageName { image, .. } => {
            pod.and_then(|pod| edit::undo(shot, pod).or_else(|| edit::other_image(shot, pod, image))).into_iter().collect()
        }
        Reason::MissingReference { missing: Obstacle::MissingImage, .. } => {
            pod.and_then(|pod| edit::undo(shot, pod).or_else(|| edit::may_pull(shot, pod))).into_iter().collect()
        }
        Reason::RunsAsRoot { container, .. } => {
            pod.map_or(Vec::new(), |pod| [edit::undo(shot, pod), edit::may_be_root(shot, pod, container)].into_iter().flatten().collect())
        }
        Reason::ReadinessGatesClosed(gates) => vec![open_gates(shot, about, gates)],
        Reason::SchedulingGated(..) => vec![ungate(shot, about)],
        Reason::Unschedulable { by, .. } => pod.map_or(Vec::new(), |pod| placement::ways(shot, pod, by)),
        Reason::SyncFailed { obstacle: Some(obstacle), .. } | Reason::MissingReference { missing: obstacle, .. } => {
            let raised = match obstacle {
                Obstacle::Limit(Kind::ResourceQuota, quota) | Obstacle::Unstated(_, quota) => room::raise(shot, about, quota),
                _ => None,
            };
            raised.into_iter().chain(past(shot, about, obstacle)).collect()
        }
        Reason::StaleClaim { claim, .. } if shot.tables.claim(&about.namespace, claim).is_none() => {
            look_again(shot, about).into_iter().collect()
        }
        Reason::NameTaken { .. } => vec![delete(Kind::Pod, name)],
        Reason::StorageClassNotFound { .. } | Reason::NoStorageClass if template_names_another_class(shot, about) => {
            delete_with_users(shot, about)
        }
        Reason::ProvisionerRefuses { .. } if template_asks_otherwise(shot, about) => delete_with_users(shot, about),
        Reason::ProvisionerRefuses { .. } => {
            claim_of(shot, about).map(|claim| make_volume(shot, claim, &format!("pv-{name}"), true)).into_iter().collect()
        }
        Reason::NoProvisionerRuns { provisioner } => {
            vec![Entry::new(ask.run_provisioner(provisioner), command::run_provisioner(provisioner))]
        }
        Reason::StorageClassNotFound { class } => vec![make(shot, Kind::StorageClass, class, minimal_object(Kind::StorageClass, "", &[]))],
        Reason::NoStorageClass => vec![if let Some(class) = shot.tables.classes().next() {
            Entry::new(
                ask.default_class(&class.meta.name),
                Naming::default().annotate(Kind::StorageClass, &class.meta.name, DEFAULT_CLASS, true),
            )
        } else {
            let mut class = minimal_object(Kind::StorageClass, "", &[]);
            class.set(&["metadata", "annotations", DEFAULT_CLASS], "true");
            make(shot, Kind::StorageClass, "standard", class)
        }],
        Reason::NoVolumeFits => {
            claim_of(shot, about).map(|claim| make_volume(shot, claim, &format!("pv-{name}"), false)).into_iter().collect()
        }
        Reason::WaitsForVolume { volume } => {
            claim_of(shot, about).map(|claim| make_volume(shot, claim, volume, false)).into_iter().collect()
        }
        Reason::VolumeLost { volume } => made_again(shot, volume).into_iter().chain(delete_with_users(shot, about)).collect(),
        Reason::ClaimInUse { pod } => vec![delete(Kind::Pod, pod)],
        Reason::VolumeInUse { claim } => vec![self::delete(shot, Kind::PersistentVolumeClaim, &claim.namespace, &claim.name)],
        Reason::HeldByFinalizer { .. } => vec![let_go(shot, about.kind, &about.namespace, name)],
        Reason::MayNotGrow { class, size } => vec![let_grow(shot, about, class, size)],
        Reason::OnDeleteWaitsForYou { .. } => highest_old(shot, about).map(|pod| delete(Kind::Pod, &pod)).into_iter().collect(),
        Reason::BelowPartition { .. } => vec![Entry::new(ask.lower(), command::partition(name, 0, &rest))],
        Reason::RolloutPaused => vec![Entry::new(ask.resume(), rest.rollout("resume", &format!("deployment/{name}")))],
        Reason::SizeIsNotNoted(replica_sets) => note_size(shot, about, replica_sets).into_iter().collect(),
        Reason::RolloutTimedOut { .. } => vec![Entry::new(text.cluster.undo(), rest.rollout("undo", &format!("deployment/{name}")))],
        Reason::NoDisruptionAllowed(counts) => {
            let fewer = (counts.healthy >= counts.expected).then(|| let_one_go(shot, &about.namespace, name));
            fewer.into_iter().chain([delete(Kind::PodDisruptionBudget, name)]).collect()
        }
        Reason::WaitsForNodeToReturn { node } | Reason::NodeIsSilent { node } => start(Some(node)),
        Reason::EvictedByTaint { .. } | Reason::ToleratesTaintFor { .. } => start(pod.and_then(|pod| pod.node.as_ref())),
        Reason::NodeFellSilent { .. } | Reason::EvictionIsPaced | Reason::ZoneIsSilent | Reason::NobodyIsHeard => start(Some(&about.name)),
        // Nobody waits, or the wait ends by itself or by what another reason along the chain says.
        _ => Vec::new(),
    }
}

/// Lets a pod be Ready: again, if it was told not to be, or whatever its probe says.
fn make_ready(shot: &Instant, about: &ObjectKey, pod: Option<&Pod>) -> Entry {
    let machine = pod.and_then(|pod| Some((pod, shot.machines.get(pod.node.as_deref()?)?)));
    let held = machine.is_some_and(|(pod, machine)| machine.holds_unready(pod.meta.uid));
    let (text, name) = (shot.text(), &*about.name);
    let (label, purpose) =
        if held { (text.cluster.make_ready(name), Purpose::Any) } else { (text.ask.override_ready(name), Purpose::Override) };
    Entry { purpose, ..Entry::new(label, shot.naming(&about.namespace).playground("ready", Kind::Pod, name)) }
}

/// Deletes an object.
fn delete(shot: &Instant, kind: Kind, namespace: &str, name: &str) -> Entry {
    Entry::new(shot.text().cluster.delete(name), shot.naming(namespace).delete(kind, name))
}

/// Takes away what holds an object that is being deleted.
fn let_go(shot: &Instant, kind: Kind, namespace: &str, name: &str) -> Entry {
    let line = shot.naming(namespace).patch(kind, name, PatchType::Merge, r#"{"metadata":{"finalizers":null}}"#);
    Entry::new(shot.text().ask.let_go(name), line)
}

/// Changes a set, so that its controller looks at it: of claims that are gone, nobody tells it.
fn look_again(shot: &Instant, about: &ObjectKey) -> Option<Entry> {
    let set = shot.set(&about.namespace, &about.name)?;
    let line = shot.naming(&about.namespace).annotate(Kind::StatefulSet, &about.name, "look-again", set.meta.revision);
    Some(Entry::new(shot.text().ask.look_again(), line))
}

/// Sets the conditions that a pod's readiness gates name: nobody else here does.
fn open_gates(shot: &Instant, pod: &ObjectKey, gates: &[(Name, Option<Truth>)]) -> Entry {
    let names: Vec<&str> = gates.iter().map(|(gate, _)| &**gate).collect();
    let conditions = names.iter().map(|gate| Value::of([("type", *gate), ("status", "True")]));
    let patch = Value::of([("status", Value::of([("conditions", Value::list(conditions))]))]).to_json();
    let what = format!("{} --subresource=status", pod.name);
    let line = shot.naming(&pod.namespace).patch(Kind::Pod, &what, PatchType::Strategic, &patch);
    Entry::new(shot.text().ask.set_true(&names.join(", ")), line)
}

/// Lets the scheduler look at a pod.
fn ungate(shot: &Instant, pod: &ObjectKey) -> Entry {
    let patch = r#"[{"op":"remove","path":"/spec/schedulingGates"}]"#;
    let line = shot.naming(&pod.namespace).patch(Kind::Pod, &pod.name, PatchType::Json, patch);
    Entry::new(shot.text().ask.ungate(&pod.name), line)
}

/// Has a budget let one of its pods go.
fn let_one_go(shot: &Instant, namespace: &str, name: &str) -> Entry {
    let patch = r#"{"spec":{"minAvailable":null,"maxUnavailable":1}}"#;
    let line = shot.naming(namespace).patch(Kind::PodDisruptionBudget, name, PatchType::Merge, patch);
    Entry::new(shot.text().ask.let_one_go(name), line)
}

/// Notes the size of a Deployment on ReplicaSets of it.
fn note_size(shot: &Instant, about: &ObjectKey, replica_sets: &[Name]) -> Option<Entry> {
    let replicas = shot.tables.deployment(&about.namespace, &about.name)?.spec.replicas;
    let line = shot.naming(&about.namespace).annotate(Kind::ReplicaSet, &replica_sets.join(" "), DESIRED_REPLICAS, replicas);
    Some(Entry::new(shot.text().ask.note_size(), line))
}

/// Has an image do well.
pub fn mend(shot: &Instant, image: &str) -> Entry {
    Entry::new(shot.text().cluster.mend_image(), format!("playground mend image {image}"))
}

/// What takes away what stands in the way.
fn past(shot: &Instant, about: &ObjectKey, obstacle: &Obstacle) -> Option<Entry> {
    let namespace = &about.namespace;
    let pod_named = |kind: Kind, name: &Name| kind == Kind::Pod && shot.tables.pod(namespace, name).is_some();
    match obstacle {
        Obstacle::Missing(kind, name) => {
            let pod = shot.tables.pod(namespace, &about.name).map(|pod| &pod.spec.template.raw);
            Some(make(shot, *kind, name, Pods::of(pod).stand_in(&ObjectKey::new(*kind, namespace, name))))
        }
        Obstacle::MissingKey(kind, name, key) => Some(add_key(shot, &ObjectKey::new(*kind, namespace, name), key)),
        Obstacle::Leaving(Kind::Namespace, name) => held_within(shot, name),
        Obstacle::Leaving(kind, name) => Some(let_go(shot, *kind, namespace, name)),
        Obstacle::Limit(kind, name) | Obstacle::Unstated(kind, name) => Some(delete(shot, *kind, namespace, name)),
        Obstacle::PodSecurity { namespace, .. } => Some(allow(shot, namespace)),
        Obstacle::Taken(kind, name) if shot.tables.find(*kind, namespace, name).is_some() => Some(delete(shot, *kind, namespace, name)),
        Obstacle::Invalid(kind, name) if pod_named(*kind, name) => Some(delete(shot, Kind::Pod, namespace, name)),
        Obstacle::Taken(..) | Obstacle::MissingImage | Obstacle::MayNotGrow(..) => None,
        // A name that gives no valid pods cannot be changed.
        Obstacle::Invalid(..) => Some(delete(shot, about.kind, namespace, &about.name)),
    }
}

/// Has a class let its claims grow, and asks again for the size that was refused.
fn let_grow(shot: &Instant, claim: &ObjectKey, class: &Name, size: &Name) -> Entry {
    let allow = Naming::default().patch(Kind::StorageClass, class, PatchType::Merge, r#"{"allowVolumeExpansion":true}"#);
    let patch = format!(r#"{{"spec":{{"resources":{{"requests":{{"storage":"{size}"}}}}}}}}"#);
    let again = shot.naming(&claim.namespace).patch(Kind::PersistentVolumeClaim, &claim.name, PatchType::Merge, &patch);
    Entry::new(shot.text().ask.let_grow(class), format!("{allow} && {again}"))
}

/// Has a namespace enforce nothing about its pods.
fn allow(shot: &Instant, namespace: &str) -> Entry {
    Entry::new(shot.text().ask.allow(namespace), format!("kubectl label namespace {namespace} {ENFORCE}-"))
}

/// Gives a ConfigMap or a Secret a key.
fn add_key(shot: &Instant, of: &ObjectKey, key: &Name) -> Entry {
    let name = &of.name;
    let patch = Value::of([(command::with_keys(of.kind), Value::of([(&**key, command::CHANGE_ME)]))]).to_json();
    let line = shot.naming(&of.namespace).patch(of.kind, name, PatchType::Strategic, &patch);
    Entry::new(shot.text().ask.make(&format!("{name}/{key}")), line)
}

/// Lets go what a namespace that is being deleted waits for: its pods come first, and nothing else is deleted before they are gone.
fn held_within(shot: &Instant, namespace: &str) -> Option<Entry> {
    let kinds = [Kind::Pod].into_iter().chain(Kind::ALL.iter().copied());
    let mut objects = kinds.flat_map(|kind| shot.tables.within(kind, namespace));
    let held = objects.find(|object| object.meta().terminating() && !object.meta().finalizers.is_empty())?;
    Some(let_go(shot, held.kind(), namespace, &held.meta().name))
}

fn claim_of<'a>(shot: &Instant<'a>, about: &ObjectKey) -> Option<&'a Claim> {
    shot.tables.claim(&about.namespace, &about.name).map(|claim| &**claim)
}

/// Lines that delete a claim and one of its pods, so that both are made anew.
fn delete_with_users(shot: &Instant, claim: &ObjectKey) -> Vec<Entry> {
    let (name, rest) = (&claim.name, shot.naming(&claim.namespace));
    let delete = |user: String| {
        let claim = rest.delete(Kind::PersistentVolumeClaim, &format!("{name} --wait=false"));
        let line = format!("{claim} && {}", rest.delete(Kind::Pod, &user));
        Entry::new(shot.text().ask.delete_both(name, &user), line)
    };
    users(shot.tables, &claim.namespace, &claim.name).map(|pod| delete(pod.meta.name.to_string())).collect()
}

/// A claim, and the template of its set by which it would be made by now.
fn with_template<'a>(shot: &Instant<'a>, about: &ObjectKey) -> Option<(&'a Claim, &'a ClaimTemplate)> {
    let set = origins(shot, about).pop().and_then(|set| shot.set(&set.namespace, &set.name))?;
    Some((claim_of(shot, about)?, set.of_claim(&about.name)?.0))
}

/// Whether the set that a claim belongs to would give it another class by now.
fn template_names_another_class(shot: &Instant, about: &ObjectKey) -> bool {
    with_template(shot, about).is_some_and(|(claim, template)| {
        let asked = template.meta.annotation(CLASS_BETA).map(|class| &**class).or_else(|| template.spec.text_at(&["storageClassName"]));
        asked != claim.class()
    })
}

/// Whether the set that a claim belongs to would have it ask for other access modes by now, or for any volume.
fn template_asks_otherwise(shot: &Instant, about: &ObjectKey) -> bool {
    with_template(shot, about).is_some_and(|(claim, template)| {
        let modes = template.spec.list_at(&["accessModes"]).iter().filter_map(Value::as_text);
        modes.ne(claim.spec.modes.iter().map(|mode| &**mode)) || template.spec.get("selector") != claim.spec.value().get("selector")
    })
}

/// The pod of the highest ordinal that has not the newest revision.
fn highest_old(shot: &Instant, set: &ObjectKey) -> Option<String> {
    let set = shot.set(&set.namespace, &set.name)?;
    let own = shot.tables.pods().filter(|pod| pod.meta.is_controlled_by(set.meta.uid));
    let old = own.filter(|pod| pod.meta.label(CONTROLLER_REVISION_HASH) != Some(&set.status.update_revision));
    old.max_by_key(|pod| set.ordinal_of(&pod.meta.name)).map(|pod| pod.meta.name.to_string())
}

/// A line that makes an object.
fn make(shot: &Instant, kind: Kind, name: &str, object: Value) -> Entry {
    command::make(shot.text(), kind, name, object)
}

/// A line that makes the Service whose name a pod has as its subdomain, with the labels that its set selects by.
pub fn make_service(shot: &Instant, service: &ObjectKey, pod: &Name) -> Option<Entry> {
    let pod = shot.tables.pod(&service.namespace, pod)?;
    let set = shot.tables.stateful_set(&service.namespace, &pod.meta.controller()?.name)?;
    let labels = Value::of(set.spec.match_labels.iter().map(|(key, value)| (Rc::clone(key), value)));
    Some(make(shot, Kind::Service, &service.name, command::minimal_service(&service.namespace, labels)))
}

/// A line that makes a volume as a claim asks for it; `only` for that claim, which then takes no other.
fn make_volume(shot: &Instant, claim: &Claim, name: &str, only: bool) -> Entry {
    let mut volume = Value::map();
    volume.set(&["spec", "capacity", "storage"], &claim.spec.request);
    volume.set(&["spec", "accessModes"], Value::list(claim.spec.modes.iter()));
    volume.set(&["spec", "hostPath", "path"], format!("/data/{name}"));
    volume.set_some(&["spec", "storageClassName"], claim.class());
    if only {
        volume.set(&["spec", "claimRef", "namespace"], &claim.meta.namespace);
        volume.set(&["spec", "claimRef", "name"], &claim.meta.name);
    }
    make(shot, Kind::PersistentVolume, name, volume)
}

/// A line that makes a volume again for what is left of it.
fn made_again(shot: &Instant, name: &str) -> Option<Entry> {
    let volume = shot.disks.torn(name)?;
    let mut volume = Value::of([("spec", volume.spec.value().clone())]);
    volume.remove(&["spec", "claimRef"]);
    Some(make(shot, Kind::PersistentVolume, name, volume))
}

/// Who is asked about, as commands name it.
pub fn identity(about: &ObjectKey) -> Identity {
    Identity { namespace: about.namespace.to_string(), pod: about.name.to_string() }
}
