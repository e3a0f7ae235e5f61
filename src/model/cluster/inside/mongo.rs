//! `mongosh --eval`: what a MongoDB server answers that nobody has made a member of a replica set.
//!
//! Models `replSetGetStatus` and `replSetGetConfig` before initiation, and the errors of Node's driver.
//! Promises: an expression that is not known is not answered, and neither is one that depends on a set somebody may have initiated.
//! Not modelled: what is in databases, users, and replica sets themselves: each server works alone here.

use super::context::ProgramContext;
use super::environment::secret_text;
use super::http::{Refusal, connect};
use super::place::ContainerInfo;
use super::ran::Ran;
use super::version::is_before;
use crate::command::is_known;
use crate::programs::{Client, app_of};
use api::kind::Kind;
use api::object::Object;
use base::note::Note;
use base::value::{Value, members};

/// Options with a value that does not change what is answered here.
const WITH_VALUE: [&str; 7] =
    ["-u", "--username", "-p", "--password", "--authenticationDatabase", "--authenticationMechanism", "--tlsCAFile"];
/// Options without.
const PLAIN: [&str; 4] = ["--quiet", "--norc", "--tls", "--tlsAllowInvalidCertificates"];
/// The forms of a ping, without spaces, in single quotes.
const PINGS: [&str; 6] = [
    "db.adminCommand('ping')",
    "db.adminCommand({ping:1})",
    "db.adminCommand({'ping':1})",
    "db.runCommand('ping')",
    "db.runCommand({ping:1})",
    "db.runCommand({'ping':1})",
];
/// What initiates a replica set.
const INITIATES: [&str; 2] = ["rs.initiate", "replSetInitiate"];

/// What is asked, and of whom.
#[derive(Default)]
struct Order {
    host: Option<String>,
    port: Option<i64>,
    script: Option<String>,
    /// Whether a name is given.
    has_user: bool,
}

impl Order {
    /// What these words order; `None` if they order something that is not known.
    fn read(args: &[String]) -> Option<Order> {
        let (mut order, mut words) = (Order::default(), args.iter());
        while let Some(word) = words.next() {
            let (name, joined) = match word.split_once('=') {
                Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
                _ => (word.as_str(), None),
            };
            let mut value = || joined.clone().or_else(|| words.next().cloned());
            match name {
                "--eval" if order.script.is_none() => order.script = Some(value()?),
                "--host" => order.host = Some(value()?),
                "--port" => order.port = Some(value()?.parse().ok()?),
                _ if WITH_VALUE.contains(&name) => {
                    order.has_user |= matches!(name, "-u" | "--username");
                    value()?;
                }
                _ if PLAIN.contains(&name) => {}
                _ if name.starts_with('-') => return None,
                _ => order.at(name)?,
            }
        }
        if let Some((host, port)) = order.host.clone().as_deref().and_then(|host| host.split_once(':')) {
            (order.host, order.port) = (Some(host.to_owned()), Some(port.parse().ok()?));
        }
        Some(order)
    }

    /// Reads an address, or the name of a database.
    fn at(&mut self, word: &str) -> Option<()> {
        let rest = word.strip_prefix("mongodb://");
        if rest.is_none() && !word.contains(['/', ':']) {
            return (!word.contains('.')).then_some(());
        }
        let rest = rest.unwrap_or(word);
        let (user, rest) = rest.split_once('@').map_or((None, rest), |(user, rest)| (Some(user), rest));
        let (host, rest) = rest.split_once('/').unwrap_or((rest, ""));
        self.has_user |= user.is_some();
        self.host = Some(host.to_owned());
        (!host.contains(',') && !rest.contains("replicaSet")).then_some(())
    }
}

/// What an expression comes to.
enum Outcome {
    /// A document that says only that all is well.
    Well,
    Number(i64),
    Truth(bool),
    /// An error: its name and what it says.
    Fails(&'static str, &'static str),
    Ends(i32),
    /// Something that is beyond what works here.
    Beyond,
}

/// `mongosh` with one expression; `None` for anything else.
pub(super) fn shell(args: &[String], place: &ContainerInfo, around: &mut ProgramContext) -> Option<Ran> {
    if is_before(&place.image, 5, 0) {
        return None;
    }
    let order = Order::read(args)?;
    let script: String = order.script.as_deref()?.chars().filter(|c| !c.is_whitespace()).collect();
    let script = script.replace('"', "'");
    let own = place.app().port;
    let (host, port) = (order.host.as_deref().unwrap_or("127.0.0.1"), order.port.unwrap_or(own));
    let is_here = matches!(host, "127.0.0.1" | "localhost");
    let query = Query { place, is_here, has_user: order.has_user };
    let outcome = query.outcome(script.trim_end_matches(';'), around)?;
    if !is_here && port != own {
        return None;
    }
    match connect(place, host, port, around.tables, around.disks, around.now) {
        Ok(_) => {}
        Err(Refusal::NoSuchName) => return Some(Ran::failed(1, format!("MongoNetworkError: getaddrinfo ENOTFOUND {host}\n"))),
        Err(Refusal::Refused(ip)) => return Some(Ran::failed(1, format!("MongoNetworkError: connect ECONNREFUSED {ip}:{port}\n"))),
        Err(_) => return None,
    }
    Some(match outcome {
        Outcome::Well => Ran::out("{ ok: 1 }\n"),
        Outcome::Number(number) => Ran::out(format!("{number}\n")),
        Outcome::Truth(truth) => Ran::out(format!("{truth}\n")),
        Outcome::Fails(name, why) => Ran::failed(1, format!("MongoServerError[{name}]: {why}\n")),
        Outcome::Ends(code) => Ran { code, ..Ran::default() },
        Outcome::Beyond => Ran::note(Note::ApartHere(place.app().name.to_owned())),
    })
}

