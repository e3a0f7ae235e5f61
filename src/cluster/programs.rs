//! Programs by their images: who elects a leader, who keeps data and where, who remembers its members.
//!
//! What a program serves and prints is in [`crate::inside::apps`], as far as that is simulated.
//! Promises: an image that is in no row is not known; nothing is guessed of it.

use base::image_name::{name_and_tag, without_tag};

use crate::inside::apps::app_of;

/// What a program is without its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeps {
    /// Nobody says.
    Unsaid,
    /// A store, whose copies each keep data of their own, unless something joins them.
    Alone,
    /// A member of a cluster, which keeps what it knows of the others in its own folder.
    Member,
    /// Nothing: all that it is stands in its data.
    Whole,
}

/// The folder that a database writes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Folder {
    /// It is no database, or one that is used as a cache as well.
    None,
    /// That of the simulated program.
    OfApp,
    At(&'static str),
}

/// Which data of other major versions a program starts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reads {
    /// Nobody says.
    Unsaid,
    /// That of no other.
    Own,
    /// That of earlier ones.
    Earlier,
}

/// A program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Program {
    /// The last words of its images.
    pub images: &'static [&'static str],
    /// Whether its members elect a leader, or agree on what is written.
    pub elects: bool,
    pub keeps: Keeps,
    folder: Folder,
    reads: Reads,
    /// What takes one of its members out, which are known to each other until somebody does; empty where nobody says.
    pub leaves: &'static str,
    /// Words of that, by which a template or a line is known to do so.
    pub by: &'static [&'static str],
    /// How variables begin that its image reads only while the data folder is empty.
    pub once: &'static [&'static str],
}

const fn program(images: &'static [&'static str]) -> Program {
    Program { images, elects: false, keeps: Keeps::Unsaid, folder: Folder::None, reads: Reads::Unsaid, leaves: "", by: &[], once: &[] }
}

/// One whose members elect a leader.
const fn quorum(images: &'static [&'static str]) -> Program {
    Program { elects: true, ..program(images) }
}

/// One that is nothing without its data.
const fn whole(images: &'static [&'static str]) -> Program {
    Program { keeps: Keeps::Whole, ..program(images) }
}

/// A database of which only its folder is known.
const fn database(images: &'static [&'static str], folder: &'static str) -> Program {
    Program { folder: Folder::At(folder), ..program(images) }
}

impl Program {
    const fn member(self) -> Program {
        Program { keeps: Keeps::Member, ..self }
    }

    const fn once(self, once: &'static [&'static str]) -> Program {
        Program { once, ..self }
    }

    const fn left(self, leaves: &'static str, by: &'static [&'static str]) -> Program {
        Program { leaves, by, ..self }
    }
}

const MONGO: Program = Program { reads: Reads::Earlier, ..quorum(&["mongodb"]) }.left("rs.remove(\"HOST:PORT\")", &["rs.remove"]).once(&[
    "MONGO_INITDB_",
    "MONGODB_ROOT_",
    "MONGODB_USERNAME",
    "MONGODB_PASSWORD",
    "MONGODB_DATABASE",
]);
const POSTGRES: Program = Program { reads: Reads::Own, ..program(&["postgresql", "postgresql-repmgr", "pgvector"]) }.once(&[
    "POSTGRES_PASSWORD",
    "POSTGRES_USER",
    "POSTGRES_DB",
    "POSTGRES_INITDB_",
    "POSTGRES_HOST_AUTH_METHOD",
    "POSTGRESQL_PASSWORD",
]);
const SEARCH: Program = Program { reads: Reads::Earlier, ..quorum(&["elasticsearch"]) }
    .left("PUT _cluster/settings cluster.routing.allocation.exclude._name", &["allocation.exclude", "voting_config_exclusions"]);

const MYSQL_ONCE: &[&str] = &[
    "MARIADB_DATABASE",
    "MARIADB_PASSWORD",
    "MARIADB_ROOT_",
    "MARIADB_USER",
    "MYSQL_DATABASE",
    "MYSQL_PASSWORD",
    "MYSQL_ROOT_",
    "MYSQL_USER",
];

