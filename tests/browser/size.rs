//! What a visit costs on the wire.

use std::io::Write;

use crate::page::{Page, dist};

/// The goal for the compressed size of the whole page, as served by a static host. Not met yet.
const GOAL_BYTES: usize = 500_000;
/// The present size. A commit that needs more raises it and says for what; one that makes the page much smaller lowers it.
const BUDGET_BYTES: usize = 1_386_000;
/// The same commit weighs a kilobyte or two more in another folder or with a warm cache: symbols are named by a hash of the
/// package's path, the linker lays functions out by name, and brotli sees other neighbours.
const OTHER_FOLDERS_BYTES: usize = 5_000;
/// brotli's highest level and its usual window, as hosts compress ahead of time.
const QUALITY: u32 = 11;
const WINDOW: u32 = 22;
const BUFFER: usize = 4096;

pub fn the_page_keeps_to_its_budget(_: &Page) {
    let files = std::fs::read_dir(dist()).expect("the page is built").flatten().map(|entry| entry.path());
    let mut sizes: Vec<(String, usize)> = files
        .map(|path| {
            let mut writer = brotli::CompressorWriter::new(Vec::new(), BUFFER, QUALITY, WINDOW);
            writer.write_all(&std::fs::read(&path).expect("a readable file")).expect("memory takes everything");
            (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), writer.into_inner().len())
        })
        .collect();
    sizes.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    let total: usize = sizes.iter().map(|(_, size)| size).sum();
    let largest: Vec<String> = sizes.iter().take(3).map(|(name, size)| format!("{name} {size}")).collect();
    println!("page: {total} bytes brotli in {} files ({}, …), goal {GOAL_BYTES}", sizes.len(), largest.join(", "));
    if total > GOAL_BYTES {
        println!("page: {} bytes over its goal", total - GOAL_BYTES);
    }
    let most = BUDGET_BYTES + OTHER_FOLDERS_BYTES;
    assert!(total <= most, "{} bytes over the budget of {BUDGET_BYTES} and {OTHER_FOLDERS_BYTES}", total - most);
    if total < BUDGET_BYTES / 100 * 99 {
        println!("page: the budget can be lowered to {total} bytes");
    }
}
