//! Resource arguments: types, names, `TYPE/NAME`, and the ways to write a type.
//!
//! Models k8s.io/cli-runtime/pkg/resource/builder.go ResourceTypeOrNameArgs.

use crate::failure::Failure;
use api::client::Client;
use api::kind::{Kind, Trait};
use base::sort::Sort;

/// The category that stands for several types.
pub const ALL: &str = "all";

/// Every kind that a server knows: Kubernetes' own, then those that definitions add.
pub fn all_kinds(client: &dyn Client) -> impl Iterator<Item = Kind> {
    Kind::ALL.iter().copied().chain(client.custom_kinds())
}

/// The kind with this `apiVersion` and `kind`, which may be any version of a custom kind that is served.
pub fn kind_of(version: &str, word: &str, client: &dyn Client) -> Option<Kind> {
    Kind::of(version, word).or_else(|| client.custom_kinds().into_iter().find(|kind| kind.serves(version, word)))
}

/// Kinds that a real server has objects of, none of which is simulated, with their plurals and short names.
const NOT_SIMULATED: [(&str, [&str; 2]); 3] =
    [("ComponentStatus", ["componentstatuses", "cs"]), ("IPAddress", ["ipaddresses", "ip"]), ("ServiceCIDR", ["servicecidrs", ""])];

/// The kind with this name, if it is one that is not simulated.
pub fn not_simulated(word: &str) -> Option<&'static str> {
    let name = word.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let goes_by = |(kind, names): &&(&str, [&str; 2])| !name.is_empty() && (kind.to_ascii_lowercase() == name || names.contains(&&*name));
    NOT_SIMULATED.iter().find(goes_by).map(|(kind, _)| *kind)
}

/// The resources that the arguments ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The types, if given separately from names.
    pub kinds: Vec<Kind>,
    /// The names, each for every type.
    pub names: Vec<String>,
    /// The pairs given as `TYPE/NAME`.
    pub pairs: Vec<(Kind, String)>,
}

impl Asked {
    /// Whether a single name is given. Models builder.go visitByName and visitByResource.
    pub fn is_one(&self) -> bool {
        self.names.len() + self.pairs.len() == 1 && self.kinds.len() < 2
    }

    /// Parses arguments.
    pub fn read(args: &[String], client: &dyn Client) -> Result<Asked, Failure> {
        let mut asked = Asked::default();
        let slashes = args.iter().filter(|a| a.contains('/')).count();
        if slashes > 0 && slashes != args.len() {
            return Err(Failure::client(
                "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form \
                 (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
            ));
        }
        if slashes > 0 {
            for arg in args {
                asked.pairs.push(pair(arg, client)?);
            }
            return Ok(asked);
        }
        if let Some((types, names)) = args.split_first() {
            Failure::client_if(types.ends_with(',') && !names.is_empty(), ONE_EACH)?;
            asked.kinds = kinds(types, client)?;
            asked.names = names.to_vec();
            // A category stands for several resources, which names cannot be of.
            Failure::client_if(!names.is_empty() && !types.contains(',') && asked.kinds.len() > 1, "you must specify only one resource")?;
        }
        Ok(asked)
    }

    /// Whether nothing was asked for.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty() && self.pairs.is_empty()
    }

    /// Whether individual objects were named.
    pub fn has_names(&self) -> bool {
        !self.names.is_empty() || !self.pairs.is_empty()
    }

    /// The named objects, in kubectl's order.
    pub fn named(&self) -> Vec<(Kind, String)> {
        let crossed = self.kinds.iter().flat_map(|kind| self.names.iter().map(|name| (*kind, name.clone())));
        self.pairs.iter().cloned().chain(crossed).collect()
    }

    /// Whether the result may have more than one kind.
    pub fn several_kinds(&self) -> bool {
        let mut kinds: Vec<Kind> = self.kinds.iter().copied().chain(self.pairs.iter().map(|(kind, _)| *kind)).collect();
        kinds.sort_small();
        kinds.dedup();
        kinds.len() > 1
    }
}

const ONE_EACH: &str = "arguments in resource/name form must have a single resource and name";

fn pair(arg: &str, client: &dyn Client) -> Result<(Kind, String), Failure> {
    let parts: Vec<&str> = arg.split('/').collect();
    let [kind, name] = parts.as_slice() else {
        return Err(Failure::client("arguments in resource/name form may not have more than one slash"));
    };
    Failure::client_if(kind.is_empty() || name.is_empty() || kind.contains(','), ONE_EACH)?;
    Ok((kind_called(kind, client)?, (*name).to_owned()))
}

/// The types of a comma-separated list, without duplicates, in order.
pub fn kinds(list: &str, client: &dyn Client) -> Result<Vec<Kind>, Failure> {
    let mut kinds = Vec::new();
    for word in list.split(',') {
        let found = if word == ALL { in_all(client) } else { vec![kind_called(word, client)?] };
        for kind in found {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
    }
    Ok(kinds)
}

/// What `all` stands for, in the order of the API groups.
fn in_all(client: &dyn Client) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = all_kinds(client).filter(|k| k.has(Trait::InAll)).collect();
    kinds.sort_small_by_key(|k| (k.info().group, k.info().plural));
    kinds
}

/// The kind with this name: `sts`, `StatefulSet`, `statefulsets.apps`, `statefulsets.v1.apps`.
pub fn kind_called(word: &str, client: &dyn Client) -> Result<Kind, Failure> {
    if let Some(kind) = not_simulated(word).filter(|_| find(word, client).is_none()) {
        return Err(Failure::not_simulated(format!("kind {kind}")));
    }
    find(word, client).ok_or_else(|| match word.split_once('.') {
        Some((name, group)) if !name.is_empty() && !group.is_empty() => {
            Failure::client(format!("the server doesn't have a resource type {name:?} in group {group:?}"))
        }
        _ => Failure::client(format!("the server doesn't have a resource type {word:?}")),
    })
}

/// The kind with this name, if there is one. Letters may be large in full names, but not in short ones or in groups; a version
/// stands before a group, be it the nameless one: `pods.v1.`. Models ParseResourceArg, shortcutExpander and DefaultRESTMapper.
pub fn find(word: &str, client: &dyn Client) -> Option<Kind> {
    find_own(word).or_else(|| client.custom_kinds().into_iter().find(|kind| goes_by(*kind, word)))
}

/// The same of Kubernetes' own kinds.
pub fn find_own(word: &str) -> Option<Kind> {
    Kind::ALL.iter().copied().find(|kind| goes_by(*kind, word))
}

fn goes_by(kind: Kind, word: &str) -> bool {
    let (name, rest) = word.split_once('.').unwrap_or((word, ""));
    let lower = name.to_ascii_lowercase();
    let info = kind.info();
    let is_name = info.plural == lower || info.singular == lower || info.short.contains(&name);
    // Where no such version is, the longhand of a short name is looked up without it.
    let is_version = |version: &str| version == info.version || info.served.contains(&version) || info.short.contains(&name);
    let is_group = rest == info.group || rest.split_once('.').is_some_and(|(version, of)| of == info.group && is_version(version));
    is_name && (rest.is_empty() || is_group)
}
