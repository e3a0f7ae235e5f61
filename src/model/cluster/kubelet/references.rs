//! References that must resolve before a pod's containers start: claims in volumes, and ConfigMaps and Secrets in volumes and in
//! environment variables.
//!
//! Models pkg/kubelet/volumemanager for the former, kubelet_pods.go makeEnvironmentVariables for the latter.
//! Not modelled: claims whose volume names another; nodes that are not real require nothing.

use std::rc::Rc;

use super::restarts::jittered;
use super::worker::{StepContext, Worker};
use super::{Context, Timer};
use api::kind::Kind;
use api::object::event::EventType;
use api::object::pod::ContainerState;
use api::object::storage::{CLAIM_PROTECTION, ClaimPhase};
use api::object::{Name, Object, ObjectKey};
use api::obstacle::Obstacle;
use base::sort::Sort;
use base::time::Span;
use base::value::Value;
use why::{Component, Decision, Reason, Verdict};

/// First back-off between attempts to mount a volume; doubles. pkg/util/goroutinemap/exponentialbackoff.
const MOUNT_AGAIN_FIRST: Span = Span(500);
/// Longest back-off between attempts to mount.
const MAX_MOUNT_AGAIN: Span = Span::seconds(122);
/// When a pod is synced again after a failed sync. pkg/kubelet/pod_workers.go completeWork, 10 s and up to half as long again.
pub(super) const SYNC_AGAIN: Span = jittered(Span::seconds(10));

/// The kinds that may be referenced, with field names: the volume source, its name field, and the two ways to set variables.
const SOURCES: [(Kind, &str, &str, &str, &str); 2] = [
    (Kind::ConfigMap, "configMap", "name", "configMapKeyRef", "configMapRef"),
    (Kind::Secret, "secret", "secretName", "secretKeyRef", "secretRef"),
];

/// A ConfigMap or a Secret that a pod cannot do without.
pub struct Need {
    pub kind: Kind,
    pub name: String,
    /// The field below the spec that names it first.
    pub field: String,
    pub keys: Vec<Key>,
}

/// A key of a ConfigMap or a Secret that a pod asks for.
pub struct Key {
    pub name: String,
    /// The field below the spec that asks for it first.
    pub field: String,
}

/// What a pod of a spec cannot do without.
pub fn needs(spec: &Value) -> Vec<Need> {
    let mut found = Vec::new();
    look(spec, "", &mut found);
    found
}

fn look(value: &Value, place: &str, found: &mut Vec<Need>) {
    for (at, item) in value.as_list().into_iter().flatten().enumerate() {
        look(item, &format!("{place}[{at}]"), found);
    }
    for (key, item) in value.members() {
        let place = format!("{place}.{key}");
        let source = SOURCES.iter().find_map(|(kind, volume, field, one, all)| {
            let field = if **key == **volume { field } else { "name" };
            [volume, one, all].into_iter().any(|source| **key == **source).then_some((*kind, field))
        });
        if **key == *"projected" {
            for (at, part) in item.list_at(&["sources"]).iter().enumerate() {
                for (kind, source, ..) in SOURCES {
                    let place = format!("{place}.sources[{at}].{source}");
                    part.get(source).into_iter().for_each(|item| take(kind, item, "name", &place, found));
                }
            }
        } else if let Some((kind, field)) = source {
            take(kind, item, field, &place, found);
        } else {
            look(item, &place, found);
        }
    }
}

/// Takes the name in a reference and the keys that it asks for, unless that is optional.
fn take(kind: Kind, reference: &Value, field: &str, place: &str, found: &mut Vec<Need>) {
    let name = reference.text_at(&[field]).filter(|_| reference.get("optional").and_then(Value::as_bool) != Some(true));
    let Some(name) = name else { return };
    let known = found.iter().position(|need| need.kind == kind && need.name == name).unwrap_or(found.len());
    if known == found.len() {
        found.push(Need { kind, name: name.to_owned(), field: format!("{place}.{field}"), keys: Vec::new() });
    }
    let keys = &mut found[known].keys;
    let items = reference.list_at(&["items"]).iter().enumerate().map(|(at, item)| (format!("{place}.items[{at}].key"), item));
    for (field, item) in items.chain([(format!("{place}.key"), reference)]) {
        if let Some(name) = item.text_at(&["key"]).filter(|name| !keys.iter().any(|known| known.name == *name)) {
            keys.push(Key { name: name.to_owned(), field });
        }
    }
}

/// What a pod refers to and lacks.
struct Lack {
    /// The kubelet's words.
    error: String,
    missing: Obstacle,
}

impl Lack {
    /// As the reason why a volume is not mounted, for which the kubelet waits longer each time.
    fn of_volume(self) -> Reason {
        Reason::MissingReference { error: self.error.into(), missing: self.missing, backs_off: true }
    }

    /// As the reason why a container is not created, for which the kubelet looks at one pace.
    fn of_container(self) -> Reason {
        Reason::MissingReference { error: self.error.into(), missing: self.missing, backs_off: false }
    }
}

