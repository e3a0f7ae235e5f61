//! What a visit costs on the wire.

use std::io::Write;

use crate::page::{Page, dist};

/// The goal for the compressed size of what a first visit loads before the first pod moves, as served by a static host. Not met yet.
const GOAL_BYTES: usize = 500_000;
/// The most that a first visit in English may load before the first pod moves, in whatever folder the page is built: the same commit may
/// weigh a kilobyte or two more in another folder.
const MAX_BYTES: usize = 716_000;
/// The most that comes later, or only for those who ask, by the ends of the names: the rest of the code, the lessons, the texts in
/// Korean, what the API says of its fields, stuck clusters, the element for pages that embed this one, and what it talks to.
const MAX_LATER: [(&str, usize); 7] = [
    ("_later.wasm", 1_108_000),
    ("course.txt", 36_500),
    ("ko.txt", 34_900),
    ("fields.txt", 102_000),
    ("stuck.txt", 47_000),
    ("ordinal-embed.js", 1_350),
    ("embedded.js", 650),
];
/// brotli's highest level and its usual window, as hosts compress ahead of time.
const QUALITY: u32 = 11;
const WINDOW: u32 = 22;
const BUFFER: usize = 4096;

pub fn the_page_keeps_to_its_budget(_: &Page) {
    let files = std::fs::read_dir(dist()).expect("the page is built").flatten().map(|entry| entry.path());
    // Pages in a folder of their own are visited for themselves.
    let files = files.filter(|path| path.is_file());
    let mut sizes: Vec<(String, usize)> = files
        .map(|path| {
            let mut writer = brotli::CompressorWriter::new(Vec::new(), BUFFER, QUALITY, WINDOW);
            writer.write_all(&std::fs::read(&path).expect("a readable file")).expect("memory takes everything");
            (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), writer.into_inner().len())
        })
        .collect();
    let whole: usize = sizes.iter().map(|(_, size)| size).sum();
    for (end, most) in MAX_LATER {
        let at = sizes.iter().position(|(name, _)| name.ends_with(end)).expect("a file beside the page");
        let (name, size) = sizes.swap_remove(at);
        println!("page: {size} bytes brotli later, for {name}");
        assert!(size <= most, "{name}: {} bytes over the limit of {most}", size - most);
    }
    sizes.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    let total: usize = sizes.iter().map(|(_, size)| size).sum();
    let largest: Vec<String> = sizes.iter().take(3).map(|(name, size)| format!("{name} {size}")).collect();
    let files = sizes.len();
    println!("page: {total} bytes brotli before the first pod moves, in {files} files ({}, …), goal {GOAL_BYTES}", largest.join(", "));
    println!("page: {whole} bytes brotli in all");
    if total > GOAL_BYTES {
        println!("page: {} bytes over its goal", total - GOAL_BYTES);
    }
    assert!(total <= MAX_BYTES, "{} bytes over the limit of {MAX_BYTES}", total - MAX_BYTES);
    if total < MAX_BYTES / 100 * 99 {
        println!("page: the limit can be lowered to {total} bytes");
    }
}
