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
    ("has group or world access", Sign::Folder),
    ("has invalid permissions", Sign::Folder),
    ("permissions should be u=rwx", Sign::Folder),
    ("no replset config has been received", Sign::NotInitiated),
    ("does not have a valid replica set config", Sign::NotInitiated),
    ("notyetinitialized", Sign::NotInitiated),
    ("not master and slaveok=false", Sign::NotInitiated),
    ("permission denied", Sign::Permission),
    ("operation not permitted", Sign::Permission),
    ("accessdeniedexception", Sign::Permission),
    ("eacces", Sign::Permission),
    ("is not writable", Sign::Permission),
    ("inconsistent_cluster", Sign::MemberGone),
    ("thinks it's clustered with node", Sign::MemberGone),
    ("duplicate node name", Sign::MemberGone),
    ("already a member of", Sign::MemberGone),
    ("illegal instruction", Sign::NoProgram),
    ("x86-64-v2", Sign::NoProgram),
    ("avx support", Sign::NoProgram),
    ("address already in use", Sign::AddressInUse),
    ("eaddrinuse", Sign::AddressInUse),
    ("oomkilled", Sign::OutOfMemory),
    ("oom-kill", Sign::OutOfMemory),
    ("outofmemoryerror", Sign::OutOfMemory),
    ("cannot allocate memory", Sign::OutOfMemory),
    ("std::bad_alloc", Sign::OutOfMemory),
    ("bad address", Sign::NameNotFound),
    ("can't resolve", Sign::NameNotFound),
    ("could not look up", Sign::NameNotFound),
    ("lookup failed", Sign::NameNotFound),
    ("unknown host", Sign::NameNotFound),
    ("getaddrinfo", Sign::NameNotFound),
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
    ("wrongpass", Sign::Credentials),
    ("noauth authentication required", Sign::Credentials),
    ("password is not correct", Sign::Credentials),
    ("not authorized on", Sign::Credentials),
    ("certificate verify failed", Sign::Certificate),
    ("certificate signed by unknown authority", Sign::Certificate),
    ("pkix path building failed", Sign::Certificate),
    ("unknown variable", Sign::Setting),
    ("unknown option", Sign::Setting),
    ("unrecognized option", Sign::Setting),
    ("unrecognised option", Sign::Setting),
    ("unknown flag", Sign::Setting),
    ("flag provided but not defined", Sign::Setting),
    ("unknown argument", Sign::Setting),
    ("unrecognized argument", Sign::Setting),
    ("bad directive", Sign::Setting),
    ("unknown configuration", Sign::Setting),
    ("unknown setting", Sign::Setting),
    ("invalid configuration", Sign::Setting),
    ("configuration error", Sign::Setting),
    ("fatal config file error", Sign::Setting),
    ("configexception", Sign::Setting),
    ("missing required configuration", Sign::Setting),
    ("must be specified", Sign::Setting),
    ("must be set", Sign::Setting),
    ("is not set", Sign::Setting),
    ("is not specified", Sign::Setting),
    ("invalid value", Sign::Setting),
    ("invalid parameter", Sign::Setting),
    ("syntax error", Sign::Setting),
    ("could not parse", Sign::Setting),
    ("failed to parse", Sign::Setting),
    ("cannot unmarshal", Sign::Setting),
    ("no such file or directory", Sign::FileMissing),
    ("filenotfoundexception", Sign::FileMissing),
    ("nosuchfileexception", Sign::FileMissing),
    ("enoent", Sign::FileMissing),
    ("command not found", Sign::FileMissing),
    ("can't open", Sign::FileMissing),
    ("connection refused", Sign::ConnectionRefused),
    ("econnrefused", Sign::ConnectionRefused),
];

/// Signs that another line of the same log is more telling than.
const WEAK: [Sign; 2] = [Sign::Complains, Sign::ConnectionRefused];
/// Words by which programs complain, in small letters; each stands at the beginning of a word.
const COMPLAINS: [&str; 26] = [
    "invalid user",
    "no such file",
    "fatal",
    "panic:",
    "error",
    "exception",
    "severe",
    "critical",
    "cannot",
    "can't",
    "could not",
    "couldn't",
    "unable to",
    "failed",
    "failure",
    "aborting",
    "aborted",
    "refusing to",
    "not supported",
    "corrupt",
    "timed out",
    "timeout",
    "killed",
    "boot failed",
    "crash",
    "terminating due to",
];
/// Levels of lines that complain of nothing.
const CALM: [&str; 10] = ["\"s\":\"i\"", "\"s\":\"d", " info", "[info", "\"info\"", "level=info", " debug", "[debug", " trace", " notice"];
/// Words behind which a complaint is none.
const NONE: [&str; 7] = ["0 errors", "no error", "errors: 0", "without error", "error_log", "errorlog", "onerror"];

