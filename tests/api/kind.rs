//! How a kind is found, and what it is called.

use ordinal::api::kind::Kind;

#[test]
fn a_kind_is_found_by_its_api_version_alone_in_its_group() {
    assert_eq!(Kind::of("apps/v1", "StatefulSet"), Some(Kind::StatefulSet));
    assert_eq!(Kind::of("v1", "StatefulSet"), None);
    assert_eq!(Kind::StatefulSet.resource(), "statefulsets.apps");
    assert_eq!(Kind::Pod.group_kind(), "Pod");
}
