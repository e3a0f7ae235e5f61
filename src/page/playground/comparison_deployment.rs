//! The Deployment beside a StatefulSet: the same template, but no claims, as a Deployment has no templates of claims.

use api::client::Client;
use api::kind::Kind;
use base::given::SetGiven;
use base::value::Value;
use sim::Sim;

/// Distinguishes the Deployment's pods from the set's, so that the set's Service does not select them.
const SUFFIX: &str = "-deployment";

/// The manifest of a Deployment with a set's template; `None` if there is no such set. Where the set has a claim per pod, each pod has an
/// `emptyDir`, or, if asked for, all pods share one claim, whose manifest comes first.
pub fn manifest(sim: &Sim, namespace: &str, set: &str, shares: bool) -> Option<String> {
    let of = sim.get(Kind::StatefulSet, namespace, set).ok()?;
    let mut template = of.at(&["spec", "template"])?.clone();
    let mut labels = of.at(&["spec", "selector", "matchLabels"]).cloned().unwrap_or_default();
    let keys: Vec<String> = labels.members().map(|(key, _)| key.to_string()).collect();
    for key in &keys {
        let value = format!("{}{SUFFIX}", labels.text_at(&[key]).unwrap_or_default());
        labels.set(&[key], value.as_str());
        template.set(&["metadata", "labels", key], value.as_str());
    }
    let mut volumes = template.list_at(&["spec", "volumes"]).to_vec();
    let mut documents = Vec::new();
    for claim in of.list_at(&["spec", "volumeClaimTemplates"]) {
        let volume = claim.text_at(&["metadata", "name"])?;
        if !shares {
            volumes.push(Value::of([("name", Value::from(volume)), ("emptyDir", Value::map())]));
            continue;
        }
        let shared = format!("{volume}-{set}");
        let source = Value::of([("claimName", shared.as_str())]);
        volumes.push(Value::of([("name", Value::from(volume)), ("persistentVolumeClaim", source)]));
        documents.push(object("v1", Kind::PersistentVolumeClaim, namespace, &shared, claim.get("spec")?.clone()));
    }
    template.set_filled(&["spec", "volumes"], Value::list(volumes));
    let mut spec = Value::of([("selector", Value::of([("matchLabels", labels)])), ("template", template)]);
    spec.set(&["replicas"], of.int_at(&["spec", "replicas"]).unwrap_or(1));
    documents.push(object("apps/v1", Kind::Deployment, namespace, set, spec));
    Some(documents.iter().map(yaml::print).collect::<Vec<_>>().join("---\n"))
}

fn object(version: &str, kind: Kind, namespace: &str, name: &str, spec: Value) -> Value {
    let metadata = Value::of([("name", name), ("namespace", namespace)]);
    Value::of([("apiVersion", Value::from(version)), ("kind", kind.info().name.into()), ("metadata", metadata), ("spec", spec)])
}
