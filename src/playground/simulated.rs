//! Which fields the simulation acts on. Everything else that a valid manifest holds is kept, shown again, and said to be so.

use crate::base::sorted::SortedSet;

use crate::base::value::{Map, Value};

/// Paths of the simulated fields of a kind, one per line; `*` stands for all below, an index is left out, and `{pod}` and `{claim}`
/// for the lines of those names.
const KINDS: &[(&str, &str)] = &[
    ("Namespace", "spec.*"),
    ("Pod", "spec.{pod}"),
    (
        "Service",
        "spec.clusterIP spec.clusterIPs spec.selector.* spec.type spec.publishNotReadyAddresses spec.externalName
         spec.ports.name spec.ports.port spec.ports.targetPort spec.ports.protocol spec.ports.nodePort",
    ),
    (
        "StatefulSet",
        "spec.replicas spec.serviceName spec.selector.* spec.podManagementPolicy spec.updateStrategy.* spec.minReadySeconds
         spec.revisionHistoryLimit spec.ordinals.* spec.persistentVolumeClaimRetentionPolicy.* spec.template.metadata.*
         spec.template.spec.{pod} spec.volumeClaimTemplates.apiVersion spec.volumeClaimTemplates.kind
         spec.volumeClaimTemplates.metadata.* spec.volumeClaimTemplates.spec.{claim}",
    ),
    ("PersistentVolumeClaim", "spec.{claim}"),
    (
        "PersistentVolume",
        "spec.capacity.* spec.accessModes.* spec.persistentVolumeReclaimPolicy spec.storageClassName spec.claimRef.*
         spec.nodeAffinity.* spec.hostPath.* spec.local.* spec.csi.driver spec.csi.volumeHandle spec.volumeMode",
    ),
    ("StorageClass", "provisioner reclaimPolicy volumeBindingMode"),
];

const POD: &str = "containers.name containers.image containers.ports.name containers.ports.containerPort containers.ports.protocol
    containers.readinessProbe.* containers.startupProbe.* containers.livenessProbe.*
    containers.lifecycle.preStop.* containers.volumeMounts.* containers.resources.*
    containers.imagePullPolicy containers.command.* containers.args.* containers.env.* containers.stdin initContainers.name initContainers.image
    initContainers.command.* initContainers.args.* initContainers.env.* initContainers.restartPolicy initContainers.readinessProbe.*
    initContainers.startupProbe.* initContainers.livenessProbe.* initContainers.imagePullPolicy initContainers.lifecycle.preStop.* initContainers.stdin
    initContainers.resources.* initContainers.volumeMounts.* terminationGracePeriodSeconds hostname subdomain nodeName
    nodeSelector.* affinity.* tolerations.* topologySpreadConstraints.* schedulerName restartPolicy dnsPolicy dnsConfig.*
    readinessGates.* serviceAccountName priorityClassName
    volumes.name volumes.persistentVolumeClaim.* volumes.emptyDir.* volumes.configMap.name volumes.secret.secretName";

const CLAIM: &str = "accessModes.* resources.* storageClassName volumeName selector.* volumeMode";

/// Names that people mistype and that no simulated path holds.
const OTHER_NAMES: &str = "apiVersion kind metadata labels annotations matchLabels matchExpressions rollingUpdate partition
    maxUnavailable imagePullPolicy command args env valueFrom livenessProbe startupProbe lifecycle securityContext mountPath
    readOnly configMap emptyDir secret httpGet path requests limits storage serviceAccountName nodeSelector";

/// How many letters may differ between a name and the one that was meant.
const LETTERS_APART: usize = 2;

/// The fields of an object that are kept and not simulated: the shortest paths that lead to them alone.
pub fn kept(object: &Value) -> Vec<String> {
    let kind = object.text_at(&["kind"]).unwrap_or_default();
    let Some((_, paths)) = KINDS.iter().find(|(name, _)| *name == kind) else { return Vec::new() };
    let known = expand(paths);
    let mut found = Vec::new();
    for (key, value) in object.as_map().into_iter().flat_map(Map::iter) {
        if !matches!(&**key, "apiVersion" | "kind" | "metadata" | "status") {
            walk(key, key, value, &known, &mut found);
        }
    }
    found
}

/// The known field whose name is nearest to one that is not known.
pub fn nearest_field(name: &str) -> Option<&'static str> {
    let paths = KINDS.iter().map(|(_, paths)| *paths).chain([POD, CLAIM, OTHER_NAMES]);
    let names: SortedSet<&'static str> = paths.flat_map(|paths| paths.split(['.', ' ', '\n'])).filter(|name| name.len() > 2).collect();
    let near = names.into_iter().map(|known| (distance(name, known), known)).filter(|(apart, _)| *apart <= LETTERS_APART);
    near.min().map(|(_, known)| known)
}

fn expand(paths: &str) -> Vec<String> {
    let one = |path: &str| -> Vec<String> {
        let parts = |prefix: &str, list: &str| list.split_whitespace().map(|rest| format!("{prefix}{rest}")).collect();
        match (path.strip_suffix("{pod}"), path.strip_suffix("{claim}")) {
            (Some(prefix), _) => parts(prefix, POD),
            (_, Some(prefix)) => parts(prefix, CLAIM),
            _ => vec![path.to_owned()],
        }
    };
    paths.split_whitespace().flat_map(one).collect()
}

/// `shown` is the path with its indices, `plain` without.
fn walk(shown: &str, plain: &str, value: &Value, known: &[String], found: &mut Vec<String>) {
    let below = format!("{plain}.");
    let whole = format!("{plain}.*");
    if known.iter().any(|path| *path == *plain || *path == whole) {
        return;
    }
    if !known.iter().any(|path| path.starts_with(&below)) {
        found.push(shown.to_owned());
        return;
    }
    if let Some(map) = value.as_map() {
        for (key, value) in map.iter() {
            walk(&format!("{shown}.{key}"), &format!("{below}{key}"), value, known, found);
        }
    }
    for (index, item) in value.as_list().unwrap_or_default().iter().enumerate() {
        walk(&format!("{shown}[{index}]"), plain, item, known, found);
    }
}

/// How many letters have to be changed, added or taken away. Models nothing; Levenshtein's distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept_of(text: &str) -> Vec<String> {
        crate::yaml::parse(text).iter().filter_map(|document| document.value.as_ref()).flat_map(kept).collect()
    }

    #[test]
    fn what_is_not_simulated_is_named_once_and_as_a_whole() {
        let text = "kind: StatefulSet\nspec:\n  replicas: 1\n  template:\n    spec:\n      hostNetwork: true\n      containers:\n      \
                    - {name: a, image: b, terminationMessagePath: /t, livenessProbe: {httpGet: {path: /}}, readinessProbe: {periodSeconds: 1}}\n";
        assert_eq!(kept_of(text), ["spec.template.spec.containers[0].terminationMessagePath", "spec.template.spec.hostNetwork"]);
        assert!(kept_of("kind: Service\nspec: {clusterIP: None, ports: [{port: 80}]}\n").is_empty());
    }

    #[test]
    fn a_mistyped_field_finds_the_one_that_was_meant() {
        assert_eq!(nearest_field("volumeClaimTemplate"), Some("volumeClaimTemplates"));
        assert_eq!(nearest_field("replica"), Some("replicas"));
        assert_eq!(nearest_field("somethingElse"), None);
    }
}
