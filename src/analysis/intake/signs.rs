//! Lines of logs and the verdicts that they belong to, for both doors.

use super::paste::found::Signed;
use api::object::parent_and_ordinal;
use causes::log;
use text::diagnose::Sign;

/// Signs of a process that does not reach another one.
const UNREACHED: [Sign; 3] = [Sign::NameNotFound, Sign::ConnectionRefused, Sign::Complains];

/// The place of the verdict that a line of a log belongs to: that on its pod, that on its set, or the first.
/// `verdicts` has the names of their objects and workloads.
pub(super) fn place<'a>(signed: &Signed, mut verdicts: impl Iterator<Item = (&'a str, &'a str)>) -> usize {
    let set = parent_and_ordinal(&signed.pod).map(|(set, _)| set);
    verdicts.position(|(object, workload)| object == signed.pod || set == Some(workload)).unwrap_or(0)
}

/// The later pod of a set that a line of an earlier pod's log does not reach. `None` where it is there.
pub(super) fn later_peer<'a>(signed: &'a Signed, set: &str, own: i64, is_there: impl Fn(&str) -> bool) -> Option<&'a str> {
    let is_later = |peer: &&str| parent_and_ordinal(peer).is_some_and(|(of, ordinal)| of == set && ordinal > own) && !is_there(peer);
    log::hosts(&signed.text).find(is_later).filter(|_| UNREACHED.contains(&signed.sign))
}
