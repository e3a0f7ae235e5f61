//! What the scenes of a first visit make of a manifest of one's own: whether a pod of each set comes back with its disks.
//!
//! Promises: each scene is played on a copy of the cluster in which all is up, by lines that somebody could type. A scene ends within the
//! time that it is given. Whether a disk is the same is read off the claims: nothing is written.
//! Not looked at: what a program makes of its data.

use std::collections::VecDeque;

use api::object::{Name, NamespacedName, Pod, StatefulSet, Uid};
use base::time::{Span, Time};
use text::{Lang, Text};

use super::scene::{LOST, Scene};
use super::{Pace, Playground, setup};

/// How long a set has to come up, or to come up again.
const PATIENCE: Span = Span::seconds(600);
/// So much time passes between two looks.
const LOOK: Span = Span(500);

/// What a scene makes of the pod whose fate is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is back after so long, with its disks.
    Kept(Span),
    /// It is back after so long, with another disk.
    Lost(Span),
    /// It is back after so long; it has no disk that outlives it.
    Empty(Span),
    /// After so long it is not back.
    Nobody(Span),
}

/// The fates of a set's pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fates {
    pub set: NamespacedName,
    /// The pod with the number 1, or the lowest one.
    pub pod: Name,
    /// By scene; fewer while they are on their way. None at all at the end: the set does not come up.
    pub told: Vec<Fate>,
}

/// The scenes under way.
#[derive(Clone, Debug)]
pub struct Trying {
    /// The cluster in which all is up, or comes up.
    base: Playground,
    since: Time,
    fates: Vec<Fates>,
    /// Which set is at it.
    at: usize,
    trial: Option<Box<Trial>>,
    /// When the next look is taken.
    next: Time,
    is_over: bool,
}

/// A scene under way.
#[derive(Clone, Debug)]
struct Trial {
    state: Playground,
    steps: VecDeque<String>,
    began: Time,
    /// The pod as it was, and its volumes.
    uid: Uid,
    volumes: Vec<Name>,
}

impl Fate {
    /// Whether what the pod held is there again.
    pub fn is_good(&self) -> bool {
        matches!(self, Fate::Kept(_))
    }
}

impl Fates {
    /// All in one line: `db: kill ✓, power ✗, scale ✓, rollout ✓`.
    pub fn title(&self, text: &'static Text) -> String {
        let sign = |(scene, fate): (Scene, &Fate)| format!("{} {}", scene.name(text), if fate.is_good() { "✓" } else { "✗" });
        let signs: Vec<String> = Scene::ALL.into_iter().zip(&self.told).map(sign).collect();
        format!("{}: {}", self.set.name, signs.join(", "))
    }
}

impl Trying {
    /// Applies a manifest to a new cluster, and begins. `None`: the manifest has no set that the API server takes.
    pub fn begin(manifest: &str, lang: Lang) -> Option<Trying> {
        let mut base = Playground::new(&setup(), manifest);
        base.type_line("kubectl apply -f manifest.yaml", lang);
        base.run(base.now() + LOOK, || true);
        let fates: Vec<Fates> = base.tables().stateful_sets().filter(|set| set.spec.replicas > 0).map(|set| fates_of(set)).collect();
        let since = base.now();
        (!fates.is_empty()).then_some(Trying { base, since, fates, at: 0, trial: None, next: since, is_over: false })
    }

    /// The fates so far.
    pub fn fates(&self) -> &[Fates] {
        &self.fates
    }

    /// Goes on for as long as `go_on` allows; whether all is told.
    pub fn go_on(&mut self, go_on: &mut dyn FnMut() -> bool) -> bool {
        while !self.is_over {
            let state = self.trial.as_mut().map_or(&mut self.base, |trial| &mut trial.state);
            if state.run(self.next, &mut *go_on) == Pace::Stopped {
                return false;
            }
            self.look();
            let state = self.trial.as_ref().map_or(&self.base, |trial| &trial.state);
            self.next = state.now() + LOOK;
        }
        true
    }

