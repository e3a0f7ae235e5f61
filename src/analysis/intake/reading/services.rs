//! What is worth a remark of sets that wait for nothing: their governing Services.

use super::finding::Finding;
use super::text::{Text, Thing};
use ::text::diagnose::Sign;
use api::kind::Kind;
use api::object::ObjectKey;
use base::value::Value;
use causes::blame::Blame;
use why::Cause;

/// What is to be said of the Services of the sets whose manifest or description the text has.
pub(super) fn remarks(text: &Text<'_>) -> Vec<Finding> {
    let services: Vec<Thing<'_>> = text.of(Kind::Service).collect();
    let sets: Vec<Thing<'_>> = text.of(Kind::StatefulSet).filter(|set| labels_of(set).is_some()).collect();
    let mut found = Vec::new();
    for set in &sets {
        // A Service that governs or selects the pods of another set is that one's.
        let is_of_other = |service: &Thing<'_>| {
            let others = sets.iter().filter(|other| other.key != set.key && other.key.namespace == service.key.namespace);
            let is_its = |other: &Thing<'_>| {
                other.value.text_at(&["spec", "serviceName"]) == Some(&*service.key.name)
                    || selects(service, labels_of(other)) == Some(true)
            };
            { others }.any(is_its)
        };
        let labels = labels_of(set);
        let named = set.value.text_at(&["spec", "serviceName"]).unwrap_or_default();
        let own = services.iter().filter(|service| service.key.namespace == set.key.namespace);
        let headless = |service: &&Thing<'_>| service.value.text_at(&["spec", "clusterIP"]) == Some("None");
        let governing = own.clone().find(|service| *service.key.name == *named);
        let mut remark = |cause: Cause, object: ObjectKey, fill: &dyn Fn(&mut Blame)| {
            let mut blame = Blame::of(cause, object);
            fill(&mut blame);
            found.push(Finding {
                about: blame.object.clone(),
                blame,
                workload: set.key.clone(),
                rank: usize::MAX,
                lines: Vec::new(),
                quoted: 0,
            });
        };
        if let Some(service) = own.clone().filter(headless).find(|service| selects(service, labels) == Some(false) && !is_of_other(service))
        {
            let list = |map: Option<&Value>| {
                let all =
                    map.into_iter().flat_map(Value::members).map(|(key, value)| format!("{key}={}", value.as_text().unwrap_or_default()));
                all.collect::<Vec<_>>().join(",")
            };
            remark(Cause::ServiceSelectsNothing, service.key.clone(), &|blame| {
                blame.said.text("selected", list(service.value.at(&["spec", "selector"])));
                blame.said.text("labels", list(labels));
            });
        }
        if named.is_empty() {
            if let Some(service) = own.clone().find(headless) {
                remark(Cause::NoServiceName, set.key.clone(), &|blame| blame.said.text("service", &*service.key.name));
            }
        } else if governing.is_none() && own.clone().next().is_some() {
            remark(Cause::GoverningServiceMissing, ObjectKey::new(Kind::Service, &set.key.namespace, &named.into()), &|_| ());
        } else if let Some(service) = governing.filter(|service| !headless(service) && service.value.at(&["spec"]).is_some()) {
            remark(Cause::GoverningServiceNotHeadless, service.key.clone(), &|_| ());
        }
    }
    if let Some(service) = addressed(text).filter(|_| found.is_empty()) {
        let mut blame = Blame::of(Cause::GoverningServiceNotHeadless, service.key.clone());
        blame.said.text("unresolved", "unresolved");
        found.push(Finding { about: service.key.clone(), blame, workload: service.key, rank: usize::MAX, lines: Vec::new(), quoted: 0 });
    }
    found
}

/// The Services that wait for an address from outside.
pub(super) fn unanswered(text: &Text<'_>) -> Vec<Finding> {
    let waits = |service: &Thing<'_>| {
        service.value.text_at(&["spec", "type"]) == Some("LoadBalancer") && service.cell("EXTERNAL-IP") == "<pending>"
    };
    let found = |service: Thing<'_>| {
        let mut blame = Blame::of(Cause::LoadBalancer, service.key.clone()).likely();
        blame.said.text("waits", "waits");
        Finding { about: service.key.clone(), blame, workload: service.key, rank: usize::MAX, lines: Vec::new(), quoted: 0 }
    };
    text.of(Kind::Service).filter(waits).map(found).collect()
}

/// The only Service of a text in which a name does not resolve, if it has an address of its own.
fn addressed<'a>(text: &Text<'a>) -> Option<Thing<'a>> {
    let fails = text.dump.signs.iter().any(|one| one.sign == Sign::NameNotFound);
    let mut all = text.of(Kind::Service).filter(|service| fails && *service.key.name != *"kubernetes");
    let only = all.next().filter(|_| all.next().is_none())?;
    let address = only.value.text_at(&["spec", "clusterIP"]).filter(|address| !address.is_empty()).unwrap_or(only.cell("CLUSTER-IP"));
    address.starts_with(|c: char| c.is_ascii_digit()).then_some(only)
}

/// The labels of the pods of a set.
fn labels_of<'a>(set: &'a Thing<'_>) -> Option<&'a Value> {
    set.value.at(&["spec", "template", "metadata", "labels"])
}

/// Whether a Service selects pods with these labels; `None` where it selects none at all.
fn selects(service: &Thing<'_>, labels: Option<&Value>) -> Option<bool> {
    let selector = service.value.at(&["spec", "selector"])?;
    selector.members().next()?;
    Some(selector.members().all(|(key, value)| labels.and_then(|labels| labels.get(key)).and_then(Value::as_text) == value.as_text()))
}
