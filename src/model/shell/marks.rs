//! What a shell keeps beside its variables, under names that no script can give.

/// The options of `set -e`, `set -u` and `set -o pipefail`, which go where variables go: into subshells, and no further.
pub(super) const ENDS_AT_FAILURE: &str = "set -e";
pub(super) const ENDS_AT_UNSET: &str = "set -u";
pub(super) const PIPE_FAILS: &str = "set -o pipefail";
/// What `IFS` is for the `read` that runs.
pub(super) const READ_IFS: &str = "IFS of read";
/// Whether the script is a word of the command that runs it: `sh -c 'text'`.
pub(super) const BY_TEXT: &str = "sh -c";