    fn look(&mut self) {
        let Some(Fates { set, pod, told }) = self.fates.get_mut(self.at) else {
            self.is_over = true;
            return;
        };
        let Some(trial) = &mut self.trial else {
            if is_up(&self.base, set) {
                self.trial = Trial::begin(&self.base, set, pod, Scene::ALL[0]).map(Box::new);
            } else if self.base.now() > self.since + PATIENCE {
                self.at += 1;
            }
            return;
        };
        let scene = Scene::ALL[told.len()];
        if let Some(fate) = trial.look(set, pod, scene) {
            told.push(fate);
            let next = Scene::ALL.get(told.len()).and_then(|scene| Trial::begin(&self.base, set, pod, *scene));
            self.at += usize::from(next.is_none());
            self.trial = next.map(Box::new);
        }
    }
}

impl Trial {
    fn begin(base: &Playground, set: &NamespacedName, pod: &str, scene: Scene) -> Option<Trial> {
        let state = base.clone();
        let found = state.tables().pod(&set.namespace, pod)?;
        let steps = steps(scene, &state, set, found);
        let (uid, volumes) = (found.meta.uid, volumes(&state, found));
        let began = state.now();
        let mut trial = Trial { state, steps, began, uid, volumes };
        trial.step();
        Some(trial)
    }

    /// Types the next line, if there is one.
    fn step(&mut self) -> bool {
        let Some(line) = self.steps.pop_front() else { return false };
        self.state.type_line(&line, Lang::English);
        true
    }

    /// What has come of the scene, once that is known.
    fn look(&mut self, set: &NamespacedName, pod: &str, scene: Scene) -> Option<Fate> {
        let took = self.state.now().since(self.began);
        let tables = self.state.tables();
        let found = tables.pod(&set.namespace, pod).filter(|pod| pod.meta.uid != self.uid && pod.ready());
        if scene == Scene::Scale && !self.steps.is_empty() {
            // The second line waits until the pod has gone.
            if tables.pod(&set.namespace, pod).is_none() {
                self.step();
            }
            return (took > PATIENCE).then_some(Fate::Nobody(took));
        }
        let is_whole = scene != Scene::Rollout || is_up(&self.state, set);
        match found.filter(|_| is_whole) {
            Some(_) if self.volumes.is_empty() => Some(Fate::Empty(took)),
            Some(pod) if volumes(&self.state, pod) == self.volumes => Some(Fate::Kept(took)),
            Some(_) => Some(Fate::Lost(took)),
            None => (took > if scene == Scene::Power { LOST } else { PATIENCE }).then_some(Fate::Nobody(took)),
        }
    }
}

fn fates_of(set: &StatefulSet) -> Fates {
    let ordinals = set.ordinals();
    let second = ordinals.start + i64::from(set.spec.replicas > 1);
    Fates { set: set.meta.namespaced_name(), pod: set.pod_name(second), told: Vec::new() }
}

/// The lines of a scene.
fn steps(scene: Scene, state: &Playground, set: &NamespacedName, pod: &Pod) -> VecDeque<String> {
    let NamespacedName { namespace, name } = set;
    let scaled = |replicas: i64| format!("kubectl scale statefulset/{name} -n {namespace} --replicas={replicas}");
    let lines = match scene {
        Scene::Kill => vec![format!("kubectl delete pod/{} -n {namespace} --wait=false", pod.meta.name)],
        Scene::Power => vec![format!("playground stop node {}", pod.node.as_deref().unwrap_or_default())],
        Scene::Scale => {
            let all = state.tables().stateful_set(namespace, name).map_or(1, |set| set.spec.replicas);
            vec![scaled(i64::from(all > 1)), scaled(all)]
        }
        Scene::Rollout => vec![format!("kubectl rollout restart statefulset/{name} -n {namespace}")],
    };
    lines.into()
}

/// The volumes of a pod's claims.
fn volumes(state: &Playground, pod: &Pod) -> Vec<Name> {
    let claims = pod.claim_volumes().filter_map(|volume| state.tables().claim(&pod.meta.namespace, &volume.claim));
    claims.map(|claim| Name::clone(&claim.spec.volume)).collect()
}

/// Whether every pod of a set is there, Ready and of its newest revision.
fn is_up(state: &Playground, set: &NamespacedName) -> bool {
    let found = state.tables().stateful_set(&set.namespace, &set.name);
    found.is_some_and(|set| {
        let all = set.spec.replicas;
        [set.status.ready, set.status.replicas, set.status.updated] == [all; 3]
    })
}
