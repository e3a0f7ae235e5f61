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
use sayings::Topic;
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
    let counts = |one: &Finding| one.blame.object.kind == Kind::Pod || people.titled;
    let is_fine = |one: &Finding| one.blame.cause == Cause::Complete && counts(one) && text.dump.signs.is_empty();
    if (people.complains || people.asks) && found.iter().all(is_fine) {
        for one in found {
            one.blame = Blame { cause: Cause::ReadyShown, ..one.blame.clone().unknown() };
        }
    }
}

/// So many lines are asked for.
const MOST: usize = 3;
/// With what a line ends that asks for whole objects.
const WHOLE: &str = " -o yaml";

/// The lines that decide a finding, where what the text speaks of tells which.
pub(super) fn decides(text: &Text<'_>, blame: &Blame, namespace: &str) -> Option<String> {
    let by = text.dump.people.by;
    let object = &blame.object;
    // Where no pod of a set is shown, those that are shown are not the ones in question.
    let elsewhere = blame.cause == Cause::NoWorkload && text.of(Kind::Pod).next().is_some();
    let namespace = if elsewhere { "" } else { namespace };
    let line = |line: String| if namespace.is_empty() { format!("kubectl {line}") } else { format!("kubectl -n {namespace} {line}") };
    let pod = Some(&*object.name).filter(|name| object.kind == Kind::Pod && !name.is_empty());
    let base = match (blame.cause, pod) {
        // Of several init containers, the log of the one that fails decides.
        (cause, Some(pod)) if RESTARTS.contains(&cause) && field(blame, "init").is_some() => {
            vec![format!("describe pod {pod}"), format!("logs {pod} -c INIT-CONTAINER --previous")]
        }
        (Cause::LogSays, _) if field(blame, "unresolved").is_some() => vec!["get svc,endpoints".to_owned(), "get pods -o wide".to_owned()],
        (Cause::NoWorkload, _) => vec!["get sts,pods,pvc,events".to_owned()],
        (Cause::ReadyShown | Cause::NoReason, Some(pod)) => {
            vec![format!("describe pod {pod}"), format!("logs {pod} --all-containers --tail=50")]
        }
        (Cause::Complete, _) if !text.dump.people.complains => return None,
        (Cause::NoReason | Cause::NoPods | Cause::Complete | Cause::ReadyShown, _) if object.kind == Kind::StatefulSet => {
            vec![format!("get sts {} -o yaml", object.name), "get pods,pvc,events".to_owned()]
        }
        (Cause::ImmutableField, _) if field(blame, "grows").is_some() => return Some(Topic::GrowClaims.decides(namespace, None)),
        (Cause::ImmutableField, _) if by == Some(By::Helm) => return Some("helm get manifest RELEASE | kubectl diff -f -".to_owned()),
        (Cause::ImmutableField, _) if by == Some(By::Operator) => vec![format!("get sts {} -o yaml", object.name)],
        _ => return None,
    };
    let mut lines: Vec<String> = base.into_iter().map(line).collect();
    if ![Cause::ImmutableField, Cause::CrashLoop, Cause::LogSays].contains(&blame.cause) {
        for more in sayings::asks(&text.dump.people.words, namespace, pod) {
            // Of two lines that ask the same program for the same object, the first is enough.
            let asks = |line: &str| line.split_whitespace().filter(|word| !word.starts_with("--")).collect::<Vec<_>>().join(" ");
            // Of a pod that crashes, the log before the last restart tells more.
            if let Some(log) =
                lines.iter_mut().find(|line| more.contains("--previous") && line.contains(" logs ") && asks(line) == asks(&more))
            {
                *log = more;
                continue;
            }
            let is_asked = lines.iter().any(|line| asks(line) == asks(&more))
                || more.ends_with(WHOLE) && lines.iter().any(|line| line.ends_with(WHOLE));
            if !is_asked && lines.len() < MOST {
                lines.push(more);
            }
        }
    }
    let everywhere = namespace.is_empty() && blame.cause == Cause::NoWorkload && (lines.len() == 1 || elsewhere);
    if everywhere {
        lines[0].push_str(" -A");
    }
    Some(lines.join(" && "))
}

/// Who takes a change of a set back, as far as a text only speaks of it.
pub(super) fn owner(text: &Text<'_>, blame: &Blame, workload: &ObjectKey) -> Option<Owner> {
    let of_set = workload.kind == Kind::StatefulSet || workload.name.is_empty();
    let is_of_operator = text.dump.people.by == Some(By::Operator);
    (is_of_operator && of_set && OF_TEMPLATE.contains(&blame.family())).then_some(Owner::AnOperator)
}
