//! What a set waits for in a world that runs, and what fills the sentences of its cause: names that the objects tell, and the fields of
//! the last decision of the chain.

use crate::Instant;
use crate::blame::{Blame, cause_of, is_foreign, is_well};
use crate::ground::of_link;
use api::kind::Kind;
use api::object::stateful_set::UpdateStrategy;
use api::object::{DisruptionBudget, Name, Object, ObjectKey, StatefulSet};
use base::fields::{Field, Fields};
use base::value::Value;
use server::tables::Tables;
use sim::Sim;
use std::rc::Rc;
use text::Lang;
use text::diagnose::{CAUSE, Told, UNNAMED};
use why::explain::{Link, explain};
use why::{Cause, Reason};

/// What a set of a living world waits for, and what is to be told of it. Nothing is tried.
pub fn waits(sim: &Sim, key: &ObjectKey) -> Option<(Blame, Told)> {
    let chain = chain_of(sim, key);
    let blame = cause_of(sim, key, &chain)?;
    let shot = Instant::of(sim, Lang::default());
    let last = chain.last().map(|link| of_link(&shot, link));
    let says = told(sim, &blame, key, last.as_ref());
    Some((blame, says))
}

/// The first cause for which a set of a world that runs waits; `None` if it waits for nothing.
pub fn waits_for(sim: &Sim, key: &ObjectKey) -> Option<Blame> {
    if is_well(sim, key) { None } else { cause_of(sim, key, &chain_of(sim, key)) }
}

/// The links from a set to what it waits for: by its controller's decision, or by the first of its pods that is not well.
pub fn chain_of(sim: &Sim, key: &ObjectKey) -> Vec<Link> {
    let explained = |about: &ObjectKey| explain(sim.tables(), sim.decisions(), None, about).links;
    let links = explained(key);
    let done = links.first().and_then(|link| link.entry.as_ref()).is_none_or(|entry| is_for_no_pod(&entry.decision.because));
    if links.len() > 1 || !done {
        return links;
    }
    let Some(set) = sim.tables().stateful_set(&key.namespace, &key.name) else { return links };
    let pods = set.ordinals().map(|ordinal| ObjectKey::new(Kind::Pod, &key.namespace, &set.pod_name(ordinal)));
    let unwell = |pod: &ObjectKey| sim.tables().pod(&pod.namespace, &pod.name).is_none_or(|pod| !pod.ready() || pod.meta.terminating());
    links.into_iter().chain(pods.filter(unwell).take(1).flat_map(|pod| explained(&pod))).collect()
}

/// Whether a set waits for none of its pods: who waits for somebody to go on does not look whether they are Ready.
fn is_for_no_pod(because: &Reason) -> bool {
    matches!(because, Reason::UpToDate | Reason::OnDeleteWaitsForYou { .. } | Reason::BelowPartition { .. })
}

/// What is to be told of any cause: its names, and those of what it hangs on and of what waits.
pub fn basis(blame: &Blame, workload: &ObjectKey) -> Fields {
    let object = &blame.object;
    let mut fields = Fields::default();
    let words = [
        ("family", blame.family().word()),
        ("detail", blame.cause.word()),
        ("kind", object.kind.info().name),
        ("of", workload.kind.info().name),
    ];
    // What nothing names is called by its kind.
    let called = |key: &ObjectKey| if key.name.is_empty() { key.kind.info().name.into() } else { Rc::clone(&key.name) };
    let named_words = [("object", called(object)), ("workload", called(workload))];
    words.into_iter().chain(named_words.iter().map(|(name, word)| (*name, &**word))).for_each(|(name, word)| fields.text(name, word));
    // A pod that nothing names is of some workload.
    let kind_of_workload = if workload.kind == Kind::Pod { "Workload" } else { workload.kind.info().name };
    for ((kind, _), (key, is)) in UNNAMED.into_iter().zip([(object, object.kind.info().name), (workload, kind_of_workload)]) {
        if key.name.is_empty() {
            fields.text(kind, is);
        }
    }
    fields.extend(&blame.said);
    fields
}

/// What is to be told of a cause, at the end of a chain whose last link is told so.
pub fn told(sim: &Sim, blame: &Blame, workload: &ObjectKey, last: Option<&Told>) -> Told {
    let object = &blame.object;
    let mut fields = basis(blame, workload);
    let tables = sim.tables();
    tables.get(object).into_iter().for_each(|object| named(object, &mut fields));
    if blame.cause == Cause::BudgetAllowsNone {
        budget_of(tables, object, &mut fields);
    }
    let set = tables.stateful_set(&workload.namespace, &workload.name).filter(|_| workload.kind == Kind::StatefulSet);
    if set.is_some_and(|set| set.spec.replicas == 0) {
        fields.text("none", "none");
    }
    let is_behind =
        |set: &&Rc<StatefulSet>| set.spec.strategy == UpdateStrategy::OnDelete && set.status.current_revision != set.status.update_revision;
    set.filter(is_behind).map(|set| &set.status.current_revision).put("behind", &mut fields);
    set.and_then(|set| set.spec.template.raw.text_at(&["serviceAccountName"])).put("account", &mut fields);
    if let Some(last) = last {
        fields.extend(&last.fields);
    }
    Told { key: CAUSE, fields }
}

/// The budget that lets a pod not go, with its figures: the one that selects the pod, or the only one that the namespace has.
fn budget_of(tables: &Tables, pod: &ObjectKey, fields: &mut Fields) {
    let within = || tables.budgets().filter(|budget| budget.meta.namespace == pod.namespace);
    let selects =
        |budget: &&Rc<DisruptionBudget>| tables.pod(&pod.namespace, &pod.name).is_some_and(|pod| budget.selects(&pod.meta.labels));
    let Some(budget) = within().find(selects).or_else(|| within().next().filter(|_| within().count() == 1)) else { return };
    fields.text("budget", &*budget.meta.name);
    if budget.status.expected_pods > 0 {
        fields.number("desired", budget.status.desired_healthy);
        fields.number("healthy", budget.status.current_healthy);
    }
    let labels = budget.spec.value().at(&["selector", "matchLabels"]).into_iter().flat_map(Value::members);
    let labels: Vec<String> = labels.map(|(key, value)| format!("{key}={}", value.as_text().unwrap_or_default())).collect();
    fields.text("selector", labels.join(","));
}

fn named(object: &Object, fields: &mut Fields) {
    let mut put = |name: &'static str, of: Option<&Name>| of.filter(|of| !of.is_empty()).put(name, fields);
    match object {
        Object::Pod(pod) => {
            put("node", pod.node.as_ref());
            let selector: Vec<String> =
                pod.spec.template.scheduling.node_selector.iter().map(|(key, value)| format!("{key}={value}")).collect();
            put("selector", Some(&selector.join(", ").into()));
        }
        Object::Claim(claim) => {
            claim.class().map(Name::from).iter().for_each(|class| put("class", Some(class)));
            put("volume", Some(&claim.spec.volume));
        }
        Object::Volume(volume) => {
            put("claim", volume.spec.claim.as_ref().map(|claim| &claim.name));
            put("node", volume.spec.node.as_ref());
            put("capacity", Some(&volume.spec.capacity));
        }
        _ => {}
    }
    put("finalizer", object.meta().finalizers.iter().find(|name| is_foreign(name)));
}
