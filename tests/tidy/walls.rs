//! The walls between files and between crates: figures of each crate that only fall.
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
//! Printed, not held: lines and characters of production code. Characters are those of each line without indentation and comment.

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

/// The figures of a crate that are held.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Figures {
    circle: usize,
    again: usize,
    share: usize,
    unnamed: usize,
}

/// What is counted of a crate.
#[derive(Default)]
struct Counted {
    lines: usize,
    characters: usize,
    public: Vec<String>,
    /// The files by name, and the arrows between them.
    files: Vec<String>,
    arrows: Arrows,
}

/// The figures of a crate, and what they were counted from.
struct Wall {
    figures: Figures,
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
        let figures = Figures {
            circle: circles::largest_circle(&counted.arrows).len(),
            again: again.len(),
            share: per_cent(lines_again, all),
            unnamed: unnamed.len(),
        };
        walls.insert(package.name.clone(), Wall { figures, counted, unnamed, lines_again });
    }
    walls
}

/// A part in per cent of a whole, rounded.
/// The public items that no other crate names, with the folder of their crate.
pub fn unnamed() -> Vec<(PathBuf, String)> {
    let walls = walls();
    let of = |package: Package| {
        let names = walls.get(&package.name).map_or(Vec::new(), |wall| wall.unnamed.clone());
        names.into_iter().map(move |name| (package.folder.clone(), name))
    };
    packages().into_iter().flat_map(of).collect()
}

fn per_cent(part: usize, whole: usize) -> usize {
    (part * 100 + whole / 2) / whole.max(1)
}

/// The figures of a table, by crate.
fn held(table: &str) -> BTreeMap<String, Figures> {
    let row = |line: &str| {
        let (name, figures) = line.split_once(' ')?;
        let figures: Vec<usize> = figures.split_whitespace().map(|figure| figure.parse().expect("a figure")).collect();
        let [circle, again, share, unnamed] = figures[..] else { panic!("{line}: not four figures") };
        Some((name.to_owned(), Figures { circle, again, share, unnamed }))
    };
    table.lines().filter(|line| !line.starts_with('#')).filter_map(row).collect()
}

