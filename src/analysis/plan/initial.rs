//! Variables that a program reads only while its data folder is empty.

use api::object::{Pod, StatefulSet};
use base::value::Value;
use cluster::inside::declared;
use cluster::programs::program_of;
use server::tables::Tables;
use text::plan::Says;

use crate::ends::{Ends, name, once, some};

impl Ends<'_> {
    /// Variables that are others, or new, for pods whose data is there: their program has read what was set first.
    pub(crate) fn initial(&self, set: &StatefulSet) -> Option<Says> {
        self.was(set)?;
        let pair = |ordinal: i64| {
            let pod = |tables: &Tables| tables.pod(&set.meta.namespace, &set.pod_name(ordinal)).cloned();
            let (old, new) = (pod(self.old_tables())?, pod(self.tables())?);
            let is_kept = new.claim_volumes().any(|one| old.claim_volumes().any(|other| other.claim == one.claim));
            is_kept.then_some((old, new))
        };
        let (old, new) = set.ordinals().find_map(pair)?;
        let containers = new.spec.template.raw.list_at(&["containers"]).iter();
        let settings = some(once(containers.flat_map(|container| self.others(container, &old, &new))))?;
        Some(Says::Initial { set: name(set), settings })
    }

    /// The variables of a container that count once, and that are others than those of the same container before.
    fn others(&self, container: &Value, old: &Pod, new: &Pod) -> Vec<String> {
        let Some(program) = container.text_at(&["image"]).and_then(program_of) else { return Vec::new() };
        let of_name = |one: &&Value| one.text_at(&["name"]) == container.text_at(&["name"]);
        let Some(was) = old.spec.template.raw.list_at(&["containers"]).iter().find(of_name) else { return Vec::new() };
        let before = declared(old, was, self.old_tables());
        let counts_once = |name: &String| program.once.iter().any(|begins| name.starts_with(begins));
        // What is not known of before may be the same.
        let is_declared = |name: &str| {
            !was.list_at(&["envFrom"]).is_empty() || was.list_at(&["env"]).iter().any(|one| one.text_at(&["name"]) == Some(name))
        };
        let is_other = |(name, value): &(String, String)| {
            let old = before.iter().find(|(known, _)| known == name);
            // Nobody prints Secrets: of one that was supplied, an empty value stands for whatever there is.
            counts_once(name) && old.map_or_else(|| !is_declared(name), |(_, old)| !old.is_empty() && old != value)
        };
        declared(new, container, self.tables()).into_iter().filter(is_other).map(|(name, _)| name).collect()
    }
}
