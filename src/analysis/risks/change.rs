//! Lines of a manifest that may prevent a finding: which are worth a try for which kind of finding, and which are worth taking away, to
//! see what they prevent.

use std::rc::Rc;

use crate::acts::Deed;
use api::kind::Kind;
use api::object::pod::GRACE_PERIOD_SECONDS;
use api::object::stateful_set::UpdateStrategy;
use api::object::{Object, ObjectKey, StatefulSet};
use api::well_known::HOSTNAME;
use base::value::Value;
use cluster::inside::replicated::{Member, Role};
use cluster::programs::{Peers, app_of};
use cluster::provisioner::is_on_nodes;
use sim::Sim;
use text::risks::{Guard, Harm};
use why::Cause;

pub use super::edit::Change;
use super::judge::Detail;
use super::known::{is_extended, is_store};
use super::outcome::Finding;
use plan::bytes::{Folder, On, fleeting};
use plan::guess::agrees;

/// Which changes are worth a try for a kind of finding, the smallest first: by whether an image crashes, and by what is waited for.
pub fn worth(kind: Harm, crashes: bool, detail: Option<Detail>) -> &'static [Guard] {
    // A rollout goes on past what crashes, however many pods there are, unless a probe says that it is not ready.
    match kind {
        Harm::DataLost => &[Guard::Claim, Guard::Retain, Guard::Replicas, Guard::AntiAffinity],
        Harm::VolumeDeleted => &[Guard::Retain, Guard::Reclaim],
        Harm::Fleeting => &[Guard::Claim],
        Harm::Together => &[Guard::AntiAffinity, Guard::Spread],
        Harm::TwoWriters => &[Guard::Grace],
        Harm::QuorumLost if crashes => &[Guard::Readiness, Guard::MinReady],
        Harm::QuorumLost => &[Guard::AntiAffinity, Guard::Spread, Guard::Replicas, Guard::Budget],
        Harm::RollbackTrap => &[Guard::Parallel],
        Harm::Terminating => &[Guard::Parallel, Guard::Grace, Guard::AntiAffinity],
        Harm::VolumePinned => &[Guard::Anywhere],
        Harm::DrainEndless => &[Guard::Budget, Guard::Replicas, Guard::Anywhere],
        Harm::OnDelete => &[Guard::Rolling],
        Harm::ReadinessDeadlock => &[Guard::Publish, Guard::Parallel],
        Harm::Unavailable if crashes => &[Guard::Rolling, Guard::Readiness, Guard::MinReady],
        Harm::Unavailable => &[Guard::Rolling, Guard::Replicas, Guard::Parallel, Guard::AntiAffinity, Guard::Spread, Guard::Budget],
        Harm::Stuck => match detail {
            // What a claim or a volume is in is not where its pod is.
            Some(Detail::Waits(Cause::PvcLost | Cause::PvReleasedClaimRef)) => &[],
            Some(Detail::Waits(Cause::AntiAffinityTooFewNodes)) => &[Guard::Prefer],
            _ => &[Guard::Publish, Guard::Parallel, Guard::Spread, Guard::Anywhere, Guard::Liveness],
        },
    }
}

/// Two acts.
pub type Pair = [Deed; 2];

/// What brings members together on one node, which then falls silent.
const TOGETHER: &[Pair] = &[[Deed::Moved, Deed::Silent], [Deed::Drained, Deed::Silent]];

/// Which lines may protect, and from which courses of two acts; from every act alone each may.
static PROTECT: [(Guard, &[Pair]); 12] = [
    (Guard::Retain, &[]),
    (Guard::Reclaim, &[]),
    (Guard::Grace, &[]),
    (Guard::AntiAffinity, TOGETHER),
    (Guard::Spread, TOGETHER),
    (Guard::Budget, &[[Deed::Drained, Deed::Drained]]),
    (Guard::Rolling, &[]),
    (Guard::Publish, &[]),
    (Guard::Parallel, &[]),
    (Guard::Anywhere, &[]),
    (Guard::Readiness, &[]),
    (Guard::Liveness, &[]),
];

/// Whether a line is to be there, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    With,
    Without,
}

/// The changes worth a try for a finding, of those that are possible.
pub fn candidates(finding: &Finding, sim: &Sim) -> Vec<Change> {
    let shown = &finding.shown;
    let Some(set) = sim.tables().stateful_set(&shown.workload.namespace, &shown.workload.name) else { return Vec::new() };
    let crashes = finding.deeds().any(|deed| deed == Deed::Crashing);
    worth(shown.kind, crashes, shown.detail).iter().filter_map(|guard| change(*guard, Way::With, set, sim)).collect()
}

