//! The LimitRanger admission plugin: applies a namespace's `LimitRange`s to pods, and checks pods and claims against them.
//!
//! Models plugin/pkg/admission/limitranger/admission.go: Admit (`mergePodResourceRequirements`) and Validate (`PodValidateLimitFunc`,
//! `PersistentVolumeClaimValidateLimitFunc`).
//! Promises: ranges are checked by name, and so are the resources in each; upstream leaves both orders undefined.
//! Not modelled: pod-level requests and their in-place resize; the refusal of other changes to a claim that is older than its
//! range.

use std::rc::Rc;

use super::tables::Tables;
use api::kind::Kind;
use api::object::resources::sum_of_containers;
use api::object::{Name, Object};
use api::obstacle::Obstacle;
use api::status::Status;
use base::fill::Fill;
use base::quantity::Quantity;
use base::quoted::in_one_line;
use base::value::{Map, Value, members};

/// The annotation that records which values were filled in.
const ANNOTATION: &str = "kubernetes.io/limit-ranger";
const RATIO: &str = "maxLimitRequestRatio";

/// Each range in a namespace: its name, and its `limits` items.
fn ranges<'a>(tables: &'a Tables, namespace: &str) -> impl Iterator<Item = (&'a Name, &'a [Value])> {
    let ranges = tables.within(Kind::LimitRange, namespace).filter_map(Object::as_plain);
    ranges.map(|range| (&range.meta.name, range.raw.list_at(&["spec", "limits"])))
}

fn of_type<'a>(items: &'a [Value], of: &'a str) -> impl Iterator<Item = &'a Value> {
    items.iter().filter(move |item| item.text_at(&["type"]) == Some(of))
}

/// Applies the ranges' defaults to the requests and limits that a pod's containers leave unset.
pub fn complete(tables: &Tables, namespace: &str, pod: &mut Value) {
    for (_, items) in ranges(tables, namespace) {
        let mut told = Vec::new();
        for (containers, called) in [("containers", "container"), ("initContainers", "init container")] {
            pod.each(&["spec", containers], |container| complete_container(container, items, called, &mut told));
        }
        if !told.is_empty() {
            pod.set(&["metadata", "annotations", ANNOTATION], format!("LimitRanger plugin set: {}", told.join("; ")));
        }
    }
}

/// Fills in one container's defaults and records them in `told`.
fn complete_container(container: &mut Value, items: &[Value], called: &str, told: &mut Vec<String>) {
    for (of, default, word) in [("requests", "defaultRequest", "request"), ("limits", "default", "limit")] {
        let mut set = Vec::new();
        for (name, amount) in of_type(items, "Container").filter_map(|item| item.at(&[default])?.as_map()).flat_map(Map::iter) {
            if container.at(&["resources", of, name]).is_none() {
                container.set(&["resources", of, &**name], amount.clone());
                set.push(&**name);
            }
        }
        if !set.is_empty() {
            told.push(format!("{} {word} for {called} {}", set.join(", "), container.text_at(&["name"]).unwrap_or_default()));
        }
    }
}

/// The same for a typed pod created by a controller; returns whether anything was filled in.
pub fn complete_object(tables: &Tables, object: &mut Object) -> bool {
    let Object::Pod(pod) = object else { return false };
    if ranges(tables, &pod.meta.namespace).next().is_none() {
        return false;
    }
    let mut value = Value::of([("spec", pod.spec.template.raw.clone())]);
    complete(tables, &pod.meta.namespace, &mut value);
    let Some(told) = value.at(&["metadata", "annotations", ANNOTATION]).and_then(Value::as_shared_text) else { return false };
    let pod = Rc::make_mut(pod);
    Rc::make_mut(&mut pod.meta.annotations).insert(ANNOTATION.into(), told);
    Rc::make_mut(&mut pod.spec).template.set(&["spec"], value.get("spec").cloned().unwrap_or_default());
    true
}

/// Refuses a pod or claim outside its namespace's ranges.
pub fn check(tables: &Tables, object: &Object) -> Result<(), Status> {
    let meta = object.meta();
    for (range, items) in ranges(tables, &meta.namespace) {
        let wrong = match object {
            Object::Pod(pod) => of_pod(items, &pod.spec.template.raw),
            Object::Claim(claim) => of_claim(items, Quantity::parse(&claim.spec.request).ok()),
            _ => return Ok(()),
        };
        if wrong.is_empty() {
            continue;
        }
        let refusal = Status::forbidden(&object.kind().resource(), &meta.name, &in_one_line(wrong));
        return Err(refusal.blocked_by(Obstacle::Limit(Kind::LimitRange, range.clone())));
    }
    Ok(())
}

