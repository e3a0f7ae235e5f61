//! Where a quota has no room for what a workload lacks: of what, and so much more.

use crate::Instant;
use crate::command::Entry;
use crate::ground::refused_pods;
use api::client::PatchType;
use api::kind::Kind;
use api::object::stateful_set::ClaimTemplate;
use api::object::{Claim, Meta, Name, Object, ObjectKey, Plain};
use api::obstacle::Obstacle;
use base::quantity::Quantity;
use base::value::Value;
use server::quota::{Usage, amounts, usage};
use why::Reason;

/// What a quota has no room for.
pub struct Short {
    /// The pod that is not created.
    pub pod: String,
    pub quota: ObjectKey,
    /// What is limited: `requests.storage`.
    pub resource: Name,
    pub limit: Quantity,
    pub used: Quantity,
    /// How much the pod takes, with its claims that there are not.
    pub more: Quantity,
}

/// What the first pod that a set lacks has no room for, where a quota refused it.
pub(crate) fn short(shot: &Instant, about: &ObjectKey, because: &Reason) -> Option<Short> {
    let Reason::SyncFailed { obstacle: Some(Obstacle::Limit(Kind::ResourceQuota, name)), .. } = because else { return None };
    let (quota, set) = (ObjectKey::new(Kind::ResourceQuota, &about.namespace, name), shot.set(&about.namespace, &about.name)?);
    let pod = refused_pods(shot, set).next()?;
    let workload = shot.tables.get(about)?;
    let mut all = of_pod(shot, workload, &workload.encode())?;
    let ordinal = set.ordinal_of(&pod)?;
    let is_missing =
        |template: &&ClaimTemplate| shot.tables.claim(&about.namespace, &template.claim_name(&set.meta.name, ordinal)).is_none();
    set.spec.claim_templates.iter().filter(is_missing).for_each(|template| add_claim(&mut all, &template.spec));
    let [hard, used] = accounts(shot.tables.get(&quota)?.as_plain()?);
    all.into_iter().find_map(|(resource, more)| {
        let (limit, used) = (*hard.get(&resource)?, used.get(&resource).copied().unwrap_or_default());
        (used.plus(more) > limit).then(|| Short { pod: pod.clone(), quota: quota.clone(), resource, limit, used, more })
    })
}

/// What a quota limits, and how much of that is used.
fn accounts(quota: &Plain) -> [Usage; 2] {
    ["hard", "used"].map(|field| amounts(quota.raw.at(&["status", field])))
}

/// What a pod of a workload takes: one that there is, or else one of its template.
fn of_pod(shot: &Instant, workload: &Object, spec: &Value) -> Option<Usage> {
    let own = shot.tables.pods().find(|pod| pod.meta.is_controlled_by(workload.meta().uid));
    Some(match own {
        Some(pod) => usage(&Object::from(pod.clone())),
        None => usage(&Object::decode(Kind::Pod, spec.at(&["spec", "template"])?)),
    })
}

/// Adds what a claim of a spec takes.
fn add_claim(all: &mut Usage, spec: &Value) {
    for (name, amount) in usage(&Claim::of(Meta::default(), spec.clone()).into()) {
        let sum = all.entry(name).or_default();
        *sum = sum.plus(amount);
    }
}

/// Raises a quota by what the missing pods of a workload take, and their claims; `None` where that is not what it lacks.
pub(super) fn raise(shot: &Instant, about: &ObjectKey, name: &str) -> Option<Entry> {
    let quota = shot.tables.find(Kind::ResourceQuota, &about.namespace, name)?.as_plain()?;
    let workload = shot.tables.get(about)?;
    let spec = workload.encode();
    let own = shot.tables.pods().filter(|pod| pod.meta.is_controlled_by(workload.meta().uid)).count();
    let missing = spec.int_at(&["spec", "replicas"]).unwrap_or(1) - i64::try_from(own).unwrap_or(0);
    let mut more = of_pod(shot, workload, &spec)?;
    let templates = spec.list_at(&["spec", "volumeClaimTemplates"]).iter().filter_map(|template| template.get("spec"));
    templates.for_each(|template| add_claim(&mut more, template));
    let [hard, used] = accounts(quota);
    let mut raised = Value::map();
    let mut told = Vec::new();
    for (name, limit) in hard {
        let Some(amount) = more.get(&name).copied() else { continue };
        let taken = used.get(&name).copied().unwrap_or_default();
        let wanted = (0..missing.max(1)).fold(taken, |sum, _| sum.plus(amount));
        if wanted > limit {
            told.push(format!("{name}={wanted}"));
            raised.set(&["spec", "hard", &*name], wanted.to_string());
        }
    }
    let line = shot.naming(&about.namespace).patch(Kind::ResourceQuota, name, PatchType::Merge, &raised.to_json());
    (!told.is_empty()).then(|| Entry::new(shot.text().ask.raise(name, &told.join(", ")), line))
}
