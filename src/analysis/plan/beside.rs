//! What a change does beside the pods of sets: objects that become others, what running pods do not take over, who writes back.

use std::rc::Rc;

use api::kind::Kind;
use api::managed::LAST_APPLIED;
use api::object::stateful_set::UpdateStrategy;
use api::object::{Claim, Name, Object, ObjectKey, Pod, Service, StatefulSet};
use base::time::Span;
use base::value::Value;
use cluster::kubelet::references::needs;
use intake::told::short;
use playground::dump::WRITTEN;
use server::tables::Tables;
use text::plan::Says;
use why::ProbeKind;

use crate::bytes::went;
use crate::documents::fails_after;
use crate::ends::{Ends, behind, containers, images, name, pods_of, rolls, some};
use crate::follows::same_image;
use crate::watch::ordinal_in;

/// A longer time than this to end is meant to be used, in seconds.
const LONG_GRACE: i64 = 60;

impl Ends<'_> {
    /// What is to be told of a course that applied these objects.
    pub(crate) fn beside(&self, applied: &[ObjectKey]) -> Vec<Says> {
        let changed: Vec<(ObjectKey, Vec<String>)> = applied.iter().filter_map(|key| self.changed(key)).collect();
        let told = |(key, fields): &(ObjectKey, Vec<String>)| format!("{} ({})", short(key), fields.join(", "));
        let mut says = Vec::from_iter(some(changed.iter().map(told)).map(|objects| Says::Changed { objects }));
        let is_new =
            |key: &&ObjectKey| key.kind != Kind::StatefulSet && self.old_tables().get(key).is_none() && self.tables().get(key).is_some();
        says.extend(some(applied.iter().filter(is_new).map(short)).map(|objects| Says::MadeBeside { objects }));
        for set in self.tables().stateful_sets() {
            // Of what the next pod needs and is gone, nothing is to be restarted for.
            says.extend(if self.need_gone(set).is_none() { self.unread(set, &changed) } else { None });
        }
        says
    }

    /// What is to be told of a set that changes.
    pub(crate) fn of_changed_set(&self, set: &StatefulSet) -> Vec<Says> {
        let Some(was) = self.was(set) else { return Vec::new() };
        if was.spec.value() == set.spec.value() && was.meta.uid == set.meta.uid {
            return Vec::new();
        }
        let mut says = Vec::from_iter(owned(set));
        says.extend(takes_claims(was, set));
        if rolls(was, set) {
            says.extend(probes(was, set));
            says.extend(self.of_template(was, set));
            says.extend(long_grace(was, set));
            says.extend(is_unprobed(set).then(|| Says::Unprobed { set: name(set) }));
            says.extend(if images(was) == images(set) { same_image(set) } else { None });
        }
        let is_none = set.spec.revision_history_limit == 0 && was.spec.revision_history_limit != 0;
        says.extend(is_none.then(|| Says::NoUndo { set: name(set) }));
        says.extend(self.unready_first(was, set));
        let most = set.spec.rolling_update.as_ref().and_then(|rolling| rolling.max_unavailable.as_ref()).map(Value::spelled);
        says.extend(most.filter(|most| most != "1").map(|most| Says::ByGate { set: name(set), most }));
        says
    }

    /// Services that lead to no pod any more, and claims beside the sets that are gone with their volumes.
    pub(crate) fn gone(&self) -> Vec<Says> {
        let (before, after) = (self.old_tables(), self.tables());
        let mut says: Vec<Says> = Vec::new();
        for service in after.services() {
            let Some(was) = before.service(&service.meta.namespace, &service.meta.name) else { continue };
            let led = behind(before, was).next().is_some();
            let is_deserted = led && after.pods().next().is_some() && behind(after, service).next().is_none();
            says.extend(is_deserted.then(|| Says::Deserted { service: short(&service.key()), line: self.labelling(was, service) }));
            says.extend(self.leads_elsewhere(was, service));
        }
        let of_set =
            |space: &str, claim: &str| before.stateful_sets().any(|set| *set.meta.namespace == *space && set.of_claim(claim).is_some());
        let is_gone = |claim: &&Rc<Claim>| {
            let same = after.claim(&claim.meta.namespace, &claim.meta.name).filter(|now| now.meta.uid == claim.meta.uid);
            same.is_none() && !of_set(&claim.meta.namespace, &claim.meta.name)
        };
        let claims: Vec<&Rc<Claim>> = before.claims().filter(is_gone).collect();
        let volumes = claims.iter().filter(|claim| went(self.after, claim)).count();
        let names = some(claims.iter().map(|claim| short(&claim.key())));
        says.extend(names.map(|claims| Says::GoneBeside { claims, volumes }));
        says
    }

    /// A Service whose selector has left some of the pods behind which it led, or has taken others.
    fn leads_elsewhere(&self, was: &Service, service: &Service) -> Option<Says> {
        let names =
            |tables: &Tables, service: &Service| behind(tables, service).map(|pod| Rc::clone(&pod.meta.name)).collect::<Vec<Name>>();
        // Of the pods that are there now, as both selectors see them.
        let (old, new) = (names(self.tables(), was), names(self.tables(), service));
        let is_other = was.spec.selector != service.spec.selector && old != new && !old.is_empty() && !new.is_empty();
        is_other.then(|| Says::LeadsElsewhere { service: short(&service.key()), old, new })
    }

    /// Pods that were not Ready as a rollout of a Parallel set began: which pod goes first then differs between releases.
    fn unready_first(&self, was: &StatefulSet, set: &StatefulSet) -> Option<Says> {
        let own: Vec<&Rc<Pod>> = pods_of(self.old_tables(), was).collect();
        let pods: Vec<Name> = own.iter().filter(|pod| !pod.ready()).map(|pod| Rc::clone(&pod.meta.name)).collect();
        let first = set.pod_name(set.ordinals().end - 1);
        let is_rolled = set.parallel() && rolls(was, set) && set.spec.strategy == UpdateStrategy::RollingUpdate;
        let is_told = is_rolled && !pods.is_empty() && pods.len() < own.len() && !pods.contains(&first);
        is_told.then(|| Says::UnreadyFirst { set: name(set), pods, first })
    }

    /// The line that gives pods that a Service led to the labels that it asks for now; empty where none of them is left.
    fn labelling(&self, was: &Service, service: &Service) -> String {
        let pods: Vec<&Rc<Pod>> = behind(self.tables(), was).filter(|pod| !pod.meta.terminating()).collect();
        let Some(first) = pods.first() else { return String::new() };
        let lacks = service.spec.selector.iter().filter(|(key, value)| first.meta.label(key) != Some(value));
        let labels: Vec<String> = lacks.map(|(key, value)| format!("{key}={value}")).collect();
        let names: Vec<&str> = pods.iter().map(|pod| &*pod.meta.name).collect();
        format!("kubectl label pod {} {} --overwrite{}", names.join(" "), labels.join(" "), self.naming(&service.key()))
    }

    /// Pods that a set has lost, as their labels are others now.
    pub(crate) fn strays(&self) -> Vec<Says> {
        let tables = self.tables();
        let told = |set: &Rc<StatefulSet>| {
            let is_lost = |pod: &&Rc<Pod>| {
                let now = tables.pod(&pod.meta.namespace, &pod.meta.name).filter(|now| now.meta.uid == pod.meta.uid);
                now.is_some_and(|now| !set.spec.selector.matches(&now.meta.labels))
            };
            let pods = some(pods_of(self.old_tables(), set).filter(is_lost).map(|pod| Rc::clone(&pod.meta.name)))?;
            Some(Says::Strays { set: name(set), pods })
        };
        self.old_tables().stateful_sets().filter_map(told).collect()
    }

    /// The fields of an object that the change has made others; `None` where there are none, and of what is told elsewhere.
    pub(crate) fn changed(&self, key: &ObjectKey) -> Option<(ObjectKey, Vec<String>)> {
        if matches!(key.kind, Kind::StatefulSet | Kind::Node | Kind::Pod | Kind::Namespace) {
            return None;
        }
        let of = |object: &Object| {
            let mut value = object.encode();
            WRITTEN.iter().for_each(|field| drop(value.remove(&["metadata", field])));
            value.remove(&["metadata", "annotations", LAST_APPLIED]);
            value.remove(&["status"]);
            value
        };
        let (before, after) = (of(self.old_tables().get(key)?), of(self.tables().get(key)?));
        let mut fields = Vec::new();
        for (field, value) in after.members() {
            let old = before.get(field).cloned().unwrap_or_default();
            if old == *value {
                continue;
            }
            // What a printed object leaves out, a server fills in; of settings, every key counts, and keys that are gone as well.
            let is_settings = matches!(key.kind, Kind::ConfigMap | Kind::Secret);
            let counts = |name: &str| is_settings || old.get(name).is_some();
            let is_other = |(name, value): &(&Name, &Value)| counts(name) && old.get(name) != Some(*value);
            let below = value.members().filter(is_other).map(|(name, _)| format!("{field}.{name}"));
            let lost = old.members().map(|(name, _)| name).filter(|name| is_settings && value.get(name).is_none());
            let lost = lost.map(|name| format!("{field}.{name}"));
            let below: Vec<String> = below.chain(lost).collect();
            fields.extend(if value.as_map().is_none() { vec![field.to_string()] } else { below });
        }
        let gone = before.members().filter(|(field, _)| after.get(field).is_none()).map(|(field, _)| field.to_string());
        fields.extend(gone);
        (!fields.is_empty()).then(|| (key.clone(), fields))
    }

    /// Settings that changed, and that running pods of a set do not take over.
    fn unread(&self, set: &StatefulSet, changed: &[(ObjectKey, Vec<String>)]) -> Option<Says> {
        let named = needs(&set.spec.template.raw);
        let reads = |key: &ObjectKey| {
            key.namespace == set.meta.namespace && named.iter().any(|need| need.kind == key.kind && *need.name == *key.name)
        };
        let objects = some(changed.iter().filter(|(key, _)| reads(key)).map(|(key, _)| short(key)))?;
        let is_same = |pod: &Rc<Pod>| ordinal_in(&set.key(), &pod.meta).is_some() && self.old(pod).is_some();
        // Under OnDelete a new template makes no pod anew.
        let lines = match set.spec.strategy {
            // What replaces pods of an old template is told with that.
            UpdateStrategy::OnDelete if self.by_hand_anyway(set) => Vec::new(),
            UpdateStrategy::OnDelete => self.deletions(set, |pod| pod.meta.is_controlled_by(set.meta.uid)),
            _ => vec![self.rollout("restart", set)],
        };
        let volumes = set.spec.template.raw.list_at(&["volumes"]);
        let of_settings = |name: &str| {
            let is_it = |one: &&Value| {
                one.text_at(&["name"]) == Some(name) && ["configMap", "secret", "projected"].iter().any(|kind| one.get(kind).is_some())
            };
            volumes.iter().any(|one| is_it(&one))
        };
        let mut mounts = containers(set).iter().flat_map(|one| one.list_at(&["volumeMounts"]));
        let by_path = mounts.any(|one| one.get("subPath").is_some() && one.text_at(&["name"]).is_some_and(of_settings));
        self.tables().pods().any(is_same).then(|| Says::Unread { set: name(set), objects, lines, by_path })
    }
}

