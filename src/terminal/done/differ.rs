//! Why the tools differ about a set.

use crate::fields::{count, partition, replicas, strategy};
use crate::judge::Judge;
use crate::said::{Said, Verdict};
use base::value::Value;

base::named! {
    /// What of a set they read differently, or that all overlook; the word chooses a sentence.
    Differ {
        /// All say the same.
        Not "not",
        /// All are satisfied, and none looks at `availableReplicas`.
        Available "available",
        /// No controller has written a status: a manifest, or a set that was just made.
        Unseen "unseen",
        /// The set is being deleted.
        Deleted "deleted",
        OnDelete "onDelete",
        Recreate "recreate",
        /// A pod crashes, and only who reads pods sees that.
        Crash "crash",
        /// There are more pods than wanted.
        Surplus "surplus",
        /// Some pods are to stay old.
        Partition "partition",
        /// The set says no number of replicas.
        Replicas "replicas",
        /// Each compares other numbers.
        Numbers "numbers",
    }
}

impl Differ {
    /// Why the tools say what they say of a set.
    pub fn of(set: &Value, says: &[(Judge, Said)]) -> Differ {
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
