//! `create role`, `create rolebinding` and the same for the whole cluster.
//!
//! Models k8s.io/kubectl/pkg/cmd/create/create_{role,clusterrole,rolebinding,clusterrolebinding}.go.

use crate::generate::{create, finish, name_of, object, required};
use crate::work::Step;
use api::client::Client;
use api::kind::Kind;
use base::given::SetGiven;
use base::sorted::SortedMap;
use base::value::Value;
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::resources::kind_called;
use kubectl::session::Session;

const GROUP: &str = "rbac.authorization.k8s.io";
/// The verbs of resources, any of which may be allowed.
const VERBS: &str = "* get delete list create update patch watch proxy deletecollection use bind escalate impersonate";
/// The verbs of URLs that are no resources.
const URL_VERBS: &str = "* get put post head options delete patch";
/// Verbs that only some resources have, with these and their groups.
const SPECIAL: [(&str, &[(&str, &str)]); 4] = [
    ("use", &[("podsecuritypolicies", "policy"), ("podsecuritypolicies", "extensions")]),
    ("bind", &[("roles", GROUP), ("clusterroles", GROUP)]),
    ("escalate", &[("roles", GROUP), ("clusterroles", GROUP)]),
    ("impersonate", &[("users", ""), ("serviceaccounts", ""), ("groups", ""), ("userextras", "authentication.k8s.io")]),
];

/// The values of a flag that may be repeated, each once.
fn once(all: Vec<&str>) -> Vec<&str> {
    let mut seen = Vec::new();
    for one in all.into_iter().filter(|one| !one.is_empty()) {
        if !seen.contains(&one) {
            seen.push(one);
        }
    }
    seen
}

fn fail<T>(words: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::client(words))
}

/// A resource as a flag names it, with its group: `deployments.apps/scale`.
struct Resource {
    name: String,
    group: String,
    part: String,
}

impl Resource {
    /// Models the checks of validateResource and the names that generateResourcePolicyRules gives.
    fn read(word: &str, verbs: &[&str], client: &dyn Client) -> Result<Resource, Failure> {
        let (whole, part) = word.split_once('/').map_or((word, String::new()), |(whole, part)| (whole, format!("/{part}")));
        let (name, group) = whole.split_once('.').unwrap_or((whole, ""));
        if name.is_empty() {
            return fail("resource must be specified if apiGroup/subresource specified");
        }
        let asked = |name: &str, group: &str| Resource { name: name.to_owned(), group: group.to_owned(), part: part.clone() };
        if name == "*" {
            return Ok(asked(name, group));
        }
        let found = kind_called(whole, client).map(|kind| asked(kind.info().plural, kind.info().group));
        let known = found.as_ref().map_or((name, group), |found| (&found.name, &found.group));
        let mut is_special = false;
        for (verb, of) in SPECIAL.iter().filter(|(verb, _)| verbs.contains(verb)) {
            if !of.contains(&known) {
                return fail(format!("can not perform '{verb}' on '{}' in group '{}'", known.0, known.1));
            }
            is_special = true;
        }
        let unknown = |failure| if let Failure::Client(words) = failure { Failure::Plain(words) } else { failure };
        if is_special { Ok(asked(known.0, known.1)) } else { found.map_err(unknown) }
    }
}

/// The rules for resources, one for each group. Models generateResourcePolicyRules.
fn rules(call: &Call, session: &mut Session, verbs: &[&str], words: &[&str]) -> Result<Vec<Value>, Failure> {
    for verb in verbs.iter().filter(|verb| !VERBS.split(' ').any(|known| known == **verb)) {
        session.output.err(format!("Warning: '{verb}' is not a standard resource verb"));
    }
    let words = if words.contains(&"*") { &["*"] } else { words };
    let mut groups: SortedMap<String, Vec<String>> = SortedMap::new();
    for word in words {
        let Resource { name, group, part } = Resource::read(word, verbs, session.client)?;
        let (of, name) = (groups.entry(group).or_default(), name + &part);
        if !of.contains(&name) {
            of.push(name);
        }
    }
    let names = once(call.flags.all("resource-name"));
    Ok(groups
        .into_iter()
        .map(|(group, resources)| {
            let mut rule = rule(verbs, "resources", &resources);
            rule.set(&["apiGroups"], Value::list([group]));
            rule.set_filled(&["resourceNames"], Value::list(names.iter().copied()));
            rule
        })
        .collect())
}

fn rule(verbs: &[&str], field: &str, of: &[impl AsRef<str>]) -> Value {
    Value::of([(field, Value::list(of.iter().map(AsRef::as_ref))), ("verbs", Value::list(verbs.iter().copied()))])
}

