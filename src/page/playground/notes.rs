//! Notes about a manifest: what the API server takes without a word, and what does not work all the same.

mod lacks;

use super::documents::place;
use super::printed;
use api::kind::Kind;
use api::object::budget::Kept;
use api::object::storage::named_class;
use api::object::{Meta, Object, ObjectKey, PodTemplate};
use api::schema::schema;
use base::field_path::FieldPath;
use base::image_name::fault;
use base::value::Value;
use causes::apart::{Apart, By, Crowd, crowd};
use causes::command::add_nodes;
use cluster::command;
use cluster::inside::is_supposed_to_serve;
use lacks::missing_classes;
use server::log::{Actor, Change};
use server::namespaces::has_everywhere;
use sim::Sim;
use text::{Prose, Text};
use view::manifest::{DASHES, Defined, Effect, Fix, Note, QUOTES, key_of};
use yaml::{Document, Problem, Span};

/// The notes about what is stored of a text, in a cluster to which it was applied. `all` are its objects, stored or not.
pub fn all(sim: &Sim, text: &str, all: Defined, stored: &[Document], words: &'static Text) -> Vec<Note> {
    let of = |document| {
        let stored = Stored { sim, text, all, document, words };
        let mut notes = stored.duplicate_keys();
        notes.append(&mut stored.lacks());
        notes.append(&mut stored.stand_ins());
        notes.append(&mut stored.images_without_a_name());
        notes.append(&mut stored.dropped());
        notes.append(&mut stored.typographic_commands());
        notes.extend([Stored::missing_volume, Stored::blocking_budget, Stored::excluding_pods].iter().filter_map(|look| look(&stored)));
        notes
    };
    stored.iter().flat_map(of).collect()
}

/// The same about a class that something just written asks for, in plain words.
pub fn of_written(change: &Change, sim: &Sim, words: &Text) -> Option<String> {
    let is_new = change.by == Actor::User && change.before.is_none();
    let asks = matches!(change.key.kind, Kind::StatefulSet | Kind::PersistentVolumeClaim);
    let (_, claim) = missing_classes(&change.after.as_ref().filter(|_| is_new && asks)?.encode(), sim.tables()).into_iter().next()?;
    Some(Prose::read(&words.manifest.no_class(named_class(&claim)?)).plain())
}

/// A document of a text, whose object is stored.
struct Stored<'a> {
    /// The cluster.
    sim: &'a Sim,
    /// The whole text.
    text: &'a str,
    /// The objects of the text, stored or not.
    all: Defined<'a>,
    document: &'a Document,
    words: &'static Text,
}

