//! Faults as verbs on the world.

use std::rc::Rc;

use super::Sim;
use crate::api::object::{Name, Uid};
use crate::cluster::kubelet::Effects;
use crate::cluster::runtime::Happening;

/// Something that goes wrong, or right again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A node falls silent; its processes keep running.
    NodeDown {
        /// The node.
        node: Name,
    },
    /// A silent node comes back.
    NodeUp {
        /// The node.
        node: Name,
        /// Whether its processes were ended in between: a reboot.
        restart_containers: bool,
    },
    /// A pod's readiness probes fail from now on.
    PodUnready {
        /// Namespace of the pod.
        namespace: Name,
        /// The pod.
        pod: Name,
    },
    /// A pod's readiness probes pass from now on.
    PodReady {
        /// Namespace of the pod.
        namespace: Name,
        /// The pod.
        pod: Name,
    },
    /// A process of a pod exits.
    Crash {
        /// Namespace of the pod.
        namespace: Name,
        /// The pod.
        pod: Name,
        /// Its exit code.
        exit_code: i64,
    },
    /// A kubelet evicts a pod because its node runs out of something.
    Evict {
        /// Namespace of the pod.
        namespace: Name,
        /// The pod.
        pod: Name,
    },
}

impl Sim {
    /// Lets a fault happen. The error says, in our own voice, what it was about that is not there.
    pub fn fault(&mut self, fault: &Fault) -> Result<(), String> {
        match fault {
            Fault::NodeDown { node } => self.node_down(node)?,
            Fault::NodeUp { node, restart_containers } => self.node_up(node, *restart_containers)?,
            Fault::PodUnready { namespace, pod } => self.on_pod(namespace, pod, |m, uid, c| m.hold_ready(uid, false, c))?,
            Fault::PodReady { namespace, pod } => self.on_pod(namespace, pod, |m, uid, c| m.hold_ready(uid, true, c))?,
            Fault::Crash { namespace, pod, exit_code } => self.on_pod(namespace, pod, |m, uid, c| m.crash(uid, *exit_code, c))?,
            Fault::Evict { namespace, pod } => self.on_pod(namespace, pod, |m, uid, c| m.evict(uid, c))?,
        }
        self.watch();
        Ok(())
    }

    fn on_pod(
        &mut self,
        namespace: &Name,
        pod: &Name,
        act: impl FnOnce(&mut crate::cluster::kubelet::Machine, Uid, crate::cluster::kubelet::Context) -> Effects,
    ) -> Result<(), String> {
        let Some(found) = self.server.tables().pod(namespace, pod) else { return Err(format!("there is no pod {pod}")) };
        let Some(node) = found.node.clone() else { return Err(format!("pod {pod} has no node yet")) };
        let uid = found.meta.uid;
        self.with_machine(&node, uid, false, |machine, context| act(machine, uid, context));
        Ok(())
    }

    fn node_down(&mut self, node: &Name) -> Result<(), String> {
        let machine = self.machines.get_mut(node).ok_or_else(|| format!("there is no node {node}"))?;
        machine.connected = false;
        self.happened(Happening::NodeDown(Rc::clone(node)));
        Ok(())
    }

    fn node_up(&mut self, node: &Name, _restart_containers: bool) -> Result<(), String> {
        let machine = self.machines.get_mut(node).ok_or_else(|| format!("there is no node {node}"))?;
        machine.connected = true;
        let known: Vec<Uid> = machine.workers().map(|w| w.uid).collect();
        self.happened(Happening::NodeUp(Rc::clone(node)));
        let here: Vec<_> = self.server.tables().pods().filter(|p| p.node.as_ref() == Some(node)).cloned().collect();
        for uid in known.into_iter().filter(|u| !here.iter().any(|p| p.meta.uid == *u)) {
            self.with_machine(node, uid, true, |machine, context| machine.misses(uid, context));
        }
        for pod in here {
            self.with_machine(node, pod.meta.uid, true, |machine, context| machine.sees(&pod, context));
        }
        Ok(())
    }
}
