//! Quota accounting: what a namespace's quotas count, and whether they leave room for one more object.
//!
//! Models plugin/pkg/admission/resourcequota, k8s.io/apiserver/pkg/admission/plugin/resourcequota CheckRequest and
//! pkg/quota/v1/evaluator/core for pods, claims, services and counts of objects.
//! Promises: a quota limits what its status lists, hence nothing until the quota controller has processed it; an admitted object is
//! charged to the quota before it is stored, and stays charged if it then is not because its name is taken.
//! Not modelled: the scopes of affinity across namespaces and of volume attributes, pod-level requests, devices.

use base::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

use super::tables::Tables;
use api::kind::Kind;
use api::object::resources::{over_containers, qos_class};
use api::object::{Claim, Name, Object, Plain, Pod};
use api::obstacle::Obstacle;
use api::status::Status;
use base::quantity::{Format, Quantity};
use base::time::Time;
use base::value::{Value, members};

/// Amounts by the resource name that quotas use.
pub type Usage = SortedMap<Name, Quantity>;

/// What every container of a pod must specify if a quota limits it.
const OF_CONTAINERS: [&str; 6] = ["cpu", "limits.cpu", "limits.memory", "memory", "requests.cpu", "requests.memory"];

/// Charges an object about to be stored to its namespace's quotas: returns the quotas as updated, or refuses.
pub fn charge(tables: &Tables, before: Option<&Object>, object: &Object) -> Result<Vec<Object>, Status> {
    let meta = object.meta();
    let mut charged = Vec::new();
    if tables.within(Kind::ResourceQuota, &meta.namespace).next().is_none() {
        return Ok(charged);
    }
    let refuse = |why: String, by| Err(Status::forbidden(&object.kind().resource(), &meta.name, &why).blocked_by(by));
    let mut more = usage(object);
    for (name, amount) in before.map(usage).unwrap_or_default() {
        let now = more.entry(name).or_default();
        *now = now.minus(amount);
    }
    more.retain(|_, amount| !amount.is_zero() && !amount.is_negative());
    for quota in plain_quotas(tables, &meta.namespace).filter(|quota| concerns(quota, object)) {
        let [hard, used] = ["hard", "used"].map(|field| amounts(quota.raw.at(&["status", field])));
        if let Some(missing) = object.as_pod().filter(|_| before.is_none()).and_then(|pod| unspecified(pod, &hard)) {
            let by = Obstacle::Unstated(Kind::ResourceQuota, quota.meta.name.clone());
            return refuse(format!("failed quota: {}: must specify {missing}", quota.meta.name), by);
        }
        let sum = |name: &Name| amount(&more, name).plus(amount(&used, name));
        let limited: Vec<&Name> = more.keys().filter(|name| hard.contains_key(*name)).collect();
        let over: Vec<&Name> = limited.iter().copied().filter(|name| sum(name) > amount(&hard, name)).collect();
        if !over.is_empty() {
            let list = |of: &Usage| over.iter().map(|n| format!("{n}={}", amount(of, n))).collect::<Vec<_>>().join(",");
            let (more, used, hard) = (list(&more), list(&used), list(&hard));
            let why = format!("exceeded quota: {}, requested: {more}, used: {used}, limited: {hard}", quota.meta.name);
            return refuse(why, Obstacle::Limit(Kind::ResourceQuota, quota.meta.name.clone()));
        }
        if !limited.is_empty() {
            let mut then = Rc::clone(quota);
            let plain = Rc::make_mut(&mut then);
            for name in limited {
                plain.raw.set(&["status", "used", &**name], sum(name).to_string());
            }
            charged.push(Object::Plain(then));
        }
    }
    Ok(charged)
}

fn plain_quotas<'a>(tables: &'a Tables, namespace: &str) -> impl Iterator<Item = &'a Rc<Plain>> {
    tables.within(Kind::ResourceQuota, namespace).filter_map(Object::as_plain)
}

/// Whether a quota applies to an object: a scoped quota applies only to pods that match all of its scopes.
/// Models getScopeSelectorsFromQuota.
fn concerns(quota: &Plain, object: &Object) -> bool {
    let (scopes, selectors) = (quota.raw.list_at(&["spec", "scopes"]), quota.raw.list_at(&["spec", "scopeSelector", "matchExpressions"]));
    if scopes.is_empty() && selectors.is_empty() {
        return true;
    }
    let Some(pod) = object.as_pod() else { return false };
    scopes.iter().all(|scope| is_of(pod, scope.as_text().unwrap_or_default(), "Exists", &[]))
        && selectors.iter().all(|s| {
            let [scope, operator] = ["scopeName", "operator"].map(|key| s.text_at(&[key]).unwrap_or_default());
            is_of(pod, scope, operator, s.list_at(&["values"]))
        })
}

/// Whether a pod is of a scope. Models pods.go podMatchesScopeFunc.
fn is_of(pod: &Pod, scope: &str, operator: &str, values: &[Value]) -> bool {
    let raw = &pod.spec.template.raw;
    let ends = || raw.int_at(&["activeDeadlineSeconds"]).is_some_and(|seconds| seconds >= 0);
    let class = raw.text_at(&["priorityClassName"]).filter(|class| !class.is_empty());
    match scope {
        "Terminating" => ends(),
        "NotTerminating" => !ends(),
        "BestEffort" => qos_class(raw) == "BestEffort",
        "NotBestEffort" => qos_class(raw) != "BestEffort",
        "PriorityClass" => match operator {
            "Exists" => class.is_some(),
            "DoesNotExist" => class.is_none(),
            _ => values.iter().any(|value| value.as_text() == class) == (operator == "In"),
        },
        _ => false,
    }
}

