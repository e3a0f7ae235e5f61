//! The buttons of the shown set and of the selected pod, each with the line that it types.

use super::Snapshot;
use super::cluster::{Cluster, ObjectLine};
use super::relations::services_of;
use api::kind::Kind;
use api::object::pod::{ContainerState, ContainerStatus};
use api::object::{NamespacedName, ObjectKey, Pod};
use base::image_name::without_tag;
use causes::Identity;
use causes::command::{Entry, Purpose, delete, force_delete, mend_image};
use causes::pod::PodState;
use cluster::images::WELL;
use cluster::inside::clients::Client;
use kubectl::form::Form;
use text::Text;

/// The command that chooses the form in which kubectl prints.
pub fn form(form: Form) -> String {
    format!("playground form {}", form.name())
}

/// The next version of an image: `nginx:1.28` after `nginx:1.27`.
fn next_image(image: &str) -> String {
    let (name, tag) = without_tag(image);
    let digits = tag.len() - tag.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (head, last) = tag.split_at(tag.len() - digits);
    let next = last.parse::<u64>().ok().and_then(|n| n.checked_add(1)).unwrap_or(2);
    format!("{name}:{head}{next}")
}

/// A broken version of an image, by the words of its tag; see `cluster::images`.
fn broken_image(image: &str) -> String {
    format!("{}:broken", without_tag(image).0)
}

/// The updates of the shown set and of the workload beside it.
fn rollouts(cluster: &Cluster, text: &Text) -> Vec<Entry> {
    let text = &text.cluster;
    let mut entries = Vec::new();
    if let Some(line) = &cluster.object {
        let (naming, set) = (&line.naming, Kind::StatefulSet);
        if let Some((container, image)) = &line.container {
            entries.extend(roll_out(line).map(|typed| Entry::new(text.roll_out(&next_image(image)), typed)));
            let broken = naming.set_image(set, &line.name, &format!("{container}={}", broken_image(image)));
            entries.push(Entry::new(text.roll_out_broken(), broken).meant(Purpose::Seldom));
        }
        if line.history > 1 {
            entries.push(Entry::new(text.undo(), naming.rollout("undo", set, &line.name)));
        }
        if cluster.partition.is_none() && line.replicas > 0 {
            entries.push(Entry::new(text.hold(), naming.partition(&line.name, line.replicas - 1)).meant(Purpose::Seldom));
        }
    }
    if let Some((side, (container, image))) = cluster.side.as_ref().and_then(|side| Some((side, side.container.as_ref()?))) {
        let (name, next) = (&side.workload.name, next_image(image));
        let typed = side.naming.set_image(Kind::Deployment, name, &format!("{container}={next}"));
        entries.push(Entry::new(format!("deployment/{name}: {}", text.roll_out(&next)), typed).meant(Purpose::Seldom));
    }
    entries
}

/// The command that rolls out the version after a set's newest image.
pub fn roll_out(line: &ObjectLine) -> Option<String> {
    let (container, image) = line.container.as_ref()?;
    Some(line.naming.set_image(Kind::StatefulSet, &line.name, &format!("{container}={}", next_image(image))))
}

