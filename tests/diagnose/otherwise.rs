//! Assumptions of which the opposite is supposed.

use ordinal::base::slices::{Slices, whole};
use ordinal::intake::verdict::report_of;
use ordinal::intake::world::Assumed;
use ordinal::intake::{Dump, Report, World};

use super::{CLUSTER, GIVEN, cases};

fn reported(text: &str, otherwise: Option<&Assumed>) -> Report {
    let mut dump = Dump::read([text]);
    dump.otherwise.extend(otherwise.map(Assumed::id));
    whole(report_of(dump, Slices::WHOLE))
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
            let found = |report: &Report| report.verdicts.iter().map(|verdict| (verdict.cause, verdict.ends_in)).collect::<Vec<_>>();
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