/// The change that gives a set disks which every node reaches, where its claims name no class.
pub fn other_disks(set: &ObjectKey, sim: &Sim) -> Option<Change> {
    let set = sim.tables().stateful_set(&set.namespace, &set.name)?;
    let names = set.spec.claim_templates.iter().any(|claim| claim.spec.get("storageClassName").is_some());
    if names { None } else { change(Guard::Anywhere, Way::With, set, sim) }
}

/// The lines of a set that may protect it, each as the change that takes it away, and the courses of two acts by which that may show.
pub fn lines(set: &Rc<StatefulSet>, sim: &Sim) -> Vec<(Change, &'static [Pair])> {
    PROTECT.iter().filter_map(|(guard, pairs)| Some((change(*guard, Way::Without, set, sim)?, *pairs))).collect()
}

const RETAIN: &str = "Retain";
/// `reclaimPolicy` of a class whose volumes go with their claims.
pub const DELETE: &str = "Delete";
/// The replicas that survive the loss of one.
const THREE: i64 = 3;
/// For so many seconds a new pod has to stay Ready: longer than a process that fails at its start takes.
const MIN_READY: i64 = 30;

/// The change that gives a set the line that a word names, or takes it away, where that makes sense.
fn change(guard: Guard, way: Way, set: &Rc<StatefulSet>, sim: &Sim) -> Option<Change> {
    let raw = Object::StatefulSet(Rc::clone(set)).encode();
    let of = |object: ObjectKey, path: &[&'static str], with: Option<Value>, without: Option<Value>| {
        let value = if way == Way::With { with } else { without }?;
        Some(Change { guard, object, path: path.to_vec(), shown: value.clone(), value, also: Vec::new() })
    };
    // A line that is there or is not.
    let spec = |path: &[&'static str], is: bool, with: Value, without: Value| {
        let path: Vec<&'static str> = ["spec"].iter().chain(path).copied().collect();
        of(set.key(), &path, (!is).then_some(with), is.then_some(without))
    };
    // A rule of pods, which may be there in other words.
    let pod = |path: &[&'static str], with: Value| {
        let path: Vec<&'static str> = ["spec", "template", "spec"].iter().chain(path).copied().collect();
        let is = raw.at(&path).is_some_and(|known| *known != Value::list::<Value>([]) && *known != Value::map());
        let is_other = raw.at(&path) != Some(&with);
        of(set.key(), &path, is_other.then_some(with), is.then_some(Value::Null))
    };
    let labels = || Value::of([("matchLabels", raw.at(&["spec", "selector", "matchLabels"]).cloned().unwrap_or(Value::map()))]);
    match guard {
        Guard::Parallel => spec(&["podManagementPolicy"], set.parallel(), "Parallel".into(), Value::Null),
        Guard::Rolling => {
            let to = |kind: &str| Value::of([("type", kind)]);
            spec(&["updateStrategy"], set.spec.strategy == UpdateStrategy::RollingUpdate, to("RollingUpdate"), to("OnDelete"))
        }
        // An application that is told to be alone is not made more of.
        Guard::Replicas if is_alone(&raw) => None,
        Guard::Replicas => {
            let copies = is_known_to_copy(set, sim)?;
            let guard = match copies {
                _ if way == Way::Without => guard,
                _ if !may_be_several(set, &raw, copies && set.spec.replicas > 1) => return None,
                // Members of a fixed list do not take in others by themselves.
                true if set.spec.replicas < 2 => Guard::Copies,
                true => guard,
                false if set.spec.claim_templates.is_empty() => Guard::Several,
                false => Guard::Copies,
            };
            let changed = of(set.key(), &["spec", "replicas"], (set.spec.replicas < THREE).then(|| THREE.into()), None);
            changed.map(|change| Change { guard, ..change })
        }
        Guard::Retain => {
            let deletes = set.spec.retention.delete_when_scaled || set.spec.retention.delete_when_deleted;
            let both = |does: &str| Value::of([("whenDeleted", does), ("whenScaled", does)]);
            spec(&["persistentVolumeClaimRetentionPolicy"], !deletes, both(RETAIN), both(DELETE))
        }
        Guard::MinReady => spec(&["minReadySeconds"], set.spec.min_ready_seconds > 0, MIN_READY.into(), Value::Null),
        Guard::Grace => spec(
            &["template", "spec", "terminationGracePeriodSeconds"],
            set.spec.template.grace >= GRACE_PERIOD_SECONDS,
            GRACE_PERIOD_SECONDS.into(),
            0.into(),
        ),
        // One pod has no other to keep away from.
        Guard::AntiAffinity | Guard::Spread if way == Way::With && set.spec.replicas < 2 => None,
        Guard::AntiAffinity => {
            let term = Value::of([("labelSelector", labels()), ("topologyKey", HOSTNAME.into())]);
            pod(&["affinity", "podAntiAffinity"], Value::of([("requiredDuringSchedulingIgnoredDuringExecution", Value::list([term]))]))
        }
        Guard::Spread => {
            let one = Value::of([
                ("maxSkew", Value::from(1)),
                ("topologyKey", HOSTNAME.into()),
                ("whenUnsatisfiable", "DoNotSchedule".into()),
                ("labelSelector", labels()),
            ]);
            pod(&["topologySpreadConstraints"], Value::list([one]))
        }
        Guard::Prefer => {
            let terms =
                raw.list_at(&["spec", "template", "spec", "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution"]);
            let weighed = |term: &Value| Value::of([("weight", Value::from(100)), ("podAffinityTerm", term.clone())]);
            let value = || Value::of([("preferredDuringSchedulingIgnoredDuringExecution", Value::list(terms.iter().map(weighed)))]);
            (!terms.is_empty()).then(|| pod(&["affinity", "podAntiAffinity"], value()))?
        }
        Guard::Readiness | Guard::Liveness => probe(guard, way, set, &raw),
        Guard::Anywhere | Guard::Reclaim => class(guard, way, set, &raw, sim),
        Guard::Publish => {
            let service = sim.tables().service(&set.meta.namespace, &set.spec.service_name)?;
            let path = ["spec", "publishNotReadyAddresses"];
            let is_so = Object::Service(Rc::clone(service)).encode().at(&path).and_then(Value::as_bool) == Some(true);
            of(service.key(), &path, (!is_so).then(|| true.into()), is_so.then_some(Value::Null))
        }
        Guard::Claim => claim(set, &raw, sim),
        Guard::Budget => budget(guard, way, set, labels(), sim),
        _ => None,
    }
}

