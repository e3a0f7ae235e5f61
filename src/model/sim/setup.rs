//! The initial contents of a cluster.

use api::well_known::HOSTNAME;
use base::sorted::SortedMap;
use std::rc::Rc;

use super::{Placement, Recorder, Refused, Sim, Workers};
use crate::event::{Event, Queue};
use api::admit::{PREEMPT_LOWER, SYSTEM_PRIORITIES};
use api::kind::Kind;
use api::object::node::{Capacity, Node};
use api::object::pod::Ip;
use api::object::storage::DEFAULT_CLASS;
use api::object::{Labels, Meta, Name, Object, Plain, Service, StorageClass};
use api::release::{Release, V1_37};
use base::dice::Dice;
use base::time::Time;
use base::value::Value;
use base::word::Word;
use cluster::images::Images;
use cluster::inside::Disks;
use cluster::kubelet::{Machine, healthy_conditions};
use cluster::provisioner::{LOCAL_PATH, NETWORK_DISK};
use cluster::timing::Timing;
use control::cache::Cache;
use control::heartbeat::Heartbeat;
use control::{Memories, namespace_objects};
use server::Server;
use server::log::{Actor, Change};
use server::request::Request;
use why::DecisionLog;

/// A storage class of the initial cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassSetup {
    pub name: Name,
    pub provisioner: Name,
    /// Whether a volume is provisioned only once a pod needs it, on that pod's node (`WaitForFirstConsumer`).
    pub waits_for_consumer: bool,
}

impl ClassSetup {
    /// Volumes on the node where they are first needed, as rancher.io/local-path makes them.
    pub fn local_path() -> Self {
        ClassSetup { name: "local-path".into(), provisioner: LOCAL_PATH.into(), waits_for_consumer: true }
    }

    /// Volumes reachable from any node, provisioned immediately.
    pub fn network_disk() -> Self {
        ClassSetup { name: "network-disk".into(), provisioner: NETWORK_DISK.into(), waits_for_consumer: false }
    }

    /// The known class with this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::local_path(), Self::network_disk()].into_iter().find(|c| &*c.name == name)
    }
}

/// The initial configuration of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// The seed of all randomness.
    pub seed: u64,
    /// The modelled release.
    pub release: &'static Release,
    /// How long things take.
    pub timing: Timing,
    pub nodes: Vec<Name>,
    /// The capacity of each node.
    pub capacity: Capacity,
    /// What is known of single nodes beforehand: labels, taints, and how large they are. A size of nothing is the common one.
    pub machines: SortedMap<Name, Rc<Node>>,
    /// The kubelets' version, such as `v1.36.3`, if they lag behind the control plane.
    pub kubelet_version: Option<Name>,
    /// Storage classes.
    pub classes: Vec<ClassSetup>,
    /// The default storage class; empty for none.
    pub default_class: Name,
    /// The nodes the scheduler chose among equals, by pod and incarnation.
    pub placements: SortedMap<Name, Vec<Name>>,
}

impl Default for Setup {
    /// Three nodes and a local-path class, as in the recordings.
    fn default() -> Self {
        Setup {
            seed: 1,
            release: &V1_37,
            timing: Timing::recording(),
            nodes: (1..=3).map(|n| format!("node-{n}").into()).collect(),
            capacity: Capacity { cpu_milli: 4000, memory: 8 << 30, pods: 110 },
            machines: SortedMap::new(),
            kubelet_version: None,
            classes: vec![ClassSetup::local_path()],
            default_class: "local-path".into(),
            placements: SortedMap::new(),
        }
    }
}

/// The most nodes in a cluster: each has a subnet of its own.
const MAX_NODES: usize = 250;
/// The namespaces of every cluster.
const NAMESPACES: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];

