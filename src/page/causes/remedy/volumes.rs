//! What gives a claim a volume: classes, volumes, and the claim made anew.

use std::rc::Rc;

use super::case::{Case, Cure, Cures, Why, one};
use crate::claims::{own_claims, users};
use crate::command::{self, minimal_object};
use crate::origins::origins;
use api::client::PatchType;
use api::kind::Kind;
use api::object::stateful_set::ClaimTemplate;
use api::object::storage::{CLASS_BETA, DEFAULT_CLASS};
use api::object::{Claim, Name, Pod, StorageClass, parent_and_ordinal};
use api::well_known::HOSTNAME;
use base::given::SetGiven;
use base::value::Value;
use text::diagnose::Risk;
use why::Reason;

/// The claim that waits; to try, the one that a cause hangs on, or the first of the set's that has no volume.
fn claim<'a>(case: &Case<'a>) -> Option<&'a Rc<Claim>> {
    if !case.is_tried() {
        return case.tables.claim(&case.about.namespace, &case.about.name);
    }
    let is_meant = |claim: &&Rc<Claim>| case.about.kind != Kind::PersistentVolumeClaim || claim.meta.name == case.about.name;
    own_claims(case.tables, case.set()?).filter(|claim| !claim.bound()).find(is_meant)
}

/// The classes of which more than the name is known, but the one that a cause hangs on.
fn classes<'a>(case: &Case<'a>) -> impl Iterator<Item = &'a Rc<StorageClass>> {
    let (why, about) = (case.why, case.about);
    let is_absent = move |name: &Name| matches!(why, Why::Cause { absent, .. } if absent.contains(name));
    case.tables.classes().filter(move |class| !is_absent(&class.meta.name) && class.key() != *about)
}

