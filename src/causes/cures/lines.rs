//! The lines that may end a wait, by its cause; and the ones that look as if they did.

use std::rc::Rc;

use super::nodes::{nodes, only_below};
use super::template::{failing, gate, limited, without};
use super::{Candidate, Goal};
use crate::blame::{Blame, is_foreign};
use crate::claims::own_claims;
use crate::command::{self, Form, Naming};
use crate::port::declared_port;
use crate::remedy::enforce;
use crate::rollout::is_trapped;
use crate::{Instant, node, remedy};
use api::client::PatchType;
use api::kind::Kind;
use api::object::{ControllerRevision, Name, ObjectKey, Pod, StatefulSet, parent_and_ordinal};
use api::well_known::{CONTROLLER_REVISION_HASH, HOSTNAME};
use base::given::SetGiven;
use base::image_name::without_tag;
use base::sort::Sort;
use base::value::Value;
use sim::Sim;
use text::Lang;
use text::diagnose::Risk;
use why::explain::explain;
use why::{Cause, Family};

/// What stands for an image's tag that whoever repairs the image knows.
const GOOD_TAG: &str = "a-tag-that-exists";
/// The requests that are written where a quota wants some.
const REQUESTS: &str = "--requests=cpu=250m,memory=512Mi";
/// What a pod has to say of itself where the level is restricted.
const RESTRICTED: &str = r#"{"securityContext":{"runAsNonRoot":true,"runAsUser":1001,"seccompProfile":{"type":"RuntimeDefault"}}}"#;

/// A set, and how lines name its namespace.
pub(super) struct Place<'a> {
    pub(super) sim: &'a Sim,
    pub(super) set: &'a Rc<StatefulSet>,
}

pub(super) fn plain(lines: impl IntoIterator<Item = String>) -> Candidate {
    Candidate { lines: lines.into_iter().collect(), risk: None }
}

pub(super) fn risky(risk: Risk, lines: impl IntoIterator<Item = String>) -> Candidate {
    Candidate { lines: lines.into_iter().collect(), risk: Some(risk) }
}

pub(super) fn delete(key: &ObjectKey) -> String {
    Naming::elsewhere(&key.namespace).delete(key.kind, &key.name)
}

pub(super) fn patch(key: &ObjectKey, how: PatchType, body: &str) -> String {
    Naming::elsewhere(&key.namespace).patch(key.kind, &key.name, how, body)
}

/// Takes a field out of an object.
pub(super) fn remove(key: &ObjectKey, path: &str) -> String {
    Naming::elsewhere(&key.namespace).remove(key.kind, &key.name, path)
}

/// Applies an object.
fn apply(kind: Kind, name: &str, object: Value) -> String {
    Naming::elsewhere("").apply(&command::named(kind, name, object))
}

impl<'a> Place<'a> {
    fn of(sim: &'a Sim, goal: &Goal) -> Option<Self> {
        let Goal::Well(key) = goal else { return None };
        Some(Place { sim, set: sim.tables().stateful_set(&key.namespace, &key.name)? })
    }

    pub(super) fn naming(&self) -> Naming {
        Naming::elsewhere(&self.set.meta.namespace)
    }

    fn delete_pods(&self, names: &[Name]) -> String {
        self.naming().delete(Kind::Pod, &names.join(" "))
    }

    /// A subcommand of `kubectl rollout` for the set.
    pub(super) fn rollout(&self, verb: &str) -> String {
        self.naming().rollout(verb, Kind::StatefulSet, &self.set.meta.name)
    }

    pub(super) fn scale(&self, replicas: i64) -> String {
        self.naming().scale(Kind::StatefulSet, &self.set.meta.name, replicas)
    }

    /// Sets images of the set: `app=nginx:1.27`.
    pub(super) fn set_image(&self, images: &str) -> String {
        self.naming().set_image(Kind::StatefulSet, &self.set.meta.name, images)
    }

    fn restart(&self) -> Candidate {
        plain([self.rollout("restart")])
    }

