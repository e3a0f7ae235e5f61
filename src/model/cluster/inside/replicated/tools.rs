//! The clients that come with replicated applications: `zkCli.sh`, `redis-cli`, `etcdctl`, and, in `mysql`, those of MySQL.
//!
//! Promises: a program's own output only where the model knows it; anything else is reported as not simulated.
//! Must not know: which image has which of them; that is in [`crate::programs`].
//! Not modelled: keys with spaces, multi-line values, whatever else these programs can do.

use std::rc::Rc;

use super::redis::{Given, WITH_PASSWORD, master, setting};
use super::{Member, Replicated, Role, log::Entry, mysql};
use crate::inside::context::ProgramContext;
use crate::inside::disks::Disks;
use crate::inside::http::{LOCALHOST, Refusal, open, route};
use crate::inside::mongo;
use crate::inside::place::ContainerInfo;
use crate::inside::ran::Ran;
use crate::inside::requests::{Call, Outcome, Party};
use crate::inside::room::Room;
use crate::programs::Client;
use api::object::{Name, Pod, Uid};
use base::note::Note;
use shell::Host;

/// The output of `zkCli.sh` once it is connected.
const ZK_CONNECTED: &str = "\nWATCHER::\n\nWatchedEvent state:SyncConnected type:None path:null\n";
/// The first lines of `zkServer.sh`.
const ZK_HEAD: &str = "ZooKeeper JMX enabled by default\nUsing config: /opt/zookeeper/bin/../conf/zoo.cfg\n";

impl Replicated {
    /// Whether a member listens at a port of a pod.
    fn has_member(&self, pod: &Pod, port: i64) -> bool {
        let member = self.member_of(pod.meta.uid);
        member.is_some_and(|member| member.place.port == port)
    }
}

/// A client's connection.
pub(super) struct Connection<'a> {
    by: Party,
    /// The host as it was given.
    pub(super) host: Option<&'a str>,
    pub(super) port: i64,
    /// The Service whose address led on.
    service: Option<Name>,
    /// The process that answers, by its pod.
    reached: Result<Uid, Refusal>,
    /// Whether what was said on it is among the requests.
    is_told: bool,
}

impl<'a> Connection<'a> {
    /// Connects to a host and port, or without a host to the container itself. `None` if what listens there is no member.
    fn open(host: Option<&'a str>, port: i64, place: &ContainerInfo, around: &mut ProgramContext) -> Option<Connection<'a>> {
        let mut made = Connection { by: Party::of(Some(place)), host, port, service: None, reached: Ok(place.uid), is_told: false };
        let (tables, disks, now) = (around.tables, &mut *around.disks, around.now);
        let name = host.unwrap_or("localhost");
        made.reached = match name {
            "localhost" | "127.0.0.1" if disks.replicated.member_of(place.uid).is_some() => Ok(place.uid),
            "localhost" | "127.0.0.1" => Err(Refusal::Refused(LOCALHOST)),
            _ => match route(Some(place), (name, port), &mut made.service, tables, disks, now) {
                Ok((pod, _, port)) if disks.replicated.has_member(pod, port) => Ok(pod.meta.uid),
                Ok((pod, ip, port)) => Err(open(pod, (ip, port), disks, now).err().unwrap_or(Refusal::Unknown(ip))),
                Err(refusal) => Err(refusal),
            },
        };
        if let Err(refusal) = made.reached {
            let call = Call::wordless(&made.by, name, made.service.clone(), refusal.ip(), refusal.into(), tables);
            disks.requests.take_call(now, made.by.clone(), call);
        }
        (!matches!(made.reached, Err(Refusal::Unknown(_)))).then_some(made)
    }

    /// The member that answers.
    pub(super) fn member<'b>(&self, around: &'b ProgramContext) -> Result<&'b Member, Refusal> {
        let refused = Refusal::Refused(LOCALHOST);
        self.reached.and_then(|uid| around.disks.replicated.member_of(uid).ok_or(refused))
    }

    /// Takes down what came of a request on it.
    pub(super) fn tell(&mut self, outcome: Outcome, around: &mut ProgramContext) {
        let Ok(member) = self.member(around) else { return };
        let (place, host) = (Rc::clone(&member.place), self.host.unwrap_or("localhost"));
        let ip = if place.uid == around.place.map_or(place.uid, |own| own.uid) { Some(LOCALHOST) } else { place.ip };
        let call =
            Call { host: host.into(), service: self.service.clone(), ip, server: Some(Party::of(Some(&place))), disk: None, outcome };
        around.disks.requests.take_call(around.now, self.by.clone(), call);
        self.is_told = true;
    }

    /// Writes through the member, which forwards to its leader if need be; returns whether the write is acknowledged.
    pub(super) fn write(&mut self, text: &str, around: &mut ProgramContext) -> bool {
        let Ok(uid) = self.reached else { return false };
        let (by, now) = (self.by.clone(), around.now);
        let done = around.disks.with_replicated(|replicated, disks| {
            let Some(member) = replicated.member_of(uid) else { return false };
            let (group, side) = (member.group.clone(), replicated.side(member));
            let leader = match member.role() {
                Role::Follower => member.follows,
                role => role.leads().then_some(uid),
            };
            let key = replicated.keys(&group).into_iter().find(|key| Some(key.0) == leader);
            let key = key.filter(|key| replicated.side(&replicated.members[key]) == side);
            let done = key.is_some_and(|key| replicated.write_to((by, self.service.clone()), &key, text, disks, now));
            if !done {
                replicated.ledger_mut(&group).refused += 1;
            }
            done
        });
        self.is_told |= done;
        if !done {
            self.tell(Outcome::Refused, around);
        }
        done
    }
}

