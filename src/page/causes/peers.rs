//! A pod whose readiness asks for the names of its set's pods: DNS has them only for pods that are Ready, this one among them.

use crate::Instant;
use crate::origins::set_of;
use api::client::PatchType;
use api::kind::Kind;
use api::object::stateful_set::PodManagementPolicy;
use api::object::{Pod, Service, StatefulSet};
use base::value::Value;
use why::Reason;

/// A probe that asks for names which the set's Service publishes only of pods that are Ready.
pub struct Peers<'a> {
    set: &'a StatefulSet,
    service: &'a Service,
}

/// The names that a pod's failing probe asks for, where they are those of its set.
pub fn of<'a>(shot: &Instant<'a>, pod: &Pod, because: &Reason) -> Option<Peers<'a>> {
    let Reason::ProbeFails { container, probe, said } = because else { return None };
    let set = set_of(shot, pod)?;
    let service = shot.tables.service(&set.meta.namespace, &set.spec.service_name).filter(|service| !service.spec.publish_not_ready)?;
    let containers = pod.spec.template.raw.list_at(&["containers"]).iter();
    let asks = containers.filter(|one| one.text_at(&["name"]) == Some(container)).find_map(|one| one.get(probe.field()));
    let (name, asks) = (&*set.spec.service_name, asks.map_or(String::new(), Value::to_json));
    // `db-1.db`, `$HOSTNAME.db.default.svc`, and what a program said of `db`.
    let words =
        |text: &str| text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '.').map(str::to_owned).collect::<Vec<_>>();
    let below = |word: &String| word.split('.').skip(1).any(|part| part == name);
    let is_asked = words(&asks).iter().any(below) || words(said).iter().any(|word| below(word) || word == name);
    is_asked.then_some(Peers { set, service })
}

impl Peers<'_> {
    /// Whether pods that it may ask for do not exist before this one is Ready.
    fn wait_for_it(&self, shot: &Instant) -> bool {
        let there = |ordinal| shot.tables.pod(&self.set.meta.namespace, &self.set.pod_name(ordinal)).is_some();
        self.set.spec.policy == PodManagementPolicy::OrderedReady && !self.set.ordinals().all(there)
    }

    /// Why the probe cannot pass.
    pub fn told(&self, shot: &Instant) -> String {
        let ask = &shot.text().ask;
        let names = ask.names_of_ready(&self.service.meta.name);
        if self.wait_for_it(shot) { format!("{names} {}", ask.others_wait()) } else { names }
    }

    /// Publishes the names of all pods; where the others do not exist, has them all made at once. Which of the two a set does cannot be
    /// changed: it is made anew around its pods.
    pub(crate) fn way(&self, shot: &Instant) -> (&'static str, Vec<String>) {
        let (ask, rest) = (&shot.text().ask, shot.naming(&self.set.meta.namespace));
        let patch = r#"{"spec":{"publishNotReadyAddresses":true}}"#;
        let publish = rest.patch(Kind::Service, &self.service.meta.name, PatchType::Merge, patch);
        if !self.wait_for_it(shot) {
            return (ask.publish_all(), vec![publish]);
        }
        let name = &self.set.meta.name;
        let policy = "s/podManagementPolicy: .*/podManagementPolicy: Parallel/";
        let get = rest.kubectl(format_args!("get {} {name} -o yaml", rest.kind(Kind::StatefulSet)));
        let edit = format!("{get} | sed -e '{policy}' -e '/ resourceVersion:/d' -e '/ uid:/d' > {name}.yaml");
        let delete = rest.delete(Kind::StatefulSet, &format!("{name} --cascade=orphan"));
        (ask.publish_in_parallel(), vec![publish, edit, delete, rest.kubectl(format_args!("apply -f {name}.yaml"))])
    }
}