/// Whether settings of a set say that each pod is by itself.
fn is_alone(raw: &Value) -> bool {
    let spec = raw.at(&["spec", "template", "spec"]).map(Value::to_json).unwrap_or_default().to_ascii_lowercase();
    ["single-node", "single_node", "standalone"].iter().any(|word| spec.contains(word))
}

/// Whether a set may have more pods as it stands. Each has volumes of its own, and finds what it asks for on any node. Pods that keep data
/// join each other, as they are known to (`joins`) or are set to.
fn may_be_several(set: &StatefulSet, raw: &Value, joins: bool) -> bool {
    let Some(spec) = raw.at(&["spec", "template", "spec"]) else { return false };
    let shared = |volume: &Value| ["persistentVolumeClaim", "hostPath", "nfs"].iter().any(|source| volume.get(source).is_some());
    let containers = || spec.list_at(&["containers"]).iter();
    let is_bound = |one: &Value| {
        let has_port = one.list_at(&["ports"]).iter().any(|port| port.int_at(&["hostPort"]).is_some_and(|port| port > 0));
        let limits = one.at(&["resources", "limits"]).into_iter().flat_map(Value::members);
        has_port || limits.into_iter().any(|(name, _)| is_extended(name))
    };
    let keeps = |one: &Value| !set.spec.claim_templates.is_empty() || one.text_at(&["image"]).is_some_and(is_store);
    let joins = joins || agrees(&spec.to_json());
    !spec.list_at(&["volumes"]).iter().any(shared) && !containers().any(is_bound) && (joins || !containers().any(keeps))
}

/// Whether more replicas hold the same data: nobody knows of most images; `None` where each replica is known to have its own.
fn is_known_to_copy(set: &Rc<StatefulSet>, sim: &Sim) -> Option<bool> {
    let roles: Vec<Role> = sim.disks().replicated().members(&set.meta.namespaced_name()).map(Member::role).collect();
    (!roles.contains(&Role::Single)).then_some(!roles.is_empty())
}

