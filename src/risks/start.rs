//! What a search starts from, and the same start with a manifest that was changed.

use std::rc::Rc;

use base::value::Value;
use causes::command;
use intake::{Dump, World};
use plan::ground::Ground;
use plan::start::granted;
use playground::Playground;
use playground::history::Act;
use sim::{Setup, Sim};

use super::acts::Line;
use super::assumed::Assumed;
pub use super::documents::is_it;
use super::documents::values;
use super::edit::Change;
use super::mend::Mend;
use super::player::{Input, Refused, State};
use base::time::Span;
use text::Lang;

/// How many writes every application that takes any has acknowledged before anything happens.
pub const WRITES: usize = 3;

/// What a search starts from.
#[derive(Clone, Debug)]
pub enum Start {
    /// A manifest in an empty cluster.
    Manifest { setup: Rc<Setup>, text: Rc<str> },
    /// A cluster that somebody pasted.
    Cluster(Rc<Dump>),
}

impl Start {
    /// A manifest on the page's cluster.
    pub fn manifest(text: &str) -> Start {
        Start::Manifest { setup: Rc::new(playground::setup()), text: text.into() }
    }

    /// A text on a cluster like the page's: a manifest, as it is or in the fences of Markdown, or what kubectl printed of a cluster.
    pub fn of_text(setup: Setup, text: &str) -> Start {
        if intake::looks_printed(text) {
            return Start::Cluster(Rc::new(Dump::read([text])));
        }
        Start::Manifest { setup: Rc::new(setup), text: unfenced(text).into() }
    }

    /// Whether the names of images say nothing of what they do.
    pub fn is_foreign(&self) -> bool {
        matches!(self, Start::Cluster(_))
    }

    /// What is taken to be there, as the manifest names it and does not bring it.
    pub fn assumed(&self) -> Assumed {
        match self {
            Start::Cluster(_) => Assumed::default(),
            Start::Manifest { setup, text } => Assumed::of(&Playground::new(setup, ""), text),
        }
    }

    /// The same on a cluster that has the nodes which a manifest brings or names.
    #[must_use]
    pub fn on_named_nodes(mut self) -> Start {
        if let Start::Manifest { setup, text } = &mut self {
            let ground = Ground::of(&Playground::new(setup, ""), text);
            let nodes = ground.among(&setup.nodes);
            Rc::make_mut(setup).nodes = nodes;
        }
        self
    }

    /// The state at the beginning, and the lines that make it what is searched. `assumed` is what [`Start::assumed`] says.
    pub(super) fn begin(&self, assumed: &Assumed) -> (State, Vec<Line>) {
        match self {
            Start::Cluster(dump) => {
                let world = Playground::around(World::for_page((**dump).clone()).sim, "").world().clone();
                (State::new(world), Vec::new())
            }
            Start::Manifest { setup, text } => (applied(setup, text, assumed), assumed.lines().map(line).collect()),
        }
    }

    /// The sets whose applications take writes, in a world at rest.
    pub fn writable(sim: &Sim) -> impl Iterator<Item = &Rc<api::object::StatefulSet>> {
        let (tables, replicated) = (sim.tables(), sim.disks().replicated());
        tables.stateful_sets().filter(move |set| replicated.members(&set.meta.namespaced_name()).any(|member| member.role().leads()))
    }

    /// The lines that let applications acknowledge writes, in a world at rest.
    pub fn writes(sim: &Sim) -> Vec<Line> {
        let write = |set: &Rc<api::object::StatefulSet>| {
            let naming = command::Naming::of(&set.meta.namespace, "default");
            line(format!("playground write statefulset {} {WRITES}{naming}", set.meta.name))
        };
        Start::writable(sim).map(write).collect()
    }

    /// Whether it spells out what a change is about, which is a default otherwise.
    pub fn spells(&self, change: &Change) -> bool {
        match self {
            Start::Manifest { text, .. } => change.is_of_spelled(&values(text).collect::<Vec<_>>()),
            // A server prints every default.
            Start::Cluster(_) => true,
        }
    }

    /// The same without something that the manifest asks of its cluster; `None` where that is not there.
    pub(super) fn mended(&self, mend: Mend) -> Option<Start> {
        let Start::Manifest { setup, text } = self else { return None };
        let mut documents: Vec<Value> = values(text).collect();
        (mend(&mut documents) > 0).then(|| Start::Manifest { setup: Rc::clone(setup), text: printed(&documents) })
    }