/// One row for images of which the same is known.
pub const PROGRAMS: &[Program] = &[
    database(&["arangodb"], "/var/lib/arangodb3"),
    program(&["cassandra"]).member().left("nodetool decommission", &["decommission", "removenode"]),
    quorum(&["clickhouse-keeper"]).left("reconfig remove ID", &["reconfig remove"]),
    database(&["clickhouse"], "/var/lib/clickhouse"),
    Program { keeps: Keeps::Whole, ..database(&["clickhouse-server"], "/var/lib/clickhouse") },
    quorum(&["cockroach"]).member().left("cockroach node decommission ID", &["decommission"]),
    quorum(&["consul"]).member().left("consul leave", &["consul leave", "leave_on_terminate", "force-leave"]),
    Program { keeps: Keeps::Whole, ..database(&["couchdb"], "/opt/couchdb/data") }.left("DELETE /_node/_local/_nodes/NODE", &["_nodes/"]),
    program(&["dse-server"]).left("nodetool decommission", &["decommission", "removenode"]),
    program(&["ejabberd", "emqx", "vernemq"]).member(),
    Program { folder: Folder::At("/usr/share/elasticsearch/data"), ..SEARCH },
    quorum(&["etcd"]).member().left("etcdctl member remove ID", &["member remove"]),
    quorum(&["galera", "mariadb-galera", "rethinkdb", "yugabyte"]),
    Program { keeps: Keeps::Alone, ..database(&["influxdb"], "/var/lib/influxdb2") }.once(&["DOCKER_INFLUXDB_INIT_"]),
    quorum(&["kafka", "cp-kafka", "cp-server"])
        .member()
        .left("kafka-reassign-partitions.sh", &["reassign-partitions", "unregister-broker", "remove-controller"]),
    Program { keeps: Keeps::Alone, reads: Reads::Earlier, ..database(&["mariadb"], "/var/lib/mysql") }.once(MYSQL_ONCE),
    database(&["meilisearch"], "/meili_data"),
    database(&["milvus"], "/var/lib/milvus"),
    database(&["minio"], "/data"),
    Program { images: &["mongo"], keeps: Keeps::Alone, folder: Folder::OfApp, ..MONGO },
    Program { images: &["mongodb", "mongodb-community-server"], ..MONGO },
    database(&["mssql"], "/var/opt/mssql"),
    Program { keeps: Keeps::Alone, folder: Folder::OfApp, reads: Reads::Earlier, ..program(&["mysql"]) }.once(MYSQL_ONCE),
    quorum(&["nats"]).left("nats server raft peer-remove NAME", &["peer-remove"]),
    Program { keeps: Keeps::Whole, folder: Folder::At("/data"), reads: Reads::Earlier, ..quorum(&["neo4j"]) }.once(&["NEO4J_AUTH"]),
    Program { images: &["opensearch"], folder: Folder::At("/usr/share/opensearch/data"), ..SEARCH },
    quorum(&["pd", "tikv"]).left("pd-ctl store delete ID / pd-ctl member delete name NAME", &["store delete", "member delete"]),
    POSTGRES,
    Program { images: &["postgis", "timescaledb"], keeps: Keeps::Alone, ..POSTGRES },
    Program { images: &["postgres"], keeps: Keeps::Alone, folder: Folder::OfApp, ..POSTGRES },
    database(&["qdrant"], "/qdrant/storage"),
    quorum(&["rabbitmq"]).member().left("rabbitmqctl stop_app, rabbitmqctl reset", &["forget_cluster_node", "rabbitmqctl reset"]).once(&[
        "RABBITMQ_DEFAULT_USER",
        "RABBITMQ_DEFAULT_PASS",
        "RABBITMQ_DEFAULT_VHOST",
    ]),
    Program { keeps: Keeps::Alone, ..program(&["redis"]) },
    program(&["redis-cluster", "valkey-cluster"]).left("redis-cli --cluster del-node HOST:PORT ID", &["del-node"]),
    quorum(&["redpanda"]).left("rpk redpanda admin brokers decommission ID", &["decommission"]),
    quorum(&["rqlite"]).left("DELETE /remove", &["/remove", "cluster-remove-on-shutdown", "raft-cluster-remove-shutdown"]),
    Program { keeps: Keeps::Whole, ..database(&["scylla"], "/var/lib/scylla") }
        .left("nodetool decommission", &["decommission", "removenode"]),
    database(&["solr"], "/var/solr"),
    quorum(&["vault", "openbao"]).left("vault operator raft remove-peer ID", &["remove-peer"]),
    whole(&["dgraph", "gitea", "gitlab-ce", "nexus3", "openldap", "orientdb", "victoria-metrics"]),
    quorum(&["zookeeper", "cp-zookeeper"]).member().left("reconfig -remove ID", &["reconfig -remove"]),
];

/// Words of settings, scripts and jobs that join stores.
pub const JOINS: [&str; 20] = [
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

/// The program of an image, by the last word of its name.
pub fn program_of(image: &str) -> Option<&'static Program> {
    let (name, _) = name_and_tag(image);
    PROGRAMS.iter().find(|program| program.images.contains(&name))
}

/// What an image's program is without its data.
pub fn keeps(image: &str) -> Keeps {
    program_of(image).map_or(Keeps::Unsaid, |program| program.keeps)
}

/// The folder that the database of an image writes to; `None` for an image that is none, or that is known as a cache. A database has
/// images of other names in a folder of its own.
pub fn folder_of(image: &str) -> Option<&'static str> {
    let (path, _) = without_tag(image);
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_it = |name: &&str| *name == last || path.contains(&format!("{name}/"));
    let mut databases = PROGRAMS.iter().filter(|program| program.folder != Folder::None);
    let database = databases.find(|program| program.images.iter().any(|name| is_it(&name)))?;
    match database.folder {
        Folder::None => None,
        Folder::OfApp => Some(app_of(database.images[0]).folder),
        Folder::At(folder) => Some(folder),
    }
}

/// The major version of an image, as its tag begins.
fn major(image: &str) -> Option<u64> {
    let (_, tag) = without_tag(image);
    tag.trim_start_matches('v').split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Whether two images are of one program in different major versions.
pub fn is_new_major(from: &str, to: &str) -> bool {
    let (old, new) = (major(from), major(to));
    without_tag(from).0 == without_tag(to).0 && old.is_some() && new.is_some() && old != new
}

/// Whether the program of an image is known not to start on the data that another major version of it wrote.
pub fn is_never_read(from: &str, to: &str) -> bool {
    program_of(to).is_some_and(|program| match program.reads {
        Reads::Unsaid => false,
        Reads::Own => true,
        Reads::Earlier => major(to) < major(from),
    })
}
