//! Faults, as methods on the simulation.

use std::fmt;
use std::rc::Rc;

use super::Sim;
use api::object::{Name, Uid};
use base::time::Span;
use cluster::kubelet::{Context, Effects, Machine};
use cluster::runtime::Happening;
use control::node_lifecycle;

base::with_fields! {
    /// A fault, or its repair.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum Fault {
        /// A node loses its connection to the API server; its processes keep running.
        NodeDown { node: Name },
        /// A node reconnects to the API server; it is switched on if it was off.
        NodeUp {
            node: Name,
            /// Whether it was rebooted in between.
            restart_containers: bool,
        },
        /// A machine is switched off; its processes die without notice.
        PowerOff { node: Name },
        /// A machine is switched on.
        PowerOn { node: Name },
        /// What goes between a node and the API server is late, or is lost at times; no longer if both are 0.
        NodeLags {
            node: Name,
            /// How long a message takes, each way.
            millis: usize,
            /// Every message whose number is a multiple of this is lost, and sent again later.
            loses: usize,
        },
        /// A pod's readiness probes start failing.
        PodUnready {
            /// Namespace of the pod.
            namespace: Name,
            pod: Name,
        },
        /// A pod's readiness probes pass again.
        PodReady {
            /// Namespace of the pod.
            namespace: Name,
            pod: Name,
        },
        /// A pod's processes hang until they are restarted or `PodReady`.
        PodFrozen {
            /// Namespace of the pod.
            namespace: Name,
            pod: Name,
        },
        /// A process of a pod crashes.
        Crash {
            /// Namespace of the pod.
            namespace: Name,
            pod: Name,
            /// The container; empty for the one that represents the pod.
            container: Name,
            exit_code: i64,
        },
        /// A kubelet evicts a pod because its node is short of a resource.
        Evict {
            /// Namespace of the pod.
            namespace: Name,
            pod: Name,
        },
    }
}

base::with_fields! {
    /// Why a fault or another outside action was refused.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum Refused {
        /// No node has a machine with this name.
        NoMachine(node: Name),
        /// The machine is already off.
        IsOff(node: Name),
        /// The machine is already on.
        IsOn(node: Name),
        /// There is no such pod.
        NoPod(pod: Name),
        /// The pod is not bound to a node yet.
        HasNoNode(pod: Name),
        /// The cluster would exceed this number of nodes.
        NodesMost(most: usize),
        /// There is no existing machine to copy.
        NoModel,
        /// There is no such StatefulSet.
        NoSet(set: Name),
        /// None of the set's processes accepts writes.
        TakesNoWrites(set: Name),
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Refused::NoMachine(node) => write!(f, "there is no machine {node}"),
            Refused::IsOff(node) => write!(f, "machine {node} is already off"),
            Refused::IsOn(node) => write!(f, "machine {node} is already on"),
            Refused::NoPod(pod) => write!(f, "there is no pod {pod}"),
            Refused::HasNoNode(pod) => write!(f, "pod {pod} has no node yet"),
            Refused::NodesMost(most) => write!(f, "a cluster can have at most {most} nodes"),
            Refused::NoModel => write!(f, "there is no machine to model others on"),
            Refused::NoSet(set) => write!(f, "there is no statefulset {set}"),
            Refused::TakesNoWrites(set) => {
                write!(f, "no process of statefulset {set} takes writes; only mysql, postgres, redis, zookeeper, etcd and consul do")
            }
        }
    }
}

impl Sim {
    /// Injects a fault; refused if its target does not exist or is already in that state.
    pub fn fault(&mut self, fault: &Fault) -> Result<(), Refused> {
        match fault {
            Fault::NodeDown { node } => {
                let now = self.now;
                self.machine(node)?.cut(now);
                self.falls_silent(node);
            }
            Fault::NodeUp { node, restart_containers } => {
                if *restart_containers && self.machine(node)?.powered() {
                    self.power_off(node)?;
                }
                let now = self.now;
                self.machine(node)?.heal(now);
                self.machine(node)?.lag(now, Span(0), 0);
                if self.machine(node)?.powered() {
                    self.comes_back(node, false);
                } else {
                    self.power_on(node)?;
                }
            }
            Fault::PowerOff { node } => {
                self.power_off(node)?;
                self.falls_silent(node);
            }
            Fault::NodeLags { node, millis, loses } => {
                let now = self.now;
                let (delay, loses) = lag(*millis, *loses);
                self.machine(node)?.lag(now, delay, loses);
                self.looks_at_nodes();
            }
            Fault::PowerOn { node } => self.power_on(node)?,
            Fault::PodUnready { namespace, pod } => self.on_pod(namespace, pod, |m, uid, c| m.hold_ready(uid, false, c))?,
            Fault::PodReady { namespace, pod } => self.on_pod(namespace, pod, |m, uid, c| m.hold_ready(uid, true, c))?,
            Fault::PodFrozen { namespace, pod } => self.on_pod(namespace, pod, Machine::freezes)?,
            Fault::Crash { namespace, pod, container, exit_code } => {
                self.catch_up_with_containers();
                self.on_pod(namespace, pod, |m, uid, c| m.crash(uid, container, *exit_code, c))?;
            }
            Fault::Evict { namespace, pod } => self.on_pod(namespace, pod, Machine::evict)?,
        }
        self.acted();
        Ok(())
    }

