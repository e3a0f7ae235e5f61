//! The exit codes.

/// Exit code: nothing is bad.
pub const FINE: u8 = 0;
/// Exit code: a lesson, a plan or a risk is not good.
pub const NOT_GOOD: u8 = 1;
/// Exit code: the command line or a file cannot be read.
pub const NOT_READ: u8 = 2;
