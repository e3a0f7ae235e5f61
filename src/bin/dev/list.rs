//! Which functions come later: a short list of beginnings of paths, and how it is made from what ran.
//!
//! `first kubectl::form` and `later kubectl` say where functions below these paths go; the longest path that is listed decides. New code so
//! goes where its neighbours are. A function of the standard library or of a dependency belongs to the first of our types in its name. A
//! part of a function that no first visit runs comes later only as a function of its own, which `#[inline(never)]` keeps apart.
//!
//! What the list does not have come later comes first if something names it that comes first (data.rs). So the list has the functions by
//! which one gets into code that no first visit runs. It need say nothing of the code behind them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use base::hash::fnv1a_128;

/// So many bytes of code may come too early to save a line of the list.
const LINE: usize = 60;
/// A closure of so few bytes within a function that ran might run another time.
const NEAR: usize = 100;
/// What a function costs that would be waited for.
const WAIT: usize = 1 << 20;

/// Where functions go, by the beginnings of their paths.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct List {
    lines: BTreeMap<Vec<String>, bool>,
}

impl List {
    /// Reads the list's text; `Err` has the line that is not understood.
    pub fn read(text: &str) -> Result<List, String> {
        let mut list = List::default();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (path, later) = match line.split_once(' ') {
                Some(("first", path)) => (path, false),
                Some(("later", path)) => (path, true),
                _ => return Err(line.to_owned()),
            };
            list.lines.insert(path.split("::").map(str::to_owned).collect(), later);
        }
        Ok(list)
    }

    /// The list's text.
    pub fn written(&self) -> String {
        let mut out = String::new();
        for (path, later) in &self.lines {
            let _ = writeln!(out, "{} {}", if *later { "later" } else { "first" }, path.join("::"));
        }
        out
    }

    /// Whether the function of this name comes later.
    pub fn says_later(&self, name: &str) -> bool {
        let path = path(name);
        (1..=path.len()).rev().find_map(|length| self.lines.get(&path[..length])).is_some_and(|later| *later)
    }

    /// The shortest list under which everything that ran comes first, and of all else little.
    pub fn made<'a>(functions: impl Iterator<Item = (&'a str, Cost)>) -> List {
        let mut root = Node::default();
        for (name, cost) in functions {
            let end = path(name).into_iter().fold(&mut root, |node, part| node.below.entry(part).or_default());
            match cost {
                Cost::Ran => end.cost[1] += WAIT,
                Cost::Bytes(bytes) => end.cost[0] += bytes,
            }
        }
        root.weigh();
        let mut list = List::default();
        for (name, node) in &root.below {
            node.list(&mut vec![name.clone()], 0, &mut list);
        }
        list
    }
}

/// What it would cost that a function goes where it need not.
#[derive(Debug, Clone, Copy)]
pub enum Cost {
    /// It ran, and would be waited for.
    Ran,
    /// If it came first, so would so many bytes that need not: its own, and those of what is reached through it.
    Bytes(usize),
}

/// Of each function, given its name, how many bytes it has, and whether it ran: whether it is taken to have run. Small closures are for
/// which another time may come.
pub fn might_run<'a>(functions: impl Iterator<Item = (&'a str, usize, bool)>) -> Vec<bool> {
    let functions: Vec<_> = functions.map(|(name, bytes, ran)| (path(name), bytes, ran)).collect();
    let runs: BTreeSet<&[String]> = functions.iter().filter(|(.., ran)| *ran).map(|(path, ..)| outside(path)).collect();
    let might = |path: &[String], bytes: usize| bytes <= NEAR && outside(path).len() < path.len() && runs.contains(outside(path));
    functions.iter().map(|(path, bytes, ran)| *ran || might(path, *bytes)).collect()
}

/// A part of the tree of paths.
#[derive(Default)]
struct Node {
    below: BTreeMap<String, Node>,
    /// What it costs that the functions of this path, and of those below, come first or later, with the lines that this takes.
    cost: [usize; 2],
}

impl Node {
    /// Adds the costs of all that is below.
    fn weigh(&mut self) {
        for node in self.below.values_mut() {
            node.weigh();
            for when in 0..2 {
                self.cost[when] += node.cost[when].min(node.cost[1 - when] + LINE);
            }
        }
    }

    /// Adds the lines for this path and those below; `when` is what holds without a line.
    fn list(&self, path: &mut Vec<String>, when: usize, list: &mut List) {
        let other = 1 - when;
        let when = if self.cost[other] + LINE <= self.cost[when] { other } else { when };
        if when == other {
            list.lines.insert(path.clone(), when == 1);
        }
        for (name, node) in &self.below {
            path.push(name.clone());
            node.list(path, when, list);
            path.pop();
        }
    }
}

/// The crates of this workspace that the page is made of.
const OURS: [&str; 20] = [
    "api",
    "base",
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
    "scenario",
    "server",
    "shell",
    "sim",
    "text",
    "view",
    "why",
    "yaml",
];

/// The path under which a function is listed, by its demangled name.
fn path(name: &str) -> Vec<String> {
    let name = without_hashes(name);
    let name = without_number(&name);
    let mut path = place(name);
    if name.trim_start_matches('<').contains('<') {
        path.push(shape(name));
    }
    path
}