/// Runs a client program that the container's image has; `None` for words of it that are not simulated and that no image lacks.
pub fn run(client: Client, words: &[String], input: &str, around: &mut ProgramContext) -> Option<Ran> {
    let (args, place): (Vec<&str>, _) = (words.iter().map(String::as_str).collect(), around.place?);
    if client == Client::Mongo {
        return mongo::shell(words, place, around);
    }
    let takes_host = matches!(client, Client::MySqlAdmin | Client::MySql | Client::PgIsReady | Client::Redis);
    let host = split_options(&args, &[]).0.filter(|_| takes_host);
    let given = args.windows(2).find(|pair| matches!(pair[0], "-p" | "-P" | "--port")).and_then(|pair| pair[1].parse().ok());
    let port = given.unwrap_or(place.app().port);
    // What listens there may be the same program under another name.
    let Some(mut server) = Connection::open(host, port, place, around) else {
        return Some(Ran::note(Note::Listens(format!("{}:{port}", host.unwrap_or_default()))));
    };
    let ran = said(client, &args, input, &mut server, around);
    if !server.is_told {
        let answers = matches!(client, Client::Redis | Client::MySql | Client::Etcd | Client::Consul) && !ran.out.trim().is_empty();
        server.tell(if answers { Outcome::of_text(&ran.out) } else { Outcome::Accepted }, around);
    }
    Some(ran)
}

/// What such a program does on its connection.
fn said(client: Client, args: &[&str], input: &str, server: &mut Connection, around: &mut ProgramContext) -> Ran {
    match client {
        Client::Ready => server.member(around).map_or(Ran::failed(1, ""), |_| Ran::default()),
        Client::ZkServer => zk_server(args, server, around),
        Client::ZkCli => zk_client(args, server, around),
        Client::MySqlAdmin => mysql::admin(args, server, around),
        Client::MySql => mysql::client(args, input, server, around),
        Client::PgIsReady => pg_is_ready(args, server, around),
        Client::Redis => redis(args, server, around),
        Client::Etcd => keys("etcdctl", args, server, around, |_| "OK\n".to_owned(), |key, value| format!("{key}\n{value}\n")),
        Client::Consul if args.first() == Some(&"kv") => {
            let written = |key: &str| format!("Success! Data written to: {key}\n");
            keys("consul kv", &args[1..], server, around, written, |_, value| format!("{value}\n"))
        }
        Client::Consul | Client::Mongo => no_command("consul"),
    }
}

