//! Pods, and the templates that pods are made from.

use std::rc::Rc;

pub use super::container::{Container, ContainerPort, Hook, Probe, ProbeAction};
use super::frame::header;
use super::meta::{Labels, Meta, Name, decode_labels, encode_labels};
use super::parsed::{Parse, Parsed};
pub use super::pod_status::{
    CRASH_LOOP_BACK_OFF, Condition, ContainerState, ContainerStatus, DEADLINE_EXCEEDED, ERR_IMAGE_NEVER_PULL, ERR_IMAGE_PULL,
    IMAGE_PULL_BACK_OFF, Ip, PodPhase, PodStatus, START_ERROR, STATUS_UNKNOWN, Terminated, Truth, encode_condition,
};
use super::pod_status::{encode_container, encode_ephemeral_container};
use super::resources::qos_class;
use super::scheduling::SchedulingRules;
use crate::admit::{add_token_volume, admit_pod_spec};
use crate::kind::Kind;
use base::given::InsertGiven;
use base::list::List;
use base::time::{Span, Time};
use base::value::{Map, Value};

/// The default of `terminationGracePeriodSeconds`, in seconds.
pub const GRACE_PERIOD_SECONDS: i64 = 30;

/// `restartPolicy`: whether a container that exited is restarted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RestartPolicy {
    /// Whatever the exit code.
    #[default]
    Always,
    /// If the exit code is not 0.
    OnFailure,
    Never,
}

impl RestartPolicy {
    /// Whether a container that exited with this code is restarted.
    pub fn restarts_after(self, exit_code: i64) -> bool {
        match self {
            RestartPolicy::Always => true,
            RestartPolicy::OnFailure => exit_code != 0,
            RestartPolicy::Never => false,
        }
    }
}

/// What the simulation reads of what the pods of one template share: labels, annotations and finalizers, and the admitted pod spec.
pub struct PodTemplate {
    pub labels: Labels,
    pub annotations: Labels,
    /// Finalizers of the template; a pod's own are in its metadata.
    pub finalizers: List<Name>,
    /// The whole pod spec.
    pub raw: Value,
    pub containers: Vec<Container>,
    pub init_containers: Vec<Container>,
    /// Those that were added to a pod to look into it; templates have none.
    pub ephemeral_containers: Vec<Container>,
    /// `restartPolicy`.
    pub restart: RestartPolicy,
    /// `terminationGracePeriodSeconds`.
    pub grace: i64,
    /// `activeDeadlineSeconds`: how long it may be active on its node.
    pub deadline: Option<i64>,
    /// `hostname` of a bare pod; a StatefulSet overrides it.
    pub hostname: Name,
    /// `subdomain` of a bare pod; a StatefulSet overrides it.
    pub subdomain: Name,
    /// Volumes backed by claims.
    pub claims: Vec<ClaimVolume>,
    /// Volumes that describe the claim to be made for each pod.
    pub ephemeral: Vec<Name>,
    /// `tolerations`.
    pub tolerations: Vec<Toleration>,
    /// The other fields that the scheduler acts on.
    pub scheduling: SchedulingRules,
}

/// A volume backed by a claim.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClaimVolume {
    /// The volume's name in the pod.
    pub volume: Name,
    /// The claim's name.
    pub claim: Name,
    /// Whether the claim is made for the pod, and goes with it.
    pub ephemeral: bool,
}

/// A taint that a pod tolerates. Models v1.Toleration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toleration {
    /// Empty with `Exists` tolerates every key.
    pub key: Name,
    /// `Exists` rather than `Equal`.
    pub exists: bool,
    /// Compared unless `exists`.
    pub value: Name,
    /// Empty tolerates every effect.
    pub effect: Name,
    /// How long a `NoExecute` taint is tolerated; `None` for ever.
    pub seconds: Option<i64>,
}

impl PodTemplate {
    /// `nodeName`: the node its pods are bound to from the start, bypassing the scheduler.
    pub fn node(&self) -> Option<Name> {
        self.raw.at(&["nodeName"]).and_then(Value::as_shared_text).filter(|name| !name.is_empty())
    }

    /// Whether its pods share their node's network: `hostNetwork`.
    pub fn on_host(&self) -> bool {
        self.raw.get("hostNetwork").and_then(Value::as_bool) == Some(true)
    }

