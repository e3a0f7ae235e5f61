//! Deployments and ReplicaSets.

use super::int_or_percent::IntOrPercent;
use super::meta::Meta;
use super::parsed::{Parse, Parsed};
use super::pod::PodTemplate;
use super::pod_status::{Condition, Truth, decode_condition, encode_condition, time};
use super::selector::Selector;
use crate::well_known::POD_TEMPLATE_HASH;
use base::given::InsertGiven;
use base::time::{Span, Time};
use base::value::{Map, Value};
use base::word::Word;

/// The default `revisionHistoryLimit`. Models pkg/apis/apps/v1/defaults.go SetDefaults_Deployment.
const REVISION_HISTORY_LIMIT: i64 = 10;

/// The largest 32-bit integer, which means "no limit". Models deploymentutil HasProgressDeadline and HasRevisionHistoryLimit.
const NO_LIMIT: i64 = i32::MAX as i64;

/// A Deployment. Models apps/v1 Deployment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Deployment {
    pub meta: Meta,
    /// The desired state.
    pub spec: Parsed<DeploymentSpec>,
    /// The status its controller last wrote.
    pub status: DeploymentStatus,
}

/// `spec` of a Deployment.
pub struct DeploymentSpec {
    /// The desired number of pods.
    pub replicas: i64,
    /// Selects the ReplicaSets and pods that can belong to it.
    pub selector: Selector,
    /// How a changed template reaches the pods.
    pub strategy: DeploymentStrategy,
    /// Seconds a pod has to be Ready to count as available.
    pub min_ready_seconds: i64,
    /// The number of old ReplicaSets to keep; `None` keeps all.
    pub revision_history_limit: Option<i64>,
    /// Whether rollouts are paused.
    pub paused: bool,
    /// How long a rollout may go without progress; `None` for no limit.
    pub progress_deadline: Option<Span>,
}

/// `strategy` of a Deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeploymentStrategy {
    /// New pods are created while old ones are deleted.
    RollingUpdate {
        /// How many pods there may be in excess of the desired number.
        max_surge: IntOrPercent,
        /// How many of the desired pods may be unavailable.
        max_unavailable: IntOrPercent,
    },
    /// All old pods are deleted before the first new one is created.
    Recreate,
}

/// `status` of a Deployment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct DeploymentStatus {
    /// The generation that the counters refer to; 0 before the first sync.
    pub observed_generation: i64,
    /// Pods of all its ReplicaSets.
    pub replicas: i64,
    /// Pods of the newest template.
    pub updated: i64,
    pub ready: i64,
    /// Ready for `minReadySeconds`.
    pub available: i64,
    /// Desired by its ReplicaSets, but not available.
    pub unavailable: i64,
    /// Terminating; `None` until it is known for every ReplicaSet.
    pub terminating: Option<i64>,
    /// How many hash collisions occurred; `None` if none has.
    pub collision_count: Option<i64>,
    /// Conditions, the most recently changed one last.
    pub conditions: Vec<DeploymentCondition>,
}

/// A condition of a Deployment, which also records its last update.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DeploymentCondition {
    pub condition: Condition,
    /// `lastUpdateTime`.
    pub updated: Time,
}

/// A ReplicaSet. Models apps/v1 ReplicaSet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReplicaSet {
    pub meta: Meta,
    /// The desired state.
    pub spec: Parsed<ReplicaSetSpec>,
    /// The status its controller last wrote.
    pub status: ReplicaSetStatus,
}

/// `spec` of a ReplicaSet.
pub struct ReplicaSetSpec {
    /// The desired number of pods.
    pub replicas: i64,
    /// Selects the pods that can belong to it.
    pub selector: Selector,
    pub template: Parsed<PodTemplate>,
    /// Seconds a pod has to be Ready to count as available.
    pub min_ready_seconds: i64,
}

