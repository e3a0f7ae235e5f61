//! What claims of a set have after a change: data that is gone, what the template no longer asks for, data that another program wrote.

use std::rc::Rc;

use crate::ends::{Ends, containers, name, some};
use crate::notes::mounts;
use crate::watch::ordinal_in;
use crate::ways::retain;
use api::client::PatchType;
use api::kind::Kind;
use api::object::stateful_set::ClaimTemplate;
use api::object::storage::RECLAIM_DELETE;
use api::object::{Claim, Labels, Meta, Name, Object, ObjectKey, Pod, StatefulSet, Volume, parent_and_ordinal};
use base::quantity::Quantity;
use base::value::Value;
use cluster::inside::{Database, Disk};
use cluster::programs::{is_never_read, is_new_major};
use intake::told::short;
use server::log::Actor;
use text::plan::Says;

/// A claim of a set as it is, the template that it is of, and the claim of that name before.
type Own<'a> = (&'a Rc<Claim>, &'a ClaimTemplate, Option<&'a Rc<Claim>>);

impl Ends<'_> {
    /// What is to be told of the claims of a set.
    pub(crate) fn claims(&self, set: &StatefulSet) -> Vec<Says> {
        let (space, before) = (&set.meta.namespace, self.old_tables());
        let own = |claim| -> Option<Own> {
            let claim: &Rc<Claim> = claim;
            let (template, _) = set.of_claim(&claim.meta.name).filter(|_| claim.meta.namespace == *space)?;
            Some((claim, template, before.claim(space, &claim.meta.name)))
        };
        let own: Vec<Own> = self.tables().claims().filter_map(own).collect();
        let was = self.was(set);
        let mut says = Vec::from_iter(self.emptied(set, &own));
        if !says.is_empty() && was.is_some_and(|was| was.meta.uid != set.meta.uid && was.spec.retention.delete_when_deleted) {
            says.push(Says::TookClaims { set: name(set) });
        }
        says.extend(self.released(&own, set));
        says.extend(was.into_iter().flat_map(|was| set.spec.claim_templates.iter().filter_map(|one| self.unmarked(was, set, one, &own))));
        let templates = was.into_iter().flat_map(|was| set.spec.claim_templates.iter().map(move |one| (was, one)));
        says.extend(templates.flat_map(|(was, one)| self.unlike(was, one, &own)));
        says.extend(was.into_iter().flat_map(|was| self.left_over(was, set, &own)));
        says.extend(self.unused(set));
        says.extend(self.new_major(set));
        says
    }

    /// Claims that the change told to go, and that only stay until the pods that use them go.
    pub(crate) fn doomed(&self) -> Vec<Says> {
        let (before, tables) = (self.old_tables(), self.tables());
        let is_new = |claim: &Claim| before.claim(&claim.meta.namespace, &claim.meta.name).is_none_or(|old| !old.meta.terminating());
        let told = |claim: &Rc<Claim>| {
            let uses = |pod: &&Rc<Pod>| {
                pod.meta.namespace == claim.meta.namespace && pod.claim_volumes().any(|one| *one.claim == *claim.meta.name)
            };
            let pods = some(tables.pods().filter(uses).map(|pod| Rc::clone(&pod.meta.name)))?;
            let deletes = tables.volume("", &claim.spec.volume).is_some_and(|volume| *volume.spec.reclaim == *RECLAIM_DELETE);
            Some(Says::Doomed { claim: short(&claim.key()), pods, deletes })
        };
        tables.claims().filter(|claim| claim.meta.terminating() && is_new(claim)).filter_map(told).collect()
    }

    /// Claims that were deleted and made anew, and the old volumes that stay.
    fn emptied(&self, set: &StatefulSet, own: &[Own]) -> Option<Says> {
        let is_anew =
            |new: &Claim, old: &Claim| new.spec.volume != old.spec.volume && !old.spec.volume.is_empty() && !self.is_given_up(set, old);
        let anew = own.iter().filter_map(|(new, _, old)| old.filter(|old| is_anew(new, old)));
        let (claims, volumes): (Vec<String>, Vec<&Name>) = anew.map(|old| (short(&old.key()), &old.spec.volume)).unzip();
        let stays = volumes.iter().copied().filter(|volume| self.tables().volume("", volume).is_some_and(|volume| self.is_reached(volume)));
        let old = stays.map(|volume| short(&ObjectKey::global(Kind::PersistentVolume, volume))).collect();
        let away = volumes.iter().any(|volume| self.tables().volume("", volume).is_some_and(|volume| !self.is_reached(volume)));
        (!claims.is_empty()).then_some(Says::Empty { claims, old, away })
    }

    /// Whether a claim was deleted while its set wanted no pod of its ordinal: who wants to begin empty does so.
    fn is_given_up(&self, set: &StatefulSet, claim: &Claim) -> bool {
        let mut wanted = self.was(set).map(|set| set.ordinals());
        let ordinal = parent_and_ordinal(&claim.meta.name).map(|(_, ordinal)| ordinal);
        for change in self.log() {
            if change.key == set.key() {
                wanted = change.after.as_ref().and_then(Object::as_stateful_set).map(|set| set.ordinals());
            } else if change.key == claim.key()
                && change.by == Actor::User
                && change.object().is_some_and(|object| object.meta().terminating())
            {
                return wanted.zip(ordinal).is_some_and(|(wanted, ordinal)| !wanted.contains(&ordinal));
            }
        }
        false
    }

    /// Claims without the labels and annotations that their template has now: the controller writes these into new claims only.
    fn unmarked(&self, was: &StatefulSet, set: &StatefulSet, template: &ClaimTemplate, own: &[Own]) -> Option<Says> {
        let old = was.spec.claim_templates.iter().find(|old| old.name == template.name)?;
        let naming = self.naming(&set.key());
        for (verb, has) in [("annotate", (|meta| &meta.annotations) as fn(&Meta) -> &Labels), ("label", |meta| &meta.labels)] {
            let is_new = |(key, value): &(&Name, &Name)| has(&old.meta).get(*key) != Some(*value);
            let new: Vec<(&Name, &Name)> = has(&template.meta).iter().filter(is_new).collect();
            let lacks = |claim: &Rc<Claim>| new.iter().any(|(key, value)| has(&claim.meta).get(*key) != Some(*value));
            let claims: Vec<&Rc<Claim>> =
                own.iter().filter(|(claim, of, _)| of.name == template.name && lacks(claim)).map(|(claim, ..)| *claim).collect();
            if claims.is_empty() {
                continue;
            }
            let names: Vec<&str> = claims.iter().map(|claim| &*claim.meta.name).collect();
            let marks: Vec<String> = new.iter().map(|(key, value)| format!("{key}={value}")).collect();
            let line = format!("kubectl {verb} pvc {} {}{naming}", names.join(" "), marks.join(" "));
            return Some(Says::Unmarked { claims: claims.iter().map(|claim| short(&claim.key())).collect(), marks, line });
        }
        None
    }

    /// The volumes that keep the data of claims that were made anew.
    fn released(&self, own: &[Own], set: &StatefulSet) -> Option<Says> {
        let naming = self.naming(&set.key());
        let stays = |(new, _, old): &Own| {
            let volume = &(*old)?.spec.volume;
            let is_given_up = *volume != new.spec.volume && !volume.is_empty();
            self.tables().volume("", volume).filter(|volume| is_given_up && self.is_reached(volume))
        };
        let volumes: Vec<_> = own.iter().filter_map(stays).collect();
        let patch = r#"{"spec":{"claimRef":null}}"#;
        let line = |volume: &&Rc<Volume>| naming.patch(Kind::PersistentVolume, &volume.meta.name, PatchType::Merge, patch);
        let lines = volumes.iter().map(line).collect();
        Some(Says::Released { volumes: some(volumes.iter().map(|volume| short(&volume.key())))?, lines })
    }

    /// An image of another major version that gets the data of the one before.
    fn new_major(&self, set: &StatefulSet) -> Option<Says> {
        let key = set.key();
        let mut made = self.made().filter(|pod| ordinal_in(&key, &pod.meta).is_some());
        let pairs = |new: &Rc<Pod>| {
            let old = self.old_tables().pod(&key.namespace, &new.meta.name)?;
            let kept = new.claim_volumes().any(|one| old.claim_volumes().any(|other| other.claim == one.claim));
            let of = |pod: &Pod| pod.spec.template.containers.iter().map(|one| Rc::clone(&one.image)).collect::<Vec<Name>>();
            let (from, to) = of(old).into_iter().zip(of(new)).find(|(from, to)| kept && is_new_major(from, to))?;
            let is_there = self.databases(old).any(|database| database.image == from);
            Some(Says::NewMajor { fails: is_there && is_never_read(&from, &to) && !self.has_other_folder(set), from, to })
        };
        made.find_map(pairs)
    }

    /// The databases on the volumes of a pod's claims before the change.
    fn databases(&self, pod: &Pod) -> impl Iterator<Item = &Database> {
        let (tables, node) = (self.old_tables(), pod.node.as_deref().unwrap_or_default());
        let claims = pod.claim_volumes().filter_map(|one| tables.claim(&pod.meta.namespace, &one.claim));
        let volumes = claims.filter_map(|claim| tables.volume("", &claim.spec.volume));
        volumes.filter_map(|volume| self.before.disks().disk(&volume.medium(node))).flat_map(Disk::databases)
    }

    /// Whether the settings of a set name another folder for its data than before.
    fn has_other_folder(&self, set: &StatefulSet) -> bool {
        let folders = |set: &StatefulSet| -> Vec<Value> {
            let containers = containers(set).iter();
            let paths = containers.clone().flat_map(|one| one.list_at(&["volumeMounts"])).filter_map(|one| one.get("subPath").cloned());
            let is_folder = |one: &&Value| one.text_at(&["name"]).is_some_and(|name| FOLDER.contains(&name));
            containers.flat_map(|one| one.list_at(&["env"])).filter(is_folder).cloned().chain(paths).collect()
        };
        self.was(set).is_none_or(|was| folders(was) != folders(set))
    }

    /// Claims that are not what their template asks for, where a new template or a new claim shows that others are meant. What of them no
    /// patch changes follows.
    fn unlike(&self, was: &StatefulSet, template: &ClaimTemplate, own: &[Own]) -> Vec<Says> {
        let of_template = || own.iter().filter(|(_, of, _)| of.name == template.name);
        let stays = |(claim, _, old): &&Own| old.is_some_and(|old| old.meta.uid == claim.meta.uid);
        let differ = of_template().filter(stays).map(|(claim, ..)| (*claim, unlike_fields(claim, template)));
        let differ: Vec<(&Rc<Claim>, Vec<&str>)> = differ.filter(|(_, fields)| !fields.is_empty()).collect();
        let made: Vec<String> = of_template().filter(|(.., old)| old.is_none()).map(|(claim, ..)| short(&claim.key())).collect();
        let is_same = was.spec.claim_templates.iter().any(|old| old.name == template.name && old.spec == template.spec);
        if differ.is_empty() || is_same && made.is_empty() {
            return Vec::new();
        }
        let mut fields: Vec<&'static str> = Vec::new();
        UNLIKE.iter().filter(|field| differ.iter().any(|(_, all)| all.contains(*field))).for_each(|field| fields.push(field));
        // The class tells which size is meant.
        let shows =
            |field: &&&str| fields.contains(*field) || **field == SIZE || **field == CLASS && field_of(&template.spec, CLASS).is_some();
        let told = |spec: &Value| UNLIKE.iter().filter(shows).filter_map(|field| field_of(spec, field)).collect::<Vec<_>>().join(" ");
        let has = |claim: &Claim| {
            let mut spec = claim.spec.value().clone();
            spec.set(&[CLASS], claim.class().unwrap_or_default());
            told(&spec)
        };
        let claims = differ.iter().map(|(claim, _)| format!("{} ({})", short(&claim.key()), has(claim))).collect();
        let rigid = self.rigid(&differ, &fields, &template.spec);
        [Says::Unlike { asks: told(&template.spec), claims, made }].into_iter().chain(rigid).collect()
    }

    /// Claims that no volume is bound to: there is nothing to keep, and one without a class may get one.
    fn unbound(&self, differ: &[(&Rc<Claim>, Vec<&str>)], class: Option<String>) -> Says {
        let lines = differ.iter().map(|(claim, _)| self.naming(&claim.key()).delete(Kind::PersistentVolumeClaim, &claim.meta.name));
        let is_classless = differ.iter().all(|(claim, fields)| claim.class().is_none() && *fields == [CLASS]);
        let patch = |(claim, _): &(&Rc<Claim>, Vec<&str>)| {
            let patch = format!("{{\"spec\":{{\"storageClassName\":\"{}\"}}}}", class.as_ref()?);
            Some(self.naming(&claim.key()).patch(Kind::PersistentVolumeClaim, &claim.meta.name, PatchType::Strategic, &patch))
        };
        let patches = differ.iter().filter(|_| is_classless).filter_map(patch).collect();
        Says::Unbound { claims: differ.iter().map(|(claim, _)| short(&claim.key())).collect(), lines: lines.collect(), patches }
    }

    /// What of claims no patch changes, and what keeps their volumes meanwhile.
    fn rigid(&self, differ: &[(&Rc<Claim>, Vec<&str>)], fields: &[&'static str], asks: &Value) -> Option<Says> {
        if differ.iter().all(|(claim, _)| claim.spec.volume.is_empty()) {
            return Some(self.unbound(differ, field_of(asks, CLASS)));
        }
        let fields: Vec<Name> = fields.iter().filter(|field| **field != SIZE).map(|field| Name::from(*field)).collect();
        let is_bound = |claim: &&&Rc<Claim>| {
            let volume = self.tables().volume("", &claim.spec.volume);
            volume.is_some_and(|volume| *volume.spec.reclaim == *RECLAIM_DELETE)
        };
        let line = |claim: &Rc<Claim>| retain(&self.naming(&claim.key()), &claim.meta.name);
        let lines = differ.iter().map(|(claim, _)| claim).filter(is_bound).map(|claim| line(claim)).collect();
        (!fields.is_empty()).then(|| Says::Rigid { class: fields.iter().any(|field| **field == *CLASS), fields, lines })
    }

    /// Claims of a set that changes, of ordinals that it does not want.
    fn left_over(&self, was: &StatefulSet, set: &StatefulSet, own: &[Own]) -> Option<Says> {
        let is_beyond = |claim: &Claim| {
            let ordinal = set.of_claim(&claim.meta.name).map(|(_, ordinal)| ordinal);
            ordinal.is_some_and(|ordinal| !set.ordinals().contains(&ordinal)) && !claim.meta.terminating()
        };
        let is_other = was.meta.uid != set.meta.uid || was.spec.retention != set.spec.retention || was.ordinals() != set.ordinals();
        let claims = some(own.iter().filter(|(claim, ..)| is_other && is_beyond(claim)).map(|(claim, ..)| short(&claim.key())))?;
        let policy = set.spec.retention.delete_when_scaled || set.spec.retention.delete_when_deleted;
        Some(Says::LeftOver { set: name(set), claims, policy })
    }

    /// Claims that pods of a set had mounted, and have no more, though they are there.
    fn unused(&self, set: &StatefulSet) -> Option<Says> {
        let (key, before, after) = (set.key(), self.old_tables(), self.tables());
        let (mut claims, mut place): (Vec<String>, Option<(String, bool)>) = (Vec::new(), None);
        for pod in after.pods().filter(|pod| pod.meta.namespace == key.namespace && ordinal_in(&key, &pod.meta).is_some()) {
            let Some(old) = before.pod(&key.namespace, &pod.meta.name) else { continue };
            let uses = |claim: &Name| {
                after.pods().any(|pod| pod.meta.namespace == key.namespace && pod.claim_volumes().any(|one| one.claim == *claim))
            };
            for (path, claim) in mounts(old).filter(|(_, claim)| after.claim(&key.namespace, claim).is_some() && !uses(claim)) {
                claims.push(short(&ObjectKey::new(Kind::PersistentVolumeClaim, &key.namespace, &claim)));
                let is_fleeting = is_fleeting(pod, &path);
                place.get_or_insert((path, is_fleeting));
            }
        }
        place.map(|(path, fleeting)| Says::Unused { set: name(set), claims, path, fleeting })
    }
}

