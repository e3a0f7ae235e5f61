//! Of which revision pods are, as hashes and images tell: a rollback that cannot go on, or what holds an update back.

use super::finding::Finding;
use super::state::{LAST, is_full};
use super::text::{Text, Thing};
use api::object::ObjectKey;
use api::well_known::CONTROLLER_REVISION_HASH;
use base::value::Value;
use causes::blame::{Blame, Sure};
use causes::message::captured;
use why::{Cause, Family};

/// In which words an Event of a pod names its image.
const IMAGES: [&str; 4] = [
    "Container image \"{image}\" already present",
    "Successfully pulled image \"{image}\"",
    "Pulling image \"{image}\"",
    "pull image \"{image}\"",
];
/// Causes for which an image is not there.
const OF_IMAGES: [Cause; 5] = [Cause::ImagePull, Cause::ImageNotFound, Cause::ImageName, Cause::ImageAuth, Cause::ImagePlatform];
/// Causes for which a container ends.
const OF_ENDS: [Cause; 4] = [Cause::CrashLoop, Cause::Exited, Cause::OutOfMemory, Cause::CannotStart];

/// What the revisions of a set and its pods say.
pub(super) fn found(text: &Text<'_>, key: &ObjectKey, said: &[Finding]) -> Option<Finding> {
    let set = text.find(key);
    let number = |path: &[&str]| set.as_ref().and_then(|set| set.value.int_at(path));
    let word = |path: &[&str]| set.as_ref().and_then(|set| set.value.text_at(path)).unwrap_or_default();
    let pods = text.pods_of(key);
    let held = number(&["spec", "updateStrategy", "rollingUpdate", "partition"]).unwrap_or(0);
    let strategy = word(&["spec", "updateStrategy", "type"]);
    let policy = word(&["spec", "podManagementPolicy"]);
    let (current, update) = (word(&["status", "currentRevision"]), word(&["status", "updateRevision"]));
    let (replicas, updated) = (
        number(&["status", "replicas"]).or(number(&["spec", "replicas"])).unwrap_or(0),
        number(&["status", "updatedReplicas"]).unwrap_or(0),
    );
    let is_behind = !current.is_empty() && !update.is_empty() && current != update;
    let newest = if update.is_empty() { newest_of(&pods) } else { Some(update) };
    let is_old = |pod: &Thing<'_>| match (hash(pod), newest) {
        (Some(own), Some(newest)) => Some(own != newest),
        _ => by_images(text, set.as_ref(), pod).or_else(|| {
            // Where none is updated, and as many are current as there are, each is old.
            let none = is_behind && updated == 0 && number(&["status", "currentReplicas"]) == Some(replicas);
            none.then_some(true)
        }),
    };
    let lines: Vec<usize> = text.lines_of(key).collect();
    let finding = |cause: Cause, object: &ObjectKey, sure: Sure| {
        let blame = Blame { sure, ..Blame::of(cause, object.clone()) };
        Finding { about: object.clone(), blame, workload: key.clone(), rank: LAST, lines: lines.clone(), quoted: 0 }
    };
    let unready = |pod: &Thing<'_>| pod.is_ready() == Some(false) && !pod.is_leaving();
    let trapped = pods.iter().find(|(ordinal, pod)| *ordinal >= held && unready(pod) && is_old(pod) == Some(true));
    if let Some((_, pod)) = trapped.filter(|_| strategy != "OnDelete" && policy != "Parallel") {
        let of = |causes: &[Cause]| said.iter().any(|one| one.about == pod.key && causes.contains(&one.blame.cause));
        let cause = match () {
            () if of(&OF_IMAGES) => Cause::RollbackTrapImage,
            () if of(&OF_ENDS) => Cause::RollbackTrapCrash,
            () => Cause::RollbackTrapNeverReady,
        };
        let is_sure = policy == "OrderedReady" && (is_behind || hash(pod).is_some());
        return Some(finding(cause, &pod.key, if is_sure { Sure::Certain } else { Sure::Likely }));
    }
    let old: Vec<i64> = pods.iter().filter(|(_, pod)| is_old(pod) == Some(true)).map(|(ordinal, _)| *ordinal).collect();
    let is_quiet =
        if pods.is_empty() { set.as_ref().is_some_and(|set| is_full(text, set)) } else { !pods.iter().any(|(_, pod)| unready(pod)) };
    if !is_quiet || old.is_empty() && !(is_behind && updated < replicas) {
        return None;
    }
    if strategy == "OnDelete" {
        return Some(finding(Cause::OnDelete, key, Sure::Certain));
    }
    if held > 0 && old.iter().all(|ordinal| *ordinal < held) {
        let mut one = finding(Cause::Partition, key, Sure::Certain);
        one.blame.said.text("below", held.to_string());
        return Some(one);
    }
    let spoken = said.iter().any(|one| one.workload == *key && [Family::Partition, Family::OnDelete].contains(&one.blame.family()));
    (!spoken).then(|| finding(Cause::RevisionsDiffer, key, Sure::Unknown))
}

