//! What may happen: a table of acts, and which of them a cluster offers.
//!
//! An act is a few lines that a visitor could type, with the waits between them, and the lines that take it back. How likely the
//! trigger is in practice is a row of `src/page/text/*/risks.txt` by the deed's word.

use std::rc::Rc;

use api::client::PatchType;
use api::kind::Kind;
use api::object::{Name, Object, ObjectKey, StatefulSet};
use base::image_name::without_tag;
use base::sort::Sort;
use base::time::Span;
use causes::command::{self, Naming};
use sim::Sim;
use text::risks::Rate;

/// A silent node's pods are deleted by force once the control plane has noticed the silence.
const NOTICED: Span = Span::seconds(60);
/// After so long a drain has ended, and its pod waits for the volume that stayed.
const DRAINED: Span = Span::seconds(120);
/// Up to this many nodes, each is tried; beyond, only nodes that run a pod of a set.
const MANY_NODES: usize = 8;

/// Kinds of acts that come to the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// A node is lost, whichever way.
    NodeLost,
    /// A bad image is rolled out.
    BadImage,
    /// None: each kind is its own.
    Own,
}

/// A kind of act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActKind {
    pub deed: Deed,
    /// What several kinds are told as one by: a node that is lost is lost, whichever way.
    pub group: Group,
    /// Whether nothing takes it back by itself, so that what it leaves behind lasts until somebody acts.
    pub lasts: bool,
    /// Whether it takes away no more than one node, pod or volume.
    pub single: bool,
    /// How often it is met.
    pub rate: Rate,
}

