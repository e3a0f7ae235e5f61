//! StatefulSets, Deployments, ReplicaSets and the like.
//!
//! Models k8s.io/kubectl/pkg/describe/describe.go describeStatefulSet, describeDeployment, describeReplicaSet.

use super::{CLAIMTEMPLATE, print};
use crate::describe::layout::Page;
use api::kind::Kind;
use api::view::{self, NONE, View, controller_of, int, text};
use api::well_known::POD_TEMPLATE_HASH;
use base::sort::Sort;
use base::value::Value;

/// The phases of the pods that the object controls, counted.
pub(super) fn pods_status(page: &mut Page, level: usize, title: &str, owner: &Value, view: &View) {
    let pods = view.client.list(Kind::Pod, Some(view::namespace(owner)));
    let is_owned = |pod: &&Value| controller_of(pod).is_some_and(|c| text(c, &["uid"]) == view::uid(owner));
    let phases: Vec<&str> = pods.iter().filter(is_owned).map(|p| text(p, &["status", "phase"])).collect();
    let [running, waiting, succeeded, failed] =
        ["Running", "Pending", "Succeeded", "Failed"].map(|phase| phases.iter().filter(|p| **p == phase).count());
    page.field(level, title, format!("{running} Running / {waiting} Waiting / {succeeded} Succeeded / {failed} Failed"));
}

pub(super) fn claim_templates(page: &mut Page, level: usize, title: &str, templates: &Value, view: &View) {
    let templates = templates.as_list().unwrap_or_default();
    page.line(level, format!("{title}:{}", if templates.is_empty() { "\t<none>" } else { "" }));
    templates.iter().for_each(|claim| print(page, level + 1, CLAIMTEMPLATE, claim, view));
}

/// The old ReplicaSets of a Deployment and the new one, if it has any.
pub(super) fn replica_sets(page: &mut Page, level: usize, title: &str, deployment: &Value, view: &View) {
    let (new, old) = sets_of(deployment, view);
    if new.is_some() || !old.is_empty() {
        page.field(level, title, replica_set_list(&old));
        page.field(level, "NewReplicaSet", replica_set_list(new.as_slice()));
    }
}

/// The ReplicaSet with a Deployment's current template, and the old ones, oldest first.
/// Models k8s.io/kubectl/pkg/util/deployment GetAllReplicaSets.
fn sets_of(deployment: &Value, view: &View) -> (Option<Value>, Vec<Value>) {
    let mut sets = view.client.list(Kind::ReplicaSet, Some(view::namespace(deployment)));
    sets.retain(|set| controller_of(set).is_some_and(|c| text(c, &["uid"]) == view::uid(deployment)));
    let stamp = |set: &Value| (text(set, &["metadata", "creationTimestamp"]).to_owned(), view::name(set).to_owned());
    sets.sort_small_by_key(stamp);
    let template = |object: &Value| {
        let mut template = object.at(&["spec", "template"]).cloned().unwrap_or_default();
        template.remove(&["metadata", "labels", POD_TEMPLATE_HASH]);
        template
    };
    let wanted = template(deployment);
    let new = sets.iter().position(|set| template(set) == wanted).map(|i| sets.remove(i));
    (new, sets)
}

fn replica_set_list<'a>(sets: impl IntoIterator<Item = &'a Value>) -> String {
    let shown = sets.into_iter().map(|set| {
        let (now, wanted) = (int(set, &["status", "replicas"]), int(set, &["spec", "replicas"]));
        format!("{} ({now}/{wanted} replicas created)", view::name(set))
    });
    let shown: Vec<String> = shown.collect();
    if shown.is_empty() { NONE.to_owned() } else { shown.join(", ") }
}
