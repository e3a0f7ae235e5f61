//! An index of VolumeAttachments: by volume, by node, and by what nodes call a volume.
//!
//! Promises: a VolumeAttachment is read once per write; each list is in the order of the VolumeAttachments' names.

use std::rc::Rc;

use api::kind::Kind;
use api::object::Name;
use api::object::storage::Attachment;
use base::sorted::{SortedMap, SortedSet};
use server::log::Change;

/// VolumeAttachments as last seen.
#[derive(Clone, Debug, Default)]
pub struct Attachments {
    of_volume: SortedMap<Name, SortedMap<Name, Rc<Attachment>>>,
    on_node: SortedMap<Name, SortedMap<Name, Rc<Attachment>>>,
    /// Volumes by their names in a node's status.
    called: SortedMap<Name, SortedSet<Name>>,
}

impl Attachments {
    /// Takes in a change.
    pub fn see(&mut self, change: &Change) {
        match change.key.kind {
            Kind::VolumeAttachment => {
                let [before, after] = change.sides(Some).map(|side| side.and_then(Attachment::read).map(Rc::new));
                if let Some(old) = before {
                    leave(&mut self.of_volume, &old.volume, &old.name);
                    leave(&mut self.on_node, &old.node, &old.name);
                }
                if let Some(new) = after {
                    self.of_volume.entry(Rc::clone(&new.volume)).or_default().insert(Rc::clone(&new.name), Rc::clone(&new));
                    self.on_node.entry(Rc::clone(&new.node)).or_default().insert(Rc::clone(&new.name), new);
                }
            }
            Kind::PersistentVolume => {
                let [before, after] = change.sides(|object| object.as_volume()?.spec.handle.as_ref());
                if before == after {
                    return;
                }
                if let Some(old) = before
                    && let Some(names) = self.called.get_mut(old)
                {
                    names.remove(&change.key.name);
                    if names.is_empty() {
                        self.called.remove(old);
                    }
                }
                if let Some(new) = after {
                    self.called.entry(Rc::clone(new)).or_default().insert(Rc::clone(&change.key.name));
                }
            }
            _ => {}
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.of_volume.is_empty()
    }

    /// Those of a volume.
    pub fn of(&self, volume: &str) -> impl Iterator<Item = &Rc<Attachment>> {
        self.of_volume.get(volume).into_iter().flat_map(SortedMap::values)
    }

    /// Those on a node.
    pub fn on(&self, node: &str) -> impl Iterator<Item = &Rc<Attachment>> {
        self.on_node.get(node).into_iter().flat_map(SortedMap::values)
    }

    /// Those on a node of the volumes that are called this in its status.
    pub fn called<'a>(&'a self, handle: &str, node: &'a str) -> impl Iterator<Item = &'a Rc<Attachment>> {
        let volumes = self.called.get(handle).into_iter().flatten();
        volumes.flat_map(|volume| self.of(volume)).filter(move |attachment| *attachment.node == *node)
    }
}

fn leave(index: &mut SortedMap<Name, SortedMap<Name, Rc<Attachment>>>, place: &Name, name: &Name) {
    let Some(all) = index.get_mut(place) else { return };
    all.remove(name);
    if all.is_empty() {
        index.remove(place);
    }
}
