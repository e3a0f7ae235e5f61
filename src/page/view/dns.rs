//! The DNS names of a StatefulSet's pods and what the cluster's DNS answers, for these and for a name the visitor asks about.

use std::rc::Rc;

use super::{Glyph, Hue, MAX_COLUMNS, Mark, Prose, Snapshot, node};
use api::object::pod::Ip;
use api::object::{Name, NamespacedName, ObjectKey, Pod, Service, StatefulSet};
use base::sorted::SortedSet;
use base::time::Span;
use causes::command::Entry;
use cluster::dns::cache::PROFILES;
use cluster::dns::{self, Data, Options, Query, RecordType, ResolvConf, ResolverStyle};
use text::Text;

/// The most addresses listed beside the Service's own name: each stands beside its pod's name, too.
const MAX_OWN: usize = 5;

/// The DNS pane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dns {
    /// The answer to the visitor's question.
    pub asked: Option<Answer>,
    /// A row per name: the Service's, then each pod's.
    pub names: Vec<Answer>,
    /// How many names there are, listed or not.
    pub counted: Counted,
    /// How many names are left out.
    pub unlisted: usize,
    /// A row per port of the Service: SRV records.
    pub services: Vec<Answer>,
    /// Shown instead of rows; empty if there are rows.
    pub instead: Prose,
    /// What the DNS server has in its cache: a name and its type, the answer, and for how long.
    pub cached: Vec<[String; 3]>,
}

/// How many names there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    pub all: usize,
    /// Those for which there is a record.
    pub answering: usize,
}

/// A name and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The mark of the name's pod; `None` for the Service's own name.
    pub mark: Option<Mark>,
    /// The name, as a pod of the same namespace would write it.
    pub name: String,
    /// What kind of name it is; may be empty.
    pub note: String,
    /// The records, or `NXDOMAIN`.
    pub records: Vec<String>,
    /// Whether there is a record.
    pub answers: bool,
    /// The answer's hue.
    pub hue: Hue,
    /// Why there is no record; may be empty.
    pub reason: String,
}

/// What clusters cache, each with the line that sets it.
pub fn profiles(text: &Text) -> Vec<Entry> {
    PROFILES.iter().map(|(name, _)| Entry::new(text.dns.keep(name), format!("playground cache dns {name}"))).collect()
}

/// The names of a set, and what is cached.
pub fn project(shot: &Snapshot, shown: Option<&NamespacedName>) -> Dns {
    Dns { cached: cached(shot), ..names(shot, shown) }
}

fn cached(shot: &Snapshot) -> Vec<[String; 3]> {
    let row =
        |(name, kind, said, left): (&Name, &RecordType, String, Span)| [format!("{name} {kind}"), said, format!("{}s", seconds(left))];
    shot.disks.names().held(shot.now).map(row).collect()
}

/// A span in seconds, begun ones among them.
fn seconds(left: Span) -> usize {
    usize::try_from(left.0.div_ceil(1000)).unwrap_or(usize::MAX)
}

