//! Which of the two doors a text goes through: a dump becomes a world, anything else is read.
//!
//! Promises: [`Whole`] is made of a dump alone, and a world of a pasted cluster that is diagnosed of a [`Whole`] alone.

use super::dump::Dump;
use super::paste::named::key;
use api::kind::Kind;
use base::value::Value;

/// A dump in which every set in question stands as an object with its status.
/// Its pods are there, the claims and volumes that these name, and nodes. What the text shows of objects in part is left out; what was said
/// of them stays.
#[derive(Clone, Debug)]
pub(super) struct Whole(Dump);

impl Whole {
    /// The dump, if it is whole; else the text as it was read.
    pub(super) fn of(mut dump: Dump) -> Result<Whole, Box<Dump>> {
        if !is_whole(&dump) {
            return Err(Box::new(dump));
        }
        let partly = dump.partly.clone();
        dump.objects.retain(|one| !partly.contains(&key(&one.value)));
        dump.partly.clear();
        Ok(Whole(dump))
    }

    /// What it holds.
    pub(super) fn into_dump(self) -> Dump {
        self.0
    }
}

/// Whether a text is a dump of the sets in question.
fn is_whole(dump: &Dump) -> bool {
    let is_printed = |value: &&Value| !dump.partly.contains(&key(value));
    let all = |kind: Kind| dump.of(kind).filter(is_printed);
    // What kubectl was asked for and did not print is not there, or withheld, which is told by itself.
    let has = |kind: Kind| all(kind).next().is_some() || dump.answers(kind) || dump.withholds(kind);
    let asked = |value: &&Value| {
        dump.only.as_ref().is_none_or(|only| {
            let (kind, namespace, name) = key(value);
            (&*kind, &*namespace, &*name) == (only.kind.info().name, &*only.namespace, &*only.name) || only.kind != Kind::StatefulSet
        })
    };
    let sets: Vec<&Value> = dump.of(Kind::StatefulSet).filter(asked).collect();
    let of_set = |set: &Value| {
        let is_own = |pod: &&Value| {
            pod.list_at(&["metadata", "ownerReferences"]).iter().any(|owner| owner.get("uid") == set.at(&["metadata", "uid"]))
        };
        let pods: Vec<&Value> = all(Kind::Pod).filter(is_own).collect();
        let counted = set.int_at(&["status", "replicas"]).unwrap_or(0);
        let uses = |pod: &&Value| pod.list_at(&["spec", "volumes"]).iter().any(|volume| volume.get("persistentVolumeClaim").is_some());
        let claims = !pods.iter().any(uses) || has(Kind::PersistentVolumeClaim);
        let is_there = i64::try_from(pods.len()).is_ok_and(|there| there >= counted) || has(Kind::Pod) && dump.answers(Kind::Pod);
        is_printed(&set) && set.get("status").is_some() && is_there && claims
    };
    let is_bound = |claim: &Value| claim.text_at(&["spec", "volumeName"]).is_some_and(|name| !name.is_empty());
    let volumes = !all(Kind::PersistentVolumeClaim).any(is_bound) || has(Kind::PersistentVolume);
    let any = !sets.is_empty() || !dump.objects.is_empty() && dump.partly.is_empty();
    any && sets.into_iter().all(of_set) && volumes && has(Kind::Node)
}
