//! What a search starts from, and the same start with a manifest that was changed.

use std::rc::Rc;

use api::kind::Kind;
use api::object::storage::named_class;
use api::release::Release;
use base::value::Value;
use causes::command;
use intake::{Dump, World};
use plan::case::{self, Case};
use plan::course;
use plan::given::Given;
use plan::lack::Lack;
use playground::Playground;
use playground::history::Act;
use sim::{Setup, Sim};

use super::acts::Line;
use super::edit::Change;
use super::faults;
use super::mend::Mend;
use super::player::{Input, Refused, State};
use base::time::Span;
pub use plan::documents::is_it;
use plan::documents::{claims_of, objects_of};
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
    /// A manifest on bare nodes.
    pub fn manifest(text: &str, release: &'static Release) -> Start {
        Start::Manifest { setup: Rc::new(case::bare(release)), text: text.into() }
    }

    /// A text: a manifest, as it is or in the fences of Markdown, or what kubectl printed of a cluster.
    pub fn of_text(text: &str, release: &'static Release) -> Start {
        match Given::read(text) {
            Given::Cluster => Start::Cluster(Rc::new(Dump::read([text]))),
            Given::Manifest(text) => Start::manifest(&text, release),
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

    /// The case of a manifest, bare; `None` of a cluster.
    pub(super) fn case(&self) -> Option<Case> {
        if let Start::Manifest { setup, text } = self { Some(Case::on(setup, text)) } else { None }
    }

    /// What the manifest names and does not bring, but for room: a start that has too little is told as one that waits.
    pub fn lacks(&self) -> Vec<Lack> {
        let lacks = self.case().map(|case| case.lacks()).unwrap_or_default();
        lacks.into_iter().filter(|lack| !matches!(lack, Lack::Room { .. })).collect()
    }

    /// What the fields of a manifest show by themselves.
    pub(super) fn faults(&self, lacks: &[Lack]) -> Vec<faults::Found> {
        if let Start::Manifest { text, .. } = self { faults::beside(text, lacks) } else { Vec::new() }
    }

    /// The same on nodes that have what the manifest asks of them and does not bring.
    #[must_use]
    pub fn on_added_nodes(self) -> Start {
        let lacks = self.lacks();
        self.on_nodes(&lacks)
    }

    /// The same on nodes that have what was added of them.
    #[must_use]
    pub(super) fn on_nodes(mut self, lacks: &[Lack]) -> Start {
        if let Start::Manifest { setup, text } = &mut self {
            *setup = Rc::new(Case::on(setup, text).with(lacks.to_vec()).setup().clone());
        }
        self
    }

    /// Whether a claim of the manifest gets the default class, and that is the cluster's own.
    pub(super) fn names_no_class(&self) -> bool {
        let Start::Manifest { text, .. } = self else { return false };
        let documents = objects_of(text);
        let brings = documents.iter().any(|one| Kind::claimed(one) == Some(Kind::StorageClass));
        !brings && documents.iter().flat_map(claims_of).any(|claim| named_class(claim).is_none())
    }

    /// The state at the beginning: a manifest with all that it names and does not bring, or a cluster as it was printed.
    pub(super) fn begin(&self) -> State {
        match self {
            Start::Cluster(dump) => State::new(Playground::around(World::for_page((**dump).clone()).sim, "").world().clone()),
            Start::Manifest { setup, text } => {
                let lacks = self.lacks();
                typed(&Case::on(setup, text).with(lacks))
            }
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

/// A case as somebody types what makes it, and what was refused of its manifest.
fn typed(case: &Case) -> State {
    let (empty, acts) = case.begin();
    let mut page = Playground::clone(&empty);
    let mut inputs = Vec::new();
    for act in acts {
        let line = match act {
            course::Act::Line(line) => line,
            act => {
                page.edit(act.text().map_or("".into(), Rc::clone), Lang::English);
                command::apply()
            }
        };
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
