//! What was asked of a cluster, and what of that kubectl could not read: the lines beside a dump.
//!
//! kubectl prints the kinds that it could list, and an error for each of the others. A dump that keeps both begins with comments:
//!
//! ```text
//! # $ kubectl get statefulsets.apps,pods,nodes -n shop -o yaml
//! # Error from server (Forbidden): nodes is forbidden: User "dev" cannot list resource "nodes" in API group "" at the cluster scope
//! # Server Version: v1.37.1
//! ```
//!
//! Promises: a kind that was not read never counts as one of which there is no object. A kind that was asked for and is not among the
//! errors has no other objects in the namespaces that were asked for.

use std::borrow::Cow;

use super::paste::{command, kind_of};
use super::read::Dump;
use super::world::World;
use api::kind::Kind;
use base::sorted::SortedSet;
use base::value::Value;
use text::diagnose::Unread;

/// With what a line begins by which kubectl says what the server answered.
const FROM_SERVER: &str = "Error from server (";
/// What stands between a resource and the reason why a user may not read it.
const FORBIDDEN: &str = " is forbidden: ";
/// What kubectl says of a resource that the server does not have.
const NO_SUCH: &str = "the server doesn't have a resource type \"";
/// With what kubectl begins the lines in which it gives up.
const ERROR: &str = "error: ";
/// In which words a server says that a user may not read.
const MAY_NOT: [&str; 3] = [" cannot list resource ", " cannot get resource ", " cannot watch resource "];
/// With what the command in a comment begins.
const TYPED: &str = "$ kubectl get ";
/// With what the line begins that tells the server's version.
const VERSION: &str = "Server Version: ";
/// The first words of other lines that kubectl may say beside what it prints.
const WARNING: &str = "Warning: ";

/// A resource that kubectl could not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withheld {
    /// As kubectl names it: `nodes`, `statefulsets.apps`.
    pub resource: String,
    /// Why, in the server's words.
    pub why: String,
}

impl Withheld {
    /// What a line of kubectl says that it could not read.
    pub fn of(line: &str) -> Option<Withheld> {
        let line = line.trim();
        let given_up = line.strip_prefix(ERROR).unwrap_or(line);
        if let Some(rest) = given_up.strip_prefix(NO_SUCH) {
            let resource = rest.split('"').next()?;
            let group = rest.split_once("in group \"").and_then(|(_, group)| group.split('"').next());
            let resource = group.map_or(resource.to_owned(), |group| format!("{resource}.{group}"));
            return Some(Withheld { resource, why: given_up.to_owned() });
        }
        let (_, said) = line.strip_prefix(FROM_SERVER)?.split_once("): ")?;
        if let Some((resource, why)) = said.split_once(FORBIDDEN).filter(|(_, why)| MAY_NOT.iter().any(|words| why.contains(words))) {
            let resource = resource.split(' ').next()?.to_owned();
            return Some(Withheld { resource, why: why.to_owned() });
        }
        // The server was asked in vain: `... (get pods)`.
        let resource = said.strip_suffix(')')?.rsplit_once("(get ")?.1;
        kind_of(resource)?;
        Some(Withheld { resource: resource.to_owned(), why: said.to_owned() })
    }

    /// Whether the server does not have such a resource: kubectl then asks for none of those that were asked together.
    pub fn is_absent(&self) -> bool {
        self.why.starts_with(NO_SUCH)
    }

    /// The kind, if it is one that the simulation knows.
    pub fn kind(&self) -> Option<Kind> {
        kind_of(&self.resource)
    }
}

/// A text without the lines that only say what was asked and what could not be read: these stay as empty ones.
pub(super) fn without<'a>(text: &'a str, dump: &mut Dump) -> Cow<'a, str> {
    let mut own: Vec<usize> = Vec::new();
    let mut begins = true;
    for (number, line) in (1..).zip(text.lines()) {
        let comment = line.strip_prefix("# ").filter(|_| begins);
        begins &= comment.is_some();
        let said = comment.unwrap_or(line);
        if let Some(withheld) = Withheld::of(said) {
            dump.withheld.push(withheld);
        } else if let Some(asked) = comment.filter(|line| line.starts_with(TYPED)).and_then(command) {
            dump.asked.extend(asked.kinds);
        } else if comment.is_none_or(|line| !line.starts_with(VERSION) && !line.starts_with(WARNING)) {
            continue;
        }
        own.push(number);
    }
    if own.is_empty() {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        out.push_str(if own.binary_search(&number).is_ok() { "\n" } else { line });
    }
    out.into()
}

