//! Printers: objects to text, in every form that `-o` knows.
//!
//! Promises: a printer reads objects and an instant and gives text; it never asks the cluster.

pub mod cells;
pub mod columns;
pub mod custom;
pub mod format;
pub mod golang;
pub mod jsonpath;
mod kyaml;
mod pod;
pub mod sort;
pub mod table;
pub mod template;