/// `status` of a ReplicaSet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ReplicaSetStatus {
    /// Pods that are neither terminal nor terminating.
    pub replicas: i64,
    /// Those of them with all labels of the template.
    pub fully_labeled: i64,
    /// Those of them that are Ready.
    pub ready: i64,
    /// Those of them that have been Ready for `minReadySeconds`.
    pub available: i64,
    /// Terminating pods; `None` before the first sync.
    pub terminating: Option<i64>,
    /// The generation that the counters refer to; 0 before the first sync.
    pub observed_generation: i64,
    pub conditions: Vec<Condition>,
}

impl Deployment {
    /// `maxSurge` resolved to a number of pods. Models deploymentutil MaxSurge.
    pub fn max_surge(&self) -> i64 {
        match self.spec.strategy {
            DeploymentStrategy::RollingUpdate { max_surge, .. } => max_surge.rounded_up(self.spec.replicas),
            DeploymentStrategy::Recreate => 0,
        }
    }

    /// `maxUnavailable` resolved to a number of pods; 1 if both it and `maxSurge` resolve to 0.
    /// Models deploymentutil MaxUnavailable and ResolveFenceposts.
    pub fn max_unavailable(&self) -> i64 {
        match self.spec.strategy {
            DeploymentStrategy::RollingUpdate { max_unavailable, .. } if self.spec.replicas > 0 => {
                let stuck = i64::from(self.max_surge() == 0);
                max_unavailable.rounded_down(self.spec.replicas).max(stuck).min(self.spec.replicas)
            }
            _ => 0,
        }
    }
}

impl Parse for DeploymentSpec {
    fn parse(raw: &Value) -> Self {
        let rolling = |key: &str| raw.at(&["strategy", "rollingUpdate", key]).and_then(IntOrPercent::decode);
        let number = |key: &str, default: i64| raw.int_at(&[key]).unwrap_or(default);
        let limited = |n: i64| Some(n).filter(|n| *n != NO_LIMIT);
        DeploymentSpec {
            replicas: number("replicas", 1),
            selector: raw.get("selector").map(Selector::decode).unwrap_or_default(),
            strategy: match raw.text_at(&["strategy", "type"]) {
                Some("Recreate") => DeploymentStrategy::Recreate,
                _ => DeploymentStrategy::RollingUpdate {
                    max_surge: rolling("maxSurge").unwrap_or(IntOrPercent::Percent(25)),
                    max_unavailable: rolling("maxUnavailable").unwrap_or(IntOrPercent::Percent(25)),
                },
            },
            min_ready_seconds: number("minReadySeconds", 0),
            revision_history_limit: limited(number("revisionHistoryLimit", REVISION_HISTORY_LIMIT)),
            paused: raw.get("paused").and_then(Value::as_bool).unwrap_or(false),
            progress_deadline: raw.int_at(&["progressDeadlineSeconds"]).and_then(limited).map(Span::of_seconds),
        }
    }
}

impl DeploymentStatus {
    /// The condition of this type.
    pub fn condition(&self, kind: &str) -> Option<&DeploymentCondition> {
        self.conditions.iter().find(|c| c.condition.kind == *kind)
    }

    /// Replaces a condition, moving it to the end, unless status and reason are unchanged. Models deploymentutil SetDeploymentCondition.
    pub fn set_condition(&mut self, mut new: DeploymentCondition) {
        let old = self.condition(&new.condition.kind).map(|c| &c.condition);
        if old.is_some_and(|old| old.status == new.condition.status && old.reason == new.condition.reason) {
            return;
        }
        if let Some(old) = old.filter(|old| old.status == new.condition.status) {
            new.condition.since = old.since;
        }
        self.remove_condition(&new.condition.kind.clone());
        self.conditions.push(new);
    }

    /// Removes a condition.
    pub fn remove_condition(&mut self, kind: &str) {
        self.conditions.retain(|c| c.condition.kind != *kind);
    }

