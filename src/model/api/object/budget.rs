//! PodDisruptionBudgets: how many pods of an application may be down at once because of voluntary disruptions.

use base::given::{InsertGiven, SetGiven};
use base::sorted::SortedMap;

use super::int_or_percent::IntOrPercent;
use super::meta::{Labels, Meta, Name};
use super::parsed::{Parse, Parsed};
use super::pod_status::{Condition, rewritten};
use super::selector::Selector;
use base::time::Time;
use base::value::{Map, Value, members};
use base::word::Word;

/// The condition that says whether a disruption is allowed.
const DISRUPTION_ALLOWED: &str = "DisruptionAllowed";

/// How many pods of an application must stay healthy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// At least this many.
    MinAvailable(IntOrPercent),
    /// All but this many.
    MaxUnavailable(IntOrPercent),
    /// Not specified.
    Unsaid,
}

/// A PodDisruptionBudget. Models policy/v1 PodDisruptionBudget.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DisruptionBudget {
    pub meta: Meta,
    /// What it asks for.
    pub spec: Parsed<BudgetSpec>,
    /// The status its controller last wrote, less the evictions granted since.
    pub status: BudgetStatus,
}

/// `spec` of a PodDisruptionBudget.
pub struct BudgetSpec {
    /// Selects the pods it covers; `None` selects none.
    pub selector: Option<Selector>,
    /// How many of them must stay healthy.
    pub kept: Kept,
    /// Whether unhealthy pods may always be evicted: `unhealthyPodEvictionPolicy: AlwaysAllow`.
    pub unhealthy_may_go: bool,
}

/// `status` of a PodDisruptionBudget.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct BudgetStatus {
    /// The generation that the counters refer to; 0 before the first sync.
    pub observed_generation: i64,
    /// How many pods may be evicted now.
    pub disruptions_allowed: i64,
    /// How many pods are healthy.
    pub current_healthy: i64,
    /// How many pods must be healthy.
    pub desired_healthy: i64,
    /// How many pods are expected.
    pub expected_pods: i64,
    /// Pods whose eviction was granted but that are not seen terminating yet, with the time of the grant.
    pub disrupted_pods: SortedMap<Name, Time>,
    /// The `DisruptionAllowed` condition, once computed.
    pub condition: Option<Condition>,
}

impl DisruptionBudget {
    /// Whether it covers a pod with these labels.
    pub fn selects(&self, labels: &Labels) -> bool {
        self.spec.selector.as_ref().is_some_and(|s| s.matches(labels))
    }
}

impl Parse for BudgetSpec {
    fn parse(spec: &Value) -> Self {
        let share = |key: &str| spec.get(key).and_then(IntOrPercent::decode);
        let kept = match (share("maxUnavailable"), share("minAvailable")) {
            (Some(most), _) => Kept::MaxUnavailable(most),
            (None, Some(least)) => Kept::MinAvailable(least),
            (None, None) => Kept::Unsaid,
        };
        BudgetSpec {
            selector: spec.get("selector").filter(|s| **s != Value::Null).map(Selector::decode),
            kept,
            unhealthy_may_go: spec.text_at(&["unhealthyPodEvictionPolicy"]) == Some("AlwaysAllow"),
        }
    }
}

impl BudgetStatus {
    /// Sets the condition that follows from its numbers. Models k8s.io/component-helpers' pdb
    /// UpdateDisruptionAllowedCondition.
    #[must_use]
    pub fn judged(mut self, now: Time) -> Self {
        let allowed = self.disruptions_allowed > 0;
        self.condition = Some(self.condition(allowed, now).because(if allowed { "SufficientPods" } else { "InsufficientPods" }, ""));
        self
    }

    /// Allows no disruption, because the numbers could not be found. Models disruption.go failSafe.
    #[must_use]
    pub fn failed(mut self, error: Word, now: Time) -> Self {
        self.disruptions_allowed = 0;
        self.condition = Some(self.condition(false, now).because("SyncFailed", error));
        self
    }

    fn condition(&self, allowed: bool, now: Time) -> Condition {
        let since = self.condition.as_ref().filter(|c| c.status == allowed.into()).map_or(now, |c| c.since);
        Condition::new(DISRUPTION_ALLOWED, allowed, since)
    }

    /// Decodes a status written by a user.
    pub fn decode(status: &Value) -> Self {
        let number = |key: &str| status.int_at(&[key]).unwrap_or(0);
        let disrupted = members(status.get("disruptedPods").and_then(Value::as_map));
        let told = rewritten(&[], status.list_at(&["conditions"])).into_iter().find(|told| told.kind == *DISRUPTION_ALLOWED);
        BudgetStatus {
            observed_generation: number("observedGeneration"),
            disruptions_allowed: number("disruptionsAllowed"),
            current_healthy: number("currentHealthy"),
            desired_healthy: number("desiredHealthy"),
            expected_pods: number("expectedPods"),
            disrupted_pods: disrupted.filter_map(|(k, v)| Some((k.clone(), Time::parse_rfc3339(v.as_text()?)?))).collect(),
            condition: told.map(|told| Condition { observed: 0, ..told }),
        }
    }

    /// Encodes it as the API server returns it.
    pub fn encode(&self) -> Value {
        let mut m = Map::new();
        if let Some(c) = &self.condition {
            let mut condition = Value::of([
                ("lastTransitionTime", Value::from(c.since.rfc3339())),
                ("message", (&c.message).into()),
                ("reason", (&c.reason).into()),
                ("status", c.status.word().into()),
                ("type", (&c.kind).into()),
            ]);
            condition.set_filled(&["observedGeneration"], self.observed_generation);
            m.insert("conditions", Value::list([condition]));
        }
        m.insert("currentHealthy", self.current_healthy);
        m.insert("desiredHealthy", self.desired_healthy);
        m.insert_filled("disruptedPods", Value::of(self.disrupted_pods.iter().map(|(pod, at)| (pod.clone(), Value::from(at.rfc3339())))));
        m.insert("disruptionsAllowed", self.disruptions_allowed);
        m.insert("expectedPods", self.expected_pods);
        m.insert_filled("observedGeneration", self.observed_generation);
        m.into()
    }
}
