//! Writes the truth page.
fn main() {}
