//! Whether a namespace's quotas leave room for one more object.
//!
//! Models plugin/pkg/admission/resourcequota and pkg/quota/v1/evaluator/core for pods, claims and counts of objects.
//! Not modelled: scopes, limits (`limits.*`), the status of quotas, quotas on updates.

use crate::base::sorted::SortedMap;

use super::tables::Tables;
use crate::api::kind::Kind;
use crate::api::object::{Name, Object};
use crate::api::status::Status;
use crate::base::quantity::Quantity;
use crate::base::value::{Map, Value};

/// Amounts of what quotas count, by its name there.
type Usage = SortedMap<Name, Quantity>;

/// Refuses an object for which a quota of its namespace has no room left.
pub fn check(tables: &Tables, object: &Object) -> Result<(), Status> {
    let meta = object.meta();
    let mut quotas = tables.within(Kind::ResourceQuota, &meta.namespace).peekable();
    if quotas.peek().is_none() {
        return Ok(());
    }
    let requested = usage(object);
    for quota in quotas {
        let value = quota.encode();
        let Some(hard) = value.at(&["spec", "hard"]).and_then(Value::as_map) else { continue };
        let used = used(tables, object.kind(), &meta.namespace);
        let over = exceeded(hard, &requested, &used);
        if !over.is_empty() {
            let list = |of: &dyn Fn(&Name) -> Quantity| over.iter().map(|n| format!("{n}={}", of(n))).collect::<Vec<_>>().join(",");
            let amount = |usage: &Usage, name: &Name| usage.get(name).copied().unwrap_or_default();
            let why = format!(
                "exceeded quota: {}, requested: {}, used: {}, limited: {}",
                quota.meta().name,
                list(&|n| amount(&requested, n)),
                list(&|n| amount(&used, n)),
                list(&|n| limit(hard, n))
            );
            return Err(Status::forbidden(&object.kind().resource(), &meta.name, &why));
        }
    }
    Ok(())
}

fn limit(hard: &Map, name: &str) -> Quantity {
    hard.get(name).and_then(Value::as_text).and_then(|t| Quantity::parse(t).ok()).unwrap_or_default()
}

/// What a quota limits and one more object would go beyond, in order of names.
fn exceeded(hard: &Map, requested: &Usage, used: &Usage) -> Vec<Name> {
    let beyond = |name: &&Name| {
        let sum = requested.get(*name).copied().unwrap_or_default().plus(used.get(*name).copied().unwrap_or_default());
        requested.get(*name).is_some_and(|r| !r.is_zero()) && sum > limit(hard, name)
    };
    hard.iter().map(|(name, _)| name).filter(beyond).cloned().collect()
}

/// What the objects of a kind in a namespace take. Pods that have ended take nothing.
fn used(tables: &Tables, kind: Kind, namespace: &str) -> Usage {
    let mut sum = Usage::new();
    for object in tables.within(kind, namespace) {
        if object.as_pod().is_some_and(|p| p.status.phase.terminal()) {
            continue;
        }
        for (name, amount) in usage(object) {
            let total = sum.entry(name).or_default();
            *total = total.plus(amount);
        }
    }
    sum
}

/// What one object takes.
fn usage(object: &Object) -> Usage {
    let kind = object.kind();
    let one = Quantity::parse("1").unwrap_or_default();
    let mut usage = Usage::from([(format!("count/{}", kind.resource()).into(), one)]);
    if kind.info().group.is_empty() {
        usage.insert(kind.info().plural.into(), one);
    }
    match object {
        Object::Pod(pod) => {
            let requests = &pod.spec.template.scheduling.requests;
            let cpu = Quantity::milli(requests.cpu_milli);
            let memory = Quantity::parse(&requests.memory.to_string()).unwrap_or_default();
            for (name, amount) in [("cpu", cpu), ("requests.cpu", cpu), ("memory", memory), ("requests.memory", memory)] {
                usage.insert(name.into(), amount);
            }
        }
        Object::Claim(claim) => {
            usage.insert("requests.storage".into(), Quantity::parse(&claim.request).unwrap_or_default());
        }
        _ => {}
    }
    usage
}