    /// Decodes a status.
    pub fn decode(value: &Value) -> Self {
        let number = |key: &str| value.int_at(&[key]).unwrap_or(0);
        let condition = |c: &Value| {
            let condition = decode_condition(c);
            DeploymentCondition { updated: time(c, "lastUpdateTime").unwrap_or(condition.since), condition }
        };
        DeploymentStatus {
            observed_generation: number("observedGeneration"),
            replicas: number("replicas"),
            updated: number("updatedReplicas"),
            ready: number("readyReplicas"),
            available: number("availableReplicas"),
            unavailable: number("unavailableReplicas"),
            terminating: value.int_at(&["terminatingReplicas"]),
            collision_count: value.int_at(&["collisionCount"]),
            conditions: value.list_at(&["conditions"]).iter().map(condition).collect(),
        }
    }

    /// Encodes it as the API server returns it.
    pub fn encode(&self) -> Value {
        let mut m = counted(&[
            ("observedGeneration", self.observed_generation),
            ("replicas", self.replicas),
            ("updatedReplicas", self.updated),
            ("readyReplicas", self.ready),
            ("availableReplicas", self.available),
            ("unavailableReplicas", self.unavailable),
        ]);
        for (key, n) in [("terminatingReplicas", self.terminating), ("collisionCount", self.collision_count)] {
            m.insert_some(key, n);
        }
        m.insert_filled("conditions", Value::list(self.conditions.iter().map(DeploymentCondition::encode)));
        m.into()
    }
}

impl DeploymentCondition {
    /// A condition that became so now.
    pub fn new(kind: &'static str, status: Truth, now: Time, reason: &'static str, message: impl Into<Word>) -> Self {
        DeploymentCondition { condition: Condition::new(kind, status, now).because(reason, message), updated: now }
    }

    fn encode(&self) -> Value {
        let mut shown = encode_condition(&self.condition, false);
        shown.set(&["lastUpdateTime"], self.updated.rfc3339());
        shown
    }
}

impl Parse for ReplicaSetSpec {
    fn parse(raw: &Value) -> Self {
        ReplicaSetSpec {
            replicas: raw.int_at(&["replicas"]).unwrap_or(1),
            selector: raw.get("selector").map(Selector::decode).unwrap_or_default(),
            template: PodTemplate::decode(raw.get("template").unwrap_or(&Value::Null)),
            min_ready_seconds: raw.int_at(&["minReadySeconds"]).unwrap_or(0),
        }
    }
}

impl ReplicaSetStatus {
    /// Decodes a status.
    pub fn decode(value: &Value) -> Self {
        let number = |key: &str| value.int_at(&[key]).unwrap_or(0);
        ReplicaSetStatus {
            replicas: number("replicas"),
            fully_labeled: number("fullyLabeledReplicas"),
            ready: number("readyReplicas"),
            available: number("availableReplicas"),
            terminating: value.int_at(&["terminatingReplicas"]),
            observed_generation: number("observedGeneration"),
            conditions: value.list_at(&["conditions"]).iter().map(decode_condition).collect(),
        }
    }

    /// Encodes it as the API server returns it.
    pub fn encode(&self) -> Value {
        let mut m = counted(&[
            ("fullyLabeledReplicas", self.fully_labeled),
            ("readyReplicas", self.ready),
            ("availableReplicas", self.available),
            ("observedGeneration", self.observed_generation),
        ]);
        m.insert("replicas", self.replicas);
        m.insert_some("terminatingReplicas", self.terminating);
        m.insert_filled("conditions", Value::list(self.conditions.iter().map(|c| encode_condition(c, false))));
        m.into()
    }
}

/// A template without the hash label that the Deployment controller adds. Models deploymentutil EqualIgnoreHash.
pub fn without_hash(template: &Value) -> Value {
    let mut template = template.clone();
    template.remove(&["metadata", "labels", POD_TEMPLATE_HASH]);
    template
}

/// The counts that are not 0, as members.
fn counted(counts: &[(&str, i64)]) -> Map {
    counts.iter().filter(|(_, n)| *n != 0).map(|(key, n)| (*key, *n)).collect()
}
