//! Links between everything on the page that is about the same thing: lines of the manifest and of the terminal, objects, DNS names,
//! flags of the timeline.
//!
//! Promises: links are symmetric. Each spot is about some things, namely objects and names; two spots are linked if they have one
//! in common. A pod's identity includes its claims and its name; a claim or a name is about itself alone, so that it leads to
//! its own pod and not to everything else the pod has.
//! Must not know: what a spot looks like, how it is pointed at.

use std::rc::Rc;

use super::manifest::line_of;
use super::terminal::{Line, Voice};
use super::timeline::Moment;
use super::{MAX_COLUMNS, Snapshot};
use api::kind::Kind;
use api::object::{Name, Object, ObjectKey, StatefulSet, parent_and_ordinal};
use causes::origins::origins;
use yaml::{Document, NodeKind};

/// A place on the page that is about something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// An object: its tile, its heading, its row.
    Object(ObjectKey),
    /// A DNS name, as written by a pod of the shown namespace.
    Name(Name),
    /// A line of the manifest, counted from 1.
    Line(usize),
    /// A line of the terminal.
    Said(u64),
    /// A flag of the timeline.
    Moment(u64),
}

impl Spot {
    /// Its token on a page that shows this namespace.
    pub fn token(&self, shown: &str) -> String {
        match self {
            Spot::Object(key) => token(key.kind, &key.namespace, &key.name, shown),
            Spot::Name(name) => format!("name/{name}"),
            Spot::Line(line) => format!("line/{line}"),
            Spot::Said(id) => format!("said/{id}"),
            Spot::Moment(id) => format!("moment/{id}"),
        }
    }
}

/// The part of an object that a field is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The object and its pods.
    Whole,
    /// Its pods' claims.
    Claims,
    /// Its pods' names.
    Names,
}

/// Fields that create things, by kind: the line to which such a thing leads back. Everything below such a field is about the same
/// things; all other fields are about the whole object.
const FIELDS: [(Kind, &str, Part); 8] = [
    (Kind::StatefulSet, "metadata.name", Part::Whole),
    (Kind::StatefulSet, "spec.replicas", Part::Whole),
    (Kind::StatefulSet, "spec.template", Part::Whole),
    (Kind::StatefulSet, "spec.serviceName", Part::Names),
    (Kind::StatefulSet, "spec.volumeClaimTemplates", Part::Claims),
    (Kind::StatefulSet, "spec.persistentVolumeClaimRetentionPolicy", Part::Claims),
    (Kind::Service, "metadata.name", Part::Names),
    (Kind::Deployment, "spec.template", Part::Whole),
];

/// The page at one instant, as far as spots are concerned.
#[derive(Clone, Copy)]
pub struct Page<'a> {
    /// The cluster.
    pub shot: &'a Snapshot<'a>,
    /// The namespace of the shown set.
    pub namespace: &'a str,
    /// The lines of the terminal.
    pub lines: &'a [Line],
    /// The flags of the timeline.
    pub moments: &'a [Moment],
    /// One more ordinal to be considered in a set too large to go through; the page determines it itself.
    pub near: Option<i64>,
}

/// The token of an object, by kind and name, on a page that shows this namespace.
pub fn token(kind: Kind, namespace: &str, name: &str, shown: &str) -> String {
    let elsewhere = kind.is_namespaced() && namespace != shown;
    let rest = if elsewhere { format!("/{namespace}") } else { String::new() };
    format!("{}/{name}{rest}", kind.info().singular)
}

