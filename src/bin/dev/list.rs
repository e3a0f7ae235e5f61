//! Which functions come later: a list of modules, types and functions that no first visit runs, and how the list is made.
//!
//! `kubectl::verbs: drain, label` says that nothing below `kubectl::verbs::drain` and `kubectl::verbs::label` runs in a first visit. A path
//! names source code, in words that neither another compiler nor another version changes. A function of a library, which `base` is, belongs
//! to the first of our types in its name. Of a generic function, the words behind its name are the types that it is for.
//!
//! What the list does not have comes first if something names it that comes first (data.rs). So the list has the functions by which one
//! gets into code that no first visit runs. It need say nothing of the code behind them. A part of a function that no first visit runs
//! comes later only as a function of its own, which `#[inline(never)]` keeps apart.

use std::collections::{BTreeMap, BTreeSet};

/// What no first visit runs: the beginnings of paths.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct List {
    lines: BTreeSet<Vec<String>>,
}

impl List {
    /// Reads the list's text: what the ends of paths are below, and the ends.
    pub fn read(text: &str) -> List {
        let mut list = List::default();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (below, ends) = line.split_once(": ").unwrap_or(("", line));
            let below = below.split("::").filter(|part| !part.is_empty()).map(str::to_owned);
            let path = |end: &str| below.clone().chain([end.to_owned()]).collect();
            list.lines.extend(ends.split(", ").map(path));
        }
        list
    }

    /// The list's text.
    pub fn written(&self) -> String {
        let mut ends: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (end, below) in self.lines.iter().filter_map(|path| path.split_last()) {
            ends.entry(below.join("::")).or_default().push(end);
        }
        let line = |(below, ends): (String, Vec<&str>)| {
            let between = if below.is_empty() { "" } else { ": " };
            format!("{below}{between}{}\n", ends.join(", "))
        };
        ends.into_iter().map(line).collect()
    }

    /// Whether the function of this name comes later.
    pub fn says_later(&self, name: &str) -> bool {
        let path = path(name);
        (1..=path.len()).any(|length| self.lines.contains(&path[..length]))
    }
}

/// The functions of a page that was watched, as a tree of their paths.
#[derive(Default)]
pub struct Watched {
    root: Node,
}

/// A part of the tree of paths.
#[derive(Default)]
struct Node {
    /// Whether a function of this path, or below it, ran.
    ran: bool,
    below: BTreeMap<String, Node>,
}

impl Watched {
    /// Adds a function, and whether it ran.
    pub fn add(&mut self, name: &str, ran: bool) {
        let mut node = &mut self.root;
        node.ran |= ran;
        for part in path(name) {
            node = node.below.entry(part).or_default();
            node.ran |= ran;
        }
    }

    /// The shortest path of which nothing ran, and which this function is below; `None` for a function that ran or that is not known.
    pub fn idle(&self, name: &str) -> Option<Vec<String>> {
        let path = path(name);
        let mut node = &self.root;
        for (at, part) in path.iter().enumerate() {
            node = node.below.get(part)?;
            if !node.ran {
                return Some(path[..=at].to_vec());
            }
        }
        None
    }
}

impl FromIterator<Vec<String>> for List {
    fn from_iter<T: IntoIterator<Item = Vec<String>>>(paths: T) -> List {
        List { lines: paths.into_iter().collect() }
    }
}

/// The crates of this workspace that the page is made of, without `base`.
const OURS: [&str; 22] = [
    "api",
    "causes",
    "cluster",
    "console",
    "control",
    "intake",
    "kubectl",
    "lesson",
    "ordinal_app",
    "plan",
    "playground",
    "risks",
    "rules",
    "sayings",
    "server",
    "shell",
    "sim",
    "text",
    "verbs",
    "view",
    "why",
    "yaml",
];

/// The path under which a function is listed, by its demangled name. The last part of a generic function's says which types it is for.
fn path(name: &str) -> Vec<String> {
    let name = without_hashes(name);
    let name = without_number(&name);
    let mut path = place(name);
    let types = types(name, &path);
    path.extend((!types.is_empty()).then_some(types));
    path
}

