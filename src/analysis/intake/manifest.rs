//! What a manifest lacks that a server writes, in a text of manifests with states of pods: filled in as the rest of the text tells.
//!
//! Only objects that were written, and not printed by a server, are touched; no row of a table and no description becomes an object here.

use super::dump::Dump;
use super::revision::{newest, older};
use api::kind::Kind;
use api::object::storage::{BIND_COMPLETED, BOUND_BY_CONTROLLER, CLAIM_PROTECTION};
use api::object::{Uid, parent_and_ordinal};
use api::release::Release;
use api::rules::rules;
use api::well_known::{CONTROLLER_REVISION_HASH, HOSTNAME};
use base::given::SetGiven;
use base::value::Value;
use rows::read::SAID;
use text::diagnose::Assumed;

pub(super) fn text<'a>(value: &'a Value, path: &[&str]) -> &'a str {
    value.text_at(path).unwrap_or_default()
}

fn name(value: &Value) -> &str {
    text(value, &["metadata", "name"])
}

fn place(value: &Value) -> &str {
    text(value, &["metadata", "namespace"])
}

/// Writes a value at a path where nothing is.
fn fill(value: &mut Value, path: &[&str], with: impl Into<Value>) {
    if value.at(path).is_none_or(Value::is_null) {
        value.set(path, with);
    }
}

/// Leaves no object that only a table or a description tells of, and completes those that were written.
pub(super) fn complete(dump: &mut Dump, release: &'static Release, assumed: &mut Vec<Assumed>) {
    let objects = std::mem::take(&mut dump.objects);
    dump.objects = objects.into_iter().filter(|one| !dump.is_told(one)).collect();
    if !(0..dump.objects.len()).any(|at| dump.is_partly(at)) {
        return;
    }
    for at in 0..dump.objects.len() {
        if dump.is_partly(at) {
            let mut value = std::mem::take(&mut dump.objects[at].value);
            let own = [text(&value, &["kind"]), place(&value), name(&value)].join("/");
            fill(&mut value, &["metadata", "uid"], Uid::parse(&own).to_string());
            match dump.objects[at].kind {
                Kind::StatefulSet => set(&mut value, dump),
                Kind::Node => node(&mut value),
                Kind::PersistentVolumeClaim => claim(&mut value, dump, assumed),
                _ => {}
            }
            dump.objects[at].value = value;
        }
    }
    // Pods have the template of their set, volumes the uid of their claim.
    for at in 0..dump.objects.len() {
        if dump.is_partly(at) {
            let mut value = std::mem::take(&mut dump.objects[at].value);
            match dump.objects[at].kind {
                Kind::Pod => pod(&mut value, dump),
                Kind::PersistentVolume => volume(&mut value, dump),
                _ => {}
            }
            value.remove(&[SAID]);
            without_delay(&mut value);
            (rules().fill_in)(dump.objects[at].kind, &mut value, release);
            dump.objects[at].value = value;
        }
    }
    older(dump);
}

/// Takes the delays out of probes that have none, as servers write them.
fn without_delay(value: &mut Value) {
    match value {
        Value::Map(_) => {
            let map = value.make_map();
            map.retain(|key, member| key != "initialDelaySeconds" || member.as_int() != Some(0));
            map.iter_mut().for_each(|(_, member)| without_delay(member));
        }
        Value::List(_) => value.make_list().iter_mut().for_each(without_delay),
        _ => {}
    }
}

/// The pods of a set, by their ordinals.
pub(super) fn pods_of<'a>(dump: &'a Dump, set: &'a Value) -> impl Iterator<Item = (i64, &'a Value)> {
    let own = move |pod: &'a Value| {
        let (parent, ordinal) = parent_and_ordinal(name(pod))?;
        (parent == name(set) && place(pod) == place(set)).then_some((ordinal, pod))
    };
    dump.of(Kind::Pod).filter_map(own)
}

/// The revision that the template of a set has.
pub(super) fn revision(set: &Value) -> String {
    match text(set, &["status", "updateRevision"]) {
        "" => format!("{}-newest", name(set)),
        told => told.to_owned(),
    }
}

fn set(value: &mut Value, dump: &Dump) {
    let have = i64::try_from(pods_of(dump, value).count()).unwrap_or(0);
    fill(value, &["metadata", "generation"], 1);
    fill(value, &["status", "observedGeneration"], 1);
    fill(value, &["status", "replicas"], have);
    if let Some(hash) = newest(value, dump) {
        fill(value, &["status", "updateRevision"], hash);
    }
    for key in ["updateRevision", "currentRevision"] {
        fill(value, &["status", key], revision(value));
    }
}