fn amount(usage: &Usage, name: &Name) -> Quantity {
    usage.get(name).copied().unwrap_or_default()
}

/// Amounts by resource name, as written in a quota or a container.
pub fn amounts(written: Option<&Value>) -> Usage {
    let entries = members(written.and_then(Value::as_map));
    entries.map(|(name, value)| (Rc::clone(name), Quantity::read(value).unwrap_or_default())).collect()
}

/// The server's list of resources that a quota limits and a pod's containers leave unspecified. Models pods.go Constraints.
fn unspecified(pod: &Pod, hard: &Usage) -> Option<String> {
    let mut told = Vec::new();
    for wanted in OF_CONTAINERS.into_iter().filter(|name| hard.contains_key(*name)) {
        let (side, resource) = wanted.split_once('.').unwrap_or(("requests", wanted));
        let raw = &pod.spec.template.raw;
        let containers = raw.list_at(&["containers"]).iter().chain(raw.list_at(&["initContainers"]));
        let without = containers.filter(|c| c.at(&["resources", side, resource]).is_none());
        let names: SortedSet<&str> = without.filter_map(|c| c.text_at(&["name"])).collect();
        if !names.is_empty() {
            told.push(format!("{wanted} for: {}", names.iter().copied().collect::<Vec<_>>().join(",")));
        }
    }
    (!told.is_empty()).then(|| told.join("; "))
}

/// Usage in a quota's namespace of each resource that it limits.
/// Models k8s.io/apiserver/pkg/quota/v1 CalculateUsage.
pub fn taken(tables: &Tables, quota: &Plain, hard: &Usage, now: Time) -> Usage {
    let mut sum: Usage = hard.keys().map(|name| (Rc::clone(name), Quantity::default())).collect();
    for kind in tables.kinds().filter(|kind| kind.is_namespaced()) {
        for object in tables.within(kind, &quota.meta.namespace).filter(|o| concerns(quota, o)) {
            let over = object.as_pod().is_some_and(|pod| !counts(pod, now));
            for (name, amount) in usage(object) {
                if over && *name != *"count/pods" {
                    continue;
                }
                if let Some(total) = sum.get_mut(&name) {
                    *total = total.plus(amount);
                }
            }
        }
    }
    sum
}

/// Whether a pod counts, other than in `count/pods`, which counts what is stored: not once it is terminal, nor when its deletion is
/// overdue by a grace period. Models pods.go QuotaV1Pod.
pub fn counts(pod: &Pod, now: Time) -> bool {
    !pod.status.phase.terminal() && pod.meta.deletion.is_none_or(|d| d.at + d.period() >= now)
}

/// The usage of one object.
pub fn usage(object: &Object) -> Usage {
    let kind = object.kind();
    let one = Quantity::whole(1, Format::DecimalSi);
    let mut usage = Usage::from([(format!("count/{}", kind.resource()).into(), one)]);
    if kind.info().group.is_empty() {
        usage.insert(kind.info().plural.into(), one);
    }
    match object {
        Object::Pod(pod) => of_pod(pod, &mut usage),
        Object::Claim(claim) => of_claim(claim, &mut usage),
        Object::Service(service) => {
            let node_ports =
                service.spec.value().list_at(&["ports"]).iter().filter(|p| p.int_at(&["nodePort"]).is_some_and(|n| n != 0)).count();
            let balanced = service.spec.value().text_at(&["type"]) == Some("LoadBalancer");
            usage.insert("services.nodeports".into(), Quantity::whole(i64::try_from(node_ports).unwrap_or(0), Format::DecimalSi));
            usage.insert("services.loadbalancers".into(), Quantity::whole(i64::from(balanced), Format::DecimalSi));
        }
        _ => {}
    }
    usage
}

/// Adds a pod's requests and limits. Models pods.go podComputeUsageHelper.
fn of_pod(pod: &Pod, usage: &mut Usage) {
    let raw = &pod.spec.template.raw;
    for side in ["requests", "limits"] {
        let of = |container: &Value| amounts(container.at(&["resources", side]));
        let mut sum = over_containers(raw, of, |sum, one| combine(sum, one, Quantity::plus), |most, one| combine(most, one, Ord::max));
        let mut overhead = amounts(raw.get("overhead"));
        overhead.retain(|name, _| side == "requests" || sum.get(name).is_some_and(|limit| *limit != Quantity::default()));
        combine(&mut sum, &overhead, Quantity::plus);
        for (name, amount) in sum {
            if side == "requests" {
                usage.insert(Rc::clone(&name), amount);
            }
            usage.insert(format!("{side}.{name}").into(), amount);
        }
    }
}

fn combine(all: &mut Usage, one: &Usage, with: fn(Quantity, Quantity) -> Quantity) {
    for (name, amount) in one {
        let total = all.entry(Rc::clone(name)).or_default();
        *total = with(*total, *amount);
    }
}

/// Adds a claim's usage, overall and under its storage class.
fn of_claim(claim: &Claim, usage: &mut Usage) {
    let request = Quantity::parse(&claim.spec.request).unwrap_or_default();
    usage.insert("requests.storage".into(), request);
    if let Some(class) = claim.class().filter(|class| !class.is_empty()) {
        usage.insert(format!("{class}.storageclass.storage.k8s.io/requests.storage").into(), request);
        let one = Quantity::whole(1, Format::DecimalSi);
        usage.insert(format!("{class}.storageclass.storage.k8s.io/persistentvolumeclaims").into(), one);
    }
}
