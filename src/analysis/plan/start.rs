//! The world that a change is planned in: made of a manifest, or of what kubectl printed of a cluster.

use crate::assumed::{Assumed, Fact, facts};
use crate::by::asked;
use crate::course::Act;
use crate::documents::{classes, key_of, objects_of, spaces};
use crate::given::{Given, without_nodes};
use crate::ground::Ground;
use crate::trial::Trial;
use api::client::{Client, Patch, PatchType, Subresource, WriteOptions};
use api::kind::Kind;
use api::managed::{LAST_APPLIED, MANAGED_FIELDS, decode, memory_of};
use api::object::storage::StorageClass;
use api::object::{Name, Object};
use api::release::Release;
use api::well_known::CONTROLLER_REVISION_HASH;
use base::slices::Slices;
use base::sort::Sort;
use base::time::Time;
use base::value::Value;
use causes::blame::is_well;
use causes::command::{self, Naming};
use causes::waits::waits_for;
use cluster::images::SEEN;
use cluster::provisioner::{is_named_on_nodes, is_on_nodes};
use intake::verdict::LOOKS;
use intake::{Dump, PRINTS_ALL, World, looks_printed};
use playground::{Playground, setup};
use sim::{Setup, Sim};
use std::rc::Rc;
use text::diagnose::Unread;
use text::plan::Way;
use text::{ANALYSIS, Lang};
use tools::asked::Options;
use tools::tool::Tool;
use why::Cause;

/// Why a text makes no world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line and the column, counted from 1, where one is to blame.
    pub place: Option<(usize, usize)>,
    pub words: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        if let Some((line, column)) = self.place {
            write!(f, "{line}:{column}: ")?;
        }
        f.write_str(&self.words)
    }
}

/// What of a text is no YAML, or is no object.
pub fn faults(text: &str) -> Vec<Fault> {
    let documents = yaml::parse(text);
    let errors = documents.iter().filter_map(|document| document.error());
    let mut found: Vec<Fault> =
        errors.map(|error| Fault { place: Some((error.span.line, error.span.column)), words: error.problem.to_string() }).collect();
    let is_object = |document: &yaml::Document| document.value.as_ref().is_some_and(|value| value.text_at(&["kind"]).is_some());
    if found.is_empty() && !documents.iter().any(is_object) {
        found.push(Fault { place: None, words: "no object".to_owned() });
    }
    found
}

/// The lines that make what a manifest takes for granted in a cluster: the namespaces, and the classes of volumes, that it names and does
/// not bring. Of a text that is applied later, those classes as well.
pub fn granted(world: &Playground, text: &str, later: &str) -> Vec<String> {
    let spaces = spaces(world, text);
    let mut lines: Vec<String> = spaces.iter().map(|space| command::create_namespace(space)).collect();
    // Nobody tells what a class is like that is only named: most of those are of disks that every node reaches.
    for class in classes(world, text, later) {
        let is_so = |one: &&Rc<StorageClass>| is_on_nodes(one) == is_named_on_nodes(&class);
        let Some(like) = world.tables().classes().find(is_so).or(world.tables().default_class()) else { continue };
        let mut made = Object::StorageClass(Rc::clone(like)).encode();
        made.set(&["metadata"], Value::map());
        lines.push(command::make(Lang::English.text(), Kind::StorageClass, &class, made).line);
    }
    lines
}

/// The objects of a text whose kind is none of Kubernetes' own.
fn custom(text: &str) -> impl Iterator<Item = [Name; 3]> {
    let named = |object: Value| {
        [&["apiVersion"][..], &["kind"], &["metadata", "name"]].map(|path| Name::from(object.text_at(path).unwrap_or_default()))
    };
    objects_of(text).into_iter().map(named).filter(|[version, kind, _]| Kind::is_foreign(version, kind))
}

