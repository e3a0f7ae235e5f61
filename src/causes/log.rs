//! What stateful applications say in their logs when they do not come up: the one place that knows these words.
//!
//! A sign is no cause: what a line means for the set is told beside the verdict, with the line.

use api::object::parent_and_ordinal;
use text::diagnose::Sign;

/// Words of a line in small letters, and what they say; the more telling first.
static SIGNS: &[(&str, Sign)] = &[
    ("does not yet match updaterevision", Sign::HelmWaits),
    ("safe to bootstrap", Sign::NotSafeToBootstrap),
    ("safe_to_bootstrap", Sign::NotSafeToBootstrap),
    ("resolving illegal update", Sign::OperatorRecreates),
    ("already been bootstrapped", Sign::MemberGone),
    ("has been permanently removed from the cluster", Sign::MemberGone),
    ("inconsistentclusterid", Sign::OtherCluster),
    ("doesn't match stored clusterid", Sign::OtherCluster),
    ("cluster id mismatch", Sign::OtherCluster),
    ("belongs to a different cluster", Sign::OtherCluster),
    ("vault is sealed", Sign::Sealed),
    ("sealed             true", Sign::Sealed),
    ("security barrier not initialized", Sign::Sealed),
    ("problem in the ring", Sign::RingBad),
    ("unhealthy instances in the ring", Sign::RingBad),
    ("no space left on device", Sign::NoSpace),
    ("enospc", Sign::NoSpace),
    ("disk quota exceeded", Sign::NoSpace),
    ("vm.max_map_count", Sign::KernelLimit),
    ("max file descriptors", Sign::KernelLimit),
    ("too many open files", Sign::KernelLimit),
    ("read-only file system", Sign::DiskFails),
    ("input/output error", Sign::DiskFails),
    ("structure needs cleaning", Sign::DiskFails),
    ("incompatible with server", Sign::OtherVersion),
    ("initialized by postgresql version", Sign::OtherVersion),
    ("downgrade is not supported", Sign::OtherVersion),
    ("invalid upgrade", Sign::OtherVersion),
    ("unsupported redo log format", Sign::OtherVersion),
    ("exists but is not empty", Sign::NotEmpty),
    ("data directory is not empty", Sign::NotEmpty),
    ("lost+found", Sign::NotEmpty),
    ("failed to obtain node lock", Sign::LockHeld),
    ("held by another process", Sign::LockHeld),
    ("held by process", Sign::LockHeld),
    ("lock file \"postmaster.pid\" already exists", Sign::LockHeld),
    ("unable to lock", Sign::LockHeld),
    ("resource temporarily unavailable", Sign::LockHeld),
    ("is already locked", Sign::LockHeld),
    ("permission denied", Sign::Permission),
    ("operation not permitted", Sign::Permission),
    ("accessdeniedexception", Sign::Permission),
    ("eacces", Sign::Permission),
    ("is not writable", Sign::Permission),
    ("address already in use", Sign::AddressInUse),
    ("eaddrinuse", Sign::AddressInUse),
    ("outofmemoryerror", Sign::OutOfMemory),
    ("cannot allocate memory", Sign::OutOfMemory),
    ("std::bad_alloc", Sign::OutOfMemory),
    ("bad address", Sign::NameNotFound),
    ("no such host", Sign::NameNotFound),
    ("nxdomain", Sign::NameNotFound),
    ("name or service not known", Sign::NameNotFound),
    ("name does not resolve", Sign::NameNotFound),
    ("temporary failure in name resolution", Sign::NameNotFound),
    ("unknownhostexception", Sign::NameNotFound),
    ("enotfound", Sign::NameNotFound),
    ("nodename nor servname", Sign::NameNotFound),
    ("could not translate host name", Sign::NameNotFound),
    ("could not resolve", Sign::NameNotFound),
    ("cannot resolve", Sign::NameNotFound),
    ("failed to resolve", Sign::NameNotFound),
    ("master not discovered", Sign::NoQuorum),
    ("no elected leader", Sign::NoQuorum),
    ("no cluster leader", Sign::NoQuorum),
    ("no leader", Sign::NoQuorum),
    ("waiting for quorum", Sign::NoQuorum),
    ("meta leader", Sign::NoQuorum),
    ("lost quorum", Sign::NoQuorum),
    ("not enough active nodes", Sign::NoQuorum),
    ("authentication failed", Sign::Credentials),
    ("access denied for user", Sign::Credentials),
    ("certificate has expired", Sign::Certificate),
    ("x509:", Sign::Certificate),
    ("exec format error", Sign::NoProgram),
    ("connection refused", Sign::ConnectionRefused),
    ("econnrefused", Sign::ConnectionRefused),
];

/// What a line of a log says; `None` if none of the words is known.
pub fn sign(line: &str) -> Option<Sign> {
    let line = line.to_ascii_lowercase();
    SIGNS.iter().find(|(words, _)| line.contains(words)).map(|(_, sign)| *sign)
}

/// The pods of sets that a line names by their host names: `web-1` of `lookup web-1.web.shop.svc.cluster.local`.
pub fn hosts(line: &str) -> impl Iterator<Item = &str> {
    let is_of_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    let hosts = line.split(move |c| !is_of_name(c)).filter_map(|word| word.split_once('.'));
    hosts.map(|(pod, _)| pod).filter(|pod| parent_and_ordinal(pod).is_some())
}