    pub(super) fn pods(&self) -> impl Iterator<Item = &'a Rc<Pod>> {
        let uid = self.set.meta.uid;
        self.sim.tables().pods().filter(move |pod| pod.meta.is_controlled_by(uid))
    }

    /// The revisions of the set but that of its template, the newest first.
    pub(super) fn others(&self) -> Vec<&'a Rc<ControllerRevision>> {
        let set = self.set;
        let own = |one: &&Rc<ControllerRevision>| one.meta.is_controlled_by(set.meta.uid) && one.meta.name != set.status.update_revision;
        let mut all: Vec<_> = self.sim.tables().revisions().filter(own).collect();
        all.sort_small_by(|a, b| b.number.cmp(&a.number));
        all
    }

    /// `name=image` for each container of the template whose image is bad, with one that another revision has and that is not; or, where
    /// the image is not there, one whose tag somebody else knows.
    pub(super) fn mended(&self) -> Option<String> {
        let images = self.sim.images();
        let bad = |image: &str| {
            let does = images.behaviour(image);
            does.pull_fails || does.crashes || does.never_ready || does.leaks || does.refuses.is_some()
        };
        let data = |one: &ControllerRevision| one.data.value().at(&["spec", "template", "spec", "containers"]).cloned().unwrap_or_default();
        let other = |name: &Name| {
            self.others().into_iter().find_map(|one| {
                let containers = data(one);
                let found = containers.as_list()?.iter().find(|container| container.text_at(&["name"]) == Some(name))?;
                found.get("image")?.as_shared_text().filter(|image| !bad(image))
            })
        };
        let change = |container: &api::object::pod::Container| {
            // Only of an image that is not there another tag is known to help.
            let sought = images.behaviour(&container.image).pull_fails;
            let sought = || sought.then(|| format!("{}:{GOOD_TAG}", without_tag(&container.image).0).into());
            Some(format!("{}={}", container.name, other(&container.name).or_else(sought)?))
        };
        let wrong = self.set.spec.template.containers.iter().filter(|container| bad(&container.image));
        let all: Vec<String> = wrong.filter_map(change).collect();
        (!all.is_empty()).then(|| all.join(" "))
    }

    /// A line that changes the template, alone and with the pod made anew from it.
    pub(super) fn edits(&self, line: &str, pod: &ObjectKey) -> [Candidate; 2] {
        let delete = self.delete_pods(&[Rc::clone(&pod.name)]);
        [plain([line.to_owned()]), plain([line.to_owned(), delete])]
    }
}

/// The lines that may end a wait, the least first.
pub fn candidates(absent: &[Name], sim: &Sim, goal: &Goal, blame: &Blame) -> Vec<Candidate> {
    let object = &blame.object;
    let mut all = match blame.family() {
        Family::HeldByFinalizer => held(sim, goal, object),
        Family::NotStuck => idle(sim, goal, blame),
        Family::DrainBlocked => drained(sim, object),
        _ => Place::of(sim, goal).map_or(Vec::new(), |of| of_set(absent, &of, blame)),
    };
    all.extend(known_ways(sim, goal, blame));
    all
}

/// What ends the wait of a set.
fn of_set(absent: &[Name], of: &Place, blame: &Blame) -> Vec<Candidate> {
    let object = &blame.object;
    match blame.family() {
        Family::RollbackTrap => trapped(of, object),
        Family::ContainerFails => failing(of, object),
        Family::OrderedGate => gate(of, object),
        Family::OnDelete => one_by_one(of),
        Family::Partition => vec![plain([of.naming().partition(&of.set.meta.name, 0)])],
        Family::ClaimPending => pending(absent, of, blame),
        Family::ClaimGone => lost(of, object),
        Family::VolumeElsewhere => nodes(of, object, blame.cause).into_iter().chain(lost(of, object)).collect(),
        Family::NoNodeFits => nodes(of, object, blame.cause).into_iter().chain(without(of, blame.cause)).collect(),
        Family::AttachOrMount if blame.cause == Cause::VolumeLimit => nodes(of, object, blame.cause),
        Family::AttachOrMount if blame.said.get("shared").is_some() => only_below(of, object).into_iter().collect(),
        Family::AttachOrMount => of.sim.tables().nodes().filter(|node| node.silent()).map(|node| out_of_service(&node.meta.name)).collect(),
        Family::NobodySchedules => gated(of, object),
        Family::PodRefused => refused(of, blame),
        Family::NodeSilent => silent(of, object),
        Family::IdentityConflict => vec![plain([delete(object)])],
        _ => Vec::new(),
    }
}