/// The objects of a text that are left out, because the cluster does not know their custom kind: each once.
pub fn left_out(world: &Playground, text: &str) -> Vec<String> {
    let is_known = |version: &str, kind: &str| world.sim().custom_kinds().iter().any(|known| known.serves(version, kind));
    let mut found: Vec<String> =
        custom(text).filter(|[version, kind, _]| !is_known(version, kind)).map(|[_, kind, name]| format!("{kind}/{name}")).collect();
    found.sort_small();
    found.dedup();
    found
}

/// Whether words refuse an object of a text for no more than that.
pub fn is_left_out(said: &str, text: &str) -> bool {
    custom(text).any(|[_, kind, _]| said.contains(&format!("no matches for kind \"{kind}\"")))
}

/// Writes into objects what people leave out of what was printed: defaults, and in pods fields of the template that they are of.
fn complete(dump: &mut Dump, release: &Release) {
    dump.objects.iter_mut().filter(|one| !MADE.contains(&one.kind)).for_each(|one| remember(&mut one.value));
    dump.objects.iter_mut().for_each(|one| (api::rules::rules().fill_in)(one.kind, &mut one.value, release));
    let sets: Vec<Value> = dump.of(Kind::StatefulSet).cloned().collect();
    for one in dump.objects.iter_mut().filter(|one| one.kind == Kind::Pod) {
        // A kubelet knows a pod that it has started, at whatever time.
        if !one.value.list_at(&["status", "containerStatuses"]).is_empty() && one.value.at(&["status", "startTime"]).is_none() {
            one.value.set(&["status", "startTime"], Time(0).rfc3339());
        }
        let (space, hash) =
            (one.value.text_at(&["metadata", "namespace"]), one.value.text_at(&["metadata", "labels", CONTROLLER_REVISION_HASH]));
        let is_its = |set: &&Value| set.text_at(&["metadata", "namespace"]) == space && set.text_at(&["status", "updateRevision"]) == hash;
        let Some(set) = sets.iter().find(is_its).filter(|_| hash.is_some()) else { continue };
        let mut containers = one.value.list_at(&["spec", "containers"]).to_vec();
        for container in &mut containers {
            let name = container.text_at(&["name"]).map(str::to_owned);
            let all = set.list_at(&["spec", "template", "spec", "containers"]);
            let of = all.iter().find(|of| of.text_at(&["name"]) == name.as_deref());
            for (key, value) in of.into_iter().flat_map(Value::members).filter(|(key, _)| container.get(key).is_none()).collect::<Vec<_>>()
            {
                container.set(&[key], value.clone());
            }
        }
        one.value.set(&["spec", "containers"], Value::list(containers));
    }
}

/// The kinds that components make, or that nobody applies again.
const MADE: [Kind; 9] = [
    Kind::Pod,
    Kind::Node,
    Kind::PersistentVolume,
    Kind::PersistentVolumeClaim,
    Kind::VolumeAttachment,
    Kind::ReplicaSet,
    Kind::ControllerRevision,
    Kind::Endpoints,
    Kind::EndpointSlice,
];

/// Takes an object to be applied as it stands where nobody shows who manages it, as an object of a manifest is. An apply then takes away
/// what it no longer has. How many replicas there are, others may have written.
fn remember(object: &mut Value) {
    let is_told = object.at(&MANAGED_FIELDS).is_some() || object.at(&["metadata", "annotations", LAST_APPLIED]).is_some();
    if is_told || !object.list_at(&["metadata", "ownerReferences"]).is_empty() {
        return;
    }
    let mut config = object.clone();
    for field in
        [&["status"][..], &["spec", "replicas"], &["metadata", "uid"], &["metadata", "generation"], &["metadata", "resourceVersion"]]
    {
        config.remove(field);
    }
    object.set(&["metadata", "annotations", LAST_APPLIED], memory_of(&config));
}

