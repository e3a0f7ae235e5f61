//! What a namespace's `LimitRange`s make of a pod, and whether they let a pod or a claim in.
//!
//! Models plugin/pkg/admission/limitranger/admission.go: Admit (`mergePodResourceRequirements`) and Validate (`PodValidateLimitFunc`,
//! `PersistentVolumeClaimValidateLimitFunc`).
//! Promises: ranges are asked in the order of their names, amounts in that of theirs, both of which upstream leaves open.
//! Not modelled: requests of a pod as a whole, and their change in place; the refusal of other changes of a claim that was there
//! before its range.

use std::rc::Rc;

use super::tables::Tables;
use crate::api::kind::Kind;
use crate::api::object::resources::sum_of_containers;
use crate::api::object::{Object, PodTemplate};
use crate::api::status::Status;
use crate::base::quantity::Quantity;
use crate::base::sorted::SortedSet;
use crate::base::value::{Map, Value};

/// The annotation that tells what was filled in.
const ANNOTATION: &str = "kubernetes.io/limit-ranger";
const RATIO: &str = "maxLimitRequestRatio";

/// What is said of the items of all ranges in a namespace, range by range.
fn ranges<'a>(tables: &'a Tables, namespace: &str) -> impl Iterator<Item = &'a [Value]> {
    let items = |object: &'a Object| if let Object::Plain(range) = object { range.raw.list_at(&["spec", "limits"]) } else { &[] };
    tables.within(Kind::LimitRange, namespace).map(items)
}

fn of_type<'a>(items: &'a [Value], of: &'a str) -> impl Iterator<Item = &'a Value> {
    items.iter().filter(move |item| item.text_at(&["type"]) == Some(of))
}

/// Fills in what a pod's containers leave open of what its namespace's ranges give them.
pub fn complete(tables: &Tables, namespace: &str, pod: &mut Value) {
    for items in ranges(tables, namespace) {
        let mut told = Vec::new();
        for (containers, called) in [("containers", "container"), ("initContainers", "init container")] {
            let count = pod.list_at(&["spec", containers]).len();
            for i in 0..count {
                if let Some(container) = pod.list_at(&["spec", containers]).get(i).cloned()
                    && let Some(whole) = completed(container, items, called, &mut told)
                {
                    pod.make_map().entry("spec", Value::map).make_map().entry(containers, Value::map).make_list()[i] = whole;
                }
            }
        }
        if !told.is_empty() {
            pod.set(&["metadata", "annotations", ANNOTATION], format!("LimitRanger plugin set: {}", told.join("; ")));
        }
    }
}

/// A container with what it left open; `None` where it left nothing open.
fn completed(mut container: Value, items: &[Value], called: &str, told: &mut Vec<String>) -> Option<Value> {
    let before = told.len();
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
    (told.len() > before).then_some(container)
}

/// The same for a pod that a controller makes; whether anything was filled in.
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
    let template = &pod.spec.template;
    let spec = value.get("spec").unwrap_or(&Value::Null);
    let whole = PodTemplate::decode(spec, Rc::clone(&template.labels), Rc::clone(&template.annotations));
    Rc::make_mut(&mut pod.spec).template = Rc::new(whole);
    true
}

/// Refuses a pod or a claim that is not within the ranges of its namespace.
pub fn check(tables: &Tables, object: &Object) -> Result<(), Status> {
    let meta = object.meta();
    for items in ranges(tables, &meta.namespace) {
        let mut wrong = match object {
            Object::Pod(pod) => of_pod(items, &pod.spec.template.raw),
            Object::Claim(claim) => of_claim(items, Quantity::parse(&claim.request).ok()),
            _ => return Ok(()),
        };
        // Models k8s.io/apimachinery/pkg/util/errors NewAggregate, which says nothing twice.
        let mut told = SortedSet::new();
        wrong.retain(|one| told.insert(one.clone()));
        let why = match &wrong[..] {
            [] => continue,
            [one] => one.clone(),
            several => format!("[{}]", several.join(", ")),
        };
        return Err(Status::forbidden(&object.kind().resource(), &meta.name, &why));
    }
    Ok(())
}

