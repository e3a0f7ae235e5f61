//! Servers that do not start: for want of a variable or because of one, or because root runs them.
//!
//! Models docker-entrypoint.sh of the images mysql, mariadb and postgres: docker_verify_minimum_env. Models check_root of PostgreSQL's
//! src/backend/main/main.c, and what the programs of mongo, rabbitmq, cassandra, cp-kafka and nacos-server check. MySQL's image has a
//! `user` in its configuration, and so does not refuse root.
//! Not modelled: what those print before, and after their first lines about it. Nor are these: what Kafka wants for KRaft; that
//! CockroachDB waits for `cockroach init` and wants certificates. Nor that a server which is run directly makes no database.

use super::apps::{Reached, Refuses, app_of};
use super::disks::Disks;
use super::environment::{Environment, environment};
use super::manifest::raw_of;
use super::place::ContainerInfo;
use super::replicated::setup::data_folder;
use super::room::Room;
use super::version::{is_before, version};
use api::object::pod::Container;
use api::object::{Name, Pod};
use base::image_name::name_and_tag;
use base::time::Time;
use server::tables::Tables;
use shell::Host;

/// The variables of which MySQL wants one, without the beginning of their names, which MariaDB has two of.
const OF_MYSQL: [&str; 5] =
    ["ROOT_PASSWORD", "ALLOW_EMPTY_PASSWORD", "RANDOM_ROOT_PASSWORD", "ROOT_PASSWORD_HASH", "ALLOW_EMPTY_ROOT_PASSWORD"];

/// What servers say to root.
const POSTGRES_AS_ROOT: &str = "\"root\" execution of the PostgreSQL server is not permitted.\n\
                                The server must be started under an unprivileged user ID to prevent\n\
                                possible system security compromise.  See the documentation for\n\
                                more information on how to properly start the server.\n";
const CASSANDRA_AS_ROOT: &str = "Running Cassandra as root user or group is not recommended - please start Cassandra using a different system user.\n\
     If you really want to force running Cassandra as root, use -R command line option.\n";

/// The variable that a container has to be given before its image's own program makes a database; `None` if nothing is missing.
pub fn wanted(pod: &Pod, container: &Container, tables: &Tables) -> Option<&'static str> {
    let raw = raw_of(pod, container);
    let given = environment(pod, raw, tables);
    wanted_of(&container.image, &given).filter(|_| raw.list_at(&["command"]).is_empty())
}

/// Whether Docker's own library has an image.
pub fn is_official(image: &str) -> bool {
    let folder = image.rsplit_once('/').map_or("", |(folder, _)| folder);
    folder.is_empty() || folder == "docker.io" || folder.ends_with("library")
}

/// What is checked before an image's server starts; of images that others built under the same name, only what all of them check.
fn refuses(image: &str) -> Refuses {
    match app_of(image).refuses {
        own @ (Refuses::Kafka | Refuses::Nacos) => own,
        of_library if is_official(image) => of_library,
        _ => Refuses::Nothing,
    }
}

/// The variable that an image's own program wants and that is not given.
fn wanted_of(image: &str, given: &Environment) -> Option<&'static str> {
    let given = given.own().iter().filter(|(_, value)| !value.is_empty());
    missing(image, &given.map(|(name, _)| name.strip_suffix("_FILE").unwrap_or(name).to_owned()).collect::<Vec<_>>())
}

/// The variable that an image's own program wants and that is not among these, which have no `_FILE` at their ends.
pub fn missing(image: &str, given: &[String]) -> Option<&'static str> {
    let (wanted, beginnings): (_, &[&str]) = match refuses(image) {
        Refuses::MySql => ("MYSQL_ROOT_PASSWORD", &["MYSQL_"]),
        Refuses::MariaDb => ("MARIADB_ROOT_PASSWORD", &["MARIADB_", "MYSQL_"]),
        Refuses::Postgres => ("POSTGRES_PASSWORD", &[]),
        _ => return None,
    };
    let is_it = |name: &str| match beginnings {
        [] => matches!(name, "POSTGRES_PASSWORD" | "POSTGRES_HOST_AUTH_METHOD"),
        _ => beginnings.iter().any(|beginning| name.strip_prefix(beginning).is_some_and(|rest| OF_MYSQL.contains(&rest))),
    };
    let is_given = given.iter().any(|name| is_it(name));
    (!is_given).then_some(wanted)
}