impl Page<'_> {
    /// The token of a spot.
    pub fn token(&self, spot: &Spot) -> String {
        spot.token(self.namespace)
    }

    /// Parses the result of [`Page::token`].
    pub fn read(&self, token: &str) -> Option<Spot> {
        let (what, name) = token.split_once('/')?;
        Some(match what {
            "name" => Spot::Name(name.into()),
            "line" => Spot::Line(name.parse().ok()?),
            "said" => Spot::Said(name.parse().ok()?),
            "moment" => Spot::Moment(name.parse().ok()?),
            kind => {
                let kind = Kind::ALL.iter().copied().find(|k| k.info().singular == kind)?;
                let (name, namespace) = name.split_once('/').unwrap_or((name, self.namespace));
                Spot::Object(ObjectKey::new(kind, &namespace.into(), &name.into()))
            }
        })
    }

    /// The spots linked to this one, including itself.
    pub fn linked(&self, spot: &Spot) -> Vec<Spot> {
        self.nearing(spot).all_linked(spot)
    }

    /// Where a spot leads: the first thing it is about, or the pod of a name.
    pub fn goal(&self, spot: &Spot) -> Option<Spot> {
        let things = self.nearing(spot).about(spot);
        let pod = things.iter().find(|thing| matches!(thing, Spot::Object(key) if key.kind == Kind::Pod));
        pod.or(things.first()).cloned()
    }

    /// The same page, considering the ordinal that a spot refers to.
    fn nearing(&self, spot: &Spot) -> Self {
        let text = match spot {
            Spot::Object(key) => &*key.name,
            Spot::Name(name) => name,
            Spot::Line(_) => "",
            Spot::Said(id) => self.lines.iter().find(|line| line.id == *id).map_or("", |line| &line.text),
            Spot::Moment(id) => self.keys_of(*id).first().map_or("", |key| &*key.name),
        };
        let of_set = |set: &Name, parent: &str| parent.strip_suffix(&**set).is_some_and(|rest| rest.is_empty() || rest.ends_with('-'));
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').filter_map(parent_and_ordinal);
        let known = |(parent, _): &(&str, i64)| self.shot.tables.stateful_sets().any(|set| of_set(&set.meta.name, parent));
        Page { near: words.filter(known).map(|(_, ordinal)| ordinal).next(), ..*self }
    }

    fn all_linked(&self, spot: &Spot) -> Vec<Spot> {
        let things = self.about(spot);
        let shared = |others: &[Spot]| others.iter().any(|other| things.contains(other));
        let mut found = things.clone();
        let all = self.everything();
        let others = all.iter().filter(|one| matches!(one, Spot::Object(_)) && !things.contains(one));
        found.extend(others.filter(|other| shared(&self.about(other))).cloned());
        for (key, document) in self.shot.manifest.iter() {
            let of_kind = FIELDS.iter().filter(|(kind, ..)| *kind == key.kind);
            let mut lines = of_kind.filter(|(_, _, part)| shared(&self.things_of(&key, *part))).peekable();
            if lines.peek().is_none() && !FIELDS.iter().any(|(kind, ..)| *kind == key.kind) && shared(&[Spot::Object(key.clone())]) {
                found.extend(line_of(document, "metadata.name").map(Spot::Line));
            }
            found.extend(lines.filter_map(|(_, field, _)| line_of(document, field)).map(Spot::Line));
        }
        let words: Vec<String> = things.iter().flat_map(words_for).collect();
        for line in self.lines {
            let is = match self.wrote(line.id) {
                Some(wrote) => shared(&wrote),
                None => line.voice != Voice::Typed && words.iter().any(|word| mentions(&line.text, word)),
            };
            if is {
                found.push(Spot::Said(line.id));
            }
        }
        let flagged = self.moments.iter().filter(|moment| shared(&self.flagged(&moment.about, &all)));
        found.extend(flagged.map(|moment| Spot::Moment(moment.id)));
        if !found.contains(spot) {
            found.push(spot.clone());
        }
        found
    }

    /// What a spot is about: objects and names, the most important first.
    fn about(&self, spot: &Spot) -> Vec<Spot> {
        let mentioned = |text: &str| self.everything().into_iter().filter(|one| words_for(one).iter().any(|w| mentions(text, w))).collect();
        match spot {
            Spot::Object(key) => self.things_of(key, Part::Whole),
            Spot::Name(_) => vec![spot.clone()],
            Spot::Line(line) => self.about_line(*line),
            Spot::Said(id) => match (self.wrote(*id), self.lines.iter().find(|line| line.id == *id)) {
                (Some(wrote), _) => wrote,
                (None, Some(line)) => mentioned(&line.text),
                (None, None) => Vec::new(),
            },
            Spot::Moment(id) => self.flagged(self.keys_of(*id), &self.everything()),
        }
    }

    /// The objects that a flag is about.
    fn keys_of(&self, moment: u64) -> &[ObjectKey] {
        self.moments.iter().find(|one| one.id == moment).map_or(&[][..], |moment| &moment.about[..])
    }

    /// What a flag is about, of everything that there is.
    fn flagged(&self, keys: &[ObjectKey], all: &[Spot]) -> Vec<Spot> {
        let things = self.written(keys.iter());
        things.into_iter().filter(|thing| all.contains(thing)).collect()
    }

    /// What a line of the terminal wrote, and what came of it; `None` if it wrote nothing.
    fn wrote(&self, id: u64) -> Option<Vec<Spot>> {
        let mut typed = self.shot.typed.iter().filter(|typed| typed.id == id).peekable();
        typed.peek()?;
        Some(self.written(typed.flat_map(|typed| &typed.wrote)))
    }

    /// Objects, and what came of them.
    fn written<'k>(&self, keys: impl Iterator<Item = &'k ObjectKey>) -> Vec<Spot> {
        let mut things: Vec<Spot> = Vec::new();
        for key in keys {
            let own = if key.kind == Kind::Pod { vec![Spot::Object(key.clone())] } else { self.things_of(key, Part::Whole) };
            things.extend(own.into_iter().filter(|thing| !things.contains(thing)).collect::<Vec<_>>());
        }
        things
    }

    fn about_line(&self, line: usize) -> Vec<Spot> {
        let before = self.shot.manifest.iter().filter(|(_, document)| document.span.line <= line);
        let Some((key, document)) = before.last() else { return Vec::new() };
        let field = field_at(document, line);
        let part = FIELDS.iter().find(|(kind, path, _)| *kind == key.kind && field.as_deref() == Some(path)).map(|(_, _, part)| *part);
        self.things_of(&key, part.unwrap_or(if key.kind == Kind::Service { Part::Names } else { Part::Whole }))
    }

    /// What a part of an object is about.
    fn things_of(&self, key: &ObjectKey, part: Part) -> Vec<Spot> {
        let own = || vec![Spot::Object(key.clone())];
        match (key.kind, part) {
            (Kind::Pod, _) => self.of_pod(key),
            (Kind::PersistentVolume, _) => match self.shot.tables.volume("", &key.name).and_then(|volume| volume.spec.claim.as_ref()) {
                Some(claim) => vec![Spot::Object(claim.key())],
                None => own(),
            },
            (Kind::Service, _) => self.of_service(key),
            (Kind::StatefulSet, part) => match self.shot.set(&key.namespace, &key.name) {
                Some(set) => self.of_set(key, set, part),
                None => own(),
            },
            (Kind::Deployment | Kind::ReplicaSet | Kind::DaemonSet | Kind::Job, _) => {
                let pods = self.shot.tables.pods().map(|pod| pod.key());
                let below = pods.filter(|pod| pod.namespace == key.namespace && origins(self.shot, pod).contains(key));
                own().into_iter().chain(below.take(MAX_COLUMNS).map(Spot::Object)).collect()
            }
            _ => own(),
        }
    }

    fn of_set(&self, key: &ObjectKey, set: &StatefulSet, part: Part) -> Vec<Spot> {
        let all = self.shot.ordinals(set);
        let near = self.near.filter(|near| all.binary_search(near).is_ok_and(|at| at >= MAX_COLUMNS));
        let ordinals = all.into_iter().take(MAX_COLUMNS).chain(near);
        match part {
            Part::Whole => {
                let pods = ordinals.map(|ordinal| ObjectKey::new(Kind::Pod, &key.namespace, &set.pod_name(ordinal)));
                std::iter::once(key.clone()).chain(pods).map(Spot::Object).collect()
            }
            Part::Claims => ordinals.flat_map(|ordinal| claims_of(set, ordinal)).collect(),
            Part::Names => ordinals.filter_map(|ordinal| name_of(set, &set.pod_name(ordinal))).collect(),
        }
    }

    /// A pod and what belongs to its identity.
    fn of_pod(&self, key: &ObjectKey) -> Vec<Spot> {
        let mut things = vec![Spot::Object(key.clone())];
        let set = origins(self.shot, key).into_iter().find(|above| above.kind == Kind::StatefulSet);
        let set = set.and_then(|set| self.shot.set(&set.namespace, &set.name));
        if let Some((set, ordinal)) = set.and_then(|set| Some((set, set.ordinal_of(&key.name)?))) {
            things.extend(claims_of(set, ordinal));
            things.extend(name_of(set, &key.name));
        } else if let Some(pod) = self.shot.tables.pod(&key.namespace, &key.name) {
            let claim = |name: &Name| Spot::Object(ObjectKey::new(Kind::PersistentVolumeClaim, &key.namespace, name));
            things.extend(pod.claim_volumes().map(|volume| claim(&volume.claim)));
        }
        things
    }

    /// A Service, its name, and the names below it.
    fn of_service(&self, key: &ObjectKey) -> Vec<Spot> {
        let governs = |set: &&Rc<StatefulSet>| set.meta.namespace == key.namespace && set.spec.service_name == key.name;
        let sets = self.shot.tables.stateful_sets().filter(governs);
        let below = sets.flat_map(|set| self.of_set(&ObjectKey::new(Kind::StatefulSet, &key.namespace, &set.meta.name), set, Part::Names));
        [Spot::Object(key.clone()), Spot::Name(Rc::clone(&key.name))].into_iter().chain(below).collect()
    }

    /// Everything that a text can mention.
    pub fn everything(&self) -> Vec<Spot> {
        let tables = self.shot.tables;
        let mut all: Vec<Spot> = Vec::new();
        for set in tables.stateful_sets().filter(|set| *set.meta.namespace == *self.namespace) {
            let key = set.key();
            all.extend([Part::Whole, Part::Claims, Part::Names].into_iter().flat_map(|part| self.of_set(&key, set, part)));
        }
        for kind in [Kind::Pod, Kind::PersistentVolumeClaim, Kind::Service, Kind::Deployment] {
            let there = tables.within(kind, self.namespace).take(2 * MAX_COLUMNS).map(Object::key).map(Spot::Object);
            all.extend(there.filter(|spot| !all.contains(spot)).collect::<Vec<_>>());
        }
        all.extend(tables.nodes().map(|node| Spot::Object(ObjectKey::new(Kind::Node, &Name::default(), &node.meta.name))));
        all
    }
}

