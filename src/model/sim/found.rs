//! A world that stands where another cluster stood: its objects with their statuses, and machines as far as these tell of them.
//!
//! The control plane is one that was just started: it lists everything, and decides about it anew. The machines are not: their kubelets
//! know their pods, and whoever was silent stays silent.

use std::rc::Rc;

use super::{Setup, Sim};
use api::object::node::Node;
use api::object::pod::{Ip, Truth};
use api::object::{Name, Object, Pod};
use base::time::Time;
use cluster::images::Images;
use cluster::kubelet::Machine;
use control::Memories;
use control::heartbeat::Heartbeat;
use server::log::Actor;

impl Sim {
    /// A cluster of these objects, at an instant. Nodes and classes of the setup are not in it; its provisioners are those that are named.
    pub fn standing(setup: &Setup, now: Time, objects: Vec<Object>, images: Images, provisioners: Vec<Name>) -> Sim {
        let bare = Setup { nodes: Vec::new(), classes: Vec::new(), ..setup.clone() };
        let mut sim = Sim::new(&bare);
        sim.run_until(now);
        sim.images = images;
        sim.provisioners = provisioners;
        for object in objects {
            sim.server.take_over(object, &Actor::Setup);
        }
        let nodes: Vec<Rc<Node>> = sim.server.tables().nodes().cloned().collect();
        let names: Vec<Name> = nodes.iter().map(|node| Rc::clone(&node.meta.name)).collect();
        sim.memory = Memories::knowing(&names);
        for (i, node) in nodes.iter().enumerate() {
            sim.find_machine(node, i);
        }
        let pods: Vec<_> = sim.server.tables().pods().cloned().collect();
        for pod in pods {
            let Some(node) = pod.node.clone() else { continue };
            sim.with_machine(&node, pod.meta.uid, |machine, context| machine.finds(&pod, context));
            sim.disks.found(&pod, sim.server.tables(), sim.now);
        }
        for node in nodes.iter().filter(|node| sim.has_volumes_left(node)).collect::<Vec<_>>() {
            sim.node_status_is_due(&node.meta.name);
        }
        sim.watch();
        sim
    }

    /// Whether a node shows volumes in use that are of none of its pods any more. Its kubelet does not know them, and will say so.
    fn has_volumes_left(&self, node: &Node) -> bool {
        let tables = self.server.tables();
        let pods = || tables.pods().filter(|pod| pod.node.as_ref() == Some(&node.meta.name));
        let of = |pod: &Pod, claim: &str| tables.volume("", &tables.claim(&pod.meta.namespace, claim)?.spec.volume)?.spec.handle.clone();
        let is_of_pod = |handle: &Name| pods().any(|pod| pod.claim_volumes().any(|one| of(pod, &one.claim).as_ref() == Some(handle)));
        node.status.volumes_in_use.iter().any(|handle| !is_of_pod(handle))
    }

    /// The machine behind a node: it goes on if the node is Ready, and has been silent since it was last heard from if not.
    fn find_machine(&mut self, node: &Rc<Node>, index: usize) {
        let subnet = u8::try_from(index + 1).unwrap_or(u8::MAX);
        let subnet = node.raw.text_at(&["podCIDR"]).and_then(|range| range.split('.').nth(2)?.parse().ok()).unwrap_or(subnet);
        let address = node.status.address.unwrap_or(Ip([172, 18, 0, subnet]));
        let heard = if node.status.heartbeat == Time(0) { self.now } else { node.status.heartbeat };
        let mut machine = Machine::new(Rc::clone(node), address, subnet, Heartbeat::new(heard, self.timing.lease_renew));
        machine.told_unschedulable = node.unschedulable;
        if node.ready() != Truth::True && !node.status.conditions.is_empty() {
            machine.cut(heard);
        } else {
            machine.heartbeat = Heartbeat::new(self.now, self.timing.lease_renew);
        }
        self.machines.insert(Rc::clone(&node.meta.name), machine);
    }
}
