//! Servers that do not start: for want of a variable or because of one, because root runs them, on data of another version, or because a
//! setting names no host.
//!
//! What is checked, and what is said then, is in the table of images ([`crate::programs`]). Models docker-entrypoint.sh of the images
//! mysql, mariadb and postgres: docker_verify_minimum_env. MySQL's image has a `user` in its configuration, and so does not refuse root.
//! Not modelled: what those print before, and after their first lines about it. Nor are these: what Kafka wants for KRaft; that
//! CockroachDB waits for `cockroach init` and wants certificates. Nor that a server which is run directly makes no database.

use super::apps::Reached;
use super::disks::Disks;
use super::environment::{Environment, environment, references};
use super::manifest::raw_of;
use super::place::ContainerInfo;
use super::replicated::setup::data_folder;
use super::room::Room;
use super::version::{is_before, version};
use crate::programs::{App, Check, Refuses, app_of, filled, is_never_read, is_official, major, program_of};
use api::object::pod::Container;
use api::object::{Name, Pod};
use base::image_name::name_and_tag;
use base::note::Note;
use base::time::Time;
use server::tables::Tables;
use shell::Host;
use std::rc::Rc;

/// The variable that a container has to be given before its image's own program makes a database; `None` if nothing is missing.
pub fn wanted(pod: &Pod, container: &Container, tables: &Tables) -> Option<&'static str> {
    let raw = raw_of(pod, container);
    let given = environment(pod, raw, tables);
    wanted_of(&container.image, &given).filter(|_| raw.list_at(&["command"]).is_empty())
}

/// What is checked before an image's server starts; of images that others built under the same name, only what all of them check.
fn checks(image: &str) -> &'static [Refuses] {
    let app = app_of(image);
    if (app.checks_anyones || is_official(image)) && !is_too_old(image, app) { (app.refuses)() } else { &[] }
}

/// Whether an image is of a version that checks nothing yet, or of one that its tag does not tell.
fn is_too_old(image: &str, app: &App) -> bool {
    let (major, minor) = app.checks_since;
    let (_, tag) = name_and_tag(image);
    major > 0 && (is_before(image, major, minor) || !matches!(tag, "" | "latest") && version(image).is_none())
}

/// The variable that an image's own program wants and that is not given.
fn wanted_of(image: &str, given: &Environment) -> Option<&'static str> {
    let given = given.own().iter().filter(|(_, value)| !value.is_empty());
    missing(image, &given.map(|(name, _)| name.strip_suffix("_FILE").unwrap_or(name).to_owned()).collect::<Vec<_>>())
}

/// The variable that an image's own program wants and that is not among these, which have no `_FILE` at their ends.
pub fn missing(image: &str, given: &[String]) -> Option<&'static str> {
    let row = checks(image).iter().find(|row| row.check == Check::Without)?;
    let is_given = given.iter().any(|name| row.of.contains(&name.as_str()));
    row.of.first().copied().filter(|_| !is_given)
}

/// The variable for which a server does not start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub variable: Name,
    pub wish: Wish,
}

/// What a server wishes of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// The container lacks it.
    Given,
    /// The container has it.
    Gone,
    /// It names a host by a reference that nothing fills.
    Filled,
}

/// Words of settings that name a host.
const HOSTS: [&str; 6] = ["address", "advertise", "host", "nodename", "peers", "seeds"];

/// Whether a setting names a host, by a reference that stays as it is written.
fn is_unfilled(setting: &str, value: &str) -> bool {
    let setting = setting.to_ascii_lowercase();
    HOSTS.iter().any(|word| setting.contains(word)) && references(value).next().is_some()
}

/// Whether a variable is one of a program's own.
fn is_of(program: &str, variable: &str) -> bool {
    variable.to_ascii_lowercase().strip_prefix(program).is_some_and(|rest| rest.starts_with('_'))
}

/// A variable or an option of a server that names a host, and in which a reference stays as it is written.
fn unfilled(place: &ContainerInfo, server: &Reached) -> Option<Name> {
    let program = program_of(&place.image)?.name;
    let mut variables = place.environment.own().iter().filter(|(name, _)| is_of(program, name));
    let mut options = server.words.iter().filter_map(|word| word.split_once('=')).filter(|(option, _)| option.starts_with('-'));
    let variable = variables.find(|(name, value)| is_unfilled(name, value)).map(|(name, _)| name.as_str());
    let option = || options.find(|(option, value)| is_unfilled(option, &place.environment.expand(value))).map(|(option, _)| option);
    variable.or_else(option).map(Name::from)
}

