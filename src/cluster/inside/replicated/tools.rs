//! The clients that come with replicated applications: `zkCli.sh`, `mysql`, `redis-cli`, `etcdctl` and a few more.
//!
//! Promises: an answer in a program's words only where the model knows it; anything else is said to be not simulated.
//! Must not know: which image has which of them; that is in [`crate::cluster::inside::apps`].
//! Not modelled: transactions, tables with more than one column, whatever else these programs can do.

use super::{Member, Role, log::Entry};
use crate::api::object::Uid;
use crate::base::time::Time;
use crate::cluster::inside::Disks;
use crate::cluster::inside::apps::Client;
use crate::cluster::inside::http::{Refusal, reach};
use crate::cluster::inside::programs::{Around, Ran};
use crate::server::tables::Tables;
use crate::shell::date_text;

/// What `zkCli.sh` prints once it is connected.
const ZK_CONNECTED: &str = "\nWATCHER::\n\nWatchedEvent state:SyncConnected type:None path:null\n";
/// What `zkServer.sh` prints before anything else.
const ZK_HEAD: &str = "ZooKeeper JMX enabled by default\nUsing config: /opt/zookeeper/bin/../conf/zoo.cfg\n";
/// In our own voice, for the error of a store of keys, which depends on how long its client waited.
const NO_LEADER: &str = "ordinal: no leader takes this: more than half of the members are out of reach.\n";
/// The server id of ordinal 0: ids must differ, and those below are left to servers outside of the set.
const FIRST_SERVER_ID: u32 = 100;

/// Runs such a program. The image of the container that it is run in has it.
pub fn run(client: Client, args: &[String], input: &str, around: &mut Around) -> Ran {
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match client {
        Client::Ready => Ran::default(),
        Client::ZkServer => zk_server(&args, around),
        Client::ZkCli => zk_client(&args, around),
        Client::MySqlAdmin if args.last() == Some(&"ping") => Ran::out("mysqld is alive\n"),
        Client::MySqlAdmin => not_simulated("this order to mysqladmin"),
        Client::MySql => sql(&args, input, around),
        Client::Redis => redis(&args, around),
        Client::Etcd => keys(&args, around, |_| "OK\n".to_owned(), |key, value| format!("{key}\n{value}\n")),
        Client::Consul if args.first() == Some(&"kv") => {
            let written = |key: &str| format!("Success! Data written to: {key}\n");
            keys(&args[1..], around, written, |_, value| format!("{value}\n"))
        }
        Client::Consul => not_simulated("this order to consul"),
    }
}

/// In our own voice: a thing that such a program could do, and the model cannot.
fn not_simulated(what: &str) -> Ran {
    Ran::failed(1, format!("ordinal: {what} is not simulated.\n"))
}

/// The member that a container is, or that answers under a host's name; without a name, the one in the container.
fn member_at<'a>(host: Option<&str>, port: i64, around: &'a mut Around) -> Result<&'a Member, Refusal> {
    let nobody = Refusal::NoSuchName;
    let place = around.place.ok_or(nobody)?;
    let is_own = host.is_none_or(|host| matches!(host, "localhost" | "127.0.0.1"));
    let (tables, disks): (&Tables, &'a mut Disks) = (around.tables, around.disks);
    let ip = if is_own { None } else { Some(reach(around.place, host.unwrap_or_default(), port, tables, disks)?.0) };
    let is_it = |member: &&Member| match ip {
        None => member.place().uid == place.uid,
        Some(ip) => member.place().ip == Some(ip) && member.place().app().port == port,
    };
    let found = disks.replicated.members.values().find(is_it);
    let apart = found.is_some_and(|member| disks.replicated.apart(Some(&place.node), &member.place().node));
    let refusal = ip.map_or(nobody, if apart { Refusal::NoRoute } else { Refusal::Refused });
    found.filter(|_| !apart).ok_or(refusal)
}

