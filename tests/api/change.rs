//! Each change of Kubernetes has the release it came with.

use ordinal::api::change::Change;

#[test]
fn every_change_has_the_release_it_came_with() {
    for (change, since) in [
        (Change::DeletedFrom, "1.34"),
        (Change::ForceWarning, "1.23"),
        (Change::ImmutableFields, "1.37"),
        (Change::MaxUnavailable, "1.37"),
        (Change::AttributesClass, "1.29"),
        (Change::EndpointsWarning, "1.33"),
        (Change::Description, "1.37"),
        (Change::TemplateTimestamp, "1.34"),
        (Change::UndoWarning, "1.36"),
        (Change::SchedulingWords, "1.34"),
        (Change::NodeLost, "1.13"),
        (Change::FinishedPhase, "1.27"),
        (Change::KernelArchitecture, "1.36"),
    ] {
        assert!(change.since() == since && change.is_form(), "{change:?}");
    }
    assert_eq!(Change::removed_version("apps/v1beta1").map(Change::since), Some("1.16"));
    assert_eq!(Change::removed_version("apps/v1"), None);
}
