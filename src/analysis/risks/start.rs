//! What a search starts from, and the same start with a manifest that was changed.

use std::rc::Rc;

use base::value::Value;
use causes::command;
use intake::{Dump, World};
use plan::given::{Given, without_nodes};
use plan::ground::Ground;
use plan::start::granted;
use playground::Playground;
use playground::history::Act;
use sim::{Setup, Sim};

use super::acts::Line;
use super::edit::Change;
use super::faults;
use super::mend::Mend;
use super::player::{Input, Refused, State};
use base::time::Span;
use plan::assumed::Assumed;
pub use plan::documents::is_it;
use plan::documents::objects_of;
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
        match Given::read(text) {
            Given::Cluster => Start::Cluster(Rc::new(Dump::read([text]))),
            Given::Manifest(text) => Start::Manifest { setup: Rc::new(setup), text: text.into() },
        }
    }

    /// The manifest, or the cluster as it was printed.
    pub fn text(&self) -> Rc<str> {
        match self {
            Start::Manifest { text, .. } => Rc::clone(text),
            Start::Cluster(dump) => dump.text().into(),
        }
    }

    /// The same cluster with another text.
    #[must_use]
    pub fn with_text(&self, text: &Rc<str>) -> Start {
        match self {
            Start::Manifest { setup, .. } => Start::Manifest { setup: Rc::clone(setup), text: Rc::clone(text) },
            Start::Cluster(_) => Start::Cluster(Rc::new(Dump::read([&**text]))),
        }
    }

    /// Whether the names of images say nothing of what they do.
    pub fn is_foreign(&self) -> bool {
        matches!(self, Start::Cluster(_))
    }

    /// What is taken to be there, as the manifest names it and does not bring it.
    pub fn assumed(&self) -> Assumed {
        match self {
            Start::Cluster(_) => Assumed::default(),
            Start::Manifest { setup, text } => Assumed::of(&Playground::new(setup, ""), text, ""),
        }
    }

    /// What the fields of a manifest show by themselves.
    pub(super) fn faults(&self, assumed: &Assumed) -> Vec<faults::Found> {
        if let Start::Manifest { text, .. } = self { faults::beside(text, assumed) } else { Vec::new() }
    }

    /// The same on a cluster that has the nodes which a manifest brings or names.
    #[must_use]
    pub fn on_named_nodes(mut self) -> Start {
        if let Start::Manifest { setup, text } = &mut self {
            let ground = Ground::of(&Playground::new(setup, ""), text, "");
            *setup = Rc::new(ground.among((**setup).clone()));
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
            Start::Manifest { text, .. } => change.is_of_spelled(&objects_of(text)),
            // A server prints every default.
            Start::Cluster(_) => true,
        }
    }

    /// The same without something that the manifest asks of its cluster; `None` where that is not there.
    pub(super) fn mended(&self, mend: Mend) -> Option<Start> {
        let Start::Manifest { setup, text } = self else { return None };
        let mut documents: Vec<Value> = objects_of(text);
        (mend(&mut documents) > 0).then(|| Start::Manifest { setup: Rc::clone(setup), text: printed(&documents) })
    }

    /// The same start after a change; `None` where nothing is there to be changed.
    pub fn changed(&self, change: &Change) -> Option<Start> {
        match self {
            Start::Manifest { setup, text } => {
                let mut documents: Vec<Value> = objects_of(text);
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
    let mut page = Playground::new(setup, &without_nodes(text));
    let before: Vec<String> = granted(&page, text, "").into_iter().chain(assumed.ground.lines()).collect();
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

fn line(text: String) -> Line {
    Line { after: Span(0), text: text.into() }
}
