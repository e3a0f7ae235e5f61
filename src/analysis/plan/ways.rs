//! Other ways to the same: ways round what is refused, and other ways to roll out.
//!
//! Promises: each is only a course to be tried; what it comes to is known from its trial.

use std::rc::Rc;

use crate::course::{Act, Course, SetCourse};
use crate::refusal::Fixed;
use crate::watch::{Replaced, Standing};
use api::client::PatchType;
use api::kind::Kind;
use api::object::stateful_set::{PodManagementPolicy, UpdateStrategy};
use api::object::{Name, ObjectKey, StatefulSet};
use base::sort::Sort;
use base::value::Value;
use causes::command::Naming;
use cluster::provisioner::makes_on_nodes;
use playground::Playground;
use playground::fields::with_fields;
use text::plan::{Says, Way};

pub(crate) const PARTITION: &str = "spec.updateStrategy.rollingUpdate.partition";
const MAX_UNAVAILABLE: &str = "spec.updateStrategy.rollingUpdate.maxUnavailable";
const ROLLING: &str = "spec.updateStrategy.rollingUpdate";
const TYPE: &str = "spec.updateStrategy.type";
const POLICY: &str = "spec.podManagementPolicy";

/// A course to be tried.
pub type Wanted = (Way, Vec<Act>);

/// How lines typed into a world name the namespace of an object.
pub fn naming(world: &Playground, key: &ObjectKey) -> Naming {
    Naming::of(&key.namespace, world.current_namespace())
}

/// The line that deletes a set and leaves its pods.
fn orphan(world: &Playground, key: &ObjectKey) -> Act {
    Act::Line(naming(world, key).delete(Kind::StatefulSet, &format!("{} --cascade=orphan", key.name)))
}

/// The line that makes each pod of a set anew, so that it gets what only new pods get.
fn restart(world: &Playground, key: &ObjectKey) -> Act {
    Act::Line(naming(world, key).rollout("restart", Kind::StatefulSet, &key.name))
}

/// The line that makes a set anew around its pods with the other policy.
fn parallel(world: &Playground, key: &ObjectKey) -> Act {
    let (naming, name) = (naming(world, key), &key.name);
    let policy = "s/podManagementPolicy: OrderedReady/podManagementPolicy: Parallel/";
    Act::Line(format!(
        "kubectl get statefulset {name} -o yaml{naming} | sed '{policy}' | kubectl replace --force --cascade=orphan -f -{naming}"
    ))
}

/// The ways round what the server refused of a manifest: a set is deleted without its pods and made anew.
pub fn rounds(before: &Playground, apply: &Act, refused: &[Fixed]) -> Vec<Wanted> {
    if refused.is_empty() {
        return Vec::new();
    }
    let anew = || refused.iter().map(|one| orphan(before, &one.set)).chain([apply.clone()]);
    let mut found = vec![(Way::Orphan, anew().collect())];
    let renamed = refused.iter().filter(|one| one.fields.contains(&"serviceName"));
    let restarts: Vec<Act> = renamed.map(|one| restart(before, &one.set)).collect();
    if !restarts.is_empty() {
        found.push((Way::Restart, anew().chain(restarts).collect()));
    }
    let grown: Vec<Act> = refused.iter().flat_map(|one| &one.grow).map(|line| Act::Line(line.clone())).collect();
    if !grown.is_empty() {
        found.push((Way::Resize, grown.into_iter().chain(anew()).collect()));
    }
    found
}

/// The last way round: the sets are deleted with their pods, and made anew. What their claims hold stays, unless the sets take these along.
pub fn anew(before: &Playground, apply: &Act, refused: &[Fixed]) -> Wanted {
    let delete = |one: &Fixed| Act::Line(naming(before, &one.set).delete(Kind::StatefulSet, &one.set.name));
    (Way::Anew, refused.iter().map(delete).chain([apply.clone()]).collect())
}

