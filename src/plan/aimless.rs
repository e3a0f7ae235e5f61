//! Autoscalers that scale nothing, as no object has the group, kind and name that they aim at.

use api::client::PatchType;
use api::kind::Kind;
use api::object::{Object, Plain};
use intake::told::short;
use server::scale_target::Target;
use text::plan::Says;

use crate::ends::Ends;
use crate::scalers::Scaler;
use crate::ways::naming;

impl Ends<'_> {
    /// Autoscalers that are new or aim elsewhere, and mean a set that they do not find.
    pub(crate) fn aimless(&self) -> Vec<Says> {
        let was = |scaler: &Object| self.before.tables().get(&scaler.key()).and_then(Object::as_plain);
        let aims = |scaler: &Plain| scaler.raw.at(&["spec", "scaleTargetRef"]).cloned();
        let all = self.after.tables().all(Kind::HorizontalPodAutoscaler);
        let new = all.filter_map(|object| Some((object, object.as_plain()?)));
        let new = new.filter(|(object, scaler)| was(object).is_none_or(|was| aims(was) != aims(scaler)));
        new.filter_map(|(object, scaler)| self.aims_at_nothing(object, scaler)).collect()
    }

    /// The words by which a set is not found, and the line that has the autoscaler find the one of that name.
    fn aims_at_nothing(&self, object: &Object, scaler: &Plain) -> Option<Says> {
        let (target, tables, space) = (Target::of(scaler), self.after.tables(), &scaler.meta.namespace);
        let missing = target.find(tables, space).err()?;
        let set = tables.stateful_set(space, target.name);
        if set.is_none() && target.kind != Kind::StatefulSet.info().name {
            return None;
        }
        let bounds = Scaler::of(object);
        let line = set.map_or(String::new(), |set| {
            let (version, kind) = (Kind::StatefulSet.api_version(), Kind::StatefulSet.info().name);
            let patch = format!(r#"{{"spec":{{"scaleTargetRef":{{"apiVersion":"{version}","kind":"{kind}"}}}}}}"#);
            naming(self.world, &set.key()).patch(Kind::HorizontalPodAutoscaler, &scaler.meta.name, PatchType::Merge, &patch)
        });
        let replicas = set.map_or(0, |set| set.spec.replicas);
        let goes = bounds.bounded(replicas);
        Some(Says::AimsAtNothing {
            scaler: short(&object.key()),
            set: target.name.into(),
            missing,
            replicas,
            goes: if goes == replicas { 0 } else { goes },
            line,
        })
    }
}
