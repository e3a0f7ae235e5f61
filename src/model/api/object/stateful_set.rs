//! StatefulSets and their ControllerRevisions.

use std::rc::Rc;

use super::frame::header;
use super::meta::{Labels, Meta, Name, decode_labels};
use super::parsed::{Parse, Parsed};
use super::pod::PodTemplate;
use super::pod_status::{Condition, decode_condition, encode_condition};
use super::selector::Selector;
use crate::kind::Kind;
use base::decimal::push_number;
use base::given::InsertGiven;
use base::value::{Map, Value};

/// The fields of a set's spec that no update changes, in the order in which errors are reported.
pub const IMMUTABLE_FIELDS: [&str; 4] = ["selector", "volumeClaimTemplates", "serviceName", "podManagementPolicy"];

/// `podManagementPolicy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PodManagementPolicy {
    /// One pod at a time, created from the lowest ordinal up and deleted from the highest down.
    OrderedReady,
    /// All at once.
    Parallel,
}

/// `updateStrategy.type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateStrategy {
    /// Pods are replaced one after another, highest ordinal first.
    RollingUpdate,
    /// Pods get the new revision only when a user deletes them.
    OnDelete,
    /// All pods are deleted, then created anew.
    Recreate,
}

/// `updateStrategy.rollingUpdate`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollingUpdate {
    /// How many ordinals, counted from the lowest, keep the old revision.
    pub partition: i64,
    /// `maxUnavailable` as written: a number or a percentage.
    pub max_unavailable: Option<Value>,
}

/// `persistentVolumeClaimRetentionPolicy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimRetention {
    /// Whether claims are deleted with the set.
    pub delete_when_deleted: bool,
    /// Whether a claim is deleted with its pod when the set is scaled down.
    pub delete_when_scaled: bool,
}

/// An item of `volumeClaimTemplates`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimTemplate {
    /// Its name: the name of the volume in the pod and the prefix of the claim's.
    pub name: Name,
    /// Metadata of its claims, whose labels are overridden by the selector's.
    pub meta: Meta,
    /// `spec` of its claims.
    pub spec: Value,
}

/// A StatefulSet. Models apps/v1 StatefulSet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StatefulSet {
    pub meta: Meta,
    /// The desired state.
    pub spec: Parsed<StatefulSetSpec>,
    /// The status its controller last wrote.
    pub status: StatefulSetStatus,
}

/// `spec` of a StatefulSet.
pub struct StatefulSetSpec {
    /// The desired number of pods.
    pub replicas: i64,
    /// The lowest ordinal.
    pub start: i64,
    /// The name of the governing Service.
    pub service_name: Name,
    /// Selects the pods that can belong to it.
    pub selector: Selector,
    /// `selector.matchLabels`, which are copied to its claims.
    pub match_labels: Labels,
    pub template: Parsed<PodTemplate>,
    pub claim_templates: Vec<ClaimTemplate>,
    /// Ordered or parallel.
    pub policy: PodManagementPolicy,
    /// How a changed template reaches the pods.
    pub strategy: UpdateStrategy,
    /// `updateStrategy.rollingUpdate`; may be absent even with `RollingUpdate`.
    pub rolling_update: Option<RollingUpdate>,
    /// How many unused revisions to keep; negative keeps all.
    pub revision_history_limit: i64,
    /// Seconds a pod has to be Ready to count as available.
    pub min_ready_seconds: i64,
    /// What happens to claims when pods or the set go.
    pub retention: ClaimRetention,
}

/// `status` of a StatefulSet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct StatefulSetStatus {
    /// The generation that the counters refer to; 0 before the first sync.
    pub observed_generation: i64,
    /// Pods that exist.
    pub replicas: i64,
    /// Running and Ready.
    pub ready: i64,
    /// At the current revision, not terminating.
    pub current: i64,
    /// At the update revision, not terminating.
    pub updated: i64,
    /// Ready for `minReadySeconds`.
    pub available: i64,
    /// The last revision whose rollout completed.
    pub current_revision: Name,
    /// The revision of the current template.
    pub update_revision: Name,
    /// How many revision name collisions occurred; `None` before the first sync.
    pub collision_count: Option<i64>,
    pub conditions: Vec<Condition>,
}

