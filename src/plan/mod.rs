//! What a change will do: it is tried on a copy of the world, and what the copy does is told before anybody does it.
//!
//! Promises: plain data; the same world and the same change give the same plan; the world that is asked about is never touched.
//! Must not know: files, clocks, the page.

pub mod watch;
