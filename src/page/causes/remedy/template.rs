//! What changes what the pods of a set are made from: another image, other probes, amounts and rules, or the revision before.

use std::rc::Rc;

use super::case::{Case, Cure, Cures, one};
use super::placement;
use crate::behind::said_by;
use crate::command::{self, Form};
use crate::origins::origins;
use crate::port::{declared_port, undeclared_port};
use crate::rollout::{comes_back_old, is_old};
use api::client::PatchType;
use api::kind::Kind;
use api::object::container::Container;
use api::object::pod::{ContainerState, ContainerStatus, ERR_IMAGE_NEVER_PULL};
use api::object::{ControllerRevision, Name, Object, StatefulSet};
use base::image_name::{self, without_tag};
use base::sort::Sort;
use base::value::Value;
use cluster::command::may_end;
use cluster::inside::wanted_password;
use cluster::programs::app_of;
use text::diagnose::Risk;
use why::{Cause, Reason};

/// What stands for an image's tag that whoever repairs the image knows.
const GOOD_TAG: &str = "a-tag-that-exists";
/// The requests that are written where a quota wants some.
const REQUESTS: &str = "--requests=cpu=250m,memory=512Mi";
/// What a pod has to say of itself where the level is restricted.
const RESTRICTED: &str = r#"{"securityContext":{"runAsNonRoot":true,"runAsUser":1001,"seccompProfile":{"type":"RuntimeDefault"}}}"#;
/// What its containers have to say.
const NO_MORE_RIGHTS: &str = r#"{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]}}"#;

/// A line that edits the template, and one that has the pod made anew from it: nobody else replaces a pod that is not Ready. To try, there
/// is also the line alone: under some policies the controller goes on by itself.
fn edited(case: &Case, label: String, edit: String) -> Cures {
    let set = case.set()?;
    let again = (case.about.kind == Kind::Pod).then(|| case.naming.delete(Kind::Pod, &case.about.name));
    if case.is_tried() {
        let anew = again.map(|again| Cure::tried([edit.clone(), again]));
        return Some([Cure::tried([edit])].into_iter().chain(anew).collect());
    }
    let lower = comes_back_old(set, case.pod()?).then(|| case.naming.partition(&set.meta.name, 0));
    Cure::new(label, lower.into_iter().chain([edit]).chain(again)).into()
}

/// The same to try, and never the line alone.
fn edited_at_once(case: &Case, edit: String) -> Option<Cure> {
    edited(case, String::new(), edit)?.pop()
}

/// The line that patches the set.
fn patched(case: &Case, body: &str) -> Option<String> {
    Some(case.naming.patch(Kind::StatefulSet, &case.set()?.meta.name, PatchType::Strategic, body))
}

/// Changes one container of the template, in the list that has it.
fn changed<'v>(case: &Case, label: String, list: &str, name: &Name, change: impl IntoIterator<Item = (&'v str, Value)>) -> Cures {
    edited(case, label, patched(case, &patch_of(list, name, change))?)
}

/// The patch of a template that changes one container, in the list that has it.
fn patch_of<'v>(list: &str, name: &Name, change: impl IntoIterator<Item = (&'v str, Value)>) -> String {
    let container = Value::of([("name", name.into())].into_iter().chain(change));
    let mut patch = Value::map();
    patch.set(&["spec", "template", "spec", list], Value::list([container]));
    patch.to_json()
}

/// An init container that asks for a name in full which it asks for in short, and which it so never finds. A Deployment replaces its pods
/// by itself.
pub(super) fn whole_name(case: &Case) -> Cures {
    const LIST: &str = "initContainers";
    let Reason::InitContainerRuns { container } = case.because()? else { return None };
    let pod = case.pod()?;
    let short = said_by(case.shot, pod, container)?.short.filter(|short| short.is_there)?;
    let mut inits = pod.spec.template.raw.list_at(&[LIST]).iter();
    let raw = inits.find(|one| one.text_at(&["name"]) == Some(container))?;
    let words = |field: &str| -> Vec<Value> { raw.list_at(&[field]).to_vec() };
    let in_full = |word: &Value| word.as_text().and_then(|text| short.put_in_full(text)).map_or_else(|| word.clone(), Value::from);
    let fields = ["command", "args"].map(|field| (field, words(field), words(field).iter().map(in_full).collect::<Vec<_>>()));
    let change: Vec<_> = fields.into_iter().filter(|(_, old, new)| old != new).map(|(field, _, new)| (field, Value::list(new))).collect();
    let label = case.text.ask.ask_in_full(&short.full);
    let owner = origins(case.shot, case.about).pop()?;
    match owner.kind {
        _ if change.is_empty() => None,
        Kind::StatefulSet => changed(case, label, LIST, container, change),
        Kind::Deployment | Kind::DaemonSet => {
            one(label, case.naming.patch(owner.kind, &owner.name, PatchType::Strategic, &patch_of(LIST, container, change)))
        }
        _ => None,
    }
}