    /// Whether a fault would change anything, where it is not refused.
    pub fn is_changed_by(&self, fault: &Fault) -> bool {
        match fault {
            Fault::NodeDown { node } => self.machines.get(node).is_some_and(Machine::connected),
            Fault::NodeUp { node, restart_containers } => {
                let is_there = self.server.tables().node("", node).is_some();
                *restart_containers
                    || !is_there
                    || self.machines.get(node).is_some_and(|machine| !machine.connected() || machine.link.lags())
            }
            Fault::NodeLags { node, millis, loses } => {
                let now = self.machines.get(node).map(|machine| (machine.link.delay, machine.link.loses));
                now.is_some_and(|now| now != lag(*millis, *loses))
            }
            Fault::PodUnready { namespace, pod } => self.machine_of(namespace, pod).is_some_and(|(m, uid)| !m.holds_unready(uid)),
            Fault::PodReady { namespace, pod } => {
                self.machine_of(namespace, pod).is_some_and(|(m, uid)| m.holds_unready(uid) || !m.all_ready(uid))
            }
            Fault::Crash { namespace, pod, container, .. } => {
                let runs = |(m, uid): (&Machine, Uid)| m.worker(uid).is_some_and(|worker| worker.would_crash(container).is_some());
                self.machine_of(namespace, pod).is_some_and(runs)
            }
            _ => true,
        }
    }

    /// The machine that a pod is on.
    fn machine_of(&self, namespace: &Name, pod: &Name) -> Option<(&Machine, Uid)> {
        let pod = self.server.tables().pod(namespace, pod)?;
        Some((self.machines.get(pod.node.as_ref()?)?, pod.meta.uid))
    }

    fn machine(&mut self, node: &Name) -> Result<&mut Machine, Refused> {
        self.machines.get_mut(node).ok_or_else(|| Refused::NoMachine(Rc::clone(node)))
    }

    fn on_pod(&mut self, namespace: &Name, pod: &Name, act: impl FnOnce(&mut Machine, Uid, Context) -> Effects) -> Result<(), Refused> {
        let Some(found) = self.server.tables().pod(namespace, pod) else { return Err(Refused::NoPod(Rc::clone(pod))) };
        let Some(node) = found.node.clone() else { return Err(Refused::HasNoNode(Rc::clone(pod))) };
        let uid = found.meta.uid;
        self.with_machine(&node, uid, |machine, context| act(machine, uid, context));
        self.learns_answers(&node, uid);
        Ok(())
    }

    fn power_off(&mut self, node: &Name) -> Result<(), Refused> {
        let now = self.now;
        let machine = self.machine(node)?;
        if !machine.powered() {
            return Err(Refused::IsOff(Rc::clone(node)));
        }
        machine.switch_off(now);
        let pods: Vec<Uid> = machine.workers().map(|w| w.uid).collect();
        for uid in pods {
            self.with_machine(node, uid, |machine, context| machine.loses_power(uid, context));
        }
        Ok(())
    }

    fn power_on(&mut self, node: &Name) -> Result<(), Refused> {
        let now = self.now;
        let machine = self.machine(node)?;
        if machine.powered() {
            return Err(Refused::IsOn(Rc::clone(node)));
        }
        machine.switch_on(now);
        let pods: Vec<Uid> = machine.workers().map(|w| w.uid).collect();
        for uid in pods {
            self.with_machine(node, uid, |machine, context| machine.boots_pod(uid, context));
        }
        self.tell_of_boot(node);
        self.comes_back(node, true);
        Ok(())
    }

    fn falls_silent(&mut self, node: &Name) {
        self.happened(Happening::NodeDown(Rc::clone(node)));
        self.looks_at_nodes();
    }

    /// Has whoever watches the nodes look when there will be something to see.
    fn looks_at_nodes(&mut self) {
        if let Some(wake) = self.with_view(|view, memory| node_lifecycle::next_check(view, memory)) {
            self.wake(&wake);
        }
    }

    /// A kubelet reconnects to the API server: it reports its node and every pod that is still its own, and stops those that are not.
    fn comes_back(&mut self, node: &Name, starts: bool) {
        self.happened(Happening::NodeUp(Rc::clone(node)));
        self.register(node, starts);
        let Some(machine) = self.machines.get(node).filter(|m| m.connected()) else { return };
        let known: Vec<Uid> = machine.workers().map(|w| w.uid).collect();
        let here: Vec<_> = self.server.tables().pods().filter(|p| p.node.as_ref() == Some(node)).cloned().collect();
        for uid in known.into_iter().filter(|u| !here.iter().any(|p| p.meta.uid == *u)) {
            self.with_connected_machine(node, uid, |machine, context| machine.misses(uid, context));
        }
        for pod in here {
            self.with_connected_machine(node, pod.meta.uid, |machine, context| machine.sees_again(&pod, starts, context));
        }
        self.look_at_mounts(node);
        self.wake_waiting(node);
    }
}

/// A delay, and how many messages there are to one that is lost.
fn lag(millis: usize, loses: usize) -> (Span, u32) {
    (Span(u64::try_from(millis).unwrap_or(u64::MAX)), u32::try_from(loses).unwrap_or(u32::MAX))
}
