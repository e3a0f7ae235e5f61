//! What servers print when they begin: whether they found data, and that they are ready.
//!
//! Models docker-entrypoint.sh of docker-library's postgres, mysql and mariadb, and the lines that the servers themselves print last:
//! `server.c` of Redis, `postmaster.c` of PostgreSQL, `mysqld.cc`, and MongoDB's `transport/asio`. Where the words differ between
//! versions, those of the image's tag hold.
//! Not modelled: every other line of theirs, and what they print while they run.

use std::rc::Rc;

use super::apps::{Reached, Speech};
use super::disks::Disks;
use super::own_name;
use super::place::ContainerInfo;
use super::refusals::is_official;
use super::replicated::FILE;
use super::replicated::redis::{Read, setting};
use super::replicated::setup::{data_folder, words};
use super::room::Room;
use super::version::is_before;
use api::object::{Name, Pod, Uid};
use base::image_name::name_and_tag;
use base::time::Time;
use shell::Host;

/// Options by which a server writes its log to a file.
const ELSEWHERE: [&str; 5] = ["logging_collector", "--logpath", "--log-error", "--daemonize", "--sentinel"];

/// What a server found in the folder of its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Nothing,
    Data,
    /// Something that is not simulated may be there.
    Unknown,
}

/// A server that begins.
pub(super) struct Opening {
    image: Name,
    speech: Speech,
    /// Whether it is the first process of its container.
    is_first: bool,
    /// Whether the program of an official image prepared it.
    by_entrypoint: bool,
    found: Found,
    /// Whether it keeps a file that it only appends to.
    appends: bool,
    /// Whether it copies another.
    follows: bool,
    port: i64,
}

/// Whether a server is told to log to a file, or to log less than its beginning.
fn logs_elsewhere(place: &ContainerInfo, read: &Read) -> bool {
    let is_told = words(place).any(|word| ELSEWHERE.contains(&word.split('=').next().unwrap_or(word)));
    let is_file = |file: String| !file.is_empty() && file != "/dev/stdout";
    let of_redis = || {
        setting(place, read, "logfile").is_some_and(is_file)
            || setting(place, read, "loglevel").is_some_and(|level| matches!(&*level, "warning" | "nothing"))
    };
    let of_mongo = || words(place).filter_map(read).any(|text| text.contains("systemLog") && text.contains("path:"));
    is_told
        || match place.app().speech {
            Speech::Redis => of_redis(),
            Speech::Mongo => of_mongo(),
            _ => false,
        }
}

impl Disks {
    /// How a server begins, as far as that is known before it runs; `None` if nothing is known of what it prints.
    pub(super) fn opening(&mut self, key: &(Uid, Name), pod: &Pod, place: &ContainerInfo, server: &Reached, now: Time) -> Option<Opening> {
        let speech = place.app().speech;
        if speech == Speech::None || server.is_supposed || self.quiet.contains(key) {
            return None;
        }
        let main = self.mains.get(key);
        let (is_first, mut is_unsure) = (main.is_none_or(|main| main.gave_way()), main.is_some_and(|main| main.follows_others()));
        is_unsure |= self.comes_after_others(pod, &key.1);
        let room = Room { place, disks: self, now };
        let read = |path: &str| room.read(path).ok();
        if logs_elsewhere(place, &read) {
            return None;
        }
        let folder = data_folder(place);
        let is_empty = room.list(&folder).is_none_or(|entries| entries.is_empty());
        let found = match [FILE, own_name::FILE].into_iter().any(|file| read(&format!("{folder}/{file}")).is_some()) {
            true => Found::Data,
            false if is_empty && !is_unsure => Found::Nothing,
            false => Found::Unknown,
        };
        let appends = speech == Speech::Redis && setting(place, &read, "appendonly").is_some_and(|value| value == "yes");
        let by_entrypoint = server.by_entrypoint && is_official(&place.image);
        Some(Opening { image: Rc::clone(&place.image), speech, is_first, by_entrypoint, found, appends, follows: false, port: place.port })
    }

    /// A server has begun: its log tells so.
    pub(super) fn opens(&mut self, key: &(Uid, Name), opening: Option<Opening>, now: Time) {
        let Some(opening) = opening else { return };
        let said = Opening { follows: self.replicated.is_copy(key), ..opening }.said(now);
        self.log(key.0, &key.1, &said, now);
    }
}

