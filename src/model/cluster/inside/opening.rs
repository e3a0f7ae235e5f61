//! What servers print when they begin: whether they found data, and that they are ready.
//!
//! The lines are in the table of images ([`crate::programs`]). They model docker-entrypoint.sh of docker-library's postgres, mysql and
//! mariadb, and what the servers themselves print last: `server.c` of Redis, `postmaster.c` of PostgreSQL, `mysqld.cc`, and MongoDB's
//! `transport/asio`. Where the words differ between versions, those of the image's tag hold.
//! Not modelled: every other line of theirs, and what they print while they run.

use std::rc::Rc;

use super::apps::Reached;
use super::disks::Disks;
use super::own_name;
use super::place::ContainerInfo;
use super::replicated::FILE;
use super::replicated::redis::{Read, setting};
use super::replicated::setup::{data_folder, words};
use super::room::Room;
use super::version::is_before;
use crate::programs::is_official;
use crate::programs::{Opens, Settings, When, filled};
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
    lines: &'static [Opens],
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
        || match place.app().settings {
            Settings::Redis => of_redis(),
            Settings::Mongo => of_mongo(),
            Settings::Unknown => false,
        }
}

impl Disks {
    /// How a server begins, as far as that is known before it runs; `None` if nothing is known of what it prints.
    pub(super) fn opening(&mut self, key: &(Uid, Name), pod: &Pod, place: &ContainerInfo, server: &Reached, now: Time) -> Option<Opening> {
        let app = place.app();
        if (app.opens)().is_empty() || server.is_supposed || self.quiet.contains(key) {
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
        let has_file = || [FILE, own_name::FILE].into_iter().any(|file| read(&format!("{folder}/{file}")).is_some());
        let found = match room.database().is_some() || has_file() {
            true => Found::Data,
            false if is_empty && !is_unsure => Found::Nothing,
            false => Found::Unknown,
        };
        let appends = app.settings == Settings::Redis && setting(place, &read, "appendonly").is_some_and(|value| value == "yes");
        let by_entrypoint = server.by_entrypoint && is_official(&place.image);
        let (image, lines) = (Rc::clone(&place.image), (app.opens)());
        Some(Opening { image, lines, is_first, by_entrypoint, found, appends, follows: false, port: place.port })
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
        let (port, pid) = (self.port.to_string(), if self.is_first { "1" } else { "2" });
        let given = [
            // A shell above it gives the first one that it begins the next number.
            ("pid", pid),
            ("role", if self.follows { "S" } else { "M" }),
            ("ms", &now.date("%N")[..3]),
            ("hour", &format!("{:>2}", now.date("%H").parse::<u8>().unwrap_or_default())),
            ("port", &port),
            ("version", self.whole_version().unwrap_or_default()),
        ];
        let lines = self.lines.iter().filter(|line| line.when.iter().all(|(holds, when)| self.is(*when) == *holds));
        lines.map(|line| filled(&now.date(line.says), &given)).collect()
    }

    /// Whether a condition of its lines holds.
    fn is(&self, when: When) -> bool {
        match when {
            When::New => self.found == Found::Nothing && !self.follows,
            When::Data => self.found == Found::Data,
            When::Follows => self.follows,
            When::Prepared => self.by_entrypoint,
            When::Appends => self.appends,
            When::Whole => self.whole_version().is_some(),
            When::Since(major, minor) => !is_before(&self.image, major, minor),
        }
    }

    /// The version in an image's tag, if that has all three numbers.
    fn whole_version(&self) -> Option<&str> {
        let (_, tag) = name_and_tag(&self.image);
        let version = tag.split('-').next()?;
        (version.split('.').count() == 3 && version.split('.').all(|part| part.parse::<u32>().is_ok())).then_some(version)
    }
}
