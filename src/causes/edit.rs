//! What ends the wait of a set's pod by an edit of the set: of its template, of the number of its pods, or back to the revision before.
//!
//! Promises: as [`remedy`]. Pods of other owners have none of these.

use std::rc::Rc;

use crate::apart::{Apart, apart};
use crate::command::{self, Entry, Purpose};
use crate::placement::Fits;
use crate::{Instant, remedy, rollout};
use api::client::PatchType;
use api::kind::Kind;
use api::object::container::Container;
use api::object::pod::{ContainerState, ContainerStatus, ERR_IMAGE_NEVER_PULL};
use api::object::{Name, Node, Pod, StatefulSet, parent_and_ordinal};
use api::well_known::HOSTNAME;
use base::image_name;
use base::value::Value;
use cluster::command::may_end;
use cluster::inside::apps::app_of;
use cluster::inside::wanted_password;
use text::Text;
use why::{ProbeKind, Reason};

/// What lets a container stay up that exits or is ended again and again: another image only where it is the image that does this.
pub(super) fn to_stay_up(shot: &Instant, pod: &Pod, name: &str, because: &Reason) -> Option<Entry> {
    let template = &pod.spec.template;
    let container = template.containers.iter().chain(&template.init_containers).find(|container| *container.name == *name)?;
    let does = shot.images.behaviour(&container.image);
    let is_the_image = match because {
        Reason::OutOfMemory { .. } => does.leaks,
        Reason::FailedProbe { .. } => does.freezes || does.slow,
        Reason::CannotStart { .. } => false,
        _ => does.crashes && !may_end(container),
    };
    if is_the_image {
        return Some(remedy::mend(shot, &container.image));
    }
    let probe = if let Reason::FailedProbe { probe, .. } = because { Some(*probe) } else { None };
    undo(shot, pod).or_else(|| with_password(shot, pod, container, because)).or_else(|| match because {
        Reason::CrashLoop { .. } if !is_first(pod, container) && !may_end(container) => None,
        Reason::CrashLoop { .. } | Reason::CannotStart { .. } => other_command(shot, pod, container),
        _ => without_probe(shot, pod, name, probe?),
    })
}

/// The set that a pod belongs to.
pub(super) fn set_of<'a>(shot: &Instant<'a>, pod: &Pod) -> Option<&'a StatefulSet> {
    shot.set(&pod.meta.namespace, &pod.meta.controller()?.name)
}

/// A line that edits the template of a pod's set by another, and has the pod made anew from it.
fn edited(shot: &Instant, set: &StatefulSet, pod: &Pod, label: String, edit: &str) -> Entry {
    let rest = shot.naming(&pod.meta.namespace);
    let lower = if rollout::comes_back_old(set, pod) { command::partition(&set.meta.name, 0, &rest) + " && " } else { String::new() };
    Entry::new(label, format!("{lower}{edit} && {}", rest.delete(Kind::Pod, &pod.meta.name)))
}

/// A line that changes one container of a template, in the list that has it, and has the pod made anew from it.
fn changed<const N: usize>(shot: &Instant, pod: &Pod, label: String, list: &str, name: &Name, change: [(&str, Value); N]) -> Option<Entry> {
    let set = set_of(shot, pod)?;
    let container = Value::of([("name", name.into())].into_iter().chain(change));
    let mut patch = Value::map();
    patch.set(&["spec", "template", "spec", list], Value::list([container]));
    let edit = shot.naming(&pod.meta.namespace).patch(Kind::StatefulSet, &set.meta.name, PatchType::Strategic, &patch.to_json());
    Some(edited(shot, set, pod, label, &edit))
}

/// Gives a database the password without which it does not start.
fn with_password(shot: &Instant, pod: &Pod, container: &Container, because: &Reason) -> Option<Entry> {
    let Reason::CrashLoop { .. } = because else { return None };
    let wanted = wanted_password(pod, container, shot.tables)?;
    let env = Value::list([Value::of([("name", wanted), ("value", "secret")])]);
    let label = shot.text().ask.with_variable(wanted, &pod.meta.name);
    changed(shot, pod, label, "containers", &container.name, [("env", env)])
}

/// Takes a probe out of the template.
fn without_probe(shot: &Instant, pod: &Pod, container: &str, probe: ProbeKind) -> Option<Entry> {
    let set = set_of(shot, pod)?;
    let at = set.spec.template.containers.iter().position(|one| *one.name == *container)?;
    let path = format!("/spec/template/spec/containers/{at}/{}", probe.field());
    let patch = Value::list([Value::of([("op", Value::from("remove")), ("path", path.into())])]).to_json();
    let edit = shot.naming(&pod.meta.namespace).patch(Kind::StatefulSet, &set.meta.name, PatchType::Json, &patch);
    Some(edited(shot, set, pod, shot.text().ask.without_probe(probe.word(), &pod.meta.name), &edit))
}

