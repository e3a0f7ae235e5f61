//! The rules one by one, by examples.

mod diff;
mod each;
mod internal;
mod pull_policy;