/// What a generic function is for: the names in a text, without their modules, that are not part of its path; each once, in order.
fn types(name: &str, path: &[String]) -> String {
    const NO_TYPES: [&str; 7] = ["as", "mut", "dyn", "fn", "closure", "shim", "vtable"];
    let mut types: Vec<&str> = Vec::new();
    for piece in name.split(|letter: char| !is_of_name(letter) && letter != ':') {
        let word = piece.rsplit(':').next().unwrap_or_default();
        let is_type = !word.is_empty() && !NO_TYPES.contains(&word) && !word.starts_with(|letter: char| letter.is_ascii_digit());
        if is_type && !types.contains(&word) && !path.iter().any(|part| part == word) {
            types.push(word);
        }
    }
    types.join(" ")
}

fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// The names of the path, from the crate on.
fn place(name: &str) -> Vec<String> {
    let (of, tail) = match name.strip_prefix('<') {
        Some(rest) => {
            let end = closing(rest);
            (&rest[..end], rest.get(end + 1..).unwrap_or_default().trim_start_matches(':'))
        }
        None => (name, ""),
    };
    let begin = parts(&without_generics(of.trim_start_matches(['&', '<', '*'])));
    let tail = parts(&without_generics(tail));
    if !of.starts_with('<') && begin.first().is_some_and(|first| OURS.contains(&first.as_str())) {
        return begin.into_iter().chain(tail).collect();
    }
    match our_path(name) {
        Some(path) if tail.is_empty() => path.into_iter().chain(begin.last().cloned()).collect(),
        Some(path) => path.into_iter().chain(tail).collect(),
        None => begin.into_iter().chain(tail).collect(),
    }
}

/// A name without the hashes of its crates: `kubectl[1f2e]::form`.
fn without_hashes(name: &str) -> String {
    let mut pieces = name.split('[');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.split_once(']') {
            Some((hash, rest)) if hash.len() > 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => out.push_str(rest),
            _ => {
                out.push('[');
                out.push_str(piece);
            }
        }
    }
    out
}

