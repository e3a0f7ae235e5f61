//! What a text quotes: Events, messages, the states of containers, conditions and STATUS columns, looked up in the catalogue.

use super::finding::{Finding, field};
use super::state::is_old;
use super::text::{Text, Thing};
use crate::event::Happened;
use crate::over::stands;
use crate::waits;
use api::kind::Kind;
use api::object::{ObjectKey, parent_and_ordinal};
use base::fields::Fields;
use causes::blame::{Blame, Sure};
use causes::message::{Said, SaidIn, Told, take_apart};
use why::{Cause, Family};

/// Families that are over once a pod runs.
const BEFORE_RUN: [Family; 6] =
    [Family::NoNodeFits, Family::ClaimPending, Family::VolumeElsewhere, Family::NobodySchedules, Family::AttachOrMount, Family::ClaimGone];

/// All that a text says of its objects.
pub(super) fn said(text: &Text<'_>) -> Vec<Finding> {
    let all = &text.dump.events;
    let mut found = Vec::new();
    for at in 0..all.len() {
        let event = &all[at];
        let Some(told) = stands(all, at) else { continue };
        let (kind, namespace, name) = &waits::about(event, &told);
        // Of a kind that is not modelled, the saying tells what it stands for.
        let is_known = kind.is_empty() || Kind::named(kind).is_some();
        let about = text.key(if is_known { kind } else { told.on.info().name }, namespace, name);
        // What a scheduler said of a pod that has a node by now, is over.
        let of_scheduler = event.reason == "FailedScheduling" || event.reason.is_empty() && told.cause.family() == Family::NoNodeFits;
        let is_placed = of_scheduler
            && text.find(&about).is_some_and(|pod| pod.value.text_at(&["spec", "nodeName"]).is_some_and(|node| !node.is_empty()));
        if is_over(text, &about, &told) || is_placed {
            continue;
        }
        let is_back = about.kind == Kind::Node && text.find(&about).is_some_and(|node| node.condition("Ready") == Some("True"));
        let is_bound = is_bound(text, &about, &told);
        let one = finding(text, &told, about, event.line);
        found.extend(one.map(|mut one| {
            if is_bound {
                one.blame = Blame::of(Cause::NoReason, one.about.clone()).unknown();
                one.blame.said.text("bound", "bound");
            }
            if is_back && one.blame.cause == Cause::NodeUnreachable {
                one.blame.sure = Sure::Unknown;
                one.blame.said.text("was", "was");
            }
            one
        }));
    }
    for printed in &text.dump.objects {
        for thing in text.of(printed.kind).filter(|thing| std::ptr::eq(thing.value, &raw const printed.value)) {
            found.extend(states(text, &thing));
        }
    }
    found
}

/// Whether a cause tells why a pod ends, or does not.
pub(super) fn ends(cause: Cause) -> bool {
    let families = [Family::NodeSilent, Family::HeldByFinalizer, Family::NodeRefuses, Family::DrainBlocked];
    families.contains(&cause.family()) || [Cause::EvictedByProgram, Cause::PreStopFails].contains(&cause)
}

/// A finding of something that was said of an object.
fn finding(text: &Text<'_>, told: &Told<'_>, about: ObjectKey, line: usize) -> Option<Finding> {
    let mut blame = told.cause(&about);
    if text.dump.placeless && &*blame.object.namespace == "default" {
        blame.object.namespace = "".into();
    }
    if blame.cause == Cause::StartupProbe && text.find(&about).is_some_and(|pod| pod.restarts() > 0) {
        blame.said.text("restarts", "restarts");
    }
    if blame.cause == Cause::MultiAttach && field(&blame, "user").is_some_and(|user| *user == *about.name) {
        blame.said.text("own", "own");
    }
    if [Cause::UnknownField, Cause::FieldMissing].contains(&blame.cause) {
        name_fields(&mut blame);
    }
    // An ordered start is that of a set's pods.
    if blame.cause == Cause::ReadinessProbe && !about.name.is_empty() && parent_and_ordinal(&about.name).is_none() {
        blame.cause = Cause::NotReady;
    }
    let is_pod_of_none = about.kind == Kind::Pod && about.name.is_empty() && blame.object.name.is_empty();
    let about = if is_pod_of_none || about.name.is_empty() { blame.object.clone() } else { about };
    let workload = [&about, &blame.object].into_iter().map(|key| text.workload_of(key)).find(|key| key.kind == Kind::StatefulSet);
    let named = || told.about().map(|(kind, namespace, name)| text.key(kind.info().name, &namespace, &name));
    let workload = workload.or_else(|| named().map(|key| text.workload_of(&key)).filter(|key| key.kind == Kind::StatefulSet));
    let workload = workload.unwrap_or_else(|| about.clone());
    let lines = if line > 0 { vec![line] } else { Vec::new() };
    Some(Finding { blame, about, workload, rank: told.rank, lines, quoted: line })
}

