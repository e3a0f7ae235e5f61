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
use text::plan::Says;
use why::ProbeKind;

use crate::documents::fails_after;
use crate::follows::same_image;
use crate::notes::Ends;
use crate::watch::{between, ordinal_in};
use crate::ways::naming;

/// A longer time than this to end is meant to be used, in seconds.
const LONG_GRACE: i64 = 60;

impl Ends<'_> {
    /// What is to be told of a course that applied these objects.
    pub(crate) fn beside(&self, applied: &[ObjectKey]) -> Vec<Says> {
        let changed: Vec<(ObjectKey, Vec<String>)> = applied.iter().filter_map(|key| self.changed(key)).collect();
        let told = |(key, fields): &(ObjectKey, Vec<String>)| format!("{} ({})", short(key), fields.join(", "));
        let objects: Vec<String> = changed.iter().map(told).collect();
        let mut says = Vec::from_iter((!objects.is_empty()).then_some(Says::Changed { objects }));
        let is_new = |key: &&ObjectKey| {
            key.kind != Kind::StatefulSet && self.before.tables().get(key).is_none() && self.after.tables().get(key).is_some()
        };
        let made: Vec<String> = applied.iter().filter(is_new).map(short).collect();
        says.extend((!made.is_empty()).then_some(Says::MadeBeside { objects: made }));
        for set in self.after.tables().stateful_sets() {
            // Of what the next pod needs and is gone, nothing is to be restarted for.
            says.extend(if self.need_gone(set).is_none() { self.unread(set, &changed) } else { None });
        }
        says
    }

    /// What is to be told of a set that changes.
    pub(crate) fn of_changed_set(&self, set: &StatefulSet) -> Vec<Says> {
        let Some(was) = self.before.tables().stateful_set(&set.meta.namespace, &set.meta.name) else { return Vec::new() };
        if was.spec.value() == set.spec.value() && was.meta.uid == set.meta.uid {
            return Vec::new();
        }
        let mut says = Vec::from_iter(owned(set));
        says.extend(takes_claims(was, set));
        if was.spec.template.raw != set.spec.template.raw {
            says.extend(probes(was, set));
            says.extend(self.unguarded(set));
            says.extend(self.of_template(was, set));
            says.extend(long_grace(was, set));
            says.extend(is_unprobed(set).then(|| Says::Unprobed { set: Rc::clone(&set.meta.name) }));
            let images = |set: &StatefulSet| set.spec.template.containers.iter().map(|one| Rc::clone(&one.image)).collect::<Vec<Name>>();
            says.extend(if images(was) == images(set) { same_image(set) } else { None });
        }
        let is_none = set.spec.revision_history_limit == 0 && was.spec.revision_history_limit != 0;
        says.extend(is_none.then(|| Says::NoUndo { set: Rc::clone(&set.meta.name) }));
        says.extend(self.unready_first(was, set));
        let most = set.spec.rolling_update.as_ref().and_then(|rolling| rolling.max_unavailable.clone());
        let name = Rc::clone(&set.meta.name);
        says.extend(
            most.filter(|most| most.to_json() != "1")
                .map(|most| Says::ByGate { set: name, most: most.to_json().trim_matches('"').to_owned() }),
        );
        says
    }

    /// Services that lead to no pod any more, and claims beside the sets that are gone with their volumes.
    pub(crate) fn gone(&self) -> Vec<Says> {
        let (before, after) = (self.before.tables(), self.after.tables());
        let mut says: Vec<Says> = Vec::new();
        for service in after.services() {
            let Some(was) = before.service(&service.meta.namespace, &service.meta.name) else { continue };
            let led = before.pods().any(|pod| pod.meta.namespace == was.meta.namespace && was.selects(&pod.meta));
            let leads = |pod: &Rc<Pod>| pod.meta.namespace == service.meta.namespace && service.selects(&pod.meta);
            let is_deserted = led && after.pods().next().is_some() && !after.pods().any(leads);
            says.extend(is_deserted.then(|| Says::Deserted { service: short(&service.key()), line: self.labelling(was, service) }));
        }
        let of_set =
            |space: &str, claim: &str| before.stateful_sets().any(|set| *set.meta.namespace == *space && set.of_claim(claim).is_some());
        let is_gone = |claim: &&Rc<Claim>| {
            after.claim(&claim.meta.namespace, &claim.meta.name).is_none() && !of_set(&claim.meta.namespace, &claim.meta.name)
        };
        let claims: Vec<&Rc<Claim>> = before.claims().filter(is_gone).collect();
        let lost = |claim: &&&Rc<Claim>| !claim.spec.volume.is_empty() && after.volume("", &claim.spec.volume).is_none();
        let volumes = claims.iter().filter(lost).count();
        let names: Vec<String> = claims.iter().map(|claim| short(&claim.key())).collect();
        says.extend((!names.is_empty()).then_some(Says::GoneBeside { claims: names, volumes }));
        says
    }

    /// Pods that were not Ready as a rollout of a Parallel set began: which pod goes first then differs between releases.
    fn unready_first(&self, was: &StatefulSet, set: &StatefulSet) -> Option<Says> {
        let own: Vec<&Rc<Pod>> = self.before.tables().pods().filter(|pod| pod.meta.is_controlled_by(was.meta.uid)).collect();
        let pods: Vec<Name> = own.iter().filter(|pod| !pod.ready()).map(|pod| Rc::clone(&pod.meta.name)).collect();
        let first = set.pod_name(set.ordinals().end - 1);
        let is_rolled =
            set.parallel() && was.spec.template.raw != set.spec.template.raw && set.spec.strategy == UpdateStrategy::RollingUpdate;
        let is_told = is_rolled && !pods.is_empty() && pods.len() < own.len() && !pods.contains(&first);
        is_told.then(|| Says::UnreadyFirst { set: Rc::clone(&set.meta.name), pods, first })
    }

    /// The line that gives pods that a Service led to the labels that it asks for now; empty where none of them is left.
    fn labelling(&self, was: &Service, service: &Service) -> String {
        let is_left = |pod: &&Rc<Pod>| pod.meta.namespace == was.meta.namespace && was.selects(&pod.meta) && !pod.meta.terminating();
        let pods: Vec<&Rc<Pod>> = self.after.tables().pods().filter(is_left).collect();
        let Some(first) = pods.first() else { return String::new() };
        let asks = Object::Service(Rc::new(service.clone())).encode();
        let selector = asks.at(&["spec", "selector"]);
        let wanted = selector.into_iter().flat_map(Value::members).filter_map(|(key, value)| Some((key, value.as_text()?)));
        let lacks = wanted.filter(|(key, value)| first.meta.label(key).is_none_or(|has| **has != **value));
        let labels: Vec<String> = lacks.map(|(key, value)| format!("{key}={value}")).collect();
        let names: Vec<&str> = pods.iter().map(|pod| &*pod.meta.name).collect();
        format!("kubectl label pod {} {} --overwrite{}", names.join(" "), labels.join(" "), naming(self.world, &service.key()))
    }

    /// Budgets that let no pod of a set go any more, although all are healthy.
    pub(crate) fn tight(&self, set: &StatefulSet) -> Option<Says> {
        let pod = self.after.tables().pods().find(|pod| pod.meta.is_controlled_by(set.meta.uid))?;
        let budget = self.after.tables().budgets_of(pod).next()?;
        let was = self.before.tables().budget(&budget.meta.namespace, &budget.meta.name);
        let now = &budget.status;
        let was_open = was.is_none_or(|was| was.status.disruptions_allowed > 0);
        let is_tight = now.disruptions_allowed == 0 && was_open && now.current_healthy >= now.expected_pods;
        let (wanted, pods) = (now.desired_healthy, now.expected_pods);
        (is_tight && pods > 0).then(|| Says::BudgetTight { budget: short(&budget.key()), set: Rc::clone(&set.meta.name), wanted, pods })
    }

    /// Pods that a set has lost, as their labels are others now.
    pub(crate) fn strays(&self) -> Vec<Says> {
        let tables = self.after.tables();
        let mut says: Vec<Says> = Vec::new();
        for set in self.before.tables().stateful_sets() {
            let is_lost = |pod: &&Rc<Pod>| {
                let now = tables.pod(&pod.meta.namespace, &pod.meta.name).filter(|now| now.meta.uid == pod.meta.uid);
                pod.meta.is_controlled_by(set.meta.uid) && now.is_some_and(|now| !set.spec.selector.matches(&now.meta.labels))
            };
            let pods: Vec<Name> = self.before.tables().pods().filter(is_lost).map(|pod| Rc::clone(&pod.meta.name)).collect();
            says.extend((!pods.is_empty()).then(|| Says::Strays { set: Rc::clone(&set.meta.name), pods }));
        }
        says
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
        let (before, after) = (of(self.before.tables().get(key)?), of(self.after.tables().get(key)?));
        let mut fields = Vec::new();
        for (field, value) in after.members() {
            let old = before.get(field).cloned().unwrap_or_default();
            if old == *value {
                continue;
            }
            // What a printed object leaves out, a server fills in; of settings, every key counts.
            let counts = |name: &str| matches!(key.kind, Kind::ConfigMap | Kind::Secret) || old.get(name).is_some();
            let is_other = |(name, value): &(&Name, &Value)| counts(name) && old.get(name) != Some(*value);
            let below = value.members().filter(is_other).map(|(name, _)| format!("{field}.{name}"));
            // Of settings, keys that are gone count as well.
            let is_lost = |name: &Name| matches!(key.kind, Kind::ConfigMap | Kind::Secret) && value.get(name).is_none();
            let lost = old.members().filter(|(name, _)| is_lost(name)).map(|(name, _)| format!("{field}.{name}"));
            let below: Vec<String> = below.chain(lost).collect();
            let is_whole = value.as_map().is_none();
            fields.extend(if is_whole { vec![field.to_string()] } else { below });
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
        let objects: Vec<String> = changed.iter().filter(|(key, _)| reads(key)).map(|(key, _)| short(key)).collect();
        let is_same = |pod: &Rc<Pod>| {
            let old = self.before.tables().pod(&pod.meta.namespace, &pod.meta.name);
            ordinal_in(&set.key(), &pod.meta).is_some() && old.is_some_and(|old| old.meta.uid == pod.meta.uid)
        };
        let stays = !objects.is_empty() && self.after.tables().pods().any(is_same);
        let what = format!("{}/{}", Kind::StatefulSet.info().singular, set.meta.name);
        let naming = naming(self.world, &set.key());
        // Under OnDelete a new template makes no pod anew.
        let lines = match set.spec.strategy {
            // What replaces pods of an old template is told with that.
            UpdateStrategy::OnDelete if self.by_hand_anyway(set) => Vec::new(),
            UpdateStrategy::OnDelete => self.deletions(set, |pod| pod.meta.is_controlled_by(set.meta.uid)),
            _ => vec![naming.rollout("restart", &what)],
        };
        let volumes = set.spec.template.raw.list_at(&["volumes"]);
        let of_settings = |name: &str| {
            let is_it = |one: &&Value| {
                one.text_at(&["name"]) == Some(name) && ["configMap", "secret", "projected"].iter().any(|kind| one.get(kind).is_some())
            };
            volumes.iter().any(|one| is_it(&one))
        };
        let mut mounts = set.spec.template.raw.list_at(&["containers"]).iter().flat_map(|one| one.list_at(&["volumeMounts"]));
        let by_path = mounts.any(|one| one.get("subPath").is_some() && one.text_at(&["name"]).is_some_and(of_settings));
        stays.then(|| Says::Unread { set: Rc::clone(&set.meta.name), objects, lines, by_path })
    }

    /// The budget that does not hold back what the controller itself does.
    fn unguarded(&self, set: &StatefulSet) -> Option<Says> {
        let pod = self.before.tables().pods().find(|pod| pod.meta.is_controlled_by(set.meta.uid))?;
        let budget = self.before.tables().budgets_of(pod).next()?;
        let lowest = between(self.before, self.after, &set.key()).lowest.0;
        let is_below = lowest < budget.status.desired_healthy;
        is_below.then(|| Says::BudgetIdle { budget: short(&budget.key()), set: Rc::clone(&set.meta.name), taint: false })
    }
}

