//! What the EndpointSlice controller remembers of a Service between two looks, so that one changed pod costs its slice alone.

use crate::base::sorted::SortedMap;
use std::rc::Rc;

use super::labels;
use crate::api::object::pod::READY;
use crate::api::object::{EndpointSlice, Labels, Name, Pod, Service, Uid};
use crate::base::time::Time;

/// What is remembered of one Service. To be dropped with the Service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// The Service as it was looked at last: its uid and revision.
    seen: Option<(Uid, u64)>,
    /// What its slices are labelled with, as long as it is as it was looked at last.
    labels: Option<Labels>,
    /// Its slices as they were read or written last.
    slices: SortedMap<Name, Rc<EndpointSlice>>,
    /// In which slice each pod is.
    places: SortedMap<Name, Name>,
    /// When each pod's readiness last changed, as far as it was taken note of.
    triggers: SortedMap<Name, Time>,
    /// Somebody else wrote a slice, so all of them have to be gone through.
    disturbed: bool,
}

impl Memory {
    /// Takes note of a slice of the Service: what a write gave back, or what the cache shows. An older state than the one
    /// known is ignored; a newer one that was not written here makes the next plan go through everything.
    pub fn observe(&mut self, slice: &Rc<EndpointSlice>, own_write: bool) {
        if self.slices.get(&slice.meta.name).is_some_and(|known| known.meta.revision >= slice.meta.revision) {
            return;
        }
        self.disturbed |= !own_write;
        let old = self.slices.insert(Rc::clone(&slice.meta.name), Rc::clone(slice));
        let mut new = slice.endpoints.iter().peekable();
        for gone in old.iter().flat_map(|o| &o.endpoints) {
            // Slices are filled at their end, so what stays is in the same order.
            if new.next_if(|e| Rc::ptr_eq(e, gone) || e.pod == gone.pod).is_none() {
                self.forget_place(&gone.pod, &slice.meta.name);
            }
        }
        self.places.extend(new.map(|e| (Rc::clone(&e.pod), Rc::clone(&slice.meta.name))));
    }

    /// Takes note that a slice is gone.
    pub fn forget(&mut self, name: &str, own_write: bool) {
        let Some(old) = self.slices.remove(name) else { return };
        self.disturbed |= !own_write;
        for endpoint in &old.endpoints {
            self.forget_place(&endpoint.pod, name);
        }
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

    /// In which slice a pod is.
    pub(super) fn place(&self, pod: &str) -> Option<&Name> {
        self.places.get(pod)
    }

    /// Whether what was remembered holds no longer: the Service or a slice was changed by somebody else. Clears that.
    pub(super) fn start_over(&mut self, service: &Service) -> bool {
        let now = Some((service.meta.uid, service.meta.revision));
        let over = self.seen != now || self.disturbed;
        self.disturbed = false;
        if self.seen != now {
            self.labels = None;
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

    /// When the change happened that the slices now follow: the earliest change of readiness not taken note of before, or the
    /// Service's creation at the first look. `everything`: the pods are all there are. Models util/trigger_time_tracker.go
    /// ComputeEndpointLastChangeTriggerTime.
    pub(super) fn trigger(&mut self, service: &Service, pods: &[(Name, Option<&Pod>)], everything: bool) -> Option<Time> {
        let first_look = self.seen.is_none_or(|(uid, _)| uid != service.meta.uid);
        self.seen = Some((service.meta.uid, service.meta.revision));
        let before = if everything { std::mem::take(&mut self.triggers) } else { SortedMap::new() };
        let mut earliest: Option<Time> = None;
        for (name, pod) in pods {
            let known = before.get(name).copied().or_else(|| self.triggers.remove(name));
            let Some(changed) = pod.and_then(|p| p.condition(READY)).map(|c| whole_seconds(c.since)) else { continue };
            if known.is_none_or(|k| changed > k) {
                earliest = Some(earliest.map_or(changed, |e| e.min(changed)));
            }
            self.triggers.insert(Rc::clone(name), changed);
        }
        if first_look { Some(service.meta.created) } else { earliest }
    }
}

/// Times pass through the API with their fraction cut off.
fn whole_seconds(time: Time) -> Time {
    Time(time.seconds() * 1000)
}
