//! Which files of a crate name each other, and the largest circle of them.
//!
//! An arrow leads from a file to each file of the same crate that a `use` or a path in its code names: `use crate::a::b::C`,
//! `super::x()`, `child::f()`, and `verbs::get::run()` where a `use crate::verbs` stands above. The file is that of the longest part of
//! the path that is a module. Where that file only imports the name (`pub use`), the arrow leads to it all the same, as it is written,
//! and a second one to where the name comes from. `pub use` is an arrow like any `use`; `mod x;` is none: it says where a file lies.

use std::collections::{BTreeMap, HashMap};

use super::source::{Names, names, tokens};

/// A file of a crate: the parts of its module path, and what it names.
pub struct File<'a> {
    /// Empty for the file that the crate begins with.
    pub module: Vec<String>,
    /// What its code names, without tests.
    pub names: Names<'a>,
}

/// By file, the files that it names, each with the first path that does.
pub type Arrows = Vec<BTreeMap<usize, String>>;

/// How many imports are followed from one to the next.
const MAX_IMPORTS: usize = 8;

/// A module of the crate, in a file of its own or within one.
#[derive(Default)]
struct Module<'a> {
    file: Option<usize>,
    above: usize,
    below: HashMap<&'a str, usize>,
    imported: HashMap<&'a str, &'a [&'a str]>,
}

struct Tree<'a> {
    modules: Vec<Module<'a>>,
}

impl<'a> Tree<'a> {
    fn of(files: &'a [File<'a>]) -> Self {
        let mut tree = Self { modules: vec![Module::default()] };
        for (file, File { module, .. }) in files.iter().enumerate() {
            let at = module.iter().fold(0, |at, part| tree.at_or_new(at, part));
            tree.modules[at].file = Some(file);
        }
        for (file, File { module, names }) in files.iter().enumerate() {
            for import in &names.imports {
                let at = tree.within(module, &import.inside);
                tree.modules[at].file = tree.modules[at].file.or(Some(file));
                tree.modules[at].imported.entry(import.name).or_insert(&import.path);
            }
            for named in &names.paths {
                let at = tree.within(module, &named.inside);
                tree.modules[at].file = tree.modules[at].file.or(Some(file));
            }
        }
        tree
    }

    fn at_or_new(&mut self, above: usize, name: &'a str) -> usize {
        if let Some(at) = self.modules[above].below.get(name) {
            return *at;
        }
        let at = self.modules.len();
        self.modules.push(Module { above, ..Module::default() });
        self.modules[above].below.insert(name, at);
        at
    }

    /// The module of a file, or one within the file.
    fn within(&mut self, file: &'a [String], inside: &[&'a str]) -> usize {
        let parts = file.iter().map(String::as_str).chain(inside.iter().copied());
        parts.fold(0, |at, part| self.at_or_new(at, part))
    }

    /// Adds the files that a path leads to, as it is written in a module.
    fn follow(&self, module: usize, path: &[&str], imports: usize, files: &mut Vec<usize>) {
        let Some((first, rest)) = path.split_first() else { return };
        match *first {
            "crate" => self.descend(0, rest, imports, files),
            "self" => self.descend(module, rest, imports, files),
            "super" => {
                let levels = path.iter().take_while(|part| **part == "super").count();
                let above = (0..levels).fold(module, |at, _| self.modules[at].above);
                self.descend(above, &path[levels..], imports, files);
            }
            name if self.modules[module].below.contains_key(name) => self.descend(module, path, imports, files),
            name => {
                // An import of the same path is that of another crate.
                let imported = self.modules[module].imported.get(name).filter(|import| **import != path);
                if let Some(import) = imported {
                    self.follow_import(module, import, rest, imports, files);
                }
            }
        }
    }

    /// Adds the file that a path leads to from a module on, and where the name comes from that is only imported there.
    fn descend(&self, from: usize, path: &[&str], imports: usize, files: &mut Vec<usize>) {
        let (mut at, mut rest) = (from, path);
        while let Some((first, more)) = rest.split_first()
            && let Some(below) = self.modules[at].below.get(first)
        {
            at = *below;
            rest = more;
        }
        files.extend(self.modules[at].file);
        if let Some((first, more)) = rest.split_first()
            && let Some(import) = self.modules[at].imported.get(first)
        {
            self.follow_import(at, import, more, imports, files);
        }
    }

    fn follow_import(&self, module: usize, import: &[&str], rest: &[&str], imports: usize, files: &mut Vec<usize>) {
        if imports < MAX_IMPORTS {
            self.follow(module, &[import, rest].concat(), imports + 1, files);
        }
    }
}