/// A course, after which old pods of sets that are stuck are deleted: the first, or one after another.
pub fn renewals(before: &Playground, given: &Course) -> Vec<Wanted> {
    let mut lines = Vec::new();
    // Where a new pod runs and fails, others would fail as well.
    let runs = |row: &Replaced| row.ready_at.is_none() && row.after.as_ref().is_some_and(|after| after.node.is_some());
    let is_stuck = |set: &&SetCourse| set.answers && !set.well[1] && !set.watched.replaced.iter().any(runs);
    for set in given.outcome.sets.iter().filter(is_stuck) {
        let key = &set.watched.set;
        let is_old = |pod: &&Standing| !set.watched.replaced.iter().any(|row| row.pod == pod.pod);
        let mut old: Vec<&Standing> = set.watched.pods.iter().filter(is_old).collect();
        // What is not Ready holds the others up, and its end costs nobody anything.
        old.sort_small_by_key(|pod| pod.ready);
        lines.extend(old.into_iter().map(|pod| Act::Line(naming(before, key).delete(Kind::Pod, &pod.pod))));
    }
    let way = if given.way == Way::AsGiven { Way::Renew } else { Way::OrphanRenew };
    let after = |more: Vec<Act>| (way, given.acts.iter().cloned().chain(more).collect());
    let all = || lines.iter().flat_map(|line| [Act::Proof, line.clone()]).skip(1).collect();
    match lines.as_slice() {
        [] => Vec::new(),
        [one] => vec![after(vec![one.clone()])],
        [first, ..] => vec![after(vec![first.clone()]), after(all())],
    }
}

/// The given course after a line without which the server refuses it.
pub fn prepared(before: &Playground, given: &Course) -> Option<Wanted> {
    let line = given.outcome.refused.iter().filter(|_| given.way != Way::Stops).find_map(|one| preparing(before, &one.said))?;
    Some((Way::Prepared, [Act::Line(line)].into_iter().chain(given.acts.iter().cloned()).collect()))
}

/// The given lines up to the first that was refused, where more come after it.
pub(crate) fn stopped(given: &Course) -> Option<Wanted> {
    let first = &given.outcome.refused.first()?.line;
    let at = given.acts.iter().position(|act| matches!(act, Act::Line(line) if line == first))?;
    (at + 1 < given.acts.len()).then(|| (Way::Stops, given.acts[..=at].to_vec()))
}

/// The words by which a server refuses the rest of another strategy.
const ONLY_ROLLING: &str = "only allowed for updateStrategy 'RollingUpdate'";