/// How long old pods may take to end, and how long new ones may.
fn long_grace(was: &StatefulSet, set: &StatefulSet) -> Option<Says> {
    let (seconds, new) = (was.spec.template.grace, set.spec.template.grace);
    let total = Span::seconds(seconds.saturating_mul(was.spec.replicas).unsigned_abs()).golang();
    let name = Rc::clone(&set.meta.name);
    let new = if new == seconds { 0 } else { new };
    (seconds > LONG_GRACE && was.spec.replicas > 0).then_some(Says::LongGrace { set: name, seconds, total, new })
}

/// Whether nothing but the start of containers tells a rollout of several pods to go on.
fn is_unprobed(set: &StatefulSet) -> bool {
    let spec = &set.spec.template.raw;
    let partition = set.spec.rolling_update.as_ref().map_or(0, |rolling| rolling.partition);
    let is_rolled = set.spec.strategy == UpdateStrategy::RollingUpdate && set.ordinals().end - partition.max(set.ordinals().start) > 1;
    let is_probed = spec.list_at(&["containers"]).iter().any(|one| one.get(ProbeKind::Readiness.field()).is_some());
    is_rolled && !is_probed && set.spec.min_ready_seconds == 0 && spec.list_at(&["readinessGates"]).is_empty()
}

/// Claims that go with pods or with the set from now on, and did not before.
fn takes_claims(was: &StatefulSet, set: &StatefulSet) -> Option<Says> {
    let (old, new) = (was.spec.retention, set.spec.retention);
    let (scaled, deleted) = (new.delete_when_scaled && !old.delete_when_scaled, new.delete_when_deleted && !old.delete_when_deleted);
    (scaled || deleted).then(|| Says::TakesClaims { set: Rc::clone(&set.meta.name), scaled, deleted })
}