/// What tells the instances of a generic function apart: its name with the last part only of every path in it, cut where it is long.
fn shape(name: &str) -> String {
    const LONGEST: usize = 48;
    let mut shape = String::new();
    for (at, piece) in name.split("::").enumerate() {
        if at > 0 && piece.starts_with(is_of_name) {
            let end = shape.trim_end_matches(is_of_name).len();
            shape.truncate(end);
        }
        shape.push_str(piece);
    }
    shape.retain(|letter| letter != ' ');
    // One closure more moves the numbers of those after it.
    let shape = without_numbers(&shape);
    if shape.chars().count() <= LONGEST {
        return shape;
    }
    let hash = fnv1a_128(shape.as_bytes()) & 0xffff;
    format!("{}~{hash:04x}", shape.chars().take(LONGEST - 5).collect::<String>())
}

/// A name whose closures have no numbers: `call{closure}`.
fn without_numbers(name: &str) -> String {
    let mut pieces = name.split('#');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    pieces.for_each(|piece| out.push_str(piece.trim_start_matches(|letter: char| letter.is_ascii_digit())));
    out
}

fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// The path of the function that a closure is in.
fn outside(path: &[String]) -> &[String] {
    let end = path.iter().position(|part| part.starts_with("{closure")).unwrap_or(path.len());
    &path[..end]
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
    let tail = parts(&without_generics(tail));
    if tail.is_empty() && !of.starts_with('<') {
        let own = parts(&without_generics(of));
        if own.first().is_some_and(|first| OURS.contains(&first.as_str())) {
            return own;
        }
        return match our_path(of) {
            Some(path) => path.into_iter().chain(own.last().cloned()).collect(),
            None => own,
        };
    }
    let begin = our_path(of).unwrap_or_else(|| parts(&without_generics(of.trim_start_matches(['&', '<', '*']))));
    begin.into_iter().chain(tail).collect()
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
    use super::*;

    #[test]
    fn a_function_is_listed_under_the_first_of_our_paths() {
        for (name, expected) in [
            ("kubectl[0123456789abcdef]::form::read::<alloc[0123456789abcdef]::string::String>", "kubectl::form::read::read<String>"),
            ("<kubectl[0123456789abcdef]::form::Form as core[0123456789abcdef]::fmt::Display>::fmt", "kubectl::form::Form::fmt"),
            ("<api::object::Name>::new::{closure#0}", "api::object::Name::new::{closure#0}"),
            (
                "core::ptr::drop_in_place::<alloc::vec::Vec<view::cluster::Row>>",
                "view::cluster::Row::drop_in_place::drop_in_place<Vec<Row>>",
            ),
            (
                "<alloc::vec::Vec<(u32, view::cluster::Row)> as core::ops::drop::Drop>::drop",
                "view::cluster::Row::drop::<Vec<(u32,Row)>asDrop>drop",
            ),
            (
                "<ordinal_app::bar::Bar::{closure#2} as core::ops::FnOnce<()>>::call_once::{shim:vtable#0}",
                "ordinal_app::bar::Bar::{closure#2}::call_once::{shim:vtable#0}::<Bar{closure}asFnOnce<()>>call_once{shim:vtable}",
            ),
            ("<alloc::raw_vec::RawVecInner>::finish_grow", "alloc::raw_vec::RawVecInner::finish_grow"),
            ("<fn(&api::x::Y) -> bool as core::ops::FnOnce<()>>::call_once", "api::x::Y::call_once::<fn(&Y)->boolasFnOnce<()>>call_once"),
            ("memcpy", "memcpy"),
            ("<api::object::Name>::new.1204", "api::object::Name::new"),
        ] {
            assert_eq!(path(name).join("::"), expected, "{name}");
        }
    }

    #[test]
    fn the_longest_beginning_decides() {
        let list = List::read("# a remark\nlater kubectl\nfirst kubectl::form\n").unwrap();
        assert_eq!(list.written(), "later kubectl\nfirst kubectl::form\n");
        let later = ["kubectl::a::b", "kubectl::form::b", "kubectl::former", "kubectl", "view::kubectl"].map(|name| list.says_later(name));
        assert_eq!(later, [true, false, true, true, false]);
        assert_eq!(List::read("perhaps kubectl"), Err("perhaps kubectl".to_owned()));
    }

    #[test]
    fn what_ran_comes_first_and_the_list_is_short() {
        let functions = [
            ("kubectl::a::x", Cost::Bytes(900)),
            ("kubectl::b::y", Cost::Bytes(900)),
            ("kubectl::form::x", Cost::Ran),
            ("kubectl::form::y", Cost::Bytes(LINE - 1)),
            ("kubectl::form::z", Cost::Bytes(0)),
            ("view::x", Cost::Ran),
            ("view::x::{closure#0}", Cost::Ran),
            ("view::x::{closure#1}", Cost::Bytes(NEAR + LINE)),
            ("view::rare::x", Cost::Bytes(900)),
            ("why::x", Cost::Bytes(0)),
        ];
        let list = List::made(functions.into_iter());
        assert_eq!(list.written(), "later kubectl\nfirst kubectl::form::x\nlater view::rare\nlater view::x::{closure#1}\n");
    }

    #[test]
    fn a_small_closure_in_what_ran_might_run() {
        let functions = [
            ("view::x", 10, true),
            ("view::x::{closure#0}", NEAR, false),
            ("view::x::{closure#1}", NEAR + 1, false),
            ("view::y::{closure#0}", NEAR, false),
        ];
        assert_eq!(might_run(functions.into_iter()), [true, true, false, false]);
    }
}
