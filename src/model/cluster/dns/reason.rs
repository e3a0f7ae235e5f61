//! Why a query ended as it did: one variant per outcome.

use api::kind::Kind;
use api::object::{EndpointSlice, Name, Object, ObjectKey, Pod, Service};
use base::sort::Sort;
use server::tables::Tables;

use super::name::Request;
use super::{Tried, Verdict};

base::with_fields! {
    /// Why a query ended as it did.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub enum Reason {
        /// There are records.
        #[default]
        Found,

        // --- the name exists, but has no such record ----------------------------------------------------------------------------
        /// The name has records of another type.
        OtherType,
        /// The name is only a domain: of the cluster, of its Services, of a namespace.
        OnlyADomain,
        /// The Service has no named port, so there is nothing for SRV to return.
        NoPorts { service: ObjectKey },
        /// The Service is an alias of a name that does not exist.
        AliasLeadsNowhere {
            service: ObjectKey,
            /// Its `externalName`.
            target: Name,
        },

        // --- there is no such name ----------------------------------------------------------------------------------------------
        /// The name is outside the cluster's domain; what exists there is not simulated.
        OutsideCluster,
        /// The label before the cluster's domain is neither `svc` nor `pod`.
        NeitherServiceNorPod { label: Name },
        /// More labels before the Service than any valid name has.
        TooManyLabels,
        /// The namespace does not exist.
        NoSuchNamespace { namespace: Name },
        /// The Service does not exist.
        NoSuchService {
            /// The Service asked for.
            service: ObjectKey,
            /// Services of that name in other namespaces.
            elsewhere: Vec<ObjectKey>,
            /// A pod of the namespace with this `subdomain`: the pod asked for, or else the first.
            wanted_by: Option<Name>,
            /// Services that do select that pod: its `serviceName` names the wrong one.
            instead: Vec<ObjectKey>,
        },
        /// The Service is headless and has no endpoints.
        NoEndpoints { service: ObjectKey },
        /// The Service is headless, and none of its pods is published.
        NoneReady { service: ObjectKey, pods: Vec<ObjectKey> },
        /// The Service has no such port.
        NoSuchPort {
            service: ObjectKey,
            /// The port's name as asked.
            port: Name,
            /// The protocol as asked.
            protocol: Name,
        },
        /// The endpoint exists but is not published, because it is not ready or is terminating.
        NotReady {
            service: ObjectKey,
            /// The endpoint's pod.
            pod: ObjectKey,
            terminating: bool,
        },
        /// The Service selects the pod, but the pod's `subdomain` is another, so it has no name under this Service.
        OtherSubdomain {
            /// The Service asked for.
            service: ObjectKey,
            pod: ObjectKey,
            /// Its `subdomain`; `None` if it has none, or the view has no pods.
            subdomain: Option<Name>,
        },
        /// The endpoint with that address has a hostname under this Service, and can be found only by that.
        HasHostname {
            service: ObjectKey,
            /// The endpoint's pod.
            pod: ObjectKey,
            hostname: Name,
        },
        /// No endpoint of the Service has that name.
        NoSuchHostname {
            service: ObjectKey,
            /// The name asked for.
            hostname: Name,
            /// What is known of a pod with that name.
            pod: PodState,
        },
        /// An `ExternalName` Service has no hosts below it.
        AliasHasNoHosts {
            /// The Service of type `ExternalName`.
            service: ObjectKey,
        },
        /// The label in the place of an address is not one.
        NotAnAddress {
            /// The label asked for.
            label: Name,
        },
        /// No Service and no published endpoint has the address.
        NoSuchAddress {
            /// An unpublished endpoint that has it.
            unpublished: Option<ObjectKey>,
        },
    }
}

base::with_fields! {
    /// What is known of a pod without a name under a Service.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum PodState {
        /// There is no such pod, or the view has no pods.
        Absent,
        /// The Service's selector does not pick it.
        NotSelected,
        /// It has no address yet.
        NoAddress,
        /// It is in a terminal phase.
        Ended,
        /// Nothing is wrong with it: the EndpointSlices do not contain it yet.
        NotYetSeen,
    }
}

