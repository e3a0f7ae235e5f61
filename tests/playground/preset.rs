//! Pairs of variants set their fields where they stand, or where they would.

use crate::preset::Preset;

#[test]
fn a_field_is_set_where_it_stands_or_where_it_would() {
    let set = |spec: &str| format!("# mine\nkind: Service\n---\nkind: StatefulSet\nspec:{spec}");
    for (before, after) in [
        ("\n  podManagementPolicy: OrderedReady # why\n", "\n  podManagementPolicy: Parallel # why\n"),
        ("\n  podManagementPolicy: \"OrderedReady\"\n", "\n  podManagementPolicy: Parallel\n"),
        ("\n  replicas: 3\n", "\n  podManagementPolicy: Parallel\n  replicas: 3\n"),
        (" {replicas: 3}\n", " {podManagementPolicy: Parallel, replicas: 3}\n"),
        (" {}\n", " {podManagementPolicy: Parallel, }\n"),
        ("\n", "\n"),
        (": [\n", ": [\n"),
    ] {
        assert_eq!(Preset::Policy.sides()[1].of(&set(before)), set(after), "{before}");
    }
    for (before, after) in [
        (
            "\n  updateStrategy:\n    type: OnDelete\n",
            "\n  updateStrategy:\n    rollingUpdate:\n      partition: 2\n    type: RollingUpdate\n",
        ),
        ("\n  updateStrategy: {type: RollingUpdate}\n", "\n  updateStrategy: {rollingUpdate: {partition: 2}, type: RollingUpdate}\n"),
        (
            "\n  updateStrategy:\n    rollingUpdate: {partition: 0}\n",
            "\n  updateStrategy:\n    type: RollingUpdate\n    rollingUpdate: {partition: 2}\n",
        ),
    ] {
        assert_eq!(Preset::Partition.sides()[0].of(&set(before)), set(after), "{before}");
    }
}

#[test]
fn what_is_no_set_stays_as_it_is() {
    for text in ["", "kind: Deployment\nspec: {replicas: 1}\n", "\t{[", "kind: [StatefulSet]\n"] {
        for side in Preset::ALL.into_iter().flat_map(Preset::sides) {
            assert_eq!(side.of(text), text);
        }
    }
    assert_eq!(Preset::Policy.sides()[1].of("kind: StatefulSet\n"), "spec:\n  podManagementPolicy: Parallel\nkind: StatefulSet\n");
}
