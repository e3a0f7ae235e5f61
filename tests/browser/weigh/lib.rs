//! What files weigh on the wire, as hosts compress them ahead of time.

use std::io::{Result, Write};

/// brotli's highest level and its usual window.
const QUALITY: u32 = 11;
const WINDOW: u32 = 22;
const BUFFER: usize = 4096;

/// How many bytes a file has once brotli has compressed it.
pub fn brotli(file: &[u8]) -> Result<usize> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), BUFFER, QUALITY, WINDOW);
    writer.write_all(file)?;
    Ok(writer.into_inner().len())
}
