//! The cluster and the faults of a scenario, in the simulation's terms.

use super::condition::NAMESPACE;
use super::file::{Fault, Plane, Scenario};
use api::release::{Release, V1_34, V1_35, V1_36, V1_37, V1_38};
use base::time::Span;
use cluster::timing::Timing;
use sim::setup::ClassSetup;
use sim::{self, Setup};

/// The releases with the gate `MaxUnavailableStatefulSet` enabled.
static GATED: [Release; 5] = [gated(V1_38), gated(V1_37), gated(V1_36), gated(V1_35), gated(V1_34)];

const fn gated(release: Release) -> Release {
    Release { max_unavailable_stateful_set: true, ..release }
}

/// The version reported by the recordings' kubelets, whatever the control plane's.
const KUBELETS: &str = "v1.36.3";

/// The provisioner of the recordings' network disks. A server refuses it as the name of a driver, which real nodes have.
const RECORDED_PROVISIONER: &str = "example.com/network-disk";

/// The setup of a scenario's cluster. The error names an unknown storage class.
pub fn setup(scenario: &Scenario, release: &'static Release) -> Result<Setup, String> {
    let class = |name: &String| {
        let mut class = ClassSetup::named(name).ok_or_else(|| format!("storage class {name} is not simulated"))?;
        if class == ClassSetup::network_disk() && !scenario.cluster.real_nodes {
            class.provisioner = RECORDED_PROVISIONER.into();
        }
        Ok(class)
    };
    let placement = |(pod, nodes): (&String, &Vec<String>)| (pod.as_str().into(), nodes.iter().map(|n| n.as_str().into()).collect());
    let gated = GATED.iter().find(|r| r.name == release.name).unwrap_or(release);
    Ok(Setup {
        release: if scenario.plane == Plane::MaxUnavailable { gated } else { release },
        timing: timing(scenario),
        classes: scenario.cluster.storage_classes.iter().map(class).collect::<Result<_, String>>()?,
        default_class: scenario.cluster.default_storage_class.as_str().into(),
        kubelet_version: Some(KUBELETS.into()),
        placements: scenario.placements.iter().map(placement).collect(),
        ..Setup::default()
    })
}

fn timing(scenario: &Scenario) -> Timing {
    let mut timing = if scenario.plane == Plane::NodeDefaults { Timing::recording_node_defaults() } else { Timing::recording() };
    if scenario.cluster.real_nodes {
        timing = timing.with_real_nodes();
    }
    let (kubelet, plane) = (scenario.kubelet, scenario.control_plane);
    for (delay, ms) in [
        (&mut timing.kubelet_sees, kubelet.sync_ms),
        (&mut timing.container_start, kubelet.start_ms),
        (&mut timing.probe_passes, kubelet.ready_ms),
        (&mut timing.stop, kubelet.stop_ms),
        (&mut timing.watch, plane.watch_ms),
        (&mut timing.sync, plane.sync_ms),
        (&mut timing.request, plane.request_ms),
    ] {
        if let Some(ms) = ms {
            *delay = Span(ms);
        }
    }
    timing
}

/// A fault, with all names substituted, in the simulation's terms.
pub fn fault(fault: &Fault) -> sim::Fault {
    let namespace = || NAMESPACE.into();
    match fault {
        Fault::NodeDown { node } => sim::Fault::NodeDown { node: node.as_str().into() },
        Fault::NodeUp { node, restart_containers } => {
            sim::Fault::NodeUp { node: node.as_str().into(), restart_containers: *restart_containers }
        }
        Fault::PodUnready { pod } => sim::Fault::PodUnready { namespace: namespace(), pod: pod.as_str().into() },
        Fault::PodReady { pod } => sim::Fault::PodReady { namespace: namespace(), pod: pod.as_str().into() },
        Fault::Crash { pod, exit_code } => {
            let (pod, container) = (pod.as_str().into(), "".into());
            sim::Fault::Crash { namespace: namespace(), pod, container, exit_code: *exit_code }
        }
        Fault::Evict { pod } => sim::Fault::Evict { namespace: namespace(), pod: pod.as_str().into() },
    }
}
