//! A cluster, read through the kubectl that is there.
//!
//! Promises: kubectl is called with `version` and `get` alone; no Secret and no ConfigMap is asked for; every command is told before it
//! runs. What could not be read is on a list, with the server's words, and in the text. Nothing is written.
//!
//! The text is what kubectl printed. Comments before it have the commands and the errors. `ordinal diagnose` of the saved text
//! says the same ([`ordinal::intake`]).

mod failure;

use std::io::ErrorKind;
use std::process::{Command, Output, Stdio};

pub use failure::Failure;
use ordinal::api::kind::Kind;
use ordinal::api::object::ObjectKey;
use ordinal::intake::{NEEDED, Withheld};

/// The program that reads.
const KUBECTL: &str = "kubectl";
/// How long kubectl waits for an answer, unless told otherwise.
const TIMEOUT: &str = "20s";
/// What some diagnoses need beside [`NEEDED`], and what is cheap to ask for.
const BESIDE: [Kind; 6] = [Kind::LimitRange, Kind::Namespace, Kind::VolumeAttachment, Kind::CSINode, Kind::ReplicaSet, Kind::Deployment];
/// How a StatefulSet may be named before the slash.
const SETS: [&str; 4] = ["sts", "statefulset", "statefulsets", "statefulset.apps"];

/// Which cluster, and which part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClusterScope {
    pub context: Option<String>,
    pub kubeconfig: Option<String>,
    /// Without it, that of the context.
    pub namespace: Option<String>,
    /// All namespaces.
    pub all: bool,
    /// As kubectl's `--request-timeout` has it: `20s`.
    pub timeout: Option<String>,
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// What kubectl printed, after comments with the commands and the errors.
    pub text: String,
    /// What could not be read.
    pub unread: Vec<Withheld>,
    /// The commands that ran.
    pub commands: Vec<String>,
    /// The workload that was named: of this one alone is to be told ([`ordinal::intake::diagnose_one`]).
    pub workload: Option<ObjectKey>,
}

/// Reads a cluster, of a workload the namespace it is in; tells each command before it runs.
pub fn read(place: &ClusterScope, workload: Option<&str>, shows: impl FnMut(&str)) -> Result<Cluster, Failure> {
    let named = workload.map(|workload| name_of(workload).ok_or_else(|| Failure::NoSet { named: workload.to_owned() })).transpose()?;
    let mut reader = Reader { place, shows, head: String::new(), unread: Vec::new(), commands: Vec::new() };
    reader.version()?;
    let scope = match &place.namespace {
        _ if place.all => vec!["-A".to_owned()],
        Some(namespace) => vec!["-n".to_owned(), namespace.clone()],
        None => Vec::new(),
    };
    let mut body = reader.get(NEEDED.into_iter().chain(BESIDE).map(resource).collect(), &scope)?;
    if let Some(sets) = reader.unread.iter().find(|one| one.kind() == Some(Kind::StatefulSet)) {
        return Err(Failure::MayNotRead { why: sets.why.clone(), all: place.all });
    }
    let all: Vec<Item> = items(&body);
    let sets: Vec<&Item> = all.iter().filter(|item| item.kind == Kind::StatefulSet.info().name).collect();
    let own: Vec<&&Item> = sets.iter().filter(|set| named.is_none_or(|name| set.name == name)).collect();
    let workload = match (named, own.as_slice()) {
        (_, []) => {
            let there = sets.iter().map(|set| format!("{}/{}", set.namespace, set.name)).collect();
            return Err(Failure::Nothing { named: named.map(str::to_owned), namespace: place.namespace.clone(), all: place.all, there });
        }
        (Some(name), [_, _, ..]) => {
            let namespaces = own.iter().map(|set| set.namespace.to_owned()).collect();
            return Err(Failure::Several { named: name.to_owned(), namespaces });
        }
        (Some(name), [set]) => Some(ObjectKey::new(Kind::StatefulSet, &set.namespace.into(), &name.into())),
        (None, _) => None,
    };
    // Who has no node competes with the pods of all namespaces for one.
    let waits = all.iter().any(|item| item.kind == Kind::Pod.info().name && !item.has_node);
    if !place.all && waits {
        let namespace = own[0].namespace;
        let fields = format!("--field-selector=metadata.namespace!={namespace},status.phase!=Succeeded,status.phase!=Failed");
        let others = reader.get(vec![resource(Kind::Pod)], &["-A".to_owned(), fields])?;
        body = format!("{body}---\n{others}");
    }
    let Reader { head, unread, commands, .. } = reader;
    Ok(Cluster { text: head + &body, unread, commands, workload })
}

/// The name of the set that a word such as `sts/web` names.
fn name_of(workload: &str) -> Option<&str> {
    match workload.split_once('/') {
        Some((kind, name)) => SETS.contains(&kind).then_some(name).filter(|name| !name.is_empty()),
        None => Some(workload),
    }
}

/// A kind as kubectl takes it for certain: `statefulsets.apps`.
fn resource(kind: Kind) -> String {
    let info = kind.info();
    if info.group.is_empty() { info.plural.to_owned() } else { format!("{}.{}", info.plural, info.group) }
}

