//! What decides a finding, and who takes a change of its set back, by what the text names.

use super::finding::field;
use super::text::{Text, Thing};
use crate::paste::typed::{By, only};
use ::text::diagnose::Owner;
use api::kind::Kind;
use api::object::ObjectKey;
use causes::blame::Blame;
use sayings::Form;
use why::{Cause, Family};

/// Families that a change of the set ends, or of which nothing is known: who takes a change back, matters.
const OF_TEMPLATE: [Family; 4] = [Family::RefusedUpdate, Family::PodRefused, Family::ContainerFails, Family::CannotKnow];

/// The only pod, or else the only set, that Events, people, or the lines that they typed name.
pub(super) fn called(text: &Text<'_>) -> Option<ObjectKey> {
    let typed = &text.dump.typed;
    let shown: Vec<ObjectKey> = text.of(Kind::Pod).filter(Thing::is_of_set).map(|pod| pod.key).collect();
    if let [pod] = &shown[..] {
        return Some(pod.clone());
    }
    let pod = || only(&text.dump.sentences.pods).or_else(|| only(&typed.pods)).map(|pod| text.key(Kind::Pod.info().name, "", pod));
    let set = || only(&typed.sets).map(|set| text.key(Kind::StatefulSet.info().name, "", set));
    let known = text.dump.events.iter().filter(|event| event.said().means().is_some());
    let mut of_events = known.map(|event| &event.about).filter(|about| about.0 == "Pod" && !about.2.is_empty());
    let first = of_events.next();
    let event = first.filter(|first| of_events.all(|other| other.2 == first.2));
    event.map(|about| text.key(&about.0, &about.1, &about.2)).or_else(pod).or_else(set)
}

/// What is known beside a cause, where that decides what to ask for.
fn form(text: &Text<'_>, blame: &Blame, namespace: &str) -> Option<Form> {
    let known = [Form::Init, Form::Unresolved].into_iter().find(|form| field(blame, form.word()).is_some());
    let known = known.or_else(|| Form::named(field(blame, "matter")?));
    match (text.dump.by, blame.object.kind) {
        _ if known.is_some() => known,
        (Some(By::Helm), _) if blame.cause == Cause::ImmutableField => Some(Form::Helm),
        (Some(By::Operator), _) if blame.cause == Cause::ImmutableField => Some(Form::Operator),
        _ if blame.cause == Cause::NoWorkload && !namespace.is_empty() => Some(Form::There),
        (_, Kind::Pod) if !blame.object.name.is_empty() => Some(Form::Pod),
        (_, Kind::StatefulSet) => Some(Form::Set),
        _ => None,
    }
}

/// The lines that decide a finding.
pub(super) fn decides<'a>(text: &Text<'_>, blame: &Blame, namespace: &str, names: impl Fn(&str) -> Option<&'a str>) -> String {
    // Where no pod of a set is shown, those that are shown are not the ones in question.
    let elsewhere = blame.cause == Cause::NoWorkload && text.of(Kind::Pod).next().is_some();
    let namespace = if elsewhere { "" } else { namespace };
    sayings::decides(blame.cause, form(text, blame, namespace), blame.object.kind, namespace, names).join(" && ")
}

/// Who takes a change of a set back, as far as a text only speaks of it.
pub(super) fn owner(text: &Text<'_>, blame: &Blame, workload: &ObjectKey) -> Option<Owner> {
    let of_set = workload.kind == Kind::StatefulSet || workload.name.is_empty();
    let is_of_operator = text.dump.by == Some(By::Operator);
    (is_of_operator && of_set && OF_TEMPLATE.contains(&blame.family())).then_some(Owner::AnOperator)
}