/// From where something is asked.
struct Query<'a> {
    place: &'a ContainerInfo,
    /// Whether of the server in the container itself.
    is_here: bool,
    has_user: bool,
}

impl Query<'_> {
    /// What an expression without spaces comes to; `None` if that is not known.
    fn outcome(&self, script: &str, around: &ProgramContext) -> Option<Outcome> {
        let within = |name: &str| script.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
        if let Some(condition) = within("quit") {
            let (condition, ends) = condition.split_once('?')?;
            let (yes, no) = ends.split_once(':')?;
            let condition = condition.trim_end_matches("==1").trim_end_matches('=');
            let is_true = match self.value(condition, around)? {
                Outcome::Well => true,
                Outcome::Number(number) => number != 0,
                Outcome::Truth(truth) => truth,
                outcome => return Some(outcome),
            };
            return Some(Outcome::Ends(if is_true { yes } else { no }.parse().ok()?));
        }
        let shown = within("printjson").or_else(|| within("print")).or_else(|| within("console.log"));
        self.value(shown.unwrap_or(script), around)
    }

    fn value(&self, expression: &str, around: &ProgramContext) -> Option<Outcome> {
        let expression = expression.strip_prefix("db.getSiblingDB('admin').").map_or(expression.to_owned(), |rest| format!("db.{rest}"));
        let (asked, field) = expression.rsplit_once(").").map_or((expression.clone(), ""), |(asked, field)| (format!("{asked})"), field));
        match (asked.as_str(), field) {
            (ping, "") if PINGS.contains(&ping) => return Some(Outcome::Well),
            (ping, "ok") if PINGS.contains(&ping) => return Some(Outcome::Number(1)),
            ("db.hello()" | "db.isMaster()", "ok") => return Some(Outcome::Number(1)),
            (asked, _) if INITIATES.iter().any(|word| asked.contains(word)) => return Some(Outcome::Beyond),
            _ => {}
        }
        let is_member = self.is_member(around)?;
        match (asked.as_str(), field) {
            ("db.hello()", "isWritablePrimary") | ("db.isMaster()", "ismaster") => Some(Outcome::Truth(!is_member)),
            ("rs.status()" | "rs.conf()", _) if self.asks_for_a_user(around) => None,
            ("rs.status()" | "rs.conf()", _) if is_member => {
                Some(Outcome::Fails("NotYetInitialized", "no replset config has been received"))
            }
            ("rs.status()" | "rs.conf()", _) => Some(Outcome::Fails("NoReplicationEnabled", "not running with --replSet")),
            _ => None,
        }
    }

    /// Whether the server in the container is to be a member of a replica set, which nobody initiates; `None` if that is not known.
    fn is_member(&self, around: &ProgramContext) -> Option<bool> {
        let name = around.disks.first_name(self.place);
        let mut words = name.split_whitespace().map(|word| word.split('=').next().unwrap_or(word));
        let is_told = words.clone().any(|word| word == "--replSet");
        let is_set_up = words.any(|word| matches!(word, "--config" | "-f"));
        (self.is_here && !is_set_up && (!is_told || !self.may_be_initiated(around))).then_some(is_told)
    }

    /// Whether the server wants to know who asks, and nobody says so.
    fn asks_for_a_user(&self, around: &ProgramContext) -> bool {
        !self.has_user && !(around.variable)("MONGO_INITDB_ROOT_USERNAME").is_empty()
    }

    /// Whether anything in the namespace may initiate a replica set: a pod or a file that says so. A container beside the server counts,
    /// too, where nobody knows what it does.
    fn may_be_initiated(&self, around: &ProgramContext) -> bool {
        let (tables, namespace) = (around.tables, &self.place.namespace);
        let has = |text: &str| INITIATES.iter().any(|word| text.contains(word));
        let mut pods = tables.pods().filter(|pod| pod.meta.namespace == *namespace);
        let in_files = |kind: Kind| {
            let objects = tables.within(kind, namespace).map(Object::encode);
            objects.into_iter().any(|object| {
                members(object.get("data").and_then(Value::as_map)).any(|(_, value)| match kind {
                    Kind::Secret => has(&secret_text(value)),
                    _ => value.as_text().is_some_and(has),
                })
            })
        };
        let is_strange = |image: &str| !is_known(image);
        pods.any(|pod| {
            let template = &pod.spec.template;
            let is_server = template.containers.iter().any(|c| app_of(&c.image).has(Client::Mongo));
            tells(&template.raw, &has) || is_server && template.all_containers().any(|c| is_strange(&c.image))
        }) || in_files(Kind::ConfigMap)
            || in_files(Kind::Secret)
    }
}

/// Whether any text in a part of a manifest is one that is looked for.
fn tells(part: &Value, has: &dyn Fn(&str) -> bool) -> bool {
    let mut entries = part.members();
    part.as_text().is_some_and(has)
        || part.as_list().unwrap_or_default().iter().any(|entry| tells(entry, has))
        || entries.any(|(_, value)| tells(value, has))
}