impl Stored<'_> {
    fn value(&self) -> Option<&Value> {
        self.document.value.as_ref()
    }

    /// The object, if it is of a kind.
    fn key_of(&self, kind: Kind) -> Option<ObjectKey> {
        key_of(self.document, self.all.current).filter(|key| key.kind == kind)
    }

    /// A note about a field.
    fn note(&self, field: &FieldPath, words: &str) -> Note {
        self.note_at(self.document.locate(field), words)
    }

    fn note_at(&self, span: Span, words: &str) -> Note {
        Note { place: Some(place(self.text, span)), words: Prose::read(words), effect: Effect::Fails, fix: None, help: None }
    }

    /// Whether an object is in the cluster or in the manifest, or is made in every namespace.
    fn is_known(&self, key: &ObjectKey) -> bool {
        has_everywhere(key.kind, &key.name) || self.sim.tables().get(key).is_some() || self.all.document_of(key).is_some()
    }

    /// Keys that stand twice in one map: kubectl takes the later one, and nobody says so.
    fn duplicate_keys(&self) -> Vec<Note> {
        let twice = self.document.problems.iter().filter_map(|found| match &found.problem {
            Problem::DuplicateKey(key) => Some((key, found.span)),
            _ => None,
        });
        twice.map(|(key, span)| Note { effect: Effect::Repeated, ..self.note_at(span, &self.words.manifest.twice(key)) }).collect()
    }

    /// Fields of pods that the release knows and takes away, since their gates are off.
    fn dropped(&self) -> Vec<Note> {
        let Some((path, written)) = self.value().and_then(pod_spec) else { return Vec::new() };
        let key = self.value().and_then(Kind::claimed).and_then(|kind| self.key_of(kind));
        let Some(kept) = key.and_then(|key| self.sim.tables().get(&key)).map(Object::encode) else { return Vec::new() };
        let Some((_, kept)) = pod_spec(&kept) else { return Vec::new() };
        let pods = schema().named("PodSpec").into_iter().flat_map(|of| of.fields.iter());
        let known = pods.filter(|field| self.sim.release().knows(field)).map(|field| field.name);
        let known: Vec<&str> = known.filter(|field| kept.get(field).is_none()).collect();
        let lost = written.members().filter(|(key, value)| known.contains(&&***key) && !is_zero(value));
        let told = lost.filter_map(|(key, _)| FieldPath::read(&format!("{path}.{key}")).zip(Some(key)));
        told.map(|(field, key)| self.note(&field, &self.words.manifest.dropped(key, self.sim.release().name))).collect()
    }

    /// Images that can have no such name: accepted, and the containers do not start.
    fn images_without_a_name(&self) -> Vec<Note> {
        let told = |(field, image): (String, &str)| {
            let (fault_of_it, field) = (fault(image)?, FieldPath::read(&field)?);
            if let Some(hole) = printed::placeholder(image) {
                return Some(self.note(&field, &self.words.manifest.template(hole, self.document.locate(&field).line)));
            }
            let note = self.note(&field, &self.words.manifest.no_image(image, &fault_of_it));
            // Whoever pastes from a page brings its quotes along.
            let bare = image.replace(QUOTES, "");
            let meant = [bare.to_ascii_lowercase(), bare].into_iter().rfind(|meant| fault(meant).is_none());
            let line = note.place.as_ref().map(|place| place.line);
            Some(Note { fix: line.zip(meant).map(|(line, to)| Fix::Word { line, from: image.to_owned(), to }), ..note })
        };
        self.value().into_iter().flat_map(images).filter_map(told).collect()
    }

    /// Words of commands that begin as no keyboard writes them: accepted, and the containers do not start as they should.
    fn typographic_commands(&self) -> Vec<Note> {
        let Some((path, spec)) = self.value().and_then(pod_spec) else { return Vec::new() };
        let mut notes = Vec::new();
        for (list, field) in ["initContainers", "containers"].into_iter().flat_map(|list| ["command", "args"].map(|field| (list, field))) {
            for (at, container) in spec.list_at(&[list]).iter().enumerate() {
                let mut words = container.list_at(&[field]).iter().enumerate().filter_map(|(of, word)| Some((of, word.as_text()?)));
                let Some((of, word)) = words.find(|(_, word)| word.starts_with(DASHES) || word.starts_with(QUOTES)) else { continue };
                let place = FieldPath::read(&format!("{path}.{list}[{at}].{field}[{of}]"));
                let note = place.map(|place| self.note(&place, &self.words.manifest.pasted_word(word)));
                notes.extend(note.map(|note| Note { fix: Some(Fix::Typography), ..note }));
            }
        }
        notes
    }

    /// A claim asks for a volume that does not exist: accepted, and the pod that mounts it waits.
    fn missing_volume(&self) -> Option<Note> {
        self.key_of(Kind::PersistentVolumeClaim)?;
        let volume = self.value()?.text_at(&["spec", "volumeName"]).filter(|name| !name.is_empty())?;
        let missing = self.sim.tables().volume("", volume).is_none();
        missing.then(|| self.note(&FieldPath::of("spec.volumeName"), &self.words.manifest.no_such_volume(volume)))
    }

    /// Workloads whose pods exclude one another or are spread over more places than there are: accepted, and the others find none.
    fn excluding_pods(&self) -> Option<Note> {
        let object = self.value()?;
        let spec = object.at(&["spec", "template", "spec"])?;
        spec.at(&["affinity", "podAntiAffinity"]).or_else(|| spec.get("topologySpreadConstraints"))?;
        self.crowds(object)
    }

    /// The note about a workload, if there are too few places for its pods and those that they exclude. It stands at the first of them.
    #[inline(never)]
    fn crowds(&self, object: &Value) -> Option<Note> {
        let (own, template) = (key_of(self.document, self.all.current)?, PodTemplate::decode(object.at(&["spec", "template"])?));
        let found = crowd(self.sim.tables(), &own, template, object.int_at(&["spec", "replicas"]).unwrap_or(1))?;
        let (Crowd { apart: apart @ Apart { key, places, by }, pods, members }, rest) = (&found, found.rest());
        let first = self.all.iter().map(|(key, _)| key).find(|key| members.contains(key));
        if rest <= 0 || *places <= 0 || first.is_some_and(|first| first != own) {
            return None;
        }
        let (words, key) = (&self.words.manifest, if apart.by_node() { "" } else { key });
        let names: Vec<String> = members.iter().map(|member| format!("<{}>", member.name)).collect();
        let of = if names.len() > 1 { names.join(", ") } else { String::new() };
        let (field, words) = match by {
            By::Excludes => ("affinity.podAntiAffinity", words.excluding(*pods, *places, rest, key, &of)),
            By::Spread(wide) => ("topologySpreadConstraints", words.spread_too_wide(*pods, wide.least, wide.domains, wide.skew, rest, key)),
        };
        let help = apart.by_node().then(|| add_nodes(self.words, apart.nodes_for(rest)));
        Some(Note { help, ..self.note(&FieldPath::of(&format!("spec.template.spec.{field}")), &words) })
    }

    /// A budget that wants every pod healthy that its workloads are to have: accepted, and no drain gets past it.
    fn blocking_budget(&self) -> Option<Note> {
        self.key_of(Kind::PodDisruptionBudget).and_then(|budget| self.blocks(&budget))
    }

    /// The note about a budget, if it blocks.
    #[inline(never)]
    fn blocks(&self, key: &ObjectKey) -> Option<Note> {
        let budget = self.sim.tables().budget(&key.namespace, &key.name)?;
        let wants = |kind| {
            let workloads = self.sim.tables().within(kind, &budget.meta.namespace).map(Object::encode);
            let own = workloads.filter(|one| one.at(&["spec", "template"]).is_some_and(|pod| budget.selects(&Meta::decode(pod).labels)));
            own.filter_map(|one| one.int_at(&["spec", "replicas"])).sum::<i64>()
        };
        let pods = wants(Kind::StatefulSet) + wants(Kind::Deployment);
        let (field, kept) = match budget.spec.kept {
            Kept::MinAvailable(least) => ("spec.minAvailable", least.rounded_up(pods)),
            Kept::MaxUnavailable(most) => ("spec.maxUnavailable", pods - most.rounded_up(pods)),
            Kept::Unsaid => return None,
        };
        let words = self.words.manifest.lets_none_go(&budget.meta.name, kept, pods);
        (pods > 0 && kept >= pods).then(|| self.note(&FieldPath::of(field), &words))
    }
}