impl Worker {
    /// Whether everything that the pod's volumes refer to is there.
    pub(super) fn can_mount(&self, context: Context) -> bool {
        self.unbound_claims(context).is_empty() && self.missing_volume(context).is_none()
    }

    /// The first volume that refers to a missing object, and the error.
    fn missing_volume(&self, context: Context) -> Option<(String, Lack)> {
        if !context.timing.nodes.run_whole_pods() {
            return None;
        }
        let missing = |volume: &Value| {
            let mut own = SOURCES.iter().filter_map(|(kind, source, field, ..)| Some((*kind, volume.get(source)?, *field)));
            let why = own.find_map(|(kind, source, field)| self.lacks_source(kind, source, field, context));
            let why = why.or_else(|| self.lacks_projected(volume, context))?;
            Some((volume.text_at(&["name"]).unwrap_or_default().to_owned(), why))
        };
        self.template.raw.list_at(&["volumes"]).iter().filter(|v| self.uses(v.text_at(&["name"]).unwrap_or_default())).find_map(missing)
    }

    /// What a ConfigMap or Secret of a volume lacks: itself, or a key that is asked for.
    fn lacks_source(&self, kind: Kind, source: &Value, field: &str, context: Context) -> Option<Lack> {
        let name = source.text_at(&[field])?;
        let item = |item: &Value| {
            let key = item.text_at(&["key"])?;
            let words =
                if kind == Kind::Secret { "references non-existent secret key" } else { "configmap references non-existent config key" };
            self.lacks_key(kind, name, key, source, context).map(|lack| Lack { error: format!("{words}: {key}"), ..lack })
        };
        self.lacks(kind, name, source, context).or_else(|| source.list_at(&["items"]).iter().find_map(item))
    }

    /// What the sources of a projected volume lack. Models pkg/volume/projected collectData, which tells of all of them.
    fn lacks_projected(&self, volume: &Value, context: Context) -> Option<Lack> {
        let sources = volume.list_at(&["projected", "sources"]).iter();
        let named = sources.flat_map(|part| SOURCES.iter().filter_map(move |(kind, source, ..)| Some((*kind, part.get(source)?))));
        let mut lacks: Vec<Lack> = named.filter_map(|(kind, source)| self.lacks_source(kind, source, "name", context)).collect();
        if lacks.len() > 1 {
            let all: Vec<&str> = lacks.iter().map(|lack| lack.error.as_str()).collect();
            lacks[0].error = format!("[{}]", all.join(", "));
        }
        lacks.into_iter().next()
    }

    /// Whether a container mounts a volume: others are ignored.
    fn uses(&self, volume: &str) -> bool {
        let lists = ["initContainers", "containers", "ephemeralContainers"].into_iter().flat_map(|list| self.template.raw.list_at(&[list]));
        let mut mounts = lists.flat_map(|c| ["volumeMounts", "volumeDevices"].into_iter().flat_map(|field| c.list_at(&[field])));
        mounts.any(|mount| mount.text_at(&["name"]) == Some(volume))
    }

    /// The claims that have no volume to mount, as volume, claim and error. Models
    /// pkg/kubelet/volumemanager/populator/desired_state_of_world_populator.go getPVCExtractPV.
    fn unbound_claims(&self, context: Context) -> Vec<(Name, Name, String)> {
        let error = |claim: &Name| match context.tables.claim(&self.key.namespace, claim) {
            None => Some(format!("failed to fetch PVC from API server: persistentvolumeclaims \"{claim}\" not found")),
            Some(found) if found.meta.terminating() && !found.meta.has_finalizer(CLAIM_PROTECTION) => {
                Some("PVC is being deleted".to_owned())
            }
            Some(found) => (found.status.phase != ClaimPhase::Bound).then(|| "PVC is not bound".to_owned()),
        };
        let claims = self.claims.iter().filter(|c| context.timing.nodes.have_drivers() && self.uses(&c.volume));
        let mut found: Vec<_> = claims.filter_map(|c| Some((Rc::clone(&c.volume), Rc::clone(&c.claim), error(&c.claim)?))).collect();
        found.sort_small();
        found
    }

    /// If claims have no volume, reports it and looks again later. Models pkg/kubelet/volumemanager WaitForAttachAndMount.
    fn attach_fails(&mut self, turn: &mut StepContext) -> bool {
        let unbound = self.unbound_claims(turn.context);
        let Some((_, claim, error)) = unbound.first().cloned() else { return false };
        let volumes: Vec<&str> = unbound.iter().map(|(volume, ..)| &**volume).collect();
        let volumes = volumes.join(" ");
        let namespace = Rc::clone(&self.key.namespace);
        let mut errors: Vec<String> = unbound.iter().map(|(_, c, e)| format!("error processing PVC {namespace}/{c}: {e}")).collect();
        errors.sort_small();
        let message = format!(
            "Unable to attach or mount volumes: unmounted volumes=[{volumes}], unattached volumes=[], failed to process volumes=[{volumes}]: {}",
            errors.join("; ")
        );
        self.says(turn, EventType::Warning, "FailedMount", message, None);
        let of = ObjectKey::new(Kind::PersistentVolumeClaim, &namespace, &claim);
        let because = Reason::WaitsForClaim(claim, error.into());
        turn.effects.decisions.push(Decision::new(Component::Kubelet, self.key.clone(), Verdict::Waits, because).blocked_by(of));
        turn.effects.timers.push((SYNC_AGAIN, Timer::Start));
        true
    }