/// Writes through a member, which hands on what is its leader's to take; whether it counts.
fn write(uid: Uid, text: &str, disks: &mut Disks, now: Time) -> bool {
    disks.with_replicated(|replicated, disks| {
        let Some(member) = replicated.member_of(uid) else { return false };
        let (group, side) = (member.group.clone(), replicated.side(member));
        let leader = match member.role() {
            Role::Follower => member.follows,
            role => role.leads().then_some(uid),
        };
        let key = replicated.keys(&group).into_iter().find(|key| Some(key.0) == leader);
        let key = key.filter(|key| replicated.side(&replicated.members[key]) == side);
        let done = key.is_some_and(|key| replicated.write_to(&key, text, disks, now));
        if !done {
            replicated.ledger_mut(&group).refused += 1;
        }
        done
    })
}

/// The latest write under a key, and its value.
fn value<'a>(log: &'a [Entry], key: &str) -> Option<(&'a Entry, &'a str)> {
    log.iter().rev().find_map(|entry| Some((entry, entry.text.strip_prefix(key)?.strip_prefix(' ')?)))
}

fn zk_server(args: &[&str], around: &mut Around) -> Ran {
    if args != ["status"] {
        return not_simulated("this order to zkServer.sh");
    }
    let mode = member_at(None, 0, around).ok().map(Member::role);
    let word = match mode {
        Some(Role::Leader) => "leader",
        Some(Role::Follower) => "follower",
        _ => return Ran { out: String::new(), err: format!("{ZK_HEAD}Error contacting service. It is probably not running.\n"), code: 1 },
    };
    Ran { out: format!("Mode: {word}\n"), err: ZK_HEAD.to_owned(), code: 0 }
}

fn zk_client(args: &[&str], around: &mut Around) -> Ran {
    let (args, now) = (args.iter().copied().skip_while(|a| a.starts_with('-')).collect::<Vec<_>>(), around.now);
    let Ok(member) = member_at(None, 0, around) else { return not_simulated("zkCli.sh outside of a member") };
    let uid = member.place().uid;
    if member.role() == Role::Alone {
        return Ran::failed(1, "KeeperErrorCode = ConnectionLoss\n");
    }
    match args.as_slice() {
        ["create" | "set", key, rest @ ..] => {
            let is_there = value(member.log(), key).is_some();
            if is_there == (args[0] == "create") {
                let why = if is_there { "Node already exists" } else { "Node does not exist" };
                return Ran { out: ZK_CONNECTED.to_owned(), err: format!("{why}: {key}\n"), code: 1 };
            }
            if !write(uid, &format!("{key} {}", rest.join(" ")), around.disks, now) {
                return Ran::failed(1, format!("KeeperErrorCode = ConnectionLoss for {key}\n"));
            }
            Ran::out(if is_there { ZK_CONNECTED.to_owned() } else { format!("{ZK_CONNECTED}Created {key}\n") })
        }
        ["get", key] => {
            let Some((latest, text)) = value(member.log(), key) else {
                return Ran { out: ZK_CONNECTED.to_owned(), err: format!("Node does not exist: {key}\n"), code: 1 };
            };
            let of_key = |entry: &&Entry| entry.text.strip_prefix(key).is_some_and(|rest| rest.starts_with(' '));
            let (first, versions) = (member.log().iter().find(of_key).unwrap_or(latest), member.log().iter().filter(of_key).count());
            let id = |entry: &Entry| format!("{:#x}", (u64::from(entry.mark.epoch) << 32) | u64::from(entry.mark.number));
            let date = |entry: &Entry| date_text(entry.at, "%a %b %d %T UTC %Y");
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
        _ => not_simulated("this order to zkCli.sh"),
    }
}

/// A store of keys whose client says `put` and `get`: what is printed of a key that was written, and of one that was found.
fn keys(args: &[&str], around: &mut Around, written: fn(&str) -> String, found: fn(&str, &str) -> String) -> Ran {
    let now = around.now;
    let Ok(member) = member_at(None, 0, around) else { return not_simulated("this client outside of a member") };
    let (uid, alone) = (member.place().uid, member.role() == Role::Alone);
    match args {
        ["put" | "get", ..] if alone => Ran::failed(1, NO_LEADER),
        ["put", key, rest @ ..] => {
            let done = write(uid, &format!("{key} {}", rest.join(" ")), around.disks, now);
            if done { Ran::out(written(key)) } else { Ran::failed(1, NO_LEADER) }
        }
        ["get", key] => value(member.log(), key).map_or(Ran::default(), |(_, value)| Ran::out(found(key, value))),
        _ => not_simulated("this order"),
    }
}

/// What stands after `-h` or `--host`, and the words that are no options. Options in `takes` have a value.
fn split_options<'a>(args: &[&'a str], takes: &[&str]) -> (Option<&'a str>, Vec<&'a str>) {
    let (mut host, mut rest, mut words) = (None, Vec::new(), args.iter().copied());
    while let Some(word) = words.next() {
        match word {
            "-h" | "--host" => host = words.next(),
            word if takes.contains(&word) => drop(words.next()),
            word if word.starts_with("--host=") => host = word.strip_prefix("--host="),
            word if word.starts_with('-') && rest.is_empty() => {}
            word => rest.push(word),
        }
    }
    (host, rest)
}

