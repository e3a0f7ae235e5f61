//! What names of images and of resources tell.
//!
//! Promises: a name that is not in a list is not known; nothing is guessed of it.

use cluster::programs::{Keeps, Peers, app_of, keeps};

/// Whether an image is of a program that keeps data, as far as its name tells.
pub(super) fn is_store(image: &str) -> bool {
    keeps(image) != Keeps::Unsaid || app_of(image).peers != Peers::None
}

/// Whether a resource is one that only some nodes have, as GPUs are. Models pkg/apis/core/v1/helper IsExtendedResourceName.
pub(super) fn is_extended(name: &str) -> bool {
    name.split_once('/').is_some_and(|(domain, _)| domain != "kubernetes.io" && !domain.ends_with(".kubernetes.io"))
}
