//! What pods lack after a change although none of them moves: objects that the next pod needs, room in a quota, ways through the network.

use std::rc::Rc;

use api::client::PatchType;
use api::kind::Kind;
use api::object::network::{ServicePort, TargetPort};
use api::object::selector::Selector;
use api::object::storage::named_class;
use api::object::{Name, Object, ObjectKey, Pod, Service, StatefulSet};
use base::quantity::Quantity;
use base::value::Value;
use cluster::kubelet::references::needs;
use control::endpoint_slice::endpoint::port_number;
use intake::told::short;
use server::tables::Tables;
use text::plan::Says;

use crate::ends::{Ends, behind, name, pods_of, some};

impl Ends<'_> {
    /// What is to be told of what pods lack now.
    pub(crate) fn lacks(&self) -> Vec<Says> {
        let sets = || self.tables().stateful_sets();
        let mut says: Vec<Says> = sets().filter_map(|set| self.need_gone(set)).collect();
        says.extend(self.class_gone());
        says.extend(self.tables().all(Kind::ResourceQuota).filter_map(|quota| self.tight_quota(quota)));
        says.extend(sets().flat_map(|set| self.filtered(set)));
        says.extend(self.tables().services().flat_map(|service| self.of_service(service)));
        says.extend(sets().flat_map(|set| self.by_pod(set)));
        says.extend(sets().filter_map(|set| self.off_node(set)));
        says
    }

    /// What pods of a set need, and what is gone of that.
    pub(crate) fn need_gone(&self, set: &StatefulSet) -> Option<Says> {
        self.was(set)?;
        let mut objects = Vec::new();
        for need in needs(&set.spec.template.raw) {
            let key = ObjectKey::new(need.kind, &set.meta.namespace, &need.name.as_str().into());
            let Some(was) = self.old_tables().get(&key) else { continue };
            let Some(now) = self.tables().get(&key).filter(|now| !now.meta().terminating()) else {
                objects.push(short(&key));
                continue;
            };
            let (was, now) = (was.encode(), now.encode());
            let has = |object: &Value, name: &str| ["data", "binaryData"].iter().any(|field| object.at(&[field, name]).is_some());
            let is_gone = |name: &&String| has(&was, name) && !has(&now, name);
            let gone = need.keys.iter().map(|one| &one.name).filter(is_gone);
            objects.extend(gone.map(|name| format!("{} ({name})", short(&key))));
        }
        objects.dedup();
        Some(Says::NeedGone { set: name(set), objects: some(objects)? })
    }

    /// Classes that are gone, and the sets that ask for volumes of them.
    fn class_gone(&self) -> Vec<Says> {
        let after = self.tables();
        let is_gone = |class: &Name| after.class("", class).is_none();
        let gone = self.old_tables().classes().map(|class| Rc::clone(&class.meta.name)).filter(is_gone);
        let told = |class: Name| {
            let asks = |set: &&Rc<StatefulSet>| {
                let spec = |spec: &Value| Value::of([("spec", spec.clone())]);
                set.spec.claim_templates.iter().any(|one| named_class(&spec(&one.spec)) == Some(&*class))
            };
            let sets = some(after.stateful_sets().filter(asks).map(|set| name(set)))?;
            Some(Says::ClassGone { class, sets })
        };
        gone.filter_map(told).collect()
    }

    /// A quota that is new or smaller, and allows less than is used.
    fn tight_quota(&self, quota: &Object) -> Option<Says> {
        let hard = |object: &Object| object.encode().at(&["spec", "hard"]).cloned().unwrap_or_default();
        let now = hard(quota);
        if self.old_tables().get(&quota.key()).is_some_and(|was| hard(was) == now) {
            return None;
        }
        let status = quota.encode();
        let told = |(name, most): (&Name, &Value)| {
            let used = status.at(&["status", "used", name])?;
            (Quantity::read(used) > Quantity::read(most)).then(|| format!("{name} {} > {}", used.spelled(), most.spelled()))
        };
        Some(Says::QuotaTight { quota: short(&quota.key()), over: some(now.members().filter_map(told))? })
    }

    /// Policies that count for pods of a set from now on.
    fn filtered(&self, set: &StatefulSet) -> Vec<Says> {
        let of = |tables: &Tables| -> Vec<(ObjectKey, Value)> {
            let within = tables.within(Kind::NetworkPolicy, &set.meta.namespace).map(|one| (one.key(), one.encode()));
            let counts = |(_, value): &(ObjectKey, Value)| {
                Selector::decode(value.at(&["spec", "podSelector"]).unwrap_or(&Value::Null)).matches(&set.spec.template.labels)
            };
            within.filter(counts).map(|(key, value)| (key, value.get("spec").cloned().unwrap_or_default())).collect()
        };
        let (was, now) = (of(self.old_tables()), of(self.tables()));
        let is_other = |one: &&(ObjectKey, Value)| !was.contains(one);
        let allows = |spec: &Value, field: &str| !spec.list_at(&[field]).is_empty();
        let is_of = |spec: &Value, kind: &str| spec.list_at(&["policyTypes"]).iter().any(|one| one.as_text() == Some(kind));
        let lets_none = |spec: &Value| is_of(spec, "Ingress") && !allows(spec, "ingress") && now.len() == 1;
        let told = |(key, spec): &(ObjectKey, Value)| Says::Filtered { policy: short(key), set: name(set), none: lets_none(spec) };
        now.iter().filter(is_other).map(told).collect()
    }

    /// A Service that gives its outer address up, and one that leads to a port by a name which its pods do not have.
    fn of_service(&self, service: &Service) -> Vec<Says> {
        let Some(was) = self.old_tables().service(&service.meta.namespace, &service.meta.name) else { return Vec::new() };
        let kind = |service: &Service| service.spec.value().text_at(&["type"]).unwrap_or("ClusterIP").to_owned();
        let (old, new) = (kind(was), kind(service));
        let is_closed = was.is_outside() && !service.is_outside();
        let closed = is_closed.then(|| Says::Closed { service: short(&service.key()), was: old.as_str().into(), now: new.as_str().into() });
        closed.into_iter().chain(self.no_ports(was, service)).collect()
    }

    /// The ports of a Service that lead to a name which no pod's port has, where the name is new or one had it before.
    fn no_ports(&self, was: &Service, service: &Service) -> Vec<Says> {
        let have: Vec<&Rc<Pod>> = behind(self.tables(), service).filter(|pod| !pod.meta.terminating()).collect();
        let is_led = behind(self.tables(), service).next().is_some();
        let lacks = |(at, port): (usize, &ServicePort)| {
            let TargetPort::Named(target) = &port.target else { return None };
            let number = behind(self.old_tables(), was).find_map(|pod| port_number(pod, port));
            let lacks = is_led && !have.iter().any(|pod| port_number(pod, port).is_some());
            let is_new = !was.spec.ports.iter().any(|old| old.target == port.target);
            // Who asks a pod by its own name needs no port of the Service.
            let is_lost = number.is_some() && !service.headless();
            let has = |number: i64| {
                have.iter().flat_map(|pod| pod.spec.template.all_containers()).any(|one| one.ports.iter().any(|port| port.port == number))
            };
            let line = number.filter(|number| has(*number)).map_or(String::new(), |number| {
                let patch = format!("[{{\"op\":\"replace\",\"path\":\"/spec/ports/{at}/targetPort\",\"value\":{number}}}]");
                self.naming(&service.key()).patch(Kind::Service, &service.meta.name, PatchType::Json, &patch)
            });
            (lacks && (is_new || is_lost)).then(|| Says::NoPort { service: short(&service.key()), port: target.to_string(), line })
        };
        service.spec.ports.iter().enumerate().filter_map(lacks).collect()
    }

    /// Pods of a set on nodes that had the labels which these ask for, and have not.
    fn off_node(&self, set: &StatefulSet) -> Option<Says> {
        let asks = set.spec.template.raw.get("nodeSelector")?;
        let has = |tables: &Tables, node: &Name, key: &Name, value: &Value| {
            tables.node("", node).is_some_and(|node| node.meta.label(key).is_some_and(|has| value.as_text() == Some(&**has)))
        };
        let (mut pods, mut labels): (Vec<Name>, Vec<String>) = (Vec::new(), Vec::new());
        for pod in pods_of(self.tables(), set) {
            let Some(node) = pod.node.as_ref().filter(|node| self.tables().node("", node).is_some()) else { continue };
            let is_lost =
                |(key, value): &(&Name, &Value)| has(self.old_tables(), node, key, value) && !has(self.tables(), node, key, value);
            let lost: Vec<String> =
                asks.members().filter(is_lost).map(|(key, value)| format!("{key}={}", value.as_text().unwrap_or_default())).collect();
            pods.extend((!lost.is_empty()).then(|| Rc::clone(&pod.meta.name)));
            labels.extend(lost.into_iter().filter(|label| !labels.contains(label)).collect::<Vec<_>>());
        }
        Some(Says::OffNode { set: name(set), pods: some(pods)?, labels })
    }

    /// Pods of a set that were changed in place.
    fn by_pod(&self, set: &StatefulSet) -> Vec<Says> {
        let is_other = |pod: &&Rc<Pod>| {
            let images = |pod: &Pod| pod.spec.template.containers.iter().map(|one| Rc::clone(&one.image)).collect::<Vec<Name>>();
            self.old(pod).is_some_and(|old| images(old) != images(pod))
        };
        let told = |pod: &Rc<Pod>| Says::ByPod { pod: Rc::clone(&pod.meta.name), set: name(set) };
        pods_of(self.tables(), set).filter(is_other).map(told).collect()
    }
}
