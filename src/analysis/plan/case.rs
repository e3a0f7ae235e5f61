//! The cluster of a text before a change: what somebody printed, or bare nodes to which a manifest was applied.
//!
//! **One start for all.** A manifest begins on an API server, three plain nodes of one size, the default class and the namespaces that the
//! manifest names. What its files do not bring is not there, until a second answer adds exactly that ([`Case::with`]).

use crate::by::asked;
use crate::course::{Act, Refused};
use crate::documents::{claims_of, classes, objects_of, spaces};
use crate::fact::Fact;
use crate::fault::{Fault, faults, has_object};
use crate::given::{Given, without_nodes};
use crate::lack::{DEFAULT_NAME, Lack, class_like};
use crate::needs::lacks;
use crate::trial::Trial;
use crate::{Change, Plan, Planner, places, standing};
use api::kind::Kind;
use api::object::Name;
use api::object::storage::{RECLAIM_DELETE, named_class};
use api::release::Release;
use base::slices::Slices;
use base::sort::Sort;
use causes::command;
use cluster::provisioner::is_on_nodes;
use playground::Playground;
use sim::{Setup, Sim};
use std::rc::Rc;
use text::Lang;
use text::plan::Way;
use tools::asked::Options;
use tools::tool::Tool;

/// How a cluster came to be as a change finds it.
#[derive(Clone, Debug, Default)]
pub struct Made {
    /// The tool that installed the manifest; kubectl, where none is named.
    pub by: Option<Tool>,
    /// What people typed since, in a terminal.
    pub since: Vec<String>,
}

/// What a change begins from.
#[derive(Clone, Debug)]
pub struct Case {
    given: Given,
    /// The text as it was given, with what servers wrote into it.
    text: Rc<str>,
    /// What is applied later: it is looked through for what it names and does not bring.
    later: Rc<str>,
    setup: Setup,
    /// The cluster before anything is done there.
    nodes: Rc<Playground>,
    made: Made,
    /// Files that lines read which are typed later: names and texts.
    files: Vec<(String, String)>,
    added: Vec<Lack>,
}

/// The cluster in which nothing was done yet: that of every manifest that a plan, a search or a diagnosis is about.
fn empty(setup: &Setup) -> Rc<Playground> {
    Rc::new(Playground::new(setup, ""))
}

/// What a manifest begins on: three nodes, and the default class.
pub fn bare(release: &'static Release) -> Setup {
    Setup { release, ..playground::setup() }
}

impl Case {
    /// A text, and what is applied later. A dump tells its release by itself.
    pub fn new(text: &str, later: &str, release: &'static Release) -> Case {
        Case { later: later.into(), ..Case::of(&bare(release), Given::read(text), text) }
    }

    /// A manifest on a cluster of its own.
    pub fn on(setup: &Setup, manifest: &str) -> Case {
        Case::of(setup, Given::Manifest(manifest.to_owned()), manifest)
    }

    fn of(setup: &Setup, given: Given, text: &str) -> Case {
        let setup = places::brought(setup.clone(), text, setup.release);
        let (made, nodes) = (Made::default(), empty(&setup));
        Case { given, text: text.into(), later: "".into(), setup, nodes, made, files: Vec::new(), added: Vec::new() }
    }

    /// The same, where the cluster came about in a way.
    #[must_use]
    pub fn made(self, made: Made) -> Case {
        Case { made, ..self }
    }

    /// The same, where lines find files by their names.
    #[must_use]
    pub fn beside(self, files: Vec<(String, String)>) -> Case {
        Case { files, ..self }
    }

    /// The same with what was added.
    #[must_use]
    pub fn with(self, added: Vec<Lack>) -> Case {
        let setup = places::with(self.setup.clone(), &added);
        let nodes = if setup == self.setup { self.nodes } else { empty(&setup) };
        Case { added, setup, nodes, ..self }
    }

    /// Whether there was nothing before what is applied later.
    fn is_empty(&self) -> bool {
        matches!(&self.given, Given::Manifest(text) if text.trim().is_empty())
    }

    /// Whether somebody printed the cluster.
    pub fn is_cluster(&self) -> bool {
        self.given == Given::Cluster
    }

