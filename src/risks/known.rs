//! What names of images and of resources tell.
//!
//! Promises: a name that is not in a list is not known; nothing is guessed of it.

use base::image_name::name_and_tag;
use cluster::inside::apps::{Peers, app_of};

/// Stores that each keep data of their own, unless something joins them.
pub(super) const STORES: [&str; 8] = ["influxdb", "mariadb", "mongo", "mysql", "postgis", "postgres", "redis", "timescaledb"];

/// Programs that keep what they know in their own folder, by the last words of their images.
pub(super) const MEMBERS: [&str; 12] = [
    "cassandra",
    "cockroach",
    "consul",
    "cp-kafka",
    "cp-zookeeper",
    "ejabberd",
    "emqx",
    "etcd",
    "kafka",
    "rabbitmq",
    "vernemq",
    "zookeeper",
];

/// Programs that are nothing without their data, beside those of which a run shows the loss, by the last words of their images.
pub(super) const KEEPERS: [&str; 11] = [
    "clickhouse-server",
    "couchdb",
    "dgraph",
    "gitea",
    "gitlab-ce",
    "neo4j",
    "nexus3",
    "openldap",
    "orientdb",
    "scylla",
    "victoria-metrics",
];

/// Whether an image is of a program that keeps data, as far as its name tells.
pub(super) fn is_store(image: &str) -> bool {
    let name = name_and_tag(image).0;
    STORES.contains(&name) || KEEPERS.contains(&name) || MEMBERS.contains(&name) || app_of(image).peers != Peers::None
}

/// Whether a resource is one that only some nodes have, as GPUs are. Models pkg/apis/core/v1/helper IsExtendedResourceName.
pub(super) fn is_extended(name: &str) -> bool {
    name.split_once('/').is_some_and(|(domain, _)| domain != "kubernetes.io" && !domain.ends_with(".kubernetes.io"))
}
