//! What a verdict cannot be sure of.

use super::paste::complete::{MADE_UP, is_made_up};
use super::report::{Tried, Verdict};
use super::world::World;
use super::{ask, heard};
use api::kind::Kind;
use api::object::ObjectKey;
use base::fields::Fields;
use causes::blame::Sure;
use text::diagnose::Told;
use why::{Cause, Family};

/// What a verdict cannot be sure of, because something that decides was not pasted.
pub(super) fn doubt(world: &World, verdict: &mut Verdict) {
    let lacks = |kind: Kind| !world.pasted(kind);
    let claim = |reason: &str| world.dump.events.iter().any(|event| event.reason == reason && event.about.2 == *verdict.object.name);
    let is_doubtful = match verdict.cause {
        Cause::StorageClassNotFound => !world.shows(Kind::StorageClass) && !claim("ProvisioningFailed"),
        Cause::NoDefaultStorageClass => !world.shows(Kind::StorageClass) && !claim("FailedBinding"),
        // Of a class that was made up, the provisioner is made up, too.
        Cause::ProvisionerNotRunning => world.withholds([Kind::StorageClass]) && !world.shows(Kind::StorageClass),
        // So is the volume of a claim that was.
        Cause::PvcLost => world.withholds([Kind::PersistentVolumeClaim]),
        Cause::NoVolumeFits => !world.shows(Kind::PersistentVolume),
        _ => false,
    };
    if lacks(Kind::StatefulSet) && verdict.workload.kind == Kind::StatefulSet {
        verdict.sure = Sure::Likely;
        if verdict.cures.is_empty() {
            // A world in which nothing helps may lack what would.
            verdict.not_cures.clear();
        }
    }
    if is_doubtful {
        (verdict.sure, verdict.cause) = (Sure::Unknown, Cause::NotPasted);
        // They hang on what is not known.
        (verdict.cures, verdict.not_cures) = (Vec::new(), Vec::new());
    }
}

/// What a verdict on something that is known in part cannot be sure of. What was tried on what had to be made up is left out.
pub(super) fn of_part(world: &World, verdict: &mut Verdict) {
    // Of a set, words may have borne the world out.
    let follows = verdict.family() == Family::NotStuck || verdict.workload.kind != Kind::StatefulSet && !verdict.chain.is_empty();
    if follows && verdict.sure == Sure::Certain {
        verdict.sure = Sure::Likely;
        if let Some(said) = heard::of_object(world, &verdict.workload) {
            heard::confirm(verdict, &said);
        }
    }
    if world.dump.placeless {
        if verdict.object.kind == Kind::Namespace {
            verdict.object = ObjectKey::global(Kind::Namespace, &"".into());
        }
        // Whoever pasted the text was in the namespace that it does not name.
        let lines = verdict.cures.iter_mut().chain(&mut verdict.not_cures).flat_map(|tried| &mut tried.lines);
        lines.for_each(|line| *line = line.replace("kubectl -n default ", "kubectl ").replace("  namespace: default\n", ""));
    }
    let names = |line: &String| MADE_UP.iter().any(|words| line.contains(words)) || world.dump.placeless && line.contains(" ns default");
    let is_made_of = |tried: &Tried| tried.lines.iter().any(names);
    verdict.chain = std::mem::take(&mut verdict.chain)
        .into_iter()
        .filter_map(|(about, told)| Some((about.clone(), as_told(world, &about, told)?)))
        .collect();
    // Rows tell since when a thing is there, not since when it waits.
    verdict.since = None;
    if is_for_the_process_to_say(verdict.cause) {
        // Why the process is as it is was not pasted: nothing that was tried acts on the reason.
        (verdict.cures, verdict.not_cures) = (Vec::new(), Vec::new());
    }
    verdict.cures.retain(|tried| !is_made_of(tried));
    verdict.not_cures.retain(|tried| !is_made_of(tried));
    if verdict.cures.is_empty() {
        // A world in which nothing helps may lack what would.
        verdict.not_cures.clear();
    }
}

/// What rests on a kind that could not be read is likely at most, unless the cluster itself says so.
pub(super) fn of_withheld(world: &World, verdict: &mut Verdict) {
    if verdict.cures.is_empty() && !world.dump.withheld.is_empty() {
        // A world in which nothing helps may lack what would.
        verdict.not_cures.clear();
    }
    if verdict.sure != Sure::Certain || !world.withholds(ask::rests_on(verdict.cause)) {
        return;
    }
    let mut said = [&verdict.object, &verdict.workload].into_iter().filter_map(|key| heard::of_object(world, key));
    if !said.any(|said| said.family() == verdict.family() && said.sure == Sure::Certain) {
        verdict.sure = Sure::Likely;
    }
}

/// Whether a cause says no more of a process than that it does not serve.
pub(super) fn tells_of_process(cause: Cause) -> bool {
    matches!(cause, Cause::NeverReady | Cause::GateNeverReady | Cause::NotReady | Cause::Init | Cause::CrashLoop)
}

/// Whether the reason behind a cause is known to a process alone.
fn is_for_the_process_to_say(cause: Cause) -> bool {
    use Cause::*;
    matches!(cause, NeverReady | GateNeverReady | NotReady | WaitsForPeers | CrashLoop | LivenessProbe | OutOfMemory | Init)
}

/// Whatever comes of a pod's template is only likely where the pod may be of a revision that was taken back: then the rollout waits for it.
pub(super) fn of_template(world: &World, verdict: &mut Verdict) {
    let of_nodes = verdict.family() == Family::NoNodeFits;
    let is_its = of_nodes
        || verdict.family() == Family::ContainerFails
        || [Cause::ConfigMissing, Cause::MountConfigMissing].contains(&verdict.cause);
    if is_its && verdict.sure == Sure::Certain && verdict.object.kind == Kind::Pod && world.may_be_old(&verdict.object) {
        verdict.sure = Sure::Likely;
    }
}

/// A link of a chain without what was made up: in the words of the pasted cluster, or none.
fn as_told(world: &World, about: &ObjectKey, told: Told) -> Option<Told> {
    let kind = about.kind.info().name;
    let is_guessed = world.dump.guessed.contains(&(kind.to_owned(), about.namespace.to_string(), about.name.to_string()));
    let tells_code = told.fields.get("exit_code").is_some();
    if !(told.fields.any_text(&is_made_up) || is_guessed && tells_code) {
        return Some(told);
    }
    let refused = world.dump.about(about.kind, &about.namespace, &about.name).filter(|event| event.reason == "FailedCreate");
    let message = refused.last().filter(|_| told.fields.get("error").is_some()).map(|event| &event.message)?;
    let mut fields = Fields::default();
    fields.text("error", message.split_once(" failed error: ").map_or(&**message, |(_, error)| error));
    fields.extend(&told.fields);
    Some(Told { fields, ..told })
}
