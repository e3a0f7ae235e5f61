//! Autoscalers: who decides from now on how many replicas a set has, and where nobody does. Some scale nothing, as no object has the group,
//! kind and name that they aim at.

use api::client::PatchType;
use api::kind::Kind;
use api::object::{Name, Object, ObjectKey, Plain, StatefulSet};
use base::value::Value;
use intake::told::short;
use server::scale_target::Target;
use server::tables::Tables;
use sim::Sim;
use text::plan::Says;

use crate::ends::{Ends, name, once, pods_of};

/// What decides how many replicas a set has, and between which numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scaler {
    pub(crate) key: ObjectKey,
    least: i64,
    most: i64,
}

impl Scaler {
    /// That of an autoscaler.
    pub(crate) fn of(scaler: &Object) -> Scaler {
        let value = scaler.encode();
        let number = |field: &str| value.int_at(&["spec", field]).unwrap_or(1);
        Scaler { key: scaler.key(), least: number("minReplicas"), most: number("maxReplicas") }
    }

    /// The number of replicas that it leaves, of so many.
    pub(crate) fn bounded(&self, replicas: i64) -> i64 {
        replicas.clamp(self.least, self.most.max(self.least))
    }
}

/// The autoscaler of a set: the one whose target it is.
fn scaler_of(tables: &Tables, set: &StatefulSet) -> Option<Scaler> {
    let is_its = |object: &&Object| {
        let target = object.as_plain().and_then(|scaler| Target::of(scaler).find(tables, &scaler.meta.namespace).ok());
        target.is_some_and(|target| target.key() == set.key())
    };
    tables.within(Kind::HorizontalPodAutoscaler, &set.meta.namespace).find(is_its).map(Scaler::of)
}

impl Ends<'_> {
    /// The autoscaler that owns the number of replicas, where the change wrote this one.
    pub(crate) fn autoscaled(&self, set: &StatefulSet, was: &StatefulSet, now: i64) -> Option<Says> {
        let Scaler { key, least, most } = scaler_of(self.tables(), set)?;
        let (scaler, set_name) = (short(&key), name(set));
        if set.spec.replicas == 0 {
            return Some(Says::ScalerOff { scaler, set: set_name });
        }
        Some(Says::Autoscaled { scaler, set: set_name, least, most, was: was.spec.replicas, now })
    }

    /// The autoscaler that is gone, or new, or has other bounds.
    pub(crate) fn scales(&self, old: &StatefulSet, set: &StatefulSet) -> Option<Says> {
        let [was, now] = [self.before, self.after].map(|sim| scaler_of(sim.tables(), set));
        let replicas = set.spec.replicas;
        // The scaler has written its number already.
        let before = old.spec.replicas;
        match (was, now) {
            (Some(was), None) if self.tables().get(&was.key).is_none() => {
                Some(Says::Unscaled { scaler: short(&was.key), set: name(set), replicas })
            }
            (was, Some(now)) if was.as_ref() != Some(&now) && replicas > 0 => {
                let goes = now.bounded(before);
                let goes = if goes == before { 0 } else { goes };
                Some(Says::Scaled { scaler: short(&now.key), set: name(set), least: now.least, most: now.most, goes })
            }
            _ => None,
        }
    }

    /// The autoscaler of a set that reckons with requests which a container does not have, and did not before.
    pub(crate) fn stands_still(&self, set: &StatefulSet) -> Option<Says> {
        let now = scaler_of(self.tables(), set)?;
        let scaler = self.tables().get(&now.key)?.encode();
        let was = self.was(set).filter(|was| scaler_of(self.old_tables(), was).is_some_and(|one| one.key == now.key));
        let stood = |resource: &str| was.is_some_and(|was| !lacking(self.before, was, resource).is_empty());
        let told = |resource: String| {
            let containers = lacking(self.after, set, &resource);
            let is_new = !containers.is_empty() && !stood(&resource);
            let (scaler, set, replicas) = (short(&now.key), name(set), set.spec.replicas);
            is_new.then_some(Says::ScalerStill { scaler, set, resource, containers, replicas })
        };
        shares(&scaler).into_iter().find_map(told)
    }

    /// Autoscalers that are new or aim elsewhere, and mean a set that they do not find.
    pub(crate) fn aimless(&self) -> Vec<Says> {
        let was = |scaler: &Object| self.old_tables().get(&scaler.key()).and_then(Object::as_plain);
        let aims = |scaler: &Plain| scaler.raw.at(&["spec", "scaleTargetRef"]).cloned();
        let all = self.tables().all(Kind::HorizontalPodAutoscaler);
        let new = all.filter_map(|object| Some((object, object.as_plain()?)));
        let new = new.filter(|(object, scaler)| was(object).is_none_or(|was| aims(was) != aims(scaler)));
        new.filter_map(|(object, scaler)| self.aims_at_nothing(object, scaler)).collect()
    }

    /// The words by which a set is not found, and the line that has the autoscaler find the one of that name.
    fn aims_at_nothing(&self, object: &Object, scaler: &Plain) -> Option<Says> {
        let (target, tables, space) = (Target::of(scaler), self.tables(), &scaler.meta.namespace);
        let missing = target.find(tables, space).err()?;
        let set = tables.stateful_set(space, target.name);
        if set.is_none() && target.kind != Kind::StatefulSet.info().name {
            return None;
        }
        let bounds = Scaler::of(object);
        let line = set.map_or(String::new(), |set| {
            let (version, kind) = (Kind::StatefulSet.api_version(), Kind::StatefulSet.info().name);
            let patch = format!(r#"{{"spec":{{"scaleTargetRef":{{"apiVersion":"{version}","kind":"{kind}"}}}}}}"#);
            self.naming(&set.key()).patch(Kind::HorizontalPodAutoscaler, &scaler.meta.name, PatchType::Merge, &patch)
        });
        let replicas = set.map_or(0, |set| set.spec.replicas);
        let goes = bounds.bounded(replicas);
        Some(Says::AimsAtNothing {
            scaler: short(&object.key()),
            set: target.name.into(),
            missing,
            replicas,
            goes: if goes == replicas { 0 } else { goes },
            line,
        })
    }
}

/// The resources of which an autoscaler reckons a share of the requests; by default the CPU.
fn shares(scaler: &Value) -> Vec<String> {
    let metrics = scaler.list_at(&["spec", "metrics"]);
    if metrics.is_empty() {
        return vec!["cpu".to_owned()];
    }
    let is_share =
        |one: &&Value| one.text_at(&["type"]) == Some("Resource") && one.text_at(&["resource", "target", "type"]) == Some("Utilization");
    metrics.iter().filter(is_share).filter_map(|one| one.text_at(&["resource", "name"])).map(str::to_owned).collect()
}

/// The containers of a set's pods that have no request of a resource. A limit is one as well.
fn lacking(sim: &Sim, set: &StatefulSet, resource: &str) -> Vec<Name> {
    let has = |of: &Value| ["requests", "limits"].iter().any(|part| of.at(&["resources", part, resource]).is_some());
    let own = pods_of(sim.tables(), set).map(|pod| &pod.spec.template.raw).filter(|spec| !has(spec));
    let lack = own.flat_map(|spec| spec.list_at(&["containers"])).filter(|one| !has(one));
    once(lack.filter_map(|one| one.get("name").and_then(Value::as_shared_text)))
}