impl StatefulSet {
    /// Whether a pod made for an ordinal gets the current revision and not the update; `current` pods have the current one.
    pub fn keeps_current(&self, ordinal: i64, current: i64) -> bool {
        match (&self.spec.rolling_update, self.spec.strategy) {
            (Some(_), _) => ordinal < self.first_updated(),
            (None, UpdateStrategy::RollingUpdate) => ordinal < self.spec.start + current,
            (None, _) => false,
        }
    }

    /// The ordinal, counted from the first one, below which pods keep their revision in a rollout; 0 where none is set.
    pub fn partition(&self) -> i64 {
        self.spec.rolling_update.as_ref().map_or(0, |rolling| rolling.partition)
    }

    /// The first ordinal that a rollout reaches: the partition is counted from the first one.
    pub fn first_updated(&self) -> i64 {
        self.spec.start.saturating_add(self.partition())
    }

    /// The name of the pod with this ordinal.
    pub fn pod_name(&self, ordinal: i64) -> Name {
        numbered(&[&self.meta.name], ordinal)
    }

    /// The ordinal in a pod's name, where the name is one that the set gives.
    pub fn ordinal_of(&self, pod: &str) -> Option<i64> {
        let (parent, ordinal) = parent_and_ordinal(pod).filter(|_| writes_ordinal(pod))?;
        (*parent == *self.meta.name).then_some(ordinal)
    }

    /// The template and the ordinal in a claim's name, where the name is one that the set gives.
    pub fn of_claim(&self, claim: &str) -> Option<(&ClaimTemplate, i64)> {
        self.spec.claim_templates.iter().find_map(|template| {
            let pod = claim.strip_prefix(&*template.name)?.strip_prefix('-')?;
            Some((template, self.ordinal_of(pod)?))
        })
    }

    /// The desired ordinals, lowest first.
    pub fn ordinals(&self) -> std::ops::Range<i64> {
        self.spec.start..self.spec.start.saturating_add(self.spec.replicas)
    }

    /// Whether pods are created and deleted without waiting for each other.
    pub fn parallel(&self) -> bool {
        self.spec.policy == PodManagementPolicy::Parallel
    }
}

/// Parts of a name and an ordinal, each set off by a dash.
fn numbered(parts: &[&str], ordinal: i64) -> Name {
    let mut name = String::with_capacity(64);
    for part in parts {
        name += part;
        name.push('-');
    }
    push_number(&mut name, ordinal);
    name.into()
}

impl ClaimTemplate {
    /// The name of a claim: template, set and ordinal, as in `www-web-0`.
    pub fn claim_name(&self, set: &str, ordinal: i64) -> Name {
        numbered(&[&self.name, set], ordinal)
    }

    fn decode(value: &Value) -> Self {
        let meta = Meta::decode(value);
        ClaimTemplate { name: Rc::clone(&meta.name), meta, spec: value.get("spec").cloned().unwrap_or_default() }
    }
}

impl Parse for StatefulSetSpec {
    fn parse(raw: &Value) -> Self {
        let rolling = raw
            .at(&["updateStrategy", "rollingUpdate"])
            .map(|r| RollingUpdate { partition: r.int_at(&["partition"]).unwrap_or(0), max_unavailable: r.get("maxUnavailable").cloned() });
        let delete = |key: &str| raw.text_at(&["persistentVolumeClaimRetentionPolicy", key]) == Some("Delete");
        StatefulSetSpec {
            replicas: raw.int_at(&["replicas"]).unwrap_or(1),
            start: raw.int_at(&["ordinals", "start"]).unwrap_or(0),
            service_name: raw.get("serviceName").and_then(Value::as_shared_text).unwrap_or_default(),
            selector: raw.get("selector").map(Selector::decode).unwrap_or_default(),
            match_labels: decode_labels(raw.at(&["selector", "matchLabels"])),
            template: PodTemplate::decode(raw.get("template").unwrap_or(&Value::Null)),
            claim_templates: raw.list_at(&["volumeClaimTemplates"]).iter().map(ClaimTemplate::decode).collect(),
            policy: match raw.text_at(&["podManagementPolicy"]) {
                Some("Parallel") => PodManagementPolicy::Parallel,
                _ => PodManagementPolicy::OrderedReady,
            },
            strategy: match raw.text_at(&["updateStrategy", "type"]) {
                Some("OnDelete") => UpdateStrategy::OnDelete,
                Some("Recreate") => UpdateStrategy::Recreate,
                _ => UpdateStrategy::RollingUpdate,
            },
            rolling_update: rolling,
            revision_history_limit: raw.int_at(&["revisionHistoryLimit"]).unwrap_or(10),
            min_ready_seconds: raw.int_at(&["minReadySeconds"]).unwrap_or(0),
            retention: ClaimRetention { delete_when_deleted: delete("whenDeleted"), delete_when_scaled: delete("whenScaled") },
        }
    }
}

