//! The walls between files and between crates, and how dense lines are: figures that only fall.
//!
//! `cargo test --test model tidy::walls -- --show-output` prints the figures. `tests/tidy/walls.txt` holds them; where one fell,
//! `ORDINAL_UPDATE=1 cargo test --test model tidy::walls` lowers the one in the file. A figure that rises is written by hand, with
//! the reason in the commit. Whatever is counted is production code: no comment, nothing below `#[cfg(test)]`, no `tests.rs` or folder
//! `tests`, no file that only tests include, no `build.rs`.
//!
//! **Circle**: the files of the crate's largest circle of files that import each other, 0 where there is none; see
//! [`circles`](super::circles) for what an arrow is. The outside reading of 6c4f5c0d counted kubectl 58, app 40, control 38, intake 35,
//! api 26, shell and view 25, cluster 19, playground 18. It followed no path through a module that a `use` brings in: without those
//! arrows the count here is 58, 41, 40, 35, 20, 25, 25, 19, 18. With those arrows, which are imports like any other, kubectl has 73,
//! cluster 21, and the others the same: the stricter count is held. Were a re-exported name an arrow only to the file it comes from, the
//! page would have 37 and api 11.
//!
//! **Again**: how many crates the compiler does again after a change in this one: the crate, and all that depend on it through their
//! manifests, tests' dependencies left out. **Share**: the production code of those crates, in per cent of all. The programs of `src/bin`
//! and the crate that joins the others for them are left out of both. Lines are counted; one that is neither blank, comment nor test is
//! a line. The reading counted 102k of 116k lines for `api`, 70k for `server`, 67k `why`, 64k `control`, 52k `kubectl`, 41k `text`, 29k
//! `view`; here they are 101,445 of 115,213, 69,521, 66,518, 64,159, 52,164, 40,344, 28,883: files that only tests include are left out.
//! The number of crates changes with the graph alone. The share moves a little with each line that is written anywhere: `SHARE_SLACK`
//! points are free in both directions.
//!
//! **Unnamed**: public items whose name stands in no other crate, neither in its code nor in its tests, nor in the folder `tests`.
//! Public is `pub` without restriction before a function, type, trait, constant, static or module. Names are compared as words: an item
//! whose name another crate uses for something else counts as named. So what is counted can be `pub(crate)`, unless a public signature
//! mentions the type. The reading counted 993 of 5,183 items; here they are 942 of 5,174, and 1,020 where a test names nothing.
//!
//! **Closures, characters a line**: of all production code. A closure is counted where a `let` gives it a name: a private function would
//! be found, tested and used again. The reading of d63f90cd counted 58 of them in 100,000 characters, and 38.3 characters a line.
//! Characters are those of each line without indentation and comment. Printed, not held: lines and characters of each crate.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::circles::{self, Arrows};
use super::source::{self, Token};
use super::{crates, declared, dependency, is_test, sources};

/// The largest circle of files that a crate may have which the table does not name yet, and that a row may hold.
const MAX_CIRCLE: usize = 12;
/// The points by which a share may differ from the one that is held.
const SHARE_SLACK: usize = 2;
/// The files that a crate begins with.
const ROOTS: [&str; 3] = ["mod.rs", "lib.rs", "main.rs"];
/// The first line of the table.
const HEAD: &str = "# crate          circle  again  share  unnamed";

/// A crate of the workspace.
struct Package {
    name: String,
    folder: PathBuf,
    /// The folder of the files that are modules of each other.
    modules: PathBuf,
    /// What the crate is compiled with: its dependencies without those of its tests.
    dependencies: BTreeSet<String>,
    /// Whether its figures are held. The crates below `tests` only name what others make public.
    is_held: bool,
    /// Whether nothing can depend on the crate but tests.
    is_program: bool,
}

/// A source file that was read.
struct Read {
    package: usize,
    path: PathBuf,
    text: String,
}

/// The figures that are held: by the name of a crate four, by a name of [`OF_ALL`] one.
type Rows = BTreeMap<String, Vec<usize>>;

