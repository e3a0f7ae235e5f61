//! The rules of the house that a program can check: what may not be named, how large things may be.

mod circles;
mod floors;
mod judgements;
mod source;
mod walls;

use std::fs;
use std::path::{Path, PathBuf};

use floors::FLOORS;

/// What begins the path of a page of the documentation.
const DOCS: [&str; 2] = ["concepts/", "tasks/"];

/// What the model may not name: each would make two runs differ.
const BANNED: &[&str] = &[
    "HashMap",
    "HashSet",
    "Instant::now",
    "SystemTime",
    "std::thread",
    "std::env",
    "std::fs",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "f32",
    "f64",
    "rand::",
    "RandomState",
    "web_sys",
    "js_sys",
    "wasm_bindgen",
    "leptos",
    "todo!(",
    "unimplemented!(",
    "dbg!(",
];

/// What costs kilobytes of page for each type it is used with, and what stands for it: `src/model/base/sorted.rs`, `sort.rs` beside it.
const HEAVY: &[(&str, &str)] = &[
    ("BTreeMap", "SortedMap"),
    ("BTreeSet", "SortedSet"),
    (".sort()", "sort_small"),
    (".sort_by(", "sort_small_by"),
    (".sort_by_key(", "sort_small_by_key"),
    (".sort_by_cached_key(", "sort_small_by_key"),
    (".sort_unstable", "sort_small"),
];
/// What the page does not contain, and the one place where the standard sort is at work.
const NOT_SENT: &[&str] = &["kinds/reader.rs", "rows/build.rs", "rules/build.rs", "base/sort.rs"];
/// A method that is called `sort` and sorts nothing.
const NO_SORTING: (&str, &str) = ("yaml/compose.rs", "token.kind.sort()");

/// Where a banned name stands for good: serde hands numbers over as floats, which become text at once; a build for work and tests reads the
/// sentences from the sources, so that one is changed without a compiler.
const EXCUSED: &[(&str, &str)] = &[("base/value/serial.rs", "f64"), ("text/source.rs", "std::fs")];

/// How wide a line may be: rustfmt keeps code to it and leaves comments alone.
const WIDTH: usize = 140;
/// The most lines a source file may have. A limit of 500 split one thought into files that import each other; circles of files are what
/// [`walls`] holds down, and a reader of a file can keep a thousand lines of one thought in mind.
const MAX_FILE_LINES: usize = 1000;
/// The most words a sentence of the documentation may have.
const MAX_SENTENCE_WORDS: usize = 25;
/// The longer sentences that were there before this rule. The figure only falls.
const LONGER_SENTENCES: usize = 386;
/// The most lines a function may have.
const MAX_FUNCTION_LINES: usize = 90;

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// Every source file on a floor, with the floor, its path below the floor (`base/time.rs`) and its text. Those of `tests/rig` follow the
/// same rules.
fn package() -> Vec<(&'static str, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    for (floor, folder) in FLOORS.map(|floor| (floor, root.join("src").join(floor))).into_iter().chain([("rig", root.join("tests/rig"))]) {
        let mut files = Vec::new();
        sources(&folder, &mut files);
        for path in files {
            let below = path.strip_prefix(&folder).expect("a file below its folder").to_owned();
            let text = fs::read_to_string(&path).expect("a source");
            all.push((floor, below, text));
        }
    }
    all
}

/// The files of the library: without the programs, of which the page's components are one.
fn library() -> Vec<(&'static str, PathBuf, String)> {
    let mut files = package();
    files.retain(|(floor, path, _)| *floor != "bin" && !(*floor == "rig" && path.starts_with("bin")));
    files
}

/// The lines of a file before the tests in it, without comments.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_inside = |at: &usize| text[*at..].lines().nth(1).is_some_and(|line| line.ends_with('{'));
    let tests = text.match_indices("#[cfg(test)]\nmod ").map(|(at, _)| at).find(is_inside).unwrap_or(text.len());
    let lines = text[..tests].lines().enumerate();
    // Two slashes within quotation marks are an address.
    let begins = |l: &str, at: usize| l[..at].replace("\\\"", "").replace("'\"'", "").matches('"').count() % 2 == 0;
    let end = move |l: &str| l.match_indices("//").map(|(at, _)| at).find(|at| begins(l, *at)).unwrap_or(l.len());
    lines.map(move |(i, l)| (i + 1, &l[..end(l)])).filter(|(_, l)| !l.trim().is_empty())
}

