//! What people say, weighed against what was read: topics, names, complaints, and who applies a set.

use super::finding::{Finding, field};
use super::logs::RESTARTS;
use super::state::of;
use super::text::{Text, Thing};
use crate::paste::people::{By, only};
use ::text::diagnose::Owner;
use api::kind::Kind;
use api::object::ObjectKey;
use causes::blame::Blame;
use sayings::{Form, Topic};
use why::{Cause, Family};

/// Families that a change of the set ends, or of which nothing is known: who takes a change back, matters.
const OF_TEMPLATE: [Family; 5] = [Family::RefusedUpdate, Family::PodRefused, Family::ContainerFails, Family::CannotKnow, Family::Described];

/// Topics that people speak of and that tell more than causes which say little.
const RATHER: [(Topic, &[Cause]); 3] = [
    (Topic::Memory, &RESTARTS),
    (Topic::SilentNode, &[Cause::KubeletDoesNotEndIt, Cause::ContainerUnknown]),
    (Topic::PodStays, &[Cause::ContainerUnknown]),
];

/// Tells what people say of a pod, where that is more than what was read of it: of one that restarts, that it is killed.
pub(super) fn told_rather(text: &Text<'_>, all: &mut [Finding]) {
    let topics = &text.dump.people.topics;
    let Some(one) = all.first_mut() else { return };
    let rather = RATHER.iter().find(|(topic, causes)| topics.contains(topic) && causes.contains(&one.blame.cause));
    if let Some((topic, _)) = rather {
        one.blame = Blame::of(Cause::OnlyDescribed, one.blame.object.clone()).unknown();
        one.blame.said.text("topic", topic.word());
    }
}

/// What people describe, where the text shows nothing that says more. The object is the pod that they name, if it is the only one.
pub(super) fn described(text: &Text<'_>) -> Option<Finding> {
    let people = &text.dump.people;
    let topic = people.topics.first()?;
    let object = called(text).filter(|key| key.kind == Kind::Pod).unwrap_or_else(|| ObjectKey::global(Kind::Namespace, &"".into()));
    let mut blame = Blame::of(Cause::OnlyDescribed, object.clone()).unknown();
    blame.said.text("topic", topic.word());
    Some(of(blame, text.workload_of(&object)))
}

/// The only pod, or else the only set, that Events, people, or the lines that they typed name.
pub(super) fn called(text: &Text<'_>) -> Option<ObjectKey> {
    let people = &text.dump.people;
    let shown: Vec<ObjectKey> = text.of(Kind::Pod).filter(Thing::is_of_set).map(|pod| pod.key).collect();
    if let [pod] = &shown[..] {
        return Some(pod.clone());
    }
    let pod = || only(&people.pods).or_else(|| only(&people.typed.pods)).map(|pod| text.key(Kind::Pod.info().name, "", pod));
    let set = || only(&people.typed.sets).map(|set| text.key(Kind::StatefulSet.info().name, "", set));
    let known = text.dump.events.iter().filter(|event| event.said().means().is_some());
    let mut of_events = known.map(|event| &event.about).filter(|about| about.0 == "Pod" && !about.2.is_empty());
    let first = of_events.next();
    let event = first.filter(|first| of_events.all(|other| other.2 == first.2));
    event.map(|about| text.key(&about.0, &about.1, &about.2)).or_else(pod).or_else(set)
}

/// Where people ask or complain, and pods that are Ready are all that the text shows, says that the matter does not show.
pub(super) fn unseen(text: &Text<'_>, found: &mut [Finding]) {
    let people = &text.dump.people;
    // Of a whole set that is fine, only a title that tells of a state is a complaint.
    let counts = |one: &Finding| one.blame.object.kind == Kind::Pod || people.is_titled();
    let is_fine = |one: &Finding| one.blame.cause == Cause::Complete && counts(one) && text.dump.signs.is_empty();
    if (people.complains() || people.asks()) && found.iter().all(is_fine) {
        for one in found {
            one.blame = Blame { cause: Cause::ReadyShown, ..one.blame.clone().unknown() };
        }
    }
}

/// So many lines are asked for.
const MOST: usize = 3;
/// With what a line ends that asks for whole objects.
const WHOLE: &str = " -o yaml";
/// Causes of which so little is known that what people describe decides what else to ask for.
const OPEN: [Cause; 5] = [Cause::NoWorkload, Cause::NoReason, Cause::NoPods, Cause::ReadyShown, Cause::Complete];

/// What is known beside a cause, where that decides what to ask for.
fn form(text: &Text<'_>, blame: &Blame, namespace: &str) -> Option<Form> {
    let known = [Form::Grows, Form::Init, Form::Unresolved].into_iter().find(|form| field(blame, form.word()).is_some());
    let known = known.or_else(|| Form::named(field(blame, "matter")?));
    match (text.dump.people.by, blame.object.kind) {
        _ if known.is_some() => known,
        (Some(By::Helm), _) if blame.cause == Cause::ImmutableField => Some(Form::Helm),
        (Some(By::Operator), _) if blame.cause == Cause::ImmutableField => Some(Form::Operator),
        _ if blame.cause == Cause::NoWorkload && !namespace.is_empty() => Some(Form::There),
        (_, Kind::Pod) if !blame.object.name.is_empty() => Some(Form::Pod),
        (_, Kind::StatefulSet) => Some(Form::Set),
        _ => None,
    }
}

/// The lines that decide a finding: those of its cause, and where little is known, those for what people describe.
pub(super) fn decides<'a>(text: &Text<'_>, blame: &Blame, namespace: &str, names: impl Fn(&str) -> Option<&'a str>) -> String {
    // Where no pod of a set is shown, those that are shown are not the ones in question.
    let elsewhere = blame.cause == Cause::NoWorkload && text.of(Kind::Pod).next().is_some();
    let namespace = if elsewhere { "" } else { namespace };
    let pod = names("pod");
    let mut lines = sayings::decides(blame.cause, form(text, blame, namespace), blame.object.kind, namespace, names);
    let asked = if OPEN.contains(&blame.cause) { sayings::asks(&text.dump.people.words, namespace, pod) } else { Vec::new() };
    for more in asked {
        let same = lines.iter().position(|line| plain(line) == plain(&more));
        match same {
            // Of a pod that crashes, the log before the last restart tells more.
            Some(at) if more.contains("--previous") => lines[at] = more,
            Some(_) => {}
            None if more.ends_with(WHOLE) && lines.iter().any(|line| line.ends_with(WHOLE)) => {}
            None if lines.len() < MOST => lines.push(more),
            None => {}
        }
    }
    lines.join(" && ")
}

/// A line without its options: what it asks for. All pods are described as one is.
fn plain(line: &str) -> String {
    line.replace("describe pods", "describe pod").split_whitespace().filter(|word| !word.starts_with("--")).collect::<Vec<_>>().join(" ")
}

/// Who takes a change of a set back, as far as a text only speaks of it.
pub(super) fn owner(text: &Text<'_>, blame: &Blame, workload: &ObjectKey) -> Option<Owner> {
    let of_set = workload.kind == Kind::StatefulSet || workload.name.is_empty();
    let is_of_operator = text.dump.people.by == Some(By::Operator);
    (is_of_operator && of_set && OF_TEMPLATE.contains(&blame.family())).then_some(Owner::AnOperator)
}