/// Looks up an amount by list (`requests` or `limits`) and resource name.
type Amount<'a> = &'a dyn Fn(&str, &str) -> Option<Quantity>;

/// A list whose amounts a bound applies to, and the word for it in messages.
type Side = (&'static str, &'static str);
const REQUEST: Side = ("requests", "request");
const LIMIT: Side = ("limits", "limit");

fn of_pod(items: &[Value], spec: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut judge = |item: &Value, of: &str, amount: Amount| {
        below(item, of, &[REQUEST, LIMIT], amount, &mut wrong);
        above(item, of, &[LIMIT, REQUEST], amount, &mut wrong);
        beyond_ratio(item, of, amount, &mut wrong);
    };
    for item in items {
        match item.text_at(&["type"]) {
            Some(of @ "Container") => {
                for container in spec.list_at(&["containers"]).iter().chain(spec.list_at(&["initContainers"])) {
                    judge(item, of, &|list, name| container.at(&["resources", list, name]).and_then(Quantity::read));
                }
            }
            Some(of @ "Pod") => judge(item, of, &|list, name| sum_of_containers(spec, list, name)),
            _ => {}
        }
    }
    wrong
}

/// Checks a claim, which has only a storage request and no limits.
fn of_claim(items: &[Value], request: Option<Quantity>) -> Vec<String> {
    let of = "PersistentVolumeClaim";
    let mut wrong = Vec::new();
    for item in of_type(items, of) {
        let amount = |_: &str, name: &str| request.filter(|_| name == "storage");
        below(item, of, &[REQUEST], &amount, &mut wrong);
        above(item, of, &[REQUEST], &amount, &mut wrong);
    }
    wrong
}

/// Models `minConstraint`.
fn below(item: &Value, of: &str, sides: &[Side], amount: Amount, wrong: &mut Vec<String>) {
    outside(item, of, ("min", "minimum", |found, least| found < least), sides, amount, wrong);
}

/// Models `maxConstraint` and `maxRequestConstraint`.
fn above(item: &Value, of: &str, sides: &[Side], amount: Amount, wrong: &mut Vec<String>) {
    outside(item, of, ("max", "maximum", |found, most| found > most), sides, amount, wrong);
}

/// A bound: its list in the range, its name in messages, and whether an amount violates it.
type Bound = (&'static str, &'static str, fn(Quantity, Quantity) -> bool);

/// Reports the first side that violates a bound; the first side must also be present.
fn outside(item: &Value, of: &str, (list, bound, beyond): Bound, sides: &[Side], amount: Amount, wrong: &mut Vec<String>) {
    for (name, bounded) in amounts(item, list) {
        let rule = format!("{bound} {name} usage per {of} is {bounded}");
        let found = |(list, _): &Side| amount(list, name);
        if let Some((_, word)) = sides.first().filter(|side| found(side).is_none()) {
            wrong.push(format!("{rule}.  No {word} is specified"));
        } else if let Some((found, word)) =
            sides.iter().filter_map(|side| Some((found(side)?, side.1))).find(|(found, _)| beyond(*found, bounded))
        {
            wrong.push(format!("{rule}, but {word} is {found}"));
        }
    }
}

/// Models `limitRequestRatioConstraint`.
fn beyond_ratio(item: &Value, of: &str, amount: Amount, wrong: &mut Vec<String>) {
    for (name, most) in amounts(item, RATIO) {
        let rule = format!("{name} max limit to request ratio per {of} is {most}, but");
        let some = |(list, _): Side| amount(list, name).filter(|amount| !amount.is_zero());
        match (some(REQUEST), some(LIMIT)) {
            (None, _) => wrong.push(format!("{rule} no request is specified or request is 0")),
            (_, None) => wrong.push(format!("{rule} no limit is specified or limit is 0")),
            (Some(request), Some(limit)) => {
                if let Some(found) = limit.over(request).filter(|found| *found > most) {
                    wrong.push(format!("{rule} provided ratio is {}", found.with_six_decimals()));
                }
            }
        }
    }
}

fn amounts<'a>(item: &'a Value, list: &str) -> impl Iterator<Item = (&'a str, Quantity)> {
    let map = item.at(&[list]).and_then(Value::as_map);
    members(map).filter_map(|(name, amount)| Some((&**name, Quantity::read(amount)?)))
}
