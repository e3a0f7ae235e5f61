//! What the API server refuses, reports and defaults, compared with a real one.
//!
//! The recorded objects and answers are in `tests/data/validation`; each file here runs one collection of them.

mod cases;
mod defaulting;
mod vectors;