/// Where an object comes from: the line of the manifest that creates it, and the terminal line that last changed it, each as
/// a label and the token of its spot.
pub(super) fn comes_from(shot: &Snapshot, key: &ObjectKey) -> Vec<(String, String)> {
    let above = origins(shot, key);
    let field = match key.kind {
        Kind::Pod => "spec.template",
        Kind::PersistentVolumeClaim => "spec.volumeClaimTemplates",
        _ => "metadata.name",
    };
    let line = above.iter().find_map(|one| {
        let document = shot.manifest.document_of(one)?;
        if one == key { line_of(document, "metadata.name") } else { line_of(document, field) }
    });
    let typed = shot.typed.iter().rev().find(|typed| above.iter().any(|one| typed.wrote.contains(one)));
    // The rest of a text that was typed with it is not the command.
    let label = |line: &str| format!("$ {}", line.lines().next().unwrap_or_default());
    let line = line.map(|line| (shot.text().manifest.line(line), format!("line/{line}")));
    let pod = if key.kind == Kind::PersistentVolumeClaim { pod_of(shot, key) } else { None };
    let pod = pod.map(|pod| pod_link(&pod));
    let typed = typed.map(|typed| (label(&typed.line), format!("said/{}", typed.id)));
    pod.into_iter().chain(line).chain(typed).collect()
}

