//! What a visit costs on the wire.

use crate::measure::figure;
use crate::page::{Page, dist};

/// The most that a first visit in English may load before the first pod moves, in whatever folder the page is built: the same commit may
/// weigh a kilobyte or two more in another folder.
const MAX_BYTES: usize = 675_000;
/// The most that comes later, or only for those who ask, by the ends of the names: the rest of the code and of the styles, the lessons, the
/// texts in Korean, what the API says of its fields, stuck clusters, the element for pages that embed this one, and what it talks to,
/// the script of the workers.
const MAX_LATER: [(&str, usize); 9] = [
    ("_later.wasm", 1_584_000),
    ("-later.css", 14_000),
    ("course.txt", 45_000),
    ("ko.txt", 28_400),
    ("fields.txt", 92_000),
    ("stuck.txt", 38_000),
    ("ordinal-embed.js", 1_550),
    ("embedded.js", 650),
    ("search.js", 1_600),
];
/// Chrome compiles no larger module while the page waits for it, which `self.bring` of `public/boot.js` has it do.
const MAX_AT_ONCE: usize = 8 * 1024 * 1024;

pub fn the_page_keeps_to_its_budget(_: &Page) {
    let files = std::fs::read_dir(dist()).expect("the page is built").flatten().map(|entry| entry.path());
    // Pages in a folder of their own are visited for themselves.
    let files = files.filter(|path| path.is_file());
    let mut sizes: Vec<(String, usize)> = files
        .map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let bytes = std::fs::read(&path).expect("a readable file");
            if name.ends_with(MAX_LATER[0].0) {
                figure("_later.wasm, as it is compiled", float(bytes.len()), "bytes", Some(float(MAX_AT_ONCE)));
                assert!(bytes.len() < MAX_AT_ONCE, "{name} cannot be compiled at once");
            }
            (name, weigh::brotli(&bytes).expect("memory takes everything"))
        })
        .collect();
    let whole: usize = sizes.iter().map(|(_, size)| size).sum();
    for (end, most) in MAX_LATER {
        let at = sizes.iter().position(|(name, _)| name.ends_with(end)).expect("a file beside the page");
        let (name, size) = sizes.swap_remove(at);
        figure(&format!("{end}, brotli, later"), float(size), "bytes", Some(float(most)));
        assert!(size <= most, "{name}: {} bytes over the limit of {most}", size - most);
    }
    let total: usize = sizes.iter().map(|(_, size)| size).sum();
    figure("a first visit, brotli (the goal is 500,000)", float(total), "bytes", Some(float(MAX_BYTES)));
    figure("the page, brotli", float(whole), "bytes", None);
    assert!(total <= MAX_BYTES, "{} bytes over the limit of {MAX_BYTES}", total - MAX_BYTES);
}

/// A size as a figure.
fn float(bytes: usize) -> f64 {
    u32::try_from(bytes).map_or(f64::INFINITY, f64::from)
}