/// Who writes a set back, as its owner.
fn owned(set: &StatefulSet) -> Option<Says> {
    let owner = set.meta.owners.iter().find(|owner| owner.controller)?;
    Some(Says::Owned { set: Rc::clone(&set.meta.name), owner: format!("{}/{}", owner.written.0, owner.name) })
}

/// Probes that the new template has and the old one has not: nobody knows whether they pass.
fn probes(was: &StatefulSet, set: &StatefulSet) -> Vec<Says> {
    let of = |set: &StatefulSet| set.spec.template.raw.list_at(&["containers"]).to_vec();
    let old = of(was);
    let mut says = Vec::new();
    for container in of(set) {
        let before = old.iter().find(|one| one.get("name") == container.get("name"));
        for kind in [ProbeKind::Startup, ProbeKind::Liveness, ProbeKind::Readiness] {
            let field = kind.field();
            let Some(probe) = container.get(field).filter(|probe| before.and_then(|before| before.get(field)) != Some(probe)) else {
                continue;
            };
            let container = container.text_at(&["name"]).unwrap_or_default().into();
            says.push(Says::NewProbe {
                set: Rc::clone(&set.meta.name),
                container,
                probe: field,
                seconds: fails_after(probe),
                kills: kind != ProbeKind::Readiness,
            });
        }
    }
    says
}
