//! How lines are spelled: kubectl's and the playground's own, with the namespace that they act in, and quotes where a shell needs them.
//! Whoever offers a line has it spelled here.

use std::fmt;

use api::client::PatchType;
use api::kind::Kind;
use base::value::Value;

/// How lines of kubectl name kinds and namespaces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// `kubectl delete statefulset web --namespace=prod`, and no namespace where it is the current one: in the page's terminal.
    #[default]
    Here,
    /// `kubectl -n prod delete sts web`, whichever namespace is the current one: for a cluster elsewhere.
    Elsewhere,
}

/// What a line says of the namespace that it acts in: ` --namespace=prod`, and of the current one nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Naming {
    form: Form,
    namespace: String,
}

impl Naming {
    /// How a namespace is named while `current` is the current one. What is in no namespace has an empty one, which needs no name.
    pub fn of(namespace: &str, current: &str) -> Naming {
        let namespace = if namespace == current { "" } else { namespace };
        Naming { form: Form::Here, namespace: namespace.to_owned() }
    }

    /// How a namespace is named in a cluster elsewhere.
    pub fn elsewhere(namespace: &str) -> Naming {
        Naming { form: Form::Elsewhere, namespace: namespace.to_owned() }
    }

    /// A title of something in that namespace, which begins with the namespace unless it is the current one.
    pub fn title(&self, namespace: &str, title: String) -> String {
        if self.namespace.is_empty() { title } else { format!("{namespace}: {title}") }
    }

    /// How lines name a kind.
    pub fn kind(&self, kind: Kind) -> &'static str {
        match self.form {
            Form::Here => kind.info().singular,
            Form::Elsewhere => short(kind),
        }
    }
}

/// Lines that act in that namespace.
impl Naming {
    /// A command of kubectl.
    pub fn kubectl(&self, command: impl fmt::Display) -> String {
        match self.form {
            Form::Here => format!("kubectl {command}{self}"),
            Form::Elsewhere => format!("kubectl{self} {command}"),
        }
    }

    /// Deletes an object; options may follow its name.
    pub fn delete(&self, kind: Kind, what: &str) -> String {
        self.kubectl(format_args!("delete {} {what}", self.kind(kind)))
    }

    /// Deletes a pod without waiting for its kubelet's confirmation.
    pub fn force_delete(&self, pod: &str) -> String {
        self.delete(Kind::Pod, &format!("{pod} --grace-period=0 --force"))
    }

    /// Patches an object.
    pub fn patch(&self, kind: Kind, name: &str, how: PatchType, body: &str) -> String {
        let how = match how {
            PatchType::Strategic => "",
            PatchType::Merge => "--type=merge ",
            PatchType::Json => "--type=json ",
        };
        self.kubectl(format_args!("patch {} {name} {how}-p {}", self.kind(kind), quoted(body)))
    }