/// How long old pods may take to end, and how long new ones may.
fn long_grace(was: &StatefulSet, set: &StatefulSet) -> Option<Says> {
    let (seconds, new) = (was.spec.template.grace, set.spec.template.grace);
    let total = Span::seconds(seconds.saturating_mul(was.spec.replicas).unsigned_abs()).golang();
    let new = if new == seconds { 0 } else { new };
    (seconds > LONG_GRACE && was.spec.replicas > 0).then(|| Says::LongGrace { set: name(set), seconds, total, new })
}

/// Whether nothing but the start of containers tells a rollout of several pods to go on.
fn is_unprobed(set: &StatefulSet) -> bool {
    let spec = &set.spec.template.raw;
    let is_rolled = set.spec.strategy == UpdateStrategy::RollingUpdate && set.ordinals().end - set.first_updated() > 1;
    let is_probed = containers(set).iter().any(|one| one.get(ProbeKind::Readiness.field()).is_some());
    is_rolled && !is_probed && set.spec.min_ready_seconds == 0 && spec.list_at(&["readinessGates"]).is_empty()
}

/// Claims that go with pods or with the set from now on, and did not before.
fn takes_claims(was: &StatefulSet, set: &StatefulSet) -> Option<Says> {
    let (old, new) = (was.spec.retention, set.spec.retention);
    let (scaled, deleted) = (new.delete_when_scaled && !old.delete_when_scaled, new.delete_when_deleted && !old.delete_when_deleted);
    (scaled || deleted).then(|| Says::TakesClaims { set: name(set), scaled, deleted })
}

/// Who writes a set back, as its owner.
fn owned(set: &StatefulSet) -> Option<Says> {
    let owner = set.meta.owners.iter().find(|owner| owner.controller)?;
    Some(Says::Owned { set: name(set), owner: format!("{}/{}", owner.written.0, owner.name) })
}

/// Probes that the new template has and the old one has not: nobody knows whether they pass.
fn probes(was: &StatefulSet, set: &StatefulSet) -> Vec<Says> {
    let mut says = Vec::new();
    for container in containers(set) {
        let before = containers(was).iter().find(|one| one.get("name") == container.get("name"));
        for kind in [ProbeKind::Startup, ProbeKind::Liveness, ProbeKind::Readiness] {
            let field = kind.field();
            let new = container.get(field).filter(|probe| before.and_then(|before| before.get(field)) != Some(probe));
            let container = || container.text_at(&["name"]).unwrap_or_default().into();
            let (set, kills) = (name(set), kind != ProbeKind::Readiness);
            says.extend(new.map(|probe| Says::NewProbe { set, container: container(), probe: field, seconds: fails_after(probe), kills }));
        }
    }
    says
}
