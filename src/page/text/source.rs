//! The files of sentences: part of the program, or read from the sources.
//!
//! A native build for work and tests (`reads_sources`, set by `build.rs`) reads the files when a sentence is told. A changed sentence then
//! needs no compiler. The page and every release have the files inside.
//! `OUT` stands before a file that `build.rs` writes from `en/why.txt` and `en/page.txt`. Where the sources are read, `first.txt` is both
//! of them, and `later.txt` is empty.

#[cfg(not(reads_sources))]
macro_rules! file {
    (OUT $name:literal) => {
        include_str!(concat!(env!("OUT_DIR"), "/", $name))
    };
    ($name:literal) => {
        include_str!($name)
    };
}

#[cfg(reads_sources)]
macro_rules! file {
    (OUT "later.txt") => {
        ""
    };
    (OUT $name:literal) => {
        $crate::source::read(&["en/why.txt", "en/page.txt"])
    };
    ($name:literal) => {
        $crate::source::read(&[$name])
    };
}

/// Files of this crate, one after the other. A table is read once for each language and stays.
#[cfg(reads_sources)]
pub(crate) fn read(names: &[&str]) -> &'static str {
    let text = |name: &&str| {
        let path = [env!("CARGO_MANIFEST_DIR"), "/", name].concat();
        std::fs::read_to_string(&path).unwrap_or_else(|wrong| panic!("{path}: {wrong}"))
    };
    names.iter().map(text).collect::<String>().leak()
}