    /// What the manifest names and nobody brings, in the order in which pods meet it. Nothing is added to a cluster that was printed.
    pub fn lacks(&self) -> Vec<Lack> {
        if self.is_cluster() { Vec::new() } else { lacks(&self.nodes, &self.everything()) }
    }

    /// What the manifest itself names and nobody brings; `None` where there was nothing before.
    pub(crate) fn lacks_before(&self) -> Option<Vec<Lack>> {
        let Given::Manifest(text) = &self.given else { return None };
        (!self.is_empty()).then(|| lacks(&self.nodes, text))
    }

    /// The manifest, and what is applied later.
    fn everything(&self) -> String {
        let text = if let Given::Manifest(text) = &self.given { text } else { "" };
        format!("{text}\n---\n{}", self.later)
    }

    /// The nodes of a manifest's cluster, and its classes.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// An empty cluster, and what is done there so that it becomes the one that a change finds. The manifest is applied after what is of
    /// the cluster itself, and before what is in its namespaces.
    pub fn begin(&self) -> (Rc<Playground>, Vec<Act>) {
        let empty = Rc::clone(&self.nodes);
        let Given::Manifest(text) = &self.given else { return (empty, Vec::new()) };
        let mut acts: Vec<Act> = granted(&empty, self.named()).into_iter().map(Act::Line).collect();
        if self.is_empty() {
            acts.extend(self.spaces_of_added(&empty).into_iter().map(|space| Act::Line(command::create_namespace(&space))));
        }
        if classes(&empty, &self.everything()).iter().any(|class| **class == *DEFAULT_NAME) {
            let like = empty.tables().default_class();
            acts.extend(like.map(|class| Act::Line(class_like(class, DEFAULT_NAME))));
        }
        let lines = |is_first: bool| {
            let added = self.added.iter().filter(move |lack| lack.is_first() == is_first);
            added.filter_map(|lack| lack.line(&empty)).map(Act::Line).collect::<Vec<_>>()
        };
        acts.extend(lines(true));
        if !self.is_empty() {
            acts.push(install(self.made.by, &without_nodes(text)));
        }
        acts.extend(lines(false));
        acts.extend(standing::owned(&self.text).into_iter().map(Act::Line));
        (empty, acts)
    }

    /// The namespaces of what was added that only the later text brings.
    fn spaces_of_added(&self, empty: &Playground) -> Vec<Name> {
        let named = self.added.iter().filter_map(|lack| if let Lack::Object { key, .. } = lack { Some(&key.namespace) } else { None });
        let is_new = |space: &&Name| !space.is_empty() && empty.tables().find(Kind::Namespace, "", space).is_none();
        let mut all: Vec<Name> = named.filter(is_new).cloned().collect();
        let granted = spaces(empty, self.named());
        all.retain(|space| !granted.contains(space));
        all.sort_small();
        all.dedup();
        all
    }

    /// The text whose namespaces are there: that which is applied later, where nothing was before.
    fn named(&self) -> &str {
        match &self.given {
            Given::Manifest(text) if !self.is_empty() => text,
            _ => &self.later,
        }
    }

    /// The cluster that a change finds, at rest. What the server refuses of a manifest is not in it, and is told.
    ///
    /// # Errors
    ///
    /// What of a dump cannot be read; a text that is not empty and holds no object; a line that was typed since and fails.
    pub fn world(&self) -> Result<(Playground, Vec<Fault>), Vec<Fault>> {
        let (world, refused) = match &self.given {
            Given::Cluster => (standing::world(&self.text, self.setup.release)?, Vec::new()),
            Given::Manifest(text) => {
                if !self.is_empty() && !has_object(text) {
                    return Err(faults(text));
                }
                told(ended(self.trial()))
            }
        };
        let mut world = typed_since(world, &self.made.since)?;
        self.files.iter().for_each(|(name, text)| put_file(&mut world, name, text));
        Ok((world, refused))
    }

    /// What a change does: as the files stand, and where a set then waits for what they do not bring, with that.
    ///
    /// # Errors
    ///
    /// As of [`Case::world`].
    pub fn plan(&self, change: &Change) -> Result<Plan, Vec<Fault>> {
        let mut bare = self.planned(change, self.lacks())?;
        let added = std::mem::take(&mut bare.added);
        if added.is_empty() {
            return Ok(bare);
        }
        let with = self.clone().with(added.clone()).planned(change, Vec::new())?;
        let old = self.lacks_before();
        let was_asked = |lack: &Lack| old.as_ref().is_none_or(|old| old.iter().any(|one| one.is(lack)));
        let hangs_on_added = added.iter().any(|lack| lack.decides() || !was_asked(lack));
        Ok(Plan { added, hangs_on_added, bare: Some(Box::new(bare)), ..with })
    }

