//! What is attached to nodes and mounted there, where their statuses were left out.
//!
//! Models the marks of pkg/controller/volume/attachdetach and pkg/kubelet/volumemanager. A node's `volumesAttached` lists what
//! VolumeAttachments say is attached. Its `volumesInUse` lists what pods that run there have mounted.

use std::rc::Rc;

use api::kind::Kind;
use api::object::pod_status::PodPhase;
use api::object::storage::Attachment;
use api::object::{Name, Node, Object, Pod, Volume};
use api::release::Release;
use base::sorted::SortedMap;
use base::time::Time;
use base::value::Value;
use server::ingest;

/// Adds VolumeAttachments where none were printed, and the marks of nodes that lack them.
pub(super) fn fill(objects: &mut Vec<Object>, has_attachments: bool, release: &'static Release, at: Time) {
    if !has_attachments {
        let wished = of_nodes(objects).into_iter().filter_map(|value| ingest::found(Kind::VolumeAttachment, &value, release, at).ok());
        let wished: Vec<Object> = wished.collect();
        objects.extend(wished);
    }
    let (attached, mounted) = (attached(objects), mounted(objects));
    for node in objects.iter_mut() {
        let Object::Node(node) = node else { continue };
        mark(node, attached.get(&node.meta.name), |node| &mut node.status.volumes_attached);
        mark(node, mounted.get(&node.meta.name), |node| &mut node.status.volumes_in_use);
    }
}

/// Volumes as nodes call them, by node.
type Marks = SortedMap<Name, Vec<Name>>;

/// Fills in a list of a node that is empty. One that is not was printed whole.
fn mark(node: &mut Rc<Node>, marks: Option<&Vec<Name>>, list: fn(&mut Node) -> &mut Vec<Name>) {
    let Some(marks) = marks else { return };
    let list = list(Rc::make_mut(node));
    if list.is_empty() {
        list.clone_from(marks);
    }
}

/// What VolumeAttachments say is attached.
fn attached(objects: &[Object]) -> Marks {
    let mut all = Marks::new();
    for one in objects.iter().filter_map(Attachment::read).filter(|one| one.attached) {
        let volume = objects.iter().filter_map(Object::as_volume).find(|volume| volume.meta.name == one.volume);
        if let Some(handle) = volume.and_then(|volume| volume.spec.handle.clone()) {
            all.entry(one.node).or_default().push(handle);
        }
    }
    all
}

/// What pods that run have mounted, of what is attached to their nodes.
fn mounted(objects: &[Object]) -> Marks {
    let mut all = Marks::new();
    let runs = |pod: &&Rc<Pod>| pod.status.phase == PodPhase::Running;
    for pod in objects.iter().filter_map(Object::as_pod).filter(runs) {
        let Some(node) = &pod.node else { continue };
        for used in pod.claim_volumes() {
            let is_its = |volume: &&Rc<Volume>| {
                volume.spec.claim.as_ref().is_some_and(|of| of.name == used.claim && of.namespace == pod.meta.namespace)
            };
            let volume = objects.iter().filter_map(Object::as_volume).find(is_its);
            let marks = all.entry(Rc::clone(node)).or_default();
            let handle = volume.and_then(|volume| volume.spec.handle.clone()).filter(|handle| !marks.contains(handle));
            marks.extend(handle);
        }
    }
    all
}

/// The VolumeAttachments of what nodes say is attached to them.
fn of_nodes(objects: &[Object]) -> Vec<Value> {
    let volumes = || objects.iter().filter_map(Object::as_volume);
    let of_node = |node: &Rc<Node>| {
        let on = |volume: &&Rc<Volume>| volume.spec.handle.as_ref().is_some_and(|handle| node.status.volumes_attached.contains(handle));
        let wish = |volume: &Rc<Volume>| {
            let mut value = Object::from(Attachment::wish(volume, &node.meta.name)).encode();
            value.set(&["status", "attached"], true);
            value
        };
        volumes().filter(on).map(wish).collect::<Vec<_>>()
    };
    objects.iter().filter_map(Object::as_node).flat_map(of_node).collect()
}