#[test]
fn code_ends_at_its_comment_and_not_within_an_address() {
    let text = "let a = \"http://b\"; f64 // c\n// d\n'\"' // e \"f\"\n";
    assert_eq!(code(text).collect::<Vec<_>>(), [(1, "let a = \"http://b\"; f64 "), (3, "'\"' ")]);
}

fn is_test(path: &Path) -> bool {
    path.components().any(|c| matches!(c.as_os_str().to_str(), Some("tests" | "tests.rs")))
}

/// Every manifest of a crate, with its folder and text.
fn crates(folder: &Path, out: &mut Vec<(PathBuf, String)>) {
    out.extend(fs::read_to_string(folder.join("Cargo.toml")).ok().map(|text| (folder.to_owned(), text)));
    let mut inside: Vec<PathBuf> = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()).collect();
    inside.sort();
    let is_source = |path: &PathBuf| path.is_dir() && !path.ends_with("target") && !path.file_name().is_some_and(|name| name == ".git");
    inside.into_iter().filter(is_source).for_each(|path| crates(&path, out));
}

/// The dependencies that a manifest declares: the section, and the line that begins with the name.
fn declared(manifest: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut section = "";
    manifest.lines().filter_map(move |line| {
        if line.starts_with('[') {
            section = line;
        }
        (section.contains("dependencies") && line.starts_with(char::is_alphanumeric)).then_some((section, line))
    })
}

/// The name of a dependency, as its line begins.
fn dependency(line: &str) -> &str {
    line.split([' ', '.', '=']).next().unwrap_or_default()
}

/// The sources of the crate in a folder, without those of crates below it.
fn sources_of(folder: &Path, all: &[(PathBuf, String)]) -> Vec<String> {
    let below: Vec<&PathBuf> = all.iter().map(|(other, _)| other).filter(|other| *other != folder && other.starts_with(folder)).collect();
    let mut files = Vec::new();
    sources(folder, &mut files);
    files.retain(|file| !below.iter().any(|other| file.starts_with(other)));
    files.iter().map(|file| fs::read_to_string(file).expect("a source")).collect()
}

#[test]
fn every_dependency_is_named_in_its_crate() {
    let mut all = Vec::new();
    crates(Path::new(env!("CARGO_MANIFEST_DIR")), &mut all);
    assert!(all.len() > 25, "{}", all.len());
    let mut unused = Vec::new();
    for (folder, manifest) in &all {
        // The model's own crates lie below the folder of the program that joins them.
        let texts = sources_of(folder, &all);
        let lines = || texts.iter().flat_map(|text| text.lines()).filter(|line| !line.trim_start().starts_with("//"));
        let is_named = |name: &str| lines().any(|line| names(line, &name.replace('-', "_")));
        let shared = |name: &str| all.iter().any(|(_, other)| other.contains(&format!("\n{name}.workspace = true")));
        for (section, line) in declared(manifest) {
            let name = dependency(line);
            let is_used = if section.starts_with("[workspace") { shared(name) } else { is_named(name) };
            if !is_used {
                unused.push(format!("{}: {name}", folder.join("Cargo.toml").display()));
            }
        }
    }
    assert!(unused.is_empty(), "declared and used nowhere:\n{}", unused.join("\n"));
}

#[test]
fn every_pinned_version_says_why() {
    let mut all = Vec::new();
    crates(Path::new(env!("CARGO_MANIFEST_DIR")), &mut all);
    let (mut silent, mut pinned) = (Vec::new(), 0);
    for (folder, manifest) in &all {
        for (_, line) in declared(manifest).filter(|(_, line)| line.contains("\"=")) {
            pinned += 1;
            let above = manifest.lines().take_while(|other| *other != line).last();
            if !above.is_some_and(|above| above.starts_with('#')) {
                silent.push(format!("{}: {line}", folder.join("Cargo.toml").display()));
            }
        }
    }
    assert!(silent.is_empty(), "no comment above:\n{}", silent.join("\n"));
    assert!(pinned > 0, "no version is pinned");
}

