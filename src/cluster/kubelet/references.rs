//! References that must resolve before a pod's containers start: ConfigMaps and Secrets, in volumes and in environment variables.
//!
//! Models pkg/kubelet/volumemanager for the former, kubelet_pods.go makeEnvironmentVariables for the latter.
//! Not modelled: projected volumes; nodes that are not real require nothing.

use std::rc::Rc;

use super::worker::{Turn, Worker};
use super::{Context, Timer};
use crate::api::kind::Kind;
use crate::api::object::Object;
use crate::api::object::event::EventType;
use crate::api::object::pod::ContainerState;
use crate::api::obstacle::Obstacle;
use crate::base::time::Span;
use crate::base::value::{Map, Value};
use crate::why::{Reason, Verdict};

/// First back-off between attempts to mount a volume; doubles. pkg/util/goroutinemap/exponentialbackoff.
const MOUNT_AGAIN_FIRST: Span = Span(500);
/// Longest back-off between attempts to mount.
const MOUNT_AGAIN_MOST: Span = Span::seconds(122);
/// When a pod is synced again after a failed sync. pkg/kubelet backOffOnTransientErrorPeriod, 10 s.
pub(super) const SYNC_AGAIN: Span = Span::seconds(10);

/// The kinds that may be referenced, with field names: the volume source, its name field, and the two ways to set variables.
const SOURCES: [(Kind, &str, &str, &str, &str); 2] = [
    (Kind::ConfigMap, "configMap", "name", "configMapKeyRef", "configMapRef"),
    (Kind::Secret, "secret", "secretName", "secretKeyRef", "secretRef"),
];

/// The ConfigMaps and Secrets that a pod of a spec cannot do without: the kind, the name, and the field below the spec.
pub fn needs(spec: &Value) -> Vec<(Kind, String, String)> {
    let mut found = Vec::new();
    look(spec, "", &mut found);
    found
}

fn look(value: &Value, place: &str, found: &mut Vec<(Kind, String, String)>) {
    for (at, item) in value.as_list().into_iter().flatten().enumerate() {
        look(item, &format!("{place}[{at}]"), found);
    }
    for (key, item) in value.as_map().into_iter().flat_map(Map::iter) {
        let place = format!("{place}.{key}");
        let source = SOURCES.iter().find_map(|(kind, volume, field, one, all)| {
            let field = if **key == **volume { field } else { "name" };
            [volume, one, all].into_iter().any(|source| **key == **source).then_some((*kind, field))
        });
        let Some((kind, field)) = source else {
            if **key != *"projected" {
                look(item, &place, found);
            }
            continue;
        };
        let name = item.text_at(&[field]).filter(|_| item.get("optional").and_then(Value::as_bool) != Some(true));
        if let Some(name) = name.filter(|name| !found.iter().any(|(known, other, _)| *known == kind && other == name)) {
            found.push((kind, name.to_owned(), format!("{place}.{field}")));
        }
    }
}

/// What a pod refers to and lacks.
struct Lack {
    /// The kubelet's words.
    error: String,
    missing: Obstacle,
}

impl From<Lack> for Reason {
    fn from(lack: Lack) -> Self {
        Reason::MissingReference { error: lack.error.into(), missing: lack.missing }
    }
}

impl Worker {
    /// Whether everything that the pod's volumes refer to exists.
    pub(super) fn can_mount(&self, context: Context) -> bool {
        self.missing_volume(context).is_none()
    }

    /// The first volume that refers to a missing object, and the error.
    fn missing_volume(&self, context: Context) -> Option<(String, Lack)> {
        if !context.timing.real_nodes {
            return None;
        }
        let missing = |volume: &Value| {
            SOURCES.iter().find_map(|(kind, source, field, ..)| {
                let source = volume.get(source)?;
                let name = source.text_at(&[field])?;
                self.lacks(*kind, name, source, context).map(|why| (volume.text_at(&["name"]).unwrap_or_default().to_owned(), why))
            })
        };
        self.template.raw.list_at(&["volumes"]).iter().find_map(missing)
    }

