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
