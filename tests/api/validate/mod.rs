//! What validation finds wrong, by examples.

mod allocation;
mod cron;
mod diff;
mod internal;
mod names;