    /// The error for a missing object, unless the reference is optional.
    fn lacks(&self, kind: Kind, name: &str, reference: &Value, context: Context) -> Option<Lack> {
        let optional = reference.get("optional").and_then(Value::as_bool).unwrap_or(false);
        let there = context.tables.find(kind, &self.key.namespace, name).is_some();
        let error = || format!("{} \"{name}\" not found", kind.info().singular);
        (!optional && !there).then(|| Lack { error: error(), missing: Obstacle::Missing(kind, name.into()) })
    }

    /// If a volume cannot be mounted, reports it and retries with back-off.
    pub(super) fn mount_fails(&mut self, turn: &mut Turn) -> bool {
        let Some((volume, why)) = self.missing_volume(turn.context) else { return false };
        let message = format!("MountVolume.SetUp failed for volume \"{volume}\" : {}", why.error);
        self.says(turn, EventType::Warning, "FailedMount", message, None);
        self.decide(turn, Verdict::Waits, why.into());
        let pause = super::process::Process::back_off(MOUNT_AGAIN_FIRST, MOUNT_AGAIN_MOST, self.mounts_failed);
        self.mounts_failed += 1;
        turn.effects.timers.push((pause, Timer::Start));
        true
    }

    /// The error for a container's first variable that refers to something missing.
    fn missing_variable(&self, container: &str, context: Context) -> Option<Lack> {
        let lists = ["initContainers", "containers"].into_iter().flat_map(|list| self.template.raw.list_at(&[list]));
        let container = lists.into_iter().find(|c| c.text_at(&["name"]) == Some(container))?;
        let whole = container.list_at(&["envFrom"]).iter().find_map(|from| {
            SOURCES.iter().find_map(|(kind, .., all)| {
                let reference = from.get(all)?;
                self.lacks(*kind, reference.text_at(&["name"])?, reference, context)
            })
        });
        whole.or_else(|| {
            container.list_at(&["env"]).iter().find_map(|variable| {
                SOURCES.iter().find_map(|(kind, _, _, key, _)| self.lacks_key(*kind, variable.at(&["valueFrom", key])?, context))
            })
        })
    }

    fn lacks_key(&self, kind: Kind, reference: &Value, context: Context) -> Option<Lack> {
        let (name, key) = (reference.text_at(&["name"])?, reference.text_at(&["key"])?);
        let optional = reference.get("optional").and_then(Value::as_bool).unwrap_or(false);
        let namespace = &self.key.namespace;
        let Some(object) = context.tables.find(kind, namespace, name).map(Object::encode) else {
            return self.lacks(kind, name, reference, context);
        };
        let there = ["data", "binaryData"].iter().any(|data| object.at(&[data, key]).is_some());
        let error = || format!("couldn't find key {key} in {kind} {namespace}/{name}");
        (!optional && !there).then(|| Lack { error: error(), missing: Obstacle::MissingKey(kind, name.into(), key.into()) })
    }

    /// If a container cannot be created because its variables refer to something missing, reports it and retries later.
    pub(super) fn config_fails(&mut self, i: usize, turn: &mut Turn) -> bool {
        let name = Rc::clone(&self.processes[i].name);
        let found = if turn.context.timing.real_nodes { self.missing_variable(&name, turn.context) } else { None };
        let Some(why) = found else { return false };
        self.says(turn, EventType::Warning, "Failed", format!("Error: {}", why.error), Some(&name));
        let process = &mut self.processes[i];
        process.state = ContainerState::Waiting { reason: "CreateContainerConfigError".into(), message: why.error.clone().into() };
        turn.effects.timers.push((SYNC_AGAIN, Timer::Restart(process.incarnation(i))));
        self.decide(turn, Verdict::Waits, why.into());
        true
    }
}