/// The container that a reason names.
fn named<'a>(case: &Case<'a>) -> Option<&'a Container> {
    let (Reason::CrashLoop { container: name, .. }
    | Reason::CannotStart { container: name, .. }
    | Reason::FailedProbe { container: name, .. }
    | Reason::OutOfMemory { container: name, .. }) = case.because()?
    else {
        return None;
    };
    let template = &case.pod()?.spec.template;
    template.containers.iter().chain(&template.init_containers).find(|container| container.name == *name)
}

/// Only the playground can; of a container that starts, where it is the image that ends it.
pub(super) fn mend_image(case: &Case) -> Cures {
    let because = case.because()?;
    let image = if let Reason::ImagePullFails { image } = because { image } else { &named(case)?.image };
    let does = case.shot.images.behaviour(image);
    let is_the_image = match because {
        Reason::ImagePullFails { .. } => true,
        Reason::OutOfMemory { .. } => does.leaks,
        Reason::FailedProbe { .. } => does.freezes || does.slow,
        Reason::CannotStart { .. } => false,
        _ => does.crashes && !may_end(named(case)?),
    };
    is_the_image.then(|| vec![command::mend_image(case.text, image).into()])
}

/// The revisions of a set but that of its template, the newest first.
fn others<'a>(case: &Case<'a>, set: &StatefulSet) -> Vec<&'a Rc<ControllerRevision>> {
    let own = |one: &&Rc<ControllerRevision>| one.meta.is_controlled_by(set.meta.uid) && one.meta.name != set.status.update_revision;
    let mut all: Vec<_> = case.tables.revisions().filter(own).collect();
    all.sort_small_by(|a, b| b.number.cmp(&a.number));
    all
}

/// Back to the revision before. Without a try, only for a pod that does not come up on the one that is rolled out: another revision may
/// have come in between, which nobody knows to be any better.
pub(super) fn undo(case: &Case) -> Cures {
    let set = case.set()?;
    let before = *others(case, set).first()?;
    let line = case.naming.rollout("undo", Kind::StatefulSet, &set.meta.name);
    if case.is_tried() {
        return edited(case, String::new(), line);
    }
    let pod = case.pod().filter(|pod| before.meta.name == set.status.current_revision && !is_old(set, pod))?;
    let name = &pod.meta.name;
    Cure::new(case.text.ask.undo_and_delete(name), [line, case.naming.delete(Kind::Pod, name)]).into()
}

/// Of a database that does not start without one.
pub(super) fn password(case: &Case) -> Cures {
    let Reason::CrashLoop { .. } = case.because()? else { return None };
    let (container, pod) = (named(case)?, case.pod()?);
    let wanted = wanted_password(pod, container, case.tables)?;
    let env = Value::list([Value::of([("name", wanted), ("value", "secret")])]);
    changed(case, case.text.ask.with_variable(wanted, &pod.meta.name), "containers", &container.name, [("env", env)])
}

/// Where a command ends or is not there: the image's own if that serves, or one that waits, or in an init container one that succeeds.
pub(super) fn other_command(case: &Case) -> Cures {
    let (container, pod) = (named(case)?, case.pod()?);
    let name = &container.name;
    let is_init = pod.spec.template.init_containers.iter().any(|one| one.name == *name);
    let ends_first = is_init && !container.sidecar;
    match case.because()? {
        Reason::CannotStart { .. } => {}
        Reason::CrashLoop { .. } if ends_first || may_end(container) => {}
        _ => return None,
    }
    let command = match ends_first {
        false if app_of(&container.image).has_server() => Value::Null,
        // What does nothing in the place of somebody's program is for the playground alone.
        _ if case.shot.form == Form::Elsewhere => return None,
        true => Value::list(["true"]),
        false => Value::list(["sleep", "infinity"]),
    };
    let list = if is_init { "initContainers" } else { "containers" };
    changed(case, case.text.ask.other_command(name, &pod.meta.name), list, name, [("command", command), ("args", Value::Null)])
}

/// The containers of the template, and the paths to a field of theirs.
fn containers<'a>(case: &Case<'a>, field: &str) -> impl Iterator<Item = (&'a Value, String)> {
    let all = case.set().into_iter().flat_map(|set| set.spec.template.raw.list_at(&["containers"])).enumerate();
    all.map(move |(at, container)| (container, format!("/spec/template/spec/containers/{at}/{field}")))
}

