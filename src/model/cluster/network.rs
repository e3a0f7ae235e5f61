//! Pod and Service addresses.

use base::sorted::SortedSet;

use api::object::pod::Ip;

/// The pod addresses of one node: `10.244.<subnet>.2` and up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodAddresses {
    subnet: u8,
    next: u8,
    taken: SortedSet<u8>,
}

/// The first pod address; `.1` is the node's own in the pod network.
const FIRST: u8 = 2;
/// The last pod address.
const LAST: u8 = 254;

impl PodAddresses {
    /// A subnet with all its addresses free.
    pub fn new(subnet: u8) -> Self {
        PodAddresses { subnet, next: FIRST, taken: SortedSet::new() }
    }

    /// Allocates the next free address after the last one allocated; `None` if all are taken.
    pub fn take(&mut self) -> Option<Ip> {
        let last = (FIRST..=LAST)
            .cycle()
            .skip(usize::from(self.next - FIRST))
            .take(usize::from(LAST - FIRST) + 1)
            .find(|n| !self.taken.contains(n))?;
        self.taken.insert(last);
        self.next = if last == LAST { FIRST } else { last + 1 };
        Some(Ip([10, 244, self.subnet, last]))
    }

    /// Takes an address that a pod has already, if it is one of these.
    pub fn keep(&mut self, ip: Ip) {
        if ip.0[..3] == [10, 244, self.subnet] {
            self.taken.insert(ip.0[3]);
        }
    }

    /// Releases an address, if it is one of these.
    pub fn free(&mut self, ip: Ip) {
        if ip.0[..3] == [10, 244, self.subnet] {
            self.taken.remove(&ip.0[3]);
        }
    }
}
