//! A cluster that somebody printed, as a change finds it.

use api::client::{Client, Patch, PatchType, Subresource, WriteOptions};
use api::kind::Kind;
use api::managed::{LAST_APPLIED, MANAGED_FIELDS, decode, memory_of};
use api::release::Release;
use api::well_known::CONTROLLER_REVISION_HASH;
use base::time::Time;
use base::value::Value;
use causes::command::Naming;
use intake::verdict::LOOKS;
use intake::{Dump, PRINTS_ALL, World, looks_printed};
use playground::Playground;
use text::ANALYSIS;
use text::diagnose::Unread;

use crate::documents::objects_of;
use crate::fault::Fault;

/// The cluster of a dump, quiet.
///
/// # Errors
///
/// What of the text cannot be read.
pub(crate) fn world(text: &str, release: &'static Release) -> Result<Playground, Vec<Fault>> {
    let mut dump = Dump::read_whole([text]);
    // Of a text that was cut, nobody knows what else it would say.
    let is_cut = dump.unread.iter().any(|one| matches!(one, Unread::NotYaml { .. } | Unread::Nameless { .. }));
    if dump.objects.is_empty() || is_cut {
        return Err(dump.unread.iter().map(|one| Fault { place: None, words: ANALYSIS.diagnose.not_read(one) }).collect());
    }
    if !dump.has_cluster() {
        return Err(vec![Fault { place: None, words: ANALYSIS.diagnose.no_cluster(PRINTS_ALL) }]);
    }
    if !looks_printed(text) {
        complete(&mut dump, release);
    }
    dump.objects.iter_mut().filter(|one| one.kind == Kind::Service).for_each(|one| addressed(&mut one.value));
    // Nobody types before the components have decided about what they found.
    let mut sim = World::after(&World::of(dump).sim, LOOKS);
    for (kind, [space, name], patch) in managed(text) {
        // Of an object that is not there, nobody owns anything.
        let _ = sim.patch(kind, &space, &name, Patch { how: PatchType::Merge, body: &patch }, Subresource::None, &WriteOptions::default());
    }
    Ok(Playground::around(sim, ""))
}

/// Writes into objects what people leave out of what was printed: defaults, and in pods fields of the template that they are of.
fn complete(dump: &mut Dump, release: &Release) {
    dump.objects.iter_mut().filter(|one| !MADE.contains(&one.kind)).for_each(|one| remember(&mut one.value));
    dump.objects.iter_mut().for_each(|one| (api::rules::rules().fill_in)(one.kind, &mut one.value, release));
    let sets: Vec<Value> = dump.of(Kind::StatefulSet).cloned().collect();
    for one in dump.objects.iter_mut().filter(|one| one.kind == Kind::Pod) {
        // A kubelet knows a pod that it has started, at whatever time.
        if !one.value.list_at(&["status", "containerStatuses"]).is_empty() && one.value.at(&["status", "startTime"]).is_none() {
            one.value.set(&["status", "startTime"], Time(0).rfc3339());
        }
        let (space, hash) =
            (one.value.text_at(&["metadata", "namespace"]), one.value.text_at(&["metadata", "labels", CONTROLLER_REVISION_HASH]));
        let is_its = |set: &&Value| set.text_at(&["metadata", "namespace"]) == space && set.text_at(&["status", "updateRevision"]) == hash;
        let Some(set) = sets.iter().find(is_its).filter(|_| hash.is_some()) else { continue };
        let mut containers = one.value.list_at(&["spec", "containers"]).to_vec();
        for container in &mut containers {
            let name = container.text_at(&["name"]).map(str::to_owned);
            let all = set.list_at(&["spec", "template", "spec", "containers"]);
            let of = all.iter().find(|of| of.text_at(&["name"]) == name.as_deref());
            for (key, value) in of.into_iter().flat_map(Value::members).filter(|(key, _)| container.get(key).is_none()).collect::<Vec<_>>()
            {
                container.set(&[key], value.clone());
            }
        }
        one.value.set(&["spec", "containers"], Value::list(containers));
    }
}

/// The kinds that components make, or that nobody applies again.
const MADE: [Kind; 9] = [
    Kind::Pod,
    Kind::Node,
    Kind::PersistentVolume,
    Kind::PersistentVolumeClaim,
    Kind::VolumeAttachment,
    Kind::ReplicaSet,
    Kind::ControllerRevision,
    Kind::Endpoints,
    Kind::EndpointSlice,
];

/// Takes an object to be applied as it stands where nobody shows who manages it, as an object of a manifest is. An apply then takes away
/// what it no longer has. How many replicas there are, others may have written.
fn remember(object: &mut Value) {
    let is_told = object.at(&MANAGED_FIELDS).is_some() || object.at(&["metadata", "annotations", LAST_APPLIED]).is_some();
    if is_told || !object.list_at(&["metadata", "ownerReferences"]).is_empty() {
        return;
    }
    let mut config = object.clone();
    for field in
        [&["status"][..], &["spec", "replicas"], &["metadata", "uid"], &["metadata", "generation"], &["metadata", "resourceVersion"]]
    {
        config.remove(field);
    }
    object.set(&["metadata", "annotations", LAST_APPLIED], memory_of(&config));
}

/// Who manages which fields of the objects of a text, as far as it tells: what to merge into each object. One that does not show what
/// was applied to it last has no memory of that.
fn managed(text: &str) -> Vec<(Kind, [String; 2], Value)> {
    let told = |object: Value| {
        let kind = Kind::claimed(&object)?;
        let managers = object.at(&MANAGED_FIELDS).filter(|managers| decode(managers).is_some_and(|all| !all.is_empty()))?;
        let mut owned = Value::map();
        owned.set(&MANAGED_FIELDS, managers.clone());
        let memory = ["metadata", "annotations", LAST_APPLIED];
        if object.at(&memory).is_none() {
            owned.set(&memory, Value::Null);
        }
        let meta = |key: &str| object.text_at(&["metadata", key]).unwrap_or_default().to_owned();
        Some((kind, [meta("namespace"), meta("name")], owned))
    };
    objects_of(text).into_iter().filter_map(told).collect()
}

/// The lines that do so in a terminal.
pub(crate) fn owned(text: &str) -> Vec<String> {
    let line = |(kind, [space, name], patch): (Kind, [String; 2], Value)| {
        Naming::of(&space, "").patch(kind, &name, PatchType::Merge, &patch.to_json())
    };
    managed(text).into_iter().map(line).collect()
}

/// Writes into a Service the list of addresses that a server always stores.
fn addressed(service: &mut Value) {
    if let Some(address) = service.text_at(&["spec", "clusterIP"]).map(Value::from)
        && service.list_at(&["spec", "clusterIPs"]).is_empty()
    {
        service.set(&["spec", "clusterIPs"], Value::list([address]));
    }
}
