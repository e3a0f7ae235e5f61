//! The shell held to real ones: each line of tests/data/shell is played in the model, in the dialect of the shell that was recorded.
//!
//! A line comes out the same, or is refused in the playground's own voice; anything else is wrong, and fails. The recordings are made
//! again by tests/data/shell/record.py.

mod unit;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::rc::Rc;

use ordinal::base::note::Note;
use ordinal::base::printed::{Piece, Stream};
use ordinal::base::time::Time;
use ordinal::shell::programs::{Dialect, Places, is_builtin_lacking, is_lacking, is_simulated};
use ordinal::shell::{Entry, Host, Shell, Trouble, Want};

/// The scratch folder of the recordings.
const FOLDER: &str = "/tmp/lines";
/// The longest that a line may take.
const MAX_TIME: Time = Time(60_000);

struct World {
    now: Time,
    files: BTreeMap<String, Rc<str>>,
    folders: BTreeSet<String>,
    /// The files that may be run.
    programs: BTreeSet<String>,
    busybox: bool,
}

impl World {
    fn new(busybox: bool) -> World {
        let mut world = World { now: Time(0), files: BTreeMap::new(), folders: BTreeSet::new(), programs: BTreeSet::new(), busybox };
        world.folders.extend(["/", "/tmp", FOLDER, "/root"].map(str::to_owned));
        world.copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/shell/files"), FOLDER);
        world
    }

    fn copy(&mut self, from: &Path, to: &str) {
        for entry in fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            let to = format!("{to}/{}", path.file_name().unwrap().to_str().unwrap());
            if path.is_dir() {
                self.folders.insert(to.clone());
                self.copy(&path, &to);
            } else {
                if fs::metadata(&path).unwrap().permissions().mode() & 0o100 != 0 {
                    self.programs.insert(to.clone());
                }
                self.files.insert(to, fs::read_to_string(&path).unwrap().into());
            }
        }
    }

    fn places(&self) -> Places {
        if self.busybox { Places::BUSYBOX } else { Places::DEBIAN }
    }
}

impl Host for World {
    fn now(&self) -> Time {
        self.now
    }
    fn hostname(&self) -> String {
        "web-2".into()
    }
    fn read(&self, path: &str) -> Result<Rc<str>, Trouble> {
        if self.folders.contains(path) {
            return Err(Trouble::IsFolder);
        }
        self.files.get(path).cloned().ok_or(Trouble::Missing)
    }
    fn write(&mut self, path: &str, text: &str) -> Result<(), Trouble> {
        if self.folders.contains(path) {
            return Err(Trouble::IsFolder);
        }
        let folder = path.rsplit_once('/').map_or("/", |(folder, _)| if folder.is_empty() { "/" } else { folder });
        if !self.folders.contains(folder) {
            return Err(if self.files.contains_key(folder) { Trouble::NotFolder } else { Trouble::Missing });
        }
        self.files.insert(path.to_owned(), text.into());
        Ok(())
    }
    fn remove(&mut self, path: &str) -> Result<(), Trouble> {
        let inside = format!("{path}/");
        let before = self.files.len() + self.folders.len();
        self.files.retain(|file, _| file != path && !file.starts_with(&inside));
        self.folders.retain(|folder| folder != path && !folder.starts_with(&inside));
        if self.files.len() + self.folders.len() < before { Ok(()) } else { Err(Trouble::Missing) }
    }
    fn make_folder(&mut self, path: &str) -> Result<(), Trouble> {
        if self.files.contains_key(path) || self.folders.contains(path) {
            return Err(Trouble::Exists);
        }
        if !self.folders.contains(path.rsplit_once('/').map_or("/", |(folder, _)| if folder.is_empty() { "/" } else { folder })) {
            return Err(Trouble::Missing);
        }
        self.folders.insert(path.to_owned());
        Ok(())
    }
    fn list(&self, path: &str) -> Option<Vec<Entry>> {
        self.folders.contains(path).then(|| {
            let inside = if path == "/" { path.to_owned() } else { format!("{path}/") };
            let name = |path: &String| path.strip_prefix(&inside).filter(|name| !name.is_empty() && !name.contains('/')).map(str::to_owned);
            let files = self.files.iter().filter_map(|(path, text)| Some(Entry { name: name(path)?, size: Some(text.len()) }));
            let folders = self.folders.iter().filter_map(|path| Some(Entry { name: name(path)?, size: None }));
            let mut entries: Vec<Entry> = files.chain(folders).collect();
            entries.sort_by(|a, b| a.name.cmp(&b.name));
            entries
        })
    }
    fn is_busybox(&self) -> bool {
        self.busybox
    }
    fn is_program(&self, path: &str) -> bool {
        let name = path.strip_prefix("/usr").unwrap_or(path).strip_prefix("/bin/").unwrap_or_default();
        self.programs.contains(path) || is_simulated(name, self.places()) || is_lacking(name, self.places())
    }
    fn script(&self, command: &str) -> Option<Rc<str>> {
        command.contains('/').then(|| self.read(command).ok()).flatten()
    }
    fn has(&self, tool: &str) -> bool {
        // The machine of the terminal has it beside what Debian's images have.
        tool == "jq" && !self.busybox || is_simulated(tool.rsplit('/').next().unwrap(), self.places())
    }
}

