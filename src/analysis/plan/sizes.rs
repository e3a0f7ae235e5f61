//! Why a set has another size after a change, and what keeps it from having that.

use std::rc::Rc;

use api::object::{Name, Object, Pod, StatefulSet};
use base::value::Value;
use server::log::Actor;
use text::plan::Says;
use tools::tool::Method;

use crate::documents::{key_of, objects_of};
use crate::ends::{Ends, name};
use crate::watch::ordinal_in;

impl Ends<'_> {
    /// What is to be told of the size of a set.
    pub(crate) fn sizes(&self, set: &StatefulSet, manifest: Option<&str>) -> Vec<Says> {
        let Some(was) = self.was(set) else { return Vec::new() };
        let default = manifest.and_then(|text| self.left_to_default(text, set, was));
        let scaler = self.asked_for(set, was).and_then(|asked| self.autoscaled(set, was, asked));
        default.into_iter().chain(scaler).chain(self.members(was, set)).chain(self.surplus(set)).collect()
    }

    /// The other number of replicas that the change itself asked for.
    fn asked_for(&self, set: &StatefulSet, was: &StatefulSet) -> Option<i64> {
        let own = self.log().filter(|change| change.key == set.key() && change.by == Actor::User);
        let numbers = own.filter_map(|change| change.after.as_ref().and_then(Object::as_stateful_set)).map(|new| new.spec.replicas);
        numbers.filter(|replicas| *replicas != was.spec.replicas).last()
    }

    /// The number of replicas of which the manifest no longer tells: the server fills in 1.
    fn left_to_default(&self, manifest: &str, set: &StatefulSet, was: &StatefulSet) -> Option<Says> {
        let objects = objects_of(manifest);
        let key = set.key();
        let own = objects.iter().find(|object| key_of(object, self.world.current_namespace()).as_ref() == Some(&key))?;
        let is_gone =
            own.at(&["spec", "replicas"]).is_none_or(Value::is_null) && was.spec.replicas != 1 && self.asked_for(set, was).is_some();
        is_gone.then(|| Says::NoReplicas { set: name(set), was: was.spec.replicas, by: self.writes() })
    }

    /// How the change writes a field away: an empty word for kubectl's own way.
    fn writes(&self) -> &'static str {
        let Some(asked) = self.asked else { return "" };
        match asked.tool.traits().method {
            _ if asked.writes_whole() => "whole",
            Method::ServerSide => "server",
            Method::ClientSide if asked.tool.is_helm() => "release",
            Method::ClientSide => "",
        }
    }

    /// Pods beyond those that a set wants, which it removes only once all that stay are Ready, and the lines that remove them.
    fn surplus(&self, set: &StatefulSet) -> Option<Says> {
        let (key, tables) = (set.key(), self.tables());
        let is_ready = |pod: &Name| tables.pod(&key.namespace, pod).is_some_and(|pod| pod.ready());
        let waits: Vec<Name> = set.ordinals().map(|ordinal| set.pod_name(ordinal)).filter(|pod| !is_ready(pod)).collect();
        let beyond = |pod: &&Rc<Pod>| {
            let ordinal = ordinal_in(&key, &pod.meta).filter(|_| pod.meta.is_controlled_by(set.meta.uid) && !pod.meta.terminating());
            ordinal.is_some_and(|ordinal| !set.ordinals().contains(&ordinal))
        };
        let lines = self.deletions(set, beyond);
        let is_held = !set.parallel() && !lines.is_empty() && !waits.is_empty();
        is_held.then(|| Says::Surplus { set: name(set), waits, lines })
    }
}
