//! How lines are spelled: kubectl's and the playground's own, with the namespace that they act in, and quotes where a shell needs them.

use std::fmt;

use api::client::PatchType;
use api::kind::Kind;

/// What a line says of the namespace that it acts in: ` --namespace=prod`, and of the current one nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Naming(String);

impl Naming {
    /// How a namespace is named while `current` is the current one. What is in no namespace has an empty one, which needs no name.
    pub fn of(namespace: &str, current: &str) -> Naming {
        Naming(if [current, ""].contains(&namespace) { String::new() } else { format!(" --namespace={namespace}") })
    }

    /// A title of something in that namespace, which begins with the namespace unless it is the current one.
    pub fn title(&self, namespace: &str, title: String) -> String {
        if self.0.is_empty() { title } else { format!("{namespace}: {title}") }
    }
}

/// Lines that act in that namespace.
impl Naming {
    /// Deletes an object; options may follow its name.
    pub fn delete(&self, kind: Kind, what: &str) -> String {
        format!("kubectl delete {} {what}{self}", kind.info().singular)
    }

    /// Patches an object.
    pub fn patch(&self, kind: Kind, name: &str, how: PatchType, body: &str) -> String {
        let how = match how {
            PatchType::Strategic => "",
            PatchType::Merge => "--type=merge ",
            PatchType::Json => "--type=json ",
        };
        format!("kubectl patch {} {name} {how}-p {}{self}", kind.info().singular, quoted(body))
    }

    /// Sets an annotation of objects, whatever it was before.
    pub fn annotate(&self, kind: Kind, names: &str, annotation: &str, value: impl fmt::Display) -> String {
        format!("kubectl annotate {} {names} {annotation}={value} --overwrite{self}", kind.info().singular)
    }

    /// A subcommand of `kubectl rollout` for a workload: `statefulset/web`.
    pub fn rollout(&self, verb: &str, what: &str) -> String {
        format!("kubectl rollout {verb} {what}{self}")
    }

    /// Does with an object what only the playground can; see `playground::verb`.
    pub fn playground(&self, verb: &str, kind: Kind, what: &str) -> String {
        format!("playground {verb} {} {what}{self}", kind.info().singular)
    }
}

/// Taints a node, or takes a taint away that ends in `-`.
pub fn taint(node: &str, taint: &str) -> String {
    format!("kubectl taint nodes {node} {taint}")
}

/// One word for a shell, whatever is in it.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

impl fmt::Display for Naming {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The namespace that a line of the page's own names, or else the current one, and its other words; `None` where it has another option.
pub fn read_naming<'a>(words: &[&'a str], current: &'a str) -> Option<(&'a str, Vec<&'a str>)> {
    let (mut namespace, mut rest) = (current, Vec::new());
    let mut words = words.iter().copied();
    while let Some(word) = words.next() {
        match (word, word.strip_prefix("--namespace=")) {
            ("-n" | "--namespace", _) => namespace = words.next()?,
            (_, Some(given)) => namespace = given,
            // A number may have a minus sign.
            (option, _) if option.strip_prefix('-').is_some_and(|name| !name.starts_with(|c: char| c.is_ascii_digit())) => return None,
            (word, _) => rest.push(word),
        }
    }
    Some((namespace, rest))
}