fn names(shot: &Snapshot, shown: Option<&NamespacedName>) -> Dns {
    let text = &shot.text().dns;
    let instead = |words: &str| Dns { instead: Prose::read(words), ..Dns::default() };
    let Some(set) = shown.and_then(|shown| shot.set_or_gone(&shown.namespace, &shown.name)) else {
        return instead(text.empty());
    };
    if set.spec.service_name.is_empty() {
        return instead(text.unnamed());
    }
    let Some(service) = shot.names.service(&set.meta.namespace, &set.spec.service_name) else {
        // The DNS server hears of a Service a little later than whoever asks the API server.
        let there = shot.tables.service(&set.meta.namespace, &set.spec.service_name).is_some();
        return if there { instead(text.empty()) } else { instead(&text.no_service(&set.spec.service_name)) };
    };
    let own = told(
        shot,
        service.meta.name.to_string(),
        &ask(shot, service, &service.meta.name, &RecordType::A),
        &service.meta.namespace,
        MAX_OWN,
    );
    let note = match (service.headless(), service.spec.publish_not_ready) {
        (false, _) => text.cluster_ip(),
        (true, false) => text.headless(),
        (true, true) => text.headless_all(),
    };
    let own = Answer { mark: None, note: note.to_owned(), ..own };
    let ordinals = shot.ordinals(set);
    let listed = ordinals.iter().take(MAX_COLUMNS).map(|ordinal| {
        let name = format!("{}.{}", set.pod_name(*ordinal), service.meta.name);
        row(shot, service, &name, &RecordType::A)
    });
    let names: Vec<Answer> = std::iter::once(own).chain(listed).collect();
    let beyond = ordinals.get(MAX_COLUMNS..).unwrap_or_default();
    let hosts = if beyond.is_empty() { SortedSet::new() } else { dns::hosts(shot.names, service) };
    let answering =
        names.iter().filter(|name| name.answers).count() + beyond.iter().filter(|ordinal| hosts.contains(&set.pod_name(**ordinal))).count();
    let services = if service.headless() { srv_rows(shot, service) } else { Vec::new() };
    let counted = Counted { all: names.len() + beyond.len(), answering };
    Dns { names, counted, unlisted: beyond.len(), services, ..Dns::default() }
}

impl Dns {
    /// The same, with the answer to a name, or to a line of `nslookup` or `dig`, asked by a pod of a namespace; without a name, no
    /// answer is added.
    #[must_use]
    pub fn asking(self, shot: &Snapshot, namespace: &str, line: &str) -> Dns {
        let options = Options::default();
        let mut kind = None;
        let mut name = "";
        for word in line.split_whitespace() {
            let read = RecordType::read(word.rsplit_once('=').map_or(word, |(_, kind)| kind));
            match (word, read) {
                ("nslookup" | "dig" | "host", _) => {}
                (_, RecordType::Other(_)) if word.starts_with(['-', '+', '@']) => {}
                (_, RecordType::Other(_)) => name = word,
                (_, read) => kind = Some(read),
            }
        }
        let reverse = Ip::parse(name).filter(|_| kind.is_none()).map(dns::reverse_name);
        let kind = kind.unwrap_or(if reverse.is_some() { RecordType::Ptr } else { RecordType::A });
        let config = ResolvConf::in_namespace(namespace, &options);
        let query = Query::exact(reverse.as_deref().unwrap_or(name), kind.clone()).searching(config, ResolverStyle::Glibc);
        let answer = || told(shot, name.to_owned(), &shot.disks.names().look_up(shot.names, &query, shot.now), namespace, MAX_COLUMNS);
        let note = if kind == RecordType::A { String::new() } else { kind.to_string() };
        Dns { asked: (!name.is_empty()).then(|| Answer { note, ..answer() }), ..self }
    }
}

/// Whether a pod has a DNS name.
pub(super) fn published(shot: &Snapshot, set: &StatefulSet, pod: &str) -> bool {
    shot.names.service(&set.meta.namespace, &set.spec.service_name).is_some_and(|service| {
        let name = format!("{pod}.{}", service.meta.name);
        let (query, options) = query(service, &name, &RecordType::A);
        dns::resolve(shot.names, &query, &options).addresses().next().is_some()
    })
}

/// Asks for a name of a Service, as a pod of its namespace would.
fn query(service: &Service, name: &str, kind: &RecordType) -> (Query, Options) {
    let options = Options::default();
    let full = format!("{name}.{}.svc.{}", service.meta.namespace, options.zone);
    (Query::exact(&full, kind.clone()), options)
}

fn ask(shot: &Snapshot, service: &Service, name: &str, kind: &RecordType) -> dns::Answer {
    shot.disks.names().look_up(shot.names, &query(service, name, kind).0, shot.now)
}

