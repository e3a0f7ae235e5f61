//! What a Service's slices are labelled and annotated with, and which slices are the controller's own by that.

use std::rc::Rc;

use api::object::network::SLICE_MANAGED_BY;
use api::object::{EndpointSlice, Labels, Meta, Name, Service};
use api::well_known::SERVICE_NAME;
use base::sorted::SortedMap;
use base::time::Time;

/// The label of a headless Service's slices and Endpoints.
pub(crate) const HEADLESS: &str = "service.kubernetes.io/headless";
/// The annotation with the time of the change that a slice reflects.
const LAST_CHANGE: &str = "endpoints.kubernetes.io/last-change-trigger-time";

/// The labels of a Service's slices: the Service's, and the controller's own. Models setEndpointSliceLabels.
pub(super) fn labels(service: &Service) -> Labels {
    let mut labels = SortedMap::clone(&service.meta.labels);
    labels.remove(HEADLESS);
    if service.spec.cluster_ip.is_empty() || service.headless() {
        labels.insert(HEADLESS.into(), Name::default());
    }
    labels.insert(SERVICE_NAME.into(), Rc::clone(&service.meta.name));
    labels.insert(SLICE_MANAGED_BY.0.into(), SLICE_MANAGED_BY.1.into());
    Rc::new(labels)
}

/// Whether this controller manages a slice; [`Memory`](super::Memory) holds only such slices. Models ManagedByController.
pub fn manages(slice: &EndpointSlice) -> bool {
    slice.meta.label(SLICE_MANAGED_BY.0).is_some_and(|by| **by == *SLICE_MANAGED_BY.1)
}

/// Notes the time of the change that an object reflects, if there is one. Models addTriggerTimeAnnotation.
pub(crate) fn annotate(meta: &mut Meta, trigger: Option<Time>) {
    let time = trigger.map(Time::rfc3339);
    if meta.annotation(LAST_CHANGE).map(|there| &**there) == time.as_deref() {
        return;
    }
    let annotations = Rc::make_mut(&mut meta.annotations);
    match time {
        Some(time) => match annotations.get_mut(LAST_CHANGE) {
            Some(there) => *there = time.into(),
            None => drop(annotations.insert(LAST_CHANGE.into(), time.into())),
        },
        None => drop(annotations.remove(LAST_CHANGE)),
    }
}
