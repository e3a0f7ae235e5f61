//! Which tool applies what a repository has, as the repository itself shows. An Application of Argo CD shows it, a Kustomization or a
//! HelmRelease of Flux that names the folder, or a chart. What nothing shows, kubectl applies.

use ordinal::base::value::Value;
use ordinal::plan::documents::objects_of;
use ordinal::tools::asked::Options;
use ordinal::tools::tool::Tool;

use super::repository::{Tree, is_below, joined};
use super::unit::Unit;
use crate::plan::By;

/// What a manifest says of the tool that applies a folder.
struct Applier {
    /// The folder that it names.
    folder: String,
    /// The file that shows it.
    file: String,
    tool: Tool,
    options: Vec<String>,
    /// Whether it names a chart, which need not be what else is in the folder.
    of_chart: bool,
}

/// The tools that the manifests of a repository show.
#[derive(Default)]
pub(super) struct Appliers(Vec<Applier>);

/// The kinds that name a folder, the beginning of their version, and how they are read.
const KINDS: [(&str, &str, fn(&Value) -> Vec<Applier>); 3] = [
    ("Application", "argoproj.io/", argo),
    ("Kustomization", "kustomize.toolkit.fluxcd.io/", flux),
    ("HelmRelease", "helm.toolkit.fluxcd.io/", release),
];

impl Appliers {
    /// Reads those of a tree. What cannot be read shows nothing.
    pub fn of(tree: &Tree) -> Appliers {
        let mut all = Vec::new();
        for file in tree.files.iter().filter(|file| [".yaml", ".yml"].iter().any(|end| file.ends_with(end))) {
            let Ok(text) = tree.text(file) else { continue };
            if !KINDS.iter().any(|(_, version, _)| text.contains(version)) {
                continue;
            }
            for object in objects_of(&text) {
                let says = |(kind, version, _): &&(&str, &str, fn(&Value) -> Vec<Applier>)| {
                    object.text_at(&["kind"]) == Some(kind) && object.text_at(&["apiVersion"]).is_some_and(|own| own.starts_with(version))
                };
                let found = KINDS.iter().find(says).map_or(Vec::new(), |(_, _, read)| read(&object));
                all.extend(found.into_iter().map(|one| Applier { file: file.clone(), ..one }));
            }
        }
        Appliers(all)
    }

    /// Who applies a unit, and the file that shows it.
    pub fn by(&self, unit: &Unit) -> (By, Option<String>) {
        let names = |one: &&Applier| is_below(&unit.folder, &one.folder) && (!one.of_chart || unit.is_chart() && unit.folder == one.folder);
        // The one that names the folder most closely.
        let shown = self.0.iter().filter(names).max_by_key(|one| one.folder.len());
        let read = |tool: Tool, words: &[String]| By::of(tool, Options::read(tool, words).unwrap_or_default());
        match shown {
            Some(one) => (read(one.tool, &one.options), Some(one.file.clone())),
            None if unit.is_chart() => (read(Tool::Helm4, &[]), Some(unit.name())),
            None => (By::default(), None),
        }
    }
}

fn applier(folder: Option<&str>, tool: Tool, options: Vec<String>, of_chart: bool) -> Option<Applier> {
    Some(Applier { folder: joined("", folder?), file: String::new(), tool, options, of_chart })
}

/// The sources of an Application that are folders, and its options.
fn argo(object: &Value) -> Vec<Applier> {
    let spec = |path: &[&str]| object.at(&[&["spec"], path].concat());
    let synced = object.list_at(&["spec", "syncPolicy", "syncOptions"]).iter().filter_map(Value::as_text);
    let mut options: Vec<String> = synced.map(|option| format!("--sync-option={option}")).collect();
    let prunes = spec(&["syncPolicy", "automated", "prune"]).and_then(Value::as_bool) == Some(true);
    options.extend(prunes.then(|| "--prune".to_owned()));
    let sources = spec(&["source"]).into_iter().chain(object.list_at(&["spec", "sources"]));
    sources.filter_map(|source| applier(source.text_at(&["path"]), Tool::ArgoCd, options.clone(), false)).collect()
}

/// The folder of a Kustomization, and what it says of force and of what is gone.
fn flux(object: &Value) -> Vec<Applier> {
    let on = |field: &str| object.at(&["spec", field]).and_then(Value::as_bool) == Some(true);
    let mut options = vec![format!("--prune={}", on("prune"))];
    options.extend(on("force").then(|| "--force".to_owned()));
    waits(on("wait"), object, &mut options);
    applier(object.text_at(&["spec", "path"]).or(Some(".")), Tool::Flux, options, false).into_iter().collect()
}

/// The chart of a HelmRelease, for which Flux waits unless it says otherwise.
fn release(object: &Value) -> Vec<Applier> {
    let upgrade = |field: &str| object.at(&["spec", "upgrade", field]).and_then(Value::as_bool) == Some(true);
    let mut options = Vec::new();
    if upgrade("force") {
        options.extend(["--force-replace".to_owned(), "--server-side=false".to_owned()]);
    }
    waits(!upgrade("disableWait"), object, &mut options);
    applier(object.text_at(&["spec", "chart", "spec", "chart"]), Tool::Helm4, options, true).into_iter().collect()
}

fn waits(waits: bool, object: &Value, options: &mut Vec<String>) {
    options.extend(waits.then(|| "--wait".to_owned()));
    let timeout = object.text_at(&["spec", "timeout"]).filter(|_| waits);
    options.extend(timeout.map(|timeout| format!("--timeout={timeout}")));
}
