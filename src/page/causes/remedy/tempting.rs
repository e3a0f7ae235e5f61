//! What looks as if it would end a wait: to make the pod anew, to roll out once more, to put the image right, to force it.

use std::rc::Rc;

use super::case::{Case, Cure};
use api::kind::Kind;
use api::object::{Pod, StatefulSet};
use why::Family;

/// The lines that come to mind first where a cause holds.
pub(super) fn tempting(case: &Case, family: Family) -> Vec<Cure> {
    let about = case.about;
    let delete = |namespace: &str, kind: Kind, what: &str| Cure::tried([case.shot.naming(namespace).delete(kind, what)]);
    let force = || delete(&about.namespace, about.kind, &format!("{} --grace-period=0 --force --timeout=10s", about.name));
    let Some(set) = case.set() else {
        return if family == Family::HeldByFinalizer { vec![force()] } else { Vec::new() };
    };
    let (naming, kind, name) = (&case.naming, Kind::StatefulSet, &set.meta.name);
    let restart = || Cure::tried([naming.rollout("restart", kind, name)]);
    let pod = unwell(case, set);
    let anew = |options: &str| pod.as_ref().map(|pod| delete(&set.meta.namespace, Kind::Pod, &format!("{pod}{options}")));
    match family {
        Family::NotStuck => Vec::new(),
        Family::HeldByFinalizer => vec![force(), restart()],
        Family::NodeSilent => anew(" --timeout=15s").into_iter().chain([restart()]).collect(),
        Family::RollbackTrap => {
            let same = set.spec.template.containers.iter().map(|one| format!("{}={}", one.name, one.image));
            let same = naming.set_image(kind, name, &same.collect::<Vec<_>>().join(" "));
            vec![Cure::tried([same]), restart(), Cure::tried([naming.scale(kind, name, set.spec.replicas + 1)])]
        }
        Family::PodRefused | Family::OnDelete | Family::Partition => vec![restart()],
        _ => anew("").into_iter().collect(),
    }
}

/// The pod that a cause hangs on, or the first that is not Ready or goes.
fn unwell(case: &Case, set: &StatefulSet) -> Option<Rc<str>> {
    if case.about.kind == Kind::Pod {
        return Some(Rc::clone(&case.about.name));
    }
    let is_unwell = |pod: &&Pod| !pod.ready() || pod.meta.terminating();
    case.shot.pods_of(set).find(is_unwell).map(|pod| Rc::clone(&pod.meta.name))
}