/// Names all fields that a message does not know.
fn name_fields(blame: &mut Blame) {
    let message = field(blame, "message").unwrap_or_default().to_owned();
    let all = message.split("unknown field \"").skip(1);
    let fields: Vec<&str> = all.filter_map(|rest| rest.split('"').next()).collect();
    if blame.cause == Cause::FieldMissing {
        if !fields.is_empty() {
            blame.said.text("unknown", fields.join(", "));
        }
        return;
    }
    if fields.len() > 1 {
        let mut said = Fields::default();
        said.text("field", fields.join(", "));
        said.text("message", &*message);
        blame.said = said;
    }
}

/// The name that a pod has from its workload: without its ordinal, or without the two words of a ReplicaSet's pod.
fn maker(name: &str) -> &str {
    match parent_and_ordinal(name) {
        Some((parent, _)) => &name[..parent.len()],
        None => name.rsplitn(3, '-').nth(2).unwrap_or(name),
    }
}

/// Whether all claims that a text shows are bound, so that a message that some are not is history.
fn is_bound(text: &Text<'_>, about: &ObjectKey, told: &Told<'_>) -> bool {
    let mut claims = text.of(Kind::PersistentVolumeClaim).filter(|claim| !claim.phase().is_empty()).peekable();
    let of_pod = about.kind == Kind::Pod || about.name.is_empty();
    let are_bound = claims.peek().is_some() && claims.all(|claim| claim.phase() == "Bound");
    let provisioned = || {
        let all = &text.dump.events;
        let last = all.iter().rfind(|event| event.reason.starts_with("Provisioning") && event.reason != "Provisioning");
        let is_pod = |event: &Happened| event.about.2.ends_with(&format!("-{}", about.name));
        last.is_some_and(|event| event.reason == "ProvisioningSucceeded" && (about.name.is_empty() || is_pod(event)))
    };
    told.cause == Cause::ClaimPending && of_pod && (are_bound || text.of(Kind::PersistentVolumeClaim).next().is_none() && provisioned())
}

/// Whether the state of an object says that what was said of it is over.
fn is_over(text: &Text<'_>, about: &ObjectKey, told: &Told<'_>) -> bool {
    let family = told.cause.family();
    if [Family::RefusedUpdate, Family::DrainBlocked, Family::OnDelete, Family::Expansion].contains(&family) {
        return false;
    }
    let thing = text.find(about);
    match (about.kind, &thing) {
        (Kind::Pod, None) => {
            // A pod that is not among those of its workload that are there is gone.
            let is_sibling = |pod: &Thing<'_>| pod.key.namespace == about.namespace && maker(&pod.key.name) == maker(&about.name);
            !about.name.is_empty() && text.of(Kind::Pod).any(|pod| is_sibling(&pod) && text.lines_of(&pod.key).next().is_some())
        }
        (Kind::Pod, Some(pod)) => {
            if pod.is_leaving() {
                return !ends(told.cause);
            }
            let ready = pod.is_ready() == Some(true);
            let runs = pod.phase() == "Running" && BEFORE_RUN.contains(&family) && pod.restarts() == 0;
            ready && family != Family::NotStuck || runs
        }
        (Kind::PersistentVolumeClaim, Some(claim)) => {
            claim.phase() == "Bound" && !claim.is_leaving() && [Family::ClaimPending, Family::CannotKnow].contains(&family)
        }
        (Kind::StatefulSet, Some(set)) => {
            let ready = set.value.int_at(&["status", "readyReplicas"]);
            family == Family::PodRefused && ready.is_some() && ready == set.value.int_at(&["spec", "replicas"])
        }
        _ => false,
    }
}

