//! Printers: from objects to text, in every format of `-o`.
//!
//! Promises: a printer is a function of objects and an instant; it never asks the cluster.

pub mod columns;
pub mod custom;
mod declared;
pub mod format;
pub mod golang;
pub mod jsonpath;
pub mod sort;
pub mod table;
pub mod template;
pub mod whole;