/// A budget that lets one pod go at a time: a new one, or one in the place of what the budget that is there asks for. Or no budget.
fn budget(guard: Guard, way: Way, set: &Rc<StatefulSet>, labels: Value, sim: &Sim) -> Option<Change> {
    let pod = set.ordinals().find_map(|ordinal| sim.tables().pod(&set.meta.namespace, &set.pod_name(ordinal)))?;
    let known = sim.tables().budgets_of(pod).next();
    let of = |object: ObjectKey, path, value: Value, shown| Change { guard, object, path, value, shown, also: Vec::new() };
    if way == Way::Without {
        return known.map(|known| of(known.key(), Vec::new(), Value::Null, Value::Null));
    }
    let spec = Value::of([("maxUnavailable", Value::from(1)), ("selector", labels)]);
    if let Some(known) = known {
        let shown = Value::of([("maxUnavailable", Value::from(1))]);
        let is_new = Object::Budget(Rc::clone(known)).encode().at(&["spec", "maxUnavailable"]) != Some(&Value::from(1));
        return is_new.then(|| of(known.key(), vec!["spec"], spec, shown));
    }
    let key = ObjectKey::new(Kind::PodDisruptionBudget, &set.meta.namespace, &set.meta.name);
    let value = Value::of([
        ("apiVersion", Value::from("policy/v1")),
        ("kind", Kind::PodDisruptionBudget.info().name.into()),
        ("metadata", Value::of([("name", Value::from(&key.name)), ("namespace", Value::from(&key.namespace))])),
        ("spec", spec.clone()),
    ]);
    Some(of(key, Vec::new(), value, spec))
}

/// A probe of the first container, on its first port; or the first container without its probe.
fn probe(guard: Guard, way: Way, set: &Rc<StatefulSet>, raw: &Value) -> Option<Change> {
    let path = vec!["spec", "template", "spec", "containers"];
    let field = if guard == Guard::Readiness { "readinessProbe" } else { "livenessProbe" };
    let mut containers = raw.at(&path)?.clone();
    let first = containers.make_list().first_mut()?;
    let shown = if way == Way::Without {
        first.remove(&[field])?;
        Value::Null
    } else {
        let port = first.list_at(&["ports"]).first()?.int_at(&["containerPort"])?;
        let probe = Value::of([("tcpSocket", Value::of([("port", port)]))]);
        if first.get(field).is_some() {
            return None;
        }
        first.set(&[field], probe.clone());
        Value::of([(field, probe)])
    };
    Some(Change { guard, object: set.key(), path, value: containers, shown, also: Vec::new() })
}

/// A claim for each pod in the place of the emptyDir or hostPath of the same name.
fn claim(set: &Rc<StatefulSet>, raw: &Value, sim: &Sim) -> Option<Change> {
    let (path, volumes) = (vec!["spec", "volumeClaimTemplates"], raw.list_at(&["spec", "template", "spec", "volumes"]));
    let image = set.spec.template.containers.first().map(|container| app_of(&container.image));
    let own = || {
        image
            .filter(|app| app.peers != Peers::None && !app.folder.is_empty())
            .map(|app| Folder { path: app.folder.to_owned(), on: On::Nowhere })
    };
    let has_none = set.spec.claim_templates.is_empty() && volumes.is_empty();
    let Folder { path: folder, on } = fleeting(sim, set).or_else(|| if has_none { own() } else { None })?;
    if on == On::Nowhere {
        return claim_on_none(set, raw, &folder);
    }
    let mounts = raw.list_at(&["spec", "template", "spec", "containers"]).iter().flat_map(|one| one.list_at(&["volumeMounts"]));
    let name = mounts.filter(|mount| mount.text_at(&["mountPath"]) == Some(&folder)).find_map(|mount| mount.text_at(&["name"]))?;
    volumes.iter().find(|volume| volume.text_at(&["name"]) == Some(name))?;
    let mut templates = raw.at(&path).cloned().unwrap_or_else(|| Value::list::<Value>([]));
    let size = Value::of([("requests", Value::of([("storage", "1Gi")]))]);
    let spec = Value::of([("accessModes", Value::list(["ReadWriteOnce"])), ("resources", size)]);
    let template = Value::of([("metadata", Value::of([("name", name)])), ("spec", spec)]);
    templates.make_list().push(template.clone());
    Some(Change { guard: Guard::Claim, object: set.key(), path, value: templates, shown: Value::list([template]), also: Vec::new() })
}

