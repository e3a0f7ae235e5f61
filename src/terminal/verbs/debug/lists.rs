//! The lists of a pod's containers.

use api::view;
use base::value::Value;

/// The lists, in the order in which kubectl looks for a name, and their statuses.
pub(super) const LISTS: [(&str, &str); 3] = [
    ("initContainers", "initContainerStatuses"),
    ("containers", "containerStatuses"),
    ("ephemeralContainers", "ephemeralContainerStatuses"),
];

/// The container, or the status of one, that has this name.
pub(super) fn named<'a>(list: &'a [Value], name: &str) -> Option<&'a Value> {
    list.iter().find(|one| view::text(one, &["name"]) == name)
}