/// Whether a pod has an emptyDir at a path.
fn is_fleeting(pod: &Pod, path: &str) -> bool {
    let spec = &pod.spec.template.raw;
    let at = |mount: &&Value| mount.text_at(&["mountPath"]).is_some_and(|at| at.trim_end_matches('/') == path);
    let mut mounted = spec.list_at(&["containers"]).iter().flat_map(|container| container.list_at(&["volumeMounts"]));
    let volume = mounted.find(at).and_then(|mount| mount.text_at(&["name"]));
    let is_it = |one: &&Value| volume.is_some() && one.text_at(&["name"]) == volume;
    spec.list_at(&["volumes"]).iter().find(is_it).is_some_and(|one| one.get("emptyDir").is_some())
}

/// The fields of a claim that a template decides, in the order in which they are told.
const UNLIKE: [&str; 4] = [CLASS, SIZE, "accessModes", "volumeMode"];
const CLASS: &str = "storageClassName";
const SIZE: &str = "storage";

/// What a claim, or its template, asks for in a field of [`UNLIKE`].
fn field_of(spec: &Value, field: &str) -> Option<String> {
    let value = if field == SIZE { spec.at(&["resources", "requests", SIZE]) } else { spec.get(field) }?;
    match value.as_list() {
        Some(all) => Some(all.iter().filter_map(Value::as_text).collect::<Vec<_>>().join(",")),
        None => Some(value.spelled()),
    }
}

/// The fields in which a claim is not what its template asks for.
fn unlike_fields(claim: &Claim, template: &ClaimTemplate) -> Vec<&'static str> {
    let is_unlike = |field: &&&str| {
        let Some(asks) = field_of(&template.spec, field) else { return false };
        match **field {
            CLASS => claim.class() != Some(&*asks),
            SIZE => Quantity::read(&Value::from(&*asks)) != Quantity::read(&Value::from(&claim.spec.request)),
            field => field_of(claim.spec.value(), field).is_some_and(|has| has != asks),
        }
    };
    UNLIKE.iter().filter(is_unlike).copied().collect()
}

/// Variables that name the folder of a program's data.
const FOLDER: [&str; 2] = ["PGDATA", "POSTGRESQL_DATA_DIR"];
