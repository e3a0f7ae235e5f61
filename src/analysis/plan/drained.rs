//! Nodes that a change closes or takes away: pods that still run there, nodes that stay closed, volumes that no node reaches.

use std::rc::Rc;

use api::object::{Name, Node, Pod, Volume};
use api::well_known::HOSTNAME;
use base::value::Value;
use causes::command::uncordon;
use control::volume_match::Reach;
use sim::Sim;
use text::plan::Says;

use crate::ends::{Ends, some};

impl Ends<'_> {
    /// The pods that still run on nodes which the change has closed.
    pub(crate) fn held_pods(&self) -> impl Iterator<Item = &Rc<Pod>> {
        let closed = |sim: &Sim, node: &Name| sim.tables().node("", node).is_some_and(|node| node.unschedulable);
        let is_new = move |node: &Name| closed(self.after, node) && !closed(self.before, node);
        self.tables().pods().filter(move |pod| !pod.meta.terminating() && pod.node.as_ref().is_some_and(is_new))
    }

    /// Nodes that lines which did not come to their end have closed.
    pub(crate) fn cordoned(&self) -> Option<Says> {
        let was_open = |node: &&Rc<Node>| self.old_tables().node("", &node.meta.name).is_none_or(|was| !was.unschedulable);
        let closed = self.tables().nodes().filter(|node| node.unschedulable);
        let nodes: Vec<Name> = some(closed.filter(was_open).map(|node| Rc::clone(&node.meta.name)))?;
        let lines = nodes.iter().map(|node| uncordon(node)).collect();
        Some(Says::Cordoned { nodes, lines })
    }

    /// Whether a node that is there reaches a volume.
    pub(crate) fn is_reached(&self, volume: &Volume) -> bool {
        let reach = Reach::of(volume);
        self.tables().nodes().any(|node| reach.includes(&node.meta.name, &node.meta.labels))
    }

    /// Pods that had a node, and whose volumes no node reaches any more, where a label other than its name tells which would.
    pub(crate) fn nowhere(&self) -> Vec<Says> {
        let (before, tables) = (self.old_tables(), self.tables());
        let had = |pod: &Pod| before.pod(&pod.meta.namespace, &pod.meta.name).is_some_and(|old| old.node.is_some());
        let mut says = Vec::new();
        for pod in tables.pods().filter(|pod| pod.node.is_none() && !pod.meta.terminating() && had(pod)) {
            let claims = pod.claim_volumes().filter_map(|one| tables.claim(&pod.meta.namespace, &one.claim));
            for volume in claims.filter_map(|claim| tables.volume("", &claim.spec.volume)) {
                let terms = volume.spec.value().list_at(&["nodeAffinity", "required", "nodeSelectorTerms"]);
                let places: Vec<String> = terms.iter().filter_map(place).collect();
                let reach = Reach::of(volume);
                let is_left = tables.nodes().any(|node| !node.unschedulable && reach.includes(&node.meta.name, &node.meta.labels));
                if !places.is_empty() && !is_left {
                    says.push(Says::NoneThere { pod: Rc::clone(&pod.meta.name), volume: Rc::clone(&volume.meta.name), places });
                }
            }
        }
        says
    }
}

/// The labels of nodes that a term of a volume's affinity asks for, as people write them; `None` where it names a node.
fn place(term: &Value) -> Option<String> {
    let all = term.list_at(&["matchExpressions"]).iter().filter(|one| one.text_at(&["operator"]) == Some("In"));
    let labels = some(all.filter_map(|one| Some((one.text_at(&["key"])?, one.list_at(&["values"])))))?;
    let written = |(key, values): &(&str, &[Value])| format!("{key}={}", values.iter().map(Value::spelled).collect::<Vec<_>>().join("|"));
    (!labels.iter().any(|(key, _)| *key == HOSTNAME)).then(|| labels.iter().map(written).collect::<Vec<_>>().join(", "))
}