/// Who manages which fields of the objects of a text, as far as it tells: what to merge into each object. One that does not show what
/// was applied to it last has no memory of that.
fn managed(text: &str) -> Vec<(Kind, [String; 2], Value)> {
    let told = |object: Value| {
        let kind = Kind::claimed(&object)?;
        let managers = object.at(&MANAGED_FIELDS).filter(|managers| decode(managers).is_some_and(|all| !all.is_empty()))?;
        let mut owned = Value::map();
        owned.set(&MANAGED_FIELDS, managers.clone());
        let memory = ["metadata", "annotations", LAST_APPLIED];
        if object.at(&memory).is_none() {
            owned.set(&memory, Value::Null);
        }
        let meta = |key: &str| object.text_at(&["metadata", key]).unwrap_or_default().to_owned();
        Some((kind, [meta("namespace"), meta("name")], owned))
    };
    objects_of(text).into_iter().filter_map(told).collect()
}

/// The lines that do so in a terminal.
fn owned(text: &str) -> Vec<String> {
    let line = |(kind, [space, name], patch): (Kind, [String; 2], Value)| {
        Naming::of(&space, "").patch(kind, &name, PatchType::Merge, &patch.to_json())
    };
    managed(text).into_iter().map(line).collect()
}

/// Writes into a Service the list of addresses that a server always stores.
fn addressed(service: &mut Value) {
    if let Some(address) = service.text_at(&["spec", "clusterIP"]).map(Value::from)
        && service.list_at(&["spec", "clusterIPs"]).is_empty()
    {
        service.set(&["spec", "clusterIPs"], Value::list([address]));
    }
}

/// The cluster of a text, quiet. A dump tells its release by itself. Of a manifest, what is refused is left out, unless it is a set.
pub fn world(text: &str, release: &'static Release) -> Result<Playground, Vec<Fault>> {
    Ok(begin(text, "", release)?.0)
}

/// How a cluster came to be as a change finds it.
#[derive(Clone, Debug, Default)]
pub struct Made {
    /// The tool that installed the manifest; kubectl, where none is named.
    pub by: Option<Tool>,
    /// What people typed since, in a terminal.
    pub since: Vec<String>,
}

/// The same, and what was assumed, where another text is to be applied later: the cluster has the nodes that this one asks for.
pub fn begin(text: &str, later: &str, release: &'static Release) -> Result<(Playground, Vec<Fact>), Vec<Fault>> {
    begin_as(text, later, release, &Made::default())
}

/// The same, of a cluster that came about in a way.
pub fn begin_as(text: &str, later: &str, release: &'static Release, made: &Made) -> Result<(Playground, Vec<Fact>), Vec<Fault>> {
    let (world, facts) = installed(text, later, release, made.by)?;
    Ok((typed_since(world, &made.since)?, facts))
}

/// An empty cluster in which a text was applied, and what people typed since.
///
/// # Errors
///
/// What was refused, of the text or of the lines.
pub fn begin_in(empty: &Playground, text: &str, made: &Made) -> Result<Playground, Vec<Fault>> {
    let found = faults(text);
    if !found.is_empty() {
        return Err(found);
    }
    let empty = Rc::new(empty.clone());
    let spaces = granted(&empty, text, "").into_iter().map(Act::Line);
    let (world, refused) = ended(Trial::new(&empty, Way::AsGiven, spaces.chain([install(made.by, text)]).collect()));
    if refused.is_empty() { typed_since(world, &made.since) } else { Err(refused.into_iter().map(fault).collect()) }
}

fn typed_since(world: Playground, since: &[String]) -> Result<Playground, Vec<Fault>> {
    if since.is_empty() {
        return Ok(world);
    }
    let (world, refused) = ended(Trial::new(&Rc::new(world), Way::AsGiven, since.iter().cloned().map(Act::Line).collect()));
    if refused.is_empty() { Ok(world) } else { Err(refused.into_iter().map(fault).collect()) }
}

/// The world at the end of a trial, and what was refused.
fn ended(mut trial: Trial) -> (Playground, Vec<crate::course::Refused>) {
    while !trial.step() {}
    trial.into_world()
}

fn install(by: Option<Tool>, text: &str) -> Act {
    match by {
        Some(tool) => Act::By(Rc::new(asked(tool, None, Options::default(), ["", text]))),
        None => Act::Apply(text.into()),
    }
}

fn fault(one: crate::course::Refused) -> Fault {
    Fault { place: one.at.map(|line| (line, 1)), words: one.said }
}

