//! Faults of Services and budgets: whom they select, to which port they send, and whose names they publish.

use api::kind::Kind;
use intake::told::short;
use text::risks::Fault;

use super::manifest::{Found, Item, Part, Pods, is_true, labels, named, spelled};

/// The selector of a Service.
const SELECTOR: [&str; 2] = ["spec", "selector"];
/// The annotation that had names of pods published before these are Ready.
const UNREAD: &str = "service.alpha.kubernetes.io/tolerate-unready-endpoints";

pub(super) fn of(item: &Item, pods: &[Pods], all: &mut Vec<Found>) {
    selects_nothing(item, &SELECTOR, pods, all);
    let wanted = labels(item.at(&SELECTOR));
    if wanted.is_empty() {
        return;
    }
    let selected: Vec<&Pods> = pods.iter().filter(|one| one.are_selected(&item.key.namespace, &wanted)).collect();
    ports(item, &selected, all);
    // A Service by which members of several roles find each other has no address of its own.
    if !is_headless(item) {
        overlaps(item, &selected, all);
    }
}

fn is_headless(service: &Item) -> bool {
    service.text_at(&["spec", "clusterIP"]) == Some("None")
}

/// Whether names of pods are published before these are Ready. Models endpointslice, which reads the field alone.
pub(super) fn publishes(service: &Item) -> bool {
    is_true(service, &["spec", "publishNotReadyAddresses"])
}

/// A selector that selects no pod of the manifest. Models pkg/controller/endpointslice and pkg/controller/disruption.
pub(super) fn selects_nothing(item: &Item, path: &[&str], pods: &[Pods], all: &mut Vec<Found>) {
    let wanted = labels(item.at(path));
    // Where nothing of the namespace is told, the pods are elsewhere.
    let has_pods = pods.iter().any(|one| one.item.is_beside(item));
    if !wanted.is_empty() && has_pods && !pods.iter().any(|one| one.are_selected(&item.key.namespace, &wanted)) {
        all.push(item.fault(Fault::SelectsNothing, path).value(spelled(&wanted)));
    }
}

/// A port that no container has: by a name, or by a number where they declare others. Models pkg/api/v1/pod FindPort.
fn ports(item: &Item, selected: &[&Pods], all: &mut Vec<Found>) {
    let Some(first) = selected.first() else { return };
    let declared: Vec<Part> = selected.iter().flat_map(|one| one.containers()).flat_map(|one| one.each(&["ports"])).collect();
    for port in item.each(&["spec", "ports"]) {
        let number = port.int_at(&["targetPort"]);
        let name = port.text_at(&["targetPort"]).filter(|name| name.parse::<u16>().is_err());
        let fault = || port.fault(Fault::TargetPort, &["targetPort"]).other(short(&first.item.key));
        if let Some(name) = name.filter(|name| !declared.iter().any(|port| port.name() == *name)) {
            all.push(fault().value(name));
        }
        let is_there = |number: i64| declared.iter().any(|port| port.int_at(&["containerPort"]) == Some(number));
        if let Some(number) = number.filter(|number| !declared.is_empty() && !is_there(*number)) {
            all.push(fault().name("number").value(number));
        }
    }
}

/// A Service behind which are pods of a set and of another workload.
fn overlaps(item: &Item, selected: &[&Pods], all: &mut Vec<Found>) {
    let lasts = |one: &&&Pods| !matches!(one.item.key.kind, Kind::Job | Kind::CronJob | Kind::Pod);
    let mut lasting = selected.iter().filter(lasts);
    if let (Some(one), Some(other)) = (lasting.next(), lasting.next())
        && (one.is_of_set() || other.is_of_set())
    {
        all.push(item.fault(Fault::SharedService, &SELECTOR).name(short(&one.item.key)).other(short(&other.item.key)));
    }
}

/// The Service by which the pods of a set have names. Models pkg/registry/core/service and the specification of cluster DNS.
pub(super) fn governing(item: &Item, items: &[Item], pods: &[Pods], all: &mut Vec<Found>) {
    let path = ["spec", "serviceName"];
    let Some(name) = item.text_at(&path).filter(|name| !name.is_empty()) else { return };
    let Some(service) = named(items, Kind::Service, &item.key.namespace, name) else {
        return all.push(item.fault(Fault::ServiceMissing, &path).value(name));
    };
    let set = short(&item.key);
    // Of pods that nobody calls by name, no name is missed.
    let is_called = items.iter().any(|one| may_name_pods(one) && one.to_json().contains(&format!(".{name}")));
    if !is_headless(service) && is_called && item.replicas() > 1 && service.text_at(&["spec", "type"]) != Some("ExternalName") {
        all.push(service.fault(Fault::NotHeadless, &["spec"]).name(&set));
    }
    let unread = ["metadata", "annotations", UNREAD];
    if service.at(&unread).is_some() && !publishes(service) && item.replicas() > 1 {
        all.push(service.fault(Fault::UnreadAnnotation, &unread).name(&set).value(UNREAD));
    }
    let wanted = labels(service.at(&SELECTOR));
    let are_selected = |one: &Pods| one.are_selected(&service.key.namespace, &wanted);
    let leads = pods.iter().find(|one| one.item.key == item.key).is_none_or(are_selected);
    if !wanted.is_empty() && !leads && pods.iter().any(are_selected) {
        all.push(service.fault(Fault::LeadsElsewhere, &SELECTOR).name(&set).value(spelled(&wanted)));
    }
}

/// Whether names of pods may stand in an object.
fn may_name_pods(item: &Item) -> bool {
    matches!(item.key.kind, Kind::ConfigMap | Kind::Secret | Kind::StatefulSet | Kind::Deployment | Kind::Job)
}
