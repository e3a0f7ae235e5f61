//! What a visit costs on the wire.

use std::io::Write;

use crate::page::{Page, dist};

/// The goal for the compressed size of what a first visit loads, as served by a static host. Not met yet.
const GOAL_BYTES: usize = 500_000;
/// The most that a first visit in English may load, in whatever folder the page is built. The same commit weighs up to a kilobyte or two
/// more in another folder: symbols are named by a hash of the package's path, and brotli sees other neighbours. 27,000 of them are the
/// price of crates: what is inlined of the standard library and of shared types is compiled once for each crate.
const MAX_BYTES: usize = 1_413_000;
/// The most that comes later, or only for those who ask: the lessons, and the texts in Korean.
const MAX_LATER: [(&str, usize); 3] = [("course.txt", 36_500), ("ko.txt", 21_500), ("fields.txt", 102_000)];
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
    for (name, most) in MAX_LATER {
        let at = sizes.iter().position(|(other, _)| other == name).expect("a file beside the page");
        let (_, size) = sizes.swap_remove(at);
        println!("page: {size} bytes brotli later, for {name}");
        assert!(size <= most, "{name}: {} bytes over the limit of {most}", size - most);
    }
    sizes.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    let total: usize = sizes.iter().map(|(_, size)| size).sum();
    let largest: Vec<String> = sizes.iter().take(3).map(|(name, size)| format!("{name} {size}")).collect();
    println!("page: {total} bytes brotli in {} files ({}, …), goal {GOAL_BYTES}", sizes.len(), largest.join(", "));
    if total > GOAL_BYTES {
        println!("page: {} bytes over its goal", total - GOAL_BYTES);
    }
    assert!(total <= MAX_BYTES, "{} bytes over the limit of {MAX_BYTES}", total - MAX_BYTES);
    if total < MAX_BYTES / 100 * 99 {
        println!("page: the limit can be lowered to {total} bytes");
    }
}
