//! Why the tools differ about a set.

use crate::fields::{count, partition, replicas, strategy};
use crate::said::{Said, Verdict};
use crate::tool::Tool;
use base::value::Value;

/// What of a set they read differently, or that all overlook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Differ {
    /// All say the same.
    Not,
    /// All are satisfied, and none looks at `availableReplicas`.
    Available,
    /// No controller has written a status: a manifest, or a set that was just made.
    Unseen,
    /// The set is being deleted.
    Deleted,
    OnDelete,
    Recreate,
    /// A pod crashes, and only who reads pods sees that.
    Crash,
    /// There are more pods than wanted.
    Surplus,
    /// Some pods are to stay old.
    Partition,
    /// The set says no number of replicas.
    Replicas,
    /// Each compares other numbers.
    Numbers,
}

impl Differ {
    /// Its word, by which a sentence is chosen.
    pub fn word(self) -> &'static str {
        match self {
            Differ::Not => "not",
            Differ::Available => "available",
            Differ::Unseen => "unseen",
            Differ::Deleted => "deleted",
            Differ::OnDelete => "onDelete",
            Differ::Recreate => "recreate",
            Differ::Crash => "crash",
            Differ::Surplus => "surplus",
            Differ::Partition => "partition",
            Differ::Replicas => "replicas",
            Differ::Numbers => "numbers",
        }
    }

    /// Why the tools say what they say of a set.
    pub fn of(set: &Value, says: &[(Tool, Said)]) -> Differ {
        let is_deleted = set.at(&["metadata", "deletionTimestamp"]).is_some_and(|time| !time.is_null());
        let wanted = replicas(set).unwrap_or(1);
        let says_any = |verdict: Verdict| says.iter().any(|(_, said)| said.verdict == verdict);
        if count(set, "observedGeneration") == 0 {
            return Differ::Unseen;
        }
        if says.windows(2).all(|two| two[0].1.verdict == two[1].1.verdict) {
            let is_short = says_any(Verdict::Ready) && count(set, "availableReplicas") < wanted;
            return if is_short { Differ::Available } else { Differ::Not };
        }
        match strategy(set) {
            _ if is_deleted => Differ::Deleted,
            "OnDelete" => Differ::OnDelete,
            "Recreate" => Differ::Recreate,
            _ if says_any(Verdict::Failed) => Differ::Crash,
            _ if count(set, "replicas").max(count(set, "readyReplicas")) > wanted => Differ::Surplus,
            _ if replicas(set).is_none() => Differ::Replicas,
            _ if partition(set).is_some_and(|partition| partition > 0) => Differ::Partition,
            _ => Differ::Numbers,
        }
    }
}