/// A link to a pod: its label, and its token on a page that shows its namespace.
pub(super) fn pod_link(pod: &ObjectKey) -> (String, String) {
    (pod.name.to_string(), token(pod.kind, &pod.namespace, &pod.name, &pod.namespace))
}

fn pod_of(shot: &Snapshot, claim: &ObjectKey) -> Option<ObjectKey> {
    let set = origins(shot, claim).into_iter().find(|above| above.kind == Kind::StatefulSet)?;
    let set = shot.set(&set.namespace, &set.name)?;
    Some(ObjectKey::new(Kind::Pod, &claim.namespace, &set.pod_name(set.of_claim(&claim.name)?.1)))
}

fn claims_of(set: &StatefulSet, ordinal: i64) -> impl Iterator<Item = Spot> {
    let key = move |name: Name| Spot::Object(ObjectKey::new(Kind::PersistentVolumeClaim, &set.meta.namespace, &name));
    set.spec.claim_templates.iter().map(move |template| key(template.claim_name(&set.meta.name, ordinal)))
}

/// The DNS name of a pod under its set's Service.
fn name_of(set: &StatefulSet, pod: &str) -> Option<Spot> {
    let service = &set.spec.service_name;
    (!service.is_empty()).then(|| Spot::Name(format!("{pod}.{service}").into()))
}

/// How a text refers to a thing. Names that are too general need their kind before them.
fn words_for(thing: &Spot) -> Vec<String> {
    match thing {
        Spot::Object(key) => match key.kind {
            Kind::Pod | Kind::PersistentVolumeClaim | Kind::PersistentVolume | Kind::Node => vec![key.name.to_string()],
            kind => {
                let mut before = vec![kind.info().singular.to_owned(), kind.qualified_singular()];
                before.extend(kind.info().short.iter().map(|short| (*short).to_owned()));
                before.iter().flat_map(|kind| [format!("{kind}/{}", key.name), format!("{kind} {}", key.name)]).collect()
            }
        },
        Spot::Name(name) if name.contains('.') => vec![name.to_string()],
        _ => Vec::new(),
    }
}

/// Whether a text contains a name as a whole, not only as part of a longer name.
fn mentions(text: &str, word: &str) -> bool {
    let of_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
    text.match_indices(word).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + word.len()..]);
        let goes_on = after.starts_with(of_name) || after.strip_prefix('.').is_some_and(|rest| rest.starts_with(of_name));
        !before.ends_with(|c| of_name(c) || c == '.') && !goes_on
    })
}

/// The field that contains a line of a document: its first two names.
fn field_at(document: &Document, line: usize) -> Option<String> {
    let mut path: Vec<&str> = Vec::new();
    let mut node = document.root.as_ref()?;
    while path.len() < 2 {
        let Some(entry) = node.entries().iter().rev().find(|entry| entry.key.span.line <= line) else { break };
        let NodeKind::Scalar { text, .. } = &entry.key.kind else { break };
        path.push(text);
        node = &entry.value;
    }
    Some(path.join("."))
}
