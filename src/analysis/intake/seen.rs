//! What images were seen to do.

use std::rc::Rc;

use super::dump::Dump;
use api::kind::Kind;
use api::object::Name;
use api::object::pod_status::{ERROR, KILLED};
use base::sorted::SortedSet;
use base::time::{Span, Time};
use base::value::Value;
use causes::port::undeclared_port;
use cluster::images::{Behaviour, Images, LEAKS_FOR, SEEN, may_be_ended};
use cluster::stand_in::Nodes;
use text::diagnose::Assumed;

/// Seconds that a probe may pass late.
const LATE_SECONDS: i64 = 5;
/// Waiting reasons of a container whose image is not there.
const NO_IMAGE: [&str; 5] = ["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "RegistryUnavailable"];
/// How long ago a crash may be to count for what the process does now.
const RECENT: Span = Span::seconds(600);

/// What was seen.
#[derive(Clone, Debug)]
pub struct Seen {
    pub images: Images,
    /// The pods that are not Ready although another pod of the same image is: their namespaces and names.
    pub unready: Vec<(Name, Name)>,
}

/// What the images of a dump do, by what its pods tell, and what was concluded.
pub fn images(dump: &Dump, now: Time, assumed: &mut Vec<Assumed>) -> Seen {
    let mut images = Images::seen(Nodes::Real);
    let mut unready = Vec::new();
    let well = well(dump);
    for pod in dump.of(Kind::Pod) {
        let text = |key: &str| pod.at(&["metadata", key]).and_then(Value::as_shared_text).unwrap_or_default();
        let name = text("name");
        let lost = lost_since(pod);
        for (spec, status) in [("containers", "containerStatuses"), ("initContainers", "initContainerStatuses")] {
            for container in pod.list_at(&["spec", spec]) {
                let is_it = |status: &&Value| status.get("name") == container.get("name");
                let Some(status) = pod.list_at(&["status", status]).iter().find(is_it) else { continue };
                let Some(image) = container.get("image").and_then(Value::as_shared_text) else { continue };
                let Some((does, fact)) = behaviour(container, status, now, (&image, &name), lost) else { continue };
                let waits = does.never_ready && !does.leaks || does.refuses.is_some();
                if waits && well.contains(&image) {
                    if dump.holds(Assumed::UnreadyAlone { pod: Rc::clone(&name), image }, assumed) {
                        unready.push((text("namespace"), Rc::clone(&name)));
                    }
                } else if dump.holds(fact, assumed) {
                    if does.pull_fails {
                        images.tell(&image, does);
                    } else if is_killed(status) && may_be_ended(container) {
                        images.tell_of_probed_run(&image, container, does);
                    } else {
                        images.tell_of_run(&image, container, does);
                    }
                }
            }
        }
        if let Some(image) = told_unready(dump, pod, &well)
            && dump.holds(Assumed::UnreadyAlone { pod: Rc::clone(&name), image }, assumed)
        {
            unready.push((text("namespace"), name));
        }
    }
    Seen { images, unready }
}

/// The condition Ready of a pod or a node, where one is printed.
fn readiness(of: &Value) -> Option<&Value> {
    of.list_at(&["status", "conditions"]).iter().find(|one| one.text_at(&["type"]) == Some("Ready"))
}

fn is_ready(condition: &Value) -> bool {
    condition.text_at(&["status"]) == Some("True")
}

/// Whether a pod that runs is told to be Ready; `None` where its containers tell that themselves, and where nothing does.
fn told_ready(pod: &Value) -> Option<bool> {
    let runs = pod.text_at(&["status", "phase"]) == Some("Running") && pod.list_at(&["status", "containerStatuses"]).is_empty();
    readiness(pod).filter(|_| runs).map(is_ready)
}

/// The image of a pod that is told not to be Ready although other pods of the image are. Its node is heard, and nobody deletes it.
fn told_unready(dump: &Dump, pod: &Value, well: &SortedSet<Name>) -> Option<Name> {
    let stays = pod.at(&["metadata", "deletionTimestamp"]).is_none() && !is_silenced(dump, pod);
    let images = pod.list_at(&["spec", "containers"]).iter().filter_map(|one| one.get("image").and_then(Value::as_shared_text));
    if told_ready(pod) == Some(false) && stays { { images }.find(|image| well.contains(image)) } else { None }
}

/// Whether a pod is on a node that is not Ready: the node controller takes the pod's readiness, whatever its containers do.
fn is_silenced(dump: &Dump, pod: &Value) -> bool {
    let node = pod.text_at(&["spec", "nodeName"]).unwrap_or_default();
    let mut its = dump.of(Kind::Node).filter(|one| one.text_at(&["metadata", "name"]) == Some(node));
    its.any(|node| readiness(node).is_some_and(|ready| !is_ready(ready)))
}

/// The images of containers that are ready, or whose pods are.
fn well(dump: &Dump) -> SortedSet<Name> {
    let ready = |status: &&Value| status.get("ready").and_then(Value::as_bool) == Some(true);
    let of = |pod: &Value| {
        let names: Vec<_> =
            pod.list_at(&["status", "containerStatuses"]).iter().filter(ready).filter_map(|one| one.get("name")).cloned().collect();
        let is_all = told_ready(pod) == Some(true);
        let is_ready = move |one: &&Value| is_all || one.get("name").is_some_and(|name| names.contains(name));
        let all = pod.list_at(&["spec", "containers"]).iter().filter(is_ready);
        all.filter_map(|one| one.get("image").and_then(Value::as_shared_text)).collect::<Vec<_>>()
    };
    dump.of(Kind::Pod).flat_map(of).collect()
}

/// Since when a pod that nobody deletes is not Ready.
fn lost_since(pod: &Value) -> Option<Time> {
    let ready = readiness(pod).filter(|ready| ready.text_at(&["status"]) == Some("False"))?;
    let stays = pod.at(&["metadata", "deletionTimestamp"]).is_none();
    ready.text_at(&["lastTransitionTime"]).and_then(Time::parse_rfc3339).filter(|_| stays)
}

/// Whether a container was killed last, and not for its memory. Under a probe that ends containers, the probe is why.
fn is_killed(status: &Value) -> bool {
    let ended = [&["state", "terminated"][..], &["lastState", "terminated"]].iter().find_map(|path| status.at(path));
    ended.is_some_and(|end| end.int_at(&["exitCode"]) == Some(KILLED) && end.text_at(&["reason"]) == Some(ERROR))
}

/// What a container of an image was seen to do wrong in a pod that lost its readiness at a time, and what one concludes.
fn behaviour(
    container: &Value,
    status: &Value,
    now: Time,
    (image, pod): (&Name, &Name),
    lost: Option<Time>,
) -> Option<(Behaviour, Assumed)> {
    let (image, pod) = (Rc::clone(image), Rc::clone(pod));
    let waiting = status.text_at(&["state", "waiting", "reason"]).unwrap_or_default();
    if NO_IMAGE.contains(&waiting) {
        return Some((Behaviour { pull_fails: true, ..SEEN }, Assumed::ImageNotPulled { image, pod, state: waiting.into() }));
    }
    let time = |at: &Value, key: &str| at.text_at(&[key]).and_then(Time::parse_rfc3339);
    let ended = [&["state", "terminated"][..], &["lastState", "terminated"]].iter().find_map(|path| status.at(path));
    if let Some(ended) = ended {
        let code = ended.int_at(&["exitCode"]).unwrap_or(0);
        let recent = time(ended, "finishedAt").is_some_and(|at| now.since(at) < RECENT);
        let ready = status.get("ready").and_then(Value::as_bool) == Some(true);
        let loops = waiting == "CrashLoopBackOff" || !ready && recent && status.int_at(&["restartCount"]).unwrap_or(0) > 0;
        let reason = ended.text_at(&["reason"]).unwrap_or_default();
        if loops && reason == "OOMKilled" && container.at(&["resources", "limits", "memory"]).is_some() {
            // Killed before a process of the model would be, it was not seen to be Ready.
            let ran = time(ended, "finishedAt").zip(time(ended, "startedAt")).map(|(end, start)| end.since(start));
            let never_ready = ran.is_some_and(|ran| ran < LEAKS_FOR);
            return Some((Behaviour { leaks: true, never_ready, ..SEEN }, Assumed::ImageLeaks { image, pod }));
        }
        if loops {
            let fact = Assumed::ImageCrashes { image, pod, exit_code: code };
            return Some((Behaviour { crashes: true, exit_code: code, ..SEEN }, fact));
        }
    }
    let started = status.at(&["state", "running"]).and_then(|running| time(running, "startedAt"))?;
    if status.get("ready").and_then(Value::as_bool) != Some(false) {
        return None;
    }
    let probe = container.get("readinessProbe").cloned().unwrap_or_default();
    let number = |key: &str, default: i64| probe.int_at(&[key]).unwrap_or(default);
    let after = number("initialDelaySeconds", 0) + number("periodSeconds", 10) * number("successThreshold", 1) + LATE_SECONDS;
    // A pod that lost its readiness after its container started is not starting any more.
    if now.since(started) < Span::of_seconds(after) && lost.is_none_or(|lost| lost <= started) {
        return None;
    }
    let span = now.since(started).golang();
    Some(match undeclared_port(container, &probe) {
        Some(port) => (Behaviour { refuses: Some(port), ..SEEN }, Assumed::ImageRefuses { image, pod, port: port.into(), span }),
        None => (Behaviour { never_ready: true, ..SEEN }, Assumed::ImageUnready { image, pod, span }),
    })
}