/// The given course with what takes the rest of the old strategy away, where a server refuses that rest.
pub(crate) fn without_rolling(given: &Course) -> Option<Wanted> {
    given.outcome.refused.iter().find(|one| one.said.contains(ONLY_ROLLING))?;
    let without = |line: &str, kind: &str| {
        let old = format!(r#""type":"{kind}""#);
        line.replace(&old.replace(':', ": "), &old).replace(&old, &format!(r#"{old},"rollingUpdate":null"#))
    };
    let other = |act: &Act| match act {
        Act::Line(line) => Act::Line(without(&without(line, "OnDelete"), "Recreate").into()),
        other => other.text().map_or(other.clone(), |text| other.with_text(&with_fields(text, [(ROLLING, "null")].into_iter()))),
    };
    let acts: Vec<Act> = given.acts.iter().map(other).collect();
    (acts != given.acts).then_some((Way::NoRolling, acts))
}

/// The words by which a server refuses a probe, or a hook, that does two things.
const TWO_HANDLERS: &str = "may not specify more than 1 handler type";

/// The given lines where a patch of a probe takes the old handler away, which a strategic patch keeps beside the new one.
pub(crate) fn with_one_handler(before: &Playground, given: &Course) -> Option<Wanted> {
    let one = given.outcome.refused.iter().find(|one| one.said.contains(TWO_HANDLERS))?;
    let name = one.said.split("The StatefulSet \"").nth(1)?.split('"').next()?;
    let (path, _) = one.said.split_once(TWO_HANDLERS)?.0.rsplit_once("spec.template.spec.")?.1.split_once(": ")?;
    let (container, probe) = path.rsplit_once('.')?.0.split_once('.')?;
    let (list, at) = container.trim_end_matches(']').split_once('[')?;
    let set = before.tables().stateful_sets().find(|set| *set.meta.name == *name)?;
    let old = set.spec.template.raw.list_at(&[list]).get(at.parse::<usize>().ok()?)?.at(&probe.split('.').collect::<Vec<_>>())?;
    let field = probe.rsplit('.').next()?;
    let handler = HANDLERS.iter().find(|handler| old.get(handler).is_some())?;
    let line = with_member(&one.line, field, &format!("\"{handler}\":null,"))?;
    let other = |act: &Act| if *act == Act::Line(one.line.clone()) { Act::Line(line.clone()) } else { act.clone() };
    Some((Way::OneHandler, given.acts.iter().map(other).collect()))
}

/// What a probe or a hook does, of which there may be one.
pub(crate) const HANDLERS: [&str; 5] = ["exec", "grpc", "httpGet", "sleep", "tcpSocket"];

/// A line whose JSON has one more member in the object of a field.
fn with_member(line: &str, field: &str, member: &str) -> Option<String> {
    let at = line.find(&format!("\"{field}\""))? + field.len() + 2;
    let rest = line[at..].trim_start().strip_prefix(':')?.trim_start();
    let inside = line.len() - rest.strip_prefix('{')?.len();
    Some(format!("{}{member}{}", &line[..inside], &line[inside..]))
}

/// The line that makes the server accept what it refuses in these words.
fn preparing(before: &Playground, said: &str) -> Option<String> {
    let (name, tables) = (said.split('"').nth(1)?, before.tables());
    if said.contains("must support resize") {
        let claim = tables.claims().find(|claim| *claim.meta.name == *name)?;
        // A folder of a node does not grow.
        let class = tables.class("", claim.class()?).filter(|class| !makes_on_nodes(&class.body.provisioner))?;
        return Some(format!("kubectl patch storageclass {} -p '{{\"allowVolumeExpansion\":true}}'", class.meta.name));
    }
    let is_fixed = said.contains("spec.clusterIPs[0]") && said.contains("may not change once set");
    let service = tables.services().find(|service| is_fixed && *service.meta.name == *name)?;
    Some(naming(before, &service.key()).delete(Kind::Service, name))
}

/// The given course where the images are not there that it takes to be there. And where one fails on data of another version, of which
/// nobody knows whether it reads them.
pub fn with_bad_images(given: &Course) -> Vec<Wanted> {
    let does = |way: Way, images: Vec<&Name>, does: &'static str| {
        let told = images.into_iter().map(|image| Act::Image(Rc::clone(image), does));
        let acts: Vec<Act> = told.chain(given.acts.iter().cloned()).collect();
        (acts.len() > given.acts.len()).then_some((way, acts))
    };
    let open = |says| if let &Says::NewMajor { ref to, fails: false, .. } = says { Some(to) } else { None };
    let major = given.outcome.notes.iter().filter_map(open);
    // Of a Deployment, nothing is told.
    let supposed = given.outcome.supposed().iter().filter(|image| given.outcome.rolled(image));
    let absent = does(Way::NoImage, supposed.collect(), "broken");
    absent.into_iter().chain(does(Way::Crashes, major.collect(), "crash")).collect()
}

/// Other ways to roll out what the given course rolls out; none of an image that does not start.
pub fn ways(before: &Playground, given: &Course) -> Vec<Wanted> {
    if given.acts.iter().any(|act| matches!(act, Act::Image(..))) {
        return Vec::new();
    }
    let sets: Vec<(&SetCourse, &Rc<StatefulSet>)> = given
        .outcome
        .rollouts()
        .filter_map(|course| {
            let key = &course.watched.set;
            Some((course, before.tables().stateful_set(&key.namespace, &key.name)?))
        })
        .filter(|(course, set)| set.spec.replicas > 0 && course.wanted > 0 && !course.was_deleted && !course.is_held())
        .collect();
    let Some(most) = sets.iter().map(|(course, set)| set.spec.replicas.min(course.wanted)).max() else { return Vec::new() };
    let rolling = |set: &StatefulSet| set.spec.strategy == UpdateStrategy::RollingUpdate;
    let is_plain = sets.iter().all(|(_, set)| rolling(set) && set.partition() == 0);
    let ordered = sets.iter().all(|(_, set)| set.spec.policy == PodManagementPolicy::OrderedReady);
    let keys: Vec<&ObjectKey> = sets.iter().map(|(course, _)| &course.watched.set).collect();
    let mut found: Vec<Wanted> = Vec::new();
    let mut add = |way: Way, acts: Option<Vec<Act>>| found.extend(acts.map(|acts| (way, acts)));
    if is_plain && most > 1 {
        let canary = (most - 1).to_string();
        let staged = varied(before, given, &keys, &[(TYPE, "RollingUpdate"), (PARTITION, &canary)]).map(|acts| {
            let rest = match given.acts.as_slice() {
                [one] if one.text().is_some() => vec![one.clone()],
                _ => keys.iter().map(|key| patch(before, key, &[(PARTITION, "0")])).collect(),
            };
            acts.into_iter().chain([Act::Proof]).chain(rest).collect()
        });
        add(Way::PartitionFirst, staged);
    }
    if ordered && most > 1 {
        let anew = match given.acts.as_slice() {
            [one] if one.text().is_some() => varied(before, given, &[], &[(POLICY, "Parallel")])
                .map(|acts| keys.iter().map(|key| orphan(before, key)).chain(acts).collect()),
            lines => Some(keys.iter().map(|key| parallel(before, key)).chain(lines.iter().cloned()).collect()),
        };
        add(Way::Parallel, anew);
    }
    if is_plain && most > 2 && before.sim().release().max_unavailable_stateful_set {
        add(Way::TwoAtOnce, varied(before, given, &keys, &[(TYPE, "RollingUpdate"), (MAX_UNAVAILABLE, "2")]));
    }
    if sets.iter().all(|(_, set)| rolling(set)) {
        add(Way::OnDelete, varied(before, given, &keys, &[(TYPE, "OnDelete"), (ROLLING, "null")]));
        let recreated = || varied(before, given, &keys, &[(TYPE, "Recreate"), (ROLLING, "null")]);
        add(Way::Recreate, before.sim().release().recreates_sets.then(recreated).flatten());
    }
    if sets.iter().all(|(_, set)| set.spec.strategy == UpdateStrategy::Recreate) {
        add(Way::RollingUpdate, varied(before, given, &keys, &[(TYPE, "RollingUpdate")]));
    }
    found
}

/// The given course with other fields in its sets: in the manifest that it applies, or by a patch before its lines. `None` where the
/// manifest has no place for them.
fn varied(before: &Playground, given: &Course, keys: &[&ObjectKey], fields: &[(&str, &str)]) -> Option<Vec<Act>> {
    match given.acts.as_slice() {
        [one] if one.text().is_some() => {
            let text = one.text()?;
            let other = with_fields(text, fields.iter().copied());
            (*other != **text).then(|| vec![one.with_text(&other)])
        }
        lines => Some(keys.iter().map(|key| patch(before, key, fields)).chain(lines.iter().cloned()).collect()),
    }
}

/// The line that keeps the volume of a claim when the claim goes. People know the name of the claim, and a provisioner makes up that of the
/// volume.
pub(crate) fn retain(naming: &Naming, claim: &str) -> String {
    let volume = format!("kubectl get pvc {claim}{naming} -o jsonpath={{.spec.volumeName}}");
    format!("kubectl patch pv $({volume}) -p '{}'", r#"{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}"#)
}

/// The line that patches fields of a set.
pub(crate) fn patch(world: &Playground, key: &ObjectKey, fields: &[(&str, &str)]) -> Act {
    let mut patch = Value::default();
    for (path, value) in fields {
        let value = match value.parse::<i64>() {
            Ok(number) => number.into(),
            Err(_) if *value == "null" => Value::Null,
            Err(_) => Value::from(*value),
        };
        patch.set(&path.split('.').collect::<Vec<_>>(), value);
    }
    Act::Line(naming(world, key).patch(Kind::StatefulSet, &key.name, PatchType::Strategic, &patch.to_json()))
}