/// Calls kubectl, and keeps what it said.
struct Reader<'a, S> {
    place: &'a ClusterScope,
    shows: S,
    /// The comments before the text.
    head: String,
    unread: Vec<Withheld>,
    commands: Vec<String>,
}

impl<S: FnMut(&str)> Reader<'_, S> {
    /// Asks whether anybody answers, and of which release.
    fn version(&mut self) -> Result<(), Failure> {
        let output = self.run(&["version".to_owned()])?;
        let (said, errors) = (text(&output.stdout), text(&output.stderr));
        if let Some(server) = said.lines().find(|line| line.starts_with("Server Version: ")) {
            self.note(server);
        }
        // Whoever may not ask for the version may still read.
        let words = failure::words(&errors).filter(|words| !output.status.success() && !words.contains("(Forbidden)"));
        words.map_or(Ok(()), |words| Err(Failure::of(self.place, words)))
    }

    /// What kubectl prints of some resources; what it could not read is noted.
    fn get(&mut self, mut resources: Vec<String>, scope: &[String]) -> Result<String, Failure> {
        loop {
            let mut args = vec!["get".to_owned(), resources.join(",")];
            args.extend_from_slice(scope);
            args.extend(["-o", "yaml"].map(str::to_owned));
            let output = self.run(&args)?;
            let errors = text(&output.stderr);
            let withheld: Vec<Withheld> = errors.lines().filter_map(Withheld::of).collect();
            let absent = withheld.iter().find(|one| one.is_absent()).map(|one| one.resource.clone());
            let is_all = output.status.success() || failure::lines(&errors).all(|line| Withheld::of(line).is_some());
            if !is_all {
                return Err(Failure::of(self.place, failure::words(&errors).unwrap_or_default()));
            }
            errors.lines().filter(|line| Withheld::of(line).is_some()).for_each(|line| self.note(line));
            self.unread.extend(withheld);
            // Of resources among which one is none, kubectl asks for nothing.
            let before = resources.len();
            resources
                .retain(|one| Some(one) != absent.as_ref() && absent.as_deref().is_none_or(|absent| one.split('.').next() != Some(absent)));
            if resources.len() == before || resources.is_empty() {
                self.note(&format!("$ {KUBECTL} {}", args.iter().map(|arg| quoted(arg)).collect::<Vec<_>>().join(" ")));
                return Ok(text(&output.stdout));
            }
        }
    }

    /// Adds a comment to the head of the text.
    fn note(&mut self, line: &str) {
        self.head.push_str("# ");
        self.head.push_str(line.trim());
        self.head.push('\n');
    }

    /// Runs kubectl in the place.
    fn run(&mut self, args: &[String]) -> Result<Output, Failure> {
        let mut all = Vec::new();
        for (flag, value) in [("--kubeconfig", &self.place.kubeconfig), ("--context", &self.place.context)] {
            all.extend(value.as_ref().map(|value| format!("{flag}={value}")));
        }
        all.extend_from_slice(args);
        all.push(format!("--request-timeout={}", self.place.timeout.as_deref().unwrap_or(TIMEOUT)));
        let line = [KUBECTL.to_owned()].into_iter().chain(all.iter().map(|arg| quoted(arg))).collect::<Vec<_>>().join(" ");
        (self.shows)(&line);
        self.commands.push(line);
        let output = Command::new(KUBECTL).args(&all).stdin(Stdio::null()).output();
        output.map_err(|error| Failure::NoKubectl { is_missing: error.kind() == ErrorKind::NotFound, error: error.to_string() })
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@+%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

/// What of an object is needed to know where to look further.
#[derive(Debug, Default, PartialEq, Eq)]
struct Item<'a> {
    kind: &'a str,
    namespace: &'a str,
    name: &'a str,
    has_node: bool,
}

/// The objects of what `kubectl get -o yaml` prints: its items begin at the beginning of lines, and their members are indented by two.
fn items(text: &str) -> Vec<Item<'_>> {
    let (mut all, mut section) = (Vec::<Item<'_>>::new(), "");
    for line in text.lines() {
        let begins = line.strip_prefix("- ");
        all.extend(begins.map(|_| Item::default()));
        let Some((item, member)) = all.last_mut().zip(begins.or_else(|| line.strip_prefix("  "))) else { continue };
        if !member.starts_with([' ', '-']) {
            section = member.split(':').next().unwrap_or_default();
        }
        item.kind = value(member, "kind").unwrap_or(item.kind);
        let Some(inner) = member.strip_prefix("  ") else { continue };
        match section {
            "metadata" => {
                item.name = value(inner, "name").unwrap_or(item.name);
                item.namespace = value(inner, "namespace").unwrap_or(item.namespace);
            }
            "spec" => item.has_node |= value(inner, "nodeName").is_some(),
            _ => {}
        }
    }
    all
}

/// The text of a member in a line that begins with its key.
fn value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    Some(line.strip_prefix(key)?.strip_prefix(": ")?.trim_matches('"'))
}
