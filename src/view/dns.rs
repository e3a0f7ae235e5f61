//! The names a StatefulSet's pods have, and what the cluster's DNS answers to them.

use super::{Glyph, Hue, Mark, Prose, Snapshot, pod_name};
use crate::api::object::network::Endpoint;
use crate::api::object::{Service, StatefulSet};

/// The DNS pane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dns {
    /// A row per name: the Service's, then each pod's.
    pub names: Vec<Answer>,
    /// A row per port of the Service: SRV records.
    pub services: Vec<Answer>,
    /// What stands there instead of rows; empty where there are some.
    pub instead: Prose,
}

/// A name and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The name's mark; `None` for the Service's own.
    pub mark: Option<Mark>,
    /// The name, as a pod of the same namespace would write it.
    pub name: String,
    /// What kind of name it is; may be empty.
    pub note: String,
    /// The records, or `NXDOMAIN`.
    pub records: Vec<String>,
    /// The answer's hue.
    pub hue: Hue,
    /// Why there is no record; may be empty.
    pub reason: String,
}

const NXDOMAIN: &str = "NXDOMAIN";

/// The names of a set.
pub fn project(shot: &Snapshot, shown: Option<(&str, &str)>) -> Dns {
    let text = &shot.text().dns;
    let instead = |words: &str| Dns { instead: Prose::read(words), ..Dns::default() };
    let Some(set) = shown.and_then(|(namespace, name)| shot.set(namespace, name)).filter(|set| !set.spec.service_name.is_empty()) else {
        return instead(text.empty);
    };
    let Some(service) = shot.tables.service(&set.meta.namespace, &set.spec.service_name) else {
        return instead(&(text.no_service)(&set.spec.service_name));
    };
    let own = service_row(shot, service);
    let pods = shot.ordinals(set).into_iter().map(|ordinal| pod_row(shot, set, service, ordinal));
    let names = std::iter::once(own).chain(pods).collect();
    Dns { names, services: srv_rows(shot, service), instead: Prose::default() }
}

/// Whether the pod of this name has a DNS name.
pub(super) fn published(shot: &Snapshot, set: &StatefulSet, pod: &str) -> bool {
    shot.tables
        .service(&set.meta.namespace, &set.spec.service_name)
        .is_some_and(|service| service.headless() && endpoints(shot, service).any(|endpoint| endpoint.ready && &*endpoint.hostname == pod))
}

fn endpoints<'a>(shot: &Snapshot<'a>, service: &'a Service) -> impl Iterator<Item = &'a Endpoint> {
    let own = |namespace: &str, name: &str| *namespace == *service.meta.namespace && *name == *service.meta.name;
    shot.tables.slices().filter(move |slice| own(&slice.meta.namespace, &slice.service)).flat_map(|slice| &slice.endpoints)
}

fn service_row(shot: &Snapshot, service: &Service) -> Answer {
    let text = &shot.text().dns;
    let name = service.meta.name.to_string();
    let own =
        |note: &str, records: Vec<String>, hue| Answer { mark: None, name, note: note.to_owned(), records, hue, reason: String::new() };
    if !service.headless() {
        return own(text.cluster_ip, vec![service.cluster_ip.to_string()], Hue::Ink);
    }
    let records: Vec<String> = endpoints(shot, service).filter(|endpoint| endpoint.ready).map(|endpoint| endpoint.ip.to_string()).collect();
    if records.is_empty() {
        return own(text.headless_none, vec![NXDOMAIN.to_owned()], Hue::Mute);
    }
    own(text.headless, records, Hue::Ink)
}

fn pod_row(shot: &Snapshot, set: &StatefulSet, service: &Service, ordinal: i64) -> Answer {
    let text = &shot.text().dns;
    let pod = pod_name(set, ordinal);
    let records: Vec<String> = endpoints(shot, service)
        .filter(|endpoint| service.headless() && endpoint.ready && endpoint.hostname == pod)
        .map(|endpoint| endpoint.ip.to_string())
        .collect();
    let name = format!("{pod}.{}", service.meta.name);
    if !records.is_empty() {
        return Answer {
            mark: Some(Mark(Glyph::Ready, Hue::Ready)),
            name,
            note: String::new(),
            records,
            hue: Hue::Ink,
            reason: String::new(),
        };
    }
    let (mark, reason) = match shot.tables.pod(&set.meta.namespace, &pod) {
        None => (Mark(Glyph::Absent, Hue::Mute), text.no_pod),
        Some(found) if !service.selects(&found.meta) => (Mark(Glyph::Pending, Hue::Wait), text.not_selected),
        Some(found) if found.ready() => (Mark(Glyph::Pending, Hue::Wait), text.behind),
        Some(_) => (Mark(Glyph::Pending, Hue::Wait), text.not_ready),
    };
    Answer { mark: Some(mark), name, note: String::new(), records: vec![NXDOMAIN.to_owned()], hue: mark.1, reason: reason.to_owned() }
}

/// SRV records of a headless Service: `0 <weight> <port> <pod>.<service>`, weights shared out as CoreDNS does.
fn srv_rows(shot: &Snapshot, service: &Service) -> Vec<Answer> {
    let ready: Vec<&Endpoint> = endpoints(shot, service).filter(|e| service.headless() && e.ready && !e.hostname.is_empty()).collect();
    let weight = 100 / ready.len().max(1);
    let row = |port: &crate::api::object::network::ServicePort| Answer {
        mark: None,
        name: format!("_{}._{}.{}", port.name, port.protocol.to_lowercase(), service.meta.name),
        note: shot.text().dns.srv.to_owned(),
        records: ready.iter().map(|e| format!("0 {weight} {} {}.{}", port.port, e.hostname, service.meta.name)).collect(),
        hue: Hue::Ink,
        reason: String::new(),
    };
    service.ports.iter().filter(|port| !port.name.is_empty()).map(row).filter(|answer| !answer.records.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::example;

    #[test]
    fn only_ready_pods_have_names_and_every_other_name_says_why_not() {
        let example = example::ordered_creation();
        let dns = project(&example.snapshot(), Some(("default", "web")));
        let rows: Vec<String> = dns.names.iter().map(|row| format!("{} {} {}", row.name, row.records.join(","), row.reason)).collect();
        let want = [
            "nginx 10.244.2.2 ",
            "web-0.nginx 10.244.2.2 ",
            "web-1.nginx NXDOMAIN not Ready, so not published",
            "web-2.nginx NXDOMAIN no such pod",
        ];
        assert_eq!(rows, want);
        assert_eq!(dns.services[0].records, ["0 100 80 web-0.nginx"]);
    }

    #[test]
    fn without_its_service_a_set_has_no_names() {
        let mut example = example::ordered_creation();
        example.remove_service();
        let dns = project(&example.snapshot(), Some(("default", "web")));
        assert_eq!(dns.instead.plain(), "There is no Service nginx; the pods run without names.");
    }
}