/// Makes [`Deed`] and [`ACT_KINDS`] from a table: word, group, whether it lasts, whether it takes one, how often it is met.
macro_rules! deeds {
    ($($(#[$doc:meta])* $deed:ident $word:literal $group:ident $lasts:literal $single:literal $rate:ident,)*) => {
        base::named! {
            /// What may happen to a cluster, in the order in which a search tries it.
            Deed { $($(#[$doc])* $deed $word,)* }
        }

        /// Every kind of act, in the order of [`Deed`].
        pub static ACT_KINDS: [ActKind; Deed::ALL.len()] = [$(ActKind {
            deed: Deed::$deed,
            group: Group::$group,
            lasts: $lasts,
            single: $single,
            rate: Rate::$rate,
        }),*];
    };
}

deeds! {
    /// A node is no longer heard; its processes go on.
    Silent "silent" NodeLost true true Sometimes,
    /// A node loses power.
    Off "off" NodeLost true true Sometimes,
    /// A node is deleted from the API server; its machine goes on.
    NodeDeleted "node-deleted" NodeLost true true Sometimes,
    /// A node is drained.
    Drained "drained" Own false true Routine,
    /// A node is no longer heard, and its pod is deleted by force.
    Forced "forced" Own true true Sometimes,
    /// A set gets an image that cannot be pulled, and then the old one again.
    Broken "broken" BadImage false true Often,
    /// The same with an image that crashes.
    Crashing "crashing" BadImage false true Often,
    /// The same with an image that never becomes Ready.
    Unready "unready" BadImage false true Sometimes,
    /// All pods are restarted by a rollout.
    Rollout "rollout" Own true true Routine,
    PodDeleted "pod-deleted" Own true true Often,
    /// All pods of a set are deleted at once.
    AllDeleted "all-deleted" Own true false Seldom,
    /// A claim is deleted with its pod.
    ClaimDeleted "claim-deleted" Own true true Seldom,
    /// The volume of a claim is lost.
    VolumeLost "volume-lost" Own true true Seldom,
    /// A drained pod is moved by deleting its claim.
    Moved "moved" Own false true Sometimes,
    SetDeleted "set-deleted" Own true true Sometimes,
    /// A set is scaled in by one.
    ScaledIn "scaled-in" Own false true Routine,
    /// A set is scaled out by one.
    ScaledOut "scaled-out" Own false true Routine,
    /// A Service stops publishing pods that are not Ready.
    Unpublished "unpublished" Own true false Seldom,
}

/// A line, and when it is typed after the act began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub after: Span,
    pub text: Rc<str>,
}

/// Something that may happen to a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    pub kind: &'static ActKind,
    /// What it happens to.
    pub target: ObjectKey,
    /// The node that it takes away or the one its target is on, where there is one.
    pub node: Option<Name>,
    /// The set that it is about, where it takes no node away.
    pub set: Option<ObjectKey>,
    pub begins: Vec<Line>,
    /// What takes it back; empty where nothing does.
    pub undoes: Vec<Line>,
}

fn at_once(text: String) -> Line {
    Line { after: Span(0), text: text.into() }
}

/// The acts that a settled cluster offers, in a fixed order. `foreign`: it stands where another cluster stood, so that an image's name
/// says nothing of what the image does.
pub fn offered(sim: &Sim, foreign: bool) -> Vec<Act> {
    let tables = sim.tables();
    let sets: Vec<&Rc<StatefulSet>> = tables.stateful_sets().filter(|set| !set.meta.terminating()).collect();
    let mut all: Vec<Act> = Vec::new();
    let of_set = |node: &Name| {
        let own =
            |set: &&Rc<StatefulSet>| tables.pods().any(|pod| pod.node.as_ref() == Some(node) && pod.meta.is_controlled_by(set.meta.uid));
        sets.iter().any(own)
    };
    let few = tables.nodes().count() <= MANY_NODES;
    let nodes: Vec<Name> = tables.nodes().map(|node| Rc::clone(&node.meta.name)).filter(|name| few || of_set(name)).collect();
    for node in &nodes {
        of_node(node, &mut all);
    }
    for set in &sets {
        of_pods(sim, set, &mut all);
        of_rollouts(set, foreign, &mut all);
        of_size(set, &mut all);
        of_end(set, &mut all);
        of_names(sim, set, &mut all);
    }
    all.sort_small_by_key(|act| act.kind.deed);
    all
}

/// The row of a kind of act.
pub(super) fn kind_of(deed: Deed) -> &'static ActKind {
    &ACT_KINDS[deed as usize]
}

/// What happens to a node.
fn of_node(node: &Name, all: &mut Vec<Act>) {
    let key = ObjectKey::global(Kind::Node, node);
    let here = Naming::default();
    let starts = here.playground("start", Kind::Node, node);
    for (word, begins, undoes) in [
        (Deed::Silent, here.playground("cut", Kind::Node, node), starts.clone()),
        (Deed::Off, here.playground("stop", Kind::Node, node), starts.clone()),
        (Deed::NodeDeleted, here.delete(Kind::Node, node), starts),
        (Deed::Drained, command::drain(node), command::uncordon(node)),
    ] {
        let (begins, undoes) = (vec![at_once(begins)], vec![at_once(undoes)]);
        all.push(Act { kind: kind_of(word), target: key.clone(), node: Some(Rc::clone(node)), set: None, begins, undoes });
    }
}

/// What happens to the pods of a set, to their claims and volumes.
fn of_pods(sim: &Sim, set: &StatefulSet, all: &mut Vec<Act>) {
    let (tables, naming) = (sim.tables(), Naming::of(&set.meta.namespace, "default"));
    let mut names = Vec::new();
    for pod in set.ordinals().filter_map(|ordinal| tables.pod(&set.meta.namespace, &set.pod_name(ordinal))) {
        let name = &pod.meta.name;
        names.push(name.to_string());
        let gone = at_once(naming.delete(Kind::Pod, &format!("{name} --wait=false")));
        let act = |word, target, begins, undoes| {
            let takes_node = [Deed::Forced, Deed::Moved].contains(&word);
            Act { kind: kind_of(word), target, node: pod.node.clone(), set: (!takes_node).then(|| set.key()), begins, undoes }
        };
        all.push(act(Deed::PodDeleted, pod.key(), vec![gone.clone()], Vec::new()));
        if let Some(node) = &pod.node {
            let cut = at_once(Naming::default().playground("cut", Kind::Node, node));
            let force = naming.force_delete(name);
            let back = at_once(Naming::default().playground("start", Kind::Node, node));
            all.push(act(Deed::Forced, pod.key(), vec![cut, Line { after: NOTICED, text: force.into() }], vec![back]));
        }
        for claim in pod.claim_volumes().filter_map(|volume| tables.claim(&pod.meta.namespace, &volume.claim)) {
            let begins =
                vec![at_once(naming.delete(Kind::PersistentVolumeClaim, &format!("{} --wait=false", claim.meta.name))), gone.clone()];
            all.push(act(Deed::ClaimDeleted, claim.key(), begins.clone(), Vec::new()));
            if let Some(volume) = tables.volume("", &claim.spec.volume) {
                if let Some(node) = volume.spec.node.as_ref().filter(|_| tables.nodes().count() > 1) {
                    // What frees a pod whose volume is on a drained node: its claim and it start anew elsewhere.
                    let later = |line: Line| Line { after: DRAINED, ..line };
                    let begins = [at_once(command::drain(node))].into_iter().chain(begins.into_iter().map(later)).collect();
                    all.push(act(Deed::Moved, claim.key(), begins, vec![at_once(command::uncordon(node))]));
                }
                let here = Naming::default();
                let delete = here.delete(Kind::PersistentVolume, &format!("{} --wait=false", volume.meta.name));
                let release =
                    here.patch(Kind::PersistentVolume, &volume.meta.name, PatchType::Merge, r#"{"metadata":{"finalizers":null}}"#);
                all.push(act(Deed::VolumeLost, claim.key(), vec![at_once(delete), at_once(release), gone.clone()], Vec::new()));
            }
        }
    }
    if names.len() > 1 {
        let line = naming.delete(Kind::Pod, &format!("{} --wait=false", names.join(" ")));
        all.push(Act {
            kind: kind_of(Deed::AllDeleted),
            target: set.key(),
            node: None,
            set: Some(set.key()),
            begins: vec![at_once(line)],
            undoes: Vec::new(),
        });
    }
}

/// What happens in rollouts of a set.
fn of_rollouts(set: &StatefulSet, foreign: bool, all: &mut Vec<Act>) {
    let naming = Naming::of(&set.meta.namespace, "default");
    let act = |word, begins, undoes| Act { kind: kind_of(word), target: set.key(), node: None, set: Some(set.key()), begins, undoes };
    if let Some(first) = set.spec.template.containers.first() {
        let to = |image: &str| naming.set_image(Kind::StatefulSet, &set.meta.name, &format!("{}={image}", first.name));
        let images = [(Deed::Broken, "broken"), (Deed::Crashing, "crash"), (Deed::Unready, "unready")];
        // Without a readiness probe, whatever runs is Ready.
        for (word, does) in images.into_iter().filter(|(word, _)| *word != Deed::Unready || first.readiness.is_some()) {
            let image = format!("{}:{does}", without_tag(&first.image).0);
            let tells = foreign.then(|| at_once(format!("playground image {image} {does}")));
            let begins = tells.into_iter().chain([at_once(to(&image))]).collect();
            all.push(act(word, begins, vec![at_once(to(&first.image))]));
        }
    }
    all.push(act(Deed::Rollout, vec![at_once(naming.rollout("restart", Kind::StatefulSet, &set.meta.name))], Vec::new()));
}

/// What happens to the size of a set.
fn of_size(set: &StatefulSet, all: &mut Vec<Act>) {
    let naming = Naming::of(&set.meta.namespace, "default");
    let replicas = set.spec.replicas;
    let to = |count: i64| vec![at_once(naming.scale(Kind::StatefulSet, &set.meta.name, count))];
    let act = |word, count| Act {
        kind: kind_of(word),
        target: set.key(),
        node: None,
        set: Some(set.key()),
        begins: to(count),
        undoes: to(replicas),
    };
    if replicas > 1 {
        all.push(act(Deed::ScaledIn, replicas - 1));
    }
    if replicas > 0 {
        all.push(act(Deed::ScaledOut, replicas + 1));
    }
}

/// Deleting the set, which deletes its claims where `whenDeleted: Delete`; none where the claims stay.
fn of_end(set: &StatefulSet, all: &mut Vec<Act>) {
    if set.spec.retention.delete_when_deleted && !set.spec.claim_templates.is_empty() {
        let delete = Naming::of(&set.meta.namespace, "default").delete(Kind::StatefulSet, &set.meta.name);
        let (key, begins) = (set.key(), vec![at_once(delete)]);
        all.push(Act { kind: kind_of(Deed::SetDeleted), target: key.clone(), node: None, set: Some(key), begins, undoes: Vec::new() });
    }
}

/// What happens to the names of a set's pods: they are published once the pods are Ready, and no sooner, when all start anew.
fn of_names(sim: &Sim, set: &StatefulSet, all: &mut Vec<Act>) {
    let naming = Naming::of(&set.meta.namespace, "default");
    let Some(service) = sim.tables().service(&set.meta.namespace, &set.spec.service_name) else { return };
    let publishes =
        Object::Service(Rc::clone(service)).encode().at(&["spec", "publishNotReadyAddresses"]).and_then(base::value::Value::as_bool);
    if publishes == Some(true) && set.spec.replicas > 1 {
        let to = |on| {
            naming.patch(
                Kind::Service,
                &service.meta.name,
                PatchType::Strategic,
                &format!(r#"{{"spec":{{"publishNotReadyAddresses":{on}}}}}"#),
            )
        };
        let pods: Vec<String> = set.ordinals().map(|ordinal| set.pod_name(ordinal).to_string()).collect();
        let gone = naming.delete(Kind::Pod, &format!("{} --wait=false", pods.join(" ")));
        let begins = vec![at_once(to(false)), at_once(gone)];
        all.push(Act {
            kind: kind_of(Deed::Unpublished),
            target: service.key(),
            node: None,
            set: Some(set.key()),
            begins,
            undoes: vec![at_once(to(true))],
        });
    }
}
