//! The basic vocabulary: values, time, keyed chance, hashes, quantities, labels.

mod base64;
mod decimal;
mod dice;
mod distance;
mod hash;
mod image_name;
mod josa;
mod json;
mod label;
mod letter;
mod lines;
mod list;
mod quantity;
mod rewrite;
mod slices;
mod slots;
mod sort;
mod sorted;
mod stretch;
mod time;
mod value;