/// The actions on the selected pod, or else on the one with the highest ordinal.
pub fn entries(shot: &Snapshot, cluster: &Cluster, selected: Option<&Identity>) -> Vec<Entry> {
    let (text, mut entries) = (shot.text(), Vec::new());
    if let Some(identity) = &target(cluster, selected) {
        let (pod, naming) = (&identity.pod, shot.naming(&identity.namespace));
        let verb = if shot.holds_unready(identity) { "ready" } else { "unready" };
        let label = if verb == "ready" { text.cluster.make_ready(pod) } else { text.cluster.make_unready(pod) };
        entries.push(delete(shot, identity));
        if cluster.pods.values().any(|tile| tile.identity == *identity && tile.state == PodState::Terminating) {
            entries.push(force_delete(shot, identity));
        }
        entries.push(Entry::new(label, naming.playground(verb, Kind::Pod, pod)));
        entries.push(Entry::new(text.cluster.freeze(pod), naming.playground("freeze", Kind::Pod, pod)).meant(Purpose::Seldom));
        entries.extend(crashes(shot, identity));
    }
    let image =
        cluster.object.as_ref().and_then(|line| line.revisions.last()).map(|newest| &newest.image).filter(|image| !image.is_empty());
    if let Some(image) = image {
        if shot.images.behaviour(image) != WELL || shot.images.cannot_be_pulled(image) {
            entries.push(mend_image(text, image));
        } else {
            entries.push(Entry::new(text.cluster.break_image(), format!("playground break image {image}")).meant(Purpose::Image));
            let text = text.cluster;
            let behaviours = [
                ("crash", text.image_crash()),
                ("unready", text.image_unready()),
                ("slow", text.image_slow()),
                ("stubborn", text.image_stubborn()),
                ("frozen", text.image_frozen()),
                ("leaky", text.image_leaky()),
            ];
            let entry = |(does, label)| Entry::new(label, format!("playground image {image} {does}")).meant(Purpose::Image);
            entries.extend(behaviours.map(entry));
        }
    }
    entries.extend(rollouts(cluster, text));
    entries.extend(clients(shot, cluster, target(cluster, selected).as_ref()));
    entries
}

/// The clients that one can let ask: for the pod by its name, and for each Service with an address that selects the pod.
fn clients(shot: &Snapshot, cluster: &Cluster, identity: Option<&Identity>) -> Vec<Entry> {
    let pod = identity.and_then(|identity| shot.tables.pod(&identity.namespace, &identity.pod));
    let Some((pod, line)) = pod.zip(cluster.object.as_ref()) else { return Vec::new() };
    let asked = services_of(shot, &pod.meta).into_iter().filter_map(|key| asked_at(shot, line, pod, &key));
    asked.map(|(host, port)| client(shot, line, &host, port)).collect()
}

/// Where a client asks a pod through a Service. The Service that governs the set gives the pod a name; another one is asked itself.
fn asked_at(shot: &Snapshot, line: &ObjectLine, pod: &Pod, key: &ObjectKey) -> Option<(String, i64)> {
    let service = shot.tables.service(&key.namespace, &key.name)?;
    let port = service.spec.ports.first()?.port;
    if !service.headless() {
        return Some((key.name.to_string(), port));
    }
    let governs = shot.set(&line.namespace, &line.name)?.spec.service_name == key.name;
    let own_port = pod.spec.template.all_containers().find_map(|container| Some(container.ports.first()?.port));
    governs.then(|| (format!("{}.{}", pod.meta.name, key.name), own_port.unwrap_or(port)))
}

/// Lets a client ask a host, or no longer.
fn client(shot: &Snapshot, line: &ObjectLine, host: &str, port: i64) -> Entry {
    let title = format!("{host}:{port}");
    let asks = |(key, client): (&NamespacedName, &Client)| *key.namespace == line.namespace && *key.name == title && client.left > 0;
    let is_asking = shot.disks.clients().any(asks);
    let (text, count) = (&shot.text().requests, if is_asking { " 0" } else { "" });
    let label = if is_asking { text.stop_asking(host) } else { text.ask(host) };
    Entry::new(label, format!("playground ask {title}{count}{}", line.naming)).meant(Purpose::Seldom)
}

/// Lets each container of a pod that runs crash once.
fn crashes(shot: &Snapshot, identity: &Identity) -> Vec<Entry> {
    let Some(pod) = shot.tables.pod(&identity.namespace, &identity.pod) else { return Vec::new() };
    let (all, naming) = (&pod.status.containers, shot.naming(&identity.namespace));
    let entry = |container: &ContainerStatus| {
        let name = if all.len() == 1 { "" } else { &*container.name };
        let what = if name.is_empty() { identity.pod.clone() } else { format!("{} {name}", identity.pod) };
        Entry::new(shot.text().cluster.crash(&identity.pod, name), naming.playground("crash", Kind::Pod, &what))
    };
    all.iter().filter(|container| matches!(container.state, ContainerState::Running { .. })).map(entry).collect()
}

fn target(cluster: &Cluster, selected: Option<&Identity>) -> Option<Identity> {
    let last = || cluster.identities().rev().find(|identity| cluster.has_pod(identity));
    selected.filter(|identity| cluster.has_pod(identity)).cloned().or_else(last)
}
