//! Faults of how many pods there are: single copies, members that nothing holds apart or joins, lists of members.

use api::kind::Kind;
use base::field_path::Step;
use base::image_name::name_and_tag;
use base::value::Value;
use cluster::inside::apps::{Peers, app_of};
use cluster::programs::{self, Keeps, PROGRAMS};
use plan::guess::agrees;
use text::risks::Fault;

use super::manifest::{Found, Item, Pods, labels, named, steps};
use super::probes::{is_redis, settings};

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
    stray(pods, all);
    unclaimed(pods, all);
    first_evicted(pods, items, all);
}

/// One pod on one volume.
fn single(pods: &Pods, all: &mut Vec<Found>) {
    let claims: Vec<&str> = pods.claimed().filter(|name| !pods.is_only_read(name)).collect();
    if claims.is_empty() {
        return;
    }
    let texts = [claims.join(", "), String::new(), String::new()];
    all.push(pods.item.fault(Fault::SingleCopy, &steps(&["spec", "replicas"]), texts));
}

/// A claim that the pods name themselves: every one of them gets the same. What the manifest says of its modes is told otherwise.
fn by_name(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    let name = |volume: &Value| {
        let is_shared = pods.is_of_template(volume) || pods.is_only_read(volume.text_at(&["name"]).unwrap_or_default());
        volume.text_at(&["persistentVolumeClaim", "claimName"]).filter(|_| !is_shared).map(str::to_owned)
    };
    let found = pods.spec.list_at(&["volumes"]).iter().enumerate().find_map(|(at, volume)| Some((at, name(volume)?)));
    let replicas = pods.item.replicas();
    let is_told = |claim: &str| replicas > 1 && named(items, Kind::PersistentVolumeClaim, &pods.item.key.namespace, claim).is_some();
    if let Some((at, claim)) = found.filter(|(_, claim)| !is_told(claim)) {
        let path: Vec<Step> = pods.below(&["volumes"]).into_iter().chain([Step::Index(at)]).collect();
        let several = if replicas > 1 { replicas.to_string() } else { String::new() };
        all.push(pods.item.fault(Fault::OneClaim, &path, [claim, String::new(), several]));
    }
}

/// Pods that no budget counts. Models pkg/controller/disruption.
fn unguarded(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    let counts = |one: &&Item| {
        let selector = one.value.at(&["spec", "selector"]);
        let is_wide = selector.is_none_or(|selector| selector.get("matchExpressions").is_some());
        let is_served = one.value.text_at(&["apiVersion"]) == Some("policy/v1");
        let wanted = labels(one.value.at(&["spec", "selector", "matchLabels"]));
        is_served && (is_wide || pods.are_selected(&one.key.namespace, &wanted))
    };
    if !items.iter().filter(|one| one.key.kind == Kind::PodDisruptionBudget).any(|one| counts(&one)) {
        let texts = [String::new(), pods.item.replicas().to_string(), String::new()];
        all.push(pods.item.fault(Fault::NoBudget, &steps(&["spec", "replicas"]), texts));
    }
}

/// Pods that no rule keeps on different nodes, or only a wish. Models the scheduler's plugins interpodaffinity and podtopologyspread.
fn together(pods: &Pods, all: &mut Vec<Found>) {
    let anti = |field: &str| !pods.spec.list_at(&["affinity", "podAntiAffinity", field]).is_empty();
    let spreads = pods.spec.list_at(&["topologySpreadConstraints"]);
    let holds = |one: &Value| one.text_at(&["whenUnsatisfiable"]) != Some("ScheduleAnyway");
    if anti("requiredDuringSchedulingIgnoredDuringExecution") || spreads.iter().any(holds) {
        return;
    }
    let is_wished = anti("preferredDuringSchedulingIgnoredDuringExecution") || !spreads.is_empty();
    // A port of the node keeps them apart as well.
    if pods.containers().any(|(_, one)| one.list_at(&["ports"]).iter().any(|port| port.int_at(&["hostPort"]).is_some())) {
        return;
    }
    let field = if spreads.is_empty() { "affinity" } else { "topologySpreadConstraints" };
    let path = if is_wished { pods.below(&[field]) } else { steps(&["spec", "replicas"]) };
    let texts = [String::new(), pods.item.replicas().to_string(), if is_wished { field.to_owned() } else { String::new() }];
    all.push(pods.item.fault(Fault::NotApart, &path, texts));
}

