//! Explains a StatefulSet at one instant: the cause of a wait, its remedies, and the risks of each.
//!
//! Promises: the same instant gives the same answers; a cause is a [`why::Cause`] with the object it hangs on; a way is a line that one
//! can type. Here, and only here, reasons and messages become causes: the page, diagnoses, plans and risks ask.
//! Must not know: the page, what was pasted, and how kubectl prints.

pub mod apart;
pub mod barred;
pub mod behind;
pub mod blame;
pub mod claims;
pub mod command;
pub mod crash;
pub mod deleted;
mod fits;
pub mod foremost;
pub mod ground;
mod instant;
pub mod log;
pub mod loss;
pub mod message;
pub mod node;
pub mod origins;
pub mod peers;
pub mod pod;
pub mod port;
pub mod remedy;
pub mod rollout;
pub mod room;
pub mod root;
pub mod short_name;
pub mod stand_in;
pub mod trust;
pub mod unplaced;
pub mod waits;
mod way;
pub mod ways;

pub use instant::{Identity, Instant, MAX_ORDINALS, short_uid};
pub use way::{Evidence, Hazard, Way};