/// Reports a command that such a program has but the model lacks.
pub(super) fn no_command(program: &str) -> Ran {
    Ran::note(Note::Command(program.to_owned()))
}

/// Writes a key's value through a member; returns whether it is acknowledged. The log has both on one line, separated by a space.
fn put(server: &mut Connection, key: &str, value: &str, around: &mut ProgramContext) -> Result<bool, Ran> {
    if key.is_empty() || key.contains(char::is_whitespace) || value.contains('\n') {
        return Err(Ran::note(Note::SpacedKey));
    }
    Ok(server.write(&format!("{key} {value}"), around))
}

/// The latest write to a key, and its value.
fn value<'a>(log: &'a [Entry], key: &str) -> Option<(&'a Entry, &'a str)> {
    log.iter().rev().find_map(|entry| Some((entry, entry.text.strip_prefix(key)?.strip_prefix(' ')?)))
}

fn zk_server(args: &[&str], server: &Connection, around: &mut ProgramContext) -> Ran {
    if args != ["status"] {
        return no_command("zkServer.sh");
    }
    let member = server.member(around).ok();
    let word = match member.map(Member::role) {
        Some(Role::Leader) if member.is_some_and(|member| member.voters() == 1) => "standalone",
        Some(Role::Leader) => "leader",
        Some(Role::Follower) => "follower",
        _ => return Ran::failed(1, format!("{ZK_HEAD}Error contacting service. It is probably not running.\n")),
    };
    Ran { out: format!("Mode: {word}\n"), err: ZK_HEAD.to_owned(), ..Ran::default() }
}

fn zk_client(args: &[&str], server: &mut Connection, around: &mut ProgramContext) -> Ran {
    let args: Vec<&str> = args.iter().copied().skip_while(|word| word.starts_with('-')).collect();
    let Ok(member) = server.member(around) else { return Ran::note(Note::OutsideMember("zkCli.sh".to_owned())) };
    if member.role() == Role::Alone {
        return Ran::failed(1, "KeeperErrorCode = ConnectionLoss\n");
    }
    match args.as_slice() {
        ["create" | "set", key, rest @ ..] => {
            let is_there = value(member.log(), key).is_some();
            if is_there == (args[0] == "create") {
                let why = if is_there { "Node already exists" } else { "Node does not exist" };
                return Ran { out: ZK_CONNECTED.to_owned(), err: format!("{why}: {key}\n"), code: 1, note: None };
            }
            match put(server, key, &rest.join(" "), around) {
                Err(ran) => ran,
                Ok(false) => Ran::failed(1, format!("KeeperErrorCode = ConnectionLoss for {key}\n")),
                Ok(true) if is_there => Ran::out(ZK_CONNECTED),
                Ok(true) => Ran::out(format!("{ZK_CONNECTED}Created {key}\n")),
            }
        }
        ["get", key] => {
            let Some((latest, text)) = value(member.log(), key) else {
                return Ran { out: ZK_CONNECTED.to_owned(), err: format!("Node does not exist: {key}\n"), code: 1, note: None };
            };
            let of_key = |entry: &&Entry| entry.text.strip_prefix(key).is_some_and(|rest| rest.starts_with(' '));
            let (first, versions) = (member.log().iter().find(of_key).unwrap_or(latest), member.log().iter().filter(of_key).count());
            let id = |entry: &Entry| format!("{:#x}", (u64::from(entry.mark.epoch) << 32) | u64::from(entry.mark.number));
            let date = |entry: &Entry| entry.at.date("%a %b %d %T UTC %Y");
            let mut out = format!("{ZK_CONNECTED}{text}\n");
            for (field, value) in [
                ("cZxid", id(first)),
                ("ctime", date(first)),
                ("mZxid", id(latest)),
                ("mtime", date(latest)),
                ("pZxid", id(first)),
                ("cversion", "0".to_owned()),
                ("dataVersion", (versions - 1).to_string()),
                ("aclVersion", "0".to_owned()),
                ("ephemeralOwner", "0x0".to_owned()),
                ("dataLength", text.len().to_string()),
                ("numChildren", "0".to_owned()),
            ] {
                out.push_str(field);
                out.push_str(" = ");
                out.push_str(&value);
                out.push('\n');
            }
            Ran::out(out)
        }
        _ => no_command("zkCli.sh"),
    }
}

