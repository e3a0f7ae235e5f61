//! Why the cluster's DNS server answers a name as it does.

use super::facts::{pod_fact, seen};
use super::pane::Why;
use super::question::{Question, answer};
use crate::links::{comes_from, pod_link};
use crate::manifest::line_of;
use crate::{Glyph, Hue, Mark, Prose, Snapshot};
use api::kind::Kind;
use api::object::{EndpointSlice, Object, ObjectKey, Service};
use causes::{Evidence, Way, remedy};
use cluster::dns::{Options, Query, Reason, RecordType, ResolvConf, ResolverStyle, Tried, Verdict};

/// The documentation page about the names there are.
const DNS_PAGE: (&str, &str) = ("DNS for Services and Pods", "concepts/services-networking/dns-pod-service/");
/// How many facts are shown about a missing pod.
const MAX_BELOW: usize = 2;
/// How many endpoints are shown.
const MAX_ENDPOINTS: usize = 4;

/// Why a name resolves as it does, asked from a namespace.
pub(super) fn tell(shot: &Snapshot, namespace: &str, name: &str) -> Why {
    let ask = &shot.text().ask;
    let options = Options::default();
    let config = ResolvConf::in_namespace(namespace, &options);
    let query = Query::exact(name, RecordType::A).searching(config, ResolverStyle::Glibc);
    let answer = shot.disks.names().look_up(shot.names, &query, shot.now);
    let addresses: Vec<String> = answer.addresses().map(|ip| ip.to_string()).collect();
    let found = !addresses.is_empty();
    let verdict = if found { ask.answers(name, &addresses.join(", ")) } else { ask.no_answer(name, &answer.rcode.to_string()) };
    let step = answer.steps.iter().find(|step| step.service.is_some());
    let key = step.and_then(|step| step.service.as_ref());
    let service = key.and_then(|key| shot.names.service(&key.namespace, &key.name)).map(|service| &**service);
    let pod = pod_key(shot, namespace, name);
    let missing = pod.as_ref().filter(|_| !found);
    let mut facts = match (service, step) {
        (Some(service), Some(step)) => answer_facts(shot, service, &step.endpoints),
        _ => Vec::new(),
    };
    let kept = answer.kept;
    if let Some(kept) = kept {
        let mark = if kept.stale { Mark(Glyph::Hazard, Hue::Wait) } else { Mark(Glyph::Check, Hue::Ink) };
        facts.insert(0, Evidence::new(mark, ask.cached(), ask.cached_since(&shot.time(kept.since))));
    }
    let stale = kept.filter(|kept| kept.stale);
    facts.extend(missing.into_iter().flat_map(|pod| pod_facts(shot, pod)));
    let line = key.and_then(|key| {
        let document = shot.manifest.document_of(key)?;
        line_of(document, "spec.selector").or_else(|| line_of(document, "metadata.name"))
    });
    let (ends_when, ways) = match &answer.reason {
        _ if let Some(kept) = stale => (ask.cache_ends(&shot.time(kept.until)), Vec::new()),
        _ if found => Default::default(),
        Reason::NoSuchService { service, wanted_by: Some(pod), .. } => {
            let ends_when = ask.service_ends(&service.name);
            let way = remedy::make_service(shot, service, pod);
            let note = Prose::read(&ends_when);
            (ends_when, way.into_iter().map(|entry| Way { entry, note: note.clone(), since: None }).collect())
        }
        _ => (ask.name_ends().to_owned(), missing.map_or(Vec::new(), |pod| remedy::ways(shot, pod))),
    };
    let made = key.map(|key| comes_from(shot, key)).unwrap_or_default();
    Why {
        subject: name.to_owned(),
        verdict: Prose::read(&verdict),
        mark: Some(if found { Mark(Glyph::Ready, Hue::Ready) } else { Mark(Glyph::Pending, Hue::Wait) }),
        paragraph: Prose::read(&match stale {
            Some(_) => ask.from_cache().to_owned(),
            None => rule(shot, service, &answer.reason),
        }),
        evidence: facts,
        decided_by: if stale.is_some() { "cache" } else { "spec.selector, spec.publishNotReadyAddresses" }.to_owned(),
        line,
        ends_when: Prose::read(&ends_when),
        docs: Some(DNS_PAGE),
        ways,
        comes_from: pod.iter().map(pod_link).chain(made).collect(),
        ..Why::default()
    }
}

