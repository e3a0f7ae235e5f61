//! Provisioning at work: when a provisioner looks at a claim, and when its volume is there or has grown.
//!
//! What is provisioned is up to [`provisioner`].

use std::rc::Rc;

use super::Sim;
use super::event::Event;
use super::jitter::Delay;
use api::object::event::EventType;
use api::object::storage::STORAGE_PROVISIONER;
use api::object::{Claim, Meta, Name, Object, ObjectKey, PodPhase, Uid, Volume};
use cluster::provisioner::{self, RESYNC, is_asked};
use control::plan::PendingEvent;
use control::volume_maker::maker;
use server::log::{Actor, Change};
use why::{Component, Decision, Reason, Verdict};

impl Sim {
    /// Starts provisioning when a claim first asks for it. A later change of such a claim is looked at when the provisioning under way
    /// has finished.
    pub(super) fn provisioner_sees(&mut self, change: &Change) {
        let [before, after] = change.sides(Object::as_claim).map(|side| side.filter(|c| is_asked(c, &self.cache.tables)));
        let Some(claim) = after else { return };
        if let Some(absent) = claim.meta.annotation(STORAGE_PROVISIONER).filter(|name| !self.provisioners.contains(name)) {
            let because = Reason::NoProvisionerRuns { provisioner: Rc::clone(absent) };
            self.decisions.record(self.now, Decision::new(Component::Provisioner, change.key.clone(), Verdict::Refused, because));
        } else if before.is_some() {
            self.queue.push(self.now + self.timing.provision, Event::ProvisionerLooks(change.key.clone(), claim.meta.uid));
        } else {
            self.provision(&Rc::clone(claim));
        }
    }

    /// Whether a provisioner outside the control plane is to make volumes, and does not run here.
    pub fn lacks_provisioner(&self, name: &Name) -> bool {
        maker(name).is_ok_and(|name| !self.provisioners.contains(&name))
    }

    /// Has a provisioner run from now on, also by the name that it had as a part of Kubernetes: it makes the volumes that claims have
    /// asked it for.
    pub fn run_provisioner(&mut self, name: &str) {
        let name = maker(&name.into()).unwrap_or_else(|_| name.into());
        if self.provisioners.contains(&name) {
            return;
        }
        let asks = |claim: &&Rc<Claim>| is_asked(claim, &self.cache.tables) && claim.meta.annotation(STORAGE_PROVISIONER) == Some(&name);
        let waiting: Vec<Rc<Claim>> = self.cache.tables.claims().filter(asks).cloned().collect();
        self.provisioners.push(name);
        for claim in waiting {
            self.provision(&claim);
        }
    }

    /// Handles a request to expand a bound claim: the control plane leaves it to the CSI driver, which takes a while.
    pub(super) fn expander_sees(&mut self, change: &Change) {
        let [before, after] = change.sides(Object::as_claim);
        let Some((_, claim)) = before.zip(after).filter(|(old, new)| provisioner::is_to_grow(old, new, &self.cache.tables)) else { return };
        let (key, uid) = (change.key.clone(), claim.meta.uid);
        let words = "waiting for an external controller to expand this PVC".to_owned();
        let pending_event = provisioner::says(claim, &"volume_expand".into(), "ExternalExpanding", words);
        let resizing = format!("External resizer is resizing volume {}", claim.spec.volume);
        let resizing = provisioner::says(claim, &"external-resizer".into(), "Resizing", resizing);
        self.say(pending_event);
        // Only CSI drivers come with a resizer.
        if self.timing.nodes.have_drivers()
            && self.cache.tables.volume("", &claim.spec.volume).is_some_and(|volume| volume.spec.handle.is_some())
        {
            self.say(resizing);
            let at = self.after(self.timing.provision, Delay::Provision(uid));
            self.queue.push(at, Event::Grown(key, uid));
        }
    }