    /// Those that a pod begins with: init containers, then the regular ones.
    pub fn declared_containers(&self) -> impl Iterator<Item = &Container> {
        self.init_containers.iter().chain(&self.containers)
    }

    /// The same, then the ephemeral ones.
    pub fn all_containers(&self) -> impl Iterator<Item = &Container> {
        self.declared_containers().chain(&self.ephemeral_containers)
    }

    /// Reads a `PodTemplateSpec` the way the pods created from it will be: with what admission adds.
    pub fn decode(template: &Value) -> Parsed<PodTemplate> {
        let mut metadata = template.get("metadata").cloned().unwrap_or_default();
        metadata.make_map().retain(|key, _| ["annotations", "finalizers", "labels"].contains(&key));
        Parsed::new(Value::of([("metadata", metadata), ("spec", admit_pod_spec(template.get("spec").unwrap_or(&Value::Null)))]))
    }
}

impl Parse for PodTemplate {
    fn parse(template: &Value) -> Self {
        let spec = template.get("spec").unwrap_or(&Value::Null);
        let text = |key: &str| spec.get(key).and_then(Value::as_shared_text).unwrap_or_default();
        PodTemplate {
            labels: decode_labels(template.at(&["metadata", "labels"])),
            annotations: decode_labels(template.at(&["metadata", "annotations"])),
            finalizers: template.list_at(&["metadata", "finalizers"]).iter().filter_map(Value::as_shared_text).collect(),
            containers: spec.list_at(&["containers"]).iter().map(Container::decode).collect(),
            init_containers: spec.list_at(&["initContainers"]).iter().map(Container::decode).collect(),
            ephemeral_containers: spec.list_at(&["ephemeralContainers"]).iter().map(Container::decode).collect(),
            restart: match spec.text_at(&["restartPolicy"]) {
                Some("OnFailure") => RestartPolicy::OnFailure,
                Some("Never") => RestartPolicy::Never,
                _ => RestartPolicy::Always,
            },
            grace: spec.int_at(&["terminationGracePeriodSeconds"]).unwrap_or(GRACE_PERIOD_SECONDS),
            deadline: spec.int_at(&["activeDeadlineSeconds"]),
            hostname: text("hostname"),
            subdomain: text("subdomain"),
            claims: spec.list_at(&["volumes"]).iter().filter_map(ClaimVolume::decode).collect(),
            ephemeral: spec.list_at(&["volumes"]).iter().filter_map(ephemeral).collect(),
            tolerations: spec.list_at(&["tolerations"]).iter().map(Toleration::decode).collect(),
            scheduling: SchedulingRules::decode(spec),
            raw: spec.clone(),
        }
    }
}

/// The name of a volume that describes a claim of its own.
fn ephemeral(volume: &Value) -> Option<Name> {
    volume.get("ephemeral").and_then(|_| volume.get("name")?.as_shared_text())
}

impl ClaimVolume {
    fn decode(volume: &Value) -> Option<Self> {
        let claim = volume.at(&["persistentVolumeClaim", "claimName"])?.as_shared_text()?;
        Some(ClaimVolume { volume: volume.get("name")?.as_shared_text()?, claim, ephemeral: false })
    }

    /// The volume that mounts it.
    pub fn encode(&self) -> Value {
        let source = Value::of([("claimName", &self.claim)]);
        Value::of([("name", Value::from(&self.volume)), ("persistentVolumeClaim", source)])
    }
}

impl Toleration {
    fn decode(value: &Value) -> Self {
        let text = |key: &str| value.get(key).and_then(Value::as_shared_text).unwrap_or_default();
        Toleration {
            key: text("key"),
            exists: value.text_at(&["operator"]) == Some("Exists"),
            value: text("value"),
            effect: text("effect"),
            seconds: value.int_at(&["tolerationSeconds"]),
        }
    }

    /// Whether it tolerates this taint. Models pkg/apis/core/v1/helper ToleratesTaint.
    pub fn tolerates(&self, key: &str, value: &str, effect: &str) -> bool {
        (self.effect.is_empty() || *self.effect == *effect)
            && (self.key.is_empty() && self.exists || *self.key == *key)
            && (self.exists || *self.value == *value)
    }
}