impl Sim {
    /// A cluster in which nothing runs yet.
    pub fn new(setup: &Setup) -> Self {
        let dice = Dice { seed: setup.seed };
        let mut sim = Sim {
            now: Time(0),
            queue: Queue::default(),
            server: Server::new(setup.release, dice),
            cache: Cache::default(),
            delivered: 0,
            due: 0,
            workers: Workers::default(),
            recorder: Recorder::default(),
            placement: Placement::new(setup.placements.clone()),
            machines: SortedMap::new(),
            memory: Memories::knowing(&setup.nodes),
            attach: super::attach::Attach::default(),
            images: Images::of(setup.timing.nodes),
            provisioners: [ClassSetup::local_path(), ClassSetup::network_disk()]
                .iter()
                .chain(&setup.classes)
                .map(|c| Rc::clone(&c.provisioner))
                .collect(),
            disks: Disks::default(),
            timing: Rc::new(setup.timing.clone()),
            decisions: DecisionLog::default(),
            runtime: Rc::default(),
            dice,
            steps: 0,
            at_once: 0,
            effects: Vec::new(),
        };
        for name in NAMESPACES {
            sim.has_always(namespace(name), &Actor::Setup);
        }
        sim.has_always(api_service(), &Actor::Setup);
        sim.watch();
        for (i, name) in setup.nodes.iter().enumerate() {
            sim.add_node(name, i, setup);
        }
        for class in &setup.classes {
            sim.begin_with(storage_class(class, class.name == setup.default_class));
        }
        for (name, value, description) in SYSTEM_PRIORITIES {
            // Models pkg/registry/scheduling/rest AddSystemPriorityClasses.
            sim.has_always(priority_class(name, value, description), &Actor::ApiServer);
        }
        for object in NAMESPACES.iter().flat_map(|name| namespace_objects::objects(&Name::from(*name))) {
            sim.has_always(object, &Actor::ApiServer);
        }
        sim.watch();
        while sim.next_time().is_some_and(|at| at <= Time(0) + setup.timing.watch) && sim.step() {}
        sim
    }

    /// Inserts an object that is in every cluster.
    fn has_always(&mut self, object: Object, by: &Actor) {
        let made = self.server.create(object, by);
        made.unwrap_or_else(|why| unreachable!("every cluster has it: {why:?}"));
    }

    /// Inserts an object of the initial state; one whose name is another's, or no name, is left out.
    fn begin_with(&mut self, object: Object) {
        let _ = self.server.create(object, &Actor::Setup);
        self.watch();
    }

    /// Adds a node and its machine.
    fn add_node(&mut self, name: &Name, index: usize, setup: &Setup) {
        let version = setup.kubelet_version.clone().map_or_else(|| setup.release.git_version.into(), Word::from);
        let known = setup.machines.get(name);
        let capacity = known.map(|known| known.status.capacity).filter(|known| *known != Capacity::default());
        let labels = known.map(|known| Rc::clone(&known.meta.labels)).unwrap_or_default();
        let mut node = self.add_machine(name, index, &labels, capacity.unwrap_or(setup.capacity), version);
        if let Some(known) = known {
            node.status.extended = known.status.extended.clone();
            self.knows_devices(name, &node);
        }
        node.status.conditions = healthy_conditions(Time(0));
        if let Some(known) = known {
            (node.taints, node.unschedulable) = (known.taints.clone(), known.unschedulable);
        }
        self.begin_with(node.into());
    }

    /// Adds `count` machines as large as the existing ones; their kubelets register their nodes.
    pub fn add_nodes(&mut self, count: usize) -> Result<(), Refused> {
        if self.machines.len().saturating_add(count) > MAX_NODES {
            return Err(Refused::NodesMost(MAX_NODES));
        }
        let Some(model) = self.machines.values().next().map(|machine| Rc::clone(&machine.registration)) else {
            return Err(Refused::NoModel);
        };
        for _ in 0..count {
            let index = self.machines.len();
            let mut number = index + 1;
            while self.machines.contains_key(&*format!("node-{number}")) {
                number += 1;
            }
            let name: Name = format!("node-{number}").into();
            self.add_machine(&name, index, &Labels::default(), model.status.capacity, model.status.kubelet_version.clone());
            self.register(&name, true);
        }
        Ok(())
    }

    /// Lets a machine register the devices that its node has.
    fn knows_devices(&mut self, name: &Name, node: &Node) {
        if let Some(machine) = self.machines.get_mut(name) {
            Rc::make_mut(&mut machine.registration).status.extended = node.status.extended.clone();
        }
    }

