//! `apply --prune`: deletes what was applied earlier and is no longer in any file.
//!
//! Models k8s.io/kubectl/pkg/cmd/apply/prune.go. Not modelled: apply sets.

use crate::delete::propagation;
use crate::print::format::resource_name;
use crate::write::Report;
use api::client::DeleteOptions;
use api::kind::Kind;
use api::view::{self, LAST_APPLIED, map_at};
use base::sorted::SortedSet;
use base::value::Value;
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::select::Filter;
use kubectl::session::Session;

/// Kinds that are pruned in every namespace with an applied object.
const NAMESPACED: [Kind; 13] = [
    Kind::ConfigMap,
    Kind::Endpoints,
    Kind::PersistentVolumeClaim,
    Kind::Pod,
    Kind::ReplicationController,
    Kind::Secret,
    Kind::Service,
    Kind::CronJob,
    Kind::Job,
    Kind::DaemonSet,
    Kind::Deployment,
    Kind::ReplicaSet,
    Kind::StatefulSet,
];
/// Cluster-scoped kinds that are pruned if no namespace was given.
const CLUSTER_WIDE: [Kind; 2] = [Kind::Namespace, Kind::PersistentVolume];

/// The kinds in `--prune-allowlist`, each as `group/version/Kind`; by default the usual ones.
fn kinds(call: &Call) -> Result<Vec<Kind>, Failure> {
    let usual = || NAMESPACED.into_iter().chain(CLUSTER_WIDE.into_iter().filter(|_| !call.flags.given("namespace")));
    let named = call.flags.list("prune-allowlist");
    let read = |text: &&str| {
        let parts: Vec<&str> = text.split('/').collect();
        let [group, version, kind] = parts[..] else {
            return Err(Failure::client(format!("invalid GroupVersionKind format: {text}, please follow <group/version/kind>")));
        };
        let version = if group == "core" { version.to_owned() } else { format!("{group}/{version}") };
        Kind::of(&version, kind).ok_or_else(|| Failure::client(format!("no matches for kind {kind:?} in version {version:?}")))
    };
    if named.is_empty() { Ok(usual().collect()) } else { named.iter().map(read).collect() }
}

/// Deletes objects that were applied earlier, match the selector, and are not among those applied now.
pub fn prune(call: &Call, session: &mut Session, applied: &[Value], report: &Report) -> Result<(), Failure> {
    let filter = Filter::of(call);
    let kept: SortedSet<&str> = applied.iter().map(view::uid).collect();
    let namespaces: SortedSet<&str> = applied.iter().map(view::namespace).filter(|n| !n.is_empty()).collect();
    let options = DeleteOptions {
        grace_period_seconds: call.flags.int("grace-period").filter(|grace| *grace >= 0),
        propagation: Some(propagation(call, session)?),
        dry_run: report.options.dry_run,
        ..DeleteOptions::default()
    };
    let kinds = kinds(call)?;
    let (inside, outside): (Vec<Kind>, Vec<Kind>) = kinds.into_iter().partition(|kind| kind.is_namespaced());
    let places = namespaces.iter().flat_map(|namespace| inside.iter().map(move |kind| (*kind, Some(*namespace))));
    for (kind, namespace) in places.chain(outside.iter().map(|kind| (*kind, None))) {
        for object in session.list(kind, namespace, &filter)? {
            let was_applied = map_at(&object, &["metadata", "annotations"]).is_some_and(|all| all.contains(LAST_APPLIED));
            if !was_applied || kept.contains(view::uid(&object)) {
                continue;
            }
            if report.asks_server() {
                session.client.delete(kind, view::namespace(&object), view::name(&object), &options)?;
            }
            report.say(session, &resource_name(&object), "pruned", &object)?;
        }
    }
    Ok(())
}