    /// The error for a missing object, unless the reference is optional.
    fn lacks(&self, kind: Kind, name: &str, reference: &Value, context: Context) -> Option<Lack> {
        let optional = reference.get("optional").and_then(Value::as_bool).unwrap_or(false);
        let there = context.tables.find(kind, &self.key.namespace, name).is_some();
        let error = || format!("{} \"{name}\" not found", kind.info().singular);
        (!optional && !there).then(|| Lack { error: error(), missing: Obstacle::Missing(kind, name.into()) })
    }

    /// If a volume cannot be mounted, reports it and retries with back-off.
    pub(super) fn mount_fails(&mut self, turn: &mut StepContext) -> bool {
        if self.attach_fails(turn) {
            return true;
        }
        let Some((volume, why)) = self.missing_volume(turn.context) else { return false };
        let message = format!("MountVolume.SetUp failed for volume \"{volume}\" : {}", why.error);
        self.says(turn, EventType::Warning, "FailedMount", message, None);
        self.decide(turn, Verdict::Waits, why.of_volume());
        let pause = super::process::Process::back_off(MOUNT_AGAIN_FIRST, MAX_MOUNT_AGAIN, self.mounts_failed);
        self.mounts_failed += 1;
        turn.effects.timers.push((pause, Timer::Start));
        true
    }

    /// The error for a container's first variable that refers to something missing.
    fn missing_variable(&self, container: &str, context: Context) -> Option<Lack> {
        let lists = ["initContainers", "containers", "ephemeralContainers"].into_iter().flat_map(|list| self.template.raw.list_at(&[list]));
        let container = lists.into_iter().find(|c| c.text_at(&["name"]) == Some(container))?;
        let whole = container.list_at(&["envFrom"]).iter().find_map(|from| {
            SOURCES.iter().find_map(|(kind, .., all)| {
                let reference = from.get(all)?;
                self.lacks(*kind, reference.text_at(&["name"])?, reference, context)
            })
        });
        whole.or_else(|| {
            container.list_at(&["env"]).iter().find_map(|variable| {
                SOURCES.iter().find_map(|(kind, _, _, key, _)| {
                    let source = variable.at(&["valueFrom", key])?;
                    self.lacks_key(*kind, source.text_at(&["name"])?, source.text_at(&["key"])?, source, context)
                })
            })
        })
    }

    /// The error for a missing key: a variable is read from `data` only. Models kubelet_pods.go makeEnvironmentVariables and
    /// pkg/volume/configmap and secret MakePayload.
    fn lacks_key(&self, kind: Kind, name: &str, key: &str, reference: &Value, context: Context) -> Option<Lack> {
        let optional = reference.get("optional").and_then(Value::as_bool).unwrap_or(false);
        let namespace = &self.key.namespace;
        let Some(object) = context.tables.find(kind, namespace, name).map(Object::encode) else {
            return self.lacks(kind, name, reference, context);
        };
        let is_volume = reference.get("items").is_some();
        let there = object.at(&["data", key]).is_some() || is_volume && object.at(&["binaryData", key]).is_some();
        let error = || format!("couldn't find key {key} in {kind} {namespace}/{name}");
        (!optional && !there).then(|| Lack { error: error(), missing: Obstacle::MissingKey(kind, name.into(), key.into()) })
    }

    /// If a container cannot be created, as its variables refer to something missing or it must not run as root, reports it and retries
    /// later. Models kuberuntime_container.go generateContainerConfig, which asks in this order.
    pub(super) fn config_fails(&mut self, i: usize, turn: &mut StepContext) -> bool {
        let name = Rc::clone(&self.processes[i].name);
        let refused = || {
            let lack = self.missing_variable(&name, turn.context).map(|lack| (lack.error.clone(), lack.of_container()));
            lack.or_else(|| self.runs_as_root(&name))
        };
        let found = if turn.context.timing.nodes.run_whole_pods() { refused() } else { None };
        let Some((error, because)) = found else { return false };
        self.says(turn, EventType::Warning, "Failed", format!("Error: {error}"), Some(&name));
        let process = &mut self.processes[i];
        process.state = ContainerState::Waiting { reason: "CreateContainerConfigError".into(), message: error.into() };
        turn.effects.timers.push((SYNC_AGAIN, Timer::Restart(process.incarnation(i))));
        self.waits_on(i, turn, because);
        true
    }
}
