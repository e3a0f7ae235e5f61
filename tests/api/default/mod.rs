//! What is filled in where nothing is given.

mod pod;