/// Gives a pod what its set's template and controller write.
fn pod(value: &mut Value, dump: &Dump) {
    let parent = parent_and_ordinal(name(value)).map(|(parent, _)| parent.to_owned());
    let set = parent.and_then(|parent| dump.of(Kind::StatefulSet).find(|set| name(set) == parent && place(set) == place(value)));
    let Some(set) = set else { return };
    let template = set.at(&["spec", "template", "spec"]).cloned().unwrap_or_default();
    if value.list_at(&["spec", "containers"]).is_empty() {
        for (key, member) in template.members() {
            fill(value, &["spec", key], member.clone());
        }
    }
    if value.at(&["spec", "volumes"]).is_none() {
        let volume = |claim: &Value| {
            let template = text(claim, &["metadata", "name"]);
            let of = Value::of([("claimName", format!("{template}-{}", name(value)))]);
            Value::of([("name", Value::from(template)), ("persistentVolumeClaim", of)])
        };
        let own = set.list_at(&["spec", "volumeClaimTemplates"]).iter().map(volume);
        let volumes: Vec<Value> = own.chain(template.list_at(&["volumes"]).iter().cloned()).collect();
        value.set(&["spec", "volumes"], Value::list(volumes));
    }
    if value.at(&["metadata", "labels"]).is_none() {
        for (key, label) in set.at(&["spec", "template", "metadata", "labels"]).into_iter().flat_map(Value::members) {
            fill(value, &["metadata", "labels", key], label.clone());
        }
    }
    let pod_name = name(value).to_owned();
    fill(value, &["metadata", "labels", "statefulset.kubernetes.io/pod-name"], pod_name.as_str());
    fill(value, &["metadata", "labels", CONTROLLER_REVISION_HASH], revision(set));
    fill(value, &["spec", "hostname"], pod_name);
    let labels = set.at(&["spec", "selector", "matchLabels"]);
    let fits = labels.is_none_or(|labels| labels.members().all(|(key, wanted)| value.at(&["metadata", "labels", key]) == Some(wanted)));
    let uid = set.at(&["metadata", "uid"]).cloned().unwrap_or_default();
    let own = |owner: &Value| owner.text_at(&["kind"]) == Some("StatefulSet") && owner.text_at(&["name"]) == Some(name(set));
    let mut owners = value.list_at(&["metadata", "ownerReferences"]).to_vec();
    if owners.is_empty() && fits {
        owners.push(Value::of([("kind", "StatefulSet"), ("name", name(set))]));
    }
    // The set's own owner is the one there is.
    for owner in owners.iter_mut().filter(|owner| own(owner)) {
        owner.set(&["apiVersion"], "apps/v1");
        owner.set(&["controller"], true);
        owner.set(&["uid"], uid.clone());
    }
    value.set_filled(&["metadata", "ownerReferences"], Value::list(owners));
}

/// Completes a node: it has room.
fn node(value: &mut Value) {
    let called = name(value).to_owned();
    fill(value, &["metadata", "labels", HOSTNAME], called);
    for key in ["allocatable", "capacity"] {
        fill(value, &["status", key], Value::of([("cpu", "64"), ("memory", "256Gi"), ("pods", "110"), ("ephemeral-storage", "100Gi")]));
    }
}

/// Completes a claim: Bound, unless its phase is told.
fn claim(value: &mut Value, dump: &Dump, assumed: &mut Vec<Assumed>) {
    fill(value, &["metadata", "finalizers"], Value::list([CLAIM_PROTECTION]));
    if value.at(&["status", "phase"]).is_none() {
        let called = name(value).to_owned();
        if dump.holds(Assumed::ClaimBound { claim: called.as_str().into() }, assumed) {
            value.set(&["status", "phase"], "Bound");
            fill(value, &["spec", "volumeName"], format!("pv-{called}"));
        } else {
            value.set(&["status", "phase"], "Pending");
        }
    }
    if text(value, &["status", "phase"]) != "Pending" {
        for note in [BIND_COMPLETED, BOUND_BY_CONTROLLER] {
            fill(value, &["metadata", "annotations", note], "yes");
        }
    }
}

/// Completes a volume: with the uid of the claim that it is bound to.
fn volume(value: &mut Value, dump: &Dump) {
    let claims = |claim: &&Value| {
        name(claim) == text(value, &["spec", "claimRef", "name"]) && place(claim) == text(value, &["spec", "claimRef", "namespace"])
    };
    let bound = |claim: &&Value| text(claim, &["spec", "volumeName"]) == name(value);
    let uid = dump.of(Kind::PersistentVolumeClaim).filter(claims).find(bound).and_then(|claim| claim.at(&["metadata", "uid"])).cloned();
    if value.at(&["spec", "claimRef"]).is_some() {
        // A volume of a claim that is gone names its uid.
        fill(value, &["spec", "claimRef", "uid"], uid.unwrap_or_else(|| Uid::parse(name(value)).to_string().into()));
    }
    fill(value, &["metadata", "finalizers"], Value::list(["kubernetes.io/pv-protection"]));
}
