//! Faults of volumes, of claims and of their classes, and of what containers find on them.

use api::kind::Kind;
use api::object::storage::named_class;
use base::image_name::{fault, full, name_and_tag, without_tag};
use base::quantity::Quantity;
use base::value::Value;
use cluster::programs::is_official;
use cluster::programs::{PROGRAMS, program_of};
use cluster::provisioner::{LOCAL_PATH, brought, is_named_on_nodes, makes_on_nodes};
use cluster::zones::is_of_zones;
use intake::told::short;
use plan::documents::{claims_of, makes_claim};
use text::risks::Fault;

use super::claims::REQUEST;
use super::manifest::{Found, Item, Part, Pods, is_true, of_kind};

/// Faults of a class that claims of the manifest name.
pub(super) fn class(item: &Item, items: &[Item], all: &mut Vec<Found>) {
    let user = items.iter().find(|one| claims_of(one).iter().any(|claim| named_class(claim) == Some(&item.key.name)));
    let Some((user, provisioner)) = user.zip(item.text_at(&["provisioner"])) else { return };
    let mut tell = |fault: Fault, path: &[&str]| all.push(item.fault(fault, path).value(provisioner).other(short(&user.key)));
    if makes_on_nodes(provisioner) && provisioner != LOCAL_PATH {
        tell(Fault::OfPlatform, &["provisioner"]);
    }
    if brought(item).is_some() && !is_true(item, &["allowVolumeExpansion"]) {
        tell(Fault::NoGrowth, &[]);
    }
    if is_of_zones(provisioner) && item.text_at(&["volumeBindingMode"]) != Some("WaitForFirstConsumer") {
        tell(Fault::EarlyZone, &["volumeBindingMode"]);
    }
}

/// Words that stand for what is to be filled in.
const PLACEHOLDERS: [&str; 8] = ["changeme", "replaceme", "placeholder", "todo", "xxx", "xxxx", "123456789012", "your"];

/// Whether a text is to be filled in.
fn is_open(text: &str) -> bool {
    let parts = || text.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_ascii_lowercase);
    let of_somebody = |part: &str| {
        part.strip_prefix("your")
            .is_some_and(|rest| ["registry", "repo", "name", "org", "user", "username", "company", "account", "domain"].contains(&rest))
    };
    let is_bracketed = text.find('<').is_some_and(|at| text[at..].contains('>'));
    is_bracketed || parts().any(|part| PLACEHOLDERS.contains(&&*part) || of_somebody(&part))
}

/// A text within a value that is to be filled in, with the fields at which it is.
fn open_in<'a>(value: &'a Value, path: &[&'a str]) -> Option<(Vec<&'a str>, &'a str)> {
    let own = value.as_text().filter(|text| is_open(text)).map(|text| (path.to_vec(), text));
    own.or_else(|| value.members().find_map(|(key, member)| open_in(member, &[path, &[key]].concat())))
}

/// Faults of a volume that somebody made.
pub(super) fn volume(item: &Item, items: &[Item], all: &mut Vec<Found>) {
    let sources = item.get("spec").into_iter().flat_map(Value::members);
    let mut sources = sources.filter(|(key, one)| one.as_map().is_some() && !["claimRef", "nodeAffinity", "capacity"].contains(&&***key));
    if let Some((path, text)) = sources.find_map(|(key, source)| open_in(source, &["spec", key])) {
        all.push(item.fault(Fault::Placeholder, &path).value(text));
    }
    let of = |field: &str| item.text_at(&["spec", "claimRef", field]);
    let (Some(space), Some(name)) = (of("namespace"), of("name")) else { return };
    let is_it = |one: &&Item| one.key.kind == Kind::PersistentVolumeClaim && *one.key.name == *name || makes_claim(one, name);
    let mut claims = items.iter().filter(is_it);
    if let Some(other) = claims.clone().next().filter(|_| !claims.any(|one| *one.key.namespace == *space)) {
        let found = item.fault(Fault::ReservedElsewhere, &["spec", "claimRef", "namespace"]);
        all.push(found.name(name).value(space).other(&other.key.namespace));
    }
}

/// A claim that no pod of the manifest uses.
pub(super) fn claim(item: &Item, items: &[Item], pods: &[Pods], all: &mut Vec<Found>) {
    let has_sets = pods.iter().any(|one| one.is_of_set() && one.item.is_beside(item));
    let is_used = pods.iter().any(|one| one.names_claim(item)) || items.iter().any(|one| makes_claim(one, &item.key.name));
    if has_sets && !is_used {
        all.push(item.fault(Fault::ClaimUnused, &[]));
    }
}

pub(super) fn of(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    small(pods, all);
    for container in pods.running() {
        if fault(container.image()).is_none() && is_open(without_tag(container.image()).0) {
            all.push(container.fault(Fault::Placeholder, &["image"]).value(container.image()));
        }
        // A folder of a node, or of a file system of the network, is not a new disk.
        let is_on_disk = is_on_disk(pods, items);
        all.extend(data_directory(pods, items, &container).filter(|_| is_on_disk));
        if let Some((user, volume)) = unprepared(pods, &container) {
            let mut tell = |fault: Fault| all.push(container.fault(fault, &[]).value(user).other(volume));
            // Models pkg/volume SetVolumeOwnership, and pkg/volume/hostpath, which has no SetUp that changes owners.
            if is_on_disk && pods.spec.at(&["securityContext", "fsGroup"]).is_none() {
                tell(Fault::NotOwner);
            }
            if is_on_folder(pods, items) {
                tell(Fault::FolderOwner);
            }
        }
        all.extend(moved(&container));
    }
}