/// The class of all claims that name none.
pub(super) fn default_class(case: &Case) -> Cures {
    let body = format!(r#"{{"metadata":{{"annotations":{{"{DEFAULT_CLASS}":"true"}}}}}}"#);
    let line = |name: &str| case.shot.naming("").patch(Kind::StorageClass, name, PatchType::Strategic, &body);
    let cure = |class: &Rc<StorageClass>| Cure::new(case.text.ask.default_class(&class.meta.name), [line(&class.meta.name)]);
    Some(classes(case).take(if case.is_tried() { usize::MAX } else { 1 }).map(cure).collect())
}

/// The class that a claim names; where it names none, the default one. To try, it is like another class.
pub(super) fn class(case: &Case) -> Cures {
    let other = if case.is_tried() { classes(case).next() } else { None };
    let like = |other: &Rc<StorageClass>| {
        let fields = ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"];
        Value::of(fields.into_iter().filter_map(|field| Some((field, other.body.value().get(field)?.clone()))))
    };
    let mut class = other.map_or_else(|| minimal_object(Kind::StorageClass, "", &[]), like);
    let name = match case.because() {
        Some(Reason::NoStorageClass) => {
            class.set(&["metadata", "annotations", DEFAULT_CLASS], "true");
            "standard"
        }
        Some(Reason::StorageClassNotFound { class }) => class,
        _ => claim(case)?.class().unwrap_or_default(),
    };
    case.make(Kind::StorageClass, name, class)
}

/// A set of another class: nothing else of a claim template can be changed in place.
pub(super) fn other_class(case: &Case) -> Cures {
    let (set, claim, naming) = (case.set()?, claim(case)?, &case.naming);
    let (name, from) = (&set.meta.name, claim.class().unwrap_or_default());
    let cure = |to: &Rc<StorageClass>| {
        let lines = [
            naming.kubectl(format_args!("get {} {name} -o json > {name}.json", naming.kind(Kind::StatefulSet))),
            format!(r#"sed -i 's/"{from}"/"{}"/' {name}.json"#, to.meta.name),
            naming.delete(Kind::StatefulSet, name),
            naming.delete(Kind::PersistentVolumeClaim, &claim.meta.name),
            format!("kubectl create -f {name}.json"),
        ];
        Cure::tried(lines).risks(Risk::MadeAnew { set: Rc::clone(name) })
    };
    Some(classes(case).map(cure).collect())
}

/// Lets the claim of the same name take its volume again.
pub(super) fn same_claim(case: &Case) -> Cures {
    one("", case.shot.naming("").remove(Kind::PersistentVolume, &case.about.name, "/spec/claimRef/uid"))
}

/// Lets any claim take a volume.
pub(super) fn any_claim(case: &Case) -> Cures {
    let line = case.shot.naming("").remove(Kind::PersistentVolume, &case.about.name, "/spec/claimRef");
    Cure::tried([line]).risks(Risk::Taken { volume: Rc::clone(&case.about.name) }).into()
}

/// A volume as a claim asks for it, which is at a path.
fn as_asked(claim: &Claim, kind: &str, path: String) -> Value {
    let mut volume = Value::map();
    volume.set(&["spec", "capacity", "storage"], &claim.spec.request);
    volume.set(&["spec", "accessModes"], Value::list(claim.spec.modes.iter()));
    volume.set(&["spec", kind, "path"], path);
    volume.set_some(&["spec", "storageClassName"], claim.class());
    volume
}

/// The volume that a claim names, one for this claim only where a provisioner refuses, or else any that it takes.
pub(super) fn volume(case: &Case) -> Cures {
    let claim = claim(case)?;
    let name = match case.because()? {
        Reason::WaitsForVolume { volume } => volume.to_string(),
        _ => format!("pv-{}", claim.meta.name),
    };
    let mut volume = as_asked(claim, "hostPath", format!("/data/{name}"));
    if let Some(Reason::ProvisionerRefuses { .. }) = case.because() {
        volume.set(&["spec", "claimRef", "namespace"], &claim.meta.namespace);
        volume.set(&["spec", "claimRef", "name"], &claim.meta.name);
    }
    case.make(Kind::PersistentVolume, &name, volume)
}

/// A volume like the one that does not serve, on one node or another.
pub(super) fn local_volume(case: &Case) -> Cures {
    let claim = claim(case)?;
    let (model, name) = (case.tables.volume("", &case.about.name), format!("pv-{}", claim.meta.name));
    let on = |node: &Name| {
        let mut volume = as_asked(claim, "local", format!("/mnt/disks/{name}"));
        volume.set(&["spec", "persistentVolumeReclaimPolicy"], model.map_or("Retain".into(), |model| Rc::clone(&model.spec.reclaim)));
        let term = Value::of([("key", Value::from(HOSTNAME)), ("operator", "In".into()), ("values", Value::list([Rc::clone(node)]))]);
        let terms = Value::list([Value::of([("matchExpressions", Value::list([term]))])]);
        volume.set(&["spec", "nodeAffinity", "required", "nodeSelectorTerms"], terms);
        case.make(Kind::PersistentVolume, &name, volume)
    };
    Some(case.tables.nodes().filter_map(|node| on(&node.meta.name)).flatten().collect())
}

/// Of a volume whose disk is still there.
pub(super) fn volume_again(case: &Case) -> Cures {
    let Reason::VolumeLost { volume: name } = case.because()? else { return None };
    let mut volume = Value::of([("spec", case.shot.disks.torn(name)?.spec.value().clone())]);
    volume.remove(&["spec", "claimRef"]);
    case.make(Kind::PersistentVolume, name, volume)
}

/// The line that deletes claims, in whose place new ones are made.
fn delete_claims(case: &Case, names: &str) -> String {
    case.naming.delete(Kind::PersistentVolumeClaim, &format!("{names} --wait=false"))
}

/// Deletes a claim and one of its pods, so that both are made anew; to try, where no pod uses the claim, it alone.
fn with_a_user(case: &Case, name: &Name) -> Vec<Cure> {
    let first = delete_claims(case, name);
    let is_own = |pod: &&Rc<Pod>| !case.is_tried() || case.set().is_some_and(|set| pod.meta.is_controlled_by(set.meta.uid));
    let both = |pod: &Rc<Pod>| {
        let pod = &pod.meta.name;
        Cure::new(case.text.ask.delete_both(name, pod), [first.clone(), case.naming.delete(Kind::Pod, pod)])
    };
    let all: Vec<Cure> = users(case.tables, case.namespace, name).filter(is_own).map(both).collect();
    if all.is_empty() && case.is_tried() { vec![Cure::tried([first])] } else { all }
}

/// Of a claim without a volume that its set would have ask otherwise by now.
pub(super) fn claim_anew(case: &Case) -> Cures {
    let (claim, template) = with_template(case)?;
    let is_otherwise = match case.because()? {
        Reason::ProvisionerRefuses { .. } => asks_otherwise(claim, template),
        _ => names_another_class(claim, template),
    };
    is_otherwise.then(|| with_a_user(case, &case.about.name))
}

/// Of a claim that has lost its volume, or whose volume no node reaches.
pub(super) fn claim_lost(case: &Case) -> Cures {
    let claim = match case.about.kind {
        Kind::PersistentVolumeClaim => &case.about.name,
        _ => &case.tables.volume("", &case.about.name)?.spec.claim.as_ref()?.name,
    };
    let risk = |cure: Cure| cure.risks(Risk::DataLost { claim: Rc::clone(claim) });
    Some(with_a_user(case, claim).into_iter().map(risk).collect())
}

/// Where a disk is on a node that does not exist: an empty one elsewhere, from the set that made its claim.
pub(super) fn other_disk(case: &Case) -> Cures {
    let (set, pod) = (case.set()?, &case.pod()?.meta);
    let ordinal = parent_and_ordinal(&pod.name)?.1;
    let is_lost = |claim: &Name| {
        let claim = case.tables.claim(&pod.namespace, claim).filter(|claim| claim.bound())?;
        let node = case.tables.volume("", &claim.spec.volume)?.spec.node.as_ref()?;
        Some(case.tables.node("", node).is_none())
    };
    let own = set.spec.claim_templates.iter().map(|template| template.claim_name(&set.meta.name, ordinal));
    let lost: Vec<Name> = own.filter(|claim| is_lost(claim) == Some(true)).collect();
    let helps = !lost.is_empty() && case.would_fit_with_new(&lost);
    let lines = [delete_claims(case, &lost.join(" ")), case.naming.delete(Kind::Pod, &pod.name)];
    helps.then(|| vec![Cure::new(case.text.ask.lose_both(&lost.join(", "), &pod.name), lines).harmful()])
}

/// The claim that waits, and the template of its set by which it would be made by now.
fn with_template<'a>(case: &Case<'a>) -> Option<(&'a Claim, &'a ClaimTemplate)> {
    let set = origins(case.shot, case.about).pop().and_then(|set| case.shot.set(&set.namespace, &set.name))?;
    Some((claim(case)?, set.of_claim(&case.about.name)?.0))
}

fn names_another_class(claim: &Claim, template: &ClaimTemplate) -> bool {
    let asked = template.meta.annotation(CLASS_BETA).map(|class| &**class).or_else(|| template.spec.text_at(&["storageClassName"]));
    asked != claim.class()
}

/// Whether a template asks for other access modes, or for any volume.
fn asks_otherwise(claim: &Claim, template: &ClaimTemplate) -> bool {
    let modes = template.spec.list_at(&["accessModes"]).iter().filter_map(Value::as_text);
    modes.ne(claim.spec.modes.iter().map(|mode| &**mode)) || template.spec.get("selector") != claim.spec.value().get("selector")
}

/// Has a class let its claims grow, and asks again for the size that was refused.
pub(super) fn let_grow(case: &Case) -> Cures {
    let Reason::MayNotGrow { class, size } = case.because()? else { return None };
    let allow = case.shot.naming("").patch(Kind::StorageClass, class, PatchType::Merge, r#"{"allowVolumeExpansion":true}"#);
    let patch = format!(r#"{{"spec":{{"resources":{{"requests":{{"storage":"{size}"}}}}}}}}"#);
    let again = case.naming.patch(Kind::PersistentVolumeClaim, &case.about.name, PatchType::Merge, &patch);
    Cure::new(case.text.ask.let_grow(class), [allow, again]).into()
}

/// Only the playground can.
pub(super) fn run_provisioner(case: &Case) -> Cures {
    let Reason::NoProvisionerRuns { provisioner } = case.because()? else { return None };
    one(case.text.ask.run_provisioner(provisioner), command::run_provisioner(provisioner))
}
