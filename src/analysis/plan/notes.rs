//! What people are surprised by although no component waits for it: objects that `apply` leaves, claims that begin empty, names that do
//! not resolve, two writers.
//!
//! Promises: only what the change brings is told, and never what was so before.

use std::rc::Rc;

use crate::documents::key_of;
use crate::documents::left_out;
use crate::ends::{Ends, behind, once, some};
use crate::refusal;
use crate::shared::is_inherited;
use crate::told::span;
use crate::unknown_user::unknown_user;
use crate::watch::ordinal_in;
use api::kind::Kind;
use api::object::pod::{PodTemplate, Truth};
use api::object::pod_status::PodPhase;
use api::object::storage::{PROVISIONED_BY, RECLAIM_DELETE};
use api::object::{Meta, Name, Object, ObjectKey, Pod, Service, StatefulSet};
use api::well_known::{HELM_RELEASE, INSTANCE};
use base::image_name::without_tag;
use base::sorted::SortedSet;
use base::time::Span;
use base::value::Value;
use cluster::dns::{Options, Query, RecordType, resolve};
use intake::told::short;
use playground::documents::objects;
use server::log::{Actor, Change};
use server::tables::Tables;
use sim::process::Processes;
use text::plan::Says;

/// Who leaves an object that a new manifest lacks, by which annotation.
struct Keeper {
    by: &'static str,
    annotation: &'static str,
    /// What the annotation says then, among other options.
    says: &'static str,
}

/// Models helm.sh/helm pkg/kube ResourcePolicyAnno and github.com/argoproj/gitops-engine pkg/sync/common annotations.
const KEEPS: [Keeper; 2] = [
    Keeper { by: "Helm", annotation: "helm.sh/resource-policy", says: "keep" },
    Keeper { by: "Argo CD", annotation: "argocd.argoproj.io/sync-options", says: "Prune=false" },
];

impl Keeper {
    fn keeps(&self, meta: &Meta) -> bool {
        meta.annotation(self.annotation).is_some_and(|options| options.split(',').any(|option| option.trim() == self.says))
    }
}