/// The cluster of a text, as a tool installs it.
fn installed(text: &str, later: &str, release: &'static Release, by: Option<Tool>) -> Result<(Playground, Vec<Fact>), Vec<Fault>> {
    let (given, given_text) = (Given::read(text), text);
    let Given::Manifest(text) = &given else {
        let mut dump = Dump::read_whole([text]);
        // Of a text that was cut, nobody knows what else it would say.
        let is_cut = dump.unread.iter().any(|one| matches!(one, Unread::NotYaml { .. } | Unread::Nameless { .. }));
        if dump.objects.is_empty() || is_cut {
            return Err(dump.unread.iter().map(|one| Fault { place: None, words: ANALYSIS.diagnose.not_read(one) }).collect());
        }
        if !dump.has_cluster() {
            return Err(vec![Fault { place: None, words: ANALYSIS.diagnose.no_cluster(PRINTS_ALL) }]);
        }
        if !looks_printed(text) {
            complete(&mut dump, release);
        }
        dump.objects.iter_mut().filter(|one| one.kind == Kind::Service).for_each(|one| addressed(&mut one.value));
        // Nobody types before the components have decided about what they found.
        let mut sim = World::after(&World::of(dump).sim, LOOKS);
        for (kind, [space, name], patch) in managed(text) {
            // Of an object that is not there, nobody owns anything.
            let _ =
                sim.patch(kind, &space, &name, Patch { how: PatchType::Merge, body: &patch }, Subresource::None, &WriteOptions::default());
        }
        let world = Playground::around(sim, "");
        let release = Fact::Release { name: world.sim().release().name };
        return Ok((world, vec![release]));
    };
    let new = New::of([text, later], given_text, release, by)?;
    let (mut made, mut refused) = new.made(&[]);
    // What people change runs: of programs that do not come up here, the model knows too little.
    let waiting = unready(made.sim());
    if !waiting.is_empty() {
        (made, refused) = new.made(&waiting);
    }
    new.facts(made, refused, waiting)
}

/// A new cluster to which a manifest was applied, as it is after that, and what was assumed.
///
/// # Errors
///
/// What is no YAML, or was refused.
pub(crate) async fn brought_up(text: &str, release: &'static Release, slices: Slices) -> Result<(Playground, Vec<Fact>), Vec<Fault>> {
    let new = New::of([text, ""], text, release, None)?;
    let mut trial = new.trial(&[]);
    while !trial.step() {
        slices.rest().await;
    }
    let (made, refused) = trial.into_world();
    if !refused.is_empty() {
        return Err(refused.into_iter().map(fault).collect());
    }
    let spaces = (!new.assumed.spaces.is_empty()).then(|| Fact::Namespaces { names: new.assumed.spaces.clone() });
    let (made, facts) = new.facts(made, refused, Vec::new())?;
    Ok((made, spaces.into_iter().chain(facts).collect()))
}

/// A cluster that is made for a manifest.
struct New<'a> {
    /// The manifest, and what is applied later.
    texts: [&'a str; 2],
    release: &'static Release,
    by: Option<Tool>,
    setup: Setup,
    assumed: Assumed,
    /// The lines that tell who manages which fields.
    owned: Vec<String>,
}

impl<'a> New<'a> {
    /// `given`: the manifest with what servers wrote into it.
    fn of(texts: [&'a str; 2], given: &str, release: &'static Release, by: Option<Tool>) -> Result<New<'a>, Vec<Fault>> {
        let [text, later] = texts;
        let found = faults(text);
        if !found.is_empty() {
            return Err(found);
        }
        let mut setup = Setup { release, ..setup() };
        setup = Ground::of(&Playground::new(&setup, ""), text, later).roomy(text).among(setup);
        let assumed = Assumed::of(&Playground::new(&setup, ""), text, later);
        Ok(New { texts, release, by, setup, assumed, owned: owned(given) })
    }

    /// The cluster after the manifest, in which these images do well, and what was refused.
    fn made(&self, well: &[Name]) -> (Playground, Vec<crate::course::Refused>) {
        ended(self.trial(well))
    }