/// A pod. Models v1.Pod.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pod {
    pub meta: Meta,
    /// What it shares with the other pods of its template, and what is its own. Only `template` ever changes, by an allowed edit.
    pub spec: Rc<PodSpec>,
    /// `spec.nodeName`, once bound.
    pub node: Option<Name>,
    pub status: PodStatus,
}

/// A pod's spec: its template and its identity.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PodSpec {
    /// The template it was created from.
    pub template: Parsed<PodTemplate>,
    /// `hostname`; empty if unset.
    pub hostname: Name,
    /// `subdomain`; empty if unset.
    pub subdomain: Name,
    /// Claims added by a StatefulSet, listed before the template's volumes.
    pub claims: Vec<ClaimVolume>,
    /// The claims of the template's ephemeral volumes, as soon as the pod has a name.
    pub ephemeral: Vec<ClaimVolume>,
}

/// The condition that says whether a pod is ready to serve.
pub const READY: &str = "Ready";
/// The condition that says why a pod is about to be terminated.
pub const DISRUPTION_TARGET: &str = "DisruptionTarget";
/// Its reason if the pod is preempted.
pub const PREEMPTION_BY_SCHEDULER: &str = "PreemptionByScheduler";
/// The condition that says whether a pod has been scheduled.
pub const POD_SCHEDULED: &str = "PodScheduled";
/// The condition that says whether a pod's init containers have completed.
pub const INITIALIZED: &str = "Initialized";

/// Whether a pod that is Ready since then has been so for long enough. Models pkg/api/v1/pod/util.go `IsPodAvailable`.
pub fn is_available(ready_since: Option<Time>, min_ready: Span, now: Time) -> bool {
    ready_since.is_some_and(|since| since + min_ready <= now)
}

impl Pod {
    /// The condition of this type.
    pub fn condition(&self, kind: &str) -> Option<&Condition> {
        self.status.conditions.iter().find(|c| c.kind == *kind)
    }

    /// Whether it is being preempted by a pod of higher priority. Models pkg/scheduler/framework/preemption
    /// PodTerminatingByPreemption.
    pub fn preempted(&self) -> bool {
        self.condition(DISRUPTION_TARGET).is_some_and(|c| c.status == Truth::True && c.reason == *PREEMPTION_BY_SCHEDULER)
    }

    /// Whether its Ready condition is True.
    pub fn ready(&self) -> bool {
        self.condition(READY).is_some_and(|c| c.status == Truth::True)
    }

    /// Since when it is Ready, if it is, as its condition tells it: in whole seconds.
    pub fn ready_since(&self) -> Option<Time> {
        self.condition(READY).filter(|c| c.status == Truth::True).map(|c| c.since.stamp())
    }

    /// Whether it has been Ready for so long.
    pub fn is_available(&self, min_ready: Span, now: Time) -> bool {
        is_available(self.ready_since(), min_ready, now)
    }

    /// The finalizer that alone keeps a pod that is being deleted: nothing of it runs any more, or ever did.
    pub fn held_by(&self) -> Option<&Name> {
        let over = self.meta.deletion.is_some_and(|d| d.grace == 0) && (self.node.is_none() || self.status.phase.terminal());
        self.meta.finalizers.first().filter(|_| over)
    }

    /// Every claim it mounts: those from its StatefulSet, then those of its template whose volume name is not taken.
    pub fn claim_volumes(&self) -> impl Iterator<Item = &ClaimVolume> {
        let own = &self.spec.claims;
        let others = self.spec.template.claims.iter().chain(&self.spec.ephemeral);
        own.iter().chain(others.filter(|c| !own.iter().any(|o| o.volume == c.volume)))
    }

    /// Names the claims of its ephemeral volumes after it. Models k8s.io/component-helpers/storage/ephemeral VolumeClaimName.
    pub fn name_claims(&mut self) {
        let (pod, volumes) = (&self.meta.name, &self.spec.template.ephemeral);
        if volumes.is_empty() || pod.is_empty() {
            return;
        }
        let claim = |volume: &Name| ClaimVolume { volume: volume.clone(), claim: format!("{pod}-{volume}").into(), ephemeral: true };
        let claims = volumes.iter().map(claim).collect();
        Rc::make_mut(&mut self.spec).ephemeral = claims;
    }