#[test]
fn the_model_names_nothing_that_makes_runs_differ() {
    let mut wrong = Vec::new();
    for (_, path, text) in library().iter().filter(|(_, p, _)| !is_test(p)) {
        for (line, code) in code(text) {
            let excused = |word: &str| EXCUSED.iter().any(|(file, name)| path.ends_with(file) && *name == word);
            for word in BANNED.iter().filter(|w| names(code, w) && !excused(w)) {
                wrong.push(format!("{}:{line}: {word}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_sent_to_visitors_uses_the_small_collections() {
    let mut wrong = Vec::new();
    let sent = |path: &Path| !NOT_SENT.iter().any(|part| path.starts_with(part));
    for (_, path, text) in library().iter().filter(|(floor, p, _)| !is_test(p) && *floor != "rig" && sent(p)) {
        for (line, code) in code(text).filter(|(_, code)| !(path.ends_with(NO_SORTING.0) && code.contains(NO_SORTING.1))) {
            for (heavy, instead) in HEAVY.iter().filter(|(heavy, _)| code.contains(heavy)) {
                wrong.push(format!("{}:{line}: {heavy}, instead of {instead}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether a line names a word: not as a part of a longer one, and not in a string.
fn names(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let quoted = code[..at].matches('"').count() % 2 == 1;
        let longer = part(before) || word.ends_with(char::is_alphanumeric) && part(after);
        !longer && !quoted
    })
}

#[test]
fn no_file_is_longer_than_one_can_keep_in_mind() {
    let long: Vec<String> = package()
        .iter()
        .filter(|(_, p, _)| !is_test(p))
        .map(|(_, p, t)| (p, t.lines().count()))
        .filter(|(_, n)| *n > MAX_FILE_LINES)
        .map(|(p, n)| format!("{}: {n} lines", p.display()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn no_function_is_longer_than_a_screen_and_a_half() {
    let mut long = Vec::new();
    for (_, path, text) in package().iter().filter(|(_, p, _)| !is_test(p)) {
        let lines: Vec<&str> = text.lines().collect();
        let mut open: Option<(usize, usize, String)> = None;
        for (i, line) in lines.iter().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let begins = line.trim_start();
            let begins = begins.strip_prefix("pub(").and_then(|rest| rest.split_once(')')).map_or(begins, |(_, rest)| rest.trim_start());
            let begins = begins.trim_start_matches("pub ");
            if open.is_none() && ["fn ", "const fn ", "async fn "].iter().any(|words| begins.starts_with(words)) {
                open = Some((i, indent, begins.chars().take_while(|c| *c != '(').collect()));
            }
            if let Some((start, depth, name)) = &open
                && line.starts_with(&format!("{}}}", " ".repeat(*depth)))
            {
                if i - start > MAX_FUNCTION_LINES {
                    long.push(format!("{}:{}: {name}, {} lines", path.display(), start + 1, i - start));
                }
                open = None;
            }
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent: Vec<String> =
        package().iter().filter(|(_, p, t)| !is_test(p) && !t.starts_with("//!")).map(|(_, p, _)| p.display().to_string()).collect();
    assert!(silent.is_empty(), "no module doc: {}", silent.join(", "));
}

#[test]
fn every_item_at_the_face_of_a_crate_says_what_it_is() {
    const ITEMS: [&str; 8] = ["const fn ", "fn ", "struct ", "enum ", "trait ", "const ", "static ", "type "];
    let unnamed = walls::unnamed();
    let mut silent = Vec::new();
    for (_, path, text) in library().iter().filter(|(_, p, _)| !is_test(p)) {
        let is_inside = |name: &str| unnamed.iter().any(|(folder, inside)| inside == name && path.starts_with(folder));
        let lines: Vec<&str> = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let item = line.strip_prefix("    ").unwrap_or(line).strip_prefix("pub ");
            let name = item.and_then(|item| ITEMS.iter().find_map(|word| item.strip_prefix(word)));
            let name = name.and_then(|rest| rest.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next());
            let above = lines[..at].iter().rev().find(|line| !line.trim_start().starts_with("#["));
            let is_told = above.is_some_and(|line| line.trim_start().starts_with("///") || line.trim_start().starts_with(")]"));
            if name.is_some_and(|name| !is_inside(name)) && !is_told {
                silent.push(format!("{}:{}: {line}", path.display(), at + 1));
            }
        }
    }
    assert!(silent.is_empty(), "no doc:\n{}", silent.join("\n"));
}

/// The sentences of a file's documentation, without tables, lists and code.
fn doc_sentences(text: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    let mut is_code = false;
    for line in text.lines().map(str::trim_start) {
        let doc = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")).map(str::trim).unwrap_or_default();
        is_code ^= doc.starts_with("```");
        match paragraphs.last_mut() {
            Some(last) if !(is_code || doc.is_empty() || doc.starts_with(['|', '#', '`', '-'])) => *last += &format!("{doc} "),
            _ => paragraphs.push(String::new()),
        }
    }
    paragraphs.iter().flat_map(|paragraph| paragraph.split_inclusive(". ")).map(|sentence| sentence.trim().to_owned()).collect()
}

#[test]
fn doc_sentences_are_short() {
    let mut long = Vec::new();
    for (_, path, text) in package().iter().filter(|(_, path, _)| !is_test(path)) {
        let sentences = doc_sentences(text).into_iter().filter(|sentence| sentence.split_whitespace().count() > MAX_SENTENCE_WORDS);
        long.extend(sentences.map(|sentence| format!("{}: {sentence}", path.display())));
    }
    let told = format!("{} doc sentences have more than {MAX_SENTENCE_WORDS} words, where {LONGER_SENTENCES} had", long.len());
    assert!(long.len() <= LONGER_SENTENCES, "{told}. Shorten the new one of these:\n{}", long.join("\n"));
    assert!(long.len() == LONGER_SENTENCES, "{told}: lower LONGER_SENTENCES in tests/tidy/mod.rs");
}

#[test]
fn no_comment_is_wider_than_the_code() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["src", "tests"] {
        sources(&root.join(folder), &mut files);
    }
    let mut wide = Vec::new();
    for path in files {
        let text = fs::read_to_string(&path).expect("a source");
        let comments = text.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with("//") && !line.starts_with("//! |"));
        wide.extend(comments.filter(|(_, l)| l.chars().count() > WIDTH).map(|(i, _)| format!("{}:{}", path.display(), i + 1)));
    }
    assert!(wide.is_empty(), "{}", wide.join("\n"));
}

#[test]
fn no_style_hangs_on_how_another_is_written_down() {
    for (name, text) in styles() {
        for (at, line) in text.lines().enumerate() {
            assert!(
                !line.contains("[style"),
                "{name}:{}: a selector that reads the text of a style; an attribute of its own says it",
                at + 1
            );
        }
    }
}

/// The style sheets.
fn styles() -> Vec<(String, String)> {
    let files = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("style")).expect("the style sheets").flatten();
    let read: Vec<_> =
        files.map(|file| (file.path().display().to_string(), fs::read_to_string(file.path()).expect("a style sheet is text"))).collect();
    assert!(!read.is_empty());
    read
}

#[test]
fn every_page_of_the_documentation_that_is_linked_has_a_name() {
    let mut files = vec![PathBuf::from("src/page/lesson/terms.yaml"), "src/model/why/page.rs".into(), "src/page/view/why/name.rs".into()];
    let course = fs::read_dir("src/page/lesson/course").expect("the course");
    files.extend(course.map(|entry| entry.expect("an entry").path()).filter(|path| path.extension().is_some_and(|end| end == "yaml")));
    let mut linked = 0;
    for file in files {
        let text = fs::read_to_string(&file).expect("a text");
        let words = text.split([' ', '"', '\n']).filter(|word| DOCS.iter().any(|begin| word.starts_with(begin)));
        for path in words {
            let slug = ordinal::text::docs::slug(path);
            assert!(ordinal::text::docs::PAGES.contains(&slug), "{}: no name for {path}", file.display());
            linked += 1;
        }
    }
    assert!(linked > 90, "{linked}");
}

/// The ways to make a timer that outlives what made it. The page has `gloo_timers::callback::Timeout`, which ends with its owner.
const OTHER_TIMERS: &[&str] =
    &["set_timeout", "set_interval", "TimeoutHandle", "IntervalHandle", "setTimeout", "setInterval", "idle_callback", "debounce("];

#[test]
fn every_timer_of_the_page_ends_with_its_owner() {
    let mut timers = 0;
    for (_, file, text) in package().into_iter().filter(|(_, file, _)| file.starts_with("app")) {
        for (at, line) in code(&text) {
            let other = OTHER_TIMERS.iter().find(|name| line.contains(**name));
            assert!(other.is_none(), "{}:{at}: {} instead of gloo's Timeout", file.display(), other.unwrap_or(&""));
            timers += line.matches("Timeout::new(").count();
        }
    }
    assert!(timers > 0, "no timer is found");
}
