//! Each change of Kubernetes has the release it came with.

use ordinal::api::change::Change;

#[test]
fn every_change_has_the_release_it_came_with() {
    for change in [
        Change::DeletedFrom,
        Change::ForceWarning,
        Change::ImmutableFields,
        Change::MaxUnavailable,
        Change::AttributesClass,
        Change::EndpointsWarning,
        Change::Description,
        Change::TemplateTimestamp,
        Change::UndoWarning,
        Change::SchedulingWords,
        Change::NodeLost,
        Change::FinishedPhase,
        Change::KernelArchitecture,
    ] {
        assert!(change.since().starts_with("1.") && change.is_form(), "{change:?}");
    }
    assert_eq!(Change::removed_version("apps/v1beta1").map(Change::since), Some("1.16"));
    assert_eq!(Change::removed_version("apps/v1"), None);
}
