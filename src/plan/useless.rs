//! Objects beside a set that a change makes useless: autoscalers that stand still, budgets that let more go than people read in them.

use std::rc::Rc;

use api::client::PatchType;
use api::kind::Kind;
use api::object::budget::{DisruptionBudget, Kept};
use api::object::int_or_percent::IntOrPercent;
use api::object::pod::DISRUPTION_TARGET;
use api::object::{Name, Object, Pod, StatefulSet};
use base::value::Value;
use intake::told::short;
use sim::Sim;
use text::plan::Says;

use crate::notes::Ends;
use crate::sizes::scaler_of;
use crate::watch::between;
use crate::ways::naming;

/// The reason of a pod that was evicted through the API.
const EVICTED: &str = "EvictionByEvictionAPI";

impl Ends<'_> {
    /// The autoscaler of a set that reckons with requests which a container does not have, and did not before.
    pub(crate) fn stands_still(&self, set: &StatefulSet) -> Option<Says> {
        let now = scaler_of(self.after.tables(), set)?;
        let scaler = self.after.tables().get(&now.key)?.encode();
        let was = self.before.tables().stateful_set(&set.meta.namespace, &set.meta.name);
        let stood = |resource: &str| {
            let scaled = was.and_then(|was| scaler_of(self.before.tables(), was)).is_some_and(|one| one.key == now.key);
            scaled && was.is_some_and(|was| !lacking(self.before, was, resource).is_empty())
        };
        let told = |resource: String| {
            let containers = lacking(self.after, set, &resource);
            (!containers.is_empty() && !stood(&resource)).then(|| Says::ScalerStill {
                scaler: short(&now.key),
                set: Rc::clone(&set.meta.name),
                resource,
                containers,
                replicas: set.spec.replicas,
            })
        };
        shares(&scaler).into_iter().find_map(told)
    }

    /// Budgets that were asked as pods were evicted, where the number that counts is not what people read, or lets several go.
    pub(crate) fn comes_to(&self) -> Vec<Says> {
        let log = self.after.log().from(self.before.log().len()).filter(|change| change.key.kind == Kind::Pod && change.is_deletion());
        let evicted = log.filter_map(|change| change.before.as_ref().and_then(Object::as_pod)).filter(|pod| is_evicted(pod));
        let asked: Vec<&Rc<Pod>> = evicted.chain(self.held_pods()).collect();
        let of = |budget: &Rc<DisruptionBudget>| {
            let own: Vec<&&Rc<Pod>> =
                asked.iter().filter(|pod| pod.meta.namespace == budget.meta.namespace && budget.selects(&pod.meta.labels)).collect();
            let owner = own.first()?.meta.controller()?;
            let set = self.before.tables().stateful_set(&budget.meta.namespace, &owner.name).filter(|set| set.meta.uid == owner.uid)?;
            let watched = between(self.before, self.after, &set.key());
            let pods = budget.status.expected_pods;
            let (field, share) = match budget.spec.kept {
                Kept::MaxUnavailable(share) => ("maxUnavailable", share),
                Kept::MinAvailable(share) => ("minAvailable", share),
                Kept::Unsaid => return None,
            };
            let number = share.rounded_up(pods);
            let allowed = if field == "maxUnavailable" { number } else { pods - number };
            let percent = matches!(share, IntOrPercent::Percent(_));
            let several = allowed > 1 && watched.lowest.0 + 1 < watched.ready_before;
            let asks = match share {
                IntOrPercent::Percent(share) => format!("{field}: {share}%"),
                IntOrPercent::Int(share) => format!("{field}: {share}"),
            };
            let one = if field == "maxUnavailable" { "" } else { ",\"minAvailable\":null" };
            let patch = format!("{{\"spec\":{{\"maxUnavailable\":1{one}}}}}");
            let line = naming(self.world, &budget.key()).patch(Kind::PodDisruptionBudget, &budget.meta.name, PatchType::Merge, &patch);
            let held = !own.iter().any(|pod| is_evicted(pod));
            let line = if allowed > 1 && !held { line } else { String::new() };
            let budget = short(&budget.key());
            (percent || several).then_some(Says::ComesTo { budget, asks, pods, number, allowed, percent, held, line })
        };
        self.before.tables().budgets().filter_map(of).collect()
    }
}

/// Whether a pod goes because it was evicted.
fn is_evicted(pod: &Pod) -> bool {
    pod.condition(DISRUPTION_TARGET).is_some_and(|one| *one.reason == *EVICTED)
}

/// The resources of which an autoscaler reckons a share of the requests; by default the CPU.
fn shares(scaler: &Value) -> Vec<String> {
    let metrics = scaler.list_at(&["spec", "metrics"]);
    if metrics.is_empty() {
        return vec!["cpu".to_owned()];
    }
    let is_share =
        |one: &&Value| one.text_at(&["type"]) == Some("Resource") && one.text_at(&["resource", "target", "type"]) == Some("Utilization");
    metrics.iter().filter(is_share).filter_map(|one| one.text_at(&["resource", "name"])).map(str::to_owned).collect()
}

/// The containers of a set's pods that have no request of a resource. A limit is one as well.
fn lacking(sim: &Sim, set: &StatefulSet, resource: &str) -> Vec<Name> {
    let has = |of: &Value| ["requests", "limits"].iter().any(|part| of.at(&["resources", part, resource]).is_some());
    let own = sim.tables().pods().filter(|pod| pod.meta.is_controlled_by(set.meta.uid)).map(|pod| &pod.spec.template.raw);
    let containers = own.filter(|spec| !has(spec)).flat_map(|spec| spec.list_at(&["containers"]));
    let mut found: Vec<Name> = Vec::new();
    for name in containers.filter(|one| !has(one)).filter_map(|one| one.get("name").and_then(Value::as_shared_text)) {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}
