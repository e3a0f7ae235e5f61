//! The API server and its store.
//!
//! Promises: every write gets a higher revision than the one before and stands in the log; a refused request changes nothing.
//! Must not know: controllers, machines, the queue of events, the browser.

pub mod allocate;
pub mod log;
pub mod tables;
