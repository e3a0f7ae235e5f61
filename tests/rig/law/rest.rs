//! Laws about the whole world at rest: everything written has been seen by everyone, and no one is about to write.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::named::{Law, Violation, nobody};
use super::set_view::SetView;
use super::workload;
use api::client::Client;
use api::kind::Kind;
use api::object::endpoints::Subsets;
use api::object::network::Endpoint;
use api::object::pod::{ContainerState, Ip};
use api::object::storage::{ClaimPhase, VolumePhase};
use api::object::{Claim, Name, Object, ObjectKey, OwnerRef, Pod, Service, StatefulSet, Uid, Volume};
use api::release::Release;
use base::time::{Span, Time};
use cluster::kubelet::Machine;
use control::cache::Cache;
use control::endpoint_slice::{endpoint, manages};
use server::tables::Tables;
use sim::Sim;
use sim::event::Event;
use why::log::Entry;
use why::{Component, Reason};

/// The world is at rest if nothing is due within this span. Longer than a workqueue's first back-offs, shorter than the back-off
/// between restarts and the resync periods.
pub(super) const REST: Span = Span::seconds(1);

/// What of the world the laws look at.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// The present.
    pub now: Time,
    /// The store.
    pub tables: &'a Tables,
    /// What components have seen of it.
    pub cache: &'a Cache,
    /// The modelled release.
    pub release: &'static Release,
}

/// What components have seen is not ahead of the store, at any time.
pub fn judge_cache_age(sim: &Sim) -> Result<(), Violation> {
    let (seen, stored) = (sim.cache().revision, sim.revision());
    Law::CachesFollow.holds(seen <= stored, sim.now(), &nobody(), || format!("revision {seen} was seen, {stored} is stored"))
}

/// Checks a quiet cluster. `unaware` are workloads whose counted objects have changed without a watch event.
pub fn judge(sim: &Sim, unaware: &BTreeSet<ObjectKey>) -> Result<(), Violation> {
    let world = World { now: sim.now(), tables: sim.tables(), cache: sim.cache(), release: sim.release() };
    world.judge_cache()?;
    world.judge_sets(&sets_to_be_looked_at_again(sim))?;
    world.judge_services(&services_to_be_looked_at_again(sim))?;
    let awaited = workload::awaited(sim).into_iter().chain(unaware.iter().cloned()).collect();
    workload::judge_rest(world.tables, world.now, sim.release(), &awaited)?;
    world.judge_storage(&awaited)?;
    world.judge_owners()?;
    // A machine that has just booted tells of its pods only once it starts their containers again.
    let soon = sim.now() + REST.max(sim.timing().container_start);
    let busy = sim.ahead().take_while(|(at, _)| *at <= soon).filter_map(|(_, event)| match event {
        Event::Kubelet(_, uid, _) => Some(*uid),
        _ => None,
    });
    let busy: BTreeSet<Uid> = busy.collect();
    sim.machines().try_for_each(|machine| world.judge_machine(machine, &busy))
}

/// The sets whose controller came to no status, because its cache was behind its own writes or because their revisions could not be
/// written, and will look again, which after failures may take long.
fn sets_to_be_looked_at_again(sim: &Sim) -> BTreeSet<ObjectKey> {
    let keys = sim.tables().all(Kind::StatefulSet).map(Object::key);
    let no_status =
        |entry: &Entry| matches!(entry.decision.because, Reason::CacheBehindOwnWrites | Reason::SyncFailed { skip_status: true, .. });
    keys.filter(|key| sim.decisions().by(key, Component::StatefulSet).is_some_and(no_status)).collect()
}

/// The Services that the EndpointSlice controller left without some pods, whose nodes were not there, and will look at again, which may
/// take long: that a node comes is no news of a Service.
fn services_to_be_looked_at_again(sim: &Sim) -> BTreeSet<ObjectKey> {
    let keys = sim.tables().all(Kind::Service).map(Object::key);
    let failed = |entry: &Entry| matches!(entry.decision.because, Reason::SyncFailed { .. });
    keys.filter(|key| sim.decisions().by(key, Component::EndpointSlice).is_some_and(failed)).collect()
}

