//! Other ways to the same: ways round what is refused, and other ways to roll out.
//!
//! Promises: each is only a course to be tried; what it comes to is known from its trial.

use std::rc::Rc;

use crate::course::{Act, Course, SetCourse};
use crate::refusal::Fixed;
use api::object::stateful_set::{PodManagementPolicy, UpdateStrategy};
use api::object::{ObjectKey, StatefulSet};
use base::value::Value;
use playground::Playground;
use playground::preset::with_fields;
use text::plan::Way;

const PARTITION: &str = "spec.updateStrategy.rollingUpdate.partition";
const MAX_UNAVAILABLE: &str = "spec.updateStrategy.rollingUpdate.maxUnavailable";
const ROLLING: &str = "spec.updateStrategy.rollingUpdate";
const TYPE: &str = "spec.updateStrategy.type";
const POLICY: &str = "spec.podManagementPolicy";

/// A course to be tried.
pub type Wanted = (Way, Vec<Act>);

/// kubectl in the namespace of an object.
pub fn kubectl(key: &ObjectKey) -> String {
    if *key.namespace == *"default" { "kubectl".to_owned() } else { format!("kubectl -n {}", key.namespace) }
}

/// The line that deletes a set and leaves its pods.
fn orphan(key: &ObjectKey) -> Act {
    Act::Line(format!("{} delete statefulset {} --cascade=orphan", kubectl(key), key.name))
}

/// The line that makes a set anew around its pods with the other policy.
fn parallel(key: &ObjectKey) -> Act {
    let (kubectl, name) = (kubectl(key), &key.name);
    let policy = "s/podManagementPolicy: OrderedReady/podManagementPolicy: Parallel/";
    Act::Line(format!("{kubectl} get statefulset {name} -o yaml | sed '{policy}' | {kubectl} replace --force --cascade=orphan -f -"))
}

/// The ways round what the server refused of a manifest: a set is deleted without its pods and made anew.
pub fn rounds(manifest: &str, refused: &[Fixed]) -> Vec<Wanted> {
    if refused.is_empty() {
        return Vec::new();
    }
    let anew = || refused.iter().map(|one| orphan(&one.set)).chain([Act::Apply(manifest.into())]);
    let mut found = vec![(Way::Orphan, anew().collect())];
    let grown: Vec<Act> = refused.iter().flat_map(|one| &one.grow).map(|line| Act::Line(line.clone())).collect();
    if !grown.is_empty() {
        found.push((Way::Resize, grown.into_iter().chain(anew()).collect()));
    }
    found
}

/// Other ways to roll out what the given course rolls out.
pub fn ways(before: &Playground, given: &Course) -> Vec<Wanted> {
    let sets: Vec<(&SetCourse, &Rc<StatefulSet>)> = given
        .outcome
        .rollouts()
        .filter_map(|course| {
            let key = &course.watched.set;
            Some((course, before.tables().stateful_set(&key.namespace, &key.name)?))
        })
        .filter(|(course, set)| set.spec.replicas > 0 && course.wanted > 0 && !course.is_held())
        .collect();
    let Some(most) = sets.iter().map(|(course, set)| set.spec.replicas.min(course.wanted)).max() else { return Vec::new() };
    let rolling = |set: &StatefulSet| set.spec.strategy == UpdateStrategy::RollingUpdate;
    let is_plain =
        sets.iter().all(|(_, set)| rolling(set) && set.spec.rolling_update.as_ref().is_none_or(|rolling| rolling.partition == 0));
    let ordered = sets.iter().all(|(_, set)| set.spec.policy == PodManagementPolicy::OrderedReady);
    let keys: Vec<&ObjectKey> = sets.iter().map(|(course, _)| &course.watched.set).collect();
    let mut found: Vec<Wanted> = Vec::new();
    let mut add = |way: Way, acts: Option<Vec<Act>>| found.extend(acts.map(|acts| (way, acts)));
    if is_plain && most > 1 {
        let canary = (most - 1).to_string();
        let staged = varied(given, &keys, &[(TYPE, "RollingUpdate"), (PARTITION, &canary)]).map(|acts| {
            let rest = match given.acts.as_slice() {
                [Act::Apply(text)] => vec![Act::Apply(Rc::clone(text))],
                _ => keys.iter().map(|key| patch(key, &[(PARTITION, "0")])).collect(),
            };
            acts.into_iter().chain([Act::Proof]).chain(rest).collect()
        });
        add(Way::PartitionFirst, staged);
    }
    if ordered && most > 1 {
        let anew = match given.acts.as_slice() {
            [Act::Apply(_)] => {
                varied(given, &[], &[(POLICY, "Parallel")]).map(|acts| keys.iter().map(|key| orphan(key)).chain(acts).collect())
            }
            lines => Some(keys.iter().map(|key| parallel(key)).chain(lines.iter().cloned()).collect()),
        };
        add(Way::Parallel, anew);
    }
    if is_plain && most > 2 && before.sim().release().max_unavailable_stateful_set {
        add(Way::TwoAtOnce, varied(given, &keys, &[(TYPE, "RollingUpdate"), (MAX_UNAVAILABLE, "2")]));
    }
    if sets.iter().all(|(_, set)| rolling(set)) {
        add(Way::OnDelete, varied(given, &keys, &[(TYPE, "OnDelete"), (ROLLING, "null")]));
    }
    found
}

/// The given course with other fields in its sets: in the manifest that it applies, or by a patch before its lines. `None` where the
/// manifest has no place for them.
fn varied(given: &Course, keys: &[&ObjectKey], fields: &[(&str, &str)]) -> Option<Vec<Act>> {
    match given.acts.as_slice() {
        [Act::Apply(text)] => {
            let other = with_fields(text, fields.iter().copied());
            (*other != **text).then(|| vec![Act::Apply(other.into())])
        }
        lines => Some(keys.iter().map(|key| patch(key, fields)).chain(lines.iter().cloned()).collect()),
    }
}

/// The line that patches fields of a set.
fn patch(key: &ObjectKey, fields: &[(&str, &str)]) -> Act {
    let mut patch = Value::default();
    for (path, value) in fields {
        let value = match value.parse::<i64>() {
            Ok(number) => number.into(),
            Err(_) if *value == "null" => Value::Null,
            Err(_) => Value::from(*value),
        };
        patch.set(&path.split('.').collect::<Vec<_>>(), value);
    }
    Act::Line(format!("{} patch statefulset {} -p '{}'", kubectl(key), key.name, patch.to_json()))
}
