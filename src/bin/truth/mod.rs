//! What real clusters did, what the model does, and the page that shows both side by side.
//!
//! The comparison is the suite's: `tests/conformance`, `tests/validation` and `tests/dns.rs` call what is here and demand that nothing is
//! wrong; the program beside this file writes down what came out, as static pages for `cargo dev build`.
//!
//! Promises: each number on the page is counted here from the recordings and the model, and nowhere else.
//! Must not know: how the page is hosted, the browser.

mod done_card;
mod html;
pub mod index_page;
mod merged;
pub mod open;
pub mod pages;
pub mod scenario_page;
