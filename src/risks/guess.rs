//! What a manifest tells of an application that nobody knows: whether its members need a majority, and where it keeps its data.

use api::object::Name;
use api::object::stateful_set::StatefulSet;
use api::well_known::HOSTNAME;
use base::value::Value;
use cluster::command::is_known_with_clustering;
use cluster::inside::apps::Peers;
use sim::Sim;

/// Whether members need a majority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quorum {
    /// The application is known, and elects a leader.
    Known,
    /// Nobody knows the application; by these parts of the manifest it is likely.
    Likely(String),
}

/// Words of settings by which members agree.
const AGREES: [&str; 5] = ["raft", "quorum", "paxos", "bootstrap-expect", "replset"];

/// Whether a set's members need a majority, as far as anybody can tell.
pub fn quorum(sim: &Sim, set: &StatefulSet) -> Option<Quorum> {
    let (tables, group, replicas) = (sim.tables(), set.meta.namespaced_name(), set.spec.replicas);
    // One member is no majority of anything.
    if replicas < 2 {
        return None;
    }
    let mut members = sim.disks().replicated().members(&group);
    if members.any(|member| member.place().app().peers == Peers::Quorum) {
        return Some(Quorum::Known);
    }
    if replicas < 3 || set.spec.template.containers.iter().any(|container| is_known_with_clustering(&container.image)) {
        return None;
    }
    let pod = tables.pod(&set.meta.namespace, &set.pod_name(set.ordinals().start))?;
    let mut signs: Vec<String> = Vec::new();
    let keeps = |needed: i64| needed > replicas / 2 && needed < replicas;
    signs.extend(
        tables.budgets_of(pod).find(|budget| keeps(budget.status.desired_healthy)).map(|budget| format!("pdb/{}", budget.meta.name)),
    );
    signs.extend(peers(sim, set));
    if signs.is_empty() && replicas % 2 == 1 && !set.spec.claim_templates.is_empty() {
        let service = tables.service(&set.meta.namespace, &set.spec.service_name).filter(|service| service.headless());
        signs.extend(service.map(|service| format!("replicas: {replicas}, svc/{}", service.meta.name)));
    }
    (!signs.is_empty()).then(|| Quorum::Likely(signs.join(", ")))
}

/// What tells a set's containers of each other: names of its own pods, or a word of settings, in the template or in what it mounts.
fn peers(sim: &Sim, set: &StatefulSet) -> Option<String> {
    let spec = &set.spec.template.raw;
    let maps = cluster::kubelet::references::needs(spec).into_iter().filter_map(|need| {
        let key = api::object::ObjectKey::new(need.kind, &set.meta.namespace, &need.name.as_str().into());
        Some((format!("{} {}", need.kind.info().name, need.name), sim.tables().get(&key)?.encode().get("data")?.to_json()))
    });
    let mut texts = std::iter::once(("sts/".to_owned() + &set.meta.name, spec.to_json())).chain(maps);
    let told = |text: &str| {
        let ends = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || "-_".contains(c));
        let is_named = |name: &Name| text.match_indices(&**name).any(|(at, _)| ends(&text[at + name.len()..]));
        let named = set.ordinals().map(|ordinal| set.pod_name(ordinal)).filter(is_named).count();
        named > 1 || AGREES.iter().any(|word| text.to_ascii_lowercase().contains(word))
    };
    texts.find(|(_, text)| told(text)).map(|(place, _)| place)
}

/// What folders and volumes are called that hold data.
const DATA: [&str; 7] = ["data", "/var/lib/", "storage", "store", "wal", "journal", "state"];
/// Volumes that go with their pod, or with their container.
const FLEETING: &str = "emptyDir";
/// Folders of a node, which stay there when a pod moves.
const OF_NODE: &str = "hostPath";

/// Whether a claim's volume is a folder of whatever node its pod is on.
pub fn is_of_any_node(sim: &Sim, namespace: &str, claim: &str) -> bool {
    let bound = sim.tables().claim(namespace, claim).and_then(|claim| sim.tables().volume("", &claim.spec.volume));
    bound.is_some_and(|volume| volume.medium("a") != volume.medium("b"))
}

/// A folder that an application keeps data in, as far as names tell, and that does not follow its pod: in an emptyDir or a hostPath, or on
/// no volume.
pub fn fleeting(sim: &Sim, set: &StatefulSet) -> Option<(String, &'static str)> {
    let spec = &set.spec.template.raw;
    let first = set.pod_name(set.ordinals().start);
    let claimed = |name: &str| set.spec.claim_templates.iter().any(|claim| *claim.name == *name);
    let of_node = |name: &str| claimed(name) && is_of_any_node(sim, &set.meta.namespace, &format!("{name}-{first}"));
    let is_bound = spec.at(&["nodeName"]).is_some() || spec.at(&["nodeSelector", HOSTNAME]).is_some();
    let leaves = |name: &str| {
        if !is_bound && of_node(name) {
            return Some(OF_NODE);
        }
        let volume = spec.list_at(&["volumes"]).iter().find(|volume| volume.text_at(&["name"]) == Some(name) && !claimed(name))?;
        let is_empty = volume.get(FLEETING).is_some_and(|empty| empty.text_at(&["medium"]) != Some("Memory"));
        let is_of_node = !is_bound && volume.get(OF_NODE).is_some();
        if is_empty { Some(FLEETING) } else { is_of_node.then_some(OF_NODE) }
    };
    let is_data = |text: &str| DATA.iter().any(|word| text.to_ascii_lowercase().contains(word));
    for container in spec.list_at(&["containers"]) {
        let mounts = || container.list_at(&["volumeMounts"]).iter().map(|mount| [mount.text_at(&["name"]), mount.text_at(&["mountPath"])]);
        // What has a claim keeps its data there.
        if mounts().any(|[name, _]| name.is_some_and(|name| claimed(name) && !of_node(name))) {
            continue;
        }
        for [name, path] in mounts().map(|mount| mount.map(Option::unwrap_or_default)) {
            if let Some(on) = leaves(name).filter(|_| is_data(path) || is_data(name)) {
                return Some((path.to_owned(), on));
            }
        }
        let words = ["command", "args"].iter().flat_map(|field| container.list_at(&[field])).filter_map(Value::as_text);
        for (flag, path) in words.flat_map(str::split_whitespace).filter_map(|word| word.split_once('=')) {
            let is_mounted = mounts().any(|[_, at]| at.is_some_and(|at| path.starts_with(at)));
            if flag.contains("data") && path.starts_with('/') && !is_mounted {
                return Some((path.to_owned(), ""));
            }
        }
    }
    None
}
