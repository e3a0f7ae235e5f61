//! The basic vocabulary: values, time, randomness, hashes.
//!
//! Promises: everything here is plain data or a pure function, the same natively and in wasm.
//! Must not know: Kubernetes objects, the simulation, the browser.

pub mod base64;
pub mod decimal;
pub mod dice;
pub mod distance;
pub mod field_path;
pub mod fields;
pub mod fill;
pub mod given;
pub mod hash;
pub mod hidden;
pub mod hunks;
pub mod image_name;
pub mod josa;
pub mod json;
pub mod label;
pub mod letter;
pub mod lines;
pub mod list;
pub mod named;
pub mod note;
pub mod path;
pub mod pattern;
pub mod printed;
pub mod quantity;
pub mod quoted;
pub mod sentences;
pub mod slices;
pub mod slots;
pub mod sort;
pub mod sorted;
pub mod stretch;
pub mod time;
pub mod value;
pub mod word;
