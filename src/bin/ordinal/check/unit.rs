//! Which manifests of a repository are applied together, and what they are.
//!
//! A chart is what Helm renders, a kustomization what Kustomize builds. Other manifests of a folder belong together, as `kubectl apply -f
//! FOLDER` takes them. Where two files define one object, each file stands for itself.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::process::{Command, Stdio};

use ordinal::api::kind::Kind;
use ordinal::base::value::{Value, members};
use ordinal::yaml;

use super::repository::{Tree, folder_of, is_below, joined};
use crate::input::{Failure, Input};

/// What Kustomize reads of a folder.
const KUSTOMIZATIONS: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
/// What makes a folder a chart.
const CHART: &str = "Chart.yaml";
/// How the name of a manifest ends, for kubectl.
const ENDS: [&str; 3] = [".yaml", ".yml", ".json"];
/// What Helm writes before each document.
const SOURCE: &str = "# Source: ";

/// How the manifests of a unit are had.
#[derive(Clone, Debug, PartialEq, Eq)]
enum How {
    /// As they are.
    Plain,
    /// By Kustomize, from this file of the folder.
    Kustomize(&'static str),
    Helm,
}

/// Manifests that are applied together.
#[derive(Clone, Debug)]
pub struct Unit {
    pub folder: String,
    how: How,
    /// The files that it is made of.
    files: BTreeSet<String>,
}

/// What a unit is.
pub enum Made {
    /// The manifests with a set.
    Inputs(Vec<Input>),
    /// No program that renders it is there.
    NoProgram(&'static str),
}

/// Whether a file of this name makes its folder a chart or a kustomization.
pub(super) fn is_maker(name: &str) -> bool {
    name == CHART || KUSTOMIZATIONS.contains(&name)
}

/// All units of a tree.
pub fn of(tree: &Tree) -> Vec<Unit> {
    let named = |file: &str, name: &str| file == name || file.strip_suffix(name).is_some_and(|rest| rest.ends_with('/'));
    let charts: BTreeSet<&str> = tree.files.iter().filter(|file| named(file, CHART)).map(|file| folder_of(file)).collect();
    let is_within = |folder: &str| charts.iter().any(|chart| *chart != folder && is_below(folder, chart));
    let chart = |folder: &&str| Unit { folder: (*folder).to_owned(), how: How::Helm, files: below(tree, folder) };
    let mut all: Vec<Unit> = charts.iter().filter(|folder| !is_within(folder)).map(chart).collect();
    let folders: BTreeSet<&str> = tree.files.iter().map(|file| folder_of(file)).collect();
    let mut built: BTreeMap<&str, Reached> = BTreeMap::new();
    for folder in folders.iter().filter(|folder| kustomization(tree, folder).is_some()) {
        if !charts.iter().any(|chart| is_below(folder, chart)) {
            let mut reached = Reached::default();
            reached.folder(tree, folder);
            built.insert(folder, reached);
        }
    }
    let is_part = |folder: &str| built.iter().any(|(other, reached)| *other != folder && reached.folders.contains(folder));
    for (folder, reached) in &built {
        if let Some(name) = kustomization(tree, folder).filter(|_| !is_part(folder)) {
            all.push(Unit { folder: (*folder).to_owned(), how: How::Kustomize(name), files: reached.files.clone() });
        }
    }
    let taken: BTreeSet<&String> = all.iter().flat_map(|unit| &unit.files).collect();
    let mut plain: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for file in tree.files.iter().filter(|file| ENDS.iter().any(|end| file.ends_with(end)) && !taken.contains(file)) {
        plain.entry(folder_of(file)).or_default().insert(file.clone());
    }
    let plain = plain.into_iter().map(|(folder, files)| Unit { folder: folder.to_owned(), how: How::Plain, files });
    plain.collect::<Vec<_>>().into_iter().chain(all).collect()
}

fn below(tree: &Tree, folder: &str) -> BTreeSet<String> {
    tree.files.iter().filter(|file| is_below(file, folder)).cloned().collect()
}

/// The name of the folder's kustomization, if there is one.
fn kustomization(tree: &Tree, folder: &str) -> Option<&'static str> {
    KUSTOMIZATIONS.into_iter().find(|name| tree.files.contains(&joined(folder, name)))
}

/// What a kustomization is made of.
#[derive(Default)]
struct Reached {
    folders: BTreeSet<String>,
    files: BTreeSet<String>,
}

impl Reached {
    /// Adds a folder with a kustomization, and all that this names.
    fn folder(&mut self, tree: &Tree, folder: &str) {
        let Some(name) = kustomization(tree, folder) else { return };
        if !self.folders.insert(folder.to_owned()) {
            return;
        }
        let file = joined(folder, name);
        let text = tree.text(&file).unwrap_or_default();
        self.files.insert(file);
        let (documents, mut named) = (yaml::parse(&text), Vec::new());
        documents.iter().filter_map(|document| document.value.as_ref()).for_each(|value| texts(value, &mut named));
        for text in named {
            // A generator names a file as `KEY=FILE`.
            let path = joined(folder, text.rsplit_once('=').map_or(text, |(_, path)| path));
            if tree.files.contains(&path) {
                self.files.insert(path);
            } else {
                self.folder(tree, &path);
            }
        }
    }
}

/// The texts of a value, however deep.
fn texts<'a>(value: &'a Value, all: &mut Vec<&'a str>) {
    if let Some(map) = value.as_map() {
        members(Some(map)).for_each(|(_, value)| texts(value, all));
    } else if let Some(list) = value.as_list() {
        list.iter().for_each(|value| texts(value, all));
    } else {
        all.extend(value.as_text());
    }
}