/// The hash of a pod's revision.
fn hash<'a>(pod: &Thing<'a>) -> Option<&'a str> {
    pod.value.text_at(&["metadata", "labels", CONTROLLER_REVISION_HASH])
}

/// The newest revision of pods of two: an update begins with the highest ordinal.
fn newest_of<'a>(pods: &[(i64, Thing<'a>)]) -> Option<&'a str> {
    let hashes: Vec<&str> = pods.iter().filter_map(|(_, pod)| hash(pod)).collect();
    let ready = pods.iter().all(|(_, pod)| pod.is_ready() == Some(true));
    let differ = hashes.iter().any(|one| *one != hashes[0]);
    (ready && differ && hashes.len() == pods.len()).then(|| hashes.last().copied()).flatten()
}

/// Whether a pod has another image than its set's template; `None` where the text does not tell both.
fn by_images(text: &Text<'_>, set: Option<&Thing<'_>>, pod: &Thing<'_>) -> Option<bool> {
    let images = |value: &Value, path: &[&str]| -> Vec<String> {
        value.list_at(path).iter().filter_map(|one| one.text_at(&["image"])).map(str::to_owned).collect()
    };
    let mut wanted = images(set?.value, &["spec", "template", "spec", "containers"]);
    if wanted.is_empty() {
        wanted = set?.cell("IMAGES").split(',').filter(|image| !image.is_empty()).map(str::to_owned).collect();
    }
    let mut own = images(pod.value, &["spec", "containers"]);
    if own.is_empty() {
        own.extend(image_of(text, pod));
    }
    if by_template(text, set?, pod) {
        return Some(true);
    }
    // One container of several cannot be told from another.
    if wanted.is_empty() || own.is_empty() || wanted.len() > 1 && own.len() != wanted.len() {
        return None;
    }
    let is_wanted = |image: &String| {
        wanted.iter().any(|one| one == image || one.ends_with(&format!("/{image}")) || image.ends_with(&format!("/{one}")))
    };
    Some(!own.iter().all(is_wanted))
}

/// Whether a container of a pod has other variables, resources or another command than in its set's template, where the text has both.
fn by_template(text: &Text<'_>, set: &Thing<'_>, pod: &Thing<'_>) -> bool {
    let described = |thing: &Thing<'_>| {
        text.dump.described.iter().any(|(kind, _, name)| kind == thing.key.kind.info().name && *name == *thing.key.name)
    };
    let both = described(set) && described(pod);
    let own = pod.value.list_at(&["spec", "containers"]);
    set.value.list_at(&["spec", "template", "spec", "containers"]).iter().any(|wanted| {
        let Some(one) = own.iter().find(|one| one.get("name") == wanted.get("name")) else { return false };
        let differs = |path: &[&str], may_lack: bool| match (wanted.at(path), one.at(path)) {
            (Some(wanted), Some(one)) => wanted != one,
            (None, None) => false,
            _ => may_lack,
        };
        let amounts = [&["resources", "requests"][..], &["resources", "limits"], &["command"], &["args"]];
        amounts.iter().any(|path| differs(path, false)) || [["env"], ["envFrom"]].iter().any(|path| differs(path, both))
    })
}

/// The image that the last Event of a pod names.
fn image_of(text: &Text<'_>, pod: &Thing<'_>) -> Option<String> {
    let about = |kind: &str, name: &str| kind == pod.key.kind.info().name && *name == *pod.key.name;
    let named = text.dump.events.iter().filter(|event| about(&event.about.0, &event.about.2)).filter_map(|event| {
        let names = IMAGES.iter().find_map(|words| captured(words, &event.message))?;
        Some((event.last, names.first()?.1.to_owned()))
    });
    let mut last: Option<(Option<base::time::Time>, String)> = None;
    for (at, image) in named {
        // Rows are not always in the order of time.
        if last.as_ref().is_none_or(|(known, _)| at.is_none() || *known <= at) {
            last = Some((at, image));
        }
    }
    last.map(|(_, image)| image)
}
