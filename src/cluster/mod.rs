//! The cluster around the controllers: who places pods, runs them, makes their volumes, and answers for their names.

pub mod dns;
pub mod scheduler;
