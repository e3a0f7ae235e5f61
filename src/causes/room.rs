//! Where a quota has no room for what a workload lacks: so much more.

use crate::Instant;
use crate::command::Entry;
use api::client::PatchType;
use api::kind::Kind;
use api::object::{Claim, Meta, Object, ObjectKey};
use base::value::Value;
use server::quota::{Usage, amounts, usage};

/// Raises a quota by what the missing pods of a workload take, and their claims; `None` where that is not what it lacks.
pub(super) fn raise(shot: &Instant, about: &ObjectKey, name: &str) -> Option<Entry> {
    let quota = shot.tables.find(Kind::ResourceQuota, &about.namespace, name)?.as_plain()?;
    let workload = shot.tables.get(about)?;
    let spec = workload.encode();
    let own = || shot.tables.pods().filter(|pod| pod.meta.is_controlled_by(workload.meta().uid));
    let missing = spec.int_at(&["spec", "replicas"]).unwrap_or(1) - i64::try_from(own().count()).unwrap_or(0);
    let mut more = match own().next() {
        Some(pod) => usage(&Object::from(pod.clone())),
        None => usage(&Object::decode(Kind::Pod, spec.at(&["spec", "template"])?)),
    };
    for template in spec.list_at(&["spec", "volumeClaimTemplates"]) {
        let claim = Claim::of(Meta::default(), template.get("spec").cloned().unwrap_or_default());
        for (name, amount) in usage(&claim.into()) {
            let sum = more.entry(name).or_default();
            *sum = sum.plus(amount);
        }
    }
    let [hard, used]: [Usage; 2] = ["hard", "used"].map(|field| amounts(quota.raw.at(&["status", field])));
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