/// Has a server end as it does on SIGTERM. One below a script is none of a container's first process, and what follows is not simulated.
pub(super) fn shut_down(program: &str, place: &ContainerInfo, disks: &mut Disks) -> Ran {
    if disks.main(place.uid, &place.container).is_some_and(|main| !main.gave_way()) {
        return no_command(program);
    }
    disks.told_to_end.push((Rc::clone(&place.node), place.uid, Rc::clone(&place.container)));
    Ran::default()
}

/// In our own words, instead of a key-value store's error, which depends on how long its client waited.
fn no_leader() -> Ran {
    Ran::note(Note::NoLeader)
}

/// A key-value store whose client has `put` and `get`: `written` and `found` format what it prints.
fn keys(
    program: &str,
    args: &[&str],
    server: &mut Connection,
    around: &mut ProgramContext,
    written: fn(&str) -> String,
    found: fn(&str, &str) -> String,
) -> Ran {
    let Ok(member) = server.member(around) else { return Ran::note(Note::OutsideMember(program.to_owned())) };
    let alone = member.role() == Role::Alone;
    match args {
        ["put" | "get", ..] if alone => no_leader(),
        ["put", key, rest @ ..] => match put(server, key, &rest.join(" "), around) {
            Err(ran) => ran,
            Ok(true) => Ran::out(written(key)),
            Ok(false) => no_leader(),
        },
        ["get", key] => value(member.log(), key).map_or(Ran::default(), |(_, value)| Ran::out(found(key, value))),
        _ => no_command(program),
    }
}

/// The value of `-h` or `--host`, and the words that are not options. Options in `takes` have a value.
pub(super) fn split_options<'a>(args: &[&'a str], takes: &[&str]) -> (Option<&'a str>, Vec<&'a str>) {
    let (mut host, mut rest, mut words) = (None, Vec::new(), args.iter().copied());
    while let Some(word) = words.next() {
        match word {
            "-h" | "--host" => host = words.next(),
            word if takes.contains(&word) => drop(words.next()),
            word if word.starts_with("--host=") => host = word.strip_prefix("--host="),
            word if word.starts_with("-h") => host = word.strip_prefix("-h"),
            word if word.starts_with('-') && rest.is_empty() => {}
            word => rest.push(word),
        }
    }
    (host, rest)
}

fn pg_is_ready(args: &[&str], server: &Connection, around: &mut ProgramContext) -> Ran {
    let (host, port) = (server.host, server.port);
    let (found, code) = if server.member(around).is_ok() { ("accepting connections", 0) } else { ("no response", 2) };
    let is_quiet = args.iter().any(|word| matches!(*word, "-q" | "--quiet"));
    let out = if is_quiet { String::new() } else { format!("{}:{port} - {found}\n", host.unwrap_or("/var/run/postgresql")) };
    Ran { out, code, ..Ran::default() }
}

/// What Redis says to ROLE: whom it leads, or whom it follows, and how far that is. Models redis-cli's raw output of src/replication.c
/// roleCommand.
fn role_of_redis(uid: Uid, disks: &Disks) -> String {
    let Some(member) = disks.replicated().member_of(uid) else { return String::new() };
    let line = |of: &Member| of.place().ip.map_or(String::new(), |ip| format!("{ip}\n{}\n", of.place().port));
    let written = |of: &Member| of.log().len();
    let all = || disks.replicated().members.values();
    if member.role().leads() {
        let copies: String = all().filter(|copy| copy.follows(member)).map(|copy| line(copy) + &format!("{}\n", written(copy))).collect();
        return format!("master\n{}\n{}", written(member), if copies.is_empty() { "\n" } else { &copies });
    }
    let leader = all().find(|leader| member.follows == Some(leader.place().uid));
    let link = if member.role() == Role::Replica { "connected" } else { "connect" };
    format!("slave\n{}{link}\n{}\n", leader.map_or_else(|| "\n0\n".to_owned(), line), written(member))
}

