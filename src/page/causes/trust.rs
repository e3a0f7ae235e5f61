//! Images that are only taken to exist, as no registry is asked, and what lets their pulls fail.

use crate::command::{self, Entry};
use crate::remedy::identity;
use crate::{Evidence, Instant, Way};
use api::object::Pod;
use text::{Glyph, Hue, Mark, Prose};

/// The first image of a pod that is only taken to exist: the fact, and the way to a pull that fails.
pub fn of_pod(shot: &Instant, pod: &Pod) -> Option<(Evidence, Way)> {
    let mut images = pod.spec.template.all_containers().map(|container| &container.image);
    let image = images.find(|image| shot.images.is_on_trust(image)).filter(|_| !pod.meta.terminating())?;
    let ask = &shot.text().ask;
    let fact = Evidence::new(Mark(Glyph::Unknown, Hue::Ink), &ask.on_trust(image), "");
    let delete = command::delete(shot, &identity(&pod.key())).line;
    let entry = Entry::new(ask.let_pull_fail(), format!("playground break image {image} && {delete}"));
    let note = Prose::read(&ask.pull_fails_then(image, &pod.meta.name));
    Some((fact, Way { entry, note, since: None }))
}
