//! What a manifest tells of an application that nobody knows: whether its members need a majority, and where it keeps its data.

use api::object::{Name, ObjectKey, StatefulSet};
use api::well_known::HOSTNAME;
use base::value::Value;
use cluster::command::is_known_with_clustering;
use cluster::kubelet::references::needs;
use cluster::programs::{Peers, folder_of, program_of};
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
const AGREES: [&str; 7] = ["raft", "quorum", "paxos", EXPECTS, "replset", "initial-cluster", "zoo_servers"];
/// The setting that says how many members elect the first leader.
const EXPECTS: &str = "bootstrap-expect";

/// Whether a text has a word of settings by which members agree.
pub fn agrees(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    AGREES.iter().any(|word| text.contains(word))
}

/// How many members an application has, as its settings say or as it ran; `None` where nothing tells that it needs a majority.
pub(crate) fn members(sim: &Sim, set: &StatefulSet) -> Option<i64> {
    let group = set.meta.namespaced_name();
    let mut running = sim.disks().replicated().members(&group);
    let elects = |image: &Name| program_of(image).is_some_and(|program| program.elects);
    let images = || set.spec.template.containers.iter().map(|container| &container.image);
    let is_known = running.any(|member| member.place().app().peers == Peers::Quorum) || set.spec.replicas > 1 && images().any(elects);
    let texts: Vec<(String, String)> = texts(sim, set).collect();
    if !is_known && !texts.iter().any(|(_, text)| agrees(text)) {
        return None;
    }
    let listed = texts.iter().map(|(_, text)| listed(text, &set.meta.name)).max().unwrap_or_default();
    let expected = texts.iter().filter_map(|(_, text)| expected(text)).max().unwrap_or_default();
    let most = if is_known { listed.max(expected).max(set.spec.replicas) } else { listed.max(expected) };
    (most > 1).then_some(most)
}

/// How many of its own pods the settings of a set name, where these need a majority; `None` where they name fewer than two.
pub(crate) fn named_members(sim: &Sim, set: &StatefulSet) -> Option<i64> {
    let texts: Vec<(String, String)> = texts(sim, set).collect();
    let most = texts.iter().filter(|(_, text)| agrees(text)).map(|(_, text)| listed(text, &set.meta.name)).max()?;
    (most > 1).then_some(most)
}

/// How many different pods of a set a text names.
fn listed(text: &str, set: &str) -> i64 {
    let begins = format!("{set}-");
    let mut ordinals: Vec<i64> = Vec::new();
    for (at, _) in text.match_indices(&begins) {
        let before = text[..at].chars().next_back();
        let digits: String = text[at + begins.len()..].chars().take_while(char::is_ascii_digit).collect();
        let after = text[at + begins.len() + digits.len()..].chars().next();
        let is_part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-');
        if let Some(ordinal) = digits.parse::<i64>().ok().filter(|_| !is_part(before) && !is_part(after))
            && !ordinals.contains(&ordinal)
        {
            ordinals.push(ordinal);
        }
    }
    i64::try_from(ordinals.len()).unwrap_or(i64::MAX)
}

/// The number of members that are awaited before the first leader is elected.
fn expected(text: &str) -> Option<i64> {
    let (_, rest) = text.split_once(EXPECTS)?;
    let digits: String = rest.trim_start_matches(|c: char| !c.is_ascii_digit()).chars().take_while(char::is_ascii_digit).collect();
    let gap = rest.len() - rest.trim_start_matches(|c: char| !c.is_ascii_digit()).len();
    digits.parse().ok().filter(|_| gap <= 6)
}

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
    (!signs.is_empty()).then(|| Quorum::Likely(signs.join(", ")))
}

/// What tells a set's containers of each other: names of its own pods, or a word of settings, in the template or in what it mounts.
fn peers(sim: &Sim, set: &StatefulSet) -> Option<String> {
    let mut texts = texts(sim, set);
    let told = |text: &str| {
        let ends = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || "-_".contains(c));
        let is_named = |name: &Name| text.match_indices(&**name).any(|(at, _)| ends(&text[at + name.len()..]));
        let named = set.ordinals().map(|ordinal| set.pod_name(ordinal)).filter(is_named).count();
        named > 1 || agrees(text)
    };
    texts.find(|(_, text)| told(text)).map(|(place, _)| place)
}

/// The template of a set, and what its pods read of ConfigMaps and Secrets, as text, each with where it stands.
pub(crate) fn texts(sim: &Sim, set: &StatefulSet) -> impl Iterator<Item = (String, String)> {
    let spec = &set.spec.template.raw;
    let maps = needs(spec).into_iter().filter_map(|need| {
        let key = ObjectKey::new(need.kind, &set.meta.namespace, &need.name.as_str().into());
        Some((format!("{} {}", need.kind.info().name, need.name), sim.tables().get(&key)?.encode().get("data")?.to_json()))
    });
    std::iter::once(("sts/".to_owned() + &set.meta.name, spec.to_json())).chain(maps)
}

/// What folders and volumes are called that hold data.
const DATA: [&str; 7] = ["data", "/var/lib/", "storage", "store", "wal", "journal", "state"];
/// What folders are called that hold what a process makes anew.
const NO_DATA: [&str; 4] = ["sock", "/run", "cache", "tmp"];
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
    let is_data = |text: &str| {
        let text = text.to_ascii_lowercase();
        DATA.iter().any(|word| text.contains(word)) && !NO_DATA.iter().any(|word| text.contains(word))
    };
    for container in spec.list_at(&["containers"]) {
        let mounts = || container.list_at(&["volumeMounts"]).iter().map(|mount| [mount.text_at(&["name"]), mount.text_at(&["mountPath"])]);
        // What has a claim keeps its data there.
        let is_claim = |name: &str| {
            let is_it = |volume: &&Value| volume.text_at(&["name"]) == Some(name) && volume.get("persistentVolumeClaim").is_some();
            claimed(name) && !of_node(name) || spec.list_at(&["volumes"]).iter().any(|volume| is_it(&volume))
        };
        if mounts().any(|[name, _]| name.is_some_and(is_claim)) {
            continue;
        }
        for [name, path] in mounts().map(|mount| mount.map(Option::unwrap_or_default)) {
            // A volume that is called a cache holds none, wherever it is mounted.
            let is_none = NO_DATA.iter().any(|word| name.contains(word));
            if let Some(on) = leaves(name).filter(|_| !is_none && (is_data(path) || is_data(name))) {
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
        let image = container.text_at(&["image"]).unwrap_or_default();
        if let Some(folder) = folder_of(image).filter(|_| !mounts().any(|[name, _]| name.is_some_and(|name| leaves(name).is_some()))) {
            return Some((folder.to_owned(), ""));
        }
    }
    None
}