    /// Takes a field out of an object; the path is a JSON pointer.
    pub fn remove(&self, kind: Kind, name: &str, path: &str) -> String {
        self.patch(kind, name, PatchType::Json, &format!(r#"[{{"op":"remove","path":"{path}"}}]"#))
    }

    /// Puts another value into a field that an object has; the path is a JSON pointer, the value is JSON.
    pub fn replace(&self, kind: Kind, name: &str, path: &str, value: impl fmt::Display) -> String {
        self.patch(kind, name, PatchType::Json, &format!(r#"[{{"op":"replace","path":"{path}","value":{value}}}]"#))
    }

    /// Sets an annotation of objects, whatever it was before.
    pub fn annotate(&self, kind: Kind, names: &str, annotation: &str, value: impl fmt::Display) -> String {
        self.kubectl(format_args!("annotate {} {names} {annotation}={value} --overwrite", self.kind(kind)))
    }

    /// A subcommand of `kubectl rollout` for a workload.
    pub fn rollout(&self, verb: &str, kind: Kind, name: &str) -> String {
        self.kubectl(format_args!("rollout {verb} {}/{name}", self.kind(kind)))
    }

    /// Scales a workload.
    pub fn scale(&self, kind: Kind, name: &str, replicas: i64) -> String {
        self.kubectl(format_args!("scale {} {name} --replicas={replicas}", self.kind(kind)))
    }

    /// Sets images of containers: `app=nginx:1.27`.
    pub fn set_image(&self, kind: Kind, name: &str, images: &str) -> String {
        self.kubectl(format_args!("set image {}/{name} {images}", self.kind(kind)))
    }

    /// Sets what the containers of a set ask for, by options: `--requests=cpu=100m`.
    pub(crate) fn set_resources(&self, set: &str, amounts: &str) -> String {
        self.kubectl(format_args!("set resources {} {set} {amounts}", self.kind(Kind::StatefulSet)))
    }

    /// Sets the partition of a set.
    pub fn partition(&self, set: &str, partition: i64) -> String {
        let patch = format!(r#"{{"spec":{{"updateStrategy":{{"rollingUpdate":{{"partition":{partition}}}}}}}}}"#);
        self.patch(Kind::StatefulSet, set, PatchType::Strategic, &patch)
    }

    /// Applies an object, which says of its namespace itself.
    pub fn apply(&self, object: &Value) -> String {
        match self.form {
            Form::Here => format!("echo {} | kubectl apply -f -", quoted(&object.to_json())),
            Form::Elsewhere => format!("kubectl apply -f - <<'E'\n{}E", yaml::print(object)),
        }
    }

    /// Makes an object, which says of its namespace itself: elsewhere, by the subcommand of its kind where there is a short one.
    pub fn make(&self, kind: Kind, name: &str, object: &Value) -> String {
        let of_kind = match (self.form, kind) {
            (Form::Here, _) => None,
            (_, Kind::ConfigMap) => Some("configmap"),
            (_, Kind::Secret) => Some("secret generic"),
            (_, Kind::ServiceAccount) => Some("serviceaccount"),
            _ => None,
        };
        let keys = object.get("data").or_else(|| object.get("stringData")).into_iter().flat_map(Value::members);
        let keys: Option<Vec<String>> = keys.map(|(key, value)| literal(key, value.as_text()?)).collect();
        match of_kind.zip(keys) {
            Some((what, keys)) => self.kubectl([&[format!("create {what} {name}")], &*keys].concat().join(" ")),
            None => self.apply(object),
        }
    }

    /// Does with an object what only the playground can; see `playground::verb`.
    pub fn playground(&self, verb: &str, kind: Kind, what: &str) -> String {
        format!("playground {verb} {} {what}{self}", kind.info().singular)
    }
}

/// The option that gives an object a key; `None` where the value takes several lines.
fn literal(key: &str, value: &str) -> Option<String> {
    let value = if value.contains([' ', '#', '\'']) { quoted(value) } else { value.to_owned() };
    (!value.contains('\n')).then(|| format!("--from-literal={key}={value}"))
}

/// A kind as people write it for short.
pub fn short(kind: Kind) -> &'static str {
    match kind {
        Kind::StatefulSet => "sts",
        Kind::PersistentVolumeClaim => "pvc",
        Kind::PersistentVolume => "pv",
        Kind::StorageClass => "sc",
        Kind::Service => "svc",
        Kind::Namespace => "ns",
        Kind::PodDisruptionBudget => "pdb",
        other => other.info().singular,
    }
}

/// Taints nodes, or takes a taint away that ends in `-`.
pub fn taint(nodes: &str, taint: &str) -> String {
    format!("kubectl taint nodes {nodes} {taint}")
}

/// Labels nodes; options may follow the labels.
pub(crate) fn label_nodes(nodes: &str, labels: &str) -> String {
    format!("kubectl label nodes {nodes} {labels}")
}

/// Lets nodes take pods again.
pub fn uncordon(nodes: &str) -> String {
    format!("kubectl uncordon {nodes}")
}

/// One word for a shell, whatever is in it.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

impl fmt::Display for Naming {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.form {
            _ if self.namespace.is_empty() => Ok(()),
            Form::Here => write!(f, " --namespace={}", self.namespace),
            Form::Elsewhere => write!(f, " -n {}", self.namespace),
        }
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