/// The arrows between the files of a crate.
pub fn arrows(files: &[File]) -> Arrows {
    let mut tree = Tree::of(files);
    let mut arrows = Arrows::new();
    let mut found = Vec::new();
    for (file, File { module, names }) in files.iter().enumerate() {
        let mut out = BTreeMap::new();
        let imports = names.imports.iter().map(|import| (&import.inside, &import.path));
        let paths = names.paths.iter().map(|named| (&named.inside, &named.path));
        for (inside, path) in imports.chain(paths) {
            let at = tree.within(module, inside);
            tree.follow(at, path, 0, &mut found);
            for other in found.drain(..).filter(|other| *other != file) {
                out.entry(other).or_insert_with(|| path.join("::"));
            }
        }
        arrows.push(out);
    }
    arrows
}

/// The files that arrows lead to from a file on, through others too.
fn reached(arrows: &Arrows, from: usize) -> Vec<bool> {
    let mut is_reached = vec![false; arrows.len()];
    let mut next = vec![from];
    while let Some(file) = next.pop() {
        for other in arrows[file].keys() {
            if !is_reached[*other] {
                is_reached[*other] = true;
                next.push(*other);
            }
        }
    }
    is_reached
}

/// The files of the largest circle, each of which leads to each; none if no arrow leads back.
pub fn largest_circle(arrows: &Arrows) -> Vec<usize> {
    let reached: Vec<Vec<bool>> = (0..arrows.len()).map(|file| reached(arrows, file)).collect();
    let circle = |file: usize| (0..arrows.len()).filter(|other| reached[file][*other] && reached[*other][file]).collect::<Vec<_>>();
    let mut largest = Vec::new();
    for circle in (0..arrows.len()).map(circle) {
        if circle.len() > largest.len() {
            largest = circle;
        }
    }
    largest
}

/// The arrows of some files of a crate, as `file -> other`.
fn drawn(files: &[(&str, &str)]) -> Vec<String> {
    let read: Vec<_> = files.iter().map(|(_, text)| tokens(text)).collect();
    let module = |path: &str| path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let parsed: Vec<File> =
        files.iter().zip(&read).map(|((path, _), tokens)| File { module: module(path), names: names(tokens) }).collect();
    let name = |file: usize| files[file].0;
    let arrows = arrows(&parsed);
    let lines = arrows.iter().enumerate().flat_map(|(file, others)| others.keys().map(move |other| (file, *other)));
    lines.map(|(file, other)| format!("{} -> {}", name(file), name(other))).collect()
}

#[test]
fn an_arrow_leads_to_the_module_that_a_path_names() {
    let root = ("", "mod a; mod b; fn f() { b::g() } struct S;");
    let child = ("a", "use crate::S; use base::b::T; fn h() { super::b::c::i() }");
    let others = [("b", "mod c; pub fn g() { self::c::i() }"), ("b/c", "pub fn i() { let c = j.k; Vec::<u8>::new() }")];
    assert_eq!(drawn(&[root, child, others[0], others[1]]), [" -> b", "a -> ", "a -> b/c", "b -> b/c"]);
}

#[test]
fn an_imported_module_is_followed_and_a_reexported_name_leads_to_both_files() {
    let root = ("", "pub use inner::{Deep, low as high};");
    let files = [("inner", "pub struct Deep;"), ("inner/low", "pub fn run() {}"), ("user", "use crate::inner::low; fn f() { low::run() }")];
    let facade = ("other", "use crate::Deep;");
    let renamed = ("third", "use crate::high; fn g() { high::run() }");
    let expected = [" -> inner", " -> inner/low", "user -> inner/low", "other -> ", "other -> inner", "third -> ", "third -> inner/low"];
    assert_eq!(drawn(&[root, files[0], files[1], files[2], facade, renamed]), expected);
}

#[test]
fn a_path_within_a_module_of_a_file_begins_there() {
    let files = [("", "mod inside { use super::a::A; use super::super::B; }"), ("a", "mod inside { fn f() { super::super::b::g() } }")];
    assert_eq!(drawn(&[files[0], files[1], ("b", "")]), [" -> a", "a -> b"]);
}

#[test]
fn the_largest_circle_is_found_among_arrows() {
    let arrows = |list: &[&[usize]]| -> Arrows { list.iter().map(|to| to.iter().map(|to| (*to, String::new())).collect()).collect() };
    assert_eq!(largest_circle(&arrows(&[&[1], &[2], &[]])), [] as [usize; 0]);
    assert_eq!(largest_circle(&arrows(&[&[1], &[0, 2], &[3], &[4], &[2]])), [2, 3, 4]);
    assert_eq!(largest_circle(&arrows(&[&[1], &[2], &[3], &[0, 1]])), [0, 1, 2, 3]);
}
