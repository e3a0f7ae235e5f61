//! Faults of how many pods there are: single copies, members that nothing holds apart or joins, lists of members.

use api::kind::Kind;
use base::image_name::name_and_tag;
use base::value::Value;
use cluster::inside::apps::is_built_otherwise;
use cluster::programs::{self, JOINS, Keeps, PROGRAMS, Peers};
use plan::guess;
use plan::shared::in_common;
use text::risks::Fault;

use super::claims::once;
use super::manifest::{Found, Item, Part, Pods, is_folder, is_within, labels, named, of_kind};
use super::places::{REQUIRED, WISHED, host_port_of};
use super::pods::heaps;
use super::probes::{is_redis, settings};

/// How many pods there are to be.
const REPLICAS: [&str; 2] = ["spec", "replicas"];

pub(super) fn of(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    match pods.item.replicas() {
        ..=0 => {}
        1 => single(pods, all),
        _ => {
            unguarded(pods, items, all);
            together(pods, all);
            unjoined(pods, items, all);
        }
    }
    by_name(pods, items, all);
    listed(pods, all);
    let stray = pods.containers().find_map(|one| stray(&one));
    if stray.is_none() {
        unclaimed(pods, all);
    }
    all.extend(stray);
    first_evicted(pods, items, all);
}

/// One pod on one volume.
fn single(pods: &Pods, all: &mut Vec<Found>) {
    let claims: Vec<&str> = pods.claimed().filter(|name| !pods.is_only_read(name)).collect();
    if !claims.is_empty() {
        all.push(pods.item.fault(Fault::SingleCopy, &REPLICAS).name(claims.join(", ")));
    }
}

/// A claim that the pods name themselves: every one of them gets the same. What the manifest says of its modes is told otherwise.
fn by_name(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    let common = in_common(&pods.spec);
    let Some((volume, claim)) = pods.claims().find(|(volume, _)| common.iter().any(|one| one.volume == volume.name())) else { return };
    let replicas = pods.item.replicas();
    let found = volume.fault(Fault::OneClaim, &[]).name(claim);
    let is_told = named(items, Kind::PersistentVolumeClaim, &pods.item.key.namespace, claim).and_then(|claim| once(claim, items));
    if replicas < 2 {
        all.push(found);
    } else if is_told.is_none() {
        all.push(found.other(replicas));
    }
}

/// Pods that no budget counts. Models pkg/controller/disruption.
fn unguarded(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    let counts = |one: &Item| {
        let is_wide = one.at(&["spec", "selector"]).is_none_or(|selector| selector.get("matchExpressions").is_some());
        let wanted = labels(one.at(&["spec", "selector", "matchLabels"]));
        one.text_at(&["apiVersion"]) == Some("policy/v1") && (is_wide || pods.are_selected(&one.key.namespace, &wanted))
    };
    if !of_kind(items, Kind::PodDisruptionBudget).any(counts) {
        all.push(pods.item.fault(Fault::NoBudget, &REPLICAS).value(pods.item.replicas()));
    }
}

/// Pods that no rule keeps on different nodes, or only a wish. Models the scheduler's plugins interpodaffinity and podtopologyspread.
fn together(pods: &Pods, all: &mut Vec<Found>) {
    let anti = |field: &str| !pods.spec.list_at(&["affinity", "podAntiAffinity", field]).is_empty();
    let spreads = pods.spec.list_at(&["topologySpreadConstraints"]);
    let holds = |one: &Value| one.text_at(&["whenUnsatisfiable"]) != Some("ScheduleAnyway");
    // A port of the node keeps them apart as well.
    let has_port = |one: Part| one.list_at(&["ports"]).iter().any(|port| host_port_of(port).is_some());
    if anti(REQUIRED) || spreads.iter().any(holds) || pods.containers().any(has_port) {
        return;
    }
    let found = if !spreads.is_empty() {
        pods.spec.fault(Fault::NotApart, &["topologySpreadConstraints"]).other("topologySpreadConstraints")
    } else if anti(WISHED) {
        pods.spec.fault(Fault::NotApart, &["affinity"]).other("affinity")
    } else {
        pods.item.fault(Fault::NotApart, &REPLICAS)
    };
    all.push(found.value(pods.item.replicas()));
}

/// Words by which instances of Redis become of one store.
const REDIS_JOINS: [&str; 4] = ["cluster", "master_host", "replicaof", "slaveof"];

/// Several stores of a kind that work alone, where no word of the manifest joins them.
fn unjoined(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    let is_store = |one: &Part| programs::keeps(one.image()) == Keeps::Alone && !is_built_otherwise(one.image());
    // A sentinel keeps nothing.
    let is_sentinel = pods.containers().flat_map(|one| one.words()).any(|word| word.contains("sentinel"));
    let Some(store) = pods.running().find(is_store).filter(|_| !is_sentinel) else { return };
    let is_beside = |one: &&Item| matches!(one.key.kind, Kind::ConfigMap | Kind::Job | Kind::CronJob | Kind::Deployment);
    let beside = items.iter().filter(is_beside).map(|one| one.to_json());
    let mut texts = beside.chain([pods.spec.to_json()]).map(|text| text.to_ascii_lowercase());
    // Where the settings of Redis are whole, a sentinel alone joins nothing: it watches replicas that are there.
    let has_settings = || settings(pods, items).any(|text| text.contains("appendonly") || text.contains("requirepass"));
    let words: &[&str] = if pods.running().any(|one| is_redis(&one)) && has_settings() { &REDIS_JOINS } else { &JOINS };
    if !texts.any(|text| words.iter().any(|word| text.contains(word))) {
        let found = pods.item.fault(Fault::Unjoined, &REPLICAS);
        all.push(found.name(name_and_tag(store.image()).0).value(pods.item.replicas()));
    }
}