/// What a figure counts, and the points by which it may differ from the one that is held.
type Column = (&'static str, usize);

/// The figures of a crate.
const OF_CRATE: [Column; 4] = [
    ("files in the largest circle", 0),
    ("crates that a change compiles again", 0),
    ("per cent of the code that a change compiles again", SHARE_SLACK),
    ("public items that no other crate names", 0),
];
/// Where [`OF_CRATE`] has circles, and where unnamed items.
const CIRCLE: usize = 0;
const UNNAMED: usize = 3;
/// The figures of all production code, by the names of their rows.
const OF_ALL: [(&str, Column); 3] = [
    ("long-closures", ("closures of more than one line to which a `let` gives a name", 0)),
    ("closures", ("closures in 100,000 characters to which a `let` gives a name", 0)),
    ("tenths-a-line", ("tenths of a character a line", 0)),
];

/// What is counted of a crate.
#[derive(Default)]
struct Counted {
    lines: usize,
    characters: usize,
    closures: usize,
    long_closures: usize,
    public: Vec<String>,
    /// The files by name, and the arrows between them.
    files: Vec<String>,
    arrows: Arrows,
}

/// The figures of a crate, and what they were counted from.
struct Wall {
    figures: Vec<usize>,
    counted: Counted,
    unnamed: Vec<String>,
    lines_again: usize,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn table() -> PathBuf {
    root().join("tests/tidy/walls.txt")
}

/// The name of the crate of a manifest.
fn name_of(manifest: &str) -> &str {
    let package = manifest.split("[package]").nth(1).expect("a package");
    let name = package.lines().find_map(|line| line.strip_prefix("name = \"")).expect("a name");
    name.trim_end_matches('"')
}

fn packages() -> Vec<Package> {
    let root = root();
    let mut manifests = Vec::new();
    // Not `target` and what else lies beside them.
    for folder in ["src", "tests"] {
        crates(&root.join(folder), &mut manifests);
    }
    manifests.push((root.clone(), fs::read_to_string(root.join("Cargo.toml")).expect("the manifest")));
    let package = |(folder, manifest): (PathBuf, String)| {
        let is_joined = folder == root;
        let compiled = |section: &str| !section.contains("dev-dependencies") && !section.starts_with("[workspace");
        Package {
            name: name_of(&manifest).to_owned(),
            modules: if is_joined { root.join("src/bin/ordinal") } else { folder.clone() },
            dependencies: declared(&manifest)
                .filter(|(section, _)| compiled(section))
                .map(|(_, line)| dependency(line).to_owned())
                .collect(),
            is_held: !folder.starts_with(root.join("tests")),
            is_program: is_joined || folder.starts_with(root.join("src/bin")),
            folder,
        }
    };
    manifests.into_iter().map(package).collect()
}

/// Every source file of the workspace, each with the crate in whose folder it lies.
fn texts(packages: &[Package]) -> Vec<Read> {
    let mut files = Vec::new();
    for folder in ["src", "tests"] {
        sources(&root().join(folder), &mut files);
    }
    let owner = |path: &Path| {
        let around = packages.iter().enumerate().filter(|(_, package)| path.starts_with(&package.folder));
        around.max_by_key(|(_, package)| package.folder.components().count()).map(|(at, _)| at)
    };
    let read = |path: PathBuf| {
        let package = owner(&path)?;
        let text = fs::read_to_string(&path).expect("a source");
        Some(Read { package, path, text })
    };
    files.into_iter().filter_map(read).collect()
}

/// The module path of a file, below the folder of its crate's modules; `None` for a program in one file.
fn module_of(package: &Package, path: &Path) -> Option<Vec<String>> {
    let inside = path.strip_prefix(&package.modules).ok()?;
    let mut parts: Vec<String> = inside.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    let file = parts.pop()?;
    // A program beside a library is a module of its own.
    let is_beside = file == "main.rs" && ROOTS[..2].iter().any(|root| package.modules.join(root).exists());
    let is_root = parts.is_empty() && ROOTS.contains(&file.as_str()) && !is_beside;
    if !is_root && file != "mod.rs" {
        parts.push(file.trim_end_matches(".rs").to_owned());
    }
    Some(parts)
}

/// Counts the production code of a crate.
fn count(package: &Package, texts: &[(&Read, Vec<Token>)]) -> Counted {
    let mut counted = Counted::default();
    let mut read = Vec::new();
    let mut of_tests = Vec::new();
    for (text, tokens) in texts {
        let inside = text.path.strip_prefix(&package.folder).expect("a file of the crate");
        if is_test(inside) || text.path.file_name().is_some_and(|name| name == "build.rs") {
            continue;
        }
        let module = module_of(package, &text.path);
        let (tokens, files) = source::without_tests(tokens);
        of_tests.extend(files.iter().filter_map(|file| module.clone().map(|module| [module, vec![(*file).to_owned()]].concat())));
        read.push((*text, module, tokens));
    }
    read.retain(|(_, module, _)| !module.as_ref().is_some_and(|module| of_tests.iter().any(|tests| module.starts_with(tests))));
    let mut files = Vec::new();
    for (text, module, tokens) in read {
        let (lines, characters) = source::lines_and_characters(&text.text, &tokens);
        counted.lines += lines;
        counted.characters += characters;
        let (closures, long_closures) = source::named_closures(&text.text, &tokens);
        counted.closures += closures;
        counted.long_closures += long_closures;
        counted.public.extend(source::public_items(&tokens).into_iter().map(str::to_owned));
        if let Some(module) = module {
            counted.files.push(text.path.strip_prefix(root()).unwrap_or(&text.path).display().to_string());
            files.push(circles::File { module, names: source::names(&tokens) });
        }
    }
    counted.arrows = circles::arrows(&files);
    counted
}

/// Who uses a word.
#[derive(Clone, Copy, PartialEq)]
enum User {
    One(usize),
    Several,
}

/// Every word of the code, tests among it, with the crate that uses it.
fn users<'a>(texts: &[(&'a Read, Vec<Token<'a>>)]) -> HashMap<&'a str, User> {
    let mut users = HashMap::new();
    for (text, tokens) in texts {
        let words: HashSet<&str> = tokens.iter().filter(|token| token.is_word).map(|token| token.text).collect();
        for word in words {
            let user = users.entry(word).or_insert(User::One(text.package));
            if *user != User::One(text.package) {
                *user = User::Several;
            }
        }
    }
    users
}

/// The crates that are compiled again after a change in one: itself, and all that depend on it.
fn done_again<'a>(packages: &'a [Package], changed: &'a str) -> BTreeSet<&'a str> {
    let mut again = BTreeSet::from([changed]);
    loop {
        let uses = |package: &&Package| package.dependencies.iter().any(|name| again.contains(name.as_str()));
        let found: Vec<&str> = packages.iter().filter(uses).map(|package| package.name.as_str()).collect();
        let before = again.len();
        again.extend(found);
        if again.len() == before {
            return again;
        }
    }
}

fn walls() -> BTreeMap<String, Wall> {
    let packages = packages();
    let texts = texts(&packages);
    let mut by_package: Vec<Vec<(&Read, Vec<Token>)>> = packages.iter().map(|_| Vec::new()).collect();
    let read: Vec<(&Read, Vec<Token>)> = texts.iter().map(|text| (text, source::tokens(&text.text))).collect();
    let users = users(&read);
    for (text, tokens) in read {
        by_package[text.package].push((text, tokens));
    }
    let counted: Vec<Counted> = packages.iter().zip(&by_package).map(|(package, texts)| count(package, texts)).collect();
    let shared = |at: &usize| packages[*at].is_held && !packages[*at].is_program;
    let lines: BTreeMap<&str, usize> =
        (0..packages.len()).filter(shared).map(|at| (packages[at].name.as_str(), counted[at].lines)).collect();
    let all: usize = lines.values().sum();
    let mut walls = BTreeMap::new();
    for (at, (package, counted)) in packages.iter().zip(counted).enumerate().filter(|(_, (package, _))| package.is_held) {
        let again: Vec<usize> = done_again(&packages, &package.name).iter().filter_map(|name| lines.get(name)).copied().collect();
        let lines_again = again.iter().sum();
        let is_named = |name: &str| users.get(name).is_some_and(|user| *user != User::One(at));
        let unnamed: Vec<String> = counted.public.iter().filter(|name| !is_named(name)).cloned().collect();
        let circle = circles::largest_circle(&counted.arrows).len();
        let figures = vec![circle, again.len(), rounded(lines_again * 100, all), unnamed.len()];
        walls.insert(package.name.clone(), Wall { figures, counted, unnamed, lines_again });
    }
    walls
}

/// The public items that no other crate names, with the folder of their crate.
pub fn unnamed() -> Vec<(PathBuf, String)> {
    let walls = walls();
    let of = |package: Package| {
        let names = walls.get(&package.name).map_or(Vec::new(), |wall| wall.unnamed.clone());
        names.into_iter().map(move |name| (package.folder.clone(), name))
    };
    packages().into_iter().flat_map(of).collect()
}

fn rounded(part: usize, whole: usize) -> usize {
    (part + whole / 2) / whole.max(1)
}

/// The figures of all crates, and of all production code.
fn counted(walls: &BTreeMap<String, Wall>) -> Rows {
    let sum = |of: fn(&Counted) -> usize| walls.values().map(|wall| of(&wall.counted)).sum::<usize>();
    let (lines, characters) = (sum(|counted| counted.lines), sum(|counted| counted.characters));
    let closures = rounded(sum(|counted| counted.closures) * 100_000, characters);
    let of_all = [sum(|counted| counted.long_closures), closures, rounded(characters * 10, lines)];
    let of_all = OF_ALL.iter().zip(of_all).map(|((name, _), figure)| ((*name).to_owned(), vec![figure]));
    walls.iter().map(|(name, wall)| (name.clone(), wall.figures.clone())).chain(of_all).collect()
}

/// What the figures of a row count.
fn columns(name: &str) -> &'static [Column] {
    OF_ALL.iter().find(|(row, _)| *row == name).map_or(&OF_CRATE[..], |(_, column)| std::slice::from_ref(column))
}

/// The figures of a table.
fn held(table: &str) -> Rows {
    let mut rows = Rows::new();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        let Some(name) = words.next() else { continue };
        let figures: Vec<usize> = words.map(|figure| figure.parse().expect("a figure")).collect();
        assert_eq!(figures.len(), columns(name).len(), "{line}: so many figures are held");
        rows.insert(name.to_owned(), figures);
    }
    rows
}