/// A line after which nothing asks a pod any more whether it answers.
fn unasked(case: &Case, path: &str) -> Option<Cure> {
    Some(edited_at_once(case, case.without(path)?)?.risks(Risk::Unasked { set: Rc::clone(&case.set()?.meta.name) }))
}

/// The probe that ends a container; to try, readiness probes.
pub(super) fn no_probe(case: &Case) -> Cures {
    const READINESS: &str = "readinessProbe";
    if case.is_tried() {
        let probed = containers(case, READINESS).filter(|(container, _)| container.get(READINESS).is_some());
        return Some(probed.filter_map(|(_, path)| unasked(case, &path)).collect());
    }
    let Reason::FailedProbe { probe, container, .. } = case.because()? else { return None };
    let (_, path) = containers(case, probe.field()).find(|(one, _)| one.text_at(&["name"]) == Some(container))?;
    edited(case, case.text.ask.without_probe(probe.word(), &case.about.name), case.without(&path)?)
}

/// The port that the container of a readiness probe declares.
pub(super) fn probe_port(case: &Case) -> Cures {
    let line = |(container, path): (&Value, String)| {
        let probe = container.get("readinessProbe")?;
        let port = undeclared_port(container, probe).and_then(|_| declared_port(container))?;
        let action = ["tcpSocket", "httpGet", "grpc"].iter().find(|action| probe.get(action).is_some())?;
        Some(case.naming.replace(Kind::StatefulSet, &case.set()?.meta.name, &format!("{path}/{action}/port"), port))
    };
    let lines = containers(case, "readinessProbe").filter_map(line);
    Some(lines.filter_map(|line| edited(case, String::new(), line)).flatten().collect())
}

pub(super) fn no_readiness_gates(case: &Case) -> Cures {
    case.set()?.spec.template.raw.get("readinessGates")?;
    unasked(case, "/spec/template/spec/readinessGates")?.into()
}

pub(super) fn no_scheduling_gates(case: &Case) -> Cures {
    edited(case, String::new(), case.without("/spec/template/spec/schedulingGates")?)
}

