//! What a manifest tells of an application that nobody knows: whether its members need a majority.

use std::ops::RangeInclusive;

use api::object::{Name, ObjectKey, StatefulSet};
use base::value::Value;
use cluster::command::is_known_with_clustering;
use cluster::kubelet::references::needs;
use cluster::programs::{Peers, program_of};
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

/// Nobody lists more members than this.
const MOST_LISTED: i64 = 100;

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
    let listed = texts.iter().filter_map(|(_, text)| listed(&[text.as_str()], &set.meta.name)).map(|all| all.len()).max();
    let listed = listed.and_then(|count| i64::try_from(count).ok()).unwrap_or_default();
    let expected = texts.iter().filter_map(|(_, text)| expected(text)).max().unwrap_or_default();
    let most = if is_known { listed.max(expected).max(set.spec.replicas) } else { listed.max(expected) };
    (most > 1).then_some(most)
}

/// The ordinals of the pods of a set that its settings list; `None` where they list fewer than two.
/// The settings are those of a container, or of what it reads.
pub(crate) fn members_listed(sim: &Sim, set: &StatefulSet) -> Option<Vec<i64>> {
    let raw = &set.spec.template.raw;
    let containers = ["initContainers", "containers"].into_iter().flat_map(|list| raw.list_at(&[list]));
    let own = containers.filter_map(|container| listed(&settings(container), &set.meta.name));
    // What reads of others stands there as well: only words by which members agree tell that these are members.
    let read = texts(sim, set).skip(1).filter(|(_, text)| agrees(text)).filter_map(|(_, text)| listed(&[&text], &set.meta.name));
    own.chain(read).max_by_key(Vec::len)
}

/// The values of a container's variables, and the words of its command.
fn settings(container: &Value) -> Vec<&str> {
    let values = container.list_at(&["env"]).iter().filter_map(|one| one.text_at(&["value"]));
    let words = ["command", "args"].into_iter().flat_map(|field| container.list_at(&[field])).filter_map(Value::as_text);
    values.chain(words).collect()
}

/// The ordinals of the pods of a set that texts list, one after another or in braces; `None` where they name fewer than two.
pub fn listed(texts: &[&str], set: &str) -> Option<Vec<i64>> {
    let mut ordinals: Vec<i64> = Vec::new();
    for ordinal in texts.iter().flat_map(|text| named_in(text, set)) {
        if !ordinals.contains(&ordinal) {
            ordinals.push(ordinal);
        }
    }
    (ordinals.len() > 1).then_some(ordinals)
}

/// The ordinals of the pods of a set that a text names. What a comment of a script names is an example.
pub fn named_in(text: &str, set: &str) -> Vec<i64> {
    let begins = format!("{set}-");
    let mut ordinals: Vec<i64> = Vec::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
        for (at, _) in line.match_indices(&begins) {
            let (before, rest) = (line[..at].chars().next_back(), &line[at + begins.len()..]);
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            let is_part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-');
            let is_whole = !is_part(before) && !is_part(rest[digits.len()..].chars().next());
            ordinals.extend(digits.parse::<i64>().ok().filter(|_| is_whole));
            ordinals.extend(in_braces(rest).into_iter().flatten().filter(|_| !is_part(before)));
        }
    }
    ordinals
}

/// The numbers that a text begins with in braces, as a shell writes them: `{0..2}`.
fn in_braces(text: &str) -> Option<RangeInclusive<i64>> {
    let (first, rest) = text.strip_prefix('{')?.split_once("..")?;
    let (last, _) = rest.trim_start_matches('.').split_once('}')?;
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (last - first < MOST_LISTED).then_some(first..=last)
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