/// Why there is no answer, if there is none, and which names there are.
fn rule(shot: &Snapshot, service: Option<&Service>, reason: &Reason) -> String {
    let text = &shot.text().dns;
    let reason = if *reason == Reason::Found { String::new() } else { text.tell(reason) };
    let headless = service.is_none_or(Service::headless);
    let rule = if headless { shot.text().ask.name_rule().to_owned() } else { format!("{}.", capital(text.cluster_ip())) };
    if reason.is_empty() { rule } else { format!("{}. {rule}", capital(&reason)) }
}

/// What a Service selects, and the state of its endpoints.
fn answer_facts(shot: &Snapshot, service: &Service, endpoints: &[Tried]) -> Vec<Evidence> {
    let alone = endpoints.len() == 1;
    let told = endpoints.iter().take(MAX_ENDPOINTS).flat_map(|tried| endpoint_facts(shot, service, tried, alone));
    service_facts(shot, service).into_iter().chain(told).collect()
}

/// Why the pod of a name has none; why it is missing is a question of its own.
fn pod_facts(shot: &Snapshot, key: &ObjectKey) -> Vec<Evidence> {
    if let Some(pod) = shot.tables.pod(&key.namespace, &key.name) {
        return vec![pod_fact(shot, "", pod, None)];
    }
    let absent = answer(shot, &Question::Object(key.clone()));
    let own = Evidence { mark: Mark(Glyph::Absent, Hue::Wait), fact: absent.verdict, detail: String::new(), seen: String::new() };
    let below = absent.evidence.len().saturating_sub(MAX_BELOW);
    std::iter::once(own).chain(absent.evidence.into_iter().skip(below)).collect()
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| std::iter::once(first.to_ascii_uppercase()).chain(letters).collect())
}

/// The pod named by the first label of a name.
fn pod_key(shot: &Snapshot, namespace: &str, name: &str) -> Option<ObjectKey> {
    let key = ObjectKey::new(Kind::Pod, &namespace.into(), &name.split('.').next().unwrap_or_default().into());
    let known = shot.tables.get(&key).is_some() || why::explain::set_of(shot.tables, &key).is_some();
    known.then_some(key)
}

fn service_facts(shot: &Snapshot, service: &Service) -> Vec<Evidence> {
    let ask = &shot.text().ask;
    let mark = Mark(Glyph::Check, Hue::Ink);
    let labels: Vec<String> = service.spec.selector.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let seen = format!("spec.selector, resourceVersion {}", service.meta.revision);
    let selects = Evidence::new(mark, &ask.selects(&service.meta.name, &labels.join(",")), "").seen(seen);
    let all = service.spec.publish_not_ready.then(|| Evidence::new(mark, &ask.publishes_all(&service.meta.name), ""));
    [selects].into_iter().chain(all).collect()
}

/// What the Service's slices say about an endpoint, and about its pod if it is the only one.
fn endpoint_facts(shot: &Snapshot, service: &Service, tried: &Tried, alone: bool) -> Vec<Evidence> {
    let ask = &shot.text().ask;
    let published = tried.verdict == Verdict::Answers;
    let mark = if published { Mark(Glyph::Ready, Hue::Ready) } else { Mark(Glyph::Pending, Hue::Wait) };
    let holds =
        |slice: &&EndpointSlice| slice.service == service.meta.name && slice.endpoints.iter().any(|endpoint| endpoint.pod == tried.pod);
    let slices = shot.names.within(Kind::EndpointSlice, &service.meta.namespace).filter_map(Object::as_slice);
    let says = slices.map(|slice| &**slice).find(holds).map_or(String::new(), |slice| {
        let ready = slice.endpoints.iter().any(|endpoint| endpoint.pod == tried.pod && endpoint.ready);
        format!("{}: conditions.ready = {ready}, resourceVersion {}", slice.meta.name, slice.meta.revision)
    });
    let endpoint = Evidence::new(mark, &ask.endpoint(&tried.pod, published), tried.ip.to_string()).seen(says);
    let key = ObjectKey::new(Kind::Pod, &service.meta.namespace, &tried.pod);
    let pod = shot.tables.pod(&key.namespace, &key.name).filter(|_| alone && published);
    let pod = pod.map(|pod| pod_fact(shot, "", pod, None).seen(seen(shot, &key, None)));
    [endpoint].into_iter().chain(pod).collect()
}