/// Every cluster has it.
pub(super) fn default_scheduler(case: &Case) -> Cures {
    edited_at_once(case, patched(case, r#"{"spec":{"template":{"spec":{"schedulerName":"default-scheduler"}}}}"#)?)?.into()
}

/// Another name for an image that is none; to try, for each image that does badly: what another revision has and does well.
pub(super) fn other_image(case: &Case) -> Cures {
    let set = case.set();
    let edit = |set: &StatefulSet, images: &str| case.naming.set_image(Kind::StatefulSet, &set.meta.name, images);
    if case.is_tried() {
        return edited(case, String::new(), edit(set?, &better_images(case, set?)?));
    }
    let Reason::InvalidImageName { image, .. } = case.because()? else { return None };
    let (pod, ask, valid) = (case.pod()?, &case.text.ask, valid_beginning(image));
    let template = &pod.spec.template;
    let container = template.containers.iter().chain(&template.init_containers).find(|container| *container.image == **image)?;
    let change = format!("{}={valid}", container.name);
    if pod.meta.controller().is_none() {
        return one(ask.use_image(&valid), case.naming.set_image(Kind::Pod, &pod.meta.name, &change));
    }
    edited(case, ask.other_image(&valid, &pod.meta.name), edit(set?, &change))
}

/// The longest beginning of a name that names an image at all, or else one that serves.
fn valid_beginning(image: &str) -> String {
    let lower = image.to_ascii_lowercase();
    let ends = lower.char_indices().map(|(at, _)| at).skip(1).chain([lower.len()]);
    let valid = ends.map(|end| &lower[..end]).filter(|name| image_name::fault(name).is_none()).last();
    valid.unwrap_or("nginx").to_owned()
}

/// `name=image` for each container of the template whose image is bad, with one that another revision has and that is not; or, where the
/// image is not there, one whose tag somebody else knows.
fn better_images(case: &Case, set: &StatefulSet) -> Option<String> {
    let images = case.shot.images;
    let bad = |image: &str| {
        let does = images.behaviour(image);
        does.pull_fails || does.crashes || does.never_ready || does.leaks || does.refuses.is_some()
    };
    let others = others(case, set);
    let other = |name: &Name| {
        others.iter().find_map(|one| {
            let containers = one.data.value().list_at(&["spec", "template", "spec", "containers"]);
            let found = containers.iter().find(|container| container.text_at(&["name"]) == Some(name))?;
            found.get("image")?.as_shared_text().filter(|image| !bad(image))
        })
    };
    let change = |container: &Container| {
        // Only of an image that is not there another tag is known to help.
        let sought = images.behaviour(&container.image).pull_fails;
        let sought = || sought.then(|| format!("{}:{GOOD_TAG}", without_tag(&container.image).0).into());
        Some(format!("{}={}", container.name, other(&container.name).or_else(sought)?))
    };
    let all: Vec<String> = set.spec.template.containers.iter().filter(|one| bad(&one.image)).filter_map(change).collect();
    (!all.is_empty()).then(|| all.join(" "))
}

/// Where an image is not on the node of its pod, and must not be pulled.
pub(super) fn may_pull(case: &Case) -> Cures {
    let pod = case.pod()?;
    let waits =
        |status: &&ContainerStatus| matches!(&status.state, ContainerState::Waiting { reason, .. } if **reason == *ERR_IMAGE_NEVER_PULL);
    let lists = [("containers", &pod.status.containers), ("initContainers", &pod.status.init_containers)];
    let (list, status) = lists.into_iter().find_map(|(list, all)| Some((list, all.iter().find(waits)?)))?;
    let label = case.text.ask.may_pull(&status.image, &pod.meta.name);
    changed(case, label, list, &status.name, [("imagePullPolicy", "IfNotPresent".into())])
}

/// Of one container whose pod must not run as root.
pub(super) fn may_be_root(case: &Case) -> Cures {
    let Reason::RunsAsRoot { container, .. } = case.because()? else { return None };
    let pod = case.pod()?;
    let is_init = pod.spec.template.init_containers.iter().any(|one| one.name == *container);
    let list = if is_init { "initContainers" } else { "containers" };
    let label = case.text.ask.may_be_root(container, &pod.meta.name);
    changed(case, label, list, container, [("securityContext", Value::of([("runAsNonRoot", false)]))])
}

/// Little of what no node has enough of.
pub(super) fn less(case: &Case) -> Cures {
    let edit = case.naming.set_resources(&case.set()?.meta.name, &format!("--requests={}", placement::less(case)?));
    edited(case, case.text.ask.less(&case.about.name), edit)
}

/// Does without a rule of where pods may be.
pub(super) fn no_rule(case: &Case) -> Cures {
    let set = case.set()?;
    let pod = case.shot.pods_of(set).find(|pod| pod.node.is_none())?;
    let line = match case.blame()?.cause {
        Cause::PodAffinityNoMatch => case.without("/spec/template/spec/affinity")?,
        Cause::TopologySpread => {
            let path = "/spec/template/spec/topologySpreadConstraints/0/whenUnsatisfiable";
            case.naming.replace(Kind::StatefulSet, &set.meta.name, path, r#""ScheduleAnyway""#)
        }
        _ => return None,
    };
    Cure::tried([line, case.naming.delete(Kind::Pod, &pod.meta.name)]).into()
}

/// Where a quota wants containers to say what they ask for.
pub(super) fn requests(case: &Case) -> Cures {
    one("", case.naming.set_resources(&case.set()?.meta.name, REQUESTS))
}

/// The most that a LimitRange allows; or the range allows more.
pub(super) fn limits(case: &Case) -> Cures {
    let (set, range) = (&case.set()?.meta.name, case.tables.get(case.about).map(Object::encode)?);
    let mut all = Vec::new();
    for (at, limit) in range.list_at(&["spec", "limits"]).iter().enumerate() {
        let most = limit.get("max").filter(|_| limit.text_at(&["type"]) == Some("Container")).into_iter().flat_map(Value::members);
        let amounts: Vec<String> = most.map(|(what, amount)| format!("{what}={}", amount.as_text().unwrap_or_default())).collect();
        if amounts.is_empty() {
            continue;
        }
        let amounts = amounts.join(",");
        all.push(case.naming.set_resources(set, &format!("--limits={amounts}")));
        all.push(case.naming.set_resources(set, &format!("--limits={amounts} --requests={amounts}")));
        all.push(case.naming.remove(case.about.kind, &case.about.name, &format!("/spec/limits/{at}/max")));
    }
    Some(all.into_iter().map(|line| Cure::tried([line])).collect())
}

/// No more than the strictest level allows.
pub(super) fn fewer_rights(case: &Case) -> Cures {
    let mut spec = base::json::value(RESTRICTED).unwrap_or_default();
    let rights = base::json::value(NO_MORE_RIGHTS).unwrap_or_default();
    let container = |one: &Container| Value::of([("name", Value::from(&one.name)), ("securityContext", rights.clone())]);
    spec.set(&["containers"], Value::list(case.set()?.spec.template.containers.iter().map(container)));
    let mut body = Value::map();
    body.set(&["spec", "template", "spec"], spec);
    one("", patched(case, &body.to_json())?)
}
