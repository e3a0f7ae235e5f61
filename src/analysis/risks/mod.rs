//! What can go wrong: a bounded search over what may happen to a cluster.
//!
//! ```text
//!   manifest, pasted cluster ──start──▶ State ──acts──▶ courses ──player──▶ held, back ──judge──▶ findings
//!                                         ▲                 └── same: seen before? ──┘               │
//!                                         └───── change, line taken away: tried by the same search ──┘
//! ```
//!
//! Several workers may do one search: in one program (`search::share`), or telling each other lines of text (`work`). What a page draws of
//! a search is a `sheet::Sheet`.
//!
//! Promises: plain data; no clock and no randomness: the same start and options give the same findings, however a search is sliced;
//! what is covered is counted; a finding can be played from its inputs.
//! Must not know: files, clocks, the page.

pub mod acts;
pub mod change;
pub mod course;
pub mod courses;
pub mod edit;
pub mod faults;
pub mod form;
pub mod judge;
mod known;
mod mend;
pub mod outcome;
mod pack;
pub mod player;
pub mod prevent;
pub mod protect;
pub mod same;
pub mod search;
pub mod sheet;
pub mod start;
pub mod told;
pub mod work;

pub use outcome::{Finding, Options, Phase, Progress};
pub use search::Search;
pub use start::Start;
pub use text::risks::Level;