/// A claim for each pod where the first container writes to no volume.
fn claim_on_none(set: &Rc<StatefulSet>, raw: &Value, folder: &str) -> Option<Change> {
    const NAME: &str = "data";
    let mut spec = raw.get("spec")?.clone();
    let mut templates = spec.get("volumeClaimTemplates").cloned().unwrap_or_else(|| Value::list::<Value>([]));
    let size = Value::of([("requests", Value::of([("storage", "1Gi")]))]);
    let claim = Value::of([("accessModes", Value::list(["ReadWriteOnce"])), ("resources", size)]);
    let template = Value::of([("metadata", Value::of([("name", NAME)])), ("spec", claim)]);
    templates.make_list().push(template.clone());
    let path = ["template", "spec", "containers"];
    let mut containers = spec.at(&path)?.clone();
    let first = containers.make_list().first_mut()?;
    let mut mounts = first.get("volumeMounts").cloned().unwrap_or_else(|| Value::list::<Value>([]));
    let mount = Value::of([("name", NAME), ("mountPath", folder)]);
    mounts.make_list().push(mount.clone());
    first.set(&["volumeMounts"], mounts);
    spec.set(&path, containers);
    spec.set(&["volumeClaimTemplates"], templates);
    let shown = Value::of([("volumeMounts", Value::list([mount])), ("volumeClaimTemplates", Value::list([template]))]);
    Some(Change { guard: Guard::Claim, object: set.key(), path: vec!["spec"], value: spec, shown, also: Vec::new() })
}

/// The name of a class that keeps volumes.
const KEEPS: &str = "keeps-volumes";

/// Another class of the set's claims: one whose volumes every node reaches, or one that keeps a volume when its claim goes. Without: one
/// of volumes of nodes, or the same class that deletes its volumes.
fn class(guard: Guard, way: Way, set: &Rc<StatefulSet>, raw: &Value, sim: &Sim) -> Option<Change> {
    let path = vec!["spec", "volumeClaimTemplates"];
    let Some(mut templates) = raw.at(&path).cloned() else { return of_own_claim(guard, way, set, raw, sim) };
    let first = templates.list_at(&[]).first()?;
    let now = match first.text_at(&["spec", "storageClassName"]) {
        Some(name) => sim.tables().class("", name)?,
        None => sim.tables().default_class()?,
    };
    let (name, also) = if guard == Guard::Reclaim {
        let mut keeps = Object::StorageClass(Rc::clone(now)).encode();
        let keeps_already = keeps.text_at(&["reclaimPolicy"]) == Some(RETAIN);
        if way == Way::Without {
            let (path, value) = (vec!["reclaimPolicy"], Value::from(DELETE));
            return keeps_already.then(|| Change { guard, object: now.key(), path, shown: value.clone(), value, also: Vec::new() });
        }
        if keeps_already {
            return None;
        }
        keeps.set(&["metadata"], Value::of([("name", KEEPS)]));
        keeps.set(&["reclaimPolicy"], RETAIN);
        (KEEPS.into(), vec![keeps])
    } else {
        let is = way == Way::With;
        let other = sim.tables().classes().find(|class| is_on_nodes(now) == is && is_on_nodes(class) != is)?;
        (Rc::clone(&other.meta.name), Vec::new())
    };
    for template in templates.make_list() {
        template.set(&["spec", "storageClassName"], Value::from(&name));
        if way == Way::Without {
            // A volume of a node is for the pods of that node only.
            template.set(&["spec", "accessModes"], Value::list(["ReadWriteOnce"]));
        }
    }
    let shown = Value::of([("storageClassName", Value::from(&name))]);
    Some(Change { guard, object: set.key(), path, value: templates, shown, also })
}

/// The same for a claim beside a set without templates, where the default class makes its volume on a node.
fn of_own_claim(guard: Guard, way: Way, set: &Rc<StatefulSet>, raw: &Value, sim: &Sim) -> Option<Change> {
    let volumes = raw.list_at(&["spec", "template", "spec", "volumes"]);
    let name = volumes.iter().find_map(|volume| volume.text_at(&["persistentVolumeClaim", "claimName"]))?;
    let (tables, is_asked) = (sim.tables(), guard == Guard::Anywhere && way == Way::With);
    let (claim, default) = (tables.claim(&set.meta.namespace, name)?, tables.default_class()?);
    let is_there = is_asked && is_on_nodes(default) && claim.class() == Some(&*default.meta.name);
    let other = tables.classes().find(|class| !is_on_nodes(class)).filter(|_| is_there)?;
    let value = Value::from(&other.meta.name);
    Some(Change { guard, object: claim.key(), path: vec!["spec", "storageClassName"], shown: value.clone(), value, also: Vec::new() })
}