impl Unit {
    /// Whether a file that came, went or changed is one of the unit.
    pub fn has(&self, file: &str) -> bool {
        match self.how {
            How::Helm => is_below(file, &self.folder),
            How::Plain => folder_of(file) == self.folder && ENDS.iter().any(|end| file.ends_with(end)),
            How::Kustomize(_) => self.files.contains(file),
        }
    }

    /// Whether it is the same unit at another time.
    pub fn is_same(&self, other: &Unit) -> bool {
        self.folder == other.folder && self.name() == other.name()
    }

    /// Whether Helm renders it.
    pub(super) fn is_chart(&self) -> bool {
        self.how == How::Helm
    }

    /// What the unit is called: the file that makes it, or the folder.
    pub fn name(&self) -> String {
        match self.how {
            How::Helm => joined(&self.folder, CHART),
            How::Kustomize(name) => joined(&self.folder, name),
            How::Plain if self.folder.is_empty() => ".".to_owned(),
            How::Plain => self.folder.clone(),
        }
    }

    /// That no program is there that would render the unit.
    pub(super) fn not_checked(&self, program: &str) -> String {
        format!("{}: not checked: {program} would render it, and is not there", self.name())
    }

    /// Reads or renders the unit.
    pub fn make(&self, tree: &Tree) -> Result<Made, Failure> {
        let inputs = match self.how {
            How::Plain => self.plain(tree)?,
            How::Kustomize(name) => match self.build(tree)? {
                Some(text) => {
                    let sources = self.files.iter().filter_map(|file| Some((file.clone(), tree.text(file).ok()?)));
                    vec![Input::rendered(&self.name(), vec![(joined(&self.folder, name), text)], sources.collect())]
                }
                None => return Ok(Made::NoProgram("kustomize or kubectl")),
            },
            How::Helm => {
                let name = self.folder.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("release");
                match rendered("helm", &["template", name, &tree.path(&self.folder).display().to_string(), "--skip-tests"])? {
                    Some(text) => vec![Input::rendered(&self.name(), self.parts(&text), Vec::new())],
                    None => return Ok(Made::NoProgram("helm")),
                }
            }
        };
        Ok(Made::Inputs(inputs.into_iter().filter(has_set).collect()))
    }

    /// The manifests of a folder: all of them, or each, if two of them define one object.
    fn plain(&self, tree: &Tree) -> Result<Vec<Input>, Failure> {
        let mut files: Vec<(String, String)> = Vec::new();
        for file in &self.files {
            let text = tree.text(file)?;
            let input = Input::of(file, text);
            let is_meant = input.texts().any(|text| text.contains(Kind::StatefulSet.info().name));
            if let Some(error) = input.error() {
                // A file that is no YAML is no manifest, unless it names a set.
                if is_meant {
                    return Err(error);
                }
            } else if !input.objects().is_empty() {
                files.push((file.clone(), input.manifest()));
            }
        }
        let input = Input::together(&self.name(), files.clone());
        let mut objects = input.objects();
        let all = objects.len();
        objects.sort();
        objects.dedup();
        if objects.len() == all {
            return Ok(vec![input]);
        }
        Ok(files.into_iter().map(|(name, text)| Input::of(&name, text)).collect())
    }

    /// What Kustomize makes of the folder, or the Kustomize within kubectl.
    fn build(&self, tree: &Tree) -> Result<Option<String>, Failure> {
        let folder = tree.path(&self.folder).display().to_string();
        let built = rendered("kustomize", &["build", &folder])?;
        built.map_or_else(|| rendered("kubectl", &["kustomize", &folder]), |text| Ok(Some(text)))
    }

    /// What Helm printed, by the templates of the chart.
    fn parts(&self, text: &str) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> = Vec::new();
        for document in text.split_inclusive('\n').collect::<Vec<_>>().chunk_by(|_, next| next.trim_end() != "---") {
            let source = document.iter().find_map(|line| line.strip_prefix(SOURCE));
            let path = source.and_then(|source| source.trim().split_once('/')).map(|(_, path)| joined(&self.folder, path));
            let file = path.filter(|path| self.files.contains(path)).unwrap_or_else(|| self.name());
            all.push((file, document.iter().copied().filter(|line| line.trim_end() != "---").collect()));
        }
        all
    }
}

/// Whether there is a set.
fn has_set(input: &Input) -> bool {
    input.sets().next().is_some()
}

/// What a program prints; nothing where the program is not there.
fn rendered(program: &str, args: &[&str]) -> Result<Option<String>, Failure> {
    let output = match Command::new(program).args(args).stdin(Stdio::null()).output() {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        output => output.map_err(|error| Failure::at(program, error))?,
    };
    if output.status.success() {
        return Ok(Some(String::from_utf8_lossy(&output.stdout).into_owned()));
    }
    Err(Failure::at(format!("{program} {}", args.join(" ")), String::from_utf8_lossy(&output.stderr).trim()))
}