fn row(shot: &Snapshot, service: &Service, name: &str, kind: &RecordType) -> Answer {
    told(shot, name.to_owned(), &ask(shot, service, name, kind), &service.meta.namespace, MAX_COLUMNS)
}

/// A DNS answer for a pod of a namespace as a row, with at most so many records.
fn told(shot: &Snapshot, name: String, answer: &dns::Answer, namespace: &str, most: usize) -> Answer {
    let mut records: Vec<String> = answer.records.iter().take(most).map(|record| printed(&record.data, namespace)).collect();
    if answer.records.len() > most {
        records.push(shot.text().cluster.more(answer.records.len() - most));
    }
    let kept = answer.kept.map(|kept| shot.text().dns.kept(seconds(kept.until.since(shot.now)), kept.stale));
    if !records.is_empty() {
        return Answer {
            mark: Some(Mark(Glyph::Ready, Hue::Ready)),
            name,
            note: String::new(),
            records,
            answers: true,
            hue: Hue::Ink,
            reason: kept.or_else(|| led_astray(shot, answer)).unwrap_or_default(),
        };
    }
    let absent = matches!(answer.reason, dns::Reason::NoSuchHostname { pod: dns::reason::PodState::Absent, .. });
    let mark = if absent { Mark(Glyph::Absent, Hue::Mute) } else { Mark(Glyph::Pending, Hue::Wait) };
    let late = not_written_yet(shot, &answer.reason);
    let reason = match late.as_ref().unwrap_or(&answer.reason) {
        _ if kept.is_some() => kept.unwrap_or_default(),
        dns::Reason::Found => String::new(),
        reason => shot.text().dns.tell(reason),
    };
    Answer { mark: Some(mark), name, note: String::new(), records: vec![answer.rcode.to_string()], answers: false, hue: mark.1, reason }
}

/// That an answer still leads to a machine that answers nobody.
fn led_astray(shot: &Snapshot, answer: &dns::Answer) -> Option<String> {
    let is_asked = |pod: &&Rc<Pod>| pod.status.ip.is_some_and(|own| answer.addresses().any(|ip| ip == own));
    let node = shot.tables.pods().filter(is_asked).find_map(|pod| node::cut_off(shot, pod))?;
    Some(shot.text().dns.led_astray(node))
}

/// What is to be said instead where a pod is Ready by now, and whoever asks the API server sees it, but its endpoint does not say so yet.
fn not_written_yet(shot: &Snapshot, reason: &dns::Reason) -> Option<dns::Reason> {
    let (service, pods) = match reason {
        dns::Reason::NotReady { service, pod, terminating: false } => (service, std::slice::from_ref(pod)),
        dns::Reason::NoneReady { service, pods } => (service, pods.as_slice()),
        _ => return None,
    };
    let ready = |key: &&ObjectKey| shot.tables.pod(&key.namespace, &key.name).is_some_and(|pod| pod.ready() && !pod.meta.terminating());
    let hostname = pods.iter().find(ready)?.name.clone();
    Some(dns::Reason::NoSuchHostname { service: service.clone(), hostname, pod: dns::reason::PodState::NotYetSeen })
}

/// A record's data, with names shortened for a pod of a namespace.
fn printed(data: &Data, namespace: &str) -> String {
    let text = data.to_string();
    let end = text.find(&format!(".{namespace}.svc.")).unwrap_or(text.len());
    text[..end].to_owned()
}

/// SRV records, one row per named port.
fn srv_rows(shot: &Snapshot, service: &Service) -> Vec<Answer> {
    let name =
        |port: &api::object::network::ServicePort| format!("_{}._{}.{}", port.name, port.protocol.to_ascii_lowercase(), service.meta.name);
    let named = service.spec.ports.iter().filter(|port| !port.name.is_empty());
    named
        .map(|port| Answer { mark: None, note: shot.text().dns.srv().to_owned(), ..row(shot, service, &name(port), &RecordType::Srv) })
        .collect()
}