fn redis(args: &[&str], around: &mut Around) -> Ran {
    let (host, words) = split_options(args, &["-p", "-a", "-n"]);
    let (now, port) = (around.now, around.place.map_or(0, |place| place.app().port));
    let member = match member_at(host, port, around) {
        Ok(member) => member,
        Err(refusal) => {
            let why = match refusal {
                Refusal::NoSuchName => "Name or service not known",
                Refusal::Refused(_) => "Connection refused",
                Refusal::NoRoute(_) => "No route to host",
            };
            return Ran::failed(1, format!("Could not connect to Redis at {}:{port}: {why}\n", host.unwrap_or("127.0.0.1")));
        }
    };
    let (uid, role) = (member.place().uid, member.role());
    let verb = words.first().map_or(String::new(), |word| word.to_uppercase());
    match (verb.as_str(), &words[1.min(words.len())..]) {
        ("PING", []) => Ran::out("PONG\n"),
        ("SET", [..]) if !role.leads() => Ran::out("READONLY You can't write against a read only replica.\n\n"),
        ("SET", [key, text]) => {
            let done = write(uid, &format!("{key} {text}"), around.disks, now);
            if done { Ran::out("OK\n") } else { not_simulated("a write that is refused here") }
        }
        ("GET", [key]) => Ran::out(value(member.log(), key).map_or("\n".to_owned(), |(_, value)| format!("{value}\n"))),
        ("ROLE", []) => Ran::out(if role.leads() { "master\n" } else { "slave\n" }),
        ("INFO", ["replication"]) => {
            let copies = around.disks.replicated().members.values().filter(|m| m.follows == Some(uid) && m.role() == Role::Replica).count();
            let link = if role == Role::Replica { "up" } else { "down" };
            Ran::out(if role.leads() {
                format!("# Replication\nrole:master\nconnected_slaves:{copies}\n")
            } else {
                format!("# Replication\nrole:slave\nmaster_link_status:{link}\n")
            })
        }
        _ => not_simulated("this order to redis-cli"),
    }
}

fn sql(args: &[&str], input: &str, around: &mut Around) -> Ran {
    let said = args.iter().position(|word| matches!(*word, "-e" | "--execute")).and_then(|at| args.get(at + 1));
    let (host, _) = split_options(args, &["-u", "-P", "-e", "--execute", "-D"]);
    let text = said.map_or_else(|| input.to_owned(), |said| (*said).to_owned());
    if text.trim().is_empty() {
        return not_simulated("mysql without a statement");
    }
    let mut out = String::new();
    for statement in text.split(';').map(str::trim).filter(|s| !s.is_empty()) {
        match statement_of(statement, host, around) {
            Ok(rows) => out.push_str(&rows),
            Err(Ran { err, code, .. }) => return Ran { out, err, code },
        }
    }
    Ran::out(out)
}

