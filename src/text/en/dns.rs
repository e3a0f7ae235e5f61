//! Why a name has no address, in English.

use cluster::dns::Reason;
use cluster::dns::reason::PodState;

/// Tells why a question found nothing; empty where it found something.
pub fn tell(reason: &Reason) -> String {
    match reason {
        Reason::Found => String::new(),
        Reason::OtherType => "the name has records of another type".into(),
        Reason::OnlyADomain => "a domain, not a name".into(),
        Reason::NoPorts { .. } => "the Service names no port".into(),
        Reason::AliasLeadsNowhere { target, .. } => format!("an alias for {target}, which does not exist"),
        Reason::OutsideCluster => "not a name of this cluster".into(),
        Reason::NeitherServiceNorPod { label } => format!("{label} is neither svc nor pod"),
        Reason::TooManyLabels => "more labels than any name here has".into(),
        Reason::NoSuchNamespace { namespace } => format!("no namespace {namespace}"),
        Reason::NoSuchService { service, instead, .. } => match instead.first() {
            Some(other) => format!("no Service {}; the pods are behind {}", service.name, other.name),
            None => format!("no Service {}", service.name),
        },
        Reason::NoEndpoints { .. } => "no pods behind the Service".into(),
        Reason::NoneReady { .. } => "no Ready pods".into(),
        Reason::NoSuchPort { port, .. } => format!("no port {port}"),
        Reason::NotReady { terminating: true, .. } => "Terminating, so not published".into(),
        Reason::NotReady { .. } => "not Ready, so not published".into(),
        Reason::OtherSubdomain { subdomain: Some(other), .. } => format!("the pod's name is under {other}"),
        Reason::OtherSubdomain { .. } => "the pod has no subdomain".into(),
        Reason::HasHostname { hostname, .. } => format!("its hostname is {hostname}"),
        Reason::NoSuchHostname { pod, .. } => match pod {
            PodState::Absent => "no such pod".into(),
            PodState::NotSelected => "the Service does not select it".into(),
            PodState::NoAddress => "no address yet".into(),
            PodState::Ended => "the pod has ended".into(),
            PodState::NotYetSeen => "not written to the EndpointSlice yet".into(),
        },
        Reason::AliasHasNoHosts { .. } => "an alias has no names under it".into(),
        Reason::NotAnAddress { label } => format!("{label} is not an address"),
        Reason::NoSuchPodAddress => "no pod has this address".into(),
        Reason::NoSuchAddress { .. } => "nothing has this address".into(),
    }
}