/// A claim that its program fills by itself.
fn small(pods: &Pods, all: &mut Vec<Found>) {
    let (Some(template), Some(image)) = (only(pods.item.templates()), only(pods.image_names())) else { return };
    let Some((program, least)) = program_of(image).map(|program| program.writes).filter(|(_, least)| *least > 0) else { return };
    let size = template.at(&REQUEST).filter(|size| Quantity::read(size).is_some_and(|size| size.units() < least << 20));
    if let Some(size) = size {
        all.push(template.fault(Fault::SmallClaim, &REQUEST).value(size.to_json().trim_matches('"')).other(program));
    }
}

/// The one that is alone.
fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    all.next().filter(|_| all.next().is_none())
}

/// Whether claims of pods may get a disk with a file system of its own.
fn is_on_disk(pods: &Pods, items: &[Item]) -> bool {
    let is_folder = |one: &Item| ["hostPath", "local", "nfs"].iter().any(|source| one.at(&["spec", source]).is_some());
    let is_on_node = |one: &Item| one.text_at(&["provisioner"]).is_some_and(makes_on_nodes);
    let is_named = |claim: &Value| named_class(claim).is_some_and(|class| is_named_on_nodes(class) || class.contains("nfs"));
    !of_kind(items, Kind::PersistentVolume).any(is_folder)
        && !of_kind(items, Kind::StorageClass).any(is_on_node)
        && !pods.item.templates().any(|one| is_named(&one))
        && !of_kind(items, Kind::PersistentVolumeClaim).any(|one| is_named(one))
}

/// Whether the data of PostgreSQL are where its image has them: no variable names another folder, as `PATRONI_POSTGRESQL_DATA_DIR` does.
fn is_default(container: &Part) -> bool {
    !container.each(&["env"]).any(|one| one.name() == "PGDATA" || one.name().ends_with("DATA_DIR"))
}

/// The variables by which Kafka is told where it keeps its data.
const LOG_DIRS: [&str; 3] = ["KAFKA_CFG_LOG_DIRS", "KAFKA_LOG_DIRS", "SERVER_log_dirs"];

/// A disk of which the root is the data directory itself. PostgreSQL refuses a directory in which something is. Kafka refuses a folder
/// whose name is none of a partition.
fn data_directory(pods: &Pods, items: &[Item], container: &Part) -> Option<Found> {
    let names = |text: &str| ["PGDATA", "data_dir"].iter().any(|word| text.contains(word));
    let is_set = || items.iter().any(|one| matches!(one.key.kind, Kind::ConfigMap | Kind::Secret) && names(&one.to_json()));
    let made = program_of(container.image()).map_or("", |program| program.initdb);
    let is_initdb = !made.is_empty() && is_default(container);
    let logs = container.each(&["env"]).find(|one| LOG_DIRS.contains(&one.name()));
    let (folder, program) = if is_initdb && container.list_at(&["envFrom"]).is_empty() && !is_set() {
        (made, "initdb")
    } else {
        (logs.as_ref()?.text_at(&["value"])?, "Kafka")
    };
    let mount = container.mount_at(folder.trim_end_matches('/'))?;
    let is_below = mount.get("subPath").is_some() || mount.get("subPathExpr").is_some();
    (!is_below && pods.is_claimed(mount.name())).then(|| mount.fault(Fault::DiskIsData, &[]).value(folder).other(program))
}

/// A volume where the official image of PostgreSQL kept its data before version 18.
fn moved(container: &Part) -> Option<Found> {
    let image = container.image();
    let (_, tag) = name_and_tag(image);
    let program = program_of(image).filter(|program| program.moved > 0)?;
    let major = tag.split(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse::<u32>().ok());
    let is_late = ["", "latest", "alpine"].contains(&tag) || major.is_some_and(|major| (program.moved..100).contains(&major));
    let is_it = is_official(image) && is_late && is_default(container);
    let mount = container.mount_at(program.initdb).filter(|_| is_it)?;
    Some(mount.fault(Fault::DataMoved, &[]).name(image).value(program.initdb))
}

/// The user of the images of Bitnami.
const BITNAMI: (&str, i64) = ("bitnami/", 1001);

/// Whether the claims of pods get folders of nodes that volumes of the manifest name.
fn is_on_folder(pods: &Pods, items: &[Item]) -> bool {
    let class = |value: &Value| named_class(value).map(str::to_owned);
    let named = of_kind(items, Kind::PersistentVolumeClaim).filter(|one| pods.names_claim(one)).map(|one| class(one));
    let wanted: Vec<Option<String>> = pods.item.templates().map(|one| class(&one)).chain(named).collect();
    of_kind(items, Kind::PersistentVolume).any(|one| one.at(&["spec", "hostPath"]).is_some() && wanted.contains(&class(one)))
}

/// The user of a container who is not root, and a claimed volume that no container before it prepares.
fn unprepared<'a>(pods: &Pods, container: &Part<'a>) -> Option<(i64, &'a str)> {
    let said = |value: &Value| value.int_at(&["securityContext", "runAsUser"]);
    let full = full(container.image());
    let image = without_tag(&full).0;
    let mut users = PROGRAMS.iter().flat_map(|program| program.users).filter(|(name, _)| image.ends_with(name)).map(|(_, user)| *user);
    let known = || users.next().or_else(|| image.contains(BITNAMI.0).then_some(BITNAMI.1));
    let user = said(container).or_else(|| said(&pods.spec)).or_else(known).filter(|user| *user > 0)?;
    let is_prepared = |name: &str| pods.initial().any(|one| one.each(&["volumeMounts"]).any(|mount| mount.name() == name));
    let mut mounted = container.each(&["volumeMounts"]).map(|mount| mount.name());
    let volume = mounted.find(|name| pods.is_claimed(name) && !is_prepared(name) && !pods.is_only_read(name))?;
    Some((user, volume))
}