#[derive(Debug, PartialEq)]
struct Came {
    out: String,
    err: String,
    code: i64,
    notes: Vec<String>,
}

/// What comes of a line in the model.
fn play(name: &str, line: &str) -> Came {
    let mut world = World::new(name == "busybox");
    let (shell_name, dialect) = match name {
        "bash" => ("bash", Dialect::of("bash").unwrap()),
        _ => ("sh", Dialect::of("sh").unwrap()),
    };
    let environment = [("HOME", "/root"), ("HOSTNAME", "web-2"), ("PATH", "/usr/bin:/bin"), ("PWD", FOLDER)];
    let mut shell = Shell::new(dialect, environment.map(|(name, text)| (name.to_owned(), text.to_owned())), FOLDER).with_input("");
    shell.take_words(&[shell_name, "-c", line].map(str::to_owned));
    let mut came = Came { out: String::new(), err: String::new(), code: -1, notes: Vec::new() };
    // The shells in the background, with when they go on.
    let mut behind: Vec<(Shell, Option<Time>)> = Vec::new();
    let mut turns = 0;
    loop {
        turns += 1;
        let want = shell.run(&mut world);
        behind.extend(shell.take_spawned().into_iter().map(|shell| (shell, Some(world.now))));
        let mut take = |pieces: Vec<Piece>| {
            for piece in pieces {
                match piece {
                    Piece::Text(Stream::Out, text) => came.out.push_str(&text),
                    Piece::Text(Stream::Err, text) => came.err.push_str(&text),
                    Piece::Note(note) => came.notes.push(note.to_string()),
                }
            }
        };
        take(shell.take_new());
        match want {
            Want::Command(words, _) => {
                let known =
                    is_lacking(&words[0], world.places()) || is_simulated(&words[0], world.places()) || is_builtin_lacking(&words[0]);
                if known {
                    shell.note(Note::NotSimulated(words[0].clone()));
                } else {
                    shell.print(Stream::Err, &format!("{shell_name}: {}: not found\n", words[0]), &mut world);
                }
                shell.finish(127);
            }
            Want::Time(at) => {
                for (shell, due) in behind.iter_mut().filter(|(_, due)| due.is_some_and(|due| due <= at)) {
                    let want = shell.run(&mut world);
                    take(shell.take_new());
                    *due = if let Want::Time(at) = want { Some(at) } else { None };
                }
                world.now = at;
            }
            Want::Change => break,
            Want::Done(code) => {
                came.code = i64::from(code);
                break;
            }
        }
        if world.now > MAX_TIME || turns > 10_000 {
            break;
        }
    }
    came
}

/// Plays a file of recorded lines, of which so many in a hundred must come out the same; says what came out wrong, and counts.
fn hold(file: &str, least: usize) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/shell").join(file);
    let (mut same, mut refused, mut wrong) = (0, Vec::new(), Vec::new());
    for row in fs::read_to_string(path).unwrap().lines() {
        let row: serde_json::Value = serde_json::from_str(row).unwrap();
        let text = |key: &str| row[key].as_str().unwrap().to_owned();
        let (name, line) = (text("shell"), text("line"));
        let came = play(&name, &line);
        let said = row["err"].as_bool().unwrap();
        if came.out == text("out") && came.code == row["rc"].as_i64().unwrap() && came.err.is_empty() != said {
            same += 1;
        } else if !came.notes.is_empty() {
            refused.push(format!("{name}: {line}\n    {}", came.notes.join(" ")));
        } else {
            let says = if said { " and says so" } else { "" };
            wrong.push(format!("{name}: {line}\n    real: {:?} ({}){says}\n    here: {came:?}", text("out"), row["rc"]));
        }
    }
    let all = same + refused.len() + wrong.len();
    println!("{file}: {all} lines, {same} the same, {} refused, {} wrong", refused.len(), wrong.len());
    println!("refused:\n  {}\nwrong:\n  {}", refused.join("\n  "), wrong.join("\n  "));
    assert!(wrong.is_empty(), "{} of {all} lines are wrong", wrong.len());
    assert!(same * 100 >= all * least, "{same} of {all} lines are the same");
}

#[test]
fn the_language_is_that_of_bash_dash_and_busybox() {
    hold("syntax.jsonl", 92);
}

#[test]
fn the_tools_are_those_of_gnu_and_busybox() {
    hold("tools.jsonl", 95);
}

#[test]
fn everyday_lines_and_entrypoints_do_the_same() {
    hold("everyday.jsonl", 88);
}

#[test]
fn everyday_filters_print_the_same() {
    hold("filters.jsonl", 79);
}

#[test]
fn edges_of_what_everyday_lines_use_are_the_same() {
    hold("edges.jsonl", 93);
}