/// The verbs of a line; `*` stands for all others.
fn verbs(call: &Call) -> Vec<&str> {
    let all = once(call.flags.list("verb"));
    if all.contains(&"*") { vec!["*"] } else { all }
}

/// `create role`
pub fn role(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let mut role = object(Kind::Role, name_of(call)?);
    let (verbs, words) = (verbs(call), call.flags.list("resource"));
    if verbs.is_empty() {
        return fail("at least one verb must be specified");
    }
    if words.is_empty() {
        return fail("at least one resource must be specified");
    }
    role.set(&["rules"], rules(call, session, &verbs, &words)?);
    finish(call, session, Kind::Role, role, "created")
}

/// `create clusterrole`
pub fn cluster_role(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let mut role = object(Kind::ClusterRole, name_of(call)?);
    let (verbs, words, urls) = (verbs(call), call.flags.list("resource"), once(call.flags.list("non-resource-url")));
    let labels = call.flags.list("aggregation-rule");
    if !labels.is_empty() {
        if !(urls.is_empty() && verbs.is_empty() && words.is_empty() && call.flags.all("resource-name").is_empty()) {
            return fail("aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames");
        }
        let mut selector = Value::map();
        for label in labels {
            let wrong = || Failure::client(format!("malformed pair, expect string=string: {label}"));
            let (key, value) = label.split_once('=').ok_or_else(wrong)?;
            selector.set(&["matchLabels", key], value);
        }
        role.set(&["aggregationRule", "clusterRoleSelectors"], Value::list([selector]));
        role.set(&["rules"], Value::Null);
        return finish(call, session, Kind::ClusterRole, role, "created");
    }
    if verbs.is_empty() {
        return fail("at least one verb must be specified");
    }
    if words.is_empty() && urls.is_empty() {
        return fail("one of resource or nonResourceURL must be specified");
    }
    let mut all = if words.is_empty() { Vec::new() } else { rules(call, session, &verbs, &words)? };
    if !urls.is_empty() {
        if let Some(verb) = verbs.iter().find(|verb| !URL_VERBS.split(' ').any(|known| known == **verb)) {
            return fail(format!("invalid verb: '{verb}' for nonResourceURL"));
        }
        for url in urls.iter().filter(|url| **url != "*") {
            if !url.starts_with('/') {
                return fail("nonResourceURL should start with /");
            }
            if url.strip_suffix('*').unwrap_or(url).contains('*') {
                return fail("nonResourceURL only supports wildcard matches when '*' is at the end");
            }
        }
        all.push(rule(&verbs, "nonResourceURLs", &urls));
    }
    role.set(&["rules"], all);
    finish(call, session, Kind::ClusterRole, role, "created")
}

/// `create rolebinding`
pub fn role_binding(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let name = name_of(call)?;
    let given = |flag| call.flags.text(flag).filter(|name| !name.is_empty());
    let role = match (given("role"), given("clusterrole")) {
        (Some(name), None) => ("Role", name),
        (None, Some(name)) => ("ClusterRole", name),
        _ => return fail("exactly one of clusterrole or role must be specified"),
    };
    bind(call, session, Kind::RoleBinding, name, role)
}

/// `create clusterrolebinding`
pub fn cluster_role_binding(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let role = required(call, "clusterrole")?;
    bind(call, session, Kind::ClusterRoleBinding, name_of(call)?, ("ClusterRole", role))
}

fn bind(call: &Call, session: &mut Session, kind: Kind, name: &str, (of, role): (&str, &str)) -> Result<Step, Failure> {
    let mut binding = object(kind, name);
    binding.set(&["roleRef"], Value::of([("apiGroup", GROUP), ("kind", of), ("name", role)]));
    let mut subjects = Vec::new();
    for (flag, kind) in [("user", "User"), ("group", "Group")] {
        let of_kind = |name: &str| Value::of([("kind", kind), ("apiGroup", GROUP), ("name", name)]);
        subjects.extend(call.flags.all(flag).into_iter().map(of_kind));
    }
    for account in call.flags.all("serviceaccount") {
        let parts = account.split_once(':').filter(|(space, name)| !space.is_empty() && !name.is_empty() && !name.contains(':'));
        let Some((space, name)) = parts else { return fail("serviceaccount must be <namespace>:<name>") };
        subjects.push(Value::of([("kind", "ServiceAccount"), ("name", name), ("namespace", space)]));
    }
    binding.set_filled(&["subjects"], subjects);
    create(call, session, kind, binding)
}