    /// The manifest applied to an empty cluster in which these images do well.
    fn trial(&self, well: &[Name]) -> Trial {
        let mut empty = Playground::new(&self.setup, "");
        if !well.is_empty() {
            let mut sim = empty.sim().clone();
            well.iter().for_each(|image| sim.images_mut().tell(image, SEEN));
            empty = Playground::around(sim, "");
        }
        let empty = Rc::new(empty);
        let [text, later] = self.texts;
        let granted = granted(&empty, text, later);
        let lines = granted.into_iter().chain(self.assumed.ground.lines()).chain(self.assumed.lines()).map(Act::Line);
        let owned = self.owned.iter().cloned().map(Act::Line);
        let install = install(self.by, &without_nodes(text));
        Trial::new(&empty, Way::AsGiven, lines.chain([install]).chain(owned).collect())
    }

    /// What was assumed of the cluster, unless a set was refused; `waiting`: the images that were taken to do well.
    fn facts(
        &self,
        made: Playground,
        refused: Vec<crate::course::Refused>,
        waiting: Vec<Name>,
    ) -> Result<(Playground, Vec<Fact>), Vec<Fault>> {
        let sets = objects_of(self.texts[0]).into_iter().filter(|object| Kind::claimed(object) == Some(Kind::StatefulSet));
        let is_there = |set: Value| key_of(&set, made.current_namespace()).is_some_and(|key| made.tables().get(&key).is_some());
        let is_whole = { sets }.all(is_there);
        if refused.is_empty() || is_whole && refused.iter().all(|one| one.line == command::apply()) {
            let objects = Some(self.assumed.names()).filter(|names| !names.is_empty()).map(|names| Fact::Objects { names });
            let release = Fact::Release { name: self.release.name };
            let runs = (!waiting.is_empty()).then_some(Fact::Runs { images: waiting });
            // A cluster that has objects of a namespace has that.
            let facts = facts(&self.assumed, made.sim()).into_iter().filter(|fact| !matches!(fact, Fact::Namespaces { .. }));
            let facts = objects.into_iter().chain(facts).chain(runs).chain([release]).collect();
            return Ok((made, facts));
        }
        Err(refused.into_iter().map(fault).collect())
    }
}

/// The images of sets that wait for a process that runs and is never Ready.
fn unready(sim: &Sim) -> Vec<Name> {
    let mut images: Vec<Name> = Vec::new();
    for set in sim.tables().stateful_sets().filter(|set| !is_well(sim, &set.key())) {
        if waits_for(sim, &set.key()).is_some_and(|blame| matches!(blame.cause, Cause::NeverReady | Cause::GateNeverReady)) {
            images.extend(set.spec.template.containers.iter().map(|container| Rc::clone(&container.image)));
        }
    }
    images
}

/// What of a manifest was refused as a world was made of it, but for custom kinds: it is left out.
pub fn refused(world: &Playground) -> impl Iterator<Item = Fault> {
    let refusals = world.verdicts().refusals.iter().filter(|one| !is_left_out(&one.words, world.manifest()));
    refusals.map(|one| Fault { place: one.place.as_ref().map(|place| (place.line, 1)), words: one.words.clone() })
}

/// Puts a file where lines that are typed into a world find it by this name.
pub fn put_file(world: &mut Playground, name: &str, text: &str) {
    if name == command::MANIFEST {
        return world.edit(text, Lang::English);
    }
    let mut end = "EOF".to_owned();
    while text.lines().any(|line| line == end) {
        end.push('F');
    }
    let quoted = |path: &str| format!("'{}'", path.replace('\'', r"'\''"));
    if let Some((folder, _)) = name.rsplit_once('/').filter(|(folder, _)| !folder.is_empty()) {
        world.type_line(&format!("mkdir -p {}", quoted(folder)), Lang::English);
    }
    let typed = format!("cat > {} <<'{end}'\n{}\n{end}", quoted(name), text.trim_end());
    typed.lines().for_each(|line| world.type_line(line, Lang::English));
}