impl StatefulSetStatus {
    /// Decodes a status.
    pub fn decode(value: &Value) -> Self {
        let number = |key: &str| value.int_at(&[key]).unwrap_or(0);
        let name = |key: &str| value.get(key).and_then(Value::as_shared_text).unwrap_or_default();
        StatefulSetStatus {
            observed_generation: number("observedGeneration"),
            replicas: number("replicas"),
            ready: number("readyReplicas"),
            current: number("currentReplicas"),
            updated: number("updatedReplicas"),
            available: number("availableReplicas"),
            current_revision: name("currentRevision"),
            update_revision: name("updateRevision"),
            collision_count: value.int_at(&["collisionCount"]),
            conditions: value.list_at(&["conditions"]).iter().map(decode_condition).collect(),
        }
    }

    /// Encodes it as the API server returns it.
    pub fn encode(&self) -> Value {
        let mut m = Map::new();
        m.insert("availableReplicas", self.available);
        m.insert("replicas", self.replicas);
        let counted = [
            ("observedGeneration", self.observed_generation),
            ("readyReplicas", self.ready),
            ("currentReplicas", self.current),
            ("updatedReplicas", self.updated),
        ];
        for (key, n) in counted {
            m.insert_filled(key, n);
        }
        for (key, name) in [("currentRevision", &self.current_revision), ("updateRevision", &self.update_revision)] {
            m.insert_filled(key, name);
        }
        m.insert_some("collisionCount", self.collision_count);
        m.insert_filled("conditions", Value::list(self.conditions.iter().map(|c| encode_condition(c, false))));
        m.into()
    }
}

/// A revision of a pod template. Models apps/v1 ControllerRevision.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ControllerRevision {
    pub meta: Meta,
    /// Its number; the highest is the newest.
    pub number: i64,
    /// The patch that restores the template.
    pub data: Parsed<RevisionData>,
}

/// `data` of a ControllerRevision.
pub struct RevisionData {
    /// The restored template.
    pub template: Parsed<PodTemplate>,
}

impl Parse for RevisionData {
    fn parse(data: &Value) -> Self {
        RevisionData { template: PodTemplate::decode(data.at(&["spec", "template"]).unwrap_or(&Value::Null)) }
    }
}

impl ControllerRevision {
    /// Decodes a revision.
    pub fn decode(object: &Value) -> Self {
        let data = Parsed::new(object.get("data").cloned().unwrap_or_default());
        ControllerRevision { meta: Meta::decode(object), number: object.int_at(&["revision"]).unwrap_or(0), data }
    }

    /// Encodes it as the API server returns it.
    pub fn encode(&self) -> Value {
        let mut object = header(Kind::ControllerRevision, &self.meta);
        object.insert("data", self.data.value().clone());
        object.insert("revision", self.number);
        object.into()
    }
}

/// The set's name and the ordinal in a pod name that follows the pattern; [`NO_ORDINAL`] if the number is too large for one. `web-01` is
/// read as ordinal 1 of `web`, though no set gives such a name.
/// Models pkg/controller/statefulset/stateful_set_utils.go getParentNameAndOrdinal.
pub fn parent_and_ordinal(pod: &str) -> Option<(&str, i64)> {
    let dash = pod.bytes().rposition(|b| b == b'-')?;
    let (parent, digits) = (&pod[..dash], &pod[dash + 1..]);
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    (is_number && !parent.is_empty()).then(|| (parent, digits.parse::<i32>().map_or(NO_ORDINAL, i64::from)))
}

/// Stands for the ordinal of a pod whose name has a number that is too large: its set owns it and does nothing with it.
pub const NO_ORDINAL: i64 = -1;

/// Whether the ordinal in a pod's name is written as sets write it, without zeros before it.
pub fn writes_ordinal(pod: &str) -> bool {
    let has_zeros = |digits: &str| digits != "0" && digits.starts_with('0');
    parent_and_ordinal(pod).is_some_and(|(parent, ordinal)| ordinal != NO_ORDINAL && !has_zeros(&pod[parent.len() + 1..]))
}