/// What a container's program says for want of this variable.
fn complaint(wanted: &str, now: Time) -> String {
    let at = now.date("%Y-%m-%d %T");
    let why = "Database is uninitialized and password option is not specified";
    match wanted {
        "POSTGRES_PASSWORD" => "Error: Database is uninitialized and superuser password is not specified.\n       \
             You must specify POSTGRES_PASSWORD to a non-empty value for the\n       \
             superuser. For example, \"-e POSTGRES_PASSWORD=password\" on \"docker run\".\n"
            .to_owned(),
        "MYSQL_ROOT_PASSWORD" => format!(
            "{at}+00:00 [ERROR] [Entrypoint]: {why}\n    You need to specify one of the following as an environment variable:\n    \
             - MYSQL_ROOT_PASSWORD\n    - MYSQL_ALLOW_EMPTY_PASSWORD\n    - MYSQL_RANDOM_ROOT_PASSWORD\n"
        ),
        _ => format!(
            "{at}+00:00 [ERROR] [Entrypoint]: {why}\n\tYou need to specify one of MARIADB_ROOT_PASSWORD, MARIADB_ROOT_PASSWORD_HASH, \
             MARIADB_ALLOW_EMPTY_ROOT_PASSWORD and MARIADB_RANDOM_ROOT_PASSWORD\n"
        ),
    }
}

/// The variable for which a server does not start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub variable: Name,
    /// Whether the container has it and must not, and not the other way round.
    pub is_given: bool,
}

impl Wanted {
    fn missing(variable: &str) -> Option<Wanted> {
        Some(Wanted { variable: variable.into(), is_given: false })
    }

    fn given(variable: &str) -> Option<Wanted> {
        Some(Wanted { variable: variable.into(), is_given: true })
    }
}

/// How a server ends that does not start.
pub(super) struct Refusal {
    pub said: String,
    pub code: i32,
    /// What it is about, where that is a variable.
    pub wanted: Option<Wanted>,
}

impl Disks {
    /// How an image's server ends that does not start as it is run; `None` if it starts.
    pub(super) fn refusal(&mut self, place: &ContainerInfo, server: &Reached, now: Time) -> Option<Refusal> {
        let told = |said: String, code, wanted| Some(Refusal { said, code, wanted });
        let refuses = refuses(&place.image);
        if !server.by_entrypoint {
            let is_root = place.user.is_root() && !server.as_another;
            return match refuses {
                Refuses::Postgres if is_root => told(POSTGRES_AS_ROOT.to_owned(), 1, None),
                Refuses::Cassandra if is_root && !server.words.iter().any(|word| word == "-R") => {
                    told(CASSANDRA_AS_ROOT.to_owned(), 1, None)
                }
                _ => None,
            };
        }
        let variables = place.environment.variables();
        let has = |name: &str| variables.iter().any(|(known, value)| known == name && !value.is_empty());
        match refuses {
            Refuses::Nothing | Refuses::Cassandra => None,
            Refuses::Mongo => mongo(has).and_then(|(said, wanted)| told(said, 1, wanted)),
            Refuses::Rabbit => rabbit(has).and_then(|(said, wanted)| told(said, 1, wanted)),
            Refuses::Nacos => nacos(&place.image, has).and_then(|(said, wanted)| told(said, 255, wanted)),
            Refuses::Kafka if has("KAFKA_PORT") => {
                let said = "port is deprecated. Please use KAFKA_ADVERTISED_LISTENERS instead.\n";
                told(said.to_owned(), 1, Wanted::given("KAFKA_PORT"))
            }
            Refuses::Kafka => None,
            Refuses::MySql | Refuses::MariaDb | Refuses::Postgres => {
                let wanted = wanted_of(&place.image, &place.environment)?;
                let is_made = Room { place, disks: self, now }.list(&data_folder(place)).is_some_and(|entries| !entries.is_empty());
                if is_made { None } else { told(complaint(wanted, now), 1, Wanted::missing(wanted)) }
            }
        }
    }
}