/// What an object's own status says: the states of containers, conditions, the word of its row.
pub(super) fn states(text: &Text<'_>, thing: &Thing<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let line = text.lines_of(&thing.key).next().unwrap_or(0);
    let mut take = |said: Said<'_>, container: Option<&str>, fill: &dyn Fn(&mut Blame)| {
        let Some(told) = take_apart(said) else { return };
        if let Some(mut one) = finding(text, &told, thing.key.clone(), line) {
            container.into_iter().for_each(|name| one.blame.said.text("container", name));
            fill(&mut one.blame);
            one.quoted = if said.text.contains(' ') { line } else { 0 };
            found.push(one);
        }
    };
    let is_pod = thing.key.kind == Kind::Pod;
    let leaves = is_pod && thing.is_leaving();
    if is_pod && thing.is_ready() == Some(true) && !leaves {
        return found;
    }
    let status = |name: &str| thing.value.text_at(&["status", name]).unwrap_or_default();
    if !status("reason").is_empty() && !leaves {
        take(Said { place: SaidIn::State, reason: status("reason"), text: status("message") }, None, &|_| ());
    }
    let has_init = thing.containers().any(|(_, is_init)| is_init);
    for (container, is_init) in thing.containers().filter(|_| !leaves) {
        let name = container.text_at(&["name"]).filter(|name| !name.is_empty());
        let text_of = |path: &[&str]| container.text_at(path).unwrap_or_default();
        let waits = text_of(&["state", "waiting", "reason"]);
        if !(waits == "PodInitializing" && has_init) && !["ContainerCreating", ""].contains(&waits) {
            take(Said { place: SaidIn::State, reason: waits, text: text_of(&["state", "waiting", "message"]) }, name, &|_| ());
        }
        // What ended, of a container that was started again or is not.
        for path in [["state", "terminated"], ["lastState", "terminated"]] {
            let reason = container.text_at(&[path[0], path[1], "reason"]).unwrap_or_default();
            let of_now = path[0] == "state";
            // A pod that has ended as a whole is told by itself.
            if reason == "Completed" && status("phase") == "Succeeded" {
                continue;
            }
            let tells = reason == "OOMKilled" || of_now && reason != "Completed" || of_now && !is_init;
            if !reason.is_empty() && tells {
                let code = container.int_at(&[path[0], path[1], "exitCode"]);
                let fill = |blame: &mut Blame| code.into_iter().for_each(|code| blame.said.number("exit_code", code));
                take(Said { place: SaidIn::State, reason, text: "" }, name, &fill);
            }
        }
    }
    for condition in thing.value.list_at(&["status", "conditions"]) {
        let (of, reason) = (condition.text_at(&["type"]).unwrap_or_default(), condition.text_at(&["reason"]).unwrap_or_default());
        // What is in order says nothing.
        let is_fault = match (of, condition.text_at(&["status"])) {
            ("Ready" | "PodScheduled" | "Initialized" | "ContainersReady" | "Available" | "ScalingActive" | "AbleToScale", status) => {
                status != Some("True")
            }
            (_, status) => status == Some("True"),
        };
        let is_fault = is_fault && (!leaves || of == "DisruptionTarget");
        let text = condition.text_at(&["message"]).unwrap_or_default();
        // Where a long reason left one blank before its message.
        let (reason, text) = reason.split_once(' ').filter(|_| text.is_empty()).unwrap_or((reason, text));
        let both = format!("{of}/{reason}");
        if is_fault {
            take(Said { place: SaidIn::Condition, reason: &both, text }, None, &|_| ());
            if of == "PodScheduled" && !text.is_empty() {
                take(Said { place: SaidIn::Event, reason: "FailedScheduling", text }, None, &|_| ());
            }
        }
    }
    let word = if leaves || status("phase") == "Succeeded" { "" } else { thing.cell("STATUS") };
    // A container that ended, and was not started again in that time: the pod has ended as a whole.
    let is_over = word == "Completed" && thing.restarts() == 0 && is_old(text, thing);
    let word = if is_over { "" } else { word };
    let (bare, is_init) = word.strip_prefix("Init:").map_or((word, false), |word| (word, true));
    let is_count = bare.starts_with(|c: char| c.is_ascii_digit());
    // How many init containers have ended is no word.
    let word = if is_init && is_count { "" } else { bare };
    if !["", "Running", "Pending", "Terminating", "ContainerCreating"].contains(&word) {
        let word = if word == "Unknown" { "NodeLost" } else { word };
        let fill = |blame: &mut Blame| {
            if is_init && !is_count {
                blame.said.text("init", "init");
            }
        };
        take(Said::of(SaidIn::Column, word), None, &fill);
    }
    for one in &mut found {
        // Of a row, no more is known than its word.
        if one.blame.family() == Family::NodeSilent && one.blame.sure == Sure::Certain && thing.cell("STATUS") == "Unknown" {
            one.blame.sure = Sure::Likely;
        }
    }
    found
}
