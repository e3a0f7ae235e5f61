//! Files and standard input as one text, and the places in them.

use std::fmt::Display;
use std::io::{IsTerminal, Read};
use std::path::Path;

use ordinal::api::kind::Kind;
use ordinal::api::object::ObjectKey;
use ordinal::base::field_path::FieldPath;
use ordinal::base::value::{Value, members};
use ordinal::causes::command::MANIFEST;
use ordinal::plan::given::PART;
use ordinal::risks::start::is_it;
use ordinal::yaml::{self, Document};

/// The file name that stands for standard input.
pub const STDIN: &str = "-";

/// Why the program cannot do what was asked: what to print after `ordinal: `.
#[derive(Debug)]
pub struct Failure(pub String);

impl Failure {
    /// What is wrong with a file, and where.
    pub fn at(place: impl Display, why: impl Display) -> Failure {
        Failure(format!("{place}: {why}"))
    }

    /// Several of them as one.
    pub fn all(all: impl IntoIterator<Item = Failure>) -> Failure {
        Failure(all.into_iter().map(|Failure(why)| why).collect::<Vec<_>>().join("\n"))
    }
}

/// What kubectl advises after what it refuses: a flag that this program does not have.
const ADVICE: &str = "; if you choose to ignore these errors";

/// The words in which kubectl refuses a file of this name, which was applied under another.
pub fn refused(words: &str, name: &str) -> String {
    let words = words.trim_start_matches("error: ").replace(MANIFEST, name);
    words.lines().map(|line| line.split(ADVICE).next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// A line of a file, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileLine {
    pub file: String,
    pub line: usize,
}

impl Display for FileLine {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// A file that was read.
#[derive(Clone, Debug)]
struct File {
    name: String,
    text: String,
    /// Whether a program wrote the text from the file, so that its lines are not those of the file.
    is_rendered: bool,
}

impl File {
    /// The place of a line of the text.
    fn place(&self, line: usize) -> FileLine {
        FileLine { file: self.name.clone(), line: if self.is_rendered { 1 } else { line } }
    }
}

/// Files that follow each other.
#[derive(Clone, Debug)]
pub struct Input {
    name: String,
    files: Vec<File>,
    /// What a text was rendered from: objects are looked for here first.
    sources: Vec<File>,
}

impl Input {
    /// Reads files, in their order; `-` is standard input.
    pub fn read<P: AsRef<Path>>(files: &[P]) -> Result<Input, Failure> {
        let read = |file: &P| Ok(File { name: file.as_ref().display().to_string(), text: text_of(file.as_ref())?, is_rendered: false });
        let files = files.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        Ok(Input { name: files.first().map_or(STDIN.to_owned(), |file| file.name.clone()), files, sources: Vec::new() })
    }

    /// What a program printed, under a name.
    pub fn of(name: &str, text: String) -> Input {
        let file = File { name: name.to_owned(), text, is_rendered: false };
        Input { name: name.to_owned(), files: vec![file], sources: Vec::new() }
    }

    /// Files with their texts, under a name for all of them.
    pub fn together(name: &str, files: Vec<(String, String)>) -> Input {
        let files = files.into_iter().map(|(name, text)| File { name, text, is_rendered: false }).collect();
        Input { name: name.to_owned(), files, sources: Vec::new() }
    }

    /// What a program wrote from files, under a name for all of it; `sources` have objects that it took over.
    pub fn rendered(name: &str, files: Vec<(String, String)>, sources: Vec<(String, String)>) -> Input {
        let mut input = Input::together(name, files);
        input.files.iter_mut().for_each(|file| file.is_rendered = true);
        input.sources = Input::together(name, sources).files;
        input
    }

    /// The name of the first file, or of all files.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The texts of the files.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| &*file.text)
    }

    /// The texts of the files as one, in which each begins a line.
    pub fn text(&self) -> String {
        self.texts().flat_map(|text| [text, if text.ends_with('\n') { "" } else { "\n" }]).collect()
    }

    /// The kind, the namespace and the name of each object, in order.
    pub fn objects(&self) -> Vec<(String, String, String)> {
        let mut all = Vec::new();
        for document in self.files.iter().flat_map(|file| yaml::parse(&file.text)) {
            let Some(value) = &document.value else { continue };
            let text = |object: &Value, path: &[&str]| object.text_at(path).map(str::to_owned);
            all.extend(objects(value).filter_map(|(_, object)| {
                let namespace = text(object, &["metadata", "namespace"]).unwrap_or_default();
                Some((text(object, &["kind"])?, namespace, text(object, &["metadata", "name"])?))
            }));
        }
        all
    }

    /// The sets.
    pub fn sets(&self) -> impl Iterator<Item = ObjectKey> + use<> {
        let of_kind = |(kind, ..): &(String, String, String)| kind == Kind::StatefulSet.info().name;
        self.objects().into_iter().filter(of_kind).map(|(_, namespace, name)| {
            let namespace = if namespace.is_empty() { "default" } else { &namespace };
            ObjectKey::new(Kind::StatefulSet, &namespace.into(), &name.as_str().into())
        })
    }

    /// The kind of each document.
    pub fn kinds(&self) -> Vec<String> {
        let documents = self.files.iter().flat_map(|file| yaml::parse(&file.text));
        documents.filter_map(|document| Some(document.value.as_ref()?.text_at(&["kind"])?.to_owned())).collect()
    }

    /// The first error of the files as YAML.
    pub fn error(&self) -> Option<Failure> {
        self.files.iter().find_map(|file| {
            let documents = yaml::parse(&file.text);
            let error = documents.iter().find_map(Document::error)?;
            Some(Failure::at(file.place(error.span.line), &error.problem))
        })
    }

    /// The files as one manifest. A line that parts two files counts to neither.
    pub fn manifest(&self) -> String {
        let whole = |file: &File| if file.text.ends_with('\n') { file.text.clone() } else { file.text.clone() + "\n" };
        let next = |(at, file): (usize, &File)| (if at == 0 { String::new() } else { part(&file.name) }) + &whole(file);
        self.files.iter().enumerate().map(next).collect()
    }

    /// The place of a line of [`Input::manifest`].
    pub fn place_in_manifest(&self, line: usize) -> FileLine {
        self.place(line, 1)
    }

    /// The place of a line of the texts, which follow each other.
    pub fn place_in_texts(&self, line: usize) -> FileLine {
        self.place(line, 0)
    }

    /// The place of a line, where so many lines part two files.
    fn place(&self, mut line: usize, apart: usize) -> FileLine {
        for (at, file) in self.files.iter().enumerate() {
            let lines = file.text.lines().count();
            if line <= lines || at + 1 == self.files.len() {
                return file.place(line.clamp(1, lines.max(1)));
            }
            line = line.saturating_sub(lines + apart);
        }
        FileLine { file: STDIN.to_owned(), line: 1 }
    }

    /// Where a field of an object stands, or the nearest field around that; `None` where the files do not have the object.
    pub fn find(&self, key: &ObjectKey, path: &[&str]) -> Option<FileLine> {
        self.sources.iter().chain(&self.files).find_map(|file| {
            let line = yaml::parse(&file.text).iter().find_map(|document| line_of(document, key, path))?;
            Some(file.place(line))
        })
    }

    /// What an object of the files says of itself in an annotation with a prefix: the rest of each name, and the value.
    pub fn annotations(&self, key: &ObjectKey, prefix: &str) -> Vec<(String, String)> {
        let mut all = Vec::new();
        for document in self.files.iter().flat_map(|file| yaml::parse(&file.text)) {
            let Some(value) = &document.value else { continue };
            for object in objects(value).filter(|(_, object)| is_it(object, key)).map(|(_, object)| object) {
                let entries = members(object.at(&["metadata", "annotations"]).and_then(Value::as_map));
                all.extend(entries.filter_map(|(name, value)| Some((name.strip_prefix(prefix)?.to_owned(), value.as_text()?.to_owned()))));
            }
        }
        all
    }
}

/// The line between two files.
fn part(name: &str) -> String {
    format!("{PART}{name}\n")
}

/// The objects of a document with their paths: itself, or the items of a list.
fn objects(value: &Value) -> impl Iterator<Item = (FieldPath, &Value)> {
    let items = FieldPath::of("items").each(value.list_at(&["items"])).collect::<Vec<_>>();
    std::iter::once((FieldPath::root(), value)).chain(items)
}

/// The line of a document with a field of an object, or with the nearest field around.
fn line_of(document: &Document, key: &ObjectKey, path: &[&str]) -> Option<usize> {
    let (object, _) = objects(document.value.as_ref()?).find(|(_, object)| is_it(object, key))?;
    // An object is where its name is.
    let path = if path.is_empty() { &["metadata", "name"] } else { path };
    Some(document.locate(&path.iter().fold(object, |path, field| path.field(field))).line)
}

/// The text of a file, or of standard input.
fn text_of(file: &Path) -> Result<String, Failure> {
    let mut text = Vec::new();
    let is_stdin = file == Path::new(STDIN);
    if is_stdin && std::io::stdin().is_terminal() {
        eprintln!("ordinal: reading what you paste; Ctrl D ends it");
    }
    let read = if is_stdin { std::io::stdin().read_to_end(&mut text).map(drop) } else { std::fs::read(file).map(|bytes| text = bytes) };
    let name = if is_stdin { "standard input".into() } else { file.display().to_string() };
    read.map_err(|error| Failure::at(&name, reason(&error)))?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// Why a file cannot be read, in the same words on every system.
fn reason(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "no such file; a manifest or what kubectl printed was expected".into(),
        ErrorKind::IsADirectory => "is a folder; a file was expected".into(),
        ErrorKind::PermissionDenied => "permission denied".into(),
        _ => error.to_string(),
    }
}