/// A table of figures, as [`held`] reads it.
fn written(rows: &BTreeMap<String, Figures>) -> String {
    let mut out = format!("{HEAD}\n");
    for (name, Figures { circle, again, share, unnamed }) in rows {
        out += &format!("{name:<16} {circle:>6} {again:>6} {share:>6} {unnamed:>8}\n");
    }
    out
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

/// Each figure of a crate: what it is, as held, as counted, and how it moved.
fn compared(held: Figures, now: Figures) -> [(&'static str, usize, usize, Moved); 4] {
    let figure = |what, held, now, slack| (what, held, now, moved(held, now, slack));
    [
        figure("files in the largest circle", held.circle, now.circle, 0),
        figure("crates that a change compiles again", held.again, now.again, 0),
        figure("per cent of the code that a change compiles again", held.share, now.share, SHARE_SLACK),
        figure("public items that no other crate names", held.unnamed, now.unnamed, 0),
    ]
}

/// The figures to hold from now on: lower where they fell, and never higher.
fn lowered(held: Figures, now: Figures) -> Figures {
    let share = if moved(held.share, now.share, SHARE_SLACK) == Moved::Fell { now.share } else { held.share };
    let (circle, again, unnamed) = (held.circle.min(now.circle), held.again.min(now.again), held.unnamed.min(now.unnamed));
    Figures { circle, again, share, unnamed }
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
fn print(walls: &BTreeMap<String, Wall>) {
    println!("{HEAD}  public   lines  characters  lines compiled again");
    for (name, Wall { figures: Figures { circle, again, share, unnamed }, counted, lines_again, .. }) in walls {
        let Counted { lines, characters, public, .. } = counted;
        println!(
            "{name:<16} {circle:>6} {again:>6} {share:>6} {unnamed:>8} {:>7} {lines:>7} {characters:>11} {lines_again:>21}",
            public.len()
        );
    }
    let sum = |of: fn(&Wall) -> usize| walls.values().map(of).sum::<usize>();
    let largest = walls.values().map(|wall| wall.figures.circle).max().unwrap_or(0);
    let (unnamed, public) = (sum(|wall| wall.unnamed.len()), sum(|wall| wall.counted.public.len()));
    let (lines, characters) = (sum(|wall| wall.counted.lines), sum(|wall| wall.counted.characters));
    println!("largest circle {largest}; {unnamed} of {public} public items unnamed; {lines} lines, {characters} characters");
}

#[test]
fn the_walls_only_fall() {
    let walls = walls();
    assert!(walls.len() > 20, "{}", walls.len());
    print(&walls);
    let before = held(&fs::read_to_string(table()).unwrap_or_default());
    let now = |name: &String| walls[name].figures;
    if std::env::var_os("ORDINAL_UPDATE").is_some() {
        let rows = walls.keys().map(|name| (name.clone(), before.get(name).map_or(now(name), |held| lowered(*held, now(name)))));
        fs::write(table(), written(&rows.collect())).expect("the table is written");
    }
    let held = held(&fs::read_to_string(table()).unwrap_or_default());
    let (mut risen, mut fallen) = (String::new(), String::new());
    for (name, wall) in &walls {
        let Some(held) = held.get(name) else {
            fallen += &format!("{name}: no row\n");
            continue;
        };
        for (what, held, now, moved) in compared(*held, wall.figures) {
            let told = match moved {
                Moved::Rose => &mut risen,
                Moved::Fell => &mut fallen,
                Moved::Stayed => continue,
            };
            *told += &format!("{name}: {now} {what}, where {held} had been\n");
        }
        if wall.figures.circle > held.circle {
            risen.push_str(&circle_drawn(&wall.counted));
        }
        if wall.figures.unnamed > held.unnamed {
            risen += &format!("    one of {}\n", wall.unnamed.join(", "));
        }
    }
    for name in held.keys().filter(|name| !walls.contains_key(*name)) {
        fallen += &format!("{name}: a row of no crate\n");
    }
    assert!(risen.is_empty(), "these figures may only fall (see tests/tidy/walls.rs):\n{risen}");
    assert!(fallen.is_empty(), "hold what was won: ORDINAL_UPDATE=1 writes tests/tidy/walls.txt anew.\n{fallen}");
    let large: Vec<&String> = held.iter().filter(|(_, figures)| figures.circle > MAX_CIRCLE).map(|(name, _)| name).collect();
    assert!(large.is_empty(), "more than {MAX_CIRCLE} files import each other in {large:?}");
}

#[test]
fn a_figure_that_rises_is_told_and_one_that_falls_is_held() {
    let held = Figures { circle: 4, again: 3, share: 50, unnamed: 7 };
    let moves = |now| compared(held, now).map(|(.., moved)| moved);
    assert_eq!(moves(Figures { share: 52, ..held }), [Moved::Stayed, Moved::Stayed, Moved::Stayed, Moved::Stayed]);
    let worse = Figures { circle: 5, again: 4, share: 53, unnamed: 8 };
    assert_eq!(moves(worse), [Moved::Rose, Moved::Rose, Moved::Rose, Moved::Rose]);
    assert_eq!(lowered(held, worse), held);
    let better = Figures { circle: 3, again: 2, share: 47, unnamed: 6 };
    assert_eq!(moves(better), [Moved::Fell, Moved::Fell, Moved::Fell, Moved::Fell]);
    assert_eq!(lowered(held, better), better);
    assert_eq!(lowered(held, Figures { share: 49, ..held }), held);
}

#[test]
fn a_table_is_read_as_it_is_written() {
    let rows = BTreeMap::from([
        ("base".to_owned(), Figures { circle: 4, again: 25, share: 100, unnamed: 12 }),
        ("dev".to_owned(), Figures { circle: 0, again: 0, share: 0, unnamed: 3 }),
    ]);
    assert_eq!(held(&written(&rows)), rows);
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
    assert_eq!(per_cent(1, 3), 33);
}