/// Whether an image looks for its data at another place than the one that wrote them: its words are others then.
fn is_moved(place: &ContainerInfo, old: u64, new: u64) -> bool {
    let moved = program_of(&place.image).map_or(0, |program| u64::from(program.moved));
    let is_told = place.environment.own().iter().any(|(name, _)| name == "PGDATA");
    (old + 1..=new).contains(&moved) && !is_told
}

/// How a server ends that does not start.
pub(super) struct Refusal {
    pub said: String,
    pub code: i32,
    /// What it is about, where that is a variable.
    pub wanted: Option<Wanted>,
}

/// The variables of a container.
struct Given(Vec<(String, String)>);

impl Given {
    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, value)| known == name && !value.is_empty())
    }

    /// Whether it has a variable itself, or a file with its value.
    fn has_any(&self, name: &str) -> bool {
        self.has(name) || self.has(&format!("{name}_FILE"))
    }

    /// What is said of these variables.
    fn told(&self, row: &Refuses, now: Time) -> String {
        let given = || row.of.iter().filter(|name| self.has(name));
        let mut said = String::new();
        for line in row.says.split_inclusive('\n') {
            if line.contains("{each}") {
                said.extend(given().map(|name| line.replace("{each}", name)));
            } else {
                said.push_str(line);
            }
        }
        now.date(&said)
    }
}

impl Disks {
    /// How an image's server ends that does not start as it is run; `None` if it starts.
    pub(super) fn refusal(&mut self, place: &ContainerInfo, server: &Reached, now: Time) -> Option<Refusal> {
        if let Some(refusal) = self.unreadable(place, now) {
            return Some(refusal);
        }
        if let Some(variable) = unfilled(place, server) {
            let said = format!("{}\n", Note::NotFilled(place.image.to_string(), variable.to_string()));
            return Some(Refusal { said, code: place.app().checks_code, wanted: Some(Wanted { variable, wish: Wish::Filled }) });
        }
        let rows = checks(&place.image);
        rows.first()?;
        let given = Given(place.environment.variables());
        let (row, name) = rows.iter().find_map(|row| Some((row, self.fails(row, &given, place, server, now)?)))?;
        let wish = if matches!(row.check, Check::Given | Check::Both) { Wish::Gone } else { Wish::Given };
        let wanted = (!name.is_empty()).then(|| Wanted { variable: name.into(), wish });
        Some(Refusal { said: given.told(row, now), code: place.app().checks_code, wanted })
    }

    /// How a server ends on data of a major version that it does not read; `None` if it reads them, or there are none.
    fn unreadable(&mut self, place: &ContainerInfo, now: Time) -> Option<Refusal> {
        let (own, room) = (&place.image, Room { place, disks: self, now });
        let wrote = Rc::clone(&room.database()?.image);
        if !is_never_read(&wrote, own) {
            return None;
        }
        let row = (place.app().refuses)().iter().find(|row| row.check == Check::OtherMajor);
        let said = match (row, major(&wrote), major(own)) {
            (Some(row), Some(old), Some(new)) if !is_moved(place, old, new) => {
                let given = [("wrote", old.to_string()), ("reads", new.to_string()), ("ms", now.date("%N")[..3].to_owned())];
                filled(&now.date(row.says), &given.each_ref().map(|(name, value)| (*name, &**value)))
            }
            _ => format!("{}\n", Note::OtherMajor(own.to_string(), wrote.to_string())),
        };
        Some(Refusal { said, code: place.app().checks_code, wanted: None })
    }

    /// The variable for which a server fails a check, empty if that is about none; `None` if it does not fail.
    fn fails(&mut self, row: &Refuses, given: &Given, place: &ContainerInfo, server: &Reached, now: Time) -> Option<&'static str> {
        if server.by_entrypoint == (row.check == Check::Root) {
            return None;
        }
        match (row.check, row.of) {
            (Check::Root, options) => {
                let is_root = place.user.is_root() && !server.as_another;
                (is_root && !server.words.iter().any(|word| options.contains(&word.as_str()))).then_some("")
            }
            (Check::Without, _) => {
                let wanted = wanted_of(&place.image, &place.environment)?;
                let room = Room { place, disks: self, now };
                let is_made = room.database().is_some() || room.list(&data_folder(place)).is_some_and(|entries| !entries.is_empty());
                (!is_made).then_some(wanted)
            }
            (Check::Half, [one, other]) if given.has_any(one) != given.has_any(other) => Some(if given.has_any(one) { other } else { one }),
            (Check::Lacks, [one]) if !given.has(one) => Some(one),
            (Check::Given, all) => all.iter().copied().find(|name| given.has(name)),
            (Check::Both, [one, other]) if given.has(one) && given.has(other) => Some(other),
            _ => None,
        }
    }
}