/// What Redis says to INFO: whom it leads, or whom it is told to follow. Models the section of `server.c` genRedisInfoString.
fn replication_of_redis(uid: Uid, around: &mut ProgramContext) -> String {
    let Some(member) = around.disks.replicated.member_of(uid) else { return String::new() };
    let (place, role, leads) = (Rc::clone(&member.place), member.role(), member.role().leads());
    let all = around.disks.replicated.members.values();
    if leads {
        let copies = all.filter(|m| m.follows == Some(uid) && m.role() == Role::Replica).count();
        return format!("# Replication\nrole:master\nconnected_slaves:{copies}\n");
    }
    let leader = all.into_iter().find(|leader| member.follows == Some(leader.place().uid));
    let found = leader.and_then(|leader| Some([leader.place().ip?.to_string(), leader.place().port.to_string()]));
    let room = Room { place: &place, disks: around.disks, now: around.now };
    let told = master(&place, &|path| room.read(path).ok()).or(found);
    let master = told.map_or(String::new(), |[host, port]| format!("master_host:{host}\nmaster_port:{port}\n"));
    let link = if role == Role::Replica { "up" } else { "down" };
    format!("# Replication\nrole:slave\n{master}master_link_status:{link}\n")
}

/// `redis-cli`, once the server has looked at its password.
fn redis(args: &[&str], server: &mut Connection, around: &mut ProgramContext) -> Ran {
    let given = Given::read(args, around.variable);
    let (_, words) = split_options(args, &[&["-p", "-n"][..], &WITH_PASSWORD].concat());
    let (host, port) = (server.host, server.port);
    let member = match server.member(around) {
        Ok(member) => member,
        Err(refusal) => {
            let why = match refusal {
                Refusal::NoSuchName => "Name or service not known",
                Refusal::Refused(_) => "Connection refused",
                _ => "No route to host",
            };
            return Ran::failed(1, format!("Could not connect to Redis at {}:{port}: {why}\n", host.unwrap_or("127.0.0.1")));
        }
    };
    let place = Rc::clone(&member.place);
    let room = Room { place: &place, disks: around.disks, now: around.now };
    let wanted = setting(&place, &|path| room.read(path).ok(), "requirepass");
    let (warned, is_let_in) = given.tried(wanted.as_deref());
    let ran = if is_let_in { redis_command(&words, &place, server, around) } else { Ran::out("NOAUTH Authentication required.\n\n") };
    Ran { err: warned + &ran.err, ..ran }
}

fn redis_command(words: &[&str], place: &ContainerInfo, server: &mut Connection, around: &mut ProgramContext) -> Ran {
    let uid = place.uid;
    let Some(member) = around.disks.replicated.member_of(uid) else { return Ran::default() };
    let role = member.role();
    let verb = words.first().map_or(String::new(), |word| word.to_ascii_uppercase());
    match (verb.as_str(), &words[1.min(words.len())..]) {
        ("PING", []) => Ran::out("PONG\n"),
        ("SET", [..]) if !role.leads() => {
            server.tell(Outcome::Refused, around);
            Ran::out("READONLY You can't write against a read only replica.\n\n")
        }
        ("SET", [key, text]) => match put(server, key, text, around) {
            Err(ran) => ran,
            Ok(true) => Ran::out("OK\n"),
            Ok(false) => no_command("redis-cli"),
        },
        ("GET", [key]) => Ran::out(value(member.log(), key).map_or("\n".to_owned(), |(_, value)| format!("{value}\n"))),
        ("ROLE", []) => Ran::out(role_of_redis(uid, around.disks)),
        ("INFO", ["replication"]) => Ran::out(replication_of_redis(uid, around)),
        ("SHUTDOWN", [] | ["save" | "SAVE"]) => shut_down("redis-cli", place, around.disks),
        _ => no_command("redis-cli"),
    }
}