impl Ends<'_> {
    /// What is to be told of a course that applied a manifest, or none.
    pub fn notes(&self, manifest: Option<&str>) -> Vec<Says> {
        let applied = manifest.map_or(Vec::new(), |text| self.applied(text));
        let left = manifest.map_or(Vec::new(), |text| self.left(text, &applied));
        let left_out = left_out(self.world, &[self.world.manifest(), manifest.unwrap_or_default()].join("\n---\n"));
        let mut says = Vec::from_iter(some(left_out).map(|objects| Says::LeftOut { objects }));
        says.extend(self.supposed().into_iter().chain(self.untried()));
        for set in self.tables().stateful_sets() {
            let overlaps = self.overlaps(set).filter(|found| !says.iter().any(|known| is_same_overlap(known, found)));
            let begin = says.len();
            says.extend([self.empty(set, &applied, &left), overlaps, self.names(set)].into_iter().flatten());
            says.extend(self.claims(set));
            says.extend(self.sizes(set, manifest));
            says.extend(self.of_changed_set(set));
            says.extend(self.was(set).and_then(|was| unknown_user(was, set)));
            says.extend(self.unguarded(set));
            says.extend(self.tight(set));
            says.extend(self.taken(set, manifest));
            says.extend(self.initial(set));
            says.extend(self.common(set));
            says.extend(self.stands_still(set));
            says.extend(self.back_again(set, &says[begin..]));
        }
        self.tables().stateful_sets().for_each(|set| self.with_times(set, &mut says));
        says.extend(self.beside(&applied));
        says.extend(self.follows());
        says.extend(self.lacks());
        says.extend(self.aimless());
        says.extend(self.tainted());
        says.extend(self.come_back());
        says.extend(self.comes_to());
        says.extend(self.nowhere());
        says.extend(refusal::told(&self.said, self.before, manifest));
        says.extend(self.strays());
        says.extend(self.gone());
        says.extend(self.loose());
        says.extend(self.writers());
        says.extend(self.forced_off());
        says.extend(self.doomed());
        // Of sets that are away at once under one budget, that is told once.
        let together: Vec<Name> =
            says.iter().flat_map(|one| if let Says::AtOnce { sets, .. } = one { sets.clone() } else { Vec::new() }).collect();
        says.retain(|one| !matches!(one, Says::BudgetIdle { set, .. } if together.contains(set)));
        // Where claims begin empty, it is told where the data stays.
        let is_told = |claims: &[String]| {
            says.iter().any(|one| matches!(one, Says::Empty { old, .. } if claims.iter().all(|claim| old.contains(claim))))
        };
        let twice = says.iter().position(|one| matches!(one, Says::Unused { claims, .. } if is_told(claims)));
        twice.map(|at| says.remove(at));
        // A file without any workload is a part of what was applied.
        let is_part = !self.world.manifest().is_empty() && !applied.iter().any(|key| key.kind.pod_template().is_some());
        says.extend(if is_part { Vec::new() } else { self.unapplied(&left) });
        says
    }

    /// What the new manifest lacks, what keeps some of that from those that delete it, and what goes with the others.
    fn unapplied(&self, left: &[ObjectKey]) -> Vec<Says> {
        let keeps = |key: &ObjectKey| KEEPS.iter().find(|keeper| self.tables().get(key).is_some_and(|one| keeper.keeps(one.meta())));
        let (kept, left): (Vec<&ObjectKey>, Vec<&ObjectKey>) = left.iter().partition(|key| keeps(key).is_some());
        let left: Vec<ObjectKey> = left.into_iter().cloned().collect();
        let mut says = Vec::from_iter(some(left.iter().map(short)).map(|objects| Says::Unapplied { objects }));
        for Keeper { by, annotation, .. } in &KEEPS {
            let own = some(kept.iter().filter(|key| keeps(key).is_some_and(|keeper| keeper.by == *by)).map(|key| short(key)));
            says.extend(own.map(|objects| Says::KeptBy { objects, by, annotation }));
        }
        says.extend(self.pruned(&left));
        says
    }

    /// The images that the change brings, and that are taken to be there, although no pod of the cluster has run them.
    fn supposed(&self) -> Option<Says> {
        let tables = self.old_tables();
        let run = tables.pods().filter(|pod| pod.status.phase != PodPhase::Pending).map(|pod| &pod.spec.template);
        let known: SortedSet<Name> = run.chain(tables.stateful_sets().map(|set| &set.spec.template)).flat_map(|one| images(one)).collect();
        let made = self.made().flat_map(|pod| images(&pod.spec.template));
        let found = once(made.filter(|image| !known.contains(image) && self.after.images().is_supposed(image)));
        Some(Says::Supposed { images: some(found)? })
    }

    /// The images of which the change runs something else than what was seen to fail.
    fn untried(&self) -> Option<Says> {
        let untried = |container: &Value| {
            let image = container.get("image").and_then(Value::as_shared_text)?;
            self.after.images().is_untried(&image, container).then_some(image)
        };
        let containers = self.made().flat_map(|pod| pod.spec.template.raw.list_at(&["containers"]));
        Some(Says::Untried { images: some(once(containers.filter_map(untried)))? })
    }

    fn applied(&self, manifest: &str) -> Vec<ObjectKey> {
        let documents = objects(&yaml::parse(manifest));
        documents.iter().filter_map(|one| key_of(one.value.as_ref()?, self.world.current_namespace())).collect()
    }

    /// What the manifest before had and this one lacks. Where no manifest stands for what was there, as beside a dump or in the editor,
    /// what others applied counts only if it is of one release with an object of this one.
    fn left(&self, manifest: &str, applied: &[ObjectKey]) -> Vec<ObjectKey> {
        let (tables, first) = (self.old_tables(), self.world.manifest());
        let of_set =
            |space: &str, claim: &str| tables.stateful_sets().any(|set| *set.meta.namespace == *space && set.of_claim(claim).is_some());
        // What a set makes, nobody has applied.
        let is_made = |key: &ObjectKey| match tables.get(key) {
            Some(Object::Claim(claim)) => of_set(&claim.meta.namespace, &claim.meta.name),
            Some(Object::Volume(volume)) => {
                let is_its = volume.spec.claim.as_ref().is_some_and(|claim| of_set(&claim.namespace, &claim.name));
                is_its || volume.meta.annotation(PROVISIONED_BY).is_some()
            }
            _ => false,
        };
        let is_there = |key: &ObjectKey| !applied.contains(key) && self.tables().get(key).is_some() && !is_made(key);
        if !first.is_empty() && first != manifest {
            return self.applied(first).into_iter().filter(is_there).collect();
        }
        let release = |meta: &Meta| meta.annotation(HELM_RELEASE).or_else(|| meta.label(INSTANCE)).cloned();
        let releases: Vec<Name> = applied.iter().filter_map(|key| release(tables.get(key)?.meta())).collect();
        // What a controller makes has the labels of its owner, as claims have those of their set.
        let is_of_it = |meta: &Meta| {
            let of_set = || tables.stateful_sets().any(|set| set.meta.namespace == meta.namespace && set.of_claim(&meta.name).is_some());
            release(meta).is_some_and(|name| releases.contains(&name)) && meta.controller().is_none() && !of_set()
        };
        let all = tables.kinds().filter(|kind| *kind != Kind::Endpoints).flat_map(|kind| tables.all(kind));
        all.filter(|object| is_of_it(object.meta())).map(Object::key).filter(is_there).collect()
    }

    /// What goes with objects that somebody deletes: data on volumes of their claims.
    fn pruned(&self, left: &[ObjectKey]) -> Option<Says> {
        let tables = self.tables();
        let with_set = |namespace: &str, claim: &str| {
            let sets = left.iter().filter(|key| key.kind == Kind::StatefulSet && *key.namespace == *namespace);
            sets.filter_map(|key| tables.stateful_set(&key.namespace, &key.name))
                .any(|set| set.spec.retention.delete_when_deleted && set.of_claim(claim).is_some())
        };
        let goes = tables.claims().filter(|claim| left.contains(&claim.key()) || with_set(&claim.meta.namespace, &claim.meta.name));
        let deletes = |volume: &Name| tables.volume("", volume).is_some_and(|volume| *volume.spec.reclaim == *RECLAIM_DELETE);
        Some(Says::Pruned { claims: some(goes.filter(|claim| deletes(&claim.spec.volume)).map(|claim| short(&claim.key())))? })
    }

    /// New claims of a set where the data of what ran before is in other claims. What the manifest has beside the set keeps its own.
    fn empty(&self, set: &StatefulSet, applied: &[ObjectKey], left: &[ObjectKey]) -> Option<Says> {
        let (before, after) = (self.old_tables(), self.tables());
        let (space, key) = (&*set.meta.namespace, set.key());
        let is_new = |claim: &str| {
            let volume = after.claim(space, claim).map(|claim| &claim.spec.volume);
            before.claim(space, claim).is_none() && volume.is_none_or(|volume| before.volume("", volume).is_none())
        };
        let is_own = |pod: &Pod| ordinal_in(&key, &pod.meta).is_some();
        let goes = |owner: &ObjectKey| after.get(owner).is_none() || left.contains(owner);
        let is_followed = |old: &Pod, pod: &Pod| {
            let is_alike = || {
                images(&old.spec.template).any(|old| images(&pod.spec.template).any(|image| without_tag(&image).0 == without_tag(&old).0))
            };
            if is_own(old) {
                old.meta.name == pod.meta.name
            } else {
                let owner = owner(before, old);
                let stays = owner.as_ref().is_some_and(|owner| applied.contains(owner));
                !stays && set.spec.selector.matches(&old.meta.labels) || owner.is_none_or(|owner| goes(&owner)) && is_alike()
            }
        };
        let own: Vec<&Rc<Pod>> = after.pods().filter(|pod| *pod.meta.namespace == *space && is_own(pod)).collect();
        let used: Vec<Name> = own.iter().flat_map(|pod| mounts(pod)).map(|(_, claim)| claim).collect();
        let (mut claims, mut old): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        let add = |all: &mut Vec<String>, claim: &Name| {
            let told = short(&ObjectKey::new(Kind::PersistentVolumeClaim, &set.meta.namespace, claim));
            if !all.contains(&told) {
                all.push(told);
            }
        };
        for pod in own {
            let followed = || before.pods().filter(|old| *old.meta.namespace == *space && is_followed(old, pod));
            for (path, claim) in mounts(pod).filter(|(_, claim)| is_new(claim)) {
                let stays = |(at, old): &(String, Name)| *at == path && !used.contains(old) && after.claim(space, old).is_some();
                for (_, stays) in followed().flat_map(|old| mounts(old)).filter(stays) {
                    add(&mut claims, &claim);
                    add(&mut old, &stays);
                }
            }
        }
        (!old.is_empty()).then_some(Says::Empty { claims, old, away: false })
    }

    /// Another workload whose pods the selector of a set matches, and has not matched before.
    fn overlaps(&self, set: &StatefulSet) -> Option<Says> {
        let of = |tables: &Tables| -> Vec<ObjectKey> {
            let set = tables.stateful_set(&set.meta.namespace, &set.meta.name);
            let matched = |pod: &&Rc<Pod>| {
                let is_it = |set: &Rc<StatefulSet>| set.meta.namespace == pod.meta.namespace && set.spec.selector.matches(&pod.meta.labels);
                !pod.meta.terminating() && set.is_some_and(is_it)
            };
            tables.pods().filter(matched).filter_map(|pod| owner(tables, pod)).collect()
        };
        let (was, tables) = (of(self.old_tables()), self.tables());
        let other = of(tables).into_iter().find(|owner| *owner != set.key() && !was.contains(owner))?;
        let leads = |service: &Service, to: &ObjectKey| behind(tables, service).any(|pod| owner(tables, pod).as_ref() == Some(to));
        let services = tables.services().filter(|service| leads(service, &set.key()) && leads(service, &other));
        Some(Says::Overlaps { one: short(&set.key()), other: short(&other), services: services.map(|one| short(&one.key())).collect() })
    }

    /// Ready pods of a set whose names do not resolve, if those that it had before did.
    fn names(&self, set: &StatefulSet) -> Option<Says> {
        let key = set.key();
        let service = &set.spec.service_name;
        let is_ready = |pod: &&Rc<Pod>| pod.meta.namespace == key.namespace && ordinal_in(&key, &pod.meta).is_some() && pod.ready();
        let resolves = |tables: &Tables, pod: &Pod| resolves(tables, set, pod);
        let (before, after) = (self.old_tables(), self.tables());
        let was = before.stateful_set(&key.namespace, &key.name).filter(|was| was.spec.service_name == *service);
        let is_as_before = was.is_some() && !before.pods().filter(is_ready).any(|pod| resolves(before, pod));
        if service.is_empty() || is_as_before {
            return None;
        }
        // A pod that had no name before the change has not lost it.
        let had_none = |pod: &Pod| {
            was.is_some() && before.pod(&key.namespace, &pod.meta.name).is_some_and(|old| old.ready() && !resolves(before, old))
        };
        let is_unnamed = |pod: &&Rc<Pod>| is_ready(pod) && !pod.meta.terminating() && !resolves(after, pod) && !had_none(pod);
        let mut unnamed = after.pods().filter(is_unnamed).peekable();
        let subdomain = Rc::clone(&unnamed.peek()?.spec.subdomain);
        let (pods, service) = (unnamed.map(|pod| Rc::clone(&pod.meta.name)).collect(), Rc::clone(service));
        Some(match after.service(&key.namespace, &service) {
            Some(_) if subdomain != service => Says::OldNames { pods, subdomain, service },
            _ => Says::NoNames { pods, service },
        })
    }

    /// Pods as which two processes may write at once since the start, and for how long.
    fn writers(&self) -> Vec<Says> {
        let (mut processes, sim) = (Processes::default(), self.after);
        // Where a kubelet takes every pod away, none was forced.
        let is_forced = |change: &Change| change.key.kind == Kind::Pod && change.after.is_none() && !matches!(change.by, Actor::Kubelet(_));
        if !self.log().any(is_forced) {
            return Vec::new();
        }
        let mut heard = sim.runtime().iter().peekable();
        let mut found: Vec<(ObjectKey, Option<Span>)> = Vec::new();
        // What a law forbids is a mistake of the model, for which its own tests look.
        for (at, change) in (sim.log().first()..).zip(sim.log().kept()) {
            while let Some(entry) = heard.next_if(|entry| entry.at < change.at) {
                let _ = processes.hear(entry);
            }
            let _ = processes.see(change);
            if at >= self.before.log().len() && is_forced(change) && self.is_unconfirmed(change) {
                found.push((change.key.clone(), None));
            }
        }
        heard.for_each(|entry| _ = processes.hear(entry));
        for lasts in [true, false] {
            let new = processes.splits().iter().filter(|split| split.at > self.before.now() && split.until.is_none() == lasts);
            found.extend(new.map(|split| (split.identity.clone(), split.until.map(|until| until.since(split.at)))));
        }
        let is_placed = |key: &ObjectKey| sim.tables().pod(&key.namespace, &key.name).is_some_and(|pod| pod.node.is_some());
        let shares = |key: &ObjectKey| is_placed(key) && is_inherited(sim, key);
        // Of one pod, what lasts is told, and not how long it took before.
        let is_told = |at: usize| found[..at].iter().any(|(key, _)| *key == found[at].0);
        let told = (0..found.len()).filter(|at| shares(&found[*at].0) && !is_told(*at)).map(|at| &found[at]);
        told.map(|(key, length)| Says::Writers { pod: Rc::clone(&key.name), span: length.map_or(String::new(), span) }).collect()
    }

    /// Whether a write takes a pod away whose node was gone or not Ready at the start: nobody knows what still runs there.
    fn is_unconfirmed(&self, change: &Change) -> bool {
        let is_it = |pod: &&Rc<Pod>| change.before.as_ref().is_some_and(|object| object.meta().uid == pod.meta.uid);
        let pod = self.old_tables().pod(&change.key.namespace, &change.key.name).filter(is_it);
        let node = pod.filter(|pod| !pod.status.phase.terminal()).and_then(|pod| pod.node.as_ref());
        node.is_some_and(|node| self.old_tables().node("", node).is_none_or(|node| node.ready() != Truth::True))
    }
}