/// The line of a row.
fn line(name: &str, figures: &[usize]) -> String {
    let figures = figures.iter().zip([6, 6, 6, 8]).map(|(figure, width)| format!(" {figure:>width$}"));
    format!("{name:<16}{}", figures.collect::<String>())
}

/// A table of figures, as [`held`] reads it: those of all production code come last.
fn written(rows: &Rows) -> String {
    let (crates, all): (Vec<_>, Vec<_>) = rows.iter().partition(|(name, _)| columns(name).len() > 1);
    let lines = crates.into_iter().chain(all).map(|(name, figures)| line(name, figures) + "\n");
    format!("{HEAD}\n{}", lines.collect::<String>())
}

/// How a figure stands to the one that is held.
#[derive(Debug, PartialEq)]
enum Moved {
    Rose,
    Fell,
    Stayed,
}

fn moved(held: usize, now: usize, slack: usize) -> Moved {
    if now > held + slack {
        Moved::Rose
    } else if now + slack < held {
        Moved::Fell
    } else {
        Moved::Stayed
    }
}

/// Each figure of a row: what it counts, as held, as counted, and how it moved.
fn compared(columns: &[Column], held: &[usize], now: &[usize]) -> Vec<(&'static str, usize, usize, Moved)> {
    let figures = columns.iter().zip(held.iter().zip(now));
    figures.map(|((what, slack), (held, now))| (*what, *held, *now, moved(*held, *now, *slack))).collect()
}

