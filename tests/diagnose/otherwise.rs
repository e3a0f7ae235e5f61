//! Assumptions of which the opposite is supposed.

use ordinal::api::release::Release;
use ordinal::base::slices::Slices;
use ordinal::intake::verdict::diagnosis;
use ordinal::intake::world::Assumed;
use ordinal::intake::{Dump, Report, World};

use super::{CLUSTER, GIVEN, cases};

fn reported(text: &str, otherwise: Option<&Assumed>) -> Report {
    let otherwise = otherwise.map(Assumed::id).into_iter().collect();
    diagnosis(text.to_owned(), otherwise, Slices::WHOLE).slice().expect("all in one slice")
}

/// Whether a stuck cluster gets on where something is otherwise than what holds it up.
fn decides(one: &Assumed) -> bool {
    use Assumed::*;
    matches!(
        one,
        ProvisionerAbsent { .. }
            | ImageNotPulled { .. }
            | ImageLeaks { .. }
            | ImageCrashes { .. }
            | ImageRefuses { .. }
            | ImageUnready { .. }
    )
}

#[test]
fn what_is_supposed_otherwise_changes_what_is_found() {
    let (mut changed, mut kept) = (0, Vec::new());
    for case in cases(GIVEN) {
        let text = case.file(CLUSTER);
        let before = reported(&text, None);
        for one in before.assumed.iter().filter(|one| one.can_be_otherwise()) {
            let after = reported(&text, Some(one));
            assert!(after.supposes_otherwise(one) && after.assumed.contains(one), "{}: {one:?} stays on the list", case.name);
            let found =
                |report: &Report| report.verdicts.iter().map(|verdict| (verdict.family().word(), verdict.ends_in)).collect::<Vec<_>>();
            if found(&before) != found(&after) {
                changed += 1;
            } else if decides(one) {
                kept.push(format!("{}: {one:?}", case.name));
            }
        }
    }
    println!("{changed} verdicts are others where an assumption is");
    assert!(changed > 10);
    assert!(kept.is_empty(), "{}", kept.join("\n"));
}

#[test]
fn what_is_supposed_otherwise_travels_with_the_cluster() {
    for case in cases(GIVEN) {
        let mut dump = Dump::read([&*case.file(CLUSTER)]);
        let assumed = World::of(dump.clone()).assumed;
        dump.otherwise.extend(assumed.iter().filter(|one| one.can_be_otherwise()).map(Assumed::id));
        let again = Dump::read([&*dump.text()]);
        assert_eq!(again.otherwise, dump.otherwise);
        assert!(World::of(again).sim.digest() == World::of(dump).sim.digest(), "{}", case.name);
    }
}

#[test]
fn the_release_is_the_servers_or_the_nearest_one() {
    let case = cases(GIVEN).into_iter().next().expect("a case").file(CLUSTER);
    let made = |version: &str| {
        let dump = Dump::read([&*format!("Client Version: v1.30.1\nServer Version: {version}\n"), &*case]);
        assert!(World::of(Dump::read([&*dump.text()])).sim.release().name == World::of(dump.clone()).sim.release().name);
        World::of(dump)
    };
    let oldest = Release::ALL.last().map_or("", |release| release.name);
    for (version, release, is_other) in [
        ("v1.36.2", "1.36", false),
        ("v1.37.0-rc.1", "1.37", false),
        ("v1.34.1", "1.34", false),
        ("v1.33.5", "1.34", true),
        ("version.Info{Major:\"1\", Minor:\"24\", GitVersion:\"v1.24.3\"}", oldest, true),
        ("v1.38.0-beta.0", "1.38", false),
        ("v1.40.0", "1.38", true),
    ] {
        let world = made(version);
        let told = world.assumed.iter().any(|one| matches!(one, Assumed::NearestRelease { .. }));
        assert_eq!((world.sim.release().name.trim_start_matches("Kubernetes "), told), (release, is_other), "{version}");
        assert!(!world.assumed.iter().any(|one| matches!(one, Assumed::AnyRelease { .. } | Assumed::OldRelease { .. })));
    }
}