/// Whether the name of a pod below the Service of its set resolves.
pub(crate) fn resolves(tables: &Tables, set: &StatefulSet, pod: &Pod) -> bool {
    let (service, space) = (&set.spec.service_name, &set.meta.namespace);
    let name = format!("{}.{service}.{space}.svc.{}", pod.meta.name, Options::default().zone);
    resolve(tables, &Query::exact(&name, RecordType::A), &Options::default()).addresses().next().is_some()
}

/// Whether two workloads overlap that are known to.
fn is_same_overlap(known: &Says, found: &Says) -> bool {
    let pair = |says: &Says| if let Says::Overlaps { one, other, .. } = says { Some((one.clone(), other.clone())) } else { None };
    pair(known).is_some_and(|(one, other)| pair(found) == Some((other, one)))
}

/// The images of a template's containers.
fn images(template: &PodTemplate) -> impl Iterator<Item = Name> {
    template.init_containers.iter().chain(&template.containers).map(|container| Rc::clone(&container.image))
}

/// Where containers of a pod mount claims, and which.
pub(crate) fn mounts(pod: &Pod) -> impl Iterator<Item = (String, Name)> {
    let mounted = pod.spec.template.raw.list_at(&["containers"]).iter().flat_map(|container| container.list_at(&["volumeMounts"]));
    mounted.filter_map(|mount| {
        let volume = mount.text_at(&["name"])?;
        let claim = pod.claim_volumes().find(|claim| *claim.volume == *volume)?;
        Some((mount.text_at(&["mountPath"])?.trim_end_matches('/').to_owned(), Rc::clone(&claim.claim)))
    })
}

/// The workload that a pod belongs to: of a ReplicaSet, its Deployment.
fn owner(tables: &Tables, pod: &Pod) -> Option<ObjectKey> {
    let of = |object: &Meta| {
        let owner = object.controller()?;
        Some(ObjectKey::new(owner.kind?, &object.namespace, &owner.name))
    };
    let first = of(&pod.meta)?;
    let above = (first.kind == Kind::ReplicaSet).then(|| of(tables.get(&first)?.meta())).flatten();
    Some(above.unwrap_or(first))
}
