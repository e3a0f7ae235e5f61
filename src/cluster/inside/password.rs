//! Databases that do not start for want of a password.
//!
//! Models docker-entrypoint.sh of the images mysql, mariadb and postgres: docker_verify_minimum_env.
//! Not modelled: what those print before, and after their first lines about it.

use std::rc::Rc;

use super::disks::Disks;
use super::environment::environment;
use super::manifest::raw_of;
use super::place::Place;
use super::process::Process;
use super::replicated::setup::data_folder;
use super::room::Room;
use api::object::Pod;
use api::object::pod::Container;
use base::time::Time;
use server::tables::Tables;
use shell::Host;

/// The variables of which MySQL wants one, without the beginning of their names, which MariaDB has two of.
const OF_MYSQL: [&str; 5] =
    ["ROOT_PASSWORD", "ALLOW_EMPTY_PASSWORD", "RANDOM_ROOT_PASSWORD", "ROOT_PASSWORD_HASH", "ALLOW_EMPTY_ROOT_PASSWORD"];

/// The variable that a container has to be given before its image's own program makes a database; `None` if nothing is missing.
pub fn wanted(pod: &Pod, container: &Container, tables: &Tables) -> Option<&'static str> {
    let (folder, name) = container.image.rsplit_once('/').unwrap_or(("", &container.image));
    let is_official = folder.is_empty() || folder == "docker.io" || folder.ends_with("library");
    let (wanted, beginnings): (_, &[&str]) = match name.split([':', '@']).next()? {
        "mysql" => ("MYSQL_ROOT_PASSWORD", &["MYSQL_"]),
        "mariadb" => ("MARIADB_ROOT_PASSWORD", &["MARIADB_", "MYSQL_"]),
        "postgres" => ("POSTGRES_PASSWORD", &[]),
        _ => return None,
    };
    let is_it = |name: &str| match beginnings {
        [] => matches!(name, "POSTGRES_PASSWORD" | "POSTGRES_HOST_AUTH_METHOD"),
        _ => beginnings.iter().any(|beginning| name.strip_prefix(beginning).is_some_and(|rest| OF_MYSQL.contains(&rest))),
    };
    let raw = raw_of(pod, container);
    let given = environment(pod, raw, tables);
    let is_given = given.own().iter().any(|(name, value)| !value.is_empty() && is_it(name.strip_suffix("_FILE").unwrap_or(name)));
    (is_official && !is_given && raw.list_at(&["command"]).is_empty()).then_some(wanted)
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

impl Disks {
    /// Ends a container's program at once if it wants a password for the database that it is to make; returns whether it does.
    pub(super) fn misses_password(&mut self, pod: &Pod, container: &Container, place: &Place, tables: &Tables, now: Time) -> bool {
        let mut is_made = |folder: &str| Room { place, disks: self, now }.list(folder).is_some_and(|entries| !entries.is_empty());
        let Some(wanted) = wanted(pod, container, tables).filter(|_| !is_made(&data_folder(place))) else { return false };
        let key = (pod.meta.uid, Rc::clone(&container.name));
        self.log(key.0, &key.1, &complaint(wanted, now), now);
        let mut ends = place.clone();
        ends.command = ["sh", "-c", "exit 1"].map(str::to_owned).to_vec();
        self.mains.insert(key, Process::main(ends, false, false, now));
        true
    }
}
