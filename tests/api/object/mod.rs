//! Objects as the model holds them.

mod int_or_percent;
mod meta;
mod resources;
mod stateful_set;
mod workload;