    /// The same start after a change; `None` where nothing is there to be changed.
    pub fn changed(&self, change: &Change) -> Option<Start> {
        match self {
            Start::Manifest { setup, text } => {
                let mut documents: Vec<Value> = values(text).collect();
                change.apply(&mut documents).then(|| Start::Manifest { setup: Rc::clone(setup), text: printed(&documents) })
            }
            Start::Cluster(dump) => {
                let mut dump = (**dump).clone();
                let mut values: Vec<Value> = dump.objects.iter().map(|printed| printed.value.clone()).collect();
                let known = values.len();
                if !change.apply(&mut values) {
                    return None;
                }
                let added: Vec<String> = values.drain(known..).map(|value| value.to_json()).collect();
                for (printed, value) in dump.objects.iter_mut().zip(values) {
                    printed.value = value;
                }
                dump.objects.retain(|printed| !printed.value.is_null());
                if !added.is_empty() {
                    dump = Dump::read(std::iter::once(&*dump.text()).chain(added.iter().map(String::as_str)));
                }
                Some(Start::Cluster(Rc::new(dump)))
            }
        }
    }
}

/// A manifest that is applied to a new cluster, and what was refused of it. Namespaces may come with the manifest: what it asks of its
/// cluster is made before.
fn applied(setup: &Setup, text: &Rc<str>, assumed: &Assumed) -> State {
    let mut page = Playground::new(setup, text);
    let before: Vec<String> = granted(&page, text).into_iter().chain(assumed.ground.lines(&page)).collect();
    let mut inputs = Vec::new();
    for line in before.into_iter().chain([command::apply()]) {
        page.run(page.now(), || true);
        page.type_line(&line, Lang::English);
        inputs.push(Input { at: page.now(), act: Act::Line(line), tab: 0 });
    }
    let refusals = page.verdicts().refusals.iter();
    let refused = refusals.map(|one| Refused { line: one.place.as_ref().map(|place| place.line), words: one.words.clone() }).collect();
    let mut state = State::new(page.world().clone());
    (state.inputs, state.refused) = (inputs, refused);
    state
}

/// The text of those documents that are left.
pub(super) fn printed(documents: &[Value]) -> Rc<str> {
    documents.iter().filter(|document| !document.is_null()).map(yaml::print).collect::<Vec<_>>().join("---\n").into()
}

/// What begins and ends a block of Markdown.
const FENCE: &str = "```";

/// The manifests in the fences of a text, each on its own lines; the text itself where there are no fences.
fn unfenced(text: &str) -> String {
    let mut blocks = text.lines().collect::<Vec<_>>();
    if !blocks.iter().any(|line| line.trim_start().starts_with(FENCE)) {
        return text.to_owned();
    }
    let is_manifest =
        |block: &[&str]| ["kind:", "apiVersion:"].iter().all(|field| block.iter().any(|line| line.trim_start().starts_with(field)));
    let (mut from, mut is_within) = (0, false);
    for at in 0..=blocks.len() {
        if blocks.get(at).is_some_and(|line| !line.trim_start().starts_with(FENCE)) {
            continue;
        }
        if !(is_within && is_manifest(&blocks[from..at])) {
            blocks[from..at].fill("");
        }
        typed(&mut blocks[from..at]);
        if at < blocks.len() {
            blocks[at] = "---";
        }
        (from, is_within) = ((at + 1).min(blocks.len()), !is_within);
    }
    blocks.join("\n") + "\n"
}

/// Keeps of shell lines with here-documents the documents, each on its own lines.
fn typed(block: &mut [&str]) {
    let ends =
        |line: &str| Some(line.split_once("<<")?.1.trim_start_matches(['-', ' ']).split([' ', '|', '>', ';', '&']).next()?.to_owned());
    // A script in a manifest may have some of its own.
    let first = |is: &dyn Fn(&str) -> bool| block.iter().position(|line| is(line)).unwrap_or(block.len());
    let is_shell = first(&|line| line.contains("<<") && is_command(line)) < first(&|line| line.trim_start().starts_with("apiVersion:"));
    let mut end = None;
    for line in block.iter_mut().filter(|_| is_shell) {
        match &end {
            Some(last) if line.trim() == *last => end = None,
            Some(_) => continue,
            None if is_command(line) => end = ends(line).map(|last| last.trim_matches(['\'', '"', '\\']).to_owned()),
            None => {}
        }
        *line = "---";
    }
}

/// Whether a line calls a program that takes a here-document.
fn is_command(line: &str) -> bool {
    ["kubectl", "cat", "tee", "oc", "sudo", "$"].contains(&line.split_whitespace().next().unwrap_or_default())
}

fn line(text: String) -> Line {
    Line { after: Span(0), text: text.into() }
}