/// MongoDB's image wants a name and a password, or neither. docker-entrypoint.sh of docker-library/mongo.
fn mongo(has: impl Fn(&str) -> bool) -> Option<(String, Option<Wanted>)> {
    let [name, password] = ["MONGO_INITDB_ROOT_USERNAME", "MONGO_INITDB_ROOT_PASSWORD"];
    let file = |name: &str| format!("{name}_FILE");
    if let Some(both) = [name, password].into_iter().find(|name| has(name) && has(&file(name))) {
        let said = format!("error: both {both} and {} are set (but are exclusive)\n", file(both));
        return Some((said, Wanted::given(&file(both))));
    }
    let is_given = |name: &str| has(name) || has(&file(name));
    let missing = if is_given(name) { password } else { name };
    let said = || format!("error: missing '{name}' or '{password}'\n       both must be specified for a user to be created\n");
    (is_given(name) != is_given(password)).then(|| (said(), Wanted::missing(missing)))
}

/// Variables that RabbitMQ's image no longer takes. docker-entrypoint.sh of docker-library/rabbitmq.
const RABBIT_OLD: [&str; 15] = [
    "RABBITMQ_DEFAULT_PASS_FILE",
    "RABBITMQ_DEFAULT_USER_FILE",
    "RABBITMQ_MANAGEMENT_SSL_CACERTFILE",
    "RABBITMQ_MANAGEMENT_SSL_CERTFILE",
    "RABBITMQ_MANAGEMENT_SSL_DEPTH",
    "RABBITMQ_MANAGEMENT_SSL_FAIL_IF_NO_PEER_CERT",
    "RABBITMQ_MANAGEMENT_SSL_KEYFILE",
    "RABBITMQ_MANAGEMENT_SSL_VERIFY",
    "RABBITMQ_SSL_CACERTFILE",
    "RABBITMQ_SSL_CERTFILE",
    "RABBITMQ_SSL_DEPTH",
    "RABBITMQ_SSL_FAIL_IF_NO_PEER_CERT",
    "RABBITMQ_SSL_KEYFILE",
    "RABBITMQ_SSL_VERIFY",
    "RABBITMQ_VM_MEMORY_HIGH_WATERMARK",
];

fn rabbit(has: impl Fn(&str) -> bool) -> Option<(String, Option<Wanted>)> {
    let first = *RABBIT_OLD.iter().find(|name| has(name))?;
    let old: String = RABBIT_OLD.iter().filter(|name| has(name)).flat_map(|name| ["error: ", name, " is set but deprecated\n"]).collect();
    Some((old + "error: deprecated environment variables detected\n", Wanted::given(first)))
}

/// What Nacos 3 wants for its tokens, in the order in which it asks. bin/docker-startup.sh of nacos-group/nacos-docker.
const NACOS: [(&str, &str); 3] = [
    ("NACOS_AUTH_TOKEN", "env NACOS_AUTH_TOKEN must be set with Base64 String."),
    ("NACOS_AUTH_IDENTITY_KEY", "env NACOS_AUTH_IDENTITY_KEY must be set."),
    ("NACOS_AUTH_IDENTITY_VALUE", "env NACOS_AUTH_IDENTITY_VALUE must be set."),
];

fn nacos(image: &str, has: impl Fn(&str) -> bool) -> Option<(String, Option<Wanted>)> {
    let (_, tag) = name_and_tag(image);
    let is_old = is_before(image, 3, 0) || !matches!(tag, "" | "latest") && version(image).is_none();
    NACOS.iter().find(|(name, _)| !is_old && !has(name)).map(|(name, said)| (format!("{said}\n"), Wanted::missing(name)))
}