/// A name without the number that tells it from others of the same name, and that changes with every build: `fmt.1204`.
fn without_number(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((name, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => name,
    }
}

/// Where the bracket ends that began before this text.
fn closing(text: &str) -> usize {
    let mut depth = 1;
    for (at, letter) in text.char_indices() {
        match letter {
            '<' => depth += 1,
            '>' if !text[..at].ends_with('-') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

fn without_generics(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(rest[..at].trim_end_matches(':'));
        rest = &rest[at + 1..];
        rest = rest.get(closing(rest) + 1..).unwrap_or_default();
    }
    out + rest
}

/// The names in a path; what follows it is left out.
fn parts(path: &str) -> Vec<String> {
    let end = path.find([' ', ',', '(', ')', '>', '=']).unwrap_or(path.len());
    path[..end].split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// The first path in a text that begins with a crate of ours.
fn our_path(text: &str) -> Option<Vec<String>> {
    let begins = |at: &usize| !text[..*at].ends_with(|letter| is_of_name(letter) || letter == ':');
    let first = |name: &&str| text.match_indices(&format!("{name}::")).map(|(at, _)| at).find(begins);
    let at = OURS.iter().filter_map(first).min()?;
    let end = text[at..].find(['<', '>', ' ', ',', ')', ';', ']']).map_or(text.len(), |end| at + end);
    Some(parts(&text[at..end]))
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::shell::project;

    #[test]
    fn a_function_is_listed_under_the_first_of_our_paths() {
        for (name, expected) in [
            ("kubectl[0123456789abcdef]::form::read::<alloc[0123456789abcdef]::string::String>", "kubectl::form::read::String"),
            ("<kubectl[0123456789abcdef]::form::Form as core[0123456789abcdef]::fmt::Display>::fmt", "kubectl::form::Form::fmt::Display"),
            ("<api::object::Name>::new::{closure#0}", "api::object::Name::new::{closure#0}"),
            ("core::ptr::drop_in_place::<alloc::vec::Vec<view::cluster::Row>>", "view::cluster::Row::drop_in_place::Vec"),
            ("<alloc::vec::Vec<(u32, view::cluster::Row)> as core::ops::drop::Drop>::drop", "view::cluster::Row::drop::Vec u32 Drop"),
            ("<base::sorted::SortedMap<str, view::Row>>::insert::<str>", "view::Row::insert::SortedMap str"),
            ("<base::sorted::SortedMap<str, usize>>::insert::<str>", "base::sorted::SortedMap::insert::str usize"),
            ("<alloc::raw_vec::RawVecInner>::finish_grow", "alloc::raw_vec::RawVecInner::finish_grow"),
            ("memcpy", "memcpy"),
            ("<api::object::Name>::new.1204", "api::object::Name::new"),
        ] {
            assert_eq!(path(name).join("::"), expected, "{name}");
        }
    }

    #[test]
    fn what_is_below_a_listed_path_comes_later() {
        const TEXT: &str = "memcpy\nkubectl: form\nview: x, y\n";
        let list = List::read(&format!("# a remark\n{TEXT}"));
        let later = ["kubectl::form::b", "kubectl::form", "kubectl::former", "kubectl", "view::y::{closure#2}", "memcpy"];
        assert_eq!(later.map(|name| list.says_later(name)), [true, true, false, false, true, true]);
        assert_eq!(list.written(), TEXT);
    }

    #[test]
    fn what_a_visit_left_out_is_named_by_the_shortest_path() {
        let mut watched = Watched::default();
        for (name, ran) in [("kubectl::a::x", false), ("kubectl::a::y", false), ("kubectl::b::x", true), ("kubectl::b::y::<u8>", false)] {
            watched.add(name, ran);
        }
        // What ran in any of the pages that were watched ran.
        watched.add("kubectl::b::z", false);
        watched.add("kubectl::b::z", true);
        let idle = ["kubectl::a::x", "kubectl::b::y::<u8>", "kubectl::b::z", "kubectl::new", "kubectl::b::x::{closure#0}"];
        let idle = idle.map(|name| watched.idle(name).map(|path| path.join("::")));
        assert_eq!(idle, [Some("kubectl::a".to_owned()), Some("kubectl::b::y".to_owned()), None, None, None]);
    }

    /// The file of a module, and the names of the path that are within the file.
    fn source<'a>(path: &'a [&str]) -> Option<(PathBuf, &'a [&'a str])> {
        let (of, mut rest) = path.split_first()?;
        let on_floor = |floor| project().join("src").join(floor).join(of.trim_start_matches("ordinal_"));
        let mut folder = ["model", "terminal", "page", "analysis", "bin"].map(on_floor).into_iter().find(|folder| folder.is_dir())?;
        let mut file = ["lib.rs", "mod.rs", "main.rs"].map(|name| folder.join(name)).into_iter().find(|file| file.is_file())?;
        while let Some((name, below)) = rest.split_first() {
            folder.push(name);
            let places = [folder.with_extension("rs"), folder.join("mod.rs")];
            let Some(next) = places.into_iter().find(|file| Path::is_file(file)) else { break };
            (file, rest) = (next, below);
        }
        Some((file, rest))
    }

    #[test]
    fn the_list_names_only_what_the_sources_have() {
        let list = std::fs::read_to_string(project().join(crate::code::LIST)).unwrap();
        for line in List::read(&list).lines.iter().filter(|line| OURS.contains(&line[0].as_str()) || line[0] == "base") {
            let path: Vec<&str> = line.iter().map(String::as_str).collect();
            let (file, names) = source(&path).unwrap_or_else(|| panic!("{line:?}: there is no such crate"));
            let text = std::fs::read_to_string(&file).unwrap();
            // A component is named in the sources as a type is.
            let plain = |name: &str| name.trim_start_matches("__component").replace('_', "").to_lowercase();
            let is_there = |name: &&str| text.split(|letter| !is_of_name(letter)).any(|word| plain(word) == plain(name));
            let known = names.first().is_none_or(|name| !name.starts_with(is_of_name) || name.contains(' ') || is_there(name));
            assert!(known, "{line:?}: {} has no {}; list the new name, or nothing", file.display(), names[0]);
        }
    }
}
