//! Why a set has another size after a change, and what its members need: a majority of those that their settings name.

use std::rc::Rc;

use api::kind::Kind;
use api::object::{Name, Object, ObjectKey, Pod, StatefulSet};
use base::value::Value;
use intake::told::short;
use server::log::Actor;
use server::scale_target::Target;
use server::tables::Tables;
use text::plan::Says;

use crate::documents::{key_of, objects_of};
use crate::guess;
use crate::notes::Ends;
use crate::watch::{majority, ordinal_in};

impl Ends<'_> {
    /// What is to be told of the size of a set.
    pub(crate) fn sizes(&self, set: &StatefulSet, manifest: Option<&str>) -> Vec<Says> {
        let Some(was) = self.before.tables().stateful_set(&set.meta.namespace, &set.meta.name) else { return Vec::new() };
        let is_asked = self.asked(set, was);
        let default = manifest.and_then(|text| self.left_to_default(text, set, was));
        let scaler = is_asked.and_then(|asked| self.autoscaled(set, was, asked));
        let of_members = self.too_few(set, was).into_iter().chain(self.stay_members(was, set));
        default.into_iter().chain(scaler).chain(of_members).chain(self.surplus(set)).collect()
    }

    /// The other number of replicas that the change itself asked for.
    fn asked(&self, set: &StatefulSet, was: &StatefulSet) -> Option<i64> {
        let log = self.after.log().from(self.before.log().len());
        let own = log.filter(|change| change.key == set.key() && change.by == Actor::User);
        let numbers = own.filter_map(|change| change.after.as_ref().and_then(Object::as_stateful_set)).map(|new| new.spec.replicas);
        numbers.filter(|replicas| *replicas != was.spec.replicas).last()
    }

    /// The number of replicas of which the manifest no longer tells: the server fills in 1.
    fn left_to_default(&self, manifest: &str, set: &StatefulSet, was: &StatefulSet) -> Option<Says> {
        let objects = objects_of(manifest);
        let key = set.key();
        let own = objects.iter().find(|object| key_of(object, self.world.current_namespace()).as_ref() == Some(&key))?;
        let is_gone = own.at(&["spec", "replicas"]).is_none_or(Value::is_null) && was.spec.replicas != 1 && self.asked(set, was).is_some();
        is_gone.then(|| Says::NoReplicas { set: Rc::clone(&set.meta.name), was: was.spec.replicas })
    }

    /// Pods beyond those that a set wants, which it removes only once all that stay are Ready, and the lines that remove them.
    fn surplus(&self, set: &StatefulSet) -> Option<Says> {
        let (key, tables) = (set.key(), self.after.tables());
        let is_ready = |pod: &Name| tables.pod(&key.namespace, pod).is_some_and(|pod| pod.ready());
        let waits: Vec<Name> = set.ordinals().map(|ordinal| set.pod_name(ordinal)).filter(|pod| !is_ready(pod)).collect();
        let beyond = |pod: &&Rc<Pod>| {
            let ordinal = ordinal_in(&key, &pod.meta).filter(|_| pod.meta.is_controlled_by(set.meta.uid) && !pod.meta.terminating());
            ordinal.is_some_and(|ordinal| !set.ordinals().contains(&ordinal))
        };
        let lines = self.deletions(set, beyond);
        let is_held = !set.parallel() && !lines.is_empty() && !waits.is_empty();
        is_held.then(|| Says::Surplus { set: Rc::clone(&set.meta.name), waits, lines })
    }

    /// The autoscaler that owns the number of replicas.
    fn autoscaled(&self, set: &StatefulSet, was: &StatefulSet, now: i64) -> Option<Says> {
        let Scaler { key, least, most } = scaler_of(self.after.tables(), set)?;
        let (scaler, name) = (short(&key), Rc::clone(&set.meta.name));
        if set.spec.replicas == 0 {
            return Some(Says::ScalerOff { scaler, set: name });
        }
        Some(Says::Autoscaled { scaler, set: name, least, most, was: was.spec.replicas, now })
    }

    /// New members that a fixed list of members does not name.
    fn not_listed(&self, set: &StatefulSet, was: &StatefulSet) -> Option<Says> {
        let listed = guess::named_members(self.after, set)?;
        let new = set.ordinals().skip_while(|ordinal| was.ordinals().contains(ordinal));
        let pods: Vec<Name> = new.map(|ordinal| set.pod_name(ordinal)).collect();
        let waits = if set.parallel() { Vec::new() } else { pods.iter().skip(1).cloned().collect() };
        (listed >= was.spec.replicas && listed < set.spec.replicas).then(|| Says::NotListed {
            set: Rc::clone(&set.meta.name),
            listed,
            pods,
            waits,
        })
    }

    /// Members that are left of those that their settings name, where these are no majority.
    fn too_few(&self, set: &StatefulSet, was: &StatefulSet) -> Option<Says> {
        let left = set.spec.replicas;
        if left > was.spec.replicas {
            return self.not_listed(set, was);
        }
        if left == 0 || left >= was.spec.replicas {
            return None;
        }
        let members = guess::members(self.before, was)?;
        let needed = majority(members);
        let set = Rc::clone(&set.meta.name);
        match left - needed {
            ..0 => Some(Says::NoQuorum { set, members, left, needed }),
            0 => Some(Says::NoReserve { set, members, left, needed }),
            _ => None,
        }
    }
}

/// What decides how many replicas a set has, and between which numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scaler {
    pub key: ObjectKey,
    pub least: i64,
    pub most: i64,
}

impl Scaler {
    /// That of an autoscaler.
    pub(crate) fn of(scaler: &Object) -> Scaler {
        let value = scaler.encode();
        let number = |field: &str, default: i64| value.int_at(&["spec", field]).unwrap_or(default);
        Scaler { key: scaler.key(), least: number("minReplicas", 1), most: number("maxReplicas", 1) }
    }

    /// The number of replicas that it leaves, of so many.
    pub(crate) fn bounded(&self, replicas: i64) -> i64 {
        replicas.clamp(self.least, self.most.max(self.least))
    }
}

/// The autoscaler of a set: the one whose target it is.
pub(crate) fn scaler_of(tables: &Tables, set: &StatefulSet) -> Option<Scaler> {
    let is_its = |object: &&Object| {
        let target = object.as_plain().and_then(|scaler| Target::of(scaler).find(tables, &scaler.meta.namespace).ok());
        target.is_some_and(|target| target.key() == set.key())
    };
    let scaler = tables.all(Kind::HorizontalPodAutoscaler).find(is_its)?;
    Some(Scaler::of(scaler))
}