/// Whether a container runs to its end before those of its pod.
fn is_first(pod: &Pod, container: &Container) -> bool {
    !container.sidecar && pod.spec.template.init_containers.iter().any(|one| one.name == container.name)
}

/// Where a command ends or is not there: the image's own if that serves, or one that waits, or in an init container one that succeeds.
fn other_command(shot: &Instant, pod: &Pod, container: &Container) -> Option<Entry> {
    let name = &container.name;
    let first = pod.spec.template.init_containers.iter().any(|one| one.name == *name);
    let command = match is_first(pod, container) {
        true => Value::list(["true"]),
        false if app_of(&container.image).has_server() => Value::Null,
        false => Value::list(["sleep", "infinity"]),
    };
    let list = if first { "initContainers" } else { "containers" };
    let label = shot.text().ask.other_command(name, &pod.meta.name);
    changed(shot, pod, label, list, name, [("command", command), ("args", Value::Null)])
}

/// Another name for an image: the longest beginning of the one it has that names an image at all, or else one that serves.
pub(super) fn other_image(shot: &Instant, pod: &Pod, image: &str) -> Option<Entry> {
    let template = &pod.spec.template;
    let container = template.containers.iter().chain(&template.init_containers).find(|container| *container.image == *image)?;
    let lower = image.to_ascii_lowercase();
    let ends = lower.char_indices().map(|(at, _)| at).skip(1).chain([lower.len()]);
    let valid = ends.map(|end| &lower[..end]).filter(|name| image_name::fault(name).is_none()).last().unwrap_or("nginx");
    let (ask, change) = (&shot.text().ask, format!("{}={valid}", container.name));
    if pod.meta.controller().is_none() {
        let line = format!("kubectl set image pod {} {change}{}", pod.meta.name, shot.naming(&pod.meta.namespace));
        return Some(Entry::new(ask.use_image(valid), line));
    }
    let set = set_of(shot, pod)?;
    let edit = format!("kubectl set image statefulset {} {change}{}", set.meta.name, shot.naming(&pod.meta.namespace));
    Some(edited(shot, set, pod, ask.other_image(valid, &pod.meta.name), &edit))
}

/// Lets images be pulled that must not be: where an image is not on the node of its pod.
pub(super) fn may_pull(shot: &Instant, pod: &Pod) -> Option<Entry> {
    let waits =
        |status: &&ContainerStatus| matches!(&status.state, ContainerState::Waiting { reason, .. } if **reason == *ERR_IMAGE_NEVER_PULL);
    let (list, status) = [("containers", &pod.status.containers), ("initContainers", &pod.status.init_containers)]
        .into_iter()
        .find_map(|(list, statuses)| Some((list, statuses.iter().find(waits)?)))?;
    let label = shot.text().ask.may_pull(&status.image, &pod.meta.name);
    changed(shot, pod, label, list, &status.name, [("imagePullPolicy", "IfNotPresent".into())])
}

/// Lets one container run as root whose pod must not.
pub(super) fn may_be_root(shot: &Instant, pod: &Pod, container: &Name) -> Option<Entry> {
    let is_first = pod.spec.template.init_containers.iter().any(|one| one.name == *container);
    let list = if is_first { "initContainers" } else { "containers" };
    let label = shot.text().ask.may_be_root(container, &pod.meta.name);
    changed(shot, pod, label, list, container, [("securityContext", Value::of([("runAsNonRoot", false)]))])
}

/// Where there is no room for a pod: back to the revision for which there was, or requests for which there is, or one more node, or
/// fewer pods, but not none: that ends no wait.
pub(super) fn for_room(shot: &Instant, pod: &Pod) -> Vec<Entry> {
    if let Some(undo) = undo(shot, pod) {
        return vec![undo];
    }
    let mut ways: Vec<Entry> = [less(shot, pod), more_nodes(shot, pod)].into_iter().flatten().collect();
    // Pods that are Ready go only where nothing else helps.
    let alone = ways.is_empty();
    ways.extend(fewer(shot, pod).filter(|fewer| alone || !fewer.danger));
    ways
}

