//! What kubectl could not read, by the errors that it prints.

use super::paste::command::kind_of;
use api::kind::Kind;

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