/// The page's own ways, as far as they are kubectl's.
fn known_ways(sim: &Sim, goal: &Goal, blame: &Blame) -> Vec<Candidate> {
    let (Goal::Well(about) | Goal::Gone(about) | Goal::There(about) | Goal::Headless(about) | Goal::Allows(about)) = goal;
    let shot = Instant { form: Form::Elsewhere, ..Instant::of(sim, Lang::English) };
    let mut all = Vec::new();
    for key in [&blame.object, about] {
        for link in explain(sim.tables(), sim.decisions(), None, key).links.iter().rev() {
            let Some(entry) = &link.entry else { continue };
            for way in remedy::ends(&shot, &link.about, &entry.decision.because) {
                let parts: Vec<String> = way.line.split(" && ").map(str::to_owned).collect();
                if parts.iter().all(|part| !part.contains("playground ")) {
                    all.push(Candidate { lines: parts, risk: way.danger.then_some(Risk::Harm) });
                }
            }
        }
    }
    all
}

fn trapped(of: &Place, object: &ObjectKey) -> Vec<Candidate> {
    let shot = Instant::of(of.sim, Lang::English);
    let all: Vec<Name> = of.pods().filter(|pod| is_trapped(&shot, of.set, pod)).map(|pod| Rc::clone(&pod.meta.name)).collect();
    let one = plain([delete(object)]);
    if all.len() > 1 { vec![plain([of.delete_pods(&all)]), one] } else { vec![one] }
}

fn one_by_one(of: &Place) -> Vec<Candidate> {
    let mut names: Vec<Name> = old(of).map(|pod| Rc::clone(&pod.meta.name)).collect();
    names.sort_small_by(|a, b| parent_and_ordinal(b).cmp(&parent_and_ordinal(a)));
    let mut lines = Vec::new();
    for (i, name) in names.iter().enumerate() {
        lines.push(of.delete_pods(std::slice::from_ref(name)));
        if i + 1 < names.len() {
            lines.push(of.naming().kubectl(format_args!("wait --for=condition=Ready pod/{name} --timeout=120s")));
        }
    }
    let rolling =
        patch(&of.set.key(), PatchType::Merge, r#"{"spec":{"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":0}}}}"#);
    vec![plain(lines), plain([rolling])]
}

/// The pods of a set that have not the newest revision.
fn old<'a>(of: &Place<'a>) -> impl Iterator<Item = &'a Rc<Pod>> {
    let update = Rc::clone(&of.set.status.update_revision);
    of.pods().filter(move |pod| pod.meta.label(CONTROLLER_REVISION_HASH).is_none_or(|hash| **hash != *update))
}

fn pending(absent: &[Name], of: &Place, blame: &Blame) -> Vec<Candidate> {
    let tables = of.sim.tables();
    let claims = || {
        own_claims(tables, of.set)
            .filter(|claim| !claim.bound())
            .filter(|claim| blame.object.kind != Kind::PersistentVolumeClaim || claim.meta.name == blame.object.name)
    };
    let classes = || tables.classes().filter(|class| !absent.contains(&class.meta.name));
    let mut all = Vec::new();
    match blame.cause {
        Cause::NoDefaultStorageClass => {
            let body = r#"{"metadata":{"annotations":{"storageclass.kubernetes.io/is-default-class":"true"}}}"#;
            all.extend(classes().map(|class| plain([patch(&class.key(), PatchType::Strategic, body)])));
        }
        Cause::StorageClassNotFound => {
            for claim in claims().take(1) {
                let like = classes().next().map_or_else(
                    || Value::of([("provisioner", "rancher.io/local-path"), ("volumeBindingMode", "WaitForFirstConsumer")]),
                    |class| class.body.value().clone(),
                );
                let mut class = Value::map();
                for field in ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"] {
                    class.set_some(&[field], like.get(field).cloned());
                }
                let asked = claim.class().unwrap_or_default();
                all.push(plain([apply(Kind::StorageClass, asked, class)]));
                all.extend(classes().take(2).map(|other| other_class(of, &claim.key(), asked, &other.meta.name)));
            }
        }
        Cause::PvReleasedClaimRef => {
            all.push(plain([remove(&blame.object, "/spec/claimRef/uid")]));
            let risk = Risk::Taken { volume: Rc::clone(&blame.object.name) };
            all.push(risky(risk, [remove(&blame.object, "/spec/claimRef")]));
        }
        Cause::PvReserved => {
            let risk = Risk::Taken { volume: Rc::clone(&blame.object.name) };
            all.push(risky(risk, [remove(&blame.object, "/spec/claimRef")]));
            all.extend(claims().take(1).flat_map(|claim| volumes(of, claim, &blame.object)));
        }
        Cause::PvTooSmall | Cause::NoVolumeFits => all.extend(claims().take(1).flat_map(|claim| volumes(of, claim, &blame.object))),
        _ => all.extend(classes().filter(|class| class.key() != blame.object).flat_map(|class| {
            claims()
                .take(1)
                .map(|claim| other_class(of, &claim.key(), claim.class().unwrap_or_default(), &class.meta.name))
                .collect::<Vec<_>>()
        })),
    }
    all
}

