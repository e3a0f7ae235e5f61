//! What the EndpointSlice controller remembers about a Service between syncs, so that a changed pod costs only its slice.

use base::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

use super::labels::{labels, manages};
use api::kind::Kind;
use api::object::pod::READY;
use api::object::{EndpointSlice, Labels, Name, Object, ObjectKey, Pod, Service, Uid};
use base::time::Time;
use server::tables::Tables;

/// The memory of one Service, to be dropped with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// The Service's uid and revision at the last sync.
    seen: Option<(Uid, u64)>,
    /// What its slices are labelled with, as long as it is as it was looked at last.
    labels: Option<Labels>,
    /// Its slices as last read or written.
    slices: SortedMap<Name, Rc<EndpointSlice>>,
    /// The slice that each pod is in.
    places: SortedMap<Name, Name>,
    /// When the changes came about.
    pub(super) triggers: Triggers,
    /// Whether somebody else wrote a slice, so that all of them have to be checked.
    disturbed: bool,
}

impl Memory {
    /// Records a slice of the Service: the result of a write, or what the cache shows. An outdated state is ignored; a newer one
    /// that was not written here makes the next plan check everything. Returns whether it calls for one, as another owner does not.
    /// Models endpointslice_controller.go onEndpointSliceUpdate and endpointslice_tracker.go ShouldSync.
    pub fn observe(&mut self, slice: &Rc<EndpointSlice>, own_write: bool) -> bool {
        let known = self.slices.get(&slice.meta.name);
        if known.is_some_and(|known| known.meta.revision >= slice.meta.revision) {
            return false;
        }
        let is_same = |known: &Rc<EndpointSlice>| known.meta.uid == slice.meta.uid && known.meta.generation >= slice.meta.generation;
        let is_news = !own_write && !known.is_some_and(is_same);
        self.disturbed |= !own_write;
        let old = self.slices.insert(Rc::clone(&slice.meta.name), Rc::clone(slice));
        let mut new = slice.endpoints.iter().peekable();
        for gone in old.iter().flat_map(|o| &o.endpoints) {
            // Slices are filled at their end, so the remaining endpoints keep their order.
            if new.next_if(|e| Rc::ptr_eq(e, gone) || e.pod == gone.pod).is_none() {
                self.forget_place(&gone.pod, &slice.meta.name);
            }
        }
        self.places.extend(new.map(|e| (Rc::clone(&e.pod), Rc::clone(&slice.meta.name))));
        is_news
    }

    /// Records that a slice is gone. Returns whether that calls for a plan.
    pub fn forget(&mut self, name: &str, own_write: bool) -> bool {
        let Some(old) = self.slices.remove(name) else { return false };
        self.disturbed |= !own_write;
        for endpoint in &old.endpoints {
            self.forget_place(&endpoint.pod, name);
        }
        !own_write
    }

    fn forget_place(&mut self, pod: &str, slice: &str) {
        if self.places.get(pod).is_some_and(|s| **s == *slice) {
            self.places.remove(pod);
        }
    }

    /// The slices, by name.
    pub fn slices(&self) -> impl Iterator<Item = &Rc<EndpointSlice>> {
        self.slices.values()
    }

    /// The slice that a pod is in.
    pub(super) fn place(&self, pod: &str) -> Option<&Name> {
        self.places.get(pod)
    }

    /// Whether the memory is invalid, because the Service or a slice was changed by somebody else. Resets that.
    pub(super) fn start_over(&mut self, service: &Service) -> bool {
        let now = Some((service.meta.uid, service.meta.revision));
        let over = self.seen != now || self.disturbed;
        self.disturbed = false;
        if self.seen != now {
            (self.seen, self.labels) = (now, None);
        }
        over
    }

    /// The labels of the Service's slices: those that they have already, where these are the same, for what is shared is the same
    /// at sight.
    pub(super) fn labels(&mut self, service: &Service) -> Labels {
        let slices = &self.slices;
        let found = self.labels.get_or_insert_with(|| {
            let labels = labels(service);
            slices.values().map(|slice| &slice.meta.labels).find(|there| **there == labels).cloned().unwrap_or(labels)
        });
        Rc::clone(found)
    }
}

