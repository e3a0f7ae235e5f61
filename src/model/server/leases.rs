//! How long Events are kept: the store attaches each write of one to a lease, and what was attached goes when that ends.
//!
//! Models kube-apiserver's `--event-ttl` and k8s.io/apiserver/pkg/storage/etcd3/lease_manager.go.
//! Not modelled: etcd removes all of a lease in one revision.

use api::object::ObjectKey;
use base::sorted::SortedMap;
use base::time::{Span, Time};

/// How long an Event is kept after it was last written.
const KEPT: Span = Span::seconds(3600);
/// How long a lease is attached to; it lasts so much longer.
const REUSED: Span = Span::seconds(60);
/// To how many writes at most.
const MAX_ATTACHED: u32 = 1000;

/// The leases, and what is attached to them.
#[derive(Clone, Debug, Default)]
pub struct Leases {
    /// When the newest one ends.
    newest: Time,
    attached: u32,
    /// What is attached, by the lease's end and the revision of the write.
    held: SortedMap<(Time, u64), ObjectKey>,
}

impl Leases {
    /// Attaches a write.
    pub fn attach(&mut self, key: &ObjectKey, revision: u64, now: Time) {
        self.attached += 1;
        if now + KEPT >= self.newest || self.attached > MAX_ATTACHED {
            (self.newest, self.attached) = (now + KEPT + REUSED, 1);
        }
        self.held.insert((self.newest, revision), key.clone());
    }

    /// Takes a write whose lease has ended by an instant: when it ended, the write's revision, and of what it was.
    pub fn ended(&mut self, by: Time) -> Option<(Time, u64, ObjectKey)> {
        self.held.first_key_value().filter(|((end, _), _)| *end <= by)?;
        self.held.pop_first().map(|((end, revision), key)| (end, revision, key))
    }
}
