//! A pod's resource requests and limits, summed over its containers, and its QoS class.
//!
//! Models k8s.io/component-helpers/resource and pkg/apis/core/v1/helper/qos.
//! Promises: decoding never fails; a malformed quantity counts as absent.
//! Must not know: nodes, quotas, which quantities are valid.

use std::rc::Rc;

use super::meta::Name;
use base::quantity::Quantity;
use base::value::{Map, Value};

/// The resources that determine a pod's QoS class.
const OF_CLASS: [&str; 2] = ["cpu", "memory"];

/// How the names of huge pages begin, before their size.
pub const HUGE_PAGES: &str = "hugepages-";

/// Amounts of the resources of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resources {
    pub cpu_milli: i64,
    /// Memory in bytes.
    pub memory: i64,
    /// Ephemeral storage in bytes.
    pub ephemeral_storage: i64,
    /// Extended resources and huge pages, by name.
    pub others: Vec<(Name, i64)>,
}

/// The effective total of a pod, given a value per container: the sum over containers and sidecars or, if larger, an init container
/// with the sidecars started before it. Models AggregateContainerRequests.
pub fn over_containers<T: Clone + Default>(
    spec: &Value,
    of: impl Fn(&Value) -> T,
    add: impl Fn(&mut T, &T),
    at_least: impl Fn(&mut T, &T),
) -> T {
    let (mut running, mut sidecars, mut peak) = (T::default(), T::default(), T::default());
    for container in spec.list_at(&["containers"]) {
        add(&mut running, &of(container));
    }
    for container in spec.list_at(&["initContainers"]) {
        let mut now = of(container);
        if is_sidecar(container) {
            add(&mut running, &now);
            add(&mut sidecars, &now);
            now = sidecars.clone();
        } else {
            add(&mut now, &sidecars);
        }
        at_least(&mut peak, &now);
    }
    at_least(&mut running, &peak);
    running
}

/// Whether an init container is a sidecar, which keeps running beside the containers.
pub fn is_sidecar(container: &Value) -> bool {
    container.text_at(&["restartPolicy"]) == Some("Always")
}

/// Whether a resource is allowed at pod level.
pub fn is_of_pods(name: &str) -> bool {
    ["cpu", "memory"].contains(&name) || name.starts_with(HUGE_PAGES)
}

/// Whether a resource is one of Kubernetes itself.
pub fn is_native(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}

/// Whether a resource can be overcommitted.
pub fn may_overcommit(name: &str) -> bool {
    is_native(name) && !name.starts_with(HUGE_PAGES)
}

/// The sum of one resource over a pod's containers, in `requests` or `limits`; `None` if no container names it.
pub fn sum_of_containers(spec: &Value, list: &str, name: &str) -> Option<Quantity> {
    let of = |container: &Value| container.at(&["resources", list, name]).and_then(Quantity::read);
    let add = |sum: &mut Option<Quantity>, one: &Option<Quantity>| *sum = sum.zip(*one).map_or(sum.or(*one), |(a, b)| Some(a.plus(b)));
    over_containers(spec, of, add, |most, one| *most = (*most).max(*one))
}

/// A pod's effective requests: those of its containers or of the pod as a whole, plus overhead. `cpu_milli` and `memory` stand in for
/// what a container does not request.
pub fn pod_requests(spec: &Value, cpu_milli: i64, memory: i64) -> Resources {
    let of = |container: &Value| Resources::decode(&requests(container), cpu_milli, memory);
    let mut sum = over_containers(spec, of, |sum, one| sum.add(one, 1), |most, one| most.combine(one, i64::max));
    override_by_pod(&mut sum, &requests(spec));
    sum.add(&Resources::decode(&map_at(spec, &["overhead"]), 0, 0), 1);
    sum
}

/// Lets pod-level requests override the sums of the containers.
fn override_by_pod(sums: &mut Resources, requests: &Map) {
    if let Some(cpu) = requests.get("cpu").and_then(Quantity::read) {
        sums.cpu_milli = cpu.thousandths();
    }
    if let Some(memory) = requests.get("memory").and_then(Quantity::read) {
        sums.memory = memory.units();
    }
}

/// `resources.requests`, with limits standing in for missing requests, as in defaulting.
fn requests(of: &Value) -> Map {
    let mut requests = map_at(of, &["resources", "requests"]);
    for (name, limit) in map_at(of, &["resources", "limits"]).iter() {
        requests.entry(name, || limit.clone());
    }
    requests
}

fn map_at(value: &Value, path: &[&str]) -> Map {
    value.at(path).and_then(Value::as_map).cloned().unwrap_or_default()
}

/// A pod's QoS class. Models qos.go ComputePodQOS.
pub fn qos_class(spec: &Value) -> &'static str {
    let whole = spec.get("resources").map(|_| spec);
    let each = spec.list_at(&["containers"]).iter().chain(spec.list_at(&["initContainers"])).filter(|_| whole.is_none());
    let (mut asks, mut guaranteed) = (false, true);
    for part in whole.into_iter().chain(each) {
        for name in OF_CLASS {
            let amount = |list| part.at(&["resources", list, name]).and_then(Quantity::read).filter(|amount| !amount.is_zero());
            let (request, limit) = (amount("requests"), amount("limits"));
            asks |= request.is_some() || limit.is_some();
            guaranteed &= limit.is_some() && request == limit;
        }
    }
    match (asks, guaranteed) {
        (false, _) => "BestEffort",
        (true, true) => "Guaranteed",
        (true, false) => "Burstable",
    }
}

impl Resources {
    /// Adds `sign` times the other amounts.
    pub fn add(&mut self, other: &Resources, sign: i64) {
        self.combine(other, |a, b| a.saturating_add(sign * b));
        self.others.retain(|(_, amount)| *amount != 0);
    }

    fn combine(&mut self, other: &Resources, with: impl Fn(i64, i64) -> i64) {
        self.cpu_milli = with(self.cpu_milli, other.cpu_milli);
        self.memory = with(self.memory, other.memory);
        self.ephemeral_storage = with(self.ephemeral_storage, other.ephemeral_storage);
        for (name, amount) in &other.others {
            match self.others.binary_search_by(|(n, _)| n.cmp(name)) {
                Ok(i) => self.others[i].1 = with(self.others[i].1, *amount),
                Err(i) => self.others.insert(i, (Rc::clone(name), with(0, *amount))),
            }
        }
    }

    /// Decodes a map of quantities; `cpu_milli` and `memory` stand in for missing ones.
    fn decode(quantities: &Map, cpu_milli: i64, memory: i64) -> Self {
        let mut all = Resources { cpu_milli, memory, ..Resources::default() };
        for (name, value) in quantities.iter() {
            let value = Quantity::read(value).unwrap_or_default();
            match &**name {
                "cpu" => all.cpu_milli = value.thousandths(),
                "memory" => all.memory = value.units(),
                "ephemeral-storage" => all.ephemeral_storage = value.units(),
                _ => all.others.push((Rc::clone(name), value.units())),
            }
        }
        all
    }
}
