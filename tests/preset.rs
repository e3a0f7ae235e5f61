//! Pairs of variants: what each side changes in a manifest, and which release it runs on.

use ordinal::api::release::{Release, V1_36, V1_37, V1_38};
use ordinal::playground::fields::with_fields;

/// A pair worth comparing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// An update held back by a partition, and one that goes through.
    Partition,
    /// Ordered and parallel pod management.
    Policy,
    /// The previous and the newest release, which differ in how many pods an update may take down.
    Release,
    /// The newest release and the coming one, which differ in which pods that is counted of.
    Next,
    /// The manifest, and an edited version of it.
    Edit,
    /// The manifest on the run's own release, and on this one.
    On(&'static Release),
}

/// One side of a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The release, unless it is the run's own.
    pub release: Option<&'static Release>,
    /// Fields to set in every StatefulSet.
    fields: &'static [(&'static str, &'static str)],
}

const PARTITION: &str = "spec.updateStrategy.rollingUpdate.partition";
const MAX_UNAVAILABLE: &str = "spec.updateStrategy.rollingUpdate.maxUnavailable";
const TYPE: &str = "spec.updateStrategy.type";
const POLICY: &str = "spec.podManagementPolicy";

impl Preset {
    /// All pairs but those of releases, in the order in which they are offered.
    pub const ALL: [Preset; 5] = [Preset::Partition, Preset::Policy, Preset::Release, Preset::Next, Preset::Edit];

    /// The two sides; the first is shown, the second beside it.
    pub fn sides(self) -> [Side; 2] {
        let fields = |fields| Side { release: None, fields };
        let two_down: &[_] = &[(TYPE, "RollingUpdate"), (PARTITION, "0"), (MAX_UNAVAILABLE, "2")];
        let of_range: &[_] = &[(TYPE, "RollingUpdate"), (PARTITION, "1"), (MAX_UNAVAILABLE, "67%")];
        match self {
            Preset::Partition => {
                [fields(&[(TYPE, "RollingUpdate"), (PARTITION, "2")]), fields(&[(TYPE, "RollingUpdate"), (PARTITION, "0")])]
            }
            Preset::Policy => [fields(&[(POLICY, "OrderedReady")]), fields(&[(POLICY, "Parallel")])],
            Preset::Release => [&V1_37, &V1_36].map(|release| Side { release: Some(release), fields: two_down }),
            Preset::Next => [&V1_37, &V1_38].map(|release| Side { release: Some(release), fields: of_range }),
            Preset::Edit => [fields(&[]), fields(&[])],
            Preset::On(release) => [None, Some(release)].map(|release| Side { release, fields: &[] }),
        }
    }
}

impl Side {
    /// This side's version of a manifest.
    pub fn of(&self, manifest: &str) -> String {
        with_fields(manifest, self.fields.iter().copied())
    }
}
