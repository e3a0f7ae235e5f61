//! Faults of volumes, of claims and of their classes, and of what containers find on them.

use api::kind::Kind;
use base::field_path::Step;
use base::image_name::{name_and_tag, without_tag};
use base::quantity::Quantity;
use base::value::Value;
use cluster::provisioner::{LOCAL_PATH, is_named_on_nodes, makes_on_nodes};
use cluster::zones::is_of_zones;
use intake::told::short;
use text::risks::Fault;

use super::manifest::{Found, Item, Pods, steps};

/// Faults of a class that claims of the manifest name.
pub(super) fn class(item: &Item, items: &[Item], all: &mut Vec<Found>) {
    let name = &*item.key.name;
    let is_its = |claim: &Value| claim.text_at(&["spec", "storageClassName"]) == Some(name);
    let user = items.iter().find(|one| match one.key.kind {
        Kind::StatefulSet => one.value.list_at(&["spec", "volumeClaimTemplates"]).iter().any(is_its),
        Kind::PersistentVolumeClaim => is_its(&one.value),
        _ => false,
    });
    let Some((user, provisioner)) = user.zip(item.value.text_at(&["provisioner"])) else { return };
    let texts = || [String::new(), provisioner.to_owned(), short(&user.key)];
    if makes_on_nodes(provisioner) && provisioner != LOCAL_PATH {
        all.push(item.fault(Fault::OfPlatform, &steps(&["provisioner"]), texts()));
    }
    let makes = provisioner != "kubernetes.io/no-provisioner";
    if makes && item.value.at(&["allowVolumeExpansion"]).and_then(Value::as_bool) != Some(true) {
        all.push(item.fault(Fault::NoGrowth, &[], texts()));
    }
    if is_of_zones(provisioner) && item.value.text_at(&["volumeBindingMode"]) != Some("WaitForFirstConsumer") {
        all.push(item.fault(Fault::EarlyZone, &steps(&["volumeBindingMode"]), texts()));
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

/// The texts within a value, each with where it is.
fn texts<'a>(value: &'a Value, path: &[Step], found: &mut Vec<(Vec<Step>, &'a str)>) {
    if let Some(text) = value.as_text() {
        found.push((path.to_vec(), text));
    }
    for (key, member) in value.members() {
        texts(member, &[path, &[Step::Field(key.as_ref().into())]].concat(), found);
    }
}

/// Faults of a volume that somebody made.
pub(super) fn volume(item: &Item, items: &[Item], all: &mut Vec<Found>) {
    let mut found = Vec::new();
    for (key, source) in item.value.get("spec").into_iter().flat_map(Value::members) {
        if source.as_map().is_some() && !["claimRef", "nodeAffinity", "capacity"].contains(&&**key) {
            texts(source, &[Step::Field("spec".into()), Step::Field(key.as_ref().into())], &mut found);
        }
    }
    if let Some((path, text)) = found.into_iter().find(|(_, text)| is_open(text)) {
        all.push(item.fault(Fault::Placeholder, &path, [String::new(), text.to_owned(), String::new()]));
    }
    let of = |field: &str| item.value.text_at(&["spec", "claimRef", field]);
    let (Some(space), Some(name)) = (of("namespace"), of("name")) else { return };
    let makes = |one: &&Item| match one.key.kind {
        Kind::PersistentVolumeClaim => *one.key.name == *name,
        Kind::StatefulSet => plan::documents::makes_claim(&one.value, name),
        _ => false,
    };
    let mut claims = items.iter().filter(makes);
    if let Some(other) = claims.clone().next().filter(|_| !claims.any(|one| *one.key.namespace == *space)) {
        let texts = [name.to_owned(), space.to_owned(), other.key.namespace.to_string()];
        all.push(item.fault(Fault::ReservedElsewhere, &steps(&["spec", "claimRef", "namespace"]), texts));
    }
}

/// A claim that no pod of the manifest uses.
pub(super) fn claim(item: &Item, items: &[Item], pods: &[Pods], all: &mut Vec<Found>) {
    let own: Vec<&Pods> = pods.iter().filter(|one| one.item.key.namespace == item.key.namespace).collect();
    let name = &*item.key.name;
    let uses = |one: &&Pods| {
        let volumes = one.spec.list_at(&["volumes"]).iter();
        volumes
            .filter(|volume| !one.is_of_template(volume))
            .any(|volume| volume.text_at(&["persistentVolumeClaim", "claimName"]) == Some(name))
    };
    let is_made = items.iter().any(|one| plan::documents::makes_claim(&one.value, name));
    if own.iter().any(|one| one.is_of_set()) && !own.iter().any(uses) && !is_made {
        all.push(item.fault(Fault::ClaimUnused, &[], Default::default()));
    }
}

pub(super) fn of(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    small(pods, all);
    for (path, container) in pods.containers().filter(|(path, _)| path.contains(&Step::Field("containers".into()))) {
        placeholder(pods, &path, container, all);
        // A folder of a node, or of a file system of the network, is not a new disk.
        if is_on_disk(pods, items) {
            data_directory(pods, items, &path, container, all);
            owner(pods, &path, container, all);
        }
        if is_on_folder(pods, items) {
            of_folder(pods, &path, container, all);
        }
        moved(pods, &path, container, all);
    }
}

/// Programs, and so many bytes that they write without anybody's data. The log of etcd is laid out twice at the first start.
/// PostgreSQL's grows to `max_wal_size`, and a segment of Kafka's to `log.segment.bytes`.
const WRITES: [(&str, &str, i64); 5] = [
    ("etcd", "etcd", 128 << 20),
    ("cp-kafka", "Kafka", 1 << 30),
    ("kafka", "Kafka", 1 << 30),
    ("postgres", "PostgreSQL", 1 << 30),
    ("timescaledb", "PostgreSQL", 1 << 30),
];

/// A claim that its program fills by itself.
fn small(pods: &Pods, all: &mut Vec<Found>) {
    let templates = pods.item.value.list_at(&["spec", "volumeClaimTemplates"]);
    let ([template], [container]) = (templates, pods.spec.list_at(&["containers"])) else { return };
    let image = name_and_tag(container.text_at(&["image"]).unwrap_or_default()).0;
    let Some((_, program, least)) = WRITES.into_iter().find(|(name, ..)| *name == image) else { return };
    let path = ["spec", "resources", "requests", "storage"];
    let size = template.at(&path).and_then(Quantity::read).map(Quantity::units);
    if size.is_some_and(|size| size < least) {
        let path = [steps(&["spec", "volumeClaimTemplates"]), vec![Step::Index(0)], steps(&path)].concat();
        let shown = template.at(&["spec", "resources", "requests", "storage"]).map(Value::to_json).unwrap_or_default();
        let name = template.text_at(&["metadata", "name"]).unwrap_or_default();
        all.push(pods.item.fault(Fault::SmallClaim, &path, [name.to_owned(), shown.trim_matches('"').to_owned(), program.to_owned()]));
    }
}

/// An image of a registry that is to be filled in.
fn placeholder(pods: &Pods, path: &[Step], container: &Value, all: &mut Vec<Found>) {
    let Some(image) = container.text_at(&["image"]).filter(|image| base::image_name::fault(image).is_none()) else { return };
    if is_open(without_tag(image).0) {
        let path: Vec<Step> = path.iter().cloned().chain([Step::Field("image".into())]).collect();
        let name = container.text_at(&["name"]).unwrap_or_default();
        all.push(pods.item.fault(Fault::Placeholder, &path, [name.to_owned(), image.to_owned(), String::new()]));
    }
}

/// Whether claims of pods may get a disk with a file system of its own.
fn is_on_disk(pods: &Pods, items: &[Item]) -> bool {
    let is_folder = |one: &Item| ["hostPath", "local", "nfs"].iter().any(|source| one.value.at(&["spec", source]).is_some());
    let on_folders = items.iter().any(|one| one.key.kind == Kind::PersistentVolume && is_folder(one));
    let classes = items.iter().filter(|one| one.key.kind == Kind::StorageClass);
    let on_nodes = classes.filter_map(|one| one.value.text_at(&["provisioner"])).any(makes_on_nodes);
    let templates = pods.item.value.list_at(&["spec", "volumeClaimTemplates"]).iter();
    let documents = items.iter().filter(|one| one.key.kind == Kind::PersistentVolumeClaim).map(|one| &one.value);
    let named = templates
        .chain(documents)
        .filter_map(|claim| claim.text_at(&["spec", "storageClassName"]))
        .any(|class| is_named_on_nodes(class) || class.contains("nfs"));
    !on_folders && !on_nodes && !named
}

/// Images of PostgreSQL that start as the official one does.
const POSTGRES: [&str; 4] = ["pgvector", "postgis", "postgres", "timescaledb"];
/// Where these keep their data.
const PGDATA: &str = "/var/lib/postgresql/data";
/// The first major version of the official image that keeps its data elsewhere.
const ELSEWHERE: u32 = 18;

/// The mount of a container at a path, with the whole volume.
fn mount_at<'a>(container: &'a Value, path: &str) -> Option<(usize, &'a Value)> {
    let is_it = |mount: &Value| mount.text_at(&["mountPath"]).is_some_and(|at| at.trim_end_matches('/') == path);
    container.list_at(&["volumeMounts"]).iter().enumerate().find(|(_, mount)| is_it(mount))
}

/// Whether the data of PostgreSQL are where its image has them: no variable names another folder, as `PATRONI_POSTGRESQL_DATA_DIR` does.
fn is_default(container: &Value) -> bool {
    let names = |name: &str| name == "PGDATA" || name.ends_with("DATA_DIR");
    !container.list_at(&["env"]).iter().any(|one| one.text_at(&["name"]).is_some_and(names))
}

/// The variables by which Kafka is told where it keeps its data.
const LOG_DIRS: [&str; 3] = ["KAFKA_CFG_LOG_DIRS", "KAFKA_LOG_DIRS", "SERVER_log_dirs"];

/// A disk of which the root is the data directory itself. PostgreSQL refuses a directory in which something is. Kafka refuses a folder
/// whose name is none of a partition.
fn data_directory(pods: &Pods, items: &[Item], path: &[Step], container: &Value, all: &mut Vec<Found>) {
    let is_postgres = container.text_at(&["image"]).is_some_and(|image| POSTGRES.contains(&name_and_tag(image).0));
    let names = |text: &str| ["PGDATA", "data_dir"].iter().any(|word| text.contains(word));
    let is_set = items.iter().any(|one| matches!(one.key.kind, Kind::ConfigMap | Kind::Secret) && names(&one.value.to_json()));
    let is_told = is_default(container) && container.list_at(&["envFrom"]).is_empty() && !is_set;
    let is_of_kafka = |one: &&Value| one.text_at(&["name"]).is_some_and(|name| LOG_DIRS.contains(&name));
    let logs = container.list_at(&["env"]).iter().find(is_of_kafka).and_then(|one| one.text_at(&["value"]));
    let found = if is_postgres && is_told { Some((PGDATA, "initdb")) } else { logs.map(|folder| (folder, "Kafka")) };
    let Some((folder, program)) = found else { return };
    let Some((at, mount)) = mount_at(container, folder.trim_end_matches('/')) else { return };
    let is_below = mount.get("subPath").is_some() || mount.get("subPathExpr").is_some();
    let name = mount.text_at(&["name"]).unwrap_or_default();
    if !is_below && pods.claimed().any(|claim| claim == name) {
        let path: Vec<Step> = path.iter().cloned().chain([Step::Field("volumeMounts".into()), Step::Index(at)]).collect();
        all.push(pods.item.fault(Fault::DiskIsData, &path, [name.to_owned(), folder.to_owned(), program.to_owned()]));
    }
}

/// A volume where the official image of PostgreSQL kept its data before version 18.
fn moved(pods: &Pods, path: &[Step], container: &Value, all: &mut Vec<Found>) {
    let Some(image) = container.text_at(&["image"]) else { return };
    let (name, tag) = name_and_tag(image);
    let major = tag.split(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse::<u32>().ok());
    let is_late = ["", "latest", "alpine"].contains(&tag) || major.is_some_and(|major| (ELSEWHERE..100).contains(&major));
    let is_official = ["postgres", "library/postgres", "docker.io/library/postgres", "docker.io/postgres"].contains(&without_tag(image).0);
    let at = mount_at(container, PGDATA).filter(|_| name == "postgres" && is_official && is_late && is_default(container));
    if let Some((at, _)) = at {
        let path: Vec<Step> = path.iter().cloned().chain([Step::Field("volumeMounts".into()), Step::Index(at)]).collect();
        all.push(pods.item.fault(Fault::DataMoved, &path, [image.to_owned(), PGDATA.to_owned(), String::new()]));
    }
}

/// Images that do not run as root, by how their names end, and their users.
const USERS: [(&str, i64); 16] = [
    ("apache/kafka", 1000),
    ("confluentinc/cp-kafka", 1000),
    ("confluentinc/cp-zookeeper", 1000),
    ("elasticsearch/elasticsearch", 1000),
    ("grafana/grafana", 472),
    ("grafana/loki", 10001),
    ("grafana/tempo", 10001),
    ("jenkins/jenkins", 1000),
    ("mssql/server", 10001),
    ("opensearchproject/opensearch", 1000),
    ("prom/alertmanager", 65534),
    ("prom/prometheus", 65534),
    ("prometheus/alertmanager", 65534),
    ("prometheus/prometheus", 65534),
    ("sonatype/nexus3", 200),
    ("library/solr", 8983),
];
/// The user of the images of Bitnami.
const BITNAMI: (&str, i64) = ("bitnami/", 1001);

/// A user that is not root, where nothing gives the volume to its group. Models pkg/volume SetVolumeOwnership.
fn owner(pods: &Pods, path: &[Step], container: &Value, all: &mut Vec<Found>) {
    let has_group = pods.spec.at(&["securityContext", "fsGroup"]).is_some();
    if let Some((user, volume)) = unprepared(pods, container).filter(|_| !has_group) {
        let texts = [container.text_at(&["name"]).unwrap_or_default().to_owned(), user.to_string(), volume];
        all.push(pods.item.fault(Fault::NotOwner, path, texts));
    }
}

/// The same on a folder of a node, which no group is given. Models pkg/volume/hostpath, which has no SetUp that changes owners.
fn of_folder(pods: &Pods, path: &[Step], container: &Value, all: &mut Vec<Found>) {
    if let Some((user, volume)) = unprepared(pods, container) {
        let texts = [container.text_at(&["name"]).unwrap_or_default().to_owned(), user.to_string(), volume];
        all.push(pods.item.fault(Fault::FolderOwner, path, texts));
    }
}

/// Whether the claims of pods get folders of nodes that volumes of the manifest name.
fn is_on_folder(pods: &Pods, items: &[Item]) -> bool {
    let class = |value: &Value| value.text_at(&["spec", "storageClassName"]).map(str::to_owned);
    let names = |claim: &Item| {
        let name = Some(&*claim.key.name);
        let is_it = |volume: &Value| volume.text_at(&["persistentVolumeClaim", "claimName"]) == name && !pods.is_of_template(volume);
        claim.key.kind == Kind::PersistentVolumeClaim && pods.spec.list_at(&["volumes"]).iter().any(is_it)
    };
    let templates = pods.item.value.list_at(&["spec", "volumeClaimTemplates"]).iter().map(class);
    let wanted: Vec<Option<String>> = templates.chain(items.iter().filter(|one| names(one)).map(|one| class(&one.value))).collect();
    let is_folder = |one: &&Item| one.key.kind == Kind::PersistentVolume && one.value.at(&["spec", "hostPath"]).is_some();
    let mut folders = items.iter().filter(is_folder).map(|one| class(&one.value));
    folders.any(|class| wanted.contains(&class))
}

/// The user of a container who is not root, and a claimed volume that no container before it prepares.
fn unprepared(pods: &Pods, container: &Value) -> Option<(i64, String)> {
    let said = |value: &Value| value.int_at(&["securityContext", "runAsUser"]);
    let full = base::image_name::full(container.text_at(&["image"]).unwrap_or_default());
    let image = without_tag(&full).0;
    let known = USERS.iter().find(|(name, _)| image.ends_with(name)).map(|(_, user)| *user);
    let known = known.or_else(|| image.contains(BITNAMI.0).then_some(BITNAMI.1));
    let user = said(container).or_else(|| said(pods.spec)).or(known).filter(|user| *user > 0)?;
    let mounted = |one: &Value| {
        one.list_at(&["volumeMounts"]).iter().filter_map(|mount| mount.text_at(&["name"]).map(str::to_owned)).collect::<Vec<_>>()
    };
    let prepared: Vec<String> = pods.spec.list_at(&["initContainers"]).iter().flat_map(mounted).collect();
    let is_open = |name: &String| pods.claimed().any(|claim| claim == name) && !prepared.contains(name) && !pods.is_only_read(name);
    Some((user, mounted(container).into_iter().find(is_open)?))
}