impl Opening {
    /// What it prints.
    fn said(&self, now: Time) -> String {
        let before = |major, minor| is_before(&self.image, major, minor);
        let millis = now.date("%N")[..3].to_owned();
        match self.speech {
            Speech::None => String::new(),
            Speech::Redis => {
                let letter = if self.follows { 'S' } else { 'M' };
                let head = format!("{}:{letter} {}.{millis} *", self.number(), now.date("%d %b %Y %T"));
                let loaded = if self.appends { "DB loaded from append only file" } else { "DB loaded from disk" };
                let loads = if self.found == Found::Data { format!("{head} {loaded}: 0.000 seconds\n") } else { String::new() };
                let by = if before(7, 2) { "" } else { " tcp" };
                format!("{loads}{head} Ready to accept connections{by}\n")
            }
            Speech::Postgres => {
                let prepared = match self.found {
                    Found::Nothing if !self.follows => "\nPostgreSQL init process complete; ready for start up.\n\n",
                    Found::Data => "\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n\n",
                    _ => "",
                };
                let reads = match self.follows {
                    true if before(14, 0) => "read only ",
                    true => "read-only ",
                    false => "",
                };
                let (at, number) = (now.date("%F %T"), self.number());
                let ready = format!("{at}.{millis} UTC [{number}] LOG:  database system is ready to accept {reads}connections\n");
                self.prepared(prepared) + &ready
            }
            Speech::MySql => {
                let done = self.notes("MySQL", now);
                if before(8, 0) {
                    return format!("{done}{}.{millis}000Z 0 [Note] mysqld: ready for connections.\n", now.date("%FT%T"));
                }
                let (port, at) = (self.port, now.date("%FT%T"));
                let version = self.whole_version().map_or(String::new(), |version| {
                    format!(" Version: '{version}'  socket: '/var/run/mysqld/mysqld.sock'  port: {port}  MySQL Community Server - GPL.")
                });
                format!("{done}{at}.{millis}000Z 0 [System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections.{version}\n")
            }
            Speech::MariaDb => {
                let program = if before(10, 6) { "mysqld" } else { "mariadbd" };
                let hour = now.date("%H").trim_start_matches('0').to_owned();
                let hour = if hour.is_empty() { "0" } else { &hour };
                let at = format!("{} {hour:>2}:{}", now.date("%F"), now.date("%M:%S"));
                format!("{}{at} 0 [Note] {program}: ready for connections.\n", self.notes("MariaDB", now))
            }
            Speech::Mongo if before(4, 4) => {
                let (at, port) = (now.date("%FT%T"), self.port);
                format!("{at}.{millis}+0000 I NETWORK  [initandlisten] waiting for connections on port {port}\n")
            }
            Speech::Mongo => format!(
                "{{\"t\":{{\"$date\":\"{}.{millis}+00:00\"}},\"s\":\"I\",  \"c\":\"NETWORK\",  \"id\":23016,   \"ctx\":\"listener\",\
                 \"msg\":\"Waiting for connections\",\"attr\":{{\"port\":{},\"ssl\":\"off\"}}}}\n",
                now.date("%FT%T"),
                self.port
            ),
        }
    }

    /// Its number among the processes of its container. A shell above it gives the first one that it begins the next number.
    fn number(&self) -> u8 {
        if self.is_first { 1 } else { 2 }
    }

    /// What the image's own program prints, if that prepared the server.
    fn prepared(&self, said: &str) -> String {
        if self.by_entrypoint { said.to_owned() } else { String::new() }
    }

    /// What the programs of both images say in the same words: nothing where a database is there.
    fn notes(&self, of: &str, now: Time) -> String {
        let head = format!("{}+00:00 [Note] [Entrypoint]:", now.date("%F %T"));
        let is_new = self.found == Found::Nothing && !self.follows;
        let said = format!("{head} Initializing database files\n\n{head} {of} init process done. Ready for start up.\n\n");
        self.prepared(if is_new { &said } else { "" })
    }

    /// The version in an image's tag, if that has all three numbers.
    fn whole_version(&self) -> Option<&str> {
        let (_, tag) = name_and_tag(&self.image);
        let version = tag.split('-').next()?;
        (version.split('.').count() == 3 && version.split('.').all(|part| part.parse::<u32>().is_ok())).then_some(version)
    }
}