/// What is remembered of one Service.
#[derive(Clone, Debug, Default)]
pub(super) struct Remembered {
    pub(super) memory: Memory,
    /// The pods that changed since the last sync.
    pub(super) changed: SortedSet<Name>,
}

/// What the controller remembers of every Service.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memories {
    pub(super) services: SortedMap<ObjectKey, Remembered>,
}

impl Memories {
    /// Takes in that a Service is there. Slices that an earlier Service of this name was deleted without are there before it.
    pub(super) fn meets(&mut self, service: &ObjectKey, tables: &Tables) {
        self.services.entry(service.clone()).or_insert_with(|| {
            let mut remembered = Remembered::default();
            let slices = tables.within(Kind::EndpointSlice, &service.namespace).filter_map(Object::as_slice);
            for slice in slices.filter(|slice| slice.service == service.name && manages(slice)) {
                remembered.memory.observe(slice, false);
            }
            remembered
        });
    }

    /// Takes in that a pod of a Service has to be looked at.
    pub(super) fn notes(&mut self, service: &ObjectKey, pod: &Name) {
        self.services.entry(service.clone()).or_default().changed.insert(Rc::clone(pod));
    }

    /// Takes in a change of a slice, which may have been another Service's before; returns the Services that it is news to. Slices that
    /// the controller does not manage are none of its business, and what it wrote itself is no news to it.
    /// Models onEndpointSliceUpdate and its like.
    pub(super) fn sees(&mut self, sides: [Option<&Rc<EndpointSlice>>; 2]) -> Vec<ObjectKey> {
        let [before, after] = sides.map(|slice| slice.filter(|slice| manages(slice)));
        let mut concerned = Vec::new();
        for slice in before.into_iter().filter(|old| after.is_none_or(|new| new.service != old.service)).chain(after) {
            let service = ObjectKey::new(Kind::Service, &slice.meta.namespace, &slice.service);
            let Some(Remembered { memory, .. }) = self.services.get_mut(&service) else { continue };
            let stays = after.is_some_and(|new| new.service == slice.service);
            let is_news = if stays { memory.observe(slice, false) } else { memory.forget(&slice.meta.name, false) };
            if is_news {
                concerned.push(service);
            }
        }
        concerned
    }

    /// Takes in what one of the controller's own writes returned.
    pub(super) fn wrote(&mut self, service: &ObjectKey, deletes: bool, object: &Object) {
        let Some(Remembered { memory, .. }) = self.services.get_mut(service) else { return };
        match object {
            _ if deletes => memory.forget(&object.meta().name, true),
            Object::EndpointSlice(slice) => memory.observe(slice, true),
            _ => false,
        };
    }
}

/// What is known of when a Service and its pods last changed. Models util/trigger_time_tracker.go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Triggers {
    service: Option<Uid>,
    /// When each pod's readiness last changed, as far as observed.
    pods: SortedMap<Name, Time>,
}

impl Triggers {
    /// The time of the change that the endpoints now reflect: the earliest change of readiness not observed before, or the
    /// Service's creation at the first sync. `everything`: these are all pods. Models ComputeEndpointLastChangeTriggerTime.
    pub fn compute(&mut self, service: &Service, pods: &[(Name, Option<&Pod>)], everything: bool) -> Option<Time> {
        let first_look = self.service.replace(service.meta.uid) != Some(service.meta.uid);
        let before = if everything { std::mem::take(&mut self.pods) } else { SortedMap::new() };
        let mut earliest: Option<Time> = None;
        for (name, pod) in pods {
            let known = before.get(name).copied().or_else(|| self.pods.remove(name));
            let Some(changed) = pod.and_then(|p| p.condition(READY)).map(|c| whole_seconds(c.since)) else { continue };
            if known.is_none_or(|k| changed > k) {
                earliest = Some(earliest.map_or(changed, |e| e.min(changed)));
            }
            self.pods.insert(Rc::clone(name), changed);
        }
        if first_look { Some(service.meta.created) } else { earliest }
    }
}

/// The API truncates times to seconds.
fn whole_seconds(time: Time) -> Time {
    Time(time.seconds() * 1000)
}