    /// The driver has expanded a volume to the size its claim requests.
    // A first visit does not run this.
    #[inline(never)]
    pub(super) fn grown(&mut self, key: &ObjectKey, uid: Uid) {
        let tables = self.server.tables();
        let Some(mut claim) = tables.claim(&key.namespace, &key.name).filter(|c| c.meta.uid == uid).cloned() else { return };
        let Some(mut volume) = tables.volume("", &claim.spec.volume).cloned() else { return };
        let actor = Actor::Provisioner("external-resizer".into());
        provisioner::grow(Rc::make_mut(&mut claim), Rc::make_mut(&mut volume));
        let users = self.cache.users_of(&key.namespaced_name()).filter_map(|name| self.cache.tables.pod(&key.namespace, name));
        let mut said = Vec::new();
        for pod in users.filter(|pod| pod.status.phase == PodPhase::Running) {
            let node = pod.node.as_deref().unwrap_or_default();
            let words = format!("MountVolume.NodeExpandVolume succeeded for volume \"{}\" {node}", claim.spec.volume);
            let on_claim = provisioner::says(&claim, &"kubelet".into(), "FileSystemResizeSuccessful", words);
            said.push(PendingEvent { about: pod.key(), uid: pod.meta.uid, revision: pod.meta.revision, ..on_claim.clone() });
            said.push(on_claim);
        }
        if self.server.update(volume.into(), &actor).is_ok() && self.server.update(claim.into(), &actor).is_ok() {
            for pending_event in said {
                self.say(pending_event);
            }
        }
    }

    /// Schedules a claim whose volume is gone for the next resync: a volume's deletion does not trigger its provisioner.
    pub(super) fn provisioner_misses(&mut self, volume: &Volume) {
        let claim = volume.spec.claim.as_ref().and_then(|c| self.cache.tables.claim(&c.namespace, &c.name));
        if let Some(claim) = claim.filter(|c| is_asked(c, &self.cache.tables)) {
            let at = self.now + self.now.until_stroke(RESYNC);
            let key = claim.key();
            self.queue.push(at, Event::ProvisionerLooks(key, claim.meta.uid));
        }
    }

    /// Looks at a claim again, and provisions anew if it still asks for a volume and none exists.
    pub(super) fn provisioner_looks(&mut self, key: &ObjectKey, uid: Uid) {
        let claim =
            self.cache.tables.claim(&key.namespace, &key.name).filter(|c| c.meta.uid == uid && is_asked(c, &self.cache.tables)).cloned();
        if let Some(claim) = claim.filter(|c| self.server.tables().volume("", &provisioner::volume_name(c)).is_none()) {
            self.provision(&claim);
        }
    }

    fn provision(&mut self, claim: &Claim) {
        let Some(maker) = claim.meta.annotation(STORAGE_PROVISIONER).filter(|maker| self.provisioners.contains(maker)) else { return };
        let Meta { namespace, name, .. } = &claim.meta;
        let message = ["External provisioner is provisioning volume for claim \"", namespace, "/", name, "\""].concat();
        let pending_event = provisioner::says(claim, maker, "Provisioning", message);
        self.say(pending_event);
        let key = claim.key();
        if let Some(why) = provisioner::local_refusal(claim, maker).filter(|_| self.timing.nodes.have_drivers()) {
            let class = claim.class().unwrap_or_default();
            let message = format!("failed to provision volume with StorageClass \"{class}\": {why}");
            self.say(PendingEvent { kind: EventType::Warning, ..provisioner::says(claim, maker, "ProvisioningFailed", message) });
            let because = Reason::ProvisionerRefuses { error: why.into() };
            self.decisions.record(self.now, Decision::new(Component::Provisioner, key.clone(), Verdict::Refused, because));
            self.queue.push(self.now + self.now.until_stroke(RESYNC), Event::ProvisionerLooks(key, claim.meta.uid));
            return;
        }
        let at = self.after(self.timing.provision, Delay::Provision(claim.meta.uid));
        self.queue.push(at, Event::Provisioned(key, claim.meta.uid));
    }

    /// The provisioner has finished creating a volume.
    pub(super) fn provisioned(&mut self, key: &ObjectKey, uid: Uid) {
        let tables = self.server.tables();
        let Some(claim) = tables.claim(&key.namespace, &key.name).filter(|c| c.meta.uid == uid && c.spec.volume.is_empty()).cloned() else {
            return;
        };
        let Some((volume, maker)) = provisioner::made(&claim, tables) else { return };
        let name = Rc::clone(&volume.meta.name);
        if self.server.create(volume.into(), &Actor::Provisioner(Rc::clone(&maker))).is_ok() {
            let message = ["Successfully provisioned volume ", &name].concat();
            self.say(provisioner::says(&claim, &maker, "ProvisioningSucceeded", message));
        }
    }
}
