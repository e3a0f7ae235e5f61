//! A run that starts from a cluster that stands, instead of an empty one.

use std::rc::Rc;

use super::History;
use crate::{Playground, dump};
use api::object::Object;
use api::release::Release;
use base::time::Time;
use kubectl::settings::DEFAULT_NAMESPACE;
use sim::{Setup, Sim};
use text::Lang;

/// A cluster that stands where another one stood.
#[derive(Clone, Debug)]
pub struct Start {
    /// What it was made of, as a link carries it.
    pub text: Rc<str>,
    pub sim: Rc<Sim>,
}

impl History {
    /// The start of a run in a cluster that stands. The editor has its StatefulSets with their Services.
    pub fn standing(start: Start, lang: Lang) -> History {
        let manifest = manifest(&start.sim);
        History::of_standing(start, &manifest, lang)
    }

    /// The same with a manifest in the editor.
    pub(super) fn of_standing(start: Start, manifest: &str, lang: Lang) -> History {
        let setup = Setup { release: start.sim.release(), ..Setup::default() };
        History::from(setup, Some(start), manifest, lang)
    }

    /// The cluster that stood at the start.
    pub fn stood(&self) -> Option<&Start> {
        self.standing.as_ref()
    }

    /// Whether a cluster stood at the start.
    pub fn stands(&self) -> bool {
        self.standing.is_some()
    }

    /// The first instant that can be shown.
    pub fn start(&self) -> Time {
        self.standing.as_ref().map_or(Time(0), |start| start.sim.now())
    }

    /// The release of a run that begins like this one: of a cluster that stands it is its own, else the one that is asked for.
    pub(super) fn release_for(&self, asked: &'static Release) -> &'static Release {
        if self.stands() { self.setup.release } else { asked }
    }

    /// A state at the start of the run, on a release that [`History::release_for`] gave.
    pub(super) fn beginning(&self, release: &'static Release, manifest: &str) -> Playground {
        beginning(&Setup { release, ..self.setup.clone() }, self.standing.as_ref(), manifest)
    }
}

/// A state at the start of a run, in a cluster that stands or in an empty one of the setup.
pub(super) fn beginning(setup: &Setup, standing: Option<&Start>, manifest: &str) -> Playground {
    match standing {
        Some(start) => Playground::around((*start.sim).clone(), manifest),
        None => Playground::new(setup, manifest),
    }
}

/// The StatefulSets of a cluster, each after the Service that it names, without what only a server writes.
fn manifest(sim: &Sim) -> String {
    let tables = sim.tables();
    let mut objects: Vec<Object> = Vec::new();
    for set in tables.stateful_sets() {
        let service = tables.service(&set.meta.namespace, &set.spec.service_name).cloned().map(Object::Service);
        let is_new = |service: &Object| objects.iter().all(|other| other.key() != service.key());
        let service = service.filter(is_new);
        objects.extend(service.into_iter().chain([Object::StatefulSet(set.clone())]));
    }
    let text = objects.iter().map(|object| yaml::print(&object.encode())).collect::<Vec<_>>().join("---\n");
    dump::without_server_fields(sim, DEFAULT_NAMESPACE, &text).map_or(text, |(rest, _)| rest)
}
