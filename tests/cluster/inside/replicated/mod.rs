//! Replicated applications.

mod log;