impl Reason {
    /// The reason that got furthest; the first of several.
    pub fn most_telling<'a>(reasons: impl Iterator<Item = &'a Reason>) -> Reason {
        let mut best: Option<&Reason> = None;
        for reason in reasons {
            if best.is_none_or(|b| reason.reach() > b.reach()) {
                best = Some(reason);
            }
        }
        best.cloned().unwrap_or_default()
    }

    /// How far the resolution of the name got.
    fn reach(&self) -> u8 {
        match self {
            Reason::OutsideCluster => 0,
            Reason::NeitherServiceNorPod { .. } | Reason::TooManyLabels => 1,
            Reason::NoSuchNamespace { .. } => 2,
            Reason::NoSuchService { elsewhere, wanted_by, .. } if elsewhere.is_empty() && wanted_by.is_none() => 3,
            Reason::NoSuchService { .. } => 4,
            _ => 5,
        }
    }
}

/// Why there is no Service with this name.
pub(super) fn no_service(view: &Tables, request: &Request, name: &str) -> Reason {
    let namespace: Name = request.namespace.into();
    let elsewhere = view.services().filter(|s| *s.meta.name == *name).map(|s| s.key()).collect();
    let pods = || view.within(Kind::Pod, &namespace).filter_map(Object::as_pod).filter(|p| *p.spec.subdomain == *name);
    let wanted_by = pods().find(|p| request.endpoint == Some(&*p.spec.hostname)).or_else(|| pods().next());
    let pod_name = request.endpoint.or(wanted_by.map(|p| &*p.meta.name));
    let has_it = |s: &&EndpointSlice| s.endpoints.iter().any(|e| Some(&*e.pod) == pod_name);
    let slices = view.within(Kind::EndpointSlice, &namespace).filter_map(Object::as_slice).map(|s| &**s);
    let mut instead: Vec<ObjectKey> = slices.filter(has_it).map(|s| ObjectKey::new(Kind::Service, &namespace, &s.service)).collect();
    instead.sort_small();
    instead.dedup();
    Reason::NoSuchService {
        service: ObjectKey::new(Kind::Service, &namespace, &name.into()),
        elsewhere,
        wanted_by: wanted_by.map(|p| p.meta.name.clone()),
        instead,
    }
}

/// Why no endpoint of a Service answers.
pub(super) fn no_endpoint(view: &Tables, service: &Service, request: &Request, tried: &[Tried]) -> Reason {
    let namespace = &service.meta.namespace;
    let pod = |t: &Tried| ObjectKey::new(Kind::Pod, namespace, &t.pod);
    let service_key = service.key();
    if let Some((port, protocol)) = request.port.filter(|_| tried.iter().any(|t| t.verdict == Verdict::OtherPort)) {
        return Reason::NoSuchPort { service: service_key, port: port.into(), protocol: protocol.into() };
    }
    let Some(host) = request.endpoint else {
        let pods: Vec<ObjectKey> = tried.iter().map(pod).collect();
        return if pods.is_empty() {
            Reason::NoEndpoints { service: service_key }
        } else {
            Reason::NoneReady { service: service_key, pods }
        };
    };
    if let Some(t) = tried.iter().find(|t| t.host.eq_ignore_ascii_case(host)) {
        // It has just become ready, and its endpoint does not say so yet.
        if t.verdict != Verdict::Terminating && view.pod(namespace, &t.pod).is_some_and(|pod| pod.ready()) {
            return Reason::NoSuchHostname { service: service_key, hostname: host.into(), pod: PodState::NotYetSeen };
        }
        return Reason::NotReady { service: service_key, pod: pod(t), terminating: t.verdict == Verdict::Terminating };
    }
    if let Some(t) = tried.iter().find(|t| *t.pod == *host) {
        let subdomain = view.pod(namespace, host).map(|p| p.spec.subdomain.clone()).filter(|s| !s.is_empty());
        return Reason::OtherSubdomain { service: service_key, pod: pod(t), subdomain };
    }
    if let Some(t) = tried.first() {
        return Reason::HasHostname { service: service_key, pod: pod(t), hostname: t.host.clone() };
    }
    let state = view.pod(namespace, host).map_or(PodState::Absent, |p| state(service, p));
    Reason::NoSuchHostname { service: service_key, hostname: host.into(), pod: state }
}

fn state(service: &Service, pod: &Pod) -> PodState {
    if !service.selects(&pod.meta) {
        PodState::NotSelected
    } else if pod.status.phase.terminal() {
        PodState::Ended
    } else if pod.status.ip.is_none() {
        PodState::NoAddress
    } else {
        PodState::NotYetSeen
    }
}