impl Dump {
    /// Whether kubectl could not read a kind.
    pub fn withholds(&self, kind: Kind) -> bool {
        self.withheld.iter().any(|one| one.kind() == Some(kind))
    }

    /// Whether every object of a kind was asked for and printed.
    pub fn answers(&self, kind: Kind) -> bool {
        self.asked.contains(&kind) && !self.withholds(kind)
    }

    /// What was asked for and what could not be read, as a text carries both.
    pub(super) fn asked_text(&self) -> [Value; 2] {
        let withheld = |one: &Withheld| Value::list([&*one.resource, &one.why]);
        [Value::list(self.asked.iter().map(|kind| kind.info().plural)), Value::list(self.withheld.iter().map(withheld))]
    }

    /// Takes in what such a text carries.
    pub(super) fn take_asked(&mut self, asked: &[Value], withheld: &[Value]) {
        self.asked.extend(asked.iter().filter_map(Value::as_text).filter_map(kind_of));
        let text = |one: &Value, at: usize| one.as_list().and_then(|of| of.get(at)?.as_text()).unwrap_or_default().to_owned();
        self.withheld.extend(withheld.iter().map(|one| Withheld { resource: text(one, 0), why: text(one, 1) }));
    }

    /// What could not be read, for the list of what was not read.
    pub(super) fn not_read(&self) -> Vec<Unread> {
        let mut told: SortedSet<&str> = SortedSet::new();
        let of = |one: &Withheld| Unread::Withheld { resource: one.resource.clone(), why: one.why.clone() };
        self.withheld.iter().filter(|one| told.insert(&one.resource)).map(of).collect()
    }
}

impl World {
    /// Whether any of some kinds could not be read.
    pub(super) fn withholds(&self, kinds: impl IntoIterator<Item = Kind>) -> bool {
        kinds.into_iter().any(|kind| self.dump.withholds(kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<(String, Option<Kind>, bool)> {
        Withheld::of(line).map(|one| (one.resource.clone(), one.kind(), one.is_absent()))
    }

    #[test]
    fn kubectl_says_what_it_could_not_read() {
        let told = |resource: &str, kind, is_absent| Some((resource.to_owned(), kind, is_absent));
        let dev = "is forbidden: User \"dev\" cannot list resource";
        let forbidden = [
            (format!("nodes {dev} \"nodes\" in API group \"\" at the cluster scope"), "nodes", Kind::Node),
            (
                format!("statefulsets.apps {dev} \"statefulsets\" in API group \"apps\" in the namespace \"a\""),
                "statefulsets.apps",
                Kind::StatefulSet,
            ),
            (
                "pods \"web-0\" is forbidden: User \"dev\" cannot get resource \"pods\" in API group \"\" in the namespace \"a\"".into(),
                "pods",
                Kind::Pod,
            ),
        ];
        for (words, resource, kind) in forbidden {
            assert_eq!(read(&format!("Error from server (Forbidden): {words}")), told(resource, Some(kind), false), "{words}");
        }
        let late = "Error from server (Timeout): the server was unable to return a response in the time allotted (get statefulsets.apps)";
        assert_eq!(read(late), told("statefulsets.apps", Some(Kind::StatefulSet), false));
        assert_eq!(read("error: the server doesn't have a resource type \"foos\""), told("foos", None, true));
        assert_eq!(read("error: the server doesn't have a resource type \"foos\" in group \"bar.io\""), told("foos.bar.io", None, true));
    }

    #[test]
    fn other_errors_of_a_server_are_none_of_reading() {
        let others = [
            "Error from server (Forbidden): pods \"web-2\" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=4, limited: pods=4",
            "Error from server (Forbidden): pods is forbidden: User \"dev\" cannot create resource \"pods\" in API group \"\" in the namespace \"a\"",
            "Error from server (NotFound): statefulsets.apps \"web\" not found",
            "The connection to the server localhost:8080 was refused - did you specify the right host or port?",
            "nodes is forbidden: User \"dev\" cannot list resource \"nodes\" in API group \"\" at the cluster scope",
        ];
        for line in others {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
