//! What is left of drains, taints and nodes that are gone: budgets that hold pods, nodes that stay closed, volumes that no node reaches.

use std::rc::Rc;

use api::controller::Controller;
use api::kind::Kind;
use api::object::{Name, Node, Object, ObjectKey, Pod};
use api::well_known::HOSTNAME;
use base::value::Value;
use intake::told::short;
use server::log::Actor;
use sim::Sim;
use text::plan::Says;

use crate::notes::Ends;
use crate::ways::naming;

/// Pods that one budget holds, all of them Ready or none.
type Held<'a> = (ObjectKey, bool, Vec<&'a Rc<Pod>>);

impl Ends<'_> {
    /// The budgets that hold pods of nodes that a line drains, and what lets them go.
    pub(crate) fn held(&self) -> Vec<Says> {
        let tables = self.after.tables();
        let closed = |node: &Name| tables.node("", node).is_some_and(|node| node.unschedulable);
        let mut all: Vec<Held> = Vec::new();
        for pod in tables.pods().filter(|pod| !pod.meta.terminating() && pod.node.as_ref().is_some_and(closed)) {
            let Some(budget) = tables.budgets_of(pod).find(|budget| budget.status.disruptions_allowed == 0) else { continue };
            let (key, is_ready) = (budget.key(), pod.ready());
            match all.iter_mut().find(|(known, ready, _)| *known == key && *ready == is_ready) {
                Some((.., pods)) => pods.push(pod),
                None => all.push((key, is_ready, vec![pod])),
            }
        }
        let told = |(key, ready, pods): Held| {
            let status = &tables.budget(&key.namespace, &key.name)?.status;
            let lines = pods.iter().map(|pod| naming(self.world, &pod.key()).delete(Kind::Pod, &pod.meta.name)).collect();
            let (healthy, wanted) = (status.current_healthy, status.desired_healthy);
            let pods = pods.iter().map(|pod| Rc::clone(&pod.meta.name)).collect();
            Some(Says::HeldBack { budget: short(&key), pods, healthy, wanted, ready, lines })
        };
        all.into_iter().filter_map(told).collect()
    }

    /// The pods that still run on nodes which the change has closed.
    pub(crate) fn held_pods(&self) -> impl Iterator<Item = &Rc<Pod>> {
        let closed = |sim: &Sim, node: &Name| sim.tables().node("", node).is_some_and(|node| node.unschedulable);
        let is_new = move |node: &Name| closed(self.after, node) && !closed(self.before, node);
        self.after.tables().pods().filter(move |pod| !pod.meta.terminating() && pod.node.as_ref().is_some_and(is_new))
    }

    /// Nodes that lines which did not come to their end have closed.
    pub(crate) fn cordoned(&self) -> Option<Says> {
        let was_open = |node: &&Rc<Node>| self.before.tables().node("", &node.meta.name).is_none_or(|was| !was.unschedulable);
        let closed = self.after.tables().nodes().filter(|node| node.unschedulable);
        let nodes: Vec<Name> = closed.filter(was_open).map(|node| Rc::clone(&node.meta.name)).collect();
        let lines = nodes.iter().map(|node| format!("kubectl uncordon {node}")).collect();
        (!nodes.is_empty()).then_some(Says::Cordoned { nodes, lines })
    }

    /// Budgets whose pods a taint deletes.
    pub(crate) fn tainted(&self) -> Vec<Says> {
        let by_taint = Actor::Controller(Controller::TaintEviction);
        let log = self.after.log().from(self.before.log().len()).filter(|change| change.key.kind == Kind::Pod && change.by == by_taint);
        let mut says: Vec<Says> = Vec::new();
        for pod in log.filter_map(|change| change.before.as_ref().and_then(Object::as_pod)) {
            let owner = pod.meta.controller().filter(|owner| owner.kind == Some(Kind::StatefulSet));
            let Some((owner, budget)) = owner.zip(self.before.tables().budgets_of(pod).next()) else { continue };
            let told = Says::BudgetIdle { budget: short(&budget.key()), set: Rc::clone(&owner.name), taint: true };
            if !says.contains(&told) {
                says.push(told);
            }
        }
        says
    }

    /// Pods that had a node, and whose volumes no node reaches any more, where a label other than its name tells which would.
    pub(crate) fn nowhere(&self) -> Vec<Says> {
        let (before, tables) = (self.before.tables(), self.after.tables());
        let had = |pod: &Pod| before.pod(&pod.meta.namespace, &pod.meta.name).is_some_and(|old| old.node.is_some());
        let mut says = Vec::new();
        for pod in tables.pods().filter(|pod| pod.node.is_none() && !pod.meta.terminating() && had(pod)) {
            let claims = pod.claim_volumes().filter_map(|one| tables.claim(&pod.meta.namespace, &one.claim));
            for volume in claims.filter_map(|claim| tables.volume("", &claim.spec.volume)) {
                let terms = volume.spec.value().list_at(&["nodeAffinity", "required", "nodeSelectorTerms"]);
                let places: Vec<String> = terms.iter().filter_map(place).collect();
                let is_left = tables.nodes().any(|node| !node.unschedulable && terms.iter().any(|term| is_in(node, term)));
                if !places.is_empty() && !is_left {
                    says.push(Says::NoneThere { pod: Rc::clone(&pod.meta.name), volume: Rc::clone(&volume.meta.name), places });
                }
            }
        }
        says
    }
}

/// The expressions of a term of a volume's node affinity.
fn expressions(term: &Value) -> impl Iterator<Item = (&str, Vec<&str>)> {
    let all = term.list_at(&["matchExpressions"]).iter().filter(|one| one.text_at(&["operator"]) == Some("In"));
    all.filter_map(|one| Some((one.text_at(&["key"])?, one.list_at(&["values"]).iter().filter_map(Value::as_text).collect())))
}

/// The labels of nodes that a term asks for, as people write them; `None` where it names a node.
fn place(term: &Value) -> Option<String> {
    let all: Vec<String> = expressions(term).map(|(key, values)| format!("{key}={}", values.join("|"))).collect();
    (!all.is_empty() && !expressions(term).any(|(key, _)| key == HOSTNAME)).then(|| all.join(", "))
}

/// Whether a node has the labels that a term asks for.
fn is_in(node: &Node, term: &Value) -> bool {
    expressions(term).all(|(key, values)| node.meta.label(key).is_some_and(|value| values.contains(&&**value)))
}