/// Where the spec of a pod stands that nobody makes. One without its account is refused.
const BARE: &str = "spec";

/// The spec of the pods that an object has made, and where it stands.
pub(super) fn pod_spec(object: &Value) -> Option<(&'static str, &Value)> {
    let path = ["spec.template.spec", "spec.jobTemplate.spec.template.spec"].into_iter();
    let mut path = path.chain((object.text_at(&["kind"]) == Some("Pod")).then_some(BARE));
    path.find_map(|path| Some((path, object.at(&path.split('.').collect::<Vec<_>>())?)))
}

/// Whether a value is what Go has where nothing is written.
fn is_zero(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => !flag,
        Value::Int(number) => *number == 0,
        Value::List(items) => items.is_empty(),
        Value::Map(map) => map.is_empty(),
        value => value.is_null() || value.as_text() == Some(""),
    }
}

/// The programs that containers of an object's pods run as their own for as long as they live, and that are not simulated.
pub fn unknown_programs(object: &Value) -> Vec<String> {
    let Some((_, spec)) = pod_spec(object).filter(|(_, spec)| matches!(spec.text_at(&["restartPolicy"]), None | Some("Always"))) else {
        return Vec::new();
    };
    let own = |container: &Value| {
        let program = container.list_at(&["command"]).first()?.as_text()?;
        is_supposed_to_serve(program, container.text_at(&["image"])?).then(|| program.to_owned())
    };
    spec.list_at(&["containers"]).iter().filter_map(own).collect()
}

/// The images of an object's pods of which nothing is known, or nothing of their tags.
pub fn unknown_images(object: &Value, sim: &Sim) -> Vec<String> {
    let is_unknown = |image: &&str| (!command::is_known(image) || sim.images().is_on_trust(image)) && fault(image).is_none();
    images(object).map(|(_, image)| image).filter(is_unknown).map(str::to_owned).collect()
}

/// The images that somebody has just written, and that are only taken to exist.
pub(super) fn images_on_trust(change: &Change, sim: &Sim) -> Vec<String> {
    let of = |object: &Option<Object>| object.as_ref().filter(|_| change.by == Actor::User).map(Object::encode).unwrap_or_default();
    let (before, after) = (of(&change.before), of(&change.after));
    let is_new =
        |image: &&str| images(&before).all(|(_, known)| known != *image) && sim.images().is_on_trust(image) && fault(image).is_none();
    images(&after).map(|(_, image)| image).filter(is_new).map(str::to_owned).collect()
}

/// The images of an object's pods, each with its field.
fn images(object: &Value) -> impl Iterator<Item = (String, &str)> {
    let lists = ["containers", "initContainers"].into_iter();
    let lists = pod_spec(object).into_iter().flat_map(move |(path, spec)| lists.clone().map(move |list| (path, list, spec)));
    lists.flat_map(|(path, list, spec)| {
        let containers = spec.list_at(&[list]).iter().enumerate();
        containers.filter_map(move |(at, container)| Some((format!("{path}.{list}[{at}].image"), container.text_at(&["image"])?)))
    })
}