impl World<'_> {
    fn holds(&self, law: Law, about: &ObjectKey, so: bool, what: impl FnOnce() -> String) -> Result<(), Violation> {
        law.holds(so, self.now, about, what)
    }

    /// Everything but Events, which nobody watches, is in the cache as it is in the store.
    pub fn judge_cache(&self) -> Result<(), Violation> {
        for kind in self.tables.kinds().filter(|k| *k != Kind::Event) {
            let (mut seen, mut stored) = (self.cache.tables.all(kind), self.tables.all(kind));
            loop {
                let (a, b) = (seen.next(), stored.next());
                let Some(object) = a.or(b) else { break };
                self.holds(Law::CachesFollow, &object.key(), a == b, || "it is not as components see it".into())?;
            }
        }
        Ok(())
    }

    /// Every set's status is a count of its pods, except those whose controller came to none.
    pub fn judge_sets(&self, waiting: &BTreeSet<ObjectKey>) -> Result<(), Violation> {
        let sets = self.tables.stateful_sets().filter(|s| !s.meta.terminating());
        sets.filter(|s| !waiting.contains(&s.key())).try_for_each(|set| self.judge_set(set))
    }

    fn judge_set(&self, set: &Rc<StatefulSet>) -> Result<(), Violation> {
        let key = set.key();
        let view = SetView::new(self.tables, set, self.release, self.now);
        let (s, counted) = (&set.status, view.counted());
        // A higher generation, which somebody wrote, stays.
        let observed = s.observed_generation.min(set.meta.generation);
        let told = [s.replicas, s.ready, s.available, s.updated, s.current, observed];
        let updated = view.standing(&s.update_revision);
        let current = view.standing(&s.current_revision);
        let so = [counted.replicas, counted.ready, counted.available, updated, current, set.meta.generation];
        self.holds(Law::StatusIsTrue, &key, told == so, || {
            format!("replicas, ready, available, updated, current and generation read {told:?} and are {so:?}")
        })?;
        let complete = s.updated == s.ready && s.ready == s.replicas && s.replicas == set.spec.replicas;
        let every = set.spec.strategy == api::object::stateful_set::UpdateStrategy::RollingUpdate;
        let arrived = !(complete && every) || s.current_revision == s.update_revision;
        self.holds(Law::StatusIsTrue, &key, arrived, || format!("the update to {} is complete and not said to be", s.update_revision))
    }

    /// Every Service's endpoints are its pods; of one that was not Ready when it ended the controller may not have heard.
    pub fn judge_services(&self, waiting: &BTreeSet<ObjectKey>) -> Result<(), Violation> {
        // One that is on its way out gets no new slices.
        let stays = |s: &&Rc<Service>| !s.meta.terminating() && !s.spec.selector.is_empty() && !s.is_external_name();
        let services = self.tables.services().filter(stays);
        services.filter(|s| !waiting.contains(&s.key())).try_for_each(|service| self.judge_service(service))
    }

    fn judge_service(&self, service: &Service) -> Result<(), Violation> {
        type Told = (Ip, Name, bool, bool, bool);
        let pods = self.tables.within(Kind::Pod, &service.meta.namespace).filter_map(Object::as_pod);
        let (ended, served): (Vec<_>, Vec<_>) = pods.filter(|p| service.selects(&p.meta)).partition(|p| p.status.phase.terminal());
        let wanted = served.into_iter().filter_map(|p| Some((p.meta.uid, wanted_endpoint(service, p)?)));
        let slices = self.tables.within(Kind::EndpointSlice, &service.meta.namespace).filter_map(Object::as_slice);
        let unheard = |e: &&Rc<Endpoint>| !e.serving && ended.iter().any(|p| p.meta.uid == e.pod_uid);
        let own = slices.filter(|s| s.service == service.meta.name && manages(s)).flat_map(|s| &s.endpoints).filter(|e| !unheard(e));
        // Pods of a node that is no more are left out from the next look on, which something else has to cause.
        let stands = |told: &Told| service.spec.publish_not_ready || self.tables.node("", &told.1).is_some();
        let told = |e: &Endpoint| (e.ip, Rc::clone(&e.node), e.ready, e.serving, e.terminating);
        let wanted: BTreeMap<Uid, Told> = wanted.filter(|(_, told)| stands(told)).collect();
        let found: BTreeMap<Uid, Told> = own.map(|e| (e.pod_uid, told(e))).filter(|(_, told)| stands(told)).collect();
        let key = service.key();
        self.holds(Law::EndpointsAreTrue, &key, wanted == found, || format!("its pods are {wanted:?}, its endpoints {found:?}"))?;
        self.judge_endpoints(service, &ended)
    }

    /// The Endpoints that the controller keeps are the pods that do not leave and listen on the ports; one that somebody else wrote over is
    /// not looked at before something changes.
    fn judge_endpoints(&self, service: &Service, ended: &[&Rc<Pod>]) -> Result<(), Violation> {
        let Some(endpoints) = self.tables.endpoints(&service.meta.namespace, &service.meta.name) else { return Ok(()) };
        let Subsets::Kept(addresses) = &endpoints.subsets else { return Ok(()) };
        let published = service.spec.publish_not_ready;
        let listed = |p: &&Rc<Pod>| {
            let listens = service.spec.ports.is_empty() || !endpoint::ports(service, p).is_empty();
            listens && service.selects(&p.meta) && !p.status.phase.terminal() && (published || !p.meta.terminating())
        };
        let pods = self.tables.within(Kind::Pod, &service.meta.namespace).filter_map(Object::as_pod).filter(listed);
        let wanted: BTreeMap<Uid, (Ip, bool)> = pods.filter_map(|p| Some((p.meta.uid, (p.status.ip?, published || p.ready())))).collect();
        let unheard = |e: &&Rc<Endpoint>| (published || !e.serving) && ended.iter().any(|p| p.meta.uid == e.pod_uid);
        let found: BTreeMap<Uid, (Ip, bool)> = addresses.iter().filter(|e| !unheard(e)).map(|e| (e.pod_uid, (e.ip, e.ready))).collect();
        let key = endpoints.key();
        self.holds(Law::EndpointsAreTrue, &key, wanted == found, || format!("the pods are {wanted:?}, the addresses {found:?}"))
    }

    /// Claims and volumes say the same of each other, except those that are to be looked at again.
    pub fn judge_storage(&self, awaited: &BTreeSet<ObjectKey>) -> Result<(), Violation> {
        self.tables.claims().try_for_each(|claim| {
            let key = claim.key();
            let agrees = awaited.contains(&key)
                || claim.status.phase != ClaimPhase::Bound
                || self.tables.volume("", &claim.spec.volume).is_some_and(|v| bound(v, claim));
            self.holds(Law::BindingsAgree, &key, agrees, || format!("volume {} does not have it", claim.spec.volume))
        })?;
        self.tables.volumes().filter(|v| v.status.phase == VolumePhase::Bound).try_for_each(|volume| {
            let key = volume.key();
            let claim = volume.spec.claim.as_ref().and_then(|c| self.tables.claim(&c.namespace, &c.name));
            let agrees = awaited.contains(&key) || claim.is_some_and(|c| c.spec.volume == volume.meta.name && bound(volume, c));
            self.holds(Law::BindingsAgree, &key, agrees, || format!("it is bound to {:?}", volume.spec.claim))
        })
    }

    /// Nothing stays of which every owner is gone, unless it is on its way out.
    pub fn judge_owners(&self) -> Result<(), Violation> {
        let kinds = self.tables.kinds().filter(|k| *k != Kind::Event);
        let owned = kinds.flat_map(|k| self.tables.all(k)).filter(|o| !o.meta().owners.is_empty() && !o.meta().terminating());
        for object in owned {
            let there = |owner: &OwnerRef| {
                let found = owner.kind.and_then(|kind| self.tables.get(&ObjectKey::new(kind, &object.meta().namespace, &owner.name)));
                // A reference that was given another name or kind and kept its uid is not looked at again.
                let is_renamed =
                    || self.tables.kinds().flat_map(|k| self.tables.within(k, &object.meta().namespace)).any(|o| o.meta().uid == owner.uid);
                found.is_some_and(|o| o.meta().uid == owner.uid) || is_renamed()
            };
            let so = object.meta().owners.iter().any(|owner| owner.kind.is_none() || there(owner));
            self.holds(Law::NothingIsLeftBehind, &object.key(), so, || "none of its owners is there".into())?;
        }
        Ok(())
    }

    /// What a connected kubelet has in hand is what is bound to its node, and it has told the truth of it, except of pods that it
    /// is busy with, and of those gone from the API server that it is ending.
    pub fn judge_machine(&self, machine: &Machine, busy: &BTreeSet<Uid>) -> Result<(), Violation> {
        if !machine.connected() {
            return Ok(());
        }
        for pod in self.tables.pods().filter(|p| p.node.as_ref() == Some(&machine.node) && !busy.contains(&p.meta.uid)) {
            let key = pod.key();
            let running: BTreeSet<&Name> =
                machine.worker(pod.meta.uid).into_iter().flat_map(cluster::kubelet::Worker::started_containers).collect();
            let told = pod
                .status
                .init_containers
                .iter()
                .chain(&pod.status.containers)
                .filter(|c| matches!(c.state, ContainerState::Running { .. }));
            let told: BTreeSet<&Name> = told.map(|c| &c.name).collect();
            self.holds(Law::KubeletsAgree, &key, running == told, || format!("{running:?} run, {told:?} are said to"))?;
        }
        let bound = |uid| self.tables.pods().any(|p| p.meta.uid == uid && p.node.as_ref() == Some(&machine.node));
        for worker in machine.workers().filter(|w| !busy.contains(&w.uid) && !w.outlives_its_pod()) {
            self.holds(Law::KubeletsAgree, &worker.key, bound(worker.uid), || format!("{} holds on to it", machine.node))?;
        }
        Ok(())
    }
}

/// How a pod is to be found among a Service's endpoints; `None` without an address.
fn wanted_endpoint(service: &Service, pod: &Pod) -> Option<(Ip, Name, bool, bool, bool)> {
    let (serving, terminating) = (pod.ready(), pod.meta.terminating());
    let ready = service.spec.publish_not_ready || serving && !terminating;
    Some((pod.status.ip?, pod.node.clone().unwrap_or_default(), ready, serving, terminating))
}

/// Whether a volume has this claim, and knows it.
fn bound(volume: &Volume, claim: &Claim) -> bool {
    volume.status.phase == VolumePhase::Bound && volume.spec.claim.as_ref().is_some_and(|c| c.uid == Some(claim.meta.uid))
}