/// Settings that count the members.
const COUNTS: [&str; 2] = ["bootstrap-expect=", "--servers="];

/// A list or a number of members in the settings, which does not follow the number of replicas.
fn listed(pods: &Pods, all: &mut Vec<Found>) {
    let set = &*pods.item.key.name;
    let found = pods.containers().find_map(|container| {
        let env = container.each(&["env"]).filter_map(|one| Some((one.text_at(&["value"]).map(str::to_owned)?, one)));
        let words = ["command", "args"].into_iter().flat_map(|field| container.each(&[field]));
        let words = words.filter_map(|one| Some((one.as_text().map(str::to_owned)?, one)));
        let settings: Vec<(String, Part)> = env.chain(words).collect();
        let texts: Vec<&str> = settings.iter().map(|(text, _)| text.as_str()).collect();
        let members = guess::listed(&texts, set).and_then(|ordinals| {
            let (_, part) = settings.iter().find(|(text, _)| !guess::named_in(text, set).is_empty())?;
            let names: Vec<String> = ordinals.iter().map(|ordinal| format!("{set}-{ordinal}")).collect();
            Some((names.join(", "), part))
        });
        let (members, part) = members.or_else(|| settings.iter().find_map(|(text, part)| Some((counted(text)?, part))))?;
        Some(part.fault(Fault::MembersListed, &[]).value(members))
    });
    all.extend(found);
}

/// How a text counts members.
fn counted(text: &str) -> Option<String> {
    let (at, word) = COUNTS.into_iter().find_map(|word| Some((text.find(word)?, word)))?;
    let digits: String = text[at + word.len()..].chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then(|| format!("{word}{digits}"))
}

/// A variable that names a folder for data which is on no volume.
fn stray(container: &Part) -> Option<Found> {
    let is_on = |path: &str| container.each(&["volumeMounts"]).any(|one| one.text_at(&["mountPath"]).is_some_and(|at| is_within(path, at)));
    container.each(&["env"]).find_map(|variable| {
        let name = variable.name();
        let is_folder = name.to_ascii_uppercase().replace('_', "").contains("DATADIR") || name == "PGDATA";
        let value = variable.text_at(&["value"]).filter(|value| is_folder && value.starts_with('/') && !is_on(value))?;
        Some(variable.fault(Fault::OnNoVolume, &[]).name(container.name()).value(value).other(name))
    })
}

/// Parts of the paths at which programs keep data.
const FOR_DATA: [&str; 6] = ["/bitnami", "/opt", "/srv", "/var", "data", "storage"];

/// Programs that keep data, or agree with each other, and of which nothing outlives its pod.
fn unclaimed(pods: &Pods, all: &mut Vec<Found>) {
    // Beside its data, a program may read other folders of the node.
    let is_for_data = |volume: &Part| {
        let has = |path: &str| FOR_DATA.iter().any(|word| path.contains(word));
        pods.mounts(volume.name()).any(|mount| mount.text_at(&["mountPath"]).is_some_and(has))
    };
    let volumes = || pods.spec.each(&["volumes"]);
    let keeps = pods.claimed().next().is_some() || volumes().any(|one| is_folder(&one) && is_for_data(&one));
    // That data are in an emptyDir, a run tells.
    let is_played = volumes().any(|one| one.get("emptyDir").is_some() && is_for_data(&one));
    let is_of = |image: &str, name: &str| image.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with("-cluster"));
    let is_member = |image: &str| {
        let mut members = PROGRAMS.iter().filter(|program| program.keeps == Keeps::Member).map(|program| program.name);
        programs::keeps(image) == Keeps::Whole && !is_played || members.any(|name| is_of(image, name))
    };
    let replicas = pods.item.replicas();
    if !keeps && replicas > 0 && (pods.image_names().any(is_member) || pods.agree(|peers| peers == Peers::Quorum)) {
        all.push(pods.spec.fault(Fault::NoClaim, &[]));
    }
}

/// Pods that ask for no memory and no CPU; with the heap of Java that they may fill.
/// Models pkg/kubelet/eviction and the classes of quality of service.
fn first_evicted(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    let has = |one: &Part, field: &str| one.at(&["resources", field]).is_some_and(|all| all.members().next().is_some());
    let is_filled = of_kind(items, Kind::LimitRange).next().is_some();
    if !is_filled && !pods.containers().any(|one| has(&one, "requests") || has(&one, "limits")) {
        let heap = pods.running().find_map(|one| heaps(&one).into_iter().next()).map_or(String::new(), |(word, _)| word);
        all.push(pods.spec.fault(Fault::BestEffort, &["containers"]).value(heap));
    }
}