/// The figures to hold from now on: lower where they fell, and never higher.
fn lowered(columns: &[Column], held: &[usize], now: &[usize]) -> Vec<usize> {
    compared(columns, held, now).into_iter().map(|(_, held, now, moved)| if moved == Moved::Fell { now } else { held }).collect()
}

/// The largest circle of a crate, with the arrows within.
fn circle_drawn(counted: &Counted) -> String {
    let circle = circles::largest_circle(&counted.arrows);
    let mut out = String::new();
    for file in &circle {
        let others = counted.arrows[*file].iter().filter(|(other, _)| circle.contains(other));
        let others: Vec<String> = others.map(|(other, path)| format!("{} ({path})", counted.files[*other])).collect();
        out += &format!("    {} -> {}\n", counted.files[*file], others.join(", "));
    }
    out
}

/// Prints the figures as they are.
fn print(walls: &BTreeMap<String, Wall>, now: &Rows) {
    println!("{HEAD}  public   lines  characters  closures  lines compiled again");
    for (name, Wall { figures, counted, lines_again, .. }) in walls {
        let Counted { lines, characters, closures, public, .. } = counted;
        println!("{} {:>7} {lines:>7} {characters:>11} {closures:>9} {lines_again:>21}", line(name, figures), public.len());
    }
    let sum = |of: fn(&Wall) -> usize| walls.values().map(of).sum::<usize>();
    let largest = walls.values().map(|wall| wall.figures[CIRCLE]).max().unwrap_or(0);
    let (unnamed, public) = (sum(|wall| wall.unnamed.len()), sum(|wall| wall.counted.public.len()));
    let (lines, characters) = (sum(|wall| wall.counted.lines), sum(|wall| wall.counted.characters));
    println!("largest circle {largest}; {unnamed} of {public} public items unnamed; {lines} lines, {characters} characters");
    for (name, (what, _)) in OF_ALL {
        println!("{:?} {what}", now[name]);
    }
}