/// A set of another class: nothing else of a claim template can be changed in place.
fn other_class(of: &Place, claim: &ObjectKey, from: &str, to: &str) -> Candidate {
    let (naming, name) = (of.naming(), &of.set.meta.name);
    risky(
        Risk::MadeAnew { set: Rc::clone(name) },
        [
            naming.kubectl(format_args!("get sts {name} -o json > {name}.json")),
            format!(r#"sed -i 's/"{from}"/"{to}"/' {name}.json"#),
            naming.delete(Kind::StatefulSet, name),
            naming.delete(Kind::PersistentVolumeClaim, &claim.name),
            format!("kubectl create -f {name}.json"),
        ],
    )
}

/// Volumes as large as a claim asks for: like another one of its class, on each node.
fn volumes(of: &Place, claim: &api::object::Claim, like: &ObjectKey) -> Vec<Candidate> {
    let tables = of.sim.tables();
    let model = tables.volume("", &like.name);
    let name = format!("pv-{}", claim.meta.name);
    let make = |node: &Name| {
        let mut volume = Value::map();
        volume.set(&["spec", "capacity", "storage"], &claim.spec.request);
        volume.set(&["spec", "accessModes"], Value::list(claim.spec.modes.iter()));
        volume.set(&["spec", "persistentVolumeReclaimPolicy"], model.map_or("Retain".into(), |model| Rc::clone(&model.spec.reclaim)));
        volume.set(&["spec", "storageClassName"], claim.class().unwrap_or_default());
        volume.set(&["spec", "local", "path"], format!("/mnt/disks/{name}"));
        let term = Value::of([("key", Value::from(HOSTNAME)), ("operator", "In".into()), ("values", Value::list([Rc::clone(node)]))]);
        let terms = Value::list([Value::of([("matchExpressions", Value::list([term]))])]);
        volume.set(&["spec", "nodeAffinity", "required", "nodeSelectorTerms"], terms);
        plain([apply(Kind::PersistentVolume, &name, volume)])
    };
    tables.nodes().map(|node| make(&node.meta.name)).collect()
}

fn lost(of: &Place, object: &ObjectKey) -> Vec<Candidate> {
    let tables = of.sim.tables();
    let claim = if object.kind == Kind::PersistentVolumeClaim {
        Some(object.clone())
    } else {
        let named = tables.volume("", &object.name).and_then(|volume| volume.spec.claim.as_ref());
        named.map(|claim| ObjectKey::new(Kind::PersistentVolumeClaim, &claim.namespace, &claim.name))
    };
    let Some(claim) = claim else { return Vec::new() };
    let user = of.pods().find(|pod| pod.claim_volumes().any(|volume| volume.claim == claim.name));
    let pod = user.map(|pod| delete(&pod.key()));
    vec![risky(Risk::DataLost { claim: Rc::clone(&claim.name) }, [delete(&claim) + " --wait=false"].into_iter().chain(pod))]
}

fn gated(of: &Place, object: &ObjectKey) -> Vec<Candidate> {
    let set = of.set.key();
    let scheduler = r#"{"spec":{"template":{"spec":{"schedulerName":"default-scheduler"}}}}"#;
    let [alone, both] = of.edits(&remove(&set, "/spec/template/spec/schedulingGates"), object);
    let [_, other] = of.edits(&patch(&set, PatchType::Strategic, scheduler), object);
    vec![plain([remove(object, "/spec/schedulingGates")]), alone, both, other]
}

fn refused(of: &Place, blame: &Blame) -> Vec<Candidate> {
    let object = &blame.object;
    let (naming, namespace, name) = (of.naming(), &of.set.meta.namespace, &of.set.meta.name);
    match blame.cause {
        Cause::ServiceAccountMissing => {
            let mut said = blame.said.named_texts();
            let account = said
                .find(|(name, _)| *name == "account")
                .map(|(_, account)| account)
                .or(of.set.spec.template.raw.text_at(&["serviceAccountName"]))
                .unwrap_or("default");
            vec![plain([naming.kubectl(format_args!("create serviceaccount {account}"))])]
        }
        Cause::QuotaMustSpecifyRequests => {
            let mut range = Value::map();
            range.set(&["metadata", "namespace"], namespace);
            let requests = Value::of([("cpu", "250m"), ("memory", "512Mi")]);
            let limit = Value::of([("type", Value::from("Container")), ("defaultRequest", requests)]);
            range.set(&["spec", "limits"], Value::list([limit]));
            vec![plain([naming.set_resources(name, REQUESTS)]), plain([apply(Kind::LimitRange, "defaults", range)])]
        }
        Cause::LimitRange => limited(of, object),
        Cause::PodSecurityRestricted | Cause::PodSecurityBaseline => {
            let mut spec = base::json::value(RESTRICTED).unwrap_or_default();
            let capabilities =
                base::json::value(r#"{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]}}"#).unwrap_or_default();
            let container = |one: &api::object::pod::Container| {
                Value::of([("name", Value::from(&one.name)), ("securityContext", capabilities.clone())])
            };
            spec.set(&["containers"], Value::list(of.set.spec.template.containers.iter().map(container)));
            let mut body = Value::map();
            body.set(&["spec", "template", "spec"], spec);
            let level = if blame.cause == Cause::PodSecurityRestricted { "baseline" } else { "privileged" };
            let label = enforce(&Naming::elsewhere(""), namespace, &format!("={level} --overwrite"));
            vec![
                plain([patch(&of.set.key(), PatchType::Strategic, &body.to_json())]),
                risky(Risk::Allowed { namespace: Rc::clone(namespace) }, [label]),
            ]
        }
        _ => Vec::new(),
    }
}

/// Says of a silent node that it is off: its volumes are detached at once.
fn out_of_service(node: &Name) -> Candidate {
    risky(Risk::NodeEmptied { node: Rc::clone(node) }, [node::say_off(node)])
}

fn silent(of: &Place, object: &ObjectKey) -> Vec<Candidate> {
    let node = of.sim.tables().pod(&object.namespace, &object.name).and_then(|pod| pod.node.clone());
    let taint = node.as_ref().map(out_of_service);
    let writers = Risk::TwoWriters { pod: Rc::clone(&object.name), node: node.clone().unwrap_or_default() };
    let force = risky(writers, [of.naming().force_delete(&object.name)]);
    let gone = node.map(|node| risky(Risk::NodeEmptied { node: Rc::clone(&node) }, [Naming::elsewhere("").delete(Kind::Node, &node)]));
    taint.into_iter().chain([force]).chain(gone).collect()
}

fn held(sim: &Sim, goal: &Goal, object: &ObjectKey) -> Vec<Candidate> {
    let finalizers = sim.tables().get(object).map(|object| object.meta().finalizers.clone()).unwrap_or_default();
    let Some(finalizer) = finalizers.iter().find(|name| is_foreign(name)).or_else(|| finalizers.iter().next()) else { return Vec::new() };
    let risk = match object.kind {
        Kind::PersistentVolumeClaim => Risk::ClaimGoes { claim: Rc::clone(&object.name) },
        _ => Risk::Undone { finalizer: Rc::clone(finalizer) },
    };
    let gone = patch(object, PatchType::Merge, r#"{"metadata":{"finalizers":null}}"#);
    // No set watches its claims: whoever waits for one without a word of it looks again once the set changes.
    let again = Place::of(sim, goal).into_iter().flat_map(|of| of.restart().lines);
    [vec![gone.clone()], [gone].into_iter().chain(again).collect()].map(|lines| risky(risk.clone(), lines)).into()
}

/// What has a budget let a pod go: one pod more, or a budget that allows one.
fn drained(sim: &Sim, object: &ObjectKey) -> Vec<Candidate> {
    let tables = sim.tables();
    let sets = tables.stateful_sets().filter(|set| set.meta.namespace == object.namespace);
    let covered = |set: &&Rc<StatefulSet>| {
        tables.budget(&object.namespace, &object.name).is_some_and(|budget| budget.selects(&set.spec.template.labels))
    };
    let more = sets.filter(covered).map(|set| plain([Place { sim, set }.scale(set.spec.replicas + 1)]));
    let body = r#"{"spec":{"minAvailable":null,"maxUnavailable":1}}"#;
    let allow = risky(Risk::OneFewer { budget: Rc::clone(&object.name) }, [patch(object, PatchType::Merge, body)]);
    more.take(1).chain([allow]).collect()
}

/// What is of use although nobody waits.
fn idle(sim: &Sim, goal: &Goal, blame: &Blame) -> Vec<Candidate> {
    match (goal, blame.cause) {
        (Goal::There(service), Cause::GoverningServiceMissing) => {
            let set =
                sim.tables().stateful_sets().find(|set| set.meta.namespace == service.namespace && set.spec.service_name == service.name);
            let Some(set) = set else { return Vec::new() };
            let port = set.spec.template.raw.list_at(&["containers"]).iter().find_map(declared_port).unwrap_or(80);
            let labels: Vec<String> = set.spec.match_labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
            let (naming, name) = (Naming::elsewhere(&service.namespace), &service.name);
            vec![plain([
                naming.kubectl(format_args!("create service clusterip {name} --clusterip=None --tcp={port}")),
                naming.kubectl(format_args!("set selector svc {name} {}", labels.join(","))),
            ])]
        }
        (Goal::Headless(service), Cause::GoverningServiceNotHeadless) => headless(sim, service).into_iter().collect(),
        (Goal::Well(set), Cause::MinReadySeconds | Cause::InProgress | Cause::GracePeriod) => {
            vec![plain([Naming::elsewhere(&set.namespace).rollout("status", Kind::StatefulSet, &set.name)])]
        }
        _ => Vec::new(),
    }
}

/// The same Service without a cluster IP, which cannot be taken away from one.
fn headless(sim: &Sim, service: &ObjectKey) -> Option<Candidate> {
    let is = sim.tables().get(service)?.encode();
    let mut new = Value::map();
    new.set(&["metadata", "namespace"], &service.namespace);
    let kept = [&["metadata", "labels"][..], &["spec", "selector"], &["spec", "publishNotReadyAddresses"]];
    kept.iter().filter_map(|path| Some((path, is.at(path)?.clone()))).for_each(|(path, value)| new.set(path, value));
    new.set(&["spec", "clusterIP"], "None");
    let port = |port: &Value| {
        let kept = ["name", "port", "protocol", "targetPort"].into_iter();
        Value::of(kept.filter_map(|key| Some((key, port.get(key)?.clone()))))
    };
    new.set(&["spec", "ports"], Value::list(is.list_at(&["spec", "ports"]).iter().map(port)));
    Some(plain([delete(service), apply(Kind::Service, &service.name, new)]))
}

/// What looks as if it would end a wait: to make the pod anew, to roll out once more, to put the image right, to force it.
pub fn tempting(sim: &Sim, goal: &Goal, blame: &Blame) -> Vec<Candidate> {
    let object = &blame.object;
    let force = |key: &ObjectKey| plain([delete(key) + " --grace-period=0 --force --timeout=10s"]);
    let Some(of) = Place::of(sim, goal) else {
        return if blame.family() == Family::HeldByFinalizer { vec![force(object)] } else { Vec::new() };
    };
    let unwell = |pod: &&Rc<Pod>| !pod.ready() || pod.meta.terminating();
    let pod = if object.kind == Kind::Pod { Some(object.clone()) } else { of.pods().find(unwell).map(|pod| pod.key()) };
    let mut all = Vec::new();
    match blame.family() {
        Family::NotStuck => {}
        Family::HeldByFinalizer => all.extend([force(object), of.restart()]),
        Family::NodeSilent => {
            all.extend(pod.map(|pod| plain([format!("{} --timeout=15s", delete(&pod))])).into_iter().chain([of.restart()]))
        }
        Family::RollbackTrap => {
            let same: Vec<String> = of.set.spec.template.containers.iter().map(|one| format!("{}={}", one.name, one.image)).collect();
            all.push(plain([of.set_image(&same.join(" "))]));
            all.push(of.restart());
            all.push(plain([of.scale(of.set.spec.replicas + 1)]));
        }
        Family::PodRefused | Family::OnDelete | Family::Partition => all.push(of.restart()),
        _ => all.extend(pod.map(|pod| plain([delete(&pod)]))),
    }
    all
}