    /// Adds a machine; returns the node its kubelet will register.
    fn add_machine(&mut self, name: &Name, index: usize, more: &Labels, capacity: Capacity, kubelet_version: Word) -> Node {
        let number = u8::try_from(index + 2).unwrap_or(u8::MAX);
        let subnet = u8::try_from(index + 1).unwrap_or(u8::MAX);
        let address = Ip([172, 18, 0, number]);
        let labels = [
            ("beta.kubernetes.io/arch", "amd64"),
            ("beta.kubernetes.io/os", "linux"),
            ("kubernetes.io/arch", "amd64"),
            (HOSTNAME, name),
            ("kubernetes.io/os", "linux"),
        ];
        let pairs = |list: &[(&str, &str)]| -> Labels { Rc::new(list.iter().map(|(k, v)| (Name::from(*k), Name::from(*v))).collect()) };
        let mut labels = pairs(&labels);
        for (key, value) in more.iter() {
            Rc::make_mut(&mut labels).insert(Rc::clone(key), Rc::clone(value));
        }
        let meta = Meta { name: Rc::clone(name), labels, annotations: pairs(&[("node.alpha.kubernetes.io/ttl", "0")]), ..Meta::default() };
        let range = format!("10.244.{subnet}.0/24");
        let raw = Value::of([("podCIDR", Value::from(&range)), ("podCIDRs", Value::list([range]))]);
        let registration = Node::registered(meta, raw, capacity, address, kubelet_version, self.now);
        let heartbeat = Heartbeat::new(self.now, self.timing.lease_renew);
        self.machines.insert(Rc::clone(name), Machine::new(Rc::new(registration.clone()), address, subnet, heartbeat));
        registration
    }
}

/// How often the API server looks after its own Service. pkg/controlplane/controller/kubernetesservice/controller.go Interval.
const LOOKS_AFTER_OWN_SERVICE: u64 = 10_000;

impl Sim {
    /// Makes the API server's own Service anew, at the server's next look after it, where somebody deletes it.
    /// Models pkg/controlplane/controller/kubernetesservice/controller.go UpdateKubernetesService.
    pub(super) fn miss_own_service(&mut self, change: &Change) {
        let own = api_service();
        if change.key == own.key() && change.after.is_none() {
            let at = Time((self.now.0 / LOOKS_AFTER_OWN_SERVICE + 1) * LOOKS_AFTER_OWN_SERVICE);
            self.queue.push(at, Event::Send(Actor::ApiServer, Rc::new(Request::Create(own))));
        }
    }
}

/// The API server's own Service.
fn api_service() -> Object {
    const ADDRESS: &str = "10.96.0.1";
    let port = [("name", Value::from("https")), ("port", 443.into()), ("protocol", "TCP".into()), ("targetPort", 6443.into())];
    let spec = [
        ("clusterIP", Value::from(ADDRESS)),
        ("clusterIPs", Value::list([ADDRESS])),
        ("internalTrafficPolicy", "Cluster".into()),
        ("ipFamilies", Value::list(["IPv4"])),
        ("ipFamilyPolicy", "SingleStack".into()),
        ("ports", Value::list([Value::of(port)])),
        ("sessionAffinity", "None".into()),
        ("type", "ClusterIP".into()),
    ];
    let mut service = Service::decode(&Value::of([("spec", Value::of(spec))]));
    let label = |(k, v): (&str, &str)| (Name::from(k), Name::from(v));
    let labels = [("component", "apiserver"), ("provider", "kubernetes")].map(label);
    service.meta = Meta { namespace: "default".into(), name: "kubernetes".into(), labels: Rc::new(labels.into()), ..Meta::default() };
    service.into()
}

fn namespace(name: &str) -> Object {
    let labels = Rc::new([("kubernetes.io/metadata.name".into(), Name::from(name))].into());
    let raw = Value::of([("spec", Value::of([("finalizers", Value::list(["kubernetes"]))])), ("status", Value::of([("phase", "Active")]))]);
    Plain { kind: Kind::Namespace, meta: Meta { name: name.into(), labels, ..Meta::default() }, raw }.into()
}

fn priority_class(name: &str, value: i64, description: &str) -> Object {
    let raw = Value::of([("value", Value::from(value)), ("description", description.into()), ("preemptionPolicy", PREEMPT_LOWER.into())]);
    Plain { kind: Kind::PriorityClass, meta: Meta { name: name.into(), ..Meta::default() }, raw }.into()
}

fn storage_class(class: &ClassSetup, default: bool) -> Object {
    let mode = if class.waits_for_consumer { "WaitForFirstConsumer" } else { "Immediate" };
    let raw = Value::of([
        ("provisioner", Value::from(&class.provisioner)),
        ("reclaimPolicy", "Delete".into()),
        ("volumeBindingMode", mode.into()),
    ]);
    let mut decoded = StorageClass::decode(&raw);
    decoded.meta.name = Rc::clone(&class.name);
    if default {
        Rc::make_mut(&mut decoded.meta.annotations).insert(DEFAULT_CLASS.into(), "true".into());
    }
    decoded.into()
}
