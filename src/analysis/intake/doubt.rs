//! What a verdict cannot be sure of.

use super::report::Verdict;
use super::world::World;
use super::{ask, heard};
use api::kind::Kind;
use causes::blame::Sure;
use why::Cause;

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
