//! The cache before the cluster's DNS server: what it was asked lately is answered as it was answered then.
//!
//! Models coredns plugin/cache: one entry per name and type, for as long as the TTL says, which counts down in the answers; denials have
//! the TTL of their SOA record. What different clusters keep for how long is a table, [`PROFILES`].
//! Promises: without times it keeps nothing, and every answer is the server's. Whoever only looks ([`Cache::look_up`]) leaves no entry.
//! Not modelled: several servers with a cache each, entries that are dropped for want of room, prefetching, caches of resolvers in
//! containers, and names outside the cluster and reverse names, which are kept where the cluster's own names are not.

use base::sorted::SortedMap;
use std::rc::Rc;

use super::lookup::Reply;
use super::record::{Data, Record};
use super::{Answer, Options, Query, RecordType, answered_by, lookup};
use api::object::Name;
use base::time::{Span, Time};
use server::tables::Tables;

/// For how many seconds answers are kept, and denials; 0 for not at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keeps {
    pub found: u32,
    pub denied: u32,
}

/// What clusters keep of their own names, by how they are set up.
pub const PROFILES: [(&str, Keeps); 5] = [
    // kubeadm since 1.32, and kind, which uses it: `cache 30 { disable success cluster.local; disable denial cluster.local }`.
    // cmd/kubeadm/app/phases/addons/dns/manifests.go, kubernetes/kubernetes#128359.
    ("none", Keeps { found: 0, denied: 0 }),
    // kubeadm before: `cache 30`, and `ttl 30` of the kubernetes plugin.
    ("kubeadm-1.31", Keeps { found: 30, denied: 30 }),
    // EKS and k3s: `cache 30`, and no `ttl`, which is 5 by default. k3s manifests/coredns.yaml.
    ("eks-k3s", Keeps { found: 5, denied: 5 }),
    // NodeLocal DNSCache: `success 9984 30`, `denial 9984 5`. cluster/addons/dns/nodelocaldns/nodelocaldns.yaml,
    // kubernetes/kubernetes#74093.
    ("node-local", Keeps { found: 30, denied: 5 }),
    // kube-dns, as on GKE: dnsmasq with `--no-negcache`. cluster/addons/dns/kube-dns/kube-dns.yaml.base.
    ("kube-dns", Keeps { found: 30, denied: 0 }),
];

/// What is kept of an answer.
#[derive(Clone, Debug)]
struct Entry {
    name: Name,
    kind: RecordType,
    reply: Reply,
    since: Time,
    until: Time,
}

/// The cache, with what it keeps.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    keeps: Keeps,
    /// By name and type, in lower case.
    entries: SortedMap<Name, Entry>,
}

/// An answer that comes from the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// When the server was asked.
    pub since: Time,
    /// When it is asked again.
    pub until: Time,
    /// Whether the server would answer otherwise by now.
    pub stale: bool,
}

impl Cache {
    /// Begins anew, as a server does that reads its configuration, to keep answers for so long.
    pub fn keep(&mut self, keeps: Keeps) {
        *self = Cache { keeps, entries: SortedMap::new() };
    }

    /// The server's configuration: the TTL that its answers have.
    fn options(&self) -> Options {
        let plain = Options::default();
        Options { ttl: if self.keeps.found > 0 { self.keeps.found } else { plain.ttl }, ..plain }
    }

    /// Resolves a query of a client, whose answers are kept.
    pub fn resolve(&mut self, view: &Tables, query: &Query, now: Time) -> Answer {
        if self.keeps == Keeps::default() {
            return super::resolve(view, query, &self.options());
        }
        let mut fresh = Vec::new();
        let answer = self.tell(view, query, now, &mut |entry| fresh.push(entry));
        self.entries.retain(|_, entry| entry.until > now);
        self.entries.extend(fresh.into_iter().map(|entry| (key(&entry.name, &entry.kind), entry)));
        answer
    }

    /// How a client's query would be answered.
    pub fn look_up(&self, view: &Tables, query: &Query, now: Time) -> Answer {
        self.tell(view, query, now, &mut |_| {})
    }

    fn tell(&self, view: &Tables, query: &Query, now: Time, take: &mut dyn FnMut(Entry)) -> Answer {
        let (options, mut kept) = (self.options(), None);
        let answer = answered_by(query, &options, &mut |name| {
            let live = || lookup::ask(view, name, &query.kind, &options);
            let Some(entry) = self.entries.get(&key(name, &query.kind)).filter(|entry| entry.until > now) else {
                let reply = live();
                let seconds = if reply.records.is_empty() { self.keeps.denied } else { self.keeps.found };
                if reply.authoritative && seconds > 0 {
                    let until = now + Span::seconds(seconds.into());
                    take(Entry { name: Rc::clone(name), kind: query.kind.clone(), reply: reply.clone(), since: now, until });
                }
                return reply;
            };
            let stale = !entry.reply.says_the_same(&live());
            let this = Kept { since: entry.since, until: entry.until, stale };
            // Of several names that are tried, the one tells most that the server would answer otherwise, or else the last.
            kept = kept.filter(|kept: &Kept| kept.stale).or(Some(this));
            entry.reply.aged(now.since(entry.since))
        });
        Answer { kept, ..answer }
    }

    /// What is kept at an instant: each name and type with its answer and the time left, by name.
    pub fn held(&self, now: Time) -> impl Iterator<Item = (&Name, &RecordType, String, Span)> {
        self.entries.values().filter(move |entry| entry.until > now).map(move |entry| {
            let said = if entry.reply.records.is_empty() {
                entry.reply.rcode.to_string()
            } else {
                entry.reply.records.iter().map(|record| record.data.to_string()).collect::<Vec<_>>().join(", ")
            };
            (&entry.name, &entry.kind, said, entry.until.since(now))
        })
    }
}

fn key(name: &Name, kind: &RecordType) -> Name {
    format!("{} {kind}", name.to_ascii_lowercase()).into()
}

impl Reply {
    /// Whether a client could not tell two replies apart but by their TTLs.
    fn says_the_same(&self, other: &Reply) -> bool {
        let data = |reply: &Reply| -> Vec<Data> { reply.records.iter().map(|record| record.data.clone()).collect() };
        self.rcode == other.rcode && data(self) == data(other)
    }

    /// The same after some time in a cache: with that much less to live.
    fn aged(&self, by: Span) -> Reply {
        let gone = u32::try_from(by.0 / 1000).unwrap_or(u32::MAX);
        let aged = |record: &Record| Record { ttl: record.ttl.saturating_sub(gone), ..record.clone() };
        let all = |records: &[Record]| records.iter().map(aged).collect();
        Reply { records: all(&self.records), additional: all(&self.additional), soa: self.soa.as_ref().map(aged), ..self.clone() }
    }
}
