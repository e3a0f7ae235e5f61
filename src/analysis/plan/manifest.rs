//! What is the matter with a manifest that runs nowhere: it is applied to a new cluster, as a plan makes one.

use crate::assumed::Fact;
use crate::documents::{key_of, objects_of};
use crate::given::Given;
use crate::start::{Fault, brought_up};
use api::kind::Kind;
use api::release::Release;
use api::schema::schema;
use base::slices::{Slices, Work};
use base::value::Value;
use intake::Report;
use intake::applied::{self, Refused};
use text::diagnose::Assumed;

/// The diagnosis of a manifest with a set, in slices. `None` of any other text, and of one with the state of a cluster.
pub fn diagnosis(text: &str, release: &'static Release, slices: Slices) -> Option<Work<Report>> {
    let Given::Manifest(manifest) = Given::read(text) else { return None };
    if !is_manifest(text) {
        return None;
    }
    Some(Work::new(async move {
        match brought_up(&manifest, release, slices).await {
            Ok((made, facts)) => {
                let count = i64::try_from(made.tables().nodes().count()).unwrap_or(i64::MAX);
                let lent = facts.iter().filter_map(|fact| match fact {
                    Fact::Namespaces { .. } => Some(Assumed::Namespaces),
                    Fact::Objects { .. } => Some(Assumed::References),
                    _ => None,
                });
                let assumed = [Assumed::Applied { count, release: release.name.into() }].into_iter().chain(lent);
                applied::report_on(made.sim().clone(), assumed.collect(), slices).within().await
            }
            Err(faults) => {
                let documents = yaml::parse(&manifest);
                let said = |Fault { place, words }: Fault| {
                    let line = place.map_or(0, |(line, _)| line);
                    let own = documents.iter().rfind(|document| document.span.line <= line);
                    Refused { line, words, about: own.and_then(|document| key_of(document.value.as_ref()?, "default")) }
                };
                applied::refused(&faults.into_iter().map(said).collect::<Vec<_>>())
            }
        }
    }))
}

/// Whether all of a text is manifests, with a set among them, and no server has written into any. Where the text is no YAML, its lines
/// that begin at the margin tell.
fn is_manifest(text: &str) -> bool {
    let documents = yaml::parse(text);
    let is_object = |document: &yaml::Document| {
        let claimed = |key: &str| document.value.as_ref().is_some_and(|value| value.text_at(&[key]).is_some());
        document.is_empty() || claimed("apiVersion") && claimed("kind")
    };
    if documents.iter().any(|document| document.error().is_some()) {
        return text.lines().all(is_of_manifest)
            && text.lines().any(|line| line.trim_end() == format!("kind: {}", Kind::StatefulSet.info().name));
    }
    let objects = objects_of(text);
    let is_written = |object: &Value| object.get("status").is_some() || object.at(&["metadata", "uid"]).is_some();
    let is_set = |object: &Value| Kind::claimed(object) == Some(Kind::StatefulSet);
    documents.iter().all(is_object) && objects.iter().any(is_set) && !objects.iter().any(is_written)
}

/// Whether a line stands in a manifest. What begins at the margin there is a field, a comment, or what parts two objects.
fn is_of_manifest(line: &str) -> bool {
    let knows = |name: &str| Kind::ALL.iter().any(|kind| schema().kind(*kind).fields.iter().any(|field| field.name == name));
    let is_field = || line.split_once(':').is_some_and(|(name, _)| ["apiVersion", "kind", "metadata"].contains(&name) || knows(name));
    line.is_empty() || line.starts_with([' ', '#', '\t']) || line.starts_with("---") || is_field()
}
