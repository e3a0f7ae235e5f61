//! A course as its notes read it: the world before it, the cluster after it, and what was typed in between.

use std::rc::Rc;

use api::kind::Kind;
use api::object::{Name, Object, ObjectKey, Pod, Service, StatefulSet};
use base::value::Value;
use causes::command::Naming;
use playground::Playground;
use server::log::Change;
use server::tables::Tables;
use sim::Sim;
use tools::asked::Asked;

use crate::ways::naming;

/// A course: the world before it, and the cluster after it.
pub struct Ends<'a> {
    pub world: &'a Playground,
    pub before: &'a Sim,
    pub after: &'a Sim,
    /// What servers and kubectl said of lines that failed.
    pub said: String,
    /// The lines that were typed, whether or not one failed.
    pub typed: Vec<String>,
    /// What a tool is asked for, where one applies.
    pub asked: Option<&'a Asked>,
}

impl Ends<'_> {
    /// The objects as they are at the end.
    pub(crate) fn tables(&self) -> &Tables {
        self.after.tables()
    }

    /// The objects as they were at the start.
    pub(crate) fn old_tables(&self) -> &Tables {
        self.before.tables()
    }

    /// What was written since the start.
    pub(crate) fn log(&self) -> impl Iterator<Item = &Change> {
        self.after.log().from(self.before.log().len())
    }

    /// The pods that were created since the start, as they were then.
    pub(crate) fn made(&self) -> impl Iterator<Item = &Rc<Pod>> {
        self.log().filter(|change| change.before.is_none()).filter_map(|change| change.after.as_ref()?.as_pod())
    }

    /// The set of this name at the start.
    pub(crate) fn was(&self, set: &StatefulSet) -> Option<&Rc<StatefulSet>> {
        self.old_tables().stateful_set(&set.meta.namespace, &set.meta.name)
    }

    /// The same pod at the start; `None` of one that is new.
    pub(crate) fn old(&self, pod: &Pod) -> Option<&Rc<Pod>> {
        self.old_tables().pod(&pod.meta.namespace, &pod.meta.name).filter(|old| old.meta.uid == pod.meta.uid)
    }

    /// How lines name the namespace of an object.
    pub(crate) fn naming(&self, key: &ObjectKey) -> Naming {
        naming(self.world, key)
    }

    /// The line of `kubectl rollout` about a set.
    pub(crate) fn rollout(&self, verb: &str, set: &StatefulSet) -> String {
        self.naming(&set.key()).rollout(verb, Kind::StatefulSet, &set.meta.name)
    }
}

/// The name of a set, to be told.
pub(crate) fn name(set: &StatefulSet) -> Name {
    Rc::clone(&set.meta.name)
}

/// The pods that a set controls.
pub(crate) fn pods_of<'t>(tables: &'t Tables, set: &StatefulSet) -> impl Iterator<Item = &'t Rc<Pod>> + use<'t> {
    let uid = set.meta.uid;
    tables.pods().filter(move |pod| pod.meta.is_controlled_by(uid))
}

/// The pods that the selector of a Service matches.
pub(crate) fn behind<'t>(tables: &'t Tables, service: &'t Service) -> impl Iterator<Item = &'t Rc<Pod>> {
    let within = tables.within(Kind::Pod, &service.meta.namespace).filter_map(Object::as_pod);
    within.filter(|pod| service.selects(&pod.meta))
}

/// The containers of a set's template, as they are written.
pub(crate) fn containers(set: &StatefulSet) -> &[Value] {
    set.spec.template.raw.list_at(&["containers"])
}

/// The images of a set's containers.
pub(crate) fn images(set: &StatefulSet) -> Vec<Name> {
    set.spec.template.containers.iter().map(|one| Rc::clone(&one.image)).collect()
}

/// Whether the template of a set is another than before: its pods' spec, or what it writes on them, as `rollout restart` does.
pub(crate) fn rolls(was: &StatefulSet, set: &StatefulSet) -> bool {
    let (was, is) = (&was.spec.template, &set.spec.template);
    was.raw != is.raw || was.labels != is.labels || was.annotations != is.annotations
}

/// Each item once, in the order in which they come.
pub(crate) fn once<T: PartialEq>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    items.into_iter().fold(Vec::new(), |mut all, item| {
        if !all.contains(&item) {
            all.push(item);
        }
        all
    })
}

/// A list that says something; `None` where it is empty.
pub(crate) fn some<T>(items: impl IntoIterator<Item = T>) -> Option<Vec<T>> {
    let items = Vec::from_iter(items);
    (!items.is_empty()).then_some(items)
}