/// Whether a line of a log complains of something, in words that need not be known.
pub fn complains(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    let begins =
        |word: &&str| line.match_indices(*word).any(|(at, _)| !line[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_'));
    // A class of an exception ends so: `java.lang.IllegalStateException: …`.
    let is_exception = line.contains("exception: ") || line.contains("error: ");
    // A frame of a stack is no complaint of its own.
    let is_frame = line.trim_start().starts_with("at ") || line.trim_start().starts_with("...");
    let is_json = line.trim_start().starts_with('{');
    let is_quiet = CALM.iter().any(|level| line.contains(level)) && (is_json || !line.contains("error") && !line.contains("fatal"));
    !is_frame
        && !is_quiet
        && !line.contains("#failure=")
        && !NONE.iter().any(|none| line.contains(none))
        && (is_exception || COMPLAINS.iter().any(|word| begins(&word)))
}

/// Words of what follows from an error, and is none.
const AFTERWARDS: [&str; 6] = ["shutdown", "shutting down", "shut down", "exiting", "stopping", "error in process"];

/// Whether a line that complains says what followed, rather than why.
pub fn is_consequence(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    AFTERWARDS.iter().any(|word| line.contains(word))
}

/// Words of a program that says why it ends.
const ENDS: [&str; 9] =
    ["fatal", "critical", "panic", "refus", "unable to initialize", "unable to start", "cannot start", "aborting", "caused by"];

/// Whether a line that complains says why its program ends.
pub fn ends(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    ENDS.iter().any(|word| line.contains(word))
}

/// Words that stand in lines of logs, in capitals, and hardly in sentences.
const LEVELS: [&str; 13] = [
    "ERROR",
    "FATAL",
    "WARN",
    "SEVERE",
    "CRITICAL",
    "PANIC",
    "[error]",
    "[fatal]",
    "[crit",
    "level=",
    "Exception:",
    "Error:",
    "Caused by:",
];
/// Answers of an API, which are no log.
const REPLIES: [&str; 3] = ["\"apiVersion\"", "\"kind\"", "HTTP/1"];

/// Whether a line alone looks like one of a log: it begins with a time or the name of its program, or has a level.
pub fn is_line(line: &str) -> bool {
    let line = line.trim();
    if line.starts_with("- ") || line.starts_with("* ") || REPLIES.iter().any(|reply| line.contains(reply)) {
        return false;
    }
    let begin: String = line.chars().take(30).collect();
    let has_time = begin.chars().filter(char::is_ascii_digit).count() >= 4 && begin.contains([':', '-', '/']);
    let first = line.split_whitespace().next().unwrap_or_default();
    // `mkdir: cannot create …`
    let is_named =
        first.strip_suffix(':').is_some_and(|name| name.len() > 1 && name.chars().all(|c| c.is_ascii_lowercase() || "-_/.".contains(c)));
    has_time && !line.starts_with(char::is_alphabetic) || is_named || LEVELS.iter().any(|level| line.contains(level))
}

/// Whether a line of the log that says one thing tells less than one that says another.
pub fn is_weaker(one: Sign, than: Sign) -> bool {
    let rank = |sign: Sign| WEAK.iter().position(|weak| *weak == sign).unwrap_or(WEAK.len());
    rank(one) < rank(than)
}

/// What a line of a log says; `None` if none of the words is known.
pub fn sign(line: &str) -> Option<Sign> {
    let line = line.to_ascii_lowercase();
    if asked_as_typed(&line).is_some_and(|name| hosts(name).next().is_some()) {
        return Some(Sign::NameShort);
    }
    SIGNS.iter().find(|(words, _)| line.contains(words)).map(|(_, sign)| *sign)
}

/// The name that an `nslookup` did not find, if it has a dot and lacks the end of the cluster's names. The line is in small letters:
/// `** server can't find web-0.web: nxdomain`.
pub(crate) fn asked_as_typed(line: &str) -> Option<&str> {
    let (name, _) = line.split_once("server can't find ")?.1.split_once(": nxdomain")?;
    Some(name).filter(|name| name.contains('.') && !name.contains(".svc."))
}

/// The pods of sets that a line names by their host names: `web-1` of `lookup web-1.web.shop.svc.cluster.local`.
pub fn hosts(line: &str) -> impl Iterator<Item = &str> {
    let is_of_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    let hosts = line.split(move |c| !is_of_name(c)).filter_map(|word| word.split_once('.'));
    hosts.map(|(pod, _)| pod).filter(|pod| parent_and_ordinal(pod).is_some())
}
