//! What real clusters did, what the model does, and the page that shows both side by side.
//!
//! The comparison is the suite's: `tests/conformance`, `tests/validation` and `tests/dns.rs` call what is here and demand that nothing is
//! wrong; the program beside this file writes down what came out, as static pages for `cargo dev build`.
//!
//! Promises: each number on the page is counted here from the recordings and the model, and nowhere else.
//! Must not know: how the page is hosted, the browser.

pub mod compare;
pub mod dns;
mod done_card;
mod html;
pub mod index_page;
mod life;
pub mod listed;
mod merged;
pub mod open;
pub mod pages;
pub mod run;
pub mod scenario_page;
mod screen;
mod state;
pub mod suite;
pub mod tally;
pub mod validation;
mod words;