#[test]
fn the_walls_only_fall() {
    let walls = walls();
    assert!(walls.len() > 20, "{}", walls.len());
    let now = counted(&walls);
    print(&walls, &now);
    let before = held(&fs::read_to_string(table()).unwrap_or_default());
    if std::env::var_os("ORDINAL_UPDATE").is_some() {
        let row = |(name, now): (&String, &Vec<usize>)| {
            (name.clone(), before.get(name).map_or_else(|| now.clone(), |held| lowered(columns(name), held, now)))
        };
        fs::write(table(), written(&now.iter().map(row).collect())).expect("the table is written");
    }
    let held = held(&fs::read_to_string(table()).unwrap_or_default());
    let (mut risen, mut fallen) = (String::new(), String::new());
    for (name, now) in &now {
        let Some(held) = held.get(name) else {
            fallen += &format!("{name}: no row\n");
            continue;
        };
        for (what, held, now, moved) in compared(columns(name), held, now) {
            let told = match moved {
                Moved::Rose => &mut risen,
                Moved::Fell => &mut fallen,
                Moved::Stayed => continue,
            };
            *told += &format!("{name}: {now} {what}, where {held} had been\n");
        }
        let Some(wall) = walls.get(name) else { continue };
        if now[CIRCLE] > held[CIRCLE] {
            risen.push_str(&circle_drawn(&wall.counted));
        }
        if now[UNNAMED] > held[UNNAMED] {
            risen += &format!("    one of {}\n", wall.unnamed.join(", "));
        }
    }
    for name in held.keys().filter(|name| !now.contains_key(*name)) {
        fallen += &format!("{name}: a row of no crate\n");
    }
    assert!(risen.is_empty(), "these figures may only fall (see tests/tidy/walls.rs):\n{risen}");
    assert!(fallen.is_empty(), "hold what was won: ORDINAL_UPDATE=1 writes tests/tidy/walls.txt anew.\n{fallen}");
    let large: Vec<&String> = walls.keys().filter(|name| held[*name][CIRCLE] > MAX_CIRCLE).collect();
    assert!(large.is_empty(), "more than {MAX_CIRCLE} files import each other in {large:?}");
}

#[test]
fn a_figure_that_rises_is_told_and_one_that_falls_is_held() {
    let held = [4, 3, 50, 7];
    let moves = |now: [usize; 4]| compared(&OF_CRATE, &held, &now).into_iter().map(|(.., moved)| moved).collect::<Vec<_>>();
    let lower = |now: [usize; 4]| lowered(&OF_CRATE, &held, &now);
    assert_eq!(moves([4, 3, 52, 7]), [Moved::Stayed, Moved::Stayed, Moved::Stayed, Moved::Stayed]);
    let (worse, better) = ([5, 4, 53, 8], [3, 2, 47, 6]);
    assert_eq!(moves(worse), [Moved::Rose, Moved::Rose, Moved::Rose, Moved::Rose]);
    assert_eq!(lower(worse), held);
    assert_eq!(moves(better), [Moved::Fell, Moved::Fell, Moved::Fell, Moved::Fell]);
    assert_eq!(lower(better), better);
    assert_eq!(lower([4, 3, 49, 7]), held);
}

#[test]
fn a_table_is_read_as_it_is_written() {
    let rows = [("base", vec![4, 25, 100, 12]), ("closures", vec![58]), ("dev", vec![0, 0, 0, 3])];
    let rows = rows.map(|(name, figures)| (name.to_owned(), figures)).into_iter().collect();
    assert_eq!(held(&written(&rows)), rows);
    assert!(written(&rows).ends_with("\nclosures             58\n"), "{}", written(&rows));
}

#[test]
fn a_change_is_compiled_again_by_all_that_depend_on_it() {
    let package = |name: &str, dependencies: &[&str]| Package {
        name: name.to_owned(),
        folder: PathBuf::new(),
        modules: PathBuf::new(),
        dependencies: dependencies.iter().map(|name| (*name).to_owned()).collect(),
        is_held: true,
        is_program: false,
    };
    let all = [package("low", &[]), package("top", &["middle"]), package("middle", &["low"]), package("beside", &["serde"])];
    let again = |name| done_again(&all, name).into_iter().collect::<Vec<_>>();
    assert_eq!(again("low"), ["low", "middle", "top"]);
    assert_eq!(again("middle"), ["middle", "top"]);
    assert_eq!(again("beside"), ["beside"]);
    assert_eq!(rounded(200, 3), 67);
}