    /// Sets a condition; keeps the last transition time if the status stays the same.
    pub fn set_condition(&mut self, mut condition: Condition) {
        if let Some(old) = self.status.conditions.iter_mut().find(|c| c.kind == condition.kind) {
            if old.status == condition.status {
                condition.since = old.since;
            }
            *old = condition;
        } else {
            self.status.conditions.reserve_exact(1);
            self.status.conditions.push(condition);
        }
    }

    /// Decodes a pod.
    pub fn decode(object: &Value) -> Self {
        let meta = Meta::decode(object);
        let mut spec = object.get("spec").cloned().unwrap_or_default();
        let node = spec.remove(&["nodeName"]).and_then(|n| n.as_shared_text());
        let metadata = [("annotations", &meta.annotations), ("labels", &meta.labels)].map(|(key, texts)| (key, encode_labels(texts)));
        let template: Parsed<PodTemplate> = Parsed::new(Value::of([("metadata", Value::of(metadata)), ("spec", spec)]));
        let (hostname, subdomain) = (Rc::clone(&template.hostname), Rc::clone(&template.subdomain));
        let spec = PodSpec { template, hostname, subdomain, claims: Vec::new(), ephemeral: Vec::new() };
        let mut pod = Pod { meta, spec: Rc::new(spec), node, status: PodStatus::default() };
        pod.name_claims();
        pod
    }

    /// Encodes the pod as the API server returns it.
    pub fn encode(&self) -> Value {
        let mut object = header(Kind::Pod, &self.meta);
        object.insert("spec", self.encode_spec());
        object.insert("status", self.encode_status());
        object.into()
    }

    /// Encodes the spec as the API server returns it.
    fn encode_spec(&self) -> Value {
        let mut spec = self.spec.template.raw.clone();
        let map = spec.make_map();
        for (key, value) in [("hostname", &self.spec.hostname), ("subdomain", &self.spec.subdomain)] {
            // A set without a Service empties what its template says.
            if value.is_empty() {
                map.remove(key);
            } else {
                map.insert(key, value);
            }
        }
        map.insert_some("nodeName", self.node.as_ref());
        if !self.spec.claims.is_empty() {
            let mut volumes: Vec<Value> = self.spec.claims.iter().map(ClaimVolume::encode).collect();
            let taken = |v: &Value| self.spec.claims.iter().any(|c| v.text_at(&["name"]) == Some(&c.volume));
            volumes.extend(self.spec.template.raw.list_at(&["volumes"]).iter().filter(|v| !taken(v)).cloned());
            map.insert("volumes", volumes);
        }
        add_token_volume(&mut spec, self.meta.uid);
        spec
    }

    fn encode_status(&self) -> Value {
        let s = &self.status;
        let mut m = Map::new();
        if !s.conditions.is_empty() {
            let show = |c: &Condition| encode_condition(c, true);
            m.insert("conditions", Value::list(s.conditions.iter().map(show)));
        }
        for (key, list) in [("containerStatuses", &s.containers), ("initContainerStatuses", &s.init_containers)] {
            m.insert_filled(key, Value::list(list.iter().map(|c| encode_container(c, &self.meta))));
        }
        let ephemeral = s.ephemeral_containers.iter().map(|c| encode_ephemeral_container(c, &self.meta));
        m.insert_filled("ephemeralContainerStatuses", Value::list(ephemeral));
        if let Some(ip) = s.host_ip {
            m.insert("hostIP", ip.to_string());
            m.insert("hostIPs", Value::list([Value::of([("ip", ip.to_string())])]));
        }
        for (key, word) in [("message", &s.message), ("reason", &s.reason)] {
            m.insert_filled(key, word);
        }
        m.insert_filled("nominatedNodeName", &s.nominated);
        m.insert_filled("observedGeneration", s.observed);
        m.insert("phase", s.phase.word());
        if let Some(ip) = s.ip {
            m.insert("podIP", ip.to_string());
            m.insert("podIPs", Value::list([Value::of([("ip", ip.to_string())])]));
        }
        m.insert("qosClass", qos_class(&self.spec.template.raw));
        m.insert_some("startTime", s.started.map(Time::rfc3339));
        m.into()
    }
}