/// Words of settings, scripts and jobs that join stores.
const JOINS: [&str; 20] = [
    "cluster",
    "federat",
    "follow",
    "galera",
    "group_replication",
    "initiate",
    "join",
    "leader",
    "master",
    "patroni",
    "peer",
    "pgpool",
    "primary",
    "raft",
    "repl",
    "repmgr",
    "sentinel",
    "slave",
    "standby",
    "wsrep",
];

/// Words by which instances of Redis become of one store.
const REDIS_JOINS: [&str; 4] = ["cluster", "master_host", "replicaof", "slaveof"];

/// Several stores of a kind that work alone, where no word of the manifest joins them.
fn unjoined(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    let images = || pods.spec.list_at(&["containers"]).iter().filter_map(|one| one.text_at(&["image"]));
    let is_store = |image: &str| programs::keeps(image) == Keeps::Alone && !image.contains("bitnami");
    // A sentinel keeps nothing.
    let words = pods.containers().flat_map(|(_, one)| ["command", "args"].map(|field| one.list_at(&[field])).concat()).collect::<Vec<_>>();
    let is_sentinel = words.iter().filter_map(Value::as_text).any(|word| word.contains("sentinel"));
    let Some(store) = images().find(|image| is_store(image)).filter(|_| !is_sentinel) else { return };
    let is_beside = |one: &&Item| matches!(one.key.kind, Kind::ConfigMap | Kind::Job | Kind::CronJob | Kind::Deployment);
    let beside = items.iter().filter(is_beside).map(|one| one.value.to_json());
    let mut texts = std::iter::once(pods.spec.to_json()).chain(beside).map(|text| text.to_ascii_lowercase());
    // Where the settings of Redis are whole, a sentinel alone joins nothing: it watches replicas that are there.
    let has_settings = settings(pods, items).any(|text| text.contains("appendonly") || text.contains("requirepass"));
    let is_redis = pods.spec.list_at(&["containers"]).iter().any(is_redis) && has_settings;
    let words: &[&str] = if is_redis { &REDIS_JOINS } else { &JOINS };
    if !texts.any(|text| words.iter().any(|word| text.contains(word))) {
        let texts = [name_and_tag(store).0.to_owned(), pods.item.replicas().to_string(), String::new()];
        all.push(pods.item.fault(Fault::Unjoined, &steps(&["spec", "replicas"]), texts));
    }
}

/// Settings that count the members.
const COUNTS: [&str; 2] = ["bootstrap-expect=", "--servers="];