fn of_pod(items: &[Value], spec: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for item in items {
        match item.text_at(&["type"]) {
            Some(of @ "Container") => {
                for container in spec.list_at(&["containers"]).iter().chain(spec.list_at(&["initContainers"])) {
                    let amount = |list: &str, name: &str| container.at(&["resources", list, name]).and_then(Quantity::read);
                    outside(item, of, &amount, &mut wrong);
                }
            }
            Some(of @ "Pod") => outside(item, of, &|list, name| sum_of_containers(spec, list, name), &mut wrong),
            _ => {}
        }
    }
    wrong
}

/// What is asked for, or may be used, of a resource: the list, the name.
type Amount<'a> = &'a dyn Fn(&str, &str) -> Option<Quantity>;

/// Models `minConstraint`, `maxConstraint` and `limitRequestRatioConstraint`.
fn outside(item: &Value, of: &str, amount: Amount, wrong: &mut Vec<String>) {
    for (list, bound, [first, second], beyond) in [
        ("min", "minimum", [("requests", "request"), ("limits", "limit")], (|a, b| a < b) as fn(Quantity, Quantity) -> bool),
        ("max", "maximum", [("limits", "limit"), ("requests", "request")], |a, b| a > b),
    ] {
        for (name, bounded) in amounts(item, list) {
            let rule = format!("{bound} {name} usage per {of} is {bounded}");
            let told = match (amount(first.0, name), amount(second.0, name)) {
                (None, _) => format!("{rule}.  No {} is specified", first.1),
                (Some(found), _) if beyond(found, bounded) => format!("{rule}, but {} is {found}", first.1),
                (_, Some(found)) if beyond(found, bounded) => format!("{rule}, but {} is {found}", second.1),
                _ => continue,
            };
            wrong.push(told);
        }
    }
    for (name, most) in amounts(item, RATIO) {
        let rule = format!("{name} max limit to request ratio per {of} is {most}, but");
        let some = |list: &str| amount(list, name).filter(|amount| !amount.is_zero());
        match (some("requests"), some("limits")) {
            (None, _) => wrong.push(format!("{rule} no request is specified or request is 0")),
            (_, None) => wrong.push(format!("{rule} no limit is specified or limit is 0")),
            (Some(request), Some(limit)) => {
                let found = limit.millionths_of(request).unwrap_or(0);
                if found > i128::from(most.thousandths()) * 1000 {
                    wrong.push(format!("{rule} provided ratio is {}.{:06}", found / 1_000_000, found % 1_000_000));
                }
            }
        }
    }
}

/// Models `PersistentVolumeClaimValidateLimitFunc`; a claim asks for nothing but storage.
fn of_claim(items: &[Value], request: Option<Quantity>) -> Vec<String> {
    let of = "PersistentVolumeClaim";
    let mut wrong = Vec::new();
    for item in of_type(items, of) {
        let asked = |name: &str| request.filter(|_| name == "storage");
        for (list, bound, beyond) in
            [("min", "minimum", (|a, b| a < b) as fn(Quantity, Quantity) -> bool), ("max", "maximum", |a, b| a > b)]
        {
            for (name, bounded) in amounts(item, list) {
                let rule = format!("{bound} {name} usage per {of} is {bounded}");
                match asked(name) {
                    None => wrong.push(format!("{rule}.  No request is specified")),
                    Some(found) if beyond(found, bounded) => wrong.push(format!("{rule}, but request is {found}")),
                    Some(_) => {}
                }
            }
        }
    }
    wrong
}

fn amounts<'a>(item: &'a Value, list: &str) -> impl Iterator<Item = (&'a str, Quantity)> {
    let map = item.at(&[list]).and_then(Value::as_map);
    map.into_iter().flat_map(Map::iter).filter_map(|(name, amount)| Some((&**name, Quantity::read(amount)?)))
}
