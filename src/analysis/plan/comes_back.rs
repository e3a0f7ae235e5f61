//! Pods that come back to a node which was closed for them to leave it.
//!
//! Models pkg/scheduler/framework/plugins/nodeunschedulable: a cordoned node has a taint like others, which a pod may tolerate. And
//! k8s.io/kubectl/pkg/drain looks no further than at the pods that it evicts.

use std::rc::Rc;

use api::client::PatchType;
use api::kind::Kind;
use api::object::node::UNSCHEDULABLE_TAINT;
use api::object::pod::Toleration;
use api::object::{Name, Node, ObjectKey, Pod, StatefulSet};
use base::given::SetGiven;
use base::value::Value;
use causes::unplaced::{Elsewhere, elsewhere};
use text::plan::Says;

use crate::ends::Ends;

/// The effect of the taint of a cordoned node.
const CLOSES: &str = "NoSchedule";

impl Ends<'_> {
    /// The pods of sets that were made anew on nodes which others have just left, and which are closed.
    pub(crate) fn come_back(&self) -> Vec<Says> {
        let left = self.left_nodes();
        let came = |pod: &&Rc<Pod>| {
            !pod.meta.terminating() && pod.node.as_ref().is_some_and(|node| left.contains(node)) && self.old(pod).is_none()
        };
        let mut says: Vec<Says> = Vec::new();
        for pod in self.tables().pods().filter(came) {
            let owner = pod.meta.controller().filter(|owner| owner.is_a(Kind::StatefulSet));
            let set = owner.and_then(|owner| self.tables().stateful_set(&pod.meta.namespace, &owner.name));
            let node = pod.node.as_ref().and_then(|node| self.tables().node("", node));
            let Some((set, node)) = set.zip(node) else { continue };
            let is_told = |one: &&mut Says| matches!(one, Says::ComesBack { set: told, node: at, .. } if *told == set.meta.name && *at == node.meta.name);
            match says.iter_mut().find(is_told) {
                Some(Says::ComesBack { pods, .. }) => pods.push(Rc::clone(&pod.meta.name)),
                _ => says.push(self.comes_back(pod, set, node)),
            }
        }
        says
    }

    /// The closed nodes that a pod of before ran on and has left, or that the change has closed.
    fn left_nodes(&self) -> Vec<Name> {
        let before = self.old_tables();
        let is_gone = |pod: &&Rc<Pod>| {
            let now = self.tables().pod(&pod.meta.namespace, &pod.meta.name);
            now.is_none_or(|now| now.meta.uid != pod.meta.uid)
        };
        let left = |node: &Name| before.pods().filter(is_gone).any(|pod| pod.node.as_ref() == Some(node));
        let closed = self.tables().nodes().filter(|node| node.unschedulable);
        closed.map(|node| Rc::clone(&node.meta.name)).filter(left).collect()
    }

    /// How a pod gets there, which other nodes do not take it, and the line after which it does not.
    fn comes_back(&self, pod: &Pod, set: &StatefulSet, node: &Node) -> Says {
        let closes = |one: &&Toleration| one.tolerates(UNSCHEDULABLE_TAINT, "", CLOSES);
        let by = pod.spec.template.tolerations.iter().find(closes).filter(|_| pod.spec.template.node().is_none());
        let Elsewhere { shut, open } = elsewhere(self.after, pod);
        Says::ComesBack {
            set: Rc::clone(&set.meta.name),
            pods: vec![Rc::clone(&pod.meta.name)],
            node: Rc::clone(&node.meta.name),
            toleration: by.map_or(String::new(), |by| written(by).to_json()),
            shut,
            open,
            line: by.map_or(String::new(), |_| self.narrowed(&set.key(), pod, node)),
        }
    }

    /// The line that has pods tolerate what their node has for its purpose, and not that it is closed.
    fn narrowed(&self, set: &ObjectKey, pod: &Pod, node: &Node) -> String {
        let is_own = |key: &str| key == UNSCHEDULABLE_TAINT;
        let (wide, mut kept): (Vec<&Toleration>, Vec<&Toleration>) =
            pod.spec.template.tolerations.iter().partition(|one| one.tolerates(UNSCHEDULABLE_TAINT, "", CLOSES));
        // What admission adds stands in no template.
        kept.retain(|one| one.seconds.is_none());
        let lacks = |taint: &&api::object::node::Taint| {
            let is_by = |all: &[&Toleration]| all.iter().any(|one| one.tolerates(&taint.key, &taint.value, &taint.effect));
            !is_own(&taint.key) && is_by(&wide) && !is_by(&kept)
        };
        let narrow = node.taints.iter().filter(lacks).map(|taint| {
            let mut value = Value::of([("key", Value::from(&taint.key))]);
            value.set(&["operator"], if taint.value.is_empty() { "Exists" } else { "Equal" });
            value.set_filled(&["value"], &taint.value);
            value.set(&["effect"], &taint.effect);
            value
        });
        let all = Value::list(kept.iter().map(|one| written(one)).chain(narrow));
        let mut patch = Value::map();
        patch.set(&["spec", "template", "spec", "tolerations"], all);
        self.naming(set).patch(Kind::StatefulSet, &set.name, PatchType::Merge, &patch.to_json())
    }
}

/// A toleration as a manifest has it.
fn written(toleration: &Toleration) -> Value {
    let mut value = Value::map();
    value.set_filled(&["key"], &toleration.key);
    value.set(&["operator"], if toleration.exists { "Exists" } else { "Equal" });
    value.set_filled(&["value"], &toleration.value);
    value.set_filled(&["effect"], &toleration.effect);
    value
}
