//! What is the matter with a manifest that runs nowhere: it is applied to a new cluster, as a plan makes one.

use crate::case::Case;
use crate::documents::{key_of, objects_of};
use crate::fact::Fact;
use crate::fault::Fault;
use crate::given::Given;
use crate::lack::Lack;
use api::kind::Kind;
use api::release::Release;
use api::schema::schema;
use base::slices::{Slices, Work};
use base::value::Value;
use intake::Report;
use intake::applied::{self, Refused};
use sim::Sim;
use text::diagnose::Assumed;

/// The diagnosis of a manifest with a set, in slices: as its files stand, and with what they do not bring. `None` of any other text, and
/// of one with the state of a cluster.
pub fn diagnosis(text: &str, release: &'static Release, slices: Slices) -> Option<Work<Report>> {
    let Given::Manifest(manifest) = Given::read(text) else { return None };
    if !is_manifest(text) {
        return None;
    }
    let case = Case::new(text, "", release);
    Some(Work::new(async move {
        let lacks = case.lacks();
        let (mut bare, sim) = of_case(&case, &manifest, slices).await;
        let added = Lack::left(lacks, &sim);
        if !added.is_empty() {
            let names: Vec<String> = added.iter().map(Lack::told).collect();
            let (mut with, _) = of_case(&case.with(added), &manifest, slices).await;
            // What tools say of a set that waits, the first answer has told.
            with.verdicts.iter_mut().for_each(|verdict| verdict.judged.clear());
            bare.with = Some((names, Box::new(with)));
        }
        bare
    }))
}

/// The diagnosis of a case, and the cluster that it is of.
async fn of_case(case: &Case, manifest: &str, slices: Slices) -> (Report, Sim) {
    let (made, refused) = case.brought_up(slices).await;
    let (sim, release) = (made.sim().clone(), made.sim().release());
    let count = i64::try_from(sim.tables().nodes().count()).unwrap_or(i64::MAX);
    let spaces = case.facts(&sim).iter().any(|fact| matches!(fact, Fact::Namespaces { .. }));
    let assumed = [Assumed::Applied { count, release: release.name.into() }].into_iter().chain(spaces.then_some(Assumed::Namespaces));
    let documents = yaml::parse(manifest);
    let said = |Fault { place, words }: Fault| {
        let line = place.map_or(0, |(line, _)| line);
        let own = documents.iter().rfind(|document| document.span.line <= line);
        Refused { line, words, about: own.and_then(|document| key_of(document.value.as_ref()?, "default")) }
    };
    let refused: Vec<Refused> = refused.into_iter().map(said).collect();
    let has_set = sim.tables().stateful_sets().next().is_some();
    if !has_set && !refused.is_empty() {
        return (applied::refused(&refused), sim);
    }
    let mut report = applied::report_on(sim.clone(), assumed.collect(), slices).within().await;
    if !refused.is_empty() {
        // What is refused comes first: it is what the apply prints.
        report.verdicts.splice(0..0, applied::refused(&refused).verdicts);
    }
    (report, sim)
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
