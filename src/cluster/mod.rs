//! The cluster around the controllers: who places pods, runs them, makes their volumes.

pub mod scheduler;
