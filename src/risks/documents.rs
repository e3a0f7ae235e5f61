//! The documents of a manifest as values.

use base::value::Value;
use playground::documents::objects;

/// The objects of a text.
pub(super) fn values(text: &str) -> impl Iterator<Item = Value> {
    objects(&yaml::parse(text)).into_iter().filter_map(|document| document.value)
}