/// A list or a number of members in the settings, which does not follow the number of replicas.
fn listed(pods: &Pods, all: &mut Vec<Found>) {
    let set = &*pods.item.key.name;
    let names = |text: &str| {
        let first = format!("{set}-{{0..");
        if let Some(at) = text.find(&first) {
            return text[at..].split_inclusive('}').next().map(str::to_owned);
        }
        // What a comment of a script names is an example.
        let text: String = text.lines().filter(|line| !line.trim_start().starts_with('#')).collect::<Vec<_>>().join("\n");
        let own: Vec<String> = (0..pods.item.replicas()).map(|ordinal| format!("{set}-{ordinal}")).collect();
        let is_end = |rest: &str| rest.starts_with(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        let has = |name: &&String| text.match_indices(name.as_str()).any(|(at, _)| is_end(&text[at + name.len()..]));
        let found: Vec<&str> = own.iter().filter(has).map(String::as_str).collect();
        if found.len() > 1 {
            return Some(found.join(", "));
        }
        let counted = COUNTS.iter().find_map(|word| Some((text.find(word)?, word.len())));
        let (at, length) = counted?;
        let digits = text[at + length..].chars().take_while(char::is_ascii_digit).count();
        (digits > 0).then(|| text[at..at + length + digits].to_owned())
    };
    for (path, container) in pods.containers() {
        let env = container.list_at(&["env"]).iter().enumerate().filter_map(|(at, one)| Some(("env", at, one.text_at(&["value"])?)));
        let words = ["command", "args"].into_iter().flat_map(|field| {
            container.list_at(&[field]).iter().enumerate().filter_map(move |(at, one)| Some((field, at, one.as_text()?)))
        });
        if let Some((field, at, found)) = env.chain(words).find_map(|(field, at, text)| Some((field, at, names(text)?))) {
            let path: Vec<Step> = path.into_iter().chain([Step::Field(field.into()), Step::Index(at)]).collect();
            return all.push(pods.item.fault(Fault::MembersListed, &path, [String::new(), found, String::new()]));
        }
    }
}

/// A variable that names a folder for data which is on no volume.
fn stray(pods: &Pods, all: &mut Vec<Found>) {
    for (path, container) in pods.containers() {
        let mounts: Vec<&str> = container.list_at(&["volumeMounts"]).iter().filter_map(|one| one.text_at(&["mountPath"])).collect();
        let is_on = |path: &str| {
            mounts.iter().any(|at| path.strip_prefix(at.trim_end_matches('/')).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
        };
        for (at, variable) in container.list_at(&["env"]).iter().enumerate() {
            let (Some(name), Some(value)) = (variable.text_at(&["name"]), variable.text_at(&["value"])) else { continue };
            let is_folder = name.to_ascii_uppercase().replace('_', "").contains("DATADIR") || name == "PGDATA";
            if is_folder && value.starts_with('/') && !is_on(value) {
                let path: Vec<Step> = path.iter().cloned().chain([Step::Field("env".into()), Step::Index(at)]).collect();
                let container = container.text_at(&["name"]).unwrap_or_default();
                return all.push(pods.item.fault(Fault::OnNoVolume, &path, [container.to_owned(), value.to_owned(), name.to_owned()]));
            }
        }
    }
}

/// Parts of the paths at which programs keep data.
const FOR_DATA: [&str; 6] = ["/bitnami", "/opt", "/srv", "/var", "data", "storage"];

/// Programs that keep data, or agree with each other, and of which nothing outlives its pod.
fn unclaimed(pods: &Pods, all: &mut Vec<Found>) {
    let is_of_node = |one: &&Value| one.get("hostPath").is_some() || one.get("nfs").is_some();
    let mounts = || pods.containers().flat_map(|(_, one)| one.list_at(&["volumeMounts"]));
    // Beside its data, a program may read other folders of the node.
    let is_for_data = |volume: &Value| {
        let own = mounts().filter(|mount| mount.text_at(&["name"]) == volume.text_at(&["name"]));
        own.filter_map(|mount| mount.text_at(&["mountPath"])).any(|path| FOR_DATA.iter().any(|word| path.contains(word)))
    };
    let keeps = pods.claimed().next().is_some() || pods.spec.list_at(&["volumes"]).iter().filter(is_of_node).any(is_for_data);
    // That data are in an emptyDir, a run tells.
    let is_played = pods.spec.list_at(&["volumes"]).iter().filter(|one| one.get("emptyDir").is_some()).any(is_for_data);
    let mut images = pods.spec.list_at(&["containers"]).iter().filter_map(|one| one.text_at(&["image"])).map(|image| name_and_tag(image).0);
    let is_of = |image: &str, name: &str| image.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with("-cluster"));
    let is_member = |image: &str| {
        let mut members = PROGRAMS.iter().filter(|program| program.keeps == Keeps::Member).flat_map(|program| program.images);
        programs::keeps(image) == Keeps::Whole && !is_played || members.any(|name| is_of(image, name))
    };
    let agree = agrees(&pods.spec.to_json()) && pods.item.replicas() > 1;
    let agree = agree || images.any(|name| is_member(name) || app_of(name).peers == Peers::Quorum);
    let is_told = all.iter().any(|one| one.fault == Fault::OnNoVolume && one.object == pods.item.key);
    if !keeps && !is_told && agree && pods.item.replicas() > 0 {
        all.push(pods.item.fault(Fault::NoClaim, &pods.path, Default::default()));
    }
}

/// Pods that ask for no memory and no CPU. Models pkg/kubelet/eviction and the classes of quality of service.
fn first_evicted(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    let asks = |one: &Value| {
        ["requests", "limits"].iter().any(|field| one.at(&["resources", field]).is_some_and(|all| all.members().next().is_some()))
    };
    let is_filled = items.iter().any(|one| one.key.kind == Kind::LimitRange);
    if !is_filled && !pods.containers().any(|(_, one)| asks(one)) {
        all.push(pods.item.fault(Fault::BestEffort, &pods.below(&["containers"]), Default::default()));
    }
}