/// Further machines like those there are: one for each pod of the set that has none, where each wants a node to itself. Else one, where no
/// other pod waits for one, too, and may be placed there first.
fn more_nodes(shot: &Instant, pod: &Pod) -> Option<Entry> {
    let apart = |set: &StatefulSet| apart(shot.tables, &set.meta.namespace, &set.spec.template).filter(Apart::by_node);
    let set = set_of(shot, pod).and_then(|set| Some((set, apart(set)?)));
    let is_own = |other: &Pod| set.as_ref().is_some_and(|(set, _)| other.meta.is_controlled_by(set.meta.uid));
    let waits = |other: &Pod| other.node.is_none() && !other.meta.terminating() && other.meta.uid != pod.meta.uid && !is_own(other);
    if shot.tables.pods().any(|other| waits(other)) {
        return None;
    }
    let mut node = Node::clone(shot.tables.nodes().find(|node| node.taints.is_empty())?);
    node.meta.name = "".into();
    let labels = Rc::make_mut(&mut node.meta.labels);
    labels.retain(|key, _| key.starts_with("kubernetes.io/"));
    labels.extend([(HOSTNAME.into(), "".into())]);
    let placed = |set: &StatefulSet| i64::try_from(shot.pods_of(set).filter(|own| own.node.is_some()).count()).ok();
    let missing = set.and_then(|(set, apart)| Some(apart.nodes_for(set.spec.replicas - placed(set)?))).unwrap_or(1).max(1);
    let fits = Fits::of(shot, pod).on(&node, &|_| ());
    fits.then(|| add_nodes(shot.text(), missing))
}

/// A line that adds machines.
pub fn add_nodes(text: &Text, count: i64) -> Entry {
    Entry::new(text.ask.add_nodes(count), format!("playground add nodes {count}"))
}

/// All but the pods from the one on that has no room, if any are left. It does harm where one that goes is Ready.
fn fewer(shot: &Instant, pod: &Pod) -> Option<Entry> {
    let set = set_of(shot, pod)?;
    let count = Some(parent_and_ordinal(&pod.meta.name)?.1 - set.spec.start).filter(|count| *count > 0)?;
    let line = command::scale("statefulset", &set.meta.name, count, &shot.naming(&pod.meta.namespace));
    let entry = Entry { purpose: Purpose::FewerPods, ..Entry::new(shot.text().ask.fewer(count), line) };
    let goes = |other: &Pod| other.ready() && set.ordinal_of(&other.meta.name).is_some_and(|at| at >= set.spec.start + count);
    Some(if shot.pods_of(set).any(goes) { entry.harmful() } else { entry })
}

/// The little that a container is to ask for, in thousandths of a CPU and in bytes, and as kubectl takes it.
const LITTLE: [(i64, &str); 2] = [(100, "cpu=100m"), (64 << 20, "memory=64Mi")];

/// Has the containers ask for little of what no node has enough of, if there is room for the pod then.
fn less(shot: &Instant, pod: &Pod) -> Option<Entry> {
    let (set, template) = (set_of(shot, pod)?, &pod.spec.template);
    let (count, requests) = (i64::try_from(template.containers.len()).ok()?, &template.scheduling.requests);
    let mut fits = Fits::of(shot, pod);
    let mut is_enough = |[cpu, memory]: [bool; 2]| {
        // A node with as much more as the pod would ask for less.
        let more = |node: &mut Node| {
            node.status.capacity.cpu_milli += if cpu { requests.cpu_milli - LITTLE[0].0 * count } else { 0 };
            node.status.capacity.memory += if memory { requests.memory - LITTLE[1].0 * count } else { 0 };
        };
        shot.tables.nodes().any(|node| fits.on(node, &more))
    };
    let short = [[true, false], [false, true], [true, true]].into_iter().find(|short| is_enough(*short))?;
    let asks: Vec<&str> = short.into_iter().zip(LITTLE).filter(|(short, _)| *short).map(|(_, (_, asks))| asks).collect();
    let edit =
        format!("kubectl set resources statefulset {} --requests={}{}", set.meta.name, asks.join(","), shot.naming(&pod.meta.namespace));
    Some(edited(shot, set, pod, shot.text().ask.less(&pod.meta.name), &edit))
}

/// Back to the revision that a rollout is leaving, for the pod that does not come up on the new one. Another one may have come in
/// between, which nobody knows to be any better.
pub(super) fn undo(shot: &Instant, pod: &Pod) -> Option<Entry> {
    let (name, rest) = (&pod.meta.name, shot.naming(&pod.meta.namespace));
    let set = set_of(shot, pod)?;
    let undo = rest.rollout("undo", &format!("statefulset/{}", set.meta.name));
    let line = format!("{undo} && {}", rest.delete(Kind::Pod, name));
    let own = shot.tables.revisions().filter(|revision| revision.meta.is_controlled_by(set.meta.uid));
    let before = own.filter(|revision| *revision.meta.name != *set.status.update_revision).max_by_key(|revision| revision.number)?;
    let goes_back = *before.meta.name == *set.status.current_revision && !rollout::is_old(set, pod);
    goes_back.then(|| Entry::new(shot.text().ask.undo_and_delete(name), line))
}