/// One statement: what it prints, or how it fails.
fn statement_of(statement: &str, host: Option<&str>, around: &mut Around) -> Result<String, Ran> {
    let (now, port) = (around.now, around.place.map_or(0, |place| place.app().port));
    let shown = host.unwrap_or("localhost").to_owned();
    let member = member_at(host, port, around).map_err(|refusal| {
        let why = match refusal {
            Refusal::NoSuchName => format!("ERROR 2005 (HY000): Unknown MySQL server host '{shown}' (-2)\n"),
            Refusal::Refused(_) => format!("ERROR 2003 (HY000): Can't connect to MySQL server on '{shown}:{port}' (111)\n"),
            Refusal::NoRoute(_) => format!("ERROR 2003 (HY000): Can't connect to MySQL server on '{shown}:{port}' (110)\n"),
        };
        Ran::failed(1, why)
    })?;
    let (uid, leads) = (member.place().uid, member.role().leads());
    let words: Vec<&str> = statement.split_whitespace().collect();
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let column = |table: &str| -> String {
        let made = member.log().iter().rev().find_map(|entry| entry.text.strip_prefix(&format!("table {table} ")));
        made.unwrap_or("value").to_owned()
    };
    let text = match lower.as_slice() {
        ["select", "1"] => return Ok("1\n1\n".to_owned()),
        ["select", rest @ ..] if rest.concat() == "@@server_id,now()" => {
            let id = FIRST_SERVER_ID.saturating_add(member.ordinal().unwrap_or(0));
            return Ok(format!("@@server_id\tNOW()\n{id}\t{}\n", date_text(now, "%Y-%m-%d %T")));
        }
        ["select", "*", "from", table] => {
            let row = |entry: &Entry| entry.text.strip_prefix(&format!("row {table} ")).map(|row| format!("{row}\n"));
            let rows: String = member.log().iter().filter_map(row).collect();
            return Ok(if rows.is_empty() { rows } else { format!("{}\n{rows}", column(table)) });
        }
        ["create", "database", .., name] => format!("database {name}"),
        _ => created(statement).or_else(|| inserted(statement)).ok_or_else(|| not_simulated(&format!("the statement {statement:?}")))?,
    };
    if !leads {
        let why = "The MySQL server is running with the --super-read-only option so it cannot execute this statement";
        return Err(Ran::failed(1, format!("ERROR 1290 (HY000) at line 1: {why}\n")));
    }
    write(uid, &text, around.disks, now);
    Ok(String::new())
}

/// What is written down for `CREATE TABLE [IF NOT EXISTS] table (column TYPE)`, a table of one column.
fn created(statement: &str) -> Option<String> {
    let (head, inside) = statement.split_once('(')?;
    let head = head.to_lowercase();
    let words: Vec<&str> = head.split_whitespace().collect();
    let (["create", "table", table] | ["create", "table", "if", "not", "exists", table]) = words[..] else { return None };
    let column = inside.strip_suffix(')')?.split_whitespace().next()?;
    (!inside.contains(',')).then(|| format!("table {table} {column}"))
}

/// What is written down for `INSERT INTO table VALUES ('value')`, a row of one value.
fn inserted(statement: &str) -> Option<String> {
    const SIGNS: &str = "(),'\"";
    let (head, inside) = statement.split_once('(')?;
    let head = head.to_lowercase();
    let ["insert", "into", table, "values"] = head.split_whitespace().collect::<Vec<_>>()[..] else { return None };
    let value = inside.strip_suffix(')')?.trim();
    let quoted = ['\'', '"'].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
    let value = quoted.unwrap_or(value);
    (quoted.is_some() && !value.contains(['\'', '"']) || !value.contains(|c| SIGNS.contains(c))).then(|| format!("row {table} {value}"))
}
