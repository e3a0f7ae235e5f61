//! The command each button types. A click does nothing that could not be typed; the terminal shows the line.

use crate::base::sorted::SortedSet;

use super::Identity;
use super::cluster::Cluster;
use super::pod::PodState;
use crate::text::Text;

/// A button and the line it types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What the button says.
    pub label: String,
    /// What it types.
    pub line: String,
}

impl Entry {
    pub(super) fn new(label: impl Into<String>, line: impl Into<String>) -> Entry {
        Entry { label: label.into(), line: line.into() }
    }
}

/// What was broken on purpose, and can be mended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Pods that are kept from being Ready.
    pub unready: SortedSet<Identity>,
    /// Images that cannot be pulled.
    pub broken: SortedSet<String>,
}

/// The manifest in the editor, as the terminal knows it.
pub const MANIFEST: &str = "manifest.yaml";

/// Applies the manifest.
pub fn apply() -> String {
    format!("kubectl apply -f {MANIFEST}")
}

/// Wants another number of pods.
pub fn scale(kind: &str, namespace: &str, name: &str, replicas: i64) -> String {
    format!("kubectl scale {kind} {name} --replicas={replicas}{}", in_namespace(namespace))
}

/// Removes a pod's object without asking the kubelet whether it has ended.
pub fn force_delete(identity: &Identity, text: &Text) -> Entry {
    let line = format!("kubectl delete pod {} --grace-period=0 --force{}", identity.pod, in_namespace(&identity.namespace));
    Entry::new((text.node.force)(&identity.pod), line)
}

/// What can be done to the pod selected, or else to the one of the highest ordinal.
pub fn entries(cluster: &Cluster, selected: Option<&Identity>, faults: &Faults, text: &Text) -> Vec<Entry> {
    let mut entries = Vec::new();
    if let Some(identity) = target(cluster, selected) {
        let (pod, rest) = (&identity.pod, in_namespace(&identity.namespace));
        let verb = if faults.unready.contains(identity) { "ready" } else { "unready" };
        let label = if verb == "ready" { text.cluster.make_ready } else { text.cluster.make_unready };
        entries.push(Entry { label: (text.cluster.delete_pod)(pod), line: format!("kubectl delete pod {pod}{rest}") });
        if cluster.pods.values().any(|tile| tile.identity == *identity && tile.state == PodState::Terminating) {
            entries.push(force_delete(identity, text));
        }
        entries.push(Entry { label: label(pod), line: format!("playground {verb} pod {pod}{rest}") });
    }
    let image = cluster.object.as_ref().and_then(|line| line.revisions.last()).map(|(_, _, image)| image).filter(|image| !image.is_empty());
    if let Some(image) = image {
        let broken = faults.broken.contains(image);
        let (label, verb) = if broken { (text.cluster.mend_image, "mend") } else { (text.cluster.break_image, "break") };
        entries.push(Entry { label: label.to_owned(), line: format!("playground {verb} image {image}") });
    }
    entries
}

fn target<'a>(cluster: &'a Cluster, selected: Option<&'a Identity>) -> Option<&'a Identity> {
    let exists = |identity: &&Identity| cluster.pods.values().any(|tile| tile.identity == **identity);
    let all = || cluster.columns.iter().rev().map(|column| &column.identity).find(exists);
    selected.filter(exists).or_else(all)
}

/// How a command names a namespace that is not the default one.
fn in_namespace(namespace: &str) -> String {
    if namespace == "default" { String::new() } else { format!(" --namespace={namespace}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::ENGLISH;
    use crate::view::{cluster, example};

    #[test]
    fn every_button_types_a_line() {
        let example = example::ordered_creation();
        let cluster = cluster::project(&example.snapshot(), Some(("default", "web")));
        let lines = |selected: Option<&Identity>, faults: &Faults| -> Vec<String> {
            entries(&cluster, selected, faults, &ENGLISH).into_iter().map(|entry| entry.line).collect()
        };
        let web0 = Identity { namespace: "default".into(), pod: "web-0".into() };
        let quiet = Faults::default();
        assert_eq!(lines(None, &quiet), ["kubectl delete pod web-1", "playground unready pod web-1", "playground break image nginx:1.27"]);
        let faults = Faults { unready: [web0.clone()].into(), broken: ["nginx:1.27".to_owned()].into() };
        let want = ["kubectl delete pod web-0", "playground ready pod web-0", "playground mend image nginx:1.27"];
        assert_eq!(lines(Some(&web0), &faults), want);
        assert_eq!(scale("statefulset", "default", "web", 4), "kubectl scale statefulset web --replicas=4");
    }
}