    fn planned(&self, change: &Change, lacks: Vec<Lack>) -> Result<Plan, Vec<Fault>> {
        let (world, left_out) = self.world()?;
        let assumed = self.facts(world.sim());
        Ok(Plan { assumed, left_out, ..Planner::new(&world, change).lacking(lacks).finish() })
    }

    /// The cluster of a manifest, as of [`Case::world`], made in slices.
    pub(crate) async fn brought_up(&self, slices: Slices) -> (Playground, Vec<Fault>) {
        let mut trial = self.trial();
        while !trial.step() {
            slices.rest().await;
        }
        told(trial.into_world())
    }

    /// What makes the cluster of a manifest, whatever of it is refused.
    fn trial(&self) -> Trial {
        let (empty, acts) = self.begin();
        Trial::new(&empty, Way::AsGiven, acts).whatever_fails()
    }

    /// What is taken to be so in the cluster of a manifest, but for what was added to it. Of a cluster that was printed, its release.
    pub fn facts(&self, sim: &Sim) -> Vec<Fact> {
        let release = Fact::Release { name: sim.release().name };
        if self.is_cluster() {
            return vec![release];
        }
        let documents = objects_of(&self.everything());
        let brings = |kind: Kind| documents.iter().any(|one| Kind::claimed(one) == Some(kind));
        let capacity = sim.tables().nodes().next().filter(|_| !brings(Kind::Node)).map(|node| node.status.capacity);
        let mut all = Vec::from_iter(capacity.map(|capacity| Fact::Nodes { count: sim.tables().nodes().count(), capacity }));
        let names = spaces(&self.nodes, self.named());
        all.extend((!names.is_empty()).then_some(Fact::Namespaces { names }));
        let names_none = documents.iter().flat_map(claims_of).any(|claim| named_class(claim).is_none_or(|class| class == DEFAULT_NAME));
        let default = sim.tables().default_class().filter(|_| names_none && !brings(Kind::StorageClass));
        all.extend(default.map(|class| Fact::Default { class: Rc::clone(&class.meta.name), on_nodes: is_on_nodes(class) }));
        let named = self.added.iter().filter_map(|lack| if let Lack::Class { name } = lack { sim.tables().class("", name) } else { None });
        let deletes = named.chain(default).filter(|class| *class.body.reclaim == *RECLAIM_DELETE);
        let classes: Vec<Name> = deletes.map(|class| Rc::clone(&class.meta.name)).collect();
        all.extend((!classes.is_empty()).then_some(Fact::Reclaims { classes }));
        all.push(release);
        all
    }
}

/// A world, and what was refused on the way, each with its place.
fn told((world, refused): (Playground, Vec<Refused>)) -> (Playground, Vec<Fault>) {
    (world, refused.into_iter().map(fault).collect())
}

/// The lines that make the namespaces that a text names and does not bring.
fn granted(world: &Playground, text: &str) -> Vec<String> {
    spaces(world, text).iter().map(|space| command::create_namespace(space)).collect()
}

/// The cluster of a text, quiet, with all that it names and does not bring.
///
/// # Errors
///
/// As of [`Case::world`].
pub fn world(text: &str, release: &'static Release) -> Result<Playground, Vec<Fault>> {
    let case = Case::new(text, "", release);
    let lacks = case.lacks();
    Ok(case.with(lacks).world()?.0)
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
    let spaces = granted(&empty, text).into_iter().map(Act::Line);
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
fn ended(mut trial: Trial) -> (Playground, Vec<Refused>) {
    while !trial.step() {}
    trial.into_world()
}

fn install(by: Option<Tool>, text: &str) -> Act {
    match by {
        Some(tool) => Act::By(Rc::new(asked(tool, None, Options::default(), ["", text]))),
        None => Act::Apply(text.into()),
    }
}

fn fault(one: Refused) -> Fault {
    Fault { place: one.at.map(|line| (line, 1)), words: one.said }
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
