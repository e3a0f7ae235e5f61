//! The lines that change what pods are made from: images, probes, amounts, rules; and what they refer to.

use std::rc::Rc;

use super::Candidate;
use super::lines::{Place, plain, remove};
use crate::port::{declared_port, undeclared_port};
use api::kind::Kind;
use api::object::{Object, ObjectKey};
use api::obstacle::Obstacle;
use base::value::Value;
use cluster::kubelet::references::needs;
use text::diagnose::Risk;
use why::explain::explain;
use why::{Cause, Reason};

/// What has the containers of a pod start and stay up: what they refer to, another image, the revision before.
pub(super) fn failing(of: &Place, object: &ObjectKey) -> Vec<Candidate> {
    let mut all: Vec<Candidate> = missing(of, object).into_iter().collect();
    let image = of.mended().map(|images| of.set_image(&images));
    all.extend(image.into_iter().flat_map(|line| of.edits(&line, object)));
    if !of.others().is_empty() {
        all.extend(of.edits(&of.rollout("undo"), object));
    }
    all
}

/// What has a pod that runs be Ready.
pub(super) fn gate(of: &Place, object: &ObjectKey) -> Vec<Candidate> {
    let mut all = Vec::new();
    for (i, container) in of.set.spec.template.raw.list_at(&["containers"]).iter().enumerate() {
        let Some(probe) = container.get("readinessProbe") else { continue };
        let path = |rest: &str| format!("/spec/template/spec/containers/{i}/readinessProbe{rest}");
        let wrong = undeclared_port(container, probe).and_then(|_| declared_port(container));
        let action = ["tcpSocket", "httpGet", "grpc"].iter().find(|action| probe.get(action).is_some());
        if let Some((port, action)) = wrong.zip(action) {
            let line = of.naming().replace(Kind::StatefulSet, &of.set.meta.name, &path(&format!("/{action}/port")), port);
            all.extend(of.edits(&line, object));
        }
        let [_, removed] = of.edits(&remove(&of.set.key(), &path("")), object);
        all.push(Candidate { risk: Some(Risk::Unasked { set: Rc::clone(&of.set.meta.name) }), ..removed });
    }
    if of.set.spec.template.raw.get("readinessGates").is_some() {
        let [_, removed] = of.edits(&remove(&of.set.key(), "/spec/template/spec/readinessGates"), object);
        all.push(Candidate { risk: Some(Risk::Unasked { set: Rc::clone(&of.set.meta.name) }), ..removed });
    }
    if !of.others().is_empty() {
        all.extend(failing(of, object));
    }
    all
}

/// Creates what a pod refers to and does not exist, with the keys that the pod asks for.
fn missing(of: &Place, object: &ObjectKey) -> Option<Candidate> {
    let links = explain(of.sim.tables(), of.sim.decisions(), None, object).links;
    let Reason::MissingReference { missing: Obstacle::Missing(kind, name), .. } = &links.first()?.entry.as_ref()?.decision.because else {
        return None;
    };
    let what = match kind {
        Kind::ConfigMap => "configmap",
        Kind::Secret => "secret generic",
        _ => return None,
    };
    let pod = of.sim.tables().pod(&object.namespace, &object.name)?;
    let need = needs(&pod.spec.template.raw).into_iter().find(|need| need.kind == *kind && *need.name == **name)?;
    let keys = need.keys.iter().map(|key| format!("--from-literal={}=change-me", key.name));
    let words: Vec<String> = [format!("create {what} {name}")].into_iter().chain(keys).collect();
    Some(plain([of.naming().kubectl(words.join(" "))]))
}

/// Does without a rule of where pods may be.
pub(super) fn without(of: &Place, cause: Cause) -> Option<Candidate> {
    let pod = of.pods().find(|pod| pod.node.is_none())?.key();
    let line = match cause {
        Cause::PodAffinityNoMatch => remove(&of.set.key(), "/spec/template/spec/affinity"),
        Cause::TopologySpread => {
            let path = "/spec/template/spec/topologySpreadConstraints/0/whenUnsatisfiable";
            of.naming().replace(Kind::StatefulSet, &of.set.meta.name, path, r#""ScheduleAnyway""#)
        }
        _ => return None,
    };
    let [_, edited] = of.edits(&line, &pod);
    Some(edited)
}

/// Has containers keep to the most that a LimitRange allows, or the range allow more.
pub(super) fn limited(of: &Place, range: &ObjectKey) -> Vec<Candidate> {
    let Some(object) = of.sim.tables().get(range).map(Object::encode) else { return Vec::new() };
    let mut all = Vec::new();
    for (at, limit) in object.list_at(&["spec", "limits"]).iter().enumerate() {
        let most = limit.get("max").filter(|_| limit.text_at(&["type"]) == Some("Container"));
        let amounts: Vec<String> = most
            .into_iter()
            .flat_map(Value::members)
            .map(|(what, amount)| format!("{what}={}", amount.as_text().unwrap_or_default()))
            .collect();
        if amounts.is_empty() {
            continue;
        }
        let line = of.naming().set_resources(&of.set.meta.name, &format!("--limits={}", amounts.join(",")));
        all.push(plain([line.clone()]));
        all.push(plain([format!("{line} --requests={}", amounts.join(","))]));
        all.push(plain([remove(range, &format!("/spec/limits/{at}/max"))]));
    }
    all
}
