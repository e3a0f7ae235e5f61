//! The rules one by one, by examples.

mod cron;
mod diff;
mod each;
mod internal;
mod pull_policy;
